/*
 * The greedy engine over a whole city-day must come to the plan of its turns, bit for bit, on any day at all.
 *
 * Days are made up without a file, so that there can be many and odd ones. The turns (ls_solve_by_turns())
 * are the oracle; they have tests of their own in test_solve.c. With a number as argument, as many days are
 * tried: test_greedy_day 100000.
 */
#include "../support/support.h"

#include "solve/serve.h"

#include <pthread.h>

#define SLOTS_MOST 100
#define HOMES_MOST 400

static size_t days_to_try = 3000;

/* A city-day without a dataset; its arrays are its own. */
struct made {
    struct ls_cityday day;
    struct ls_city_policy city;
    struct ls_policy policy;
    int32_t *usage;
    double *floor_kwh;
    uint32_t *customer;
    float *avail_kwh;
    int64_t day_quanta[HOMES_MOST], slot_quanta[SLOTS_MOST];
    bool whole[HOMES_MOST];
    double mef[SLOTS_MOST], aef[SLOTS_MOST];
    int wall_minute[SLOTS_MOST], quota_left[HOMES_MOST];
    struct ls_solve_options options;
};

static uint64_t below(struct ls_random *random, uint64_t n)
{
    return ls_random_below(random, n);
}

static double uniform(struct ls_random *random)
{
    return (double)(ls_random_next(random) >> 11) * 0x1p-53;
}

#define ONE_OF(random, array) ((array)[below(random, sizeof(array) / sizeof *(array))])

/* Half-hours mostly; an hour may be left out or occur twice. */
static void make_clock(struct ls_random *random, struct made *made)
{
    static const int minutes[] = {30, 30, 30, 15, 60}, odd[] = {-60, 0, 0, 60};
    struct ls_cityday *day = &made->day;
    day->slot_minutes = ONE_OF(random, minutes);
    int in_hour = 60 / day->slot_minutes, whole_day = 24 * in_hour, jump = ONE_OF(random, odd);
    int n = whole_day + jump / day->slot_minutes;
    if (below(random, 3) == 0) {
        n = 1 + (int)below(random, (uint64_t)n);
        jump = 0;
    }
    day->n_slots = n < SLOTS_MOST ? n : SLOTS_MOST;
    for (int t = 0; t < day->n_slots; t++)
        made->wall_minute[t] =
            (t * day->slot_minutes - (t >= 2 * in_hour ? jump : 0)) % 1440; /* after two hours of the day */
}

static void make_factors(struct ls_random *random, struct made *made)
{
    uint64_t kind = below(random, 6), gaps = below(random, 3);
    double base = floor(900 * uniform(random)) - 50;
    for (int t = 0; t < made->day.n_slots; t++) {
        double *mef = &made->mef[t];
        *mef = kind == 0   ? 100 * (double)below(random, 4)
               : kind == 1 ? base
               : kind == 2 ? base + 1e-11 * (double)below(random, 40)
               : kind == 3 ? base + 1e-8 * (double)below(random, 20)
                           : 900 * uniform(random) - 50;
        if (kind == 4 && t % 2 == 1)
            *mef = made->mef[t - 1];
        made->aef[t] = floor(900 * uniform(random));
        if (gaps == 0 && below(random, 10) == 0)
            *mef = made->aef[t] = NAN;
    }
}

static int32_t make_reading(struct ls_random *random, uint64_t kind, uint64_t missing)
{
    if (below(random, 100) < missing)
        return LS_MISSING;
    switch (kind) {
    case 0:
        return 250000 * (int32_t)below(random, 3);
    case 1:
        return (int32_t)below(random, 8);
    case 2:
        return below(random, 4) == 0 ? 500000 + (int32_t)below(random, 3) : 0;
    case 3:
        return below(random, 50) == 0 ? INT32_MAX : (int32_t)below(random, 1000000);
    default:
        return (int32_t)(2e6 * uniform(random) * uniform(random));
    }
}

static double make_floor(struct ls_random *random, uint64_t kind)
{
    return kind == 0   ? 0
           : kind == 1 ? 0.25
           : kind == 2 ? 0.5 * uniform(random)
                       : 1e-6 * (double)below(random, 4);
}

static void make_readings(struct ls_random *random, struct made *made)
{
    struct ls_cityday *day = &made->day;
    size_t n = day->n_customers, slots = (size_t)day->n_slots;
    uint64_t kind = below(random, 7), floors = below(random, 4), missing = below(random, 3) == 0 ? 5 : 0;
    day->quanta_per_kwh = below(random, 4) == 0 ? 1e3 : 1e6;
    memset(made->slot_quanta, 0, sizeof made->slot_quanta);
    for (size_t h = 0; h < n * LS_HOURS_A_DAY; h++)
        made->floor_kwh[h] = make_floor(random, floors);
    for (size_t cell = 0; cell < ls_cityday_tile_cells(day->n_slots, n); cell++)
        made->usage[cell] = LS_MISSING;
    for (size_t i = 0; i < n; i++) {
        made->day_quanta[i] = 0;
        made->whole[i] = true;
        for (size_t t = 0; t < slots; t++) {
            int32_t reading = make_reading(random, kind, missing);
            made->usage[ls_cityday_tile_place(day->n_slots, i, (int)t)] = reading;
            made->whole[i] = made->whole[i] && reading != LS_MISSING;
            made->day_quanta[i] += reading == LS_MISSING ? 0 : reading;
            made->slot_quanta[t] += reading == LS_MISSING ? 0 : reading;
        }
    }
    for (size_t i = 0; i < n; i++)
        for (int t = 0; t < day->n_slots; t++)
            made->avail_kwh[ls_cityday_tile_place(day->n_slots, i, t)] =
                (float)ls_cityday_avail_kwh(day, i, t);
}

static void make_policy(struct ls_random *random, struct made *made)
{
    static const int moves[] = {0, 1, 1, 2, 2, 3, 7, LS_NONE};
    static const double windows[] = {0, 0.5, 2, 2, 3.25, LS_NONE}, peaks[] = {0, 10, 25, 60, LS_NONE},
                        budgets[] = {0, 0.001, 0.5, 3, 10, LS_NONE},
                        alphas[] = {0, 0.001, 1, 5, 25, 200, LS_NONE};
    struct ls_policy *policy = &made->policy;
    policy->moves_per_day = ONE_OF(random, moves);
    policy->moves_per_week = below(random, 3) == 0 ? (int)below(random, 4) : LS_NONE;
    policy->shift_window_hours = ONE_OF(random, windows);
    policy->shift_window_inclusive = below(random, 2) == 0;
    policy->day_open_minute = below(random, 4) == 0 ? 390 : 0;
    policy->day_close_minute = below(random, 4) == 0 ? 1320 : 1440;
    policy->slot_minutes = made->day.slot_minutes;
    policy->peak_reduction_percent = ONE_OF(random, peaks);
    policy->peak_unit = below(random, 3) == 0 ? LS_PEAK_SLOT : LS_PEAK_HOUR;
    policy->peak_scope = below(random, 3) == 0 ? LS_PEAK_PER_CITY : LS_PEAK_PER_CUSTOMER;
    policy->load_shift_percent = ONE_OF(random, budgets);
    policy->alpha_percent = ONE_OF(random, alphas);
    policy->min_fraction_of_day = below(random, 20) == 0 ? 0.01 : LS_NONE;
    policy->engine = LS_ENGINE_GREEDY;
    for (int d = 0; d < LS_DAYS_A_WEEK; d++)
        made->city.peak_hours[d] = (uint32_t)(ls_random_next(random) & ls_random_next(random)) & 0xffffff;
    made->options = (struct ls_solve_options){0};
    for (size_t i = 0; i < made->day.n_customers; i++)
        made->quota_left[i] = (int)below(random, 5) + LS_NONE;
    if (below(random, 3) == 0)
        made->options.quota_left = made->quota_left;
}

static void make(struct ls_random *random, struct made *made, size_t homes)
{
    struct ls_cityday *day = &made->day;
    memset(made, 0, sizeof *made);
    make_clock(random, made);
    day->city = "X";
    day->n_customers = homes;
    /* Exactly as long as they need be, so that a sanitizer sees who reads beyond. */
    made->usage = calloc(ls_cityday_tile_cells(day->n_slots, homes), sizeof *made->usage);
    made->floor_kwh = calloc(homes * LS_HOURS_A_DAY, sizeof *made->floor_kwh);
    made->customer = calloc(homes, sizeof *made->customer);
    made->avail_kwh = calloc(ls_cityday_tile_cells(day->n_slots, homes), sizeof *made->avail_kwh);
    assert_true(made->usage != NULL && made->floor_kwh != NULL && made->avail_kwh != NULL &&
                made->customer != NULL);
    for (size_t i = 0; i < homes; i++)
        made->customer[i] = (uint32_t)i;
    day->usage = made->usage;
    day->floor_kwh = made->floor_kwh;
    day->customer = made->customer;
    day->avail_kwh = made->avail_kwh;
    day->day_quanta = made->day_quanta;
    day->slot_quanta = made->slot_quanta;
    day->whole = made->whole;
    day->mef_g_per_kwh = made->mef;
    day->aef_g_per_kwh = made->aef;
    day->wall_minute = made->wall_minute;
    strcpy(made->city.name, "X");
    made->city.daily_load_kwh = LS_NONE;
    ls_policy_init(&made->policy);
    made->policy.cities = &made->city;
    made->policy.n_cities = 1;
    make_factors(random, made);
    make_readings(random, made);
    make_policy(random, made);
    for (int t = 0; t < day->n_slots; t++)
        day->daily_load_kwh += (double)made->slot_quanta[t] / day->quanta_per_kwh;
}

static void release(struct made *made)
{
    free(made->usage);
    free(made->floor_kwh);
    free(made->customer);
    free(made->avail_kwh);
}

/* ---- the same plan ---- */

#define SAME(what) (memcmp(&a->what, &b->what, sizeof a->what) == 0)

static bool same_move(const struct ls_move *a, const struct ls_move *b)
{
    return SAME(customer) && SAME(source) && SAME(destination) && SAME(kwh) && SAME(limited_by);
}

static bool same_customer(const struct ls_customer_result *a, const struct ls_customer_result *b)
{
    return SAME(moved_kwh) && SAME(saved_marg_g) && SAME(saved_avg_g) && SAME(sources) && SAME(quota_left);
}

static bool same_slot(const struct ls_slot_result *a, const struct ls_slot_result *b)
{
    return SAME(baseline_kwh) && SAME(out_kwh) && SAME(in_kwh) && SAME(room_kwh) && SAME(peak) &&
           SAME(spike_binds);
}

static bool same_totals(const struct ls_plan *a, const struct ls_plan *b)
{
    return SAME(engine) && SAME(outcome) && SAME(n_moves) && SAME(n_customers) && SAME(n_slots) &&
           SAME(customers_served) && SAME(customers_moving) && SAME(customers_no_quota) &&
           SAME(moves_disagreeing) && SAME(baseline_kwh) && SAME(uncovered_kwh) && SAME(moved_kwh) &&
           SAME(baseline_marg_g) && SAME(baseline_avg_g) && SAME(saved_marg_g) && SAME(saved_avg_g) &&
           SAME(budget_kwh) && SAME(budget_used_kwh) && SAME(limited);
}

/* What differs first, or NULL. */
static const char *difference(const struct ls_plan *a, const struct ls_plan *b)
{
    for (size_t m = 0; m < a->n_moves && m < b->n_moves; m++)
        if (!same_move(&a->moves[m], &b->moves[m]))
            return "a move";
    if (!same_totals(a, b))
        return "a total";
    for (size_t i = 0; i < a->n_customers; i++)
        if (!same_customer(&a->customers[i], &b->customers[i]))
            return "a customer";
    for (int t = 0; t < a->n_slots; t++)
        if (!same_slot(&a->slots[t], &b->slots[t]))
            return "a slot";
    return NULL;
}

/*
 * The bound of the whole day is rounded up by a few parts in a million. It takes a slot that a customer has
 * no reading of for one that the customer could use, so only where all are known it is no looser than that.
 */
static bool is_near_bound(const struct ls_cityday *day, double turns_g, double day_g)
{
    bool whole = true;
    for (size_t i = 0; i < day->n_customers; i++)
        whole = whole && day->whole[i];
    return day_g >= turns_g - 1e-9 && (!whole || day_g <= turns_g * (1 + 1e-5) + 1e-9);
}

/* Solves both ways; returns the number of moves. */
static size_t assert_same(const struct ls_cityday *day, const struct ls_policy *policy,
                          const struct ls_solve_options *options, uint64_t number)
{
    struct ls_plan *turns = NULL, *whole = NULL;
    assert_int_equal(ls_solve_by_turns(day, policy, options, &turns, NULL), 0);
    assert_int_equal(ls_solve(day, policy, options, &whole, NULL), 0);
    const char *what = difference(turns, whole);
    if (what == NULL && !is_near_bound(day, turns->bound_marg_g, whole->bound_marg_g))
        what = "the bound";
    if (what != NULL)
        fail_msg("day %llu: %s differs; %zu and %zu moves, %.17g and %.17g g, bounds %.17g and %.17g",
                 (unsigned long long)number, what, turns->n_moves, whole->n_moves, turns->saved_marg_g,
                 whole->saved_marg_g, turns->bound_marg_g, whole->bound_marg_g);
    size_t moves = whole->n_moves;
    ls_plan_destroy(turns);
    ls_plan_destroy(whole);
    return moves;
}

/* ---- tests ---- */

static void any_day_has_the_plan_of_its_turns(void **state)
{
    (void)state;
    static struct made made;
    size_t moves = 0;
    for (uint64_t number = 0; number < days_to_try; number++) {
        struct ls_random random = ls_random_seed(7, "city-days", (int64_t)number);
        make(&random, &made,
             below(&random, 8) == 0 ? 1 + below(&random, HOMES_MOST) : 1 + below(&random, 40));
        moves += assert_same(&made.day, &made.policy, &made.options, number);
        release(&made);
    }
    assert_true(moves > days_to_try); /* the days are worth comparing */
}

/* These come from readings, so that the independent check can judge them. */
static void days_of_readings_have_the_plan_of_their_turns(void **state)
{
    (void)state;
    static const int minutes[] = {15, 30, 60};
    for (uint64_t number = 0; number < 60; number++) {
        struct ls_random random = ls_random_seed(8, "readings", (int64_t)number);
        struct ls_policy policy;
        int slot_minutes = ONE_OF(&random, minutes);
        struct ls_dataset *dataset = support_random_day(&random, 1 + below(&random, 25), slot_minutes);
        support_random_policy(&random, &policy);
        policy.slot_minutes = slot_minutes;
        struct support_solved solved = support_solve(dataset, &policy, "X", SUPPORT_MONDAY);
        support_assert_sound(dataset, &policy, solved.day, NULL, solved.plan);
        assert_same(solved.day, &policy, NULL, number);
        support_release(&solved);
        ls_policy_clear(&policy);
        ls_dataset_destroy(dataset);
    }
}

static void a_day_cancelled_at_once_serves_nobody(void **state)
{
    (void)state;
    static struct made made;
    atomic_bool cancel = true;
    struct ls_random random = ls_random_seed(9, "cancelled", 0);
    make(&random, &made, 100);
    made.options.cancel = &cancel;
    assert_same(&made.day, &made.policy, &made.options, 0);
    struct ls_plan *plan = NULL;
    assert_int_equal(ls_solve(&made.day, &made.policy, &made.options, &plan, NULL), 0);
    assert_int_equal(plan->outcome, LS_OUTCOME_CANCELLED);
    assert_int_equal(plan->customers_served, 0);
    ls_plan_destroy(plan);
    release(&made);
}

/* Cancels after so many turns of an empty loop. */
struct canceller {
    atomic_bool cancel;
    uint64_t turns;
};

static void *cancel_later(void *argument)
{
    struct canceller *canceller = argument;
    for (volatile uint64_t i = 0; i < canceller->turns; i++)
        ;
    atomic_store(&canceller->cancel, true);
    return NULL;
}

static void a_cancelled_day_keeps_the_moves_of_whom_it_served(void **state)
{
    (void)state;
    static struct made made;
    struct ls_random random = ls_random_seed(10, "cancelled", 0);
    make(&random, &made, HOMES_MOST);
    struct ls_plan *all = NULL;
    assert_int_equal(ls_solve(&made.day, &made.policy, &made.options, &all, NULL), 0);
    for (uint64_t turns = 0; turns < 400; turns++) {
        struct canceller canceller = {.cancel = false, .turns = below(&random, 20000)};
        struct ls_plan *plan = NULL;
        pthread_t thread;
        made.options.cancel = &canceller.cancel;
        assert_int_equal(pthread_create(&thread, NULL, cancel_later, &canceller), 0);
        assert_int_equal(ls_solve(&made.day, &made.policy, &made.options, &plan, NULL), 0);
        pthread_join(thread, NULL);
        size_t served = plan->customers_served;
        assert_int_equal(plan->outcome, served < HOMES_MOST ? LS_OUTCOME_CANCELLED : LS_OUTCOME_COMPLETE);
        for (size_t m = 0; m < plan->n_moves; m++)
            assert_true(same_move(&plan->moves[m], &all->moves[m]) && plan->moves[m].customer < served);
        for (size_t i = 0; i < HOMES_MOST; i++)
            assert_true(i < served ? same_customer(&plan->customers[i], &all->customers[i])
                                   : plan->customers[i].moved_kwh == 0 && plan->customers[i].sources == 0);
        ls_plan_destroy(plan);
    }
    ls_plan_destroy(all);
    release(&made);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_day_has_the_plan_of_its_turns),
        cmocka_unit_test(days_of_readings_have_the_plan_of_their_turns),
        cmocka_unit_test(a_day_cancelled_at_once_serves_nobody),
        cmocka_unit_test(a_cancelled_day_keeps_the_moves_of_whom_it_served),
    };
    if (argc > 1)
        days_to_try = strtoull(argv[1], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
