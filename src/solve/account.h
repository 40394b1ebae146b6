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

/* Room for `more` moves; the list grows by half, so few turns allocate. */
int ls_account_reserve(struct ls_account *account, size_t more, struct ls_error *error);

/* Takes a flow from rooms and budget. */
static inline void ls_account_take(struct ls_account *account, const struct ls_flow *flow)
{
    account->room_kwh[flow->destination] -= flow->kwh;
    account->room_kwh[flow->source] += flow->kwh;
    account->budget_kwh -= flow->kwh;
}

/* Writes down a flow that was taken and whose limit is known: the move, the totals, a shared peak allowance.
 * There is room for the move. */
void ls_account_record(struct ls_account *account, size_t customer, const struct ls_flow *flow);

#endif
