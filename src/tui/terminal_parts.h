/**
 * @file terminal_parts.h
 * What the two files of the terminal share: terminal_open.c takes it and gives it back, terminal.c shows
 * frames on it and waits.
 */
#ifndef LOADSCOPE_TUI_TERMINAL_PARTS_H
#define LOADSCOPE_TUI_TERMINAL_PARTS_H

#include "tui/input.h"
#include "tui/outlet.h"
#include "tui/paint.h"
#include "tui/terminal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <termios.h>

#define LS_FRAMES_KEPT 32 /**< for the count of the last second */

struct ls_terminal {
    int tty; /* a description of our own, non-blocking */
    FILE *out;
    FILE *in;
    SCREEN *screen;
    struct termios saved;
    struct termios raw;
    int pipe[2];
    atomic_bool wake_pending;
    struct ls_input input;
    struct ls_outlet outlet;
    struct ls_paint paint;

    bool modern; /* knows private modes beyond those of a VT220 */
    bool reverse;
    enum ls_glyphs glyphs;

    bool dirty;     /* there is something to be sent */
    bool restarted; /* the screen was left and comes back with the next frame */
    bool cursor_visible;
    int64_t next_frame_ns;
    int64_t frame_ns; /* least time between frames */

    bool testing; /* print a mark when idle */
    bool busy;
    long keys;
    long frames;                     /* sent; those without a change are not */
    int64_t sent_ns[LS_FRAMES_KEPT]; /* of the last ones, by their number */
    long frame_bytes;                /* of the last one */
    int fixed_rows, fixed_cols;      /* of a screen that nobody sees, or 0 */
    char mark[128];                  /* the last one printed */
};

/** The size to draw for. */
void ls_terminal_size(const ls_terminal *terminal, int *rows, int *cols);
/** Gives the terminal our modes. */
void ls_terminal_set_raw(ls_terminal *terminal);
/** Sends the rest of a frame and what ncurses says at the end, or cuts a terminal short that does not read;
 * sets the modes back. */
void ls_terminal_leave(ls_terminal *terminal);

#endif
