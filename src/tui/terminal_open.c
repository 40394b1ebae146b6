/**
 * @file terminal_open.c
 * Opening and closing: the descriptors, ncurses on its file, and the terminal's modes.
 */
#include "tui/leave.h"
#include "tui/terminal_parts.h"
#include "tui/terminfo.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FRAMES_A_SECOND 15
#define NS_A_SECOND     1000000000LL
#define CLOSE_WRITE_MS  300
#define SIZE_LIMIT      1000

#define CANCEL    "\030" /* ends a sequence that was cut off */
#define PASTE_OFF "\033[?2004l"

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

void ls_terminal_size(const ls_terminal *terminal, int *rows, int *cols)
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

    ls_terminal_size(terminal, &rows, &cols);
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

void ls_terminal_set_raw(ls_terminal *terminal)
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
    nonl();
    noecho();
    typeahead(-1);
    if (!getenv("ESCDELAY"))
        set_escdelay(25);
    ls_paint_open(&terminal->paint, utf8, options->colors, options->background);
    code = ls_input_open(&terminal->input, terminal->tty, error);
    if (code)
        return code;
    /* From here on ls_terminal_leave() sets back what is changed. */
    if (terminal->tty >= 0) {
        ls_leave_arm(terminal->tty, &terminal->saved, ls_terminfo_restore(terminal->modern, LINES, restore));
        ls_terminal_set_raw(terminal);
    }
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
    terminal->frame_ns = terminal->testing && strcmp(test, "paced") != 0 ? 0 : NS_A_SECOND / FRAMES_A_SECOND;
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

void ls_terminal_leave(ls_terminal *terminal)
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
        ls_terminal_leave(terminal);
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
