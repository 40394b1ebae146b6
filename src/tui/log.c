#include "tui/log.h"

#include "base/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static void add_line(struct ls_buffer *buffer, const char *line)
{
    ls_buffer_text(buffer, line);
    ls_buffer_add(buffer, "\n", 1);
}

/* Drops the older half, to a line's end. */
static void drop_half(struct ls_log *log)
{
    struct ls_buffer *text = &log->text;
    size_t cut = text->length / 2;
    while (cut < text->length && text->bytes[cut - 1] != '\n')
        cut++;
    for (size_t i = 0; i < cut; i++)
        log->lost += text->bytes[i] == '\n';
    memmove(text->bytes, text->bytes + cut, text->length - cut);
    text->length -= cut;
}

void ls_log_begin(struct ls_log *log, const char *line)
{
    add_line(&log->head, line);
}

void ls_log_add(struct ls_log *log, const char *line)
{
    if (log->text.length + strlen(line) + 1 > LS_LOG_BYTES)
        drop_half(log);
    add_line(&log->text, line);
    log->lines++;
}

void ls_log_clear(struct ls_log *log)
{
    ls_buffer_release(&log->head);
    ls_buffer_release(&log->text);
}

int ls_log_save(const struct ls_log *log, const char *path, struct ls_error *error)
{
    char lost[80] = "";
    if (log->text.failed || log->head.failed)
        return ls_error_set(error, LS_ERR_MEMORY, "the log was lost for want of memory");
    if (log->lost > 0)
        snprintf(lost, sizeof lost, "# the first %ld commands were dropped\n", log->lost);
    struct ls_buffer note = {.bytes = lost, .length = strlen(lost)};
    const struct ls_buffer pieces[] = {log->head, note, log->text};
    return ls_file_place(AT_FDCWD, "", path, pieces, sizeof pieces / sizeof *pieces, false, error);
}
