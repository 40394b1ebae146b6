/**
 * @file explorer_session.h
 * What tests of sessions share: a folder of their own, screens to be compared, scripts at play.
 */
#ifndef LOADSCOPE_TESTS_EXPLORER_SESSION_H
#define LOADSCOPE_TESTS_EXPLORER_SESSION_H

#include "../support/folder.h"
#include "explorer.h"

#include <sys/stat.h>
#include <unistd.h>

#define ROWS 24

static char folder[] = "/tmp/loadscope-session-XXXXXX";
static char script_path[128];

static inline int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(script_path, sizeof script_path, "%s/script", folder);
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

/* The screen's rows; the first one's end, where engine and time of a solve stand, left out. */
static inline void read_screen(const struct pty *pty, char rows[ROWS][PTY_LINE])
{
    for (int row = 0; row < ROWS; row++)
        pty_line(pty, row, rows[row]);
    char *homes = strstr(rows[0], " homes");
    if (homes != NULL)
        *homes = '\0';
}

/* But for the status line. */
static inline void assert_same_screen(char a[ROWS][PTY_LINE], char b[ROWS][PTY_LINE])
{
    for (int row = 0; row < ROWS - 1; row++)
        assert_string_equal(a[row], b[row]);
}

/* Starts with a script; returns once it paused or is over. */
static inline struct pty *play(const char *path, const char *const *env)
{
    const char *const more[] = {"--play", path, NULL};
    return explorer_start(&(struct pty_options){.env = env}, more);
}

/* Runs the program with its output in a pipe; what it printed. */
static inline char *run_piped(const char *arguments, int expected, char *out, size_t size)
{
    char command[1024];
    snprintf(command, sizeof command, "%s " SAMPLE " --scenario " SCENARIO " %s </dev/null 2>&1",
             explorer_program(), arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(out, 1, size - 1, pipe);
    out[length] = '\0';
    assert_int_equal(WEXITSTATUS(pclose(pipe)), expected);
    return out;
}

#endif
