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
    double *usage_kwh, *avail_kwh;
    bool *open;
    struct ls_turn fresh;        /* the turn, were the customer the first of the day; for bounds */
    double *whole_g, *own_g;     /* [n_slots] ls_bound_gains() of a day without gaps, and of the customer's */
    double *out_kwh, *group_out; /* [n_slots] sums of a turn's flows, where it has any */
    struct ls_flow *flows;
    void *scratch;
    struct plan *plan;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a plan");
}

static int allocate(struct serving *run, struct ls_error *error)
{
    size_t slots = (size_t)run->account.day->n_slots, customers = run->account.day->n_customers;
    double **const rows[] = {
        &run->usage_kwh, &run->avail_kwh, &run->account.room_kwh, &run->account.group_kwh,
        &run->whole_g,   &run->own_g,     &run->out_kwh,          &run->group_out,
    };
    bool all = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        *rows[i] = ls_arena_array(&run->arena, slots, sizeof(double));
        all = all && *rows[i] != NULL;
    }
    run->open = ls_arena_array(&run->arena, slots, sizeof(bool));
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
    if (!all || run->open == NULL || run->flows == NULL || run->account.customers == NULL ||
        run->account.slots == NULL)
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

static void start_bounds(struct serving *run)
{
    const struct ls_limits *limits = &run->account.limits;
    run->fresh = run->turn;
    if (limits->peak_shared)
        run->fresh.group_left_kwh = limits->group_kwh;
    run->fresh.open = limits->open;
    ls_bound_gains(&run->fresh, run->whole_g);
    run->fresh.open = run->open;
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
static enum ls_limit limit_of_source(const struct serving *run, int source)
{
    const struct ls_turn *turn = &run->turn;
    const double slack = LS_CHECK_TOLERANCE_KWH, out_kwh = run->out_kwh[source];
    int group = turn->group[source];
    if (out_kwh >= turn->usage_kwh[source] - slack)
        return LS_LIMIT_WHOLE;
    if (out_kwh >= turn->avail_kwh[source] - slack)
        return LS_LIMIT_FLOOR;
    if (group >= 0 && run->group_out[group] >= turn->group_left_kwh[group] - slack)
        return LS_LIMIT_PEAK;
    if (turn->budget_kwh > slack)
        return LS_LIMIT_ROOM;
    for (int s = 0; s < turn->n_slots; s++)
        if (abs(s - source) <= turn->window_slots && turn->open[s] &&
            turn->mef[s] < turn->mef[source] - LS_MEF_EPSILON && turn->room_kwh[s] > slack)
            return LS_LIMIT_BUDGET;
    return LS_LIMIT_ROOM;
}

/* Sums a turn's flows by source and by peak group; returns how many sources there are. */
static int sum_flows(struct serving *run, size_t n_flows)
{
    const int *group_of = run->turn.group;
    int n_sources = 0;
    for (size_t f = 0; f < n_flows; f++) {
        int source = run->flows[f].source;
        run->out_kwh[source] = 0;
        if (group_of[source] >= 0)
            run->group_out[group_of[source]] = 0;
    }
    for (size_t f = 0; f < n_flows; f++) {
        int source = run->flows[f].source;
        n_sources += run->out_kwh[source] <= 0;
        run->out_kwh[source] += run->flows[f].kwh;
        if (group_of[source] >= 0)
            run->group_out[group_of[source]] += run->flows[f].kwh;
    }
    return n_sources;
}

static int finish_turn(struct serving *run, size_t customer, size_t n_flows, struct ls_error *error)
{
    struct ls_plan *plan = &run->plan->face;
    struct ls_customer_result *result = &run->account.customers[customer];
    int status = ls_account_reserve(&run->account, n_flows, error);
    if (status != 0)
        return status;
    for (size_t f = 0; f < n_flows; f++)
        ls_account_take(&run->account, &run->flows[f]);
    run->turn.budget_kwh = run->account.budget_kwh;
    result->sources = sum_flows(run, n_flows);
    for (size_t f = 0; f < n_flows; f++)
        if (run->flows[f].limited_by == LS_LIMIT_NONE)
            run->flows[f].limited_by = limit_of_source(run, run->flows[f].source);
    for (size_t f = 0; f < n_flows; f++)
        ls_account_record(&run->account, customer, &run->flows[f]);
    plan->customers_served++;
    plan->customers_moving += n_flows > 0;
    plan->customers_no_quota += result->quota_left == 0 && !run->ops->face.ignores_quota;
    return 0;
}

/* What no plan of the customer whose turn it is can exceed, whoever went before. */
static double bound_customer(struct serving *run, size_t customer)
{
    bool whole = run->account.day->whole[customer];
    run->fresh.max_moves = run->turn.max_moves;
    if (!whole)
        ls_bound_gains(&run->fresh, run->own_g);
    return ls_bound_turn(&run->fresh, whole ? run->whole_g : run->own_g);
}

/* Adds the bounds of the customers from @p first on to the plan's, without serving them. */
static void bound_unserved(struct serving *run, size_t first)
{
    for (size_t i = first; i < run->account.day->n_customers; i++) {
        take_turn(run, i);
        run->plan->face.bound_marg_g += bound_customer(run, i);
    }
}

static int serve_customer(struct serving *run, size_t customer, struct ls_error *error)
{
    size_t n_flows = 0;
    bool proven = false;
    int status = run->ops->serve(run->scratch, &run->turn, run->flows, &n_flows, &proven, error);
    if (status == 0)
        status = finish_turn(run, customer, n_flows, error);
    if (status == 0 && !proven)
        run->plan->face.outcome = LS_OUTCOME_TIME_LIMIT;
    return status;
}

/* Tells how far serving is, unless it was told a moment ago. */
static void tell_progress(const struct serving *run, size_t done, double bound_served_g, double *told)
{
    const struct ls_solve_options *options = run->account.options;
    const struct ls_plan *plan = &run->plan->face;
    if (ls_clock_seconds() - *told < PROGRESS_SECONDS)
        return;
    *told = ls_clock_seconds();
    struct ls_progress progress = {
        .done = done,
        .in_all = run->account.day->n_customers,
        .incumbent_g = plan->saved_marg_g,
        .bound_g = plan->saved_marg_g + fmax(plan->bound_marg_g - bound_served_g, 0),
    };
    options->progress(options->user, &progress);
}

/* Turn by turn, whatever else the engine can do. Progress is told with the bound of all customers, so that
 * they are bounded before the first is served; otherwise each is in its turn. */
static int serve_by_turns(struct serving *run, struct ls_error *error)
{
    const struct ls_solve_options *options = run->account.options;
    bool tells = options->progress != NULL;
    double told = 0, bound_served_g = 0;
    start_bounds(run);
    if (tells)
        bound_unserved(run, 0);
    for (size_t i = 0; i < run->account.day->n_customers; i++) {
        if (options->cancel != NULL && atomic_load(options->cancel)) {
            run->plan->face.outcome = LS_OUTCOME_CANCELLED;
            if (!tells)
                bound_unserved(run, i);
            return 0;
        }
        take_turn(run, i);
        double bound_g = bound_customer(run, i);
        int status = serve_customer(run, i, error);
        if (status != 0)
            return status;
        bound_served_g += bound_g;
        if (tells)
            tell_progress(run, i + 1, bound_served_g, &told);
        else
            run->plan->face.bound_marg_g += bound_g;
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

bool ls_plan_lacks_factors(const struct ls_plan *plan)
{
    return plan->uncovered_kwh > 0 && plan->uncovered_kwh >= plan->baseline_kwh;
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
