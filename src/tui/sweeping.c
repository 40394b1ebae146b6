#include "tui/sweeping.h"

#include "tui/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the thread hands over. */
struct cell {
    size_t index;
    struct ls_totals totals;
};

/* ---- on the thread ---- */

static void post_cell(void *user, const struct ls_sweep *sweep, size_t x, size_t y)
{
    size_t index = y * sweep->x.n + x;
    struct cell cell = {.index = index, .totals = sweep->cells[index].totals};
    ls_task_post(user, &cell);
}

static int run_sweep(ls_task *task, void *job, ls_bench *bench, const struct ls_solve_options *options,
                     struct ls_error *error)
{
    return ls_sweep_run(job, bench, options, post_cell, task, error);
}

static void close_sweep(void *job)
{
    ls_sweep_close(job);
}

static const struct ls_task_work work = {
    .result_bytes = sizeof(struct cell), .run = run_sweep, .release = close_sweep};

/* ---- on the screen's ---- */

int ls_sweeping_start(struct ls_explorer *explorer, struct ls_error *error)
{
    return ls_task_start(explorer->archive, &work, ls_explorer_wake, explorer->terminal,
                         &explorer->sweeping.task, error);
}

void ls_sweeping_stop(struct ls_sweeping *sweeping)
{
    ls_task_stop(sweeping->task);
    ls_sweep_close(sweeping->sweep);
}

/* The text of an axis: as given, as the last time, or the usual one. */
static void choose_axes(const struct ls_explorer *explorer, const char *const given[2],
                        char axis[2][LS_LINE_BYTES])
{
    static const char *const pairs[2][2] = {{"spike.alpha_percent", "behaviour.shift_window_hours"},
                                            {"peak.reduction_limit_percent", "spike.alpha_percent"}};
    const char *const *usual = pairs[ls_explorer_has_peaks(explorer)];
    const struct ls_sweeping *sweeping = &explorer->sweeping;
    for (int k = 0; k < 2; k++) {
        const char *last = sweeping->axis[k][0] != '\0' && given[0][0] == '\0' ? sweeping->axis[k] : usual[k];
        snprintf(axis[k], LS_LINE_BYTES, "%s", given[k][0] != '\0' ? given[k] : last);
    }
    /* One that is given alone goes with a usual one that is not itself. */
    size_t name = strcspn(axis[0], "=");
    if (given[1][0] == '\0' && strlen(axis[1]) == name && strncmp(axis[0], axis[1], name) == 0)
        snprintf(axis[1], LS_LINE_BYTES, "%s", usual[0]);
}

static int open_pair(const struct ls_explorer *explorer, char axis[2][LS_LINE_BYTES],
                     struct ls_sweep *pair[2], struct ls_error *error)
{
    struct ls_axis axes[2];
    int32_t date = explorer->dates[explorer->date];
    int status = 0;
    for (int k = 0; status == 0 && k < 2; k++)
        status = ls_axis_parse(axis[k], &explorer->policy, &axes[k], error);
    for (int k = 0; status == 0 && k < 2; k++)
        status =
            ls_sweep_open(&explorer->policy, &axes[0], &axes[1], explorer->city->name, date, &pair[k], error);
    return status;
}

int ls_explorer_sweep(struct ls_explorer *explorer, const char *x, const char *y, struct ls_error *error)
{
    struct ls_sweeping *sweeping = &explorer->sweeping;
    const char *const given[2] = {x, y};
    char axis[2][LS_LINE_BYTES];
    struct ls_sweep *pair[2] = {NULL, NULL};
    if (explorer->n_dates == 0)
        return ls_error_set(error, LS_ERR_NAME, "there is no day with readings");
    choose_axes(explorer, given, axis);
    int status = open_pair(explorer, axis, pair, error);
    if (status != 0) {
        ls_sweep_close(pair[0]);
        return status;
    }
    ls_sweep_close(sweeping->sweep);
    sweeping->sweep = pair[0];
    memcpy(sweeping->axis, axis, sizeof axis);
    sweeping->x = pair[0]->x.nearest;
    sweeping->y = pair[0]->y.nearest;
    ls_task_request(sweeping->task, pair[1]);
    ls_explorer_place_sweep(explorer);
    return 0;
}

bool ls_explorer_resume_sweep(struct ls_explorer *explorer)
{
    const struct ls_sweep *kept = explorer->sweeping.sweep;
    struct ls_sweep *rest = NULL;
    struct ls_error error;
    if (kept == NULL || kept->n_done == kept->n_cells)
        return false;
    if (ls_sweep_open(&kept->policy, &kept->x, &kept->y, kept->city, kept->date, &rest, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return true;
    }
    memcpy(rest->cells, kept->cells, kept->n_cells * sizeof *kept->cells);
    rest->n_done = kept->n_done;
    ls_task_request(explorer->sweeping.task, rest);
    return true;
}

void ls_explorer_take_cells(struct ls_explorer *explorer)
{
    struct ls_sweeping *sweeping = &explorer->sweeping;
    struct ls_error error;
    struct cell cell;
    int status;
    while (ls_task_take(sweeping->task, &cell)) {
        struct ls_sweep_cell *place = &sweeping->sweep->cells[cell.index];
        sweeping->sweep->n_done += !place->done;
        *place = (struct ls_sweep_cell){.done = true, .totals = cell.totals};
    }
    if (!ls_task_end(sweeping->task, &status, &error))
        return;
    if (status == LS_ERR_CANCELLED)
        ls_explorer_say(explorer, "stopped after %zu of %zu points; x goes on, R sweeps anew",
                        sweeping->sweep->n_done, sweeping->sweep->n_cells);
    else if (status != 0)
        ls_explorer_fail(explorer, &error);
}

/* Whether two policies are the same but for both axes. */
static bool differs_besides(const struct ls_sweep *sweep, const struct ls_policy *policy)
{
    struct ls_policy pair[2] = {{0}, {0}};
    bool differs = ls_policy_copy(&pair[0], policy, NULL) != 0 ||
                   ls_policy_copy(&pair[1], &sweep->policy, NULL) != 0 ||
                   ls_sweep_adopt(sweep, 0, 0, &pair[0], NULL) != 0 ||
                   ls_sweep_adopt(sweep, 0, 0, &pair[1], NULL) != 0 || !ls_policy_equal(&pair[0], &pair[1]);
    ls_policy_clear(&pair[0]);
    ls_policy_clear(&pair[1]);
    return differs;
}

static int own_index(const struct ls_axis *axis, const struct ls_policy *policy)
{
    char own[LS_VALUE_SIZE];
    ls_parameter_get(axis->parameter, policy, axis->city, own, sizeof own);
    for (size_t i = 0; i < axis->n; i++)
        if (strcmp(axis->values[i], own) == 0)
            return (int)i;
    return -1;
}

void ls_explorer_place_sweep(struct ls_explorer *explorer)
{
    struct ls_sweeping *sweeping = &explorer->sweeping;
    const struct ls_sweep *sweep = sweeping->sweep;
    if (sweep == NULL)
        return;
    sweeping->own[0] = own_index(&sweep->x, &explorer->policy);
    sweeping->own[1] = own_index(&sweep->y, &explorer->policy);
    sweeping->stale = explorer->n_dates == 0 || sweep->date != explorer->dates[explorer->date] ||
                      strcmp(sweep->city, explorer->city->name) != 0 ||
                      differs_besides(sweep, &explorer->policy);
}

void ls_explorer_adopt(struct ls_explorer *explorer)
{
    const struct ls_sweeping *sweeping = &explorer->sweeping;
    const struct ls_sweep *sweep = sweeping->sweep;
    struct ls_error error;
    if (sweep == NULL)
        return;
    if (ls_sweep_adopt(sweep, sweeping->x, sweeping->y, &explorer->policy, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_explorer_policy_turned(explorer, NULL);
    ls_explorer_say(explorer, "%s = %s, %s = %s; u takes it back", sweep->x.name,
                    sweep->x.values[sweeping->x], sweep->y.name, sweep->y.values[sweeping->y]);
}
