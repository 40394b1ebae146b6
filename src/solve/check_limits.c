/*
 * Derives a city-day's limits for the check straight from readings, zone and policy.
 *
 * Plain where the city-day is quick: every slot of a floor period is asked its date and hour by itself, and a
 * customer's floor groups are runs of one sorted list.
 */
#include "solve/check.h"

#include <math.h>
#include <stdlib.h>

static int32_t minute_of_date(const ls_zone *zone, int32_t date)
{
    return (int32_t)(ls_zone_day_start(zone, date) / LS_MINUTE_S);
}

static int wall_minute(const ls_zone *zone, int32_t minute)
{
    int64_t instant = (int64_t)minute * LS_MINUTE_S;
    int64_t wall = (instant + ls_zone_offset(zone, instant)) / LS_MINUTE_S % LS_DAY_MINUTES;
    return (int)(wall < 0 ? wall + LS_DAY_MINUTES : wall);
}

static void derive_slots(struct ls_check_day *day)
{
    const struct ls_policy *policy = day->policy;
    for (int t = 0; t < day->n_slots; t++) {
        int32_t minute = day->start_minute + t * policy->slot_minutes;
        int wall = day->wall_minute[t] = wall_minute(day->zone, minute);
        day->movable[t] =
            wall >= policy->day_open_minute && wall + policy->slot_minutes <= policy->day_close_minute;
        for (size_t f = 0; f < day->city->n_factors && !day->covered[t]; f++)
            if (day->city->factor_minute[f] == minute) {
                day->covered[t] = true;
                day->mef[t] = day->city->mef_g_per_kwh[f];
                day->aef[t] = day->city->aef_g_per_kwh[f];
            }
    }
}

/* An hour that occurs twice is one group, wherever its second occurrence lies. */
static void derive_groups(struct ls_check_day *day, int32_t date)
{
    uint32_t hours = ls_policy_city(day->policy, day->city->name)->peak_hours[ls_date_weekday(date)];
    for (int t = 0; t < day->n_slots; t++) {
        int hour = day->wall_minute[t] / 60;
        day->group[t] = -1;
        if (!(hours & (uint32_t)1 << hour))
            continue;
        for (int u = 0; u < t && day->policy->peak_unit == LS_PEAK_HOUR; u++)
            if (day->wall_minute[u] / 60 == hour)
                day->group[t] = day->group[u];
        if (day->group[t] < 0)
            day->group[t] = day->n_groups++;
    }
}

static bool derive_sums(struct ls_check_day *day)
{
    int64_t *quanta = calloc((size_t)day->n_slots, sizeof *quanta), all = 0;
    if (!quanta)
        return false;
    for (size_t c = 0; c < day->city->n_customers; c++) {
        const struct ls_customer *customer = &day->dataset->customers[day->city->first_customer + c];
        for (size_t i = ls_dataset_seek(day->dataset, customer, day->start_minute);
             i < customer->first + customer->n_readings && day->dataset->minute[i] < day->next_minute; i++)
            if (day->dataset->usage[i] != LS_MISSING)
                quanta[(day->dataset->minute[i] - day->start_minute) / day->policy->slot_minutes] +=
                    day->dataset->usage[i];
    }
    for (int t = 0; t < day->n_slots; t++) {
        day->slot_kwh[t] = (double)quanta[t] * day->kwh_per_quantum;
        all += quanta[t];
    }
    day->all_kwh = (double)all * day->kwh_per_quantum;
    free(quanta);
    return true;
}

/* All known kWh of the city / its local dates with a reading. */
bool ls_check_own_load(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_city *city,
                       double *load_kwh)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    size_t from = dataset->customers[city->first_customer].first, to = from;
    for (size_t c = 0; c < city->n_customers; c++)
        to += dataset->customers[city->first_customer + c].n_readings;
    for (size_t i = from; i < to; i++) {
        first = dataset->minute[i] < first ? dataset->minute[i] : first;
        last = dataset->minute[i] > last ? dataset->minute[i] : last;
    }
    *load_kwh = 0;
    if (from == to)
        return true;
    int32_t first_date = ls_zone_date(zone, (int64_t)first * LS_MINUTE_S);
    int32_t last_date = ls_zone_date(zone, (int64_t)last * LS_MINUTE_S);
    bool *seen = calloc((size_t)(last_date - first_date) + 1, sizeof *seen);
    if (!seen)
        return false;
    int64_t quanta = 0, dates = 0;
    int32_t date = 0, begin = 0, end = 0; /* the date that [begin, end) minutes are of */
    for (size_t i = from; i < to; i++) {
        if (dataset->usage[i] == LS_MISSING)
            continue;
        if (dataset->minute[i] < begin || dataset->minute[i] >= end) {
            date = ls_zone_date(zone, (int64_t)dataset->minute[i] * LS_MINUTE_S);
            begin = minute_of_date(zone, date);
            end = minute_of_date(zone, date + 1);
        }
        dates += !seen[date - first_date];
        seen[date - first_date] = true;
        quanta += dataset->usage[i];
    }
    free(seen);
    if (dates > 0)
        *load_kwh = (double)quanta * 1e-6 * dataset->quantum_mwh / (double)dates;
    return true;
}

static bool derive_budget(struct ls_check_day *day, double own_load_kwh)
{
    const struct ls_policy *policy = day->policy;
    double load_kwh = ls_policy_city(policy, day->city->name)->daily_load_kwh;
    day->budget_kwh = INFINITY;
    if (policy->load_shift_percent < 0)
        return true;
    if (load_kwh < 0)
        load_kwh = own_load_kwh;
    if (load_kwh < 0 && !ls_check_own_load(day->dataset, day->zone, day->city, &load_kwh))
        return false;
    day->budget_kwh = policy->load_shift_percent * load_kwh / 100;
    return true;
}

/* The period as slots, each with its hour when it is on the weekday of @p date. */
static bool derive_period(struct ls_check_day *day, int32_t date)
{
    int32_t first = date, next = date + 1;
    if (day->policy->floor_period == LS_PERIOD_YEAR)
        ls_date_year_span(date, &first, &next);
    else if (day->policy->floor_period == LS_PERIOD_MONTH)
        ls_date_month_span(date, &first, &next);
    else if (day->policy->floor_period == LS_PERIOD_WEEK) {
        first = ls_date_week_start(date);
        next = first + LS_DAYS_A_WEEK;
    }
    day->period_minute = minute_of_date(day->zone, first);
    int32_t minutes = minute_of_date(day->zone, next) - day->period_minute;
    day->period_slots = (size_t)(minutes / day->policy->slot_minutes);
    day->period_hour = malloc(day->period_slots + 1);
    if (!day->period_hour)
        return false;
    int32_t its_date = first - 1, its_end = day->period_minute;
    for (size_t t = 0; t < day->period_slots; t++) {
        int32_t minute = day->period_minute + (int32_t)t * day->policy->slot_minutes;
        if (minute >= its_end) {
            its_date = ls_zone_date(day->zone, (int64_t)minute * LS_MINUTE_S);
            its_end = minute_of_date(day->zone, its_date + 1);
        }
        bool like = ls_date_weekday(its_date) == ls_date_weekday(date);
        day->period_hour[t] = (int8_t)(like ? wall_minute(day->zone, minute) / 60 : -1);
    }
    return true;
}

static bool allocate(struct ls_check_day *day)
{
    size_t n = (size_t)day->n_slots, most = 0;
    for (size_t c = 0; c < day->city->n_customers; c++) {
        size_t readings = day->dataset->customers[day->city->first_customer + c].n_readings;
        most = readings > most ? readings : most;
    }
    day->wall_minute = calloc(n + 1, sizeof *day->wall_minute);
    day->movable = calloc(n + 1, sizeof *day->movable);
    day->covered = calloc(n + 1, sizeof *day->covered);
    day->mef = calloc(n + 1, sizeof *day->mef);
    day->aef = calloc(n + 1, sizeof *day->aef);
    day->slot_kwh = calloc(n + 1, sizeof *day->slot_kwh);
    day->group = calloc(n + 1, sizeof *day->group);
    day->keys = calloc(most + 1, sizeof *day->keys);
    return day->wall_minute && day->movable && day->covered && day->mef && day->aef && day->slot_kwh &&
           day->group && day->keys;
}

bool ls_check_day_derive(struct ls_check_day *day, const struct ls_dataset *dataset, const ls_zone *zone,
                         const struct ls_policy *policy, const char *city, int32_t date, double own_load_kwh)
{
    *day = (struct ls_check_day){.dataset = dataset, .zone = zone, .policy = policy};
    day->city = ls_dataset_city(dataset, city);
    if (!day->city)
        return false;
    day->start_minute = minute_of_date(zone, date);
    day->next_minute = minute_of_date(zone, date + 1);
    day->n_slots = (day->next_minute - day->start_minute) / policy->slot_minutes;
    day->kwh_per_quantum = 1e-6 * dataset->quantum_mwh;
    bool derived = day->n_slots > 0 && allocate(day);
    if (derived) {
        derive_slots(day);
        derive_groups(day, date);
        derived = derive_sums(day) && derive_budget(day, own_load_kwh) && derive_period(day, date);
    }
    if (!derived)
        ls_check_day_release(day);
    return derived;
}

void ls_check_day_release(struct ls_check_day *day)
{
    free(day->wall_minute);
    free(day->movable);
    free(day->covered);
    free(day->mef);
    free(day->aef);
    free(day->slot_kwh);
    free(day->group);
    free(day->period_hour);
    free(day->keys);
    *day = (struct ls_check_day){0};
}

int ls_check_day_usage(const struct ls_check_day *day, const struct ls_customer *customer, double *usage_kwh,
                       double *sum_kwh)
{
    const struct ls_dataset *dataset = day->dataset;
    int known = 0;
    int64_t sum = 0;
    for (int t = 0; t < day->n_slots; t++)
        usage_kwh[t] = NAN;
    for (size_t i = ls_dataset_seek(dataset, customer, day->start_minute);
         i < customer->first + customer->n_readings && dataset->minute[i] < day->next_minute; i++) {
        if (dataset->usage[i] == LS_MISSING)
            continue;
        int slot = (dataset->minute[i] - day->start_minute) / day->policy->slot_minutes;
        usage_kwh[slot] = dataset->usage[i] * day->kwh_per_quantum;
        sum += dataset->usage[i];
        known++;
    }
    *sum_kwh = (double)sum * day->kwh_per_quantum;
    return known;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The floor of one group, whose @p n readings lie sorted in the low halves of @p keys. */
static double group_floor(const struct ls_check_day *day, const int64_t *keys, size_t n)
{
    const struct ls_policy *policy = day->policy;
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += keys[i] & INT32_MAX;
    double base =
        policy->floor_type == LS_FLOOR_AVERAGE ? (double)sum / (double)n : (double)(keys[0] & INT32_MAX);
    size_t index = (size_t)floor((double)(n - 1) * (policy->robust_max_percentile / 100) + 0.5);
    double robust = policy->r_percent < 0 ? 0 : policy->r_percent / 100 * (double)(keys[index] & INT32_MAX);
    return fmax(fmax(base, robust) * day->kwh_per_quantum, policy->epsilon_floor_kwh);
}

void ls_check_day_floor(struct ls_check_day *day, const struct ls_customer *customer, double *floor_kwh)
{
    const struct ls_dataset *dataset = day->dataset;
    for (int t = 0; t < day->n_slots; t++)
        floor_kwh[t] = 0;
    if (day->policy->floor_type == LS_FLOOR_NONE)
        return;
    size_t n = 0;
    for (size_t i = ls_dataset_seek(dataset, customer, day->period_minute);
         i < customer->first + customer->n_readings; i++) {
        size_t slot = (size_t)(dataset->minute[i] - day->period_minute) / (size_t)day->policy->slot_minutes;
        if (slot >= day->period_slots)
            break;
        if (dataset->usage[i] == LS_MISSING)
            continue;
        int8_t hour = day->period_hour[slot];
        if (hour >= 0)
            day->keys[n++] = (int64_t)hour << 32 | dataset->usage[i];
    }
    qsort(day->keys, n, sizeof *day->keys, ascending);
    for (size_t from = 0, to; from < n; from = to) {
        int hour = (int)(day->keys[from] >> 32);
        for (to = from; to < n && day->keys[to] >> 32 == hour;)
            to++;
        double kwh = group_floor(day, day->keys + from, to - from);
        for (int t = 0; t < day->n_slots; t++)
            if (day->wall_minute[t] / 60 == hour)
                floor_kwh[t] = kwh;
    }
}
