/*
 * What a step of a parameter, or a limit switched off, would save: worked out by hand for a small day, equal
 * to solves of their own for random ones, and cancelled on the way.
 *
 * Home a: 1 kWh at 600 g, 0.5 at 590, 0.25 at 200. With all of it allowed it saves 400 + 0.5 * 390 = 595 g.
 */
#include "../support/support.h"

#include <loadscope/sensitivity.h>

static const double mef[] = {600, 590, 200}, kwh[] = {1, 0.5, 0.25};

struct stage {
    struct ls_dataset *dataset;
    ls_bench *bench;
    struct ls_policy policy;
    struct ls_answer *answer;
};

static struct stage enter(struct ls_dataset *dataset, const char *assignments)
{
    struct stage stage = {.dataset = dataset};
    struct ls_error error = {0};
    support_policy(&stage.policy, SUPPORT_OPEN);
    stage.policy.slot_minutes = dataset->slot_minutes;
    support_set(&stage.policy, assignments);
    assert_int_equal(ls_bench_open(dataset, &stage.bench, NULL), 0);
    if (ls_bench_solve(stage.bench, &stage.policy, "X", SUPPORT_MONDAY, NULL, &stage.answer, &error) != 0)
        fail_msg("%s", error.message);
    return stage;
}

static struct stage enter_small(const char *assignments)
{
    return enter(support_day(60, 3, mef, 1, kwh), assignments);
}

static void leave(struct stage *stage)
{
    ls_answer_destroy(stage->answer);
    ls_policy_clear(&stage->policy);
    ls_bench_close(stage->bench);
    ls_dataset_destroy(stage->dataset);
}

static const struct ls_parameter *find(const char *name)
{
    const struct ls_parameter *parameter = NULL;
    char city[64];
    assert_int_equal(ls_parameter_find(name, &parameter, city, NULL), 0);
    return parameter;
}

static struct ls_sensitivity ask(const struct stage *stage, const char *name)
{
    struct ls_sensitivity sensitivity;
    struct ls_error error = {0};
    if (ls_sensitivity(stage->bench, stage->answer, find(name), NULL, &sensitivity, &error) != 0)
        fail_msg("%s", error.message);
    return sensitivity;
}

/* ---- steps ---- */

static void steps_are_what_was_worked_out_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *assignments, *name, *less, *more; /* NULL: not possible */
        double less_g, more_g, price_g;
    } rows[] = {
        /* slot 2 takes alpha of 0.25 kWh: 2.5 Wh a percent, 1 g */
        {"behaviour.moves_per_day=1;spike.alpha_percent=50", "spike.alpha_percent", "49", "51", -1, 1, 1},
        {"behaviour.moves_per_day=1;spike.alpha_percent=0", "spike.alpha_percent", NULL, "1", 0, 1, 1},
        {"behaviour.moves_per_day=1;spike.alpha_percent=1000", "spike.alpha_percent", "999", NULL, 0, 0, 0},
        {"behaviour.moves_per_day=1", "spike.alpha_percent", "25", "25", 25 - 400, 25 - 400, NAN},
        {"behaviour.moves_per_day=1", "behaviour.moves_per_day", "0", "2", -400, 195, 297.5},
        {"behaviour.moves_per_day=1;peak_hours.X.Mon=0;peak.reduction_limit_percent=50",
         "peak.reduction_limit_percent", "45", "55", -5, 20, 2.5},
        /* at a budget of 0.55 kWh: 5 Wh and 2 g a step of a percent of 0.5 kWh */
        {"behaviour.moves_per_day=1;regional_daily_load_kwh.X=1;regional.load_shift_percent_limit=55",
         "regional.load_shift_percent_limit", "54", "56", -4, 4, 4},
        /* slot 0 reaches slot 1 alone in 1 h and slot 2 in 1.5 h not yet, slot 1 reaches slot 2 */
        {"behaviour.shift_window_hours=1.5", "behaviour.shift_window_hours", "1", "2", 0, 390, 390},
        {"", "run.min_fraction_of_day", "0", "0.01", 0, 0, NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage stage = enter_small(rows[i].assignments);
        struct ls_sensitivity found = ask(&stage, rows[i].name);
        const char *wanted[LS_STEPS] = {rows[i].less, rows[i].more};
        const double more_g[LS_STEPS] = {rows[i].less_g, rows[i].more_g};
        for (int step = 0; step < LS_STEPS; step++) {
            const struct ls_further *further = &found.further[step];
            if (further->possible != (wanted[step] != NULL) ||
                fabs(further->more_marg_g - more_g[step]) > 1e-9 ||
                fabs(further->more_avg_g - more_g[step]) > 1e-9 ||
                (wanted[step] != NULL && strcmp(further->value, wanted[step]) != 0))
                fail_msg("'%s', %s, step %d: '%s' saves %g g more", rows[i].assignments, rows[i].name, step,
                         further->value, further->more_marg_g);
        }
        if (isnan(rows[i].price_g))
            assert_true(isnan(found.price_marg_g) && isnan(found.price_avg_g));
        else
            assert_near(found.price_marg_g, rows[i].price_g, 1e-9);
        leave(&stage);
    }
}

struct tally {
    size_t n, cancel_at;
    atomic_bool cancel;
    struct stage *stage;
};

/* Solves anew, on a bench of its own, under the policy with one assignment. */
static void assert_saves(const struct stage *stage, const struct ls_parameter *parameter, const char *value,
                         double marg_g, double avg_g)
{
    struct ls_policy policy;
    assert_int_equal(ls_policy_copy(&policy, &stage->policy, NULL), 0);
    assert_int_equal(ls_parameter_set(parameter, &policy, NULL, value, NULL), 0);
    struct support_solved solved = support_solve(stage->dataset, &policy, "X", SUPPORT_MONDAY);
    assert_true(solved.plan->saved_marg_g - stage->answer->plan->saved_marg_g == marg_g);
    assert_true(solved.plan->saved_avg_g - stage->answer->plan->saved_avg_g == avg_g);
    support_release(&solved);
    ls_policy_clear(&policy);
}

static void note(struct tally *tally)
{
    if (++tally->n == tally->cancel_at)
        atomic_store(&tally->cancel, true);
}

static void compare_steps(void *user, const struct ls_sensitivity *found)
{
    struct tally *tally = user;
    note(tally);
    for (int step = 0; tally->stage != NULL && step < LS_STEPS; step++)
        if (found->further[step].possible)
            assert_saves(tally->stage, found->parameter, found->further[step].value,
                         found->further[step].more_marg_g, found->further[step].more_avg_g);
}

static void steps_of_random_days_are_solves_of_their_own(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(7, "step", 0);
    for (int round = 0; round < 10; round++) {
        struct stage stage = enter(support_random_day(&random, 3, 30), "");
        ls_policy_clear(&stage.policy);
        support_random_policy(&random, &stage.policy);
        ls_answer_destroy(stage.answer);
        assert_int_equal(
            ls_bench_solve(stage.bench, &stage.policy, "X", SUPPORT_MONDAY, NULL, &stage.answer, NULL), 0);
        struct tally tally = {.stage = &stage};
        assert_int_equal(ls_sensitivities(stage.bench, stage.answer, NULL, compare_steps, &tally, NULL), 0);
        assert_int_equal(tally.n, 10); /* K_day, K_week, H, Z, P, percentile, R, epsilon, alpha, smallest */
        leave(&stage);
    }
}

static void cancelling_keeps_what_was_told(void **state)
{
    (void)state;
    struct stage stage = enter_small("");
    struct tally tally = {.cancel_at = 3};
    struct ls_solve_options options = {.cancel = &tally.cancel};
    struct ls_error error = {0};
    assert_int_equal(ls_sensitivities(stage.bench, stage.answer, &options, compare_steps, &tally, &error),
                     LS_ERR_CANCELLED);
    assert_int_equal(error.code, LS_ERR_CANCELLED);
    assert_int_equal(tally.n, 3);
    leave(&stage);
}

/* ---- limits ---- */

static void limits_that_bind_are_counted(void **state)
{
    (void)state;
    struct ls_binding found[LS_LIMIT_COUNT];
    /* a moves 0.25 of 1 kWh, all the room there is; b has a move left and nowhere to go */
    static const double both[] = {1, 0.5, 0.25, 0.5, 0, 0};
    struct stage stage =
        enter(support_day(60, 3, mef, 2, both), "behaviour.moves_per_day=1;spike.alpha_percent=100");
    ls_binding_of(stage.answer, found);
    assert_int_equal(found[LS_LIMIT_ROOM].moves, 1);
    assert_int_equal(found[LS_LIMIT_ROOM].customers, 1);
    assert_near(found[LS_LIMIT_ROOM].stopped_kwh, 0.75, 1e-12);
    assert_int_equal(found[LS_LIMIT_WHOLE].moves, 1); /* b's half kWh to slot 1, which a left no fuller */
    assert_near(found[LS_LIMIT_WHOLE].stopped_kwh, 0, 1e-12);
    assert_int_equal(found[LS_LIMIT_QUOTA].moves, 0);
    assert_int_equal(found[LS_LIMIT_QUOTA].customers, 2);
    assert_int_equal(found[LS_LIMIT_BUDGET].moves + found[LS_LIMIT_PEAK].moves + found[LS_LIMIT_FLOOR].moves,
                     0);
    leave(&stage);
    stage = enter_small("behaviour.moves_per_day=none;peak_hours.X.Mon=0 1;peak.reduction_limit_percent=20");
    ls_binding_of(stage.answer, found);
    assert_int_equal(found[LS_LIMIT_PEAK].moves, 2);
    assert_int_equal(found[LS_LIMIT_PEAK].customers, 1);
    assert_near(found[LS_LIMIT_PEAK].stopped_kwh, 0.8 * 1.5, 1e-12);
    assert_int_equal(found[LS_LIMIT_QUOTA].customers, 0);
    leave(&stage);
}

/* A source that an exact engine splits over destinations is counted once. */
static void a_split_source_is_counted_once(void **state)
{
    (void)state;
    static const double split_mef[] = {600, 300, 200}, split_kwh[] = {1, 0.2, 0.4};
    struct ls_binding found[LS_LIMIT_COUNT];
    struct stage stage = enter(support_day(60, 3, split_mef, 1, split_kwh),
                               "run.engine=milp;behaviour.moves_per_day=1;spike.alpha_percent=100");
    assert_int_equal(stage.answer->plan->n_moves, 2); /* 0.4 and 0.2 kWh */
    ls_binding_of(stage.answer, found);
    double stopped_kwh = 0;
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        if (found[limit].moves > 0) {
            assert_int_equal(found[limit].customers, 1);
            assert_near(found[limit].stopped_kwh, 0.4, 1e-9);
            stopped_kwh += found[limit].stopped_kwh;
        }
    assert_true(stopped_kwh > 0);
    leave(&stage);
}

/* Of three moves a week and one a day, all homes that move use the day's and none the week's. */
static void note_used_up(void *user, const struct ls_limit_cost *cost)
{
    size_t *customers = user;
    if (cost->limit == LS_LIMIT_QUOTA)
        customers[strcmp(cost->parameter->key, "moves_per_week") == 0] = cost->binding.customers;
}

static void each_quota_is_counted_for_itself(void **state)
{
    (void)state;
    static const struct {
        const char *assignments;
        size_t of_day, of_week;
    } rows[] = {
        {"behaviour.moves_per_day=1;behaviour.moves_per_week=3", 2, 0},
        {"behaviour.moves_per_day=3;behaviour.moves_per_week=1", 0, 2},
        {"behaviour.moves_per_day=1;behaviour.moves_per_week=1", 2, 2},
        {"behaviour.moves_per_day=1;behaviour.moves_per_week=1;run.engine=lp", 0, 0},
    };
    static const double both[] = {1, 0.5, 0.25, 0.5, 0, 0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t customers[2] = {99, 99};
        struct stage stage = enter(support_day(60, 3, mef, 2, both), rows[i].assignments);
        assert_int_equal(ls_limit_costs(stage.bench, stage.answer, NULL, note_used_up, customers, NULL), 0);
        assert_int_equal(customers[0], rows[i].of_day);
        assert_int_equal(customers[1], rows[i].of_week);
        leave(&stage);
    }
}

struct wanted_cost {
    enum ls_limit limit;
    bool off;
    double g;
};

struct costs {
    size_t n;
    const struct wanted_cost *wanted;
    struct tally tally;
};

static void compare_by_hand(void *user, const struct ls_limit_cost *cost)
{
    struct costs *costs = user;
    const struct wanted_cost *wanted = &costs->wanted[costs->n++];
    assert_int_equal(cost->limit, wanted->limit);
    assert_int_equal(cost->off, wanted->off);
    assert_near(cost->marg_g, wanted->g, 1e-9);
    assert_near(cost->avg_g, wanted->g, 1e-9);
}

static void costs_are_what_was_worked_out_by_hand(void **state)
{
    (void)state;
    /* now: one move, of 0.5 * 1 kWh in the peak, or all 0.5 kWh of slot 1: 200 against 195 g */
    static const struct wanted_cost wanted[] = {
        {LS_LIMIT_HOURS, true, 0}, {LS_LIMIT_WINDOW, false, 0}, {LS_LIMIT_QUOTA, false, 195},
        {LS_LIMIT_QUOTA, true, 0}, {LS_LIMIT_FLOOR, true, 0},   {LS_LIMIT_PEAK, false, 200},
        {LS_LIMIT_ROOM, false, 0}, {LS_LIMIT_BUDGET, true, 0},  {LS_LIMIT_SMALLEST, true, 0},
    };
    struct costs costs = {.wanted = wanted};
    struct stage stage = enter_small("behaviour.moves_per_day=1;peak_hours.X.Mon=0;"
                                     "peak.reduction_limit_percent=50;spike.alpha_percent=1000");
    assert_int_equal(ls_limit_costs(stage.bench, stage.answer, NULL, compare_by_hand, &costs, NULL), 0);
    assert_int_equal(costs.n, sizeof wanted / sizeof *wanted);
    leave(&stage);
}

static void compare_costs(void *user, const struct ls_limit_cost *cost)
{
    struct tally *tally = user;
    note(tally);
    if (tally->stage != NULL)
        assert_saves(tally->stage, cost->parameter, cost->limit == LS_LIMIT_HOURS ? "00:00-24:00" : "none",
                     cost->marg_g, cost->avg_g);
}

static void costs_of_random_days_are_solves_of_their_own(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(8, "cost", 0);
    for (int round = 0; round < 10; round++) {
        struct stage stage = enter(support_random_day(&random, 3, 30),
                                   "behaviour.moves_per_day=2;spike.alpha_percent=5;"
                                   "behaviour.shift_window_hours=3;behaviour.day_boundaries=05:00-22:00;"
                                   "peak_hours.X.Mon=8 18;peak.reduction_limit_percent=20;"
                                   "regional.load_shift_percent_limit=3;run.min_fraction_of_day=0.01;"
                                   "household_minimum.baseline_type=absolute_min");
        struct tally tally = {.stage = &stage};
        assert_int_equal(ls_limit_costs(stage.bench, stage.answer, NULL, compare_costs, &tally, NULL), 0);
        assert_int_equal(tally.n, 9);
        leave(&stage);
    }
}

static void costs_can_be_negative(void **state)
{
    (void)state;
    /* b is served after a, which has the larger day; alone in reach of slot 2 it would save 0.4 * 500 g. Once
     * the window lets a there too, a takes all the room and the budget for 0.4 * 450 g. */
    static const double far_mef[] = {650, 700, 200, 650}, far_kwh[] = {3, 0, 0.2, 0, 0, 0.4, 0.2, 0};
    struct ls_sensitivity found;
    struct stage stage = enter(support_day(60, 4, far_mef, 2, far_kwh),
                               "behaviour.shift_window_hours=1;spike.alpha_percent=100;"
                               "regional_daily_load_kwh.X=1;regional.load_shift_percent_limit=40");
    assert_near(stage.answer->plan->saved_marg_g, 200, 1e-9);
    found = ask(&stage, "behaviour.shift_window_hours");
    assert_near(found.further[LS_STEP_MORE].more_marg_g, 0, 1e-9); /* 1.5 h reach no further */
    struct wanted_cost wanted[9] = {{LS_LIMIT_HOURS, true, 0}, {LS_LIMIT_WINDOW, false, 180 - 200}};
    struct costs costs = {.wanted = wanted};
    for (int i = 2; i < 9; i++)
        wanted[i] = (struct wanted_cost){LS_LIMIT_NONE, true, 0};
    wanted[2] = wanted[3] = (struct wanted_cost){LS_LIMIT_QUOTA, false, 0};
    wanted[3].off = true;
    wanted[4].limit = LS_LIMIT_FLOOR;
    wanted[5].limit = LS_LIMIT_PEAK;
    wanted[6] = (struct wanted_cost){LS_LIMIT_ROOM, false, 0};
    wanted[7] = (struct wanted_cost){LS_LIMIT_BUDGET, false, 0};
    wanted[8].limit = LS_LIMIT_SMALLEST;
    assert_int_equal(ls_limit_costs(stage.bench, stage.answer, NULL, compare_by_hand, &costs, NULL), 0);
    assert_int_equal(costs.n, 9);
    leave(&stage);
}

static void costs_are_cancelled(void **state)
{
    (void)state;
    struct stage stage = enter_small("behaviour.moves_per_day=1;spike.alpha_percent=10");
    struct tally tally = {.cancel_at = 2};
    struct ls_solve_options options = {.cancel = &tally.cancel};
    struct ls_error error = {0};
    assert_int_equal(ls_limit_costs(stage.bench, stage.answer, &options, compare_costs, &tally, &error),
                     LS_ERR_CANCELLED);
    assert_int_equal(tally.n, 2);
    leave(&stage);
}

static void an_answer_cut_short_has_no_costs(void **state)
{
    (void)state;
    struct stage stage = enter_small("");
    const atomic_bool cancel = true;
    struct ls_solve_options options = {.cancel = &cancel};
    struct tally tally = {0};
    struct ls_error error = {0};
    ls_answer_destroy(stage.answer);
    assert_int_equal(
        ls_bench_solve(stage.bench, &stage.policy, "X", SUPPORT_MONDAY, &options, &stage.answer, NULL), 0);
    assert_int_equal(ls_limit_costs(stage.bench, stage.answer, NULL, compare_costs, &tally, &error),
                     LS_ERR_CANCELLED);
    assert_int_equal(ls_sensitivities(stage.bench, stage.answer, NULL, compare_steps, &tally, &error),
                     LS_ERR_CANCELLED);
    assert_non_null(strstr(error.message, "answer itself"));
    assert_int_equal(tally.n, 0);
    leave(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_what_was_worked_out_by_hand),
        cmocka_unit_test(steps_of_random_days_are_solves_of_their_own),
        cmocka_unit_test(cancelling_keeps_what_was_told),
        cmocka_unit_test(limits_that_bind_are_counted),
        cmocka_unit_test(each_quota_is_counted_for_itself),
        cmocka_unit_test(a_split_source_is_counted_once),
        cmocka_unit_test(costs_are_what_was_worked_out_by_hand),
        cmocka_unit_test(costs_of_random_days_are_solves_of_their_own),
        cmocka_unit_test(costs_can_be_negative),
        cmocka_unit_test(costs_are_cancelled),
        cmocka_unit_test(an_answer_cut_short_has_no_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
