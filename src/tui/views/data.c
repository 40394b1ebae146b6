/* What was read and what is doubtful about it. */
#include "report/plain.h"
#include "report/quality.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LABEL_COLS 22
#define COUNT_COLS 14
#define INDENT     4 /* of what there is no room for on a sentence's first line */

/* Lines of which a window is seen. */
struct page {
    struct ls_frame *frame; /* NULL: they are only counted */
    struct ls_rect rect;
    size_t scroll, n;
};

/* Where the next line goes; false when it is not seen. */
static bool next_line(struct page *page, int *row)
{
    size_t line = page->n++;
    if (page->frame == NULL || line < page->scroll || line >= page->scroll + (size_t)page->rect.rows)
        return false;
    *row = page->rect.row + (int)(line - page->scroll);
    return true;
}

static void put_line(struct page *page, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void put_line(struct page *page, unsigned style, const char *format, ...)
{
    char text[LS_FRAME_REST];
    const char *rest = text;
    int row, indent = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    do {
        int cols = page->rect.cols - 1 - indent;
        size_t n = ls_text_line(rest, cols);
        if (next_line(page, &row))
            ls_frame_putf(page->frame, row, 1 + indent, cols, style, "%.*s", (int)n, rest);
        rest += n;
        rest += strspn(rest, " ");
        indent = INDENT;
    } while (*rest != '\0');
}

static void put_count(struct page *page, const char *label, uint64_t count, const char *meaning)
{
    bool doubtful = count > 0 && meaning[0] != '\0';
    int row;
    if (!next_line(page, &row))
        return;
    ls_frame_put(page->frame, row, 1, LABEL_COLS, LS_STYLE_LABEL, label);
    ls_frame_putf(page->frame, row, 1 + LABEL_COLS, COUNT_COLS, doubtful ? LS_STYLE_CHANGED : LS_STYLE_VALUE,
                  "%12" PRIu64, count);
    if (doubtful)
        ls_frame_put(page->frame, row, 2 + LABEL_COLS + COUNT_COLS, LS_FRAME_REST, LS_STYLE_MUTED, meaning);
}

static void put_counts(struct page *page, const struct ls_quality *q)
{
    put_count(page, "rows read", q->rows, "");
    put_count(page, "known readings", q->readings, "");
    put_count(page, "slots without a row", q->gaps, "within a home's span: unknown");
    put_count(page, "empty readings", q->missing, "unknown: neither source nor destination");
    put_count(page, "negative readings", q->negative, "export: counted and treated as unknown");
    put_count(page, "exact duplicates", q->duplicates, "dropped");
    put_count(page, "rounded readings", q->rounded, "had digits finer than what is kept");
    put_count(page, "rows of factors", q->factor_rows, "from the factor file");
    put_count(page, "city slots", q->slots, "");
    put_count(page, "  without factors", q->slots_without_factor, "their usage counts in no emission total");
}

/* What of the saving on the Day screen one should not be too sure of. */
static void put_day(struct page *page, const struct ls_answer *answer)
{
    const struct ls_plan *plan = answer->plan;
    struct ls_doubtful doubtful;
    ls_doubtful_of(answer, &doubtful);
    put_line(page, doubtful.homes > 0 ? LS_STYLE_WARNING : LS_STYLE_VALUE,
             "doubtful are %.2f of %.2f kg marg, %.2f of %.2f kg avg saved this day",
             ls_plain_figure(doubtful.saved_marg_g / 1e3, 2), ls_plain_figure(plan->saved_marg_g / 1e3, 2),
             ls_plain_figure(doubtful.saved_avg_g / 1e3, 2), ls_plain_figure(plan->saved_avg_g / 1e3, 2));
    put_line(page, LS_STYLE_MUTED, "  homes that move: %zu lack readings, %zu above %g kW, %zu flat all day",
             doubtful.incomplete, doubtful.large, LS_LARGE_KW, doubtful.flat);
    if (plan->uncovered_kwh > 0)
        put_line(page, LS_STYLE_WARNING, "%.1f kWh of this day lie in slots without factors",
                 plan->uncovered_kwh);
    put_line(page, LS_STYLE_VALUE, "daily load L %.1f kWh, the homes' own mean %.1f kWh%s",
             answer->day->daily_load_kwh, answer->day->own_daily_load_kwh,
             answer->day->daily_load_kwh < 0.999 * answer->day->own_daily_load_kwh
                 ? "  (below: is it hourly?)"
                 : "");
}

static void put_changes(struct page *page, const struct ls_explorer *explorer)
{
    if (explorer->n_changes == 0)
        put_line(page, LS_STYLE_VALUE, "clock changes: none within these days");
    size_t listed = explorer->n_changes < LS_CHANGES_SHOWN ? explorer->n_changes : LS_CHANGES_SHOWN;
    bool longer = false;
    for (size_t i = 0; i < listed; i++) {
        const struct ls_clock_change *change = &explorer->changes[i];
        char date[LS_DATE_SIZE], more[48] = "";
        if (i + 1 == listed && explorer->n_changes > listed)
            snprintf(more, sizeof more, ", and %zu more days", explorer->n_changes - listed);
        put_line(
            page, LS_STYLE_WARNING, "%s %s has %g hours%s%s", i == 0 ? "clock changes:" : "              ",
            ls_date_format(change->date, date), change->minutes / 60.0,
            change->minutes > LS_DAY_MINUTES && !longer ? "; a time that comes twice is then 01:30b" : "",
            more);
        longer |= change->minutes > LS_DAY_MINUTES;
    }
}

static void put_doubts(struct page *page, const struct ls_explorer *explorer)
{
    const struct ls_survey *survey = ls_surveyor_survey(explorer->surveyor);
    if (!ls_surveyor_suits(explorer->dataset, explorer->options->store)) {
        put_line(page, LS_STYLE_MUTED, "doubts of data this large: loadscope info");
        return;
    }
    if (survey == NULL) {
        bool failed =
            explorer->surveyor != NULL ? !ls_surveyor_busy(explorer->surveyor) : explorer->survey_failed;
        put_line(page, failed ? LS_STYLE_WARNING : LS_STYLE_MUTED,
                 failed ? "what is doubtful could not be looked for: loadscope info says why"
                        : "looking for what is doubtful");
        return;
    }
    put_line(page, LS_STYLE_TITLE,
             survey->n_doubts > 0 ? "doubts (loadscope info names homes and remedies)"
                                  : "no doubts: units, levels and factors look right");
    for (size_t i = 0; i < survey->n_doubts; i++) {
        const struct ls_doubt *doubt = &survey->doubts[i];
        bool in_all = doubt->city == LS_ALL_CITIES, minor = ls_doubt_minor(doubt);
        char homes[32] = "";
        if (doubt->n_homes > 0)
            snprintf(homes, sizeof homes, ", %zu home%s", doubt->n_homes, doubt->n_homes == 1 ? "" : "s");
        put_line(page, minor ? LS_STYLE_VALUE : LS_STYLE_WARNING, "  %s %s%s%s: %" PRIu64 "%s",
                 minor ? "-" : "!", ls_doubt_title(doubt->kind), in_all ? "" : " in ",
                 in_all ? "" : explorer->dataset->cities[doubt->city].name, doubt->count, homes);
    }
}

static void put_lines(const struct ls_explorer *explorer, struct page *page)
{
    const struct ls_dataset *dataset = explorer->dataset;
    char first[LS_DATE_SIZE], last[LS_DATE_SIZE];
    put_line(page, LS_STYLE_TITLE, "%zu home%s, %zu %s, %d-minute slots, kept to %d mWh, from %s",
             dataset->n_customers, dataset->n_customers == 1 ? "" : "s", dataset->n_cities,
             dataset->n_cities == 1 ? "city" : "cities", dataset->slot_minutes, dataset->quantum_mwh,
             explorer->options->data_name);
    put_line(page, LS_STYLE_VALUE, "%s: %zu home%s, %zu days with readings, %s to %s", explorer->city->name,
             explorer->city->n_customers, explorer->city->n_customers == 1 ? "" : "s", explorer->n_dates,
             ls_date_format(explorer->dates[0], first),
             ls_date_format(explorer->dates[explorer->n_dates - 1], last));
    put_changes(page, explorer);
    if (explorer->answer != NULL)
        put_day(page, explorer->answer);
    put_counts(page, &dataset->quality);
    put_doubts(page, explorer);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    struct page page = {.frame = frame, .rect = rect, .scroll = explorer->scroll};
    put_lines(explorer, &page);
    if (page.scroll + (size_t)rect.rows < page.n)
        ls_view_more(frame, rect);
    ls_frame_cursor(frame, rect.row, 0);
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    struct page page = {.rect = ls_explorer_body(explorer)};
    put_lines(explorer, &page);
    ls_view_scroll(explorer, direction, step, page.n);
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    ls_plain_data(out, explorer->dataset, explorer->answer);
    return "what was read";
}

const struct ls_view ls_view_data = {
    .name = "Data",
    .digit = 7,
    .hints = "PgUp PgDn scroll  n/p day  C city",
    .draw = draw,
    .vertical = vertical,
    .copy = copy,
};
