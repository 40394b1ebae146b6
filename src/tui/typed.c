#include "tui/typed.h"

#include "base/buffer.h"
#include "base/files.h"
#include "tui/xdg.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES ((off_t)1 << 20) /* one that is longer is begun anew */
#define LINE_BYTES 256

/* What a prompt could hold: text without control characters. */
static bool is_line(const char *line)
{
    size_t length = strlen(line);
    if (length == 0 || length >= LINE_BYTES || !g_utf8_validate(line, (gssize)length, NULL))
        return false;
    for (; *line != '\0'; line++)
        if ((unsigned char)*line < ' ' || *line == 0x7f)
            return false;
    return true;
}

/* Keeps it in memory; false when it is no line or the newest already. */
static bool remember(struct ls_typed *typed, const char *line)
{
    if (!is_line(line) || (typed->n > 0 && strcmp(typed->line[typed->n - 1], line) == 0))
        return false;
    char *copy = strdup(line);
    if (copy == NULL)
        return false;
    if (typed->n == LS_TYPED_LINES) {
        free(typed->line[0]);
        memmove(typed->line, typed->line + 1, (LS_TYPED_LINES - 1) * sizeof *typed->line);
        typed->n--;
    }
    typed->line[typed->n++] = copy;
    return true;
}

/* Only a regular file of its user is opened, and never waited for. */
static int open_file(const char *path, int flags)
{
    struct stat status;
    int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* Reads the file; the number of its lines, or -1 where it is too long to be ours. */
static long read_lines(struct ls_typed *typed)
{
    struct stat status;
    long lines = 0;
    int fd = open_file(typed->path, O_RDONLY);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    char *line = NULL;
    size_t capacity = 0;
    if (file == NULL) {
        if (fd >= 0)
            (void)close(fd);
        return 0;
    }
    if (fstat(fd, &status) != 0 || status.st_size > FILE_BYTES)
        lines = -1;
    for (ssize_t length; lines >= 0 && (length = getline(&line, &capacity, file)) > 0; lines++) {
        line[length - (line[length - 1] == '\n')] = '\0';
        if (strlen(line) + 1 >= (size_t)length)
            (void)remember(typed, line);
    }
    free(line);
    (void)fclose(file);
    return lines;
}

/* Leaves in the file what is in memory. */
static void rewrite(const struct ls_typed *typed)
{
    char beside[sizeof typed->path + 32];
    struct ls_buffer text = {0};
    snprintf(beside, sizeof beside, "%s.%ld.new", typed->path, (long)getpid());
    for (size_t i = 0; i < typed->n; i++) {
        ls_buffer_text(&text, typed->line[i]);
        ls_buffer_add(&text, "\n", 1);
    }
    int fd = text.failed ? -1 : open_file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd >= 0) {
        bool written = ls_file_write(fd, text.bytes, text.length) == 0;
        if (close(fd) != 0 || !written || rename(beside, typed->path) != 0)
            (void)unlink(beside);
    }
    ls_buffer_release(&text);
}

void ls_typed_open(struct ls_typed *typed)
{
    if (!ls_xdg_path("XDG_STATE_HOME", ".local/state", "history", typed->path, sizeof typed->path)) {
        typed->path[0] = '\0';
        return;
    }
    long lines = read_lines(typed);
    if (lines < 0 || lines > 2 * LS_TYPED_LINES)
        rewrite(typed);
}

void ls_typed_clear(struct ls_typed *typed)
{
    for (size_t i = 0; i < typed->n; i++)
        free(typed->line[i]);
    *typed = (struct ls_typed){0};
}

/* Sessions side by side each append whole lines. */
static void append(const struct ls_typed *typed, const char *line)
{
    char bytes[LINE_BYTES + 1];
    ls_xdg_make_folder(typed->path);
    int fd = open_file(typed->path, O_WRONLY | O_CREAT | O_APPEND);
    if (fd < 0)
        return;
    int length = snprintf(bytes, sizeof bytes, "%s\n", line);
    (void)ls_file_write(fd, bytes, (size_t)length);
    (void)close(fd);
}

void ls_typed_add(struct ls_typed *typed, const char *line)
{
    if (remember(typed, line) && typed->path[0] != '\0')
        append(typed, line);
}

void ls_typed_rewind(struct ls_typed *typed)
{
    typed->at = typed->n;
    typed->draft[0] = '\0';
}

const char *ls_typed_go(struct ls_typed *typed, int by, const char *now)
{
    if (by < 0 ? typed->at == 0 : typed->at == typed->n)
        return NULL;
    if (typed->at == typed->n)
        snprintf(typed->draft, sizeof typed->draft, "%s", now);
    typed->at = by < 0 ? typed->at - 1 : typed->at + 1;
    return typed->at == typed->n ? typed->draft : typed->line[typed->at];
}
