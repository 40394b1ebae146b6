/*
 * The independent check of a plan: limits re-derived from readings and policy (check_limits.c), sums from
 * moves.
 *
 * Limits it names: engine, customers, customer, slot, kwh, missing, hours, window, not cleaner, one
 * destination, moves a day, moves a week, smallest move, baseline, floor, peak, spike, budget, limited by,
 * bound; totals are named "total ..." by their field; "memory" says that the check could not be made. Moves
 * whose customer, slots or kWh make no sense are reported and left out of everything else. lp knows neither
 * quotas nor a smallest move; only greedy promises cleaner destinations and one of them for each source.
 * ls_check_moves() knows moves alone, of any program: no totals of a plan, and reasons only where given. Of
 * reasons it is not judged which of two limits reached at once was the first, nor `room` of an exact engine:
 * it holds for the source at the optimum, of whose proof moves say nothing.
 */
#include "solve/check.h"

#include <loadscope/plan.h>

#include <math.h>
#include <stdlib.h>

struct check {
    struct ls_check_day day;
    const struct ls_cityday *face; /* for its list of customers only */
    const struct ls_plan *plan;
    const int *quota_left;
    bool moves_only;  /* there are no totals to compare with */
    double slack_kwh; /* by how much the moves' author may have read each reading otherwise */
    ls_violation_fn *report;
    void *user;
    size_t n_violations;
    size_t *first_of;            /* [n_customers + 2] where each customer's moves begin in `by_customer` */
    size_t *by_customer;         /* [n_moves] sound moves by customer, in the plan's order */
    bool *sound;                 /* [n_moves] */
    bool *listed;                /* [customers of the city] */
    bool *served;                /* [n_customers] */
    double *usage_kwh, *out_kwh; /* [n_slots] of one customer */
    double *floor_kwh;           /* [n_customers * n_slots] of those who move */
    int *moves_of;               /* [n_slots] moves of one customer by source */
    double *all_out_kwh, *all_in_kwh;  /* [n_slots] of the city */
    double *group_out_kwh, *group_kwh; /* [n_slots] by peak group, of one customer or the city */
    double largest_factor;             /* g/kWh, for the tolerance of grams */
    struct ls_plan total;              /* what the plan's totals should be */
};

static void violate(struct check *check, const char *limit, const char *id, int slot, double amount)
{
    struct ls_violation violation = {.limit = limit, .id = id, .slot = slot, .amount = amount};
    check->n_violations++;
    if (check->report)
        check->report(check->user, &violation);
}

/* Sums of large energies carry rounding of their own size, and that of the readings in them. */
static double tolerance(const struct check *check, size_t readings, double magnitude)
{
    return ls_check_tolerance(check->slack_kwh, readings, magnitude);
}

/* Reports @p limit when @p value exceeds @p most, which rests on so many readings, or is no number. */
static void at_most(struct check *check, const char *limit, const char *id, int slot, double value,
                    double most, size_t readings)
{
    if (!(value <= most + tolerance(check, readings, most)))
        violate(check, limit, id, slot, value - most);
}

static void equal(struct check *check, const char *total, const char *id, int slot, double found,
                  double expected, double allowed)
{
    if (found != expected && !(fabs(found - expected) <= allowed))
        violate(check, total, id, slot, found - expected);
}

static void equal_kwh(struct check *check, const char *total, const char *id, int slot, double found,
                      double expected)
{
    equal(check, total, id, slot, found, expected, tolerance(check, 0, check->day.all_kwh));
}

static void equal_g(struct check *check, const char *total, const char *id, double found, double expected)
{
    equal(check, total, id, -1, found, expected,
          check->largest_factor * tolerance(check, 0, check->day.all_kwh));
}

static void equal_count(struct check *check, const char *total, const char *id, double found, double expected)
{
    equal(check, total, id, -1, found, expected, 0);
}

static const struct ls_customer *home(const struct check *check, size_t customer)
{
    return &check->day.dataset->customers[check->face->customer[customer]];
}

/* The city-day's list of customers must be those with a known reading, each once; false when it points
 * outside the city. */
static bool check_customers(struct check *check)
{
    const struct ls_city *city = check->day.city;
    for (size_t i = 0; i < check->face->n_customers; i++) {
        size_t c = check->face->customer[i] - city->first_customer;
        if (c >= city->n_customers) {
            violate(check, "customers", NULL, -1, (double)check->face->customer[i]);
            return false;
        }
        if (check->listed[c])
            violate(check, "customers", check->day.dataset->customers[check->face->customer[i]].id, -1, 0);
        check->listed[c] = true;
    }
    for (size_t c = 0; c < city->n_customers; c++) {
        const struct ls_customer *customer = &check->day.dataset->customers[city->first_customer + c];
        double sum_kwh;
        bool known = ls_check_day_usage(&check->day, customer, check->usage_kwh, &sum_kwh) > 0;
        if (known != check->listed[c])
            violate(check, "customers", customer->id, -1, sum_kwh);
    }
    return true;
}

static bool is_sound(struct check *check, const struct ls_move *move)
{
    if (move->customer >= check->face->n_customers) {
        violate(check, "customer", NULL, -1, move->customer);
        return false;
    }
    const char *id = home(check, move->customer)->id;
    int n = check->day.n_slots;
    if (move->source < 0 || move->source >= n || move->destination < 0 || move->destination >= n ||
        move->source == move->destination) {
        violate(check, "slot", id, move->source, move->destination);
        return false;
    }
    if (!(move->kwh > 0) || isinf(move->kwh)) {
        violate(check, "kwh", id, move->source, move->kwh);
        return false;
    }
    return true;
}

/* Sorts the sound moves by customer, keeping the plan's order within each: counts, then places. */
static void sort_moves(struct check *check)
{
    const struct ls_plan *plan = check->plan;
    for (size_t m = 0; m < plan->n_moves; m++) {
        check->sound[m] = is_sound(check, &plan->moves[m]);
        if (check->sound[m])
            check->first_of[plan->moves[m].customer + 2]++;
    }
    for (size_t i = 2; i < check->face->n_customers + 2; i++)
        check->first_of[i] += check->first_of[i - 1];
    for (size_t m = 0; m < plan->n_moves; m++)
        if (check->sound[m])
            check->by_customer[check->first_of[plan->moves[m].customer + 1]++] = m;
}

static void check_move(struct check *check, const struct ls_move *move, const char *id)
{
    const struct ls_check_day *day = &check->day;
    const struct ls_policy *policy = day->policy;
    const int ends[] = {move->source, move->destination};
    for (int k = 0; k < 2; k++) {
        if (isnan(check->usage_kwh[ends[k]]) || !day->covered[ends[k]])
            violate(check, "missing", id, ends[k], move->kwh);
        if (!day->movable[ends[k]])
            violate(check, "hours", id, ends[k], move->kwh);
    }
    double minutes = abs(move->source - move->destination) * policy->slot_minutes;
    double most = policy->shift_window_hours * 60;
    if (policy->shift_window_hours >= 0 &&
        (policy->shift_window_inclusive ? minutes > most + 1e-6 : minutes >= most - 1e-6))
        violate(check, "window", id, move->source, minutes - most);
    double gain = day->mef[move->source] - day->mef[move->destination];
    if (check->plan->engine == LS_ENGINE_GREEDY && !(gain > 0))
        violate(check, "not cleaner", id, move->source, -gain);
    bool reasoned = !check->moves_only || move->limited_by != LS_LIMIT_NONE;
    if (reasoned && (move->limited_by < LS_LIMIT_WHOLE || move->limited_by > LS_LIMIT_BUDGET))
        violate(check, "limited by", id, move->source, move->limited_by);
}

/* What the moves of @p customer come to in slots, groups and totals. */
static void add_moves(struct check *check, size_t customer, struct ls_customer_result *result)
{
    const struct ls_check_day *day = &check->day;
    for (int t = 0; t < day->n_slots; t++) {
        check->out_kwh[t] = 0;
        check->moves_of[t] = 0;
    }
    for (size_t k = check->first_of[customer]; k < check->first_of[customer + 1]; k++) {
        const struct ls_move *move = &check->plan->moves[check->by_customer[k]];
        int t = move->source, s = move->destination;
        check_move(check, move, home(check, customer)->id);
        double marg_g = (day->mef[t] - day->mef[s]) * move->kwh,
               avg_g = (day->aef[t] - day->aef[s]) * move->kwh;
        check->out_kwh[t] += move->kwh;
        result->sources += check->moves_of[t]++ == 0;
        check->all_out_kwh[t] += move->kwh;
        check->all_in_kwh[s] += move->kwh;
        result->moved_kwh += move->kwh;
        result->saved_marg_g += marg_g;
        result->saved_avg_g += avg_g;
        check->total.moves_disagreeing += marg_g > 0 && avg_g < 0;
        if ((unsigned)move->limited_by < LS_LIMIT_COUNT)
            check->total.limited[move->limited_by]++;
    }
}

static int quota_of(const struct check *check, size_t customer)
{
    return check->quota_left ? check->quota_left[customer] : check->day.policy->moves_per_week;
}

/* Limits on how many moves and how small. */
static void check_counts(struct check *check, size_t customer, int sources, double sum_kwh)
{
    const struct ls_policy *policy = check->day.policy;
    const char *id = home(check, customer)->id;
    if (check->plan->engine == LS_ENGINE_LP)
        return;
    if (policy->moves_per_day >= 0 && sources > policy->moves_per_day)
        violate(check, "moves a day", id, -1, sources - policy->moves_per_day);
    if (quota_of(check, customer) >= 0 && sources > quota_of(check, customer))
        violate(check, "moves a week", id, -1, sources - quota_of(check, customer));
    double smallest_kwh = fmax(policy->min_fraction_of_day, 0) * sum_kwh;
    for (int t = 0; t < check->day.n_slots; t++) {
        if (check->out_kwh[t] > 0 &&
            check->out_kwh[t] < smallest_kwh - tolerance(check, (size_t)check->day.n_slots, sum_kwh))
            violate(check, "smallest move", id, t, smallest_kwh - check->out_kwh[t]);
        if (check->plan->engine == LS_ENGINE_GREEDY && check->moves_of[t] > 1)
            violate(check, "one destination", id, t, check->moves_of[t] - 1);
    }
}

static double *floors(const struct check *check, size_t customer)
{
    return check->floor_kwh + customer * (size_t)check->day.n_slots;
}

/* Usage and what leaves, by group of the peak allowance. */
static void sum_groups(struct check *check, const double *usage_kwh, const double *out_kwh)
{
    const struct ls_check_day *day = &check->day;
    for (int g = 0; g < day->n_groups; g++)
        check->group_out_kwh[g] = check->group_kwh[g] = 0;
    for (int t = 0; t < day->n_slots; t++) {
        if (day->group[t] < 0)
            continue;
        check->group_out_kwh[day->group[t]] += out_kwh[t];
        check->group_kwh[day->group[t]] += isnan(usage_kwh[t]) ? 0 : usage_kwh[t];
    }
}

/* What may leave slots and, per customer, peak hours. */
static void check_leaving(struct check *check, size_t customer)
{
    struct ls_check_day *day = &check->day;
    const char *id = home(check, customer)->id;
    double *floor_kwh = floors(check, customer);
    ls_check_day_floor(day, home(check, customer), floor_kwh);
    for (int t = 0; t < day->n_slots; t++) {
        double used = isnan(check->usage_kwh[t]) ? 0 : check->usage_kwh[t];
        double free_kwh = used - fmin(floor_kwh[t], used);
        at_most(check, "baseline", id, t, check->out_kwh[t], used, 1);
        if (check->out_kwh[t] <= used + tolerance(check, 1, used))
            at_most(check, "floor", id, t, check->out_kwh[t], free_kwh, 2);
    }
    if (day->policy->peak_reduction_percent < 0 || day->policy->peak_scope == LS_PEAK_PER_CITY)
        return;
    sum_groups(check, check->usage_kwh, check->out_kwh);
    for (int t = 0, g = 0; t < day->n_slots; t++)
        if (day->group[t] == g) { /* each group once, at its first slot */
            at_most(check, "peak", id, t, check->group_out_kwh[g],
                    day->policy->peak_reduction_percent * check->group_kwh[g] / 100, (size_t)day->n_slots);
            g++;
        }
}

static double room_of(const struct ls_check_day *day, int slot)
{
    double alpha = day->policy->alpha_percent;
    return alpha < 0 ? INFINITY : alpha * day->slot_kwh[slot] / 100;
}

/* How far @p move falls short of the limit that it names; <= 0 where that cannot be told. Only sums that
 * never loosen again are looked at: for the anti-spike limit, all that came into the slot. */
static double falls_short(const struct check *check, const struct ls_move *move, const double *floor_kwh)
{
    const struct ls_check_day *day = &check->day;
    double used = check->usage_kwh[move->source], out = check->out_kwh[move->source];
    int group = day->group[move->source];
    switch (move->limited_by) {
    case LS_LIMIT_WHOLE:
        return used - out;
    case LS_LIMIT_FLOOR:
        if (floor_kwh[move->source] <= 0) /* a floor of nothing stops nothing */
            return INFINITY;
        return used - fmin(floor_kwh[move->source], used) - out;
    case LS_LIMIT_PEAK:
        if (group < 0 || day->policy->peak_reduction_percent < 0)
            return INFINITY;
        return day->policy->peak_reduction_percent * check->group_kwh[group] / 100 -
               check->group_out_kwh[group];
    case LS_LIMIT_ROOM:
        if (check->plan->engine != LS_ENGINE_GREEDY)
            return 0;
        return room_of(day, move->destination) - check->all_in_kwh[move->destination];
    case LS_LIMIT_BUDGET:
        return day->budget_kwh - check->total.moved_kwh;
    default:
        return 0;
    }
}

/* A move that names a limit must have reached it. */
static void check_limited_by(struct check *check, size_t customer)
{
    if (check->day.policy->peak_scope == LS_PEAK_PER_CITY)
        sum_groups(check, check->day.slot_kwh, check->all_out_kwh);
    else
        sum_groups(check, check->usage_kwh, check->out_kwh);
    for (size_t k = check->first_of[customer]; k < check->first_of[customer + 1]; k++) {
        const struct ls_move *move = &check->plan->moves[check->by_customer[k]];
        double short_kwh = falls_short(check, move, floors(check, customer));
        bool of_city =
            move->limited_by >= LS_LIMIT_ROOM ||
            (move->limited_by == LS_LIMIT_PEAK && check->day.policy->peak_scope == LS_PEAK_PER_CITY);
        size_t readings = (of_city ? check->face->n_customers : 1) * (size_t)check->day.n_slots;
        if (short_kwh > 2 * tolerance(check, readings, of_city ? check->day.all_kwh : 0))
            violate(check, "limited by", home(check, customer)->id, move->source, short_kwh);
    }
}

static void check_customer_result(struct check *check, size_t customer,
                                  const struct ls_customer_result *expected)
{
    const char *id = home(check, customer)->id;
    const struct ls_customer_result *found = &check->plan->customers[customer];
    equal_kwh(check, "total moved_kwh", id, -1, found->moved_kwh, expected->moved_kwh);
    equal_g(check, "total saved_marg_g", id, found->saved_marg_g, expected->saved_marg_g);
    equal_g(check, "total saved_avg_g", id, found->saved_avg_g, expected->saved_avg_g);
    equal_count(check, "total sources", id, found->sources, expected->sources);
    if (check->served[customer])
        equal_count(check, "total quota_left", id, found->quota_left, quota_of(check, customer));
    else if (expected->sources > 0)
        violate(check, "total customers_served", id, -1, expected->moved_kwh);
}

static void check_customer(struct check *check, size_t customer)
{
    struct ls_customer_result result = {0};
    struct ls_plan *total = &check->total;
    double sum_kwh;
    ls_check_day_usage(&check->day, home(check, customer), check->usage_kwh, &sum_kwh);
    add_moves(check, customer, &result);
    if (result.sources > 0) {
        check_counts(check, customer, result.sources, sum_kwh);
        check_leaving(check, customer);
    }
    total->moved_kwh += result.moved_kwh;
    total->saved_marg_g += result.saved_marg_g;
    total->saved_avg_g += result.saved_avg_g;
    total->customers_moving += result.sources > 0;
    total->customers_no_quota +=
        check->served[customer] && quota_of(check, customer) == 0 && check->plan->engine != LS_ENGINE_LP;
    if (!check->moves_only && check->plan->n_customers == check->face->n_customers)
        check_customer_result(check, customer, &result);
}

/* Second pass, once the whole day's kWh are known. */
static void check_reasons(struct check *check)
{
    for (size_t i = 0; i < check->face->n_customers; i++) {
        if (check->first_of[i] == check->first_of[i + 1])
            continue;
        double sum_kwh;
        ls_check_day_usage(&check->day, home(check, i), check->usage_kwh, &sum_kwh);
        for (int t = 0; t < check->day.n_slots; t++)
            check->out_kwh[t] = 0;
        for (size_t k = check->first_of[i]; k < check->first_of[i + 1]; k++) {
            const struct ls_move *move = &check->plan->moves[check->by_customer[k]];
            check->out_kwh[move->source] += move->kwh;
        }
        check_limited_by(check, i);
    }
}

static void check_slot(struct check *check, int t)
{
    const struct ls_check_day *day = &check->day;
    double room_kwh = room_of(day, t);
    double net_kwh = check->all_in_kwh[t] - check->all_out_kwh[t];
    at_most(check, "spike", NULL, t, net_kwh, room_kwh, check->face->n_customers);
    if (check->moves_only || check->plan->n_slots != day->n_slots)
        return;
    const struct ls_slot_result *found = &check->plan->slots[t];
    equal_kwh(check, "total slot baseline_kwh", NULL, t, found->baseline_kwh, day->slot_kwh[t]);
    equal_kwh(check, "total slot out_kwh", NULL, t, found->out_kwh, check->all_out_kwh[t]);
    equal_kwh(check, "total slot in_kwh", NULL, t, found->in_kwh, check->all_in_kwh[t]);
    equal_kwh(check, "total slot room_kwh", NULL, t, found->room_kwh, room_kwh);
    if (found->peak != (day->group[t] >= 0))
        violate(check, "total slot peak", NULL, t, found->peak);
    double allowed = tolerance(check, 0, room_kwh);
    bool full = net_kwh >= room_kwh - allowed, over = net_kwh > room_kwh + allowed;
    if (found->spike_binds ? !full : over)
        violate(check, "total slot spike_binds", NULL, t, room_kwh - net_kwh);
}

static void check_city_peaks(struct check *check)
{
    const struct ls_check_day *day = &check->day;
    if (day->policy->peak_reduction_percent < 0 || day->policy->peak_scope != LS_PEAK_PER_CITY)
        return;
    sum_groups(check, day->slot_kwh, check->all_out_kwh);
    for (int t = 0, g = 0; t < day->n_slots; t++)
        if (day->group[t] == g) {
            at_most(check, "peak", NULL, t, check->group_out_kwh[g],
                    day->policy->peak_reduction_percent * check->group_kwh[g] / 100,
                    check->face->n_customers * (size_t)day->n_slots);
            g++;
        }
}

static void check_totals(struct check *check)
{
    const struct ls_plan *found = check->plan;
    struct ls_plan *total = &check->total;
    const struct ls_check_day *day = &check->day;
    for (int t = 0; t < day->n_slots; t++) {
        total->baseline_marg_g += day->mef[t] * day->slot_kwh[t];
        total->baseline_avg_g += day->aef[t] * day->slot_kwh[t];
        total->uncovered_kwh += day->covered[t] ? 0 : day->slot_kwh[t];
    }
    equal_kwh(check, "total budget_kwh", NULL, -1, found->budget_kwh, day->budget_kwh);
    equal_kwh(check, "total budget_used_kwh", NULL, -1, found->budget_used_kwh, total->moved_kwh);
    equal_kwh(check, "total moved_kwh", NULL, -1, found->moved_kwh, total->moved_kwh);
    equal_kwh(check, "total baseline_kwh", NULL, -1, found->baseline_kwh, day->all_kwh);
    equal_kwh(check, "total uncovered_kwh", NULL, -1, found->uncovered_kwh, total->uncovered_kwh);
    equal_g(check, "total baseline_marg_g", NULL, found->baseline_marg_g, total->baseline_marg_g);
    equal_g(check, "total baseline_avg_g", NULL, found->baseline_avg_g, total->baseline_avg_g);
    equal_g(check, "total saved_marg_g", NULL, found->saved_marg_g, total->saved_marg_g);
    equal_g(check, "total saved_avg_g", NULL, found->saved_avg_g, total->saved_avg_g);
    equal_count(check, "total customers_moving", NULL, (double)found->customers_moving,
                (double)total->customers_moving);
    equal_count(check, "total customers_no_quota", NULL, (double)found->customers_no_quota,
                (double)total->customers_no_quota);
    equal_count(check, "total moves_disagreeing", NULL, (double)found->moves_disagreeing,
                (double)total->moves_disagreeing);
    for (int l = 0; l < LS_LIMIT_COUNT; l++)
        equal_count(check, "total limited", NULL, (double)found->limited[l], (double)total->limited[l]);
    double slack_g = check->largest_factor * tolerance(check, 0, day->all_kwh);
    if (!(total->saved_marg_g <= found->bound_marg_g + slack_g))
        violate(check, "bound", NULL, -1, total->saved_marg_g - found->bound_marg_g);
}

/* Who was served: all of them, unless the plan says that it was cancelled. */
static void mark_served(struct check *check)
{
    size_t n = check->face->n_customers, served = check->plan->customers_served;
    if (served > n || (check->plan->outcome != LS_OUTCOME_CANCELLED && served != n)) {
        violate(check, "total customers_served", NULL, -1, (double)served - (double)n);
        served = n;
    }
    for (size_t i = 0; i < served; i++)
        check->served[i] = true;
}

static bool allocate(struct check *check)
{
    size_t n = (size_t)check->day.n_slots, customers = check->face->n_customers;
    check->first_of = calloc(customers + 2, sizeof *check->first_of);
    check->by_customer = calloc(check->plan->n_moves + 1, sizeof *check->by_customer);
    check->sound = calloc(check->plan->n_moves + 1, sizeof *check->sound);
    check->served = calloc(customers + 1, sizeof *check->served);
    check->listed = calloc(check->day.city->n_customers + 1, sizeof *check->listed);
    check->usage_kwh = calloc(n, sizeof *check->usage_kwh);
    check->floor_kwh = calloc((customers + 1) * n, sizeof *check->floor_kwh);
    check->out_kwh = calloc(n, sizeof *check->out_kwh);
    check->moves_of = calloc(n, sizeof *check->moves_of);
    check->all_out_kwh = calloc(n, sizeof *check->all_out_kwh);
    check->all_in_kwh = calloc(n, sizeof *check->all_in_kwh);
    check->group_out_kwh = calloc(n, sizeof *check->group_out_kwh);
    check->group_kwh = calloc(n, sizeof *check->group_kwh);
    return check->first_of && check->by_customer && check->sound && check->served && check->listed &&
           check->usage_kwh && check->floor_kwh && check->out_kwh && check->moves_of && check->all_out_kwh &&
           check->all_in_kwh && check->group_out_kwh && check->group_kwh;
}

static void release(struct check *check)
{
    free(check->first_of);
    free(check->by_customer);
    free(check->sound);
    free(check->served);
    free(check->listed);
    free(check->usage_kwh);
    free(check->floor_kwh);
    free(check->out_kwh);
    free(check->moves_of);
    free(check->all_out_kwh);
    free(check->all_in_kwh);
    free(check->group_out_kwh);
    free(check->group_kwh);
}

/* Everything that follows from moves alone. */
static void check_all_moves(struct check *check)
{
    sort_moves(check);
    for (size_t i = 0; i < check->face->n_customers; i++)
        check_customer(check, i);
    check_reasons(check);
    for (int t = 0; t < check->day.n_slots; t++)
        check_slot(check, t);
    check_city_peaks(check);
    at_most(check, "budget", NULL, -1, check->total.moved_kwh, check->day.budget_kwh,
            check->face->n_customers * (size_t)check->day.n_slots);
}

double ls_check_tolerance(double slack_kwh, size_t readings, double magnitude)
{
    return LS_CHECK_TOLERANCE_KWH + slack_kwh * (double)readings +
           1e-12 * (isfinite(magnitude) ? fabs(magnitude) : 0);
}

size_t ls_check_moves(const struct ls_check_day *day, const struct ls_check_moves *moves,
                      ls_violation_fn *report, void *user)
{
    const struct ls_cityday face = {.n_customers = moves->n_customers, .customer = moves->customer};
    const struct ls_plan plan = {
        .engine = day->policy->engine, .n_moves = moves->n_moves, .moves = moves->moves};
    struct check check = {.day = *day,
                          .face = &face,
                          .plan = &plan,
                          .quota_left = moves->quota_left,
                          .moves_only = true,
                          .slack_kwh = moves->slack_kwh,
                          .report = report,
                          .user = user};
    if (allocate(&check))
        check_all_moves(&check);
    else
        violate(&check, "memory", NULL, -1, 0);
    release(&check);
    return check.n_violations;
}

size_t ls_check(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_policy *policy,
                const struct ls_cityday *day, const int *quota_left, const struct ls_plan *plan,
                ls_violation_fn *report, void *user)
{
    struct check check = {
        .face = day, .plan = plan, .quota_left = quota_left, .report = report, .user = user};
    if (!ls_check_day_derive(&check.day, dataset, zone, policy, day->city, day->date, LS_NONE) ||
        !allocate(&check)) {
        violate(&check, "memory", NULL, -1, 0);
        goto done;
    }
    for (int t = 0; t < check.day.n_slots; t++)
        check.largest_factor =
            fmax(check.largest_factor, fmax(fabs(check.day.mef[t]), fabs(check.day.aef[t])));
    if (plan->engine != policy->engine)
        violate(&check, "engine", NULL, -1, plan->engine);
    equal_count(&check, "total n_slots", NULL, plan->n_slots, check.day.n_slots);
    equal_count(&check, "total n_customers", NULL, (double)plan->n_customers, (double)day->n_customers);
    if (!check_customers(&check))
        goto done;
    mark_served(&check);
    check_all_moves(&check);
    check_totals(&check);
done:
    release(&check);
    ls_check_day_release(&check.day);
    return check.n_violations;
}
