/**
 * @file outlet.h
 * Between ncurses, which writes to an anonymous file, and the terminal, which gets one write a frame.
 *
 * The outlet belongs to terminal.c. Invariant: [at, end) of `bytes` is a whole frame or the rest of one, and
 * nothing is taken from the file while a rest is waiting.
 */
#ifndef LOADSCOPE_TUI_OUTLET_H
#define LOADSCOPE_TUI_OUTLET_H

#include "tui/record.h"

#include <stdbool.h>
#include <stddef.h>

struct ls_outlet {
    int tty;  /**< non-blocking, not owned; -1: nobody looks, and all is taken as sent */
    int file; /**< what ncurses writes to, seekable */
    char *bytes;
    size_t at;
    size_t end;
    size_t size;
    long writes;             /**< that the frame took so far */
    ls_recording *recording; /**< gets a copy of what is sent; borrowed, may be NULL */
};

/** Opens the file; false when it cannot be. */
bool ls_outlet_open(struct ls_outlet *outlet, int tty);
void ls_outlet_close(struct ls_outlet *outlet);

/** Bytes waiting in the file; what is there without the terminal having asked for it is dropped by _drop().
 */
size_t ls_outlet_waiting(const struct ls_outlet *outlet);
void ls_outlet_drop(struct ls_outlet *outlet);
/** Adds bytes to those to be sent; false without memory. */
bool ls_outlet_add(struct ls_outlet *outlet, const char *text);
/** Adds what is in the file in fewer bytes, and empties it; false without memory (then the screen is to be
 * painted anew). */
bool ls_outlet_take(struct ls_outlet *outlet);
/** Sends as much as the terminal takes: 1 when all is sent, 0 when a rest waits, -1 when it is gone. */
int ls_outlet_send(struct ls_outlet *outlet);
/** Sends the rest within @p timeout_ms; false when the terminal did not take it. Nothing is left either way.
 */
bool ls_outlet_finish(struct ls_outlet *outlet, int timeout_ms);
/** Writes the sequence that hands @p text to the clipboard into the file, as TERM and TMUX say that it must
 * travel; false where ls_clipboard_sequence() has none. */
bool ls_outlet_copy(struct ls_outlet *outlet, const char *text);

#endif
