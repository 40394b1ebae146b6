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

LS_CLONES static void within(int n, double budget_kwh, const int *group, const double *group_left_kwh,
                             const double *avail_kwh, double *most_kwh)
{
    for (int t = 0; t < n; t++) {
        double left_kwh = group[t] >= 0 ? group_left_kwh[group[t]] : INFINITY;
        double kwh = avail_kwh[t] < budget_kwh ? avail_kwh[t] : budget_kwh;
        most_kwh[t] = left_kwh < kwh ? left_kwh : kwh;
    }
}

void ls_turn_most(const struct ls_turn *turn, double *most_kwh)
{
    within(turn->n_slots, turn->budget_kwh, turn->group, turn->group_left_kwh, turn->avail_kwh, most_kwh);
}

LS_CLONES double ls_largest(const double *row, int n)
{
    double top[LANES] = {0}, largest = 0;
    int whole = n - n % LANES;
    for (int t = 0; t < whole; t += LANES)
        for (int i = 0; i < LANES; i++)
            top[i] = row[t + i] > top[i] ? row[t + i] : top[i];
    for (int t = whole; t < n; t++)
        largest = row[t] > largest ? row[t] : largest;
    for (int i = 0; i < LANES; i++)
        largest = top[i] > largest ? top[i] : largest;
    return largest;
}
