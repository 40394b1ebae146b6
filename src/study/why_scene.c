#include "study/why_scene.h"

#include "solve/turn.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

int ls_why_scene_open(struct ls_why_scene *scene, const struct ls_answer *answer, size_t customer,
                      struct ls_error *error)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    size_t slots = (size_t)day->n_slots;
    *scene = (struct ls_why_scene){.answer = answer, .day = day, .customer = customer};
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
    bool ignores_quota = ls_engine(answer->policy.engine)->ignores_quota;
    scene->max_moves =
        ignores_quota ? INT_MAX : ls_limits_moves(&scene->limits, answer->quota_left[customer]);
    if (!ignores_quota) /* nor does such an engine know a smallest move */
        scene->smallest_kwh =
            scene->limits.smallest_fraction * ((double)day->day_quanta[customer] / day->quanta_per_kwh);
    return 0;
}

void ls_why_scene_close(struct ls_why_scene *scene)
{
    ls_arena_release(&scene->arena);
}

double ls_why_peak_left(const struct ls_why_scene *scene, int source)
{
    int group = scene->limits.group[source];
    return group < 0 ? INFINITY : scene->group_kwh[group];
}

static bool is_missing(const struct ls_why_scene *scene, int slot)
{
    return isnan(ls_cityday_kwh(scene->day, scene->customer, slot)) || isnan(scene->day->mef_g_per_kwh[slot]);
}

enum ls_limit ls_why_refusal(const struct ls_why_scene *scene, int t, int s, enum ls_limit relaxed,
                             double *kwh)
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
    const double left[] = {ls_cityday_avail_kwh(day, scene->customer, t), ls_why_peak_left(scene, t),
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

int ls_why_moves_needed(const struct ls_why_scene *scene, int source, int destination, int *moves,
                        struct ls_error *error)
{
    const struct ls_limits *limits = &scene->limits;
    int n_slots = scene->day->n_slots, needed = 0;
    const struct ls_turn turn = {.n_slots = n_slots,
                                 .window_slots = limits->window_slots,
                                 .max_moves = INT_MAX,
                                 .mef = scene->day->mef_g_per_kwh,
                                 .open = scene->open,
                                 .usage_kwh = scene->usage_kwh,
                                 .avail_kwh = scene->avail_kwh,
                                 .n_groups = limits->n_groups,
                                 .group = limits->group,
                                 .group_left_kwh = scene->group_kwh,
                                 .room_kwh = scene->room_kwh,
                                 .budget_kwh = scene->budget_kwh,
                                 .smallest_kwh = scene->smallest_kwh};
    size_t capacity = ls_turn_flow_capacity(n_slots, limits->window_slots), n_flows = 0;
    struct ls_flow *flows = calloc(capacity + 1, sizeof *flows);
    void *scratch = NULL;
    bool proven;
    int status = flows != NULL ? ls_engine_greedy.open(n_slots, limits->window_slots, &scratch, error)
                               : ls_error_set(error, LS_ERR_MEMORY, "out of memory for an explanation");
    if (status == 0)
        status = ls_engine_greedy.serve(scratch, &turn, flows, &n_flows, &proven, error);
    for (size_t f = 0; status == 0 && f < n_flows; f++)
        if (flows[f].source == source && flows[f].destination == destination)
            needed = (int)f + 1;
    ls_engine_greedy.close(scratch);
    free(flows);
    if (status == 0)
        *moves = needed;
    return status;
}

const struct ls_move *ls_why_move(const struct ls_why_scene *scene, int source, int destination)
{
    const struct ls_plan *plan = scene->answer->plan;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        if (move->customer == scene->customer && move->source == source && move->destination == destination)
            return move;
    }
    return NULL;
}
