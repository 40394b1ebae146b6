/* The household floor from its terms. */
#ifndef LS_MODEL_FLOOR_TERMS_H
#define LS_MODEL_FLOOR_TERMS_H

#include <loadscope/cityday.h>

/* The robust maximum of an hour before R [kWh]; `row` counts customers from floors.first_customer. */
static inline double ls_robust_max_kwh(const struct ls_cityday *day, size_t row, size_t hour)
{
    return day->floors.robust_max[row * LS_HOURS_A_DAY + hour] / day->quanta_per_kwh;
}

/* max(base, R * robust maximum, epsilon) [kWh]; 0 in an hour without a reading. For a day with floors. All
 * terms are worked out, so that loops over hours become vectors. */
static inline double ls_floor_of_hour(const struct ls_cityday *day, size_t row, size_t hour)
{
    const struct ls_floors *floors = &day->floors;
    double base_kwh = floors->base_kwh[row * LS_HOURS_A_DAY + hour];
    double of_max_kwh = floors->r_fraction * ls_robust_max_kwh(day, row, hour);
    double kwh = base_kwh > of_max_kwh ? base_kwh : of_max_kwh;
    kwh = kwh > floors->epsilon_kwh ? kwh : floors->epsilon_kwh;
    return floors->robust_max[row * LS_HOURS_A_DAY + hour] < 0 ? 0 : kwh;
}

#endif
