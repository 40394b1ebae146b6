/* What the two ways of the greedy engine, turn by turn (greedy.c) and a whole day (greedy_day.c), share. */
#ifndef LS_SOLVE_GREEDY_H
#define LS_SOLVE_GREEDY_H

#include "solve/turn.h"

/* The first limit, in the order of the model, that is no larger than the others. */
static inline enum ls_limit ls_greedy_limit(double usage, double avail, double peak, double room, double kwh)
{
    return usage <= kwh   ? LS_LIMIT_WHOLE
           : avail <= kwh ? LS_LIMIT_FLOOR
           : peak <= kwh  ? LS_LIMIT_PEAK
           : room <= kwh  ? LS_LIMIT_ROOM
                          : LS_LIMIT_BUDGET;
}

/* A slot from which energy may leave, and how much of it. */
struct ls_greedy_source {
    int slot;
    double usage_kwh, avail_kwh;
    double peak_kwh; /* allowance left */
    double most_kwh; /* the least of energy above the floor, allowance and budget */
};

/* What the source saves most with, when that is more than *best_g: the first such destination of from..to. */
static inline void ls_greedy_try(const struct ls_greedy_source *source, int from, int to, const double *mef,
                                 const bool *open, const double *room_kwh, double smallest_kwh,
                                 double *best_g, struct ls_flow *best)
{
    int t = source->slot;
    for (int s = from; s <= to; s++) {
        if (!open[s] || !(mef[s] < mef[t] - LS_MEF_EPSILON))
            continue;
        double kwh = source->most_kwh < room_kwh[s] ? source->most_kwh : room_kwh[s];
        if (kwh <= LS_KWH_EPSILON || kwh < smallest_kwh)
            continue;
        double gain_g = (mef[t] - mef[s]) * kwh;
        if (gain_g <= *best_g + LS_GAIN_EPSILON)
            continue;
        *best_g = gain_g;
        *best = (struct ls_flow){.source = t,
                                 .destination = s,
                                 .kwh = kwh,
                                 .limited_by = ls_greedy_limit(source->usage_kwh, source->avail_kwh,
                                                               source->peak_kwh, room_kwh[s], kwh)};
    }
}

/* The whole day, see ls_engine_ops; the plan is that of the turns. */
bool ls_greedy_fits_day(const struct ls_account *account);
int ls_greedy_serve_day(struct ls_account *account, struct ls_error *error);

#endif
