/*
 * How a store looks to NetCDF: groups, dimensions, variables and attributes, by the CF conventions.
 *
 * Calls of NetCDF go through a sheet (store.h); all here stand behind ls_netcdf_lock().
 */
#ifndef LS_DATA_STORE_LAYOUT_H
#define LS_DATA_STORE_LAYOUT_H

#include "data/store.h"

#include <netcdf.h>

#define LS_GROUP_NAME_SIZE 128

/* The variables of a city; the last three only where a city has factors off its axis. */
enum ls_store_variable {
    LS_STORE_ID,
    LS_STORE_LONGITUDE,
    LS_STORE_LATITUDE,
    LS_STORE_TIMES,
    LS_STORE_TIME_BOUNDS,
    LS_STORE_USAGE,
    LS_STORE_MARGINAL,
    LS_STORE_AVERAGE,
    LS_STORE_TOTAL,
    LS_STORE_KNOWN,
    LS_STORE_ROWS,
    LS_STORE_SUM,
    LS_STORE_OTHER_TIMES,
    LS_STORE_OTHER_MARGINAL,
    LS_STORE_OTHER_AVERAGE,
    LS_STORE_VARIABLES
};

/* A city while its store is written. */
struct ls_city_file {
    char group_name[LS_GROUP_NAME_SIZE];
    int group, variables[LS_STORE_VARIABLES];
    size_t first_customer, n_customers, n_pieces, n_days, first_extent;
    int32_t first_minute;
    size_t n_slots;
    int day_slots;
    int64_t *total_quanta; /* [n_slots] */
    uint32_t *n_known, *n_rows;
    uint64_t *sums; /* [n_days * n_pieces] 0: left out */
    bool *put;      /* [n_days] */
};

/* Attributes and values, of a file that is open for writing. */
void ls_layout_text(struct ls_sheet *sheet, int group, int variable, const char *name, const char *text);
void ls_layout_whole(struct ls_sheet *sheet, int group, int variable, const char *name, nc_type type,
                     int64_t value);
void ls_layout_values(struct ls_sheet *sheet, const struct ls_city_file *city,
                      enum ls_store_variable variable, const void *values);

/* What is said of the whole file. */
void ls_layout_file(struct ls_sheet *sheet, int file, const struct ls_dataset *head,
                    const struct ls_store_options *options);

/* Defines city `index` and writes its customers, times and factors. 0 or LS_ERR_MEMORY; NetCDF's failures are
 * in the sheet. */
int ls_layout_city(struct ls_sheet *sheet, int file_id, const struct ls_dataset *head, size_t index,
                   bool compress, struct ls_city_file *file);

/* "GROUP/usage" as HDF5 names it. */
void ls_layout_usage_path(const struct ls_city_file *city, char *out, size_t size);

#endif
