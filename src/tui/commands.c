#include "tui/commands.h"

#include "base/text.h"
#include "tui/picture_screen.h"
#include "tui/selection.h"
#include "tui/table.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void refuse(struct ls_explorer *explorer, enum ls_code code, const char *what, const char *argument,
                   const char *remedy)
{
    struct ls_error error;
    ls_error_set(&error, code, what, argument);
    ls_error_remedy(&error, "%s", remedy);
    ls_explorer_fail(explorer, &error);
}

/* Moving */

static void run_vertical(struct ls_explorer *explorer, const struct ls_tui_command *command,
                         const char *argument)
{
    (void)argument;
    const struct ls_view *view = ls_view(explorer->view);
    if (view->vertical != NULL)
        view->vertical(explorer, command->by, command->step);
}

/* To an end, in a view without columns: the first or last row. */
static void run_horizontal(struct ls_explorer *explorer, const struct ls_tui_command *command,
                           const char *argument)
{
    const struct ls_view *view = ls_view(explorer->view);
    if (view->horizontal != NULL)
        view->horizontal(explorer, command->by, command->step);
    else if (command->step == LS_STEP_END)
        run_vertical(explorer, command, argument);
}

static void run_open(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    const struct ls_view *view = ls_view(explorer->view);
    if (view->open != NULL)
        view->open(explorer);
}

static void run_pane(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    const struct ls_view *view = ls_view(explorer->view);
    if (view->pane != NULL)
        view->pane(explorer);
}

static void run_back(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    if (explorer->view == LS_VIEW_CUSTOMER)
        ls_explorer_go(explorer, explorer->came_from);
    else if (explorer->view == LS_VIEW_HELP)
        ls_explorer_go(explorer, explorer->under_help);
    else
        ls_explorer_go(explorer, LS_VIEW_DAY);
}

/* Screens */

static void run_view(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    enum ls_view_id view;
    if (ls_view_named(argument, &view)) {
        ls_explorer_go(explorer, view);
        return;
    }
    refuse(explorer, LS_ERR_NAME, "no view '%s'", argument,
           "name one as on its tab: day, customers, moves, data, parameters");
}

static void run_go(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)argument;
    ls_explorer_go(explorer, command->view);
}

static void run_help(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    if (explorer->view == LS_VIEW_HELP)
        run_back(explorer, command, argument);
    else
        ls_explorer_go(explorer, LS_VIEW_HELP);
}

/* Which day */

static void run_step_day(struct ls_explorer *explorer, const struct ls_tui_command *command,
                         const char *argument)
{
    (void)argument;
    if (command->by > 0 ? explorer->date + 1 < explorer->n_dates : explorer->date > 0)
        ls_explorer_set_date(explorer, command->by > 0 ? explorer->date + 1 : explorer->date - 1);
    else
        ls_explorer_say(explorer, "this is the %s day with readings", command->by > 0 ? "last" : "first");
}

static void run_day(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    int32_t date;
    char remedy[80], first[LS_DATE_SIZE], last[LS_DATE_SIZE];
    if (ls_date_parse(argument, &date))
        for (size_t d = 0; d < explorer->n_dates; d++)
            if (explorer->dates[d] == date) {
                ls_explorer_set_date(explorer, d);
                return;
            }
    snprintf(remedy, sizeof remedy, "days run from %s to %s", ls_date_format(explorer->dates[0], first),
             ls_date_format(explorer->dates[explorer->n_dates - 1], last));
    refuse(explorer, LS_ERR_NAME, "no readings on '%s'", argument, remedy);
}

/* Without a name, the next city. */
static void run_city(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    const struct ls_dataset *dataset = explorer->dataset;
    size_t next = ((size_t)(explorer->city - dataset->cities) + 1) % dataset->n_cities;
    const struct ls_city *city =
        argument[0] != '\0' ? ls_dataset_city(dataset, argument) : &dataset->cities[next];
    if (city == NULL)
        refuse(explorer, LS_ERR_NAME, "the data have no city '%s'", argument,
               "C goes through those there are");
    else if (city == explorer->city)
        ls_explorer_say(explorer, "%s is the only city", city->name);
    else
        ls_explorer_set_city(explorer, city);
}

/* Limits */

static void run_nudge(struct ls_explorer *explorer, const struct ls_tui_command *command,
                      const char *argument)
{
    (void)argument;
    const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
    struct ls_error error;
    char value[LS_VALUE_SIZE];
    if (ls_parameter_nudge(limit, &explorer->policy, explorer->city->name, command->by, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_policy_changed(explorer);
    if (explorer->view != LS_VIEW_DAY)
        ls_explorer_say(explorer, "%s %s %s", limit->label,
                        ls_parameter_get(limit, &explorer->policy, explorer->city->name, value, sizeof value),
                        limit->unit);
}

static void run_set(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    struct ls_error error;
    if (ls_policy_assign(&explorer->policy, argument, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    if (explorer->form != NULL)
        ls_form_reload(explorer->form, &explorer->policy, &explorer->saved);
    ls_explorer_policy_changed(explorer);
}

/* Turns a choice of the table, or sets it to the word given. */
static void turn(struct ls_explorer *explorer, const char *dotted, const char *word)
{
    const struct ls_parameter *parameter;
    struct ls_error error;
    char city[LS_ID_BYTES + 1];
    int status = ls_parameter_find(dotted, &parameter, city, &error);
    if (status == 0)
        status = word[0] != '\0' ? ls_parameter_set(parameter, &explorer->policy, NULL, word, &error)
                                 : ls_parameter_nudge(parameter, &explorer->policy, NULL, 1, &error);
    if (status != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_policy_changed(explorer);
}

static void run_engine(struct ls_explorer *explorer, const struct ls_tui_command *command,
                       const char *argument)
{
    (void)command;
    turn(explorer, "run.engine", argument);
}

static void run_week(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    turn(explorer, "run.week_context", argument);
}

static void run_reset(struct ls_explorer *explorer, const struct ls_tui_command *command,
                      const char *argument)
{
    (void)command;
    (void)argument;
    const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
    char value[LS_VALUE_SIZE];
    struct ls_error error;
    ls_parameter_get(limit, &explorer->saved, explorer->city->name, value, sizeof value);
    if (ls_parameter_set(limit, &explorer->policy, explorer->city->name, value, &error) != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_policy_changed(explorer);
}

static void run_cancel(struct ls_explorer *explorer, const struct ls_tui_command *command,
                       const char *argument)
{
    (void)command;
    (void)argument;
    if (explorer->waiting)
        ls_worker_cancel(explorer->worker);
    else
        ls_explorer_say(explorer, "nothing is being solved");
}

/* Scenario files */

static void remember_path(struct ls_explorer *explorer, const char *path)
{
    if (path != explorer->scenario_path)
        snprintf(explorer->scenario_path, sizeof explorer->scenario_path, "%s", path);
}

static void mark_saved(struct ls_explorer *explorer, const struct ls_policy *policy)
{
    struct ls_policy copy = {0};
    struct ls_error error;
    if (ls_policy_copy(&copy, policy, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_policy_clear(&explorer->saved);
    explorer->saved = copy;
    if (explorer->form != NULL)
        ls_form_reload(explorer->form, &explorer->policy, &explorer->saved);
}

static void run_load(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    const char *path = argument[0] != '\0' ? argument : explorer->scenario_path;
    struct ls_policy loaded;
    struct ls_error error;
    if (path[0] == '\0') {
        refuse(explorer, LS_ERR_USAGE, "no scenario file%s", "", "name one: :load FILE");
        return;
    }
    ls_policy_init(&loaded);
    if (ls_scenario_read(path, &loaded, &error) != 0) {
        ls_policy_clear(&loaded);
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_policy_clear(&explorer->policy);
    explorer->policy = loaded;
    mark_saved(explorer, &loaded);
    remember_path(explorer, path);
    ls_explorer_policy_changed(explorer);
    ls_explorer_say(explorer, "loaded %s", explorer->scenario_path);
}

static void run_save(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    const char *path = argument[0] != '\0' ? argument : explorer->scenario_path;
    struct ls_error error;
    if (path[0] == '\0') {
        refuse(explorer, LS_ERR_USAGE, "no scenario file%s", "", "name one: :save FILE");
        return;
    }
    if (ls_scenario_save(path, &explorer->policy, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    mark_saved(explorer, &explorer->policy);
    remember_path(explorer, path);
    ls_explorer_say(explorer, "saved %s", explorer->scenario_path);
}

/* Customers */

static void open_customer(struct ls_explorer *explorer, size_t index)
{
    ls_explorer_choose_customer(explorer, index);
    ls_explorer_go(explorer, LS_VIEW_CUSTOMER);
}

static void run_customer(struct ls_explorer *explorer, const struct ls_tui_command *command,
                         const char *argument)
{
    (void)command;
    if (explorer->answer == NULL)
        return;
    const struct ls_cityday *day = explorer->answer->day;
    for (size_t i = 0; i < day->n_customers; i++)
        if (strcmp(day->id[i], argument) == 0) {
            open_customer(explorer, i);
            return;
        }
    refuse(explorer, LS_ERR_NAME, "no customer '%s' on this day", argument,
           "/ searches the list by part of an id");
}

/* The customer that moves most into or out of the slot under the cursor. */
static bool customer_of_slot(const struct ls_explorer *explorer, size_t *index)
{
    const struct ls_plan *plan = explorer->answer->plan;
    double most = 0;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        if ((move->source != explorer->slot && move->destination != explorer->slot) || move->kwh <= most)
            continue;
        most = move->kwh;
        *index = move->customer;
    }
    return most > 0;
}

static void run_why(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    size_t index = 0;
    if (explorer->answer == NULL || explorer->answer->day->n_customers == 0)
        return;
    if (explorer->view == LS_VIEW_CUSTOMERS || explorer->view == LS_VIEW_MOVES) {
        run_open(explorer, command, argument);
        return;
    }
    if ((explorer->view == LS_VIEW_DAY && explorer->at_slots && customer_of_slot(explorer, &index)) ||
        ls_explorer_customer_index(explorer, &index))
        open_customer(explorer, index);
    else
        open_customer(explorer, 0);
}

static void run_search(struct ls_explorer *explorer, const struct ls_tui_command *command,
                       const char *argument)
{
    (void)command;
    ls_explorer_go(explorer, LS_VIEW_CUSTOMERS);
    if (argument[0] != '\0') {
        snprintf(explorer->customers.filter, sizeof explorer->customers.filter, "%s", argument);
        ls_explorer_refresh_lists(explorer);
        return;
    }
    explorer->prompt_use = LS_PROMPT_SEARCH;
    ls_prompt_start(&explorer->prompt, explorer->customers.filter);
}

static struct ls_list *list_on_screen(struct ls_explorer *explorer)
{
    return explorer->view == LS_VIEW_CUSTOMERS ? &explorer->customers
           : explorer->view == LS_VIEW_MOVES   ? &explorer->moves
                                               : NULL;
}

static void run_sort(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    struct ls_list *list = list_on_screen(explorer);
    if (list == NULL) {
        ls_explorer_say(explorer, "only tables are sorted: 3 customers, 4 moves");
        return;
    }
    size_t count;
    const struct ls_column *columns = ls_view_columns(explorer->view, &count);
    int column = (list->sort + 1) % (int)count;
    if (argument[0] != '\0')
        for (column = 0; column < (int)count && strcasecmp(columns[column].name, argument) != 0;)
            column++;
    if (column == (int)count) {
        refuse(explorer, LS_ERR_NAME, "no column '%s'", argument, "name one as in the table's head");
        return;
    }
    ls_list_sort_by(explorer, list, columns, column);
}

static void run_reverse(struct ls_explorer *explorer, const struct ls_tui_command *command,
                        const char *argument)
{
    (void)command;
    (void)argument;
    struct ls_list *list = list_on_screen(explorer);
    if (list == NULL)
        return;
    list->descending = !list->descending;
    ls_explorer_refresh_lists(explorer);
}

/* The screen itself */

static void run_command(struct ls_explorer *explorer, const struct ls_tui_command *command,
                        const char *argument)
{
    (void)command;
    explorer->prompt_use = LS_PROMPT_COMMAND;
    ls_prompt_start(&explorer->prompt, argument);
}

static void run_lock(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    explorer->scale_locked = !explorer->scale_locked && explorer->answer != NULL;
    if (explorer->scale_locked)
        ls_view_day_scales(explorer, &explorer->usage_top, &explorer->change_top);
    ls_explorer_say(explorer,
                    explorer->scale_locked ? "scales locked: L lets them go" : "scales follow the data");
}

static void run_mouse(struct ls_explorer *explorer, const struct ls_tui_command *command,
                      const char *argument)
{
    (void)command;
    (void)argument;
    explorer->mouse = !explorer->mouse;
    ls_terminal_set_mouse(explorer->terminal, explorer->mouse);
    ls_explorer_say(explorer,
                    explorer->mouse ? "mouse: click tabs, rows and slots" : "mouse left to the terminal");
}

static void run_copy(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    ls_selection_copy(explorer);
}

/* Over a file that is there with `by`. */
static void run_snapshot(struct ls_explorer *explorer, const struct ls_tui_command *command,
                         const char *argument)
{
    ls_screen_snapshot(explorer, argument, command->by != 0);
}

static void run_budget(struct ls_explorer *explorer, const struct ls_tui_command *command,
                       const char *argument)
{
    (void)command;
    (void)argument;
    explorer->shows_cost = !explorer->shows_cost;
}

static void run_repaint(struct ls_explorer *explorer, const struct ls_tui_command *command,
                        const char *argument)
{
    (void)command;
    (void)argument;
    ls_terminal_repaint(explorer->terminal);
}

static void run_quit(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument)
{
    (void)command;
    (void)argument;
    explorer->quit = true;
}

/* clang-format off */
static const struct ls_tui_command table[] = {
    {"day-view", NULL, {'2'}, "Screens", "limits, totals, usage and change by slot", false, run_go, 0, 0, LS_VIEW_DAY},
    {"customers", NULL, {'3', 'c'}, "Screens", "all customers of the day", false, run_go, 0, 0, LS_VIEW_CUSTOMERS},
    {"moves", NULL, {'4'}, "Screens", "every move; Tab for its map by hour", false, run_go, 0, 0, LS_VIEW_MOVES},
    {"data", NULL, {'7'}, "Screens", "what was read and what is doubtful", false, run_go, 0, 0, LS_VIEW_DATA},
    {"parameters", NULL, {'8'}, "Screens", "all parameters on a form", false, run_go, 0, 0, LS_VIEW_PARAMETERS},
    {"view", "NAME", {0}, "Screens", "go to a screen by name", false, run_view, 0, 0, 0},
    {"help", NULL, {'?'}, "Screens", "this help", false, run_help, 0, 0, 0},
    {"back", NULL, {LS_KEY_ESC, LS_KEY_BACKSPACE}, "Screens", "back to where one came from", false, run_back, 0, 0, 0},

    {"up", NULL, {LS_KEY_UP, 'k'}, "Moving", "a row up: limits, customers, moves", false, run_vertical, -1, 0, 0},
    {"down", NULL, {LS_KEY_DOWN, 'j'}, "Moving", "a row down", false, run_vertical, 1, 0, 0},
    {"page-up", NULL, {LS_KEY_PGUP}, "Moving", "a page up", false, run_vertical, -1, LS_STEP_PAGE, 0},
    {"page-down", NULL, {LS_KEY_PGDN, ' '}, "Moving", "a page down", false, run_vertical, 1, LS_STEP_PAGE, 0},
    {"left", NULL, {LS_KEY_LEFT, 'h'}, "Moving", "a slot back", false, run_horizontal, -1, 0, 0},
    {"right", NULL, {LS_KEY_RIGHT, 'l'}, "Moving", "a slot on", false, run_horizontal, 1, 0, 0},
    {"first", NULL, {LS_KEY_HOME, 'g'}, "Moving", "the first slot or row", false, run_horizontal, -1, LS_STEP_END, 0},
    {"last", NULL, {LS_KEY_END, 'G'}, "Moving", "the last slot or row", false, run_horizontal, 1, LS_STEP_END, 0},
    {"pane", NULL, {LS_KEY_TAB}, "Moving", "the other pane, the other end of a pair", false, run_pane, 0, 0, 0},
    {"next-day", NULL, {'n'}, "Moving", "the next day", false, run_step_day, 1, 0, 0},
    {"previous-day", NULL, {'p'}, "Moving", "the day before", false, run_step_day, -1, 0, 0},
    {"day", "DATE", {0}, "Moving", "a day by its date", false, run_day, 0, 0, 0},
    {"city", "[NAME]", {'C'}, "Moving", "the next city, or the one named", false, run_city, 0, 0, 0},

    {"open", NULL, {LS_KEY_ENTER}, "Limits", "type a limit, turn a choice, open a row", false, run_open, 0, 0, 0},
    {"less", NULL, {'['}, "Limits", "the chosen limit one step down", false, run_nudge, -1, 0, 0},
    {"more", NULL, {']'}, "Limits", "the chosen limit one step up", false, run_nudge, 1, 0, 0},
    {"much-less", NULL, {'{'}, "Limits", "ten steps down", false, run_nudge, -10, 0, 0},
    {"much-more", NULL, {'}'}, "Limits", "ten steps up", false, run_nudge, 10, 0, 0},
    {"reset", NULL, {'r'}, "Limits", "the chosen limit as the scenario has it", false, run_reset, 0, 0, 0},
    {"engine", "[NAME]", {'e'}, "Limits", "the next engine, or greedy, milp, lp", false, run_engine, 0, 0, 0},
    {"week", "[CONTEXT]", {'W'}, "Limits", "the day alone, or in its week", false, run_week, 0, 0, 0},
    {"cancel", NULL, {'x'}, "Limits", "stop the solve under way", false, run_cancel, 0, 0, 0},
    {"set", "SECTION.KEY=VALUE", {0}, "Limits", "set any parameter", false, run_set, 0, 0, 0},
    {"load", "[FILE]", {0}, "Limits", "read a scenario file", false, run_load, 0, 0, 0},
    {"save", "[FILE]", {LS_KEY_CTRL('s')}, "Limits", "write the scenario file", true, run_save, 0, 0, 0},

    {"why", NULL, {'w'}, "Customers", "why this customer moved, or did not", false, run_why, 0, 0, 0},
    {"customer", "ID", {0}, "Customers", "open a customer by id", false, run_customer, 0, 0, 0},
    {"search", "[TEXT]", {'/'}, "Customers", "customers whose id has this text", false, run_search, 0, 0, 0},
    {"sort", "[COLUMN]", {'s'}, "Customers", "sort by the next column, or by name", false, run_sort, 0, 0, 0},
    {"reverse", NULL, {'S'}, "Customers", "turn the sorting round", false, run_reverse, 0, 0, 0},

    {"command", NULL, {':'}, "Program", "type a command by name", false, run_command, 0, 0, 0},
    {"lock-scale", NULL, {'L'}, "Program", "keep the scales while tuning", false, run_lock, 0, 0, 0},
    {"mouse", NULL, {'m'}, "Program", "give the mouse to the terminal, or take it", false, run_mouse, 0, 0, 0},
    {"copy", NULL, {'y', LS_KEY_CTRL('y')}, "Program", "copy what the cursor is on", false, run_copy, 0, 0, 0},
    {"snapshot", "FILE", {0}, "Program", "the screen as .txt, .ans, .svg or .png", true, run_snapshot, 0, 0, 0},
    {"snapshot!", "FILE", {0}, "Program", "the same over a file that is there", true, run_snapshot, 1, 0, 0},
    {"budget", NULL, {0}, "Program", "show what a frame costs, or hide it", false, run_budget, 0, 0, 0},
    {"repaint", NULL, {LS_KEY_CTRL('l')}, "Program", "paint the screen anew", false, run_repaint, 0, 0, 0},
    {"quit", NULL, {'q', LS_KEY_CTRL('c')}, "Program", "leave", false, run_quit, 0, 0, 0},
};
/* clang-format on */

const struct ls_tui_command *ls_tui_commands(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

const struct ls_tui_command *ls_tui_command_of_key(int key)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (int k = 0; k < LS_KEYS_MAX; k++)
            if (table[i].keys[k] == key && key != 0)
                return &table[i];
    return NULL;
}

static void unknown_command(struct ls_explorer *explorer, const char *name)
{
    const char *nearest = "help";
    size_t best = SIZE_MAX;
    char remedy[80];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        size_t distance = ls_text_distance(name, table[i].name);
        if (distance < best) {
            best = distance;
            nearest = table[i].name;
        }
    }
    snprintf(remedy, sizeof remedy, "did you mean :%s? ? lists them", nearest);
    refuse(explorer, LS_ERR_NAME, "no command '%s'", name, remedy);
}

void ls_tui_command_line(struct ls_explorer *explorer, const char *line)
{
    char name[LS_PROMPT_BYTES];
    line += strspn(line, " :");
    size_t length = strcspn(line, " ");
    snprintf(name, sizeof name, "%.*s", (int)length, line);
    const char *argument = line + length + strspn(line + length, " ");
    if (length == 0)
        return;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) != 0)
            continue;
        if (table[i].argument == NULL && argument[0] != '\0')
            refuse(explorer, LS_ERR_USAGE, ":%s takes no argument", name, "leave it out");
        else if (table[i].argument != NULL && table[i].argument[0] != '[' && argument[0] == '\0')
            refuse(explorer, LS_ERR_USAGE, ":%s needs an argument", name, table[i].argument);
        else
            table[i].run(explorer, &table[i], argument);
        return;
    }
    unknown_command(explorer, name);
}
