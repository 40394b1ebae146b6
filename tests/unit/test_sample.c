/* The synthetic sample: the statistics it promises, measured on its text with nothing but strtod(). */
#include "base/random.h"
#include "data/load.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct text {
    char *bytes;
    size_t length, capacity;
};

struct sums {
    double n, sum, squares, least, most;
};

static bool append(void *user, const char *bytes, size_t length)
{
    struct text *text = user;
    if (text->length + length + 1 > text->capacity) {
        text->capacity = (text->length + length + 1) * 2;
        text->bytes = realloc(text->bytes, text->capacity);
        assert_non_null(text->bytes);
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
    return true;
}

static struct text sample(uint32_t customers, uint32_t days, uint64_t seed)
{
    struct text text = {0};
    struct ls_sample_options options = {customers, days, seed};
    assert_int_equal(ls_sample_write(&options, append, &text, NULL), 0);
    return text;
}

static void add(struct sums *sums, double value)
{
    sums->least = sums->n > 0 && sums->least < value ? sums->least : value;
    sums->most = sums->n > 0 && sums->most > value ? sums->most : value;
    sums->n++;
    sums->sum += value;
    sums->squares += value * value;
}

static double mean(const struct sums *sums)
{
    return sums->sum / sums->n;
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%g is not %g +- %g", value, expected, tolerance);
}

/* Field `number` (from 0) of a line. */
static const char *field(const char *line, int number)
{
    for (; number > 0; number--)
        line = strchr(line, ',') + 1;
    return line;
}

static void assert_statistics(uint64_t seed)
{
    struct text text = sample(60, 14, seed);
    struct sums value = {0}, mef = {0}, aef = {0};
    size_t rows = 0, empty = 0, zeros = 0;
    for (const char *line = strchr(text.bytes, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        rows++;
        add(&mef, strtod(field(line, 7), NULL));
        add(&aef, strtod(field(line, 8), NULL));
        if (*field(line, 5) == ',')
            empty++;
        else
            add(&value, strtod(field(line, 5), NULL));
        zeros += strncmp(field(line, 5), "0.000,", 6) == 0;
    }
    assert_near(mean(&value), 0.35, 0.05);
    assert_near(sqrt(value.squares / value.n - mean(&value) * mean(&value)), 0.54, 0.12);
    assert_near(mean(&mef), 709, 10);
    assert_near(mean(&aef), 733, 6);
    assert_true(mef.least >= 536 && mef.least < 570 && mef.most <= 836 && mef.most > 800);
    assert_true(aef.least >= 625 && aef.least < 640 && aef.most <= 827 && aef.most > 810);
    assert_true(value.least >= 0 && zeros > 10 && empty > 5);
    assert_near((double)rows, 60 * 14 * 48 * 0.995, 60);
    free(text.bytes);
}

static void statistics_are_those_promised(void **state)
{
    (void)state;
    assert_statistics(1);
    assert_statistics(2022);
}

static void a_seed_gives_one_file(void **state)
{
    (void)state;
    struct text a = sample(5, 3, 11), b = sample(5, 3, 11), c = sample(5, 3, 12);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.bytes, b.bytes, a.length);
    assert_true(a.length != c.length || memcmp(a.bytes, c.bytes, a.length) != 0);
    free(a.bytes);
    free(b.bytes);
    free(c.bytes);
}

static void the_sample_loads(void **state)
{
    (void)state;
    struct text text = sample(60, 14, 1);
    struct ls_source source = {"sample", text.bytes, text.length};
    struct ls_load_options options = {.slot_minutes = 30, .timezone = "Asia/Kolkata"};
    struct ls_dataset *dataset = NULL;
    assert_int_equal(ls_dataset_load_sources(&source, 1, NULL, &options, &dataset, NULL), 0);
    assert_true(ls_dataset_check(dataset));
    assert_int_equal(dataset->n_cities, 2);
    assert_string_equal(dataset->cities[0].name, "delhi");
    assert_int_equal(dataset->cities[0].n_customers, 36);
    assert_string_equal(dataset->cities[1].name, "mumbai");
    assert_int_equal(dataset->cities[1].n_customers, 24);
    assert_int_equal(dataset->offset_s, 19800);
    assert_int_equal(dataset->minute[0], 1651429800 / 60);
    assert_int_equal(dataset->quality.slots, 2 * 14 * 48);
    assert_int_equal(dataset->quality.slots_without_factor, 0);
    assert_true(dataset->quality.gaps > 100 && dataset->quality.gaps < 320);
    assert_true(dataset->customers[0].latitude_deg > 28 && dataset->customers[59].latitude_deg < 20);
    ls_dataset_destroy(dataset);
    free(text.bytes);
}

static bool refuse(void *user, const char *text, size_t length)
{
    (void)text;
    (void)length;
    ++*(int *)user;
    return false;
}

static void failures_are_reported(void **state)
{
    (void)state;
    struct ls_error error;
    int calls = 0;
    struct ls_sample_options options = {60, 14, 1};
    assert_int_equal(ls_sample_write(&options, refuse, &calls, &error), LS_ERR_IO);
    assert_int_equal(calls, 1);
    options.customers = 0;
    assert_int_equal(ls_sample_write(&options, refuse, &calls, &error), LS_ERR_VALUE);
    assert_string_equal(error.field, "--customers");
    options = (struct ls_sample_options){1, 0, 1};
    assert_int_equal(ls_sample_write(&options, refuse, &calls, &error), LS_ERR_VALUE);
    assert_string_equal(error.field, "--days");
    assert_int_equal(calls, 1);
}

static void random_numbers_are_even_and_splitmix64(void **state)
{
    (void)state;
    struct ls_random reference = {1234567}; /* known answers of splitmix64 for this seed */
    assert_true(ls_random_next(&reference) == UINT64_C(6457827717110365317));
    assert_true(ls_random_next(&reference) == UINT64_C(3203168211198807973));
    struct ls_random random = ls_random_seed(1, "city", 2);
    int seen[6] = {0};
    for (int i = 0; i < 60000; i++)
        seen[ls_random_below(&random, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_true(seen[i] > 9500 && seen[i] < 10500);
    struct ls_random other = ls_random_seed(1, "city", 3), third = ls_random_seed(1, "cite", 2);
    random = ls_random_seed(1, "city", 2);
    assert_true(random.state != other.state && random.state != third.state && other.state != third.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_are_those_promised),
        cmocka_unit_test(a_seed_gives_one_file),
        cmocka_unit_test(the_sample_loads),
        cmocka_unit_test(failures_are_reported),
        cmocka_unit_test(random_numbers_are_even_and_splitmix64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
