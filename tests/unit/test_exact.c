/*
 * Engines milp and lp against exhaustive search, and cases worked out by hand.
 *
 * The search tries every set of sources and solves the full statement of the turn (all pairs, all limits as
 * rows) with a plain tableau simplex; it shares nothing with the engine or its solver.
 */
#include "solve/turn.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST    288 /* slots of a turn in these tests */
#define SMALL   6   /* slots of a turn that is searched exhaustively */
#define PAIRS   (SMALL * (SMALL - 1))
#define ROWS    (4 * SMALL + 1)
#define COLUMNS (PAIRS + ROWS + SMALL + 1)
#define PENALTY 1e5 /* g/kWh for missing the smallest move */

struct turn {
    struct ls_turn face;
    double mef[MOST], avail[MOST], left[MOST], room[MOST];
    bool open[MOST];
    int group[MOST];
};

/* A turn of n equal slots without any limit but the window. */
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

static double saving_g(const struct turn *turn, const struct ls_flow *flows, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < n; f++)
        sum += (turn->mef[flows[f].source] - turn->mef[flows[f].destination]) * flows[f].kwh;
    return sum;
}

static double serve(const struct ls_engine_ops *engine, const struct turn *turn, struct ls_flow *flows,
                    size_t *n)
{
    void *scratch = NULL;
    bool proven = false;
    assert_int_equal(engine->open(turn->face.n_slots, turn->face.window_slots, &scratch, NULL), LS_OK);
    assert_int_equal(engine->serve(scratch, &turn->face, flows, n, &proven, NULL), LS_OK);
    assert_true(proven);
    engine->close(scratch);
    return saving_g(turn, flows, *n);
}

static void assert_within_limits(const struct turn *turn, const struct ls_flow *flows, size_t n,
                                 int max_moves, double smallest_kwh)
{
    const struct ls_turn *face = &turn->face;
    double out[MOST] = {0}, net[MOST] = {0}, group[MOST] = {0}, all = 0;
    int sources = 0;
    for (size_t f = 0; f < n; f++) {
        int t = flows[f].source, s = flows[f].destination;
        assert_true(t != s && abs(t - s) <= face->window_slots && turn->open[t] && turn->open[s]);
        assert_true(flows[f].kwh > LS_KWH_EPSILON);
        sources += out[t] == 0;
        out[t] += flows[f].kwh;
        net[t] -= flows[f].kwh;
        net[s] += flows[f].kwh;
        all += flows[f].kwh;
        if (turn->group[t] >= 0)
            group[turn->group[t]] += flows[f].kwh;
    }
    assert_true(sources <= max_moves && all <= face->budget_kwh + 1e-9);
    for (int t = 0; t < face->n_slots; t++) {
        assert_true(out[t] <= turn->avail[t] + 1e-9 && net[t] <= turn->room[t] + 1e-9);
        assert_true(out[t] == 0 || out[t] >= smallest_kwh - 1e-9);
    }
    for (int g = 0; g < face->n_groups; g++)
        assert_true(group[g] <= turn->left[g] + 1e-9);
}

/* Rows are a x = b with b >= 0 and a basis at hand; the last column is b, the last row the gain still to be
 * had. */
struct tableau {
    int n_rows, n_columns;
    double cell[ROWS + 1][COLUMNS + 1];
    int basis[ROWS];
};

static void pivot(struct tableau *tableau, int row, int column)
{
    double *pivot_row = tableau->cell[row], by = pivot_row[column];
    for (int j = 0; j <= tableau->n_columns; j++)
        pivot_row[j] /= by;
    for (int i = 0; i <= tableau->n_rows; i++) {
        double times = tableau->cell[i][column];
        if (i == row || times == 0)
            continue;
        for (int j = 0; j <= tableau->n_columns; j++)
            tableau->cell[i][j] -= times * pivot_row[j];
    }
    tableau->basis[row] = column;
}

/* Bland's rule, which cannot cycle. Returns the greatest gain. */
static double maximise(struct tableau *tableau)
{
    for (;;) {
        int column = 0, row = -1;
        double *gains = tableau->cell[tableau->n_rows];
        while (column < tableau->n_columns && gains[column] <= 1e-9)
            column++;
        if (column == tableau->n_columns)
            return -gains[tableau->n_columns];
        double least = INFINITY;
        for (int i = 0; i < tableau->n_rows; i++) {
            if (tableau->cell[i][column] <= 1e-9)
                continue;
            double ratio = tableau->cell[i][tableau->n_columns] / tableau->cell[i][column];
            if (ratio < least - 1e-12 || (ratio < least + 1e-12 && tableau->basis[i] < tableau->basis[row])) {
                least = ratio;
                row = i;
            }
        }
        assert_true(row >= 0);
        pivot(tableau, row, column);
    }
}

/* The optimum when exactly the sources in @p set may send, each at least the smallest move; -INFINITY if none
 * can. */
static double search_set(const struct turn *turn, unsigned set, bool raising)
{
    const struct ls_turn *face = &turn->face;
    int n = face->n_slots, n_pairs = 0, source[PAIRS], destination[PAIRS];
    for (int t = 0; t < n; t++)
        for (int s = 0; s < n; s++)
            if (t != s && abs(t - s) <= face->window_slots && turn->open[t] && turn->open[s] &&
                (set >> t & 1) && (raising || turn->mef[s] < turn->mef[t])) {
                source[n_pairs] = t;
                destination[n_pairs++] = s;
            }
    static const struct tableau empty;
    struct tableau tableau = empty;
    double *gain = tableau.cell[ROWS], high[ROWS] = {0};
    int rows = 0, slacks = n_pairs;
    for (int kind = 0; kind < 5; kind++) /* send, peak, room, budget, smallest */
        for (int k = 0; k < (kind == 3 ? 1 : n); k++) {
            high[rows] = kind == 0   ? turn->avail[k]
                         : kind == 1 ? (k < face->n_groups ? turn->left[k] : INFINITY)
                         : kind == 2 ? turn->room[k]
                         : kind == 3 ? face->budget_kwh
                                     : face->smallest_kwh;
            if (isinf(high[rows]) || (kind == 4 && (high[rows] <= 0 || !(set >> k & 1))))
                continue;
            for (int p = 0; p < n_pairs; p++) {
                int t = source[p], s = destination[p];
                tableau.cell[rows][p] = kind == 0   ? t == k
                                        : kind == 1 ? turn->group[t] == k
                                        : kind == 2 ? (s == k) - (t == k)
                                        : kind == 3 ? 1
                                                    : t == k;
            }
            tableau.cell[rows][slacks] = kind == 4 ? -1 : 1;
            tableau.basis[rows] = slacks++;
            rows++;
        }
    int columns = slacks;
    for (int i = 0; i < rows; i++)
        if (tableau.cell[i][tableau.basis[i]] < 0) { /* needs at least: starts out missed, at a penalty */
            tableau.cell[i][columns] = 1;
            tableau.basis[i] = columns++;
        }
    tableau.n_rows = rows;
    tableau.n_columns = columns;
    for (int p = 0; p < n_pairs; p++)
        gain[p] = turn->mef[source[p]] - turn->mef[destination[p]];
    memmove(tableau.cell[rows], gain, sizeof tableau.cell[0]);
    gain = tableau.cell[rows];
    for (int i = 0; i < rows; i++) {
        tableau.cell[i][columns] = high[i];
        if (tableau.basis[i] < slacks)
            continue;
        gain[tableau.basis[i]] = -PENALTY;
        for (int j = 0; j <= columns; j++)
            gain[j] += PENALTY * tableau.cell[i][j];
    }
    double best = maximise(&tableau);
    return best < -1e-3 ? -INFINITY : best;
}

static double search(const struct turn *turn, bool raising)
{
    double best = 0;
    for (unsigned set = 0; set < 1U << turn->face.n_slots; set++) {
        int sources = 0;
        for (int t = 0; t < turn->face.n_slots; t++)
            sources += (set >> t & 1) != 0;
        if (sources <= turn->face.max_moves)
            best = fmax(best, search_set(turn, set, raising));
    }
    return best;
}

/* A number of the sequence that follows @p state, below @p n. */
static int dice(uint64_t *state, int n)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (int)((*state >> 33) % (unsigned)n);
}

/* Few distinct values, so that ties, zeros and limits that just meet are common. */
static void throw_turn(struct turn *turn, uint64_t *state)
{
    int n = 4 + dice(state, 3);
    blank(turn, n, 1 + dice(state, 3), 1 + dice(state, 3));
    turn->face.n_groups = dice(state, 3);
    for (int t = 0; t < n; t++) {
        turn->open[t] = dice(state, 10) > 0;
        turn->mef[t] =
            turn->open[t] ? 400 + 20 * dice(state, 8) + (dice(state, 2) ? 0.37 * dice(state, 9) : 0) : NAN;
        turn->avail[t] = turn->open[t] ? 0.125 * dice(state, 9) : 0;
        turn->room[t] = dice(state, 4) == 0 ? INFINITY : 0.1 * dice(state, 6);
        turn->group[t] = dice(state, turn->face.n_groups + 1) - 1;
    }
    for (int g = 0; g < turn->face.n_groups; g++)
        turn->left[g] = 0.2 * dice(state, 6);
    turn->face.budget_kwh = dice(state, 3) == 0 ? 0.3 * dice(state, 8) : INFINITY;
    turn->face.smallest_kwh = dice(state, 4) == 0 ? 0.15 * (1 + dice(state, 3)) : 0;
}

static void random_turns_equal_exhaustive_search(void **state)
{
    (void)state;
    uint64_t seed = 20130204;
    int raised = 0, moved = 0;
    for (int i = 0; i < 1200; i++) {
        struct turn turn;
        struct ls_flow flows[PAIRS];
        size_t n;
        throw_turn(&turn, &seed);
        double best = search(&turn, true);
        double found = 0;
        for (int solver = LS_SOLVER_AUTO; solver <= LS_SOLVER_GLPK; solver++) {
            turn.face.solver = (enum ls_solver)solver;
            found = serve(&ls_engine_milp, &turn, flows, &n);
            assert_within_limits(&turn, flows, n, turn.face.max_moves, turn.face.smallest_kwh);
            if (fabs(found - best) > 1e-6)
                fail_msg("turn %d, solver %d: milp saves %.9f g, the best is %.9f g", i, solver, found, best);
        }
        moved += n > 0;
        raised += turn.face.smallest_kwh <= 0 && best > search(&turn, false) + 1e-6;

        turn.face.smallest_kwh = 0;
        double most = search_set(&turn, (1U << turn.face.n_slots) - 1, true);
        found = serve(&ls_engine_lp, &turn, flows, &n);
        assert_within_limits(&turn, flows, n, turn.face.n_slots, 0);
        if (fabs(found - most) > 1e-6)
            fail_msg("turn %d: lp saves %.9f g, the best is %.9f g", i, found, most);
    }
    assert_true(moved > 500 && raised > 10); /* or these turns test too little */
}

static void a_split_source_counts_once(void **state)
{
    (void)state;
    struct turn turn;
    struct ls_flow flows[8];
    size_t n;
    blank(&turn, 4, 3, 1);
    turn.mef[1] = 600;
    turn.mef[2] = 450;
    turn.mef[0] = 550;
    turn.avail[1] = turn.avail[0] = 1;
    turn.room[2] = 0.4; /* 1 -> 2: 0.4 * 150 = 60; 1 -> 3: 0.6 * 100 = 60 */
    assert_true(fabs(serve(&ls_engine_milp, &turn, flows, &n) - 120) < 1e-9);
    assert_int_equal(n, 2);
    assert_int_equal(flows[0].source, 1);
    assert_int_equal(flows[1].source, 1);
    turn.face.smallest_kwh = 1.1; /* no source has as much */
    assert_true(serve(&ls_engine_milp, &turn, flows, &n) == 0 && n == 0);
    assert_true(serve(&ls_engine_lp, &turn, flows, &n) > 120); /* which knows neither limit */
}

static void a_raising_pair_makes_room(void **state)
{
    (void)state;
    struct turn turn;
    struct ls_flow flows[8];
    size_t n;
    blank(&turn, 3, 1, 2);
    turn.mef[1] = 400;
    turn.mef[2] = 405;
    turn.avail[0] = turn.avail[1] = 1;
    turn.room[1] = 0; /* full, unless it sends to slot 2 at 5 g/kWh; slot 0 then saves 100 */
    assert_true(fabs(serve(&ls_engine_milp, &turn, flows, &n) - 95) < 1e-9);
    turn.face.max_moves = 1;
    assert_true(serve(&ls_engine_milp, &turn, flows, &n) == 0 && n == 0);
    turn.face.max_moves = 2;
    turn.face.solver = LS_SOLVER_GLPK;
    assert_true(fabs(serve(&ls_engine_milp, &turn, flows, &n) - 95) < 1e-9);
    turn.face.max_moves = 0;
    assert_true(serve(&ls_engine_milp, &turn, flows, &n) == 0 && n == 0);
    assert_true(fabs(serve(&ls_engine_lp, &turn, flows, &n) - 95) < 1e-9);
}

static void rounded_rooms_below_zero_are_full(void **state)
{
    (void)state;
    struct turn turn;
    struct ls_flow flows[8];
    size_t n;
    blank(&turn, 2, 1, 1);
    turn.mef[1] = 400;
    turn.avail[0] = 1;
    turn.room[1] = -5.6e-17;
    assert_true(serve(&ls_engine_milp, &turn, flows, &n) == 0 && n == 0);
}

/* A long day with a loose choice, more than a millisecond of work. */
static void throw_long(struct turn *turn, uint64_t *state)
{
    blank(turn, MOST, 24, 40);
    for (int t = 0; t < MOST; t++) {
        turn->mef[t] = 400 + 0.1 * dice(state, 4000);
        turn->avail[t] = 0.001 * dice(state, 900);
        turn->room[t] = 0.001 * dice(state, 300);
    }
    turn->face.budget_kwh = 12;
}

static void out_of_time_keeps_the_limits(void **state)
{
    (void)state;
    static struct turn turn;
    static struct ls_flow flows[MOST * 48];
    uint64_t seed = 7;
    void *scratch = NULL;
    size_t n = 1;
    bool proven = true;
    throw_long(&turn, &seed);
    turn.face.seconds = 1e-6;
    assert_int_equal(ls_engine_milp.open(MOST, 24, &scratch, NULL), LS_OK);
    assert_int_equal(ls_engine_milp.serve(scratch, &turn.face, flows, &n, &proven, NULL), LS_OK);
    assert_false(proven);
    assert_within_limits(&turn, flows, n, 40, 0);
    ls_engine_milp.close(scratch);
}

static void a_scratch_forgets_the_turn_before(void **state)
{
    (void)state;
    uint64_t seed = 99;
    void *scratch = NULL;
    assert_int_equal(ls_engine_milp.open(5, 2, &scratch, NULL), LS_OK);
    for (int i = 0; i < 200; i++) {
        struct turn turn;
        struct ls_flow flows[PAIRS], fresh[PAIRS];
        size_t n, n_fresh;
        bool proven;
        throw_turn(&turn, &seed);
        turn.face.n_slots = 5;
        turn.face.window_slots = 2;
        if (turn.group[4] >= turn.face.n_groups || turn.avail[4] == 0)
            turn.open[4] = false, turn.group[4] = -1;
        assert_int_equal(ls_engine_milp.serve(scratch, &turn.face, flows, &n, &proven, NULL), LS_OK);
        serve(&ls_engine_milp, &turn, fresh, &n_fresh);
        assert_int_equal(n, n_fresh);
        for (size_t f = 0; f < n; f++) {
            assert_int_equal(flows[f].source, fresh[f].source);
            assert_int_equal(flows[f].destination, fresh[f].destination);
            assert_true(flows[f].kwh == fresh[f].kwh);
        }
    }
    ls_engine_milp.close(scratch);
    ls_engine_milp.close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_turns_equal_exhaustive_search),
        cmocka_unit_test(a_split_source_counts_once),
        cmocka_unit_test(a_raising_pair_makes_room),
        cmocka_unit_test(rounded_rooms_below_zero_are_full),
        cmocka_unit_test(out_of_time_keeps_the_limits),
        cmocka_unit_test(a_scratch_forgets_the_turn_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
