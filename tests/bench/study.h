/*
 * What the parts of bench_study share: the folder they write to, the scenario, and work in a process of its
 * own. A fresh process has fresh memory, as a user's has: what is reused in place flatters a figure.
 */
#ifndef LOADSCOPE_BENCH_STUDY_H
#define LOADSCOPE_BENCH_STUDY_H

#include "measure.h"

#include <loadscope/archive.h>
#include <loadscope/policy.h>
#include <loadscope/store.h>

#include <sys/resource.h>

#define STUDY_PATH       400
#define STUDY_CITY       "delhi" /* the sample's larger city, with three homes in five */
#define STUDY_CITY_HOMES 165000u
#define STUDY_HOMES      275000u /* so that the larger city has that many */
#define STUDY_DAYS       14u

struct study {
    bool full;
    char folder[STUDY_PATH / 2]; /* all that is written goes here, and goes away with it */
    char scenario[STUDY_PATH];   /* file of the policy below, for programs */
    char city_store[STUDY_PATH]; /* STUDY_CITY_HOMES in STUDY_CITY */
    const char *program;         /* loadscope */
    struct ls_policy policy;
};

/* Work that fills `result`, which is zeroed before; 0 or a code with `error`. */
typedef int study_work(const struct study *study, const void *question, void *result, struct ls_error *error);

/* Does `work` in a process of its own, and copies what it found to `result` [size bytes]. Tells errors. The
 * process' peak memory goes to `peak_mib`, which may be NULL. */
int study_apart(const struct study *study, study_work *work, const void *question, void *result, size_t size,
                double *peak_mib);

/* For the rest of this process. */
void study_use_one_processor(void);

/* How a program ended. */
struct study_ended {
    double seconds, cpu_seconds, peak_mib; /* cpu: of all threads, user's and system's */
    int status;                            /* as wait4() gives it */
};

/* Runs a program, its output to the file `out` (NULL: nowhere); its complaints are shown unless `quiet`. */
int study_program(const char *const *argv, const char *out, bool quiet, struct study_ended *ended);

/* The same for a program that must succeed: tells when it did not. */
int study_must(const char *const *argv, const char *out, struct study_ended *ended);

/* FOLDER/NAME. */
const char *study_path(const struct study *study, const char *name, char out[STUDY_PATH]);

/* Makes up a store of so many homes in both cities; tells errors. */
int study_make_store(const struct study *study, const char *path, uint32_t homes, uint32_t days);

/* A store that is open for city-days of STUDY_CITY. */
struct study_data {
    ls_store *store;
    ls_archive *archive;
    ls_zone *zone;
    size_t city;
    int32_t first_date;
};
int study_data_open(const char *path, struct study_data *out, struct ls_error *error);
void study_data_close(struct study_data *data);

void study_row(const char *what, double seconds);

/* The parts; 0, or not after telling why. */
int study_first_picture(struct study *study);
int study_key_to_picture(struct study *study);
int study_growth(struct study *study);
int study_whole_run(struct study *study);
int study_peer(struct study *study);

#endif
