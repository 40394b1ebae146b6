/**
 * @file input.h
 * From the bytes a terminal sends to events; for terminal*.c alone.
 */
#ifndef LOADSCOPE_TUI_INPUT_H
#define LOADSCOPE_TUI_INPUT_H

#include "tui/terminal.h"

#include <curses.h>
#include <time.h>

#define LS_INPUT_MOUSE 8 /**< events that ncurses keeps */

struct ls_input {
    WINDOW *pad; /**< a window whose reading refreshes nothing */
    int tty;
    char *paste;                  /**< text of the last paste, or of a piece of it, or NULL */
    bool pasting;                 /**< its end has not come yet */
    struct timespec paste_time;   /**< when something of it came last */
    MEVENT mouse[LS_INPUT_MOUSE]; /**< not handed on yet, the oldest last */
    int n_mouse;
    struct timespec click_time;
    int click_row;
    int click_col;
};

/** Defines the keys that terminfo leaves out. LS_ERR_MEMORY. Call after newterm(). */
int ls_input_open(struct ls_input *input, int tty, struct ls_error *error);
void ls_input_close(struct ls_input *input);
/** Decodes what is at hand: true with an event of kind KEY, PASTE or MOUSE, false when there is none. */
bool ls_input_read(struct ls_input *input, struct ls_event *event);

#endif
