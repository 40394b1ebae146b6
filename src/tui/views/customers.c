/* All customers of the day, to sort, search and open. */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"
#include "tui/views/lists.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SPARK_MIN_COLS   6
#define SPARK_TITLE_COLS 19

static const struct ls_customer_result *result(const struct ls_explorer *explorer, uint32_t row)
{
    return &explorer->answer->plan->customers[row];
}

static void text_id(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%s", explorer->answer->day->id[row]);
}

static void text_day(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    const struct ls_cityday *day = explorer->answer->day;
    snprintf(out, LS_CELL_BYTES, "%.2f", (double)day->day_quanta[row] / day->quanta_per_kwh);
}

static void text_percentile(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%.0f", explorer->answer->day->percentile[row]);
}

static void text_moved(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%.3f", result(explorer, row)->moved_kwh);
}

/* What was saved, where that is known. */
static void write_saved(const struct ls_explorer *explorer, double grams, char out[LS_CELL_BYTES])
{
    if (ls_plan_lacks_factors(explorer->answer->plan))
        snprintf(out, LS_CELL_BYTES, "-");
    else
        snprintf(out, LS_CELL_BYTES, "%.1f", ls_plain_figure(grams, 1));
}

static void text_marginal(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    write_saved(explorer, result(explorer, row)->saved_marg_g, out);
}

static void text_average(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    write_saved(explorer, result(explorer, row)->saved_avg_g, out);
}

static void text_moves(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%d", result(explorer, row)->sources);
}

/* What the day leaves of the week's quota. */
static int quota_after(const struct ls_explorer *explorer, uint32_t row)
{
    const struct ls_customer_result *r = result(explorer, row);
    return r->quota_left < 0 ? -1 : r->quota_left > r->sources ? r->quota_left - r->sources : 0;
}

static void text_quota(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    int left = quota_after(explorer, row);
    if (left < 0)
        snprintf(out, LS_CELL_BYTES, "none");
    else
        snprintf(out, LS_CELL_BYTES, "%d", left);
}

static int by_id(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    const uint32_t *customer = explorer->answer->day->customer; /* numbered by id */
    return (customer[a] > customer[b]) - (customer[a] < customer[b]);
}

static int by_day(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    const int64_t *quanta = explorer->answer->day->day_quanta;
    return (quanta[a] > quanta[b]) - (quanta[a] < quanta[b]);
}

static int by_moved(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return ls_order(result(explorer, a)->moved_kwh, result(explorer, b)->moved_kwh);
}

static int by_marginal(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return ls_order(result(explorer, a)->saved_marg_g, result(explorer, b)->saved_marg_g);
}

static int by_average(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return ls_order(result(explorer, a)->saved_avg_g, result(explorer, b)->saved_avg_g);
}

static int by_moves(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return result(explorer, a)->sources - result(explorer, b)->sources;
}

static int by_quota(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return quota_after(explorer, a) - quota_after(explorer, b);
}

static const struct ls_column columns[] = {
    {"customer", 14, false, text_id, by_id, false},
    {"day kWh", 9, true, text_day, by_day, false},
    {"pct", 4, true, text_percentile, by_day, false},
    {"moved", 8, true, text_moved, by_moved, false},
    {"marg g", 8, true, text_marginal, by_marginal, true},
    {"avg g", 8, true, text_average, by_average, false},
    {"moves", 6, true, text_moves, by_moves, false},
    {"left", 5, true, text_quota, by_quota, false},
};

const struct ls_column *ls_customer_columns(size_t *count)
{
    *count = sizeof columns / sizeof *columns;
    return columns;
}

static void draw_sparks(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect,
                        int col)
{
    const struct ls_cityday *day = explorer->answer->day;
    const struct ls_list *list = &explorer->customers;
    int cols = rect.col + rect.cols - col - 1;
    if (cols < SPARK_MIN_COLS)
        return;
    cols = cols < day->n_slots ? cols : day->n_slots;
    ls_frame_put(frame, rect.row, col, cols, LS_STYLE_TITLE,
                 cols >= SPARK_TITLE_COLS ? "usage, 0 to own max" : "0..max");
    for (size_t r = 0; r < ls_table_page(rect) && list->top + r < list->n; r++) {
        uint32_t row = list->row[list->top + r];
        double usage[LS_SLOTS_MAX], max = 0;
        for (int t = 0; t < day->n_slots; t++) {
            usage[t] = ls_cityday_kwh(day, row, t);
            max = usage[t] > max ? usage[t] : max;
        }
        ls_chart_spark_cells(frame, rect.row + 1 + (int)r, col, cols, LS_STYLE_KEPT, usage, day->n_slots, 0,
                             max);
    }
}

/* The rows of the table; below them a word on those that a search hides. */
static struct ls_rect table_rect(const struct ls_explorer *explorer, struct ls_rect rect)
{
    rect.rows -= explorer->customers.filter[0] != '\0';
    return rect;
}

size_t ls_view_customers_page(const struct ls_explorer *explorer)
{
    return ls_table_page(table_rect(explorer, ls_explorer_body(explorer)));
}

static void draw_search(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    char text[LS_PROMPT_BYTES + 80];
    snprintf(text, sizeof text, "%zu of %zu customers, with \"%s\" in the id; Esc shows all",
             explorer->customers.n, explorer->answer->day->n_customers, explorer->customers.filter);
    ls_frame_put_fit(frame, row, 1, frame->cols - 2, LS_STYLE_WARNING, text);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    if (explorer->answer == NULL || explorer->customers.n == 0) {
        ls_view_empty(frame, rect,
                      explorer->customers.filter[0] != '\0' ? "no customer's id has that in it; Esc shows all"
                      : explorer->answer != NULL            ? "no known readings on this day"
                                                            : "solving the day");
        return;
    }
    if (explorer->customers.filter[0] != '\0')
        draw_search(explorer, frame, rect.row + rect.rows - 1);
    rect = table_rect(explorer, rect);
    int width =
        ls_table_draw(explorer, frame, rect, columns, sizeof columns / sizeof *columns, &explorer->customers);
    draw_sparks(explorer, frame, rect, rect.col + width + 1);
}

/* The row under the cursor is the chosen customer. */
static void follow(struct ls_explorer *explorer)
{
    const struct ls_list *list = &explorer->customers;
    if (list->n > 0)
        ls_explorer_choose_customer(explorer, list->row[list->selected]);
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    ls_list_move(&explorer->customers, direction, step, ls_view_customers_page(explorer));
    follow(explorer);
}

static void open_row(struct ls_explorer *explorer)
{
    if (explorer->customers.n == 0)
        return;
    follow(explorer);
    ls_explorer_go(explorer, LS_VIEW_CUSTOMER);
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    if (row == rect.row) {
        ls_table_click(explorer, rect, columns, sizeof columns / sizeof *columns, &explorer->customers, col);
        return false;
    }
    rect = table_rect(explorer, rect);
    size_t index = explorer->customers.top + (size_t)(row - rect.row - 1);
    if (row <= rect.row || row >= rect.row + rect.rows || index >= explorer->customers.n)
        return false;
    ls_list_select(&explorer->customers, index, ls_table_page(rect));
    follow(explorer);
    return true;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_list *list = &explorer->customers;
    if (list->n == 0)
        return NULL;
    ls_plain_customer(out, explorer->answer, list->row[list->selected]);
    return "the customer";
}

const struct ls_view ls_view_customers = {
    .name = "Customers",
    .digit = 3,
    .hints = "Enter opens, says why  / search  s sort  S reverse  n/p day  [ ] nudge",
    .draw = draw,
    .vertical = vertical,
    .open = open_row,
    .opens_answer = true,
    .click = click,
    .copy = copy,
};
