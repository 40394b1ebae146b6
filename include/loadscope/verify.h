/**
 * @file verify.h
 * The independent check over a whole run: result files of any program against readings and policy.
 *
 * Nothing is taken from the engines: limits, quotas of the week, emissions, totals and percentiles are
 * derived again from the readings and the moves. A verification belongs to the caller of ls_verify().
 */
#ifndef LOADSCOPE_VERIFY_H
#define LOADSCOPE_VERIFY_H

#include <loadscope/plan.h>

#define LS_VERIFY_NO_DATE INT32_MIN
#define LS_VERIFY_KINDS   160 /**< more than there are names of limits */

/** One broken promise. */
struct ls_verify_violation {
    const char *limit;          /**< "peak", "moves a week", "duplicate row", or the column that is wrong */
    const char *file;           /**< "moves.csv", ..., or NULL when no one row is to blame */
    long line;                  /**< of that file, from 1; 0 when unknown */
    char id[LS_ID_BYTES + 1];   /**< customer, "" for the city */
    char city[LS_ID_BYTES + 1]; /**< "" for the whole run */
    int32_t date;               /**< local, or LS_VERIFY_NO_DATE */
    int slot;                   /**< or -1 */
    int minute;       /**< wall clock at the slot's start, minutes after midnight; -1 without slot */
    double amount;    /**< by how much, in the unit; NaN where there is no amount */
    const char *unit; /**< "kWh", "g", "min", "moves", "rows", ... */
    bool compared;    /**< a figure is wrong: the next two tell it, NaN where it is or should be none */
    double stated, derived;
};

struct ls_verify_count {
    const char *limit;
    size_t n;
};

/** Sums over the readings and moves of what was checked. */
struct ls_verify_totals {
    size_t moves, sources;
    size_t disagreeing;             /**< moves that save marginal but raise average emissions */
    size_t limited[LS_LIMIT_COUNT]; /**< moves by the limit that they name; LS_LIMIT_NONE: that name none */
    size_t city_days, customer_days, customer_days_moving;
    double baseline_kwh, uncovered_kwh, moved_kwh; /**< uncovered: used in slots without factors */
    double baseline_marg_g, baseline_avg_g;
    double saved_marg_g, saved_avg_g;
};

struct ls_verification {
    size_t n_violations;                    /**< all that were found */
    size_t n_kept;                          /**< min(n_violations, keep) */
    struct ls_verify_violation *violations; /**< [n_kept] as they were found: rows first, then days */
    size_t n_kinds;
    struct ls_verify_count kinds[LS_VERIFY_KINDS]; /**< [n_kinds] violations by limit */
    struct ls_verify_totals totals;
    bool has_optimised, has_summary; /**< these files were there and are checked too */
};

/**
 * Checks moves.csv and metrics.csv of @p folder, and optimised.csv and summary.json where they are there
 * (each CSV may be gzip, named .gz). Days of a week follow one another whatever the policy's week_context.
 * Energies may be off by LS_CHECK_TOLERANCE_KWH, and where readings were rounded to the dataset's quantum by
 * half of it for each reading in a sum; grams by as many kWh at the day's largest factor. Where moves give no
 * reason, counts of `limited_by` need only be such as those moves could make up.
 * At most @p keep violations are kept. An unreadable file is an error: LS_ERR_IO, LS_ERR_FORMAT,
 * LS_ERR_MEMORY.
 */
int ls_verify(const struct ls_dataset *dataset, const struct ls_policy *policy, const char *folder,
              size_t keep, struct ls_verification **out, struct ls_error *error);
void ls_verification_destroy(struct ls_verification *verification);

#endif
