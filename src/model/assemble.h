/*
 * Puts a city-day together: a frame from zone and policy, rows of usage and floors from its caller, and then
 * all that follows from them.
 */
#ifndef LS_MODEL_ASSEMBLE_H
#define LS_MODEL_ASSEMBLE_H

#include "model/derive.h"
#include "model/sheets.h"

#include <pthread.h>

/* A city-day in the making. */
struct ls_assembly {
    struct ls_cityday *day; /* clock and factors are there */
    size_t capacity;        /* customers of the city */
    int32_t start_minute;
    int32_t *usage; /* [capacity * n_slots] for the caller to fill; what is negative is unknown */
    struct ls_derived derived;
    int64_t *slot_quanta;
    pthread_mutex_t lock; /* on them */
};

/*
 * Begins the city-day. LS_ERR_NAME for a city without customers, LS_ERR_VALUE for another slot than the
 * data's, LS_ERR_FORMAT for a day that is not a whole number of slots, LS_ERR_MEMORY.
 */
int ls_assembly_open(const struct ls_dataset *head, const ls_zone *zone, const struct ls_policy *policy,
                     const char *city, int32_t date, struct ls_assembly *out, struct ls_error *error);

/* Gives the day its floors, before rows are taken, and the sheet that they are in to keep. */
void ls_assembly_floors(struct ls_assembly *assembly, const struct ls_dataset *head,
                        const struct ls_policy *policy, ls_sheet *sheet);

/* Derives what follows from rows that are filled; other rows by other threads at the same time. */
void ls_assembly_take(struct ls_assembly *assembly, size_t first, size_t n);

/* Leaves out customers without a known reading, and ranks the others. All rows were taken. The assembly is
 * gone in any case. */
int ls_assembly_finish(struct ls_assembly *assembly, const struct ls_dataset *head,
                       const struct ls_policy *policy, double own_daily_load_kwh, struct ls_cityday **out,
                       struct ls_error *error);
void ls_assembly_abandon(struct ls_assembly *assembly);

#endif
