#include "tui/screen.h"

#include "tui/theme.h"
#include "tui/view.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TAB_NAME_COLS    16 /* more than any has */
#define TAB_NAME_LEAST   1
#define NAME_COLS_MIN    8   /* of a file's name, to be worth showing */
#define NAME_GAP         2   /* behind it */
#define ANNOUNCE_SECONDS 0.1 /* a quicker solve is not worth a flicker */
#define MESSAGE_ROWS     4   /* at most */

static const struct ls_view *const views[LS_VIEW_COUNT] = {
    [LS_VIEW_DAYS] = &ls_view_days,           [LS_VIEW_DAY] = &ls_view_day,
    [LS_VIEW_CUSTOMERS] = &ls_view_customers, [LS_VIEW_CUSTOMER] = &ls_view_customer,
    [LS_VIEW_MOVES] = &ls_view_moves,         [LS_VIEW_COMPARE] = &ls_view_compare,
    [LS_VIEW_SWEEP] = &ls_view_sweep,         [LS_VIEW_LIMITS] = &ls_view_limits,
    [LS_VIEW_DATA] = &ls_view_data,           [LS_VIEW_PARAMETERS] = &ls_view_parameters,
    [LS_VIEW_HELP] = &ls_view_help,
};

const struct ls_view *ls_view(enum ls_view_id id)
{
    return views[id];
}

const char *ls_view_tab(enum ls_view_id id)
{
    return views[id]->tab != NULL ? views[id]->tab : views[id]->name;
}

bool ls_view_named(const char *name, enum ls_view_id *out)
{
    for (int v = 0; v < LS_VIEW_COUNT; v++)
        if (strcasecmp(views[v]->name, name) == 0) {
            *out = (enum ls_view_id)v;
            return true;
        }
    return false;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* "0.4 ms", "12 ms", "1.2 s": as many digits as anyone compares. */
static const char *format_time(double seconds, char out[LS_SHOWN_SIZE])
{
    if (seconds >= 1)
        snprintf(out, LS_SHOWN_SIZE, "%.1f s", seconds);
    else
        snprintf(out, LS_SHOWN_SIZE, seconds < 0.01 ? "%.1f ms" : "%.0f ms", seconds * 1e3);
    return out;
}

static bool is_of_another_day(const struct ls_explorer *explorer)
{
    const struct ls_cityday *day = explorer->answer->day;
    return day->date != explorer->dates[explorer->date] || strcmp(day->city, explorer->city->name) != 0;
}

const char *ls_screen_shown(const struct ls_explorer *explorer, char out[LS_SHOWN_SIZE])
{
    const struct ls_cityday *day = explorer->answer->day;
    char date[LS_DATE_SIZE];
    bool city = strcmp(day->city, explorer->city->name) != 0;
    if (is_of_another_day(explorer))
        snprintf(out, LS_SHOWN_SIZE, "%s%s%s %s", city ? day->city : "", city ? " " : "",
                 ls_weekday_name(day->weekday), ls_date_format(day->date, date));
    else
        snprintf(out, LS_SHOWN_SIZE, "the limits before");
    return out;
}

/* What comes of the solve under way, or how the one came about that is shown. */
static void write_solve(const struct ls_explorer *explorer, const struct ls_worker_state *state, char *out,
                        size_t size)
{
    const struct ls_answer *answer = explorer->answer;
    bool announced = state->busy && state->seconds > ANNOUNCE_SECONDS;
    char text[LS_SHOWN_SIZE];
    if (announced && state->progress.in_all > 0)
        snprintf(out, size, "solving %zu of %zu ", state->progress.done, state->progress.in_all);
    else if (announced)
        snprintf(out, size, "solving ");
    else if (answer == NULL)
        out[0] = '\0';
    else if (!state->busy && is_of_another_day(explorer))
        snprintf(out, size, "shown: %s ", ls_screen_shown(explorer, text));
    else if (answer->plan->outcome == LS_OUTCOME_CANCELLED)
        snprintf(out, size, "%s, stopped at %zu of %zu ", ls_engine(answer->plan->engine)->name,
                 answer->plan->customers_served, answer->plan->n_customers);
    else if (explorer->for_picture)
        snprintf(out, size, "%s ", ls_engine(answer->plan->engine)->name);
    else
        snprintf(out, size, "%s  %s ", ls_engine(answer->plan->engine)->name,
                 format_time(answer->plan->seconds, text));
}

static void draw_title(const struct ls_explorer *explorer, const struct ls_worker_state *state,
                       struct ls_frame *frame)
{
    char date[LS_DATE_SIZE], right[LS_SHOWN_SIZE + 16], left[256], where[128], homes[32];
    int32_t day = explorer->dates[explorer->date];
    bool known = explorer->answer != NULL && !is_of_another_day(explorer);
    write_solve(explorer, state, right, sizeof right);
    snprintf(where, sizeof where, "%s  %s %s", explorer->city->name, ls_weekday_name(ls_date_weekday(day)),
             ls_date_format(day, date));
    size_t n_homes = known ? explorer->answer->day->n_customers : explorer->city->n_customers;
    snprintf(homes, sizeof homes, "  %zu home%s", n_homes, n_homes == 1 ? "" : "s");
    /* The file's name gets what the rest leaves, and the number of homes gives way to the date. */
    const char *name = base_name(explorer->options->data_name);
    int room = frame->cols - ls_text_cols(where) - ls_text_cols(homes) - ls_text_cols(right) -
               ls_text_cols(" loadscope     ");
    if (ls_text_cols(name) <= room)
        snprintf(left, sizeof left, " loadscope  %s  %s%s", name, where, homes);
    else if (room > NAME_COLS_MIN)
        snprintf(left, sizeof left, " loadscope  %.*s…  %s%s", (int)ls_text_fit(name, room - 1), name, where,
                 homes);
    else
        snprintf(left, sizeof left, " loadscope  %s%s", where, room < -NAME_GAP ? "" : homes);
    int cols = frame->cols - ls_text_cols(right) - 1;
    ls_frame_put_fit(frame, 0, 0, cols, LS_STYLE_TITLE, left);
    ls_frame_put_right(frame, 0, cols, frame->cols - cols, LS_STYLE_TITLE, right);
}

/* The tab of a view that has none of its own is that of the view it was opened from. */
static enum ls_view_id tab_of(const struct ls_explorer *explorer)
{
    return explorer->view == LS_VIEW_CUSTOMER ? LS_VIEW_CUSTOMERS
           : explorer->view == LS_VIEW_LIMITS ? LS_VIEW_DAY
                                              : explorer->view;
}

/* Columns of all tabs with names of at most `name_cols`. */
static int tabs_cols(const struct ls_explorer *explorer, int name_cols)
{
    int cols = 1;
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        int name = (int)strlen(ls_view_tab((enum ls_view_id)v));
        bool active = (enum ls_view_id)v == tab_of(explorer);
        if (views[v]->digit != 0)
            cols += 3 + (active ? 2 : 0) + (active || name < name_cols ? name : name_cols);
    }
    return cols - 1; /* no blank behind the last */
}

/* What stands right of the tabs; it gets shorter before they do. */
static int write_right(const struct ls_explorer *explorer, char out[48])
{
    if (explorer->undo.at == 0)
        return snprintf(out, 48, "? help ");
    int cols = snprintf(out, 48, "undo %zu  ? help ", explorer->undo.at);
    if (tabs_cols(explorer, TAB_NAME_COLS) + cols >= explorer->frame->cols)
        cols = snprintf(out, 48, "undo %zu ? ", explorer->undo.at);
    return cols;
}

/* Most columns of a tab's name, so that all tabs fit beside it. */
static int tab_name_cols(const struct ls_explorer *explorer)
{
    char right[48];
    int most = TAB_NAME_COLS, room = explorer->frame->cols - write_right(explorer, right);
    while (most > TAB_NAME_LEAST && tabs_cols(explorer, most) >= room)
        most--;
    return most;
}

/* Writes a tab as it stands on its row: "[2 Day]", "3 Customers", or shorter. */
static int write_tab(const struct ls_explorer *explorer, int view, int name_cols, char out[32])
{
    bool active = (enum ls_view_id)view == tab_of(explorer);
    return snprintf(out, 32, active ? "[%d %.*s]" : "%d %.*s", views[view]->digit,
                    active ? TAB_NAME_COLS : name_cols, ls_view_tab((enum ls_view_id)view));
}

static void draw_tabs(const struct ls_explorer *explorer, struct ls_frame *frame)
{
    int col = 1, name_cols = tab_name_cols(explorer);
    char text[32];
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        if (views[v]->digit == 0)
            continue;
        bool active = (enum ls_view_id)v == tab_of(explorer);
        col += 1 + write_tab(explorer, v, name_cols, text);
        ls_frame_put(frame, 1, col - 1 - (int)strlen(text), LS_FRAME_REST,
                     active ? LS_STYLE_TAB_ACTIVE : LS_STYLE_TAB, text);
    }
    char right[48];
    int cols = write_right(explorer, right);
    ls_frame_put_right(frame, 1, frame->cols - cols, cols, LS_STYLE_TAB, right);
}

bool ls_screen_tab_at(const struct ls_explorer *explorer, int col, enum ls_view_id *view)
{
    int at = 1, name_cols = tab_name_cols(explorer);
    char text[32];
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        if (views[v]->digit == 0)
            continue;
        int cols = write_tab(explorer, v, name_cols, text);
        if (col >= at && col < at + cols) {
            *view = (enum ls_view_id)v;
            return true;
        }
        at += cols + 1;
    }
    return false;
}

static void draw_prompt(const struct ls_explorer *explorer, struct ls_frame *frame, int row)
{
    int col = 0;
    if (explorer->prompt_use == LS_PROMPT_COMMAND)
        col = ls_frame_put(frame, row, 0, LS_FRAME_REST, LS_STYLE_PROMPT, ":");
    else if (explorer->prompt_use == LS_PROMPT_SEARCH)
        col = ls_frame_put(frame, row, 0, LS_FRAME_REST, LS_STYLE_PROMPT, "/");
    else {
        const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
        col =
            ls_frame_putf(frame, row, 0, LS_FRAME_REST, LS_STYLE_LABEL, " %s%s%s%s = ", limit->label,
                          limit->unit[0] != '\0' ? " [" : "", limit->unit, limit->unit[0] != '\0' ? "]" : "");
    }
    int width = frame->cols - col;
    if (explorer->message[0] != '\0' || explorer->prompt_use != LS_PROMPT_EDIT)
        width = width > 40 ? width / 3 : width;
    else
        width = width > 40 ? 12 : width;
    ls_prompt_draw(&explorer->prompt, frame, row, col,
                   explorer->prompt_use == LS_PROMPT_COMMAND ? frame->cols - col : width);
    if (explorer->prompt_use == LS_PROMPT_COMMAND) {
        col += ls_text_cols(explorer->prompt.text) + 1;
        ls_frame_put_fit(frame, row, col, frame->cols - col, LS_STYLE_MUTED, explorer->completion.hint);
        return;
    }
    if (explorer->message[0] != '\0') {
        ls_frame_put_fit(frame, row, col + width + 1, frame->cols - col - width - 1, LS_STYLE_ERROR,
                         explorer->message);
    } else if (explorer->prompt_use == LS_PROMPT_EDIT) {
        const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
        ls_frame_putf(frame, row, col + width + 1, LS_FRAME_REST, LS_STYLE_MUTED,
                      "%g to %g%s; Enter keeps, Esc undoes", limit->low, limit->high,
                      limit->may_be_none ? ", none" : "");
    } else {
        ls_frame_put(frame, row, col + width + 1, LS_FRAME_REST, LS_STYLE_MUTED,
                     "part of an id; Enter keeps, Esc shows all");
    }
}

/* What is shown comes before figures that a narrow screen has no room for. */
static void draw_solving(const struct ls_explorer *explorer, const struct ls_progress *progress,
                         struct ls_frame *frame)
{
    char text[256 + LS_SHOWN_SIZE], done[16] = "solving", figures[128] = "", shown[LS_SHOWN_SIZE] = "";
    if (explorer->answer != NULL)
        ls_screen_shown(explorer, shown);
    if (progress->in_all > 0) {
        snprintf(done, sizeof done, "%3.0f %%", 100.0 * (double)progress->done / (double)progress->in_all);
        snprintf(figures, sizeof figures, "; saved %.2f kg, at most %.2f kg", progress->incumbent_g / 1e3,
                 progress->bound_g / 1e3);
    }
    snprintf(text, sizeof text, "%s; x cancels%s%s%s", done, explorer->answer != NULL ? "; shown: " : "",
             shown, figures);
    ls_frame_put_fit(frame, frame->rows - 1, 1, frame->cols - 1, LS_STYLE_STATUS, text);
}

/* The keys of the view, and at the right edge what leads to all others, but for the form, which takes both as
 * text. */
static void draw_hints(const struct ls_explorer *explorer, struct ls_frame *frame)
{
    static const char others[] = " : ? ";
    int row = frame->rows - 1, cols = explorer->form == NULL ? ls_text_cols(others) : 0;
    ls_frame_put_fit(frame, row, 1, frame->cols - 1 - cols, LS_STYLE_STATUS, views[explorer->view]->hints);
    ls_frame_put(frame, row, frame->cols - cols, cols, LS_STYLE_STATUS, others);
}

/* What went wrong takes as many rows as it must, over the foot of the view: a remedy stands at its end. */
static void draw_message(const struct ls_explorer *explorer, struct ls_frame *frame)
{
    int rows = explorer->message_is_error ? ls_frame_paragraph_rows(explorer->message, frame->cols - 1) : 1;
    rows = rows < MESSAGE_ROWS ? rows : MESSAGE_ROWS;
    struct ls_rect rect = {frame->rows - rows, 0, rows, frame->cols};
    ls_frame_fill(frame, rect, LS_STYLE_TEXT, ' ');
    rect.col = 1;
    rect.cols--;
    ls_frame_paragraph(frame, rect, explorer->message_is_error ? LS_STYLE_ERROR : LS_STYLE_STATUS,
                       explorer->message);
}

static void draw_status(const struct ls_explorer *explorer, const struct ls_worker_state *state,
                        struct ls_frame *frame)
{
    int row = frame->rows - 1;
    if (explorer->for_picture) {
        draw_hints(explorer, frame);
        return;
    }
    if (explorer->play.state == LS_PLAY_PAUSED) {
        ls_frame_put_fit(frame, row, 1, frame->cols - 1, LS_STYLE_WARNING,
                         "paused: Space goes on, Esc ends the script and gives the keys back");
        return;
    }
    if (explorer->prompt_use != LS_PROMPT_NONE) {
        draw_prompt(explorer, frame, row);
        return;
    }
    if (explorer->message[0] != '\0') {
        draw_message(explorer, frame);
        return;
    }
    if (state->busy && state->seconds > ANNOUNCE_SECONDS) {
        draw_solving(explorer, &state->progress, frame);
        return;
    }
    draw_hints(explorer, frame);
}

/* What the last frame cost, at the right end of the bottom line. */
static void draw_cost(const struct ls_explorer *explorer, struct ls_frame *frame)
{
    struct ls_terminal_cost cost = ls_terminal_cost(explorer->terminal);
    char text[80];
    snprintf(text, sizeof text, "  %ld B, %ld write%s, %d frame%s/s ", cost.bytes, cost.writes,
             cost.writes == 1 ? "" : "s", cost.frames, cost.frames == 1 ? "" : "s");
    int cols = ls_text_cols(text);
    ls_frame_put(frame, frame->rows - 1, frame->cols - cols, cols, LS_STYLE_MUTED, text);
}

void ls_screen_draw(const struct ls_explorer *explorer, const struct ls_worker_state *state,
                    struct ls_frame *frame)
{
    ls_frame_clear(frame);
    if (frame->rows < LS_SCREEN_MIN_ROWS || frame->cols < LS_SCREEN_MIN_COLS) {
        ls_frame_putf(frame, frame->rows / 2, 0, LS_FRAME_REST, LS_STYLE_TEXT,
                      "loadscope needs %dx%d, this is %dx%d", LS_SCREEN_MIN_COLS, LS_SCREEN_MIN_ROWS,
                      frame->cols, frame->rows);
        ls_frame_put(frame, frame->rows / 2 + 1, 0, LS_FRAME_REST, LS_STYLE_MUTED, "q leaves");
        return;
    }
    draw_title(explorer, state, frame);
    draw_tabs(explorer, frame);
    views[explorer->view]->draw(explorer, frame, ls_explorer_body(explorer));
    if (ls_explorer_has_caption(explorer))
        ls_frame_put_fit(frame, frame->rows - 2, 1, frame->cols - 1, LS_STYLE_TITLE, explorer->caption);
    draw_status(explorer, state, frame);
    if (explorer->shows_cost && !explorer->for_picture)
        draw_cost(explorer, frame);
}
