/* What follows from the rows of a city-day: the passes over all of its readings. */
#ifndef LS_MODEL_DERIVE_H
#define LS_MODEL_DERIVE_H

#include <loadscope/cityday.h>

/* Sums a row of readings; returns how many are known. What is negative is unknown. */
int ls_derive_sum(const int32_t *readings, int n_slots, int64_t *quanta);

/* Where a customer's row goes; floor_kwh is NULL where there are no floors. */
struct ls_laid_row {
    int32_t *usage;    /* [n_slots], LS_LANES apart */
    double *floor_kwh; /* [LS_HOURS_A_DAY] */
    float *avail_kwh;  /* [n_slots], LS_LANES apart */
};

/* Lays a row: readings with LS_MISSING for what is unknown, the floors of the customer that has `row` in the
 * day's floors, and what stands above them. Adds the readings to `slot_quanta`. */
void ls_derive_row(const struct ls_cityday *day, const int32_t *readings, size_t row,
                   const struct ls_laid_row *out, int64_t *slot_quanta);

#endif
