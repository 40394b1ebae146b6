/*
 * A and B side by side: what differs in the limits, every total, both curves against the baseline, the slots
 * and the customers that change most.
 *
 * Where rows are few the customers have a pane of their own.
 */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"
#include "tui/views/lists.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FIGURE_COLS     9
#define TOTALS_COLS     50 /* label, A, B and B - A */
#define PLOT_FROM       74 /* columns from which there is room for a plot beside them */
#define WIDE_COLS       110
#define WIDE_TOTALS     62
#define TALL_ROWS       32 /* rows from which all stands on one screen */
#define TALL_TOP        21 /* of them for all but the customers */
#define FIXED_TOTALS    2  /* what is saved by both factors stays when one scrolls to the others */
#define LEAST_PARAMETER 2  /* rows for parameters, heading included, however few there are */
#define CHART_ROWS      12
#define MARKS_FROM      42 /* columns of the plot from which there is room to say what is on its axis */
#define AXIS_ROWS       2

static const struct ls_compare_customer *customer_at(const struct ls_explorer *explorer, uint32_t row)
{
    return &explorer->comparing.result->customers[row];
}

/* ---- the table of customers ---- */

static double saved_more(const struct ls_explorer *explorer, uint32_t row)
{
    const struct ls_compare_customer *it = customer_at(explorer, row);
    return it->saved_marg_g[1] - it->saved_marg_g[0];
}

static double saved_more_avg(const struct ls_explorer *explorer, uint32_t row)
{
    const struct ls_compare_customer *it = customer_at(explorer, row);
    return it->saved_avg_g[1] - it->saved_avg_g[0];
}

static double moved_more(const struct ls_explorer *explorer, uint32_t row)
{
    const struct ls_compare_customer *it = customer_at(explorer, row);
    return it->moved_kwh[1] - it->moved_kwh[0];
}

static double marg_a(const struct ls_explorer *explorer, uint32_t row)
{
    return customer_at(explorer, row)->saved_marg_g[0];
}

static double avg_a(const struct ls_explorer *explorer, uint32_t row)
{
    return customer_at(explorer, row)->saved_avg_g[0];
}

static double marg_b(const struct ls_explorer *explorer, uint32_t row)
{
    return customer_at(explorer, row)->saved_marg_g[1];
}

static double avg_b(const struct ls_explorer *explorer, uint32_t row)
{
    return customer_at(explorer, row)->saved_avg_g[1];
}

/* A column's text and order, of a figure. */
#define FIGURE_COLUMN(name, figure, format, decimals)                                                        \
    static void text_##name(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])       \
    {                                                                                                        \
        snprintf(out, LS_CELL_BYTES, format, decimals, ls_plain_figure(figure(explorer, row), decimals));    \
    }                                                                                                        \
    static int by_##name(const struct ls_explorer *explorer, uint32_t a, uint32_t b)                         \
    {                                                                                                        \
        return ls_order(figure(explorer, a), figure(explorer, b));                                           \
    }

FIGURE_COLUMN(marginal, saved_more, "%+.*f", 1)
FIGURE_COLUMN(average, saved_more_avg, "%+.*f", 1)
FIGURE_COLUMN(moved, moved_more, "%+.*f", 3)
FIGURE_COLUMN(marg_a, marg_a, "%.*f", 1)
FIGURE_COLUMN(avg_a, avg_a, "%.*f", 1)
FIGURE_COLUMN(marg_b, marg_b, "%.*f", 1)
FIGURE_COLUMN(avg_b, avg_b, "%.*f", 1)

static void text_id(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%s", customer_at(explorer, row)->id);
}

static int by_id(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return strcmp(customer_at(explorer, a)->id, customer_at(explorer, b)->id);
}

static const struct ls_column columns[] = {
    {"customer", 14, false, text_id, by_id, false},
    {"marg B-A g", 11, true, text_marginal, by_marginal, true},
    {"avg B-A g", 10, true, text_average, by_average, false},
    {"B-A kWh", 9, true, text_moved, by_moved, false},
    {"marg A", 7, true, text_marg_a, by_marg_a, true},
    {"avg A", 7, true, text_avg_a, by_avg_a, false},
    {"marg B", 7, true, text_marg_b, by_marg_b, true},
    {"avg B", 7, true, text_avg_b, by_avg_b, false},
};

const struct ls_column *ls_changed_columns(size_t *count)
{
    *count = sizeof columns / sizeof *columns;
    return columns;
}

/* ---- layout ---- */

static bool is_tall(struct ls_rect rect)
{
    return rect.rows >= TALL_ROWS;
}

/* Rows of the totals and the plot, below a line about both answers. */
static int top_rows(struct ls_rect rect)
{
    return is_tall(rect) ? TALL_TOP - 1 : rect.rows - 1;
}

/* The rows of the customers, with a line about them above. */
static struct ls_rect customers_rect(struct ls_rect rect)
{
    int top = is_tall(rect) ? TALL_TOP : 1;
    return (struct ls_rect){rect.row + top, rect.col, rect.rows - top, rect.cols};
}

static struct ls_rect table_rect(struct ls_rect rect)
{
    rect = customers_rect(rect);
    return (struct ls_rect){rect.row + 1, rect.col, rect.rows - 1, rect.cols};
}

size_t ls_view_compare_page(const struct ls_explorer *explorer)
{
    return ls_table_page(table_rect(ls_explorer_body(explorer)));
}

/* ---- what is drawn ---- */

static void draw_head(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_answer *a = explorer->comparing.a, *b = explorer->answer;
    const char *engine[2] = {ls_engine(a->plan->engine)->name, ls_engine(b->plan->engine)->name};
    char date[2][LS_DATE_SIZE];
    ls_date_format(a->day->date, date[0]);
    ls_date_format(b->day->date, date[1]);
    if (a->day->date == b->day->date)
        ls_frame_putf(frame, rect.row, 1, rect.cols - 1, LS_STYLE_TITLE,
                      "%s %s %s  A: %s  B, as it is tuned: %s", a->day->city,
                      ls_weekday_name(a->day->weekday), date[0], engine[0], engine[1]);
    else
        ls_frame_putf(frame, rect.row, 1, rect.cols - 1, LS_STYLE_WARNING,
                      "DIFFERENT DAYS: A %s %s, B %s %s; usage differs too", date[0], engine[0], date[1],
                      engine[1]);
}

static const char *format_figure(double value, int decimals, bool sign, char out[32])
{
    if (isnan(value))
        return "-";
    if (isinf(value))
        return "none";
    int length = snprintf(out, 32, sign ? "%+.*f" : "%.*f", decimals, ls_plain_figure(value, decimals));
    if (length > FIGURE_COLS - 1)
        snprintf(out, 32, sign ? "%+.3g" : "%.4g", value);
    return out;
}

static void draw_figures(struct ls_frame *frame, int row, int end, const char *const figure[3],
                         unsigned style)
{
    for (int k = 0; k < 3; k++)
        ls_frame_put_right(frame, row, end - (3 - k) * FIGURE_COLS, FIGURE_COLS, style, figure[k]);
}

static void draw_total(struct ls_frame *frame, int row, int cols, const struct ls_compare_total *total)
{
    char text[3][32], label[64];
    double difference = total->value[1] - total->value[0];
    const char *const figure[3] = {format_figure(total->value[0], total->decimals, false, text[0]),
                                   format_figure(total->value[1], total->decimals, false, text[1]),
                                   format_figure(difference, total->decimals, true, text[2])};
    bool changed = fabs(difference) > LS_DIFF_SMALLEST;
    snprintf(label, sizeof label, "%s%s%s", total->label, total->unit[0] != '\0' ? " " : "", total->unit);
    ls_frame_put_fit(frame, row, 1, cols - 3 * FIGURE_COLS - 2, LS_STYLE_LABEL, label);
    draw_figures(frame, row, cols, figure, LS_STYLE_VALUE);
    if (changed)
        ls_frame_put_right(frame, row, cols - FIGURE_COLS, FIGURE_COLS, LS_STYLE_CHANGED, figure[2]);
}

/* Of `rows` those for parameters, heading included: what they need of what the totals leave. */
static int parameter_rows(const struct ls_compare *compare, int rows)
{
    int wanted = (int)compare->n_parameters + 1, spare = rows - 1 - LS_COMPARE_TOTALS;
    int least = wanted < LEAST_PARAMETER ? wanted : LEAST_PARAMETER;
    return spare < least ? least : spare < wanted ? spare : wanted;
}

/* How many totals there is no room for; one scrolls to them. */
static int hidden_totals(const struct ls_compare *compare, int rows)
{
    int room = rows - parameter_rows(compare, rows) - 1;
    return room < LS_COMPARE_TOTALS ? LS_COMPARE_TOTALS - room : 0;
}

/* Both blocks under their heads; of the totals those after the fixed ones scroll. */
static void draw_totals(const struct ls_compare *compare, struct ls_frame *frame, struct ls_rect rect,
                        size_t scroll)
{
    static const char *const heads[3] = {"A", "B", "B - A"};
    int row = rect.row, end = rect.row + rect.rows, rows = parameter_rows(compare, rect.rows);
    int hidden = hidden_totals(compare, rect.rows), first = scroll < (size_t)hidden ? (int)scroll : hidden;
    size_t shown = (size_t)rows - 1;
    char head[64];
    snprintf(head, sizeof head, "%zu parameter%s", compare->n_parameters,
             compare->n_parameters == 1 ? " differs" : "s differ");
    if (shown < compare->n_parameters)
        snprintf(head + strlen(head), sizeof head - strlen(head), ", %zu shown", shown);
    ls_frame_put(frame, row, 1, rect.cols, LS_STYLE_TITLE, head);
    draw_figures(frame, row++, rect.cols, (const char *const[]){"A", "", "B"}, LS_STYLE_TITLE);
    for (size_t i = 0; i < shown && row < end; i++, row++) {
        const struct ls_diff_parameter *parameter = &compare->parameters[i];
        ls_frame_put_fit(frame, row, 1, rect.cols - 3 * FIGURE_COLS - 2, LS_STYLE_LABEL, parameter->name);
        ls_frame_put_right(frame, row, rect.cols - 3 * FIGURE_COLS - 1, FIGURE_COLS + 1, LS_STYLE_VALUE,
                           parameter->value[0]);
        ls_frame_put_right(frame, row, rect.cols - 2 * FIGURE_COLS + 1, 2 * FIGURE_COLS - 1, LS_STYLE_CHANGED,
                           parameter->value[1]);
    }
    if (hidden > 0)
        ls_frame_putf(frame, row, 1, rect.cols, LS_STYLE_TITLE, "Totals, %d of %d: ↑↓",
                      LS_COMPARE_TOTALS - hidden, LS_COMPARE_TOTALS);
    else
        ls_frame_put(frame, row, 1, rect.cols, LS_STYLE_TITLE, "Totals");
    if (row < end)
        draw_figures(frame, row++, rect.cols, heads, LS_STYLE_TITLE);
    for (int i = 0; i + first < LS_COMPARE_TOTALS && row < end; i++)
        draw_total(frame, row++, rect.cols, &compare->totals[i < FIXED_TOTALS ? i : i + first]);
}

/* What moved in less what moved out, A's by the time of day of B's slots. */
static void fill_changes(const struct ls_compare *compare, double change[2][LS_SLOTS_MAX])
{
    for (int t = 0; t < LS_SLOTS_MAX; t++)
        change[0][t] = change[1][t] = NAN;
    for (size_t i = 0; i < compare->n_slots; i++) {
        const struct ls_compare_slot *slot = &compare->slots[i];
        for (int k = 0; slot->slot[1] >= 0 && k < 2; k++)
            if (slot->slot[k] >= 0)
                change[k][slot->slot[1]] = slot->shifted_kwh[k] - slot->baseline_kwh[k];
    }
}

static void draw_slots(const struct ls_compare *compare, struct ls_frame *frame, struct ls_rect rect)
{
    if (rect.rows < 2)
        return;
    ls_frame_putf(frame, rect.row, rect.col + 1, rect.cols, LS_STYLE_TITLE, "%2zu slots %4s %6s %7s kWh",
                  compare->slots_changed, "A", "B", "B - A");
    for (size_t i = 0; i + 1 < (size_t)rect.rows && i < compare->slots_changed; i++) {
        const struct ls_compare_slot *slot = &compare->slots[i];
        char text[2][32] = {"-", "-"};
        for (int k = 0; k < 2; k++)
            if (slot->slot[k] >= 0)
                snprintf(text[k], sizeof text[k], "%.2f", slot->shifted_kwh[k]);
        ls_frame_putf(frame, rect.row + 1 + (int)i, rect.col + 1, rect.cols, LS_STYLE_VALUE,
                      "%02d:%02d %7s %6s %+7.2f", slot->wall_minute / 60, slot->wall_minute % 60, text[0],
                      text[1], slot->shifted_kwh[1] - slot->shifted_kwh[0]);
    }
}

static void draw_curves(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    double change[2][LS_SLOTS_MAX];
    uint8_t mark[LS_SLOTS_MAX];
    struct ls_chart_time time = ls_view_time(explorer, mark);
    int rows = rect.rows - AXIS_ROWS < CHART_ROWS ? rect.rows - AXIS_ROWS : CHART_ROWS;
    bool marked = rect.cols >= MARKS_FROM;
    time.selected = -1;
    time.mark = marked ? mark : NULL;
    fill_changes(explorer->comparing.result, change);
    ls_frame_put(frame, rect.row, rect.col + 1, rect.cols, LS_STYLE_TITLE,
                 marked ? "Shifted less baseline  B's ═ peak ◆ full" : "Shifted less baseline");
    ls_chart_pair(frame, (struct ls_rect){rect.row + 1, rect.col, rows - 1, rect.cols}, &time,
                  &(struct ls_chart_pair){.change = {change[0], change[1]}, .unit = "kWh"});
    ls_chart_hours(frame, (struct ls_rect){rect.row + rows, rect.col, AXIS_ROWS, rect.cols}, &time);
    rows += AXIS_ROWS;
    draw_slots(explorer->comparing.result, frame,
               (struct ls_rect){rect.row + rows, rect.col, rect.rows - rows, rect.cols});
}

static void draw_customers(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_compare *compare = explorer->comparing.result;
    struct ls_rect rows = customers_rect(rect);
    ls_frame_putf(frame, rows.row, 1, rect.cols - 1, LS_STYLE_TITLE,
                  "%zu of %zu customers change; those that change most%s", compare->customers_changed,
                  compare->n_customers, compare->customers_changed > 0 ? ", Enter opens one" : "");
    if (explorer->changed.n > 0)
        ls_table_draw(explorer, frame, table_rect(rect), columns, sizeof columns / sizeof *columns,
                      &explorer->changed);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_compare *compare = explorer->comparing.result;
    char text[600];
    if (explorer->comparing.a == NULL) {
        ls_view_empty(frame, rect, "a keeps this answer as A; B is what you tune from then on");
        return;
    }
    if (compare == NULL) {
        ls_frame_paragraph(frame, rect, LS_STYLE_WARNING,
                           explorer->answer == NULL
                               ? "solving the day"
                               : ls_error_text(&explorer->comparing.error, text, sizeof text));
        return;
    }
    draw_head(explorer, frame, rect);
    if (is_tall(rect) || explorer->compare_pane != 0)
        draw_customers(explorer, frame, rect);
    if (!is_tall(rect) && explorer->compare_pane != 0)
        return;
    int cols = rect.cols >= WIDE_COLS ? WIDE_TOTALS : rect.cols >= PLOT_FROM ? TOTALS_COLS : rect.cols - 1;
    int rows = top_rows(rect);
    draw_totals(compare, frame, (struct ls_rect){rect.row + 1, 0, rows, cols}, explorer->scroll);
    if (rect.cols >= PLOT_FROM)
        draw_curves(explorer, frame, (struct ls_rect){rect.row + 1, cols, rows, rect.cols - cols});
    if (!is_tall(rect) || explorer->changed.n == 0)
        ls_frame_cursor(frame, rect.row + 1, 0);
}

static bool shows_customers(const struct ls_explorer *explorer)
{
    return explorer->compare_pane != 0 || is_tall(ls_explorer_body(explorer));
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    const struct ls_compare *compare = explorer->comparing.result;
    struct ls_rect rect = ls_explorer_body(explorer);
    if (compare != NULL && !shows_customers(explorer)) {
        size_t hidden = (size_t)hidden_totals(compare, top_rows(rect));
        ls_view_scroll(explorer, direction, step, (size_t)rect.rows + hidden);
        return;
    }
    ls_list_move(&explorer->changed, direction, step, ls_view_compare_page(explorer));
}

static void open_row(struct ls_explorer *explorer)
{
    const struct ls_list *list = &explorer->changed;
    if (list->n == 0 || !shows_customers(explorer))
        return;
    size_t index = customer_at(explorer, list->row[list->selected])->customer[1];
    if (index == SIZE_MAX) {
        ls_explorer_refuse(explorer, "this customer has no readings on B's day", "swap A and B by b");
        return;
    }
    ls_explorer_choose_customer(explorer, index);
    ls_explorer_go(explorer, LS_VIEW_CUSTOMER);
}

static void pane(struct ls_explorer *explorer)
{
    explorer->compare_pane = !explorer->compare_pane;
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    struct ls_rect table = table_rect(rect);
    if (explorer->changed.n == 0 || !shows_customers(explorer) || row < table.row)
        return false;
    if (row == table.row) {
        ls_table_click(explorer, table, columns, sizeof columns / sizeof *columns, &explorer->changed, col);
        return false;
    }
    size_t index = explorer->changed.top + (size_t)(row - table.row - 1);
    if (index >= explorer->changed.n)
        return false;
    ls_list_select(&explorer->changed, index, ls_table_page(table));
    return true;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_list *list = &explorer->changed;
    const struct ls_compare *compare = explorer->comparing.result;
    if (compare == NULL)
        return NULL;
    if (list->n > 0 && shows_customers(explorer)) {
        ls_plain_compare_customer(out, customer_at(explorer, list->row[list->selected]));
        return "the customer";
    }
    ls_plain_compare_savings(out, compare);
    return "the difference";
}

const struct ls_view ls_view_compare = {
    .name = "Compare",
    .digit = 5,
    .hints = "a marks A  b turns A and B round  Tab customers  Enter opens  [ ] nudge",
    .draw = draw,
    .vertical = vertical,
    .open = open_row,
    .opens_answer = true,
    .pane = pane,
    .click = click,
    .copy = copy,
};
