/**
 * @file test_squeeze.c
 * A stream and the same in fewer bytes show the same cells: streams made up at random, and what ncurses makes
 * of random frames for terminals that change character sets in different ways.
 */
#include "tui/frame.h"
#include "tui/paint.h"
#include "tui/squeeze.h"

#include "base/random.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

#define ROWS    24
#define COLS    80
#define STREAMS 400
#define TOKENS  60
#define FRAMES  40

struct screen {
    VTerm *vterm;
    VTermScreen *cells;
};

static struct screen screen_open(void)
{
    struct screen screen = {.vterm = vterm_new(ROWS, COLS)};
    vterm_set_utf8(screen.vterm, 1);
    screen.cells = vterm_obtain_screen(screen.vterm);
    vterm_screen_enable_altscreen(screen.cells, 1);
    vterm_screen_reset(screen.cells, 1);
    return screen;
}

static VTermScreenCell cell_at(const struct screen *screen, int row, int col)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(screen->cells, (VTermPos){.row = row, .col = col}, &cell);
    return cell;
}

static void assert_same_cells(const struct screen *raw, const struct screen *squeezed)
{
    VTermPos at[2];
    for (int row = 0; row < ROWS; row++)
        for (int col = 0; col < COLS; col++) {
            VTermScreenCell a = cell_at(raw, row, col), b = cell_at(squeezed, row, col);
            if (memcmp(a.chars, b.chars, sizeof a.chars) != 0 || a.attrs.bold != b.attrs.bold ||
                a.attrs.underline != b.attrs.underline || a.attrs.reverse != b.attrs.reverse ||
                a.attrs.italic != b.attrs.italic || a.attrs.blink != b.attrs.blink ||
                !vterm_color_is_equal(&a.fg, &b.fg) || !vterm_color_is_equal(&a.bg, &b.bg))
                fail_msg("row %d, column %d differs", row, col);
        }
    vterm_state_get_cursorpos(vterm_obtain_state(raw->vterm), &at[0]);
    vterm_state_get_cursorpos(vterm_obtain_state(squeezed->vterm), &at[1]);
    assert_int_equal(at[0].row, at[1].row);
    assert_int_equal(at[0].col, at[1].col);
}

/* Shows a frame's bytes as they are on one screen and squeezed on the other; returns those left. */
static size_t show(const struct screen *raw, const struct screen *squeezed, const char *bytes, size_t length)
{
    static char less[65536];
    assert_true(length <= sizeof less);
    memcpy(less, bytes, length);
    size_t left = ls_squeeze(less, length);
    assert_true(left <= length);
    vterm_input_write(raw->vterm, bytes, length);
    vterm_input_write(squeezed->vterm, less, left);
    assert_same_cells(raw, squeezed);
    return left;
}

/* ---- streams ---- */

static void sequences_become_the_shortest(void **state)
{
    static const char *const cases[][2] = {
        {"a\033(B\033[m\033(B\033[0;1m\033[38;5;214mb", "a\033(B\033[;1;38;5;214mb"},
        {"\033[m\033[1ma\033[38;5;39mb\033[39mc\033[m", "\033[;1ma\033[38;5;39mb\033[39mc\033[m"},
        {"\033[ma\033[31m\033[39m\033[mb\033[7m", "\033[mab\033[7m"},
        {"\033[0;7ma\033[5;9H\033[0;7mb", "\033[;7ma\033[5;9Hb"},
        {"\033[1mb\033[0;1mc", "\033[1mb\033[;1mc"}, /* what came before the frame is not known */
        {"\033[mb\033[41;1mc\033[0;1md", "\033[mb\033[41;1mc\033[;1md"}, /* nor what a background is */
        {"\033[mb\033[?25h\033[mc", "\033[mb\033[?25h\033[mc"},
        {"\033[m\033]2;\033[m\033[m\aa\033[mb", "\033[m\033]2;\033[m\033[m\aa\033[mb"},
        {"\033P\a\033[m\033[m\033\\a\033[mb", "\033P\a\033[m\033[m\033\\a\033[mb"},
        {"\033(Ba\033(0q\033(Bb\033(Bc", "\033(Ba\033(0q\033(Bbc"},
        {"\017\033[m\017a\016q\016q\017b\017c", "\017\033[ma\016qq\017bc"},
        {"\033[m\033[38;5", "\033[m\033[38;5"}, /* cut off */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[100];
        size_t length = strlen(cases[i][0]);
        memcpy(bytes, cases[i][0], length);
        length = ls_squeeze(bytes, length);
        if (length != strlen(cases[i][1]) || memcmp(bytes, cases[i][1], length) != 0)
            fail_msg("case %zu: \"%.*s\"", i, (int)length, bytes);
    }
    assert_int_equal(ls_squeeze(NULL, 0), 0);
}

/* UTF-8 stands apart from other text: libvterm 0.1.4 reads a run of characters as it does the first. */
static void random_streams_show_the_same(void **state)
{
    static const char *const tokens[] = {"\033[m",     "\033[0m",       "\033[1m",       "\033[0;1m",
                                         "\033[4m",    "\033[7m",       "\033[22m",      "\033[24m",
                                         "\033[27m",   "\033[0;4;7m",   "\033[39;49m",   "\033[39m",
                                         "\033[31m",   "\033[96m",      "\033[38;5;39m", "\033[38;5;214m",
                                         "\033[41m",   "\033[48;5;17m", "\033[;1;33m",   "\033[3;23;5m",
                                         "\033(B",     "\033(0",        "\016",          "\017",
                                         "\033)0",     "\033[5;9H",     "\033[20;70H",   "\033[K",
                                         "\033[J",     "\033[3X",       "\033[2@",       "\033[2P",
                                         "\033[1L",    "\033[A",        "\r\n",          "\b",
                                         "\033[?25l",  "\033[?25h",     "\033]2;a\a",    "\033P[1m\033\\",
                                         "\0337",      "\0338",         "abc",           "q",
                                         " ",          "\r▄x\r",        "\rü\r",         "\033M",
                                         "\033[38;5m", "\033[58m",      "\033[99m",      "\033[38;2;1;2;3m"};
    struct ls_random random = ls_random_seed(1, NULL, 0);
    size_t all = 0, left = 0;
    (void)state;
    struct screen raw = screen_open(), squeezed = screen_open();
    for (int s = 0; s < STREAMS; s++) {
        char stream[TOKENS * 20] = "";
        for (int t = 0; t < TOKENS; t++)
            strcat(stream, tokens[ls_random_below(&random, sizeof tokens / sizeof *tokens)]);
        all += strlen(stream);
        left += show(&raw, &squeezed, stream, strlen(stream));
    }
    assert_true(left < all);
    vterm_free(raw.vterm);
    vterm_free(squeezed.vterm);
}

/* ---- frames ---- */

/* Changes a few runs of cells, more at first: text, shades and blanks in any style. */
static void scribble(struct ls_random *random, struct ls_frame *frame, int runs)
{
    static const char *const texts[] = {"1.25", "a b  c", "       ", "█▇▅ ▒▒ ·", "┼──┬─", "25 %*"};
    for (int i = 0; i < runs; i++) {
        unsigned style = (unsigned)ls_random_below(random, LS_STYLE_COUNT);
        if (ls_random_below(random, 8) == 0)
            style |= LS_CELL_REVERSE;
        ls_frame_put(frame, (int)ls_random_below(random, ROWS), (int)ls_random_below(random, COLS),
                     LS_FRAME_REST, style, texts[ls_random_below(random, sizeof texts / sizeof *texts)]);
    }
}

/* A cell of the screen is as the frame has it; a blank may have any colour, since it shows none. */
static void assert_shown(const struct screen *screen, const struct ls_frame *frame, struct ls_palette palette)
{
    for (int row = 0; row < ROWS; row++)
        for (int col = 0; col < COLS; col++) {
            const struct ls_cell *cell = &frame->cell[row * COLS + col];
            VTermScreenCell got = cell_at(screen, row, col);
            struct ls_look look = ls_theme_look(cell->style & LS_CELL_STYLE, palette);
            bool reverse = look.reverse != ((cell->style & LS_CELL_REVERSE) != 0);
            bool blank = cell->rune == ' ' && !reverse && !look.underline;
            if ((got.chars[0] == 0 ? ' ' : got.chars[0]) != cell->rune || got.attrs.reverse != reverse ||
                got.attrs.underline != look.underline || (!blank && got.attrs.bold != look.bold) ||
                (!blank && look.foreground >= 0 &&
                 (!VTERM_COLOR_IS_INDEXED(&got.fg) || got.fg.indexed.idx != look.foreground)) ||
                (!blank && look.foreground < 0 && !VTERM_COLOR_IS_DEFAULT_FG(&got.fg)))
                fail_msg("row %d, column %d is not as drawn", row, col);
        }
}

/* What ncurses wrote into the file, which is empty then. */
static char *take(int file, size_t *length)
{
    off_t end = lseek(file, 0, SEEK_CUR);
    assert_true(end >= 0);
    *length = (size_t)end;
    char *bytes = malloc(*length + 1);
    assert_non_null(bytes);
    assert_int_equal(pread(file, bytes, *length, 0), end);
    assert_int_equal(ftruncate(file, 0), 0);
    lseek(file, 0, SEEK_SET);
    return bytes;
}

static void frames_on(const char *term, bool exact)
{
    struct ls_random random = ls_random_seed(1, NULL, 0);
    struct ls_frame *frame;
    struct ls_error error;
    struct ls_paint paint;
    size_t all = 0, left = 0, length;
    FILE *out = tmpfile(), *in = fopen("/dev/null", "r");
    struct screen raw = screen_open(), squeezed = screen_open();
    assert_true(out && in);
    SCREEN *screen = newterm(term, out, in);
    assert_non_null(screen);
    assert_int_equal(ls_frame_create(ROWS, COLS, LS_GLYPHS_FULL, &frame, &error), 0);
    ls_paint_open(&paint, true, LS_COLORS_AUTO, LS_BACKGROUND_DARK);
    for (int f = 0; f < FRAMES; f++) {
        scribble(&random, frame, f == 0 ? 300 : 10);
        ls_paint_frame(&paint, stdscr, frame);
        if (f % 10 == 9)
            clearok(curscr, TRUE);
        refresh();
        char *bytes = take(fileno(out), &length);
        all += length;
        left += show(&raw, &squeezed, bytes, length);
        if (exact)
            assert_shown(&squeezed, frame, paint.palette);
        free(bytes);
    }
    print_message("  %s: %zu bytes become %zu\n", term, all, left);
    assert_true(left <= all);
    ls_frame_destroy(frame);
    endwin();
    delscreen(screen);
    fclose(in);
    fclose(out);
    vterm_free(raw.vterm);
    vterm_free(squeezed.vterm);
}

static void frames_show_the_same(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    setenv("LINES", "24", 1);
    setenv("COLUMNS", "80", 1);
    unsetenv("NO_COLOR");
    frames_on("xterm-256color", true);
    frames_on("xterm", false);
    frames_on("screen-256color", true);
    frames_on("linux", false);
    frames_on("vt100", false);
    frames_on("ansi", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_become_the_shortest),
        cmocka_unit_test(random_streams_show_the_same),
        cmocka_unit_test(frames_show_the_same),
    };
    return cmocka_run_group_tests_name("squeezed frames", tests, NULL, NULL);
}
