/*
 * The steps of a run: refuse what cannot be, read, open PATH.partial, solve, publish.
 *
 * Of several ranks the leader does all of them; the others read, solve what they are given, and write parts.
 * What goes wrong on one rank is told by that rank, and ends the job.
 */
#include "cli/run.h"

#include "base/clock.h"
#include "cli/data.h"
#include "cli/meter.h"
#include "cli/watch.h"
#include "report/shard.h"
#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

#define CUSTOMER_SECONDS 600.0 /* of one exact solve; results must not depend on a machine's speed */

/* What the leader says to the others before any work. */
struct agreement {
    int go_on;  /* 0: no work, end with `status` */
    int status; /* of the process */
    uint64_t n_units;
    char fingerprint[LS_SHA256_SIZE];
};

/* A unit under way. */
struct work {
    ls_digest *digest;
    struct ls_part part;
};

struct study {
    const struct ls_run_request *request;
    const struct ls_crew *crew; /* NULL: alone */
    struct ls_hand hand;        /* of a rank that does not lead */
    pthread_mutex_t lock;       /* on what the ranks have done */
    struct ls_run_progress own, others;
    struct ls_watch watch;
    struct ls_meter meter;
    struct ls_policy policy;
    struct ls_data data;
    ls_zone *zone;
    struct ls_unit *units;
    size_t n_units, units_resumed;
    bool *skip;         /* [n_units] */
    struct work **work; /* [n_units] of the thread that has the unit; NULL: none has */
    char *scenario;
    size_t scenario_length;
    char fingerprint[LS_SHA256_SIZE];
    ls_rundir *dir;
    ls_summary *summary;
    bool reading; /* what fails now is input */
    uint64_t home_days;
    double started, solve_seconds;
};

static bool follows(const struct study *study)
{
    return study->crew != NULL && study->crew->rank > 0;
}

static bool has_ranks(const struct study *study)
{
    return study->crew != NULL && study->crew->ranks > 1;
}

/* ---- the steps ---- */

static bool show_reading(void *user, uint64_t bytes, uint64_t bytes_in_all)
{
    struct study *study = user;
    ls_meter_reading(&study->meter, bytes, bytes_in_all);
    return atomic_load(&study->watch.cancel);
}

/* Shows what all ranks have done; under the lock. */
static void show_solving(struct study *study)
{
    struct ls_run_progress all = study->own;
    all.units_done += study->others.units_done;
    all.home_days += study->others.home_days;
    all.work_done += study->others.work_done;
    study->home_days = all.home_days;
    ls_meter_solving(&study->meter, &all);
}

static void take_own_progress(void *user, const struct ls_run_progress *own)
{
    struct study *study = user;
    if (follows(study)) {
        ls_hand_progress(&study->hand, own);
        return;
    }
    pthread_mutex_lock(&study->lock);
    study->own = *own;
    show_solving(study);
    pthread_mutex_unlock(&study->lock);
}

static void take_others_progress(void *user, const struct ls_run_progress *others)
{
    struct study *study = user;
    pthread_mutex_lock(&study->lock);
    study->others = *others;
    show_solving(study);
    pthread_mutex_unlock(&study->lock);
}

static int read_data(struct study *study, struct ls_error *error)
{
    const struct ls_run_request *request = study->request;
    int status = ls_data_open(&request->data, &study->policy, show_reading, study, &study->data, error);
    ls_meter_clear(&study->meter);
    if (status == 0)
        status = ls_dataset_zone(study->data.head, study->policy.timezone, &study->zone, error);
    if (status == 0)
        status = ls_run_units(study->data.archive, study->zone, &study->units, &study->n_units, error);
    if (status == 0 && !request->quiet && !follows(study))
        ls_warn_unknown_cities(&study->policy, study->data.head);
    return status;
}

static bool is_ours(const struct ls_run_request *request, size_t unit)
{
    return request->shards == 0 || unit % (size_t)request->shards == (size_t)request->shard - 1;
}

/* Opens PATH.partial and finds out what is done already. */
static int open_output(struct study *study, bool *complete, struct ls_error *error)
{
    int status = ls_record_scenario(&study->policy, &study->scenario, &study->scenario_length, error);
    if (status != 0)
        return status;
    ls_record_fingerprint(study->data.head, ls_data_checksum(&study->data), study->scenario,
                          study->request->optimised, study->fingerprint);
    study->skip = calloc(study->n_units + 1, sizeof *study->skip);
    if (study->skip == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    struct ls_rundir_options output = study->request->output;
    output.optimised = study->request->optimised;
    status = ls_rundir_open(&output, study->fingerprint, study->n_units, &study->dir, complete, error);
    for (size_t u = 0; status == 0 && !*complete && u < study->n_units; u++) {
        study->skip[u] = !is_ours(study->request, u);
        if (!study->skip[u] && study->request->output.resume) {
            study->skip[u] = ls_rundir_knows(study->dir, u);
            study->units_resumed += study->skip[u];
        }
    }
    if (status == 0 && !*complete && study->request->shards == 0 && !has_ranks(study))
        status = ls_rundir_stream(study->dir, error);
    return status;
}

static void discard_work(struct work *work)
{
    if (work == NULL)
        return;
    ls_digest_close(work->digest);
    ls_part_release(&work->part);
    free(work);
}

static int start_unit(struct study *study, size_t unit, struct ls_error *error)
{
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    study->work[unit] = work;
    return ls_digest_open(&study->units[unit], &work->digest, error);
}

static int keep_day(void *user, size_t unit, int d, const struct ls_answer *answer, struct ls_error *error)
{
    struct study *study = user;
    int status = d == 0 ? start_unit(study, unit, error) : 0;
    if (status != 0)
        return status;
    ls_digest_add_day(study->work[unit]->digest, answer);
    ls_table_add_day(study->work[unit]->part.tables, answer, study->request->optimised);
    return ls_rundir_rows(study->dir, unit, &study->work[unit]->part, error);
}

static int keep_unit(void *user, size_t unit, struct ls_error *error)
{
    struct study *study = user;
    struct work *work = study->work[unit];
    int status = ls_digest_write(work->digest, &work->part.digest, error);
    if (status == 0)
        status = ls_rundir_put(study->dir, unit, &work->part, error);
    discard_work(work);
    study->work[unit] = NULL;
    return status;
}

static int solve(struct study *study, struct ls_error *error)
{
    ls_leader *leader = NULL;
    struct ls_run_options run = {.threads = study->request->threads,
                                 .skip = study->skip,
                                 .cancel = &study->watch.cancel,
                                 .customer_seconds = CUSTOMER_SECONDS,
                                 .day = keep_day,
                                 .finish = keep_unit,
                                 .progress = take_own_progress,
                                 .user = study};
    study->work = calloc(study->n_units + 1, sizeof(struct work *));
    int status = study->work == NULL ? ls_error_set(error, LS_ERR_MEMORY, "out of memory") : 0;
    study->meter.started = ls_clock_seconds();
    if (status == 0 && follows(study)) {
        run.next = ls_hand_next;
        run.next_user = &study->hand;
    } else if (status == 0 && study->crew != NULL) {
        status = ls_leader_start(study->crew, study->n_units, study->skip, &study->watch.cancel,
                                 take_others_progress, study, &leader, error);
        run.next = ls_leader_next;
        run.next_user = leader;
    }
    if (status == 0)
        status = ls_run(study->data.archive, &study->policy, study->units, study->n_units, &run, error);
    if (status == 0 && follows(study))
        ls_hand_leave(&study->hand);
    ls_leader_finish(leader, status == 0);
    if (status == 0 && atomic_load(&study->watch.cancel))
        status = ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    study->solve_seconds = ls_clock_seconds() - study->meter.started;
    ls_meter_clear(&study->meter);
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
    const struct ls_run_request *request = study->request;
    size_t n = request->data.n_paths + (request->data.factors != NULL);
    struct ls_record_input *inputs = calloc(n, sizeof *inputs);
    int status = inputs == NULL ? ls_error_set(error, LS_ERR_MEMORY, "out of memory") : 0;
    for (size_t i = 0; status == 0 && i < n; i++) {
        bool is_factors = i == request->data.n_paths;
        inputs[i].path = is_factors ? request->data.factors : request->data.paths[i];
        inputs[i].role = is_factors ? "factors" : "readings";
        inputs[i].store_checksum = ls_data_checksum(&study->data);
        status = ls_record_sum(&inputs[i], error);
    }
    struct ls_record record = {.dataset = study->data.head,
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
    const struct ls_run_request *request = study->request;
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
        status = ls_rundir_join(study->dir, take_digest, study, error);
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

static void say_interrupted(const struct study *study)
{
    size_t done = 0;
    if (study->dir != NULL)
        (void)ls_rundir_save(study->dir, NULL); /* what cannot be kept is not counted */
    for (size_t u = 0; study->dir != NULL && u < study->n_units; u++)
        done += ls_rundir_knows(study->dir, u) || (has_ranks(study) && ls_rundir_has(study->dir, u));
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
    if (status != LS_ERR_IO || study->reading)
        return told;
    if (study->dir != NULL)
        fprintf(stderr, "loadscope: --resume goes on from what is finished\n");
    return LS_EXIT_FAILED;
}

static int read_all(struct study *study, struct ls_error *error)
{
    int status = ls_data_options_policy(&study->request->data, NULL, &study->policy, error);
    study->policy.week_context = LS_WEEK_IN_WEEK;
    return status != 0 ? status : read_data(study, error);
}

/* Standard input comes to one rank, and every rank must read. */
static int refuse_standard_input(const struct study *study, struct ls_error *error)
{
    for (size_t i = 0; has_ranks(study) && i < study->request->data.n_paths; i++)
        if (strcmp(study->request->data.paths[i], "-") == 0) {
            ls_error_set(error, LS_ERR_USAGE, "standard input comes to one rank only");
            return ls_error_remedy(error, "name a file that all ranks can read");
        }
    return 0;
}

/* All that comes before solving, and what the leader tells the others of it. */
static int open_study(struct study *study, bool *complete, struct ls_error *error)
{
    study->reading = true;
    int status = refuse_standard_input(study, error);
    if (status == 0)
        status = ls_rundir_admit(&study->request->output, error);
    if (status == 0)
        status = read_all(study, error);
    if (status != 0)
        return status;
    study->reading = false;
    return open_output(study, complete, error);
}

static void tell_others(const struct study *study, bool go_on, int exit_status)
{
    struct agreement word = {.go_on = go_on, .status = exit_status, .n_units = study->n_units};
    memcpy(word.fingerprint, study->fingerprint, sizeof word.fingerprint);
    if (study->crew != NULL)
        study->crew->share(&word, sizeof word);
}

static int lead(struct study *study)
{
    struct ls_error error = {0};
    bool complete = false;
    int status = open_study(study, &complete, &error);
    if (status != 0 || complete) {
        int ended = exit_status(study, status, &error);
        tell_others(study, false, ended);
        return ended;
    }
    tell_others(study, true, 0);
    status = solve(study, &error);
    if (status != 0 && has_ranks(study))
        study->crew->end(exit_status(study, status, &error));
    if (status == 0)
        status = study->request->shards > 0 ? leave_shard(study, &error) : publish(study, &error);
    return exit_status(study, status, &error);
}

/* Opens the leader's PATH.partial after reading what it must have read too. */
static int attach(struct study *study, const struct agreement *word, struct ls_error *error)
{
    int status = ls_record_scenario(&study->policy, &study->scenario, &study->scenario_length, error);
    if (status != 0)
        return status;
    ls_record_fingerprint(study->data.head, ls_data_checksum(&study->data), study->scenario,
                          study->request->optimised, study->fingerprint);
    if (word->n_units != study->n_units || strcmp(word->fingerprint, study->fingerprint) != 0) {
        ls_error_set(error, LS_ERR_USAGE, "rank %d read other data than rank 0", study->crew->rank);
        return ls_error_remedy(error, "let all ranks see the same files and run the same program");
    }
    study->reading = false;
    return ls_rundir_attach(study->request->output.path, study->fingerprint, study->n_units, &study->dir,
                            error);
}

/* The leader speaks first, so that what all ranks find wrong is told once. */
static int follow(struct study *study)
{
    struct ls_error error = {0};
    struct agreement word;
    study->reading = true;
    int status = read_all(study, &error);
    study->crew->share(&word, sizeof word);
    if (!word.go_on)
        return word.status;
    if (status == 0)
        status = attach(study, &word, &error);
    if (status == 0)
        status = solve(study, &error);
    if (status != 0)
        study->crew->end(exit_status(study, status, &error));
    return LS_EXIT_DONE;
}

int ls_run_answer(const struct ls_run_request *request, const struct ls_crew *crew)
{
    struct ls_error error = {0};
    struct study study = {.request = request,
                          .crew = crew,
                          .hand = {.crew = crew, .lock = PTHREAD_MUTEX_INITIALIZER},
                          .lock = PTHREAD_MUTEX_INITIALIZER,
                          .started = ls_clock_seconds()};
    bool following = follows(&study);
    ls_meter_start(&study.meter, request->json_progress, request->quiet || following);
    ls_policy_init(&study.policy);
    int status = following ? 0 : ls_watch_start(&study.watch, &error);
    if (status != 0)
        return ls_complain(&error);
    status = following ? follow(&study) : lead(&study);
    if (!following)
        ls_watch_end(&study.watch);
    ls_summary_close(study.summary);
    ls_rundir_close(study.dir);
    free(study.scenario);
    free(study.skip);
    for (size_t u = 0; study.work != NULL && u < study.n_units; u++)
        discard_work(study.work[u]); /* cut short */
    free(study.work);
    free(study.units);
    ls_zone_close(study.zone);
    ls_data_close(&study.data);
    ls_policy_clear(&study.policy);
    return status;
}
