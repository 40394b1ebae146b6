/*
 * A frame as SVG: backgrounds, then blocks and lines as rectangles, then runs of text.
 *
 * Cells are CELL_COLS x CELL_ROWS units; the font's size makes a character of common monospaced fonts as wide
 * as a cell, and textLength holds a run to its columns with the others.
 */
#include "tui/picture.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define CELL_COLS 8
#define CELL_ROWS 16
#define FONT_SIZE "13.3"
#define BASELINE  12 /* of a row, from its top */
#define MARGIN    8
#define ELEMENT   256

enum arm { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8, DOUBLE = 16 /* the horizontal arms */ };

static const struct {
    uint16_t rune;
    uint8_t arms;
} lines[] = {
    {0x2500, LEFT | RIGHT},
    {0x2502, UP | DOWN},
    {0x250c, RIGHT | DOWN},
    {0x2510, LEFT | DOWN},
    {0x2514, RIGHT | UP},
    {0x2518, LEFT | UP},
    {0x251c, RIGHT | UP | DOWN},
    {0x2524, LEFT | UP | DOWN},
    {0x252c, LEFT | RIGHT | DOWN},
    {0x2534, LEFT | RIGHT | UP},
    {0x253c, LEFT | RIGHT | UP | DOWN},
    {0x2550, LEFT | RIGHT | DOUBLE},
    {0x2564, LEFT | RIGHT | DOWN | DOUBLE},
    {0x2567, LEFT | RIGHT | UP | DOUBLE},
};

/* How a cell comes out: colours as 0xRRGGBB. */
struct ink {
    uint32_t text, ground;
    bool bold, underline;
};

struct picture {
    const struct ls_frame *frame;
    struct ls_palette palette;
    struct ls_buffer *out;
};

static void element(struct ls_buffer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void element(struct ls_buffer *out, const char *format, ...)
{
    char text[ELEMENT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ls_buffer_text(out, text);
}

/* Text for between or within tags; what XML 1.0 cannot hold is left out. */
static void escaped(struct ls_buffer *out, const char *text)
{
    uint32_t rune;
    for (size_t n; (n = ls_rune_decode(text, &rune)) > 0; text += n) {
        char bytes[5];
        if (rune == '&')
            ls_buffer_text(out, "&amp;");
        else if (rune == '<')
            ls_buffer_text(out, "&lt;");
        else if (rune == '>')
            ls_buffer_text(out, "&gt;");
        else if (rune == '"')
            ls_buffer_text(out, "&quot;");
        else if (rune >= ' ' && rune != 0xfffe && rune != 0xffff)
            ls_buffer_add(out, bytes, ls_rune_encode(rune, bytes));
    }
}

static struct ink ink_of(const struct picture *picture, const struct ls_cell *cell)
{
    struct ls_look look = ls_theme_look((enum ls_style)(cell->style & LS_CELL_STYLE), picture->palette);
    uint32_t text = look.foreground >= 0 ? ls_theme_rgb(look.foreground) : ls_theme_ink(picture->palette);
    uint32_t ground = ls_theme_paper(picture->palette);
    bool reverse = look.reverse != ((cell->style & LS_CELL_REVERSE) != 0);
    return (struct ink){reverse ? ground : text, reverse ? text : ground, look.bold, look.underline};
}

static bool same_ink(struct ink a, struct ink b)
{
    return a.text == b.text && a.ground == b.ground && a.bold == b.bold && a.underline == b.underline;
}

static const struct ls_cell *cell_at(const struct picture *picture, int row, int col)
{
    return &picture->frame->cell[(size_t)row * (size_t)picture->frame->cols + (size_t)col];
}

/* A rectangle for each run of cells in a row that is not on paper. */
static void draw_grounds(const struct picture *picture, int row)
{
    uint32_t paper = ls_theme_paper(picture->palette);
    for (int col = 0, end; col < picture->frame->cols; col = end) {
        uint32_t ground = ink_of(picture, cell_at(picture, row, col)).ground;
        end = col + 1;
        while (end < picture->frame->cols && ink_of(picture, cell_at(picture, row, end)).ground == ground)
            end++;
        if (ground != paper)
            element(picture->out,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06" PRIx32 "\"/>\n",
                    col * CELL_COLS, row * CELL_ROWS, (end - col) * CELL_COLS, CELL_ROWS, ground);
    }
}

static unsigned arms_of(uint32_t rune)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].rune == rune)
            return lines[i].arms;
    return 0;
}

/* True for what is drawn as rectangles. */
static bool is_shape(uint32_t rune)
{
    return (rune >= 0x2580 && rune <= 0x2588) || (rune >= 0x2591 && rune <= 0x2593) || arms_of(rune) != 0;
}

/* A line is a unit thick, the two of a double one are a unit apart. */
static void draw_arms(const struct picture *picture, unsigned arms, int x, int y, int cols, const char *fill)
{
    int left = arms & LEFT ? x : x + CELL_COLS / 2;
    int right = arms & RIGHT ? x + cols * CELL_COLS : x + CELL_COLS / 2 + 1;
    int top = arms & UP ? y : y + CELL_ROWS / 2;
    int bottom = arms & DOWN ? y + CELL_ROWS : y + CELL_ROWS / 2 + 1;
    if (arms & (LEFT | RIGHT))
        element(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"1\"%s/>\n", left,
                y + CELL_ROWS / 2 - (arms & DOUBLE ? 1 : 0), right - left, fill);
    if (arms & DOUBLE)
        element(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"1\"%s/>\n", left,
                y + CELL_ROWS / 2 + 1, right - left, fill);
    if (arms & (UP | DOWN))
        element(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"1\" height=\"%d\"%s/>\n", x + CELL_COLS / 2,
                top, bottom - top, fill);
}

/* `cols` cells of one block, shade or line. */
static void draw_shape(const struct picture *picture, uint32_t rune, int row, int col, int cols,
                       const char *fill)
{
    int x = col * CELL_COLS, y = row * CELL_ROWS, height = CELL_ROWS;
    const char *opacity = rune == 0x2591   ? " fill-opacity=\"0.4\""
                          : rune == 0x2592 ? " fill-opacity=\"0.5\""
                          : rune == 0x2593 ? " fill-opacity=\"0.75\""
                                           : "";
    if (arms_of(rune) != 0) {
        draw_arms(picture, arms_of(rune), x, y, cols, fill);
        return;
    }
    if (rune == 0x2580) {
        height = CELL_ROWS / 2;
    } else if (rune < 0x2588) {
        height = CELL_ROWS * (int)(rune - 0x2580) / 8;
        y += CELL_ROWS - height;
    }
    element(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"%s%s/>\n", x, y,
            cols * CELL_COLS, height, fill, opacity);
}

/* A fill attribute where it is not the picture's. */
static const char *fill_of(const struct picture *picture, struct ink ink, char out[32])
{
    out[0] = '\0';
    if (ink.text != ls_theme_ink(picture->palette))
        snprintf(out, 32, " fill=\"#%06" PRIx32 "\"", ink.text);
    return out;
}

static void draw_shapes(const struct picture *picture, int row)
{
    for (int col = 0, end; col < picture->frame->cols; col = end) {
        const struct ls_cell *cell = cell_at(picture, row, col);
        char fill[32];
        end = col + 1;
        if (!is_shape(cell->rune))
            continue;
        struct ink ink = ink_of(picture, cell);
        bool joins = (arms_of(cell->rune) & (UP | DOWN)) == 0;
        while (joins && end < picture->frame->cols && cell_at(picture, row, end)->rune == cell->rune &&
               ink_of(picture, cell_at(picture, row, end)).text == ink.text)
            end++;
        draw_shape(picture, cell->rune, row, col, end - col, fill_of(picture, ink, fill));
    }
}

/* True for a cell that no text is written in. */
static bool is_blank(const struct picture *picture, const struct ls_cell *cell)
{
    return is_shape(cell->rune) || (cell->rune == ' ' && !ink_of(picture, cell).underline);
}

/* The end of the run of text from `col` on: one look, single blanks included. */
static int run_end(const struct picture *picture, int row, int col)
{
    int cols = picture->frame->cols, end = col;
    struct ink ink = ink_of(picture, cell_at(picture, row, col));
    while (end < cols && same_ink(ink_of(picture, cell_at(picture, row, end)), ink) &&
           !is_shape(cell_at(picture, row, end)->rune) &&
           !(is_blank(picture, cell_at(picture, row, end)) &&
             (end + 1 == cols || is_blank(picture, cell_at(picture, row, end + 1)))))
        end++;
    while (end > col + 1 && is_blank(picture, cell_at(picture, row, end - 1)))
        end--;
    return end;
}

static void draw_text(const struct picture *picture, int row)
{
    for (int col = 0, end; col < picture->frame->cols; col = end) {
        const struct ls_cell *cell = cell_at(picture, row, col);
        char fill[32];
        end = col + 1;
        if (cell->rune == 0 || is_blank(picture, cell))
            continue;
        struct ink ink = ink_of(picture, cell);
        end = run_end(picture, row, col);
        element(picture->out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"%s%s%s>", col * CELL_COLS,
                row * CELL_ROWS + BASELINE, (end - col) * CELL_COLS, fill_of(picture, ink, fill),
                ink.bold ? " font-weight=\"bold\"" : "",
                ink.underline ? " text-decoration=\"underline\"" : "");
        for (int at = col; at < end; at++) {
            char bytes[5] = "";
            if (cell_at(picture, row, at)->rune != 0)
                ls_rune_encode(cell_at(picture, row, at)->rune, bytes);
            escaped(picture->out, bytes);
        }
        ls_buffer_text(picture->out, "</text>\n");
    }
}

static void draw_head(const struct picture *picture, const struct ls_picture_about *about)
{
    int width = picture->frame->cols * CELL_COLS + 2 * MARGIN;
    int height = picture->frame->rows * CELL_ROWS + 2 * MARGIN;
    struct ls_buffer *out = picture->out;
    element(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"%d %d %d %d\" "
            "role=\"img\">\n<title>",
            width, height, -MARGIN, -MARGIN, width, height);
    escaped(out, about->title);
    ls_buffer_text(out, "</title>\n<desc>A screen of loadscope ");
    escaped(out, about->version);
    ls_buffer_text(out, ". Data: ");
    escaped(out, about->data);
    ls_buffer_text(out, ". Scenario: ");
    escaped(out, about->scenario);
    ls_buffer_text(out, ".</desc>\n<metadata><picture xmlns=\"urn:loadscope:picture\" version=\"");
    escaped(out, about->version);
    ls_buffer_text(out, "\" data=\"");
    escaped(out, about->data);
    ls_buffer_text(out, "\" scenario=\"");
    escaped(out, about->scenario);
    ls_buffer_text(out, "\"/></metadata>\n");
    element(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06" PRIx32 "\"/>\n", -MARGIN,
            -MARGIN, width, height, ls_theme_paper(picture->palette));
}

void ls_picture_svg(const struct ls_frame *frame, struct ls_palette palette,
                    const struct ls_picture_about *about, struct ls_buffer *out)
{
    struct picture picture = {frame, palette, out};
    ls_buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    draw_head(&picture, about);
    for (int row = 0; row < frame->rows; row++)
        draw_grounds(&picture, row);
    element(out, "<g fill=\"#%06" PRIx32 "\" shape-rendering=\"crispEdges\">\n", ls_theme_ink(palette));
    for (int row = 0; row < frame->rows; row++)
        draw_shapes(&picture, row);
    element(out,
            "</g>\n<g fill=\"#%06" PRIx32 "\" font-family=\"DejaVu Sans Mono,Liberation Mono,Menlo,Consolas,"
            "monospace\" font-size=\"" FONT_SIZE "\" xml:space=\"preserve\">\n",
            ls_theme_ink(palette));
    for (int row = 0; row < frame->rows; row++)
        draw_text(&picture, row);
    ls_buffer_text(out, "</g>\n</svg>\n");
}
