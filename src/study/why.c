/*
 * Why a pair of slots was refused, or a move is no larger.
 *
 * Limits are looked for in the order of enum ls_limit; the first that refuses is the answer.
 */
#include "study/why_words.h"

#include "solve/turn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* How far a slot reaches out of the movable hours [min]. */
static int minutes_outside(const struct ls_why_scene *scene, int slot)
{
    const struct ls_policy *policy = &scene->answer->policy;
    int start = scene->day->wall_minute[slot], end = start + scene->day->slot_minutes;
    int before = policy->day_open_minute - start, after = end - policy->day_close_minute;
    return before > after ? before : after;
}

/* What a pair is short of what took its place: all moves of its source, or else the home's source that saves
 * least; NaN where it would save more than these, since the engine weighs more than single pairs. */
static double outbid_slack_g(const struct ls_why_scene *scene, int t, double pair_g)
{
    const struct ls_plan *plan = scene->answer->plan;
    const double *mef = scene->day->mef_g_per_kwh;
    double saved_g[LS_SLOTS_MAX] = {0}, least_g = INFINITY;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        if (move->customer == scene->customer)
            saved_g[move->source] += (mef[move->source] - mef[move->destination]) * move->kwh;
    }
    for (int slot = 0; slot < scene->day->n_slots; slot++)
        if (saved_g[slot] > 0)
            least_g = fmin(least_g, saved_g[slot]);
    double slack_g = pair_g - (saved_g[t] > 0 ? saved_g[t] : least_g);
    return slack_g > LS_GAIN_EPSILON || isinf(slack_g) ? NAN : slack_g;
}

static void find_slack(const struct ls_why_scene *scene, int t, int s, struct ls_why *why)
{
    const struct ls_cityday *day = scene->day;
    const struct ls_policy *policy = &scene->answer->policy;
    const double *mef = day->mef_g_per_kwh;
    int before = minutes_outside(scene, t), after = minutes_outside(scene, s);
    why->slack_unit = "kWh";
    switch (why->limit) {
    case LS_LIMIT_HOURS:
        why->slack = -(before > after ? before : after);
        why->slack_unit = "min";
        break;
    case LS_LIMIT_WINDOW:
        why->slack = policy->shift_window_hours - abs(t - s) * day->slot_minutes / 60.0;
        why->slack_unit = "h";
        break;
    case LS_LIMIT_NOT_CLEANER:
        why->slack = mef[t] - mef[s];
        why->slack_unit = "g/kWh";
        break;
    case LS_LIMIT_QUOTA:
        why->slack = 0;
        why->slack_unit = "moves";
        break;
    case LS_LIMIT_FLOOR:
        why->slack = ls_cityday_kwh(day, scene->customer, t) - ls_cityday_floor_kwh(day, scene->customer, t);
        break;
    case LS_LIMIT_PEAK:
        why->slack = ls_why_peak_left(scene, t);
        break;
    case LS_LIMIT_ROOM:
        why->slack = scene->room_kwh[s];
        break;
    case LS_LIMIT_BUDGET:
        why->slack = scene->budget_kwh;
        break;
    case LS_LIMIT_SMALLEST:
        why->slack = why->kwh - scene->smallest_kwh;
        break;
    case LS_LIMIT_OUTBID:
        why->slack = outbid_slack_g(scene, t, (mef[t] - mef[s]) * why->kwh);
        why->slack_unit = "g";
        break;
    default:
        why->slack = NAN;
        break;
    }
    if (isnan(why->slack))
        why->slack_unit = "";
}

/* Nothing that others may do in this customer's stead decides about the pair. */
static bool stands_alone(const struct ls_why_scene *scene, int t, int s)
{
    return scene->customer == 0 || (isinf(scene->room_kwh[s]) && isinf(scene->budget_kwh) &&
                                    (scene->limits.group[t] < 0 || !scene->limits.peak_shared));
}

/* Whatever the week's earlier days move, a move of its quota is left. */
static bool week_suffices(const struct ls_why_scene *scene)
{
    const struct ls_answer *answer = scene->answer;
    int a_day = answer->policy.moves_per_day;
    return answer->quota_left[scene->customer] < 0 || answer->earlier_days == 0 ||
           (a_day >= 0 && answer->earlier_days * a_day < answer->policy.moves_per_week);
}

/* What stands behind a limit that has a relaxation. */
static void look_beyond(const struct ls_why_scene *scene, int t, int s, struct ls_why *why)
{
    double kwh;
    if (why->relaxation[0] == '\0')
        return;
    enum ls_limit next = ls_why_refusal(scene, t, s, why->limit, &kwh);
    why->next = next == LS_LIMIT_OUTBID ? LS_LIMIT_NONE : next;
    why->sufficient = why->next == LS_LIMIT_NONE && stands_alone(scene, t, s) &&
                      (why->limit == LS_LIMIT_QUOTA || why->limit == LS_LIMIT_OUTBID || week_suffices(scene));
}

static int explain_pair(const struct ls_why_scene *scene, int t, int s, struct ls_why *out,
                        struct ls_error *error)
{
    const double *mef = scene->day->mef_g_per_kwh;
    const struct ls_move *move = ls_why_move(scene, t, s);
    struct ls_why why = {.customer = scene->customer,
                         .source = t,
                         .destination = s,
                         .made = move != NULL,
                         .slack_unit = "kWh"};
    int moves_needed = 0, status = 0;
    why.limit = ls_why_refusal(scene, t, s, LS_LIMIT_NONE, &why.kwh);
    if (mef[s] < mef[t] && why.limit != LS_LIMIT_MISSING) {
        double above_kwh =
            ls_cityday_avail_kwh(scene->day, scene->customer, t) - (move != NULL ? move->kwh : 0);
        why.forgone_g = (mef[t] - mef[s]) * above_kwh;
    }
    if (move != NULL) {
        why.limit = move->limited_by;
        why.kwh = move->kwh;
        ls_why_explain_made(scene, move, &why);
    } else {
        /* Only greedy's moves are the same however many follow them. */
        if (why.limit == LS_LIMIT_OUTBID && scene->answer->policy.engine == LS_ENGINE_GREEDY)
            status = ls_why_moves_needed(scene, t, s, &moves_needed, error);
        ls_why_explain_refusal(scene, t, s, moves_needed, &why);
        find_slack(scene, t, s, &why);
        look_beyond(scene, t, s, &why);
    }
    if (status == 0)
        *out = why;
    return status;
}

int ls_why_pair(const struct ls_answer *answer, size_t customer, int source, int destination,
                struct ls_why *out, struct ls_error *error)
{
    struct ls_why_scene scene;
    int status = ls_why_scene_open(&scene, answer, customer, error);
    if (status == 0)
        status = explain_pair(&scene, source, destination, out, error);
    ls_why_scene_close(&scene);
    return status;
}

bool ls_why_best_pair(const struct ls_answer *answer, size_t customer, int *source, int *destination)
{
    const struct ls_plan *plan = answer->plan;
    const struct ls_cityday *day = answer->day;
    const double *mef = day->mef_g_per_kwh;
    double best = 0;
    bool found = false;
    for (size_t m = 0; m < plan->n_moves; m++) {
        if (plan->moves[m].customer != customer || plan->moves[m].kwh <= best)
            continue;
        best = plan->moves[m].kwh;
        *source = plan->moves[m].source;
        *destination = plan->moves[m].destination;
        found = true;
    }
    if (found)
        return true;
    int window = ls_limits_window(&answer->policy, day->n_slots);
    for (int t = 0; t < day->n_slots; t++) {
        double usage_kwh = ls_cityday_kwh(day, customer, t);
        for (int s = 0; s < day->n_slots; s++) {
            if (abs(t - s) > window || isnan(ls_cityday_kwh(day, customer, s)) || !(mef[s] < mef[t]))
                continue;
            /* What stands above the floor counts in full; usage below it, only to break the silence. */
            double kwh = ls_cityday_avail_kwh(day, customer, t) + 1e-6 * usage_kwh;
            double gain_g = (mef[t] - mef[s]) * kwh;
            if (!(gain_g > best))
                continue;
            best = gain_g;
            *source = t;
            *destination = s;
            found = true;
        }
    }
    return found;
}
