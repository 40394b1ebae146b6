/*
 * `loadscope run` from outside: the same bytes whatever the threads and the order of rows, after kills and
 * interrupts, and no half result on a full disk.
 *
 * The binary is the one that LOADSCOPE_BIN names, build/release/loadscope without it. Comparisons are made by
 * cmp, sort and diff, not by the program.
 */
#include "shell.h"

#define SMALL    "tests/fixtures/golden/small/"
#define DATA     SMALL "readings.csv.gz"
#define SCENARIO " -s " SMALL "restricted/scenario.ini "
#define KILLS    20

static int open_shell(void **state)
{
    *state = new_shell();
    return 0;
}

static void threads_and_the_order_of_rows_do_not_show(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "--emit-optimised -j1 -o $D/a");
    run_well(shell, "$LS run " DATA SCENARIO "--emit-optimised -j2 -o $D/b && same $D/a $D/b");
    run_well(shell, "gzip -dc " DATA " >$D/plain.csv; head -n 1 $D/plain.csv >$D/mixed.csv; "
                    "tail -n +2 $D/plain.csv | awk '{ print (NR * 7919) % 10007, $0 }' | sort -n | "
                    "cut -d' ' -f2- >>$D/mixed.csv; ! cmp -s $D/plain.csv $D/mixed.csv");
    run_well(shell, "$LS run $D/mixed.csv" SCENARIO "--emit-optimised -j3 -o $D/c && same $D/a $D/c");
    run_well(shell, "$LS run - <$D/mixed.csv" SCENARIO "--emit-optimised -o $D/d/ && same $D/a $D/d");
    run_well(shell, "ls $D/a | tr '\\n' ' ' | grep -qx "
                    "'metrics.csv moves.csv optimised.csv run.json scenario.ini summary.json '");
    run_well(shell, "grep -q '^week_context = in_week' $D/a/scenario.ini");
    run_well(shell, "$LS run " DATA " -s $D/a/scenario.ini -o $D/e && cmp $D/a/scenario.ini "
                    "$D/e/scenario.ini && cmp $D/a/moves.csv $D/e/moves.csv && [ ! -e $D/e/optimised.csv ]");
}

static void the_record_tells_what_was_read(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "--set run.seed=7 -o $D/a; sha256sum " DATA
                    " | cut -c1-64 | tr -d '\\n' >$D/sum");
    char *text = slurp(shell, "a/run.json"), *sum = slurp(shell, "sum");
    cJSON *record = cJSON_Parse(text);
    const cJSON *input = cJSON_GetArrayItem(cJSON_GetObjectItem(record, "inputs"), 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(input, "sha256")), sum);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(input, "path")), DATA);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(record, "engine")), "greedy");
    assert_near(cJSON_GetObjectItem(record, "seed")->valuedouble, 7, 0);
    assert_near(cJSON_GetObjectItem(record, "city_weeks")->valuedouble, 4, 0);
    assert_true(cJSON_GetObjectItem(record, "household_days_per_second")->valuedouble > 0);
    cJSON_Delete(record);
    free(text);
    free(sum);
}

static void what_is_there_is_not_lost(void **state)
{
    struct shell *shell = *state;
    assert_refused(shell, "$LS run " DATA, 2, "no result directory named; say where with --output DIR");
    assert_refused(shell, "$LS run -o $D/a", 2, "no data named");
    assert_refused(shell, "$LS run " DATA " -o $D/a -j 0", 2, "--jobs wants a whole number");
    assert_refused(shell, "$LS run $D/none.csv -o $D/a", 2, "none.csv: cannot open");
    assert_refused(shell, "$LS run " DATA " -o $D/none/a", 1, "none/a.partial");
    run_well(shell, "[ ! -e $D/a ] && [ ! -e $D/a.partial ]");
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/a");
    assert_refused(shell, "$LS run " DATA SCENARIO "-o $D/a", 2, "exists; --force replaces it");
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/a --resume");
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/a --force --set spike.alpha_percent=1 && "
                    "grep -q '^alpha_percent = 1$' $D/a/scenario.ini && [ ! -e $D/a.partial ]");
    run_well(shell, "touch $D/a/notes");
    assert_refused(shell, "$LS run " DATA SCENARIO "-o $D/a --force", 2, "holds files that no run wrote");
    run_well(shell, "[ -e $D/a/notes ] && [ -e $D/a/moves.csv ]");
}

/* Enough work for kills to meet: some weeks of made-up homes. */
static void make_work(struct shell *shell)
{
    run_well(shell, "$LS sample -n 60 -d 70 -o $D/work.csv");
    run_well(shell, "$LS run $D/work.csv --emit-optimised -o $D/whole");
}

/* Starts a run over that work and sends it a signal after a while; returns its wait status. */
static int run_and_signal(const struct shell *shell, int signal, useconds_t after_us, bool resume)
{
    char data[PATH_SIZE], out[PATH_SIZE];
    snprintf(data, sizeof data, "%s/work.csv", shell->folder);
    snprintf(out, sizeof out, "%s/killed", shell->folder);
    const char *const arguments[] = {"loadscope", "run", data, "--emit-optimised",
                                     "-j2",       "-o",  out,  resume ? "--resume" : "--quiet",
                                     NULL};
    return start_and_signal(shell, arguments, signal, after_us);
}

static double seconds_of(struct shell *shell)
{
    char *text = slurp(shell, "whole/run.json");
    cJSON *record = cJSON_Parse(text);
    double seconds = cJSON_GetObjectItem(record, "wall_seconds")->valuedouble;
    cJSON_Delete(record);
    free(text);
    return seconds;
}

static void kills_leave_nothing_half(void **state)
{
    struct shell *shell = *state;
    struct ls_random random = ls_random_seed(3, "kills", 0);
    int met = 0;
    make_work(shell);
    double seconds = seconds_of(shell);
    for (int i = 0; i < KILLS; i++) {
        uint64_t most = (uint64_t)(seconds * 1.3e6) + 1;
        int status = run_and_signal(shell, SIGKILL, (useconds_t)ls_random_below(&random, most), true);
        met += WIFSIGNALED(status);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        if (WIFSIGNALED(status))
            continue;
        run_well(shell, "same $D/whole $D/killed && [ ! -e $D/killed.partial ] && rm -r $D/killed");
    }
    assert_true(met > KILLS / 4);
    run_well(shell, "$LS run $D/work.csv --emit-optimised -o $D/killed --resume; same $D/whole $D/killed && "
                    "[ ! -e $D/killed.partial ]");
}

static void an_interrupt_ends_it_cleanly(void **state)
{
    struct shell *shell = *state;
    static const int signals[] = {SIGINT, SIGTERM};
    int met = 0;
    make_work(shell);
    double seconds = seconds_of(shell);
    for (int i = 0; i < 12 && met < 4; i++) {
        int status =
            run_and_signal(shell, signals[i % 2], (useconds_t)(seconds * 1e6 * (i % 6 + 3) / 12), i > 0);
        if (WIFSIGNALED(status))
            continue; /* it came before the program was up */
        char *err = slurp(shell, "err.txt");
        if (WEXITSTATUS(status) != 0) {
            assert_int_equal(WEXITSTATUS(status), 128 + signals[i % 2]);
            assert_non_null(strstr(err, "loadscope: interrupted"));
            met++;
        }
        free(err);
    }
    assert_true(met > 0);
    run_well(shell, "$LS run $D/work.csv --emit-optimised -o $D/killed --resume; same $D/whole $D/killed && "
                    "[ ! -e $D/killed.partial ]");
}

/* A limit on the size of files stands for a disk that fills. */
static void a_full_disk_is_named_and_leaves_no_result(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/a");
    for (int blocks = 8; blocks <= 128; blocks *= 4) { /* of 512 bytes: in a part, in a table */
        char line[400];
        snprintf(line, sizeof line, "(ulimit -f %d; $LS run " DATA SCENARIO "-o $D/b)", blocks);
        assert_refused(shell, line, 1, "b.partial/");
        assert_non_null(strstr(shell->err, "cannot write: File too large"));
        assert_non_null(strstr(shell->err, "--resume goes on from what is finished"));
        run_well(shell, "[ ! -e $D/b ] && rm -r $D/b.partial");
    }
    run(shell, "(ulimit -f 64; $LS run " DATA SCENARIO "-o $D/b)");
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/b --resume; same $D/a $D/b");
}

static void progress_is_silent_or_json(void **state)
{
    struct shell *shell = *state;
    run(shell, "$LS run " DATA SCENARIO "-o $D/a --json-progress");
    assert_int_equal(shell->status, 0);
    char *rest = shell->err, *line;
    double last = 0, of = 0;
    while ((line = support_cut(&rest, '\n')) != NULL && line[0] != '\0') {
        cJSON *object = cJSON_Parse(line);
        assert_non_null(object);
        assert_true(cJSON_GetObjectItem(object, "city_weeks")->valuedouble >= last);
        last = cJSON_GetObjectItem(object, "city_weeks")->valuedouble;
        of = cJSON_GetObjectItem(object, "of")->valuedouble;
        cJSON_Delete(object);
    }
    assert_near(last, 4, 0);
    assert_near(of, 4, 0);
}

static void london_comes_to_the_reference(void **state)
{
    struct shell *shell = *state;
    const char *root = getenv("LOADSCOPE_TESTDATA");
    char path[PATH_SIZE];
    if (root == NULL || root[0] == '\0') {
        print_message("skipped: LOADSCOPE_TESTDATA names no measured data\n");
        skip();
    }
    run_well(shell, "T=$LOADSCOPE_TESTDATA; $LS run $T/data/london_99_homes_2013-02.csv.gz -s "
                    "$T/golden/london/restricted/scenario.ini -o $D/a");
    snprintf(path, sizeof path, "%s/golden/london/restricted/greedy/totals.json", root);
    char *theirs = support_read_gzip(path), *ours = slurp(shell, "a/summary.json");
    cJSON *reference = cJSON_Parse(theirs), *summary = cJSON_Parse(ours);
    static const char *const names[] = {"baseline_marg_g", "post_marg_g", "saved_marg_g", "baseline_avg_g",
                                        "post_avg_g",      "saved_avg_g", "moved_kwh"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_near(cJSON_GetObjectItem(cJSON_GetObjectItem(summary, "all"), names[i])->valuedouble,
                    cJSON_GetObjectItem(reference, names[i])->valuedouble, 0.05);
    cJSON_Delete(reference);
    cJSON_Delete(summary);
    free(theirs);
    free(ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_and_the_order_of_rows_do_not_show, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(the_record_tells_what_was_read, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_is_there_is_not_lost, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(kills_leave_nothing_half, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(an_interrupt_ends_it_cleanly, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_full_disk_is_named_and_leaves_no_result, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(progress_is_silent_or_json, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(london_comes_to_the_reference, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
