/**
 * @file squeeze.c
 * Adjacent SGR sequences become the shortest that leads to the same look; a character set that is in use is
 * not asked for again. What is not understood is passed on, and nothing is taken for known behind it.
 */
#include "tui/squeeze.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ESC       '\033'
#define SHIFT_OUT '\016'
#define SHIFT_IN  '\017'
#define BELL      '\a'

#define MOST_CODES     16
#define LOOK_BYTES     64
#define MOST_ATTRIBUTE 8
#define INDEXED        256 /* added to a colour of 38;5;N */

/* Ways to move, erase, insert, delete, repeat and scroll: none of them changes how the next character looks.
 */
#define HARMLESS "@ABCDEFGHIJKLMPSTXZ`abdefr"

struct look {
    bool known;
    unsigned attributes; /* bit N by SGR N, 1 to 8 */
    int foreground;      /* SGR code, INDEXED and more, or -1: the terminal's own */
};

struct squeeze {
    char *out;
    const char *pending; /* first of the SGR sequences not written yet, or NULL */
    struct look shown;   /* by what is written */
    struct look wanted;  /* with what is pending */
    char designated;     /* to G0, by the last ESC ( X; 0: unknown */
    char shift;          /* the last of the two; 0: unknown */
};

/* ---- reading ------------------------------------------------------------------------------------------ */

static bool is_within(char c, char first, char last)
{
    return c >= first && c <= last;
}

/** Behind the end of a control string: BEL ends an OSC, ESC \ any. */
static const char *end_of_string(const char *at, const char *end)
{
    bool bell_ends = at[1] == ']';

    for (at += 2; at < end; at++) {
        if (*at == BELL && bell_ends)
            return at + 1;
        if (*at == ESC && at + 1 < end && at[1] == '\\')
            return at + 2;
    }
    return end;
}

/** Behind the sequence, or the run of other bytes, that begins at @p at. */
static const char *end_of_token(const char *at, const char *end)
{
    if (*at == SHIFT_OUT || *at == SHIFT_IN)
        return at + 1;
    if (*at != ESC) {
        while (at < end && *at != ESC && *at != SHIFT_OUT && *at != SHIFT_IN)
            at++;
        return at;
    }
    if (at + 1 < end && strchr("P]X^_", at[1]))
        return end_of_string(at, end);
    at++;
    if (at < end && *at == '[') {
        for (at++; at < end && is_within(*at, ' ', '?'); at++) {
        }
    } else {
        while (at < end && is_within(*at, ' ', '/'))
            at++;
    }
    return at < end ? at + 1 : end;
}

/** What one code, or three of a colour, make of a look; returns the codes read, 0 for one not understood. */
static int apply_code(struct look *look, const int *code, int left)
{
    static const unsigned ended_by[] = {[22] = 1u << 1 | 1u << 2, [23] = 1u << 3, [24] = 1u << 4,
                                        [25] = 1u << 5 | 1u << 6, [27] = 1u << 7, [28] = 1u << 8};

    if (*code == 0)
        *look = (struct look){.known = true, .foreground = -1};
    else if (*code <= MOST_ATTRIBUTE)
        look->attributes |= 1u << *code;
    else if ((size_t)*code < sizeof ended_by / sizeof *ended_by && ended_by[*code])
        look->attributes &= ~ended_by[*code];
    else if ((*code >= 30 && *code <= 37) || (*code >= 90 && *code <= 97))
        look->foreground = *code;
    else if (*code == 39)
        look->foreground = -1;
    else if (*code == 38 && left >= 3 && code[1] == 5 && code[2] < INDEXED) {
        look->foreground = INDEXED + code[2];
        return 3;
    } else if (*code != 49) /* backgrounds are never set, so to take one away says nothing */
        return 0;
    return 1;
}

/** Reads the SGR at @p at into a look; false when it says more than a look has. */
static bool apply_sgr(struct look *look, const char *at)
{
    int code[MOST_CODES] = {0}, n = 1;

    for (at += 2; *at != 'm'; at++) {
        if (is_within(*at, '0', '9') && code[n - 1] < 1000)
            code[n - 1] = code[n - 1] * 10 + *at - '0';
        else if (*at != ';' || n++ == MOST_CODES)
            return false;
    }
    for (int i = 0, read; i < n; i += read) {
        read = apply_code(look, &code[i], n - i);
        if (read == 0)
            return false;
    }
    return true;
}

/* ---- writing ------------------------------------------------------------------------------------------ */

/** The sequence that leads from one known look to another: what is added or, where something is to go, all of
 * it behind a 0 that is left out. Returns its bytes, 0 for none. */
static size_t write_look(const struct look *from, const struct look *to, char out[LOOK_BYTES])
{
    bool adds =
        from->known && !(from->attributes & ~to->attributes) && (to->foreground >= 0 || from->foreground < 0);
    unsigned attributes = adds ? to->attributes & ~from->attributes : to->attributes;
    int foreground = adds && to->foreground == from->foreground ? -1 : to->foreground;
    const char *seam = adds ? "" : ";";
    size_t used = (size_t)snprintf(out, LOOK_BYTES, "\033[");

    if (adds && attributes == 0 && foreground < 0)
        return 0;
    for (int i = 1; i <= MOST_ATTRIBUTE; i++)
        if (attributes & 1u << i) {
            used += (size_t)snprintf(out + used, LOOK_BYTES - used, "%s%d", seam, i);
            seam = ";";
        }
    if (foreground >= 0)
        used += (size_t)snprintf(out + used, LOOK_BYTES - used, "%s%s%d", seam,
                                 foreground >= INDEXED ? "38;5;" : "", foreground % INDEXED);
    return used + (size_t)snprintf(out + used, LOOK_BYTES - used, "m");
}

static void put(struct squeeze *squeeze, const char *bytes, size_t length)
{
    memmove(squeeze->out, bytes, length);
    squeeze->out += length;
}

/** Writes what is pending before @p at: as short as can be, as it came where the look is not known. */
static void flush(struct squeeze *squeeze, const char *at)
{
    char text[LOOK_BYTES];
    size_t length, raw;

    if (!squeeze->pending)
        return;
    raw = (size_t)(at - squeeze->pending);
    length = squeeze->wanted.known ? write_look(&squeeze->shown, &squeeze->wanted, text) : raw;
    put(squeeze, length < raw ? text : squeeze->pending, length < raw ? length : raw);
    squeeze->shown = squeeze->wanted;
    squeeze->pending = NULL;
}

/** True when @p at asks for the character set that is in use; else notes what it asks for. */
static bool is_in_use(struct squeeze *squeeze, const char *at, size_t length)
{
    bool designates = length == 3 && at[0] == ESC && at[1] == '(';
    char *last = designates ? &squeeze->designated : &squeeze->shift;
    char now = at[length - 1];

    if (!designates && now != SHIFT_OUT && now != SHIFT_IN)
        return false;
    if (*last == now)
        return true;
    *last = now;
    return false;
}

/** True for characters and for what leaves looks and character sets as they are. */
static bool is_harmless(const char *at, size_t length)
{
    if (at[0] != ESC || (length == 3 && at[1] == '('))
        return true;
    return length > 2 && at[1] == '[' && is_within(at[2], '0', 'z') && !is_within(at[2], '<', '?') &&
           strchr(HARMLESS, at[length - 1]);
}

size_t ls_squeeze(char *bytes, size_t length)
{
    struct squeeze squeeze = {.out = bytes};
    const char *end = bytes + length, *next;

    for (const char *at = bytes; at < end; at = next) {
        size_t size;
        bool understood = true;

        next = end_of_token(at, end);
        size = (size_t)(next - at);
        if (size > 2 && at[0] == ESC && at[1] == '[' && next[-1] == 'm') {
            squeeze.pending = squeeze.pending ? squeeze.pending : at;
            understood = apply_sgr(&squeeze.wanted, at);
        } else if (!is_in_use(&squeeze, at, size)) {
            understood = is_harmless(at, size);
            flush(&squeeze, at);
            put(&squeeze, at, size); /* perhaps over its own start */
        }
        if (!understood) {
            squeeze.wanted.known = false;
            flush(&squeeze, next);
            squeeze.shown = squeeze.wanted = (struct look){.known = false};
            squeeze.designated = squeeze.shift = 0;
        }
    }
    flush(&squeeze, end);
    return (size_t)(squeeze.out - bytes);
}
