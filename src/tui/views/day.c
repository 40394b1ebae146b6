/*
 * The home screen: limits and totals at left, the day's pictures on one time axis at right.
 *
 * The change by slot keeps its rows when they are few and the usage chart gives way: on real homes a plan
 * moves two per cent of the energy, which only the change can show.
 */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MANY_HOMES    100000 /* from here on two counts need a narrower word between them */
#define LEFT_COLS     23     /* width of the limits */
#define GAIN_COLS     17     /* beside them, what a step more of each would save */
#define LABEL_COLS    13
#define SYMBOL_COL    15
#define VALUE_END     22 /* the mark stands here */
#define USAGE_MIN     5
#define CHANGE_MIN    6
#define ROWS_FOR_MORE 5 /* rows of the charts for one more row on each side of the change */
#define LIMIT_ROWS    9
#define PEAK_ROW      0   /* of them, Z's */
#define WIDE_COLS     140 /* a note fits beside the slot's figures */
#define NOTE_COLS     56
#define GAINS_FROM    142 /* columns from which that has room, and slots two columns each */

static const struct {
    const char *dotted;
    const char *label;
} limits[LIMIT_ROWS] = {
    [PEAK_ROW] = {"peak.reduction_limit_percent", "Peak comfort"},
    {"spike.alpha_percent", "Anti-spike"},
    {"regional.load_shift_percent_limit", "Budget"},
    {"behaviour.shift_window_hours", "Window"},
    {"behaviour.moves_per_day", "Moves a day"},
    {"behaviour.moves_per_week", "Moves a week"},
    {"household_minimum.R_percent", "Floor"},
    {"run.engine", "Engine"},
    {"run.week_context", "Week"},
};

const struct ls_parameter *ls_explorer_limit(int row)
{
    size_t count;
    const struct ls_parameter *parameter = ls_parameters(&count);
    char city[LS_ID_BYTES + 1];
    assert(row >= 0 && row < LIMIT_ROWS);
    (void)ls_parameter_find(limits[row].dotted, &parameter, city, NULL);
    return parameter;
}

int ls_explorer_limits(void)
{
    return LIMIT_ROWS;
}

int ls_explorer_limit_row(const struct ls_parameter *parameter)
{
    for (int row = 0; row < LIMIT_ROWS; row++)
        if (ls_explorer_limit(row) == parameter)
            return row;
    return -1;
}

static bool has_gains(int cols)
{
    return cols >= GAINS_FROM;
}

bool ls_view_day_is_wide(const struct ls_explorer *explorer)
{
    return has_gains(explorer->frame->cols);
}

/* Columns left of the charts. */
static int left_cols(int cols)
{
    return has_gains(cols) ? LEFT_COLS + GAIN_COLS : LEFT_COLS;
}

/* '*': differs from the saved scenario; '~': the picture was made with another value. */
static const char *value_mark(const struct ls_explorer *explorer, const struct ls_parameter *limit)
{
    char now[LS_VALUE_SIZE], saved[LS_VALUE_SIZE], shown[LS_VALUE_SIZE];
    ls_parameter_get(limit, &explorer->policy, NULL, now, sizeof now);
    ls_parameter_get(limit, &explorer->saved, NULL, saved, sizeof saved);
    if (explorer->answer != NULL)
        ls_parameter_get(limit, &explorer->answer->policy, NULL, shown, sizeof shown);
    if (explorer->answer != NULL && strcmp(now, shown) != 0)
        return "~";
    return strcmp(now, saved) != 0 ? "*" : " ";
}

/* A limit that holds nothing back whatever its value: peak comfort without peaks. */
static bool is_idle(const struct ls_explorer *explorer, int index)
{
    return index == PEAK_ROW && !ls_explorer_has_peaks(explorer);
}

/* What a step more of a limit would save, marginal and average. */
static void draw_gain(const struct ls_explorer *explorer, struct ls_frame *frame, int row,
                      const struct ls_parameter *limit)
{
    const struct ls_sensitivity *known = ls_gains_of(&explorer->gains, limit);
    char text[2][32];
    if (known == NULL || !known->further[LS_STEP_MORE].possible)
        return;
    snprintf(text[0], sizeof text[0], "%+.1f", ls_plain_figure(known->further[LS_STEP_MORE].more_marg_g, 1));
    snprintf(text[1], sizeof text[1], "%+.1f", ls_plain_figure(known->further[LS_STEP_MORE].more_avg_g, 1));
    for (int k = 0; k < 2; k++)
        ls_frame_put_right(frame, row, LEFT_COLS + k * (GAIN_COLS - 1) / 2, (GAIN_COLS - 1) / 2,
                           LS_STYLE_VALUE, text[k]);
}

static void draw_limit(const struct ls_explorer *explorer, struct ls_frame *frame, int row, int index)
{
    const struct ls_parameter *limit = ls_explorer_limit(index);
    bool selected = index == explorer->limit;
    char value[LS_VALUE_SIZE], text[LS_VALUE_SIZE + 32];
    ls_parameter_get(limit, &explorer->policy, NULL, value, sizeof value);
    for (char *at = value; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    bool bare = limit->type == LS_TYPE_INTEGER || limit->unit[0] == '\0' || strcmp(value, "none") == 0;
    snprintf(text, sizeof text, "%s%s%s", value, bare ? "" : " ", bare ? "" : limit->unit);
    const char *mark = value_mark(explorer, limit);
    unsigned label = !selected ? LS_STYLE_LABEL : explorer->at_slots ? LS_STYLE_INACTIVE : LS_STYLE_SELECTED;
    if (selected) {
        ls_frame_fill(frame, (struct ls_rect){row, 0, 1, 1 + LABEL_COLS}, label, ' ');
        ls_frame_put(frame, row, 0, 1, label, ">");
        if (!explorer->at_slots)
            ls_frame_cursor(frame, row, 0);
    }
    ls_frame_put(frame, row, 1, LABEL_COLS, label,
                 is_idle(explorer, index) ? "No peak hours" : limits[index].label);
    if (ls_text_cols(limit->symbol) == 1)
        ls_frame_put(frame, row, SYMBOL_COL, 2, LS_STYLE_LABEL, limit->symbol);
    ls_frame_put_right(frame, row, VALUE_END - ls_text_cols(text), ls_text_cols(text),
                       mark[0] == ' ' ? LS_STYLE_VALUE : LS_STYLE_CHANGED, text);
    ls_frame_put(frame, row, VALUE_END, 1, LS_STYLE_CHANGED, mark);
    if (has_gains(frame->cols))
        draw_gain(explorer, frame, row, limit);
}

/* "2.89 kg", "1.20 t ", of a home "84.3 g "; "-" where it is unknown. */
static void format_mass(double grams, char *out, size_t size)
{
    if (isnan(grams))
        snprintf(out, size, "-");
    else if (fabs(grams) >= 1e7)
        snprintf(out, size, "%.2f t ", grams / 1e6);
    else if (fabs(grams) >= LS_FEW_GRAMS || grams == 0)
        snprintf(out, size, "%.2f kg", ls_plain_figure(grams / 1e3, 2));
    else
        snprintf(out, size, "%.1f g ", ls_plain_figure(grams, 1));
}

static void format_energy(double kwh, char *out, size_t size)
{
    if (fabs(kwh) >= 1e5)
        snprintf(out, size, "%.1f MWh", kwh / 1e3);
    else
        snprintf(out, size, "%.*f kWh", fabs(kwh) < LS_FEW_KWH ? 2 : 1, kwh);
}

/* Marginal and average on the one row that there is. */
static void draw_pair(const struct ls_plan *plan, struct ls_frame *frame, int row)
{
    if (ls_plan_lacks_factors(plan)) {
        ls_frame_put(frame, row, 1, LEFT_COLS - 1, LS_STYLE_VALUE, "marg - avg -");
        return;
    }
    double most = fmax(fabs(plan->saved_marg_g), fabs(plan->saved_avg_g));
    double unit_g = most >= 1e6 ? 1e6 : most >= LS_FEW_GRAMS ? 1e3 : 1;
    int digits = most / unit_g < 9.995 ? 2 : most / unit_g < 99.95 ? 1 : 0;
    ls_frame_putf(frame, row, 1, LEFT_COLS - 1, LS_STYLE_VALUE, "marg %.*f avg %.*f %s", digits,
                  ls_plain_figure(plan->saved_marg_g / unit_g, digits), digits,
                  ls_plain_figure(plan->saved_avg_g / unit_g, digits),
                  unit_g >= 1e6 ? "t"
                  : unit_g > 1  ? "kg"
                                : "g");
}

struct total {
    const char *label;
    char value[40];
};

/* The totals in the order in which they give way to a low screen, last first. */
static int list_totals(const struct ls_explorer *explorer, struct total *totals)
{
    const struct ls_plan *plan = explorer->answer->plan;
    bool unknown = ls_plan_lacks_factors(plan);
    int n = 0;
    totals[n].label = "marginal";
    format_mass(unknown ? NAN : plan->saved_marg_g, totals[n++].value, sizeof totals->value);
    totals[n].label = "average";
    format_mass(unknown ? NAN : plan->saved_avg_g, totals[n++].value, sizeof totals->value);
    totals[n].label = "of the day";
    if (plan->baseline_marg_g != 0)
        snprintf(totals[n++].value, sizeof totals->value, "%.2f %%",
                 ls_plain_figure(100 * plan->saved_marg_g / plan->baseline_marg_g, 2));
    else
        snprintf(totals[n++].value, sizeof totals->value, "-");
    totals[n].label = "moved";
    format_energy(plan->moved_kwh, totals[n++].value, sizeof totals->value);
    totals[n].label = "homes";
    snprintf(totals[n++].value, sizeof totals->value,
             plan->n_customers < MANY_HOMES ? "%zu of %zu" : "%zu/%zu", plan->customers_moving,
             plan->n_customers);
    totals[n].label = "budget used";
    if (isfinite(plan->budget_kwh) && plan->budget_kwh > 0)
        snprintf(totals[n++].value, sizeof totals->value, "%.0f %%",
                 100 * plan->budget_used_kwh / plan->budget_kwh);
    else
        snprintf(totals[n++].value, sizeof totals->value, "no limit");
    struct ls_totals account;
    ls_totals_of(plan, &account);
    if (!isnan(account.gap)) {
        totals[n].label = "gap at most";
        snprintf(totals[n++].value, sizeof totals->value, "%.1f %%", 100 * account.gap);
    }
    if (plan->customers_no_quota > 0) {
        totals[n].label = "out of moves";
        snprintf(totals[n++].value, sizeof totals->value, "%zu home%s", plan->customers_no_quota,
                 plan->customers_no_quota == 1 ? "" : "s");
        return n;
    }
    totals[n].label = "raise avg";
    snprintf(totals[n++].value, sizeof totals->value, "%zu moves", plan->moves_disagreeing);
    return n;
}

static void draw_left(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    int row = rect.row, end = rect.row + rect.rows;
    if (has_gains(frame->cols))
        ls_frame_put(frame, row, LEFT_COLS + 1, GAIN_COLS - 1, LS_STYLE_LABEL, "1 more:marg avg g");
    ls_frame_put(frame, row++, 1, LEFT_COLS - 1, LS_STYLE_TITLE, "Limits");
    for (int i = 0; i < LIMIT_ROWS && row < end; i++)
        draw_limit(explorer, frame, row++, i);
    if (explorer->answer == NULL || row >= end)
        return;
    struct total totals[10];
    int n = list_totals(explorer, totals);
    if (end - row == 1) {
        draw_pair(explorer->answer->plan, frame, row);
        return;
    }
    if (end - row > n)
        row += end - row > n + 1;
    if (end - row > 2) /* marginal and average stand together first */
        ls_frame_put(frame, row++, 1, LEFT_COLS - 1, LS_STYLE_TITLE, "Saved");
    for (int i = 0; i < n && row < end; i++, row++) {
        ls_frame_put(frame, row, 1, LABEL_COLS, LS_STYLE_LABEL, totals[i].label);
        int cols = ls_text_cols(totals[i].value);
        ls_frame_put_right(frame, row, VALUE_END - cols, cols, LS_STYLE_VALUE, totals[i].value);
    }
}

/* Slots that have a place in these arrays are those of the answer's day. */
struct curves {
    double base[LS_SLOTS_MAX], shifted[LS_SLOTS_MAX], change[LS_SLOTS_MAX];
};

static void fill_curves(const struct ls_plan *plan, struct curves *curves)
{
    for (int t = 0; t < plan->n_slots; t++) {
        const struct ls_slot_result *slot = &plan->slots[t];
        curves->base[t] = slot->baseline_kwh;
        curves->change[t] = slot->in_kwh - slot->out_kwh;
        curves->shifted[t] = slot->baseline_kwh + curves->change[t];
    }
}

void ls_view_day_scales(const struct ls_explorer *explorer, double *usage_top, double *change_top)
{
    struct curves curves;
    double usage = 0, change = 0;
    fill_curves(explorer->answer->plan, &curves);
    for (int t = 0; t < explorer->answer->plan->n_slots; t++) {
        usage = fmax(usage, fmax(curves.base[t], curves.shifted[t]));
        change = fmax(change, fabs(curves.change[t]));
    }
    *usage_top = ls_chart_top(usage);
    *change_top = ls_chart_top(change);
}

/* Why nothing moves, when nothing does. */
static void draw_stillness(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_answer *answer = explorer->answer;
    const struct ls_plan *plan = answer->plan;
    char text[200];
    if (ls_plan_lacks_factors(plan))
        snprintf(text, sizeof text, LS_NO_FACTORS);
    else if (plan->customers_no_quota > 0 && answer->earlier_days > 0)
        snprintf(text, sizeof text,
                 "%zu of %zu homes used all %d moves of the week on the %d %s before; W frees the day",
                 plan->customers_no_quota, plan->n_customers, answer->policy.moves_per_week,
                 answer->earlier_days, answer->earlier_days == 1 ? "day" : "days");
    else if (answer->policy.moves_per_day == 0 || answer->policy.moves_per_week == 0)
        snprintf(text, sizeof text, "the limits allow no moves");
    else
        snprintf(text, sizeof text, "nothing moves under these limits; w says why for a customer");
    struct ls_rect middle = {rect.row + 1, rect.col + LS_CHART_GUTTER + 2, 3,
                             rect.cols - LS_CHART_GUTTER - 4};
    ls_frame_paragraph(frame, middle, LS_STYLE_WARNING, text);
}

/* The slot's energy, what moved, its factors and its limit. */
static void draw_slot(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    const struct ls_cityday *day = explorer->answer->day;
    const struct ls_slot_result *slot = &explorer->answer->plan->slots[explorer->slot];
    char clock[8], factors[64] = "no factor", rest[96] = "";
    double usage, change;
    ls_view_day_scales(explorer, &usage, &change);
    int digits = usage <= LS_FEW_KWH ? 2 : 1;
    if (!isnan(day->mef_g_per_kwh[explorer->slot]))
        snprintf(factors, sizeof factors, "mef %.0f aef %.0f", day->mef_g_per_kwh[explorer->slot],
                 day->aef_g_per_kwh[explorer->slot]);
    if (slot->spike_binds)
        snprintf(rest, sizeof rest, "  full: anti-spike %.1f", slot->room_kwh);
    ls_frame_putf(frame, row, 1, LS_FRAME_REST, LS_STYLE_VALUE,
                  "%s%s  base %.*f shifted %.*f kWh  in %.2f out %.2f  %s%s",
                  ls_cityday_clock(day, explorer->slot, clock), slot->peak ? " peak" : "", digits,
                  slot->baseline_kwh, digits,
                  ls_plain_figure(slot->baseline_kwh - slot->out_kwh + slot->in_kwh, digits), slot->in_kwh,
                  slot->out_kwh, factors, rest);
}

/* Of the limit under the cursor, or of the slot. */
static void draw_figures(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    const struct ls_sensitivity *known = ls_gains_of(&explorer->gains, ls_explorer_limit(explorer->limit));
    char text[200];
    if (explorer->at_slots) {
        draw_slot(explorer, frame, row);
    } else if (is_idle(explorer, explorer->limit)) {
        const struct ls_cityday *day = explorer->answer->day;
        snprintf(text, sizeof text, "no peak hours this day, so Z limits nothing; set peak_hours.%s.%s",
                 day->city, ls_weekday_name(day->weekday));
        ls_frame_put_fit(frame, row, 1, frame->cols - 2, LS_STYLE_WARNING, text);
    } else if (known != NULL) {
        ls_view_steps(known, text, sizeof text);
        ls_frame_put(frame, row, 1, LS_FRAME_REST, LS_STYLE_VALUE, text);
    }
}

static void draw_note(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    const struct ls_plan *plan = explorer->answer->plan;
    if (plan->customers_no_quota > 0 && plan->customers_no_quota < plan->n_customers &&
        frame->cols >= WIDE_COLS)
        ls_frame_put_right(frame, row, frame->cols - NOTE_COLS, NOTE_COLS, LS_STYLE_WARNING,
                           "homes without moves left used them earlier in the week ");
}

static void draw_charts(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_cityday *day = explorer->answer->day;
    const struct ls_plan *plan = explorer->answer->plan;
    struct curves curves;
    uint8_t mark[LS_SLOTS_MAX];
    struct ls_chart_time time = ls_view_time(explorer, mark);
    if (!explorer->at_slots)
        time.selected = -1;
    fill_curves(plan, &curves);
    int spark_rows = rect.rows >= USAGE_MIN + CHANGE_MIN + 4 ? 2 : 1;
    int left = rect.rows - 2 * spark_rows;
    int change_rows = CHANGE_MIN + 2 * ((left - USAGE_MIN - CHANGE_MIN) / ROWS_FOR_MORE);
    struct ls_rect usage = {rect.row, rect.col, left - change_rows, rect.cols};
    struct ls_rect change = {usage.row + usage.rows, rect.col, change_rows, rect.cols};
    struct ls_rect marginal = {change.row + change.rows, rect.col, spark_rows, rect.cols};
    struct ls_rect average = {marginal.row + spark_rows, rect.col, spark_rows, rect.cols};
    ls_chart_usage(frame, usage, &time,
                   &(struct ls_chart_usage){.base = curves.base,
                                            .shifted = curves.shifted,
                                            .unit = "kWh",
                                            .top = explorer->scale_locked ? explorer->usage_top : 0});
    ls_chart_change(frame, change, &time,
                    &(struct ls_chart_change){.change = curves.change,
                                              .unit = "kWh",
                                              .top = explorer->scale_locked ? explorer->change_top : 0,
                                              .in = plan->moved_kwh,
                                              .out = plan->moved_kwh});
    if (plan->n_moves == 0)
        draw_stillness(explorer, frame, change);
    ls_chart_spark(
        frame, marginal, &time,
        &(struct ls_chart_spark){
            .value = day->mef_g_per_kwh, .label = "mef", .unit = "g/kWh", .style = LS_STYLE_MARGINAL});
    ls_chart_spark(
        frame, average, &time,
        &(struct ls_chart_spark){
            .value = day->aef_g_per_kwh, .label = "aef", .unit = "g/kWh", .style = LS_STYLE_AVERAGE});
    if (explorer->at_slots)
        ls_frame_cursor(frame, usage.row + usage.rows - 2,
                        rect.col + ls_chart_col(&time, rect.cols, explorer->slot));
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    struct ls_rect panes = {rect.row, rect.col, rect.rows - 1, rect.cols};
    int left = left_cols(frame->cols);
    struct ls_rect charts = {panes.row, left, panes.rows, panes.cols - left};
    draw_left(explorer, frame, panes);
    if (explorer->answer == NULL) {
        ls_view_empty(frame, charts, "solving the day");
        return;
    }
    if (explorer->answer->day->n_customers == 0) {
        ls_view_empty(frame, charts, "no known readings on this day; n and p go to others");
        return;
    }
    draw_charts(explorer, frame, charts);
    draw_figures(explorer, frame, rect.row + rect.rows - 1);
    draw_note(explorer, frame, rect.row + rect.rows - 1);
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    int by = step == LS_STEP_LINE ? 1 : LIMIT_ROWS;
    int limit = explorer->limit + direction * by;
    explorer->limit = limit < 0 ? 0 : limit >= LIMIT_ROWS ? LIMIT_ROWS - 1 : limit;
    explorer->at_slots = false;
}

static void horizontal(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    if (explorer->answer == NULL)
        return;
    int last = explorer->answer->day->n_slots - 1;
    int slot = explorer->slot + direction * (step == LS_STEP_END ? last : 1);
    explorer->slot = slot < 0 ? 0 : slot > last ? last : slot;
    explorer->at_slots = true;
}

static void open_limit(struct ls_explorer *explorer)
{
    const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
    struct ls_error error;
    if (limit->type == LS_TYPE_CHOICE) {
        if (ls_parameter_nudge(limit, &explorer->policy, NULL, 1, &error) != 0)
            ls_explorer_fail(explorer, &error);
        else
            ls_explorer_policy_turned(explorer, NULL);
        return;
    }
    ls_explorer_edit_limit(explorer);
}

static void pane(struct ls_explorer *explorer)
{
    explorer->at_slots = !explorer->at_slots;
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    int limit = row - rect.row - 1;
    if (col < LEFT_COLS && limit >= 0 && limit < LIMIT_ROWS) {
        explorer->limit = limit;
        explorer->at_slots = false;
        return true;
    }
    int left = left_cols(rect.cols);
    if (explorer->answer == NULL || col < left)
        return false;
    uint8_t mark[LS_SLOTS_MAX];
    struct ls_chart_time time = ls_view_time(explorer, mark);
    int slot = ls_chart_slot(&time, rect.cols - left, col - left);
    if (slot < 0)
        return false;
    explorer->slot = slot;
    explorer->at_slots = true;
    return false;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    if (explorer->at_slots)
        ls_plain_slot(out, explorer->answer, explorer->slot);
    else
        ls_plain_parameter(out, ls_explorer_limit(explorer->limit), &explorer->policy, NULL);
    return explorer->at_slots ? "the slot" : "the limit";
}

const struct ls_view ls_view_day = {
    .name = "Day",
    .digit = 2,
    .hints = "[ ] nudge  Enter edit  Tab pane  ←→ slot  n/p day  c list  w why  e engine",
    .draw = draw,
    .vertical = vertical,
    .horizontal = horizontal,
    .open = open_limit,
    .pane = pane,
    .click = click,
    .copy = copy,
};
