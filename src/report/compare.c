/* Two answers side by side, as text. */
#include "report/report.h"

#include <math.h>

#define VALUE_COLUMNS 18

static void write_value(FILE *out, double value, int decimals, bool sign)
{
    if (isfinite(value) && sign)
        fprintf(out, " %+*.*f", VALUE_COLUMNS, decimals, value);
    else if (isfinite(value))
        fprintf(out, " %*.*f", VALUE_COLUMNS, decimals, value);
    else
        fprintf(out, " %*s", VALUE_COLUMNS, "none");
}

void ls_report_parameters(FILE *out, const struct ls_diff_parameter *parameters, size_t n)
{
    if (n == 0)
        fprintf(out, "no parameter differs\n");
    else
        fprintf(out, "%-40s %20s %20s\n", "parameter", "A", "B");
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%-40s %20s %20s\n", parameters[i].name, parameters[i].value[0], parameters[i].value[1]);
}

static void write_totals(FILE *out, const struct ls_compare *compare)
{
    fprintf(out, "\n%-24s %-4s %*s %*s %*s\n", "total", "", VALUE_COLUMNS, "A", VALUE_COLUMNS, "B",
            VALUE_COLUMNS, "B - A");
    for (int i = 0; i < LS_COMPARE_TOTALS; i++) {
        const struct ls_compare_total *total = &compare->totals[i];
        fprintf(out, "%-24s %-4s", total->label, total->unit);
        write_value(out, total->value[0], total->decimals, false);
        write_value(out, total->value[1], total->decimals, false);
        write_value(out, total->value[1] - total->value[0], total->decimals, true);
        fprintf(out, "\n");
    }
}

static void write_customers(FILE *out, const struct ls_compare *compare)
{
    fprintf(out, "\n%zu of %zu customers changed", compare->customers_changed, compare->n_customers);
    if (compare->n_top > 0)
        fprintf(out, "; saved g, marginal and average, and moved kWh, B - A\n%-24s %14s %14s %14s",
                "customer", "marginal", "average", "kWh");
    fprintf(out, "\n");
    for (size_t i = 0; i < compare->n_top; i++) {
        const struct ls_compare_customer *it = &compare->customers[i];
        fprintf(out, "%-24s %+14.1f %+14.1f %+14.3f\n", it->id, it->saved_marg_g[1] - it->saved_marg_g[0],
                it->saved_avg_g[1] - it->saved_avg_g[0], it->moved_kwh[1] - it->moved_kwh[0]);
    }
}

static void write_slots(FILE *out, const struct ls_compare *compare, size_t top)
{
    fprintf(out, "\n%zu of %zu slots changed", compare->slots_changed, compare->n_slots);
    top = top < compare->slots_changed ? top : compare->slots_changed;
    if (top > 0)
        fprintf(out, "; kWh after shifting\n%-24s %14s %14s %14s", "slot", "A", "B", "B - A");
    fprintf(out, "\n");
    for (size_t i = 0; i < top; i++) {
        const struct ls_compare_slot *it = &compare->slots[i];
        fprintf(out, "%02d:%02d%-19s %14.3f %14.3f %+14.3f\n", it->wall_minute / 60, it->wall_minute % 60,
                it->slot[0] < 0   ? " (B alone)"
                : it->slot[1] < 0 ? " (A alone)"
                                  : "",
                it->shifted_kwh[0], it->shifted_kwh[1], it->shifted_kwh[1] - it->shifted_kwh[0]);
    }
}

void ls_report_compare_text(FILE *out, const struct ls_compare *compare, size_t top)
{
    ls_report_parameters(out, compare->parameters, compare->n_parameters);
    write_totals(out, compare);
    write_customers(out, compare);
    write_slots(out, compare, top);
}
