/* What follows from the rows of a city-day: the passes over all of its readings. */
#ifndef LS_MODEL_DERIVE_H
#define LS_MODEL_DERIVE_H

#include <loadscope/cityday.h>

/* Sums a row of readings; returns how many are known. What is negative is unknown. */
int ls_derive_sum(const int32_t *readings, int n_slots, int64_t *quanta);

/* Copies a row of readings with LS_MISSING for what is unknown, and adds what is known to `slot_quanta`. */
void ls_derive_usage(const int32_t *readings, int n_slots, int32_t *usage, int64_t *slot_quanta);

/* Lays, for a customer of the day who has `row` in its floors, the floors [LS_HOURS_A_DAY] (NULL: there are
 * none) and what the usage has above them [avail_stride]. */
void ls_derive_row(const struct ls_cityday *day, const size_t *hour, size_t customer, size_t row,
                   double *floor_kwh, float *avail_kwh);

#endif
