/**
 * @file every.h
 * All there is to try in the explorer, from its own tables, so that a new view, command or key is tried
 * wherever all are: names of views, lines for the `:` prompt, and keys as pty_press() knows them.
 */
#ifndef LOADSCOPE_TESTS_EVERY_H
#define LOADSCOPE_TESTS_EVERY_H

#include "tui/commands/table.h"

/** A name as of a zone, which before a path leads to it from the folder of zones. */
#define EVERY_WAY_OUT "Europe/../../../.."

/** Goes to a view by its name, from wherever the explorer is, and waits for it. */
struct pty;
void every_go(struct pty *pty, enum ls_view_id view);

/**
 * Hands on each command but `quit` with and without what it may leave out, and with values of each kind of
 * its arguments. @p path stands for every file.
 */
void every_line(const char *path, void (*visit)(void *user, const char *line), void *user);

/** The @p index-th key that a command other than `quit` is on; NULL behind the last. */
const char *every_key(size_t index, char out[16]);

#endif
