/**
 * @file paint.c
 * Styles of one colour share a curses pair, and blanks that show no attribute have the look of what is around
 * them: so that fewer bytes are sent between them.
 */
#include "tui/paint.h"

#include <assert.h>
#include <stdlib.h>

#define RUN_COLS 256 /* cells converted at a time */

/** The pair of a look, shared with an earlier style where it can be; @p n_pairs counts those in use. */
static short pair_of_look(const struct ls_paint *paint, int style, struct ls_look look, short *n_pairs)
{
    if (look.foreground < 0)
        return 0;
    for (int other = 0; other < style; other++) {
        struct ls_look like = ls_theme_look((enum ls_style)other, paint->palette);

        if (like.foreground == look.foreground)
            return paint->pair[other];
    }
    init_pair(++*n_pairs, (short)look.foreground, -1);
    return *n_pairs;
}

void ls_paint_open(struct ls_paint *paint, bool utf8, enum ls_colors colors, enum ls_background background)
{
    const char *no_color = getenv("NO_COLOR");
    bool colored = colors != LS_COLORS_MONO && !(no_color && *no_color) && has_colors() &&
                   start_color() == OK && use_default_colors() == OK;
    short n_pairs = 0;

    *paint = (struct ls_paint){.utf8 = utf8};
    paint->palette = ls_palette(colors, background, colored ? COLORS : 0, getenv("COLORFGBG"));
    for (int style = 0; style < LS_STYLE_COUNT; style++) {
        struct ls_look look = ls_theme_look((enum ls_style)style, paint->palette);

        paint->attribute[style] =
            (look.bold ? A_BOLD : 0) | (look.underline ? A_UNDERLINE : 0) | (look.reverse ? A_REVERSE : 0);
        paint->blank_plain[style] = !look.underline && !look.reverse;
        paint->pair[style] = pair_of_look(paint, style, look, &n_pairs);
    }
}

/** True for a blank that looks like any other. */
static bool is_plain_blank(const struct ls_paint *paint, const struct ls_cell *cell)
{
    return cell->rune == ' ' && !(cell->style & LS_CELL_REVERSE) &&
           paint->blank_plain[cell->style & LS_CELL_STYLE];
}

/** The style in which plain blanks from @p col on are sent: that of the cells around them where it is one
 * look, which then need not be left and taken up again. */
static unsigned style_of_blanks(const struct ls_paint *paint, const struct ls_cell *cell, int col, int cols)
{
    unsigned left, right;
    int next = col;

    while (next < cols && is_plain_blank(paint, &cell[next]))
        next++;
    if (col == 0 || next == cols)
        return LS_STYLE_TEXT;
    left = cell[col - 1].style;
    right = cell[next].style;
    if (left >= LS_STYLE_COUNT || right >= LS_STYLE_COUNT || !paint->blank_plain[left] ||
        paint->attribute[left] != paint->attribute[right] || paint->pair[left] != paint->pair[right])
        return LS_STYLE_TEXT;
    return left;
}

static void convert_cell(const struct ls_paint *paint, const struct ls_cell *cell, unsigned style,
                         cchar_t *out)
{
    uint32_t rune = paint->utf8 ? cell->rune : ls_rune_fallback(cell->rune, LS_GLYPHS_ASCII);
    attr_t reverse = cell->style & LS_CELL_REVERSE ? A_REVERSE : 0;
    wchar_t text[2] = {(wchar_t)rune, 0};

    assert(style < LS_STYLE_COUNT);
    setcchar(out, text, paint->attribute[style] ^ reverse, paint->pair[style], NULL);
}

/** Draws the cells of one row in runs of RUN_COLS, which no wide character is cut by. */
static void paint_row(const struct ls_paint *paint, WINDOW *window, int row, const struct ls_cell *cell,
                      int cols)
{
    cchar_t run[RUN_COLS];
    int start = 0, n = 0;
    unsigned blank = LS_STYLE_TEXT;

    for (int col = 0; col < cols; col++) {
        bool is_blank = is_plain_blank(paint, &cell[col]);

        if (cell[col].rune == 0)
            continue;
        if (is_blank && (col == 0 || !is_plain_blank(paint, &cell[col - 1])))
            blank = style_of_blanks(paint, cell, col, cols);
        if (n == RUN_COLS) {
            mvwadd_wchnstr(window, row, start, run, n);
            n = 0;
        }
        start = n == 0 ? col : start;
        convert_cell(paint, &cell[col], is_blank ? blank : cell[col].style & LS_CELL_STYLE, &run[n++]);
    }
    if (n > 0)
        mvwadd_wchnstr(window, row, start, run, n);
}

void ls_paint_frame(const struct ls_paint *paint, WINDOW *window, const struct ls_frame *frame)
{
    int rows = getmaxy(window), cols = getmaxx(window);

    rows = frame->rows < rows ? frame->rows : rows;
    cols = frame->cols < cols ? frame->cols : cols;
    for (int row = 0; row < rows; row++)
        paint_row(paint, window, row, frame->cell + (size_t)row * (size_t)frame->cols, cols);
}
