/*
 * Reads chunks straight from their places in the file: no lock, no copy where a whole day is asked for.
 *
 * A chunk is [customers * day_slots] of the city in row order. A compressed one is inflated and unshuffled
 * here as HDF5's filters have it, so that threads can do it at once.
 */
#include "data/store_file.h"

#include "data/grow.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>

#define BLOCK_BYTES ((size_t)256 * 1024)

/* A part of one chunk: rows [first, first + n), columns [from, from + width) to out[row * pitch]. */
struct part {
    size_t city, day;
    size_t first, n, from, width;
    int32_t *out;
    size_t pitch;
    bool always; /* held against the checksum even when that was done before */
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory reading a store");
}

static int damaged(const struct ls_store *store, const struct part *part, const char *found,
                   struct ls_error *error)
{
    char stamp[LS_STAMP_SIZE];
    const struct ls_dataset *head = &store->head->dataset;
    const struct ls_store_axis *axis = &store->cities[part->city].axis;
    int64_t minute = axis->first_minute + (int64_t)part->day * axis->day_slots * head->slot_minutes;
    ls_stamp_format(minute * LS_MINUTE_S, head->offset_s, stamp);
    ls_error_set(error, LS_ERR_FORMAT, "the usage of %s from %s on is damaged: %s",
                 head->cities[part->city].name, stamp, found);
    ls_error_remedy(error, "write the store again from the files that it was made of");
    return ls_error_at(error, store->path, 0, 0, NULL);
}

static int check_sum(const struct ls_store *store, const struct part *part, uint64_t sum,
                     struct ls_error *error)
{
    const struct ls_store_city *city = &store->cities[part->city];
    if (sum != city->sums[part->day])
        return damaged(store, part, "it is not what its checksum was made of", error);
    atomic_store_explicit(&store->verified[city->first_extent + part->day], true, memory_order_relaxed);
    return 0;
}

static bool wants_sum(const struct ls_store *store, const struct part *part)
{
    const struct ls_store_city *city = &store->cities[part->city];
    bool whole = part->n == store->head->cities[part->city].n_customers;
    return whole && (part->always || !atomic_load_explicit(&store->verified[city->first_extent + part->day],
                                                           memory_order_relaxed));
}

static void cut(const struct part *part, const int32_t *rows, size_t n, size_t row_slots, size_t to_row)
{
    for (size_t i = 0; i < n; i++)
        memcpy(part->out + (to_row + i) * part->pitch, rows + i * row_slots + part->from,
               part->width * sizeof *rows);
}

/* Rows as they lie in the file, a block at a time: straight into `out` where they are wanted whole. */
static int read_plain(const struct ls_store *store, const struct part *part, uint64_t offset,
                      struct ls_error *error)
{
    const size_t row_slots = (size_t)store->cities[part->city].axis.day_slots;
    const size_t row_bytes = row_slots * sizeof *part->out;
    const bool straight = part->width == row_slots && part->pitch == row_slots, sum = wants_sum(store, part);
    const size_t most = row_bytes < BLOCK_BYTES ? BLOCK_BYTES / row_bytes : 1;
    int code = 0;
    XXH3_state_t *state = sum ? XXH3_createState() : NULL;
    int32_t *block = straight ? NULL : ls_new(most, row_bytes);
    if ((sum && state == NULL) || (!straight && block == NULL)) {
        code = out_of_memory(error);
        goto done;
    }
    if (sum)
        XXH3_64bits_reset(state);
    for (size_t row = 0; row < part->n;) {
        size_t n = part->n - row < most ? part->n - row : most;
        int32_t *to = straight ? part->out + row * row_slots : block;
        if (ls_store_pread(store->fd, to, n * row_bytes, offset + (part->first + row) * row_bytes) != 0) {
            code = ls_store_io_error(error, store->path, "read the store");
            goto done;
        }
        if (sum)
            XXH3_64bits_update(state, to, n * row_bytes);
        if (!straight)
            cut(part, to, n, row_slots, row);
        row += n;
    }
    if (sum)
        code = check_sum(store, part, XXH3_64bits_digest(state), error);
done:
    XXH3_freeState(state);
    free(block);
    return code;
}

/* HDF5 shuffles the bytes of a chunk: first all lowest ones, and so on. */
static void unshuffle(const unsigned char *shuffled, int32_t *out, size_t n)
{
    unsigned char *bytes = (unsigned char *)out;
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < sizeof *out; b++)
            bytes[i * sizeof *out + b] = shuffled[b * n + i];
}

static int read_packed(const struct ls_store *store, const struct part *part, struct ls_extent extent,
                       struct ls_error *error)
{
    const size_t row_slots = (size_t)store->cities[part->city].axis.day_slots;
    const size_t n = store->head->cities[part->city].n_customers * row_slots;
    int code = 0;
    uLongf length = n * sizeof(int32_t);
    unsigned char *packed = ls_new(extent.length, 1), *shuffled = ls_new(n, sizeof(int32_t));
    int32_t *chunk = ls_new(n, sizeof *chunk);
    if (packed == NULL || shuffled == NULL || chunk == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    if (ls_store_pread(store->fd, packed, extent.length, extent.offset) != 0) {
        code = ls_store_io_error(error, store->path, "read the store");
        goto done;
    }
    if (uncompress(shuffled, &length, packed, extent.length) != Z_OK || length != n * sizeof(int32_t)) {
        code = damaged(store, part, "it cannot be decompressed", error);
        goto done;
    }
    unshuffle(shuffled, chunk, n);
    if (wants_sum(store, part))
        code = check_sum(store, part, XXH3_64bits(chunk, n * sizeof *chunk), error);
    if (code == 0)
        cut(part, chunk + part->first * row_slots, part->n, row_slots, 0);
done:
    free(packed);
    free(shuffled);
    free(chunk);
    return code;
}

static void fill(const struct part *part)
{
    for (size_t i = 0; i < part->n; i++)
        for (size_t t = 0; t < part->width; t++)
            part->out[i * part->pitch + t] = LS_NO_ROW;
}

static int read_part(const struct ls_store *store, const struct part *part, struct ls_error *error)
{
    const struct ls_store_city *city = &store->cities[part->city];
    const struct ls_extent extent = store->seal.extents[city->first_extent + part->day];
    const uint64_t plain = (uint64_t)store->head->cities[part->city].n_customers *
                           (uint64_t)city->axis.day_slots * sizeof(int32_t);
    if (extent.length == 0) {
        fill(part);
        return 0;
    }
    if (store->compressed)
        return read_packed(store, part, extent, error);
    if (extent.length != plain)
        return damaged(store, part, "its size is wrong", error);
    return read_plain(store, part, extent.offset, error);
}

int ls_store_read(const ls_store *store, size_t city, size_t first_customer, size_t n_customers,
                  int32_t minute, int n_slots, int32_t *out, struct ls_error *error)
{
    const struct ls_store_axis *axis = &store->cities[city].axis;
    const int slot_minutes = store->head->dataset.slot_minutes;
    const int64_t since = ((int64_t)minute - axis->first_minute) / slot_minutes, day_slots = axis->day_slots;
    int code = 0;
    assert(city < store->head->dataset.n_cities && n_slots >= 0);
    assert(((int64_t)minute - axis->first_minute) % slot_minutes == 0);
    assert(first_customer <= store->head->cities[city].n_customers &&
           n_customers <= store->head->cities[city].n_customers - first_customer);
    for (int64_t slot = since; code == 0 && slot < since + n_slots;) {
        int64_t end = since + n_slots;
        bool on = slot >= 0 && slot < (int64_t)axis->n_slots;
        int64_t next = on ? (slot / day_slots + 1) * day_slots : slot < 0 ? 0 : end;
        next = next < end ? next : end;
        const struct part part = {
            .city = city,
            .day = on ? (size_t)(slot / day_slots) : 0,
            .first = first_customer,
            .n = n_customers,
            .from = on ? (size_t)(slot % day_slots) : 0,
            .width = (size_t)(next - slot),
            .out = out + (slot - since),
            .pitch = (size_t)n_slots,
        };
        if (on)
            code = read_part(store, &part, error);
        else
            fill(&part);
        slot = next;
    }
    return code;
}

/* ---- all of it ---- */

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
            const struct part part = {city, day, 0, n, 0, slots, usage, slots, true};
            if (store->seal.extents[from->first_extent + day].length == 0)
                continue;
            code = read_part(store, &part, error);
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
