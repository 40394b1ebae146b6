#include "solve/limits.h"

#include "base/clones.h"

#include <limits.h>
#include <math.h>

#define HOURS_EPSILON 1e-9 /* so that 60 * 0.1 hours are 6 minutes */

int ls_limits_window(const struct ls_policy *policy, int n_slots)
{
    if (policy->shift_window_hours < 0)
        return n_slots - 1;
    double slots = policy->shift_window_hours * 60 / policy->slot_minutes;
    slots = policy->shift_window_inclusive ? floor(slots + HOURS_EPSILON) : ceil(slots - HOURS_EPSILON) - 1;
    return slots < 0 ? 0 : slots > n_slots - 1 ? n_slots - 1 : (int)slots;
}

bool ls_limits_movable(const struct ls_policy *policy, const struct ls_cityday *day, int slot)
{
    return day->wall_minute[slot] >= policy->day_open_minute &&
           day->wall_minute[slot] + day->slot_minutes <= policy->day_close_minute;
}

/* An hour that occurs twice is one group; under limit_scope = slot each slot is its own. */
static void derive_groups(const struct ls_cityday *day, const struct ls_policy *policy,
                          struct ls_limits *limits)
{
    uint32_t peak_hours = ls_policy_city(policy, day->city)->peak_hours[day->weekday];
    int group_of_hour[LS_HOURS_A_DAY];
    for (int h = 0; h < LS_HOURS_A_DAY; h++)
        group_of_hour[h] = -1;
    for (int t = 0; t < day->n_slots; t++) {
        int hour = limits->hour[t];
        limits->peak[t] = peak_hours >> hour & 1;
        limits->group[t] = -1;
        if (!limits->peak[t] || policy->peak_reduction_percent < 0)
            continue;
        if (policy->peak_unit == LS_PEAK_SLOT || group_of_hour[hour] < 0)
            group_of_hour[hour] = limits->n_groups++;
        limits->group[t] = group_of_hour[hour];
    }
}

int ls_limits_derive(const struct ls_cityday *day, const struct ls_policy *policy, struct ls_arena *arena,
                     struct ls_limits *out, struct ls_error *error)
{
    size_t n = (size_t)day->n_slots;
    struct ls_limits limits = {
        .window_slots = ls_limits_window(policy, day->n_slots),
        .moves_per_day = policy->moves_per_day < 0 ? INT_MAX : policy->moves_per_day,
        .open = ls_arena_array(arena, n, sizeof(bool)),
        .peak = ls_arena_array(arena, n, sizeof(bool)),
        .group = ls_arena_array(arena, n, sizeof(int)),
        .hour = ls_arena_array(arena, n, sizeof(int)),
        .group_kwh = ls_arena_array(arena, n, sizeof(double)),
        .room_kwh = ls_arena_array(arena, n, sizeof(double)),
        .peak_fraction = policy->peak_reduction_percent / 100,
        .peak_shared = policy->peak_scope == LS_PEAK_PER_CITY,
        .budget_kwh = policy->load_shift_percent < 0 ? INFINITY
                                                     : policy->load_shift_percent / 100 * day->daily_load_kwh,
        .smallest_fraction = policy->min_fraction_of_day < 0 ? 0 : policy->min_fraction_of_day,
    };
    if (limits.open == NULL || limits.peak == NULL || limits.group == NULL || limits.hour == NULL ||
        limits.group_kwh == NULL || limits.room_kwh == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for the limits of a city-day");

    for (size_t t = 0; t < n; t++)
        limits.hour[t] = day->wall_minute[t] / 60;
    derive_groups(day, policy, &limits);
    for (size_t t = 0; t < n; t++) {
        double kwh = (double)day->slot_quanta[t] / day->quanta_per_kwh;
        limits.room_kwh[t] = policy->alpha_percent < 0 ? INFINITY : policy->alpha_percent / 100 * kwh;
        limits.open[t] = !isnan(day->mef_g_per_kwh[t]) && ls_limits_movable(policy, day, (int)t);
        if (limits.group[t] >= 0)
            limits.group_kwh[limits.group[t]] += limits.peak_fraction * kwh;
    }
    *out = limits;
    return 0;
}

/* What a row of readings is worth and what may leave, were all slots open and known. */
LS_CLONES static void fill_row(int n, const int32_t *restrict usage, double quanta_per_kwh,
                               const double *restrict floor_of_hour, const int *restrict hour,
                               double *restrict usage_kwh, double *restrict avail_kwh)
{
    for (int t = 0; t < n; t++) {
        double kwh = usage[t] / quanta_per_kwh, floor_kwh = floor_of_hour[hour[t]];
        usage_kwh[t] = kwh;
        avail_kwh[t] = kwh - (floor_kwh < kwh ? floor_kwh : kwh);
    }
}

void ls_limits_customer(const struct ls_limits *limits, const struct ls_cityday *day, size_t customer,
                        double *usage_kwh, double *avail_kwh, bool *open, double *group_kwh)
{
    static const double no_floors[LS_HOURS_A_DAY];
    size_t n = (size_t)day->n_slots;
    int32_t usage[LS_SLOTS_MAX];
    const double *floor_of_hour =
        day->floor_kwh != NULL ? day->floor_kwh + customer * LS_HOURS_A_DAY : no_floors;
    ls_cityday_row(day, customer, usage);
    fill_row(day->n_slots, usage, day->quanta_per_kwh, floor_of_hour, limits->hour, usage_kwh, avail_kwh);
    for (size_t t = 0; t < n; t++) {
        open[t] = limits->open[t] && usage[t] != LS_MISSING;
        if (!open[t])
            usage_kwh[t] = avail_kwh[t] = 0;
    }
    if (limits->peak_shared)
        return;
    for (int g = 0; g < limits->n_groups; g++)
        group_kwh[g] = 0;
    for (size_t t = 0; t < n; t++)
        if (limits->group[t] >= 0 && usage[t] != LS_MISSING)
            group_kwh[limits->group[t]] += usage[t] / day->quanta_per_kwh;
    for (int g = 0; g < limits->n_groups; g++)
        group_kwh[g] *= limits->peak_fraction;
}
