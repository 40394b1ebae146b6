/*
 * What is open while a command asks for city-days: the policy, the data, their zone and a bench.
 *
 * Start zeroed; ls_session_close() ends it, also after a failure to open.
 */
#ifndef LS_CLI_SESSION_H
#define LS_CLI_SESSION_H

#include "cli/data.h"

#include <loadscope/shift.h>

struct ls_session {
    struct ls_policy policy;
    struct ls_data data;
    ls_zone *zone;
    ls_bench *bench;
};

/* Shows on a terminal how far reading has come. With `pseudonyms` the data's ids are unknown from here on.
 * Errors of ls_data_options_policy() and ls_data_open(). */
int ls_session_open(const struct ls_data_options *options, bool pseudonyms, struct ls_session *session,
                    struct ls_error *error);
void ls_session_close(struct ls_session *session);

/* The city wanted, the first by name for NULL. LS_ERR_NAME with those that are known. */
int ls_session_city(const struct ls_session *session, const char *wanted, const char **out,
                    struct ls_error *error);

/* The city's dates, ascending, or of them the one wanted (NULL: all); free() ends them. LS_ERR_USAGE,
 * LS_ERR_NAME. */
int ls_session_dates(const struct ls_session *session, const char *city, const char *wanted, int32_t **dates,
                     size_t *n_dates, struct ls_error *error);

/* Takes away the line on a terminal's standard error that tells of progress. */
void ls_session_clear_progress(void);

#endif
