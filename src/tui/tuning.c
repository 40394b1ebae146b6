/*
 * From a change of limits, day or city to the answer on screen: solving, answers that are at hand, and steps
 * back.
 */
#include "base/clock.h"
#include "tui/commands/table.h"
#include "tui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_SECONDS 1.0 /* nudges that are further apart are steps of their own */

/* The customer asked for at the start; one that is not there is told. */
static void open_wanted_customer(struct ls_explorer *explorer)
{
    char line[LS_LINE_BYTES];
    ls_explorer_choose_customer(explorer, 0);
    snprintf(line, sizeof line, "customer %s", explorer->options->customer);
    ls_command_run_line(explorer, line);
}

/* Puts an answer, which `answers` owns, on the screen. */
static void show_answer(struct ls_explorer *explorer, struct ls_answer *answer, bool first, bool same_day)
{
    size_t index;
    explorer->answer = answer;
    ls_explorer_forget_gains(explorer);
    if (explorer->slot >= answer->day->n_slots)
        explorer->slot = answer->day->n_slots - 1;
    if (answer->plan->outcome == LS_OUTCOME_CANCELLED)
        ls_explorer_say(explorer, "cancelled after %zu of %zu homes", answer->plan->customers_served,
                        answer->plan->n_customers);
    if (first && explorer->options->customer != NULL && answer->day->n_customers > 0)
        open_wanted_customer(explorer);
    else if (answer->day->n_customers > 0 && (first || !ls_explorer_customer_index(explorer, &index)))
        ls_explorer_choose_customer(explorer, 0);
    else if (!same_day && answer->day->n_customers > 0)
        ls_explorer_choose_customer(explorer, index);
    ls_explorer_refresh_lists(explorer);
}

static bool is_same_day(const struct ls_answer *a, const struct ls_answer *b)
{
    return a != NULL && a->day->date == b->day->date && a->day->n_slots == b->day->n_slots;
}

void ls_explorer_solve(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (explorer->n_dates == 0)
        return;
    int32_t date = explorer->dates[explorer->date];
    ls_explorer_forget_gains(explorer);
    ls_explorer_place_sweep(explorer);
    struct ls_answer *known =
        ls_answers_find(explorer->answers, &explorer->policy, explorer->city->name, date);
    if (known != NULL) {
        ls_worker_forget(explorer->worker);
        explorer->waiting = false;
        show_answer(explorer, known, explorer->answer == NULL, is_same_day(explorer->answer, known));
    } else if (ls_worker_request(explorer->worker, &explorer->policy, explorer->city->name, date, &error) !=
               0) {
        ls_explorer_fail(explorer, &error);
    } else {
        explorer->waiting = true;
    }
}

void ls_explorer_take_news(struct ls_explorer *explorer)
{
    struct ls_answer *answer = NULL;
    struct ls_error error;
    if (!ls_worker_take(explorer->worker, &answer, &error))
        return;
    if (answer == NULL) {
        char shown[LS_SHOWN_SIZE];
        if (error.code != LS_ERR_CANCELLED)
            ls_explorer_fail(explorer, &error);
        else if (explorer->answer != NULL)
            ls_explorer_say(explorer, "cancelled; shown: %s", ls_screen_shown(explorer, shown));
        else
            ls_explorer_say(explorer, "cancelled");
        return;
    }
    bool first = explorer->answer == NULL, same_day = is_same_day(explorer->answer, answer);
    ls_answers_keep(explorer->answers, answer);
    show_answer(explorer, answer, first, same_day);
}

void ls_explorer_point_days(struct ls_explorer *explorer)
{
    explorer->days.city = (size_t)(explorer->city - explorer->dataset->cities);
    if (explorer->n_dates > 0)
        explorer->days.date = explorer->dates[explorer->date];
}

static bool solve_days(struct ls_explorer *explorer, struct ls_error *error)
{
    struct ls_days_state *days = &explorer->days;
    if (explorer->almanac == NULL && ls_almanac_open(explorer->archive, ls_explorer_wake, explorer->terminal,
                                                     &explorer->almanac, error) != 0)
        return false;
    return ls_almanac_step(explorer->almanac, error) &&
           ls_almanac_ask(explorer->almanac, &explorer->policy, days->city, days->date, error) == 0;
}

void ls_explorer_mind_days(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (explorer->view == LS_VIEW_DAYS && !explorer->days.stopped) {
        if (solve_days(explorer, &error))
            return;
        explorer->days.stopped = true;
        ls_explorer_fail(explorer, &error);
    }
    if (explorer->almanac != NULL)
        ls_almanac_rest(explorer->almanac);
}

void ls_explorer_mind_survey(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (explorer->surveyor != NULL && !ls_surveyor_is_of(explorer->surveyor, explorer->timezone)) {
        ls_surveyor_stop(explorer->surveyor);
        explorer->surveyor = NULL;
    }
    if (explorer->view != LS_VIEW_DATA || explorer->surveyor != NULL || explorer->survey_failed ||
        !ls_surveyor_suits(explorer->dataset, explorer->options->store))
        return;
    explorer->survey_failed =
        ls_surveyor_start(explorer->dataset, explorer->options->store, explorer->timezone, ls_explorer_wake,
                          explorer->terminal, &explorer->surveyor, &error) != 0;
    if (explorer->survey_failed)
        ls_explorer_fail(explorer, &error);
}

void ls_explorer_stop_days(struct ls_explorer *explorer)
{
    explorer->days.stopped = !explorer->days.stopped;
    ls_explorer_mind_days(explorer);
    ls_explorer_say(explorer,
                    explorer->days.stopped ? "stopped: x goes on solving days" : "solving days goes on");
}

/* The dates that have a row, and of the clock's changes the first few. */
static void take_days(struct ls_explorer *explorer, const struct ls_archive_day *days, size_t n_days)
{
    explorer->n_dates = explorer->n_changes = 0;
    for (size_t d = 0; d < n_days; d++) {
        if (days[d].has_row)
            explorer->dates[explorer->n_dates++] = days[d].date;
        if (days[d].minutes == LS_DAY_MINUTES)
            continue;
        if (explorer->n_changes < LS_CHANGES_SHOWN)
            explorer->changes[explorer->n_changes] = (struct ls_clock_change){days[d].date, days[d].minutes};
        explorer->n_changes++;
    }
}

int ls_explorer_load_dates(struct ls_explorer *explorer, const struct ls_city *city, struct ls_error *error)
{
    ls_zone *zone = NULL;
    struct ls_archive_day *days = NULL;
    size_t n_days = 0;
    int status = ls_dataset_zone(explorer->dataset, explorer->policy.timezone, &zone, error);
    if (status == 0)
        status = ls_archive_days(explorer->archive, zone, city->name, &days, &n_days, error);
    ls_zone_close(zone);
    if (status != 0)
        return status;
    int32_t wanted = explorer->n_dates > 0 ? explorer->dates[explorer->date] : explorer->options->date;
    int32_t *dates = malloc(n_days * sizeof *dates);
    if (dates == NULL) {
        free(days);
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for %zu dates", n_days);
    }
    free(explorer->dates);
    explorer->dates = dates;
    take_days(explorer, days, n_days);
    free(days);
    explorer->city = city;
    explorer->date = 0;
    for (size_t d = 0; d < explorer->n_dates; d++)
        if (dates[d] == wanted)
            explorer->date = d;
    memcpy(explorer->timezone, explorer->policy.timezone, sizeof explorer->timezone);
    explorer->survey_failed = false;
    ls_explorer_point_days(explorer);
    if (explorer->form != NULL)
        ls_form_set_city(explorer->form, city->name);
    return 0;
}

void ls_explorer_set_city(struct ls_explorer *explorer, const struct ls_city *city)
{
    struct ls_error error;
    if (ls_explorer_load_dates(explorer, city, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_solve(explorer);
}

void ls_explorer_set_date(struct ls_explorer *explorer, size_t index)
{
    if (index == explorer->date || index >= explorer->n_dates)
        return;
    explorer->date = index;
    ls_explorer_point_days(explorer);
    ls_explorer_solve(explorer);
}

void ls_explorer_policy_changed(struct ls_explorer *explorer)
{
    struct ls_error error;
    if (explorer->form != NULL)
        ls_form_reload(explorer->form, &explorer->policy, &explorer->saved);
    if (strcmp(explorer->timezone, explorer->policy.timezone) != 0) {
        if (ls_explorer_load_dates(explorer, explorer->city, &error) != 0) {
            ls_explorer_fail(explorer, &error);
            return;
        }
        ls_explorer_mind_survey(explorer);
    }
    ls_explorer_solve(explorer);
}

/*
 * What belongs to one step follows from the log alone, so that a log replays to the same steps: nudges of one
 * limit with no other line between them. A pause of the user's becomes such a line.
 */
bool ls_explorer_policy_turned(struct ls_explorer *explorer, const struct ls_parameter *parameter)
{
    struct ls_error error;
    double now = ls_clock_seconds();
    bool noted = false, merge = parameter != NULL && parameter == explorer->turned &&
                                explorer->log.lines == explorer->turned_line;
    if (merge && explorer->play.state == LS_PLAY_OVER && now - explorer->turned_at > STEP_SECONDS) {
        ls_log_add(&explorer->log, "wait 1");
        merge = false;
    }
    if (ls_undo_note(&explorer->undo, &explorer->policy, merge, &noted, &error) != 0)
        ls_explorer_fail(explorer, &error);
    explorer->turned = noted ? parameter : NULL;
    explorer->turned_line = explorer->log.lines + 1;
    explorer->turned_at = now;
    ls_explorer_policy_changed(explorer);
    return noted;
}

void ls_explorer_exchange_file(struct ls_explorer *explorer, struct ls_undo_file *file)
{
    struct ls_undo_file before = {.saved = explorer->saved};
    memcpy(before.path, explorer->scenario_path, sizeof before.path);
    explorer->saved = file->saved;
    memcpy(explorer->scenario_path, file->path, sizeof file->path);
    *file = before;
}

/* Says which parameter a step turned, and how many there are if it is not alone. */
static void say_step(struct ls_explorer *explorer, const struct ls_policy *from, const char *done)
{
    size_t count, n = 0;
    const struct ls_parameter *parameters = ls_parameters(&count);
    char what[200] = "", was[LS_VALUE_SIZE], is[LS_VALUE_SIZE];
    for (size_t i = 0; i < count; i++) {
        const char *city = parameters[i].per_city ? explorer->city->name : NULL;
        ls_parameter_get(&parameters[i], from, city, was, sizeof was);
        ls_parameter_get(&parameters[i], &explorer->policy, city, is, sizeof is);
        if (strcmp(was, is) != 0 && n++ == 0)
            snprintf(what, sizeof what, ": %s from %.60s to %.60s", parameters[i].label, was, is);
    }
    if (n > 1)
        ls_explorer_say(explorer, "%s%s, and %zu more", done, what, n - 1);
    else
        ls_explorer_say(explorer, "%s%s", done, what);
}

void ls_explorer_step_back(struct ls_explorer *explorer, int back)
{
    struct ls_policy copy = {0};
    struct ls_error error;
    size_t before = explorer->undo.at;
    const struct ls_policy *policy = ls_undo_go(&explorer->undo, back);
    if (policy == NULL) {
        ls_explorer_say(explorer, back > 0 ? "nothing to undo" : "nothing to redo");
        return;
    }
    if (ls_policy_copy(&copy, policy, &error) != 0) {
        (void)ls_undo_go(&explorer->undo, -back);
        ls_explorer_fail(explorer, &error);
        return;
    }
    struct ls_undo_step *crossed = &explorer->undo.step[back > 0 ? before : explorer->undo.at];
    struct ls_policy left = explorer->policy;
    explorer->policy = copy;
    explorer->turned = NULL;
    say_step(explorer, &left, back > 0 ? "undone" : "redone");
    if (crossed->file != NULL)
        ls_explorer_exchange_file(explorer, crossed->file);
    if (crossed->swap)
        ls_explorer_cross_swap(explorer, crossed, &left);
    ls_policy_clear(&left);
    ls_explorer_policy_changed(explorer);
}

bool ls_explorer_has_peaks(const struct ls_explorer *explorer)
{
    const struct ls_city_policy *city = ls_policy_city(&explorer->policy, explorer->city->name);
    return explorer->n_dates > 0 && city->peak_hours[ls_date_weekday(explorer->dates[explorer->date])] != 0;
}
