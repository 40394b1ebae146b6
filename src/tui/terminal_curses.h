/**
 * @file terminal_curses.h
 * What a libform form needs of the terminal; for form.c and terminal.c alone.
 *
 * Derive the form's windows from ls_terminal_window() with derwin(), mark their rectangle by
 * ls_frame_foreign() and put the frame's cursor where the form's is; ls_terminal_show() then leaves those
 * cells to the form and ls_terminal_wait() sends them with the frame. Never refresh a window. After
 * LS_EVENT_RESIZE unpost, free and rebuild.
 */
#ifndef LOADSCOPE_TUI_TERMINAL_CURSES_H
#define LOADSCOPE_TUI_TERMINAL_CURSES_H

#include "tui/terminal.h"

#include <curses.h>

/** The window of the whole screen. */
WINDOW *ls_terminal_window(ls_terminal *terminal);
/** A style as a curses attribute with its colour pair, fit for set_field_fore() and wattrset(). */
chtype ls_terminal_attribute(const ls_terminal *terminal, unsigned style);

#endif
