/*
 * Writes a store: its layout, then chunk by chunk in any order, then what was summed up, then the seal.
 */
#include "base/arena.h"
#include "data/store_layout.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define CHUNK_BYTES_MAX UINT32_MAX

struct ls_store_writer {
    char *path, *beside;
    int file; /* NetCDF's handle, -1 when closed */
    bool failed;
    struct ls_sheet sheet;
    struct ls_arena arena;
    size_t n_cities, n_days;
    struct ls_city_file *cities; /* [n_cities] */
    XXH3_state_t *content;       /* checksum over what the file holds */
};

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
        const struct ls_city_file *city = &writer->cities[c];
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
        struct ls_city_file *city = &writer->cities[i];
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
    struct ls_sheet *sheet = &writer->sheet;
    int fd = open(writer->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || close(fd) != 0) /* NetCDF would only say that it is not allowed */
        return ls_store_io_error(error, writer->path, "write the store");
    ls_netcdf_lock();
    ls_sheet_step(sheet, "cannot write the store");
    ls_sheet_note(sheet, nc_create(writer->beside, NC_NETCDF4 | NC_CLOBBER, &writer->file));
    if (sheet->status != NC_NOERR)
        writer->file = -1;
    else
        ls_layout_file(sheet, writer->file, head, options);
    for (size_t i = 0; code == 0 && sheet->status == NC_NOERR && i < head->n_cities; i++)
        code = ls_layout_city(sheet, writer->file, head, i, options->compress, &writer->cities[i]);
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

static void add_up(struct ls_city_file *city, size_t day, const int32_t *usage)
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

static void sum_pieces(struct ls_city_file *city, size_t day, const int32_t *usage)
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
    struct ls_city_file *city = &writer->cities[index];
    assert(index < writer->n_cities && day < city->n_days && !city->put[day]);
    const size_t start[2] = {0, day * (size_t)city->day_slots};
    const size_t count[2] = {city->n_customers, (size_t)city->day_slots};
    add_up(city, day, usage);
    sum_pieces(city, day, usage);
    city->put[day] = true;
    ls_netcdf_lock();
    if (ls_sheet_step(&writer->sheet, "cannot write the usage of a day"))
        ls_sheet_note(&writer->sheet,
                      nc_put_vara_int(city->group, city->variables[LS_STORE_USAGE], start, count, usage));
    ls_netcdf_unlock();
    return writer->sheet.status != NC_NOERR ? sheet_error(writer, error) : 0;
}

/* Asks HDF5 where it put the chunks; the file is closed. */
static bool find_chunks(const ls_store_writer *writer, struct ls_seal *seal)
{
    bool found = true;
    hid_t file = H5Fopen(writer->beside, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (size_t c = 0; file >= 0 && found && c < writer->n_cities; c++) {
        const struct ls_city_file *city = &writer->cities[c];
        char name[LS_GROUP_NAME_SIZE + 16];
        ls_layout_usage_path(city, name, sizeof name);
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
    struct ls_sheet *sheet = &writer->sheet;
    char content[LS_STORE_SUM_SIZE];
    sum_usage(writer, quality, content);
    ls_netcdf_lock();
    for (size_t i = 0; i < writer->n_cities; i++) {
        const struct ls_city_file *city = &writer->cities[i];
        ls_layout_values(sheet, city, LS_STORE_TOTAL, city->total_quanta);
        ls_layout_values(sheet, city, LS_STORE_KNOWN, city->n_known);
        ls_layout_values(sheet, city, LS_STORE_ROWS, city->n_rows);
        ls_layout_values(sheet, city, LS_STORE_SUM, city->sums);
    }
    for (size_t i = 0; i < LS_STORE_COUNTS; i++) {
        uint64_t count;
        memcpy(&count, (const char *)quality + ls_store_counts[i].offset, sizeof count);
        ls_layout_whole(sheet, writer->file, NC_GLOBAL, ls_store_counts[i].name, NC_INT64, (int64_t)count);
    }
    ls_layout_text(sheet, writer->file, NC_GLOBAL, "checksum", content);
    if (ls_sheet_step(sheet, "cannot write the store")) {
        ls_sheet_note(sheet, nc_close(writer->file));
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
