/**
 * @file test_explorer_session.c
 * A session of the explorer: completion and history of the `:` line, undo, the user's settings, and what
 * read-only and pseudonyms keep back.
 */
#include "explorer_session.h"

static char state_home[128], config_home[128];

static int make_folders(void **state)
{
    char path[256];
    if (make_folder(state) != 0)
        return -1;
    snprintf(state_home, sizeof state_home, "XDG_STATE_HOME=%s/state", folder);
    snprintf(config_home, sizeof config_home, "XDG_CONFIG_HOME=%s", folder);
    snprintf(path, sizeof path, "%s/loadscope", folder);
    return mkdir(path, 0700);
}

/* ---- the line ---- */

static void tab_completes(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    PRESS(pty, ":", "c", "u", "Tab");
    assert_row_has(pty, 23, ":customers");
    assert_row_has(pty, 23, " customer"); /* the other one, as a hint */
    pty_press(pty, "Tab");
    pty_press(pty, "BackTab");
    assert_row_has(pty, 23, ":customers");
    PRESS(pty, "^U");
    pty_type(pty, "eng");
    pty_press(pty, "Tab");
    PRESS(pty, "m", "Tab", "Enter");
    assert_row_has(pty, 0, "milp");
    PRESS(pty, ":");
    pty_type(pty, "set spike.al");
    PRESS(pty, "Tab");
    assert_row_has(pty, 23, ":set spike.alpha_percent=");
    PRESS(pty, "Tab"); /* the value it has */
    assert_row_has(pty, 23, ":set spike.alpha_percent=25");
    PRESS(pty, "^U");
    pty_type(pty, "city m");
    PRESS(pty, "Tab", "Enter");
    assert_row_has(pty, 0, "mumbai");
    PRESS(pty, ":");
    pty_type(pty, "day 2022-05-1");
    PRESS(pty, "Tab", "Tab", "Enter");
    assert_row_has(pty, 0, "2022-05-11");
    PRESS(pty, ":");
    pty_type(pty, "load sample_data/re");
    PRESS(pty, "Tab");
    assert_row_has(pty, 23, ":load sample_data/re");
    assert_row_has(pty, 23, "sample_data/restricted.ini");
    PRESS(pty, "^U");
    pty_type(pty, "zzz");
    PRESS(pty, "Tab");
    assert_row_has(pty, 23, "nothing completes this");
    PRESS(pty, "Esc");
    explorer_leave(pty);
}

static void typed_lines_come_back(void **state)
{
    const char *env[] = {state_home, NULL};
    struct pty *pty = explorer_start(&(struct pty_options){.env = env}, NULL);
    (void)state;
    explorer_command(pty, "engine milp");
    explorer_command(pty, "engine greedy");
    explorer_leave(pty);
    pty = explorer_start(&(struct pty_options){.env = env}, NULL);
    PRESS(pty, ":", "Up");
    assert_row_has(pty, 23, ":engine greedy");
    PRESS(pty, "Up");
    assert_row_has(pty, 23, ":engine milp");
    PRESS(pty, "Down", "Down");
    assert_string_equal(pty_cell(pty, 23, 1).text, " ");
    PRESS(pty, "Up", "Up", "Enter");
    assert_row_has(pty, 0, "milp");
    explorer_leave(pty);
}

/* The history is the user's: a script adds nothing to it. */
static void a_script_types_no_history(void **state)
{
    const char *env[] = {state_home, NULL};
    struct pty *pty = explorer_start(&(struct pty_options){.env = env}, NULL);
    (void)state;
    explorer_command(pty, "engine greedy");
    explorer_leave(pty);
    write_file(script_path, "key :\npaste engine lp\nkey Enter\n");
    pty = play(script_path, env);
    assert_row_has(pty, 0, "lp");
    PRESS(pty, ":", "Up");
    assert_row_has(pty, 23, ":engine greedy");
    PRESS(pty, "Esc");
    explorer_leave(pty);
}

/* ---- undo ---- */

static void undo_and_redo(void **state)
{
    char value[64], first[ROWS][PTY_LINE], now[ROWS][PTY_LINE];
    struct pty *pty = explorer_open();
    (void)state;
    read_screen(pty, first);
    assert_lacks(pty, "undo");
    pty_press(pty, "u");
    assert_row_has(pty, 23, "nothing to undo");
    pty_send(pty, "]]]", 3); /* one step, however long each takes */
    pty_wait(pty);
    assert_row_has(pty, 1, "undo 1");
    PRESS(pty, "Down", "]");
    assert_row_has(pty, 1, "undo 2");
    explorer_command(pty, "set run.engine=lp");
    assert_row_has(pty, 1, "undo 3");
    PRESS(pty, "u", "u");
    assert_row_has(pty, 1, "undo 1");
    assert_row_has(pty, 23, "undone: Anti-spike");
    pty_press(pty, "u");
    assert_lacks(pty, "undo 1");
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "25 %");
    PRESS(pty, "Up");
    read_screen(pty, now);
    assert_same_screen(first, now);
    PRESS(pty, "^R", "^R", "^R", "^R");
    assert_row_has(pty, 23, "nothing to redo");
    assert_row_has(pty, 1, "undo 3");
    assert_row_has(pty, 0, "lp");
    PRESS(pty, "u", "u", "r"); /* another way from there */
    pty_press(pty, "U");
    assert_row_has(pty, 23, "nothing to redo");
    explorer_leave(pty);
}

/* A typed value is one step, one given up is none; the form's fields are steps. */
static void steps_of_typing(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "Enter", "6", "0", "Esc");
    assert_lacks(pty, "undo");
    PRESS(pty, "Enter", "6", "0", "Enter");
    assert_row_has(pty, 1, "undo 1");
    PRESS(pty, "8", "2", "Esc");
    assert_row_has(pty, 1, "undo 2");
    PRESS(pty, "u", "u");
    assert_lacks(pty, "undo 1");
    explorer_leave(pty);
}

/* The answer is there with the key: milp on the sample takes far longer than greedy, and is not solved again.
 */
static void undo_does_not_solve(void **state)
{
    char line[PTY_LINE], before[PTY_LINE];
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "set run.solver=glpk");
    explorer_command(pty, "engine milp");
    pty_line(pty, 0, before); /* with the time that it took */
    PRESS(pty, "[");
    pty_press(pty, "u");
    assert_string_equal(pty_line(pty, 0, line), before);
    PRESS(pty, "U", "u");
    assert_string_equal(pty_line(pty, 0, line), before);
    explorer_leave(pty);
}

/* ---- read-only, pseudonyms, settings, idleness ---- */

static void read_only_refuses_at_the_table(void **state)
{
    static const char *const lines[] = {"save", "save /tmp/x", "load " SCENARIO, "log /tmp/x", "load"};
    const char *const more[] = {"--read-only", NULL};
    const char *env[] = {state_home, config_home, NULL};
    char path[256];
    struct stat before, after;
    (void)state;
    snprintf(path, sizeof path, "%s/loadscope/settings.ini", folder);
    write_file(path, "ascii = yes\nwrong\n");
    snprintf(path, sizeof path, "%s/state/loadscope/history", folder);
    bool had = stat(path, &before) == 0;
    struct pty *pty = explorer_start(&(struct pty_options){.env = env}, more);
    assert_true(pty_saw_8bit(pty)); /* the settings were not read */
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        explorer_command(pty, lines[i]);
        assert_row_has(pty, 23, "read-only: :");
    }
    pty_press(pty, "^S");
    assert_row_has(pty, 23, "read-only: :save would write a file");
    PRESS(pty, ":");
    pty_type(pty, "load /");
    pty_press(pty, "Tab");
    assert_row_has(pty, 23, "nothing completes this");
    PRESS(pty, "^U", "Up"); /* none of earlier sessions; the first typed here */
    for (int i = 0; i < 10; i++)
        pty_press(pty, "Up");
    assert_row_has(pty, 23, ":save");
    pty_press(pty, "Esc");
    explorer_leave(pty);
    assert_int_equal(stat(path, &after) == 0, had);
    if (had)
        assert_int_equal(before.st_size, after.st_size);
    write_file(script_path, "more\nsave /tmp/x\n");
    const char *argv[] = {explorer_program(), SAMPLE, "--read-only", "--play", script_path, NULL};
    pty = pty_start(&(struct pty_options){.argv = argv, .cols = 120});
    assert_int_equal(WEXITSTATUS(pty_wait_exit(pty, 5000)), 2);
    assert_has(pty, ":2: read-only: :save would write a file");
    pty_stop(pty);
}

static void pseudonyms_everywhere(void **state)
{
    static char text[65536];
    const char *const more[] = {"--pseudonyms", NULL};
    struct pty *pty = explorer_start(NULL, more);
    (void)state;
    PRESS(pty, "3");
    assert_has(pty, "H0010");
    explorer_command(pty, "sort customer");
    assert_row_has(pty, 3, "H0001");
    assert_row_has(pty, 4, "H0002");
    PRESS(pty, "Home", "y", "/", "3", "6", "Enter");
    assert_row_has(pty, 3, "H0036");
    pty_press(pty, "Enter");
    assert_row_has(pty, 2, "H0036");
    explorer_command(pty, "customer 60000005623");
    assert_row_has(pty, 23, "no customer '60000005623'");
    explorer_command(pty, "customer H0002");
    assert_row_has(pty, 2, "H0002");
    PRESS(pty, "4");
    assert_has(pty, "H00");
    assert_lacks(pty, "6000000");
    PRESS(pty, "7");
    assert_lacks(pty, "6000000");
    explorer_leave(pty);
    /* Nor do lines typed in another session. */
    const char *env[] = {state_home, NULL};
    pty = explorer_start(&(struct pty_options){.env = env}, NULL);
    explorer_command(pty, "customer 60000005623");
    explorer_leave(pty);
    pty = explorer_start(&(struct pty_options){.env = env}, more);
    PRESS(pty, ":", "Up");
    assert_lacks(pty, "6000000");
    PRESS(pty, "Esc");
    explorer_leave(pty);
    run_piped("--pseudonyms --plain", 0, text, sizeof text);
    assert_non_null(strstr(text, "H00"));
    assert_null(strstr(text, "6000000"));
    run_piped("--plain", 0, text, sizeof text);
    assert_non_null(strstr(text, "6000000")); /* or the above would say nothing */
}

static void settings_count_until_the_command_line_does(void **state)
{
    const char *env[] = {config_home, NULL};
    const char *const unread[] = {"--no-settings", NULL};
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s/loadscope/settings.ini", folder);
    write_file(path, "# mine\nascii = yes\nmouse = no\nidle_timout = 3\n");
    struct pty *pty = explorer_start(&(struct pty_options){.env = env, .cols = 160}, NULL);
    assert_false(pty_saw_8bit(pty));
    assert_false(pty_mode(pty, 1000));
    assert_row_has(pty, 23, "settings.ini:4: no setting 'idle_timout'; did you mean idle_timeout?");
    pty_press(pty, "Down");
    assert_lacks(pty, "settings.ini");
    explorer_leave(pty);
    pty = explorer_start(&(struct pty_options){.env = env}, unread);
    assert_true(pty_saw_8bit(pty));
    assert_true(pty_mode(pty, 1000));
    explorer_leave(pty);
    write_file(path, "idle_timeout = 0.002\n");
    const char *const stay[] = {"--idle-timeout", "0", NULL};
    pty = explorer_start(&(struct pty_options){.env = env}, stay);
    assert_int_equal(pty_wait_exit(pty, 300), -1);
    explorer_leave(pty);
}

static void it_leaves_when_nobody_is_there(void **state)
{
    const char *argv[] = {explorer_program(), SAMPLE, "--idle-timeout", "0.01", NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    (void)state;
    int status = pty_wait_exit(pty, 5000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(pty_is_restored(pty));
    assert_has(pty, "loadscope: left after 0.01 minutes without a key");
    pty_stop(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tab_completes),
        cmocka_unit_test(typed_lines_come_back),
        cmocka_unit_test(a_script_types_no_history),
        cmocka_unit_test(undo_and_redo),
        cmocka_unit_test(steps_of_typing),
        cmocka_unit_test(undo_does_not_solve),
        cmocka_unit_test(read_only_refuses_at_the_table),
        cmocka_unit_test(pseudonyms_everywhere),
        cmocka_unit_test(settings_count_until_the_command_line_does),
        cmocka_unit_test(it_leaves_when_nobody_is_there),
    };
    return cmocka_run_group_tests_name("explorer's session", tests, make_folders, remove_folder);
}
