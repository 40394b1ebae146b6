/* Opens a store: all but the readings, by NetCDF. What is behind a seal is what a writer wrote; that is
 * relied on. */
#include "data/store_file.h"

#include "base/memory.h"
#include "data/grow.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NetCDF under way in one group. */
struct source {
    struct ls_sheet sheet;
    int group;
};

static bool step(struct source *source, const char *what)
{
    return ls_sheet_step(&source->sheet, what);
}

static void note(struct source *source, int status)
{
    ls_sheet_note(&source->sheet, status);
}

static int64_t whole(struct source *source, const char *name)
{
    long long value = 0;
    size_t length = 0;
    if (step(source, name))
        note(source, nc_inq_attlen(source->group, NC_GLOBAL, name, &length));
    if (step(source, name))
        note(source, length == 1 ? nc_get_att_longlong(source->group, NC_GLOBAL, name, &value) : NC_EINVAL);
    return value;
}

static void text(struct source *source, const char *name, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    if (step(source, name))
        note(source, nc_inq_attlen(source->group, NC_GLOBAL, name, &length));
    if (step(source, name) && length >= size)
        note(source, NC_EMAXNAME);
    if (step(source, name))
        note(source, nc_get_att_text(source->group, NC_GLOBAL, name, out));
    if (source->sheet.status == NC_NOERR)
        out[length] = '\0';
}

static size_t extent_of(struct source *source, const char *name)
{
    int id = -1;
    size_t length = 0;
    if (step(source, name))
        note(source, nc_inq_dimid(source->group, name, &id));
    if (step(source, name))
        note(source, nc_inq_dimlen(source->group, id, &length));
    return length;
}

/* Reads a whole variable of `count` values of `type` into an array of that type. */
static void values(struct source *source, const char *name, nc_type type, size_t count, void *out)
{
    int id = -1, n_dimensions = 0, dimensions[NC_MAX_VAR_DIMS];
    nc_type found = NC_NAT;
    size_t size = 1, length = 0;
    if (step(source, name))
        note(source, nc_inq_varid(source->group, name, &id));
    if (step(source, name))
        note(source, nc_inq_var(source->group, id, NULL, &found, &n_dimensions, dimensions, NULL));
    for (int i = 0; i < n_dimensions && step(source, name); i++) {
        note(source, nc_inq_dimlen(source->group, dimensions[i], &length));
        size *= length;
    }
    if (step(source, name) && (found != type || size != count))
        note(source, NC_EEDGE);
    if (step(source, name))
        note(source, nc_get_var(source->group, id, out));
}

static int source_error(const struct source *source, const char *path, struct ls_error *error)
{
    char what[200];
    snprintf(what, sizeof what, "cannot read '%s' of the store", source->sheet.what);
    errno = source->sheet.cause;
    int code = ls_netcdf_error(error, path, what, source->sheet.status);
    if (code == LS_ERR_FORMAT)
        ls_error_remedy(error, "write the store again from the files that it was made of");
    ls_error_at(error, path, 0, 0, NULL);
    return code;
}

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory opening a store");
}

/* ---- sizes, then what they are sizes of ---- */

struct sizes {
    size_t customers, id_length, slots, days, others;
    int group;
};

/* Sizes of all cities; the text of ids takes *id_bytes, factors at most *factors. */
static void measure(struct source *source, const int *groups, size_t n, struct sizes *sizes)
{
    for (size_t i = 0; i < n && source->sheet.status == NC_NOERR; i++) {
        int ignored;
        source->group = groups[i];
        sizes[i] = (struct sizes){
            extent_of(source, "customer"),
            extent_of(source, "id_length"),
            extent_of(source, "time"),
            extent_of(source, "day"),
            0,
            groups[i],
        };
        if (source->sheet.status == NC_NOERR &&
            nc_inq_dimid(source->group, "other_time", &ignored) == NC_NOERR)
            sizes[i].others = extent_of(source, "other_time");
    }
}

static bool make_room(struct ls_store *store, const struct sizes *sizes, size_t n)
{
    struct ls_dataset_storage *head = store->head;
    size_t customers = 0, id_bytes = 0, factors = 0;
    for (size_t i = 0; i < n; i++) {
        struct ls_store_city *city = &store->cities[i];
        customers += sizes[i].customers;
        id_bytes += sizes[i].customers * sizes[i].id_length;
        factors += sizes[i].slots + sizes[i].others;
        city->total_quanta = ls_arena_array(&store->arena, sizes[i].slots, sizeof *city->total_quanta);
        city->n_known = ls_arena_array(&store->arena, sizes[i].slots, sizeof *city->n_known);
        city->n_rows = ls_arena_array(&store->arena, sizes[i].slots, sizeof *city->n_rows);
        city->n_pieces = ls_store_pieces(sizes[i].customers);
        size_t pieces = sizes[i].days * city->n_pieces;
        city->sums = ls_arena_array(&store->arena, pieces, sizeof *city->sums);
        city->verified = ls_arena_array(&store->arena, pieces, sizeof *city->verified);
        if (city->total_quanta == NULL || city->n_known == NULL || city->n_rows == NULL ||
            city->sums == NULL || city->verified == NULL)
            return false;
    }
    head->dataset.n_customers = customers;
    head->dataset.n_cities = n;
    head->cities = ls_new(n, sizeof *head->cities);
    head->city_texts = ls_new(n, LS_ID_BYTES + 1);
    head->customers = ls_new(customers, sizeof *head->customers);
    head->customer_texts = ls_new(id_bytes, 1);
    head->factor_minute = ls_new(factors, sizeof *head->factor_minute);
    head->mef_g_per_kwh = ls_new(factors, sizeof *head->mef_g_per_kwh);
    head->aef_g_per_kwh = ls_new(factors, sizeof *head->aef_g_per_kwh);
    head->dataset.cities = head->cities;
    head->dataset.customers = head->customers;
    if (head->cities == NULL || head->city_texts == NULL || head->customers == NULL ||
        head->customer_texts == NULL || head->factor_minute == NULL || head->mef_g_per_kwh == NULL ||
        head->aef_g_per_kwh == NULL)
        return false;
    ls_memory_touch(head->customers, customers * sizeof *head->customers);
    ls_memory_touch(head->customer_texts, id_bytes);
    return true;
}

static int read_customers(struct source *source, struct ls_store *store, size_t index,
                          const struct sizes *sizes, char *ids)
{
    struct ls_dataset_storage *head = store->head;
    const struct ls_city *city = &head->cities[index];
    struct ls_customer *customers = &head->customers[city->first_customer];
    double *longitude = ls_new(sizes->customers, sizeof *longitude);
    double *latitude = ls_new(sizes->customers, sizeof *latitude);
    if (longitude == NULL || latitude == NULL) {
        free(longitude);
        free(latitude);
        return LS_ERR_MEMORY;
    }
    values(source, "id", NC_CHAR, sizes->customers * sizes->id_length, ids);
    values(source, "longitude", NC_DOUBLE, sizes->customers, longitude);
    values(source, "latitude", NC_DOUBLE, sizes->customers, latitude);
    for (size_t i = 0; source->sheet.status == NC_NOERR && i < sizes->customers; i++) {
        char *id = ids + i * sizes->id_length;
        id[sizes->id_length - 1] = '\0';
        customers[i] = (struct ls_customer){
            .id = id, .city = index, .longitude_deg = longitude[i], .latitude_deg = latitude[i]};
    }
    free(longitude);
    free(latitude);
    return 0;
}

/* Pairs on the axis and off it, merged by time to the place of the city's factors. */
static int read_factors(struct source *source, struct ls_store *store, size_t index,
                        const struct sizes *sizes, size_t first)
{
    struct ls_dataset_storage *head = store->head;
    struct ls_city *city = &head->cities[index];
    const struct ls_store_axis *axis = &store->cities[index].axis;
    size_t all = sizes->slots + sizes->others, n = 0;
    double *mef = ls_new(all, sizeof *mef), *aef = ls_new(all, sizeof *aef);
    int64_t *others = ls_new(sizes->others, sizeof *others);
    if (mef == NULL || aef == NULL || others == NULL) {
        free(mef);
        free(aef);
        free(others);
        return LS_ERR_MEMORY;
    }
    values(source, "marginal_factor", NC_DOUBLE, sizes->slots, mef);
    values(source, "average_factor", NC_DOUBLE, sizes->slots, aef);
    if (sizes->others > 0) {
        values(source, "other_time", NC_INT64, sizes->others, others);
        values(source, "other_marginal_factor", NC_DOUBLE, sizes->others, mef + sizes->slots);
        values(source, "other_average_factor", NC_DOUBLE, sizes->others, aef + sizes->slots);
    }
    for (size_t on = 0, off = 0; source->sheet.status == NC_NOERR && on + off < all;) {
        int32_t minute = (int32_t)(axis->first_minute + (int64_t)on * head->dataset.slot_minutes);
        bool from_off =
            on == sizes->slots || (off < sizes->others && others[off] < (int64_t)minute * LS_MINUTE_S);
        size_t from = from_off ? sizes->slots + off : on;
        head->factor_minute[first + n] = from_off ? (int32_t)(others[off] / LS_MINUTE_S) : minute;
        head->mef_g_per_kwh[first + n] = mef[from];
        head->aef_g_per_kwh[first + n] = aef[from];
        n += !isnan(mef[from]) && !isnan(aef[from]);
        off += from_off;
        on += !from_off;
    }
    city->n_factors = n;
    city->factor_minute = n > 0 ? head->factor_minute + first : NULL;
    city->mef_g_per_kwh = n > 0 ? head->mef_g_per_kwh + first : NULL;
    city->aef_g_per_kwh = n > 0 ? head->aef_g_per_kwh + first : NULL;
    free(mef);
    free(aef);
    free(others);
    return 0;
}

/* The first instant tells the axis, the spacing being the dataset's. */
static void read_axis(struct source *source, struct ls_store *store, size_t index, const struct sizes *sizes)
{
    struct ls_store_city *city = &store->cities[index];
    long long first = 0;
    int id = -1;
    const size_t start = 0;
    if (step(source, "time"))
        note(source, nc_inq_varid(source->group, "time", &id));
    if (step(source, "time"))
        note(source, nc_get_var1_longlong(source->group, id, &start, &first));
    values(source, "total_usage", NC_INT64, sizes->slots, city->total_quanta);
    values(source, "known_readings", NC_UINT, sizes->slots, city->n_known);
    values(source, "rows", NC_UINT, sizes->slots, city->n_rows);
    values(source, "usage_checksum", NC_UINT64, sizes->days * city->n_pieces, city->sums);
    city->n_days = sizes->days;
    city->axis = (struct ls_store_axis){
        .first_minute = (int32_t)(first / LS_MINUTE_S),
        .n_slots = sizes->slots,
        .day_slots = (int)whole(source, "day_slots"),
        .total_quanta = city->total_quanta,
        .n_known = city->n_known,
        .n_rows = city->n_rows,
    };
    if (step(source, "day_slots") &&
        (city->axis.day_slots < 1 || sizes->slots != sizes->days * (size_t)city->axis.day_slots))
        note(source, NC_EINVAL);
}

static int read_cities(struct source *source, struct ls_store *store, const struct sizes *sizes, size_t n)
{
    int code = 0;
    struct ls_dataset_storage *head = store->head;
    char *ids = head->customer_texts;
    size_t customers = 0, extents = 0, factors = 0;
    for (size_t i = 0; code == 0 && i < n && source->sheet.status == NC_NOERR; i++) {
        char *name = head->city_texts + i * (LS_ID_BYTES + 1);
        source->group = sizes[i].group;
        text(source, "city", name, LS_ID_BYTES + 1);
        head->cities[i] =
            (struct ls_city){.name = name, .first_customer = customers, .n_customers = sizes[i].customers};
        store->cities[i].first_extent = extents;
        if (step(source, "city") && i > 0 && strcmp(head->cities[i - 1].name, name) >= 0)
            note(source, NC_EINVAL);
        read_axis(source, store, i, &sizes[i]);
        code = read_customers(source, store, i, &sizes[i], ids);
        if (code == 0)
            code = read_factors(source, store, i, &sizes[i], factors);
        customers += sizes[i].customers;
        extents += sizes[i].days;
        factors += sizes[i].slots + sizes[i].others;
        ids += sizes[i].customers * sizes[i].id_length;
    }
    if (step(source, "usage_checksum") && code == 0 && extents != store->seal.n_extents)
        note(source, NC_EINVAL);
    return code;
}

static void read_file(struct source *source, struct ls_store *store)
{
    struct ls_dataset *head = &store->head->dataset;
    head->quantum_mwh = (int32_t)whole(source, "quantum_mwh");
    head->slot_minutes = (int)whole(source, "slot_minutes");
    head->one_offset = whole(source, "one_offset") != 0;
    head->offset_s = (int32_t)whole(source, "offset_s");
    store->compressed = whole(source, "compressed") != 0;
    text(source, "checksum", store->checksum, sizeof store->checksum);
    for (size_t i = 0; i < LS_STORE_COUNTS; i++) {
        uint64_t count = (uint64_t)whole(source, ls_store_counts[i].name);
        memcpy((char *)&head->quality + ls_store_counts[i].offset, &count, sizeof count);
    }
}

/* By NetCDF, behind the door. */
static int read_head(struct ls_store *store, struct ls_error *error)
{
    int code = 0, n = 0;
    struct source source = {0};
    int *groups = NULL;
    struct sizes *sizes = NULL;
    int file = -1;
    if (step(&source, "file"))
        note(&source, nc_open(store->path, NC_NOWRITE, &file));
    source.group = file;
    if (source.sheet.status == NC_NOERR)
        read_file(&source, store);
    if (step(&source, "cities"))
        note(&source, nc_inq_grps(file, &n, NULL));
    if (source.sheet.status != NC_NOERR)
        goto done;
    groups = ls_new((size_t)n, sizeof *groups);
    sizes = calloc((size_t)n + 1, sizeof *sizes);
    store->cities = ls_arena_array(&store->arena, (size_t)n, sizeof *store->cities);
    if (groups == NULL || sizes == NULL || store->cities == NULL) {
        code = LS_ERR_MEMORY;
        goto done;
    }
    note(&source, nc_inq_grps(file, &n, groups));
    measure(&source, groups, (size_t)n, sizes);
    if (source.sheet.status != NC_NOERR)
        goto done;
    code = make_room(store, sizes, (size_t)n) ? read_cities(&source, store, sizes, (size_t)n) : LS_ERR_MEMORY;
done:
    if (file >= 0)
        (void)nc_close(file);
    free(groups);
    free(sizes);
    if (code != 0)
        return out_of_memory(error);
    return source.sheet.status != NC_NOERR ? source_error(&source, store->path, error) : 0;
}

/* ---- the file ---- */

static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

static bool has_signature(int fd)
{
    unsigned char bytes[sizeof signature];
    return ls_store_pread(fd, bytes, sizeof bytes, 0) == 0 && memcmp(bytes, signature, sizeof bytes) == 0;
}

bool ls_store_is(const char *path)
{
    struct stat about; /* a pipe would lose what is read of it */
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && has_signature(fd);
    if (fd >= 0)
        (void)close(fd);
    return is;
}

static int open_file(struct ls_store *store, struct ls_error *error)
{
    struct stat about, again;
    store->fd = open(store->path, O_RDONLY | O_CLOEXEC);
    if (store->fd < 0 || fstat(store->fd, &about) != 0)
        return ls_store_io_error(error, store->path, "open the store");
    if (!S_ISREG(about.st_mode) || !has_signature(store->fd)) {
        ls_error_set(error, LS_ERR_FORMAT, "not a store: it does not begin as a NetCDF-4 file does");
        ls_error_at(error, store->path, 0, 0, NULL);
        return LS_ERR_FORMAT;
    }
    int code = ls_seal_read(store->fd, store->path, &store->seal, error);
    if (code != 0)
        return code;
    ls_netcdf_lock();
    code = read_head(store, error);
    ls_netcdf_unlock();
    if (code == 0 &&
        (stat(store->path, &again) != 0 || again.st_dev != about.st_dev || again.st_ino != about.st_ino)) {
        code = ls_error_set(error, LS_ERR_IO, "the store was replaced while it was opened");
        ls_error_remedy(error, "try again");
        ls_error_at(error, store->path, 0, 0, NULL);
    }
    return code;
}

int ls_store_open(const char *path, ls_store **out, struct ls_error *error)
{
    struct ls_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return out_of_memory(error);
    store->fd = -1;
    store->path = strdup(path);
    store->head = calloc(1, sizeof *store->head);
    int code = store->path != NULL && store->head != NULL ? open_file(store, error) : out_of_memory(error);
    if (code == 0) {
        store->head->dataset.owner = store->head;
        *out = store;
    } else {
        ls_store_close(store);
    }
    return code;
}

void ls_store_close(ls_store *store)
{
    if (store == NULL)
        return;
    if (store->fd >= 0)
        (void)close(store->fd);
    ls_dataset_storage_free(store->head);
    ls_arena_release(&store->arena);
    free(store->seal.extents);
    free(store->path);
    free(store);
}

const struct ls_dataset *ls_store_head(const ls_store *store)
{
    return &store->head->dataset;
}

const struct ls_store_axis *ls_store_axis(const ls_store *store, size_t city)
{
    return &store->cities[city].axis;
}

bool ls_store_compressed(const ls_store *store)
{
    return store->compressed;
}

const char *ls_store_checksum(const ls_store *store)
{
    return store->checksum;
}
