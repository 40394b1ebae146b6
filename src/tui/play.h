/*
 * A script at play: its lines, which comes next, and when.
 *
 * A script is a text file with a command a line; # begins a remark. Every line is checked before the first is
 * run. Start zeroed; ls_play_clear() ends it. Times are of ls_clock_seconds().
 */
#ifndef LS_TUI_PLAY_H
#define LS_TUI_PLAY_H

#include <loadscope/error.h>

#include <stdbool.h>

#define LS_LINE_BYTES 400 /* of a command with its arguments and a NUL */

enum ls_play_state { LS_PLAY_OVER, LS_PLAY_RUNNING, LS_PLAY_PAUSED };

struct ls_play {
    char **line;  /* [n] without remarks and empty ones */
    long *number; /* [n] of each in the file */
    size_t n, at;
    char path[256];
    struct ls_error error; /* the first of a line that was run; code 0: none */
    enum ls_play_state state;
    double due;  /* when the next line may run */
    double pace; /* waits take so many times as long; 0: they are not waited for */
};

/* Reads the script and has each line checked; it is running then. LS_ERR_NAME for a file that cannot be read,
 * LS_ERR_FORMAT, LS_ERR_MEMORY, and what `check` says, with file and line. */
int ls_play_load(struct ls_play *play, const char *path,
                 int (*check)(void *user, const char *line, struct ls_error *error), void *user,
                 struct ls_error *error);
void ls_play_clear(struct ls_play *play);

/* The next line when it is due, or NULL; after the last one the play is over. */
const char *ls_play_next(struct ls_play *play, double now);

/* The line that ran last failed. Later errors may come of the first, which is kept. */
void ls_play_blame(struct ls_play *play, const struct ls_error *error);

/* The line after this one comes so much later; nothing where no script plays. */
void ls_play_wait(struct ls_play *play, double seconds);

#endif
