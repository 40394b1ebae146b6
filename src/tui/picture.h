/*
 * Pictures of a screen for files: text, text with colours, SVG, and PNG where a converter is installed.
 *
 * Pure but for ls_picture_save(). A picture is a function of the frame, the palette and what is told of it:
 * no clock, no fonts, so the same screen gives the same bytes.
 */
#ifndef LS_TUI_PICTURE_H
#define LS_TUI_PICTURE_H

#include "base/buffer.h"
#include "tui/frame.h"
#include "tui/picture_png.h"
#include "tui/theme.h"

enum ls_picture_kind { LS_PICTURE_TEXT, LS_PICTURE_ANSI, LS_PICTURE_SVG, LS_PICTURE_PNG };

/* What a picture says of itself besides what is seen; texts are borrowed. */
struct ls_picture_about {
    const char *title;
    const char *data;     /* name of the data and their checksum */
    const char *scenario; /* parameters that are not at their default, "section.key=value" */
    const char *version;
};

/* The kind that a file's name asks for by its end: .txt, .ans, .svg or .png. LS_ERR_NAME. */
int ls_picture_kind(const char *path, enum ls_picture_kind *kind, struct ls_error *error);

/* Rows without blanks at their ends. */
void ls_picture_text(const struct ls_frame *frame, struct ls_buffer *out);

/* The same with the theme's colours and attributes as SGR sequences; each row starts and ends without any. */
void ls_picture_ansi(const struct ls_frame *frame, struct ls_palette palette, struct ls_buffer *out);

/* A grid of text runs; blocks, shades and lines are rectangles, so that no font can tear them apart. */
void ls_picture_svg(const struct ls_frame *frame, struct ls_palette palette,
                    const struct ls_picture_about *about, struct ls_buffer *out);

/* Writes a picture of the kind that `path` asks for, beside its name and renamed, so also over a file that is
 * there. A PNG is only begun, as *png, which is left alone otherwise. LS_ERR_IO, LS_ERR_NAME, LS_ERR_MEMORY;
 * errors of ls_conversion_start(). */
int ls_picture_save(const char *path, const struct ls_frame *frame, struct ls_palette palette,
                    const struct ls_picture_about *about, ls_conversion **png, struct ls_error *error);

#endif
