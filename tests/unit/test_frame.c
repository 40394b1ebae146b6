/**
 * @file test_frame.c
 * Frames, styles and charts, drawn without a terminal. Heights are chosen so that one unit is one eighth of a
 * cell, and what is expected was worked out on paper.
 */
#include "tui/chart.h"
#include "tui/frame.h"
#include "tui/theme.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LINE         8192
#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct ls_frame *make_frame(int rows, int cols, enum ls_glyphs glyphs)
{
    struct ls_frame *frame = NULL;

    assert_int_equal(ls_frame_create(rows, cols, glyphs, &frame, NULL), LS_OK);
    return frame;
}

static void assert_row(const struct ls_frame *frame, int row, const char *expected)
{
    char line[LINE];

    assert_string_equal(ls_frame_line(frame, row, line, sizeof line), expected);
}

static const struct ls_cell *cell_of(const struct ls_frame *frame, int row, int col)
{
    return &frame->cell[row * frame->cols + col];
}

/** Glyphs of one column from @p row down, as UTF-8. */
static const char *column_text(const struct ls_frame *frame, int row, int rows, int col, char out[64])
{
    size_t at = 0;

    for (int i = 0; i < rows; i++)
        at += ls_rune_encode(cell_of(frame, row + i, col)->rune, out + at);
    return out;
}

/* ---- frames ------------------------------------------------------------------------------------------ */

static void test_size_has_limits(void **state)
{
    struct ls_frame *frame = make_frame(3, 4, LS_GLYPHS_FULL), *none = NULL;
    struct ls_error error = {0};

    (void)state;
    assert_int_equal(ls_frame_create(0, 10, LS_GLYPHS_FULL, &none, &error), LS_ERR_VALUE);
    assert_int_equal(ls_frame_create(10, 2001, LS_GLYPHS_FULL, &none, NULL), LS_ERR_VALUE);
    assert_null(none);
    ls_frame_put(frame, 1, 0, 4, LS_STYLE_TEXT, "kept");
    assert_int_equal(ls_frame_resize(frame, -1, 4, NULL), LS_ERR_VALUE);
    assert_row(frame, 1, "kept");
    assert_int_equal(ls_frame_resize(frame, 2, 6, NULL), LS_OK);
    assert_row(frame, 1, "");
    assert_int_equal(ls_frame_rect(frame).cols, 6);
    ls_frame_destroy(frame);
    ls_frame_destroy(NULL);
}

static void test_drawing_is_clipped(void **state)
{
    struct ls_frame *frame = make_frame(3, 8, LS_GLYPHS_FULL);

    (void)state;
    assert_int_equal(ls_frame_put(frame, 0, -3, 20, LS_STYLE_TEXT, "abcdef"), 6);
    assert_row(frame, 0, "def");
    ls_frame_put(frame, 1, 5, 20, LS_STYLE_TEXT, "abcdef");
    assert_row(frame, 1, "     abc");
    assert_int_equal(ls_frame_put(frame, 2, 0, 3, LS_STYLE_TEXT, "abcdef"), 3);
    assert_row(frame, 2, "abc");
    ls_frame_put(frame, -1, 0, 8, LS_STYLE_TEXT, "x");
    ls_frame_put(frame, 3, 0, 8, LS_STYLE_TEXT, "x");
    ls_frame_rune(frame, 3, 0, LS_STYLE_TEXT, 'x');
    ls_frame_rune(frame, 0, 8, LS_STYLE_TEXT, 'x');
    ls_frame_rune(frame, 0, -1, LS_STYLE_TEXT, 'x');
    assert_row(frame, 0, "def");
    ls_frame_clear(frame);
    ls_frame_fill(frame, (struct ls_rect){-5, 6, 7, 9}, LS_STYLE_TEXT, '#');
    assert_row(frame, 0, "      ##");
    assert_row(frame, 1, "      ##");
    assert_row(frame, 2, "");
    ls_frame_hline(frame, 2, -2, 5, LS_STYLE_AXIS);
    ls_frame_vline(frame, -1, 7, 9, LS_STYLE_AXIS);
    assert_row(frame, 1, "      #│");
    assert_row(frame, 2, "───    │");
    ls_frame_destroy(frame);
}

static void test_rectangles_that_share_nothing(void **state)
{
    struct ls_rect clip = ls_rect_clip((struct ls_rect){5, 5, 2, 2}, (struct ls_rect){0, 0, 5, 5});

    (void)state;
    assert_int_equal(clip.rows, 0);
    assert_int_equal(clip.cols, 0);
    clip = ls_rect_clip((struct ls_rect){-2, 3, 4, 2147483647}, (struct ls_rect){0, 0, 5, 5});
    assert_int_equal(clip.row, 0);
    assert_int_equal(clip.col, 3);
    assert_int_equal(clip.rows, 2);
    assert_int_equal(clip.cols, 2);
}

static void test_wide_characters(void **state)
{
    struct ls_frame *frame = make_frame(4, 6, LS_GLYPHS_FULL);

    (void)state;
    assert_int_equal(ls_text_cols("a家b"), 4);
    assert_int_equal(ls_frame_put(frame, 0, 0, 6, LS_STYLE_TEXT, "a家b"), 4);
    assert_row(frame, 0, "a家b");
    assert_int_equal(cell_of(frame, 0, 2)->rune, 0);
    /* Half of one is never shown: not at either edge, not in a field too narrow, not when overwritten. */
    ls_frame_put(frame, 1, -1, 6, LS_STYLE_TEXT, "家x");
    assert_row(frame, 1, " x");
    ls_frame_put(frame, 1, 5, 6, LS_STYLE_TEXT, "家");
    assert_row(frame, 1, " x");
    assert_int_equal(ls_frame_put(frame, 2, 0, 2, LS_STYLE_TEXT, "a家"), 1);
    assert_row(frame, 2, "a");
    ls_frame_put(frame, 0, 2, 1, LS_STYLE_TEXT, "|");
    assert_row(frame, 0, "a |b");
    ls_frame_put(frame, 3, 0, 6, LS_STYLE_TEXT, "家家家");
    ls_frame_put(frame, 3, 2, 1, LS_STYLE_TEXT, "|");
    assert_row(frame, 3, "家| 家");
    ls_frame_put(frame, 3, 1, 2, LS_STYLE_TEXT, "宅");
    assert_row(frame, 3, " 宅 家");
    ls_frame_destroy(frame);
}

static void test_what_must_not_reach_a_terminal(void **state)
{
    struct ls_frame *frame = make_frame(3, 20, LS_GLYPHS_FULL);

    (void)state;
    ls_frame_put(frame, 0, 0, 20, LS_STYLE_TEXT,
                 "\033[2J\a\177\t\xc2\x9b"
                 "1m");
    assert_row(frame, 0, "␛[2J␇␡␉?1m");
    /* Cut short, overlong, a surrogate, beyond Unicode, a byte that never starts: each bad byte is a '?'. */
    ls_frame_put(frame, 1, 0, 20, LS_STYLE_TEXT, "\xe5\xae|\xc0\xaf|\xed\xa0\x80|\xf4\x90\x80\x80|\xff");
    assert_row(frame, 1, "\?\?|\?\?|\?\?\?|\?\?\?\?|\?");
    /* Combining marks and direction overrides have no column. */
    ls_frame_put(frame, 2, 0, 20, LS_STYLE_TEXT,
                 "e\xcc\x81x\xe2\x80\xae"
                 "ay");
    assert_row(frame, 2, "exay");
    ls_frame_destroy(frame);
}

static void test_utf8_there_and_back(void **state)
{
    static const uint32_t runes[] = {0x24,   0x7f,   0x80,   0x7ff,   0x800,
                                     0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    static const size_t lengths[] = {1, 1, 2, 2, 3, 3, 3, 3, 4, 4};

    (void)state;
    for (size_t i = 0; i < COUNT(runes); i++) {
        char bytes[5];
        uint32_t rune = 0;

        assert_int_equal(ls_rune_encode(runes[i], bytes), lengths[i]);
        assert_int_equal(strlen(bytes), lengths[i]);
        assert_int_equal(ls_rune_decode(bytes, &rune), lengths[i]);
        assert_int_equal(rune, runes[i]);
    }
}

static void test_fitted_text(void **state)
{
    struct ls_frame *frame = make_frame(8, 10, LS_GLYPHS_FULL);
    char line[LINE];

    (void)state;
    for (int row = 0; row < 8; row++)
        ls_frame_put(frame, row, 0, 10, LS_STYLE_TEXT, "..........");
    ls_frame_put_fit(frame, 0, 1, 6, LS_STYLE_TEXT, "abc");
    assert_row(frame, 0, ".abc   ...");
    ls_frame_put_fit(frame, 1, 1, 6, LS_STYLE_TEXT, "abcdef");
    assert_row(frame, 1, ".abcdef...");
    ls_frame_put_fit(frame, 2, 1, 6, LS_STYLE_TEXT, "abcdefg");
    assert_row(frame, 2, ".abcde…...");
    ls_frame_put_right(frame, 3, 1, 6, LS_STYLE_TEXT, "7.25");
    assert_row(frame, 3, ".  7.25...");
    ls_frame_put_right(frame, 4, 1, 3, LS_STYLE_TEXT, "12345");
    assert_row(frame, 4, ".12…......");
    /* A wide character that would be cut leaves a blank behind the ellipsis. */
    ls_frame_put_fit(frame, 5, 1, 5, LS_STYLE_TEXT, "abc家宅");
    assert_row(frame, 5, ".abc… ....");
    ls_frame_put_fit(frame, 6, 1, 0, LS_STYLE_TEXT, "abc");
    ls_frame_put_right(frame, 6, 1, -3, LS_STYLE_TEXT, "abc");
    assert_row(frame, 6, "..........");
    ls_frame_putf(frame, 7, 0, 4, LS_STYLE_TEXT, "%d %s", 12, "kWh");
    assert_row(frame, 7, "12 k......");
    assert_int_equal(ls_text_fit("ab家c", 3), 2);
    assert_int_equal(ls_text_fit("ab家c", 4), 5);
    /* A line that has less room than it needs ends at a whole character. */
    ls_frame_put(frame, 0, 0, 10, LS_STYLE_TEXT, "ab家");
    assert_string_equal(ls_frame_line(frame, 0, line, 5), "ab");
    ls_frame_destroy(frame);
}

static void test_cursor(void **state)
{
    struct ls_frame *frame = make_frame(2, 6, LS_GLYPHS_FULL);

    (void)state;
    assert_false(frame->cursor_visible);
    ls_frame_cursor(frame, 1, 5);
    assert_true(frame->cursor_visible);
    assert_int_equal(frame->cursor_row, 1);
    assert_int_equal(frame->cursor_col, 5);
    ls_frame_cursor(frame, 1, 6);
    assert_false(frame->cursor_visible);
    ls_frame_cursor(frame, 0, 0);
    ls_frame_clear(frame);
    assert_false(frame->cursor_visible);
    ls_frame_destroy(frame);
}

/** Every glyph of the views, the form and the charts. */
#define GLYPHS_USED "▲▼←↑→↓◆░▒▓█═╤─│┤┼┬…–α·▀▁▂▃▄▅▆▇"

static void test_glyphs_where_there_are_fewer(void **state)
{
    struct ls_frame *ascii = make_frame(3, 60, LS_GLYPHS_ASCII), *half = make_frame(2, 60, LS_GLYPHS_HALF);
    char line[LINE];

    (void)state;
    assert_int_equal(ls_frame_put(ascii, 0, 0, 60, LS_STYLE_TEXT, GLYPHS_USED), ls_text_cols(GLYPHS_USED));
    assert_row(ascii, 0, "^v<^>v*:=%#=#-|+++~-a.'_.,-=+*");
    assert_null(strchr(ls_frame_line(ascii, 0, line, sizeof line), '?'));
    ls_frame_put(ascii, 1, 0, 60, LS_STYLE_TEXT, "naïve 家 x");
    assert_row(ascii, 1, "na?ve ?? x");
    ls_frame_put_fit(ascii, 2, 0, 4, LS_STYLE_TEXT, "abcdef");
    assert_row(ascii, 2, "abc~");
    ls_frame_put(half, 0, 0, 60, LS_STYLE_TEXT, GLYPHS_USED);
    assert_row(half, 0, "▲▼←↑→↓◆░▒▓█═╤─│┤┼┬…–α·▀__▄▄▄▄█");
    ls_frame_destroy(ascii);
    ls_frame_destroy(half);
}

static void test_c_locale_knows_our_glyphs(void **state)
{
    struct ls_frame *frame = make_frame(1, 60, LS_GLYPHS_ASCII);

    (void)state;
    setlocale(LC_ALL, "C");
    assert_int_equal(ls_text_cols(GLYPHS_USED), 30);
    ls_frame_put(frame, 0, 0, 60, LS_STYLE_TEXT, GLYPHS_USED);
    assert_row(frame, 0, "^v<^>v*:=%#=#-|+++~-a.'_.,-=+*");
    setlocale(LC_ALL, "C.UTF-8");
    ls_frame_destroy(frame);
}

/* ---- styles ------------------------------------------------------------------------------------------ */

static bool same_look(enum ls_style a, enum ls_style b, int colors)
{
    struct ls_look one = ls_theme_look(a, colors), two = ls_theme_look(b, colors);

    return one.foreground == two.foreground && one.background == two.background && one.bold == two.bold &&
           one.dim == two.dim && one.underline == two.underline && one.reverse == two.reverse;
}

static void test_looks(void **state)
{
    static const int counts[] = {0, 8, 256};
    static const enum ls_style plain[] = {LS_STYLE_TEXT, LS_STYLE_TAB};
    static const enum ls_style marked[] = {LS_STYLE_CHANGED,    LS_STYLE_SELECTED, LS_STYLE_INACTIVE,
                                           LS_STYLE_TAB_ACTIVE, LS_STYLE_ERROR,    LS_STYLE_WARNING};

    (void)state;
    assert_true(LS_STYLE_COUNT <= LS_CELL_STYLE);
    for (size_t c = 0; c < COUNT(counts); c++) {
        for (int style = 0; style < LS_STYLE_COUNT; style++) {
            struct ls_look look = ls_theme_look((enum ls_style)style, counts[c]);

            assert_true(look.foreground == -1 || (look.foreground >= 0 && look.foreground < counts[c]));
            assert_int_equal(look.background, -1);
        }
        /* What must be told apart is, also without colours. */
        for (size_t i = 0; i < COUNT(marked); i++)
            for (size_t k = 0; k < COUNT(plain); k++)
                assert_false(same_look(marked[i], plain[k], counts[c]));
        assert_false(same_look(LS_STYLE_SELECTED, LS_STYLE_INACTIVE, counts[c]));
    }
    assert_false(same_look(LS_STYLE_OUT, LS_STYLE_IN, 8));
    assert_false(same_look(LS_STYLE_OUT, LS_STYLE_IN, 256));
    assert_false(same_look(LS_STYLE_MARGINAL, LS_STYLE_AVERAGE, 8));
}

/* ---- charts: columns and scales ---------------------------------------------------------------------- */

static void test_columns_and_slots(void **state)
{
    static const struct {
        int n_slots, cols, per_slot, slots, used;
    } cases[] = {
        {46, 51, 1, 2, 23},   {48, 51, 1, 2, 24},   {50, 51, 1, 2, 25},   {24, 51, 1, 1, 24},
        {96, 51, 1, 3, 32},   {46, 180, 3, 1, 138}, {48, 180, 3, 1, 144}, {50, 180, 3, 1, 150},
        {24, 180, 7, 1, 168}, {96, 180, 1, 1, 96},  {48, 54, 1, 1, 48},   {48, 7, 1, 48, 1},
        {48, 6, 1, 1, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ls_chart_time time = {.n_slots = cases[i].n_slots, .slot_minutes = 30, .selected = -1};
        int cols = cases[i].cols, end = LS_CHART_GUTTER + cases[i].used;
        struct ls_chart_columns map = ls_chart_columns(&time, cols);

        assert_int_equal(map.per_slot, cases[i].per_slot);
        assert_int_equal(map.slots, cases[i].slots);
        assert_int_equal(map.used, cases[i].used);
        assert_true(end <= (cols > LS_CHART_GUTTER ? cols : LS_CHART_GUTTER));
        for (int slot = 0; map.used && slot < time.n_slots; slot++)
            assert_int_equal(ls_chart_slot(&time, cols, ls_chart_col(&time, cols, slot)),
                             slot - slot % map.slots);
        for (int col = LS_CHART_GUTTER; col < end; col++)
            assert_in_range(col - ls_chart_col(&time, cols, ls_chart_slot(&time, cols, col)), 0,
                            map.per_slot - 1);
        assert_int_equal(ls_chart_slot(&time, cols, LS_CHART_GUTTER - 1), -1);
        assert_int_equal(ls_chart_slot(&time, cols, end), -1);
    }
}

static void test_scale_tops(void **state)
{
    static const double cases[][2] = {{36.6, 40},   {40, 40},        {40.1, 50}, {0.11, 0.12}, {1, 1},
                                      {1.01, 1.2},  {2.1, 2.4},      {2.41, 3},  {81, 100},    {99.9, 100},
                                      {1300, 1600}, {0.0031, 0.004}, {0, 1},     {-3, 1},      {6.5e6, 8e6}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(fabs(ls_chart_top(cases[i][0]) / cases[i][1] - 1) < 1e-9);
    assert_true(ls_chart_top(NAN) == 1);
    assert_true(ls_chart_top(INFINITY) == 1);
}

/* ---- charts: bars ------------------------------------------------------------------------------------ */

/** The bars of a usage chart 4 cells high, one slot a column, on a scale where 1 kWh is an eighth. */
static void assert_bars(enum ls_glyphs glyphs, const double *base, const double *shifted, int n,
                        const char *const *expected)
{
    struct ls_frame *frame = make_frame(9, 60, glyphs);
    struct ls_chart_time time = {.n_slots = n, .slot_minutes = 30, .selected = -1};
    struct ls_chart_usage usage = {.base = base, .shifted = shifted, .unit = "kWh", .top = 32};
    char text[64];

    ls_chart_usage(frame, (struct ls_rect){1, 2, 7, LS_CHART_GUTTER + n}, &time, &usage);
    for (int i = 0; i < n; i++)
        assert_string_equal(column_text(frame, 2, 4, 2 + LS_CHART_GUTTER + i, text), expected[i]);
    ls_frame_destroy(frame);
}

static void test_heights(void **state)
{
    static const double base[] = {0, 0.005, 0.2, 1, 4, 8, 9, 16, 21, 31, 32, 32.4, 33, NAN, INFINITY};
    static const char *const full[] = {"    ", "    ", "   ▁", "   ▁", "   ▄", "   █", "  ▁█", "  ██",
                                       " ▅██", "▇███", "████", "████", "↑███", "    ", "↑███"};
    static const char *const half[] = {"    ", "    ", "   ▄", "   ▄", "   ▄", "   █", "  ▄█", "  ██",
                                       " ███", "████", "████", "████", "↑███", "    ", "↑███"};
    static const char *const ascii[] = {"    ", "    ", "   .", "   .", "   .", "   #", "  .#", "  ##",
                                        " ###", "####", "####", "####", "^###", "    ", "^###"};

    (void)state;
    assert_bars(LS_GLYPHS_FULL, base, NULL, COUNT(base), full);
    assert_bars(LS_GLYPHS_HALF, base, NULL, COUNT(base), half);
    assert_bars(LS_GLYPHS_ASCII, base, NULL, COUNT(base), ascii);
}

static void test_moved_energy(void **state)
{
    /* A cell shows what was moved where that fills half of it or more, and else what stays. */
    static const double base[] = {8, 24, 16, 16, 8, 20, 0, 32, 16};
    static const double after[] = {24, 8, 19, 20, 40, 13, 12, 0, 16};
    static const char *const full[] = {" ▓▓█", " ░░█", "  ██", " ▓██", "↑▓▓█",
                                       " ░▅█", "  ▓▓", "░░░░", "  ██"};
    static const char *const ascii[] = {" %%#", " ::#", "  ##", " %##", "^%%#",
                                        " :##", "  %%", "::::", "  ##"};

    (void)state;
    assert_bars(LS_GLYPHS_FULL, base, after, COUNT(base), full);
    assert_bars(LS_GLYPHS_ASCII, base, after, COUNT(base), ascii);
}

static void test_usage_chart_as_a_whole(void **state)
{
    static const double base[] = {20, 10, 10, 40};
    static const double floor_kwh[] = {10, 10, 10, 36};
    struct ls_frame *frame = make_frame(9, 80, LS_GLYPHS_FULL);
    struct ls_chart_time time = {.n_slots = 4, .slot_minutes = 360, .selected = 2};
    struct ls_chart_usage usage = {.base = base, .floor = floor_kwh, .unit = "kWh"};

    (void)state;
    ls_chart_usage(frame, (struct ls_rect){1, 0, 7, 70}, &time, &usage);
    assert_row(frame, 1, "  kWh    █ kept  ░ moved out  ▓ moved in  ─ floor             max 40.0");
    /* 16 columns a slot; 40 is 32 eighths, so 10 is one cell: the floor lies in it, and 36 in the fourth. */
    assert_row(frame, 2, "   40┤                                                ────────────────");
    assert_row(frame, 3, "     │                                                ████████████████");
    assert_row(frame, 4, "   20┤████████████████                                ████████████████");
    assert_row(frame, 5, "     │────────────────────────────────────────────────████████████████");
    assert_row(frame, 6, "    0┼┬───────────────┬───────────────┬───────────────┬───────────────");
    assert_row(frame, 7, "      0               6              12              18            24h");
    assert_int_equal(cell_of(frame, 6, 6 + 31)->style, LS_STYLE_AXIS);
    assert_int_equal(cell_of(frame, 6, 6 + 32)->style, LS_STYLE_SELECTED);
    assert_int_equal(cell_of(frame, 6, 6 + 47)->style, LS_STYLE_SELECTED);
    assert_int_equal(cell_of(frame, 6, 6 + 48)->style, LS_STYLE_AXIS);
    /* Too low or too narrow for a chart: nothing is drawn. */
    ls_frame_clear(frame);
    ls_chart_usage(frame, (struct ls_rect){0, 0, 3, 70}, &time, &usage);
    ls_chart_usage(frame, (struct ls_rect){0, 0, 7, 6}, &time, &usage);
    for (int row = 0; row < 9; row++)
        assert_row(frame, row, "");
    ls_frame_destroy(frame);
}

/** A change chart two cells up and two down on a scale where 1 kWh is an eighth, column by column. */
static void assert_changes(enum ls_glyphs glyphs, bool reverse, const char *const expected[9])
{
    static const double change[] = {16, 13, 4, 0, NAN, -4, -8, -11, -17};
    struct ls_frame *frame = make_frame(7, 60, glyphs);
    struct ls_chart_time time = {.n_slots = 9, .slot_minutes = 30, .selected = -1};
    struct ls_chart_change chart = {.change = change, .unit = "kWh", .top = 16, .in = NAN, .out = NAN};
    char text[64];

    frame->reverse = reverse;
    ls_chart_change(frame, (struct ls_rect){0, 0, 7, LS_CHART_GUTTER + 9}, &time, &chart);
    for (int i = 0; i < 9; i++)
        assert_string_equal(column_text(frame, 1, 5, LS_CHART_GUTTER + i, text), expected[i]);
    if (glyphs == LS_GLYPHS_FULL && reverse) {
        assert_int_equal(cell_of(frame, 4, LS_CHART_GUTTER + 5)->style, LS_STYLE_OUT | LS_CELL_REVERSE);
        assert_int_equal(cell_of(frame, 4, LS_CHART_GUTTER + 6)->style, LS_STYLE_OUT);
    } else {
        for (int i = 0; i < frame->rows * frame->cols; i++)
            assert_false(frame->cell[i].style & LS_CELL_REVERSE);
    }
    ls_frame_destroy(frame);
}

static void test_changes_up_and_down(void **state)
{
    /* Below the line a cell filled by k eighths from above is the block of the other 8 - k, reversed. */
    static const char *const full[] = {"██─  ", "▅█─  ", " ▄─  ", "  ─  ", "  ·  ",
                                       "  ─▄ ", "  ─█ ", "  ─█▅", "  ─█↓"};
    static const char *const plain[] = {"██─  ", "▅█─  ", " ▄─  ", "  ─  ", "  ·  ",
                                        "  ─▀ ", "  ─█ ", "  ─█▀", "  ─█↓"};
    static const char *const half[] = {"██─  ", "██─  ", " ▄─  ", "  ─  ", "  ·  ",
                                       "  ─▀ ", "  ─█ ", "  ─█▀", "  ─█↓"};
    static const char *const ascii[] = {"##-  ", "##-  ", " .-  ", "  -  ", "  .  ",
                                        "  -' ", "  -# ", "  -#'", "  -#v"};

    (void)state;
    assert_changes(LS_GLYPHS_FULL, true, full);
    assert_changes(LS_GLYPHS_FULL, false, plain);
    assert_changes(LS_GLYPHS_HALF, true, half);
    assert_changes(LS_GLYPHS_ASCII, true, ascii);
}

static void test_change_chart_as_a_whole(void **state)
{
    static const double change[] = {2.5, 0, -1.26, NAN};
    struct ls_frame *frame = make_frame(7, 60, LS_GLYPHS_FULL);
    struct ls_chart_time time = {.n_slots = 4, .slot_minutes = 360, .selected = -1};
    struct ls_chart_change chart = {.change = change, .unit = "kWh", .in = NAN, .out = 99};

    (void)state;
    ls_chart_change(frame, (struct ls_rect){1, 0, 6, 58}, &time, &chart);
    /* The scale ends at 3: 2.5 is 13.3 of 16 eighths, 1.26 is 6.7. */
    assert_row(frame, 1, " change, kWh  ▲ in 2.5  ▼ out 99.0                 max 2.5");
    ls_frame_clear(frame);
    chart.in = 0.25;
    chart.out = NAN;
    ls_chart_change(frame, (struct ls_rect){1, 0, 6, 58}, &time, &chart);
    assert_row(frame, 1, " change, kWh  ▲ in 0.25  ▼ out 1.3                 max 2.5");
    assert_row(frame, 2, "   +3┤▅▅▅▅▅▅▅▅▅▅▅▅▅");
    assert_row(frame, 3, "     │█████████████");
    assert_row(frame, 4, "     ┼───────────────────────────────────────·············");
    assert_row(frame, 5, "     │                          ▀▀▀▀▀▀▀▀▀▀▀▀▀");
    assert_row(frame, 6, "   -3┤");
    assert_int_equal(cell_of(frame, 5, 6 + 26)->rune, 0x2581);
    ls_frame_destroy(frame);
}

/* ---- charts: the series above the axis --------------------------------------------------------------- */

static void test_spark(void **state)
{
    static const double value[] = {100, 800, NAN, 450, 800, 200, 100, 150};
    static const double flat[] = {5, 5, 5, 5, 5, 5, 5, 5};
    static const double none[] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    static const int wall[] = {0, 30, 60, 90, 60, 90, 120, 150};
    struct ls_frame *frame = make_frame(6, 60, LS_GLYPHS_FULL);
    struct ls_chart_time time = {.n_slots = 8, .slot_minutes = 30, .wall_minute = wall, .selected = -1};
    struct ls_chart_spark spark = {
        .value = value, .label = "mef", .unit = "g/kWh", .style = LS_STYLE_MARGINAL};

    (void)state;
    ls_chart_spark(frame, (struct ls_rect){0, 0, 2, 50}, &time, &spark);
    /* Five columns a slot; 100 to 800 in eight levels of 87.5: 450 is the fifth, 200 the second. */
    assert_row(frame, 0, "  mef ▁▁▁▁▁█████     ▄▄▄▄▄█████▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁");
    assert_row(frame, 1, "      g/kWh  100 at 00:00  800 at 00:30");
    spark.value = flat;
    ls_chart_spark(frame, (struct ls_rect){2, 0, 1, 14}, &time, &spark);
    assert_row(frame, 2, "  mef ▄▄▄▄▄▄▄▄");
    assert_row(frame, 3, "");
    spark.value = none;
    ls_chart_spark(frame, (struct ls_rect){4, 0, 2, 50}, &time, &spark);
    assert_row(frame, 4, "  mef");
    assert_row(frame, 5, "      g/kWh  unknown");
    ls_frame_destroy(frame);
}

static void test_cells(void **state)
{
    static const double value[] = {0, 2, 4, 6, 8, 10, 12, 14}, gaps[] = {NAN, 14, NAN, NAN};
    struct ls_frame *frame = make_frame(4, 20, LS_GLYPHS_FULL);

    (void)state;
    ls_chart_spark_cells(frame, 0, 1, 8, LS_STYLE_TEXT, value, 8, 0, 14);
    assert_row(frame, 0, " ▁▂▃▄▅▆▇█");
    /* Half the columns: means 1, 5, 9, 13 of 14 are levels 0.57, 2.86, 5.14, 7.43 of eight. */
    ls_chart_spark_cells(frame, 1, 1, 4, LS_STYLE_TEXT, value, 8, 0, 14);
    ls_chart_spark_cells(frame, 1, 7, 2, LS_STYLE_TEXT, gaps, 4, 0, 14);
    assert_row(frame, 1, " ▁▃▆█  █");
    /* Five shades for a fifth of the range each. */
    for (int i = 0; i < 5; i++)
        ls_chart_heat(frame, 2, 2 * i, 2, 0.01 + i / 5.0);
    ls_chart_heat(frame, 2, 10, 2, NAN);
    ls_chart_heat(frame, 2, 12, 1, 7);
    assert_row(frame, 2, "··░░▒▒▓▓██  █");
    ls_chart_bar(frame, 3, 0, 10, LS_STYLE_OUT, 0.3);
    ls_chart_bar(frame, 3, 12, 4, LS_STYLE_OUT, NAN);
    ls_chart_bar(frame, 3, 17, 3, LS_STYLE_OUT, 2);
    assert_row(frame, 3, "███·······  ···· ███");
    ls_frame_destroy(frame);
}

/* ---- charts: the hour axis --------------------------------------------------------------------------- */

/** Wall-clock minutes of a day that jumps by @p jump minutes at slot @p at. */
static void make_wall(int wall[100], int n, int minutes, int at, int jump)
{
    for (int i = 0; i < n; i++)
        wall[i] = i * minutes + (i >= at ? jump : 0);
}

static void test_hours_in_51_columns(void **state)
{
    static const struct {
        int n, minutes, jump;
        const char *ticks, *hours;
    } cases[] = {
        {48, 30, 0, "      ┬─────┬─────┬─────┬─────┬", "      0     6    12    18   24h"},
        {46, 30, 60, "      ┬────┬─────┬─────┬─────┬", "      0    6    12    18   24h"},
        {50, 30, -60, "      ┬──────┬─────┬─────┬─────┬", "      0      6    12    18   24h"},
        {24, 60, 0, "      ┬─────┬─────┬─────┬─────┬", "      0     6    12    18   24h"},
        {96, 15, 0, "      ┬───────┬───────┬───────┬───────┬", "      0       6      12      18     24h"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ls_frame *frame = make_frame(2, 60, LS_GLYPHS_FULL);
        int wall[100];
        struct ls_chart_time time = {
            .n_slots = cases[i].n, .slot_minutes = cases[i].minutes, .wall_minute = wall, .selected = -1};

        make_wall(wall, cases[i].n, cases[i].minutes, cases[i].jump < 0 ? 4 : 2, cases[i].jump);
        ls_chart_hours(frame, (struct ls_rect){0, 0, 2, 51}, &time);
        assert_row(frame, 0, cases[i].ticks);
        assert_row(frame, 1, cases[i].hours);
        ls_frame_destroy(frame);
    }
}

static void test_hours_that_have_no_room(void **state)
{
    struct ls_frame *frame = make_frame(2, 60, LS_GLYPHS_FULL);
    struct ls_chart_time time = {.n_slots = 48, .slot_minutes = 30, .selected = -1};

    (void)state;
    ls_chart_hours(frame, (struct ls_rect){0, 0, 2, 9}, &time);
    assert_row(frame, 0, "      ┬┬─");
    assert_row(frame, 1, "      0");
    ls_frame_destroy(frame);
}

static void test_hours_in_180_columns(void **state)
{
    static const struct {
        int n, minutes, jump, per_hour, every; /* columns an hour; hours between labels */
    } cases[] = {
        {48, 30, 0, 6, 1}, {46, 30, 60, 6, 1}, {50, 30, -60, 6, 1}, {24, 60, 0, 7, 1}, {96, 15, 0, 4, 2}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ls_frame *frame = make_frame(2, 200, LS_GLYPHS_FULL);
        int wall[100], hours = cases[i].n * cases[i].minutes / 60;
        struct ls_chart_time time = {
            .n_slots = cases[i].n, .slot_minutes = cases[i].minutes, .wall_minute = wall, .selected = -1};
        int used = hours * cases[i].per_hour;
        char expected[201], line[LINE];

        make_wall(wall, cases[i].n, cases[i].minutes, cases[i].jump < 0 ? 4 : 2, cases[i].jump);
        ls_chart_hours(frame, (struct ls_rect){0, 0, 2, 180}, &time);
        memset(expected, ' ', sizeof expected);
        for (int passed = 0; passed < hours; passed++) {
            int hour = passed < (cases[i].jump < 0 ? 2 : 1) ? passed : passed + cases[i].jump / 60;
            int col = LS_CHART_GUTTER + passed * cases[i].per_hour;
            bool tick = hour % cases[i].every == 0;
            char text[12];

            if (tick)
                memcpy(expected + col - (hour > 9), text, (size_t)snprintf(text, sizeof text, "%d", hour));
            assert_int_equal(cell_of(frame, 0, col)->rune, tick ? 0x252c : 0x2500);
            assert_int_equal(cell_of(frame, 0, col + 1)->rune, 0x2500);
        }
        memcpy(expected + LS_CHART_GUTTER + used - 2, "24h", 4);
        assert_string_equal(ls_frame_line(frame, 1, line, sizeof line), expected);
        assert_int_equal(cell_of(frame, 0, LS_CHART_GUTTER + used)->rune, 0x252c);
        assert_int_equal(cell_of(frame, 0, LS_CHART_GUTTER + used + 1)->rune, ' ');
        ls_frame_destroy(frame);
    }
}

static void test_marks_on_the_axis(void **state)
{
    struct ls_frame *frame = make_frame(2, 60, LS_GLYPHS_FULL);
    uint8_t mark[48] = {0};
    struct ls_chart_time time = {.n_slots = 48, .slot_minutes = 30, .mark = mark, .selected = 40};

    (void)state;
    for (int slot = 34; slot < 40; slot++)
        mark[slot] = LS_SLOT_PEAK;
    mark[13] = mark[38] |= LS_SLOT_BIND;
    ls_chart_hours(frame, (struct ls_rect){0, 0, 1, 54}, &time);
    assert_row(frame, 0, "      ┬─────┬─────┬◆────┬─────┬─────┬───══╤═◆═──┬─────");
    assert_int_equal(cell_of(frame, 0, 6 + 34)->style, LS_STYLE_PEAK);
    assert_int_equal(cell_of(frame, 0, 6 + 38)->style, LS_STYLE_BIND);
    assert_int_equal(cell_of(frame, 0, 6 + 40)->style, LS_STYLE_SELECTED);
    assert_row(frame, 1, "");
    /* Two slots a column: a mark of either is shown. */
    ls_frame_clear(frame);
    ls_chart_hours(frame, (struct ls_rect){0, 0, 1, 51}, &time);
    assert_row(frame, 0, "      ┬─────◆─────┬────═╤◆────┬");
    ls_frame_destroy(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_has_limits),
        cmocka_unit_test(test_drawing_is_clipped),
        cmocka_unit_test(test_rectangles_that_share_nothing),
        cmocka_unit_test(test_wide_characters),
        cmocka_unit_test(test_what_must_not_reach_a_terminal),
        cmocka_unit_test(test_utf8_there_and_back),
        cmocka_unit_test(test_fitted_text),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_glyphs_where_there_are_fewer),
        cmocka_unit_test(test_c_locale_knows_our_glyphs),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_columns_and_slots),
        cmocka_unit_test(test_scale_tops),
        cmocka_unit_test(test_heights),
        cmocka_unit_test(test_moved_energy),
        cmocka_unit_test(test_usage_chart_as_a_whole),
        cmocka_unit_test(test_changes_up_and_down),
        cmocka_unit_test(test_change_chart_as_a_whole),
        cmocka_unit_test(test_spark),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_hours_in_51_columns),
        cmocka_unit_test(test_hours_in_180_columns),
        cmocka_unit_test(test_hours_that_have_no_room),
        cmocka_unit_test(test_marks_on_the_axis),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
