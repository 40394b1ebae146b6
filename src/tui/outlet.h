/**
 * @file outlet.h
 * Between ncurses, which writes to an anonymous file, and the terminal, which gets one write a frame.
 *
 * The outlet belongs to terminal.c. Invariant: [at, end) of `bytes` is a whole frame or the rest of one, and
 * nothing is taken from the file while a rest is waiting.
 */
#ifndef LOADSCOPE_TUI_OUTLET_H
#define LOADSCOPE_TUI_OUTLET_H

#include "tui/cast.h"

#include <stdbool.h>
#include <stddef.h>

struct ls_outlet {
    int tty;  /**< non-blocking, not owned; -1: nobody looks, and all is taken as sent */
    int file; /**< what ncurses writes to, seekable */
    char *bytes;
    size_t at;
    size_t end;
    size_t size;
    char *aside;             /**< goes before the next frame; NULL: nothing */
    size_t aside_at;         /**< where in `bytes` it is, which no recording gets */
    size_t aside_end;        /**< behind it */
    long writes;             /**< that the frame took so far */
    ls_recording *recording; /**< gets a copy of what is sent; borrowed, may be NULL */
};

/** Opens the file; false when it cannot be. */
bool ls_outlet_open(struct ls_outlet *outlet, int tty);
void ls_outlet_close(struct ls_outlet *outlet);

/** Bytes waiting in the file and aside; what is in the file without the terminal having asked for it is
 * dropped by _drop(). */
size_t ls_outlet_waiting(const struct ls_outlet *outlet);
void ls_outlet_drop(struct ls_outlet *outlet);
/** Adds bytes to those to be sent; false without memory. */
bool ls_outlet_add(struct ls_outlet *outlet, const char *text);
/** Adds what is aside and, in fewer bytes, what is in the file, and empties both; false without memory (then
 * the screen is to be painted anew). */
bool ls_outlet_take(struct ls_outlet *outlet);
/** Sends as much as the terminal takes: 1 when all is sent, 0 when a rest waits, -1 when it is gone. */
int ls_outlet_send(struct ls_outlet *outlet);
/** Sends the rest within @p timeout_ms; false when the terminal did not take it. Nothing is left either way.
 */
bool ls_outlet_finish(struct ls_outlet *outlet, int timeout_ms);
/** Sets the sequence aside that hands @p text to the clipboard, as TERM and TMUX say that it must travel.
 * Where a recording is played it would take the clipboard of whoever looks. False where
 * ls_clipboard_sequence() has none. */
bool ls_outlet_copy(struct ls_outlet *outlet, const char *text);

#endif
