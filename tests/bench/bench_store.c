/*
 * What reading a city-day from a store costs, whole and in blocks of customers, against the least that any
 * program would: adding up the same bytes in a mapping of the file.
 *
 * Works on a sample of its own, written to TMPDIR. Figures are medians by the monotonic clock; those that a
 * later version is compared by come as lines `bench NAME VALUE` too. Quick and full are the same size.
 */
#include "measure.h"

#include "base/parallel.h"

#include <loadscope/store.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUNS 31

struct bench {
    uint32_t homes, days;
    char path[400];
    ls_store *store;
    size_t city, n; /* the larger city, values of its day */
    int32_t *usage; /* [n] */
    const char *mapped;
    size_t mapped_bytes, day_at; /* where the day lies in the mapping, at any byte */
    uint64_t sink;               /* what is added up, so that it is not optimised away */
    atomic_int failed;           /* a block could not be read */
    struct ls_error error;
};

typedef int work_fn(struct bench *bench);

static int reopen(struct bench *bench)
{
    ls_store_close(bench->store);
    bench->store = NULL;
    return ls_store_open(bench->path, &bench->store, &bench->error);
}

/* With `anew` each run is the first since the store was opened, and holds what it reads against checksums. */
static int measure(struct bench *bench, work_fn *work, bool anew, double *median_s)
{
    double seconds[RUNS];
    for (int i = 0; i < RUNS; i++) {
        int code = anew ? reopen(bench) : 0;
        double started = ls_clock_seconds();
        if (code == 0)
            code = work(bench);
        seconds[i] = ls_clock_seconds() - started;
        if (code != 0)
            return code;
    }
    *median_s = bench_median(seconds, RUNS);
    return 0;
}

static int read_day(struct bench *bench)
{
    const struct ls_store_axis *axis = ls_store_axis(bench->store, bench->city);
    return ls_store_read(bench->store, bench->city, 0,
                         ls_store_head(bench->store)->cities[bench->city].n_customers, axis->first_minute,
                         axis->day_slots, bench->usage, &bench->error);
}

static void read_block(void *user, size_t block)
{
    struct bench *bench = user;
    const struct ls_store_axis *axis = ls_store_axis(bench->store, bench->city);
    size_t first = block * LS_STORE_PIECE;
    size_t left = ls_store_head(bench->store)->cities[bench->city].n_customers - first;
    if (ls_store_read(bench->store, bench->city, first, left < LS_STORE_PIECE ? left : LS_STORE_PIECE,
                      axis->first_minute, axis->day_slots, bench->usage + first * (size_t)axis->day_slots,
                      NULL) != 0)
        atomic_store(&bench->failed, 1);
}

/* As the model reads a day. */
static int read_by_blocks(struct bench *bench, int threads)
{
    size_t n = ls_store_head(bench->store)->cities[bench->city].n_customers;
    ls_parallel((n + LS_STORE_PIECE - 1) / LS_STORE_PIECE, threads, read_block, bench);
    return atomic_load(&bench->failed) ? ls_error_set(&bench->error, LS_ERR_IO, "cannot read a block") : 0;
}

static int read_blocks(struct bench *bench)
{
    return read_by_blocks(bench, 1);
}

static int read_blocks_by_two(struct bench *bench)
{
    return read_by_blocks(bench, 2);
}

/* As after a clock change: most of the day in one chunk, an hour in the other. */
static int read_shifted(struct bench *bench)
{
    const struct ls_store_axis *axis = ls_store_axis(bench->store, bench->city);
    return ls_store_read(
        bench->store, bench->city, 0, ls_store_head(bench->store)->cities[bench->city].n_customers,
        axis->first_minute + LS_DAY_MINUTES / LS_HOURS_A_DAY, axis->day_slots, bench->usage, &bench->error);
}

static int add_up(struct bench *bench)
{
    uint64_t sum = 0;
    const char *day = bench->mapped + bench->day_at;
    for (size_t i = 0; i < bench->n; i++) {
        uint32_t value;
        memcpy(&value, day + i * sizeof value, sizeof value);
        sum += value;
    }
    bench->sink += sum;
    return 0;
}

/* As a program would that opens, adds up and closes: the mapping's pages are set up anew. */
static int map_and_add_up(struct bench *bench)
{
    int fd = open(bench->path, O_RDONLY | O_CLOEXEC);
    const char *mapped = mmap(NULL, bench->mapped_bytes, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED)
        return ls_error_set(&bench->error, LS_ERR_IO, "cannot map the store");
    const char *kept = bench->mapped;
    bench->mapped = mapped;
    int code = add_up(bench);
    bench->mapped = kept;
    munmap((void *)(uintptr_t)mapped, bench->mapped_bytes);
    return code;
}

/* Maps the file and looks for the day in it: chunks are contiguous. */
static int find_day(struct bench *bench)
{
    struct stat about;
    int fd = open(bench->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0)
        return ls_error_set(&bench->error, LS_ERR_IO, "cannot open the store");
    bench->mapped_bytes = (size_t)about.st_size;
    bench->mapped = mmap(NULL, bench->mapped_bytes, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (bench->mapped == MAP_FAILED)
        return ls_error_set(&bench->error, LS_ERR_IO, "cannot map the store");
    const size_t bytes = bench->n * sizeof *bench->usage;
    for (bench->day_at = 0; bench->day_at + bytes <= bench->mapped_bytes; bench->day_at++)
        if (memcmp(bench->mapped + bench->day_at, bench->usage, bytes) == 0)
            return 0;
    return ls_error_set(&bench->error, LS_ERR_FORMAT, "the day is not in the file as it was read");
}

static int prepare(struct bench *bench)
{
    int code = reopen(bench);
    if (code != 0)
        return code;
    const struct ls_dataset *head = ls_store_head(bench->store);
    for (size_t i = 1; i < head->n_cities; i++)
        if (head->cities[i].n_customers > head->cities[bench->city].n_customers)
            bench->city = i;
    bench->n =
        head->cities[bench->city].n_customers * (size_t)ls_store_axis(bench->store, bench->city)->day_slots;
    bench->usage = malloc(bench->n * sizeof *bench->usage);
    if (bench->usage == NULL)
        return ls_error_set(&bench->error, LS_ERR_MEMORY, "out of memory");
    code = read_day(bench);
    return code != 0 ? code : find_day(bench);
}

static const struct measurement {
    const char *name; /* of the figure as a multiple of adding up; NULL: not for comparison */
    const char *what;
    work_fn *work;
    bool anew;
} measurements[] = {
    {NULL, "mapping the file anew and adding up the day", map_and_add_up, false},
    {"store_over_mmap", "reading the day", read_day, false},
    {"store_first_over_mmap", "reading it first, against its checksums", read_day, true},
    {NULL, "reading a day that lies in two chunks", read_shifted, false},
    {"store_blocks_over_mmap", "reading the day by blocks, one thread", read_blocks, false},
    {"store_blocks_first_over_mmap", "  first", read_blocks, true},
    {"store_blocks_two_over_mmap", "reading the day by blocks, two threads", read_blocks_by_two, false},
    {"store_blocks_two_first_over_mmap", "  first", read_blocks_by_two, true},
};
#define MEASUREMENTS (sizeof measurements / sizeof *measurements)

static void row(const char *what, double seconds, double limit_s)
{
    printf("  %-44s %10.3f ms", what, 1e3 * seconds);
    if (limit_s > 0)
        printf(" %9.1f x adding up", seconds / limit_s);
    putchar('\n');
}

static int run(struct bench *bench)
{
    const struct ls_sample_options options = {.customers = bench->homes, .days = bench->days, .seed = 1};
    double seconds[MEASUREMENTS], open_s, sum_s, started = ls_clock_seconds();
    int code = ls_sample_store(&options, bench->path, &bench->error);
    double write_s = ls_clock_seconds() - started;
    if (code == 0)
        code = prepare(bench);
    if (code == 0)
        code = measure(bench, add_up, false, &sum_s);
    for (size_t i = 0; code == 0 && i < MEASUREMENTS; i++)
        code = measure(bench, measurements[i].work, measurements[i].anew, &seconds[i]);
    if (code == 0)
        code = measure(bench, reopen, false, &open_s);
    if (code != 0)
        return code;
    printf("a store of %u homes and %u days, %.1f MiB; a day of %zu homes, %.1f MiB\n",
           (unsigned)bench->homes, (unsigned)bench->days, (double)bench->mapped_bytes / MIB,
           ls_store_head(bench->store)->cities[bench->city].n_customers,
           (double)bench->n * sizeof(int32_t) / MIB);
    row("making up and writing the sample", write_s, 0);
    row("opening it", open_s, 0);
    row("adding up the day in a mapping", sum_s, 0);
    for (size_t i = 0; i < MEASUREMENTS; i++)
        row(measurements[i].what, seconds[i], sum_s);
    for (size_t i = 0; i < MEASUREMENTS; i++)
        if (measurements[i].name != NULL)
            bench_figure(measurements[i].name, seconds[i] / sum_s);
    bench_figure("store_open_ms", 1e3 * open_s);
    return 0;
}

int main(int argc, char **argv)
{
    struct bench bench = {.homes = 275000, .days = 2}; /* 60 % of them in the larger city: 165,000 */
    const char *folder = getenv("TMPDIR");
    char text[1200];
    if (argc == 3) {
        bench.homes = (uint32_t)strtoul(argv[1], NULL, 10);
        bench.days = (uint32_t)strtoul(argv[2], NULL, 10);
    } else if (argc > 2 || (argc == 2 && strcmp(argv[1], "--quick") != 0 && strcmp(argv[1], "--full") != 0)) {
        fprintf(stderr, "usage: bench_store [--quick | --full | HOMES DAYS]\n");
        return 2;
    }
    snprintf(bench.path, sizeof bench.path, "%s/loadscope-bench-%ld.nc", folder != NULL ? folder : "/tmp",
             (long)getpid());
    int code = run(&bench);
    unlink(bench.path);
    if (code != 0)
        fprintf(stderr, "%s\n", ls_error_text(&bench.error, text, sizeof text));
    if (bench.mapped != NULL && bench.mapped != MAP_FAILED)
        munmap((void *)(uintptr_t)bench.mapped, bench.mapped_bytes);
    free(bench.usage);
    ls_store_close(bench.store);
    return code != 0 || bench.sink == 0;
}
