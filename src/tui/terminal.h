/**
 * @file terminal.h
 * The terminal: the one place that knows curses, termios and escape sequences.
 *
 * One terminal a process, used by the thread that opened it; ls_terminal_wake() may be called by any. The
 * screen is drawn by ls_terminal_show() and sent by ls_terminal_wait(): one write a frame, at most 15 frames
 * a second, the last state always, and none while a slow terminal still owes us the last one. It belongs to
 * the caller of ls_terminal_open(), who closes it on every way out; signals and crashes restore it by
 * themselves.
 */
#ifndef LOADSCOPE_TUI_TERMINAL_H
#define LOADSCOPE_TUI_TERMINAL_H

#include "tui/cast.h"
#include "tui/frame.h"
#include "tui/theme.h"

#include <loadscope/error.h>

typedef struct ls_terminal ls_terminal;

struct ls_terminal_options {
    bool ascii;            /**< 7-bit glyphs even where the locale has more */
    enum ls_colors colors; /**< MONO: as the environment's NO_COLOR */
    enum ls_background background;
    bool no_mouse;
    int rows;                /**< not 0: a screen of this size that nobody sees, for pictures of it */
    int cols;                /**< of the same */
    ls_recording *recording; /**< gets all that the terminal is sent; borrowed, may be NULL */
};

/** What the last frame cost. */
struct ls_terminal_cost {
    long bytes;
    long writes;
    int frames; /**< sent within the last second, itself included */
};

/** Keys beyond Unicode. Control keys keep their code: LS_KEY_CTRL('c') is 3. */
enum ls_key {
    LS_KEY_TAB = 9,
    LS_KEY_ENTER = 13,
    LS_KEY_ESC = 27,
    LS_KEY_BASE = 0x110000,
    LS_KEY_BACKSPACE,
    LS_KEY_DELETE,
    LS_KEY_INSERT,
    LS_KEY_UP,
    LS_KEY_DOWN,
    LS_KEY_LEFT,
    LS_KEY_RIGHT,
    LS_KEY_CTRL_LEFT,
    LS_KEY_CTRL_RIGHT,
    LS_KEY_SHIFT_LEFT,
    LS_KEY_SHIFT_RIGHT,
    LS_KEY_HOME,
    LS_KEY_END,
    LS_KEY_PGUP,
    LS_KEY_PGDN,
    LS_KEY_BACKTAB,
    LS_KEY_F0, /**< LS_KEY_F0 + n is Fn, n from 1 to 24 */
    LS_KEY_END_OF_KEYS = LS_KEY_F0 + 25
};
#define LS_KEY_CTRL(letter) ((letter)&0x1f)

enum ls_event_kind {
    LS_EVENT_TIMEOUT,
    LS_EVENT_KEY,
    LS_EVENT_PASTE, /**< text pasted in brackets, or a piece of it */
    LS_EVENT_MOUSE,
    LS_EVENT_RESIZE, /**< size may have changed, screen was lost: draw again */
    LS_EVENT_WAKE,   /**< somebody called ls_terminal_wake() */
    LS_EVENT_QUIT,   /**< a signal, or the terminal is gone: leave within a second */
};

enum ls_mouse { LS_MOUSE_PRESS, LS_MOUSE_DOUBLE, LS_MOUSE_WHEEL_UP, LS_MOUSE_WHEEL_DOWN };

struct ls_event {
    enum ls_event_kind kind;
    int key;  /**< KEY: a Unicode character or an enum ls_key */
    bool alt; /**< KEY: with Alt (sent as ESC before it) */
    enum ls_mouse mouse;
    int button;       /**< MOUSE: from 1 */
    int row;          /**< MOUSE: where; RESIZE: rows */
    int col;          /**< MOUSE: where; RESIZE: columns */
    bool resumed;     /**< RESIZE: it was stopped, as by ^Z, and goes on */
    const char *text; /**< PASTE: UTF-8, until the next ls_terminal_wait() */
    int signal;       /**< QUIT: its number, 0 when the terminal is gone */
};

/**
 * Takes over the controlling terminal (/dev/tty, so data may come by stdin). Call setlocale(LC_ALL, "")
 * first. LS_ERR_IO where there is no terminal or it cannot move its cursor (TERM=dumb): go on without a
 * screen.
 */
int ls_terminal_open(const struct ls_terminal_options *options, ls_terminal **out, struct ls_error *error);
/** Restores the terminal as it was found, within 300 ms even when it is stalled. */
void ls_terminal_close(ls_terminal *terminal);

int ls_terminal_rows(const ls_terminal *terminal);
int ls_terminal_cols(const ls_terminal *terminal);
/** What frames for this terminal are to be created with; and whether it has reverse video. */
enum ls_glyphs ls_terminal_glyphs(const ls_terminal *terminal);
bool ls_terminal_has_reverse(const ls_terminal *terminal);
struct ls_palette ls_terminal_palette(const ls_terminal *terminal);
struct ls_terminal_cost ls_terminal_cost(const ls_terminal *terminal);

/** Copies @p frame as the next state to be shown; keeps nothing of it. Sent by ls_terminal_wait(). */
void ls_terminal_show(ls_terminal *terminal, const struct ls_frame *frame);
/** Paints everything anew with the next frame (^L). */
void ls_terminal_repaint(ls_terminal *terminal);

/** Sends what is due and waits for an event, @p timeout_ms at most (negative: for ever). */
void ls_terminal_wait(ls_terminal *terminal, int timeout_ms, struct ls_event *event);
/** True when more input is at hand, so that drawing may wait. */
bool ls_terminal_has_input(ls_terminal *terminal);
/** From any thread: makes ls_terminal_wait() return LS_EVENT_WAKE soon; several calls may give one event. */
void ls_terminal_wake(ls_terminal *terminal);

void ls_terminal_set_mouse(ls_terminal *terminal, bool on);
/** Hands @p text to the terminal's clipboard (OSC 52, through tmux and screen where TERM says that they are
 * there); false when it is longer than 50,000 bytes. */
bool ls_terminal_copy(ls_terminal *terminal, const char *text);
/** Tests only: whether work is under way whose result is not on the screen yet. */
void ls_terminal_set_busy(ls_terminal *terminal, bool busy);

/** First call of a worker thread: signals go to the main thread, and a crash here restores the terminal. */
void ls_terminal_thread_setup(void);

#endif
