/*
 * The calendar: every day of every city as a heat map, weeks as columns, of usage, saving or budget.
 *
 * What a day holds is known at once, what it comes to only when the almanac has solved it; until then it has
 * a glyph of its own. Where a day has one column only, marks stand in a row below its week, or in its place
 * where that row would cost a city.
 */
#include "report/plain.h"
#include "tui/chart.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <loadscope/quality.h>

#include <math.h>
#include <stdio.h>

#define GUTTER      10 /* columns of weekdays */
#define NAME_COLS   24 /* of a city's name, at most; months begin behind it */
#define CELL_MAX    6
#define NUMBER_CELL 6 /* from this width on a cell has the day of the month */
#define NUMBER_COLS 2
#define HEAD_ROWS   1
#define FOOT_ROWS   3 /* legend, and two of the day under the cursor */
#define PAGE_WEEKS  4
#define HELD_COL    15 /* behind weekday and date */
#define HOMES_COLS  13
#define MUCH_KWH    1e6 /* from here on without a digit behind the point */
#define COLOR_DAYS  100 /* on screen, at most, to be coloured */
#define MONTH_COLS  9   /* of a month with its year */
#define ROOMY_COLS  64  /* columns from which the legend has room for more than a blank between two words */

#define GLYPH_UNKNOWN "?"
#define GLYPH_EMPTY   "x"
#define GLYPH_NO_MEAN "-"
#define GLYPH_PARTIAL "~"
#define GLYPH_CLOCK   "c"

const char *const ls_measure_words[] = {"usage", "saving", "budget", NULL};
static const char *const measure_units[] = {"kWh", "kg", "%"};
static const char *const measure_titles[] = {"kWh used", "kg saved, marginal", "% of the budget used"};

/* Where days stand. */
struct layout {
    struct ls_rect rect; /* of the calendars */
    int cell;            /* columns a day */
    int32_t monday;      /* of the first week shown */
    int weeks;           /* shown */
    size_t city;         /* the first shown */
    size_t cities;       /* shown */
    int block;           /* rows a city */
    bool marks_below;
};

static bool has_days(const struct ls_explorer *explorer)
{
    return explorer->almanac != NULL &&
           ls_almanac_first(explorer->almanac) <= ls_almanac_last(explorer->almanac);
}

static struct layout lay_out(const struct ls_explorer *explorer, struct ls_rect rect)
{
    const struct ls_days_state *days = &explorer->days;
    struct ls_rect inner = {rect.row + HEAD_ROWS, rect.col + GUTTER, rect.rows - HEAD_ROWS - FOOT_ROWS,
                            rect.cols - GUTTER - 1};
    int32_t monday = ls_date_week_start(ls_almanac_first(explorer->almanac));
    int weeks = (ls_almanac_last(explorer->almanac) - monday) / LS_DAYS_A_WEEK + 1;
    int cell = inner.cols / weeks < 1 ? 1 : inner.cols / weeks > CELL_MAX ? CELL_MAX : inner.cols / weeks;
    int room = inner.cols / cell, shown = weeks <= room ? weeks : room > 0 ? room : 1;
    int page = (days->date - monday) / LS_DAYS_A_WEEK / shown;
    struct layout layout = {.rect = inner,
                            .cell = cell,
                            .monday = monday + page * shown * LS_DAYS_A_WEEK,
                            .weeks = weeks - page * shown < shown ? weeks - page * shown : shown,
                            .block = 1 + LS_DAYS_A_WEEK};
    size_t fit = inner.rows > layout.block ? (size_t)(inner.rows / layout.block) : 1;
    size_t cities = explorer->dataset->n_cities;
    fit = cities > 0 && cities < fit ? cities : fit;
    layout.marks_below = cell == 1 && (size_t)inner.rows >= fit * (size_t)(layout.block + 1);
    layout.block += layout.marks_below;
    layout.city = days->city / fit * fit;
    size_t left = explorer->dataset->n_cities - layout.city;
    layout.cities = left < fit ? left : fit;
    return layout;
}

/* What a day has by the measure; NaN when it is not known, or nothing. */
static double value_of(const struct ls_explorer *explorer, const struct ls_almanac_day *day)
{
    switch (explorer->days.measure) {
    case LS_MEASURE_SAVING:
        return day->solved && !day->result.lacks_factors ? day->result.saved_marg_g / 1e3 : (double)NAN;
    case LS_MEASURE_BUDGET:
        return day->solved ? 100 * day->result.budget_share : (double)NAN;
    default:
        return day->held.known > 0 ? day->held.usage_kwh : (double)NAN;
    }
}

static const struct ls_almanac_day *under_cursor(const struct ls_explorer *explorer)
{
    return ls_almanac_day(explorer->almanac, explorer->days.city, explorer->days.date);
}

/* The largest value of all days, and how many are solved of how many that can be. */
struct summary {
    double most;
    size_t solved, in_all, lacking_factors;
};

static struct summary sum_up(const struct ls_explorer *explorer)
{
    struct summary sum = {0};
    int32_t last = ls_almanac_last(explorer->almanac);
    for (size_t c = 0; c < explorer->dataset->n_cities; c++)
        for (int32_t date = ls_almanac_first(explorer->almanac); date <= last; date++) {
            const struct ls_almanac_day *day = ls_almanac_day(explorer->almanac, c, date);
            if (day == NULL)
                continue;
            sum.most = fmax(sum.most, value_of(explorer, day));
            sum.in_all += day->held.known > 0;
            sum.solved += day->solved;
            sum.lacking_factors += day->solved && day->result.lacks_factors;
        }
    return sum;
}

/* ---- cells ---- */

/* What is to be said of the day besides its value; "" for nothing. */
static const char *mark_of(const struct ls_almanac_day *day)
{
    if (day->held.minutes != LS_DAY_MINUTES)
        return GLYPH_CLOCK;
    return day->held.known > 0 && ls_archive_day_lacks(&day->held) > LS_GAPS_SHARE ? GLYPH_PARTIAL : "";
}

/* What stands in place of a shade. */
static const char *word_of(const struct ls_almanac_day *day, double value)
{
    if (day->held.known == 0)
        return GLYPH_EMPTY;
    if (!isnan(value))
        return NULL;
    return day->solved ? GLYPH_NO_MEAN : GLYPH_UNKNOWN;
}

/* Many days are glyphs alone: with colours, most of what a slow line gets would be changes of colour. */
static bool is_coloured(const struct layout *layout)
{
    return layout->weeks * LS_DAYS_A_WEEK * (int)layout->cities <= COLOR_DAYS;
}

static void draw_cell(const struct ls_explorer *explorer, struct ls_frame *frame, const struct layout *layout,
                      int row, int col, const struct ls_almanac_day *day, double top)
{
    double value = value_of(explorer, day);
    const char *word = word_of(day, value);
    int cols = layout->cell, shade = col, shades = cols > 1 ? cols - 1 : 1;
    if (cols >= NUMBER_CELL) {
        int32_t first, next;
        ls_date_month_span(day->held.date, &first, &next);
        ls_frame_putf(frame, row, col, NUMBER_COLS, LS_STYLE_LABEL, "%2d", day->held.date - first + 1);
        shade += NUMBER_COLS;
        shades -= NUMBER_COLS;
    }
    if (word != NULL)
        ls_frame_put(frame, row, shade, shades, LS_STYLE_MUTED, word);
    else
        ls_chart_heat(frame, row, shade, shades, value / top, is_coloured(layout));
    if (!layout->marks_below)
        ls_frame_put(frame, row, col + cols - 1, 1, LS_STYLE_WARNING, mark_of(day));
}

/* Of a number the number is turned round, else the cell. */
static void draw_selection(struct ls_frame *frame, int row, int col, int cols)
{
    int marked = cols >= NUMBER_CELL ? NUMBER_COLS : cols > 1 ? cols - 1 : 1;
    for (int c = col; c < col + marked; c++)
        frame->cell[row * frame->cols + c].style = LS_STYLE_SELECTED;
    ls_frame_cursor(frame, row, col);
}

/* Over the week in which a month begins, and over the first one; none before the column `from`. */
static void draw_months(struct ls_frame *frame, const struct layout *layout, int row, int from)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t end = layout->monday + layout->weeks * LS_DAYS_A_WEEK, first, next;
    for (int32_t date = layout->monday; date < end; date = next) {
        char text[LS_DATE_SIZE];
        ls_date_month_span(date, &first, &next);
        int week = (date - layout->monday + LS_DAYS_A_WEEK - 1) / LS_DAYS_A_WEEK;
        int until = (next - layout->monday + LS_DAYS_A_WEEK - 1) / LS_DAYS_A_WEEK;
        int room = ((until < layout->weeks ? until : layout->weeks) - week) * layout->cell;
        const char *name = names[(ls_date_format(first, text)[5] - '0') * 10 + text[6] - '1'];
        int col = layout->rect.col + week * layout->cell, taken = from - col;
        col += taken > 0 ? taken : 0;
        room -= taken > 0 ? taken : 0;
        if (room >= MONTH_COLS)
            ls_frame_putf(frame, row, col, room, LS_STYLE_AXIS, "%s %.4s", name, text);
        else if (room > 3)
            ls_frame_put(frame, row, col, room, LS_STYLE_AXIS, name);
    }
}

static void draw_week(const struct ls_explorer *explorer, struct ls_frame *frame, const struct layout *layout,
                      size_t city, int week, double top)
{
    int head = layout->rect.row + (int)(city - layout->city) * layout->block;
    int col = layout->rect.col + week * layout->cell;
    for (int w = 0; w < LS_DAYS_A_WEEK; w++) {
        int32_t date = layout->monday + week * LS_DAYS_A_WEEK + w;
        const struct ls_almanac_day *day = ls_almanac_day(explorer->almanac, city, date);
        int row = head + 1 + w;
        if (row >= layout->rect.row + layout->rect.rows)
            return;
        if (day != NULL) {
            draw_cell(explorer, frame, layout, row, col, day, top);
            if (layout->marks_below)
                ls_frame_put(frame, head + 1 + LS_DAYS_A_WEEK, col, 1, LS_STYLE_WARNING, mark_of(day));
        }
        if (city == explorer->days.city && date == explorer->days.date)
            draw_selection(frame, row, col, layout->cell);
    }
}

static void draw_city(const struct ls_explorer *explorer, struct ls_frame *frame, const struct layout *layout,
                      size_t city, double top)
{
    int head = layout->rect.row + (int)(city - layout->city) * layout->block;
    const char *name = explorer->dataset->cities[city].name;
    int cols = ls_text_cols(name) < NAME_COLS ? ls_text_cols(name) : NAME_COLS;
    ls_frame_put_fit(frame, head, 1, cols, LS_STYLE_TITLE, name);
    draw_months(frame, layout, head, 1 + cols + 1);
    if (layout->monday > ls_almanac_first(explorer->almanac))
        ls_frame_put(frame, head, 0, 1, LS_STYLE_MUTED, "<");
    if (layout->monday + layout->weeks * LS_DAYS_A_WEEK <= ls_almanac_last(explorer->almanac))
        ls_frame_put(frame, head, layout->rect.col + layout->rect.cols, 1, LS_STYLE_MUTED, ">");
    for (int w = 0; w < LS_DAYS_A_WEEK && head + 1 + w < layout->rect.row + layout->rect.rows; w++)
        ls_frame_put(frame, head + 1 + w, GUTTER - 4, 3, LS_STYLE_AXIS, ls_weekday_name(w));
    for (int week = 0; week < layout->weeks; week++)
        draw_week(explorer, frame, layout, city, week, top);
}

/* ---- around them ---- */

static void draw_head(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect,
                      const struct layout *layout, const struct summary *sum)
{
    int col = 1;
    for (int m = 0; m < LS_MEASURE_COUNT; m++) {
        bool chosen = m == (int)explorer->days.measure;
        col += 1 + ls_frame_putf(frame, rect.row, col, LS_FRAME_REST,
                                 chosen ? LS_STYLE_TAB_ACTIVE : LS_STYLE_TAB, chosen ? "[%s]" : "%s",
                                 ls_measure_words[m]);
    }
    char text[64] = "";
    if (sum->solved < sum->in_all)
        snprintf(text, sizeof text, "%zu of %zu solved ", sum->solved, sum->in_all);
    else if (layout->cities < explorer->dataset->n_cities)
        snprintf(text, sizeof text, "%zu of %zu cities, C next ", layout->cities,
                 explorer->dataset->n_cities);
    int cols = ls_text_cols(text);
    ls_frame_putf(frame, rect.row, col + 1, rect.cols - cols - col - 2, LS_STYLE_MUTED, "%s a day",
                  measure_titles[explorer->days.measure]);
    ls_frame_put(frame, rect.row, rect.cols - cols, cols, LS_STYLE_MUTED, text);
}

static void draw_legend(const struct ls_explorer *explorer, struct ls_frame *frame,
                        const struct layout *layout, int row, const struct summary *sum, double top)
{
    enum ls_measure measure = explorer->days.measure;
    char partial[32];
    int gap = frame->cols < ROOMY_COLS ? 1 : 2;
    snprintf(partial, sizeof partial, "lacks >%g %%", 100 * LS_GAPS_SHARE);
    const struct {
        const char *glyph, *meaning;
        bool used;
    } words[] = {{GLYPH_UNKNOWN, "unsolved", measure != LS_MEASURE_USAGE && sum->solved < sum->in_all},
                 {GLYPH_NO_MEAN, "no budget", measure == LS_MEASURE_BUDGET},
                 {GLYPH_NO_MEAN, "no factors", measure == LS_MEASURE_SAVING && sum->lacking_factors > 0},
                 {GLYPH_EMPTY, "none", true},
                 {GLYPH_PARTIAL, partial, true},
                 {GLYPH_CLOCK, "clock", true}};
    int col = 1 + ls_chart_heat_legend(frame, row, 1, top, measure_units[explorer->days.measure],
                                       is_coloured(layout));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!words[i].used)
            continue;
        col += gap + ls_frame_put(frame, row, col + gap, LS_FRAME_REST, LS_STYLE_VALUE, words[i].glyph);
        col += 1 + ls_frame_put(frame, row, col + 1, LS_FRAME_REST, LS_STYLE_MUTED, words[i].meaning);
    }
}

/* Figures keep their columns, so that a step of the cursor changes few cells. */
static void draw_held(const struct ls_explorer *explorer, struct ls_frame *frame, int row,
                      const struct ls_almanac_day *day)
{
    const struct ls_archive_day *held = &day->held;
    char lacks[16];
    int col = HELD_COL;
    col += ls_frame_putf(frame, row, col, LS_FRAME_REST, LS_STYLE_VALUE,
                         held->usage_kwh < LS_FEW_KWH ? "%9.2f kWh"
                         : held->usage_kwh < MUCH_KWH ? "%9.1f kWh"
                                                      : "%9.0f kWh",
                         held->usage_kwh);
    if (day->solved)
        ls_frame_putf(frame, row, col, LS_FRAME_REST, LS_STYLE_VALUE,
                      day->result.homes == 1 ? "%7zu home" : "%7zu homes", day->result.homes);
    col += HOMES_COLS;
    col += ls_frame_putf(frame, row, col, LS_FRAME_REST, LS_STYLE_VALUE, " lacks%5s %% ",
                         ls_plain_percent(ls_archive_day_lacks(held), lacks));
    if (held->minutes != LS_DAY_MINUTES)
        col += ls_frame_putf(frame, row, col, LS_FRAME_REST, LS_STYLE_WARNING, "%g hours  ",
                             held->minutes / 60.0);
    ls_frame_put(frame, row, col, LS_FRAME_REST, LS_STYLE_MUTED,
                 explorer->dataset->cities[explorer->days.city].name);
}

static void draw_result(const struct ls_explorer *explorer, struct ls_frame *frame, int row,
                        const struct ls_almanac_day *day)
{
    const struct ls_day_result *result = &day->result;
    if (!day->solved) {
        ls_frame_put(frame, row, 1, LS_FRAME_REST, LS_STYLE_MUTED,
                     explorer->days.stopped ? "not solved: x goes on" : "not solved yet");
        return;
    }
    if (result->lacks_factors) {
        ls_frame_put(frame, row, 1, LS_FRAME_REST, LS_STYLE_WARNING, "saving unknown: no emission factors");
        return;
    }
    double share = result->baseline_marg_g != 0 ? 100 * result->saved_marg_g / result->baseline_marg_g : 0;
    double most = fmax(fabs(result->saved_marg_g), fabs(result->saved_avg_g));
    double unit_g = most > 0 && most < LS_FEW_GRAMS ? 1 : 1e3;
    const char *unit = unit_g > 1 ? "kg" : " g";
    int col = 1 + ls_frame_putf(
                      frame, row, 1, LS_FRAME_REST, LS_STYLE_VALUE, "saved%8.2f %s marg%8.2f %s avg%6.2f %%",
                      ls_plain_figure(result->saved_marg_g / unit_g, 2), unit,
                      ls_plain_figure(result->saved_avg_g / unit_g, 2), unit, ls_plain_figure(share, 2));
    if (!isnan(result->budget_share))
        ls_frame_putf(frame, row, col, LS_FRAME_REST, LS_STYLE_VALUE, "  budget%4.0f %%",
                      100 * result->budget_share);
}

static void draw_day(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    const struct ls_almanac_day *day = under_cursor(explorer);
    int32_t date = explorer->days.date;
    char text[LS_DATE_SIZE];
    ls_frame_putf(frame, row, 1, LS_FRAME_REST, LS_STYLE_VALUE, "%s %s",
                  ls_weekday_name(ls_date_weekday(date)), ls_date_format(date, text));
    if (day == NULL || day->held.known == 0) {
        ls_frame_putf(frame, row, HELD_COL, LS_FRAME_REST, LS_STYLE_WARNING, "  no readings in %s",
                      explorer->dataset->cities[explorer->days.city].name);
        return;
    }
    draw_held(explorer, frame, row, day);
    draw_result(explorer, frame, row + 1, day);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    if (!has_days(explorer)) {
        ls_view_empty(frame, rect, "no days to show");
        return;
    }
    struct layout layout = lay_out(explorer, rect);
    struct summary sum = sum_up(explorer);
    double top = ls_chart_top(sum.most);
    draw_head(explorer, frame, rect, &layout, &sum);
    for (size_t c = layout.city; c < layout.city + layout.cities; c++)
        draw_city(explorer, frame, &layout, c, top);
    int foot = rect.row + rect.rows - FOOT_ROWS;
    draw_legend(explorer, frame, &layout, foot, &sum, top);
    draw_day(explorer, frame, foot + 1);
}

/* ---- moving ---- */

static void move_to(struct ls_explorer *explorer, int32_t date)
{
    int32_t first = ls_almanac_first(explorer->almanac), last = ls_almanac_last(explorer->almanac);
    explorer->days.date = date < first ? first : date > last ? last : date;
}

static void move(struct ls_explorer *explorer, int direction, enum ls_step step, int days)
{
    if (!has_days(explorer))
        return;
    if (step == LS_STEP_END)
        move_to(explorer,
                direction > 0 ? ls_almanac_last(explorer->almanac) : ls_almanac_first(explorer->almanac));
    else
        move_to(explorer, explorer->days.date +
                              direction * (step == LS_STEP_PAGE ? PAGE_WEEKS * LS_DAYS_A_WEEK : days));
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    move(explorer, direction, step, 1);
}

static void horizontal(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    move(explorer, direction, step, LS_DAYS_A_WEEK);
}

static void open_day(struct ls_explorer *explorer)
{
    const struct ls_city *city = &explorer->dataset->cities[explorer->days.city];
    int32_t date = explorer->days.date;
    if (!has_days(explorer))
        return;
    const struct ls_almanac_day *day = under_cursor(explorer);
    if (day == NULL || !day->held.has_row) {
        ls_explorer_say(explorer, "no readings on this day");
        return;
    }
    if (city != explorer->city)
        ls_explorer_set_city(explorer, city);
    for (size_t d = 0; d < explorer->n_dates; d++)
        if (explorer->dates[d] == date)
            ls_explorer_set_date(explorer, d);
    ls_explorer_go(explorer, LS_VIEW_DAY);
}

static void pane(struct ls_explorer *explorer)
{
    explorer->days.measure = (explorer->days.measure + 1) % LS_MEASURE_COUNT;
}

/* A click chooses a day, and opens the one that is chosen. */
static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    if (!has_days(explorer))
        return false;
    struct layout layout = lay_out(explorer, rect);
    int below = row - layout.rect.row, right = col - layout.rect.col;
    if (below < 0 || right < 0 || right >= layout.weeks * layout.cell ||
        below >= (int)layout.cities * layout.block)
        return false;
    size_t city = layout.city + (size_t)(below / layout.block);
    int weekday = below % layout.block - 1;
    if (weekday < 0 || weekday >= LS_DAYS_A_WEEK)
        return false;
    int32_t date = layout.monday + right / layout.cell * LS_DAYS_A_WEEK + weekday;
    if (ls_almanac_day(explorer->almanac, city, date) == NULL)
        return false;
    if (city == explorer->days.city && date == explorer->days.date) {
        open_day(explorer);
        return false;
    }
    explorer->days.city = city;
    explorer->days.date = date;
    return false;
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_almanac_day *day = explorer->almanac != NULL ? under_cursor(explorer) : NULL;
    if (day == NULL)
        return NULL;
    ls_plain_date(out, explorer->dataset->cities[explorer->days.city].name, &day->held,
                  day->solved ? &day->result : NULL);
    return "the day";
}

const struct ls_view ls_view_days = {
    .name = "Days",
    .digit = 1,
    .hints = "Enter opens the day  Tab measure  ←→ week  ↑↓ day  C city  x stop, go on",
    .draw = draw,
    .vertical = vertical,
    .horizontal = horizontal,
    .open = open_day,
    .pane = pane,
    .click = click,
    .copy = copy,
};
