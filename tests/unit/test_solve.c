/*
 * What a city-day comes to under each limit: small days whose moves are worked out by hand, and random days
 * of which every plan must pass the independent check.
 *
 * The days are a Monday; slot 0 starts at 00:00 UTC. Moves are told as "a 0>2 0.500 whole": home a, from slot
 * 0 to slot 2, kWh, and what stopped it.
 */
#include "../support/support.h"

struct scene {
    struct ls_dataset *dataset;
    struct ls_policy policy;
    struct support_solved solved;
};

static void solve_dataset(struct scene *scene, struct ls_dataset *dataset, const char *assignments)
{
    scene->dataset = dataset;
    support_policy(&scene->policy, SUPPORT_OPEN);
    support_set(&scene->policy, assignments);
    scene->policy.slot_minutes = dataset->slot_minutes;
    scene->solved = support_solve(dataset, &scene->policy, "X", SUPPORT_MONDAY);
    support_assert_sound(dataset, &scene->policy, scene->solved.day, NULL, scene->solved.plan);
}

static void leave(struct scene *scene)
{
    support_release(&scene->solved);
    ls_policy_clear(&scene->policy);
    ls_dataset_destroy(scene->dataset);
}

static void assert_moves(const struct scene *scene, const char *what, const char *expected)
{
    const struct ls_plan *plan = scene->solved.plan;
    char told[1000] = "";
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        size_t used = strlen(told);
        snprintf(told + used, sizeof told - used, "%s%s %d>%d %.3f %s", m > 0 ? "; " : "",
                 scene->solved.day->id[move->customer], move->source, move->destination, move->kwh,
                 ls_limit_name(move->limited_by));
    }
    if (strcmp(told, expected) != 0)
        fail_msg("%s\n  wanted: %s\n  got:    %s", what, expected, told);
}

/* One day, several policies. */
struct variant {
    const char *assignments, *moves;
};

static void assert_variants(int slot_minutes, int n_slots, const double *mef, size_t homes, const double *kwh,
                            const struct variant *variants, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct scene scene;
        solve_dataset(&scene, support_day(slot_minutes, n_slots, mef, homes, kwh), variants[i].assignments);
        assert_moves(&scene, variants[i].assignments, variants[i].moves);
        leave(&scene);
    }
}

#define ASSERT_VARIANTS(minutes, mef, homes, kwh, variants)                                                  \
    assert_variants(minutes, (int)(sizeof(mef) / sizeof *(mef)), mef, homes, kwh, variants,                  \
                    sizeof(variants) / sizeof *(variants))

/* One kWh at midnight and a factor that falls all day: it goes as far as it may. */
static void the_window_is_elapsed_time(void **state)
{
    (void)state;
    static const struct {
        int slot_minutes;
        const char *assignments;
        int farthest; /* slot; 0: nothing moves */
    } rows[] = {
        {60, "behaviour.shift_window_hours=2", 2},
        {30, "behaviour.shift_window_hours=2", 4},
        {15, "behaviour.shift_window_hours=2", 8},
        {60, "behaviour.shift_window_hours=2;behaviour.shift_window_inclusive=no", 1},
        {30, "behaviour.shift_window_hours=2;behaviour.shift_window_inclusive=no", 3},
        {15, "behaviour.shift_window_hours=2;behaviour.shift_window_inclusive=no", 7},
        {60, "behaviour.shift_window_hours=0.75", 0},
        {30, "behaviour.shift_window_hours=0.75", 1},
        {15, "behaviour.shift_window_hours=0.75", 3},
        {30, "behaviour.shift_window_hours=0.75;behaviour.shift_window_inclusive=no", 1},
        {15, "behaviour.shift_window_hours=0.75;behaviour.shift_window_inclusive=no", 2},
        {6, "behaviour.shift_window_hours=0.1", 1}, /* 60 * 0.1 is not 6 in binary */
        {6, "behaviour.shift_window_hours=0.7", 7},
        {6, "behaviour.shift_window_hours=0.7;behaviour.shift_window_inclusive=no", 6},
        {30, "behaviour.shift_window_hours=0", 0},
        {12, "behaviour.shift_window_hours=8.2", 41}, /* 8.2 * 60 / 12 falls below 41 */
        {30, "behaviour.shift_window_hours=none", 47},
        {30, "behaviour.shift_window_hours=24", 47},
    };
    double mef[48], kwh[48] = {1};
    for (int t = 0; t < 48; t++)
        mef[t] = 600 - 10 * t;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int engine = LS_ENGINE_GREEDY; engine <= LS_ENGINE_LP; engine++) {
            char wanted[64] = "", assignments[200];
            if (rows[i].farthest > 0)
                snprintf(wanted, sizeof wanted, "a 0>%d 1.000 whole", rows[i].farthest);
            snprintf(assignments, sizeof assignments, "%s;run.engine=%s", rows[i].assignments,
                     ls_engine((enum ls_engine_id)engine)->name);
            struct variant variant = {assignments, wanted};
            assert_variants(rows[i].slot_minutes, 48, mef, 1, kwh, &variant, 1);
        }
}

static void both_slots_lie_wholly_in_the_movable_hours(void **state)
{
    (void)state;
    static const double mef[] = {600, 500, 400, 300, 200, 100}, kwh[] = {0.5, 0.5, 0, 0, 0, 0};
    static const struct variant variants[] = {
        {"", "a 0>5 0.500 whole; a 1>5 0.500 whole"},
        {"behaviour.day_boundaries=01:00-24:00", "a 1>5 0.500 whole"},
        {"behaviour.day_boundaries=01:00-04:00", "a 1>3 0.500 whole"},
        {"behaviour.day_boundaries=01:00-03:30", "a 1>2 0.500 whole"},
        {"behaviour.day_boundaries=00:30-05:00", "a 1>4 0.500 whole"},
        {"behaviour.day_boundaries=02:00-24:00", ""},
    };
    ASSERT_VARIANTS(60, mef, 1, kwh, variants);
}

static void the_largest_saving_comes_first_and_each_source_once(void **state)
{
    (void)state;
    static const double mef[] = {600, 590, 500, 200}, kwh[] = {0.1, 0.5, 0.4, 0};
    static const struct variant variants[] = {
        {"behaviour.moves_per_day=1", "a 1>3 0.500 whole"}, /* 195 g before 120 g and 40 g */
        {"behaviour.moves_per_day=2", "a 1>3 0.500 whole; a 2>3 0.400 whole"},
        {"behaviour.moves_per_day=none", "a 1>3 0.500 whole; a 2>3 0.400 whole; a 0>3 0.100 whole"},
        {"behaviour.moves_per_day=0", ""},
        {"behaviour.moves_per_week=2", "a 1>3 0.500 whole; a 2>3 0.400 whole"},
        {"behaviour.moves_per_week=0", ""},
        {"behaviour.moves_per_day=1;run.engine=milp", "a 1>3 0.500 whole"},
    };
    ASSERT_VARIANTS(60, mef, 1, kwh, variants);
}

static void ties_go_to_the_lowest_source_and_then_destination(void **state)
{
    (void)state;
    static const double mef[] = {500, 400, 400, 500, 400}, kwh[] = {0.5, 0, 0, 0.5, 0};
    static const struct variant variants[] = {
        {"behaviour.moves_per_day=1", "a 0>1 0.500 whole"},
        {"behaviour.moves_per_day=2", "a 0>1 0.500 whole; a 3>1 0.500 whole"},
    };
    ASSERT_VARIANTS(60, mef, 1, kwh, variants);
}

/* Half-hours: 1.0 and 0.2 in the peak hour 0, of which a quarter is 0.3. */
static void peak_comfort_by_hour_or_by_slot(void **state)
{
    (void)state;
    static const double mef[] = {600, 590, 300, 200}, kwh[] = {1, 0.2, 0, 0};
    static const struct variant variants[] = {
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=25", "a 0>3 0.300 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=25;peak.limit_scope=slot",
         "a 0>3 0.250 peak; a 1>3 0.050 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=90", "a 0>3 1.000 whole; a 1>3 0.080 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=0", ""},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=none", "a 0>3 1.000 whole; a 1>3 0.200 whole"},
        {"peak_hours.X.Tue=0;peak.reduction_limit_percent=0", "a 0>3 1.000 whole; a 1>3 0.200 whole"},
        {"peak_hours.X.Mon=1;peak.reduction_limit_percent=0", "a 0>3 1.000 whole; a 1>3 0.200 whole"},
        {"peak_hours.Y.Mon=0;peak.reduction_limit_percent=0", "a 0>3 1.000 whole; a 1>3 0.200 whole"},
    };
    ASSERT_VARIANTS(30, mef, 1, kwh, variants);
}

static void peak_comfort_of_each_home_or_of_the_city(void **state)
{
    (void)state;
    static const double mef[] = {600, 200}, kwh[] = {2, 0, 1, 0};
    static const struct variant variants[] = {
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=25", "a 0>1 0.500 peak; b 0>1 0.250 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=25;peak.reduction_scope=per_city",
         "a 0>1 0.750 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=75;peak.reduction_scope=per_city",
         "a 0>1 2.000 whole; b 0>1 0.250 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=75;peak.reduction_scope=per_city;run.engine=milp",
         "a 0>1 2.000 whole; b 0>1 0.250 peak"},
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=0;peak.reduction_scope=per_city", ""},
    };
    ASSERT_VARIANTS(60, mef, 2, kwh, variants);
}

/* Usage in a slot without factors and outside the movable hours still counts as usage of the peak hour. */
static void a_peak_allowance_is_of_all_that_is_known(void **state)
{
    (void)state;
    static const double mef[] = {600, NAN, 300, 200}, kwh[] = {0.4, 0.8, 0, 0};
    static const struct variant variants[] = {
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=25", "a 0>3 0.300 peak"},
    };
    ASSERT_VARIANTS(30, mef, 1, kwh, variants);
}

static void an_hour_that_occurs_twice_has_one_allowance(void **state)
{
    (void)state;
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    int64_t start = INT64_C(1382828400); /* 2013-10-27T00:00+01:00; slots 2 to 5 are 01:00 to 02:00, twice */
    for (int t = 0; t < 8; t++)
        support_row(&csv, "X", "a", start + t * 1800, 3600, t == 2 || t == 4 ? 0.4 : 0, t < 7 ? 500 : 300,
                    300);
    struct ls_dataset *dataset = support_load(csv.bytes, 30, "Europe/London");
    free(csv.bytes);
    struct ls_policy policy;
    support_policy(&policy, SUPPORT_OPEN "behaviour.timezone=Europe/London;peak_hours.X.Sun=1;"
                                         "peak.reduction_limit_percent=25");
    struct support_solved solved = support_solve(dataset, &policy, "X", support_date("2013-10-27"));
    assert_int_equal(solved.plan->n_moves, 1); /* a quarter of 0.8, not of 0.4 twice */
    assert_near(solved.plan->moves[0].kwh, 0.2, 1e-12);
    assert_int_equal(solved.plan->moves[0].source, 2);
    support_assert_sound(dataset, &policy, solved.day, NULL, solved.plan);
    support_release(&solved);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void rooms_are_net_of_what_leaves(void **state)
{
    (void)state;
    static const double mef[] = {600, 500, 400}, kwh[] = {1, 0.2, 0.4};
    static const struct variant variants[] = {
        /* rooms 0.5, 0.1 and 0.2: what leaves slot 1 for slot 2 makes room in it for slot 0 */
        {"behaviour.shift_window_hours=1;spike.alpha_percent=50", "a 1>2 0.200 whole; a 0>1 0.300 room"},
        {"behaviour.shift_window_hours=1;spike.alpha_percent=10", "a 1>2 0.040 room; a 0>1 0.060 room"},
        {"behaviour.shift_window_hours=1;spike.alpha_percent=0", ""},
        {"behaviour.shift_window_hours=1;spike.alpha_percent=none", "a 0>1 1.000 whole; a 1>2 0.200 whole"},
    };
    ASSERT_VARIANTS(60, mef, 1, kwh, variants);
}

static void rooms_are_the_citys(void **state)
{
    (void)state;
    static const double mef[] = {600, 500}, kwh[] = {1, 0.2, 0.4, 0.2};
    static const struct variant variants[] = {
        {"spike.alpha_percent=25", "a 0>1 0.100 room"},
        {"spike.alpha_percent=300", "a 0>1 1.000 whole; b 0>1 0.200 room"},
        {"spike.alpha_percent=300;run.engine=milp", "a 0>1 1.000 whole; b 0>1 0.200 room"},
    };
    ASSERT_VARIANTS(60, mef, 2, kwh, variants);
}

static void the_budget_is_a_part_of_the_regions_load(void **state)
{
    (void)state;
    static const double mef[] = {600, 500}, kwh[] = {1, 0.2, 0.4, 0.2};
    static const struct variant variants[] = {
        {"regional.load_shift_percent_limit=5;regional_daily_load_kwh.X=10", "a 0>1 0.500 budget"},
        {"regional.load_shift_percent_limit=12;regional_daily_load_kwh.X=10",
         "a 0>1 1.000 whole; b 0>1 0.200 budget"},
        {"regional.load_shift_percent_limit=10;regional_daily_load_kwh.X=auto", "a 0>1 0.180 budget"},
        {"regional.load_shift_percent_limit=10;regional_daily_load_kwh.Y=10", "a 0>1 0.180 budget"},
        {"regional.load_shift_percent_limit=0", ""},
        {"regional.load_shift_percent_limit=none", "a 0>1 1.000 whole; b 0>1 0.400 whole"},
    };
    ASSERT_VARIANTS(60, mef, 2, kwh, variants);
}

/* The hour's half-hours are 1.0 and 0.2: mean 0.6, minimum 0.2, robust maximum 1.0. */
static void the_floor_stays_at_home(void **state)
{
    (void)state;
    static const double mef[] = {600, 590, 300, 200}, kwh[] = {1, 0.2, 0, 0};
    static const struct variant variants[] = {
        {"household_minimum.baseline_type=average", "a 0>3 0.400 floor"},
        {"household_minimum.baseline_type=absolute_min", "a 0>3 0.800 floor"},
        {"household_minimum.baseline_type=absolute_min;household_minimum.R_percent=50", "a 0>3 0.500 floor"},
        {"household_minimum.baseline_type=average;household_minimum.R_percent=none", "a 0>3 0.400 floor"},
        {"household_minimum.baseline_type=average;household_minimum.R_percent=100", ""},
        {"household_minimum.baseline_type=absolute_min;household_minimum.epsilon_floor_kwh=0.9",
         "a 0>3 0.100 floor"},
        {"household_minimum.baseline_type=none;household_minimum.R_percent=100",
         "a 0>3 1.000 whole; a 1>3 0.200 whole"},
        {"household_minimum.baseline_type=absolute_min;run.engine=milp", "a 0>3 0.800 floor"},
    };
    ASSERT_VARIANTS(30, mef, 1, kwh, variants);
}

/* The day has 2 kWh. */
static void small_moves_are_not_made(void **state)
{
    (void)state;
    static const double mef[] = {600, 590, 580, 200}, kwh[] = {1, 0.5, 0.5, 0};
    static const struct variant variants[] = {
        {"run.min_fraction_of_day=0.3", "a 0>3 1.000 whole"},
        {"run.min_fraction_of_day=0.25", "a 0>3 1.000 whole; a 1>3 0.500 whole; a 2>3 0.500 whole"},
        {"run.min_fraction_of_day=0.3;regional.load_shift_percent_limit=25", ""}, /* a budget of 0.5 */
        {"run.min_fraction_of_day=0.3;run.engine=milp", "a 0>3 1.000 whole"},
        {"run.min_fraction_of_day=0.3;regional.load_shift_percent_limit=25;run.engine=milp", ""},
        {"run.min_fraction_of_day=0.3;regional.load_shift_percent_limit=25;run.engine=lp",
         "a 0>3 0.500 budget"}, /* lp knows no smallest move */
    };
    ASSERT_VARIANTS(60, mef, 1, kwh, variants);
}

static void what_is_unknown_does_not_move(void **state)
{
    (void)state;
    static const double none[] = {600, 500, NAN, 300}, all[] = {600, 500, 100, 300};
    static const double known[] = {1, 0, 0, 0}, missing[] = {1, 0, NAN, 0}, source[] = {NAN, 0.5, 0, 0};
    static const double negative[] = {1, 0, -1, 0}, below_zero[] = {20, -5, -80, 10};
    static const struct variant to_3[] = {{"", "a 0>3 1.000 whole"}}, to_2[] = {{"", "a 0>2 1.000 whole"}},
                                from_1[] = {{"", "a 1>2 0.500 whole"}};
    ASSERT_VARIANTS(60, all, 1, known, to_2);
    ASSERT_VARIANTS(60, none, 1, known, to_3);
    ASSERT_VARIANTS(60, all, 1, missing, to_3);
    ASSERT_VARIANTS(60, all, 1, negative, to_3);
    ASSERT_VARIANTS(60, all, 1, source, from_1);
    ASSERT_VARIANTS(60, below_zero, 1, known, to_2);
}

static void a_cleaner_slot_is_needed(void **state)
{
    (void)state;
    static const double level[] = {500, 500, 500}, rising[] = {300, 400, 500}, kwh[] = {1, 0, 0};
    static const struct variant nothing[] = {{"", ""}, {"run.engine=milp", ""}, {"run.engine=lp", ""}};
    ASSERT_VARIANTS(60, level, 1, kwh, nothing);
    ASSERT_VARIANTS(60, rising, 1, kwh, nothing);
}

/* Two moves of 0.5 kWh: slot 0 to 2 saves 400 marginal and raises 100 average, slot 1 to 2 saves both. */
static void totals_by_hand(void **state)
{
    (void)state;
    static const double kwh[] = {0.5, 0.5, 0.25, 2}, mef[] = {600, 500, 200, NAN}, aef[] = {300, 450, 400, 1};
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int t = 0; t < 4; t++)
        support_row(&csv, "X", "a", SUPPORT_MONDAY * INT64_C(86400) + t * 3600, 0, kwh[t], mef[t], aef[t]);
    struct scene scene;
    solve_dataset(&scene, support_load(csv.bytes, 60, "auto"), "spike.alpha_percent=400");
    free(csv.bytes);
    const struct ls_plan *plan = scene.solved.plan;
    assert_moves(&scene, "totals", "a 0>2 0.500 whole; a 1>2 0.500 whole");
    assert_near(plan->baseline_kwh, 3.25, 1e-12);
    assert_near(plan->uncovered_kwh, 2, 1e-12);
    assert_near(plan->baseline_marg_g, 0.5 * 600 + 0.5 * 500 + 0.25 * 200, 1e-9);
    assert_near(plan->baseline_avg_g, 0.5 * 300 + 0.5 * 450 + 0.25 * 400, 1e-9);
    assert_near(plan->moved_kwh, 1, 1e-12);
    assert_near(plan->saved_marg_g, 200 + 150, 1e-9);
    assert_near(plan->saved_avg_g, -50 + 25, 1e-9);
    assert_int_equal(plan->moves_disagreeing, 1);
    assert_int_equal(plan->customers_moving, 1);
    assert_int_equal(plan->customers[0].sources, 2);
    assert_int_equal(plan->limited[LS_LIMIT_WHOLE], 2);
    assert_true(isinf(plan->budget_kwh));
    assert_near(plan->slots[2].in_kwh, 1, 1e-12);
    assert_near(plan->slots[2].room_kwh, 1, 1e-12);
    assert_true(plan->slots[2].spike_binds);
    assert_false(plan->slots[0].spike_binds);
    assert_near(plan->slots[0].out_kwh, 0.5, 1e-12);
    assert_near(plan->bound_marg_g, 350, 350 * 1e-5);
    leave(&scene);
}

/* 1 kWh at 600 and 0.5 at 590 g/kWh, the best slot has 200: 400 g and 195 g. */
static void the_bound_by_hand(void **state)
{
    (void)state;
    static const double mef[] = {600, 590, 200, 300}, kwh[] = {1, 0.5, 0, 0};
    static const struct {
        const char *assignments;
        double bound_g;
    } rows[] = {
        {"behaviour.moves_per_day=1", 400},
        {"behaviour.moves_per_day=2", 595},
        {"behaviour.moves_per_week=1", 400},
        {"behaviour.moves_per_day=0", 0},
        {"behaviour.moves_per_day=0;run.engine=lp", 595},
        {"behaviour.shift_window_hours=1", 0.5 * 390 + 10}, /* 0 to 1, 1 to 2 */
        {"spike.alpha_percent=0", 595},                     /* rooms are left out of the bound */
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=25", 100 + 195},
        {"behaviour.day_boundaries=01:00-24:00", 195},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        solve_dataset(&scene, support_day(60, 4, mef, 1, kwh), rows[i].assignments);
        if (fabs(scene.solved.plan->bound_marg_g - rows[i].bound_g) > 1e-5 * rows[i].bound_g)
            fail_msg("%s: bound %g", rows[i].assignments, scene.solved.plan->bound_marg_g);
        leave(&scene);
    }
}

static void a_quota_left_counts_and_zero_is_told(void **state)
{
    (void)state;
    static const double mef[] = {600, 590, 200}, kwh[] = {1, 0.5, 0, 0.8, 0.4, 0, 0.5, 0.2, 0};
    struct scene scene;
    solve_dataset(&scene, support_day(60, 3, mef, 3, kwh), "behaviour.moves_per_week=3");
    const int left[] = {0, 1, 3};
    struct ls_solve_options options = {.quota_left = left};
    struct ls_plan *plan = NULL;
    assert_int_equal(ls_solve(scene.solved.day, &scene.policy, &options, &plan, NULL), 0);
    support_assert_sound(scene.dataset, &scene.policy, scene.solved.day, left, plan);
    assert_int_equal(plan->customers[0].sources, 0);
    assert_int_equal(plan->customers[1].sources, 1);
    assert_int_equal(plan->customers[2].sources, 2);
    assert_int_equal(plan->customers_no_quota, 1);
    assert_int_equal(plan->customers_served, 3);
    assert_int_equal(plan->customers_moving, 2);
    ls_plan_destroy(plan);
    leave(&scene);
}

struct watch {
    atomic_bool cancel;
    size_t calls, done, in_all;
    double incumbent_g, bound_g;
};

static void cancel_at_once(void *user, const struct ls_progress *progress)
{
    struct watch *watch = user;
    watch->calls++;
    watch->done = progress->done;
    watch->in_all = progress->in_all;
    watch->incumbent_g = progress->incumbent_g;
    watch->bound_g = progress->bound_g;
    atomic_store(&watch->cancel, true);
}

static void a_cancelled_solve_keeps_what_it_has(void **state)
{
    (void)state;
    static const double mef[] = {600, 200}, kwh[] = {1, 0, 0.5, 0, 0.25, 0};
    for (int engine = LS_ENGINE_MILP; engine <= LS_ENGINE_LP; engine++) { /* greedy is done before it tells */
        struct scene scene;
        struct watch watch = {0};
        struct ls_solve_options options = {
            .cancel = &watch.cancel, .progress = cancel_at_once, .user = &watch};
        struct ls_plan *plan = NULL;
        solve_dataset(&scene, support_day(60, 2, mef, 3, kwh), "");
        scene.policy.engine = (enum ls_engine_id)engine;
        assert_int_equal(ls_solve(scene.solved.day, &scene.policy, &options, &plan, NULL), 0);
        assert_int_equal(plan->outcome, LS_OUTCOME_CANCELLED);
        assert_int_equal(watch.calls, 1);
        assert_int_equal(watch.done, 1);
        assert_int_equal(watch.in_all, 3);
        assert_near(watch.incumbent_g, 400, 1e-6);
        assert_near(watch.bound_g, 700, 700 * 1e-5); /* what the others could save is still possible */
        assert_int_equal(plan->customers_served, 1);
        assert_int_equal(plan->n_moves, 1);
        support_assert_sound(scene.dataset, &scene.policy, scene.solved.day, NULL, plan);
        ls_plan_destroy(plan);
        leave(&scene);
    }
    ls_plan_destroy(NULL);
}

static void look_on(void *user, const struct ls_progress *progress)
{
    struct watch *watch = user;
    watch->calls++;
    watch->bound_g = progress->bound_g;
}

/* Whoever looks on or stops it, the bound is of all customers. */
static void the_bound_is_of_all_customers(void **state)
{
    (void)state;
    static const double mef[] = {600, 200}, kwh[] = {1, 0, 0.5, 0, 0.25, 0};
    for (int engine = LS_ENGINE_MILP; engine <= LS_ENGINE_LP; engine++) {
        struct scene scene;
        struct watch watch = {0};
        struct ls_solve_options seen = {.progress = look_on, .user = &watch},
                                stopped = {.cancel = &watch.cancel};
        const struct ls_solve_options *const options[] = {NULL, &seen, &stopped};
        solve_dataset(&scene, support_day(60, 2, mef, 3, kwh), "");
        scene.policy.engine = (enum ls_engine_id)engine;
        atomic_store(&watch.cancel, true);
        for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
            struct ls_plan *plan = NULL;
            assert_int_equal(ls_solve(scene.solved.day, &scene.policy, options[i], &plan, NULL), 0);
            assert_int_equal(plan->customers_served, options[i] == &stopped ? 0 : 3);
            assert_near(plan->bound_marg_g, 700, 1e-9);
            ls_plan_destroy(plan);
        }
        assert_true(watch.calls > 0);
        assert_near(watch.bound_g, 700, 1e-9);
        leave(&scene);
    }
}

/* The saving of a plan of the engine, once the plan has been found sound and within its bound. */
static double solve_soundly(const struct ls_dataset *dataset, struct ls_policy *policy,
                            enum ls_engine_id engine)
{
    policy->engine = engine;
    struct support_solved solved = support_solve(dataset, policy, "X", SUPPORT_MONDAY);
    support_assert_sound(dataset, policy, solved.day, NULL, solved.plan);
    double saved_g = solved.plan->saved_marg_g, bound_g = solved.plan->bound_marg_g;
    assert_int_equal(solved.plan->outcome, LS_OUTCOME_COMPLETE);
    assert_true(saved_g >= 0 && saved_g <= bound_g + 1e-6 * (1 + bound_g));
    support_release(&solved);
    return saved_g;
}

static void random_days_break_no_limit(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(20240101, "days", 0);
    size_t gains = 0, exact_better = 0, lp_better = 0;
    for (int round = 0; round < 300; round++) {
        static const int minutes[] = {60, 30, 15};
        size_t homes = 1 + (size_t)(round % 2) * (1 + (size_t)ls_random_below(&random, 5));
        struct ls_dataset *dataset = support_random_day(&random, homes, minutes[ls_random_below(&random, 3)]);
        struct ls_policy policy;
        double saved_g[3];
        support_random_policy(&random, &policy);
        policy.slot_minutes = dataset->slot_minutes;
        for (int engine = LS_ENGINE_GREEDY; engine <= LS_ENGINE_LP; engine++)
            saved_g[engine] = solve_soundly(dataset, &policy, (enum ls_engine_id)engine);
        double slack = 1e-6 * (1 + saved_g[LS_ENGINE_LP]);
        if (homes == 1) { /* alone, a customer has greedy <= milp <= lp */
            assert_true(saved_g[LS_ENGINE_GREEDY] <= saved_g[LS_ENGINE_MILP] + slack);
            assert_true(saved_g[LS_ENGINE_MILP] <= saved_g[LS_ENGINE_LP] + slack);
            gains += saved_g[LS_ENGINE_GREEDY] > 0;
            exact_better += saved_g[LS_ENGINE_MILP] > saved_g[LS_ENGINE_GREEDY] + slack;
            lp_better += saved_g[LS_ENGINE_LP] > saved_g[LS_ENGINE_MILP] + slack;
        }
        ls_policy_clear(&policy);
        ls_dataset_destroy(dataset);
    }
    assert_true(gains > 20 && exact_better > 5 && lp_better > 10); /* the days are no trifles */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_is_elapsed_time),
        cmocka_unit_test(both_slots_lie_wholly_in_the_movable_hours),
        cmocka_unit_test(the_largest_saving_comes_first_and_each_source_once),
        cmocka_unit_test(ties_go_to_the_lowest_source_and_then_destination),
        cmocka_unit_test(peak_comfort_by_hour_or_by_slot),
        cmocka_unit_test(peak_comfort_of_each_home_or_of_the_city),
        cmocka_unit_test(a_peak_allowance_is_of_all_that_is_known),
        cmocka_unit_test(an_hour_that_occurs_twice_has_one_allowance),
        cmocka_unit_test(rooms_are_net_of_what_leaves),
        cmocka_unit_test(rooms_are_the_citys),
        cmocka_unit_test(the_budget_is_a_part_of_the_regions_load),
        cmocka_unit_test(the_floor_stays_at_home),
        cmocka_unit_test(small_moves_are_not_made),
        cmocka_unit_test(what_is_unknown_does_not_move),
        cmocka_unit_test(a_cleaner_slot_is_needed),
        cmocka_unit_test(totals_by_hand),
        cmocka_unit_test(the_bound_by_hand),
        cmocka_unit_test(a_quota_left_counts_and_zero_is_told),
        cmocka_unit_test(a_cancelled_solve_keeps_what_it_has),
        cmocka_unit_test(the_bound_is_of_all_customers),
        cmocka_unit_test(random_days_break_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
