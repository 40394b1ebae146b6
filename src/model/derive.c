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
    for (int t = 0; t < n_slots; t++)
        usage[t * LS_LANES] = readings[t] < 0 ? LS_MISSING : readings[t];
    for (int t = 0; t < n_slots; t++)
        slot_quanta[t] += readings[t] < 0 ? 0 : readings[t];
}

LS_CLONES void ls_derive_floors(const struct ls_cityday *restrict day, size_t row, double *restrict floor_kwh)
{
    for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
        floor_kwh[h] = ls_floor_of_hour(day, row, h);
}

/* A slot of a tile. */
LS_CLONES static void lay(double quanta_per_kwh, const int32_t *restrict usage,
                          const double *restrict floor_kwh, float *restrict avail_kwh)
{
    for (int i = 0; i < LS_LANES; i++) {
        double kwh = usage[i] / quanta_per_kwh, floor = floor_kwh[i] < kwh ? floor_kwh[i] : kwh;
        avail_kwh[i] = usage[i] < 0 ? 0 : (float)(kwh - floor);
    }
}

void ls_derive_tile(const struct ls_cityday *day, const size_t *hour, size_t tile, float *avail_kwh)
{
    double floor_kwh[LS_HOURS_A_DAY][LS_LANES] = {{0}};
    size_t first = tile * LS_LANES, n_slots = (size_t)day->n_slots, place = first * n_slots;
    for (size_t i = 0; i < LS_LANES && day->floor_kwh != NULL && first + i < day->n_customers; i++)
        for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
            floor_kwh[h][i] = day->floor_kwh[(first + i) * LS_HOURS_A_DAY + h];
    for (size_t t = 0; t < n_slots; t++, place += LS_LANES)
        lay(day->quanta_per_kwh, day->usage + place, floor_kwh[hour[t]], avail_kwh + place);
}
