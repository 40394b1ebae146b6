/*
 * What a kWh of each source can save while rooms fill: the shared half of the greedy engine's bounds.
 *
 * A destination counts with unlimited room (wide) until a quantity did not fit; from then on (narrow) with
 * its room as it is, apart from the others.
 */
#ifndef LS_SOLVE_GREEDY_REACH_H
#define LS_SOLVE_GREEDY_REACH_H

#include "solve/account.h"
#include "solve/greedy_kernel.h"

#define LS_NOWHERE (-1)

/* A slot with little room, and who could use it. */
struct ls_greedy_narrow {
    int slot;
    int from, to;      /* its window */
    float *saving;     /* [to - from + 1] g/kWh from each slot to this one, 0 where it is no cleaner */
    float most_saving; /* the highest of them */
    double most_g;     /* what its room can save at most; 0: full */
};

struct ls_greedy_reach {
    struct ls_greedy_view view;
    const struct ls_account *account;
    bool changed; /* destinations have become narrow, or wide, since this was last set to false */
    const struct ls_greedy_narrow **not_full; /* [n_not_full] narrow destinations that have room */
    size_t n_not_full;
    /* the rest is greedy_reach.c's own */
    int *destination;
    double *runner_up;
    float *best, *best_limit, *coefficient, *limit;
    bool *is_narrow;
    double *refused_kwh; /* by destination: what did not fit when it became narrow */
    struct ls_greedy_narrow *narrow;
};

/* Arrays belong to the arena; peaks and budget of the view are set. LS_ERR_MEMORY, without a message. */
int ls_greedy_reach_open(struct ls_greedy_reach *reach, const struct ls_account *account,
                         struct ls_arena *arena);

/* A bound in single precision that is not below the value. */
static inline float ls_greedy_round_up(double value)
{
    return value > 0 ? (float)(value * (1 + LS_GREEDY_MARGIN)) : 0;
}

/* The slots that t may send to, and receive from. */
static inline int ls_greedy_window_start(const struct ls_greedy_reach *reach, int t)
{
    int window = reach->account->limits.window_slots;
    return t > window ? t - window : 0;
}

static inline int ls_greedy_window_end(const struct ls_greedy_reach *reach, int t)
{
    int window = reach->account->limits.window_slots, n = reach->account->day->n_slots;
    return t < n - window ? t + window : n - 1;
}

/* `kwh` did not fit into the destination: from now on it counts with its room. */
void ls_greedy_reach_refuse(struct ls_greedy_reach *reach, int s, double kwh);

/* Follows what a flow that was taken has changed; see below. */
void ls_greedy_reach_change(struct ls_greedy_reach *reach, const struct ls_flow *flow);

/* Rooms, budget and shared allowances have changed by a flow that was taken. */
static inline void ls_greedy_reach_follow(struct ls_greedy_reach *reach, const struct ls_flow *flow)
{
    if (reach->account->limits.peak_shared || reach->is_narrow[flow->source] ||
        reach->is_narrow[flow->destination])
        ls_greedy_reach_change(reach, flow);
}

/* What the source can save at most by sending `kwh` to the narrow destination [g]; it is in its window. */
static inline double ls_greedy_reach_bound(const struct ls_greedy_reach *reach,
                                           const struct ls_greedy_narrow *narrow, int t, double kwh)
{
    double room_kwh = reach->account->room_kwh[narrow->slot];
    return (double)narrow->saving[t - narrow->from] * (kwh < room_kwh ? kwh : room_kwh);
}

#endif
