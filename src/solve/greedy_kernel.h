/*
 * Upper bounds on what each source of a customer can save, a tile of customers at once, in single precision.
 *
 * A bound is coefficient * quantity, where the quantity is what stands above the floor, cut to the peak
 * allowance and to what else limits the source. Destinations that fill up are left out. Coefficients and
 * limits that the caller hands in are rounded up by LS_GREEDY_MARGIN, which is more than all roundings here
 * together: so a bound is never below what the exact arithmetic gives. Values are the same on every machine:
 * a lane is a customer, whose slots are looked at in turn, without fused operations.
 */
#ifndef LS_SOLVE_GREEDY_KERNEL_H
#define LS_SOLVE_GREEDY_KERNEL_H

#include "solve/turn.h"

#define LS_GREEDY_MARGIN   1e-6 /* relative */
#define LS_GREEDY_KEYS     4 /* a customer: for two moves, of which one spoils the other half of its hour */
#define LS_GREEDY_KEYS_ONE 2 /* for one move */
#define LS_GREEDY_BEST     2 /* bounds that are summed */
#define LS_GAIN_ROUNDING   4e-16 /* of a sum with LS_GAIN_EPSILON, relative */

/* Slots that share a peak allowance of each customer's own. */
struct ls_greedy_peak {
    float part;      /* of a quantum of their usage [kWh], rounded up */
    const int *slot; /* [n] */
    size_t n;
};

/* Arrays over slots that are sized `padded` have as many places as there are numbers that a key may name. */
struct ls_greedy_view {
    const struct ls_cityday *day;
    const int *hour;                   /* [n_slots] of the wall clock */
    const struct ls_greedy_peak *peak; /* [n_peaks] */
    int n_peaks;
    const int *peak_of; /* [padded] -1: none */
    double peak_fraction;
    const int *in_peak; /* [most_in_peak * n_slots] the slots of a slot's peak, ascending; -1: no more */
    size_t most_in_peak;
    const float *best;        /* [padded] g/kWh that a source can save when nobody has moved */
    const float *best_limit;  /* [n_slots] limits on a source then, without the customer's own */
    const float *coefficient; /* [n_slots] g/kWh that it can save now */
    const int *destination;  /* [n_slots] where that is: the cleanest wide one, lowest slot first; -1: none */
    const double *runner_up; /* [n_slots] what any other wide one saves at most [g/kWh] */
    const float *limit;      /* [n_slots] limits on it now, without the customer's own and the budget */
    float budget_kwh;
    int32_t index_mask; /* 2^k - 1 >= n_slots - 1 */
    int most_moves;     /* of a customer */
    double pairs;       /* of source and destination, in all */
};

/*
 * A bound and its slot in one number: the bits of the float, the lowest k of them replaced by mask - slot. So
 * the greater key has the greater bound or, up to 2^(k-23), the lower slot, and no two are equal.
 */
static inline int ls_greedy_key_slot(const struct ls_greedy_view *view, int32_t key)
{
    return view->index_mask - (key & view->index_mask);
}

/* No bound with this key, or a lower one, is greater. */
static inline float ls_greedy_key_bound(const struct ls_greedy_view *view, int32_t key)
{
    union {
        int32_t bits;
        float value;
    } bound = {.bits = key | view->index_mask};
    return bound.value;
}

/* What a tile's customers can save, a lane each. */
struct ls_greedy_outlook {
    int32_t key[LS_GREEDY_KEYS][LS_LANES]; /* the greatest as things stand, descending; 0: no more */
    int n_keys;
    float best_g[LS_GREEDY_BEST][LS_LANES]; /* the greatest bounds when nobody has moved */
    float all_g[LS_LANES];                  /* sum of all bounds then, when most_moves is more than that */
};

/* Looks at the tile, with coefficients and limits as they stand; `allowance_kwh` has LS_LANES places a peak.
 */
void ls_greedy_look(const struct ls_greedy_view *view, size_t tile, float *allowance_kwh,
                    struct ls_greedy_outlook *out);

/* What two scans may differ by that leave out different pairs: see greedy_day.c [g]. */
static inline double ls_greedy_slack(const struct ls_greedy_view *view, double gain_g)
{
    return view->pairs * LS_GAIN_EPSILON + view->pairs * LS_GAIN_ROUNDING * gain_g;
}

/* All bounds of one customer as things stand; `bounds_g` has n_slots places. */
void ls_greedy_bounds(const struct ls_greedy_view *view, size_t customer, float *bounds_g);

/* The sum of the customer's `moves` greatest bounds when nobody has moved [g]; uses up `bounds_g`. */
double ls_greedy_sum_best(const struct ls_greedy_view *view, size_t customer, int moves, float *bounds_g);

#endif
