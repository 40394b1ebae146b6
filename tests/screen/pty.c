/**
 * @file pty.c
 * Bytes go through filter_byte() before libvterm 0.1.4 sees them: it loses the head of an OSC that is split
 * over two writes, sets only the first of several private modes, and crashes on very large writes.
 */
#define _GNU_SOURCE /* ptsname_r() */
#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

#define DEADLINE_MS 10000
#define FULL_MS     50 /* a terminal without room for so long is full */
#define FEED_BYTES  2048
#define OSC_BYTES   8192
#define MODES       16
#define ESC         '\033'

enum filter { PLAIN, ESCAPE, CSI, OSC, OSC_ESCAPE, DCS, DCS_ESCAPE };

struct mark {
    long keys;
    int busy;
    int rows;
    int cols;
    long frames;
    long writes;
};

struct pty {
    int master;
    int slave; /* kept open, so that the modes can be read when the program has gone */
    pid_t pid;
    bool gone;
    int status;
    struct termios before;
    VTerm *vterm;
    VTermScreen *screen;
    int rows;
    int cols;
    bool cursor_visible;
    bool alternate;

    enum filter filter;
    char held[OSC_BYTES]; /* a CSI or an OSC under way */
    size_t n_held;
    char feed[FEED_BYTES];
    size_t n_feed;
    int mode_on[MODES]; /* private modes switched on; 0 is a free place */
    bool saw_8bit;
    bool saw_color;
    char clipboard[OSC_BYTES];
    char passed[OSC_BYTES]; /* what tmux and screen were given to pass on */

    struct mark mark;
    long n_marks;
    long keys_sent;
    long bytes;       /* since the last mark */
    long total_bytes; /* before the last mark, marks excluded */
    long frame_bytes;
    long most_bytes, most_writes; /* of a frame since input was last sent */
};

long pty_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* ---- the filter ------------------------------------------------------------------------------------- */

/** How many of the bytes are whole characters: libvterm takes the parts of one for two unknown ones. */
static size_t whole_characters(const char *bytes, size_t length)
{
    size_t start = length, needed;

    while (start > 0 && length - start < 4 && (bytes[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || (bytes[start - 1] & 0xc0) != 0xc0)
        return length;
    start--;
    needed = (bytes[start] & 0xf0) == 0xf0 ? 4 : (bytes[start] & 0xe0) == 0xe0 ? 3 : 2;
    return length - start < needed ? start : length;
}

static void flush_feed(struct pty *pty)
{
    size_t whole = whole_characters(pty->feed, pty->n_feed);

    if (whole > 0)
        vterm_input_write(pty->vterm, pty->feed, whole);
    pty->n_feed -= whole;
    memmove(pty->feed, pty->feed + whole, pty->n_feed);
}

static void feed(struct pty *pty, const char *bytes, size_t length)
{
    if (pty->n_feed + length > sizeof pty->feed)
        flush_feed(pty);
    if (pty->n_feed + length > sizeof pty->feed)
        fail_msg("a sequence of %zu bytes", length);
    memcpy(pty->feed + pty->n_feed, bytes, length);
    pty->n_feed += length;
}

static void note_mode(struct pty *pty, int mode, bool on)
{
    int place = -1;

    for (int i = 0; i < MODES; i++) {
        if (pty->mode_on[i] == mode)
            pty->mode_on[i] = 0;
        place = pty->mode_on[i] == 0 ? i : place;
    }
    if (on && place >= 0)
        pty->mode_on[place] = mode;
}

/** Passes a CSI on; several private modes are set one by one. */
static void end_csi(struct pty *pty)
{
    char final = pty->held[pty->n_held - 1];
    char *at = pty->held + 3;

    if (final == 'm') {
        int color = 0;

        for (char *p = pty->held + 2; p && *p && *p != 'm';
             p = strpbrk(p, ";m") ? strpbrk(p, ";m") + 1 : NULL) {
            color = atoi(p);
            pty->saw_color |= (color >= 30 && color <= 38) || (color >= 40 && color <= 48) || color >= 90;
        }
    }
    if (pty->n_held > 3 && pty->held[2] == '?' && (final == 'h' || final == 'l')) {
        while (*at) {
            char one[32];
            int mode = (int)strtol(at, &at, 10);

            note_mode(pty, mode, final == 'h');
            if (mode != 2026)
                feed(pty, one, (size_t)snprintf(one, sizeof one, "\033[?%d%c", mode, final));
            at += *at != '\0';
        }
    } else {
        feed(pty, pty->held, pty->n_held);
    }
}

/** Keeps marks and the clipboard for us; other OSC are dropped. */
static void end_osc(struct pty *pty)
{
    struct mark mark;

    if (sscanf(pty->held, "\033]7777;%ld;%d;%d;%d;%ld;%ld", &mark.keys, &mark.busy, &mark.rows, &mark.cols,
               &mark.frames, &mark.writes) == 6) {
        pty->mark = mark;
        pty->n_marks++;
        pty->frame_bytes = pty->bytes - (long)pty->n_held - 1;
        pty->total_bytes += pty->frame_bytes;
        pty->most_bytes = pty->frame_bytes > pty->most_bytes ? pty->frame_bytes : pty->most_bytes;
        pty->most_writes = mark.writes > pty->most_writes ? mark.writes : pty->most_writes;
        pty->bytes = 0;
    } else if (strncmp(pty->held, "\033]52;c;", 7) == 0) {
        snprintf(pty->clipboard, sizeof pty->clipboard, "%s", pty->held + 7);
    }
}

static void hold(struct pty *pty, char byte)
{
    if (pty->n_held + 1 < sizeof pty->held) {
        pty->held[pty->n_held++] = byte;
        pty->held[pty->n_held] = '\0';
    }
}

static void filter_byte(struct pty *pty, char byte)
{
    pty->bytes++;
    pty->saw_8bit |= (byte & 0x80) != 0;
    switch (pty->filter) {
    case PLAIN:
        if (byte == ESC) {
            pty->n_held = 0;
            hold(pty, byte);
            pty->filter = ESCAPE;
        } else {
            feed(pty, &byte, 1);
        }
        break;
    case ESCAPE:
        hold(pty, byte);
        pty->filter = byte == '[' ? CSI : byte == ']' ? OSC : byte == 'P' ? DCS : PLAIN;
        if (pty->filter == PLAIN)
            feed(pty, pty->held, pty->n_held);
        break;
    case CSI:
        hold(pty, byte);
        if (byte >= 0x40 && byte <= 0x7e) {
            end_csi(pty);
            pty->filter = PLAIN;
        } else if (byte == 030) {
            pty->filter = PLAIN;
        }
        break;
    case OSC:
    case OSC_ESCAPE:
        if (byte == '\a' || (pty->filter == OSC_ESCAPE && byte == '\\')) {
            end_osc(pty);
            pty->filter = PLAIN;
        } else {
            hold(pty, byte);
            pty->filter = byte == ESC ? OSC_ESCAPE : OSC;
        }
        break;
    case DCS:
    case DCS_ESCAPE:
        if (pty->filter == DCS_ESCAPE && byte == '\\') {
            size_t used = strlen(pty->passed);

            /* Without the ESC P before, and the ESC behind. */
            snprintf(pty->passed + used, sizeof pty->passed - used, "%.*s", (int)pty->n_held - 3,
                     pty->held + 2);
            pty->filter = PLAIN;
        } else {
            hold(pty, byte);
            pty->filter = byte == ESC && pty->filter == DCS ? DCS_ESCAPE : DCS;
        }
        break;
    }
}

/** Reads what is there within @p ms; false when nothing came. */
static bool read_some(struct pty *pty, int ms)
{
    char bytes[16384];
    struct pollfd ready = {.fd = pty->master, .events = POLLIN};
    ssize_t got;

    if (pty->master < 0 || poll(&ready, 1, ms) <= 0)
        return false;
    got = read(pty->master, bytes, sizeof bytes);
    pty_feed(pty, bytes, got > 0 ? (size_t)got : 0);
    return got > 0;
}

/* ---- starting and stopping --------------------------------------------------------------------------- */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct pty *pty = user;

    if (property == VTERM_PROP_CURSORVISIBLE)
        pty->cursor_visible = value->boolean;
    else if (property == VTERM_PROP_ALTSCREEN)
        pty->alternate = value->boolean;
    return 1;
}

const char *pty_binary(const char *name, char *out, size_t size)
{
    const char *directory = getenv("LOADSCOPE_BIN_DIR");

    directory = directory ? directory : "build/release";
    snprintf(out, size, "%s/%s", directory, name);
    if (access(out, X_OK) != 0)
        snprintf(out, size, "%s/tests/screen/%s", directory, name);
    return out;
}

/** What a shell does for a job: gives it the terminal, takes the terminal back while it is stopped, and ends
 * as it did. */
static void be_shell(pid_t job)
{
    static const char stopped[] = "stopped\n";
    char line[64];
    int status;

    signal(SIGTTOU, SIG_IGN);
    setpgid(job, job);
    tcsetpgrp(1, job);
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
        tcsetpgrp(1, getpgrp());
        if (write(1, stopped, sizeof stopped - 1) < 0 || read(1, line, sizeof line) <= 0)
            break;
        tcsetpgrp(1, job);
        kill(-job, SIGCONT);
    }
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 127);
}

/** In the child: makes the slave its terminal and becomes the program. */
static void become(const struct pty *pty, const struct pty_options *options, const char *slave)
{
    char *const *argv;
    int fd, input;

    setsid();
    fd = open(slave, O_RDWR);
    ioctl(fd, TIOCSCTTY, 0);
    close(pty->master);
    close(pty->slave);
    input = options->stdin_path ? open(options->stdin_path, O_RDONLY) : fd;
    dup2(input, 0);
    dup2(fd, 1);
    dup2(fd, 2);
    if (fd > 2)
        close(fd);
    if (options->under_shell) {
        pid_t job = fork();

        if (job != 0)
            be_shell(job);
        setpgid(0, 0);
    }
    setenv("TERM", options->term ? options->term : "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("LOADSCOPE_TEST", "1", 1);
    setenv("XDG_STATE_HOME", "/dev/null", 1); /* nothing of the user's is read or written */
    setenv("XDG_CONFIG_HOME", "/dev/null", 1);
    unsetenv("NO_COLOR");
    unsetenv("LINES");
    unsetenv("COLUMNS");
    unsetenv("ESCDELAY");
    for (const char *const *e = options->env; e && *e; e++) {
        const char *equals = strchr(*e, '=');
        char name[128];

        if (equals) {
            snprintf(name, sizeof name, "%.*s", (int)(equals - *e), *e);
            setenv(name, equals + 1, 1);
        } else {
            unsetenv(*e);
        }
    }
    memcpy(&argv, &options->argv, sizeof argv); /* execvp() changes nothing, but does not say so */
    execvp(argv[0], argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/** A screen with nothing behind it yet. */
static struct pty *make_screen(int rows, int cols)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    struct pty *pty = calloc(1, sizeof *pty);

    assert_non_null(pty);
    pty->rows = rows;
    pty->cols = cols;
    pty->cursor_visible = true;
    pty->vterm = vterm_new(rows, cols);
    vterm_set_utf8(pty->vterm, 1);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    return pty;
}

struct pty *pty_replay(int rows, int cols)
{
    struct pty *pty = make_screen(rows, cols);

    pty->master = pty->slave = -1;
    pty->gone = true;
    return pty;
}

void pty_feed(struct pty *pty, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        filter_byte(pty, bytes[i]);
    flush_feed(pty);
}

struct pty *pty_start(const struct pty_options *options)
{
    struct pty *pty = make_screen(options->rows ? options->rows : 24, options->cols ? options->cols : 80);
    struct winsize size = {0};
    char slave[128];

    size.ws_row = (unsigned short)pty->rows;
    size.ws_col = (unsigned short)pty->cols;
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(pty->master >= 0 && grantpt(pty->master) == 0 && unlockpt(pty->master) == 0);
    assert_int_equal(ptsname_r(pty->master, slave, sizeof slave), 0);
    pty->slave = open(slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(pty->slave >= 0);
    ioctl(pty->master, TIOCSWINSZ, &size);
    tcgetattr(pty->slave, &pty->before);

    pty->pid = fork();
    assert_true(pty->pid >= 0);
    if (pty->pid == 0)
        become(pty, options, slave);
    return pty;
}

void pty_stop(struct pty *pty)
{
    if (!pty)
        return;
    if (!pty->gone) {
        kill(pty->pid, SIGKILL);
        kill(pty->pid, SIGCONT);
        waitpid(pty->pid, NULL, 0);
    }
    if (pty->master >= 0)
        close(pty->master);
    if (pty->slave >= 0)
        close(pty->slave);
    vterm_free(pty->vterm);
    free(pty);
}

/* ---- waiting ----------------------------------------------------------------------------------------- */

static void print_screen(struct pty *pty)
{
    char line[PTY_LINE];

    print_error("screen %dx%d, keys sent %ld, last mark: keys %ld busy %d size %dx%d\n", pty->rows, pty->cols,
                pty->keys_sent, pty->mark.keys, pty->mark.busy, pty->mark.rows, pty->mark.cols);
    for (int row = 0; row < pty->rows; row++)
        if (*pty_line(pty, row, line))
            print_error("%3d|%s\n", row, line);
}

static bool has_followed(struct pty *pty, const void *argument)
{
    (void)argument;
    return pty->n_marks > 0 && pty->mark.keys >= pty->keys_sent && !pty->mark.busy && pty->filter == PLAIN;
}

static bool has_size(struct pty *pty, const void *argument)
{
    return has_followed(pty, argument) && pty->mark.rows == pty->rows && pty->mark.cols == pty->cols;
}

static bool has_text(struct pty *pty, const void *text)
{
    return pty_contains(pty, text);
}

static bool has_marks(struct pty *pty, const void *count)
{
    return pty->n_marks > *(const long *)count;
}

static bool has_ended(struct pty *pty, const void *argument)
{
    (void)argument;
    if (!pty->gone && waitpid(pty->pid, &pty->status, WNOHANG) == pty->pid)
        pty->gone = true;
    return pty->gone;
}

/** Reads until @p done is true; false at the deadline. */
static bool read_until(struct pty *pty, int ms, bool (*done)(struct pty *, const void *),
                       const void *argument)
{
    long deadline = pty_now_ms() + ms;
    int step = done == has_ended ? 2 : 20;

    while (!done(pty, argument)) {
        if (pty_now_ms() >= deadline)
            return false;
        if (!read_some(pty, step) && pty->master < 0)
            usleep(1000);
        if (done != has_ended && has_ended(pty, NULL) && !read_some(pty, 0))
            return done(pty, argument);
    }
    return true;
}

static void must(struct pty *pty, bool reached, const char *what)
{
    if (!reached) {
        print_screen(pty);
        fail_msg("%s%s", what, pty->gone ? " (the program has ended)" : " in time");
    }
}

void pty_wait(struct pty *pty)
{
    must(pty, read_until(pty, DEADLINE_MS, has_followed, NULL), "input was not followed");
}

void pty_settle(struct pty *pty, int ms)
{
    long deadline = pty_now_ms() + DEADLINE_MS;

    while (read_some(pty, ms) || pty->mark.busy)
        must(pty, pty_now_ms() < deadline, "the program did not come to rest");
    pty->keys_sent = pty->mark.keys;
}

void pty_wait_text(struct pty *pty, const char *text)
{
    char what[256];

    snprintf(what, sizeof what, "\"%s\" did not appear", text);
    must(pty, read_until(pty, DEADLINE_MS, has_text, text), what);
}

void pty_wait_mark(struct pty *pty)
{
    long count = pty->n_marks;

    must(pty, read_until(pty, DEADLINE_MS, has_marks, &count), "no mark came");
}

void pty_wait_stalled(struct pty *pty)
{
    struct pollfd room = {.fd = pty->slave, .events = POLLOUT};
    long deadline = pty_now_ms() + DEADLINE_MS;

    while (poll(&room, 1, FULL_MS) > 0 && pty_now_ms() < deadline)
        usleep(1000);
    must(pty, poll(&room, 1, 0) == 0, "the terminal was not filled");
}

void pty_read_for(struct pty *pty, int ms)
{
    long deadline = pty_now_ms() + ms;

    while (pty_now_ms() < deadline)
        read_some(pty, 5);
}

int pty_wait_exit(struct pty *pty, int ms)
{
    if (!read_until(pty, ms, has_ended, NULL))
        return -1;
    while (read_some(pty, 0)) {
    }
    return pty->status;
}

int pty_wait_exit_unread(struct pty *pty, int ms)
{
    long deadline = pty_now_ms() + ms;

    while (!has_ended(pty, NULL) && pty_now_ms() < deadline)
        usleep(2000);
    return pty->gone ? pty->status : -1;
}

/* ---- acting ------------------------------------------------------------------------------------------ */

void pty_send(struct pty *pty, const char *bytes, int events)
{
    size_t length = strlen(bytes), done = 0;

    pty->keys_sent += events;
    pty->most_bytes = pty->most_writes = 0;
    while (done < length) {
        ssize_t written = write(pty->master, bytes + done, length - done);

        assert_true(written > 0);
        done += (size_t)written;
    }
}

void pty_press(struct pty *pty, const char *key)
{
    pty_send_key(pty, key);
    pty_wait(pty);
}

void pty_send_key(struct pty *pty, const char *key)
{
    static const struct {
        const char *name;
        const char *bytes;
    } keys[] = {
        {"Up", "\033OA"},      {"Down", "\033OB"},    {"Right", "\033OC"},   {"Left", "\033OD"},
        {"Home", "\033OH"},    {"End", "\033OF"},     {"PgUp", "\033[5~"},   {"PgDn", "\033[6~"},
        {"Enter", "\r"},       {"Esc", "\033"},       {"Tab", "\t"},         {"BackTab", "\033[Z"},
        {"Backspace", "\177"}, {"Delete", "\033[3~"}, {"F1", "\033OP"},      {"F2", "\033OQ"},
        {"F3", "\033OR"},      {"F4", "\033OS"},      {"F5", "\033[15~"},    {"F6", "\033[17~"},
        {"F7", "\033[18~"},    {"F8", "\033[19~"},    {"F9", "\033[20~"},    {"F10", "\033[21~"},
        {"F11", "\033[23~"},   {"F12", "\033[24~"},   {"Insert", "\033[2~"},
    };
    char control[2] = {(char)(key[1] & 0x1f), '\0'};
    const char *bytes = key[0] == '^' && key[1] ? control : key;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, key) == 0)
            bytes = keys[i].bytes;
    pty_send(pty, bytes, 1);
}

void pty_type(struct pty *pty, const char *text)
{
    int characters = 0;

    for (const char *p = text; *p; p++)
        characters += (*p & 0xc0) != 0x80;
    pty_send(pty, text, characters);
    pty_wait(pty);
}

void pty_resize_only(struct pty *pty, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    read_some(pty, 0);
    pty->rows = rows;
    pty->cols = cols;
    vterm_set_size(pty->vterm, rows, cols);
    if (pty->master >= 0)
        ioctl(pty->master, TIOCSWINSZ, &size);
}

void pty_resize(struct pty *pty, int rows, int cols)
{
    pty_resize_only(pty, rows, cols);
    must(pty, read_until(pty, DEADLINE_MS, has_size, NULL), "the new size was not drawn");
}

void pty_signal(struct pty *pty, int number)
{
    kill(pty->pid, number);
}

void pty_hang_up(struct pty *pty)
{
    close(pty->master);
    pty->master = -1;
}

long pty_resident_kb(const struct pty *pty)
{
    char path[64], line[256];
    long kb = -1;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/status", (long)pty_pid(pty));
    file = fopen(path, "r");
    while (file && kb < 0 && fgets(line, sizeof line, file))
        sscanf(line, "VmRSS: %ld", &kb);
    if (file)
        fclose(file);
    return kb;
}

pid_t pty_pid(const struct pty *pty)
{
    return pty->pid;
}

/* ---- looking ----------------------------------------------------------------------------------------- */

void pty_modes(const struct pty *pty, struct termios *now, struct termios *before)
{
    tcgetattr(pty->slave, now);
    *before = pty->before;
}

bool pty_is_restored(const struct pty *pty)
{
    struct termios now;

    return tcgetattr(pty->slave, &now) == 0 && now.c_iflag == pty->before.c_iflag &&
           now.c_oflag == pty->before.c_oflag && now.c_lflag == pty->before.c_lflag &&
           now.c_cflag == pty->before.c_cflag && memcmp(now.c_cc, pty->before.c_cc, sizeof now.c_cc) == 0 &&
           !pty->alternate && pty->cursor_visible && !pty_mode(pty, 1000) && !pty_mode(pty, 2004) &&
           !pty_mode(pty, 2026);
}

bool pty_alternate(const struct pty *pty)
{
    return pty->alternate;
}

bool pty_mode(const struct pty *pty, int mode)
{
    for (int i = 0; i < MODES; i++)
        if (pty->mode_on[i] == mode)
            return true;
    return false;
}

/** Writes a character as UTF-8 with a NUL. */
static void encode(uint32_t rune, char out[5])
{
    if (rune < 0x80) {
        snprintf(out, 5, "%c", (char)rune);
    } else if (rune < 0x800) {
        snprintf(out, 5, "%c%c", (char)(0xc0 | rune >> 6), (char)(0x80 | (rune & 0x3f)));
    } else if (rune < 0x10000) {
        snprintf(out, 5, "%c%c%c", (char)(0xe0 | rune >> 12), (char)(0x80 | (rune >> 6 & 0x3f)),
                 (char)(0x80 | (rune & 0x3f)));
    } else {
        snprintf(out, 5, "%c%c%c%c", (char)(0xf0 | rune >> 18), (char)(0x80 | (rune >> 12 & 0x3f)),
                 (char)(0x80 | (rune >> 6 & 0x3f)), (char)(0x80 | (rune & 0x3f)));
    }
}

struct pty_cell pty_cell(const struct pty *pty, int row, int col)
{
    struct pty_cell out = {.text = " "};
    VTermScreenCell cell;
    VTermColor foreground, background;

    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(pty->screen, (VTermPos){row, col}, &cell);
    vterm_state_get_default_colors(vterm_obtain_state(pty->vterm), &foreground, &background);
    if (cell.chars[0] == (uint32_t)-1)
        out.text[0] = '\0';
    else if (cell.chars[0] != 0)
        encode(cell.chars[0], out.text);
    out.bold = cell.attrs.bold;
    out.underline = cell.attrs.underline != 0;
    out.reverse = cell.attrs.reverse;
    out.colored = !vterm_color_is_equal(&cell.fg, &foreground);
    return out;
}

const char *pty_line(const struct pty *pty, int row, char out[PTY_LINE])
{
    size_t at = 0, end = 0;

    for (int col = 0; col < pty->cols && at + 5 < PTY_LINE; col++) {
        struct pty_cell cell = pty_cell(pty, row, col);
        bool eighth =
            memcmp(cell.text, "\xe2\x96", 2) == 0 && cell.text[2] >= '\x81' && cell.text[2] <= '\x87';
        size_t length;

        if (cell.reverse && eighth)
            cell.text[2] = '\x80';
        length = strlen(cell.text);
        memcpy(out + at, cell.text, length);
        at += length;
        end = strcmp(cell.text, " ") == 0 || length == 0 ? end : at;
    }
    out[end] = '\0';
    return out;
}

bool pty_contains(const struct pty *pty, const char *text)
{
    char line[PTY_LINE];

    for (int row = 0; row < pty->rows; row++)
        if (strstr(pty_line(pty, row, line), text))
            return true;
    return false;
}

void pty_cursor(const struct pty *pty, int *row, int *col, bool *visible)
{
    VTermPos position;

    vterm_state_get_cursorpos(vterm_obtain_state(pty->vterm), &position);
    *row = position.row;
    *col = position.col;
    *visible = pty->cursor_visible;
}

long pty_frame_bytes(const struct pty *pty)
{
    return pty->frame_bytes;
}

long pty_most_bytes(const struct pty *pty)
{
    return pty->most_bytes;
}

long pty_most_writes(const struct pty *pty)
{
    return pty->most_writes;
}

long pty_total_bytes(const struct pty *pty)
{
    return pty->total_bytes;
}

long pty_frame_writes(const struct pty *pty)
{
    return pty->mark.writes;
}

long pty_frames(const struct pty *pty)
{
    return pty->mark.frames;
}

bool pty_saw_8bit(const struct pty *pty)
{
    return pty->saw_8bit;
}

bool pty_saw_color(const struct pty *pty)
{
    return pty->saw_color;
}

const char *pty_clipboard(const struct pty *pty)
{
    return pty->clipboard;
}

const char *pty_passed(const struct pty *pty)
{
    return pty->passed;
}

/* ---- comparing --------------------------------------------------------------------------------------- */

/** A row as pty_line() gives it, but for a duration at its end: "greedy  0.4 ms" becomes " greedy  # ms". */
static const char *comparable_line(const struct pty *pty, int row, char out[PTY_LINE])
{
    size_t length = strlen(pty_line(pty, row, out)), unit = length, number, word;

    while (unit > 0 && out[unit - 1] >= 'a' && out[unit - 1] <= 'z')
        unit--;
    if (unit == 0 || out[unit - 1] != ' ' || (strcmp(out + unit, "ms") != 0 && strcmp(out + unit, "s") != 0))
        return out;
    for (number = unit - 1; number > 0 && strchr("0123456789.", out[number - 1]); number--) {
    }
    for (word = number; word > 0 && out[word - 1] == ' '; word--) {
    }
    for (; word > 0 && out[word - 1] != ' '; word--) {
    }
    if (number + 1 < unit && word > 0) {
        char engine[32];
        size_t left = word;

        snprintf(engine, sizeof engine, "%.*s", (int)strcspn(out + word, " "), out + word);
        while (left > 0 && out[left - 1] == ' ')
            left--;
        snprintf(out + left, PTY_LINE - left, " %s  # ms", engine);
    }
    return out;
}

static void write_screen(struct pty *pty, const char *path)
{
    FILE *file = fopen(path, "w");
    char line[PTY_LINE];

    if (!file) {
        fail_msg("cannot write %s: %s", path, strerror(errno));
        return;
    }
    for (int row = 0; row < pty->rows; row++)
        fprintf(file, "%s\n", comparable_line(pty, row, line));
    fclose(file);
}

void pty_check_screen(struct pty *pty, const char *name)
{
    const char *directory = getenv("LOADSCOPE_SCREEN_DIR"), *update = getenv("LOADSCOPE_UPDATE_SCREENS");
    char path[512], expected[PTY_LINE], line[PTY_LINE];
    int differing = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.txt", directory ? directory : "tests/screen/expected", name);
    if (update && strcmp(update, "1") == 0) {
        write_screen(pty, path);
        return;
    }
    file = fopen(path, "r");
    if (!file) {
        fail_msg("cannot read %s: %s (LOADSCOPE_UPDATE_SCREENS=1 writes it)", path, strerror(errno));
        return;
    }
    for (int row = 0; row < pty->rows; row++) {
        if (!fgets(expected, sizeof expected, file))
            expected[0] = '\0';
        expected[strcspn(expected, "\n")] = '\0';
        if (strcmp(expected, comparable_line(pty, row, line)) != 0) {
            differing++;
            print_error("%s row %d\n  expected |%s\n  got      |%s\n", name, row, expected, line);
        }
    }
    fclose(file);
    if (differing > 0)
        fail_msg("%d rows differ from %s", differing, path);
}
