/* What was read and what is doubtful about it. */
#include "report/plain.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>

struct fact {
    const char *label;
    uint64_t count;
    const char *meaning; /* shown when the count is not 0 */
};

static int draw_facts(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    const struct ls_quality *q = &explorer->dataset->quality;
    const struct fact facts[] = {
        {"rows read", q->rows, ""},
        {"known readings", q->readings, ""},
        {"slots without a row", q->gaps, "within a home's span: unknown"},
        {"empty readings", q->missing, "unknown: neither source nor destination"},
        {"negative readings", q->negative, "export: counted and treated as unknown"},
        {"exact duplicates", q->duplicates, "dropped"},
        {"rounded readings", q->rounded, "had digits finer than what is kept"},
        {"rows of factors", q->factor_rows, "from the factor file"},
        {"city slots", q->slots, ""},
        {"  without factors", q->slots_without_factor, "their usage counts in no emission total"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++, row++) {
        bool doubtful = facts[i].count > 0 && facts[i].meaning[0] != '\0';
        ls_frame_put(frame, row, 1, 22, LS_STYLE_LABEL, facts[i].label);
        ls_frame_putf(frame, row, 23, 14, doubtful ? LS_STYLE_CHANGED : LS_STYLE_VALUE, "%12" PRIu64,
                      facts[i].count);
        if (doubtful)
            ls_frame_put(frame, row, 38, frame->cols - 38, LS_STYLE_MUTED, facts[i].meaning);
    }
    return row;
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    const struct ls_dataset *dataset = explorer->dataset;
    char first[LS_DATE_SIZE], last[LS_DATE_SIZE];
    int row = rect.row;
    ls_frame_putf(frame, row++, 1, rect.cols - 1, LS_STYLE_TITLE,
                  "%zu homes, %zu %s, %d-minute slots, kept to %d mWh, from %s", dataset->n_customers,
                  dataset->n_cities, dataset->n_cities == 1 ? "city" : "cities", dataset->slot_minutes,
                  dataset->quantum_mwh, explorer->options->data_name);
    ls_frame_putf(frame, row++, 1, rect.cols - 1, LS_STYLE_VALUE,
                  "%s: %zu homes, %zu days with readings, %s to %s", explorer->city->name,
                  explorer->city->n_customers, explorer->n_dates, ls_date_format(explorer->dates[0], first),
                  ls_date_format(explorer->dates[explorer->n_dates - 1], last));
    if (rect.rows > 14)
        row++;
    row = draw_facts(explorer, frame, row);
    if (explorer->answer == NULL)
        return;
    const struct ls_answer *answer = explorer->answer;
    if (rect.rows > 16)
        row++;
    ls_frame_putf(frame, row++, 1, rect.cols - 1, LS_STYLE_VALUE,
                  "daily load L %.1f kWh, the homes' own mean %.1f kWh%s", answer->day->daily_load_kwh,
                  answer->day->own_daily_load_kwh,
                  answer->day->daily_load_kwh < 0.999 * answer->day->own_daily_load_kwh
                      ? "  (below: is it hourly?)"
                      : "");
    if (answer->plan->uncovered_kwh > 0 && row < rect.row + rect.rows)
        ls_frame_putf(frame, row, 1, rect.cols - 1, LS_STYLE_WARNING,
                      "%.1f kWh of this day lie in slots without factors", answer->plan->uncovered_kwh);
    ls_frame_cursor(frame, rect.row, 0);
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    ls_plain_data(out, explorer->dataset, explorer->answer);
    return "what was read";
}

const struct ls_view ls_view_data = {
    .name = "Data",
    .digit = 7,
    .hints = "n/p day  C city  2 day  ? help",
    .draw = draw,
    .copy = copy,
};
