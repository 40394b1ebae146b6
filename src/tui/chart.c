/**
 * @file chart.c
 * Heights are counted in eighths of a cell, the finest a terminal can show. A chart first turns its series
 * into one value a column (ls_chart_mean()), then draws column by column.
 */
#include "tui/chart_parts.h"

#include "tui/theme.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_COLS  (LS_CHART_GUTTER - 1)
#define BLOCK(k)    (0x2580u + (uint32_t)(k)) /* lower block of k eighths, k from 1 to 8 */
#define UPPER_HALF  0x2580u
#define LOWER_HALF  0x2584u
#define FLOOR_MARK  0x80u /* of the legend: a floor is drawn */
#define GAP_MARK    0x40u /* of the legend: some slots are unknown */
#define TICK_COLS   5     /* least distance of two hours on the axis */
#define LEGEND_STEP 3     /* indent of the legend where there is room */
#define SHADES      5     /* of a heat map */

struct ls_chart_columns ls_chart_columns(const struct ls_chart_time *time, int cols)
{
    struct ls_chart_columns map = {.first = LS_CHART_GUTTER, .per_slot = 1, .slots = 1, .used = 0};
    int plot = cols - LS_CHART_GUTTER;

    if (plot < 1 || time->n_slots < 1)
        return map;
    if (plot >= time->n_slots) {
        map.per_slot = plot / time->n_slots;
        map.used = map.per_slot * time->n_slots;
    } else {
        map.slots = (time->n_slots + plot - 1) / plot;
        map.used = (time->n_slots + map.slots - 1) / map.slots;
    }
    return map;
}

int ls_chart_col(const struct ls_chart_time *time, int cols, int slot)
{
    struct ls_chart_columns map = ls_chart_columns(time, cols);

    return map.first + slot / map.slots * map.per_slot;
}

int ls_chart_slot(const struct ls_chart_time *time, int cols, int col)
{
    struct ls_chart_columns map = ls_chart_columns(time, cols);

    col -= map.first;
    return col < 0 || col >= map.used ? -1 : col / map.per_slot * map.slots;
}

double ls_chart_top(double max)
{
    static const double steps[] = {1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10};
    double unit;
    size_t i = 0;

    if (!(max > 0) || isinf(max))
        return 1;
    unit = pow(10, floor(log10(max)));
    while (i + 1 < sizeof steps / sizeof *steps && steps[i] * unit < max * (1 - 1e-9))
        i++;
    return steps[i] * unit;
}

/** A number of the scale in at most 5 columns where it can be: 0.05, 22.5, 400, 12k. */
static const char *format_tick(double value, bool sign, char out[16])
{
    double size = fabs(value);
    double scale = size >= 1e7 ? 1e6 : size >= 1e4 ? 1e3 : 1;

    snprintf(out, 16, sign ? "%+.4g%s" : "%.4g%s", value / scale, scale > 1e3 ? "M" : scale > 1 ? "k" : "");
    return out;
}

const char *ls_chart_figure(double value, char out[32])
{
    double size = fabs(value);

    snprintf(out, 32, "%.*f", size >= 1000 ? 0 : size >= 1 || size < 0.005 ? 1 : 2, value);
    return out;
}

double ls_chart_mean(const double *value, const struct ls_chart_time *time,
                     const struct ls_chart_columns *map, int column)
{
    int first = column / map->per_slot * map->slots;
    int known = 0;
    double sum = 0;

    for (int slot = first; slot < first + map->slots && slot < time->n_slots; slot++) {
        if (!isnan(value[slot])) {
            sum += value[slot];
            known++;
        }
    }
    return known ? sum / known : NAN;
}

static int wall_minute(const struct ls_chart_time *time, int slot)
{
    return time->wall_minute ? time->wall_minute[slot] : slot * time->slot_minutes;
}

/** The marks of all slots of a column. */
static unsigned column_marks(const struct ls_chart_time *time, const struct ls_chart_columns *map, int column)
{
    int first = column / map->per_slot * map->slots;
    unsigned marks = 0;

    for (int slot = first; time->mark && slot < first + map->slots && slot < time->n_slots; slot++)
        marks |= time->mark[slot];
    return marks;
}

/** Minutes between two hours on the axis, so that their labels have room. */
static int tick_minutes(const struct ls_chart_time *time, const struct ls_chart_columns *map)
{
    static const int steps[] = {60, 120, 180, 360, 720};
    size_t i = 0;

    while (i + 1 < sizeof steps / sizeof *steps &&
           (long)steps[i] * map->per_slot < (long)TICK_COLS * map->slots * time->slot_minutes)
        i++;
    return steps[i];
}

/** The hour that begins in a column and has a tick, or -1. */
static int column_tick(const struct ls_chart_time *time, const struct ls_chart_columns *map, int column,
                       int step)
{
    int first = column / map->per_slot * map->slots;

    if (column % map->per_slot != 0)
        return -1;
    for (int slot = first; slot < first + map->slots && slot < time->n_slots; slot++)
        if (wall_minute(time, slot) % step == 0)
            return wall_minute(time, slot) / 60;
    return -1;
}

static void draw_hour_labels(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                             const struct ls_chart_columns *map, int step)
{
    int free_col = rect.col + map->first; /* first column that no label has taken */
    int right = rect.col + rect.cols - 1;
    int end = rect.col + map->first + map->used;

    for (int column = 0; column < map->used; column++) {
        int hour = column_tick(time, map, column, step);
        int col = rect.col + map->first + column - (hour >= 10);

        if (hour >= 0 && col >= free_col) {
            ls_frame_putf(frame, rect.row, col, 2, LS_STYLE_AXIS, "%d", hour);
            free_col = rect.col + map->first + column + 2;
        }
    }
    end = end < right ? end : right;
    if (end - 2 >= free_col)
        ls_frame_put(frame, rect.row, end - 2, 3, LS_STYLE_AXIS, "24h");
}

/** Right of an axis whose columns are means of several slots, how many: no bar may reach the greatest. */
static void draw_mean(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_columns *map)
{
    int col = map->first + map->used + 2; /* behind the end of the day, and a blank */
    char text[16];

    snprintf(text, sizeof text, "of %d", map->slots);
    if (map->slots < 2 || col + (int)strlen(text) > rect.cols)
        return;
    ls_frame_put(frame, rect.row, rect.col + col, LS_FRAME_REST, LS_STYLE_AXIS, "mean");
    ls_frame_put(frame, rect.row + 1, rect.col + col, LS_FRAME_REST, LS_STYLE_AXIS, text);
}

void ls_chart_hours(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time)
{
    struct ls_chart_columns map = ls_chart_columns(time, rect.cols);
    int step = tick_minutes(time, &map);

    if (rect.rows < 1 || map.used < 1)
        return;
    for (int column = 0; column < map.used; column++) {
        unsigned marks = column_marks(time, &map, column);
        bool tick = column_tick(time, &map, column, step) >= 0;
        bool bind = (marks & LS_SLOT_BIND) && column % map.per_slot == 0;
        bool peak = marks & LS_SLOT_PEAK;
        unsigned style = bind ? LS_STYLE_BIND : peak ? LS_STYLE_PEAK : LS_STYLE_AXIS;
        uint32_t rune = bind ? 0x25c6 : peak ? (tick ? 0x2564 : 0x2550) : tick ? 0x252c : 0x2500;

        if (time->selected >= 0 && time->selected / map.slots == column / map.per_slot)
            style = LS_STYLE_SELECTED;
        ls_frame_rune(frame, rect.row, rect.col + map.first + column, style, rune);
    }
    if (map.first + map.used < rect.cols)
        ls_frame_rune(frame, rect.row, rect.col + map.first + map.used, LS_STYLE_AXIS, 0x252c);
    if (rect.rows > 1) {
        draw_mean(frame, rect, &map);
        rect.row++;
        draw_hour_labels(frame, rect, time, &map, step);
    }
}

uint32_t ls_chart_rising(const struct ls_frame *frame, int eighths)
{
    if (eighths <= 0)
        return ' ';
    if (eighths >= LS_CHART_EIGHTHS)
        return LS_CHART_FULL;
    if (frame->glyphs == LS_GLYPHS_FULL)
        return BLOCK(eighths);
    return eighths > LS_CHART_EIGHTHS / 2     ? LS_CHART_FULL
           : frame->glyphs == LS_GLYPHS_ASCII ? '.'
                                              : LOWER_HALF;
}

void ls_chart_hanging(struct ls_frame *frame, int row, int col, unsigned style, int eighths)
{
    if (eighths <= 0)
        return;
    if (eighths < LS_CHART_EIGHTHS && frame->glyphs == LS_GLYPHS_FULL && frame->reverse)
        ls_frame_rune(frame, row, col, style | LS_CELL_REVERSE, BLOCK(LS_CHART_EIGHTHS - eighths));
    else
        ls_frame_rune(frame, row, col, style, eighths > LS_CHART_EIGHTHS / 2 ? LS_CHART_FULL : UPPER_HALF);
}

int ls_chart_height(double value, double top, int rows)
{
    double eighths = value / top * rows * LS_CHART_EIGHTHS;

    if (!(eighths > 0.01))
        return 0;
    return eighths < 1                               ? 1
           : eighths > rows * LS_CHART_EIGHTHS + 0.5 ? rows * LS_CHART_EIGHTHS + 1
                                                     : (int)lround(eighths);
}

/** Draws the gutter: labels at the top and half way up, an axis line of ticks and bars. */
static void draw_scale(struct ls_frame *frame, struct ls_rect rect, double top)
{
    int half = rect.rows >= 4 && rect.rows % 2 == 0 ? rect.rows / 2 : -1;
    char text[16];

    for (int row = 0; row < rect.rows; row++) {
        bool label = row == 0 || row == half;

        if (label) {
            ls_frame_put_right(frame, rect.row + row, rect.col, LABEL_COLS, LS_STYLE_AXIS,
                               format_tick(row == 0 ? top : top / 2, false, text));
        }
        ls_frame_rune(frame, rect.row + row, rect.col + LABEL_COLS, LS_STYLE_AXIS, label ? 0x2524 : 0x2502);
    }
}

/** The unit, a legend of the glyphs in use, and the greatest value; words get shorter where columns are few.
 */
static void draw_usage_legend(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                              const struct ls_chart_usage *usage, double max)
{
    static const struct {
        unsigned style;
        unsigned mark; /* shown where the axis has this mark; 0: always */
        const char *glyph;
        const char *name[2];
    } items[] = {
        {LS_STYLE_KEPT, 0, "█", {"kept", "kept"}},
        {LS_STYLE_OUT, 0, "░", {"moved out", "out"}},
        {LS_STYLE_IN, 0, "▓", {"moved in", "in"}},
        {LS_STYLE_PEAK, LS_SLOT_PEAK, "═", {"peak", "peak"}},
        {LS_STYLE_BIND, LS_SLOT_BIND, "◆", {"full", "full"}},
        {LS_STYLE_BIND, FLOOR_MARK, "─", {"floor", "floor"}},
        {LS_STYLE_MUTED, GAP_MARK, "x", {"no reading", "none"}},
    };
    char figure[32];
    unsigned marks = usage->floor ? FLOOR_MARK : 0;
    int width = 0, brief = 0, gap = 2, col = rect.col + LS_CHART_GUTTER, room;

    for (int slot = 0; slot < time->n_slots; slot++)
        marks |= (time->mark ? time->mark[slot] : 0) | (isnan(usage->base[slot]) ? GAP_MARK : 0);
    ls_chart_figure(max, figure);
    room = rect.cols - LS_CHART_GUTTER - (int)strlen(figure) - 6;
    for (brief = 0; brief < 2; brief++) {
        width = -2;
        for (size_t i = 0; i < sizeof items / sizeof *items; i++)
            width += items[i].mark & ~marks ? 0 : 4 + (int)strlen(items[i].name[brief]);
        if (width <= room)
            break;
    }
    ls_frame_put_right(frame, rect.row, rect.col, LABEL_COLS, LS_STYLE_AXIS, usage->unit);
    col += width + LEGEND_STEP <= room ? LEGEND_STEP : 0;
    gap -= col + width > rect.col + rect.cols;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        const char *name = items[i].name[brief > 0];

        if (!(items[i].mark & ~marks) && col + 2 + (int)strlen(name) <= rect.col + rect.cols) {
            ls_frame_put(frame, rect.row, col, 1, items[i].style, items[i].glyph);
            col += 2 + gap + ls_frame_put(frame, rect.row, col + 2, LS_FRAME_REST, LS_STYLE_TEXT, name);
        }
    }
    if (width <= room) {
        ls_frame_putf(frame, rect.row, rect.col + rect.cols - 4 - (int)strlen(figure), LS_FRAME_REST,
                      LS_STYLE_TEXT, "max %s", figure);
    }
}

/** One column of the usage chart; @p rect is that of the bars, its col the column's. */
static void draw_usage_column(struct ls_frame *frame, struct ls_rect rect, double base, double shifted,
                              double top)
{
    int before = ls_chart_height(base, top, rect.rows), after = ls_chart_height(shifted, top, rect.rows);
    int kept = before < after ? before : after, all = before < after ? after : before;
    unsigned style = after > before ? LS_STYLE_IN : LS_STYLE_OUT;

    if (isnan(base))
        ls_frame_put(frame, rect.row + rect.rows - 1, rect.col, 1, LS_STYLE_MUTED, "x");
    for (int row = 0; row < rect.rows; row++) {
        int floor_eighths = (rect.rows - 1 - row) * LS_CHART_EIGHTHS;
        int in_kept = kept - floor_eighths, in_all = all - floor_eighths;

        in_kept = in_kept < 0 ? 0 : in_kept > LS_CHART_EIGHTHS ? LS_CHART_EIGHTHS : in_kept;
        in_all = in_all < 0 ? 0 : in_all > LS_CHART_EIGHTHS ? LS_CHART_EIGHTHS : in_all;
        /* A cell belongs to what was moved where that fills half of it. */
        if (in_all - in_kept >= LS_CHART_EIGHTHS / 2)
            ls_frame_rune(frame, rect.row + row, rect.col, style,
                          after > before ? LS_CHART_IN : LS_CHART_OUT);
        else if (in_kept > 0)
            ls_frame_rune(frame, rect.row + row, rect.col, LS_STYLE_KEPT, ls_chart_rising(frame, in_kept));
    }
    if (all > rect.rows * LS_CHART_EIGHTHS)
        ls_frame_rune(frame, rect.row, rect.col, LS_STYLE_BIND, LS_CHART_BEYOND_UP);
}

/** A line in the cell that a floor reaches into. */
static void draw_floor(struct ls_frame *frame, struct ls_rect rect, double floor_kwh, double top)
{
    int eighths = ls_chart_height(floor_kwh, top, rect.rows);

    if (eighths > 0 && eighths <= rect.rows * LS_CHART_EIGHTHS) {
        ls_frame_rune(frame, rect.row + rect.rows - 1 - (eighths - 1) / LS_CHART_EIGHTHS, rect.col,
                      LS_STYLE_BIND, 0x2500);
    }
}

void ls_chart_usage(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                    const struct ls_chart_usage *usage)
{
    const double *shifted = usage->shifted ? usage->shifted : usage->base;
    struct ls_chart_columns map = ls_chart_columns(time, rect.cols);
    struct ls_rect bars = {rect.row + 1, rect.col, rect.rows - 3, rect.cols};
    struct ls_rect hours = {rect.row + rect.rows - 2, rect.col, 2, rect.cols};
    double max = 0, top;

    if (rect.rows < 4 || map.used < 1)
        return;
    for (int slot = 0; slot < time->n_slots; slot++) {
        max = fmax(max, fmax(usage->base[slot], shifted[slot]));
        max = usage->floor ? fmax(max, usage->floor[slot]) : max;
    }
    top = usage->top > 0 ? usage->top : ls_chart_top(max);
    draw_usage_legend(frame, rect, time, usage, max);
    draw_scale(frame, bars, top);
    for (int column = 0; column < map.used; column++) {
        struct ls_rect place = {bars.row, rect.col + map.first + column, bars.rows, 1};

        draw_usage_column(frame, place, ls_chart_mean(usage->base, time, &map, column),
                          ls_chart_mean(shifted, time, &map, column), top);
        if (usage->floor)
            draw_floor(frame, place, ls_chart_mean(usage->floor, time, &map, column), top);
    }
    ls_frame_put_right(frame, hours.row, rect.col, LABEL_COLS, LS_STYLE_AXIS, "0");
    ls_frame_rune(frame, hours.row, rect.col + LABEL_COLS, LS_STYLE_AXIS, 0x253c);
    ls_chart_hours(frame, hours, time);
}

/** "change, kWh  ▲ in 18.9  ▼ out 18.9      max 3.9" */
static void draw_change_legend(struct ls_frame *frame, struct ls_rect rect, const char *unit, double in,
                               double out, double max)
{
    char figure[32], text[48];
    int col = rect.col + 1, end = rect.col + rect.cols;

    col += 2 + ls_frame_putf(frame, rect.row, col, end - col, LS_STYLE_LABEL, "change, %s", unit);
    col += 1 + ls_frame_put(frame, rect.row, col, end - col, LS_STYLE_IN, "▲");
    col += 2 + ls_frame_putf(frame, rect.row, col, end - col, LS_STYLE_TEXT, "in %s",
                             ls_chart_figure(in, figure));
    col += 1 + ls_frame_put(frame, rect.row, col, end - col, LS_STYLE_OUT, "▼");
    col += 2 + ls_frame_putf(frame, rect.row, col, end - col, LS_STYLE_TEXT, "out %s",
                             ls_chart_figure(out, figure));
    snprintf(text, sizeof text, "max %s", ls_chart_figure(max, figure));
    if (end - (int)strlen(text) >= col)
        ls_frame_put(frame, rect.row, end - (int)strlen(text), LS_FRAME_REST, LS_STYLE_TEXT, text);
}

void ls_chart_change_scale(struct ls_frame *frame, struct ls_rect rect, int side, int used, double top)
{
    char text[16];

    ls_frame_vline(frame, rect.row, rect.col + LABEL_COLS, 2 * side + 1, LS_STYLE_AXIS);
    ls_frame_put_right(frame, rect.row, rect.col, LABEL_COLS, LS_STYLE_AXIS, format_tick(top, true, text));
    ls_frame_rune(frame, rect.row, rect.col + LABEL_COLS, LS_STYLE_AXIS, 0x2524);
    ls_frame_put_right(frame, rect.row + 2 * side, rect.col, LABEL_COLS, LS_STYLE_AXIS,
                       format_tick(-top, true, text));
    ls_frame_rune(frame, rect.row + 2 * side, rect.col + LABEL_COLS, LS_STYLE_AXIS, 0x2524);
    ls_frame_rune(frame, rect.row + side, rect.col + LABEL_COLS, LS_STYLE_AXIS, 0x253c);
    ls_frame_hline(frame, rect.row + side, rect.col + LS_CHART_GUTTER, used, LS_STYLE_AXIS);
}

/** One signed bar around the zero line in row @p zero. */
static void draw_change_column(struct ls_frame *frame, int zero, int side, int col, double change, double top)
{
    int up = ls_chart_height(change, top, side), down = ls_chart_height(-change, top, side);

    if (isnan(change)) {
        ls_frame_rune(frame, zero, col, LS_STYLE_MUTED, 0x00b7);
        return;
    }
    for (int i = 0; i < side; i++) {
        int rising = up - i * LS_CHART_EIGHTHS, hanging = down - i * LS_CHART_EIGHTHS;

        if (rising > 0)
            ls_frame_rune(frame, zero - 1 - i, col, LS_STYLE_IN, ls_chart_rising(frame, rising));
        ls_chart_hanging(frame, zero + 1 + i, col, LS_STYLE_OUT, hanging);
    }
    if (up > side * LS_CHART_EIGHTHS)
        ls_frame_rune(frame, zero - side, col, LS_STYLE_BIND, LS_CHART_BEYOND_UP);
    else if (down > side * LS_CHART_EIGHTHS)
        ls_frame_rune(frame, zero + side, col, LS_STYLE_BIND, LS_CHART_BEYOND_DOWN);
}

void ls_chart_change(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                     const struct ls_chart_change *change)
{
    struct ls_chart_columns map = ls_chart_columns(time, rect.cols);
    struct ls_rect body = {rect.row + 1, rect.col, rect.rows - 1, rect.cols};
    int side = (rect.rows - 2) / 2;
    double max = 0, in = 0, out = 0, top;

    if (side < 1 || map.used < 1)
        return;
    for (int slot = 0; slot < time->n_slots; slot++) {
        double value = change->change[slot];

        max = fmax(max, fabs(value));
        in += value > 0 ? value : 0;
        out -= value < 0 ? value : 0;
    }
    top = change->top > 0 ? change->top : ls_chart_top(max);
    draw_change_legend(frame, rect, change->unit, isnan(change->in) ? in : change->in,
                       isnan(change->out) ? out : change->out, max);
    ls_chart_change_scale(frame, body, side, map.used, top);
    for (int column = 0; column < map.used; column++) {
        draw_change_column(frame, body.row + side, side, rect.col + map.first + column,
                           ls_chart_mean(change->change, time, &map, column), top);
    }
}

/** One cell of a sparkline: eight levels from @p min to @p max, half way up where they are one. */
static void draw_spark_cell(struct ls_frame *frame, int row, int col, unsigned style, double value,
                            double min, double max)
{
    double fraction = max > min ? (value - min) / (max - min) : 0.5;
    int level;

    if (isnan(fraction) || isnan(value))
        return;
    level = 1 + (int)(fmin(fmax(fraction, 0), 1) * (LS_CHART_EIGHTHS - 0.001));
    ls_frame_rune(frame, row, col, style, BLOCK(level));
}

/** On a single row both ends stand beside the line, where they fit. */
static void draw_spark_ends(struct ls_frame *frame, struct ls_rect rect, int room, double least,
                            double greatest)
{
    char text[48];
    int cols = snprintf(text, sizeof text, "%.4g-%.4g", round(least), round(greatest));

    if (cols <= room)
        ls_frame_put(frame, rect.row, rect.col + rect.cols - cols, cols, LS_STYLE_TEXT, text);
}

void ls_chart_spark(struct ls_frame *frame, struct ls_rect rect, const struct ls_chart_time *time,
                    const struct ls_chart_spark *spark)
{
    struct ls_chart_columns map = ls_chart_columns(time, rect.cols);
    const double *value = spark->value;
    int least = -1, greatest = -1;

    if (rect.rows < 1 || map.used < 1)
        return;
    for (int slot = 0; slot < time->n_slots; slot++) {
        if (!isnan(value[slot])) {
            least = least < 0 || value[slot] < value[least] ? slot : least;
            greatest = greatest < 0 || value[slot] > value[greatest] ? slot : greatest;
        }
    }
    ls_frame_put_right(frame, rect.row, rect.col, LABEL_COLS, LS_STYLE_LABEL, spark->label);
    for (int column = 0; column < map.used && least >= 0; column++) {
        draw_spark_cell(frame, rect.row, rect.col + map.first + column, spark->style,
                        ls_chart_mean(value, time, &map, column), value[least], value[greatest]);
    }
    if (rect.rows > 1 && least >= 0) {
        int low = wall_minute(time, least), high = wall_minute(time, greatest);

        ls_frame_putf(frame, rect.row + 1, rect.col + map.first, rect.cols - map.first, LS_STYLE_TEXT,
                      "%s  %.4g at %02d:%02d  %.4g at %02d:%02d", spark->unit, round(value[least]), low / 60,
                      low % 60, round(value[greatest]), high / 60, high % 60);
    } else if (rect.rows > 1) {
        ls_frame_putf(frame, rect.row + 1, rect.col + map.first, rect.cols - map.first, LS_STYLE_MUTED,
                      "%s  unknown", spark->unit);
    } else if (least >= 0) {
        draw_spark_ends(frame, rect, rect.cols - map.first - map.used, value[least], value[greatest]);
    }
}

void ls_chart_spark_cells(struct ls_frame *frame, int row, int col, int cols, unsigned style,
                          const double *value, int n, double min, double max)
{
    struct ls_chart_time time = {.n_slots = n, .slot_minutes = 1, .selected = -1};
    struct ls_chart_columns map = ls_chart_columns(&time, cols + LS_CHART_GUTTER);

    for (int column = 0; column < map.used; column++)
        draw_spark_cell(frame, row, col + column, style, ls_chart_mean(value, &time, &map, column), min, max);
}

/** The glyph of a heat map for a fraction of the greatest, and which of the five it is. */
static uint32_t shade_of(double fraction, unsigned *level)
{
    static const uint32_t shade[SHADES] = {0x00b7, 0x2591, 0x2592, 0x2593, 0x2588};

    *level = isnan(fraction) ? 0 : (unsigned)(fmin(fmax(fraction, 0), 1) * (SHADES - 0.001));
    return isnan(fraction) ? ' ' : fraction < 0 ? '-' : shade[*level];
}

unsigned ls_chart_heat(struct ls_frame *frame, int row, int col, int cols, double fraction, bool coloured)
{
    unsigned level, style;
    uint32_t shade = shade_of(fraction, &level);

    style = shade == ' ' || !coloured ? LS_STYLE_TEXT : LS_STYLE_HEAT_0 + level;
    ls_frame_fill(frame, (struct ls_rect){row, col, 1, cols}, style, shade);
    return style;
}

int ls_chart_heat_legend(struct ls_frame *frame, int row, int col, double top, const char *unit,
                         bool coloured)
{
    int at = col + ls_frame_put(frame, row, col, LS_FRAME_REST, LS_STYLE_AXIS, "0 ");

    for (int shade = 0; shade < SHADES; shade++, at += 2)
        ls_chart_heat(frame, row, at, 1, (shade + 0.5) / SHADES, coloured);
    at += ls_frame_putf(frame, row, at, LS_FRAME_REST, LS_STYLE_AXIS, "%.10g %s", top, unit);
    return at - col;
}

void ls_chart_bar(struct ls_frame *frame, int row, int col, int cols, unsigned style, double fraction)
{
    int full = isnan(fraction) ? 0 : (int)lround(fmin(fmax(fraction, 0), 1) * cols);

    ls_frame_fill(frame, (struct ls_rect){row, col, 1, full}, style, LS_CHART_FULL);
    ls_frame_fill(frame, (struct ls_rect){row, col + full, 1, cols - full}, LS_STYLE_MUTED, 0x00b7);
}
