/*
 * Whether the theme can be read, and its opposites told apart, also by eyes that lack a kind of cone: by the
 * contrast of WCAG 2.1, and by the simulation of Machado, Oliveira and Fernandes, "A Physiologically-based
 * Model for Simulation of Color Vision Deficiency" (IEEE TVCG 15, 2009), their matrices of severity 1.0.
 */
#include "drawing.h"

#include "tui/theme.h"

#define CONTRAST_MIN   4.5 /* level AA for text */
#define DIFFERENCE_MIN 30  /* CIE76; 2.3 is just noticeable */

static const struct ls_palette palettes[] = {
    {.colors = 256}, {.colors = 256, .light = true}, {.colors = 8}, {.colors = 8, .light = true},
    {.colors = 0},
};

static bool same_look(enum ls_style a, enum ls_style b, struct ls_palette palette)
{
    struct ls_look one = ls_theme_look(a, palette), two = ls_theme_look(b, palette);
    return one.foreground == two.foreground && one.bold == two.bold && one.underline == two.underline &&
           one.reverse == two.reverse;
}

static void what_is_marked_is_told_apart(void **state)
{
    static const enum ls_style plain[] = {LS_STYLE_TEXT, LS_STYLE_TAB};
    static const enum ls_style marked[] = {LS_STYLE_CHANGED,    LS_STYLE_SELECTED, LS_STYLE_INACTIVE,
                                           LS_STYLE_TAB_ACTIVE, LS_STYLE_ERROR,    LS_STYLE_WARNING};
    (void)state;
    assert_true(LS_STYLE_COUNT <= LS_CELL_STYLE);
    for (size_t p = 0; p < COUNT(palettes); p++) {
        for (int style = 0; style < LS_STYLE_COUNT; style++) {
            int color = ls_theme_look((enum ls_style)style, palettes[p]).foreground;
            assert_true(color == -1 || (color >= 0 && color < palettes[p].colors));
        }
        for (size_t i = 0; i < COUNT(marked); i++)
            for (size_t k = 0; k < COUNT(plain); k++)
                assert_false(same_look(marked[i], plain[k], palettes[p]));
        assert_false(same_look(LS_STYLE_SELECTED, LS_STYLE_INACTIVE, palettes[p]));
        if (palettes[p].colors == 0)
            continue;
        assert_false(same_look(LS_STYLE_OUT, LS_STYLE_IN, palettes[p]));
        assert_false(same_look(LS_STYLE_MARGINAL, LS_STYLE_AVERAGE, palettes[p]));
    }
}

static void the_palette_of_a_wish(void **state)
{
    static const struct {
        enum ls_colors colors;
        enum ls_background background;
        int there_are;
        const char *fgbg;
        struct ls_palette expected;
    } cases[] = {
        {LS_COLORS_AUTO, LS_BACKGROUND_AUTO, 256, NULL, {256, false}},
        {LS_COLORS_AUTO, LS_BACKGROUND_AUTO, 16, "15;0", {8, false}},
        {LS_COLORS_256, LS_BACKGROUND_AUTO, 8, "0;15", {8, true}},
        {LS_COLORS_8, LS_BACKGROUND_AUTO, 256, "0;default;7", {8, true}},
        {LS_COLORS_8, LS_BACKGROUND_AUTO, 256, "7;8", {8, false}},
        {LS_COLORS_MONO, LS_BACKGROUND_LIGHT, 256, "15;0", {0, true}},
        {LS_COLORS_AUTO, LS_BACKGROUND_DARK, 256, "0;15", {256, false}},
        {LS_COLORS_AUTO, LS_BACKGROUND_AUTO, 2, "0;default", {0, false}},
        {LS_COLORS_AUTO, LS_BACKGROUND_AUTO, 256, "15", {256, false}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ls_palette got =
            ls_palette(cases[i].colors, cases[i].background, cases[i].there_are, cases[i].fgbg);
        assert_int_equal(got.colors, cases[i].expected.colors);
        assert_int_equal(got.light, cases[i].expected.light);
    }
}

static void colours_are_those_of_xterm(void **state)
{
    (void)state;
    assert_int_equal(ls_theme_rgb(16), 0x000000);
    assert_int_equal(ls_theme_rgb(39), 0x00afff);
    assert_int_equal(ls_theme_rgb(130), 0xaf5f00);
    assert_int_equal(ls_theme_rgb(208), 0xff8700);
    assert_int_equal(ls_theme_rgb(231), 0xffffff);
    assert_int_equal(ls_theme_rgb(232), 0x080808);
    assert_int_equal(ls_theme_rgb(255), 0xeeeeee);
}

/* 0xRRGGBB to light, each part 0 to 1. */
static void linear_of(uint32_t rgb, double out[3])
{
    for (int i = 0; i < 3; i++) {
        double part = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;
        out[i] = part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
    }
}

static double luminance(uint32_t rgb)
{
    double part[3];
    linear_of(rgb, part);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}

static double contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return fmax(x, y) / fmin(x, y);
}

static void every_colour_of_256_can_be_read(void **state)
{
    (void)state;
    for (int light = 0; light < 2; light++) {
        struct ls_palette palette = {256, light};
        uint32_t extreme = light ? 0xffffff : 0x000000;
        assert_true(contrast(ls_theme_ink(palette), ls_theme_paper(palette)) >= CONTRAST_MIN);
        for (int style = 0; style < LS_STYLE_COUNT; style++) {
            int color = ls_theme_look((enum ls_style)style, palette).foreground;
            if (color < 0)
                continue;
            double on_terminal = contrast(ls_theme_rgb(color), extreme);
            double on_picture = contrast(ls_theme_rgb(color), ls_theme_paper(palette));
            if (fmin(on_terminal, on_picture) < CONTRAST_MIN)
                fail_msg("style %d, colour %d on %s: %.2f, %.2f", style, color, light ? "light" : "dark",
                         on_terminal, on_picture);
        }
    }
}

/* Light through `matrix` to CIE L*a*b* under D65. */
static void lab_of(const double matrix[3][3], uint32_t rgb, double lab[3])
{
    static const double to_xyz[3][3] = {
        {0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}};
    static const double white[3] = {0.9505, 1.0, 1.089};
    double light[3], seen[3], f[3];
    linear_of(rgb, light);
    for (int i = 0; i < 3; i++)
        seen[i] =
            fmin(fmax(matrix[i][0] * light[0] + matrix[i][1] * light[1] + matrix[i][2] * light[2], 0), 1);
    for (int i = 0; i < 3; i++) {
        double t = (to_xyz[i][0] * seen[0] + to_xyz[i][1] * seen[1] + to_xyz[i][2] * seen[2]) / white[i];
        f[i] = t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

static void blue_and_orange_stay_apart_for_colour_blind_eyes(void **state)
{
    static const struct {
        const char *name;
        double matrix[3][3];
    } eyes[] = {
        {"all cones", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
        {"protanopia",
         {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
        {"deuteranopia",
         {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
        {"tritanopia",
         {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
    };
    static const enum ls_style pairs[][2] = {
        {LS_STYLE_OUT, LS_STYLE_IN},        {LS_STYLE_MARGINAL, LS_STYLE_AVERAGE},
        {LS_STYLE_PEAK, LS_STYLE_AVERAGE},  {LS_STYLE_BIND, LS_STYLE_IN},
        {LS_STYLE_HEAT_1, LS_STYLE_HEAT_4},
    };
    (void)state;
    for (size_t p = 0; p < COUNT(palettes); p++)
        for (size_t e = 0; e < COUNT(eyes); e++)
            for (size_t i = 0; i < COUNT(pairs) && palettes[p].colors > 0; i++) {
                double a[3], b[3];
                lab_of(eyes[e].matrix, ls_theme_rgb(ls_theme_look(pairs[i][0], palettes[p]).foreground), a);
                lab_of(eyes[e].matrix, ls_theme_rgb(ls_theme_look(pairs[i][1], palettes[p]).foreground), b);
                double difference = hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
                if (difference < DIFFERENCE_MIN)
                    fail_msg("%s, palette %zu, pair %zu: %.1f", eyes[e].name, p, i, difference);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_marked_is_told_apart),
        cmocka_unit_test(the_palette_of_a_wish),
        cmocka_unit_test(colours_are_those_of_xterm),
        cmocka_unit_test(every_colour_of_256_can_be_read),
        cmocka_unit_test(blue_and_orange_stay_apart_for_colour_blind_eyes),
    };
    return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
