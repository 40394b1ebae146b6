/* All of a store as a dataset in memory. Cost: two passes over the chunks, a day of the largest city in
 * memory. */
#include "data/store_file.h"

#include "data/grow.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory reading a store");
}

/* Calls `take` with each chunk of a city, in order. */
typedef void take_fn(struct ls_dataset_storage *to, const struct ls_store *store, size_t city, size_t day,
                     const int32_t *usage, size_t *next);

/* How many rows each customer has. */
static void count_rows(struct ls_dataset_storage *to, const struct ls_store *store, size_t city, size_t day,
                       const int32_t *usage, size_t *next)
{
    size_t slots = (size_t)store->cities[city].axis.day_slots;
    (void)day;
    (void)next;
    struct ls_customer *customers = &to->customers[to->cities[city].first_customer];
    for (size_t i = 0; i < to->cities[city].n_customers; i++)
        for (size_t t = 0; t < slots; t++)
            customers[i].n_readings += usage[i * slots + t] != LS_NO_ROW;
}

static void copy_rows(struct ls_dataset_storage *to, const struct ls_store *store, size_t city, size_t day,
                      const int32_t *usage, size_t *next)
{
    const struct ls_store_axis *axis = &store->cities[city].axis;
    const size_t slots = (size_t)axis->day_slots, first = to->cities[city].first_customer;
    const int64_t minute = axis->first_minute + (int64_t)(day * slots) * to->dataset.slot_minutes;
    for (size_t i = 0; i < to->cities[city].n_customers; i++)
        for (size_t t = 0; t < slots; t++) {
            int32_t value = usage[i * slots + t];
            if (value == LS_NO_ROW)
                continue;
            size_t at = next[first + i]++;
            to->minute[at] = (int32_t)(minute + (int64_t)t * to->dataset.slot_minutes);
            to->usage[at] = value == LS_UNKNOWN ? LS_MISSING : value;
        }
}

static int each_chunk(const struct ls_store *store, struct ls_dataset_storage *to, take_fn *take,
                      size_t *next, struct ls_error *error)
{
    int code = 0;
    for (size_t city = 0; code == 0 && city < to->dataset.n_cities; city++) {
        const struct ls_store_city *from = &store->cities[city];
        size_t n = to->cities[city].n_customers, slots = (size_t)from->axis.day_slots;
        int32_t *usage = ls_new(n * slots, sizeof *usage);
        if (usage == NULL)
            return out_of_memory(error);
        for (size_t day = 0; code == 0 && day < from->n_days; day++) {
            if (store->seal.extents[from->first_extent + day].length == 0)
                continue;
            code = ls_store_read_chunk(store, city, day, usage, error);
            if (code == 0)
                take(to, store, city, day, usage, next);
        }
        free(usage);
    }
    return code;
}

static void *copy(const void *from, size_t count, size_t size)
{
    void *to = ls_new(count, size);
    if (to != NULL && count > 0)
        memcpy(to, from, count * size);
    return to;
}

/* The head with storage of its own. */
static bool copy_head(const struct ls_store *store, struct ls_dataset_storage *to)
{
    const struct ls_dataset_storage *from = store->head;
    size_t n = from->dataset.n_customers, n_cities = from->dataset.n_cities, factors = 0, id_bytes = 0;
    for (size_t i = 0; i < n_cities; i++)
        if (from->cities[i].n_factors > 0) {
            size_t end =
                (size_t)(from->cities[i].factor_minute - from->factor_minute) + from->cities[i].n_factors;
            factors = end;
        }
    if (n > 0)
        id_bytes = (size_t)(from->customers[n - 1].id - from->customer_texts) +
                   strlen(from->customers[n - 1].id) + 1;
    to->dataset = from->dataset;
    to->dataset.owner = to;
    to->cities = copy(from->cities, n_cities, sizeof *to->cities);
    to->customers = copy(from->customers, n, sizeof *to->customers);
    to->city_texts = copy(from->city_texts, n_cities, LS_ID_BYTES + 1);
    to->customer_texts = copy(from->customer_texts, id_bytes, 1);
    to->factor_minute = copy(from->factor_minute, factors, sizeof *to->factor_minute);
    to->mef_g_per_kwh = copy(from->mef_g_per_kwh, factors, sizeof *to->mef_g_per_kwh);
    to->aef_g_per_kwh = copy(from->aef_g_per_kwh, factors, sizeof *to->aef_g_per_kwh);
    if (to->cities == NULL || to->customers == NULL || to->city_texts == NULL || to->customer_texts == NULL ||
        to->factor_minute == NULL || to->mef_g_per_kwh == NULL || to->aef_g_per_kwh == NULL)
        return false;
    to->dataset.cities = to->cities;
    to->dataset.customers = to->customers;
    for (size_t i = 0; i < n_cities; i++) {
        struct ls_city *city = &to->cities[i];
        city->name = to->city_texts + (city->name - from->city_texts);
        if (city->n_factors > 0) {
            size_t first = (size_t)(city->factor_minute - from->factor_minute);
            city->factor_minute = to->factor_minute + first;
            city->mef_g_per_kwh = to->mef_g_per_kwh + first;
            city->aef_g_per_kwh = to->aef_g_per_kwh + first;
        }
    }
    for (size_t i = 0; i < n; i++)
        to->customers[i].id = to->customer_texts + (to->customers[i].id - from->customer_texts);
    return true;
}

int ls_store_load(const ls_store *store, struct ls_dataset **out, struct ls_error *error)
{
    int code = 0;
    size_t n_readings = 0, *next = NULL;
    struct ls_dataset_storage *to = calloc(1, sizeof *to);
    if (to == NULL || !copy_head(store, to)) {
        code = out_of_memory(error);
        goto done;
    }
    code = each_chunk(store, to, count_rows, NULL, error);
    if (code != 0)
        goto done;
    next = ls_new(to->dataset.n_customers, sizeof *next);
    for (size_t i = 0; next != NULL && i < to->dataset.n_customers; i++) {
        to->customers[i].first = next[i] = n_readings;
        n_readings += to->customers[i].n_readings;
    }
    to->minute = ls_new(n_readings, sizeof *to->minute);
    to->usage = ls_new(n_readings, sizeof *to->usage);
    if (next == NULL || to->minute == NULL || to->usage == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    to->dataset.n_readings = n_readings;
    to->dataset.minute = to->minute;
    to->dataset.usage = to->usage;
    code = each_chunk(store, to, copy_rows, next, error);
done:
    free(next);
    if (code == 0)
        *out = &to->dataset;
    else
        ls_dataset_storage_free(to);
    return code;
}
