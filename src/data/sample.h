/*
 * The synthetic sample as numbers, for those that write it as text or as a store.
 *
 * A home's readings come from its own random numbers, slot after slot: so homes are independent of one
 * another, and a day of all homes can be made when each home keeps its generator.
 */
#ifndef LS_DATA_SAMPLE_H
#define LS_DATA_SAMPLE_H

#include "base/random.h"
#include "data/slots.h"

#include <loadscope/store.h>

#define LS_SAMPLE_SLOT_MINUTES  30
#define LS_SAMPLE_SLOTS_A_DAY   (LS_DAY_MINUTES / LS_SAMPLE_SLOT_MINUTES)
#define LS_SAMPLE_OFFSET_S      (330 * LS_MINUTE_S) /* Asia/Kolkata */
#define LS_SAMPLE_FIRST_INSTANT INT64_C(1651429800) /* Monday 2022-05-02T00:00+05:30 */
#define LS_SAMPLE_PERMILLE      1000
#define LS_SAMPLE_CITIES        2

struct ls_sample_city {
    const char *name;
    int32_t south, north, west, east; /* 1e-6 degrees */
};
extern const struct ls_sample_city ls_sample_cities[LS_SAMPLE_CITIES]; /* by name */

struct ls_sample_home {
    int64_t id;
    const struct ls_sample_city *city;
    int32_t longitude, latitude; /* 1e-6 degrees */
    int32_t scale_permille;
    struct ls_random random; /* what its next reading is made from */
};

/* LS_ERR_VALUE when the options are out of range. */
int ls_sample_wrong(const struct ls_sample_options *options, struct ls_error *error);

/* Which quantile of the scales each of n homes has. */
void ls_sample_order(uint32_t *order, uint32_t n, uint64_t seed);

/* Turns home i - 1 (of i = 0: any) into home i; ids ascend. */
void ls_sample_next_home(const struct ls_sample_options *options, const uint32_t *order, uint32_t i,
                         struct ls_sample_home *home);

/* The next reading of a home [Wh], that of `slot`, LS_UNKNOWN or LS_NO_ROW: now and then a row is left out, a
 * reading is empty, or the current is off. */
int32_t ls_sample_wh(int32_t scale_permille, int64_t slot, struct ls_random *random);

/* The factor of a slot in thousandths of g/kWh. */
int32_t ls_sample_factor(enum ls_factor factor, uint64_t seed, const char *city, int64_t slot);

#endif
