#include "solve/bound.h"

#include <stdlib.h>

#define FEW 4 /* largest that are looked for one by one */

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

void ls_bound_gains(const struct ls_turn *turn, double *gain_g_per_kwh)
{
    for (int t = 0; t < turn->n_slots; t++) {
        int from = t > turn->window_slots ? t - turn->window_slots : 0;
        int to = t < turn->n_slots - turn->window_slots ? t + turn->window_slots : turn->n_slots - 1;
        double lowest = turn->mef[t];
        for (int s = from; s <= to; s++)
            if (turn->open[s] && turn->mef[s] < lowest)
                lowest = turn->mef[s];
        gain_g_per_kwh[t] = turn->open[t] ? turn->mef[t] - lowest : 0;
    }
}

/* The sum of the `most` largest of n savings; reorders them. */
static double sum_of_largest(double *saving, size_t n, size_t most)
{
    double sum_g = 0;
    if (n > most && most <= FEW)
        for (size_t k = 0; k < most; k++) {
            size_t best = k;
            for (size_t i = k + 1; i < n; i++)
                best = saving[i] > saving[best] ? i : best;
            double largest = saving[best];
            saving[best] = saving[k];
            saving[k] = largest;
        }
    else if (n > most)
        qsort(saving, n, sizeof *saving, descending);
    for (size_t i = 0; i < n && i < most; i++)
        sum_g += saving[i];
    return sum_g;
}

double ls_bound_turn(const struct ls_turn *turn, const double *gain_g_per_kwh)
{
    double saving[LS_SLOTS_MAX];
    size_t n = 0;
    for (int t = 0; t < turn->n_slots; t++) {
        double kwh = turn->avail_kwh[t] < turn->budget_kwh ? turn->avail_kwh[t] : turn->budget_kwh;
        int group = turn->group[t];
        if (group >= 0 && turn->group_left_kwh[group] < kwh)
            kwh = turn->group_left_kwh[group];
        double gain_g = gain_g_per_kwh[t] * kwh;
        if (gain_g > 0)
            saving[n++] = gain_g;
    }
    return sum_of_largest(saving, n, (size_t)turn->max_moves);
}
