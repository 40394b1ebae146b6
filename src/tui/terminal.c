/**
 * @file terminal.c
 * ncurses draws into an anonymous file; what it wrote is read back and sent with one write().
 *
 * Because ncurses never sees the terminal itself, modes, size and writing are ours. A frame is taken from
 * ncurses only when the last one has been sent to its end, so a stalled terminal costs no memory, and what it
 * gets at last is the difference to what it shows.
 */
#include "tui/terminal.h"

#include "tui/input.h"
#include "tui/leave.h"
#include "tui/outlet.h"
#include "tui/paint.h"
#include "tui/terminfo.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FRAMES_A_SECOND 15
#define NS_A_MS         1000000LL
#define CLOSE_WRITE_MS  300
#define SIZE_LIMIT      1000
#define FRAMES_KEPT     32 /* for the count of the last second */
#define SUSPEND_KEY     LS_KEY_CTRL('z')

#define CANCEL       "\030" /* ends a sequence that was cut off */
#define SYNC_BEGIN   "\033[?2026h"
#define SYNC_END     "\033[?2026l"
#define PASTE_ON     "\033[?2004h"
#define PASTE_OFF    "\033[?2004l"
#define MOUSE_OFF    "\033[?1000l\033[?1006l"
#define MOUSE_EVENTS (BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED)

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
    long frames;                  /* sent; those without a change are not */
    int64_t sent_ns[FRAMES_KEPT]; /* of the last ones, by their number */
    long frame_bytes;             /* of the last one */
    int fixed_rows, fixed_cols;   /* of a screen that nobody sees, or 0 */
    char mark[128];               /* the last one printed */
};

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
    terminal->sent_ns[terminal->frames++ % FRAMES_KEPT] = now_ns();
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

/* ---- opening and closing ---------------------------------------------------------------------------- */

/** Opens the terminal anew, so that O_NONBLOCK is ours alone and not the shell's. */
static int open_tty(void)
{
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = open("/dev/tty", flags);

    for (int i = 0; fd < 0 && i < 3; i++) {
        const char *name = ttyname(i);

        fd = name ? open(name, flags) : -1;
    }
    return fd;
}

static void read_size(const ls_terminal *terminal, int *rows, int *cols)
{
    struct winsize size = {.ws_row = (unsigned short)terminal->fixed_rows,
                           .ws_col = (unsigned short)terminal->fixed_cols};

    if (size.ws_row == 0 && ioctl(terminal->tty, TIOCGWINSZ, &size) != 0)
        size.ws_row = 0;
    if (size.ws_row == 0 || size.ws_col == 0) {
        size.ws_row = 24;
        size.ws_col = 80;
    }
    *rows = size.ws_row < SIZE_LIMIT ? size.ws_row : SIZE_LIMIT;
    *cols = size.ws_col < SIZE_LIMIT ? size.ws_col : SIZE_LIMIT;
}

/** Starts ncurses for $TERM, or for what most terminals are near to; false when none of it works. */
static bool start_curses(ls_terminal *terminal, char name[64])
{
    static const char *const ladder[] = {NULL, "xterm-256color", "xterm", "vt100", "ansi"};
    const char *term = terminal->fixed_rows == 0 ? getenv("TERM") : NULL;
    char number[16];
    int rows, cols;

    read_size(terminal, &rows, &cols);
    /* newterm() cannot ask a file for its size, so it is told; nobody else shall believe it later. */
    snprintf(number, sizeof number, "%d", rows);
    setenv("LINES", number, 1);
    snprintf(number, sizeof number, "%d", cols);
    setenv("COLUMNS", number, 1);
    for (size_t i = 0; !terminal->screen && i < sizeof ladder / sizeof *ladder; i++) {
        const char *candidate = ladder[i] ? ladder[i] : term;

        if (candidate && *candidate && ls_terminfo_exists(candidate)) {
            terminal->screen = newterm(candidate, terminal->out, terminal->in);
            snprintf(name, 64, "%s", candidate);
        }
    }
    unsetenv("LINES");
    unsetenv("COLUMNS");
    return terminal->screen && ls_terminfo_has("cup") && ls_terminfo_has("clear");
}

static void set_raw(ls_terminal *terminal)
{
    while (tcsetattr(terminal->tty, TCSANOW, &terminal->raw) != 0 && errno == EINTR) {
    }
}

/** Everything about the screen once ncurses runs. */
static int start_screen(ls_terminal *terminal, const struct ls_terminal_options *options, const char *term,
                        struct ls_error *error)
{
    bool linux_console = strcmp(term, "linux") == 0;
    char restore[LS_TERMINFO_RESTORE];
    bool utf8;
    int code;

    terminal->modern = !linux_console && strncmp(term, "vt", 2) != 0 && strncmp(term, "ansi", 4) != 0;
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    terminal->glyphs = options->ascii || (!utf8 && terminal->tty >= 0) ? LS_GLYPHS_ASCII
                       : linux_console                                 ? LS_GLYPHS_HALF
                                                                       : LS_GLYPHS_FULL;
    terminal->reverse = ls_terminfo_has("rev") || ls_terminfo_has("smso");
    if (terminal->tty >= 0) {
        ls_leave_arm(terminal->tty, &terminal->saved, ls_terminfo_restore(terminal->modern, LINES, restore));
        set_raw(terminal);
    }
    nonl();
    noecho();
    typeahead(-1);
    if (!getenv("ESCDELAY"))
        set_escdelay(25);
    ls_paint_open(&terminal->paint, utf8, options->colors, options->background);
    code = ls_input_open(&terminal->input, terminal->tty, error);
    if (code)
        return code;
    ls_terminal_set_mouse(terminal, !options->no_mouse);
    terminal->cursor_visible = true;
    terminal->restarted = true;
    terminal->dirty = true;
    return LS_OK;
}

/** Opens the terminal and reads its modes; for a screen that nobody sees, the null device. */
static int open_input(ls_terminal *terminal, struct ls_error *error)
{
    int duplicate;

    if (terminal->fixed_rows > 0) {
        duplicate = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } else {
        terminal->tty = open_tty();
        if (terminal->tty < 0 || tcgetattr(terminal->tty, &terminal->saved) != 0) {
            ls_error_set(error, LS_ERR_IO, "there is no terminal");
            return ls_error_remedy(error, "use --plain, or a command that prints");
        }
        terminal->raw = terminal->saved;
        cfmakeraw(&terminal->raw);
        duplicate = fcntl(terminal->tty, F_DUPFD_CLOEXEC, 0);
    }
    terminal->in = duplicate >= 0 ? fdopen(duplicate, "r") : NULL;
    return LS_OK;
}

static int open_descriptors(ls_terminal *terminal, struct ls_error *error)
{
    int duplicate, code = open_input(terminal, error);

    if (code)
        return code;
    duplicate = ls_outlet_open(&terminal->outlet, terminal->tty)
                    ? fcntl(terminal->outlet.file, F_DUPFD_CLOEXEC, 0)
                    : -1;
    terminal->out = duplicate >= 0 ? fdopen(duplicate, "w") : NULL;
    if (!terminal->in || !terminal->out || pipe(terminal->pipe) != 0)
        return ls_error_set(error, LS_ERR_IO, "cannot open the screen: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        fcntl(terminal->pipe[i], F_SETFL, O_NONBLOCK);
        fcntl(terminal->pipe[i], F_SETFD, FD_CLOEXEC);
    }
    return LS_OK;
}

int ls_terminal_open(const struct ls_terminal_options *options, ls_terminal **out, struct ls_error *error)
{
    ls_terminal *terminal = calloc(1, sizeof *terminal);
    const char *test = getenv("LOADSCOPE_TEST");
    char term[64] = "";
    int code;

    if (!terminal)
        return ls_error_set(error, LS_ERR_MEMORY, "no memory for the terminal");
    terminal->tty = terminal->outlet.file = terminal->pipe[0] = terminal->pipe[1] = -1;
    terminal->testing = test && *test && options->rows == 0;
    /* A test that presses a thousand keys is not slowed down, unless pace is what it looks at. */
    terminal->frame_ns =
        terminal->testing && strcmp(test, "paced") != 0 ? 0 : 1000 * NS_A_MS / FRAMES_A_SECOND;
    terminal->fixed_rows = options->rows;
    terminal->fixed_cols = options->cols;
    code = open_descriptors(terminal, error);
    if (code)
        goto done;
    terminal->outlet.recording = options->recording;
    if (terminal->tty >= 0)
        ls_leave_install(terminal->pipe[1]);
    if (!start_curses(terminal, term)) {
        code = ls_error_set(error, LS_ERR_IO, "this terminal (TERM=%s) cannot move its cursor", term);
        ls_error_remedy(error, "use --plain, or set TERM to what the terminal is");
        goto done;
    }
    code = start_screen(terminal, options, term, error);
    if (code == LS_OK && options->recording)
        ls_recording_size(options->recording, LINES, COLS);
done:
    if (code)
        ls_terminal_close(terminal);
    else
        *out = terminal;
    return code;
}

/** Sends the rest of a frame and what ncurses says at the end, or cuts a terminal short that does not read.
 */
static void leave_screen(ls_terminal *terminal)
{
    char restore[LS_TERMINFO_RESTORE];

    keypad(terminal->input.pad, FALSE);
    endwin();
    if (terminal->tty < 0)
        return;
    ls_outlet_add(&terminal->outlet, terminal->modern ? PASTE_OFF : "");
    if (!ls_outlet_take(&terminal->outlet) || !ls_outlet_finish(&terminal->outlet, CLOSE_WRITE_MS)) {
        tcflush(terminal->tty, TCOFLUSH);
        ls_outlet_add(&terminal->outlet, CANCEL);
        ls_outlet_add(&terminal->outlet, ls_terminfo_restore(terminal->modern, LINES, restore));
        ls_outlet_finish(&terminal->outlet, 0);
    }
    /* In the background the modes are the shell's business. */
    if (tcgetpgrp(terminal->tty) == getpgrp() || tcgetpgrp(terminal->tty) < 0)
        tcsetattr(terminal->tty, TCSANOW, &terminal->saved);
}

void ls_terminal_close(ls_terminal *terminal)
{
    if (!terminal)
        return;
    if (terminal->input.pad)
        leave_screen(terminal);
    if (terminal->pipe[1] >= 0 && terminal->tty >= 0)
        ls_leave_uninstall();
    ls_input_close(&terminal->input);
    if (terminal->screen)
        delscreen(terminal->screen);
    if (terminal->out)
        fclose(terminal->out);
    if (terminal->in)
        fclose(terminal->in);
    for (int i = 0; i < 2; i++)
        if (terminal->pipe[i] >= 0)
            close(terminal->pipe[i]);
    ls_outlet_close(&terminal->outlet);
    if (terminal->tty >= 0)
        close(terminal->tty);
    free(terminal);
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

    read_size(terminal, &rows, &cols);
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
    set_raw(terminal);
    ls_leave_arm(terminal->tty, &terminal->saved, ls_terminfo_restore(terminal->modern, LINES, restore));
    follow_size(terminal);
    clearok(curscr, TRUE);
    terminal->mark[0] = '\0';
    terminal->restarted = true;
    terminal->dirty = true;
}

static void suspend(ls_terminal *terminal)
{
    leave_screen(terminal);
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
    long kept = terminal->frames < FRAMES_KEPT ? terminal->frames : FRAMES_KEPT;

    for (long i = 0; i < kept; i++)
        cost.frames += now_ns() - terminal->sent_ns[i] < 1000 * NS_A_MS;
    return cost;
}

void ls_terminal_thread_setup(void)
{
    ls_leave_thread_setup();
}
