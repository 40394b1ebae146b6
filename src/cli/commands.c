/* The table of commands. */
#include "cli/command.h"

static const struct ls_command *const commands[] = {
    &ls_command_explore, &ls_command_run,    &ls_command_merge, &ls_command_import,
    &ls_command_info,    &ls_command_verify, &ls_command_diff,  &ls_command_sweep,
    &ls_command_compare, &ls_command_sample, &ls_command_help};

const struct ls_command *const *ls_commands(size_t *count)
{
    *count = sizeof commands / sizeof *commands;
    return commands;
}
