/* loadscope: the choice of a command. */
#include "base/memory.h"
#include "cli/command.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    setlocale(LC_CTYPE, "");
    ls_memory_keep();
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        printf("loadscope %s\n", LS_VERSION);
        return ls_finish_output(LS_EXIT_DONE);
    }
    for (size_t i = 0; argc > 1 && i < count; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1);
    return commands[0]->run(argc, argv);
}
