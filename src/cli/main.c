/* loadscope: the choice of a command. */
#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"

#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The command that a word which names no file was meant to be; NULL: none comes near. */
static const char *meant_command(const char *word)
{
    size_t count, best = SIZE_MAX;
    const struct ls_command *const *commands = ls_commands(&count);
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t distance = ls_text_distance(word, commands[i]->name);
        if (distance < best) {
            best = distance;
            nearest = commands[i]->name;
        }
    }
    return word[0] != '-' && 3 * best <= strlen(word) && access(word, F_OK) != 0 ? nearest : NULL;
}

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
    const char *meant = argc > 1 ? meant_command(argv[1]) : NULL;
    if (meant != NULL) {
        struct ls_error error;
        ls_error_set(&error, LS_ERR_USAGE, "'%s' is no command, and no file", argv[1]);
        ls_error_remedy(&error, "did you mean loadscope %s?", meant);
        return ls_complain(&error);
    }
    return commands[0]->run(argc, argv);
}
