/*
 * Loops over whole rows, written to be vectorised; see greedy_kernel.h.
 *
 * Bounds are not negative, and floats that are not negative compare as the integers of their bits: so maxima
 * are taken of integers, which compilers vectorise without being allowed to reorder sums.
 */
#include "solve/greedy_kernel.h"

#include <loadscope/cityday.h>

#include <assert.h>
#include <math.h>
#include <string.h>

/* One copy for each generation of x86-64, chosen when the program is loaded; sanitizers do not bear that. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) &&                 \
    __GNUC__ >= 12 && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc does not contract in ISO mode */
#endif
#define INLINE static inline __attribute__((always_inline))

#define COMMON_STRIDE 48 /* half-hours of most days: worth a copy of the loops */

/* Rows of one customer on the way. */
struct rows {
    _Alignas(64) float kwh[LS_SLOTS_MAX];   /* what may leave when nobody has moved, budget aside */
    _Alignas(64) float bound[LS_SLOTS_MAX]; /* g */
    _Alignas(64) int32_t keys[LS_SLOTS_MAX];
    _Alignas(64) float usage[LS_SLOTS_MAX]; /* quanta, 0 where missing */
};

INLINE float lesser(float a, float b)
{
    return a < b ? a : b;
}

INLINE float greater(float a, float b)
{
    return a > b ? a : b;
}

INLINE int32_t bits_of(float value)
{
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE float float_of(int32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* usage as float, 0 where missing; the row itself is not padded, so it is copied. */
INLINE void read_usage(const struct ls_greedy_view *view, size_t customer, size_t stride,
                       float *restrict usage, int32_t *restrict quanta)
{
    size_t n = (size_t)view->n_slots;
    const int32_t *row = view->usage + customer * n;
    if (n == stride)
        memcpy(quanta, row, stride * sizeof *quanta);
    else {
        memcpy(quanta, row, n * sizeof *quanta);
        memset(quanta + n, 0, (stride - n) * sizeof *quanta);
    }
    for (size_t t = 0; t < stride; t++)
        quanta[t] = quanta[t] > 0 ? quanta[t] : 0;
    for (size_t t = 0; t < stride; t++) /* apart: compilers do not vectorise a conversion under a condition */
        usage[t] = (float)quanta[t];
}

typedef float lanes __attribute__((vector_size(LS_LANES * sizeof(float))));

/* To each of two slots, 2h and 2h + 1, the usage of both. */
INLINE void add_neighbours(size_t stride, float *usage)
{
    for (size_t t = 0; t < stride; t += LS_LANES) {
        lanes row;
        memcpy(&row, usage + t, sizeof row);
        row += __builtin_shufflevector(row, row, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        memcpy(usage + t, &row, sizeof row);
    }
}

/* Energy above the floor, cut to the customer's own peak allowances. */
INLINE void cut_to_peaks(const struct ls_greedy_view *view, size_t customer, size_t stride,
                         struct rows *restrict rows)
{
    const float *restrict avail = view->avail_kwh + customer * stride;
    const float *restrict part = view->peak_part;
    const float *restrict off = view->peak_off;
    /* cppcheck-suppress ctuuninitvar ; written here */
    float *restrict kwh = rows->kwh;
    float *restrict usage = rows->usage;
    if (view->peaks == LS_GREEDY_PEAKS_NONE) {
        memcpy(kwh, avail, stride * sizeof *kwh);
        return;
    }
    read_usage(view, customer, stride, usage, rows->keys);
    if (view->peaks == LS_GREEDY_PEAKS_PAIRS)
        add_neighbours(stride, usage);
    if (view->peaks == LS_GREEDY_PEAKS_ANY) {
        float *restrict sum = rows->bound;
        for (int g = 0; g < view->n_groups; g++)
            sum[g] = 0;
        for (int t = 0; t < view->n_slots; t++)
            if (view->group[t] >= 0)
                sum[view->group[t]] += usage[t];
        for (int t = 0; t < view->n_slots; t++)
            if (view->group[t] >= 0)
                usage[t] = sum[view->group[t]];
    }
    for (size_t t = 0; t < stride; t++)
        kwh[t] = lesser(avail[t], part[t] * usage[t] + off[t]);
}

/* Bounds as things stand, into rows->bound. */
INLINE void bound_now(const struct ls_greedy_view *view, size_t stride, struct rows *restrict rows)
{
    const float *restrict kwh = rows->kwh;
    const float *restrict coefficient = view->coefficient;
    const float *restrict limit = view->limit;
    float *restrict bound = rows->bound;
    float *restrict most = rows->usage;
    const float budget = view->budget_kwh;
    for (size_t t = 0; t < stride; t++) {
        most[t] = lesser(lesser(kwh[t], limit[t]), budget);
        bound[t] = coefficient[t] * most[t];
    }
    for (size_t i = 0; i < view->n_narrow; i++) {
        const struct ls_greedy_narrow *narrow = view->narrow[i];
        const float *restrict saving = narrow->saving;
        const float room = narrow->room_kwh;
        for (size_t block = narrow->from; block < narrow->to; block += LS_LANES)
            for (size_t t = block; t < block + LS_LANES; t++)
                bound[t] = greater(bound[t], saving[t - narrow->from] * lesser(most[t], room));
    }
}

/* The greatest keys of bounds in rows->bound. */
INLINE struct ls_greedy_top find_top(const struct ls_greedy_view *view, size_t stride,
                                     struct rows *restrict rows)
{
    const float *restrict bound = rows->bound;
    int32_t *restrict keys = rows->keys;
    const int32_t mask = view->index_mask;
    struct ls_greedy_top top = {{0, 0}};
    int32_t highest = 0;
    for (size_t t = 0; t < stride; t++) {
        keys[t] = (bits_of(bound[t]) & ~mask) | (mask - (int32_t)t);
        highest = keys[t] > highest ? keys[t] : highest;
    }
    top.key[0] = highest;
    for (size_t t = 0; t < stride; t++) {
        int32_t lower = keys[t] < highest ? keys[t] : 0;
        top.key[1] = lower > top.key[1] ? lower : top.key[1];
    }
    return top;
}

/* The sum of the `moves` greatest bounds in rows->bound, rounded up. */
INLINE float sum_best(size_t stride, int moves, struct rows *restrict rows)
{
    const float *restrict bound = rows->bound;
    int32_t *restrict bits = rows->keys;
    int32_t highest = 0;
    for (size_t t = 0; t < stride; t++) {
        bits[t] = bits_of(bound[t]);
        highest = bits[t] > highest ? bits[t] : highest;
    }
    double sum_g = moves > 0 ? (double)float_of(highest) : 0;
    for (int left = moves - 1; left > 0 && highest > 0;) {
        int32_t times = 0, next = 0;
        for (size_t t = 0; t < stride; t++) {
            int32_t lower = bits[t] < highest ? bits[t] : 0;
            times += bits[t] == highest;
            next = lower > next ? lower : next;
        }
        times = times - 1 < left ? times - 1 : left; /* one of them is in the sum */
        sum_g += times * (double)float_of(highest);
        left -= times;
        highest = next;
        if (left > 0) {
            sum_g += (double)float_of(highest);
            left--;
        }
    }
    return (float)(sum_g * (1 + LS_GREEDY_MARGIN));
}

INLINE struct ls_greedy_top run_now(const struct ls_greedy_view *view, size_t customer, size_t stride)
{
    struct rows rows;
    cut_to_peaks(view, customer, stride, &rows);
    bound_now(view, stride, &rows);
    return find_top(view, stride, &rows);
}

CLONES struct ls_greedy_top ls_greedy_top_now(const struct ls_greedy_view *view, size_t customer)
{
    return view->stride == COMMON_STRIDE ? run_now(view, customer, COMMON_STRIDE)
                                         : run_now(view, customer, view->stride);
}

INLINE struct ls_greedy_top run_first(const struct ls_greedy_view *view, size_t customer, int moves,
                                      size_t stride, float *bound_g)
{
    const float *restrict best = view->best;
    const float *restrict limit = view->best_limit;
    struct rows rows;
    cut_to_peaks(view, customer, stride, &rows);
    for (size_t t = 0; t < stride; t++)
        rows.bound[t] = best[t] * lesser(rows.kwh[t], limit[t]);
    *bound_g = sum_best(stride, moves, &rows);
    bound_now(view, stride, &rows);
    return find_top(view, stride, &rows);
}

CLONES struct ls_greedy_top ls_greedy_first_top(const struct ls_greedy_view *view, size_t customer, int moves,
                                                float *bound_g)
{
    return view->stride == COMMON_STRIDE && view->n_slots == COMMON_STRIDE
               ? run_first(view, customer, moves, COMMON_STRIDE, bound_g)
               : run_first(view, customer, moves, view->stride, bound_g);
}

void ls_greedy_bounds(const struct ls_greedy_view *view, size_t customer, float *bounds_g)
{
    struct rows rows;
    cut_to_peaks(view, customer, view->stride, &rows);
    bound_now(view, view->stride, &rows);
    memcpy(bounds_g, rows.bound, view->stride * sizeof *bounds_g);
}
