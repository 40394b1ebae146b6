#define _GNU_SOURCE /* sched_setaffinity() */
#include "study.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIB_IN_MIB 1024.0

static int complain(const char *what)
{
    fprintf(stderr, "bench_study: %s: %s\n", what, strerror(errno));
    return LS_ERR_IO;
}

int study_apart(const struct study *study, study_work *work, const void *question, void *result, size_t size,
                double *peak_mib)
{
    char text[1200];
    struct rusage usage;
    int status = 0;
    void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return complain("cannot share memory");
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct ls_error error = {0};
        int code = work(study, question, shared, &error);
        if (code != 0)
            fprintf(stderr, "bench_study: %s\n", ls_error_text(&error, text, sizeof text));
        _exit(code != 0);
    }
    bool done =
        pid > 0 && wait4(pid, &status, 0, &usage) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (done) {
        memcpy(result, shared, size);
        if (peak_mib != NULL)
            *peak_mib = (double)usage.ru_maxrss / KIB_IN_MIB;
    } else if (pid < 0) {
        complain("cannot start a process");
    } else if (WIFSIGNALED(status)) {
        fprintf(stderr, "bench_study: a measurement ended by signal %d\n", WTERMSIG(status));
    }
    munmap(shared, size);
    return done ? 0 : LS_ERR_IO;
}

void study_use_one_processor(void)
{
    cpu_set_t ours;
    size_t first = 0;
    if (sched_getaffinity(0, sizeof ours, &ours) != 0)
        return;
    while (!CPU_ISSET(first, &ours))
        first++;
    CPU_ZERO(&ours);
    CPU_SET(first, &ours);
    (void)sched_setaffinity(0, sizeof ours, &ours);
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + 1e-6 * (double)time->tv_usec;
}

/* Becomes the program. */
static _Noreturn void become(const char *const *argv, const char *out, bool quiet)
{
    char **words;
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    int to = out != NULL ? open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : nowhere;
    dup2(nowhere, STDIN_FILENO);
    dup2(to, STDOUT_FILENO);
    if (quiet)
        dup2(nowhere, STDERR_FILENO);
    memcpy(&words, &argv, sizeof words); /* execvp() changes nothing, but does not say so */
    execvp(words[0], words);
    _exit(127);
}

int study_program(const char *const *argv, const char *out, bool quiet, struct study_ended *ended)
{
    struct rusage usage;
    fflush(stdout);
    double started = ls_clock_seconds();
    pid_t pid = fork();
    if (pid == 0)
        become(argv, out, quiet);
    if (pid < 0 || wait4(pid, &ended->status, 0, &usage) != pid)
        return complain(argv[0]);
    ended->seconds = ls_clock_seconds() - started;
    ended->cpu_seconds = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
    ended->peak_mib = (double)usage.ru_maxrss / KIB_IN_MIB;
    return 0;
}

int study_must(const char *const *argv, const char *out, struct study_ended *ended)
{
    int code = study_program(argv, out, false, ended);
    if (code != 0 || (WIFEXITED(ended->status) && WEXITSTATUS(ended->status) == 0))
        return code;
    fprintf(stderr, "bench_study: %s did not succeed (status %#x)\n", argv[0], (unsigned)ended->status);
    return LS_ERR_IO;
}

const char *study_path(const struct study *study, const char *name, char out[STUDY_PATH])
{
    snprintf(out, STUDY_PATH, "%s/%s", study->folder, name);
    return out;
}

struct sample {
    const char *path;
    uint32_t homes, days;
};

static int make_store(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    (void)study;
    (void)result;
    const struct sample *sample = question;
    const struct ls_sample_options options = {.customers = sample->homes, .days = sample->days, .seed = 1};
    return ls_sample_store(&options, sample->path, error);
}

int study_make_store(const struct study *study, const char *path, uint32_t homes, uint32_t days)
{
    const struct sample sample = {path, homes, days};
    char nothing;
    return study_apart(study, make_store, &sample, &nothing, sizeof nothing, NULL);
}

int study_data_open(const char *path, struct study_data *out, struct ls_error *error)
{
    struct study_data data = {0};
    int code = ls_store_open(path, &data.store, error);
    if (code == 0)
        code = ls_archive_of_store(data.store, &data.archive, error);
    if (code == 0)
        code = ls_dataset_zone(ls_store_head(data.store), "auto", &data.zone, error);
    if (code != 0) {
        study_data_close(&data);
        return code;
    }
    const struct ls_dataset *head = ls_store_head(data.store);
    while (data.city + 1 < head->n_cities && strcmp(head->cities[data.city].name, STUDY_CITY) != 0)
        data.city++;
    int32_t minute = ls_store_axis(data.store, data.city)->first_minute;
    data.first_date = ls_zone_date(data.zone, (int64_t)minute * LS_MINUTE_S);
    *out = data;
    return 0;
}

void study_data_close(struct study_data *data)
{
    ls_zone_close(data->zone);
    ls_archive_close(data->archive);
    ls_store_close(data->store);
    *data = (struct study_data){0};
}

void study_row(const char *what, double seconds)
{
    printf("  %-52s %10.3f ms\n", what, 1e3 * seconds);
}
