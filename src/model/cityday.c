/*
 * City-days: put together from rows, counted, and asked.
 *
 * Everything lives in one arena behind `owner`, the city-day itself included; the count of owners is atomic
 * because the explorer's worker and its screen share answers.
 */
#include "model/assemble.h"

#include "base/arena.h"
#include "base/fetch.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/rank.h"
#include "model/days.h"
#include "model/derive.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_AHEAD 12 /* that are fetched before they are laid */

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

/*
 * Room for the readings as they come, and for what is found in them. They lie where what stands above the
 * floors will: it takes as much, fresh memory is dear, and rows of usage have left by then.
 */
static int allocate(struct ls_assembly *assembly, struct ls_error *error)
{
    struct ls_cityday *day = assembly->day;
    size_t most = assembly->capacity;
    _Static_assert(sizeof *assembly->readings == sizeof *assembly->avail_kwh, "one takes the other's place");
    void *rows = ls_arena_space(&((struct cityday *)day->owner)->arena,
                                ls_cityday_tile_cells(day->n_slots, most), sizeof *assembly->readings);
    assembly->readings = rows;
    assembly->avail_kwh = rows;
    assembly->quanta = malloc((most + 1) * sizeof *assembly->quanta);
    assembly->known = malloc((most + 1) * sizeof *assembly->known);
    assembly->whole = malloc((most + 1) * sizeof *assembly->whole);
    assembly->order = malloc((most + 1) * sizeof *assembly->order);
    bool failed = rows == NULL || assembly->quanta == NULL || assembly->known == NULL ||
                  assembly->whole == NULL || assembly->order == NULL;
    return failed ? out_of_memory(error) : 0;
}

static void release(struct ls_assembly *assembly)
{
    pthread_mutex_destroy(&assembly->lock);
    free(assembly->quanta);
    free(assembly->known);
    free(assembly->whole);
    free(assembly->order);
    *assembly = (struct ls_assembly){0};
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
    *out = (struct ls_assembly){.day = day,
                                .capacity = where->n_customers,
                                .first_customer = where->first_customer,
                                .start_minute = start};
    pthread_mutex_init(&out->lock, NULL);
    int status = set_clock(made, zone, start, next, error);
    if (status == 0)
        status = set_factors(made, where, start, error);
    if (status == 0)
        status = allocate(out, error);
    if (status != 0) {
        ls_assembly_abandon(out);
        return status;
    }
    return 0;
}

void ls_assembly_abandon(struct ls_assembly *assembly)
{
    ls_cityday_destroy(assembly->day);
    release(assembly);
}

void ls_assembly_floors(struct ls_assembly *assembly, const struct ls_policy *policy, ls_sheet *sheet)
{
    struct cityday *made = assembly->day->owner;
    const struct ls_floor_groups *groups = ls_sheet_groups(sheet);
    made->sheet = sheet;
    assembly->day->floors =
        (struct ls_floors){.base_kwh = groups->base_kwh,
                           .robust_max = groups->robust_max,
                           .first_customer = assembly->first_customer,
                           .r_fraction = policy->r_percent < 0 ? 0 : policy->r_percent / 100,
                           .epsilon_kwh = policy->epsilon_floor_kwh};
}

/* ---- the order of service ---- */

void ls_assembly_sum(struct ls_assembly *assembly, size_t first, size_t n)
{
    int slots = assembly->day->n_slots;
    for (size_t c = first; c < first + n; c++) {
        int known = ls_derive_sum(assembly->readings + c * (size_t)slots, slots, &assembly->quanta[c]);
        assembly->known[c] = known > 0;
        assembly->whole[c] = known == slots;
    }
}

static void exchange(struct ls_assembly *assembly, size_t i, size_t j)
{
    struct ls_told *told = &assembly->told;
    uint32_t customer = assembly->order[i];
    int64_t quanta = told->day_quanta[i];
    double percentile = told->percentile[i];
    assembly->order[i] = assembly->order[j];
    told->day_quanta[i] = told->day_quanta[j];
    told->percentile[i] = told->percentile[j];
    assembly->order[j] = customer;
    told->day_quanta[j] = quanta;
    told->percentile[j] = percentile;
}

static void shuffle(struct ls_assembly *assembly, const struct ls_policy *policy)
{
    const struct ls_cityday *day = assembly->day;
    struct ls_random random = ls_random_seed((uint64_t)policy->seed, day->city, day->date);
    for (size_t i = day->n_customers; i > 1; i--)
        exchange(assembly, (size_t)ls_random_below(&random, i), i - 1);
}

/* Customers with a known reading, by decreasing energy, then by index, which is by id. */
static int sort_customers(struct ls_assembly *assembly, struct ls_error *error)
{
    size_t n = 0;
    int status = ls_rank_descending(assembly->quanta, assembly->capacity, assembly->order, error);
    for (size_t i = 0; status == 0 && i < assembly->capacity; i++)
        if (assembly->known[assembly->order[i]])
            assembly->order[n++] = assembly->order[i];
    assembly->day->n_customers = n;
    return status;
}

/* What customers use, and whose share of the others use less. */
static void tell_usage(struct ls_assembly *assembly)
{
    struct ls_told *told = &assembly->told;
    size_t n = assembly->day->n_customers;
    for (size_t i = 0; i < n; i++)
        told->day_quanta[i] = assembly->quanta[assembly->order[i]];
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && told->day_quanta[to] == told->day_quanta[from];)
            to++;
        double ascending_rank = (double)n - (double)(from + to - 1) / 2; /* mean of the tied ranks, from 1 */
        for (size_t i = from; i < to; i++)
            told->percentile[i] = 100 * ascending_rank / (double)n;
    }
}

/* Room for what is told of customers in the order of service. */
static int make_rows(struct ls_assembly *assembly, struct ls_error *error)
{
    struct ls_cityday *day = assembly->day;
    struct ls_arena *arena = &((struct cityday *)day->owner)->arena;
    struct ls_told *told = &assembly->told;
    size_t n = day->n_customers, slots = (size_t)day->n_slots;
    day->customer = told->customer = ls_arena_space(arena, n, sizeof *told->customer);
    day->id = told->id = ls_arena_space(arena, n, sizeof *told->id);
    day->day_quanta = told->day_quanta = ls_arena_space(arena, n, sizeof *told->day_quanta);
    day->percentile = told->percentile = ls_arena_space(arena, n, sizeof *told->percentile);
    day->whole = told->whole = ls_arena_space(arena, n, sizeof *told->whole);
    day->usage = told->usage =
        ls_arena_space(arena, ls_cityday_tile_cells(day->n_slots, n), sizeof *told->usage);
    day->slot_quanta = told->slot_quanta = ls_arena_array(arena, slots, sizeof *told->slot_quanta);
    if (told->customer == NULL || told->id == NULL || told->day_quanta == NULL || told->percentile == NULL ||
        told->whole == NULL || told->usage == NULL || told->slot_quanta == NULL)
        return out_of_memory(error);
    for (size_t i = n; i % LS_LANES != 0; i++)
        for (int t = 0; t < day->n_slots; t++)
            told->usage[ls_cityday_tile_place(day->n_slots, i, t)] = LS_MISSING;
    if (day->floors.base_kwh == NULL)
        return 0;
    day->floor_kwh = assembly->floor_kwh =
        ls_arena_space(arena, n * LS_HOURS_A_DAY, sizeof *assembly->floor_kwh);
    return assembly->floor_kwh == NULL ? out_of_memory(error) : 0;
}

int ls_assembly_rank(struct ls_assembly *assembly, const struct ls_policy *policy, struct ls_error *error)
{
    int status = sort_customers(assembly, error);
    if (status == 0)
        status = make_rows(assembly, error);
    if (status != 0)
        return status;
    tell_usage(assembly);
    if (policy->shuffle_order)
        shuffle(assembly, policy);
    return 0;
}

/* ---- rows ---- */

static void tell_customer(const struct ls_assembly *assembly, const struct ls_customer *customers, size_t i)
{
    const struct ls_told *told = &assembly->told;
    size_t c = assembly->order[i];
    told->customer[i] = (uint32_t)(assembly->first_customer + c);
    told->id[i] = customers[told->customer[i]].id;
    told->whole[i] = assembly->whole[c];
}

/* What is told of a customer lies in the order of names. */
static inline __attribute__((always_inline)) void fetch_row(const struct ls_assembly *assembly,
                                                            const struct ls_customer *customers, size_t c)
{
    size_t slots = (size_t)assembly->day->n_slots;
    ls_fetch(assembly->readings + c * slots, slots * sizeof *assembly->readings);
    ls_fetch(&customers[assembly->first_customer + c].id, sizeof customers->id);
    ls_fetch(&assembly->whole[c], sizeof *assembly->whole);
}

void ls_assembly_place(struct ls_assembly *assembly, const struct ls_dataset *head, size_t first, size_t n)
{
    const struct ls_cityday *day = assembly->day;
    size_t slots = (size_t)day->n_slots;
    int64_t slot_quanta[LS_SLOTS_MAX] = {0};
    ls_memory_touch(assembly->told.usage + first * slots, n * slots * sizeof *assembly->told.usage);
    for (size_t i = first; i < first + n; i++) {
        if (i + ROWS_AHEAD < day->n_customers)
            fetch_row(assembly, head->customers, assembly->order[i + ROWS_AHEAD]);
        tell_customer(assembly, head->customers, i);
        ls_derive_usage(assembly->readings + assembly->order[i] * slots, day->n_slots,
                        assembly->told.usage + ls_cityday_tile_place(day->n_slots, i, 0), slot_quanta);
    }
    pthread_mutex_lock(&assembly->lock);
    for (size_t t = 0; t < slots; t++)
        assembly->told.slot_quanta[t] += slot_quanta[t];
    pthread_mutex_unlock(&assembly->lock);
}

/* Floors lie in the order of names. */
static inline __attribute__((always_inline)) void fetch_floors(const struct ls_floors *floors, size_t c)
{
    ls_fetch(floors->base_kwh + c * LS_HOURS_A_DAY, LS_HOURS_A_DAY * sizeof *floors->base_kwh);
    ls_fetch(floors->robust_max + c * LS_HOURS_A_DAY, LS_HOURS_A_DAY * sizeof *floors->robust_max);
}

void ls_assembly_lay(struct ls_assembly *assembly, size_t first, size_t n)
{
    const struct ls_cityday *day = assembly->day;
    bool floors = day->floor_kwh != NULL;
    size_t hour[LS_SLOTS_MAX];
    for (int t = 0; t < day->n_slots; t++)
        hour[t] = (size_t)(day->wall_minute[t] / 60);
    if (floors)
        ls_memory_touch(assembly->floor_kwh + first * LS_HOURS_A_DAY,
                        n * LS_HOURS_A_DAY * sizeof *assembly->floor_kwh);
    for (size_t i = first; i < first + n; i++) {
        if (floors && i + ROWS_AHEAD < day->n_customers)
            fetch_floors(&day->floors, assembly->order[i + ROWS_AHEAD]);
        if (floors)
            ls_derive_floors(day, assembly->order[i], assembly->floor_kwh + i * LS_HOURS_A_DAY);
        if (i % LS_LANES == LS_LANES - 1 || i == day->n_customers - 1)
            ls_derive_tile(day, hour, i / LS_LANES, assembly->avail_kwh);
    }
}

struct ls_cityday *ls_assembly_finish(struct ls_assembly *assembly, const struct ls_policy *policy,
                                      double own_daily_load_kwh)
{
    struct ls_cityday *day = assembly->day;
    double given_kwh = ls_policy_city(policy, day->city)->daily_load_kwh;
    day->avail_kwh = assembly->avail_kwh;
    day->own_daily_load_kwh = own_daily_load_kwh;
    day->daily_load_kwh = given_kwh < 0 ? own_daily_load_kwh : given_kwh;
    release(assembly);
    return day;
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
    unsigned minute = (unsigned)day->wall_minute[slot];
    int first = 0;
    while (day->wall_minute[first] != day->wall_minute[slot])
        first++;
    snprintf(out, 8, "%02u:%02u%s", minute / 60 % LS_HOURS_A_DAY, minute % 60, first < slot ? "b" : "");
    return out;
}

double ls_cityday_floor_kwh(const struct ls_cityday *day, size_t customer, int slot)
{
    bool known = day->usage[ls_cityday_tile_place(day->n_slots, customer, slot)] != LS_MISSING;
    return known && day->floor_kwh != NULL
               ? day->floor_kwh[customer * LS_HOURS_A_DAY + (size_t)(day->wall_minute[slot] / 60)]
               : 0;
}

double ls_cityday_avail_kwh(const struct ls_cityday *day, size_t customer, int slot)
{
    double kwh = ls_cityday_kwh(day, customer, slot);
    return isnan(kwh) ? 0 : kwh - fmin(ls_cityday_floor_kwh(day, customer, slot), kwh);
}

void ls_cityday_row(const struct ls_cityday *day, size_t customer, int32_t *row)
{
    const int32_t *usage = day->usage + ls_cityday_tile_place(day->n_slots, customer, 0);
    for (size_t t = 0; t < (size_t)day->n_slots; t++)
        row[t] = usage[t * LS_LANES];
}

double ls_cityday_kwh(const struct ls_cityday *day, size_t customer, int slot)
{
    int32_t quanta = day->usage[ls_cityday_tile_place(day->n_slots, customer, slot)];
    return quanta == LS_MISSING ? NAN : quanta / day->quanta_per_kwh;
}
