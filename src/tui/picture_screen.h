/* The explorer's screen as a picture, drawn for it: without prompt, message, cursor or anything that a clock
 * says, and with a caption under it. */
#ifndef LS_TUI_PICTURE_SCREEN_H
#define LS_TUI_PICTURE_SCREEN_H

#include "tui/state.h"

/* Writes the screen to a file, also over one that is there; its name says as what. Waits for a PNG. Errors of
 * ls_picture_save(). */
int ls_screen_save(struct ls_explorer *explorer, const char *path, struct ls_error *error);

/* The same for a command, with a word to the user and without waiting. */
void ls_screen_snapshot(struct ls_explorer *explorer, const char *path);

/* Tells the user when a PNG has been made. */
void ls_screen_mind_png(struct ls_explorer *explorer);

#endif
