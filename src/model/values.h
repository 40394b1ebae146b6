/* One value of the parameter table: between text, a struct ls_value, and its place in a policy. */
#ifndef LS_MODEL_VALUES_H
#define LS_MODEL_VALUES_H

#include <loadscope/policy.h>

/* A value of any type; which member counts follows from the row's type. Unused bytes are zero. */
struct ls_value {
    int64_t integer; /* INTEGER, and BOOLEAN and CHOICE as a number; LS_NONE where the row may be none */
    double real;     /* REAL, LOAD [kWh]; LS_NONE: off, auto */
    int open_minute, close_minute; /* SPAN */
    uint32_t hours;                /* HOURS, bit h for hour h */
    char zone[64];                 /* ZONE */
};

/* Parses text without blanks around it. LS_ERR_VALUE with a remedy; `out` untouched on failure. */
int ls_value_parse(const struct ls_parameter *parameter, const char *text, struct ls_value *out,
                   struct ls_error *error);

/* Writes it as a scenario file has it; returns `out`. */
const char *ls_value_format(const struct ls_parameter *parameter, const struct ls_value *value, char *out,
                            size_t size);

/* Adds `steps` steps as ls_parameter_nudge() does; the row's step is not 0. */
void ls_value_nudge(const struct ls_parameter *parameter, struct ls_value *value, int steps);

bool ls_value_equal(const struct ls_value *a, const struct ls_value *b);

/* `base` is the struct ls_policy, or of a row per city the struct ls_city_policy. */
void ls_value_load(const struct ls_parameter *parameter, const void *base, struct ls_value *out);
void ls_value_store(const struct ls_parameter *parameter, void *base, const struct ls_value *value);

#define LS_QUOTE_SIZE 72

/* A user's text made fit for a message of one line: control bytes become '?', a long tail "...". */
const char *ls_value_quote(const char *text, char out[LS_QUOTE_SIZE]);

#endif
