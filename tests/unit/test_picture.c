/* Pictures of frames: what is in them, that XML parsers take them, and how they come to be files. */
#include "../support/folder.h"
#include "drawing.h"

#include "tui/picture.h"

#include <glib.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct ls_palette dark = {.colors = 256}, light = {.colors = 256, .light = true},
                               mono = {.colors = 0};
static const struct ls_picture_about about = {.title = "a <day> & \"night\"",
                                              .data = "homes.csv\001, sha256 01ab",
                                              .scenario = "R>10",
                                              .version = "1.2"};

/* Text, attributes, a bar of each kind, a wide character. */
static struct ls_frame *make_screen(void)
{
    struct ls_frame *frame = make_frame(3, 12, LS_GLYPHS_FULL);
    ls_frame_put(frame, 0, 0, 12, LS_STYLE_TITLE, "a<b & c");
    ls_frame_put(frame, 1, 0, 4, LS_STYLE_OUT, "░░");
    ls_frame_put(frame, 1, 2, 4, LS_STYLE_IN | LS_CELL_REVERSE, "▃");
    ls_frame_put(frame, 1, 3, 4, LS_STYLE_AXIS, "┼──");
    ls_frame_put(frame, 1, 8, 4, LS_STYLE_TEXT, "水");
    ls_frame_put(frame, 2, 1, 4, LS_STYLE_SELECTED, "x ");
    return frame;
}

static void assert_bytes(struct ls_buffer *bytes, const char *expected)
{
    ls_buffer_add(bytes, "", 1);
    assert_false(bytes->failed);
    assert_string_equal(bytes->bytes, expected);
    ls_buffer_release(bytes);
}

static void text_has_rows_without_blanks_at_their_ends(void **state)
{
    (void)state;
    struct ls_frame *frame = make_screen();
    struct ls_buffer out = {0};
    ls_picture_text(frame, &out);
    assert_bytes(&out, "a<b & c\n░░▀┼──  水\n x\n");
    ls_frame_destroy(frame);
}

static void ansi_has_the_looks_of_the_theme(void **state)
{
    (void)state;
    struct ls_frame *frame = make_screen();
    struct ls_buffer out = {0};
    ls_picture_ansi(frame, dark, &out);
    assert_bytes(&out, "\033[0;1ma<b & c\033[0m\n"
                       "\033[0;38;5;208m░░\033[0;7;38;5;39m▃\033[0;38;5;245m┼──\033[0m  水\n"
                       " \033[0;7mx \033[0m\n");
    ls_picture_ansi(frame, (struct ls_palette){.colors = 8, .light = true}, &out);
    assert_bytes(&out, "\033[0;1ma<b & c\033[0m\n"
                       "\033[0;31m░░\033[0;7;34m▃\033[0m┼──  水\n"
                       " \033[0;7mx \033[0m\n");
    ls_picture_ansi(frame, mono, &out);
    assert_bytes(&out, "\033[0;1ma<b & c\033[0m\n░░\033[0;7m▃\033[0m┼──  水\n \033[0;7mx \033[0m\n");
    ls_frame_destroy(frame);
}

/* What a parser of XML saw. */
struct seen {
    int texts, rects;
    bool in_text;
    char text[200], version[20], scenario[100], data[100];
};

static void see_start(GMarkupParseContext *context, const gchar *name, const gchar **names,
                      const gchar **values, gpointer user, GError **error)
{
    struct seen *seen = user;
    (void)context;
    (void)error;
    seen->in_text = strcmp(name, "text") == 0;
    seen->texts += seen->in_text;
    seen->rects += strcmp(name, "rect") == 0;
    for (size_t i = 0; strcmp(name, "picture") == 0 && names[i] != NULL; i++) {
        if (strcmp(names[i], "version") == 0)
            snprintf(seen->version, sizeof seen->version, "%s", values[i]);
        if (strcmp(names[i], "scenario") == 0)
            snprintf(seen->scenario, sizeof seen->scenario, "%s", values[i]);
        if (strcmp(names[i], "data") == 0)
            snprintf(seen->data, sizeof seen->data, "%s", values[i]);
    }
}

static void see_text(GMarkupParseContext *context, const gchar *text, gsize length, gpointer user,
                     GError **error)
{
    struct seen *seen = user;
    size_t used = strlen(seen->text);
    (void)context;
    (void)error;
    if (seen->in_text && text[0] != '\n')
        snprintf(seen->text + used, sizeof seen->text - used, "[%.*s]", (int)length, text);
}

static struct seen see(const struct ls_buffer *svg)
{
    static const GMarkupParser parser = {.start_element = see_start, .text = see_text};
    struct seen seen = {0};
    GError *error = NULL;
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &seen, NULL);
    if (!g_markup_parse_context_parse(context, svg->bytes, (gssize)svg->length, &error) ||
        !g_markup_parse_context_end_parse(context, &error))
        fail_msg("no XML: %s", error->message);
    g_markup_parse_context_free(context);
    return seen;
}

static void svg_is_xml_and_says_what_it_shows(void **state)
{
    (void)state;
    struct ls_frame *frame = make_screen();
    struct ls_buffer svg = {0}, again = {0}, on_white = {0};
    ls_picture_svg(frame, dark, &about, &svg);
    struct seen seen = see(&svg);
    assert_string_equal(seen.text, "[a<b & c][水][x]");
    assert_int_equal(seen.texts, 3);
    /* The paper, two grounds in reverse, the blocks, a cross of two lines, a line. */
    assert_int_equal(seen.rects, 1 + 2 + 2 + 2 + 1);
    assert_string_equal(seen.version, "1.2");
    assert_string_equal(seen.scenario, "R>10");
    assert_string_equal(seen.data, "homes.csv, sha256 01ab");
    ls_picture_svg(frame, dark, &about, &again);
    assert_int_equal(again.length, svg.length);
    assert_memory_equal(again.bytes, svg.bytes, svg.length);
    ls_picture_svg(frame, light, &about, &on_white);
    ls_buffer_add(&svg, "", 1);
    ls_buffer_add(&on_white, "", 1);
    assert_non_null(strstr(svg.bytes, "fill=\"#0c0c0c\""));
    assert_non_null(strstr(svg.bytes, "fill=\"#ff8700\""));
    assert_non_null(strstr(on_white.bytes, "fill=\"#ffffff\""));
    assert_non_null(strstr(on_white.bytes, "fill=\"#af5f00\""));
    assert_null(strstr(on_white.bytes, "#ff8700"));
    ls_buffer_release(&svg);
    ls_buffer_release(&again);
    ls_buffer_release(&on_white);
    ls_frame_destroy(frame);
}

/* A bar of eighths stands on the bottom of its cell, in the cell's columns. */
static void blocks_are_rectangles_of_their_height(void **state)
{
    (void)state;
    struct ls_buffer svg = {0};
    struct ls_frame *frame = make_frame(2, 4, LS_GLYPHS_FULL);
    ls_frame_put(frame, 1, 1, 3, LS_STYLE_KEPT, "▂▂█");
    ls_picture_svg(frame, dark, &about, &svg);
    ls_buffer_add(&svg, "", 1);
    assert_non_null(strstr(svg.bytes, "<rect x=\"8\" y=\"28\" width=\"16\" height=\"4\"/>"));
    assert_non_null(strstr(svg.bytes, "<rect x=\"24\" y=\"16\" width=\"8\" height=\"16\"/>"));
    assert_null(strstr(svg.bytes, "<text"));
    ls_buffer_release(&svg);
    ls_frame_destroy(frame);
}

static void the_name_says_the_kind(void **state)
{
    (void)state;
    enum ls_picture_kind kind;
    struct ls_error error;
    assert_int_equal(ls_picture_kind("a.b/c.SVG", &kind, &error), 0);
    assert_int_equal(kind, LS_PICTURE_SVG);
    assert_int_equal(ls_picture_kind("x.ans", &kind, &error), 0);
    assert_int_equal(kind, LS_PICTURE_ANSI);
    assert_int_equal(ls_picture_kind("svg", &kind, &error), LS_ERR_NAME);
    assert_int_equal(ls_picture_kind("x.gif", &kind, &error), LS_ERR_NAME);
    assert_non_null(strstr(error.remedy, ".svg"));
}

/* A folder of its own, in which the test goes on; the path stays in `folder`. */
static void enter_folder(char folder[64])
{
    snprintf(folder, 64, "/tmp/ls_picture_XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
}

static void leave_folder(const char *folder)
{
    assert_int_equal(chdir("/"), 0);
    folder_remove(folder);
}

static void assert_file(const char *name, const char *expected)
{
    char text[1000];
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    assert_string_equal(text, expected);
}

static int count_files(void)
{
    GDir *folder = g_dir_open(".", 0, NULL);
    int n = 0;
    assert_non_null(folder);
    while (g_dir_read_name(folder) != NULL)
        n++;
    g_dir_close(folder);
    return n;
}

/* Saves, and waits for a PNG. */
static int save(const char *path, const struct ls_frame *frame, struct ls_palette palette,
                struct ls_error *error)
{
    ls_conversion *png = NULL;
    int status = ls_picture_save(path, frame, palette, &about, &png, error);
    if (png != NULL)
        status = ls_conversion_wait(png, error);
    ls_conversion_drop(png);
    return status;
}

static void a_picture_is_whole_or_not_there(void **state)
{
    (void)state;
    static const char *const nowhere[] = {"no/where.txt", "no/where.png"};
    char folder[64];
    struct ls_error error;
    struct ls_frame *frame = make_frame(1, 5, LS_GLYPHS_FULL);
    enter_folder(folder);
    ls_frame_put(frame, 0, 0, 5, LS_STYLE_TEXT, "one");
    assert_int_equal(save("-a.txt", frame, mono, &error), 0);
    assert_file("-a.txt", "one\n");
    ls_frame_put(frame, 0, 0, 5, LS_STYLE_TEXT, "two");
    assert_int_equal(save("-a.txt", frame, mono, &error), 0);
    assert_file("-a.txt", "two\n");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(save(nowhere[i], frame, mono, &error), LS_ERR_IO);
        assert_string_equal(error.file, nowhere[i]);
    }
    assert_int_equal(count_files(), 1);
    leave_folder(folder);
    ls_frame_destroy(frame);
}

static void write_script(const char *name, const char *text)
{
    write_file(name, text);
    assert_int_equal(chmod(name, 0700), 0);
}

/* A folder with nothing but bin, which is all there is of programs. Returns what there was, for free(). */
static char *enter_bare_folder(char folder[64])
{
    char path[80];
    const char *found = getenv("PATH");
    char *before = strdup(found != NULL ? found : "");
    enter_folder(folder);
    assert_int_equal(mkdir("bin", 0700), 0);
    snprintf(path, sizeof path, "%s/bin", folder);
    setenv("PATH", path, 1);
    return before;
}

static void leave_bare_folder(const char *folder, char *before)
{
    setenv("PATH", before, 1);
    leave_folder(folder);
    free(before);
}

/* With scripts in place of the converters: which are asked, with which arguments, and what a failure says. */
static void png_is_made_by_the_converter_that_works(void **state)
{
    (void)state;
    char folder[64], path[80];
    struct ls_error error;
    struct ls_frame *frame = make_frame(1, 5, LS_GLYPHS_FULL);
    char *before = enter_bare_folder(folder);
    assert_int_equal(save("a.png", frame, dark, &error), LS_ERR_IO);
    assert_non_null(strstr(error.message, "no program"));
    assert_non_null(strstr(error.remedy, "rsvg-convert"));

    write_script("bin/rsvg-convert", "#!/bin/sh\nexit 1\n");
    assert_int_equal(save("a.png", frame, dark, &error), LS_ERR_IO);
    assert_non_null(strstr(error.message, "rsvg-convert could not"));

    write_script("bin/magick", "#!/bin/sh\n[ -f \"$1\" ] && [ $# = 2 ] && echo \"$0 png\" >\"$2\"\n");
    assert_int_equal(save("a b;c.png", frame, dark, &error), 0);
    snprintf(path, sizeof path, "%s/bin/magick png\n", folder);
    assert_file("a b;c.png", path);

    write_script("bin/rsvg-convert", "#!/bin/sh\n[ \"$1\" = -o ] && [ -f \"$3\" ] && echo rsvg >\"$2\"\n");
    assert_int_equal(save("-d.png", frame, dark, &error), 0);
    assert_file("-d.png", "rsvg\n");
    assert_int_equal(count_files(), 3); /* with bin: nothing is left over */
    leave_bare_folder(folder, before);
    ls_frame_destroy(frame);
}

static void a_conversion_that_is_dropped_leaves_nothing(void **state)
{
    (void)state;
    char folder[64];
    int status = 0;
    struct ls_error error;
    struct ls_frame *frame = make_frame(1, 5, LS_GLYPHS_FULL);
    ls_conversion *png = NULL;
    char *before = enter_bare_folder(folder);
    write_script("bin/rsvg-convert", "#!/bin/sh\necho half >\"$2\"\nexec /bin/sleep 600\n");
    assert_int_equal(ls_picture_save("a.png", frame, dark, &about, &png, &error), 0);
    assert_non_null(png);
    assert_false(ls_conversion_ended(png, &status, &error));
    assert_string_equal(ls_conversion_path(png), "a.png");
    ls_conversion_drop(png);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* the program is gone as well */
    assert_int_equal(count_files(), 1);
    leave_bare_folder(folder, before);
    ls_frame_destroy(frame);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_rows_without_blanks_at_their_ends),
        cmocka_unit_test(ansi_has_the_looks_of_the_theme),
        cmocka_unit_test(svg_is_xml_and_says_what_it_shows),
        cmocka_unit_test(blocks_are_rectangles_of_their_height),
        cmocka_unit_test(the_name_says_the_kind),
        cmocka_unit_test(a_picture_is_whole_or_not_there),
        cmocka_unit_test(png_is_made_by_the_converter_that_works),
        cmocka_unit_test(a_conversion_that_is_dropped_leaves_nothing),
    };
    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
