/**
 * @file run.h
 * The whole study: every city-week of an archive, in parallel.
 *
 * The unit of work is a city-week, because the weekly quota runs through its days; units know nothing of one
 * another, so any thread may solve any of them at any time and the results are the same. Units belong to the
 * caller of ls_run_units(), answers to ls_run(), which lends them.
 */
#ifndef LOADSCOPE_RUN_H
#define LOADSCOPE_RUN_H

#include <loadscope/shift.h>

/** The days of one city's local week, Monday to Sunday. */
struct ls_unit {
    const char *city; /**< borrowed from the archive */
    int32_t monday;
    int n_days;                   /**< dates of the week on which the city has a row */
    int32_t date[LS_DAYS_A_WEEK]; /**< [n_days] ascending */
    size_t first_customer;        /**< of the city, in the archive's head */
    size_t homes;                 /**< customers of the city; homes * n_days measures the work */
};

/** All units of @p archive by city and Monday; the caller frees @p units with free(). */
int ls_run_units(ls_archive *archive, const ls_zone *zone, struct ls_unit **units, size_t *n_units,
                 struct ls_error *error);

/** How far a run has come. */
struct ls_run_progress {
    size_t units_done; /**< those skipped included */
    size_t n_units;
    uint64_t home_days;       /**< solved by this call */
    uint64_t work_done, work; /**< customers times days, of the units that are not skipped */
};

struct ls_run_options {
    int threads;      /**< at least 1 */
    const bool *skip; /**< [n_units] units not to be solved; NULL: none */
    /** Hands out the next unit; false: there is none. Called by several threads. NULL: each unit that is not
     * skipped, in order. */
    bool (*next)(void *next_user, size_t *unit);
    void *next_user;
    const atomic_bool *cancel; /**< raise it to stop at the next customer; may be NULL */
    double customer_seconds; /**< as in ls_solve_options; a limit that is met makes results depend on speed */
    /** Takes the answer of a unit's day @p d, lent for the call. A unit's days come in order and from one
     * thread, several units at once from several; an error ends the run. */
    int (*day)(void *user, size_t unit, int d, const struct ls_answer *answer, struct ls_error *error);
    /** The unit's last day has been taken; on the same thread. A unit that an error or a cancel cut short is
     * not finished. */
    int (*finish)(void *user, size_t unit, struct ls_error *error);
    /** Called at the start and after each city-day and each unit, never by two threads at once; may be NULL.
     */
    void (*progress)(void *user, const struct ls_run_progress *progress);
    void *user;
};

/**
 * Solves all units but those to be skipped, each day with what the week's earlier days left of the quota,
 * whatever the policy's week_context. The first error ends it; LS_ERR_CANCELLED when cancelled. Memory: one
 * city-day and its plan a thread.
 */
int ls_run(ls_archive *archive, const struct ls_policy *policy, const struct ls_unit *units, size_t n_units,
           const struct ls_run_options *options, struct ls_error *error);

#endif
