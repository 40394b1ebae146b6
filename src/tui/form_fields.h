/*
 * What form.c and form_draw.c share: the form's inside. For these two alone.
 *
 * `entry` is what a form is, `shown` how it lies in its rectangle at the moment: rebuilt as a whole whenever
 * that changes, so that a rebuild that fails leaves the old one standing.
 */
#ifndef LS_TUI_FORM_FIELDS_H
#define LS_TUI_FORM_FIELDS_H

#include "tui/form.h"

#include <form.h>

#define LS_FORM_VALUE_COLS 40                      /* a field is not wider than this on the screen */
#define LS_FORM_TEXT_SIZE  (4 * LS_VALUE_SIZE + 1) /* holds a full field in UTF-8 */

/* One parameter on the form: the argument of its field's type. */
struct ls_form_entry {
    struct ls_form_entry *self; /* libform hands its argument back as const */
    ls_form *form;
    size_t index;
    const struct ls_parameter *parameter;
    const char *city;             /* the form's, or NULL for a row not per city */
    char text[LS_FORM_TEXT_SIZE]; /* as typed, without blanks at its end */
    bool invalid;
    struct ls_error error; /* of an invalid text */
};

/* Where an entry's field lies. */
struct ls_form_place {
    int page, row; /* from 0; the row within the page */
    bool first_of_page;
    bool heading; /* the name of its section stands beside or above it */
};

struct ls_form_shown {
    FORM *form;
    FIELD **field; /* [n_entries + 1], NULL behind the last */
    WINDOW *pad;   /* what libform draws on: page_rows x value_cols */

    struct ls_rect rect;
    struct ls_form_place *place; /* [n_entries] */
    int n_pages, page_rows;
    bool heading_rows;                                     /* headings take rows of their own */
    int heading_cols, label_cols, symbol_cols, value_cols; /* widths, 0: left out */
    int unit_cols;
};

struct ls_form {
    struct ls_policy policy; /* with the valid entries */
    struct ls_policy saved;
    char city[64];
    char dotted[128]; /* of the current field */
    bool ascii;
    size_t n_entries;
    struct ls_form_entry *entry; /* [n_entries] in the table's order */
    size_t current;
    bool selected; /* the current text is selected whole: the next character replaces it */
    bool changed;  /* a check has set another value since the key came */
    FIELDTYPE *type;
    struct ls_form_shown shown;
};

/* Fills everything of `out` but form, field and pad; `out->place` has n_entries places. */
void ls_form_lay_out(const ls_form *form, struct ls_rect rect, struct ls_form_shown *out);

/* The words of a choice or a boolean in the order they turn, NULL-ended; NULL for any other type. */
const char *const *ls_form_words(const struct ls_parameter *parameter);

#endif
