/*
 * A radix sort from the lowest digit on: each pass is stable, so equal values keep the order of their
 * indices. An item is 32 bits of a value and its index, so that a pass moves few bytes; values of a wider
 * range are sorted by their lower half first, then by their upper one. Digits are as wide as makes for few
 * passes: energies of a day need two. All digits of a half are counted in one pass, and those that are the
 * same in all values are not sorted by.
 */
#include "base/rank.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HALF_BITS       32
#define DIGIT_BITS_MOST 13
#define PASSES_MOST     3 /* digits of a half */

struct sorting {
    uint64_t *from, *to; /* [n] a half, then the index */
    size_t n;
    int passes, digit_bits;
    uint32_t place[PASSES_MOST][1 << DIGIT_BITS_MOST];
};

static inline size_t digit(const struct sorting *sorting, uint64_t item, int pass)
{
    return (size_t)(item >> (HALF_BITS + pass * sorting->digit_bits)) &
           (((size_t)1 << sorting->digit_bits) - 1);
}

/* Digits for a half with so many bits. */
static void divide(struct sorting *sorting, int bits)
{
    sorting->passes = (bits + DIGIT_BITS_MOST - 1) / DIGIT_BITS_MOST;
    sorting->digit_bits = (bits + sorting->passes - 1) / sorting->passes;
    memset(sorting->place, 0, sizeof sorting->place);
}

/* From counts to where the first of each digit goes; false when all have the same one. */
static bool find_places(const struct sorting *sorting, uint32_t *place)
{
    uint32_t next = 0;
    for (size_t d = 0; d < (size_t)1 << sorting->digit_bits; d++) {
        uint32_t count = place[d];
        if (count == sorting->n)
            return false;
        place[d] = next;
        next += count;
    }
    return true;
}

/* By the half of what values are below the greatest (ascending is descending in them) at `shift`. */
static void sort_by_half(struct sorting *sorting, const int64_t *values, int64_t greatest, int shift)
{
    for (size_t i = 0; i < sorting->n; i++) {
        uint32_t index = (uint32_t)sorting->from[i];
        uint64_t below = (uint64_t)greatest - (uint64_t)values[index];
        uint64_t item = (below >> shift) << HALF_BITS | index;
        sorting->from[i] = item;
        for (int pass = 0; pass < sorting->passes; pass++)
            sorting->place[pass][digit(sorting, item, pass)]++;
    }
    for (int pass = 0; pass < sorting->passes; pass++) {
        uint32_t *place = sorting->place[pass];
        if (!find_places(sorting, place))
            continue;
        uint64_t *from = sorting->from, *to = sorting->to;
        for (size_t i = 0; i < sorting->n; i++)
            to[place[digit(sorting, from[i], pass)]++] = from[i];
        sorting->from = to;
        sorting->to = from;
    }
}

/* Bits of a number that is not 0, at most a half. */
static int bits_of(uint64_t number)
{
    int bits = 0;
    for (; bits < HALF_BITS && number >> bits != 0; bits++)
        ;
    return bits;
}

int ls_rank_descending(const int64_t *values, size_t n, uint32_t *order, struct ls_error *error)
{
    if (n == 0)
        return 0;
    struct sorting *sorting = malloc(sizeof *sorting);
    uint64_t *items = malloc(2 * n * sizeof *items);
    int status = 0;
    if (sorting == NULL || items == NULL) {
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for an order");
        goto done;
    }
    *sorting = (struct sorting){.from = items, .to = items + n, .n = n};
    int64_t least = values[0], greatest = values[0];
    for (size_t i = 0; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        greatest = values[i] > greatest ? values[i] : greatest;
        sorting->from[i] = i;
    }
    uint64_t range = (uint64_t)greatest - (uint64_t)least;
    for (int shift = 0; shift < 64 && range >> shift != 0; shift += HALF_BITS) {
        divide(sorting, bits_of(range >> shift));
        sort_by_half(sorting, values, greatest, shift);
    }
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)sorting->from[i];
done:
    free(items);
    free(sorting);
    return status;
}
