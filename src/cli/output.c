#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int ls_output_open(const char *path, struct ls_output *out, struct ls_error *error)
{
    struct stat about;
    struct ls_output output = {.path = path, .file = stdout};
    bool is_there = path != NULL && stat(path, &about) == 0;
    output.replaces = path != NULL && (!is_there || S_ISREG(about.st_mode));
    if (output.replaces) {
        int status = ls_beside_open(path, &output.beside, error);
        if (status != 0)
            return status;
        output.file = output.beside.file;
    } else if (path != NULL && (output.file = fopen(path, "w")) == NULL) {
        ls_error_set(error, LS_ERR_IO, "cannot write: %s", strerror(errno));
        return ls_error_at(error, path, 0, 0, NULL);
    }
    *out = output;
    return 0;
}

int ls_output_close(struct ls_output *output, bool written, const char *what)
{
    struct ls_error error;
    if (output->replaces && written) {
        if (ls_beside_publish(&output->beside, &error) == 0)
            return ls_finish_output(LS_EXIT_DONE);
        (void)ls_complain(&error);
        return LS_EXIT_FAILED;
    }
    if (output->replaces)
        ls_beside_discard(&output->beside);
    else if ((output->path == NULL || fclose(output->file) == 0) && written)
        return ls_finish_output(LS_EXIT_DONE);
    fprintf(stderr, "loadscope: cannot write %s: %s\n", what, strerror(errno));
    return LS_EXIT_FAILED;
}

void ls_output_discard(struct ls_output *output)
{
    if (output->replaces)
        ls_beside_discard(&output->beside);
    else if (output->path != NULL)
        (void)fclose(output->file);
}
