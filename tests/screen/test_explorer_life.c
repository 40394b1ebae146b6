/**
 * @file test_explorer_life.c
 * The explorer's life: every way out restores the terminal within a second, whatever is under way, ^Z too;
 * slow solves can be left, cancelled and overtaken.
 */
#include "explorer.h"

#include <signal.h>
#include <unistd.h>

#define LEAVE_MS   1000
#define QUIT_MS    5000 /* by a key, which no watchdog hurries: a look for leaks takes its time */
#define SETTLE_MS  20
#define HELD_KEYS  50
#define SLOW_HOMES "4000"

#define WAITING_TRIES 5
#define IDLE_MINUTES  "0.05"
#define IDLE_MS       3300 /* somewhat more */

/* The program is gone, well or by `signal` and then within a second. */
static void assert_gone(struct pty *pty, int signal, const char *how)
{
    long began = pty_now_ms();
    int most = signal != 0 ? LEAVE_MS : QUIT_MS, status = pty_wait_exit(pty, most);
    if (status == -1)
        fail_msg("%s: still there after %d ms", how, most);
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!well && !(signal != 0 && WIFSIGNALED(status) && WTERMSIG(status) == signal))
        fail_msg("%s: status %x", how, (unsigned)status);
    print_message("%s: gone after %ld ms, status %x\n", how, pty_now_ms() - began, (unsigned)status);
}

/* ---- a solve that takes seconds: some thousand homes, one by one to the optimum --------------------------
 */

static char script_path[] = "/tmp/loadscope-script-XXXXXX", cast_path[64];
static char slow_path[] = "/tmp/loadscope-slow-XXXXXX";

static int write_files(void **state)
{
    static const char script[] = "caption a long tour\nwait 3600\n";
    (void)state;
    char command[256];
    int fd = mkstemp(slow_path), script_fd = mkstemp(script_path);
    if (fd < 0 || script_fd < 0 || write(script_fd, script, sizeof script - 1) < 0)
        return -1;
    close(fd);
    close(script_fd);
    snprintf(cast_path, sizeof cast_path, "%s.cast", script_path);
    snprintf(command, sizeof command, "%s sample --customers " SLOW_HOMES " --days 1 -o %s",
             explorer_program(), slow_path);
    return system(command) == 0 ? 0 : -1;
}

static int remove_files(void **state)
{
    (void)state;
    (void)unlink(cast_path);
    return unlink(slow_path) | unlink(script_path);
}

static struct pty *start_solving(bool under_shell)
{
    const char *argv[] = {explorer_program(),
                          slow_path,
                          "--scenario",
                          LAX,
                          "--engine",
                          "milp",
                          "--set",
                          "behaviour.moves_per_day=10",
                          "--set",
                          "behaviour.shift_window_hours=none",
                          "--set",
                          "behaviour.moves_per_week=none",
                          "--set",
                          "regional.load_shift_percent_limit=none",
                          "--set",
                          "household_minimum.baseline_type=none",
                          "--set",
                          "spike.alpha_percent=5",
                          NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .under_shell = under_shell});
    pty_wait_text(pty, "x cancels");
    assert_row_has(pty, 0, "solving");
    return pty;
}

/* ---- what may be under way ---- */

static struct pty *start_idle(bool under_shell)
{
    return explorer_start(&(struct pty_options){.under_shell = under_shell}, NULL);
}

static struct pty *start_playing(bool under_shell)
{
    const char *argv[] = {explorer_program(), SAMPLE, "--scenario", SCENARIO, "--play", script_path, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .under_shell = under_shell});
    pty_wait_text(pty, "a long tour");
    return pty;
}

static struct pty *start_recording(bool under_shell)
{
    const char *more[] = {"--record", cast_path, NULL};
    (void)unlink(cast_path);
    return explorer_start(&(struct pty_options){.under_shell = under_shell}, more);
}

/* `is_day`: the Day screen stands still; `is_recorded`: what was on the screen stands in whole lines in a
 * file. */
static const struct {
    const char *name;
    struct pty *(*start)(bool under_shell);
    bool takes_q, is_day, is_recorded;
} doings[] = {
    {"at rest", start_idle, true, true, false},
    {"solving", start_solving, true, false, false},
    {"playing", start_playing, false, false, false},
    {"recording", start_recording, true, true, true},
};
#define DOINGS (sizeof doings / sizeof *doings)

static void assert_recorded(void)
{
    char last[3] = "";
    FILE *file = fopen(cast_path, "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, -2, SEEK_END), 0);
    assert_int_equal(fread(last, 1, 2, file), 2);
    fclose(file);
    assert_string_equal(last, "]\n");
}

static void every_way_out(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int signal;
        const char *key;
    } ways[] = {{"SIGTERM", SIGTERM, NULL},
                {"SIGHUP", SIGHUP, NULL},
                {"SIGINT", SIGINT, NULL},
                {"SIGQUIT", SIGQUIT, NULL},
                {"SIGSEGV", SIGSEGV, NULL},
                {"SIGABRT", SIGABRT, NULL},
                {"q", 0, "q"},
                {"^C", 0, "\003"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (size_t d = 0; d < DOINGS; d++) {
            char how[64];
            if (ways[i].key && ways[i].key[0] == 'q' && !doings[d].takes_q)
                continue;
            struct pty *pty = doings[d].start(false);
            assert_true(pty_alternate(pty));
            assert_false(pty_is_restored(pty));
            if (ways[i].key)
                pty_send(pty, ways[i].key, 1);
            else
                pty_signal(pty, ways[i].signal);
            snprintf(how, sizeof how, "%s, %s", ways[i].name, doings[d].name);
            assert_gone(pty, ways[i].signal, how);
            assert_true(pty_is_restored(pty));
            pty_stop(pty);
            if (doings[d].is_recorded)
                assert_recorded();
        }
}

static struct pty *start_idling(bool under_shell)
{
    static const char *const more[] = {"--idle-timeout", IDLE_MINUTES, NULL};
    return explorer_start(&(struct pty_options){.under_shell = under_shell}, more);
}

/* The time for which it was stopped is not one without keys: whoever brings it back is there. */
static void a_long_stop_does_not_end_it(void **state)
{
    char before[PTY_LINE];
    struct pty *pty = start_idling(true);
    (void)state;
    pty_line(pty, 1, before);
    pty_send(pty, "\032", 0);
    pty_wait_text(pty, "stopped");
    pty_feed(pty, "\033[H\033[2J", 7);
    pty_read_for(pty, IDLE_MS);
    pty_send(pty, "\n", 0);
    pty_wait_text(pty, before);
    pty_send(pty, "\003", 0);
    assert_gone(pty, 0, "idle while stopped");
    assert_lacks(pty, "left after");
    pty_stop(pty);
}

/* ^Z gives the terminal back as it was; a line typed to the shell brings the screen back as that was. */
static void it_stops_and_goes_on(void **state)
{
    (void)state;
    for (size_t d = 0; d < DOINGS; d++) {
        char before[PTY_LINE];
        struct pty *pty = doings[d].start(true);
        pty_line(pty, 1, before);
        for (int i = 0; i < 2; i++) {
            pty_send(pty, "\032", 0);
            pty_wait_text(pty, "stopped");
            if (!pty_is_restored(pty))
                fail_msg("%s: the terminal was not restored by ^Z", doings[d].name);
            pty_feed(pty, "\033[H\033[2J", 7); /* or the next "stopped" would be there already */
            pty_send(pty, "\n", 0);
            pty_wait_text(pty, before);
            assert_true(pty_alternate(pty) && !pty_is_restored(pty));
            assert_true(pty_mode(pty, 1000) && pty_mode(pty, 2004));
            pty_read_for(pty, SETTLE_MS);
            if (doings[d].is_day)
                pty_check_screen(pty, "explorer_day_80x24");
        }
        pty_send(pty, "\003", 0);
        assert_gone(pty, 0, doings[d].name);
        assert_true(pty_is_restored(pty));
        pty_stop(pty);
    }
}

static void a_closed_terminal_ends_it(void **state)
{
    (void)state;
    for (size_t d = 0; d < DOINGS; d++) {
        char how[64];
        struct pty *pty = doings[d].start(false);
        pty_hang_up(pty);
        snprintf(how, sizeof how, "closed, %s", doings[d].name);
        assert_gone(pty, SIGHUP, how);
        pty_stop(pty);
        if (doings[d].is_recorded)
            assert_recorded();
    }
}

static void a_slow_solve_is_cancelled(void **state)
{
    (void)state;
    struct pty *pty = start_solving(false);
    pty_send(pty, "x", 1);
    long began = pty_now_ms();
    pty_wait(pty);
    print_message("cancelled after %ld ms\n", pty_now_ms() - began);
    assert_in_range(pty_now_ms() - began, 0, LEAVE_MS);
    assert_row_has(pty, 23, "cancelled after ");
    pty_press(pty, "Down");
    assert_row_has(pty, 0, "delhi  Mon 2022-05-02");
    assert_row_has(pty, 0, "milp, stopped at ");
    pty_press(pty, "a");
    assert_row_has(pty, 23, "the solve was stopped");
    pty_press(pty, "x");
    assert_row_has(pty, 23, "nothing is being solved");
    explorer_leave(pty);
}

/* With one move a day a solve is quick, and without that limit it is slow; the two limits before are off. */
static void a_slow_study_is_stopped(void **state)
{
    static const char quick[] = ":set behaviour.moves_per_day=1\r";
    (void)state;
    struct pty *pty = start_solving(false);
    pty_send(pty, quick, sizeof quick - 1);
    pty_wait(pty);
    pty_send(pty, "w", 1);
    pty_wait_text(pty, "2 of 9 solved");
    pty_send_key(pty, "End");
    pty_send(pty, "x", 1);
    pty_wait(pty);
    assert_row_has(pty, 23, "stopped after 2 of 9 limits; x solves them anew");
    assert_cursor(pty, 5, 0); /* on the last there is */
    pty_press(pty, "Up");
    assert_row_has(pty, 3, "2 of 9 solved");
    explorer_leave(pty);
}

/* Also when it has not begun because the one before it is still giving way. */
static void a_waiting_solve_is_cancelled(void **state)
{
    (void)state;
    for (int i = 0; i < WAITING_TRIES; i++) {
        struct pty *pty = start_solving(false);
        pty_send(pty, "]x", 2);
        long began = pty_now_ms();
        pty_wait(pty);
        assert_in_range(pty_now_ms() - began, 0, LEAVE_MS);
        assert_row_has(pty, 23, "cancelled after ");
        explorer_leave(pty);
    }
}

/* A slow solve does not stand in the way of another day, engine or limit. */
static void a_slow_solve_is_overtaken(void **state)
{
    (void)state;
    char line[PTY_LINE];
    struct pty *pty = start_solving(false);
    pty_send(pty, "4", 1); /* the screen follows meanwhile */
    pty_wait_text(pty, "[4 Moves]");
    pty_send(pty, "2", 1);
    pty_wait_text(pty, "[2 Day]");
    pty_send(pty, ":engine greedy\r", 15);
    long began = pty_now_ms();
    pty_wait(pty);
    print_message("overtaken after %ld ms\n", pty_now_ms() - began);
    assert_in_range(pty_now_ms() - began, 0, LEAVE_MS);
    assert_non_null(strstr(pty_line(pty, 0, line), "greedy"));
    assert_true(explorer_total(pty, "marginal") > 0);
    explorer_leave(pty);
}

/* What is shown meanwhile is called by its day. */
static void a_slow_day_says_what_is_shown(void **state)
{
    (void)state;
    struct pty *pty = start_solving(false);
    pty_send(pty, ":engine greedy\r", 15);
    pty_wait(pty);
    pty_send(pty, ":engine milp\r", 13);
    pty_wait_text(pty, "x cancels; shown: the limits before");
    pty_send(pty, ":city mumbai\r", 13);
    pty_wait_text(pty, "x cancels; shown: delhi Mon 2022-05-02");
    pty_send(pty, "q", 1);
    assert_gone(pty, 0, "q");
    pty_stop(pty);
}

/* While a city is solved the title counts its homes, and not those of the picture from before. */
static void a_slow_title_is_of_its_city(void **state)
{
    (void)state;
    char line[PTY_LINE], delhi[64];
    struct pty *pty = start_solving(false);
    pty_send(pty, ":engine greedy\r", 15);
    pty_wait(pty);
    const char *homes = strstr(pty_line(pty, 0, line), "delhi");
    assert_non_null(homes);
    snprintf(delhi, sizeof delhi, "%.*s", (int)(strstr(homes, " homes") - homes), homes);
    explorer_command(pty, "city mumbai");
    assert_lacks(pty, strrchr(delhi, ' '));
    pty_send(pty, ":engine milp\r", 13);
    pty_wait_text(pty, "x cancels");
    pty_send(pty, ":city delhi\r", 12);
    pty_wait_text(pty, "delhi");
    assert_row_has(pty, 0, delhi);
    pty_send(pty, "q", 1);
    assert_gone(pty, 0, "q");
    pty_stop(pty);
}

/* Of a key that is held down the last value counts: the same totals as that value typed. */
static void the_latest_wins(void **state)
{
    (void)state;
    static const char *const engines[] = {"greedy", "milp"};
    for (size_t e = 0; e < sizeof engines / sizeof *engines; e++) {
        static const char *const labels[] = {"marginal", "average", "moved", "of the day"};
        const char *more[] = {"--engine", engines[e], NULL};
        char value[64], line[128];
        double total[4];
        struct pty *pty = explorer_start(NULL, more);
        pty_press(pty, "Down");
        double before = strtod(explorer_value(pty, "Anti-spike", value), NULL);
        for (int i = 0; i < HELD_KEYS; i++)
            pty_send(pty, "]", 1);
        pty_wait(pty);
        double after = strtod(explorer_value(pty, "Anti-spike", value), NULL);
        assert_true(after >= before + HELD_KEYS);
        assert_int_equal(explorer_mark(pty, "Anti-spike"),
                         '*'); /* and not '~': the picture is of this value */
        for (int i = 0; i < 4; i++)
            total[i] = explorer_total(pty, labels[i]);
        explorer_leave(pty);
        snprintf(line, sizeof line, "spike.alpha_percent=%g", after);
        const char *direct[] = {"--engine", engines[e], "--set", line, NULL};
        pty = explorer_start(NULL, direct);
        for (int i = 0; i < 4; i++)
            assert_true(explorer_total(pty, labels[i]) == total[i]);
        explorer_leave(pty);
    }
}

/* Data come by standard input, keys by the terminal. */
static void data_from_standard_input(void **state)
{
    (void)state;
    const char *argv[] = {explorer_program(), "-", "--scenario", SCENARIO, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .stdin_path = SAMPLE});
    pty_wait(pty);
    assert_has(pty, "marginal      1.84 kg");
    PRESS(pty, "n", "3");
    assert_row_has(pty, 0, "Tue 2022-05-03");
    assert_row_has(pty, 1, "[3 Customers]");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_out),
        cmocka_unit_test(it_stops_and_goes_on),
        cmocka_unit_test(a_long_stop_does_not_end_it),
        cmocka_unit_test(a_closed_terminal_ends_it),
        cmocka_unit_test(a_slow_solve_is_cancelled),
        cmocka_unit_test(a_slow_day_says_what_is_shown),
        cmocka_unit_test(a_slow_study_is_stopped),
        cmocka_unit_test(a_waiting_solve_is_cancelled),
        cmocka_unit_test(a_slow_solve_is_overtaken),
        cmocka_unit_test(a_slow_title_is_of_its_city),
        cmocka_unit_test(the_latest_wins),
        cmocka_unit_test(data_from_standard_input),
    };
    return cmocka_run_group_tests_name("explorer's life", tests, write_files, remove_files);
}
