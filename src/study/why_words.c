#include "study/why_words.h"

#include "model/floor_terms.h"
#include "solve/turn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RELAX(...)  snprintf(out->relaxation, sizeof out->relaxation, __VA_ARGS__)
#define REASON(...) snprintf(out->reason, sizeof out->reason, __VA_ARGS__)

/* "shift window H above 3 h", or none of it where the parameter ends there. */
static void relax_above(struct ls_why *out, const char *words, const char *name, double above)
{
    const struct ls_parameter *parameter = NULL;
    char city[LS_ID_BYTES + 1];
    (void)ls_parameter_find(name, &parameter, city, NULL);
    if (above < parameter->high)
        RELAX("%s above %g %s", words, above, parameter->unit);
    else
        RELAX("%s none", words);
}

static void relax_peak(const struct ls_why_scene *scene, struct ls_why *out)
{
    relax_above(out, "peak comfort Z", "peak.reduction_limit_percent",
                scene->answer->policy.peak_reduction_percent);
}

static void relax_room(const struct ls_why_scene *scene, int s, struct ls_why *out)
{
    if (scene->answer->plan->slots[s].baseline_kwh > 0)
        relax_above(out, "anti-spike alpha", "spike.alpha_percent", scene->answer->policy.alpha_percent);
    else /* any percentage of nothing is nothing */
        RELAX("anti-spike alpha none");
}

static void relax_budget(const struct ls_why_scene *scene, struct ls_why *out)
{
    relax_above(out, "budget P", "regional.load_shift_percent_limit",
                scene->answer->policy.load_shift_percent);
}

static void explain_missing(const struct ls_why_scene *scene, int t, int s, struct ls_why *out)
{
    char clock[8];
    int ends[] = {t, s};
    for (int i = 0; i < 2; i++) {
        ls_cityday_clock(scene->day, ends[i], clock);
        if (isnan(ls_cityday_kwh(scene->day, scene->customer, ends[i]))) {
            REASON("no reading at %s: what is unknown is not moved", clock);
            return;
        }
        if (isnan(scene->day->mef_g_per_kwh[ends[i]])) {
            REASON("no emission factor at %s", clock);
            return;
        }
    }
}

static void explain_hours(const struct ls_why_scene *scene, int t, int s, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    char clock[8];
    int outside = ls_limits_movable(policy, scene->day, t) ? s : t;
    int first = policy->day_open_minute, last = policy->day_close_minute;
    REASON("%s lies outside the movable hours %02d:%02d-%02d:%02d",
           ls_cityday_clock(scene->day, outside, clock), first / 60, first % 60, last / 60, last % 60);
    int ends[] = {t, s};
    for (int i = 0; i < 2; i++) {
        int minute = scene->day->wall_minute[ends[i]];
        first = minute < first ? minute : first;
        last = minute + scene->day->slot_minutes > last ? minute + scene->day->slot_minutes : last;
    }
    RELAX("movable hours %02d:%02d-%02d:%02d", first / 60, first % 60, last / 60, last % 60);
}

static void explain_window(const struct ls_why_scene *scene, int t, int s, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    double apart_h = abs(t - s) * scene->day->slot_minutes / 60.0;
    double rounded_up_h = ceil(1e4 * apart_h - 1e-6) / 1e4; /* what is printed is enough */
    REASON("%g h apart, the shift window is %s%g h", apart_h,
           policy->shift_window_inclusive ? "" : "less than ", policy->shift_window_hours);
    if (!policy->shift_window_inclusive && apart_h <= policy->shift_window_hours)
        RELAX("shift window inclusive");
    else if (!policy->shift_window_inclusive || 60 * apart_h > LS_DAY_MINUTES)
        relax_above(out, "shift window H", "behaviour.shift_window_hours", rounded_up_h);
    else
        RELAX("shift window H %g h", rounded_up_h);
}

/*
 * The quotas that `moves` moves on this day need beyond the policy's. A longer week lets its earlier days
 * move more as well, so each of them is granted its full day.
 */
static void relax_quota(const struct ls_why_scene *scene, int moves, struct ls_why *out)
{
    const struct ls_answer *answer = scene->answer;
    int a_day = answer->policy.moves_per_day, quota_left = answer->quota_left[scene->customer];
    bool day_binds = a_day >= 0 && a_day < moves, week_binds = quota_left >= 0 && quota_left < moves;
    char day[40] = "", week[40] = "";
    if (day_binds) {
        a_day = moves;
        snprintf(day, sizeof day, "moves a day K_day %d", a_day);
        week_binds |= quota_left >= 0 && answer->policy.moves_per_week < answer->earlier_days * a_day + moves;
    }
    if (week_binds && a_day < 0 && answer->earlier_days > 0)
        snprintf(week, sizeof week, "moves a week K_week none");
    else if (week_binds)
        snprintf(week, sizeof week, "moves a week K_week %d", answer->earlier_days * a_day + moves);
    RELAX("%s%s%s", day, day_binds && week_binds ? " and " : "", week);
}

static void explain_quota(const struct ls_why_scene *scene, struct ls_why *out)
{
    const struct ls_answer *answer = scene->answer;
    if (answer->quota_left[scene->customer] != 0)
        REASON("the policy allows %d moves a day", answer->policy.moves_per_day);
    else if (answer->policy.moves_per_week > 0)
        REASON("all %d moves of the week were used on the days before", answer->policy.moves_per_week);
    else
        REASON("the policy allows %d moves a week", answer->policy.moves_per_week);
    relax_quota(scene, 1, out);
}

/* The least that is known of the slot's hour, which its floor looks at among others [kWh]. */
static double least_of_hour_kwh(const struct ls_why_scene *scene, int slot)
{
    const int *minute = scene->day->wall_minute;
    double least = INFINITY;
    for (int t = 0; t < scene->day->n_slots; t++)
        if (minute[t] / 60 == minute[slot] / 60)
            least = fmin(least, ls_cityday_kwh(scene->day, scene->customer, t)); /* NaN is passed over */
    return least;
}

/* What does about a mean or a minimum that alone keeps `below_kwh` in the slot. */
static void relax_base(const struct ls_why_scene *scene, int slot, double base_kwh, double below_kwh,
                       struct ls_why *out)
{
    if (scene->answer->policy.floor_type == LS_FLOOR_ABSOLUTE_MIN)
        RELAX("floor type none (the minimum of this hour is %.3f kWh)", base_kwh);
    else if (least_of_hour_kwh(scene, slot) < below_kwh)
        RELAX("floor type absolute_min (the mean of this hour is %.3f kWh)", base_kwh);
    else
        RELAX("floor type none, or absolute_min if the hour ever used less (mean %.3f kWh)", base_kwh);
}

/* The smallest change of one term of the floor that lets the slot go down to below `kwh`. */
static void relax_floor(const struct ls_why_scene *scene, int slot, double kwh, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    const double below_kwh = kwh - LS_KWH_EPSILON;
    if (below_kwh <= 0 || scene->day->floors.base_kwh == NULL)
        return;
    size_t row = scene->day->customer[scene->customer] - scene->day->floors.first_customer;
    size_t hour = (size_t)(scene->day->wall_minute[slot] / 60);
    double base_kwh = scene->day->floors.base_kwh[row * LS_HOURS_A_DAY + hour];
    double robust_max_kwh = ls_robust_max_kwh(scene->day, row, hour);
    double r_term_kwh = policy->r_percent < 0 ? 0 : policy->r_percent / 100 * robust_max_kwh;
    bool by_base = base_kwh >= below_kwh, by_r = r_term_kwh >= below_kwh;
    bool by_epsilon = policy->epsilon_floor_kwh >= below_kwh;
    double most_percent = floor(1000 * kwh / robust_max_kwh) / 10;
    if (by_base + by_r + by_epsilon > 1)
        RELAX("floor type none");
    else if (by_base)
        relax_base(scene, slot, base_kwh, below_kwh, out);
    else if (by_epsilon)
        RELAX("floor epsilon below %g kWh", kwh);
    else if (most_percent > 0)
        RELAX("floor R below %.1f %%", most_percent);
    else
        RELAX("floor R none");
}

static void explain_floor(const struct ls_why_scene *scene, int t, struct ls_why *out)
{
    const struct ls_cityday *day = scene->day;
    double floor_kwh = ls_cityday_floor_kwh(day, scene->customer, t);
    double usage_kwh = scene->usage_kwh[t];
    char clock[8];
    REASON("%.3f kWh used at %s, the household floor is %.3f kWh", usage_kwh, ls_cityday_clock(day, t, clock),
           floor_kwh);
    relax_floor(scene, t, usage_kwh, out);
}

static void explain_peak(const struct ls_why_scene *scene, int t, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    int hour = scene->day->wall_minute[t] / 60;
    if (scene->limits.peak_fraction > 0 && scene->limits.peak_shared)
        REASON("the city's allowance of %g %% for leaving peak hour %d was used up",
               policy->peak_reduction_percent, hour);
    else if (scene->limits.peak_fraction > 0)
        REASON("%g %% of what was used in peak hour %d is next to nothing", policy->peak_reduction_percent,
               hour);
    else
        REASON("%d h is a peak hour that nothing may leave", hour);
    relax_peak(scene, out);
}

static void explain_room(const struct ls_why_scene *scene, int s, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    char clock[8];
    REASON("%s was full: %g %% over its baseline reached before this customer's turn",
           ls_cityday_clock(scene->day, s, clock), policy->alpha_percent);
    relax_room(scene, s, out);
}

static void explain_budget(const struct ls_why_scene *scene, struct ls_why *out)
{
    REASON("the region's budget of %.1f kWh was used up before this customer's turn",
           scene->limits.budget_kwh);
    relax_budget(scene, out);
}

static void explain_smallest(const struct ls_why_scene *scene, double kwh, struct ls_why *out)
{
    const struct ls_cityday *day = scene->day;
    double day_kwh = (double)day->day_quanta[scene->customer] / day->quanta_per_kwh;
    REASON("only %.3f kWh could move, the smallest move is %.3f kWh", kwh, scene->smallest_kwh);
    RELAX("smallest move %.4f of the day", floor(1e4 * kwh / day_kwh) / 1e4);
}

static void explain_outbid(const struct ls_why_scene *scene, double pair_g, int moves_needed,
                           struct ls_why *out)
{
    const struct ls_customer_result *result = &scene->answer->plan->customers[scene->customer];
    if (!scene->served) {
        REASON("the solve was cancelled before this customer's turn");
        return;
    }
    REASON("it would save %.1f g; the %s made save%s %.1f g", pair_g, result->sources == 1 ? "move" : "moves",
           result->sources == 1 ? "s" : "", result->saved_marg_g);
    if (moves_needed > result->sources)
        relax_quota(scene, moves_needed, out);
}

void ls_why_explain_made(const struct ls_why_scene *scene, const struct ls_move *move, struct ls_why *out)
{
    static const char *const words[LS_LIMIT_COUNT] = {
        [LS_LIMIT_WHOLE] = "the whole slot moved",
        [LS_LIMIT_FLOOR] = "the household floor stopped it",
        [LS_LIMIT_PEAK] = "the peak comfort limit stopped it",
        [LS_LIMIT_ROOM] = "the anti-spike limit of the destination stopped it",
        [LS_LIMIT_BUDGET] = "the regional budget stopped it",
    };
    const char *word = words[move->limited_by];
    REASON("%.3f kWh moved of %.3f used; %s", move->kwh, scene->usage_kwh[move->source],
           word != NULL ? word : ls_limit_name(move->limited_by));
    switch (move->limited_by) {
    case LS_LIMIT_FLOOR: /* to below what it is, since nothing below that lets more go */
        relax_floor(scene, move->source, ls_cityday_floor_kwh(scene->day, scene->customer, move->source),
                    out);
        break;
    case LS_LIMIT_PEAK:
        relax_peak(scene, out);
        break;
    case LS_LIMIT_ROOM:
        relax_room(scene, move->destination, out);
        break;
    case LS_LIMIT_BUDGET:
        relax_budget(scene, out);
        break;
    default:
        break;
    }
}

void ls_why_explain_refusal(const struct ls_why_scene *scene, int t, int s, int moves_needed,
                            struct ls_why *out)
{
    const double *mef = scene->day->mef_g_per_kwh;
    switch (out->limit) {
    case LS_LIMIT_MISSING:
        explain_missing(scene, t, s, out);
        break;
    case LS_LIMIT_HOURS:
        explain_hours(scene, t, s, out);
        break;
    case LS_LIMIT_WINDOW:
        explain_window(scene, t, s, out);
        break;
    case LS_LIMIT_NOT_CLEANER:
        REASON("the destination is no cleaner: %.1f against %.1f g/kWh", mef[s], mef[t]);
        break;
    case LS_LIMIT_QUOTA:
        explain_quota(scene, out);
        break;
    case LS_LIMIT_FLOOR:
        explain_floor(scene, t, out);
        break;
    case LS_LIMIT_PEAK:
        explain_peak(scene, t, out);
        break;
    case LS_LIMIT_ROOM:
        explain_room(scene, s, out);
        break;
    case LS_LIMIT_BUDGET:
        explain_budget(scene, out);
        break;
    case LS_LIMIT_SMALLEST:
        explain_smallest(scene, out->kwh, out);
        break;
    default:
        explain_outbid(scene, (mef[t] - mef[s]) * out->kwh, moves_needed, out);
        break;
    }
}
