/*
 * Two answers side by side: figures by hand for small days, days of other length, and the customers that
 * changed most against a full sort of random days.
 */
#include "../support/support.h"

#include "report/report.h"

#include <loadscope/compare.h>

/* Homes a and b: each saves 400 g a kWh of slot 0 and 390 of slot 1. */
static const double mef[] = {600, 590, 200}, kwh[] = {1, 0.5, 0.1, 0.5, 0, 0.1};

static struct ls_answer *solve(ls_bench *bench, const char *assignments, const char *city, int32_t date)
{
    struct ls_policy policy;
    struct ls_answer *answer = NULL;
    struct ls_error error = {0};
    support_policy(&policy, SUPPORT_OPEN "behaviour.slot_minutes=60;behaviour.moves_per_day=1;");
    support_set(&policy, assignments);
    if (ls_bench_solve(bench, &policy, city, date, NULL, &answer, &error) != 0)
        fail_msg("%s", error.message);
    ls_policy_clear(&policy);
    return answer;
}

static const struct ls_compare_total *total(const struct ls_compare *compare, const char *name)
{
    for (int i = 0; i < LS_COMPARE_TOTALS; i++)
        if (strcmp(compare->totals[i].name, name) == 0)
            return &compare->totals[i];
    fail_msg("no total '%s'", name);
    return NULL;
}

static void assert_total(const struct ls_compare *compare, const char *name, double a, double b)
{
    assert_near(total(compare, name)->value[0], a, 1e-9);
    assert_near(total(compare, name)->value[1], b, 1e-9);
}

static struct ls_compare *compare_answers(struct ls_answer *a, struct ls_answer *b, size_t top)
{
    struct ls_compare *compare = NULL;
    struct ls_error error = {0};
    if (ls_compare(a, b, top, &compare, &error) != 0)
        fail_msg("%s", error.message);
    return compare;
}

static void a_day_under_two_policies(void **state)
{
    (void)state;
    struct ls_dataset *dataset = support_day(60, 3, mef, 2, kwh);
    ls_bench *bench = NULL;
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    /* slot 2 has 0.2 kWh: as much may be added under A, of which a takes all */
    struct ls_answer *a = solve(bench, "spike.alpha_percent=100", "X", SUPPORT_MONDAY);
    struct ls_answer *b = solve(bench, "peak_hours.X.Mon=0", "X", SUPPORT_MONDAY);
    struct ls_compare *compare = compare_answers(a, b, 5);
    assert_int_equal(compare->n_parameters, 2);
    assert_string_equal(compare->parameters[0].name, "peak_hours.X.Mon");
    assert_string_equal(compare->parameters[0].value[0], "");
    assert_string_equal(compare->parameters[0].value[1], "0");
    assert_string_equal(compare->parameters[1].name, "spike.alpha_percent");
    assert_string_equal(compare->parameters[1].value[0], "100");
    assert_string_equal(compare->parameters[1].value[1], "none");
    /* a: 0.2 then 1 kWh by 400 g; b: 0.5 kWh to slot 1 by 10 g, then to slot 2 by 400 g */
    assert_total(compare, "saved_marg_g", 80 + 5, 600);
    assert_total(compare, "saved_avg_g", 85, 600);
    assert_total(compare, "moved_kwh", 0.7, 1.5);
    assert_total(compare, "moves", 2, 2);
    assert_total(compare, "customers", 2, 2);
    assert_total(compare, "customers_moving", 2, 2);
    assert_total(compare, "baseline_kwh", 2.2, 2.2);
    assert_near(total(compare, "gap_percent")->value[0],
                100 * (1 - 85 / total(compare, "bound_marg_g")->value[0]), 1e-9);
    assert_near(total(compare, "gap_percent")->value[1], 0, 0.001);
    assert_true(isinf(total(compare, "budget_kwh")->value[0]));

    assert_int_equal(compare->n_slots, 24); /* 21 of them without readings */
    assert_int_equal(compare->slots_changed, 3);
    assert_int_equal(compare->slots[0].slot[0], 2); /* 0.4 and 1.7 kWh */
    assert_int_equal(compare->slots[0].wall_minute, 120);
    assert_near(compare->slots[0].baseline_kwh[0], 0.2, 1e-12);
    assert_near(compare->slots[0].shifted_kwh[0], 0.4, 1e-12);
    assert_near(compare->slots[0].shifted_kwh[1], 1.7, 1e-12);
    assert_int_equal(compare->slots[1].slot[1], 0); /* 0.8 and 0 */
    assert_int_equal(compare->slots[2].slot[1], 1); /* 1 and 0.5 */

    assert_int_equal(compare->n_customers, 2);
    assert_int_equal(compare->customers_changed, 2);
    assert_int_equal(compare->n_top, 2);
    assert_string_equal(compare->customers[0].id, "a");
    assert_near(compare->customers[0].saved_marg_g[0], 80, 1e-9);
    assert_near(compare->customers[0].saved_marg_g[1], 400, 1e-9);
    assert_string_equal(compare->customers[1].id, "b");
    assert_near(compare->customers[1].moved_kwh[1] - compare->customers[1].moved_kwh[0], 0, 1e-12);
    ls_compare_destroy(compare);

    compare = compare_answers(a, a, 5);
    assert_int_equal(compare->n_parameters + compare->slots_changed + compare->customers_changed, 0);
    assert_int_equal(compare->n_top, 0);
    ls_compare_destroy(compare);
    compare = compare_answers(a, b, 1);
    assert_int_equal(compare->n_top, 1);
    assert_string_equal(compare->customers[0].id, "a");
    ls_compare_destroy(compare);
    compare = compare_answers(a, b, 0);
    assert_int_equal(compare->n_top, 0);
    assert_int_equal(compare->customers_changed, 2);
    ls_compare_destroy(compare);
    ls_answer_destroy(a);
    ls_answer_destroy(b);
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

/* London, by the half hour: Sunday 2024-03-31 lacks 01:00 and 01:30, Sunday 2024-10-27 has them twice. */
static void days_of_other_length_are_paired_by_the_clock(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        int slots;
    } days[] = {{"2024-03-31", 46}, {"2024-10-27", 50}};
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int d = 0; d < 2; d++)
        for (int t = 0; t < days[d].slots; t++) {
            /* midnight UTC is midnight in March; in October it is an hour later */
            int64_t start = support_date(days[d].date) * INT64_C(86400) - d * 3600;
            if (d == 0 || t > 0) /* home b has October alone */
                support_row(&csv, "X", "a", start + t * 1800, 0, 0.5, 300, 300);
            if (d == 1)
                support_row(&csv, "X", "b", start + t * 1800, 0, t, 300, 300);
        }
    struct ls_dataset *dataset = support_load(csv.bytes, 30, "Europe/London");
    free(csv.bytes);
    ls_bench *bench = NULL;
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    const char *zone = "behaviour.slot_minutes=30;behaviour.timezone=Europe/London";
    struct ls_answer *a = solve(bench, zone, "X", support_date(days[0].date));
    struct ls_answer *b = solve(bench, zone, "X", support_date(days[1].date));
    struct ls_compare *compare = compare_answers(a, b, 5);
    assert_int_equal(compare->n_slots, 50);
    assert_int_equal(compare->n_customers, 2);
    assert_int_equal(compare->customers_changed, 0); /* nothing moves where all is as clean */
    size_t alone = 0;
    for (size_t i = 0; i < compare->n_slots; i++) {
        const struct ls_compare_slot *slot = &compare->slots[i];
        assert_int_equal(b->day->wall_minute[slot->slot[1]], slot->wall_minute);
        if (slot->slot[0] < 0) {
            alone++;
            assert_true(i >= 46);
            assert_true(slot->wall_minute == 60 || slot->wall_minute == 90);
            continue;
        }
        assert_int_equal(a->day->wall_minute[slot->slot[0]], slot->wall_minute);
        if (i > 0)
            assert_true(slot->shifted_kwh[1] <= compare->slots[i - 1].shifted_kwh[1]);
    }
    assert_int_equal(alone, 4);
    assert_total(compare, "customers", 1, 2);
    ls_compare_destroy(compare);
    ls_answer_destroy(a);
    ls_answer_destroy(b);
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

static double change(const struct ls_answer *a, const struct ls_answer *b, const char *id)
{
    const struct ls_answer *answers[] = {a, b};
    double saved_g[2] = {0};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < answers[k]->day->n_customers; i++)
            if (strcmp(answers[k]->day->id[i], id) == 0)
                saved_g[k] = answers[k]->plan->customers[i].saved_marg_g;
    return fabs(saved_g[1] - saved_g[0]);
}

/* The orders of service differ, since B shuffles. */
static void the_first_are_those_that_changed_most(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(9, "top", 0);
    for (int round = 0; round < 20; round++) {
        struct ls_dataset *dataset = support_random_day(&random, 20, 60);
        ls_bench *bench = NULL;
        size_t top = 1 + (size_t)round % 7;
        assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
        struct ls_answer *a = solve(bench, "", "X", SUPPORT_MONDAY);
        struct ls_answer *b =
            solve(bench, "run.shuffle_order=yes;spike.alpha_percent=10;behaviour.moves_per_day=2", "X",
                  SUPPORT_MONDAY);
        struct ls_compare *compare = compare_answers(a, b, top);
        assert_int_equal(compare->n_top, top);
        double least = INFINITY;
        for (size_t i = 0; i < top; i++) {
            const struct ls_compare_customer *it = &compare->customers[i];
            double changed = fabs(it->saved_marg_g[1] - it->saved_marg_g[0]);
            assert_near(changed, change(a, b, it->id), 0);
            assert_true(changed <= least);
            assert_string_equal(a->day->id[it->customer[0]], it->id);
            assert_string_equal(b->day->id[it->customer[1]], it->id);
            least = changed;
        }
        size_t larger = 0;
        for (size_t i = 0; i < a->day->n_customers; i++)
            larger += change(a, b, a->day->id[i]) > least;
        assert_true(larger < top);
        ls_compare_destroy(compare);
        ls_answer_destroy(a);
        ls_answer_destroy(b);
        ls_bench_close(bench);
        ls_dataset_destroy(dataset);
    }
}

static void cities_are_not_compared(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    support_row(&csv, "X", "a", SUPPORT_MONDAY * INT64_C(86400), 0, 1, 300, 300);
    support_row(&csv, "Y", "a", SUPPORT_MONDAY * INT64_C(86400), 0, 1, 300, 300);
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "auto");
    free(csv.bytes);
    ls_bench *bench = NULL;
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    struct ls_answer *x = solve(bench, "", "X", SUPPORT_MONDAY), *y = solve(bench, "", "Y", SUPPORT_MONDAY);
    struct ls_compare *compare = NULL;
    struct ls_error error = {0};
    assert_int_equal(ls_compare(x, y, 1, &compare, &error), LS_ERR_VALUE);
    assert_null(compare);
    assert_string_equal(error.message, "a day of X and one of Y cannot be compared");
    ls_answer_destroy(x);
    ls_answer_destroy(y);
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_under_two_policies),
        cmocka_unit_test(days_of_other_length_are_paired_by_the_clock),
        cmocka_unit_test(the_first_are_those_that_changed_most),
        cmocka_unit_test(cities_are_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
