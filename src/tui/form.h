/*
 * The form of all parameters: one field a row of the parameter table, in pages, by curses' form library.
 *
 * A form works on a policy of its own: what is typed is parsed with every key and, when it is valid, set at
 * once; a text that is not valid stays in its field, marked and explained, and the policy keeps the last
 * valid value. The focus is never trapped. The fields live in a pad that no one sees; ls_form_draw() copies
 * their text into a frame like any view, so overlays and snapshots need no care. A form belongs to the caller
 * of ls_form_open(), who closes it before the terminal.
 */
#ifndef LS_TUI_FORM_H
#define LS_TUI_FORM_H

#include "tui/frame.h"
#include "tui/terminal.h"

#include <loadscope/policy.h>

typedef struct ls_form ls_form;

enum ls_form_result {
    LS_FORM_IGNORED, /* not a key for a form; every printing character is one */
    LS_FORM_MOVED,   /* draw again: cursor, field, page, or a text that means the same value */
    LS_FORM_CHANGED, /* another value is in ls_form_policy() */
    LS_FORM_INVALID, /* the text is no value now; ls_form_describe() says why */
    LS_FORM_LEFT,    /* Esc */
};

/* What is to be said of the current field. */
struct ls_form_info {
    const char *label;
    const char *help;
    char dotted[128];
    char range[160]; /* "0 to 100 %, none: off" */
    char error[800]; /* what is wrong with the text, and the remedy; "" when it is valid */
    int n_invalid;   /* fields of the whole form whose text is not valid */
    int page, pages; /* from 1 */
};

/*
 * Fields for every parameter, those per city for `city` (NULL or "": none of them), with the values of
 * `policy`; `saved` is what the marks of changed values compare with. All three are copied. The rectangle may
 * be as small as 1x1. LS_ERR_MEMORY.
 */
int ls_form_open(ls_terminal *terminal, struct ls_rect rect, const struct ls_policy *policy,
                 const struct ls_policy *saved, const char *city, ls_form **out, struct ls_error *error);
void ls_form_close(ls_form *form);

/* Lays it out anew; texts, errors, current field and cursor stay. LS_ERR_MEMORY leaves it as it was. */
int ls_form_resize(ls_form *form, struct ls_rect rect);

/* Takes over a policy; one equal to the form's own leaves every text as it was typed (after saving), another
 * one replaces them all. The current field stays. LS_ERR_MEMORY leaves the form as it was. */
int ls_form_reload(ls_form *form, const struct ls_policy *policy, const struct ls_policy *saved);

/* Shows the values of another city; a form opened without a city stays without. */
void ls_form_set_city(ls_form *form, const char *city);

enum ls_form_result ls_form_key(ls_form *form, int key);
/* The next key that a pasted text comes to, as if typed, and *text behind it; 0 at the end of the first line,
 * and in a field that is chosen from words. */
int ls_form_pasted(const ls_form *form, const char **text);
/* Goes to the field with this dotted name, or drawn in this row of the screen; false when there is none. */
bool ls_form_select(ls_form *form, const char *dotted);
bool ls_form_click(ls_form *form, int row);

/* All valid entries so far. Holds until the next call that takes a form not const. */
const struct ls_policy *ls_form_policy(const ls_form *form);
/* Dotted name of the current field. Holds as long as ls_form_policy()'s answer. */
const char *ls_form_dotted(const ls_form *form);
void ls_form_describe(const ls_form *form, struct ls_form_info *out);

/* Draws fields, marks and the panel below into the form's rectangle, and puts the cursor into its field.
 * `note`, which may be "", stands on the panel's head. */
void ls_form_draw(const ls_form *form, struct ls_frame *frame, const char *note);

#endif
