/**
 * @file test_form.c
 * The form of parameters as a user meets it: demo_form in a pseudo-terminal. Its second line is the current
 * parameter's value in the policy, "NAME=VALUE.", its first what the last key came to.
 */
#include "pty.h"

#include <loadscope/policy.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define CITY "London"

static struct pty *start(const char *option, const char *const *env)
{
    char path[512];
    const char *argv[] = {pty_binary("demo_form", path, sizeof path), option, NULL};
    struct pty_options options = {.argv = argv, .env = env};
    struct pty *pty = pty_start(&options);

    pty_wait(pty);
    return pty;
}

/* Leaves by Esc: the program ends well, which under a leak checker says that nothing was lost. */
static void leave(struct pty *pty)
{
    pty_send(pty, "\033", 1);
    int status = pty_wait_exit(pty, 5000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    pty_stop(pty);
}

static void assert_line(const struct pty *pty, int row, const char *expected)
{
    char line[PTY_LINE];
    assert_string_equal(pty_line(pty, row, line), expected);
}

static void assert_line_has(const struct pty *pty, int row, const char *expected)
{
    char line[PTY_LINE];
    pty_line(pty, row, line);
    if (strstr(line, expected) == NULL)
        fail_msg("row %d is \"%s\", without \"%s\"", row, line, expected);
}

static void assert_line_lacks(const struct pty *pty, int row, const char *unexpected)
{
    char line[PTY_LINE];
    assert_null(strstr(pty_line(pty, row, line), unexpected));
}

/* Row and column of the hardware cursor, which must be visible. */
static void cursor(const struct pty *pty, int *row, int *col)
{
    bool visible;
    pty_cursor(pty, row, col, &visible);
    assert_true(visible);
}

static int cursor_row(const struct pty *pty)
{
    int row, col;
    cursor(pty, &row, &col);
    return row;
}

/* Goes down to the field with this dotted name. */
static void go(struct pty *pty, const char *dotted)
{
    char wanted[160], line[PTY_LINE];
    size_t n;
    ls_parameters(&n);
    snprintf(wanted, sizeof wanted, "%s=", dotted);
    for (size_t i = 0; i <= n; i++) {
        if (strncmp(pty_line(pty, 1, line), wanted, strlen(wanted)) == 0)
            return;
        pty_press(pty, "Down");
    }
    fail_msg("no field %s", dotted);
}

static void every_parameter_has_a_field(void **state)
{
    (void)state;
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    struct pty *pty = start(NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        char name[128], expected[512];
        ls_parameter_name(&rows[i], rows[i].per_city ? CITY : NULL, name, sizeof name);
        snprintf(expected, sizeof expected, "%s=%s.", name, rows[i].fallback);
        assert_line(pty, 1, expected);
        int row = cursor_row(pty);
        assert_line_has(pty, row, rows[i].label);
        assert_line_has(pty, row, rows[i].fallback);
        assert_line_has(pty, row, rows[i].unit);
        assert_line_has(pty, row, rows[i].symbol);
        assert_line_has(pty, 21, name);
        snprintf(expected, sizeof expected, "%.40s", rows[i].help);
        assert_line_has(pty, 22, expected);
        pty_press(pty, "Down");
    }
    assert_line(pty, 1, "behaviour.moves_per_day=1."); /* round again */
    pty_press(pty, "Up");
    assert_line_has(pty, 1, "run.solver=");
    assert_true(pty_contains(pty, "page 2 of 2"));
    pty_press(pty, "PgUp");
    assert_true(pty_contains(pty, "page 1 of 2"));
    leave(pty);
}

static void a_valid_value_counts_at_once(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    pty_press(pty, "F7");
    assert_line(pty, 1, "spike.alpha_percent=25.");
    assert_line_has(pty, 21, "0 to 1000 %, none: off");
    int row = cursor_row(pty);
    pty_press(pty, "1");
    assert_line(pty, 1, "spike.alpha_percent=1.");
    pty_press(pty, "5");
    assert_line(pty, 1, "spike.alpha_percent=15.");
    assert_line_has(pty, 0, "changed, 0 invalid");
    assert_line_has(pty, row, "*");
    pty_type(pty, ".0"); /* the same number */
    assert_line_has(pty, 0, "moved");
    pty_press(pty, "Tab");
    assert_line_has(pty, row, " 15 ");
    pty_press(pty, "BackTab");
    pty_type(pty, "none");
    assert_line(pty, 1, "spike.alpha_percent=none.");
    pty_press(pty, "F5"); /* loads the defaults */
    assert_line(pty, 1, "spike.alpha_percent=25.");
    assert_line_has(pty, row, " 25 ");
    assert_line_lacks(pty, row, "*");
    leave(pty);
}

static void editing_within_a_text(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    pty_press(pty, "F7");
    pty_press(pty, "Home");
    pty_press(pty, "1");
    assert_line(pty, 1, "spike.alpha_percent=125.");
    pty_press(pty, "Right");
    pty_press(pty, "Backspace");
    assert_line(pty, 1, "spike.alpha_percent=15.");
    pty_press(pty, "Delete");
    assert_line(pty, 1, "spike.alpha_percent=1.");
    for (int i = 0; i < 5; i++)
        pty_press(pty, "Right"); /* stops at the text's end */
    pty_press(pty, "9");
    assert_line(pty, 1, "spike.alpha_percent=19.");
    pty_press(pty, "^U");
    assert_line_has(pty, 0, "invalid, 1 invalid");
    pty_send(pty, "\033[200~30\nrm\033[201~", 1); /* a paste, to the end of its line */
    pty_wait(pty);
    assert_line(pty, 1, "spike.alpha_percent=30.");
    go(pty, "peak_hours." CITY ".Tue");
    pty_type(pty, "8-10,20 22");
    assert_line_has(pty, 1, "=8 9 10 20 22.");
    pty_press(pty, "^W");
    assert_line_has(pty, 1, "=8 9 10 20.");
    pty_press(pty, "F6"); /* another city has its own */
    assert_line(pty, 1, "peak_hours.Mathura.Tue=.");
    leave(pty);
}

static void a_wrong_text_is_marked_and_explained(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    int row, col;
    pty_type(pty, "2x");
    assert_line_has(pty, 0, "invalid, 1 invalid");
    assert_line(pty, 1, "behaviour.moves_per_day=2."); /* the last valid one */
    cursor(pty, &row, &col);
    assert_line_has(pty, row, "!2x");
    assert_line_has(pty, row, "*");
    assert_line_has(pty, 22, "'2x' is not a whole number; give a whole number from 0 to 1440, or none");
    assert_true(pty_cell(pty, row, col - 1).colored);
    pty_press(pty, "Down"); /* the focus is free */
    assert_line(pty, 1, "behaviour.moves_per_week=3.");
    assert_line_has(pty, row, "!2x");
    assert_true(pty_cell(pty, row, col - 1).colored);
    assert_true(pty_contains(pty, "1 invalid"));
    assert_false(pty_contains(pty, "not a whole number"));
    pty_type(pty, "99999999999");
    assert_line_has(pty, 0, "2 invalid");
    assert_line_has(pty, 22, "99999999999 is out of range");
    pty_press(pty, "PgDn");
    pty_press(pty, "PgUp");
    assert_line_has(pty, row, "!2x");
    pty_press(pty, "F9"); /* saved as it is: texts stay, marks of change go */
    assert_line_has(pty, row, "!2x");
    assert_line_lacks(pty, row, "*");
    pty_type(pty, "4");
    assert_line(pty, 1, "behaviour.moves_per_day=4.");
    assert_line_has(pty, 0, "changed, 1 invalid");
    assert_line_lacks(pty, row, "!");
    leave(pty);
}

static void another_policy_replaces_wrong_texts(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    pty_type(pty, "2x");
    pty_press(pty, "F5");
    assert_line(pty, 1, "behaviour.moves_per_day=1.");
    assert_line_has(pty, 0, "0 invalid");
    assert_line_lacks(pty, cursor_row(pty), "2x");
    leave(pty);
}

static void choices_turn(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    go(pty, "run.engine");
    int row = cursor_row(pty);
    assert_line_has(pty, row, "<greedy");
    pty_press(pty, "Right");
    assert_line(pty, 1, "run.engine=milp.");
    assert_line_has(pty, 0, "changed");
    assert_line_has(pty, row, "<milp");
    pty_press(pty, " ");
    assert_line(pty, 1, "run.engine=lp.");
    pty_press(pty, " ");
    assert_line(pty, 1, "run.engine=greedy.");
    pty_press(pty, "Left");
    assert_line(pty, 1, "run.engine=lp.");
    pty_press(pty, "M");
    assert_line(pty, 1, "run.engine=milp.");
    pty_press(pty, "q"); /* no word begins so, and it is no command */
    assert_line(pty, 1, "run.engine=milp.");
    assert_line_has(pty, 0, "moved");
    go(pty, "behaviour.shift_window_inclusive");
    pty_press(pty, "n");
    assert_line_has(pty, 1, "=no.");
    pty_press(pty, "Left");
    assert_line_has(pty, 1, "=yes.");
    assert_line_has(pty, 0, "0 invalid");
    leave(pty);
}

static void a_resize_keeps_what_was_typed(void **state)
{
    (void)state;
    static const int sizes[][2] = {{12, 40}, {4, 10}, {3, 2}, {1, 1}, {50, 200}, {16, 60}, {24, 80}};
    struct pty *pty = start(NULL, NULL);
    pty_type(pty, "no"); /* not valid yet */
    pty_press(pty, "F7");
    pty_type(pty, "15");
    pty_press(pty, "Left");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pty_resize(pty, sizes[i][0], sizes[i][1]);
        if (sizes[i][0] >= 12) {
            assert_line(pty, 1, "spike.alpha_percent=15.");
            assert_line_has(pty, cursor_row(pty), "Anti-spike limit");
            assert_line_has(pty, cursor_row(pty), "15");
            assert_true(pty_contains(pty, "1 invalid"));
        }
    }
    pty_press(pty, "2"); /* where the cursor was */
    assert_line(pty, 1, "spike.alpha_percent=125.");
    pty_press(pty, "PgUp");
    assert_line_has(pty, cursor_row(pty), "!no");
    assert_line_has(pty, 22, "'no' is not a whole number");
    pty_resize(pty, 12, 40);
    assert_line_has(pty, cursor_row(pty), "!no");
    assert_true(pty_contains(pty, "page 1 of 5"));
    leave(pty);
}

static void a_long_value_scrolls(void **state)
{
    (void)state;
    static const char hours[] = "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19";
    char expected[128];
    struct pty *pty = start(NULL, NULL);
    go(pty, "peak_hours." CITY ".Mon");
    int row = cursor_row(pty);
    pty_type(pty, hours);
    snprintf(expected, sizeof expected, "peak_hours." CITY ".Mon=%s.", hours);
    assert_line(pty, 1, expected);
    assert_line_has(pty, row, "18 19");
    assert_line_has(pty, row, "<");
    assert_line_lacks(pty, row, " 0 1 2");
    pty_press(pty, "Home");
    assert_line_has(pty, row, " 0 1 2 3");
    assert_line_has(pty, row, ">");
    assert_line_lacks(pty, row, "<");
    pty_press(pty, "Down");
    assert_line_has(pty, row, " 0 1 2 3");
    assert_line_has(pty, row, "…");
    pty_press(pty, "Up");
    pty_press(pty, "End");
    for (size_t i = 0; i < sizeof " 18 19" - 1; i++)
        pty_press(pty, "Backspace");
    snprintf(expected, sizeof expected, ".Mon=%.*s.", (int)(sizeof hours - sizeof " 18 19"), hours);
    assert_line_has(pty, 1, expected);
    for (int i = 0; i < 300; i++) /* more than any value has: told, not cut in silence */
        pty_send(pty, "1", 1);
    pty_wait(pty);
    assert_line_has(pty, 0, "invalid, 1 invalid");
    assert_true(pty_contains(pty, "write at most 255 bytes"));
    leave(pty);
}

static void a_text_that_fills_its_field_goes_on_at_its_end(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    go(pty, "peak_hours." CITY ".Mon");
    pty_type(pty, "1 2 3 4 5 6 7 8 9"); /* as wide as the field on 80 columns */
    pty_press(pty, "Down");
    pty_resize(pty, 23, 80);
    pty_press(pty, "Up");
    pty_press(pty, "End");
    pty_type(pty, " 15");
    assert_line_has(pty, 1, "=1 2 3 4 5 6 7 8 9 15.");
    leave(pty);
}

static void what_lies_over_it_goes_without_a_trace(void **state)
{
    (void)state;
    char before[24][PTY_LINE];
    struct pty *pty = start(NULL, NULL);
    pty_type(pty, "3");
    for (int row = 0; row < 24; row++)
        pty_line(pty, row, before[row]);
    pty_press(pty, "F8");
    assert_true(pty_contains(pty, "########"));
    pty_press(pty, "F8");
    for (int row = 0; row < 24; row++)
        assert_line(pty, row, before[row]);
    leave(pty);
}

static void seven_bits_and_no_colour(void **state)
{
    (void)state;
    static const char *const env[] = {"NO_COLOR=1", NULL};
    struct pty *pty = start("--ascii", env);
    pty_press(pty, "F7");
    int row, col;
    cursor(pty, &row, &col);
    pty_type(pty, "1x");
    assert_line_has(pty, row, " a ");
    assert_line_has(pty, row, "!1x");
    assert_true(pty_cell(pty, row, col - 2).bold || pty_cell(pty, row, col - 2).reverse);
    for (int i = 0; i < 12; i++)
        pty_press(pty, "Down");
    pty_press(pty, "^U");
    pty_send(pty,
             "8\xe2\x80\x93"
             "9",
             3); /* a dash that is none of the 7 bits: kept visible, so never the hour 89 or 8 and 9 */
    pty_wait(pty);
    assert_line_has(pty, cursor_row(pty), "!8?9");
    assert_false(pty_saw_8bit(pty));
    assert_false(pty_saw_color(pty));
    leave(pty);
}

static void a_locale_of_7_bits(void **state)
{
    (void)state;
    static const char *const env[] = {"LC_ALL=C", NULL};
    struct pty *pty = start(NULL, env);
    pty_press(pty, "F7");
    pty_type(pty, "30");
    assert_line(pty, 1, "spike.alpha_percent=30.");
    assert_line_has(pty, cursor_row(pty), "30");
    assert_false(pty_saw_8bit(pty));
    leave(pty);
}

static void a_character_beyond_7_bits_stays_to_be_seen(void **state)
{
    (void)state;
    struct pty *pty = start(NULL, NULL);
    go(pty, "peak_hours." CITY ".Mon");
    pty_press(pty, "8");
    pty_send(pty, "–", 1);
    pty_send(pty, "9", 1);
    pty_wait(pty);
    assert_line_has(pty, cursor_row(pty), "!8–9");
    assert_true(pty_contains(pty, "'8–9' is not"));
    pty_press(pty, "Left");
    pty_press(pty, "Backspace");
    pty_press(pty, "-");
    assert_line_has(pty, 1, "=8 9.");
    leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_parameter_has_a_field),
        cmocka_unit_test(a_valid_value_counts_at_once),
        cmocka_unit_test(editing_within_a_text),
        cmocka_unit_test(a_wrong_text_is_marked_and_explained),
        cmocka_unit_test(another_policy_replaces_wrong_texts),
        cmocka_unit_test(choices_turn),
        cmocka_unit_test(a_resize_keeps_what_was_typed),
        cmocka_unit_test(a_long_value_scrolls),
        cmocka_unit_test(a_text_that_fills_its_field_goes_on_at_its_end),
        cmocka_unit_test(what_lies_over_it_goes_without_a_trace),
        cmocka_unit_test(seven_bits_and_no_colour),
        cmocka_unit_test(a_locale_of_7_bits),
        cmocka_unit_test(a_character_beyond_7_bits_stays_to_be_seen),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
