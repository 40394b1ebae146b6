/**
 * @file compare.h
 * Two answers of one city side by side: of a day under two policies, or of two days.
 *
 * A comparison belongs to the caller of ls_compare(); ids are borrowed from the data, so it may outlive the
 * answers but not the dataset. Index 0 is answer A, 1 is answer B. (diff.h compares whole runs.)
 */
#ifndef LOADSCOPE_COMPARE_H
#define LOADSCOPE_COMPARE_H

#include <loadscope/diff.h>
#include <loadscope/shift.h>

#define LS_COMPARE_TOTALS 14

struct ls_compare_total {
    const char *name;  /**< as in JSON, with its unit */
    const char *label; /**< for people */
    const char *unit;  /**< "" of a count */
    int decimals;      /**< worth showing */
    double value[2];   /**< INFINITY: a budget that is off; NaN: a gap where nothing is possible */
};

/** A time of day; slots of both days that start at the same wall clock, of an hour that occurs twice in turn.
 */
struct ls_compare_slot {
    int wall_minute; /**< local wall clock at its start, minutes after midnight */
    int slot[2];     /**< in its day; -1: the day has no such slot */
    double baseline_kwh[2], shifted_kwh[2];
};

struct ls_compare_customer {
    const char *id;
    size_t customer[2]; /**< index in its answer's day; SIZE_MAX: no readings that day, and 0 below */
    double moved_kwh[2], saved_marg_g[2], saved_avg_g[2];
};

struct ls_compare {
    size_t n_parameters;
    struct ls_diff_parameter *parameters; /**< [n_parameters] those that differ, in the table's order */
    struct ls_compare_total totals[LS_COMPARE_TOTALS];
    size_t n_slots, slots_changed; /**< changed: by more than LS_DIFF_SMALLEST kWh */
    struct ls_compare_slot *slots; /**< [n_slots] by change of the shifted kWh, largest first; last those that
                                      one day lacks */
    size_t n_customers;            /**< with readings on either day */
    size_t customers_changed;      /**< in saving or moved kWh by more than LS_DIFF_SMALLEST */
    size_t n_top;
    struct ls_compare_customer *customers; /**< [n_top] by change of the marginal saving, then of the moved
                                              kWh, largest first; changed ones only */
};

/** Compares two answers, with at most @p top customers. LS_ERR_VALUE for answers of two cities,
 * LS_ERR_MEMORY. Cost: a visit to each customer, and @p top steps for each that is among the first. */
int ls_compare(const struct ls_answer *a, const struct ls_answer *b, size_t top, struct ls_compare **out,
               struct ls_error *error);
void ls_compare_destroy(struct ls_compare *compare);

#endif
