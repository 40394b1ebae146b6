/*
 * The survey of a dataset or a store: homes one by one (quality_home.c), gathered by city into doubts.
 *
 * A city's doubts stand in a table by kind while its homes pass, so that each names its worst homes only; at
 * the end those that found something are copied out.
 */
#include <loadscope/quality.h>

#include "data/grow.h"
#include "data/quality_home.h"
#include "data/quality_rows.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define READINGS_AT_ONCE   ((size_t)8 << 20)
#define KWH_PER_MWH        1e-6
#define STEPS_MIN_READINGS 100  /* fewer say little of the meter's steps */
#define STEPS_MIN_RANGE    20   /* and so does a largest reading of fewer steps */
#define STEPS_SHARE        0.98 /* of the readings that are not 0; others may be estimates */
#define STEPS_FIRST        2    /* meters count 10^2 mWh at the finest */

struct survey {
    const struct ls_dataset *dataset; /* its readings only through `rows` */
    struct ls_survey_rows rows;
    ls_survey_progress *progress; /* NULL: nobody asks */
    void *user;
    size_t homes_done;
    struct ls_survey *out;
    struct ls_survey_days days;
    bool *has_day, *city_has_day; /* [days.n] */
    int32_t *scratch;             /* [readings of the longest home] */
    uint8_t *bare;                /* a bit a slot of the span: the city reads it but has no factors for it */
    size_t n_slots;
    double *mean_kw; /* [homes of the largest city] */
    size_t doubts_capacity;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a survey of the data");
}

/* What the table of one city's doubts starts from. */
static void start_doubts(struct ls_doubt *doubts, size_t city)
{
    for (int kind = 0; kind < LS_DOUBT_COUNT; kind++)
        doubts[kind] = (struct ls_doubt){.kind = (enum ls_doubt_kind)kind,
                                         .city = city,
                                         .value = NAN,
                                         .first_minute = LS_MISSING,
                                         .last_minute = LS_MISSING};
}

static void widen(struct ls_doubt *doubt, int32_t first, int32_t last)
{
    if (first == LS_MISSING)
        return;
    if (doubt->first_minute == LS_MISSING || first < doubt->first_minute)
        doubt->first_minute = first;
    if (doubt->last_minute == LS_MISSING || last > doubt->last_minute)
        doubt->last_minute = last;
}

/* Adds a home that has `count` of what is doubted. Of the worst, more stands first, then the earlier home. */
static void add_home(struct ls_doubt *doubt, const struct ls_doubt_home *home, uint64_t count)
{
    size_t at = doubt->n_worst;
    doubt->n_homes++;
    doubt->count += count;
    widen(doubt, home->first_minute, home->last_minute);
    while (at > 0 && doubt->worst[at - 1].count < home->count)
        at--;
    if (at == LS_DOUBT_WORST)
        return;
    doubt->n_worst += doubt->n_worst < LS_DOUBT_WORST;
    memmove(&doubt->worst[at + 1], &doubt->worst[at], (doubt->n_worst - 1 - at) * sizeof doubt->worst[0]);
    doubt->worst[at] = *home;
}

static void add_tally(struct ls_doubt *doubt, size_t customer, const struct ls_tally *tally, double value)
{
    if (tally->count == 0)
        return;
    const struct ls_doubt_home home = {customer, tally->count, value, tally->first_minute,
                                       tally->last_minute};
    add_home(doubt, &home, doubt->kind == LS_DOUBT_FLAT ? 1 : tally->count);
    doubt->value = isnan(doubt->value) ? value : fmax(doubt->value, value);
}

/* A home whose unit is in doubt has no levels to judge: then only that is told. */
static void judge_home(const struct survey *s, size_t customer, const struct ls_home_survey *home,
                       const struct ls_city_survey *city, struct ls_doubt *doubts)
{
    double quantum_kwh = KWH_PER_MWH * s->dataset->quantum_mwh, most_kwh = quantum_kwh * home->most;
    int32_t first = home->first_minute, last = home->last_minute;
    const struct ls_tally whole = {home->known, first, last};
    add_tally(&doubts[LS_DOUBT_GAPS], customer, &home->unknown,
              (double)home->unknown.count / (double)(home->unknown.count + home->known));
    int64_t late = (int64_t)first - city->first_minute, early = (int64_t)city->last_minute - last;
    if (late > LS_DAY_MINUTES || early > LS_DAY_MINUTES) {
        const struct ls_tally absent = {(uint64_t)((late + early) / s->dataset->slot_minutes), first, last};
        add_tally(&doubts[LS_DOUBT_PARTIAL], customer, &absent, NAN);
    }
    if (home->known == 0)
        return;
    if (home->counter) {
        add_tally(&doubts[LS_DOUBT_REGISTER], customer, &whole, quantum_kwh * home->last);
    } else if (home->mean_kw >= LS_MEAN_KW_WH) {
        add_tally(&doubts[LS_DOUBT_WH], customer, &whole, home->mean_kw);
    } else if (home->sum == 0) {
        add_tally(&doubts[LS_DOUBT_ZERO_HOMES], customer, &whole, NAN);
    } else {
        add_tally(&doubts[LS_DOUBT_LARGE], customer, &home->large, most_kwh);
        add_tally(&doubts[LS_DOUBT_SPIKES], customer, &home->spikes, most_kwh);
        add_tally(&doubts[LS_DOUBT_ZERO_DAYS], customer, &home->zero_days, NAN);
        add_tally(&doubts[LS_DOUBT_FLAT], customer, &home->flat, quantum_kwh * home->flat_level);
        if (home->flat_runs > 1) /* told by its longest run, counted by all */
            doubts[LS_DOUBT_FLAT].count += home->flat_runs - 1;
    }
}

/* Marks what the home reads where the city has no factors, and adds that energy. */
static double mark_bare(struct survey *s, const struct ls_customer *who, const struct ls_city *city)
{
    const struct ls_dataset *dataset = &s->rows.window;
    int64_t sum = 0;
    size_t f = 0;
    for (size_t i = who->first; i < who->first + who->n_readings; i++) {
        int32_t minute = dataset->minute[i];
        while (f < city->n_factors && city->factor_minute[f] < minute)
            f++;
        if (dataset->usage[i] == LS_MISSING || (f < city->n_factors && city->factor_minute[f] == minute))
            continue;
        size_t slot = (size_t)(((int64_t)minute - s->out->first_minute) / dataset->slot_minutes);
        s->bare[slot / 8] = (uint8_t)(s->bare[slot / 8] | 1U << slot % 8);
        sum += dataset->usage[i];
    }
    return KWH_PER_MWH * dataset->quantum_mwh * (double)sum;
}

static void judge_coverage(struct survey *s, const struct ls_city *city, double bare_kwh,
                           const struct ls_city_survey *about, struct ls_doubt *doubts)
{
    struct ls_doubt *doubt = &doubts[city->n_factors > 0 ? LS_DOUBT_UNCOVERED : LS_DOUBT_NO_FACTORS];
    for (size_t slot = 0; slot < s->n_slots; slot++)
        if (s->bare[slot / 8] >> slot % 8 & 1) {
            int64_t after = (int64_t)slot * s->dataset->slot_minutes;
            int32_t minute = (int32_t)(s->out->first_minute + after);
            widen(doubt, minute, minute);
            doubt->count++;
        }
    if (doubt->count > 0)
        doubt->value = about->kwh > 0 ? bare_kwh / about->kwh : 0;
    memset(s->bare, 0, s->n_slots / 8 + 1);
}

static void judge_factors(const struct ls_city *city, struct ls_city_survey *about, struct ls_doubt *doubts)
{
    double mef_low = INFINITY, mef_high = -INFINITY, aef_low = INFINITY, aef_high = -INFINITY;
    size_t same = 0;
    about->mef_low_g_per_kwh = about->mef_high_g_per_kwh = NAN;
    about->aef_low_g_per_kwh = about->aef_high_g_per_kwh = NAN;
    if (city->n_factors == 0)
        return;
    for (size_t i = 0; i < city->n_factors; i++) {
        double mef = city->mef_g_per_kwh[i], aef = city->aef_g_per_kwh[i];
        int32_t minute = city->factor_minute[i];
        mef_low = fmin(mef_low, mef);
        mef_high = fmax(mef_high, mef);
        aef_low = fmin(aef_low, aef);
        aef_high = fmax(aef_high, aef);
        same += mef == aef;
        if (fmax(mef, aef) > LS_FACTOR_HIGH) {
            doubts[LS_DOUBT_FACTOR_HIGH].count++;
            widen(&doubts[LS_DOUBT_FACTOR_HIGH], minute, minute);
        }
        if (aef < 0) {
            doubts[LS_DOUBT_FACTOR_NEGATIVE].count++;
            widen(&doubts[LS_DOUBT_FACTOR_NEGATIVE], minute, minute);
        }
    }
    bool mef_kg = mef_high > 0 && fmax(mef_high, -mef_low) < LS_FACTOR_KG;
    bool aef_kg = aef_high > 0 && aef_high < LS_FACTOR_KG;
    doubts[LS_DOUBT_FACTOR_HIGH].value = fmax(mef_high, aef_high);
    doubts[LS_DOUBT_FACTOR_NEGATIVE].value = aef_low;
    doubts[LS_DOUBT_FACTOR_KG].count = mef_kg || aef_kg ? city->n_factors : 0;
    doubts[LS_DOUBT_FACTOR_KG].value = mef_kg ? mef_high : aef_high;
    doubts[LS_DOUBT_FACTOR_CONSTANT].count = city->n_factors > 1 && mef_low == mef_high ? city->n_factors : 0;
    doubts[LS_DOUBT_FACTOR_CONSTANT].value = mef_high;
    doubts[LS_DOUBT_FACTOR_SAME].count =
        city->n_factors > 1 && same == city->n_factors && mef_low < mef_high ? same : 0;
    about->mef_low_g_per_kwh = mef_low;
    about->mef_high_g_per_kwh = mef_high;
    about->aef_low_g_per_kwh = aef_low;
    about->aef_high_g_per_kwh = aef_high;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/*
 * Half-hourly kW made of whole Wh come in twice those: a step of 2, 20 or 200 Wh, and none of the next power
 * of ten, tells of kW even where the level does not. `city` sums the steps of its homes.
 */
static void judge_steps(const struct survey *s, const struct ls_home_survey *city, struct ls_doubt *doubt)
{
    const int slots_an_hour = 60 / s->dataset->slot_minutes;
    const double enough = STEPS_SHARE * (double)city->used;
    double step_mwh = slots_an_hour;
    if (slots_an_hour == 1 || city->used < STEPS_MIN_READINGS)
        return;
    for (size_t k = 0; k + 1 < LS_STEPS; k++, step_mwh *= 10) {
        bool kw = (double)city->kw_tens[k] >= enough && (double)city->tens[k + 1] < enough;
        if (k < STEPS_FIRST || !kw ||
            city->most * (double)s->dataset->quantum_mwh < STEPS_MIN_RANGE * step_mwh)
            continue;
        doubt->count = city->kw_tens[k];
        doubt->value = KWH_PER_MWH * step_mwh;
    }
}

static void add_steps(struct ls_home_survey *city, const struct ls_home_survey *home)
{
    city->used += home->used;
    city->most = home->most > city->most ? home->most : city->most;
    for (size_t k = 0; k < LS_STEPS; k++) {
        city->tens[k] += home->tens[k];
        city->kw_tens[k] += home->kw_tens[k];
    }
}

/* The level of the city's middle home. */
static void judge_level(const struct survey *s, size_t n_users, struct ls_city_survey *about,
                        struct ls_doubt *doubts)
{
    about->mean_kw = NAN;
    if (n_users > 0) {
        qsort(s->mean_kw, n_users, sizeof *s->mean_kw, compare_doubles);
        about->mean_kw = s->mean_kw[n_users / 2];
    }
    double level = about->mean_kw;
    if (level > LS_MEAN_KW_HIGH && level < LS_MEAN_KW_WH)
        doubts[LS_DOUBT_HIGH].count = n_users;
    if (level < LS_MEAN_KW_LOW)
        doubts[LS_DOUBT_LOW].count = n_users;
    doubts[LS_DOUBT_HIGH].value = doubts[LS_DOUBT_LOW].value = level;
}

static int keep_doubts(struct survey *s, const struct ls_doubt *doubts, struct ls_error *error)
{
    for (int kind = 0; kind < LS_DOUBT_COUNT; kind++) {
        if (doubts[kind].count == 0)
            continue;
        struct ls_doubt *grown =
            ls_grow(s->out->doubts, &s->doubts_capacity, s->out->n_doubts + 1, sizeof *grown);
        if (grown == NULL)
            return out_of_memory(error);
        s->out->doubts = grown;
        grown[s->out->n_doubts++] = doubts[kind];
    }
    return 0;
}

/* Where most homes come in another unit, what is high in the others says nothing. */
static void trust_units(const struct ls_city *city, struct ls_doubt *doubts)
{
    if (2 * doubts[LS_DOUBT_REGISTER].n_homes >= city->n_customers)
        doubts[LS_DOUBT_WH].count = doubts[LS_DOUBT_LARGE].count = doubts[LS_DOUBT_SPIKES].count = 0;
    if (2 * doubts[LS_DOUBT_WH].n_homes >= city->n_customers)
        doubts[LS_DOUBT_LARGE].count = doubts[LS_DOUBT_SPIKES].count = 0;
}

/* What is gathered of a city's homes, besides doubts. */
struct gathered {
    struct ls_home_survey steps;
    size_t n_users;
    double bare_kwh;
};

static void survey_home(struct survey *s, size_t c, size_t customer, const struct ls_customer *who,
                        struct gathered *all, struct ls_doubt *doubts)
{
    struct ls_city_survey *about = &s->out->cities[c];
    struct ls_home_survey home;
    if (who->n_readings == 0)
        return;
    ls_home_survey(&s->rows.window, who, &s->days, s->city_has_day, s->scratch, &home);
    judge_home(s, customer, &home, about, doubts);
    all->bare_kwh += mark_bare(s, who, &s->dataset->cities[c]);
    about->readings += home.known;
    about->kwh += KWH_PER_MWH * s->dataset->quantum_mwh * (double)home.sum;
    if (home.sum == 0 || home.counter)
        return;
    s->mean_kw[all->n_users++] = home.mean_kw;
    add_steps(&all->steps, &home);
}

static int survey_homes(struct survey *s, size_t c, struct gathered *all, struct ls_doubt *doubts,
                        struct ls_error *error)
{
    const struct ls_city *city = &s->dataset->cities[c];
    for (size_t first = 0, n; first < city->n_customers; first += n) {
        if (s->progress != NULL && s->progress(s->user, s->homes_done, s->dataset->n_customers))
            return ls_error_set(error, LS_ERR_CANCELLED, "the survey was cancelled");
        int code = ls_survey_rows_take(&s->rows, c, first, &n, error);
        if (code != 0)
            return code;
        for (size_t i = 0; i < n; i++)
            survey_home(s, c, city->first_customer + first + i, &s->rows.window.customers[i], all, doubts);
        s->homes_done += n;
    }
    return 0;
}

static int survey_city(struct survey *s, size_t c, struct ls_error *error)
{
    const struct ls_city *city = &s->dataset->cities[c];
    struct ls_city_survey *about = &s->out->cities[c];
    struct ls_doubt doubts[LS_DOUBT_COUNT];
    struct gathered all = {0};
    start_doubts(doubts, c);
    memset(s->city_has_day, 0, s->days.n * sizeof *s->city_has_day);
    int code = survey_homes(s, c, &all, doubts, error);
    if (code != 0)
        return code;
    for (size_t d = 0; d < s->days.n; d++) {
        about->days += s->city_has_day[d];
        s->has_day[d] |= s->city_has_day[d];
    }
    judge_level(s, all.n_users, about, doubts);
    judge_steps(s, &all.steps, &doubts[LS_DOUBT_KW_STEPS]);
    judge_coverage(s, city, all.bare_kwh, about, doubts);
    judge_factors(city, about, doubts);
    trust_units(city, doubts);
    return keep_doubts(s, doubts, error);
}

/* What loading has counted for all cities together. */
static int survey_rows(struct survey *s, struct ls_error *error)
{
    const struct ls_quality *quality = &s->dataset->quality;
    struct ls_doubt doubts[LS_DOUBT_COUNT];
    start_doubts(doubts, LS_ALL_CITIES);
    doubts[LS_DOUBT_NEGATIVE].count = quality->negative;
    doubts[LS_DOUBT_DUPLICATES].count = quality->duplicates;
    doubts[LS_DOUBT_ROUNDED].count = quality->rounded;
    doubts[LS_DOUBT_ROUNDED].value = KWH_PER_MWH * s->dataset->quantum_mwh;
    return keep_doubts(s, doubts, error);
}

static int survey_calendar(struct survey *s, struct ls_error *error)
{
    struct ls_survey *out = s->out;
    int32_t first = ls_zone_date(out->zone, (int64_t)out->first_minute * LS_MINUTE_S);
    int32_t last = ls_zone_date(out->zone, (int64_t)out->last_minute * LS_MINUTE_S);
    size_t capacity = 0;
    s->days.first_date = first;
    s->days.n = (size_t)(last - first) + 1;
    s->days.start = ls_new(s->days.n + 1, sizeof *s->days.start);
    if (s->days.start == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i <= s->days.n; i++)
        s->days.start[i] = (int32_t)(ls_zone_day_start(out->zone, first + (int32_t)i) / LS_MINUTE_S);
    for (size_t i = 0; i < s->days.n; i++) {
        int minutes = s->days.start[i + 1] - s->days.start[i];
        if (minutes == LS_DAY_MINUTES)
            continue;
        struct ls_clock_change *grown = ls_grow(out->changes, &capacity, out->n_changes + 1, sizeof *grown);
        if (grown == NULL)
            return out_of_memory(error);
        out->changes = grown;
        grown[out->n_changes++] = (struct ls_clock_change){first + (int32_t)i, minutes};
    }
    return 0;
}

/* Spans first: the days and the slots are counted from them. */
static int open_survey(struct survey *s, struct ls_error *error)
{
    const struct ls_dataset *dataset = s->dataset;
    struct ls_survey *out = s->out;
    size_t largest = 0;
    struct ls_city_survey *cities = calloc(dataset->n_cities, sizeof *cities);
    if (cities == NULL)
        return out_of_memory(error);
    out->cities = cities;
    out->first_minute = INT32_MAX;
    out->last_minute = INT32_MIN;
    for (size_t c = 0; c < dataset->n_cities; c++) {
        struct ls_city_survey *about = &out->cities[c];
        ls_survey_rows_span(&s->rows, c, &about->first_minute, &about->last_minute);
        out->first_minute = about->first_minute < out->first_minute ? about->first_minute : out->first_minute;
        out->last_minute = about->last_minute > out->last_minute ? about->last_minute : out->last_minute;
        largest = dataset->cities[c].n_customers > largest ? dataset->cities[c].n_customers : largest;
    }
    if (out->last_minute < out->first_minute)
        return ls_error_set(error, LS_ERR_VALUE, "there are no readings to look at");
    int code = survey_calendar(s, error);
    if (code != 0)
        return code;
    s->n_slots = (size_t)(((int64_t)out->last_minute - out->first_minute) / dataset->slot_minutes) + 1;
    s->has_day = calloc(s->days.n, sizeof *s->has_day);
    s->city_has_day = calloc(s->days.n, sizeof *s->city_has_day);
    s->bare = calloc(s->n_slots / 8 + 1, 1);
    s->scratch = ls_new(ls_survey_rows_longest(&s->rows), sizeof *s->scratch);
    s->mean_kw = ls_new(largest, sizeof *s->mean_kw);
    if (s->has_day == NULL || s->city_has_day == NULL || s->bare == NULL || s->scratch == NULL ||
        s->mean_kw == NULL)
        return out_of_memory(error);
    return 0;
}

static int compare_doubts(const void *a, const void *b)
{
    const struct ls_doubt *x = a, *y = b;
    if (x->kind != y->kind)
        return (x->kind > y->kind) - (x->kind < y->kind);
    return (x->city > y->city) - (x->city < y->city);
}

bool ls_doubt_minor(const struct ls_doubt *doubt)
{
    return doubt->kind > LS_DOUBT_GAPS || (doubt->kind == LS_DOUBT_GAPS && doubt->value < LS_GAPS_SHARE);
}

/* Surveys what `s` is prepared for, and releases it. */
static int make_survey(struct survey *s, const ls_store *store, const ls_zone *zone, struct ls_survey **out,
                       struct ls_error *error)
{
    struct ls_survey *made = calloc(1, sizeof *made);
    if (made == NULL)
        return out_of_memory(error);
    made->dataset = s->dataset;
    made->zone = zone;
    s->out = made;
    int code = ls_survey_rows_open(&s->rows, s->dataset, store, READINGS_AT_ONCE, error);
    if (code == 0)
        code = open_survey(s, error);
    for (size_t c = 0; code == 0 && c < s->dataset->n_cities; c++)
        code = survey_city(s, c, error);
    if (code == 0)
        code = survey_rows(s, error);
    if (code == 0) {
        for (size_t d = 0; d < s->days.n; d++)
            made->days += s->has_day[d];
        if (made->n_doubts > 1)
            qsort(made->doubts, made->n_doubts, sizeof *made->doubts, compare_doubts);
        *out = made;
    } else {
        ls_survey_destroy(made);
    }
    ls_survey_rows_close(&s->rows);
    free(s->days.start);
    free(s->has_day);
    free(s->city_has_day);
    free(s->bare);
    free(s->scratch);
    free(s->mean_kw);
    return code;
}

int ls_survey_create(const struct ls_dataset *dataset, const ls_zone *zone, struct ls_survey **out,
                     struct ls_error *error)
{
    assert(dataset->n_readings > 0);
    struct survey s = {.dataset = dataset};
    return make_survey(&s, NULL, zone, out, error);
}

int ls_survey_of_store(const ls_store *store, const ls_zone *zone, ls_survey_progress *progress, void *user,
                       struct ls_survey **out, struct ls_error *error)
{
    struct survey s = {.dataset = ls_store_head(store), .progress = progress, .user = user};
    return make_survey(&s, store, zone, out, error);
}

void ls_survey_destroy(struct ls_survey *survey)
{
    if (survey == NULL)
        return;
    free(survey->cities);
    free(survey->changes);
    free(survey->doubts);
    free(survey);
}
