/*
 * City-days of a whole run: the limits by the independent check, with what the week's earlier days, by their
 * own moves, left of the quota.
 */
#include "study/verify_days.h"
#include "model/days.h"
#include "solve/check.h"

#include "data/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void release(struct ls_verify_days *days)
{
    free(days->has_row);
    free(days->has_reading);
    free(days->used);
    free(days->households);
    free(days->listed);
    free(days->known);
    free(days->quota_left);
    free(days->day_kwh);
    free(days->sorted_kwh);
}

static int allocate(struct ls_verify_days *days, struct ls_error *error)
{
    const struct ls_dataset *dataset = days->v->dataset;
    size_t n = days->city->n_customers + 1;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t c = 0; c < days->city->n_customers; c++) {
        const struct ls_customer *it = &dataset->customers[days->city->first_customer + c];
        if (it->n_readings == 0)
            continue;
        int32_t begin = dataset->minute[it->first], end = dataset->minute[it->first + it->n_readings - 1];
        first = begin < first ? begin : first;
        last = end > last ? end : last;
    }
    if (first <= last) {
        days->first_date = ls_zone_date(days->v->zone, (int64_t)first * LS_MINUTE_S);
        days->n_dates = ls_zone_date(days->v->zone, (int64_t)last * LS_MINUTE_S) - days->first_date + 1;
    }
    days->has_row = calloc((size_t)days->n_dates + 1, sizeof *days->has_row);
    days->has_reading = calloc((size_t)days->n_dates + 1, sizeof *days->has_reading);
    days->used = calloc(n, sizeof *days->used);
    days->households = calloc(n, sizeof *days->households);
    days->listed = calloc(n, sizeof *days->listed);
    days->known = calloc(n, sizeof *days->known);
    days->quota_left = calloc(n, sizeof *days->quota_left);
    days->day_kwh = calloc(n, sizeof *days->day_kwh);
    days->sorted_kwh = calloc(n, sizeof *days->sorted_kwh);
    if (days->has_row && days->has_reading && days->used && days->households && days->listed && days->known &&
        days->quota_left && days->day_kwh && days->sorted_kwh)
        return 0;
    return ls_verify_out_of_memory(error);
}

static void find_dates(struct ls_verify_days *days)
{
    const struct ls_dataset *dataset = days->v->dataset;
    int32_t begin = 0, end = 0, date = 0;
    for (size_t c = 0; c < days->city->n_customers; c++) {
        const struct ls_customer *it = &dataset->customers[days->city->first_customer + c];
        for (size_t i = it->first; i < it->first + it->n_readings; i++) {
            if (dataset->minute[i] < begin || dataset->minute[i] >= end) {
                date = ls_zone_date(days->v->zone, (int64_t)dataset->minute[i] * LS_MINUTE_S);
                begin = (int32_t)(ls_zone_day_start(days->v->zone, date) / LS_MINUTE_S);
                end = (int32_t)(ls_zone_day_start(days->v->zone, date + 1) / LS_MINUTE_S);
            }
            days->has_row[date - days->first_date] = true;
            days->has_reading[date - days->first_date] |= dataset->usage[i] != LS_MISSING;
        }
    }
}

/* The city's weeks in which any of these dates is set. */
static size_t count_weeks(const struct ls_verify_days *days, const bool *dates)
{
    size_t n = 0;
    int32_t week = INT32_MIN;
    for (int32_t d = 0; d < days->n_dates; d++)
        if (dates[d] && ls_date_week_start(days->first_date + d) != week) {
            week = ls_date_week_start(days->first_date + d);
            n++;
        }
    return n;
}

static void finish_week(struct ls_verify_days *days)
{
    size_t city = (size_t)(days->city - days->v->dataset->cities);
    ls_verify_keep_week(days->v, city, days->week, days->households, days->city->n_customers);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Lists the customers, and starts a week's count anew on its Monday. */
static void list_customers(struct ls_verify_days *days, double *usage_kwh)
{
    const int quota = days->v->policy->moves_per_week;
    if (ls_date_week_start(days->date) != days->week) {
        memset(days->used, 0, days->city->n_customers * sizeof *days->used);
        finish_week(days);
    }
    days->week = ls_date_week_start(days->date);
    days->n_listed = days->n_known = 0;
    for (size_t c = 0, m = 0; c < days->city->n_customers; c++) {
        uint32_t customer = (uint32_t)(days->city->first_customer + c);
        double kwh;
        bool known =
            ls_check_day_usage(&days->day, &days->v->dataset->customers[customer], usage_kwh, &kwh) > 0;
        bool moves = m < days->n_moves && days->moves[m].customer == customer;
        while (m < days->n_moves && days->moves[m].customer == customer)
            m++;
        if (!known && !moves)
            continue;
        size_t i = days->n_listed++;
        days->listed[i] = customer;
        days->known[i] = known;
        days->day_kwh[i] = kwh;
        days->quota_left[i] = quota < 0 ? LS_NONE : quota > days->used[c] ? quota - days->used[c] : 0;
        if (known)
            days->sorted_kwh[days->n_known++] = kwh;
    }
    qsort(days->sorted_kwh, days->n_known, sizeof *days->sorted_kwh, ascending);
}

void ls_verify_note_day(struct ls_verify_days *days, const struct ls_verify_violation *violation,
                        const char *id)
{
    struct ls_verify_violation whole = *violation;
    whole.date = days->date;
    ls_verify_copy(whole.id, id != NULL ? id : "");
    ls_verify_copy(whole.city, days->city->name);
    ls_verify_note(days->v, &whole);
}

static const char *unit_of(const char *limit)
{
    static const struct {
        const char *limit, *unit;
    } units[] = {{"window", "min"},
                 {"not cleaner", "g/kWh"},
                 {"one destination", "moves"},
                 {"moves a day", "moves"},
                 {"moves a week", "moves"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].limit, limit) == 0)
            return units[i].unit;
    return "kWh";
}

/* Adds date and place to what the check found: the row is the customer's first that touches the slot. */
static void take_violation(void *user, const struct ls_violation *found)
{
    struct ls_verify_days *days = user;
    struct ls_verify_violation violation = {
        .limit = found->limit, .slot = found->slot, .amount = found->amount, .unit = unit_of(found->limit)};
    if (strcmp(found->limit, "memory") == 0)
        days->v->out_of_memory = true;
    for (size_t m = 0; found->id != NULL && m < days->n_moves && violation.file == NULL; m++) {
        const struct ls_verify_move *move = &days->moves[m];
        if (strcmp(days->v->dataset->customers[move->customer].id, found->id) == 0 &&
            (found->slot < 0 || found->slot == move->source || found->slot == move->destination)) {
            violation.file = "moves.csv";
            violation.line = move->line;
        }
    }
    ls_verify_note_day(days, &violation, found->id);
}

static int check_moves(struct ls_verify_days *days, struct ls_error *error)
{
    size_t n = 0;
    days->plan = ls_new(days->n_moves, sizeof *days->plan);
    if (days->plan == NULL)
        return ls_verify_out_of_memory(error);
    for (size_t m = 0, i = 0; m < days->n_moves; m++) {
        const struct ls_verify_move *move = &days->moves[m];
        if (m > 0 && ls_verify_same_move(move - 1, move)) {
            struct ls_verify_violation violation = {.limit = "duplicate row",
                                                    .file = "moves.csv",
                                                    .line = move->line,
                                                    .slot = move->source,
                                                    .amount = move->kwh,
                                                    .unit = "kWh"};
            ls_verify_note_day(days, &violation, days->v->dataset->customers[move->customer].id);
            continue;
        }
        while (days->listed[i] != move->customer)
            i++;
        days->plan[n++] = (struct ls_move){.customer = (uint32_t)i,
                                           .source = (int16_t)move->source,
                                           .destination = (int16_t)move->destination,
                                           .kwh = move->kwh,
                                           .limited_by = move->limited_by};
    }
    const struct ls_check_moves moves = {.n_customers = days->n_listed,
                                         .customer = days->listed,
                                         .quota_left = days->quota_left,
                                         .n_moves = n,
                                         .moves = days->plan,
                                         .slack_kwh = days->v->slack_kwh};
    ls_check_moves(&days->day, &moves, take_violation, days);
    free(days->plan);
    days->plan = NULL;
    return 0;
}

static int check_day(struct ls_verify_days *days, const struct ls_verify_metrics *rows, size_t n_rows,
                     struct ls_error *error)
{
    struct ls_verify *v = days->v;
    double *usage_kwh = NULL;
    int n_slots, code = ls_day_slots(v->zone, (int32_t)(ls_zone_day_start(v->zone, days->date) / LS_MINUTE_S),
                                     (int32_t)(ls_zone_day_start(v->zone, days->date + 1) / LS_MINUTE_S),
                                     v->policy->slot_minutes, &n_slots, error);
    if (code != 0)
        return code;
    if (!ls_check_day_derive(&days->day, v->dataset, v->zone, v->policy, days->city->name, days->date,
                             days->own_load_kwh))
        return ls_verify_out_of_memory(error);
    usage_kwh = ls_new((size_t)days->day.n_slots, sizeof *usage_kwh);
    if (usage_kwh == NULL) {
        code = ls_verify_out_of_memory(error);
        goto done;
    }
    list_customers(days, usage_kwh);
    if (days->n_moves > 0)
        code = check_moves(days, error);
    if (code == 0)
        code = ls_verify_check_homes(days, usage_kwh, rows, n_rows, error);
done:
    free(usage_kwh);
    ls_check_day_release(&days->day);
    return code;
}

/* The day after `date` that has a reading, a move or a row; INT32_MAX when there is none. */
static int32_t next_date(const struct ls_verify_days *days, int32_t date, bool moves_left, bool metrics_left)
{
    const struct ls_verify *v = days->v;
    int32_t next = INT32_MAX;
    int32_t from = date == INT32_MIN || date < days->first_date ? days->first_date : date + 1;
    for (int32_t d = from - days->first_date; d < days->n_dates && next == INT32_MAX; d++)
        if (days->has_reading[d])
            next = days->first_date + d;
    if (moves_left && v->moves[v->next_move].date < next)
        next = v->moves[v->next_move].date;
    if (metrics_left && v->metrics[v->next_metrics].date < next)
        next = v->metrics[v->next_metrics].date;
    return next;
}

static int check_days(struct ls_verify_days *days, size_t city, struct ls_error *error)
{
    struct ls_verify *v = days->v;
    int code = 0;
    days->date = INT32_MIN;
    while (code == 0) {
        bool moves_left = v->next_move < v->n_moves && v->moves[v->next_move].city == city;
        bool metrics_left = v->next_metrics < v->n_metrics && v->metrics[v->next_metrics].city == city;
        days->date = next_date(days, days->date, moves_left, metrics_left);
        if (days->date == INT32_MAX)
            break;
        const struct ls_verify_metrics *rows = v->metrics + v->next_metrics;
        size_t n_rows = 0;
        days->moves = v->moves + v->next_move;
        for (days->n_moves = 0; v->next_move < v->n_moves && v->moves[v->next_move].date == days->date &&
                                v->moves[v->next_move].city == city;
             days->n_moves++)
            v->next_move++;
        for (; v->next_metrics < v->n_metrics && v->metrics[v->next_metrics].date == days->date &&
               v->metrics[v->next_metrics].city == city;
             n_rows++)
            v->next_metrics++;
        code = check_day(days, rows, n_rows, error);
    }
    return code;
}

int ls_verify_city(struct ls_verify *v, size_t city, struct ls_error *error)
{
    struct ls_verify_days days = {
        .v = v, .city = &v->dataset->cities[city], .own_load_kwh = LS_NONE, .week = INT32_MIN};
    bool asks =
        v->policy->load_shift_percent >= 0 && ls_policy_city(v->policy, days.city->name)->daily_load_kwh < 0;
    int code = allocate(&days, error);
    if (code == 0) {
        find_dates(&days);
        v->city_weeks_known += count_weeks(&days, days.has_reading);
        v->city_weeks_with_row += count_weeks(&days, days.has_row);
    }
    if (code == 0 && asks && !ls_check_own_load(v->dataset, v->zone, days.city, &days.own_load_kwh))
        code = ls_verify_out_of_memory(error);
    if (code == 0)
        code = check_days(&days, city, error);
    if (code == 0)
        finish_week(&days);
    release(&days);
    return code;
}
