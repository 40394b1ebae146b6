/*
 * A recording of what the terminal was sent, as an asciicast of version 2 (docs.asciinema.org).
 *
 * The first line is a JSON object with size and title, every other an event: [seconds, "o", bytes] for
 * output, [seconds, "r", "COLSxROWS"] for a new size. A line is written whole as soon as it is known, so that
 * a recording is sound whatever ends the program; a character that is cut between two events stands in the
 * later. A failure to write ends the recording and not the session, and is told at the end. Belongs to the
 * caller of ls_recording_open().
 */
#ifndef LS_TUI_CAST_H
#define LS_TUI_CAST_H

#include <loadscope/error.h>

typedef struct ls_recording ls_recording;

/* Makes the file, which must not be there yet. LS_ERR_IO, LS_ERR_MEMORY. */
int ls_recording_open(const char *path, const char *title, ls_recording **out, struct ls_error *error);

/* Ends it; one that never began leaves no file. Tells the first failure on the way. NULL is legal. */
int ls_recording_close(ls_recording *recording, struct ls_error *error);

/* Begins, or says a new size: time runs from the first call. */
void ls_recording_size(ls_recording *recording, int rows, int cols);
void ls_recording_output(ls_recording *recording, const char *bytes, size_t length);

#endif
