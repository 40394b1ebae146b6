/* Decimal numbers: exact where they are counted, and rounded as the text would be, by schoolbook digits. */
#include "base/decimal.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 20000

static int64_t fixed(const char *text)
{
    int64_t units = -1;
    const char *why = ls_fixed_parse(text, strlen(text), &units);
    if (why != NULL)
        fail_msg("'%s': %s", text, why);
    return units;
}

static void fixed_numbers_are_exact_to_eight_digits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t units;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"-0.000", 0},
        {"1", 100000000},
        {"+1.", 100000000},
        {".5", 50000000},
        {" 0.267\t", 26700000},
        {"6.5279999", 652799990},
        {"0.00000001", 1},
        {"-0.00000001", -1},
        {"12553.25", 1255325000000},
        {"2.5e-3", 250000},
        {"25E2", 250000000000},
        {"1e-9", 1},                     /* a trace: not zero */
        {"0.123456780000001", 12345678}, /* 8 is neither exact at a coarser place nor a half of one */
        {"0.000000500000001", 51},       /* a trace: more than half of 1e-6 */
        {"0.100000000000000000000000000000000000001", 10000001},
        {"000000000000000000000000000000.25", 25000000},
        {"0.0000000000000000000000000000001e30", 10000000},
        {"0e99999999999999999999", 0},
        {"1e-99999999999999999999", 1},
        {"10000000000", 1000000000000000000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fixed(cases[i].text) != cases[i].units)
            fail_msg("'%s' gives %lld", cases[i].text, (long long)fixed(cases[i].text));
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     " ",   "abc",   "0x10",     "inf",   "nan", "1,5",
                                        "1 2",  "--1", "1.2.3", ".",        "e5",    "1e",  "1e+",
                                        "1e5x", "+",   "0b1",   "\xc2\xb2", "1_000", "1d0", "NaN"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t units = 77;
        double value = 77;
        assert_string_equal(ls_fixed_parse(texts[i], strlen(texts[i]), &units), "not a decimal number");
        assert_string_equal(ls_decimal_parse(texts[i], strlen(texts[i]), &value), "not a decimal number");
        assert_true(units == 77 && value > 76 && value < 78);
    }
    int64_t units;
    double value;
    assert_string_equal(ls_fixed_parse("10000000001", 11, &units), "too large");
    assert_string_equal(ls_fixed_parse("1e99", 4, &units), "too large");
    assert_string_equal(ls_decimal_parse("1e999", 5, &value), "too large");
}

/* Rounds "whole.digits" half away from zero after `places` digits, digit by digit. */
static int64_t schoolbook(const char *whole, const char *digits, int places, bool *exact)
{
    int64_t value = strtoll(whole, NULL, 10);
    for (int i = 0; i < places; i++)
        value = value * 10 + (digits[i] - '0');
    *exact = digits[places + (int)strspn(digits + places, "0")] == '\0';
    return value + (digits[places] >= '5');
}

static void rounding_is_that_of_the_text(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(7, "decimal", 0);
    for (int round = 0; round < ROUNDS; round++) {
        char whole[8], digits[32], text[48];
        snprintf(whole, sizeof whole, "%u", (unsigned)ls_random_below(&random, 3000));
        size_t n = 8 + ls_random_below(&random, 20);
        for (size_t i = 0; i < n; i++) /* long runs of 0, 4, 5 and 9 are where rounding goes wrong */
            digits[i] = ls_random_below(&random, 3) > 0 ? "0459"[ls_random_below(&random, 4)]
                                                        : (char)('0' + (int)ls_random_below(&random, 10));
        digits[n] = '\0';
        bool negative = ls_random_below(&random, 2) != 0;
        snprintf(text, sizeof text, "%s%s.%s", negative ? "-" : "", whole, digits);
        int64_t quantum = 100;
        for (int places = 6; places >= 3; places--, quantum *= 10) {
            bool expected_exact, exact = true;
            int64_t expected = schoolbook(whole, digits, places, &expected_exact);
            int64_t got = ls_fixed_round(fixed(text), quantum, &exact);
            if (got != (negative ? -expected : expected) || exact != expected_exact)
                fail_msg("%s to %d places gives %lld", text, places, (long long)got);
        }
    }
}

static void doubles_are_the_nearest(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(7, "double", 0);
    for (int round = 0; round < ROUNDS; round++) {
        char text[64];
        snprintf(text, sizeof text, "%s%llu.%0*llue%d", ls_random_below(&random, 2) != 0 ? "-" : "",
                 (unsigned long long)(ls_random_next(&random) >> ls_random_below(&random, 64)),
                 (int)ls_random_below(&random, 20), (unsigned long long)ls_random_below(&random, 1000000),
                 (int)ls_random_below(&random, 60) - 30);
        double value = NAN, expected = strtod(text, NULL);
        assert_null(ls_decimal_parse(text, strlen(text), &value));
        assert_memory_equal(&value, &expected, sizeof value);
    }
}

static void absent_numbers_have_four_spellings(void **state)
{
    (void)state;
    static const char *const absent[] = {"", "  ", "NaN", "nan", "NAN", "NA", "na", "null", "NULL", " Null "};
    static const char *const present[] = {"0", "n", "n/a", "none", "nul", "nulls", "-nan", "nanx"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_true(ls_decimal_absent(absent[i], strlen(absent[i])));
    for (size_t i = 0; i < sizeof present / sizeof *present; i++)
        assert_false(ls_decimal_absent(present[i], strlen(present[i])));
}

static void fixed_numbers_print_without_needless_zeros(void **state)
{
    (void)state;
    static const struct {
        int64_t units;
        const char *text;
    } cases[] = {{0, "0"},         {26700000, "0.267"}, {-1, "-0.00000001"},
                 {100000000, "1"}, {1000000000, "10"},  {INT64_MIN, "-92233720368.54775808"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[LS_FIXED_SIZE];
        assert_string_equal(ls_fixed_format(cases[i].units, text), cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_numbers_are_exact_to_eight_digits),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(rounding_is_that_of_the_text),
        cmocka_unit_test(doubles_are_the_nearest),
        cmocka_unit_test(absent_numbers_have_four_spellings),
        cmocka_unit_test(fixed_numbers_print_without_needless_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
