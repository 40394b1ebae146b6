/**
 * @file test_explorer_cost.c
 * What the explorer asks of a slow line, and says of it; what a terminal that does not read costs it; the
 * mouse, which is cheap to offer where a line is not.
 *
 * It prints a table of the bytes that keys cost.
 */
#include "every.h"
#include "explorer.h"

#include <time.h>
#include <unistd.h>

#define STALL_NUDGES 300
#define GROWTH_KB    4096 /* answers come and go while nobody reads; a frame kept for each would be 300 kB */
#define FRAMES_MOST  15

#define STEP_BYTES    150
#define EXPLAIN_BYTES 300
#define COST_BYTES    400 /* of Limits, whose sentence takes three lines */
#define NUDGE_BYTES   1024
#define REPAINT_BYTES 4096
#define FIELDS        17 /* on the form's first page */
#define NUDGES        10
#define SLOTS         48
#define DAYS          14 /* of each city */
#define LAST_DAY      "2022-05-15"

/* Presses a key; the most bytes of a frame, each of which must be one write. */
static void cost(struct pty *pty, const char *key, long *most)
{
    pty_press(pty, key);
    assert_int_equal(pty_most_writes(pty), 1);
    *most = pty_most_bytes(pty) > *most ? pty_most_bytes(pty) : *most;
}

/* Presses each of the keys so many times. */
static void costs(struct pty *pty, long *most, int times, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        for (int i = 0; i < times; i++)
            cost(pty, *keys, most);
}
#define COSTS(pty, most, times, ...) costs((pty), (most), (times), (const char *const[]){__VA_ARGS__, NULL})

static void assert_cheap(const char *what, long bytes, long limit)
{
    print_message("  %-32s %5ld of %4ld B\n", what, bytes, limit);
    assert_in_range(bytes, 1, limit);
}

static void a_step_is_few_bytes(void **state)
{
    (void)state;
    long limits = 0, customers = 0, moves = 0;
    struct pty *pty = explorer_open();
    print_message("bytes of a frame at 80x24, the most of several, and what is allowed\n");
    COSTS(pty, &limits, 2, "Down", "Tab", "Tab", "Up");
    assert_cheap("cursor, limits and pane", limits, STEP_BYTES);
    pty_press(pty, "3");
    COSTS(pty, &customers, 6, "Down", "Up");
    assert_cheap("row, customers", customers, STEP_BYTES);
    pty_press(pty, "4");
    COSTS(pty, &moves, 6, "Down", "Up");
    assert_cheap("row, moves", moves, STEP_BYTES);
    explorer_leave(pty);
}

/* Steps that bring another explanation, field's help or sentence with them: two or three lines of text, which
 * are what the step is for, and little besides. */
static void a_step_that_explains_is_few_bytes(void **state)
{
    (void)state;
    long pair = 0, form = 0, cost = 0;
    struct pty *pty = explorer_open();
    pty_press(pty, "w");
    COSTS(pty, &cost, 8, "Down", "Up");
    assert_cheap("limit, what limits cost", cost, COST_BYTES);
    PRESS(pty, "3", "Enter");
    pty_press(pty, "Home");
    COSTS(pty, &pair, SLOTS - 1, "Right", "Left");
    assert_cheap("slot asked about, one home", pair, EXPLAIN_BYTES);
    pty_press(pty, "8");
    COSTS(pty, &form, FIELDS - 1, "Down", "Up");
    assert_cheap("field, the form", form, EXPLAIN_BYTES);
    pty_press(pty, "Esc");
    explorer_leave(pty);
}

/* The most that frames of Day cost, by what is done. */
struct day_costs {
    long repaint, slot, z, alpha;
};

/* On the day that is on the screen; all is as it was afterwards. */
static void measure_day(struct pty *pty, struct day_costs *most)
{
    COSTS(pty, &most->z, NUDGES, "[", "]");
    pty_press(pty, "Down");
    COSTS(pty, &most->alpha, NUDGES, "[", "]");
    COSTS(pty, &most->repaint, 1, "^L");
    pty_press(pty, "Tab");
    COSTS(pty, &most->slot, SLOTS - 1, "Right", "Left");
    PRESS(pty, "Tab", "Up");
}

static void every_day_is_few_bytes(void **state)
{
    (void)state;
    static const char *const cities[] = {"delhi", "mumbai"};
    struct day_costs most = {0};
    struct pty *pty = explorer_open();
    pty_press(pty, "PgUp");
    for (int city = 0; city < 2; city++) {
        char line[PTY_LINE];
        snprintf(line, sizeof line, "city %s", cities[city]);
        explorer_command(pty, line);
        explorer_command(pty, "day " FIRST_DAY);
        for (int day = 0; day < DAYS; day++) {
            measure_day(pty, &most);
            pty_press(pty, "n");
        }
        assert_row_has(pty, 0, cities[city]);
        assert_row_has(pty, 0, LAST_DAY);
    }
    assert_cheap("slot, every day", most.slot, STEP_BYTES);
    assert_cheap("nudge of Z, every day", most.z, NUDGE_BYTES);
    assert_cheap("nudge of alpha, every day", most.alpha, NUDGE_BYTES);
    assert_cheap("repaint, every day", most.repaint, REPAINT_BYTES);
    explorer_leave(pty);
}

/* Sweeps: of few cells with figures, of many without. */
static void measure_sweep(struct pty *pty, const char *axes)
{
    char line[LS_LINE_BYTES];
    long repaint = 0, step = 0;
    snprintf(line, sizeof line, "sweep %s", axes);
    explorer_command(pty, line);
    assert_lacks(pty, "not solved");
    COSTS(pty, &repaint, 1, "^L");
    COSTS(pty, &step, 4, "Right", "Up", "Left", "Down");
    assert_cheap("repaint, a sweep", repaint, REPAINT_BYTES);
    assert_cheap("point, a sweep", step, STEP_BYTES);
}

static void every_view_is_few_bytes(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    measure_sweep(pty, "spike.alpha_percent=0:50:1 peak.reduction_limit_percent=0:75:5");
    measure_sweep(pty, "spike.alpha_percent=0:100:5 peak.reduction_limit_percent=0:75:5");
    measure_sweep(pty, "peak.reduction_limit_percent=0:50:5 spike.alpha_percent=0:100:10");
    PRESS(pty, "2", "a", "PgUp", "Down", "{", "{"); /* Compare has an A, and alpha as another B */
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        char what[64];
        long repaint = 0;
        every_go(pty, (enum ls_view_id)v);
        snprintf(what, sizeof what, "repaint, %s", ls_view((enum ls_view_id)v)->name);
        COSTS(pty, &repaint, 1, "^L");
        assert_cheap(what, repaint, REPAINT_BYTES);
    }
    pty_press(pty, "Esc");
    explorer_leave(pty);
}

/* Calendars of two cities: of so many days that colours are left off, and of the most that have them. */
static void every_calendar_is_few_bytes(void **state)
{
    (void)state;
    static const int days[] = {49, 77, 365};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char path[] = "/tmp/loadscope-cost-XXXXXX", command[200], what[64];
        const char *argv[] = {explorer_program(), path, "--view", "days", NULL};
        long repaint = 0, step = 0;
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        close(fd);
        snprintf(command, sizeof command, "%s sample -n 8 -d %d >%s", explorer_program(), days[i], path);
        assert_int_equal(system(command), 0);
        struct pty *pty = pty_start(&(struct pty_options){.argv = argv});
        pty_wait(pty);
        for (int measure = 0; measure < 3; measure++) {
            COSTS(pty, &repaint, 1, "^L");
            COSTS(pty, &step, 2, "Right", "Down", "Left", "Up");
            pty_press(pty, "Tab");
        }
        snprintf(what, sizeof what, "repaint, %d days", days[i]);
        assert_cheap(what, repaint, REPAINT_BYTES);
        snprintf(what, sizeof what, "day, %d days", days[i]);
        assert_cheap(what, step, STEP_BYTES);
        explorer_leave(pty);
        unlink(path);
    }
}

/* What the corner says: "  90 B, 1 write, 3 frames/s". */
static void read_cost(const struct pty *pty, long *bytes, long *writes, int *frames)
{
    char line[PTY_LINE];
    const char *at = strstr(pty_line(pty, 23, line), " B, ");
    assert_non_null(at);
    while (at > line && at[-1] != ' ')
        at--;
    assert_true(sscanf(at, "%ld B, %ld write%*[s,] %d frame", bytes, writes, frames) >= 2);
    at = strstr(line, "write");
    assert_int_equal(sscanf(at + strcspn(at, "0123456789"), "%d frame", frames), 1);
}

static void the_budget_is_shown_as_the_terminal_counts_it(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    long bytes, writes;
    int frames;
    assert_lacks(pty, " B, ");
    explorer_command(pty, "budget");
    for (int i = 0; i < 5; i++) {
        long before = pty_frame_bytes(pty);
        pty_press(pty, i < 3 ? "Right" : "^L");
        read_cost(pty, &bytes, &writes, &frames);
        assert_int_equal(bytes, before); /* the frame before this one */
        assert_int_equal(writes, 1);
        assert_true(frames >= 1);
    }
    explorer_command(pty, "budget");
    assert_lacks(pty, " B, ");
    explorer_leave(pty);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void at_most_15_frames_a_second(void **state)
{
    (void)state;
    static const char *const paced[] = {"LOADSCOPE_TEST=paced", NULL};
    struct pty *pty = explorer_start(&(struct pty_options){.env = paced}, NULL);
    double start = now();
    long before = pty_frames(pty), bytes, writes;
    int frames;
    explorer_command(pty, "budget");
    for (int i = 0; i < 150; i++) {
        pty_send(pty, i % 40 < 20 ? "]" : "[", 1);
        pty_read_for(pty, 10);
    }
    pty_wait(pty);
    long drawn = pty_frames(pty) - before;
    assert_in_range(drawn, 2, (long)(FRAMES_MOST * (now() - start)) + 1);
    read_cost(pty, &bytes, &writes, &frames);
    assert_in_range(frames, 1, FRAMES_MOST);
    explorer_leave(pty);
}

/* Nudges a limit to and fro for some seconds and reads nothing; ends one step up. */
static void nudge_unread(struct pty *pty, int times)
{
    for (int i = 0; i < times; i++) {
        pty_send(pty, i % 2 == 0 ? "]" : "[", 1);
        usleep(10000);
    }
}

static void a_stalled_terminal_gets_the_newest_state(void **state)
{
    (void)state;
    static const char *const env[] = {"ASAN_OPTIONS=quarantine_size_mb=1", NULL};
    char value[64];
    struct pty *pty = explorer_start(&(struct pty_options){.rows = 60, .cols = 200, .env = env}, NULL);
    pty_press(pty, "Down"); /* alpha changes the whole picture */
    /* Full repaints until the terminal takes no more; then the worst of the memory is in use. */
    for (int i = 0; i < 20; i++) {
        pty_send(pty, "\f", 1);
        usleep(2000);
    }
    nudge_unread(pty, 50);
    pty_wait_stalled(pty);
    long before = pty_resident_kb(pty);
    nudge_unread(pty, STALL_NUDGES);
    long after = pty_resident_kb(pty);
    pty_send(pty, "}]", 2);
    pty_wait(pty);
    /* Ten steps of the scenario's 25 % and one: solved with nobody reading, and the last that was asked for.
     */
    assert_string_equal(explorer_value(pty, "Anti-spike", value), "36 %");
    assert_int_equal(explorer_mark(pty, "Anti-spike"), '*');
    if (after - before > GROWTH_KB)
        fail_msg("memory grew by %ld kB", after - before);
    print_message("stalled: %ld kB before, %ld kB after %d nudges\n", before, after, STALL_NUDGES);
    explorer_leave(pty);
}

/* The first column's cells of the table's rows, top to bottom. */
static void assert_sorted_by(const struct pty *pty, int col, int cols, bool descending)
{
    double last = 0;
    for (int row = 3; row < 20; row++) {
        char text[32] = "";
        for (int c = col; c < col + cols; c++)
            strcat(text, pty_cell(pty, row, c).text);
        double value = strtod(text, NULL);
        if (row > 3 && (descending ? value > last : value < last))
            fail_msg("row %d: %g after %g", row, value, last);
        last = value;
    }
}

static void heads_of_columns_sort(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    pty_press(pty, "3");
    explorer_click(pty, 0, 2, 35); /* "moved" */
    assert_row_has(pty, 2, "moved▼");
    assert_sorted_by(pty, 31, 8, true);
    explorer_click(pty, 0, 2, 35);
    assert_row_has(pty, 2, "moved▲");
    assert_sorted_by(pty, 31, 8, false);
    explorer_click(pty, 0, 2, 4); /* "customer": a text, from A */
    assert_row_has(pty, 2, "customer▲");
    assert_sorted_by(pty, 1, 14, false);
    pty_press(pty, "4");
    explorer_click(pty, 0, 2, 32); /* "kWh" */
    assert_row_has(pty, 2, "kWh▼");
    explorer_click(pty, 0, 2, 79); /* beside the last column */
    assert_row_has(pty, 2, "kWh▼");
    explorer_leave(pty);
}

static void clicks_lead_to_help_and_choose_slots(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    explorer_click(pty, 0, 1, 74);
    assert_has(pty, ":days ");
    explorer_click(pty, 65, 10, 10); /* the wheel scrolls, first the heading away */
    explorer_click(pty, 65, 10, 10);
    assert_lacks(pty, ":days ");
    explorer_click(pty, 64, 10, 10);
    assert_has(pty, ":days ");
    pty_press(pty, "Esc");
    explorer_click(pty, 0, 6, AXIS_COL + 43);
    PRESS(pty, "3", "Enter");
    assert_has(pty, "Why [21:30] to 22:30");
    explorer_click(pty, 0, 8, 6 + 30); /* a slot of the customer's chart, one column each */
    assert_has(pty, "Why [15:00] to 22:30");
    pty_press(pty, "Tab");
    explorer_click(pty, 0, 8, 6 + 28);
    assert_has(pty, "Why 15:00 to [14:00]");
    explorer_leave(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_few_bytes),
        cmocka_unit_test(a_step_that_explains_is_few_bytes),
        cmocka_unit_test(every_day_is_few_bytes),
        cmocka_unit_test(every_view_is_few_bytes),
        cmocka_unit_test(every_calendar_is_few_bytes),
        cmocka_unit_test(the_budget_is_shown_as_the_terminal_counts_it),
        cmocka_unit_test(at_most_15_frames_a_second),
        cmocka_unit_test(a_stalled_terminal_gets_the_newest_state),
        cmocka_unit_test(heads_of_columns_sort),
        cmocka_unit_test(clicks_lead_to_help_and_choose_slots),
    };
    return cmocka_run_group_tests_name("explorer's cost", tests, NULL, NULL);
}
