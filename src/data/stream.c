#include "data/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define GZ_BUFFER (128 * 1024)

struct ls_stream {
    const char *name;
    gzFile file;       /* NULL: memory or a range */
    const char *bytes; /* memory, or NULL */
    int fd;            /* of a range */
    uint64_t from;     /* where a range begins */
    uint64_t size, consumed;
};

const char *ls_stream_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static int open_failure(const char *name, struct ls_error *error)
{
    int code = ls_error_set(error, LS_ERR_IO, "cannot open the file: %s", strerror(errno));
    ls_error_remedy(error, "check the path and that you may read it");
    ls_error_at(error, name, 0, 0, NULL);
    return code;
}

static int check_status(const char *name, const struct stat *status, uint64_t *size, struct ls_error *error)
{
    if (S_ISDIR(status->st_mode)) {
        int code = ls_error_set(error, LS_ERR_IO, "is a directory, not a file");
        ls_error_remedy(error, "name the CSV files in it");
        ls_error_at(error, name, 0, 0, NULL);
        return code;
    }
    *size = S_ISREG(status->st_mode) ? (uint64_t)status->st_size : 0;
    return 0;
}

int ls_stream_measure(const char *path, uint64_t *size, struct ls_error *error)
{
    const char *name = ls_stream_name(path);
    struct stat status;
    if ((name == path ? stat(path, &status) : fstat(STDIN_FILENO, &status)) != 0)
        return open_failure(name, error);
    return check_status(name, &status, size, error);
}

int ls_stream_open(const char *path, ls_stream **out, struct ls_error *error)
{
    int code = 0;
    const char *name = ls_stream_name(path);
    struct ls_stream input = {.name = name};
    struct stat status;
    ls_stream *opened = NULL;
    int fd = name == path ? open(path, O_RDONLY | O_CLOEXEC) : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (fd < 0 || fstat(fd, &status) != 0) {
        code = open_failure(name, error);
        goto done;
    }
    code = check_status(name, &status, &input.size, error);
    if (code != 0)
        goto done;
    opened = malloc(sizeof *opened);
    if (opened != NULL)
        input.file = gzdopen(fd, "rb");
    if (input.file == NULL) {
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory opening a file");
        ls_error_at(error, name, 0, 0, NULL);
        goto done;
    }
    gzbuffer(input.file, GZ_BUFFER);
    *opened = input;
    *out = opened;
    return 0;
done:
    if (fd >= 0)
        close(fd);
    free(opened);
    return code;
}

int ls_stream_open_memory(const char *name, const void *bytes, size_t length, ls_stream **out,
                          struct ls_error *error)
{
    ls_stream *input = malloc(sizeof *input);
    if (input == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory opening %s", name);
    *input = (struct ls_stream){.name = name, .bytes = bytes != NULL ? bytes : "", .size = length};
    *out = input;
    return 0;
}

int ls_stream_open_range(const char *path, const char *name, uint64_t from, uint64_t to, ls_stream **out,
                         struct ls_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return open_failure(name, error);
    ls_stream *input = malloc(sizeof *input);
    if (input == NULL) {
        (void)close(fd);
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory opening %s", name);
    }
    *input = (struct ls_stream){.name = name, .fd = fd, .from = from, .size = to - from};
    *out = input;
    return 0;
}

void ls_stream_close(ls_stream *input)
{
    if (input == NULL)
        return;
    if (input->file != NULL)
        gzclose(input->file);
    else if (input->bytes == NULL)
        (void)close(input->fd);
    free(input);
}

static int read_failure(const ls_stream *input, int status, const char *message, struct ls_error *error)
{
    int code;
    if (status == Z_ERRNO) {
        code = ls_error_set(error, LS_ERR_IO, "cannot read the file: %s", strerror(errno));
    } else if (status == Z_BUF_ERROR) {
        code = ls_error_set(error, LS_ERR_FORMAT, "the gzip file ends too early: it is cut off");
        ls_error_remedy(error, "fetch or compress the file again");
    } else if (status == Z_MEM_ERROR) {
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory reading a gzip file");
    } else {
        code = ls_error_set(error, LS_ERR_FORMAT, "the gzip file is damaged: %s", message);
        ls_error_remedy(error, "fetch or compress the file again");
    }
    ls_error_at(error, input->name, 0, 0, NULL);
    return code;
}

/* From memory or a range; a file cut meanwhile ends early. */
static int read_stretch(ls_stream *input, char *buffer, size_t *length, struct ls_error *error)
{
    uint64_t left = input->size - input->consumed;
    size_t count = left < LS_STREAM_CHUNK ? (size_t)left : LS_STREAM_CHUNK;
    ssize_t got = (ssize_t)count;
    if (count > 0 && input->bytes != NULL)
        memcpy(buffer, input->bytes + input->consumed, count);
    else if (count > 0)
        do
            got = pread(input->fd, buffer, count, (off_t)(input->from + input->consumed));
        while (got < 0 && errno == EINTR);
    if (got < 0)
        return read_failure(input, Z_ERRNO, "", error);
    input->consumed += (uint64_t)got;
    *length = (size_t)got;
    return 0;
}

bool ls_stream_begins(const ls_stream *input)
{
    return input->from == 0;
}

int ls_stream_read(ls_stream *input, char *buffer, size_t *length, struct ls_error *error)
{
    if (input->file == NULL)
        return read_stretch(input, buffer, length, error);
    errno = 0;
    int got = gzread(input->file, buffer, LS_STREAM_CHUNK);
    if (got <= 0) {
        /* A cut file reads as a short one: only the error number tells its end from the sound one. */
        int status = Z_OK;
        const char *message = gzerror(input->file, &status);
        if (status != Z_OK && status != Z_STREAM_END)
            return read_failure(input, status, message, error);
    }
    z_off_t offset = gzoffset(input->file);
    input->consumed = offset > 0 ? (uint64_t)offset : 0;
    *length = got > 0 ? (size_t)got : 0;
    return 0;
}

uint64_t ls_stream_consumed(const ls_stream *input)
{
    return input->consumed;
}

uint64_t ls_stream_size(const ls_stream *input)
{
    return input->size;
}
