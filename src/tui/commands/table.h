/*
 * Everything that the explorer does, as a table of named commands with typed arguments.
 *
 * Keys, the `:` line, scripts and replayed logs go through ls_command_run_line(), so what is refused is
 * refused here, whoever asks. `?` help, completion and the man page are written from the table. Rows stand in
 * topics, one a file of this folder.
 */
#ifndef LS_TUI_COMMANDS_TABLE_H
#define LS_TUI_COMMANDS_TABLE_H

#include "tui/commands/arguments.h"
#include "tui/view.h"

#define LS_KEYS_MAX 3

enum ls_command_flag {
    LS_COMMAND_WRITES = 1,   /* writes a file: refused by --read-only */
    LS_COMMAND_PATH = 2,     /* reads a path that is typed: likewise */
    LS_COMMAND_UNLOGGED = 4, /* no part of what a log replays */
    LS_COMMAND_ASIDE = 8,    /* leaves an open prompt as it is; others leave it as Esc does */
};

struct ls_tui_call;

struct ls_tui_command {
    const char *name;
    struct ls_argument_spec arguments[LS_ARGUMENTS_MAX]; /* the first without a label ends them */
    int keys[LS_KEYS_MAX];                               /* 0 where there are fewer */
    const char *help;
    unsigned flags;
    void (*run)(struct ls_explorer *explorer, const struct ls_tui_call *call);
    /* Further words for run(), 0 where they mean nothing to it. */
    int by;               /* of a step or a nudge: which way and how far */
    enum ls_step step;    /* of a step: by what */
    enum ls_view_id view; /* to go to */
};

/* A command with its arguments as parsed; arguments point into `text`. */
struct ls_tui_call {
    const struct ls_tui_command *command;
    struct ls_argument arguments[LS_ARGUMENTS_MAX];
    char text[LS_LINE_BYTES];
};

struct ls_topic {
    const char *heading;
    const struct ls_tui_command *commands;
    size_t count;
};

/* To end a topic's file with. */
#define LS_TOPIC(title, rows)                                                                                \
    {                                                                                                        \
        .heading = (title), .commands = (rows), .count = sizeof(rows) / sizeof *(rows)                       \
    }

/* All topics in the order of help; their number goes to *count. */
const struct ls_topic *const *ls_topics(size_t *count);

/* The command on a key, with this name, or NULL. */
const struct ls_tui_command *ls_command_of_key(int key);
const struct ls_tui_command *ls_command_named(const char *name, size_t length);

/* "open FILE [COLUMN]" as help and manual write it, without the name: "FILE [COLUMN]". Returns `out`. */
const char *ls_command_usage(const struct ls_tui_command *command, char out[64]);

/* LS_ERR_USAGE where read-only forbids the command. */
int ls_command_admit(const struct ls_explorer *explorer, const struct ls_tui_command *command,
                     struct ls_error *error);

/*
 * Makes a call of a line such as "set spike.alpha_percent=3": name, arguments, and whether it is allowed.
 * Changes nothing, so scripts are checked with it. LS_ERR_NAME with the nearest name, LS_ERR_USAGE,
 * LS_ERR_VALUE.
 */
int ls_command_parse(const struct ls_explorer *explorer, const char *line, struct ls_tui_call *call,
                     struct ls_error *error);

/* Runs a line; an error goes to the status line, and a command that did not fail into the session's log. */
void ls_command_run_line(struct ls_explorer *explorer, const char *line);

/* For rows that do no more than go to their `view`. */
void ls_command_go(struct ls_explorer *explorer, const struct ls_tui_call *call);

/* Tells the user why a command cannot be followed; `what` is a printf format with one %s for `name`. */
void ls_command_refuse(struct ls_explorer *explorer, enum ls_code code, const char *what, const char *name,
                       const char *remedy);

#endif
