/*
 * What a run was: the record beside its results, and the fingerprint that tells it from another run.
 *
 * Nothing here depends on what the run came to. Texts belong to the caller, who ends them with free().
 */
#ifndef LS_REPORT_RECORD_H
#define LS_REPORT_RECORD_H

#include <loadscope/dataset.h>
#include <loadscope/plan.h>

#include <cjson/cJSON.h>

#define LS_SHA256_SIZE 65 /* bytes of a SHA-256 in hexadecimal with its NUL */

/* A file that was read. */
struct ls_record_input {
    const char *path;
    const char *role;            /* "readings", "factors" */
    char sha256[LS_SHA256_SIZE]; /* "" for standard input and for a store */
    const char *store_checksum;  /* of a store, as it was written; NULL: no store */
};

/* What is told of a run besides its results. */
struct ls_record {
    const struct ls_dataset *dataset;
    const struct ls_policy *policy;
    const char *timezone; /* `auto` resolved */
    const struct ls_record_input *inputs;
    size_t n_inputs;
    const char *fingerprint;
    int threads;
    size_t units, units_resumed;
    uint64_t home_days; /* solved by this process, in solve_seconds */
    double wall_seconds, solve_seconds;
    double unproven;
};

/* Fills in the checksum of the file that `input` names; "-" has none, and a store has its own. LS_ERR_IO. */
int ls_record_sum(struct ls_record_input *input, struct ls_error *error);

/* The scenario as resolved, with a word on the week context. LS_ERR_MEMORY, LS_ERR_VALUE. */
int ls_record_scenario(const struct ls_policy *policy, char **out, size_t *length, struct ls_error *error);

/*
 * A checksum over all that a run's results depend on: the readings and factors as they were understood, so
 * not the order of rows, the scenario as resolved, which tables are wanted, and the program's version.
 */
void ls_record_fingerprint(const struct ls_dataset *dataset, const char *store_checksum, const char *scenario,
                           bool optimised, char out[LS_SHA256_SIZE]);

/* A checksum over the readings and factors as they were understood, so not over the order of rows. */
void ls_record_data(const struct ls_dataset *dataset, char out[LS_SHA256_SIZE]);

/* run.json, for free(). LS_ERR_MEMORY. */
int ls_record_json(const struct ls_record *record, char **out, struct ls_error *error);

/* The object as text with a line end, for free(), if it could be `filled`; the object is gone in any case. */
int ls_json_print(cJSON *root, bool filled, char **out, struct ls_error *error);

#endif
