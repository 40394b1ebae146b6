/**
 * @file test_session.c
 * What a session of the explorer keeps, without a screen: steps to undo, answers at hand, the log, scripts,
 * lines typed before, and the user's settings.
 */
#include "../support/folder.h"
#include "../support/support.h"
#include "base/clock.h"
#include "tui/answers.h"
#include "tui/log.h"
#include "tui/play.h"
#include "tui/settings.h"
#include "tui/typed.h"
#include "tui/undo.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/loadscope-session-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static char *read_file(const char *path, char out[8192])
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(out, 1, 8191, file);
    out[length] = '\0';
    (void)fclose(file);
    return out;
}

/* ---- undo ---- */

static struct ls_undo undo; /* as large as two hundred policies */

static void turn_to(double z, bool merge, bool expect_noted)
{
    struct ls_policy policy;
    struct ls_error error;
    bool noted;
    ls_policy_init(&policy);
    policy.peak_reduction_percent = z;
    assert_int_equal(ls_undo_note(&undo, &policy, merge, &noted, &error), 0);
    assert_int_equal(noted, expect_noted);
    ls_policy_clear(&policy);
}

static void assert_z(const struct ls_policy *policy, double z)
{
    assert_non_null(policy);
    assert_true(policy->peak_reduction_percent == z);
}

static void start_undo(void)
{
    struct ls_policy policy;
    struct ls_error error;
    undo = (struct ls_undo){0};
    ls_policy_init(&policy);
    policy.peak_reduction_percent = 0;
    assert_int_equal(ls_undo_start(&undo, &policy, &error), 0);
    ls_policy_clear(&policy);
}

static void steps_go_back_and_forth(void **state)
{
    (void)state;
    start_undo();
    assert_null(ls_undo_go(&undo, 1));
    turn_to(10, false, true);
    turn_to(10, false, false); /* no change, no step */
    turn_to(20, false, true);
    turn_to(21, true, true);
    turn_to(22, true, true);
    assert_int_equal(undo.at, 2);
    assert_z(ls_undo_go(&undo, 1), 10);
    assert_z(ls_undo_go(&undo, 1), 0);
    assert_null(ls_undo_go(&undo, 1));
    assert_z(ls_undo_go(&undo, -1), 10);
    assert_z(ls_undo_go(&undo, -1), 22);
    assert_null(ls_undo_go(&undo, -1));
    assert_z(ls_undo_go(&undo, 1), 10);
    turn_to(50, false, true); /* what was undone is gone */
    assert_null(ls_undo_go(&undo, -1));
    turn_to(10, true, false); /* there and back is no step */
    assert_int_equal(undo.at, 1);
    assert_z(ls_undo_go(&undo, 1), 0);
    ls_undo_clear(&undo);
}

static void the_oldest_step_goes_first(void **state)
{
    (void)state;
    start_undo();
    for (int z = 1; z <= LS_UNDO_STEPS + 50; z++)
        turn_to(z / 4.0, false, true);
    size_t steps = 0;
    const struct ls_policy *last = NULL;
    for (const struct ls_policy *policy; (policy = ls_undo_go(&undo, 1)) != NULL; steps++)
        last = policy;
    assert_int_equal(steps, LS_UNDO_STEPS);
    assert_z(last, 50 / 4.0);
    while (ls_undo_go(&undo, -1) != NULL)
        ;
    ls_undo_note_swap(&undo, "delhi", 7);
    turn_to(80, false, true); /* what is said of a step goes with it */
    assert_true(undo.step[undo.at - 1].swap && undo.step[undo.at - 1].date == 7);
    assert_false(undo.step[undo.at].swap || undo.step[undo.at - 2].swap);
    ls_undo_clear(&undo);
}

/* ---- answers ---- */

static struct ls_answer *solve(ls_bench *bench, const struct ls_policy *policy, int32_t date)
{
    struct ls_answer *answer = NULL;
    struct ls_error error = {0};
    struct ls_solve_options options = {0};
    if (ls_bench_solve(bench, policy, "delhi", date, &options, &answer, &error) != 0)
        fail_msg("%s", error.message);
    return answer;
}

static void answers_are_found_by_all_they_depend_on(void **state)
{
    static const char *const paths[] = {"sample_data/readings.csv.gz"};
    struct ls_load_options load = {.slot_minutes = 30, .timezone = "auto"};
    struct ls_dataset *dataset = NULL;
    struct ls_policy policy;
    struct ls_error error;
    ls_answers *answers = NULL, *small = NULL;
    ls_bench *bench = NULL;
    int32_t date;
    (void)state;
    ls_policy_init(&policy);
    assert_true(ls_date_parse("2022-05-02", &date));
    assert_int_equal(ls_dataset_load(paths, 1, &load, &dataset, &error), 0);
    assert_int_equal(ls_bench_open(dataset, &bench, &error), 0);
    assert_int_equal(ls_answers_create((size_t)1 << 24, &answers, &error), 0);
    assert_null(ls_answers_find(answers, &policy, "delhi", date));
    struct ls_answer *first = solve(bench, &policy, date);
    ls_answers_keep(answers, first);
    assert_ptr_equal(ls_answers_find(answers, &policy, "delhi", date), first);
    assert_null(ls_answers_find(answers, &policy, "delhi", date + 1));
    assert_null(ls_answers_find(answers, &policy, "mumbai", date));
    policy.alpha_percent = 7;
    assert_null(ls_answers_find(answers, &policy, "delhi", date));
    size_t one = ls_answers_bytes(answers);
    ls_answers_keep(answers, solve(bench, &policy, date));
    size_t two = ls_answers_bytes(answers);
    assert_in_range(two, one + 1, 2 * one - 1); /* the day is shared */

    assert_int_equal(ls_answers_create(one, &small, &error), 0);
    for (int alpha = 1; alpha <= 20; alpha++) {
        policy.alpha_percent = alpha;
        ls_answers_keep(small, solve(bench, &policy, date));
        assert_non_null(ls_answers_find(small, &policy, "delhi", date));
        assert_in_range(ls_answers_bytes(small), 1, 2 * one);
    }
    policy.alpha_percent = 1;
    assert_null(ls_answers_find(small, &policy, "delhi", date));

    /* One that is pinned stays while others come and go. */
    struct ls_answer *pinned = solve(bench, &policy, date);
    ls_answers_keep(small, pinned);
    ls_answers_pin(small, pinned);
    for (int alpha = 2; alpha <= 100; alpha++) {
        policy.alpha_percent = alpha;
        ls_answers_keep(small, solve(bench, &policy, date));
    }
    policy.alpha_percent = 1;
    assert_ptr_equal(ls_answers_find(small, &policy, "delhi", date), pinned);
    ls_answers_pin(small, NULL);
    for (int alpha = 2; alpha <= 4; alpha++) {
        policy.alpha_percent = alpha;
        ls_answers_keep(small, solve(bench, &policy, date));
    }
    policy.alpha_percent = 1;
    assert_null(ls_answers_find(small, &policy, "delhi", date));
    ls_answers_destroy(small);
    ls_answers_destroy(answers);
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
    ls_policy_clear(&policy);
}

/* ---- log and scripts ---- */

static void a_full_log_keeps_the_newest(void **state)
{
    struct ls_log log = {0};
    struct ls_error error;
    char line[64];
    (void)state;
    ls_log_begin(&log, "city delhi");
    for (long i = 0; i < 20000; i++) {
        snprintf(line, sizeof line, "set spike.alpha_percent=%ld", i);
        ls_log_add(&log, line);
    }
    assert_int_equal(log.lines, 20000);
    assert_in_range(log.text.length, LS_LOG_BYTES / 3, LS_LOG_BYTES);
    const char *path = path_of("log");
    assert_int_equal(ls_log_save(&log, path, &error), 0);
    FILE *file = fopen(path, "r");
    long lines = 0, lost = 0;
    assert_non_null(file);
    assert_string_equal(fgets(line, sizeof line, file), "city delhi\n");
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(sscanf(line, "# the first %ld commands", &lost), 1);
    while (fgets(line, sizeof line, file) != NULL)
        lines++;
    (void)fclose(file);
    assert_int_equal(lines + lost, 20000);
    assert_string_equal(line, "set spike.alpha_percent=19999\n");
    ls_log_clear(&log);
    assert_int_equal(ls_log_save(&log, "/no/such/folder/log", &error), LS_ERR_IO);
}

/* Knows two commands. */
static int check(void *user, const char *line, struct ls_error *error)
{
    ++*(int *)user;
    if (strncmp(line, "up", 2) == 0 || strncmp(line, "wait", 4) == 0)
        return 0;
    ls_error_set(error, LS_ERR_NAME, "no command '%s'", line);
    return ls_error_remedy(error, "did you mean up?");
}

static void a_script_is_checked_before_it_runs(void **state)
{
    struct ls_play play = {0};
    struct ls_error error = {0};
    int checked = 0;
    (void)state;
    const char *path = path_of("script");
    write_file(path, "# a tour\n\n  up \r\nwait 1\n\tup\nleft\nup\n");
    assert_int_equal(ls_play_load(&play, path, check, &checked, &error), LS_ERR_NAME);
    assert_string_equal(error.file, path);
    assert_int_equal(error.line, 6);
    assert_string_equal(error.remedy, "did you mean up?");
    assert_int_equal(checked, 4);
    assert_int_equal(ls_play_load(&play, "/no/such/script", check, &checked, &error), LS_ERR_NAME);
    assert_non_null(strstr(error.message, "No such file"));

    write_file(path, "# a tour\n\n  up \r\nwait 1\n\tup");
    assert_int_equal(ls_play_load(&play, path, check, &checked, &error), 0);
    double now = ls_clock_seconds();
    assert_string_equal(ls_play_next(&play, now), "up");
    assert_string_equal(ls_play_next(&play, now), "wait 1");
    play.pace = 2;
    ls_play_wait(&play, 1);
    assert_null(ls_play_next(&play, now + 1.5));
    assert_int_equal(play.state, LS_PLAY_RUNNING);
    assert_string_equal(ls_play_next(&play, now + 5), "up");
    assert_null(ls_play_next(&play, now + 5));
    assert_int_equal(play.state, LS_PLAY_OVER);
    ls_play_clear(&play);

    assert_int_equal(ls_play_load(&play, path, check, &checked, &error), 0);
    ls_play_wait(&play, 3600); /* at a pace of 0 */
    assert_string_equal(ls_play_next(&play, now), "up");
    ls_play_clear(&play);
}

static void a_script_that_is_none(void **state)
{
    struct ls_play play = {0};
    struct ls_error error = {0};
    char line[LS_LINE_BYTES + 8];
    int checked = 0;
    (void)state;
    const char *path = path_of("script");
    memset(line, 'u', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    write_file(path, line);
    assert_int_equal(ls_play_load(&play, path, check, &checked, &error), LS_ERR_FORMAT);
    assert_int_equal(error.line, 1);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite("up\nup\0up\n", 1, 9, file), 9);
    (void)fclose(file);
    assert_int_equal(ls_play_load(&play, path, check, &checked, &error), LS_ERR_FORMAT);
    assert_int_equal(error.line, 2);
    assert_int_equal(truncate(path, 2 << 20), 0);
    assert_int_equal(ls_play_load(&play, path, check, &checked, &error), LS_ERR_FORMAT);
    assert_int_equal(checked, 1);
}

/* ---- lines typed before ---- */

static void typed_lines_are_there_next_time(void **state)
{
    struct ls_typed typed = {0};
    struct stat status;
    char text[8192];
    (void)state;
    setenv("XDG_STATE_HOME", path_of("state/deep"), 1);
    ls_typed_open(&typed);
    assert_int_equal(typed.n, 0);
    ls_typed_add(&typed, "engine milp");
    ls_typed_add(&typed, "week");
    ls_typed_add(&typed, "week"); /* once is enough */
    ls_typed_clear(&typed);
    const char *path = path_of("state/deep/loadscope/history");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_string_equal(read_file(path, text), "engine milp\nweek\n");

    ls_typed_open(&typed);
    ls_typed_rewind(&typed);
    assert_string_equal(ls_typed_go(&typed, -1, "dra"), "week");
    assert_string_equal(ls_typed_go(&typed, -1, "week"), "engine milp");
    assert_null(ls_typed_go(&typed, -1, "engine milp"));
    assert_string_equal(ls_typed_go(&typed, 1, "engine milp"), "week");
    assert_string_equal(ls_typed_go(&typed, 1, "week"), "dra");
    assert_null(ls_typed_go(&typed, 1, "dra"));
    ls_typed_clear(&typed);
}

static void a_broken_history_stops_nothing(void **state)
{
    static const char bytes[] = "up\n\033[2J\n\xff\xfe\nno\0ne\ndown\n";
    struct ls_typed typed = {0};
    char text[8192];
    (void)state;
    setenv("XDG_STATE_HOME", path_of("broken"), 1);
    assert_int_equal(mkdir(path_of("broken"), 0700), 0);
    assert_int_equal(mkdir(path_of("broken/loadscope"), 0700), 0);
    char path[256];
    snprintf(path, sizeof path, "%s", path_of("broken/loadscope/history"));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fwrite(bytes, 1, sizeof bytes - 1, file);
    for (int i = 0; i < 300; i++)
        fputc('x', file);
    (void)fclose(file);
    ls_typed_open(&typed);
    assert_int_equal(typed.n, 2);
    assert_string_equal(typed.line[1], "down");
    ls_typed_clear(&typed);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* nobody will ever write to it */
    ls_typed_open(&typed);
    ls_typed_add(&typed, "left");
    assert_int_equal(typed.n, 1);
    ls_typed_clear(&typed);

    assert_int_equal(unlink(path), 0);
    for (int i = 0; i < 3 * LS_TYPED_LINES; i++) {
        snprintf(text, sizeof text, "line %d", i);
        if (i == 0)
            ls_typed_open(&typed);
        ls_typed_add(&typed, text);
    }
    assert_int_equal(typed.n, LS_TYPED_LINES);
    ls_typed_clear(&typed);
    ls_typed_open(&typed); /* and cut down */
    ls_typed_clear(&typed);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_in_range(status.st_size, 1, LS_TYPED_LINES * 10);
}

/* ---- settings ---- */

static void wrong_settings_are_left_out(void **state)
{
    struct ls_settings settings;
    struct ls_error warning = {0};
    (void)state;
    setenv("XDG_CONFIG_HOME", folder, 1);
    ls_settings_init(&settings);
    assert_int_equal(ls_settings_read(&settings, &warning), 0); /* no file */
    assert_true(settings.color && settings.mouse && !settings.ascii && settings.idle_minutes == 0);
    assert_true(settings.palette == LS_COLORS_AUTO && settings.background == LS_BACKGROUND_AUTO);
    (void)mkdir(path_of("loadscope"), 0700);
    write_file(path_of("loadscope/settings.ini"), "; mine\n[screen]\nascii = yes\nmose = no\ncolour = off\n"
                                                  "mouse = perhaps\nidle_timeout = 7.5\nhuh\n"
                                                  "palette = 8\nbackground = light\npalette = pink\n");
    assert_int_equal(ls_settings_read(&settings, &warning), 4);
    assert_true(settings.palette == LS_COLORS_8 && settings.background == LS_BACKGROUND_LIGHT);
    assert_true(settings.ascii && !settings.color && settings.mouse && settings.idle_minutes == 7.5);
    assert_int_equal(warning.line, 4);
    assert_string_equal(warning.file, path_of("loadscope/settings.ini"));
    assert_non_null(strstr(warning.remedy, "mouse"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_go_back_and_forth),
        cmocka_unit_test(the_oldest_step_goes_first),
        cmocka_unit_test(answers_are_found_by_all_they_depend_on),
        cmocka_unit_test(a_full_log_keeps_the_newest),
        cmocka_unit_test(a_script_is_checked_before_it_runs),
        cmocka_unit_test(a_script_that_is_none),
        cmocka_unit_test(typed_lines_are_there_next_time),
        cmocka_unit_test(a_broken_history_stops_nothing),
        cmocka_unit_test(wrong_settings_are_left_out),
    };
    return cmocka_run_group_tests_name("session", tests, make_folder, remove_folder);
}
