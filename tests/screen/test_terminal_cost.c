/**
 * @file test_terminal_cost.c
 * What frames cost in bytes, and what a terminal that does not read costs the program: next to nothing.
 */
#include "pty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS      24
#define COLS      80
#define CHANGES   3000
#define GROWTH_KB 256
#define LEAVE_MS  1000

static struct pty *start(void)
{
    char program[512];
    const char *argv[] = {pty_binary("demo", program, sizeof program), NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});

    pty_wait(pty);
    return pty;
}

static void test_bytes_of_frames(void **state)
{
    static const struct {
        const char *key;
        const char *what;
        long most;
    } cases[] = {
        {"Right", "cursor", 150}, {"Left", "cursor back", 150},   {"%", "usage 3 % higher", 1024},
        {"%", "3 % again", 1024}, {"+", "every slot anew", 3072}, {"l", "full repaint", 4096},
    };
    struct pty *pty = start();

    (void)state;
    print_message("  first paint: %ld bytes\n", pty_frame_bytes(pty));
    assert_in_range(pty_frame_bytes(pty), 1000, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        long frames = pty_frames(pty);

        pty_press(pty, cases[i].key);
        print_message("  %s: %ld bytes\n", cases[i].what, pty_frame_bytes(pty));
        assert_in_range(pty_frame_bytes(pty), 1, cases[i].most);
        assert_int_equal(pty_frames(pty), frames + 1);
        assert_int_equal(pty_frame_writes(pty), 1);
    }
    pty_stop(pty);
}

/** Changes the charts @p times and reads nothing of what is drawn. */
static void change_unread(struct pty *pty, int times)
{
    for (int i = 0; i < times; i++)
        pty_send(pty, "+", 1);
}

static void test_stalled_terminal_keeps_memory_and_catches_up(void **state)
{
    static struct pty_cell late[ROWS][COLS];
    struct pty *pty = start();
    long before, after;

    (void)state;
    /* The first changes fill the pseudo-terminal; what the program needs in the worst case it has by then. */
    change_unread(pty, 100);
    pty_wait_stalled(pty);
    before = pty_resident_kb(pty);
    change_unread(pty, CHANGES - 100);
    after = pty_resident_kb(pty);
    assert_in_range(after < before ? 0 : after - before, 0, GROWTH_KB);
    pty_wait(pty);
    assert_true(pty_contains(pty, "steps 3000 *"));
    for (int row = 0; row < ROWS; row++)
        for (int col = 0; col < COLS; col++)
            late[row][col] = pty_cell(pty, row, col);
    /* Painted anew, it is the same screen to the cell. Of its last row the echo of the key is kept apart. */
    pty_press(pty, "l");
    for (int row = 0; row < ROWS - 1; row++)
        for (int col = 0; col < COLS; col++) {
            struct pty_cell cell = pty_cell(pty, row, col);

            assert_string_equal(cell.text, late[row][col].text);
            assert_int_equal(cell.reverse, late[row][col].reverse);
            assert_int_equal(cell.colored, late[row][col].colored);
            assert_int_equal(cell.bold, late[row][col].bold);
        }
    pty_stop(pty);
}

static void test_stalled_terminal_can_be_left(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV};

    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct pty *pty = start();
        int status;

        pty_press(pty, "c");
        pty_send(pty, "f", 0);
        pty_wait_stalled(pty);
        pty_signal(pty, signals[i]);
        status = pty_wait_exit_unread(pty, LEAVE_MS);
        assert_int_not_equal(status, -1);
        /* A crash ends by its signal, and so does what a busy machine keeps from leaving in time. */
        if (WIFSIGNALED(status))
            assert_int_equal(WTERMSIG(status), signals[i]);
        else
            assert_int_equal(signals[i] != SIGSEGV ? WEXITSTATUS(status) : 0, 128 + signals[i]);
        pty_read_for(pty, 20);
        assert_true(pty_is_restored(pty));
        assert_true(pty_mode(pty, 25));
        pty_stop(pty);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_of_frames),
        cmocka_unit_test(test_stalled_terminal_keeps_memory_and_catches_up),
        cmocka_unit_test(test_stalled_terminal_can_be_left),
    };

    return cmocka_run_group_tests_name("terminal cost", tests, NULL, NULL);
}
