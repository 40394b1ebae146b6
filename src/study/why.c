/*
 * Why a pair of slots was refused, or a move is no larger.
 *
 * The account of what customers share is replayed up to the customer's turn from the plan's own moves, so the
 * answer holds for any engine. Limits are looked for in the order of enum ls_limit; the first that refuses is
 * the answer.
 */
#include <loadscope/shift.h>

#include "model/floor_terms.h"
#include "solve/limits.h"
#include "solve/turn.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The customer's turn as it came. Arrays belong to the arena. */
struct scene {
    const struct ls_answer *answer;
    const struct ls_cityday *day;
    size_t customer;
    struct ls_arena arena;
    struct ls_limits limits;
    double *usage_kwh, *avail_kwh, *room_kwh, *group_kwh;
    bool *open;
    double budget_kwh;
    double smallest_kwh;
    int max_moves;
    bool served;
};

static int scene_open(struct scene *scene, const struct ls_answer *answer, size_t customer,
                      struct ls_error *error)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    size_t slots = (size_t)day->n_slots;
    *scene = (struct scene){.answer = answer, .day = day, .customer = customer};
    int status = ls_limits_derive(day, &answer->policy, &scene->arena, &scene->limits, error);
    if (status != 0)
        return status;
    scene->usage_kwh = ls_arena_array(&scene->arena, slots, sizeof(double));
    scene->avail_kwh = ls_arena_array(&scene->arena, slots, sizeof(double));
    scene->group_kwh = ls_arena_array(&scene->arena, slots, sizeof(double));
    scene->open = ls_arena_array(&scene->arena, slots, sizeof(bool));
    if (scene->usage_kwh == NULL || scene->avail_kwh == NULL || scene->group_kwh == NULL ||
        scene->open == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for an explanation");

    scene->served = customer < plan->customers_served;
    scene->room_kwh = scene->limits.room_kwh;
    scene->budget_kwh = scene->limits.budget_kwh;
    if (scene->limits.peak_shared)
        scene->group_kwh = scene->limits.group_kwh;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        if (move->customer >= customer)
            continue;
        int group = scene->limits.group[move->source];
        scene->room_kwh[move->destination] -= move->kwh;
        scene->room_kwh[move->source] += move->kwh;
        scene->budget_kwh -= move->kwh;
        if (scene->limits.peak_shared && group >= 0)
            scene->group_kwh[group] -= move->kwh;
    }
    ls_limits_customer(&scene->limits, day, customer, scene->usage_kwh, scene->avail_kwh, scene->open,
                       scene->group_kwh);
    scene->max_moves = ls_engine(answer->policy.engine)->ignores_quota
                           ? INT_MAX
                           : ls_limits_moves(&scene->limits, answer->quota_left[customer]);
    scene->smallest_kwh =
        scene->limits.smallest_fraction * ((double)day->day_quanta[customer] / day->quanta_per_kwh);
    return 0;
}

static void scene_close(struct scene *scene)
{
    ls_arena_release(&scene->arena);
}

static double peak_left(const struct scene *scene, int source)
{
    int group = scene->limits.group[source];
    return group < 0 ? INFINITY : scene->group_kwh[group];
}

static bool is_missing(const struct scene *scene, int slot)
{
    return isnan(ls_cityday_kwh(scene->day, scene->customer, slot)) || isnan(scene->day->mef_g_per_kwh[slot]);
}

/*
 * The first limit that refuses the pair in the customer's turn, those up to `relaxed` being just lifted; *kwh
 * what could move before it, which is next to nothing where a limit in kWh was lifted.
 */
static enum ls_limit refusal(const struct scene *scene, int t, int s, enum ls_limit relaxed, double *kwh)
{
    const struct ls_cityday *day = scene->day;
    const struct ls_policy *policy = &scene->answer->policy;
    const double *mef = day->mef_g_per_kwh;
    *kwh = 0;
    if (relaxed < LS_LIMIT_MISSING && (is_missing(scene, t) || is_missing(scene, s)))
        return LS_LIMIT_MISSING;
    if (relaxed < LS_LIMIT_HOURS &&
        (!ls_limits_movable(policy, day, t) || !ls_limits_movable(policy, day, s)))
        return LS_LIMIT_HOURS;
    if (relaxed < LS_LIMIT_WINDOW && abs(t - s) > scene->limits.window_slots)
        return LS_LIMIT_WINDOW;
    if (relaxed < LS_LIMIT_NOT_CLEANER && !(mef[s] < mef[t] - LS_MEF_EPSILON))
        return LS_LIMIT_NOT_CLEANER;
    if (relaxed < LS_LIMIT_QUOTA && scene->max_moves <= 0)
        return LS_LIMIT_QUOTA;
    const double left[] = {ls_cityday_avail_kwh(day, scene->customer, t), peak_left(scene, t),
                           scene->room_kwh[s], scene->budget_kwh};
    const enum ls_limit limit[] = {LS_LIMIT_FLOOR, LS_LIMIT_PEAK, LS_LIMIT_ROOM, LS_LIMIT_BUDGET};
    double most = INFINITY;
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        if (limit[i] > relaxed && left[i] <= LS_KWH_EPSILON)
            return limit[i];
        most = fmin(most, fmax(left[i], 0));
    }
    *kwh = most;
    return relaxed < LS_LIMIT_SMALLEST && most < scene->smallest_kwh ? LS_LIMIT_SMALLEST : LS_LIMIT_OUTBID;
}

static const struct ls_move *find_move(const struct ls_answer *answer, size_t customer, int source,
                                       int destination)
{
    for (size_t m = 0; m < answer->plan->n_moves; m++) {
        const struct ls_move *move = &answer->plan->moves[m];
        if (move->customer == customer && move->source == source && move->destination == destination)
            return move;
    }
    return NULL;
}

#define RELAX(...)  snprintf(out->relaxation, sizeof out->relaxation, __VA_ARGS__)
#define REASON(...) snprintf(out->reason, sizeof out->reason, __VA_ARGS__)

static void explain_missing(const struct scene *scene, int t, int s, struct ls_why *out)
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

static void explain_hours(const struct scene *scene, int t, int s, struct ls_why *out)
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

static void explain_window(const struct scene *scene, int t, int s, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    double apart_h = abs(t - s) * scene->day->slot_minutes / 60.0;
    REASON("%g h apart, the shift window is %s%g h", apart_h,
           policy->shift_window_inclusive ? "" : "less than ", policy->shift_window_hours);
    if (!policy->shift_window_inclusive && apart_h <= policy->shift_window_hours)
        RELAX("shift window inclusive");
    else /* rounded up, so that what is printed is enough */
        RELAX("shift window H %s%g h", policy->shift_window_inclusive ? "" : "above ",
              ceil(1e4 * apart_h - 1e-6) / 1e4);
}

/*
 * The quotas that `moves` moves on this day need beyond the policy's. A longer week lets its earlier days
 * move more as well, so each of them is granted its full day.
 */
static void relax_quota(const struct scene *scene, int moves, struct ls_why *out)
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

static void explain_quota(const struct scene *scene, struct ls_why *out)
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

/* The smallest change of one term of the floor that lets some of `usage_kwh` go. */
static void relax_floor(const struct scene *scene, size_t hour, double usage_kwh, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    const double below_kwh = usage_kwh - LS_KWH_EPSILON;
    if (below_kwh <= 0 || scene->day->floors.base_kwh == NULL)
        return;
    size_t row = scene->day->customer[scene->customer] - scene->day->floors.first_customer;
    double base_kwh = scene->day->floors.base_kwh[row * LS_HOURS_A_DAY + hour];
    double robust_max_kwh = ls_robust_max_kwh(scene->day, row, hour);
    double r_term_kwh = policy->r_percent < 0 ? 0 : policy->r_percent / 100 * robust_max_kwh;
    if (base_kwh >= below_kwh) {
        RELAX("floor type none (the %s of this hour is %.3f kWh)",
              policy->floor_type == LS_FLOOR_ABSOLUTE_MIN ? "minimum" : "mean", base_kwh);
        return;
    }
    bool by_r = r_term_kwh >= below_kwh, by_epsilon = policy->epsilon_floor_kwh >= below_kwh;
    double most_percent = floor(1000 * usage_kwh / robust_max_kwh) / 10;
    if (by_r && by_epsilon)
        RELAX("floor type none");
    else if (by_epsilon)
        RELAX("floor epsilon below %g kWh", usage_kwh);
    else if (most_percent > 0)
        RELAX("floor R below %.1f %%", most_percent);
    else
        RELAX("floor R none");
}

static void explain_floor(const struct scene *scene, int t, struct ls_why *out)
{
    const struct ls_cityday *day = scene->day;
    double floor_kwh = ls_cityday_floor_kwh(day, scene->customer, t);
    double usage_kwh = scene->usage_kwh[t];
    char clock[8];
    REASON("%.3f kWh used at %s, the household floor is %.3f kWh", usage_kwh, ls_cityday_clock(day, t, clock),
           floor_kwh);
    relax_floor(scene, (size_t)(day->wall_minute[t] / 60), usage_kwh, out);
}

static void explain_peak(const struct scene *scene, int t, struct ls_why *out)
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
    RELAX("peak comfort Z above %g %%", policy->peak_reduction_percent);
}

static void explain_room(const struct scene *scene, int s, struct ls_why *out)
{
    const struct ls_policy *policy = &scene->answer->policy;
    char clock[8];
    REASON("%s was full: %g %% over its baseline reached before this customer's turn",
           ls_cityday_clock(scene->day, s, clock), policy->alpha_percent);
    if (scene->answer->plan->slots[s].baseline_kwh > 0)
        RELAX("anti-spike alpha above %g %%", policy->alpha_percent);
    else /* any percentage of nothing is nothing */
        RELAX("anti-spike alpha none");
}

static void explain_budget(const struct scene *scene, struct ls_why *out)
{
    REASON("the region's budget of %.1f kWh was used up before this customer's turn",
           scene->limits.budget_kwh);
    RELAX("budget P above %g %%", scene->answer->policy.load_shift_percent);
}

static void explain_smallest(const struct scene *scene, double kwh, struct ls_why *out)
{
    const struct ls_cityday *day = scene->day;
    double day_kwh = (double)day->day_quanta[scene->customer] / day->quanta_per_kwh;
    REASON("only %.3f kWh could move, the smallest move is %.3f kWh", kwh, scene->smallest_kwh);
    RELAX("smallest move %.4f of the day", floor(1e4 * kwh / day_kwh) / 1e4);
}

static void explain_outbid(const struct scene *scene, double pair_g, struct ls_why *out)
{
    const struct ls_customer_result *result = &scene->answer->plan->customers[scene->customer];
    if (!scene->served) {
        REASON("the solve was cancelled before this customer's turn");
        return;
    }
    REASON("it would save %.1f g; the %s made save%s %.1f g", pair_g, result->sources == 1 ? "move" : "moves",
           result->sources == 1 ? "s" : "", result->saved_marg_g);
    if (result->sources >= scene->max_moves)
        relax_quota(scene, result->sources + 1, out);
}

static void explain_made(const struct scene *scene, const struct ls_move *move, struct ls_why *out)
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
    const struct ls_policy *policy = &scene->answer->policy;
    switch (move->limited_by) {
    case LS_LIMIT_FLOOR:
        RELAX("a lower household floor, up to %.3f kWh", scene->usage_kwh[move->source]);
        break;
    case LS_LIMIT_PEAK:
        RELAX("peak comfort Z above %g %%", policy->peak_reduction_percent);
        break;
    case LS_LIMIT_ROOM:
        RELAX("anti-spike alpha above %g %%", policy->alpha_percent);
        break;
    case LS_LIMIT_BUDGET:
        RELAX("budget P above %g %%", policy->load_shift_percent);
        break;
    default:
        break;
    }
}

static void explain_refusal(const struct scene *scene, int t, int s, struct ls_why *out)
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
        explain_outbid(scene, (mef[t] - mef[s]) * out->kwh, out);
        break;
    }
}

/* How far a slot reaches out of the movable hours [min]. */
static int minutes_outside(const struct scene *scene, int slot)
{
    const struct ls_policy *policy = &scene->answer->policy;
    int start = scene->day->wall_minute[slot], end = start + scene->day->slot_minutes;
    int before = policy->day_open_minute - start, after = end - policy->day_close_minute;
    return before > after ? before : after;
}

/* What a pair is short of the move that took its place: of its source's, or else the least of the home's. */
static double outbid_slack_g(const struct scene *scene, int t, double pair_g)
{
    const struct ls_plan *plan = scene->answer->plan;
    const double *mef = scene->day->mef_g_per_kwh;
    double least_g = NAN, source_g = NAN;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        if (move->customer != scene->customer)
            continue;
        double saved_g = (mef[move->source] - mef[move->destination]) * move->kwh;
        least_g = fmin(least_g, saved_g); /* of NaN and a number, the number */
        if (move->source == t)
            source_g = isnan(source_g) ? saved_g : source_g + saved_g;
    }
    return pair_g - (isnan(source_g) ? least_g : source_g);
}

static void find_slack(const struct scene *scene, int t, int s, struct ls_why *why)
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
        why->slack = peak_left(scene, t);
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
static bool stands_alone(const struct scene *scene, int t, int s)
{
    return scene->customer == 0 || (isinf(scene->room_kwh[s]) && isinf(scene->budget_kwh) &&
                                    (scene->limits.group[t] < 0 || !scene->limits.peak_shared));
}

/* Whatever the week's earlier days move, a move of its quota is left. */
static bool week_suffices(const struct scene *scene)
{
    const struct ls_answer *answer = scene->answer;
    int a_day = answer->policy.moves_per_day;
    return answer->quota_left[scene->customer] < 0 || answer->earlier_days == 0 ||
           (a_day >= 0 && answer->earlier_days * a_day < answer->policy.moves_per_week);
}

/* What stands behind a limit that has a relaxation. */
static void look_beyond(const struct scene *scene, int t, int s, struct ls_why *why)
{
    double kwh;
    if (why->relaxation[0] == '\0' || why->limit == LS_LIMIT_OUTBID)
        return;
    enum ls_limit next = refusal(scene, t, s, why->limit, &kwh);
    why->next = next == LS_LIMIT_OUTBID ? LS_LIMIT_NONE : next;
    why->sufficient = why->next == LS_LIMIT_NONE && stands_alone(scene, t, s) &&
                      (why->limit == LS_LIMIT_QUOTA || week_suffices(scene));
}

static void explain_pair(const struct scene *scene, int t, int s, struct ls_why *out)
{
    const double *mef = scene->day->mef_g_per_kwh;
    const struct ls_move *move = find_move(scene->answer, scene->customer, t, s);
    struct ls_why why = {.made = move != NULL, .slack_unit = "kWh"};
    why.limit = refusal(scene, t, s, LS_LIMIT_NONE, &why.kwh);
    if (mef[s] < mef[t] && why.limit != LS_LIMIT_MISSING) {
        double above_kwh =
            ls_cityday_avail_kwh(scene->day, scene->customer, t) - (move != NULL ? move->kwh : 0);
        why.forgone_g = (mef[t] - mef[s]) * above_kwh;
    }
    if (move != NULL) {
        why.limit = move->limited_by;
        why.kwh = move->kwh;
        explain_made(scene, move, &why);
    } else {
        explain_refusal(scene, t, s, &why);
        find_slack(scene, t, s, &why);
        look_beyond(scene, t, s, &why);
    }
    *out = why;
}

int ls_why_pair(const struct ls_answer *answer, size_t customer, int source, int destination,
                struct ls_why *out, struct ls_error *error)
{
    struct scene scene;
    int status = scene_open(&scene, answer, customer, error);
    if (status == 0)
        explain_pair(&scene, source, destination, out);
    scene_close(&scene);
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

int ls_why_customer(const struct ls_answer *answer, size_t customer, char *out, size_t size,
                    struct ls_error *error)
{
    int source, destination;
    if (!ls_why_best_pair(answer, customer, &source, &destination)) {
        snprintf(out, size, "no slot of the day has a cleaner one within the shift window");
        return 0;
    }
    struct ls_why why;
    int status = ls_why_pair(answer, customer, source, destination, &why, error);
    if (status != 0)
        return status;
    char from[8], to[8];
    snprintf(out, size, "%s %s to %s: %s%s%s", why.made ? "moved" : "not moved",
             ls_cityday_clock(answer->day, source, from), ls_cityday_clock(answer->day, destination, to),
             why.reason, why.relaxation[0] != '\0' ? "; would need " : "", why.relaxation);
    return 0;
}
