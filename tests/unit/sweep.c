#include "sweep.h"

/* ---- what the operations work on ---- */

#define DAYS  4
#define SLOTS 48
#define DAY_S INT64_C(86400)

const char world_scenario[] = "[behaviour]\n"
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

char untouched;

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
            assert_int_equal(ls_why_pair(&world->answer, 0, t, s, &why, &error), 0);
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
    add_readings(&world->csv, "Nord", WORLD_HOMES, DAYS, SLOTS);
    add_readings(&world->csv, "Sud", 1, DAYS, SLOTS);
    world->dataset = support_load(world->csv.bytes, 30, "auto");
    assert_int_equal(ls_archive_of_dataset(world->dataset, &world->archive, &error), 0);
    ls_policy_init(&world->policy);
    assert_int_equal(ls_scenario_parse("s", world_scenario, strlen(world_scenario), &world->policy, &error),
                     0);
    world->thursday = support_solve(world->dataset, &world->policy, "Nord", SUPPORT_MONDAY + 3);
    assert_true(world->thursday.plan->n_moves > 0);
    for (int i = 0; i < WORLD_HOMES; i++)
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
    ls_archive_close(world->archive);
    ls_dataset_destroy(world->dataset);
    free(world->csv.bytes);
}

/* ---- the sweep ---- */

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

int sweep_all(struct operation *operations, size_t n)
{
    struct CMUnitTest *tests = calloc(n, sizeof *tests);
    assert_non_null(tests);
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){
            .name = operations[i].name, .test_func = sweep, .initial_state = &operations[i]};
    int failed = _cmocka_run_group_tests("memory", tests, n, NULL, NULL);
    free(tests);
    return failed;
}
