/* Files that a user names in a command. */
#ifndef LS_TUI_COMMANDS_FILES_H
#define LS_TUI_COMMANDS_FILES_H

#include "tui/commands/table.h"

/* Hands on the paths that begin with `prefix`, by name, folders with a / at their end; hidden ones where the
 * prefix asks for them. */
void ls_files_complete(const char *prefix, bool (*add)(void *user, const char *text), void *user);

/* LS_ERR_IO when the file is there already, unless the command is the one that replaces it (`by` is not 0),
 * which the remedy names with a ! behind. */
int ls_files_admit(const struct ls_tui_command *command, const char *path, struct ls_error *error);

#endif
