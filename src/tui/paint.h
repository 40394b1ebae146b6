/**
 * @file paint.h
 * Cells to curses characters by the theme; for terminal*.c alone.
 */
#ifndef LOADSCOPE_TUI_PAINT_H
#define LOADSCOPE_TUI_PAINT_H

#include "tui/frame.h"
#include "tui/theme.h"

#include <curses.h>

struct ls_paint {
    struct ls_palette palette;
    bool utf8;                        /**< the locale's characters are Unicode */
    attr_t attribute[LS_STYLE_COUNT]; /**< without colour */
    short pair[LS_STYLE_COUNT];
    bool blank_plain[LS_STYLE_COUNT]; /**< a blank looks as it does in LS_STYLE_TEXT */
};

/** Sets up colours: those wished for, as far as the terminal has them (none where NO_COLOR is set). */
void ls_paint_open(struct ls_paint *paint, bool utf8, enum ls_colors colors, enum ls_background background);
/** Draws what of @p frame fits @p window. */
void ls_paint_frame(const struct ls_paint *paint, WINDOW *window, const struct ls_frame *frame);

#endif
