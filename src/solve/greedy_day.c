/*
 * The greedy engine over a whole city-day: the moves of greedy.c, turn by turn, many times faster.
 *
 * Factors are the same for all customers, so what a kWh of each source can save is known before anybody is
 * looked at. Rows lie in the order of service. Of each, all sources are bounded at once (greedy_kernel.h),
 * with destinations and limits as they stand. Only the source with the highest bound is worked out exactly,
 * with the code of greedy.c, and taken if what it saves is more than the next bound.
 *
 * Why the pair is that of greedy.c. There a pair wins by more than e = LS_GAIN_EPSILON over the best before
 * it, in the order of sources and destinations. Leave out pairs none of which saves more than L. As long as
 * the two scans hold different pairs, neither holds more than L + m e after m pairs: they part when a pair
 * that was left out is taken (at most L), and from then on what one takes and the other does not is at most e
 * above what the other holds. So if what remains yields more than L + (all pairs) e, both ended with the same
 * pair. `slack` is that, and the rounding of best + e. Where it does not hold, more sources are worked out:
 * those whose bound is not below what was found, then all.
 *
 * Bounds need not be tight to be right, so what makes them so may be late. A destination counts with
 * unlimited room (wide) until a quantity did not fit; from then on (narrow) with its room as it is.
 */
#include "solve/account.h"
#include "solve/greedy.h"
#include "solve/greedy_kernel.h"

#include "base/clock.h"
#include "base/fetch.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_AHEAD       16 /* whose floors are fetched; one of their lines is wanted, and which is not known */
#define PROGRESS_TURNS   64 /* between looks at the clock */
#define PROGRESS_SECONDS 0.05
#define WIDE_AGAIN       4    /* times the quantity that did not fit */
#define RESERVE_MOVES    2    /* a customer, at the start */
#define MEF_MOST         1e12 /* g/kWh; beyond, single precision could overflow */
#define NOWHERE          (-1)

struct greedy_day {
    struct ls_account *account;
    struct ls_arena arena;
    struct ls_greedy_view view;
    /* [stride], as the view has them; `limit` is `limit_between_turns` but during a turn */
    float *peak_part, *peak_off, *best, *best_limit, *coefficient, *limit, *limit_between_turns, *bounds_g;
    /* by source: the cleanest wide destination, lowest slot first, and what any other saves at most [g/kWh]
     */
    int *destination;
    double *runner_up;
    /* by destination */
    bool *is_narrow;
    double *refused_kwh; /* what did not fit when it became narrow */
    struct ls_greedy_narrow *narrow;
    const struct ls_greedy_narrow **not_full; /* the narrow ones that have room: view.narrow */
    int *next_in_group, *first_in_group;      /* slots of a peak group, ascending; -1: no more */
    bool *open;                               /* [n_slots] for a customer with missing readings */
    double pairs;
    double reported_s;
};

/* A customer's turn. */
struct turn {
    size_t customer;
    size_t first_move; /* in the plan's list */
    const int32_t *usage;
    const bool *open;
};

static float rounded_up(double value)
{
    return value > 0 ? (float)(value * (1 + LS_GREEDY_MARGIN)) : 0;
}

static double slack(const struct greedy_day *day, double gain_g)
{
    return day->pairs * (LS_GAIN_EPSILON + 4e-16 * gain_g);
}

/* ---- what a kWh of each source can save ---- */

static int window_start(const struct greedy_day *day, int t)
{
    int window = day->account->limits.window_slots;
    return t > window ? t - window : 0;
}

static int window_end(const struct greedy_day *day, int t)
{
    int window = day->account->limits.window_slots, n = day->account->day->n_slots;
    return t < n - window ? t + window : n - 1;
}

/* g/kWh from t to s; 0 where that is refused or saves nothing. */
static double saving(const struct greedy_day *day, int t, int s)
{
    const double *mef = day->account->day->mef_g_per_kwh;
    const bool *open = day->account->limits.open;
    return open[t] && open[s] && mef[s] < mef[t] - LS_MEF_EPSILON ? mef[t] - mef[s] : 0;
}

static void find_destination(struct greedy_day *day, int t)
{
    double best = 0, other = 0;
    int destination = NOWHERE;
    for (int s = window_start(day, t); s <= window_end(day, t); s++) {
        double g_per_kwh = saving(day, t, s);
        if (!day->is_narrow[s] && g_per_kwh > best) {
            other = best > other ? best : other;
            best = g_per_kwh;
            destination = s;
        } else if (day->is_narrow[s] ? day->narrow[s].room_kwh > 0 : g_per_kwh < best) {
            other = g_per_kwh > other ? g_per_kwh : other;
        } /* else as good, but later: never more than the first, which has the room */
    }
    day->destination[t] = destination;
    day->runner_up[t] = other;
    day->coefficient[t] = rounded_up(best);
}

/* For all that can reach s. */
static void find_destinations(struct greedy_day *day, int s)
{
    for (int t = window_start(day, s); t <= window_end(day, s); t++)
        find_destination(day, t);
}

static void list_narrow(struct greedy_day *day)
{
    size_t n = 0;
    for (int s = 0; s < day->account->day->n_slots; s++)
        if (day->is_narrow[s] && day->narrow[s].room_kwh > 0)
            day->not_full[n++] = &day->narrow[s];
    day->view.n_narrow = n;
}

static void set_narrow_room(struct greedy_day *day, int s)
{
    double room_kwh = day->account->room_kwh[s];
    float room = room_kwh > LS_KWH_EPSILON ? rounded_up(room_kwh) : 0;
    bool was_full = day->narrow[s].room_kwh <= 0;
    day->narrow[s].room_kwh = room;
    if (was_full == (room <= 0))
        return;
    list_narrow(day);
    find_destinations(day, s);
}

static void set_narrow(struct greedy_day *day, int s, bool narrow)
{
    day->is_narrow[s] = narrow;
    day->narrow[s].room_kwh = 0;
    if (narrow)
        set_narrow_room(day, s);
    else
        list_narrow(day);
    find_destinations(day, s);
}

/* The room of a slot has changed. */
static void watch_room(struct greedy_day *day, int s, bool more)
{
    if (!day->is_narrow[s])
        return;
    set_narrow_room(day, s);
    if (more && day->account->room_kwh[s] > WIDE_AGAIN * day->refused_kwh[s])
        set_narrow(day, s, false);
}

/* ---- limits on each source ---- */

static double group_left(const struct greedy_day *day, const struct turn *turn, int group)
{
    const struct ls_account *account = day->account;
    const struct ls_limits *limits = &account->limits;
    if (limits->peak_shared)
        return account->group_kwh[group];
    double kwh = 0;
    for (int t = day->first_in_group[group]; t >= 0; t = day->next_in_group[t])
        if (turn->usage[t] != LS_MISSING)
            kwh += turn->usage[t] / account->day->quanta_per_kwh;
    kwh *= limits->peak_fraction;
    const struct ls_move *moves = *account->moves;
    for (size_t m = turn->first_move; m < account->plan->n_moves; m++)
        if (limits->group[moves[m].source] == group)
            kwh -= moves[m].kwh;
    return kwh;
}

/* ls_cityday_avail_kwh() of a known reading, without its calls. */
static inline double avail_of(const struct ls_cityday *city, size_t customer, int t, double usage_kwh)
{
    if (city->floor_kwh == NULL)
        return usage_kwh;
    double floor_kwh = city->floor_kwh[customer * LS_HOURS_A_DAY + (size_t)(city->wall_minute[t] / 60)];
    return usage_kwh - (floor_kwh < usage_kwh ? floor_kwh : usage_kwh);
}

static struct ls_greedy_source source_of(const struct greedy_day *day, const struct turn *turn, int t)
{
    const struct ls_account *account = day->account;
    int group = account->limits.group[t];
    if (turn->usage[t] == LS_MISSING)
        return (struct ls_greedy_source){.slot = t};
    double usage_kwh = turn->usage[t] / account->day->quanta_per_kwh;
    double avail_kwh = avail_of(account->day, turn->customer, t, usage_kwh);
    double peak_kwh = group >= 0 ? group_left(day, turn, group) : INFINITY;
    double most_kwh = avail_kwh < peak_kwh ? avail_kwh : peak_kwh;
    return (struct ls_greedy_source){.slot = t,
                                     .usage_kwh = usage_kwh,
                                     .avail_kwh = avail_kwh,
                                     .peak_kwh = peak_kwh,
                                     .most_kwh =
                                         most_kwh < account->budget_kwh ? most_kwh : account->budget_kwh};
}

/* After a move from t: a source is used once, and its peak group has less. */
static void limit_sources(struct greedy_day *day, const struct turn *turn, int t)
{
    const struct ls_limits *limits = &day->account->limits;
    int group = limits->group[t];
    if (group >= 0) {
        float left = rounded_up(group_left(day, turn, group));
        for (int other = day->first_in_group[group]; other >= 0; other = day->next_in_group[other]) {
            if (limits->peak_shared)
                day->limit_between_turns[other] = left;
            day->limit[other] = fminf(day->limit[other], left);
        }
    }
    day->limit[t] = 0;
}

/* Undoes what the customer's moves did to the limits of its sources alone. */
static void restore_limits(struct greedy_day *day, const struct turn *turn)
{
    const struct ls_account *account = day->account;
    for (size_t m = turn->first_move; m < account->plan->n_moves; m++) {
        int t = (*account->moves)[m].source, group = account->limits.group[t];
        day->limit[t] = day->limit_between_turns[t];
        for (t = group >= 0 ? day->first_in_group[group] : NOWHERE; t >= 0; t = day->next_in_group[t])
            day->limit[t] = day->limit_between_turns[t];
    }
}

static bool is_used(const struct greedy_day *day, const struct turn *turn, int t)
{
    const struct ls_move *moves = *day->account->moves;
    for (size_t m = turn->first_move; m < day->account->plan->n_moves; m++)
        if (moves[m].source == t)
            return true;
    return false;
}

/* ---- a turn ---- */

static void try_source(const struct greedy_day *day, const struct turn *turn,
                       const struct ls_greedy_source *source, double *best_g, struct ls_flow *best)
{
    int t = source->slot;
    if (turn->open[t] && source->avail_kwh > LS_KWH_EPSILON)
        ls_greedy_try(source, window_start(day, t), window_end(day, t), day->account->day->mef_g_per_kwh,
                      turn->open, day->account->room_kwh, 0, best_g, best);
}

/* The best pair of the sources with a bound above `above_g`; all of them when that is negative. */
static double try_sources(const struct greedy_day *day, const struct turn *turn, double above_g,
                          struct ls_flow *best)
{
    double best_g = 0;
    for (int t = 0; t < day->account->day->n_slots; t++) {
        if (day->bounds_g[t] <= above_g || is_used(day, turn, t))
            continue;
        struct ls_greedy_source source = source_of(day, turn, t);
        try_source(day, turn, &source, &best_g, best);
    }
    return best_g;
}

/* The best pair, when that of the highest bound, which saves `found_g`, need not be it. */
static bool choose_among(const struct greedy_day *day, const struct turn *turn, double found_g,
                         struct ls_flow *best)
{
    ls_greedy_bounds(&day->view, turn->customer, day->bounds_g);
    double above_g = found_g * (1 - 1e-9) - 2 * slack(day, found_g);
    double best_g = above_g > 0 ? try_sources(day, turn, above_g, best) : 0;
    if (above_g > 0 && best_g > above_g + slack(day, best_g))
        return true;
    return try_sources(day, turn, -1, best) > 0;
}

/* The source sends all it may to the cleanest destination, and nothing else comes near. */
static bool takes_cleanest(const struct greedy_day *day, const struct ls_greedy_source *source,
                           double others_g, struct ls_flow *best)
{
    const double *mef = day->account->day->mef_g_per_kwh;
    int t = source->slot, s = day->destination[t];
    double kwh = source->most_kwh, gain_g = (mef[t] - mef[s]) * kwh;
    others_g = fmax(others_g, day->runner_up[t] * kwh);
    if (kwh <= LS_KWH_EPSILON || gain_g <= others_g + slack(day, gain_g))
        return false;
    double room_kwh = day->account->room_kwh[s];
    *best = (struct ls_flow){
        .source = t,
        .destination = s,
        .kwh = kwh,
        .limited_by = ls_greedy_limit(source->usage_kwh, source->avail_kwh, source->peak_kwh, room_kwh, kwh)};
    return true;
}

/* The best pair that is left, given the highest bounds as things stand; false when nothing gains. */
static bool choose(struct greedy_day *day, const struct turn *turn, struct ls_greedy_top top,
                   struct ls_flow *best)
{
    const double *room_kwh = day->account->room_kwh;
    for (;;) {
        if ((double)ls_greedy_key_bound(&day->view, top.key[0]) <= LS_GAIN_EPSILON)
            return false;
        int t = ls_greedy_key_slot(&day->view, top.key[0]), s = day->destination[t];
        double others_g = (double)ls_greedy_key_bound(&day->view, top.key[1]), best_g = 0;
        struct ls_greedy_source source = source_of(day, turn, t);
        if (s != NOWHERE && turn->open[s] && turn->open[t]) {
            if (room_kwh[s] < source.most_kwh) {
                day->refused_kwh[s] = source.most_kwh;
                set_narrow(day, s, true);
                top = ls_greedy_top_now(&day->view, turn->customer);
                continue;
            }
            if (takes_cleanest(day, &source, others_g, best))
                return true;
        }
        try_source(day, turn, &source, &best_g, best);
        return best_g > others_g + slack(day, best_g) || choose_among(day, turn, best_g, best);
    }
}

static const bool *open_slots(struct greedy_day *day, size_t customer, const int32_t *usage)
{
    const struct ls_account *account = day->account;
    if (account->day->whole[customer])
        return account->limits.open;
    for (int t = 0; t < account->day->n_slots; t++)
        day->open[t] = account->limits.open[t] && usage[t] != LS_MISSING;
    return day->open;
}

static int make_move(struct greedy_day *day, const struct turn *turn, const struct ls_flow *flow,
                     struct ls_error *error)
{
    struct ls_account *account = day->account;
    int status = ls_account_reserve(account, 1, error);
    if (status != 0)
        return status;
    ls_account_take(account, flow);
    ls_account_record(account, turn->customer, flow);
    day->view.budget_kwh = rounded_up(account->budget_kwh);
    watch_room(day, flow->destination, false);
    watch_room(day, flow->source, true);
    limit_sources(day, turn, flow->source);
    return 0;
}

static int serve(struct greedy_day *day, size_t customer, int most_moves, struct ls_error *error)
{
    struct ls_account *account = day->account;
    const int32_t *usage = account->day->usage + customer * (size_t)account->day->n_slots;
    struct turn turn = {.customer = customer,
                        .first_move = account->plan->n_moves,
                        .usage = usage,
                        .open = open_slots(day, customer, usage)};
    float bound_g;
    struct ls_greedy_top top = ls_greedy_first_top(&day->view, customer, most_moves, &bound_g);
    struct ls_flow flow = {0};
    int made = 0;
    while (made < most_moves && account->budget_kwh > LS_KWH_EPSILON && choose(day, &turn, top, &flow)) {
        int status = make_move(day, &turn, &flow, error);
        if (status != 0)
            return status;
        if (++made < most_moves)
            top = ls_greedy_top_now(&day->view, customer);
    }
    restore_limits(day, &turn);
    account->customers[customer].sources = made;
    account->plan->customers_served++;
    account->plan->customers_moving += made > 0;
    account->plan->bound_marg_g += (double)bound_g;
    return 0;
}

/* ---- all turns ---- */

/* What all customers from `from` on can save at most, as things were before anybody moved. */
static double bound_rest(const struct greedy_day *day, size_t from)
{
    const struct ls_account *account = day->account;
    double sum_g = 0;
    for (size_t i = from; i < account->day->n_customers; i++) {
        float bound_g;
        (void)ls_greedy_first_top(&day->view, i,
                                  ls_limits_moves(&account->limits, ls_account_quota(account, i)), &bound_g);
        sum_g += (double)bound_g;
    }
    return sum_g;
}

static void report(struct greedy_day *day, size_t done)
{
    const struct ls_account *account = day->account;
    if (account->options->progress == NULL || ls_clock_seconds() - day->reported_s < PROGRESS_SECONDS)
        return;
    day->reported_s = ls_clock_seconds();
    struct ls_progress progress = {.done = done,
                                   .in_all = account->day->n_customers,
                                   .incumbent_g = account->plan->saved_marg_g,
                                   .bound_g = account->plan->saved_marg_g + bound_rest(day, done)};
    account->options->progress(account->options->user, &progress);
}

/* Whoever is not served keeps the quota. */
static void leave_unserved(struct greedy_day *day, size_t from)
{
    struct ls_account *account = day->account;
    account->plan->outcome = LS_OUTCOME_CANCELLED;
    account->plan->bound_marg_g += bound_rest(day, from);
    for (size_t i = from; i < account->day->n_customers; i++)
        account->customers[i].quota_left = ls_account_quota(account, i);
}

static int serve_all(struct greedy_day *day, struct ls_error *error)
{
    struct ls_account *account = day->account;
    const struct ls_cityday *city = account->day;
    const atomic_bool *cancel = account->options->cancel;
    for (size_t i = 0; i < city->n_customers; i++) {
        if (cancel != NULL && atomic_load_explicit(cancel, memory_order_relaxed)) {
            leave_unserved(day, i);
            break;
        }
        if (city->floor_kwh != NULL && i + ROWS_AHEAD < city->n_customers)
            ls_fetch(city->floor_kwh + (i + ROWS_AHEAD) * LS_HOURS_A_DAY, LS_HOURS_A_DAY * sizeof(double));
        int quota_left = ls_account_quota(account, i);
        account->customers[i].quota_left = quota_left;
        account->plan->customers_no_quota += quota_left == 0;
        int status = serve(day, i, ls_limits_moves(&account->limits, quota_left), error);
        if (status != 0)
            return status;
        if (i % PROGRESS_TURNS == 0)
            report(day, i + 1);
    }
    return 0;
}

/* ---- before the first turn ---- */

static void chain_groups(struct greedy_day *day)
{
    const struct ls_limits *limits = &day->account->limits;
    for (int g = 0; g < limits->n_groups; g++)
        day->first_in_group[g] = NOWHERE;
    for (int t = day->account->day->n_slots - 1; t >= 0; t--) {
        int group = limits->group[t];
        day->next_in_group[t] = group >= 0 ? day->first_in_group[group] : NOWHERE;
        if (group >= 0)
            day->first_in_group[group] = t;
    }
}

static enum ls_greedy_peaks shape_of_peaks(const struct greedy_day *day)
{
    const struct ls_limits *limits = &day->account->limits;
    if (limits->n_groups == 0 || limits->peak_shared)
        return LS_GREEDY_PEAKS_NONE;
    bool singles = true, pairs = true;
    for (int g = 0; g < limits->n_groups; g++) {
        int t = day->first_in_group[g], next = day->next_in_group[t];
        singles = singles && next < 0;
        pairs = pairs && t % 2 == 0 && next == t + 1 && day->next_in_group[next] < 0;
    }
    return singles ? LS_GREEDY_PEAKS_SINGLES : pairs ? LS_GREEDY_PEAKS_PAIRS : LS_GREEDY_PEAKS_ANY;
}

static void set_limits(struct greedy_day *day)
{
    const struct ls_account *account = day->account;
    const struct ls_limits *limits = &account->limits;
    float part = rounded_up(limits->peak_fraction / account->day->quanta_per_kwh);
    float budget = rounded_up(account->budget_kwh);
    for (size_t t = 0; t < day->view.stride; t++) {
        int group = t < (size_t)account->day->n_slots ? limits->group[t] : NOWHERE;
        bool own = group >= 0 && !limits->peak_shared;
        day->peak_part[t] = own ? part : 0;
        day->peak_off[t] = own ? 0 : INFINITY;
        day->limit[t] = group >= 0 && !own ? rounded_up(account->group_kwh[group]) : INFINITY;
        day->limit_between_turns[t] = day->limit[t];
        day->best_limit[t] = fminf(day->limit[t], budget);
    }
    day->view.budget_kwh = budget;
}

static void set_destinations(struct greedy_day *day)
{
    int n = day->account->day->n_slots;
    for (int t = 0; t < n; t++)
        find_destination(day, t);
    memcpy(day->best, day->coefficient, day->view.stride * sizeof *day->best);
    for (int s = 0; s < n; s++)
        if (day->account->room_kwh[s] <= LS_KWH_EPSILON) {
            day->refused_kwh[s] = LS_KWH_EPSILON;
            set_narrow(day, s, true);
        }
}

/* A row of savings for each destination, as long as its window needs. */
static int make_narrow(struct greedy_day *day)
{
    size_t n = (size_t)day->account->day->n_slots, cells = 0;
    for (size_t s = 0; s < n; s++) {
        struct ls_greedy_narrow *narrow = &day->narrow[s];
        narrow->from = (size_t)window_start(day, (int)s) / LS_LANES * LS_LANES;
        narrow->to = ((size_t)window_end(day, (int)s) / LS_LANES + 1) * LS_LANES;
        cells += narrow->to - narrow->from;
    }
    float *rows = ls_arena_array(&day->arena, cells, sizeof *rows);
    if (rows == NULL)
        return LS_ERR_MEMORY;
    for (size_t s = 0; s < n; s++) {
        struct ls_greedy_narrow *narrow = &day->narrow[s];
        narrow->saving = rows;
        for (int t = window_start(day, (int)s); t <= window_end(day, (int)s); t++)
            rows[(size_t)t - narrow->from] = rounded_up(saving(day, t, (int)s));
        rows += narrow->to - narrow->from;
    }
    return 0;
}

static int allocate(struct greedy_day *day)
{
    size_t n = (size_t)day->account->day->n_slots, stride = day->view.stride;
    float **const rows[] = {&day->peak_part,   &day->peak_off, &day->best,
                            &day->best_limit,  &day->limit,    &day->limit_between_turns,
                            &day->coefficient, &day->bounds_g};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((*rows[i] = ls_arena_array(&day->arena, stride, sizeof(float))) == NULL)
            return LS_ERR_MEMORY;
    day->destination = ls_arena_array(&day->arena, n, sizeof *day->destination);
    day->runner_up = ls_arena_array(&day->arena, n, sizeof *day->runner_up);
    day->is_narrow = ls_arena_array(&day->arena, n, sizeof *day->is_narrow);
    day->refused_kwh = ls_arena_array(&day->arena, n, sizeof *day->refused_kwh);
    day->narrow = ls_arena_array(&day->arena, n, sizeof *day->narrow);
    day->not_full = ls_arena_array(&day->arena, n, sizeof *day->not_full);
    day->next_in_group = ls_arena_array(&day->arena, n, sizeof *day->next_in_group);
    day->first_in_group = ls_arena_array(&day->arena, n, sizeof *day->first_in_group);
    day->open = ls_arena_array(&day->arena, n, sizeof *day->open);
    if (day->destination == NULL || day->runner_up == NULL || day->is_narrow == NULL ||
        day->refused_kwh == NULL || day->narrow == NULL || day->not_full == NULL ||
        day->next_in_group == NULL || day->first_in_group == NULL || day->open == NULL)
        return LS_ERR_MEMORY;
    return make_narrow(day);
}

static void start(struct greedy_day *day)
{
    const struct ls_cityday *city = day->account->day;
    struct ls_greedy_view *view = &day->view;
    view->n_slots = city->n_slots;
    view->avail_kwh = city->avail_kwh;
    view->usage = city->usage;
    view->peak_part = day->peak_part;
    view->peak_off = day->peak_off;
    view->n_groups = day->account->limits.n_groups;
    view->group = day->account->limits.group;
    view->best = day->best;
    view->best_limit = day->best_limit;
    view->coefficient = day->coefficient;
    view->limit = day->limit;
    view->narrow = day->not_full;
    for (view->index_mask = 1; (size_t)view->index_mask < view->stride - 1;)
        view->index_mask = 2 * view->index_mask + 1;
    chain_groups(day);
    view->peaks = shape_of_peaks(day);
    set_limits(day);
    set_destinations(day);
    int window = 2 * day->account->limits.window_slots + 1;
    day->pairs = (double)city->n_slots * (window < city->n_slots ? window : city->n_slots) + 2;
}

bool ls_greedy_fits_day(const struct ls_account *account)
{
    for (int t = 0; t < account->day->n_slots; t++)
        if (account->limits.open[t] && !(fabs(account->day->mef_g_per_kwh[t]) <= MEF_MOST))
            return false;
    return account->day->n_customers > 0 && account->limits.smallest_fraction <= 0;
}

int ls_greedy_serve_day(struct ls_account *account, struct ls_error *error)
{
    int most = account->limits.moves_per_day < RESERVE_MOVES ? account->limits.moves_per_day : RESERVE_MOVES;
    int status = ls_account_reserve(account, account->day->n_customers * (size_t)most, error);
    struct greedy_day day = {.account = account, .view = {.stride = account->day->avail_stride}};
    if (status == 0 && allocate(&day) != 0)
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for the greedy engine");
    if (status == 0) {
        start(&day);
        status = serve_all(&day, error);
    }
    ls_arena_release(&day.arena);
    return status;
}
