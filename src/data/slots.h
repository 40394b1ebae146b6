/*
 * Emission factors while they are gathered: one slot for each city and instant seen in any row.
 *
 * Slots keep the order in which they were first seen. Start with a zeroed struct; ls_slots_release() ends it.
 */
#ifndef LS_DATA_SLOTS_H
#define LS_DATA_SLOTS_H

#include "data/memo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ls_factor { LS_FACTOR_MARGINAL, LS_FACTOR_AVERAGE, LS_FACTOR_COUNT };

struct ls_slot {
    double g_per_kwh[LS_FACTOR_COUNT];  /* NaN while unknown */
    uint64_t known_at[LS_FACTOR_COUNT]; /* place of the row that gave it */
    uint64_t read_at;                   /* place of the first row of readings; 0: factors only */
    int32_t minute;
    uint32_t city;
    bool has_usage;                               /* some reading of it is known */
    int32_t offset_s;                             /* that the stamp remembered carries */
    struct ls_memo stamp, given[LS_FACTOR_COUNT]; /* texts that came to this slot last */
};

struct ls_slots {
    size_t count, capacity;
    struct ls_slot *slot; /* [count] */
    size_t last; /* the one found last: its successor is looked at first, as sorted files repeat it */
    size_t n_places;
    uint32_t *places; /* [n_places, a power of two] open addressing: index + 1, or 0 */
};

/* The slot that rows in order come to next, or the one of the row before, if that is what the city and the
 * stamp's text mean; else NULL. */
struct ls_slot *ls_slots_expected(struct ls_slots *slots, uint32_t city, const char *stamp, size_t length);

/* The slot of that city and minute, added when it is new; NULL when memory ends. Valid until the next call.
 */
struct ls_slot *ls_slots_at(struct ls_slots *slots, uint32_t city, int32_t minute);
void ls_slots_release(struct ls_slots *slots);

#endif
