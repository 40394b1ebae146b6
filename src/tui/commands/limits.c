/* The limits: turned, set, taken back, read from scenario files and written to them. */
#include "tui/commands/files.h"
#include "tui/commands/topics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const engine[] = {"run.engine", NULL}, *const week[] = {"run.week_context", NULL};

static void run_limit(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    int row = ls_explorer_limit_row(call->arguments[0].parameter);
    if (row < 0) {
        ls_command_refuse(explorer, LS_ERR_NAME, "the Day screen has no limit '%s'", call->arguments[0].text,
                          ":set sets any parameter");
        return;
    }
    explorer->limit = row;
    explorer->at_slots = false;
}

/* What is turned: on Limits what the cursor is on; NULL, with a word to the user: nothing yet. */
static const struct ls_parameter *limit_at_hand(struct ls_explorer *explorer)
{
    if (explorer->view != LS_VIEW_LIMITS)
        return ls_explorer_limit(explorer->limit);
    const struct ls_limit_cost *cost = ls_gains_chosen(explorer);
    if (cost == NULL)
        ls_explorer_refuse(explorer, "no limit's cost is under the cursor", "wait until they are worked out");
    return cost != NULL ? cost->parameter : NULL;
}

/* On Limits a step of its own, and logged as what came of it: which limit the cursor was on depends on how
 * many had come. */
static void run_nudge(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_parameter *limit = limit_at_hand(explorer);
    struct ls_error error;
    char value[LS_VALUE_SIZE];
    if (limit == NULL)
        return;
    if (ls_parameter_nudge(limit, &explorer->policy, explorer->city->name, call->command->by, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_policy_turned(explorer, explorer->view == LS_VIEW_LIMITS ? NULL : limit);
    ls_parameter_get(limit, &explorer->policy, explorer->city->name, value, sizeof value);
    if (explorer->view == LS_VIEW_LIMITS)
        ls_explorer_log_set(explorer, limit, value);
    else
        ls_log_add(&explorer->log, call->command->name);
    if (explorer->view != LS_VIEW_DAY)
        ls_explorer_say(explorer, "%s %s %s", limit->label, value, limit->unit);
}

static void run_set(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    struct ls_error error;
    size_t known = explorer->policy.n_cities;
    if (ls_policy_assign(&explorer->policy, call->arguments[0].text, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_policy_turned(explorer, NULL);
    for (size_t i = 0; explorer->policy.n_cities > known && i < explorer->policy.n_cities; i++)
        if (ls_dataset_city(explorer->dataset, explorer->policy.cities[i].name) == NULL)
            ls_explorer_say(explorer, "the limits speak of city '%s', which the data do not have",
                            explorer->policy.cities[i].name);
}

/* Turns the choice that the argument is a value of, or sets it to the word given. */
static void run_turn(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *word = call->arguments[0].text;
    const struct ls_parameter *parameter;
    struct ls_error error;
    char city[LS_ID_BYTES + 1];
    int status = ls_parameter_find(call->command->arguments[0].words[0], &parameter, city, &error);
    if (status == 0)
        status = word[0] != '\0' ? ls_parameter_set(parameter, &explorer->policy, NULL, word, &error)
                                 : ls_parameter_nudge(parameter, &explorer->policy, NULL, 1, &error);
    if (status != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_policy_turned(explorer, NULL);
}

/* Logged as what came of it: what was saved is not saved again by a replay. */
static void run_reset(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_parameter *limit = limit_at_hand(explorer);
    char value[LS_VALUE_SIZE];
    struct ls_error error;
    (void)call;
    if (limit == NULL)
        return;
    ls_parameter_get(limit, &explorer->saved, explorer->city->name, value, sizeof value);
    if (ls_parameter_set(limit, &explorer->policy, explorer->city->name, value, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_policy_turned(explorer, NULL);
    ls_explorer_log_set(explorer, limit, value);
}

static void run_undo(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_step_back(explorer, call->command->by);
}

/* Only what it does on Days can be done again: a replay waits for solves. */
static void run_cancel(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    if (explorer->waiting)
        ls_worker_cancel(explorer->worker);
    else if (explorer->view == LS_VIEW_DAYS) {
        ls_explorer_stop_days(explorer);
        ls_log_add(&explorer->log, call->command->name);
    } else if (ls_task_busy(explorer->sweeping.task))
        ls_task_cancel(explorer->sweeping.task);
    else if ((explorer->view != LS_VIEW_SWEEP || !ls_explorer_resume_sweep(explorer)) &&
             (explorer->view != LS_VIEW_LIMITS || !ls_explorer_stop_costs(explorer)))
        ls_explorer_say(explorer, "nothing is being solved");
}

/* ---- scenario files ---- */

/* The file named, or the scenario's own; NULL, with a word to the user, when there is none. */
static const char *scenario_path(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *path = call->arguments[0].text;
    if (path[0] == '\0')
        path = explorer->scenario_path;
    if (path[0] != '\0')
        return path;
    ls_command_refuse(explorer, LS_ERR_USAGE, "no scenario file to %s", call->command->name, "name one");
    return NULL;
}

/* The policy as it is counts as the scenario's. */
static int mark_saved(struct ls_explorer *explorer, struct ls_error *error)
{
    struct ls_policy copy = {0};
    int status = ls_policy_copy(&copy, &explorer->policy, error);
    if (status != 0)
        return status;
    ls_policy_clear(&explorer->saved);
    explorer->saved = copy;
    if (explorer->form != NULL)
        ls_form_reload(explorer->form, &explorer->policy, &explorer->saved);
    return 0;
}

static void run_begin(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    struct ls_error error;
    (void)call;
    explorer->turned = NULL;
    if (mark_saved(explorer, &error) != 0 || ls_undo_start(&explorer->undo, &explorer->policy, &error) != 0)
        ls_explorer_fail(explorer, &error);
}

static void run_load(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *path = scenario_path(explorer, call);
    struct ls_undo_file *file = path != NULL ? calloc(1, sizeof *file) : NULL;
    struct ls_policy loaded;
    struct ls_error error;
    if (path == NULL)
        return;
    ls_policy_init(&loaded);
    int status = file == NULL ? ls_error_set(&error, LS_ERR_MEMORY, "out of memory for a scenario")
                              : ls_scenario_read(path, &loaded, &error);
    if (status == 0)
        status = ls_policy_copy(&file->saved, &loaded, &error);
    if (status != 0) {
        ls_policy_clear(&loaded);
        ls_undo_file_destroy(file);
        ls_explorer_fail(explorer, &error);
        return;
    }
    snprintf(file->path, sizeof file->path, "%s", path);
    ls_policy_clear(&explorer->policy);
    explorer->policy = loaded;
    ls_explorer_exchange_file(explorer, file);
    if (ls_explorer_policy_turned(explorer, NULL))
        ls_undo_note_file(&explorer->undo, file);
    else
        ls_undo_file_destroy(file);
    ls_explorer_say(explorer, "loaded %s", explorer->scenario_path);
}

static void run_save(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *path = scenario_path(explorer, call);
    struct ls_error error;
    if (path == NULL)
        return;
    bool own = strcmp(path, explorer->scenario_path) == 0;
    if ((!own && ls_files_admit(call->command, path, &error) != 0) ||
        ls_scenario_save(path, &explorer->policy, &error) != 0 || mark_saved(explorer, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    if (!own)
        snprintf(explorer->scenario_path, sizeof explorer->scenario_path, "%s", path);
    ls_explorer_say(explorer, "saved %s", explorer->scenario_path);
}

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "limit", .arguments = {{"SECTION.KEY", LS_ARGUMENT_PARAMETER}}, .help = "choose a limit of the Day screen", .run = run_limit},
    {.name = "less", .keys = {'['}, .help = "the chosen limit one step down", .flags = LS_COMMAND_UNLOGGED, .run = run_nudge, .by = -1},
    {.name = "more", .keys = {']'}, .help = "the chosen limit one step up", .flags = LS_COMMAND_UNLOGGED, .run = run_nudge, .by = 1},
    {.name = "much-less", .keys = {'{'}, .help = "ten steps down", .flags = LS_COMMAND_UNLOGGED, .run = run_nudge, .by = -10},
    {.name = "much-more", .keys = {'}'}, .help = "ten steps up", .flags = LS_COMMAND_UNLOGGED, .run = run_nudge, .by = 10},
    {.name = "undo", .keys = {'u'}, .help = "take back the last change of a limit", .run = run_undo, .by = 1},
    {.name = "redo", .keys = {LS_KEY_CTRL('r'), 'U'}, .help = "make it again", .run = run_undo, .by = -1},
    {.name = "reset", .keys = {'r'}, .help = "the chosen limit as the scenario has it", .flags = LS_COMMAND_UNLOGGED, .run = run_reset},
    {.name = "begin", .help = "undo and reset lead back to here", .run = run_begin},
    {.name = "engine", .arguments = {{"NAME", LS_ARGUMENT_VALUE, true, .words = engine}}, .keys = {'e'}, .help = "the next engine, or greedy, milp, lp", .run = run_turn},
    {.name = "week", .arguments = {{"CONTEXT", LS_ARGUMENT_VALUE, true, .words = week}}, .keys = {'W'}, .help = "the day alone, or in its week", .run = run_turn},
    {.name = "cancel", .keys = {'x'}, .help = "stop the solve or sweep under way; on Days and Sweep go on", .flags = LS_COMMAND_UNLOGGED, .run = run_cancel},
    {.name = "set", .arguments = {{"SECTION.KEY=VALUE", LS_ARGUMENT_SETTING}}, .help = "set any parameter", .run = run_set},
    {.name = "load", .arguments = {{"FILE", LS_ARGUMENT_PATH, true}}, .help = "read a scenario file", .flags = LS_COMMAND_PATH, .run = run_load},
    {.name = "save", .arguments = {{"FILE", LS_ARGUMENT_PATH, true}}, .keys = {LS_KEY_CTRL('s')}, .help = "write the scenario file", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_save},
    {.name = "save!", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "the same over a file that is there", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_save, .by = 1},
};
/* clang-format on */

const struct ls_topic ls_topic_limits = LS_TOPIC("Limits", commands);
