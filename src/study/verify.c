#include <loadscope/verify.h>

#include "study/verify.h"

#include "data/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct ls_verify_reason ls_verify_reasons[LS_VERIFY_REASONS] = {
    {LS_LIMIT_WHOLE, "whole", "limited_by.whole"},    {LS_LIMIT_FLOOR, "floor", "limited_by.floor"},
    {LS_LIMIT_PEAK, "peak", "limited_by.peak"},       {LS_LIMIT_ROOM, "room", "limited_by.room"},
    {LS_LIMIT_BUDGET, "budget", "limited_by.budget"},
};

#define INSTANT_LIMIT_S ((int64_t)INT32_MAX * LS_MINUTE_S - 10 * 86400)

int ls_verify_out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a verification");
}

void ls_verify_copy(char out[LS_ID_BYTES + 1], const char *name)
{
    size_t length = strlen(name);
    if (length > LS_ID_BYTES)
        length = LS_ID_BYTES;
    memcpy(out, name, length);
    out[length] = '\0';
}

static void count_kind(struct ls_verification *found, const char *limit)
{
    size_t k = 0;
    while (k < found->n_kinds && strcmp(found->kinds[k].limit, limit) != 0)
        k++;
    if (k == LS_VERIFY_KINDS)
        return;
    if (k == found->n_kinds)
        found->kinds[found->n_kinds++].limit = limit;
    found->kinds[k].n++;
}

static int wall_minute(const struct ls_verify *v, int32_t date, int slot)
{
    int64_t instant = ls_verify_instant(v, date, slot);
    int64_t wall = (instant + ls_zone_offset(v->zone, instant)) / LS_MINUTE_S % LS_DAY_MINUTES;
    return (int)(wall < 0 ? wall + LS_DAY_MINUTES : wall);
}

void ls_verify_note(struct ls_verify *v, const struct ls_verify_violation *violation)
{
    struct ls_verification *found = v->found;
    found->n_violations++;
    count_kind(found, violation->limit);
    if (found->n_kept >= v->keep)
        return;
    struct ls_verify_violation *more =
        ls_grow(found->violations, &v->capacity, found->n_kept + 1, sizeof *more);
    if (more == NULL) {
        v->out_of_memory = true;
        return;
    }
    found->violations = more;
    more[found->n_kept] = *violation;
    more[found->n_kept].minute = violation->slot >= 0 && violation->date != LS_VERIFY_NO_DATE
                                     ? wall_minute(v, violation->date, violation->slot)
                                     : -1;
    found->n_kept++;
}

const struct ls_verify_day *ls_verify_day_of(struct ls_verify *v, int64_t instant)
{
    struct ls_verify_day *day = &v->day;
    if (day->known && instant >= day->start && instant < day->next)
        return day;
    day->known = true;
    day->date = ls_zone_date(v->zone, instant);
    day->start = ls_zone_day_start(v->zone, day->date);
    day->next = ls_zone_day_start(v->zone, day->date + 1);
    return day;
}

int ls_verify_slot(const struct ls_verify *v, const struct ls_verify_day *day, int64_t instant)
{
    int64_t slot_s = (int64_t)v->policy->slot_minutes * LS_MINUTE_S, after = instant - day->start;
    if (after < 0 || instant >= day->next || after % slot_s != 0 || instant > INSTANT_LIMIT_S ||
        instant < -INSTANT_LIMIT_S)
        return -1;
    return (int)(after / slot_s);
}

int64_t ls_verify_instant(const struct ls_verify *v, int32_t date, int slot)
{
    return ls_zone_day_start(v->zone, date) + (int64_t)slot * v->policy->slot_minutes * LS_MINUTE_S;
}

void ls_verify_add_totals(struct ls_verify_totals *sum, const struct ls_verify_totals *more)
{
    sum->moves += more->moves;
    sum->sources += more->sources;
    sum->disagreeing += more->disagreeing;
    for (int l = 0; l < LS_LIMIT_COUNT; l++)
        sum->limited[l] += more->limited[l];
    sum->city_days += more->city_days;
    sum->customer_days += more->customer_days;
    sum->customer_days_moving += more->customer_days_moving;
    sum->baseline_kwh += more->baseline_kwh;
    sum->uncovered_kwh += more->uncovered_kwh;
    sum->moved_kwh += more->moved_kwh;
    sum->baseline_marg_g += more->baseline_marg_g;
    sum->baseline_avg_g += more->baseline_avg_g;
    sum->saved_marg_g += more->saved_marg_g;
    sum->saved_avg_g += more->saved_avg_g;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_move(const void *a, const void *b)
{
    const struct ls_verify_move *x = a, *y = b;
    const int64_t keys[][2] = {{(int64_t)x->city, (int64_t)y->city}, {x->date, y->date},
                               {x->customer, y->customer},           {x->source, y->source},
                               {x->destination, y->destination},     {x->line, y->line}};
    int order = 0;
    for (size_t k = 0; k < sizeof keys / sizeof *keys && order == 0; k++)
        order = compare(keys[k][0], keys[k][1]);
    return order;
}

static int by_metrics(const void *a, const void *b)
{
    const struct ls_verify_metrics *x = a, *y = b;
    const int64_t keys[][2] = {{(int64_t)x->city, (int64_t)y->city},
                               {x->date, y->date},
                               {x->customer, y->customer},
                               {x->line, y->line}};
    int order = 0;
    for (size_t k = 0; k < sizeof keys / sizeof *keys && order == 0; k++)
        order = compare(keys[k][0], keys[k][1]);
    return order;
}

static int verify_all(struct ls_verify *v, struct ls_error *error)
{
    int code = ls_verify_read_moves(v, error);
    if (code == 0)
        code = ls_verify_read_metrics(v, error);
    if (code != 0)
        return code;
    if (v->n_moves > 0)
        qsort(v->moves, v->n_moves, sizeof *v->moves, by_move);
    if (v->n_metrics > 0)
        qsort(v->metrics, v->n_metrics, sizeof *v->metrics, by_metrics);
    for (size_t c = 0; c < v->dataset->n_cities && code == 0; c++)
        code = ls_verify_city(v, c, error);
    if (code == 0)
        code = ls_verify_read_optimised(v, error);
    if (code == 0)
        code = ls_verify_read_summary(v, error);
    if (code == 0 && v->out_of_memory)
        code = ls_verify_out_of_memory(error);
    return code;
}

int ls_verify(const struct ls_dataset *dataset, const struct ls_policy *policy, const char *folder,
              size_t keep, struct ls_verification **out, struct ls_error *error)
{
    struct ls_verify v = {.dataset = dataset, .policy = policy, .folder = folder, .keep = keep};
    int code = ls_dataset_zone(dataset, policy->timezone, &v.zone, error);
    if (code != 0)
        return code;
    v.last_customer = UINT32_MAX;
    v.slack_kwh = dataset->quality.rounded > 0 ? 0.5e-6 * dataset->quantum_mwh : 0;
    v.found = calloc(1, sizeof *v.found);
    v.by_city = calloc(dataset->n_cities + 1, sizeof *v.by_city);
    if (v.found == NULL || v.by_city == NULL) {
        code = ls_verify_out_of_memory(error);
        goto done;
    }
    code = verify_all(&v, error);
    if (code == 0) {
        *out = v.found;
        v.found = NULL;
    }
done:
    ls_verification_destroy(v.found);
    free(v.moves);
    free(v.metrics);
    free(v.change_kwh);
    free(v.written);
    free(v.by_city);
    free(v.by_week);
    free(v.savings);
    ls_zone_close(v.zone);
    return code;
}

void ls_verification_destroy(struct ls_verification *verification)
{
    if (verification == NULL)
        return;
    free(verification->violations);
    free(verification);
}
