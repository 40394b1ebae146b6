/* What tests of drawing share: frames without a terminal, read back as text. */
#ifndef LS_TESTS_DRAWING_H
#define LS_TESTS_DRAWING_H

#include "tui/frame.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LINE         8192
#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline struct ls_frame *make_frame(int rows, int cols, enum ls_glyphs glyphs)
{
    struct ls_frame *frame = NULL;

    assert_int_equal(ls_frame_create(rows, cols, glyphs, &frame, NULL), LS_OK);
    return frame;
}

static inline void assert_row(const struct ls_frame *frame, int row, const char *expected)
{
    char line[LINE];

    assert_string_equal(ls_frame_line(frame, row, line, sizeof line), expected);
}

static inline const struct ls_cell *cell_of(const struct ls_frame *frame, int row, int col)
{
    return &frame->cell[row * frame->cols + col];
}

#endif
