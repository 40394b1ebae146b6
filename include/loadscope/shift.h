/**
 * @file shift.h
 * The study of shifting: one city-day, alone or with what its week left of the quota, and why.
 *
 * A bench serves one thread at a time. It borrows its dataset or archive, and keeps city-days and the moves
 * of the week at hand so that the next question about them costs only its own solve. An answer belongs to the
 * caller.
 */
#ifndef LOADSCOPE_SHIFT_H
#define LOADSCOPE_SHIFT_H

#include <loadscope/archive.h>
#include <loadscope/plan.h>

typedef struct ls_bench ls_bench;

/** What a city-day came to under a policy. */
struct ls_answer {
    struct ls_policy policy; /**< as it was solved */
    struct ls_cityday *day;
    struct ls_plan *plan;
    int *quota_left;  /**< [day->n_customers] moves of the week left before the day, LS_NONE: no limit */
    int earlier_days; /**< days of the week solved before it; 0 when the day stands alone */
};

/** What a plan came to, without its moves. */
struct ls_totals {
    double saved_marg_g, saved_avg_g;
    double bound_marg_g; /**< proven: no plan of these customers saves more */
    double gap;          /**< 0 to 1, how far the saving is from the bound; NaN when nothing is possible */
    double moved_kwh;
    size_t moves, customers_moving;
    enum ls_outcome outcome;
};

void ls_totals_of(const struct ls_plan *plan, struct ls_totals *out);

/** A day among many: a line of a calendar. */
struct ls_day_result {
    size_t homes; /**< with a known reading */
    double saved_marg_g, saved_avg_g;
    double baseline_marg_g;
    bool lacks_factors;  /**< no reading has any: the three above are unknown */
    double budget_share; /**< of the regional budget used, 0 to 1; NaN where there is none */
};

void ls_day_result_of(const struct ls_plan *plan, struct ls_day_result *out);

int ls_bench_open(const struct ls_dataset *dataset, ls_bench **out, struct ls_error *error);
/** The same over an archive, which several benches may share. */
int ls_bench_open_archive(ls_archive *archive, ls_bench **out, struct ls_error *error);
void ls_bench_close(ls_bench *bench);
/** Keeps no more than @p city_days of them from now on, 8 at most, which is what it starts with; 0 suits who
 * asks for each day once and in order. */
void ls_bench_keep(ls_bench *bench, int city_days);

/** Keeps @p day, which another bench over the same archive cut under @p policy, as if this one had.
 * LS_ERR_MEMORY. */
int ls_bench_lend(ls_bench *bench, const struct ls_policy *policy, struct ls_cityday *day,
                  struct ls_error *error);

/**
 * Solves @p date for @p city under @p policy. Under `in_week` the week's earlier days are solved first, with
 * the same engine, in order. LS_ERR_CANCELLED when cancelled before the day itself began; once it has, the
 * plan's outcome says so.
 */
int ls_bench_solve(ls_bench *bench, const struct ls_policy *policy, const char *city, int32_t date,
                   const struct ls_solve_options *options, struct ls_answer **out, struct ls_error *error);
void ls_answer_destroy(struct ls_answer *answer);

/** What of a day's saving rests on doubtful readings: moves of homes whose day has an unknown reading, one
 * above LS_LARGE_KW, or all known readings alike and not 0. */
struct ls_doubtful {
    size_t homes;                     /**< that move and are any of: */
    size_t incomplete, large, flat;   /**< homes that move, by what is doubtful */
    double saved_marg_g, saved_avg_g; /**< by their moves */
};

void ls_doubtful_of(const struct ls_answer *answer, struct ls_doubtful *out);

/** Why a customer's usage was or was not moved from one slot to another. */
struct ls_why {
    size_t customer; /**< that was asked about, as are the two slots */
    int source, destination;
    enum ls_limit
        limit;        /**< the first that refuses the pair; LS_LIMIT_NONE: it was made, or nothing stops it */
    bool made;        /**< the plan has this very move */
    double kwh;       /**< what could have moved before that limit (made: what did) */
    double forgone_g; /**< marginal g that it would have saved with all that its floor lets go */
    /** what the limit leaves, 0 or less where the pair falls short of it: minutes within the movable hours,
     * hours of the window, g/kWh of difference, moves, kWh, or (outbid) g against what took its place; NaN
     * where nothing is known, 0 when it was made */
    double slack;
    const char *slack_unit; /**< "" beside NaN */
    char reason[200];       /**< one sentence with the figures */
    char relaxation[160];   /**< smallest change of this limit's parameter that lifts it (outbid: the quota
                             * with which greedy's turn has the pair); "" when none does */
    enum ls_limit next;     /**< what refuses the pair once that is done; LS_LIMIT_NONE: nothing */
    bool sufficient; /**< done alone it admits the pair, whatever other homes and earlier days then do; an
                        admitted pair may still be outbid, and one that was outbid is then made */
};

/**
 * Explains the pair (@p source, @p destination) of @p customer, an index in the answer's day, as it stood
 * when the customer's turn came. LS_ERR_MEMORY.
 */
int ls_why_pair(const struct ls_answer *answer, size_t customer, int source, int destination,
                struct ls_why *out, struct ls_error *error);

/** How far one parameter must be turned for a pair to be admitted. */
struct ls_relaxation {
    const struct ls_parameter *parameter; /**< the limit's */
    char value[LS_VALUE_SIZE];            /**< as a scenario file has it; "": nothing of it admits the pair */
    enum ls_limit next;      /**< what refuses the pair even without the limit, where nothing does */
    bool made;               /**< the engine then makes the move; else another saves more */
    struct ls_totals totals; /**< of the whole day then */
};

/** ls_why_relax() has an answer for it: PEAK, ROOM and BUDGET, which homes share or a home's moves do. */
bool ls_why_may_relax(enum ls_limit limit);

/**
 * Turns up what refuses a pair (@p limit is one that ls_why_may_relax()), and solves the
 * answer's day again, until the pair is admitted: by the fewest steps of the parameter that halving finds, or
 * by none at all of the limit. Some 20 solves. LS_ERR_CANCELLED, and the bench's errors.
 */
int ls_why_relax(ls_bench *bench, const struct ls_answer *answer, size_t customer, int source,
                 int destination, enum ls_limit limit, const struct ls_solve_options *options,
                 struct ls_relaxation *out, struct ls_error *error);

/**
 * The pair worth asking about first: the customer's largest move, or else the refused pair that would have
 * saved most. False when no slot of its day has a cleaner one within the window.
 */
bool ls_why_best_pair(const struct ls_answer *answer, size_t customer, int *source, int *destination);

#endif
