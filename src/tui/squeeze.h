/**
 * @file squeeze.h
 * A frame in fewer bytes: the same cells, written with less about how they look.
 *
 * ncurses names the character set with every change of attributes, and sets attributes and colour by
 * sequences of their own. Pure; nothing is known of the terminal when a frame begins, so one that was lost
 * does no harm to the next.
 */
#ifndef LOADSCOPE_TUI_SQUEEZE_H
#define LOADSCOPE_TUI_SQUEEZE_H

#include <stddef.h>

/** Shortens whole sequences and characters in place; returns the bytes that are left, never more than @p
 * length. */
size_t ls_squeeze(char *bytes, size_t length);

#endif
