#include "tui/commands/arguments.h"

#include "base/text.h"
#include "tui/commands/files.h"
#include "tui/keys.h"
#include "tui/table.h"
#include "tui/view.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What each kind can do. parse() gets a text that is not empty. */
struct kind {
    int (*parse)(const struct ls_explorer *explorer, const struct ls_argument_spec *spec, const char *text,
                 struct ls_argument *out, struct ls_error *error);
    void (*complete)(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                     const char *prefix, bool (*add)(void *user, const char *text), void *user);
};

static bool begins(const char *text, const char *prefix)
{
    return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* ---- plain words ---- */

static int parse_text(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error)
{
    (void)explorer;
    (void)spec;
    (void)text;
    (void)out;
    (void)error;
    return 0;
}

static int parse_number(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                        const char *text, struct ls_argument *out, struct ls_error *error)
{
    double number;
    (void)explorer;
    if (!ls_text_real(text, &number) || number < spec->low || number > spec->high) {
        ls_error_set(error, LS_ERR_VALUE, "'%s' is no %s", text, spec->label);
        return ls_error_remedy(error, "give a number from %g to %g", spec->low, spec->high);
    }
    out->number = number;
    return 0;
}

static int parse_choice(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                        const char *text, struct ls_argument *out, struct ls_error *error)
{
    char known[160];
    (void)explorer;
    for (int i = 0; spec->words[i] != NULL; i++)
        if (strcasecmp(spec->words[i], text) == 0) {
            out->choice = i;
            return 0;
        }
    ls_error_set(error, LS_ERR_VALUE, "no %s '%s'", spec->label, text);
    return ls_error_remedy(error, "give %s", ls_text_list(spec->words, known, sizeof known));
}

static void complete_words(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                           const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)explorer;
    for (size_t i = 0; spec->words[i] != NULL; i++)
        if (begins(spec->words[i], prefix) && !add(user, spec->words[i]))
            return;
}

static int parse_key(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                     const char *text, struct ls_argument *out, struct ls_error *error)
{
    int key = ls_tui_key_named(text);
    (void)explorer;
    (void)spec;
    if (key == 0) {
        ls_error_set(error, LS_ERR_NAME, "no key '%s'", text);
        return ls_error_remedy(error,
                               "write a character, ^L, F1, or a name such as Enter, Left, PgDn, Space");
    }
    out->key = key;
    return 0;
}

static void complete_key(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                         const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)explorer;
    (void)spec;
    for (const char *name = ls_tui_key_first_name(); name != NULL; name = ls_tui_key_next_name(name))
        if (begins(name, prefix) && !add(user, name))
            return;
}

/* ---- parameters ---- */

/* Tries an assignment on a copy of the policy, and whether the data can be solved by that. */
static int try_assignment(const struct ls_explorer *explorer, const char *assignment, struct ls_error *error)
{
    struct ls_policy draft = {0};
    int status = ls_policy_copy(&draft, &explorer->policy, error);
    if (status == 0)
        status = ls_policy_assign(&draft, assignment, error);
    if (status == 0 && draft.slot_minutes != explorer->dataset->slot_minutes) {
        status = ls_error_set(error, LS_ERR_VALUE, "the readings are %d minutes apart, not %d",
                              explorer->dataset->slot_minutes, draft.slot_minutes);
        ls_error_remedy(error, "leave behaviour.slot_minutes at %d", explorer->dataset->slot_minutes);
    }
    ls_policy_clear(&draft);
    return status;
}

static int parse_setting(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                         const char *text, struct ls_argument *out, struct ls_error *error)
{
    (void)spec;
    (void)out;
    return try_assignment(explorer, text, error);
}

static int parse_parameter(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                           const char *text, struct ls_argument *out, struct ls_error *error)
{
    char city[LS_ID_BYTES + 1];
    (void)explorer;
    (void)spec;
    return ls_parameter_find(text, &out->parameter, city, error);
}

static int parse_axis(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error)
{
    struct ls_axis axis;
    (void)spec;
    (void)out;
    return ls_axis_parse(text, &explorer->policy, &axis, error);
}

static int parse_value(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                       const char *text, struct ls_argument *out, struct ls_error *error)
{
    char assignment[LS_LINE_BYTES];
    (void)out;
    snprintf(assignment, sizeof assignment, "%s=%s", spec->words[0], text);
    return try_assignment(explorer, assignment, error);
}

/* The words that a parameter takes, with `head` before each. */
static bool complete_value(const struct ls_explorer *explorer, const struct ls_parameter *parameter,
                           const char *city, const char *head, const char *prefix,
                           bool (*add)(void *user, const char *text), void *user)
{
    char text[LS_LINE_BYTES], value[LS_VALUE_SIZE];
    static const char *const booleans[] = {"yes", "no", NULL};
    const char *const *words = parameter->type == LS_TYPE_BOOLEAN ? booleans : parameter->choices;
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        snprintf(text, sizeof text, "%s%s", head, words[i]);
        if (begins(words[i], prefix) && !add(user, text))
            return false;
    }
    if (words != NULL)
        return true;
    ls_parameter_get(parameter, &explorer->policy, city, value, sizeof value);
    snprintf(text, sizeof text, "%s%s", head, value);
    if (begins(value, prefix) && !add(user, text))
        return false;
    snprintf(text, sizeof text, "%snone", head);
    return !parameter->may_be_none || strcmp(value, "none") == 0 || !begins("none", prefix) ||
           add(user, text);
}

static void complete_of_parameter(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                                  const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    const struct ls_parameter *parameter;
    char city[LS_ID_BYTES + 1];
    if (ls_parameter_find(spec->words[0], &parameter, city, NULL) == 0)
        (void)complete_value(explorer, parameter, city, "", prefix, add, user);
}

/* Names with `tail` behind each; those per city with the city on screen. */
static void complete_names(const struct ls_explorer *explorer, const char *prefix, const char *tail,
                           bool (*add)(void *user, const char *text), void *user)
{
    size_t count;
    const struct ls_parameter *parameters = ls_parameters(&count);
    for (size_t i = 0; i < count; i++) {
        char text[LS_LINE_BYTES], name[128];
        ls_parameter_name(&parameters[i], parameters[i].per_city ? explorer->city->name : NULL, name,
                          sizeof name);
        snprintf(text, sizeof text, "%s%s", name, tail);
        if (begins(name, prefix) && !add(user, text))
            return;
    }
}

static void complete_parameter(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                               const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)spec;
    complete_names(explorer, prefix, "", add, user);
}

static void complete_setting(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                             const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    const struct ls_parameter *parameter;
    const char *equals = strchr(prefix, '=');
    char name[LS_LINE_BYTES], head[LS_LINE_BYTES], city[LS_ID_BYTES + 1];
    (void)spec;
    if (equals == NULL) {
        complete_names(explorer, prefix, "=", add, user);
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)(equals - prefix), prefix);
    snprintf(head, sizeof head, "%.*s", (int)(equals + 1 - prefix), prefix);
    if (ls_parameter_find(name, &parameter, city, NULL) == 0)
        (void)complete_value(explorer, parameter, city, head, equals + 1, add, user);
}

/* ---- what is in the data ---- */

static int parse_date(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error)
{
    (void)explorer;
    (void)spec;
    if (ls_date_parse(text, &out->date))
        return 0;
    ls_error_set(error, LS_ERR_VALUE, "'%s' is no date", text);
    return ls_error_remedy(error, "write it as 2013-02-04");
}

static void complete_date(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    char date[LS_DATE_SIZE];
    (void)spec;
    for (size_t d = 0; d < explorer->n_dates; d++)
        if (begins(ls_date_format(explorer->dates[d], date), prefix) && !add(user, date))
            return;
}

static int parse_city(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error)
{
    (void)spec;
    out->city = ls_dataset_city(explorer->dataset, text);
    if (out->city != NULL)
        return 0;
    ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", text);
    return ls_error_remedy(error, "C goes through those there are");
}

static void complete_city(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)spec;
    for (size_t c = 0; c < explorer->dataset->n_cities; c++)
        if (begins(explorer->dataset->cities[c].name, prefix) &&
            !add(user, explorer->dataset->cities[c].name))
            return;
}

/* A script may change the city first, so those of all cities are known; the one on screen is asked first. */
static int parse_customer(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *text, struct ls_argument *out, struct ls_error *error)
{
    const struct ls_dataset *dataset = explorer->dataset;
    size_t n = dataset->n_customers, first = explorer->city->first_customer;
    (void)spec;
    for (size_t i = 0; i < n; i++)
        if (strcmp(dataset->customers[(first + i) % n].id, text) == 0) {
            out->customer = (uint32_t)((first + i) % n);
            return 0;
        }
    ls_error_set(error, LS_ERR_NAME, "no customer '%s' in the data", text);
    return ls_error_remedy(error, "/ searches the list by part of an id");
}

static void complete_customer(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                              const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    const struct ls_city *city = explorer->city;
    (void)spec;
    for (size_t i = city->first_customer; i < city->first_customer + city->n_customers; i++)
        if (begins(explorer->dataset->customers[i].id, prefix) &&
            !add(user, explorer->dataset->customers[i].id))
            return;
}

/* ---- what is on the screen ---- */

static int parse_view(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error)
{
    (void)explorer;
    (void)spec;
    for (int v = 0; v < LS_VIEW_COUNT; v++)
        if (strcasecmp(ls_view((enum ls_view_id)v)->name, text) == 0) {
            out->view = (enum ls_view_id)v;
            return 0;
        }
    ls_error_set(error, LS_ERR_NAME, "no view '%s'", text);
    return ls_error_remedy(error, "name one as on its tab; Tab goes through them");
}

static void complete_view(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)explorer;
    (void)spec;
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        char name[32];
        const char *of = ls_view((enum ls_view_id)v)->name;
        snprintf(name, sizeof name, "%c%s", of[0] | ' ', of + 1);
        if (begins(name, prefix) && !add(user, name))
            return;
    }
}

/* Hands on the columns of the table on screen, or of every table; false when `add` had enough. */
static bool each_column(const struct ls_explorer *explorer, const char *prefix,
                        bool (*add)(void *user, const char *text), void *user)
{
    size_t count;
    bool any = ls_view_columns(explorer->view, &count) != NULL;
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        const struct ls_column *columns = ls_view_columns((enum ls_view_id)v, &count);
        if (columns == NULL || (any && (enum ls_view_id)v != explorer->view))
            continue;
        for (size_t c = 0; c < count; c++)
            if (begins(columns[c].name, prefix) && !add(user, columns[c].name))
                return false;
    }
    return true;
}

/* A script may go to the table first, so here a column of any table will do. */
static int parse_column(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                        const char *text, struct ls_argument *out, struct ls_error *error)
{
    size_t count;
    (void)explorer;
    (void)spec;
    (void)out;
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        const struct ls_column *columns = ls_view_columns((enum ls_view_id)v, &count);
        for (size_t c = 0; columns != NULL && c < count; c++)
            if (strcasecmp(columns[c].name, text) == 0)
                return 0;
    }
    ls_error_set(error, LS_ERR_NAME, "no column '%s'", text);
    return ls_error_remedy(error, "name one as in the table's head");
}

static void complete_column(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                            const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)spec;
    (void)each_column(explorer, prefix, add, user);
}

static void complete_path(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    (void)spec;
    if (!explorer->options->read_only)
        ls_files_complete(prefix, add, user);
}

static const struct kind kinds[LS_ARGUMENT_KINDS] = {
    [LS_ARGUMENT_TEXT] = {parse_text, NULL},
    [LS_ARGUMENT_PATH] = {parse_text, complete_path},
    [LS_ARGUMENT_NUMBER] = {parse_number, NULL},
    [LS_ARGUMENT_CHOICE] = {parse_choice, complete_words},
    [LS_ARGUMENT_VALUE] = {parse_value, complete_of_parameter},
    [LS_ARGUMENT_SETTING] = {parse_setting, complete_setting},
    [LS_ARGUMENT_AXIS] = {parse_axis, complete_parameter},
    [LS_ARGUMENT_PARAMETER] = {parse_parameter, complete_parameter},
    [LS_ARGUMENT_DATE] = {parse_date, complete_date},
    [LS_ARGUMENT_CITY] = {parse_city, complete_city},
    [LS_ARGUMENT_CUSTOMER] = {parse_customer, complete_customer},
    [LS_ARGUMENT_VIEW] = {parse_view, complete_view},
    [LS_ARGUMENT_COLUMN] = {parse_column, complete_column},
    [LS_ARGUMENT_KEY] = {parse_key, complete_key},
};

int ls_argument_parse(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error)
{
    struct ls_argument argument = {.text = out->text};
    int status = kinds[spec->kind].parse(explorer, spec, text, &argument, error);
    if (status == 0)
        *out = argument;
    return status;
}

void ls_argument_complete(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    if (kinds[spec->kind].complete != NULL)
        kinds[spec->kind].complete(explorer, spec, prefix, add, user);
}
