#include "solve/bound.h"

#include "base/clones.h"

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

/* The sum of the few largest of n savings; clears them. */
static double sum_of_few(double *saving, int n, int few)
{
    double sum_g = 0;
    for (int k = 0; k < few; k++) {
        double largest = ls_largest(saving, n);
        int at = 0;
        if (!(largest > 0))
            break;
        while (saving[at] < largest)
            at++;
        saving[at] = 0;
        sum_g += largest;
    }
    return sum_g;
}

/* The sum of the `most` largest of n savings; reorders them. */
static double sum_of_largest(double *saving, int n, int most)
{
    double sum_g = 0;
    int n_saving = 0;
    if (most <= FEW)
        return sum_of_few(saving, n, most);
    for (int i = 0; i < n; i++)
        if (saving[i] > 0)
            saving[n_saving++] = saving[i];
    if (n_saving > most)
        qsort(saving, (size_t)n_saving, sizeof *saving, descending);
    for (int i = 0; i < n_saving && i < most; i++)
        sum_g += saving[i];
    return sum_g;
}

LS_CLONES static void scale(double *row, const double *by, int n)
{
    for (int i = 0; i < n; i++)
        row[i] *= by[i];
}

double ls_bound_turn(const struct ls_turn *turn, const double *gain_g_per_kwh)
{
    double saving[LS_SLOTS_MAX];
    ls_turn_most(turn, saving);
    scale(saving, gain_g_per_kwh, turn->n_slots);
    return sum_of_largest(saving, turn->n_slots, turn->max_moves);
}
