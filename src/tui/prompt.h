/* One line that the user types: a command, a value, a search. Pure; UTF-8; the text is never longer than its
 * buffer. */
#ifndef LS_TUI_PROMPT_H
#define LS_TUI_PROMPT_H

#include "tui/frame.h"

#define LS_PROMPT_BYTES 256

struct ls_prompt {
    char text[LS_PROMPT_BYTES];
    size_t at;     /* byte offset of the cursor, on a character's start */
    bool selected; /* the whole text is selected: the next character replaces it */
};

enum ls_prompt_result {
    LS_PROMPT_IGNORED,  /* not a key for a prompt */
    LS_PROMPT_MOVED,    /* the cursor moved */
    LS_PROMPT_CHANGED,  /* the text changed */
    LS_PROMPT_ACCEPTED, /* Enter */
    LS_PROMPT_LEFT,     /* Esc, ^C, or a backspace in an empty line */
};

/* Begins with `text`, selected as a whole when it is not empty. */
void ls_prompt_start(struct ls_prompt *prompt, const char *text);
enum ls_prompt_result ls_prompt_key(struct ls_prompt *prompt, int key);
void ls_prompt_insert(struct ls_prompt *prompt, const char *text);

/* Draws it at most `width` columns wide, scrolled so that the cursor shows, and puts the frame's cursor
 * there. */
void ls_prompt_draw(const struct ls_prompt *prompt, struct ls_frame *frame, int row, int col, int width);

#endif
