/*
 * `loadscope verify` from outside: exit status, what it says of sound and of spoilt results, and of files
 * that it cannot read. The binary is the one that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#include "shell.h"

#define SMALL "tests/fixtures/golden/small/"
#define DATA  SMALL "readings.csv.gz"

/* $D/r is a result of another implementation, $D/ini its scenario. */
static int open_shell(void **state)
{
    struct shell *shell = new_shell();
    assert_run(shell,
               "mkdir $D/r && for f in moves metrics; do "
               "gzip -dc " SMALL "restricted/greedy/$f.csv.gz >$D/r/$f.csv || exit 1; done; "
               "cp " SMALL "restricted/scenario.ini $D/r/",
               0);
    *state = shell;
    return 0;
}

static void a_sound_result_is_said_to_be_one(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS verify " DATA " $D/r", 0);
    assert_contains(shell->out,
                    "360 moves of 540 customer-days checked: 172.728750 of 8733.003000 kWh moved");
    assert_contains(shell->out, "nothing violated in ");
    assert_run(shell, "gzip $D/r/*.csv && $LS verify " DATA " $D/r --json", 0);
    cJSON *root = cJSON_Parse(shell->out);
    assert_near(number_at(root, "violations"), 0, 0);
    assert_near(number_at(cJSON_GetObjectItemCaseSensitive(root, "totals"), "moves"), 360, 0);
    cJSON_Delete(root);
}

static void each_violation_is_a_line_with_its_place(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "sed -i 2s/2.39675/2.5/ $D/r/moves.csv && $LS verify " DATA " $D/r", 1);
    assert_contains(shell->out, "spike: delhi, 2022-05-04, slot 28 (14:00): 0.10325 kWh\n");
    assert_contains(shell->out,
                    "moves.csv:2: marginal_emissions_delta_grams_co2: customer 60000006878 of delhi, "
                    "2022-05-04, slot 32 (16:00): -10.5");
    assert_contains(shell->out,
                    "metrics.csv:2: moved_kwh: customer 60000006878 of delhi, 2022-05-04: -0.10325 kWh");
    assert_contains(shell->out, " violations:\n");
    assert_run(shell, "$LS verify --limit 1 " DATA " $D/r --json", 1);
    cJSON *root = cJSON_Parse(shell->out);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "list");
    assert_true(number_at(root, "violations") > 5);
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_near(number_at(cJSON_GetArrayItem(list, 0), "line"), 2, 0);
    assert_near(number_at(cJSON_GetObjectItemCaseSensitive(root, "by_limit"), "spike"), 1, 0);
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(list, 0), "stated")));
    cJSON_Delete(root);
    assert_run(shell, "echo '{\"all\": {\"moves\": 361}}' >$D/r/summary.json", 0);
    assert_run(shell, "$LS verify --limit 1000 " DATA " $D/r --json", 1);
    root = cJSON_Parse(shell->out);
    list = cJSON_GetObjectItemCaseSensitive(root, "list");
    const cJSON *last = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
    assert_near(number_at(last, "stated"), 361, 0);
    assert_near(number_at(last, "derived"), 360, 0);
    cJSON_Delete(root);
}

/* A sound result breaks a stricter scenario. */
static void the_scenario_is_the_one_that_was_asked_for(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS verify --set behaviour.shift_window_hours=1 " DATA " $D/r", 1);
    assert_contains(shell->out, "  window\n");
    assert_contains(shell->out, "... and ");
    assert_run(shell, "$LS verify --scenario " SMALL "lax/scenario.ini " DATA " $D/r", 1);
    assert_contains(shell->out, "  weekly_moves_remaining\n"); /* a week of 7 moves, not 3 */
}

static void what_cannot_be_read_is_refused_with_a_remedy(void **state)
{
    static const struct {
        const char *spoil, *message;
    } rows[] = {
        {"rm $D/r/moves.csv", "r/moves.csv"},
        {"rm $D/r/metrics.csv", "r/metrics.csv"},
        {"rm $D/r/scenario.ini", "r/scenario.ini"},
        {": >$D/r/moves.csv", "the file is empty"},
        {"sed -i 1s/delta_kwh/kwh/ $D/r/moves.csv", "moves.csv:1: delta_kwh: no column 'delta_kwh'"},
        {"sed -i 3s/0.83175/0.8x/ $D/r/moves.csv", "moves.csv:3:8: delta_kwh: '0.8x' is no number; write"},
        {"sed -i 3s/T09:30:00+05:30/T09:30:00/ $D/r/moves.csv",
         "moves.csv:3:4: original_time: '2022-05-04T09:30:00' is no instant with its offset; write it as"},
        {"head -c 20000 $D/r/moves.csv >$D/cut && mv $D/cut $D/r/moves.csv",
         "fields where the header has 14"},
        {"echo '{ \"all\":' >$D/r/summary.json", "summary.json:2: this is no JSON object"},
        {"echo oops >$D/r/optimised.csv", "optimised.csv:1: ca_id: no column 'ca_id'"},
    };
    struct shell *shell = *state;
    assert_run(shell, "cp -r $D/r $D/keep", 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_run(shell, "rm -r $D/r && cp -r $D/keep $D/r", 0);
        assert_run(shell, rows[i].spoil, 0);
        assert_refused_cleanly(shell, "$LS verify " DATA " $D/r", rows[i].message);
    }
    assert_refused_cleanly(shell, "$LS verify", "no data named; try loadscope verify");
    assert_refused_cleanly(shell, "$LS verify " DATA, "no result directory named");
    assert_refused_cleanly(shell, "$LS verify --limit many " DATA " $D/keep", "--limit wants a whole number");
    assert_refused_cleanly(shell, "$LS verify nowhere.csv $D/keep", "nowhere.csv");
    assert_refused_cleanly(shell, "$LS verify --scenari x " DATA " $D/keep", "did you mean --scenario?");
}

/* What our own run adds to the reference's columns is checked too. */
static void our_own_runs_are_sound_until_spoilt(void **state)
{
    static const struct {
        const char *spoil, *limit;
    } rows[] = {
        {"sed -i '2s/,[^,]*$/,12.5/' metrics.csv", "metrics.csv:2: pct: customer"},
        {"sed -i '2s/,[^,]*,\\([^,]*\\)$/,1,\\1/' metrics.csv", "metrics.csv:2: day_kwh: customer"},
        {"sed -i '3s/,[a-z]*$/,whole/' moves.csv", "moves.csv:3: limited by: customer"},
        {"sed -i 4d optimised.csv", "readings without a row: customer"},
        {"sed -i '4s/,[^,]*$/,NaN/' optimised.csv", "optimised.csv:4: optimised_value: customer"},
        {"sed -i '4s/,[0-9]*,\\(2022[^,]*,[^,]*\\)$/,30,\\1/' optimised.csv",
         "optimised.csv:4: slot: customer"},
        {"sed -i 's/\"moves\":.360/\"moves\": 361/' summary.json",
         "summary.json: moves: the whole run: 1 moves, says 361, should be 360\n"},
        {"sed -i 's/\"household_weeks\":.[0-9]*/\"household_weeks\": 1/' summary.json",
         "summary.json: household_weeks: delhi: -"},
        {"sed -i '/\"p50\"/s/:.*,/: null,/' summary.json",
         "summary.json: saving_per_household_week.avg_g.p50: the whole run, says no number, should be "},
        {"sed -i 's/\"greedy\"/\"milp\"/' summary.json", "summary.json: engine: the whole run\n"},
    };
    struct shell *shell = *state;
    assert_run(shell,
               "$LS run --emit-optimised --scenario " SMALL "restricted/scenario.ini -o $D/own " DATA
               " >/dev/null 2>&1 && $LS verify " DATA " $D/own",
               0);
    assert_contains(shell->out, "; optimised.csv read; summary.json read\nnothing violated");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[400];
        snprintf(line, sizeof line, "rm -rf $D/bad && cp -r $D/own $D/bad && (cd $D/bad && %s)",
                 rows[i].spoil);
        assert_run(shell, line, 0);
        assert_run(shell, "$LS verify " DATA " $D/bad", 1);
        assert_contains(shell->out, rows[i].limit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sound_result_is_said_to_be_one, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(each_violation_is_a_line_with_its_place, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(the_scenario_is_the_one_that_was_asked_for, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused_with_a_remedy, open_shell,
                                        close_shell),
        cmocka_unit_test_setup_teardown(our_own_runs_are_sound_until_spoilt, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
