#include "base/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_TRIES 100
#define TEMP_BYTES 40 /* that its name has beyond the target's */

static int io_error(const struct ls_beside *beside, const char *what, struct ls_error *error)
{
    int number = errno;
    ls_error_set(error, LS_ERR_IO, "%s: %s", what, strerror(number));
    (void)ls_error_at(error, beside->path, 0, 0, NULL);
    return LS_ERR_IO;
}

static void release(struct ls_beside *beside)
{
    free(beside->target);
    free(beside->temp);
    *beside = (struct ls_beside){0};
}

/* Makes a new file beside the target with the mode of the old one. */
static int open_temp(struct ls_beside *beside, struct ls_error *error)
{
    struct stat old;
    int fd = -1;
    bool replaces = stat(beside->target, &old) == 0;
    if (replaces && !S_ISREG(old.st_mode)) {
        ls_error_set(error, LS_ERR_IO, "is not a plain file");
        (void)ls_error_at(error, beside->path, 0, 0, NULL);
        return LS_ERR_IO;
    }
    for (int i = 0; fd < 0 && i < TEMP_TRIES; i++) {
        snprintf(beside->temp, strlen(beside->target) + TEMP_BYTES, "%s.%ld-%d.new", beside->target,
                 (long)getpid(), i);
        fd = open(beside->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0)
        return io_error(beside, "cannot write beside it", error);
    if (replaces)
        (void)fchmod(fd, old.st_mode & 0777); /* another owner's mode is nice to have, no more */
    beside->file = fdopen(fd, "wb");
    if (beside->file != NULL)
        return 0;
    (void)io_error(beside, "cannot write", error);
    (void)close(fd);
    (void)unlink(beside->temp);
    return LS_ERR_IO;
}

int ls_beside_open(const char *path, struct ls_beside *out, struct ls_error *error)
{
    struct ls_beside beside = {.path = path, .target = realpath(path, NULL)};
    if (beside.target == NULL) /* a new file */
        beside.target = strdup(path);
    if (beside.target != NULL)
        beside.temp = malloc(strlen(beside.target) + TEMP_BYTES);
    int status =
        beside.temp != NULL ? open_temp(&beside, error) : ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    if (status == 0)
        *out = beside;
    else
        release(&beside);
    return status;
}

/* Makes a rename last; a file system that cannot is no failure, since the file itself is whole. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

int ls_beside_publish(struct ls_beside *beside, struct ls_error *error)
{
    int status = 0;
    if (fflush(beside->file) != 0 || ferror(beside->file) || fsync(fileno(beside->file)) != 0)
        status = io_error(beside, "cannot write", error);
    if (fclose(beside->file) != 0 && status == 0)
        status = io_error(beside, "cannot write", error);
    if (status == 0 && rename(beside->temp, beside->target) != 0)
        status = io_error(beside, "cannot replace it", error);
    if (status == 0)
        sync_folder(beside->target);
    else
        (void)unlink(beside->temp);
    release(beside);
    return status;
}

void ls_beside_discard(struct ls_beside *beside)
{
    int number = errno;
    (void)fclose(beside->file);
    (void)unlink(beside->temp);
    release(beside);
    errno = number;
}
