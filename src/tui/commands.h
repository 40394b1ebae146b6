/*
 * Everything that a key does, as a table of named commands.
 *
 * Keys, the `:` line, `?` help and the man page all come from it. A command gets its argument as typed, ""
 * when there is none.
 */
#ifndef LS_TUI_COMMANDS_H
#define LS_TUI_COMMANDS_H

#include "tui/view.h"

#define LS_KEYS_MAX 3

struct ls_tui_command {
    const char *name;
    const char *argument;  /* for help: "FILE", "[NAME]"; NULL when it takes none */
    int keys[LS_KEYS_MAX]; /* 0 where there are fewer */
    const char *group;     /* heading in help; rows of a group stand together */
    const char *help;
    bool writes; /* writes a file: refused where nothing may be written */
    void (*run)(struct ls_explorer *explorer, const struct ls_tui_command *command, const char *argument);
    /* Further words for run(), 0 where they mean nothing to it. */
    int by;               /* of a step or a nudge: which way and how far */
    enum ls_step step;    /* of a step: by what */
    enum ls_view_id view; /* to go to */
};

/* The table; its length goes to *count. */
const struct ls_tui_command *ls_tui_commands(size_t *count);

/* The command on a key, or NULL. */
const struct ls_tui_command *ls_tui_command_of_key(int key);

/* Runs a line as typed after `:`; an unknown name is answered with the nearest. */
void ls_tui_command_line(struct ls_explorer *explorer, const char *line);

#endif
