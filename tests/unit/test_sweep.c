/*
 * Axes from text, and sweeps: the order of cells, cells that are what one solve is, and cancelling.
 *
 * One home with 1 kWh at 600 g and next to nothing at 200 g: what leaves slot 0 saves 400 g a kWh.
 */
#include "../support/support.h"

#include "report/report.h"

#include <loadscope/sweep.h>

#include <pthread.h>
#include <sched.h>

static const double mef[] = {600, 590, 200}, kwh[] = {1, 0.5, 0.1};

static struct ls_policy open_policy(const char *assignments)
{
    struct ls_policy policy;
    support_policy(&policy, SUPPORT_OPEN "behaviour.slot_minutes=60;");
    support_set(&policy, assignments);
    return policy;
}

static struct ls_axis axis_of(const char *text, const struct ls_policy *policy)
{
    struct ls_axis axis = {0};
    struct ls_error error = {0};
    if (ls_axis_parse(text, policy, &axis, &error) != 0)
        fail_msg("%s: %s", text, error.message);
    return axis;
}

/* "10 20 30, nearest 1, own" */
static void say_axis(const struct ls_axis *axis, struct support_text *said)
{
    for (size_t i = 0; i < axis->n; i++)
        support_add(said, "%s%s", i > 0 ? " " : "", axis->values[i]);
    support_add(said, ", nearest %zu%s", axis->nearest, axis->has_own ? ", own" : "");
}

static void axes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *said;
    } rows[] = {
        {"spike.alpha_percent=0:50:25", "spike.alpha_percent", "0 25 50, nearest 1, own"},
        {"spike.alpha_percent=0:59:20,none", "spike.alpha_percent", "0 20 40 none, nearest 1"},
        {"spike.alpha_percent= none , 5 ", "spike.alpha_percent", "none 5, nearest 1"},
        {"run.min_fraction_of_day=0:0.3:0.1", "run.min_fraction_of_day", "0 0.1 0.2 0.3, nearest 3"},
        {"run.min_fraction_of_day=0.2,none,0.1", "run.min_fraction_of_day", "0.2 none 0.1, nearest 1, own"},
        {"behaviour.moves_per_day=1:7:3", "behaviour.moves_per_day", "1 4 7, nearest 2"},
        {"run.engine", "run.engine", "greedy milp lp, nearest 0, own"},
        {"run.engine=lp,milp", "run.engine", "lp milp, nearest 0"},
        {"behaviour.shift_window_inclusive", "behaviour.shift_window_inclusive", "no yes, nearest 1, own"},
        {"peak_hours.X.Mon=;8-10,20", "peak_hours.X.Mon", " 8 9 10 20, nearest 0, own"},
        {"peak_hours.X.Mon=8,9;20", "peak_hours.X.Mon", "8 9 20, nearest 0"},
        {"run.seed=1000000000000000:1000000000000002:1", "run.seed",
         "1000000000000000 1000000000000001 1000000000000002, nearest 0"},
        {"regional_daily_load_kwh.X=auto,100:300:100", "regional_daily_load_kwh.X",
         "auto 100 200 300, nearest 0, own"},
        {"behaviour.day_boundaries=06:00-22:00,00:00-24:00", "behaviour.day_boundaries",
         "06:00-22:00 00:00-24:00, nearest 1, own"},
        /* alone: 11 steps around 25, and near the ends of the range */
        {"spike.alpha_percent", "spike.alpha_percent", "20 21 22 23 24 25 26 27 28 29 30, nearest 5, own"},
        {"household_minimum.R_percent", "household_minimum.R_percent",
         "0 5 10 15 20 25 30 35 40 45 50, nearest 2, own"},
        {"household_minimum.robust_max_percentile", "household_minimum.robust_max_percentile",
         "90 91 92 93 94 95 96 97 98 99 100, nearest 5, own"},
        {"behaviour.moves_per_day", "behaviour.moves_per_day",
         "19 20 21 22 23 24 25 26 27 28 29, nearest 5, own"},
        /* off: around the default, or from the least, and none itself */
        {"regional.load_shift_percent_limit", "regional.load_shift_percent_limit",
         "6 7 8 9 10 11 12 13 14 15 none, nearest 10, own"},
        {"run.min_fraction_of_day", "run.min_fraction_of_day",
         "0 0.01 0.02 0.03 0.04 0.05 0.06 0.07 0.08 0.09 none, nearest 10, own"},
    };
    struct ls_policy policy = open_policy("spike.alpha_percent=25");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_text said = {0};
        struct ls_axis axis = axis_of(rows[i].text, &policy);
        say_axis(&axis, &said);
        assert_string_equal(axis.name, rows[i].name);
        assert_string_equal(said.bytes, rows[i].said);
        free(said.bytes);
    }
    ls_policy_clear(&policy);
}

static void bad_axes_are_refused_with_a_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field, *message, *remedy;
    } rows[] = {
        {"spike.alpha=1,2", "", "unknown parameter 'spike.alpha'", "did you mean spike.alpha_percent?"},
        {"=1,2", "", "'=1,2' is not an axis", "NAME=FROM:TO:STEP"},
        {"spike.alpha_percent=", "spike.alpha_percent", "'' is not a number", "from 0 to 1000, or none"},
        {"spike.alpha_percent=1,x", "spike.alpha_percent", "'x' is not a number", "or none"},
        {"spike.alpha_percent=0:2000:500", "spike.alpha_percent", "1500 is out of range", "from 0 to 1000"},
        {"spike.alpha_percent=0:10", "spike.alpha_percent", "'0:10' is not FROM:TO:STEP",
         "write spike.alpha_percent=FROM:TO:STEP or"},
        {"spike.alpha_percent=0:10:5:1", "spike.alpha_percent", "is not FROM:TO:STEP", "write"},
        {"spike.alpha_percent=none:10:5", "spike.alpha_percent", "is not FROM:TO:STEP", "write"},
        {"spike.alpha_percent=10:0:5", "spike.alpha_percent", "does not run upwards", "write"},
        {"spike.alpha_percent=0:10:0", "spike.alpha_percent", "does not run upwards", "write"},
        {"spike.alpha_percent=0:10:-5", "spike.alpha_percent", "does not run upwards", "write"},
        {"spike.alpha_percent=0:1000:1", "spike.alpha_percent", "has more than 101 values", "write"},
        {"spike.alpha_percent=0:100:1,200", "spike.alpha_percent", "more than 101 values", "write"},
        {"spike.alpha_percent=5,0:10:5", "spike.alpha_percent", "the value '5' comes twice", "write"},
        {"behaviour.moves_per_day=0:2:0.5", "behaviour.moves_per_day", "'0.5' is not a whole number",
         "whole number"},
        {"household_minimum.epsilon_floor_kwh=none", "household_minimum.epsilon_floor_kwh",
         "'none' is not a number", "from 0 to 1000"},
        {"run.engine=greedy,fast", "run.engine", "unknown word 'fast'", "greedy, milp or lp"},
        {"behaviour.day_boundaries", "behaviour.day_boundaries", "Movable hours has no steps",
         "write behaviour.day_boundaries=VALUE,VALUE"},
        {"peak_hours.X.Mon", "peak_hours.X.Mon", "has no steps", "write peak_hours.X.Mon=VALUE;VALUE"},
        {"foo=1,2", "", "unknown parameter 'foo'", "write SECTION.KEY, such as spike.alpha_percent"},
        {"regional_daily_load_kwh.X", "regional_daily_load_kwh.X", "has no steps", "VALUE,VALUE"},
    };
    struct ls_policy policy = open_policy("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ls_axis axis = {.n = 77};
        struct ls_error error = {0};
        assert_true(ls_axis_parse(rows[i].text, &policy, &axis, &error) < 0);
        assert_int_equal(axis.n, 77);
        if (strcmp(error.field, rows[i].field) != 0 || strstr(error.message, rows[i].message) == NULL ||
            strstr(error.remedy, rows[i].remedy) == NULL)
            fail_msg("%s: '%s', '%s', '%s'", rows[i].text, error.field, error.message, error.remedy);
        assert_true(ls_axis_parse(rows[i].text, &policy, &axis, NULL) < 0);
    }
    ls_policy_clear(&policy);
}

/* ---- sweeps ---- */

struct stage {
    struct ls_dataset *dataset;
    ls_bench *bench;
    struct ls_policy policy;
    struct ls_sweep *sweep;
    struct support_text visits; /* "xy " of each cell */
    atomic_bool cancel;
    size_t cancel_at; /* raises the flag once so many cells are done; 0: never */
};

static void note_cell(void *user, const struct ls_sweep *sweep, size_t x, size_t y)
{
    struct stage *stage = user;
    assert_true(sweep->cells[y * sweep->x.n + x].done);
    support_add(&stage->visits, "%zu%zu ", x, y);
    if (sweep->n_done == stage->cancel_at)
        atomic_store(&stage->cancel, true);
}

static void enter(struct stage *stage, const char *assignments, const char *x, const char *y)
{
    *stage = (struct stage){.dataset = support_day(60, 3, mef, 1, kwh), .policy = open_policy(assignments)};
    struct ls_axis axes[] = {axis_of(x, &stage->policy), axis_of(y, &stage->policy)};
    assert_int_equal(ls_bench_open(stage->dataset, &stage->bench, NULL), 0);
    assert_int_equal(
        ls_sweep_open(&stage->policy, &axes[0], &axes[1], "X", SUPPORT_MONDAY, &stage->sweep, NULL), 0);
    support_add(&stage->visits, "%s", "");
}

static int fill(struct stage *stage, struct ls_error *error)
{
    struct ls_solve_options options = {.cancel = &stage->cancel};
    return ls_sweep_run(stage->sweep, stage->bench, &options, note_cell, stage, error);
}

static void leave(struct stage *stage)
{
    ls_sweep_close(stage->sweep);
    ls_bench_close(stage->bench);
    ls_policy_clear(&stage->policy);
    ls_dataset_destroy(stage->dataset);
    free(stage->visits.bytes);
}

static const struct ls_totals *at(const struct stage *stage, size_t x, size_t y)
{
    return &stage->sweep->cells[y * stage->sweep->x.n + x].totals;
}

/* Slot 2 has 0.1 kWh, so alpha lets in 0.05 or 0.1 kWh, or all; P of 10 kWh a tenth or all of it. */
static void cells_are_what_was_worked_out_by_hand(void **state)
{
    (void)state;
    struct stage stage;
    enter(&stage, "behaviour.moves_per_day=1;regional_daily_load_kwh.X=10", "spike.alpha_percent=50,100,none",
          "regional.load_shift_percent_limit=0,5,none");
    assert_int_equal(fill(&stage, NULL), 0);
    static const double moved_kwh[3][3] = {{0, 0, 0}, {0.05, 0.1, 0.5}, {0.05, 0.1, 1}};
    for (size_t y = 0; y < 3; y++)
        for (size_t x = 0; x < 3; x++) {
            const struct ls_totals *totals = at(&stage, x, y);
            assert_near(totals->moved_kwh, moved_kwh[y][x], 1e-12);
            assert_near(totals->saved_marg_g, 400 * moved_kwh[y][x], 1e-9);
            assert_near(totals->saved_avg_g, 400 * moved_kwh[y][x], 1e-9);
            assert_int_equal(totals->moves, y > 0);
            assert_int_equal(totals->customers_moving, y > 0);
            assert_int_equal(totals->outcome, LS_OUTCOME_COMPLETE);
            if (y > 0)
                assert_true(totals->bound_marg_g >= totals->saved_marg_g - 1e-9 && totals->gap < 1);
        }
    leave(&stage);
}

static void cells_are_visited_from_the_own_point_outward(void **state)
{
    (void)state;
    struct stage stage;
    enter(&stage, "spike.alpha_percent=20;regional.load_shift_percent_limit=0",
          "spike.alpha_percent=0,10,20,30", "regional.load_shift_percent_limit=0,1,2");
    assert_int_equal(fill(&stage, NULL), 0);
    assert_string_equal(stage.visits.bytes, "20 10 30 21 11 31 00 22 01 12 32 02 ");
    assert_int_equal(stage.sweep->n_done, 12);
    leave(&stage);
}

/* Floors are cut anew for each percentile: those of a ring with the same one stand together. */
static void cells_of_one_city_day_are_visited_together(void **state)
{
    (void)state;
    struct stage stage;
    enter(&stage, "spike.alpha_percent=10;household_minimum.R_percent=10",
          "household_minimum.R_percent=0,10,20", "spike.alpha_percent=0,10,20");
    assert_int_equal(fill(&stage, NULL), 0);
    assert_string_equal(stage.visits.bytes, "11 01 00 02 10 12 21 20 22 ");
    leave(&stage);
    enter(&stage, "spike.alpha_percent=10;household_minimum.R_percent=10", "spike.alpha_percent=0,10,20",
          "household_minimum.R_percent=0,10,20");
    assert_int_equal(fill(&stage, NULL), 0);
    assert_string_equal(stage.visits.bytes, "11 10 00 20 01 21 12 02 22 ");
    leave(&stage);
}

static void a_cancelled_sweep_keeps_its_cells_and_goes_on(void **state)
{
    (void)state;
    struct stage stage, whole;
    struct ls_error error = {0};
    enter(&whole, "", "spike.alpha_percent=0:100:20", "behaviour.moves_per_day=0:3:1");
    assert_int_equal(fill(&whole, NULL), 0);
    enter(&stage, "", "spike.alpha_percent=0:100:20", "behaviour.moves_per_day=0:3:1");
    stage.cancel_at = 5;
    assert_int_equal(fill(&stage, &error), LS_ERR_CANCELLED);
    assert_int_equal(stage.sweep->n_done, 5);
    size_t done = 0;
    for (size_t i = 0; i < stage.sweep->n_cells; i++)
        done += stage.sweep->cells[i].done;
    assert_int_equal(done, 5);
    struct ls_buffer csv = {0};
    ls_report_sweep_csv(&csv, stage.sweep);
    size_t lines = 0;
    for (size_t i = 0; i < csv.length; i++)
        lines += csv.bytes[i] == '\n';
    assert_int_equal(lines, 1 + 5);
    ls_buffer_release(&csv);

    assert_int_equal(fill(&stage, &error), LS_ERR_CANCELLED); /* the flag is still up */
    assert_int_equal(stage.sweep->n_done, 5);
    atomic_store(&stage.cancel, false);
    stage.cancel_at = 0;
    assert_int_equal(fill(&stage, &error), 0);
    assert_string_equal(stage.visits.bytes, whole.visits.bytes);
    for (size_t i = 0; i < stage.sweep->n_cells; i++)
        assert_true(stage.sweep->cells[i].totals.saved_marg_g == whole.sweep->cells[i].totals.saved_marg_g);
    leave(&stage);
    leave(&whole);
}

struct worker {
    struct stage stage;
    atomic_size_t done;
    int status;
};

static void count_cell(void *user, const struct ls_sweep *sweep, size_t x, size_t y)
{
    struct worker *worker = user;
    (void)x;
    (void)y;
    atomic_store(&worker->done, sweep->n_done);
}

static void *work(void *user)
{
    struct worker *worker = user;
    struct ls_solve_options options = {.cancel = &worker->stage.cancel};
    worker->status =
        ls_sweep_run(worker->stage.sweep, worker->stage.bench, &options, count_cell, worker, NULL);
    return NULL;
}

static void another_thread_cancels(void **state)
{
    (void)state;
    struct worker worker = {.status = 77};
    pthread_t thread;
    enter(&worker.stage, "", "spike.alpha_percent=0:100:1", "regional.load_shift_percent_limit=0:100:1");
    assert_int_equal(worker.stage.sweep->n_cells, 10201);
    assert_int_equal(pthread_create(&thread, NULL, work, &worker), 0);
    while (atomic_load(&worker.done) < 10)
        sched_yield();
    atomic_store(&worker.stage.cancel, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(worker.status, LS_ERR_CANCELLED);
    size_t done = 0;
    for (size_t i = 0; i < worker.stage.sweep->n_cells; i++)
        done += worker.stage.sweep->cells[i].done;
    assert_int_equal(done, worker.stage.sweep->n_done);
    assert_true(done >= 10 && done < worker.stage.sweep->n_cells);
    leave(&worker.stage);
}

/* Words, a city's own parameter, and the floors, for which the city-day is cut anew. */
static void any_two_parameters_make_a_sweep(void **state)
{
    (void)state;
    struct stage stage;
    enter(&stage, "behaviour.moves_per_day=1", "household_minimum.baseline_type", "run.engine");
    assert_int_equal(fill(&stage, NULL), 0);
    for (size_t y = 0; y < 3; y++) {
        assert_near(at(&stage, 0, y)->moved_kwh, 0, 0); /* each hour has one reading: its own mean */
        assert_near(at(&stage, 1, y)->moved_kwh, 0, 0);
        assert_near(at(&stage, 2, y)->moved_kwh, y == 2 ? 1.5 : 1, 1e-12);
    }
    leave(&stage);
    enter(&stage, "behaviour.moves_per_day=1;peak.reduction_limit_percent=50", "peak_hours.X.Mon=;0;1",
          "peak.limit_scope");
    assert_int_equal(fill(&stage, NULL), 0);
    assert_near(at(&stage, 0, 0)->saved_marg_g, 400, 1e-9);
    assert_near(at(&stage, 1, 1)->saved_marg_g, 200, 1e-9);
    assert_near(at(&stage, 2, 0)->saved_marg_g, 400, 1e-9);
    leave(&stage);
}

static void a_point_is_adopted(void **state)
{
    (void)state;
    struct stage stage;
    char value[LS_VALUE_SIZE];
    const struct ls_parameter *parameter;
    char city[64];
    enter(&stage, "", "spike.alpha_percent=5,none", "regional_daily_load_kwh.X=100,200");
    assert_int_equal(ls_sweep_adopt(stage.sweep, 0, 1, &stage.policy, NULL), 0);
    assert_near(stage.policy.alpha_percent, 5, 0);
    assert_int_equal(ls_parameter_find("regional_daily_load_kwh.X", &parameter, city, NULL), 0);
    assert_string_equal(ls_parameter_get(parameter, &stage.policy, city, value, sizeof value), "200");
    leave(&stage);
}

static void errors_are_told_and_leave_what_is_done(void **state)
{
    (void)state;
    struct stage stage;
    struct ls_error error = {0};
    enter(&stage, "", "behaviour.slot_minutes=30,60", "spike.alpha_percent=0,10");
    struct ls_sweep *sweep = NULL;
    assert_int_equal(
        ls_sweep_open(&stage.policy, &stage.sweep->x, &stage.sweep->x, "X", SUPPORT_MONDAY, &sweep, &error),
        LS_ERR_VALUE);
    assert_null(sweep);
    assert_string_equal(error.field, "behaviour.slot_minutes");
    assert_string_equal(error.remedy, "sweep two different parameters");
    assert_int_equal(fill(&stage, &error), LS_ERR_VALUE);
    assert_non_null(strstr(error.message, "60 minutes apart, not 30"));
    assert_string_equal(stage.visits.bytes, "11 "); /* no limit lies nearest to the larger alpha */
    leave(&stage);
}

static void the_csv_names_its_columns(void **state)
{
    (void)state;
    struct stage stage;
    enter(&stage, "behaviour.moves_per_day=1", "spike.alpha_percent=0,50", "peak_hours.X.Mon=8 9");
    assert_int_equal(fill(&stage, NULL), 0);
    struct ls_buffer csv = {0};
    ls_report_sweep_csv(&csv, stage.sweep);
    assert_false(csv.failed);
    ls_buffer_add(&csv, "", 1);
    static const char heading[] = "spike.alpha_percent,peak_hours.X.Mon,saved_marg_g,saved_avg_g,moved_kwh,"
                                  "moves,customers_moving,bound_marg_g,gap_percent,outcome\n0,8 9,0,0,0,0,0,";
    if (strncmp(csv.bytes, heading, sizeof heading - 1) != 0)
        fail_msg("%s", csv.bytes);
    assert_non_null(strstr(csv.bytes, "\n50,8 9,20,20,0.05,1,1,"));
    assert_non_null(strstr(csv.bytes, ",complete\n"));
    ls_buffer_release(&csv);
    leave(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_are_read),
        cmocka_unit_test(bad_axes_are_refused_with_a_remedy),
        cmocka_unit_test(cells_are_what_was_worked_out_by_hand),
        cmocka_unit_test(cells_are_visited_from_the_own_point_outward),
        cmocka_unit_test(cells_of_one_city_day_are_visited_together),
        cmocka_unit_test(a_cancelled_sweep_keeps_its_cells_and_goes_on),
        cmocka_unit_test(another_thread_cancels),
        cmocka_unit_test(any_two_parameters_make_a_sweep),
        cmocka_unit_test(a_point_is_adopted),
        cmocka_unit_test(errors_are_told_and_leave_what_is_done),
        cmocka_unit_test(the_csv_names_its_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
