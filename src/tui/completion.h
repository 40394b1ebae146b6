/*
 * Tab on the `:` line: the word at its end becomes one that the table of commands would take; Tab again shows
 * the next, Shift-Tab the one before. Any other key ends it.
 */
#ifndef LS_TUI_COMPLETION_H
#define LS_TUI_COMPLETION_H

#include "tui/prompt.h"

struct ls_explorer;

struct ls_completion {
    bool active;
    char stem[LS_PROMPT_BYTES]; /* the line as it was typed */
    size_t at, n;               /* which of how many */
    char hint[160];             /* what else there is, for behind the line; "" when it is clear */
};

/* Puts the next (1) or previous (-1) completion into the explorer's prompt. */
void ls_completion_step(struct ls_explorer *explorer, int by);

#endif
