#include "solve/account.h"

#include <stdlib.h>

int ls_account_reserve(struct ls_account *account, size_t more, struct ls_error *error)
{
    size_t wanted = account->plan->n_moves + more;
    if (wanted <= account->capacity)
        return 0;
    size_t capacity = wanted + wanted / 2 + 64;
    struct ls_move *moves = realloc(*account->moves, capacity * sizeof *moves);
    if (moves == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a plan");
    *account->moves = moves;
    account->capacity = capacity;
    return 0;
}

void ls_account_record(struct ls_account *account, size_t customer, const struct ls_flow *flow)
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
    plan->moves_disagreeing += marg_g > 0 && avg_g < 0;
    result->moved_kwh += flow->kwh;
    result->saved_marg_g += marg_g;
    result->saved_avg_g += avg_g;
}
