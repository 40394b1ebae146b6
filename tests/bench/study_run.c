/* A whole run from a store, as a user starts it, against what the disk allows in the same minutes. */
#include "study.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES      (1u << 20)
#define WRITE_BYTES_MOST 2e9 /* of a larger result so much is written, and scaled */
#define SECONDS_LIMIT    60
#define PEAK_MIB_LIMIT   2048

static const char *const tables[] = {"metrics.csv", "moves.csv", "summary.json", "run.json", "scenario.ini"};

static double bytes_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (double)about.st_size : 0;
}

/* Adds up the result's files and removes them: their room is needed. */
static double take_result(const char *folder)
{
    double bytes = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char path[STUDY_PATH + 32];
        snprintf(path, sizeof path, "%s/%s", folder, tables[i]);
        bytes += bytes_of(path);
        remove(path);
    }
    rmdir(folder);
    return bytes;
}

static int io_error(struct ls_error *error, const char *what)
{
    return ls_error_set(error, LS_ERR_IO, "%s: %s", what, strerror(errno));
}

struct disk {
    const char *path;
    double bytes;
};

/* Seconds to write so many bytes and have them on the disk. */
static int write_bytes(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    (void)study;
    const struct disk *disk = question;
    char block[BLOCK_BYTES];
    int fd = open(disk->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return io_error(error, "cannot write to TMPDIR");
    uint64_t noise = 1; /* so that no file system makes less of it than it is */
    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        noise = noise * 6364136223846793005u + 1442695040888963407u;
        block[i] = (char)(noise >> 56);
    }
    double started = ls_clock_seconds(), left = disk->bytes;
    while (left > 0) {
        ssize_t written = write(fd, block, left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES);
        if (written <= 0)
            return io_error(error, "cannot write to TMPDIR");
        left -= (double)written;
    }
    if (fsync(fd) != 0)
        return io_error(error, "cannot sync a file in TMPDIR");
    *(double *)result = ls_clock_seconds() - started;
    close(fd);
    return 0;
}

static int read_bytes(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    (void)study;
    const struct disk *disk = question;
    char block[BLOCK_BYTES];
    int fd = open(disk->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error(error, "cannot read the store");
    ssize_t got;
    double started = ls_clock_seconds();
    while ((got = read(fd, block, BLOCK_BYTES)) > 0) {
    }
    *(double *)result = ls_clock_seconds() - started;
    close(fd);
    return got < 0 ? io_error(error, "cannot read the store") : 0;
}

/* Both limits of the disk, the write scaled to all `bytes`. */
static int measure_disk(const struct study *study, const char *store, double bytes, double *write_s,
                        double *read_s)
{
    char path[STUDY_PATH];
    double some = bytes < WRITE_BYTES_MOST ? bytes : WRITE_BYTES_MOST;
    const struct disk from = {store, 0}, to = {study_path(study, "disk", path), some};
    int code = study_apart(study, read_bytes, &from, read_s, sizeof *read_s, NULL);
    if (code == 0)
        code = study_apart(study, write_bytes, &to, write_s, sizeof *write_s, NULL);
    *write_s *= bytes / some;
    remove(path);
    return code;
}

int study_whole_run(struct study *study)
{
    const uint32_t homes = study->full ? 240000 : 24000, days = study->full ? 76 : STUDY_DAYS;
    char store[STUDY_PATH], result[STUDY_PATH];
    double write_s = 0, read_s = 0;
    struct study_ended ended = {0};
    study_path(study, "run.nc", store);
    study_path(study, "run", result);
    const char *argv[] = {study->program, "run",  store, "--scenario", study->scenario,
                          "-o",           result, "-q",  NULL};
    int code = study_make_store(study, store, homes, days);
    if (code == 0)
        code = study_must(argv, NULL, &ended);
    double bytes = code == 0 ? take_result(result) : 0, store_bytes = bytes_of(store);
    if (code == 0)
        code = measure_disk(study, store, bytes, &write_s, &read_s);
    remove(store);
    if (code != 0)
        return code;
    double household_days = (double)homes * days;
    printf("\na whole run of %u homes and %u days from a store of %.0f MB, metrics and moves\n",
           (unsigned)homes, (unsigned)days, store_bytes / 1e6);
    printf("  %.2f s, %.2f s of processors, %.3g household-days a second, %.0f MiB at its peak, %.0f MB "
           "written\n",
           ended.seconds, ended.cpu_seconds, household_days / ended.seconds, ended.peak_mib, bytes / 1e6);
    printf("  the disk alone: %.2f s for writing as much and syncing it (%.0f MB/s), %.2f s for reading the "
           "store\n",
           write_s, bytes / write_s / 1e6, read_s);
    if (bytes > WRITE_BYTES_MOST)
        printf("  (the writing scaled from %.0f MB)\n", WRITE_BYTES_MOST / 1e6);
    if (study->full)
        printf("  at most %d s and %d MiB: %s\n", SECONDS_LIMIT, PEAK_MIB_LIMIT,
               ended.seconds <= SECONDS_LIMIT && ended.peak_mib <= PEAK_MIB_LIMIT ? "kept" : "NOT kept");
    bench_figure(study->full ? "run_seconds_full" : "run_seconds_quick", ended.seconds);
    bench_figure(study->full ? "run_peak_mib" : "run_peak_mib_quick", ended.peak_mib);
    bench_figure("run_cpu_seconds", ended.cpu_seconds);
    bench_figure("household_days_per_second", household_days / ended.seconds);
    bench_figure("run_over_disk", ended.seconds / (write_s + read_s));
    return 0;
}
