/*
 * Axes from text. Each value goes through the parameter table, so ranges, words and their remedies are the
 * table's own, and what an axis holds is as a scenario file would have it.
 */
#include <loadscope/sweep.h>

#include "base/real.h"
#include "base/text.h"
#include "model/values.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define DEFAULT_VALUES 11
#define STEP_SLACK     1e-9 /* share of a step by which rounding may miss a range's end */

/* An axis under way. */
struct drawing {
    struct ls_axis *axis;
    struct ls_policy scratch; /* a copy of the policy, to try values on */
    struct ls_error *error;
};

static bool is_number(const struct ls_parameter *parameter)
{
    return parameter->type == LS_TYPE_INTEGER || parameter->type == LS_TYPE_REAL ||
           parameter->type == LS_TYPE_LOAD;
}

/* What stands between values: hours have commas of their own. */
static char separator(const struct ls_parameter *parameter)
{
    return parameter->type == LS_TYPE_HOURS ? ';' : ',';
}

/* Names the parameter in the error that has just been filled, and what to write. */
static int refuse(const struct drawing *drawing)
{
    const char *name = drawing->axis->name;
    const struct ls_parameter *parameter = drawing->axis->parameter;
    if (is_number(parameter))
        ls_error_remedy(drawing->error, "write %s=FROM:TO:STEP or %s=VALUE,VALUE", name, name);
    else
        ls_error_remedy(drawing->error, "write %s=VALUE%cVALUE", name, separator(parameter));
    return ls_error_at(drawing->error, NULL, 0, 0, name);
}

static int add_value(struct drawing *drawing, const char *text)
{
    struct ls_axis *axis = drawing->axis;
    char value[LS_VALUE_SIZE];
    int status = ls_parameter_set(axis->parameter, &drawing->scratch, axis->city, text, drawing->error);
    if (status != 0)
        return status;
    ls_parameter_get(axis->parameter, &drawing->scratch, axis->city, value, sizeof value);
    assert(strlen(value) < LS_AXIS_VALUE_SIZE);
    for (size_t i = 0; i < axis->n; i++)
        if (strcmp(axis->values[i], value) == 0) {
            ls_error_fill(drawing->error, LS_ERR_VALUE, "the value '%s' comes twice", value);
            return refuse(drawing);
        }
    if (axis->n == LS_AXIS_MAX) {
        ls_error_fill(drawing->error, LS_ERR_VALUE, "more than %d values on an axis", LS_AXIS_MAX);
        return refuse(drawing);
    }
    memcpy(axis->values[axis->n++], value, strlen(value) + 1);
    return 0;
}

static int add_number(struct drawing *drawing, double value)
{
    char text[LS_VALUE_SIZE];
    double rounded = ls_real_of_steps(value);
    ls_text_from_real(rounded, text, sizeof text);
    if (drawing->axis->parameter->type == LS_TYPE_INTEGER && rounded == round(value))
        snprintf(text, sizeof text, "%.0f", rounded); /* without an exponent, however large it is */
    return add_value(drawing, text);
}

/* Cuts "a:b:c" into three numbers. */
static bool read_range(char *text, double range[3])
{
    for (int i = 0; i < 3; i++) {
        char *end = strchr(text, ':');
        if ((end == NULL) != (i == 2))
            return false;
        if (end != NULL)
            *end = '\0';
        if (!ls_text_real(text, &range[i]))
            return false;
        text = end != NULL ? end + 1 : text;
    }
    return true;
}

static int add_range(struct drawing *drawing, const char *text)
{
    char parts[LS_VALUE_SIZE], quoted[LS_QUOTE_SIZE];
    double range[3];
    memcpy(parts, text, strlen(text) + 1);
    bool read = read_range(parts, range);
    if (!read)
        ls_error_fill(drawing->error, LS_ERR_VALUE, "'%s' is not FROM:TO:STEP", ls_value_quote(text, quoted));
    else if (!(range[0] < range[1]) || !(range[2] > 0))
        ls_error_fill(drawing->error, LS_ERR_VALUE, "'%s' does not run upwards",
                      ls_value_quote(text, quoted));
    else if ((range[1] - range[0]) / range[2] >= LS_AXIS_MAX)
        ls_error_fill(drawing->error, LS_ERR_VALUE, "'%s' has more than %d values",
                      ls_value_quote(text, quoted), LS_AXIS_MAX);
    else {
        int status = 0, last = (int)floor((range[1] - range[0]) / range[2] + STEP_SLACK);
        for (int k = 0; status == 0 && k <= last; k++)
            status = add_number(drawing, range[0] + k * range[2]);
        return status;
    }
    return refuse(drawing);
}

static int add_list(struct drawing *drawing, const char *text)
{
    const char between[] = {separator(drawing->axis->parameter), '\0'};
    int status = 0;
    for (const char *at = text; status == 0 && at != NULL;) {
        char item[LS_VALUE_SIZE];
        size_t length = strcspn(at, between);
        if (length >= sizeof item) {
            ls_error_fill(drawing->error, LS_ERR_VALUE, "a value of %zu bytes", length);
            return refuse(drawing);
        }
        memcpy(item, at, length);
        item[length] = '\0';
        bool is_range = is_number(drawing->axis->parameter) && strchr(item, ':') != NULL;
        status = is_range ? add_range(drawing, item) : add_value(drawing, item);
        at = at[length] == between[0] ? at + length + 1 : NULL;
    }
    return status;
}

/* Steps around the policy's own value, or around where a limit that is off would start. */
static int add_steps(struct drawing *drawing)
{
    const struct ls_parameter *parameter = drawing->axis->parameter;
    char own[LS_VALUE_SIZE];
    double centre = parameter->low;
    ls_parameter_get(parameter, &drawing->scratch, NULL, own, sizeof own);
    bool off = strcmp(own, "none") == 0;
    (void)ls_text_real(off ? parameter->fallback : own, &centre);
    int wanted = DEFAULT_VALUES - 1 - off, half = wanted / 2, status = 0;
    double low_steps = floor((centre - parameter->low) / parameter->step + STEP_SLACK);
    double high_steps = floor((parameter->high - centre) / parameter->step + STEP_SLACK);
    int below = (int)fmin(half, low_steps);
    int above = (int)fmin(wanted - below, high_steps);
    below = (int)fmin(wanted - above, low_steps);
    for (int k = -below; status == 0 && k <= above; k++)
        status = add_number(drawing, centre + k * parameter->step);
    return status == 0 && off ? add_value(drawing, own) : status;
}

static int add_default(struct drawing *drawing)
{
    const struct ls_parameter *parameter = drawing->axis->parameter;
    int status = 0;
    if (parameter->type == LS_TYPE_BOOLEAN)
        return add_list(drawing, "no,yes");
    if (parameter->type == LS_TYPE_CHOICE) {
        for (size_t i = 0; status == 0 && parameter->choices[i] != NULL; i++)
            status = add_value(drawing, parameter->choices[i]);
        return status;
    }
    if (is_number(parameter) && parameter->step > 0)
        return add_steps(drawing);
    ls_error_fill(drawing->error, LS_ERR_VALUE, "%s has no steps to sweep by", parameter->label);
    return refuse(drawing);
}

/* A value's place among numbers: a limit that is off lies beyond all; so do words, all in one place. */
static double place_of(const char *text)
{
    double number;
    return ls_text_real(text, &number) ? number : INFINITY;
}

static void find_own(struct ls_axis *axis, const struct ls_policy *policy)
{
    char own[LS_VALUE_SIZE];
    ls_parameter_get(axis->parameter, policy, axis->city, own, sizeof own);
    double place = place_of(own), least = INFINITY;
    for (size_t i = 0; i < axis->n && !axis->has_own; i++) {
        double at = place_of(axis->values[i]), distance = isinf(place) ? -at : fabs(at - place);
        axis->has_own = strcmp(axis->values[i], own) == 0;
        if (axis->has_own || distance < least) {
            axis->nearest = i;
            least = distance;
        }
    }
}

/* Cuts the name off and finds its parameter; *values is what follows, NULL when nothing does. */
static int find_parameter(const char *text, struct ls_axis *axis, const char **values, struct ls_error *error)
{
    /* The last '=', since no value has one and a city's name may. */
    const char *equals = strrchr(text, '=');
    char name[sizeof axis->name], quoted[LS_QUOTE_SIZE];
    size_t length = equals != NULL ? (size_t)(equals - text) : strlen(text);
    if (length == 0 || length >= sizeof name) {
        ls_error_set(error, LS_ERR_VALUE, "'%s' is not an axis", ls_value_quote(text, quoted));
        return ls_error_remedy(error, "write NAME=FROM:TO:STEP, such as spike.alpha_percent=0:50:5");
    }
    memcpy(name, text, length);
    name[length] = '\0';
    int status = ls_parameter_find(name, &axis->parameter, axis->city, error);
    if (status != 0)
        return status;
    memcpy(axis->name, name, length + 1);
    *values = equals != NULL ? equals + 1 : NULL;
    return 0;
}

int ls_axis_parse(const char *text, const struct ls_policy *policy, struct ls_axis *out,
                  struct ls_error *error)
{
    struct ls_axis axis = {0};
    struct ls_error own = {0};
    struct drawing drawing = {.axis = &axis, .error = error != NULL ? error : &own};
    const char *values = NULL;
    int status = find_parameter(text, &axis, &values, error);
    if (status == 0)
        status = ls_policy_copy(&drawing.scratch, policy, error);
    if (status != 0)
        return status;
    status = values != NULL ? add_list(&drawing, values) : add_default(&drawing);
    ls_policy_clear(&drawing.scratch);
    if (status != 0)
        return status;
    find_own(&axis, policy);
    *out = axis;
    return 0;
}
