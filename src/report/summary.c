/*
 * A digest is a line of totals in the order of `totals[]`, then of the limits, then a line a household: its
 * week's savings in marginal and average terms. Sums are made in the order of units, days and customers.
 */
#include "report/summary.h"

#include "base/text.h"
#include "report/record.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOUSEHOLD_DAYS,
    MOVING,
    BASELINE_KWH,
    UNCOVERED_KWH,
    MOVED_KWH,
    BASELINE_MARG,
    SAVED_MARG,
    BASELINE_AVG,
    SAVED_AVG,
    MOVES,
    SOURCES,
    DISAGREEING,
    CITY_DAYS,
    UNPROVEN,
    TOTALS
};

static const char *const totals[TOTALS] = {
    [HOUSEHOLD_DAYS] = "customer_days",
    [MOVING] = "customer_days_moving",
    [BASELINE_KWH] = "baseline_kwh",
    [UNCOVERED_KWH] = "uncovered_kwh",
    [MOVED_KWH] = "moved_kwh",
    [BASELINE_MARG] = "baseline_marg_g",
    [SAVED_MARG] = "saved_marg_g",
    [BASELINE_AVG] = "baseline_avg_g",
    [SAVED_AVG] = "saved_avg_g",
    [MOVES] = "moves",
    [SOURCES] = "sources",
    [DISAGREEING] = "moves_disagreeing",
    [CITY_DAYS] = "city_days",
    [UNPROVEN] = "city_days_unproven",
};

#define FIGURES (TOTALS + LS_LIMIT_COUNT) /* totals, then moves by the limit that stopped them */

struct tally {
    double figure[FIGURES];
};

struct ls_digest {
    struct tally tally;
    size_t first_customer, homes;
    struct {
        double marg_g, avg_g;
        bool seen;
    } saved[]; /* [homes] */
};

/* What a household saved in a week. */
struct saving {
    double marg_g, avg_g;
    size_t unit;
};

/* A unit's place in the tables of a summary. */
struct week {
    char city[LS_ID_BYTES + 1];
    int32_t monday;
    struct tally tally;
    size_t first, next; /* its savings */
};

struct ls_summary {
    struct week *weeks; /* by city and Monday */
    size_t n_weeks, weeks_capacity;
    struct saving *savings;
    size_t n_savings, savings_capacity;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a summary");
}

/* ---- digests ---- */

static void tally_day(struct tally *tally, const struct ls_answer *answer)
{
    const struct ls_plan *plan = answer->plan;
    double *figure = tally->figure;
    if (plan->n_customers == 0)
        return;
    figure[CITY_DAYS]++;
    figure[UNPROVEN] += plan->outcome == LS_OUTCOME_TIME_LIMIT;
    figure[HOUSEHOLD_DAYS] += (double)plan->n_customers;
    figure[MOVING] += (double)plan->customers_moving;
    figure[BASELINE_KWH] += plan->baseline_kwh;
    figure[UNCOVERED_KWH] += plan->uncovered_kwh;
    figure[MOVED_KWH] += plan->moved_kwh;
    figure[BASELINE_MARG] += plan->baseline_marg_g;
    figure[SAVED_MARG] += plan->saved_marg_g;
    figure[BASELINE_AVG] += plan->baseline_avg_g;
    figure[SAVED_AVG] += plan->saved_avg_g;
    figure[MOVES] += (double)plan->n_moves;
    figure[DISAGREEING] += (double)plan->moves_disagreeing;
    for (size_t i = 0; i < plan->n_customers; i++)
        figure[SOURCES] += plan->customers[i].sources;
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        figure[TOTALS + limit] += (double)plan->limited[limit];
}

static void add_line(struct ls_buffer *out, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ls_buffer_text(out, i > 0 ? " " : "");
        ls_buffer_number(out, values[i]);
    }
    ls_buffer_text(out, "\n");
}

int ls_digest_open(const struct ls_unit *unit, ls_digest **out, struct ls_error *error)
{
    ls_digest *digest = calloc(1, sizeof *digest + unit->homes * sizeof *digest->saved);
    if (digest == NULL)
        return out_of_memory(error);
    digest->first_customer = unit->first_customer;
    digest->homes = unit->homes;
    *out = digest;
    return 0;
}

void ls_digest_add_day(ls_digest *digest, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    tally_day(&digest->tally, answer);
    for (size_t i = 0; i < day->n_customers; i++) {
        size_t home = day->customer[i] - digest->first_customer;
        assert(home < digest->homes);
        digest->saved[home].seen = true;
        digest->saved[home].marg_g += answer->plan->customers[i].saved_marg_g;
        digest->saved[home].avg_g += answer->plan->customers[i].saved_avg_g;
    }
}

int ls_digest_write(const ls_digest *digest, struct ls_buffer *out, struct ls_error *error)
{
    add_line(out, digest->tally.figure, FIGURES);
    for (size_t i = 0; i < digest->homes && !out->failed; i++)
        if (digest->saved[i].seen)
            add_line(out, (const double[]){digest->saved[i].marg_g, digest->saved[i].avg_g}, 2);
    return out->failed ? out_of_memory(error) : 0;
}

void ls_digest_close(ls_digest *digest)
{
    free(digest);
}

/* Reads `n` numbers off a line of a digest and moves past it. */
static bool read_line(const char **at, const char *end, double *values, size_t n)
{
    char text[40];
    for (size_t i = 0; i < n; i++) {
        const char *stop = memchr(*at, i + 1 < n ? ' ' : '\n', (size_t)(end - *at));
        if (stop == NULL || (size_t)(stop - *at) >= sizeof text)
            return false;
        memcpy(text, *at, (size_t)(stop - *at));
        text[stop - *at] = '\0';
        if (!ls_text_real(text, &values[i]))
            return false;
        *at = stop + 1;
    }
    return true;
}

/* ---- summaries ---- */

int ls_summary_open(ls_summary **out, struct ls_error *error)
{
    ls_summary *summary = calloc(1, sizeof *summary);
    if (summary == NULL)
        return out_of_memory(error);
    *out = summary;
    return 0;
}

void ls_summary_close(ls_summary *summary)
{
    if (summary == NULL)
        return;
    free(summary->weeks);
    free(summary->savings);
    free(summary);
}

/* Room for one more element; false when there is no memory. */
static bool grow(void **array, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return true;
    size_t more = 2 * *capacity + 64;
    void *grown = realloc(*array, more * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

int ls_summary_add(ls_summary *summary, const struct ls_unit *unit, const char *digest, size_t length,
                   struct ls_error *error)
{
    const char *at = digest, *end = digest + length;
    void *weeks = summary->weeks, *savings;
    bool grown = grow(&weeks, summary->n_weeks, &summary->weeks_capacity, sizeof *summary->weeks);
    summary->weeks = weeks;
    if (!grown)
        return out_of_memory(error);
    struct week *week = &summary->weeks[summary->n_weeks];
    *week = (struct week){.monday = unit->monday, .first = summary->n_savings, .next = summary->n_savings};
    strncpy(week->city, unit->city, sizeof week->city - 1);
    bool sound = read_line(&at, end, week->tally.figure, FIGURES);
    while (sound && at < end) {
        double values[2];
        savings = summary->savings;
        grown = grow(&savings, week->next, &summary->savings_capacity, sizeof *summary->savings);
        summary->savings = savings;
        if (!grown)
            return out_of_memory(error);
        sound = read_line(&at, end, values, 2);
        if (sound)
            summary->savings[week->next++] =
                (struct saving){.marg_g = values[0], .avg_g = values[1], .unit = summary->n_weeks};
    }
    if (!sound)
        return ls_error_set(error, LS_ERR_FORMAT, "the digest of a city-week cannot be read");
    summary->n_savings = week->next;
    summary->n_weeks++;
    return 0;
}

/* Which city-weeks a group of the summary takes in. */
struct group {
    const char *city;      /* NULL: any */
    const int32_t *monday; /* NULL: any */
};

static bool in_group(const struct week *week, const struct group *group)
{
    return (group->city == NULL || strcmp(group->city, week->city) == 0) &&
           (group->monday == NULL || *group->monday == week->monday);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool add_percentiles(cJSON *object, const char *name, double *values, size_t n)
{
    static const struct {
        const char *name;
        double share;
    } points[] = {{"p5", 0.05}, {"p25", 0.25}, {"p50", 0.5}, {"p75", 0.75}, {"p95", 0.95}};
    cJSON *list = cJSON_AddObjectToObject(object, name);
    qsort(values, n, sizeof *values, by_value);
    for (size_t i = 0; list != NULL && i < sizeof points / sizeof *points; i++) {
        size_t index = n > 0 ? (size_t)floor((double)(n - 1) * points[i].share + 0.5) : 0;
        if ((n > 0 ? cJSON_AddNumberToObject(list, points[i].name, values[index])
                   : cJSON_AddNullToObject(list, points[i].name)) == NULL)
            return false;
    }
    return list != NULL;
}

static bool add_savings(cJSON *object, const ls_summary *summary, const struct group *group)
{
    double *values[2] = {calloc(summary->n_savings + 1, sizeof(double)),
                         calloc(summary->n_savings + 1, sizeof(double))};
    cJSON *list = cJSON_AddObjectToObject(object, "saving_per_household_week");
    bool done = values[0] != NULL && values[1] != NULL && list != NULL;
    size_t n = 0;
    for (size_t i = 0; done && i < summary->n_savings; i++)
        if (in_group(&summary->weeks[summary->savings[i].unit], group)) {
            values[0][n] = summary->savings[i].marg_g;
            values[1][n++] = summary->savings[i].avg_g;
        }
    done = done && cJSON_AddNumberToObject(list, "household_weeks", (double)n) != NULL &&
           add_percentiles(list, "marg_g", values[0], n) && add_percentiles(list, "avg_g", values[1], n);
    free(values[0]);
    free(values[1]);
    return done;
}

static void sum_group(const ls_summary *summary, const struct group *group, struct tally *sum)
{
    *sum = (struct tally){0};
    for (size_t w = 0; w < summary->n_weeks; w++)
        for (size_t f = 0; f < FIGURES && in_group(&summary->weeks[w], group); f++)
            sum->figure[f] += summary->weeks[w].tally.figure[f];
}

static bool add_group(cJSON *object, const ls_summary *summary, const struct group *group)
{
    struct tally sum;
    sum_group(summary, group, &sum);
    for (int f = 0; f < TOTALS; f++)
        if (cJSON_AddNumberToObject(object, totals[f], sum.figure[f]) == NULL)
            return false;
    if (cJSON_AddNumberToObject(object, "post_kwh", sum.figure[BASELINE_KWH]) == NULL ||
        cJSON_AddNumberToObject(object, "post_marg_g", sum.figure[BASELINE_MARG] - sum.figure[SAVED_MARG]) ==
            NULL ||
        cJSON_AddNumberToObject(object, "post_avg_g", sum.figure[BASELINE_AVG] - sum.figure[SAVED_AVG]) ==
            NULL)
        return false;
    cJSON *limits = cJSON_AddObjectToObject(object, "limited_by");
    for (int l = 0; limits != NULL && l < LS_LIMIT_COUNT; l++)
        if (sum.figure[TOTALS + l] > 0 &&
            cJSON_AddNumberToObject(limits, ls_limit_name((enum ls_limit)l), sum.figure[TOTALS + l]) == NULL)
            return false;
    return limits != NULL && add_savings(object, summary, group);
}

/* Adds an object to a list and gives it its group's name and figures. */
static bool add_named(cJSON *list, const char *key, const char *name, const ls_summary *summary,
                      const struct group *group)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(list, object)) {
        cJSON_Delete(object);
        return false;
    }
    return cJSON_AddStringToObject(object, key, name) != NULL && add_group(object, summary, group);
}

static bool add_cities(cJSON *root, const ls_summary *summary)
{
    cJSON *list = cJSON_AddArrayToObject(root, "by_city");
    for (size_t w = 0; list != NULL && w < summary->n_weeks; w++) {
        struct group group = {.city = summary->weeks[w].city};
        bool is_first = w == 0 || strcmp(summary->weeks[w - 1].city, group.city) != 0;
        if (is_first && !add_named(list, "city", group.city, summary, &group))
            return false;
    }
    return list != NULL;
}

static bool add_weeks(cJSON *root, const ls_summary *summary)
{
    cJSON *list = cJSON_AddArrayToObject(root, "by_week");
    bool any = summary->n_weeks > 0;
    int32_t monday = any ? summary->weeks[0].monday : 0;
    for (size_t w = 0; w < summary->n_weeks; w++)
        monday = summary->weeks[w].monday < monday ? summary->weeks[w].monday : monday;
    while (list != NULL && any) {
        char date[LS_DATE_SIZE];
        struct group group = {.monday = &monday};
        if (!add_named(list, "week", ls_date_format(monday, date), summary, &group))
            return false;
        int32_t next = INT32_MAX;
        for (size_t w = 0; w < summary->n_weeks; w++)
            if (summary->weeks[w].monday > monday && summary->weeks[w].monday < next)
                next = summary->weeks[w].monday;
        any = next < INT32_MAX;
        monday = next;
    }
    return list != NULL;
}

static double total(const ls_summary *summary, int figure)
{
    struct tally sum;
    sum_group(summary, &(struct group){0}, &sum);
    return sum.figure[figure];
}

double ls_summary_unproven(const ls_summary *summary)
{
    return total(summary, UNPROVEN);
}

double ls_summary_home_days(const ls_summary *summary)
{
    return total(summary, HOUSEHOLD_DAYS);
}

int ls_summary_json(const ls_summary *summary, const struct ls_policy *policy, char **out,
                    struct ls_error *error)
{
    cJSON *root = cJSON_CreateObject();
    bool filled = root != NULL &&
                  cJSON_AddStringToObject(root, "engine", ls_engine(policy->engine)->name) != NULL &&
                  cJSON_AddNumberToObject(root, "city_weeks", (double)summary->n_weeks) != NULL;
    cJSON *all = filled ? cJSON_AddObjectToObject(root, "all") : NULL;
    filled = all != NULL && add_group(all, summary, &(struct group){0}) && add_cities(root, summary) &&
             add_weeks(root, summary);
    return ls_json_print(root, filled, out, error);
}
