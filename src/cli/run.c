/*
 * loadscope run DATA... -o DIR: the whole study into a result directory.
 *
 * Signals: SIGINT and SIGTERM are blocked in every thread and read by one of their own, which raises the flag
 * that the solvers watch; a second one ends the process at once. Finished parts stay for --resume either way.
 */
#include "cli/data_options.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/rundir.h"
#include "report/shard.h"
#include "report/summary.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MAX      1024
#define SHARDS_MAX       1000000
#define CUSTOMER_SECONDS 600.0 /* of one exact solve; results must not depend on a machine's speed */
#define REFRESH_SECONDS  0.2
#define LINE_COLUMNS     78
#define MINUTE_S         60

enum {
    OUTPUT,
    SCENARIO,
    SET,
    ENGINE,
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

struct request {
    struct ls_data_options data;
    int threads;
    int shard, shards; /* which of how many; 0: the whole run */
    bool optimised, quiet, json_progress;
    struct ls_rundir_options output;
};

/* Progress as it is shown; `loading` and solving never happen at once. */
struct meter {
    bool shown, json;
    double started, last; /* s */
};

/* The thread that reads signals. */
struct watch {
    pthread_t thread;
    sigset_t signals, before;
    atomic_bool cancel, over;
    atomic_int signal; /* the one that came, 0: none */
};

struct study {
    const struct request *request;
    struct watch watch;
    struct meter meter;
    struct ls_policy policy;
    struct ls_dataset *dataset;
    struct ls_archive archive; /* that the dataset is */
    ls_zone *zone;
    struct ls_unit *units;
    size_t n_units, units_resumed;
    bool *skip; /* [n_units] */
    char *scenario;
    size_t scenario_length;
    char fingerprint[LS_SHA256_SIZE];
    ls_rundir *dir;
    ls_summary *summary;
    bool reading; /* what fails now is input */
    uint64_t home_days;
    double started, solve_seconds;
};

/* ---- signals ---- */

static void *watch_signals(void *user)
{
    struct watch *watch = user;
    int caught;
    while (sigwait(&watch->signals, &caught) == 0 && !atomic_load(&watch->over)) {
        if (atomic_load(&watch->signal) != 0)
            _exit(128 + caught);
        if (caught == SIGUSR1)
            continue;
        atomic_store(&watch->signal, caught);
        atomic_store(&watch->cancel, true);
    }
    return NULL;
}

/* Signals that were ignored from the start, as by nohup, stay so. SIGUSR1 wakes the thread to end it. */
static int start_watch(struct watch *watch, struct ls_error *error)
{
    static const int stopping[] = {SIGINT, SIGTERM};
    atomic_init(&watch->cancel, false);
    atomic_init(&watch->over, false);
    atomic_init(&watch->signal, 0);
    sigemptyset(&watch->signals);
    sigaddset(&watch->signals, SIGUSR1);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        struct sigaction old;
        if (sigaction(stopping[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaddset(&watch->signals, stopping[i]);
    }
    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error of write() */
    pthread_sigmask(SIG_BLOCK, &watch->signals, &watch->before);
    if (pthread_create(&watch->thread, NULL, watch_signals, watch) == 0)
        return 0;
    pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
    return ls_error_set(error, LS_ERR_MEMORY, "cannot start a thread");
}

static void end_watch(struct watch *watch)
{
    atomic_store(&watch->over, true);
    pthread_kill(watch->thread, SIGUSR1);
    pthread_join(watch->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
}

/* ---- progress ---- */

static bool is_due(struct meter *meter, bool always)
{
    double now = ls_clock_seconds();
    if (!meter->shown || (!always && now - meter->last < REFRESH_SECONDS))
        return false;
    meter->last = now;
    return true;
}

static bool show_reading(void *user, uint64_t bytes, uint64_t bytes_in_all)
{
    struct study *study = user;
    if (!study->meter.json && is_due(&study->meter, false)) {
        if (bytes_in_all > 0)
            fprintf(stderr, "\rreading %3.0f %%", 100.0 * (double)bytes / (double)bytes_in_all);
        else
            fprintf(stderr, "\rreading %.0f MB", (double)bytes / 1e6);
    }
    return atomic_load(&study->watch.cancel);
}

static void show_solving(void *user, const struct ls_run_progress *progress)
{
    struct study *study = user;
    study->home_days = progress->home_days;
    if (!is_due(&study->meter, progress->units_done == progress->n_units))
        return;
    double seconds = ls_clock_seconds() - study->meter.started;
    double speed = seconds > 0 ? (double)progress->home_days / seconds : 0;
    double left = progress->share > 0 ? seconds * (1 - progress->share) / progress->share : 0;
    if (study->meter.json)
        fprintf(stderr,
                "{\"city_weeks\":%zu,\"of\":%zu,\"household_days\":%llu,"
                "\"household_days_per_second\":%.1f,\"seconds_left\":%.1f}\n",
                progress->units_done, progress->n_units, (unsigned long long)progress->home_days, speed,
                left);
    else
        fprintf(stderr, "\r%zu of %zu city-weeks, %.0f household-days/s, %ld:%02ld left   ",
                progress->units_done, progress->n_units, speed, (long)left / MINUTE_S, (long)left % MINUTE_S);
}

static void clear_progress(const struct study *study)
{
    if (study->meter.shown && !study->meter.json)
        fprintf(stderr, "\r%*s\r", LINE_COLUMNS, "");
}

/* ---- the steps ---- */

static int read_data(struct study *study, struct ls_error *error)
{
    const struct request *request = study->request;
    struct ls_load_options load = {.slot_minutes = study->policy.slot_minutes,
                                   .timezone = study->policy.timezone,
                                   .factors_path = request->data.factors,
                                   .progress = show_reading,
                                   .user = study};
    int status = ls_dataset_load(request->data.paths, request->data.n_paths, &load, &study->dataset, error);
    clear_progress(study);
    if (status == 0)
        status = ls_dataset_zone(study->dataset, study->policy.timezone, &study->zone, error);
    if (status == 0)
        study->archive = ls_archive_of_dataset(study->dataset);
    if (status == 0)
        status = ls_run_units(&study->archive, study->zone, &study->units, &study->n_units, error);
    if (status == 0 && !request->quiet)
        ls_warn_unknown_cities(&study->policy, study->dataset);
    return status;
}

static bool is_ours(const struct request *request, size_t unit)
{
    return request->shards == 0 || unit % (size_t)request->shards == (size_t)request->shard - 1;
}

/* Opens PATH.partial and finds out what is done already. */
static int open_output(struct study *study, bool *complete, struct ls_error *error)
{
    int status = ls_record_scenario(&study->policy, &study->scenario, &study->scenario_length, error);
    if (status != 0)
        return status;
    ls_record_fingerprint(study->dataset, study->scenario, study->request->optimised, study->fingerprint);
    study->skip = calloc(study->n_units + 1, sizeof *study->skip);
    if (study->skip == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    status = ls_rundir_open(&study->request->output, study->fingerprint, study->n_units, &study->dir,
                            complete, error);
    for (size_t u = 0; status == 0 && !*complete && u < study->n_units; u++) {
        study->skip[u] = !is_ours(study->request, u);
        if (!study->skip[u] && study->request->output.resume) {
            study->skip[u] = ls_rundir_has(study->dir, u);
            study->units_resumed += study->skip[u];
        }
    }
    return status;
}

static int keep_unit(void *user, size_t unit, const struct ls_answer *const *days, struct ls_error *error)
{
    struct study *study = user;
    struct ls_part part = {0};
    int status = ls_digest_write(&part.digest, &study->units[unit], days, error);
    for (int d = 0; d < study->units[unit].n_days; d++)
        ls_table_add_day(part.tables, days[d], study->request->optimised);
    if (status == 0)
        status = ls_rundir_put(study->dir, unit, &part, error);
    ls_part_release(&part);
    return status;
}

static int solve(struct study *study, struct ls_error *error)
{
    struct ls_run_options run = {.threads = study->request->threads,
                                 .skip = study->skip,
                                 .cancel = &study->watch.cancel,
                                 .customer_seconds = CUSTOMER_SECONDS,
                                 .finish = keep_unit,
                                 .progress = show_solving,
                                 .user = study};
    study->meter.started = ls_clock_seconds();
    int status = ls_run(&study->archive, &study->policy, study->units, study->n_units, &run, error);
    study->solve_seconds = ls_clock_seconds() - study->meter.started;
    clear_progress(study);
    return status;
}

static int take_digest(void *user, size_t unit, const char *digest, size_t length, struct ls_error *error)
{
    struct study *study = user;
    if (atomic_load(&study->watch.cancel))
        return ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    return ls_summary_add(study->summary, &study->units[unit], digest, length, error);
}

/* run.json: checksums of the files as they are now, and the speed so far. */
static int make_record(const struct study *study, char **out, struct ls_error *error)
{
    const struct request *request = study->request;
    size_t n = request->data.n_paths + (request->data.factors != NULL);
    struct ls_record_input *inputs = calloc(n, sizeof *inputs);
    int status = inputs == NULL ? ls_error_set(error, LS_ERR_MEMORY, "out of memory") : 0;
    for (size_t i = 0; status == 0 && i < n; i++) {
        bool is_factors = i == request->data.n_paths;
        inputs[i].path = is_factors ? request->data.factors : request->data.paths[i];
        inputs[i].role = is_factors ? "factors" : "readings";
        status = ls_record_sum(&inputs[i], error);
    }
    struct ls_record record = {.dataset = study->dataset,
                               .policy = &study->policy,
                               .timezone = ls_zone_name(study->zone),
                               .inputs = inputs,
                               .n_inputs = n,
                               .fingerprint = study->fingerprint,
                               .threads = request->threads,
                               .units = study->n_units,
                               .units_resumed = study->units_resumed,
                               .home_days = study->home_days,
                               .wall_seconds = ls_clock_seconds() - study->started,
                               .solve_seconds = study->solve_seconds,
                               .unproven = study->summary != NULL ? ls_summary_unproven(study->summary) : 0};
    if (status == 0)
        status = ls_record_json(&record, out, error);
    free(inputs);
    return status;
}

/* A shard's last step: the note by which merging knows that it is whole. */
static int leave_shard(struct study *study, struct ls_error *error)
{
    const struct request *request = study->request;
    struct ls_shard shard = {.number = request->shard,
                             .of = request->shards,
                             .optimised = request->optimised,
                             .scenario = study->scenario,
                             .units = study->units,
                             .n_units = study->n_units};
    char *record = NULL, *note = NULL;
    size_t ours = 0;
    int status = make_record(study, &record, error);
    if (status == 0)
        status = ls_shard_write(&shard, record, &note, error);
    if (status == 0)
        status = ls_rundir_leave_note(study->dir, note, strlen(note), error);
    for (size_t u = 0; u < study->n_units; u++)
        ours += is_ours(request, u);
    if (status == 0 && !request->quiet)
        fprintf(
            stderr,
            "loadscope: shard %d/%d is done, %zu of %zu city-weeks; loadscope merge puts shards together\n",
            request->shard, request->shards, ours, study->n_units);
    free(record);
    free(note);
    return status;
}

static int publish(struct study *study, struct ls_error *error)
{
    char *text = NULL, *record = NULL;
    int status = ls_summary_open(&study->summary, error);
    if (status == 0)
        status = ls_rundir_join(study->dir, study->request->optimised, take_digest, study, error);
    if (status == 0)
        status = ls_summary_json(study->summary, &study->policy, &text, error);
    if (status == 0)
        status = ls_rundir_add(study->dir, "summary.json", text, strlen(text), error);
    if (status == 0)
        status = ls_rundir_add(study->dir, "scenario.ini", study->scenario, study->scenario_length, error);
    if (status == 0)
        status = make_record(study, &record, error);
    if (status == 0)
        status = ls_rundir_add(study->dir, "run.json", record, strlen(record), error);
    if (status == 0)
        status = ls_rundir_commit(study->dir, error);
    free(text);
    free(record);
    return status;
}

static int run_study(struct study *study, struct ls_error *error)
{
    bool complete = false;
    study->reading = true;
    int status = ls_rundir_admit(&study->request->output, error);
    if (status == 0)
        status = ls_data_options_policy(&study->request->data, NULL, &study->policy, error);
    study->policy.week_context = LS_WEEK_IN_WEEK;
    if (status == 0)
        status = read_data(study, error);
    if (status != 0)
        return status;
    study->reading = false;
    status = open_output(study, &complete, error);
    if (status != 0 || complete)
        return status;
    status = solve(study, error);
    if (status != 0)
        return status;
    return study->request->shards > 0 ? leave_shard(study, error) : publish(study, error);
}

static void say_interrupted(const struct study *study)
{
    size_t done = 0;
    for (size_t u = 0; study->dir != NULL && u < study->n_units; u++)
        done += ls_rundir_has(study->dir, u);
    if (study->dir == NULL)
        fprintf(stderr, "loadscope: interrupted before anything was written\n");
    else
        fprintf(stderr, "loadscope: interrupted; %zu of %zu city-weeks are finished, --resume goes on\n",
                done, study->n_units);
}

static int exit_status(struct study *study, int status, const struct ls_error *error)
{
    int caught = atomic_load(&study->watch.signal);
    if (status == 0)
        return LS_EXIT_DONE;
    if (status == LS_ERR_CANCELLED && caught != 0) {
        say_interrupted(study);
        return 128 + caught;
    }
    int told = ls_complain(error);
    return status == LS_ERR_IO && !study->reading ? LS_EXIT_FAILED : told;
}

static int answer_request(const struct request *request)
{
    struct ls_error error = {0};
    struct study study = {.request = request, .started = ls_clock_seconds()};
    study.meter.json = request->json_progress;
    study.meter.shown = !request->quiet && (request->json_progress || isatty(STDERR_FILENO));
    ls_policy_init(&study.policy);
    int status = start_watch(&study.watch, &error);
    if (status != 0)
        return ls_complain(&error);
    status = exit_status(&study, run_study(&study, &error), &error);
    end_watch(&study.watch);
    ls_summary_close(study.summary);
    ls_rundir_close(study.dir);
    free(study.scenario);
    free(study.skip);
    free(study.units);
    ls_zone_close(study.zone);
    ls_dataset_destroy(study.dataset);
    ls_policy_clear(&study.policy);
    return status;
}

/* ---- the command line ---- */

static int take_jobs(const char *text, int *threads, struct ls_error *error)
{
    int64_t n;
    if (!ls_text_integer(text, &n) || n < 1 || n > THREADS_MAX) {
        ls_error_set(error, LS_ERR_USAGE, "--jobs wants a whole number, not '%s'", text);
        return ls_error_remedy(error, "give one from 1 to %d", THREADS_MAX);
    }
    *threads = (int)n;
    return 0;
}

static int take_shard(const char *text, struct request *request, struct ls_error *error)
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

static int take_option(struct request *request, size_t option, const char *value, struct ls_error *error)
{
    if (ls_data_options_take(&request->data, &options[option], value))
        return 0;
    switch (option) {
    case OUTPUT:
        request->output.path = value;
        break;
    case JOBS:
        return take_jobs(value, &request->threads, error);
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
static int read_arguments(int argc, char **argv, struct request *request, bool *helped,
                          struct ls_error *error)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    const char *value;
    size_t option;
    int status = 0;
    for (enum ls_arg arg; (arg = ls_args_next(&args, options, &option, &value, error)) != LS_ARG_END;) {
        if (arg == LS_ARG_WRONG)
            return error->code;
        if (arg == LS_ARG_OPERAND)
            request->data.paths[request->data.n_paths++] = value;
        else if ((*helped = option == HELP))
            return 0;
        else if ((status = take_option(request, option, value, error)) != 0)
            return status;
    }
    if (request->data.n_paths == 0) {
        ls_error_set(error, LS_ERR_USAGE, "no data named");
        return ls_error_remedy(error, "give files of readings, or - for standard input");
    }
    if (request->output.path == NULL) {
        ls_error_set(error, LS_ERR_USAGE, "no result directory named");
        return ls_error_remedy(error, "say where with --output DIR");
    }
    return 0;
}

static int run(int argc, char **argv)
{
    struct request request = {0};
    struct ls_error error = {0};
    bool helped = false;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    request.threads = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
    int status = ls_data_options_init(&request.data, argc, &error);
    if (status == 0)
        status = read_arguments(argc, argv, &request, &helped, &error);
    if (status != 0) {
        status = ls_complain(&error);
    } else if (helped) {
        ls_usage(stdout, &ls_command_run);
        status = ls_finish_output(LS_EXIT_DONE);
    } else {
        status = answer_request(&request);
    }
    ls_data_options_clear(&request.data);
    return status;
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
