/*
 * The bench: quotas through a week, answers that do not depend on what was asked before, and cancelling.
 *
 * In the small world each home can make two moves a day: slots 0 and 1 have cleaner ones.
 */
#include "../support/support.h"

#define SMALL "tests/fixtures/golden/small/"

static void add_day(struct support_text *csv, const char *id, int32_t date, double kwh)
{
    static const double mef[] = {600, 590, 200}, part[] = {1, 0.5, 0.1};
    for (int t = 0; t < 3; t++)
        support_row(csv, "X", id, date * INT64_C(86400) + t * 3600, 0, kwh * part[t], mef[t], mef[t]);
}

/* Home a has every day from `first` for two weeks; home b uses less and has nothing on Tuesdays. */
static struct ls_dataset *two_weeks(int32_t first)
{
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int32_t date = first; date < SUPPORT_MONDAY + 14; date++) {
        add_day(&csv, "a", date, 1);
        if (ls_date_weekday(date) != 1)
            add_day(&csv, "b", date, 0.5);
    }
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "auto");
    free(csv.bytes);
    return dataset;
}

static void policy_in_week(struct ls_policy *policy, const char *assignments)
{
    support_policy(policy, SUPPORT_OPEN "behaviour.slot_minutes=60;run.week_context=in_week;"
                                        "behaviour.moves_per_day=1;behaviour.moves_per_week=3");
    support_set(policy, assignments);
}

static struct ls_bench *open_bench(const struct ls_dataset *dataset)
{
    ls_bench *bench = NULL;
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    return bench;
}

static struct ls_answer *ask(ls_bench *bench, const struct ls_policy *policy, const char *city, int32_t date)
{
    struct ls_answer *answer = NULL;
    struct ls_error error = {0};
    if (ls_bench_solve(bench, policy, city, date, NULL, &answer, &error) != 0)
        fail_msg("%s", error.message);
    return answer;
}

static void assert_same_answer(const struct ls_answer *a, const struct ls_answer *b)
{
    assert_int_equal(a->earlier_days, b->earlier_days);
    assert_int_equal(a->day->n_customers, b->day->n_customers);
    assert_memory_equal(a->quota_left, b->quota_left, a->day->n_customers * sizeof *a->quota_left);
    assert_int_equal(a->plan->n_moves, b->plan->n_moves);
    for (size_t m = 0; m < a->plan->n_moves; m++) {
        const struct ls_move *x = &a->plan->moves[m], *y = &b->plan->moves[m];
        assert_true(x->customer == y->customer && x->source == y->source &&
                    x->destination == y->destination && x->kwh == y->kwh && x->limited_by == y->limited_by);
    }
    assert_true(a->plan->saved_marg_g == b->plan->saved_marg_g);
    assert_true(ls_policy_equal(&a->policy, &b->policy));
}

static void the_quota_runs_out_in_the_week(void **state)
{
    (void)state;
    static const struct {
        int day, left_a, left_b, earlier, sources; /* left_b -1: no readings */
    } rows[] = {
        {3, 0, 1, 3, 1}, /* Thursday is asked first: a has nothing left, b had no Tuesday */
        {0, 3, 3, 0, 2}, {1, 2, -1, 1, 1}, {2, 1, 2, 2, 2},  {4, 0, 0, 4, 0},
        {6, 0, 0, 6, 0}, {7, 3, 3, 0, 2},  {8, 2, -1, 1, 1},
    };
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY);
    struct ls_policy policy;
    policy_in_week(&policy, "");
    for (int engine = LS_ENGINE_GREEDY; engine <= LS_ENGINE_MILP; engine++) {
        ls_bench *bench = open_bench(dataset);
        policy.engine = (enum ls_engine_id)engine;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct ls_answer *answer = ask(bench, &policy, "X", SUPPORT_MONDAY + rows[i].day);
            int sources = 0;
            assert_int_equal(answer->day->n_customers, rows[i].left_b < 0 ? 1 : 2);
            assert_int_equal(answer->quota_left[0], rows[i].left_a);
            if (rows[i].left_b >= 0)
                assert_int_equal(answer->quota_left[1], rows[i].left_b);
            for (size_t c = 0; c < answer->day->n_customers; c++) {
                sources += answer->plan->customers[c].sources;
                assert_int_equal(answer->plan->customers[c].quota_left, answer->quota_left[c]);
            }
            assert_int_equal(sources, rows[i].sources);
            assert_int_equal(answer->earlier_days, rows[i].earlier);
            support_assert_sound(dataset, &policy, answer->day, answer->quota_left, answer->plan);
            ls_answer_destroy(answer);
        }
        ls_bench_close(bench);
    }
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void a_dataset_that_starts_in_mid_week_starts_with_the_full_quota(void **state)
{
    (void)state;
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY + 2);
    struct ls_policy policy;
    ls_bench *bench = open_bench(dataset);
    policy_in_week(&policy, "");
    for (int day = 2; day < 7; day++) {
        struct ls_answer *answer = ask(bench, &policy, "X", SUPPORT_MONDAY + day);
        assert_int_equal(answer->earlier_days, day - 2);
        assert_int_equal(answer->quota_left[0], day < 5 ? 5 - day : 0);
        ls_answer_destroy(answer);
    }
    ls_bench_close(bench);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void a_day_alone_has_the_full_quota(void **state)
{
    (void)state;
    static const struct {
        const char *assignments;
        int left;
    } rows[] = {
        {"run.week_context=day_alone", 3},
        {"behaviour.moves_per_week=none", LS_NONE},
        {"run.engine=lp", 3}, /* it knows no quota, so spends none */
    };
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY);
    ls_bench *bench = open_bench(dataset);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ls_policy policy;
        policy_in_week(&policy, rows[i].assignments);
        struct ls_answer *answer = ask(bench, &policy, "X", SUPPORT_MONDAY + 4);
        assert_int_equal(answer->quota_left[0], rows[i].left);
        assert_int_equal(answer->quota_left[1], rows[i].left);
        assert_int_equal(answer->earlier_days, 0);
        assert_true(answer->plan->n_moves >= 2);
        ls_answer_destroy(answer);
        ls_policy_clear(&policy);
    }
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

/* What a bench remembers of a week belongs to the policy that it was solved under. */
static void a_changed_policy_is_a_changed_week(void **state)
{
    (void)state;
    static const struct {
        const char *assignments;
        int left_a; /* on Wednesday */
    } rows[] = {
        {"", 1},
        {"behaviour.moves_per_day=2", 0},
        {"", 1},
        {"behaviour.moves_per_week=9", 7},
        {"spike.alpha_percent=0", 3},
        {"", 1},
        {"peak.reduction_limit_percent=0;peak_hours.X.Mon=0-23", 2},
        {"household_minimum.baseline_type=average", 3},
        {"run.engine=milp", 1},
        {"behaviour.moves_per_day=2;run.engine=milp", 0},
        {"behaviour.timezone=Asia/Dhaka", 1}, /* the slots are 06:00 to 09:00 there */
        {"", 1},
    };
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY);
    ls_bench *bench = open_bench(dataset);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ls_policy policy;
        policy_in_week(&policy, rows[i].assignments);
        struct ls_answer *answer = ask(bench, &policy, "X", SUPPORT_MONDAY + 2);
        if (answer->quota_left[0] != rows[i].left_a)
            fail_msg("'%s': %d left", rows[i].assignments, answer->quota_left[0]);
        ls_answer_destroy(answer);
        ls_policy_clear(&policy);
    }
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

/* Questions in a random order about more days than are kept, each answered as by a bench that knows nothing.
 */
static void answers_do_not_depend_on_earlier_questions(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "spike.alpha_percent=25",           "spike.alpha_percent=5",
        "run.week_context=day_alone",       "run.week_context=in_week",
        "behaviour.moves_per_week=2",       "behaviour.moves_per_week=3",
        "household_minimum.R_percent=40",   "household_minimum.R_percent=10",
        "run.shuffle_order=yes;run.seed=3", "run.shuffle_order=no"};
    struct ls_dataset *dataset = support_load_file(SMALL "readings.csv.gz", 30, "auto");
    struct ls_random random = ls_random_seed(7, "questions", 0);
    struct ls_policy policy;
    ls_policy_init(&policy);
    assert_int_equal(ls_scenario_read(SMALL "restricted/scenario.ini", &policy, NULL), 0);
    policy.week_context = LS_WEEK_IN_WEEK;
    ls_bench *bench = open_bench(dataset);
    const int32_t first = support_date("2022-05-04");
    for (int round = 0; round < 40; round++) {
        const char *city = ls_random_below(&random, 3) == 0 ? "mumbai" : "delhi";
        int32_t date = first + (int32_t)ls_random_below(&random, 9);
        support_set(&policy, changes[ls_random_below(&random, sizeof changes / sizeof *changes)]);
        ls_bench *fresh = open_bench(dataset);
        struct ls_answer *kept = ask(bench, &policy, city, date), *new = ask(fresh, &policy, city, date);
        assert_true(kept->day->n_customers > 0);
        assert_same_answer(kept, new);
        support_assert_sound(dataset, &policy, kept->day, kept->quota_left, kept->plan);
        ls_answer_destroy(kept);
        ls_answer_destroy(new);
        ls_bench_close(fresh);
    }
    ls_bench_close(bench);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

/* However few city-days a bench keeps, and whatever it kept before. */
static void what_is_kept_does_not_show(void **state)
{
    (void)state;
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY + 2);
    struct ls_policy policy;
    policy_in_week(&policy, "");
    ls_bench *all = open_bench(dataset), *few = open_bench(dataset);
    for (int32_t date = SUPPORT_MONDAY; date < SUPPORT_MONDAY + 14; date++) {
        ls_bench_keep(few, date < SUPPORT_MONDAY + 6 ? 8 : SUPPORT_MONDAY + 13 - date);
        struct ls_answer *a = ask(all, &policy, "X", date), *b = ask(few, &policy, "X", date);
        struct ls_answer *again = ask(few, &policy, "X", date);
        assert_same_answer(a, b);
        assert_same_answer(a, again);
        ls_answer_destroy(a);
        ls_answer_destroy(b);
        ls_answer_destroy(again);
    }
    ls_bench_close(all);
    ls_bench_close(few);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void an_answer_outlives_its_bench(void **state)
{
    (void)state;
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY);
    struct ls_policy policy;
    policy_in_week(&policy, "");
    ls_bench *bench = open_bench(dataset);
    struct ls_answer *answer = ask(bench, &policy, "X", SUPPORT_MONDAY);
    ls_bench_close(bench);
    assert_near(ls_cityday_kwh(answer->day, 0, 0), 1, 1e-12);
    assert_int_equal(answer->plan->n_moves, 2);
    ls_answer_destroy(answer);
    ls_answer_destroy(NULL);
    ls_bench_close(NULL);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void days_without_readings_and_what_is_unknown(void **state)
{
    (void)state;
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY);
    struct ls_policy policy;
    struct ls_error error = {0};
    struct ls_answer *none = NULL;
    policy_in_week(&policy, "");
    ls_bench *bench = open_bench(dataset);
    static const int days[] = {-1, -400, 14, 16, 4000};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        struct ls_answer *answer = ask(bench, &policy, "X", SUPPORT_MONDAY + days[i]);
        assert_int_equal(answer->day->n_customers, 0);
        assert_int_equal(answer->plan->n_moves, 0);
        assert_int_equal(answer->earlier_days, 0);
        assert_true(answer->plan->baseline_kwh == 0 && answer->plan->bound_marg_g == 0);
        ls_answer_destroy(answer);
    }
    assert_int_equal(ls_bench_solve(bench, &policy, "Z", SUPPORT_MONDAY, NULL, &none, &error), LS_ERR_NAME);
    assert_non_null(strstr(error.message, "'Z'"));
    snprintf(policy.timezone, sizeof policy.timezone, "Europe/Nowhere");
    assert_int_equal(ls_bench_solve(bench, &policy, "X", SUPPORT_MONDAY, NULL, &none, &error), LS_ERR_VALUE);
    assert_null(none);
    ls_bench_close(bench);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

/* Samoa had no Friday 2011-12-30; the Saturday's week has four days before it. */
static void a_week_may_lack_a_day(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    int64_t first = INT64_C(1324893600); /* 2011-12-26T00:00-10:00, a Monday */
    for (int h = 0; h < 6 * 24; h++)
        support_row(&csv, "X", "a", first + h * 3600, 0, 0.5, 500 - h % 24, 300);
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "Pacific/Apia");
    free(csv.bytes);
    struct ls_policy policy;
    ls_bench *bench = open_bench(dataset);
    for (int engine = LS_ENGINE_GREEDY; engine <= LS_ENGINE_MILP; engine++) {
        policy_in_week(&policy, "behaviour.timezone=Pacific/Apia;behaviour.moves_per_week=9");
        policy.engine = (enum ls_engine_id)engine;
        struct ls_answer *answer = ask(bench, &policy, "X", support_date("2011-12-31"));
        assert_int_equal(answer->day->n_slots, 24);
        assert_int_equal(answer->earlier_days, 4);
        assert_int_equal(answer->quota_left[0], 5);
        ls_answer_destroy(answer);
        ls_policy_clear(&policy);
    }
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

static void raise_flag(void *user, const struct ls_progress *progress)
{
    (void)progress;
    atomic_bool *cancel = user;
    atomic_store(cancel, true);
}

static void a_flag_raised_before_the_question(void **state)
{
    (void)state;
    struct ls_dataset *dataset = two_weeks(SUPPORT_MONDAY);
    struct ls_policy policy;
    struct ls_answer *answer = NULL;
    struct ls_error error = {0};
    atomic_bool cancel = true;
    struct ls_solve_options options = {.cancel = &cancel};
    policy_in_week(&policy, "");
    ls_bench *bench = open_bench(dataset);
    /* the week before Thursday was not even begun */
    assert_int_equal(ls_bench_solve(bench, &policy, "X", SUPPORT_MONDAY + 3, &options, &answer, &error),
                     LS_ERR_CANCELLED);
    assert_null(answer);
    /* Monday is the day itself: an answer that says so */
    assert_int_equal(ls_bench_solve(bench, &policy, "X", SUPPORT_MONDAY, &options, &answer, &error), 0);
    assert_int_equal(answer->plan->outcome, LS_OUTCOME_CANCELLED);
    assert_int_equal(answer->plan->customers_served, 0);
    ls_answer_destroy(answer);
    /* and neither is remembered as a day without moves */
    answer = ask(bench, &policy, "X", SUPPORT_MONDAY + 3);
    assert_int_equal(answer->quota_left[0], 0);
    ls_answer_destroy(answer);
    ls_bench_close(bench);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void a_flag_raised_midway(void **state)
{
    (void)state;
    struct ls_dataset *dataset = support_load_file(SMALL "readings.csv.gz", 30, "auto");
    struct ls_policy policy;
    ls_policy_init(&policy);
    assert_int_equal(ls_scenario_read(SMALL "restricted/scenario.ini", &policy, NULL), 0);
    support_set(&policy, "run.week_context=in_week;run.engine=milp");
    const int32_t first = support_date("2022-05-04");
    atomic_bool cancel = false;
    struct ls_solve_options options = {.cancel = &cancel, .progress = raise_flag, .user = &cancel};
    struct ls_answer *answer = NULL;
    ls_bench *bench = open_bench(dataset), *fresh = open_bench(dataset);

    assert_int_equal(ls_bench_solve(bench, &policy, "delhi", first, &options, &answer, NULL), 0);
    assert_int_equal(answer->plan->outcome, LS_OUTCOME_CANCELLED);
    assert_int_equal(answer->plan->customers_served, 1);
    support_assert_sound(dataset, &policy, answer->day, answer->quota_left, answer->plan);
    ls_answer_destroy(answer);
    answer = NULL;

    atomic_store(&cancel, false); /* raised while the week's first day is solved */
    assert_int_equal(ls_bench_solve(bench, &policy, "delhi", first + 1, &options, &answer, NULL),
                     LS_ERR_CANCELLED);
    assert_null(answer);

    answer = ask(bench, &policy, "delhi", first + 1);
    struct ls_answer *undisturbed = ask(fresh, &policy, "delhi", first + 1);
    assert_same_answer(answer, undisturbed);
    ls_answer_destroy(answer);
    ls_answer_destroy(undisturbed);
    ls_bench_close(bench);
    ls_bench_close(fresh);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quota_runs_out_in_the_week),
        cmocka_unit_test(a_dataset_that_starts_in_mid_week_starts_with_the_full_quota),
        cmocka_unit_test(a_day_alone_has_the_full_quota),
        cmocka_unit_test(a_changed_policy_is_a_changed_week),
        cmocka_unit_test(answers_do_not_depend_on_earlier_questions),
        cmocka_unit_test(what_is_kept_does_not_show),
        cmocka_unit_test(an_answer_outlives_its_bench),
        cmocka_unit_test(days_without_readings_and_what_is_unknown),
        cmocka_unit_test(a_week_may_lack_a_day),
        cmocka_unit_test(a_flag_raised_before_the_question),
        cmocka_unit_test(a_flag_raised_midway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
