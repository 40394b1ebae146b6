/*
 * What a study returned, as text for people and as JSON for programs.
 *
 * Everything is written to a FILE of the caller, who checks ferror() when all is written.
 */
#ifndef LS_REPORT_REPORT_H
#define LS_REPORT_REPORT_H

#include "base/buffer.h"

#include <loadscope/compare.h>
#include <loadscope/sweep.h>

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

/* "complete", "cancelled" or "time limit". */
const char *ls_report_outcome(enum ls_outcome outcome);

/*
 * Adds a sweep as CSV: a heading of both parameters' names and the figures' own, then a row for each cell
 * that is done, by x and then y. Numbers are the shortest that read back equal; a figure that is not known
 * is empty. The buffer says whether memory lasted.
 */
void ls_report_sweep_csv(struct ls_buffer *out, const struct ls_sweep *sweep);

/* A comparison as text: parameters that differ, totals, its customers, and the `top` slots that changed most.
 */
void ls_report_compare_text(FILE *out, const struct ls_compare *compare, size_t top);

/* The parameters in which A and B differ, as a table. */
void ls_report_parameters(FILE *out, const struct ls_diff_parameter *parameters, size_t n);

/* Two runs side by side, which lie in `folders`: parameters that differ, totals, and the `top` customers and
 * slots that changed most. As JSON it is one object. LS_ERR_MEMORY. */
void ls_report_diff_text(FILE *out, const struct ls_diff *diff, const char *const folders[2], size_t top);
int ls_report_diff_json(FILE *out, const struct ls_diff *diff, const char *const folders[2], size_t top,
                        struct ls_error *error);

/* "within 3.2 % of what is possible": how far the plan is from its proven bound, 0 to 1; NaN when nothing is
 * possible. */
double ls_report_gap(const struct ls_plan *plan);

#endif
