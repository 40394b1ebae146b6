/**
 * @file explorer.h
 * What the tests of the explorer share: starting it on the sample data, looking at its Day screen, and asking
 * the same program for the same day as JSON.
 */
#ifndef LOADSCOPE_TESTS_EXPLORER_H
#define LOADSCOPE_TESTS_EXPLORER_H

#include "pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define SAMPLE    "sample_data/readings.csv.gz"
#define SCENARIO  "sample_data/restricted.ini"
#define LAX       "sample_data/lax.ini"
#define FIRST_DAY "2022-05-02"
#define LEFT_COLS 23 /* of the Day screen's limits and totals */
#define AXIS_COL  29 /* of the first slot at 80 columns */
#define MAX_PARTS 24

static inline const char *explorer_program(void)
{
    const char *program = getenv("LOADSCOPE_BIN");
    return program ? program : "build/release/loadscope";
}

/* Starts the explorer on the sample; `more` are further arguments, NULL at the end, or NULL. */
static inline struct pty *explorer_start(const struct pty_options *base, const char *const *more)
{
    const char *argv[MAX_PARTS] = {explorer_program(), SAMPLE, "--scenario", SCENARIO};
    struct pty_options options = base ? *base : (struct pty_options){0};
    int n = 4;
    for (; more && *more && n + 1 < MAX_PARTS; more++)
        argv[n++] = *more;
    options.argv = argv;
    struct pty *pty = pty_start(&options);
    pty_wait(pty);
    return pty;
}

static inline struct pty *explorer_open(void)
{
    return explorer_start(NULL, NULL);
}

/* Leaves by q: the program ends well, which under a leak checker says that nothing was lost. */
static inline void explorer_leave(struct pty *pty)
{
    pty_send(pty, "q", 1);
    int status = pty_wait_exit(pty, 5000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
}

/* Presses keys named as for pty_press(), one after the other. */
static inline void explorer_press(struct pty *pty, const char *const *keys)
{
    for (; *keys; keys++)
        pty_press(pty, *keys);
}
#define PRESS(pty, ...) explorer_press((pty), (const char *const[]){__VA_ARGS__, NULL})

/* Types a line at the `:` prompt and runs it. */
static inline void explorer_command(struct pty *pty, const char *line)
{
    pty_press(pty, ":");
    pty_type(pty, line);
    pty_press(pty, "Enter");
}

static inline void assert_has(const struct pty *pty, const char *text)
{
    char line[PTY_LINE];
    if (pty_contains(pty, text))
        return;
    for (int row = 0; row < 24; row++)
        print_error("|%s\n", pty_line(pty, row, line));
    fail_msg("\"%s\" is not on the screen", text);
}

static inline void assert_lacks(const struct pty *pty, const char *text)
{
    if (pty_contains(pty, text))
        fail_msg("\"%s\" is on the screen", text);
}

static inline void assert_row_has(const struct pty *pty, int row, const char *text)
{
    char line[PTY_LINE];
    if (strstr(pty_line(pty, row, line), text) == NULL)
        fail_msg("row %d is \"%s\", without \"%s\"", row, line, text);
}

/* Row of the left pane whose label this is; fails without. */
static inline int explorer_row(const struct pty *pty, const char *label)
{
    char line[PTY_LINE];
    for (int row = 2; row < 23; row++)
        if (strncmp(pty_line(pty, row, line) + 1, label, strlen(label)) == 0)
            return row;
    fail_msg("no row \"%s\"", label);
    return -1;
}

/* The value that stands in columns 15 to 22 of a limit's row, mark excluded: "25 %". */
static inline const char *explorer_value(const struct pty *pty, const char *label, char out[64])
{
    int row = explorer_row(pty, label);
    size_t length = 0;
    out[0] = '\0';
    for (int col = 16; col < LEFT_COLS - 1; col++) {
        struct pty_cell cell = pty_cell(pty, row, col);
        if (length > 0 || strcmp(cell.text, " ") != 0)
            length += (size_t)snprintf(out + length, 64 - length, "%s", cell.text);
    }
    return out;
}

/* ' ', '*' changed or '~' not solved yet. */
static inline char explorer_mark(const struct pty *pty, const char *label)
{
    return pty_cell(pty, explorer_row(pty, label), LEFT_COLS - 1).text[0];
}

static inline double explorer_total(const struct pty *pty, const char *label)
{
    char line[PTY_LINE];
    double value = 0;
    pty_line(pty, explorer_row(pty, label), line);
    assert_int_equal(sscanf(line + 1 + strlen(label), "%lf", &value), 1);
    return value;
}

static inline void assert_cursor(const struct pty *pty, int row, int col)
{
    int at_row, at_col;
    bool visible;
    pty_cursor(pty, &at_row, &at_col, &visible);
    assert_true(visible);
    if (at_row != row || at_col != col)
        fail_msg("the cursor is at %d,%d and not at %d,%d", at_row, at_col, row, col);
}

/* Clicks the left button (0), or turns the wheel (64 up, 65 down), at a cell counted from 0. */
static inline void explorer_click(struct pty *pty, int button, int row, int col)
{
    char bytes[64];
    int length = snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dM", button, col + 1, row + 1);
    if (button == 0)
        snprintf(bytes + length, sizeof bytes - (size_t)length, "\033[<0;%d;%dm", col + 1, row + 1);
    pty_send(pty, bytes, 1);
    pty_wait(pty);
}

#endif
