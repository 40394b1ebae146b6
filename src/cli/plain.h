/* The explorer's screens as plain text on standard output, one fact a line. */
#ifndef LS_CLI_PLAIN_H
#define LS_CLI_PLAIN_H

#include "cli/session.h"

/*
 * Prints the screen of this name, which is one of the explorer's but the calendar, as it stands for `answer`,
 * which was made on the session's bench. `customer` names whose screen "customer" is, NULL: the first's.
 * LS_ERR_NAME for a customer without readings on the day; errors of
 * ls_why_relax(), ls_limit_costs() and ls_survey_create().
 */
int ls_plain_screen(const char *view, const struct ls_session *session, const struct ls_answer *answer,
                    const char *customer, struct ls_error *error);

/* Prints every day of every city, or of one, and what it comes to; each is solved. Errors of
 * ls_bench_solve(). */
int ls_plain_calendar(const struct ls_session *session, const char *only_city, struct ls_error *error);

#endif
