/* Where a user's own files are, by the XDG base directory specification. */
#ifndef LS_TUI_XDG_H
#define LS_TUI_XDG_H

#include <stdbool.h>
#include <stddef.h>

/* "$VARIABLE/loadscope/NAME", or under `fallback` in the home; false without either, or when it is too long.
 */
bool ls_xdg_path(const char *variable, const char *fallback, const char *name, char *out, size_t size);

/* Makes the folders that a file is in, for their owner alone; what cannot be made is found out when the file
 * is opened. */
void ls_xdg_make_folder(const char *path);

#endif
