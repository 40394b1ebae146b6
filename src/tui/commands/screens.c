/* From screen to screen. */
#include "tui/commands/topics.h"

static void run_view(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_go(explorer, call->arguments[0].view);
}

/* Without a word, the next one. */
static void run_measure(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_go(explorer, LS_VIEW_DAYS);
    explorer->days.measure = call->arguments[0].text[0] != '\0'
                                 ? (enum ls_measure)call->arguments[0].choice
                                 : (explorer->days.measure + 1) % LS_MEASURE_COUNT;
}

static void run_back(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    if (explorer->view == LS_VIEW_CUSTOMER)
        ls_explorer_go(explorer, explorer->came_from);
    else if (explorer->view == LS_VIEW_HELP)
        ls_explorer_go(explorer, explorer->under_help);
    else
        ls_explorer_go(explorer, LS_VIEW_DAY);
}

static void run_help(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    if (explorer->view == LS_VIEW_HELP)
        run_back(explorer, call);
    else
        ls_explorer_go(explorer, LS_VIEW_HELP);
}

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "days", .keys = {'1'}, .help = "all days of all cities on a calendar", .run = ls_command_go, .view = LS_VIEW_DAYS},
    {.name = "day-view", .keys = {'2'}, .help = "limits, totals, usage and change by slot", .run = ls_command_go, .view = LS_VIEW_DAY},
    {.name = "customers", .keys = {'3', 'c'}, .help = "all customers of the day", .run = ls_command_go, .view = LS_VIEW_CUSTOMERS},
    {.name = "moves", .keys = {'4'}, .help = "every move; Tab for its map, and by hour", .run = ls_command_go, .view = LS_VIEW_MOVES},
    {.name = "data", .keys = {'7'}, .help = "what was read and what is doubtful", .run = ls_command_go, .view = LS_VIEW_DATA},
    {.name = "parameters", .keys = {'8'}, .help = "all parameters on a form", .run = ls_command_go, .view = LS_VIEW_PARAMETERS},
    {.name = "measure", .arguments = {{"WHICH", LS_ARGUMENT_CHOICE, true, .words = ls_measure_words}}, .help = "days by usage, saving or budget", .run = run_measure},
    {.name = "view", .arguments = {{"NAME", LS_ARGUMENT_VIEW}}, .help = "go to a screen by name", .run = run_view},
    {.name = "help", .keys = {'?'}, .help = "this help", .run = run_help},
    {.name = "back", .keys = {LS_KEY_ESC, LS_KEY_BACKSPACE}, .help = "back to where one came from", .run = run_back},
};
/* clang-format on */

const struct ls_topic ls_topic_screens = LS_TOPIC("Screens", commands);
