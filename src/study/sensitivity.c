#include <loadscope/sensitivity.h>

#include "base/text.h"
#include "study/probe.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Differences to an answer that was cut short would mean nothing. */
static int admit(const struct ls_answer *answer, struct ls_error *error)
{
    if (answer->plan->outcome != LS_OUTCOME_CANCELLED)
        return 0;
    return ls_error_set(error, LS_ERR_CANCELLED, "the answer itself was cancelled");
}

/* ---- a step less, a step more ---- */

bool ls_sensitivity_applies(const struct ls_parameter *parameter)
{
    return (parameter->type == LS_TYPE_INTEGER || parameter->type == LS_TYPE_REAL) && !parameter->per_city &&
           parameter->step > 0 && parameter->offset != offsetof(struct ls_policy, seed);
}

/* The value a step further, in `out`; false where there is none. */
static bool step_value(const struct ls_answer *answer, const struct ls_parameter *parameter, enum ls_way step,
                       char out[LS_VALUE_SIZE])
{
    struct ls_policy policy = answer->policy; /* borrows the cities, which stay as they are */
    char now[LS_VALUE_SIZE];
    ls_parameter_get(parameter, &policy, NULL, now, sizeof now);
    if (ls_parameter_nudge(parameter, &policy, NULL, step == LS_STEP_MORE ? 1 : -1, NULL) != 0)
        return false;
    ls_parameter_get(parameter, &policy, NULL, out, LS_VALUE_SIZE);
    return strcmp(out, now) != 0;
}

static int look_further(ls_bench *bench, const struct ls_answer *answer, const struct ls_parameter *parameter,
                        enum ls_way step, const struct ls_solve_options *options, struct ls_further *out,
                        struct ls_error *error)
{
    struct ls_further further = {0};
    *out = further;
    if (!step_value(answer, parameter, step, further.value))
        return 0;
    int status = ls_probe_with(bench, answer, parameter, further.value, options, &further.totals, error);
    if (status != 0)
        return status;
    further.possible = true;
    further.more_marg_g = further.totals.saved_marg_g - answer->plan->saved_marg_g;
    further.more_avg_g = further.totals.saved_avg_g - answer->plan->saved_avg_g;
    *out = further;
    return 0;
}

static void find_price(const struct ls_answer *answer, struct ls_sensitivity *sensitivity)
{
    const struct ls_further *less = &sensitivity->further[LS_STEP_LESS];
    const struct ls_further *more = &sensitivity->further[LS_STEP_MORE];
    char now[LS_VALUE_SIZE];
    double from, to;
    sensitivity->price_marg_g = sensitivity->price_avg_g = NAN;
    ls_parameter_get(sensitivity->parameter, &answer->policy, NULL, now, sizeof now);
    if (!ls_text_real(now, &from) || !ls_text_real(now, &to) ||
        (less->possible && !ls_text_real(less->value, &from)) ||
        (more->possible && !ls_text_real(more->value, &to)) || !(from < to))
        return;
    sensitivity->price_marg_g = (more->more_marg_g - less->more_marg_g) / (to - from);
    sensitivity->price_avg_g = (more->more_avg_g - less->more_avg_g) / (to - from);
}

int ls_sensitivity(ls_bench *bench, const struct ls_answer *answer, const struct ls_parameter *parameter,
                   const struct ls_solve_options *options, struct ls_sensitivity *out, struct ls_error *error)
{
    struct ls_sensitivity sensitivity = {.parameter = parameter};
    int status = admit(answer, error);
    for (int step = 0; status == 0 && step < LS_STEPS; step++)
        status = look_further(bench, answer, parameter, (enum ls_way)step, options,
                              &sensitivity.further[step], error);
    if (status != 0)
        return status;
    find_price(answer, &sensitivity);
    *out = sensitivity;
    return 0;
}

int ls_sensitivities(ls_bench *bench, const struct ls_answer *answer, const struct ls_solve_options *options,
                     ls_sensitivity_fn *each, void *user, struct ls_error *error)
{
    size_t n;
    const struct ls_parameter *parameters = ls_parameters(&n);
    int status = 0;
    for (size_t p = 0; status == 0 && p < n; p++) {
        struct ls_sensitivity sensitivity;
        if (!ls_sensitivity_applies(&parameters[p]))
            continue;
        status = ls_sensitivity(bench, answer, &parameters[p], options, &sensitivity, error);
        if (status == 0)
            each(user, &sensitivity);
    }
    return status;
}

/* ---- limits that bind ---- */

/* One customer's slots, while its moves are gone through. */
struct slots {
    double out_kwh[LS_SLOTS_MAX];      /* 0 but for the sources */
    uint32_t stopped_by[LS_SLOTS_MAX]; /* bit l set: limit l stopped a move of this source */
};

_Static_assert(LS_LIMIT_COUNT <= 32, "a bit for each limit");

/* Adds up a customer's sources and forgets them. */
static void add_customer(const struct ls_cityday *day, const struct ls_move *moves, size_t n_moves,
                         struct slots *slots, struct ls_binding *out)
{
    uint32_t met = 0;
    for (size_t m = 0; m < n_moves; m++) {
        int source = moves[m].source;
        for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
            if ((slots->stopped_by[source] >> limit & 1) != 0)
                out[limit].stopped_kwh +=
                    ls_cityday_kwh(day, moves[m].customer, source) - slots->out_kwh[source];
        met |= slots->stopped_by[source];
        slots->stopped_by[source] = 0;
        slots->out_kwh[source] = 0;
    }
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        out[limit].customers += met >> limit & 1;
}

/* Customers who used all the moves that the quotas of the day and of the week, or one of them, left them. */
static size_t count_used_up(const struct ls_answer *answer, bool of_day, bool of_week)
{
    const struct ls_plan *plan = answer->plan;
    int a_day = of_day && answer->policy.moves_per_day >= 0 ? answer->policy.moves_per_day : INT_MAX;
    size_t n = 0;
    if (ls_engine(answer->policy.engine)->ignores_quota)
        return 0;
    for (size_t i = 0; i < plan->customers_served; i++) {
        int left = of_week && answer->quota_left[i] >= 0 ? answer->quota_left[i] : INT_MAX;
        n += plan->customers[i].sources >= (left < a_day ? left : a_day);
    }
    return n;
}

void ls_binding_of(const struct ls_answer *answer, struct ls_binding out[LS_LIMIT_COUNT])
{
    const struct ls_plan *plan = answer->plan;
    struct slots slots = {0};
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        out[limit] = (struct ls_binding){.moves = plan->limited[limit]};
    for (size_t m = 0, first = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        slots.out_kwh[move->source] += move->kwh;
        slots.stopped_by[move->source] |= UINT32_C(1) << move->limited_by;
        if (m + 1 == plan->n_moves || plan->moves[m + 1].customer != move->customer) {
            add_customer(answer->day, &plan->moves[first], m + 1 - first, &slots, out);
            first = m + 1;
        }
    }
    out[LS_LIMIT_QUOTA].customers = count_used_up(answer, true, true);
}

/* ---- what limits cost ---- */

/* Each limit with what switches it off. */
static const struct {
    enum ls_limit limit;
    const char *name, *off;
} switches[] = {
    {LS_LIMIT_HOURS, "behaviour.day_boundaries", "00:00-24:00"},
    {LS_LIMIT_WINDOW, "behaviour.shift_window_hours", "none"},
    {LS_LIMIT_QUOTA, "behaviour.moves_per_day", "none"},
    {LS_LIMIT_QUOTA, "behaviour.moves_per_week", "none"},
    {LS_LIMIT_FLOOR, "household_minimum.baseline_type", "none"},
    {LS_LIMIT_PEAK, "peak.reduction_limit_percent", "none"},
    {LS_LIMIT_ROOM, "spike.alpha_percent", "none"},
    {LS_LIMIT_BUDGET, "regional.load_shift_percent_limit", "none"},
    {LS_LIMIT_SMALLEST, "run.min_fraction_of_day", "none"},
};
_Static_assert(sizeof switches / sizeof *switches == LS_LIMIT_COSTS, "each has a cost");

static int find_cost(ls_bench *bench, const struct ls_answer *answer, const char *off,
                     const struct ls_solve_options *options, struct ls_limit_cost *cost,
                     struct ls_error *error)
{
    ls_parameter_get(cost->parameter, &answer->policy, NULL, cost->value, sizeof cost->value);
    cost->off = strcmp(cost->value, off) == 0;
    if (cost->off) {
        ls_totals_of(answer->plan, &cost->without);
        return 0;
    }
    int status = ls_probe_with(bench, answer, cost->parameter, off, options, &cost->without, error);
    cost->marg_g = cost->without.saved_marg_g - answer->plan->saved_marg_g;
    cost->avg_g = cost->without.saved_avg_g - answer->plan->saved_avg_g;
    return status;
}

int ls_limit_costs(ls_bench *bench, const struct ls_answer *answer, const struct ls_solve_options *options,
                   ls_limit_cost_fn *each, void *user, struct ls_error *error)
{
    struct ls_binding binding[LS_LIMIT_COUNT];
    int status = admit(answer, error);
    ls_binding_of(answer, binding);
    for (size_t i = 0; status == 0 && i < sizeof switches / sizeof *switches; i++) {
        enum ls_limit limit = switches[i].limit;
        struct ls_limit_cost cost = {.limit = limit, .binding = binding[limit]};
        char city[64];
        status = ls_parameter_find(switches[i].name, &cost.parameter, city, error);
        if (status == 0 && limit == LS_LIMIT_QUOTA) {
            bool of_day = cost.parameter->offset == offsetof(struct ls_policy, moves_per_day);
            cost.binding.customers = count_used_up(answer, of_day, !of_day);
        }
        if (status == 0)
            status = find_cost(bench, answer, switches[i].off, options, &cost, error);
        if (status == 0)
            each(user, &cost);
    }
    return status;
}
