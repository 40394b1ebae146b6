/* loadscope run DATA... -o DIR: the command line of a whole run. */
#include "cli/run.h"

#include "base/text.h"
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#define SHARDS_MAX 1000000

enum {
    OUTPUT,
    SCENARIO,
    SET,
    ENGINE,
    SOLVER,
    FACTORS,
    JOBS,
    SHARD,
    OPTIMISED,
    FORCE,
    RESUME,
    QUIET,
    JSON_PROGRESS,
    HELP
};

static const struct ls_option options[] = {
    [OUTPUT] = {"output", 'o', "DIR", "write the results to this directory, which must not exist"},
    [SCENARIO] = LS_OPTION_SCENARIO("read the limits from this scenario file"),
    [SET] = LS_OPTION_SET,
    [ENGINE] = LS_OPTION_ENGINE,
    [SOLVER] = LS_OPTION_SOLVER,
    [FACTORS] = LS_OPTION_FACTORS,
    [JOBS] = {"jobs", 'j', "N", "solve this many city-weeks at a time (as many as there are processors)"},
    [SHARD] = {"shard", 0, "K/N", "solve only the K-th of every N city-weeks, for loadscope merge"},
    [OPTIMISED] = {"emit-optimised", 0, NULL, "write optimised.csv too: every reading after shifting"},
    [FORCE] = {"force", 0, NULL, "replace a result that is there; start an interrupted run anew"},
    [RESUME] = {"resume", 0, NULL, "go on from the finished city-weeks of an interrupted run"},
    [QUIET] = {"quiet", 'q', NULL, "show no progress"},
    [JSON_PROGRESS] = {"json-progress", 0, NULL, "show progress as JSON objects, one a line"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

/* ---- the command line ---- */

static int take_shard(const char *text, struct ls_run_request *request, struct ls_error *error)
{
    char number[16];
    const char *slash = strchr(text, '/');
    int64_t shard, shards;
    if (slash != NULL && (size_t)(slash - text) < sizeof number) {
        snprintf(number, sizeof number, "%.*s", (int)(slash - text), text);
        if (ls_text_integer(number, &shard) && ls_text_integer(slash + 1, &shards) && shard >= 1 &&
            shard <= shards && shards <= SHARDS_MAX) {
            request->shard = (int)shard;
            request->shards = (int)shards;
            return 0;
        }
    }
    ls_error_set(error, LS_ERR_USAGE, "--shard wants K/N, not '%s'", text);
    return ls_error_remedy(error, "give one from 1/N to N/N");
}

static int take_option(void *user, size_t option, const char *value, struct ls_error *error)
{
    struct ls_run_request *request = user;
    switch (option) {
    case OUTPUT:
        request->output.path = value;
        break;
    case JOBS:
        return ls_take_jobs(value, &request->threads, error);
    case SHARD:
        return take_shard(value, request, error);
    case OPTIMISED:
        request->optimised = true;
        break;
    case FORCE:
        request->output.force = true;
        break;
    case RESUME:
        request->output.resume = true;
        break;
    case QUIET:
        request->quiet = true;
        break;
    case JSON_PROGRESS:
        request->json_progress = true;
        break;
    }
    return 0;
}

/* Fills the request; *helped when help was asked for. */
static int read_arguments(int argc, char **argv, struct ls_run_request *request, bool *helped,
                          struct ls_error *error)
{
    int status =
        ls_data_options_read(&request->data, argc, argv, options, take_option, request, helped, error);
    if (status == 0 && !*helped && request->output.path == NULL) {
        ls_error_set(error, LS_ERR_USAGE, "no result directory named");
        return ls_error_remedy(error, "say where with --output DIR");
    }
    return status;
}

int ls_run_command(int argc, char **argv, const struct ls_crew *crew)
{
    struct ls_run_request request = {0};
    struct ls_error error = {0};
    bool helped = false, speaks = crew == NULL || crew->rank == 0;
    /* ranks are started as many as there are processors */
    request.threads = crew != NULL && crew->ranks > 1 ? 1 : ls_default_jobs();
    int status = ls_data_options_init(&request.data, argc, &error);
    if (status == 0)
        status = read_arguments(argc, argv, &request, &helped, &error);
    if (status != 0) {
        status = speaks ? ls_complain(&error) : LS_EXIT_REFUSED;
    } else if (helped) {
        if (speaks)
            ls_usage(stdout, &ls_command_run);
        status = ls_finish_output(LS_EXIT_DONE);
    } else {
        status = ls_run_answer(&request, crew);
    }
    ls_data_options_clear(&request.data);
    return status;
}

static int run(int argc, char **argv)
{
    return ls_run_command(argc, argv, NULL);
}

const struct ls_command ls_command_run = {
    .name = "run",
    .operands = "DATA...",
    .summary = "solve every day of every city into a result directory",
    .text =
        "Solves all city-weeks of the data, each day with what the week's earlier days left of the weekly "
        "quota, and writes metrics.csv, moves.csv, summary.json, the scenario as resolved and run.json, a "
        "record of program, inputs and speed. The result does not depend on --jobs or on the order of "
        "rows, and the directory appears whole or not at all. An interrupted run leaves DIR.partial, "
        "from which --resume goes on. With --shard K/N, only every N-th city-week is solved, from the K-th "
        "on, and DIR.partial is left for loadscope merge; give each shard a DIR of its own.",
    .options = options,
    .run = run,
};
