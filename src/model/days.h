/*
 * The local days of a zone over a span, and the wall clock of their slots.
 *
 * Asking a zone is slow next to an array look-up; whoever walks many readings builds this table once.
 */
#ifndef LS_MODEL_DAYS_H
#define LS_MODEL_DAYS_H

#include <loadscope/calendar.h>

struct ls_days {
    int32_t first_date;
    size_t n_days;
    int32_t *start_minute; /* [n_days + 1] first instant of each date, minutes; the last one ends the span */
};

/* Covers all dates from the one of `first_minute` to the one of `last_minute`. */
int ls_days_build(struct ls_days *days, const ls_zone *zone, int32_t first_minute, int32_t last_minute,
                  struct ls_error *error);
void ls_days_release(struct ls_days *days);

/* Slots of the day from `start` to `next` (minutes); LS_ERR_FORMAT when they are not a whole number. */
int ls_day_slots(const ls_zone *zone, int32_t start, int32_t next, int slot_minutes, int *n_slots,
                 struct ls_error *error);

/* Wall clock and UTC offset at the start of each of `n_slots` slots; `offset_s` may be NULL. */
void ls_day_clock(const ls_zone *zone, int32_t start, int slot_minutes, int n_slots, int *wall_minute,
                  int32_t *offset_s);

#endif
