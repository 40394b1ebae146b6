/*
 * Rows of both runs are added up by customer and by slot in one table each, then sorted by how much they
 * differ. Names are numbered by hash, so the cost is that of reading the files and one sort.
 */
#include <loadscope/diff.h>

#include "data/grow.h"
#include "data/intern.h"
#include "data/results.h"
#include "study/policy_diff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A diff under way; the customers' and slots' names become pointers when all are known. */
struct differ {
    struct ls_diff diff; /* first: what the caller sees */
    struct ls_names cities, ids, instants;
    size_t customers_capacity, slots_capacity;
    int side; /* the run being read */
};

enum { METRIC_ID, METRIC_CITY, BASE_AVG, DELTA_AVG, BASE_MARG, DELTA_MARG, BASE_KWH, MOVED_KWH, METRICS };

static const struct ls_result_column metric_columns[METRICS] = {
    [METRIC_ID] = {"ca_id", LS_RESULT_TEXT, false},
    [METRIC_CITY] = {"city", LS_RESULT_TEXT, false},
    [BASE_AVG] = {"baseline_E_avg_g", LS_RESULT_NUMBER, false},
    [DELTA_AVG] = {"delta_E_avg_g", LS_RESULT_NUMBER, false},
    [BASE_MARG] = {"baseline_E_marg_g", LS_RESULT_NUMBER, false},
    [DELTA_MARG] = {"delta_E_marg_g", LS_RESULT_NUMBER, false},
    [BASE_KWH] = {"baseline_kwh", LS_RESULT_NUMBER, false},
    [MOVED_KWH] = {"moved_kwh", LS_RESULT_NUMBER, false},
};

enum { MOVE_CITY, FROM, TO, KWH, MOVES };

static const struct ls_result_column move_columns[MOVES] = {
    [MOVE_CITY] = {"city", LS_RESULT_TEXT, false},
    [FROM] = {"original_time", LS_RESULT_INSTANT, false},
    [TO] = {"proposed_shift_time", LS_RESULT_INSTANT, false},
    [KWH] = {"delta_kwh", LS_RESULT_NUMBER, false},
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a comparison");
}

/* ---- parameters ---- */

static int compare_scenarios(struct differ *differ, const char *const folders[2], struct ls_error *error)
{
    struct ls_policy policies[2];
    char path[LS_RESULT_PATH_SIZE];
    int code = 0;
    for (int k = 0; k < 2; k++)
        ls_policy_init(&policies[k]);
    for (int k = 0; k < 2 && code == 0; k++) {
        ls_result_find(folders[k], "scenario.ini", path);
        code = ls_scenario_read(path, &policies[k], error);
    }
    if (code == 0)
        code = ls_policy_diff(&policies[0], &policies[1], &differ->diff.parameters,
                              &differ->diff.n_parameters, error);
    for (int k = 0; k < 2; k++)
        ls_policy_clear(&policies[k]);
    return code;
}

/* ---- rows ---- */

/* Sums take an empty field for nothing. */
static double known(double value)
{
    return isnan(value) ? 0 : value;
}

static int take_metrics(void *user, const struct ls_result_row *row, struct ls_error *error)
{
    struct differ *differ = user;
    struct ls_diff *diff = &differ->diff;
    struct ls_diff_totals *totals = &diff->totals[differ->side];
    const struct ls_result_value *values = row->values;
    uint32_t city =
        ls_names_add(&differ->cities, 0, values[METRIC_CITY].text, strlen(values[METRIC_CITY].text));
    uint32_t id = city == LS_NAMES_MAX ? LS_NAMES_MAX
                                       : ls_names_add(&differ->ids, city, values[METRIC_ID].text,
                                                      strlen(values[METRIC_ID].text));
    if (id == LS_NAMES_MAX)
        return out_of_memory(error);
    if (id == diff->n_customers) {
        struct ls_diff_customer *more =
            ls_grow(diff->customers, &differ->customers_capacity, (size_t)id + 1, sizeof *more);
        if (more == NULL)
            return out_of_memory(error);
        diff->customers = more;
        more[diff->n_customers++] = (struct ls_diff_customer){0};
    }
    struct ls_diff_customer *customer = &diff->customers[id];
    customer->moved_kwh[differ->side] += known(values[MOVED_KWH].number);
    customer->saved_marg_g[differ->side] += known(values[DELTA_MARG].number);
    customer->saved_avg_g[differ->side] += known(values[DELTA_AVG].number);
    totals->customer_days++;
    totals->baseline_kwh += known(values[BASE_KWH].number);
    totals->moved_kwh += known(values[MOVED_KWH].number);
    totals->baseline_marg_g += known(values[BASE_MARG].number);
    totals->baseline_avg_g += known(values[BASE_AVG].number);
    totals->saved_marg_g += known(values[DELTA_MARG].number);
    totals->saved_avg_g += known(values[DELTA_AVG].number);
    return 0;
}

static int add_to_slot(struct differ *differ, uint32_t city, const struct ls_result_value *at, double kwh,
                       struct ls_error *error)
{
    struct ls_diff *diff = &differ->diff;
    char key[32];
    int length = snprintf(key, sizeof key, "%lld", (long long)at->instant);
    uint32_t number = ls_names_add(&differ->instants, city, key, (size_t)length);
    if (number == LS_NAMES_MAX)
        return out_of_memory(error);
    if (number == diff->n_slots) {
        struct ls_diff_slot *more =
            ls_grow(diff->slots, &differ->slots_capacity, (size_t)number + 1, sizeof *more);
        if (more == NULL)
            return out_of_memory(error);
        diff->slots = more;
        more[diff->n_slots++] = (struct ls_diff_slot){.instant = at->instant, .offset_s = at->offset_s};
    }
    diff->slots[number].change_kwh[differ->side] += kwh;
    return 0;
}

static int take_move(void *user, const struct ls_result_row *row, struct ls_error *error)
{
    struct differ *differ = user;
    const struct ls_result_value *values = row->values;
    uint32_t city = ls_names_add(&differ->cities, 0, values[MOVE_CITY].text, strlen(values[MOVE_CITY].text));
    if (city == LS_NAMES_MAX)
        return out_of_memory(error);
    differ->diff.totals[differ->side].moves++;
    int code = add_to_slot(differ, city, &values[FROM], -known(values[KWH].number), error);
    return code != 0 ? code : add_to_slot(differ, city, &values[TO], known(values[KWH].number), error);
}

/* ---- what changed most ---- */

static int by_saving(const void *a, const void *b)
{
    const struct ls_diff_customer *x = a, *y = b;
    int order = ls_by_difference(x->saved_marg_g, y->saved_marg_g);
    order = order != 0 ? order : ls_by_difference(x->moved_kwh, y->moved_kwh);
    order = order != 0 ? order : strcmp(x->city, y->city);
    return order != 0 ? order : strcmp(x->id, y->id);
}

static int by_change(const void *a, const void *b)
{
    const struct ls_diff_slot *x = a, *y = b;
    int order = ls_by_difference(x->change_kwh, y->change_kwh);
    order = order != 0 ? order : strcmp(x->city, y->city);
    return order != 0 ? order : (x->instant > y->instant) - (x->instant < y->instant);
}

static void name_and_sort(struct differ *differ)
{
    struct ls_diff *diff = &differ->diff;
    for (size_t i = 0; i < diff->n_customers; i++) {
        struct ls_diff_customer *it = &diff->customers[i];
        it->city = ls_names_text(&differ->cities, differ->ids.names[i].group);
        it->id = ls_names_text(&differ->ids, (uint32_t)i);
        diff->customers_changed += ls_difference(it->saved_marg_g) > LS_DIFF_SMALLEST ||
                                   ls_difference(it->saved_avg_g) > LS_DIFF_SMALLEST ||
                                   ls_difference(it->moved_kwh) > LS_DIFF_SMALLEST;
    }
    for (size_t i = 0; i < diff->n_slots; i++) {
        diff->slots[i].city = ls_names_text(&differ->cities, differ->instants.names[i].group);
        diff->slots_changed += ls_difference(diff->slots[i].change_kwh) > LS_DIFF_SMALLEST;
    }
    if (diff->n_customers > 0)
        qsort(diff->customers, diff->n_customers, sizeof *diff->customers, by_saving);
    if (diff->n_slots > 0)
        qsort(diff->slots, diff->n_slots, sizeof *diff->slots, by_change);
}

int ls_diff_runs(const char *folder_a, const char *folder_b, struct ls_diff **out, struct ls_error *error)
{
    const char *const folders[2] = {folder_a, folder_b};
    char path[LS_RESULT_PATH_SIZE];
    struct differ *differ = calloc(1, sizeof *differ);
    if (differ == NULL)
        return out_of_memory(error);
    differ->diff.owner = differ;
    int code = compare_scenarios(differ, folders, error);
    for (int k = 0; k < 2 && code == 0; k++) {
        differ->side = k;
        ls_result_find(folders[k], "metrics.csv", path);
        code = ls_result_read(path, metric_columns, METRICS, take_metrics, differ, error);
        if (code != 0)
            break;
        ls_result_find(folders[k], "moves.csv", path);
        code = ls_result_read(path, move_columns, MOVES, take_move, differ, error);
    }
    if (code != 0) {
        ls_diff_destroy(&differ->diff);
        return code;
    }
    name_and_sort(differ);
    *out = &differ->diff;
    return 0;
}

void ls_diff_destroy(struct ls_diff *diff)
{
    if (diff == NULL)
        return;
    struct differ *differ = diff->owner;
    ls_names_release(&differ->cities);
    ls_names_release(&differ->ids);
    ls_names_release(&differ->instants);
    free(diff->parameters);
    free(diff->customers);
    free(diff->slots);
    free(differ);
}
