/*
 * The command line: a table of commands, each with a table of its options.
 *
 * Parsing, usage, --help and the man page all read these tables. A command lives in a file of its own.
 */
#ifndef LS_CLI_COMMAND_H
#define LS_CLI_COMMAND_H

#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What main returns. */
enum ls_exit { LS_EXIT_DONE = 0, LS_EXIT_FAILED = 1, LS_EXIT_REFUSED = 2 };

struct ls_option {
    const char *name;     /* without dashes */
    char letter;          /* short form, or 0 */
    const char *argument; /* what --help calls it, NULL when it takes none */
    const char *help;
};

struct ls_command {
    const char *name;
    const char *operands;              /* as in a synopsis */
    const char *summary;               /* one line */
    const char *text;                  /* one paragraph for the man page */
    const struct ls_option *options;   /* ended by a NULL name */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an enum ls_exit */
};

extern const struct ls_command ls_command_run;
extern const struct ls_command ls_command_explore, ls_command_sample, ls_command_help;
extern const struct ls_command ls_command_info, ls_command_merge, ls_command_import;
extern const struct ls_command ls_command_verify, ls_command_diff, ls_command_sweep, ls_command_compare;

/* All commands; their number goes to *count. The first is the one meant when none is named. */
const struct ls_command *const *ls_commands(size_t *count);

/* A walk over an argument vector. Start with {.argc, .argv, .at = 1}. */
struct ls_args {
    int argc;
    char **argv;
    int at;
    bool only_operands; /* after "--" */
};

enum ls_arg { LS_ARG_END, LS_ARG_OPTION, LS_ARG_OPERAND, LS_ARG_WRONG };

/*
 * The next argument: an option of the table (its index, and its value when it takes one), or an operand (in
 * *value;
 * "-" is one). LS_ARG_WRONG fills the error, with the nearest option as the remedy.
 */
enum ls_arg ls_args_next(struct ls_args *args, const struct ls_option *options, size_t *index,
                         const char **value, struct ls_error *error);

/* The value of --jobs; LS_ERR_USAGE. */
int ls_take_jobs(const char *text, int *threads, struct ls_error *error);

/* As many as there are processors. */
int ls_default_jobs(void);

/* Writes "loadscope: TEXT" on standard error and returns the exit status that suits the error. */
int ls_complain(const struct ls_error *error);

/* Flushes standard output; an error there (a full disk, a closed pipe) becomes LS_EXIT_FAILED. */
int ls_finish_output(int status);

void ls_usage(FILE *out, const struct ls_command *command);

#endif
