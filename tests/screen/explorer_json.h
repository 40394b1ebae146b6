/**
 * @file explorer_json.h
 * The same day from the program's JSON, to hold what is on the screen against.
 */
#ifndef LOADSCOPE_TESTS_EXPLORER_JSON_H
#define LOADSCOPE_TESTS_EXPLORER_JSON_H

#include "explorer.h"

#include <cjson/cJSON.h>

#define EXPLORER_JSON_BYTES 262144

/* The first day as JSON from the program itself, with further arguments; cJSON_Delete() ends it. */
static inline cJSON *explorer_json(const char *arguments)
{
    char command[1024];
    char *text = calloc(1, EXPLORER_JSON_BYTES);
    assert_non_null(text);
    snprintf(command, sizeof command, "%s --json %s " SAMPLE, explorer_program(), arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(text, 1, EXPLORER_JSON_BYTES - 1, pipe);
    assert_int_equal(pclose(pipe), 0);
    assert_in_range(length, 1, EXPLORER_JSON_BYTES - 2);
    cJSON *json = cJSON_Parse(text);
    free(text);
    assert_non_null(json);
    return json;
}

static inline double member(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(json, name);
    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

/* The first day of the sample under its scenario, as arguments. */
#define AT "-s " SCENARIO " -d " FIRST_DAY

/* "+12.3" as the program's JSON has it for two settings. */
static inline void write_difference(const char *a, const char *b, const char *name, char out[32])
{
    cJSON *first = explorer_json(a), *second = explorer_json(b);
    snprintf(out, 32, "%+.1f", member(second, name) - member(first, name));
    cJSON_Delete(first);
    cJSON_Delete(second);
}

#endif
