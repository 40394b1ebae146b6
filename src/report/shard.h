/*
 * The note that a shard of a run leaves beside its parts: all that merging needs besides them.
 *
 * It is JSON: which shard of how many, whether optimised.csv is wanted, the scenario as resolved, the units
 * of the whole run, and the record that the shard would have published. A note belongs to the caller of
 * ls_shard_read(), who ends it with ls_shard_clear().
 */
#ifndef LS_REPORT_SHARD_H
#define LS_REPORT_SHARD_H

#include "report/summary.h"

#include <loadscope/run.h>

#include <cjson/cJSON.h>

struct ls_shard {
    int number, of; /* 1 <= number <= of */
    bool optimised;
    const char *scenario;
    struct ls_unit *units; /* [n_units] city and monday only when read */
    size_t n_units;
    cJSON *root; /* that texts are borrowed from when read */
};

/* The note as text, for free(); `record` is run.json. LS_ERR_MEMORY. */
int ls_shard_write(const struct ls_shard *shard, const char *record, char **out, struct ls_error *error);

/* LS_ERR_FORMAT when it is no note. */
int ls_shard_read(const char *text, size_t length, struct ls_shard *out, struct ls_error *error);
void ls_shard_clear(struct ls_shard *shard);

/*
 * run.json of the merged run, for free(): the first shard's, with the time of all shards added up, their
 * number, and the work as the merged parts tell it. A shard that was resumed noted the time and the work of
 * its last process alone; the time before is not known. LS_ERR_FORMAT, LS_ERR_MEMORY.
 */
int ls_shard_record(const struct ls_shard *shards, size_t n, const ls_summary *merged, char **out,
                    struct ls_error *error);

#endif
