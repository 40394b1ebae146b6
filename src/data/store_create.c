/*
 * Writes a store: its layout by the CF conventions as tables, then chunk by chunk, then what was summed up.
 *
 * Calls of NetCDF go through a sheet, which keeps the first failure and does nothing after it.
 */
#include "data/store.h"

#include "base/arena.h"
#include "data/grow.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define KWH_PER_MWH     1e-6 /* a quantum is counted in 1e-6 kWh */
#define DEFLATE_LEVEL   4
#define CHUNK_BYTES_MAX UINT32_MAX
#define GROUP_NAME_SIZE 128

enum dimension { CUSTOMER, ID_LENGTH, TIME, BOUND, DAY, PIECE, OTHER, DIMENSIONS };

static const char *const dimension_names[DIMENSIONS] = {"customer", "id_length", "time",      "bound",
                                                        "day",      "piece",     "other_time"};

enum variable {
    ID,
    LONGITUDE,
    LATITUDE,
    TIMES,
    TIME_BOUNDS,
    USAGE,
    MARGINAL,
    AVERAGE,
    TOTAL,
    KNOWN,
    ROWS,
    SUM,
    OTHER_TIMES,
    OTHER_MARGINAL,
    OTHER_AVERAGE,
    VARIABLES
};

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
} layout[VARIABLES] = {
    [ID] = {"id",
            NC_CHAR,
            {CUSTOMER, ID_LENGTH},
            2,
            {{"long_name", "customer id"}, {"cf_role", "timeseries_id"}, {"_Encoding", "utf-8"}}},
    [LONGITUDE] =
        {"longitude", NC_DOUBLE, {CUSTOMER}, 1, {{"standard_name", "longitude"}, {"units", "degrees_east"}}},
    [LATITUDE] =
        {"latitude", NC_DOUBLE, {CUSTOMER}, 1, {{"standard_name", "latitude"}, {"units", "degrees_north"}}},
    [TIMES] = {"time",
               NC_INT64,
               {TIME},
               1,
               {{"standard_name", "time"},
                {"long_name", "start of the slot"},
                {"units", EPOCH},
                {"calendar", "standard"},
                {"bounds", "time_bounds"}}},
    [TIME_BOUNDS] = {"time_bounds", NC_INT64, {TIME, BOUND}, 2, {{0}}},
    [USAGE] = {"usage",
               NC_INT,
               {CUSTOMER, TIME},
               2,
               {{"long_name", "electricity used in the slot"},
                {"units", "kWh"},
                {"cell_methods", "time: sum"},
                {"coordinates", "id longitude latitude"}}},
    [MARGINAL] = {"marginal_factor",
                  NC_DOUBLE,
                  {TIME},
                  1,
                  {{"long_name", "marginal emission factor of electricity, as CO2"}, {"units", "g kWh-1"}}},
    [AVERAGE] = {"average_factor",
                 NC_DOUBLE,
                 {TIME},
                 1,
                 {{"long_name", "average emission factor of electricity, as CO2"}, {"units", "g kWh-1"}}},
    [TOTAL] = {"total_usage",
               NC_INT64,
               {TIME},
               1,
               {{"long_name", "known usage of all customers in the slot"},
                {"units", "kWh"},
                {"cell_methods", "time: sum"}}},
    [KNOWN] = {"known_readings",
               NC_UINT,
               {TIME},
               1,
               {{"long_name", "customers whose usage in the slot is known"}, {"units", "1"}}},
    [ROWS] = {"rows",
              NC_UINT,
              {TIME},
              1,
              {{"long_name", "customers of whom a row speaks, its reading known or not"}, {"units", "1"}}},
    [SUM] = {"usage_checksum",
             NC_UINT64,
             {DAY, PIECE},
             2,
             {{"long_name", "XXH3-64 of a day's usage of " PIECE_TEXT
                            " customers each, row by row in the byte order of the machine"}}},
    [OTHER_TIMES] = {"other_time",
                     NC_INT64,
                     {OTHER},
                     1,
                     {{"standard_name", "time"},
                      {"long_name", "instants of factors that are not in time"},
                      {"units", EPOCH},
                      {"calendar", "standard"}}},
    [OTHER_MARGINAL] = {"other_marginal_factor",
                        NC_DOUBLE,
                        {OTHER},
                        1,
                        {{"long_name", "marginal emission factor of electricity, as CO2"},
                         {"units", "g kWh-1"}}},
    [OTHER_AVERAGE] = {"other_average_factor",
                       NC_DOUBLE,
                       {OTHER},
                       1,
                       {{"long_name", "average emission factor of electricity, as CO2"},
                        {"units", "g kWh-1"}}},
};

struct sheet {
    int status;       /* the first that was not NC_NOERR */
    int cause;        /* errno then */
    const char *what; /* what was under way */
};

struct city_file {
    char group_name[GROUP_NAME_SIZE];
    int group, variables[VARIABLES];
    size_t first_customer, n_customers, n_pieces, n_days, first_extent;
    int32_t first_minute;
    size_t n_slots;
    int day_slots;
    int64_t *total_quanta; /* [n_slots] */
    uint32_t *n_known, *n_rows;
    uint64_t *sums; /* [n_days * n_pieces] 0: left out */
    bool *put;      /* [n_days] */
};

struct ls_store_writer {
    char *path, *beside;
    int file; /* NetCDF's handle, -1 when closed */
    bool failed;
    struct sheet sheet;
    struct ls_arena arena;
    size_t n_cities, n_days;
    struct city_file *cities; /* [n_cities] */
    XXH3_state_t *content;    /* checksum over what the file holds */
};

static bool step(struct sheet *sheet, const char *what)
{
    sheet->what = sheet->status == NC_NOERR ? what : sheet->what;
    return sheet->status == NC_NOERR;
}

static void note(struct sheet *sheet, int status)
{
    if (status != NC_NOERR && sheet->status == NC_NOERR) {
        sheet->status = status;
        sheet->cause = errno;
    }
}

static void put_text(struct sheet *sheet, int group, int variable, const char *name, const char *text)
{
    if (step(sheet, "cannot write an attribute"))
        note(sheet, nc_put_att_text(group, variable, name, strlen(text), text));
}

static void put_whole(struct sheet *sheet, int group, int variable, const char *name, nc_type type,
                      int64_t value)
{
    long long number = value;
    if (step(sheet, "cannot write an attribute"))
        note(sheet, nc_put_att_longlong(group, variable, name, type, 1, &number));
}

static void put_real(struct sheet *sheet, int group, int variable, const char *name, double value)
{
    if (step(sheet, "cannot write an attribute"))
        note(sheet, nc_put_att_double(group, variable, name, NC_DOUBLE, 1, &value));
}

static void put_values(struct sheet *sheet, const struct city_file *city, enum variable variable,
                       const void *values)
{
    if (step(sheet, "cannot write a variable"))
        note(sheet, nc_put_var(city->group, city->variables[variable], values));
}

/* ---- the parts of a city ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/* A name that NetCDF takes: letters, digits and what is beyond ASCII stay. */
static void name_group(const char *city, char out[GROUP_NAME_SIZE])
{
    static const char prefix[] = "city_";
    size_t n = is_letter(city[0]) ? 0 : strlen(prefix);
    memcpy(out, prefix, n);
    for (; *city != '\0' && n + 1 < GROUP_NAME_SIZE; n++, city++) {
        bool digit = *city >= '0' && *city <= '9';
        out[n] = *city;
        if (!is_letter(*city) && !digit && *city != '-')
            out[n] = '_';
    }
    out[n] = '\0';
}

/* Two cities may come to one name, and NetCDF may not like it: then a number is added or takes its place. */
static void define_group(struct sheet *sheet, int file, const char *name, size_t index,
                         struct city_file *city)
{
    if (!step(sheet, "cannot write a city"))
        return;
    name_group(name, city->group_name);
    int status = nc_def_grp(file, city->group_name, &city->group);
    if (status == NC_ENAMEINUSE || status == NC_EBADNAME) {
        size_t length = status == NC_EBADNAME ? 0 : strlen(city->group_name);
        snprintf(city->group_name + length, GROUP_NAME_SIZE - length, "%s_%zu", length == 0 ? "city" : "",
                 index + 1);
        status = nc_def_grp(file, city->group_name, &city->group);
    }
    note(sheet, status);
    put_text(sheet, city->group, NC_GLOBAL, "city", name);
    put_text(sheet, city->group, NC_GLOBAL, "featureType", "timeSeries");
}

static void define_variable(struct sheet *sheet, struct city_file *city, const int *dimensions,
                            enum variable variable)
{
    const struct layout *is = &layout[variable];
    int ids[2] = {dimensions[is->dimensions[0]], dimensions[is->dimensions[1]]};
    if (!step(sheet, "cannot write a variable"))
        return;
    int *id = &city->variables[variable];
    note(sheet, nc_def_var(city->group, is->name, is->type, is->n_dimensions, ids, id));
    if (variable != USAGE && sheet->status == NC_NOERR)
        note(sheet, nc_def_var_fill(city->group, *id, NC_NOFILL, NULL));
    for (size_t i = 0; i < 5 && is->attributes[i][0] != NULL; i++)
        put_text(sheet, city->group, *id, is->attributes[i][0], is->attributes[i][1]);
}

/* A chunk is a day of all customers, and one that is left out reads as "no row". */
static void define_usage(struct sheet *sheet, const struct city_file *city, int32_t quantum_mwh,
                         bool compress)
{
    const int32_t no_row = LS_NO_ROW;
    const size_t chunk[2] = {city->n_customers, (size_t)city->day_slots};
    int id = city->variables[USAGE];
    if (!step(sheet, "cannot write the usage"))
        return;
    note(sheet, nc_def_var_chunking(city->group, id, NC_CHUNKED, chunk));
    note(sheet, nc_def_var_fill(city->group, id, NC_FILL, &no_row));
    if (compress)
        note(sheet, nc_def_var_deflate(city->group, id, 1, 1, DEFLATE_LEVEL));
    note(sheet, nc_set_var_chunk_cache(city->group, id, 0, 0, 0));
    put_whole(sheet, city->group, id, "missing_value", NC_INT, LS_UNKNOWN);
    put_real(sheet, city->group, id, "scale_factor", quantum_mwh * KWH_PER_MWH);
    put_real(sheet, city->group, city->variables[TOTAL], "scale_factor", quantum_mwh * KWH_PER_MWH);
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
static size_t slot_of(const struct city_file *city, int slot_minutes, int32_t minute)
{
    int64_t since = (int64_t)minute - city->first_minute;
    bool on = since >= 0 && since % slot_minutes == 0 && (uint64_t)(since / slot_minutes) < city->n_slots;
    return on ? (size_t)(since / slot_minutes) : city->n_slots;
}

static size_t count_others(const struct ls_dataset *head, const struct ls_city *city,
                           const struct city_file *file)
{
    size_t n = 0;
    for (size_t i = 0; i < city->n_factors; i++)
        n += slot_of(file, head->slot_minutes, city->factor_minute[i]) == file->n_slots;
    return n;
}

/* Customers: ids with a NUL behind each, so that they can be used as they are read, and places. */
static int put_customers(struct sheet *sheet, const struct ls_dataset *head, const struct ls_city *city,
                         const struct city_file *file, size_t id_length)
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
    put_values(sheet, file, ID, ids);
    put_values(sheet, file, LONGITUDE, places);
    for (size_t i = 0; i < n; i++)
        places[i] = customers[i].latitude_deg;
    put_values(sheet, file, LATITUDE, places);
done:
    free(ids);
    free(places);
    return code;
}

static int put_times(struct sheet *sheet, const struct city_file *file, int slot_minutes)
{
    int64_t *seconds = ls_new(file->n_slots, 2 * sizeof *seconds);
    if (seconds == NULL)
        return LS_ERR_MEMORY;
    const int64_t first = (int64_t)file->first_minute * LS_MINUTE_S,
                  slot = (int64_t)slot_minutes * LS_MINUTE_S;
    for (size_t i = 0; i < file->n_slots; i++)
        seconds[i] = first + (int64_t)i * slot;
    put_values(sheet, file, TIMES, seconds);
    for (size_t i = 0; i < file->n_slots; i++) {
        seconds[2 * i] = first + (int64_t)i * slot;
        seconds[2 * i + 1] = first + (int64_t)(i + 1) * slot;
    }
    put_values(sheet, file, TIME_BOUNDS, seconds);
    free(seconds);
    return 0;
}

/* Factors of one kind: on the axis into `on` [n_slots], NaN where there is no pair, the others into `off`. */
static void spread(const struct ls_city *city, const struct city_file *file, int slot_minutes,
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

static int put_factors(struct sheet *sheet, const struct ls_dataset *head, const struct ls_city *city,
                       const struct city_file *file, size_t n_others)
{
    int code = 0;
    double *on = ls_new(file->n_slots, sizeof *on), *off = ls_new(n_others, sizeof *off);
    int64_t *others = ls_new(n_others, sizeof *others);
    if (on == NULL || off == NULL || others == NULL) {
        code = LS_ERR_MEMORY;
        goto done;
    }
    spread(city, file, head->slot_minutes, city->mef_g_per_kwh, on, off);
    put_values(sheet, file, MARGINAL, on);
    if (n_others > 0)
        put_values(sheet, file, OTHER_MARGINAL, off);
    spread(city, file, head->slot_minutes, city->aef_g_per_kwh, on, off);
    put_values(sheet, file, AVERAGE, on);
    if (n_others > 0)
        put_values(sheet, file, OTHER_AVERAGE, off);
    for (size_t i = 0, n = 0; i < city->n_factors; i++)
        if (slot_of(file, head->slot_minutes, city->factor_minute[i]) == file->n_slots)
            others[n++] = (int64_t)city->factor_minute[i] * LS_MINUTE_S;
    if (n_others > 0)
        put_values(sheet, file, OTHER_TIMES, others);
done:
    free(on);
    free(off);
    free(others);
    return code;
}

static int define_city(ls_store_writer *writer, const struct ls_dataset *head, size_t index, bool compress)
{
    struct sheet *sheet = &writer->sheet;
    struct city_file *file = &writer->cities[index];
    const struct ls_city *city = &head->cities[index];
    size_t id_length = longest_id(head, city) + 1, n_others = count_others(head, city, file);
    const size_t sizes[DIMENSIONS] = {city->n_customers, id_length,      file->n_slots, 2,
                                      file->n_days,      file->n_pieces, n_others};
    int dimensions[DIMENSIONS] = {0};
    define_group(sheet, writer->file, city->name, index, file);
    for (int i = 0; i < (n_others > 0 ? DIMENSIONS : OTHER) && step(sheet, "cannot write a dimension"); i++)
        note(sheet, nc_def_dim(file->group, dimension_names[i], sizes[i], &dimensions[i]));
    for (int i = 0; i < (n_others > 0 ? VARIABLES : OTHER_TIMES); i++)
        define_variable(sheet, file, dimensions, (enum variable)i);
    define_usage(sheet, file, head->quantum_mwh, compress);
    put_whole(sheet, file->group, NC_GLOBAL, "day_slots", NC_INT, file->day_slots);
    int code = put_customers(sheet, head, city, file, id_length);
    if (code == 0)
        code = put_times(sheet, file, head->slot_minutes);
    return code == 0 ? put_factors(sheet, head, city, file, n_others) : code;
}

static void define_file(ls_store_writer *writer, const struct ls_dataset *head,
                        const struct ls_store_options *options)
{
    struct sheet *sheet = &writer->sheet;
    int file = writer->file;
    put_text(sheet, file, NC_GLOBAL, "Conventions", "CF-1.10");
    put_text(sheet, file, NC_GLOBAL, "title", "Household electricity readings by city");
    put_text(sheet, file, NC_GLOBAL, "source", "loadscope " LS_VERSION);
    put_text(sheet, file, NC_GLOBAL, "history", options->history != NULL ? options->history : "");
    put_text(sheet, file, NC_GLOBAL, "timezone", options->timezone != NULL ? options->timezone : "auto");
    put_whole(sheet, file, NC_GLOBAL, "format_version", NC_INT, LS_STORE_VERSION);
    put_whole(sheet, file, NC_GLOBAL, "slot_minutes", NC_INT, head->slot_minutes);
    put_whole(sheet, file, NC_GLOBAL, "quantum_mwh", NC_INT, head->quantum_mwh);
    put_whole(sheet, file, NC_GLOBAL, "one_offset", NC_INT, head->one_offset);
    put_whole(sheet, file, NC_GLOBAL, "offset_s", NC_INT, head->offset_s);
    put_whole(sheet, file, NC_GLOBAL, "compressed", NC_INT, options->compress);
}

/* ---- the checksum over the content ---- */

static void sum_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text, strlen(text) + 1);
}

static void sum_head(XXH3_state_t *state, const struct ls_dataset *head)
{
    const int64_t numbers[] = {head->quantum_mwh, head->slot_minutes,      head->one_offset,
                               head->offset_s,    (int64_t)head->n_cities, (int64_t)head->n_customers};
    XXH3_128bits_update(state, numbers, sizeof numbers);
    for (size_t c = 0; c < head->n_cities; c++) {
        const struct ls_city *city = &head->cities[c];
        const int64_t sizes[] = {(int64_t)city->n_customers, (int64_t)city->n_factors};
        sum_text(state, city->name);
        XXH3_128bits_update(state, sizes, sizeof sizes);
        XXH3_128bits_update(state, city->factor_minute, city->n_factors * sizeof *city->factor_minute);
        XXH3_128bits_update(state, city->mef_g_per_kwh, city->n_factors * sizeof *city->mef_g_per_kwh);
        XXH3_128bits_update(state, city->aef_g_per_kwh, city->n_factors * sizeof *city->aef_g_per_kwh);
    }
    for (size_t i = 0; i < head->n_customers; i++) {
        const double place[] = {head->customers[i].longitude_deg, head->customers[i].latitude_deg};
        sum_text(state, head->customers[i].id);
        XXH3_128bits_update(state, place, sizeof place);
    }
}

static void sum_usage(ls_store_writer *writer, const struct ls_quality *quality, char out[LS_STORE_SUM_SIZE])
{
    for (size_t c = 0; c < writer->n_cities; c++) {
        const struct city_file *city = &writer->cities[c];
        const int64_t axis[] = {city->first_minute, (int64_t)city->n_slots, city->day_slots};
        XXH3_128bits_update(writer->content, axis, sizeof axis);
        XXH3_128bits_update(writer->content, city->sums, city->n_days * city->n_pieces * sizeof *city->sums);
    }
    XXH3_128bits_update(writer->content, quality, sizeof *quality);
    XXH128_hash_t sum = XXH3_128bits_digest(writer->content);
    snprintf(out, LS_STORE_SUM_SIZE, "%016llx%016llx", (unsigned long long)sum.high64,
             (unsigned long long)sum.low64);
}

/* ---- from begin to end ---- */

static void release(ls_store_writer *writer)
{
    XXH3_freeState(writer->content);
    ls_arena_release(&writer->arena);
    free(writer->path);
    free(writer->beside);
    free(writer);
}

/* HDF5 loses memory, or never ends, when it cannot write what it holds: so room is made before it closes. */
void ls_store_abandon(ls_store_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->file >= 0) {
        (void)!truncate(writer->beside, 0);
        ls_netcdf_lock();
        (void)nc_close(writer->file);
        ls_netcdf_unlock();
    }
    if (writer->beside != NULL)
        (void)unlink(writer->beside);
    release(writer);
}

static int sheet_error(const ls_store_writer *writer, struct ls_error *error)
{
    errno = writer->sheet.cause;
    return ls_netcdf_error(error, writer->path, writer->sheet.what, writer->sheet.status);
}

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory writing a store");
}

static int lay_out(ls_store_writer *writer, const struct ls_dataset *head, const struct ls_store_axis *axes,
                   struct ls_error *error)
{
    writer->n_cities = head->n_cities;
    writer->cities = ls_arena_array(&writer->arena, head->n_cities, sizeof *writer->cities);
    if (writer->cities == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < head->n_cities; i++) {
        struct city_file *city = &writer->cities[i];
        const struct ls_store_axis *axis = &axes[i];
        assert(axis->day_slots > 0 && axis->n_slots > 0 && axis->n_slots % (size_t)axis->day_slots == 0);
        city->first_customer = head->cities[i].first_customer;
        city->n_customers = head->cities[i].n_customers;
        city->n_pieces = ls_store_pieces(city->n_customers);
        city->first_minute = axis->first_minute;
        city->n_slots = axis->n_slots;
        city->day_slots = axis->day_slots;
        city->n_days = axis->n_slots / (size_t)axis->day_slots;
        city->first_extent = writer->n_days;
        writer->n_days += city->n_days;
        if (city->n_customers > CHUNK_BYTES_MAX / sizeof(int32_t) / (size_t)city->day_slots) {
            ls_error_set(error, LS_ERR_VALUE,
                         "a day of %zu customers of %s is more than the 4 GiB that a chunk may have",
                         city->n_customers, head->cities[i].name);
            ls_error_remedy(error, "divide the customers among several cities");
            return LS_ERR_VALUE;
        }
        city->total_quanta = ls_arena_array(&writer->arena, city->n_slots, sizeof *city->total_quanta);
        city->n_known = ls_arena_array(&writer->arena, city->n_slots, sizeof *city->n_known);
        city->n_rows = ls_arena_array(&writer->arena, city->n_slots, sizeof *city->n_rows);
        city->sums = ls_arena_array(&writer->arena, city->n_days * city->n_pieces, sizeof *city->sums);
        city->put = ls_arena_array(&writer->arena, city->n_days, sizeof *city->put);
        if (city->total_quanta == NULL || city->n_known == NULL || city->n_rows == NULL ||
            city->sums == NULL || city->put == NULL)
            return out_of_memory(error);
    }
    return 0;
}

static int begin_file(ls_store_writer *writer, const struct ls_dataset *head,
                      const struct ls_store_options *options, struct ls_error *error)
{
    int code = 0;
    struct sheet *sheet = &writer->sheet;
    int fd = open(writer->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || close(fd) != 0) /* NetCDF would only say that it is not allowed */
        return ls_store_io_error(error, writer->path, "write the store");
    ls_netcdf_lock();
    step(sheet, "cannot write the store");
    note(sheet, nc_create(writer->beside, NC_NETCDF4 | NC_CLOBBER, &writer->file));
    if (sheet->status != NC_NOERR)
        writer->file = -1;
    else
        define_file(writer, head, options);
    for (size_t i = 0; code == 0 && sheet->status == NC_NOERR && i < head->n_cities; i++)
        code = define_city(writer, head, i, options->compress);
    ls_netcdf_unlock();
    if (sheet->status != NC_NOERR)
        return sheet_error(writer, error);
    return code != 0 ? out_of_memory(error) : 0;
}

int ls_store_create(const char *path, const struct ls_dataset *head, const struct ls_store_axis *axes,
                    const struct ls_store_options *options, ls_store_writer **out, struct ls_error *error)
{
    int code = 0;
    ls_store_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return out_of_memory(error);
    writer->file = -1;
    size_t size = strlen(path) + 40;
    writer->path = strdup(path);
    writer->beside = malloc(size);
    writer->content = XXH3_createState();
    if (writer->path == NULL || writer->beside == NULL || writer->content == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    snprintf(writer->beside, size, "%s.%ld.new", path, (long)getpid());
    XXH3_128bits_reset(writer->content);
    sum_head(writer->content, head);
    code = lay_out(writer, head, axes, error);
    if (code == 0)
        code = begin_file(writer, head, options, error);
done:
    if (code == 0)
        *out = writer;
    else
        ls_store_abandon(writer);
    return code;
}

static void add_up(struct city_file *city, size_t day, const int32_t *usage)
{
    size_t n = (size_t)city->day_slots, first = day * n;
    int64_t *total = city->total_quanta + first;
    uint32_t *known = city->n_known + first, *rows = city->n_rows + first;
    for (size_t i = 0; i < city->n_customers; i++)
        for (size_t t = 0; t < n; t++) {
            int32_t value = usage[i * n + t];
            total[t] += value >= 0 ? value : 0;
            known[t] += value >= 0;
            rows[t] += value != LS_NO_ROW;
        }
}

static void sum_pieces(struct city_file *city, size_t day, const int32_t *usage)
{
    const size_t slots = (size_t)city->day_slots;
    for (size_t p = 0; p < city->n_pieces; p++) {
        size_t first = p * LS_STORE_PIECE, left = city->n_customers - first;
        size_t n = left < LS_STORE_PIECE ? left : LS_STORE_PIECE;
        city->sums[day * city->n_pieces + p] = XXH3_64bits(usage + first * slots, n * slots * sizeof *usage);
    }
}

int ls_store_put(ls_store_writer *writer, size_t index, size_t day, const int32_t *usage,
                 struct ls_error *error)
{
    struct city_file *city = &writer->cities[index];
    assert(index < writer->n_cities && day < city->n_days && !city->put[day]);
    const size_t start[2] = {0, day * (size_t)city->day_slots};
    const size_t count[2] = {city->n_customers, (size_t)city->day_slots};
    add_up(city, day, usage);
    sum_pieces(city, day, usage);
    city->put[day] = true;
    ls_netcdf_lock();
    if (step(&writer->sheet, "cannot write the usage of a day"))
        note(&writer->sheet, nc_put_vara_int(city->group, city->variables[USAGE], start, count, usage));
    ls_netcdf_unlock();
    return writer->sheet.status != NC_NOERR ? sheet_error(writer, error) : 0;
}

/* Asks HDF5 where it put the chunks; the file is closed. */
static bool find_chunks(const ls_store_writer *writer, struct ls_seal *seal)
{
    bool found = true;
    hid_t file = H5Fopen(writer->beside, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (size_t c = 0; file >= 0 && found && c < writer->n_cities; c++) {
        const struct city_file *city = &writer->cities[c];
        char name[GROUP_NAME_SIZE + 16];
        snprintf(name, sizeof name, "%s/%s", city->group_name, layout[USAGE].name);
        hid_t usage = H5Dopen2(file, name, H5P_DEFAULT);
        found = usage >= 0;
        for (size_t day = 0; found && day < city->n_days; day++) {
            const hsize_t at[2] = {0, day * (hsize_t)city->day_slots};
            haddr_t address = HADDR_UNDEF;
            hsize_t size = 0;
            unsigned mask = 0;
            if (!city->put[day])
                continue;
            found = H5Dget_chunk_info_by_coord(usage, at, &mask, &address, &size) >= 0 &&
                    address != HADDR_UNDEF && mask == 0;
            seal->extents[city->first_extent + day] = (struct ls_extent){address, size};
        }
        if (usage >= 0)
            H5Dclose(usage);
    }
    if (file >= 0)
        H5Fclose(file);
    return file >= 0 && found;
}

/* What is known at the end; then NetCDF is done with the file. */
static int close_file(ls_store_writer *writer, const struct ls_quality *quality, struct ls_error *error)
{
    struct sheet *sheet = &writer->sheet;
    char content[LS_STORE_SUM_SIZE];
    sum_usage(writer, quality, content);
    ls_netcdf_lock();
    for (size_t i = 0; i < writer->n_cities; i++) {
        const struct city_file *city = &writer->cities[i];
        put_values(sheet, city, TOTAL, city->total_quanta);
        put_values(sheet, city, KNOWN, city->n_known);
        put_values(sheet, city, ROWS, city->n_rows);
        put_values(sheet, city, SUM, city->sums);
    }
    for (size_t i = 0; i < LS_STORE_COUNTS; i++) {
        uint64_t count;
        memcpy(&count, (const char *)quality + ls_store_counts[i].offset, sizeof count);
        put_whole(sheet, writer->file, NC_GLOBAL, ls_store_counts[i].name, NC_INT64, (int64_t)count);
    }
    put_text(sheet, writer->file, NC_GLOBAL, "checksum", content);
    if (step(sheet, "cannot write the store")) {
        note(sheet, nc_close(writer->file));
        writer->file = -1;
    }
    ls_netcdf_unlock();
    return sheet->status != NC_NOERR ? sheet_error(writer, error) : 0;
}

static int seal_file(ls_store_writer *writer, struct ls_error *error)
{
    static const char what[] = "write the store";
    int code = 0, fd = -1;
    struct ls_seal seal = {.n_extents = writer->n_days,
                           .extents = calloc(writer->n_days, sizeof *seal.extents)};
    if (seal.extents == NULL)
        return out_of_memory(error);
    ls_netcdf_lock();
    bool found = find_chunks(writer, &seal);
    ls_netcdf_unlock();
    if (!found) {
        code =
            ls_error_set(error, LS_ERR_IO, "cannot write the store: HDF5 does not say where its chunks are");
        ls_error_at(error, writer->path, 0, 0, NULL);
        goto done;
    }
    fd = open(writer->beside, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        code = ls_store_io_error(error, writer->path, what);
        goto done;
    }
    code = ls_seal_write(fd, writer->path, &seal, error);
    if (code == 0 && fsync(fd) != 0)
        code = ls_store_io_error(error, writer->path, what);
done:
    if (fd >= 0 && close(fd) != 0 && code == 0)
        code = ls_store_io_error(error, writer->path, what);
    free(seal.extents);
    return code;
}

int ls_store_finish(ls_store_writer *writer, const struct ls_quality *quality, struct ls_error *error)
{
    int code = close_file(writer, quality, error);
    if (code == 0)
        code = seal_file(writer, error);
    if (code == 0 && rename(writer->beside, writer->path) != 0)
        code = ls_store_io_error(error, writer->path, "write the store");
    if (code != 0)
        ls_store_abandon(writer);
    else
        release(writer);
    return code;
}
