#include <loadscope/archive.h>

#include <string.h>

static int dataset_zone(const void *store, const char *timezone, ls_zone **out, struct ls_error *error)
{
    return ls_dataset_zone(store, timezone, out, error);
}

static int dataset_dates(const void *store, const ls_zone *zone, const struct ls_city *city, int32_t **dates,
                         size_t *n_dates, struct ls_error *error)
{
    return ls_city_dates(store, zone, city->name, dates, n_dates, error);
}

static int dataset_cut(const void *store, const ls_zone *zone, const struct ls_policy *policy,
                       const struct ls_city *city, int32_t date, struct ls_cityday **out,
                       struct ls_error *error)
{
    return ls_cityday_create(store, zone, policy, city->name, date, out, error);
}

struct ls_archive ls_archive_of_dataset(const struct ls_dataset *dataset)
{
    return (struct ls_archive){.store = dataset,
                               .n_cities = dataset->n_cities,
                               .cities = dataset->cities,
                               .zone = dataset_zone,
                               .dates = dataset_dates,
                               .cut = dataset_cut};
}

const struct ls_city *ls_archive_city(const struct ls_archive *archive, const char *name)
{
    size_t low = 0, high = archive->n_cities;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(archive->cities[middle].name, name);
        if (order == 0)
            return &archive->cities[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
