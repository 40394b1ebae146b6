#include "study/probe.h"

#include <math.h>

void ls_totals_of(const struct ls_plan *plan, struct ls_totals *out)
{
    double saved_g = plan->saved_marg_g, bound_g = plan->bound_marg_g;
    *out = (struct ls_totals){.saved_marg_g = saved_g,
                              .saved_avg_g = plan->saved_avg_g,
                              .bound_marg_g = bound_g,
                              .gap = bound_g > 0 ? fmax(0, 1 - saved_g / bound_g) : (double)NAN,
                              .moved_kwh = plan->moved_kwh,
                              .moves = plan->n_moves,
                              .customers_moving = plan->customers_moving,
                              .outcome = plan->outcome};
}

void ls_day_result_of(const struct ls_plan *plan, struct ls_day_result *out)
{
    bool has_budget = isfinite(plan->budget_kwh) && plan->budget_kwh > 0;
    *out = (struct ls_day_result){.homes = plan->n_customers,
                                  .saved_marg_g = plan->saved_marg_g,
                                  .saved_avg_g = plan->saved_avg_g,
                                  .baseline_marg_g = plan->baseline_marg_g,
                                  .lacks_factors = ls_plan_lacks_factors(plan),
                                  .budget_share =
                                      has_budget ? plan->budget_used_kwh / plan->budget_kwh : (double)NAN};
}

int ls_probe(ls_bench *bench, const struct ls_policy *policy, const char *city, int32_t date,
             const struct ls_solve_options *options, struct ls_totals *out, struct ls_error *error)
{
    struct ls_answer *answer = NULL;
    if (options != NULL && options->cancel != NULL && atomic_load(options->cancel))
        return ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    int status = ls_bench_solve(bench, policy, city, date, options, &answer, error);
    if (status == 0 && answer->plan->outcome == LS_OUTCOME_CANCELLED)
        status = ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    if (status == 0)
        ls_totals_of(answer->plan, out);
    ls_answer_destroy(answer);
    return status;
}

int ls_probe_with(ls_bench *bench, const struct ls_answer *answer, const struct ls_parameter *parameter,
                  const char *text, const struct ls_solve_options *options, struct ls_totals *out,
                  struct ls_error *error)
{
    struct ls_policy policy = {0};
    int status = ls_policy_copy(&policy, &answer->policy, error);
    if (status == 0)
        status = ls_parameter_set(parameter, &policy, NULL, text, error);
    if (status == 0)
        status = ls_probe(bench, &policy, answer->day->city, answer->day->date, options, out, error);
    ls_policy_clear(&policy);
    return status;
}
