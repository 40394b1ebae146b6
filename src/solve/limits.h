/*
 * A policy's limits in the terms of one city-day: slots instead of hours, kWh instead of percent.
 *
 * They belong to an arena of the caller. Energies are those at the start of the day, before anybody moves.
 */
#ifndef LS_SOLVE_LIMITS_H
#define LS_SOLVE_LIMITS_H

#include "base/arena.h"

#include <loadscope/plan.h>

struct ls_limits {
    int window_slots;
    int moves_per_day; /* INT_MAX: no limit */
    bool *open;        /* [n_slots] movable hours and a valid pair of factors */
    int *hour;         /* [n_slots] of the local clock */
    bool *peak;        /* [n_slots] the policy calls the hour a peak, limited or not */
    int n_groups;
    int *group;               /* [n_slots] peak group, -1 outside peaks or without a limit */
    double peak_fraction;     /* Z as a fraction */
    bool peak_shared;         /* groups belong to the city, not to each customer */
    double *group_kwh;        /* [n_groups] the city's allowance, when shared */
    double *room_kwh;         /* [n_slots] alpha * usage; INFINITY: off */
    double budget_kwh;        /* P * L; INFINITY: off */
    double smallest_fraction; /* of the customer's day; 0: off */
};

int ls_limits_derive(const struct ls_cityday *day, const struct ls_policy *policy, struct ls_arena *arena,
                     struct ls_limits *out, struct ls_error *error);

/* The largest distance in slots that the shift window allows. */
int ls_limits_window(const struct ls_policy *policy, int n_slots);

/* Moves that a customer has left this day, given what its week has left (LS_NONE: no limit). INT_MAX: no
 * limit. */
static inline int ls_limits_moves(const struct ls_limits *limits, int quota_left)
{
    return quota_left >= 0 && quota_left < limits->moves_per_day ? quota_left : limits->moves_per_day;
}

/* The movable hours hold the whole of the slot. */
bool ls_limits_movable(const struct ls_policy *policy, const struct ls_cityday *day, int slot);

/*
 * Fills one customer's row of the city-day: usage and what may leave (0 where closed), which slots are open
 * to it, and, unless shared, its peak allowances. Arrays are the caller's, sized as in struct ls_turn.
 */
void ls_limits_customer(const struct ls_limits *limits, const struct ls_cityday *day, size_t customer,
                        double *usage_kwh, double *avail_kwh, bool *open, double *group_kwh);

#endif
