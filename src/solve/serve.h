/*
 * A solve that asks the engine customer by customer, even where it knows a quicker way through the whole day.
 *
 * The plan is that of ls_solve(), which tests hold against it; its bound may be lower by a few parts in a
 * million.
 */
#ifndef LS_SOLVE_SERVE_H
#define LS_SOLVE_SERVE_H

#include <loadscope/plan.h>

int ls_solve_by_turns(const struct ls_cityday *day, const struct ls_policy *policy,
                      const struct ls_solve_options *options, struct ls_plan **out, struct ls_error *error);

#endif
