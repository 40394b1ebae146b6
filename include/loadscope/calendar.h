/**
 * @file calendar.h
 * Instants, time zones, local days and weeks.
 *
 * An instant is a count of UTC seconds since 1970-01-01T00:00Z (int64_t). A date is a count of days since
 * 1970-01-01 in the proleptic Gregorian calendar (int32_t). A local day runs from the first instant of its
 * date to the first instant of the next, so it has 23, 24, 25 or another number of hours.
 * A zone belongs to the caller of ls_zone_open() and may be read by several threads at once.
 */
#ifndef LOADSCOPE_CALENDAR_H
#define LOADSCOPE_CALENDAR_H

#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LS_STAMP_SIZE  64 /**< bytes that hold any formatted instant with its NUL */
#define LS_DATE_SIZE   16 /**< bytes that hold any formatted date with its NUL */
#define LS_MINUTE_S    60
#define LS_DAY_MINUTES 1440
#define LS_DAYS_A_WEEK 7
#define LS_HOURS_A_DAY 24

typedef struct ls_zone ls_zone;

/** Opens an IANA zone ("Europe/London") or a fixed offset ("+05:30", "Z"). LS_ERR_VALUE when unknown. */
int ls_zone_open(const char *name, ls_zone **out, struct ls_error *error);

/** Opens the zone that is always @p offset_s seconds east of UTC (|offset| < 24 h). */
int ls_zone_open_fixed(int32_t offset_s, ls_zone **out, struct ls_error *error);
void ls_zone_close(ls_zone *zone);

/** The zone's name as it was opened; lives as long as the zone. */
const char *ls_zone_name(const ls_zone *zone);

/** Seconds east of UTC in force at @p instant. */
int32_t ls_zone_offset(const ls_zone *zone, int64_t instant);

/** First instant of local @p date (of the next date there is, where a zone skips one). */
int64_t ls_zone_day_start(const ls_zone *zone, int32_t date);

/** The local day that @p instant belongs to: day_start(date) <= instant < day_start(date + 1). */
int32_t ls_zone_date(const ls_zone *zone, int64_t instant);

/** Weekday of @p date, Monday 0 to Sunday 6. */
int ls_date_weekday(int32_t date);

/** The Monday of @p date's week. */
int32_t ls_date_week_start(int32_t date);

/** The days [first, next) of the calendar year or month that holds @p date. */
void ls_date_year_span(int32_t date, int32_t *first, int32_t *next);
void ls_date_month_span(int32_t date, int32_t *first, int32_t *next);

/** "Mon" to "Sun" for 0 to 6. */
const char *ls_weekday_name(int weekday);

/** Parses "2013-02-04"; false when malformed or no date of the calendar. */
bool ls_date_parse(const char *text, int32_t *date);
const char *ls_date_format(int32_t date, char out[LS_DATE_SIZE]);

/**
 * Parses an ISO 8601 instant with its offset: date, `T` or a blank, hh:mm[:ss[.fff]], then Z, +hh, +hhmm or
 * +hh:mm. Fractions must be zero. Returns NULL, or what is wrong with the text ("no offset", ...).
 */
const char *ls_stamp_parse(const char *text, size_t length, int64_t *instant, int32_t *offset_s);

/** Formats as "2013-02-04T00:00:00+00:00". */
const char *ls_stamp_format(int64_t instant, int32_t offset_s, char out[LS_STAMP_SIZE]);

#endif
