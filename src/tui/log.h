/*
 * What was done in a session, as the lines of a script that does it again.
 *
 * Bounded: when it is full, the oldest half goes, and the file says so. Start zeroed; ls_log_clear() ends it.
 */
#ifndef LS_TUI_LOG_H
#define LS_TUI_LOG_H

#include "base/buffer.h"

#include <loadscope/error.h>

#define LS_LOG_BYTES 262144

struct ls_log {
    struct ls_buffer head; /* lines that stay: where the session began */
    struct ls_buffer text;
    long lines; /* added in all */
    long lost;  /* of them, no longer in `text` */
};

/* A remark, or a command, that the file begins with whatever is dropped. */
void ls_log_begin(struct ls_log *log, const char *line);
/* Nothing happens when there is no memory but that the line is lost. */
void ls_log_add(struct ls_log *log, const char *line);
void ls_log_clear(struct ls_log *log);

/* Writes it beside `path` and renames. LS_ERR_IO, LS_ERR_MEMORY. */
int ls_log_save(const struct ls_log *log, const char *path, struct ls_error *error);

#endif
