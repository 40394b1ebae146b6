/**
 * @file sweep.h
 * Any two parameters on a grid: what one city-day saves at each point.
 *
 * An axis is plain data. A sweep belongs to the caller of ls_sweep_open() and is filled by one thread at a
 * time, with a bench of that thread; cells that are done stay as they are.
 */
#ifndef LOADSCOPE_SWEEP_H
#define LOADSCOPE_SWEEP_H

#include <loadscope/shift.h>

#define LS_AXIS_MAX        101 /**< values of an axis */
#define LS_AXIS_VALUE_SIZE 64  /**< bytes of a value as text with its NUL */

/** A parameter and the values that it takes, none of them twice. */
struct ls_axis {
    const struct ls_parameter *parameter;
    char city[64];                                /**< of a parameter that each city has; else "" */
    char name[128];                               /**< dotted */
    size_t n;                                     /**< 1 to LS_AXIS_MAX */
    char values[LS_AXIS_MAX][LS_AXIS_VALUE_SIZE]; /**< [n] as a scenario file has them */
    size_t nearest;                               /**< index of the value nearest to the policy's own */
    bool has_own;                                 /**< that value is the policy's own */
};

/**
 * Reads NAME=VALUES, where VALUES are separated by commas and each is a value of the parameter or, of a
 * number, FROM:TO:STEP. NAME alone stands for all words of a choice, or for 11 steps of a number around
 * @p policy's own value within its range, with `none` at the end where that is the policy's own.
 * LS_ERR_NAME; LS_ERR_VALUE with field and remedy; LS_ERR_MEMORY.
 */
int ls_axis_parse(const char *text, const struct ls_policy *policy, struct ls_axis *out,
                  struct ls_error *error);

struct ls_sweep_cell {
    bool done;
    struct ls_totals totals; /**< when done */
};

struct ls_sweep {
    struct ls_axis x, y;
    struct ls_policy policy; /**< all other parameters */
    char city[LS_ID_BYTES + 1];
    int32_t date;
    size_t n_cells, n_done;
    struct ls_sweep_cell *cells; /**< [y.n * x.n], a row for each value of y */
    uint32_t *order;             /**< [n_cells] as they are visited: from the policy's own point outward */
};

/** LS_ERR_VALUE when both axes are the same parameter; LS_ERR_MEMORY. */
int ls_sweep_open(const struct ls_policy *policy, const struct ls_axis *x, const struct ls_axis *y,
                  const char *city, int32_t date, struct ls_sweep **out, struct ls_error *error);
void ls_sweep_close(struct ls_sweep *sweep);

/** Called with each cell once it is done, on the thread that fills the sweep. */
typedef void ls_sweep_cell_fn(void *user, const struct ls_sweep *sweep, size_t x, size_t y);

/**
 * Solves the cells that are not done, nearest ring first. @p options as for ls_bench_solve(), @p each may be
 * NULL. LS_ERR_CANCELLED once the options' flag is raised, and the bench's errors; what is done stays, and a
 * second call goes on.
 */
int ls_sweep_run(struct ls_sweep *sweep, ls_bench *bench, const struct ls_solve_options *options,
                 ls_sweep_cell_fn *each, void *user, struct ls_error *error);

/** Sets both parameters in @p policy to the values of a point. LS_ERR_MEMORY. */
int ls_sweep_adopt(const struct ls_sweep *sweep, size_t x, size_t y, struct ls_policy *policy,
                   struct ls_error *error);

#endif
