/*
 * The seam around the library that solves linear and integer programs.
 *
 * One call states a problem and gets its answer; nothing of the library lives between two calls, so a failure
 * inside it costs that call alone, and any number of handles may share a thread. A handle belongs to the
 * caller of ls_lp_open() and serves one thread. The library's state is per thread: open, solve and close on
 * the same one.
 */
#ifndef LS_SOLVE_LP_H
#define LS_SOLVE_LP_H

#include <loadscope/error.h>

#include <stdbool.h>

typedef struct ls_lp ls_lp;

/* Maximise gain . x with row_low <= A x <= row_high, column_low <= x <= column_high, x[j] whole where
 * integer[j]. Bounds are numbers or +-INFINITY, low <= high. A is by columns: entries start[j] to start[j +
 * 1] - 1 are those of column j, each row at most once a column. Zeros and values below LS_LP_ZERO are left
 * out. */
struct ls_lp_problem {
    int n_rows, n_columns;
    const double *gain;        /* [n_columns] */
    const double *column_low;  /* [n_columns] */
    const double *column_high; /* [n_columns] */
    const bool *integer;       /* [n_columns], or NULL: none */
    const double *row_low;     /* [n_rows] */
    const double *row_high;    /* [n_rows] */
    const int *start;          /* [n_columns + 1] */
    const int *row;            /* [start[n_columns]], 0 to n_rows - 1 */
    const double *value;       /* [start[n_columns]] */
    double seconds;            /* time limit, > 0 */
};

#define LS_LP_ZERO 1e-12 /* coefficients of 1e-30 have made the library hang */

enum ls_lp_outcome {
    LS_LP_OPTIMAL,    /* x is an optimum (a vertex where no column is integer) */
    LS_LP_FEASIBLE,   /* the time is over; x keeps every row, no proof that it is the best */
    LS_LP_NO_ANSWER,  /* the time is over; no x */
    LS_LP_INFEASIBLE, /* no x keeps every row */
    LS_LP_UNBOUNDED,  /* the gain has no limit */
};

int ls_lp_open(int most_rows, ls_lp **out, struct ls_error *error);
void ls_lp_close(ls_lp *lp);

/*
 * Solves @p problem. @p x [n_columns] and @p gain are written for OPTIMAL and FEASIBLE only. A feasible row
 * or bound may be broken by 1e-9 of its size. LS_ERR_SOLVER when the library gave up, with its own words; the
 * handle stays usable.
 */
int ls_lp_solve(ls_lp *lp, const struct ls_lp_problem *problem, enum ls_lp_outcome *outcome, double *gain,
                double *x, struct ls_error *error);

#endif
