/**
 * @file test_explorer_matrix.c
 * Every view at every size, in both charsets, with and without colour, on every kind of terminal: what holds
 * of all of these screens, and for one terminal what is on them, kept in expected/matrix.
 *
 * A process goes through all sizes and views; what a size left behind would be seen at the next.
 */
#include "every.h"
#include "explorer.h"

#include "tui/screen.h"

#include <ctype.h>

#define SIZES (sizeof sizes / sizeof *sizes)

static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {43, 132}, {60, 200}, {16, 60}, {10, 40}};

static bool is_big_enough(size_t size)
{
    return sizes[size].rows >= LS_SCREEN_MIN_ROWS && sizes[size].cols >= LS_SCREEN_MIN_COLS;
}

/* What fails is to be found again. */
static char where[160];

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fail_msg("%s: %s", where, #condition);                                                           \
    } while (false)

/* Each cell has one character that is seen, and of 7 bits where the charset has no more. */
static void check_glyphs(const struct pty *pty, size_t size, bool ascii)
{
    for (int row = 0; row < sizes[size].rows; row++)
        for (int col = 0; col < sizes[size].cols; col++) {
            struct pty_cell cell = pty_cell(pty, row, col);
            unsigned char first = (unsigned char)cell.text[0];
            if (first < ' ' || first == 0x7f || strcmp(cell.text, "\xef\xbf\xbd") == 0 ||
                (ascii && first > 0x7f))
                fail_msg("%s: row %d, column %d has \"%s\"", where, row, col, cell.text);
        }
}

/* The first word of the hints that is none of the arrows, which charsets draw differently. */
static const char *first_word(const char *hints, char out[32])
{
    while (!isalpha((unsigned char)*hints))
        hints++;
    snprintf(out, 32, "%.*s", (int)strcspn(hints, " "), hints);
    return out;
}

/* Title, tabs and hints stand where they belong, whole, so nothing before them ran over the edge. */
static void check_surroundings(const struct pty *pty, size_t size, enum ls_view_id view)
{
    char line[PTY_LINE], tab[64], word[32];
    CHECK(strncmp(pty_line(pty, 0, line), " loadscope  ", 12) == 0);
    pty_line(pty, 1, line);
    CHECK(strstr(line, "? help") == line + strlen(line) - strlen("? help"));
    snprintf(tab, sizeof tab, "[%d %s]", ls_view(view)->digit, ls_view_tab(view));
    CHECK(ls_view(view)->digit == 0 || strstr(line, tab) != NULL);
    pty_line(pty, sizes[size].rows - 1, line);
    CHECK(strstr(line, first_word(ls_view(view)->hints, word)) != NULL);
}

static void check_too_small(const struct pty *pty, size_t size)
{
    char line[PTY_LINE], expected[80];
    int row = sizes[size].rows / 2;
    snprintf(expected, sizeof expected, "loadscope needs %dx%d, this is %dx%d", LS_SCREEN_MIN_COLS,
             LS_SCREEN_MIN_ROWS, sizes[size].cols, sizes[size].rows);
    CHECK(strcmp(pty_line(pty, row, line), expected) == 0);
    CHECK(strcmp(pty_line(pty, row + 1, line), "q leaves") == 0);
}

/* Painting all anew changes nothing: what was drawn bit by bit is what is meant. */
static void check_repaint(struct pty *pty, size_t size)
{
    static char before[60][PTY_LINE];
    char line[PTY_LINE];
    for (int row = 0; row < sizes[size].rows; row++)
        pty_line(pty, row, before[row]);
    pty_press(pty, "^L");
    for (int row = 0; row < sizes[size].rows; row++)
        CHECK(strcmp(pty_line(pty, row, line), before[row]) == 0);
}

/* As a file's name: "explorer_day" and so on. */
static void keep_or_compare(struct pty *pty, size_t size, enum ls_view_id view, bool ascii)
{
    char name[128];
    int length = snprintf(name, sizeof name, "matrix/%s_%dx%d%s", ls_view(view)->name, sizes[size].cols,
                          sizes[size].rows, ascii ? "_ascii" : "");
    for (int i = 0; i < length; i++)
        name[i] = (char)tolower((unsigned char)name[i]);
    pty_check_screen(pty, name);
}

struct kind {
    const char *term;
    bool ascii, mono, kept;
};

static void check_view(struct pty *pty, const struct kind *kind, size_t size, enum ls_view_id view)
{
    snprintf(where, sizeof where, "%s%s%s, %dx%d, %s", kind->term, kind->ascii ? ", C locale" : "",
             kind->mono ? ", NO_COLOR" : "", sizes[size].cols, sizes[size].rows, ls_view(view)->name);
    every_go(pty, view);
    check_glyphs(pty, size, kind->ascii);
    if (is_big_enough(size))
        check_surroundings(pty, size, view);
    else
        check_too_small(pty, size);
    if (kind->kept && is_big_enough(size))
        keep_or_compare(pty, size, view, kind->ascii);
}

/* A sweep and another answer to compare with, or their screens would hold one sentence; no step to be undone,
 * which would shorten what stands beside the tabs. */
static void prepare(struct pty *pty)
{
    explorer_command(pty, "set spike.alpha_percent=10");
    PRESS(pty, "a", "u");
    explorer_command(pty, "sweep");
    assert_row_has(pty, 2, "121 points");
}

static void check_kind(const struct kind *kind)
{
    const char *env[] = {kind->ascii ? "LC_ALL=C" : "LC_ALL=C.UTF-8", kind->mono ? "NO_COLOR=1" : "NO_COLOR",
                         "ESCDELAY=1", NULL};
    struct pty *pty = explorer_start(&(struct pty_options){.term = kind->term, .env = env}, NULL);
    prepare(pty);
    for (size_t size = 0; size < SIZES; size++) {
        pty_resize(pty, sizes[size].rows, sizes[size].cols);
        for (int v = 0; v < LS_VIEW_COUNT; v++)
            check_view(pty, kind, size, (enum ls_view_id)v);
        check_repaint(pty, size);
    }
    if (kind->ascii)
        CHECK(!pty_saw_8bit(pty));
    CHECK(pty_saw_color(pty) == (!kind->mono && strcmp(kind->term, "vt100") != 0));
    explorer_leave(pty);
}

static void every_view_at_every_size_on_every_terminal(void **state)
{
    static const char *const terms[] = {"xterm-256color", "screen-256color", "linux", "vt100"};
    (void)state;
    for (size_t t = 0; t < sizeof terms / sizeof *terms; t++)
        for (int which = 0; which < 4; which++)
            check_kind(
                &(struct kind){terms[t], .ascii = which & 1, .mono = which & 2, .kept = t == 0 && which < 2});
}

/* One that cannot move its cursor shows every view as text, and no sequence of bytes that it would not know.
 */
static void every_view_without_a_cursor(void **state)
{
    (void)state;
    for (int which = 0; which < 4; which++)
        for (int v = 0; v < LS_VIEW_COUNT; v++) {
            const char *name = ls_view((enum ls_view_id)v)->name;
            const char *env[] = {which & 1 ? "LC_ALL=C" : "LC_ALL=C.UTF-8",
                                 which & 2 ? "NO_COLOR=1" : "NO_COLOR", NULL};
            const char *argv[] = {explorer_program(), SAMPLE, "--scenario", SCENARIO, "--view", name, NULL};
            struct pty *pty = pty_start(
                &(struct pty_options){.argv = argv, .env = env, .term = "dumb", .rows = 250, .cols = 100});
            int status = pty_wait_exit(pty, 5000);
            snprintf(where, sizeof where, "dumb, %s, %s", env[0], name);
            CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            CHECK(pty_is_restored(pty) && !pty_saw_color(pty));
            CHECK((which & 1) == 0 || !pty_saw_8bit(pty));
            CHECK(pty_contains(pty, "cannot move its cursor"));
            pty_stop(pty);
        }
}

/* Below the least size it waits: keys still count, and the view comes back with room for it. */
static void a_small_window_waits(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    pty_press(pty, "3");
    for (int rows = 1; rows < LS_SCREEN_MIN_ROWS; rows++)
        pty_resize(pty, rows, 1 + rows * 4);
    pty_press(pty, "4");
    pty_resize(pty, LS_SCREEN_MIN_ROWS, LS_SCREEN_MIN_COLS);
    assert_row_has(pty, 1, "[4 Moves]");
    pty_resize(pty, LS_SCREEN_MIN_ROWS, LS_SCREEN_MIN_COLS - 1);
    assert_has(pty, "loadscope needs 60x16, this is 59x16");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_at_every_size_on_every_terminal),
        cmocka_unit_test(every_view_without_a_cursor),
        cmocka_unit_test(a_small_window_waits),
    };
    return cmocka_run_group_tests_name("explorer's screens", tests, NULL, NULL);
}
