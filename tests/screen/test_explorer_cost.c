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
#define NUDGE_BYTES   1024
#define REPAINT_BYTES 4096
#define NUDGES        8

/* Bytes of all frames that a key led to; each frame must be one write. */
static long cost(struct pty *pty, const char *key)
{
    long before = pty_total_bytes(pty);
    pty_press(pty, key);
    assert_int_equal(pty_frame_writes(pty), 1);
    return pty_total_bytes(pty) - before;
}

/* The most that any of the keys costs, each pressed `times` times. */
static long most(struct pty *pty, int times, const char *const *keys)
{
    long worst = 0;
    for (; *keys != NULL; keys++)
        for (int i = 0; i < times; i++) {
            long bytes = cost(pty, *keys);
            worst = bytes > worst ? bytes : worst;
        }
    return worst;
}
#define MOST(pty, times, ...) most((pty), (times), (const char *const[]){__VA_ARGS__, NULL})

static void assert_cheap(const char *what, long bytes, long limit)
{
    print_message("  %-32s %5ld of %4ld B\n", what, bytes, limit);
    assert_in_range(bytes, 1, limit);
}

static void a_small_change_is_few_bytes(void **state)
{
    (void)state;
    struct pty *pty = explorer_open();
    print_message("bytes at 80x24, the most of several, and what is allowed\n");
    assert_cheap("cursor, limits and pane", MOST(pty, 2, "Down", "Tab", "Tab", "Up"), STEP_BYTES);
    PRESS(pty, "Home");
    assert_cheap("cursor, every slot", MOST(pty, 46, "Right", "Left"), STEP_BYTES);
    pty_press(pty, "3");
    assert_cheap("row, customers", MOST(pty, 6, "Down", "Up"), STEP_BYTES);
    pty_press(pty, "4");
    assert_cheap("row, moves", MOST(pty, 6, "Down", "Up"), STEP_BYTES);
    PRESS(pty, "2", "PgUp", "[", "]");
    assert_cheap("nudge of Z, solved", MOST(pty, NUDGES, "]", "["), NUDGE_BYTES);
    pty_press(pty, "Down");
    assert_cheap("nudge of alpha, solved", MOST(pty, NUDGES, "[", "]"), NUDGE_BYTES);
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        char what[64];
        every_go(pty, (enum ls_view_id)v);
        snprintf(what, sizeof what, "repaint, %s", ls_view((enum ls_view_id)v)->name);
        assert_cheap(what, MOST(pty, 2, "^L"), REPAINT_BYTES);
    }
    pty_press(pty, "Esc");
    explorer_leave(pty);
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
    assert_in_range(drawn, 10, (long)(FRAMES_MOST * (now() - start)) + 1);
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
    explorer_click(pty, 0, 2, 40); /* "kWh" */
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
        cmocka_unit_test(a_small_change_is_few_bytes),
        cmocka_unit_test(the_budget_is_shown_as_the_terminal_counts_it),
        cmocka_unit_test(at_most_15_frames_a_second),
        cmocka_unit_test(a_stalled_terminal_gets_the_newest_state),
        cmocka_unit_test(heads_of_columns_sort),
        cmocka_unit_test(clicks_lead_to_help_and_choose_slots),
    };
    return cmocka_run_group_tests_name("explorer's cost", tests, NULL, NULL);
}
