/* Days of a city before they are solved, what a solved one comes to, and what of it rests on doubts. */
#include "../support/support.h"

#include <loadscope/quality.h>

#define SLOTS 48

/* Two homes of X in London; rows are added hour by hour. */
static void add_hours(struct support_text *csv, const char *id, int64_t first, int hours, double kwh)
{
    for (int h = 0; h < hours; h++)
        support_row(csv, "X", id, first + h * 3600, 0, kwh, 500 + h % 7, 400 + h % 5);
}

/* 30 March is whole, 31 March has 23 hours, nothing on 1 April, half of one home on 2 April. */
static void days_as_they_are_held(void **state)
{
    struct support_text csv = {0};
    struct ls_archive_day *days = NULL;
    ls_archive *archive = NULL;
    ls_zone *zone = NULL;
    size_t n = 0;
    int64_t start = 1364601600; /* 2013-03-30T00:00Z */
    (void)state;
    support_add(&csv, "%s", SUPPORT_COLUMNS);
    add_hours(&csv, "a", start, 24 + 23, 0.5);
    add_hours(&csv, "b", start, 24 + 23, 0.25);
    support_row(&csv, "X", "b", start + 5 * 3600 * 24, 0, NAN, 500, 400); /* a row without a reading */
    add_hours(&csv, "a", start + (24 + 23 + 24) * 3600, 12, 1);
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "Europe/London");
    assert_int_equal(ls_archive_of_dataset(dataset, &archive, NULL), 0);
    assert_int_equal(ls_zone_open("Europe/London", &zone, NULL), 0);
    assert_int_equal(ls_archive_days(archive, zone, "X", &days, &n, NULL), 0);
    assert_int_equal(n, 6);
    static const struct {
        int minutes;
        double kwh;
        uint64_t known, wanted;
        bool has_row;
    } wanted[] = {{1440, 18, 48, 48, true}, {1380, 17.25, 46, 46, true}, {1440, 0, 0, 48, false},
                  {1440, 12, 12, 48, true}, {1440, 0, 0, 48, false},     {1440, 0, 0, 48, true}};
    for (size_t d = 0; d < n; d++) {
        assert_int_equal(days[d].date, support_date("2013-03-30") + (int32_t)d);
        assert_int_equal(days[d].minutes, wanted[d].minutes);
        assert_near(days[d].usage_kwh, wanted[d].kwh, 1e-9);
        assert_int_equal(days[d].known, wanted[d].known);
        assert_int_equal(days[d].wanted, wanted[d].wanted);
        assert_int_equal(days[d].has_row, wanted[d].has_row);
    }
    assert_near(ls_archive_day_lacks(&days[1]), 0, 0);
    assert_near(ls_archive_day_lacks(&days[3]), 0.75, 1e-12);
    free(days);
    struct ls_error error;
    assert_int_equal(ls_archive_days(archive, zone, "nowhere", &days, &n, &error), LS_ERR_NAME);
    ls_zone_close(zone);
    ls_archive_close(archive);
    ls_dataset_destroy(dataset);
    free(csv.bytes);
}

/* Dirty until 12:00, clean from there. Home 0 is sound, 1 lacks a reading, 2 has 30 kWh in half an hour, 3
 * never changes, 4 uses nothing. */
static struct ls_dataset *load_doubtful(void)
{
    static double kwh[5 * SLOTS], mef[SLOTS];
    for (int t = 0; t < SLOTS; t++) {
        mef[t] = t < SLOTS / 2 ? 900 - t : 300 + t;
        for (int home = 0; home < 4; home++)
            kwh[home * SLOTS + t] = home == 3 ? 0.3 : 0.2 + 0.01 * ((t + home) % 5);
        kwh[4 * SLOTS + t] = 0;
    }
    kwh[1 * SLOTS + 40] = NAN;
    kwh[2 * SLOTS + 3] = 30;
    return support_day(30, SLOTS, mef, 5, kwh);
}

static void doubts_and_their_saving(void **state)
{
    struct ls_dataset *dataset = load_doubtful();
    struct ls_policy policy;
    struct ls_answer *answer = NULL;
    struct ls_doubtful doubtful;
    ls_bench *bench = NULL;
    double marginal = 0, average = 0;
    (void)state;
    support_policy(&policy, SUPPORT_OPEN "behaviour.timezone=Z");
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    assert_int_equal(ls_bench_solve(bench, &policy, "X", SUPPORT_MONDAY, NULL, &answer, NULL), 0);
    ls_doubtful_of(answer, &doubtful);
    assert_int_equal(doubtful.homes, 3);
    assert_int_equal(doubtful.incomplete, 1);
    assert_int_equal(doubtful.large, 1);
    assert_int_equal(doubtful.flat, 1);
    for (size_t i = 0; i < answer->plan->n_customers; i++)
        if (strcmp(answer->day->id[i], "a") != 0) {
            marginal += answer->plan->customers[i].saved_marg_g;
            average += answer->plan->customers[i].saved_avg_g;
        }
    assert_true(marginal > 0 && marginal < answer->plan->saved_marg_g);
    assert_near(doubtful.saved_marg_g, marginal, 1e-6);
    assert_near(doubtful.saved_avg_g, average, 1e-6);
    ls_answer_destroy(answer);
    ls_bench_close(bench);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void a_day_among_many(void **state)
{
    struct ls_dataset *dataset = load_doubtful();
    struct ls_policy policy;
    struct ls_day_result result;
    (void)state;
    support_policy(&policy, SUPPORT_OPEN "behaviour.timezone=Z;regional.load_shift_percent_limit=5");
    struct support_solved solved = support_solve(dataset, &policy, "X", SUPPORT_MONDAY);
    ls_day_result_of(solved.plan, &result);
    assert_int_equal(result.homes, 5);
    assert_near(result.saved_marg_g, solved.plan->saved_marg_g, 0);
    assert_near(result.saved_avg_g, solved.plan->saved_avg_g, 0);
    assert_near(result.budget_share, solved.plan->moved_kwh / (0.05 * solved.day->daily_load_kwh), 1e-9);
    support_release(&solved);
    support_set(&policy, "regional.load_shift_percent_limit=none");
    solved = support_solve(dataset, &policy, "X", SUPPORT_MONDAY);
    ls_day_result_of(solved.plan, &result);
    assert_true(isnan(result.budget_share));
    support_release(&solved);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_as_they_are_held),
        cmocka_unit_test(doubts_and_their_saving),
        cmocka_unit_test(a_day_among_many),
    };
    return cmocka_run_group_tests_name("days", tests, NULL, NULL);
}
