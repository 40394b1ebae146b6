/* One customer: usage, floor and peaks in one plot, its moves, and why a pair of slots was moved or refused.
 */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WHY_ROWS   4
#define MOVES_ROWS 4 /* of so many rows one is for the list of moves, and no less than so many in all */
#define CHART_MIN  5

/* The customer's own day; slots without a reading are gaps. */
struct curves {
    double base[LS_SLOTS_MAX], shifted[LS_SLOTS_MAX], floor[LS_SLOTS_MAX];
};

static void fill_curves(const struct ls_answer *answer, size_t customer, struct curves *curves)
{
    const struct ls_cityday *day = answer->day;
    for (int t = 0; t < day->n_slots; t++) {
        curves->base[t] = curves->shifted[t] = ls_cityday_kwh(day, customer, t);
        curves->floor[t] = isnan(curves->base[t]) ? NAN : ls_cityday_floor_kwh(day, customer, t);
    }
    for (size_t m = 0; m < answer->plan->n_moves; m++) {
        const struct ls_move *move = &answer->plan->moves[m];
        if (move->customer != customer)
            continue;
        curves->shifted[move->source] -= move->kwh;
        curves->shifted[move->destination] += move->kwh;
    }
}

static void draw_head(const struct ls_explorer *explorer, size_t customer, struct ls_frame *frame, int row)
{
    const struct ls_answer *answer = explorer->answer;
    const struct ls_customer_result *result = &answer->plan->customers[customer];
    char quota[32] = "no quota", saved[64] = "marg - avg -";
    if (result->quota_left >= 0)
        snprintf(quota, sizeof quota, "quota %d of %d", result->quota_left, answer->policy.moves_per_week);
    if (!ls_plan_lacks_factors(answer->plan))
        snprintf(saved, sizeof saved, "marg %.1f avg %.1f g", ls_plain_figure(result->saved_marg_g, 1),
                 ls_plain_figure(result->saved_avg_g, 1));
    ls_frame_putf(frame, row, 1, frame->cols - 2, LS_STYLE_TITLE, "%s  %.1f kWh, pct %.0f  saved %s  %s",
                  answer->day->id[customer],
                  (double)answer->day->day_quanta[customer] / answer->day->quanta_per_kwh,
                  answer->day->percentile[customer], saved, quota);
}

static int n_moves(const struct ls_answer *answer, size_t customer)
{
    int n = 0;
    for (size_t m = 0; m < answer->plan->n_moves; m++)
        n += answer->plan->moves[m].customer == customer;
    return n;
}

/* Lists the customer's moves; returns the rows used. The last one says what there was no room for. */
static int draw_moves(const struct ls_explorer *explorer, size_t customer, struct ls_frame *frame,
                      struct ls_rect rect)
{
    const struct ls_answer *answer = explorer->answer;
    const double *mef = answer->day->mef_g_per_kwh, *aef = answer->day->aef_g_per_kwh;
    int rows = 0, n = n_moves(answer, customer), listed = n <= rect.rows ? n : rect.rows - 1;
    for (size_t m = 0; m < answer->plan->n_moves && rows < listed; m++) {
        const struct ls_move *move = &answer->plan->moves[m];
        char from[8], to[8];
        if (move->customer != customer)
            continue;
        ls_frame_putf(frame, rect.row + rows++, rect.col, rect.cols, LS_STYLE_VALUE,
                      "%s to %s  %.3f kWh  saves marg %.1f avg %.1f g  limit: %s",
                      ls_cityday_clock(answer->day, move->source, from),
                      ls_cityday_clock(answer->day, move->destination, to), move->kwh,
                      ls_plain_figure((mef[move->source] - mef[move->destination]) * move->kwh, 1),
                      ls_plain_figure((aef[move->source] - aef[move->destination]) * move->kwh, 1),
                      ls_limit_name(move->limited_by));
    }
    if (n == 0)
        ls_frame_put(frame, rect.row + rows++, rect.col, rect.cols, LS_STYLE_MUTED, "no moves this day");
    else if (listed < n)
        ls_frame_putf(frame, rect.row + rows++, rect.col, rect.cols, LS_STYLE_MUTED, "and %d more; 4 has all",
                      n - listed);
    return rows;
}

static void draw_why(const struct ls_explorer *explorer, size_t customer, struct ls_frame *frame,
                     struct ls_rect rect)
{
    const struct ls_cityday *day = explorer->answer->day;
    char from[8], to[8], text[600];
    struct ls_why why;
    struct ls_error error;
    if (explorer->why_source < 0) {
        ls_frame_paragraph(
            frame, rect, LS_STYLE_VALUE,
            ls_plan_lacks_factors(explorer->answer->plan)
                ? LS_NO_FACTORS
                : "why: no slot of this day has a cleaner one within the window; arrows choose "
                  "a pair to ask about");
        return;
    }
    if (ls_why_pair(explorer->answer, customer, explorer->why_source, explorer->why_destination, &why,
                    &error) != 0) {
        ls_frame_paragraph(frame, rect, LS_STYLE_ERROR, ls_error_text(&error, text, sizeof text));
        return;
    }
    ls_cityday_clock(day, explorer->why_source, from);
    ls_cityday_clock(day, explorer->why_destination, to);
    bool at_destination = explorer->why_at_destination;
    ls_frame_putf(frame, rect.row, rect.col, rect.cols, LS_STYLE_TITLE,
                  "Why %s%s%s to %s%s%s: %-9s limit: %s", at_destination ? "" : "[", from,
                  at_destination ? "" : "]", at_destination ? "[" : "", to, at_destination ? "]" : "",
                  why.made ? "moved" : "not moved", ls_limit_name(why.limit));
    ls_plain_why_text(&why, ls_gains_for(&explorer->gains, &why), text, sizeof text);
    struct ls_rect lines = {rect.row + 1, rect.col, rect.rows - 1, rect.cols};
    ls_frame_paragraph(frame, lines, LS_STYLE_VALUE, text);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    size_t customer;
    if (!ls_explorer_customer_index(explorer, &customer)) {
        ls_view_empty(frame, rect,
                      explorer->answer == NULL ? "solving the day"
                                               : "this customer has no known reading on this day");
        return;
    }
    const struct ls_cityday *day = explorer->answer->day;
    struct curves curves = {0};
    uint8_t mark[LS_SLOTS_MAX];
    struct ls_chart_time time = ls_view_time(explorer, mark);
    for (int t = 0; t < day->n_slots; t++)
        mark[t] &= LS_SLOT_PEAK;
    time.selected = explorer->why_at_destination ? explorer->why_destination : explorer->why_source;
    fill_curves(explorer->answer, customer, &curves);
    draw_head(explorer, customer, frame, rect.row);

    int spare = rect.rows - 1 - WHY_ROWS - CHART_MIN - 1;
    int most = rect.rows / MOVES_ROWS > MOVES_ROWS ? rect.rows / MOVES_ROWS : MOVES_ROWS;
    struct ls_rect moves = {rect.row + 1, 1, spare < 1 ? 1 : spare < most ? spare : most, rect.cols - 2};
    int used = 1 + draw_moves(explorer, customer, frame, moves);
    struct ls_rect why = {rect.row + rect.rows - WHY_ROWS, 1, WHY_ROWS, rect.cols - 2};
    int spark_rows = rect.rows - used - WHY_ROWS >= CHART_MIN + 3 ? 2 : 0;
    struct ls_rect chart = {rect.row + used, rect.col, rect.rows - used - WHY_ROWS - spark_rows, rect.cols};
    ls_chart_usage(frame, chart, &time,
                   &(struct ls_chart_usage){
                       .base = curves.base, .shifted = curves.shifted, .floor = curves.floor, .unit = "kWh"});
    struct ls_rect spark = {chart.row + chart.rows, rect.col, spark_rows, rect.cols};
    if (spark_rows > 0)
        ls_chart_spark(
            frame, spark, &time,
            &(struct ls_chart_spark){
                .value = day->mef_g_per_kwh, .label = "mef", .unit = "g/kWh", .style = LS_STYLE_MARGINAL});
    draw_why(explorer, customer, frame, why);
    if (time.selected >= 0)
        ls_frame_cursor(frame, chart.row + chart.rows - 2,
                        chart.col + ls_chart_col(&time, chart.cols, time.selected));
}

/* Up and down go to the neighbours in the list. */
static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    struct ls_list *list = &explorer->customers;
    ls_list_move(list, direction, step, (size_t)explorer->frame->rows);
    if (list->n > 0)
        ls_explorer_choose_customer(explorer, list->row[list->selected]);
}

static void horizontal(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    if (explorer->answer == NULL)
        return;
    int last = explorer->answer->day->n_slots - 1;
    if (explorer->why_source < 0)
        explorer->why_source = explorer->why_destination = 0;
    int *end = explorer->why_at_destination ? &explorer->why_destination : &explorer->why_source;
    int slot = *end + direction * (step == LS_STEP_END ? last : 1);
    *end = slot < 0 ? 0 : slot > last ? last : slot;
}

static void pane(struct ls_explorer *explorer)
{
    explorer->why_at_destination = !explorer->why_at_destination;
}

/* Why the pair came as it did, or what the customer used where there is none. */
static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    size_t customer;
    struct ls_why why;
    struct ls_error error;
    if (!ls_explorer_customer_index(explorer, &customer))
        return NULL;
    if (explorer->why_source >= 0 && ls_why_pair(explorer->answer, customer, explorer->why_source,
                                                 explorer->why_destination, &why, &error) == 0) {
        ls_plain_why(out, explorer->answer, &why, ls_gains_for(&explorer->gains, &why));
        return "why";
    }
    ls_plain_customer(out, explorer->answer, customer);
    return "the customer";
}

/* A slot of the chart becomes the end of the pair that the arrows move. */
static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    uint8_t mark[LS_SLOTS_MAX];
    if (explorer->answer == NULL || explorer->why_source < 0 || row <= rect.row)
        return false;
    struct ls_chart_time time = ls_view_time(explorer, mark);
    int slot = ls_chart_slot(&time, rect.cols, col - rect.col);
    if (slot >= 0)
        *(explorer->why_at_destination ? &explorer->why_destination : &explorer->why_source) = slot;
    return false;
}

const struct ls_view ls_view_customer = {
    .name = "Customer",
    .hints = "←→ slot asked about  Tab other end  ↑↓ next customer  [ ] nudge  Esc back",
    .draw = draw,
    .vertical = vertical,
    .horizontal = horizontal,
    .pane = pane,
    .click = click,
    .copy = copy,
};
