/*
 * The run command apart from its command line: what was asked, and the steps that answer it, by one process
 * or by several (cli/crew.h).
 */
#ifndef LS_CLI_RUN_H
#define LS_CLI_RUN_H

#include "cli/crew.h"
#include "report/rundir.h"

struct ls_run_request {
    const char **paths; /* [n_paths] */
    size_t n_paths;
    const char *scenario, *factors;
    const char **settings; /* [n_settings] section.key=value in the order given */
    size_t n_settings;
    char engine[64], solver[64];
    int threads;
    int shard, shards; /* which of how many; 0: the whole run */
    bool optimised, quiet, json_progress;
    struct ls_rundir_options output;
};

/* Does it, and returns an exit status. `crew` NULL: this process alone. */
int ls_run_answer(const struct ls_run_request *request, const struct ls_crew *crew);

/* The command line of run; argv[0] is its name. Of a crew, only rank 0 speaks of a wrong one. */
int ls_run_command(int argc, char **argv, const struct ls_crew *crew);

#endif
