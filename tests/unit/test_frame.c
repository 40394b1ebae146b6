/* Frames and styles, drawn without a terminal. */
#include "drawing.h"
#include "tui/theme.h"

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

static void test_paragraphs(void **state)
{
    static const char text[] = "one two three four";
    struct ls_frame *frame = make_frame(6, 12, LS_GLYPHS_FULL);

    (void)state;
    assert_int_equal(ls_frame_paragraph(frame, (struct ls_rect){0, 1, 6, 9}, LS_STYLE_TEXT, text), 3);
    assert_row(frame, 0, " one two");
    assert_row(frame, 1, " three");
    assert_row(frame, 2, " four");
    /* What is left goes on the last row, cut; a word that is too long is broken. */
    assert_int_equal(ls_frame_paragraph(frame, (struct ls_rect){3, 0, 2, 9}, LS_STYLE_TEXT, text), 2);
    assert_row(frame, 3, "one two");
    assert_row(frame, 4, "three fo…");
    ls_frame_clear(frame);
    assert_int_equal(ls_frame_paragraph(frame, (struct ls_rect){0, 0, 3, 4}, LS_STYLE_TEXT, "abcdefg hi"), 3);
    assert_row(frame, 0, "abcd");
    assert_row(frame, 1, "efg");
    assert_row(frame, 2, "hi");
    assert_int_equal(ls_frame_paragraph(frame, (struct ls_rect){0, 0, 3, 0}, LS_STYLE_TEXT, text), 0);
    assert_int_equal(ls_frame_paragraph(frame, (struct ls_rect){0, 0, 3, 9}, LS_STYLE_TEXT, ""), 0);
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
        cmocka_unit_test(test_paragraphs),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_glyphs_where_there_are_fewer),
        cmocka_unit_test(test_c_locale_knows_our_glyphs),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
