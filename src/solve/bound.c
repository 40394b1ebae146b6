#include "solve/bound.h"

#include <math.h>
#include <stdlib.h>

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Saving of one kWh that leaves `t` for the cleanest open slot of its window; 0 when there is none cleaner.
 */
static double best_gain(const struct ls_turn *turn, int t)
{
    int from = t > turn->window_slots ? t - turn->window_slots : 0;
    int to = t < turn->n_slots - turn->window_slots ? t + turn->window_slots : turn->n_slots - 1;
    double lowest = turn->mef[t];
    for (int s = from; s <= to; s++)
        if (turn->open[s] && turn->mef[s] < lowest)
            lowest = turn->mef[s];
    return turn->mef[t] - lowest;
}

double ls_bound_turn(const struct ls_turn *turn)
{
    double saving[LS_SLOTS_MAX];
    size_t n = 0;
    for (int t = 0; t < turn->n_slots; t++) {
        if (turn->avail_kwh[t] <= 0)
            continue;
        double kwh = fmin(turn->avail_kwh[t], turn->budget_kwh);
        if (turn->group[t] >= 0)
            kwh = fmin(kwh, turn->group_left_kwh[turn->group[t]]);
        double gain_g = best_gain(turn, t) * kwh;
        if (gain_g > 0)
            saving[n++] = gain_g;
    }
    if (n > (size_t)turn->max_moves)
        qsort(saving, n, sizeof *saving, descending);
    double bound_g = 0;
    for (size_t i = 0; i < n && i < (size_t)turn->max_moves; i++)
        bound_g += saving[i];
    return bound_g;
}
