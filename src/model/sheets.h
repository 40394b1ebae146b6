/*
 * Sheets: the floor groups of all customers of a city, kept between city-days.
 *
 * A sheet is made once, block by block, by all threads that want it. A keeper lets go of the
 * least recently used ones when memory is short; a sheet lives until all who took it have released it, also
 * beyond its keeper.
 */
#ifndef LS_MODEL_SHEETS_H
#define LS_MODEL_SHEETS_H

#include "model/floors.h"

typedef struct ls_sheets ls_sheets;
typedef struct ls_sheet ls_sheet;

/* `readings` is borrowed. LS_ERR_MEMORY. */
int ls_sheets_open(const struct ls_readings *readings, ls_sheets **out, struct ls_error *error);
void ls_sheets_close(ls_sheets *sheets);

/* The sheet for days like `date` of a city under the policy's period, type and percentile, in `zone`; what is
 * in it has to be made or waited for. LS_ERR_MEMORY and LS_ERR_FORMAT. */
int ls_sheets_take(ls_sheets *sheets, const ls_zone *zone, const struct ls_policy *policy, size_t city,
                   int32_t date, ls_sheet **out, struct ls_error *error);

/* Makes a block of customers, as ls_readings_block() has them, if nobody else does or has; what is `at_hand`
 * of it need not be read. */
void ls_sheet_make(ls_sheets *sheets, ls_sheet *sheet, size_t block, const struct ls_rows_at_hand *at_hand);

/* Waits until the sheet is whole, each block being made by somebody. LS_ERR_MEMORY and what reading gives. */
int ls_sheet_wait(ls_sheets *sheets, ls_sheet *sheet, struct ls_error *error);
const struct ls_floor_groups *ls_sheet_groups(const ls_sheet *sheet);
void ls_sheet_release(ls_sheet *sheet); /* NULL is legal */

#endif
