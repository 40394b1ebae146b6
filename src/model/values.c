/*
 * Values of the parameter table as text, and where they lie in a policy.
 *
 * Every type has one parser, one formatter and one place here, so that a new row of the table needs no code
 * and a new type needs it in this file alone. What is written reads back equal.
 */
#include "model/values.h"

#include "base/real.h"
#include "base/text.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOUR_MINUTES 60

_Static_assert(sizeof(enum ls_engine_id) == sizeof(int), "a choice is stored as an int");
_Static_assert(sizeof(enum ls_solver) == sizeof(int), "a choice is stored as an int");
_Static_assert(offsetof(struct ls_policy, day_close_minute) ==
                   offsetof(struct ls_policy, day_open_minute) + sizeof(int),
               "a span is two ints side by side");

const char *ls_value_quote(const char *text, char out[LS_QUOTE_SIZE])
{
    static const char tail[] = "...";
    size_t room = LS_QUOTE_SIZE - sizeof tail, length = strlen(text), n = length;
    if (n > room) {
        n = room;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) /* never half a UTF-8 character */
            n--;
    }
    memcpy(out, text, n);
    memcpy(out + n, n < length ? tail : "", n < length ? sizeof tail : 1);
    ls_text_disarm(out);
    return out;
}

/* An integer whose range an int cannot hold lies in the policy as an int64_t. */
static bool is_wide(const struct ls_parameter *parameter)
{
    return parameter->high > INT_MAX;
}

static int64_t integer_high(const struct ls_parameter *parameter)
{
    return parameter->high >= (double)INT64_MAX ? INT64_MAX : (int64_t)parameter->high;
}

static bool is_slot_minutes(const struct ls_parameter *parameter)
{
    return !parameter->per_city && parameter->offset == offsetof(struct ls_policy, slot_minutes);
}

static size_t count_choices(const struct ls_parameter *parameter)
{
    size_t n = 0;
    while (parameter->choices[n] != NULL)
        n++;
    return n;
}

/* The remedy for a number that is none, or out of range. */
static int remedy_number(const struct ls_parameter *parameter, struct ls_error *error)
{
    const char *what = parameter->type == LS_TYPE_INTEGER ? "whole number" : "number";
    const char *none = parameter->may_be_none ? ", or none" : "";
    if (is_slot_minutes(parameter))
        return ls_error_remedy(error, "give a divisor of 60, such as 15, 30 or 60");
    if (parameter->type == LS_TYPE_INTEGER && integer_high(parameter) == INT64_MAX)
        return ls_error_remedy(error, "give a %s of %g or more%s", what, parameter->low, none);
    return ls_error_remedy(error, "give a %s from %g to %g%s", what, parameter->low, parameter->high, none);
}

static bool is_none(const struct ls_parameter *parameter, const char *text)
{
    return parameter->may_be_none && (strcmp(text, "none") == 0 || strcmp(text, "off") == 0);
}

static int parse_integer(const struct ls_parameter *parameter, const char *text, struct ls_value *out,
                         struct ls_error *error)
{
    char quoted[LS_QUOTE_SIZE];
    int64_t number;
    if (is_none(parameter, text)) {
        out->integer = LS_NONE;
        return 0;
    }
    bool digits = text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
    bool fits = ls_text_integer(text, &number);
    if (!fits && !digits) {
        ls_error_set(error, LS_ERR_VALUE, "'%s' is not a whole number", ls_value_quote(text, quoted));
        return remedy_number(parameter, error);
    }
    if (!fits || number < (int64_t)parameter->low || number > integer_high(parameter)) {
        ls_error_set(error, LS_ERR_VALUE, "%s is out of range", ls_value_quote(text, quoted));
        return remedy_number(parameter, error);
    }
    if (is_slot_minutes(parameter) && HOUR_MINUTES % number != 0) {
        ls_error_set(error, LS_ERR_VALUE, "slots of %s minutes do not divide an hour",
                     ls_value_quote(text, quoted));
        return remedy_number(parameter, error);
    }
    out->integer = number;
    return 0;
}

static int parse_real(const struct ls_parameter *parameter, const char *text, struct ls_value *out,
                      struct ls_error *error)
{
    char quoted[LS_QUOTE_SIZE];
    double number;
    if (is_none(parameter, text)) {
        out->real = LS_NONE;
        return 0;
    }
    if (!ls_text_real(text, &number)) {
        ls_error_set(error, LS_ERR_VALUE, "'%s' is not a number", ls_value_quote(text, quoted));
        return remedy_number(parameter, error);
    }
    if (number < parameter->low || number > parameter->high) {
        ls_error_set(error, LS_ERR_VALUE, "%s is out of range", ls_value_quote(text, quoted));
        return remedy_number(parameter, error);
    }
    out->real = number + 0.0; /* -0 becomes 0 */
    return 0;
}

static int parse_load(const struct ls_parameter *parameter, const char *text, struct ls_value *out,
                      struct ls_error *error)
{
    char quoted[LS_QUOTE_SIZE];
    double kwh;
    if (strcmp(text, "auto") == 0) {
        out->real = LS_NONE;
        return 0;
    }
    bool number = ls_text_real(text, &kwh);
    if (!number || kwh <= 0 || kwh > parameter->high) {
        ls_error_set(error, LS_ERR_VALUE, number ? "%s kWh is out of range" : "'%s' is not a number of kWh",
                     ls_value_quote(text, quoted));
        return ls_error_remedy(
            error, "give the region's kWh per average day, above 0 and at most %g, or auto", parameter->high);
    }
    out->real = kwh;
    return 0;
}

static int parse_boolean(const char *text, struct ls_value *out, struct ls_error *error)
{
    static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (int on = 0; on < 2; on++)
            if (strcmp(text, words[i][on]) == 0) {
                out->integer = on;
                return 0;
            }
    char quoted[LS_QUOTE_SIZE];
    ls_error_set(error, LS_ERR_VALUE, "'%s' is neither yes nor no", ls_value_quote(text, quoted));
    return ls_error_remedy(error, "write yes or no");
}

static int parse_choice(const struct ls_parameter *parameter, const char *text, struct ls_value *out,
                        struct ls_error *error)
{
    char known[128], quoted[LS_QUOTE_SIZE];
    for (size_t i = 0; parameter->choices[i] != NULL; i++)
        if (strcmp(text, parameter->choices[i]) == 0) {
            out->integer = (int64_t)i;
            return 0;
        }
    ls_error_set(error, LS_ERR_VALUE, "unknown word '%s'", ls_value_quote(text, quoted));
    return ls_error_remedy(error, "write %s", ls_text_list(parameter->choices, known, sizeof known));
}

static int parse_zone(const char *text, struct ls_value *out, struct ls_error *error)
{
    if (strcmp(text, "auto") != 0) {
        char quoted[LS_QUOTE_SIZE];
        ls_zone *zone = NULL;
        struct ls_error inner;
        int code = strlen(text) < sizeof out->zone ? ls_zone_open(text, &zone, &inner) : LS_ERR_VALUE;
        ls_zone_close(zone);
        if (code == LS_ERR_MEMORY)
            return ls_error_set(error, code, "%s", inner.message);
        if (code != 0) {
            ls_error_set(error, LS_ERR_VALUE, "unknown time zone '%s'", ls_value_quote(text, quoted));
            return ls_error_remedy(error, "give an IANA name such as Europe/London, or auto");
        }
    }
    snprintf(out->zone, sizeof out->zone, "%s", text);
    return 0;
}

/* Parses "h:mm" or "hh:mm", 24:00 at most; returns the rest of the text, NULL when malformed. */
static const char *clock_time(const char *text, int *minute)
{
    size_t n = strspn(text, "0123456789");
    if (n < 1 || n > 2 || text[n] != ':' || strspn(text + n + 1, "0123456789") != 2)
        return NULL;
    int hours = n == 1 ? text[0] - '0' : (text[0] - '0') * 10 + text[1] - '0';
    int minutes = (text[n + 1] - '0') * 10 + text[n + 2] - '0';
    *minute = hours * HOUR_MINUTES + minutes;
    return minutes < HOUR_MINUTES && *minute <= LS_DAY_MINUTES ? text + n + 3 : NULL;
}

static int parse_span(const char *text, struct ls_value *out, struct ls_error *error)
{
    char quoted[LS_QUOTE_SIZE];
    int open = 0, close = 0;
    const char *rest = clock_time(text, &open);
    rest = rest != NULL && *rest == '-' ? clock_time(rest + 1, &close) : NULL;
    if (rest == NULL || *rest != '\0')
        ls_error_set(error, LS_ERR_VALUE, "'%s' is not a span of hours", ls_value_quote(text, quoted));
    else if (open >= close)
        ls_error_set(error, LS_ERR_VALUE, "'%s' does not open before it closes",
                     ls_value_quote(text, quoted));
    else {
        out->open_minute = open;
        out->close_minute = close;
        return 0;
    }
    return ls_error_remedy(error, "write hh:mm-hh:mm within one day, such as 06:00-22:30 or 00:00-24:00");
}

/* Parses "9" or "9-11" into bits. */
static const char *parse_hour_item(const char *item, uint32_t *bits)
{
    size_t n = strspn(item, "0123456789"), m = 0;
    if (item[n] == '-')
        m = strspn(item + n + 1, "0123456789");
    if (n == 0 || item[n + (m > 0 ? m + 1 : 0)] != '\0')
        return "is not an hour";
    if (n > 2 || m > 2)
        return "is not within hours 0 to 23";
    int first = item[0] - '0', last;
    if (n == 2)
        first = first * 10 + item[1] - '0';
    last = first;
    if (m > 0)
        last = item[n + 1] - '0';
    if (m == 2)
        last = last * 10 + item[n + 2] - '0';
    if (first >= LS_HOURS_A_DAY || last >= LS_HOURS_A_DAY)
        return "is not within hours 0 to 23";
    if (first > last)
        return "runs backwards";
    for (int hour = first; hour <= last; hour++)
        *bits |= UINT32_C(1) << hour;
    return NULL;
}

static int parse_hours(const char *text, struct ls_value *out, struct ls_error *error)
{
    static const char between[] = " \t,";
    uint32_t bits = 0;
    for (text += strspn(text, between); *text != '\0'; text += strspn(text, between)) {
        char item[LS_VALUE_SIZE], quoted[LS_QUOTE_SIZE];
        size_t n = strcspn(text, between);
        assert(n < sizeof item);
        memcpy(item, text, n);
        item[n] = '\0';
        const char *wrong = parse_hour_item(item, &bits);
        if (wrong != NULL) {
            ls_error_set(error, LS_ERR_VALUE, "'%s' %s", ls_value_quote(item, quoted), wrong);
            return ls_error_remedy(error,
                                   "write hours 0 to 23, such as 8 9 10 20 or 8-10,20; empty for no peak");
        }
        text += n;
    }
    out->hours = bits;
    return 0;
}

int ls_value_parse(const struct ls_parameter *parameter, const char *text, struct ls_value *out,
                   struct ls_error *error)
{
    struct ls_value value = {0};
    int code = 0;
    if (strlen(text) >= LS_VALUE_SIZE) {
        ls_error_set(error, LS_ERR_VALUE, "a value of %zu bytes", strlen(text));
        return ls_error_remedy(error, "write at most %d bytes", LS_VALUE_SIZE - 1);
    }
    switch (parameter->type) {
    case LS_TYPE_INTEGER:
        code = parse_integer(parameter, text, &value, error);
        break;
    case LS_TYPE_REAL:
        code = parse_real(parameter, text, &value, error);
        break;
    case LS_TYPE_BOOLEAN:
        code = parse_boolean(text, &value, error);
        break;
    case LS_TYPE_CHOICE:
        code = parse_choice(parameter, text, &value, error);
        break;
    case LS_TYPE_ZONE:
        code = parse_zone(text, &value, error);
        break;
    case LS_TYPE_SPAN:
        code = parse_span(text, &value, error);
        break;
    case LS_TYPE_HOURS:
        code = parse_hours(text, &value, error);
        break;
    case LS_TYPE_LOAD:
        code = parse_load(parameter, text, &value, error);
        break;
    }
    if (code == 0)
        *out = value;
    return code;
}

static void format_hours(uint32_t hours, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int hour = 0; hour < LS_HOURS_A_DAY; hour++)
        if ((hours >> hour & 1) != 0 && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%d", used > 0 ? " " : "", hour);
}

const char *ls_value_format(const struct ls_parameter *parameter, const struct ls_value *value, char *out,
                            size_t size)
{
    char number[32];
    switch (parameter->type) {
    case LS_TYPE_INTEGER:
        if (parameter->may_be_none && value->integer == LS_NONE)
            snprintf(out, size, "none");
        else
            snprintf(out, size, "%lld", (long long)value->integer);
        break;
    case LS_TYPE_REAL:
    case LS_TYPE_LOAD:
        if (value->real == LS_NONE)
            snprintf(out, size, "%s", parameter->type == LS_TYPE_LOAD ? "auto" : "none");
        else
            snprintf(out, size, "%s", ls_text_from_real(value->real, number, sizeof number));
        break;
    case LS_TYPE_BOOLEAN:
        snprintf(out, size, "%s", value->integer != 0 ? "yes" : "no");
        break;
    case LS_TYPE_CHOICE:
        assert(value->integer >= 0 && (size_t)value->integer < count_choices(parameter));
        snprintf(out, size, "%s", parameter->choices[value->integer]);
        break;
    case LS_TYPE_ZONE:
        snprintf(out, size, "%s", value->zone);
        break;
    case LS_TYPE_SPAN:
        snprintf(out, size, "%02d:%02d-%02d:%02d", value->open_minute / HOUR_MINUTES,
                 value->open_minute % HOUR_MINUTES, value->close_minute / HOUR_MINUTES,
                 value->close_minute % HOUR_MINUTES);
        break;
    case LS_TYPE_HOURS:
        format_hours(value->hours, out, size);
        break;
    }
    return out;
}

static void nudge_integer(const struct ls_parameter *parameter, struct ls_value *value, int steps)
{
    int64_t low = (int64_t)parameter->low, high = integer_high(parameter);
    int64_t more = (int64_t)steps * (int64_t)parameter->step;
    if (more >= 0)
        value->integer = more > high - value->integer ? high : value->integer + more;
    else
        value->integer = more < low - value->integer ? low : value->integer + more;
}

static void nudge_real(const struct ls_parameter *parameter, struct ls_value *value, int steps)
{
    double number = ls_real_of_steps(value->real + steps * parameter->step);
    value->real = fmin(fmax(number, parameter->low), parameter->high);
}

void ls_value_nudge(const struct ls_parameter *parameter, struct ls_value *value, int steps)
{
    assert(parameter->step > 0);
    if (steps == 0)
        return;
    if (parameter->type == LS_TYPE_BOOLEAN || parameter->type == LS_TYPE_CHOICE) {
        int n = parameter->type == LS_TYPE_BOOLEAN ? 2 : (int)count_choices(parameter);
        assert(n > 0);
        value->integer = (value->integer + steps % n + n) % n;
        return;
    }
    bool whole = parameter->type == LS_TYPE_INTEGER;
    if (parameter->may_be_none && (whole ? value->integer == LS_NONE : value->real == LS_NONE)) {
        /* Out of `none` leads to the default, where a limit is worth turning; one that is off by default
         * starts at its low end. */
        if (!is_none(parameter, parameter->fallback)) {
            int code = ls_value_parse(parameter, parameter->fallback, value, NULL);
            assert(code == 0);
            (void)code;
            return;
        }
        value->integer = (int64_t)parameter->low;
        value->real = parameter->low;
    }
    if (whole)
        nudge_integer(parameter, value, steps);
    else
        nudge_real(parameter, value, steps);
}

bool ls_value_equal(const struct ls_value *a, const struct ls_value *b)
{
    return a->integer == b->integer && a->real == b->real && a->open_minute == b->open_minute &&
           a->close_minute == b->close_minute && a->hours == b->hours && strcmp(a->zone, b->zone) == 0;
}

void ls_value_load(const struct ls_parameter *parameter, const void *base, struct ls_value *out)
{
    const char *at = (const char *)base + parameter->offset;
    int number;
    bool on;
    *out = (struct ls_value){0};
    switch (parameter->type) {
    case LS_TYPE_INTEGER:
    case LS_TYPE_CHOICE:
        if (is_wide(parameter)) {
            memcpy(&out->integer, at, sizeof out->integer);
        } else {
            memcpy(&number, at, sizeof number);
            out->integer = number;
        }
        break;
    case LS_TYPE_BOOLEAN:
        memcpy(&on, at, sizeof on);
        out->integer = on;
        break;
    case LS_TYPE_REAL:
    case LS_TYPE_LOAD:
        memcpy(&out->real, at, sizeof out->real);
        break;
    case LS_TYPE_ZONE:
        memcpy(out->zone, at, sizeof out->zone);
        break;
    case LS_TYPE_SPAN:
        memcpy(&out->open_minute, at, sizeof out->open_minute);
        memcpy(&out->close_minute, at + sizeof(int), sizeof out->close_minute);
        break;
    case LS_TYPE_HOURS:
        memcpy(&out->hours, at, sizeof out->hours);
        break;
    }
}

void ls_value_store(const struct ls_parameter *parameter, void *base, const struct ls_value *value)
{
    char *at = (char *)base + parameter->offset;
    int number = (int)value->integer;
    bool on = value->integer != 0;
    switch (parameter->type) {
    case LS_TYPE_INTEGER:
    case LS_TYPE_CHOICE:
        if (is_wide(parameter))
            memcpy(at, &value->integer, sizeof value->integer);
        else
            memcpy(at, &number, sizeof number);
        break;
    case LS_TYPE_BOOLEAN:
        memcpy(at, &on, sizeof on);
        break;
    case LS_TYPE_REAL:
    case LS_TYPE_LOAD:
        memcpy(at, &value->real, sizeof value->real);
        break;
    case LS_TYPE_ZONE:
        memcpy(at, value->zone, sizeof value->zone);
        break;
    case LS_TYPE_SPAN:
        memcpy(at, &value->open_minute, sizeof value->open_minute);
        memcpy(at + sizeof(int), &value->close_minute, sizeof value->close_minute);
        break;
    case LS_TYPE_HOURS:
        memcpy(at, &value->hours, sizeof value->hours);
        break;
    }
}
