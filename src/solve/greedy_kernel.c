/*
 * Loops over tiles, written to be vectorised; see greedy_kernel.h.
 *
 * Bounds are not negative, and floats that are not negative compare as the integers of their bits: so maxima
 * are taken of integers, which compilers vectorise without being allowed to reorder sums.
 */
#include "solve/greedy_kernel.h"

#include "base/clones.h"

#include <math.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc does not contract in ISO mode */
#endif
/* Vectors wider than the machine's go between inline functions alone, so no calling convention matters. */
#pragma GCC diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

/* A tile; narrower units take it in parts. */
typedef float lanes __attribute__((vector_size(LS_LANES * sizeof(float))));
typedef int32_t ints __attribute__((vector_size(LS_LANES * sizeof(int32_t))));

INLINE lanes load(const float *from)
{
    lanes value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* By its bits, since gcc 12 broadcasts floats lane by lane where the unit is chosen at run time. */
INLINE lanes all(float value)
{
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (lanes)(bits - (ints){0});
}

/* Element by element, which compilers know to be one instruction for integers. */
INLINE ints greater(ints a, ints b)
{
    ints greatest = {0};
    for (int i = 0; i < LS_LANES; i++)
        greatest[i] = a[i] > b[i] ? a[i] : b[i];
    return greatest;
}

INLINE ints smaller(ints a, ints b)
{
    ints least = {0};
    for (int i = 0; i < LS_LANES; i++)
        least[i] = a[i] < b[i] ? a[i] : b[i];
    return least;
}

INLINE lanes lesser(lanes a, lanes b)
{
    ints mask = a < b;
    return (lanes)((mask & (ints)a) | (~mask & (ints)b));
}

/* Puts a number where it belongs among the greatest ones, which descend. */
INLINE void rank(ints *greatest, int n, ints number)
{
#pragma GCC unroll 8
    for (int i = 0; i < n; i++) {
        ints less = smaller(greatest[i], number);
        greatest[i] = greater(greatest[i], number);
        number = less;
    }
}

/* What each peak allows each customer of the tile. */
INLINE void allow(const struct ls_greedy_view *view, size_t tile, float *allowance)
{
    const int32_t *usage = view->day->usage + tile * (size_t)view->day->n_slots * LS_LANES;
    for (int p = 0; p < view->n_peaks; p++) {
        const struct ls_greedy_peak *peak = &view->peak[p];
        lanes sum = {0};
        for (size_t i = 0; i < peak->n; i++) {
            ints quanta;
            memcpy(&quanta, usage + (size_t)peak->slot[i] * LS_LANES, sizeof quanta);
            sum += __builtin_convertvector(greater(quanta, (ints){0}), lanes);
        }
        sum *= all(peak->part);
        memcpy(allowance + (size_t)p * LS_LANES, &sum, sizeof sum);
    }
}

/* Energy above the floor, cut to the customers' own peak allowances. */
INLINE lanes may_leave(const struct ls_greedy_view *view, const float *avail_kwh, const float *allowance,
                       int t)
{
    lanes kwh = load(avail_kwh + (size_t)t * LS_LANES);
    int peak = view->peak_of[t];
    return peak >= 0 ? lesser(kwh, load(allowance + (size_t)peak * LS_LANES)) : kwh;
}

/* A bound and its slot in one number. */
INLINE ints key_of(lanes bound, int t, int32_t mask)
{
    return ((ints)bound & ~mask) | (mask - t);
}

INLINE void look(const struct ls_greedy_view *view, size_t tile, int n_keys, int n_best, bool summed,
                 float *allowance_kwh, struct ls_greedy_outlook *out)
{
    const int n = view->day->n_slots;
    const float *avail_kwh = view->day->avail_kwh + tile * (size_t)n * LS_LANES;
    const lanes budget = all(view->budget_kwh);
    ints key[LS_GREEDY_KEYS] = {{0}}, best[LS_GREEDY_BEST] = {{0}};
    lanes sum = {0};
    allow(view, tile, allowance_kwh);
    for (int t = 0; t < n; t++) {
        if (view->best[t] <= 0)
            continue;
        lanes kwh = may_leave(view, avail_kwh, allowance_kwh, t);
        lanes best_now = all(view->best[t]) * lesser(kwh, all(view->best_limit[t]));
        rank(best, n_best, (ints)best_now);
        if (summed)
            sum += best_now;
        lanes most = lesser(lesser(kwh, all(view->limit[t])), budget);
        rank(key, n_keys, key_of(all(view->coefficient[t]) * most, t, view->index_mask));
    }
    memcpy(out->key, key, (size_t)n_keys * sizeof *key);
    memcpy(out->best_g, best, (size_t)n_best * sizeof *best);
    memcpy(out->all_g, &sum, sizeof sum);
    out->n_keys = n_keys;
}

LS_CLONES void ls_greedy_look(const struct ls_greedy_view *view, size_t tile, float *allowance_kwh,
                              struct ls_greedy_outlook *out)
{
    if (view->most_moves == 1)
        look(view, tile, LS_GREEDY_KEYS_ONE, 1, false, allowance_kwh, out);
    else if (view->most_moves <= LS_GREEDY_BEST)
        look(view, tile, LS_GREEDY_KEYS, LS_GREEDY_BEST, false, allowance_kwh, out);
    else
        look(view, tile, LS_GREEDY_KEYS, LS_GREEDY_BEST, true, allowance_kwh, out);
}

/* ---- one customer ---- */

/* What may leave a slot, the budget and what customers share aside. */
static float may_leave_one(const struct ls_greedy_view *view, size_t customer, int t)
{
    const struct ls_cityday *day = view->day;
    const int32_t *usage = day->usage + ls_cityday_tile_place(day->n_slots, customer, 0);
    float kwh = day->avail_kwh[ls_cityday_tile_place(day->n_slots, customer, t)];
    if (view->peak_of[t] < 0)
        return kwh;
    const struct ls_greedy_peak *peak = &view->peak[view->peak_of[t]];
    float quanta = 0;
    for (size_t i = 0; i < peak->n; i++)
        quanta += fmaxf((float)usage[peak->slot[i] * LS_LANES], 0);
    float allowance_kwh = peak->part * quanta;
    return kwh < allowance_kwh ? kwh : allowance_kwh;
}

static float least(float a, float b)
{
    return a < b ? a : b;
}

void ls_greedy_bounds(const struct ls_greedy_view *view, size_t customer, float *bounds_g)
{
    for (int t = 0; t < view->day->n_slots; t++) {
        bounds_g[t] = 0;
        if (view->best[t] <= 0)
            continue;
        float most = least(least(may_leave_one(view, customer, t), view->limit[t]), view->budget_kwh);
        bounds_g[t] = view->coefficient[t] * most;
    }
}

double ls_greedy_sum_best(const struct ls_greedy_view *view, size_t customer, int moves, float *bounds_g)
{
    int n = view->day->n_slots;
    double sum_g = 0;
    for (int t = 0; t < n; t++) {
        bounds_g[t] = view->best[t] > 0
                          ? view->best[t] * least(may_leave_one(view, customer, t), view->best_limit[t])
                          : 0;
        sum_g += (double)bounds_g[t];
    }
    if (moves >= n)
        return sum_g;
    sum_g = 0;
    for (int k = 0; k < moves; k++) {
        int highest = 0;
        for (int t = 1; t < n; t++)
            highest = bounds_g[t] > bounds_g[highest] ? t : highest;
        sum_g += (double)bounds_g[highest];
        bounds_g[highest] = 0;
    }
    return sum_g;
}
