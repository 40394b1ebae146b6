/**
 * @file quality.h
 * A survey of a dataset: what it covers, and what an analyst should look at before believing it.
 *
 * A survey belongs to the caller of ls_survey_create() or ls_survey_of_store() and borrows the dataset or
 * store and the zone, which must outlive it. It judges readings and factors by rules that are stated here; it
 * changes nothing and knows no policy.
 */
#ifndef LOADSCOPE_QUALITY_H
#define LOADSCOPE_QUALITY_H

#include <loadscope/store.h>

#define LS_DOUBT_WORST 10 /**< homes that a doubt names */

/*
 * Level of a household's mean power [kW]. National means run from about 0.1 (India) over 0.4 (Europe) to 1.2
 * (USA); the middle home of a city lies near them, while a single home may be anything.
 */
#define LS_MEAN_KW_LOW  0.02 /**< below: 175 kWh a year */
#define LS_MEAN_KW_HIGH 3.0  /**< above: 26 MWh a year */
#define LS_MEAN_KW_WH   50.0 /**< from here on 1/1000 of it is a household and it itself is none */

/*
 * A spike is above SPIKE_TIMES the home's 99th percentile, and above SPIKE_KW. What a home does regularly, a
 * shower or a car, takes more than the 15 minutes a day that the percentile leaves out, and so lifts it;
 * below 5 kW one kettle more in a nearly empty home would do.
 */
#define LS_SPIKE_TIMES    10
#define LS_SPIKE_KW       5.0
#define LS_SPIKE_QUANTILE 0.99
#define LS_SPIKE_READINGS 100 /**< fewer known readings have no 99th percentile */

#define LS_LARGE_KW                                                                                          \
    43.5 /**< what three phases of 230 V carry at 63 A, the largest usual connection of a home */

#define LS_FLAT_HOURS 24 /**< identical non-zero readings for so long are no usage */

/* A register is a counter: its readings hardly ever fall (a meter exchanged: one in 500) and become large. */
#define LS_REGISTER_READINGS 48
#define LS_REGISTER_RISES    10
#define LS_REGISTER_FALLS    500
#define LS_REGISTER_KWH      5.0

#define LS_GAPS_SHARE 0.1 /**< a home that lacks more of its span is in doubt itself */

#define LS_FACTOR_HIGH 2000.0 /**< [g/kWh] above: lignite in a poor plant is near 1300 */
#define LS_FACTOR_KG   3.0    /**< all factors of a column below this [g/kWh]: kg/kWh are */

/** In the order in which they are told: what spoils every result first, what is only counted last. */
enum ls_doubt_kind {
    LS_DOUBT_REGISTER,    /**< homes whose readings look like a counter; value: last reading [kWh] */
    LS_DOUBT_WH,          /**< homes that look like Wh; value: mean power [kW] */
    LS_DOUBT_HIGH,        /**< the city's middle home is too high; value: its mean power [kW] */
    LS_DOUBT_KW_STEPS,    /**< readings are kW by their steps; value: the step [kWh] */
    LS_DOUBT_LOW,         /**< the city's middle home is too low; value: its mean power [kW] */
    LS_DOUBT_NO_FACTORS,  /**< the city has no factors at all */
    LS_DOUBT_UNCOVERED,   /**< slots with readings without factors; value: share of the city's kWh, 0 to 1 */
    LS_DOUBT_FACTOR_KG,   /**< factors look like kg/kWh; value: the largest */
    LS_DOUBT_FACTOR_HIGH, /**< slots with a factor above LS_FACTOR_HIGH; value: the largest */
    LS_DOUBT_FACTOR_NEGATIVE, /**< slots with a negative average factor; value: the smallest */
    LS_DOUBT_FACTOR_CONSTANT, /**< the marginal factor never changes; value: it */
    LS_DOUBT_FACTOR_SAME,     /**< both factors are equal everywhere */
    LS_DOUBT_LARGE,           /**< readings above LS_LARGE_KW; value: the largest [kWh] */
    LS_DOUBT_SPIKES,          /**< value: the largest [kWh] */
    LS_DOUBT_FLAT,            /**< flat lines; value: their level [kWh] */
    LS_DOUBT_ZERO_HOMES,      /**< homes whose known readings are all 0 */
    LS_DOUBT_ZERO_DAYS, /**< days of other homes whose known readings (half of a day at least) are all 0 */
    LS_DOUBT_PARTIAL, /**< homes that begin or end more than a day inside the city's span; count: slots missed
                       */
    LS_DOUBT_GAPS,    /**< unknown slots between a home's first and last row; value: share, 0 to 1 */
    LS_DOUBT_NEGATIVE,   /**< negative readings, masked */
    LS_DOUBT_DUPLICATES, /**< exact duplicates, dropped */
    LS_DOUBT_ROUNDED,    /**< readings with finer digits, rounded; value: the quantum [kWh] */
    LS_DOUBT_COUNT
};

/** One home of a doubt. */
struct ls_doubt_home {
    size_t customer;
    uint64_t count; /**< as in struct ls_doubt, of this home; FLAT: slots of its longest run */
    double value;
    int32_t first_minute, last_minute; /**< first and last slot concerned; FLAT: of that run */
};

struct ls_doubt {
    enum ls_doubt_kind kind;
    size_t city;                       /**< index into the dataset's cities, or LS_ALL_CITIES */
    size_t n_homes;                    /**< homes concerned; 0 where it is not a matter of homes */
    uint64_t count;                    /**< readings, slots or days by kind; FLAT: runs; HIGH, LOW: homes */
    double value;                      /**< by kind, NaN where there is none */
    int32_t first_minute, last_minute; /**< first and last slot concerned, LS_MISSING where not known */
    size_t n_worst;
    struct ls_doubt_home worst[LS_DOUBT_WORST]; /**< the homes with the most, worst first */
};
#define LS_ALL_CITIES SIZE_MAX

struct ls_clock_change {
    int32_t date;
    int minutes; /**< length of that local day: 1380 or 1500 as a rule */
};

/** What a city covers. kWh and counts are of known readings. */
struct ls_city_survey {
    int32_t first_minute, last_minute; /**< first and last slot with a row */
    size_t days;                       /**< local dates with a known reading */
    uint64_t readings;
    double kwh;
    double mean_kw; /**< mean power of its middle home, NaN when no home uses anything */
    double mef_low_g_per_kwh, mef_high_g_per_kwh, aef_low_g_per_kwh, aef_high_g_per_kwh; /**< NaN without */
};

struct ls_survey {
    const struct ls_dataset *dataset;
    const ls_zone *zone;
    int32_t first_minute, last_minute; /**< first and last slot with a row */
    size_t days;                       /**< local dates with a known reading in any city */
    struct ls_city_survey *cities;     /**< [dataset->n_cities] */
    size_t n_changes;
    struct ls_clock_change *changes; /**< [n_changes] clock changes within the span, by date */
    size_t n_doubts;
    struct ls_doubt *doubts; /**< [n_doubts] by kind, then city */
};

/**
 * Surveys a dataset with at least one reading, by the local days of @p zone. LS_ERR_MEMORY.
 * Cost: sorts each home's readings once; memory for the longest home and a bit a slot of the span.
 */
int ls_survey_create(const struct ls_dataset *dataset, const ls_zone *zone, struct ls_survey **out,
                     struct ls_error *error);

/** Told how many homes of how many were surveyed; true cancels. */
typedef bool ls_survey_progress(void *user, uint64_t homes, uint64_t homes_in_all);

/**
 * Surveys a store, a few homes at a time: memory for eight million readings, or for those of LS_STORE_PIECE
 * homes; for a city's where the store is compressed. @p progress may be NULL. The survey's dataset is the
 * store's head. LS_ERR_VALUE for a store without rows, LS_ERR_CANCELLED, LS_ERR_MEMORY, and what
 * ls_store_read() gives.
 */
int ls_survey_of_store(const ls_store *store, const ls_zone *zone, ls_survey_progress *progress, void *user,
                       struct ls_survey **out, struct ls_error *error);
void ls_survey_destroy(struct ls_survey *survey);

/** True for what loading has dealt with, so that it is worth a note only: small gaps, duplicates and the
 * like. */
bool ls_doubt_minor(const struct ls_doubt *doubt);

#endif
