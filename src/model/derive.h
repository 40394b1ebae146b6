/* What follows from the rows of a city-day: the passes over all of its readings. */
#ifndef LS_MODEL_DERIVE_H
#define LS_MODEL_DERIVE_H

#include <loadscope/cityday.h>

/* Sums a row of readings; returns how many are known. What is negative is unknown. */
int ls_derive_sum(const int32_t *readings, int n_slots, int64_t *quanta);

/* Copies a row of readings into a tile with LS_MISSING for what is unknown, and adds what is known to
 * `slot_quanta`. */
void ls_derive_usage(const int32_t *readings, int n_slots, int32_t *usage, int64_t *slot_quanta);

/* The floors [LS_HOURS_A_DAY] of the customer that has `row` in the day's floors. */
void ls_derive_floors(const struct ls_cityday *day, size_t row, double *floor_kwh);

/* What a tile's usage has above the floors; both are there. `avail_kwh` has all tiles. */
void ls_derive_tile(const struct ls_cityday *day, const size_t *hour, size_t tile, float *avail_kwh);

#endif
