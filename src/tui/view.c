/* What several views share: lists, clock, paragraphs. */
#include "tui/view.h"

#include "report/plain.h"
#include "tui/chart.h"
#include "tui/table.h"
#include "tui/theme.h"
#include "tui/views/lists.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MUCH_GRAMS 99.95 /* from here on without a digit behind the point */

void ls_list_select(struct ls_list *list, size_t index, size_t rows)
{
    if (list->n == 0) {
        list->selected = list->top = 0;
        return;
    }
    list->selected = index < list->n ? index : list->n - 1;
    if (list->selected < list->top)
        list->top = list->selected;
    if (list->selected >= list->top + rows)
        list->top = list->selected - rows + 1;
    if (list->top + rows > list->n)
        list->top = list->n > rows ? list->n - rows : 0;
}

void ls_list_move(struct ls_list *list, int direction, enum ls_step step, size_t rows)
{
    size_t by = step == LS_STEP_LINE ? 1 : step == LS_STEP_PAGE ? rows : list->n;
    size_t index = direction > 0 ? list->selected + by : list->selected > by ? list->selected - by : 0;
    ls_list_select(list, index, rows);
}

void ls_view_more(struct ls_frame *frame, struct ls_rect rect)
{
    int row = rect.row + rect.rows - 1;
    ls_frame_fill(frame, (struct ls_rect){row, rect.col, 1, rect.cols}, LS_STYLE_TEXT, ' ');
    ls_frame_put(frame, row, rect.col + 1, rect.cols - 1, LS_STYLE_MUTED, "more: PgDn");
}

void ls_view_scroll(struct ls_explorer *explorer, int direction, enum ls_step step, size_t n)
{
    size_t rows = (size_t)ls_explorer_body(explorer).rows;
    size_t by = step == LS_STEP_LINE ? 1 : step == LS_STEP_PAGE ? rows - 1 : n;
    size_t last = n > rows ? n - rows : 0;
    size_t scroll = direction > 0 ? explorer->scroll + by : explorer->scroll > by ? explorer->scroll - by : 0;
    explorer->scroll = scroll < last ? scroll : last;
}

struct ls_chart_time ls_view_time(const struct ls_explorer *explorer, uint8_t *mark)
{
    const struct ls_cityday *day = explorer->answer->day;
    for (int t = 0; t < day->n_slots; t++) {
        const struct ls_slot_result *slot = &explorer->answer->plan->slots[t];
        mark[t] = (uint8_t)((slot->peak ? LS_SLOT_PEAK : 0) | (slot->spike_binds ? LS_SLOT_BIND : 0));
    }
    return (struct ls_chart_time){.n_slots = day->n_slots,
                                  .slot_minutes = day->slot_minutes,
                                  .wall_minute = day->wall_minute,
                                  .mark = mark,
                                  .selected = explorer->slot};
}

static const char *format_gain(double grams, char out[32])
{
    int decimals = fabs(grams) < MUCH_GRAMS;
    snprintf(out, 32, "%+.*f", decimals, ls_plain_figure(grams, decimals));
    return out;
}

/* "at 20 %: marg -86.3 avg +43.2"; beside another step without the words. */
static void write_step(const struct ls_parameter *parameter, const struct ls_further *further, bool words,
                       char *out, size_t size)
{
    char marginal[32], average[32];
    bool bare = parameter->unit[0] == '\0' || strcmp(further->value, "none") == 0;
    if (further->possible)
        snprintf(out, size, "at %.24s%s%s: %s%s%s%s", further->value, bare ? "" : " ",
                 bare ? "" : parameter->unit, words ? "marg " : "",
                 format_gain(further->more_marg_g, marginal), words ? " avg " : " ",
                 format_gain(further->more_avg_g, average));
    else
        snprintf(out, size, "range ends");
}

void ls_view_steps(const struct ls_sensitivity *known, char *out, size_t size)
{
    const struct ls_further *less = &known->further[LS_STEP_LESS], *more = &known->further[LS_STEP_MORE];
    char text[2][160];
    write_step(known->parameter, less, true, text[0], sizeof text[0]);
    write_step(known->parameter, more, !less->possible, text[1], sizeof text[1]);
    if (less->possible && strcmp(less->value, more->value) == 0) /* both lead out of `none` */
        snprintf(out, size, "%s g", text[0]);
    else
        snprintf(out, size, "%s   %s%s", text[0], text[1], less->possible || more->possible ? " g" : "");
}

void ls_view_empty(struct ls_frame *frame, struct ls_rect rect, const char *text)
{
    int cols = ls_text_cols(text), left = cols + 2 < rect.cols ? (rect.cols - cols) / 2 : 1,
        half = rect.rows / 2;
    ls_frame_paragraph(
        frame, (struct ls_rect){rect.row + half, rect.col + left, rect.rows - half, rect.cols - 2 * left},
        LS_STYLE_MUTED, text);
}

const struct ls_column *ls_view_columns(enum ls_view_id id, size_t *count)
{
    return id == LS_VIEW_CUSTOMERS ? ls_customer_columns(count)
           : id == LS_VIEW_MOVES   ? ls_move_columns(count)
           : id == LS_VIEW_COMPARE ? ls_changed_columns(count)
                                   : NULL;
}

/* Room for `n` rows; false, with a word to the user, when there is none. */
static bool reserve(struct ls_explorer *explorer, struct ls_list *list, size_t n)
{
    if (n <= list->capacity)
        return true;
    uint32_t *row = realloc(list->row, n * sizeof *row);
    if (row == NULL) {
        list->n = 0;
        ls_explorer_say(explorer, "out of memory for a table of %zu rows", n);
        return false;
    }
    list->row = row;
    list->capacity = n;
    return true;
}

static bool contains(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (; *text != '\0'; text++)
        if (strncasecmp(text, part, length) == 0)
            return true;
    return length == 0;
}

static void refresh_customers(struct ls_explorer *explorer, size_t page)
{
    const struct ls_cityday *day = explorer->answer->day;
    struct ls_list *customers = &explorer->customers;
    size_t count, index, selected = customers->selected;
    if (!reserve(explorer, customers, day->n_customers))
        return;
    customers->n = 0;
    for (size_t i = 0; i < day->n_customers; i++)
        if (contains(day->id[i], customers->filter))
            customers->row[customers->n++] = (uint32_t)i;
    ls_table_sort(explorer, ls_customer_columns(&count), customers);
    /* The chosen customer stays under the cursor however the table is sorted. */
    if (ls_explorer_customer_index(explorer, &index))
        for (size_t r = 0; r < customers->n; r++)
            if (customers->row[r] == index)
                selected = r;
    ls_list_select(customers, selected, page);
}

static void refresh_moves(struct ls_explorer *explorer, size_t page)
{
    struct ls_list *moves = &explorer->moves;
    size_t count, n = explorer->answer->plan->n_moves;
    if (!reserve(explorer, moves, n))
        return;
    moves->n = n;
    for (size_t m = 0; m < n; m++)
        moves->row[m] = (uint32_t)m;
    ls_table_sort(explorer, ls_move_columns(&count), moves);
    ls_list_select(moves, moves->selected, page);
}

static void refresh_changed(struct ls_explorer *explorer)
{
    struct ls_list *changed = &explorer->changed;
    size_t count, n;
    ls_explorer_refresh_compare(explorer);
    const struct ls_compare *compare = explorer->comparing.result;
    n = compare != NULL ? compare->n_top : 0;
    if (!reserve(explorer, changed, n))
        return;
    changed->n = n;
    for (size_t i = 0; i < n; i++)
        changed->row[i] = (uint32_t)i;
    ls_table_sort(explorer, ls_changed_columns(&count), changed);
    ls_list_select(changed, changed->selected, ls_view_compare_page(explorer));
}

void ls_view_open(struct ls_explorer *explorer)
{
    const struct ls_view *view = ls_view(explorer->view);
    if (view->open != NULL && (!view->opens_answer || ls_explorer_has_answer(explorer)))
        view->open(explorer);
}

void ls_explorer_refresh_lists(struct ls_explorer *explorer)
{
    if (explorer->answer == NULL)
        return;
    size_t page = ls_table_page(ls_explorer_body(explorer));
    if (explorer->view == LS_VIEW_CUSTOMERS || explorer->view == LS_VIEW_CUSTOMER)
        refresh_customers(explorer, ls_view_customers_page(explorer));
    if (explorer->view == LS_VIEW_MOVES)
        refresh_moves(explorer, page);
    if (explorer->view == LS_VIEW_COMPARE)
        refresh_changed(explorer);
}
