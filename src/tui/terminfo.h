/**
 * @file terminfo.h
 * What the terminal's description says; for terminal*.c alone. To be called after newterm().
 */
#ifndef LOADSCOPE_TUI_TERMINFO_H
#define LOADSCOPE_TUI_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

#define LS_TERMINFO_RESTORE 512 /**< bytes that hold any sequence of ls_terminfo_restore() */

/** Whether a terminal of this name is described; may be asked before newterm(), which leaks where it is not.
 */
bool ls_terminfo_exists(const char *term);
bool ls_terminfo_has(const char *capability);
/**
 * The sequence that brings the terminal back after a crash: modes, colours, main screen, the cursor shown
 * last.
 * @p modern: it knows private modes beyond those of a VT220. @p rows: of the screen.
 */
const char *ls_terminfo_restore(bool modern, int rows, char out[LS_TERMINFO_RESTORE]);

#endif
