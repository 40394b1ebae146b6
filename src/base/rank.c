/*
 * A radix sort from the lowest digit on: each pass is stable, so equal values keep the order of their
 * indices. An item is 32 bits of a value and its index, so that a pass moves few bytes; values of a wider
 * range are sorted by their lower half first, then by their upper one. All digits of a half are counted in
 * one pass, and those that are the same in all values are not sorted by: energies of a day need three passes.
 */
#include "base/rank.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HALF_BITS  32
#define DIGIT_BITS 11
#define DIGITS     (1 << DIGIT_BITS)
#define PASSES     3 /* digits of a half */

struct sorting {
    uint64_t *from, *to; /* [n] a half, then the index */
    size_t n;
    uint32_t place[PASSES][DIGITS];
};

static inline size_t digit(uint64_t item, int pass)
{
    return (size_t)(item >> (HALF_BITS + pass * DIGIT_BITS)) & (DIGITS - 1);
}

/* From counts to where the first of each digit goes; false when all have the same one. */
static bool find_places(uint32_t *place, size_t n)
{
    uint32_t next = 0;
    for (size_t d = 0; d < DIGITS; d++) {
        uint32_t count = place[d];
        if (count == n)
            return false;
        place[d] = next;
        next += count;
    }
    return true;
}

/* By the half of what values are below the greatest (ascending is descending in them) at `shift`. */
static void sort_by_half(struct sorting *sorting, const int64_t *values, int64_t greatest, int shift)
{
    memset(sorting->place, 0, sizeof sorting->place);
    for (size_t i = 0; i < sorting->n; i++) {
        uint32_t index = (uint32_t)sorting->from[i];
        uint64_t below = (uint64_t)greatest - (uint64_t)values[index];
        uint64_t item = (below >> shift) << HALF_BITS | index;
        sorting->from[i] = item;
        for (int pass = 0; pass < PASSES; pass++)
            sorting->place[pass][digit(item, pass)]++;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        uint32_t *place = sorting->place[pass];
        if (!find_places(place, sorting->n))
            continue;
        uint64_t *from = sorting->from, *to = sorting->to;
        for (size_t i = 0; i < sorting->n; i++)
            to[place[digit(from[i], pass)]++] = from[i];
        sorting->from = to;
        sorting->to = from;
    }
}

int ls_rank_descending(const int64_t *values, size_t n, uint32_t *order, struct ls_error *error)
{
    if (n == 0)
        return 0;
    struct sorting sorting = {
        .from = malloc(n * sizeof *sorting.from), .to = malloc(n * sizeof *sorting.to), .n = n};
    int status = 0;
    if (sorting.from == NULL || sorting.to == NULL) {
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for an order");
        goto done;
    }
    int64_t least = values[0], greatest = values[0];
    for (size_t i = 0; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        greatest = values[i] > greatest ? values[i] : greatest;
        sorting.from[i] = i;
    }
    uint64_t range = (uint64_t)greatest - (uint64_t)least;
    for (int shift = 0; shift < 64 && range >> shift != 0; shift += HALF_BITS)
        sort_by_half(&sorting, values, greatest, shift);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)sorting.from[i];
done:
    free(sorting.from);
    free(sorting.to);
    return status;
}
