/*
 * A radix sort from the lowest digit on: each pass is stable, so equal values keep the order of their
 * indices. Digits above the range of the values are not looked at; energies of a day need three passes or
 * four.
 */
#include "base/rank.h"

#include <stdlib.h>

#define DIGIT_BITS 11
#define DIGITS     (1 << DIGIT_BITS)

struct item {
    uint64_t below; /* how far it is below the greatest value: ascending is descending in the value */
    uint32_t index;
};

static size_t digit(const struct item *item, int shift)
{
    return (size_t)(item->below >> shift) & (DIGITS - 1);
}

static void sort_by_digit(const struct item *from, struct item *to, size_t n, int shift)
{
    size_t place[DIGITS] = {0}, next = 0;
    for (size_t i = 0; i < n; i++)
        place[digit(&from[i], shift)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t count = place[d];
        place[d] = next;
        next += count;
    }
    for (size_t i = 0; i < n; i++)
        to[place[digit(&from[i], shift)]++] = from[i];
}

int ls_rank_descending(const int64_t *values, size_t n, uint32_t *order, struct ls_error *error)
{
    if (n == 0)
        return 0;
    struct item *items = calloc(2 * n, sizeof *items);
    if (items == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for an order");
    struct item *from = items, *to = items + n;
    int64_t least = values[0], greatest = values[0];
    for (size_t i = 0; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        greatest = values[i] > greatest ? values[i] : greatest;
    }
    for (size_t i = 0; i < n; i++)
        from[i] = (struct item){.below = (uint64_t)greatest - (uint64_t)values[i], .index = (uint32_t)i};
    uint64_t range = (uint64_t)greatest - (uint64_t)least;
    for (int shift = 0; shift < 64 && range >> shift != 0; shift += DIGIT_BITS) {
        sort_by_digit(from, to, n, shift);
        struct item *sorted = to;
        to = from;
        from = sorted;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = from[i].index;
    free(items);
    return 0;
}
