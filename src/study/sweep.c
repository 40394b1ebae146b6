/*
 * Cells are visited ring by ring from the policy's own point, so that what an analyst looks at is there
 * first. The bench keeps city-days: cells that differ only in limits share one.
 */
#include <loadscope/sweep.h>

#include "study/probe.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a sweep");
}

/* ---- the order of visits ---- */

struct visit {
    size_t ring, group, steps; /* the larger of the two distances; the city-day; the distances' sum */
    uint32_t cell;
};

static int by_distance(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    if (x->ring != y->ring)
        return x->ring < y->ring ? -1 : 1;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->steps != y->steps)
        return x->steps < y->steps ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static size_t distance(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

/* Whether a city-day is cut anew for each value of an axis; of its first two, since most axes agree. */
static int changes_inputs(const struct ls_sweep *sweep, const struct ls_axis *axis, bool *out,
                          struct ls_error *error)
{
    struct ls_policy policies[2] = {{0}, {0}};
    int status = 0;
    for (size_t k = 0; status == 0 && k < 2; k++) {
        status = ls_policy_copy(&policies[k], &sweep->policy, error);
        if (status == 0)
            status =
                ls_parameter_set(axis->parameter, &policies[k], axis->city, axis->values[k % axis->n], error);
    }
    *out = status == 0 && !ls_cityday_same_inputs(&policies[0], &policies[1], sweep->city);
    ls_policy_clear(&policies[0]);
    ls_policy_clear(&policies[1]);
    return status;
}

/* Of a ring, cells with the same city-day are visited together, so that it is cut once. */
static int order_cells(struct ls_sweep *sweep, struct ls_error *error)
{
    bool by_x = false, by_y = false;
    int status = changes_inputs(sweep, &sweep->x, &by_x, error);
    if (status == 0)
        status = changes_inputs(sweep, &sweep->y, &by_y, error);
    struct visit *visits = status == 0 ? calloc(sweep->n_cells, sizeof *visits) : NULL;
    if (visits == NULL)
        return status != 0 ? status : out_of_memory(error);
    for (size_t i = 0; i < sweep->n_cells; i++) {
        size_t dx = distance(i % sweep->x.n, sweep->x.nearest);
        size_t dy = distance(i / sweep->x.n, sweep->y.nearest);
        visits[i] =
            (struct visit){.ring = dx > dy ? dx : dy,
                           .group = (by_x ? i % sweep->x.n : 0) + (by_y ? i / sweep->x.n * sweep->x.n : 0),
                           .steps = dx + dy,
                           .cell = (uint32_t)i};
    }
    qsort(visits, sweep->n_cells, sizeof *visits, by_distance);
    for (size_t i = 0; i < sweep->n_cells; i++)
        sweep->order[i] = visits[i].cell;
    free(visits);
    return 0;
}

/* ---- the sweep ---- */

int ls_sweep_open(const struct ls_policy *policy, const struct ls_axis *x, const struct ls_axis *y,
                  const char *city, int32_t date, struct ls_sweep **out, struct ls_error *error)
{
    if (strcmp(x->name, y->name) == 0) {
        ls_error_fill(error, LS_ERR_VALUE, "both axes are the same parameter");
        ls_error_at(error, NULL, 0, 0, x->name);
        return ls_error_remedy(error, "sweep two different parameters");
    }
    struct ls_sweep *sweep = calloc(1, sizeof *sweep);
    if (sweep == NULL)
        return out_of_memory(error);
    sweep->x = *x;
    sweep->y = *y;
    sweep->date = date;
    sweep->n_cells = x->n * y->n;
    snprintf(sweep->city, sizeof sweep->city, "%s", city);
    sweep->cells = calloc(sweep->n_cells, sizeof *sweep->cells);
    sweep->order = calloc(sweep->n_cells, sizeof *sweep->order);
    int status = sweep->cells == NULL || sweep->order == NULL ? out_of_memory(error) : 0;
    if (status == 0)
        status = ls_policy_copy(&sweep->policy, policy, error);
    if (status == 0)
        status = order_cells(sweep, error);
    if (status == 0)
        *out = sweep;
    else
        ls_sweep_close(sweep);
    return status;
}

void ls_sweep_close(struct ls_sweep *sweep)
{
    if (sweep == NULL)
        return;
    ls_policy_clear(&sweep->policy);
    free(sweep->cells);
    free(sweep->order);
    free(sweep);
}

int ls_sweep_adopt(const struct ls_sweep *sweep, size_t x, size_t y, struct ls_policy *policy,
                   struct ls_error *error)
{
    int status = ls_parameter_set(sweep->x.parameter, policy, sweep->x.city, sweep->x.values[x], error);
    if (status == 0)
        status = ls_parameter_set(sweep->y.parameter, policy, sweep->y.city, sweep->y.values[y], error);
    return status;
}

int ls_sweep_run(struct ls_sweep *sweep, ls_bench *bench, const struct ls_solve_options *options,
                 ls_sweep_cell_fn *each, void *user, struct ls_error *error)
{
    struct ls_policy policy = {0};
    int status = ls_policy_copy(&policy, &sweep->policy, error);
    for (size_t i = 0; status == 0 && i < sweep->n_cells; i++) {
        size_t x = sweep->order[i] % sweep->x.n, y = sweep->order[i] / sweep->x.n;
        struct ls_sweep_cell *cell = &sweep->cells[sweep->order[i]];
        if (cell->done)
            continue;
        status = ls_sweep_adopt(sweep, x, y, &policy, error);
        if (status == 0)
            status = ls_probe(bench, &policy, sweep->city, sweep->date, options, &cell->totals, error);
        if (status != 0)
            break;
        cell->done = true;
        sweep->n_done++;
        if (each != NULL)
            each(user, sweep, x, y);
    }
    ls_policy_clear(&policy);
    return status;
}
