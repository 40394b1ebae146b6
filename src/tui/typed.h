/*
 * The lines typed after `:`, for Up and Down, kept from one session to the next.
 *
 * The file is $XDG_STATE_HOME/loadscope/history, for its owner alone. Whatever is wrong with it, the lines of
 * this session are there. Start zeroed; ls_typed_clear() ends it.
 */
#ifndef LS_TUI_TYPED_H
#define LS_TUI_TYPED_H

#include <stdbool.h>
#include <stddef.h>

#define LS_TYPED_LINES 500

struct ls_typed {
    char *line[LS_TYPED_LINES]; /* [n] the newest last */
    size_t n, at;               /* at == n: none of them, the line being typed */
    char path[512];             /* "": nothing is written */
    char draft[256];            /* what was typed before going back */
};

/* Reads the lines of earlier sessions, and has new ones written from now on. */
void ls_typed_open(struct ls_typed *typed);
void ls_typed_clear(struct ls_typed *typed);

/* Keeps a line, unless it is the newest already. */
void ls_typed_add(struct ls_typed *typed, const char *line);

/* To the line being typed; ls_typed_go() goes from there. */
void ls_typed_rewind(struct ls_typed *typed);
/* The line before (-1) or after (1) the one last given, `now` being what is in the prompt; NULL at the end.
 */
const char *ls_typed_go(struct ls_typed *typed, int by, const char *now);

#endif
