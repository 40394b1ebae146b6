/*
 * Turns of one or two sources: single sources fill their destinations, pairs are solved by pair.c.
 *
 * A source alone fills the cleanest slots first; nothing beats that. It saves at most what its cleanest slot
 * would if that had room for all, so sources whose most does not come near the best are not worked out. A
 * pair saves at most the sum of what its two sources save alone, so pairs whose sum does not beat the best so
 * far are left out. Mostly the two best sources do not share a peak hour, a room or the budget, reach that
 * sum, and so end the search. Where one source may send through another (see pair.c) the sum is a little
 * larger, and those pairs have a loop of their own. The order of each slot's neighbours depends on the
 * factors alone and is kept while they stay.
 */
#include "solve/combinatorial.h"

#include "base/clones.h"
#include "solve/pair.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More than all roundings in the sum of what a source saves at each of its destinations. */
#define ROUNDED_UP (1 + 1e-12)

/*
 * A source wins by more than LS_GAIN_EPSILON, so a series of sources, each by less than that ahead of the one
 * before it, could end this much higher than it began, and not more: what lies further behind decides
 * nothing.
 */
#define BEHIND_G (2 * LS_SLOTS_MAX * LS_GAIN_EPSILON)

enum { NO_SLOT = -1 };

struct ls_combinatorial {
    int n_slots;
    int window;       /* at most n_slots - 1 */
    int most_near;    /* neighbours that a slot can have */
    double *mef;      /* [n_slots] that the order is of; n_near[0] < 0: of none yet */
    double *earning;  /* [n_slots] by a kWh to the cleanest neighbour, rounded up; 0: it is no cleaner */
    int16_t *near;    /* [n_slots][most_near] slots of the window with a factor, cleanest first */
    int *n_near;      /* [n_slots] */
    int *cleanest;    /* [n_slots] slots with a factor, cleanest first */
    double *room_kwh; /* [n_slots] of this turn, 0 where closed */
    double *most_kwh; /* [n_slots] what the slot could send alone; 0: no source */
    double *most_g;   /* [n_slots] what single_g cannot exceed */
    double *single_g; /* [n_slots] what it saves alone; negative: not worked out */
    struct ls_pair_work work;
    const struct ls_pair_flows *flows;      /* in `work`, of the pair that was solved last */
    int solved[LS_COMBINATORIAL_MOVES];     /* that pair in this turn */
    double *to_kwh[LS_COMBINATORIAL_MOVES]; /* [n_slots] flows of each chosen source, within its window */
};

/* The best choice so far; NO_SLOT where there is no such source. */
struct choice {
    double gain_g;
    int slot[LS_COMBINATORIAL_MOVES];
};

void ls_combinatorial_close(ls_combinatorial *solver)
{
    if (solver == NULL)
        return;
    void *const blocks[] = {solver->mef,
                            solver->near,
                            solver->n_near,
                            solver->cleanest,
                            solver->room_kwh,
                            solver->most_kwh,
                            solver->earning,
                            solver->most_g,
                            solver->single_g,
                            solver->work.left_kwh,
                            solver->work.flows[0].in_kwh,
                            solver->work.flows[1].in_kwh,
                            solver->work.flows[2].in_kwh,
                            solver->to_kwh[0],
                            solver->to_kwh[1]};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        free(blocks[i]);
    free(solver);
}

static bool allocate(ls_combinatorial *solver)
{
    size_t n = (size_t)solver->n_slots;
    double **const rows[] = {&solver->mef,
                             &solver->room_kwh,
                             &solver->most_kwh,
                             &solver->earning,
                             &solver->most_g,
                             &solver->single_g,
                             &solver->work.left_kwh,
                             &solver->work.flows[0].in_kwh,
                             &solver->work.flows[1].in_kwh,
                             &solver->work.flows[2].in_kwh,
                             &solver->to_kwh[0],
                             &solver->to_kwh[1]};
    bool all = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        *rows[i] = calloc(n, sizeof(double));
        all = all && *rows[i] != NULL;
    }
    solver->near = calloc(n * (size_t)solver->most_near + 1, sizeof *solver->near);
    solver->n_near = calloc(n, sizeof *solver->n_near);
    solver->cleanest = calloc(n, sizeof *solver->cleanest);
    return all && solver->near != NULL && solver->n_near != NULL && solver->cleanest != NULL;
}

int ls_combinatorial_open(int n_slots, int window_slots, ls_combinatorial **out, struct ls_error *error)
{
    assert(n_slots > 0 && n_slots <= LS_SLOTS_MAX && window_slots >= 0);
    ls_combinatorial *solver = calloc(1, sizeof *solver);
    if (solver != NULL) {
        solver->n_slots = n_slots;
        solver->window = window_slots < n_slots ? window_slots : n_slots - 1;
        solver->most_near = 2 * solver->window < n_slots ? 2 * solver->window : n_slots - 1;
    }
    if (solver == NULL || !allocate(solver)) {
        ls_combinatorial_close(solver);
        return ls_error_set(error, LS_ERR_MEMORY, "not enough memory for the exact engine");
    }
    solver->n_near[0] = -1;
    *out = solver;
    return LS_OK;
}

/* ---- the order of destinations */

static int16_t *near_of(const ls_combinatorial *solver, int slot)
{
    return solver->near + (size_t)slot * (size_t)solver->most_near;
}

/* Insertion keeps equally clean slots in their order. */
static int order_slots(ls_combinatorial *solver)
{
    int n = 0;
    for (int s = 0; s < solver->n_slots; s++) {
        if (isnan(solver->mef[s]))
            continue;
        int at = n++;
        for (; at > 0 && solver->mef[solver->cleanest[at - 1]] > solver->mef[s]; at--)
            solver->cleanest[at] = solver->cleanest[at - 1];
        solver->cleanest[at] = s;
    }
    return n;
}

static int first_near(const ls_combinatorial *solver, int slot)
{
    return slot > solver->window ? slot - solver->window : 0;
}

static int last_near(const ls_combinatorial *solver, int slot)
{
    return slot < solver->n_slots - solver->window ? slot + solver->window : solver->n_slots - 1;
}

/* Orders the neighbours of all slots, unless they are by these factors already. */
static void order_neighbours(ls_combinatorial *solver, const double *mef)
{
    size_t bytes = (size_t)solver->n_slots * sizeof *mef;
    if (solver->n_near[0] >= 0 && memcmp(solver->mef, mef, bytes) == 0)
        return;
    memcpy(solver->mef, mef, bytes);
    memset(solver->n_near, 0, (size_t)solver->n_slots * sizeof *solver->n_near);
    int n = order_slots(solver);
    for (int i = 0; i < n; i++) {
        int s = solver->cleanest[i];
        for (int t = first_near(solver, s); t <= last_near(solver, s); t++)
            if (t != s)
                near_of(solver, t)[solver->n_near[t]++] = (int16_t)s;
    }
    for (int t = 0; t < solver->n_slots; t++) {
        double earning = solver->n_near[t] > 0 ? mef[t] - mef[near_of(solver, t)[0]] : 0;
        solver->earning[t] = earning > LS_MEF_EPSILON ? earning * ROUNDED_UP : 0;
    }
}

/* ---- single sources */

/* What @p most_kwh from the slot save; the flows go to @p to_kwh unless it is NULL. */
static double fill(const ls_combinatorial *solver, int slot, double most_kwh, double *to_kwh)
{
    const int16_t *near = near_of(solver, slot);
    double gain_g = 0, left_kwh = most_kwh;
    for (int i = 0; i < solver->n_near[slot] && left_kwh > 0; i++) {
        double earning = solver->mef[slot] - solver->mef[near[i]];
        double kwh = ls_lesser(left_kwh, solver->room_kwh[near[i]]);
        if (!(earning > LS_MEF_EPSILON))
            break;
        gain_g += earning * kwh;
        left_kwh -= kwh;
        if (to_kwh != NULL)
            to_kwh[near[i]] = kwh;
    }
    return gain_g;
}

/* The rows of survey(), were all slots open; @p most_kwh holds ls_turn_most(). */
LS_CLONES static void survey_rows(int n, double smallest_kwh, const double *restrict earning,
                                  const double *restrict room_left_kwh, double *restrict room_kwh,
                                  double *restrict most_kwh, double *restrict most_g,
                                  double *restrict single_g)
{
    for (int t = 0; t < n; t++) {
        double most = most_kwh[t] > LS_KWH_EPSILON ? most_kwh[t] : 0;
        most = most < smallest_kwh ? 0 : most;
        most_kwh[t] = most;
        most_g[t] = earning[t] * most;
        single_g[t] = -1;
        room_kwh[t] = room_left_kwh[t] > 0 ? room_left_kwh[t] : 0; /* shared sums round to just below zero */
    }
}

/* Finds rooms, sources and what each source could save alone. */
static void survey(ls_combinatorial *solver, const struct ls_turn *turn)
{
    order_neighbours(solver, turn->mef);
    ls_turn_most(turn, solver->most_kwh);
    survey_rows(solver->n_slots, turn->smallest_kwh, solver->earning, turn->room_kwh, solver->room_kwh,
                solver->most_kwh, solver->most_g, solver->single_g);
    for (int t = 0; t < solver->n_slots; t++)
        if (!turn->open[t])
            solver->room_kwh[t] = solver->most_kwh[t] = solver->most_g[t] = 0;
    solver->solved[0] = NO_SLOT;
}

static double single(ls_combinatorial *solver, int slot)
{
    if (solver->single_g[slot] < 0)
        solver->single_g[slot] = fill(solver, slot, solver->most_kwh[slot], NULL);
    return solver->single_g[slot];
}

/* The slot that could save most alone; NO_SLOT when none could save anything. */
static int most_promising(const ls_combinatorial *solver)
{
    double top_g = ls_largest(solver->most_g, solver->n_slots);
    int slot = 0;
    if (!(top_g > 0))
        return NO_SLOT;
    while (solver->most_g[slot] < top_g)
        slot++;
    return slot;
}

/* The source that saves most alone; NO_SLOT when none saves anything. */
static int best_single(ls_combinatorial *solver)
{
    int best = NO_SLOT, promising = most_promising(solver);
    if (promising == NO_SLOT)
        return NO_SLOT;
    double best_g = 0, least_g = ls_greater(single(solver, promising) - BEHIND_G, 0);
    for (int t = 0; t < solver->n_slots; t++) {
        if (solver->most_g[t] <= least_g || single(solver, t) <= best_g + LS_GAIN_EPSILON)
            continue;
        best = t;
        best_g = solver->single_g[t];
    }
    return best;
}

/* Likewise, @p first left out. */
static int second_best(ls_combinatorial *solver, int first)
{
    double most_g = solver->most_g[first];
    solver->most_g[first] = 0;
    int second = best_single(solver);
    solver->most_g[first] = most_g;
    return second;
}

/* ---- pairs */

static struct ls_pair_source pair_source(const ls_combinatorial *solver, int slot)
{
    return (struct ls_pair_source){.slot = slot,
                                   .most_kwh = solver->most_kwh[slot],
                                   .near = near_of(solver, slot),
                                   .n_near = solver->n_near[slot]};
}

static struct ls_pair pair_of(const ls_combinatorial *solver, const struct ls_turn *turn, int t, int u)
{
    bool turned = solver->mef[t] < solver->mef[u];
    struct ls_pair pair = {.n_slots = solver->n_slots,
                           .window_slots = solver->window,
                           .mef = solver->mef,
                           .room_kwh = solver->room_kwh,
                           .a = pair_source(solver, turned ? u : t),
                           .b = pair_source(solver, turned ? t : u),
                           .together_kwh = turn->budget_kwh};
    if (turn->group[t] >= 0 && turn->group[t] == turn->group[u])
        pair.together_kwh = ls_lesser(pair.together_kwh, turn->group_left_kwh[turn->group[t]]);
    pair.through = ls_pair_through(&pair);
    return pair;
}

/* The best flows of the pair, t < u; they stay until another is solved. */
static const struct ls_pair_flows *solve_pair(ls_combinatorial *solver, const struct ls_pair *pair, int t,
                                              int u)
{
    if (solver->solved[0] != t || solver->solved[1] != u)
        solver->flows = ls_pair_solve(pair, &solver->work);
    solver->solved[0] = t;
    solver->solved[1] = u;
    return solver->flows;
}

static bool beats(double gain_g, const struct choice *choice)
{
    return gain_g > choice->gain_g + LS_GAIN_EPSILON;
}

static void try_pair(ls_combinatorial *solver, const struct ls_turn *turn, int t, int u,
                     struct choice *choice)
{
    int first = t < u ? t : u, second = t < u ? u : t;
    struct ls_pair pair = pair_of(solver, turn, first, second);
    double gain_g = solve_pair(solver, &pair, first, second)->gain_g;
    if (beats(gain_g, choice))
        *choice = (struct choice){gain_g, {first, second}};
}

/* Pairs by the sum of their savings alone; @p top_g is the largest of those. */
static void try_sums(ls_combinatorial *solver, const struct ls_turn *turn, double top_g,
                     struct choice *choice)
{
    const double *most_g = solver->most_g;
    for (int t = 0; t < solver->n_slots; t++) {
        if (!beats(most_g[t] + top_g, choice) || !beats(single(solver, t) + top_g, choice))
            continue;
        for (int u = t + 1; u < solver->n_slots; u++)
            if (beats(most_g[t] + most_g[u], choice) && beats(single(solver, t) + single(solver, u), choice))
                try_pair(solver, turn, t, u, choice);
    }
}

/* The factor of the cleanest slot that b could send to now; INFINITY when all are full. */
static double cleanest_end(const ls_combinatorial *solver, int b)
{
    for (int i = 0; i < solver->n_near[b]; i++)
        if (solver->room_kwh[near_of(solver, b)[i]] > 0)
            return solver->mef[near_of(solver, b)[i]];
    return INFINITY;
}

/*
 * Pairs in which a sends through b, whose room is less than could come. They may beat the sum of what both
 * save alone: b's room grows by what b sends. Such a kWh adds at most mef[a] - mef[b], and mef[a] - mef[end]
 * where b's own kWh saves nothing.
 */
static void try_through(ls_combinatorial *solver, const struct ls_turn *turn, struct choice *choice)
{
    const double *most_g = solver->most_g, *most_kwh = solver->most_kwh;
    double top_kwh = ls_largest(most_kwh, solver->n_slots);
    for (int b = 0; b < solver->n_slots; b++) {
        if (solver->room_kwh[b] >= top_kwh || !(most_kwh[b] > 0))
            continue;
        double end = ls_greater(solver->mef[b], cleanest_end(solver, b));
        for (int k = solver->n_near[b] - 1; k >= 0; k--) {
            int a = near_of(solver, b)[k];
            double earning = solver->mef[a] - end;
            if (!(earning > LS_MEF_EPSILON))
                break;
            double kwh = ls_lesser(most_kwh[b], most_kwh[a] - solver->room_kwh[b]);
            if (kwh > 0 && beats(most_g[a] + most_g[b] + earning * kwh, choice) &&
                beats(single(solver, a) + single(solver, b) + earning * kwh, choice))
                try_pair(solver, turn, a, b, choice);
        }
    }
}

static struct choice choose(ls_combinatorial *solver, const struct ls_turn *turn)
{
    struct choice choice = {0, {NO_SLOT, NO_SLOT}};
    int first = best_single(solver);
    double top_g = first != NO_SLOT ? solver->single_g[first] : 0;
    choice.gain_g = top_g;
    choice.slot[0] = first;
    if (turn->max_moves < 2)
        return choice;
    int second = first != NO_SLOT ? second_best(solver, first) : NO_SLOT;
    if (second != NO_SLOT) {
        try_pair(solver, turn, first, second, &choice);
        try_sums(solver, turn, top_g, &choice);
    }
    try_through(solver, turn, &choice);
    return choice;
}

/* ---- the answer */

static double sum_sent(const ls_combinatorial *solver, int k, int slot)
{
    double sum = 0;
    for (int s = first_near(solver, slot); s <= last_near(solver, slot); s++)
        sum += solver->to_kwh[k][s];
    return sum;
}

/* The flows of the choice in to_kwh; false when a source moves less than the smallest move. */
static bool lay_out(ls_combinatorial *solver, const struct ls_turn *turn, const struct choice *choice)
{
    int n = choice->slot[1] != NO_SLOT ? 2 : 1;
    bool large = true;
    for (int k = 0; k < n; k++)
        for (int s = first_near(solver, choice->slot[k]); s <= last_near(solver, choice->slot[k]); s++)
            solver->to_kwh[k][s] = 0;
    if (n == 2) {
        struct ls_pair pair = pair_of(solver, turn, choice->slot[0], choice->slot[1]);
        bool turned = pair.a.slot != choice->slot[0];
        ls_pair_split(&pair, solve_pair(solver, &pair, choice->slot[0], choice->slot[1]),
                      solver->to_kwh[turned], solver->to_kwh[!turned]);
    } else {
        (void)fill(solver, choice->slot[0], solver->most_kwh[choice->slot[0]], solver->to_kwh[0]);
    }
    for (int k = 0; turn->smallest_kwh > 0 && k < n; k++)
        large = large && sum_sent(solver, k, choice->slot[k]) >= turn->smallest_kwh;
    return large;
}

static size_t write_flows(const ls_combinatorial *solver, const struct choice *choice, struct ls_flow *flows)
{
    size_t n = 0;
    for (int k = 0; k < LS_COMBINATORIAL_MOVES && choice->slot[k] != NO_SLOT; k++)
        for (int s = first_near(solver, choice->slot[k]); s <= last_near(solver, choice->slot[k]); s++)
            if (solver->to_kwh[k][s] > LS_KWH_EPSILON)
                flows[n++] = (struct ls_flow){.source = choice->slot[k],
                                              .destination = s,
                                              .kwh = solver->to_kwh[k][s],
                                              .limited_by = LS_LIMIT_NONE};
    return n;
}

bool ls_combinatorial_serve(ls_combinatorial *solver, const struct ls_turn *turn, struct ls_flow *flows,
                            size_t *n_flows)
{
    assert(turn->n_slots == solver->n_slots);
    assert(solver->window == (turn->window_slots < turn->n_slots ? turn->window_slots : turn->n_slots - 1));
    if (turn->max_moves > LS_COMBINATORIAL_MOVES)
        return false;
    struct choice choice = {0, {NO_SLOT, NO_SLOT}};
    if (turn->max_moves > 0) {
        survey(solver, turn);
        choice = choose(solver, turn);
    }
    if (choice.slot[0] != NO_SLOT && !lay_out(solver, turn, &choice))
        return false;
    *n_flows = write_flows(solver, &choice, flows);
    return true;
}
