#include "report/csv.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HALF_SLACK 1e-12 /* share of the moved kWh by which rounding may miss the half */

static const struct {
    const char *name, *heading;
} tables_of_a_run[LS_TABLES] = {
    [LS_TABLE_METRICS] = {"metrics.csv",
                          "ca_id,city,day,baseline_E_avg_g,post_E_avg_g,delta_E_avg_g,baseline_E_marg_g,"
                          "post_E_marg_g,delta_E_marg_g,baseline_kwh,post_kwh,moved_kwh,"
                          "avg_shift_minutes_energy_weighted,median_shift_minutes_energy_weighted,"
                          "weekly_moves_used,weekly_moves_remaining,day_kwh,pct\n"},
    [LS_TABLE_MOVES] = {"moves.csv",
                        "ca_id,city,day,original_time,proposed_shift_time,delta_minutes,shift_direction,"
                        "delta_kwh,marginal_emissions_before_shift_grams_co2,"
                        "marginal_emissions_after_shift_grams_co2,marginal_emissions_delta_grams_co2,"
                        "average_emissions_before_shift_grams_co2,average_emissions_after_shift_grams_co2,"
                        "average_emissions_delta_grams_co2,limited_by\n"},
    [LS_TABLE_OPTIMISED] = {"optimised.csv", "ca_id,city,day,slot,date,optimised_value\n"},
};

const char *ls_table_name(enum ls_table table)
{
    return tables_of_a_run[table].name;
}

const char *ls_table_heading(enum ls_table table)
{
    return tables_of_a_run[table].heading;
}

/* A text field, in quotes where CSV asks for them. */
static void add_field(struct ls_buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0' || length == 0 || text[0] == ' ' ||
                  text[0] == '\t' || text[length - 1] == ' ' || text[length - 1] == '\t';
    if (!quoted) {
        ls_buffer_add(buffer, text, length);
        return;
    }
    ls_buffer_text(buffer, "\"");
    for (const char *at = text; *at != '\0'; at++)
        ls_buffer_add(buffer, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    ls_buffer_text(buffer, "\"");
}

static void add_numbers(struct ls_buffer *buffer, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ls_buffer_text(buffer, ",");
        ls_buffer_number(buffer, values[i]);
    }
}

/* The city-day's rows under way. */
struct writing {
    const struct ls_answer *answer;
    char (*stamp)[LS_STAMP_SIZE]; /* [n_slots] */
    struct ls_buffer common;      /* the text of ",city,day" */
};

static void add_key(struct ls_buffer *buffer, const struct writing *w, size_t customer)
{
    add_field(buffer, w->answer->day->id[customer]);
    ls_buffer_add(buffer, w->common.bytes, w->common.length);
}

/* Mean and median of |minutes| by kWh: the median is the least whose kWh, with all shorter ones, reach half.
 */
static void shift_minutes(const struct ls_answer *answer, const struct ls_move *moves, size_t n, double *mean,
                          double *median)
{
    double kwh_at[LS_SLOTS_MAX] = {0}, kwh = 0, weighted = 0, reached = 0;
    *mean = *median = 0;
    for (size_t m = 0; m < n; m++) {
        int distance = abs(moves[m].destination - moves[m].source);
        kwh_at[distance] += moves[m].kwh;
        kwh += moves[m].kwh;
        weighted += moves[m].kwh * distance * answer->day->slot_minutes;
    }
    if (n == 0)
        return;
    *mean = weighted / kwh;
    int distance = 0;
    while (distance < answer->day->n_slots - 1 && (reached += kwh_at[distance]) < kwh / 2 - HALF_SLACK * kwh)
        distance++;
    *median = (double)distance * answer->day->slot_minutes;
}

static void add_metrics(struct ls_buffer *out, const struct writing *w, size_t customer,
                        const struct ls_move *moves, size_t n_moves)
{
    const struct ls_cityday *day = w->answer->day;
    const struct ls_customer_result *result = &w->answer->plan->customers[customer];
    double marg_g = 0, avg_g = 0, mean, median;
    for (int t = 0; t < day->n_slots; t++) {
        double kwh = ls_cityday_kwh(day, customer, t);
        if (isnan(kwh) || isnan(day->mef_g_per_kwh[t]))
            continue;
        marg_g += kwh * day->mef_g_per_kwh[t];
        avg_g += kwh * day->aef_g_per_kwh[t];
    }
    double day_kwh = (double)day->day_quanta[customer] / day->quanta_per_kwh;
    int left = result->quota_left - result->sources;
    shift_minutes(w->answer, moves, n_moves, &mean, &median);
    const double values[] = {avg_g,
                             avg_g - result->saved_avg_g,
                             result->saved_avg_g,
                             marg_g,
                             marg_g - result->saved_marg_g,
                             result->saved_marg_g,
                             day_kwh,
                             day_kwh,
                             result->moved_kwh,
                             mean,
                             median,
                             result->sources,
                             result->quota_left < 0 ? (double)NAN : fmax(left, 0),
                             day_kwh,
                             day->percentile[customer]};
    add_key(out, w, customer);
    add_numbers(out, values, sizeof values / sizeof *values);
    ls_buffer_text(out, "\n");
}

static void add_move(struct ls_buffer *out, const struct writing *w, const struct ls_move *move)
{
    const struct ls_cityday *day = w->answer->day;
    int t = move->source, s = move->destination;
    const double *mef = day->mef_g_per_kwh, *aef = day->aef_g_per_kwh;
    const double minutes = (double)(s - t) * day->slot_minutes;
    const double values[] = {
        move->kwh,          mef[t] * move->kwh, mef[s] * move->kwh,           (mef[t] - mef[s]) * move->kwh,
        aef[t] * move->kwh, aef[s] * move->kwh, (aef[t] - aef[s]) * move->kwh};
    add_key(out, w, move->customer);
    ls_buffer_text(out, ",");
    ls_buffer_text(out, w->stamp[t]);
    ls_buffer_text(out, ",");
    ls_buffer_text(out, w->stamp[s]);
    add_numbers(out, &minutes, 1);
    ls_buffer_text(out, s > t ? ",forward" : ",backward");
    add_numbers(out, values, sizeof values / sizeof *values);
    ls_buffer_text(out, ",");
    ls_buffer_text(out, ls_limit_name(move->limited_by));
    ls_buffer_text(out, "\n");
}

static void add_optimised(struct ls_buffer *out, const struct writing *w, size_t customer,
                          const struct ls_move *moves, size_t n_moves)
{
    const struct ls_cityday *day = w->answer->day;
    double change_kwh[LS_SLOTS_MAX] = {0};
    for (size_t m = 0; m < n_moves; m++) {
        change_kwh[moves[m].source] -= moves[m].kwh;
        change_kwh[moves[m].destination] += moves[m].kwh;
    }
    for (int t = 0; t < day->n_slots; t++) {
        double kwh = ls_cityday_kwh(day, customer, t), slot = t;
        if (isnan(kwh))
            continue;
        add_key(out, w, customer);
        add_numbers(out, &slot, 1);
        ls_buffer_text(out, ",");
        ls_buffer_text(out, w->stamp[t]);
        kwh = fmax(kwh + change_kwh[t], 0); /* a slot that gave all may miss 0 by rounding */
        add_numbers(out, &kwh, 1);
        ls_buffer_text(out, "\n");
    }
}

static bool start_writing(struct writing *w, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    *w = (struct writing){.answer = answer};
    w->stamp = calloc((size_t)day->n_slots + 1, sizeof *w->stamp);
    if (w->stamp == NULL)
        return false;
    for (int t = 0; t < day->n_slots; t++)
        ls_stamp_format(ls_cityday_instant(day, t), day->offset_s[t], w->stamp[t]);
    ls_buffer_text(&w->common, ",");
    add_field(&w->common, day->city);
    ls_buffer_text(&w->common, ",");
    ls_buffer_text(&w->common, w->stamp[0]);
    return !w->common.failed;
}

void ls_table_add_day(struct ls_buffer tables[LS_TABLES], const struct ls_answer *answer, bool optimised)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    struct writing w;
    if (!start_writing(&w, answer))
        tables[LS_TABLE_METRICS].failed = true;
    for (size_t i = 0, m = 0; i < day->n_customers && !tables[LS_TABLE_METRICS].failed; i++) {
        size_t customer = i, first = m;
        while (m < plan->n_moves && plan->moves[m].customer == customer)
            add_move(&tables[LS_TABLE_MOVES], &w, &plan->moves[m++]);
        add_metrics(&tables[LS_TABLE_METRICS], &w, customer, plan->moves + first, m - first);
        if (optimised)
            add_optimised(&tables[LS_TABLE_OPTIMISED], &w, customer, plan->moves + first, m - first);
    }
    ls_buffer_release(&w.common);
    free(w.stamp);
}
