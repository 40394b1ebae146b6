#include "tui/cast.h"

#include "base/clock.h"
#include "base/files.h"
#include "tui/frame.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CAST_VERSION 2
#define RUNE_BYTES   4
#define REPLACEMENT  "\xef\xbf\xbd" /* U+FFFD, for bytes that are no UTF-8 */

struct ls_recording {
    int fd;
    char *path, *title;
    double start_seconds;  /* negative before the first size */
    char rest[RUNE_BYTES]; /* the start of a character whose end is to come */
    size_t n_rest;
    off_t length; /* of the whole lines */
    int cause;    /* of the first failure, an errno; 0: none */
};

int ls_recording_open(const char *path, const char *title, ls_recording **out, struct ls_error *error)
{
    ls_recording *recording = calloc(1, sizeof *recording);
    int status = 0;
    if (recording != NULL) {
        *recording =
            (ls_recording){.fd = -1, .path = strdup(path), .title = strdup(title), .start_seconds = -1};
        if (recording->path != NULL && recording->title != NULL)
            recording->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (recording == NULL || recording->path == NULL || recording->title == NULL)
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for a recording");
    else if (recording->fd < 0)
        status = ls_file_error(error, path, "", "cannot record");
    if (status != 0)
        (void)ls_recording_close(recording, NULL);
    else
        *out = recording;
    return status;
}

/* Writes a line of JSON and frees what it was made of. */
static void put_line(ls_recording *recording, cJSON *json, bool filled)
{
    char *text = filled ? cJSON_PrintUnformatted(json) : NULL;
    size_t length = text != NULL ? strlen(text) : 0;
    if (text == NULL) {
        recording->cause = ENOMEM;
    } else {
        text[length] = '\n'; /* in place of the NUL: a line is one write */
        if (ls_file_write(recording->fd, text, length + 1) == 0) {
            recording->length += (off_t)length + 1;
        } else {
            recording->cause = errno;
            (void)!ftruncate(recording->fd, recording->length); /* no half line */
        }
    }
    cJSON_free(text);
    cJSON_Delete(json);
}

static void put_event(ls_recording *recording, const char *code, const char *data)
{
    double seconds = ls_clock_seconds() - recording->start_seconds;
    cJSON *event = cJSON_CreateArray();
    bool filled = cJSON_AddItemToArray(event, cJSON_CreateNumber(round(seconds * 1e6) / 1e6)) &&
                  cJSON_AddItemToArray(event, cJSON_CreateString(code)) &&
                  cJSON_AddItemToArray(event, cJSON_CreateString(data));
    put_line(recording, event, filled);
}

static void put_head(ls_recording *recording, int rows, int cols)
{
    const char *term = getenv("TERM");
    cJSON *head = cJSON_CreateObject(), *environment;
    bool filled = cJSON_AddNumberToObject(head, "version", CAST_VERSION) != NULL &&
                  cJSON_AddNumberToObject(head, "width", cols) != NULL &&
                  cJSON_AddNumberToObject(head, "height", rows) != NULL &&
                  cJSON_AddNumberToObject(head, "timestamp", (double)time(NULL)) != NULL &&
                  cJSON_AddStringToObject(head, "title", recording->title) != NULL &&
                  (environment = cJSON_AddObjectToObject(head, "env")) != NULL &&
                  cJSON_AddStringToObject(environment, "TERM", term != NULL ? term : "") != NULL;
    put_line(recording, head, filled);
}

void ls_recording_size(ls_recording *recording, int rows, int cols)
{
    char size[32];
    if (recording->cause != 0)
        return;
    if (recording->start_seconds < 0) {
        recording->start_seconds = ls_clock_seconds();
        put_head(recording, rows, cols);
        return;
    }
    snprintf(size, sizeof size, "%dx%d", cols, rows);
    put_event(recording, "r", size);
}

/* Bytes at the end of a text that may be the start of a character. */
static size_t unfinished(const char *bytes, size_t length)
{
    for (size_t back = 1; back < RUNE_BYTES && back <= length; back++) {
        unsigned char byte = (unsigned char)bytes[length - back];
        size_t needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        if ((byte & 0xc0) != 0x80)
            return needs > back ? back : 0;
    }
    return 0;
}

/* Valid UTF-8 without NULs, as a string; `out` has room for thrice the bytes and one. */
static void make_valid(const char *bytes, size_t length, char *out)
{
    char part[RUNE_BYTES + 1];
    for (size_t i = 0, n; i < length; i += n) {
        uint32_t rune;
        size_t most = length - i < RUNE_BYTES ? length - i : RUNE_BYTES;
        memcpy(part, bytes + i, most);
        part[most] = '\0';
        n = ls_rune_decode(part, &rune);
        if (n == 0) { /* a NUL, which pads and shows nothing */
            n = 1;
            continue;
        }
        bool invalid = rune == '?' && part[0] != '?';
        size_t size = invalid ? sizeof REPLACEMENT - 1 : n;
        memcpy(out, invalid ? REPLACEMENT : part, size);
        out += size;
    }
    *out = '\0';
}

void ls_recording_output(ls_recording *recording, const char *bytes, size_t length)
{
    if (recording->cause != 0 || recording->start_seconds < 0 || length == 0)
        return;
    size_t n = recording->n_rest + length;
    char *all = malloc(n), *valid = malloc(3 * n + 1);
    if (all != NULL && valid != NULL) {
        memcpy(all, recording->rest, recording->n_rest);
        memcpy(all + recording->n_rest, bytes, length);
        recording->n_rest = unfinished(all, n);
        n -= recording->n_rest;
        memcpy(recording->rest, all + n, recording->n_rest);
        make_valid(all, n, valid);
        if (valid[0] != '\0')
            put_event(recording, "o", valid);
    } else {
        recording->cause = ENOMEM;
    }
    free(all);
    free(valid);
}

int ls_recording_close(ls_recording *recording, struct ls_error *error)
{
    int status = 0;
    if (recording == NULL)
        return 0;
    if (recording->fd >= 0 && recording->start_seconds < 0)
        (void)unlink(recording->path); /* there was no session */
    if (recording->fd >= 0 && close(recording->fd) != 0 && recording->cause == 0)
        recording->cause = errno;
    if (recording->cause != 0) {
        errno = recording->cause;
        status = ls_file_error(error, recording->path, "", "the recording ends early");
    }
    free(recording->path);
    free(recording->title);
    free(recording);
    return status;
}
