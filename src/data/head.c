/* The head of a dataset: cities, customers and factors in their order, zone, offset and grid. */
#include "data/build.h"

#include "base/decimal.h"
#include "data/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory sorting the readings");
}

static int compare_named(const void *a, const void *b)
{
    const struct ls_build_name *x = a, *y = b;
    int by_city = strcmp(x->city, y->city);
    return by_city != 0 ? by_city : strcmp(x->id, y->id);
}

int ls_build_compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t ls_build_key(int32_t minute, uint32_t row)
{
    return (uint64_t)((uint32_t)minute ^ UINT32_C(0x80000000)) << 32 | row;
}

static int rank_customers(struct ls_build *b, struct ls_error *error)
{
    const struct ls_load *load = b->load;
    size_t n = load->customers.count;
    b->named = ls_new(n, sizeof *b->named);
    b->rank = ls_new(n, sizeof *b->rank);
    if (b->named == NULL || b->rank == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n; i++)
        b->named[i] = (struct ls_build_name){ls_names_text(&load->cities, load->customers.names[i].group),
                                             ls_names_text(&load->customers, (uint32_t)i), (uint32_t)i};
    qsort(b->named, n, sizeof *b->named, compare_named);
    for (size_t i = 0; i < n; i++)
        b->rank[b->named[i].customer] = (uint32_t)i;
    return 0;
}

static int mixed_offsets(const struct ls_load *load, struct ls_error *error)
{
    char first[LS_STAMP_SIZE], other[LS_STAMP_SIZE], where[300];
    const size_t date_and_time = strlen("2013-02-04T00:00:00");
    int code = ls_error_set(error, LS_ERR_FORMAT, "rows carry different UTC offsets: %s here, %s%s",
                            ls_stamp_format(0, load->other_offset_s, other) + date_and_time,
                            ls_stamp_format(0, load->offset_s, first) + date_and_time,
                            ls_place_text(load, load->offset_at, load->other_offset_at, where, sizeof where));
    ls_error_remedy(error, "name the time zone, as --set behaviour.timezone=Europe/London");
    ls_place_blame(load, load->other_offset_at, LS_COLUMN_DATE, error);
    return code;
}

int ls_build_begin(struct ls_build *b, struct ls_error *error)
{
    const struct ls_load *load = b->load;
    const char *timezone = load->options->timezone;
    bool by_zone = timezone != NULL && strcmp(timezone, "auto") != 0;
    if (load->other_offset_at != 0 && !by_zone)
        return mixed_offsets(load, error);
    int code = ls_zone_for(timezone, load->offset_s, &b->zone, error);
    return code == 0 ? rank_customers(b, error) : code;
}

uint64_t ls_build_off_grid(const struct ls_build *b, int slot_minutes, int32_t *minute)
{
    const struct ls_slots *slots = &b->load->slots;
    int64_t day = 0, next_day = 0;
    for (size_t i = 0; i < slots->count; i++) {
        const struct ls_slot *slot = &slots->slot[i];
        int64_t instant = (int64_t)slot->minute * LS_MINUTE_S;
        if (slot->read_at == 0)
            continue;
        if (instant < day || instant >= next_day) {
            int32_t date = ls_zone_date(b->zone, instant);
            day = ls_zone_day_start(b->zone, date);
            next_day = ls_zone_day_start(b->zone, date + 1);
        }
        if ((instant - day) % (slot_minutes * LS_MINUTE_S) != 0) {
            *minute = slot->minute;
            return slot->read_at;
        }
    }
    return 0;
}

int32_t ls_build_quantum(int64_t largest)
{
    int32_t quantum = 1;
    bool exact;
    while (quantum < LS_QUANTUM_MAX_MWH &&
           ls_fixed_round(largest, (int64_t)quantum * LS_MWH_UNITS, &exact) > INT32_MAX)
        quantum *= 10;
    return quantum;
}

/* Cities that only the factor file knows have no customers and are left out. */
static int pack_customers(struct ls_build *b, struct ls_error *error)
{
    struct ls_dataset_storage *store = b->store;
    const struct ls_load *load = b->load;
    size_t n = load->customers.count, n_cities = 0;
    store->customers = ls_new(n, sizeof *store->customers);
    store->cities = ls_new(n < load->cities.count ? n : load->cities.count, sizeof *store->cities);
    if (store->customers == NULL || store->cities == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n; i++) {
        const struct ls_build_name *named = &b->named[i];
        const struct ls_load_home *home = &load->homes[named->customer];
        if (i == 0 || strcmp(b->named[i - 1].city, named->city) != 0)
            store->cities[n_cities++] = (struct ls_city){.name = named->city, .first_customer = i};
        store->cities[n_cities - 1].n_customers++;
        store->customers[i] = (struct ls_customer){named->id,
                                                   n_cities - 1,
                                                   home->degrees[LS_AXIS_LONGITUDE],
                                                   home->degrees[LS_AXIS_LATITUDE],
                                                   b->start[i],
                                                   b->start[i + 1] - b->start[i]};
    }
    store->dataset.n_customers = n;
    store->dataset.customers = store->customers;
    store->dataset.n_cities = n_cities;
    store->dataset.cities = store->cities;
    return 0;
}

static bool valid_pair(const struct ls_slot *slot)
{
    return !isnan(slot->g_per_kwh[LS_FACTOR_MARGINAL]) && !isnan(slot->g_per_kwh[LS_FACTOR_AVERAGE]);
}

struct slot_key {
    size_t city; /* index into the dataset's cities */
    uint64_t key;
};

static int compare_slots(const void *a, const void *b)
{
    const struct slot_key *x = a, *y = b;
    return x->city != y->city ? (x->city > y->city) - (x->city < y->city)
                              : ls_build_compare_keys(&x->key, &y->key);
}

/* Lists the valid pairs of the cities that have customers by city and time; returns their number. */
static size_t list_factors(const struct ls_build *b, size_t *index_of_city, struct slot_key *keys)
{
    const struct ls_slots *slots = &b->load->slots;
    const struct ls_dataset *dataset = &b->store->dataset;
    size_t n = 0;
    for (size_t i = 0; i < b->load->cities.count; i++)
        index_of_city[i] = SIZE_MAX;
    for (size_t i = 0; i < dataset->n_cities; i++) {
        uint32_t customer = b->named[dataset->cities[i].first_customer].customer;
        index_of_city[b->load->customers.names[customer].group] = i;
    }
    for (size_t i = 0; i < slots->count; i++) {
        size_t city = index_of_city[slots->slot[i].city];
        if (city != SIZE_MAX && valid_pair(&slots->slot[i]))
            keys[n++] = (struct slot_key){city, ls_build_key(slots->slot[i].minute, (uint32_t)i)};
    }
    qsort(keys, n, sizeof *keys, compare_slots);
    return n;
}

static int pack_factors(struct ls_build *b, struct ls_error *error)
{
    int code = 0;
    const struct ls_slots *slots = &b->load->slots;
    struct ls_dataset_storage *store = b->store;
    struct slot_key *keys = ls_new(slots->count, sizeof *keys);
    size_t *index_of_city = ls_new(b->load->cities.count, sizeof *index_of_city);
    store->factor_minute = ls_new(slots->count, sizeof *store->factor_minute);
    store->mef_g_per_kwh = ls_new(slots->count, sizeof *store->mef_g_per_kwh);
    store->aef_g_per_kwh = ls_new(slots->count, sizeof *store->aef_g_per_kwh);
    if (keys == NULL || index_of_city == NULL || store->factor_minute == NULL ||
        store->mef_g_per_kwh == NULL || store->aef_g_per_kwh == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    size_t n = list_factors(b, index_of_city, keys);
    for (size_t i = 0; i < n; i++) {
        const struct ls_slot *slot = &slots->slot[(uint32_t)keys[i].key];
        struct ls_city *city = &store->cities[keys[i].city];
        store->factor_minute[i] = slot->minute;
        store->mef_g_per_kwh[i] = slot->g_per_kwh[LS_FACTOR_MARGINAL];
        store->aef_g_per_kwh[i] = slot->g_per_kwh[LS_FACTOR_AVERAGE];
        if (city->n_factors++ == 0) {
            city->factor_minute = store->factor_minute + i;
            city->mef_g_per_kwh = store->mef_g_per_kwh + i;
            city->aef_g_per_kwh = store->aef_g_per_kwh + i;
        }
    }
    for (size_t i = 0; i < slots->count; i++) {
        b->quality.slots += slots->slot[i].has_usage;
        b->quality.slots_without_factor += slots->slot[i].has_usage && !valid_pair(&slots->slot[i]);
    }
done:
    free(keys);
    free(index_of_city);
    return code;
}

int ls_build_head(struct ls_build *b, struct ls_error *error)
{
    struct ls_load *load = b->load;
    b->store = calloc(1, sizeof *b->store);
    if (b->store == NULL)
        return out_of_memory(error);
    int code = pack_customers(b, error);
    if (code == 0)
        code = pack_factors(b, error);
    if (code != 0)
        return code;
    struct ls_dataset_storage *store = b->store;
    store->city_texts = load->cities.texts; /* names of cities and customers point into these */
    store->customer_texts = load->customers.texts;
    load->cities.texts = load->customers.texts = NULL;
    b->quality.rows = load->n_rows;
    b->quality.factor_rows = load->factor_rows;
    store->dataset.quantum_mwh = ls_build_quantum(b->largest);
    store->dataset.slot_minutes = load->options->slot_minutes;
    store->dataset.one_offset = load->other_offset_at == 0;
    store->dataset.offset_s = load->offset_s;
    store->dataset.owner = store;
    return 0;
}

void ls_build_release(struct ls_build *b)
{
    ls_dataset_storage_free(b->store);
    ls_zone_close(b->zone);
    free(b->named);
    free(b->rank);
    free(b->start);
    free(b->order);
}
