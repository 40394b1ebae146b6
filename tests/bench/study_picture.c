/* From a store of a large city to its first picture, and how cutting and solving grow with homes. */
#include "study.h"

#include "base/parallel.h"

#include <loadscope/plan.h>

#include <math.h>
#include <stdatomic.h>

#define RUNS 5

/* Seconds of each step of the way to a solved day. */
struct steps {
    double open_s, cut_s, solve_s;
    double plan_s; /* of solve_s, what the plan says of itself */
    size_t n_customers;
};

static int show(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    (void)question;
    struct steps *steps = result;
    struct study_data data = {0};
    struct ls_cityday *day = NULL;
    struct ls_plan *plan = NULL;
    double started = ls_clock_seconds();
    int code = study_data_open(study->city_store, &data, error);
    double opened = ls_clock_seconds();
    if (code == 0)
        code =
            ls_archive_cut(data.archive, data.zone, &study->policy, STUDY_CITY, data.first_date, &day, error);
    double cut = ls_clock_seconds();
    if (code == 0)
        code = ls_solve(day, &study->policy, NULL, &plan, error);
    double solved = ls_clock_seconds();
    if (code == 0)
        *steps =
            (struct steps){opened - started, cut - opened, solved - cut, plan->seconds, day->n_customers};
    ls_plan_destroy(plan);
    ls_cityday_destroy(day);
    study_data_close(&data);
    return code;
}

/* ---- the least that any program would: reading the days that the picture and its floors need ---- */

struct reading {
    const struct study_data *data;
    size_t n_customers;
    int32_t *usage;        /* [days of the weekday * customers * slots of a day] */
    struct ls_error error; /* of the first block that failed, as far as anybody cares */
    atomic_int failed;
};

static const struct ls_store_axis *axis_of(const struct reading *reading)
{
    return ls_store_axis(reading->data->store, reading->data->city);
}

static size_t days_of_weekday(const struct ls_store_axis *axis)
{
    size_t days = axis->n_slots / (size_t)axis->day_slots;
    return (days + LS_DAYS_A_WEEK - 1) / LS_DAYS_A_WEEK;
}

static int read_part(struct reading *reading, size_t day, size_t first, size_t n, struct ls_error *error)
{
    const struct ls_store_axis *axis = axis_of(reading);
    size_t slots = (size_t)axis->day_slots;
    int32_t *out = reading->usage + (day * reading->n_customers + first) * slots;
    return ls_store_read(reading->data->store, reading->data->city, first, n,
                         axis->first_minute + (int32_t)day * LS_DAYS_A_WEEK * LS_DAY_MINUTES, axis->day_slots,
                         out, error);
}

static void read_block(void *user, size_t block)
{
    struct reading *reading = user;
    size_t blocks = (reading->n_customers + LS_STORE_PIECE - 1) / LS_STORE_PIECE;
    size_t first = block % blocks * LS_STORE_PIECE, left = reading->n_customers - first;
    if (read_part(reading, block / blocks, first, left < LS_STORE_PIECE ? left : LS_STORE_PIECE, NULL) != 0)
        atomic_store(&reading->failed, 1);
}

/* `question`: how many threads read, 0: each day in one call. */
static int read_days(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    const int *threads = question;
    struct study_data data;
    int code = study_data_open(study->city_store, &data, error);
    if (code != 0)
        return code;
    struct reading reading = {.data = &data,
                              .n_customers = ls_store_head(data.store)->cities[data.city].n_customers};
    size_t days = days_of_weekday(axis_of(&reading));
    size_t blocks = (reading.n_customers + LS_STORE_PIECE - 1) / LS_STORE_PIECE;
    double started = ls_clock_seconds();
    reading.usage =
        malloc(days * reading.n_customers * (size_t)axis_of(&reading)->day_slots * sizeof *reading.usage);
    if (reading.usage == NULL)
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory for readings");
    else if (*threads > 0)
        ls_parallel(days * blocks, *threads, read_block, &reading);
    for (size_t day = 0; code == 0 && *threads == 0 && day < days; day++)
        code = read_part(&reading, day, 0, reading.n_customers, error);
    *(double *)result = ls_clock_seconds() - started;
    if (code == 0 && atomic_load(&reading.failed))
        code = ls_error_set(error, LS_ERR_IO, "cannot read a block of the store");
    free(reading.usage);
    study_data_close(&data);
    return code;
}

static int median_read(const struct study *study, int threads, double *median_s)
{
    double seconds[RUNS] = {0};
    int code = 0;
    for (size_t i = 0; code == 0 && i < RUNS; i++)
        code = study_apart(study, read_days, &threads, &seconds[i], sizeof seconds[i], NULL);
    if (code == 0)
        *median_s = bench_median(seconds, RUNS);
    return code;
}

int study_first_picture(struct study *study)
{
    double open_s[RUNS] = {0}, cut_s[RUNS] = {0}, solve_s[RUNS] = {0}, all_s[RUNS] = {0};
    double read_s, two_s, peak_mib = 0;
    struct steps steps = {0};
    int code = study_make_store(study, study->city_store, STUDY_HOMES, STUDY_DAYS);
    for (size_t i = 0; code == 0 && i < RUNS; i++) {
        code = study_apart(study, show, NULL, &steps, sizeof steps, &peak_mib);
        open_s[i] = steps.open_s;
        cut_s[i] = steps.cut_s;
        solve_s[i] = steps.solve_s;
        all_s[i] = steps.open_s + steps.cut_s + steps.solve_s;
    }
    if (code == 0)
        code = median_read(study, 0, &read_s);
    if (code == 0)
        code = median_read(study, 2, &two_s);
    if (code != 0)
        return code;
    double first_s = bench_median(all_s, RUNS);
    printf("first picture of a day of %zu homes, from a store of %u days\n", steps.n_customers, STUDY_DAYS);
    study_row("opening the store and an archive on it", bench_median(open_s, RUNS));
    study_row("cutting the day, floors of the year and all", bench_median(cut_s, RUNS));
    study_row("solving it, greedy", bench_median(solve_s, RUNS));
    study_row("all of it", first_s);
    study_row("only reading the days that it needs", read_s);
    study_row("the same by blocks and two threads", two_s);
    printf("  %-52s %10.1f MiB\n", "peak memory", peak_mib);
    bench_figure("first_picture_ms", 1e3 * first_s);
    bench_figure("first_picture_over_read", first_s / read_s);
    bench_figure("first_picture_over_read_two", first_s / two_s);
    bench_figure("first_picture_peak_mib", peak_mib);
    return 0;
}

/* ---- growth ---- */

#define GROWTH_SIZES 3
#define GROWTH_DAYS  8u /* so that floors have two days */

/* Cuts and solves a day again and again, each time by an archive that knows nothing yet. */
struct growth {
    const char *path;
    size_t runs; /* odd */
};

#define GROWTH_RUNS_MAX 101

static int cut_and_solve(const struct study *study, const void *question, void *result,
                         struct ls_error *error)
{
    const struct growth *growth = question;
    struct steps *steps = result;
    double cut_s[GROWTH_RUNS_MAX] = {0}, solve_s[GROWTH_RUNS_MAX] = {0};
    int code = 0;
    for (size_t i = 0; code == 0 && i < growth->runs; i++) {
        struct study_data data = {0};
        struct ls_cityday *day = NULL;
        struct ls_plan *plan = NULL;
        code = study_data_open(growth->path, &data, error);
        double started = ls_clock_seconds();
        if (code == 0)
            code = ls_archive_cut(data.archive, data.zone, &study->policy, STUDY_CITY, data.first_date, &day,
                                  error);
        double cut = ls_clock_seconds();
        if (code == 0)
            code = ls_solve(day, &study->policy, NULL, &plan, error);
        cut_s[i] = cut - started;
        solve_s[i] = ls_clock_seconds() - cut;
        if (code == 0)
            steps->n_customers = day->n_customers;
        ls_plan_destroy(plan);
        ls_cityday_destroy(day);
        study_data_close(&data);
    }
    if (code != 0)
        return code;
    steps->cut_s = bench_median(cut_s, growth->runs);
    steps->solve_s = bench_median(solve_s, growth->runs);
    return 0;
}

int study_growth(struct study *study)
{
    static const struct {
        uint32_t homes; /* of both cities */
        size_t runs;
    } sizes[GROWTH_SIZES] = {{1667, GROWTH_RUNS_MAX}, {16667, 31}, {166667, 7}};
    double least_ns = INFINITY, most_ns = 0;
    char path[STUDY_PATH];
    struct growth growth = {.path = study_path(study, "growth.nc", path)};
    printf("\ncutting and solving a day as homes grow, memory in use already\n");
    for (size_t i = 0; i < GROWTH_SIZES; i++) {
        struct steps steps;
        growth.runs = sizes[i].runs;
        int code = study_make_store(study, path, sizes[i].homes, GROWTH_DAYS);
        if (code == 0)
            code = study_apart(study, cut_and_solve, &growth, &steps, sizeof steps, NULL);
        remove(path);
        if (code != 0)
            return code;
        double per_home = 1e9 / (double)steps.n_customers, ns = per_home * (steps.cut_s + steps.solve_s);
        printf("  %6zu homes: cut %7.1f and solve %6.1f, together %7.1f ns a home\n", steps.n_customers,
               per_home * steps.cut_s, per_home * steps.solve_s, ns);
        least_ns = fmin(least_ns, ns);
        most_ns = fmax(most_ns, ns);
    }
    printf("  the dearest home costs %.0f %% more than the cheapest: %s 20 %%\n",
           100 * (most_ns / least_ns - 1), most_ns <= 1.2 * least_ns ? "within" : "NOT within");
    bench_figure("growth_most_over_least", most_ns / least_ns);
    return 0;
}
