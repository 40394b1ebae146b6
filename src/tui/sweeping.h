/*
 * A sweep in the background, as far as it has come, and where one stands on its grid.
 *
 * The thread fills a sweep of its own and hands over cell by cell; the screen's has those that were taken.
 */
#ifndef LS_TUI_SWEEPING_H
#define LS_TUI_SWEEPING_H

#include "tui/play.h"
#include "tui/task.h"

#include <loadscope/sweep.h>

struct ls_explorer;

struct ls_sweeping {
    ls_task *task;
    struct ls_sweep *sweep;      /* NULL before the first */
    char axis[2][LS_LINE_BYTES]; /* as asked for last; "": never */
    size_t x, y;                 /* of the cell under the cursor */
    int own[2];                  /* index of the limits as they stand on each axis; -1: not on it */
    bool stale;                  /* the day, the city or another limit changed since */
    bool average;                /* the map shows average, not marginal savings */
};

int ls_sweeping_start(struct ls_explorer *explorer, struct ls_error *error);
void ls_sweeping_stop(struct ls_sweeping *sweeping);

/* Begins a sweep of these axes, written as for ls_axis_parse(); "" stands for those of the last one, or for Z
 * and alpha, or where the day has no peak hours for alpha and H. Errors of ls_axis_parse() and
 * ls_sweep_open(); the sweep before stays then. */
int ls_explorer_sweep(struct ls_explorer *explorer, const char *x, const char *y, struct ls_error *error);

/* Goes on with a sweep that was stopped, also where it is stale; false where there is nothing to go on with.
 */
bool ls_explorer_resume_sweep(struct ls_explorer *explorer);

/* Takes cells that are done. */
void ls_explorer_take_cells(struct ls_explorer *explorer);

/* Looks whether the sweep still belongs to what is tuned, and where that stands on it. */
void ls_explorer_place_sweep(struct ls_explorer *explorer);

/* Sets both parameters to the values of the cell under the cursor. */
void ls_explorer_adopt(struct ls_explorer *explorer);

#endif
