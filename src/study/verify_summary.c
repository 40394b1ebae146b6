/*
 * summary.json against what was derived: totals, counts and percentiles in all, by city and by week. Figures
 * that it lacks are passed over, but not a city or a week that its lists leave out. Of city_days_unproven,
 * which only the engine knows, no more can be told than what it cannot be.
 */
#include "base/json.h"
#include "data/stream.h"
#include "solve/check.h"
#include "study/verify.h"

#include "data/grow.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char summary_file[] = "summary.json";

enum kind { COUNT, KWH, GRAMS };

#define TOTAL(field) offsetof(struct ls_verify_totals, field)
#define NOTHING      SIZE_MAX

static const struct {
    const char *name, *unit;
    enum kind kind;
    size_t of, less; /* offsets of a total and of what is taken from it */
} figures[] = {
    {"city_days", "city-days", COUNT, TOTAL(city_days), NOTHING},
    {"customer_days", "customer-days", COUNT, TOTAL(customer_days), NOTHING},
    {"customer_days_moving", "customer-days", COUNT, TOTAL(customer_days_moving), NOTHING},
    {"moves", "moves", COUNT, TOTAL(moves), NOTHING},
    {"sources", "slots", COUNT, TOTAL(sources), NOTHING},
    {"moves_disagreeing", "moves", COUNT, TOTAL(disagreeing), NOTHING},
    {"baseline_kwh", "kWh", KWH, TOTAL(baseline_kwh), NOTHING},
    {"post_kwh", "kWh", KWH, TOTAL(baseline_kwh), NOTHING},
    {"uncovered_kwh", "kWh", KWH, TOTAL(uncovered_kwh), NOTHING},
    {"moved_kwh", "kWh", KWH, TOTAL(moved_kwh), NOTHING},
    {"baseline_marg_g", "g", GRAMS, TOTAL(baseline_marg_g), NOTHING},
    {"baseline_avg_g", "g", GRAMS, TOTAL(baseline_avg_g), NOTHING},
    {"saved_marg_g", "g", GRAMS, TOTAL(saved_marg_g), NOTHING},
    {"saved_avg_g", "g", GRAMS, TOTAL(saved_avg_g), NOTHING},
    {"post_marg_g", "g", GRAMS, TOTAL(baseline_marg_g), TOTAL(saved_marg_g)},
    {"post_avg_g", "g", GRAMS, TOTAL(baseline_avg_g), TOTAL(saved_avg_g)},
};

static const struct {
    const char *name, *figure[LS_VERIFY_POINTS];
} savings[2] = {
    {"marg_g",
     {"saving_per_household_week.marg_g.p5", "saving_per_household_week.marg_g.p25",
      "saving_per_household_week.marg_g.p50", "saving_per_household_week.marg_g.p75",
      "saving_per_household_week.marg_g.p95"}},
    {"avg_g",
     {"saving_per_household_week.avg_g.p5", "saving_per_household_week.avg_g.p25",
      "saving_per_household_week.avg_g.p50", "saving_per_household_week.avg_g.p75",
      "saving_per_household_week.avg_g.p95"}},
};

/* The object under judgement: the whole run, a city or a week. */
struct part {
    struct ls_verify *v;
    const cJSON *object;
    const char *city; /* "" unless a city */
    int32_t date;     /* Monday of a week, else LS_VERIFY_NO_DATE */
    struct ls_verify_span span;
    const struct ls_verify_totals *totals;
};

static void note(const struct part *part, const struct ls_verify_violation *violation)
{
    struct ls_verify_violation whole = *violation;
    whole.file = summary_file;
    whole.date = part->date;
    whole.slot = -1;
    ls_verify_copy(whole.city, part->city);
    ls_verify_note(part->v, &whole);
}

/* What a figure may be. */
struct range {
    double low, high, allowed;
};

static void judge_number(const struct part *part, const cJSON *item, const char *name, const char *unit,
                         const struct range *range)
{
    if (item == NULL)
        return;
    double stated = cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
    if (stated >= range->low - range->allowed && stated <= range->high + range->allowed)
        return;
    if (isnan(range->low) && cJSON_IsNull(item))
        return;
    double derived = stated > range->high ? range->high : range->low;
    note(part, &(struct ls_verify_violation){.limit = name,
                                             .amount = stated - derived,
                                             .unit = unit,
                                             .compared = true,
                                             .stated = stated,
                                             .derived = derived});
}

static void judge_count(const struct part *part, const cJSON *item, const char *name, const char *unit,
                        size_t low, size_t high)
{
    double stated = cJSON_IsNumber(item) ? item->valuedouble : 0;
    struct range range = {(double)low, (double)high, 0};
    if (stated > range.low && stated < range.high && stated != floor(stated))
        range.low = range.high = floor(stated);
    judge_number(part, item, name, unit, &range);
}

/* What a sum may be off by: grams as its kWh would be at the mean factor, twice over. */
static double allowed(const struct part *part, enum kind kind)
{
    const struct ls_verify_totals *totals = part->totals;
    size_t readings = totals->customer_days * (size_t)(LS_DAY_MINUTES / part->v->policy->slot_minutes);
    double kwh = ls_check_tolerance(part->v->slack_kwh, readings, 1e3 * totals->baseline_kwh);
    if (kind == KWH)
        return kwh;
    double grams = fmax(fabs(totals->baseline_marg_g), fabs(totals->baseline_avg_g));
    return totals->baseline_kwh > 0 ? 2 * kwh * grams / totals->baseline_kwh + 1e-3 : 1e-3;
}

static void judge_totals(const struct part *part)
{
    const char *totals = (const char *)part->totals;
    for (size_t f = 0; f < sizeof figures / sizeof *figures; f++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(part->object, figures[f].name);
        const void *of = totals + figures[f].of;
        if (figures[f].kind == COUNT) {
            size_t count = *(const size_t *)of;
            judge_count(part, item, figures[f].name, figures[f].unit, count, count);
            continue;
        }
        double sum = *(const double *)of;
        if (figures[f].less != NOTHING)
            sum -= *(const double *)(const void *)(totals + figures[f].less);
        struct range range = {sum, sum, allowed(part, figures[f].kind)};
        judge_number(part, item, figures[f].name, figures[f].unit, &range);
    }
}

/* A greedy solve is always complete. */
static void judge_unproven(const struct part *part)
{
    bool exact = part->v->policy->engine != LS_ENGINE_GREEDY;
    judge_count(part, cJSON_GetObjectItemCaseSensitive(part->object, "city_days_unproven"),
                "city_days_unproven", "city-days", 0, exact ? part->totals->city_days : 0);
}

static const struct ls_verify_reason *find_reason(const char *word)
{
    for (size_t r = 0; r < LS_VERIFY_REASONS; r++)
        if (strcmp(ls_verify_reasons[r].word, word) == 0)
            return &ls_verify_reasons[r];
    return NULL;
}

/* A limit that is left out stopped no move; moves that name none may have been stopped by any. */
static void judge_reasons(const struct part *part)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(part->object, "limited_by"), *item;
    const size_t *counted = part->totals->limited;
    const cJSON zero = {.type = cJSON_Number};
    if (list == NULL)
        return;
    for (size_t r = 0; r < LS_VERIFY_REASONS; r++) {
        const struct ls_verify_reason *reason = &ls_verify_reasons[r];
        size_t low = counted[reason->limit], high = low + counted[LS_LIMIT_NONE];
        item = cJSON_GetObjectItemCaseSensitive(list, reason->word);
        judge_count(part, item != NULL ? item : &zero, reason->figure, "moves", low, high);
    }
    cJSON_ArrayForEach(item, list)
    {
        if (item->string == NULL || find_reason(item->string) == NULL)
            note(part, &(struct ls_verify_violation){.limit = "limited_by", .amount = NAN, .unit = ""});
    }
}

static void judge_savings(const struct part *part)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(part->object, "saving_per_household_week");
    double percentile[2][LS_VERIFY_POINTS];
    size_t n;
    if (object == NULL)
        return;
    if (!ls_verify_percentiles(part->v, &part->span, &n, percentile)) {
        part->v->out_of_memory = true;
        return;
    }
    judge_count(part, cJSON_GetObjectItemCaseSensitive(object, "household_weeks"), "household_weeks",
                "household-weeks", n, n);
    for (int k = 0; k < 2; k++) {
        const cJSON *points = cJSON_GetObjectItemCaseSensitive(object, savings[k].name);
        for (int p = 0; p < LS_VERIFY_POINTS; p++) {
            const char *name = savings[k].figure[p], *key = strrchr(name, '.') + 1;
            double grams = percentile[k][p];
            struct range range = {grams, grams,
                                  part->v->saving_slack_g + 1e-9 * fabs(grams) + LS_CHECK_TOLERANCE_KWH};
            judge_number(part, cJSON_GetObjectItemCaseSensitive(points, key), name, "g", &range);
        }
    }
}

static void judge_part(const struct part *part)
{
    judge_totals(part);
    judge_unproven(part);
    judge_reasons(part);
    judge_savings(part);
}

/* Judges the entry of a list, which should be the only one of its group. */
static void judge_entry(const struct part *part, struct ls_verify_group *group)
{
    if (group->stated)
        note(part, &(struct ls_verify_violation){.limit = "duplicate entry", .amount = 1, .unit = "entries"});
    group->stated = true;
    judge_part(part);
}

/* A group whose customers have readings must be in its list. */
static void judge_absence(const struct part *part, const struct ls_verify_group *group)
{
    if (!group->stated && group->totals.customer_days > 0)
        note(part, &(struct ls_verify_violation){.limit = "no entry", .amount = 1, .unit = "entries"});
}

static void judge_cities(struct ls_verify *v, const cJSON *list)
{
    const cJSON *object;
    if (list == NULL)
        return;
    cJSON_ArrayForEach(object, list)
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "city"));
        const struct ls_city *city = name != NULL ? ls_dataset_city(v->dataset, name) : NULL;
        size_t c = city != NULL ? (size_t)(city - v->dataset->cities) : v->dataset->n_cities;
        const struct part part = {.v = v,
                                  .object = object,
                                  .city = name != NULL ? name : "",
                                  .date = LS_VERIFY_NO_DATE,
                                  .span = {.city = &c},
                                  .totals = &v->by_city[c].totals};
        if (city != NULL)
            judge_entry(&part, &v->by_city[c]);
        else
            note(&part, &(struct ls_verify_violation){.limit = "unknown city", .amount = NAN, .unit = ""});
    }
    for (size_t c = 0; c < v->dataset->n_cities; c++)
        judge_absence(&(struct part){.v = v, .city = v->dataset->cities[c].name, .date = LS_VERIFY_NO_DATE},
                      &v->by_city[c]);
}

static void judge_weeks(struct ls_verify *v, const cJSON *list)
{
    const cJSON *object;
    if (list == NULL)
        return;
    cJSON_ArrayForEach(object, list)
    {
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "week"));
        struct ls_verify_group none = {0}, *group = &none;
        int32_t monday = LS_VERIFY_NO_DATE;
        bool named = text != NULL && ls_date_parse(text, &monday) && ls_date_week_start(monday) == monday;
        for (size_t w = 0; named && w < v->n_weeks; w++)
            if (v->by_week[w].monday == monday)
                group = &v->by_week[w].group;
        const struct part part = {.v = v,
                                  .object = object,
                                  .city = "",
                                  .date = monday,
                                  .span = {.monday = &monday},
                                  .totals = &group->totals};
        if (named)
            judge_entry(&part, group);
        else
            note(&part, &(struct ls_verify_violation){.limit = "unknown week", .amount = NAN, .unit = ""});
    }
    for (size_t w = 0; w < v->n_weeks; w++)
        judge_absence(&(struct part){.v = v, .city = "", .date = v->by_week[w].monday}, &v->by_week[w].group);
}

/* What stands beside the parts. Whether a week of missing readings alone is a city-week is anybody's guess.
 */
static void judge_head(struct ls_verify *v, const cJSON *root)
{
    const struct part part = {.v = v, .city = "", .date = LS_VERIFY_NO_DATE};
    const cJSON *engine = cJSON_GetObjectItemCaseSensitive(root, "engine");
    const char *word = cJSON_GetStringValue(engine);
    const struct ls_parameter *parameter;
    char city[64], expected[LS_VALUE_SIZE];
    judge_count(&part, cJSON_GetObjectItemCaseSensitive(root, "city_weeks"), "city_weeks", "city-weeks",
                v->city_weeks_known, v->city_weeks_with_row);
    if (engine == NULL || ls_parameter_find("run.engine", &parameter, city, NULL) != 0)
        return;
    ls_parameter_get(parameter, v->policy, NULL, expected, sizeof expected);
    if (word == NULL || strcmp(word, expected) != 0)
        note(&part, &(struct ls_verify_violation){.limit = "engine", .amount = NAN, .unit = ""});
}

/* The whole file, NUL-ended, for free(). */
static int slurp(const char *path, char **out, struct ls_error *error)
{
    ls_stream *input = NULL;
    char *text = NULL;
    size_t used = 0, capacity = 0, length = 0;
    int code = ls_stream_open(path, &input, error);
    while (code == 0) {
        char *more = ls_grow(text, &capacity, used + LS_STREAM_CHUNK + 1, 1);
        if (more == NULL) {
            code = ls_error_set(error, LS_ERR_MEMORY, "out of memory for a summary");
            break;
        }
        text = more;
        code = ls_stream_read(input, text + used, &length, error);
        if (code != 0 || length == 0)
            break;
        used += length;
    }
    ls_stream_close(input);
    if (code != 0) {
        free(text);
        return code;
    }
    text[used] = '\0';
    *out = text;
    return 0;
}

static long line_of(const char *text, const char *at)
{
    long line = 1;
    for (const char *c = text; at != NULL && c < at; c++)
        line += *c == '\n';
    return line;
}

int ls_verify_read_summary(struct ls_verify *v, struct ls_error *error)
{
    char path[LS_RESULT_PATH_SIZE], *text = NULL;
    const char *stop = NULL;
    v->found->has_summary = ls_result_find(v->folder, summary_file, path);
    if (!v->found->has_summary)
        return 0;
    int code = slurp(path, &text, error);
    if (code != 0)
        return code;
    cJSON *root = cJSON_ParseWithOpts(text, &stop, 1);
    if (cJSON_IsObject(root)) {
        const cJSON *all = cJSON_GetObjectItemCaseSensitive(root, "all");
        const struct part whole = {
            .v = v, .object = all, .city = "", .date = LS_VERIFY_NO_DATE, .totals = &v->found->totals};
        judge_head(v, root);
        judge_part(&whole);
        judge_cities(v, cJSON_GetObjectItemCaseSensitive(root, "by_city"));
        judge_weeks(v, cJSON_GetObjectItemCaseSensitive(root, "by_week"));
    } else if (root == NULL && ls_json_is_sound(text)) { /* the parser does not say why it gave up */
        code = ls_verify_out_of_memory(error);
    } else {
        ls_error_set(error, LS_ERR_FORMAT, "this is no JSON object");
        ls_error_remedy(error, "write it anew, or remove it to check without it");
        code = ls_error_at(error, path, line_of(text, stop), 0, NULL);
    }
    cJSON_Delete(root);
    free(text);
    return code;
}
