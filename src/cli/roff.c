#include "cli/roff.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define WRAP_COLS 78

int ls_roff_escaped(FILE *out, const char *text, size_t length)
{
    static const struct {
        char plain;
        const char *roff;
    } escapes[] = {{'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"}, {'`', "\\(ga"},
                   {'^', "\\(ha"}, {'~', "\\(ti"}, {'"', "\\(dq"}};
    int written = 0;
    const char *end = text + length;
    if (length > 0 && text[0] == '.')
        written += fprintf(out, "\\&"); /* a word may come to stand first in a line */
    while (text < end) {
        const char *roff = NULL;
        gunichar letter = g_utf8_get_char(text);
        for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++)
            if (escapes[i].plain == *text)
                roff = escapes[i].roff;
        if (roff != NULL)
            written += fprintf(out, "%s", roff);
        else if (letter >= 0x80)
            written += fprintf(out, "\\[u%04X]", letter);
        else
            written += fprintf(out, "%c", *text);
        text += g_unichar_to_utf8(letter, NULL);
    }
    return written;
}

void ls_roff_text(FILE *out, const char *text)
{
    int column = 0;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        bool sentence = text[length - 1] == '.' && text[length] != '\0';
        if (column > 0 && column + 1 + (int)length > WRAP_COLS) {
            fputc('\n', out);
            column = 0;
        }
        if (column > 0)
            column += fprintf(out, " ");
        column += ls_roff_escaped(out, text, length);
        if (sentence) {
            fputc('\n', out);
            column = 0;
        }
        text += length;
    }
    if (column > 0)
        fputc('\n', out);
}

void ls_roff_bold(FILE *out, const char *before, const char *text)
{
    fprintf(out, "%s\\fB", before);
    ls_roff_escaped(out, text, strlen(text));
    fprintf(out, "\\fR");
}

void ls_roff_italic(FILE *out, const char *before, const char *text)
{
    fprintf(out, "%s\\fI", before);
    ls_roff_escaped(out, text, strlen(text));
    fprintf(out, "\\fR");
}
