/* loadscope merge SHARD... -o DIR: the parts of all shards of a run become its result. */
#include "cli/command.h"

#include "report/rundir.h"
#include "report/shard.h"
#include "report/summary.h"

#include <loadscope/policy.h>

#include <stdlib.h>
#include <string.h>

#define PARTIAL ".partial"

enum { OUTPUT, FORCE, HELP };

static const struct ls_option options[] = {
    [OUTPUT] = {"output", 'o', "DIR", "write the results to this directory, which must not exist"},
    [FORCE] = {"force", 0, NULL, "replace a result that is there"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct merge {
    char **paths; /* [n] as named on the command line, without .partial */
    size_t n;
    struct ls_rundir_options output;
    ls_rundir **sources;     /* [n] */
    struct ls_shard *shards; /* [n] */
    size_t *from;            /* [units] the source of each */
    ls_rundir *dir;
    struct ls_policy policy;
    ls_summary *summary;
    bool reading; /* what fails now is input */
};

static int open_source(struct merge *merge, size_t i, struct ls_error *error)
{
    struct ls_buffer text = {0};
    int status = ls_rundir_open_left(merge->paths[i], &merge->sources[i], error);
    if (status == 0)
        status = ls_rundir_read_note(merge->sources[i], &text, error);
    if (status == 0) {
        status = ls_shard_read(text.bytes, text.length, &merge->shards[i], error);
        if (status != 0)
            ls_error_at(error, merge->paths[i], 0, 0, NULL);
    }
    ls_buffer_release(&text);
    if (status != 0)
        return status;
    if (strcmp(ls_rundir_fingerprint(merge->sources[i]), ls_rundir_fingerprint(merge->sources[0])) == 0 &&
        merge->shards[i].n_units == merge->shards[0].n_units)
        return 0;
    ls_error_set(error, LS_ERR_USAGE,
                 "is a shard of another run than %s: other data, parameters, options or another version",
                 merge->paths[0]);
    ls_error_remedy(error, "merge shards of one run, or run this one again");
    return ls_error_at(error, merge->paths[i], 0, 0, NULL);
}

static int refuse_missing(const struct merge *merge, size_t unit, struct ls_error *error)
{
    char monday[LS_DATE_SIZE];
    const struct ls_shard *first = &merge->shards[0];
    ls_error_set(error, LS_ERR_USAGE, "no shard has the week of %s of city '%s'",
                 ls_date_format(first->units[unit].monday, monday), first->units[unit].city);
    return ls_error_remedy(error, "it belongs to shard %zu/%d: name that too, or run it with --resume",
                           unit % (size_t)first->of + 1, first->of);
}

/* Finds each unit's source; refuses before anything is written. */
static int find_sources(struct merge *merge, struct ls_error *error)
{
    size_t n_units = merge->shards[0].n_units;
    merge->from = calloc(n_units + 1, sizeof *merge->from);
    if (merge->from == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    for (size_t u = 0; u < n_units; u++) {
        size_t *from = &merge->from[u];
        while (*from < merge->n && !ls_rundir_has(merge->sources[*from], u))
            ++*from;
        if (*from == merge->n)
            return refuse_missing(merge, u, error);
    }
    return 0;
}

/* Copies into the partial directory what it does not have. */
static int gather(struct merge *merge, struct ls_error *error)
{
    int status = 0;
    for (size_t u = 0; status == 0 && u < merge->shards[0].n_units; u++) {
        struct ls_part part = {0};
        if (ls_rundir_knows(merge->dir, u))
            continue;
        status = ls_rundir_get(merge->sources[merge->from[u]], u, &part, error);
        if (status == 0)
            status = ls_rundir_put(merge->dir, u, &part, error);
        ls_part_release(&part);
    }
    return status;
}

static int take_digest(void *user, size_t unit, const char *digest, size_t length, struct ls_error *error)
{
    struct merge *merge = user;
    return ls_summary_add(merge->summary, &merge->shards[0].units[unit], digest, length, error);
}

static int publish(struct merge *merge, struct ls_error *error)
{
    const struct ls_shard *first = &merge->shards[0];
    char *summary = NULL, *record = NULL;
    int status = ls_summary_open(&merge->summary, error);
    if (status == 0)
        status = ls_rundir_join(merge->dir, take_digest, merge, error);
    if (status == 0)
        status = ls_summary_json(merge->summary, &merge->policy, &summary, error);
    if (status == 0)
        status = ls_rundir_add(merge->dir, "summary.json", summary, strlen(summary), error);
    if (status == 0)
        status = ls_rundir_add(merge->dir, "scenario.ini", first->scenario, strlen(first->scenario), error);
    if (status == 0)
        status = ls_shard_record(merge->shards, merge->n, merge->summary, &record, error);
    if (status == 0)
        status = ls_rundir_add(merge->dir, "run.json", record, strlen(record), error);
    if (status == 0)
        status = ls_rundir_commit(merge->dir, error);
    free(summary);
    free(record);
    return status;
}

/* A shard may be named by the --output it was given or by the directory that it left. */
static char *shard_path(const char *operand)
{
    size_t length = strlen(operand), tail = strlen(PARTIAL);
    while (length > 1 && operand[length - 1] == '/')
        length--;
    if (length > tail && strncmp(operand + length - tail, PARTIAL, tail) == 0)
        length -= tail;
    return strndup(operand, length);
}

/* Whether the result takes the place of the shard. */
static int takes_place(const struct merge *merge, size_t shard, bool *out, struct ls_error *error)
{
    char *place = shard_path(merge->output.path);
    if (place == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    *out = strcmp(place, merge->paths[shard]) == 0;
    free(place);
    return 0;
}

/*
 * *out: the result stands in the place of one of its shards, of which nothing need be left, and the other
 * shards are of its run.
 */
static int is_merged(const struct merge *merge, char fingerprint[LS_SHA256_SIZE], bool *out,
                     struct ls_error *error)
{
    int n_shards, status = 0;
    bool replaced = false;
    *out = ls_rundir_identify(merge->output.path, fingerprint, &n_shards) && (size_t)n_shards == merge->n;
    for (size_t i = 0; status == 0 && *out && i < merge->n; i++) {
        ls_rundir *other = NULL;
        bool is_place;
        status = takes_place(merge, i, &is_place, error);
        replaced |= status == 0 && is_place;
        if (status != 0 || is_place)
            continue;
        *out = ls_rundir_open_left(merge->paths[i], &other, NULL) == 0 &&
               strcmp(ls_rundir_fingerprint(other), fingerprint) == 0;
        ls_rundir_close(other);
    }
    *out = status == 0 && *out && replaced;
    return status;
}

/* Merging goes on where an interrupted merge of the same run stopped. */
static int merge_shards(struct merge *merge, struct ls_error *error)
{
    char fingerprint[LS_SHA256_SIZE];
    bool complete = false;
    merge->reading = true;
    merge->output.resume = true;
    int status = is_merged(merge, fingerprint, &complete, error);
    if (complete) /* opening takes away what the end of a merge left */
        return ls_rundir_open(&merge->output, fingerprint, 0, &merge->dir, &complete, error);
    for (size_t i = 0; status == 0 && i < merge->n; i++)
        status = open_source(merge, i, error);
    if (status == 0)
        status = ls_scenario_parse(merge->paths[0], merge->shards[0].scenario,
                                   strlen(merge->shards[0].scenario), &merge->policy, error);
    if (status == 0)
        status = find_sources(merge, error);
    if (status != 0)
        return status;
    merge->reading = false;
    merge->policy.week_context = LS_WEEK_IN_WEEK;
    merge->output.optimised = merge->shards[0].optimised;
    status = ls_rundir_open(&merge->output, ls_rundir_fingerprint(merge->sources[0]),
                            merge->shards[0].n_units, &merge->dir, &complete, error);
    if (status != 0 || complete)
        return status;
    status = ls_rundir_stream(merge->dir, error);
    if (status == 0)
        status = gather(merge, error);
    return status == 0 ? publish(merge, error) : status;
}

static int answer_request(struct merge *merge)
{
    struct ls_error error = {0};
    merge->sources = calloc(merge->n + 1, sizeof(ls_rundir *));
    merge->shards = calloc(merge->n + 1, sizeof *merge->shards);
    ls_policy_init(&merge->policy);
    int status = merge->sources == NULL || merge->shards == NULL
                     ? ls_error_set(&error, LS_ERR_MEMORY, "out of memory")
                     : merge_shards(merge, &error);
    for (size_t i = 0; merge->sources != NULL && merge->shards != NULL && i < merge->n; i++) {
        ls_rundir_close(merge->sources[i]);
        ls_shard_clear(&merge->shards[i]);
    }
    free(merge->sources);
    free(merge->shards);
    free(merge->from);
    ls_summary_close(merge->summary);
    ls_rundir_close(merge->dir);
    ls_policy_clear(&merge->policy);
    if (status == 0)
        return LS_EXIT_DONE;
    int told = ls_complain(&error);
    return status == LS_ERR_IO && !merge->reading ? LS_EXIT_FAILED : told;
}

static int read_arguments(int argc, char **argv, struct merge *merge, bool *helped, struct ls_error *error)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    const char *value;
    size_t option;
    for (enum ls_arg arg; (arg = ls_args_next(&args, options, &option, &value, error)) != LS_ARG_END;) {
        if (arg == LS_ARG_WRONG)
            return error->code;
        if (arg == LS_ARG_OPERAND) {
            if ((merge->paths[merge->n] = shard_path(value)) == NULL)
                return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
            merge->n++;
        } else if (option == OUTPUT) {
            merge->output.path = value;
        } else if (option == FORCE) {
            merge->output.force = true;
        } else if ((*helped = option == HELP)) {
            return 0;
        }
    }
    if (merge->n == 0) {
        ls_error_set(error, LS_ERR_USAGE, "no shard named");
        return ls_error_remedy(error, "give the directories that run --shard K/N left");
    }
    if (merge->output.path == NULL) {
        ls_error_set(error, LS_ERR_USAGE, "no result directory named");
        return ls_error_remedy(error, "say where with --output DIR");
    }
    return 0;
}

static int run(int argc, char **argv)
{
    struct merge merge = {0};
    struct ls_error error = {0};
    bool helped = false;
    merge.paths = calloc((size_t)argc + 1, sizeof(char *));
    int status = merge.paths == NULL ? ls_error_set(&error, LS_ERR_MEMORY, "out of memory")
                                     : read_arguments(argc, argv, &merge, &helped, &error);
    if (status != 0) {
        status = ls_complain(&error);
    } else if (helped) {
        ls_usage(stdout, &ls_command_merge);
        status = ls_finish_output(LS_EXIT_DONE);
    } else {
        status = answer_request(&merge);
    }
    for (size_t i = 0; i < merge.n; i++)
        free(merge.paths[i]);
    free(merge.paths);
    return status;
}

const struct ls_command ls_command_merge = {
    .name = "merge",
    .operands = "SHARD...",
    .summary = "put the shards of a run together into a result directory",
    .text = "Takes the directories that run --shard K/N left, in any order, refuses when a city-week is in "
            "none of "
            "them or when they are of different data, parameters or versions, and writes the result that one "
            "process would have written, but for run.json. The data are not read again, and the shards stay.",
    .options = options,
    .run = run,
};
