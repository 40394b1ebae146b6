#include "base/text.h"

#include "base/real.h"

#include <ctype.h>
#include <errno.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISTANCE_MAX   99
#define DISTANCE_BYTES 128

void ls_text_disarm(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        bool controls = *at == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0; /* U+0080 to U+009F */
        if (controls)
            *at++ = '?';
        if (controls || *at < ' ' || *at == 0x7F)
            *at = '?';
    }
}

bool ls_text_integer(const char *text, int64_t *out)
{
    size_t sign = text[0] == '+' || text[0] == '-';
    if (!isdigit((unsigned char)text[sign]))
        return false;
    errno = 0;
    char *end;
    long long value = strtoll(text, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *out = value;
    return true;
}

bool ls_text_real(const char *text, double *out)
{
    if (text[0] == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    errno = 0;
    char *end;
    double value = g_ascii_strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(value))
        return false;
    *out = value;
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

const char *ls_text_from_real(double value, char *out, size_t size)
{
    char text[LS_REAL_SIZE];
    size_t length = least(ls_real_write(value, text), size - 1);
    memcpy(out, text, length);
    out[length] = '\0';
    return out;
}

const char *ls_text_list(const char *const *words, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0, used = 0; words[i] != NULL && used < size; i++) {
        const char *before = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        used += (size_t)snprintf(out + used, size - used, "%s%s", before, words[i]);
    }
    return out;
}

size_t ls_text_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n >= DISTANCE_BYTES || m >= DISTANCE_BYTES)
        return DISTANCE_MAX;
    size_t rows[3][DISTANCE_BYTES]; /* this row of the table and the two above it, in turn */
    for (size_t i = 0; i <= n; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        for (size_t j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                row[j] = i + j;
                continue;
            }
            size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return least(rows[n % 3][m], DISTANCE_MAX);
}
