/* From a store of a large city to its first picture, and how cutting and solving grow with homes. */
#include "study.h"

#include "base/parallel.h"

#include <loadscope/plan.h>

#include <math.h>
#include <stdatomic.h>
#include <unistd.h>

#define RUNS 7

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

/* What the three ways take, once each. */
static int measure_once(const struct study *study, struct steps *steps, double *read_s, double *two_s,
                        double *peak_mib)
{
    static const int in_one_call = 0, two_threads = 2;
    int code = study_apart(study, show, NULL, steps, sizeof *steps, peak_mib);
    if (code == 0)
        code = study_apart(study, read_days, &in_one_call, read_s, sizeof *read_s, NULL);
    if (code == 0)
        code = study_apart(study, read_days, &two_threads, two_s, sizeof *two_s, NULL);
    return code;
}

/* By turns, as what fresh memory costs changes from minute to minute, and once the disk has all it shall. */
int study_first_picture(struct study *study)
{
    double open_s[RUNS] = {0}, cut_s[RUNS] = {0}, solve_s[RUNS] = {0}, all_s[RUNS] = {0};
    double read_s[RUNS] = {0}, two_s[RUNS] = {0}, peak_mib = 0;
    struct steps steps = {0};
    int code = study_make_store(study, study->city_store, STUDY_HOMES, STUDY_DAYS);
    sync();
    for (size_t i = 0; code == 0 && i < RUNS; i++) {
        code = measure_once(study, &steps, &read_s[i], &two_s[i], &peak_mib);
        open_s[i] = steps.open_s;
        cut_s[i] = steps.cut_s;
        solve_s[i] = steps.solve_s;
        all_s[i] = steps.open_s + steps.cut_s + steps.solve_s;
    }
    if (code != 0)
        return code;
    double first_s = bench_median(all_s, RUNS), one_s = bench_median(read_s, RUNS);
    double threads_s = bench_median(two_s, RUNS);
    printf("first picture of a day of %zu homes, from a store of %u days\n", steps.n_customers, STUDY_DAYS);
    study_row("opening the store and an archive on it", bench_median(open_s, RUNS));
    study_row("cutting the day, floors of the year and all", bench_median(cut_s, RUNS));
    study_row("solving it, greedy", bench_median(solve_s, RUNS));
    study_row("all of it", first_s);
    study_row("only reading the days that it needs", one_s);
    study_row("the same by blocks and two threads", threads_s);
    printf("  %-52s %10.1f MiB\n", "peak memory", peak_mib);
    bench_figure("first_picture_ms", 1e3 * first_s);
    bench_figure("first_picture_over_read", first_s / one_s);
    bench_figure("first_picture_over_read_two", first_s / threads_s);
    bench_figure("first_picture_peak_mib", peak_mib);
    return 0;
}

/* ---- growth ---- */

#define GROWTH_SIZES  3
#define GROWTH_DAYS   14u /* each weekday twice, so that floors have two days */
#define GROWTH_SEEN   1   /* days of an archive that are cut before any is measured */
#define GROWTH_SAMPLE (LS_DAYS_A_WEEK - GROWTH_SEEN)
#define GROWTH_OPENS  33 /* archives after one another, at most */

/* Cuts and solves days of weekdays that an archive has not seen. The first archive of several has the memory
 * come that the others use. */
struct growth {
    const char *path;
    size_t opens;
    bool alone; /* on one processor */
};

static int cut_and_solve_days(const struct study *study, const struct study_data *data, double *cut_s,
                              double *solve_s, size_t *n_customers, struct ls_error *error)
{
    int code = 0;
    for (int32_t d = 0; code == 0 && d < LS_DAYS_A_WEEK; d++) {
        struct ls_cityday *day = NULL;
        struct ls_plan *plan = NULL;
        double started = ls_clock_seconds(), cut = 0;
        code = ls_archive_cut(data->archive, data->zone, &study->policy, STUDY_CITY, data->first_date + d,
                              &day, error);
        cut = ls_clock_seconds();
        if (code == 0)
            code = ls_solve(day, &study->policy, NULL, &plan, error);
        if (d >= GROWTH_SEEN) {
            cut_s[d - GROWTH_SEEN] = cut - started;
            solve_s[d - GROWTH_SEEN] = ls_clock_seconds() - cut;
        }
        if (code == 0)
            *n_customers = day->n_customers;
        ls_plan_destroy(plan);
        ls_cityday_destroy(day);
    }
    return code;
}

static int cut_and_solve(const struct study *study, const void *question, void *result,
                         struct ls_error *error)
{
    const struct growth *growth = question;
    struct steps *steps = result;
    double cut_s[GROWTH_OPENS * GROWTH_SAMPLE] = {0}, solve_s[GROWTH_OPENS * GROWTH_SAMPLE] = {0};
    int code = 0;
    if (growth->alone)
        study_use_one_processor();
    for (size_t i = 0; code == 0 && i < growth->opens; i++) {
        struct study_data data = {0};
        size_t at = (i > 0 ? i - 1 : 0) * GROWTH_SAMPLE;
        code = study_data_open(growth->path, &data, error);
        if (code == 0)
            code = cut_and_solve_days(study, &data, cut_s + at, solve_s + at, &steps->n_customers, error);
        study_data_close(&data);
    }
    if (code != 0)
        return code;
    steps->cut_s = bench_median(cut_s, (growth->opens - 1) * GROWTH_SAMPLE);
    steps->solve_s = bench_median(solve_s, (growth->opens - 1) * GROWTH_SAMPLE);
    return 0;
}

/* What a home costs, of a city of each size [ns]. */
struct growth_row {
    size_t n_customers;
    double cut_ns, solve_ns;
};

static int measure_size(struct study *study, uint32_t homes, size_t opens, struct growth_row *alone,
                        struct growth_row *all)
{
    char path[STUDY_PATH];
    struct growth growth = {.path = study_path(study, "growth.nc", path), .opens = opens};
    struct growth_row *rows[] = {all, alone};
    int code = study_make_store(study, path, homes, GROWTH_DAYS);
    sync();
    for (int i = 0; code == 0 && i < 2; i++) {
        struct steps steps;
        growth.alone = i == 1;
        code = study_apart(study, cut_and_solve, &growth, &steps, sizeof steps, NULL);
        if (code != 0)
            break;
        double per_home = 1e9 / (double)steps.n_customers;
        *rows[i] = (struct growth_row){steps.n_customers, per_home * steps.cut_s, per_home * steps.solve_s};
    }
    remove(path);
    return code;
}

static void print_growth(const char *how, const struct growth_row *rows, const char *figure)
{
    double least_ns = INFINITY, most_ns = 0;
    printf("  %s\n", how);
    for (size_t i = 0; i < GROWTH_SIZES; i++) {
        double ns = rows[i].cut_ns + rows[i].solve_ns;
        printf("  %6zu homes: cut %7.1f and solve %6.1f, together %7.1f ns a home\n", rows[i].n_customers,
               rows[i].cut_ns, rows[i].solve_ns, ns);
        least_ns = fmin(least_ns, ns);
        most_ns = fmax(most_ns, ns);
    }
    printf("  the dearest home costs %.0f %% more than the cheapest: %s 20 %%\n",
           100 * (most_ns / least_ns - 1), most_ns <= 1.2 * least_ns ? "within" : "NOT within");
    bench_figure(figure, most_ns / least_ns);
}

int study_growth(struct study *study)
{
    static const struct {
        uint32_t homes; /* of both cities */
        size_t opens;
    } sizes[GROWTH_SIZES] = {{1667, GROWTH_OPENS}, {16667, 9}, {166667, 4}};
    struct growth_row alone[GROWTH_SIZES], all[GROWTH_SIZES];
    int code = 0;
    for (size_t i = 0; code == 0 && i < GROWTH_SIZES; i++)
        code = measure_size(study, sizes[i].homes, sizes[i].opens, &alone[i], &all[i]);
    if (code != 0)
        return code;
    printf("\nthe next day, not seen before, cut and solved, as homes grow\n");
    print_growth("one processor", alone, "growth_most_over_least");
    print_growth("all processors, which a city of one piece cannot use", all, "growth_all_most_over_least");
    return 0;
}
