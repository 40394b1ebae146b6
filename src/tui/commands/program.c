/* The program itself: its line of commands, mouse, clipboard, end. */
#include "tui/commands/files.h"
#include "tui/commands/topics.h"
#include "tui/picture_screen.h"
#include "tui/selection.h"

static void run_command(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    explorer->prompt_use = LS_PROMPT_COMMAND;
    ls_prompt_start(&explorer->prompt, "");
    ls_typed_rewind(&explorer->typed);
    explorer->completion = (struct ls_completion){0};
}

static void run_lock(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    explorer->scale_locked = !explorer->scale_locked && explorer->answer != NULL;
    if (explorer->scale_locked)
        ls_view_day_scales(explorer, &explorer->usage_top, &explorer->change_top);
    ls_explorer_say(explorer,
                    explorer->scale_locked ? "scales locked: L lets them go" : "scales follow the data");
}

static void run_mouse(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    explorer->mouse = !explorer->mouse;
    ls_terminal_set_mouse(explorer->terminal, explorer->mouse);
    ls_explorer_say(explorer,
                    explorer->mouse ? "mouse: click tabs, rows and slots" : "mouse left to the terminal");
}

static void run_copy(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    ls_selection_copy(explorer);
}

static void run_snapshot(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *path = call->arguments[0].text;
    struct ls_error error;
    if (ls_files_admit(call->command, path, &error) != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_screen_snapshot(explorer, path);
}

static void run_budget(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    explorer->shows_cost = !explorer->shows_cost;
}

static void run_repaint(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    ls_terminal_repaint(explorer->terminal);
}

static void run_quit(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    explorer->quit = true;
}

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "command", .keys = {':'}, .help = "type a command by name; Tab completes", .flags = LS_COMMAND_UNLOGGED, .run = run_command},
    {.name = "lock-scale", .keys = {'L'}, .help = "keep the scales while tuning", .run = run_lock},
    {.name = "mouse", .keys = {'m'}, .help = "give the mouse to the terminal, or take it", .run = run_mouse},
    {.name = "copy", .keys = {'y', LS_KEY_CTRL('y')}, .help = "copy what the cursor is on", .flags = LS_COMMAND_UNLOGGED, .run = run_copy},
    {.name = "snapshot", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "the screen as .txt, .ans, .svg or .png", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_snapshot},
    {.name = "snapshot!", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "the same over a file that is there", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_snapshot, .by = 1},
    {.name = "budget", .help = "show what a frame costs, or hide it", .flags = LS_COMMAND_UNLOGGED, .run = run_budget},
    {.name = "repaint", .keys = {LS_KEY_CTRL('l')}, .help = "paint the screen anew", .flags = LS_COMMAND_UNLOGGED, .run = run_repaint},
    {.name = "quit", .keys = {'q', LS_KEY_CTRL('c')}, .help = "leave", .flags = LS_COMMAND_UNLOGGED, .run = run_quit},
};
/* clang-format on */

const struct ls_topic ls_topic_program = LS_TOPIC("Program", commands);
