/* Names of files for a path that is being typed. */
#ifndef LS_TUI_COMMANDS_FILES_H
#define LS_TUI_COMMANDS_FILES_H

#include <stdbool.h>

/* Hands on the paths that begin with `prefix`, by name, folders with a / at their end; hidden ones where the
 * prefix asks for them. */
void ls_files_complete(const char *prefix, bool (*add)(void *user, const char *text), void *user);

#endif
