/**
 * @file pty.h
 * Runs a program in a pseudo-terminal and looks at its screen as a user would, by libvterm.
 *
 * Nothing sleeps for luck: with LOADSCOPE_TEST set the program prints a mark (OSC 7777) when all input it got
 * is on its screen; pty_wait() waits for it. Every wait has a deadline and fails the cmocka test with what
 * was on screen. A pty belongs to the caller of pty_start(); pty_stop() kills the program if it still runs.
 */
#ifndef LOADSCOPE_TESTS_PTY_H
#define LOADSCOPE_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#define PTY_LINE 2048 /**< bytes that hold any row */

struct pty;

struct pty_options {
    int rows;                /**< 0: 24 */
    int cols;                /**< 0: 80 */
    const char *term;        /**< NULL: xterm-256color */
    const char *const *env;  /**< "NAME=value" or "NAME" (unset), NULL at the end; may be NULL */
    const char *const *argv; /**< program (see pty_binary()) and arguments, NULL at the end */
    const char *stdin_path;  /**< NULL: the terminal */
    bool under_shell; /**< a parent says "stopped" when it stops, and continues it after a line typed */
};

/** Where a built program is: $LOADSCOPE_BIN_DIR/NAME or, else, $LOADSCOPE_BIN_DIR/tests/screen/NAME. */
const char *pty_binary(const char *name, char *out, size_t size);

struct pty *pty_start(const struct pty_options *options);
/** A screen without a program, for bytes that were kept; and bytes for it. */
struct pty *pty_replay(int rows, int cols);
void pty_feed(struct pty *pty, const char *bytes, size_t length);
void pty_stop(struct pty *pty);

/** Sends a named key: "Up" "Down" "Left" "Right" "Home" "End" "PgUp" "PgDn" "Enter" "Esc" "Tab" "BackTab"
 * "Backspace" "Delete" "F1".."F12", "^X" for Ctrl and x, or a single character; then waits for it. */
void pty_press(struct pty *pty, const char *key);
/** Types a text, character by character, and waits for the last. */
void pty_type(struct pty *pty, const char *text);
/** Sends bytes that are @p events events to the program, and does not wait. */
void pty_send(struct pty *pty, const char *bytes, int events);
/** Sends a key named as for pty_press(), and does not wait. */
void pty_send_key(struct pty *pty, const char *key);
/** After bytes of which nobody knows how many events they are: reads until nothing came for @p ms and the
 * program is not busy, and counts as sent what it says it got. */
void pty_settle(struct pty *pty, int ms);
/** Waits until all input is followed and the program is not busy. */
void pty_wait(struct pty *pty);
/** Waits until @p text is somewhere on the screen (for programs that print no mark, such as a shell). */
void pty_wait_text(struct pty *pty, const char *text);
/** Waits for a new mark, whatever was sent: after a signal, or a worker's result. */
void pty_wait_mark(struct pty *pty);
/** Waits until the program has written all that fits an unread terminal. */
void pty_wait_stalled(struct pty *pty);
/** Reads what comes within @p ms, without waiting for anything. */
void pty_read_for(struct pty *pty, int ms);

/** Gives the terminal another size and waits until the program has drawn it. */
void pty_resize(struct pty *pty, int rows, int cols);
/** The same without waiting. */
void pty_resize_only(struct pty *pty, int rows, int cols);
void pty_signal(struct pty *pty, int number);
/** Closes our side, as a lost connection does. */
void pty_hang_up(struct pty *pty);
pid_t pty_pid(const struct pty *pty);
/** Resident memory of the program in kB, -1 where the system does not say. */
long pty_resident_kb(const struct pty *pty);
/** Milliseconds since some moment, to measure by. */
long pty_now_ms(void);
/** Waits for the program's end; its status as waitpid() gives it, or -1 when it is still there after @p ms.
 */
int pty_wait_exit(struct pty *pty, int ms);
/** The same, but leaves what the program writes unread. */
int pty_wait_exit_unread(struct pty *pty, int ms);

/** The terminal's modes, also after the program's end; and those it had before. */
void pty_modes(const struct pty *pty, struct termios *now, struct termios *before);
/** True when the modes are as they were, the main screen is back and the cursor is visible. */
bool pty_is_restored(const struct pty *pty);
/** What the program last asked of the screen. */
bool pty_alternate(const struct pty *pty);
/** True while the program has switched on private mode @p mode (DECSET). */
bool pty_mode(const struct pty *pty, int mode);

/** A row as UTF-8 without blanks at its end; reversed eighth blocks as U+2580. */
const char *pty_line(const struct pty *pty, int row, char out[PTY_LINE]);
bool pty_contains(const struct pty *pty, const char *text);
struct pty_cell {
    char text[5]; /**< " " when empty */
    bool bold;
    bool underline;
    bool reverse;
    bool colored; /**< not in the terminal's own foreground */
};
struct pty_cell pty_cell(const struct pty *pty, int row, int col);
void pty_cursor(const struct pty *pty, int *row, int *col, bool *visible);

/** Bytes between the last two marks, marks excluded; writes of the last frame, and frames, as the program
 * says. */
long pty_frame_bytes(const struct pty *pty);
/** Bytes of all frames up to the last mark: what a key cost is the difference. */
long pty_total_bytes(const struct pty *pty);
long pty_frame_writes(const struct pty *pty);
/** The most of both that a frame took since input was last sent: a key may lead to more than one. */
long pty_most_bytes(const struct pty *pty);
long pty_most_writes(const struct pty *pty);
long pty_frames(const struct pty *pty);
/** True when any byte but 7-bit ASCII was received. */
bool pty_saw_8bit(const struct pty *pty);
/** True when a colour was set by SGR. */
bool pty_saw_color(const struct pty *pty);
/** The last text handed to the clipboard, still in base64; "" for none. */
const char *pty_clipboard(const struct pty *pty);

/** All that was sent in device control strings, one after the other: what tmux or screen shall pass on. */
const char *pty_passed(const struct pty *pty);

/**
 * Compares the screen with $LOADSCOPE_SCREEN_DIR/NAME.txt (tests/screen/expected/NAME.txt) and fails with the
 * rows that differ; a duration at a row's end ("0.4 ms") may differ. With LOADSCOPE_UPDATE_SCREENS=1 the file
 * is written instead.
 */
void pty_check_screen(struct pty *pty, const char *name);

#endif
