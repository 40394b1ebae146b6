#include "tui/play.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRIPT_BYTES ((size_t)1 << 20)

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a script");
}

/* Keeps a line without the blanks around it, unless it is empty or a remark. */
static int take_line(struct ls_play *play, const char *line, size_t length, struct ls_error *error)
{
    while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
        length--;
    while (length > 0 && strchr(" \t", line[0]) != NULL) {
        line++;
        length--;
    }
    if (length == 0 || line[0] == '#')
        return 0;
    if (memchr(line, '\0', length) != NULL || length >= LS_LINE_BYTES) {
        ls_error_set(error, LS_ERR_FORMAT, "a line that is no command");
        return ls_error_remedy(error, "write one command a line, of at most %d bytes", LS_LINE_BYTES - 1);
    }
    play->line[play->n] = strndup(line, length);
    return play->line[play->n] != NULL ? 0 : out_of_memory(error);
}

static int take_lines(struct ls_play *play, const char *path, const struct ls_buffer *text,
                      int (*check)(void *user, const char *line, struct ls_error *error), void *user,
                      struct ls_error *error)
{
    long number = 0;
    snprintf(play->path, sizeof play->path, "%s", path);
    for (size_t at = 0; at < text->length;) {
        const char *line = text->bytes + at, *end = memchr(line, '\n', text->length - at);
        size_t length = end != NULL ? (size_t)(end - line) : text->length - at;
        number++;
        at += length + 1;
        int status = take_line(play, line, length, error);
        if (status == 0 && play->line[play->n] != NULL) {
            play->number[play->n] = number;
            status = check(user, play->line[play->n++], error);
        }
        if (status != 0) {
            (void)ls_error_at(error, path, number, 0, NULL);
            return status;
        }
    }
    return 0;
}

int ls_play_load(struct ls_play *play, const char *path,
                 int (*check)(void *user, const char *line, struct ls_error *error), void *user,
                 struct ls_error *error)
{
    struct ls_buffer text = {0};
    size_t lines = 1;
    int status = 0;
    if (!ls_file_read(AT_FDCWD, path, &text)) {
        ls_error_set(error, LS_ERR_NAME, "cannot read the script: %s", strerror(errno));
        status = ls_error_at(error, path, 0, 0, NULL);
        goto done;
    }
    if (text.length > SCRIPT_BYTES) {
        ls_error_set(error, LS_ERR_FORMAT, "more than 1 MiB, which no script has");
        status = ls_error_at(error, path, 0, 0, NULL);
        goto done;
    }
    for (size_t i = 0; i < text.length; i++)
        lines += text.bytes[i] == '\n';
    play->line = calloc(lines + 1, sizeof *play->line);
    play->number = calloc(lines, sizeof *play->number);
    status = play->line == NULL || play->number == NULL ? out_of_memory(error)
                                                        : take_lines(play, path, &text, check, user, error);
    play->state = LS_PLAY_RUNNING;
done:
    ls_buffer_release(&text);
    if (status != 0)
        ls_play_clear(play);
    return status;
}

void ls_play_clear(struct ls_play *play)
{
    for (size_t i = 0; play->line != NULL && play->line[i] != NULL; i++)
        free(play->line[i]);
    free(play->line);
    free(play->number);
    *play = (struct ls_play){0};
}

const char *ls_play_next(struct ls_play *play, double now)
{
    if (play->state != LS_PLAY_RUNNING || now < play->due)
        return NULL;
    if (play->at < play->n)
        return play->line[play->at++];
    play->state = LS_PLAY_OVER;
    return NULL;
}

void ls_play_blame(struct ls_play *play, const struct ls_error *error)
{
    char text[sizeof play->error.message];
    if (play->at == 0 || play->error.code != 0)
        return;
    ls_error_set(&play->error, LS_ERR_VALUE, "%s", ls_error_text(error, text, sizeof text));
    (void)ls_error_at(&play->error, play->path, play->number[play->at - 1], 0, NULL);
}

void ls_play_wait(struct ls_play *play, double seconds)
{
    if (play->state == LS_PLAY_RUNNING && play->pace > 0)
        play->due = ls_clock_seconds() + seconds * play->pace;
}
