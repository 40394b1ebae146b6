/*
 * What the customers of a city-day share, and the plan as it grows.
 *
 * Shared are the rooms of the slots, the budget and, under reduction_scope = per_city, the peak allowances.
 * Whoever serves customers takes each flow from them and writes it down here, so that plans do not depend on
 * who did. Arrays belong to the caller's arenas, but for the list of moves, which its plan owns.
 */
#ifndef LS_SOLVE_ACCOUNT_H
#define LS_SOLVE_ACCOUNT_H

#include "solve/limits.h"
#include "solve/turn.h"

struct ls_account {
    const struct ls_cityday *day;
    const struct ls_policy *policy;
    const struct ls_solve_options *options;
    struct ls_limits limits;
    double *room_kwh;  /* [n_slots] what is left, as are the next two */
    double *group_kwh; /* [n_groups] the city's, when shared; otherwise of the customer whose turn it is */
    double budget_kwh;
    struct ls_plan *plan;
    struct ls_customer_result *customers; /* [n_customers] */
    struct ls_slot_result *slots;         /* [n_slots] */
    struct ls_move **moves;               /* the plan's list */
    size_t capacity;                      /* of that list */
};

/* Moves of the week that the customer has left; LS_NONE: no limit. */
static inline int ls_account_quota(const struct ls_account *account, size_t customer)
{
    const int *quota_left = account->options->quota_left;
    return quota_left != NULL ? quota_left[customer] : account->policy->moves_per_week;
}

/* Makes the list of moves longer, by half at least. */
int ls_account_grow(struct ls_account *account, size_t wanted, struct ls_error *error);

/* Room for `more` moves; few turns allocate. */
static inline int ls_account_reserve(struct ls_account *account, size_t more, struct ls_error *error)
{
    size_t wanted = account->plan->n_moves + more;
    return wanted <= account->capacity ? 0 : ls_account_grow(account, wanted, error);
}

/* Takes a flow from rooms and budget. */
static inline void ls_account_take(struct ls_account *account, const struct ls_flow *flow)
{
    account->room_kwh[flow->destination] -= flow->kwh;
    account->room_kwh[flow->source] += flow->kwh;
    account->budget_kwh -= flow->kwh;
}

/* Writes down a flow that was taken and whose limit is known: the move, the totals, a shared peak allowance.
 * There is room for the move. */
static inline void ls_account_record(struct ls_account *account, size_t customer, const struct ls_flow *flow)
{
    struct ls_plan *plan = account->plan;
    struct ls_customer_result *result = &account->customers[customer];
    const double *mef = account->day->mef_g_per_kwh, *aef = account->day->aef_g_per_kwh;
    int t = flow->source, s = flow->destination, group = account->limits.group[t];
    double marg_g = (mef[t] - mef[s]) * flow->kwh, avg_g = (aef[t] - aef[s]) * flow->kwh;

    if (account->limits.peak_shared && group >= 0)
        account->group_kwh[group] -= flow->kwh;
    (*account->moves)[plan->n_moves++] = (struct ls_move){.customer = (uint32_t)customer,
                                                          .source = (int16_t)t,
                                                          .destination = (int16_t)s,
                                                          .kwh = flow->kwh,
                                                          .limited_by = flow->limited_by};
    account->slots[t].out_kwh += flow->kwh;
    account->slots[s].in_kwh += flow->kwh;
    plan->moved_kwh += flow->kwh;
    plan->saved_marg_g += marg_g;
    plan->saved_avg_g += avg_g;
    plan->limited[flow->limited_by]++;
    plan->moves_disagreeing += (marg_g > 0) & (avg_g < 0);
    result->moved_kwh += flow->kwh;
    result->saved_marg_g += marg_g;
    result->saved_avg_g += avg_g;
}

#endif
