/* The ledger of moves, its map (from which hour to which, how large), and which way by hour. */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"
#include "tui/views/lists.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_COLS   3
#define LABEL_COLS  7
#define SIZE_BINS   8
#define BAR_COLS    12
#define NUMBER_COLS 8  /* of kWh beside a bar */
#define TITLE_COLS  40 /* of the map's title in full */
#define SIDE_COLS   34 /* of the histogram beside the map */
#define SAME_HOUR   "\\"

static const struct ls_move *move_at(const struct ls_explorer *explorer, uint32_t row)
{
    return &explorer->answer->plan->moves[row];
}

static double saving_g(const double *factor, const struct ls_move *move)
{
    return (factor[move->source] - factor[move->destination]) * move->kwh;
}

static double marginal_g(const struct ls_explorer *explorer, uint32_t row)
{
    return saving_g(explorer->answer->day->mef_g_per_kwh, move_at(explorer, row));
}

static double average_g(const struct ls_explorer *explorer, uint32_t row)
{
    return saving_g(explorer->answer->day->aef_g_per_kwh, move_at(explorer, row));
}

static int minutes(const struct ls_explorer *explorer, uint32_t row)
{
    const struct ls_move *move = move_at(explorer, row);
    return (move->destination - move->source) * explorer->answer->day->slot_minutes;
}

static void text_id(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%s", explorer->answer->day->id[move_at(explorer, row)->customer]);
}

static void text_from(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    ls_cityday_clock(explorer->answer->day, move_at(explorer, row)->source, out);
}

static void text_to(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    ls_cityday_clock(explorer->answer->day, move_at(explorer, row)->destination, out);
}

static void text_minutes(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%+d", minutes(explorer, row));
}

static void text_kwh(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%.3f", move_at(explorer, row)->kwh);
}

static void text_marginal(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%.1f", ls_plain_figure(marginal_g(explorer, row), 1));
}

static void text_average(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%.1f", ls_plain_figure(average_g(explorer, row), 1));
}

static void text_limit(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES])
{
    snprintf(out, LS_CELL_BYTES, "%s", ls_limit_name(move_at(explorer, row)->limited_by));
}

static int by_id(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    const uint32_t *customer = explorer->answer->day->customer; /* numbered by id */
    return ls_order(customer[move_at(explorer, a)->customer], customer[move_at(explorer, b)->customer]);
}

static int by_from(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return move_at(explorer, a)->source - move_at(explorer, b)->source;
}

static int by_to(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return move_at(explorer, a)->destination - move_at(explorer, b)->destination;
}

static int by_minutes(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return minutes(explorer, a) - minutes(explorer, b);
}

static int by_kwh(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return ls_order(move_at(explorer, a)->kwh, move_at(explorer, b)->kwh);
}

static int by_marginal(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return ls_order(marginal_g(explorer, a), marginal_g(explorer, b));
}

static int by_average(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return ls_order(average_g(explorer, a), average_g(explorer, b));
}

static int by_limit(const struct ls_explorer *explorer, uint32_t a, uint32_t b)
{
    return (int)move_at(explorer, a)->limited_by - (int)move_at(explorer, b)->limited_by;
}

static const struct ls_column columns[] = {
    {"customer", 12, false, text_id, by_id, false},
    {"from", 6, false, text_from, by_from, false},
    {"to", 6, false, text_to, by_to, false},
    {"kWh", 7, true, text_kwh, by_kwh, false},
    {"marg g", 7, true, text_marginal, by_marginal, true},
    {"avg g", 7, true, text_average, by_average, false},
    {"limit", 8, false, text_limit, by_limit, false},
    {"minutes", 8, true, text_minutes, by_minutes, false},
};

const struct ls_column *ls_move_columns(size_t *count)
{
    *count = sizeof columns / sizeof *columns;
    return columns;
}

/* kWh from hour to hour, rows and columns of `hours` hours each. */
static double fill_map(const struct ls_answer *answer, int hours, double *map, int n)
{
    double most = 0;
    memset(map, 0, (size_t)(n * n) * sizeof *map);
    for (size_t m = 0; m < answer->plan->n_moves; m++) {
        const struct ls_move *move = &answer->plan->moves[m];
        int from = answer->day->wall_minute[move->source] / 60 / hours;
        int to = answer->day->wall_minute[move->destination] / 60 / hours;
        map[from * n + to] += move->kwh;
        most = fmax(most, map[from * n + to]);
    }
    return most;
}

/* The finest cells that fit. */
static int hours_a_cell(struct ls_rect rect)
{
    static const int choices[] = {1, 2, 3, 4};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        int cells = LS_HOURS_A_DAY / choices[i];
        if (cells + 3 <= rect.rows && LABEL_COLS + cells * CELL_COLS + SIDE_COLS <= rect.cols)
            return choices[i];
    }
    return 6;
}

static void draw_map(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    int hours = hours_a_cell(rect);
    int n = LS_HOURS_A_DAY / hours;
    double map[LS_HOURS_A_DAY * LS_HOURS_A_DAY];
    double most = fill_map(explorer->answer, hours, map, n), top = ls_chart_top(most);
    int cols = rect.cols - SIDE_COLS - 2;
    ls_frame_putf(frame, rect.row, 1, cols, LS_STYLE_TITLE,
                  cols < TITLE_COLS ? "row to col, max %.3g kWh" : "kWh from row to column, most %.2f", most);
    for (int to = 0; to < n; to++)
        ls_frame_putf(frame, rect.row + 1, LABEL_COLS + to * CELL_COLS, CELL_COLS, LS_STYLE_AXIS, "%02d",
                      to * hours);
    for (int from = 0; from < n; from++) {
        int row = rect.row + 2 + from;
        ls_frame_putf(frame, row, 1, LABEL_COLS, LS_STYLE_AXIS, "%02d:00", from * hours);
        for (int to = 0; to < n; to++) {
            double kwh = map[from * n + to];
            if (kwh > 0)
                ls_chart_heat(frame, row, LABEL_COLS + to * CELL_COLS, CELL_COLS - 1, kwh / top, true);
            else if (from == to)
                ls_frame_put(frame, row, LABEL_COLS + to * CELL_COLS, 1, LS_STYLE_MUTED, SAME_HOUR);
        }
    }
    int row = rect.row + rect.rows - 1;
    int col = LABEL_COLS + 2 + ls_chart_heat_legend(frame, row, LABEL_COLS, top, "kWh", true);
    ls_frame_put(frame, row, col, LS_FRAME_REST, LS_STYLE_MUTED,
                 hours == 1 ? SAME_HOUR " same hour" : SAME_HOUR " same hours");
}

/* Bins double in size from 1/16 of a kWh. */
static int size_bin(double kwh)
{
    int bin = 0;
    for (double top = 1.0 / 16; bin < SIZE_BINS - 1 && kwh > top; top *= 2)
        bin++;
    return bin;
}

static void draw_side(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_plan *plan = explorer->answer->plan;
    size_t count[SIZE_BINS] = {0}, most = 1, forward = 0;
    double forward_kwh = 0;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        int bin = size_bin(move->kwh);
        count[bin]++;
        most = count[bin] > most ? count[bin] : most;
        if (move->destination > move->source) {
            forward++;
            forward_kwh += move->kwh;
        }
    }
    int row = rect.row;
    ls_frame_put(frame, row++, rect.col, rect.cols, LS_STYLE_TITLE, "moves by size, kWh");
    for (int bin = 0; bin < SIZE_BINS && row < rect.row + rect.rows; bin++, row++) {
        double top = ldexp(1.0 / 16, bin);
        if (bin < SIZE_BINS - 1)
            ls_frame_putf(frame, row, rect.col, 10, LS_STYLE_AXIS, "to %6.4g", top);
        else
            ls_frame_put(frame, row, rect.col, 10, LS_STYLE_AXIS, "larger");
        ls_chart_bar(frame, row, rect.col + 11, BAR_COLS, LS_STYLE_KEPT, (double)count[bin] / (double)most);
        ls_frame_putf(frame, row, rect.col + 12 + BAR_COLS, 8, LS_STYLE_VALUE, "%zu", count[bin]);
    }
    if (++row + 1 >= rect.row + rect.rows)
        return;
    ls_frame_putf(frame, row++, rect.col, rect.cols, LS_STYLE_VALUE, "to later   %5zu moves %7.2f kWh",
                  forward, forward_kwh);
    ls_frame_putf(frame, row, rect.col, rect.cols, LS_STYLE_VALUE, "to earlier %5zu moves %7.2f kWh",
                  plan->n_moves - forward, plan->moved_kwh - forward_kwh);
}

/* kWh that leave each hour, to earlier and to later ones. */
struct directions {
    double kwh[LS_HOURS_A_DAY][2]; /* earlier, later */
    double most;
};

static void sum_directions(const struct ls_answer *answer, int hours, struct directions *out)
{
    *out = (struct directions){0};
    for (size_t m = 0; m < answer->plan->n_moves; m++) {
        const struct ls_move *move = &answer->plan->moves[m];
        double *kwh = out->kwh[answer->day->wall_minute[move->source] / 60 / hours];
        kwh[move->destination > move->source] += move->kwh;
        out->most = fmax(out->most, kwh[move->destination > move->source]);
    }
}

static void draw_directions(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    int hours = LS_HOURS_A_DAY + 2 <= rect.rows ? 1 : LS_HOURS_A_DAY / 2 + 2 <= rect.rows ? 2 : 3;
    int half = (rect.cols - LABEL_COLS) / 2, bar = half - NUMBER_COLS - 2;
    struct directions directions;
    sum_directions(explorer->answer, hours, &directions);
    ls_frame_putf(frame, rect.row, 1, LS_FRAME_REST, LS_STYLE_TITLE,
                  "kWh that leave %d hour%s, bars from 0 to %.2f", hours, hours == 1 ? "" : "s",
                  directions.most);
    ls_frame_put(frame, rect.row + 1, LABEL_COLS, half, LS_STYLE_AXIS, "to earlier slots");
    ls_frame_put(frame, rect.row + 1, LABEL_COLS + half, half, LS_STYLE_AXIS, "to later slots");
    for (int h = 0; h < LS_HOURS_A_DAY / hours; h++) {
        int row = rect.row + 2 + h;
        ls_frame_putf(frame, row, 1, LABEL_COLS, LS_STYLE_AXIS, "%02d:00", h * hours);
        for (int later = 0; later < 2; later++) {
            int col = LABEL_COLS + later * half;
            ls_frame_putf(frame, row, col, NUMBER_COLS, LS_STYLE_VALUE, "%8.2f", directions.kwh[h][later]);
            ls_chart_bar(frame, row, col + NUMBER_COLS + 1, bar, later ? LS_STYLE_IN : LS_STYLE_OUT,
                         directions.kwh[h][later] / directions.most);
        }
    }
    ls_frame_cursor(frame, rect.row, 0);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    if (explorer->answer == NULL || explorer->moves.n == 0) {
        ls_view_empty(frame, rect,
                      explorer->answer != NULL && ls_plan_lacks_factors(explorer->answer->plan)
                          ? LS_NO_FACTORS
                      : explorer->answer != NULL ? "nothing moves on this day under these limits"
                                                 : "solving the day");
        return;
    }
    if (explorer->moves_pane == LS_MOVES_LEDGER) {
        ls_table_draw(explorer, frame, rect, columns, sizeof columns / sizeof *columns, &explorer->moves);
        return;
    }
    if (explorer->moves_pane == LS_MOVES_DIRECTIONS) {
        draw_directions(explorer, frame, rect);
        return;
    }
    draw_map(explorer, frame, rect);
    struct ls_rect side = {rect.row, rect.col + rect.cols - SIDE_COLS, rect.rows, SIDE_COLS};
    draw_side(explorer, frame, side);
    ls_frame_cursor(frame, rect.row, 0);
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    ls_list_move(&explorer->moves, direction, step, ls_table_page(ls_explorer_body(explorer)));
}

static void open_row(struct ls_explorer *explorer)
{
    const struct ls_list *list = &explorer->moves;
    if (list->n == 0 || explorer->moves_pane != LS_MOVES_LEDGER)
        return;
    const struct ls_move *move = move_at(explorer, list->row[list->selected]);
    ls_explorer_choose_customer(explorer, move->customer);
    explorer->why_source = move->source;
    explorer->why_destination = move->destination;
    ls_explorer_go(explorer, LS_VIEW_CUSTOMER);
}

static void pane(struct ls_explorer *explorer)
{
    explorer->moves_pane = (explorer->moves_pane + 1) % LS_MOVES_PANES;
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    if (explorer->moves_pane != LS_MOVES_LEDGER)
        return false;
    if (row == rect.row) {
        ls_table_click(explorer, rect, columns, sizeof columns / sizeof *columns, &explorer->moves, col);
        return false;
    }
    size_t index = explorer->moves.top + (size_t)(row - rect.row - 1);
    if (row <= rect.row || index >= explorer->moves.n)
        return false;
    ls_list_select(&explorer->moves, index, ls_table_page(rect));
    return true;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_list *list = &explorer->moves;
    if (explorer->moves_pane != LS_MOVES_LEDGER || list->n == 0)
        return NULL;
    ls_plain_move(out, explorer->answer, move_at(explorer, list->row[list->selected]));
    return "the move";
}

const struct ls_view ls_view_moves = {
    .name = "Moves",
    .digit = 4,
    .hints = "Enter opens, says why  Tab map, directions  s sort  S reverse  n/p day",
    .draw = draw,
    .vertical = vertical,
    .open = open_row,
    .opens_answer = true,
    .pane = pane,
    .click = click,
    .copy = copy,
};
