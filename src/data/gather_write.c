/*
 * Gathered cells to a store, a chunk at a time: a city's day with all its homes.
 *
 * Blocks are first sorted by chunk. A home has as many blocks in a chunk as there were threads that met it
 * on that day, seldom more than one. What needs a home's rows in order, gaps and spacing, is counted on the
 * way, as chunks of a city are written by time.
 */
#include "data/gather.h"

#include "base/decimal.h"
#include "data/grow.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

struct entry {
    uint32_t gathered, block;
    uint32_t next; /* of the same home in the chunk, or NONE */
};

struct writing {
    struct ls_build *b;
    const struct ls_gathered *gathered; /* [n_gathered] */
    size_t n_gathered;
    const struct ls_import_options *options;
    struct ls_store_axis *axes; /* [n_cities] */
    size_t *first_chunk;        /* [n_cities + 1] number of a city's first chunk among all */
    size_t *begin;              /* [n chunks + 1] a chunk's first entry */
    struct entry *entries;
    uint32_t *home; /* [longest city] first entry of a home in the chunk at hand, or NONE */
    int64_t *last;  /* [longest city] last slot of the home that has a row, from the axis' start; -1: none */
    int32_t *usage; /* [longest city * day_slots] */
    int slot_minutes, day_slots;
    int64_t least_step; /* slots between a home's rows; 0: no home has two */
    struct ls_store_writer *store;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory sorting the readings by day");
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t whole = a / b;
    return whole - (a % b < 0);
}

/* ---- time axes ---- */

/* The dataset's city for each of the load's, SIZE_MAX where it has no customers. */
static void number_cities(const struct writing *w, size_t *city_of)
{
    const struct ls_dataset *head = &w->b->store->dataset;
    const struct ls_load *load = w->b->load;
    for (size_t i = 0; i < load->cities.count; i++)
        city_of[i] = SIZE_MAX;
    for (size_t i = 0; i < head->n_cities; i++)
        city_of[load->customers.names[w->b->named[head->cities[i].first_customer].customer].group] = i;
}

/* From the local midnight before a city's first slot to the end of a chunk behind its last. */
static int make_axes(struct writing *w, struct ls_error *error)
{
    const struct ls_slots *slots = &w->b->load->slots;
    size_t n_cities = w->b->store->dataset.n_cities;
    size_t *city_of = ls_new(w->b->load->cities.count, sizeof *city_of);
    struct span {
        int32_t first, last;
    } *span = calloc(n_cities, sizeof *span);
    int code = city_of == NULL || span == NULL ? out_of_memory(error) : 0;
    if (code != 0)
        goto done;
    number_cities(w, city_of);
    for (size_t c = 0; c < n_cities; c++)
        span[c] = (struct span){INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < slots->count; i++)
        if (slots->slot[i].read_at != 0) {
            struct span *s = &span[city_of[slots->slot[i].city]];
            int32_t minute = slots->slot[i].minute;
            s->first = minute < s->first ? minute : s->first;
            s->last = minute > s->last ? minute : s->last;
        }
    for (size_t c = 0; c < n_cities; c++) {
        int64_t first = (int64_t)span[c].first * LS_MINUTE_S;
        first = ls_zone_day_start(w->b->zone, ls_zone_date(w->b->zone, first)) / LS_MINUTE_S;
        size_t days = (size_t)((span[c].last - first) / LS_DAY_MINUTES + 1);
        w->axes[c] = (struct ls_store_axis){.first_minute = (int32_t)first,
                                            .n_slots = days * (size_t)w->day_slots,
                                            .day_slots = w->day_slots};
        w->first_chunk[c + 1] = w->first_chunk[c] + days;
    }
    for (size_t i = 0; code == 0 && i < slots->count; i++) {
        const struct ls_slot *slot = &slots->slot[i];
        size_t c = city_of[slot->city];
        if (slot->read_at != 0 && ((int64_t)slot->minute - w->axes[c].first_minute) % w->slot_minutes != 0)
            code = LS_LOAD_ASTRAY;
    }
done:
    free(city_of);
    free(span);
    return code;
}

/* ---- blocks by chunk ---- */

/* The chunks, numbered among all, in which a block has cells. */
static void chunks_of(const struct writing *w, const struct ls_gathered *from,
                      const struct ls_cells_block *block, size_t *first, size_t *last)
{
    size_t city = w->b->store->customers[w->b->rank[from->customer_of[block->customer]]].city;
    int64_t since = ls_cells_start(&from->cells, block) - w->axes[city].first_minute;
    int64_t low = floor_div(since, LS_DAY_MINUTES),
            high = floor_div(since + LS_DAY_MINUTES - 1, LS_DAY_MINUTES);
    int64_t top = (int64_t)(w->first_chunk[city + 1] - w->first_chunk[city]) - 1;
    *first = w->first_chunk[city] + (size_t)(low < 0 ? 0 : low);
    *last = w->first_chunk[city] + (size_t)(high > top ? top : high);
}

static int sort_blocks(struct writing *w, struct ls_error *error)
{
    size_t n_chunks = w->first_chunk[w->b->store->dataset.n_cities], first, last;
    size_t *next = ls_new(n_chunks, sizeof *next);
    w->begin = calloc(n_chunks + 1, sizeof *w->begin);
    if (w->begin == NULL || next == NULL) {
        free(next);
        return out_of_memory(error);
    }
    for (size_t g = 0; g < w->n_gathered; g++)
        for (size_t i = 0; i < w->gathered[g].cells.n_blocks; i++) {
            chunks_of(w, &w->gathered[g], &w->gathered[g].cells.blocks[i], &first, &last);
            for (size_t c = first; c <= last; c++)
                w->begin[c + 1]++;
        }
    for (size_t c = 0; c < n_chunks; c++) {
        next[c] = w->begin[c];
        w->begin[c + 1] += w->begin[c];
    }
    w->entries = ls_new(w->begin[n_chunks], sizeof *w->entries);
    for (size_t g = 0; w->entries != NULL && g < w->n_gathered; g++)
        for (size_t i = 0; i < w->gathered[g].cells.n_blocks; i++) {
            chunks_of(w, &w->gathered[g], &w->gathered[g].cells.blocks[i], &first, &last);
            for (size_t c = first; c <= last; c++)
                w->entries[next[c]++] = (struct entry){(uint32_t)g, (uint32_t)i, NONE};
        }
    free(next);
    return w->entries == NULL ? out_of_memory(error) : 0;
}

/* ---- a chunk ---- */

/* A block against a chunk: its cell c is the chunk's slot c + shift, for c in [from, to). */
struct overlap {
    const struct ls_cells *cells;
    const struct ls_cells_block *block;
    int shift, from, to;
};

static struct overlap overlap_of(const struct writing *w, const struct entry *entry, int64_t chunk_minute)
{
    const struct ls_cells *cells = &w->gathered[entry->gathered].cells;
    const struct ls_cells_block *block = &cells->blocks[entry->block];
    int shift = (int)((ls_cells_start(cells, block) - chunk_minute) / w->slot_minutes);
    return (struct overlap){cells, block, shift, shift < 0 ? -shift : 0,
                            shift > 0 ? cells->n_cells - shift : cells->n_cells};
}

/* The reading that one of a home's entries before `entry` has for a slot. */
static int64_t reading_before(const struct writing *w, uint32_t first, const struct entry *entry,
                              int64_t chunk_minute, int slot)
{
    for (const struct entry *e = &w->entries[first]; e != entry; e = &w->entries[e->next]) {
        struct overlap o = overlap_of(w, e, chunk_minute);
        int cell = slot - o.shift;
        if (cell >= o.from && cell < o.to && o.block->usage[cell] != LS_NO_ROW)
            return ls_cells_reading(o.cells, o.block, cell);
    }
    return LS_READING_MISSING;
}

/* A reading as it is stored, counted. */
static int32_t stored(struct writing *w, int64_t reading)
{
    struct ls_quality *quality = &w->b->quality;
    bool exact = true;
    if (reading == LS_READING_MISSING) {
        quality->missing++;
        return LS_UNKNOWN;
    }
    if (reading < 0) {
        quality->negative++;
        return LS_UNKNOWN;
    }
    int64_t unit = (int64_t)w->b->store->dataset.quantum_mwh * LS_MWH_UNITS;
    int64_t quanta = ls_fixed_round(reading, unit, &exact);
    quality->rounded += !exact;
    quality->readings++;
    return (int32_t)quanta;
}

/* Lays one block into a home's row of the chunk. */
static int lay_block(struct writing *w, uint32_t first, const struct entry *entry, int64_t chunk_minute,
                     int32_t *row)
{
    struct overlap o = overlap_of(w, entry, chunk_minute);
    bool as_it_is = o.block->rest == NULL && o.cells->quantum_mwh == w->b->store->dataset.quantum_mwh;
    uint64_t readings = 0;
    for (int cell = o.from; cell < o.to; cell++) {
        int32_t usage = o.block->usage[cell], *slot = &row[cell + o.shift];
        if (usage == LS_NO_ROW)
            continue;
        if (*slot != LS_NO_ROW) {
            if (ls_cells_reading(o.cells, o.block, cell) !=
                reading_before(w, first, entry, chunk_minute, cell + o.shift))
                return LS_LOAD_ASTRAY;
            w->b->quality.duplicates++;
        } else if (as_it_is && usage >= 0) {
            *slot = usage;
            readings++;
        } else {
            *slot = stored(w, ls_cells_reading(o.cells, o.block, cell));
        }
    }
    w->b->quality.readings += readings;
    return 0;
}

/* Counts gaps up to and in a home's row, whose first slot is number `number` of the axis. */
static void count_gaps(struct writing *w, int64_t *last, int64_t number, const int32_t *row)
{
    for (int s = 0; s < w->day_slots; s++) {
        if (row[s] == LS_NO_ROW)
            continue;
        int64_t step = number + s - *last;
        if (*last >= 0) {
            w->b->quality.gaps += (uint64_t)(step - 1);
            w->least_step = w->least_step == 0 || step < w->least_step ? step : w->least_step;
        }
        *last = number + s;
    }
}

/* Lists a chunk's entries by home. */
static void list_homes(struct writing *w, const struct ls_city *city, size_t begin, size_t end)
{
    for (size_t i = 0; i < city->n_customers; i++)
        w->home[i] = NONE;
    for (size_t e = end; e-- > begin;) {
        const struct ls_gathered *from = &w->gathered[w->entries[e].gathered];
        uint32_t customer = from->customer_of[from->cells.blocks[w->entries[e].block].customer];
        size_t home = w->b->rank[customer] - city->first_customer;
        w->entries[e].next = w->home[home];
        w->home[home] = (uint32_t)e;
    }
}

static int write_chunk(struct writing *w, size_t c, size_t day, struct ls_error *error)
{
    const struct ls_city *city = &w->b->store->cities[c];
    size_t chunk = w->first_chunk[c] + day;
    size_t n_cells = city->n_customers * (size_t)w->day_slots;
    int64_t minute = w->axes[c].first_minute + (int64_t)day * LS_DAY_MINUTES;
    if (w->begin[chunk] == w->begin[chunk + 1])
        return 0;
    list_homes(w, city, w->begin[chunk], w->begin[chunk + 1]);
    for (size_t i = 0; i < n_cells; i++)
        w->usage[i] = LS_NO_ROW;
    for (size_t i = 0; i < city->n_customers; i++) {
        int32_t *row = w->usage + i * (size_t)w->day_slots;
        for (uint32_t e = w->home[i]; e != NONE; e = w->entries[e].next) {
            int code = lay_block(w, w->home[i], &w->entries[e], minute, row);
            if (code != 0)
                return code;
        }
        if (w->home[i] != NONE)
            count_gaps(w, &w->last[i], (int64_t)day * w->day_slots, row);
    }
    return ls_store_put(w->store, c, day, w->usage, error);
}

static int write_chunks(struct writing *w, struct ls_error *error)
{
    const struct ls_import_options *options = w->options;
    size_t n_cities = w->b->store->dataset.n_cities, n_chunks = w->first_chunk[n_cities];
    for (size_t c = 0; c < n_cities; c++) {
        for (size_t i = 0; i < w->b->store->cities[c].n_customers; i++)
            w->last[i] = -1;
        for (size_t chunk = w->first_chunk[c]; chunk < w->first_chunk[c + 1]; chunk++) {
            if (options->progress != NULL &&
                options->progress(options->user, LS_IMPORT_WRITING, chunk, n_chunks))
                return ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
            int code = write_chunk(w, c, chunk - w->first_chunk[c], error);
            if (code != 0)
                return code;
        }
    }
    return w->least_step > 1 ? LS_LOAD_ASTRAY : 0;
}

static int make_room(struct writing *w, struct ls_error *error)
{
    const struct ls_dataset *head = &w->b->store->dataset;
    size_t longest = 0;
    for (size_t c = 0; c < head->n_cities; c++)
        longest = head->cities[c].n_customers > longest ? head->cities[c].n_customers : longest;
    w->home = ls_new(longest, sizeof *w->home);
    w->last = ls_new(longest, sizeof *w->last);
    w->usage = ls_new(longest * (size_t)w->day_slots, sizeof *w->usage);
    return w->home == NULL || w->last == NULL || w->usage == NULL ? out_of_memory(error) : 0;
}

int ls_gathered_write(struct ls_build *b, const struct ls_gathered *gathered, size_t n_gathered,
                      const struct ls_import_options *options, const char *path, struct ls_error *error)
{
    const struct ls_dataset *head = &b->store->dataset;
    struct writing w = {.b = b,
                        .gathered = gathered,
                        .n_gathered = n_gathered,
                        .options = options,
                        .slot_minutes = head->slot_minutes,
                        .day_slots = LS_DAY_MINUTES / head->slot_minutes};
    struct ls_store_options store = options->store;
    store.timezone = options->load.timezone;
    w.axes = ls_new(head->n_cities, sizeof *w.axes);
    w.first_chunk = calloc(head->n_cities + 1, sizeof *w.first_chunk);
    int code = w.axes == NULL || w.first_chunk == NULL ? out_of_memory(error) : make_axes(&w, error);
    if (code == 0)
        code = sort_blocks(&w, error);
    if (code == 0)
        code = make_room(&w, error);
    if (code == 0)
        code = ls_store_create(path, head, w.axes, &store, &w.store, error);
    if (code == 0) {
        code = write_chunks(&w, error);
        if (code == 0)
            code = ls_store_finish(w.store, &b->quality, error);
        else
            ls_store_abandon(w.store);
    }
    free(w.axes);
    free(w.first_chunk);
    free(w.begin);
    free(w.entries);
    free(w.home);
    free(w.last);
    free(w.usage);
    return code;
}
