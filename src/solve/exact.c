/*
 * Engines milp and lp: the exact optimum of one customer's turn, stated compactly and solved through the LP
 * seam; for milp only where combinatorial.c proves none.
 *
 * Columns are flows on pairs of slots and, for milp, a binary choice per source. A pair that raises emissions
 * is a column only where it can pay: leaving slot t makes room in t, which helps only when more could flow
 * into t than its room takes (see open_raising_pairs). Rows that cannot bind are left out. The choice of
 * sources made, the flows come from a second, continuous problem over the chosen sources alone, so that they
 * are a vertex and carry nothing of the integer tolerance; tidy() takes the last rounding off.
 */
#include "solve/combinatorial.h"
#include "solve/lp.h"
#include "solve/turn.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

struct pair {
    int source, destination;
};

/* Scratch of one engine. Sized by open() for any turn of n_slots and window; P = most pairs. */
struct exact {
    ls_lp *lp;
    ls_combinatorial *combinatorial; /* NULL for the engine lp */
    int n_slots;
    int window;        /* as given, at most n_slots - 1 */
    bool *source;      /* [n_slots] may send */
    bool *raising;     /* [n_slots] its raising pairs are columns */
    double *most_kwh;  /* [n_slots] what it could send alone; 0 where source is false */
    double *reach_kwh; /* [n_slots] what could flow into it */
    int n_pairs;
    struct pair *pairs; /* [P], by source, then destination: the problem's first columns */
    int n_choices;
    int *choice; /* [n_slots] source of each binary column; they follow the pairs */
    int *send_row, *smallest_row, *room_row, *peak_row; /* [n_slots] row, or -1 where it cannot bind */
    int budget_row;
    struct ls_lp_problem problem;
    double *gain, *column_low, *column_high, *row_low, *row_high, *value, *x;
    bool *integer;
    int *start, *row;
    double *net_kwh; /* [n_slots] in - out, for tidy() */
};

static void exact_close(void *scratch)
{
    struct exact *e = scratch;
    if (!e)
        return;
    ls_lp_close(e->lp);
    ls_combinatorial_close(e->combinatorial);
    void *const blocks[] = {
        e->source,       e->raising,  e->most_kwh, e->reach_kwh, e->pairs,      e->choice,      e->send_row,
        e->smallest_row, e->room_row, e->peak_row, e->gain,      e->column_low, e->column_high, e->row_low,
        e->row_high,     e->value,    e->x,        e->integer,   e->start,      e->row,         e->net_kwh};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        free(blocks[i]);
    free(e);
}

static bool allocate(struct exact *e, size_t n, size_t n_pairs)
{
    size_t columns = n_pairs + n;
    size_t rows = 4 * n + 2;              /* send, smallest, room, peak; choices, budget */
    size_t entries = 6 * n_pairs + 3 * n; /* a flow is in send, smallest, two rooms, peak, budget */
    e->source = calloc(n, sizeof *e->source);
    e->raising = calloc(n, sizeof *e->raising);
    e->most_kwh = calloc(n, sizeof *e->most_kwh);
    e->reach_kwh = calloc(n, sizeof *e->reach_kwh);
    e->pairs = calloc(n_pairs + 1, sizeof *e->pairs);
    e->choice = calloc(n, sizeof *e->choice);
    e->send_row = calloc(n, sizeof *e->send_row);
    e->smallest_row = calloc(n, sizeof *e->smallest_row);
    e->room_row = calloc(n, sizeof *e->room_row);
    e->peak_row = calloc(n, sizeof *e->peak_row);
    e->gain = calloc(columns, sizeof *e->gain);
    e->column_low = calloc(columns, sizeof *e->column_low);
    e->column_high = calloc(columns, sizeof *e->column_high);
    e->integer = calloc(columns, sizeof *e->integer);
    e->start = calloc(columns + 1, sizeof *e->start);
    e->row_low = calloc(rows, sizeof *e->row_low);
    e->row_high = calloc(rows, sizeof *e->row_high);
    e->row = calloc(entries, sizeof *e->row);
    e->value = calloc(entries, sizeof *e->value);
    e->x = calloc(columns, sizeof *e->x);
    e->net_kwh = calloc(n, sizeof *e->net_kwh);
    return e->source && e->raising && e->most_kwh && e->reach_kwh && e->pairs && e->choice && e->send_row &&
           e->smallest_row && e->room_row && e->peak_row && e->gain && e->column_low && e->column_high &&
           e->integer && e->start && e->row_low && e->row_high && e->row && e->value && e->x && e->net_kwh;
}

static int exact_open(int n_slots, int window_slots, void **scratch, struct ls_error *error)
{
    assert(n_slots > 0 && n_slots <= LS_SLOTS_MAX && window_slots >= 0);
    struct exact *e = calloc(1, sizeof *e);
    if (!e)
        return ls_error_set(error, LS_ERR_MEMORY, "not enough memory for the exact engine");
    e->n_slots = n_slots;
    e->window = window_slots < n_slots ? window_slots : n_slots - 1;
    size_t partners = (size_t)(2 * e->window < n_slots ? 2 * e->window : n_slots - 1);
    int code = LS_OK;
    if (!allocate(e, (size_t)n_slots, (size_t)n_slots * partners))
        code = ls_error_set(error, LS_ERR_MEMORY, "not enough memory for the exact engine");
    if (code == LS_OK)
        code = ls_lp_open(4 * n_slots + 2, &e->lp, error);
    if (code != LS_OK) {
        exact_close(e);
        return code;
    }
    *scratch = e;
    return LS_OK;
}

/* What may still leave the slot's peak hour. */
static double group_left(const struct ls_turn *turn, int slot)
{
    return turn->group[slot] < 0 ? INFINITY : turn->group_left_kwh[turn->group[slot]];
}

static double room(const struct ls_turn *turn, int slot)
{
    return fmax(turn->room_kwh[slot], 0); /* shared sums round to just below zero */
}

static bool cleaner(const struct ls_turn *turn, int source, int destination)
{
    return turn->mef[destination] < turn->mef[source] - LS_MEF_EPSILON;
}

static int first_slot(const struct exact *e, int slot)
{
    return slot > e->window ? slot - e->window : 0;
}

static int last_slot(const struct exact *e, int slot)
{
    return slot + e->window < e->n_slots ? slot + e->window : e->n_slots - 1;
}

/* Whether the pair is a column of the problem. */
static bool has_pair(const struct exact *e, const struct ls_turn *turn, int source, int destination)
{
    return e->source[source] && turn->open[destination] && source != destination &&
           (e->raising[source] || cleaner(turn, source, destination));
}

/* Marks the slots that could send on their own; true when some pair of them saves anything. */
static bool find_sources(struct exact *e, const struct ls_turn *turn, double smallest_kwh)
{
    bool any = false;
    for (int t = 0; t < e->n_slots; t++) {
        double most =
            turn->open[t] ? fmin(fmin(turn->avail_kwh[t], group_left(turn, t)), turn->budget_kwh) : 0;
        e->raising[t] = false;
        e->source[t] = most > LS_KWH_EPSILON && most >= smallest_kwh;
        e->most_kwh[t] = e->source[t] ? most : 0;
        for (int s = first_slot(e, t); e->source[t] && !any && s <= last_slot(e, t); s++)
            any = has_pair(e, turn, t, s);
    }
    return any;
}

/* The most that at most @p n_others sources can send into @p slot over the pairs there are. */
static double reach(const struct exact *e, const struct ls_turn *turn, int slot, int n_others)
{
    double sum = 0, largest = 0;
    for (int u = first_slot(e, slot); u <= last_slot(e, slot); u++) {
        if (!has_pair(e, turn, u, slot))
            continue;
        sum += e->most_kwh[u];
        largest = fmax(largest, e->most_kwh[u]);
    }
    return fmin(sum, (double)n_others * largest);
}

/*
 * Opens the raising pairs of each source whose room the pairs so far could fill, until nothing changes.
 * Exact: where they stay closed, take an optimum that uses them and drop those flows. What can flow in fits
 * without them; in the slots they led to less arrives; other limits only loosen; the saving does not fall. (A
 * sender is one of the max_moves sources itself, so at most max_moves - 1 others send into it.) With a
 * smallest move a raising flow may be what lifts a source over it, so all are open.
 */
static void open_raising_pairs(struct exact *e, const struct ls_turn *turn, int max_moves,
                               double smallest_kwh)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (int t = 0; t < e->n_slots; t++) {
            if (!e->source[t] || e->raising[t])
                continue;
            if (smallest_kwh > 0 || (max_moves > 1 && reach(e, turn, t, max_moves - 1) > room(turn, t))) {
                e->raising[t] = true;
                changed = true;
            }
        }
    }
}

static int add_row(struct exact *e, double low, double high)
{
    int row = e->problem.n_rows++;
    e->row_low[row] = low;
    e->row_high[row] = high;
    return row;
}

/* Rows of one slot as source and destination; @p choose: its sending is switched by a binary column. */
static void add_slot_rows(struct exact *e, const struct ls_turn *turn, int slot, bool choose, int max_moves,
                          double smallest_kwh)
{
    e->send_row[slot] = e->smallest_row[slot] = e->room_row[slot] = -1;
    if (e->source[slot]) {
        e->send_row[slot] = add_row(e, -INFINITY, choose ? 0 : e->most_kwh[slot]);
        if (smallest_kwh > 0)
            e->smallest_row[slot] = add_row(e, choose ? 0 : smallest_kwh, INFINITY);
    }
    if (turn->open[slot] && reach(e, turn, slot, max_moves) > room(turn, slot))
        e->room_row[slot] = add_row(e, -INFINITY, room(turn, slot));
}

/* Peak and budget rows, where their sources together could exceed them. */
static void add_shared_rows(struct exact *e, const struct ls_turn *turn)
{
    double all = 0;
    for (int t = 0; t < e->n_slots; t++) {
        e->peak_row[t] = -1;
        all += e->most_kwh[t];
    }
    e->budget_row = all > turn->budget_kwh ? add_row(e, -INFINITY, turn->budget_kwh) : -1;
    for (int t = 0; t < e->n_slots; t++) {
        if (!e->source[t] || turn->group[t] < 0 || e->peak_row[t] >= 0)
            continue;
        double together = 0;
        for (int u = t; u < e->n_slots; u++)
            together += turn->group[u] == turn->group[t] ? e->most_kwh[u] : 0;
        if (together <= group_left(turn, t))
            continue;
        int row = add_row(e, -INFINITY, group_left(turn, t));
        for (int u = t; u < e->n_slots; u++)
            if (turn->group[u] == turn->group[t])
                e->peak_row[u] = row;
    }
}

static void add_entry(struct exact *e, int *n, int row, double value)
{
    if (row < 0)
        return;
    e->row[*n] = row;
    e->value[*n] = value;
    ++*n;
}

static int add_column(struct exact *e, double gain, double high, bool integer)
{
    int column = e->problem.n_columns++;
    e->gain[column] = gain;
    e->column_low[column] = 0;
    e->column_high[column] = high;
    e->integer[column] = integer;
    return column;
}

static void add_flow_columns(struct exact *e, const struct ls_turn *turn, int *n)
{
    for (int t = 0; t < e->n_slots; t++)
        for (int s = first_slot(e, t); s <= last_slot(e, t); s++) {
            if (!has_pair(e, turn, t, s))
                continue;
            e->pairs[e->n_pairs++] = (struct pair){t, s};
            int column = add_column(e, turn->mef[t] - turn->mef[s], INFINITY, false);
            add_entry(e, n, e->send_row[t], 1);
            add_entry(e, n, e->smallest_row[t], 1);
            add_entry(e, n, e->room_row[s], 1);
            add_entry(e, n, e->room_row[t], -1);
            add_entry(e, n, e->peak_row[t], 1);
            add_entry(e, n, e->budget_row, 1);
            e->start[column + 1] = *n;
        }
}

/* States the problem of the present sources: with a binary choice of at most @p max_moves, or of all of them.
 */
static void state(struct exact *e, const struct ls_turn *turn, bool choose, int max_moves,
                  double smallest_kwh)
{
    e->problem.n_rows = e->problem.n_columns = 0;
    e->n_pairs = e->n_choices = 0;
    e->start[0] = 0;
    for (int t = 0; t < e->n_slots; t++)
        add_slot_rows(e, turn, t, choose, max_moves, smallest_kwh);
    add_shared_rows(e, turn);
    int n = 0;
    add_flow_columns(e, turn, &n);
    if (choose) {
        int count_row = add_row(e, -INFINITY, max_moves);
        for (int t = 0; t < e->n_slots; t++) {
            if (!e->source[t])
                continue;
            e->choice[e->n_choices++] = t;
            int column = add_column(e, 0, 1, true);
            add_entry(e, &n, e->send_row[t], -e->most_kwh[t]);
            add_entry(e, &n, e->smallest_row[t], -smallest_kwh);
            add_entry(e, &n, count_row, 1);
            e->start[column + 1] = n;
        }
    }
    e->problem.gain = e->gain;
    e->problem.column_low = e->column_low;
    e->problem.column_high = e->column_high;
    e->problem.integer = choose ? e->integer : NULL;
    e->problem.row_low = e->row_low;
    e->problem.row_high = e->row_high;
    e->problem.start = e->start;
    e->problem.row = e->row;
    e->problem.value = e->value;
    e->problem.seconds = turn->seconds;
}

/* Keeps as sources only those that the binary columns chose. */
static void keep_chosen(struct exact *e)
{
    for (int k = 0; k < e->n_choices; k++)
        if (e->x[e->n_pairs + k] < 0.5) {
            e->source[e->choice[k]] = false;
            e->most_kwh[e->choice[k]] = 0;
        }
}

/* What flows are summed over by a limit. */
enum sum { BY_SOURCE, BY_DESTINATION, BY_GROUP, OF_ALL };

static bool counts(const struct ls_turn *turn, const struct pair *pair, enum sum sum, int key)
{
    switch (sum) {
    case BY_SOURCE:
        return pair->source == key;
    case BY_DESTINATION:
        return pair->destination == key;
    case BY_GROUP:
        return turn->group[pair->source] == key;
    case OF_ALL:
        break;
    }
    return true;
}

static void take_off(struct exact *e, const struct ls_turn *turn, enum sum sum, int key, double excess_kwh)
{
    for (int k = e->n_pairs - 1; k >= 0 && excess_kwh > 0; k--) {
        if (!counts(turn, &e->pairs[k], sum, key))
            continue;
        double part = fmin(excess_kwh, e->x[k]);
        e->x[k] -= part;
        e->net_kwh[e->pairs[k].destination] -= part;
        e->net_kwh[e->pairs[k].source] += part;
        excess_kwh -= part;
    }
}

static void hold_sum(struct exact *e, const struct ls_turn *turn, enum sum sum, int key, double most_kwh)
{
    double all = 0;
    for (int k = 0; k < e->n_pairs; k++)
        all += counts(turn, &e->pairs[k], sum, key) ? e->x[k] : 0;
    take_off(e, turn, sum, key, all - most_kwh);
}

/*
 * Brings flows that are right to the solver's tolerance within the limits themselves. Taking a flow off
 * loosens all of them but the room of its source, so rooms come last, and are swept until none is exceeded:
 * the dust wanders up a chain of flows, which is at most n_slots long.
 */
static void tidy(struct exact *e, const struct ls_turn *turn)
{
    for (int t = 0; t < e->n_slots; t++)
        e->net_kwh[t] = 0;
    for (int k = 0; k < e->n_pairs; k++) {
        if (!(e->x[k] > LS_KWH_EPSILON))
            e->x[k] = 0;
        e->net_kwh[e->pairs[k].destination] += e->x[k];
        e->net_kwh[e->pairs[k].source] -= e->x[k];
    }
    for (int t = 0; t < e->n_slots; t++)
        if (e->source[t])
            hold_sum(e, turn, BY_SOURCE, t, e->most_kwh[t]);
    for (int g = 0; g < turn->n_groups; g++)
        hold_sum(e, turn, BY_GROUP, g, turn->group_left_kwh[g]);
    hold_sum(e, turn, OF_ALL, 0, turn->budget_kwh);
    bool over = true;
    for (int sweep = 0; sweep < e->n_slots && over; sweep++) {
        over = false;
        for (int s = 0; s < e->n_slots; s++) {
            double excess_kwh = e->net_kwh[s] - room(turn, s);
            if (!(excess_kwh > 0))
                continue;
            take_off(e, turn, BY_DESTINATION, s, excess_kwh);
            over = true;
        }
    }
}

static size_t write_flows(const struct exact *e, struct ls_flow *flows)
{
    size_t n = 0;
    for (int k = 0; k < e->n_pairs; k++)
        if (e->x[k] > LS_KWH_EPSILON)
            flows[n++] = (struct ls_flow){.source = e->pairs[k].source,
                                          .destination = e->pairs[k].destination,
                                          .kwh = e->x[k],
                                          .limited_by = LS_LIMIT_NONE};
    return n;
}

/* Solves the stated problem; *@p solved says whether x holds an answer, *@p proven drops when it is no
 * optimum. */
static int answer(struct exact *e, bool *solved, bool *proven, struct ls_error *error)
{
    enum ls_lp_outcome outcome;
    double gain_g;
    int code = ls_lp_solve(e->lp, &e->problem, &outcome, &gain_g, e->x, error);
    if (code != LS_OK)
        return code;
    *solved = outcome == LS_LP_OPTIMAL || outcome == LS_LP_FEASIBLE;
    if (outcome != LS_LP_OPTIMAL)
        *proven = false;
    return LS_OK;
}

/* The optimum with at most @p max_moves sources, each moving nothing or at least @p smallest_kwh. */
static int optimise(struct exact *e, const struct ls_turn *turn, int max_moves, double smallest_kwh,
                    struct ls_flow *flows, size_t *n_flows, bool *proven, struct ls_error *error)
{
    assert(turn->n_slots == e->n_slots);
    assert(e->window == (turn->window_slots < e->n_slots ? turn->window_slots : e->n_slots - 1));
    bool solved = true, optimal = true;
    size_t n = 0;
    if (max_moves > 0 && find_sources(e, turn, smallest_kwh)) {
        open_raising_pairs(e, turn, max_moves, smallest_kwh);
        int n_sources = 0;
        for (int t = 0; t < e->n_slots; t++)
            n_sources += e->source[t];
        if (n_sources > max_moves || smallest_kwh > 0) {
            state(e, turn, true, max_moves, smallest_kwh);
            int code = answer(e, &solved, &optimal, error);
            if (code != LS_OK)
                return code;
            if (solved)
                keep_chosen(e);
        }
        if (solved) {
            state(e, turn, false, max_moves, smallest_kwh);
            int code = answer(e, &solved, &optimal, error);
            if (code != LS_OK)
                return code;
        }
        if (solved) {
            tidy(e, turn);
            n = write_flows(e, flows);
        }
    }
    *n_flows = n;
    *proven = optimal;
    return LS_OK;
}

static int milp_open(int n_slots, int window_slots, void **scratch, struct ls_error *error)
{
    void *made = NULL;
    int code = exact_open(n_slots, window_slots, &made, error);
    if (code != LS_OK)
        return code;
    code = ls_combinatorial_open(n_slots, window_slots, &((struct exact *)made)->combinatorial, error);
    if (code != LS_OK) {
        exact_close(made);
        return code;
    }
    *scratch = made;
    return LS_OK;
}

static int milp_serve(void *scratch, const struct ls_turn *turn, struct ls_flow *flows, size_t *n_flows,
                      bool *proven, struct ls_error *error)
{
    struct exact *e = scratch;
    if (turn->solver == LS_SOLVER_AUTO && ls_combinatorial_serve(e->combinatorial, turn, flows, n_flows)) {
        *proven = true;
        return LS_OK;
    }
    return optimise(scratch, turn, turn->max_moves, turn->smallest_kwh, flows, n_flows, proven, error);
}

static int lp_serve(void *scratch, const struct ls_turn *turn, struct ls_flow *flows, size_t *n_flows,
                    bool *proven, struct ls_error *error)
{
    return optimise(scratch, turn, INT_MAX, 0, flows, n_flows, proven, error);
}

const struct ls_engine_ops ls_engine_milp = {
    .face = {.name = "milp",
             .help =
                 "The exact optimum of each customer in turn; a source may split over several destinations.",
             .exact = true},
    .open = milp_open,
    .serve = milp_serve,
    .close = exact_close,
};

const struct ls_engine_ops ls_engine_lp = {
    .face = {.name = "lp",
             .help = "As milp without a limit on the number of moves: what each customer could save at most.",
             .exact = true,
             .ignores_quota = true},
    .open = exact_open,
    .serve = lp_serve,
    .close = exact_close,
};
