/*
 * `loadscope-mpi run` under mpirun: the same bytes from any number of ranks as from one process, and what a
 * dead rank leaves is gone on from.
 *
 * The binary is the one that LOADSCOPE_MPI names, build/release/loadscope-mpi without it. A sanitised one
 * would tell of MPI's own leaks. Skips where mpirun or the binary is not there.
 */
#include "shell.h"

#define SMALL    "tests/fixtures/golden/small/"
#define DATA     SMALL "readings.csv.gz"
#define SCENARIO " -s " SMALL "restricted/scenario.ini --emit-optimised "
#define RANKS    "$M -n "

static const char *mpi_binary(void)
{
    const char *named = getenv("LOADSCOPE_MPI");
    return named != NULL && named[0] != '\0' ? named : "build/release/loadscope-mpi";
}

/* $M starts a job, $P is the program; several ranks share a processor. */
static int open_shell(void **state)
{
    char text[PATH_SIZE];
    *state = new_shell();
    snprintf(text, sizeof text, "mpirun --oversubscribe%s", geteuid() == 0 ? " --allow-run-as-root" : "");
    setenv("M", text, 1);
    setenv("P", mpi_binary(), 1);
    return 0;
}

static void need_mpi(void)
{
    if (system("command -v mpirun >/dev/null") == 0 && access(mpi_binary(), X_OK) == 0)
        return;
    print_message("no mpirun, or no loadscope-mpi\n");
    skip();
}

/* mpirun may have words of its own on standard error. */
static void run_ranks(struct shell *shell, const char *line)
{
    run(shell, line);
    if (shell->status != 0 || shell->out[0] != '\0')
        fail_msg("%s\n  status %d: %s%s", line, shell->status, shell->err, shell->out);
}

static void ranks_do_not_show(void **state)
{
    struct shell *shell = *state;
    need_mpi();
    run_well(shell, "$LS run " DATA SCENARIO "-j1 -o $D/whole");
    run_ranks(shell, "for n in 1 2 4; do " RANKS "$n $P run " DATA SCENARIO "-o $D/r$n && "
                     "same $D/whole $D/r$n && [ ! -e $D/r$n.partial ] || exit 1; done");
    run_ranks(shell, RANKS "3 $P run " DATA SCENARIO "-e milp -j2 -o $D/milp && $LS run " DATA SCENARIO
                           "-e milp -o $D/milp1 && same $D/milp1 $D/milp");
    run_well(shell, "for n in 1 4; do f=$(grep -o '\"household_days\":[^,]*' $D/whole/run.json); "
                    "grep -qF \"$f,\" $D/r$n/run.json || exit 1; done");
}

static void ranks_solve_a_shard_too(void **state)
{
    struct shell *shell = *state;
    need_mpi();
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole");
    run_ranks(shell, "for k in 1 2; do " RANKS "2 $P run -q " DATA SCENARIO
                     "--shard $k/2 -o $D/s$k || exit 1; done; "
                     "$LS merge $D/s1 $D/s2 -o $D/merged && same $D/whole $D/merged");
}

/* A rank is killed as soon as the first part is there. GLPK takes its time, so that much is left to do then.
 */
static void what_a_dead_rank_leaves_is_gone_on_from(void **state)
{
    struct shell *shell = *state;
    need_mpi();
    run_well(
        shell,
        "$LS sample -n 150 -d 60 -o $D/work.csv && $LS run $D/work.csv -e milp --solver glpk -o $D/whole");
    run(shell,
        "export D; " RANKS "3 sh -c 'echo $$ >$D/rank$OMPI_COMM_WORLD_RANK; exec \"$0\" run $D/work.csv -e "
        "milp --solver glpk -o $D/killed' $P & "
        "job=$!; for i in $(seq 600); do ls $D/killed.partial/parts 2>$D/null | grep -q 'part$' && break; "
        "sleep 0.02; done; kill -9 $(cat $D/rank2); ! wait $job");
    assert_int_equal(shell->status, 0);
    run_well(shell, "[ ! -e $D/killed ] && [ -e $D/killed.partial/identity ]");
    run_ranks(
        shell, RANKS
        "3 $P run $D/work.csv -e milp --solver glpk -o $D/killed --resume && same $D/whole $D/killed && "
        "! grep -q '\"city_weeks_resumed\":.0,' $D/killed/run.json");
}

/* A run of one process has its rows in tables, ranks have them in parts; each goes on from the other. */
static void one_process_and_ranks_go_on_from_each_other(void **state)
{
    struct shell *shell = *state;
    need_mpi();
    run_well(shell, "$LS run " DATA SCENARIO "-o $D/whole");
    run(shell, "(ulimit -f 2400; $LS run -q " DATA SCENARIO "-j1 -o $D/a)");
    assert_int_equal(shell->status, 1);
    run_well(shell, "grep -q '^placed 1 ' $D/a.partial/parts/00000000.part");
    run_ranks(shell, RANKS "2 $P run -q " DATA SCENARIO "--resume -o $D/a && same $D/whole $D/a && "
                           "! grep -q '\"city_weeks_resumed\":.0,' $D/a/run.json");
    run_ranks(shell, RANKS "2 $P run -q " DATA SCENARIO "--shard 1/2 -o $D/b && "
                           "grep -q '^placed 0 ' $D/b.partial/parts/00000000.part");
    run_well(shell, "$LS run -q " DATA SCENARIO "--resume -o $D/b && same $D/whole $D/b && "
                    "! grep -q '\"city_weeks_resumed\":.0,' $D/b/run.json");
}

/* mpirun adds its own words; ours must be there once. */
static void a_refusal_is_told_once(void **state)
{
    static const struct {
        const char *arguments, *message;
    } cases[] = {
        {"run " DATA SCENARIO "-o $D/there", "exists; --force replaces it"},
        {"run $D/none.csv -o $D/a", "none.csv: cannot open"},
        {"run " DATA, "no result directory named"},
        {"run - -o $D/a", "standard input comes to one rank only"},
        {"run " DATA " -o $D/a -j 0", "--jobs wants a whole number"},
        {"info " DATA, "it knows one command, run"},
    };
    struct shell *shell = *state;
    need_mpi();
    run_well(shell, "mkdir $D/there");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[400];
        snprintf(line, sizeof line, RANKS "3 $P %s", cases[i].arguments);
        run(shell, line);
        const char *told = strstr(shell->err, cases[i].message);
        if (shell->status != 2 || told == NULL || strstr(told + 1, cases[i].message) != NULL)
            fail_msg("%s\n  status %d: %s", line, shell->status, shell->err);
    }
    run_well(shell, "[ ! -e $D/a ] && [ ! -e $D/a.partial ]");
}

/* A rank that sees other data than the leader ends the job, and says so. */
static void ranks_that_read_other_data_are_found(void **state)
{
    struct shell *shell = *state;
    need_mpi();
    run_well(shell, "cp " DATA " $D/a.csv.gz; gzip -dc " DATA " | head -n 2000 | gzip >$D/b.csv.gz");
    run(shell,
        "export D; " RANKS "2 sh -c 'cd $D; n=a; [ \"$OMPI_COMM_WORLD_RANK\" = 0 ] || n=b; mkdir -p $n; "
        "cp $n.csv.gz $n/data.csv.gz; cd $n; exec \"$0\" run data.csv.gz -o $D/out' "
        "$(realpath $P)");
    assert_int_not_equal(shell->status, 0);
    assert_contains(shell->err, "rank 1 read other data than rank 0");
    run_well(shell, "[ ! -e $D/out ]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranks_do_not_show, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(ranks_solve_a_shard_too, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_a_dead_rank_leaves_is_gone_on_from, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(one_process_and_ranks_go_on_from_each_other, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_refusal_is_told_once, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(ranks_that_read_other_data_are_found, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
