/* Rows, slots, days and cities. */
#include "tui/commands/topics.h"

#include <stdio.h>

static void run_vertical(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_view *view = ls_view(explorer->view);
    if (view->vertical != NULL)
        view->vertical(explorer, call->command->by, call->command->step);
}

/* To an end, in a view without columns: the first or last row. */
static void run_horizontal(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_view *view = ls_view(explorer->view);
    if (view->horizontal != NULL)
        view->horizontal(explorer, call->command->by, call->command->step);
    else if (call->command->step == LS_STEP_END)
        run_vertical(explorer, call);
}

static void run_open(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    ls_view_open(explorer);
}

static void run_pane(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_view *view = ls_view(explorer->view);
    (void)call;
    if (view->pane != NULL)
        view->pane(explorer);
}

static void run_step_day(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    int by = call->command->by;
    if (by > 0 ? explorer->date + 1 < explorer->n_dates : explorer->date > 0)
        ls_explorer_set_date(explorer, by > 0 ? explorer->date + 1 : explorer->date - 1);
    else
        ls_explorer_say(explorer, "this is the %s day with readings", by > 0 ? "last" : "first");
}

static void run_day(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    char remedy[80], first[LS_DATE_SIZE], last[LS_DATE_SIZE];
    for (size_t d = 0; d < explorer->n_dates; d++)
        if (explorer->dates[d] == call->arguments[0].date) {
            ls_explorer_set_date(explorer, d);
            return;
        }
    snprintf(remedy, sizeof remedy, "days run from %s to %s", ls_date_format(explorer->dates[0], first),
             ls_date_format(explorer->dates[explorer->n_dates - 1], last));
    ls_command_refuse(explorer, LS_ERR_NAME, "no readings on '%s'", call->arguments[0].text, remedy);
}

/* Without a name, the next city. */
static void run_city(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_dataset *dataset = explorer->dataset;
    size_t next = ((size_t)(explorer->city - dataset->cities) + 1) % dataset->n_cities;
    const struct ls_city *city = call->arguments[0].city;
    if (city == NULL && dataset->n_cities == 1)
        ls_explorer_say(explorer, "%s is the only city", explorer->city->name);
    else if (city != explorer->city)
        ls_explorer_set_city(explorer, city != NULL ? city : &dataset->cities[next]);
}

/* At a cell of the screen, as the mouse does it. */
static void run_click(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_click(explorer, (int)call->arguments[0].number, (int)call->arguments[1].number,
                      call->command->by == 2);
}

#define CELL                                                                                                 \
    {"ROW", LS_ARGUMENT_NUMBER, .high = 999},                                                                \
    {                                                                                                        \
        "COLUMN", LS_ARGUMENT_NUMBER, .high = 999                                                            \
    }

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "up", .keys = {LS_KEY_UP, 'k'}, .help = "a row up: limits, customers, moves, days", .run = run_vertical, .by = -1},
    {.name = "down", .keys = {LS_KEY_DOWN, 'j'}, .help = "a row down", .run = run_vertical, .by = 1},
    {.name = "page-up", .keys = {LS_KEY_PGUP}, .help = "a page up", .run = run_vertical, .by = -1, .step = LS_STEP_PAGE},
    {.name = "page-down", .keys = {LS_KEY_PGDN, ' '}, .help = "a page down", .run = run_vertical, .by = 1, .step = LS_STEP_PAGE},
    {.name = "left", .keys = {LS_KEY_LEFT, 'h'}, .help = "a slot or a week back", .run = run_horizontal, .by = -1},
    {.name = "right", .keys = {LS_KEY_RIGHT, 'l'}, .help = "a slot or a week on", .run = run_horizontal, .by = 1},
    {.name = "first", .keys = {LS_KEY_HOME, 'g'}, .help = "the first slot, row or day", .run = run_horizontal, .by = -1, .step = LS_STEP_END},
    {.name = "last", .keys = {LS_KEY_END, 'G'}, .help = "the last slot, row or day", .run = run_horizontal, .by = 1, .step = LS_STEP_END},
    {.name = "pane", .keys = {LS_KEY_TAB}, .help = "the other pane, measure, end of a pair", .run = run_pane},
    {.name = "click", .arguments = {CELL}, .help = "as the mouse does, at a cell counted from 0", .run = run_click, .by = 1},
    {.name = "double-click", .arguments = {CELL}, .help = "likewise, and open what is there", .run = run_click, .by = 2},
    {.name = "next-day", .keys = {'n'}, .help = "the next day", .run = run_step_day, .by = 1},
    {.name = "previous-day", .keys = {'p'}, .help = "the day before", .run = run_step_day, .by = -1},
    {.name = "day", .arguments = {{"DATE", LS_ARGUMENT_DATE}}, .help = "a day by its date", .run = run_day},
    {.name = "city", .arguments = {{"NAME", LS_ARGUMENT_CITY, true}}, .keys = {'C'}, .help = "the next city, or the one named", .run = run_city},
    {.name = "open", .keys = {LS_KEY_ENTER}, .help = "type a limit, turn a choice, open a row", .run = run_open},
};
/* clang-format on */

const struct ls_topic ls_topic_moving = LS_TOPIC("Moving", commands);
