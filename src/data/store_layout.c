#include "data/store_layout.h"

#include "data/grow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KWH_PER_MWH   1e-6 /* a quantum is counted in 1e-6 kWh */
#define DEFLATE_LEVEL 4

enum dimension { CUSTOMER, ID_LENGTH, TIME, BOUND, DAY, PIECE, OTHER, DIMENSIONS };

static const char *const dimension_names[DIMENSIONS] = {"customer", "id_length", "time",      "bound",
                                                        "day",      "piece",     "other_time"};

#define EPOCH          "seconds since 1970-01-01T00:00:00Z"
#define TEXT_OF(macro) QUOTED(macro)
#define QUOTED(text)   #text
#define PIECE_TEXT     TEXT_OF(LS_STORE_PIECE)

/* Attributes of numbers are added where they are known. */
static const struct layout {
    const char *name;
    nc_type type;
    enum dimension dimensions[2];
    int n_dimensions;
    const char *attributes[5][2]; /* [..][name, text] */
} layout[LS_STORE_VARIABLES] = {
    [LS_STORE_ID] = {"id",
                     NC_CHAR,
                     {CUSTOMER, ID_LENGTH},
                     2,
                     {{"long_name", "customer id"}, {"cf_role", "timeseries_id"}, {"_Encoding", "utf-8"}}},
    [LS_STORE_LONGITUDE] =
        {"longitude", NC_DOUBLE, {CUSTOMER}, 1, {{"standard_name", "longitude"}, {"units", "degrees_east"}}},
    [LS_STORE_LATITUDE] =
        {"latitude", NC_DOUBLE, {CUSTOMER}, 1, {{"standard_name", "latitude"}, {"units", "degrees_north"}}},
    [LS_STORE_TIMES] = {"time",
                        NC_INT64,
                        {TIME},
                        1,
                        {{"standard_name", "time"},
                         {"long_name", "start of the slot"},
                         {"units", EPOCH},
                         {"calendar", "standard"},
                         {"bounds", "time_bounds"}}},
    [LS_STORE_TIME_BOUNDS] = {"time_bounds", NC_INT64, {TIME, BOUND}, 2, {{0}}},
    [LS_STORE_USAGE] = {"usage",
                        NC_INT,
                        {CUSTOMER, TIME},
                        2,
                        {{"long_name", "electricity used in the slot"},
                         {"units", "kWh"},
                         {"cell_methods", "time: sum"},
                         {"coordinates", "id longitude latitude"}}},
    [LS_STORE_MARGINAL] = {"marginal_factor",
                           NC_DOUBLE,
                           {TIME},
                           1,
                           {{"long_name", "marginal emission factor of electricity, as CO2"},
                            {"units", "g kWh-1"}}},
    [LS_STORE_AVERAGE] = {"average_factor",
                          NC_DOUBLE,
                          {TIME},
                          1,
                          {{"long_name", "average emission factor of electricity, as CO2"},
                           {"units", "g kWh-1"}}},
    [LS_STORE_TOTAL] = {"total_usage",
                        NC_INT64,
                        {TIME},
                        1,
                        {{"long_name", "known usage of all customers in the slot"},
                         {"units", "kWh"},
                         {"cell_methods", "time: sum"}}},
    [LS_STORE_KNOWN] = {"known_readings",
                        NC_UINT,
                        {TIME},
                        1,
                        {{"long_name", "customers whose usage in the slot is known"}, {"units", "1"}}},
    [LS_STORE_ROWS] = {"rows",
                       NC_UINT,
                       {TIME},
                       1,
                       {{"long_name", "customers of whom a row speaks, its reading known or not"},
                        {"units", "1"}}},
    [LS_STORE_SUM] = {"usage_checksum",
                      NC_UINT64,
                      {DAY, PIECE},
                      2,
                      {{"long_name", "XXH3-64 of a day's usage of " PIECE_TEXT
                                     " customers each, row by row in the byte order of the machine"}}},
    [LS_STORE_OTHER_TIMES] = {"other_time",
                              NC_INT64,
                              {OTHER},
                              1,
                              {{"standard_name", "time"},
                               {"long_name", "instants of factors that are not in time"},
                               {"units", EPOCH},
                               {"calendar", "standard"}}},
    [LS_STORE_OTHER_MARGINAL] = {"other_marginal_factor",
                                 NC_DOUBLE,
                                 {OTHER},
                                 1,
                                 {{"long_name", "marginal emission factor of electricity, as CO2"},
                                  {"units", "g kWh-1"}}},
    [LS_STORE_OTHER_AVERAGE] = {"other_average_factor",
                                NC_DOUBLE,
                                {OTHER},
                                1,
                                {{"long_name", "average emission factor of electricity, as CO2"},
                                 {"units", "g kWh-1"}}},
};

void ls_layout_text(struct ls_sheet *sheet, int group, int variable, const char *name, const char *text)
{
    if (ls_sheet_step(sheet, "cannot write an attribute"))
        ls_sheet_note(sheet, nc_put_att_text(group, variable, name, strlen(text), text));
}

void ls_layout_whole(struct ls_sheet *sheet, int group, int variable, const char *name, nc_type type,
                     int64_t value)
{
    long long number = value;
    if (ls_sheet_step(sheet, "cannot write an attribute"))
        ls_sheet_note(sheet, nc_put_att_longlong(group, variable, name, type, 1, &number));
}

static void put_real(struct ls_sheet *sheet, int group, int variable, const char *name, double value)
{
    if (ls_sheet_step(sheet, "cannot write an attribute"))
        ls_sheet_note(sheet, nc_put_att_double(group, variable, name, NC_DOUBLE, 1, &value));
}

void ls_layout_values(struct ls_sheet *sheet, const struct ls_city_file *city,
                      enum ls_store_variable variable, const void *values)
{
    if (ls_sheet_step(sheet, "cannot write a variable"))
        ls_sheet_note(sheet, nc_put_var(city->group, city->variables[variable], values));
}

/* ---- the parts of a city ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/* A name that NetCDF takes: letters, digits and what is beyond ASCII stay. */
static void name_group(const char *city, char out[LS_GROUP_NAME_SIZE])
{
    static const char prefix[] = "city_";
    size_t n = is_letter(city[0]) ? 0 : strlen(prefix);
    memcpy(out, prefix, n);
    for (; *city != '\0' && n + 1 < LS_GROUP_NAME_SIZE; n++, city++) {
        bool digit = *city >= '0' && *city <= '9';
        out[n] = *city;
        if (!is_letter(*city) && !digit && *city != '-')
            out[n] = '_';
    }
    out[n] = '\0';
}

/* Two cities may come to one name, and NetCDF may not like it: then a number is added or takes its place. */
static void define_group(struct ls_sheet *sheet, int file, const char *name, size_t index,
                         struct ls_city_file *city)
{
    if (!ls_sheet_step(sheet, "cannot write a city"))
        return;
    name_group(name, city->group_name);
    int status = nc_def_grp(file, city->group_name, &city->group);
    if (status == NC_ENAMEINUSE || status == NC_EBADNAME) {
        size_t length = status == NC_EBADNAME ? 0 : strlen(city->group_name);
        snprintf(city->group_name + length, LS_GROUP_NAME_SIZE - length, "%s_%zu", length == 0 ? "city" : "",
                 index + 1);
        status = nc_def_grp(file, city->group_name, &city->group);
    }
    ls_sheet_note(sheet, status);
    ls_layout_text(sheet, city->group, NC_GLOBAL, "city", name);
    ls_layout_text(sheet, city->group, NC_GLOBAL, "featureType", "timeSeries");
}

static void define_variable(struct ls_sheet *sheet, struct ls_city_file *city, const int *dimensions,
                            enum ls_store_variable variable)
{
    const struct layout *is = &layout[variable];
    int ids[2] = {dimensions[is->dimensions[0]], dimensions[is->dimensions[1]]};
    if (!ls_sheet_step(sheet, "cannot write a variable"))
        return;
    int *id = &city->variables[variable];
    ls_sheet_note(sheet, nc_def_var(city->group, is->name, is->type, is->n_dimensions, ids, id));
    if (variable != LS_STORE_USAGE && sheet->status == NC_NOERR)
        ls_sheet_note(sheet, nc_def_var_fill(city->group, *id, NC_NOFILL, NULL));
    for (size_t i = 0; i < 5 && is->attributes[i][0] != NULL; i++)
        ls_layout_text(sheet, city->group, *id, is->attributes[i][0], is->attributes[i][1]);
}

/* A chunk is a day of all customers, and one that is left out reads as "no row". */
static void define_usage(struct ls_sheet *sheet, const struct ls_city_file *city, int32_t quantum_mwh,
                         bool compress)
{
    const int32_t no_row = LS_NO_ROW;
    const size_t chunk[2] = {city->n_customers, (size_t)city->day_slots};
    int id = city->variables[LS_STORE_USAGE];
    if (!ls_sheet_step(sheet, "cannot write the usage"))
        return;
    ls_sheet_note(sheet, nc_def_var_chunking(city->group, id, NC_CHUNKED, chunk));
    ls_sheet_note(sheet, nc_def_var_fill(city->group, id, NC_FILL, &no_row));
    if (compress)
        ls_sheet_note(sheet, nc_def_var_deflate(city->group, id, 1, 1, DEFLATE_LEVEL));
    ls_sheet_note(sheet, nc_set_var_chunk_cache(city->group, id, 0, 0, 0));
    ls_layout_whole(sheet, city->group, id, "missing_value", NC_INT, LS_UNKNOWN);
    put_real(sheet, city->group, id, "scale_factor", quantum_mwh * KWH_PER_MWH);
    put_real(sheet, city->group, city->variables[LS_STORE_TOTAL], "scale_factor", quantum_mwh * KWH_PER_MWH);
}

static size_t longest_id(const struct ls_dataset *head, const struct ls_city *city)
{
    size_t most = 0;
    for (size_t i = 0; i < city->n_customers; i++) {
        size_t length = strlen(head->customers[city->first_customer + i].id);
        most = length > most ? length : most;
    }
    return most;
}

/* Where the pair at `minute` stands on the axis; n_slots when it does not. */
static size_t slot_of(const struct ls_city_file *city, int slot_minutes, int32_t minute)
{
    int64_t since = (int64_t)minute - city->first_minute;
    bool on = since >= 0 && since % slot_minutes == 0 && (uint64_t)(since / slot_minutes) < city->n_slots;
    return on ? (size_t)(since / slot_minutes) : city->n_slots;
}

static size_t count_others(const struct ls_dataset *head, const struct ls_city *city,
                           const struct ls_city_file *file)
{
    size_t n = 0;
    for (size_t i = 0; i < city->n_factors; i++)
        n += slot_of(file, head->slot_minutes, city->factor_minute[i]) == file->n_slots;
    return n;
}

/* Customers: ids with a NUL behind each, so that they can be used as they are read, and places. */
static int put_customers(struct ls_sheet *sheet, const struct ls_dataset *head, const struct ls_city *city,
                         const struct ls_city_file *file, size_t id_length)
{
    int code = 0;
    size_t n = city->n_customers;
    const struct ls_customer *customers = &head->customers[city->first_customer];
    char *ids = n <= PTRDIFF_MAX / id_length ? calloc(n, id_length) : NULL;
    double *places = ls_new(n, sizeof *places);
    if (ids == NULL || places == NULL) {
        code = LS_ERR_MEMORY;
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(ids + i * id_length, customers[i].id, strlen(customers[i].id));
        places[i] = customers[i].longitude_deg;
    }
    ls_layout_values(sheet, file, LS_STORE_ID, ids);
    ls_layout_values(sheet, file, LS_STORE_LONGITUDE, places);
    for (size_t i = 0; i < n; i++)
        places[i] = customers[i].latitude_deg;
    ls_layout_values(sheet, file, LS_STORE_LATITUDE, places);
done:
    free(ids);
    free(places);
    return code;
}

static int put_times(struct ls_sheet *sheet, const struct ls_city_file *file, int slot_minutes)
{
    int64_t *seconds = ls_new(file->n_slots, 2 * sizeof *seconds);
    if (seconds == NULL)
        return LS_ERR_MEMORY;
    const int64_t first = (int64_t)file->first_minute * LS_MINUTE_S,
                  slot = (int64_t)slot_minutes * LS_MINUTE_S;
    for (size_t i = 0; i < file->n_slots; i++)
        seconds[i] = first + (int64_t)i * slot;
    ls_layout_values(sheet, file, LS_STORE_TIMES, seconds);
    for (size_t i = 0; i < file->n_slots; i++) {
        seconds[2 * i] = first + (int64_t)i * slot;
        seconds[2 * i + 1] = first + (int64_t)(i + 1) * slot;
    }
    ls_layout_values(sheet, file, LS_STORE_TIME_BOUNDS, seconds);
    free(seconds);
    return 0;
}

/* Factors of one kind: on the axis into `on` [n_slots], NaN where there is no pair, the others into `off`. */
static void spread(const struct ls_city *city, const struct ls_city_file *file, int slot_minutes,
                   const double *factor, double *on, double *off)
{
    for (size_t i = 0; i < file->n_slots; i++)
        on[i] = NAN;
    for (size_t i = 0; i < city->n_factors; i++) {
        size_t slot = slot_of(file, slot_minutes, city->factor_minute[i]);
        if (slot < file->n_slots)
            on[slot] = factor[i];
        else
            *off++ = factor[i];
    }
}

static int put_factors(struct ls_sheet *sheet, const struct ls_dataset *head, const struct ls_city *city,
                       const struct ls_city_file *file, size_t n_others)
{
    int code = 0;
    double *on = ls_new(file->n_slots, sizeof *on), *off = ls_new(n_others, sizeof *off);
    int64_t *others = ls_new(n_others, sizeof *others);
    if (on == NULL || off == NULL || others == NULL) {
        code = LS_ERR_MEMORY;
        goto done;
    }
    spread(city, file, head->slot_minutes, city->mef_g_per_kwh, on, off);
    ls_layout_values(sheet, file, LS_STORE_MARGINAL, on);
    if (n_others > 0)
        ls_layout_values(sheet, file, LS_STORE_OTHER_MARGINAL, off);
    spread(city, file, head->slot_minutes, city->aef_g_per_kwh, on, off);
    ls_layout_values(sheet, file, LS_STORE_AVERAGE, on);
    if (n_others > 0)
        ls_layout_values(sheet, file, LS_STORE_OTHER_AVERAGE, off);
    for (size_t i = 0, n = 0; i < city->n_factors; i++)
        if (slot_of(file, head->slot_minutes, city->factor_minute[i]) == file->n_slots)
            others[n++] = (int64_t)city->factor_minute[i] * LS_MINUTE_S;
    if (n_others > 0)
        ls_layout_values(sheet, file, LS_STORE_OTHER_TIMES, others);
done:
    free(on);
    free(off);
    free(others);
    return code;
}

int ls_layout_city(struct ls_sheet *sheet, int file_id, const struct ls_dataset *head, size_t index,
                   bool compress, struct ls_city_file *file)
{
    const struct ls_city *city = &head->cities[index];
    size_t id_length = longest_id(head, city) + 1, n_others = count_others(head, city, file);
    const size_t sizes[DIMENSIONS] = {city->n_customers, id_length,      file->n_slots, 2,
                                      file->n_days,      file->n_pieces, n_others};
    int dimensions[DIMENSIONS] = {0};
    define_group(sheet, file_id, city->name, index, file);
    for (int i = 0;
         i < (n_others > 0 ? DIMENSIONS : OTHER) && ls_sheet_step(sheet, "cannot write a dimension"); i++)
        ls_sheet_note(sheet, nc_def_dim(file->group, dimension_names[i], sizes[i], &dimensions[i]));
    for (int i = 0; i < (n_others > 0 ? LS_STORE_VARIABLES : LS_STORE_OTHER_TIMES); i++)
        define_variable(sheet, file, dimensions, (enum ls_store_variable)i);
    define_usage(sheet, file, head->quantum_mwh, compress);
    ls_layout_whole(sheet, file->group, NC_GLOBAL, "day_slots", NC_INT, file->day_slots);
    int code = put_customers(sheet, head, city, file, id_length);
    if (code == 0)
        code = put_times(sheet, file, head->slot_minutes);
    return code == 0 ? put_factors(sheet, head, city, file, n_others) : code;
}

void ls_layout_file(struct ls_sheet *sheet, int file, const struct ls_dataset *head,
                    const struct ls_store_options *options)
{
    ls_layout_text(sheet, file, NC_GLOBAL, "Conventions", "CF-1.10");
    ls_layout_text(sheet, file, NC_GLOBAL, "title", "Household electricity readings by city");
    ls_layout_text(sheet, file, NC_GLOBAL, "source", "loadscope " LS_VERSION);
    ls_layout_text(sheet, file, NC_GLOBAL, "history", options->history != NULL ? options->history : "");
    ls_layout_text(sheet, file, NC_GLOBAL, "timezone",
                   options->timezone != NULL ? options->timezone : "auto");
    ls_layout_whole(sheet, file, NC_GLOBAL, "format_version", NC_INT, LS_STORE_VERSION);
    ls_layout_whole(sheet, file, NC_GLOBAL, "slot_minutes", NC_INT, head->slot_minutes);
    ls_layout_whole(sheet, file, NC_GLOBAL, "quantum_mwh", NC_INT, head->quantum_mwh);
    ls_layout_whole(sheet, file, NC_GLOBAL, "one_offset", NC_INT, head->one_offset);
    ls_layout_whole(sheet, file, NC_GLOBAL, "offset_s", NC_INT, head->offset_s);
    ls_layout_whole(sheet, file, NC_GLOBAL, "compressed", NC_INT, options->compress);
}

void ls_layout_usage_path(const struct ls_city_file *city, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", city->group_name, layout[LS_STORE_USAGE].name);
}
