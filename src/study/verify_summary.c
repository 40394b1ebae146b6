/*
 * summary.json against the totals that were derived: in all, by city and by week. Figures that it lacks are
 * passed over, and so are those that a verification does not derive.
 */
#include "data/stream.h"
#include "solve/check.h"
#include "study/verify.h"

#include "data/grow.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char summary_file[] = "summary.json";

static const struct {
    const char *name, *unit;
    size_t offset;
    bool is_count;
} figures[] = {
    {"customer_days", "customer-days", offsetof(struct ls_verify_totals, customer_days), true},
    {"moves", "moves", offsetof(struct ls_verify_totals, moves), true},
    {"baseline_kwh", "kWh", offsetof(struct ls_verify_totals, baseline_kwh), false},
    {"moved_kwh", "kWh", offsetof(struct ls_verify_totals, moved_kwh), false},
    {"baseline_marg_g", "g", offsetof(struct ls_verify_totals, baseline_marg_g), false},
    {"baseline_avg_g", "g", offsetof(struct ls_verify_totals, baseline_avg_g), false},
    {"saved_marg_g", "g", offsetof(struct ls_verify_totals, saved_marg_g), false},
    {"saved_avg_g", "g", offsetof(struct ls_verify_totals, saved_avg_g), false},
};

/* What a total may be off by: grams as its kWh would be at the mean factor, twice over. */
static double allowed(const struct ls_verify *v, const struct ls_verify_totals *expected, size_t figure)
{
    size_t readings = expected->customer_days * (size_t)(LS_DAY_MINUTES / v->policy->slot_minutes);
    double kwh = ls_check_tolerance(v->slack_kwh, readings, 1e3 * expected->baseline_kwh);
    if (figures[figure].is_count)
        return 0;
    if (figures[figure].unit[0] != 'g')
        return kwh;
    double grams = fmax(fabs(expected->baseline_marg_g), fabs(expected->baseline_avg_g));
    return expected->baseline_kwh > 0 ? 2 * kwh * grams / expected->baseline_kwh + 1e-3 : 1e-3;
}

static void judge(struct ls_verify *v, const cJSON *object, const char *city, int32_t date,
                  const struct ls_verify_totals *expected)
{
    for (size_t f = 0; f < sizeof figures / sizeof *figures; f++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, figures[f].name);
        const char *at = (const char *)expected + figures[f].offset;
        double value = figures[f].is_count ? (double)*(const size_t *)(const void *)at
                                           : *(const double *)(const void *)at;
        if (item == NULL)
            continue;
        double found = cJSON_IsNumber(item) ? item->valuedouble : NAN;
        if (fabs(found - value) <= allowed(v, expected, f))
            continue;
        struct ls_verify_violation violation = {.limit = figures[f].name,
                                                .file = summary_file,
                                                .date = date,
                                                .slot = -1,
                                                .amount = found - value,
                                                .unit = figures[f].unit};
        ls_verify_copy(violation.city, city);
        ls_verify_note(v, &violation);
    }
}

static void judge_cities(struct ls_verify *v, const cJSON *list)
{
    const cJSON *object;
    cJSON_ArrayForEach(object, list)
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "city"));
        const struct ls_city *city = name != NULL ? ls_dataset_city(v->dataset, name) : NULL;
        if (city != NULL) {
            judge(v, object, name, LS_VERIFY_NO_DATE, &v->by_city[city - v->dataset->cities]);
            continue;
        }
        struct ls_verify_violation violation = {.limit = "unknown city",
                                                .file = summary_file,
                                                .date = LS_VERIFY_NO_DATE,
                                                .slot = -1,
                                                .amount = NAN,
                                                .unit = ""};
        ls_verify_copy(violation.city, name != NULL ? name : "");
        ls_verify_note(v, &violation);
    }
}

static void judge_weeks(struct ls_verify *v, const cJSON *list)
{
    const cJSON *object;
    cJSON_ArrayForEach(object, list)
    {
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "week"));
        const struct ls_verify_totals none = {0}, *expected = &none;
        int32_t monday;
        if (text == NULL || !ls_date_parse(text, &monday))
            continue;
        for (size_t w = 0; w < v->n_weeks; w++)
            if (v->by_week[w].monday == monday)
                expected = &v->by_week[w].totals;
        judge(v, object, "", monday, expected);
    }
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
        judge(v, all, "", LS_VERIFY_NO_DATE, &v->found->totals);
        judge_cities(v, cJSON_GetObjectItemCaseSensitive(root, "by_city"));
        judge_weeks(v, cJSON_GetObjectItemCaseSensitive(root, "by_week"));
    } else {
        ls_error_set(error, LS_ERR_FORMAT, "this is no JSON object");
        ls_error_remedy(error, "write it anew, or remove it to check without it");
        code = ls_error_at(error, path, line_of(text, stop), 0, NULL);
    }
    cJSON_Delete(root);
    free(text);
    return code;
}
