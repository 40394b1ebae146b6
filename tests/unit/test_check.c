/*
 * The independent check: silent on what the engines plan, and naming the very limit that a spoilt plan
 * breaks.
 *
 * Limits are broken in two ways: a plan made under loose limits is checked against one stricter value, and a
 * copy of a plan is changed by hand.
 */
#include <loadscope/plan.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SMALL    "tests/fixtures/golden/small/"
#define NAMES    64
#define LONG_DAY 50 /* slots of a day that is set back an hour */

struct world {
    struct ls_dataset *dataset;
    ls_zone *zone;
};

/* Names of the limits reported, each once, with the first report of each. */
struct names {
    size_t n;
    struct ls_violation first[NAMES];
};

static void note(void *user, const struct ls_violation *violation)
{
    struct names *names = user;
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->first[i].limit, violation->limit) == 0)
            return;
    assert_true(names->n < NAMES);
    names->first[names->n++] = *violation;
}

static const struct ls_violation *named(const struct names *names, const char *limit)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->first[i].limit, limit) == 0)
            return &names->first[i];
    return NULL;
}

static void load(struct world *world, const char *path, const char *timezone)
{
    struct ls_load_options options = {.slot_minutes = 30, .timezone = timezone};
    struct ls_error error = {0};
    char text[512];
    if (ls_dataset_load(&path, 1, &options, &world->dataset, &error) != LS_OK)
        fail_msg("%s", ls_error_text(&error, text, sizeof text));
}

static int open_small(void **state)
{
    static struct world world;
    load(&world, SMALL "readings.csv.gz", "auto");
    assert_int_equal(ls_dataset_zone(world.dataset, "Asia/Kolkata", &world.zone, NULL), LS_OK);
    *state = &world;
    return 0;
}

static int close_small(void **state)
{
    struct world *world = *state;
    ls_zone_close(world->zone);
    ls_dataset_destroy(world->dataset);
    return 0;
}

static void read_policy(struct ls_policy *policy, const char *path)
{
    ls_policy_init(policy);
    assert_int_equal(ls_scenario_read(path, policy, NULL), LS_OK);
}

/* "" sets nothing; several assignments are separated by commas. */
static void set(struct ls_policy *policy, const char *assignments)
{
    char text[400], *rest = text;
    struct ls_error error = {0};
    snprintf(text, sizeof text, "%s", assignments);
    for (char *one; (one = strtok_r(rest, ",", &rest)) != NULL;)
        if (ls_policy_assign(policy, one, &error) != LS_OK)
            fail_msg("%s: %s", one, error.message);
}

static void solve(const struct world *world, const struct ls_policy *policy, const char *city, int32_t date,
                  struct ls_cityday **day, struct ls_plan **plan)
{
    struct ls_error error = {0};
    if (ls_cityday_create(world->dataset, world->zone, policy, city, date, day, &error) != LS_OK ||
        ls_solve(*day, policy, NULL, plan, &error) != LS_OK)
        fail_msg("%s", error.message);
}

static struct names check(const struct world *world, const struct ls_policy *policy,
                          const struct ls_cityday *day, const int *quota_left, const struct ls_plan *plan)
{
    struct names names = {0};
    size_t n = ls_check(world->dataset, world->zone, policy, day, quota_left, plan, note, &names);
    assert_true((n == 0) == (names.n == 0));
    return names;
}

static void assert_clean(const struct world *world, const struct ls_policy *policy, const char *what)
{
    size_t moves = 0;
    for (size_t c = 0; c < world->dataset->n_cities; c++) {
        const char *city = world->dataset->cities[c].name;
        int32_t *dates;
        size_t n_dates;
        assert_int_equal(ls_city_dates(world->dataset, world->zone, city, &dates, &n_dates, NULL), LS_OK);
        for (size_t d = 0; d < n_dates; d++) {
            struct ls_cityday *day;
            struct ls_plan *plan;
            solve(world, policy, city, dates[d], &day, &plan);
            struct names names = check(world, policy, day, NULL, plan);
            if (names.n > 0)
                fail_msg("%s, %s, date %d: %s at slot %d by %g", what, city, dates[d], names.first[0].limit,
                         names.first[0].slot, names.first[0].amount);
            moves += plan->n_moves;
            ls_plan_destroy(plan);
            ls_cityday_destroy(day);
        }
        free(dates);
    }
    assert_true(moves > 0);
}

static void plans_of_the_engines_are_clean(void **state)
{
    static const char *const engines[] = {"run.engine=greedy", "run.engine=milp", "run.engine=lp"};
    static const char *const variants[] = {
        "",
        "peak.limit_scope=slot",
        "peak.reduction_scope=per_city,peak.reduction_limit_percent=5",
        "peak.reduction_limit_percent=none",
        "household_minimum.baseline_type=none",
        "household_minimum.baseline_type=absolute_min,household_minimum.R_percent=40",
        "household_minimum.baseline_period=week,household_minimum.robust_max_percentile=50",
        "household_minimum.baseline_period=day,household_minimum.R_percent=none",
        "household_minimum.baseline_period=month",
        "behaviour.shift_window_inclusive=no,behaviour.day_boundaries=07:00-22:15",
        "behaviour.shift_window_hours=none,behaviour.moves_per_day=none,behaviour.moves_per_week=none",
        "regional.load_shift_percent_limit=none,spike.alpha_percent=none",
        "regional.load_shift_percent_limit=0.5,spike.alpha_percent=1",
        "regional_daily_load_kwh.delhi=auto",
        "run.min_fraction_of_day=0.02,spike.alpha_percent=8",
        "run.shuffle_order=yes,run.seed=5,behaviour.moves_per_week=1",
        "behaviour.moves_per_week=0",
    };
    static const char *const scenarios[] = {SMALL "restricted/scenario.ini", SMALL "lax/scenario.ini"};
    for (size_t e = 0; e < 3; e++)
        for (size_t v = 0; v < sizeof variants / sizeof variants[0]; v++)
            for (size_t s = 0; s < 2; s++) {
                struct ls_policy policy;
                read_policy(&policy, scenarios[s]);
                set(&policy, engines[e]);
                set(&policy, variants[v]);
                if (policy.moves_per_week != 0 || e == LS_ENGINE_LP)
                    assert_clean(*state, &policy, variants[v]);
                ls_policy_clear(&policy);
            }
}

/* One value of the policy that the plan below breaks, and the limit to be named for it. */
struct stricter {
    const char *assignment, *limit;
    bool of_city; /* the report names no customer */
};

static void a_stricter_policy_names_its_own_limit(void **state)
{
    static const struct stricter rows[] = {
        {"behaviour.moves_per_day=1", "moves a day", false},
        {"behaviour.moves_per_week=1", "moves a week", false},
        {"behaviour.shift_window_hours=1", "window", false},
        {"behaviour.shift_window_inclusive=no", "window", false},
        {"behaviour.day_boundaries=09:00-17:00", "hours", false},
        {"peak.reduction_limit_percent=2", "peak", false},
        {"peak.reduction_limit_percent=0", "peak", false},
        {"peak.reduction_scope=per_city,peak.reduction_limit_percent=1", "peak", true},
        {"household_minimum.R_percent=90", "floor", false},
        {"household_minimum.baseline_type=average", "floor", false},
        {"household_minimum.epsilon_floor_kwh=0.3", "floor", false},
        {"spike.alpha_percent=0.5", "spike", true},
        {"regional_daily_load_kwh.delhi=20", "budget", true},
        {"run.min_fraction_of_day=0.2", "smallest move", false},
        {"run.engine=milp", "engine", true},
    };
    const char *loose = "household_minimum.baseline_type=absolute_min,household_minimum.R_percent=1,"
                        "regional_daily_load_kwh.delhi=1e5,behaviour.moves_per_day=2";
    struct ls_cityday *day;
    struct ls_plan *plan;
    struct ls_policy policy, strict;
    int32_t date;
    assert_true(ls_date_parse("2022-05-04", &date));
    read_policy(&policy, SMALL "lax/scenario.ini");
    set(&policy, loose);
    solve(*state, &policy, "delhi", date, &day, &plan);
    assert_int_equal(check(*state, &policy, day, NULL, plan).n, 0);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        ls_policy_init(&strict);
        assert_int_equal(ls_policy_copy(&strict, &policy, NULL), LS_OK);
        set(&strict, rows[r].assignment);
        struct names names = check(*state, &strict, day, NULL, plan);
        const struct ls_violation *found = named(&names, rows[r].limit);
        if (!found)
            fail_msg("%s does not name '%s'", rows[r].assignment, rows[r].limit);
        assert_true(rows[r].of_city == (found->id == NULL));
        assert_true(found->amount >= 0);     /* 0: exactly H apart, which an exclusive window forbids */
        for (size_t i = 0; i < names.n; i++) /* no other limit but what follows from it */
            if (strcmp(names.first[i].limit, rows[r].limit) != 0 &&
                strncmp(names.first[i].limit, "total ", 6) != 0 &&
                strcmp(names.first[i].limit, "limited by") != 0)
                fail_msg("%s names '%s' too", rows[r].assignment, names.first[i].limit);
        ls_policy_clear(&strict);
    }
    int *none_left = calloc(day->n_customers, sizeof *none_left);
    struct names names = check(*state, &policy, day, none_left, plan);
    assert_non_null(named(&names, "moves a week"));
    free(none_left);
    ls_plan_destroy(plan);
    ls_cityday_destroy(day);
    ls_policy_clear(&policy);
}

/* A greedy plan and a copy of it to spoil. */
struct bench {
    const struct world *world;
    struct ls_policy policy;
    struct ls_cityday *day;
    struct ls_plan *made;
    struct ls_plan plan;
    struct ls_move *moves; /* one more than there are */
    struct ls_customer_result *customers;
    struct ls_slot_result *slots;
};

static void restore(struct bench *bench)
{
    const struct ls_plan *made = bench->made;
    bench->plan = *made;
    memcpy(bench->moves, made->moves, made->n_moves * sizeof *made->moves);
    memcpy(bench->customers, made->customers, made->n_customers * sizeof *made->customers);
    memcpy(bench->slots, made->slots, (size_t)made->n_slots * sizeof *made->slots);
    bench->plan.moves = bench->moves;
    bench->plan.customers = bench->customers;
    bench->plan.slots = bench->slots;
}

static int open_bench(void **state)
{
    static struct bench bench;
    int32_t date;
    void *world;
    open_small(&world);
    bench.world = world;
    assert_true(ls_date_parse("2022-05-05", &date));
    read_policy(&bench.policy, SMALL "lax/scenario.ini");
    solve(bench.world, &bench.policy, "delhi", date, &bench.day, &bench.made);
    bench.moves = calloc(bench.made->n_moves + 1, sizeof *bench.moves);
    bench.customers = calloc(bench.made->n_customers, sizeof *bench.customers);
    bench.slots = calloc((size_t)bench.made->n_slots, sizeof *bench.slots);
    restore(&bench);
    assert_true(bench.plan.n_moves > 10);
    *state = &bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    void *world = (void *)(uintptr_t)bench->world;
    free(bench->moves);
    free(bench->customers);
    free(bench->slots);
    ls_plan_destroy(bench->made);
    ls_cityday_destroy(bench->day);
    ls_policy_clear(&bench->policy);
    return close_small(&world);
}

/* The spoilt copy must be reported under @p limit; it is restored, and clean again, afterwards. */
static void assert_names(struct bench *bench, const char *limit)
{
    struct names names = check(bench->world, &bench->policy, bench->day, NULL, &bench->plan);
    if (!named(&names, limit))
        fail_msg("'%s' is not named", limit);
    restore(bench);
    assert_int_equal(check(bench->world, &bench->policy, bench->day, NULL, &bench->plan).n, 0);
}

static void moves_that_make_no_sense(void **state)
{
    struct bench *bench = *state;
    const double bad_kwh[] = {NAN, INFINITY, -INFINITY, 0, -0.1};
    for (size_t i = 0; i < sizeof bad_kwh / sizeof bad_kwh[0]; i++) {
        bench->moves[3].kwh = bad_kwh[i];
        assert_names(bench, "kwh");
    }
    const int16_t bad_slot[] = {-1, INT16_MIN, INT16_MAX, (int16_t)bench->plan.n_slots};
    for (size_t i = 0; i < sizeof bad_slot / sizeof bad_slot[0]; i++) {
        bench->moves[0].source = bad_slot[i];
        assert_names(bench, "slot");
        bench->moves[0].destination = bad_slot[i];
        assert_names(bench, "slot");
    }
    bench->moves[0].destination = bench->moves[0].source;
    assert_names(bench, "slot");
    bench->moves[0].customer = (uint32_t)bench->day->n_customers;
    assert_names(bench, "customer");
    bench->moves[0].customer = UINT32_MAX;
    assert_names(bench, "customer");
}

static void moves_beyond_their_limits(void **state)
{
    struct bench *bench = *state;
    struct ls_move *move = &bench->moves[2];
    double used = ls_cityday_kwh(bench->day, move->customer, move->source);
    move->kwh = used + 1e-5;
    assert_names(bench, "baseline");
    move->kwh = used;
    assert_names(bench, "floor");

    int16_t source = move->source;
    move->source = move->destination;
    move->destination = source;
    assert_names(bench, "not cleaner");

    move = &bench->moves[bench->plan.n_moves++]; /* half of the first goes elsewhere */
    *move = bench->moves[0];
    move->kwh = bench->moves[0].kwh /= 2;
    move->destination = (int16_t)(move->destination + (move->destination > 0 ? -1 : 1));
    assert_names(bench, "one destination");

    move = &bench->moves[0];
    move->limited_by = LS_LIMIT_OUTBID;
    assert_names(bench, "limited by");
    for (size_t m = 0; m < bench->plan.n_moves; m++)
        if (bench->moves[m].limited_by == LS_LIMIT_ROOM)
            move = &bench->moves[m];
    assert_int_equal(move->limited_by, LS_LIMIT_ROOM);
    move->limited_by = LS_LIMIT_WHOLE;
    assert_names(bench, "limited by");
}

/* Everything in the tolerance passes, whatever is a little more does not. */
static void the_tolerance_is_a_thousandth_of_a_watt_hour(void **state)
{
    struct bench *bench = *state;
    for (size_t m = 0; m < bench->plan.n_moves; m++) {
        if (bench->moves[m].limited_by != LS_LIMIT_FLOOR)
            continue;
        bench->moves[m].kwh += 0.9 * LS_CHECK_TOLERANCE_KWH;
        struct names names = check(bench->world, &bench->policy, bench->day, NULL, &bench->plan);
        assert_null(named(&names, "floor"));
        bench->moves[m].kwh += 0.2 * LS_CHECK_TOLERANCE_KWH;
        assert_names(bench, "floor");
        return;
    }
    fail_msg("no move is limited by a floor");
}

static void slots_without_readings_or_factors(void **state)
{
    struct bench *bench = *state;
    struct world world = *bench->world;
    struct ls_city *cities = calloc(world.dataset->n_cities, sizeof *cities);
    int32_t *usage = malloc(world.dataset->n_readings * sizeof *usage);
    struct ls_dataset dataset = *world.dataset;
    memcpy(cities, dataset.cities, dataset.n_cities * sizeof *cities);
    memcpy(usage, dataset.usage, dataset.n_readings * sizeof *usage);
    dataset.cities = cities;
    dataset.usage = usage;

    /* the reading at the destination of the first move becomes unknown */
    const struct ls_move *move = &bench->plan.moves[0];
    const struct ls_customer *customer = &dataset.customers[bench->day->customer[move->customer]];
    int32_t minute = (int32_t)(ls_cityday_instant(bench->day, move->destination) / 60);
    size_t reading = ls_dataset_seek(&dataset, customer, minute);
    assert_int_equal(dataset.minute[reading], minute);
    usage[reading] = LS_MISSING;
    world.dataset = &dataset;
    struct names names = check(&world, &bench->policy, bench->day, NULL, &bench->plan);
    assert_non_null(named(&names, "missing"));
    assert_int_equal(named(&names, "missing")->slot, move->destination);
    assert_string_equal(named(&names, "missing")->id, customer->id);
    usage[reading] = bench->world->dataset->usage[reading];

    for (size_t c = 0; c < dataset.n_cities; c++) /* no city has factors */
        cities[c].n_factors = 0;
    names = check(&world, &bench->policy, bench->day, NULL, &bench->plan);
    assert_non_null(named(&names, "missing"));
    assert_non_null(named(&names, "total uncovered_kwh"));
    free(cities);
    free(usage);
}

static void a_list_of_customers_that_leaves_one_out(void **state)
{
    struct bench *bench = *state;
    struct ls_cityday short_day = *bench->day;
    short_day.n_customers--;
    struct names names = check(bench->world, &bench->policy, &short_day, NULL, &bench->plan);
    assert_non_null(named(&names, "customers"));
    assert_string_equal(named(&names, "customers")->id, bench->day->id[short_day.n_customers]);
}

static void totals_that_do_not_follow_from_the_moves(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *limit;
        size_t offset;
    } reals[] =
        {
            {"total baseline_kwh", offsetof(struct ls_plan, baseline_kwh)},
            {"total uncovered_kwh", offsetof(struct ls_plan, uncovered_kwh)},
            {"total moved_kwh", offsetof(struct ls_plan, moved_kwh)},
            {"total baseline_marg_g", offsetof(struct ls_plan, baseline_marg_g)},
            {"total baseline_avg_g", offsetof(struct ls_plan, baseline_avg_g)},
            {"total saved_marg_g", offsetof(struct ls_plan, saved_marg_g)},
            {"total saved_avg_g", offsetof(struct ls_plan, saved_avg_g)},
            {"total budget_kwh", offsetof(struct ls_plan, budget_kwh)},
            {"total budget_used_kwh", offsetof(struct ls_plan, budget_used_kwh)},
        },
      counts[] =
          {
              {"total customers_served", offsetof(struct ls_plan, customers_served)},
              {"total customers_moving", offsetof(struct ls_plan, customers_moving)},
              {"total customers_no_quota", offsetof(struct ls_plan, customers_no_quota)},
              {"total moves_disagreeing", offsetof(struct ls_plan, moves_disagreeing)},
              {"total n_customers", offsetof(struct ls_plan, n_customers)},
              {"total limited", offsetof(struct ls_plan, limited) + LS_LIMIT_FLOOR * sizeof(size_t)},
          },
      of_customer[] =
          {
              {"total moved_kwh", offsetof(struct ls_customer_result, moved_kwh)},
              {"total saved_marg_g", offsetof(struct ls_customer_result, saved_marg_g)},
              {"total saved_avg_g", offsetof(struct ls_customer_result, saved_avg_g)},
          },
      of_slot[] = {
          {"total slot baseline_kwh", offsetof(struct ls_slot_result, baseline_kwh)},
          {"total slot out_kwh", offsetof(struct ls_slot_result, out_kwh)},
          {"total slot in_kwh", offsetof(struct ls_slot_result, in_kwh)},
          {"total slot room_kwh", offsetof(struct ls_slot_result, room_kwh)},
      };
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        double *field = (double *)(void *)((char *)&bench->plan + reals[i].offset);
        *field += 0.01;
        assert_names(bench, reals[i].limit);
        *field = NAN;
        assert_names(bench, reals[i].limit);
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        ++*(size_t *)(void *)((char *)&bench->plan + counts[i].offset);
        assert_names(bench, counts[i].limit);
    }
    for (size_t i = 0; i < sizeof of_customer / sizeof of_customer[0]; i++) {
        *(double *)(void *)((char *)&bench->customers[4] + of_customer[i].offset) += 0.01;
        assert_names(bench, of_customer[i].limit);
    }
    for (size_t i = 0; i < sizeof of_slot / sizeof of_slot[0]; i++) {
        *(double *)(void *)((char *)&bench->slots[20] + of_slot[i].offset) += 0.01;
        assert_names(bench, of_slot[i].limit);
    }
    bench->customers[7].sources++;
    assert_names(bench, "total sources");
    bench->customers[7].quota_left--;
    assert_names(bench, "total quota_left");
    bench->slots[3].peak = !bench->slots[3].peak;
    assert_names(bench, "total slot peak");
    for (int t = 0; t < bench->plan.n_slots; t++)
        if (bench->slots[t].in_kwh - bench->slots[t].out_kwh < bench->slots[t].room_kwh / 2) {
            bench->slots[t].spike_binds = true;
            assert_names(bench, "total slot spike_binds");
            break;
        }
    bench->plan.n_slots--;
    assert_names(bench, "total n_slots");
    bench->plan.bound_marg_g = bench->plan.saved_marg_g - 1;
    assert_names(bench, "bound");
    bench->plan.n_moves--; /* a move is lost */
    assert_names(bench, "total moved_kwh");
}

static void a_cancelled_plan_is_clean(void **state)
{
    struct bench *bench = *state;
    const atomic_bool cancel = true;
    struct ls_solve_options options = {.cancel = &cancel};
    struct ls_plan *plan;
    assert_int_equal(ls_solve(bench->day, &bench->policy, &options, &plan, NULL), LS_OK);
    assert_int_equal(plan->outcome, LS_OUTCOME_CANCELLED);
    assert_int_equal(check(bench->world, &bench->policy, bench->day, NULL, plan).n, 0);
    plan->outcome = LS_OUTCOME_COMPLETE;
    struct names names = check(bench->world, &bench->policy, bench->day, NULL, plan);
    assert_non_null(named(&names, "total customers_served"));
    ls_plan_destroy(plan);
}

/* Three homes in London on the day the clock goes back, and the week before; 01:00 to 02:00 comes twice. */
static void write_long_day(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "ca_id,date,city,value,marginal_emissions_factor_grams_co2_per_kWh,"
                  "average_emissions_factor_grams_co2_per_kWh\n");
    int32_t sunday;
    assert_true(ls_date_parse("2013-10-27", &sunday));
    int64_t first = (int64_t)sunday * 86400 - 3600; /* midnight of summer time */
    for (int home = 0; home < 3; home++)
        for (int week = 1; week >= 0; week--)
            for (int t = 0; t < (week ? 48 : LONG_DAY); t++) {
                int64_t instant = first - week * 7 * 86400 + t * 1800;
                char stamp[LS_STAMP_SIZE];
                int32_t offset = !week && t >= 4 ? 0 : 3600;
                fprintf(file, "h%d,%s,London,%d.%03d,%d,%d\n", home, ls_stamp_format(instant, offset, stamp),
                        (t * 7 + home) % 3, (t * 131 + home * 57 + week * 400) % 1000, 300 + t * 37 % 100,
                        300 + t * 41 % 90);
            }
    fclose(file);
}

static void an_hour_that_comes_twice_is_one_peak_hour(void **state)
{
    (void)state;
    char path[] = "/tmp/loadscope-test-XXXXXX";
    int made = mkstemp(path);
    assert_true(made >= 0);
    close(made);
    write_long_day(path);
    struct world world;
    load(&world, path, "Europe/London");
    unlink(path);
    assert_int_equal(ls_zone_open("Europe/London", &world.zone, NULL), LS_OK);
    struct ls_policy policy;
    ls_policy_init(&policy);
    set(&policy,
        "behaviour.timezone=Europe/London,peak_hours.London.Sun=1,peak.reduction_limit_percent=60,"
        "behaviour.moves_per_day=none,behaviour.moves_per_week=none,household_minimum.baseline_type=none,"
        "spike.alpha_percent=none,regional.load_shift_percent_limit=none");
    struct ls_cityday *day;
    struct ls_plan *plan;
    int32_t date;
    assert_true(ls_date_parse("2013-10-27", &date));
    for (int engine = LS_ENGINE_GREEDY; engine <= LS_ENGINE_LP; engine++) {
        policy.engine = (enum ls_engine_id)engine;
        solve(&world, &policy, "London", date, &day, &plan);
        assert_int_equal(plan->n_slots, LONG_DAY);
        assert_int_equal(check(&world, &policy, day, NULL, plan).n, 0);

        /* slots 2 to 5 are the hour: what left them is at most 60 % of all four, though not of each half */
        double out = 0, used = 0;
        for (size_t m = 0; m < plan->n_moves; m++)
            if (plan->moves[m].customer == 0 && plan->moves[m].source >= 2 && plan->moves[m].source <= 5)
                out += plan->moves[m].kwh;
        for (int t = 2; t <= 5; t++)
            used += ls_cityday_kwh(day, 0, t);
        assert_true(out > 0 && out <= 0.6 * used + 1e-9);
        set(&policy, "peak.reduction_limit_percent=10");
        struct names names = check(&world, &policy, day, NULL, plan);
        assert_non_null(named(&names, "peak"));
        set(&policy, "peak.reduction_limit_percent=60");
        ls_plan_destroy(plan);
        ls_cityday_destroy(day);
    }
    ls_policy_clear(&policy);
    ls_zone_close(world.zone);
    ls_dataset_destroy(world.dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plans_of_the_engines_are_clean, open_small, close_small),
        cmocka_unit_test_setup_teardown(a_stricter_policy_names_its_own_limit, open_small, close_small),
        cmocka_unit_test_setup_teardown(moves_that_make_no_sense, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(moves_beyond_their_limits, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(the_tolerance_is_a_thousandth_of_a_watt_hour, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(slots_without_readings_or_factors, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_list_of_customers_that_leaves_one_out, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(totals_that_do_not_follow_from_the_moves, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_cancelled_plan_is_clean, open_bench, close_bench),
        cmocka_unit_test(an_hour_that_comes_twice_is_one_peak_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
