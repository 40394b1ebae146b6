/*
 * `loadscope diff` from outside. Expected totals are those that the reference results come with.
 * The binary is the one that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#include "shell.h"

#define SMALL "tests/fixtures/golden/small/"
#define DATA  SMALL "readings.csv.gz"

/* $D/a and $D/b are results of another implementation under two scenarios. */
static int open_shell(void **state)
{
    struct shell *shell = new_shell();
    assert_run(shell,
               "mkdir $D/a $D/b && cp " SMALL "restricted/greedy/m*.gz " SMALL
               "restricted/scenario.ini $D/a && "
               "cp " SMALL "lax/greedy/m*.gz " SMALL "lax/scenario.ini $D/b",
               0);
    *state = shell;
    return 0;
}

static double difference_of(const cJSON *object, const char *name)
{
    return number_at(cJSON_GetObjectItemCaseSensitive(object, name), "difference");
}

/* The same runs, added up by awk from their files. */
static double sum_of(struct shell *shell, const char *command)
{
    assert_run(shell, command, 0);
    return atof(shell->out);
}

static void totals_and_changes_are_those_of_the_files(void **state)
{
    struct shell *shell = *state;
    double marg_g =
        sum_of(shell, "(gzip -dc $D/b/metrics.csv.gz | sed 1d; gzip -dc $D/a/metrics.csv.gz | sed 1d | "
                      "sed 's/$/,minus/') | awk -F, '{ s += /minus/ ? -$9 : $9 } END { printf "
                      "\"%.9f\", s }'");
    double home_g =
        sum_of(shell, "(gzip -dc $D/b/metrics.csv.gz; gzip -dc $D/a/metrics.csv.gz | "
                      "sed 's/$/,minus/') | awk -F, '/^60000006878,delhi/ { s += /minus/ ? -$9 : $9 } "
                      "END { printf \"%.9f\", s }'");
    assert_run(shell, "$LS diff $D/a $D/b --top 3 --json", 0);
    cJSON *root = cJSON_Parse(shell->out);
    const cJSON *totals = cJSON_GetObjectItemCaseSensitive(root, "totals");
    const cJSON *homes = cJSON_GetObjectItemCaseSensitive(root, "customers_changed_most");
    assert_near(difference_of(totals, "moves"), 783 - 360, 0);
    assert_near(difference_of(totals, "saved_marg_g"), marg_g, 1e-5);
    assert_near(difference_of(totals, "baseline_kwh"), 0, 1e-9);
    assert_int_equal(cJSON_GetArraySize(homes), 3);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(root, "slots_changed_most")), 3);
    const cJSON *first = cJSON_GetArrayItem(homes, 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "ca_id")),
                        "60000006878");
    assert_near(difference_of(first, "saved_marg_g"), home_g, 1e-6);
    assert_true(fabs(difference_of(first, "saved_marg_g")) >=
                fabs(difference_of(cJSON_GetArrayItem(homes, 1), "saved_marg_g")));
    cJSON_Delete(root);
}

static void parameters_that_differ_are_listed(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS diff $D/a $D/b", 0);
    assert_contains(shell->out,
                    "behaviour.moves_per_day                                     1                    2\n");
    assert_contains(shell->out,
                    "regional_daily_load_kwh.delhi                         595.326              297.663\n");
    assert_contains(shell->out, "60 of 60 customers changed; ");
    assert_null(strstr(shell->out, "spike.alpha_percent"));
    assert_null(strstr(shell->out, "peak_hours"));
    assert_run(shell,
               "printf '[peak_hours.Pune]\\nMon = 8\\n' >>$D/b/scenario.ini; $LS diff $D/a $D/b --top 0", 0);
    assert_contains(shell->out, "peak_hours.Pune.Mon");
}

static void a_run_does_not_differ_from_itself(void **state)
{
    struct shell *shell = *state;
    assert_run(shell,
               "cp -r $D/a $D/c; (cd $D/c; gzip -d *.gz; (head -n 1 moves.csv; sed 1d moves.csv | sort) >m; "
               "mv m moves.csv); "
               "$LS diff $D/a $D/c",
               0);
    assert_contains(shell->out, "no parameter differs\n");
    assert_contains(shell->out, "\n0 of 60 customers changed\n");
    assert_contains(shell->out, "\n0 of 312 slots with moves changed\n");
}

/* One move of 0.83175 kWh less shows in its two slots and its customer. */
static void one_move_less_shows_in_its_slots(void **state)
{
    struct shell *shell = *state;
    assert_run(shell,
               "cp -r $D/a $D/c; gzip -d $D/c/moves.csv.gz; sed -i 3d $D/c/moves.csv; $LS diff $D/a $D/c", 0);
    assert_contains(shell->out, "\n2 of 312 slots with moves changed; ");
    assert_contains(shell->out, "\n2022-05-04T08:30:00+05:30  delhi ");
    assert_contains(shell->out, "\n2022-05-04T09:30:00+05:30  delhi ");
    assert_contains(shell->out, "        +0.832\n");
}

static void wrong_lines_and_files_are_refused(void **state)
{
    struct shell *shell = *state;
    assert_refused_cleanly(shell, "$LS diff $D/a",
                           "two result directories are compared, not 1; try loadscope diff");
    assert_refused_cleanly(shell, "$LS diff $D/a $D/b $D/a", "a third result directory");
    assert_refused_cleanly(shell, "$LS diff $D/a $D/none", "none/scenario.ini");
    assert_refused_cleanly(shell, "$LS diff --top x $D/a $D/b", "--top wants a whole number");
    assert_refused_cleanly(
        shell,
        "cp -r $D/a $D/c; gzip -d $D/c/metrics.csv.gz; "
        "sed -i \"s/^60000006878,/$(printf '\\033')&/\" $D/c/metrics.csv; $LS diff $D/a $D/c",
        "ca_id: '\\x1b60000006878' is no text that a terminal may be shown");
    assert_refused_cleanly(shell, "rm $D/b/moves.csv.gz; $LS diff $D/a $D/b", "b/moves.csv");
    assert_refused_cleanly(shell, "printf 'ca_id,city\\n1,2\\n' >$D/b/metrics.csv; $LS diff $D/a $D/b",
                           "metrics.csv:1: baseline_E_avg_g: no column 'baseline_E_avg_g'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(totals_and_changes_are_those_of_the_files, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(parameters_that_differ_are_listed, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_run_does_not_differ_from_itself, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(one_move_less_shows_in_its_slots, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(wrong_lines_and_files_are_refused, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
