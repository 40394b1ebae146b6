/**
 * @file import.h
 * CSV files into a store, by several threads and in the memory of the store, not of the rows.
 */
#ifndef LOADSCOPE_IMPORT_H
#define LOADSCOPE_IMPORT_H

#include <loadscope/store.h>

enum ls_import_stage { LS_IMPORT_READING, LS_IMPORT_WRITING };

struct ls_import_options {
    struct ls_load_options load;   /**< as for ls_dataset_load(); but its progress and user are not used */
    struct ls_store_options store; /**< its timezone is not used: it is that of `load` */
    int threads;                   /**< >= 1; nothing but the time depends on it */
    uint64_t part_bytes;           /**< what a thread takes of a plain file at a time; 0: what suits */
    /** Called by one thread at a time with bytes read, or parts of the store written, and how many there are
     * (0: unknown); may be NULL. True cancels. */
    bool (*progress)(void *user, enum ls_import_stage stage, uint64_t done, uint64_t in_all);
    void *user;
};

/**
 * Reads CSV files as ls_dataset_load() does, with the same meaning and the same errors, and writes what it
 * would give to a store at @p path, whole or not at all. What is no regular file ("-" is standard input) is
 * first copied beside @p path, for an error is found by reading again. A file with a quote is read by one
 * thread, as is a compressed one.
 *
 * LS_ERR_VALUE too when a city's slots are not on one grid, as ls_store_write() says. Memory: 4 bytes a slot
 * of each home's days, up to 8 more where readings have digits finer than the quantum; and what
 * ls_dataset_load() takes when it comes to tell an error.
 */
int ls_import(const char *const *paths, size_t n_paths, const struct ls_import_options *options,
              const char *path, struct ls_error *error);

#endif
