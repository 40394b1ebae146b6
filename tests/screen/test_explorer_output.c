/**
 * @file test_explorer_output.c
 * What leaves the explorer for elsewhere: pictures, the clipboard, recordings. Each is read back and held
 * against the screen that it came from.
 */
#include "../support/folder.h"
#include "explorer.h"

#include <loadscope/policy.h>

#include <cjson/cJSON.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

#define ROWS      24
#define COLS      80
#define PATH_SIZE 128
#define FOLDER    "/tmp/ls_output_XXXXXX"

static char folder[] = FOLDER;

static int make_folder(void **state)
{
    (void)state;
    memcpy(folder, FOLDER, sizeof folder);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static const char *in_folder(const char *name, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/%s", folder, name);
    return out;
}

/* The whole of a file; g_free() ends it. */
static char *contents(const char *path)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("no file %s", path);
    return text;
}

static void snapshot(struct pty *pty, const char *command, const char *path)
{
    char line[PATH_SIZE + 20];
    snprintf(line, sizeof line, "%s %s", command, path);
    explorer_command(pty, line);
}

/* ---- pictures ---------------------------------------------------------------------------------------- */

/* Rows between title and bottom line are those of the screen; what is told of the picture stands below. */
static void assert_text_is_screen(const struct pty *pty, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1), line[PTY_LINE];
    for (int row = 1; row < ROWS - 1; row++)
        assert_string_equal(lines[row], pty_line(pty, row, line));
    g_strfreev(lines);
}

static void a_snapshot_is_the_screen_with_its_source(void **state)
{
    (void)state;
    static const char *const keys[] = {"Down", "Tab", "3", "4", "Tab", "7", "8"};
    char path[PATH_SIZE];
    struct pty *pty = explorer_open();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pty_press(pty, keys[i]);
        if (strcmp(keys[i], "8") == 0)
            break; /* the form takes what is typed */
        snapshot(pty, i == 0 ? "snapshot" : "snapshot!", in_folder("a.txt", path));
        assert_has(pty, "the screen is in /tmp/ls_output_");
        char *text = contents(path);
        assert_text_is_screen(pty, text);
        assert_non_null(strstr(text, "\n loadscope " LS_VERSION ", readings.csv.gz, sha256 "));
        assert_non_null(strstr(text, "behaviour.timezone=Asia/Kolkata"));
        assert_null(strstr(text, " ms"));
        g_free(text);
    }
    PRESS(pty, "Esc");
    explorer_command(pty, "set spike.alpha_percent=12.5");
    snapshot(pty, "snapshot", in_folder("a.txt", path));
    assert_has(pty, "is there already");
    snapshot(pty, "snapshot!", in_folder("a.txt", path));
    char *text = contents(path);
    assert_non_null(strstr(text, "spike.alpha_percent=12.5"));
    g_free(text);
    snapshot(pty, "snapshot", in_folder("a.gif", path));
    assert_has(pty, "which picture is wanted");
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    explorer_leave(pty);
}

/* A blank's weight and colour are not seen. */
static bool looks_the_same(struct pty_cell a, struct pty_cell b)
{
    bool blank = strcmp(a.text, " ") == 0;
    return strcmp(a.text, b.text) == 0 && a.underline == b.underline && a.reverse == b.reverse &&
           (blank || (a.bold == b.bold && a.colored == b.colored));
}

static void assert_same_cells(const struct pty *one, const struct pty *two, int first, int end)
{
    for (int row = first; row < end; row++)
        for (int col = 0; col < COLS; col++)
            if (!looks_the_same(pty_cell(one, row, col), pty_cell(two, row, col)))
                fail_msg("row %d col %d: \"%s\" and \"%s\"", row, col, pty_cell(one, row, col).text,
                         pty_cell(two, row, col).text);
}

/* Shown by another terminal, it looks the same to the cell. */
static void an_ansi_snapshot_looks_like_the_screen(void **state)
{
    (void)state;
    static const char *const palettes[] = {"256", "8", "mono"};
    char path[PATH_SIZE];
    for (size_t p = 0; p < 3; p++) {
        const char *const more[] = {"--palette", palettes[p], NULL};
        struct pty *pty = explorer_start(NULL, more), *shown = pty_replay(40, COLS);
        PRESS(pty, "Tab");
        snapshot(pty, "snapshot!", in_folder("a.ans", path));
        char *text = contents(path), **lines = g_strsplit(text, "\n", -1);
        for (int row = 0; lines[row]; row++) {
            pty_feed(shown, lines[row], strlen(lines[row]));
            pty_feed(shown, "\r\n", 2);
        }
        assert_same_cells(pty, shown, 1, ROWS - 1);
        assert_int_equal(pty_saw_color(shown), strcmp(palettes[p], "mono") != 0);
        g_strfreev(lines);
        g_free(text);
        pty_stop(shown);
        explorer_leave(pty);
    }
}

/* Runs the program with these arguments, without a terminal; its exit status. */
static int run_program(const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command,
             "TERM=dumb LC_ALL=C %s " SAMPLE " --scenario " SCENARIO " %s </dev/null >%s/out 2>%s/err",
             explorer_program(), arguments, folder, folder);
    int status = system(command);
    return WEXITSTATUS(status);
}

static void pictures_need_no_terminal(void **state)
{
    (void)state;
    static const char *const sizes[] = {"80x24", "132x43", "200x60", "60x16"};
    char arguments[300], path[PATH_SIZE];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        snprintf(arguments, sizeof arguments, "--size %s --snapshot %s/%zu.txt", sizes[i], folder, i);
        assert_int_equal(run_program(arguments), 0);
        snprintf(path, sizeof path, "%s/%zu.txt", folder, i);
        char *text = contents(path);
        snprintf(path, sizeof path, "tests/screen/expected/matrix/day_%s.txt", sizes[i]);
        char *expected = contents(path), **a = g_strsplit(text, "\n", -1),
             **b = g_strsplit(expected, "\n", -1);
        for (size_t row = 1; row + 2 < g_strv_length(b); row++)
            assert_string_equal(a[row], b[row]);
        g_strfreev(a);
        g_strfreev(b);
        g_free(text);
        g_free(expected);
    }
}

static void the_same_screen_gives_the_same_svg(void **state)
{
    (void)state;
    char one[PATH_SIZE], two[PATH_SIZE], arguments[300];
    for (int i = 0; i < 2; i++) {
        snprintf(arguments, sizeof arguments, "--view customers --snapshot %s/%d.svg", folder, i);
        assert_int_equal(run_program(arguments), 0);
    }
    char *a = contents(in_folder("0.svg", one)), *b = contents(in_folder("1.svg", two));
    assert_string_equal(a, b);
    assert_non_null(strstr(a, "<title>loadscope: delhi, " FIRST_DAY ", Customers</title>"));
    assert_non_null(strstr(a, "60000005623"));
    g_free(a);
    snprintf(arguments, sizeof arguments,
             "--background light --palette 8 --view customers --snapshot %s/l.svg", folder);
    assert_int_equal(run_program(arguments), 0);
    a = contents(in_folder("l.svg", one));
    assert_non_null(strstr(a, "fill=\"#ffffff\""));
    assert_string_not_equal(a, b);
    g_free(a);
    g_free(b);
}

static void the_picture_in_the_readme_is_of_this_program(void **state)
{
    (void)state;
    static const char kept[] = "man/day.svg";
    const char *update = getenv("LOADSCOPE_UPDATE_SCREENS");
    char path[PATH_SIZE], arguments[300];
    snprintf(arguments, sizeof arguments, "--snapshot %s", in_folder("day.svg", path));
    assert_int_equal(run_program(arguments), 0);
    char *now = contents(path);
    if (update && strcmp(update, "1") == 0)
        assert_true(g_file_set_contents(kept, now, -1, NULL));
    char *shown = contents(kept);
    if (strcmp(now, shown) != 0)
        fail_msg("%s is stale (LOADSCOPE_UPDATE_SCREENS=1 writes it)", kept);
    g_free(now);
    g_free(shown);
}

/* The screen that a script leads to, at a size of its own. */
static void a_script_ends_in_a_picture(void **state)
{
    (void)state;
    char path[PATH_SIZE], arguments[300];
    assert_true(
        g_file_set_contents(in_folder("tour", path), "set spike.alpha_percent=5\nview moves\n", -1, NULL));
    snprintf(arguments, sizeof arguments, "--play %s --size 100x30 --snapshot %s/tour.txt", path, folder);
    assert_int_equal(run_program(arguments), 0);
    char *text = contents(in_folder("tour.txt", path));
    assert_non_null(strstr(text, "[4 Moves]"));
    assert_non_null(strstr(text, "spike.alpha_percent=5"));
    g_free(text);
}

static void what_does_not_go_together_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "--size 80x24",
        "--size 10x10 --snapshot /tmp/never.txt",
        "--size 80x24x --snapshot /tmp/never.txt",
        "--snapshot /tmp/never.bmp",
        "--snapshot /tmp/never.txt --record /tmp/never.cast",
        "--read-only --snapshot /tmp/never.txt",
        "--read-only --record /tmp/never.cast",
        "--record /tmp/never.cast", /* there is no terminal */
        "--view nowhere",
        "--palette 16",
        "--background pink",
        "--snapshot /nowhere/never.txt",
        "--snapshot /tmp/never.txt --view customer --customer 1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (run_program(wrong[i]) == 0)
            fail_msg("%s was taken", wrong[i]);
    assert_false(g_file_test("/tmp/never.txt", G_FILE_TEST_EXISTS));
    assert_false(g_file_test("/tmp/never.cast", G_FILE_TEST_EXISTS));
}

/* The explorer with a script in place of the converters, asked for a PNG. */
static struct pty *start_conversion(const char *script, char png[PATH_SIZE])
{
    char path[PATH_SIZE], programs[PATH_SIZE + 8];
    const char *const env[] = {programs, NULL};
    snprintf(programs, sizeof programs, "PATH=%s", folder);
    assert_true(g_file_set_contents(in_folder("rsvg-convert", path), script, -1, NULL));
    assert_int_equal(g_chmod(path, 0700), 0);
    struct pty *pty = explorer_start(&(struct pty_options){.env = env}, NULL);
    pty_press(pty, ":");
    pty_type(pty, "snapshot ");
    pty_type(pty, in_folder("a.png", png));
    pty_send(pty, "\r", 1);
    pty_wait_text(pty, "is being made");
    return pty;
}

/* While the converter waits for us, keys work. */
static void a_png_keeps_nobody_waiting(void **state)
{
    (void)state;
    char png[PATH_SIZE], path[PATH_SIZE], script[2 * PATH_SIZE];
    snprintf(script, sizeof script,
             "#!/bin/sh\nwhile [ ! -f %s ]; do /bin/sleep 0.02; done\necho png >\"$2\"\n",
             in_folder("go", path));
    struct pty *pty = start_conversion(script, png);
    pty_send(pty, "3", 1);
    pty_wait_text(pty, "[3 Customers]");
    assert_false(g_file_test(png, G_FILE_TEST_EXISTS));
    assert_true(g_file_set_contents(path, "", -1, NULL));
    pty_wait(pty);
    assert_has(pty, "the screen is in /tmp/ls_output_");
    char *text = contents(png);
    assert_string_equal(text, "png\n");
    g_free(text);
    explorer_leave(pty);
}

static void leaving_stops_a_converter(void **state)
{
    (void)state;
    char png[PATH_SIZE];
    int files = 0;
    struct pty *pty = start_conversion("#!/bin/sh\nexec /bin/sleep 600\n", png);
    pty_signal(pty, SIGTERM);
    assert_int_not_equal(pty_wait_exit(pty, 5000), -1);
    assert_true(pty_is_restored(pty));
    assert_has(pty, "a.png was made");
    pty_stop(pty);
    GDir *left = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(left))
        files++;
    g_dir_close(left);
    assert_int_equal(files, 1); /* the script */
}

/* ---- the clipboard ----------------------------------------------------------------------------------- */

static void assert_copied(struct pty *pty, const char *expected)
{
    gsize length;
    guchar *bytes = g_base64_decode(pty_clipboard(pty), &length);
    char *text = g_strndup((const char *)bytes, length);
    if (strncmp(text, expected, strlen(expected)) != 0 || g_str_has_suffix(text, "\n"))
        fail_msg("copied \"%s\" and not \"%s\"", text, expected);
    g_free(bytes);
    g_free(text);
}

static void copying_takes_what_the_cursor_is_on(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    PRESS(pty, "Down", "y");
    assert_copied(pty, "spike.alpha_percent = 25 %");
    assert_row_has(pty, 23, "copied the limit: spike.alpha_percent = 25 %");
    PRESS(pty, "Right", "Right", "y");
    assert_copied(pty, "01:00: usage 7.173 kWh before, 7.511 kWh after; 0.000 kWh moved out, ");
    PRESS(pty, "3", "Down", "y");
    assert_copied(pty, "60000005594: used 62.240 kWh, percentile 97; moved 3.928 kWh; saved 443.8 g");
    PRESS(pty, "Enter", "y");
    assert_copied(pty, "60000005594 from 06:30 to 08:30: moved; limit: room\nreason: ");
    PRESS(pty, "4", "y");
    assert_copied(pty, "60000005623: 4.080 kWh from 21:30 to 22:30; saves 132.6 g marginal, ");
    PRESS(pty, "7", "y");
    assert_copied(pty, "homes: 60\ncities: 2\n");
    PRESS(pty, "8", "Down", "^Y");
    assert_copied(pty, "behaviour.moves_per_week = 3 moves");
    PRESS(pty, "Esc", "?", "y");
    assert_copied(pty, "Screens");
    explorer_leave(pty);
}

/* What writes is refused whoever asks, and a converter is not started. */
static void read_only_takes_no_pictures(void **state)
{
    (void)state;
    static const char *const more[] = {"--read-only", NULL};
    static const char *const names[] = {"a.txt", "a.svg", "a.png"};
    char path[PATH_SIZE];
    struct pty *pty = explorer_start(NULL, more);
    for (size_t i = 0; i < 3; i++) {
        snapshot(pty, i == 0 ? "snapshot" : "snapshot!", in_folder(names[i], path));
        assert_has(pty, "read-only");
        assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    pty_press(pty, "y"); /* which writes no file */
    assert_copied(pty, "peak.reduction_limit_percent = 25 %");
    explorer_leave(pty);
}

/* What tmux and screen are given to pass on is the same sequence, wrapped as each wants it. */
static void copying_goes_through_tmux_and_screen(void **state)
{
    (void)state;
    static const char *const in_tmux[] = {"TMUX=/tmp/tmux-0/default,1,0", NULL};
    static const char *const in_screen[] = {"TMUX", NULL};
    char whole[2000];
    struct pty *pty = explorer_start(&(struct pty_options){.term = "screen-256color", .env = in_tmux}, NULL);
    pty_press(pty, "y");
    snprintf(whole, sizeof whole, "tmux;\033\033]52;c;%s\a", pty_clipboard(pty));
    assert_string_equal(pty_passed(pty), whole);
    assert_copied(pty, "peak.reduction_limit_percent = 25 %");
    explorer_leave(pty);

    /* What may be a tmux at the other end of SSH gets it plainly too, as long as a screen can drop it. */
    pty = explorer_start(&(struct pty_options){.term = "screen-256color", .env = in_screen}, NULL);
    pty_press(pty, "y");
    snprintf(whole, sizeof whole, "\033]52;c;%s\a", pty_clipboard(pty));
    assert_string_equal(pty_passed(pty), whole);
    assert_copied(pty, "peak.reduction_limit_percent = 25 %");
    explorer_leave(pty);

    pty = explorer_start(&(struct pty_options){.term = "screen-256color", .env = in_screen}, NULL);
    PRESS(pty, "7", "y"); /* long enough for two pieces */
    assert_string_equal(pty_clipboard(pty), "");
    assert_int_equal(strncmp(pty_passed(pty), "\033]52;c;", 7), 0);
    assert_true(strlen(pty_passed(pty)) > 500);
    gsize length;
    guchar *bytes = g_base64_decode(pty_passed(pty) + 7, &length);
    assert_int_equal(strncmp((char *)bytes, "homes: 60\n", 10), 0);
    assert_int_equal(pty_passed(pty)[strlen(pty_passed(pty)) - 1], '\a');
    g_free(bytes);
    explorer_leave(pty);
}

/* ---- recordings -------------------------------------------------------------------------------------- */

static struct pty *start_recording(const char *name, const char *const *env)
{
    char path[PATH_SIZE];
    const char *const more[] = {"--record", in_folder(name, path), NULL};
    return explorer_start(&(struct pty_options){.env = env}, more);
}

/* Plays a recording as a terminal would: each line is JSON, times ascend. */
static struct pty *play(const char *name)
{
    char path[PATH_SIZE];
    char *text = contents(in_folder(name, path)), **lines = g_strsplit(text, "\n", -1);
    cJSON *head = cJSON_Parse(lines[0]);
    struct pty *pty = pty_replay(cJSON_GetObjectItem(head, "height")->valueint,
                                 cJSON_GetObjectItem(head, "width")->valueint);
    double last = 0;
    assert_int_equal(cJSON_GetObjectItem(head, "version")->valueint, 2);
    cJSON_Delete(head);
    for (int i = 1; lines[i] && lines[i][0] != '\0'; i++) {
        cJSON *event = cJSON_Parse(lines[i]);
        int rows, cols;
        assert_non_null(event);
        assert_true(cJSON_GetArrayItem(event, 0)->valuedouble >= last);
        last = cJSON_GetArrayItem(event, 0)->valuedouble;
        const char *code = cJSON_GetArrayItem(event, 1)->valuestring;
        const char *data = cJSON_GetArrayItem(event, 2)->valuestring;
        if (strcmp(code, "o") == 0)
            pty_feed(pty, data, strlen(data));
        else if (sscanf(data, "%dx%d", &cols, &rows) == 2)
            pty_resize_only(pty, rows, cols);
        cJSON_Delete(event);
    }
    g_strfreev(lines);
    g_free(text);
    return pty;
}

static void a_recording_plays_to_the_same_screen(void **state)
{
    (void)state;
    static const char *const keys[] = {"]", "]", "Tab", "Right", "3", "Down", "Enter", "4", "Tab", "2"};
    struct pty *pty = start_recording("a.cast", NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pty_press(pty, keys[i]);
        if (i == 4) {
            pty_resize(pty, 30, 100);
            pty_resize(pty, ROWS, COLS);
        }
    }
    struct pty *played = play("a.cast");
    assert_same_cells(pty, played, 0, ROWS);
    pty_stop(played);
    explorer_leave(pty);
    played = play("a.cast"); /* to its end, where the terminal is as it was */
    assert_false(pty_alternate(played));
    pty_stop(played);
    char *program = g_find_program_in_path("asciinema"), command[PATH_SIZE + 40], path[PATH_SIZE];
    if (!program) {
        print_message("asciinema is not installed: it was not asked to play a recording (skipped)\n");
        return;
    }
    g_free(program);
    snprintf(command, sizeof command, "asciinema cat %s >/dev/null", in_folder("a.cast", path));
    assert_int_equal(system(command), 0);
}

static void a_recording_is_sound_after_a_signal(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGKILL};
    static const char *const names[] = {"0.cast", "1.cast", "2.cast"};
    for (size_t i = 0; i < 3; i++) {
        struct pty *pty = start_recording(names[i], NULL);
        PRESS(pty, "]", "3");
        pty_signal(pty, signals[i]);
        assert_int_not_equal(pty_wait_exit(pty, 2000), -1);
        struct pty *played = play(names[i]);
        assert_int_equal(pty_alternate(played), signals[i] == SIGKILL);
        pty_stop(played);
        pty_stop(pty);
    }
}

/* Whoever plays it keeps what is in the clipboard, and finds no path in its title. */
static void a_recording_hands_nothing_on(void **state)
{
    (void)state;
    static const char *const terms[] = {"xterm-256color", "tmux-256color", "screen-256color"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        char name[16], path[PATH_SIZE];
        snprintf(name, sizeof name, "y%zu.cast", i);
        const char *const more[] = {"--record", in_folder(name, path), NULL};
        struct pty *pty = explorer_start(&(struct pty_options){.term = terms[i]}, more);
        PRESS(pty, "7", "y", "2", "Down", "y");
        assert_string_not_equal(pty_clipboard(pty), "");
        struct pty *played = play(name);
        assert_string_equal(pty_clipboard(played), "");
        assert_string_equal(pty_passed(played), "");
        assert_same_cells(pty, played, 0, ROWS);
        pty_stop(played);
        explorer_leave(pty);
        char *text = contents(path);
        assert_non_null(strstr(text, "\"title\":\"loadscope readings.csv.gz\""));
        g_free(text);
    }
}

/* Both say so before they begin, and what to do. */
static void pictures_and_recordings_overwrite_nothing(void **state)
{
    (void)state;
    static const char *const options[] = {"--record", "--snapshot"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < 2; i++) {
        const char *const argv[] = {explorer_program(), SAMPLE, options[i], in_folder("a.txt", path), NULL};
        assert_true(g_file_set_contents(path, "mine", -1, NULL));
        struct pty *pty = pty_start(&(struct pty_options){.cols = 100, .argv = argv});
        pty_wait_text(pty, "is there already");
        pty_wait_text(pty, "or remove it first");
        assert_int_not_equal(WEXITSTATUS(pty_wait_exit(pty, 5000)), 0);
        pty_stop(pty);
        char *text = contents(path);
        assert_string_equal(text, "mine");
        g_free(text);
    }
}

/* ---- colours ----------------------------------------------------------------------------------------- */

static void palettes_are_what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[5], *env, *has, *lacks;
    } cases[] = {
        {{NULL}, NULL, "38;5;208m", "38;5;130m"},
        {{"--background", "light"}, NULL, "38;5;130m", "38;5;208m"},
        {{NULL}, "COLORFGBG=0;15", "38;5;25m", "38;5;39m"},
        {{"--background", "dark"}, "COLORFGBG=0;15", "38;5;39m", "38;5;25m"},
        {{"--palette", "8"}, NULL, "[33m", "38;5;"},
        {{"--palette", "8", "--background", "light"}, NULL, "[34m", "38;5;"},
        {{"--palette", "mono"}, NULL, ";7m", "38;5;"},
        {{"--palette", "256"}, "NO_COLOR=1", ";7m", "38;5;"},
    };
    char path[PATH_SIZE], name[20];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "p%zu.cast", i);
        const char *more[8] = {"--record", in_folder(name, path)};
        const char *const env[] = {cases[i].env, NULL};
        memcpy(more + 2, cases[i].arguments, sizeof cases[i].arguments);
        struct pty *pty = explorer_start(&(struct pty_options){.env = env}, more);
        pty_check_screen(pty, "explorer_day_80x24"); /* the text is the same in all */
        long before = pty_total_bytes(pty);
        pty_press(pty, "^L");
        assert_in_range(pty_total_bytes(pty) - before, 1, 4096);
        explorer_leave(pty);
        char *text = contents(path);
        if (!strstr(text, cases[i].has) || strstr(text, cases[i].lacks))
            fail_msg("case %zu: \"%s\" and not \"%s\"", i, cases[i].has, cases[i].lacks);
        g_free(text);
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_snapshot_is_the_screen_with_its_source),
        IN_FOLDER(an_ansi_snapshot_looks_like_the_screen),
        IN_FOLDER(pictures_need_no_terminal),
        IN_FOLDER(the_same_screen_gives_the_same_svg),
        IN_FOLDER(the_picture_in_the_readme_is_of_this_program),
        IN_FOLDER(a_script_ends_in_a_picture),
        IN_FOLDER(what_does_not_go_together_is_refused),
        IN_FOLDER(copying_takes_what_the_cursor_is_on),
        IN_FOLDER(read_only_takes_no_pictures),
        IN_FOLDER(a_png_keeps_nobody_waiting),
        IN_FOLDER(leaving_stops_a_converter),
        IN_FOLDER(copying_goes_through_tmux_and_screen),
        IN_FOLDER(a_recording_plays_to_the_same_screen),
        IN_FOLDER(a_recording_is_sound_after_a_signal),
        IN_FOLDER(a_recording_hands_nothing_on),
        IN_FOLDER(pictures_and_recordings_overwrite_nothing),
        IN_FOLDER(palettes_are_what_was_asked_for),
    };
    return cmocka_run_group_tests_name("explorer's output", tests, NULL, NULL);
}
