/**
 * @file test_explorer.c
 * What the explorer shows: screens as text in expected/, with several engines, limits, locales and terminals.
 * test_explorer_matrix has every view at every size.
 */
#include "explorer.h"

#include <unistd.h>

static void day_and_too_small_a_screen(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    pty_check_screen(pty, "explorer_day_80x24");
    pty_resize(pty, 10, 40);
    pty_check_screen(pty, "explorer_too_small_40x10");
    explorer_leave(pty);
}

static void every_view(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    pty_press(pty, "3");
    pty_check_screen(pty, "explorer_customers");
    pty_press(pty, "Enter");
    pty_check_screen(pty, "explorer_customer");
    pty_press(pty, "4");
    pty_check_screen(pty, "explorer_moves");
    pty_press(pty, "Tab");
    pty_check_screen(pty, "explorer_moves_map");
    pty_press(pty, "Tab");
    pty_check_screen(pty, "explorer_moves_directions");
    pty_press(pty, "7");
    pty_check_screen(pty, "explorer_data");
    pty_press(pty, "8");
    pty_check_screen(pty, "explorer_parameters_1");
    pty_press(pty, "PgDn");
    pty_check_screen(pty, "explorer_parameters_2");
    PRESS(pty, "Esc", "?");
    pty_check_screen(pty, "explorer_help_1");
    pty_press(pty, "PgDn");
    pty_check_screen(pty, "explorer_help_2");
    pty_press(pty, "/");
    pty_type(pty, "no such home");
    pty_check_screen(pty, "explorer_search_empty");
    pty_press(pty, "Esc");
    assert_lacks(pty, "no such home");
    explorer_leave(pty);
}

/* But for the name of the data, which stands in the first row. */
static void a_store_shows_what_its_csv_shows(void **state)
{
    (void)state;
    char path[] = "/tmp/loadscope-store-XXXXXX", command[400], line[PTY_LINE], expected[23][PTY_LINE];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(command, sizeof command, "%s import -q --force " SAMPLE " -o %s", explorer_program(), path);
    assert_int_equal(system(command), 0);
    struct pty *csv = explorer_open();
    assert_row_has(csv, 0, "readings.csv.gz");
    for (int row = 1; row < 24; row++)
        pty_line(csv, row, expected[row - 1]);
    explorer_leave(csv);
    const char *argv[] = {explorer_program(), path, "--scenario", SCENARIO, NULL};
    struct pty *store = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(store);
    assert_row_has(store, 0, "loadscope-store-");
    for (int row = 1; row < 24; row++)
        assert_string_equal(pty_line(store, row, line), expected[row - 1]);
    explorer_leave(store);
    assert_int_equal(unlink(path), 0);
}

static void the_panes_of_moves_fit_the_least_screen(void **state)
{
    (void)state;
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 16, .cols = 60}, NULL);
    PRESS(pty, "4", "Tab");
    pty_check_screen(pty, "explorer_moves_map_60x16");
    pty_press(pty, "Tab");
    pty_check_screen(pty, "explorer_moves_directions_60x16");
    explorer_leave(pty);
}

/* With a caption the least screen has one row for what is saved. */
static void a_caption_leaves_both_savings(void **state)
{
    (void)state;
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 16, .cols = 60}, NULL);
    double marginal = explorer_total(pty, "marginal"), average = explorer_total(pty, "average");
    char both[64];
    snprintf(both, sizeof both, " marg %.2f avg %.2f kg ", marginal, average);
    explorer_command(pty, "caption both");
    assert_row_has(pty, 12, both);
    explorer_leave(pty);
}

/* Figures of one home have digits to be compared by. */
static void one_home_is_told_in_grams(void **state)
{
    char path[] = "/tmp/loadscope-home-XXXXXX", command[300], text[64];
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(command, sizeof command, "gzip -dc " SAMPLE " | awk -F, 'NR == 1 || $1 == 60000005504' >%s",
             path);
    assert_int_equal(system(command), 0);
    const char *argv[] = {explorer_program(), path, "--scenario", SCENARIO, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(pty);
    assert_row_has(pty, 0, "  1 home ");
    assert_row_has(pty, explorer_row(pty, "marginal"), " g ");
    assert_row_has(pty, explorer_row(pty, "moved"), " 0.09 kWh");
    pty_press(pty, "Tab");
    assert_row_has(pty, 22, "base 0.23 shifted 0.23 kWh");
    snprintf(text, sizeof text, "%.1f", explorer_total(pty, "marginal"));
    pty_press(pty, "1");
    assert_row_has(pty, 21, "1 home ");
    assert_row_has(pty, 22, " g marg");
    assert_row_has(pty, 22, text);
    pty_press(pty, "7");
    assert_row_has(pty, 2, " 1 home, 1 city, ");
    assert_row_has(pty, 3, " delhi: 1 home, ");
    explorer_leave(pty);
    unlink(path);
}

/* What there is no room for is counted: with --plain's moves of the same home they are all. */
static void a_home_with_many_moves_says_how_many(void **state)
{
    static const char *const no_quota[] = {"--set", "behaviour.moves_per_day=none", "--set",
                                           "behaviour.moves_per_week=none", NULL};
    char command[300], line[PTY_LINE], id[32];
    int in_all = 0, more = 0;
    (void)state;
    struct pty *pty = explorer_start(NULL, no_quota);
    PRESS(pty, "3", "Enter");
    assert_int_equal(sscanf(pty_line(pty, 2, line), " %31s", id), 1);
    snprintf(command, sizeof command,
             "%s --plain --view moves %s %s %s %s " SAMPLE " --scenario " SCENARIO " | grep -c ^%s:",
             explorer_program(), no_quota[0], no_quota[1], no_quota[2], no_quota[3], id);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%d", &in_all), 1);
    assert_int_equal(pclose(pipe), 0);
    assert_row_has(pty, 6, "limit: ");
    assert_int_equal(sscanf(pty_line(pty, 7, line), " and %d more; 4 has all", &more), 1);
    assert_int_equal(4 + more, in_all);
    explorer_leave(pty);
}

static void a_week_that_used_its_moves_says_so(void **state)
{
    (void)state;
    static const char *const in_week[] = {"--set", "run.week_context=in_week", "--day", "2022-05-05", NULL};
    struct pty *pty = explorer_start(NULL, in_week);
    assert_has(pty, "Thu 2022-05-05");
    assert_has(pty, "used all 3 moves");
    pty_check_screen(pty, "explorer_week_thursday");
    pty_press(pty, "n");
    assert_has(pty, "Fri 2022-05-06");
    pty_check_screen(pty, "explorer_week_friday");
    pty_press(pty, "W"); /* alone again */
    assert_lacks(pty, "used all");
    assert_true(explorer_total(pty, "marginal") > 0);
    explorer_leave(pty);
}

static void limits_switched_off(void **state)
{
    (void)state;
    static const char *const off[] = {
        "--set", "peak.reduction_limit_percent=none",      "--set", "spike.alpha_percent=none",
        "--set", "regional.load_shift_percent_limit=none", "--set", "behaviour.shift_window_hours=none",
        "--set", "behaviour.moves_per_week=none",          NULL};
    char value[64];
    struct pty *pty = explorer_start(NULL, off);
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "none");
    assert_has(pty, "no limit");
    pty_check_screen(pty, "explorer_limits_off");
    PRESS(pty, "3", "Enter");
    pty_check_screen(pty, "explorer_limits_off_customer");
    explorer_leave(pty);
}

static void exact_engine(void **state)
{
    (void)state;
    char line[PTY_LINE];
    static const char *const milp[] = {"--engine", "milp", NULL};
    struct pty *pty = explorer_start(NULL, milp);
    assert_non_null(strstr(pty_line(pty, 0, line), "milp  "));
    pty_check_screen(pty, "explorer_milp");
    explorer_leave(pty);
}

static void seven_bits_where_the_locale_has_no_more(void **state)
{
    (void)state;
    static const char *const c_locale[] = {"LC_ALL=C", NULL};
    struct pty *pty = explorer_start(&(struct pty_options){.env = c_locale}, NULL);
    pty_check_screen(pty, "explorer_day_ascii");
    PRESS(pty, "3", "Enter");
    pty_check_screen(pty, "explorer_customer_ascii");
    PRESS(pty, "4", "Tab", "7", "8", "PgDn", "Esc", "?");
    assert_false(pty_saw_8bit(pty));
    explorer_leave(pty);
}

/* Compares the row of the totals with what xterm shows: the same words whatever the terminal. */
static void words_stay(struct pty *pty)
{
    assert_has(pty, " loadscope  readings.csv.gz  delhi  Mon 2022-05-02  36 homes");
    assert_has(pty, " marginal      1.84 kg");
    assert_has(pty, ">Peak comfort");
    PRESS(pty, "3", "Enter");
    assert_has(pty, "Why [21:30] to 22:30: moved");
    pty_press(pty, "2");
}

static void other_terminals(void **state)
{
    (void)state;
    static const char *const terms[] = {"linux", "vt100", "screen"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        char name[64];
        struct pty *pty = explorer_start(&(struct pty_options){.term = terms[i]}, NULL);
        words_stay(pty);
        snprintf(name, sizeof name, "explorer_day_%s", terms[i]);
        pty_check_screen(pty, name);
        explorer_leave(pty);
    }
}

static void a_terminal_without_a_cursor_gets_the_day_as_text(void **state)
{
    (void)state;
    const char *argv[] = {explorer_program(), SAMPLE, "--scenario", SCENARIO, NULL};
    struct pty_options options = {.argv = argv, .term = "dumb", .rows = 90, .cols = 100};
    struct pty *pty = pty_start(&options);
    int status = pty_wait_exit(pty, 5000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_row_has(pty, 0, "loadscope: this terminal (TERM=dumb) cannot move its cursor");
    assert_row_has(pty, 1, "loadscope   delhi, Mon 2022-05-02, 36 homes");
    assert_has(pty, "saved       1.843 kg marginal");
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
}

static void no_color_has_the_same_text(void **state)
{
    (void)state;
    static const char *const plain[] = {"NO_COLOR=1", NULL};
    static const char *const keys[] = {"3", "Enter", "4", "7", "2"};
    struct pty *pty = explorer_start(&(struct pty_options){.env = plain}, NULL);
    pty_check_screen(pty, "explorer_day_80x24");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pty_press(pty, keys[i]);
        for (int row = 0; row < 24; row++)
            for (int col = 0; col < 80; col++)
                assert_false(pty_cell(pty, row, col).colored);
    }
    assert_false(pty_saw_color(pty));
    explorer_leave(pty);
    pty = explorer_open();
    assert_true(pty_saw_color(pty)); /* or the above would say nothing */
    explorer_leave(pty);
}

/* Data name no peak hours; without a scenario that does, Z is turned in vain. */
static void peak_comfort_without_peaks_says_so(void **state)
{
    const char *argv[] = {explorer_program(), SAMPLE, NULL};
    (void)state;
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(pty);
    assert_row_has(pty, 3, ">No peak hours Z");
    assert_row_has(pty, 22, " no peak hours this day, so Z limits nothing; set peak_hours.delhi.Mon");
    pty_press(pty, "Down");
    assert_lacks(pty, "limits nothing");
    pty_press(pty, "6");
    assert_has(pty, "R sweeps alpha and H ");
    pty_press(pty, "R");
    assert_row_has(pty, 3, " up: Shift window H [h]   across: Anti-spike limit");
    explorer_command(pty, "set peak_hours.delhi.Mon=8");
    pty_press(pty, "2");
    assert_row_has(pty, 3, " Peak comfort  Z");
    explorer_leave(pty);
}

/* A list that a search has cut short does not pass for all there are. */
static void a_search_says_what_it_hides(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    PRESS(pty, "3", "/", "5", "6", "7", "Enter");
    assert_row_has(pty, 22, " 1 of 36 customers, with \"567\" in the id; Esc shows all");
    pty_press(pty, "Esc");
    assert_row_has(pty, 1, "[3 Customers]");
    assert_lacks(pty, "Esc shows all");
    PRESS(pty, "/", "6", "0", "Enter", "End"); /* in all ids: the last is above the word on them */
    assert_row_has(pty, 22, " 36 of 36 customers");
    assert_row_has(pty, 21, ">");
    PRESS(pty, "Esc", "Esc");
    assert_row_has(pty, 1, "[2 Day]");
    explorer_leave(pty);
}

/* On the narrowest screen sentences go on in the next line, and a move's limit is there. */
static void nothing_that_matters_is_cut_at_60_columns(void **state)
{
    (void)state;
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 16, .cols = 60}, NULL);
    pty_press(pty, "7");
    assert_row_has(pty, 3, "     sample_data/readings.csv.gz");
    assert_has(pty, "     saved this day");
    PRESS(pty, "PgDn", "PgDn");
    assert_lacks(pty, "more: PgDn");
    pty_press(pty, "4");
    assert_row_has(pty, 2, "avg g limit");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_and_too_small_a_screen),
        cmocka_unit_test(every_view),
        cmocka_unit_test(a_store_shows_what_its_csv_shows),
        cmocka_unit_test(peak_comfort_without_peaks_says_so),
        cmocka_unit_test(a_search_says_what_it_hides),
        cmocka_unit_test(nothing_that_matters_is_cut_at_60_columns),
        cmocka_unit_test(the_panes_of_moves_fit_the_least_screen),
        cmocka_unit_test(a_caption_leaves_both_savings),
        cmocka_unit_test(one_home_is_told_in_grams),
        cmocka_unit_test(a_home_with_many_moves_says_how_many),
        cmocka_unit_test(a_week_that_used_its_moves_says_so),
        cmocka_unit_test(limits_switched_off),
        cmocka_unit_test(exact_engine),
        cmocka_unit_test(seven_bits_where_the_locale_has_no_more),
        cmocka_unit_test(other_terminals),
        cmocka_unit_test(a_terminal_without_a_cursor_gets_the_day_as_text),
        cmocka_unit_test(no_color_has_the_same_text),
    };
    return cmocka_run_group_tests_name("explorer", tests, NULL, NULL);
}
