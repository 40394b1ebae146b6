/*
 * `loadscope sweep` from outside: a grid equals as many separate solves, to the last digit, and what is
 * interrupted or wrong is told.
 */
#include "shell.h"

#define SAMPLE " sample_data/readings.csv.gz -s sample_data/restricted.ini "

static int open_shell(void **state)
{
    *state = new_shell();
    return 0;
}

/* Cuts one line of CSV into at most `n` fields, none of them quoted. */
static size_t cut_row(char *line, char **fields, size_t n)
{
    size_t found = 0;
    for (char *field; found < n && (field = support_cut(&line, ',')) != NULL;)
        fields[found++] = field;
    return found;
}

enum { Z, ALPHA, SAVED_MARG, SAVED_AVG, MOVED, MOVES, MOVING, BOUND, GAP, OUTCOME, FIELDS };

static void assert_cell_is_a_solve(char *row, char *answer)
{
    static const char *const names[FIELDS] = {
        [SAVED_MARG] = "saved_marg_g", [SAVED_AVG] = "saved_avg_g", [MOVED] = "moved_kwh", [MOVES] = "moves",
        [MOVING] = "customers_moving", [BOUND] = "bound_marg_g"};
    char *fields[FIELDS], *end;
    assert_int_equal(cut_row(row, fields, FIELDS), FIELDS);
    cJSON *object = cJSON_Parse(answer);
    for (size_t f = 0; f < FIELDS; f++) {
        if (names[f] == NULL)
            continue;
        double wanted = number_at(object, names[f]);
        if (strtod(fields[f], &end) != wanted || *end != '\0')
            fail_msg("Z %s, alpha %s: %s is %s, not %.17g", fields[Z], fields[ALPHA], names[f], fields[f],
                     wanted);
    }
    double gap = 100 * (1 - number_at(object, "saved_marg_g") / number_at(object, "bound_marg_g"));
    assert_near(atof(fields[GAP]), gap, 1e-9);
    assert_string_equal(fields[OUTCOME], "complete");
    cJSON_Delete(object);
}

/* The 121 solves read a store, so that each takes no longer than its day. */
static void a_grid_equals_121_separate_solves(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS import sample_data/readings.csv.gz -o $D/sample.nc >$D/said");
    run_well(shell, "$LS sweep" SAMPLE "-x peak.reduction_limit_percent=0:100:10 "
                    "-y spike.alpha_percent=0:50:5 -d 2022-05-03 -c mumbai -o $D/grid.csv");
    run_well(shell,
             "for z in 0 10 20 30 40 50 60 70 80 90 100; do for a in 0 5 10 15 20 25 30 35 40 45 50; do "
             "$LS --json $D/sample.nc -s sample_data/restricted.ini -d 2022-05-03 -c mumbai "
             "--set peak.reduction_limit_percent=$z --set spike.alpha_percent=$a || exit 1; "
             "done; done >$D/solves.json");
    char *grid = slurp(shell, "grid.csv"), *solves = slurp(shell, "solves.json");
    char *rows = grid, *answers = solves, *row, *answer;
    assert_string_equal(support_cut(&rows, '\n'),
                        "peak.reduction_limit_percent,spike.alpha_percent,saved_marg_g,saved_avg_g,moved_kwh,"
                        "moves,customers_moving,bound_marg_g,gap_percent,outcome");
    size_t n = 0;
    for (; (row = support_cut(&rows, '\n')) != NULL; n++) {
        char at[64];
        snprintf(at, sizeof at, "%zu,%zu,", 10 * (n / 11), 5 * (n % 11));
        assert_int_equal(strncmp(row, at, strlen(at)), 0);
        answer = support_cut(&answers, '\n');
        assert_non_null(answer);
        assert_cell_is_a_solve(row, answer);
    }
    assert_int_equal(n, 121);
    assert_null(support_cut(&answers, '\n'));
    free(grid);
    free(solves);
}

static void the_axes_are_z_and_alpha_unless_named(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS sweep" SAMPLE "--set spike.alpha_percent=25 >$D/a; wc -l <$D/a; head -n 1 $D/a",
               0);
    assert_contains(shell->out, "122\npeak.reduction_limit_percent,spike.alpha_percent,");
    assert_run(shell, "$LS sweep" SAMPLE "-x run.engine=greedy,lp -y behaviour.moves_per_day=1,none", 0);
    assert_contains(shell->out, "run.engine,behaviour.moves_per_day,");
    assert_contains(shell->out, "\nlp,none,");
}

static void wrong_lines_are_refused(void **state)
{
    struct shell *shell = *state;
    assert_refused_cleanly(shell, "$LS sweep", "no data named");
    assert_refused_cleanly(shell, "$LS sweep" SAMPLE "-x spike.alfa_percent=1,2",
                           "unknown parameter 'spike.alfa_percent'; did you mean spike.alpha_percent?");
    assert_refused_cleanly(shell, "$LS sweep" SAMPLE "-x spike.alpha_percent=1:0:1",
                           "spike.alpha_percent: '1:0:1' does not run upwards; write "
                           "spike.alpha_percent=FROM:TO:STEP or spike.alpha_percent=VALUE,VALUE");
    assert_refused_cleanly(shell, "$LS sweep" SAMPLE "-x spike.alpha_percent",
                           "both axes are the same parameter");
    assert_refused_cleanly(shell, "$LS sweep" SAMPLE "-c Paris", "no city 'Paris'");
    assert_refused_cleanly(shell, "$LS sweep" SAMPLE "-d 1999-01-01", "has no readings on 1999-01-01");
    assert_refused_cleanly(shell, "$LS sweep" SAMPLE "-o $D/no/grid.csv", "cannot write");
    assert_refused(shell, "$LS sweep" SAMPLE "-o /dev/full", 1, "cannot write");
    assert_refused_cleanly(shell,
                           "$LS sweep" SAMPLE "-x behaviour.slot_minutes=60,15 -y run.seed=1 -o $D/grid.csv; "
                           "s=$?; ls $D/grid.csv 2>/dev/null; exit $s",
                           "the readings are 30 minutes apart");
}

static void what_was_there_outlives_a_failure(void **state)
{
    struct shell *shell = *state;
    assert_refused(shell,
                   "printf old >$D/grid.csv; chmod 600 $D/grid.csv; "
                   "$LS sweep" SAMPLE "-x behaviour.slot_minutes=60,15 -y run.seed=1 -o $D/grid.csv; "
                   "s=$?; cat $D/grid.csv; ls $D | grep -c grid; exit $s",
                   2, "the readings are 30 minutes apart");
    assert_string_equal(shell->out, "old1\n");
    assert_run(shell,
               "$LS sweep" SAMPLE "-x run.engine -y run.seed=1 -o $D/grid.csv; wc -l <$D/grid.csv; "
               "stat -c %a $D/grid.csv; ls $D | grep -c grid",
               0);
    assert_string_equal(shell->out, "4\n600\n1\n");
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* GLPK on every turn of 10,201 points takes long enough to be stopped; how long until the first is there is
 * the machine's, so it is given more and more. */
static void what_is_done_when_interrupted_is_written(void **state)
{
    struct shell *shell = *state;
    char out[PATH_SIZE];
    snprintf(out, sizeof out, "%s/grid.csv", shell->folder);
    const char *arguments[] = {"",
                               "sweep",
                               "sample_data/readings.csv.gz",
                               "-x",
                               "peak.reduction_limit_percent=0:100:1",
                               "-y",
                               "spike.alpha_percent=0:100:1",
                               "--engine",
                               "milp",
                               "--solver",
                               "glpk",
                               "-o",
                               out,
                               NULL};
    char *grid = NULL;
    size_t lines = 0;
    for (useconds_t us = 250000; lines < 2; us *= 2) {
        assert_true(us < 120000000);
        int status = start_and_signal(shell, arguments, SIGINT, us);
        if (WIFSIGNALED(status)) /* before it was waited for */
            continue;
        assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
        free(grid);
        grid = slurp(shell, "grid.csv");
        lines = count_lines(grid);
    }
    assert_true(lines < 10202);
    char *said = slurp(shell, "err.txt");
    char wanted[80];
    snprintf(wanted, sizeof wanted, "loadscope: interrupted; %zu of 10201 points are written\n", lines - 1);
    assert_string_equal(said, wanted);
    free(grid);
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_grid_equals_121_separate_solves, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(the_axes_are_z_and_alpha_unless_named, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(wrong_lines_are_refused, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_was_there_outlives_a_failure, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_is_done_when_interrupted_is_written, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
