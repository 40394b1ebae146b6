/*
 * The kinds of arguments that commands take: each knows how to parse a text and which texts it would take.
 *
 * An argument is a word; the last one of a command is the rest of the line.
 */
#ifndef LS_TUI_COMMANDS_ARGUMENTS_H
#define LS_TUI_COMMANDS_ARGUMENTS_H

#include "tui/state.h"

#define LS_ARGUMENTS_MAX 6

enum ls_argument_kind {
    LS_ARGUMENT_TEXT,
    LS_ARGUMENT_PATH,
    LS_ARGUMENT_NUMBER,    /* `low` to `high` */
    LS_ARGUMENT_CHOICE,    /* one of `words` */
    LS_ARGUMENT_VALUE,     /* of the parameter that `words[0]` names */
    LS_ARGUMENT_SETTING,   /* section.key=value */
    LS_ARGUMENT_AXIS,      /* section.key, with =values or without */
    LS_ARGUMENT_PARAMETER, /* section.key */
    LS_ARGUMENT_DATE,
    LS_ARGUMENT_CITY,
    LS_ARGUMENT_CUSTOMER,
    LS_ARGUMENT_VIEW,
    LS_ARGUMENT_COLUMN, /* of any table */
    LS_ARGUMENT_KEY,    /* as help writes it */
    LS_ARGUMENT_KINDS
};

struct ls_argument_spec {
    const char *label; /* for help: "FILE" */
    enum ls_argument_kind kind;
    bool optional;
    double low, high;
    const char *const *words; /* NULL at the end */
};

/* What a text stands for; which member counts follows from the kind. */
struct ls_argument {
    const char *text; /* as typed; "" when it was left out */
    double number;
    int choice; /* index into the words */
    int32_t date;
    const struct ls_city *city;
    uint32_t customer; /* index into the dataset's */
    enum ls_view_id view;
    const struct ls_parameter *parameter;
    int key;
};

/* Fills all but out->text. Errors name what was typed and what is taken; `out` is untouched then. */
int ls_argument_parse(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                      const char *text, struct ls_argument *out, struct ls_error *error);

/* Hands on each text that the kind takes and that begins with `prefix`, in the order in which they should be
 * offered; `add` returns false when it has enough. */
void ls_argument_complete(const struct ls_explorer *explorer, const struct ls_argument_spec *spec,
                          const char *prefix, bool (*add)(void *user, const char *text), void *user);

#endif
