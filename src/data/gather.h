/*
 * What threads have read of the files of an import: each a load of its own with cells instead of rows, which
 * are merged, ordered and written as a store.
 */
#ifndef LS_DATA_GATHER_H
#define LS_DATA_GATHER_H

#include "data/build.h"

#include <loadscope/import.h>

/* What one thread has read; places say the offset in a file where ordinary ones say the line. */
struct ls_gathered {
    struct ls_load load;
    struct ls_cells cells;
    uint32_t *customer_of; /* [load.customers.count] its number in the merged load, after merging */
};

void ls_gathered_release(struct ls_gathered *gathered);

/* Adds names, places, factors and counts to `all`. LS_LOAD_ASTRAY when factors contradict; LS_ERR_MEMORY. */
int ls_gathered_merge(struct ls_load *all, struct ls_gathered *gathered, struct ls_error *error);

/* Writes a store of what was gathered, whose merged load is b->load. LS_LOAD_ASTRAY when readings
 * contradict, are too far apart, or not on one grid; else as ls_import(). */
int ls_gathered_write(struct ls_build *b, const struct ls_gathered *gathered, size_t n_gathered,
                      const struct ls_import_options *options, const char *path, struct ls_error *error);

#endif
