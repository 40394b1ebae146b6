/*
 * A store is taken wherever CSV is, and gives the same answers: results byte for byte (but for run.json,
 * which names what was read), days as text and JSON, the survey, the check, shards, ranks.
 *
 * Ranks are started as in test_mpi_cli.c; measured homes are those of LOADSCOPE_TESTDATA.
 */
#include "shell.h"

#include <loadscope/store.h>

#define SAMPLE   "sample_data/readings.csv.gz"
#define SCENARIO " -s sample_data/restricted.ini "
#define CITIES   "delhi mumbai"

/* $D/a.nc is the sample as a store, $D/z.nc compressed. */
static int open_shell(void **state)
{
    struct shell *shell = *state = new_shell();
    run_well(shell, "$LS import -q " SAMPLE " -o $D/a.nc && $LS import -q --compress " SAMPLE " -o $D/z.nc");
    return 0;
}

static int open_empty(void **state)
{
    *state = new_shell();
    return 0;
}

/* ---- results ---- */

static void a_run_has_the_same_bytes(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "for e in greedy milp; do $LS run " SAMPLE SCENARIO "-e $e --emit-optimised -o $D/$e && "
                    "[ $(ls $D/$e | wc -l) = 6 ] || exit 1; for s in a z; do for j in 1 2; do "
                    "$LS run $D/$s.nc" SCENARIO "-e $e --emit-optimised -j $j -o $D/$e$s$j && "
                    "same $D/$e $D/$e$s$j || exit 1; done; done; done");
    run_well(shell,
             "for c in " CITIES "; do [ $(grep -c ,$c, $D/greedya1/metrics.csv) -gt 0 ] || exit 1; done");
}

static void a_store_of_a_city_alone_is_that_city(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "for c in " CITIES "; do gzip -dc " SAMPLE
                    " | awk -F, -v c=$c 'NR == 1 { for (i = 1; i <= NF; i++) "
                    "if ($i == \"city\") at = i } NR == 1 || $at == c' >$D/$c.csv && "
                    "$LS import -q $D/$c.csv -o $D/$c.nc && $LS run $D/$c.csv -o $D/csv$c && "
                    "$LS run $D/$c.nc -o $D/nc$c && same $D/csv$c $D/nc$c && "
                    "[ $(cut -d, -f2 $D/nc$c/metrics.csv | sort -u | wc -l) = 2 ] || exit 1; done");
}

#define HALF_HOUR_S   1800
#define SUMMER_BEGINS INT64_C(1364691600) /* 2013-03-31T01:00Z */
#define SUMMER_ENDS   INT64_C(1382835600) /* 2013-10-27T01:00Z */

/* Three homes for five days around an instant, in London's clock. */
static void add_days_around(struct support_text *csv, int64_t instant)
{
    int64_t first = instant - instant % 86400 - 2 * 86400;
    for (int home = 0; home < 3; home++)
        for (int t = 0; t < 5 * 48; t++) {
            int64_t at = first + t * HALF_HOUR_S;
            char id[16];
            snprintf(id, sizeof id, "%d", home);
            support_row(csv, "london", id, at, at >= SUMMER_BEGINS && at < SUMMER_ENDS ? 3600 : 0,
                        0.1 + 0.05 * ((t * 7 + home * 3) % 11), 300 + 20 * (t * 5 % 13),
                        350 + 10 * (t * 3 % 7));
        }
}

/* Over both changes of the clock: days of 46 and of 50 half hours. */
static void a_change_of_the_clock_is_read_alike(void **state)
{
    struct shell *shell = *state;
    struct support_text csv = {0};
    char path[PATH_SIZE];
    support_add(&csv, SUPPORT_COLUMNS);
    add_days_around(&csv, SUMMER_BEGINS);
    add_days_around(&csv, SUMMER_ENDS);
    snprintf(path, sizeof path, "%s/l.csv", shell->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(csv.bytes, file) >= 0);
    assert_int_equal(fclose(file), 0);
    free(csv.bytes);
    run_well(shell, "Z='--set behaviour.timezone=Europe/London'; $LS import -q $Z $D/l.csv -o $D/l.nc && "
                    "$LS run $Z $D/l.csv --emit-optimised -o $D/csv && "
                    "$LS run $Z $D/l.nc --emit-optimised -o $D/nc && same $D/csv $D/nc && "
                    "for n in 2013-03-31=46 2013-10-27=50; do [ $(grep -c ^1,london,${n%=*}T "
                    "$D/nc/optimised.csv) = ${n#*=} ] || exit 1; done");
}

static void a_record_names_the_store(void **state)
{
    struct shell *shell = *state;
    assert_run(shell,
               "$LS run -q $D/a.nc" SCENARIO "-o $D/r && $LS run -q " SAMPLE SCENARIO
               "-o $D/c && ! grep -q store_checksum $D/c/run.json && grep '\"store_checksum\"' $D/r/run.json",
               0);
    const char *value = strchr(shell->out, ':');
    assert_non_null(value);
    assert_int_equal(strspn(strchr(value, '"') + 1, "0123456789abcdef"), 32);
    ls_store *store = NULL;
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/a.nc", shell->folder);
    assert_int_equal(ls_store_open(path, &store, NULL), 0);
    assert_contains(shell->out, ls_store_checksum(store));
    ls_store_close(store);
    assert_run(shell, "$LS diff $D/c $D/r", 0);
    assert_contains(shell->out, "no parameter differs");
    assert_contains(shell->out, "0 of 60 customers changed");
    assert_contains(shell->out, "0 of 297 slots with moves changed");
}

/* ---- parts of a run ---- */

static void shards_of_a_store_are_merged(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " SAMPLE SCENARIO "-o $D/whole; for k in 1 2 3; do $LS run -q $D/a.nc" SCENARIO
                    "--shard $k/3 -o $D/s$k || exit 1; done; $LS merge $D/s1 $D/s2 $D/s3 -o $D/merged && "
                    "same $D/whole $D/merged");
    run_well(shell, "$LS run -q " SAMPLE SCENARIO "--shard 2/3 -o $D/csv");
    assert_refused(shell, "$LS merge $D/s1 $D/csv $D/s3 -o $D/mixed", 2, "is a shard of another run");
}

static void a_run_of_a_store_is_gone_on_with(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " SAMPLE SCENARIO "--emit-optimised -o $D/whole");
    run(shell, "(ulimit -f 2000; $LS run -q $D/a.nc" SCENARIO "--emit-optimised -j1 -o $D/r)");
    assert_int_equal(shell->status, 1);
    run_well(shell, "[ ! -e $D/r ] && ls $D/r.partial/parts | grep -q part$");
    assert_refused(shell, "$LS run -q " SAMPLE SCENARIO "--emit-optimised --resume -o $D/r", 2, "r.partial");
    run_well(shell,
             "$LS run -q $D/a.nc" SCENARIO "--emit-optimised --resume -o $D/r && same $D/whole $D/r && "
             "! grep -q '\"city_weeks_resumed\":.0,' $D/r/run.json");
    run_well(shell, "$LS run -q $D/a.nc" SCENARIO "--emit-optimised --resume -o $D/r");
}

static void ranks_read_a_store(void **state)
{
    struct shell *shell = *state;
    const char *named = getenv("LOADSCOPE_MPI");
    const char *program = named != NULL && named[0] != '\0' ? named : "build/release/loadscope-mpi";
    if (system("command -v mpirun >/dev/null") != 0 || access(program, X_OK) != 0) {
        print_message("no mpirun, or no loadscope-mpi\n");
        skip();
    }
    setenv("P", program, 1);
    setenv("M", geteuid() == 0 ? "mpirun --oversubscribe --allow-run-as-root" : "mpirun --oversubscribe", 1);
    run(shell, "$LS run " SAMPLE SCENARIO "-o $D/whole && $M -n 2 $P run $D/a.nc" SCENARIO
               "-o $D/ranks && same $D/whole $D/ranks && grep -q store_checksum $D/ranks/run.json");
    if (shell->status != 0)
        fail_msg("status %d: %s", shell->status, shell->err);
}

/* ---- other commands ---- */

static void days_and_surveys_read_alike(void **state)
{
    static const char *const lines[] = {"$LS --json %s" SCENARIO,
                                        "$LS --plain %s" SCENARIO "| tail -n +2",
                                        "$LS --plain %s" SCENARIO
                                        "-c mumbai -d 2022-05-12 -e milp | tail -n +2",
                                        "$LS --json %s" SCENARIO "--set run.week_context=in_week",
                                        "$LS info --json %s",
                                        "$LS info %s | tail -n +2"};
    struct shell *shell = *state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        static const char *const data[] = {SAMPLE, "$D/a.nc", "$D/z.nc"};
        for (size_t n = 0; n < sizeof data / sizeof *data; n++) {
            char line[2 * PATH_SIZE], say[PATH_SIZE];
            snprintf(say, sizeof say, lines[i], data[n]);
            snprintf(line, sizeof line, "%s >$D/said && [ -s $D/said ] && %s", say,
                     n == 0 ? "mv $D/said $D/csv" : "cmp $D/csv $D/said");
            run_well(shell, line);
        }
    }
}

static void a_result_is_checked_against_a_store(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run -q " SAMPLE SCENARIO "--emit-optimised -o $D/r");
    assert_run(shell, "$LS verify " SAMPLE " $D/r | sed '$d'", 0);
    char *of_csv = strdup(shell->out);
    assert_run(shell, "$LS verify $D/z.nc $D/r | sed '$d'", 0);
    assert_string_equal(shell->out, of_csv);
    free(of_csv);
    run_well(shell, "sed -i '2s/,[^,]*$/,99/' $D/r/metrics.csv");
    assert_run(shell, "$LS verify $D/a.nc $D/r", 1);
}

static void a_store_goes_alone(void **state)
{
    static const char *const lines[] = {"$LS --plain %s", "$LS run %s -o $D/r", "$LS info %s"};
    static const struct {
        const char *arguments, *message;
    } cases[] = {
        {"$D/a.nc $D/z.nc",
         "a.nc: a store goes alone; import all files into one store with loadscope import"},
        {SAMPLE " $D/a.nc",
         "a.nc: a store goes alone; import all files into one store with loadscope import"},
        {"$D/a.nc --factors " SAMPLE,
         "a.nc: a store has its own factors; give --factors to loadscope import"},
    };
    struct shell *shell = *state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
            char line[PATH_SIZE];
            snprintf(line, sizeof line, lines[i], cases[c].arguments);
            assert_refused_cleanly(shell, line, cases[c].message);
        }
    run_well(shell, "[ ! -e $D/r ] && [ ! -e $D/r.partial ]");
}

/* ---- measured homes ---- */

static void measured_homes_read_alike(void **state)
{
    struct shell *shell = *state;
    const char *root = getenv("LOADSCOPE_TESTDATA");
    if (root == NULL || root[0] == '\0') {
        print_message("skipped: LOADSCOPE_TESTDATA names no measured data\n");
        skip();
    }
    run_well(shell,
             "for n in london_99_homes_2013-02=Europe/London switzerland_537_homes_2018-11=Europe/Zurich; do "
             "F=$LOADSCOPE_TESTDATA/data/${n%=*}.csv.gz; Z=behaviour.timezone=${n#*=}; "
             "$LS import -q --set $Z $F -o $D/m.nc && $LS run -q --set $Z $F -o $D/csv && "
             "$LS run -q --set $Z $D/m.nc -o $D/nc && same $D/csv $D/nc && "
             "[ $(wc -l <$D/nc/metrics.csv) -gt 1000 ] && rm -r $D/m.nc $D/csv $D/nc || exit 1; done");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_has_the_same_bytes, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_store_of_a_city_alone_is_that_city, open_empty, close_shell),
        cmocka_unit_test_setup_teardown(a_change_of_the_clock_is_read_alike, open_empty, close_shell),
        cmocka_unit_test_setup_teardown(a_record_names_the_store, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(shards_of_a_store_are_merged, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_run_of_a_store_is_gone_on_with, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(ranks_read_a_store, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(days_and_surveys_read_alike, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_result_is_checked_against_a_store, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_store_goes_alone, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(measured_homes_read_alike, open_empty, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
