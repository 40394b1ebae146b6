/*
 * Any two parameters on a grid, what is saved as a heat map: x across, y upwards.
 *
 * Wide cells have the figure beside the shade; narrow ones are the shade alone. A grid larger than the screen
 * shows the part around the cursor.
 */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LABEL_COLS  9 /* of a value of y, with a blank */
#define FIGURE_CELL 6 /* columns of a cell from which there is room for the figure */
#define WIDEST_CELL 8
#define FULL_COLS   76 /* columns from which there is room for names, and for figures in columns */
#define ROWS_ABOVE  2  /* title, axes */
#define ROWS_BELOW  3  /* values of x, legend, the cell under the cursor */
#define MARK        0x25c6

/* The part of the grid that is shown, and where. */
struct layout {
    struct ls_rect map;  /* of the cells */
    int cell;            /* columns */
    size_t x, y, nx, ny; /* first index and number of the columns and rows shown */
    double top;          /* end of the scale, in the unit */
    double unit_g;       /* grams that the unit has */
    const char *unit;
    bool raises; /* somewhere emissions are higher than without moves */
};

static double saved_g(const struct ls_sweeping *sweeping, size_t x, size_t y)
{
    const struct ls_sweep_cell *cell = &sweeping->sweep->cells[y * sweeping->sweep->x.n + x];
    return !cell->done         ? (double)NAN
           : sweeping->average ? cell->totals.saved_avg_g
                               : cell->totals.saved_marg_g;
}

/* First index of `shown` out of `n` so that `at` is among them, in the middle where that is possible. */
static size_t first_shown(size_t n, size_t shown, size_t at)
{
    size_t first = at > shown / 2 ? at - shown / 2 : 0;
    return first + shown > n ? n - shown : first;
}

static void find_scale(const struct ls_sweeping *sweeping, struct layout *layout)
{
    double most = 0, least = 0;
    for (size_t y = 0; y < sweeping->sweep->y.n; y++)
        for (size_t x = 0; x < sweeping->sweep->x.n; x++) {
            most = fmax(most, saved_g(sweeping, x, y));
            least = fmin(least, saved_g(sweeping, x, y));
        }
    double largest = fmax(most, -least);
    layout->unit_g = largest >= 1e7 ? 1e6 : largest >= 1e3 ? 1e3 : 1;
    layout->unit = largest >= 1e7 ? "t" : largest >= 1e3 ? "kg" : "g";
    layout->top = ls_chart_top(most / layout->unit_g);
    layout->raises = least < 0;
}

static struct layout lay_out(const struct ls_sweeping *sweeping, struct ls_rect rect)
{
    const struct ls_sweep *sweep = sweeping->sweep;
    struct layout layout = {.map = {rect.row + ROWS_ABOVE, rect.col + LABEL_COLS,
                                    rect.rows - ROWS_ABOVE - ROWS_BELOW, rect.cols - LABEL_COLS - 1}};
    int cell = layout.map.cols / (int)sweep->x.n;
    layout.cell = cell < 1 ? 1 : cell > WIDEST_CELL ? WIDEST_CELL : cell;
    layout.nx = (size_t)(layout.map.cols / layout.cell);
    layout.nx = layout.nx < sweep->x.n ? layout.nx : sweep->x.n;
    layout.ny = (size_t)layout.map.rows < sweep->y.n ? (size_t)layout.map.rows : sweep->y.n;
    layout.x = first_shown(sweep->x.n, layout.nx, sweeping->x);
    layout.y = first_shown(sweep->y.n, layout.ny, sweeping->y);
    layout.map.rows = (int)layout.ny;
    find_scale(sweeping, &layout);
    return layout;
}

/* The row of y, from the top down; the column of x. */
static int row_of(const struct layout *layout, size_t y)
{
    return layout->map.row + (int)(layout->y + layout->ny - 1 - y);
}

static int col_of(const struct layout *layout, size_t x)
{
    return layout->map.col + (int)(x - layout->x) * layout->cell;
}

/* "2.89", "28.9", "289"; the sign is the shade's glyph. */
static void draw_figure(struct ls_frame *frame, int row, int col, int cols, unsigned style, double value)
{
    double size = fabs(value);
    ls_frame_putf(frame, row, col, cols, style, "%.*f", size < 9.995 ? 2 : size < 99.95 ? 1 : 0, size);
}

/* So many cells that there is no room for figures are glyphs alone: with colours, most of what a slow line
 * gets would be changes of colour. */
static bool is_coloured(const struct layout *layout)
{
    return layout->cell >= FIGURE_CELL;
}

/* A column before wide cells has the marks of the cursor and of the limits as they stand: to move a mark
 * costs a slow line less than to turn a whole cell round. */
static void draw_cell(const struct ls_sweeping *sweeping, struct ls_frame *frame, const struct layout *layout,
                      size_t x, size_t y)
{
    int row = row_of(layout, y), col = col_of(layout, x);
    bool own = (int)x == sweeping->own[0] && (int)y == sweeping->own[1];
    bool selected = x == sweeping->x && y == sweeping->y, wide = layout->cell > 1;
    bool has_figure = layout->cell >= FIGURE_CELL;
    double saved = saved_g(sweeping, x, y) / layout->unit_g;
    unsigned style = ls_chart_heat(frame, row, col + wide, has_figure || !wide ? 1 : layout->cell - 1,
                                   saved / layout->top, is_coloured(layout));
    if (has_figure && !isnan(saved))
        draw_figure(frame, row, col + 2, layout->cell - 2, style, saved);
    if (own || selected)
        ls_frame_rune(frame, row, col, selected ? LS_STYLE_SELECTED : LS_STYLE_BIND, own ? MARK : '>');
    if (selected)
        ls_frame_cursor(frame, row, col);
}

static void draw_values(const struct ls_sweep *sweep, struct ls_frame *frame, const struct layout *layout)
{
    int row = layout->map.row + layout->map.rows, free_col = 0;
    int end = frame->cols - (layout->x + layout->nx < sweep->x.n);
    for (size_t y = layout->y; y < layout->y + layout->ny; y++)
        ls_frame_put_right(frame, row_of(layout, y), 0, LABEL_COLS - 1, LS_STYLE_AXIS, sweep->y.values[y]);
    for (size_t x = layout->x; x < layout->x + layout->nx; x++) {
        int col = col_of(layout, x) + (layout->cell > 1), cols = ls_text_cols(sweep->x.values[x]);
        if (col < free_col || col + cols > end)
            continue;
        ls_frame_put(frame, row, col, cols, LS_STYLE_AXIS, sweep->x.values[x]);
        free_col = col + cols + 1;
    }
}

/* Where the grid goes on beyond what is shown. */
static void draw_more(const struct ls_sweep *sweep, struct ls_frame *frame, const struct layout *layout)
{
    const struct {
        bool more;
        int row, col;
        const char *sign;
    } edges[] = {
        {layout->y + layout->ny < sweep->y.n, layout->map.row, LABEL_COLS - 1, "^"},
        {layout->y > 0, layout->map.row + layout->map.rows - 1, LABEL_COLS - 1, "v"},
        {layout->x > 0, layout->map.row + layout->map.rows, LABEL_COLS - 1, "<"},
        {layout->x + layout->nx < sweep->x.n, layout->map.row + layout->map.rows, frame->cols - 1, ">"},
    };
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        if (edges[i].more)
            ls_frame_put(frame, edges[i].row, edges[i].col, 1, LS_STYLE_MUTED, edges[i].sign);
}

/* The glyphs of the map, and what else is on it. */
static void draw_legend(const struct ls_sweeping *sweeping, struct ls_frame *frame,
                        const struct layout *layout, int row)
{
    bool on_grid = sweeping->own[0] >= 0 && sweeping->own[1] >= 0;
    int col = 3 + ls_chart_heat_legend(frame, row, 1, layout->top, layout->unit, is_coloured(layout));
    if (layout->raises) {
        ls_chart_heat(frame, row, col, 1, -1, is_coloured(layout));
        col += 4 + ls_frame_put(frame, row, col + 2, LS_FRAME_REST, LS_STYLE_TEXT, "raises");
    }
    ls_frame_rune(frame, row, col, LS_STYLE_BIND, MARK);
    col += 4 + ls_frame_put(frame, row, col + 2, LS_FRAME_REST, LS_STYLE_TEXT,
                            on_grid ? "limits now" : "off the grid");
    if (sweeping->sweep->n_done < sweeping->sweep->n_cells)
        ls_frame_put(frame, row, col, LS_FRAME_REST, LS_STYLE_MUTED, "blank: not solved");
}

/* "Z 30 %": by the model's symbol where there is one. */
static int write_value(const struct ls_axis *axis, size_t i, char *out, size_t size)
{
    const char *symbol = axis->parameter->symbol, *unit = axis->parameter->unit;
    bool bare = unit[0] == '\0' || strcmp(axis->values[i], "none") == 0;
    return snprintf(out, size, "%s %s%s%s", symbol[0] != '\0' ? symbol : axis->parameter->label,
                    axis->values[i], bare ? "" : " ", bare ? "" : unit);
}

static void draw_chosen(const struct ls_sweeping *sweeping, struct ls_frame *frame, int row)
{
    const struct ls_sweep *sweep = sweeping->sweep;
    const struct ls_sweep_cell *cell = &sweep->cells[sweeping->y * sweep->x.n + sweeping->x];
    char point[2 * LS_VALUE_SIZE], gap[32] = "";
    int used = write_value(&sweep->x, sweeping->x, point, sizeof point / 2);
    used += snprintf(point + used, sizeof point - (size_t)used, "  ");
    (void)write_value(&sweep->y, sweeping->y, point + used, sizeof point - (size_t)used);
    int col = 3 + ls_frame_putf(frame, row, 1, LS_FRAME_REST, LS_STYLE_VALUE, "%-14s", point);
    if (!cell->done) {
        ls_frame_put(frame, row, col, LS_FRAME_REST, LS_STYLE_MUTED, "not solved yet");
        return;
    }
    if (!isnan(cell->totals.gap) && frame->cols >= FULL_COLS)
        snprintf(gap, sizeof gap, "gap %s %.1f %%", frame->glyphs == LS_GLYPHS_ASCII ? "<=" : "≤",
                 100 * cell->totals.gap);
    ls_frame_putf(frame, row, col, LS_FRAME_REST, LS_STYLE_VALUE,
                  frame->cols < FULL_COLS ? "marg %.3f avg %.3f kg  moved %.1f kWh  %s"
                                          : "marg %7.3f avg %7.3f kg  moved %6.1f kWh  %s",
                  ls_plain_figure(cell->totals.saved_marg_g / 1e3, 3),
                  ls_plain_figure(cell->totals.saved_avg_g / 1e3, 3), cell->totals.moved_kwh, gap);
}

/* "Anti-spike limit α [%]", or by the model's symbol alone where there is one. */
static void write_axis(const struct ls_axis *axis, bool brief, char *out, size_t size)
{
    const struct ls_parameter *parameter = axis->parameter;
    bool both = parameter->symbol[0] != '\0' && !brief;
    snprintf(out, size, "%s%s%s%s%s%s", both || parameter->symbol[0] == '\0' ? parameter->label : "",
             both ? " " : "", parameter->symbol, parameter->unit[0] != '\0' ? " [" : "", parameter->unit,
             parameter->unit[0] != '\0' ? "]" : "");
}

static void draw_head(const struct ls_sweeping *sweeping, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_sweep *sweep = sweeping->sweep;
    char date[LS_DATE_SIZE], x[128], y[128], done[64];
    bool engines = strcmp(sweep->x.name, "run.engine") == 0 || strcmp(sweep->y.name, "run.engine") == 0;
    snprintf(done, sizeof done, sweep->n_done < sweep->n_cells ? "%zu of %zu points " : "%zu points ",
             sweep->n_done, sweep->n_cells);
    ls_frame_putf(frame, rect.row, 1, rect.cols - 1, sweeping->stale ? LS_STYLE_WARNING : LS_STYLE_TITLE,
                  "%sSaved, %s: %s %s%s%s", sweeping->stale ? "STALE  " : "",
                  sweeping->average ? "average" : "marginal", sweep->city, ls_date_format(sweep->date, date),
                  engines ? "" : ", ", engines ? "" : ls_engine(sweep->policy.engine)->name);
    int cols = ls_text_cols(done);
    ls_frame_put(frame, rect.row, rect.cols - cols, cols, LS_STYLE_VALUE, done);
    write_axis(&sweep->x, rect.cols < FULL_COLS, x, sizeof x);
    write_axis(&sweep->y, rect.cols < FULL_COLS, y, sizeof y);
    ls_frame_putf(frame, rect.row + 1, 1, rect.cols - 1, LS_STYLE_LABEL, "up: %s   across: %s", y, x);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_sweeping *sweeping = &explorer->sweeping;
    if (sweeping->sweep == NULL) {
        ls_view_empty(frame, rect,
                      ls_explorer_has_peaks(explorer)
                          ? "R sweeps Z and alpha around where they are; :sweep X Y any two"
                          : "R sweeps alpha and H around where they are; :sweep X Y any two");
        return;
    }
    struct layout layout = lay_out(sweeping, rect);
    draw_head(sweeping, frame, rect);
    draw_values(sweeping->sweep, frame, &layout);
    draw_more(sweeping->sweep, frame, &layout);
    for (size_t y = layout.y; y < layout.y + layout.ny; y++)
        for (size_t x = layout.x; x < layout.x + layout.nx; x++)
            draw_cell(sweeping, frame, &layout, x, y);
    draw_legend(sweeping, frame, &layout, rect.row + rect.rows - 2);
    draw_chosen(sweeping, frame, rect.row + rect.rows - 1);
}

/* Moves an index by a line, a page of `page` or to an end. */
static size_t moved(size_t at, size_t n, int direction, enum ls_step step, size_t page)
{
    size_t by = step == LS_STEP_LINE ? 1 : step == LS_STEP_PAGE ? page : n;
    return direction < 0 ? at - (by < at ? by : at) : at + by < n ? at + by : n - 1;
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    struct ls_sweeping *sweeping = &explorer->sweeping;
    if (sweeping->sweep != NULL)
        sweeping->y = moved(sweeping->y, sweeping->sweep->y.n, -direction, step, 5);
}

static void horizontal(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    struct ls_sweeping *sweeping = &explorer->sweeping;
    if (sweeping->sweep != NULL)
        sweeping->x = moved(sweeping->x, sweeping->sweep->x.n, direction, step, 5);
}

static void open_cell(struct ls_explorer *explorer)
{
    ls_explorer_adopt(explorer);
}

static void pane(struct ls_explorer *explorer)
{
    explorer->sweeping.average = !explorer->sweeping.average;
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    struct ls_sweeping *sweeping = &explorer->sweeping;
    if (sweeping->sweep == NULL)
        return false;
    struct layout layout = lay_out(sweeping, rect);
    int down = row - layout.map.row, across = (col - layout.map.col) / layout.cell;
    if (down < 0 || down >= layout.map.rows || col < layout.map.col || across >= (int)layout.nx)
        return false;
    sweeping->x = layout.x + (size_t)across;
    sweeping->y = layout.y + layout.ny - 1 - (size_t)down;
    return true;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_sweeping *sweeping = &explorer->sweeping;
    if (sweeping->sweep == NULL)
        return NULL;
    ls_plain_sweep_cell(out, sweeping->sweep, sweeping->x, sweeping->y);
    return "the point";
}

const struct ls_view ls_view_sweep = {
    .name = "Sweep",
    .digit = 6,
    .hints = "Enter adopts  Tab average  R sweeps  x stop, go on  :sweep X Y any two",
    .draw = draw,
    .vertical = vertical,
    .horizontal = horizontal,
    .open = open_cell,
    .pane = pane,
    .click = click,
    .copy = copy,
};
