/**
 * @file archive.h
 * Where city-days come from: the one way in which a study asks for data, a day at a time.
 *
 * An archive stands over a dataset in memory or a store on disk, which it borrows. It keeps what days have in
 * common (spans, loads, the statistics behind household floors) and may be used by several threads at once.
 * It belongs to the caller of the function that opened it.
 */
#ifndef LOADSCOPE_ARCHIVE_H
#define LOADSCOPE_ARCHIVE_H

#include <loadscope/cityday.h>
#include <loadscope/store.h>

typedef struct ls_archive ls_archive;

/** LS_ERR_MEMORY. Cost: one visit to each reading. */
int ls_archive_of_dataset(const struct ls_dataset *dataset, ls_archive **out, struct ls_error *error);
/** LS_ERR_MEMORY. Reads nothing. */
int ls_archive_of_store(ls_store *store, ls_archive **out, struct ls_error *error);
void ls_archive_close(ls_archive *archive);

/**
 * From now on customers are called H0001, H0002 and so on, in the order of the dataset, in the head and in
 * every city-day: no real id leaves the archive. Call it before any day is cut. LS_ERR_MEMORY.
 */
int ls_archive_use_pseudonyms(ls_archive *archive, struct ls_error *error);

/** Cities, customers, factors and quality; of a store it has no readings. Lives as long as what is beneath.
 */
const struct ls_dataset *ls_archive_head(const ls_archive *archive);

/** The local dates on which @p city has a row, ascending; the caller frees @p dates. LS_ERR_NAME. */
int ls_archive_dates(ls_archive *archive, const ls_zone *zone, const char *city, int32_t **dates,
                     size_t *n_dates, struct ls_error *error);

/** What a local date of a city holds, before anything is solved. */
struct ls_archive_day {
    int32_t date;
    int minutes;      /**< length of the local day: LS_DAY_MINUTES unless the clock changes */
    double usage_kwh; /**< of the known readings */
    uint64_t known;   /**< known readings */
    uint64_t wanted;  /**< readings that all homes of the city would have */
    bool has_row;     /**< false: not a single row speaks of this date */
};

/** 0 to 1: readings that @p day lacks of those that all homes would have. */
double ls_archive_day_lacks(const struct ls_archive_day *day);

/** Every local date of @p city from its first row to its last, ascending, with or without rows; the caller
 * frees @p days. LS_ERR_NAME, LS_ERR_MEMORY. Cost: one visit to each slot of the city, no readings. */
int ls_archive_days(ls_archive *archive, const ls_zone *zone, const char *city, struct ls_archive_day **days,
                    size_t *n_days, struct ls_error *error);

/**
 * Cuts @p date out for @p city under @p policy's slot, floors, load and order, in @p zone. A day without
 * readings gives n_customers = 0. LS_ERR_NAME; LS_ERR_VALUE for another slot than the data's; LS_ERR_FORMAT
 * where the zone's day is not a whole number of slots, a reading is off the grid, or the store is damaged.
 * Cost: reads the day and, unless their statistics are kept, the days that its floors are made of.
 */
int ls_archive_cut(ls_archive *archive, const ls_zone *zone, const struct ls_policy *policy, const char *city,
                   int32_t date, struct ls_cityday **out, struct ls_error *error);

#endif
