/**
 * @file terminal.c
 * Showing and waiting: ncurses draws into an anonymous file; what it wrote is read back and sent with one
 * write().
 *
 * Because ncurses never sees the terminal itself, modes, size and writing are ours. A frame is taken from
 * ncurses only when the last one has been sent to its end, so a stalled terminal costs no memory, and what it
 * gets at last is the difference to what it shows.
 */
#include "tui/leave.h"
#include "tui/terminal_parts.h"
#include "tui/terminfo.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define NS_A_MS     1000000LL
#define SUSPEND_KEY LS_KEY_CTRL('z')

#define SYNC_BEGIN   "\033[?2026h"
#define SYNC_END     "\033[?2026l"
#define PASTE_ON     "\033[?2004h"
#define MOUSE_EVENTS (BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED)

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 * NS_A_MS + now.tv_nsec;
}

/* ---- sending ---------------------------------------------------------------------------------------- */

/** Sends what the terminal takes of the frame under way; true when none is left. */
static bool send_pending(ls_terminal *terminal)
{
    int sent = ls_outlet_send(&terminal->outlet);

    if (sent < 0)
        ls_leave_hang_up();
    return sent != 0;
}

/** Takes the difference between what is shown and what shall be from ncurses, and starts to send it. */
static void send_frame(ls_terminal *terminal)
{
    struct ls_outlet *outlet = &terminal->outlet;

    assert(outlet->end == 0);
    terminal->dirty = false;
    wnoutrefresh(stdscr);
    doupdate();
    if (terminal->restarted) {
        terminal->restarted = false;
        keypad(terminal->input.pad, TRUE);
        ls_outlet_add(outlet, terminal->modern ? PASTE_ON : "");
    }
    if (ls_outlet_waiting(outlet) == 0 && outlet->end == 0)
        return;
    ls_outlet_add(outlet, terminal->modern ? SYNC_BEGIN : "");
    if (!ls_outlet_take(outlet))
        ls_terminal_repaint(terminal);
    ls_outlet_add(outlet, terminal->modern ? SYNC_END : "");
    outlet->writes = 0;
    terminal->frame_bytes = (long)outlet->end;
    terminal->sent_ns[terminal->frames++ % LS_FRAMES_KEPT] = now_ns();
    terminal->next_frame_ns = now_ns() + terminal->frame_ns;
    send_pending(terminal);
}

/** In tests, says once that everything asked for so far is on the screen. */
static void mark_idle(ls_terminal *terminal)
{
    char mark[sizeof terminal->mark];
    long writes = terminal->outlet.writes;

    if (!terminal->testing || terminal->dirty || terminal->outlet.end > 0)
        return;
    snprintf(mark, sizeof mark, "\033]7777;%ld;%d;%d;%d;%ld;%ld\a", terminal->keys, terminal->busy, LINES,
             COLS, terminal->frames, writes);
    if (strcmp(mark, terminal->mark) != 0) {
        memcpy(terminal->mark, mark, sizeof mark);
        ls_outlet_add(&terminal->outlet, mark);
        send_pending(terminal);
        terminal->outlet.writes = writes;
    }
}

/* ---- drawing ---------------------------------------------------------------------------------------- */

void ls_terminal_show(ls_terminal *terminal, const struct ls_frame *frame)
{
    ls_paint_frame(&terminal->paint, stdscr, frame);
    if (frame->cursor_visible != terminal->cursor_visible) {
        terminal->cursor_visible = frame->cursor_visible;
        curs_set(frame->cursor_visible);
    }
    if (frame->cursor_visible)
        wmove(stdscr, frame->cursor_row, frame->cursor_col);
    terminal->dirty = true;
}

void ls_terminal_repaint(ls_terminal *terminal)
{
    clearok(curscr, TRUE);
    terminal->dirty = true;
}

void ls_terminal_set_mouse(ls_terminal *terminal, bool on)
{
    if (terminal->modern) {
        /* On a Linux console ncurses would load the library of gpm, which has signal handlers of its own. */
        mousemask(on ? MOUSE_EVENTS : 0, NULL);
    }
    terminal->dirty = true;
}

bool ls_terminal_copy(ls_terminal *terminal, const char *text)
{
    terminal->dirty = true;
    return ls_outlet_copy(&terminal->outlet, text);
}

/* ---- waiting ---------------------------------------------------------------------------------------- */

/** Follows the terminal's size; the screen is painted anew where it changed. */
static bool follow_size(ls_terminal *terminal)
{
    int rows, cols;

    ls_terminal_size(terminal, &rows, &cols);
    if (rows == LINES && cols == COLS)
        return false;
    resize_term(rows, cols);
    clearok(curscr, TRUE);
    terminal->dirty = true;
    if (terminal->outlet.recording)
        ls_recording_size(terminal->outlet.recording, LINES, COLS);
    return true;
}

/** After having been stopped: takes the terminal again. No painting here, ls_terminal_wait() does it. */
static void resume(ls_terminal *terminal)
{
    char restore[LS_TERMINFO_RESTORE];

    if (!isendwin())
        endwin();
    ls_outlet_drop(&terminal->outlet);
    ls_terminal_set_raw(terminal);
    ls_leave_arm(terminal->tty, &terminal->saved, ls_terminfo_restore(terminal->modern, LINES, restore));
    follow_size(terminal);
    clearok(curscr, TRUE);
    terminal->mark[0] = '\0';
    terminal->restarted = true;
    terminal->dirty = true;
}

static void suspend(ls_terminal *terminal)
{
    ls_terminal_leave(terminal);
    ls_leave_disarm();
    ls_leave_stop();
    resume(terminal);
}

static void set_resize_event(struct ls_event *event, bool resumed)
{
    *event = (struct ls_event){.kind = LS_EVENT_RESIZE, .row = LINES, .col = COLS, .resumed = resumed};
}

/** What signals asked for: true with an event. */
static bool follow_signals(ls_terminal *terminal, struct ls_event *event)
{
    bool resumed = false, changed = false;

    if (ls_leave_quit()) {
        event->kind = LS_EVENT_QUIT;
        event->signal = ls_leave_quit();
        return true;
    }
    if (ls_leave_take(SIGTSTP)) {
        suspend(terminal);
        resumed = true;
    }
    if (ls_leave_take(SIGCONT)) {
        resume(terminal);
        resumed = true;
    }
    if (ls_leave_take(SIGWINCH))
        changed = follow_size(terminal);
    if (changed || resumed)
        set_resize_event(event, resumed);
    return changed || resumed;
}

/** Reads input: true with an event. ^Z never gets out of here. */
static bool follow_input(ls_terminal *terminal, struct ls_event *event)
{
    if (terminal->tty < 0 || !ls_input_read(&terminal->input, event))
        return false;
    terminal->keys++;
    if (event->kind == LS_EVENT_KEY && event->key == SUSPEND_KEY && !event->alt) {
        suspend(terminal);
        set_resize_event(event, true);
    }
    return true;
}

/** True when poll() says there is input but there is none: the end of the file. */
static bool is_closed(const ls_terminal *terminal, short revents)
{
    int bytes = 0;

    if (revents & (POLLHUP | POLLERR | POLLNVAL))
        return true;
    return (revents & POLLIN) && ioctl(terminal->tty, FIONREAD, &bytes) == 0 && bytes == 0;
}

/** Sleeps until something can be done, at most until @p deadline (negative: for ever). */
static void sleep_until(ls_terminal *terminal, int64_t deadline)
{
    bool pending = terminal->outlet.end > 0;
    struct pollfd fds[2] = {{.fd = terminal->tty, .events = (short)(POLLIN | (pending ? POLLOUT : 0))},
                            {.fd = terminal->pipe[0], .events = POLLIN}};
    int64_t until = deadline, left = -1;
    char drain[256];

    if (terminal->dirty && !pending && (until < 0 || terminal->next_frame_ns < until))
        until = terminal->next_frame_ns;
    if (until >= 0) {
        left = until - now_ns();
        left = left <= 0 ? 0 : left / NS_A_MS + 1;
    }
    if (poll(fds, 2, left > 60000 ? 60000 : (int)left) > 0) {
        if (is_closed(terminal, fds[0].revents))
            ls_leave_hang_up();
        while (read(terminal->pipe[0], drain, sizeof drain) > 0) {
        }
    }
}

void ls_terminal_wait(ls_terminal *terminal, int timeout_ms, struct ls_event *event)
{
    int64_t deadline = timeout_ms < 0 ? -1 : now_ns() + timeout_ms * NS_A_MS;

    *event = (struct ls_event){.kind = LS_EVENT_TIMEOUT};
    for (;;) {
        if (follow_signals(terminal, event))
            return;
        if (send_pending(terminal) && terminal->dirty && now_ns() >= terminal->next_frame_ns)
            send_frame(terminal);
        if (follow_input(terminal, event))
            return;
        if (atomic_exchange(&terminal->wake_pending, false)) {
            event->kind = LS_EVENT_WAKE;
            return;
        }
        mark_idle(terminal);
        if (deadline >= 0 && now_ns() >= deadline)
            return;
        sleep_until(terminal, deadline);
    }
}

bool ls_terminal_has_input(ls_terminal *terminal)
{
    struct pollfd ready = {.fd = terminal->tty, .events = POLLIN};

    return poll(&ready, 1, 0) > 0;
}

void ls_terminal_wake(ls_terminal *terminal)
{
    if (!atomic_exchange(&terminal->wake_pending, true)) {
        /* A full pipe wakes the reader just as well. */
        ssize_t ignored = write(terminal->pipe[1], "", 1);

        (void)ignored;
    }
}

/* ---- asking ----------------------------------------------------------------------------------------- */

void ls_terminal_set_busy(ls_terminal *terminal, bool busy)
{
    terminal->busy = busy;
}

int ls_terminal_rows(const ls_terminal *terminal)
{
    (void)terminal;
    return LINES;
}

int ls_terminal_cols(const ls_terminal *terminal)
{
    (void)terminal;
    return COLS;
}

enum ls_glyphs ls_terminal_glyphs(const ls_terminal *terminal)
{
    return terminal->glyphs;
}

bool ls_terminal_has_reverse(const ls_terminal *terminal)
{
    return terminal->reverse;
}

struct ls_palette ls_terminal_palette(const ls_terminal *terminal)
{
    return terminal->paint.palette;
}

struct ls_terminal_cost ls_terminal_cost(const ls_terminal *terminal)
{
    struct ls_terminal_cost cost = {.bytes = terminal->frame_bytes, .writes = terminal->outlet.writes};
    long kept = terminal->frames < LS_FRAMES_KEPT ? terminal->frames : LS_FRAMES_KEPT;

    for (long i = 0; i < kept; i++)
        cost.frames += now_ns() - terminal->sent_ns[i] < 1000 * NS_A_MS;
    return cost;
}

void ls_terminal_thread_setup(void)
{
    ls_leave_thread_setup();
}
