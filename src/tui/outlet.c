/**
 * @file outlet.c
 * A growing buffer between two descriptors. Worst frame seen: 1.1 MB at 300x100, 72 kB at 80x24.
 */
#define _GNU_SOURCE /* memfd_create() */
#include "tui/outlet.h"

#include "tui/clipboard.h"
#include "tui/leave.h"
#include "tui/squeeze.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
    free(outlet->aside);
    *outlet = (struct ls_outlet){.tty = -1, .file = -1};
}

static size_t file_length(const struct ls_outlet *outlet)
{
    off_t length = lseek(outlet->file, 0, SEEK_CUR);

    return length > 0 ? (size_t)length : 0;
}

size_t ls_outlet_waiting(const struct ls_outlet *outlet)
{
    return file_length(outlet) + (outlet->aside ? strlen(outlet->aside) : 0);
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

/** Adds what was set aside, and notes where it stands. */
static bool take_aside(struct ls_outlet *outlet)
{
    size_t at = outlet->end;

    if (!outlet->aside)
        return true;
    if (!ls_outlet_add(outlet, outlet->aside))
        return false;
    free(outlet->aside);
    outlet->aside = NULL;
    outlet->aside_at = at;
    outlet->aside_end = outlet->end;
    return true;
}

bool ls_outlet_take(struct ls_outlet *outlet)
{
    size_t length = file_length(outlet), done = 0;
    bool taken = take_aside(outlet) && reserve(outlet, length);

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

/** Nothing is left to be sent. */
static void clear(struct ls_outlet *outlet)
{
    outlet->at = outlet->end = 0;
    outlet->aside_at = outlet->aside_end = 0;
}

/** Goes on behind bytes that the terminal took, and notes them but for what was set aside. */
static void advance(struct ls_outlet *outlet, size_t length)
{
    size_t end = outlet->at + length;
    size_t before = end < outlet->aside_at ? end : outlet->aside_at;
    size_t behind = outlet->at > outlet->aside_end ? outlet->at : outlet->aside_end;

    if (outlet->recording && outlet->at < before)
        ls_recording_output(outlet->recording, outlet->bytes + outlet->at, before - outlet->at);
    if (outlet->recording && behind < end)
        ls_recording_output(outlet->recording, outlet->bytes + behind, end - behind);
    outlet->at = end;
}

int ls_outlet_send(struct ls_outlet *outlet)
{
    if (outlet->tty < 0)
        clear(outlet);
    while (outlet->at < outlet->end) {
        ssize_t written = write(outlet->tty, outlet->bytes + outlet->at, outlet->end - outlet->at);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno != EAGAIN) {
            clear(outlet);
            return -1;
        }
        if (written <= 0)
            return 0;
        advance(outlet, (size_t)written);
        outlet->writes++;
    }
    clear(outlet);
    return 1;
}

bool ls_outlet_finish(struct ls_outlet *outlet, int timeout_ms)
{
    size_t length = outlet->end - outlet->at;
    size_t sent =
        length > 0 ? ls_leave_write(outlet->tty, outlet->bytes + outlet->at, length, timeout_ms) : 0;

    advance(outlet, sent);
    clear(outlet);
    return sent == length;
}

bool ls_outlet_copy(struct ls_outlet *outlet, const char *text)
{
    const char *term = getenv("TERM");
    char *sequence = ls_clipboard_sequence(text, term ? term : "", getenv("TMUX") != NULL);

    if (!sequence)
        return false;
    free(outlet->aside);
    outlet->aside = sequence;
    return true;
}
