/*
 * A double of the middle range is m * 2^e with 2^52 <= m < 2^53. Its 17 digits are the whole part of
 * m * 5^k * 2^(e+k), where k makes 17 digits of it: m * 5^k fits 116 bits, and e + k is negative, so the
 * whole part and the rest come from one product and a shift, exactly. 15 and 16 digits come from these by
 * rounding at the last tens. They read back equal when they are nearer to the double than half its distance
 * to the next one: half of 5^k in the product's units. 5^k is odd, so there are no ties.
 */
#include "base/real.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DIGITS        17 /* tell any two doubles apart */
#define LEAST_POWER   (-11)
#define END_POWER     15 /* 10^LEAST_POWER <= |value| < 10^END_POWER is the middle range */
#define MANTISSA_BITS 52
#define EXPONENT_MASK 0x7ff
#define EXPONENT_ZERO 1023
#define PLAIN_MIN     (-4) /* a smaller power of ten asks for an exponent, as %g does */

__extension__ typedef unsigned __int128 wide;

static const double power_of_10[] = {1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3,
                                     1e-2,  1e-1,  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                     1e7,   1e8,   1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

#define POW5_9       UINT64_C(1953125)
#define POW5_18      (POW5_9 * POW5_9)
#define NINE_FROM(p) (p), (p)*5, (p)*25, (p)*125, (p)*625, (p)*3125, (p)*15625, (p)*78125, (p)*390625

static const uint64_t power_of_5[] = {NINE_FROM(UINT64_C(1)), NINE_FROM(POW5_9), NINE_FROM(POW5_18),
                                      POW5_18 *POW5_9};

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

/* ---- digits to text ---- */

static void put_pair(char *out, uint32_t below_100)
{
    memcpy(out, pairs + 2 * below_100, 2);
}

static void put_4(char *out, uint32_t value)
{
    put_pair(out, value / 100);
    put_pair(out + 2, value % 100);
}

static void put_8(char *out, uint32_t value)
{
    put_4(out, value / 10000);
    put_4(out + 4, value % 10000);
}

/* All 17 digits of `value`; returns how many of them stand before the last zeros. */
static size_t put_17(char out[DIGITS], uint64_t value)
{
    uint64_t upper = value / 100000000;
    uint32_t lower = (uint32_t)(value % 100000000);
    size_t n = DIGITS;
    out[0] = (char)('0' + upper / 100000000);
    put_8(out + 1, (uint32_t)(upper % 100000000));
    put_8(out + 9, lower);
    if (lower == 0)
        n -= 8;
    while (n > 1 && out[n - 1] == '0')
        n--;
    return n;
}

/* A whole number below 10^15. */
static size_t write_whole(uint64_t value, char *out)
{
    char digits[24];
    size_t at = sizeof digits;
    while (value >= 100) {
        at -= 2;
        put_pair(digits + at, (uint32_t)(value % 100));
        value /= 100;
    }
    at -= 2;
    put_pair(digits + at, (uint32_t)value);
    at += value < 10;
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

/* 17 digits, the first of which stands for 10^power, as %g writes them. */
static size_t write_digits(uint64_t value, int power, char *out)
{
    char digits[DIGITS + 15] = {0}; /* so that pieces of one size can be copied */
    size_t n = put_17(digits, value), before = (size_t)(power < 0 ? 0 : power) + 1;
    if (power >= 0) {
        memcpy(out, digits, 16);
        out[before] = '.';
        memcpy(out + before + 1, digits + before, 16);
        return n > before ? n + 1 : before;
    }
    if (power >= PLAIN_MIN) {
        size_t zeros = (size_t)-power;
        memcpy(out, "0.000", 5);
        memcpy(out + 1 + zeros, digits, DIGITS);
        return 1 + zeros + n;
    }
    out[0] = digits[0];
    out[1] = '.';
    memcpy(out + 2, digits + 1, DIGITS - 1);
    size_t length = n > 1 ? n + 1 : 1;
    memcpy(out + length, "e-", 2);
    put_pair(out + length + 2, (uint32_t)-power);
    return length + 4;
}

/* ---- doubles to digits ---- */

/* A double as whole + rest / 2^shift, 10^16 <= whole < 10^17, in units in which the next one is `step` /
 * 2^shift away, and the one before half as far if `edge`. */
struct split {
    uint64_t whole, rest, step;
    int shift;
    bool edge;
};

/* Splits what the bits of a positive double stand for; the first digit stands for 10^power. */
static struct split split(uint64_t bits, int power)
{
    uint64_t fraction = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
    int k = DIGITS - 1 - power, exponent = (int)(bits >> MANTISSA_BITS) - EXPONENT_ZERO - MANTISSA_BITS;
    struct split s = {.step = power_of_5[k], .shift = -exponent - k, .edge = fraction == 0};
    wide product = (wide)(fraction | UINT64_C(1) << MANTISSA_BITS) * s.step;
    s.whole = (uint64_t)(product >> s.shift);
    s.rest = (uint64_t)product & ((UINT64_C(1) << s.shift) - 1);
    return s;
}

/* To the nearest multiple of `unit`, an even one where two are as near. */
static uint64_t round_to(const struct split *s, uint32_t unit)
{
    uint64_t multiple = s->whole / unit;
    uint32_t over = (uint32_t)(s->whole - multiple * unit), half = unit / 2;
    bool up = over > half || (over == half && (s->rest != 0 || (multiple & 1) != 0));
    return (multiple + up) * unit;
}

static uint64_t round_to_1(const struct split *s)
{
    uint64_t half = UINT64_C(1) << (s->shift - 1);
    return s->whole + (s->rest > half || (s->rest == half && (s->whole & 1) != 0));
}

static bool reads_back(const struct split *s, uint64_t value)
{
    if (value > s->whole)
        return (((wide)(value - s->whole) << s->shift) - s->rest) << 1 < s->step;
    return (((wide)(s->whole - value) << s->shift) + s->rest) << (1 + s->edge) < s->step;
}

static size_t write_middle(double value, char *out)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    /*
     * The power of ten by the power of two, 1233 / 4096 = lg 2 from below, then by comparing. Where a
     * negative power of ten is a little more than its double, and the value is that double, 15 digits do,
     * rightly rounded with either power. Only a power of ten's own double comes to that power by rounding, so
     * digits stay 17.
     */
    int power = (((int)(bits >> MANTISSA_BITS) - EXPONENT_ZERO) * 1233) >> 12;
    power += value >= power_of_10[power + 1 - LEAST_POWER];
    struct split s = split(bits, power);
    uint64_t digits = round_to(&s, 100);
    if (!reads_back(&s, digits)) {
        digits = round_to(&s, 10);
        if (!reads_back(&s, digits))
            digits = round_to_1(&s);
    }
    return write_digits(digits, power, out);
}

static size_t write_any(double value, char out[LS_REAL_SIZE])
{
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"}; /* the last one always reads back */
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (g_ascii_strtod(g_ascii_formatd(out, LS_REAL_SIZE, formats[i], value), NULL) == value)
            break;
    return strlen(out);
}

size_t ls_real_write(double value, char out[LS_REAL_SIZE])
{
    double magnitude = value < 0 ? -value : value;
    size_t sign = value < 0;
    if (!(magnitude >= power_of_10[0] && magnitude < power_of_10[END_POWER - LEAST_POWER]))
        return value == 0 && 1 / value > 0 ? write_whole(0, out) : write_any(value, out);
    out[0] = '-';
    if ((double)(int64_t)magnitude == magnitude)
        return sign + write_whole((uint64_t)magnitude, out + sign);
    return sign + write_middle(magnitude, out + sign);
}
