/**
 * @file chart_pair.c
 * Two signed changes in one chart. On each side of the zero line a column is a bar of what both have, and on
 * top of it the rest of the larger one, in a glyph that says whose it is.
 */
#include "tui/chart_parts.h"
#include "tui/theme.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/** The greatest value, or where columns are means of several slots, how many: no bar may reach it then. */
static void draw_legend(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_columns *map,
                        const char *unit, double max)
{
    static const struct {
        unsigned style;
        const char *glyph, *name;
    } items[] = {{LS_STYLE_KEPT, "█", "both"}, {LS_STYLE_OUT, "░", "A"}, {LS_STYLE_IN, "▓", "B"}};
    int col = rect.col + 1, end = rect.col + rect.cols;
    char figure[32], text[48];

    col += 1 + ls_frame_putf(frame, rect.row, col, end - col, LS_STYLE_LABEL, "%s", unit);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        col += 1 + ls_frame_put(frame, rect.row, col, end - col, items[i].style, items[i].glyph);
        col += 1 + ls_frame_put(frame, rect.row, col, end - col, LS_STYLE_TEXT, items[i].name);
    }
    if (map->slots > 1)
        snprintf(text, sizeof text, "mean of %d", map->slots);
    else
        snprintf(text, sizeof text, "max %s", ls_chart_figure(max, figure));
    if (end - (int)strlen(text) >= col)
        ls_frame_put(frame, rect.row, end - (int)strlen(text), LS_FRAME_REST, LS_STYLE_TEXT, text);
}

/** Eighths of the @p i-th cell from the zero line, of a bar that is @p eighths high. */
static int in_cell(int eighths, int i)
{
    int rest = eighths - i * LS_CHART_EIGHTHS;

    return rest < 0 ? 0 : rest > LS_CHART_EIGHTHS ? LS_CHART_EIGHTHS : rest;
}

/** One side of a column: bars of @p a and @p b eighths away from the zero line, @p step rows a cell. */
static void draw_side(struct ls_frame *frame, int zero, int step, int side, int col, int a, int b)
{
    int both = a < b ? a : b, larger = a < b ? b : a;
    unsigned style = a > b ? LS_STYLE_OUT : LS_STYLE_IN;

    for (int i = 0; i < side; i++) {
        int row = zero + step * (i + 1), common = in_cell(both, i), all = in_cell(larger, i);

        /* A cell belongs to the larger one alone where that fills half of it, or all that there is. */
        if (all > common && (all - common >= LS_CHART_EIGHTHS / 2 || common == 0))
            ls_frame_rune(frame, row, col, style, a > b ? LS_CHART_OUT : LS_CHART_IN);
        else if (step < 0 && common > 0)
            ls_frame_rune(frame, row, col, LS_STYLE_KEPT, ls_chart_rising(frame, common));
        else if (common > 0)
            ls_chart_hanging(frame, row, col, LS_STYLE_KEPT, common);
    }
}

void ls_chart_pair(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                   const struct ls_chart_pair *pair)
{
    struct ls_chart_columns map = ls_chart_columns(time, rect.cols);
    struct ls_rect body = {rect.row + 1, rect.col, rect.rows - 1, rect.cols};
    int side = (rect.rows - 2) / 2, zero = body.row + side;
    double max = 0, top;

    if (side < 1 || map.used < 1)
        return;
    for (int slot = 0; slot < time->n_slots; slot++)
        max = fmax(max, fmax(fabs(pair->change[0][slot]), fabs(pair->change[1][slot])));
    top = ls_chart_top(max);
    draw_legend(frame, rect, &map, pair->unit, max);
    ls_chart_change_scale(frame, body, side, map.used, top);
    for (int column = 0; column < map.used; column++) {
        int col = rect.col + map.first + column;
        double a = ls_chart_mean(pair->change[0], time, &map, column);
        double b = ls_chart_mean(pair->change[1], time, &map, column);

        draw_side(frame, zero, -1, side, col, ls_chart_height(a, top, side), ls_chart_height(b, top, side));
        draw_side(frame, zero, 1, side, col, ls_chart_height(-a, top, side), ls_chart_height(-b, top, side));
    }
}
