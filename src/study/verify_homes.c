/*
 * Customer-days of a whole run: what each comes to by its readings and moves, the row of metrics that it
 * should have, and what it adds to the totals and to its household's week.
 */
#include "study/verify_days.h"

#include "data/grow.h"

#include <math.h>

bool ls_verify_same_move(const struct ls_verify_move *a, const struct ls_verify_move *b)
{
    return a->customer == b->customer && a->date == b->date && a->source == b->source &&
           a->destination == b->destination;
}

/* How many of the city-day's customers used less than @p kwh. */
static size_t count_below(const struct ls_verify_days *days, double kwh)
{
    size_t low = 0, high = days->n_known;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days->sorted_kwh[middle] < kwh)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Average rank among equals; where readings were rounded, equals may have been in any order. */
static void rank(const struct ls_verify_days *days, struct ls_verify_home *home)
{
    double slack = days->v->slack_kwh * 2 * days->day.n_slots, n = (double)days->n_known;
    double least = 0.25 * days->day.kwh_per_quantum; /* sums are whole quanta */
    double below = (double)count_below(days, home->day_kwh - slack - least);
    double up_to = (double)count_below(days, home->day_kwh + slack + least);
    home->pct_low = 100 * (slack > 0 ? below + 1 : (below + 1 + up_to) / 2) / n;
    home->pct_high = 100 * (slack > 0 ? up_to : (below + 1 + up_to) / 2) / n;
}

static void add_move(const struct ls_check_day *day, const struct ls_verify_move *move,
                     struct ls_verify_home *home)
{
    int t = move->source, s = move->destination;
    home->moved_kwh += move->kwh;
    home->saving_slack_g += LS_CHECK_TOLERANCE_KWH * fmax(fabs(day->mef[t]) + fabs(day->mef[s]),
                                                          fabs(day->aef[t]) + fabs(day->aef[s]));
    home->saved_marg_g += (day->mef[t] - day->mef[s]) * move->kwh;
    home->saved_avg_g += (day->aef[t] - day->aef[s]) * move->kwh;
}

/* What the customer's day comes to, by its readings and moves. */
static void derive_home(struct ls_verify_days *days, size_t i, const double *usage_kwh,
                        struct ls_verify_home *home)
{
    const struct ls_check_day *day = &days->day;
    size_t place = days->listed[i] - days->city->first_customer;
    double largest = 0;
    home->day_kwh = days->day_kwh[i];
    for (int t = 0; t < day->n_slots; t++) {
        largest = fmax(largest, fmax(fabs(day->mef[t]), fabs(day->aef[t])));
        if (isnan(usage_kwh[t]))
            continue;
        home->uncovered_kwh += day->covered[t] ? 0 : usage_kwh[t];
        home->baseline_marg_g += day->mef[t] * usage_kwh[t];
        home->baseline_avg_g += day->aef[t] * usage_kwh[t];
    }
    for (size_t m = 0; m < home->n_moves; m++) {
        if (m > 0 && ls_verify_same_move(&home->moves[m - 1], &home->moves[m]))
            continue;
        add_move(day, &home->moves[m], home);
        home->sources += m == 0 || home->moves[m].source != home->moves[m - 1].source;
    }
    home->quota_after = LS_NONE;
    if (days->quota_left[i] >= 0 && days->v->policy->engine != LS_ENGINE_LP)
        home->quota_after = home->sources < days->quota_left[i] ? days->quota_left[i] - home->sources : 0;
    days->used[place] += home->sources;
    home->allowed_kwh = ls_check_tolerance(days->v->slack_kwh, (size_t)day->n_slots, home->day_kwh);
    home->allowed_g = largest * home->allowed_kwh + 1e-6;
}

/* The rows of metrics of one customer-day: there should be one. Returns how many there are. */
static size_t judge_home(struct ls_verify_days *days, size_t i, const struct ls_verify_metrics *rows,
                         size_t n_rows, struct ls_verify_home *home)
{
    size_t n = 0;
    struct ls_verify_violation violation = {.file = "metrics.csv", .slot = -1, .amount = 1, .unit = "rows"};
    while (n < n_rows && rows[n].customer == days->listed[i])
        n++;
    if (days->known[i] && n == 0) {
        violation.limit = "no row for a day with readings";
        ls_verify_note_day(days, &violation, home->customer->id);
    }
    for (size_t k = 0; k < n; k++) {
        violation.line = rows[k].line;
        violation.limit = k > 0 ? "duplicate row" : "row for a day without readings";
        if (k > 0 || !days->known[i])
            ls_verify_note_day(days, &violation, home->customer->id);
        else
            ls_verify_judge_metrics(days->v, &rows[k], home);
    }
    return n;
}

static int add_to_week(struct ls_verify *v, int32_t monday, const struct ls_verify_totals *totals,
                       struct ls_error *error)
{
    size_t w = 0;
    while (w < v->n_weeks && v->by_week[w].monday != monday)
        w++;
    if (w == v->n_weeks) {
        struct ls_verify_week *more = ls_grow(v->by_week, &v->weeks_capacity, w + 1, sizeof *more);
        if (more == NULL)
            return ls_verify_out_of_memory(error);
        v->by_week = more;
        more[v->n_weeks++] = (struct ls_verify_week){.monday = monday};
    }
    ls_verify_add_totals(&v->by_week[w].group.totals, totals);
    return 0;
}

static void add_to_totals(struct ls_verify_totals *sum, const struct ls_check_day *day,
                          const struct ls_verify_home *home, bool known)
{
    struct ls_verify_totals his = {.moves = home->n_moves,
                                   .sources = (size_t)home->sources,
                                   .customer_days = known,
                                   .customer_days_moving = home->n_moves > 0,
                                   .baseline_kwh = home->day_kwh,
                                   .uncovered_kwh = home->uncovered_kwh,
                                   .moved_kwh = home->moved_kwh,
                                   .baseline_marg_g = home->baseline_marg_g,
                                   .baseline_avg_g = home->baseline_avg_g,
                                   .saved_marg_g = home->saved_marg_g,
                                   .saved_avg_g = home->saved_avg_g};
    for (size_t m = 0; m < home->n_moves; m++) {
        const struct ls_verify_move *move = &home->moves[m];
        int t = move->source, s = move->destination;
        his.limited[move->limited_by]++;
        his.disagreeing += day->mef[s] < day->mef[t] && day->aef[s] > day->aef[t];
    }
    ls_verify_add_totals(sum, &his);
}

static void add_to_household(struct ls_verify_household_week *week, const struct ls_verify_home *home,
                             bool known)
{
    week->known = week->known || known;
    week->marg_g += home->saved_marg_g;
    week->avg_g += home->saved_avg_g;
    week->slack_g += home->saving_slack_g;
}

/* Rows of metrics of a day, of customers that have neither reading nor move there. */
static void note_strangers(struct ls_verify_days *days, const struct ls_verify_metrics *rows, size_t n_rows)
{
    for (size_t r = 0, i = 0; r < n_rows; r++) {
        while (i < days->n_listed && days->listed[i] < rows[r].customer)
            i++;
        if (i < days->n_listed && days->listed[i] == rows[r].customer)
            continue;
        struct ls_verify_violation violation = {.limit = "row for a day without readings",
                                                .file = "metrics.csv",
                                                .line = rows[r].line,
                                                .slot = -1,
                                                .amount = 1,
                                                .unit = "rows"};
        ls_verify_note_day(days, &violation, days->v->dataset->customers[rows[r].customer].id);
    }
}

int ls_verify_check_homes(struct ls_verify_days *days, double *usage_kwh,
                          const struct ls_verify_metrics *rows, size_t n_rows, struct ls_error *error)
{
    struct ls_verify *v = days->v;
    struct ls_verify_totals totals = {.city_days = days->n_known > 0};
    note_strangers(days, rows, n_rows);
    for (size_t i = 0, m = 0, r = 0; i < days->n_listed; i++) {
        struct ls_verify_home home = {.customer = &v->dataset->customers[days->listed[i]],
                                      .moves = days->moves + m};
        double kwh;
        while (m < days->n_moves && days->moves[m].customer == days->listed[i]) {
            home.n_moves++;
            m++;
        }
        while (r < n_rows && rows[r].customer < days->listed[i])
            r++;
        ls_check_day_usage(&days->day, home.customer, usage_kwh, &kwh);
        derive_home(days, i, usage_kwh, &home);
        rank(days, &home);
        r += judge_home(days, i, rows + r, n_rows - r, &home);
        add_to_totals(&totals, &days->day, &home, days->known[i]);
        add_to_household(&days->households[days->listed[i] - days->city->first_customer], &home,
                         days->known[i]);
    }
    ls_verify_add_totals(&v->by_city[days->city - v->dataset->cities].totals, &totals);
    ls_verify_add_totals(&v->found->totals, &totals);
    return days->n_listed > 0 ? add_to_week(v, ls_date_week_start(days->date), &totals, error) : 0;
}
