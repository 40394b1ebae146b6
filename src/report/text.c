#include "report/plain.h"
#include "report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define LOAD_SUSPICIOUS 0.999 /* a daily load below this part of the own one is worth a word */

double ls_report_gap(const struct ls_plan *plan)
{
    struct ls_totals totals;
    ls_totals_of(plan, &totals);
    return totals.gap;
}

void ls_report_quality(FILE *out, const struct ls_dataset *dataset)
{
    const struct ls_quality *q = &dataset->quality;
    fprintf(out,
            "data        %" PRIu64 " rows, %zu homes in %zu %s, %" PRIu64 " known readings of %d minutes\n",
            q->rows, dataset->n_customers, dataset->n_cities, dataset->n_cities == 1 ? "city" : "cities",
            q->readings, dataset->slot_minutes);
    const struct {
        uint64_t count;
        const char *text;
    } doubts[] = {
        {q->gaps, "slots without a row, unknown"},
        {q->missing, "empty readings, unknown"},
        {q->negative, "negative readings, treated as unknown"},
        {q->duplicates, "exact duplicates, dropped"},
        {q->rounded, "readings with finer digits, rounded"},
        {q->slots_without_factor, "city slots without emission factors, left out"},
    };
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        if (doubts[i].count > 0)
            fprintf(out, "            %" PRIu64 " %s\n", doubts[i].count, doubts[i].text);
    if (q->rounded > 0)
        fprintf(out, "            readings are kept in steps of %d mWh\n", dataset->quantum_mwh);
}

void ls_report_warnings(FILE *out, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    if (isfinite(plan->budget_kwh) && day->daily_load_kwh < LOAD_SUSPICIOUS * day->own_daily_load_kwh)
        fprintf(out,
                "warning     the daily load given for %s, %.1f kWh, is below what its homes use, %.1f kWh: "
                "is it an hourly figure?\n",
                day->city, day->daily_load_kwh, day->own_daily_load_kwh);
    if (plan->uncovered_kwh > 0)
        fprintf(
            out,
            "warning     %.1f kWh (%.1f %%) lie in slots without factors and count in no emission total\n",
            plan->uncovered_kwh, 100 * plan->uncovered_kwh / plan->baseline_kwh);
    if (plan->customers_no_quota > 0)
        fprintf(
            out,
            "note        %zu of %zu homes have no moves left this week (%d a week, %d earlier %s solved)\n",
            plan->customers_no_quota, plan->n_customers, answer->policy.moves_per_week, answer->earlier_days,
            answer->earlier_days == 1 ? "day" : "days");
    if (plan->outcome == LS_OUTCOME_CANCELLED)
        fprintf(out, "warning     cancelled after %zu of %zu homes\n", plan->customers_served,
                plan->n_customers);
    if (plan->outcome == LS_OUTCOME_TIME_LIMIT)
        fprintf(out, "warning     for some homes the time limit came before the proof of the optimum\n");
}

static void write_totals(FILE *out, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    char date[LS_DATE_SIZE];
    fprintf(out, "loadscope   %s, %s %s, %zu homes, %d slots of %d minutes\n", day->city,
            ls_weekday_name(day->weekday), ls_date_format(day->date, date), day->n_customers, day->n_slots,
            day->slot_minutes);
    fprintf(out, "engine      %s, %s\n", ls_engine(plan->engine)->name,
            answer->policy.week_context == LS_WEEK_IN_WEEK
                ? "in its week: the quota is what the week's earlier days left"
                : "day alone: the full weekly quota");
    double of_marg = plan->baseline_marg_g != 0 ? 100 * plan->saved_marg_g / plan->baseline_marg_g : 0;
    double of_avg = plan->baseline_avg_g != 0 ? 100 * plan->saved_avg_g / plan->baseline_avg_g : 0;
    fprintf(out, "saved       %.3f kg marginal (%.2f %%), %.3f kg average (%.2f %%)\n",
            ls_plain_figure(plan->saved_marg_g / 1e3, 3), ls_plain_figure(of_marg, 2),
            ls_plain_figure(plan->saved_avg_g / 1e3, 3), ls_plain_figure(of_avg, 2));
    double gap = ls_report_gap(plan);
    if (!isnan(gap))
        fprintf(out, "proven      no plan of these homes saves more than %.3f kg marginal: within %.1f %%\n",
                plan->bound_marg_g / 1e3, 100 * gap);
    fprintf(out, "baseline    %.1f kWh, %.3f kg marginal, %.3f kg average\n", plan->baseline_kwh,
            plan->baseline_marg_g / 1e3, plan->baseline_avg_g / 1e3);
    fprintf(out, "moved       %.3f kWh (%.2f %%) in %zu moves by %zu of %zu homes\n", plan->moved_kwh,
            plan->baseline_kwh > 0 ? 100 * plan->moved_kwh / plan->baseline_kwh : 0, plan->n_moves,
            plan->customers_moving, plan->n_customers);
    if (isfinite(plan->budget_kwh))
        fprintf(out, "budget      %.3f of %.3f kWh used (%.0f %%)\n", plan->budget_used_kwh, plan->budget_kwh,
                plan->budget_kwh > 0 ? 100 * plan->budget_used_kwh / plan->budget_kwh : 0);
    else
        fprintf(out, "budget      none\n");
    if (plan->moves_disagreeing > 0)
        fprintf(out, "disagree    %zu %s marginal but %s average emissions\n", plan->moves_disagreeing,
                plan->moves_disagreeing == 1 ? "move saves" : "moves save",
                plan->moves_disagreeing == 1 ? "raises" : "raise");
}

static void write_limits(FILE *out, const struct ls_plan *plan)
{
    static const char *const what[LS_LIMIT_COUNT] = {
        [LS_LIMIT_WHOLE] = "took the whole slot",
        [LS_LIMIT_FLOOR] = "stopped at the household floor",
        [LS_LIMIT_PEAK] = "stopped by peak comfort",
        [LS_LIMIT_ROOM] = "stopped by the anti-spike limit",
        [LS_LIMIT_BUDGET] = "stopped by the regional budget",
    };
    fprintf(out, "\nlimits that bind\n");
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        if (plan->limited[limit] > 0)
            fprintf(out, "  %6zu %s %s\n", plan->limited[limit], plan->limited[limit] == 1 ? "move" : "moves",
                    what[limit] != NULL ? what[limit] : ls_limit_name((enum ls_limit)limit));
    size_t binding = 0;
    for (int t = 0; t < plan->n_slots; t++)
        binding += plan->slots[t].spike_binds;
    fprintf(out, "  %6zu %s full (anti-spike)\n", binding, binding == 1 ? "slot is" : "slots are");
    if (plan->n_moves == 0)
        fprintf(out, "         nothing moves\n");
}

static void write_slots(FILE *out, const struct ls_cityday *day, const struct ls_plan *plan)
{
    fprintf(out, "\n%-5s %11s %11s %9s %9s %9s %8s %8s  %s\n", "slot", "base kWh", "shifted", "out", "in",
            "room", "mef", "aef", "marks");
    for (int t = 0; t < day->n_slots; t++) {
        const struct ls_slot_result *slot = &plan->slots[t];
        char clock[8];
        fprintf(out, "%-6s%11.3f %11.3f %9.3f %9.3f ", ls_cityday_clock(day, t, clock), slot->baseline_kwh,
                slot->baseline_kwh - slot->out_kwh + slot->in_kwh, slot->out_kwh, slot->in_kwh);
        if (isfinite(slot->room_kwh))
            fprintf(out, "%9.3f ", slot->room_kwh);
        else
            fprintf(out, "%9s ", "none");
        if (isnan(day->mef_g_per_kwh[t]))
            fprintf(out, "%8s %8s", "none", "none");
        else
            fprintf(out, "%8.1f %8.1f", day->mef_g_per_kwh[t], day->aef_g_per_kwh[t]);
        fprintf(out, "%s%s%s\n", slot->peak || slot->spike_binds ? "  " : "", slot->peak ? "peak" : "",
                slot->spike_binds ? slot->peak ? ", full" : "full" : "");
    }
}

struct ranked_move {
    double saved_g;
    size_t index;
};

/* Takes a move's place among the `n` first; of equal ones the earlier comes first. Returns how many are
 * taken. */
static size_t place_move(struct ranked_move *ranked, size_t n, size_t top, struct ranked_move it)
{
    if (n == top && (top == 0 || it.saved_g <= ranked[top - 1].saved_g))
        return n;
    size_t at = n < top ? n : top - 1, taken = at + 1;
    for (; at > 0 && ranked[at - 1].saved_g < it.saved_g; at--)
        ranked[at] = ranked[at - 1];
    ranked[at] = it;
    return taken;
}

static void write_moves(FILE *out, const struct ls_cityday *day, const struct ls_plan *plan, size_t top)
{
    const double *mef = day->mef_g_per_kwh, *aef = day->aef_g_per_kwh;
    size_t n = 0;
    top = top < plan->n_moves ? top : plan->n_moves;
    if (top == 0)
        return;
    struct ranked_move *ranked = calloc(top, sizeof *ranked);
    if (ranked == NULL) {
        fprintf(out, "\nout of memory for the list of the %zu moves\n", plan->n_moves);
        return;
    }
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        double saved_g = (mef[move->source] - mef[move->destination]) * move->kwh;
        n = place_move(ranked, n, top, (struct ranked_move){saved_g, m});
    }
    fprintf(out, "\ntop %zu of %zu moves\n%-24s %5s    %5s %9s %11s %11s  %s\n", top, plan->n_moves,
            "customer", "from", "to", "kWh", "marginal g", "average g", "limited by");
    for (size_t r = 0; r < top; r++) {
        const struct ls_move *move = &plan->moves[ranked[r].index];
        char from[8], to[8];
        fprintf(out, "%-24s %s -> %s %9.3f %11.1f %11.1f  %s\n", day->id[move->customer],
                ls_cityday_clock(day, move->source, from), ls_cityday_clock(day, move->destination, to),
                move->kwh, ranked[r].saved_g, (aef[move->source] - aef[move->destination]) * move->kwh,
                ls_limit_name(move->limited_by));
    }
    free(ranked);
}

void ls_report_day_text(FILE *out, const struct ls_dataset *dataset, const struct ls_answer *answer,
                        size_t top)
{
    write_totals(out, answer);
    ls_report_quality(out, dataset);
    ls_report_warnings(out, answer);
    if (answer->day->n_customers == 0) {
        fprintf(out, "\nno readings on this day\n");
        return;
    }
    write_limits(out, answer->plan);
    write_slots(out, answer->day, answer->plan);
    write_moves(out, answer->day, answer->plan, top);
}
