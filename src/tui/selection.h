/* The selection as text: what the cursor is on, by the terminal's clipboard. */
#ifndef LS_TUI_SELECTION_H
#define LS_TUI_SELECTION_H

#include "tui/state.h"

/* Copies what the view says is selected, else the line under the cursor, and tells the user what it was. */
void ls_selection_copy(struct ls_explorer *explorer);

#endif
