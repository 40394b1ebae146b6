#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE  4096
#define SHOWN_SIZE 256 /* of a file's name in a message */

int ls_file_error(struct ls_error *error, const char *shown, const char *name, const char *what)
{
    char file[SHOWN_SIZE];
    int cause = errno;
    snprintf(file, sizeof file, "%s%s%s", shown, shown[0] != '\0' && name[0] != '\0' ? "/" : "", name);
    ls_error_set(error, LS_ERR_IO, "%s: %s", what, strerror(cause));
    if (cause == ENOSPC || cause == EDQUOT)
        ls_error_remedy(error, "make room, then try again");
    return ls_error_at(error, file, 0, 0, NULL);
}

int ls_file_write(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        }
    }
    return 0;
}

bool ls_file_read(int at, const char *name, struct ls_buffer *out)
{
    char block[65536];
    ssize_t n;
    int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    while ((n = read(fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            ls_buffer_add(out, block, (size_t)n);
    int cause = out->failed ? ENOMEM : errno;
    (void)close(fd);
    errno = cause;
    return n == 0 && !out->failed;
}

int ls_file_place(int at, const char *shown, const char *name, const struct ls_buffer *pieces, size_t n,
                  bool durable, struct ls_error *error)
{
    char beside[NAME_SIZE + 32];
    snprintf(beside, sizeof beside, "%s.%ld.new", name, (long)getpid());
    int fd = openat(at, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return ls_file_error(error, shown, name, "cannot write");
    bool written = true;
    for (size_t i = 0; written && i < n; i++)
        written = ls_file_write(fd, pieces[i].bytes, pieces[i].length) == 0;
    written = written && (!durable || fsync(fd) == 0);
    int cause = errno;
    if (close(fd) != 0 && written) {
        written = false;
        cause = errno;
    }
    if (written && renameat(at, beside, at, name) == 0)
        return 0;
    errno = written ? errno : cause;
    int status = ls_file_error(error, shown, name, "cannot write");
    (void)unlinkat(at, beside, 0);
    return status;
}

int ls_folder_open(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool ls_folder_each(int at, const char *name, bool (*visit)(int folder, const char *entry))
{
    int fd = ls_folder_open(at, name);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    bool all = true;
    if (list == NULL) {
        if (fd >= 0)
            (void)close(fd);
        return errno == ENOENT;
    }
    while (all && (entry = readdir(list)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            all = visit(fd, entry->d_name);
    (void)closedir(list);
    return all;
}

static bool remove_entry(int folder, const char *entry)
{
    return unlinkat(folder, entry, 0) == 0;
}

bool ls_folder_remove(int at, const char *name)
{
    return ls_folder_each(at, name, remove_entry) &&
           (unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT);
}
