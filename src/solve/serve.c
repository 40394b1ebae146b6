/*
 * Serves the customers of a city-day one after another.
 *
 * A turn sees the account of what customers share (account.h) as it stands; what an engine returns is taken
 * from it before the next turn. Nothing is allocated in a turn but the growing list of moves. An engine that
 * knows a quicker way through a whole city-day (serve_day) goes it instead, to the same plan.
 */
#include "solve/serve.h"

#include "base/clock.h"
#include "solve/account.h"
#include "solve/bound.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_SECONDS         0.05
#define DEFAULT_CUSTOMER_SECONDS 10.0
#define BINDS_EPSILON_KWH        1e-9

static const struct ls_engine_ops *const engines[] = {
    [LS_ENGINE_GREEDY] = &ls_engine_greedy,
    [LS_ENGINE_MILP] = &ls_engine_milp,
    [LS_ENGINE_LP] = &ls_engine_lp,
};

static const char *const limit_names[LS_LIMIT_COUNT] = {
    [LS_LIMIT_NONE] = "none",
    [LS_LIMIT_MISSING] = "missing",
    [LS_LIMIT_HOURS] = "hours",
    [LS_LIMIT_WINDOW] = "window",
    [LS_LIMIT_NOT_CLEANER] = "not cleaner",
    [LS_LIMIT_QUOTA] = "quota",
    [LS_LIMIT_WHOLE] = "whole",
    [LS_LIMIT_FLOOR] = "floor",
    [LS_LIMIT_PEAK] = "peak",
    [LS_LIMIT_ROOM] = "room",
    [LS_LIMIT_BUDGET] = "budget",
    [LS_LIMIT_SMALLEST] = "smallest",
    [LS_LIMIT_OUTBID] = "outbid",
};

const struct ls_engine *ls_engine(enum ls_engine_id id)
{
    return &engines[id]->face;
}

const char *ls_limit_name(enum ls_limit limit)
{
    return limit_names[limit];
}

size_t ls_turn_flow_capacity(int n_slots, int window_slots)
{
    size_t pairs = 2 * (size_t)window_slots;
    return (size_t)n_slots * (pairs < (size_t)n_slots ? pairs : (size_t)n_slots) + 1;
}

struct plan {
    struct ls_plan face;
    struct ls_arena arena;
    struct ls_move *moves;
};

/* A solve under way. Arrays belong to `arena`, released with it; what stays belongs to the plan. */
struct serving {
    struct ls_account account;
    const struct ls_engine_ops *ops;
    struct ls_arena arena;
    struct ls_turn turn;
    double *usage_kwh, *avail_kwh, *customer_bound_g;
    bool *open;
    struct ls_flow *flows;
    void *scratch;
    double bound_left_g; /* proven for the customers not yet served */
    struct plan *plan;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a plan");
}

static int allocate(struct serving *run, struct ls_error *error)
{
    size_t slots = (size_t)run->account.day->n_slots, customers = run->account.day->n_customers;
    run->usage_kwh = ls_arena_array(&run->arena, slots, sizeof(double));
    run->avail_kwh = ls_arena_array(&run->arena, slots, sizeof(double));
    run->account.room_kwh = ls_arena_array(&run->arena, slots, sizeof(double));
    run->account.group_kwh = ls_arena_array(&run->arena, slots, sizeof(double));
    run->open = ls_arena_array(&run->arena, slots, sizeof(bool));
    run->customer_bound_g = ls_arena_space(&run->arena, customers, sizeof(double));
    run->flows = ls_arena_array(
        &run->arena, ls_turn_flow_capacity(run->account.day->n_slots, run->account.limits.window_slots),
        sizeof *run->flows);
    run->plan = calloc(1, sizeof *run->plan);
    if (run->plan == NULL)
        return out_of_memory(error);
    run->account.plan = &run->plan->face;
    run->account.moves = &run->plan->moves;
    run->account.customers = ls_arena_space(&run->plan->arena, customers, sizeof *run->account.customers);
    run->account.slots = ls_arena_array(&run->plan->arena, slots, sizeof *run->account.slots);
    if (run->usage_kwh == NULL || run->avail_kwh == NULL || run->account.room_kwh == NULL ||
        run->account.group_kwh == NULL || run->open == NULL || run->customer_bound_g == NULL ||
        run->flows == NULL || run->account.customers == NULL || run->account.slots == NULL)
        return out_of_memory(error);
    return 0;
}

static void start_turns(struct serving *run)
{
    const struct ls_limits *limits = &run->account.limits;
    memcpy(run->account.room_kwh, limits->room_kwh, (size_t)run->account.day->n_slots * sizeof(double));
    if (limits->peak_shared)
        memcpy(run->account.group_kwh, limits->group_kwh, (size_t)limits->n_groups * sizeof(double));
    run->account.budget_kwh = limits->budget_kwh;
    double seconds = run->account.options->customer_seconds;
    run->turn = (struct ls_turn){
        .n_slots = run->account.day->n_slots,
        .window_slots = limits->window_slots,
        .mef = run->account.day->mef_g_per_kwh,
        .open = run->open,
        .usage_kwh = run->usage_kwh,
        .avail_kwh = run->avail_kwh,
        .n_groups = limits->n_groups,
        .group = limits->group,
        .group_left_kwh = run->account.group_kwh,
        .room_kwh = run->account.room_kwh,
        .budget_kwh = limits->budget_kwh,
        .seconds = seconds > 0 ? seconds : DEFAULT_CUSTOMER_SECONDS,
        .solver = run->account.policy->solver,
    };
}

static void take_turn(struct serving *run, size_t customer)
{
    const struct ls_cityday *day = run->account.day;
    int quota_left = ls_account_quota(&run->account, customer);
    ls_limits_customer(&run->account.limits, day, customer, run->usage_kwh, run->avail_kwh, run->open,
                       run->account.group_kwh);
    run->turn.max_moves =
        run->ops->face.ignores_quota ? INT_MAX : ls_limits_moves(&run->account.limits, quota_left);
    run->turn.smallest_kwh =
        run->account.limits.smallest_fraction * ((double)day->day_quanta[customer] / day->quanta_per_kwh);
    run->account.customers[customer] = (struct ls_customer_result){.quota_left = quota_left};
}

/*
 * What stopped the source of an exact engine's flows: once the turn is taken into account, the first limit
 * that has nothing left. At an optimum one of them has, for otherwise a little more would save a little more.
 */
static enum ls_limit limit_of_source(const struct serving *run, int source, double out_kwh,
                                     const double *group_out)
{
    const struct ls_turn *turn = &run->turn;
    const double slack = LS_CHECK_TOLERANCE_KWH;
    int group = turn->group[source];
    if (out_kwh >= turn->usage_kwh[source] - slack)
        return LS_LIMIT_WHOLE;
    if (out_kwh >= turn->avail_kwh[source] - slack)
        return LS_LIMIT_FLOOR;
    if (group >= 0 && group_out[group] >= turn->group_left_kwh[group] - slack)
        return LS_LIMIT_PEAK;
    if (turn->budget_kwh > slack)
        return LS_LIMIT_ROOM;
    for (int s = 0; s < turn->n_slots; s++)
        if (abs(s - source) <= turn->window_slots && turn->open[s] &&
            turn->mef[s] < turn->mef[source] - LS_MEF_EPSILON && turn->room_kwh[s] > slack)
            return LS_LIMIT_BUDGET;
    return LS_LIMIT_ROOM;
}

static void name_limits(struct serving *run, size_t n_flows)
{
    double out_kwh[LS_SLOTS_MAX] = {0}, group_out[LS_SLOTS_MAX] = {0};
    for (size_t f = 0; f < n_flows; f++) {
        int source = run->flows[f].source, group = run->turn.group[source];
        out_kwh[source] += run->flows[f].kwh;
        if (group >= 0)
            group_out[group] += run->flows[f].kwh;
    }
    for (size_t f = 0; f < n_flows; f++)
        if (run->flows[f].limited_by == LS_LIMIT_NONE)
            run->flows[f].limited_by =
                limit_of_source(run, run->flows[f].source, out_kwh[run->flows[f].source], group_out);
}

static int finish_turn(struct serving *run, size_t customer, size_t n_flows, struct ls_error *error)
{
    struct ls_plan *plan = &run->plan->face;
    int status = ls_account_reserve(&run->account, n_flows, error);
    if (status != 0)
        return status;
    bool is_source[LS_SLOTS_MAX] = {false};
    for (size_t f = 0; f < n_flows; f++) {
        const struct ls_flow *flow = &run->flows[f];
        ls_account_take(&run->account, flow);
        run->account.customers[customer].sources += !is_source[flow->source];
        is_source[flow->source] = true;
    }
    run->turn.budget_kwh = run->account.budget_kwh;
    name_limits(run, n_flows);
    for (size_t f = 0; f < n_flows; f++)
        ls_account_record(&run->account, customer, &run->flows[f]);
    plan->customers_served++;
    plan->customers_moving += n_flows > 0;
    plan->customers_no_quota +=
        run->account.customers[customer].quota_left == 0 && !run->ops->face.ignores_quota;
    return 0;
}

/* What no plan of each customer can exceed, and their sum: the bound before anybody is served. */
static void bound_customers(struct serving *run)
{
    const struct ls_cityday *day = run->account.day;
    double whole_gain[LS_SLOTS_MAX], own_gain[LS_SLOTS_MAX];
    run->turn.open = run->account.limits.open;
    ls_bound_gains(&run->turn, whole_gain);
    run->turn.open = run->open;
    for (size_t i = 0; i < day->n_customers; i++) {
        take_turn(run, i);
        if (!day->whole[i])
            ls_bound_gains(&run->turn, own_gain);
        run->customer_bound_g[i] = ls_bound_turn(&run->turn, day->whole[i] ? whole_gain : own_gain);
        run->bound_left_g += run->customer_bound_g[i];
    }
    run->plan->face.bound_marg_g = run->bound_left_g;
}

static int serve_all(struct serving *run, struct ls_error *error)
{
    struct ls_plan *plan = &run->plan->face;
    const struct ls_solve_options *options = run->account.options;
    double reported = 0;
    for (size_t i = 0; i < run->account.day->n_customers; i++) {
        if (options->cancel != NULL && atomic_load(options->cancel)) {
            plan->outcome = LS_OUTCOME_CANCELLED;
            return 0;
        }
        size_t customer = i, n_flows = 0;
        bool proven = false;
        take_turn(run, customer);
        int status = run->ops->serve(run->scratch, &run->turn, run->flows, &n_flows, &proven, error);
        if (status == 0)
            status = finish_turn(run, customer, n_flows, error);
        if (status != 0)
            return status;
        if (!proven)
            plan->outcome = LS_OUTCOME_TIME_LIMIT;
        run->bound_left_g -= run->customer_bound_g[customer];
        if (options->progress == NULL || ls_clock_seconds() - reported < PROGRESS_SECONDS)
            continue;
        reported = ls_clock_seconds();
        struct ls_progress progress = {.done = i + 1,
                                       .in_all = run->account.day->n_customers,
                                       .incumbent_g = plan->saved_marg_g,
                                       .bound_g = plan->saved_marg_g + fmax(run->bound_left_g, 0)};
        options->progress(options->user, &progress);
    }
    return 0;
}

static void summarise(struct serving *run)
{
    struct ls_plan *plan = &run->plan->face;
    const struct ls_cityday *day = run->account.day;
    for (int t = 0; t < day->n_slots; t++) {
        struct ls_slot_result *slot = &run->account.slots[t];
        double kwh = (double)day->slot_quanta[t] / day->quanta_per_kwh;
        slot->baseline_kwh = kwh;
        slot->room_kwh = run->account.limits.room_kwh[t];
        slot->peak = run->account.limits.peak[t];
        slot->spike_binds = run->account.room_kwh[t] <= BINDS_EPSILON_KWH && slot->in_kwh > 0;
        plan->baseline_kwh += kwh;
        if (isnan(day->mef_g_per_kwh[t])) {
            plan->uncovered_kwh += kwh;
            continue;
        }
        plan->baseline_marg_g += kwh * day->mef_g_per_kwh[t];
        plan->baseline_avg_g += kwh * day->aef_g_per_kwh[t];
    }
    plan->moves = run->plan->moves;
    plan->customers = run->account.customers;
    plan->slots = run->account.slots;
    plan->n_customers = day->n_customers;
    plan->n_slots = day->n_slots;
    plan->engine = run->account.policy->engine;
    plan->budget_kwh = run->account.limits.budget_kwh;
    plan->budget_used_kwh = plan->moved_kwh;
    plan->owner = run->plan;
}

/* Turn by turn, whatever else the engine can do. */
static int serve_by_turns(struct serving *run, struct ls_error *error)
{
    bound_customers(run);
    start_turns(run);
    return serve_all(run, error);
}

static int solve(const struct ls_cityday *day, const struct ls_policy *policy,
                 const struct ls_solve_options *options, bool by_turns, struct ls_plan **out,
                 struct ls_error *error)
{
    static const struct ls_solve_options no_options;
    double started = ls_clock_seconds();
    assert(day->n_slots <= LS_SLOTS_MAX);
    struct serving run = {
        .account = {.day = day, .policy = policy, .options = options != NULL ? options : &no_options},
        .ops = engines[policy->engine]};
    int status = ls_limits_derive(day, policy, &run.arena, &run.account.limits, error);
    if (status != 0 || (status = allocate(&run, error)) != 0)
        goto done;
    /* A date that the zone skips has no slots, and so nobody who asks the engine. */
    if (day->n_customers > 0)
        status = run.ops->open(day->n_slots, run.account.limits.window_slots, &run.scratch, error);
    if (status != 0)
        goto done;
    start_turns(&run);
    by_turns = by_turns || run.ops->serve_day == NULL || !run.ops->fits_day(&run.account);
    status = by_turns ? serve_by_turns(&run, error) : run.ops->serve_day(&run.account, error);
    if (status != 0)
        goto done;
    summarise(&run);
    run.plan->face.seconds = ls_clock_seconds() - started;
    *out = &run.plan->face;
    run.plan = NULL;
done:
    if (run.scratch != NULL)
        run.ops->close(run.scratch);
    if (run.plan != NULL) {
        run.plan->face.owner = run.plan;
        ls_plan_destroy(&run.plan->face);
    }
    ls_arena_release(&run.arena);
    return status;
}

int ls_solve(const struct ls_cityday *day, const struct ls_policy *policy,
             const struct ls_solve_options *options, struct ls_plan **out, struct ls_error *error)
{
    return solve(day, policy, options, false, out, error);
}

int ls_solve_by_turns(const struct ls_cityday *day, const struct ls_policy *policy,
                      const struct ls_solve_options *options, struct ls_plan **out, struct ls_error *error)
{
    return solve(day, policy, options, true, out, error);
}

void ls_plan_destroy(struct ls_plan *plan)
{
    if (plan == NULL)
        return;
    struct plan *made = plan->owner;
    free(made->moves);
    ls_arena_release(&made->arena);
    free(made);
}
