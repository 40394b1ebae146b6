/**
 * @file archive.h
 * Where city-days come from: the one way in which a study asks for data, a day at a time.
 *
 * A dataset in memory is an archive; a store larger than memory becomes one by these three functions. A
 * archive is a value that borrows its store, and its functions are called from several threads at once.
 */
#ifndef LOADSCOPE_ARCHIVE_H
#define LOADSCOPE_ARCHIVE_H

#include <loadscope/cityday.h>

struct ls_archive {
    const void *store;
    size_t n_cities;
    /** [n_cities] by name. Of a city only name, first_customer and n_customers are asked for: its customers
     * are numbered as in the city-days that are cut. */
    const struct ls_city *cities;
    /** The zone for a policy's timezone, as ls_dataset_zone(). */
    int (*zone)(const void *store, const char *timezone, ls_zone **out, struct ls_error *error);
    /** The local dates on which a city has a row, as ls_city_dates(). */
    int (*dates)(const void *store, const ls_zone *zone, const struct ls_city *city, int32_t **dates,
                 size_t *n_dates, struct ls_error *error);
    /** One local day of a city, as ls_cityday_create(). */
    int (*cut)(const void *store, const ls_zone *zone, const struct ls_policy *policy,
               const struct ls_city *city, int32_t date, struct ls_cityday **out, struct ls_error *error);
};

/** The archive that @p dataset is, for as long as it lives. */
struct ls_archive ls_archive_of_dataset(const struct ls_dataset *dataset);

/** The city named @p name exactly, or NULL. */
const struct ls_city *ls_archive_city(const struct ls_archive *archive, const char *name);

#endif
