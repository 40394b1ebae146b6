/*
 * What one pass over a home's readings tells, by the rules of <loadscope/quality.h>.
 *
 * Counts are of readings unless said otherwise; levels are in quanta of the dataset.
 */
#ifndef LS_DATA_QUALITY_HOME_H
#define LS_DATA_QUALITY_HOME_H

#include <loadscope/quality.h>

#define LS_STEPS 6 /* powers of ten [1e-6 kWh] that are tried as the step of a meter */

/* The local days of the survey's span. */
struct ls_survey_days {
    int32_t first_date;
    size_t n;
    int32_t *start; /* [n + 1] first minute of each day */
};

/* How many, and from when to when. */
struct ls_tally {
    uint64_t count;
    int32_t first_minute, last_minute; /* LS_MISSING while the count is 0 */
};

struct ls_home_survey {
    int32_t first_minute, last_minute; /* of its rows */
    uint64_t known;
    int64_t sum;                /* of known readings */
    int32_t most;               /* largest known reading */
    int32_t last;               /* last known reading */
    uint64_t used;              /* readings that are not 0 */
    uint64_t tens[LS_STEPS];    /* of these, multiples of 10^k mWh */
    uint64_t kw_tens[LS_STEPS]; /* of these, multiples of 10^k mWh as kW */
    double mean_kw;             /* NaN without a known reading */
    bool counter;               /* looks like a register */
    struct ls_tally unknown, spikes, large, zero_days;
    uint64_t flat_runs;
    struct ls_tally flat; /* slots of the longest run */
    int32_t flat_level;
};

/* Adds `count` (0: nothing) seen last at `minute`. */
void ls_tally_add(struct ls_tally *tally, int32_t minute, uint64_t count);

/*
 * Surveys a home with at least one row, marking each of the days that has a known reading in
 * has_day[days->n]. `scratch` has room for its readings.
 */
void ls_home_survey(const struct ls_dataset *dataset, const struct ls_customer *who,
                    const struct ls_survey_days *days, bool *has_day, int32_t *scratch,
                    struct ls_home_survey *home);

#endif
