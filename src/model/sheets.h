/*
 * Sheets: the floor groups of all customers of a city, kept between city-days.
 *
 * A sheet is made once, block by block, by all threads that want it and some helpers; the least recently used
 * ones go when memory is short. Sheets belong to their keeper; what ls_sheets_get() lends is given back by
 * ls_sheets_give_back().
 */
#ifndef LS_MODEL_SHEETS_H
#define LS_MODEL_SHEETS_H

#include "model/floors.h"

typedef struct ls_sheets ls_sheets;

struct ls_sheet {
    const struct ls_floor_groups *groups; /* of all customers of the city */
};

/* `readings` is borrowed. LS_ERR_MEMORY. */
int ls_sheets_open(const struct ls_readings *readings, ls_sheets **out, struct ls_error *error);
void ls_sheets_close(ls_sheets *sheets);

/* The sheet for days like `date` of a city under the policy's period and percentile, in `zone`.
 * LS_ERR_MEMORY, LS_ERR_FORMAT and what reading gives. */
int ls_sheets_get(ls_sheets *sheets, const ls_zone *zone, const struct ls_policy *policy, size_t city,
                  int32_t date, const struct ls_sheet **out, struct ls_error *error);
void ls_sheets_give_back(ls_sheets *sheets, const struct ls_sheet *sheet);

#endif
