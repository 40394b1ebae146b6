/*
 * What the library costs, against the least that any program would: reading the same bytes once.
 *
 * Works on a sample of its own, written to TMPDIR. Each figure is the median of an odd number of runs by the
 * monotonic clock; those that a later version is compared by come as lines `bench NAME VALUE` too.
 */
#include "measure.h"

#include "base/memory.h"

#include <loadscope/shift.h>

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define RUNS_MAX   101
#define CHUNK      65536
#define PEAK_HOURS "8 9 18-20"
#define THURSDAY   3
#define QUICK_RUNS 11

/* What is measured, and with it the first thing that went wrong. */
struct bench {
    uint32_t homes, days;
    bool quick;
    char path[400];
    double bytes; /* of the file */
    struct ls_dataset *dataset;
    struct ls_policy policy;
    const char *city; /* the larger one */
    int32_t date;
    ls_zone *zone;
    struct ls_cityday *day;
    ls_bench *weeks;
    uint64_t sink; /* what the reading loops add up, so that they are not optimised away */
    struct ls_error error;
};

typedef int work_fn(struct bench *bench);

/* Median seconds of `runs` (odd) runs of `work`; a quick bench makes at most QUICK_RUNS. */
static int measure(struct bench *bench, work_fn *work, int runs, double *median_s)
{
    double seconds[RUNS_MAX] = {0};
    runs = bench->quick && runs > QUICK_RUNS ? QUICK_RUNS : runs;
    for (int i = 0; i < runs; i++) {
        double started = ls_clock_seconds();
        int code = work(bench);
        seconds[i] = ls_clock_seconds() - started;
        if (code != 0)
            return code;
    }
    *median_s = bench_median(seconds, (size_t)runs);
    return 0;
}

/* ---- what is measured ---- */

static int read_file(struct bench *bench)
{
    static const char what[] = "cannot read the sample";
    uint64_t words[CHUNK / sizeof(uint64_t)];
    ssize_t got;
    int fd = open(bench->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ls_error_set(&bench->error, LS_ERR_IO, what);
    bench->bytes = 0;
    while ((got = read(fd, words, sizeof words)) > 0) {
        bench->bytes += (double)got;
        for (size_t i = 0; i < (size_t)got / sizeof *words; i++)
            bench->sink += words[i];
    }
    close(fd);
    return got < 0 ? ls_error_set(&bench->error, LS_ERR_IO, what) : 0;
}

static int load(struct bench *bench)
{
    const char *path = bench->path;
    const struct ls_load_options options = {.slot_minutes = 30, .timezone = "auto"};
    ls_dataset_destroy(bench->dataset);
    bench->dataset = NULL;
    return ls_dataset_load(&path, 1, &options, &bench->dataset, &bench->error);
}

static int cut_day(struct bench *bench)
{
    ls_cityday_destroy(bench->day);
    bench->day = NULL;
    return ls_cityday_create(bench->dataset, bench->zone, &bench->policy, bench->city, bench->date,
                             &bench->day, &bench->error);
}

/* The least that a solve must do: look once at each home's usage and floor. */
static int read_day(struct bench *bench)
{
    const struct ls_cityday *day = bench->day;
    size_t cells = ls_cityday_tile_cells(day->n_slots, day->n_customers);
    uint64_t quanta = 0;
    float kwh = 0;
    for (size_t i = 0; i < cells; i++) {
        quanta += (uint32_t)day->usage[i];
        kwh += day->avail_kwh[i];
    }
    bench->sink += quanta + (uint64_t)kwh;
    return 0;
}

static int solve(struct bench *bench)
{
    struct ls_plan *plan = NULL;
    int code = ls_solve(bench->day, &bench->policy, NULL, &plan, &bench->error);
    ls_plan_destroy(plan);
    return code;
}

/* A turn of Z, so that nothing solved can be reused, and the answer for Thursday with its week. */
static int solve_thursday(struct bench *bench)
{
    struct ls_answer *answer = NULL;
    bench->policy.peak_reduction_percent += 0.01;
    int code =
        ls_bench_solve(bench->weeks, &bench->policy, bench->city, bench->date, NULL, &answer, &bench->error);
    ls_answer_destroy(answer);
    return code;
}

static int solve_thursday_anew(struct bench *bench)
{
    ls_bench_close(bench->weeks);
    bench->weeks = NULL;
    int code = ls_bench_open(bench->dataset, &bench->weeks, &bench->error);
    return code != 0 ? code : solve_thursday(bench);
}

/* ---- the data it is measured on ---- */

static bool write_text(void *user, const char *text, size_t length)
{
    return fwrite(text, 1, length, user) == length;
}

static int write_sample(struct bench *bench, uint32_t homes)
{
    const struct ls_sample_options options = {.customers = homes, .days = bench->days, .seed = 1};
    FILE *file = fopen(bench->path, "wb");
    if (file == NULL)
        return ls_error_set(&bench->error, LS_ERR_IO, "cannot write the sample");
    int code = ls_sample_write(&options, write_text, file, &bench->error);
    if (fclose(file) != 0 && code == 0)
        code = ls_error_set(&bench->error, LS_ERR_IO, "cannot write the sample");
    return code;
}

static int add_peaks(struct bench *bench)
{
    int code = 0;
    for (int weekday = 0; code == 0 && weekday < LS_DAYS_A_WEEK; weekday++) {
        char assignment[200];
        snprintf(assignment, sizeof assignment, "peak_hours.%s.%s=%s", bench->city, ls_weekday_name(weekday),
                 PEAK_HOURS);
        code = ls_policy_assign(&bench->policy, assignment, &bench->error);
    }
    return code;
}

/* Chooses the larger city, its Thursday or else its last day, and the default policy with peak hours. */
static int settle(struct bench *bench)
{
    const struct ls_dataset *dataset = bench->dataset;
    const struct ls_city *city = &dataset->cities[0];
    for (size_t i = 1; i < dataset->n_cities; i++)
        if (dataset->cities[i].n_customers > city->n_customers)
            city = &dataset->cities[i];
    bench->city = city->name;
    ls_policy_init(&bench->policy);
    int code = ls_dataset_zone(dataset, "auto", &bench->zone, &bench->error);
    if (code != 0)
        return code;
    uint32_t day = bench->days > THURSDAY ? THURSDAY : bench->days - 1;
    bench->date = ls_zone_date(bench->zone, (int64_t)dataset->minute[0] * LS_MINUTE_S) + (int32_t)day;
    return add_peaks(bench);
}

/* Ends what settle() and the measuring made, borrowers before the dataset. */
static void clear(struct bench *bench)
{
    ls_bench_close(bench->weeks);
    ls_cityday_destroy(bench->day);
    ls_zone_close(bench->zone);
    ls_policy_clear(&bench->policy);
    ls_dataset_destroy(bench->dataset);
    bench->weeks = NULL;
    bench->day = NULL;
    bench->zone = NULL;
    bench->dataset = NULL;
}

/* ---- the tables ---- */

static void row(const char *what, double seconds, double limit_s, const char *limit)
{
    printf("  %-44s %10.3f ms", what, 1e3 * seconds);
    if (limit != NULL)
        printf(" %9.1f x %s", seconds / limit_s, limit);
    putchar('\n');
}

static double peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024 / MIB;
}

static int measure_loading(struct bench *bench)
{
    double read_s, load_s;
    int code = measure(bench, read_file, 11, &read_s);
    if (code == 0)
        code = measure(bench, load, 5, &load_s);
    if (code != 0)
        return code;
    printf("%zu homes, %zu readings, %.1f MiB of CSV\n", bench->dataset->n_customers,
           bench->dataset->n_readings, bench->bytes / MIB);
    row("reading the file's bytes", read_s, 0, NULL);
    row("loading it", load_s, read_s, "reading");
    bench_figure("load_over_read", load_s / read_s);
    return 0;
}

/* A solve with this solver, at so many moves a day; none: what serving costs without any engine. */
static int measure_solver(struct bench *bench, enum ls_solver solver, int moves, int runs, double *median_s)
{
    bench->policy.engine = LS_ENGINE_MILP;
    bench->policy.solver = solver;
    bench->policy.moves_per_day = moves;
    int code = measure(bench, solve, runs, median_s);
    bench->policy.engine = LS_ENGINE_GREEDY;
    bench->policy.solver = LS_SOLVER_AUTO;
    bench->policy.moves_per_day = 1;
    return code;
}

/* The exact engine's own solver against GLPK: whole solves, serving and all, which is what a user waits for;
 * and what is left of both without that part, which they share. */
static int measure_exact(struct bench *bench)
{
    double serving_s, own_s[2], glpk_s[2], us = 1e6 / (double)bench->day->n_customers;
    int code = measure_solver(bench, LS_SOLVER_GLPK, 0, 51, &serving_s);
    for (int k = 0; code == 0 && k < 2; k++) {
        code = measure_solver(bench, LS_SOLVER_AUTO, k + 1, 51, &own_s[k]);
        if (code == 0)
            code = measure_solver(bench, LS_SOLVER_GLPK, k + 1, 3, &glpk_s[k]);
    }
    if (code != 0)
        return code;
    for (int k = 0; k < 2; k++)
        printf("  milp, %d moves a day: %8.2f us a home, by GLPK %7.1f us: 1/%.0f; without serving 1/%.0f\n",
               k + 1, us * own_s[k], us * glpk_s[k], glpk_s[k] / own_s[k],
               (glpk_s[k] - serving_s) / (own_s[k] - serving_s));
    printf("  milp, serving a home %18.2f us\n", us * serving_s);
    bench_figure("milp_us_per_customer", us * own_s[0]);
    bench_figure("exact_over_glpk", own_s[0] / glpk_s[0]);
    bench_figure("exact_k2_over_glpk", own_s[1] / glpk_s[1]);
    bench_figure("exact_over_glpk_without_serving", (own_s[0] - serving_s) / (glpk_s[0] - serving_s));
    return 0;
}

static int measure_day(struct bench *bench)
{
    double cut_s, read_s, greedy_s[2];
    int code = measure(bench, cut_day, 11, &cut_s);
    if (code == 0)
        code = measure(bench, read_day, RUNS_MAX, &read_s);
    for (int k = 1; code == 0 && k <= 2; k++) {
        bench->policy.moves_per_day = k;
        code = measure(bench, solve, 51, &greedy_s[k - 1]);
    }
    bench->policy.moves_per_day = 1;
    if (code != 0)
        return code;
    printf("\n%s's day, %zu homes of %d slots\n", bench->city, bench->day->n_customers, bench->day->n_slots);
    row("cutting it, floors and all", cut_s, 0, NULL);
    row("reading its usage and floors", read_s, 0, NULL);
    row("greedy, 1 move a day", greedy_s[0], read_s, "reading");
    row("greedy, 2 moves a day", greedy_s[1], read_s, "reading");
    bench_figure("cityday_ms", 1e3 * cut_s);
    return measure_exact(bench);
}

static int measure_week(struct bench *bench)
{
    double first_s, next_s;
    if (bench->days <= THURSDAY)
        return 0;
    bench->policy.week_context = LS_WEEK_IN_WEEK;
    int code = measure(bench, solve_thursday_anew, 5, &first_s);
    if (code == 0)
        code = measure(bench, solve_thursday, 11, &next_s);
    bench->policy.week_context = LS_WEEK_DAY_ALONE;
    if (code != 0)
        return code;
    printf("\nThursday in its week, greedy\n");
    row("first answer", first_s, 0, NULL);
    row("after a turn of a limit", next_s, 0, NULL);
    return 0;
}

static int measure_growth(struct bench *bench)
{
    static const uint32_t sizes[] = {250, 1000, 4000};
    printf("\ngreedy as homes grow\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double seconds;
        clear(bench);
        int code = write_sample(bench, sizes[i]);
        if (code == 0)
            code = load(bench);
        if (code == 0)
            code = settle(bench);
        if (code == 0)
            code = cut_day(bench);
        if (code == 0)
            code = measure(bench, solve, 51, &seconds);
        if (code != 0)
            return code;
        printf("  %6zu homes in the city %24.3f ms %9.3f us a home\n", bench->day->n_customers, 1e3 * seconds,
               1e6 * seconds / (double)bench->day->n_customers);
    }
    return 0;
}

static int run(struct bench *bench)
{
    int code = write_sample(bench, bench->homes);
    if (code == 0)
        code = measure_loading(bench);
    if (code == 0)
        code = settle(bench);
    if (code == 0)
        code = measure_day(bench);
    if (code == 0)
        code = measure_week(bench);
    if (code != 0)
        return code;
    printf("\npeak memory %.1f MiB\n", peak_mib());
    bench_figure("peak_mib", peak_mib());
    return measure_growth(bench);
}

/* ---- the command line ---- */

static bool take_number(const char *text, uint32_t *out)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value < 1 || value > 1000000)
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool take_options(struct bench *bench, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--quick") == 0)
            bench->quick = true;
        else if (strcmp(argv[i], "--full") == 0)
            bench->quick = false;
        else if (strcmp(argv[i], "--homes") != 0 && strcmp(argv[i], "--days") != 0)
            return false;
        else if (!more || !take_number(argv[i + 1], argv[i][2] == 'h' ? &bench->homes : &bench->days))
            return false;
        else
            i++;
    }
    return true;
}

int main(int argc, char **argv)
{
    ls_memory_keep();
    struct bench bench = {.homes = 2000, .days = 7};
    const char *folder = getenv("TMPDIR");
    char text[1200];
    if (!take_options(&bench, argc, argv)) {
        fprintf(stderr, "usage: %s [--homes N] [--days D] [--quick | --full]\n", argv[0]);
        return 2;
    }
    snprintf(bench.path, sizeof bench.path, "%s/loadscope-bench-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(bench.path);
    if (fd < 0) {
        perror(bench.path);
        return 1;
    }
    close(fd);
    int code = run(&bench);
    unlink(bench.path);
    if (code != 0)
        fprintf(stderr, "%s\n", ls_error_text(&bench.error, text, sizeof text));
    clear(&bench);
    return code != 0 || bench.sink == 0;
}
