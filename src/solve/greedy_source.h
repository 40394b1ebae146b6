/* What a customer's source has, in the arithmetic of greedy.c but with few branches: whether a slot lies in a
 * peak, say, no processor can foresee. */
#ifndef LS_SOLVE_GREEDY_SOURCE_H
#define LS_SOLVE_GREEDY_SOURCE_H

#include "solve/greedy.h"
#include "solve/greedy_kernel.h"

#include <math.h>

static inline double ls_lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double ls_greater(double a, double b)
{
    return a > b ? a : b;
}

/* 0, or the value where the condition does not hold. */
static inline double ls_unless(bool condition, double value)
{
    const double values[] = {value, 0};
    return values[condition];
}

/* The customer's own allowance for the source's peak before anybody moved; INFINITY outside of peaks. */
static inline double ls_greedy_allowance(const struct ls_greedy_view *view, const int32_t *usage, int t)
{
    double sum_kwh = 0;
    for (size_t k = 0; k < view->most_in_peak; k++) {
        int slot = view->in_peak[k * (size_t)view->day->n_slots + (size_t)t];
        int32_t quanta = usage[(slot > 0 ? slot : 0) * LS_LANES];
        quanta = slot >= 0 ? quanta : 0;
        sum_kwh += (quanta > 0 ? quanta : 0) / view->day->quanta_per_kwh;
    }
    return sum_kwh * view->peak_fraction + ls_unless(view->peak_of[t] >= 0, INFINITY);
}

/* Leaves most_kwh to the caller, who knows what was taken. */
static inline struct ls_greedy_source ls_greedy_measure(const struct ls_greedy_view *view, size_t customer,
                                                        int t)
{
    const struct ls_cityday *day = view->day;
    const int32_t *usage = day->usage + ls_cityday_tile_place(day->n_slots, customer, 0);
    double kwh = usage[t * LS_LANES] / day->quanta_per_kwh, floor_kwh = 0;
    if (day->floor_kwh != NULL)
        floor_kwh = day->floor_kwh[customer * LS_HOURS_A_DAY + (size_t)view->hour[t]];
    return (struct ls_greedy_source){.slot = t,
                                     .usage_kwh = kwh,
                                     .avail_kwh = kwh - ls_lesser(floor_kwh, kwh),
                                     .peak_kwh = ls_greedy_allowance(view, usage, t)};
}

#endif
