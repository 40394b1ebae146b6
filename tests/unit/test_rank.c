/* The order by radix sort, against that of qsort(). */
#include "../support/support.h"

#include "base/rank.h"

struct ranked {
    int64_t value;
    uint32_t index;
};

static int descending(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static void assert_ranked(const int64_t *values, size_t n)
{
    struct ranked *wanted = calloc(n + 1, sizeof *wanted);
    uint32_t *order = calloc(n + 1, sizeof *order);
    assert_true(wanted != NULL && order != NULL);
    for (size_t i = 0; i < n; i++)
        wanted[i] = (struct ranked){values[i], (uint32_t)i};
    qsort(wanted, n, sizeof *wanted, descending);
    assert_int_equal(ls_rank_descending(values, n, order, NULL), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(order[i], wanted[i].index);
    free(wanted);
    free(order);
}

static void the_order_is_that_of_qsort(void **state)
{
    (void)state;
    static int64_t values[3000];
    struct ls_random random = ls_random_seed(1, "rank", 0);
    for (int round = 0; round < 300; round++) {
        size_t n = ls_random_below(&random, 3000);
        unsigned bits = (unsigned)ls_random_below(&random, 64); /* few bits: many ties */
        for (size_t i = 0; i < n; i++)
            values[i] = (int64_t)(ls_random_next(&random) >> bits) - (round % 2 ? 1000 : 0);
        assert_ranked(values, n);
    }
}

static void extremes_have_an_order(void **state)
{
    (void)state;
    static const int64_t extremes[] = {0,         INT64_MIN, INT64_MAX, -1,   1,
                                       INT64_MIN, INT64_MAX, 2047,      2048, 2049};
    assert_ranked(extremes, sizeof extremes / sizeof *extremes);
    assert_ranked(extremes, 1);
    assert_ranked(extremes, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_that_of_qsort),
        cmocka_unit_test(extremes_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
