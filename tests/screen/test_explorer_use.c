/**
 * @file test_explorer_use.c
 * What the explorer does when keys are pressed. The figures on its Day screen are compared with those that
 * the same program prints as JSON for the same settings, and tables with their own numbers.
 */
#include "explorer_json.h"

#include <loadscope/policy.h>

#include <math.h>
#include <unistd.h>

#define MAX_ROWS 128

static void assert_shown(const struct pty *pty, const char *label, double expected, int decimals)
{
    double shown = explorer_total(pty, label), half = 0.5 * pow(10, -decimals);
    if (!(fabs(shown - expected) <= half * 1.0001))
        fail_msg("%s is %g on the screen and %g in JSON", label, shown, expected);
}

/* The totals on the Day screen are those of the program run with these arguments. */
static void assert_totals(const struct pty *pty, const char *arguments)
{
    cJSON *json = explorer_json(arguments);
    double marginal = member(json, "saved_marg_g");
    assert_shown(pty, "marginal", marginal / 1e3, 2);
    assert_shown(pty, "average", member(json, "saved_avg_g") / 1e3, 2);
    assert_shown(pty, "of the day", 100 * marginal / member(json, "baseline_marg_g"), 2);
    assert_shown(pty, "moved", member(json, "moved_kwh"), 1);
    assert_shown(pty, "homes", member(json, "customers_moving"), 0);
    cJSON_Delete(json);
}

#define FIRST "--city delhi --day " FIRST_DAY " --scenario " SCENARIO

static void a_typed_value_is_solved_at_once(void **state)
{
    (void)state;
    char value[64];
    struct pty *pty = explorer_open();
    assert_totals(pty, FIRST);
    pty_press(pty, "Enter");
    assert_has(pty, "0 to 100, none; Enter keeps, Esc undoes");
    pty_press(pty, "6");
    assert_totals(pty, FIRST " --set peak.reduction_limit_percent=6");
    pty_press(pty, "0");
    assert_totals(pty, FIRST " --set peak.reduction_limit_percent=60");
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "60 %");
    assert_int_equal(explorer_mark(pty, "Peak comfort"), '*');
    pty_press(pty, "Esc");
    assert_totals(pty, FIRST);
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "25 %");
    assert_int_equal(explorer_mark(pty, "Peak comfort"), ' ');

    PRESS(pty, "Down", "Enter", "1", "0", "Enter");
    assert_has(pty, "[ ] nudge"); /* the prompt has gone */
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "10 %");
    assert_totals(pty, FIRST " --set spike.alpha_percent=10");
    PRESS(pty, "Enter");
    pty_type(pty, "none");
    assert_totals(pty, FIRST " --set spike.alpha_percent=none");
    pty_press(pty, "Enter");
    explorer_leave(pty);
}

static void a_text_that_is_no_value_changes_nothing(void **state)
{
    (void)state;
    char value[64];
    struct pty *pty = explorer_open();
    PRESS(pty, "Enter", "6", "0", "x");
    assert_row_has(pty, 23, "60x");
    assert_row_has(pty, 23, "peak.reduction_limit_percent");
    assert_true(pty_cell(pty, 23, 60).colored); /* marked as an error */
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "60 %");
    assert_totals(pty, FIRST " --set peak.reduction_limit_percent=60");
    pty_press(pty, "Enter"); /* is not accepted: the text stays to be mended */
    assert_row_has(pty, 23, "60x");
    pty_press(pty, "Backspace");
    assert_has(pty, "Enter keeps, Esc undoes");
    PRESS(pty, "0");
    assert_row_has(pty, 23, "600");
    assert_totals(pty, FIRST " --set peak.reduction_limit_percent=60");
    pty_press(pty, "Esc");
    assert_totals(pty, FIRST);
    explorer_leave(pty);
}

static void nudges_and_reset(void **state)
{
    (void)state;
    static const char *const keys[] = {"]", "]", "[", "}", "{", "[", "["};
    static const int by[] = {1, 1, -1, 10, -10, -1, -1};
    char value[64], arguments[256];
    double last = 25, step = 0;
    struct pty *pty = explorer_open();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pty_press(pty, keys[i]);
        double now = strtod(explorer_value(pty, "Peak comfort", value), NULL);
        step = step > 0 ? step : now - last;
        assert_true(step > 0);
        assert_true(fabs(now - last - fmax(0, fmin(100 - last, by[i] * step))) < 1e-9 || by[i] < 0);
        assert_true(by[i] > 0 || fabs(last - now - fmin(last, -by[i] * step)) < 1e-9);
        snprintf(arguments, sizeof arguments, FIRST " --set peak.reduction_limit_percent=%g", now);
        assert_totals(pty, arguments);
        last = now;
    }
    PRESS(pty, "]", "]", "]");
    assert_int_equal(explorer_mark(pty, "Peak comfort"), '*');
    pty_press(pty, "r");
    assert_int_equal(explorer_mark(pty, "Peak comfort"), ' ');
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "25 %");
    assert_totals(pty, FIRST);
    PRESS(pty, "Down", "Down", "Down", "Down", "Down", "Down", "Down", "e"); /* the engines turn */
    assert_totals(pty, FIRST " --engine milp");
    assert_int_equal(explorer_mark(pty, "Engine"), '*');
    pty_press(pty, "e");
    assert_totals(pty, FIRST " --engine lp");
    explorer_leave(pty);
}

static void scenarios_are_loaded_and_saved(void **state)
{
    (void)state;
    char path[] = "/tmp/loadscope-test-XXXXXX", line[256], value[64];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct pty *pty = explorer_open();
    explorer_command(pty, "set spike.alpha_percent=5");
    explorer_command(pty, "set behaviour.moves_per_day=2");
    assert_int_equal(explorer_mark(pty, "Anti-spike"), '*');
    assert_int_equal(explorer_mark(pty, "Moves a day"), '*');
    assert_totals(pty, FIRST " --set spike.alpha_percent=5 --set behaviour.moves_per_day=2");
    snprintf(line, sizeof line, "save %s", path);
    explorer_command(pty, line);
    assert_row_has(pty, 22, "is there already");
    snprintf(line, sizeof line, "save! %s", path);
    explorer_command(pty, line);
    assert_has(pty, "saved /tmp/loadscope-test-");
    assert_int_equal(explorer_mark(pty, "Anti-spike"), ' ');
    assert_int_equal(explorer_mark(pty, "Moves a day"), ' ');
    snprintf(line, sizeof line, "--city delhi --day " FIRST_DAY " --scenario %s", path);
    assert_totals(pty, line); /* what was written reads back as the same */

    explorer_command(pty, "load " LAX);
    assert_totals(pty, "--city delhi --day " FIRST_DAY " --scenario " LAX);
    assert_string_equal(explorer_value(pty, "Peak comfort", value), "80 %");
    assert_int_equal(explorer_mark(pty, "Peak comfort"), ' ');
    snprintf(line, sizeof line, "load %s", path);
    explorer_command(pty, line);
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "5 %");
    PRESS(pty, "[", "^S"); /* into the file loaded last, its own */
    assert_has(pty, "saved /tmp/loadscope-test-");
    snprintf(line, sizeof line, "--city delhi --day " FIRST_DAY " --scenario %s", path);
    assert_totals(pty, line);
    explorer_leave(pty);
    unlink(path);
}

/* A scenario that was loaded and taken back is not the one that is written to. */
static void undo_takes_a_loaded_file_back(void **state)
{
    char folder[] = "/tmp/loadscope-test-XXXXXX", line[256], value[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    struct pty *pty = explorer_open();
    for (int i = 2; i > 0; i--) {
        snprintf(line, sizeof line, "set spike.alpha_percent=%d", i);
        explorer_command(pty, line);
        snprintf(line, sizeof line, "save %s/%d.ini", folder, i);
        explorer_command(pty, line);
    }
    snprintf(line, sizeof line, "load %s/2.ini", folder);
    explorer_command(pty, line);
    PRESS(pty, "Down", "u");
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "1 %");
    assert_int_equal(explorer_mark(pty, "Anti-spike"), ' ');
    PRESS(pty, "U");
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "2 %");
    assert_int_equal(explorer_mark(pty, "Anti-spike"), ' ');
    PRESS(pty, "u", "]", "r"); /* as the file has it that it is of */
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "1 %");
    PRESS(pty, "^S");
    snprintf(line, sizeof line, "saved %s/1.ini", folder);
    assert_row_has(pty, 23, line);
    explorer_leave(pty);
    snprintf(line, sizeof line, "rm -r %s", folder);
    assert_int_equal(system(line), 0);
}

static void a_wrong_command_is_answered(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    explorer_command(pty, "custmers");
    assert_row_has(pty, 23, "no command 'custmers'");
    assert_row_has(pty, 23, "did you mean :customers?");
    explorer_command(pty, "sev");
    assert_row_has(pty, 23, "did you mean :set?");
    explorer_command(pty, "q");
    assert_row_has(pty, 23, "did you mean :quit?");
    explorer_command(pty, "xyzzy");
    assert_row_has(pty, 23, "no command 'xyzzy'; ? lists them");
    explorer_command(pty, "set spike.alpha=3");
    assert_row_has(pty, 23, "spike.alpha");
    explorer_command(pty, "set");
    assert_row_has(pty, 23, "needs an argument");
    explorer_command(pty, "quit now");
    assert_row_has(pty, 23, "takes no argument");
    explorer_command(pty, "load /no/such/file.ini");
    assert_row_has(pty, 23, "/no/such/file.ini");
    explorer_command(pty, "day 1999-01-01");
    assert_row_has(pty, 23, "no readings on '1999-01-01'");
    explorer_command(pty, "city nowhere");
    assert_row_has(pty, 23, "no city 'nowhere'");
    explorer_command(pty, "customer 1");
    assert_row_has(pty, 23, "no customer '1'");
    explorer_command(pty, "view sky");
    assert_row_has(pty, 23, "no view 'sky'");
    assert_totals(pty, FIRST);
    pty_press(pty, ";");
    assert_row_has(pty, 23, "; does nothing here");
    explorer_leave(pty);
}

static void days_and_cities(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    pty_press(pty, "p");
    assert_has(pty, "this is the first day");
    PRESS(pty, "n", "n");
    assert_row_has(pty, 0, "Wed 2022-05-04");
    assert_totals(pty, "--city delhi --day 2022-05-04 --scenario " SCENARIO);
    pty_press(pty, "p");
    assert_totals(pty, "--city delhi --day 2022-05-03 --scenario " SCENARIO);
    explorer_command(pty, "day 2022-05-15");
    assert_row_has(pty, 0, "Sun 2022-05-15");
    assert_totals(pty, "--city delhi --day 2022-05-15 --scenario " SCENARIO);
    pty_press(pty, "n");
    assert_has(pty, "this is the last day");
    pty_press(pty, "C");
    assert_row_has(pty, 0, "mumbai  Sun 2022-05-15  24 homes");
    assert_totals(pty, "--city mumbai --day 2022-05-15 --scenario " SCENARIO);
    explorer_command(pty, "city delhi");
    assert_totals(pty, "--city delhi --day 2022-05-15 --scenario " SCENARIO);
    explorer_leave(pty);
}

/* Reads column `column` of a table as numbers ("17:30" as minutes, text as 0), in the order shown. */
static int read_column(const struct pty *pty, int last_row, int column, double *out)
{
    char line[PTY_LINE];
    int n = 0;
    for (int row = 3; row < last_row && n < MAX_ROWS; row++) {
        pty_line(pty, row, line);
        char *save = NULL, *text = line[0] != '\0' ? strtok_r(line + 1, " ", &save) : NULL;
        for (int c = 0; text && c < column; c++)
            text = strtok_r(NULL, " ", &save);
        if (!text)
            break;
        const char *colon = strchr(text, ':');
        out[n++] = colon ? 60 * atof(text) + atof(colon + 1) : strtod(text, NULL);
    }
    return n;
}

static void assert_sorted(const struct pty *pty, int column, bool descending)
{
    double value[MAX_ROWS] = {0};
    int n = read_column(pty, 59, column, value);
    assert_int_equal(n, 36);
    for (int i = 1; i < n; i++)
        if (descending ? value[i] > value[i - 1] : value[i] < value[i - 1])
            fail_msg("column %d, row %d: %g after %g", column, i, value[i], value[i - 1]);
}

static void tables_are_sorted_by_every_column(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *names[8]; /* NULL: none, or one in an order of its own */
    } tables[] = {{"3", {"customer", "day kWh", "pct", "moved", "marg g", "avg g", "moves"}},
                  {"4", {"customer", "from", "to", "kWh", "marg g", "avg g", NULL, "minutes"}}};
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 60, .cols = 100}, NULL);
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        pty_press(pty, tables[t].key);
        for (int c = 0; c < 8; c++) {
            char line[64];
            if (tables[t].names[c] == NULL)
                continue;
            bool number =
                c > 0 && strcmp(tables[t].names[c], "from") != 0 && strcmp(tables[t].names[c], "to") != 0;
            snprintf(line, sizeof line, "sort %s", tables[t].names[c]);
            explorer_command(pty, line);
            snprintf(line, sizeof line, "%s%s", tables[t].names[c], number ? "▼" : "▲");
            assert_row_has(pty, 2, line);
            assert_sorted(pty, c, number);
            pty_press(pty, "S");
            snprintf(line, sizeof line, "%s%s", tables[t].names[c], number ? "▲" : "▼");
            assert_row_has(pty, 2, line);
            assert_sorted(pty, c, !number);
        }
    }
    PRESS(pty, "3");
    explorer_command(pty, "sort day kWh");
    pty_press(pty, "s"); /* the next column */
    assert_row_has(pty, 2, "pct▼");
    explorer_command(pty, "sort price");
    assert_has(pty, "no column 'price'");
    explorer_leave(pty);
}

static void searching(void **state)
{
    (void)state;
    double id[MAX_ROWS];
    char line[PTY_LINE];
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 60, .cols = 100}, NULL);
    pty_press(pty, "3");
    int all = read_column(pty, 59, 0, id), expected = 0;
    for (int i = 0; i < all; i++)
        expected +=
            fmod(floor(id[i] / 10), 10) == 9 || fmod(id[i], 10) == 9 || fmod(floor(id[i] / 100), 10) == 9;
    assert_in_range(expected, 1, all - 1);
    PRESS(pty, "/", "9");
    assert_int_equal(read_column(pty, 59, 0, id), expected);
    for (int row = 3; row < 3 + expected; row++)
        assert_non_null(strchr(pty_line(pty, row, line), '9'));
    pty_press(pty, "Enter"); /* keeps it */
    assert_int_equal(read_column(pty, 59, 0, id), expected);
    PRESS(pty, "/", "Esc"); /* shows all */
    assert_int_equal(read_column(pty, 59, 0, id), all);
    explorer_command(pty, "search 60000005623");
    assert_int_equal(read_column(pty, 59, 0, id), 1);
    pty_press(pty, "Enter");
    assert_row_has(pty, 2, "60000005623");
    explorer_command(pty, "customer 60000005594");
    assert_row_has(pty, 2, "60000005594");
    explorer_leave(pty);
}

/* Every move opens as the pair that was moved, with the very limit of its row. */
static void a_move_opens_with_its_pair(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    pty_press(pty, "4");
    for (int row = 3; row < 20; row++) {
        char line[PTY_LINE], id[32], from[8], to[8], limit[16], expected[64];
        assert_cursor(pty, row, 0);
        pty_line(pty, row, line);
        assert_int_equal(sscanf(line + 1, "%31s %7s %7s %*s %*s %*s %15s", id, from, to, limit), 4);
        pty_press(pty, "Enter");
        assert_row_has(pty, 2, id);
        snprintf(expected, sizeof expected, "Why [%s] to %s: moved", from, to);
        assert_has(pty, expected);
        snprintf(expected, sizeof expected, "limit: %s", limit);
        assert_has(pty, expected);
        PRESS(pty, "Esc", "Down");
    }
    explorer_leave(pty);
}

/* From an open customer to the neighbours of the city on screen, which has fewer homes than the one before.
 */
static void neighbours_are_of_the_city_on_screen(void **state)
{
    char ends[2][PTY_LINE], line[PTY_LINE];
    (void)state;
    struct pty *pty = explorer_open();
    PRESS(pty, "C", "3", "g", "Enter");
    pty_line(pty, 2, ends[0]);
    PRESS(pty, "3", "G", "Enter");
    pty_line(pty, 2, ends[1]);
    PRESS(pty, "C", "3", "G", "Enter", "C");
    assert_row_has(pty, 0, "mumbai");
    for (int i = 0; i < 3; i++)
        pty_press(pty, "PgUp");
    assert_string_equal(pty_line(pty, 2, line), ends[0]);
    for (int i = 0; i < 3; i++)
        pty_press(pty, "PgDn");
    assert_string_equal(pty_line(pty, 2, line), ends[1]);
    explorer_leave(pty);
}

static void another_pair_is_asked_about(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    PRESS(pty, "3", "Enter");
    assert_has(pty, "Why [21:30] to 22:30: moved");
    pty_press(pty, "Right");
    assert_has(pty, "Why [22:00] to 22:30: not moved");
    PRESS(pty, "Tab", "Left", "Left");
    assert_has(pty, "Why 22:00 to [21:30]: not moved");
    PRESS(pty, "Home");
    assert_has(pty, "Why 22:00 to [00:00]: not moved");
    assert_has(pty, "limit: window");
    assert_cursor(pty, 15, 6);
    PRESS(pty, "Tab", "End");
    assert_has(pty, "Why [23:30] to 00:00");
    assert_cursor(pty, 15, 6 + 47);
    PRESS(pty, "Down"); /* the next customer, with its own pair */
    assert_row_has(pty, 2, "60000005594");
    assert_has(pty, "Why [06:30] to 08:30: moved");
    PRESS(pty, "2", "Home"); /* a slot of the day: the customer that moves most there */
    for (int i = 0; i < 13; i++)
        pty_press(pty, "Right");
    assert_row_has(pty, 22, "06:30");
    pty_press(pty, "w");
    assert_row_has(pty, 2, "60000005594");
    explorer_leave(pty);
}

static void the_form_changes_the_day(void **state)
{
    (void)state;
    char value[64];
    struct pty *pty = explorer_open();
    PRESS(pty, "8", "2");                      /* two moves a day: the first field */
    PRESS(pty, "Down", "Down", "3", ".", "5"); /* the window */
    PRESS(pty, "Esc");
    assert_string_equal(explorer_value(pty, "Moves a day", value), "2");
    assert_string_equal(explorer_value(pty, "Window", value), "3.5 h");
    assert_int_equal(explorer_mark(pty, "Window"), '*');
    assert_totals(pty, FIRST " --set behaviour.moves_per_day=2 --set behaviour.shift_window_hours=3.5");
    explorer_leave(pty);
}

static void the_mouse(void **state)
{
    (void)state;
    char value[64];
    struct pty *pty = explorer_open();
    explorer_click(pty, 0, 5, 4); /* the third limit */
    assert_cursor(pty, 5, 0);
    explorer_click(pty, 0, 8, AXIS_COL + 20); /* a slot */
    assert_row_has(pty, 22, " 10:00");
    explorer_click(pty, 65, 10, 40); /* the wheel goes through the limits */
    assert_cursor(pty, 6, 0);
    explorer_click(pty, 64, 10, 40);
    assert_cursor(pty, 5, 0);
    pty_press(pty, "]");
    assert_string_not_equal(explorer_value(pty, "Budget", value), "10 %");
    explorer_click(pty, 0, 1, 20); /* a tab */
    assert_row_has(pty, 1, "[3 Customers]");
    explorer_click(pty, 0, 7, 5);
    assert_cursor(pty, 7, 0);
    explorer_click(pty, 65, 7, 5);
    assert_cursor(pty, 8, 0);
    explorer_click(pty, 0, 1, 34);
    assert_row_has(pty, 1, "[4 Moves]");
    pty_press(pty, "m"); /* to the terminal, for copying */
    assert_false(pty_mode(pty, 1000));
    pty_press(pty, "m");
    assert_true(pty_mode(pty, 1000));
    explorer_leave(pty);
}

static void pasting_and_repainting(void **state)
{
    (void)state;
    char before[24][PTY_LINE], after[PTY_LINE], value[64];
    struct pty *pty = explorer_open();
    for (int row = 0; row < 24; row++)
        pty_line(pty, row, before[row]);
    pty_press(pty, "^L");
    for (int row = 0; row < 24; row++)
        assert_string_equal(pty_line(pty, row, after), before[row]);
    pty_press(pty, ":");
    pty_send(pty, "\033[200~set spike.alpha_percent=12\nquit\n\033[201~", 1);
    pty_wait(pty);
    assert_row_has(pty, 23, ":set spike.alpha_percent=12"); /* one line, and not run by itself */
    pty_press(pty, "Enter");
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "12 %");
    assert_totals(pty, FIRST " --set spike.alpha_percent=12");
    pty_press(pty, "Enter");
    pty_send(pty, "\033[200~40\033[201~", 1);
    pty_wait(pty);
    assert_totals(pty, FIRST " --set spike.alpha_percent=12 --set peak.reduction_limit_percent=40");
    pty_press(pty, "Esc");
    explorer_leave(pty);
}

static void the_cursor_is_on_what_is_selected(void **state)
{
    (void)state;
    char line[PTY_LINE];
    int row, col;
    bool visible;
    struct pty *pty = explorer_open();
    for (int i = 0; i < 9; i++) {
        assert_cursor(pty, 3 + i, 0);
        assert_int_equal(pty_line(pty, 3 + i, line)[0], '>');
        pty_press(pty, "Down");
    }
    PRESS(pty, "PgUp", "Tab");
    for (int slot = 0; slot < 48; slot++) {
        char clock[32];
        assert_cursor(pty, 8, AXIS_COL + slot);
        snprintf(clock, sizeof clock, " %02d:%02d ", slot / 2, slot % 2 * 30);
        assert_row_has(pty, 22, clock);
        pty_press(pty, "Right");
    }
    static const char *const tables[] = {"3", "4"};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        PRESS(pty, tables[t], "Home");
        for (int i = 0; i < 30; i++) { /* past the page's end, where the table scrolls */
            pty_cursor(pty, &row, &col, &visible);
            assert_true(visible && col == 0);
            assert_int_equal(pty_line(pty, row, line)[0], '>');
            pty_press(pty, "Down");
        }
    }
    PRESS(pty, "3", "Home", "Enter");
    assert_cursor(pty, 15, 6 + 43); /* 21:30 */
    pty_press(pty, "7");
    assert_cursor(pty, 2, 0);
    pty_press(pty, "?");
    assert_cursor(pty, 2, 0);
    PRESS(pty, "Esc", "8");
    pty_cursor(pty, &row, &col, &visible);
    assert_row_has(pty, row, "Moves per day");
    assert_string_equal(pty_cell(pty, row, col - 1).text, "1"); /* behind the text */
    PRESS(pty, "Esc", ":", "s");
    assert_cursor(pty, 23, 2);
    pty_press(pty, "Esc");
    explorer_leave(pty);
}

/* The homes on either side of the one on screen are those of its own day. */
static void neighbours_are_of_the_day(void **state)
{
    char line[PTY_LINE], id[32];
    struct pty *pty = explorer_open();
    (void)state;
    PRESS(pty, "3", "Enter", "C", "PgDn");
    assert_int_equal(sscanf(pty_line(pty, 2, line), " %31s", id), 1);
    assert_row_has(pty, 0, "mumbai");
    pty_press(pty, "3");
    for (int row = 3; row < 23; row++)
        if (pty_line(pty, row, line)[0] == '>') {
            assert_row_has(pty, row, id);
            explorer_leave(pty);
            return;
        }
    fail_msg("no home is chosen");
}

static void esc_leads_back(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    PRESS(pty, "w");
    assert_row_has(pty, 1, "[2 Day]");
    assert_has(pty, "What limits cost this day");
    PRESS(pty, "Esc", "Tab", "w");
    assert_row_has(pty, 1, "[3 Customers]");
    PRESS(pty, "?", "Esc");
    assert_has(pty, "Why [");
    pty_press(pty, "Esc");
    assert_row_has(pty, 1, "[2 Day]");
    PRESS(pty, "4", "Enter", "Esc");
    assert_row_has(pty, 1, "[4 Moves]");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typed_value_is_solved_at_once),
        cmocka_unit_test(a_text_that_is_no_value_changes_nothing),
        cmocka_unit_test(nudges_and_reset),
        cmocka_unit_test(scenarios_are_loaded_and_saved),
        cmocka_unit_test(undo_takes_a_loaded_file_back),
        cmocka_unit_test(a_wrong_command_is_answered),
        cmocka_unit_test(days_and_cities),
        cmocka_unit_test(tables_are_sorted_by_every_column),
        cmocka_unit_test(searching),
        cmocka_unit_test(a_move_opens_with_its_pair),
        cmocka_unit_test(neighbours_are_of_the_city_on_screen),
        cmocka_unit_test(another_pair_is_asked_about),
        cmocka_unit_test(esc_leads_back),
        cmocka_unit_test(neighbours_are_of_the_day),
        cmocka_unit_test(the_form_changes_the_day),
        cmocka_unit_test(the_mouse),
        cmocka_unit_test(pasting_and_repainting),
        cmocka_unit_test(the_cursor_is_on_what_is_selected),
    };
    return cmocka_run_group_tests_name("explorer in use", tests, NULL, NULL);
}
