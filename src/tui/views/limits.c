/* Why the day saves what it saves: which limits bind, and what each of them costs. */
#include "report/plain.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_COLS  27
#define VALUE_COLS  13
#define COUNT_COLS  7
#define FIGURE_COLS 9
#define TEXT_ROWS   6   /* sentences below the table */
#define FEW_ROWS    16  /* rows below which the table gets some of theirs */
#define MUCH_G      1e4 /* from here on without a digit behind the point */
#define FEW_TEXT    4
#define COUNTS_FROM 80 /* columns from which there is room for how often a limit bound */

/* The chosen row; -1: none. */
static int chosen(const struct ls_explorer *explorer)
{
    const struct ls_limit_cost *cost = ls_gains_chosen(explorer);
    return cost != NULL ? (int)(cost - explorer->gains.cost) : -1;
}

static bool binds(const struct ls_limit_cost *cost)
{
    return !cost->off && (cost->binding.moves > 0 || cost->marg_g > 0);
}

static void draw_row(const struct ls_explorer *explorer, struct ls_frame *frame, int row, int index)
{
    const struct ls_limit_cost *cost = &explorer->gains.cost[index];
    const struct ls_binding *binding = &cost->binding;
    bool selected = index == chosen(explorer);
    int col = 2 + LABEL_COLS;
    if (selected) {
        ls_frame_fill(frame, (struct ls_rect){row, 0, 1, 2}, LS_STYLE_SELECTED, ' ');
        ls_frame_put(frame, row, 0, 1, LS_STYLE_SELECTED, ">");
        ls_frame_cursor(frame, row, 0);
    }
    ls_frame_put(frame, row, 2, LABEL_COLS - 1, selected ? LS_STYLE_SELECTED : LS_STYLE_LABEL,
                 cost->parameter->label);
    if (binds(cost))
        ls_frame_rune(frame, row, 1, selected ? LS_STYLE_SELECTED : LS_STYLE_BIND, 0x25c6);
    ls_frame_put_right(frame, row, col, VALUE_COLS, LS_STYLE_VALUE, cost->value);
    col += VALUE_COLS;
    if (cost->off) {
        ls_frame_put(frame, row, col + 1, LS_FRAME_REST, LS_STYLE_MUTED, "off");
        return;
    }
    char text[3][32] = {"", "", ""};
    snprintf(text[0], sizeof text[0], "%zu", binding->moves);
    snprintf(text[1], sizeof text[1], "%zu", binding->customers);
    snprintf(text[2], sizeof text[2], "%.1f", binding->stopped_kwh);
    bool counts = cost->limit != LS_LIMIT_HOURS && cost->limit != LS_LIMIT_WINDOW;
    bool stops = counts && cost->limit != LS_LIMIT_QUOTA;
    const char *const count[] = {stops ? text[0] : "-", counts ? text[1] : "-", stops ? text[2] : "-"};
    for (int k = 0; k < 3 && frame->cols >= COUNTS_FROM; k++, col += COUNT_COLS)
        ls_frame_put_right(frame, row, col, COUNT_COLS, LS_STYLE_VALUE, count[k]);
    snprintf(text[0], sizeof text[0], fabs(cost->marg_g) < MUCH_G ? "%+.1f" : "%+.0f", cost->marg_g);
    snprintf(text[1], sizeof text[1], fabs(cost->avg_g) < MUCH_G ? "%+.1f" : "%+.0f", cost->avg_g);
    ls_frame_put_right(frame, row, col, FIGURE_COLS, LS_STYLE_VALUE, text[0]);
    ls_frame_put_right(frame, row, col + FIGURE_COLS, FIGURE_COLS - 1, LS_STYLE_VALUE, text[1]);
}

static void draw_head(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_plan *plan = explorer->answer->plan;
    static const struct {
        int cols;
        bool count;
        const char *name;
    } heads[] = {{VALUE_COLS, false, "value"},   {COUNT_COLS, true, "stops"},
                 {COUNT_COLS, true, "homes"},    {COUNT_COLS, true, "kWh"},
                 {FIGURE_COLS, false, "marg g"}, {FIGURE_COLS - 1, false, "avg g"}};
    int col = 2 + LABEL_COLS;
    ls_frame_putf(frame, rect.row, 1, rect.cols - 1, LS_STYLE_TITLE,
                  rect.cols < COUNTS_FROM
                      ? "What limits cost; the day saves marg %.2f avg %.2f kg"
                      : "What limits cost this day, which saves %.2f kg marginal and %.2f kg average",
                  plan->saved_marg_g / 1e3, plan->saved_avg_g / 1e3);
    int cols = ls_frame_put(frame, rect.row + 1, 1, LABEL_COLS, LS_STYLE_TITLE, "◆ binds");
    if (!explorer->gains.has_costs)
        ls_frame_putf(frame, rect.row + 1, 1 + cols, LABEL_COLS - cols, LS_STYLE_MUTED, "  %zu of %d solved",
                      explorer->gains.n_costs, LS_LIMIT_COSTS);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (heads[i].count && frame->cols < COUNTS_FROM)
            continue;
        ls_frame_put_right(frame, rect.row + 1, col, heads[i].cols, LS_STYLE_TITLE, heads[i].name);
        col += heads[i].cols;
    }
}

/* What goes for all rows; the rows of the screen that it takes. */
static int draw_note(struct ls_frame *frame, struct ls_rect rect)
{
    return ls_frame_paragraph(frame, rect, LS_STYLE_MUTED,
                              "Each is a solve of its own. Costs do not add up: where one limit goes another "
                              "takes its place.");
}

/* What the chosen row's figures mean, word by word. The note stands first where there is room for both: it
 * stays where it is while the cursor moves. */
static void draw_sentences(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return;
    ls_plain_limit_cost(out, ls_gains_chosen(explorer));
    if (fclose(out) == 0) {
        text[strcspn(text, "\n")] = '\0';
        bool note_first = rect.rows >= TEXT_ROWS;
        int rows =
            note_first ? draw_note(frame, rect) : ls_frame_paragraph(frame, rect, LS_STYLE_VALUE, text);
        rect.row += rows;
        rect.rows -= rows;
        if (note_first)
            ls_frame_paragraph(frame, rect, LS_STYLE_VALUE, text);
        else
            draw_note(frame, rect);
    }
    free(text);
}

static int shown_rows(struct ls_rect rect, int n)
{
    int rows = rect.rows - 2 - (rect.rows < FEW_ROWS ? FEW_TEXT : TEXT_ROWS);
    return rows < n ? rows : n;
}

/* The first of `rows` rows, so that the chosen one is among them. */
static int first_row(const struct ls_explorer *explorer, int rows)
{
    int at = chosen(explorer);
    return at < rows ? 0 : at - rows + 1;
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_gains *gains = &explorer->gains;
    if (explorer->answer == NULL) {
        ls_view_empty(frame, rect, "solving the day");
        return;
    }
    draw_head(explorer, frame, rect);
    if (gains->n_costs == 0) {
        ls_view_empty(frame, rect,
                      explorer->answer->plan->outcome == LS_OUTCOME_CANCELLED
                          ? "the solve was stopped, so there is nothing to measure costs against"
                      : gains->stopped_costs ? "not solved; x solves the day without each limit in turn"
                                             : "solving the day without each limit in turn");
        return;
    }
    int rows = shown_rows(rect, (int)gains->n_costs), first = first_row(explorer, rows);
    for (int i = 0; i < rows; i++)
        draw_row(explorer, frame, rect.row + 2 + i, first + i);
    rows += rect.rows - 2 - rows > TEXT_ROWS;
    draw_sentences(explorer, frame,
                   (struct ls_rect){rect.row + 2 + rows, 1, rect.rows - 2 - rows, rect.cols - 2});
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    int last = (int)explorer->gains.n_costs - 1;
    int to = chosen(explorer) + direction * (step == LS_STEP_LINE ? 1 : LS_LIMIT_COSTS);
    explorer->cost = to > last ? last : to;
    explorer->cost = explorer->cost < 0 ? 0 : explorer->cost;
}

/* Goes to the limit on the Day screen, where it is one of those that are turned there. */
static void open_row(struct ls_explorer *explorer)
{
    const struct ls_limit_cost *cost = ls_gains_chosen(explorer);
    if (cost == NULL) {
        ls_explorer_refuse(explorer, "no limit's cost is under the cursor", "wait until they are worked out");
        return;
    }
    int row = ls_explorer_limit_row(cost->parameter);
    if (row < 0) {
        ls_explorer_refuse(explorer, "the Day screen does not turn this one", "8 has all parameters");
        return;
    }
    explorer->limit = row;
    explorer->at_slots = false;
    ls_explorer_go(explorer, LS_VIEW_DAY);
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    int rows = shown_rows(rect, (int)explorer->gains.n_costs), index = row - rect.row - 2;
    (void)col;
    if (index < 0 || index >= rows)
        return false;
    explorer->cost = first_row(explorer, rows) + index;
    return true;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    if (ls_gains_chosen(explorer) == NULL)
        return NULL;
    ls_plain_limit_cost(out, ls_gains_chosen(explorer));
    return "what the limit costs";
}

const struct ls_view ls_view_limits = {
    .name = "Limits",
    .hints = "↑↓ limit  [ ] nudge  Enter goes to it  c customers  n/p day  Esc back",
    .draw = draw,
    .vertical = vertical,
    .open = open_row,
    .opens_answer = true,
    .click = click,
    .copy = copy,
};
