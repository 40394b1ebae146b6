/* An open store: what was read of it at once, and where the rest lies. */
#ifndef LS_DATA_STORE_FILE_H
#define LS_DATA_STORE_FILE_H

#include "base/arena.h"
#include "data/load.h"
#include "data/store.h"

#include <stdatomic.h>

struct ls_store_city {
    struct ls_store_axis axis;
    size_t n_days, first_extent;
    int64_t *total_quanta; /* [axis.n_slots] */
    uint32_t *n_known, *n_rows;
    uint64_t *sums; /* [n_days] of a chunk's values */
};

struct ls_store {
    int fd;
    char *path;
    bool compressed;
    char checksum[LS_STORE_SUM_SIZE];
    struct ls_seal seal;
    struct ls_dataset_storage *head;
    struct ls_arena arena;
    struct ls_store_city *cities; /* [cities of the head] */
    atomic_bool *verified;        /* [seal.n_extents] this process has held the chunk against its checksum */
};

#endif
