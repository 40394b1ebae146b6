/*
 * Rows of result files, each by itself: names, times, directions and emissions that must follow from its kWh.
 *
 * Rows that make sense are kept for the checks of whole days; of those that do not, the first thing wrong is
 * noted and the row left out of everything else.
 */
#include "study/verify.h"

#include "data/grow.h"

#include <loadscope/plan.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NO_CUSTOMER UINT32_MAX

static const char moves_file[] = "moves.csv", metrics_file[] = "metrics.csv",
                  optimised_file[] = "optimised.csv";

enum { ID, CITY, DAY, KEYS }; /* the first three columns of each file */

#define KEY_COLUMNS                                                                                          \
    [ID] = {"ca_id", LS_RESULT_TEXT, false}, [CITY] = {"city", LS_RESULT_TEXT, false},                       \
    [DAY] = {"day", LS_RESULT_INSTANT, false}

enum {
    FROM = KEYS,
    TO,
    MINUTES,
    DIRECTION,
    KWH,
    MARG_BEFORE,
    MARG_AFTER,
    MARG_DELTA,
    AVG_BEFORE,
    AVG_AFTER,
    AVG_DELTA,
    LIMITED_BY,
    MOVE_COLUMNS
};

static const struct ls_result_column move_columns[] = {
    KEY_COLUMNS,
    [FROM] = {"original_time", LS_RESULT_INSTANT, false},
    [TO] = {"proposed_shift_time", LS_RESULT_INSTANT, false},
    [MINUTES] = {"delta_minutes", LS_RESULT_NUMBER, false},
    [DIRECTION] = {"shift_direction", LS_RESULT_TEXT, false},
    [KWH] = {"delta_kwh", LS_RESULT_NUMBER, false},
    [MARG_BEFORE] = {"marginal_emissions_before_shift_grams_co2", LS_RESULT_NUMBER, false},
    [MARG_AFTER] = {"marginal_emissions_after_shift_grams_co2", LS_RESULT_NUMBER, false},
    [MARG_DELTA] = {"marginal_emissions_delta_grams_co2", LS_RESULT_NUMBER, false},
    [AVG_BEFORE] = {"average_emissions_before_shift_grams_co2", LS_RESULT_NUMBER, false},
    [AVG_AFTER] = {"average_emissions_after_shift_grams_co2", LS_RESULT_NUMBER, false},
    [AVG_DELTA] = {"average_emissions_delta_grams_co2", LS_RESULT_NUMBER, false},
    [LIMITED_BY] = {"limited_by", LS_RESULT_TEXT, true},
};

static const struct ls_result_column metric_columns[KEYS + LS_METRIC_COUNT] = {
    KEY_COLUMNS,
    [KEYS + LS_METRIC_BASELINE_AVG] = {"baseline_E_avg_g", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_POST_AVG] = {"post_E_avg_g", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_DELTA_AVG] = {"delta_E_avg_g", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_BASELINE_MARG] = {"baseline_E_marg_g", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_POST_MARG] = {"post_E_marg_g", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_DELTA_MARG] = {"delta_E_marg_g", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_BASELINE_KWH] = {"baseline_kwh", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_POST_KWH] = {"post_kwh", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_MOVED_KWH] = {"moved_kwh", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_MEAN_MINUTES] = {"avg_shift_minutes_energy_weighted", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_MEDIAN_MINUTES] = {"median_shift_minutes_energy_weighted", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_USED] = {"weekly_moves_used", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_REMAINING] = {"weekly_moves_remaining", LS_RESULT_NUMBER, false},
    [KEYS + LS_METRIC_DAY_KWH] = {"day_kwh", LS_RESULT_NUMBER, true},
    [KEYS + LS_METRIC_PCT] = {"pct", LS_RESULT_NUMBER, true},
};

enum { SLOT = KEYS, INSTANT, VALUE, OPTIMISED_COLUMNS };

static const struct ls_result_column optimised_columns[] = {
    KEY_COLUMNS,
    [SLOT] = {"slot", LS_RESULT_NUMBER, false},
    [INSTANT] = {"date", LS_RESULT_INSTANT, false},
    [VALUE] = {"optimised_value", LS_RESULT_NUMBER, false},
};

/* A row under judgement. */
struct judged {
    struct ls_verify *v;
    const struct ls_result_row *row;
    const char *file;
    int32_t date;
    int slot;
};

static void note(const struct judged *j, const char *limit, double amount, const char *unit)
{
    struct ls_verify_violation violation = {.limit = limit,
                                            .file = j->file,
                                            .line = j->row->line,
                                            .date = j->date,
                                            .slot = j->slot,
                                            .amount = amount,
                                            .unit = unit};
    ls_verify_copy(violation.id, j->row->values[ID].text);
    ls_verify_copy(violation.city, j->row->values[CITY].text);
    ls_verify_note(j->v, &violation);
}

static bool is_customer(const struct ls_dataset *dataset, uint32_t customer, const char *city, const char *id)
{
    const struct ls_customer *it = &dataset->customers[customer];
    return strcmp(it->id, id) == 0 && strcmp(dataset->cities[it->city].name, city) == 0;
}

static uint32_t find_customer(struct judged *j)
{
    const struct ls_dataset *dataset = j->v->dataset;
    const char *id = j->row->values[ID].text, *name = j->row->values[CITY].text;
    if (j->v->last_customer < dataset->n_customers && is_customer(dataset, j->v->last_customer, name, id))
        return j->v->last_customer;
    const struct ls_city *city = ls_dataset_city(dataset, name);
    if (city == NULL) {
        note(j, "unknown city", NAN, "");
        return NO_CUSTOMER;
    }
    size_t low = city->first_customer, high = low + city->n_customers;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(dataset->customers[middle].id, id);
        if (order == 0)
            return j->v->last_customer = (uint32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    note(j, "unknown customer", NAN, "");
    return NO_CUSTOMER;
}

/* Judges the `day` column against the local day that the row belongs to. */
static void judge_day(struct judged *j, const struct ls_verify_day *day)
{
    int64_t found = j->row->values[DAY].instant;
    if (found != day->start)
        note(j, "day", (double)(found - day->start) / LS_MINUTE_S, "min");
}

/* The index of the factors of that instant; false when there are none. */
static bool find_factors(const struct ls_city *city, int64_t instant, size_t *index)
{
    int64_t minute = instant / LS_MINUTE_S;
    size_t low = 0, high = city->n_factors;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (city->factor_minute[middle] < minute)
            low = middle + 1;
        else
            high = middle;
    }
    *index = low;
    return low < city->n_factors && city->factor_minute[low] == minute;
}

/* @p scale is the factor [g/kWh] by which a rounded kWh would show. */
static void judge_grams(const struct judged *j, int column, double expected, double scale)
{
    double found = j->row->values[column].number;
    double allowed = LS_CHECK_TOLERANCE_KWH * (1 + scale) + 1e-9 * fabs(expected);
    if (!(fabs(found - expected) <= allowed))
        note(j, move_columns[column].name, found - expected, "g");
}

static void judge_emissions(const struct judged *j, const struct ls_city *city)
{
    const struct ls_result_value *values = j->row->values;
    size_t t, s;
    if (!find_factors(city, values[FROM].instant, &t) || !find_factors(city, values[TO].instant, &s))
        return; /* the check of the day names the slot */
    const double *factors[] = {city->mef_g_per_kwh, city->aef_g_per_kwh};
    const int before[] = {MARG_BEFORE, AVG_BEFORE}, after[] = {MARG_AFTER, AVG_AFTER},
              delta[] = {MARG_DELTA, AVG_DELTA};
    for (int k = 0; k < 2; k++) {
        double from = factors[k][t], to = factors[k][s], kwh = values[KWH].number;
        judge_grams(j, before[k], from * kwh, fabs(from));
        judge_grams(j, after[k], to * kwh, fabs(to));
        judge_grams(j, delta[k], (from - to) * kwh, fabs(from) + fabs(to));
    }
}

static enum ls_limit judge_reason(const struct judged *j)
{
    const char *word = j->row->values[LIMITED_BY].text;
    for (size_t r = 0; r < LS_VERIFY_REASONS; r++)
        if (strcmp(word, ls_verify_reasons[r].word) == 0)
            return ls_verify_reasons[r].limit;
    if (word[0] != '\0')
        note(j, "limited_by", NAN, "");
    return LS_LIMIT_NONE;
}

/* What follows from the two times and the kWh. */
static void judge_move(const struct judged *j, const struct ls_city *city)
{
    const struct ls_result_value *values = j->row->values;
    double minutes = (double)(values[TO].instant - values[FROM].instant) / LS_MINUTE_S;
    if (!(fabs(values[MINUTES].number - minutes) <= 1e-6))
        note(j, "delta_minutes", values[MINUTES].number - minutes, "min");
    if (strcmp(values[DIRECTION].text, minutes > 0 ? "forward" : "backward") != 0)
        note(j, "shift_direction", NAN, "");
    judge_emissions(j, city);
}

static int keep_move(struct ls_verify *v, const struct ls_verify_move *move, struct ls_error *error)
{
    struct ls_verify_move *more = ls_grow(v->moves, &v->moves_capacity, v->n_moves + 1, sizeof *more);
    if (more == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for moves");
    v->moves = more;
    more[v->n_moves++] = *move;
    return 0;
}

static int take_move(void *user, const struct ls_result_row *row, struct ls_error *error)
{
    struct ls_verify *v = user;
    const struct ls_result_value *values = row->values;
    const struct ls_verify_day *day = ls_verify_day_of(v, values[FROM].instant);
    struct judged j = {.v = v, .row = row, .file = moves_file, .date = day->date, .slot = -1};
    uint32_t customer = find_customer(&j);
    if (customer == NO_CUSTOMER)
        return 0;
    int64_t to = values[TO].instant;
    j.slot = ls_verify_slot(v, day, values[FROM].instant);
    if (j.slot < 0) {
        note(&j, "original_time is no slot's start", NAN, "");
        return 0;
    }
    judge_day(&j, day);
    if (to < day->start || to >= day->next) {
        note(&j, "destination on another day",
             (double)(to < day->start ? day->start - to : to - day->next + 1) / LS_MINUTE_S, "min");
        return 0;
    }
    int destination = ls_verify_slot(v, day, to);
    if (destination < 0 || destination == j.slot) {
        note(&j, destination < 0 ? "proposed_shift_time is no slot's start" : "destination is the source",
             NAN, "");
        return 0;
    }
    if (!(values[KWH].number > 0)) {
        note(&j, "delta_kwh", values[KWH].number, "kWh");
        return 0;
    }
    judge_move(&j, &v->dataset->cities[v->dataset->customers[customer].city]);
    struct ls_verify_move move = {.city = v->dataset->customers[customer].city,
                                  .customer = customer,
                                  .date = day->date,
                                  .source = j.slot,
                                  .destination = destination,
                                  .limited_by = judge_reason(&j),
                                  .kwh = values[KWH].number,
                                  .line = row->line};
    return keep_move(v, &move, error);
}

int ls_verify_read_moves(struct ls_verify *v, struct ls_error *error)
{
    char path[LS_RESULT_PATH_SIZE];
    ls_result_find(v->folder, moves_file, path);
    return ls_result_read(path, move_columns, MOVE_COLUMNS, take_move, v, error);
}

static int take_metrics(void *user, const struct ls_result_row *row, struct ls_error *error)
{
    struct ls_verify *v = user;
    const struct ls_verify_day *day = ls_verify_day_of(v, row->values[DAY].instant);
    struct judged j = {.v = v, .row = row, .file = metrics_file, .date = day->date, .slot = -1};
    uint32_t customer = find_customer(&j);
    if (customer == NO_CUSTOMER)
        return 0;
    judge_day(&j, day);
    if (ls_verify_slot(v, day, day->start) < 0) { /* beyond all instants that a dataset can hold */
        note(&j, "row for a day without readings", 1, "rows");
        return 0;
    }
    struct ls_verify_metrics *more =
        ls_grow(v->metrics, &v->metrics_capacity, v->n_metrics + 1, sizeof *more);
    if (more == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for metrics");
    v->metrics = more;
    struct ls_verify_metrics *it = &more[v->n_metrics++];
    *it = (struct ls_verify_metrics){.city = v->dataset->customers[customer].city,
                                     .customer = customer,
                                     .date = day->date,
                                     .line = row->line};
    for (int m = 0; m < LS_METRIC_COUNT; m++) {
        it->value[m] = row->values[KEYS + m].number;
        v->has_metric[m] =
            v->has_metric[m] || row->values[KEYS + m].present || !metric_columns[KEYS + m].optional;
    }
    return 0;
}

int ls_verify_read_metrics(struct ls_verify *v, struct ls_error *error)
{
    char path[LS_RESULT_PATH_SIZE];
    ls_result_find(v->folder, metrics_file, path);
    return ls_result_read(path, metric_columns, KEYS + LS_METRIC_COUNT, take_metrics, v, error);
}

/* The index of the customer's reading at that instant, or n_readings. */
static size_t find_reading(const struct ls_dataset *dataset, uint32_t customer, int64_t instant)
{
    const struct ls_customer *it = &dataset->customers[customer];
    if (instant % LS_MINUTE_S != 0 || instant / LS_MINUTE_S > INT32_MAX || instant / LS_MINUTE_S < INT32_MIN)
        return dataset->n_readings;
    int32_t minute = (int32_t)(instant / LS_MINUTE_S);
    size_t index = ls_dataset_seek(dataset, it, minute);
    return index < it->first + it->n_readings && dataset->minute[index] == minute ? index
                                                                                  : dataset->n_readings;
}

static int take_optimised(void *user, const struct ls_result_row *row, struct ls_error *error)
{
    struct ls_verify *v = user;
    const struct ls_result_value *values = row->values;
    const struct ls_verify_day *day = ls_verify_day_of(v, values[INSTANT].instant);
    struct judged j = {.v = v, .row = row, .file = optimised_file, .date = day->date, .slot = -1};
    uint32_t customer = find_customer(&j);
    (void)error;
    if (customer == NO_CUSTOMER)
        return 0;
    j.slot = ls_verify_slot(v, day, values[INSTANT].instant);
    judge_day(&j, day);
    if (j.slot < 0 || !(fabs(values[SLOT].number - j.slot) <= 0))
        note(&j, j.slot < 0 ? "date is no slot's start" : "slot", values[SLOT].number - j.slot, "slots");
    double found = values[VALUE].number;
    size_t index = find_reading(v->dataset, customer, values[INSTANT].instant);
    if (index == v->dataset->n_readings || v->dataset->usage[index] == LS_MISSING) {
        if (!isnan(found))
            note(&j, "optimised_value of a missing reading", found, "kWh");
        return 0;
    }
    if (v->written[index])
        note(&j, "duplicate row", 1, "rows");
    v->written[index] = true;
    double expected = v->dataset->usage[index] * (1e-6 * v->dataset->quantum_mwh) + v->change_kwh[index];
    double allowed = LS_CHECK_TOLERANCE_KWH + v->slack_kwh + 1e-12 * fabs(expected);
    if (!(fabs(found - expected) <= allowed))
        note(&j, "optimised_value", found - expected, "kWh");
    if (found < -allowed)
        note(&j, "negative optimised_value", found, "kWh");
    return 0;
}

static void add_changes(struct ls_verify *v)
{
    for (size_t m = 0; m < v->n_moves; m++) {
        const struct ls_verify_move *move = &v->moves[m];
        const int ends[] = {move->source, move->destination};
        for (int k = 0; k < 2; k++) {
            size_t index =
                find_reading(v->dataset, move->customer, ls_verify_instant(v, move->date, ends[k]));
            if (index < v->dataset->n_readings)
                v->change_kwh[index] += k == 0 ? -move->kwh : move->kwh;
        }
    }
}

/* Readings without a row, counted by customer: one violation each. */
static void note_unwritten(struct ls_verify *v)
{
    const struct ls_dataset *dataset = v->dataset;
    for (size_t c = 0; c < dataset->n_customers; c++) {
        const struct ls_customer *customer = &dataset->customers[c];
        struct ls_verify_violation violation = {.limit = "readings without a row",
                                                .file = optimised_file,
                                                .amount = 0,
                                                .unit = "rows",
                                                .slot = -1,
                                                .date = LS_VERIFY_NO_DATE};
        for (size_t i = customer->first; i < customer->first + customer->n_readings; i++) {
            if (dataset->usage[i] == LS_MISSING || v->written[i])
                continue;
            int64_t instant = (int64_t)dataset->minute[i] * LS_MINUTE_S;
            if (violation.amount++ == 0) {
                const struct ls_verify_day *day = ls_verify_day_of(v, instant);
                violation.date = day->date;
                violation.slot = ls_verify_slot(v, day, instant);
            }
        }
        ls_verify_copy(violation.id, customer->id);
        ls_verify_copy(violation.city, dataset->cities[customer->city].name);
        if (violation.amount > 0)
            ls_verify_note(v, &violation);
    }
}

int ls_verify_read_optimised(struct ls_verify *v, struct ls_error *error)
{
    char path[LS_RESULT_PATH_SIZE];
    v->found->has_optimised = ls_result_find(v->folder, optimised_file, path);
    if (!v->found->has_optimised)
        return 0;
    v->change_kwh = calloc(v->dataset->n_readings + 1, sizeof *v->change_kwh);
    v->written = calloc(v->dataset->n_readings + 1, sizeof *v->written);
    if (v->change_kwh == NULL || v->written == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for optimised.csv");
    add_changes(v);
    int code = ls_result_read(path, optimised_columns, OPTIMISED_COLUMNS, take_optimised, v, error);
    if (code == 0)
        note_unwritten(v);
    return code;
}
