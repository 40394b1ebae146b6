/* Scripts and logs: captions and pauses of a tour, keys by name, and what was done written down. */
#include "tui/commands/files.h"
#include "tui/commands/topics.h"

#include <stdio.h>

static void run_caption(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_caption(explorer, call->arguments[0].text);
}

static void run_wait(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_play_wait(&explorer->play, call->arguments[0].number);
}

static void run_key(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_key(explorer, call->arguments[0].key);
}

static void run_paste(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_paste(explorer, call->arguments[0].text);
}

static void run_log(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *path = call->arguments[0].text;
    struct ls_error error;
    if (ls_files_admit(call->command, path, &error) != 0 || ls_log_save(&explorer->log, path, &error) != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_say(explorer, "%ld commands in %s; --play replays them", explorer->log.lines, path);
}

#define ASIDE (LS_COMMAND_UNLOGGED | LS_COMMAND_ASIDE)

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "log", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "write what was done as a script", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_log},
    {.name = "log!", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "the same over a file that is there", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_log, .by = 1},
    {.name = "caption", .arguments = {{"TEXT", LS_ARGUMENT_TEXT, true}}, .help = "show a line of text, or none", .flags = LS_COMMAND_ASIDE, .run = run_caption},
    {.name = "wait", .arguments = {{"SECONDS", LS_ARGUMENT_NUMBER, .high = 3600}}, .help = "let a script pause", .flags = LS_COMMAND_ASIDE, .run = run_wait},
    {.name = "key", .arguments = {{"KEY", LS_ARGUMENT_KEY}}, .help = "press a key, as a script does", .flags = ASIDE, .run = run_key},
    {.name = "paste", .arguments = {{"TEXT", LS_ARGUMENT_TEXT}}, .help = "type a text at once", .flags = ASIDE, .run = run_paste},
};
/* clang-format on */

const struct ls_topic ls_topic_session = LS_TOPIC("Scripts", commands);
