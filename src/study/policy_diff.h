/* What comparisons of answers and of runs share: parameters that differ, and what changed most. */
#ifndef LS_STUDY_POLICY_DIFF_H
#define LS_STUDY_POLICY_DIFF_H

#include <loadscope/diff.h>

#include <math.h>

/* By how much A and B differ. */
static inline double ls_difference(const double pair[2])
{
    return fabs(pair[1] - pair[0]);
}

/* Negative when x changed more than y, positive when less, 0 when alike. */
static inline int ls_by_difference(const double x[2], const double y[2])
{
    double change_x = ls_difference(x), change_y = ls_difference(y);
    return (change_x < change_y) - (change_x > change_y);
}

/* Lists them in the table's order, those of a city by its name; free() ends the list, NULL when it is empty.
 * LS_ERR_MEMORY. */
int ls_policy_diff(const struct ls_policy *a, const struct ls_policy *b, struct ls_diff_parameter **out,
                   size_t *n, struct ls_error *error);

#endif
