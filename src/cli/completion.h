/* Completion of the command line by shells, written from the tables of commands, options and parameters. */
#ifndef LS_CLI_COMPLETION_H
#define LS_CLI_COMPLETION_H

#include <stddef.h>
#include <stdio.h>

void ls_completion_bash(FILE *out);
void ls_completion_zsh(FILE *out);

/* The i-th topic of `loadscope help` that is no command, NULL past the last. */
const char *ls_help_topic(size_t i);

#endif
