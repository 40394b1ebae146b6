/*
 * What a user wants in every session: $XDG_CONFIG_HOME/loadscope/settings.ini, lines of key = value.
 *
 * Options of the command line come on top. A line that is wrong is left out, with a warning.
 */
#ifndef LS_TUI_SETTINGS_H
#define LS_TUI_SETTINGS_H

#include "tui/theme.h"

#include <loadscope/error.h>

#include <stdbool.h>

struct ls_settings {
    bool ascii, color, mouse;
    double idle_minutes; /* 0: for ever */
    int palette;         /* enum ls_colors */
    int background;      /* enum ls_background */
};

/* The settings of who has no file. */
void ls_settings_init(struct ls_settings *settings);

/* Reads the user's file, if there is one, over `settings`. The number of lines left out; the first one's
 * error goes to *warning. */
int ls_settings_read(struct ls_settings *settings, struct ls_error *warning);

#endif
