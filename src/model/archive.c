#include "model/archive.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "model/assemble.h"
#include "model/days.h"
#include "model/sheets.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_SIZE      64
#define PSEUDONYM_SIZE 24

/* What the local days of a city come to, in the zone that was asked for last. */
struct calendar {
    char zone[ZONE_SIZE];        /* "": not made yet */
    struct ls_archive_day *days; /* [n_days] from the city's first row to its last */
    size_t n_days;
    double daily_load_kwh; /* all known kWh / dates with a known reading */
};

/* A head in which no customer has its own id; empty where real ids are used. */
struct pseudonyms {
    struct ls_dataset head;
    struct ls_customer *customers; /* [n_customers] */
    char *texts;                   /* [n_customers * PSEUDONYM_SIZE] */
};

struct ls_archive {
    struct ls_readings readings;
    ls_sheets *sheets;
    pthread_mutex_t lock;       /* on the calendars */
    struct calendar *calendars; /* [n_cities] */
    struct pseudonyms pseudonyms;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for an archive");
}

/* ---- opening ---- */

int ls_archive_of_readings(struct ls_readings *readings, ls_archive **out, struct ls_error *error)
{
    ls_archive *archive = calloc(1, sizeof *archive);
    if (archive == NULL) {
        ls_readings_close(readings);
        return out_of_memory(error);
    }
    archive->readings = *readings;
    pthread_mutex_init(&archive->lock, NULL);
    archive->calendars = calloc(readings->head->n_cities + 1, sizeof *archive->calendars);
    int status = archive->calendars == NULL ? out_of_memory(error)
                                            : ls_sheets_open(&archive->readings, &archive->sheets, error);
    if (status != 0) {
        ls_archive_close(archive);
        return status;
    }
    *out = archive;
    return 0;
}

int ls_archive_of_dataset(const struct ls_dataset *dataset, ls_archive **out, struct ls_error *error)
{
    struct ls_readings readings;
    int status = ls_readings_of_dataset(dataset, &readings, error);
    return status != 0 ? status : ls_archive_of_readings(&readings, out, error);
}

int ls_archive_use_pseudonyms(ls_archive *archive, struct ls_error *error)
{
    const struct ls_dataset *head = archive->readings.head;
    size_t n = head->n_customers;
    struct ls_customer *customers = calloc(n + 1, sizeof *customers);
    char *texts = calloc(n + 1, PSEUDONYM_SIZE);
    int digits = snprintf(NULL, 0, "%zu", n);
    if (customers == NULL || texts == NULL) {
        free(customers);
        free(texts);
        return out_of_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        char *text = texts + i * PSEUDONYM_SIZE;
        snprintf(text, PSEUDONYM_SIZE, "H%0*zu", digits > 4 ? digits : 4, i + 1);
        customers[i] = head->customers[i];
        customers[i].id = text;
    }
    archive->pseudonyms = (struct pseudonyms){*head, customers, texts};
    archive->pseudonyms.head.customers = customers;
    archive->readings.head = &archive->pseudonyms.head;
    return 0;
}

static void forget_calendar(struct calendar *calendar)
{
    free(calendar->days);
    *calendar = (struct calendar){0};
}

void ls_archive_close(ls_archive *archive)
{
    if (archive == NULL)
        return;
    for (size_t c = 0; archive->calendars != NULL && c < archive->readings.head->n_cities; c++)
        forget_calendar(&archive->calendars[c]);
    free(archive->calendars);
    ls_sheets_close(archive->sheets);
    pthread_mutex_destroy(&archive->lock);
    ls_readings_close(&archive->readings);
    free(archive->pseudonyms.customers);
    free(archive->pseudonyms.texts);
    free(archive);
}

const struct ls_dataset *ls_archive_head(const ls_archive *archive)
{
    return archive->readings.head;
}

/* ---- local days ---- */

/* Sums a city's slots up by local day. */
static void sum_slots(const ls_archive *archive, size_t city, const struct ls_days *days,
                      struct ls_archive_day *out)
{
    const struct ls_dataset *head = archive->readings.head;
    const struct ls_store_axis *axis = archive->readings.axis(archive->readings.beneath, city);
    double quanta_per_kwh = 1e6 / head->quantum_mwh;
    size_t t = 0;
    for (size_t d = 0; d < days->n_days; d++) {
        int64_t quanta = 0;
        int minutes = days->start_minute[d + 1] - days->start_minute[d];
        out[d] = (struct ls_archive_day){.date = days->first_date + (int32_t)d,
                                         .minutes = minutes,
                                         .wanted = head->cities[city].n_customers *
                                                   (uint64_t)(minutes / head->slot_minutes)};
        for (; t < axis->n_slots &&
               axis->first_minute + (int32_t)t * head->slot_minutes < days->start_minute[d + 1];
             t++) {
            quanta += axis->total_quanta[t];
            out[d].known += axis->n_known[t];
            out[d].has_row |= axis->n_rows[t] > 0;
        }
        out[d].usage_kwh = (double)quanta / quanta_per_kwh;
    }
}

static int make_calendar(const ls_archive *archive, size_t city, const ls_zone *zone,
                         struct calendar *calendar, struct ls_error *error)
{
    const struct ls_store_axis *axis = archive->readings.axis(archive->readings.beneath, city);
    struct ls_days days;
    int32_t last = axis->first_minute + (int32_t)(axis->n_slots - 1) * archive->readings.head->slot_minutes;
    int status = ls_days_build(&days, zone, axis->first_minute, last, error);
    if (status != 0)
        return status;
    size_t n_days = days.n_days, dates = 0;
    struct ls_archive_day *found = calloc(n_days, sizeof *found);
    if (found != NULL)
        sum_slots(archive, city, &days, found);
    ls_days_release(&days);
    if (found == NULL)
        return out_of_memory(error);
    int64_t quanta = 0;
    for (size_t t = 0; t < axis->n_slots; t++)
        quanta += axis->total_quanta[t];
    for (size_t d = 0; d < n_days; d++)
        dates += found[d].known > 0;
    double quanta_per_kwh = 1e6 / archive->readings.head->quantum_mwh;
    calendar->daily_load_kwh = dates > 0 ? (double)quanta / quanta_per_kwh / (double)dates : 0;
    snprintf(calendar->zone, sizeof calendar->zone, "%s", ls_zone_name(zone));
    calendar->days = found;
    calendar->n_days = n_days;
    return 0;
}

static int no_city(const char *city, struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", city);
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak" /* gcc 12 loses the archive at its lock */
#endif

/* The city's calendar in `zone`; the archive's lock is held until the caller lets go of it, unless it fails.
 */
static int hold_calendar(ls_archive *archive, const char *city, const ls_zone *zone,
                         const struct calendar **out, struct ls_error *error)
{
    const struct ls_dataset *head = archive->readings.head;
    const struct ls_city *where = ls_dataset_city(head, city);
    if (where == NULL)
        return no_city(city, error);
    size_t index = (size_t)(where - head->cities);
    if (archive->readings.axis(archive->readings.beneath, index)->n_slots == 0)
        return no_city(city, error);
    pthread_mutex_lock(&archive->lock);
    struct calendar *calendar = &archive->calendars[index];
    int status = 0;
    if (strcmp(calendar->zone, ls_zone_name(zone)) != 0) {
        forget_calendar(calendar);
        status = make_calendar(archive, index, zone, calendar, error);
    }
    if (status != 0) {
        forget_calendar(calendar);
        pthread_mutex_unlock(&archive->lock);
        return status;
    }
    *out = calendar;
    return 0;
}

int ls_archive_dates(ls_archive *archive, const ls_zone *zone, const char *city, int32_t **dates,
                     size_t *n_dates, struct ls_error *error)
{
    const struct calendar *calendar;
    int status = hold_calendar(archive, city, zone, &calendar, error);
    if (status != 0)
        return status;
    int32_t *found = malloc(calendar->n_days * sizeof *found);
    if (found == NULL) {
        status = out_of_memory(error);
    } else {
        *n_dates = 0;
        for (size_t d = 0; d < calendar->n_days; d++)
            if (calendar->days[d].has_row)
                found[(*n_dates)++] = calendar->days[d].date;
        *dates = found;
    }
    pthread_mutex_unlock(&archive->lock);
    return status;
}

double ls_archive_day_lacks(const struct ls_archive_day *day)
{
    return day->wanted > 0 ? 1 - (double)day->known / (double)day->wanted : 0;
}

int ls_archive_days(ls_archive *archive, const ls_zone *zone, const char *city, struct ls_archive_day **days,
                    size_t *n_days, struct ls_error *error)
{
    const struct calendar *calendar;
    int status = hold_calendar(archive, city, zone, &calendar, error);
    if (status != 0)
        return status;
    struct ls_archive_day *copy = malloc(calendar->n_days * sizeof *copy);
    if (copy == NULL) {
        status = out_of_memory(error);
    } else {
        memcpy(copy, calendar->days, calendar->n_days * sizeof *copy);
        *days = copy;
        *n_days = calendar->n_days;
    }
    pthread_mutex_unlock(&archive->lock);
    return status;
}

/* ---- city-days ---- */

/* What is shared while a city-day is cut, by several threads. */
struct cutting {
    ls_archive *archive;
    const struct ls_policy *policy;
    size_t city, block; /* block: customers that are read at a time */
    struct ls_assembly assembly;
    ls_sheet *sheet;      /* NULL: no floors, or the assembly has it */
    pthread_mutex_t lock; /* on the first failure */
    int status;
    struct ls_error error;
};

static void note_failure(struct cutting *cut, int status, const struct ls_error *error)
{
    pthread_mutex_lock(&cut->lock);
    if (status != 0 && cut->status == 0) {
        cut->status = status;
        cut->error = *error;
    }
    pthread_mutex_unlock(&cut->lock);
}

static size_t rows_of(size_t all, size_t block, size_t first)
{
    return first >= all ? 0 : all - first < block ? all - first : block;
}

static size_t blocks_of(size_t all, size_t block)
{
    return (all + block - 1) / block;
}

/* Reads a block and makes its floors while it is in a cache. */
static void read_block(void *user, size_t i)
{
    struct cutting *cut = user;
    struct ls_assembly *assembly = &cut->assembly;
    const struct ls_readings *readings = &cut->archive->readings;
    size_t first = i * cut->block, n = rows_of(assembly->capacity, cut->block, first);
    int slots = assembly->day->n_slots;
    int32_t *rows = assembly->readings + first * (size_t)slots;
    const struct ls_rows_at_hand at_hand = {assembly->start_minute, slots, assembly->readings};
    struct ls_error error = {0};
    ls_memory_touch(rows, n * (size_t)slots * sizeof *rows);
    int status =
        readings->read(readings->beneath, cut->city, first, n, assembly->start_minute, slots, rows, &error);
    if (status == 0)
        ls_assembly_sum(assembly, first, n);
    else
        note_failure(cut, status, &error);
    if (cut->sheet != NULL)
        ls_sheet_make(cut->archive->sheets, cut->sheet, i, status == 0 ? &at_hand : NULL);
}

static void rank(void *user, size_t i)
{
    struct cutting *cut = user;
    struct ls_error error = {0};
    (void)i;
    if (cut->sheet != NULL)
        note_failure(cut, ls_sheet_wait(cut->archive->sheets, cut->sheet, &error), &error);
    if (cut->status != 0)
        return;
    if (cut->sheet != NULL)
        ls_assembly_floors(&cut->assembly, cut->policy, cut->sheet);
    cut->sheet = NULL;
    note_failure(cut, ls_assembly_rank(&cut->assembly, cut->policy, &error), &error);
}

static void place_rows(void *user, size_t i)
{
    struct cutting *cut = user;
    size_t n = rows_of(cut->assembly.day->n_customers, LS_STORE_PIECE, i * LS_STORE_PIECE);
    if (cut->status == 0 && n > 0)
        ls_assembly_place(&cut->assembly, cut->archive->readings.head, i * LS_STORE_PIECE, n);
}

static void lay_rows(void *user, size_t i)
{
    struct cutting *cut = user;
    size_t n = rows_of(cut->assembly.day->n_customers, LS_STORE_PIECE, i * LS_STORE_PIECE);
    if (cut->status == 0 && n > 0)
        ls_assembly_lay(&cut->assembly, i * LS_STORE_PIECE, n);
}

/* Reads, orders and lays the rows, by as many threads as there are processors. */
static int cut_rows(struct cutting *cut, const ls_zone *zone, struct ls_error *error)
{
    const struct ls_assembly *assembly = &cut->assembly;
    const struct ls_readings *readings = &cut->archive->readings;
    int status = ls_readings_on_grid(readings, cut->city, zone, assembly->start_minute, error);
    if (status == 0 && cut->policy->floor_type != LS_FLOOR_NONE)
        status = ls_sheets_take(cut->archive->sheets, zone, cut->policy, cut->city, assembly->day->date,
                                &cut->sheet, error);
    if (status != 0)
        return status;
    cut->block = ls_readings_block(readings, cut->city);
    const size_t blocks = blocks_of(assembly->capacity, LS_STORE_PIECE);
    const struct ls_stage stages[] = {{blocks_of(assembly->capacity, cut->block), read_block},
                                      {1, rank},
                                      {blocks, place_rows},
                                      {blocks, lay_rows}};
    pthread_mutex_init(&cut->lock, NULL);
    ls_parallel_stages(stages, sizeof stages / sizeof *stages, LS_ALL_PROCESSORS, cut);
    pthread_mutex_destroy(&cut->lock);
    ls_sheet_release(cut->sheet);
    if (cut->status != 0 && error != NULL)
        *error = cut->error;
    return cut->status;
}

int ls_archive_cut(ls_archive *archive, const ls_zone *zone, const struct ls_policy *policy, const char *city,
                   int32_t date, struct ls_cityday **out, struct ls_error *error)
{
    const struct ls_dataset *head = archive->readings.head;
    const struct calendar *calendar;
    struct cutting cut = {.archive = archive, .policy = policy};
    int status = hold_calendar(archive, city, zone, &calendar, error);
    if (status != 0)
        return status;
    double daily_load_kwh = calendar->daily_load_kwh;
    pthread_mutex_unlock(&archive->lock);
    status = ls_assembly_open(head, zone, policy, city, date, &cut.assembly, error);
    if (status != 0)
        return status;
    cut.city = (size_t)(ls_dataset_city(head, city) - head->cities);
    status = cut_rows(&cut, zone, error);
    if (status != 0) {
        ls_assembly_abandon(&cut.assembly);
        return status;
    }
    *out = ls_assembly_finish(&cut.assembly, policy, daily_load_kwh);
    return 0;
}

int ls_cityday_create(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_policy *policy,
                      const char *city, int32_t date, struct ls_cityday **out, struct ls_error *error)
{
    ls_archive *archive;
    int status = ls_archive_of_dataset(dataset, &archive, error);
    if (status != 0)
        return status;
    status = ls_archive_cut(archive, zone, policy, city, date, out, error);
    ls_archive_close(archive);
    return status;
}

int ls_city_dates(const struct ls_dataset *dataset, const ls_zone *zone, const char *city, int32_t **dates,
                  size_t *n_dates, struct ls_error *error)
{
    ls_archive *archive;
    int status = ls_archive_of_dataset(dataset, &archive, error);
    if (status != 0)
        return status;
    status = ls_archive_dates(archive, zone, city, dates, n_dates, error);
    ls_archive_close(archive);
    return status;
}
