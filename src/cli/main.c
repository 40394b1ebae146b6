/* loadscope: the table of its commands, and the choice of one. */
#include "cli/command.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct ls_command *const commands[] = {&ls_command_explore, &ls_command_run,  &ls_command_info,
                                                    &ls_command_verify,  &ls_command_diff, &ls_command_sample,
                                                    &ls_command_help};

const struct ls_command *const *ls_commands(size_t *count)
{
    *count = sizeof commands / sizeof *commands;
    return commands;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        printf("loadscope %s\n", LS_VERSION);
        return ls_finish_output(LS_EXIT_DONE);
    }
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1);
    return commands[0]->run(argc, argv);
}
