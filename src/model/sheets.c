/*
 * Whoever wants a sheet makes those of its blocks of customers that nobody else has taken, and then waits for
 * those that others took.
 */
#include "model/sheets.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_BYTES ((size_t)512 << 20) /* of sheets that nobody uses */
#define ZONE_SIZE  64

struct ls_sheet {
    atomic_size_t owners;
    ls_sheet *next;
    /* what it is of */
    size_t city;
    int32_t first, next_date;
    int weekday;
    struct ls_policy policy; /* type and percentile of it; no more is filled in */
    char zone[ZONE_SIZE];
    /* what it is made from */
    struct ls_like_days days;
    struct ls_arena arena; /* of the groups */
    struct ls_floor_groups groups;
    size_t n_customers, n_blocks, block;
    atomic_bool *taken; /* [n_blocks] by someone who makes it or has */
    /* under the keeper's lock */
    size_t blocks_done;
    int status;
    struct ls_error error;
    unsigned long used_at;
};

struct ls_sheets {
    const struct ls_readings *readings;
    pthread_mutex_t lock;
    pthread_cond_t done;
    ls_sheet *first;
    unsigned long clock;
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

const struct ls_floor_groups *ls_sheet_groups(const ls_sheet *sheet)
{
    return &sheet->groups;
}

void ls_sheet_release(ls_sheet *sheet)
{
    if (sheet == NULL || atomic_fetch_sub(&sheet->owners, 1) > 1)
        return;
    ls_like_days_close(&sheet->days);
    ls_arena_release(&sheet->arena);
    free(sheet);
}

void ls_sheets_close(ls_sheets *sheets)
{
    if (sheets == NULL)
        return;
    for (ls_sheet *sheet = sheets->first, *next; sheet != NULL; sheet = next) {
        next = sheet->next;
        ls_sheet_release(sheet);
    }
    pthread_cond_destroy(&sheets->done);
    pthread_mutex_destroy(&sheets->lock);
    free(sheets);
}

void ls_sheet_make(ls_sheets *sheets, ls_sheet *sheet, size_t block, const struct ls_rows_at_hand *at_hand)
{
    if (atomic_exchange(&sheet->taken[block], true))
        return;
    size_t from = block * sheet->block;
    size_t n = sheet->n_customers - from < sheet->block ? sheet->n_customers - from : sheet->block;
    struct ls_error error = {0};
    const struct ls_floor_source source = {sheets->readings, sheet->city, at_hand};
    const struct ls_floor_groups groups = ls_floor_groups_from(&sheet->groups, from * LS_HOURS_A_DAY);
    ls_memory_touch(groups.base_kwh, n * LS_HOURS_A_DAY * sizeof *groups.base_kwh);
    ls_memory_touch(groups.robust_max, n * LS_HOURS_A_DAY * sizeof *groups.robust_max);
    int status = ls_floor_groups(&source, &sheet->days, &sheet->policy, from, n, &groups, &error);
    pthread_mutex_lock(&sheets->lock);
    if (status != 0 && sheet->status == 0) {
        sheet->status = status;
        sheet->error = error;
    }
    if (++sheet->blocks_done == sheet->n_blocks)
        pthread_cond_broadcast(&sheets->done);
    pthread_mutex_unlock(&sheets->lock);
}

static size_t bytes_of(const ls_sheet *sheet)
{
    return sheet->n_customers * LS_HOURS_A_DAY * (sizeof(double) + sizeof(int32_t));
}

/* Lets go of what was used longest ago until `wanted` bytes more fit; under the lock. */
static void make_room(ls_sheets *sheets, size_t wanted)
{
    for (;;) {
        size_t bytes = wanted;
        ls_sheet **oldest = NULL;
        for (ls_sheet **at = &sheets->first; *at != NULL; at = &(*at)->next) {
            bytes += bytes_of(*at);
            if ((*at)->blocks_done == (*at)->n_blocks &&
                (oldest == NULL || (*at)->used_at < (*oldest)->used_at))
                oldest = at;
        }
        if (bytes <= KEPT_BYTES || oldest == NULL)
            return;
        ls_sheet *gone = *oldest;
        *oldest = gone->next;
        ls_sheet_release(gone);
    }
}

static ls_sheet *find(ls_sheets *sheets, const ls_sheet *wanted)
{
    ls_sheet *sheet = sheets->first;
    while (sheet != NULL && (sheet->city != wanted->city || sheet->first != wanted->first ||
                             sheet->next_date != wanted->next_date || sheet->weekday != wanted->weekday ||
                             sheet->policy.floor_type != wanted->policy.floor_type ||
                             sheet->policy.robust_max_percentile < wanted->policy.robust_max_percentile ||
                             sheet->policy.robust_max_percentile > wanted->policy.robust_max_percentile ||
                             strcmp(sheet->zone, wanted->zone) != 0))
        sheet = sheet->next;
    return sheet;
}

static int new_sheet(const ls_sheets *sheets, const ls_zone *zone, const struct ls_policy *policy,
                     const ls_sheet *key, int32_t date, ls_sheet **out, struct ls_error *error)
{
    ls_sheet *sheet = malloc(sizeof *sheet);
    if (sheet == NULL)
        return out_of_memory(error);
    const struct ls_readings *readings = sheets->readings;
    *sheet = *key;
    atomic_init(&sheet->owners, 1);
    sheet->n_customers = readings->head->cities[key->city].n_customers;
    sheet->block = ls_readings_block(readings, key->city);
    sheet->n_blocks = (sheet->n_customers + sheet->block - 1) / sheet->block;
    size_t n_groups = sheet->n_customers * LS_HOURS_A_DAY;
    sheet->groups.base_kwh = ls_arena_space(&sheet->arena, n_groups, sizeof(double));
    sheet->groups.robust_max = ls_arena_space(&sheet->arena, n_groups, sizeof(int32_t));
    sheet->taken = ls_arena_array(&sheet->arena, sheet->n_blocks, sizeof *sheet->taken);
    int status =
        sheet->groups.base_kwh == NULL || sheet->groups.robust_max == NULL || sheet->taken == NULL
            ? out_of_memory(error)
            : ls_like_days_open(readings, key->city, zone, policy->floor_period, date, &sheet->days, error);
    if (status != 0) {
        ls_sheet_release(sheet);
        return status;
    }
    *out = sheet;
    return 0;
}

/* A failed sheet is kept from those who come later; under the lock. */
static void drop(ls_sheets *sheets, ls_sheet *sheet)
{
    ls_sheet **at = &sheets->first;
    while (*at != NULL && *at != sheet)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = sheet->next;
    ls_sheet_release(sheet);
}

int ls_sheets_take(ls_sheets *sheets, const ls_zone *zone, const struct ls_policy *policy, size_t city,
                   int32_t date, ls_sheet **out, struct ls_error *error)
{
    ls_sheet key = {
        .city = city,
        .weekday = ls_date_weekday(date),
        .policy = {.floor_type = policy->floor_type, .robust_max_percentile = policy->robust_max_percentile}};
    int status = 0;
    snprintf(key.zone, sizeof key.zone, "%s", ls_zone_name(zone));
    ls_floor_period(policy->floor_period, date, &key.first, &key.next_date);
    pthread_mutex_lock(&sheets->lock);
    ls_sheet *sheet = find(sheets, &key);
    if (sheet == NULL) {
        status = new_sheet(sheets, zone, policy, &key, date, &sheet, error);
        if (status == 0) {
            make_room(sheets, bytes_of(sheet));
            sheet->next = sheets->first;
            sheets->first = sheet;
        }
    }
    if (status == 0) {
        atomic_fetch_add(&sheet->owners, 1);
        sheet->used_at = ++sheets->clock;
        *out = sheet;
    }
    pthread_mutex_unlock(&sheets->lock);
    return status;
}

int ls_sheet_wait(ls_sheets *sheets, ls_sheet *sheet, struct ls_error *error)
{
    pthread_mutex_lock(&sheets->lock);
    while (sheet->blocks_done < sheet->n_blocks)
        pthread_cond_wait(&sheets->done, &sheets->lock);
    int status = sheet->status;
    if (status != 0 && error != NULL)
        *error = sheet->error;
    if (status != 0)
        drop(sheets, sheet);
    pthread_mutex_unlock(&sheets->lock);
    return status;
}
