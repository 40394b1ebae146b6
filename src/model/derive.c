#include "model/derive.h"

#include "base/clones.h"
#include "model/floor_terms.h"

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

void ls_derive_rows(const struct ls_cityday *day, size_t first, size_t n, int32_t *usage,
                    struct ls_derived *out, int64_t *slot_quanta)
{
    double floor_of_hour[LS_HOURS_A_DAY], floor_of_slot[LS_SLOTS_MAX];
    int hour[LS_SLOTS_MAX];
    size_t slots = (size_t)day->n_slots;
    for (size_t t = 0; t < slots; t++)
        hour[t] = day->wall_minute[t] / 60;
    for (size_t c = first; c < first + n; c++) {
        for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
            floor_of_hour[h] = ls_floor_of_hour(day, c, h);
        for (size_t t = 0; t < slots; t++)
            floor_of_slot[t] = floor_of_hour[hour[t]];
        struct row row = derive_row(day->n_slots, day->quanta_per_kwh, floor_of_slot, usage + c * slots,
                                    out->avail_kwh + c * day->avail_stride, slot_quanta);
        out->day_quanta[c] = row.quanta;
        out->whole[c] = row.known == day->n_slots;
        out->customer[c] = row.known > 0 ? (uint32_t)c : LS_NO_CUSTOMER;
    }
}

size_t ls_derive_close_up(const struct ls_cityday *day, size_t capacity, int32_t *usage,
                          struct ls_derived *out)
{
    size_t slots = (size_t)day->n_slots, stride = day->avail_stride, n = 0;
    for (size_t c = 0; c < capacity; c++) {
        if (out->customer[c] == LS_NO_CUSTOMER)
            continue;
        if (n != c) {
            memcpy(usage + n * slots, usage + c * slots, slots * sizeof *usage);
            memcpy(out->avail_kwh + n * stride, out->avail_kwh + c * stride, stride * sizeof *out->avail_kwh);
            out->day_quanta[n] = out->day_quanta[c];
            out->whole[n] = out->whole[c];
            out->customer[n] = out->customer[c];
        }
        n++;
    }
    return n;
}
