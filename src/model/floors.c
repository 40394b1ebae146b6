/*
 * A floor group is one customer's known readings in one local hour of one weekday within a calendar period: a
 * year at half-hours gives at most 53 * 4 of them (an hour may occur twice). Sums are of quanta, so they are
 * exact and independent of order. Cost: one visit to each reading of the group's days and a sort of each
 * hour.
 */
#include "model/floors.h"

#include "base/arena.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct like_day { /* a day whose readings count */
    int32_t start_minute, next_minute;
    uint8_t *hour; /* [slots] local hour of each slot */
};

struct ls_floors {
    const struct ls_dataset *dataset;
    struct ls_arena arena;
    size_t n_days;
    struct like_day *days; /* [n_days] ascending */
    size_t hour_capacity;  /* most readings that one hour can have */
    int32_t *values;       /* [24 * hour_capacity] */
    int slot_minutes;
    enum ls_floor_type type;
    double percentile; /* 0 to 1 */
    double r_fraction; /* 0: no such term */
    double epsilon_kwh;
    double quanta_per_kwh;
};

static void period_span(enum ls_floor_period period, int32_t date, int32_t *first, int32_t *next)
{
    switch (period) {
    case LS_PERIOD_YEAR:
        ls_date_year_span(date, first, next);
        return;
    case LS_PERIOD_MONTH:
        ls_date_month_span(date, first, next);
        return;
    case LS_PERIOD_WEEK:
    case LS_PERIOD_DAY:
        break;
    }
    *first = date; /* a week has each weekday once */
    *next = date + 1;
}

static int like_days_fill(ls_floors *floors, const ls_zone *zone, const struct ls_days *days, int32_t first,
                          int32_t next, struct ls_error *error)
{
    int wall[LS_DAY_MINUTES * 2];
    for (int32_t date = first; date < next; date += LS_DAYS_A_WEEK) {
        int64_t index = date - days->first_date;
        if (index < 0 || index >= (int64_t)days->n_days)
            continue;
        struct like_day *day = &floors->days[floors->n_days];
        day->start_minute = days->start_minute[index];
        day->next_minute = days->start_minute[index + 1];
        int n_slots;
        int status =
            ls_day_slots(zone, day->start_minute, day->next_minute, floors->slot_minutes, &n_slots, error);
        if (status != 0)
            return status;
        day->hour = ls_arena_array(&floors->arena, (size_t)n_slots, sizeof *day->hour);
        if (day->hour == NULL)
            return ls_error_set(error, LS_ERR_MEMORY, "out of memory for floors");
        ls_day_clock(zone, day->start_minute, floors->slot_minutes, n_slots, wall, NULL);
        for (int t = 0; t < n_slots; t++)
            day->hour[t] = (uint8_t)(wall[t] / 60);
        floors->n_days++;
    }
    return 0;
}

int ls_floors_open(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_days *days,
                   const struct ls_policy *policy, int32_t date, ls_floors **out, struct ls_error *error)
{
    int status = LS_ERR_MEMORY;
    int32_t first, next;
    period_span(policy->floor_period, date, &first, &next);
    first = date -
            (date - first) / LS_DAYS_A_WEEK * LS_DAYS_A_WEEK; /* the period's first day with date's weekday */
    size_t most = (size_t)((next - first + LS_DAYS_A_WEEK - 1) / LS_DAYS_A_WEEK);

    ls_floors *floors = calloc(1, sizeof *floors);
    if (floors == NULL)
        goto done;
    floors->dataset = dataset;
    floors->slot_minutes = policy->slot_minutes;
    floors->type = policy->floor_type;
    floors->percentile = policy->robust_max_percentile / 100;
    floors->r_fraction = policy->r_percent < 0 ? 0 : policy->r_percent / 100;
    floors->epsilon_kwh = policy->epsilon_floor_kwh;
    floors->quanta_per_kwh = 1e6 / dataset->quantum_mwh;
    floors->hour_capacity = most * (size_t)(2 * 60 / policy->slot_minutes + 1);
    floors->days = ls_arena_array(&floors->arena, most, sizeof *floors->days);
    floors->values =
        ls_arena_array(&floors->arena, LS_HOURS_A_DAY * floors->hour_capacity, sizeof *floors->values);
    if (floors->days == NULL || floors->values == NULL)
        goto done;
    status = like_days_fill(floors, zone, days, first, next, error);
    if (status == 0) {
        *out = floors;
        return 0;
    }
done:
    if (status == LS_ERR_MEMORY)
        ls_error_set(error, LS_ERR_MEMORY, "out of memory for floors");
    ls_floors_close(floors);
    return status;
}

void ls_floors_close(ls_floors *floors)
{
    if (floors == NULL)
        return;
    ls_arena_release(&floors->arena);
    free(floors);
}

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static struct ls_floor_terms hour_terms(const ls_floors *floors, int32_t *values, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    qsort(values, n, sizeof *values, by_value);
    size_t rank = (size_t)floor((double)(n - 1) * floors->percentile + 0.5);
    return (struct ls_floor_terms){
        .base_kwh = floors->type == LS_FLOOR_ABSOLUTE_MIN
                        ? values[0] / floors->quanta_per_kwh
                        : (double)sum / ((double)n * floors->quanta_per_kwh),
        .robust_max_kwh = values[rank] / floors->quanta_per_kwh,
        .n_readings = n,
    };
}

double ls_floors_kwh(const ls_floors *floors, const struct ls_floor_terms *terms)
{
    if (terms->n_readings == 0 || floors->type == LS_FLOOR_NONE)
        return 0;
    return fmax(fmax(terms->base_kwh, floors->r_fraction * terms->robust_max_kwh), floors->epsilon_kwh);
}

void ls_floors_terms(ls_floors *floors, const struct ls_customer *customer,
                     struct ls_floor_terms terms[LS_HOURS_A_DAY])
{
    size_t count[LS_HOURS_A_DAY] = {0};
    const struct ls_dataset *dataset = floors->dataset;
    size_t end = customer->first + customer->n_readings;
    for (size_t d = 0; d < floors->n_days; d++) {
        const struct like_day *day = &floors->days[d];
        size_t i = ls_dataset_seek(dataset, customer, day->start_minute);
        for (; i < end && dataset->minute[i] < day->next_minute; i++) {
            if (dataset->usage[i] == LS_MISSING)
                continue;
            uint8_t h = day->hour[(dataset->minute[i] - day->start_minute) / floors->slot_minutes];
            assert(count[h] < floors->hour_capacity);
            floors->values[h * floors->hour_capacity + count[h]++] = dataset->usage[i];
        }
    }
    for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
        terms[h] = count[h] > 0 ? hour_terms(floors, floors->values + h * floors->hour_capacity, count[h])
                                : (struct ls_floor_terms){0};
}
