/* Sentences about more than one solve: comparisons, sweeps, and what limits cost. */
#include "report/plain.h"

#include <math.h>

void ls_plain_compare_savings(FILE *out, const struct ls_compare *compare)
{
    const struct ls_compare_total *marginal = &compare->totals[0], *average = &compare->totals[1];
    fprintf(
        out,
        "saved, marginal: A %.1f g, B %.1f g, B - A %+.1f g; average: A %.1f g, B %.1f g, B - A %+.1f g\n",
        marginal->value[0], marginal->value[1], marginal->value[1] - marginal->value[0], average->value[0],
        average->value[1], average->value[1] - average->value[0]);
}

void ls_plain_compare_customer(FILE *out, const struct ls_compare_customer *customer)
{
    fprintf(out,
            "customer %s: saved, marginal: A %.1f g, B %.1f g; average: A %.1f g, B %.1f g; moved: A %.3f "
            "kWh, B %.3f kWh\n",
            customer->id, customer->saved_marg_g[0], customer->saved_marg_g[1], customer->saved_avg_g[0],
            customer->saved_avg_g[1], customer->moved_kwh[0], customer->moved_kwh[1]);
}

void ls_plain_sweep_cell(FILE *out, const struct ls_sweep *sweep, size_t x, size_t y)
{
    const struct ls_sweep_cell *cell = &sweep->cells[y * sweep->x.n + x];
    const struct ls_totals *totals = &cell->totals;
    fprintf(out, "%s = %s, %s = %s: ", sweep->x.name, sweep->x.values[x], sweep->y.name, sweep->y.values[y]);
    if (!cell->done) {
        fprintf(out, "not solved\n");
        return;
    }
    fprintf(out, "saved marginal %.1f g, average %.1f g, moved %.3f kWh", totals->saved_marg_g,
            totals->saved_avg_g, totals->moved_kwh);
    if (!isnan(totals->gap))
        fprintf(out, ", gap at most %.1f %%", 100 * totals->gap);
    fprintf(out, "\n");
}

/* "12.3 g more marginal and 1.2 g less average" */
static void write_difference(FILE *out, double marg_g, double avg_g)
{
    fprintf(out, "%.1f g %s marginal and %.1f g %s average", fabs(marg_g), marg_g < 0 ? "less" : "more",
            fabs(avg_g), avg_g < 0 ? "less" : "more");
}

void ls_plain_step(FILE *out, const struct ls_sensitivity *sensitivity, enum ls_way way)
{
    const struct ls_parameter *parameter = sensitivity->parameter;
    const struct ls_further *further = &sensitivity->further[way];
    char name[128];
    fprintf(out, "%s: ", parameter->label);
    if (!further->possible) {
        fprintf(out, "no step %s\n", way == LS_STEP_MORE ? "more" : "less");
        return;
    }
    fprintf(out, "a step %s (%s is %s) would save ", way == LS_STEP_MORE ? "more" : "less",
            ls_parameter_name(parameter, NULL, name, sizeof name), further->value);
    write_difference(out, further->more_marg_g, further->more_avg_g);
    fprintf(out, "\n");
}

void ls_plain_limit_cost(FILE *out, const struct ls_limit_cost *cost)
{
    const struct ls_binding *binding = &cost->binding;
    const struct ls_parameter *parameter = cost->parameter;
    char name[128];
    ls_parameter_name(parameter, NULL, name, sizeof name);
    if (cost->off) {
        fprintf(out, "%s: off (%s is %s), so it costs nothing\n", parameter->label, name, cost->value);
        return;
    }
    fprintf(out, "%s: without it (%s is %s), all else as it is, this day would save ", parameter->label, name,
            cost->value);
    write_difference(out, cost->marg_g, cost->avg_g);
    if (cost->limit == LS_LIMIT_QUOTA)
        fprintf(out, "; %zu customers used all the moves that it left them", binding->customers);
    else if (cost->limit == LS_LIMIT_HOURS || cost->limit == LS_LIMIT_WINDOW)
        fprintf(out, "; it rules pairs of slots out before any move, so none is counted");
    else
        fprintf(out, "; it stopped %zu moves of %zu customers, and %.3f kWh stayed in their slots",
                binding->moves, binding->customers, binding->stopped_kwh);
    fprintf(out, "\n");
}
