/*
 * What the check knows of a city-day: read again from the dataset, by other means than the city-day that was
 * solved.
 *
 * Belongs to the caller of ls_check_day_derive(); borrows dataset, zone and policy. Sums are of quanta, so
 * exact.
 */
#ifndef LS_SOLVE_CHECK_H
#define LS_SOLVE_CHECK_H

#include <loadscope/dataset.h>
#include <loadscope/policy.h>

struct ls_check_day {
    const struct ls_dataset *dataset;
    const ls_zone *zone;
    const struct ls_policy *policy;
    const struct ls_city *city;
    int32_t start_minute, next_minute;
    int n_slots;
    double kwh_per_quantum;
    int *wall_minute;  /* [n_slots] */
    bool *movable;     /* [n_slots] wholly inside the movable hours */
    bool *covered;     /* [n_slots] has a valid pair of factors */
    double *mef, *aef; /* [n_slots] 0 where not covered */
    double *slot_kwh;  /* [n_slots] all known readings */
    double all_kwh;    /* their sum */
    int *group;        /* [n_slots] of the peak allowance; -1: no peak */
    int n_groups;
    double budget_kwh;     /* INFINITY: off */
    int32_t period_minute; /* start of the floors' period */
    size_t period_slots;
    int8_t *period_hour; /* [period_slots] local hour on the day's weekday, else -1 */
    int64_t *keys;       /* scratch: one customer's readings */
};

/* False when memory runs out or the dataset has no such city; nothing to release then. */
bool ls_check_day_derive(struct ls_check_day *day, const struct ls_dataset *dataset, const ls_zone *zone,
                         const struct ls_policy *policy, const char *city, int32_t date);
void ls_check_day_release(struct ls_check_day *day);

/* The customer's day [n_slots], NaN where unknown, and its sum; returns the number of known readings. */
int ls_check_day_usage(const struct ls_check_day *day, const struct ls_customer *customer, double *usage_kwh,
                       double *sum_kwh);

/* The customer's floors [n_slots]: what must stay where it was used. 0 where the floor is off. */
void ls_check_day_floor(struct ls_check_day *day, const struct ls_customer *customer, double *floor_kwh);

#endif
