/* The frame around every view: title, tabs, status line; and the word when the window is too small. */
#ifndef LS_TUI_SCREEN_H
#define LS_TUI_SCREEN_H

#include "tui/state.h"

#define LS_SCREEN_MIN_ROWS  16
#define LS_SCREEN_MIN_COLS  60
#define LS_SCREEN_HELP_COLS 8 /* right end of the tabs, which leads to help */
#define LS_SHOWN_SIZE       96

void ls_screen_draw(const struct ls_explorer *explorer, const struct ls_worker_state *state,
                    struct ls_frame *frame);

/* What the answer on screen, which there is, belongs to while another one is on its way: "the limits before",
 * or another day. */
const char *ls_screen_shown(const struct ls_explorer *explorer, char out[LS_SHOWN_SIZE]);

/* The view whose tab is at a column of the tab row. */
bool ls_screen_tab_at(const struct ls_explorer *explorer, int col, enum ls_view_id *view);

#endif
