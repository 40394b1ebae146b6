/*
 * Synthetic homes: not measured, but shaped like measured ones, so that the program can be tried without
 * data.
 *
 * Integers only, so that the file is the same on every machine. A reading is the product of the home's scale,
 * the daily shape and noise, the scale and the noise being lognormal (sigma 0.8) and of mean 1; scales are
 * spread evenly over the quantiles, so that a few dozen homes already show the stated mean and deviation.
 * Factors are a daily cycle and noise that changes slowly.
 */
#include "data/sample.h"

#include "data/grow.h"

#include <loadscope/dataset.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ID           INT64_C(60000005500)
#define CUSTOMERS_MAX      10000000u
#define DAYS_MAX           36600u
#define MEAN_WH            350
#define FIRST_CITY_PERCENT 60
#define UNIFORM_BITS       16
#define QUANTILE_STEPS     32
#define KNOT_SLOTS         6 /* slow noise is drawn anew every three hours, and runs straight between */
#define TEXT_BYTES         65536
#define ROW_BYTES_MAX      256

/* Quantiles of the lognormal with sigma 0.8, scaled to mean 1000; the ends stand for 1/128 and 127/128. */
static const int32_t lognormal[QUANTILE_STEPS + 1] = {
    106, 166, 215, 256, 293,  328,  361,  395,  429,  462,  497,  533,  570,  608,  648,  690, 735,
    783, 834, 889, 948, 1014, 1087, 1168, 1261, 1368, 1495, 1649, 1845, 2110, 2508, 3262, 5084};

/* Usage of a half-hour as thousandths of the day's mean: a small peak in the morning, a tall one in the
 * evening. */
static const int32_t shape[LS_SAMPLE_SLOTS_A_DAY] = {
    565,  525,  494,  474,  459,  454,  454,  464,  484,  525,  585,  686,  827,  989,  1150, 1251,
    1272, 1221, 1130, 1039, 969,  928,  908,  898,  908,  928,  939,  928,  908,  898,  898,  918,
    959,  1019, 1100, 1201, 1322, 1453, 1594, 1716, 1796, 1816, 1766, 1655, 1494, 1272, 1009, 747};

/* One emission factor: g/kWh at each full hour, noise, and the range it is cut to. */
static const struct factor {
    const char *name;
    int32_t hourly[LS_HOURS_A_DAY];
    int32_t slow_noise, fast_noise; /* largest size, g/kWh */
    int32_t least, most;
} factors[LS_FACTOR_COUNT] = {
    [LS_FACTOR_MARGINAL] =
        {
            .name = "marginal",
            .hourly = {738, 741, 744, 746, 744, 736, 718, 691, 664, 642, 628, 622,
                       624, 632, 648, 672, 704, 738, 764, 776, 774, 764, 752, 744},
            .slow_noise = 80,
            .fast_noise = 40,
            .least = 536,
            .most = 836,
        },
    [LS_FACTOR_AVERAGE] =
        {
            .name = "average",
            .hourly = {763, 766, 768, 769, 768, 764, 751, 725, 697, 677, 666, 661,
                       662, 669, 683, 705, 731, 753, 767, 772, 772, 769, 766, 764},
            .slow_noise = 50,
            .fast_noise = 15,
            .least = 625,
            .most = 827,
        },
};

const struct ls_sample_city ls_sample_cities[LS_SAMPLE_CITIES] = {
    {"delhi", 28500000, 28800000, 77000000, 77350000},
    {"mumbai", 19000000, 19250000, 72820000, 72970000},
};

struct writer {
    const struct ls_sample_options *options;
    bool (*write)(void *user, const char *text, size_t length);
    void *user;
    size_t used;
    char text[TEXT_BYTES];
};

/* The lognormal's quantile at `u` of 2^UNIFORM_BITS. */
static int32_t quantile(int32_t u)
{
    const int32_t step = (1 << UNIFORM_BITS) / QUANTILE_STEPS;
    int32_t i = u / step, rest = u % step;
    return lognormal[i] + (lognormal[i + 1] - lognormal[i]) * rest / step;
}

/* Uniform in [-size, size], a function of the seed, the two names and n. */
static int32_t noise_at(uint64_t seed, const char *city, const char *name, int64_t n, int32_t size)
{
    struct ls_random random = ls_random_seed(seed, city, n);
    random = ls_random_seed(ls_random_next(&random), name, n);
    return (int32_t)ls_random_below(&random, (uint64_t)size * 2 + 1) - size;
}

int32_t ls_sample_factor(enum ls_factor which, uint64_t seed, const char *city, int64_t slot)
{
    const struct factor *factor = &factors[which];
    int32_t half = (int32_t)(slot % LS_SAMPLE_SLOTS_A_DAY), hour = half / 2;
    int32_t next = half % 2 != 0 ? (hour + 1) % LS_HOURS_A_DAY : hour;
    int32_t cycle = (factor->hourly[hour] + factor->hourly[next]) * LS_SAMPLE_PERMILLE / 2;
    int64_t knot = slot / KNOT_SLOTS;
    int32_t since = (int32_t)(slot % KNOT_SLOTS);
    int32_t from = noise_at(seed, city, factor->name, -1 - knot, factor->slow_noise * LS_SAMPLE_PERMILLE);
    int32_t to = noise_at(seed, city, factor->name, -2 - knot, factor->slow_noise * LS_SAMPLE_PERMILLE);
    int32_t value = cycle + from + (to - from) / KNOT_SLOTS * since +
                    noise_at(seed, city, factor->name, slot, factor->fast_noise * LS_SAMPLE_PERMILLE);
    if (value < factor->least * LS_SAMPLE_PERMILLE)
        return factor->least * LS_SAMPLE_PERMILLE;
    return value > factor->most * LS_SAMPLE_PERMILLE ? factor->most * LS_SAMPLE_PERMILLE : value;
}

/* What the whole country used in a slot, kWh: about 180 GW, flatter than a home. */
static int64_t demand_at(uint64_t seed, int64_t slot)
{
    return INT64_C(81000000) + INT64_C(9000) * shape[slot % LS_SAMPLE_SLOTS_A_DAY] +
           noise_at(seed, "country", "demand", slot, 900000);
}

static bool flush(struct writer *writer)
{
    bool written = writer->used == 0 || writer->write(writer->user, writer->text, writer->used);
    writer->used = 0;
    return written;
}

static bool write_row(struct writer *writer, const struct ls_sample_home *home, int64_t slot,
                      const char *value)
{
    char stamp[LS_STAMP_SIZE];
    uint64_t seed = writer->options->seed;
    int32_t mef = ls_sample_factor(LS_FACTOR_MARGINAL, seed, home->city->name, slot);
    int32_t aef = ls_sample_factor(LS_FACTOR_AVERAGE, seed, home->city->name, slot);
    const int32_t micro = 1000000;
    if (TEXT_BYTES - writer->used < ROW_BYTES_MAX && !flush(writer))
        return false;
    ls_stamp_format(LS_SAMPLE_FIRST_INSTANT + slot * LS_SAMPLE_SLOT_MINUTES * LS_MINUTE_S, LS_SAMPLE_OFFSET_S,
                    stamp);
    int length =
        snprintf(writer->text + writer->used, ROW_BYTES_MAX,
                 "%" PRId64 ",%s,%s,%d.%06d,%d.%06d,%s,%" PRId64 ",%d.%03d,%d.%03d\n", home->id, stamp,
                 home->city->name, home->longitude / micro, home->longitude % micro, home->latitude / micro,
                 home->latitude % micro, value, demand_at(seed, slot), mef / LS_SAMPLE_PERMILLE,
                 mef % LS_SAMPLE_PERMILLE, aef / LS_SAMPLE_PERMILLE, aef % LS_SAMPLE_PERMILLE);
    writer->used += (size_t)length;
    return true;
}

int32_t ls_sample_wh(int32_t scale_permille, int64_t slot, struct ls_random *random)
{
    const uint64_t in_ten_thousand = 10000, left_out = 50, empty = 60, off = 90;
    uint64_t fate = ls_random_below(random, in_ten_thousand);
    int32_t noise = quantile((int32_t)ls_random_below(random, 1u << UNIFORM_BITS));
    if (fate < left_out)
        return LS_NO_ROW;
    if (fate < empty)
        return LS_UNKNOWN;
    if (fate < off)
        return 0;
    return (int32_t)((int64_t)MEAN_WH * scale_permille / LS_SAMPLE_PERMILLE *
                     shape[slot % LS_SAMPLE_SLOTS_A_DAY] * noise /
                     ((int64_t)LS_SAMPLE_PERMILLE * LS_SAMPLE_PERMILLE));
}

static bool write_home(struct writer *writer, struct ls_sample_home *home)
{
    const int64_t n_slots = (int64_t)writer->options->days * LS_SAMPLE_SLOTS_A_DAY;
    for (int64_t slot = 0; slot < n_slots; slot++) {
        int32_t wh = ls_sample_wh(home->scale_permille, slot, &home->random);
        char value[24] = "";
        if (wh == LS_NO_ROW)
            continue;
        if (wh != LS_UNKNOWN)
            snprintf(value, sizeof value, "%d.%03d", wh / LS_SAMPLE_PERMILLE, wh % LS_SAMPLE_PERMILLE);
        if (!write_row(writer, home, slot, value))
            return false;
    }
    return true;
}

static int32_t between(struct ls_random *random, int32_t low, int32_t high)
{
    return low + (int32_t)ls_random_below(random, (uint64_t)(high - low) + 1);
}

void ls_sample_next_home(const struct ls_sample_options *options, const uint32_t *order, uint32_t i,
                         struct ls_sample_home *home)
{
    uint64_t in_first_city = ((uint64_t)options->customers * FIRST_CITY_PERCENT + 99) / 100;
    home->random = ls_random_seed(options->seed, "home", i);
    home->id = (i == 0 ? FIRST_ID : home->id) + between(&home->random, 1, 40);
    home->city = &ls_sample_cities[i >= in_first_city];
    home->longitude = between(&home->random, home->city->west, home->city->east);
    home->latitude = between(&home->random, home->city->south, home->city->north);
    home->scale_permille = quantile(
        (int32_t)((((uint64_t)order[i] * 2 + 1) << UNIFORM_BITS) / (2 * (uint64_t)options->customers)));
}

static bool write_homes(struct writer *writer, const uint32_t *order)
{
    struct ls_sample_home home = {0};
    for (uint32_t i = 0; i < writer->options->customers; i++) {
        ls_sample_next_home(writer->options, order, i, &home);
        if (!write_home(writer, &home))
            return false;
    }
    return flush(writer);
}

void ls_sample_order(uint32_t *order, uint32_t n, uint64_t seed)
{
    struct ls_random random = ls_random_seed(seed, "scales", 0);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = (uint32_t)ls_random_below(&random, i), kept = order[j];
        order[j] = order[i - 1];
        order[i - 1] = kept;
    }
}

int ls_sample_wrong(const struct ls_sample_options *options, struct ls_error *error)
{
    bool customers = options->customers < 1 || options->customers > CUSTOMERS_MAX;
    if (!customers && options->days >= 1 && options->days <= DAYS_MAX)
        return 0;
    int code = ls_error_set(error, LS_ERR_VALUE, "a sample of %" PRIu32 " %s",
                            customers ? options->customers : options->days, customers ? "customers" : "days");
    ls_error_remedy(error, "ask for 1 to %u", customers ? CUSTOMERS_MAX : DAYS_MAX);
    ls_error_at(error, NULL, 0, 0, customers ? "--customers" : "--days");
    return code;
}

int ls_sample_write(const struct ls_sample_options *options,
                    bool (*write)(void *user, const char *text, size_t length), void *user,
                    struct ls_error *error)
{
    static const char header[] = "ca_id,date,city,customer_longitude,customer_latitude,value,demand_met_kWh,"
                                 "marginal_emissions_factor_grams_co2_per_kWh,"
                                 "average_emissions_factor_grams_co2_per_kWh\n";
    int code = ls_sample_wrong(options, error);
    if (code != 0)
        return code;
    struct writer *writer = malloc(sizeof *writer);
    uint32_t *order = ls_new(options->customers, sizeof *order);
    if (writer == NULL || order == NULL) {
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory for a sample");
        goto done;
    }
    writer->options = options;
    writer->write = write;
    writer->user = user;
    writer->used = strlen(header);
    memcpy(writer->text, header, writer->used);
    ls_sample_order(order, options->customers, options->seed);
    if (!write_homes(writer, order))
        code = ls_error_set(error, LS_ERR_IO, "cannot write the sample");
done:
    free(order);
    free(writer);
    return code;
}
