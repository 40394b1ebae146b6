/**
 * @file diff.h
 * Two runs side by side: parameters, totals, and the customers and slots that changed most.
 *
 * Works on result directories (scenario.ini, metrics.csv, moves.csv; each CSV may be gzip) without their
 * data. A diff belongs to the caller of ls_diff_runs(). Index 0 is run A, 1 is run B; a run that lacks
 * something has 0 there.
 */
#ifndef LOADSCOPE_DIFF_H
#define LOADSCOPE_DIFF_H

#include <loadscope/policy.h>

#define LS_DIFF_SMALLEST 1e-6 /**< kWh or g by which a customer or slot must differ to count as changed */

struct ls_diff_parameter {
    char name[128]; /**< dotted */
    char value[2][LS_VALUE_SIZE];
};

struct ls_diff_totals {
    size_t customer_days, moves;
    double baseline_kwh, moved_kwh;
    double baseline_marg_g, baseline_avg_g;
    double saved_marg_g, saved_avg_g;
};

struct ls_diff_customer {
    const char *city, *id;
    double moved_kwh[2], saved_marg_g[2], saved_avg_g[2];
};

struct ls_diff_slot {
    const char *city;
    int64_t instant; /**< start of the slot */
    int32_t offset_s;
    double change_kwh[2]; /**< what moved in less what moved out */
};

struct ls_diff {
    size_t n_parameters;
    struct ls_diff_parameter *parameters; /**< [n_parameters] those that differ, in the table's order */
    struct ls_diff_totals totals[2];
    size_t n_customers, customers_changed;
    struct ls_diff_customer *customers; /**< [n_customers] by change of the marginal saving, largest first */
    size_t n_slots, slots_changed;
    struct ls_diff_slot *slots; /**< [n_slots] those with moves, by change of their kWh, largest first */
    void *owner;
};

/** Compares two result directories. LS_ERR_IO, LS_ERR_FORMAT, LS_ERR_MEMORY, and those of a scenario. */
int ls_diff_runs(const char *folder_a, const char *folder_b, struct ls_diff **out, struct ls_error *error);
void ls_diff_destroy(struct ls_diff *diff);

#endif
