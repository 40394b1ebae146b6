/**
 * @file plan.h
 * What an engine decides for one city-day, and the limits that shaped it.
 *
 * A plan is plain data: explorer, reports, `check` and tests read the same struct. It belongs to the caller
 * of ls_solve() and refers to customers by their index in the city-day it was made for.
 */
#ifndef LOADSCOPE_PLAN_H
#define LOADSCOPE_PLAN_H

#include <loadscope/cityday.h>

#include <stdatomic.h>

/** Why a move is no larger, or a pair of slots is refused; in the order in which they are looked for. */
enum ls_limit {
    LS_LIMIT_NONE,        /**< nothing refuses it */
    LS_LIMIT_MISSING,     /**< a slot without a reading or without factors */
    LS_LIMIT_HOURS,       /**< outside the movable hours */
    LS_LIMIT_WINDOW,      /**< further apart than the shift window */
    LS_LIMIT_NOT_CLEANER, /**< the destination's marginal factor is no lower */
    LS_LIMIT_QUOTA,       /**< no moves left this day or week */
    LS_LIMIT_WHOLE,       /**< all of the slot's usage moved (moves only) */
    LS_LIMIT_FLOOR,       /**< household floor */
    LS_LIMIT_PEAK,        /**< peak comfort */
    LS_LIMIT_ROOM,        /**< anti-spike */
    LS_LIMIT_BUDGET,      /**< regional budget */
    LS_LIMIT_SMALLEST,    /**< smaller than the smallest move */
    LS_LIMIT_OUTBID,      /**< another move saved more */
    LS_LIMIT_COUNT,
};

/** One word for a limit, as in moves.csv: "whole", "floor", "not cleaner", ... */
const char *ls_limit_name(enum ls_limit limit);

struct ls_move {
    uint32_t customer;   /**< index in the city-day */
    int16_t source;      /**< slot */
    int16_t destination; /**< slot */
    double kwh;          /**< > 0 */
    enum ls_limit limited_by;
};

/** What one customer's day came to. */
struct ls_customer_result {
    double moved_kwh;
    double saved_marg_g;
    double saved_avg_g;
    int sources;    /**< distinct source slots used: moves against the quota */
    int quota_left; /**< moves of the week left before this day; LS_NONE: no limit */
};

/** What one slot of the city came to. Energies are sums over customers with a known reading [kWh]. */
struct ls_slot_result {
    double baseline_kwh;
    double out_kwh;
    double in_kwh;
    double room_kwh;  /**< anti-spike limit on in - out; INFINITY when off */
    bool peak;        /**< the policy calls this hour a peak */
    bool spike_binds; /**< the limit is reached: nothing more fits */
};

enum ls_outcome {
    LS_OUTCOME_COMPLETE,   /**< every customer served */
    LS_OUTCOME_CANCELLED,  /**< the rest were not served */
    LS_OUTCOME_TIME_LIMIT, /**< a customer's exact optimum was not proven in time; what is there keeps all
                              limits */
};

struct ls_plan {
    enum ls_engine_id engine;
    enum ls_outcome outcome;
    size_t n_moves;
    const struct ls_move *moves; /**< [n_moves] in the order served */
    size_t n_customers;
    const struct ls_customer_result *customers; /**< [n_customers] */
    int n_slots;
    const struct ls_slot_result *slots; /**< [n_slots] */
    size_t customers_served;
    size_t customers_moving;   /**< with at least one move */
    size_t customers_no_quota; /**< served with no move of the week left */
    size_t moves_disagreeing;  /**< marginal saving > 0 but average < 0 */
    double baseline_kwh;       /**< all known readings */
    double uncovered_kwh;      /**< of it, in slots without factors: left out of emissions */
    double moved_kwh;
    double baseline_marg_g, baseline_avg_g;
    double saved_marg_g, saved_avg_g;
    double budget_kwh; /**< P * L; INFINITY when off */
    double budget_used_kwh;
    size_t limited[LS_LIMIT_COUNT]; /**< moves by the limit that stopped them */
    double bound_marg_g;            /**< proven: no plan of these customers saves more marginal g than this */
    double seconds;                 /**< wall time of the solve */
    void *owner;
};

/** How far an engine has come. Handed to a callback, valid only during it. */
struct ls_progress {
    size_t done, in_all; /**< customers */
    double incumbent_g;  /**< marginal g saved so far */
    double bound_g;      /**< proven upper bound on what the whole run can reach */
};

struct ls_solve_options {
    const int
        *quota_left; /**< [n_customers] moves of the week left, LS_NONE: no limit; NULL: the full quota */
    const atomic_bool *cancel; /**< raise it to stop at the next customer; may be NULL */
    void (*progress)(void *user,
                     const struct ls_progress *progress); /**< may be NULL; at most every 1/20 s */
    void *user;
    double customer_seconds; /**< time limit of one exact solve; 0: 10 s */
};

/** An engine: how one customer's turn is decided. */
struct ls_engine {
    const char *name;
    const char *help;
    bool exact;         /**< slow enough to show progress for */
    bool ignores_quota; /**< no limit on the number of moves */
};

/** The engine with this id; ids run from 0 to *count - 1. */
const struct ls_engine *ls_engine(enum ls_engine_id id);

/**
 * Serves the customers of @p day in its order with @p policy's engine, none of its limits broken.
 * Outcome (complete, cancelled, time limit) is in the plan; an error is LS_ERR_MEMORY or LS_ERR_SOLVER.
 */
int ls_solve(const struct ls_cityday *day, const struct ls_policy *policy,
             const struct ls_solve_options *options, struct ls_plan **out, struct ls_error *error);
void ls_plan_destroy(struct ls_plan *plan);

/** No reading of the day lies in a slot with factors: what it emits, and would save, is unknown. */
bool ls_plan_lacks_factors(const struct ls_plan *plan);

/** One broken promise. */
struct ls_violation {
    const char *limit; /**< "spike", "peak", "budget", "floor", "window", "hours", "moves a day", ... */
    const char *id;    /**< customer, or NULL for the city */
    int slot;          /**< or -1 */
    double amount;     /**< by how much, in the limit's own unit */
};

#define LS_CHECK_TOLERANCE_KWH 1e-6

/** Called once for each violation found. */
typedef void ls_violation_fn(void *user, const struct ls_violation *violation);

/**
 * Re-derives every limit from readings, policy and moves, sharing no code with the engines, and reports each
 * one that @p plan breaks by more than LS_CHECK_TOLERANCE_KWH, and each total that does not follow from its
 * moves.
 * @p quota_left as in ls_solve_options. Returns the number of violations.
 */
size_t ls_check(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_policy *policy,
                const struct ls_cityday *day, const int *quota_left, const struct ls_plan *plan,
                ls_violation_fn *report, void *user);

#endif
