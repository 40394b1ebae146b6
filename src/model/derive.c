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

LS_CLONES static void lay(int n_slots, double quanta_per_kwh, const int32_t *restrict readings,
                          const double *restrict floor_kwh, int32_t *restrict usage,
                          float *restrict avail_kwh, int64_t *restrict slot_quanta)
{
    for (int t = 0; t < n_slots; t++) {
        double kwh = readings[t] / quanta_per_kwh, floor = floor_kwh[t] < kwh ? floor_kwh[t] : kwh;
        avail_kwh[t * LS_LANES] = readings[t] < 0 ? 0 : (float)(kwh - floor);
        usage[t * LS_LANES] = readings[t] < 0 ? LS_MISSING : readings[t];
    }
    for (int t = 0; t < n_slots; t++)
        slot_quanta[t] += readings[t] < 0 ? 0 : readings[t];
}

void ls_derive_row(const struct ls_cityday *day, const int32_t *readings, size_t row,
                   const struct ls_laid_row *out, int64_t *slot_quanta)
{
    double floor_of_slot[LS_SLOTS_MAX];
    for (size_t h = 0; h < LS_HOURS_A_DAY && out->floor_kwh != NULL; h++)
        out->floor_kwh[h] = ls_floor_of_hour(day, row, h);
    for (int t = 0; t < day->n_slots; t++)
        floor_of_slot[t] = out->floor_kwh != NULL ? out->floor_kwh[day->wall_minute[t] / 60] : 0;
    lay(day->n_slots, day->quanta_per_kwh, readings, floor_of_slot, out->usage, out->avail_kwh, slot_quanta);
}
