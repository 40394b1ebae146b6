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
#include <loadscope/plan.h>

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

/* False when memory runs out or the dataset has no such city; nothing to release then. `own_load_kwh` is what
 * ls_check_own_load() gave, or LS_NONE to derive it here where the policy asks for it. */
bool ls_check_day_derive(struct ls_check_day *day, const struct ls_dataset *dataset, const ls_zone *zone,
                         const struct ls_policy *policy, const char *city, int32_t date, double own_load_kwh);
void ls_check_day_release(struct ls_check_day *day);

/* The daily load of a city that is `auto`; false when memory runs out. Cost: one pass over its readings. */
bool ls_check_own_load(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_city *city,
                       double *load_kwh);

/* The customer's day [n_slots], NaN where unknown, and its sum; returns the number of known readings. */
int ls_check_day_usage(const struct ls_check_day *day, const struct ls_customer *customer, double *usage_kwh,
                       double *sum_kwh);

/* The customer's floors [n_slots]: what must stay where it was used. 0 where the floor is off. */
void ls_check_day_floor(struct ls_check_day *day, const struct ls_customer *customer, double *floor_kwh);

/* Moves of a city-day from anywhere, without a plan's totals. */
struct ls_check_moves {
    size_t n_customers;
    const uint32_t
        *customer;         /* [n_customers] index into the dataset's customers, ascending, all of the city */
    const int *quota_left; /* [n_customers] of the week, LS_NONE: no limit */
    size_t n_moves;
    const struct ls_move
        *moves;       /* [n_moves] customers by their place above; LS_LIMIT_NONE: no reason given */
    double slack_kwh; /* what each reading may differ by from what the moves' author read */
};

/* Reports each limit that the moves break and each reason that they do not bear out; returns how many. */
size_t ls_check_moves(const struct ls_check_day *day, const struct ls_check_moves *moves,
                      ls_violation_fn *report, void *user);

/* What a sum over so many readings may be off by [kWh]. */
double ls_check_tolerance(double slack_kwh, size_t readings, double magnitude);

#endif
