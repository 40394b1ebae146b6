/**
 * @file test_explorer_script.c
 * Scripts at play, watched or not, and logs: what is in them, and that they replay to the same screen.
 */
#include "explorer_session.h"

#include "base/random.h"

#define RANDOM_KEYS 400

static char log_path[128];

static int make_log(void **state)
{
    int status = make_folder(state);
    snprintf(log_path, sizeof log_path, "%s/log", folder);
    return status;
}

/* ---- scripts ---- */

/* Keys are not the only sign of somebody. */
static void a_paste_and_the_mouse_pause(void **state)
{
    static const char *const signs[] = {"\033[200~some text\033[201~", "\033[<0;40;1M", "\033[<65;40;9M"};
    (void)state;
    write_file(script_path, "caption a tour\nwait 600\n");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const char *argv[] = {explorer_program(), SAMPLE,      "--scenario", SCENARIO,
                              "--play",           script_path, NULL};
        struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
        pty_wait_text(pty, "a tour");
        pty_send(pty, signs[i], 1);
        pty_wait_text(pty, "paused: Space goes on");
        pty_press(pty, "q");
        explorer_leave(pty);
    }
}

static void a_script_plays_and_pauses(void **state)
{
    char value[64];
    (void)state;
    write_file(script_path, "caption Tuning the peak\nset peak.reduction_limit_percent=40\nwait 600\n"
                            "caption And looking\ncustomers\nwait 600\nday-view\n");
    const char *const more[] = {"--play", script_path, NULL};
    const char *argv[] = {explorer_program(), SAMPLE, "--scenario", SCENARIO, more[0], more[1], NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait_text(pty, "40 %");
    assert_row_has(pty, 22, " Tuning the peak");
    pty_send(pty, "]", 1); /* any key */
    pty_wait(pty);
    assert_row_has(pty, 23, "paused: Space goes on");
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "40 %");
    pty_press(pty, "]");
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "40 %");
    pty_press(pty, "q"); /* the keys are the user's again */
    assert_lacks(pty, "Tuning");
    assert_lacks(pty, "paused");
    pty_press(pty, "]");
    assert_string_not_equal(explorer_value(pty, "Peak comfort", value), "40 %");
    explorer_leave(pty);
}

static void a_script_goes_on_after_a_pause(void **state)
{
    (void)state;
    write_file(script_path, "caption one\nwait 3\nmoves\ncaption two\nkey Down\nwait 0.01\n");
    const char *argv[] = {explorer_program(), SAMPLE, "--scenario", SCENARIO, "--play", script_path, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait_text(pty, "one");
    pty_send(pty, "x", 1);
    pty_wait(pty);
    assert_has(pty, "paused");
    pty_send(pty, " ", 1);
    pty_wait(pty); /* until the script is over */
    assert_row_has(pty, 1, "[4 Moves]");
    assert_lacks(pty, "two");
    assert_cursor(pty, 4, 0);
    explorer_leave(pty);
}

/* Each step is looked at only when its answer is there, so the last screen is always the same. */
static void a_script_waits_for_answers(void **state)
{
    char direct[ROWS][PTY_LINE], played[ROWS][PTY_LINE];
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "engine milp");
    PRESS(pty, "n", "4", "Enter");
    read_screen(pty, direct);
    explorer_leave(pty);
    write_file(script_path, "engine milp\nnext-day\nmoves\nopen\n");
    pty = play(script_path, NULL);
    read_screen(pty, played);
    assert_same_screen(direct, played);
    explorer_leave(pty);
}

static void a_wrong_script_is_refused_at_once(void **state)
{
    (void)state;
    write_file(script_path, "# a tour\nmore\n\ncustomer nobody\n");
    const char *argv[] = {explorer_program(), SAMPLE, "--play", script_path, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .cols = 120});
    int status = pty_wait_exit(pty, 5000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    char expected[256];
    snprintf(expected, sizeof expected, "%s:4: no customer 'nobody'", script_path);
    assert_row_has(pty, 0, expected);
    pty_stop(pty);
}

static void without_a_terminal_the_last_screen_is_printed(void **state)
{
    static char text[65536];
    char arguments[256], line[PTY_LINE];
    (void)state;
    write_file(script_path, "caption long\nwait 3600\nparameters\nkey 2\nkey Esc\nmore\nmore\ncustomers\n");
    struct pty *pty = explorer_open();
    PRESS(pty, "8", "2", "Esc", "]", "]", "3");
    snprintf(arguments, sizeof arguments, "--play %s", script_path);
    setenv("LC_ALL", "C.UTF-8", 1);
    char *at = run_piped(arguments, 0, text, sizeof text);
    for (int row = 0; row < ROWS; row++) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        *end = '\0';
        if (row > 0)
            assert_string_equal(pty_line(pty, row, line), at);
        at = end + 1;
    }
    explorer_leave(pty);
}

/* What can only be known when it is run is told by its line, and what comes behind is not done. */
static void a_line_that_fails_ends_a_script_that_nobody_watches(void **state)
{
    static char text[65536];
    char arguments[400], expected[300], script[400];
    (void)state;
    snprintf(script, sizeof script, "# days\n\nkey Enter\nkey x\nday 1999-01-01\nlog! %s\n", log_path);
    write_file(script_path, script);
    (void)unlink(log_path);
    snprintf(expected, sizeof expected, "%s:5: no readings on '1999-01-01'; days run from", script_path);
    for (int i = 0; i < 2; i++) {
        int length = snprintf(arguments, sizeof arguments, "--play %s", script_path);
        if (i == 1)
            snprintf(arguments + length, sizeof arguments - (size_t)length, " --snapshot %s/no.txt", folder);
        run_piped(arguments, 2, text, sizeof text);
        assert_non_null(strstr(text, expected));
        assert_null(strstr(text, "[2 Day]"));
    }
    assert_int_not_equal(access(log_path, F_OK), 0);
}

/* Where nobody watches, nobody can be missed: the answer is waited for. */
static void a_picture_is_not_left_half_done(void **state)
{
    static char text[65536];
    (void)state;
    write_file(script_path, "engine milp\nset run.solver=glpk\nmoves\n");
    char arguments[256];
    snprintf(arguments, sizeof arguments, "--idle-timeout 0.000001 --play %s", script_path);
    run_piped(arguments, 0, text, sizeof text);
    assert_non_null(strstr(text, "[4 Moves]"));
    assert_null(strstr(text, "left after"));
}

/* ---- logs ---- */

static void press_at_random(struct pty *pty, uint32_t seed)
{
    static const char *const keys[] = {"Up",        "Down",   "Left",  "Right", "Home", "End",
                                       "PgUp",      "PgDn",   "Enter", "Esc",   "Tab",  "BackTab",
                                       "Backspace", "Delete", "^R",    "^U",    "^W"};
    static const char letters[] = "12347[]{}[]rnpCeWwxhjklgGsSLmu/uU?0123456789.- abdi\";";
    size_t n_keys = sizeof keys / sizeof *keys, n_letters = sizeof letters - 1;
    struct ls_random draws = ls_random_seed(seed, "keys", 0);
    for (int i = 0; i < RANDOM_KEYS; i++) {
        size_t k = ls_random_below(&draws, n_keys + 2 * n_letters);
        char letter[2] = {k < n_keys ? ' ' : letters[(k - n_keys) % n_letters], '\0'};
        if (k % 31 == 0)
            pty_press(pty, "8");
        else
            pty_press(pty, k < n_keys ? keys[k] : letter);
    }
    PRESS(pty, "Esc", "Esc", "2"); /* out of prompt and form */
}

static void click_about(struct pty *pty)
{
    explorer_click(pty, 0, 5, 4);
    pty_press(pty, "[");
    explorer_click(pty, 0, 8, AXIS_COL + 20);
    explorer_click(pty, 0, 1, 20);
    explorer_click(pty, 65, 10, 40);
    explorer_click(pty, 0, 9, 10);
}

/* Leaves a session, and has its log lead to the same screen. */
static void assert_replays(struct pty *pty)
{
    char line[256], lived[ROWS][PTY_LINE], played[ROWS][PTY_LINE];
    read_screen(pty, lived);
    snprintf(line, sizeof line, "log! %s", log_path);
    explorer_command(pty, line);
    assert_has(pty, "--play replays them");
    explorer_leave(pty);
    pty = play(log_path, NULL);
    pty_wait(pty);
    read_screen(pty, played);
    assert_same_screen(lived, played);
    explorer_leave(pty);
}

/* The commands of a session, logged where it stands, without the remarks. */
static void read_log(struct pty *pty, char *out, size_t size)
{
    char line[256];
    snprintf(line, sizeof line, "log! %s", log_path);
    explorer_command(pty, line);
    assert_has(pty, "--play replays them");
    FILE *file = fopen(log_path, "r");
    assert_non_null(file);
    out[0] = '\0';
    for (size_t used = 0; fgets(line, sizeof line, file) != NULL && used < size;)
        if (line[0] != '#')
            used += (size_t)snprintf(out + used, size - used, "%s", line);
    assert_int_equal(fclose(file), 0);
}

/* Values of the command line, its view and what undo leads to are where a log begins. */
static void a_log_begins_where_the_session_did(void **state)
{
    static const char *const more[] = {"--engine",        "milp",  "--set",
                                       "run.solver=glpk", "--set", "peak.reduction_limit_percent=40",
                                       "--view",          "moves", NULL};
    char log[1024];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pty *pty = explorer_start(NULL, more);
        if (i == 0) {
            read_log(pty, log, sizeof log);
            assert_string_equal(log, "set run.engine=milp\nset run.solver=glpk\n"
                                     "set peak.reduction_limit_percent=40\nbegin\ncity delhi\nday " FIRST_DAY
                                     "\nview Moves\n");
        } else {
            PRESS(pty, "Down", "Enter", "2", "]", "r", "u", "u", "u");
        }
        assert_replays(pty);
    }
}

static void a_log_replays_to_the_same_screen(void **state)
{
    static const char *const slow[] = {"--engine", "milp", "--solver", "glpk", "--view", "customers", NULL};
    (void)state;
    for (uint32_t seed = 1; seed <= 4; seed++) {
        struct pty *pty = explorer_start(NULL, seed == 3 ? slow : NULL);
        if (seed == 1)
            click_about(pty);
        press_at_random(pty, seed);
        PRESS(pty, seed % 2 == 0 ? "2" : "3", "Down");
        assert_replays(pty);
    }
}

static void paste(struct pty *pty, const char *text)
{
    char bytes[1024];
    snprintf(bytes, sizeof bytes, "\033[200~%s\033[201~", text);
    pty_send(pty, bytes, 1);
    pty_wait(pty);
}

/* Blanks around a text count, a line may be longer than any value, and what comes before a fault is taken. */
static void a_paste_replays(void **state)
{
    static const char *const texts[] = {"   ", "3  ", " 2", "3x", "2\tx\001\nq"};
    char text[600];
    (void)state;
    memset(text, '1', sizeof text);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i <= sizeof texts / sizeof *texts; i++) {
        struct pty *pty = explorer_open();
        pty_press(pty, "8");
        paste(pty, i < sizeof texts / sizeof *texts ? texts[i] : text);
        pty_press(pty, "Esc");
        assert_replays(pty);
    }
}

/* While an answer is on its way, keys that pick from one either wait for it or are refused. GLPK on every
 * turn makes the solves last. */
static void keys_during_a_solve_replay(void **state)
{
    static const char *const picks[] = {"4jjjj\r", "3w", "2:customer 60000005623\r", "4jjjjw"};
    (void)state;
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
        char keys[128];
        struct pty *pty = explorer_open();
        explorer_command(pty, "set run.solver=glpk");
        explorer_command(pty, "set behaviour.moves_per_day=1");
        pty_press(pty, "4");
        explorer_command(pty, "sort kWh");
        int length =
            snprintf(keys, sizeof keys, ":set behaviour.moves_per_day=6\r:engine milp\r%s", picks[i]);
        pty_send(pty, keys, length);
        pty_wait(pty);
        assert_replays(pty);
    }
}

static void a_log_holds_what_can_be_done_again(void **state)
{
    char log[1024], line[128];
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "x", "1", "x", "]");
    snprintf(line, sizeof line, "save %s/scenario.ini", folder);
    explorer_command(pty, line);
    PRESS(pty, "]", "r");
    read_log(pty, log, sizeof log);
    assert_string_equal(log, "city delhi\nday " FIRST_DAY "\ndays\ncancel\nmore\nmore\n"
                             "set peak.reduction_limit_percent=30\n");
    explorer_leave(pty);
}

static void a_file_that_is_there_is_kept(void **state)
{
    char path[160], line[200], text[8] = "";
    (void)state;
    struct pty *pty = explorer_open();
    snprintf(path, sizeof path, "%s/mine", folder);
    write_file(path, "mine");
    snprintf(line, sizeof line, "log %s", path);
    explorer_command(pty, line);
    assert_has(pty, "is there already");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "mine");
    explorer_command(pty, "log /nowhere/x");
    assert_has(pty, " /nowhere/x: cannot write: No such file or directory");
    snprintf(line, sizeof line, "log! %s", path);
    explorer_command(pty, line);
    assert_has(pty, "--play replays them");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paste_and_the_mouse_pause),
        cmocka_unit_test(a_script_plays_and_pauses),
        cmocka_unit_test(a_script_goes_on_after_a_pause),
        cmocka_unit_test(a_script_waits_for_answers),
        cmocka_unit_test(a_wrong_script_is_refused_at_once),
        cmocka_unit_test(without_a_terminal_the_last_screen_is_printed),
        cmocka_unit_test(a_line_that_fails_ends_a_script_that_nobody_watches),
        cmocka_unit_test(a_picture_is_not_left_half_done),
        cmocka_unit_test(a_log_begins_where_the_session_did),
        cmocka_unit_test(a_log_replays_to_the_same_screen),
        cmocka_unit_test(a_paste_replays),
        cmocka_unit_test(keys_during_a_solve_replay),
        cmocka_unit_test(a_log_holds_what_can_be_done_again),
        cmocka_unit_test(a_file_that_is_there_is_kept),
    };
    return cmocka_run_group_tests_name("explorer's scripts", tests, make_log, remove_folder);
}
