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
#ifdef __clang__
#define ONE_LOOP
#else
#define ONE_LOOP _Pragma("GCC unroll 1")
#endif
#define INLINE static inline __attribute__((always_inline))

#define COMMON_STRIDE 48 /* half-hours of most days: worth a copy of the loops */
#define BLOCKS_MOST   (LS_SLOTS_MAX / LS_LANES + 1)

/* As many slots as the widest unit takes; narrower ones take them in parts. */
typedef float lanes __attribute__((vector_size(LS_LANES * sizeof(float))));
typedef int32_t ints __attribute__((vector_size(LS_LANES * sizeof(int32_t))));

/* The two greatest of each lane. */
struct pair {
    ints first, second;
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

/* Element by element, which gcc takes for one instruction, if the loop is left to it whole. */
INLINE ints greater(ints a, ints b)
{
    ONE_LOOP
    for (int i = 0; i < LS_LANES; i++)
        a[i] = a[i] > b[i] ? a[i] : b[i];
    return a;
}

INLINE ints smaller(ints a, ints b)
{
    ONE_LOOP
    for (int i = 0; i < LS_LANES; i++)
        a[i] = a[i] < b[i] ? a[i] : b[i];
    return a;
}

/* Of numbers that are not negative. */
INLINE lanes lesser(lanes a, lanes b)
{
    return (lanes)smaller((ints)a, (ints)b);
}

INLINE struct pair with(struct pair pair, ints value)
{
    return (struct pair){greater(pair.first, value), greater(pair.second, smaller(pair.first, value))};
}

INLINE struct pair merge(struct pair a, struct pair b)
{
    return (struct pair){greater(a.first, b.first),
                         greater(greater(a.second, b.second), smaller(a.first, b.first))};
}

/* Of each 16, 8, 4 and 2 lanes the lower and the upper half, those of a second vector beside them. */
#define LOWER_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define UPPER_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOWER_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define UPPER_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOWER_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define UPPER_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOWER_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define UPPER_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31

#define SHUFFLE(a, b, ...)                                                                                   \
    ((struct pair){__builtin_shufflevector((a).first, (b).first, __VA_ARGS__),                               \
                   __builtin_shufflevector((a).second, (b).second, __VA_ARGS__)})
#define FOLD(pairs, n)                                                                                       \
    for (int i = 0; i < (n); i++)                                                                            \
    (pairs)[i] = merge(SHUFFLE((pairs)[i], (pairs)[i + (n)], LOWER_##n),                                     \
                       SHUFFLE((pairs)[i], (pairs)[i + (n)], UPPER_##n))

/* The two greatest of all lanes of each of 16 pairs: lane i of the result is of pair i. A transposition that
 * merges as it goes, so that it takes a quarter of the steps that 16 pairs would, each on its own. */
INLINE struct pair fold(struct pair pairs[LS_LANES])
{
    FOLD(pairs, 8);
    FOLD(pairs, 4);
    FOLD(pairs, 2);
    FOLD(pairs, 1);
    return pairs[0];
}

/* The two greatest of all lanes of one pair, in every lane. */
INLINE struct pair fold_alone(struct pair pair)
{
    pair = merge(pair, SHUFFLE(pair, pair, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    pair = merge(pair, SHUFFLE(pair, pair, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    pair = merge(pair, SHUFFLE(pair, pair, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    return merge(pair, SHUFFLE(pair, pair, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
}

INLINE float float_of(int32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Usage of a block as float, 0 where missing; the row itself is not padded. */
INLINE lanes load_usage(const int32_t *row, size_t n, size_t t)
{
    ints quanta = {0};
    if (t + LS_LANES <= n)
        memcpy(&quanta, row + t, sizeof quanta);
    else if (t < n)
        memcpy(&quanta, row + t, (n - t) * sizeof *row);
    return __builtin_convertvector(greater(quanta, (ints){0}), lanes);
}

/* Usage of each slot's group, 0 outside; any slots may make up one. */
static void add_groups(const struct ls_greedy_view *view, const int32_t *row, float *usage)
{
    float sum[LS_SLOTS_MAX];
    for (int g = 0; g < view->n_groups; g++)
        sum[g] = 0;
    for (int t = 0; t < view->n_slots; t++)
        if (view->group[t] >= 0 && row[t] > 0)
            sum[view->group[t]] += (float)row[t];
    memset(usage, 0, view->stride * sizeof *usage);
    for (int t = 0; t < view->n_slots; t++)
        usage[t] = view->group[t] >= 0 ? sum[view->group[t]] : 0;
}

/* A customer's row, and sizes that are constants where days have the common length. */
struct row {
    size_t n_slots, stride;
    const float *avail_kwh;
    const int32_t *usage;
    const float *of_group; /* [stride] usage of each slot's group, for LS_GREEDY_PEAKS_ANY */
};

INLINE struct row row_of(const struct ls_greedy_view *view, size_t customer, size_t n_slots, size_t stride,
                         float *of_group)
{
    struct row row = {.n_slots = n_slots,
                      .stride = stride,
                      .avail_kwh = view->avail_kwh + customer * stride,
                      .usage = view->usage + customer * n_slots,
                      .of_group = of_group};
    if (view->peaks == LS_GREEDY_PEAKS_ANY)
        add_groups(view, row.usage, of_group);
    return row;
}

/* What the slots of a block may send away when nobody has moved: energy above the floor, cut to the
 * customer's own peak allowances. */
INLINE lanes whole_kwh(const struct ls_greedy_view *view, const struct row *row, size_t t)
{
    lanes avail = load(row->avail_kwh + t), usage;
    if (view->peaks == LS_GREEDY_PEAKS_NONE)
        return avail;
    if (view->peaks == LS_GREEDY_PEAKS_ANY)
        usage = load(row->of_group + t);
    else
        usage = load_usage(row->usage, row->n_slots, t);
    if (view->peaks == LS_GREEDY_PEAKS_PAIRS)
        usage += __builtin_shufflevector(usage, usage, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    return lesser(avail, load(view->peak_part + t) * usage + load(view->peak_off + t));
}

/* A block's bounds when nobody has moved. */
INLINE lanes bound_before(const struct ls_greedy_view *view, lanes kwh, size_t t)
{
    return load(view->best + t) * lesser(kwh, load(view->best_limit + t));
}

/* All bounds as things stand, given what the slots may send away when nobody has moved; that is overwritten.
 */
INLINE void bound_now(const struct ls_greedy_view *view, size_t stride, lanes *kwh, lanes *bounds)
{
    const lanes budget = all(view->budget_kwh);
    for (size_t b = 0; b < stride / LS_LANES; b++) {
        kwh[b] = lesser(lesser(kwh[b], load(view->limit + b * LS_LANES)), budget);
        bounds[b] = load(view->coefficient + b * LS_LANES) * kwh[b];
    }
    for (size_t i = 0; i < view->n_narrow; i++) {
        const struct ls_greedy_narrow *narrow = view->narrow[i];
        const lanes room = all(narrow->room_kwh);
        const float *saving = narrow->saving;
        for (size_t b = narrow->from / LS_LANES; b < narrow->to / LS_LANES; b++, saving += LS_LANES)
            bounds[b] = (lanes)greater((ints)bounds[b], (ints)(load(saving) * lesser(kwh[b], room)));
    }
}

/* The two greatest keys of each lane. */
INLINE struct pair find_keys(const struct ls_greedy_view *view, size_t stride, const lanes *bounds)
{
    const int32_t mask = view->index_mask;
    struct pair key = {0};
    ints slot = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (size_t b = 0; b < stride / LS_LANES; b++, slot += LS_LANES)
        key = with(key, ((ints)bounds[b] & ~mask) | (mask - slot));
    return key;
}

/* ---- many customers ---- */

INLINE void look(const struct ls_greedy_view *view, size_t first, size_t n, size_t n_slots, size_t stride,
                 struct ls_greedy_block *block)
{
    struct pair now[LS_LANES], before[LS_LANES];
    lanes kwh[BLOCKS_MOST], bounds[BLOCKS_MOST];
    float of_group[LS_SLOTS_MAX + LS_LANES];
    for (size_t c = 0; c < n; c++) {
        struct row row = row_of(view, first + c, n_slots, stride, of_group);
        before[c] = (struct pair){0};
        for (size_t b = 0, t = 0; t < stride; b++, t += LS_LANES) {
            kwh[b] = whole_kwh(view, &row, t);
            before[c] = with(before[c], (ints)bound_before(view, kwh[b], t));
        }
        bound_now(view, stride, kwh, bounds);
        now[c] = find_keys(view, stride, bounds);
    }
    for (size_t c = n; c < LS_LANES; c++)
        now[c] = before[c] = (struct pair){0};
    struct pair key = fold(now), best = fold(before);
    memcpy(block->key[0], &key.first, sizeof key.first);
    memcpy(block->key[1], &key.second, sizeof key.second);
    memcpy(block->best_g[0], &best.first, sizeof best.first);
    memcpy(block->best_g[1], &best.second, sizeof best.second);
}

CLONES void ls_greedy_look(const struct ls_greedy_view *view, size_t first, size_t n,
                           struct ls_greedy_block *block)
{
    if (view->stride == COMMON_STRIDE && view->n_slots == COMMON_STRIDE)
        look(view, first, n, COMMON_STRIDE, COMMON_STRIDE, block);
    else
        look(view, first, n, (size_t)view->n_slots, view->stride, block);
}

/* ---- one customer ---- */

INLINE struct ls_greedy_top look_alone(const struct ls_greedy_view *view, size_t customer, size_t n_slots,
                                       size_t stride)
{
    float of_group[LS_SLOTS_MAX + LS_LANES];
    struct row row = row_of(view, customer, n_slots, stride, of_group);
    lanes kwh[BLOCKS_MOST], bounds[BLOCKS_MOST];
    for (size_t b = 0, t = 0; t < stride; b++, t += LS_LANES)
        kwh[b] = whole_kwh(view, &row, t);
    bound_now(view, stride, kwh, bounds);
    struct pair key = fold_alone(find_keys(view, stride, bounds));
    return (struct ls_greedy_top){{key.first[0], key.second[0]}};
}

CLONES struct ls_greedy_top ls_greedy_top_now(const struct ls_greedy_view *view, size_t customer)
{
    if (view->stride == COMMON_STRIDE && view->n_slots == COMMON_STRIDE)
        return look_alone(view, customer, COMMON_STRIDE, COMMON_STRIDE);
    return look_alone(view, customer, (size_t)view->n_slots, view->stride);
}

void ls_greedy_bounds(const struct ls_greedy_view *view, size_t customer, float *bounds_g)
{
    float of_group[LS_SLOTS_MAX + LS_LANES];
    struct row row = row_of(view, customer, (size_t)view->n_slots, view->stride, of_group);
    lanes kwh[BLOCKS_MOST], bounds[BLOCKS_MOST];
    for (size_t b = 0, t = 0; t < view->stride; b++, t += LS_LANES)
        kwh[b] = whole_kwh(view, &row, t);
    bound_now(view, view->stride, kwh, bounds);
    memcpy(bounds_g, bounds, view->stride * sizeof *bounds_g);
}

double ls_greedy_sum_best(const struct ls_greedy_view *view, size_t customer, int moves)
{
    int32_t bits[LS_SLOTS_MAX + LS_LANES];
    float of_group[LS_SLOTS_MAX + LS_LANES];
    struct row row = row_of(view, customer, (size_t)view->n_slots, view->stride, of_group);
    double sum_g = 0;
    for (size_t t = 0; t < view->stride; t += LS_LANES) {
        lanes bound = bound_before(view, whole_kwh(view, &row, t), t);
        memcpy(bits + t, &bound, sizeof bound);
    }
    for (int left = moves; left > 0;) {
        int32_t highest = 0;
        for (size_t t = 0; t < view->stride; t++)
            highest = bits[t] > highest ? bits[t] : highest;
        if (highest == 0)
            break;
        for (size_t t = 0; t < view->stride; t++)
            if (bits[t] == highest && left > 0) {
                sum_g += (double)float_of(highest);
                bits[t] = 0;
                left--;
            }
    }
    return sum_g;
}
