/* Doubles as text, against what printf and strtod of the C library make of them. */
#include "../support/support.h"

#include "base/random.h"
#include "base/real.h"

#include <math.h>

#define NEIGHBOURS 20

/* The first of %.15g, %.16g and %.17g that strtod reads back equal. */
static void expect_as_printed(double value)
{
    static char *text; /* of the very size, so that AddressSanitizer sees what is written beyond it */
    char wanted[64];
    if (text == NULL)
        text = malloc(LS_REAL_SIZE);
    assert_non_null(text);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(wanted, sizeof wanted, "%.*g", digits, value);
        if (strtod(wanted, NULL) == value)
            break;
    }
    size_t length = ls_real_write(value, text);
    if (length != strlen(wanted) || memcmp(text, wanted, length) != 0)
        fail_msg("%a is written '%.*s', not '%s'", value, (int)length, text, wanted);
}

static void expect_neighbourhood(double value)
{
    double above = value, below = value;
    for (int i = 0; i <= NEIGHBOURS; i++) {
        expect_as_printed(above);
        expect_as_printed(-below);
        above = nextafter(above, (double)INFINITY);
        below = nextafter(below, 0);
    }
}

static void any_bits_are_written_as_printed(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(1, "bits", 0);
    for (int i = 0; i < 30000; i++) {
        uint64_t bits = ls_random_next(&random);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isnan(value))
            expect_as_printed(value);
    }
}

static void any_size_of_the_middle_range_is_written_as_printed(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(2, "sizes", 0);
    for (int i = 0; i < 60000; i++) {
        double mantissa = ldexp((double)(ls_random_next(&random) >> 11), -53);
        expect_as_printed(ldexp(i % 2 == 0 ? mantissa : -mantissa, (int)(ls_random_next(&random) % 90) - 38));
    }
}

static void figures_of_tables_are_written_as_printed(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(3, "figures", 0);
    double sum = 0;
    for (int i = 0; i < 20000; i++) {
        double kwh = (double)(ls_random_next(&random) % 30000000) / 1e6;
        double other = (double)(ls_random_next(&random) % 30000000) / 1e6;
        double grams = (double)(ls_random_next(&random) % 900000) / 1e3;
        sum = i % 48 == 0 ? 0 : sum + kwh * grams;
        const double values[] = {kwh, kwh - other, kwh * grams, sum, sum - other * grams};
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            expect_as_printed(values[v]);
    }
}

static void whole_numbers_are_written_as_printed(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(4, "whole", 0);
    for (int i = -1100; i <= 1100; i++)
        expect_as_printed(i);
    for (int i = 0; i < 10000; i++)
        expect_as_printed((double)(ls_random_next(&random) >> (ls_random_next(&random) % 64)));
}

/* Below a power of two the next double is half as far, below a power of ten there is a digit less. */
static void powers_and_their_neighbours_are_written_as_printed(void **state)
{
    (void)state;
    for (int power = -1074; power < 1024; power += power < -70 || power > 70 ? 13 : 1)
        expect_neighbourhood(ldexp(1, power));
    for (int power = -30; power <= 30; power++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", power);
        expect_neighbourhood(strtod(text, NULL));
    }
}

/* 18 digits of which the last is a 5, where 16 do not read back: printf takes the even of the two. */
static void halves_go_to_even(void **state)
{
    (void)state;
    char text[LS_REAL_SIZE];
    assert_int_equal(ls_real_write(1023 + 3.0 / 16384, text), 18); /* 1023.00018310546875 */
    assert_memory_equal(text, "1023.0001831054688", 18);
    for (int part = 1; part < 16384; part += 2)
        expect_as_printed(1023 + part / 16384.0);
    for (int part = 1; part < 2048; part += 2)
        expect_as_printed(100000 * 10.0 + part / 2048.0);
}

static void what_has_no_digits_is_written_as_printed(void **state)
{
    (void)state;
    const double values[] = {0,           -0.0,   (double)INFINITY,       -(double)INFINITY,
                             (double)NAN, 5e-324, 2.2250738585072009e-308};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        expect_as_printed(values[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bits_are_written_as_printed),
        cmocka_unit_test(any_size_of_the_middle_range_is_written_as_printed),
        cmocka_unit_test(figures_of_tables_are_written_as_printed),
        cmocka_unit_test(whole_numbers_are_written_as_printed),
        cmocka_unit_test(powers_and_their_neighbours_are_written_as_printed),
        cmocka_unit_test(halves_go_to_even),
        cmocka_unit_test(what_has_no_digits_is_written_as_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
