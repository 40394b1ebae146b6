/**
 * @file theme.c
 * The table of looks. Numbers are those of the 256-colour palette: on dark 39 and 75 are blues, 208 and 214
 * oranges; on light 25 and 26, 94 and 130. Three digits cost a byte more than two: it is paid for contrast.
 */
#include "tui/theme.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum attribute { NONE = 0, BOLD = 1, LINE = 2, BACK = 4 };

const char *const ls_colors_words[] = {"auto", "256", "8", "mono", NULL};
const char *const ls_background_words[] = {"auto", "dark", "light", NULL};

/* clang-format off */
/** One row a style: foregrounds with 256 colours and with 8, each on dark and on light; attributes with
 * colours, attributes without. */
static const struct {
    short many[2];
    short few[2];
    unsigned char colored;
    unsigned char mono;
} looks[LS_STYLE_COUNT] = {
    [LS_STYLE_TEXT]       = {{-1, -1},   {-1, -1}, NONE, NONE},
    [LS_STYLE_TITLE]      = {{-1, -1},   {-1, -1}, BOLD, BOLD},
    [LS_STYLE_TAB]        = {{-1, -1},   {-1, -1}, NONE, NONE},
    [LS_STYLE_TAB_ACTIVE] = {{-1, -1},   {-1, -1}, BOLD | BACK, BOLD | BACK},
    [LS_STYLE_LABEL]      = {{-1, -1},   {-1, -1}, NONE, NONE},
    [LS_STYLE_VALUE]      = {{-1, -1},   {-1, -1}, NONE, NONE},
    [LS_STYLE_CHANGED]    = {{214, 94},  {3, 1},   BOLD, BOLD},
    [LS_STYLE_SELECTED]   = {{-1, -1},   {-1, -1}, BACK, BACK},
    [LS_STYLE_INACTIVE]   = {{-1, -1},   {-1, -1}, LINE, LINE},
    [LS_STYLE_KEPT]       = {{-1, -1},   {-1, -1}, NONE, NONE},
    [LS_STYLE_OUT]        = {{208, 130}, {3, 1},   NONE, NONE},
    [LS_STYLE_IN]         = {{39, 25},   {6, 4},   NONE, NONE},
    [LS_STYLE_AXIS]       = {{245, 241}, {-1, -1}, NONE, NONE},
    [LS_STYLE_PEAK]       = {{208, 130}, {3, 1},   BOLD, BOLD},
    [LS_STYLE_BIND]       = {{214, 94},  {3, 1},   BOLD, BOLD},
    [LS_STYLE_MARGINAL]   = {{214, 94},  {3, 1},   NONE, NONE},
    [LS_STYLE_AVERAGE]    = {{75, 26},   {6, 4},   NONE, NONE},
    [LS_STYLE_MUTED]      = {{245, 241}, {-1, -1}, NONE, NONE},
    [LS_STYLE_WARNING]    = {{214, 94},  {3, 1},   NONE, BOLD},
    [LS_STYLE_ERROR]      = {{208, 130}, {3, 1},   BOLD | BACK, BOLD | BACK},
    [LS_STYLE_PROMPT]     = {{-1, -1},   {-1, -1}, BOLD, BOLD},
    [LS_STYLE_STATUS]     = {{-1, -1},   {-1, -1}, NONE, NONE},
    [LS_STYLE_KEY]        = {{-1, -1},   {-1, -1}, BOLD, BOLD},
    [LS_STYLE_HEAT_0]     = {{245, 241}, {-1, -1}, NONE, NONE},
    [LS_STYLE_HEAT_1]     = {{67, 25},   {6, 4},   NONE, NONE},
    [LS_STYLE_HEAT_2]     = {{109, 60},  {6, 4},   NONE, NONE},
    [LS_STYLE_HEAT_3]     = {{179, 94},  {3, 1},   NONE, NONE},
    [LS_STYLE_HEAT_4]     = {{214, 130}, {3, 1},   BOLD, BOLD},
};
/* clang-format on */

/** COLORFGBG is "FOREGROUND;BACKGROUND", perhaps with a word between: white and the bright colours but
 * bright black are light. */
static bool is_light(const char *fgbg)
{
    const char *last = fgbg ? strrchr(fgbg, ';') : NULL;
    char *end;
    long color = last ? strtol(last + 1, &end, 10) : 0;

    return last && end > last + 1 && (color == 7 || (color > 8 && color < 16));
}

struct ls_palette ls_palette(enum ls_colors colors, enum ls_background background, int there_are,
                             const char *fgbg)
{
    int most = colors == LS_COLORS_MONO ? 0 : colors == LS_COLORS_8 ? 8 : 256;

    most = there_are < most ? there_are : most;
    return (struct ls_palette){.colors = most >= 256 ? 256
                                         : most >= 8 ? 8
                                                     : 0,
                               .light = background == LS_BACKGROUND_AUTO ? is_light(fgbg)
                                                                         : background == LS_BACKGROUND_LIGHT};
}

struct ls_look ls_theme_look(enum ls_style style, struct ls_palette palette)
{
    unsigned attributes;
    int color = -1;

    assert(style < LS_STYLE_COUNT);
    attributes = palette.colors >= 8 ? looks[style].colored : looks[style].mono;
    if (palette.colors >= 256)
        color = looks[style].many[palette.light];
    else if (palette.colors >= 8)
        color = looks[style].few[palette.light];
    return (struct ls_look){.foreground = color,
                            .bold = attributes & BOLD,
                            .underline = attributes & LINE,
                            .reverse = attributes & BACK};
}

uint32_t ls_theme_rgb(int number)
{
    static const uint32_t first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                       0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const uint32_t level[6] = {0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff};
    uint32_t cube = (uint32_t)number - 16;

    assert(number >= 0 && number < 256);
    if (number < 16)
        return first[number];
    if (number < 232)
        return level[cube / 36] << 16 | level[cube / 6 % 6] << 8 | level[cube % 6];
    return (8 + 10 * ((uint32_t)number - 232)) * 0x010101u;
}

uint32_t ls_theme_ink(struct ls_palette palette)
{
    return palette.light ? 0x1a1a1a : 0xe6e6e6;
}

uint32_t ls_theme_paper(struct ls_palette palette)
{
    return palette.light ? 0xffffff : 0x0c0c0c;
}
