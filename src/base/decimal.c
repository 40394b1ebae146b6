#include "base/decimal.h"

#include <glib.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FIXED_DIGITS   8
#define PLAIN_WHOLE    9  /* digits before the point */
#define PLAIN_LENGTH   18 /* with the point and FIXED_DIGITS behind it */
#define FIXED_MAX      UINT64_C(1000000000000000000)
#define DIGITS_KEPT    19     /* decimal digits that always fit 64 bits */
#define EXPONENT_MAX   100000 /* beyond any double; larger ones are cut to it */
#define EXACT_MANTISSA (UINT64_C(1) << 53)
#define EXACT_POWER    22 /* 10^22 is the largest power of ten that is a double */

/* digits * 10^exponent, more when `inexact`: then digits has DIGITS_KEPT of them and the rest was not all
 * zeros. */
struct scan {
    bool negative, inexact;
    uint64_t digits;
    long exponent;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **text, const char **end)
{
    while (*text < *end && blank(**text))
        (*text)++;
    while (*text < *end && blank((*end)[-1]))
        (*end)--;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Moves *at past an exponent; false when it is malformed. */
static bool scan_exponent(const char **at, const char *end, long *exponent)
{
    const char *p = *at + 1;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    long value = 0;
    for (; p < end && is_digit(*p); p++)
        value = value < EXPONENT_MAX ? value * 10 + (*p - '0') : EXPONENT_MAX;
    *exponent = negative ? -value : value;
    *at = p;
    return true;
}

static const char *scan(const char *text, size_t length, struct scan *out)
{
    static const char malformed[] = "not a decimal number";
    const char *at = text, *end = text + length;
    struct scan s = {0};
    int kept = 0;
    bool point = false, any = false;
    long exponent = 0;
    trim(&at, &end);
    if (end - at > EXPONENT_MAX)
        return malformed;
    if (at < end && (*at == '+' || *at == '-'))
        s.negative = *at++ == '-';
    for (; at < end; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*at))
            break;
        any = true;
        if (kept < DIGITS_KEPT) {
            s.digits = s.digits * 10 + (uint64_t)(*at - '0');
            kept += s.digits != 0;
            s.exponent -= point;
        } else {
            s.inexact = s.inexact || *at != '0';
            s.exponent += !point;
        }
    }
    if (!any ||
        (at < end && ((*at != 'e' && *at != 'E') || !scan_exponent(&at, end, &exponent) || at != end)))
        return malformed;
    s.exponent += exponent;
    *out = s;
    return NULL;
}

/* Digits with at most FIXED_DIGITS of them behind a point, and nothing else: what nearly all readings are. */
static bool plain_fixed(const char *text, size_t length, int64_t *units)
{
    static const int64_t scale[FIXED_DIGITS + 1] = {100000000, 10000000, 1000000, 100000, 10000,
                                                    1000,      100,      10,      1};
    int64_t value = 0;
    size_t i = 0, whole;
    if (length == 0 || length > PLAIN_LENGTH)
        return false;
    for (; i < length && is_digit(text[i]); i++)
        value = value * 10 + (text[i] - '0');
    whole = i;
    if (i < length && text[i] == '.')
        for (i++; i < length && is_digit(text[i]); i++)
            value = value * 10 + (text[i] - '0');
    size_t decimals = i > whole ? i - whole - 1 : 0;
    if (i < length || whole > PLAIN_WHOLE || whole + decimals == 0 || decimals > FIXED_DIGITS)
        return false;
    *units = value * scale[decimals];
    return true;
}

const char *ls_fixed_parse(const char *text, size_t length, int64_t *units)
{
    if (plain_fixed(text, length, units))
        return NULL;
    struct scan s;
    const char *why = scan(text, length, &s);
    if (why != NULL)
        return why;
    uint64_t value = s.digits;
    long shift = s.exponent + FIXED_DIGITS;
    if (value == 0)
        shift = 0;
    for (; shift > 0 && value <= FIXED_MAX; shift--)
        value *= 10; /* at most 1e19 */
    for (; shift < 0 && value > 0; shift++) {
        s.inexact = s.inexact || value % 10 != 0;
        value /= 10;
    }
    if (s.inexact && value % 5 == 0)
        value++;
    if (value > FIXED_MAX)
        return "too large";
    *units = s.negative ? -(int64_t)value : (int64_t)value;
    return NULL;
}

int64_t ls_fixed_round(int64_t units, int64_t quantum, bool *exact)
{
    int64_t whole = units / quantum, rest = units % quantum;
    if (rest != 0)
        *exact = false;
    if (rest >= quantum - rest)
        return whole + 1;
    if (rest <= -quantum - rest)
        return whole - 1;
    return whole;
}

const char *ls_fixed_format(int64_t units, char out[LS_FIXED_SIZE])
{
    uint64_t magnitude = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    snprintf(out, LS_FIXED_SIZE, "%s%" PRIu64 ".%08" PRIu64, units < 0 ? "-" : "",
             magnitude / (uint64_t)LS_FIXED_ONE, magnitude % (uint64_t)LS_FIXED_ONE);
    size_t length = strlen(out);
    while (out[length - 1] == '0')
        out[--length] = '\0';
    if (out[length - 1] == '.')
        out[--length] = '\0';
    return out;
}

const char *ls_decimal_parse(const char *text, size_t length, double *value)
{
    static const double power[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct scan s;
    const char *why = scan(text, length, &s);
    if (why != NULL)
        return why;
    double result;
    if (!s.inexact && s.digits <= EXACT_MANTISSA && s.exponent >= -EXACT_POWER && s.exponent <= EXACT_POWER) {
        /* Both operands are exact, so the one operation rounds correctly (W. D. Clinger, 1990). */
        result = (double)s.digits;
        result = s.exponent < 0 ? result / power[-s.exponent] : result * power[s.exponent];
        result = s.negative ? -result : result;
    } else {
        result = g_ascii_strtod(text, NULL);
    }
    if (!isfinite(result))
        return "too large";
    *value = result;
    return NULL;
}

bool ls_decimal_absent(const char *text, size_t length)
{
    static const char *const spellings[] = {"", "nan", "na", "null"};
    const char *end = text + length;
    trim(&text, &end);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if ((size_t)(end - text) == strlen(spellings[i]) &&
            strncasecmp(text, spellings[i], (size_t)(end - text)) == 0)
            return true;
    return false;
}
