/**
 * @file test_explorer_limits.c
 * What a step of a limit would save, what each limit costs, how far one must be turned, and turning them
 * where that is told. Figures are held against those of separate runs of the same program.
 */
#include "explorer_json.h"

static void a_step_saves_what_a_run_says(void **state)
{
    static const char *const settings[] = {AT " --set peak.reduction_limit_percent=20",
                                           AT " --set peak.reduction_limit_percent=30"};
    struct pty *pty = explorer_open();
    char marginal[2][32], average[2][32], text[160];
    (void)state;
    for (int k = 0; k < 2; k++) {
        write_difference(AT, settings[k], "saved_marg_g", marginal[k]);
        write_difference(AT, settings[k], "saved_avg_g", average[k]);
    }
    snprintf(text, sizeof text, " at 20 %%: marg %s avg %s   at 30 %%: %s %s g", marginal[0], average[0],
             marginal[1], average[1]);
    assert_row_has(pty, 22, text);
    PRESS(pty, "End");
    assert_lacks(pty, "at 20 %:");
    PRESS(pty, "Tab", "Down", "]");
    write_difference(AT " --set spike.alpha_percent=26", AT " --set spike.alpha_percent=27", "saved_marg_g",
                     marginal[0]);
    snprintf(text, sizeof text, "at 27 %%: %s ", marginal[0]);
    assert_row_has(pty, 22, text);
    /* At an end of the range, and off: from there every step leads to the default. */
    explorer_command(pty, "set spike.alpha_percent=0");
    assert_row_has(pty, 22, " range ends   at 1 %: marg +");
    explorer_command(pty, "set spike.alpha_percent=none");
    write_difference(AT " --set spike.alpha_percent=none", AT, "saved_avg_g", average[0]);
    snprintf(text, sizeof text, " avg %s g", average[0]);
    assert_row_has(pty, 22, " at 25 %: marg -");
    assert_row_has(pty, 22, text);
    explorer_leave(pty);
}

static void the_form_says_what_a_step_saves(void **state)
{
    struct pty *pty = explorer_open();
    char marginal[32], average[32], text[96];
    (void)state;
    pty_press(pty, "8");
    for (int i = 0; i < 40 && !pty_contains(pty, "spike.alpha_percent  "); i++)
        pty_press(pty, "Down");
    write_difference(AT, AT " --set spike.alpha_percent=26", "saved_marg_g", marginal);
    write_difference(AT, AT " --set spike.alpha_percent=26", "saved_avg_g", average);
    snprintf(text, sizeof text, "at 26 %%: %s %s g", marginal, average);
    assert_has(pty, text);
    pty_resize(pty, 16, 60);
    assert_has(pty, text);
    pty_press(pty, "Esc");
    explorer_leave(pty);
}

/* How far alpha must go for a home is found while the screen is there, and is forgotten with the pair. */
static void a_limit_that_homes_share_is_searched(void **state)
{
    static const char *const more[] = {"--customer", "60000005594", "--set", "spike.alpha_percent=0", NULL};
    struct pty *pty = explorer_start(NULL, more);
    (void)state;
    PRESS(pty, "Tab");
    pty_check_screen(pty, "explorer_customer_searched");
    assert_has(pty, "by: spike.alpha_percent=1, found by solving again.");
    PRESS(pty, "Left");
    assert_has(pty, "to [08:00]: not moved");
    PRESS(pty, "Right");
    assert_has(pty, "by: spike.alpha_percent=1, found by solving again.");
    explorer_command(pty, "set spike.alpha_percent=1");
    assert_has(pty, "to [08:30]: moved");
    assert_false(pty_contains(pty, "by solving"));
    explorer_leave(pty);
}

static void limits_cost_what_a_run_says(void **state)
{
    struct pty *pty = explorer_open();
    char cost[32];
    (void)state;
    PRESS(pty, "w");
    pty_check_screen(pty, "explorer_costs_80x24");
    write_difference(AT, AT " --set spike.alpha_percent=none", "saved_marg_g", cost);
    assert_row_has(pty, 10, "Anti-spike limit");
    assert_row_has(pty, 10, cost);
    write_difference(AT, AT " --set household_minimum.baseline_type=none", "saved_avg_g", cost);
    assert_row_has(pty, 8, cost);
    PRESS(pty, "Down", "Down", "Down", "Down", "Down", "Down");
    assert_has(pty, "Anti-spike limit: without it (spike.alpha_percent is 25)");
    PRESS(pty, "Enter");
    assert_cursor(pty, explorer_row(pty, "Anti-spike"), 0);
    PRESS(pty, "w", "n");
    assert_row_has(pty, 0, "2022-05-03");
    pty_resize(pty, 16, 60);
    pty_check_screen(pty, "explorer_costs_60x16");
    explorer_leave(pty);
}

/* What is turned is what the cursor is on, and a replay turns the same. */
static void limits_are_turned_where_their_cost_stands(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "w", "Down", "Down", "]");
    assert_row_has(pty, 23, "Moves per day 2 moves");
    assert_row_has(pty, 6, ">");
    assert_row_has(pty, 6, "Moves per day                          2 ");
    PRESS(pty, "r");
    assert_row_has(pty, 6, "Moves per day                          1 ");
    PRESS(pty, "]", "u", "u", "u");
    assert_row_has(pty, 6, "Moves per day                          1 ");
    explorer_leave(pty);
}

static void what_the_data_cannot_be_solved_by_is_refused(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "set behaviour.slot_minutes=60");
    assert_row_has(pty, 23, "the readings are 30 minutes apart, not 60; leave behaviour.slot_minutes at 30");
    assert_row_has(pty, 1, "  ? help");
    explorer_command(pty, "set peak_hours.Delhi.Mon=8");
    assert_row_has(pty, 23, "speak of city 'Delhi', which the data do not have");
    assert_row_has(pty, 1, "undo 1");
    explorer_command(pty, "set spike.alpha_percent=5"); /* said once */
    assert_false(pty_contains(pty, "Delhi"));
    explorer_leave(pty);
}

/* A remedy stands at the end of a message. */
static void a_long_message_takes_more_rows(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "set spike.alpha_percent=abc");
    assert_row_has(pty, 22, "'abc' is not a number");
    assert_row_has(pty, 23, " none");
    pty_resize(pty, 16, 60);
    explorer_command(pty, "set spike.alpha_percent=abc");
    assert_row_has(pty, 14, "'abc' is not a number; give a number");
    assert_row_has(pty, 15, " from 0 to 1000, or none");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_saves_what_a_run_says),
        cmocka_unit_test(the_form_says_what_a_step_saves),
        cmocka_unit_test(a_limit_that_homes_share_is_searched),
        cmocka_unit_test(limits_cost_what_a_run_says),
        cmocka_unit_test(limits_are_turned_where_their_cost_stands),
        cmocka_unit_test(what_the_data_cannot_be_solved_by_is_refused),
        cmocka_unit_test(a_long_message_takes_more_rows),
    };
    return cmocka_run_group_tests_name("explorer's limits", tests, NULL, NULL);
}
