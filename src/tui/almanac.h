/*
 * What every day of every city holds, known at once, and what it comes to under a policy, solved in the
 * background day by day from one outward.
 *
 * The almanac has a worker with a bench of its own, which works only between ls_almanac_ask() and
 * ls_almanac_rest(). Results of the last few policies are kept, so a limit turned back shows its days without
 * a solve. Belongs to the screen's thread.
 */
#ifndef LS_TUI_ALMANAC_H
#define LS_TUI_ALMANAC_H

#include <loadscope/shift.h>

typedef struct ls_almanac ls_almanac;

/* One day of a city. */
struct ls_almanac_day {
    struct ls_archive_day held;
    bool solved;
    struct ls_day_result result; /* when solved */
};

/* `wake` as for ls_worker_start(). LS_ERR_MEMORY. */
int ls_almanac_open(ls_archive *archive, void (*wake)(void *user), void *user, ls_almanac **out,
                    struct ls_error *error);
void ls_almanac_close(ls_almanac *almanac);

/* Shows days as this policy has them, and solves those that are not known, the nearest to `date` first, those
 * of `city` before others. Cheap when nothing changed. LS_ERR_MEMORY, and errors of the policy's zone. */
int ls_almanac_ask(ls_almanac *almanac, const struct ls_policy *policy, size_t city, int32_t date,
                   struct ls_error *error);

/* Stops solving; what is known stays. */
void ls_almanac_rest(ls_almanac *almanac);

/* Takes over what the worker has found, and hands it the next day. False with the error of a day that could
 * not be solved, after which it rests. */
bool ls_almanac_step(ls_almanac *almanac, struct ls_error *error);

/* True while there are days left to solve. */
bool ls_almanac_busy(const ls_almanac *almanac);

/* From the first date of any city to the last, which is before the first while there are none. */
int32_t ls_almanac_first(const ls_almanac *almanac);
int32_t ls_almanac_last(const ls_almanac *almanac);

/* The day of a city; NULL outside the days from its first row to its last. */
const struct ls_almanac_day *ls_almanac_day(const ls_almanac *almanac, size_t city, int32_t date);

#endif
