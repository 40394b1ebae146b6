/**
 * @file test_explorer_study.c
 * More than one solve at a time: sweeps that go on while keys are answered, A and B. Figures are held against
 * those of separate runs of the same program.
 */
#include "../support/folder.h"
#include "explorer_json.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#define GRID       "peak.reduction_limit_percent=0:100:10 spike.alpha_percent=0:50:5"
#define LARGE_GRID "peak.reduction_limit_percent=0:100:1 spike.alpha_percent=0:100:1"
#define OF_LARGE   " of 10201 points"
#define MOVES      12   /* of the cursor while a sweep is at work */
#define MARKS      2000 /* frames that one of them may wait for */
#define PATH_SIZE  128

static char folder[] = "/tmp/loadscope-study-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

/* ---- sweeps ---- */

static void run_well(const char *format, const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, format, explorer_program(), arguments, folder);
    assert_int_equal(system(command), 0);
}

/* The sweep on the screen as CSV is what `loadscope sweep` writes, which tests/cli holds against a run a
 * point. */
static void assert_same_csv(struct pty *pty, const char *arguments)
{
    char line[PATH_SIZE + 32];
    snprintf(line, sizeof line, "sweep-csv! %s/screen.csv", folder);
    explorer_command(pty, line);
    assert_row_has(pty, 23, "points are in");
    run_well("%s sweep " SAMPLE " -s " SCENARIO " -q %s -o %s/run.csv", arguments);
    snprintf(line, sizeof line, "cmp %s/screen.csv %s/run.csv", folder, folder);
    assert_int_equal(system(line), 0);
}

/* Of the sweep under way; of one that begins anew it falls. */
static long points_done(const struct pty *pty)
{
    char line[PTY_LINE];
    const char *of = strstr(pty_line(pty, 2, line), OF_LARGE);
    assert_non_null(of);
    while (of > line && of[-1] != ' ')
        of--;
    return strtol(of, NULL, 10);
}

/* Waits for a few points of the large grid. */
static void await_points(struct pty *pty)
{
    for (int i = 0; !pty_contains(pty, OF_LARGE) || points_done(pty) == 0; i++) {
        assert_in_range(i, 0, MARKS);
        pty_wait_mark(pty);
    }
}

static int cursor_col(const struct pty *pty)
{
    int row, col;
    bool visible;
    pty_cursor(pty, &row, &col, &visible);
    return visible ? col : -1;
}

/* Presses a key and waits for the cursor to follow, not for the sweep. */
static void move_meanwhile(struct pty *pty, const char *bytes)
{
    int from = cursor_col(pty);
    pty_send(pty, bytes, 1);
    for (int i = 0; cursor_col(pty) == from; i++) {
        assert_in_range(i, 0, MARKS);
        pty_wait_mark(pty);
    }
}

/* GLPK on every turn makes the large grid last; the small one takes its place. */
static void a_sweep_runs_while_the_cursor_moves(void **state)
{
    static const char *const slow[] = {"--engine", "milp", "--solver", "glpk", NULL};
    struct pty *pty = explorer_start(NULL, slow);
    (void)state;
    pty_press(pty, ":");
    pty_type(pty, "sweep " LARGE_GRID);
    pty_send(pty, "\r", 1);
    await_points(pty);
    for (int i = 0; i < MOVES; i++) {
        move_meanwhile(pty, i % 2 == 0 ? "\033[C" : "\033[D");
        assert_row_has(pty, 2, OF_LARGE);
    }
    pty_send(pty, ":sweep " GRID "\r", (int)strlen(":sweep " GRID "\r"));
    pty_wait(pty);
    assert_row_has(pty, 2, " 121 points");
    assert_same_csv(pty, "-x peak.reduction_limit_percent=0:100:10 -y spike.alpha_percent=0:50:5 "
                         "--engine milp --solver glpk");
    explorer_leave(pty);
}

static void any_two_parameters_are_swept(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    pty_press(pty, "6");
    assert_has(pty, "R sweeps Z and alpha");
    pty_press(pty, "R");
    assert_row_has(pty, 2, "121 points");
    assert_same_csv(pty, "");
    explorer_command(pty, "sweep run.engine=greedy,lp behaviour.moves_per_day=1,2,none");
    assert_row_has(pty, 2, "6 points");
    assert_same_csv(pty, "-x run.engine=greedy,lp -y behaviour.moves_per_day=1,2,none");
    explorer_command(pty, "sweep spike.alpha_percent");
    assert_has(pty, "up: Peak comfort limit Z [%]");
    explorer_command(pty, "sweep spike.alpha_percent spike.alpha_percent");
    assert_row_has(pty, 22, "both axes are the same parameter");
    explorer_command(pty, "sweep spike.alfa_percent");
    assert_row_has(pty, 23, "did you mean spike.alpha_percent");
    assert_has(pty, "up: Peak comfort limit Z [%]");
    explorer_leave(pty);
}

static void a_point_is_adopted_and_taken_back(void **state)
{
    struct pty *pty = explorer_open();
    char value[64];
    (void)state;
    explorer_command(pty, "sweep " GRID);
    PRESS(pty, "Right", "Up", "Up", "Enter");
    assert_row_has(pty, 23, "peak.reduction_limit_percent = 30, spike.alpha_percent = 35");
    assert_lacks(pty, "STALE");
    pty_press(pty, "2");
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "30 %");
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "35 %");
    double marginal = explorer_total(pty, "marginal");
    cJSON *json = explorer_json(
        "-s " SCENARIO " --set peak.reduction_limit_percent=30 --set spike.alpha_percent=35 -d " FIRST_DAY);
    assert_true(fabs(marginal - member(json, "saved_marg_g") / 1e3) < 0.00501);
    cJSON_Delete(json);
    pty_press(pty, "u");
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "25 %");
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "25 %");
    explorer_leave(pty);
}

static void a_sweep_says_when_it_is_stale(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "R");
    PRESS(pty, "n");
    assert_row_has(pty, 2, "STALE  Saved, marginal: delhi 2022-05-02");
    assert_row_has(pty, 3, "up: Anti-spike limit α [%]   across: Peak comfort limit Z [%]");
    PRESS(pty, "p");
    assert_lacks(pty, "STALE");
    explorer_command(pty, "set regional.load_shift_percent_limit=2");
    assert_row_has(pty, 2, "STALE");
    PRESS(pty, "R");
    assert_lacks(pty, "STALE");
    explorer_command(pty, "city mumbai");
    assert_row_has(pty, 2, "STALE");
    explorer_leave(pty);
}

/* One that is stopped goes on where it was. */
static void a_sweep_is_cancelled(void **state)
{
    static const char *const slow[] = {"--engine", "milp", "--solver", "glpk", NULL};
    struct pty *pty = explorer_start(NULL, slow);
    (void)state;
    pty_press(pty, ":");
    pty_type(pty, "sweep " LARGE_GRID);
    pty_send(pty, "\r", 1);
    await_points(pty);
    pty_press(pty, "x"); /* waits until nothing is at work */
    assert_row_has(pty, 23, OF_LARGE "; x goes on, R sweeps anew");
    long done = points_done(pty);
    assert_in_range(done, 0, 10200);
    pty_send(pty, "x", 1);
    for (int i = 0; points_done(pty) <= done + 1; i++) {
        assert_in_range(i, 0, MARKS);
        pty_wait_mark(pty);
    }
    pty_press(pty, "x");
    assert_in_range(points_done(pty), done + 2, 10200);
    explorer_leave(pty);
}

static void sweeps_look_as_they_should(void **state)
{
    static const char *const ascii[] = {"--ascii", "--palette", "mono", NULL};
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "sweep " GRID);
    PRESS(pty, "Right");
    pty_check_screen(pty, "explorer_sweep_80x24");
    pty_resize(pty, 43, 132);
    pty_check_screen(pty, "explorer_sweep_132x43");
    pty_press(pty, "Tab");
    assert_row_has(pty, 2, "Saved, average");
    explorer_leave(pty);
    pty = explorer_start(&(struct pty_options){.rows = 16, .cols = 60}, ascii);
    explorer_command(pty, "sweep");
    pty_check_screen(pty, "explorer_sweep_ascii");
    assert_false(pty_saw_8bit(pty));
    explorer_leave(pty);
}

/* Where the average factor falls as the marginal one rises, what saves by one raises by the other. */
static void a_sweep_shows_what_raises_emissions(void **state)
{
    char command[512], path[PATH_SIZE], saved[16], line[PTY_LINE];
    (void)state;
    snprintf(path, sizeof path, "%s/opposed.csv", folder);
    snprintf(command, sizeof command,
             "gzip -dc " SAMPLE " | awk -F, -v OFS=, 'NR > 1 { $6 *= 10; $9 = 1500 - $8 } 1' >%s", path);
    assert_int_equal(system(command), 0);
    const char *argv[] = {explorer_program(), path, "--scenario", SCENARIO, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(pty);
    explorer_command(pty, "sweep " GRID);
    assert_lacks(pty, "raises");
    const char *row = pty_line(pty, 9, line);
    assert_int_equal(sscanf(row, "%*s %*[^0-9]%4[0-9.]", saved), 1);
    assert_true(strtod(saved, NULL) > 10); /* kg */
    pty_press(pty, "Tab");
    assert_row_has(pty, 21, " 0 · ░ ▒ ▓ █ 1 kg  - raises  ◆");
    snprintf(command, sizeof command, "25  -%s ", saved);
    assert_row_has(pty, 9, command);
    explorer_leave(pty);
}

/* Signs where it goes on; the engine is told where all points have the same. */
static void a_sweep_larger_than_the_screen_says_so(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "sweep run.engine=greedy,lp spike.alpha_percent=0:50:1");
    assert_row_has(pty, 4, "32^");
    assert_row_has(pty, 19, "17v");
    assert_row_has(pty, 2, "delhi 2022-05-02 ");
    PRESS(pty, "End", "PgUp", "PgUp", "PgUp", "PgUp", "PgUp");
    assert_lacks(pty, "^");
    explorer_command(pty, "sweep spike.alpha_percent=0:100:1 peak.reduction_limit_percent=0,50");
    assert_row_has(pty, 6, ">");
    PRESS(pty, "Right");
    assert_lacks(pty, "<");
    PRESS(pty, "End");
    assert_row_has(pty, 6, "<");
    assert_row_has(pty, 2, "delhi 2022-05-02, greedy");
    explorer_leave(pty);
}

static void moving_over_a_sweep_is_cheap(void **state)
{
    static const char *const steps[] = {"Right", "Up", "Left", "Down", "Home", "End"};
    struct pty *pty = explorer_open();
    (void)state;
    explorer_command(pty, "sweep " GRID);
    pty_press(pty, "Right"); /* the message goes */
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        long before = pty_total_bytes(pty);
        pty_press(pty, steps[i]);
        assert_in_range(pty_total_bytes(pty) - before, 1, 150);
    }
    explorer_leave(pty);
}

static void read_only_writes_no_sweep(void **state)
{
    static const char *const more[] = {"--read-only", NULL};
    struct pty *pty = explorer_start(NULL, more);
    (void)state;
    PRESS(pty, "R");
    explorer_command(pty, "sweep-csv /tmp/loadscope-no.csv");
    assert_row_has(pty, 23, "read-only: :sweep-csv would write a file");
    assert_int_not_equal(access("/tmp/loadscope-no.csv", F_OK), 0);
    explorer_leave(pty);
}

/* ---- A and B ---- */

static void totals_differ_as_two_runs_do(void **state)
{
    struct pty *pty = explorer_open();
    char difference[32];
    (void)state;
    PRESS(pty, "a", "5");
    assert_has(pty, "0 parameters differ");
    explorer_command(pty, "set spike.alpha_percent=10");
    assert_row_has(pty, 4, "spike.alpha_percent");
    write_difference(AT, AT " --set spike.alpha_percent=10", "saved_marg_g", difference);
    assert_row_has(pty, 6, difference);
    write_difference(AT, AT " --set spike.alpha_percent=10", "saved_avg_g", difference);
    assert_row_has(pty, 7, difference);
    explorer_leave(pty);
}

static void a_outlives_what_is_kept_of_answers(void **state)
{
    struct pty *pty = explorer_open();
    char difference[32];
    (void)state;
    PRESS(pty, "a", "Down");
    for (int i = 0; i < 70; i++)
        pty_press(pty, "]");
    PRESS(pty, "5");
    write_difference(AT, AT " --set spike.alpha_percent=95", "saved_marg_g", difference);
    assert_row_has(pty, 4, "25                95");
    assert_row_has(pty, 6, difference);
    explorer_leave(pty);
}

static void a_and_b_are_turned_round(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "b");
    assert_row_has(pty, 23, "no answer is marked as A");
    PRESS(pty, "a");
    explorer_command(pty, "set spike.alpha_percent=10");
    PRESS(pty, "5");
    assert_row_has(pty, 4, "25                10");
    PRESS(pty, "b");
    assert_row_has(pty, 4, "10                25");
    PRESS(pty, "u");
    assert_row_has(pty, 4, "25                10");
    PRESS(pty, "U");
    assert_row_has(pty, 4, "10                25");
    PRESS(pty, "b");
    assert_row_has(pty, 4, "25                10");
    explorer_command(pty, "unmark");
    assert_has(pty, "a keeps this answer as A");
    explorer_leave(pty);
}

/* Undo goes over one swap after another, and to the day of each; A is always what was marked or compared. */
static void swaps_are_undone(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "Down", "a", "]", "5", "b", "b"); /* the anti-spike limit, 25 and 26 */
    assert_row_has(pty, 4, "25                26");
    PRESS(pty, "u");
    assert_row_has(pty, 4, "26                25");
    PRESS(pty, "u");
    assert_row_has(pty, 4, "25                26");
    PRESS(pty, "U");
    assert_row_has(pty, 4, "26                25");
    PRESS(pty, "u", "u", "2", "a", "n", "]", "5", "b"); /* A on the day before */
    assert_row_has(pty, 0, "2022-05-02");
    PRESS(pty, "u");
    assert_row_has(pty, 0, "2022-05-03");
    assert_row_has(pty, 2, "DIFFERENT DAYS: A 2022-05-02 greedy, B 2022-05-03 greedy");
    assert_row_has(pty, 4, "25                26");
    PRESS(pty, "u", "p", "a", "]", "b", "n", "u"); /* B went on to a day that was never A */
    assert_row_has(pty, 0, "2022-05-02");
    assert_row_has(pty, 4, "25                26");
    assert_lacks(pty, "DIFFERENT DAYS");
    explorer_leave(pty);
}

/* Like any other change of day, a swap takes the calendar's cursor along. */
static void a_swap_takes_the_calendar_along(void **state)
{
    struct pty *pty = explorer_open();
    int at_row, at_col, row, col;
    bool visible;
    (void)state;
    PRESS(pty, "1");
    pty_cursor(pty, &at_row, &at_col, &visible);
    PRESS(pty, "a", "n", "b");
    assert_row_has(pty, 0, "2022-05-02");
    pty_cursor(pty, &row, &col, &visible);
    assert_int_equal(row, at_row);
    assert_int_equal(col, at_col);
    explorer_leave(pty);
}

static void other_days_are_told(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "a", "5", "n");
    assert_row_has(pty, 2, "DIFFERENT DAYS: A 2022-05-02 greedy, B 2022-05-03 greedy");
    PRESS(pty, "b");
    assert_row_has(pty, 0, "2022-05-02");
    assert_row_has(pty, 2, "DIFFERENT DAYS: A 2022-05-03 greedy, B 2022-05-02 greedy");
    explorer_command(pty, "city mumbai");
    assert_has(pty, "cannot be compared");
    explorer_leave(pty);
}

static void changed_customers_are_opened(void **state)
{
    struct pty *pty = explorer_open();
    char line[PTY_LINE], id[16];
    (void)state;
    PRESS(pty, "a");
    explorer_command(pty, "set spike.alpha_percent=10");
    PRESS(pty, "5", "Tab", "Down");
    snprintf(id, sizeof id, "%.11s", pty_line(pty, 6, line) + 1);
    PRESS(pty, "Enter");
    assert_row_has(pty, 2, id);
    PRESS(pty, "Esc");
    assert_row_has(pty, 1, "[5 Compare]");
    explorer_leave(pty);
}

static void comparisons_look_as_they_should(void **state)
{
    static const char *const ascii[] = {"--ascii", NULL};
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "5");
    pty_check_screen(pty, "explorer_compare_empty");
    PRESS(pty, "a");
    explorer_command(pty, "set spike.alpha_percent=10");
    PRESS(pty, "Down");
    pty_check_screen(pty, "explorer_compare_80x24");
    PRESS(pty, "Tab");
    pty_check_screen(pty, "explorer_compare_customers");
    pty_resize(pty, 43, 132);
    pty_check_screen(pty, "explorer_compare_132x43");
    explorer_leave(pty);
    pty = explorer_start(NULL, ascii);
    PRESS(pty, "a", "Down", "{", "5");
    pty_check_screen(pty, "explorer_compare_ascii");
    assert_false(pty_saw_8bit(pty));
    explorer_leave(pty);
}

/* Where rows are few one scrolls to them, and what is saved stays. */
static void all_totals_are_reached(void **state)
{
    static const char *const labels[] = {"budget kWh", "budget used kWh", "baseline kWh",
                                         "baseline, marginal g", "baseline, average g"};
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 16, .cols = 60}, NULL);
    (void)state;
    PRESS(pty, "a", "5");
    assert_has(pty, "Totals, 10 of 14: ↑↓");
    assert_lacks(pty, "Shifted less");
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (i > 0)
            pty_press(pty, "Down");
        assert_row_has(pty, 14, labels[i]);
        assert_row_has(pty, 4, "Totals");
        assert_row_has(pty, 5, "saved, marginal g");
        assert_row_has(pty, 6, "saved, average g");
    }
    PRESS(pty, "Down", "Home");
    assert_row_has(pty, 14, labels[0]);
    explorer_leave(pty);
}

static void a_session_of_studies_replays(void **state)
{
    char line[PATH_SIZE + 32], path[PATH_SIZE], kept[24][PTY_LINE], rows[PTY_LINE];
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "a");
    explorer_command(pty, "sweep " GRID);
    PRESS(pty, "Right", "Up", "Enter", "5", "b", "Tab", "Down");
    snprintf(path, sizeof path, "%s/log", folder);
    snprintf(line, sizeof line, "log %s", path);
    explorer_command(pty, line);
    for (int row = 1; row < 23; row++)
        pty_line(pty, row, kept[row]);
    explorer_leave(pty);
    const char *const more[] = {"--play", path, NULL};
    pty = explorer_start(NULL, more);
    for (int row = 1; row < 23; row++)
        assert_string_equal(pty_line(pty, row, rows), kept[row]);
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_runs_while_the_cursor_moves),
        cmocka_unit_test(any_two_parameters_are_swept),
        cmocka_unit_test(a_point_is_adopted_and_taken_back),
        cmocka_unit_test(a_sweep_says_when_it_is_stale),
        cmocka_unit_test(a_sweep_is_cancelled),
        cmocka_unit_test(sweeps_look_as_they_should),
        cmocka_unit_test(a_sweep_shows_what_raises_emissions),
        cmocka_unit_test(a_sweep_larger_than_the_screen_says_so),
        cmocka_unit_test(moving_over_a_sweep_is_cheap),
        cmocka_unit_test(read_only_writes_no_sweep),
        cmocka_unit_test(totals_differ_as_two_runs_do),
        cmocka_unit_test(a_outlives_what_is_kept_of_answers),
        cmocka_unit_test(a_and_b_are_turned_round),
        cmocka_unit_test(swaps_are_undone),
        cmocka_unit_test(a_swap_takes_the_calendar_along),
        cmocka_unit_test(other_days_are_told),
        cmocka_unit_test(changed_customers_are_opened),
        cmocka_unit_test(comparisons_look_as_they_should),
        cmocka_unit_test(all_totals_are_reached),
        cmocka_unit_test(a_session_of_studies_replays),
    };
    return cmocka_run_group_tests_name("explorer's studies", tests, make_folder, remove_folder);
}
