#include "data/cells.h"

#include "base/decimal.h"
#include "data/grow.h"
#include "data/load.h"

#include <stdlib.h>

#define SLAB_CELLS   65536
#define FIRST_PLACES 1024

struct ls_cells_slab {
    struct ls_cells_slab *next;
    int32_t cells[SLAB_CELLS];
};

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t whole = a / b;
    return whole - (a % b < 0);
}

/* ---- blocks ---- */

static size_t place_of(const struct ls_cells *cells, uint32_t customer, int32_t day)
{
    uint64_t key = (uint64_t)customer << 32 | (uint32_t)day;
    key = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    size_t place = (size_t)(key >> 24) & (cells->n_places - 1);
    for (; cells->places[place] != 0; place = (place + 1) & (cells->n_places - 1)) {
        const struct ls_cells_block *block = &cells->blocks[cells->places[place] - 1];
        if (block->customer == customer && block->day == day)
            break;
    }
    return place;
}

/* At most half of the places are taken, so a search ends soon. */
static bool make_places(struct ls_cells *cells)
{
    if ((cells->n_blocks + 1) * 2 <= cells->n_places)
        return true;
    size_t n_places = cells->n_places > 0 ? cells->n_places * 2 : FIRST_PLACES;
    uint32_t *places = calloc(n_places, sizeof *places);
    if (places == NULL)
        return false;
    free(cells->places);
    cells->places = places;
    cells->n_places = n_places;
    for (size_t i = 0; i < cells->n_blocks; i++)
        places[place_of(cells, cells->blocks[i].customer, cells->blocks[i].day)] = (uint32_t)i + 1;
    return true;
}

/* A block's worth of cells, all `value`; NULL when memory ends. */
static int32_t *new_cells(struct ls_cells *cells, int32_t value)
{
    size_t n = (size_t)cells->n_cells;
    if (cells->slabs == NULL || cells->slab_used + n > SLAB_CELLS) {
        struct ls_cells_slab *slab = malloc(sizeof *slab);
        if (slab == NULL)
            return NULL;
        slab->next = cells->slabs;
        cells->slabs = slab;
        cells->slab_used = 0;
    }
    int32_t *made = cells->slabs->cells + cells->slab_used;
    cells->slab_used += n;
    for (size_t i = 0; i < n; i++)
        made[i] = value;
    return made;
}

static bool note_newest(struct ls_cells *cells, uint32_t customer, uint32_t block)
{
    if (customer >= cells->n_newest) {
        uint32_t *newest =
            ls_grow(cells->newest, &cells->newest_capacity, (size_t)customer + 1, sizeof *newest);
        if (newest == NULL)
            return false;
        cells->newest = newest;
        while (cells->n_newest <= customer)
            newest[cells->n_newest++] = 0;
    }
    cells->newest[customer] = block + 1;
    return true;
}

static struct ls_cells_block *find_block(struct ls_cells *cells, uint32_t customer, int32_t day)
{
    if (!make_places(cells) || cells->n_blocks >= UINT32_MAX - 1)
        return NULL;
    size_t place = place_of(cells, customer, day);
    if (cells->places[place] == 0) {
        struct ls_cells_block *blocks =
            ls_grow(cells->blocks, &cells->blocks_capacity, cells->n_blocks + 1, sizeof *blocks);
        if (blocks == NULL)
            return NULL;
        cells->blocks = blocks;
        int32_t *usage = new_cells(cells, LS_NO_ROW);
        if (usage == NULL)
            return NULL;
        blocks[cells->n_blocks] = (struct ls_cells_block){usage, NULL, customer, day};
        cells->places[place] = (uint32_t)++cells->n_blocks;
    }
    uint32_t number = cells->places[place] - 1;
    return note_newest(cells, customer, number) ? &cells->blocks[number] : NULL;
}

static inline struct ls_cells_block *block_of(struct ls_cells *cells, uint32_t customer, int32_t day)
{
    if (customer < cells->n_newest && cells->newest[customer] != 0) {
        struct ls_cells_block *block = &cells->blocks[cells->newest[customer] - 1];
        if (block->day == day)
            return block;
    }
    return find_block(cells, customer, day);
}

/* ---- cells ---- */

static int64_t unit_of(const struct ls_cells *cells)
{
    return (int64_t)cells->quantum_mwh * LS_MWH_UNITS;
}

int64_t ls_cells_reading(const struct ls_cells *cells, const struct ls_cells_block *block, int cell)
{
    if (block->usage[cell] == LS_UNKNOWN)
        return LS_READING_MISSING;
    return block->usage[cell] * unit_of(cells) + (block->rest != NULL ? block->rest[cell] : 0);
}

int64_t ls_cells_start(const struct ls_cells *cells, const struct ls_cells_block *block)
{
    return (int64_t)block->day * LS_DAY_MINUTES + cells->origin;
}

static bool fits(int64_t quanta)
{
    return quanta <= INT32_MAX && quanta > LS_UNKNOWN;
}

/* Writes a reading whose quanta fit; false when memory ends. */
static bool write_cell(struct ls_cells *cells, struct ls_cells_block *block, int cell, int64_t reading)
{
    bool exact = true;
    int64_t quanta = ls_fixed_round(reading, unit_of(cells), &exact);
    if (!exact && block->rest == NULL && (block->rest = new_cells(cells, 0)) == NULL)
        return false;
    block->usage[cell] = (int32_t)quanta;
    if (block->rest != NULL)
        block->rest[cell] = (int32_t)(reading - quanta * unit_of(cells));
    return true;
}

/* Counts all cells in a quantum ten times as large. */
static bool coarsen(struct ls_cells *cells)
{
    struct ls_cells finer = *cells;
    cells->quantum_mwh *= 10;
    for (size_t i = 0; i < cells->n_blocks; i++)
        for (int c = 0; c < cells->n_cells; c++) {
            struct ls_cells_block *block = &cells->blocks[i];
            if (block->usage[c] != LS_NO_ROW && block->usage[c] != LS_UNKNOWN &&
                !write_cell(cells, block, c, ls_cells_reading(&finer, block, c)))
                return false;
        }
    return true;
}

static bool put_known(struct ls_cells *cells, struct ls_cells_block *block, int cell, int64_t reading)
{
    bool exact = true;
    while (!fits(ls_fixed_round(reading, unit_of(cells), &exact)))
        if (!coarsen(cells))
            return false;
    cells->largest = reading > cells->largest ? reading : cells->largest;
    return write_cell(cells, block, cell, reading);
}

/* Lays the grid by the first reading. */
static void begin(struct ls_cells *cells, int32_t minute, int32_t offset_s)
{
    int64_t local = (int64_t)minute + offset_s / LS_MINUTE_S;
    int64_t past_slot = local - floor_div(local, cells->slot_minutes) * cells->slot_minutes;
    cells->origin = (int32_t)(past_slot - offset_s / LS_MINUTE_S);
    cells->n_cells = LS_DAY_MINUTES / cells->slot_minutes;
    cells->quantum_mwh = 1;
    for (int m = 0; m < LS_DAY_MINUTES; m++)
        cells->cell_of[m] =
            (uint16_t)(m % cells->slot_minutes == 0 ? m / cells->slot_minutes : cells->n_cells);
}

enum ls_cells_fate ls_cells_put(struct ls_cells *cells, uint32_t customer, int32_t minute, int32_t offset_s,
                                int64_t reading)
{
    if (cells->n_cells == 0)
        begin(cells, minute, offset_s);
    int64_t since = (int64_t)minute - cells->origin;
    int64_t day = floor_div(since, LS_DAY_MINUTES);
    int cell = cells->cell_of[since - day * LS_DAY_MINUTES];
    if (cell == cells->n_cells)
        return LS_CELLS_ASTRAY;
    struct ls_cells_block *block = block_of(cells, customer, (int32_t)day);
    if (block == NULL)
        return LS_CELLS_NO_MEMORY;
    if (block->usage[cell] != LS_NO_ROW) {
        if (ls_cells_reading(cells, block, cell) != reading)
            return LS_CELLS_CONTRADICTS;
        cells->duplicates++;
        return LS_CELLS_KEPT;
    }
    if (reading == LS_READING_MISSING) {
        block->usage[cell] = LS_UNKNOWN;
        return LS_CELLS_KEPT;
    }
    int64_t quanta = reading / LS_MWH_UNITS;
    if (cells->quantum_mwh == 1 && reading >= 0 && quanta <= INT32_MAX && quanta * LS_MWH_UNITS == reading &&
        block->rest == NULL) { /* as nearly all are */
        block->usage[cell] = (int32_t)quanta;
        cells->largest = reading > cells->largest ? reading : cells->largest;
        return LS_CELLS_KEPT;
    }
    return put_known(cells, block, cell, reading) ? LS_CELLS_KEPT : LS_CELLS_NO_MEMORY;
}

void ls_cells_release(struct ls_cells *cells)
{
    while (cells->slabs != NULL) {
        struct ls_cells_slab *next = cells->slabs->next;
        free(cells->slabs);
        cells->slabs = next;
    }
    free(cells->blocks);
    free(cells->newest);
    free(cells->places);
    *cells = (struct ls_cells){.slot_minutes = cells->slot_minutes};
}
