#include "report/csv.h"

#include "base/clones.h"
#include "base/real.h"

#include <limits.h>
#include <math.h>
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

/* Bytes that hold a row but for its key: its numbers with their commas, and its other fields. */
#define NUMBERS_MAX 16
#define ROW_SIZE    (NUMBERS_MAX * (LS_REAL_SIZE + 1) + 3 * LS_STAMP_SIZE)

/* The text of a slot's start, once a row wanted it. */
struct stamp {
    size_t length; /* 0: not yet made */
    char text[LS_STAMP_SIZE];
};

/* The city-day's rows under way. */
struct writing {
    const struct ls_answer *answer;
    struct stamp stamps[LS_SLOTS_MAX];
    double mef[LS_SLOTS_MAX], aef[LS_SLOTS_MAX]; /* [n_slots] g/kWh, 0 where the slot has no factors */
    double kwh_at[LS_SLOTS_MAX];                 /* by shift in slots; 0 between customers */
    double change_kwh[LS_SLOTS_MAX];             /* by slot; 0 between customers */
    size_t limit_length[LS_LIMIT_COUNT];
    struct ls_buffer common; /* the text of ",city,day" */
    struct ls_buffer key;    /* the customer's "id,city,day" */
};

/* ---- fields ---- */

static bool wants_quotes(const char *text, size_t length)
{
    static const bool special[UCHAR_MAX + 1] = {[','] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
    static const bool blank[UCHAR_MAX + 1] = {[' '] = true, ['\t'] = true};
    if (length == 0 || blank[(unsigned char)text[0]] || blank[(unsigned char)text[length - 1]])
        return true;
    bool found = false;
    for (size_t i = 0; i < length; i++)
        found |= special[(unsigned char)text[i]];
    return found;
}

void ls_csv_field(struct ls_buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    if (!wants_quotes(text, length)) {
        ls_buffer_add(buffer, text, length);
        return;
    }
    ls_buffer_text(buffer, "\"");
    for (const char *at = text; *at != '\0'; at++)
        ls_buffer_add(buffer, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    ls_buffer_text(buffer, "\"");
}

static char *put(char *at, const char *text, size_t length)
{
    memcpy(at, text, length);
    return at + length;
}

/* A number behind its comma; nothing but the comma when it is not finite. */
static char *put_number(char *at, double value)
{
    *at++ = ',';
    return isfinite(value) ? at + ls_real_write(value + 0.0, at) : at; /* adding 0 makes one zero of both */
}

static char *put_numbers(char *at, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        at = put_number(at, values[i]);
    return at;
}

/* The start of a slot behind its comma. */
static char *put_stamp(char *at, struct writing *w, int slot)
{
    const struct ls_cityday *day = w->answer->day;
    struct stamp *stamp = &w->stamps[slot];
    if (stamp->length == 0) {
        ls_stamp_format(ls_cityday_instant(day, slot), day->offset_s[slot], stamp->text);
        stamp->length = strlen(stamp->text);
    }
    *at++ = ',';
    return put(at, stamp->text, stamp->length);
}

/* ---- rows ---- */

/* Opens a row with its key; NULL when there is no memory. It ends with end_row(). */
static char *start_row(struct ls_buffer *out, const struct writing *w)
{
    char *at = ls_buffer_reserve(out, w->key.length + ROW_SIZE);
    return at != NULL ? put(at, w->key.bytes, w->key.length) : NULL;
}

static void end_row(struct ls_buffer *out, char *at)
{
    *at++ = '\n';
    out->length = (size_t)(at - out->bytes);
}

/* Mean and median of |minutes| by kWh: the median is the least whose kWh, with all shorter ones, reach half.
 */
static void shift_minutes(struct writing *w, const struct ls_move *moves, size_t n, double *mean,
                          double *median)
{
    const struct ls_cityday *day = w->answer->day;
    double kwh = 0, weighted = 0, reached = 0;
    *mean = *median = 0;
    if (n == 0)
        return;
    for (size_t m = 0; m < n; m++) {
        int distance = abs(moves[m].destination - moves[m].source);
        w->kwh_at[distance] += moves[m].kwh;
        kwh += moves[m].kwh;
        weighted += moves[m].kwh * distance * day->slot_minutes;
    }
    *mean = weighted / kwh;
    int distance = 0;
    while (distance < day->n_slots - 1 && (reached += w->kwh_at[distance]) < kwh / 2 - HALF_SLACK * kwh)
        distance++;
    *median = (double)distance * day->slot_minutes;
    for (size_t m = 0; m < n; m++)
        w->kwh_at[abs(moves[m].destination - moves[m].source)] = 0;
}

/* Marginal and average g of a day as it was. A missing reading or factor adds 0, so nothing. */
LS_CLONES static void emissions(const struct writing *w, size_t customer, double *marg_g, double *avg_g)
{
    const struct ls_cityday *day = w->answer->day;
    const int n_slots = day->n_slots;
    const double quanta_per_kwh = day->quanta_per_kwh;
    int32_t usage[LS_SLOTS_MAX];
    double marg[LS_SLOTS_MAX], avg[LS_SLOTS_MAX], marg_sum = 0, avg_sum = 0;
    ls_cityday_row(day, customer, usage);
    for (int t = 0; t < n_slots; t++) {
        double kwh = (usage[t] == LS_MISSING ? 0 : usage[t]) / quanta_per_kwh;
        marg[t] = kwh * w->mef[t];
        avg[t] = kwh * w->aef[t];
    }
    for (int t = 0; t < n_slots; t++) {
        marg_sum += marg[t];
        avg_sum += avg[t];
    }
    *marg_g = marg_sum;
    *avg_g = avg_sum;
}

static void add_metrics(struct ls_buffer *out, struct writing *w, size_t customer,
                        const struct ls_move *moves, size_t n_moves)
{
    const struct ls_cityday *day = w->answer->day;
    const struct ls_customer_result *result = &w->answer->plan->customers[customer];
    double marg_g = 0, avg_g = 0, mean, median;
    char kwh_text[LS_REAL_SIZE + 1]; /* day_kwh fills three columns */
    char *at = start_row(out, w);
    if (at == NULL)
        return;
    emissions(w, customer, &marg_g, &avg_g);
    shift_minutes(w, moves, n_moves, &mean, &median);
    const double grams[] = {avg_g,  avg_g - result->saved_avg_g,   result->saved_avg_g,
                            marg_g, marg_g - result->saved_marg_g, result->saved_marg_g};
    const double quota_left =
        result->quota_left < 0 ? (double)NAN : fmax(result->quota_left - result->sources, 0);
    const double shifts[] = {result->moved_kwh, mean, median, result->sources, quota_left};
    size_t kwh_length =
        (size_t)(put_number(kwh_text, (double)day->day_quanta[customer] / day->quanta_per_kwh) - kwh_text);
    at = put_numbers(at, grams, sizeof grams / sizeof *grams);
    at = put(at, kwh_text, kwh_length);
    at = put(at, kwh_text, kwh_length);
    at = put_numbers(at, shifts, sizeof shifts / sizeof *shifts);
    at = put(at, kwh_text, kwh_length);
    end_row(out, put_number(at, day->percentile[customer]));
}

static void add_move(struct ls_buffer *out, struct writing *w, const struct ls_move *move)
{
    static const char forward[] = ",forward", backward[] = ",backward";
    const struct ls_cityday *day = w->answer->day;
    int t = move->source, s = move->destination;
    const double *mef = day->mef_g_per_kwh, *aef = day->aef_g_per_kwh;
    const double values[] = {
        move->kwh,          mef[t] * move->kwh, mef[s] * move->kwh,           (mef[t] - mef[s]) * move->kwh,
        aef[t] * move->kwh, aef[s] * move->kwh, (aef[t] - aef[s]) * move->kwh};
    char *at = start_row(out, w);
    if (at == NULL)
        return;
    at = put_stamp(at, w, t);
    at = put_stamp(at, w, s);
    at = put_number(at, (double)(s - t) * day->slot_minutes);
    at = s > t ? put(at, forward, sizeof forward - 1) : put(at, backward, sizeof backward - 1);
    at = put_numbers(at, values, sizeof values / sizeof *values);
    *at++ = ',';
    end_row(out, put(at, ls_limit_name(move->limited_by), w->limit_length[move->limited_by]));
}

static void add_optimised(struct ls_buffer *out, struct writing *w, size_t customer,
                          const struct ls_move *moves, size_t n_moves)
{
    const struct ls_cityday *day = w->answer->day;
    for (size_t m = 0; m < n_moves; m++) {
        w->change_kwh[moves[m].source] -= moves[m].kwh;
        w->change_kwh[moves[m].destination] += moves[m].kwh;
    }
    for (int t = 0; t < day->n_slots; t++) {
        double kwh = ls_cityday_kwh(day, customer, t);
        if (isnan(kwh))
            continue;
        char *at = start_row(out, w);
        if (at == NULL)
            break;
        at = put_stamp(put_number(at, t), w, t);
        /* A slot that gave all may miss 0 by rounding. */
        end_row(out, put_number(at, fmax(kwh + w->change_kwh[t], 0)));
    }
    for (size_t m = 0; m < n_moves; m++)
        w->change_kwh[moves[m].source] = w->change_kwh[moves[m].destination] = 0;
}

/* ---- a city-day ---- */

static bool start_key(struct writing *w, size_t customer)
{
    w->key.length = 0;
    ls_csv_field(&w->key, w->answer->day->id[customer]);
    ls_buffer_add(&w->key, w->common.bytes, w->common.length);
    return !w->key.failed;
}

static struct writing *start_writing(const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    struct writing *w = calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    char first[LS_STAMP_SIZE + 1];
    w->answer = answer;
    for (int t = 0; t < day->n_slots; t++) {
        bool known = !isnan(day->mef_g_per_kwh[t]);
        w->mef[t] = known ? day->mef_g_per_kwh[t] : 0;
        w->aef[t] = known ? day->aef_g_per_kwh[t] : 0;
    }
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        w->limit_length[limit] = strlen(ls_limit_name((enum ls_limit)limit));
    ls_buffer_text(&w->common, ",");
    ls_csv_field(&w->common, day->city);
    ls_buffer_add(&w->common, first, (size_t)(put_stamp(first, w, 0) - first));
    return w;
}

static void end_writing(struct writing *w)
{
    ls_buffer_release(&w->key);
    ls_buffer_release(&w->common);
    free(w);
}

void ls_table_add_day(struct ls_buffer tables[LS_TABLES], const struct ls_answer *answer, bool optimised)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    struct ls_buffer *metrics = &tables[LS_TABLE_METRICS];
    if (day->n_customers == 0)
        return;
    struct writing *w = start_writing(answer);
    if (w == NULL || w->common.failed)
        metrics->failed = true;
    for (size_t customer = 0, m = 0; customer < day->n_customers && !metrics->failed; customer++) {
        size_t first = m;
        if (!start_key(w, customer)) {
            metrics->failed = true;
            break;
        }
        while (m < plan->n_moves && plan->moves[m].customer == customer)
            add_move(&tables[LS_TABLE_MOVES], w, &plan->moves[m++]);
        add_metrics(metrics, w, customer, plan->moves + first, m - first);
        if (optimised)
            add_optimised(&tables[LS_TABLE_OPTIMISED], w, customer, plan->moves + first, m - first);
    }
    if (w != NULL)
        end_writing(w);
}
