/*
 * What households save in a week, added up from their moves, and the percentiles of that.
 *
 * The percentile p of n sorted values is the one at index floor((n - 1) * p + 0.5), here in whole numbers. No
 * percentile is off by more than the one of the values that is off the most.
 */
#include "study/verify.h"

#include "data/grow.h"

#include <math.h>
#include <stdlib.h>

const int ls_verify_points[LS_VERIFY_POINTS] = {5, 25, 50, 75, 95};

void ls_verify_keep_week(struct ls_verify *v, size_t city, int32_t monday,
                         struct ls_verify_household_week *households, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        const struct ls_verify_household_week it = households[c];
        households[c] = (struct ls_verify_household_week){0};
        if (!it.known || v->out_of_memory)
            continue;
        struct ls_verify_saving *more =
            ls_grow(v->savings, &v->savings_capacity, v->n_savings + 1, sizeof *more);
        if (more == NULL) {
            v->out_of_memory = true;
            continue;
        }
        v->savings = more;
        more[v->n_savings++] =
            (struct ls_verify_saving){.city = city, .monday = monday, .marg_g = it.marg_g, .avg_g = it.avg_g};
        v->saving_slack_g = fmax(v->saving_slack_g, it.slack_g);
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void take_points(double *values, size_t n, double percentile[LS_VERIFY_POINTS])
{
    if (n > 0)
        qsort(values, n, sizeof *values, ascending);
    for (int p = 0; p < LS_VERIFY_POINTS; p++)
        percentile[p] = n > 0 ? values[((n - 1) * (size_t)ls_verify_points[p] + 50) / 100] : (double)NAN;
}

bool ls_verify_percentiles(const struct ls_verify *v, const struct ls_verify_span *span, size_t *n,
                           double percentile[2][LS_VERIFY_POINTS])
{
    double *marg_g = ls_new(v->n_savings, sizeof *marg_g), *avg_g = ls_new(v->n_savings, sizeof *avg_g);
    size_t taken = 0;
    bool done = marg_g != NULL && avg_g != NULL;
    for (size_t i = 0; done && i < v->n_savings; i++) {
        const struct ls_verify_saving *it = &v->savings[i];
        if ((span->city != NULL && *span->city != it->city) ||
            (span->monday != NULL && *span->monday != it->monday))
            continue;
        marg_g[taken] = it->marg_g;
        avg_g[taken++] = it->avg_g;
    }
    if (done) {
        take_points(marg_g, taken, percentile[0]);
        take_points(avg_g, taken, percentile[1]);
        *n = taken;
    }
    free(marg_g);
    free(avg_g);
    return done;
}
