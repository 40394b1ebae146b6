/**
 * @file frame.c
 * The grid of cells. Every glyph enters through set_cell(), the one place that knows fallbacks and widths.
 */
#include "tui/frame.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define SIZE_MAX_CELLS 2000
#define ELLIPSIS       0x2026u

/** Glyphs of our screens that ASCII lacks, ascending by code; each is one column wide. */
static const struct {
    uint16_t rune;
    char ascii;
} glyphs[] = {
    {0x00a0, ' '},  {0x00a3, 'L'},  {0x00b0, 'o'}, {0x00b1, '+'}, {0x00b2, '2'}, {0x00b7, '.'}, {0x00d7, 'x'},
    {0x0394, 'd'},  {0x03a3, 'S'},  {0x03b1, 'a'}, {0x03b4, 'd'}, {0x03bc, 'u'}, {0x2013, '-'}, {0x2014, '-'},
    {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'}, {0x201d, '"'}, {0x2022, '*'}, {0x2026, '~'}, {0x20ac, 'E'},
    {0x2190, '<'},  {0x2191, '^'},  {0x2192, '>'}, {0x2193, 'v'}, {0x2194, '-'}, {0x2195, '|'}, {0x21b5, '<'},
    {0x2206, 'd'},  {0x2212, '-'},  {0x221e, '*'}, {0x2248, '~'}, {0x2260, '#'}, {0x2264, '<'}, {0x2265, '>'},
    {0x2500, '-'},  {0x2502, '|'},  {0x250c, '+'}, {0x2510, '+'}, {0x2514, '+'}, {0x2518, '+'}, {0x251c, '+'},
    {0x2524, '+'},  {0x252c, '+'},  {0x2534, '+'}, {0x253c, '+'}, {0x2550, '='}, {0x2551, '|'}, {0x2564, '#'},
    {0x2567, '#'},  {0x2580, '\''}, {0x2581, '_'}, {0x2582, '.'}, {0x2583, ','}, {0x2584, '-'}, {0x2585, '='},
    {0x2586, '+'},  {0x2587, '*'},  {0x2588, '#'}, {0x2591, ':'}, {0x2592, '='}, {0x2593, '%'}, {0x25a0, '#'},
    {0x25b2, '^'},  {0x25b6, '>'},  {0x25bc, 'v'}, {0x25c0, '<'}, {0x25c6, '*'}, {0x25cb, 'o'}, {0x25cf, '*'},
    {0x2713, 'y'},  {0x2717, 'x'},
};
#define N_GLYPHS (sizeof glyphs / sizeof *glyphs)

/** Row of the table above, or -1. */
static int find_glyph(uint32_t rune)
{
    size_t low = 0, high = N_GLYPHS;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (glyphs[middle].rune == rune)
            return (int)middle;
        if (glyphs[middle].rune < rune)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/** Columns of a character as we draw it: 0, 1 or 2. Never asks the locale about our own glyphs. */
static int rune_cols(uint32_t rune)
{
    int cols;

    if (rune < 0x300 || find_glyph(rune) >= 0)
        return 1;
    cols = wcwidth((wchar_t)rune);
    return cols < 0 ? 1 : cols;
}

/** Turns what must not reach a terminal into something that may be seen. */
static uint32_t make_visible(uint32_t rune)
{
    if (rune < 0x20)
        return 0x2400 + rune;
    if (rune == 0x7f)
        return 0x2421;
    if (rune < 0x7f || (rune >= 0xa0 && rune < 0x300) || find_glyph(rune) >= 0)
        return rune;
    return rune < 0xa0 || wcwidth((wchar_t)rune) < 0 ? '?' : rune;
}

uint32_t ls_rune_fallback(uint32_t rune, enum ls_glyphs can)
{
    int i;

    if (rune < 0x80 || can == LS_GLYPHS_FULL)
        return rune;
    if (can == LS_GLYPHS_HALF) {
        if (rune < 0x2581 || rune > 0x2587)
            return rune;
        return rune < 0x2583 ? '_' : rune < 0x2587 ? 0x2584 : 0x2588;
    }
    i = find_glyph(rune);
    return i >= 0 ? (uint32_t)glyphs[i].ascii : '?';
}

size_t ls_rune_decode(const char *text, uint32_t *rune)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char head = (unsigned char)text[0];
    uint32_t value;
    size_t length, i;

    *rune = head;
    if (head < 0x80)
        return head ? 1 : 0;
    length = head >= 0xf0 ? 4 : head >= 0xe0 ? 3 : 2;
    value = head & (0x7fu >> length);
    for (i = 1; i < length; i++) {
        unsigned char next = (unsigned char)text[i];

        if ((next & 0xc0) != 0x80)
            break;
        value = value << 6 | (next & 0x3f);
    }
    if (head < 0xc2 || head > 0xf4 || i < length || value < least[length] || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000)) {
        *rune = '?';
        return 1;
    }
    *rune = value;
    return length;
}

size_t ls_rune_encode(uint32_t rune, char out[5])
{
    size_t length = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    size_t i;

    assert(rune <= 0x10ffff);
    for (i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (rune & 0x3f));
        rune >>= 6;
    }
    out[0] = (char)(length == 1 ? rune : (0xf00u >> length & 0xffu) | rune);
    out[length] = '\0';
    return length;
}

size_t ls_text_fit(const char *text, int cols)
{
    size_t at = 0, length;
    uint32_t rune;

    while ((length = ls_rune_decode(text + at, &rune)) > 0) {
        cols -= rune_cols(make_visible(rune));
        if (cols < 0)
            break;
        at += length;
    }
    return at;
}

int ls_text_cols(const char *text)
{
    size_t length;
    uint32_t rune;
    int cols = 0;

    while ((length = ls_rune_decode(text, &rune)) > 0) {
        cols += rune_cols(make_visible(rune));
        text += length;
    }
    return cols;
}

static struct ls_cell *cell_at(const struct ls_frame *frame, int row, int col)
{
    return &frame->cell[(size_t)row * (size_t)frame->cols + (size_t)col];
}

/** A wide character that loses a half becomes a blank in the other. */
static void break_wide(struct ls_frame *frame, int row, int col)
{
    if (cell_at(frame, row, col)->rune == 0 && col > 0)
        cell_at(frame, row, col - 1)->rune = ' ';
    if (col + 1 < frame->cols && cell_at(frame, row, col + 1)->rune == 0)
        cell_at(frame, row, col + 1)->rune = ' ';
}

/** Puts a visible character of known width on a row that exists; parts outside the grid are not drawn. */
static void set_cell(struct ls_frame *frame, int row, int col, unsigned style, uint32_t rune, int cols)
{
    bool inside = col >= 0 && col + cols <= frame->cols;
    int i;

    if (cols == 2 && (!inside || frame->glyphs == LS_GLYPHS_ASCII))
        rune = inside ? '?' : ' ';
    rune = ls_rune_fallback(rune, frame->glyphs);
    for (i = 0; i < cols; i++) {
        if (col + i >= 0 && col + i < frame->cols) {
            struct ls_cell *cell = cell_at(frame, row, col + i);

            break_wide(frame, row, col + i);
            cell->rune = i > 0 && rune >= 0x80 ? 0 : rune;
            cell->style = (uint8_t)style;
        }
    }
}

/** Draws @p bytes of text within @p width columns from @p col on. */
static int put_bytes(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text,
                     size_t bytes)
{
    size_t at = 0;
    int drawn = 0;

    while (at < bytes) {
        uint32_t rune;
        int cols;

        at += ls_rune_decode(text + at, &rune);
        rune = make_visible(rune);
        cols = rune_cols(rune);
        if (drawn + cols > width)
            break;
        if (cols > 0 && row >= 0 && row < frame->rows && col + drawn < frame->cols)
            set_cell(frame, row, col + drawn, style, rune, cols);
        drawn += cols;
    }
    return drawn;
}

int ls_frame_put(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text)
{
    return put_bytes(frame, row, col, width, style, text, strlen(text));
}

int ls_frame_putf(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *format,
                  ...)
{
    char text[1024];
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return written < 0 ? 0 : ls_frame_put(frame, row, col, width, style, text);
}

/** Blanks from @p col on, without walking far beyond the grid. */
static void put_blanks(struct ls_frame *frame, int row, int col, int width, unsigned style)
{
    ls_frame_fill(frame, (struct ls_rect){row, col, 1, width}, style, ' ');
}

/** Draws text that may be cut with an ellipsis; @p right puts the padding on the left. */
static void put_aligned(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text,
                        bool right)
{
    int cols = ls_text_cols(text);
    size_t bytes = strlen(text);
    int pad;

    if (width <= 0)
        return;
    if (cols > width) {
        bytes = ls_text_fit(text, width - 1);
        cols = put_bytes(frame, row, col, width, style, text, bytes);
        ls_frame_rune(frame, row, col + cols, style, ELLIPSIS);
        put_blanks(frame, row, col + cols + 1, width - cols - 1, style);
        return;
    }
    pad = width - cols;
    put_bytes(frame, row, right ? col + pad : col, cols, style, text, bytes);
    put_blanks(frame, row, right ? col : col + cols, pad, style);
}

void ls_frame_put_fit(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text)
{
    put_aligned(frame, row, col, width, style, text, false);
}

void ls_frame_put_right(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text)
{
    put_aligned(frame, row, col, width, style, text, true);
}

size_t ls_text_line(const char *text, int cols)
{
    size_t fits = ls_text_fit(text, cols), at = fits;

    if (text[fits] == '\0')
        return fits;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : fits;
}

int ls_frame_paragraph(struct ls_frame *frame, struct ls_rect rect, unsigned style, const char *text)
{
    int row = 0;

    for (; row < rect.rows && *text != '\0'; row++) {
        char line[1024];
        size_t n = row + 1 < rect.rows ? ls_text_line(text, rect.cols) : strlen(text);

        if (n == 0)
            break;
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        if (ls_text_cols(line) > rect.cols)
            ls_frame_put_fit(frame, rect.row + row, rect.col, rect.cols, style, line);
        else
            ls_frame_put(frame, rect.row + row, rect.col, rect.cols, style, line);
        text += n;
        text += strspn(text, " ");
    }
    return row;
}

int ls_frame_paragraph_rows(const char *text, int cols)
{
    int rows = 0;

    for (size_t n; *text != '\0' && (n = ls_text_line(text, cols)) > 0; rows++) {
        text += n;
        text += strspn(text, " ");
    }
    return rows;
}

void ls_frame_rune(struct ls_frame *frame, int row, int col, unsigned style, uint32_t rune)
{
    int cols;

    rune = make_visible(rune);
    cols = rune_cols(rune);
    if (cols > 0 && row >= 0 && row < frame->rows)
        set_cell(frame, row, col, style, rune, cols);
}

struct ls_rect ls_rect_clip(struct ls_rect rect, struct ls_rect within)
{
    long top = rect.row > within.row ? rect.row : within.row;
    long left = rect.col > within.col ? rect.col : within.col;
    long bottom = (long)rect.row + rect.rows, right = (long)rect.col + rect.cols;

    bottom = bottom < (long)within.row + within.rows ? bottom : (long)within.row + within.rows;
    right = right < (long)within.col + within.cols ? right : (long)within.col + within.cols;
    return (struct ls_rect){(int)top, (int)left, bottom > top ? (int)(bottom - top) : 0,
                            right > left ? (int)(right - left) : 0};
}

struct ls_rect ls_frame_rect(const struct ls_frame *frame)
{
    return (struct ls_rect){0, 0, frame->rows, frame->cols};
}

void ls_frame_fill(struct ls_frame *frame, struct ls_rect rect, unsigned style, uint32_t rune)
{
    struct ls_rect clip = ls_rect_clip(rect, ls_frame_rect(frame));

    assert(rune_cols(make_visible(rune)) == 1);
    for (int row = clip.row; row < clip.row + clip.rows; row++)
        for (int col = clip.col; col < clip.col + clip.cols; col++)
            set_cell(frame, row, col, style, make_visible(rune), 1);
}

void ls_frame_hline(struct ls_frame *frame, int row, int col, int cols, unsigned style)
{
    ls_frame_fill(frame, (struct ls_rect){row, col, 1, cols}, style, 0x2500);
}

void ls_frame_vline(struct ls_frame *frame, int row, int col, int rows, unsigned style)
{
    ls_frame_fill(frame, (struct ls_rect){row, col, rows, 1}, style, 0x2502);
}

void ls_frame_cursor(struct ls_frame *frame, int row, int col)
{
    frame->cursor_visible = row >= 0 && row < frame->rows && col >= 0 && col < frame->cols;
    if (frame->cursor_visible) {
        frame->cursor_row = row;
        frame->cursor_col = col;
    }
}

void ls_frame_clear(struct ls_frame *frame)
{
    size_t n = (size_t)frame->rows * (size_t)frame->cols;

    for (size_t i = 0; i < n; i++)
        frame->cell[i] = (struct ls_cell){.rune = ' '};
    frame->cursor_visible = false;
    frame->cursor_row = 0;
    frame->cursor_col = 0;
}

int ls_frame_resize(struct ls_frame *frame, int rows, int cols, struct ls_error *error)
{
    struct ls_cell *cell;

    if (rows < 1 || cols < 1 || rows > SIZE_MAX_CELLS || cols > SIZE_MAX_CELLS)
        return ls_error_set(error, LS_ERR_VALUE, "a screen of %d rows and %d columns", rows, cols);
    cell = calloc((size_t)rows * (size_t)cols, sizeof *cell);
    if (!cell)
        return ls_error_set(error, LS_ERR_MEMORY, "no memory for a screen of %d x %d", rows, cols);
    free(frame->cell);
    frame->cell = cell;
    frame->rows = rows;
    frame->cols = cols;
    ls_frame_clear(frame);
    return LS_OK;
}

int ls_frame_create(int rows, int cols, enum ls_glyphs can, struct ls_frame **out, struct ls_error *error)
{
    struct ls_frame *frame = calloc(1, sizeof *frame);
    int code;

    if (!frame)
        return ls_error_set(error, LS_ERR_MEMORY, "no memory for a screen");
    code = ls_frame_resize(frame, rows, cols, error);
    if (code) {
        free(frame);
        return code;
    }
    frame->glyphs = can;
    frame->reverse = true;
    *out = frame;
    return LS_OK;
}

void ls_frame_destroy(struct ls_frame *frame)
{
    if (frame) {
        free(frame->cell);
        free(frame);
    }
}

const char *ls_frame_line(const struct ls_frame *frame, int row, char *out, size_t size)
{
    size_t at = 0, end = 0;

    assert(row >= 0 && row < frame->rows && size > 0);
    for (int col = 0; col < frame->cols; col++) {
        const struct ls_cell *cell = cell_at(frame, row, col);
        uint32_t rune = cell->rune;
        char bytes[5];
        size_t length;

        if (rune == 0)
            continue;
        if ((cell->style & LS_CELL_REVERSE) && rune >= 0x2581 && rune <= 0x2587)
            rune = 0x2580;
        length = ls_rune_encode(rune, bytes);
        if (at + length >= size)
            break;
        memcpy(out + at, bytes, length);
        at += length;
        end = rune == ' ' ? end : at;
    }
    out[end] = '\0';
    return out;
}
