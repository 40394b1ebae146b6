/* loadscope import: what it prints, what it refuses, and that it leaves a whole store or nothing. */
#include "shell.h"

#include <loadscope/store.h>

static void a_store_and_what_was_read(void **state)
{
    struct shell *shell = *state = new_shell();
    run_well(shell, "$LS sample -n 5 -d 3 -o $D/a.csv");
    assert_run(shell, "$LS import $D/a.csv -o $D/a.nc", 0);
    assert_contains(shell->out, " rows, 5 homes in 2 cities, ");
    assert_contains(shell->out, "\nnext        loadscope /");
    assert_contains(shell->out, "a.nc -o DIR solves all of it\n");
    assert_run(shell,
               "[ \"$($LS import $D/a.csv -o $D/b.nc | grep -v ^next)\" = \"$($LS info $D/a.csv | grep -A1 "
               "^data)\" ]",
               0);
    run_well(shell, "$LS import -q -j 1 $D/a.csv -o $D/c.nc && cmp $D/a.nc $D/c.nc");
    run_well(shell, "gzip -k $D/a.csv && $LS import -q - -o $D/d.nc <$D/a.csv.gz");
    run_well(
        shell,
        "cat $D/a.csv | $LS import -q - -o $D/e.nc && ls $D | grep -v '^[a-e].nc$' | grep nc && exit 1; :");
    assert_run(shell, "$LS import --json --compress $D/a.csv -o $D/f.nc", 0);
    cJSON *json = cJSON_Parse(shell->out);
    assert_non_null(json);
    assert_true(number_at(json, "homes") == 5);
    assert_true(number_at(json, "rows") == number_at(json, "readings") + number_at(json, "missing"));
    cJSON_Delete(json);
}

static void an_existing_file_is_kept(void **state)
{
    struct shell *shell = *state = new_shell();
    run_well(shell, "$LS sample -n 2 -d 2 -o $D/a.csv && echo precious >$D/a.nc");
    assert_refused_cleanly(shell, "$LS import $D/a.csv -o $D/a.nc",
                           "a.nc: there is such a file; name another one, or replace it with --force");
    run_well(shell, "grep -q precious $D/a.nc");
    assert_refused_cleanly(shell, "echo broken >$D/b.csv && $LS import --force $D/b.csv -o $D/a.nc",
                           "no column ca_id");
    run_well(shell, "grep -q precious $D/a.nc");
    run_well(shell, "$LS import -q --force $D/a.csv -o $D/a.nc && ! grep -q precious $D/a.nc");
    assert_refused_cleanly(shell, "$LS import $D/a.nc -o $D/c.nc", "a.nc: is a store already");
}

static void wrong_lines_are_refused(void **state)
{
    struct shell *shell = *state = new_shell();
    assert_refused_cleanly(shell, "$LS import -o $D/a.nc", "no data named");
    assert_refused_cleanly(shell, "$LS import $D/a.csv", "say where with --output FILE");
    assert_refused_cleanly(shell, "$LS import $D/a.csv -o $D/a.nc", "cannot open the file");
    assert_refused_cleanly(shell, "$LS import $D/a.csv -o $D/a.nc -j 0", "--jobs wants a whole number");
    assert_refused_cleanly(shell, "$LS import $D/a.csv -o $D/a.nc --set behaviour.timezone=Here",
                           "unknown time zone");
    run_well(shell, "$LS sample -n 2 -d 2 -o $D/a.csv");
    assert_refused(shell, "$LS import $D/a.csv -o $D/none/a.nc", 2, "No such file or directory");
    assert_refused_cleanly(shell, "$LS import $D/a.csv -o $D/a.nc --set behaviour.slot_minutes=15",
                           "readings are 30 minutes apart, not 15");
    assert_refused_cleanly(shell, "cat $D/a.csv $D/a.csv | $LS import - -o $D/a.nc", "standard input:");
    run_well(shell, "[ \"$(ls $D)\" = \"$(printf 'a.csv\\nerr.txt\\nout.txt')\" ]");
}

static void an_interrupted_import_leaves_nothing(void **state)
{
    struct shell *shell = *state = new_shell();
    run_well(shell, "$LS sample -n 20 -d 20 -o $D/a.csv");
    assert_refused(shell,
                   "while cat $D/a.csv 2>/dev/null; do :; done | "
                   "timeout --preserve-status -s INT 2 $LS import - -o $D/a.nc",
                   130, "loadscope: interrupted; nothing was written");
    assert_refused(shell,
                   "while cat $D/a.csv 2>/dev/null; do :; done | { exec 3<&0; $LS import - -o $D/a.nc <&3 & "
                   "sleep 2; kill -TERM $!; sleep 0.001; kill -TERM $!; wait $!; }",
                   143, "loadscope: interrupted; nothing was written");
    run(shell, "while cat $D/a.csv 2>/dev/null; do :; done | timeout -s KILL 0.5 $LS import - -o $D/a.nc");
    run_well(shell, "[ \"$(ls $D)\" = \"$(printf 'a.csv\\nerr.txt\\nout.txt')\" ]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_store_and_what_was_read, close_shell),
        cmocka_unit_test_teardown(an_existing_file_is_kept, close_shell),
        cmocka_unit_test_teardown(wrong_lines_are_refused, close_shell),
        cmocka_unit_test_teardown(an_interrupted_import_leaves_nothing, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
