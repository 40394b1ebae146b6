/*
 * City-days: put together from rows, counted, and asked.
 *
 * Everything lives in one arena behind `owner`, the city-day itself included; the count of owners is atomic
 * because the explorer's worker and its screen share answers.
 */
#include "model/assemble.h"

#include "base/arena.h"
#include "base/random.h"
#include "base/rank.h"
#include "model/days.h"
#include "model/floor_terms.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cityday {
    struct ls_cityday face;
    struct ls_arena arena;
    atomic_size_t owners;
    ls_sheet *sheet; /* that the floors are in */
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a city-day");
}

/* ---- the frame ---- */

static int set_clock(struct cityday *made, const ls_zone *zone, int32_t start, int32_t next,
                     struct ls_error *error)
{
    struct ls_cityday *day = &made->face;
    int status = ls_day_slots(zone, start, next, day->slot_minutes, &day->n_slots, error);
    if (status != 0)
        return status;
    int *wall = ls_arena_array(&made->arena, (size_t)day->n_slots, sizeof *wall);
    int32_t *offset = ls_arena_array(&made->arena, (size_t)day->n_slots, sizeof *offset);
    if (wall == NULL || offset == NULL)
        return out_of_memory(error);
    ls_day_clock(zone, start, day->slot_minutes, day->n_slots, wall, offset);
    day->wall_minute = wall;
    day->offset_s = offset;
    return 0;
}

static int set_factors(struct cityday *made, const struct ls_city *city, int32_t start,
                       struct ls_error *error)
{
    struct ls_cityday *day = &made->face;
    double *mef = ls_arena_array(&made->arena, (size_t)day->n_slots, sizeof *mef);
    double *aef = ls_arena_array(&made->arena, (size_t)day->n_slots, sizeof *aef);
    if (mef == NULL || aef == NULL)
        return out_of_memory(error);
    size_t low = 0, high = city->n_factors;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (city->factor_minute[middle] < start)
            low = middle + 1;
        else
            high = middle;
    }
    for (int t = 0; t < day->n_slots; t++) {
        int32_t minute = start + t * day->slot_minutes;
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

/* Room for rows and what is told of each customer and slot. */
static int allocate(struct ls_assembly *assembly, struct ls_error *error)
{
    struct ls_cityday *day = assembly->day;
    struct cityday *made = day->owner;
    struct ls_derived *derived = &assembly->derived;
    size_t most = assembly->capacity, slots = (size_t)day->n_slots;
    day->avail_stride = (slots + LS_LANES - 1) / LS_LANES * LS_LANES;
    assembly->usage = ls_arena_array(&made->arena, most * slots, sizeof *assembly->usage);
    assembly->slot_quanta = ls_arena_array(&made->arena, slots, sizeof *assembly->slot_quanta);
    derived->avail_kwh = ls_arena_array(&made->arena, most * day->avail_stride, sizeof *derived->avail_kwh);
    derived->day_quanta = ls_arena_array(&made->arena, most, sizeof *derived->day_quanta);
    derived->whole = ls_arena_array(&made->arena, most, sizeof *derived->whole);
    derived->customer = ls_arena_array(&made->arena, most, sizeof *derived->customer);
    bool failed = assembly->usage == NULL || assembly->slot_quanta == NULL || derived->avail_kwh == NULL ||
                  derived->day_quanta == NULL || derived->whole == NULL || derived->customer == NULL;
    return failed ? out_of_memory(error) : 0;
}

int ls_assembly_open(const struct ls_dataset *head, const ls_zone *zone, const struct ls_policy *policy,
                     const char *city, int32_t date, struct ls_assembly *out, struct ls_error *error)
{
    const struct ls_city *where = ls_dataset_city(head, city);
    if (where == NULL || where->n_customers == 0)
        return ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", city);
    if (policy->slot_minutes != head->slot_minutes) {
        ls_error_set(error, LS_ERR_VALUE, "the readings are %d minutes apart, not %d", head->slot_minutes,
                     policy->slot_minutes);
        return ls_error_remedy(error, "leave behaviour.slot_minutes at %d", head->slot_minutes);
    }
    struct cityday *made = calloc(1, sizeof *made);
    if (made == NULL)
        return out_of_memory(error);
    int32_t start = (int32_t)(ls_zone_day_start(zone, date) / LS_MINUTE_S);
    int32_t next = (int32_t)(ls_zone_day_start(zone, date + 1) / LS_MINUTE_S);
    atomic_init(&made->owners, 1);
    struct ls_cityday *day = &made->face;
    *day = (struct ls_cityday){.owner = made,
                               .city = where->name,
                               .date = date,
                               .weekday = ls_date_weekday(date),
                               .start = (int64_t)start * LS_MINUTE_S,
                               .slot_minutes = policy->slot_minutes,
                               .quanta_per_kwh = 1e6 / head->quantum_mwh};
    struct ls_assembly assembly = {.day = day, .capacity = where->n_customers, .start_minute = start};
    int status = set_clock(made, zone, start, next, error);
    if (status == 0)
        status = set_factors(made, where, start, error);
    if (status == 0)
        status = allocate(&assembly, error);
    if (status != 0) {
        ls_cityday_destroy(day);
        return status;
    }
    pthread_mutex_init(&assembly.lock, NULL);
    *out = assembly;
    return 0;
}

void ls_assembly_abandon(struct ls_assembly *assembly)
{
    pthread_mutex_destroy(&assembly->lock);
    ls_cityday_destroy(assembly->day);
    *assembly = (struct ls_assembly){0};
}

void ls_assembly_floors(struct ls_assembly *assembly, const struct ls_dataset *head,
                        const struct ls_policy *policy, ls_sheet *sheet)
{
    struct cityday *made = assembly->day->owner;
    const struct ls_floor_groups *groups = ls_sheet_groups(sheet);
    made->sheet = sheet;
    assembly->day->floors =
        (struct ls_floors){.base_kwh = groups->base_kwh,
                           .robust_max = groups->robust_max,
                           .first_customer = ls_dataset_city(head, assembly->day->city)->first_customer,
                           .r_fraction = policy->r_percent < 0 ? 0 : policy->r_percent / 100,
                           .epsilon_kwh = policy->epsilon_floor_kwh};
}

void ls_assembly_take(struct ls_assembly *assembly, size_t first, size_t n)
{
    int64_t slot_quanta[LS_SLOTS_MAX] = {0};
    ls_derive_rows(assembly->day, first, n, assembly->usage, &assembly->derived, slot_quanta);
    pthread_mutex_lock(&assembly->lock);
    for (int t = 0; t < assembly->day->n_slots; t++)
        assembly->slot_quanta[t] += slot_quanta[t];
    pthread_mutex_unlock(&assembly->lock);
}

/* ---- what follows from the rows ---- */

static int name_customers(struct ls_assembly *assembly, const struct ls_dataset *head, struct ls_error *error)
{
    struct ls_cityday *day = assembly->day;
    struct cityday *made = day->owner;
    const char **id = ls_arena_array(&made->arena, day->n_customers, sizeof *id);
    if (id == NULL)
        return out_of_memory(error);
    size_t first = ls_dataset_city(head, day->city)->first_customer;
    for (size_t i = 0; i < day->n_customers; i++) {
        assembly->derived.customer[i] += (uint32_t)first;
        id[i] = head->customers[assembly->derived.customer[i]].id;
    }
    day->id = id;
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
static int rank_customers(struct ls_cityday *day, const struct ls_policy *policy, struct ls_error *error)
{
    struct cityday *made = day->owner;
    size_t n = day->n_customers;
    uint32_t *order = ls_arena_array(&made->arena, n, sizeof *order);
    double *percentile = ls_arena_array(&made->arena, n, sizeof *percentile);
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
    if (policy->shuffle_order)
        shuffle(order, n, policy, day);
    day->order = order;
    day->percentile = percentile;
    return 0;
}

int ls_assembly_finish(struct ls_assembly *assembly, const struct ls_dataset *head,
                       const struct ls_policy *policy, double own_daily_load_kwh, struct ls_cityday **out,
                       struct ls_error *error)
{
    struct ls_cityday *day = assembly->day;
    const struct ls_derived *derived = &assembly->derived;
    day->n_customers = ls_derive_close_up(day, assembly->capacity, assembly->usage, &assembly->derived);
    day->usage = assembly->usage;
    day->slot_quanta = assembly->slot_quanta;
    day->avail_kwh = derived->avail_kwh;
    day->day_quanta = derived->day_quanta;
    day->whole = derived->whole;
    day->customer = derived->customer;
    int status = name_customers(assembly, head, error);
    if (status == 0)
        status = rank_customers(day, policy, error);
    if (status != 0) {
        ls_assembly_abandon(assembly);
        return status;
    }
    double given_kwh = ls_policy_city(policy, day->city)->daily_load_kwh;
    day->own_daily_load_kwh = own_daily_load_kwh;
    day->daily_load_kwh = given_kwh < 0 ? own_daily_load_kwh : given_kwh;
    pthread_mutex_destroy(&assembly->lock);
    *assembly = (struct ls_assembly){0};
    *out = day;
    return 0;
}

/* ---- owners and questions ---- */

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
    ls_sheet_release(made->sheet);
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
    if (day->usage[customer * (size_t)day->n_slots + (size_t)slot] == LS_MISSING)
        return 0;
    return ls_floor_of_hour(day, day->customer[customer] - day->floors.first_customer,
                            (size_t)(day->wall_minute[slot] / 60));
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
