/**
 * @file sensitivity.h
 * What a change of one limit would save: a step less, a step more, or none of it at all.
 *
 * Each figure is a solve of its own, handed to a callback as it gets ready and valid only during it. The
 * answer must be complete, and the bench over the data that it was made from. Savings are those of the
 * answer's engine in its week context: where a change makes them fall (greedy choices and the order of
 * customers allow that), the difference is negative and told as it is.
 */
#ifndef LOADSCOPE_SENSITIVITY_H
#define LOADSCOPE_SENSITIVITY_H

#include <loadscope/shift.h>

enum ls_way { LS_STEP_LESS, LS_STEP_MORE, LS_STEPS };

/** What a parameter comes to a step further. */
struct ls_further {
    bool possible;             /**< false at the end of the range; the rest is then zero */
    char value[LS_VALUE_SIZE]; /**< as a scenario file has it */
    struct ls_totals totals;
    double more_marg_g, more_avg_g; /**< saved then, less what is saved now */
};

struct ls_sensitivity {
    const struct ls_parameter *parameter;
    struct ls_further further[LS_STEPS]; /**< a limit that is off: either makes it what it is by default, if
                                            that is a number */
    /** g for one unit of the parameter: the slope between both steps, or from now to the possible one; NaN
     * where the limit is off */
    double price_marg_g, price_avg_g;
};

/** A number of the policy as a whole, with a step; the seed, which is a name, is none. */
bool ls_sensitivity_applies(const struct ls_parameter *parameter);

/** One parameter's, which ls_sensitivity_applies() to. LS_ERR_CANCELLED, and the bench's errors. */
int ls_sensitivity(ls_bench *bench, const struct ls_answer *answer, const struct ls_parameter *parameter,
                   const struct ls_solve_options *options, struct ls_sensitivity *out,
                   struct ls_error *error);

typedef void ls_sensitivity_fn(void *user, const struct ls_sensitivity *sensitivity);

/** Those of all parameters, in the table's order. Errors as above; what was handed out before stands. */
int ls_sensitivities(ls_bench *bench, const struct ls_answer *answer, const struct ls_solve_options *options,
                     ls_sensitivity_fn *each, void *user, struct ls_error *error);

/** How often a limit shaped the plan. */
struct ls_binding {
    size_t moves;       /**< that it stopped */
    size_t customers;   /**< with such a move; of the quota: who used all moves left to them, or had none */
    double stopped_kwh; /**< what stayed in the slots where it stopped a move: usage less all that left */
};

/** Counts, without a solve, the limits that bind; hours and window, which refuse pairs unseen, have 0. */
void ls_binding_of(const struct ls_answer *answer, struct ls_binding out[LS_LIMIT_COUNT]);

#define LS_LIMIT_COSTS 9 /**< limits that have a cost */

struct ls_limit_cost {
    enum ls_limit limit;
    const struct ls_parameter
        *parameter;            /**< that was switched off; the quota has one a day and one a week */
    char value[LS_VALUE_SIZE]; /**< now */
    bool off;                  /**< it is off already: it costs nothing, and is not solved for */
    struct ls_binding binding; /**< of the limit; of a quota, by its own parameter alone */
    struct ls_totals without;  /**< with all other parameters as they are */
    double marg_g, avg_g;      /**< saved without it, less what is saved now */
};

typedef void ls_limit_cost_fn(void *user, const struct ls_limit_cost *cost);

/** What each of the LS_LIMIT_COSTS limits costs, in the order in which limits are looked for. Errors as
 * above. */
int ls_limit_costs(ls_bench *bench, const struct ls_answer *answer, const struct ls_solve_options *options,
                   ls_limit_cost_fn *each, void *user, struct ls_error *error);

#endif
