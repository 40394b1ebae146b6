/*
 * Charts, drawn without a terminal. Heights are chosen so that one unit is one eighth of a cell, and what is
 * expected was worked out on paper.
 */
#include "drawing.h"
#include "tui/chart.h"
#include "tui/theme.h"

/** Glyphs of one column from @p row down, as UTF-8. */
static const char *column_text(const struct ls_frame *frame, int row, int rows, int col, char out[64])
{
    size_t at = 0;

    for (int i = 0; i < rows; i++)
        at += ls_rune_encode(cell_of(frame, row + i, col)->rune, out + at);
    return out;
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
                                       " ▅██", "▇███", "████", "████", "↑███", "   x", "↑███"};
    static const char *const half[] = {"    ", "    ", "   ▄", "   ▄", "   ▄", "   █", "  ▄█", "  ██",
                                       " ███", "████", "████", "████", "↑███", "   x", "↑███"};
    static const char *const ascii[] = {"    ", "    ", "   .", "   .", "   .", "   #", "  .#", "  ##",
                                        " ###", "####", "####", "####", "^###", "   x", "^###"};

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
    /* A slot that is unknown has a glyph of its own, which the legend explains. */
    static const double gap[] = {20, NAN, 10, 40};
    usage.base = gap;
    usage.floor = NULL;
    ls_frame_clear(frame);
    ls_chart_usage(frame, (struct ls_rect){1, 0, 7, 48}, &time, &usage);
    assert_row(frame, 1, "  kWh    █ kept  ░ out  ▓ in  x none    max 40.0");
    assert_row(frame, 5, "     │██████████xxxxxxxxxx████████████████████");
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

/** Bars of two changes, a cell of 8 kWh each way twice: what both have, and whose the rest is. */
static void test_pairs_of_changes(void **state)
{
    static const double a[] = {16, 8, 0, -8, 4, 8, NAN}, b[] = {8, 16, 8, -16, 8, -8, 3};
    static const char *const full[] = {"░█─  ", "▓█─  ", " ▓─  ", "  ─█▓", " ▓─  ", " ░─▓ ", " ▓─  "};
    static const char *const ascii[] = {":#-  ", "%#-  ", " %-  ", "  -#%", " %-  ", " :-% ", " %-  "};
    struct ls_chart_time time = {.n_slots = COUNT(a), .slot_minutes = 30, .selected = -1};
    struct ls_chart_pair pair = {.change = {a, b}, .unit = "kWh"};
    char text[64];

    (void)state;
    for (int k = 0; k < 2; k++) {
        struct ls_frame *frame = make_frame(7, 60, k == 0 ? LS_GLYPHS_FULL : LS_GLYPHS_ASCII);

        ls_chart_pair(frame, (struct ls_rect){0, 0, 7, LS_CHART_GUTTER + (int)COUNT(a)}, &time, &pair);
        for (int i = 0; i < (int)COUNT(a); i++)
            assert_string_equal(column_text(frame, 1, 5, LS_CHART_GUTTER + i, text),
                                (k == 0 ? full : ascii)[i]);
        ls_frame_clear(frame);
        ls_chart_pair(frame, (struct ls_rect){0, 0, 6, 50}, &time, &pair);
        assert_row(frame, 0,
                   k == 0 ? " kWh █ both ░ A ▓ B                       max 16.0"
                          : " kWh # both : A % B                       max 16.0");
        ls_frame_destroy(frame);
    }
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
        assert_int_equal(ls_chart_heat(frame, 2, 2 * i, 2, 0.01 + i / 5.0, true), LS_STYLE_HEAT_0 + i);
    ls_chart_heat(frame, 2, 10, 2, NAN, true);
    ls_chart_heat(frame, 2, 12, 1, 7, true);
    ls_chart_heat(frame, 2, 14, 2, 0.5, false);
    ls_chart_heat(frame, 2, 16, 1, NAN, false);
    ls_chart_heat(frame, 2, 17, 1, -0.1, true);
    assert_row(frame, 2, "··░░▒▒▓▓██  █ ▒▒ -");
    assert_int_equal(frame->cell[2 * 20 + 12].style, LS_STYLE_HEAT_4);
    assert_int_equal(frame->cell[2 * 20 + 14].style, LS_STYLE_TEXT);
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
        {48, 30, 0, "      ┬─────┬─────┬─────┬─────┬ mean", "      0     6    12    18   24h of 2"},
        {46, 30, 60, "      ┬────┬─────┬─────┬─────┬ mean", "      0    6    12    18   24h of 2"},
        {50, 30, -60, "      ┬──────┬─────┬─────┬─────┬ mean", "      0      6    12    18   24h of 2"},
        {24, 60, 0, "      ┬─────┬─────┬─────┬─────┬", "      0     6    12    18   24h"},
        {96, 15, 0, "      ┬───────┬───────┬───────┬───────┬ mean",
         "      0       6      12      18     24h of 3"},
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

/* The narrowest Day screen: all glyphs that are drawn are told, and both ends of a sparkline. */
static void test_all_is_told_in_37_columns(void **state)
{
    static const double value[48] = {866, 452};
    static const uint8_t mark[48] = {LS_SLOT_PEAK, LS_SLOT_BIND};
    struct ls_frame *frame = make_frame(6, 60, LS_GLYPHS_FULL);
    struct ls_chart_time time = {.n_slots = 48, .slot_minutes = 30, .mark = mark, .selected = -1};
    struct ls_chart_usage usage = {.base = value, .unit = "kWh"};
    struct ls_chart_spark spark = {.value = value, .label = "mef", .unit = "g/kWh"};

    (void)state;
    ls_chart_usage(frame, (struct ls_rect){0, 0, 4, 37}, &time, &usage);
    assert_row(frame, 0, "  kWh █ kept ░ out ▓ in ═ peak ◆ full");
    ls_frame_clear(frame);
    ls_chart_spark(frame, (struct ls_rect){0, 0, 1, 36}, &time, &spark);
    assert_row(frame, 0, "  mef ▇▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ 0-866");
    ls_frame_clear(frame);
    ls_chart_spark(frame, (struct ls_rect){0, 0, 1, 34}, &time, &spark);
    assert_row(frame, 0, "  mef ▇▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁");
    ls_frame_destroy(frame);
}

/* Two or three slots a column: no bar need reach the greatest slot, so what a column is stands there. */
static void test_columns_that_are_means_say_so(void **state)
{
    static const double none[48];
    struct ls_frame *frame = make_frame(6, 60, LS_GLYPHS_FULL);
    struct ls_chart_time time = {.n_slots = 48, .slot_minutes = 30, .selected = -1};
    struct ls_chart_pair pair = {.change = {none, none}, .unit = "kWh"};

    (void)state;
    ls_chart_hours(frame, (struct ls_rect){0, 0, 2, 37}, &time);
    assert_row(frame, 0, "      ┬─────┬─────┬─────┬─────┬ mean");
    assert_row(frame, 1, "      0     6    12    18   24h of 2");
    ls_frame_clear(frame);
    ls_chart_hours(frame, (struct ls_rect){0, 0, 2, 35}, &time);
    assert_row(frame, 1, "      0     6    12    18   24h");
    ls_frame_clear(frame);
    ls_chart_pair(frame, (struct ls_rect){0, 0, 6, 30}, &time, &pair);
    assert_row(frame, 0, " kWh █ both ░ A ▓ B  mean of 2");
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
        cmocka_unit_test(test_columns_and_slots),
        cmocka_unit_test(test_scale_tops),
        cmocka_unit_test(test_heights),
        cmocka_unit_test(test_moved_energy),
        cmocka_unit_test(test_usage_chart_as_a_whole),
        cmocka_unit_test(test_changes_up_and_down),
        cmocka_unit_test(test_pairs_of_changes),
        cmocka_unit_test(test_change_chart_as_a_whole),
        cmocka_unit_test(test_spark),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_hours_in_51_columns),
        cmocka_unit_test(test_hours_in_180_columns),
        cmocka_unit_test(test_columns_that_are_means_say_so),
        cmocka_unit_test(test_all_is_told_in_37_columns),
        cmocka_unit_test(test_hours_that_have_no_room),
        cmocka_unit_test(test_marks_on_the_axis),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
