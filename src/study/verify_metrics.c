/* A row of metrics.csv against the customer's day that was derived from readings and moves. */
#include "study/verify.h"

#include <math.h>
#include <stdlib.h>

#define MINUTES_ALLOWED 1e-6

static const struct {
    const char *name, *unit;
} metrics[LS_METRIC_COUNT] = {
    [LS_METRIC_BASELINE_AVG] = {"baseline_E_avg_g", "g"},
    [LS_METRIC_POST_AVG] = {"post_E_avg_g", "g"},
    [LS_METRIC_DELTA_AVG] = {"delta_E_avg_g", "g"},
    [LS_METRIC_BASELINE_MARG] = {"baseline_E_marg_g", "g"},
    [LS_METRIC_POST_MARG] = {"post_E_marg_g", "g"},
    [LS_METRIC_DELTA_MARG] = {"delta_E_marg_g", "g"},
    [LS_METRIC_BASELINE_KWH] = {"baseline_kwh", "kWh"},
    [LS_METRIC_POST_KWH] = {"post_kwh", "kWh"},
    [LS_METRIC_MOVED_KWH] = {"moved_kwh", "kWh"},
    [LS_METRIC_MEAN_MINUTES] = {"avg_shift_minutes_energy_weighted", "min"},
    [LS_METRIC_MEDIAN_MINUTES] = {"median_shift_minutes_energy_weighted", "min"},
    [LS_METRIC_USED] = {"weekly_moves_used", "moves"},
    [LS_METRIC_REMAINING] = {"weekly_moves_remaining", "moves"},
    [LS_METRIC_DAY_KWH] = {"day_kwh", "kWh"},
    [LS_METRIC_PCT] = {"pct", "%"},
};

struct judging {
    struct ls_verify *v;
    const struct ls_verify_metrics *row;
    const struct ls_verify_home *home;
};

static void judge(const struct judging *j, enum ls_metric metric, double low, double high, double allowed)
{
    double found = j->row->value[metric];
    if (!j->v->has_metric[metric] || (found >= low - allowed && found <= high + allowed))
        return;
    double derived = found > high ? high : low;
    struct ls_verify_violation violation = {.limit = metrics[metric].name,
                                            .file = "metrics.csv",
                                            .line = j->row->line,
                                            .date = j->row->date,
                                            .slot = -1,
                                            .amount = found - derived,
                                            .unit = metrics[metric].unit,
                                            .compared = true,
                                            .stated = found,
                                            .derived = derived};
    ls_verify_copy(violation.id, j->home->customer->id);
    ls_verify_copy(violation.city, j->v->dataset->cities[j->home->customer->city].name);
    ls_verify_note(j->v, &violation);
}

/* kWh of moves that go at most so many slots. */
static double kwh_within(const struct ls_verify_home *home, double slots)
{
    double kwh = 0;
    for (size_t m = 0; m < home->n_moves; m++) {
        bool again = m > 0 && ls_verify_same_move(&home->moves[m - 1], &home->moves[m]);
        if (!again && abs(home->moves[m].destination - home->moves[m].source) <= slots)
            kwh += home->moves[m].kwh;
    }
    return kwh;
}

/* The median is any distance at which half of the kWh is reached, give or take rounding, and not before. */
static void judge_minutes(const struct judging *j)
{
    const struct ls_verify_home *home = j->home;
    const int slot_minutes = j->v->policy->slot_minutes;
    double weighted = 0, half_kwh = home->moved_kwh / 2;
    for (size_t m = 0; m < home->n_moves; m++)
        if (m == 0 || !ls_verify_same_move(&home->moves[m - 1], &home->moves[m]))
            weighted +=
                home->moves[m].kwh * (abs(home->moves[m].destination - home->moves[m].source) * slot_minutes);
    double mean = home->moved_kwh > 0 ? weighted / home->moved_kwh : 0, farthest = 0;
    for (size_t m = 0; m < home->n_moves; m++)
        farthest = fmax(farthest, abs(home->moves[m].destination - home->moves[m].source) * slot_minutes);
    double allowed = MINUTES_ALLOWED;
    if (home->moved_kwh > 0)
        allowed += farthest * LS_CHECK_TOLERANCE_KWH / home->moved_kwh;
    judge(j, LS_METRIC_MEAN_MINUTES, mean, mean, allowed);
    double low = 0, high = 0;
    for (size_t m = 0; m < home->n_moves; m++) {
        int slots = abs(home->moves[m].destination - home->moves[m].source);
        bool reached = kwh_within(home, slots) >= half_kwh - LS_CHECK_TOLERANCE_KWH;
        bool before = kwh_within(home, slots - 1) >= half_kwh + LS_CHECK_TOLERANCE_KWH;
        double minutes = slots * slot_minutes;
        if (reached && !before) {
            low = low > 0 ? fmin(low, minutes) : minutes;
            high = fmax(high, minutes);
        }
    }
    judge(j, LS_METRIC_MEDIAN_MINUTES, low, high, MINUTES_ALLOWED);
}

void ls_verify_judge_metrics(struct ls_verify *v, const struct ls_verify_metrics *row,
                             const struct ls_verify_home *home)
{
    const struct judging j = {v, row, home};
    const struct {
        enum ls_metric metric;
        double value, allowed;
    } values[] = {
        {LS_METRIC_BASELINE_AVG, home->baseline_avg_g, home->allowed_g},
        {LS_METRIC_POST_AVG, home->baseline_avg_g - home->saved_avg_g, home->allowed_g},
        {LS_METRIC_DELTA_AVG, home->saved_avg_g, home->allowed_g},
        {LS_METRIC_BASELINE_MARG, home->baseline_marg_g, home->allowed_g},
        {LS_METRIC_POST_MARG, home->baseline_marg_g - home->saved_marg_g, home->allowed_g},
        {LS_METRIC_DELTA_MARG, home->saved_marg_g, home->allowed_g},
        {LS_METRIC_BASELINE_KWH, home->day_kwh, home->allowed_kwh},
        {LS_METRIC_POST_KWH, home->day_kwh, home->allowed_kwh},
        {LS_METRIC_MOVED_KWH, home->moved_kwh, home->allowed_kwh},
        {LS_METRIC_USED, home->sources, 0},
        {LS_METRIC_DAY_KWH, home->day_kwh, home->allowed_kwh},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        judge(&j, values[i].metric, values[i].value, values[i].value, values[i].allowed);
    if (home->quota_after >= 0)
        judge(&j, LS_METRIC_REMAINING, home->quota_after, home->quota_after, 0);
    judge(&j, LS_METRIC_PCT, home->pct_low, home->pct_high, 1e-6);
    judge_minutes(&j);
}
