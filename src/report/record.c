#include "report/record.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a record");
}

int ls_record_sum(struct ls_record_input *input, struct ls_error *error)
{
    guchar block[65536];
    size_t n;
    if (strcmp(input->path, "-") == 0 || input->store_checksum != NULL)
        return 0;
    FILE *file = fopen(input->path, "rb");
    if (file == NULL) {
        ls_error_set(error, LS_ERR_IO, "cannot open the file: %s", strerror(errno));
        return ls_error_at(error, input->path, 0, 0, NULL);
    }
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        g_checksum_update(sum, block, (gssize)n);
    bool failed = ferror(file) != 0;
    if (!failed)
        snprintf(input->sha256, sizeof input->sha256, "%s", g_checksum_get_string(sum));
    g_checksum_free(sum);
    fclose(file);
    if (!failed)
        return 0;
    ls_error_set(error, LS_ERR_IO, "cannot read the file");
    return ls_error_at(error, input->path, 0, 0, NULL);
}

int ls_record_scenario(const struct ls_policy *policy, char **out, size_t *length, struct ls_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return out_of_memory(error);
    fputs("; As resolved by loadscope " LS_VERSION
          ". A whole run solves each day with what its week's earlier\n"
          "; days left of the quota, so week_context is in_week whatever was asked for.\n\n",
          file);
    int status = ls_scenario_write(file, policy, error);
    if (fclose(file) != 0 && status == 0)
        status = out_of_memory(error);
    if (status != 0) {
        free(text);
        return status;
    }
    *out = text;
    *length = size;
    return 0;
}

static void sum_bytes(GChecksum *sum, const void *bytes, size_t length)
{
    static const size_t most = (size_t)1 << 30;
    for (const guchar *at = bytes; length > 0;) {
        size_t n = length < most ? length : most;
        g_checksum_update(sum, at, (gssize)n);
        at += n;
        length -= n;
    }
}

/* A text with its NUL, so that texts cannot run into one another. */
static void sum_text(GChecksum *sum, const char *text)
{
    sum_bytes(sum, text, strlen(text) + 1);
}

static void sum_dataset(GChecksum *sum, const struct ls_dataset *dataset)
{
    const int64_t head[] = {dataset->quantum_mwh, dataset->slot_minutes, dataset->one_offset,
                            dataset->one_offset ? dataset->offset_s : 0};
    sum_bytes(sum, head, sizeof head);
    for (size_t c = 0; c < dataset->n_cities; c++) {
        const struct ls_city *city = &dataset->cities[c];
        sum_text(sum, city->name);
        sum_bytes(sum, &city->n_customers, sizeof city->n_customers);
        sum_bytes(sum, &city->n_factors, sizeof city->n_factors);
        sum_bytes(sum, city->factor_minute, city->n_factors * sizeof *city->factor_minute);
        sum_bytes(sum, city->mef_g_per_kwh, city->n_factors * sizeof *city->mef_g_per_kwh);
        sum_bytes(sum, city->aef_g_per_kwh, city->n_factors * sizeof *city->aef_g_per_kwh);
    }
    for (size_t i = 0; i < dataset->n_customers; i++) {
        sum_text(sum, dataset->customers[i].id);
        sum_bytes(sum, &dataset->customers[i].n_readings, sizeof dataset->customers[i].n_readings);
    }
    sum_bytes(sum, dataset->minute, dataset->n_readings * sizeof *dataset->minute);
    sum_bytes(sum, dataset->usage, dataset->n_readings * sizeof *dataset->usage);
}

void ls_record_data(const struct ls_dataset *dataset, char out[LS_SHA256_SIZE])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    sum_dataset(sum, dataset);
    snprintf(out, LS_SHA256_SIZE, "%s", g_checksum_get_string(sum));
    g_checksum_free(sum);
}

void ls_record_fingerprint(const struct ls_dataset *dataset, const char *store_checksum, const char *scenario,
                           bool optimised, char out[LS_SHA256_SIZE])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    sum_text(sum, "loadscope " LS_VERSION);
    sum_text(sum, optimised ? "optimised" : "");
    sum_text(sum, scenario);
    sum_text(sum, store_checksum != NULL ? store_checksum : "");
    sum_dataset(sum, dataset);
    snprintf(out, LS_SHA256_SIZE, "%s", g_checksum_get_string(sum));
    g_checksum_free(sum);
}

int ls_json_print(cJSON *root, bool filled, char **out, struct ls_error *error)
{
    char *text = filled ? cJSON_Print(root) : NULL;
    size_t size = text != NULL ? strlen(text) + sizeof "\n" : 0;
    char *copy = text != NULL ? malloc(size) : NULL;
    if (copy != NULL) {
        snprintf(copy, size, "%s\n", text);
        *out = copy;
    }
    cJSON_free(text);
    cJSON_Delete(root);
    return copy != NULL ? 0 : out_of_memory(error);
}

static bool add_inputs(cJSON *root, const struct ls_record *record)
{
    cJSON *list = cJSON_AddArrayToObject(root, "inputs");
    for (size_t i = 0; list != NULL && i < record->n_inputs; i++) {
        const struct ls_record_input *input = &record->inputs[i];
        cJSON *object = cJSON_CreateObject();
        if (object == NULL || !cJSON_AddItemToArray(list, object)) {
            cJSON_Delete(object);
            return false;
        }
        bool is_stdin = strcmp(input->path, "-") == 0, is_store = input->store_checksum != NULL;
        if (cJSON_AddStringToObject(object, "role", input->role) == NULL ||
            cJSON_AddStringToObject(object, "path", is_stdin ? "standard input" : input->path) == NULL ||
            (is_store   ? cJSON_AddStringToObject(object, "store_checksum", input->store_checksum)
             : is_stdin ? cJSON_AddNullToObject(object, "sha256")
                        : cJSON_AddStringToObject(object, "sha256", input->sha256)) == NULL)
            return false;
    }
    return list != NULL;
}

static bool add_quality(cJSON *root, const struct ls_quality *quality)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"rows", quality->rows},         {"readings", quality->readings},
        {"missing", quality->missing},   {"gaps", quality->gaps},
        {"negative", quality->negative}, {"duplicates", quality->duplicates},
        {"rounded", quality->rounded},   {"factor_rows", quality->factor_rows},
        {"slots", quality->slots},       {"slots_without_factor", quality->slots_without_factor},
    };
    cJSON *object = cJSON_AddObjectToObject(root, "quality");
    for (size_t i = 0; object != NULL && i < sizeof counts / sizeof *counts; i++)
        if (cJSON_AddNumberToObject(object, counts[i].name, (double)counts[i].count) == NULL)
            return false;
    return object != NULL;
}

int ls_record_json(const struct ls_record *record, char **out, struct ls_error *error)
{
    double speed = record->solve_seconds > 0 ? (double)record->home_days / record->solve_seconds : 0;
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"seed", (double)record->policy->seed},        {"threads", record->threads},
        {"cities", (double)record->dataset->n_cities}, {"customers", (double)record->dataset->n_customers},
        {"city_weeks", (double)record->units},         {"city_weeks_resumed", (double)record->units_resumed},
        {"city_days_unproven", record->unproven},      {"wall_seconds", record->wall_seconds},
        {"solve_seconds", record->solve_seconds},      {"household_days", (double)record->home_days},
        {"household_days_per_second", speed},
    };
    cJSON *root = cJSON_CreateObject();
    bool filled = root != NULL && cJSON_AddStringToObject(root, "program", "loadscope") != NULL &&
                  cJSON_AddStringToObject(root, "version", LS_VERSION) != NULL &&
                  cJSON_AddStringToObject(root, "engine", ls_engine(record->policy->engine)->name) != NULL &&
                  cJSON_AddStringToObject(root, "timezone", record->timezone) != NULL &&
                  cJSON_AddStringToObject(root, "fingerprint", record->fingerprint) != NULL;
    for (size_t i = 0; filled && i < sizeof numbers / sizeof *numbers; i++)
        filled = cJSON_AddNumberToObject(root, numbers[i].name, numbers[i].value) != NULL;
    filled = filled && add_inputs(root, record) && add_quality(root, &record->dataset->quality);
    return ls_json_print(root, filled, out, error);
}
