/*
 * The explorer: a city-day on the screen, its limits under the fingers.
 *
 * ls_explorer_run() owns the terminal while it runs and returns when the user leaves.
 */
#ifndef LS_TUI_EXPLORER_H
#define LS_TUI_EXPLORER_H

#include "tui/terminal.h"

#include <loadscope/shift.h>
#include <loadscope/store.h>

struct ls_explorer_options {
    struct ls_terminal_options terminal;
    const char *data_name;       /* for the title */
    const char *scenario_path;   /* where the policy came from, or NULL */
    const char *const *settings; /* [n_settings] section.key=value that it was given on top */
    size_t n_settings;
    const char *city;
    int32_t date;
    const ls_store *store;   /* that the data are in; NULL: CSV */
    const char *view;        /* name of the one to open, or NULL */
    const char *customer;    /* id of the one to open, or NULL */
    const char *snapshot;    /* where a picture of the last screen goes, or NULL */
    bool read_only;          /* no file is written, no path is read that is typed */
    bool no_history;         /* lines typed in other sessions are not shown, nor these kept */
    double idle_minutes;     /* without a key, to leave after; 0: never */
    const char *script_path; /* to be played, or NULL */
    double pace;             /* of its waits: 1 as written, 0 none */
    const char *notice;      /* for the status line at the start, or NULL */
};

/* LS_ERR_IO when no screen can be had (the day may then be printed); LS_ERR_MEMORY; what is wrong with the
 * script, which is none of these. Where options->terminal has a size the script plays to its end and
 * the last screen is printed, or goes into its file; a line that fails ends it. */
int ls_explorer_run(ls_archive *archive, const struct ls_policy *policy,
                    const struct ls_explorer_options *options, struct ls_error *error);

#endif
