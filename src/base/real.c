/*
 * A double of the middle range is m * 2^e with 2^52 <= m < 2^53. Its 17 digits are the whole part of
 * m * 5^k * 2^(e+k), where k makes 17 digits of it: m * 5^k fits 116 bits, and e + k is negative, so the
 * whole part and the rest come from one product and a shift, exactly. 15 and 16 digits come from these by
 * rounding at the last tens. They read back equal when they are nearer to the double than half its distance
 * to the next one: half of 5^k in the product's units. 5^k is odd, so there are no ties and half of it may be
 * cut.
 */
#include "base/real.h"

#include <glib.h>
#include <math.h>
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

/* Eight digits as bytes of one number, the first digit in the lowest: halves, quarters, then digits of it. */
static uint64_t digits_of_8(uint32_t value)
{
    uint64_t upper = value / 10000, lower = value % 10000, part = upper | lower << 32;
    uint64_t hundreds = (part * 10486 >> 20) & UINT64_C(0x7f0000007f); /* 10486 / 2^20 = 1 / 100 */
    part = hundreds | (part - hundreds * 100) << 16;
    uint64_t tens = (part * 103 >> 10) & UINT64_C(0x000f000f000f000f); /* 103 / 2^10 = 1 / 10 */
    return tens | (part - tens * 10) << 8;
}

static void put_8(char *out, uint64_t digits)
{
    uint64_t text = GUINT64_TO_LE(digits | UINT64_C(0x3030303030303030));
    memcpy(out, &text, sizeof text);
}

static size_t last_zeros(uint64_t digits)
{
    return (size_t)__builtin_clzll(digits) / 8;
}

/* All 17 digits of `value`; returns how many of them stand before the last zeros. */
static size_t put_17(char out[DIGITS], uint64_t value)
{
    uint64_t upper = value / 100000000;
    uint64_t middle = digits_of_8((uint32_t)(upper % 100000000));
    uint64_t lower = digits_of_8((uint32_t)(value % 100000000));
    out[0] = (char)('0' + upper / 100000000);
    put_8(out + 1, middle);
    put_8(out + 9, lower);
    if (lower != 0)
        return DIGITS - last_zeros(lower);
    return middle != 0 ? DIGITS - 8 - last_zeros(middle) : 1;
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
        memset(out, '0', 1 - PLAIN_MIN);
        out[1] = '.';
        memcpy(out + 1 + zeros, digits, DIGITS);
        return 1 + zeros + n;
    }
    out[0] = digits[0];
    out[1] = '.';
    memcpy(out + 2, digits + 1, DIGITS - 1);
    size_t length = n > 1 ? n + 1 : 1;
    out[length] = 'e';
    out[length + 1] = '-';
    put_pair(out + length + 2, (uint32_t)-power);
    return length + 4;
}

/* ---- doubles to digits ---- */

/* A double as whole + rest / 2^shift, 10^16 <= whole < 10^17; numbers from `least` to `most` read back equal.
 */
struct split {
    uint64_t whole, rest, least, most;
    int shift;
};

/* Splits what the bits of a positive double stand for; the first digit stands for 10^power. */
static struct split split(uint64_t bits, int power)
{
    uint64_t fraction = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
    int k = DIGITS - 1 - power, exponent = (int)(bits >> MANTISSA_BITS) - EXPONENT_ZERO - MANTISSA_BITS;
    int shift = -exponent - k;
    uint64_t step = power_of_5[k], mask = (UINT64_C(1) << shift) - 1;
    wide product = (wide)(fraction | UINT64_C(1) << MANTISSA_BITS) * step;
    uint64_t half_below = fraction == 0 ? step / 4 : step / 2; /* below a power of two the next is nearer */
    return (struct split){.whole = (uint64_t)(product >> shift),
                          .rest = (uint64_t)product & mask,
                          .least = (uint64_t)((product - half_below + mask) >> shift),
                          .most = (uint64_t)((product + step / 2) >> shift),
                          .shift = shift};
}

/* To the nearest multiple of `unit`, an even one where two are as near. */
static uint64_t round_to(const struct split *s, uint32_t unit)
{
    uint64_t multiple = s->whole / unit;
    uint32_t over = (uint32_t)(s->whole - multiple * unit), half = unit / 2;
    uint32_t beyond = s->rest != 0 || (multiple & 1) != 0; /* decides where `over` is half */
    return (multiple + (over + beyond > half)) * unit;
}

static uint64_t round_to_1(const struct split *s)
{
    uint64_t half = UINT64_C(1) << (s->shift - 1);
    return s->whole + (s->rest + (s->whole & 1) > half);
}

static bool reads_back(const struct split *s, uint64_t value)
{
    return value >= s->least && value <= s->most;
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
    uint64_t digits = round_to_1(&s), shorter = round_to(&s, 10), shortest = round_to(&s, 100);
    digits = reads_back(&s, shorter) ? shorter : digits; /* no branches: nobody can foresee them */
    digits = reads_back(&s, shortest) ? shortest : digits;
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

double ls_real_of_steps(double value)
{
    const double parts = 1e9;
    /* beyond, doubles are further apart than that */
    return fabs(value) < 0x1p53 / parts ? round(value * parts) / parts : value;
}
