/*
 * Rows to readings: every field is checked where it stands, so that an error can name file, line and column.
 *
 * What needs more than one row (order, grid, duplicates) waits for build.c; contradicting factors are seen
 * here.
 */
#include "base/decimal.h"
#include "base/text.h"
#include "data/grow.h"
#include "data/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_A_PROGRESS 65536
#define NUMBER_SIZE     32

/* The least that rounds to more than INT32_MAX of the coarsest quantum [1e-8 kWh]. */
#define COARSEST_UNITS ((int64_t)LS_QUANTUM_MAX_MWH * LS_MWH_UNITS)
#define READING_LIMIT  (INT32_MAX * COARSEST_UNITS + COARSEST_UNITS / 2)

static const char hint_date[] = "write it with its UTC offset, as 2013-02-04T00:30:00+00:00";
static const char hint_name[] = "give every row a name of at most 63 bytes of UTF-8 text";
static const char hint_value[] = "write kWh in the slot, as 0.267, or leave the field empty if it is unknown";
static const char hint_factor[] = "write grams of CO2 per kWh, as 817.546, or leave the field empty";
static const char hint_place[] = "write degrees, as 77.189, or leave the field empty";

uint64_t ls_place_line(uint64_t place)
{
    return place & ((UINT64_C(1) << LS_PLACE_LINE_BITS) - 1);
}

const struct ls_load_file *ls_place_file(const struct ls_load *load, uint64_t place)
{
    return &load->files[place >> LS_PLACE_LINE_BITS];
}

void ls_place_blame(const struct ls_load *load, uint64_t place, enum ls_column column, struct ls_error *error)
{
    const struct ls_load_file *file = ls_place_file(load, place);
    ls_error_at(error, file->name, (long)ls_place_line(place), file->columns.index[column] + 1,
                file->columns.spelling[column]);
}

const char *ls_place_text(const struct ls_load *load, uint64_t place, uint64_t from, char *out, size_t size)
{
    const struct ls_load_file *file = ls_place_file(load, place);
    bool same = file == ls_place_file(load, from);
    snprintf(out, size, " at line %llu%s%s", (unsigned long long)ls_place_line(place), same ? "" : " of ",
             same ? "" : file->name);
    return out;
}

static uint64_t place_of(const struct ls_load *load, const struct ls_csv_row *row)
{
    return (uint64_t)load->file << LS_PLACE_LINE_BITS | (load->line_base + row->line);
}

static int out_of_memory(const struct ls_load *load, struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory after %zu readings", load->n_rows);
}

/* The field of a column; an empty one when the file does not have it. */
static const struct ls_csv_field *field_of(const struct ls_load *load, const struct ls_csv_row *row,
                                           enum ls_column column)
{
    static const struct ls_csv_field none = {"", 0};
    int index = load->files[load->file].columns.index[column];
    return index == LS_COLUMN_ABSENT ? &none : &row->fields[index];
}

static int bad_field(const struct ls_load *load, const struct ls_csv_row *row, enum ls_column column,
                     const char *what, const char *hint, struct ls_error *error)
{
    char shown[LS_SHOWN_SIZE];
    const struct ls_csv_field *field = field_of(load, row, column);
    int code = ls_error_set(error, LS_ERR_FORMAT, "%s: '%s'", what,
                            ls_shown(field->text, field->length, shown, sizeof shown));
    ls_error_remedy(error, "%s", hint);
    ls_place_blame(load, place_of(load, row), column, error);
    return code;
}

/* What makes a text unfit for an id or a city's name, or NULL. */
static const char *name_flaw(const char *text, size_t length)
{
    if (length == 0)
        return "an empty name";
    if (length > LS_ID_BYTES)
        return "a name longer than 63 bytes";
    return ls_name_flaw(text, length);
}

/* The number of a name in `names`, which *last or the one after it may already be; it becomes that number. */
static int take_name(struct ls_load *load, const struct ls_csv_row *row, enum ls_column column,
                     struct ls_names *names, uint32_t group, uint32_t *last, struct ls_error *error)
{
    const struct ls_csv_field *field = field_of(load, row, column);
    if (ls_names_is(names, *last, group, field->text, field->length))
        return 0;
    if (ls_names_is(names, *last + 1, group, field->text, field->length)) {
        ++*last;
        return 0;
    }
    const char *flaw = name_flaw(field->text, field->length);
    if (flaw != NULL)
        return bad_field(load, row, column, flaw, hint_name, error);
    uint32_t number = ls_names_add(names, group, field->text, field->length);
    if (number == LS_NAMES_MAX)
        return out_of_memory(load, error);
    *last = number;
    return 0;
}

static int take_stamp(const struct ls_load *load, const struct ls_csv_row *row, int32_t *minute,
                      int32_t *offset_s, struct ls_error *error)
{
    const struct ls_csv_field *field = field_of(load, row, LS_COLUMN_DATE);
    int64_t instant;
    const char *why = ls_stamp_parse(field->text, field->length, &instant, offset_s);
    if (why != NULL)
        return bad_field(load, row, LS_COLUMN_DATE, why, hint_date, error);
    if (instant % LS_MINUTE_S != 0)
        return bad_field(load, row, LS_COLUMN_DATE, "not at the start of a slot",
                         "bring the readings to slots that start at whole minutes", error);
    instant /= LS_MINUTE_S;
    if (instant > INT32_MAX || instant < INT32_MIN)
        return bad_field(load, row, LS_COLUMN_DATE, "beyond the year 6053", hint_date, error);
    *minute = (int32_t)instant;
    return 0;
}

/* A number of a column that may be left out or empty: then NaN. */
static int take_number(const struct ls_load *load, const struct ls_csv_row *row, enum ls_column column,
                       const char *hint, double *value, struct ls_error *error)
{
    const struct ls_csv_field *field = field_of(load, row, column);
    *value = NAN;
    if (ls_decimal_absent(field->text, field->length))
        return 0;
    const char *why = ls_decimal_parse(field->text, field->length, value);
    return why == NULL ? 0 : bad_field(load, row, column, why, hint, error);
}

static int take_reading(const struct ls_load *load, const struct ls_csv_row *row, int64_t *reading,
                        struct ls_error *error)
{
    const struct ls_csv_field *field = field_of(load, row, LS_COLUMN_VALUE);
    int64_t units;
    const char *why = ls_fixed_parse(field->text, field->length, &units);
    if (why != NULL && ls_decimal_absent(field->text, field->length)) {
        *reading = LS_READING_MISSING;
        return 0;
    }
    if (why != NULL)
        return bad_field(load, row, LS_COLUMN_VALUE, why, hint_value, error);
    if (llabs(units) >= READING_LIMIT)
        return bad_field(load, row, LS_COLUMN_VALUE, "more than 2147483.647 kWh in a slot", hint_value,
                         error);
    *reading = units;
    return 0;
}

static int contradiction(const struct ls_load *load, const struct ls_csv_row *row, const struct ls_slot *slot,
                         enum ls_factor factor, double value, struct ls_error *error)
{
    char here[NUMBER_SIZE], there[NUMBER_SIZE], stamp[LS_STAMP_SIZE], where[300];
    uint64_t place = place_of(load, row);
    int code = ls_error_set(error, LS_ERR_FORMAT, "%s here, but %s%s, for %s at %s",
                            ls_text_from_real(value, here, sizeof here),
                            ls_text_from_real(slot->g_per_kwh[factor], there, sizeof there),
                            ls_place_text(load, slot->known_at[factor], place, where, sizeof where),
                            ls_names_text(&load->cities, slot->city),
                            ls_stamp_format((int64_t)slot->minute * LS_MINUTE_S, load->offset_s, stamp));
    ls_error_remedy(error, "a city has one factor for a slot: correct one of the two");
    ls_place_blame(load, place, factor == LS_FACTOR_MARGINAL ? LS_COLUMN_MARGINAL : LS_COLUMN_AVERAGE, error);
    return code;
}

/* Takes the row's factors into the slot of its city and instant. */
static int take_factors(struct ls_load *load, const struct ls_csv_row *row, struct ls_slot *slot,
                        struct ls_error *error)
{
    static const enum ls_column column[LS_FACTOR_COUNT] = {LS_COLUMN_MARGINAL, LS_COLUMN_AVERAGE};
    for (enum ls_factor i = 0; i < LS_FACTOR_COUNT; i++) {
        const struct ls_csv_field *field = field_of(load, row, column[i]);
        double value;
        if (ls_memo_is(&slot->given[i], field->text, field->length))
            continue;
        int code = take_number(load, row, column[i], hint_factor, &value, error);
        if (code != 0)
            return code;
        if (isnan(slot->g_per_kwh[i]) && !isnan(value)) {
            slot->g_per_kwh[i] = value;
            slot->known_at[i] = place_of(load, row);
        } else if (slot->g_per_kwh[i] < value || slot->g_per_kwh[i] > value) {
            return contradiction(load, row, slot, i, value, error);
        }
        ls_memo_keep(&slot->given[i], field->text, field->length);
    }
    return 0;
}

/* The first known coordinates of a customer are kept. */
static int take_home(struct ls_load *load, const struct ls_csv_row *row, struct ls_error *error)
{
    static const enum ls_column column[LS_AXIS_COUNT] = {LS_COLUMN_LONGITUDE, LS_COLUMN_LATITUDE};
    struct ls_load_home *home = &load->homes[load->last_customer];
    for (enum ls_axis i = 0; i < LS_AXIS_COUNT; i++) {
        const struct ls_csv_field *field = field_of(load, row, column[i]);
        double value;
        if (ls_memo_is(&home->given[i], field->text, field->length))
            continue;
        int code = take_number(load, row, column[i], hint_place, &value, error);
        if (code != 0)
            return code;
        if (isnan(home->degrees[i]) && !isnan(value)) {
            home->degrees[i] = value;
            home->known_at[i] = place_of(load, row);
        }
        ls_memo_keep(&home->given[i], field->text, field->length);
    }
    return 0;
}

static void take_offset(struct ls_load *load, int32_t offset_s, uint64_t place)
{
    if (load->offset_at == 0) {
        load->offset_s = offset_s;
        load->offset_at = place;
    } else if (load->other_offset_at == 0 && offset_s != load->offset_s) {
        load->other_offset_s = offset_s;
        load->other_offset_at = place;
    }
}

static int take_customer(struct ls_load *load, const struct ls_csv_row *row, struct ls_error *error)
{
    int code =
        take_name(load, row, LS_COLUMN_ID, &load->customers, load->last_city, &load->last_customer, error);
    if (code != 0)
        return code;
    if (load->customers.count > load->n_homes) {
        struct ls_load_home *homes =
            ls_grow(load->homes, &load->homes_capacity, load->customers.count, sizeof *homes);
        if (homes == NULL)
            return out_of_memory(load, error);
        load->homes = homes;
        homes[load->n_homes++] =
            (struct ls_load_home){.degrees = {NAN, NAN}, .given = {LS_MEMO_NONE, LS_MEMO_NONE}};
    }
    return take_home(load, row, error);
}

/* Finds the slot of the row's city and stamp. */
static int take_slot(struct ls_load *load, const struct ls_csv_row *row, struct ls_slot **out,
                     struct ls_error *error)
{
    const struct ls_csv_field *field = field_of(load, row, LS_COLUMN_DATE);
    int32_t minute = 0, offset_s = 0;
    struct ls_slot *slot = ls_slots_expected(&load->slots, load->last_city, field->text, field->length);
    if (slot == NULL) {
        int code = take_stamp(load, row, &minute, &offset_s, error);
        if (code != 0)
            return code;
        slot = ls_slots_at(&load->slots, load->last_city, minute);
        if (slot == NULL)
            return out_of_memory(load, error);
        ls_memo_keep(&slot->stamp, field->text, field->length);
        slot->offset_s = offset_s;
    }
    *out = slot;
    return 0;
}

static int keep_row(struct ls_load *load, const struct ls_csv_row *row, int32_t minute, int64_t reading,
                    struct ls_error *error)
{
    struct ls_load_row *rows = ls_grow(load->rows, &load->rows_capacity, load->n_rows + 1, sizeof *rows);
    if (rows == NULL || load->n_rows >= UINT32_MAX - 1)
        return out_of_memory(load, error);
    load->rows = rows;
    rows[load->n_rows++] = (struct ls_load_row){
        .reading = reading, .place = place_of(load, row), .customer = load->last_customer, .minute = minute};
    return 0;
}

static int keep_cell(struct ls_load *load, const struct ls_slot *slot, int64_t reading,
                     struct ls_error *error)
{
    load->n_rows++;
    switch (ls_cells_put(load->cells, load->last_customer, slot->minute, slot->offset_s, reading)) {
    case LS_CELLS_KEPT:
        return 0;
    case LS_CELLS_NO_MEMORY:
        return out_of_memory(load, error);
    default:
        return LS_LOAD_ASTRAY;
    }
}

static int take_readings_row(struct ls_load *load, const struct ls_csv_row *row, struct ls_error *error)
{
    int64_t reading = 0;
    struct ls_slot *slot = NULL;
    int code = take_name(load, row, LS_COLUMN_CITY, &load->cities, 0, &load->last_city, error);
    if (code == 0)
        code = take_customer(load, row, error);
    if (code == 0)
        code = take_slot(load, row, &slot, error);
    if (code == 0)
        code = take_reading(load, row, &reading, error);
    if (code != 0)
        return code;
    if (load->offset_at == 0 || slot->offset_s != load->offset_s)
        take_offset(load, slot->offset_s, place_of(load, row));
    code = take_factors(load, row, slot, error);
    if (code != 0)
        return code;
    if (slot->read_at == 0)
        slot->read_at = place_of(load, row);
    slot->has_usage = slot->has_usage || reading >= 0;
    return load->cells != NULL ? keep_cell(load, slot, reading, error)
                               : keep_row(load, row, slot->minute, reading, error);
}

static int take_factors_row(struct ls_load *load, const struct ls_csv_row *row, struct ls_error *error)
{
    struct ls_slot *slot = NULL;
    int code = take_name(load, row, LS_COLUMN_CITY, &load->cities, 0, &load->last_city, error);
    if (code == 0)
        code = take_slot(load, row, &slot, error);
    if (code == 0)
        code = take_factors(load, row, slot, error);
    load->factor_rows += code == 0;
    return code;
}

static int wrong_width(const struct ls_load *load, const struct ls_csv_row *row, struct ls_error *error)
{
    const struct ls_load_file *file = &load->files[load->file];
    int code = ls_error_set(error, LS_ERR_FORMAT, "%zu fields in the row, but %zu in the header",
                            row->n_fields, file->columns.n_fields);
    ls_error_remedy(error, "give every row a field for each column, and quote text that holds a comma");
    ls_error_at(error, file->name, (long)row->line, 0, NULL);
    return code;
}

int ls_load_take_row(void *user, const struct ls_csv_row *row, uint64_t consumed, struct ls_error *error)
{
    struct ls_load *load = user;
    struct ls_load_file *file = &load->files[load->file];
    if (file->columns.n_fields == 0)
        return ls_columns_find(file->kind, file->name, row, &file->columns, error);
    if (row->n_fields != file->columns.n_fields)
        return wrong_width(load, row, error);
    load->rows_in_file++;
    if (++load->rows_in_all % ROWS_A_PROGRESS == 0 && load->options->progress != NULL &&
        load->options->progress(load->options->user, load->bytes_before + consumed, load->bytes_in_all))
        return ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    return file->kind == LS_COLUMNS_FACTORS ? take_factors_row(load, row, error)
                                            : take_readings_row(load, row, error);
}

int ls_load_empty(const struct ls_load_file *file, struct ls_error *error)
{
    bool header = file->columns.n_fields > 0, factors = file->kind == LS_COLUMNS_FACTORS;
    int code = ls_error_set(error, LS_ERR_FORMAT, "%s",
                            !header   ? "the file is empty"
                            : factors ? "a header, but no factors"
                                      : "a header, but no readings");
    ls_error_remedy(error, "give a CSV file with a header and %s", factors ? "factors" : "readings");
    ls_error_at(error, file->name, 0, 0, NULL);
    return code;
}

/* Reads load->file, the next one. Readings come first, the factor file last. */
static int load_file(struct ls_load *load, const struct ls_source *source, struct ls_error *error)
{
    const struct ls_load_file *file = &load->files[load->file];
    ls_stream *input = NULL;
    int code = source->bytes != NULL
                   ? ls_stream_open_memory(source->path, source->bytes, source->length, &input, error)
                   : ls_stream_open(source->path, &input, error);
    if (code != 0)
        return code;
    load->rows_in_file = 0;
    code = ls_csv_read(input, file->name, ls_load_take_row, load, error);
    if (code == 0 && load->rows_in_file == 0)
        code = ls_load_empty(file, error);
    load->bytes_before += ls_stream_size(input);
    ls_stream_close(input);
    return code;
}

static int options_wrong(const struct ls_load_options *options, struct ls_error *error)
{
    int slot = options->slot_minutes;
    if (slot >= 1 && slot <= 60 && 60 % slot == 0)
        return 0;
    int code = ls_error_set(error, LS_ERR_VALUE, "slots of %d minutes do not divide an hour", slot);
    ls_error_remedy(error, "--set behaviour.slot_minutes=30, or 15, or 60");
    ls_error_at(error, NULL, 0, 0, "behaviour.slot_minutes");
    return code;
}

/* A wrong zone or a missing file is said at once, not after minutes of reading. */
int ls_load_look_ahead(struct ls_load *load, const struct ls_source *sources, struct ls_error *error)
{
    ls_zone *zone = NULL;
    bool all_known = true;
    int code = options_wrong(load->options, error);
    if (code == 0)
        code = ls_zone_for(load->options->timezone, 0, &zone, error);
    ls_zone_close(zone);
    for (size_t i = 0; code == 0 && i < load->n_files; i++) {
        uint64_t size = sources[i].length;
        if (sources[i].bytes == NULL)
            code = ls_stream_measure(sources[i].path, &size, error);
        all_known = all_known && size > 0;
        load->bytes_in_all += size;
    }
    load->bytes_in_all = all_known ? load->bytes_in_all : 0;
    return code;
}

void ls_load_release(struct ls_load *load)
{
    ls_names_release(&load->cities);
    ls_names_release(&load->customers);
    ls_slots_release(&load->slots);
    free(load->homes);
    free(load->rows);
    free(load->files);
}

int ls_load_begin(struct ls_load *load, const struct ls_source *sources, size_t n_sources, bool factors_last,
                  const struct ls_load_options *options, struct ls_error *error)
{
    *load = (struct ls_load){
        .options = options, .n_files = n_sources, .last_city = LS_NAMES_MAX, .last_customer = LS_NAMES_MAX};
    load->files = calloc(n_sources, sizeof *load->files);
    if (load->files == NULL)
        return out_of_memory(load, error);
    for (size_t i = 0; i < n_sources; i++) {
        load->files[i].name = ls_stream_name(sources[i].path);
        load->files[i].kind = !factors_last       ? LS_COLUMNS_READINGS
                              : i + 1 < n_sources ? LS_COLUMNS_READINGS_ONLY
                                                  : LS_COLUMNS_FACTORS;
    }
    return 0;
}

int ls_load_read(struct ls_load *load, const struct ls_source *sources, struct ls_error *error)
{
    int code = ls_load_look_ahead(load, sources, error);
    for (load->file = 0; code == 0 && load->file < load->n_files; load->file++)
        code = load_file(load, &sources[load->file], error);
    return code;
}

static int load_all(const struct ls_source *sources, size_t n_sources, bool factors_last,
                    const struct ls_load_options *options, struct ls_dataset **out, struct ls_error *error)
{
    struct ls_load load;
    int code = ls_load_begin(&load, sources, n_sources, factors_last, options, error);
    if (code == 0)
        code = ls_load_read(&load, sources, error);
    if (code == 0)
        code = ls_load_build(&load, out, error);
    ls_load_release(&load);
    return code;
}

int ls_dataset_load_sources(const struct ls_source *readings, size_t n_readings,
                            const struct ls_source *factors, const struct ls_load_options *options,
                            struct ls_dataset **out, struct ls_error *error)
{
    size_t n_sources = n_readings + (factors != NULL);
    if (n_readings == 0 || n_sources > LS_FILES_MAX)
        return ls_error_set(error, LS_ERR_VALUE, "%zu files of readings, not 1 to %d", n_readings,
                            LS_FILES_MAX - 1);
    struct ls_source *sources = ls_new(n_sources, sizeof *sources);
    if (sources == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a list of files");
    memcpy(sources, readings, n_readings * sizeof *sources);
    if (factors != NULL)
        sources[n_readings] = *factors;
    int code = load_all(sources, n_sources, factors != NULL, options, out, error);
    free(sources);
    return code;
}

int ls_dataset_load(const char *const *paths, size_t n_paths, const struct ls_load_options *options,
                    struct ls_dataset **out, struct ls_error *error)
{
    struct ls_source factors = {options->factors_path, NULL, 0};
    struct ls_source *readings = ls_new(n_paths, sizeof *readings);
    if (readings == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a list of files");
    for (size_t i = 0; i < n_paths; i++)
        readings[i] = (struct ls_source){paths[i], NULL, 0};
    int code = ls_dataset_load_sources(readings, n_paths, factors.path != NULL ? &factors : NULL, options,
                                       out, error);
    free(readings);
    return code;
}
