/*
 * A view is a const table of functions: how it draws, and what the moving keys mean to it.
 *
 * draw() gets the rows between the tabs and the status line. move() is told of rows (up, down, pages) and of
 * columns (left, right); open() is Enter. Any but draw() may be NULL.
 */
#ifndef LS_TUI_VIEW_H
#define LS_TUI_VIEW_H

#include "tui/state.h"

#include <stdio.h>

/* What one home comes to: below, figures have a digit or a unit more. */
#define LS_FEW_GRAMS 100.0
#define LS_FEW_KWH   10.0

/* Why there is nothing to save where it is for want of factors. */
#define LS_NO_FACTORS "no reading of this day has emission factors: nothing can be said"

/* How far a step goes: by rows or columns, or to an end. */
enum ls_step { LS_STEP_LINE, LS_STEP_PAGE, LS_STEP_END };

struct ls_view {
    const char *name;  /* for :view, and on its tab */
    const char *tab;   /* what stands there instead; NULL: the name */
    int digit;         /* key and number on the tab, 0: no tab of its own */
    const char *hints; /* keys for the bottom line */
    void (*draw)(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect);
    void (*vertical)(struct ls_explorer *explorer, int direction, enum ls_step step);
    void (*horizontal)(struct ls_explorer *explorer, int direction, enum ls_step step);
    void (*open)(struct ls_explorer *explorer);
    bool opens_answer; /* what open() opens is of the answer, for which it waits */
    void (*pane)(struct ls_explorer *explorer);
    bool (*click)(struct ls_explorer *explorer, struct ls_rect rect, int row, int col);
    /* Writes what the cursor is on, and returns what to call it ("the slot"); NULL: nothing of its own. There
     * is an answer. */
    const char *(*copy)(const struct ls_explorer *explorer, FILE *out);
};

/* Enter on what the cursor is on; nothing where the view opens nothing. */
void ls_view_open(struct ls_explorer *explorer);

extern const struct ls_view ls_view_days, ls_view_day, ls_view_customers, ls_view_customer, ls_view_moves,
    ls_view_compare, ls_view_sweep, ls_view_limits, ls_view_data, ls_view_parameters, ls_view_help;

/* The view with this id. */
const struct ls_view *ls_view(enum ls_view_id id);

/* The name on its tab. */
const char *ls_view_tab(enum ls_view_id id);

/* The view with this name, any case; false when there is none. */
bool ls_view_named(const char *name, enum ls_view_id *out);

/* The columns of the table that a view shows, for sorting by name; NULL when it has none. */
struct ls_column;
const struct ls_column *ls_view_columns(enum ls_view_id id, size_t *count);

/* The ends of the Day screen's scales as the data on screen ask for, kWh. */
void ls_view_day_scales(const struct ls_explorer *explorer, double *usage_top, double *change_top);

/* Whether the Day screen has room for what a step more would save beside every limit. */
bool ls_view_day_is_wide(const struct ls_explorer *explorer);

/* Helpers that several views share. */

/* Moves a list's selection and keeps it on a page of `rows` rows. */
void ls_list_move(struct ls_list *list, int direction, enum ls_step step, size_t rows);
void ls_list_select(struct ls_list *list, size_t index, size_t rows);

/* Says on the last row that there is more below. */
void ls_view_more(struct ls_frame *frame, struct ls_rect rect);

/* Scrolls `n` lines of a view that has no selection. */
void ls_view_scroll(struct ls_explorer *explorer, int direction, enum ls_step step, size_t n);

/* Fills the time axis for charts: peaks, binding slots, the selected one. `mark` has LS_SLOTS_MAX places. */
struct ls_chart_time ls_view_time(const struct ls_explorer *explorer, uint8_t *mark);

/* What a step less and a step more of a parameter would save, on one line. */
void ls_view_steps(const struct ls_sensitivity *known, char *out, size_t size);

/* What stands in the middle of a view that has nothing to show. */
void ls_view_empty(struct ls_frame *frame, struct ls_rect rect, const char *text);

#endif
