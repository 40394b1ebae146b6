/**
 * @file theme.c
 * The table of looks. Numbers are those of the 256-colour palette: 33 and 39 are blues, 208 and 214 oranges.
 */
#include "tui/theme.h"

#include <assert.h>

enum attribute { NONE = 0, BOLD = 1, DIM = 2, LINE = 4, BACK = 8 };

/** One row a style: foreground with 256 colours, with 8, attributes with colours, attributes without. */
static const struct {
    short many;
    short few;
    unsigned char colored;
    unsigned char mono;
} looks[LS_STYLE_COUNT] = {
    [LS_STYLE_TEXT] = {-1, -1, NONE, NONE},     [LS_STYLE_TITLE] = {-1, -1, BOLD, BOLD},
    [LS_STYLE_TAB] = {-1, -1, NONE, NONE},      [LS_STYLE_TAB_ACTIVE] = {-1, -1, BOLD | BACK, BOLD | BACK},
    [LS_STYLE_LABEL] = {-1, -1, NONE, NONE},    [LS_STYLE_VALUE] = {-1, -1, NONE, NONE},
    [LS_STYLE_CHANGED] = {214, 3, BOLD, BOLD},  [LS_STYLE_SELECTED] = {-1, -1, BACK, BACK},
    [LS_STYLE_INACTIVE] = {-1, -1, LINE, LINE}, [LS_STYLE_KEPT] = {-1, -1, NONE, NONE},
    [LS_STYLE_OUT] = {208, 3, NONE, NONE},      [LS_STYLE_IN] = {39, 6, NONE, NONE},
    [LS_STYLE_AXIS] = {245, -1, NONE, NONE},    [LS_STYLE_PEAK] = {208, 3, BOLD, BOLD},
    [LS_STYLE_BIND] = {214, 3, BOLD, BOLD},     [LS_STYLE_MARGINAL] = {214, 3, NONE, NONE},
    [LS_STYLE_AVERAGE] = {75, 6, NONE, NONE},   [LS_STYLE_MUTED] = {245, -1, NONE, NONE},
    [LS_STYLE_WARNING] = {214, 3, NONE, BOLD},  [LS_STYLE_ERROR] = {208, 3, BOLD | BACK, BOLD | BACK},
    [LS_STYLE_PROMPT] = {-1, -1, BOLD, BOLD},   [LS_STYLE_STATUS] = {-1, -1, NONE, NONE},
    [LS_STYLE_KEY] = {-1, -1, BOLD, BOLD},      [LS_STYLE_HEAT_0] = {240, -1, NONE, NONE},
    [LS_STYLE_HEAT_1] = {67, 6, NONE, NONE},    [LS_STYLE_HEAT_2] = {109, 6, BOLD, NONE},
    [LS_STYLE_HEAT_3] = {179, 3, NONE, NONE},   [LS_STYLE_HEAT_4] = {214, 3, BOLD, BOLD},
};

struct ls_look ls_theme_look(enum ls_style style, int colors)
{
    unsigned attributes;
    int color;

    assert(style < LS_STYLE_COUNT);
    attributes = colors >= 8 ? looks[style].colored : looks[style].mono;
    color = colors >= 256 ? looks[style].many : colors >= 8 ? looks[style].few : -1;
    return (struct ls_look){.foreground = color,
                            .background = -1,
                            .bold = attributes & BOLD,
                            .dim = attributes & DIM,
                            .underline = attributes & LINE,
                            .reverse = attributes & BACK};
}
