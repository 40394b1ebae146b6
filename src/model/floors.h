/*
 * The household floor: what a home keeps in each hour, from its own readings in hours like it.
 *
 * A floor group is one customer's known readings in one local hour of one weekday within a calendar period.
 * What a group comes to (base, robust maximum) is kept in a sheet, for all customers of a city and all hours,
 * so that R and epsilon can change without a look at readings.
 */
#ifndef LS_MODEL_FLOORS_H
#define LS_MODEL_FLOORS_H

#include "base/arena.h"
#include "model/readings.h"

#include <loadscope/policy.h>

/* The dates that make up the groups of a date, and the hours of their slots. */
struct ls_like_days {
    struct ls_arena arena;
    size_t n_days;
    struct ls_like_day {
        int32_t start_minute;
        int n_slots;
        const uint8_t *hour; /* [n_slots] local hour of each slot */
    } * days;                /* [n_days] ascending, those that the axis holds */
    size_t hour_capacity;    /* most readings that a group can have */
};

/* First and following date of the period whose days like `date` count. */
void ls_floor_period(enum ls_floor_period period, int32_t date, int32_t *first, int32_t *next);

/* LS_ERR_MEMORY; LS_ERR_FORMAT where a day is not a whole number of slots or off the grid. */
int ls_like_days_open(const struct ls_readings *readings, size_t city, const ls_zone *zone,
                      enum ls_floor_period period, int32_t date, struct ls_like_days *out,
                      struct ls_error *error);
void ls_like_days_close(struct ls_like_days *days);

/* What groups come to, [customers * LS_HOURS_A_DAY]. */
struct ls_floor_groups {
    double *base_kwh;    /* mean or minimum */
    int32_t *robust_max; /* quanta; -1 for a group without a reading */
};

/* Rows of one day that were read before, those of the customers who are asked for at least. */
struct ls_rows_at_hand {
    int32_t start_minute;
    int n_slots;
    const int32_t *rows; /* [customers of the city * n_slots] what is negative is unknown */
};

/* What groups are made from. */
struct ls_floor_source {
    const struct ls_readings *readings;
    size_t city;
    const struct ls_rows_at_hand *at_hand; /* are not read again; NULL: none */
};

/*
 * The groups of `n` customers of a city from `first_customer`, from the first on in `groups`.
 * LS_ERR_MEMORY and what reading gives. Of the policy, type and percentile count.
 * Cost: one visit to each reading of the days; selects, does not sort.
 */
int ls_floor_groups(const struct ls_floor_source *source, const struct ls_like_days *days,
                    const struct ls_policy *policy, size_t first_customer, size_t n,
                    const struct ls_floor_groups *groups, struct ls_error *error);

/* The groups from number `first` on. */
struct ls_floor_groups ls_floor_groups_from(const struct ls_floor_groups *groups, size_t first);

#endif
