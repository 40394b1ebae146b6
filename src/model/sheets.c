/*
 * Whoever wants a sheet that is not whole takes blocks of customers from its counter until there are none,
 * and then waits for those that others took.
 */
#include "model/sheets.h"

#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_BYTES ((size_t)512 << 20) /* of sheets that nobody uses */
#define ZONE_SIZE  64

struct sheet {
    struct ls_sheet face;
    struct sheet *next;
    /* what it is of */
    size_t city;
    int32_t first, next_date;
    int weekday;
    double percentile;
    char zone[ZONE_SIZE];
    /* what it is made from */
    struct ls_like_days days;
    struct ls_arena arena; /* of the groups */
    struct ls_floor_groups groups;
    size_t n_customers, n_blocks, block;
    atomic_size_t next_block;
    /* under the keeper's lock */
    size_t blocks_done, users;
    int status;
    struct ls_error error;
    unsigned long used_at;
};

struct ls_sheets {
    const struct ls_readings *readings;
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct sheet *first;
    unsigned long clock;
};

struct job {
    ls_sheets *sheets;
    struct sheet *sheet;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for floors");
}

int ls_sheets_open(const struct ls_readings *readings, ls_sheets **out, struct ls_error *error)
{
    ls_sheets *sheets = calloc(1, sizeof *sheets);
    if (sheets == NULL)
        return out_of_memory(error);
    sheets->readings = readings;
    pthread_mutex_init(&sheets->lock, NULL);
    pthread_cond_init(&sheets->done, NULL);
    *out = sheets;
    return 0;
}

static void free_sheet(struct sheet *sheet)
{
    ls_like_days_close(&sheet->days);
    ls_arena_release(&sheet->arena);
    free(sheet);
}

void ls_sheets_close(ls_sheets *sheets)
{
    if (sheets == NULL)
        return;
    for (struct sheet *sheet = sheets->first, *next; sheet != NULL; sheet = next) {
        next = sheet->next;
        free_sheet(sheet);
    }
    pthread_cond_destroy(&sheets->done);
    pthread_mutex_destroy(&sheets->lock);
    free(sheets);
}

/* Takes blocks until there are none. */
static void work(ls_sheets *sheets, struct sheet *sheet)
{
    for (size_t b; (b = atomic_fetch_add(&sheet->next_block, 1)) < sheet->n_blocks;) {
        size_t from = b * sheet->block;
        size_t n = sheet->n_customers - from < sheet->block ? sheet->n_customers - from : sheet->block;
        struct ls_error error = {0};
        struct ls_floor_groups groups = ls_floor_groups_from(&sheet->groups, from * LS_HOURS_A_DAY);
        int status = ls_floor_groups(sheets->readings, sheet->city, &sheet->days, sheet->percentile, from, n,
                                     &groups, &error);
        pthread_mutex_lock(&sheets->lock);
        if (status != 0 && sheet->status == 0) {
            sheet->status = status;
            sheet->error = error;
        }
        if (++sheet->blocks_done == sheet->n_blocks)
            pthread_cond_broadcast(&sheets->done);
        pthread_mutex_unlock(&sheets->lock);
    }
}

static void help(void *user, size_t i)
{
    struct job *job = user;
    (void)i;
    work(job->sheets, job->sheet);
}

static size_t bytes_of(const struct sheet *sheet)
{
    return sheet->n_customers * LS_HOURS_A_DAY * (sizeof(double) + 2 * sizeof(int32_t));
}

/* Lets go of what was used longest ago until `wanted` bytes more fit; under the lock. */
static void make_room(ls_sheets *sheets, size_t wanted)
{
    for (;;) {
        size_t bytes = wanted;
        struct sheet **oldest = NULL;
        for (struct sheet **at = &sheets->first; *at != NULL; at = &(*at)->next) {
            bytes += bytes_of(*at);
            if ((*at)->users == 0 && (oldest == NULL || (*at)->used_at < (*oldest)->used_at))
                oldest = at;
        }
        if (bytes <= KEPT_BYTES || oldest == NULL)
            return;
        struct sheet *gone = *oldest;
        *oldest = gone->next;
        free_sheet(gone);
    }
}

static struct sheet *find(ls_sheets *sheets, const struct sheet *wanted)
{
    struct sheet *sheet = sheets->first;
    while (sheet != NULL &&
           (sheet->city != wanted->city || sheet->first != wanted->first ||
            sheet->next_date != wanted->next_date || sheet->weekday != wanted->weekday ||
            sheet->percentile < wanted->percentile || sheet->percentile > wanted->percentile ||
            strcmp(sheet->zone, wanted->zone) != 0))
        sheet = sheet->next;
    return sheet;
}

static int new_sheet(const ls_sheets *sheets, const ls_zone *zone, const struct ls_policy *policy,
                     const struct sheet *key, int32_t date, struct sheet **out, struct ls_error *error)
{
    struct sheet *sheet = malloc(sizeof *sheet);
    if (sheet == NULL)
        return out_of_memory(error);
    const struct ls_readings *readings = sheets->readings;
    *sheet = *key;
    sheet->n_customers = readings->head->cities[key->city].n_customers;
    sheet->block = readings->whole_days ? sheet->n_customers : LS_STORE_PIECE;
    sheet->n_blocks = (sheet->n_customers + sheet->block - 1) / sheet->block;
    size_t n_groups = sheet->n_customers * LS_HOURS_A_DAY;
    sheet->groups.mean_kwh = ls_arena_array(&sheet->arena, n_groups, sizeof(double));
    sheet->groups.least = ls_arena_array(&sheet->arena, n_groups, sizeof(int32_t));
    sheet->groups.robust_max = ls_arena_array(&sheet->arena, n_groups, sizeof(int32_t));
    int status =
        sheet->groups.mean_kwh == NULL || sheet->groups.least == NULL || sheet->groups.robust_max == NULL
            ? out_of_memory(error)
            : ls_like_days_open(readings, key->city, zone, policy->floor_period, date, &sheet->days, error);
    if (status != 0) {
        free_sheet(sheet);
        return status;
    }
    sheet->face.groups = &sheet->groups;
    atomic_init(&sheet->next_block, 0);
    *out = sheet;
    return 0;
}

/* A failed sheet is kept from those who come later. */
static void drop(ls_sheets *sheets, struct sheet *sheet)
{
    struct sheet **at = &sheets->first;
    while (*at != NULL && *at != sheet)
        at = &(*at)->next;
    if (*at != NULL)
        *at = sheet->next;
    if (--sheet->users == 0)
        free_sheet(sheet);
}

int ls_sheets_get(ls_sheets *sheets, const ls_zone *zone, const struct ls_policy *policy, size_t city,
                  int32_t date, const struct ls_sheet **out, struct ls_error *error)
{
    struct sheet key = {
        .city = city, .weekday = ls_date_weekday(date), .percentile = policy->robust_max_percentile};
    struct sheet *sheet;
    int status = 0;
    snprintf(key.zone, sizeof key.zone, "%s", ls_zone_name(zone));
    ls_floor_period(policy->floor_period, date, &key.first, &key.next_date);
    pthread_mutex_lock(&sheets->lock);
    sheet = find(sheets, &key);
    bool is_new = sheet == NULL;
    if (is_new)
        status = new_sheet(sheets, zone, policy, &key, date, &sheet, error);
    if (status != 0) {
        pthread_mutex_unlock(&sheets->lock);
        return status;
    }
    sheet->users++;
    sheet->used_at = ++sheets->clock;
    if (is_new) {
        make_room(sheets, bytes_of(sheet));
        sheet->next = sheets->first;
        sheets->first = sheet;
    }
    bool whole = sheet->blocks_done == sheet->n_blocks;
    pthread_mutex_unlock(&sheets->lock);
    struct job job = {sheets, sheet};
    if (!whole)
        ls_parallel(is_new ? sheet->n_blocks : 1, LS_ALL_PROCESSORS, help, &job);
    pthread_mutex_lock(&sheets->lock);
    while (sheet->blocks_done < sheet->n_blocks)
        pthread_cond_wait(&sheets->done, &sheets->lock);
    status = sheet->status;
    if (status != 0) {
        if (error != NULL)
            *error = sheet->error;
        drop(sheets, sheet);
    } else {
        *out = &sheet->face;
    }
    pthread_mutex_unlock(&sheets->lock);
    return status;
}

void ls_sheets_give_back(ls_sheets *sheets, const struct ls_sheet *face)
{
    if (face == NULL)
        return;
    pthread_mutex_lock(&sheets->lock);
    struct sheet *sheet = sheets->first;
    while (&sheet->face != face)
        sheet = sheet->next;
    sheet->users--;
    pthread_mutex_unlock(&sheets->lock);
}
