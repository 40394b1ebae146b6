/**
 * @file test_explorer_safe.c
 * What --read-only promises, seen from the system: while every command and every key is tried in every view,
 * no file is opened for writing, made, moved or removed, no process is started, nothing is asked of a
 * network, and no path that was typed is so much as looked at. strace sees all of it.
 */
#include "../support/folder.h"
#include "every.h"
#include "explorer.h"

#include <ctype.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRACE_LINE 4096

static char folder[] = "/tmp/loadscope-safe-XXXXXX";
static char trace_path[64], typed_path[64]; /* no trace speaks of the second but by the explorer's doing */

static int make_folder(void **state)
{
    char path[64];
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(trace_path, sizeof trace_path, "%s/trace", folder);
    snprintf(path, sizeof path, "%s/typed", folder);
    snprintf(typed_path, sizeof typed_path, "%s/typed/file.txt", folder);
    return mkdir(path, 0700);
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

/* Leaks cannot be looked for under a tracer. */
static const char *const env[] = {"ASAN_OPTIONS=detect_leaks=0", "ESCDELAY=1", NULL};

static struct pty *start_traced(bool read_only)
{
    const char *argv[] = {"strace",
                          "-f",
                          "-qq",
                          "-s",
                          "4000",
                          "-e",
                          "trace=%file,%process,%network",
                          "-o",
                          trace_path,
                          explorer_program(),
                          SAMPLE,
                          "--scenario",
                          SCENARIO,
                          read_only ? "--read-only" : NULL,
                          NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .env = env});
    pty_wait(pty);
    return pty;
}

static void skip_without_tracer(void)
{
    if (system("strace -qq -o /dev/null true 2>/dev/null") != 0) {
        print_message("skipped: strace is missing or may not trace here\n");
        skip();
    }
}

/* ---- what a trace may hold ---- */

struct trace {
    long calls, terminals, processes;
    char first_violation[TRACE_LINE]; /* "" for none */
};

/* Calls that look and change nothing, and the ends of threads. */
static const char *const harmless[] = {"access",     "faccessat", "faccessat2", "stat",       "lstat",
                                       "newfstatat", "statx",     "readlink",   "readlinkat", "getcwd",
                                       "statfs",     "exit",      "exit_group", "fstat"};

static bool is_open_for_reading(const char *arguments)
{
    static const char *const writing[] = {"O_WRONLY", "O_RDWR",   "O_CREAT",
                                          "O_TRUNC",  "O_APPEND", "O_TMPFILE"};
    for (size_t i = 0; i < sizeof writing / sizeof *writing; i++)
        if (strstr(arguments, writing[i]) != NULL)
            return false;
    return strstr(arguments, "O_RDONLY") != NULL;
}

static const char *starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0 ? text + strlen(start) : NULL;
}

/* `call` is "name(arguments" of a line whose end may have gone to another. */
static bool is_harmless(struct trace *trace, const char *call)
{
    size_t length = strcspn(call, "(");
    const char *arguments;
    if ((arguments = starts_with(call, "openat(AT_FDCWD, ")) != NULL ||
        (arguments = starts_with(call, "open(")) != NULL) {
        bool is_terminal = starts_with(arguments, "\"/dev/tty\", O_RDWR|") && !strstr(arguments, "O_CREAT");
        trace->terminals += is_terminal;
        return is_terminal || is_open_for_reading(arguments);
    }
    if (starts_with(call, "execve("))
        return trace->processes++ == 0;
    if (starts_with(call, "clone(") || starts_with(call, "clone3("))
        return strstr(call, "CLONE_THREAD") != NULL;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strlen(harmless[i]) == length && strncmp(call, harmless[i], length) == 0)
            return true;
    return false;
}

static void take_line(struct trace *trace, const char *line)
{
    const char *call = line + strspn(line, "0123456789 ");
    if (!islower((unsigned char)call[0])) /* a signal, an end, or the end of a call that was seen */
        return;
    trace->calls++;
    if ((!is_harmless(trace, call) || strstr(line, folder) != NULL) && trace->first_violation[0] == '\0')
        snprintf(trace->first_violation, sizeof trace->first_violation, "%.*s", TRACE_LINE - 1, line);
}

static struct trace read_trace(void)
{
    struct trace trace = {0};
    static char line[2 * TRACE_LINE]; /* of 4000 bytes of a path, and the rest */
    FILE *file = fopen(trace_path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        take_line(&trace, line);
    fclose(file);
    return trace;
}

/* ---- the tests ---- */

struct visit {
    struct pty *pty;
    enum ls_view_id view;
    long lines;
};

/* In the form, which takes letters for itself, the line goes into a field. */
static void run_line(void *user, const char *line)
{
    struct visit *visit = user;
    every_go(visit->pty, visit->view);
    explorer_command(visit->pty, line);
    visit->lines++;
}

static void press_every_key(struct visit *visit)
{
    char out[16];
    const char *key;
    for (size_t i = 0; (key = every_key(i, out)) != NULL; i++) {
        every_go(visit->pty, visit->view);
        pty_press(visit->pty, key);
        visit->lines++;
    }
}

/* A zone is the one text in the form that might lead to a file. */
static void type_into_zone(struct pty *pty)
{
    every_go(pty, LS_VIEW_PARAMETERS);
    for (int i = 0; !pty_contains(pty, "behaviour.timezone"); i++) {
        assert_true(i < 100);
        pty_press(pty, "Down");
    }
    pty_press(pty, "^U");
    pty_type(pty, EVERY_WAY_OUT);
    pty_type(pty, typed_path);
    assert_has(pty, typed_path);
}

static void read_only_touches_nothing(void **state)
{
    (void)state;
    skip_without_tracer();
    struct visit visit = {.pty = start_traced(true)};
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        visit.view = (enum ls_view_id)v;
        press_every_key(&visit);
        every_line(typed_path, run_line, &visit);
    }
    type_into_zone(visit.pty);
    PRESS(visit.pty, "Esc", "Esc", ":");
    pty_type(visit.pty, "load ");
    pty_type(visit.pty, typed_path);
    PRESS(visit.pty, "Tab", "Esc");
    explorer_leave(visit.pty);
    struct trace trace = read_trace();
    print_message("%ld keys and lines, %ld calls\n", visit.lines, trace.calls);
    if (trace.first_violation[0] != '\0')
        fail_msg("%s", trace.first_violation);
    assert_int_equal(trace.processes, 1);
    assert_true(trace.terminals > 0 && trace.calls > 10); /* it was traced */
}

/* The same eyes do see a file that is written, and one that is read because it was typed. */
static void a_trace_tells(void **state)
{
    static const char *const lines[] = {"save", "log", "snapshot!", "load"};
    (void)state;
    skip_without_tracer();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char line[128];
        struct pty *pty = start_traced(false);
        snprintf(line, sizeof line, "%s %s", lines[i], typed_path);
        explorer_command(pty, line);
        explorer_leave(pty);
        assert_string_not_equal(read_trace().first_violation, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_only_touches_nothing),
        cmocka_unit_test(a_trace_tells),
    };
    return cmocka_run_group_tests_name("explorer, read-only", tests, make_folder, remove_folder);
}
