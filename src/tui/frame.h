/**
 * @file frame.h
 * What a screen shall look like: a grid of cells, pure C, no terminal behind it.
 *
 * Views draw into a frame and nothing else; ls_terminal_show() brings it to the terminal, ls_frame_line() to
 * a file or a test. Drawing outside the grid is legal and draws nothing. Text is UTF-8: invalid bytes become
 * '?', control characters their visible picture, combining marks are dropped. In ASCII mode every other glyph
 * is replaced as it is drawn, in the columns it takes. The frame belongs to the caller of ls_frame_create().
 */
#ifndef LOADSCOPE_TUI_FRAME_H
#define LOADSCOPE_TUI_FRAME_H

#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Which glyphs the terminal can show. */
enum ls_glyphs {
    LS_GLYPHS_ASCII, /**< 7 bits */
    LS_GLYPHS_HALF,  /**< lines, shades, full and half blocks: the fonts of a Linux console */
    LS_GLYPHS_FULL,  /**< eighth blocks as well */
};

#define LS_CELL_REVERSE 0x80u /**< added to a style: swaps foreground and background */
#define LS_CELL_STYLE   0x7fu /**< mask of the style proper */
#define LS_FRAME_REST   10000 /**< a width that means "up to the right edge" */

struct ls_cell {
    uint32_t rune; /**< Unicode; 0 is the right half of the wide character to the left */
    uint8_t style; /**< enum ls_style, perhaps with LS_CELL_REVERSE */
};

struct ls_rect {
    int row;
    int col;
    int rows;
    int cols;
};

struct ls_frame {
    int rows;
    int cols;
    struct ls_cell *cell; /**< [rows * cols], row-major */
    enum ls_glyphs glyphs;
    bool reverse; /**< the terminal can show reverse video (true at first) */
    bool cursor_visible;
    int cursor_row;
    int cursor_col;
};

/** A blank frame; LS_ERR_MEMORY, LS_ERR_VALUE for a size below 1x1 or above 2000x2000. */
int ls_frame_create(int rows, int cols, enum ls_glyphs glyphs, struct ls_frame **out, struct ls_error *error);
/** Gives the frame another size and blanks it; untouched on failure. */
int ls_frame_resize(struct ls_frame *frame, int rows, int cols, struct ls_error *error);
void ls_frame_destroy(struct ls_frame *frame);

/** Blanks every cell and hides the cursor. */
void ls_frame_clear(struct ls_frame *frame);
struct ls_rect ls_frame_rect(const struct ls_frame *frame);

/** Draws at most @p width columns of @p text on one row; returns the columns drawn. */
int ls_frame_put(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text);
/** The same of a printf-style text (up to 1023 bytes). */
int ls_frame_putf(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *format,
                  ...) __attribute__((format(printf, 6, 7)));
/** Draws exactly @p width columns: padded with blanks, or cut with an ellipsis. */
void ls_frame_put_fit(struct ls_frame *frame, int row, int col, int width, unsigned style, const char *text);
/** The same, flush right. */
void ls_frame_put_right(struct ls_frame *frame, int row, int col, int width, unsigned style,
                        const char *text);
/** Draws text over several rows, broken at blanks, what is left of it on the last with an ellipsis; returns
 * the rows it took. */
int ls_frame_paragraph(struct ls_frame *frame, struct ls_rect rect, unsigned style, const char *text);
/** The rows that it would take in @p cols columns. */
int ls_frame_paragraph_rows(const char *text, int cols);
/** One glyph; a wide one takes two columns. */
void ls_frame_rune(struct ls_frame *frame, int row, int col, unsigned style, uint32_t rune);

/** Fills a rectangle with a glyph one column wide. */
void ls_frame_fill(struct ls_frame *frame, struct ls_rect rect, unsigned style, uint32_t rune);
/** Draws a horizontal line (U+2500). */
void ls_frame_hline(struct ls_frame *frame, int row, int col, int cols, unsigned style);
/** Draws a vertical line (U+2502). */
void ls_frame_vline(struct ls_frame *frame, int row, int col, int rows, unsigned style);
/** Puts the cursor on a cell and shows it; outside the grid it is hidden. */
void ls_frame_cursor(struct ls_frame *frame, int row, int col);

/** The part that two rectangles share; rows and cols are 0 where they share none. */
struct ls_rect ls_rect_clip(struct ls_rect rect, struct ls_rect within);

/** Columns that ls_frame_put() would take for the whole text. */
int ls_text_cols(const char *text);
/** Bytes of the longest start of @p text that fits @p cols columns. */
size_t ls_text_fit(const char *text, int cols);
/** Likewise for a line of a paragraph: broken at a blank where there is one. */
size_t ls_text_line(const char *text, int cols);
/** One character decoded from UTF-8 ('?' where invalid); returns its bytes, 0 at the end of the text. */
size_t ls_rune_decode(const char *text, uint32_t *rune);
/** Writes @p rune as UTF-8 with a NUL; returns the bytes before it. */
size_t ls_rune_encode(uint32_t rune, char out[5]);
/** What stands in for @p rune where only @p glyphs can be shown. */
uint32_t ls_rune_fallback(uint32_t rune, enum ls_glyphs glyphs);

/**
 * One row as UTF-8 without blanks at its end, as a snapshot or a test wants it: a reversed eighth block (a
 * bar hanging from the top of its cell) comes out as U+2580. At most 4 * cols + 1 bytes; returns @p out.
 */
const char *ls_frame_line(const struct ls_frame *frame, int row, char *out, size_t size);

#endif
