/**
 * @file clipboard.h
 * The sequence (OSC 52) by which a terminal is handed a text for its clipboard. Pure.
 */
#ifndef LOADSCOPE_TUI_CLIPBOARD_H
#define LOADSCOPE_TUI_CLIPBOARD_H

#include <stdbool.h>

#define LS_CLIPBOARD_MOST 50000 /**< bytes of a text; terminals have a limit near to it */

/** For a terminal that calls itself @p term, wrapped for tmux or screen to pass it on; @p in_tmux: TMUX is
 * set, which does not travel over SSH. The caller frees it; NULL for a text that is too long, and without
 * memory.
 */
char *ls_clipboard_sequence(const char *text, const char *term, bool in_tmux);

#endif
