/*
 * Units finish in any order, and their rows go to the tables in the order of units.
 *
 * The unit whose *turn* it is adds its rows as its days finish. A unit that is early keeps them; once
 * finished it waits in memory, or as an inline part when too much waits there, and whoever finishes the unit
 * before it places its rows. All that is placed stands without a gap from the first unit on, so a run that
 * ended anywhere is gone on from by cutting the tables after the last unit whose rows prove sound.
 * Functions for different units may be called from different threads.
 */
#ifndef LS_REPORT_GATHER_H
#define LS_REPORT_GATHER_H

#include "report/parts.h"
#include "report/tables.h"

#include <pthread.h>

struct ls_gather {
    struct ls_parts parts;
    struct ls_tables tables;
    size_t n_units;
    size_t waiting_most;       /* bytes of finished units in memory; set by ls_gather_open() */
    bool streaming;            /* rows go to the tables; otherwise parts are inline until they are joined */
    pthread_mutex_t lock;      /* on all below */
    struct ls_gathered *units; /* [n_units] */
    size_t turn;               /* units before it are placed; only who finished it moves it on */
    size_t waiting_bytes;
};

/* The parts and the tables are set by the caller, and closed with the gather. */
int ls_gather_open(struct ls_gather *gather, size_t n_units, struct ls_error *error);
void ls_gather_close(struct ls_gather *gather);

/* Finds out what an earlier run left, and drops what is of no use. The tables are open if there are any. */
int ls_gather_adopt(struct ls_gather *gather, struct ls_error *error);

/* From now on rows go to the tables, those of finished units first. LS_ERR_IO, LS_ERR_MEMORY. */
int ls_gather_stream(struct ls_gather *gather, struct ls_error *error);

/* Whether the unit is finished, as far as this process knows. */
bool ls_gather_has(struct ls_gather *gather, size_t unit);

/* Takes the rows of a unit at work, if it is its turn. */
int ls_gather_rows(struct ls_gather *gather, size_t unit, struct ls_part *part, struct ls_error *error);

/* Takes over what a finished unit leaves. */
int ls_gather_put(struct ls_gather *gather, size_t unit, struct ls_part *part, struct ls_error *error);

/* Writes down the units that wait in memory, before the process ends. */
int ls_gather_save(struct ls_gather *gather, struct ls_error *error);

/* Places the unit, which is the next that is not, if it is not placed yet. No unit may be at work. */
int ls_gather_place(struct ls_gather *gather, size_t unit, struct ls_error *error);

#endif
