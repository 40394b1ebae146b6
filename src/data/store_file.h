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
    size_t n_pieces;       /* of a chunk */
    uint64_t *sums;        /* [n_days * n_pieces] of a piece's values */
    atomic_bool *verified; /* [n_days * n_pieces] the piece was held against its checksum since opening */
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
};

/* A chunk [customers of the city * day_slots], every piece of it held against its checksum whether or not
 * that was done before. As ls_store_read(). */
int ls_store_read_chunk(const ls_store *store, size_t city, size_t day, int32_t *out, struct ls_error *error);

#endif
