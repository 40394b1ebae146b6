/**
 * @file outlet.c
 * A growing buffer between two descriptors. Worst frame seen: 1.1 MB at 300x100, 72 kB at 80x24.
 */
#define _GNU_SOURCE /* memfd_create() */
#include "tui/outlet.h"

#include "tui/leave.h"
#include "tui/squeeze.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COPY_BYTES 50000
#define PIECE      240 /* screen takes strings of 768 bytes at most */

bool ls_outlet_open(struct ls_outlet *outlet, int tty)
{
    memset(outlet, 0, sizeof *outlet);
    outlet->tty = tty;
    outlet->file = memfd_create("screen", MFD_CLOEXEC);
    if (outlet->file < 0) {
        FILE *file = tmpfile();

        outlet->file = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : -1;
        if (file)
            fclose(file);
    }
    return outlet->file >= 0;
}

void ls_outlet_close(struct ls_outlet *outlet)
{
    if (outlet->file >= 0)
        close(outlet->file);
    free(outlet->bytes);
    *outlet = (struct ls_outlet){.tty = -1, .file = -1};
}

size_t ls_outlet_waiting(const struct ls_outlet *outlet)
{
    off_t length = lseek(outlet->file, 0, SEEK_CUR);

    return length > 0 ? (size_t)length : 0;
}

void ls_outlet_drop(struct ls_outlet *outlet)
{
    if (ftruncate(outlet->file, 0) == 0)
        lseek(outlet->file, 0, SEEK_SET);
}

/** Makes room for @p more bytes behind those to be sent. */
static bool reserve(struct ls_outlet *outlet, size_t more)
{
    size_t need = outlet->end + more;
    char *bytes;

    if (need > outlet->size) {
        bytes = realloc(outlet->bytes, need + need / 2);
        if (!bytes)
            return false;
        outlet->bytes = bytes;
        outlet->size = need + need / 2;
    }
    return true;
}

bool ls_outlet_add(struct ls_outlet *outlet, const char *text)
{
    size_t length = strlen(text);

    if (!reserve(outlet, length))
        return false;
    if (length > 0) {
        memcpy(outlet->bytes + outlet->end, text, length);
        outlet->end += length;
    }
    return true;
}

bool ls_outlet_take(struct ls_outlet *outlet)
{
    size_t length = ls_outlet_waiting(outlet), done = 0;
    bool taken = reserve(outlet, length);

    while (taken && done < length) {
        ssize_t got = pread(outlet->file, outlet->bytes + outlet->end + done, length - done, (off_t)done);

        taken = got > 0;
        done += taken ? (size_t)got : 0;
    }
    if (done > 0)
        outlet->end += ls_squeeze(outlet->bytes + outlet->end, done);
    ls_outlet_drop(outlet);
    return taken;
}

/** Notes bytes that the terminal took. */
static void record(struct ls_outlet *outlet, const char *bytes, size_t length)
{
    if (outlet->recording)
        ls_recording_output(outlet->recording, bytes, length);
}

int ls_outlet_send(struct ls_outlet *outlet)
{
    if (outlet->tty < 0)
        outlet->at = outlet->end;
    while (outlet->at < outlet->end) {
        ssize_t written = write(outlet->tty, outlet->bytes + outlet->at, outlet->end - outlet->at);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno != EAGAIN) {
            outlet->at = outlet->end = 0;
            return -1;
        }
        if (written <= 0)
            return 0;
        record(outlet, outlet->bytes + outlet->at, (size_t)written);
        outlet->at += (size_t)written;
        outlet->writes++;
    }
    outlet->at = outlet->end = 0;
    return 1;
}

bool ls_outlet_finish(struct ls_outlet *outlet, int timeout_ms)
{
    size_t length = outlet->end - outlet->at;
    size_t sent =
        length > 0 ? ls_leave_write(outlet->tty, outlet->bytes + outlet->at, length, timeout_ms) : 0;

    record(outlet, outlet->bytes + outlet->at, sent);
    outlet->at = outlet->end = 0;
    return sent == length;
}

/** Writes all of @p length bytes into the file. */
static bool put(struct ls_outlet *outlet, const char *bytes, size_t length)
{
    return write(outlet->file, bytes, length) == (ssize_t)length;
}

/** Writes @p text in base64; a @p seam that is not empty goes between pieces of PIECE characters. */
static bool put_base64(struct ls_outlet *outlet, const char *before, const char *text, const char *seam,
                       const char *after)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    enum { PADDING = 64 };
    size_t length = strlen(text);
    bool written = put(outlet, before, strlen(before));

    for (size_t i = 0; i < length && written; i += 3) {
        size_t rest = length - i;
        unsigned first = (unsigned char)text[i];
        unsigned second = rest > 1 ? (unsigned char)text[i + 1] : 0;
        unsigned third = rest > 2 ? (unsigned char)text[i + 2] : 0;
        char code[4] = {digits[first >> 2], digits[(first & 3) << 4 | second >> 4],
                        digits[rest > 1 ? (second & 15) << 2 | third >> 6 : PADDING],
                        digits[rest > 2 ? third & 63 : PADDING]};

        if (i > 0 && i / 3 * 4 % PIECE == 0)
            written = put(outlet, seam, strlen(seam));
        written = written && put(outlet, code, sizeof code);
    }
    return put(outlet, after, strlen(after)) && written;
}

bool ls_outlet_copy(struct ls_outlet *outlet, const char *text)
{
    const char *term = getenv("TERM");
    bool screen = term && strncmp(term, "screen", 6) == 0;
    bool tmux = (term && strncmp(term, "tmux", 4) == 0) || (screen && getenv("TMUX"));

    if (strlen(text) > COPY_BYTES)
        return false;
    if (screen && !tmux)
        return put_base64(outlet, "\033P\033]52;c;", text, "\033\\\033P", "\a\033\\");
    /* tmux takes the text itself or passes it on, as it was told to: it gets both. */
    return (!tmux || put_base64(outlet, "\033Ptmux;\033\033]52;c;", text, "", "\a\033\\")) &&
           put_base64(outlet, "\033]52;c;", text, "", "\a");
}
