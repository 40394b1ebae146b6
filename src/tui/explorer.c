/*
 * The loop: wait for the terminal or the worker, change the state, draw, show.
 *
 * Only this thread touches the state and the terminal; the worker hands over answers.
 */
#include "tui/explorer.h"

#include "tui/commands.h"
#include "tui/keys.h"
#include "tui/picture_screen.h"
#include "tui/screen.h"
#include "tui/view.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRACE_SECONDS    0.04 /* a frame waits for an answer; keys come in at that pace */
#define WAIT_SECONDS     3600 /* for an answer that nobody watches, at a time */
#define PATIENCE_SECONDS 0.1  /* a solve that takes longer is announced */

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
}

void ls_explorer_solve(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (explorer->n_dates == 0)
        return;
    if (ls_worker_request(explorer->worker, &explorer->policy, explorer->city->name,
                          explorer->dates[explorer->date], &error) != 0)
        ls_explorer_fail(explorer, &error);
    else
        explorer->waiting = true;
}

struct ls_rect ls_explorer_body(const struct ls_explorer *explorer)
{
    return (struct ls_rect){2, 0, explorer->frame->rows - 3, explorer->frame->cols};
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

/* The dates of the city under the policy's zone; keeps the date on screen where it still exists. */
static int load_dates(struct ls_explorer *explorer, const struct ls_city *city, struct ls_error *error)
{
    ls_zone *zone = NULL;
    int32_t *dates = NULL;
    size_t n_dates = 0;
    int status = ls_dataset_zone(explorer->dataset, explorer->policy.timezone, &zone, error);
    if (status == 0)
        status = ls_archive_dates(explorer->archive, zone, city->name, &dates, &n_dates, error);
    ls_zone_close(zone);
    if (status != 0)
        return status;
    int32_t wanted = explorer->n_dates > 0 ? explorer->dates[explorer->date] : explorer->options->date;
    free(explorer->dates);
    explorer->dates = dates;
    explorer->n_dates = n_dates;
    explorer->city = city;
    explorer->date = 0;
    for (size_t d = 0; d < n_dates; d++)
        if (dates[d] == wanted)
            explorer->date = d;
    memcpy(explorer->timezone, explorer->policy.timezone, sizeof explorer->timezone);
    return 0;
}

void ls_explorer_set_city(struct ls_explorer *explorer, const struct ls_city *city)
{
    struct ls_error error;
    if (load_dates(explorer, city, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    if (explorer->form != NULL)
        ls_form_set_city(explorer->form, city->name);
    ls_explorer_solve(explorer);
}

void ls_explorer_set_date(struct ls_explorer *explorer, size_t index)
{
    if (index == explorer->date || index >= explorer->n_dates)
        return;
    explorer->date = index;
    ls_explorer_solve(explorer);
}

void ls_explorer_policy_changed(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (strcmp(explorer->timezone, explorer->policy.timezone) != 0 &&
        load_dates(explorer, explorer->city, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_solve(explorer);
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

/* The customer asked for at the start; one that is not there is told. */
static void open_wanted_customer(struct ls_explorer *explorer)
{
    char line[LS_PROMPT_BYTES];
    ls_explorer_choose_customer(explorer, 0);
    snprintf(line, sizeof line, "customer %s", explorer->options->customer);
    ls_tui_command_line(explorer, line);
}

/* Takes the worker's news onto the screen. */
static void take_news(struct ls_explorer *explorer)
{
    struct ls_answer *answer = NULL;
    struct ls_error error;
    if (!ls_worker_take(explorer->worker, &answer, &error))
        return;
    if (answer == NULL) {
        if (error.code != LS_ERR_CANCELLED)
            ls_explorer_fail(explorer, &error);
        else
            ls_explorer_say(explorer, "cancelled: the picture belongs to the limits before");
        return;
    }
    bool first = explorer->answer == NULL;
    bool same_day = !first && explorer->answer->day->date == answer->day->date &&
                    explorer->answer->day->n_slots == answer->day->n_slots;
    ls_answer_destroy(explorer->answer);
    explorer->answer = answer;
    if (explorer->slot >= answer->day->n_slots)
        explorer->slot = answer->day->n_slots - 1;
    if (answer->plan->outcome == LS_OUTCOME_CANCELLED)
        ls_explorer_say(explorer, "cancelled after %zu of %zu homes", answer->plan->customers_served,
                        answer->plan->n_customers);
    size_t index;
    if (first && explorer->options->customer != NULL && answer->day->n_customers > 0)
        open_wanted_customer(explorer);
    else if (answer->day->n_customers > 0 && (first || !ls_explorer_customer_index(explorer, &index)))
        ls_explorer_choose_customer(explorer, 0);
    else if (!same_day && answer->day->n_customers > 0)
        ls_explorer_choose_customer(explorer, index);
    ls_explorer_refresh_lists(explorer);
}

/* Gives a quick solve the time to end, so that one frame shows both a limit and what came of it. */
static struct ls_worker_state await_answer(const struct ls_explorer *explorer)
{
    struct ls_worker_state state = ls_worker_state(explorer->worker);
    if (!state.busy || state.seconds >= GRACE_SECONDS)
        return state;
    ls_worker_wait(explorer->worker, GRACE_SECONDS - state.seconds);
    return ls_worker_state(explorer->worker);
}

/* `state` is from before the news was taken: one that is not busy then has no answer left to give. */
static void draw(struct ls_explorer *explorer, const struct ls_worker_state *state)
{
    explorer->waiting = state->busy;
    ls_screen_draw(explorer, state, explorer->frame);
    ls_terminal_set_busy(explorer->terminal, state->busy);
    ls_terminal_show(explorer->terminal, explorer->frame);
}

/* Instead of a session: the first answer, drawn for a file. */
static int take_picture(struct ls_explorer *explorer, struct ls_error *error)
{
    while (ls_worker_state(explorer->worker).busy)
        ls_worker_wait(explorer->worker, WAIT_SECONDS);
    take_news(explorer);
    if (explorer->message_is_error)
        return ls_error_set(error, LS_ERR_SOLVER, "%s", explorer->message);
    return ls_screen_save(explorer, explorer->options->snapshot, false, error);
}

/* A value typed in place: valid text counts at once, so the answer follows the fingers. */
static void edit_changed(struct ls_explorer *explorer)
{
    const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
    struct ls_error error;
    if (ls_parameter_set(limit, &explorer->policy, explorer->city->name, explorer->prompt.text, &error) !=
        0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    explorer->message[0] = '\0';
    ls_explorer_policy_changed(explorer);
}

static void prompt_changed(struct ls_explorer *explorer)
{
    if (explorer->prompt_use == LS_PROMPT_EDIT)
        edit_changed(explorer);
    if (explorer->prompt_use != LS_PROMPT_SEARCH)
        return;
    snprintf(explorer->customers.filter, sizeof explorer->customers.filter, "%s", explorer->prompt.text);
    explorer->customers.selected = 0;
    ls_explorer_refresh_lists(explorer);
}

static void prompt_accepted(struct ls_explorer *explorer)
{
    enum ls_prompt_use use = explorer->prompt_use;
    struct ls_error error;
    if (use == LS_PROMPT_EDIT && ls_parameter_set(ls_explorer_limit(explorer->limit), &explorer->policy,
                                                  explorer->city->name, explorer->prompt.text, &error) != 0) {
        ls_explorer_fail(explorer, &error); /* the text stays, to be mended */
        return;
    }
    explorer->prompt_use = LS_PROMPT_NONE;
    if (use == LS_PROMPT_COMMAND)
        ls_tui_command_line(explorer, explorer->prompt.text);
}

/* Leaving a value half typed goes back to what it was; leaving a search shows all again. */
static void prompt_left(struct ls_explorer *explorer)
{
    enum ls_prompt_use use = explorer->prompt_use;
    struct ls_error error;
    explorer->prompt_use = LS_PROMPT_NONE;
    explorer->message[0] = '\0';
    if (use == LS_PROMPT_SEARCH) {
        explorer->customers.filter[0] = '\0';
        ls_explorer_refresh_lists(explorer);
    }
    if (use != LS_PROMPT_EDIT || ls_policy_equal(&explorer->policy, &explorer->before_edit))
        return;
    struct ls_policy copy = {0};
    if (ls_policy_copy(&copy, &explorer->before_edit, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_policy_clear(&explorer->policy);
    explorer->policy = copy;
    ls_explorer_policy_changed(explorer);
}

static void on_prompt_key(struct ls_explorer *explorer, int key)
{
    switch (ls_prompt_key(&explorer->prompt, key)) {
    case LS_PROMPT_CHANGED:
        prompt_changed(explorer);
        break;
    case LS_PROMPT_ACCEPTED:
        prompt_accepted(explorer);
        break;
    case LS_PROMPT_LEFT:
        prompt_left(explorer);
        break;
    case LS_PROMPT_MOVED:
    case LS_PROMPT_IGNORED:
        break;
    }
}

/* What the form made of a key or a text; true when it was for the form. */
static bool take_form(struct ls_explorer *explorer, enum ls_form_result result)
{
    struct ls_error error;
    struct ls_policy copy = {0};
    if (result == LS_FORM_LEFT)
        ls_explorer_go(explorer, LS_VIEW_DAY);
    if (result == LS_FORM_CHANGED) {
        if (ls_policy_copy(&copy, ls_form_policy(explorer->form), &error) != 0) {
            ls_explorer_fail(explorer, &error);
            return true;
        }
        ls_policy_clear(&explorer->policy);
        explorer->policy = copy;
        ls_explorer_policy_changed(explorer);
    }
    return result != LS_FORM_IGNORED;
}

static void on_key(struct ls_explorer *explorer, int key)
{
    if (explorer->prompt_use != LS_PROMPT_NONE) {
        on_prompt_key(explorer, key);
        return;
    }
    explorer->message[0] = '\0';
    if (explorer->form != NULL && take_form(explorer, ls_form_key(explorer->form, key)))
        return;
    const struct ls_tui_command *command = ls_tui_command_of_key(key);
    char name[16];
    if (command != NULL)
        command->run(explorer, command, "");
    else
        ls_explorer_say(explorer, "%s does nothing here; ? shows the keys", ls_tui_key_name(key, name));
}

static void on_mouse(struct ls_explorer *explorer, const struct ls_event *event)
{
    const struct ls_view *view = ls_view(explorer->view);
    if (explorer->prompt_use != LS_PROMPT_NONE)
        return;
    if (event->mouse == LS_MOUSE_WHEEL_UP || event->mouse == LS_MOUSE_WHEEL_DOWN) {
        if (view->vertical != NULL)
            view->vertical(explorer, event->mouse == LS_MOUSE_WHEEL_UP ? -1 : 1, LS_STEP_LINE);
        return;
    }
    enum ls_view_id tab;
    if (event->row == 1 && event->col >= explorer->frame->cols - LS_SCREEN_HELP_COLS)
        ls_explorer_go(explorer, LS_VIEW_HELP);
    else if (event->row == 1 && ls_screen_tab_at(explorer, event->col, &tab))
        ls_explorer_go(explorer, tab);
    else if (view->click != NULL &&
             view->click(explorer, ls_explorer_body(explorer), event->row, event->col) &&
             event->mouse == LS_MOUSE_DOUBLE && view->open != NULL)
        view->open(explorer);
}

static void on_resize(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (ls_frame_resize(explorer->frame, ls_terminal_rows(explorer->terminal),
                        ls_terminal_cols(explorer->terminal), &error) != 0)
        ls_explorer_fail(explorer, &error);
    if (explorer->form != NULL)
        ls_form_resize(explorer->form, ls_explorer_body(explorer));
    ls_explorer_refresh_lists(explorer);
}

static void on_event(struct ls_explorer *explorer, const struct ls_event *event)
{
    switch (event->kind) {
    case LS_EVENT_KEY:
        on_key(explorer, event->key);
        break;
    case LS_EVENT_PASTE:
        if (explorer->prompt_use != LS_PROMPT_NONE) {
            ls_prompt_insert(&explorer->prompt, event->text);
            prompt_changed(explorer);
        } else if (explorer->form != NULL) {
            (void)take_form(explorer, ls_form_paste(explorer->form, event->text));
        }
        break;
    case LS_EVENT_MOUSE:
        on_mouse(explorer, event);
        break;
    case LS_EVENT_RESIZE:
        on_resize(explorer);
        break;
    case LS_EVENT_QUIT:
        explorer->quit = true;
        break;
    case LS_EVENT_WAKE:
    case LS_EVENT_TIMEOUT:
        break;
    }
}

static void wake(void *user)
{
    ls_terminal_wake(user);
}

static int explorer_open(struct ls_explorer *explorer, const struct ls_policy *policy, struct ls_error *error)
{
    const struct ls_explorer_options *options = explorer->options;
    int status = ls_policy_copy(&explorer->policy, policy, error);
    if (status == 0)
        status = ls_policy_copy(&explorer->saved, policy, error);
    if (status == 0)
        status = load_dates(explorer, ls_dataset_city(explorer->dataset, options->city), error);
    if (status == 0)
        status = ls_terminal_open(&options->terminal, &explorer->terminal, error);
    if (status == 0)
        status = ls_frame_create(ls_terminal_rows(explorer->terminal), ls_terminal_cols(explorer->terminal),
                                 ls_terminal_glyphs(explorer->terminal), &explorer->frame, error);
    if (status == 0)
        status = ls_worker_start(explorer->archive, wake, explorer->terminal, &explorer->worker, error);
    if (status != 0)
        return status;
    explorer->frame->reverse = ls_terminal_has_reverse(explorer->terminal);
    explorer->mouse = !options->terminal.no_mouse;
    explorer->customers.sort = 1;
    explorer->customers.descending = true;
    explorer->moves.sort = -1;
    explorer->why_source = explorer->why_destination = -1;
    explorer->customer = (uint32_t)explorer->city->first_customer;
    enum ls_view_id view;
    if (options->view != NULL && ls_view_named(options->view, &view))
        ls_explorer_go(explorer, view);
    if (options->scenario_path != NULL)
        snprintf(explorer->scenario_path, sizeof explorer->scenario_path, "%s", options->scenario_path);
    return 0;
}

static void explorer_close(struct ls_explorer *explorer)
{
    ls_form_close(explorer->form);
    ls_worker_stop(explorer->worker);
    ls_frame_destroy(explorer->frame);
    ls_terminal_close(explorer->terminal);
    ls_answer_destroy(explorer->answer);
    ls_policy_clear(&explorer->policy);
    ls_policy_clear(&explorer->saved);
    ls_policy_clear(&explorer->before_edit);
    free(explorer->customers.row);
    free(explorer->moves.row);
    free(explorer->dates);
}

int ls_explorer_run(ls_archive *archive, const struct ls_policy *policy,
                    const struct ls_explorer_options *options, struct ls_error *error)
{
    struct ls_explorer explorer = {
        .archive = archive, .dataset = ls_archive_head(archive), .options = options};
    struct ls_event event;
    int status = explorer_open(&explorer, policy, error);
    if (status != 0)
        goto done;
    ls_explorer_solve(&explorer);
    if (options->snapshot != NULL) {
        status = take_picture(&explorer, error);
        goto done;
    }
    while (!explorer.quit) {
        struct ls_worker_state state = await_answer(&explorer);
        take_news(&explorer);
        draw(&explorer, &state);
        ls_terminal_wait(explorer.terminal, explorer.waiting ? (int)(1000 * PATIENCE_SECONDS) : -1, &event);
        on_event(&explorer, &event);
        while (!explorer.quit && ls_terminal_has_input(explorer.terminal)) {
            ls_terminal_wait(explorer.terminal, 0, &event);
            on_event(&explorer, &event);
        }
    }
done:
    explorer_close(&explorer);
    return status;
}
