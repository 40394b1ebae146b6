/* One more solve, for its totals alone: what sweeps, sensitivities and the costs of limits are made of. */
#ifndef LS_STUDY_PROBE_H
#define LS_STUDY_PROBE_H

#include <loadscope/shift.h>

/* As ls_bench_solve(), but LS_ERR_CANCELLED also when the day itself was cancelled. */
int ls_probe(ls_bench *bench, const struct ls_policy *policy, const char *city, int32_t date,
             const struct ls_solve_options *options, struct ls_totals *out, struct ls_error *error);

/* The same for an answer's day under its policy with one parameter set to `text`. */
int ls_probe_with(ls_bench *bench, const struct ls_answer *answer, const struct ls_parameter *parameter,
                  const char *text, const struct ls_solve_options *options, struct ls_totals *out,
                  struct ls_error *error);

#endif
