/*
 * What a study returned, as text for people and as JSON for programs.
 *
 * Everything is written to a FILE of the caller, who checks ferror() when all is written.
 */
#ifndef LS_REPORT_REPORT_H
#define LS_REPORT_REPORT_H

#include <loadscope/shift.h>

#include <stdio.h>

/* One line for each kind of reading that was dropped, masked or rounded; nothing when all is well. */
void ls_report_quality(FILE *out, const struct ls_dataset *dataset);

/* Warnings about the policy as it meets this day, one a line: a load below the dataset's own, and the like.
 */
void ls_report_warnings(FILE *out, const struct ls_answer *answer);

/* The day as text: totals, limits that bind, the table of slots, the `top` largest moves by saving. */
void ls_report_day_text(FILE *out, const struct ls_dataset *dataset, const struct ls_answer *answer,
                        size_t top);

/* The day as one JSON object on one line. LS_ERR_MEMORY. */
int ls_report_day_json(FILE *out, const struct ls_answer *answer, struct ls_error *error);

/* "within 3.2 % of what is possible": how far the plan is from its proven bound, 0 to 1; NaN when nothing is
 * possible. */
double ls_report_gap(const struct ls_plan *plan);

#endif
