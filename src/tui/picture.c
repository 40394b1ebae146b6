#include "tui/picture.h"

#include "base/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LOOK_BYTES 40

int ls_picture_kind(const char *path, enum ls_picture_kind *kind, struct ls_error *error)
{
    static const char *const ends[] = {".txt", ".ans", ".svg", ".png"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof ends / sizeof *ends; i++)
        if (strcasecmp(dot, ends[i]) == 0) {
            *kind = (enum ls_picture_kind)i;
            return 0;
        }
    ls_error_set(error, LS_ERR_NAME, "'%s' does not say which picture is wanted", path);
    ls_error_remedy(error, "end its name in .txt, .ans (text with colours), .svg or .png");
    return LS_ERR_NAME;
}

void ls_picture_text(const struct ls_frame *frame, struct ls_buffer *out)
{
    for (int row = 0; row < frame->rows; row++) {
        size_t size = 4 * (size_t)frame->cols + 1;
        char *line = ls_buffer_reserve(out, size + 1);
        if (line == NULL)
            return;
        ls_frame_line(frame, row, line, size);
        out->length += strlen(line);
        ls_buffer_text(out, "\n");
    }
}

static struct ls_look look_of(const struct ls_cell *cell, struct ls_palette palette)
{
    struct ls_look look = ls_theme_look((enum ls_style)(cell->style & LS_CELL_STYLE), palette);
    look.reverse = look.reverse != ((cell->style & LS_CELL_REVERSE) != 0);
    return look;
}

/* What follows the 0 in the sequence that switches a look on, "" for plain text. */
static const char *sgr(const struct ls_cell *cell, struct ls_palette palette, char out[LOOK_BYTES])
{
    struct ls_look look = look_of(cell, palette);
    char color[24] = "";
    if (look.foreground >= 0 && palette.colors == 256)
        snprintf(color, sizeof color, ";38;5;%d", look.foreground);
    else if (look.foreground >= 0)
        snprintf(color, sizeof color, ";3%d", look.foreground);
    snprintf(out, LOOK_BYTES, "%s%s%s%s", look.bold ? ";1" : "", look.underline ? ";4" : "",
             look.reverse ? ";7" : "", color);
    return out;
}

/* Columns up to the last that is seen. */
static int seen_cols(const struct ls_frame *frame, const struct ls_cell *cell, struct ls_palette palette)
{
    int cols = frame->cols;
    while (cols > 0 && cell[cols - 1].rune == ' ' && !look_of(&cell[cols - 1], palette).reverse &&
           !look_of(&cell[cols - 1], palette).underline)
        cols--;
    return cols;
}

void ls_picture_ansi(const struct ls_frame *frame, struct ls_palette palette, struct ls_buffer *out)
{
    for (int row = 0; row < frame->rows; row++) {
        const struct ls_cell *cell = frame->cell + (size_t)row * (size_t)frame->cols;
        char look[LOOK_BYTES], shown[LOOK_BYTES] = "", bytes[5];
        int cols = seen_cols(frame, cell, palette);
        for (int col = 0; col < cols; col++) {
            if (cell[col].rune == 0)
                continue;
            if (strcmp(sgr(&cell[col], palette, look), shown) != 0) {
                ls_buffer_text(out, "\033[0");
                ls_buffer_text(out, look);
                ls_buffer_text(out, "m");
                memcpy(shown, look, sizeof shown);
            }
            ls_buffer_add(out, bytes, ls_rune_encode(cell[col].rune, bytes));
        }
        ls_buffer_text(out, shown[0] != '\0' ? "\033[0m\n" : "\n");
    }
}

int ls_picture_save(const char *path, const struct ls_frame *frame, struct ls_palette palette,
                    const struct ls_picture_about *about, ls_conversion **png, struct ls_error *error)
{
    enum ls_picture_kind kind;
    struct ls_buffer bytes = {0};
    int status = ls_picture_kind(path, &kind, error);
    if (status != 0)
        return status;
    if (kind == LS_PICTURE_TEXT)
        ls_picture_text(frame, &bytes);
    else if (kind == LS_PICTURE_ANSI)
        ls_picture_ansi(frame, palette, &bytes);
    else
        ls_picture_svg(frame, palette, about, &bytes);
    if (bytes.failed)
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for the picture");
    else if (kind == LS_PICTURE_PNG)
        status = ls_conversion_start(path, &bytes, png, error);
    else
        status = ls_file_place(AT_FDCWD, "", path, &bytes, 1, false, error);
    ls_buffer_release(&bytes);
    return status;
}
