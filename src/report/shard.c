#include "report/shard.h"

#include "report/record.h"

#include <loadscope/calendar.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int no_note(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_FORMAT, "the note of a shard is damaged");
}

static bool add_units(cJSON *root, const struct ls_shard *shard)
{
    cJSON *list = cJSON_AddArrayToObject(root, "units");
    for (size_t u = 0; list != NULL && u < shard->n_units; u++) {
        char monday[LS_DATE_SIZE];
        cJSON *object = cJSON_CreateObject();
        if (object == NULL || !cJSON_AddItemToArray(list, object)) {
            cJSON_Delete(object);
            return false;
        }
        if (cJSON_AddStringToObject(object, "city", shard->units[u].city) == NULL ||
            cJSON_AddStringToObject(object, "monday", ls_date_format(shard->units[u].monday, monday)) == NULL)
            return false;
    }
    return list != NULL;
}

int ls_shard_write(const struct ls_shard *shard, const char *record, char **out, struct ls_error *error)
{
    cJSON *root = cJSON_CreateObject(), *run = cJSON_Parse(record);
    bool filled = root != NULL && run != NULL && cJSON_AddItemToObject(root, "record", run);
    if (!filled)
        cJSON_Delete(run);
    filled = filled && cJSON_AddNumberToObject(root, "shard", shard->number) != NULL &&
             cJSON_AddNumberToObject(root, "of", shard->of) != NULL &&
             cJSON_AddBoolToObject(root, "optimised", shard->optimised) != NULL &&
             cJSON_AddStringToObject(root, "scenario", shard->scenario) != NULL && add_units(root, shard);
    return ls_json_print(root, filled, out, error);
}

static bool read_units(const cJSON *root, struct ls_shard *shard)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "units"), *object;
    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(object, list)
    {
        struct ls_unit *unit = &shard->units[shard->n_units++];
        const char *monday = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "monday"));
        unit->city = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "city"));
        if (unit->city == NULL || monday == NULL || !ls_date_parse(monday, &unit->monday))
            return false;
    }
    return true;
}

/* A whole number from 1 on, or 0. */
static int read_count(const cJSON *root, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
    return cJSON_IsNumber(item) && item->valuedouble >= 1 ? item->valueint : 0;
}

int ls_shard_read(const char *text, size_t length, struct ls_shard *out, struct ls_error *error)
{
    struct ls_shard shard = {.root = cJSON_ParseWithLength(text, length)};
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(shard.root, "units");
    shard.units = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *shard.units);
    shard.number = read_count(shard.root, "shard");
    shard.of = read_count(shard.root, "of");
    shard.optimised = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(shard.root, "optimised"));
    shard.scenario = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(shard.root, "scenario"));
    if (shard.units == NULL || shard.number == 0 || shard.number > shard.of || shard.scenario == NULL ||
        !read_units(shard.root, &shard) ||
        !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(shard.root, "record"))) {
        ls_shard_clear(&shard);
        return no_note(error);
    }
    *out = shard;
    return 0;
}

void ls_shard_clear(struct ls_shard *shard)
{
    free(shard->units);
    cJSON_Delete(shard->root);
    *shard = (struct ls_shard){0};
}

static double figure(const struct ls_shard *shard, const char *name)
{
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(shard->root, "record");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(record, name);
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : 0;
}

static bool set_figure(cJSON *record, const char *name, double value)
{
    cJSON *number = cJSON_CreateNumber(value);
    if (number != NULL && cJSON_ReplaceItemInObjectCaseSensitive(record, name, number))
        return true;
    cJSON_Delete(number);
    return false;
}

int ls_shard_record(const struct ls_shard *shards, size_t n, const ls_summary *merged, char **out,
                    struct ls_error *error)
{
    static const char *const added_up[] = {"threads", "wall_seconds", "solve_seconds", "city_weeks_resumed"};
    cJSON *record = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(shards[0].root, "record"), true);
    double sum[sizeof added_up / sizeof *added_up] = {0}, speed = 0;
    bool filled = record != NULL && set_figure(record, "city_days_unproven", ls_summary_unproven(merged)) &&
                  set_figure(record, "household_days", ls_summary_home_days(merged)) &&
                  cJSON_AddNumberToObject(record, "shards", (double)n) != NULL;
    for (size_t i = 0; i < n; i++)
        speed += figure(&shards[i], "household_days_per_second");
    for (size_t f = 0; filled && f < sizeof added_up / sizeof *added_up; f++) {
        for (size_t i = 0; i < n; i++)
            sum[f] += figure(&shards[i], added_up[f]);
        filled = set_figure(record, added_up[f], sum[f]);
    }
    filled = filled && set_figure(record, "household_days_per_second", speed);
    return ls_json_print(record, filled, out, error);
}
