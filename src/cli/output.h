/* Where a command writes: a file that it was told, or standard output. */
#ifndef LS_CLI_OUTPUT_H
#define LS_CLI_OUTPUT_H

#include "cli/command.h"

#include "base/beside.h"

struct ls_output {
    FILE *file;
    const char *path; /* NULL: standard output */
    bool replaces;    /* written beside its name; what stands there stays until all is written */
    struct ls_beside beside;
};

/* Opens `path`, NULL for standard output; a pipe or a device is written to as it is. LS_ERR_IO with the path,
 * LS_ERR_MEMORY. */
int ls_output_open(const char *path, struct ls_output *out, struct ls_error *error);

/* Ends it and returns an exit status. What was not `written` whole is removed, and `what` it was complained
 * of. */
int ls_output_close(struct ls_output *output, bool written, const char *what);

/* Ends it without a word after a failure that was told; the path keeps the file that it had. */
void ls_output_discard(struct ls_output *output);

#endif
