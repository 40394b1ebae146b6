/* `loadscope compare` from outside: its totals are those of two separate solves, and what is wrong is told.
 */
#include "shell.h"

#define SAMPLE " sample_data/readings.csv.gz -s sample_data/restricted.ini "

static int open_shell(void **state)
{
    *state = new_shell();
    return 0;
}

/* "saved, marginal   g   1843.3   1025.5   -817.8" */
static void assert_total(struct shell *shell, const char *text, const char *label, const char *key,
                         double unit)
{
    char *files[] = {slurp(shell, "a.json"), slurp(shell, "b.json")};
    const char *row = strstr(text, label);
    double shown[3], wanted[2];
    char word[16];
    assert_non_null(row);
    assert_int_equal(sscanf(row + strlen(label), "%15s %lf %lf %lf", word, &shown[0], &shown[1], &shown[2]),
                     4);
    for (int k = 0; k < 2; k++) {
        cJSON *object = cJSON_Parse(files[k]);
        wanted[k] = number_at(object, key);
        assert_near(shown[k], wanted[k], unit);
        cJSON_Delete(object);
        free(files[k]);
    }
    assert_near(shown[2], wanted[1] - wanted[0], unit);
}

static void totals_are_those_of_two_solves(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --json" SAMPLE "-c delhi -d 2022-05-02 --set spike.alpha_percent=20 >$D/a.json; "
                    "$LS --json" SAMPLE "-c delhi -d 2022-05-03 --set spike.alpha_percent=5 >$D/b.json");
    assert_run(shell,
               "$LS compare" SAMPLE "-c delhi -d 2022-05-02 --day-b 2022-05-03 "
               "-a spike.alpha_percent=20 -b spike.alpha_percent=5 --top 3",
               0);
    assert_contains(shell->out, "A: delhi, Mon 2022-05-02, greedy\nB: delhi, Tue 2022-05-03, greedy\n");
    assert_contains(shell->out,
                    "spike.alpha_percent                                        20                    5\n");
    assert_total(shell, shell->out, "\nsaved, marginal", "saved_marg_g", 0.051);
    assert_total(shell, shell->out, "\nsaved, average", "saved_avg_g", 0.051);
    assert_total(shell, shell->out, "\nmoved", "moved_kwh", 0.00051);
    assert_total(shell, shell->out, "\nbaseline, average", "baseline_avg_g", 0.051);
    assert_contains(shell->out, " of 36 customers changed; saved g, marginal and average");
    assert_contains(shell->out, "48 of 48 slots changed; kWh after shifting");
}

static void a_day_does_not_differ_from_itself(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS compare" SAMPLE, 0);
    assert_contains(shell->out, "no parameter differs\n");
    assert_contains(shell->out, "\n0 of 36 customers changed\n\n0 of 48 slots changed\n");
}

static void unknown_cities_are_told(void **state)
{
    struct shell *shell = *state;
    assert_refused(shell, "$LS compare" SAMPLE "--set peak_hours.dehli.Mon=8 -b peak_hours.Mumbay.Mon=8", 0,
                   "loadscope: the scenario speaks of city 'dehli', which the data do not have\n"
                   "loadscope: a side speaks of city 'Mumbay', which the data do not have\n");
    assert_refused(shell, "$LS sweep" SAMPLE "-x 'peak_hours.dehli.Mon=8;9' -y run.seed=1", 0,
                   "loadscope: an axis speaks of city 'dehli', which the data do not have\n");
}

static void wrong_lines_are_refused(void **state)
{
    struct shell *shell = *state;
    assert_refused_cleanly(shell, "$LS compare", "no data named");
    assert_refused_cleanly(shell, "$LS compare" SAMPLE "-b spike.alfa=1", "unknown parameter 'spike.alfa'");
    assert_refused_cleanly(shell, "$LS compare" SAMPLE "-a spike.alpha_percent=x", "'x' is not a number");
    assert_refused_cleanly(shell, "$LS compare" SAMPLE "--day-b 1999-01-01", "no readings on 1999-01-01");
    assert_refused_cleanly(shell, "$LS compare" SAMPLE "--top -1", "--top wants a whole number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(totals_are_those_of_two_solves, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_day_does_not_differ_from_itself, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(unknown_cities_are_told, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(wrong_lines_are_refused, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
