/* A loaded dataset: finding things in it, checking it, ending it. */
#include "data/load.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void ls_dataset_storage_free(struct ls_dataset_storage *store)
{
    if (store == NULL)
        return;
    free(store->city_texts);
    free(store->customer_texts);
    free(store->cities);
    free(store->customers);
    free(store->minute);
    free(store->usage);
    free(store->factor_minute);
    free(store->mef_g_per_kwh);
    free(store->aef_g_per_kwh);
    free(store);
}

void ls_dataset_destroy(struct ls_dataset *dataset)
{
    if (dataset != NULL)
        ls_dataset_storage_free(dataset->owner);
}

const struct ls_city *ls_dataset_city(const struct ls_dataset *dataset, const char *name)
{
    size_t low = 0, high = dataset->n_cities;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(dataset->cities[middle].name, name);
        if (order == 0)
            return &dataset->cities[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int ls_zone_for(const char *timezone, int32_t offset_s, ls_zone **out, struct ls_error *error)
{
    if (timezone == NULL || strcmp(timezone, "auto") == 0)
        return ls_zone_open_fixed(offset_s, out, error);
    return ls_zone_open(timezone, out, error);
}

int ls_dataset_zone(const struct ls_dataset *dataset, const char *timezone, ls_zone **out,
                    struct ls_error *error)
{
    if (!dataset->one_offset && (timezone == NULL || strcmp(timezone, "auto") == 0)) {
        int code =
            ls_error_set(error, LS_ERR_VALUE, "rows carry different UTC offsets, so `auto` is no time zone");
        ls_error_remedy(error, "name the time zone, as --set behaviour.timezone=Europe/London");
        ls_error_at(error, NULL, 0, 0, "behaviour.timezone");
        return code;
    }
    return ls_zone_for(timezone, dataset->offset_s, out, error);
}

size_t ls_dataset_seek(const struct ls_dataset *dataset, const struct ls_customer *customer, int32_t minute)
{
    size_t low = customer->first, high = customer->first + customer->n_readings;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dataset->minute[middle] < minute)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool check_city(const struct ls_dataset *dataset, size_t index, size_t first_customer)
{
    const struct ls_city *city = &dataset->cities[index];
    if (city->first_customer != first_customer || city->n_customers == 0 || city->name[0] == '\0' ||
        strlen(city->name) > LS_ID_BYTES)
        return false;
    if (index > 0 && strcmp(dataset->cities[index - 1].name, city->name) >= 0)
        return false;
    for (size_t i = 0; i < city->n_factors; i++)
        if ((i > 0 && city->factor_minute[i - 1] >= city->factor_minute[i]) ||
            !isfinite(city->mef_g_per_kwh[i]) || !isfinite(city->aef_g_per_kwh[i]))
            return false;
    return true;
}

static bool check_customer(const struct ls_dataset *dataset, size_t index, size_t first)
{
    const struct ls_customer *customer = &dataset->customers[index];
    if (customer->first != first || customer->n_readings == 0 ||
        customer->n_readings > dataset->n_readings - first || customer->city >= dataset->n_cities ||
        customer->id[0] == '\0' || strlen(customer->id) > LS_ID_BYTES)
        return false;
    const struct ls_city *city = &dataset->cities[customer->city];
    if (index < city->first_customer || index - city->first_customer >= city->n_customers)
        return false;
    if (index > city->first_customer && strcmp(customer[-1].id, customer->id) >= 0)
        return false;
    for (size_t i = first; i < first + customer->n_readings; i++)
        if ((i > first && dataset->minute[i - 1] >= dataset->minute[i]) ||
            (dataset->usage[i] < 0 && dataset->usage[i] != LS_MISSING))
            return false;
    return true;
}

bool ls_dataset_check(const struct ls_dataset *dataset)
{
    const struct ls_quality *quality = &dataset->quality;
    size_t n_customers = 0, n_readings = 0, n_known = 0;
    int32_t quantum = dataset->quantum_mwh;
    if ((quantum != 1 && quantum != 10 && quantum != 100 && quantum != 1000) || dataset->slot_minutes < 1 ||
        60 % dataset->slot_minutes != 0)
        return false;
    for (size_t i = 0; i < dataset->n_cities; i++) {
        if (!check_city(dataset, i, n_customers))
            return false;
        n_customers += dataset->cities[i].n_customers;
    }
    if (n_customers != dataset->n_customers)
        return false;
    for (size_t i = 0; i < n_customers; i++) {
        if (!check_customer(dataset, i, n_readings))
            return false;
        n_readings += dataset->customers[i].n_readings;
    }
    if (n_readings != dataset->n_readings)
        return false;
    for (size_t i = 0; i < n_readings; i++)
        n_known += dataset->usage[i] != LS_MISSING;
    return n_known == quality->readings &&
           n_readings == quality->readings + quality->missing + quality->negative &&
           quality->rows == n_readings + quality->duplicates && quality->rounded <= quality->readings &&
           quality->slots_without_factor <= quality->slots;
}
