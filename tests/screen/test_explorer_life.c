/**
 * @file test_explorer_life.c
 * The explorer's life: every way out restores the terminal within a second, slow solves can be left,
 * cancelled and overtaken, and neither sizes nor keys at random bring it down.
 */
#include "explorer.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define LEAVE_MS    1000
#define HELD_KEYS   50
#define SIZES       200
#define RANDOM_KEYS 2000
#define SLOW_HOMES  "4000"

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* The program is gone within a second, well or by `signal`, and the terminal is as it was. */
static void assert_gone(struct pty *pty, int signal, const char *how)
{
    long began = now_ms();
    int status = pty_wait_exit(pty, LEAVE_MS);
    if (status == -1)
        fail_msg("%s: still there after %d ms", how, LEAVE_MS);
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!well && !(signal != 0 && WIFSIGNALED(status) && WTERMSIG(status) == signal))
        fail_msg("%s: status %x", how, (unsigned)status);
    print_message("%s: gone after %ld ms, status %x\n", how, now_ms() - began, (unsigned)status);
}

/* ---- a solve that takes seconds: some thousand homes, one by one to the optimum --------------------------
 */

static char slow_path[] = "/tmp/loadscope-slow-XXXXXX";

static int write_slow_data(void **state)
{
    (void)state;
    char command[256];
    int fd = mkstemp(slow_path);
    if (fd < 0)
        return -1;
    close(fd);
    snprintf(command, sizeof command, "%s sample --customers " SLOW_HOMES " --days 1 -o %s",
             explorer_program(), slow_path);
    return system(command) == 0 ? 0 : -1;
}

static int remove_slow_data(void **state)
{
    (void)state;
    return unlink(slow_path);
}

static struct pty *start_slow(void)
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
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait_text(pty, "x cancels");
    assert_row_has(pty, 0, "solving ");
    return pty;
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
                {"q", 0, "q"},
                {"^C", 0, "\003"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (int slow = 0; slow < 2; slow++) {
            char how[64];
            struct pty *pty = slow ? start_slow() : explorer_open();
            assert_true(pty_alternate(pty));
            assert_false(pty_is_restored(pty));
            if (ways[i].key)
                pty_send(pty, ways[i].key, 1);
            else
                pty_signal(pty, ways[i].signal);
            snprintf(how, sizeof how, "%s%s", ways[i].name, slow ? " while solving" : "");
            assert_gone(pty, ways[i].signal, how);
            assert_true(pty_is_restored(pty));
            pty_stop(pty);
        }
}

static void a_closed_terminal_ends_it(void **state)
{
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct pty *pty = slow ? start_slow() : explorer_open();
        pty_hang_up(pty);
        assert_gone(pty, SIGHUP, slow ? "closed while solving" : "closed");
        pty_stop(pty);
    }
}

static void a_slow_solve_is_cancelled(void **state)
{
    (void)state;
    struct pty *pty = start_slow();
    pty_send(pty, "x", 1);
    long began = now_ms();
    pty_wait(pty);
    print_message("cancelled after %ld ms\n", now_ms() - began);
    assert_in_range(now_ms() - began, 0, LEAVE_MS);
    assert_row_has(pty, 23, "cancelled after ");
    pty_press(pty, "Down");
    pty_press(pty, "x");
    assert_row_has(pty, 23, "nothing is being solved");
    explorer_leave(pty);
}

/* A slow solve does not stand in the way of another day, engine or limit. */
static void a_slow_solve_is_overtaken(void **state)
{
    (void)state;
    char line[PTY_LINE];
    struct pty *pty = start_slow();
    pty_send(pty, "4", 1); /* the screen follows meanwhile */
    pty_wait_text(pty, "[4 Moves]");
    pty_send(pty, "2", 1);
    pty_wait_text(pty, "[2 Day]");
    pty_send(pty, ":engine greedy\r", 15);
    long began = now_ms();
    pty_wait(pty);
    print_message("overtaken after %ld ms\n", now_ms() - began);
    assert_in_range(now_ms() - began, 0, LEAVE_MS);
    assert_non_null(strstr(pty_line(pty, 0, line), "greedy"));
    assert_true(explorer_total(pty, "marginal") > 0);
    explorer_leave(pty);
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

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void a_storm_of_sizes(void **state)
{
    (void)state;
    static const char *const keys[] = {"2",   "3",     "Enter", "4", "Tab", "7", "8", "Down", "PgDn", "?",
                                       "Esc", "Right", "End",   "n", "]",   "w", "G", "p",    "s"};
    uint32_t seed = 20220502;
    struct pty *pty = explorer_open();
    for (int i = 0; i < SIZES; i++) {
        bool tiny = i % 10 == 0;
        int rows = 1 + (int)(next_random(&seed) % (tiny ? 5 : 70));
        int cols = 2 + (int)(next_random(&seed) % (tiny ? 12 : 230));
        if (i % 4 == 0)
            pty_resize_only(pty, rows + 3, cols + 3);
        pty_resize(pty, rows, cols);
        pty_press(pty, keys[next_random(&seed) % (sizeof keys / sizeof *keys)]);
    }
    pty_resize(pty, 24, 80);
    PRESS(pty, "Esc", "Esc", "2");
    explorer_command(pty, "day " FIRST_DAY);
    explorer_command(pty, "load " SCENARIO);
    assert_has(pty, "marginal      1.84 kg");
    explorer_leave(pty);
}

/* Without q, ^C and ^Z; without v and ^S, so that nothing can be saved. */
static void keys_at_random(void **state)
{
    (void)state;
    static const char *const keys[] = {"Up",        "Down",   "Left",  "Right", "Home", "End",
                                       "PgUp",      "PgDn",   "Enter", "Esc",   "Tab",  "BackTab",
                                       "Backspace", "Delete", "F1",    "^L",    "^U",   "^W"};
    static const char letters[] = "234782347[]{}[]rnpCceWwxhjklgGsSLmy/:?0123456789.- abdi";
    size_t n_keys = sizeof keys / sizeof *keys, n_letters = sizeof letters - 1;
    uint32_t seed = 4711;
    const char *argv[] = {explorer_program(), SAMPLE, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(pty);
    for (int i = 0; i < RANDOM_KEYS; i++) {
        size_t k = next_random(&seed) % (n_keys + 2 * n_letters);
        char letter[2] = {k < n_keys ? ' ' : letters[(k - n_keys) % n_letters], '\0'};
        pty_press(pty, k < n_keys ? keys[k] : letter);
    }
    PRESS(pty, "Esc", "Esc", "Esc", "2");
    assert_row_has(pty, 1, "[2 Day]");
    explorer_leave(pty);
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
        cmocka_unit_test(a_closed_terminal_ends_it),
        cmocka_unit_test(a_slow_solve_is_cancelled),
        cmocka_unit_test(a_slow_solve_is_overtaken),
        cmocka_unit_test(the_latest_wins),
        cmocka_unit_test(a_storm_of_sizes),
        cmocka_unit_test(keys_at_random),
        cmocka_unit_test(data_from_standard_input),
    };
    return cmocka_run_group_tests_name("explorer's life", tests, write_slow_data, remove_slow_data);
}
