/*
 * The directory that a run fills: whole or not there.
 *
 * While a run is at work everything stands in PATH.partial: `identity` says which run it is, `lock` that a
 * process is at work on it, `parts/` holds a file for each finished unit (report/parts.h), `result/` the
 * tables and what else is being put together. Its last step syncs `result` and renames it to PATH. Functions
 * for different units may be called from different threads. A rundir belongs to the caller of
 * ls_rundir_open(); closing it leaves PATH.partial for a later run to resume.
 */
#ifndef LS_REPORT_RUNDIR_H
#define LS_REPORT_RUNDIR_H

#include "report/parts.h"
#include "report/record.h"

typedef struct ls_rundir ls_rundir;

struct ls_rundir_options {
    const char *path;
    bool force;     /* replace a result that is there; start anew over an interrupted run */
    bool resume;    /* go on from the parts of an interrupted run */
    bool optimised; /* the result has optimised.csv */
};

/* Refuses, before any work, what ls_rundir_open() would refuse without knowing the run. LS_ERR_USAGE. */
int ls_rundir_admit(const struct ls_rundir_options *options, struct ls_error *error);

/*
 * Opens PATH.partial for the run whose `fingerprint` stands for data, policy, engine and version. *complete:
 * PATH already holds this run's result, which only resuming asks for, and *out stays untouched. LS_ERR_USAGE
 * when refused, LS_ERR_IO, LS_ERR_MEMORY.
 */
int ls_rundir_open(const struct ls_rundir_options *options, const char fingerprint[LS_SHA256_SIZE],
                   size_t n_units, ls_rundir **out, bool *complete, struct ls_error *error);
void ls_rundir_close(ls_rundir *dir);

/*
 * Opens the PATH.partial that another process has open for the same run, to put parts there. LS_ERR_IO when
 * it is not to be seen, LS_ERR_USAGE when it is of another run.
 */
int ls_rundir_attach(const char *path, const char fingerprint[LS_SHA256_SIZE], size_t n_units,
                     ls_rundir **out, struct ls_error *error);

/* Opens the PATH.partial of a run that ended, to read its parts and its note. LS_ERR_USAGE, LS_ERR_IO. */
int ls_rundir_open_left(const char *path, ls_rundir **out, struct ls_error *error);

const char *ls_rundir_fingerprint(const ls_rundir *dir);

/* Whether a result stands at PATH; then whose, and of how many shards it was merged (0: of none). */
bool ls_rundir_identify(const char *path, char fingerprint[LS_SHA256_SIZE], int *n_shards);

/* The note that a shard leaves in PATH.partial when all its units are there. LS_ERR_IO; LS_ERR_USAGE: none.
 */
int ls_rundir_leave_note(ls_rundir *dir, const char *bytes, size_t length, struct ls_error *error);
int ls_rundir_read_note(const ls_rundir *dir, struct ls_buffer *out, struct ls_error *error);

/*
 * Lets rows go straight to the tables, in the order of units (report/gather.h), which is for a process that
 * finishes all units itself. Otherwise each part has its rows until all are joined. LS_ERR_IO, LS_ERR_MEMORY.
 */
int ls_rundir_stream(ls_rundir *dir, struct ls_error *error);

/* Takes the rows of a unit at work out of `part`, if they can go to the tables now. LS_ERR_IO, LS_ERR_MEMORY.
 */
int ls_rundir_rows(ls_rundir *dir, size_t unit, struct ls_part *part, struct ls_error *error);

/* Takes over what a finished unit leaves, whose rows may have been taken in part. */
int ls_rundir_put(ls_rundir *dir, size_t unit, struct ls_part *part, struct ls_error *error);

/* Puts into files what finished units still have in memory, when a run ends before its time. */
int ls_rundir_save(ls_rundir *dir, struct ls_error *error);

/* True when the unit was finished at opening or by this process. */
bool ls_rundir_knows(ls_rundir *dir, size_t unit);

/* Reads a part back with its rows; LS_ERR_FORMAT when it is torn or of another run. */
int ls_rundir_get(const ls_rundir *dir, size_t unit, struct ls_part *out, struct ls_error *error);

/* True when the unit's part is there and sound. Cost: reads it, rows and all. */
bool ls_rundir_has(const ls_rundir *dir, size_t unit);

/* Brings all rows into the result's tables and syncs them, handing each unit's digest to `take` in order. */
int ls_rundir_join(ls_rundir *dir,
                   int (*take)(void *user, size_t unit, const char *digest, size_t length,
                               struct ls_error *error),
                   void *user, struct ls_error *error);

/* Adds a whole file to the result. */
int ls_rundir_add(ls_rundir *dir, const char *name, const char *bytes, size_t length, struct ls_error *error);

/* Makes the result appear at PATH and removes PATH.partial. */
int ls_rundir_commit(ls_rundir *dir, struct ls_error *error);

#endif
