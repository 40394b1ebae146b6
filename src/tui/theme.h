/**
 * @file theme.h
 * Styles by meaning, and what they look like with 256 colours, 8 or none.
 *
 * Blue and orange carry the opposites (out and in), a pair that colour-blind people tell apart; whatever a
 * colour says, a glyph, an attribute or a word says too.
 */
#ifndef LOADSCOPE_TUI_THEME_H
#define LOADSCOPE_TUI_THEME_H

#include <stdbool.h>

/** At most 64, so that a style and LS_CELL_REVERSE fit one byte. */
enum ls_style {
    LS_STYLE_TEXT,
    LS_STYLE_TITLE,      /**< first row of the screen, heads of panes and tables */
    LS_STYLE_TAB,        /**< name of a view */
    LS_STYLE_TAB_ACTIVE, /**< name of the view on screen */
    LS_STYLE_LABEL,      /**< name of a value */
    LS_STYLE_VALUE,
    LS_STYLE_CHANGED,  /**< a value that differs from the saved one */
    LS_STYLE_SELECTED, /**< the bar or cell under the cursor */
    LS_STYLE_INACTIVE, /**< the selection of a pane that has not the focus */
    LS_STYLE_KEPT,     /**< energy that stays where it was */
    LS_STYLE_OUT,      /**< energy moved out */
    LS_STYLE_IN,       /**< energy moved in */
    LS_STYLE_AXIS,
    LS_STYLE_PEAK,     /**< peak hours on an axis */
    LS_STYLE_BIND,     /**< a slot or a move that a limit stopped */
    LS_STYLE_MARGINAL, /**< marginal emission factors */
    LS_STYLE_AVERAGE,  /**< average emission factors */
    LS_STYLE_MUTED,
    LS_STYLE_WARNING,
    LS_STYLE_ERROR,
    LS_STYLE_PROMPT, /**< the line one types on */
    LS_STYLE_STATUS,
    LS_STYLE_KEY,    /**< a key in help or hints */
    LS_STYLE_HEAT_0, /**< heat map, least */
    LS_STYLE_HEAT_1,
    LS_STYLE_HEAT_2,
    LS_STYLE_HEAT_3,
    LS_STYLE_HEAT_4, /**< heat map, most */
    LS_STYLE_COUNT
};

struct ls_look {
    int foreground; /**< number of a colour, -1 the terminal's own */
    int background;
    bool bold;
    bool dim;
    bool underline;
    bool reverse;
};

/** How @p style looks where @p colors colours can be shown (below 8: none). */
struct ls_look ls_theme_look(enum ls_style style, int colors);

#endif
