/*
 * What an import costs, against the least that any reader of CSV would pay: libcsv over the same bytes, with
 * callbacks that only count, by the same number of threads.
 *
 * Works on a sample of its own, written to TMPDIR: some 200 MB, 1 GB with --full. Runs take turns, so that a
 * busy machine slows all of them; each figure is the median. Time of processors, of all threads, is what a
 * busy machine changes least.
 */
#include "measure.h"

#include <loadscope/import.h>

#include <csv.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHUNK       65536
#define THREADS_MAX 64
#define RUNS        5
#define PATH_SIZE   400
#define HOMES       4400u /* 200 MB in ten days */
#define HOMES_FULL  22000u
#define DAYS        10u

enum work { NEWLINES, LIBCSV, IMPORT, WORKS };
static const char *const work_names[WORKS] = {"counting newlines", "libcsv, counting", "import"};

struct bench {
    char csv[PATH_SIZE], store[PATH_SIZE];
    int threads;
    off_t size;
    double seconds[WORKS][RUNS], cpu_seconds[WORKS][RUNS]; /* of all threads */
};

/* A thread's part of the file, which ends at a line's end, and what it counts. */
struct part {
    const struct bench *bench;
    enum work work;
    off_t from, to;
    size_t count;
    pthread_t thread;
    bool failed;
};

static bool write_text(void *user, const char *text, size_t length)
{
    return fwrite(text, 1, length, user) == length;
}

static bool write_sample(const struct bench *bench, uint32_t homes)
{
    const struct ls_sample_options sample = {.customers = homes, .days = DAYS, .seed = 1};
    FILE *out = fopen(bench->csv, "w");
    bool written = out != NULL && ls_sample_write(&sample, write_text, out, NULL) == 0;
    return (out == NULL || fclose(out) == 0) && written;
}

static void count_field(void *text, size_t length, void *user)
{
    (void)text;
    (void)length;
    ++*(size_t *)user;
}

static void count_row(int terminator, void *user)
{
    (void)terminator;
    ++*(size_t *)user;
}

static void *read_part(void *user)
{
    struct part *part = user;
    struct csv_parser parser;
    char *block = malloc(CHUNK);
    int fd = open(part->bench->csv, O_RDONLY | O_CLOEXEC);
    if (block == NULL || fd < 0 || csv_init(&parser, 0) != 0) {
        part->failed = true;
        return NULL;
    }
    for (off_t at = part->from; at < part->to;) {
        size_t wanted = part->to - at < CHUNK ? (size_t)(part->to - at) : CHUNK;
        ssize_t got = pread(fd, block, wanted, at);
        if (got <= 0)
            break;
        at += got;
        if (part->work == LIBCSV)
            csv_parse(&parser, block, (size_t)got, count_field, count_row, &part->count);
        else
            for (const char *c = block; (c = memchr(c, '\n', (size_t)(block + got - c))) != NULL; c++)
                part->count++;
    }
    csv_free(&parser);
    close(fd);
    free(block);
    return NULL;
}

/* The end of the line at `at`. */
static off_t line_end(const struct bench *bench, off_t at)
{
    char block[4096];
    int fd = open(bench->csv, O_RDONLY | O_CLOEXEC);
    ssize_t got = pread(fd, block, sizeof block, at);
    const char *end = got > 0 ? memchr(block, '\n', (size_t)got) : NULL;
    close(fd);
    return end != NULL ? at + (end - block) + 1 : bench->size;
}

static bool count(const struct bench *bench, enum work work)
{
    struct part parts[THREADS_MAX] = {0};
    bool failed = false;
    for (int i = 0; i < bench->threads; i++) {
        off_t from = i == 0 ? 0 : parts[i - 1].to;
        off_t to =
            i + 1 == bench->threads ? bench->size : line_end(bench, bench->size / bench->threads * (i + 1));
        parts[i] = (struct part){.bench = bench, .work = work, .from = from, .to = to};
        if (pthread_create(&parts[i].thread, NULL, read_part, &parts[i]) != 0)
            return false;
    }
    for (int i = 0; i < bench->threads; i++) {
        pthread_join(parts[i].thread, NULL);
        failed = failed || parts[i].failed;
    }
    return !failed;
}

static bool import(const struct bench *bench)
{
    const struct ls_import_options options = {.load = {.slot_minutes = 30, .timezone = "auto"},
                                              .store = {.history = "bench"},
                                              .threads = bench->threads};
    const char *path = bench->csv;
    char text[1200];
    struct ls_error error = {0};
    if (ls_import(&path, 1, &options, bench->store, &error) == 0)
        return true;
    fprintf(stderr, "bench_import: %s\n", ls_error_text(&error, text, sizeof text));
    return false;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool measure(struct bench *bench)
{
    for (int run = 0; run < RUNS; run++)
        for (enum work work = 0; work < WORKS; work++) {
            double started = ls_clock_seconds(), cpu_started = cpu_seconds();
            if (!(work == IMPORT ? import(bench) : count(bench, work)))
                return false;
            bench->seconds[work][run] = ls_clock_seconds() - started;
            bench->cpu_seconds[work][run] = cpu_seconds() - cpu_started;
        }
    for (enum work work = 0; work < WORKS; work++) {
        bench_median(bench->seconds[work], RUNS);
        bench_median(bench->cpu_seconds[work], RUNS);
    }
    return true;
}

static void report(const struct bench *bench)
{
    double megabytes = (double)bench->size / 1e6;
    printf("import of %.0f MB by %d threads\n", megabytes, bench->threads);
    for (enum work work = 0; work < WORKS; work++) {
        double median = bench->seconds[work][RUNS / 2];
        printf("  %-20s %8.3f s %8.0f MB/s, %8.3f s of processors\n", work_names[work], median,
               megabytes / median, bench->cpu_seconds[work][RUNS / 2]);
    }
    bench_figure("import_over_libcsv", bench->seconds[IMPORT][RUNS / 2] / bench->seconds[LIBCSV][RUNS / 2]);
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    const char *folder = getenv("TMPDIR");
    bool full = argc == 2 && strcmp(argv[1], "--full") == 0;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct stat about;
    if (argc > 2 || (argc == 2 && !full && strcmp(argv[1], "--quick") != 0)) {
        fprintf(stderr, "usage: bench_import [--quick | --full]\n");
        return 2;
    }
    bench.threads = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
    folder = folder != NULL && folder[0] != '\0' ? folder : "/tmp";
    snprintf(bench.csv, sizeof bench.csv, "%s/loadscope-bench-%ld.csv", folder, (long)getpid());
    snprintf(bench.store, sizeof bench.store, "%s/loadscope-bench-%ld.nc", folder, (long)getpid());
    bool done = write_sample(&bench, full ? HOMES_FULL : HOMES) && stat(bench.csv, &about) == 0;
    if (done) {
        bench.size = about.st_size;
        done = measure(&bench);
    }
    remove(bench.csv);
    remove(bench.store);
    if (done)
        report(&bench);
    else
        fprintf(stderr, "bench_import: it did not work\n");
    return done ? 0 : 1;
}
