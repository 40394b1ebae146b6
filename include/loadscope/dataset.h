/**
 * @file dataset.h
 * Readings and emission factors as they were measured, whole or not at all.
 *
 * A dataset is immutable once loaded, holds no policy, and belongs to the caller of ls_dataset_load().
 * Cities are sorted by name, customers by city and then id (as bytes), readings by customer and then time.
 * Instants are minutes of UTC since 1970-01-01 (int32_t: to the year 6053).
 */
#ifndef LOADSCOPE_DATASET_H
#define LOADSCOPE_DATASET_H

#include <loadscope/calendar.h>
#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LS_MISSING  INT32_MIN /**< a reading that is unknown: never zero, never source nor destination */
#define LS_ID_BYTES 63        /**< longest customer id or city name */

/** What was read and what is doubtful about it. All are counts of rows unless said otherwise. */
struct ls_quality {
    uint64_t rows;                 /**< data rows read, all files of readings */
    uint64_t readings;             /**< known readings kept */
    uint64_t missing;              /**< rows whose reading is empty, NaN, NA or null */
    uint64_t gaps;                 /**< slots without any row between a customer's first and last reading */
    uint64_t negative;             /**< negative readings, masked */
    uint64_t duplicates;           /**< exact duplicates, dropped */
    uint64_t rounded;              /**< readings with digits finer than the quantum, rounded to the nearest */
    uint64_t factor_rows;          /**< rows of the factor file; 0 without one */
    uint64_t slots;                /**< city-slots that have a reading */
    uint64_t slots_without_factor; /**< of these, those without a valid pair of factors */
};

struct ls_city {
    const char *name;
    size_t first_customer; /**< index of its first customer; they are contiguous */
    size_t n_customers;
    size_t n_factors;             /**< slots that carry a valid pair of factors */
    const int32_t *factor_minute; /**< [n_factors], ascending */
    const double *mef_g_per_kwh;  /**< [n_factors] marginal factor, finite, any sign */
    const double *aef_g_per_kwh;  /**< [n_factors] average factor, finite, any sign */
};

struct ls_customer {
    const char *id;
    size_t city;          /**< index into cities */
    double longitude_deg; /**< NaN when unknown */
    double latitude_deg;  /**< NaN when unknown */
    size_t first;         /**< index of its first reading */
    size_t n_readings;
};

struct ls_dataset {
    size_t n_cities, n_customers, n_readings;
    const struct ls_city *cities;        /**< [n_cities] */
    const struct ls_customer *customers; /**< [n_customers] */
    const int32_t *minute;               /**< [n_readings] start of the slot */
    const int32_t *usage;                /**< [n_readings] quanta, >= 0 or LS_MISSING */
    int32_t quantum_mwh;                 /**< 1, 10, 100 or 1000: what one count of usage is, in 1e-6 kWh */
    int slot_minutes;                    /**< the grid the readings were checked against */
    bool one_offset;                     /**< all rows of readings carry the same UTC offset */
    int32_t offset_s;                    /**< that offset (of the first row when they differ), s */
    struct ls_quality quality;
    void *owner; /**< storage behind the pointers above */
};

struct ls_load_options {
    int slot_minutes;         /**< spacing that the readings must have: divides 60 */
    const char *timezone;     /**< IANA name, or "auto": the one offset that all rows carry */
    const char *factors_path; /**< file of (city, date, two factors), or NULL */
    /** Called about every 65,536 rows with the bytes read so far and in all (0: unknown); may be NULL. True
     * cancels. */
    bool (*progress)(void *user, uint64_t bytes, uint64_t bytes_in_all);
    void *user;
};

/**
 * Reads one or more CSV files, plain or gzip, "-" being standard input, into one dataset.
 * Exact duplicates are dropped, missing and negative readings masked, all counted.
 * Errors name file, line, column, what was found and what to do: LS_ERR_IO, LS_ERR_FORMAT, LS_ERR_MEMORY,
 * LS_ERR_CANCELLED. Cost: one pass, about 40 bytes a row while loading and 8 afterwards.
 */
int ls_dataset_load(const char *const *paths, size_t n_paths, const struct ls_load_options *options,
                    struct ls_dataset **out, struct ls_error *error);
void ls_dataset_destroy(struct ls_dataset *dataset);

/** The city named @p name exactly, or NULL. */
const struct ls_city *ls_dataset_city(const struct ls_dataset *dataset, const char *name);

/** The zone for a policy's timezone: an IANA name, or "auto" for the dataset's one offset. The caller closes
 * it. */
int ls_dataset_zone(const struct ls_dataset *dataset, const char *timezone, ls_zone **out,
                    struct ls_error *error);

/** Index of the first reading of @p customer at or after @p minute (first + n_readings when there is none).
 */
size_t ls_dataset_seek(const struct ls_dataset *dataset, const struct ls_customer *customer, int32_t minute);

/** True when every invariant stated above holds; for asserts and tests. Cost: one pass. */
bool ls_dataset_check(const struct ls_dataset *dataset);

/** What to write for `loadscope sample`: a deterministic function of these three numbers. */
struct ls_sample_options {
    uint32_t customers; /**< homes over both cities, >= 1 */
    uint32_t days;      /**< >= 1 */
    uint64_t seed;
};

/**
 * Writes synthetic readings as CSV through @p write (returns false to stop, which gives LS_ERR_IO): two
 * cities in Asia/Kolkata, gaps, statistics near mean 0.35 kWh a slot, sd 0.54; MEF 536 to 836, mean 709; AEF
 * 625 to 827, mean 733 g/kWh.
 */
int ls_sample_write(const struct ls_sample_options *options,
                    bool (*write)(void *user, const char *text, size_t length), void *user,
                    struct ls_error *error);

#endif
