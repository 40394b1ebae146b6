/* Rows over the slots of a turn: loops that compilers turn into vectors. */
#include "solve/turn.h"

#include "base/clones.h"

#include <math.h>

#define LANES 8 /* doubles that the widest vector unit takes at a time */

size_t ls_turn_flow_capacity(int n_slots, int window_slots)
{
    size_t pairs = 2 * (size_t)window_slots;
    return (size_t)n_slots * (pairs < (size_t)n_slots ? pairs : (size_t)n_slots) + 1;
}

LS_CLONES static void within(int n, double limit_kwh, const double *restrict avail_kwh,
                             double *restrict most_kwh)
{
    for (int t = 0; t < n; t++)
        most_kwh[t] = avail_kwh[t] < limit_kwh ? avail_kwh[t] : limit_kwh;
}

void ls_turn_most(const struct ls_turn *turn, double *most_kwh)
{
    within(turn->n_slots, turn->budget_kwh, turn->avail_kwh, most_kwh);
    for (int t = 0; turn->n_groups > 0 && t < turn->n_slots; t++)
        if (turn->group[t] >= 0 && turn->group_left_kwh[turn->group[t]] < most_kwh[t])
            most_kwh[t] = turn->group_left_kwh[turn->group[t]];
}

LS_CLONES double ls_largest(const double *restrict row, int n)
{
    double top[LANES] = {0};
    int whole = n - n % LANES;
    for (int t = 0; t < whole; t += LANES)
#pragma GCC unroll 1 /* a loop unrolled is no vector */
        for (int i = 0; i < LANES; i++)
            top[i] = row[t + i] > top[i] ? row[t + i] : top[i];
    for (int t = whole; t < n; t++)
        top[0] = row[t] > top[0] ? row[t] : top[0];
    for (int some = LANES / 2; some > 0; some /= 2)
        for (int i = 0; i < some; i++)
            top[i] = top[i + some] > top[i] ? top[i + some] : top[i];
    return top[0];
}
