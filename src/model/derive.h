/* What follows from the rows of a city-day: the pass over all of its readings. */
#ifndef LS_MODEL_DERIVE_H
#define LS_MODEL_DERIVE_H

#include <loadscope/cityday.h>

/* Zeroed arrays of the caller, as in struct ls_cityday. */
struct ls_derived {
    float *avail_kwh;     /* [capacity * avail_stride] */
    int64_t *day_quanta;  /* [capacity] */
    int64_t *slot_quanta; /* [n_slots] */
    bool *whole;          /* [capacity] */
    uint32_t *customer;   /* [capacity] */
};

/*
 * Moves the rows of customers with a known reading together, marks what is unknown as LS_MISSING, and fills
 * `out`; customers are numbered by their row. Returns how many there are.
 */
size_t ls_derive_rows(const struct ls_cityday *day, size_t capacity, int32_t *usage, double *floor_kwh,
                      struct ls_derived *out);

#endif
