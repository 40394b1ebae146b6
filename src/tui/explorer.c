/*
 * The loop: wait for the terminal, the worker or a script, change the state, draw, show.
 *
 * Only this thread touches the state and the terminal; the worker hands over answers.
 */
#include "tui/explorer.h"

#include "base/clock.h"
#include "tui/commands/table.h"
#include "tui/picture_screen.h"
#include "tui/screen.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRACE_SECONDS 0.04 /* a frame waits for an answer; keys come in at that pace */
#define PROMPT_SECONDS                                                                                       \
    0.1 /* an answer that came within this is waited for: it would be late by two frames                     \
         */
#define PATIENCE_SECONDS 0.1  /* a solve that takes longer is announced */
#define PNG_SECONDS      0.05 /* between looks at a picture that is being made */
#define ANSWER_BYTES     ((size_t)256 << 20)

void ls_explorer_say(struct ls_explorer *explorer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(explorer->message, sizeof explorer->message, format, args);
    va_end(args);
    explorer->message_is_error = false;
}

void ls_explorer_fail(struct ls_explorer *explorer, const struct ls_error *error)
{
    ls_error_text(error, explorer->message, sizeof explorer->message);
    explorer->message_is_error = true;
    /* A value half typed is wrong only for as long as it is typed. */
    if (explorer->play.state == LS_PLAY_RUNNING && explorer->prompt_use == LS_PROMPT_NONE)
        ls_play_blame(&explorer->play, error);
}

void ls_explorer_refuse(struct ls_explorer *explorer, const char *what, const char *remedy)
{
    struct ls_error error;
    ls_error_set(&error, LS_ERR_USAGE, "%s", what);
    ls_error_remedy(&error, "%s", remedy);
    ls_explorer_fail(explorer, &error);
}

bool ls_explorer_has_caption(const struct ls_explorer *explorer)
{
    return explorer->caption[0] != '\0';
}

struct ls_rect ls_explorer_body(const struct ls_explorer *explorer)
{
    int rows = explorer->frame->rows - 3 - ls_explorer_has_caption(explorer);
    return (struct ls_rect){2, 0, rows, explorer->frame->cols};
}

void ls_explorer_layout_changed(struct ls_explorer *explorer)
{
    if (explorer->form != NULL)
        ls_form_resize(explorer->form, ls_explorer_body(explorer));
    ls_explorer_refresh_lists(explorer);
}

void ls_explorer_caption(struct ls_explorer *explorer, const char *text)
{
    bool had = ls_explorer_has_caption(explorer);
    snprintf(explorer->caption, sizeof explorer->caption, "%s", text);
    if (had != ls_explorer_has_caption(explorer))
        ls_explorer_layout_changed(explorer);
}

void ls_explorer_go(struct ls_explorer *explorer, enum ls_view_id view)
{
    if (view == explorer->view)
        return;
    if (explorer->view == LS_VIEW_PARAMETERS) {
        ls_form_close(explorer->form);
        explorer->form = NULL;
    }
    enum ls_view_id left = explorer->view;
    if (view == LS_VIEW_HELP)
        explorer->under_help = left;
    if (view == LS_VIEW_CUSTOMER && left != LS_VIEW_HELP)
        explorer->came_from = left;
    explorer->view = view;
    explorer->scroll = 0;
    if (view == LS_VIEW_DAYS && left != LS_VIEW_HELP)
        ls_explorer_point_days(explorer);
    ls_explorer_mind_days(explorer);
    ls_explorer_mind_survey(explorer);
    if (view == LS_VIEW_PARAMETERS) {
        struct ls_error error;
        if (ls_form_open(explorer->terminal, ls_explorer_body(explorer), &explorer->policy, &explorer->saved,
                         explorer->city->name, &explorer->form, &error) != 0) {
            explorer->view = left;
            ls_explorer_fail(explorer, &error);
        }
    }
    if (view != LS_VIEW_DAY)
        ls_explorer_refresh_lists(explorer);
}

bool ls_explorer_customer_index(const struct ls_explorer *explorer, size_t *index)
{
    if (explorer->answer == NULL)
        return false;
    const struct ls_cityday *day = explorer->answer->day;
    size_t i = 0;
    while (i < day->n_customers && day->customer[i] != explorer->customer)
        i++;
    *index = i;
    return i < day->n_customers;
}

void ls_explorer_choose_customer(struct ls_explorer *explorer, size_t index)
{
    explorer->customer = explorer->answer->day->customer[index];
    explorer->why_source = explorer->why_destination = -1;
    explorer->why_at_destination = false;
    (void)ls_why_best_pair(explorer->answer, index, &explorer->why_source, &explorer->why_destination);
}

/* ---- the loop ---- */

/* Gives a quick solve the time to end, so that one frame shows both a limit and what came of it. */
static struct ls_worker_state await_answer(const struct ls_explorer *explorer)
{
    struct ls_worker_state state = ls_worker_state(explorer->worker);
    double grace = state.took_seconds < PROMPT_SECONDS ? PROMPT_SECONDS : GRACE_SECONDS;
    if (!state.busy || state.seconds >= grace)
        return state;
    ls_worker_wait(explorer->worker, grace - state.seconds);
    return ls_worker_state(explorer->worker);
}

/* In the background, on what the screen shows. */
static bool is_at_work(const struct ls_explorer *explorer)
{
    return explorer->studying || ls_surveyor_busy(explorer->surveyor) ||
           (explorer->almanac != NULL && ls_almanac_busy(explorer->almanac));
}

/* The answer first; what it leads to is asked for once it is there. */
static struct ls_worker_state take_all_news(struct ls_explorer *explorer)
{
    struct ls_worker_state state = await_answer(explorer);
    bool sweeping = ls_task_busy(explorer->sweeping.task), looking = ls_task_busy(explorer->gains.task);
    ls_explorer_take_news(explorer);
    explorer->waiting = state.busy; /* from before: one that was not has no answer left to give */
    ls_explorer_take_cells(explorer);
    looking |= ls_explorer_look_for_gains(explorer);
    ls_screen_mind_png(explorer);
    explorer->studying = sweeping || looking || ls_task_busy(explorer->gains.task) || explorer->png != NULL;
    return state;
}

bool ls_explorer_settle(struct ls_explorer *explorer)
{
    struct ls_worker_state state = await_answer(explorer);
    ls_explorer_take_news(explorer);
    explorer->waiting = state.busy;
    return !state.busy;
}

bool ls_explorer_has_answer(struct ls_explorer *explorer)
{
    if (!ls_explorer_settle(explorer))
        ls_explorer_refuse(explorer, "the day is still being solved", "wait for it, or stop it by x");
    else if (explorer->answer == NULL)
        ls_explorer_refuse(explorer, "there is no answer on the screen", "go to a day with readings");
    else
        return true;
    return false;
}

static void draw(struct ls_explorer *explorer, const struct ls_worker_state *state)
{
    ls_screen_draw(explorer, state, explorer->frame);
    ls_terminal_set_busy(explorer->terminal,
                         state->busy || is_at_work(explorer) || explorer->play.state == LS_PLAY_RUNNING);
    ls_terminal_show(explorer->terminal, explorer->frame);
}

/* Runs the script's next line once what came before is on the screen; false when it is not time. */
static bool step_play(struct ls_explorer *explorer, double now)
{
    if (explorer->play.state != LS_PLAY_RUNNING || explorer->waiting || explorer->studying)
        return false;
    const char *line = ls_play_next(&explorer->play, now);
    if (line != NULL)
        ls_command_run_line(explorer, line);
    if (explorer->play.state == LS_PLAY_OVER)
        ls_explorer_caption(explorer, "");
    return line != NULL || explorer->play.state == LS_PLAY_OVER;
}

/* Whatever comes from the user pauses a script; true when one was running. */
static bool pause_play(struct ls_explorer *explorer)
{
    bool running = explorer->play.state == LS_PLAY_RUNNING;
    if (running)
        explorer->play.state = LS_PLAY_PAUSED;
    return running;
}

/* A key while a script plays: any pauses it; then a blank goes on, and Esc or q gives the keyboard back. */
static bool take_play_key(struct ls_explorer *explorer, int key)
{
    struct ls_play *play = &explorer->play;
    if (play->state == LS_PLAY_OVER)
        return false;
    if (key == LS_KEY_CTRL('c')) {
        explorer->quit = true;
    } else if (pause_play(explorer)) {
        return true;
    } else if (key == ' ') {
        play->state = LS_PLAY_RUNNING;
    } else if (key == LS_KEY_ESC || key == 'q') {
        play->state = LS_PLAY_OVER;
        ls_explorer_caption(explorer, "");
    }
    return true;
}

static void on_mouse(struct ls_explorer *explorer, const struct ls_event *event)
{
    char line[64];
    if (pause_play(explorer) || explorer->play.state != LS_PLAY_OVER ||
        explorer->prompt_use != LS_PROMPT_NONE)
        return;
    if (event->mouse == LS_MOUSE_WHEEL_UP || event->mouse == LS_MOUSE_WHEEL_DOWN)
        snprintf(line, sizeof line, "%s", event->mouse == LS_MOUSE_WHEEL_UP ? "up" : "down");
    else
        snprintf(line, sizeof line, "%s %d %d", event->mouse == LS_MOUSE_DOUBLE ? "double-click" : "click",
                 event->row, event->col);
    ls_command_run_line(explorer, line);
}

static void on_resize(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (ls_frame_resize(explorer->frame, ls_terminal_rows(explorer->terminal),
                        ls_terminal_cols(explorer->terminal), &error) != 0)
        ls_explorer_fail(explorer, &error);
    ls_explorer_layout_changed(explorer);
}

/* True when somebody is there. */
static bool on_event(struct ls_explorer *explorer, const struct ls_event *event)
{
    switch (event->kind) {
    case LS_EVENT_KEY:
        if (!take_play_key(explorer, event->key))
            ls_explorer_key(explorer, event->key);
        return true;
    case LS_EVENT_PASTE:
        if (!pause_play(explorer) && explorer->play.state == LS_PLAY_OVER)
            ls_explorer_paste(explorer, event->text);
        return true;
    case LS_EVENT_MOUSE:
        on_mouse(explorer, event);
        return true;
    case LS_EVENT_RESIZE:
        on_resize(explorer);
        return event->resumed;
    case LS_EVENT_QUIT:
        explorer->quit = true;
        break;
    case LS_EVENT_WAKE:
    case LS_EVENT_TIMEOUT:
        break;
    }
    return false;
}

/* Until something is to be done without an event, ms; -1: for ever. */
static int patience(const struct ls_explorer *explorer, double now, double idle_at)
{
    double left = idle_at - now;
    if (explorer->waiting)
        left = fmin(left, PATIENCE_SECONDS);
    else if (explorer->play.state == LS_PLAY_RUNNING && !explorer->studying)
        left = fmin(left, explorer->play.due - now);
    if (explorer->png != NULL)
        left = fmin(left, PNG_SECONDS);
    return isinf(left) ? -1 : (int)ceil(1000 * fmin(fmax(left, 0), 3600));
}

/* Waits for an event and follows it with all that came with it; true when somebody was there. */
static bool follow_events(struct ls_explorer *explorer, int timeout_ms)
{
    struct ls_event event;
    ls_terminal_wait(explorer->terminal, timeout_ms, &event);
    bool somebody = on_event(explorer, &event);
    while (!explorer->quit && ls_terminal_has_input(explorer->terminal)) {
        ls_terminal_wait(explorer->terminal, 0, &event);
        somebody |= on_event(explorer, &event);
    }
    return somebody;
}

static void run(struct ls_explorer *explorer)
{
    bool watched = explorer->options->terminal.rows == 0;
    double idle_seconds =
        watched && explorer->options->idle_minutes > 0 ? 60 * explorer->options->idle_minutes : INFINITY;
    double seen = ls_clock_seconds();
    ls_explorer_solve(explorer);
    while (!explorer->quit) {
        struct ls_worker_state state = take_all_news(explorer);
        ls_explorer_mind_days(explorer);
        draw(explorer, &state);
        double now = ls_clock_seconds();
        bool stepped = step_play(explorer, now);
        if (explorer->play.state == LS_PLAY_RUNNING)
            seen = now;
        bool over = explorer->play.state == LS_PLAY_OVER && !stepped && !state.busy && !is_at_work(explorer);
        if (!watched && (over || explorer->play.error.code != 0))
            return;
        if (follow_events(explorer, stepped ? 0 : patience(explorer, now, seen + idle_seconds)))
            seen = ls_clock_seconds();
        explorer->idled = !explorer->quit && ls_clock_seconds() - seen >= idle_seconds;
        explorer->quit |= explorer->idled;
    }
}

/* ---- opening and closing ---- */

static int check_line(void *user, const char *line, struct ls_error *error)
{
    struct ls_tui_call call;
    return ls_command_parse(user, line, &call, error);
}

/* What the command line set, which is no step to be undone. */
static void begin_log_settings(struct ls_explorer *explorer)
{
    const struct ls_explorer_options *options = explorer->options;
    char line[1024];
    for (size_t i = 0; i < options->n_settings; i++) {
        snprintf(line, sizeof line, "set %s", options->settings[i]);
        ls_log_begin(&explorer->log, line);
    }
    if (options->n_settings > 0)
        ls_log_begin(&explorer->log, "begin");
}

/* Where a log begins: what has to be there when it is replayed, and where to go. */
static void begin_log(struct ls_explorer *explorer)
{
    char line[1024], date[LS_DATE_SIZE];
    snprintf(line, sizeof line, "# loadscope %s, %s%s%s", LS_VERSION, explorer->options->data_name,
             explorer->scenario_path[0] != '\0' ? ", scenario " : "", explorer->scenario_path);
    ls_log_begin(&explorer->log, line);
    snprintf(line, sizeof line, "# --size %dx%d", explorer->frame->cols, explorer->frame->rows);
    ls_log_begin(&explorer->log, line);
    begin_log_settings(explorer);
    snprintf(line, sizeof line, "city %s", explorer->city->name);
    ls_log_begin(&explorer->log, line);
    if (explorer->n_dates > 0) {
        snprintf(line, sizeof line, "day %s", ls_date_format(explorer->dates[explorer->date], date));
        ls_log_begin(&explorer->log, line);
    }
    if (explorer->view == LS_VIEW_DAY)
        return;
    snprintf(line, sizeof line, "view %s", ls_view(explorer->view)->name);
    ls_log_begin(&explorer->log, line);
}

void ls_explorer_wake(void *user)
{
    ls_terminal_wake(user);
}

/* All that needs no terminal. */
static int open_state(struct ls_explorer *explorer, const struct ls_policy *policy, struct ls_error *error)
{
    const struct ls_explorer_options *options = explorer->options;
    if (options->scenario_path != NULL)
        snprintf(explorer->scenario_path, sizeof explorer->scenario_path, "%s", options->scenario_path);
    int status = ls_policy_copy(&explorer->policy, policy, error);
    if (status == 0)
        status = ls_policy_copy(&explorer->saved, policy, error);
    if (status == 0)
        status = ls_undo_start(&explorer->undo, policy, error);
    if (status == 0)
        status = ls_explorer_load_dates(explorer, ls_dataset_city(explorer->dataset, options->city), error);
    if (status == 0)
        status = ls_answers_create(ANSWER_BYTES, &explorer->answers, error);
    if (status == 0 && options->script_path != NULL)
        status = ls_play_load(&explorer->play, options->script_path, check_line, explorer, error);
    return status;
}

static int explorer_open(struct ls_explorer *explorer, const struct ls_policy *policy, struct ls_error *error)
{
    const struct ls_explorer_options *options = explorer->options;
    int status = open_state(explorer, policy, error);
    if (status == 0)
        status = ls_terminal_open(&options->terminal, &explorer->terminal, error);
    if (status == 0)
        status = ls_frame_create(ls_terminal_rows(explorer->terminal), ls_terminal_cols(explorer->terminal),
                                 ls_terminal_glyphs(explorer->terminal), &explorer->frame, error);
    if (status == 0)
        status = ls_worker_start(explorer->archive, ls_explorer_wake, explorer->terminal, &explorer->worker,
                                 error);
    if (status == 0)
        status = ls_gains_start(explorer, error);
    if (status == 0)
        status = ls_sweeping_start(explorer, error);
    if (status != 0)
        return status;
    explorer->frame->reverse = ls_terminal_has_reverse(explorer->terminal);
    explorer->mouse = !options->terminal.no_mouse;
    explorer->play.pace = options->terminal.rows > 0 ? 0 : options->pace;
    explorer->customers.sort = 1;
    explorer->customers.descending = true;
    explorer->moves.sort = explorer->changed.sort = -1;
    explorer->why_source = explorer->why_destination = -1;
    explorer->customer = (uint32_t)explorer->city->first_customer;
    enum ls_view_id view;
    if (options->view != NULL && ls_view_named(options->view, &view))
        ls_explorer_go(explorer, view);
    begin_log(explorer);
    if (!options->read_only && !options->no_history && options->terminal.rows == 0)
        ls_typed_open(&explorer->typed);
    if (options->notice != NULL) {
        ls_explorer_say(explorer, "%s", options->notice);
        explorer->message_is_error = true;
    }
    return 0;
}

static void explorer_close(struct ls_explorer *explorer)
{
    ls_form_close(explorer->form);
    ls_worker_stop(explorer->worker);
    ls_almanac_close(explorer->almanac);
    ls_surveyor_stop(explorer->surveyor);
    ls_gains_stop(&explorer->gains);
    ls_sweeping_stop(&explorer->sweeping);
    ls_compare_destroy(explorer->comparing.result);
    ls_frame_destroy(explorer->frame);
    ls_terminal_close(explorer->terminal);
    if (explorer->png != NULL)
        fprintf(stderr, "loadscope: left before %s was made\n", ls_conversion_path(explorer->png));
    ls_conversion_drop(explorer->png);
    ls_answers_destroy(explorer->answers);
    ls_undo_clear(&explorer->undo);
    ls_log_clear(&explorer->log);
    ls_play_clear(&explorer->play);
    ls_typed_clear(&explorer->typed);
    ls_policy_clear(&explorer->policy);
    ls_policy_clear(&explorer->saved);
    ls_policy_clear(&explorer->before_edit);
    free(explorer->customers.row);
    free(explorer->moves.row);
    free(explorer->changed.row);
    free(explorer->dates);
}

static void print_screen(const struct ls_frame *frame)
{
    char line[4 * LS_FRAME_REST];
    for (int row = 0; row < frame->rows; row++) {
        ls_frame_line(frame, row, line, sizeof line);
        printf("%s\n", line);
    }
}

/* What is left where nobody watched. What went wrong, without a message from the start, is no picture. */
static int hand_over(struct ls_explorer *explorer, struct ls_error *error)
{
    if (explorer->play.error.code != 0) {
        *error = explorer->play.error;
        return error->code;
    }
    if (explorer->options->snapshot == NULL) {
        print_screen(explorer->frame);
        return 0;
    }
    if (explorer->message_is_error && explorer->options->notice == NULL)
        return ls_error_set(error, LS_ERR_VALUE, "%s", explorer->message);
    return ls_screen_save(explorer, explorer->options->snapshot, error);
}

int ls_explorer_run(ls_archive *archive, const struct ls_policy *policy,
                    const struct ls_explorer_options *options, struct ls_error *error)
{
    struct ls_explorer explorer = {.archive = archive,
                                   .dataset = ls_archive_head(archive),
                                   .options = options,
                                   .view = LS_VIEW_DAY,
                                   .came_from = LS_VIEW_DAY,
                                   .under_help = LS_VIEW_DAY};
    int status = explorer_open(&explorer, policy, error);
    if (status == 0)
        run(&explorer);
    if (status == 0 && options->terminal.rows > 0)
        status = hand_over(&explorer, error);
    explorer_close(&explorer);
    if (explorer.idled)
        fprintf(stderr, "loadscope: left after %g minute%s without a key\n", options->idle_minutes,
                options->idle_minutes == 1 ? "" : "s");
    return status;
}
