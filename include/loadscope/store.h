/**
 * @file store.h
 * A store: a dataset as a NetCDF-4 file, of which only what is asked for is read.
 *
 * A city is a group with a time axis of its own. Its readings are one int32 variable over (customer, time) in
 * the dataset's quantum, one chunk a day of the zone that the store was written for, with a checksum for
 * every LS_STORE_PIECE customers of it. Opening reads names and factors, no readings. A store is immutable,
 * may be read from several threads at once, and belongs to the caller of ls_store_open(); a writer belongs to
 * one thread.
 */
#ifndef LOADSCOPE_STORE_H
#define LOADSCOPE_STORE_H

#include <loadscope/dataset.h>

#define LS_NO_ROW  INT32_MIN       /**< in a store: no row speaks of this customer and slot */
#define LS_UNKNOWN (INT32_MIN + 1) /**< in a store: a row does, but its reading is missing or masked */

/** Customers of a piece of a chunk, which has a checksum of its own; the last piece may be smaller. What is
 * read in blocks that begin and end with pieces is read once; a day of so many fits a cache. */
#define LS_STORE_PIECE 1024

typedef struct ls_store ls_store;

/** A city's time axis, and what its customers come to in each slot. */
struct ls_store_axis {
    int32_t first_minute; /**< start of the first slot; slots follow every slot_minutes */
    size_t n_slots;
    int day_slots;               /**< slots of a chunk */
    const int64_t *total_quanta; /**< [n_slots] sum of the known readings */
    const uint32_t *n_known;     /**< [n_slots] how many are known */
    const uint32_t *n_rows;      /**< [n_slots] how many rows there are, of known readings or not */
};

/** True when the file begins as a store does; false too when it cannot be read. */
bool ls_store_is(const char *path);

/** LS_ERR_IO; LS_ERR_FORMAT when it is no store, incomplete, damaged or of another version; LS_ERR_MEMORY.
 * Safe from any thread. Cost: reads all but the readings, about 40 bytes a customer and 50 a slot. */
int ls_store_open(const char *path, ls_store **out, struct ls_error *error);
void ls_store_close(ls_store *store);

/** The dataset but for its readings: n_readings is 0, minute and usage are NULL, customers have none. It
 * lives as long as the store. */
const struct ls_dataset *ls_store_head(const ls_store *store);

const struct ls_store_axis *ls_store_axis(const ls_store *store, size_t city);

/** True when a part of a day costs as much to read as all of it. */
bool ls_store_compressed(const ls_store *store);

/** A checksum over all that the store holds, in hexadecimal, as it was written. */
const char *ls_store_checksum(const ls_store *store);

/**
 * Reads @p n_slots slots from @p minute (on the city's grid; beyond its axis there are no rows) of
 * @p n_customers customers of @p city from @p first_customer (counted in the city) into
 * @p out [n_customers * n_slots], whose content is undefined on failure: quanta, LS_UNKNOWN or LS_NO_ROW.
 * LS_ERR_IO, LS_ERR_MEMORY; LS_ERR_FORMAT when a piece that is read is damaged, or any of its chunk in a
 * compressed store. Safe from several threads at once. Cost: the bytes of these customers in the chunks
 * concerned, and of the whole of a piece that is read for the first time since the store was opened, to hold
 * it against its checksum; whole chunks of a compressed store.
 */
int ls_store_read(const ls_store *store, size_t city, size_t first_customer, size_t n_customers,
                  int32_t minute, int n_slots, int32_t *out, struct ls_error *error);

/** All of it as a dataset in memory, the same as the one it was written from; every piece is held against its
 * checksum. LS_ERR_MEMORY and the above. */
int ls_store_load(const ls_store *store, struct ls_dataset **out, struct ls_error *error);

typedef struct ls_store_writer ls_store_writer;

struct ls_store_options {
    bool compress;        /**< deflate and shuffle, for an archive; slower to read */
    const char *timezone; /**< whose days chunks are: of the policy, or "auto" */
    const char *history;  /**< one line: how the file came to be */
};

/**
 * Begins a file beside @p path. @p head: cities with factors, customers with ids and places, quantum, slots,
 * offset; its readings and quality are not looked at. @p axes [head->n_cities]: first_minute, n_slots (a
 * multiple of day_slots, at least one) and day_slots. Both are copied. LS_ERR_IO, LS_ERR_MEMORY; LS_ERR_VALUE
 * when a day of a city is over 4 GiB.
 */
int ls_store_create(const char *path, const struct ls_dataset *head, const struct ls_store_axis *axes,
                    const struct ls_store_options *options, ls_store_writer **out, struct ls_error *error);

/** Writes chunk @p day of @p city: [customers of the city * day_slots] as ls_store_read() gives them. Each
 * once, in any order; a chunk left out has no rows. LS_ERR_IO: the writer is to be abandoned. */
int ls_store_put(ls_store_writer *writer, size_t city, size_t day, const int32_t *usage,
                 struct ls_error *error);

/** Completes, syncs and renames the file to its path; the writer is gone in any case. */
int ls_store_finish(ls_store_writer *writer, const struct ls_quality *quality, struct ls_error *error);
/** Gives the file up. NULL is legal. */
void ls_store_abandon(ls_store_writer *writer);

/**
 * Writes a dataset in memory. A city's axis begins at the local midnight of options->timezone at or before
 * its first reading; a chunk has the slots of a day of 24 hours. LS_ERR_VALUE when readings are not on one
 * grid, or `auto` is no zone; LS_ERR_IO, LS_ERR_MEMORY.
 */
int ls_store_write(const struct ls_dataset *dataset, const char *path, const struct ls_store_options *options,
                   struct ls_error *error);

/** Writes the readings of ls_sample_write() as a store, a day of a city in memory. LS_ERR_VALUE and the
 * above. */
int ls_sample_store(const struct ls_sample_options *options, const char *path, struct ls_error *error);

#endif
