/**
 * @file test_terminal.c
 * The terminal layer as its user meets it, with the small program demo.c in a pseudo-terminal.
 */
#include "pty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LEAVE_MS 1000
#define QUIT_MS  5000 /* where no watchdog hurries: a look for leaks takes its time */

/** Starts demo with @p term, one more environment setting (or NULL) and one argument (or NULL). */
static struct pty *start_with(const char *term, const char *setting, const char *argument)
{
    char program[512];
    const char *argv[] = {pty_binary("demo", program, sizeof program), argument, NULL};
    const char *env[] = {setting, NULL};

    return pty_start(&(struct pty_options){.term = term, .env = env, .argv = argv});
}

static struct pty *start(void)
{
    struct pty *pty = start_with(NULL, NULL, NULL);

    pty_wait(pty);
    return pty;
}

/** What row 23 says after the last event. */
static void assert_echo(struct pty *pty, const char *expected)
{
    char line[PTY_LINE];

    assert_string_equal(pty_line(pty, 23, line), expected);
}

/* ---- painting ---------------------------------------------------------------------------------------- */

static void test_first_paint(void **state)
{
    struct pty *pty = start();
    int row, col;
    bool visible;

    (void)state;
    pty_check_screen(pty, "demo-80x24");
    assert_true(pty_alternate(pty));
    assert_int_equal(pty_frames(pty), 1);
    assert_int_equal(pty_frame_writes(pty), 1);
    assert_in_range(pty_frame_bytes(pty), 500, 6000);
    pty_cursor(pty, &row, &col, &visible);
    assert_true(visible);
    assert_int_equal(row, 7);
    assert_int_equal(col, 29 + 24);
    pty_stop(pty);
}

static void test_small_changes_take_few_bytes(void **state)
{
    struct pty *pty = start();
    int row, col;
    bool visible;

    (void)state;
    pty_press(pty, "Right");
    pty_press(pty, "Right");
    assert_in_range(pty_frame_bytes(pty), 1, 150);
    assert_int_equal(pty_frame_writes(pty), 1);
    pty_cursor(pty, &row, &col, &visible);
    assert_int_equal(col, 29 + 26);
    assert_true(pty_cell(pty, 7, 29 + 26).reverse);
    assert_false(pty_cell(pty, 7, 29 + 25).reverse);
    pty_press(pty, "Left");
    assert_in_range(pty_frame_bytes(pty), 1, 150);
    pty_press(pty, "x");
    pty_press(pty, "x");
    assert_int_equal(pty_frame_bytes(pty), 0);
    pty_stop(pty);
}

static void test_change_of_every_slot(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_press(pty, "+");
    pty_check_screen(pty, "demo-changed");
    assert_in_range(pty_frame_bytes(pty), 1, 3072);
    assert_int_equal(pty_frame_writes(pty), 1);
    /* Below the zero line a bar that ends inside a cell is its block's rest in reverse. */
    assert_true(pty_cell(pty, 15, 30).reverse);
    assert_false(pty_cell(pty, 14, 30).reverse);
    pty_press(pty, "l");
    pty_check_screen(pty, "demo-repainted");
    pty_stop(pty);
}

static void test_worker_wakes_the_screen(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_press(pty, "b");
    assert_true(pty_contains(pty, "steps 1 *"));
    pty_stop(pty);
}

/* ---- terminals --------------------------------------------------------------------------------------- */

static void test_terminals(void **state)
{
    static const char *const terms[] = {"xterm-256color", "screen", "tmux-256color", "linux", "vt100",
                                        "xterm-bogus",    ""};

    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct pty *pty = start_with(terms[i], NULL, NULL);

        pty_wait(pty);
        assert_true(pty_contains(pty, "max 36.6"));
        assert_true(pty_contains(pty, "40┤"));
        assert_int_equal(pty_saw_color(pty), strcmp(terms[i], "vt100") != 0);
        pty_press(pty, "+");
        pty_press(pty, "Right");
        assert_true(pty_contains(pty, "slot 25"));
        pty_send(pty, "q", 1);
        assert_int_equal(pty_wait_exit(pty, QUIT_MS), 0);
        assert_true(pty_is_restored(pty));
        pty_stop(pty);
    }
}

static void test_dumb_terminal_is_refused(void **state)
{
    struct pty *pty = start_with("dumb", NULL, NULL);
    int status;

    (void)state;
    status = pty_wait_exit(pty, QUIT_MS);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    assert_true(pty_contains(pty, "--plain"));
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
}

static void test_c_locale_and_ascii(void **state)
{
    struct pty *pty = start_with(NULL, "LC_ALL=C", NULL);

    (void)state;
    pty_wait(pty);
    pty_check_screen(pty, "demo-ascii");
    pty_press(pty, "+");
    assert_false(pty_saw_8bit(pty));
    pty_stop(pty);

    pty = start_with(NULL, NULL, "--ascii");
    pty_wait(pty);
    pty_check_screen(pty, "demo-ascii");
    assert_false(pty_saw_8bit(pty));
    pty_stop(pty);
}

static void test_no_color(void **state)
{
    struct pty *pty = start_with(NULL, "NO_COLOR=1", NULL);

    (void)state;
    pty_wait(pty);
    pty_check_screen(pty, "demo-80x24");
    pty_press(pty, "+");
    assert_false(pty_saw_color(pty));
    pty_stop(pty);

    pty = start_with(NULL, "NO_COLOR=", NULL);
    pty_wait(pty);
    assert_true(pty_saw_color(pty));
    assert_true(pty_cell(pty, 5, 1).colored);
    pty_stop(pty);
}

static void test_keys_come_from_the_terminal_when_data_come_by_stdin(void **state)
{
    char program[512];
    const char *argv[] = {pty_binary("demo", program, sizeof program), NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .stdin_path = "/dev/null"});

    (void)state;
    pty_wait(pty);
    pty_press(pty, "z");
    assert_echo(pty, "key 7a");
    pty_stop(pty);
}

/* ---- input ------------------------------------------------------------------------------------------- */

static void test_keys(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_press(pty, "Esc");
    assert_echo(pty, "key 1b");
    pty_press(pty, "ü");
    assert_echo(pty, "key fc");
    pty_press(pty, "家");
    assert_echo(pty, "key 5bb6");
    pty_press(pty, "Enter");
    assert_echo(pty, "key d");
    pty_press(pty, "^L");
    assert_echo(pty, "key c");
    pty_press(pty, "Backspace");
    assert_echo(pty, "key 110001");
    pty_press(pty, "Up");
    assert_echo(pty, "key 110004");
    pty_send(pty, "\033[A", 1);
    pty_wait(pty);
    assert_echo(pty, "key 110004");
    pty_press(pty, "F5");
    assert_echo(pty, "key 110016");
    pty_send(pty, "\033q", 1);
    pty_wait(pty);
    assert_echo(pty, "key alt 71");
    /* Answers and sequences nobody asked for do not type anything. */
    pty_send(pty, "\033[?62;c\033]11;rgb:0000/0000/0000\033\\\033[99;99~k", 1);
    pty_wait(pty);
    assert_echo(pty, "key 6b");
    pty_stop(pty);
}

static void test_character_split_between_reads(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_send(pty, "\xe5", 0);
    pty_read_for(pty, 5);
    pty_send(pty, "\xae\xb6", 1);
    pty_wait(pty);
    assert_echo(pty, "key 5bb6");
    pty_stop(pty);
}

static void test_paste_and_mouse(void **state)
{
    struct pty *pty = start();

    (void)state;
    assert_true(pty_mode(pty, 2004));
    assert_true(pty_mode(pty, 1000));
    pty_send(pty, "\033[200~q \303\274 q\033[201~", 1);
    pty_wait(pty);
    assert_echo(pty, "paste q ü q");
    pty_send(pty, "\033[<0;11;5M", 1);
    pty_wait(pty);
    assert_echo(pty, "press 4,10");
    pty_send(pty, "\033[<0;11;5m\033[<64;3;2M", 1);
    pty_wait(pty);
    assert_echo(pty, "wheel up 1,2");
    pty_send(pty, "\033[<65;3;2M", 1);
    pty_wait(pty);
    assert_echo(pty, "wheel down 1,2");
    pty_press(pty, "y");
    assert_string_equal(pty_clipboard(pty), "MyBrV2g=");
    pty_stop(pty);
}

static void test_thousand_keys(void **state)
{
    struct pty *pty = start();
    char keys[1001];

    (void)state;
    memset(keys, 'x', 1000);
    keys[1000] = '\0';
    pty_send(pty, keys, 1000);
    pty_press(pty, "+");
    assert_true(pty_contains(pty, "steps 1 *"));
    pty_stop(pty);
}

/* ---- size and pace ----------------------------------------------------------------------------------- */

static void test_resize(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_resize(pty, 30, 200);
    pty_check_screen(pty, "demo-200x30");
    pty_resize(pty, 20, 60);
    pty_check_screen(pty, "demo-60x20");
    pty_resize(pty, 24, 80);
    pty_check_screen(pty, "demo-80x24");
    pty_resize(pty, 2, 10);
    pty_resize(pty, 1, 2);
    pty_resize(pty, 24, 80);
    pty_check_screen(pty, "demo-80x24");
    pty_stop(pty);
}

static void test_resize_storm(void **state)
{
    struct pty *pty = start();

    (void)state;
    for (int i = 0; i < 200; i++) {
        pty_resize_only(pty, 5 + i * 7 % 40, 20 + i * 13 % 150);
        if (i % 10 == 0)
            pty_send(pty, "+", 1);
    }
    pty_resize(pty, 24, 80);
    pty_send(pty, "+", 1);
    pty_wait(pty);
    assert_true(pty_contains(pty, "steps 21 *"));
    pty_press(pty, "Right");
    assert_in_range(pty_frame_bytes(pty), 1, 150);
    pty_stop(pty);
}

static void test_at_most_15_frames_a_second(void **state)
{
    struct pty *pty = start_with(NULL, "LOADSCOPE_TEST=paced", NULL);
    char keys[101];
    long before;

    (void)state;
    pty_wait(pty);
    before = pty_frames(pty);
    memset(keys, '+', 100);
    keys[100] = '\0';
    for (int i = 0; i < 100; i++) {
        pty_send(pty, "+", 1);
        pty_read_for(pty, 10);
    }
    pty_wait(pty);
    /* 100 changes within a second and a little: the last is shown, most of the others are not. */
    assert_true(pty_contains(pty, "steps 100 *"));
    assert_in_range(pty_frames(pty) - before, 5, 30);
    pty_stop(pty);
}

/* ---- leaving ----------------------------------------------------------------------------------------- */

static void test_leaves_by_key(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_send(pty, "\003", 1);
    assert_int_equal(pty_wait_exit(pty, QUIT_MS), 0);
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
}

static void test_quit_signals(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct pty *pty = start();
        int status;

        pty_signal(pty, signals[i]);
        status = pty_wait_exit(pty, LEAVE_MS);
        assert_int_equal(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
                         128 + signals[i]);
        assert_true(pty_is_restored(pty));
        pty_stop(pty);
    }
}

static void test_crashes(void **state)
{
    static const struct {
        const char *key;
        int signal;
    } cases[] = {{"S", SIGSEGV}, {"A", SIGABRT}, {"W", SIGSEGV}, {"O", SIGSEGV}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pty *pty = start();
        long began = pty_now_ms();
        int status, row, col;
        bool visible;

        pty_press(pty, "c");
        pty_cursor(pty, &row, &col, &visible);
        assert_false(visible);
        pty_send(pty, cases[i].key, 0);
        status = pty_wait_exit(pty, LEAVE_MS);
        assert_int_not_equal(status, -1);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), cases[i].signal);
        assert_true(pty_now_ms() - began < LEAVE_MS);
        assert_true(pty_is_restored(pty));
        /* Shown by name too, not only with the screen it comes back to. */
        assert_true(pty_mode(pty, 25));
        pty_stop(pty);
    }
}

static void test_hung_screen_still_leaves(void **state)
{
    struct pty *pty = start();
    int status;

    (void)state;
    pty_send(pty, "H", 0);
    pty_read_for(pty, 50);
    pty_signal(pty, SIGTERM);
    status = pty_wait_exit(pty, LEAVE_MS);
    assert_int_not_equal(status, -1);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
}

static void test_closed_terminal(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_hang_up(pty);
    assert_int_not_equal(pty_wait_exit(pty, LEAVE_MS), -1);
    pty_stop(pty);

    pty = start();
    pty_send(pty, "f", 0);
    pty_read_for(pty, 50);
    pty_hang_up(pty);
    assert_int_not_equal(pty_wait_exit(pty, LEAVE_MS), -1);
    pty_stop(pty);
}

static void test_suspend_under_a_shell(void **state)
{
    static const char *const env[] = {"PS1=prompt> ", "ENV", NULL};
    static const char *const argv[] = {"sh", "-i", NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .env = env});
    char program[512], command[600];

    (void)state;
    pty_wait_text(pty, "prompt>");
    snprintf(command, sizeof command, "%s\n", pty_binary("demo", program, sizeof program));
    pty_send(pty, command, 0);
    pty_wait(pty);
    pty_press(pty, "+");
    pty_send(pty, "\032", 0);
    pty_wait_text(pty, "Stopped");
    pty_send(pty, "printf '\\033[2J'; fg\n", 0);
    pty_wait_mark(pty);
    pty_check_screen(pty, "demo-changed");
    pty_send(pty, "\032", 0);
    pty_wait_text(pty, "Stopped");
    assert_false(pty_alternate(pty));
    assert_false(pty_mode(pty, 1000));
    assert_false(pty_mode(pty, 2004));
    /* The shell has a terminal that echoes and a cursor. */
    pty_send(pty, "echo back-$((40 + 2))\n", 0);
    pty_wait_text(pty, "back-42");
    pty_resize_only(pty, 20, 60);
    pty_send(pty, "fg\n", 0);
    pty_wait_mark(pty);
    pty_check_screen(pty, "demo-resumed");
    assert_true(pty_alternate(pty));
    assert_true(pty_mode(pty, 1000));
    assert_true(pty_mode(pty, 2004));
    pty_send(pty, "q", 0);
    pty_wait_text(pty, "prompt>");
    pty_send(pty, "exit\n", 0);
    assert_int_not_equal(pty_wait_exit(pty, QUIT_MS), -1);
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
}

static void test_stopped_from_outside(void **state)
{
    struct pty *pty = start();

    (void)state;
    pty_signal(pty, SIGSTOP);
    pty_read_for(pty, 20);
    pty_resize_only(pty, 20, 60);
    pty_signal(pty, SIGCONT);
    pty_wait_mark(pty);
    pty_check_screen(pty, "demo-60x20");
    pty_press(pty, "Right");
    assert_true(pty_contains(pty, "slot 25"));
    pty_stop(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_paint),
        cmocka_unit_test(test_small_changes_take_few_bytes),
        cmocka_unit_test(test_change_of_every_slot),
        cmocka_unit_test(test_worker_wakes_the_screen),
        cmocka_unit_test(test_terminals),
        cmocka_unit_test(test_dumb_terminal_is_refused),
        cmocka_unit_test(test_c_locale_and_ascii),
        cmocka_unit_test(test_no_color),
        cmocka_unit_test(test_keys_come_from_the_terminal_when_data_come_by_stdin),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_character_split_between_reads),
        cmocka_unit_test(test_paste_and_mouse),
        cmocka_unit_test(test_thousand_keys),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_resize_storm),
        cmocka_unit_test(test_at_most_15_frames_a_second),
        cmocka_unit_test(test_leaves_by_key),
        cmocka_unit_test(test_quit_signals),
        cmocka_unit_test(test_crashes),
        cmocka_unit_test(test_hung_screen_still_leaves),
        cmocka_unit_test(test_closed_terminal),
        cmocka_unit_test(test_suspend_under_a_shell),
        cmocka_unit_test(test_stopped_from_outside),
    };

    return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
