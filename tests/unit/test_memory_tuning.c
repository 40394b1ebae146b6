/* Failing allocations while a day is swept, its limits are priced, and answers are compared; sweep.h says
 * what is asked. */
#include "sweep.h"

#include <loadscope/compare.h>
#include <loadscope/sensitivity.h>
#include <loadscope/sweep.h>

static void say_totals(struct support_text *said, const struct ls_totals *totals)
{
    support_add(said, "%.17g g, %.17g kWh, %zu moves; ", totals->saved_marg_g, totals->moved_kwh,
                totals->moves);
}

static int run_axis(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    struct ls_axis axis = {.n = 77};
    fault_arm();
    int code =
        fault_disarm(ls_axis_parse("regional_daily_load_kwh.Ost=auto,10:20:5", &world->policy, &axis, error));
    if (code != 0) {
        assert_int_equal(axis.n, 77);
        return code;
    }
    for (size_t i = 0; i < axis.n; i++)
        support_add(said, "%s ", axis.values[i]);
    return 0;
}

/* ---- a sweep ---- */

static void make_axes(const struct world *world, struct ls_axis axes[2])
{
    assert_int_equal(ls_axis_parse("spike.alpha_percent=5,none", &world->policy, &axes[0], NULL), 0);
    assert_int_equal(ls_axis_parse("household_minimum.R_percent=10,30", &world->policy, &axes[1], NULL), 0);
}

static int run_sweep_open(const struct world *world, void *state, struct support_text *said,
                          struct ls_error *error)
{
    (void)state;
    struct ls_axis axes[2];
    struct ls_sweep *sweep = UNTOUCHED;
    make_axes(world, axes);
    fault_arm();
    int code = fault_disarm(
        ls_sweep_open(&world->policy, &axes[0], &axes[1], "Nord", SUPPORT_MONDAY + 3, &sweep, error));
    if (code != 0) {
        assert_ptr_equal(sweep, UNTOUCHED);
        return code;
    }
    say_bytes(said, sweep->order, sweep->n_cells * sizeof *sweep->order);
    ls_sweep_close(sweep);
    return 0;
}

struct table {
    ls_bench *bench;
    struct ls_sweep *sweep;
};

static void *open_table(const struct world *world)
{
    struct table *table = calloc(1, sizeof *table);
    struct ls_axis axes[2];
    assert_non_null(table);
    make_axes(world, axes);
    assert_int_equal(ls_bench_open(world->dataset, &table->bench, NULL), 0);
    assert_int_equal(
        ls_sweep_open(&world->policy, &axes[0], &axes[1], "Nord", SUPPORT_MONDAY + 3, &table->sweep, NULL),
        0);
    return table;
}

static void close_table(void *state)
{
    struct table *table = state;
    ls_sweep_close(table->sweep);
    ls_bench_close(table->bench);
    free(table);
}

/* After a failure the next try goes on with the cells that are left. */
static int run_sweep(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)world;
    struct table *table = state;
    fault_arm();
    int code = fault_disarm(ls_sweep_run(table->sweep, table->bench, NULL, NULL, NULL, error));
    if (code != 0) {
        assert_true(table->sweep->n_done < table->sweep->n_cells);
        return code;
    }
    for (size_t i = 0; i < table->sweep->n_cells; i++)
        say_totals(said, &table->sweep->cells[i].totals);
    return 0;
}

/* ---- what changes would save ---- */

static int run_sensitivity(const struct world *world, void *state, struct support_text *said,
                           struct ls_error *error)
{
    struct table *table = state;
    const struct ls_parameter *parameter;
    char city[64];
    struct ls_sensitivity found = {.price_marg_g = 77};
    assert_int_equal(ls_parameter_find("household_minimum.R_percent", &parameter, city, NULL), 0);
    fault_arm();
    int code = fault_disarm(ls_sensitivity(table->bench, &world->answer, parameter, NULL, &found, error));
    if (code != 0) {
        assert_true(found.price_marg_g == 77);
        return code;
    }
    for (int step = 0; step < LS_STEPS; step++)
        say_totals(said, &found.further[step].totals);
    support_add(said, "%.17g", found.price_marg_g);
    return 0;
}

struct costs {
    struct ls_limit_cost cost[16];
    size_t n;
};

static void take_cost(void *user, const struct ls_limit_cost *cost)
{
    struct costs *costs = user;
    costs->cost[costs->n++] = *cost;
}

static int run_costs(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    struct table *table = state;
    struct costs costs = {0};
    fault_arm();
    int code = fault_disarm(ls_limit_costs(table->bench, &world->answer, NULL, take_cost, &costs, error));
    for (size_t i = 0; code == 0 && i < costs.n; i++)
        say_totals(said, &costs.cost[i].without);
    return code;
}

/* ---- two answers ---- */

static int run_compare(const struct world *world, void *state, struct support_text *said,
                       struct ls_error *error)
{
    (void)state;
    struct ls_compare *compare = UNTOUCHED;
    struct support_solved friday = support_solve(world->dataset, &world->policy, "Nord", SUPPORT_MONDAY + 4);
    struct ls_answer other = {.day = friday.day, .plan = friday.plan};
    ls_policy_init(&other.policy);
    fault_arm();
    int code = fault_disarm(ls_compare(&world->answer, &other, 2, &compare, error));
    if (code == 0) {
        support_add(said, "%zu parameters, %zu slots, %zu customers, first %s by %.17g g",
                    compare->n_parameters, compare->slots_changed, compare->customers_changed,
                    compare->n_top > 0 ? compare->customers[0].id : "none",
                    compare->n_top > 0 ? compare->customers[0].saved_marg_g[0] : 0);
        ls_compare_destroy(compare);
    } else {
        assert_ptr_equal(compare, UNTOUCHED);
    }
    support_release(&friday);
    return code;
}

static struct operation operations[] = {
    {"axis", run_axis, NULL, NULL, false},
    {"sweep open", run_sweep_open, NULL, NULL, false},
    {"sweep", run_sweep, open_table, close_table, false},
    {"sensitivity", run_sensitivity, open_table, close_table, false},
    {"costs of limits", run_costs, open_table, close_table, false},
    {"compare", run_compare, NULL, NULL, false},
};

int main(void)
{
    return sweep_all(operations, sizeof operations / sizeof *operations);
}
