/* What follows from the rows of a city-day: the pass over all of its readings. */
#ifndef LS_MODEL_DERIVE_H
#define LS_MODEL_DERIVE_H

#include <loadscope/cityday.h>

#define LS_NO_CUSTOMER UINT32_MAX /* a row without a known reading */

/* Zeroed arrays of the caller, as in struct ls_cityday. */
struct ls_derived {
    float *avail_kwh;    /* [capacity * avail_stride] */
    int64_t *day_quanta; /* [capacity] */
    bool *whole;         /* [capacity] */
    uint32_t *customer;  /* [capacity] the row's number, or LS_NO_CUSTOMER */
};

/* Derives rows of the city's customers `first` to `first + n - 1`, marks what is unknown as LS_MISSING, and
 * adds the slots' sums to `slot_quanta`. Different rows may be derived by different threads. */
void ls_derive_rows(const struct ls_cityday *day, size_t first, size_t n, int32_t *usage,
                    struct ls_derived *out, int64_t *slot_quanta);

/* Moves the rows of customers together, over those without; returns how many there are. */
size_t ls_derive_close_up(const struct ls_cityday *day, size_t capacity, int32_t *usage,
                          struct ls_derived *out);

#endif
