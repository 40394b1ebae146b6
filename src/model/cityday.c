/*
 * Cuts one city's local day out of a dataset.
 *
 * Everything lives in one arena behind `owner`, the city-day itself included; the count of owners is atomic
 * because the explorer's worker and its screen share answers.
 */
#include <loadscope/cityday.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/rank.h"
#include "model/days.h"
#include "model/floors.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cityday {
    struct ls_cityday face;
    struct ls_arena arena;
    atomic_size_t owners;
};

/* What is at hand while a city-day is put together. */
struct cutting {
    const struct ls_dataset *dataset;
    const ls_zone *zone;
    const struct ls_policy *policy;
    const struct ls_city *city;
    struct ls_days days;
    int32_t start, next; /* the day, minutes */
    struct cityday *made;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a city-day");
}

static bool dataset_span(const struct ls_dataset *dataset, const struct ls_city *city, int32_t *first,
                         int32_t *last)
{
    bool any = false;
    for (size_t c = 0; c < city->n_customers; c++) {
        const struct ls_customer *customer = &dataset->customers[city->first_customer + c];
        if (customer->n_readings == 0)
            continue;
        int32_t from = dataset->minute[customer->first];
        int32_t to = dataset->minute[customer->first + customer->n_readings - 1];
        *first = any && *first < from ? *first : from;
        *last = any && *last > to ? *last : to;
        any = true;
    }
    return any;
}

/* All known kWh of the city / its local dates with a known reading. */
static int own_daily_load(const struct cutting *cut, double *load_kwh, struct ls_error *error)
{
    const struct ls_dataset *dataset = cut->dataset;
    bool *seen = calloc(cut->days.n_days, sizeof *seen);
    if (seen == NULL)
        return out_of_memory(error);
    int64_t quanta = 0;
    for (size_t c = 0; c < cut->city->n_customers; c++) {
        const struct ls_customer *customer = &dataset->customers[cut->city->first_customer + c];
        size_t day = 0;
        for (size_t i = customer->first; i < customer->first + customer->n_readings; i++) {
            if (dataset->usage[i] == LS_MISSING)
                continue;
            while (cut->days.start_minute[day + 1] <= dataset->minute[i])
                day++;
            seen[day] = true;
            quanta += dataset->usage[i];
        }
    }
    size_t dates = 0;
    for (size_t d = 0; d < cut->days.n_days; d++)
        dates += seen[d];
    free(seen);
    *load_kwh = dates > 0 ? (double)quanta / (1e6 / dataset->quantum_mwh) / (double)dates : 0;
    return 0;
}

/* Copies the customer's day into `row`; *known says how many readings are known and *sum what they come to.
 */
static int cut_usage(const struct cutting *cut, const struct ls_customer *customer, int n_slots, int32_t *row,
                     int64_t *sum, size_t *known, struct ls_error *error)
{
    const struct ls_dataset *dataset = cut->dataset;
    size_t end = customer->first + customer->n_readings;
    *sum = 0;
    *known = 0;
    for (int t = 0; t < n_slots; t++)
        row[t] = LS_MISSING;
    for (size_t i = ls_dataset_seek(dataset, customer, cut->start); i < end && dataset->minute[i] < cut->next;
         i++) {
        int32_t since = dataset->minute[i] - cut->start;
        if (since % cut->policy->slot_minutes != 0) {
            char stamp[LS_STAMP_SIZE];
            int64_t instant = (int64_t)dataset->minute[i] * LS_MINUTE_S;
            ls_stamp_format(instant, ls_zone_offset(cut->zone, instant), stamp);
            ls_error_set(error, LS_ERR_FORMAT,
                         "customer %s has a reading at %s, which starts no %d-minute slot of %s",
                         customer->id, stamp, cut->policy->slot_minutes, ls_zone_name(cut->zone));
            return ls_error_remedy(error,
                                   "set behaviour.slot_minutes and behaviour.timezone to the readings' own");
        }
        row[since / cut->policy->slot_minutes] = dataset->usage[i];
        if (dataset->usage[i] != LS_MISSING) {
            *sum += dataset->usage[i];
            ++*known;
        }
    }
    return 0;
}

static int cut_customers(const struct cutting *cut, struct ls_error *error)
{
    struct ls_cityday *day = &cut->made->face;
    struct ls_arena *arena = &cut->made->arena;
    size_t most = cut->city->n_customers, slots = (size_t)day->n_slots;
    uint32_t *customer = ls_arena_array(arena, most, sizeof *customer);
    const char **id = ls_arena_array(arena, most, sizeof *id);
    int64_t *sum = ls_arena_array(arena, most, sizeof *sum);
    int32_t *usage = ls_arena_array(arena, most * slots, sizeof *usage);
    double *floor_kwh = ls_arena_array(arena, most * LS_HOURS_A_DAY, sizeof *floor_kwh);
    if (customer == NULL || id == NULL || sum == NULL || usage == NULL || floor_kwh == NULL)
        return out_of_memory(error);
    ls_floors *floors = NULL;
    int status = ls_floors_open(cut->dataset, cut->zone, &cut->days, cut->policy, day->date, &floors, error);
    size_t n = 0;
    for (size_t c = 0; status == 0 && c < most; c++) {
        size_t index = cut->city->first_customer + c, known;
        const struct ls_customer *home = &cut->dataset->customers[index];
        status = cut_usage(cut, home, day->n_slots, usage + n * slots, &sum[n], &known, error);
        if (status != 0 || known == 0)
            continue;
        struct ls_floor_terms terms[LS_HOURS_A_DAY];
        ls_floors_terms(floors, home, terms);
        for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
            floor_kwh[n * LS_HOURS_A_DAY + h] = ls_floors_kwh(floors, &terms[h]);
        customer[n] = (uint32_t)index;
        id[n++] = home->id;
    }
    ls_floors_close(floors);
    day->n_customers = n;
    day->customer = customer;
    day->id = id;
    day->usage = usage;
    day->floor_kwh = floor_kwh;
    day->day_quanta = sum;
    return status;
}

/* What follows from usage and floors: energy above the floor, sums of slots, who is whole. */
static int derive(const struct cutting *cut, struct ls_error *error)
{
    struct ls_cityday *day = &cut->made->face;
    struct ls_arena *arena = &cut->made->arena;
    size_t n = day->n_customers, slots = (size_t)day->n_slots;
    size_t stride = (slots + LS_LANES - 1) / LS_LANES * LS_LANES;
    float *avail = ls_arena_array(arena, n * stride, sizeof *avail);
    int64_t *slot_quanta = ls_arena_array(arena, slots, sizeof *slot_quanta);
    bool *whole = ls_arena_array(arena, n, sizeof *whole);
    if (avail == NULL || slot_quanta == NULL || whole == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n; i++) {
        whole[i] = true;
        for (size_t t = 0; t < slots; t++) {
            int32_t quanta = day->usage[i * slots + t];
            if (quanta == LS_MISSING) {
                whole[i] = false;
                continue;
            }
            slot_quanta[t] += quanta;
            avail[i * stride + t] = (float)ls_cityday_avail_kwh(day, i, (int)t);
        }
    }
    day->avail_kwh = avail;
    day->avail_stride = stride;
    day->slot_quanta = slot_quanta;
    day->whole = whole;
    return 0;
}

static int cut_factors(const struct cutting *cut, struct ls_error *error)
{
    struct ls_cityday *day = &cut->made->face;
    double *mef = ls_arena_array(&cut->made->arena, (size_t)day->n_slots, sizeof *mef);
    double *aef = ls_arena_array(&cut->made->arena, (size_t)day->n_slots, sizeof *aef);
    if (mef == NULL || aef == NULL)
        return out_of_memory(error);
    const struct ls_city *city = cut->city;
    size_t low = 0, high = city->n_factors;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (city->factor_minute[middle] < cut->start)
            low = middle + 1;
        else
            high = middle;
    }
    for (int t = 0; t < day->n_slots; t++) {
        int32_t minute = cut->start + t * day->slot_minutes;
        while (low < city->n_factors && city->factor_minute[low] < minute)
            low++;
        bool valid = low < city->n_factors && city->factor_minute[low] == minute;
        mef[t] = valid ? city->mef_g_per_kwh[low] : NAN;
        aef[t] = valid ? city->aef_g_per_kwh[low] : NAN;
    }
    day->mef_g_per_kwh = mef;
    day->aef_g_per_kwh = aef;
    return 0;
}

static void shuffle(uint32_t *order, size_t n, const struct ls_policy *policy, const struct ls_cityday *day)
{
    struct ls_random random = ls_random_seed((uint64_t)policy->seed, day->city, day->date);
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)ls_random_below(&random, i);
        uint32_t other = order[j];
        order[j] = order[i - 1];
        order[i - 1] = other;
    }
}

/* The order of service and each customer's percentile, both by the day's energy. */
static int rank_customers(const struct cutting *cut, struct ls_error *error)
{
    struct ls_cityday *day = &cut->made->face;
    size_t n = day->n_customers;
    uint32_t *order = ls_arena_array(&cut->made->arena, n, sizeof *order);
    double *percentile = ls_arena_array(&cut->made->arena, n, sizeof *percentile);
    if (order == NULL || percentile == NULL)
        return out_of_memory(error);
    /* Decreasing energy, then increasing index, which is increasing id. */
    int status = ls_rank_descending(day->day_quanta, n, order, error);
    if (status != 0)
        return status;
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && day->day_quanta[order[to]] == day->day_quanta[order[from]];)
            to++;
        double ascending_rank = (double)n - (double)(from + to - 1) / 2; /* mean of the tied ranks, from 1 */
        for (size_t i = from; i < to; i++)
            percentile[order[i]] = 100 * ascending_rank / (double)n;
    }
    if (cut->policy->shuffle_order)
        shuffle(order, n, cut->policy, day);
    day->order = order;
    day->percentile = percentile;
    return 0;
}

static int cut_clock(const struct cutting *cut, struct ls_error *error)
{
    struct ls_cityday *day = &cut->made->face;
    int status = ls_day_slots(cut->zone, cut->start, cut->next, day->slot_minutes, &day->n_slots, error);
    if (status != 0)
        return status;
    int *wall = ls_arena_array(&cut->made->arena, (size_t)day->n_slots, sizeof *wall);
    int32_t *offset = ls_arena_array(&cut->made->arena, (size_t)day->n_slots, sizeof *offset);
    if (wall == NULL || offset == NULL)
        return out_of_memory(error);
    ls_day_clock(cut->zone, cut->start, day->slot_minutes, day->n_slots, wall, offset);
    day->wall_minute = wall;
    day->offset_s = offset;
    return 0;
}

int ls_cityday_create(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_policy *policy,
                      const char *city, int32_t date, struct ls_cityday **out, struct ls_error *error)
{
    struct cutting cut = {.dataset = dataset, .zone = zone, .policy = policy};
    int32_t first = 0, last = 0;
    cut.city = ls_dataset_city(dataset, city);
    if (cut.city == NULL || !dataset_span(dataset, cut.city, &first, &last))
        return ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", city);
    if (policy->slot_minutes != dataset->slot_minutes) {
        ls_error_set(error, LS_ERR_VALUE, "the readings are %d minutes apart, not %d", dataset->slot_minutes,
                     policy->slot_minutes);
        return ls_error_remedy(error, "leave behaviour.slot_minutes at %d", dataset->slot_minutes);
    }
    cut.start = (int32_t)(ls_zone_day_start(zone, date) / LS_MINUTE_S);
    cut.next = (int32_t)(ls_zone_day_start(zone, date + 1) / LS_MINUTE_S);

    int status = ls_days_build(&cut.days, zone, first, last, error);
    if (status != 0)
        return status;
    cut.made = calloc(1, sizeof *cut.made);
    if (cut.made == NULL) {
        status = out_of_memory(error);
        goto done;
    }
    atomic_init(&cut.made->owners, 1);
    struct ls_cityday *day = &cut.made->face;
    day->owner = cut.made;
    day->city = cut.city->name;
    day->date = date;
    day->weekday = ls_date_weekday(date);
    day->start = (int64_t)cut.start * LS_MINUTE_S;
    day->slot_minutes = policy->slot_minutes;
    day->quanta_per_kwh = 1e6 / dataset->quantum_mwh;
    if ((status = cut_clock(&cut, error)) != 0 || (status = cut_customers(&cut, error)) != 0 ||
        (status = derive(&cut, error)) != 0 || (status = cut_factors(&cut, error)) != 0 ||
        (status = rank_customers(&cut, error)) != 0 ||
        (status = own_daily_load(&cut, &day->own_daily_load_kwh, error)) != 0)
        goto done;
    double given_kwh = ls_policy_city(policy, city)->daily_load_kwh;
    day->daily_load_kwh = given_kwh < 0 ? day->own_daily_load_kwh : given_kwh;
    *out = day;
    cut.made = NULL;
done:
    if (cut.made != NULL)
        ls_cityday_destroy(&cut.made->face);
    ls_days_release(&cut.days);
    return status;
}

struct ls_cityday *ls_cityday_retain(struct ls_cityday *day)
{
    struct cityday *made = day->owner;
    atomic_fetch_add(&made->owners, 1);
    return day;
}

void ls_cityday_destroy(struct ls_cityday *day)
{
    if (day == NULL)
        return;
    struct cityday *made = day->owner;
    if (atomic_fetch_sub(&made->owners, 1) > 1)
        return;
    ls_arena_release(&made->arena);
    free(made);
}

bool ls_cityday_same_inputs(const struct ls_policy *a, const struct ls_policy *b, const char *city)
{
    return strcmp(a->timezone, b->timezone) == 0 && a->slot_minutes == b->slot_minutes &&
           a->floor_period == b->floor_period && a->floor_type == b->floor_type &&
           a->robust_max_percentile == b->robust_max_percentile && a->r_percent == b->r_percent &&
           a->epsilon_floor_kwh == b->epsilon_floor_kwh && a->shuffle_order == b->shuffle_order &&
           (!a->shuffle_order || a->seed == b->seed) &&
           ls_policy_city(a, city)->daily_load_kwh == ls_policy_city(b, city)->daily_load_kwh;
}

int ls_city_dates(const struct ls_dataset *dataset, const ls_zone *zone, const char *city, int32_t **dates,
                  size_t *n_dates, struct ls_error *error)
{
    const struct ls_city *where = ls_dataset_city(dataset, city);
    int32_t first = 0, last = 0;
    if (where == NULL || !dataset_span(dataset, where, &first, &last))
        return ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", city);
    struct ls_days days;
    int status = ls_days_build(&days, zone, first, last, error);
    if (status != 0)
        return status;
    bool *seen = calloc(days.n_days, sizeof *seen);
    int32_t *found = malloc(days.n_days * sizeof *found);
    if (seen == NULL || found == NULL) {
        free(found);
        status = out_of_memory(error);
        goto done;
    }
    for (size_t c = 0; c < where->n_customers; c++) {
        const struct ls_customer *customer = &dataset->customers[where->first_customer + c];
        size_t day = 0;
        for (size_t i = customer->first; i < customer->first + customer->n_readings; i++) {
            while (days.start_minute[day + 1] <= dataset->minute[i])
                day++;
            seen[day] = true;
        }
    }
    *n_dates = 0;
    for (size_t d = 0; d < days.n_days; d++)
        if (seen[d])
            found[(*n_dates)++] = days.first_date + (int32_t)d;
    *dates = found;
done:
    free(seen);
    ls_days_release(&days);
    return status;
}

int64_t ls_cityday_instant(const struct ls_cityday *day, int slot)
{
    return day->start + (int64_t)slot * day->slot_minutes * LS_MINUTE_S;
}

const char *ls_cityday_clock(const struct ls_cityday *day, int slot, char out[8])
{
    int minute = day->wall_minute[slot];
    snprintf(out, 8, "%02d:%02d", minute / 60 % LS_HOURS_A_DAY, minute % 60);
    return out;
}

double ls_cityday_floor_kwh(const struct ls_cityday *day, size_t customer, int slot)
{
    bool known = day->usage[customer * (size_t)day->n_slots + (size_t)slot] != LS_MISSING;
    return known ? day->floor_kwh[customer * LS_HOURS_A_DAY + (size_t)(day->wall_minute[slot] / 60)] : 0;
}

double ls_cityday_avail_kwh(const struct ls_cityday *day, size_t customer, int slot)
{
    double kwh = ls_cityday_kwh(day, customer, slot);
    return isnan(kwh) ? 0 : kwh - fmin(ls_cityday_floor_kwh(day, customer, slot), kwh);
}

double ls_cityday_kwh(const struct ls_cityday *day, size_t customer, int slot)
{
    int32_t quanta = day->usage[customer * (size_t)day->n_slots + (size_t)slot];
    return quanta == LS_MISSING ? NAN : quanta / day->quanta_per_kwh;
}
