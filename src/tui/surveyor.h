/*
 * The survey of the data, made on a thread of its own when it is first asked for.
 *
 * A survey is not cancelled, so only readings that are surveyed within a fraction of a second get one.
 * Belongs to the screen's thread.
 */
#ifndef LS_TUI_SURVEYOR_H
#define LS_TUI_SURVEYOR_H

#include <loadscope/quality.h>

#define LS_SURVEYOR_READINGS 2000000

typedef struct ls_surveyor ls_surveyor;

/* True where a survey can be had. The readings are in `store`, or in the dataset where that is NULL. */
bool ls_surveyor_suits(const struct ls_dataset *dataset, const ls_store *store);

/* Begins it, by the days of `timezone`. `wake` is called from the thread at its end. Errors of
 * ls_dataset_zone(); LS_ERR_MEMORY. */
int ls_surveyor_start(const struct ls_dataset *dataset, const ls_store *store, const char *timezone,
                      void (*wake)(void *user), void *user, ls_surveyor **out, struct ls_error *error);
void ls_surveyor_stop(ls_surveyor *surveyor);

/* The survey, or NULL before its end and where it failed. */
const struct ls_survey *ls_surveyor_survey(const ls_surveyor *surveyor);
bool ls_surveyor_busy(const ls_surveyor *surveyor);
/* Whether it is by the days of this zone. */
bool ls_surveyor_is_of(const ls_surveyor *surveyor, const char *timezone);

#endif
