/*
 * Upper bounds on what each source of a customer can save, all slots at once, in single precision.
 *
 * A bound is coefficient * quantity, where the quantity is what stands above the floor, cut to the peak
 * allowance and to what else limits the source; slots with little room add a bound of their own. Coefficients
 * and rooms that the caller hands in are rounded up by LS_GREEDY_MARGIN, which is more than all roundings
 * here together: so a bound is never below what the exact arithmetic gives. Values are the same on every
 * machine: the operations are elementwise, without fused or reordered sums.
 */
#ifndef LS_SOLVE_GREEDY_KERNEL_H
#define LS_SOLVE_GREEDY_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define LS_GREEDY_MARGIN 1e-6 /* relative */

/* Which usage a peak allowance is a part of. */
enum ls_greedy_peaks {
    LS_GREEDY_PEAKS_NONE,    /* no allowances, or the city's own, which are in `limit` */
    LS_GREEDY_PEAKS_SINGLES, /* of the slot alone */
    LS_GREEDY_PEAKS_PAIRS,   /* of slots 2h and 2h + 1 */
    LS_GREEDY_PEAKS_ANY,     /* of any slots with the same group */
};

/* A slot with little room, and who could use it. */
struct ls_greedy_narrow {
    float room_kwh;  /* rounded up; 0: full */
    size_t from, to; /* slots whose window it is in, rounded out to multiples of LS_LANES */
    const float
        *saving; /* [to - from] g/kWh from each slot to this one, 0 where it is out of reach or no cleaner */
};

/* All arrays over slots are padded to `stride`, a multiple of LS_LANES, with what gives bounds of 0. */
struct ls_greedy_view {
    int n_slots;
    size_t stride;
    const float *avail_kwh; /* [n_customers * stride] */
    const int32_t *usage;   /* [n_customers * n_slots] */
    enum ls_greedy_peaks peaks;
    const float *peak_part; /* [stride] allowance a quantum of usage; 0 outside peaks */
    const float *peak_off;  /* [stride] 0 in peaks, INFINITY outside */
    int n_groups;
    const int *group;         /* [n_slots] -1: none; for LS_GREEDY_PEAKS_ANY */
    const float *best;        /* [stride] g/kWh that a source can save when nobody has moved */
    const float *best_limit;  /* [stride] limits on a source then, without peak allowances of its own */
    const float *coefficient; /* [stride] g/kWh that it can save now, narrow slots left out */
    const float *limit;       /* [stride] limits on it now, without those of `avail_kwh`, peaks and budget */
    float budget_kwh;
    const struct ls_greedy_narrow *const *narrow; /* [n_narrow] */
    size_t n_narrow;
    int32_t index_mask; /* 2^k - 1 >= stride - 1 */
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

struct ls_greedy_top {
    int32_t key[2]; /* the greatest, descending; 0: no more */
};

/* The greatest keys of a customer, with coefficients and rooms as they stand. */
struct ls_greedy_top ls_greedy_top_now(const struct ls_greedy_view *view, size_t customer);

/* The same, and what no plan of the customer can save: the sum of its `moves` greatest bounds when nobody has
 * moved, rounded up. */
struct ls_greedy_top ls_greedy_first_top(const struct ls_greedy_view *view, size_t customer, int moves,
                                         float *bound_g);

/* All bounds of one customer; `bounds_g` has `stride` places. */
void ls_greedy_bounds(const struct ls_greedy_view *view, size_t customer, float *bounds_g);

#endif
