/*
 * Customers are independent of one another here, and their code has few branches, so a processor works on
 * several at a time.
 */
#include "solve/greedy_sure.h"

#include "solve/greedy_source.h"

/* Works out the source, of whose peak an earlier move has taken something. */
static inline struct ls_greedy_move weigh(const struct ls_greedy_view *view, size_t customer, int t,
                                          double taken_kwh, double others_g)
{
    const struct ls_cityday *day = view->day;
    const double *mef = day->mef_g_per_kwh;
    const int32_t *usage = day->usage + ls_cityday_tile_place(day->n_slots, customer, 0);
    struct ls_greedy_source source = ls_greedy_measure(view, customer, t);
    int to = view->destination[t], s = to >= 0 ? to : t;
    double peak_kwh = source.peak_kwh - taken_kwh, kwh = ls_lesser(source.avail_kwh, peak_kwh);
    double saved_g = (mef[t] - mef[s]) * kwh, needed_g = ls_greater(view->runner_up[t] * kwh, others_g);
    bool known = (usage[t * LS_LANES] >= 0) & (usage[s * LS_LANES] >= 0);
    int usage_above = source.usage_kwh > kwh, avail_above = usage_above & (source.avail_kwh > kwh);
    enum ls_limit limit = (enum ls_limit)(LS_LIMIT_WHOLE + usage_above + avail_above);
    return (struct ls_greedy_move){.flow = {.source = t, .destination = s, .kwh = kwh, .limited_by = limit},
                                   .saved_g = saved_g,
                                   .peak_left_kwh = peak_kwh - kwh,
                                   .sure = known & (to >= 0) & (kwh > LS_KWH_EPSILON) &
                                           (saved_g > needed_g + ls_greedy_slack(view, saved_g))};
}

static inline size_t customers_in(const struct ls_greedy_view *view, size_t tile)
{
    size_t left = view->day->n_customers - tile * LS_LANES;
    return left < LS_LANES ? left : LS_LANES;
}

void ls_greedy_weigh_first(const struct ls_greedy_view *view, size_t tile,
                           const struct ls_greedy_outlook *outlook, struct ls_greedy_move *out)
{
    for (size_t lane = 0; lane < customers_in(view, tile); lane++) {
        int t = ls_greedy_key_slot(view, outlook->key[0][lane]);
        double others_g = (double)ls_greedy_key_bound(view, outlook->key[1][lane]);
        out[lane].sure = false;
        if (t < view->day->n_slots)
            out[lane] = weigh(view, tile * LS_LANES + lane, t, 0, others_g);
    }
}

/* What a key promises once the first move is made. */
static inline double bound_after(const struct ls_greedy_view *view, int32_t key,
                                 const struct ls_greedy_move *first)
{
    int t = ls_greedy_key_slot(view, key), used = first->flow.source;
    double left_g = (double)view->best[t] * first->peak_left_kwh;
    left_g += ls_unless(view->peak_of[t] == view->peak_of[used], INFINITY);
    return ls_unless(t == used, ls_lesser((double)ls_greedy_key_bound(view, key), left_g));
}

static inline struct ls_greedy_move weigh_second(const struct ls_greedy_view *view, size_t customer,
                                                 const struct ls_greedy_outlook *outlook,
                                                 const struct ls_greedy_move *first)
{
    size_t lane = customer % LS_LANES;
    double highest_g = 0, others_g = 0;
    int t = view->day->n_slots;
    for (int k = 1; k < LS_GREEDY_KEYS; k++) {
        int32_t key = outlook->key[k][lane];
        double bound_g = bound_after(view, key, first);
        others_g = ls_greater(others_g, ls_lesser(bound_g, highest_g));
        t = bound_g > highest_g ? ls_greedy_key_slot(view, key) : t;
        highest_g = ls_greater(bound_g, highest_g);
    }
    if (t >= view->day->n_slots)
        return (struct ls_greedy_move){.sure = false};
    double rest_g = (double)ls_greedy_key_bound(view, outlook->key[LS_GREEDY_KEYS - 1][lane]);
    bool other_peak = view->peak_of[t] != view->peak_of[first->flow.source];
    return weigh(view, customer, t, ls_unless(other_peak, first->flow.kwh), ls_greater(others_g, rest_g));
}

void ls_greedy_weigh_second(const struct ls_greedy_view *view, size_t tile,
                            const struct ls_greedy_outlook *outlook, const struct ls_greedy_move *first,
                            struct ls_greedy_move *out)
{
    for (size_t lane = 0; lane < customers_in(view, tile); lane++) {
        out[lane].sure = false;
        if (first[lane].sure)
            out[lane] = weigh_second(view, tile * LS_LANES + lane, outlook, &first[lane]);
    }
}
