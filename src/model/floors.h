/* The household floor: what a home keeps in each hour, from its own readings in hours like it. */
#ifndef LS_MODEL_FLOORS_H
#define LS_MODEL_FLOORS_H

#include "model/days.h"

#include <loadscope/dataset.h>
#include <loadscope/policy.h>

typedef struct ls_floors ls_floors;

/*
 * Prepares the floors of local `date`: which other days count and the hours of their slots. `days` must cover
 * the dataset's span and outlive the result.
 */
int ls_floors_open(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_days *days,
                   const struct ls_policy *policy, int32_t date, ls_floors **out, struct ls_error *error);
void ls_floors_close(ls_floors *floors);

/* The terms of the floor of one hour; both 0 in an hour without a known reading. */
struct ls_floor_terms {
    double base_kwh;       /* mean or minimum */
    double robust_max_kwh; /* before R */
    size_t n_readings;
};

/* The terms for `customer` in each local hour, and the floor that they make: max(base, R * rmax, epsilon)
 * [kWh], 0 in an hour without a known reading and where the policy has no floor. */
void ls_floors_terms(ls_floors *floors, const struct ls_customer *customer,
                     struct ls_floor_terms terms[LS_HOURS_A_DAY]);
double ls_floors_kwh(const ls_floors *floors, const struct ls_floor_terms *terms);

#endif
