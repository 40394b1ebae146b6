/**
 * @file chart_parts.h
 * What charts are put together from; for chart*.c alone.
 */
#ifndef LOADSCOPE_TUI_CHART_PARTS_H
#define LOADSCOPE_TUI_CHART_PARTS_H

#include "tui/chart.h"

#define LS_CHART_EIGHTHS     8 /**< of a cell: heights are counted in them */
#define LS_CHART_FULL        0x2588u
#define LS_CHART_OUT         0x2591u
#define LS_CHART_IN          0x2593u
#define LS_CHART_BEYOND_UP   0x2191u /**< a value above a scale, and below it */
#define LS_CHART_BEYOND_DOWN 0x2193u

/** A figure of a legend: 3.9, 44.0, 0.25, 1210. */
const char *ls_chart_figure(double value, char out[32]);

/** Mean of the known values in a column; NaN where none is. */
double ls_chart_mean(const double *value, const struct ls_chart_time *time,
                     const struct ls_chart_columns *map, int column);

/** Eighths of @p rows cells that @p value takes on a scale to @p top; any value but 0 takes one at least. */
int ls_chart_height(double value, double top, int rows);

/** The glyph of a bar that fills @p eighths of its cell from below; 0 is a blank. */
uint32_t ls_chart_rising(const struct ls_frame *frame, int eighths);

/** Draws a bar that fills @p eighths of its cell from above: the block of the rest, reversed. */
void ls_chart_hanging(struct ls_frame *frame, int row, int col, unsigned style, int eighths);

/** Labels, axis line and zero line of a chart of changes; @p side rows on either side. */
void ls_chart_change_scale(struct ls_frame *frame, struct ls_rect rect, int side, int used, double top);

#endif
