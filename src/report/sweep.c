/* A sweep as CSV, for notebooks and spreadsheets. */
#include "report/csv.h"
#include "report/report.h"

static void add_figure(struct ls_buffer *out, double value)
{
    ls_buffer_text(out, ",");
    ls_buffer_number(out, value);
}

static void add_cell(struct ls_buffer *out, const struct ls_sweep *sweep, size_t x, size_t y)
{
    const struct ls_totals *totals = &sweep->cells[y * sweep->x.n + x].totals;
    ls_csv_field(out, sweep->x.values[x]);
    ls_buffer_text(out, ",");
    ls_csv_field(out, sweep->y.values[y]);
    add_figure(out, totals->saved_marg_g);
    add_figure(out, totals->saved_avg_g);
    add_figure(out, totals->moved_kwh);
    add_figure(out, (double)totals->moves);
    add_figure(out, (double)totals->customers_moving);
    add_figure(out, totals->bound_marg_g);
    add_figure(out, 100 * totals->gap);
    ls_buffer_text(out, ",");
    ls_csv_field(out, ls_report_outcome(totals->outcome));
    ls_buffer_text(out, "\n");
}

void ls_report_sweep_csv(struct ls_buffer *out, const struct ls_sweep *sweep)
{
    ls_csv_field(out, sweep->x.name);
    ls_buffer_text(out, ",");
    ls_csv_field(out, sweep->y.name);
    ls_buffer_text(out, ",saved_marg_g,saved_avg_g,moved_kwh,moves,customers_moving,bound_marg_g,gap_percent,"
                        "outcome\n");
    for (size_t x = 0; x < sweep->x.n; x++)
        for (size_t y = 0; y < sweep->y.n; y++)
            if (sweep->cells[y * sweep->x.n + x].done)
                add_cell(out, sweep, x, y);
}
