/*
 * What a row of a run's tables costs, and a number in it against snprintf's.
 *
 * Rows are those of one day of a sample of its own, with two moves a home. A figure is the least of RUNS runs
 * by the monotonic clock: rows need nothing but the processor, so whatever is more is somebody else's. A
 * metrics row is measured without moves, a moves row is what each move adds to that. Quick and full are the
 * same size.
 */
#include "measure.h"

#include "base/real.h"
#include "report/csv.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HOMES    4000
#define RUNS     51
#define NUMBERS  100000
#define MEGABYTE 1e6

struct rows {
    char path[400];
    struct ls_policy policy;
    struct ls_dataset *dataset;
    ls_bench *bench;
    struct ls_answer *answer;
    struct ls_buffer tables[LS_TABLES];
    double values[NUMBERS];
    size_t n_values;
    size_t sink; /* what the measured loops add up, so that they are not optimised away */
    struct ls_error error;
};

static double least_seconds(struct rows *rows, void (*work)(struct rows *rows))
{
    double least = INFINITY;
    for (int i = 0; i < RUNS; i++) {
        double started = ls_clock_seconds();
        work(rows);
        least = fmin(least, ls_clock_seconds() - started);
    }
    return least;
}

/* ---- what is measured ---- */

static void print_values(struct rows *rows)
{
    char text[LS_REAL_SIZE];
    for (size_t i = 0; i < rows->n_values; i++)
        rows->sink += (size_t)snprintf(text, sizeof text, "%.17g", rows->values[i]);
}

static void write_values(struct rows *rows)
{
    char text[LS_REAL_SIZE];
    for (size_t i = 0; i < rows->n_values; i++)
        rows->sink += ls_real_write(rows->values[i], text);
}

static void write_rows(struct rows *rows)
{
    for (int t = 0; t < LS_TABLES; t++)
        rows->tables[t].length = 0;
    ls_table_add_day(rows->tables, rows->answer, false);
}

static void write_optimised(struct rows *rows)
{
    for (int t = 0; t < LS_TABLES; t++)
        rows->tables[t].length = 0;
    ls_table_add_day(rows->tables, rows->answer, true);
}

/* ---- what it is measured on ---- */

static bool write_text(void *user, const char *text, size_t length)
{
    return fwrite(text, 1, length, user) == length;
}

static int load_sample(struct rows *rows)
{
    const struct ls_sample_options sample = {.customers = HOMES, .days = 3, .seed = 1};
    const struct ls_load_options loading = {.slot_minutes = 30, .timezone = "auto"};
    const char *path = rows->path;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return ls_error_set(&rows->error, LS_ERR_IO, "cannot write the sample");
    int code = ls_sample_write(&sample, write_text, file, &rows->error);
    if (fclose(file) != 0 && code == 0)
        code = ls_error_set(&rows->error, LS_ERR_IO, "cannot write the sample");
    return code != 0 ? code : ls_dataset_load(&path, 1, &loading, &rows->dataset, &rows->error);
}

/* The first city's second day. */
static int solve(struct rows *rows)
{
    const char *city = rows->dataset->cities[0].name;
    ls_zone *zone = NULL;
    rows->policy.moves_per_day = 2;
    int code = ls_dataset_zone(rows->dataset, "auto", &zone, &rows->error);
    if (code != 0)
        return code;
    int32_t date = ls_zone_date(zone, (int64_t)rows->dataset->minute[0] * LS_MINUTE_S) + 1;
    ls_zone_close(zone);
    code = ls_bench_open(rows->dataset, &rows->bench, &rows->error);
    return code != 0
               ? code
               : ls_bench_solve(rows->bench, &rows->policy, city, date, NULL, &rows->answer, &rows->error);
}

/* The numbers of the day's rows: sums of grams, kWh of moves, percentiles. */
static void take_values(struct rows *rows)
{
    const struct ls_plan *plan = rows->answer->plan;
    const struct ls_cityday *day = rows->answer->day;
    for (size_t i = 0; i < day->n_customers && rows->n_values + 4 <= NUMBERS; i++) {
        double kwh = (double)day->day_quanta[i] / day->quanta_per_kwh;
        const double values[] = {kwh, kwh * 0.7 * day->mef_g_per_kwh[0] - plan->customers[i].saved_marg_g,
                                 plan->customers[i].saved_avg_g, day->percentile[i]};
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            rows->values[rows->n_values++] = values[v];
    }
}

/* ---- the figures ---- */

static void measure_numbers(struct rows *rows)
{
    double printing = least_seconds(rows, print_values), writing = least_seconds(rows, write_values);
    double n = (double)rows->n_values;
    printf("%zu numbers of rows\n", rows->n_values);
    printf("  %-36s %10.1f ns\n", "snprintf(\"%.17g\")", 1e9 * printing / n);
    printf("  %-36s %10.1f ns %9.1f x faster\n", "shortest text that reads back equal", 1e9 * writing / n,
           printing / writing);
    bench_figure("real_write_ns", 1e9 * writing / n);
}

static void row(const char *what, double seconds, size_t rows, size_t bytes)
{
    printf("  %-36s %10.1f ns %9.0f MB/s %7zu rows of %zu bytes\n", what, 1e9 * seconds / (double)rows,
           (double)bytes / seconds / MEGABYTE, rows, bytes / rows);
}

static void measure_rows(struct rows *rows)
{
    struct ls_answer *answer = rows->answer;
    struct ls_plan *plan = answer->plan, still = *plan;
    still.n_moves = 0;
    answer->plan = &still;
    double metrics = least_seconds(rows, write_rows);
    size_t n = answer->day->n_customers, metrics_bytes = rows->tables[LS_TABLE_METRICS].length;
    answer->plan = plan;
    double both = least_seconds(rows, write_rows), moves = both - metrics;
    size_t moves_bytes = rows->tables[LS_TABLE_MOVES].length;
    double optimised = least_seconds(rows, write_optimised) - both;
    size_t known = 0, cells = ls_cityday_tile_cells(answer->day->n_slots, n);
    for (size_t i = 0; i < cells; i++)
        known += answer->day->usage[i] != LS_MISSING;
    printf("\n%s's day, %zu homes, %zu moves\n", answer->day->city, n, plan->n_moves);
    row("metrics.csv", metrics, n, metrics_bytes);
    row("moves.csv", moves, plan->n_moves, moves_bytes);
    row("optimised.csv", optimised, known, rows->tables[LS_TABLE_OPTIMISED].length);
    bench_figure("row_metrics_ns", 1e9 * metrics / (double)n);
    bench_figure("row_moves_ns", 1e9 * moves / (double)plan->n_moves);
}

static void clear(struct rows *rows)
{
    for (int t = 0; t < LS_TABLES; t++)
        ls_buffer_release(&rows->tables[t]);
    ls_answer_destroy(rows->answer);
    ls_bench_close(rows->bench);
    ls_policy_clear(&rows->policy);
    ls_dataset_destroy(rows->dataset);
}

int main(int argc, char **argv)
{
    static struct rows rows;
    const char *folder = getenv("TMPDIR");
    char text[1200];
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "--quick") != 0 && strcmp(argv[1], "--full") != 0)) {
        fprintf(stderr, "usage: bench_rows [--quick | --full]\n");
        return 2;
    }
    snprintf(rows.path, sizeof rows.path, "%s/loadscope-rows-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(rows.path);
    if (fd < 0) {
        perror(rows.path);
        return 1;
    }
    close(fd);
    ls_policy_init(&rows.policy);
    int code = load_sample(&rows);
    unlink(rows.path);
    if (code == 0)
        code = solve(&rows);
    if (code == 0) {
        take_values(&rows);
        measure_numbers(&rows);
        measure_rows(&rows);
    } else {
        fprintf(stderr, "%s\n", ls_error_text(&rows.error, text, sizeof text));
    }
    clear(&rows);
    return code != 0 || rows.sink == 0;
}
