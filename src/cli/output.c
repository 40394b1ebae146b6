#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int ls_output_open(const char *path, struct ls_output *out, struct ls_error *error)
{
    struct stat about;
    FILE *file = path != NULL ? fopen(path, "w") : stdout;
    if (file == NULL) {
        ls_error_set(error, LS_ERR_IO, "cannot write: %s", strerror(errno));
        return ls_error_at(error, path, 0, 0, NULL);
    }
    *out = (struct ls_output){.file = file, .path = path};
    out->regular = path != NULL && fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode);
    return 0;
}

static bool end(struct ls_output *output)
{
    return output->path == NULL || fclose(output->file) == 0;
}

/* Half of it is no use; a device is not ours to remove. */
static void remove_half(const struct ls_output *output)
{
    if (output->regular)
        remove(output->path);
}

int ls_output_close(struct ls_output *output, bool written, const char *what)
{
    if (end(output) && written)
        return ls_finish_output(LS_EXIT_DONE);
    fprintf(stderr, "loadscope: cannot write %s: %s\n", what, strerror(errno));
    remove_half(output);
    return LS_EXIT_FAILED;
}

void ls_output_discard(struct ls_output *output)
{
    (void)end(output);
    remove_half(output);
}
