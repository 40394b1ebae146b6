/*
 * Readings while they are gathered for a store: blocks of one home and one day, a cell a slot.
 *
 * They take the room of the store, not of the rows. Nothing is lost by it: a cell counts quanta, and what a
 * reading has beyond them is kept beside it, so that a duplicate is told from a contradiction, and a coarser
 * quantum rounds what the row said. Start with {.slot_minutes = ...}; ls_cells_release() ends it.
 */
#ifndef LS_DATA_CELLS_H
#define LS_DATA_CELLS_H

#include <loadscope/calendar.h>
#include <loadscope/store.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ls_cells_block {
    int32_t *usage; /* [n_cells] quanta, negative ones too, LS_UNKNOWN or LS_NO_ROW */
    int32_t *rest;  /* [n_cells] 1e-8 kWh beyond them, or NULL: none */
    uint32_t customer;
    int32_t day; /* from the origin */
};

struct ls_cells {
    int slot_minutes;
    int n_cells;    /* a block's; 0 before the first reading */
    int32_t origin; /* a minute at which a block begins, of the first reading's own midnight if it can be */
    int32_t quantum_mwh; /* of the cells; the least that holds all of them, 1 to 1000 */
    int64_t largest;     /* known reading, 1e-8 kWh */
    uint64_t duplicates;
    size_t n_blocks, blocks_capacity;
    struct ls_cells_block *blocks; /* [n_blocks] */
    size_t newest_capacity;
    size_t n_newest;
    uint32_t *newest; /* [n_newest] by customer: number + 1 of the block that was met last, 0: none */
    size_t n_places;
    uint32_t *places; /* [n_places, a power of two] open addressing: number of a block + 1, or 0 */
    struct ls_cells_slab *slabs;
    size_t slab_used;
    uint16_t cell_of[LS_DAY_MINUTES]; /* of a minute from a block's start; n_cells: none starts there */
};

enum ls_cells_fate {
    LS_CELLS_KEPT,        /* or dropped and counted as a duplicate */
    LS_CELLS_ASTRAY,      /* not on the grid of the first reading */
    LS_CELLS_CONTRADICTS, /* the slot has another reading */
    LS_CELLS_NO_MEMORY
};

/* Takes a reading (1e-8 kWh, or LS_READING_MISSING). `offset_s` is what its row says; the first one's
 * counts. */
enum ls_cells_fate ls_cells_put(struct ls_cells *cells, uint32_t customer, int32_t minute, int32_t offset_s,
                                int64_t reading);

/* What was put into a cell that is not LS_NO_ROW. */
int64_t ls_cells_reading(const struct ls_cells *cells, const struct ls_cells_block *block, int cell);

/* The minute that a block begins with. */
int64_t ls_cells_start(const struct ls_cells *cells, const struct ls_cells_block *block);

void ls_cells_release(struct ls_cells *cells);

#endif
