/**
 * @file paint.c
 * Styles of one colour share a curses pair, and blanks that show no attribute share one look: so that fewer
 * bytes are sent between them.
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

static void convert_cell(const struct ls_paint *paint, const struct ls_cell *cell, cchar_t *out)
{
    unsigned style = cell->style & LS_CELL_STYLE;
    uint32_t rune = paint->utf8 ? cell->rune : ls_rune_fallback(cell->rune, LS_GLYPHS_ASCII);
    attr_t reverse = cell->style & LS_CELL_REVERSE ? A_REVERSE : 0;
    wchar_t text[2] = {(wchar_t)rune, 0};

    assert(style < LS_STYLE_COUNT);
    if (rune == ' ' && !reverse && paint->blank_plain[style])
        style = LS_STYLE_TEXT;
    setcchar(out, text, paint->attribute[style] ^ reverse, paint->pair[style], NULL);
}

/** Draws the cells of one row in runs of RUN_COLS, which no wide character is cut by. */
static void paint_row(const struct ls_paint *paint, WINDOW *window, int row, const struct ls_cell *cell,
                      int cols)
{
    cchar_t run[RUN_COLS];
    int start = 0, n = 0;

    for (int col = 0; col < cols; col++) {
        if (cell[col].rune == 0)
            continue;
        if (n == RUN_COLS) {
            mvwadd_wchnstr(window, row, start, run, n);
            n = 0;
        }
        start = n == 0 ? col : start;
        convert_cell(paint, &cell[col], &run[n++]);
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
