/*
 * Engine milp by its combinatorial solver against the same engine by GLPK, on random turns and whole days.
 *
 * Optima are compared by what they save; limits are checked from their definition. An argument gives the
 * number of random days of each kind instead of the usual one, a second the seed.
 */
#include "../support/support.h"

#include "solve/combinatorial.h"

#define MOST       288 /* slots of a turn in these tests */
#define FLOWS      5000
#define TURNS      20 /* on one scratch */
#define SEED       2  /* whose turns once made a path that moved nothing, for ever */
#define SMALL_DAYS 400
#define LONG_DAYS  40

static long n_small_days = SMALL_DAYS, n_long_days = LONG_DAYS;
static uint64_t seed = SEED;

struct turn {
    struct ls_turn face;
    double mef[MOST], avail[MOST], left[MOST], room[MOST];
    bool open[MOST];
    int group[MOST];
};

/* What the random turns came to, so that a test can say that they were hard enough. */
struct tally {
    int turns, moving, two, split, raising, chained, by_budget, by_peak, by_room, chained_bound;
};

static void blank(struct turn *turn, int n, int window, int max_moves)
{
    *turn = (struct turn){0};
    turn->face = (struct ls_turn){.n_slots = n,
                                  .window_slots = window,
                                  .max_moves = max_moves,
                                  .mef = turn->mef,
                                  .open = turn->open,
                                  .usage_kwh = turn->avail,
                                  .avail_kwh = turn->avail,
                                  .group = turn->group,
                                  .group_left_kwh = turn->left,
                                  .room_kwh = turn->room,
                                  .budget_kwh = INFINITY,
                                  .seconds = 60};
    for (int t = 0; t < n; t++) {
        turn->open[t] = true;
        turn->mef[t] = 500;
        turn->room[t] = INFINITY;
        turn->group[t] = -1;
    }
}

/* ---- random turns */

static int dice(uint64_t *state, int n)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (int)((*state >> 33) % (unsigned)n);
}

static double fraction(uint64_t *state)
{
    return dice(state, 1 << 30) / (double)(1 << 30);
}

/* A number up to @p most: on a coarse grid, where ties and limits that just meet are common, or any. */
static double amount(uint64_t *state, double most, bool coarse)
{
    return coarse ? most * dice(state, 9) / 8 : most * fraction(state);
}

static void throw_factors(struct turn *turn, bool coarse, uint64_t *state)
{
    double lowest = dice(state, 4) == 0 ? -100 : dice(state, 4) == 0 ? 0 : 400;
    for (int t = 0; t < turn->face.n_slots; t++)
        turn->mef[t] = dice(state, 40) == 0 ? NAN : lowest + amount(state, 300, coarse);
}

static void throw_peaks(struct turn *turn, bool coarse, uint64_t *state)
{
    int n = turn->face.n_slots, at = 0;
    bool tight = dice(state, 2) != 0, scattered = dice(state, 4) == 0;
    while (at < n && turn->face.n_groups < n) {
        int length = 1 + dice(state, 4);
        bool peak = dice(state, 3) == 0;
        for (int t = at; peak && t < at + length && t < n; t++)
            turn->group[t] = turn->face.n_groups;
        if (peak)
            turn->left[turn->face.n_groups++] = amount(state, tight ? 0.6 : 3, coarse);
        at += length;
    }
    for (int t = 0; scattered && turn->face.n_groups > 0 && t < n; t++) /* what no hour of the clock does */
        turn->group[t] = dice(state, turn->face.n_groups + 1) - 1;
}

enum rooms { WIDE, LOOSE, TIGHT, MIXED, FULL_OR_OFF, CLEAN_FULL, ROOMS };

static double throw_room(enum rooms rooms, double mef, bool coarse, uint64_t *state)
{
    switch (rooms) {
    case LOOSE:
        return amount(state, 5, coarse);
    case TIGHT:
        return amount(state, 0.5, coarse);
    case MIXED:
        return dice(state, 3) == 0 ? 0 : amount(state, 0.8, coarse);
    case FULL_OR_OFF:
        return dice(state, 2) == 0 ? INFINITY : dice(state, 2) == 0 ? 0 : -5.6e-17;
    case CLEAN_FULL: /* where sending makes the room that others need */
        return mef < 500 ? amount(state, 0.2, coarse) * dice(state, 2) : 0.5;
    default:
        return INFINITY;
    }
}

/* A turn for the slots, window and factors that @p turn has. */
static void throw_turn(struct turn *turn, bool coarse, uint64_t *state)
{
    struct turn old = *turn;
    int n = old.face.n_slots;
    blank(turn, n, old.face.window_slots, dice(state, 8) == 0 ? dice(state, 4) : 1 + dice(state, 2));
    memcpy(turn->mef, old.mef, sizeof old.mef);
    if (dice(state, 5) == 0)
        throw_factors(turn, coarse, state);
    for (int t = 0; t < n; t++) {
        turn->open[t] = !isnan(turn->mef[t]) && dice(state, 10) > 0;
        turn->avail[t] = turn->open[t] && dice(state, 5) > 0 ? amount(state, 1, coarse) : 0;
    }
    enum rooms rooms = (enum rooms)dice(state, ROOMS);
    for (int s = 0; s < n; s++)
        turn->room[s] = throw_room(rooms, turn->mef[s], coarse, state);
    if (dice(state, 2) != 0)
        throw_peaks(turn, coarse, state);
    if (dice(state, rooms == CLEAN_FULL ? 2 : 3) == 0)
        turn->face.budget_kwh = amount(state, dice(state, 2) ? 2 : 0.5, coarse);
    if (dice(state, 12) == 0)
        turn->face.smallest_kwh = amount(state, 0.6, coarse);
}

/* ---- answers */

static double saving_g(const struct turn *turn, const struct ls_flow *flows, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < n; f++)
        sum += (turn->mef[flows[f].source] - turn->mef[flows[f].destination]) * flows[f].kwh;
    return sum;
}

static double serve(void *scratch, struct turn *turn, enum ls_solver solver, struct ls_flow *flows, size_t *n)
{
    bool proven = false;
    turn->face.solver = solver;
    assert_int_equal(ls_engine_milp.serve(scratch, &turn->face, flows, n, &proven, NULL), LS_OK);
    assert_true(proven);
    return saving_g(turn, flows, *n);
}

static bool at_limit(double used, double limit)
{
    return fabs(used - limit) <= 1e-9;
}

static void assert_within_limits(const struct turn *turn, const struct ls_flow *flows, size_t n,
                                 struct tally *tally)
{
    const struct ls_turn *face = &turn->face;
    double out[MOST] = {0}, in[MOST] = {0}, group[MOST] = {0}, all = 0;
    int sources = 0, last = -1;
    bool raising = false, chained = false, by_peak = false, by_room = false;
    for (size_t f = 0; f < n; f++) {
        int t = flows[f].source, s = flows[f].destination;
        assert_true(t * MOST + s > last); /* by source, then destination, no pair twice */
        last = t * MOST + s;
        assert_true(t != s && abs(t - s) <= face->window_slots && turn->open[t] && turn->open[s]);
        assert_true(flows[f].kwh > LS_KWH_EPSILON && flows[f].limited_by == LS_LIMIT_NONE);
        sources += out[t] == 0;
        out[t] += flows[f].kwh;
        in[s] += flows[f].kwh;
        all += flows[f].kwh;
        raising |= turn->mef[s] > turn->mef[t];
        if (turn->group[t] >= 0)
            group[turn->group[t]] += flows[f].kwh;
    }
    assert_true(sources <= face->max_moves && (n == 0 || all <= face->budget_kwh + 1e-12));
    for (int t = 0; t < face->n_slots; t++) {
        assert_true(out[t] <= turn->avail[t] + 1e-12);
        assert_true(in[t] == 0 || in[t] - out[t] <= fmax(turn->room[t], 0) + 1e-12);
        assert_true(out[t] == 0 || out[t] >= face->smallest_kwh - 1e-9);
        chained |= out[t] > 0 && in[t] > fmax(turn->room[t], 0) + 1e-9;
        by_room |= in[t] > 0 && at_limit(in[t] - out[t], turn->room[t]);
    }
    for (int g = 0; g < face->n_groups; g++) {
        assert_true(group[g] <= turn->left[g] + 1e-12);
        by_peak |= group[g] > 0 && at_limit(group[g], turn->left[g]);
    }
    tally->turns++;
    tally->moving += n > 0;
    tally->two += sources == 2;
    tally->split += n > (size_t)sources;
    tally->raising += raising;
    tally->chained += chained;
    tally->by_room += by_room;
    tally->by_peak += by_peak;
    tally->by_budget += n > 0 && at_limit(all, face->budget_kwh);
    tally->chained_bound += chained && at_limit(all, face->budget_kwh);
}

static void compare_day(int n, int window, bool coarse, uint64_t *state, struct tally *tally)
{
    void *fast = NULL, *reference = NULL;
    struct turn turn;
    blank(&turn, n, window, 1);
    throw_factors(&turn, coarse, state);
    assert_int_equal(ls_engine_milp.open(n, window, &fast, NULL), LS_OK);
    assert_int_equal(ls_engine_milp.open(n, window, &reference, NULL), LS_OK);
    for (int i = 0; i < TURNS; i++) {
        struct ls_flow flows[FLOWS], other[FLOWS];
        size_t n_flows, n_other;
        throw_turn(&turn, coarse, state);
        double found = serve(fast, &turn, LS_SOLVER_AUTO, flows, &n_flows);
        double best = serve(reference, &turn, LS_SOLVER_GLPK, other, &n_other);
        assert_within_limits(&turn, flows, n_flows, tally);
        if (!(fabs(found - best) <= 1e-6 * fmax(1, best)))
            fail_msg("turn %d: %.9f g, GLPK has %.9f g; %d slots, window %d, %d moves, budget %g, least %g",
                     tally->turns, found, best, n, window, turn.face.max_moves, turn.face.budget_kwh,
                     turn.face.smallest_kwh);
    }
    ls_engine_milp.close(fast);
    ls_engine_milp.close(reference);
}

static void print_tally(const struct tally *tally)
{
    print_message("%d turns: %d moving, %d of two sources, %d split, %d raising, %d chained (%d with the "
                  "budget spent); bound by room %d, peak %d, budget %d\n",
                  tally->turns, tally->moving, tally->two, tally->split, tally->raising, tally->chained,
                  tally->chained_bound, tally->by_room, tally->by_peak, tally->by_budget);
}

static void short_days_equal_glpk(void **state)
{
    (void)state;
    uint64_t dice_state = seed;
    struct tally tally = {0};
    for (long day = 0; day < n_small_days; day++) {
        int n = 1 + dice(&dice_state, 12);
        compare_day(n, dice(&dice_state, n < 8 ? n + 1 : 8), dice(&dice_state, 2), &dice_state, &tally);
    }
    print_tally(&tally);
    assert_true(tally.moving > tally.turns / 2 && tally.two > tally.turns / 6 &&
                tally.split > tally.turns / 10);
    assert_true(tally.by_room > tally.turns / 5 && tally.by_peak > tally.turns / 50);
    assert_true(tally.by_budget > tally.turns / 20 && tally.raising > 50 && tally.chained_bound > 10);
}

static void long_days_equal_glpk(void **state)
{
    (void)state;
    uint64_t dice_state = seed + 1;
    struct tally tally = {0};
    for (long day = 0; day < n_long_days; day++)
        compare_day(46 + dice(&dice_state, 5), 1 + dice(&dice_state, 7), dice(&dice_state, 2), &dice_state,
                    &tally);
    print_tally(&tally);
    assert_true(tally.moving > tally.turns / 2 && tally.two > tally.turns / 4);
}

/* ---- what the solver leaves to GLPK */

/* A long day that GLPK does not finish within a millisecond. */
static void throw_long(struct turn *turn, uint64_t *state, int max_moves)
{
    blank(turn, MOST, 8, max_moves);
    for (int t = 0; t < MOST; t++) {
        turn->mef[t] = 400 + 0.1 * dice(state, 4000);
        turn->avail[t] = 0.001 * dice(state, 900);
        turn->room[t] = 0.001 * dice(state, 300);
    }
}

static bool proven_at_once(struct turn *turn, enum ls_solver solver, int max_moves)
{
    static struct ls_flow flows[FLOWS];
    void *scratch = NULL;
    size_t n = 0;
    bool proven = false;
    turn->face.solver = solver;
    turn->face.max_moves = max_moves;
    turn->face.seconds = 1e-6;
    assert_int_equal(ls_engine_milp.open(MOST, 8, &scratch, NULL), LS_OK);
    assert_int_equal(ls_engine_milp.serve(scratch, &turn->face, flows, &n, &proven, NULL), LS_OK);
    ls_engine_milp.close(scratch);
    return proven;
}

static void more_moves_or_the_word_are_glpks(void **state)
{
    (void)state;
    static struct turn turn;
    uint64_t dice_state = 7;
    throw_long(&turn, &dice_state, 2);
    assert_true(proven_at_once(&turn, LS_SOLVER_AUTO, 1) && proven_at_once(&turn, LS_SOLVER_AUTO, 2));
    assert_false(proven_at_once(&turn, LS_SOLVER_GLPK, 1) || proven_at_once(&turn, LS_SOLVER_GLPK, 2));
    assert_false(proven_at_once(&turn, LS_SOLVER_AUTO, 3));
}

static void a_smallest_move_is_proven_or_left(void **state)
{
    (void)state;
    struct turn turn;
    struct ls_flow flows[4];
    ls_combinatorial *solver = NULL;
    size_t n = 9;
    blank(&turn, 3, 2, 1);
    turn.mef[1] = 400;
    turn.mef[2] = 550;
    turn.avail[0] = 1;
    turn.room[1] = 0.4;
    turn.face.smallest_kwh = 0.4;
    assert_int_equal(ls_combinatorial_open(3, 2, &solver, NULL), LS_OK);
    assert_true(ls_combinatorial_serve(solver, &turn.face, flows, &n));
    assert_int_equal(n, 1);
    assert_near(flows[0].kwh, 0.4, 1e-12);
    turn.face.smallest_kwh = 0.5; /* 0.1 more must go to the dirtier slot 2, which is GLPK's to find */
    n = 9;
    assert_false(ls_combinatorial_serve(solver, &turn.face, flows, &n));
    turn.face.smallest_kwh = 0;
    turn.face.max_moves = 3;
    assert_false(ls_combinatorial_serve(solver, &turn.face, flows, &n));
    assert_int_equal(n, 9);
    ls_combinatorial_close(solver);
    ls_combinatorial_close(NULL);
}

/* ---- cases by hand */

/* First a sends through b to slot 3; best is that a fills a part of slot 1 and b sends to slot 3 itself. */
static void a_detour_is_given_up(void **state)
{
    (void)state;
    static const double mef[] = {100, 20, 50, 10, 30}, room[] = {INFINITY, 0.4, 0, 0.3, 1};
    struct turn turn;
    struct ls_flow flows[8];
    void *scratch = NULL;
    size_t n = 0;
    blank(&turn, 5, 2, 2);
    memcpy(turn.mef, mef, sizeof mef);
    memcpy(turn.room, room, sizeof room);
    turn.avail[0] = 0.3;
    turn.avail[2] = 1;
    assert_int_equal(ls_engine_milp.open(5, 2, &scratch, NULL), LS_OK);
    /* 0 -> 1: 0.3 * 80; 2 -> 3: 0.3 * 40, 2 -> 1: 0.1 * 30, 2 -> 4: 0.6 * 20 */
    assert_near(serve(scratch, &turn, LS_SOLVER_AUTO, flows, &n), 24 + 12 + 3 + 12, 1e-9);
    assert_int_equal(n, 4);
    assert_near(serve(scratch, &turn, LS_SOLVER_GLPK, flows, &n), 51, 1e-9);
    ls_engine_milp.close(scratch);
}

static void ties_go_to_one_source_and_the_lowest_slots(void **state)
{
    (void)state;
    struct turn turn;
    struct ls_flow flows[4];
    void *scratch = NULL;
    size_t n = 0;
    blank(&turn, 6, 5, 2);
    turn.mef[1] = turn.mef[4] = 400; /* equally clean, one after the other */
    turn.avail[0] = turn.avail[2] = turn.avail[5] = 1;
    turn.room[1] = 0.75;
    turn.face.budget_kwh = 1; /* any source alone saves all there is to save */
    assert_int_equal(ls_engine_milp.open(6, 5, &scratch, NULL), LS_OK);
    assert_near(serve(scratch, &turn, LS_SOLVER_AUTO, flows, &n), 100, 1e-9);
    assert_int_equal(n, 2);
    for (int f = 0; f < 2; f++) {
        assert_int_equal(flows[f].source, 0);
        assert_int_equal(flows[f].destination, f == 0 ? 1 : 4);
        assert_near(flows[f].kwh, f == 0 ? 0.75 : 0.25, 1e-12);
    }
    turn.face.budget_kwh = INFINITY; /* two of three alike: the lowest two */
    assert_near(serve(scratch, &turn, LS_SOLVER_AUTO, flows, &n), 200, 1e-9);
    assert_int_equal(flows[0].source, 0);
    assert_int_equal(flows[n - 1].source, 2);
    ls_engine_milp.close(scratch);
}

/* ---- whole days */

static double solve_soundly(const struct ls_dataset *dataset, struct ls_policy *policy, enum ls_solver solver)
{
    policy->solver = solver;
    struct support_solved solved = support_solve(dataset, policy, "X", SUPPORT_MONDAY);
    assert_int_equal(solved.plan->outcome, LS_OUTCOME_COMPLETE);
    support_assert_sound(dataset, policy, solved.day, NULL, solved.plan);
    double saved_g = solved.plan->saved_marg_g;
    assert_true(saved_g <= solved.plan->bound_marg_g * (1 + 1e-12) + 1e-9);
    support_release(&solved);
    return saved_g;
}

/* Alone, a home saves the same by either; in company, equal optima may leave others more or less. */
static void whole_days_break_no_limit(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(20240101, "days", 0);
    int saving = 0;
    for (int round = 0; round < 300; round++) {
        static const int minutes[] = {60, 30, 15};
        size_t homes = round % 2 == 0 ? 1 : 2 + (size_t)ls_random_below(&random, 20);
        struct ls_dataset *dataset = support_random_day(&random, homes, minutes[ls_random_below(&random, 3)]);
        struct ls_policy policy;
        support_random_policy(&random, &policy);
        policy.slot_minutes = dataset->slot_minutes;
        policy.engine = LS_ENGINE_MILP;
        policy.moves_per_day = 1 + (int)ls_random_below(&random, 2);
        double ours = solve_soundly(dataset, &policy, LS_SOLVER_AUTO);
        double theirs = solve_soundly(dataset, &policy, LS_SOLVER_GLPK);
        if (homes == 1)
            assert_near(ours, theirs, 1e-6 * fmax(1, theirs));
        saving += ours > 0;
        ls_policy_clear(&policy);
        ls_dataset_destroy(dataset);
    }
    print_message("%d days save something\n", saving);
    assert_true(saving > 40);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        n_small_days = strtol(argv[1], NULL, 10);
        n_long_days = n_small_days / 8;
    }
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_days_equal_glpk),
        cmocka_unit_test(long_days_equal_glpk),
        cmocka_unit_test(more_moves_or_the_word_are_glpks),
        cmocka_unit_test(a_smallest_move_is_proven_or_left),
        cmocka_unit_test(a_detour_is_given_up),
        cmocka_unit_test(ties_go_to_one_source_and_the_lowest_slots),
        cmocka_unit_test(whole_days_break_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
