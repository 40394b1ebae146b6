#include "model/derive.h"

#include "base/clones.h"

#include <string.h>

/* What one row comes to. */
struct row {
    int64_t quanta;
    int known;
};

/* Reads a row once. Written as plain loops over slots, which compilers turn into vectors. */
LS_CLONES static struct row derive_row(int n_slots, double quanta_per_kwh, const double *floor_kwh,
                                       int32_t *usage, float *avail_kwh, int64_t *slot_quanta)
{
    struct row row = {0};
    for (int t = 0; t < n_slots; t++) {
        int64_t quanta = usage[t] < 0 ? 0 : usage[t];
        row.known += usage[t] >= 0;
        row.quanta += quanta;
        slot_quanta[t] += quanta;
    }
    for (int t = 0; t < n_slots; t++) {
        double kwh = usage[t] / quanta_per_kwh, floor = floor_kwh[t] < kwh ? floor_kwh[t] : kwh;
        avail_kwh[t] = usage[t] < 0 ? 0 : (float)(kwh - floor);
        usage[t] = usage[t] < 0 ? LS_MISSING : usage[t];
    }
    return row;
}

size_t ls_derive_rows(const struct ls_cityday *day, size_t capacity, int32_t *usage, double *floor_kwh,
                      struct ls_derived *out)
{
    double floor_of_slot[LS_SLOTS_MAX];
    int hour[LS_SLOTS_MAX];
    size_t slots = (size_t)day->n_slots, n = 0;
    for (size_t t = 0; t < slots; t++)
        hour[t] = day->wall_minute[t] / 60;
    for (size_t c = 0; c < capacity; c++) {
        int32_t *row_usage = usage + n * slots;
        double *row_floor = floor_kwh + n * LS_HOURS_A_DAY;
        if (n != c) {
            memcpy(row_usage, usage + c * slots, slots * sizeof *usage);
            memcpy(row_floor, floor_kwh + c * LS_HOURS_A_DAY, LS_HOURS_A_DAY * sizeof *floor_kwh);
        }
        for (size_t t = 0; t < slots; t++)
            floor_of_slot[t] = row_floor[hour[t]];
        struct row row = derive_row(day->n_slots, day->quanta_per_kwh, floor_of_slot, row_usage,
                                    out->avail_kwh + n * day->avail_stride, out->slot_quanta);
        if (row.known == 0)
            continue; /* its place is taken by the next; avail is all 0 */
        out->day_quanta[n] = row.quanta;
        out->whole[n] = row.known == day->n_slots;
        out->customer[n++] = (uint32_t)c;
    }
    return n;
}
