/**
 * @file chart.h
 * The pictures of a day, drawn into a rectangle of a frame. All pure: what they draw is what they are given.
 *
 * Charts of one picture share a time axis and a gutter, so that their slots stand in the same columns. A
 * chart's rectangle includes the gutter: LS_CHART_GUTTER columns of labels and the axis line, then the plot.
 * One column a slot where the plot is wide enough, several columns a slot where it is wider still, the mean
 * of several slots a column where it is narrower. Bars have a scale from 0. NaN draws a gap.
 */
#ifndef LOADSCOPE_TUI_CHART_H
#define LOADSCOPE_TUI_CHART_H

#include "tui/frame.h"

#define LS_CHART_GUTTER 6 /**< five columns of label and the axis line */

/** Marks of a slot on the axis. */
enum ls_slot_mark {
    LS_SLOT_PEAK = 1, /**< in peak hours */
    LS_SLOT_BIND = 2, /**< a limit binds here */
};

/** The slots of a day and what is marked on them; arrays are borrowed. */
struct ls_chart_time {
    int n_slots;
    int slot_minutes;
    const int *wall_minute; /**< [n_slots] local minutes after midnight at the slot's start; NULL: n *
                               slot_minutes */
    const uint8_t *mark;    /**< [n_slots] of enum ls_slot_mark; NULL: none */
    int selected;           /**< slot under the cursor, or -1 */
};

/** Where slots fall in a chart that is @p cols columns wide, gutter included. */
struct ls_chart_columns {
    int first;    /**< column of the first slot, counted from the chart's left edge */
    int per_slot; /**< columns a slot, 1 where slots share columns */
    int slots;    /**< slots a column, 1 where columns are enough */
    int used;     /**< columns that hold slots */
};
struct ls_chart_columns ls_chart_columns(const struct ls_chart_time *time, int cols);
/** Column of @p slot, counted from the chart's left edge; and the slot at a column, or -1. */
int ls_chart_col(const struct ls_chart_time *time, int cols, int slot);
int ls_chart_slot(const struct ls_chart_time *time, int cols, int col);

/** The next round number at or above @p max, whose half is short to write too; 1 where max is not above 0. */
double ls_chart_top(double max);

struct ls_chart_usage {
    const double *base;    /**< [n_slots] kWh before */
    const double *shifted; /**< [n_slots] kWh after; NULL: the same as base */
    const double *floor;   /**< [n_slots] a line that usage shall stay above; NULL: none */
    const char *unit;
    double top; /**< end of the scale; 0: the round number above the largest value */
};
/**
 * Usage before and after on one scale: a row of legend, bars, the hour axis (2 rows). Kept, moved out and
 * moved in are three glyphs, and what is unknown is no zero. A value above a locked scale is cut and marked.
 * Needs 4 rows.
 */
void ls_chart_usage(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                    const struct ls_chart_usage *usage);

struct ls_chart_change {
    const double *change; /**< [n_slots] after minus before, in the unit */
    const char *unit;
    double top; /**< end of the scale both ways; 0: the round number above the largest change */
    double in;  /**< totals for the legend; NaN: summed from the slots */
    double out;
};
/** The signed change on a scale of its own: a row of legend, rows above a line, as many below. Needs 4 rows.
 */
void ls_chart_change(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                     const struct ls_chart_change *change);

struct ls_chart_pair {
    const double *change[2]; /**< [n_slots] each less the baseline, in the unit; A, then B */
    const char *unit;
};
/** Two changes on one scale, as ls_chart_change() draws one: what both have is one glyph, what only A and
 * what only B has are two more. Needs 4 rows. */
void ls_chart_pair(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                   const struct ls_chart_pair *pair);

struct ls_chart_spark {
    const double *value; /**< [n_slots], NaN where unknown */
    const char *label;   /**< up to 5 columns, left of the line */
    const char *unit;    /**< on the second row */
    unsigned style;
};
/** A series between its least and its greatest value; with a second row, both and when, else both
 * right of it where there is room. Needs 1 row. */
void ls_chart_spark(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                    const struct ls_chart_spark *spark);

/** The hour axis alone, in 1 or 2 rows: ticks, peak hours, binding slots; the second row has the hours. */
void ls_chart_hours(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time);

/** A sparkline without a time axis, one value a column (the mean of several where they are too many). */
void ls_chart_spark_cells(struct ls_frame *frame, int row, int col, int cols, unsigned style,
                          const double *value, int n, double min, double max);

/** One cell row of a heat map, @p fraction of the greatest from 0 to 1 (NaN: blank; below 0: a glyph of its
 * own), @p cols columns wide. Of so many cells that colours would be most of what a slow line gets, it may be
 * by glyphs alone. Returns its style: a figure beside it in the same costs no change of style. */
unsigned ls_chart_heat(struct ls_frame *frame, int row, int col, int cols, double fraction, bool coloured);

/** Its legend: every shade between 0 and @p top, with the unit; returns the columns drawn. */
int ls_chart_heat_legend(struct ls_frame *frame, int row, int col, double top, const char *unit,
                         bool coloured);

/** A horizontal bar of @p fraction of @p cols columns. */
void ls_chart_bar(struct ls_frame *frame, int row, int col, int cols, unsigned style, double fraction);

#endif
