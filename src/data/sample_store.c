/* The sample as a store: a day of a city at a time, every home keeping its random numbers between days. */
#include "data/sample.h"

#include "base/arena.h"
#include "data/grow.h"

#include <stdio.h>
#include <stdlib.h>

#define ID_SIZE      24
#define MWH_IN_WH    1000
#define MICRO        1e6
#define NO_SLOT      (-1)
#define HISTORY_SIZE 200

/* A home on its way through time. */
struct home {
    struct ls_random random;
    int32_t scale_permille;
    int32_t last_slot; /* with a row; NO_SLOT before the first */
};

struct maker {
    const struct ls_sample_options *options;
    struct ls_arena arena;
    struct ls_dataset head;
    struct ls_city cities[LS_SAMPLE_CITIES];
    struct ls_store_axis axes[LS_SAMPLE_CITIES];
    struct home *homes; /* [customers] */
    int32_t *usage;     /* [customers of a city * slots of a day] */
    struct ls_quality quality;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a sample");
}

static bool make_homes(struct maker *maker)
{
    const uint32_t n = maker->options->customers;
    struct ls_sample_home home = {0};
    char *ids = ls_arena_array(&maker->arena, n, ID_SIZE);
    struct ls_customer *customers = ls_arena_array(&maker->arena, n, sizeof *customers);
    uint32_t *order = ls_arena_array(&maker->arena, n, sizeof *order);
    maker->homes = ls_arena_array(&maker->arena, n, sizeof *maker->homes);
    if (ids == NULL || customers == NULL || order == NULL || maker->homes == NULL)
        return false;
    ls_sample_order(order, n, maker->options->seed);
    for (uint32_t i = 0; i < n; i++) {
        ls_sample_next_home(maker->options, order, i, &home);
        size_t city = (size_t)(home.city - ls_sample_cities);
        char *id = ids + (size_t)i * ID_SIZE;
        snprintf(id, ID_SIZE, "%lld", (long long)home.id);
        customers[i] = (struct ls_customer){.id = id,
                                            .city = city,
                                            .longitude_deg = home.longitude / MICRO,
                                            .latitude_deg = home.latitude / MICRO};
        maker->homes[i] = (struct home){home.random, home.scale_permille, NO_SLOT};
        if (maker->cities[city].n_customers++ == 0) {
            maker->cities[city].name = home.city->name;
            maker->cities[city].first_customer = i;
            maker->head.n_cities = city + 1;
        }
    }
    maker->head.n_customers = n;
    maker->head.customers = customers;
    return true;
}

/* The slots of a city in which a home has a row: after a few homes, all of them. */
static void find_rows(const struct maker *maker, const struct ls_city *city, size_t n_slots, bool *has_row)
{
    size_t missing = n_slots;
    for (size_t i = 0; missing > 0 && i < city->n_customers; i++) {
        struct home home = maker->homes[city->first_customer + i];
        for (size_t slot = 0; slot < n_slots; slot++)
            if (ls_sample_wh(home.scale_permille, (int64_t)slot, &home.random) != LS_NO_ROW &&
                !has_row[slot]) {
                has_row[slot] = true;
                missing--;
            }
    }
}

/* Factors stand in rows, so a slot without any row has none. */
static bool make_factors(struct maker *maker, struct ls_city *city, size_t n_slots)
{
    const uint64_t seed = maker->options->seed;
    bool *has_row = ls_arena_array(&maker->arena, n_slots, sizeof *has_row);
    int32_t *minute = ls_arena_array(&maker->arena, n_slots, sizeof *minute);
    double *mef = ls_arena_array(&maker->arena, n_slots, sizeof *mef);
    double *aef = ls_arena_array(&maker->arena, n_slots, sizeof *aef);
    if (has_row == NULL || minute == NULL || mef == NULL || aef == NULL)
        return false;
    find_rows(maker, city, n_slots, has_row);
    for (size_t slot = 0; slot < n_slots; slot++) {
        if (!has_row[slot])
            continue;
        size_t n = city->n_factors++;
        minute[n] = (int32_t)(LS_SAMPLE_FIRST_INSTANT / LS_MINUTE_S + (int64_t)slot * LS_SAMPLE_SLOT_MINUTES);
        mef[n] = ls_sample_factor(LS_FACTOR_MARGINAL, seed, city->name, (int64_t)slot) /
                 (double)LS_SAMPLE_PERMILLE;
        aef[n] =
            ls_sample_factor(LS_FACTOR_AVERAGE, seed, city->name, (int64_t)slot) / (double)LS_SAMPLE_PERMILLE;
    }
    city->factor_minute = minute;
    city->mef_g_per_kwh = mef;
    city->aef_g_per_kwh = aef;
    return true;
}

static bool make_head(struct maker *maker)
{
    const size_t n_slots = (size_t)maker->options->days * LS_SAMPLE_SLOTS_A_DAY;
    size_t most = 0;
    if (!make_homes(maker))
        return false;
    for (size_t i = 0; i < maker->head.n_cities; i++) {
        struct ls_city *city = &maker->cities[i];
        if (!make_factors(maker, city, n_slots))
            return false;
        maker->axes[i] =
            (struct ls_store_axis){.first_minute = (int32_t)(LS_SAMPLE_FIRST_INSTANT / LS_MINUTE_S),
                                   .n_slots = n_slots,
                                   .day_slots = LS_SAMPLE_SLOTS_A_DAY};
        most = city->n_customers > most ? city->n_customers : most;
    }
    maker->usage = ls_arena_array(&maker->arena, most, LS_SAMPLE_SLOTS_A_DAY * sizeof *maker->usage);
    maker->head.cities = maker->cities;
    maker->head.quantum_mwh = 1;
    maker->head.slot_minutes = LS_SAMPLE_SLOT_MINUTES;
    maker->head.one_offset = true;
    maker->head.offset_s = LS_SAMPLE_OFFSET_S;
    return maker->usage != NULL;
}

/* What a home's reading of a slot adds to the counts. */
static void count(struct maker *maker, struct home *home, int32_t slot, int32_t wh)
{
    if (wh == LS_NO_ROW)
        return;
    maker->quality.rows++;
    maker->quality.missing += wh == LS_UNKNOWN;
    maker->quality.readings += wh != LS_UNKNOWN;
    maker->quality.gaps += home->last_slot == NO_SLOT ? 0 : (uint64_t)(slot - home->last_slot - 1);
    home->last_slot = slot;
}

static void make_day(struct maker *maker, const struct ls_city *city, size_t day)
{
    bool known[LS_SAMPLE_SLOTS_A_DAY] = {false};
    int32_t *out = maker->usage;
    for (size_t i = 0; i < city->n_customers; i++) {
        struct home *home = &maker->homes[city->first_customer + i];
        for (size_t t = 0; t < LS_SAMPLE_SLOTS_A_DAY; t++) {
            size_t slot = day * LS_SAMPLE_SLOTS_A_DAY + t;
            int32_t wh = ls_sample_wh(home->scale_permille, (int64_t)slot, &home->random);
            count(maker, home, (int32_t)slot, wh);
            known[t] = known[t] || wh >= 0;
            *out++ = wh >= 0 ? wh * MWH_IN_WH : wh;
        }
    }
    for (size_t t = 0; t < LS_SAMPLE_SLOTS_A_DAY; t++)
        maker->quality.slots += known[t];
}

static int write_days(struct maker *maker, ls_store_writer *writer, struct ls_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < maker->head.n_cities; i++)
        for (size_t day = 0; code == 0 && day < maker->options->days; day++) {
            make_day(maker, &maker->cities[i], day);
            code = ls_store_put(writer, i, day, maker->usage, error);
        }
    return code;
}

int ls_sample_store(const struct ls_sample_options *options, const char *path, struct ls_error *error)
{
    char history[HISTORY_SIZE];
    struct maker maker = {.options = options};
    ls_store_writer *writer = NULL;
    int code = ls_sample_wrong(options, error);
    if (code != 0)
        return code;
    snprintf(history, sizeof history, "loadscope sample --customers %u --days %u --seed %llu",
             (unsigned)options->customers, (unsigned)options->days, (unsigned long long)options->seed);
    const struct ls_store_options how = {.timezone = "auto", .history = history};
    code = make_head(&maker) ? 0 : out_of_memory(error);
    if (code == 0)
        code = ls_store_create(path, &maker.head, maker.axes, &how, &writer, error);
    if (code == 0)
        code = write_days(&maker, writer, error);
    if (code == 0)
        code = ls_store_finish(writer, &maker.quality, error);
    else
        ls_store_abandon(writer);
    ls_arena_release(&maker.arena);
    return code;
}
