/*
 * Reads chunks straight from their places in the file: no lock, no copy where a whole day is asked for, and
 * nothing from a piece that was not held against its checksum, now or earlier.
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

#define BLOCK_BYTES ((size_t)64 * 1024) /* fits a cache, and malloc() maps no fresh pages for it */

/* A part of one chunk: rows [first, first + n), columns [from, from + width) to out[row * pitch]. */
struct part {
    size_t city, day;
    size_t first, n, from, width;
    int32_t *out;
    size_t pitch;
    bool always; /* held against checksums even when that was done before */
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
    ls_error_at(error, store->path, 0, 0, NULL);
    return LS_ERR_FORMAT;
}

/* Rows of a piece of the chunk that a part lies in. */
struct piece {
    size_t index, first, end; /* in the city, rows [first, end) */
};

static struct piece piece_at(const struct ls_store *store, const struct part *part, size_t row)
{
    size_t n = store->head->cities[part->city].n_customers, index = row / LS_STORE_PIECE;
    size_t end = (index + 1) * LS_STORE_PIECE;
    return (struct piece){index, index * LS_STORE_PIECE, end < n ? end : n};
}

static bool wants_sum(const struct ls_store *store, const struct part *part, const struct piece *piece)
{
    const struct ls_store_city *city = &store->cities[part->city];
    return part->always || !atomic_load_explicit(&city->verified[part->day * city->n_pieces + piece->index],
                                                 memory_order_relaxed);
}

static int check_sum(const struct ls_store *store, const struct part *part, const struct piece *piece,
                     uint64_t sum, struct ls_error *error)
{
    const struct ls_store_city *city = &store->cities[part->city];
    const size_t at = part->day * city->n_pieces + piece->index;
    if (sum != city->sums[at])
        return damaged(store, part, "it is not what its checksum was made of", error);
    atomic_store_explicit(&city->verified[at], true, memory_order_relaxed);
    return 0;
}

/* What a part wants of rows [first, first + n) of its chunk. */
static void cut(const struct part *part, const int32_t *rows, size_t first, size_t n, size_t row_slots)
{
    size_t begin = first > part->first ? first : part->first;
    size_t end = first + n < part->first + part->n ? first + n : part->first + part->n;
    for (size_t row = begin; row < end; row++)
        memcpy(part->out + (row - part->first) * part->pitch, rows + (row - first) * row_slots + part->from,
               part->width * sizeof *rows);
}

/* Rows as they lie in the file. */
struct plain {
    const struct part *part;
    uint64_t offset;     /* of the chunk in the file [bytes] */
    size_t row_slots;    /* of the chunk */
    size_t block_rows;   /* as many as are read at once, at most */
    int32_t *block;      /* [block_rows * row_slots] NULL: not needed yet */
    XXH3_state_t *state; /* NULL: not needed yet */
};

/* Rows [first, end) by blocks: straight into `out` where they are wanted whole, and summed up if need be. */
static int read_rows(const struct ls_store *store, struct plain *plain, size_t first, size_t end, bool sum,
                     struct ls_error *error)
{
    const struct part *part = plain->part;
    const size_t row_bytes = plain->row_slots * sizeof *part->out;
    const bool straight = part->width == plain->row_slots && part->pitch == plain->row_slots &&
                          first >= part->first && end <= part->first + part->n;
    if (!straight && plain->block == NULL)
        plain->block = ls_new(plain->block_rows, row_bytes);
    if (!straight && plain->block == NULL)
        return out_of_memory(error);
    for (size_t row = first; row < end;) {
        size_t n = end - row < plain->block_rows ? end - row : plain->block_rows;
        int32_t *to = straight ? part->out + (row - part->first) * plain->row_slots : plain->block;
        if (ls_store_pread(store->fd, to, n * row_bytes, plain->offset + row * row_bytes) != 0)
            return ls_store_io_error(error, store->path, "read the store");
        if (sum)
            XXH3_64bits_update(plain->state, to, n * row_bytes);
        if (!straight)
            cut(part, to, row, n, plain->row_slots);
        row += n;
    }
    return 0;
}

/* What a part wants of a piece; all of the piece is read if it was not yet held against its checksum. */
static int read_piece(const struct ls_store *store, struct plain *plain, const struct piece *piece,
                      struct ls_error *error)
{
    const struct part *part = plain->part;
    if (!wants_sum(store, part, piece)) {
        size_t end = part->first + part->n;
        return read_rows(store, plain, piece->first > part->first ? piece->first : part->first,
                         piece->end < end ? piece->end : end, false, error);
    }
    if (plain->state == NULL)
        plain->state = XXH3_createState();
    if (plain->state == NULL)
        return out_of_memory(error);
    XXH3_64bits_reset(plain->state);
    int code = read_rows(store, plain, piece->first, piece->end, true, error);
    return code != 0 ? code : check_sum(store, part, piece, XXH3_64bits_digest(plain->state), error);
}

static int read_plain(const struct ls_store *store, const struct part *part, uint64_t offset,
                      struct ls_error *error)
{
    const size_t row_slots = (size_t)store->cities[part->city].axis.day_slots;
    const size_t row_bytes = row_slots * sizeof *part->out;
    const size_t block_rows = row_bytes < BLOCK_BYTES ? BLOCK_BYTES / row_bytes : 1;
    struct plain plain = {.part = part, .offset = offset, .row_slots = row_slots, .block_rows = block_rows};
    int code = 0;
    for (size_t row = part->first; code == 0 && row < part->first + part->n;) {
        struct piece piece = piece_at(store, part, row);
        code = read_piece(store, &plain, &piece, error);
        row = piece.end;
    }
    XXH3_freeState(plain.state);
    free(plain.block);
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

/* Holds all pieces of a chunk in memory against their checksums. */
static int check_chunk(const struct ls_store *store, const struct part *part, const int32_t *chunk,
                       struct ls_error *error)
{
    const size_t n = store->head->cities[part->city].n_customers;
    const size_t row_slots = (size_t)store->cities[part->city].axis.day_slots;
    int code = 0;
    for (size_t row = 0; code == 0 && row < n;) {
        struct piece piece = piece_at(store, part, row);
        size_t bytes = (piece.end - piece.first) * row_slots * sizeof *chunk;
        if (wants_sum(store, part, &piece))
            code = check_sum(store, part, &piece, XXH3_64bits(chunk + piece.first * row_slots, bytes), error);
        row = piece.end;
    }
    return code;
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
    code = check_chunk(store, part, chunk, error);
    if (code == 0)
        cut(part, chunk, 0, store->head->cities[part->city].n_customers, row_slots);
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

int ls_store_read_chunk(const ls_store *store, size_t city, size_t day, int32_t *out, struct ls_error *error)
{
    const size_t slots = (size_t)store->cities[city].axis.day_slots;
    const struct part part = {
        .city = city,
        .day = day,
        .n = store->head->cities[city].n_customers,
        .width = slots,
        .out = out,
        .pitch = slots,
        .always = true,
    };
    return read_part(store, &part, error);
}
