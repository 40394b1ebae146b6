/**
 * @file theme.h
 * Styles by meaning, and what they look like with 256 colours, 8 or none, on a dark or a light background.
 *
 * Blue and orange carry the opposites (out and in), a pair that colour-blind people tell apart; whatever a
 * colour says, a glyph, an attribute or a word says too. With 256 colours every text has a contrast of 4.5 or
 * more to black or to white, the level AA of the Web Content Accessibility Guidelines 2.1.
 */
#ifndef LOADSCOPE_TUI_THEME_H
#define LOADSCOPE_TUI_THEME_H

#include <stdbool.h>
#include <stdint.h>

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

/** Which colours to use: as many as there are, at most 256 or 8, none. */
enum ls_colors { LS_COLORS_AUTO, LS_COLORS_256, LS_COLORS_8, LS_COLORS_MONO };

/** What text stands on; AUTO: what the environment's COLORFGBG says, else dark. */
enum ls_background { LS_BACKGROUND_AUTO, LS_BACKGROUND_DARK, LS_BACKGROUND_LIGHT };

/** Words for the two enums, in their order, NULL at the end. */
extern const char *const ls_colors_words[];
extern const char *const ls_background_words[];

/** Colours as they are used. */
struct ls_palette {
    int colors; /**< 256, 8 or 0 */
    bool light; /**< for a light background */
};

struct ls_look {
    int foreground; /**< number of a colour, -1 the terminal's own */
    bool bold;
    bool underline;
    bool reverse;
};

/** The palette of a wish where @p there_are colours; @p fgbg: COLORFGBG or NULL. */
struct ls_palette ls_palette(enum ls_colors colors, enum ls_background background, int there_are,
                             const char *fgbg);

/** How @p style looks. */
struct ls_look ls_theme_look(enum ls_style style, struct ls_palette palette);

/** Colour @p number (0 to 255) of xterm's palette as 0xRRGGBB. */
uint32_t ls_theme_rgb(int number);

/** The terminal's own foreground and background, as a picture has them: 0xRRGGBB. */
uint32_t ls_theme_ink(struct ls_palette palette);
uint32_t ls_theme_paper(struct ls_palette palette);

#endif
