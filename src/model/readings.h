/*
 * Readings by city, customer and slot, wherever they are: in a dataset in memory or in a store.
 *
 * The struct borrows what is beneath it. Its functions may be called from several threads at once.
 */
#ifndef LS_MODEL_READINGS_H
#define LS_MODEL_READINGS_H

#include <loadscope/store.h>

struct ls_readings {
    void *beneath;
    const struct ls_dataset *head; /* all but the readings */
    bool whole_days;               /* a part of a city's customers costs as much to read as all of them */
    const struct ls_store_axis *(*axis)(const void *beneath, size_t city);
    /* As ls_store_read(); what is negative is unknown. */
    int (*read)(const void *beneath, size_t city, size_t first_customer, size_t n_customers, int32_t minute,
                int n_slots, int32_t *out, struct ls_error *error);
    void (*close)(void *beneath); /* NULL: nothing to free */
};

/* Over a dataset, at the cost of one visit to each reading; closed with ls_readings_close(). LS_ERR_MEMORY.
 */
int ls_readings_of_dataset(const struct ls_dataset *dataset, struct ls_readings *out, struct ls_error *error);

/* Customers of a city that are best read at a time, from a multiple of as many on. */
size_t ls_readings_block(const struct ls_readings *readings, size_t city);

/* Whether a slot of `zone` may start at `minute`; LS_ERR_FORMAT says what the city's readings start at. */
int ls_readings_on_grid(const struct ls_readings *readings, size_t city, const ls_zone *zone, int32_t minute,
                        struct ls_error *error);
void ls_readings_close(struct ls_readings *readings);

#endif
