#include "solve/greedy_reach.h"

#include <math.h>
#include <string.h>

#define WIDE_AGAIN 4 /* times the quantity that did not fit */

/* ---- destinations ---- */

/* g/kWh from t to s; 0 where that is refused or saves nothing. */
static double saving(const struct ls_greedy_reach *reach, int t, int s)
{
    const double *mef = reach->account->day->mef_g_per_kwh;
    const bool *open = reach->account->limits.open;
    return open[t] && open[s] && mef[s] < mef[t] - LS_MEF_EPSILON ? mef[t] - mef[s] : 0;
}

static void find_destination(struct ls_greedy_reach *reach, int t)
{
    double best = 0, other = 0;
    int destination = LS_NOWHERE;
    for (int s = ls_greedy_window_start(reach, t); s <= ls_greedy_window_end(reach, t); s++) {
        double g_per_kwh = reach->is_narrow[s] ? 0 : saving(reach, t, s);
        if (g_per_kwh > best) {
            other = best;
            best = g_per_kwh;
            destination = s;
        } else if (g_per_kwh < best && g_per_kwh > other) {
            other = g_per_kwh;
        } /* else as good, but later: never more than the first, which has the room */
    }
    reach->destination[t] = destination;
    reach->runner_up[t] = other;
    reach->coefficient[t] = ls_greedy_round_up(best);
}

static void list_narrow(struct ls_greedy_reach *reach)
{
    reach->n_not_full = 0;
    for (int s = 0; s < reach->account->day->n_slots; s++)
        if (reach->is_narrow[s] && reach->narrow[s].most_g > 0)
            reach->not_full[reach->n_not_full++] = &reach->narrow[s];
}

/* The room of a narrow destination has changed. */
static void follow_room(struct ls_greedy_reach *reach, int s)
{
    struct ls_greedy_narrow *narrow = &reach->narrow[s];
    double room_kwh = reach->account->room_kwh[s];
    bool was_full = narrow->most_g <= 0;
    narrow->most_g = room_kwh > LS_KWH_EPSILON ? (double)narrow->most_saving * room_kwh : 0;
    if (was_full != (narrow->most_g <= 0))
        list_narrow(reach);
}

static void set_narrow(struct ls_greedy_reach *reach, int s, bool narrow)
{
    reach->is_narrow[s] = narrow;
    reach->changed = true;
    follow_room(reach, s);
    list_narrow(reach);
    for (int t = ls_greedy_window_start(reach, s); t <= ls_greedy_window_end(reach, s); t++)
        find_destination(reach, t);
}

void ls_greedy_reach_refuse(struct ls_greedy_reach *reach, int s, double kwh)
{
    reach->refused_kwh[s] = kwh;
    set_narrow(reach, s, true);
}

/* ---- as flows are taken ---- */

static void follow_group(struct ls_greedy_reach *reach, int source)
{
    const struct ls_account *account = reach->account;
    int group = account->limits.group[source];
    if (group < 0)
        return;
    float left = ls_greedy_round_up(account->group_kwh[group]);
    for (int t = 0; t < account->day->n_slots; t++)
        if (account->limits.group[t] == group)
            reach->limit[t] = left;
}

void ls_greedy_reach_change(struct ls_greedy_reach *reach, const struct ls_flow *flow)
{
    const struct ls_account *account = reach->account;
    int t = flow->source, s = flow->destination;
    if (account->limits.peak_shared)
        follow_group(reach, t);
    if (reach->is_narrow[s])
        follow_room(reach, s);
    if (!reach->is_narrow[t])
        return;
    follow_room(reach, t);
    if (account->room_kwh[t] > WIDE_AGAIN * reach->refused_kwh[t])
        set_narrow(reach, t, false);
}

/* ---- before the first turn ---- */

static size_t padded(const struct ls_greedy_reach *reach)
{
    return (size_t)reach->view.index_mask + 1;
}

static void set_limits(struct ls_greedy_reach *reach)
{
    const struct ls_account *account = reach->account;
    const struct ls_limits *limits = &account->limits;
    float budget = ls_greedy_round_up(account->budget_kwh);
    reach->view.budget_kwh = budget;
    for (int t = 0; t < account->day->n_slots; t++) {
        bool shared = limits->group[t] >= 0 && limits->peak_shared;
        reach->limit[t] = shared ? ls_greedy_round_up(account->group_kwh[limits->group[t]]) : INFINITY;
        reach->best_limit[t] = fminf(reach->limit[t], budget);
    }
}

static void set_destinations(struct ls_greedy_reach *reach)
{
    int n = reach->account->day->n_slots;
    for (int t = 0; t < n; t++)
        find_destination(reach, t);
    memcpy(reach->best, reach->coefficient, (size_t)n * sizeof *reach->best);
    for (int s = 0; s < n; s++)
        if (reach->account->room_kwh[s] <= LS_KWH_EPSILON)
            ls_greedy_reach_refuse(reach, s, LS_KWH_EPSILON);
}

/* A row of savings for each destination, as long as its window. */
static int make_narrow(struct ls_greedy_reach *reach, struct ls_arena *arena)
{
    int n = reach->account->day->n_slots;
    size_t cells = 0;
    for (int s = 0; s < n; s++) {
        reach->narrow[s].slot = s;
        reach->narrow[s].from = ls_greedy_window_start(reach, s);
        reach->narrow[s].to = ls_greedy_window_end(reach, s);
        cells += (size_t)(reach->narrow[s].to - reach->narrow[s].from) + 1;
    }
    float *rows = ls_arena_space(arena, cells, sizeof *rows);
    if (rows == NULL)
        return LS_ERR_MEMORY;
    for (int s = 0; s < n; s++) {
        struct ls_greedy_narrow *narrow = &reach->narrow[s];
        narrow->saving = rows;
        for (int t = narrow->from; t <= narrow->to; t++, rows++) {
            *rows = ls_greedy_round_up(saving(reach, t, s));
            narrow->most_saving = fmaxf(narrow->most_saving, *rows);
        }
    }
    return 0;
}

/* The slots of each slot's peak, the first of all slots before the second. */
static int list_by_slot(struct ls_greedy_reach *reach, struct ls_arena *arena)
{
    struct ls_greedy_view *view = &reach->view;
    size_t n = (size_t)view->day->n_slots;
    for (int p = 0; p < view->n_peaks; p++)
        view->most_in_peak = view->peak[p].n > view->most_in_peak ? view->peak[p].n : view->most_in_peak;
    int *in_peak = ls_arena_array(arena, n * view->most_in_peak, sizeof *in_peak);
    if (in_peak == NULL)
        return LS_ERR_MEMORY;
    for (size_t t = 0; t < n; t++) {
        const struct ls_greedy_peak *peak = view->peak_of[t] >= 0 ? &view->peak[view->peak_of[t]] : NULL;
        for (size_t k = 0; k < view->most_in_peak; k++)
            in_peak[k * n + t] = peak != NULL && k < peak->n ? peak->slot[k] : LS_NOWHERE;
    }
    view->in_peak = in_peak;
    view->hour = reach->account->limits.hour;
    return 0;
}

/* Groups by their slots, when each customer has allowances of its own. */
static int make_peaks(struct ls_greedy_reach *reach, struct ls_arena *arena)
{
    const struct ls_account *account = reach->account;
    const struct ls_limits *limits = &account->limits;
    int n = account->day->n_slots, n_peaks = limits->peak_shared ? 0 : limits->n_groups;
    struct ls_greedy_peak *peaks = ls_arena_array(arena, (size_t)n_peaks, sizeof *peaks);
    int *slots = ls_arena_array(arena, (size_t)n, sizeof *slots),
        *peak_of = ls_arena_array(arena, padded(reach), sizeof *peak_of);
    if (peaks == NULL || slots == NULL || peak_of == NULL)
        return LS_ERR_MEMORY;
    for (int t = 0; t < n; t++)
        peak_of[t] = n_peaks > 0 ? limits->group[t] : LS_NOWHERE;
    for (int p = 0; p < n_peaks; p++) {
        struct ls_greedy_peak *peak = &peaks[p];
        peak->slot = slots;
        for (int t = 0; t < n; t++)
            if (peak_of[t] == p)
                *slots++ = t;
        peak->n = (size_t)(slots - peak->slot);
        /* Sums of many floats err by as many roundings. */
        peak->part = ls_greedy_round_up(limits->peak_fraction / account->day->quanta_per_kwh *
                                        (1 + 1.2e-7 * (double)peak->n));
    }
    reach->view.peak = peaks;
    reach->view.n_peaks = n_peaks;
    reach->view.peak_of = peak_of;
    reach->view.peak_fraction = limits->peak_fraction;
    return list_by_slot(reach, arena);
}

int ls_greedy_reach_open(struct ls_greedy_reach *reach, const struct ls_account *account,
                         struct ls_arena *arena)
{
    size_t n = (size_t)account->day->n_slots;
    float **const rows[] = {&reach->best, &reach->best_limit, &reach->coefficient, &reach->limit};
    *reach = (struct ls_greedy_reach){.account = account, .view = {.day = account->day, .index_mask = 1}};
    while (reach->view.index_mask < (int32_t)n - 1)
        reach->view.index_mask = 2 * reach->view.index_mask + 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((*rows[i] = ls_arena_array(arena, padded(reach), sizeof(float))) == NULL)
            return LS_ERR_MEMORY;
    reach->destination = ls_arena_array(arena, n, sizeof *reach->destination);
    reach->runner_up = ls_arena_array(arena, n, sizeof *reach->runner_up);
    reach->is_narrow = ls_arena_array(arena, n, sizeof *reach->is_narrow);
    reach->refused_kwh = ls_arena_array(arena, n, sizeof *reach->refused_kwh);
    reach->narrow = ls_arena_array(arena, n, sizeof *reach->narrow);
    reach->not_full = ls_arena_array(arena, n, sizeof *reach->not_full);
    if (reach->destination == NULL || reach->runner_up == NULL || reach->is_narrow == NULL ||
        reach->refused_kwh == NULL || reach->narrow == NULL || reach->not_full == NULL ||
        make_narrow(reach, arena) != 0 || make_peaks(reach, arena) != 0)
        return LS_ERR_MEMORY;
    struct ls_greedy_view *view = &reach->view;
    view->best = reach->best;
    view->destination = reach->destination;
    view->runner_up = reach->runner_up;
    view->best_limit = reach->best_limit;
    view->coefficient = reach->coefficient;
    view->limit = reach->limit;
    set_limits(reach);
    set_destinations(reach);
    reach->changed = false;
    return 0;
}
