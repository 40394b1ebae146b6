/*
 * What a complete greedy re-solve of a city-day costs, against reading the city-day's arrays once.
 *
 * The day is made up in memory: 165,000 homes of 48 half-hours, whose loads rise in the evening, under the
 * default limits with peak hours. Reading is one pass in memory's order over the arrays that a solve goes
 * through: usage (int32), floors (double) and energy above them (float), by loops that the compiler
 * vectorises; what usage and energy above floors alone take is told as well. A re-solve is all that a plan
 * needs once the city-day is there: sums of slots, the order of service, every customer's moves, totals and
 * bound, the plan's own memory included. Each figure is the median of an odd number of runs by the monotonic
 * clock.
 *
 * bench_greedy compare: holds the plans against those of the turns instead.
 */
#include "base/clones.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/rank.h"
#include "solve/serve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOMES    165000
#define SLOTS    48
#define RUNS     21
#define RUNS_MAX 101

struct bench {
    struct ls_cityday day;
    struct ls_city_policy city;
    struct ls_policy policy;
    int32_t *usage;
    float *avail_kwh;
    double *floor_kwh;
    uint32_t *customer;
    int64_t *day_quanta, slot_quanta[SLOTS];
    bool *whole;
    uint32_t *order;
    double mef[SLOTS], aef[SLOTS];
    int wall_minute[SLOTS];
    uint64_t sink; /* what the reading loop adds up, so that it is not optimised away */
    double saved_g;
};

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double uniform(struct ls_random *random)
{
    return (double)(ls_random_next(random) >> 11) * 0x1p-53;
}

/* ---- the day ---- */

static void *array(size_t count, size_t size)
{
    void *made = calloc(count, size);
    if (made == NULL) {
        fputs("bench_greedy: out of memory\n", stderr);
        exit(1);
    }
    return made;
}

static void make_factors(struct bench *bench, struct ls_random *random)
{
    for (int t = 0; t < SLOTS; t++) {
        bench->wall_minute[t] = 30 * t;
        bench->mef[t] = 450 + 120 * sin(0.26 * t - 1.7) + 80 * uniform(random);
        bench->aef[t] = 0.6 * bench->mef[t] + 50 * uniform(random);
    }
}

static void make_home(struct bench *bench, struct ls_random *random, size_t home)
{
    double size = 0.1 + 0.6 * uniform(random) * uniform(random);
    for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
        bench->floor_kwh[home * LS_HOURS_A_DAY + h] = 0.4 * size * uniform(random);
    for (int t = 0; t < SLOTS; t++) {
        double evening = t >= 34 && t < 44 ? 2 : t >= 14 ? 1.1 : 0.5;
        bench->usage[home * SLOTS + (size_t)t] =
            (int32_t)(1e6 * size * evening * (0.3 + 1.4 * uniform(random)));
    }
}

static void make_policy(struct bench *bench)
{
    ls_policy_init(&bench->policy);
    strcpy(bench->city.name, "X");
    bench->city.daily_load_kwh = LS_NONE;
    for (int d = 0; d < LS_DAYS_A_WEEK; d++)
        bench->city.peak_hours[d] = 1 << 8 | 1 << 9 | 1 << 18 | 1 << 19 | 1 << 20;
    bench->policy.cities = &bench->city;
    bench->policy.n_cities = 1;
}

/* What depends on the readings alone: the part of a re-solve that a kept city-day saves. */
LS_CLONES static void sum_slots(struct bench *bench)
{
    memset(bench->slot_quanta, 0, sizeof bench->slot_quanta);
    const int32_t *usage = bench->usage;
    int64_t sum[SLOTS][LS_LANES] = {{0}};
    size_t whole = bench->day.n_customers / LS_LANES * LS_LANES;
    for (size_t i = 0; i < whole; i += LS_LANES)
        for (size_t t = 0; t < SLOTS; t++, usage += LS_LANES) {
            for (size_t lane = 0; lane < LS_LANES; lane++)
                sum[t][lane] += usage[lane];
        }
    for (size_t t = 0; t < SLOTS; t++)
        for (size_t lane = 0; lane < LS_LANES; lane++)
            bench->slot_quanta[t] += sum[t][lane];
    for (size_t i = whole; i < bench->day.n_customers; i++)
        for (int t = 0; t < SLOTS; t++)
            bench->slot_quanta[t] += bench->usage[ls_cityday_tile_place(SLOTS, i, t)];
}

/* Lays homes in the order of service, as a city-day has them. */
static void lay_in_order(struct bench *bench)
{
    int32_t *usage = array(ls_cityday_tile_cells(SLOTS, HOMES), sizeof *usage);
    double *floor_kwh = array((size_t)HOMES * LS_HOURS_A_DAY, sizeof *floor_kwh);
    int64_t *quanta = array(HOMES, sizeof *quanta);
    if (ls_rank_descending(bench->day_quanta, HOMES, bench->order, NULL) != 0)
        exit(1);
    for (size_t i = 0; i < HOMES; i++) {
        size_t from = bench->order[i];
        for (int t = 0; t < SLOTS; t++)
            usage[ls_cityday_tile_place(SLOTS, i, t)] = bench->usage[from * SLOTS + (size_t)t];
        memcpy(floor_kwh + i * LS_HOURS_A_DAY, bench->floor_kwh + from * LS_HOURS_A_DAY,
               LS_HOURS_A_DAY * sizeof *floor_kwh);
        quanta[i] = bench->day_quanta[from];
    }
    free(bench->usage);
    free(bench->floor_kwh);
    free(bench->day_quanta);
    bench->usage = usage;
    bench->floor_kwh = floor_kwh;
    bench->day_quanta = quanta;
}

static void make(struct bench *bench)
{
    struct ls_random random = ls_random_seed(1, "bench", 0);
    struct ls_cityday *day = &bench->day;
    memset(bench, 0, sizeof *bench);
    bench->usage = array((size_t)HOMES * SLOTS, sizeof *bench->usage);
    bench->avail_kwh = array(ls_cityday_tile_cells(SLOTS, HOMES), sizeof *bench->avail_kwh);
    bench->floor_kwh = array((size_t)HOMES * LS_HOURS_A_DAY, sizeof *bench->floor_kwh);
    bench->customer = array(HOMES, sizeof *bench->customer);
    for (size_t i = 0; i < HOMES; i++)
        bench->customer[i] = (uint32_t)i;
    bench->day_quanta = array(HOMES, sizeof *bench->day_quanta);
    bench->whole = array(HOMES, sizeof *bench->whole);
    bench->order = array(HOMES, sizeof *bench->order);
    make_factors(bench, &random);
    for (size_t i = 0; i < HOMES; i++) {
        make_home(bench, &random, i);
        bench->whole[i] = true;
        for (int t = 0; t < SLOTS; t++)
            bench->day_quanta[i] += bench->usage[i * SLOTS + (size_t)t];
    }
    lay_in_order(bench);
    *day = (struct ls_cityday){.city = "X",
                               .slot_minutes = 30,
                               .n_slots = SLOTS,
                               .quanta_per_kwh = 1e6,
                               .usage = bench->usage,
                               .floor_kwh = bench->floor_kwh,
                               .customer = bench->customer,
                               .day_quanta = bench->day_quanta,
                               .whole = bench->whole,
                               .avail_kwh = bench->avail_kwh,
                               .slot_quanta = bench->slot_quanta,
                               .mef_g_per_kwh = bench->mef,
                               .aef_g_per_kwh = bench->aef,
                               .wall_minute = bench->wall_minute};
    for (size_t i = 0; i < HOMES; i++)
        for (int t = 0; t < SLOTS; t++)
            bench->avail_kwh[ls_cityday_tile_place(SLOTS, i, t)] = (float)ls_cityday_avail_kwh(day, i, t);
    make_policy(bench);
}

/* ---- what is measured ---- */

/* Integers are added, as the bits of floats too, so that the compiler may vectorise it. */
static void read_tiles(struct bench *bench)
{
    size_t cells = bench->day.n_customers * SLOTS;
    const int32_t *avail = (const void *)bench->avail_kwh;
    uint32_t sum = 0;
    for (size_t i = 0; i < cells; i++)
        sum += (uint32_t)bench->usage[i] + (uint32_t)avail[i];
    bench->sink += sum;
}

/* The least that a solve must do: go once through the arrays that it goes through. */
static void read_day(struct bench *bench)
{
    read_tiles(bench);
    const uint64_t *floors = (const void *)bench->floor_kwh;
    uint64_t sum = 0;
    for (size_t i = 0; i < bench->day.n_customers * LS_HOURS_A_DAY; i++)
        sum += floors[i];
    bench->sink += sum;
}

static void put_in_order(struct bench *bench)
{
    if (ls_rank_descending(bench->day_quanta, bench->day.n_customers, bench->order, NULL) != 0)
        exit(1);
}

static void solve(struct bench *bench)
{
    struct ls_plan *plan = NULL;
    if (ls_solve(&bench->day, &bench->policy, NULL, &plan, NULL) != 0)
        exit(1);
    bench->saved_g = plan->saved_marg_g;
    ls_plan_destroy(plan);
}

static void solve_anew(struct bench *bench)
{
    sum_slots(bench);
    put_in_order(bench);
    solve(bench);
}

static void solve_by_turns(struct bench *bench)
{
    struct ls_plan *plan = NULL;
    if (ls_solve_by_turns(&bench->day, &bench->policy, NULL, &plan, NULL) != 0)
        exit(1);
    ls_plan_destroy(plan);
}

/* Median seconds of `runs` (odd) runs of `work`. */
static double measure(struct bench *bench, void (*work)(struct bench *bench), int runs)
{
    double seconds[RUNS_MAX];
    for (int i = 0; i < runs; i++) {
        double started = now_seconds();
        work(bench);
        seconds[i] = now_seconds() - started;
    }
    qsort(seconds, (size_t)runs, sizeof *seconds, by_value);
    return seconds[runs / 2];
}

static void use_homes(struct bench *bench, size_t homes)
{
    bench->day.n_customers = homes;
    sum_slots(bench);
    put_in_order(bench);
    bench->day.daily_load_kwh = 0;
    for (int t = 0; t < SLOTS; t++)
        bench->day.daily_load_kwh += (double)bench->slot_quanta[t] / bench->day.quanta_per_kwh;
}

/* ---- the tables ---- */

static void row(const char *what, double seconds, double read_s)
{
    printf("  %-44s %10.3f ms", what, 1e3 * seconds);
    if (read_s > 0)
        printf(" %9.1f x reading", seconds / read_s);
    putchar('\n');
}

static void measure_solve(struct bench *bench)
{
    double read_s = measure(bench, read_day, RUNS_MAX), two_s = measure(bench, read_tiles, RUNS_MAX),
           anew_s[2];
    printf("\nA made-up city-day, %zu homes of %d half-hours\n", bench->day.n_customers, SLOTS);
    row("reading usage, floors and what is above once", read_s, 0);
    row("  of that usage and what is above floors", two_s, read_s);
    row("sums of slots", measure(bench, sum_slots, RUNS), read_s);
    row("order of service", measure(bench, put_in_order, RUNS), read_s);
    for (int k = 1; k <= 2; k++) {
        char what[60];
        bench->policy.moves_per_day = k;
        snprintf(what, sizeof what, "greedy, %d move%s a day", k, k > 1 ? "s" : "");
        row(what, measure(bench, solve, RUNS), read_s);
        anew_s[k - 1] = measure(bench, solve_anew, RUNS);
        row("  with sums and order", anew_s[k - 1], read_s);
    }
    bench->policy.moves_per_day = 1;
    row("greedy by turns, 1 move a day", measure(bench, solve_by_turns, 1), read_s);
    printf("bench greedy_k1_over_read %.4g\n", anew_s[0] / read_s);
    printf("bench greedy_k2_over_read %.4g\n", anew_s[1] / read_s);
    printf("bench greedy_k1_over_two_arrays %.4g\n", anew_s[0] / two_s);
    printf("bench greedy_k2_over_two_arrays %.4g\n", anew_s[1] / two_s);
}

static const struct {
    const char *what;
    int moves;
    double alpha_percent, load_shift_percent, peak_reduction_percent, window_hours;
} limits[] = {
    {"as above", 1, 25, 10, 25, 2},
    {"rooms of 1 %", 1, 1, 10, 25, 2},
    {"rooms of 1 %, 2 moves", 2, 1, 10, 25, 2},
    {"rooms of 5 %", 1, 5, 10, 25, 2},
    {"rooms of 5 %, 2 moves", 2, 5, 10, 25, 2},
    {"a budget of 0.5 %", 1, 25, 0.5, 25, 2},
    {"rooms of 1 %, a budget of 0.5 %, 2 moves", 2, 1, 0.5, 25, 2},
    {"no rooms, no budget", 1, LS_NONE, LS_NONE, 25, 2},
    {"no limit on moves", LS_NONE, 25, 10, 25, 2},
    {"no window", 1, 25, 10, 25, LS_NONE},
    {"no window, 2 moves, rooms of 1 %", 2, 1, 10, 25, LS_NONE},
};

static void set_limits(struct bench *bench, size_t i)
{
    bench->policy.moves_per_day = limits[i].moves;
    bench->policy.moves_per_week = LS_NONE;
    bench->policy.alpha_percent = limits[i].alpha_percent;
    bench->policy.load_shift_percent = limits[i].load_shift_percent;
    bench->policy.peak_reduction_percent = limits[i].peak_reduction_percent;
    bench->policy.shift_window_hours = limits[i].window_hours;
}

static void measure_limits(struct bench *bench)
{
    printf("\nThe same day under other limits, solve alone\n");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        set_limits(bench, i);
        row(limits[i].what, measure(bench, solve, RUNS), 0);
    }
}

static void measure_growth(struct bench *bench)
{
    static const size_t homes[] = {1650, 16500, HOMES};
    printf("\nSums, order and solve as homes grow, 1 move a day\n");
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        use_homes(bench, homes[i]);
        double seconds = measure(bench, solve_anew, RUNS);
        printf("  %6zu homes %36.3f ms %9.1f ns a home\n", homes[i], 1e3 * seconds,
               1e9 * seconds / (double)homes[i]);
    }
}

/* ---- against the turns ---- */

static bool same(const struct ls_plan *a, const struct ls_plan *b)
{
    for (size_t m = 0; m < a->n_moves && m < b->n_moves; m++) {
        const struct ls_move *x = &a->moves[m], *y = &b->moves[m];
        if (x->customer != y->customer || x->source != y->source || x->destination != y->destination ||
            memcmp(&x->kwh, &y->kwh, sizeof x->kwh) != 0 || x->limited_by != y->limited_by)
            return false;
    }
    return a->n_moves == b->n_moves &&
           memcmp(&a->saved_marg_g, &b->saved_marg_g, sizeof a->saved_marg_g) == 0 &&
           memcmp(&a->saved_avg_g, &b->saved_avg_g, sizeof a->saved_avg_g) == 0 &&
           memcmp(a->limited, b->limited, sizeof a->limited) == 0 &&
           a->bound_marg_g <= b->bound_marg_g * (1 + 1e-12);
}

static int compare(struct bench *bench)
{
    int differing = 0;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct ls_plan *turns = NULL, *day = NULL;
        set_limits(bench, i);
        if (ls_solve_by_turns(&bench->day, &bench->policy, NULL, &turns, NULL) != 0 ||
            ls_solve(&bench->day, &bench->policy, NULL, &day, NULL) != 0)
            exit(1);
        bool is_same = same(turns, day);
        differing += !is_same;
        printf("  %-44s %8zu moves, %.6f and %.6f of the bounds: %s\n", limits[i].what, day->n_moves,
               turns->saved_marg_g / turns->bound_marg_g, day->saved_marg_g / day->bound_marg_g,
               is_same ? "same" : "DIFFERENT");
        ls_plan_destroy(turns);
        ls_plan_destroy(day);
    }
    return differing > 0;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    ls_memory_keep();
    make(&bench);
    use_homes(&bench, HOMES);
    if (argc > 1 && strcmp(argv[1], "compare") == 0)
        return compare(&bench);
    measure_solve(&bench);
    measure_limits(&bench);
    set_limits(&bench, 0);
    measure_growth(&bench);
    return 0;
}
