#include "tui/clipboard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE      240 /* characters; screen takes strings of 768 bytes at most */
#define PLAIN_MOST 700 /* characters that screen takes in and drops as one string */

/** Writes @p text in base64; @p seam goes before pieces of PIECE characters. */
static void put_base64(FILE *out, const char *text, const char *seam)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    enum { PADDING = 64 };
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i += 3) {
        size_t rest = length - i;
        unsigned first = (unsigned char)text[i];
        unsigned second = rest > 1 ? (unsigned char)text[i + 1] : 0;
        unsigned third = rest > 2 ? (unsigned char)text[i + 2] : 0;

        if (i / 3 * 4 % PIECE == 0)
            fputs(seam, out);
        fputc(digits[first >> 2], out);
        fputc(digits[(first & 3) << 4 | second >> 4], out);
        fputc(digits[rest > 1 ? (second & 15) << 2 | third >> 6 : PADDING], out);
        fputc(digits[rest > 2 ? third & 63 : PADDING], out);
    }
}

static void put_wrapped(FILE *out, const char *before, const char *text, const char *seam, const char *after)
{
    fputs(before, out);
    put_base64(out, text, seam);
    fputs(after, out);
}

char *ls_clipboard_sequence(const char *text, const char *term, bool in_tmux)
{
    bool named_screen = strncmp(term, "screen", 6) == 0;
    bool tmux = strncmp(term, "tmux", 4) == 0 || (named_screen && in_tmux);
    bool screen = named_screen && !tmux;
    char *sequence = NULL;
    size_t length = strlen(text), size;
    FILE *out = length <= LS_CLIPBOARD_MOST ? open_memstream(&sequence, &size) : NULL;

    if (!out)
        return NULL;
    /* The first seam is before all text: else tmux, which reads what it does not pass on, would take the
     * first piece for the whole. */
    if (screen)
        put_wrapped(out, "\033P\033]52;c;", text, "\033\\\033P", "\a\033\\");
    if (tmux)
        put_wrapped(out, "\033Ptmux;\033\033]52;c;", text, "", "\a\033\\");
    /* tmux takes the text itself or passes it on, as it was told to: it gets both. So does what may be a tmux
     * that calls itself screen, as long as a screen drops the second. */
    if (!screen || (length + 2) / 3 * 4 <= PLAIN_MOST)
        put_wrapped(out, "\033]52;c;", text, "", "\a");
    if (fclose(out) != 0) {
        free(sequence);
        return NULL;
    }
    return sequence;
}
