/**
 * @file leave.h
 * Signals, and leaving the terminal as it was found whatever happens; for terminal*.c alone.
 *
 * Quit signals set a flag and wake the main loop; if the process has not ended LS_LEAVE_WATCHDOG_MS later,
 * the terminal is restored and the signal raised again. Fatal signals do so at once, on whichever thread.
 */
#ifndef LOADSCOPE_TUI_LEAVE_H
#define LOADSCOPE_TUI_LEAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#define LS_LEAVE_WATCHDOG_MS 700

/** Installs the handlers; each signal writes a byte to @p wake_fd (non-blocking). */
void ls_leave_install(int wake_fd);
/** From now on a crash restores @p tty by @p saved and the sequence @p restore (at most 511 bytes). */
void ls_leave_arm(int tty, const struct termios *saved, const char *restore);
/** The terminal is restored: nothing to do on a crash. The watchdog of a quit under way goes on. */
void ls_leave_disarm(void);
/** Gives signals back their defaults (but for a watchdog under way). */
void ls_leave_uninstall(void);

/** The quit signal that came, or 0. */
int ls_leave_quit(void);
/** Quit because the terminal is gone: starts the watchdog too. */
void ls_leave_hang_up(void);
/** Whether the signal came since the last call (SIGWINCH, SIGCONT, SIGTSTP). */
bool ls_leave_take(int number);
/** Stops the process group as ^Z does; returns when it is continued. */
void ls_leave_stop(void);

/** Blocks every signal but the fatal ones on this thread and gives it a stack to crash on. */
void ls_leave_thread_setup(void);

/** Writes to a non-blocking descriptor within @p timeout_ms; async-signal-safe; returns the bytes written. */
size_t ls_leave_write(int fd, const char *bytes, size_t length, int timeout_ms);

#endif
