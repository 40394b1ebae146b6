/*
 * Puts a city-day together: a frame from zone and policy, rows of readings from its caller, the order of
 * service from their sums, and then rows in that order with all that follows from them.
 */
#ifndef LS_MODEL_ASSEMBLE_H
#define LS_MODEL_ASSEMBLE_H

#include "model/sheets.h"

#include <loadscope/cityday.h>

#include <pthread.h>

/* Arrays of the city-day that are still written. */
struct ls_told {
    uint32_t *customer;
    const char **id;
    int64_t *day_quanta, *slot_quanta;
    double *percentile;
    bool *whole;
    int32_t *usage;
};

/* A city-day in the making. What is by customer goes by names. */
struct ls_assembly {
    struct ls_cityday *day; /* clock and factors are there */
    size_t capacity;        /* customers of the city */
    size_t first_customer;
    int32_t start_minute;
    int32_t *readings;    /* [capacity * n_slots] for the caller to fill; what is negative is unknown */
    int64_t *quanta;      /* [capacity] of the day */
    bool *known, *whole;  /* [capacity] some reading, all readings */
    uint32_t *order;      /* [n_customers of the day] as they are served */
    struct ls_told told;  /* in that order */
    double *floor_kwh;    /* likewise */
    float *avail_kwh;     /* likewise, in the place of the readings */
    pthread_mutex_t lock; /* on told.slot_quanta */
};

/*
 * Begins the city-day. LS_ERR_NAME for a city without customers, LS_ERR_VALUE for another slot than the
 * data's, LS_ERR_FORMAT for a day that is not a whole number of slots, LS_ERR_MEMORY. After a failure nothing
 * is left to abandon.
 */
int ls_assembly_open(const struct ls_dataset *head, const ls_zone *zone, const struct ls_policy *policy,
                     const char *city, int32_t date, struct ls_assembly *out, struct ls_error *error);

/* Gives the day its floors, before rows are laid, and the sheet that they are in to keep. */
void ls_assembly_floors(struct ls_assembly *assembly, const struct ls_policy *policy, ls_sheet *sheet);

/* Sums rows of readings that are filled; other rows by other threads at the same time. */
void ls_assembly_sum(struct ls_assembly *assembly, size_t first, size_t n);

/* Orders the customers with a known reading, all rows being summed. LS_ERR_MEMORY. */
int ls_assembly_rank(struct ls_assembly *assembly, const struct ls_policy *policy, struct ls_error *error);

/* Puts usage, and what is told of customers, into their order; other rows by other threads at the same time.
 */
void ls_assembly_place(struct ls_assembly *assembly, const struct ls_dataset *head, size_t first, size_t n);

/* Lays floors and what stands above them, once *all* usage is in order; other rows by other threads at the
 * same time. The readings go. */
void ls_assembly_lay(struct ls_assembly *assembly, size_t first, size_t n);

/* The city-day, all rows being laid. The assembly is gone. */
struct ls_cityday *ls_assembly_finish(struct ls_assembly *assembly, const struct ls_policy *policy,
                                      double own_daily_load_kwh);
void ls_assembly_abandon(struct ls_assembly *assembly);

#endif
