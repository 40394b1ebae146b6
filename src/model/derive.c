#include "model/derive.h"

#include "base/clones.h"
#include "model/floor_terms.h"

/* Plain loops over slots, which compilers turn into vectors. */

LS_CLONES int ls_derive_sum(const int32_t *readings, int n_slots, int64_t *quanta)
{
    int known = 0;
    int64_t sum = 0;
    for (int t = 0; t < n_slots; t++) {
        known += readings[t] >= 0;
        sum += readings[t] < 0 ? 0 : readings[t];
    }
    *quanta = sum;
    return known;
}

LS_CLONES void ls_derive_usage(const int32_t *restrict readings, int n_slots, int32_t *restrict usage,
                               int64_t *restrict slot_quanta)
{
    for (int t = 0; t < n_slots; t++) {
        usage[t] = readings[t] < 0 ? LS_MISSING : readings[t];
        slot_quanta[t] += readings[t] < 0 ? 0 : readings[t];
    }
}

LS_CLONES static void floors_of_hours(const struct ls_cityday *restrict day, size_t row,
                                      double *restrict floor_kwh)
{
    for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
        floor_kwh[h] = ls_floor_of_hour(day, row, h);
}

LS_CLONES static void lay(int n_slots, double quanta_per_kwh, const int32_t *restrict usage,
                          const double *restrict floor_kwh, float *restrict avail_kwh)
{
    for (int t = 0; t < n_slots; t++) {
        double kwh = usage[t] / quanta_per_kwh, floor = floor_kwh[t] < kwh ? floor_kwh[t] : kwh;
        avail_kwh[t] = usage[t] < 0 ? 0 : (float)(kwh - floor);
    }
}

void ls_derive_row(const struct ls_cityday *day, const size_t *hour, size_t customer, size_t row,
                   double *floor_kwh, float *avail_kwh)
{
    double floor_of_slot[LS_SLOTS_MAX];
    if (floor_kwh != NULL)
        floors_of_hours(day, row, floor_kwh);
    for (int t = 0; t < day->n_slots; t++)
        floor_of_slot[t] = floor_kwh != NULL ? floor_kwh[hour[t]] : 0;
    for (size_t t = (size_t)day->n_slots; t < day->avail_stride; t++)
        avail_kwh[t] = 0;
    lay(day->n_slots, day->quanta_per_kwh, day->usage + customer * (size_t)day->n_slots, floor_of_slot,
        avail_kwh);
}
