/*
 * What the parts of ls_verify() share: rows as they were read, and where violations go.
 *
 * verify_rows.c reads moves and optimised.csv, verify_days.c checks city-days, verify_homes.c their
 * customers, verify_metrics.c those' metrics, verify_savings.c adds up household-weeks, verify_summary.c
 * checks summary.json, and verify.c joins them. A struct verify lives for one call.
 */
#ifndef LS_STUDY_VERIFY_H
#define LS_STUDY_VERIFY_H

#include "data/results.h"

#include <loadscope/plan.h>
#include <loadscope/verify.h>

/* A row of moves.csv that names known slots of one local day. */
struct ls_verify_move {
    size_t city;       /* of the dataset */
    uint32_t customer; /* of the dataset */
    int32_t date;
    int source, destination; /* slots */
    enum ls_limit limited_by;
    double kwh;
    long line;
};

enum ls_metric {
    LS_METRIC_BASELINE_AVG,
    LS_METRIC_POST_AVG,
    LS_METRIC_DELTA_AVG,
    LS_METRIC_BASELINE_MARG,
    LS_METRIC_POST_MARG,
    LS_METRIC_DELTA_MARG,
    LS_METRIC_BASELINE_KWH,
    LS_METRIC_POST_KWH,
    LS_METRIC_MOVED_KWH,
    LS_METRIC_MEAN_MINUTES,
    LS_METRIC_MEDIAN_MINUTES,
    LS_METRIC_USED,
    LS_METRIC_REMAINING,
    LS_METRIC_DAY_KWH,
    LS_METRIC_PCT,
    LS_METRIC_COUNT
};

/* A row of metrics.csv of a known customer. */
struct ls_verify_metrics {
    size_t city;
    uint32_t customer;
    int32_t date;
    long line;
    double value[LS_METRIC_COUNT]; /* NaN when empty */
};

/* A city or a week of summary.json. */
struct ls_verify_group {
    struct ls_verify_totals totals;
    bool stated; /* it has an entry there */
};

struct ls_verify_week {
    int32_t monday;
    struct ls_verify_group group;
};

/* What a household with a known reading in that week saved in it. */
struct ls_verify_saving {
    size_t city;
    int32_t monday;
    double marg_g, avg_g;
};

/* A local day that was asked for last, as rows of a day stand together. */
struct ls_verify_day {
    bool known;
    int32_t date;
    int64_t start, next;
};

struct ls_verify {
    const struct ls_dataset *dataset;
    const struct ls_policy *policy;
    ls_zone *zone;
    const char *folder;
    size_t keep, capacity;
    struct ls_verification *found;
    double slack_kwh; /* of each reading */
    size_t n_moves, moves_capacity;
    struct ls_verify_move *moves; /* [n_moves] by city, date, customer, source, destination, line */
    size_t n_metrics, metrics_capacity;
    struct ls_verify_metrics *metrics; /* [n_metrics] by city, date, customer, line */
    bool has_metric[LS_METRIC_COUNT];  /* the column is there */
    struct ls_verify_day day;
    uint32_t last_customer;
    double *change_kwh;              /* [n_readings] in - out of each, for optimised.csv */
    bool *written;                   /* [n_readings] has a row there */
    bool out_of_memory;              /* a violation or a check was lost */
    size_t next_move, next_metrics;  /* the first rows of the city under way */
    struct ls_verify_group *by_city; /* [n_cities of the dataset] */
    size_t n_weeks, weeks_capacity;
    struct ls_verify_week *by_week; /* [n_weeks] in no order */
    size_t city_weeks_known,
        city_weeks_with_row; /* with a known reading; with a reading, even a missing one */
    size_t n_savings, savings_capacity;
    struct ls_verify_saving *savings; /* [n_savings] by city */
    double saving_slack_g;            /* the most that one of them may be off by */
};

/* Notes a violation; what it does not say is 0, NULL or "": set date and slot. */
void ls_verify_note(struct ls_verify *v, const struct ls_verify_violation *violation);

/* The local day that holds @p instant, and its slot there, or -1 when the instant is no slot's start. */
const struct ls_verify_day *ls_verify_day_of(struct ls_verify *v, int64_t instant);
int ls_verify_slot(const struct ls_verify *v, const struct ls_verify_day *day, int64_t instant);
int64_t ls_verify_instant(const struct ls_verify *v, int32_t date, int slot);

/* Puts @p name into a violation's text, cut to its size. */
void ls_verify_copy(char out[LS_ID_BYTES + 1], const char *name);

/* The words that moves.csv may have as `limited_by`, and their counts in summary.json. */
struct ls_verify_reason {
    enum ls_limit limit;
    const char *word, *figure;
};
#define LS_VERIFY_REASONS 5
extern const struct ls_verify_reason ls_verify_reasons[LS_VERIFY_REASONS];

int ls_verify_read_moves(struct ls_verify *v, struct ls_error *error);
int ls_verify_read_metrics(struct ls_verify *v, struct ls_error *error);
int ls_verify_read_optimised(struct ls_verify *v, struct ls_error *error);
int ls_verify_read_summary(struct ls_verify *v, struct ls_error *error);

/* A customer's day as verify_days.c derived it. */
struct ls_verify_home {
    const struct ls_customer *customer;
    double day_kwh, uncovered_kwh;
    double baseline_marg_g, baseline_avg_g; /* of the slots that have factors */
    double moved_kwh, saved_marg_g, saved_avg_g;
    double saving_slack_g;    /* what its savings may be off by, as its moves' kWh are written */
    double pct_low, pct_high; /* the same but where readings were rounded */
    int sources;
    int quota_after; /* moves of the week left after it; LS_NONE: not known */
    size_t n_moves;
    const struct ls_verify_move *moves; /* [n_moves] duplicates among them */
    double allowed_kwh, allowed_g;
};

/* Whether two rows, neighbours in v->moves, say the same twice. */
bool ls_verify_same_move(const struct ls_verify_move *a, const struct ls_verify_move *b);

/* Compares a row with what it should be. */
void ls_verify_judge_metrics(struct ls_verify *v, const struct ls_verify_metrics *row,
                             const struct ls_verify_home *home);

/* A household's week under way. */
struct ls_verify_household_week {
    bool known; /* has a known reading in it */
    double marg_g, avg_g, slack_g;
};

/* Keeps the week of the city's households [n] and starts the next one. */
void ls_verify_keep_week(struct ls_verify *v, size_t city, int32_t monday,
                         struct ls_verify_household_week *households, size_t n);

#define LS_VERIFY_POINTS 5
extern const int ls_verify_points[LS_VERIFY_POINTS]; /* the percentiles of summary.json [%] */

/* Household-weeks of a city (NULL: any) and a week (NULL: any). */
struct ls_verify_span {
    const size_t *city;
    const int32_t *monday;
};

/* Percentiles of what such household-weeks save, by marginal and average factors; NaN where there is none.
 * Sets how many there are. False when memory runs out. */
bool ls_verify_percentiles(const struct ls_verify *v, const struct ls_verify_span *span, size_t *n,
                           double percentile[2][LS_VERIFY_POINTS]);

void ls_verify_add_totals(struct ls_verify_totals *sum, const struct ls_verify_totals *more);

/* Sets the error of a verification that memory ran out for; returns its code. */
int ls_verify_out_of_memory(struct ls_error *error);

/* Checks all days of one city; cities come in their order. LS_ERR_MEMORY. */
int ls_verify_city(struct ls_verify *v, size_t city, struct ls_error *error);

#endif
