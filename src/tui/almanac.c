#include "tui/almanac.h"

#include "tui/worker.h"

#include <stdlib.h>
#include <string.h>

#define SHEETS    8 /* policies whose days are kept */
#define CITY_DAYS 1 /* that the bench keeps: each is asked for once */

/* The days of all cities under a policy. */
struct sheet {
    struct ls_policy policy;
    struct ls_almanac_day
        *days; /* [n_cities * n_days]; a day that its city has not is has_row false and 0 long */
};

struct ls_almanac {
    ls_archive *archive;
    const struct ls_dataset *head;
    ls_worker *worker;
    char timezone[64];           /* of `held`; "": not made yet */
    struct ls_archive_day *held; /* [n_cities * n_days] */
    int32_t first;               /* date */
    size_t n_days;               /* a city */
    struct sheet sheet[SHEETS];  /* [n_sheets], the one shown first */
    size_t n_sheets;
    bool working; /* the worker was asked for `city` and `date` under the first sheet */
    size_t city, centre_city;
    int32_t date, centre;
    bool wanted; /* to be gone on with */
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a calendar of days");
}

int ls_almanac_open(ls_archive *archive, void (*wake)(void *user), void *user, ls_almanac **out,
                    struct ls_error *error)
{
    ls_almanac *almanac = calloc(1, sizeof *almanac);
    if (almanac == NULL)
        return out_of_memory(error);
    almanac->archive = archive;
    almanac->head = ls_archive_head(archive);
    int status = ls_worker_start(archive, wake, user, &almanac->worker, error);
    if (status != 0) {
        free(almanac);
        return status;
    }
    ls_worker_keep(almanac->worker, CITY_DAYS);
    *out = almanac;
    return 0;
}

static void drop_sheet(struct sheet *sheet)
{
    ls_policy_clear(&sheet->policy);
    free(sheet->days);
}

static void drop_days(ls_almanac *almanac)
{
    while (almanac->n_sheets > 0)
        drop_sheet(&almanac->sheet[--almanac->n_sheets]);
    free(almanac->held);
    almanac->held = NULL;
    almanac->n_days = 0;
    almanac->timezone[0] = '\0';
}

void ls_almanac_close(ls_almanac *almanac)
{
    if (almanac == NULL)
        return;
    ls_worker_stop(almanac->worker);
    drop_days(almanac);
    free(almanac);
}

/* ---- what the days hold ---- */

/* The days of one city as the archive has them. */
struct span {
    struct ls_archive_day *days;
    size_t n;
};

static void lay_spans(ls_almanac *almanac, const struct span *spans)
{
    for (size_t c = 0; c < almanac->head->n_cities; c++)
        if (spans[c].n > 0)
            memcpy(almanac->held + c * almanac->n_days + (spans[c].days[0].date - almanac->first),
                   spans[c].days, spans[c].n * sizeof *spans[c].days);
}

/* From the first date of any city to the last. */
static int hold_days(ls_almanac *almanac, const struct ls_policy *policy, struct ls_error *error)
{
    size_t n_cities = almanac->head->n_cities;
    int32_t first = INT32_MAX, last = INT32_MIN;
    ls_zone *zone = NULL;
    struct span *spans = calloc(n_cities, sizeof *spans);
    int status =
        spans == NULL ? out_of_memory(error) : ls_dataset_zone(almanac->head, policy->timezone, &zone, error);
    for (size_t c = 0; status == 0 && c < n_cities; c++) {
        status = ls_archive_days(almanac->archive, zone, almanac->head->cities[c].name, &spans[c].days,
                                 &spans[c].n, error);
        if (status != 0)
            break;
        first = spans[c].days[0].date < first ? spans[c].days[0].date : first;
        last = spans[c].days[spans[c].n - 1].date > last ? spans[c].days[spans[c].n - 1].date : last;
    }
    if (status == 0) {
        almanac->first = first;
        almanac->n_days = (size_t)(last - first) + 1;
        almanac->held = calloc(n_cities * almanac->n_days, sizeof *almanac->held);
        status = almanac->held == NULL ? out_of_memory(error) : 0;
    }
    if (status == 0) {
        lay_spans(almanac, spans);
        memcpy(almanac->timezone, policy->timezone, sizeof almanac->timezone);
    }
    for (size_t c = 0; spans != NULL && c < n_cities; c++)
        free(spans[c].days);
    free(spans);
    ls_zone_close(zone);
    return status;
}

/* ---- sheets ---- */

static void put_first(ls_almanac *almanac, size_t from)
{
    struct sheet sheet = almanac->sheet[from];
    memmove(almanac->sheet + 1, almanac->sheet, from * sizeof *almanac->sheet);
    almanac->sheet[0] = sheet;
}

static int add_sheet(ls_almanac *almanac, const struct ls_policy *policy, struct ls_error *error)
{
    size_t n = almanac->head->n_cities * almanac->n_days;
    struct sheet sheet = {.days = calloc(n, sizeof *sheet.days)};
    int status = sheet.days == NULL ? out_of_memory(error) : ls_policy_copy(&sheet.policy, policy, error);
    if (status != 0) {
        free(sheet.days);
        return status;
    }
    for (size_t i = 0; i < n; i++)
        sheet.days[i].held = almanac->held[i];
    if (almanac->n_sheets == SHEETS)
        drop_sheet(&almanac->sheet[--almanac->n_sheets]);
    almanac->sheet[almanac->n_sheets] = sheet;
    put_first(almanac, almanac->n_sheets++);
    return 0;
}

static int turn_to_sheet(ls_almanac *almanac, const struct ls_policy *policy, struct ls_error *error)
{
    for (size_t i = 0; i < almanac->n_sheets; i++)
        if (ls_policy_equal(&almanac->sheet[i].policy, policy)) {
            put_first(almanac, i);
            return 0;
        }
    return add_sheet(almanac, policy, error);
}

/* ---- solving ---- */

static struct ls_almanac_day *day_at(const ls_almanac *almanac, size_t city, int32_t date)
{
    if (almanac->n_sheets == 0 || date < almanac->first || (size_t)(date - almanac->first) >= almanac->n_days)
        return NULL;
    struct ls_almanac_day *day =
        &almanac->sheet[0].days[city * almanac->n_days + (size_t)(date - almanac->first)];
    return day->held.minutes > 0 ? day : NULL;
}

static bool is_open(const ls_almanac *almanac, size_t city, int32_t date)
{
    const struct ls_almanac_day *day = day_at(almanac, city, date);
    return day != NULL && day->held.known > 0 && !day->solved;
}

/* The day to solve next. */
static bool find_next(const ls_almanac *almanac, size_t *city, int32_t *date)
{
    size_t n_cities = almanac->head->n_cities;
    for (size_t c = 0; c < n_cities; c++) {
        *city = (almanac->centre_city + c) % n_cities;
        for (int32_t away = 0; away < (int32_t)almanac->n_days; away++)
            for (int32_t side = 1; side >= -1; side -= 2) {
                *date = almanac->centre + side * away;
                if (is_open(almanac, *city, *date))
                    return true;
            }
    }
    return false;
}

static int solve_next(ls_almanac *almanac, struct ls_error *error)
{
    if (almanac->working || !almanac->wanted)
        return 0;
    if (!find_next(almanac, &almanac->city, &almanac->date)) {
        almanac->wanted = false;
        return 0;
    }
    int status = ls_worker_request(almanac->worker, &almanac->sheet[0].policy,
                                   almanac->head->cities[almanac->city].name, almanac->date, error);
    almanac->working = status == 0;
    return status;
}

void ls_almanac_rest(ls_almanac *almanac)
{
    if (almanac->working)
        ls_worker_forget(almanac->worker);
    almanac->working = almanac->wanted = false;
}

int ls_almanac_ask(ls_almanac *almanac, const struct ls_policy *policy, size_t city, int32_t date,
                   struct ls_error *error)
{
    int status = 0;
    almanac->centre_city = city;
    almanac->centre = date;
    bool same = almanac->n_sheets > 0 && ls_policy_equal(&almanac->sheet[0].policy, policy);
    if (!same)
        ls_almanac_rest(almanac);
    if (strcmp(almanac->timezone, policy->timezone) != 0) {
        drop_days(almanac);
        status = hold_days(almanac, policy, error);
    }
    if (status == 0 && !same)
        status = turn_to_sheet(almanac, policy, error);
    almanac->wanted = status == 0;
    return status != 0 ? status : solve_next(almanac, error);
}

bool ls_almanac_step(ls_almanac *almanac, struct ls_error *error)
{
    struct ls_answer *answer = NULL;
    if (!almanac->working)
        return true;
    if (!ls_worker_take(almanac->worker, &answer, error))
        return true;
    almanac->working = false;
    if (answer == NULL) {
        almanac->wanted = false;
        return false;
    }
    struct ls_almanac_day *day = day_at(almanac, almanac->city, almanac->date);
    day->solved = true;
    ls_day_result_of(answer->plan, &day->result);
    ls_answer_destroy(answer);
    if (solve_next(almanac, error) == 0)
        return true;
    almanac->wanted = false;
    return false;
}

bool ls_almanac_busy(const ls_almanac *almanac)
{
    return almanac->working;
}

int32_t ls_almanac_first(const ls_almanac *almanac)
{
    return almanac->first;
}

int32_t ls_almanac_last(const ls_almanac *almanac)
{
    return almanac->first + (int32_t)almanac->n_days - 1;
}

const struct ls_almanac_day *ls_almanac_day(const ls_almanac *almanac, size_t city, int32_t date)
{
    return day_at(almanac, city, date);
}
