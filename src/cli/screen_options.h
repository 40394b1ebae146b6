/*
 * What `explore` is told of its screen: which one, in which colours, and where a picture or a recording of it
 * goes. Texts are borrowed from argv.
 */
#ifndef LS_CLI_SCREEN_OPTIONS_H
#define LS_CLI_SCREEN_OPTIONS_H

#include "cli/command.h"
#include "tui/terminal.h"

/* Rows of an option table. */
#define LS_OPTION_VIEW                                                                                       \
    {                                                                                                        \
        "view", 'v', "NAME", "open this screen, as its tab calls it, or customer, limits or help"            \
    }
#define LS_OPTION_CUSTOMER                                                                                   \
    {                                                                                                        \
        "customer", 0, "ID", "open this customer's screen"                                                   \
    }
#define LS_OPTION_ASCII                                                                                      \
    {                                                                                                        \
        "ascii", 0, NULL, "draw with ASCII characters only"                                                  \
    }
#define LS_OPTION_NO_COLOR                                                                                   \
    {                                                                                                        \
        "no-color", 0, NULL, "no colours, as with NO_COLOR in the environment"                               \
    }
#define LS_OPTION_NO_MOUSE                                                                                   \
    {                                                                                                        \
        "no-mouse", 0, NULL, "leave the mouse to the terminal"                                               \
    }
#define LS_OPTION_PALETTE                                                                                    \
    {                                                                                                        \
        "palette", 0, "COLOURS", "use 256 colours, 8 or mono (none); auto: as many as there are"             \
    }
#define LS_OPTION_BACKGROUND                                                                                 \
    {                                                                                                        \
        "background", 0, "WORD", "colours for a dark or light background; auto: by COLORFGBG, else dark"     \
    }
#define LS_OPTION_SNAPSHOT                                                                                   \
    {                                                                                                        \
        "snapshot", 0, "FILE", "write a picture of the screen as .txt, .ans, .svg or .png, and end"          \
    }
#define LS_OPTION_SIZE                                                                                       \
    {                                                                                                        \
        "size", 0, "COLSxROWS", "size of the screen for --snapshot (80x24)"                                  \
    }
#define LS_OPTION_RECORD                                                                                     \
    {                                                                                                        \
        "record", 0, "FILE", "record the session as an asciicast, to be played by asciinema"                 \
    }

struct ls_screen_options {
    struct ls_terminal_options terminal;
    const char *view, *customer, *snapshot, *record; /* NULL: none named */
};

/* Takes a row's value: *taken false when it is none of the rows above. LS_ERR_USAGE. */
int ls_screen_options_take(struct ls_screen_options *options, const struct ls_option *row, const char *value,
                           bool *taken, struct ls_error *error);

/* Refuses what does not go together, or writes where nothing may be written, and gives a picture its size.
 * LS_ERR_USAGE; LS_ERR_IO for a file that is there already. */
int ls_screen_options_finish(struct ls_screen_options *options, bool read_only, struct ls_error *error);

/* Gives the screen a size, 80x24 unless it has one: nobody sees it then. */
void ls_screen_options_hide(struct ls_terminal_options *terminal);

#endif
