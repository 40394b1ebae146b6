/**
 * @file test_explorer_days.c
 * The calendar of days: its picture in all sizes, days that lack readings or have a clock change, moving and
 * opening, solving in the background; and the tours that ship, which begin with it.
 */
#include "explorer.h"

#include <loadscope/calendar.h>

#include <unistd.h>

#define FIRST_CELL_ROW 4 /* Monday of the first city */
#define FIRST_CELL_COL 10
#define CELL_COLS      6 /* of the sample's three weeks */
#define LEGEND_ROW     20
#define DAY_ROW        21
#define MARKS_ROW      11 /* below the weeks where a day has one column */

static const char *const mono[] = {"--palette", "mono", NULL};
static const char *const ascii[] = {"--ascii", NULL};

static void the_picture_at_every_size(void **state)
{
    static const struct {
        const char *name;
        int rows, cols;
        const char *const *more;
    } screens[] = {
        {"explorer_days_80x24", 24, 80, NULL},   {"explorer_days_60x16", 16, 60, NULL},
        {"explorer_days_132x43", 43, 132, NULL}, {"explorer_days_200x60", 60, 200, NULL},
        {"explorer_days_ascii", 24, 80, ascii},
    };
    (void)state;
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        struct pty *pty = explorer_start(
            &(struct pty_options){.rows = screens[i].rows, .cols = screens[i].cols}, screens[i].more);
        PRESS(pty, "1", "Tab");
        pty_check_screen(pty, screens[i].name);
        if (screens[i].more == ascii)
            assert_false(pty_saw_8bit(pty));
        explorer_leave(pty);
    }
}

/* The word of each level is a glyph, so days tell apart without a colour. */
static void in_mono_glyphs_tell(void **state)
{
    (void)state;
    struct pty *pty = explorer_start(NULL, mono);
    PRESS(pty, "1", "Tab");
    assert_false(pty_saw_color(pty));
    assert_string_not_equal(pty_cell(pty, FIRST_CELL_ROW, FIRST_CELL_COL + 3).text,
                            pty_cell(pty, FIRST_CELL_ROW + 4, FIRST_CELL_COL + 3).text);
    assert_row_has(pty, LEGEND_ROW, " 0 · ░ ▒ ▓ █ 3 kg");
    explorer_leave(pty);
}

/* The line of the day under the cursor says what --plain says of it. */
static void figures_are_those_of_plain(void **state)
{
    char command[300], told[600];
    struct pty *pty = explorer_open();
    (void)state;
    pty_press(pty, "1");
    snprintf(command, sizeof command, "%s --plain --view days --city delhi " SAMPLE " --scenario " SCENARIO,
             explorer_program());
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    for (int day = 0; day < 14; day++) {
        char date[16], line[PTY_LINE];
        double kwh, marginal, average, budget, lacks, shown[5];
        int homes, shown_homes;
        assert_non_null(fgets(told, sizeof told, pipe));
        assert_int_equal(sscanf(told,
                                "delhi %*s %15[^:]: usage %lf kWh, %d homes; saved %lf kg marginal, %lf kg "
                                "average; %lf %% of the budget used; %lf %%",
                                date, &kwh, &homes, &marginal, &average, &budget, &lacks),
                         7);
        assert_row_has(pty, DAY_ROW, date);
        assert_int_equal(sscanf(pty_line(pty, DAY_ROW, line), " %*s %*s %lf kWh %d homes lacks %lf %% delhi",
                                &shown[0], &shown_homes, &shown[1]),
                         3);
        assert_int_equal(sscanf(pty_line(pty, DAY_ROW + 1, line),
                                " saved %lf kg marg %lf kg avg %*f %% budget %lf %%", &shown[2], &shown[3],
                                &shown[4]),
                         3);
        assert_true(kwh - shown[0] < 0.06 && shown[0] - kwh < 0.06);
        assert_int_equal(shown_homes, homes);
        assert_true(lacks - shown[1] < 0.06 && shown[1] - lacks < 0.06);
        assert_true(marginal - shown[2] < 0.006 && shown[2] - marginal < 0.006);
        assert_true(average - shown[3] < 0.006 && shown[3] - average < 0.006);
        assert_true(budget == shown[4]);
        pty_press(pty, "Down");
    }
    assert_int_equal(pclose(pipe), 0);
    explorer_leave(pty);
}

static void moving_and_opening(void **state)
{
    struct pty *pty = explorer_open();
    (void)state;
    pty_press(pty, "1");
    assert_cursor(pty, FIRST_CELL_ROW, FIRST_CELL_COL);
    PRESS(pty, "Right", "Down");
    assert_cursor(pty, FIRST_CELL_ROW + 1, FIRST_CELL_COL + CELL_COLS);
    assert_row_has(pty, DAY_ROW, "Tue 2022-05-10");
    PRESS(pty, "y");
    assert_row_has(pty, 23, "copied the day: delhi Tue 2022-05-10: usage 625.");
    PRESS(pty, "End", "Down", "Right");
    assert_row_has(pty, DAY_ROW, "Sun 2022-05-15");
    PRESS(pty, "Home", "Up", "Left", "PgDn", "PgUp");
    assert_row_has(pty, DAY_ROW, "Mon 2022-05-02");
    PRESS(pty, "Right", "Enter");
    assert_row_has(pty, 0, "delhi  Mon 2022-05-09");
    assert_row_has(pty, 1, "[2 Day]");
    PRESS(pty, "1", "n", "C"); /* the cursor follows the day on screen */
    assert_row_has(pty, DAY_ROW, "Tue 2022-05-10");
    assert_row_has(pty, DAY_ROW, " mumbai");
    PRESS(pty, "?", "Esc");
    assert_row_has(pty, DAY_ROW, "Tue 2022-05-10");
    assert_row_has(pty, DAY_ROW, " mumbai");
    explorer_command(pty, "measure budget");
    assert_row_has(pty, 2, "[budget]  % of the budget used");
    explorer_command(pty, "set regional.load_shift_percent_limit=none");
    assert_row_has(pty, LEGEND_ROW, "- no budget");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW, FIRST_CELL_COL + 2).text, "-");
    /* A click chooses, another one opens. */
    explorer_click(pty, 0, FIRST_CELL_ROW + 2, FIRST_CELL_COL + 1);
    assert_row_has(pty, DAY_ROW, "Wed 2022-05-04");
    assert_row_has(pty, DAY_ROW, " delhi");
    explorer_click(pty, 0, FIRST_CELL_ROW + 2, FIRST_CELL_COL + 4);
    assert_row_has(pty, 0, "delhi  Wed 2022-05-04");
    assert_row_has(pty, 1, "[2 Day]");
    explorer_leave(pty);
}

static void a_step_costs_little(void **state)
{
    static const char *const keys[] = {"Down", "Right", "Up", "Left", "Down", "Down"};
    struct pty *pty = explorer_open();
    (void)state;
    pty_press(pty, "1");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        long before = pty_total_bytes(pty);
        pty_press(pty, keys[i]);
        assert_in_range(pty_total_bytes(pty) - before, 1, 150);
    }
    explorer_leave(pty);
}

/* Another limit, other figures; turned back, those from before. */
static void a_turned_limit_solves_anew(void **state)
{
    char before[PTY_LINE], line[PTY_LINE];
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "1", "Right");
    pty_line(pty, DAY_ROW + 1, before);
    explorer_command(pty, "set spike.alpha_percent=1");
    assert_string_not_equal(pty_line(pty, DAY_ROW + 1, line), before);
    pty_press(pty, "u");
    assert_string_equal(pty_line(pty, DAY_ROW + 1, line), before);
    explorer_leave(pty);
}

/* While days are solved keys are followed; x stops, and x goes on. */
static void solving_waits_for_nobody(void **state)
{
    static const char *const slow[] = {"--set", "run.engine=milp", "--set", "run.solver=glpk", NULL};
    struct pty *pty = explorer_start(NULL, slow);
    (void)state;
    pty_send(pty, "1x", 2); /* in one write, so that no day is waited for */
    pty_wait(pty);
    assert_row_has(pty, 23, "stopped: x goes on");
    assert_row_has(pty, 2, " of 28 solved");
    PRESS(pty, "Tab", "C");
    assert_row_has(pty, LEGEND_ROW, "? unsolved");
    assert_row_has(pty, DAY_ROW + 1, "not solved: x goes on");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 8, FIRST_CELL_COL + 2).text, "?");
    pty_press(pty, "x"); /* until all are known */
    assert_lacks(pty, "of 28 solved");
    assert_row_has(pty, DAY_ROW + 1, "saved ");
    explorer_leave(pty);
}

/* ---- days that are not as others ---- */

/* Hourly readings of two homes in London in 2013, a few days without any, one with half. */
static void write_odd_year(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "ca_id,date,city,value,marginal_emissions_factor_grams_co2_per_kWh,"
                  "average_emissions_factor_grams_co2_per_kWh\n");
    for (int home = 1; home <= 2; home++)
        for (int64_t hour = 0; hour < 330 * 24; hour++) {
            char stamp[LS_STAMP_SIZE];
            int64_t day = hour / 24;
            if ((day >= 60 && day < 63) || (day == 65 && hour % 24 < 12))
                continue;
            int64_t instant = 1356998400 + hour * 3600; /* 2013-01-01 */
            fprintf(file, "h%d,%s,londonderry,%d.5,%d,%d\n", home, ls_stamp_format(instant, 0, stamp),
                    (int)(hour % 3), 400 + (int)(hour % 7) * 30, 300 + (int)(hour % 5) * 20);
        }
    assert_int_equal(fclose(file), 0);
}

/* Hourly readings by the clock of London. */
static struct pty *open_london(const char *path, const char *option, const char *value)
{
    const char *argv[] = {explorer_program(),
                          path,
                          "--set",
                          "behaviour.timezone=Europe/London",
                          "--set",
                          "behaviour.slot_minutes=60",
                          option,
                          value,
                          NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(pty);
    return pty;
}

static void odd_days_are_marked(void **state)
{
    char path[] = "/tmp/loadscope-days-XXXXXX";
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    close(fd);
    write_odd_year(path);
    struct pty *pty = open_london(path, "--view", "days");
    explorer_command(pty, "day 2013-03-31");
    assert_row_has(pty, DAY_ROW, "Sun 2013-03-31");
    assert_row_has(pty, DAY_ROW, "23 hours");
    /* Weeks of a column each: 2013-01-01 is a Tuesday, so 31 March ends the 13th, and 27 October the 43rd. */
    assert_cursor(pty, FIRST_CELL_ROW + 6, FIRST_CELL_COL + 12);
    assert_string_equal(pty_cell(pty, MARKS_ROW, FIRST_CELL_COL + 12).text, "c");
    assert_string_equal(pty_cell(pty, MARKS_ROW, FIRST_CELL_COL + 42).text, "c");
    /* 2 to 4 March without rows, 7 March with half. */
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 5, FIRST_CELL_COL + 8).text, "x");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 6, FIRST_CELL_COL + 8).text, "x");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW, FIRST_CELL_COL + 9).text, "x");
    assert_string_equal(pty_cell(pty, MARKS_ROW, FIRST_CELL_COL + 9).text, "~");
    assert_row_has(pty, 3, " londonderry   Feb Mar");
    explorer_command(pty, "day 2013-03-07");
    assert_row_has(pty, LEGEND_ROW, "~ lacks >10 %");
    assert_row_has(pty, DAY_ROW, "lacks 50.0 %");
    for (int i = 0; i < 4; i++)
        pty_press(pty, "Up");
    assert_row_has(pty, DAY_ROW, "Sun 2013-03-03  no readings in londonderry");
    pty_press(pty, "Enter");
    assert_row_has(pty, 23, "no readings on this day");
    pty_resize(pty, 24, 200); /* three columns a day: the mark beside it */
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 6, FIRST_CELL_COL + 3 * 12 + 2).text, "c");
    pty_resize(pty, 16, 60);
    assert_string_equal(pty_cell(pty, MARKS_ROW, FIRST_CELL_COL + 12).text, "c");
    explorer_command(pty, "caption no row to spare: in place of the shade");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 6, FIRST_CELL_COL + 12).text, "c");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 3, FIRST_CELL_COL + 9).text, "~");
    explorer_leave(pty);
    unlink(path);
}

/* A home that is read on the first and the last day of four years with two clock changes each, and on the
 * last of these. */
static void clock_changes_are_told(void **state)
{
    static const char *const days[] = {"2010-01-01", "2013-10-27", "2013-12-31"};
    char path[] = "/tmp/loadscope-clock-XXXXXX";
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    fprintf(file, "ca_id,date,city,value,marginal_emissions_factor_grams_co2_per_kWh,"
                  "average_emissions_factor_grams_co2_per_kWh\n");
    for (size_t d = 0; d < sizeof days / sizeof *days; d++)
        for (int hour = 0; hour < 24; hour++)
            fprintf(file, "h1,%sT%02d:00:00Z,london,1.5,400,300\n", days[d], hour);
    assert_int_equal(fclose(file), 0);
    struct pty *pty = open_london(path, "--day", "2013-10-27");
    PRESS(pty, "Right", "Right");
    assert_row_has(pty, 22, " 01:00b ");
    PRESS(pty, "Left");
    assert_row_has(pty, 22, " 01:00 ");
    pty_press(pty, "7");
    assert_row_has(pty, 5, "clock changes: 2010-03-28 has 23 hours");
    assert_row_has(pty, 6, "2010-10-31 has 25 hours; a time that comes twice is then 01:30b");
    assert_row_has(pty, 7, "2011-03-27 has 23 hours");
    assert_row_has(pty, 8, "2011-10-30 has 25 hours, and 4 more days");
    /* Another zone, other days: they are told, and what is doubtful looked for anew. */
    explorer_command(pty, "set behaviour.timezone=America/New_York");
    assert_row_has(pty, 5, "clock changes: 2010-03-14 has 23 hours");
    pty_press(pty, "End");
    assert_lacks(pty, "looking for what is doubtful");
    assert_has(pty, "doubts (loadscope info");
    explorer_leave(pty);
    unlink(path);
}

/* Readings without factors are not to blame on the limits, and nobody knows what they would save. */
static void a_city_without_factors_says_so(void **state)
{
    char path[] = "/tmp/loadscope-factors-XXXXXX", command[512], value[64];
    const char *argv[] = {explorer_program(), path, "--scenario", SCENARIO, "--city", "mumbai", NULL};
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    close(fd);
    snprintf(command, sizeof command,
             "gzip -dc " SAMPLE " | awk -F, -v OFS=, '$3 == \"mumbai\" { $8 = $9 = \"\" } 1' >%s", path);
    assert_int_equal(system(command), 0);
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait(pty);
    assert_has(pty, "no reading of this day has emission");
    assert_lacks(pty, "under these limits");
    assert_string_equal(explorer_value(pty, "marginal", value), "-");
    assert_string_equal(explorer_value(pty, "average", value), "-");
    assert_string_equal(explorer_value(pty, "of the day", value), "-");
    PRESS(pty, "3", "Enter");
    assert_row_has(pty, 2, "saved marg - avg -");
    assert_has(pty, "no reading of this day has emission");
    pty_press(pty, "4");
    assert_has(pty, "no reading of this day has emission");
    pty_press(pty, "1");
    explorer_command(pty, "measure saving");
    assert_row_has(pty, LEGEND_ROW, "- no factors");
    assert_row_has(pty, DAY_ROW, "mumbai");
    assert_row_has(pty, DAY_ROW + 1, " saving unknown: no emission factors");
    assert_string_equal(pty_cell(pty, FIRST_CELL_ROW + 8, FIRST_CELL_COL + 2).text, "-");
    assert_string_not_equal(pty_cell(pty, FIRST_CELL_ROW, FIRST_CELL_COL + 2).text, "-");
    explorer_leave(pty);
    unlink(path);
}

/* ---- tours ---- */

static void a_tour_plays_to_its_end(void **state)
{
    static const char *const tours[][2] = {
        {"sample_data/introduction.tour", "explorer_tour_introduction"},
        {"sample_data/peaks.tour", "explorer_tour_peaks"},
    };
    (void)state;
    for (size_t t = 0; t < sizeof tours / sizeof *tours; t++) {
        const char *argv[] = {explorer_program(), SAMPLE, "--play", tours[t][0], "--pace", "0", NULL};
        struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
        pty_wait(pty);
        pty_check_screen(pty, tours[t][1]);
        explorer_leave(pty);
    }
}

static void any_key_pauses_a_tour(void **state)
{
    const char *argv[] = {
        explorer_program(), SAMPLE, "--scenario", SCENARIO, "--play", "sample_data/introduction.tour", NULL};
    (void)state;
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
    pty_wait_text(pty, "These are made-up homes");
    pty_send(pty, "4", 1);
    pty_wait(pty);
    assert_row_has(pty, 23, "paused: Space goes on");
    assert_row_has(pty, 1, "[7 Data]");
    assert_row_has(pty, 22, "These are made-up homes");
    pty_press(pty, "q");
    assert_lacks(pty, "paused");
    explorer_leave(pty);
}

/* At 80 columns a caption is whole, and stays on for as long as one reads it. */
static void captions_can_be_read(void **state)
{
    static const char *const tours[] = {"sample_data/introduction.tour", "sample_data/peaks.tour"};
    (void)state;
    for (size_t t = 0; t < sizeof tours / sizeof *tours; t++) {
        FILE *file = fopen(tours[t], "r");
        char line[512];
        double shown = 0, seconds;
        size_t cols = 0;
        assert_non_null(file);
        while (fgets(line, sizeof line, file)) {
            if (sscanf(line, "wait %lf", &seconds) == 1)
                shown += seconds;
            if (strncmp(line, "caption ", 8) != 0)
                continue;
            if (shown * 20 < (double)cols)
                fail_msg("%s: too quick before \"%s\"", tours[t], line);
            cols = strlen(line) - strlen("caption \n");
            shown = 0;
            assert_in_range(cols, 1, 78);
        }
        fclose(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_at_every_size),
        cmocka_unit_test(in_mono_glyphs_tell),
        cmocka_unit_test(figures_are_those_of_plain),
        cmocka_unit_test(moving_and_opening),
        cmocka_unit_test(a_step_costs_little),
        cmocka_unit_test(a_turned_limit_solves_anew),
        cmocka_unit_test(solving_waits_for_nobody),
        cmocka_unit_test(odd_days_are_marked),
        cmocka_unit_test(clock_changes_are_told),
        cmocka_unit_test(a_tour_plays_to_its_end),
        cmocka_unit_test(any_key_pauses_a_tour),
        cmocka_unit_test(captions_can_be_read),
        cmocka_unit_test(a_city_without_factors_says_so),
    };
    return cmocka_run_group_tests_name("explorer's days", tests, NULL, NULL);
}
