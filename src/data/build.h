/*
 * Loaded rows to a dataset, in steps: its head (names, places, factors), which a dataset in memory and a
 * store have in common, and its readings.
 *
 * Start with a zeroed build and its load; ls_build_release() ends it and what was not handed on.
 */
#ifndef LS_DATA_BUILD_H
#define LS_DATA_BUILD_H

#include "data/load.h"

struct ls_build_name {
    const char *city, *id;
    uint32_t customer; /* its number in the load */
};

struct ls_build {
    struct ls_load *load;
    struct ls_build_name *named; /* [n_customers] sorted by city and id: position = rank */
    uint32_t *rank;              /* [n_customers] of a customer's number */
    size_t *start;               /* [n_customers + 1] rank's stretch of `order`; all 0 without rows */
    uint32_t *order;             /* [n_rows] rows by customer and time */
    ls_zone *zone;
    int32_t spacing;     /* smallest distance of a customer's rows [min]; 0: no customer has two */
    uint64_t spacing_at; /* where it was seen */
    int64_t largest;     /* reading, 1e-8 kWh */
    struct ls_quality quality;
    struct ls_dataset_storage *store;
};

/* Opens the zone and ranks the customers. LS_ERR_FORMAT when offsets differ and no zone is named. */
int ls_build_begin(struct ls_build *b, struct ls_error *error);

/* The place of the first instant of readings that is not at a slot's start, or 0; that instant goes to
 * *minute. */
uint64_t ls_build_off_grid(const struct ls_build *b, int slot_minutes, int32_t *minute);

/* Packs all but the readings into `store`, which it creates, and counts slots. Customers get the stretches of
 * `start`; names are moved out of the load, so this is the last step but the readings. */
int ls_build_head(struct ls_build *b, struct ls_error *error);

/* The least quantum [mWh] in which a reading of 1e-8 kWh fits. */
int32_t ls_build_quantum(int64_t largest);

/* Bits that order like the signed minute above a number, and how to sort them. */
uint64_t ls_build_key(int32_t minute, uint32_t number);
int ls_build_compare_keys(const void *a, const void *b);

void ls_build_release(struct ls_build *b);

#endif
