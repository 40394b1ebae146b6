/*
 * The data that a command was given: CSV read into memory, or a store of which days are read when they are
 * asked for.
 *
 * Belongs to the caller of the function that opened it; start zeroed, ls_data_close() ends it.
 */
#ifndef LS_CLI_DATA_H
#define LS_CLI_DATA_H

#include "cli/data_options.h"

#include <loadscope/archive.h>

struct ls_data {
    struct ls_dataset *dataset;    /* of CSV, or of ls_data_open_whole(); NULL: only a store */
    ls_store *store;               /* NULL: CSV */
    const struct ls_dataset *head; /* all but the readings, of either */
    ls_archive *archive;
};

/*
 * Opens what the options name, CSV for the policy's slot and zone. `progress` may be NULL and is asked while
 * CSV is read. Errors of ls_dataset_load() and ls_store_open(); LS_ERR_USAGE for a store beside other files.
 */
int ls_data_open(const struct ls_data_options *options, const struct ls_policy *policy,
                 bool (*progress)(void *user, uint64_t bytes, uint64_t bytes_in_all), void *user,
                 struct ls_data *out, struct ls_error *error);

/* The same without an archive. */
int ls_data_read(const struct ls_data_options *options, const struct ls_policy *policy,
                 bool (*progress)(void *user, uint64_t bytes, uint64_t bytes_in_all), void *user,
                 struct ls_data *out, struct ls_error *error);

/* The same with all readings in memory, for commands that look at each; there is no archive. */
int ls_data_open_whole(const struct ls_data_options *options, const struct ls_policy *policy,
                       struct ls_data *out, struct ls_error *error);
void ls_data_close(struct ls_data *data);

/* The store's own checksum; NULL for CSV. */
const char *ls_data_checksum(const struct ls_data *data);

#endif
