/* The parameters in which two policies differ. */
#ifndef LS_STUDY_POLICY_DIFF_H
#define LS_STUDY_POLICY_DIFF_H

#include <loadscope/diff.h>

/* Lists them in the table's order, those of a city by its name; free() ends the list, NULL when it is empty.
 * LS_ERR_MEMORY. */
int ls_policy_diff(const struct ls_policy *a, const struct ls_policy *b, struct ls_diff_parameter **out,
                   size_t *n, struct ls_error *error);

#endif
