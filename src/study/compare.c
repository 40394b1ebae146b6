#include <loadscope/compare.h>

#include "study/policy_diff.h"

#include <stdlib.h>
#include <string.h>

/* A comparison under way. */
struct comparing {
    const struct ls_answer *answers[2];
    struct ls_compare *compare;
    size_t top;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a comparison");
}

/* ---- totals ---- */

static void fill_totals(const struct comparing *comparing)
{
    struct ls_totals totals[2];
    const struct ls_plan *a = comparing->answers[0]->plan, *b = comparing->answers[1]->plan;
    ls_totals_of(a, &totals[0]);
    ls_totals_of(b, &totals[1]);
    const struct ls_compare_total all[LS_COMPARE_TOTALS] = {
        {"saved_marg_g", "saved, marginal", "g", 1, {a->saved_marg_g, b->saved_marg_g}},
        {"saved_avg_g", "saved, average", "g", 1, {a->saved_avg_g, b->saved_avg_g}},
        {"bound_marg_g", "at most, marginal", "g", 1, {a->bound_marg_g, b->bound_marg_g}},
        {"gap_percent", "gap", "%", 2, {100 * totals[0].gap, 100 * totals[1].gap}},
        {"moved_kwh", "moved", "kWh", 3, {a->moved_kwh, b->moved_kwh}},
        {"moves", "moves", "", 0, {(double)a->n_moves, (double)b->n_moves}},
        {"moves_disagreeing",
         "moves raising avg",
         "",
         0,
         {(double)a->moves_disagreeing, (double)b->moves_disagreeing}},
        {"customers", "customers", "", 0, {(double)a->n_customers, (double)b->n_customers}},
        {"customers_moving",
         "customers moving",
         "",
         0,
         {(double)a->customers_moving, (double)b->customers_moving}},
        {"budget_kwh", "budget", "kWh", 3, {a->budget_kwh, b->budget_kwh}},
        {"budget_used_kwh", "budget used", "kWh", 3, {a->budget_used_kwh, b->budget_used_kwh}},
        {"baseline_kwh", "baseline", "kWh", 3, {a->baseline_kwh, b->baseline_kwh}},
        {"baseline_marg_g", "baseline, marginal", "g", 1, {a->baseline_marg_g, b->baseline_marg_g}},
        {"baseline_avg_g", "baseline, average", "g", 1, {a->baseline_avg_g, b->baseline_avg_g}},
    };
    memcpy(comparing->compare->totals, all, sizeof all);
}

/* ---- slots ---- */

/* How many earlier slots of the day start at the same wall clock. */
static int occurrence(const struct ls_cityday *day, int slot)
{
    int n = 0;
    for (int t = 0; t < slot; t++)
        n += day->wall_minute[t] == day->wall_minute[slot];
    return n;
}

/* The slot of `other` at the same time of day, -1 when it has none. */
static int counterpart(const struct ls_cityday *day, int slot, const struct ls_cityday *other)
{
    int skip = occurrence(day, slot);
    for (int t = 0; t < other->n_slots; t++)
        if (other->wall_minute[t] == day->wall_minute[slot] && skip-- == 0)
            return t;
    return -1;
}

static void add_slot(struct comparing *comparing, int a, int b)
{
    struct ls_compare *compare = comparing->compare;
    const struct ls_cityday *day = comparing->answers[a < 0]->day;
    struct ls_compare_slot it = {.wall_minute = day->wall_minute[a < 0 ? b : a], .slot = {a, b}};
    for (int k = 0; k < 2; k++) {
        if (it.slot[k] < 0)
            continue;
        const struct ls_slot_result *slot = &comparing->answers[k]->plan->slots[it.slot[k]];
        it.baseline_kwh[k] = slot->baseline_kwh;
        it.shifted_kwh[k] = slot->baseline_kwh - slot->out_kwh + slot->in_kwh;
    }
    compare->slots_changed += ls_difference(it.shifted_kwh) > LS_DIFF_SMALLEST;
    compare->slots[compare->n_slots++] = it;
}

static bool is_whole(const struct ls_compare_slot *slot)
{
    return slot->slot[0] >= 0 && slot->slot[1] >= 0;
}

static int by_change(const void *a, const void *b)
{
    const struct ls_compare_slot *x = a, *y = b;
    if (is_whole(x) != is_whole(y))
        return is_whole(x) ? -1 : 1;
    int order = ls_by_difference(x->shifted_kwh, y->shifted_kwh);
    order = order != 0 ? order : (x->slot[0] > y->slot[0]) - (x->slot[0] < y->slot[0]);
    return order != 0 ? order : (x->slot[1] > y->slot[1]) - (x->slot[1] < y->slot[1]);
}

static void fill_slots(struct comparing *comparing)
{
    const struct ls_cityday *a = comparing->answers[0]->day, *b = comparing->answers[1]->day;
    struct ls_compare *compare = comparing->compare;
    for (int t = 0; t < a->n_slots; t++)
        add_slot(comparing, t, counterpart(a, t, b));
    for (int t = 0; t < b->n_slots; t++)
        if (counterpart(b, t, a) < 0)
            add_slot(comparing, -1, t);
    qsort(compare->slots, compare->n_slots, sizeof *compare->slots, by_change);
}

/* ---- customers ---- */

/* The one that changed more comes first. */
static bool comes_before(const struct ls_compare_customer *x, const struct ls_compare_customer *y)
{
    int order = ls_by_difference(x->saved_marg_g, y->saved_marg_g);
    order = order != 0 ? order : ls_by_difference(x->moved_kwh, y->moved_kwh);
    return order != 0 ? order < 0 : strcmp(x->id, y->id) < 0;
}

/* Takes a customer's place among the first, the last of which gives way when all places are taken. */
static void place(struct ls_compare *compare, const struct ls_compare_customer *it, size_t top)
{
    size_t at = compare->n_top;
    if (at == top && (top == 0 || !comes_before(it, &compare->customers[at - 1])))
        return;
    if (at == top)
        at--;
    else
        compare->n_top++;
    for (; at > 0 && comes_before(it, &compare->customers[at - 1]); at--)
        compare->customers[at] = compare->customers[at - 1];
    compare->customers[at] = *it;
}

static void add_customer(struct comparing *comparing, size_t a, size_t b)
{
    struct ls_compare *compare = comparing->compare;
    const struct ls_cityday *day = comparing->answers[a == SIZE_MAX]->day;
    struct ls_compare_customer it = {.id = day->id[a == SIZE_MAX ? b : a], .customer = {a, b}};
    for (int k = 0; k < 2; k++) {
        if (it.customer[k] == SIZE_MAX)
            continue;
        const struct ls_customer_result *result = &comparing->answers[k]->plan->customers[it.customer[k]];
        it.moved_kwh[k] = result->moved_kwh;
        it.saved_marg_g[k] = result->saved_marg_g;
        it.saved_avg_g[k] = result->saved_avg_g;
    }
    compare->n_customers++;
    if (ls_difference(it.saved_marg_g) <= LS_DIFF_SMALLEST &&
        ls_difference(it.saved_avg_g) <= LS_DIFF_SMALLEST && ls_difference(it.moved_kwh) <= LS_DIFF_SMALLEST)
        return;
    compare->customers_changed++;
    place(compare, &it, comparing->top);
}

/* Numbers of the dataset's customers that both days have: [*first, *first + the result). */
static size_t span_of(const struct ls_answer *const answers[2], uint32_t *first)
{
    uint32_t low = UINT32_MAX, high = 0;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < answers[k]->day->n_customers; i++) {
            uint32_t number = answers[k]->day->customer[i];
            low = number < low ? number : low;
            high = number > high ? number : high;
        }
    *first = low;
    return low <= high ? (size_t)(high - low) + 1 : 0;
}

/* Each day has its customers in its own order of service, so they are found by their number. */
static int fill_customers(struct comparing *comparing, struct ls_error *error)
{
    const struct ls_cityday *a = comparing->answers[0]->day, *b = comparing->answers[1]->day;
    uint32_t first;
    size_t span = span_of(comparing->answers, &first);
    uint32_t *in_b = calloc(span + 1, sizeof *in_b); /* index in B, from 1; 0: not there, or done */
    if (in_b == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < b->n_customers; i++)
        in_b[b->customer[i] - first] = (uint32_t)i + 1;
    for (size_t i = 0; i < a->n_customers; i++) {
        uint32_t *other = &in_b[a->customer[i] - first];
        add_customer(comparing, i, *other > 0 ? *other - 1 : SIZE_MAX);
        *other = 0;
    }
    for (size_t i = 0; i < b->n_customers; i++)
        if (in_b[b->customer[i] - first] > 0)
            add_customer(comparing, SIZE_MAX, i);
    free(in_b);
    return 0;
}

/* A comparison with room for its slots and first customers, all empty. */
static struct ls_compare *new_compare(struct comparing *comparing)
{
    const struct ls_cityday *a = comparing->answers[0]->day, *b = comparing->answers[1]->day;
    size_t most = a->n_customers + b->n_customers;
    comparing->top = comparing->top < most ? comparing->top : most;
    struct ls_compare *compare = calloc(1, sizeof *compare);
    if (compare == NULL)
        return NULL;
    compare->slots = calloc((size_t)a->n_slots + (size_t)b->n_slots, sizeof *compare->slots);
    compare->customers = calloc(comparing->top + 1, sizeof *compare->customers);
    if (compare->slots != NULL && compare->customers != NULL)
        return compare;
    ls_compare_destroy(compare);
    return NULL;
}

int ls_compare(const struct ls_answer *a, const struct ls_answer *b, size_t top, struct ls_compare **out,
               struct ls_error *error)
{
    struct comparing comparing = {.answers = {a, b}, .top = top};
    if (strcmp(a->day->city, b->day->city) != 0) {
        ls_error_set(error, LS_ERR_VALUE, "a day of %s and one of %s cannot be compared", a->day->city,
                     b->day->city);
        return ls_error_remedy(error, "choose two answers of one city");
    }
    struct ls_compare *compare = comparing.compare = new_compare(&comparing);
    if (compare == NULL)
        return out_of_memory(error);
    int status = ls_policy_diff(&a->policy, &b->policy, &compare->parameters, &compare->n_parameters, error);
    if (status == 0)
        status = fill_customers(&comparing, error);
    if (status != 0) {
        ls_compare_destroy(compare);
        return status;
    }
    fill_slots(&comparing);
    fill_totals(&comparing);
    *out = compare;
    return 0;
}

void ls_compare_destroy(struct ls_compare *compare)
{
    if (compare == NULL)
        return;
    free(compare->parameters);
    free(compare->slots);
    free(compare->customers);
    free(compare);
}
