/* loadscope import DATA... -o FILE.nc: CSV files into a store. */
#include "cli/data_options.h"
#include "cli/meter.h"
#include "cli/watch.h"

#include "report/quality.h"
#include "report/report.h"

#include <loadscope/import.h>

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HISTORY_SIZE 1024
#define FOLDER_SIZE  4096

enum { OUTPUT, SCENARIO, SET, FACTORS, JOBS, COMPRESS, FORCE, QUIET, JSON, HELP };

static const struct ls_option options[] = {
    [OUTPUT] = {"output", 'o', "FILE", "write the store to this file, which must not exist"},
    [SCENARIO] = LS_OPTION_SCENARIO("take time zone and slot length from this scenario file"),
    [SET] = LS_OPTION_SET,
    [FACTORS] = LS_OPTION_FACTORS,
    [JOBS] = {"jobs", 'j', "N", "read with this many threads (as many as there are processors)"},
    [COMPRESS] = {"compress", 0, NULL, "make the store smaller, and slower to read"},
    [FORCE] = {"force", 0, NULL, "replace a store that is there"},
    [QUIET] = {"quiet", 'q', NULL, "show no progress and print nothing"},
    [JSON] = {"json", 0, NULL, "print one JSON object"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    struct ls_data_options data;
    const char *output;
    int threads;
    bool compress, force, quiet, json;
};

struct work {
    const struct request *request;
    struct ls_meter meter;
    struct ls_watch watch;
    bool writing; /* what fails now is the output */
};

static bool show(void *user, enum ls_import_stage stage, uint64_t done, uint64_t in_all)
{
    struct work *work = user;
    work->writing = stage == LS_IMPORT_WRITING;
    if (work->writing)
        ls_meter_writing(&work->meter, done, in_all);
    else
        ls_meter_reading(&work->meter, done, in_all);
    return atomic_load(&work->watch.cancel);
}

/* What would only show when all is read. */
static int refuse_output(const struct request *request, struct ls_error *error)
{
    const char *slash = strrchr(request->output, '/');
    char folder[FOLDER_SIZE] = ".";
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - request->output) + 1, request->output);
    if (access(folder, W_OK | X_OK) != 0) {
        ls_error_set(error, LS_ERR_IO, "cannot write there: %s", strerror(errno));
        return ls_error_at(error, request->output, 0, 0, NULL);
    }
    if (request->force || access(request->output, F_OK) != 0)
        return 0;
    ls_error_set(error, LS_ERR_USAGE, "there is such a file");
    ls_error_remedy(error, "name another one, or replace it with --force");
    return ls_error_at(error, request->output, 0, 0, NULL);
}

/* "loadscope 0.1.0 import FILE...", cut where it gets long. */
static void write_history(const struct request *request, char out[HISTORY_SIZE])
{
    size_t used = (size_t)snprintf(out, HISTORY_SIZE, "loadscope %s import", LS_VERSION);
    for (size_t i = 0; i < request->data.n_paths && used < HISTORY_SIZE; i++)
        used += (size_t)snprintf(out + used, HISTORY_SIZE - used, " %s", request->data.paths[i]);
}

/* Only CSV is imported. */
static int refuse_stores(const struct request *request, struct ls_error *error)
{
    for (size_t i = 0; i < request->data.n_paths; i++)
        if (strcmp(request->data.paths[i], "-") != 0 && ls_store_is(request->data.paths[i])) {
            ls_error_set(error, LS_ERR_USAGE, "is a store already");
            ls_error_at(error, request->data.paths[i], 0, 0, NULL);
            return ls_error_remedy(error, "open it as it is, or import the CSV files that it was made of");
        }
    return 0;
}

static int import_files(struct work *work, struct ls_error *error)
{
    const struct request *request = work->request;
    char history[HISTORY_SIZE];
    struct ls_policy policy;
    ls_policy_init(&policy);
    int status = refuse_output(request, error);
    if (status == 0)
        status = refuse_stores(request, error);
    if (status == 0)
        status = ls_data_options_policy(&request->data, NULL, &policy, error);
    if (status == 0) {
        write_history(request, history);
        const struct ls_import_options import = {.load = {.slot_minutes = policy.slot_minutes,
                                                          .timezone = policy.timezone,
                                                          .factors_path = request->data.factors},
                                                 .store = {.compress = request->compress, .history = history},
                                                 .threads = request->threads,
                                                 .progress = show,
                                                 .user = work};
        status = ls_import(request->data.paths, request->data.n_paths, &import, request->output, error);
    }
    ls_policy_clear(&policy);
    return status;
}

static int print_json(const struct request *request, const struct ls_dataset *head, struct ls_error *error)
{
    const struct ls_quality *q = &head->quality;
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {{"rows", q->rows},          {"homes", head->n_customers},
                  {"cities", head->n_cities}, {"readings", q->readings},
                  {"missing", q->missing},    {"gaps", q->gaps},
                  {"negative", q->negative},  {"duplicates", q->duplicates},
                  {"rounded", q->rounded},    {"factor_rows", q->factor_rows},
                  {"slots", q->slots},        {"slots_without_factor", q->slots_without_factor}};
    cJSON *object = cJSON_CreateObject();
    bool whole = object != NULL && cJSON_AddStringToObject(object, "store", request->output) != NULL;
    for (size_t i = 0; whole && i < sizeof counts / sizeof *counts; i++)
        whole = cJSON_AddNumberToObject(object, counts[i].name, (double)counts[i].value) != NULL;
    char *text = whole ? cJSON_PrintUnformatted(object) : NULL;
    cJSON_Delete(object);
    if (text == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
    puts(text);
    cJSON_free(text);
    return 0;
}

/* What was read, as the store says, and what can be done with it. */
static int print_result(const struct request *request, struct ls_error *error)
{
    ls_store *store = NULL;
    if (request->quiet && !request->json)
        return 0;
    int status = ls_store_open(request->output, &store, error);
    if (status == 0 && request->json)
        status = print_json(request, ls_store_head(store), error);
    if (status == 0 && !request->json) {
        ls_report_quality(stdout, ls_store_head(store));
        printf("next        loadscope %s explores it, loadscope run %s -o DIR solves all of it\n",
               request->output, request->output);
    }
    ls_store_close(store);
    return status;
}

static int answer_request(const void *user)
{
    const struct request *request = user;
    struct work work = {.request = request};
    struct ls_error error = {0};
    if (request->output == NULL) {
        ls_error_fill(&error, LS_ERR_USAGE, "no store named");
        ls_error_remedy(&error, "say where with --output FILE");
        return ls_complain(&error);
    }
    ls_meter_start(&work.meter, false, request->quiet);
    int status = ls_watch_start(&work.watch, &error);
    if (status != 0)
        return ls_complain(&error);
    status = import_files(&work, &error);
    ls_meter_clear(&work.meter);
    int caught = atomic_load(&work.watch.signal);
    ls_watch_end(&work.watch);
    if (status == LS_ERR_CANCELLED && caught != 0) {
        fprintf(stderr, "loadscope: interrupted; nothing was written\n");
        return 128 + caught;
    }
    if (status == 0)
        status = print_result(request, &error);
    if (status == 0)
        return ls_finish_output(LS_EXIT_DONE);
    int told = ls_complain(&error);
    return status == LS_ERR_IO && work.writing ? LS_EXIT_FAILED : told;
}

static int take_option(void *user, size_t option, const char *value, struct ls_error *error)
{
    struct request *request = user;
    switch (option) {
    case OUTPUT:
        request->output = value;
        break;
    case JOBS:
        return ls_take_jobs(value, &request->threads, error);
    case COMPRESS:
        request->compress = true;
        break;
    case FORCE:
        request->force = true;
        break;
    case QUIET:
        request->quiet = true;
        break;
    case JSON:
        request->json = true;
        break;
    }
    return 0;
}

static int run(int argc, char **argv)
{
    struct request request = {.threads = ls_default_jobs()};
    return ls_data_command(&ls_command_import, argc, argv, &request.data, take_option, answer_request,
                           &request);
}

const struct ls_command ls_command_import = {
    .name = "import",
    .operands = "DATA...",
    .summary = "turn readings into a store, of which a day at a time is read",
    .text =
        "Reads CSV files as run does, with the same checks and messages, and writes a store: a NetCDF-4 file "
        "with a day of all homes of a city in one piece. Data are read once and by all processors, and need "
        "the memory of the store rather than of the files. What comes from a pipe is first copied beside the "
        "store, and files with quotes or compressed ones are read by one thread each. The store appears "
        "whole or not at all. Every command that takes DATA takes it, alone and without --factors; slot "
        "length stays as imported.",
    .options = options,
    .run = run,
};
