/*
 * `loadscope run --shard` and `loadscope merge` from outside: the same bytes as one process, and nothing
 * merged that does not belong together. Comparisons are made by cmp, not by the program.
 */
#include "shell.h"

#include "base/clock.h"

#define SMALL    "tests/fixtures/golden/small/"
#define DATA     SMALL "readings.csv.gz"
#define SCENARIO " -s " SMALL "restricted/scenario.ini --emit-optimised "
#define KILLS    15 /* that meet a merge at work */
#define TRIES    80

static int open_shell(void **state)
{
    *state = new_shell();
    return 0;
}

static void merged_shards_are_the_whole_run(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole");
    run_well(shell, "for k in 1 2 3; do $LS run -q " DATA SCENARIO "--shard $k/3 -j$k -o $D/s$k || exit 1; "
                    "[ ! -e $D/s$k ] || exit 1; done");
    run_well(shell, "$LS merge $D/s3 $D/s1.partial/ $D/s2 -o $D/merged && same $D/whole $D/merged && "
                    "[ ! -e $D/merged.partial ] && [ -e $D/s1.partial ]");
    run_well(shell, "$LS verify " DATA " $D/merged >$D/said");
    run_well(shell, "[ $(cat $D/s?.partial/parts/* | grep -c '^unit ') = 4 ]");
    run_well(shell, "f=$(grep -o '\"household_days\":[^,]*' $D/whole/run.json); "
                    "grep -qF \"$f,\" $D/merged/run.json && grep -q '\"shards\":.3$' $D/merged/run.json");
    run_well(shell, "$LS merge $D/s1 $D/s2 $D/s3 -o $D/s1 && same $D/whole $D/s1 && [ ! -e $D/s1.partial ]");
}

/* The shard whose place the result took is gone, so repeating the merge cannot read it again. */
static void a_merge_into_a_shards_place_can_be_repeated(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole; for k in 1 2; do $LS run -q " DATA SCENARIO
                    "--shard $k/2 -o $D/s$k || exit 1; done; cp -r $D/s1.partial $D/kept.partial");
    run_well(shell, "for n in 1 2 3; do $LS merge $D/s1 $D/s2 -o $D/s1/ && same $D/whole $D/s1 && "
                    "[ ! -e $D/s1.partial ] && [ -e $D/s2.partial ] || exit 1; done");
    run_well(shell, "cp -r $D/kept.partial $D/s1.partial && rm $D/s1.partial/parts/00000000.part && "
                    "$LS merge $D/s2.partial $D/s1.partial -o $D/s1 && same $D/whole $D/s1 && "
                    "[ ! -e $D/s1.partial ]"); /* ended while it was taking the shard away */
    assert_refused(shell, "$LS merge $D/s1 $D/s2 -o $D/other", 2, "s1.partial: cannot open");
    assert_refused(shell, "$LS merge $D/s1 -o $D/s1", 2, "s1.partial: cannot open");
    run_well(shell, "$LS run -q " DATA SCENARIO "--set spike.alpha_percent=1 --shard 2/2 -o $D/foreign");
    assert_refused(shell, "$LS merge $D/s1 $D/foreign -o $D/s1", 2, "s1.partial: cannot open");
    run_well(shell, "same $D/whole $D/s1");
}

/* A resumed shard notes what its last process solved, which may be nothing. */
static void the_record_counts_what_resumed_shards_hold(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole");
    run_well(shell, "for k in 1 2; do $LS run -q " DATA SCENARIO "--shard $k/2 -o $D/s$k || exit 1; done; "
                    "$LS run -q " DATA SCENARIO "--shard 1/2 -o $D/s1 --resume; "
                    "rm $D/s2.partial/parts/00000003.part; "
                    "$LS run -q " DATA SCENARIO "--shard 2/2 -o $D/s2 --resume");
    run_well(shell, "grep -q '\"household_days\":.0,$' $D/s1.partial/shard.json");
    run_well(shell, "$LS merge $D/s1 $D/s2 -o $D/merged; same $D/whole $D/merged");
    run_well(shell, "f=$(grep '\"household_days\":' $D/whole/run.json); grep -qxF \"$f\" $D/merged/run.json");
    run_well(shell, "grep -q '\"city_weeks_resumed\":.3,$' $D/merged/run.json");
}

/* A run of one process has its rows in tables, a shard in its parts; each goes on from the other. */
static void a_run_goes_on_as_shards_and_shards_as_a_run(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole");
    run(shell, "(ulimit -f 2400; $LS run -q " DATA SCENARIO "-j1 -o $D/s1)"); /* optimised.csv is larger */
    assert_int_equal(shell->status, 1);
    run_well(shell, "cp -r $D/s1.partial $D/s2.partial; cp -r $D/s1.partial $D/s3.partial; "
                    "grep -q '^placed 1 ' $D/s1.partial/parts/00000000.part");
    run_well(shell, "$LS run -q " DATA SCENARIO "--resume -o $D/s3 && same $D/whole $D/s3 && "
                    "! grep -q '\"city_weeks_resumed\":.0,' $D/s3/run.json");
    run_well(shell, "for k in 1 2; do $LS run -q " DATA SCENARIO "--shard $k/2 --resume -o $D/s$k || exit 1; "
                    "done; $LS merge $D/s2 $D/s1 -o $D/merged && same $D/whole $D/merged");
    run_well(shell, "$LS run -q " DATA SCENARIO "--resume -o $D/s1 && same $D/whole $D/s1 && "
                    "[ ! -e $D/s1.partial ] && ! grep -q '\"city_weeks_resumed\":.0,' $D/s1/run.json");
}

/* More shards than city-weeks leave some without work; the last shard of one is the whole run. */
static void any_number_of_shards_will_do(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole");
    run_well(shell,
             "for k in 1 2 3 4 5 6; do $LS run -q " DATA SCENARIO "--shard $k/6 -o $D/s$k || exit 1; done; "
             "$LS merge $D/s*.partial -o $D/a && same $D/whole $D/a");
    run_well(shell,
             "$LS run -q " DATA SCENARIO "--shard 1/1 -o $D/b && $LS merge $D/b -o $D/c && same $D/a $D/c");
    run(shell, "$LS run " DATA SCENARIO "--shard 1/3 -o $D/d");
    assert_int_equal(shell->status, 0);
    assert_non_null(strstr(shell->err, "shard 1/3 is done, 2 of 4 city-weeks"));
}

static void what_does_not_fit_is_refused(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "for k in 1 2; do $LS run -q " DATA SCENARIO "--shard $k/2 -o $D/s$k || exit 1; done");
    assert_refused(shell, "$LS merge $D/s2 -o $D/a", 2, "it belongs to shard 1/2");
    run_well(shell, "rm $D/s2.partial/parts/00000003.part");
    assert_refused(shell, "$LS merge $D/s1 $D/s2 -o $D/a", 2, "it belongs to shard 2/2");
    run_well(shell, "[ ! -e $D/a ] && [ ! -e $D/a.partial ]");
    run_well(shell,
             "$LS run -q " DATA SCENARIO "--shard 2/2 -o $D/s2 --resume && $LS merge $D/s1 $D/s2 -o $D/a");
    run_well(shell, "$LS merge $D/s1 $D/s2 -o $D/a"); /* is there already */
    run_well(shell, "$LS run -q " DATA SCENARIO "--set spike.alpha_percent=1 --shard 2/2 -o $D/other");
    assert_refused(shell, "$LS merge $D/s1 $D/other -o $D/b", 2, "is a shard of another run");
    run_well(shell, "printf x | dd of=$D/s1.partial/parts/00000000.part bs=1 seek=600 conv=notrunc 2>$D/dd");
    assert_refused(shell, "$LS merge $D/s1 $D/s2 -o $D/b", 2, "it belongs to shard 1/2");
    run_well(shell, "echo '{}' >$D/s1.partial/shard.json");
    assert_refused(shell, "$LS merge $D/s1 $D/s2 -o $D/b", 2, "the note of a shard is damaged");
    run_well(shell, "rm $D/s1.partial/shard.json");
    assert_refused(shell, "$LS merge $D/s1 $D/s2 -o $D/b", 2, "no finished shard");
    assert_refused(shell, "$LS merge $D/s9 -o $D/b", 2, "s9.partial: cannot open");
    assert_refused(shell, "$LS merge -o $D/b", 2, "no shard named");
    assert_refused(shell, "$LS merge $D/s2", 2, "no result directory named");
    static const char *const wrong[] = {"0/2", "3/2", "2", "1/0", "/2", "1/", "-1/2", "1/2/3"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[200];
        snprintf(line, sizeof line, "$LS run " DATA " --shard %s -o $D/c", wrong[i]);
        assert_refused(shell, line, 2, "--shard wants K/N");
    }
}

/* Four shards of ten weeks, and what they are to become. */
static void make_shards(struct shell *shell)
{
    run_well(shell,
             "$LS sample -n 20 -d 70 -o $D/work.csv && $LS run -q $D/work.csv --emit-optimised -o $D/whole");
    run_well(shell, "for k in 1 2 3 4; do $LS run -q $D/work.csv --emit-optimised --shard $k/4 -o $D/s$k || "
                    "exit 1; done");
}

/* Merges and kills that after a while; returns the wait status. */
static int merge_and_kill(const struct shell *shell, const char *output, useconds_t after_us)
{
    char shard[4][PATH_SIZE], out[PATH_SIZE];
    for (int k = 0; k < 4; k++)
        snprintf(shard[k], sizeof shard[k], "%s/s%d", shell->folder, k + 1);
    snprintf(out, sizeof out, "%s/%s", shell->folder, output);
    const char *const arguments[] = {"loadscope", "merge", shard[0], shard[1], shard[2],
                                     shard[3],    "-o",    out,      NULL};
    return start_and_signal(shell, arguments, SIGKILL, after_us);
}

/* Each merge goes on from what the killed one before it left; what stands at DIR is whole at any time. */
static void kills_of_a_merge_leave_nothing_half(void **state)
{
    struct shell *shell = *state;
    struct ls_random random = ls_random_seed(4, "kills", 0);
    int met = 0;
    make_shards(shell);
    double started = ls_clock_seconds();
    run_well(shell, "$LS merge $D/s?.partial -o $D/merged");
    uint64_t most = (uint64_t)((ls_clock_seconds() - started) * 0.8e6) + 1; /* after a start of a quarter */
    run_well(shell, "same $D/whole $D/merged && rm -r $D/merged");
    for (int i = 0; i < TRIES && met < KILLS; i++) {
        int status = merge_and_kill(shell, "merged", (useconds_t)(most / 4 + ls_random_below(&random, most)));
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        run(shell, "[ -e $D/merged.partial ]");
        met += WIFSIGNALED(status) && shell->status == 0;
        if (WIFSIGNALED(status))
            run_well(shell, "[ ! -e $D/merged ] || same $D/whole $D/merged");
        else
            run_well(shell, "[ ! -e $D/merged.partial ] && same $D/whole $D/merged && rm -r $D/merged");
    }
    assert_int_equal(met, KILLS);
    run_well(shell,
             "$LS merge $D/s?.partial -o $D/merged && same $D/whole $D/merged && [ ! -e $D/merged.partial ]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(merged_shards_are_the_whole_run, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_merge_into_a_shards_place_can_be_repeated, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(the_record_counts_what_resumed_shards_hold, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_run_goes_on_as_shards_and_shards_as_a_run, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(any_number_of_shards_will_do, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(kills_of_a_merge_leave_nothing_half, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
