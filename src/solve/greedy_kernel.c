/*
 * Loops over whole rows, written to be vectorised; see greedy_kernel.h.
 *
 * Bounds are not negative, and floats that are not negative compare as the integers of their bits: so maxima
 * are taken of integers, which compilers vectorise without being allowed to reorder sums.
 */
#include "solve/greedy_kernel.h"

#include "base/clones.h"

#include <loadscope/cityday.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc does not contract in ISO mode */
#endif
#define INLINE static inline __attribute__((always_inline))

#define COMMON_STRIDE 48 /* half-hours of most days: worth a copy of the loops */

/* As many slots as the widest unit takes; narrower ones take them in parts. */
typedef float lanes __attribute__((vector_size(LS_LANES * sizeof(float))));
typedef int32_t ints __attribute__((vector_size(LS_LANES * sizeof(int32_t))));

/* What one customer may send away, block by block. */
struct row {
    lanes kwh[LS_SLOTS_MAX / LS_LANES + 1]; /* when nobody has moved, budget aside */
};

INLINE lanes load(const float *from)
{
    lanes value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE lanes all(float value)
{
    return value - (lanes){0};
}

INLINE lanes lesser(lanes a, lanes b)
{
    ints mask = a < b;
    return (lanes)((mask & (ints)a) | (~mask & (ints)b));
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

/* The greatest of all lanes. */
INLINE int32_t greatest(ints a)
{
    a = greater(a, __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    a = greater(a, __builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    a = greater(a, __builtin_shufflevector(a, a, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    a = greater(a, __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
    return a[0];
}

INLINE float float_of(int32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Usage of a block as float, 0 where missing; the row itself is not padded. */
INLINE lanes load_usage(const struct ls_greedy_view *view, size_t customer, size_t t)
{
    size_t n = (size_t)view->n_slots;
    ints quanta = {0};
    const int32_t *from = view->usage + customer * n + t;
    if (t + LS_LANES <= n)
        memcpy(&quanta, from, sizeof quanta);
    else if (t < n)
        memcpy(&quanta, from, (n - t) * sizeof *from);
    return __builtin_convertvector(greater(quanta, (ints){0}), lanes);
}

/* Usage of each slot's group; any slots may make up one. */
static void add_groups(const struct ls_greedy_view *view, size_t customer, float *usage)
{
    float sum[LS_SLOTS_MAX];
    const int32_t *row = view->usage + customer * (size_t)view->n_slots;
    for (int g = 0; g < view->n_groups; g++)
        sum[g] = 0;
    for (int t = 0; t < view->n_slots; t++)
        if (view->group[t] >= 0 && row[t] > 0)
            sum[view->group[t]] += (float)row[t];
    for (int t = 0; t < view->n_slots; t++)
        usage[t] = view->group[t] >= 0 ? sum[view->group[t]] : 0;
}

/* Energy above the floor, cut to the customer's own peak allowances. */
INLINE void cut_to_peaks(const struct ls_greedy_view *view, size_t customer, size_t stride,
                         struct row *restrict row)
{
    const float *avail = view->avail_kwh + customer * stride;
    float of_group[LS_SLOTS_MAX + LS_LANES];
    if (view->peaks == LS_GREEDY_PEAKS_ANY) {
        memset(of_group, 0, stride * sizeof *of_group);
        add_groups(view, customer, of_group);
    }
    for (size_t b = 0, t = 0; t < stride; b++, t += LS_LANES) {
        lanes usage;
        if (view->peaks == LS_GREEDY_PEAKS_NONE) {
            row->kwh[b] = load(avail + t);
            continue;
        }
        if (view->peaks == LS_GREEDY_PEAKS_ANY) {
            usage = load(of_group + t);
        } else {
            usage = load_usage(view, customer, t);
            if (view->peaks == LS_GREEDY_PEAKS_PAIRS)
                usage += __builtin_shufflevector(usage, usage, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12,
                                                 15, 14);
        }
        row->kwh[b] = lesser(load(avail + t), load(view->peak_part + t) * usage + load(view->peak_off + t));
    }
}

/* A block's bounds as things stand. */
INLINE lanes bound_now(const struct ls_greedy_view *view, const struct row *row, size_t b)
{
    size_t t = b * LS_LANES;
    lanes most = lesser(lesser(row->kwh[b], load(view->limit + t)), all(view->budget_kwh));
    lanes bound = load(view->coefficient + t) * most;
    for (size_t i = 0; i < view->n_narrow; i++) {
        const struct ls_greedy_narrow *narrow = view->narrow[i];
        if (t < narrow->from || t >= narrow->to)
            continue;
        lanes other = load(narrow->saving + (t - narrow->from)) * lesser(most, all(narrow->room_kwh));
        bound = (lanes)greater((ints)bound, (ints)other);
    }
    return bound;
}

/* The greatest keys of the bounds as things stand. */
INLINE struct ls_greedy_top find_top(const struct ls_greedy_view *view, const struct row *row, size_t stride)
{
    const int32_t mask = view->index_mask;
    ints slot = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, first = {0}, second = {0};
    for (size_t b = 0; b < stride / LS_LANES; b++, slot += LS_LANES) {
        ints key = ((ints)bound_now(view, row, b) & ~mask) | (mask - slot);
        second = greater(second, smaller(key, first));
        first = greater(first, key);
    }
    struct ls_greedy_top top = {{greatest(first), 0}};
    top.key[1] = greatest(greater(second, first & (first < top.key[0])));
    return top;
}

/* The sum of the `moves` greatest bounds when nobody has moved, rounded up; of all that are not 0 where every
 * slot may be used. */
static float sum_many(const struct ls_greedy_view *view, const struct row *row, size_t stride, int moves)
{
    int32_t bits[LS_SLOTS_MAX + LS_LANES] = {0};
    double sum_g = 0;
    for (size_t b = 0, t = 0; t < stride; b++, t += LS_LANES) {
        lanes bound = load(view->best + t) * lesser(row->kwh[b], load(view->best_limit + t));
        memcpy(bits + t, &bound, sizeof bound);
    }
    if (moves >= view->n_slots) {
        for (size_t t = 0; t < stride; t++)
            sum_g += (double)float_of(bits[t]);
        return (float)(sum_g * (1 + LS_GREEDY_MARGIN));
    }
    for (int left = moves; left > 0;) {
        int32_t highest = 0;
        for (size_t t = 0; t < stride; t++)
            highest = bits[t] > highest ? bits[t] : highest;
        if (highest == 0)
            break;
        for (size_t t = 0; t < stride; t++)
            if (bits[t] == highest && left > 0) {
                sum_g += (double)float_of(highest);
                bits[t] = 0;
                left--;
            }
    }
    return (float)(sum_g * (1 + LS_GREEDY_MARGIN));
}

/* The sum of the `moves` greatest bounds when nobody has moved, rounded up. */
INLINE float sum_best(const struct ls_greedy_view *view, const struct row *row, size_t stride, int moves)
{
    ints first = {0}, second = {0};
    if (moves > 2)
        return sum_many(view, row, stride, moves);
    for (size_t b = 0, t = 0; t < stride; b++, t += LS_LANES) {
        ints bits = (ints)(load(view->best + t) * lesser(row->kwh[b], load(view->best_limit + t)));
        second = greater(second, smaller(bits, first));
        first = greater(first, bits);
    }
    int32_t highest = greatest(first);
    double sum_g = moves > 0 ? (double)float_of(highest) : 0;
    if (moves == 2) {
        ints is_highest = first == highest;
        int times = 0;
        for (int i = 0; i < LS_LANES; i++)
            times -= is_highest[i];
        int32_t next = greatest(greater(second, first & ~is_highest));
        sum_g += (double)float_of(times > 1 ? highest : next);
    }
    return (float)(sum_g * (1 + LS_GREEDY_MARGIN));
}

INLINE struct ls_greedy_top run_now(const struct ls_greedy_view *view, size_t customer, size_t stride)
{
    struct row row;
    cut_to_peaks(view, customer, stride, &row);
    return find_top(view, &row, stride);
}

LS_CLONES struct ls_greedy_top ls_greedy_top_now(const struct ls_greedy_view *view, size_t customer)
{
    return view->stride == COMMON_STRIDE ? run_now(view, customer, COMMON_STRIDE)
                                         : run_now(view, customer, view->stride);
}

INLINE struct ls_greedy_top run_first(const struct ls_greedy_view *view, size_t customer, int moves,
                                      size_t stride, float *bound_g)
{
    struct row row;
    cut_to_peaks(view, customer, stride, &row);
    *bound_g = sum_best(view, &row, stride, moves);
    return find_top(view, &row, stride);
}

LS_CLONES struct ls_greedy_top ls_greedy_first_top(const struct ls_greedy_view *view, size_t customer,
                                                   int moves, float *bound_g)
{
    return view->stride == COMMON_STRIDE && view->n_slots == COMMON_STRIDE
               ? run_first(view, customer, moves, COMMON_STRIDE, bound_g)
               : run_first(view, customer, moves, view->stride, bound_g);
}

void ls_greedy_bounds(const struct ls_greedy_view *view, size_t customer, float *bounds_g)
{
    struct row row;
    cut_to_peaks(view, customer, view->stride, &row);
    for (size_t b = 0; b < view->stride / LS_LANES; b++) {
        lanes bound = bound_now(view, &row, b);
        memcpy(bounds_g + b * LS_LANES, &bound, sizeof bound);
    }
}
