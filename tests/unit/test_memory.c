/*
 * The k-th allocation fails, for every k until the operation needs no more: once that one alone, once it and
 * all that follow.
 *
 * Each failure must be LS_ERR_MEMORY with a message, leave outputs as they were, and leave what the operation
 * works on fit for a second try that comes to the undisturbed result. Leaks are the sanitizer's to find.
 */
#include "data/load.h"
#include "fault.h"
#include "outcome.h"
#include "report/report.h"

#include <cjson/cJSON.h>
#include <unistd.h>
#include <zlib.h>

/* ---- what the operations work on ---- */

#define DAYS  4
#define SLOTS 48
#define HOMES 3
#define DAY_S INT64_C(86400)

static const char scenario[] = "[behaviour]\n"
                               "moves_per_day = 2\n"
                               "moves_per_week = 5\n"
                               "shift_window_hours = 4\n"
                               "[peak_hours.Nord]\n"
                               "Mon = 8 9 18 19\n"
                               "Thu = 8 9 18 19\n"
                               "[peak_hours.Sud]\n"
                               "Tue = 7\n"
                               "[regional_daily_load_kwh]\n"
                               "Nord = 900\n"
                               "Ost = auto\n";

struct world {
    struct support_text csv;
    struct ls_dataset *dataset;
    struct ls_policy policy;
    struct support_solved thursday;
    struct ls_answer answer; /* borrows day and plan of thursday */
    int quota_left[HOMES];
    int floor_source, floor_destination; /* a pair that the floor refuses to home 0 */
};

static void add_readings(struct support_text *csv, const char *city, int homes, int days, int slots)
{
    for (int home = 0; home < homes; home++)
        for (int t = 0; t < days * slots; t++) {
            char id[16];
            int64_t instant = SUPPORT_MONDAY * DAY_S + t / slots * DAY_S + t % slots * 1800;
            snprintf(id, sizeof id, "%c%02d", city[0], home);
            support_row(csv, city, id, instant, 0,
                        t % 37 == 36 ? NAN : 0.1 + 0.05 * ((t * 7 + home * 3) % 11), 500 + 30 * (t * 5 % 13),
                        600 + 10 * (t * 3 % 7));
        }
}

static void find_floor_pair(struct world *world)
{
    struct ls_why why;
    struct ls_error error = {0};
    for (int t = 0; t < SLOTS; t++)
        for (int s = 0; s < SLOTS; s++) {
            assert_int_equal(ls_why_pair(world->dataset, &world->answer, 0, t, s, &why, &error), 0);
            if (why.limit != LS_LIMIT_FLOOR || why.made)
                continue;
            world->floor_source = t;
            world->floor_destination = s;
            return;
        }
    fail_msg("the floor refuses no pair");
}

static void world_open(struct world *world)
{
    struct ls_error error = {0};
    *world = (struct world){0};
    support_add(&world->csv, SUPPORT_COLUMNS);
    add_readings(&world->csv, "Nord", HOMES, DAYS, SLOTS);
    add_readings(&world->csv, "Sud", 1, DAYS, SLOTS);
    world->dataset = support_load(world->csv.bytes, 30, "auto");
    ls_policy_init(&world->policy);
    assert_int_equal(ls_scenario_parse("s", scenario, strlen(scenario), &world->policy, &error), 0);
    world->thursday = support_solve(world->dataset, &world->policy, "Nord", SUPPORT_MONDAY + 3);
    assert_true(world->thursday.plan->n_moves > 0);
    for (int i = 0; i < HOMES; i++)
        world->quota_left[i] = world->policy.moves_per_week;
    world->answer = (struct ls_answer){.policy = world->policy,
                                       .day = world->thursday.day,
                                       .plan = world->thursday.plan,
                                       .quota_left = world->quota_left};
    find_floor_pair(world);
}

static void world_close(struct world *world)
{
    support_release(&world->thursday);
    ls_policy_clear(&world->policy);
    ls_dataset_destroy(world->dataset);
    free(world->csv.bytes);
}

/* ---- the operations: each arms the fault around its one call ---- */

/* What an output holds before the call, so that a touched one is seen. */
static char untouched;
#define UNTOUCHED ((void *)&untouched)

static int run_zone(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)world, (void)state;
    ls_zone *zone = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_zone_open("Europe/London", &zone, error));
    if (code != 0) {
        assert_ptr_equal(zone, UNTOUCHED);
        return code;
    }
    support_add(said, "%s %d", ls_zone_name(zone), ls_zone_offset(zone, 1720000000));
    ls_zone_close(zone);
    return 0;
}

static void *open_policy(const struct world *world)
{
    (void)world;
    struct ls_policy *policy = malloc(sizeof *policy);
    assert_non_null(policy);
    support_policy(policy, "peak_hours.Nord.Sun=3;regional_daily_load_kwh.West=70");
    return policy;
}

static void close_policy(void *state)
{
    ls_policy_clear(state);
    free(state);
}

/* Where `code` is a failure, the policy must be as open_policy() made it. */
static int judge_policy(int code, const struct ls_policy *policy, struct support_text *said)
{
    struct ls_policy *before = open_policy(NULL);
    if (code != 0)
        assert_true(ls_policy_equal(policy, before));
    else
        say_policy(said, policy);
    close_policy(before);
    return code;
}

static int run_parse(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)world;
    fault_arm();
    int code = fault_disarm(ls_scenario_parse("s.ini", scenario, strlen(scenario), state, error));
    return judge_policy(code, state, said);
}

static int run_assign(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)world;
    fault_arm();
    int code = fault_disarm(ls_policy_assign(state, "peak_hours.Ost.Mon=8-10,20", error));
    return judge_policy(code, state, said);
}

static int run_copy(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    struct ls_policy copy;
    memset(&copy, 0x5a, sizeof copy);
    struct ls_policy before = copy;
    fault_arm();
    int code = fault_disarm(ls_policy_copy(&copy, &world->policy, error));
    if (code != 0) {
        assert_memory_equal(&copy, &before, sizeof copy);
        return code;
    }
    assert_true(ls_policy_equal(&copy, &world->policy));
    say_policy(said, &copy);
    ls_policy_clear(&copy);
    return 0;
}

/* Many homes whose rows come last hour first, with the factors in a file of their own. */
static void *open_readings(const struct world *world)
{
    (void)world;
    struct support_text *csv = calloc(1, sizeof *csv);
    assert_non_null(csv);
    support_add(csv, "ca_id,date,city,value\n");
    for (int home = 0; home < 70; home++)
        for (int t = 3; t >= 0; t--)
            support_add(csv, "home %d,2024-01-01T0%d:00:00Z,%s,%d.5\n", home, t, home % 2 ? "Nord" : "Sud",
                        t + home);
    return csv;
}

static void close_readings(void *state)
{
    struct support_text *csv = state;
    free(csv->bytes);
    free(csv);
}

static int judge_dataset(int code, struct ls_dataset *dataset, struct support_text *said)
{
    if (code != 0) {
        assert_ptr_equal(dataset, UNTOUCHED);
        return code;
    }
    say_dataset(said, dataset);
    ls_dataset_destroy(dataset);
    return 0;
}

static int run_load(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)world;
    static const char factors_csv[] = "city,date,marginal_emissions_factor_grams_co2_per_kWh,"
                                      "average_emissions_factor_grams_co2_per_kWh\n"
                                      "Nord,2024-01-01T00:00:00Z,700,710\n"
                                      "Sud,2024-01-01T01:00:00Z,500,510\n";
    const struct support_text *csv = state;
    const struct ls_source readings = {"r.csv", csv->bytes, csv->length};
    const struct ls_source factors = {"f.csv", factors_csv, strlen(factors_csv)};
    const struct ls_load_options options = {.slot_minutes = 60, .timezone = "Europe/London"};
    struct ls_dataset *dataset = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_dataset_load_sources(&readings, 1, &factors, &options, &dataset, error));
    return judge_dataset(code, dataset, said);
}

/* A folder with a file in it. */
struct place {
    char folder[200], file[220];
};

static struct place *open_place(const char *name)
{
    const char *base = getenv("TMPDIR");
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    snprintf(place->folder, sizeof place->folder, "%s/loadscope-memory-XXXXXX", base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/%s", place->folder, name);
    return place;
}

/* The folder must be empty then: nothing half written may stay. */
static void close_place(void *state)
{
    struct place *place = state;
    assert_int_equal(unlink(place->file), 0);
    assert_int_equal(rmdir(place->folder), 0);
    free(place);
}

static void *open_gzip(const struct world *world)
{
    struct place *place = open_place("readings.csv.gz");
    gzFile file = gzopen(place->file, "wb1");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, world->csv.bytes, (unsigned)world->csv.length), world->csv.length);
    assert_int_equal(gzclose(file), Z_OK);
    return place;
}

static int run_load_file(const struct world *world, void *state, struct support_text *said,
                         struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    const char *path = place->file;
    const struct ls_load_options options = {.slot_minutes = 30, .timezone = "auto"};
    struct ls_dataset *dataset = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_dataset_load(&path, 1, &options, &dataset, error));
    return judge_dataset(code, dataset, said);
}

static void *open_scenario(const struct world *world)
{
    (void)world;
    struct place *place = open_place("s.ini");
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    assert_true(fputs(scenario, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return place;
}

static int run_read(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    struct ls_policy *policy = open_policy(NULL);
    fault_arm();
    int code = fault_disarm(ls_scenario_read(place->file, policy, error));
    code = judge_policy(code, policy, said);
    close_policy(policy);
    return code;
}

static int run_save(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    const struct place *place = state;
    char *before = support_read_gzip(place->file);
    fault_arm();
    int code = fault_disarm(ls_scenario_save(place->file, &world->policy, error));
    char *after = support_read_gzip(place->file);
    if (code != 0)
        assert_string_equal(after, before);
    else
        support_add(said, "%s", after);
    free(before);
    free(after);
    return code;
}

static int run_cityday(const struct world *world, void *state, struct support_text *said,
                       struct ls_error *error)
{
    (void)state;
    struct ls_cityday *day = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_cityday_create(world->dataset, world->thursday.zone, &world->policy, "Nord",
                                              SUPPORT_MONDAY + 3, &day, error));
    if (code != 0) {
        assert_ptr_equal(day, UNTOUCHED);
        return code;
    }
    say_day(said, day);
    ls_cityday_destroy(day);
    return 0;
}

static int run_dates(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)state;
    int32_t *dates = UNTOUCHED;
    size_t n_dates = 77;
    fault_arm();
    int code =
        fault_disarm(ls_city_dates(world->dataset, world->thursday.zone, "Nord", &dates, &n_dates, error));
    if (code != 0) {
        assert_ptr_equal(dates, UNTOUCHED);
        assert_int_equal(n_dates, 77);
        return code;
    }
    for (size_t i = 0; i < n_dates; i++)
        support_add(said, " %d", dates[i]);
    free(dates);
    return 0;
}

static int run_engine(const struct world *world, enum ls_engine_id engine, struct support_text *said,
                      struct ls_error *error)
{
    struct ls_policy policy = world->policy; /* borrows the cities */
    struct ls_plan *plan = UNTOUCHED;
    policy.engine = engine;
    fault_arm();
    int code = fault_disarm(ls_solve(world->thursday.day, &policy, NULL, &plan, error));
    if (code != 0) {
        assert_ptr_equal(plan, UNTOUCHED);
        return code;
    }
    assert_int_equal(plan->engine, engine);
    say_plan(said, plan);
    ls_plan_destroy(plan);
    return 0;
}

static int run_greedy(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)state;
    return run_engine(world, LS_ENGINE_GREEDY, said, error);
}

static int run_milp(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    return run_engine(world, LS_ENGINE_MILP, said, error);
}

static int run_lp(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    return run_engine(world, LS_ENGINE_LP, said, error);
}

static int run_bench_open(const struct world *world, void *state, struct support_text *said,
                          struct ls_error *error)
{
    (void)state;
    ls_bench *bench = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_bench_open(world->dataset, &bench, error));
    if (code != 0) {
        assert_ptr_equal(bench, UNTOUCHED);
        return code;
    }
    support_add(said, "open");
    ls_bench_close(bench);
    return 0;
}

static void *open_bench(const struct world *world)
{
    ls_bench *bench = NULL;
    struct ls_error error = {0};
    assert_int_equal(ls_bench_open(world->dataset, &bench, &error), 0);
    return bench;
}

static void close_bench(void *state)
{
    ls_bench_close(state);
}

/* Thursday after its week's three days; the same bench tries again after a failure. */
static int run_week(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    struct ls_policy policy = world->policy; /* borrows the cities */
    struct ls_answer *answer = UNTOUCHED;
    policy.week_context = LS_WEEK_IN_WEEK;
    fault_arm();
    int code = fault_disarm(ls_bench_solve(state, &policy, "Nord", SUPPORT_MONDAY + 3, NULL, &answer, error));
    if (code != 0) {
        assert_ptr_equal(answer, UNTOUCHED);
        return code;
    }
    assert_int_equal(answer->earlier_days, 3);
    assert_true(ls_policy_equal(&answer->policy, &policy));
    say_bytes(said, answer->quota_left, answer->day->n_customers * sizeof *answer->quota_left);
    say_plan(said, answer->plan);
    ls_answer_destroy(answer);
    return 0;
}

static int run_why(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    struct ls_why why;
    memset(&why, 0x5a, sizeof why);
    struct ls_why before = why;
    fault_arm();
    int code = fault_disarm(ls_why_pair(world->dataset, &world->answer, 0, world->floor_source,
                                        world->floor_destination, &why, error));
    if (code != 0) {
        assert_memory_equal(&why, &before, sizeof why);
        return code;
    }
    support_add(said, "%s: %s; %s", ls_limit_name(why.limit), why.reason, why.relaxation);
    return 0;
}

static int run_why_customer(const struct world *world, void *state, struct support_text *said,
                            struct ls_error *error)
{
    (void)state;
    char text[400] = "untouched";
    fault_arm();
    int code = fault_disarm(ls_why_customer(world->dataset, &world->answer, 1, text, sizeof text, error));
    if (code != 0)
        assert_string_equal(text, "untouched");
    else
        support_add(said, "%s", text);
    return code;
}

static void note_violation(void *user, const struct ls_violation *violation)
{
    snprintf(user, 40, "%s", violation->limit);
}

/* Without memory the check must not call a plan sound: it says so in its own way. */
static int run_check(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)state;
    char last[40] = "";
    fault_arm();
    size_t found = ls_check(world->dataset, world->thursday.zone, &world->policy, world->thursday.day,
                            world->quota_left, world->thursday.plan, note_violation, last);
    fault_disarm(0);
    if (found == 0) {
        support_add(said, "sound");
        return 0;
    }
    assert_int_equal(found, 1);
    assert_string_equal(last, "memory");
    return ls_error_set(error, LS_ERR_MEMORY, "said by the check");
}

static int run_json(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    cJSON_InitHooks(&(cJSON_Hooks){malloc, free}); /* brings its allocations here too */
    fault_arm();
    int code = fault_disarm(ls_report_day_json(file, &world->answer, error));
    cJSON_InitHooks(NULL);
    assert_int_equal(fclose(file), 0);
    if (code != 0)
        assert_string_equal(text, "");
    else
        support_add(said, "%s", text);
    free(text);
    return code;
}

static int run_text(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    fault_arm();
    ls_report_day_text(file, world->dataset, &world->answer, 3);
    fault_disarm(0);
    assert_int_equal(fclose(file), 0);
    int code = 0;
    if (strstr(text, "out of memory") != NULL) /* the report has no other way to say it */
        code = ls_error_set(error, LS_ERR_MEMORY, "said by the report");
    else
        support_add(said, "%s", text);
    free(text);
    return code;
}

static bool add_sample(void *user, const char *text, size_t length)
{
    fault.armed = false; /* the test's own list grows here */
    support_add(user, "%.*s", (int)length, text);
    fault.armed = true;
    return true;
}

static int run_sample(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)world, (void)state;
    const struct ls_sample_options options = {.customers = 3, .days = 1, .seed = 1};
    fault_arm();
    return fault_disarm(ls_sample_write(&options, add_sample, said, error));
}

/* ---- the sweep ---- */

struct operation {
    const char *name;
    int (*run)(const struct world *world, void *state, struct support_text *said, struct ls_error *error);
    void *(*open)(const struct world *world); /* makes what the operation changes; NULL: nothing */
    void (*close)(void *state);
    bool may_do_without; /* some allocation only serves what is nice to have: success is in order then */
};

static struct operation operations[] = {
    {"time zone", run_zone, NULL, NULL, false},
    {"scenario parse", run_parse, open_policy, close_policy, false},
    {"scenario read", run_read, open_scenario, close_place, false},
    {"scenario save", run_save, open_scenario, close_place, true},
    {"policy assign", run_assign, open_policy, close_policy, false},
    {"policy copy", run_copy, NULL, NULL, false},
    {"dataset load", run_load, open_readings, close_readings, false},
    {"dataset load from gzip", run_load_file, open_gzip, close_place, false},
    {"sample", run_sample, NULL, NULL, false},
    {"city-day", run_cityday, NULL, NULL, false},
    {"dates of a city", run_dates, NULL, NULL, false},
    {"greedy", run_greedy, NULL, NULL, false},
    {"milp", run_milp, NULL, NULL, false},
    {"lp", run_lp, NULL, NULL, false},
    {"bench open", run_bench_open, NULL, NULL, false},
    {"bench in week", run_week, open_bench, close_bench, false},
    {"why a pair", run_why, NULL, NULL, false},
    {"why a customer", run_why_customer, NULL, NULL, false},
    {"check", run_check, NULL, NULL, false},
    {"report as JSON", run_json, NULL, NULL, false},
    {"report as text", run_text, NULL, NULL, false},
};

/* One disturbed try and, where it failed, an undisturbed one on the same state. True when nothing was
 * refused. */
static bool try_once(const struct operation *operation, const struct world *world, const char *expected)
{
    struct support_text said = {0};
    struct ls_error error = {0};
    void *state = operation->open != NULL ? operation->open(world) : NULL;
    support_add(&said, "%s", "");
    int code = operation->run(world, state, &said, &error);
    bool refused = fault.refused > 0;
    if (code != 0) {
        assert_true(refused);
        assert_int_equal(code, LS_ERR_MEMORY);
        assert_int_equal(error.code, LS_ERR_MEMORY);
        assert_string_not_equal(error.message, "");
        assert_string_equal(said.bytes, "");
        size_t chosen = fault.chosen;
        fault.chosen = 0;
        assert_int_equal(operation->run(world, state, &said, &error), 0);
        fault.chosen = chosen;
    } else if (refused) {
        assert_true(operation->may_do_without);
    }
    assert_string_equal(said.bytes, expected);
    free(said.bytes);
    if (operation->close != NULL)
        operation->close(state);
    return !refused;
}

static void sweep(void **state)
{
    const struct operation *operation = *state;
    struct world world;
    struct support_text expected = {0};
    struct ls_error error = {0};
    world_open(&world);
    fault.chosen = 0;
    void *subject = operation->open != NULL ? operation->open(&world) : NULL;
    assert_int_equal(operation->run(&world, subject, &expected, &error), 0);
    if (operation->close != NULL)
        operation->close(subject);
    assert_true(fault.asked > 0); /* else the linker did not bring the allocations here */
    for (int lasting = 0; lasting <= 1; lasting++) {
        fault.lasting = lasting;
        fault.chosen = 1;
        while (!try_once(operation, &world, expected.bytes))
            fault.chosen++;
    }
    fault.chosen = 0;
    free(expected.bytes);
    world_close(&world);
}

int main(void)
{
    struct CMUnitTest tests[sizeof operations / sizeof *operations];
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tests[i] = (struct CMUnitTest){
            .name = operations[i].name, .test_func = sweep, .initial_state = &operations[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
