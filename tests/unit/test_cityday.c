/* City-days: the clock of odd days, who is in them, their order and load, and floors worked out by hand. */
#include "../support/support.h"

#define HOUR_S 3600

static int64_t at(const char *stamp)
{
    int64_t instant = 0;
    int32_t offset;
    const char *why = ls_stamp_parse(stamp, strlen(stamp), &instant, &offset);
    if (why != NULL)
        fail_msg("%s: %s", stamp, why);
    return instant;
}

/* `n` half-hours of home `id` from `stamp`, each `kwh`. */
static void add_run(struct support_text *csv, const char *city, const char *id, const char *stamp, int n,
                    double kwh)
{
    for (int t = 0; t < n; t++)
        support_row(csv, city, id, at(stamp) + t * 1800, 0, kwh, 500, 400);
}

struct cut {
    struct ls_dataset *dataset;
    ls_zone *zone;
    struct ls_policy policy;
    struct ls_cityday *day;
};

static void cut_again(struct cut *cut, const char *city, const char *date)
{
    struct ls_error error = {0};
    ls_cityday_destroy(cut->day);
    cut->day = NULL;
    if (ls_cityday_create(cut->dataset, cut->zone, &cut->policy, city, support_date(date), &cut->day,
                          &error) != 0)
        fail_msg("%s", error.message);
}

static struct cut cut_day(struct support_text *csv, const char *zone, const char *city, const char *date)
{
    struct cut cut = {0};
    char assignment[80];
    cut.dataset = support_load(csv->bytes, 30, zone);
    free(csv->bytes);
    *csv = (struct support_text){0};
    snprintf(assignment, sizeof assignment, "behaviour.timezone=%s", zone);
    support_policy(&cut.policy, assignment);
    assert_int_equal(ls_dataset_zone(cut.dataset, zone, &cut.zone, NULL), 0);
    cut_again(&cut, city, date);
    return cut;
}

static void release(struct cut *cut)
{
    ls_cityday_destroy(cut->day);
    ls_zone_close(cut->zone);
    ls_policy_clear(&cut->policy);
    ls_dataset_destroy(cut->dataset);
}

static void the_clock_of_days_that_change(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    add_run(&csv, "X", "a", "2013-03-31T00:00Z", 46, 0.25);
    add_run(&csv, "X", "a", "2013-10-26T23:00Z", 50, 0.5);
    struct cut cut = cut_day(&csv, "Europe/London", "X", "2013-03-31");
    assert_int_equal(cut.day->n_slots, 46);
    assert_int_equal(cut.day->weekday, 6);
    assert_int_equal(cut.day->wall_minute[1], 30);
    assert_int_equal(cut.day->wall_minute[2], 120); /* 01:00 does not occur */
    assert_int_equal(cut.day->offset_s[1], 0);
    assert_int_equal(cut.day->offset_s[2], HOUR_S);
    assert_int_equal(cut.day->wall_minute[45], 23 * 60 + 30);
    assert_int_equal(cut.day->day_quanta[0] * 4, 46 * (int64_t)cut.day->quanta_per_kwh);

    cut_again(&cut, "X", "2013-10-27");
    assert_int_equal(cut.day->n_slots, 50);
    assert_int_equal(ls_cityday_instant(cut.day, 0), at("2013-10-27T00:00+01:00"));
    for (int t = 2; t < 6; t++) /* 01:00 to 02:00 comes twice */
        assert_int_equal(cut.day->wall_minute[t], 60 + t % 2 * 30);
    static const char *const clocks[] = {"00:00", "00:30", "01:00", "01:30", "01:00b", "01:30b", "02:00"};
    char clock[8];
    for (int t = 0; t < 7; t++)
        assert_string_equal(ls_cityday_clock(cut.day, t, clock), clocks[t]);
    assert_int_equal(cut.day->offset_s[3], HOUR_S);
    assert_int_equal(cut.day->offset_s[4], 0);
    assert_int_equal(ls_cityday_instant(cut.day, 49), at("2013-10-27T23:30Z"));
    for (int t = 0; t < 50; t++)
        assert_near(ls_cityday_kwh(cut.day, 0, t), 0.5, 0);
    release(&cut);
}

static void a_day_that_was_skipped_has_no_slots(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    add_run(&csv, "X", "a", "2011-12-29T10:00Z", 96, 0.25); /* all of 29 and 31 December */
    struct cut cut = cut_day(&csv, "Pacific/Apia", "X", "2011-12-30");
    struct ls_plan *plan = NULL;
    assert_int_equal(cut.day->n_slots, 0);
    assert_int_equal(cut.day->n_customers, 0);
    for (int engine = LS_ENGINE_GREEDY; engine <= LS_ENGINE_LP; engine++) {
        cut.policy.engine = (enum ls_engine_id)engine;
        assert_int_equal(ls_solve(cut.day, &cut.policy, NULL, &plan, NULL), 0);
        assert_int_equal(plan->n_moves, 0);
        ls_plan_destroy(plan);
    }
    int32_t *dates = NULL;
    size_t n = 0;
    assert_int_equal(ls_city_dates(cut.dataset, cut.zone, "X", &dates, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_int_equal(dates[0], support_date("2011-12-29"));
    assert_int_equal(dates[1], support_date("2011-12-31"));
    free(dates);
    cut_again(&cut, "X", "2011-12-31");
    assert_int_equal(cut.day->n_slots, 48);
    assert_int_equal(cut.day->n_customers, 1);
    release(&cut);
}

static void unknown_readings_are_no_zeros(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int t = 0; t < 6; t++) {
        const double kwh[] = {0.5, NAN, -0.25, 0, 0.75, 0.125};
        if (t != 5) /* no row at all */
            support_row(&csv, "X", "a", at("2024-01-01T00:00Z") + t * 1800, 0, kwh[t], 500,
                        t == 4 ? NAN : 400);
    }
    support_row(&csv, "X", "only empty", at("2024-01-01T00:00Z"), 0, NAN, 500, 400);
    struct cut cut = cut_day(&csv, "UTC", "X", "2024-01-01");
    assert_int_equal(cut.day->n_customers, 1);
    assert_string_equal(cut.day->id[0], "a");
    assert_true(ls_cityday_kwh(cut.day, 0, 0) == 0.5 && ls_cityday_kwh(cut.day, 0, 3) == 0);
    for (int t = 0; t < 48; t++) {
        bool known = t == 0 || t == 3 || t == 4;
        assert_int_equal(isnan(ls_cityday_kwh(cut.day, 0, t)), !known);
        assert_int_equal(cut.day->usage[ls_cityday_tile_place(48, 0, t)] == LS_MISSING, !known);
        if (!known)
            assert_true(ls_cityday_floor_kwh(cut.day, 0, t) == 0);
    }
    assert_int_equal(cut.day->day_quanta[0], (int64_t)(1.25 * cut.day->quanta_per_kwh));
    assert_true(cut.day->mef_g_per_kwh[0] == 500 && cut.day->aef_g_per_kwh[0] == 400);
    assert_true(isnan(cut.day->mef_g_per_kwh[4]) &&
                isnan(cut.day->aef_g_per_kwh[4])); /* half a pair is none */
    assert_true(isnan(cut.day->mef_g_per_kwh[47]));
    release(&cut);
}

static void the_first_served_used_most(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        double kwh;
    } homes[] = {{"a", 2}, {"B", 2}, {"c", 0.5}, {"d", 3}, {"b", 2}};
    static const char *const order[] = {"d", "B", "a", "b", "c"}; /* ties by the bytes of the id */
    /* ascending ranks: c 1; B, a, b share 2, 3 and 4, that is 3; d 5; of 5 */
    static const double percentiles[] = {100, 60, 60, 60, 20};
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (size_t i = 0; i < 5; i++)
        support_row(&csv, "X", homes[i].id, at("2024-01-01T12:00Z"), 0, homes[i].kwh, 500, 400);
    struct cut cut = cut_day(&csv, "UTC", "X", "2024-01-01");
    assert_int_equal(cut.day->n_customers, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(cut.day->id[i], order[i]);
        assert_near(cut.day->percentile[i], percentiles[i], 1e-12);
        assert_string_equal(cut.dataset->customers[cut.day->customer[i]].id, order[i]);
    }
    release(&cut);
}

#define HOMES 12

/* The order of service as letters. */
static void order_of(struct cut *cut, const char *city, const char *date, int seed, char out[HOMES + 1])
{
    cut->policy.shuffle_order = true;
    cut->policy.seed = seed;
    cut_again(cut, city, date);
    assert_int_equal(cut->day->n_customers, HOMES);
    for (size_t i = 0; i < HOMES; i++)
        out[i] = cut->day->id[i][0];
    out[HOMES] = '\0';
    for (char c = 'a'; c < 'a' + HOMES; c++)
        assert_non_null(strchr(out, c));
}

static void a_shuffle_depends_on_seed_city_and_date_alone(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int city = 0; city < 2; city++)
        for (int i = 0; i < HOMES; i++)
            for (int day = 0; day < 2; day++) {
                char id[2] = {(char)('a' + i), '\0'};
                support_row(&csv, city ? "Y" : "X", id, at("2024-01-01T23:30Z") + day * 1800, 0, i, 500, 400);
            }
    struct cut cut = cut_day(&csv, "UTC", "X", "2024-01-01");
    char first[HOMES + 1], other[HOMES + 1];
    order_of(&cut, "X", "2024-01-01", 1, first);
    assert_string_not_equal(first, "lkjihgfedcba");
    order_of(&cut, "X", "2024-01-01", 2, other);
    assert_string_not_equal(first, other);
    order_of(&cut, "Y", "2024-01-01", 1, other);
    assert_string_not_equal(first, other);
    order_of(&cut, "X", "2024-01-02", 1, other);
    assert_string_not_equal(first, other);
    order_of(&cut, "X", "2024-01-01", 1, other);
    assert_string_equal(first, other);
    release(&cut);
}

static void the_load_is_given_or_the_mean_of_the_days_with_readings(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    add_run(&csv, "X", "a", "2024-01-01T00:00Z", 4, 1);
    add_run(&csv, "X", "b", "2024-01-01T00:00Z", 2, 1);
    add_run(&csv, "X", "a", "2024-01-03T00:00Z", 3, 2);
    support_row(&csv, "X", "b", at("2024-01-05T00:00Z"), 0, NAN, 500,
                400);                                     /* a date without a known reading */
    add_run(&csv, "Y", "a", "2024-01-02T00:00Z", 10, 10); /* another city */
    struct cut cut = cut_day(&csv, "UTC", "X", "2024-01-01");
    assert_near(cut.day->own_daily_load_kwh, 6, 1e-12); /* (4 + 2 + 6) / 2 */
    assert_near(cut.day->daily_load_kwh, 6, 1e-12);
    support_set(&cut.policy, "regional_daily_load_kwh.X=1.5;regional_daily_load_kwh.Y=9");
    cut_again(&cut, "X", "2024-01-03");
    assert_near(cut.day->own_daily_load_kwh, 6, 1e-12);
    assert_near(cut.day->daily_load_kwh, 1.5, 0);
    int32_t *dates = NULL;
    size_t n = 0;
    assert_int_equal(ls_city_dates(cut.dataset, cut.zone, "X", &dates, &n, NULL), 0);
    assert_int_equal(n, 3); /* the day of the empty row counts as one with a row */
    free(dates);
    cut_again(&cut, "X", "2024-01-02");
    assert_int_equal(cut.day->n_customers, 0);
    release(&cut);
}

/* Readings of 01:00 to 02:00 on Sundays, when it comes twice on 2013-10-27, and some that must not count. */
/* A customer's place in the order of service. */
static size_t index_of(const struct cut *cut, const char *id)
{
    size_t i = 0;
    while (strcmp(cut->day->id[i], id) != 0)
        assert_true(++i < cut->day->n_customers);
    return i;
}

static struct cut floor_world(void)
{
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    static const double last_week[] = {0.2, 0.4}, long_day[] = {0.6, 0.8, 1.0, 1.2};
    for (int t = 0; t < 2; t++)
        support_row(&csv, "X", "a", at("2013-10-20T01:00+01:00") + t * 1800, 0, last_week[t], 500, 400);
    for (int t = 0; t < 4; t++)
        support_row(&csv, "X", "a", at("2013-10-27T01:00+01:00") + t * 1800, 0, long_day[t], 500, 400);
    add_run(&csv, "X", "a", "2013-10-27T00:00+01:00", 2, 0.0004); /* the hour before */
    add_run(&csv, "X", "a", "2013-09-29T01:00+01:00", 2, 2);      /* the month before */
    add_run(&csv, "X", "a", "2012-12-30T01:00Z", 2, 7);           /* the year before */
    add_run(&csv, "X", "a", "2013-10-26T01:00+01:00", 2, 9);      /* a Saturday */
    add_run(&csv, "X", "a", "2013-10-28T01:00Z", 2, 9);           /* a Monday */
    add_run(&csv, "X", "b", "2013-10-27T01:00+01:00", 4, 9);      /* another home */
    add_run(&csv, "X", "a", "2013-10-06T01:00+01:00", 1, -5);     /* an export */
    support_row(&csv, "X", "a", at("2013-10-06T01:30+01:00"), 0, NAN, 500, 400);
    return cut_day(&csv, "Europe/London", "X", "2013-10-27");
}

static void floors_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *assignments;
        double kwh;
    } rows[] = {
        /* 0.2 0.4 0.6 0.8 1.0 1.2 2 2: mean 8.2 / 8; the robust maximum of eight is their seventh at 85 %, so
         * is index floor(7 * 0.85 + 0.5) = 6 */
        {"baseline_period=year;R_percent=10", 1.025},
        {"baseline_period=year;R_percent=60", 1.2},
        {"baseline_period=year;R_percent=60;robust_max_percentile=50", 1.025}, /* index 4: 1.0 */
        {"baseline_period=year;R_percent=100;robust_max_percentile=75", 1.2},  /* floor(5.75) = 5: 1.2 */
        {"baseline_period=year;R_percent=100;robust_max_percentile=0", 1.025}, /* the lowest, 0.2 */
        {"baseline_type=absolute_min;R_percent=none", 0.2},
        {"baseline_type=absolute_min;R_percent=50", 1.0},
        /* October: 0.2 0.4 0.6 0.8 1.0 1.2 */
        {"baseline_period=month;R_percent=none", 0.7},
        {"baseline_period=month;R_percent=90", 1.08},
        {"baseline_period=month;R_percent=90;robust_max_percentile=50", 0.72}, /* floor(3.0) = 3: 0.8 */
        {"baseline_period=month;R_percent=100;robust_max_percentile=49", 0.7}, /* floor(2.95) = 2: 0.6 */
        {"baseline_period=month;baseline_type=absolute_min;R_percent=none", 0.2},
        /* the day: 0.6 0.8 1.0 1.2, as one group */
        {"baseline_period=week;R_percent=10", 0.9},
        {"baseline_period=day;R_percent=10", 0.9},
        {"baseline_period=day;R_percent=80", 0.96},
        {"baseline_period=week;baseline_type=absolute_min;R_percent=10", 0.6},
        {"baseline_period=day;baseline_type=absolute_min;R_percent=0;epsilon_floor_kwh=2.5", 2.5},
        {"baseline_type=none;R_percent=100;epsilon_floor_kwh=1", 0},
    };
    struct cut cut = floor_world();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[300], all[400] = "", *rest = text;
        snprintf(text, sizeof text, "%s", rows[i].assignments);
        for (char *one; (one = support_cut(&rest, ';')) != NULL;) {
            size_t used = strlen(all);
            snprintf(all + used, sizeof all - used, "household_minimum.%s;", one);
        }
        ls_policy_clear(&cut.policy);
        support_policy(&cut.policy, "behaviour.timezone=Europe/London");
        support_set(&cut.policy, all);
        cut_again(&cut, "X", "2013-10-27");
        size_t a = index_of(&cut, "a");
        for (int t = 2; t < 6; t++)
            if (fabs(ls_cityday_floor_kwh(cut.day, a, t) - rows[i].kwh) > 1e-12)
                fail_msg("%s: floor %.9g at slot %d", rows[i].assignments,
                         ls_cityday_floor_kwh(cut.day, a, t), t);
    }
    release(&cut);
}

static void a_floor_is_no_lower_than_epsilon(void **state)
{
    (void)state;
    struct cut cut = floor_world();
    size_t a = index_of(&cut, "a");
    assert_near(ls_cityday_floor_kwh(cut.day, a, 0), 0.001, 0); /* mean 0.0004 */
    assert_near(ls_cityday_floor_kwh(cut.day, a, 6), 0, 0);     /* 02:00 has no reading */
    support_set(&cut.policy, "household_minimum.epsilon_floor_kwh=0");
    cut_again(&cut, "X", "2013-10-27");
    assert_near(ls_cityday_floor_kwh(cut.day, a, 0), 0.0004, 1e-15);
    release(&cut);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct support_text csv = {0};
    struct ls_error error = {0};
    struct ls_cityday *day = NULL;
    support_add(&csv, SUPPORT_COLUMNS);
    for (int h = 0; h < 72; h++)
        support_row(&csv, "X", "a", at("2022-04-01T13:00Z") + h * HOUR_S, 0, 1, 500, 400);
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "auto");
    free(csv.bytes);
    struct ls_policy policy;
    support_policy(&policy, "behaviour.slot_minutes=60");
    ls_zone *utc = NULL, *howe = NULL, *india = NULL;
    assert_int_equal(ls_zone_open("UTC", &utc, NULL), 0);
    assert_int_equal(ls_zone_open("Australia/Lord_Howe", &howe, NULL), 0);
    assert_int_equal(ls_zone_open("Asia/Kolkata", &india, NULL), 0);

    int32_t date = support_date("2022-04-03"); /* 24.5 hours on Lord Howe */
    assert_int_equal(ls_cityday_create(dataset, howe, &policy, "X", date, &day, &error), LS_ERR_FORMAT);
    assert_non_null(strstr(error.message, "1470 minutes"));
    assert_int_equal(ls_cityday_create(dataset, india, &policy, "X", date, &day, &error), LS_ERR_FORMAT);
    assert_non_null(strstr(error.message, "starts no 60-minute slot of Asia/Kolkata"));
    assert_int_equal(ls_cityday_create(dataset, utc, &policy, "x", date, &day, &error), LS_ERR_NAME);
    policy.slot_minutes = 30;
    assert_int_equal(ls_cityday_create(dataset, utc, &policy, "X", date, &day, &error), LS_ERR_VALUE);
    assert_null(day);
    policy.slot_minutes = 60;
    assert_int_equal(ls_cityday_create(dataset, utc, &policy, "X", date, &day, &error), 0);
    assert_int_equal(day->n_slots, 24);

    assert_ptr_equal(ls_cityday_retain(day), day);
    ls_cityday_destroy(day);
    assert_int_equal(day->n_slots, 24); /* one owner is left */
    ls_cityday_destroy(day);
    ls_cityday_destroy(NULL);
    ls_zone_close(utc);
    ls_zone_close(howe);
    ls_zone_close(india);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void a_kept_day_serves_policies_that_cut_it_alike(void **state)
{
    (void)state;
    static const char *const alike[] = {"spike.alpha_percent=3",
                                        "peak.reduction_limit_percent=3",
                                        "run.seed=9",
                                        "regional.load_shift_percent_limit=1",
                                        "run.engine=milp",
                                        "regional_daily_load_kwh.Y=5",
                                        "behaviour.moves_per_week=9"};
    static const char *const other[] = {"household_minimum.baseline_period=week",
                                        "household_minimum.baseline_type=none",
                                        "household_minimum.robust_max_percentile=5",
                                        "household_minimum.R_percent=11",
                                        "household_minimum.epsilon_floor_kwh=1",
                                        "run.shuffle_order=yes",
                                        "regional_daily_load_kwh.X=5",
                                        "behaviour.timezone=UTC",
                                        "behaviour.slot_minutes=15"};
    struct ls_policy base, changed;
    support_policy(&base, "");
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        support_policy(&changed, alike[i]);
        if (!ls_cityday_same_inputs(&base, &changed, "X"))
            fail_msg("%s cuts another day", alike[i]);
        ls_policy_clear(&changed);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        support_policy(&changed, other[i]);
        if (ls_cityday_same_inputs(&base, &changed, "X"))
            fail_msg("%s cuts the same day", other[i]);
        ls_policy_clear(&changed);
    }
    support_set(&base, "run.shuffle_order=yes");
    support_policy(&changed, "run.shuffle_order=yes;run.seed=9");
    assert_false(ls_cityday_same_inputs(&base, &changed, "X"));
    ls_policy_clear(&changed);
    ls_policy_clear(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_of_days_that_change),
        cmocka_unit_test(a_day_that_was_skipped_has_no_slots),
        cmocka_unit_test(unknown_readings_are_no_zeros),
        cmocka_unit_test(the_first_served_used_most),
        cmocka_unit_test(a_shuffle_depends_on_seed_city_and_date_alone),
        cmocka_unit_test(the_load_is_given_or_the_mean_of_the_days_with_readings),
        cmocka_unit_test(floors_by_hand),
        cmocka_unit_test(a_floor_is_no_lower_than_epsilon),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_kept_day_serves_policies_that_cut_it_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
