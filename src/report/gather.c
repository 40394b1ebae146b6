#include "report/gather.h"

#include <stdlib.h>

#define WAITING_MOST ((size_t)512 << 20) /* so that a week of a large city, some 300 MB of rows, may wait */

enum state { TO_DO, WAITING, INLINE, PLACED };

struct ls_gathered {
    enum state state;
    struct ls_part part; /* while WAITING */
    size_t bytes;        /* of it */
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for the units of a run");
}

int ls_gather_open(struct ls_gather *gather, size_t n_units, struct ls_error *error)
{
    gather->units = calloc(n_units + 1, sizeof *gather->units);
    if (gather->units == NULL)
        return out_of_memory(error);
    if (pthread_mutex_init(&gather->lock, NULL) != 0) {
        free(gather->units);
        gather->units = NULL;
        return out_of_memory(error);
    }
    gather->n_units = n_units;
    gather->waiting_most = WAITING_MOST;
    return 0;
}

void ls_gather_close(struct ls_gather *gather)
{
    ls_tables_close(&gather->tables);
    if (gather->units == NULL)
        return;
    for (size_t u = 0; u < gather->n_units; u++)
        ls_part_release(&gather->units[u].part);
    free(gather->units);
    gather->units = NULL;
    pthread_mutex_destroy(&gather->lock);
}

int ls_gather_adopt(struct ls_gather *gather, struct ls_error *error)
{
    for (size_t unit = 0; unit < gather->n_units; unit++) {
        struct ls_part part = {0};
        struct ls_error unread = {0};
        enum state state = TO_DO;
        int status = ls_part_read(&gather->parts, unit, false, &part, &unread);
        if (status == LS_ERR_MEMORY)
            return out_of_memory(error);
        if (status == 0 && !part.placed)
            state = INLINE;
        else if (status == 0 && unit == gather->turn && ls_tables_adopt(&gather->tables, &part))
            state = PLACED;
        ls_part_release(&part);
        if (state == TO_DO &&
            status != LS_ERR_IO) /* before the tables are cut, so that no part speaks of rows that are gone */
            ls_part_remove(&gather->parts, unit);
        gather->turn += state == PLACED;
        gather->units[unit].state = state;
    }
    return ls_tables_cut(&gather->tables, error);
}

bool ls_gather_has(struct ls_gather *gather, size_t unit)
{
    pthread_mutex_lock(&gather->lock);
    bool has = gather->units[unit].state != TO_DO;
    pthread_mutex_unlock(&gather->lock);
    return has;
}

static bool has_turn(struct ls_gather *gather, size_t unit)
{
    pthread_mutex_lock(&gather->lock);
    bool turn = gather->turn == unit;
    pthread_mutex_unlock(&gather->lock);
    return turn;
}

int ls_gather_rows(struct ls_gather *gather, size_t unit, struct ls_part *part, struct ls_error *error)
{
    if (ls_part_failed(part))
        return out_of_memory(error);
    if (!gather->streaming || !has_turn(gather, unit))
        return 0;
    return ls_tables_add(&gather->tables, part, error);
}

/* The rest of a unit's rows, and its placed part. The caller has the turn. */
static int place(struct ls_gather *gather, size_t unit, struct ls_part *part, struct ls_error *error)
{
    int status = ls_tables_add(&gather->tables, part, error);
    if (status != 0)
        return status;
    part->placed = true;
    for (int t = 0; t < LS_TABLES; t++)
        ls_checksum_text(part->sums[t], part->range[t].sum);
    return ls_part_write(&gather->parts, unit, part, error);
}

/* Places the unit whose turn it is from where it waits. */
static int place_waiting(struct ls_gather *gather, size_t unit, struct ls_error *error)
{
    struct ls_part part = {0};
    pthread_mutex_lock(&gather->lock);
    bool waits = gather->units[unit].state == WAITING;
    pthread_mutex_unlock(&gather->lock);
    if (waits) /* and nobody else touches it */
        return place(gather, unit, &gather->units[unit].part, error);
    int status = ls_part_read(&gather->parts, unit, true, &part, error);
    if (status == 0 && part.placed) /* placed behind a gap: of no run that this one can go on from */
        status = ls_part_damaged(&gather->parts, unit, error);
    if (status == 0)
        status = place(gather, unit, &part, error);
    ls_part_release(&part);
    return status;
}

static size_t rows_bytes(const struct ls_part *part)
{
    size_t bytes = part->digest.length;
    for (int t = 0; t < LS_TABLES; t++)
        bytes += part->tables[t].length;
    return bytes;
}

/* Notes that the unit is placed, and gives the turn to the next; under the lock. */
static void pass_turn(struct ls_gather *gather, size_t unit)
{
    struct ls_gathered *done = &gather->units[unit];
    gather->waiting_bytes -= done->bytes;
    done->bytes = 0;
    ls_part_release(&done->part);
    done->state = PLACED;
    gather->turn++;
}

/* Places the finished units from the turn on. The caller has the turn, so nobody else moves it. */
static int place_finished(struct ls_gather *gather, struct ls_error *error)
{
    int status = 0;
    pthread_mutex_lock(&gather->lock);
    while (status == 0 && gather->turn < gather->n_units && gather->units[gather->turn].state != TO_DO) {
        size_t unit = gather->turn;
        pthread_mutex_unlock(&gather->lock);
        status = place_waiting(gather, unit, error);
        pthread_mutex_lock(&gather->lock);
        if (status == 0)
            pass_turn(gather, unit);
    }
    pthread_mutex_unlock(&gather->lock);
    return status;
}

int ls_gather_stream(struct ls_gather *gather, struct ls_error *error)
{
    gather->streaming = true;
    return place_finished(gather, error);
}

/* Lets an early unit wait in memory, if there is room. */
static bool let_wait(struct ls_gather *gather, size_t unit, struct ls_part *part)
{
    pthread_mutex_lock(&gather->lock);
    size_t bytes = rows_bytes(part);
    bool waits = gather->turn != unit && gather->waiting_bytes + bytes <= gather->waiting_most;
    if (waits) {
        gather->waiting_bytes += bytes;
        gather->units[unit] = (struct ls_gathered){.state = WAITING, .part = *part, .bytes = bytes};
        *part = (struct ls_part){0};
    }
    pthread_mutex_unlock(&gather->lock);
    return waits;
}

int ls_gather_put(struct ls_gather *gather, size_t unit, struct ls_part *part, struct ls_error *error)
{
    if (ls_part_failed(part))
        return out_of_memory(error);
    if (gather->streaming && let_wait(gather, unit, part))
        return 0;
    bool turn = gather->streaming && has_turn(gather, unit);
    int status = turn ? place(gather, unit, part, error) : ls_part_write(&gather->parts, unit, part, error);
    ls_part_release(part);
    if (status != 0)
        return status;
    pthread_mutex_lock(&gather->lock);
    if (turn)
        pass_turn(gather, unit);
    else
        gather->units[unit].state = INLINE;
    /* the turn may have come to it while its part was written */
    turn = gather->streaming && (turn || gather->turn == unit);
    pthread_mutex_unlock(&gather->lock);
    return turn ? place_finished(gather, error) : 0;
}

int ls_gather_save(struct ls_gather *gather, struct ls_error *error)
{
    int status = 0;
    for (size_t u = 0; status == 0 && u < gather->n_units; u++) {
        struct ls_gathered *unit = &gather->units[u];
        if (unit->state != WAITING)
            continue;
        bool begun = unit->part.sums[0] != NULL; /* to be placed, and failed: some rows are in the tables */
        if (!begun)
            status = ls_part_write(&gather->parts, u, &unit->part, error);
        gather->waiting_bytes -= unit->bytes;
        unit->bytes = 0;
        ls_part_release(&unit->part);
        unit->state = begun ? TO_DO : INLINE;
    }
    return status;
}

int ls_gather_place(struct ls_gather *gather, size_t unit, struct ls_error *error)
{
    if (unit < gather->turn)
        return 0;
    int status = place_waiting(gather, unit, error);
    pthread_mutex_lock(&gather->lock);
    if (status == 0)
        pass_turn(gather, unit);
    pthread_mutex_unlock(&gather->lock);
    return status;
}
