/*
 * The greedy engine over a whole city-day: the moves of greedy.c, turn by turn, many times faster.
 *
 * Factors are the same for all customers, so what a kWh of each source can save is known before anybody is
 * looked at (greedy_reach.h). Customers lie in the order of service, in tiles. All sources of a tile are
 * bounded at once (greedy_kernel.h), and those with the highest bounds are kept. From them most moves follow
 * before their turn (greedy_sure.h). Where they do not, the sources that were kept are worked out one by one,
 * with the code of greedy.c, until what one of them saves is more than all that the others can.
 *
 * Why the pair is that of greedy.c. There a pair wins by more than e = LS_GAIN_EPSILON over the best before
 * it, in the order of sources and destinations. Leave out pairs none of which saves more than L. As long as
 * the two scans hold different pairs, neither holds more than L + m e after m pairs: they part when a pair
 * that was left out is taken (at most L), and from then on what one takes and the other does not is at most e
 * above what the other holds. So if what remains yields more than L + (all pairs) e, both ended with the same
 * pair. ls_greedy_slack() is that, and the rounding of best + e. Where the best is not that far ahead of the
 * others, all sources are worked out in their order.
 *
 * A tile's bounds stay right while budget and allowances fall. Destinations that fill up (narrow ones) are
 * left out of them and held against each choice with their room of that moment. When another one becomes
 * narrow, or wide again, the tile is looked at anew.
 */
#include "solve/account.h"
#include "solve/greedy_reach.h"
#include "solve/greedy_source.h"
#include "solve/greedy_sure.h"

#include "base/clock.h"
#include "base/fetch.h"

#include <float.h>
#include <math.h>

#define TILES_AHEAD      3 /* whose rows are fetched */
#define SURE_MOVES       2
#define PROGRESS_TURNS   64 /* between looks at the clock */
#define PROGRESS_SECONDS 0.05
#define RESERVE_MOVES    2    /* a customer, at the start */
#define MEF_MOST         1e12 /* g/kWh; beyond, single precision could overflow */

struct greedy_day {
    struct ls_account *account;
    struct ls_arena arena;
    struct ls_greedy_reach reach;
    struct ls_greedy_outlook outlook;                 /* of the tile at hand */
    struct ls_greedy_move sure[SURE_MOVES][LS_LANES]; /* its customers' moves, in their order */
    float *allowance_kwh;                             /* [n_peaks * LS_LANES] */
    float *bounds_g, *sums_g;                         /* [n_slots] */
    bool *open;                                       /* [n_slots] for a customer with missing readings */
    uint64_t *tried;  /* [n_slots] the choice for which the source was tried last */
    uint64_t choices; /* so far */
    bool listed;      /* bounds_g and sources are of the customer whose turn it is */
    int *sources;     /* [n_sources] that may gain */
    size_t n_sources;
    double reported_s;
};

/* A customer's turn. */
struct turn {
    size_t customer;
    size_t first_move; /* in the plan's list */
    const bool *open;
};

/* ---- a tile ---- */

/* A customer's share of what is read of a tile that comes later. Lines that follow one another make
 * processors fetch what follows them. */
static inline __attribute__((always_inline)) void fetch_ahead(const struct greedy_day *day, size_t customer)
{
    const struct ls_cityday *city = day->account->day;
    size_t later = customer + (size_t)TILES_AHEAD * LS_LANES, n_slots = (size_t)city->n_slots;
    if (later >= city->n_customers)
        return;
    ls_fetch(city->usage + later * n_slots, n_slots * sizeof *city->usage);
    ls_fetch(city->avail_kwh + later * n_slots, n_slots * sizeof *city->avail_kwh);
    if (city->floor_kwh != NULL)
        ls_fetch(city->floor_kwh + later * LS_HOURS_A_DAY, LS_HOURS_A_DAY * sizeof *city->floor_kwh);
}

/* Bounds the tile's sources and finds the moves that are sure, as things stand. */
static void look(struct greedy_day *day, size_t tile)
{
    const struct ls_greedy_view *view = &day->reach.view;
    day->reach.view.budget_kwh = ls_greedy_round_up(day->account->budget_kwh);
    day->reach.changed = false;
    day->listed = false;
    ls_greedy_look(view, tile, day->allowance_kwh, &day->outlook);
    ls_greedy_weigh_first(view, tile, &day->outlook, day->sure[0]);
    if (view->most_moves > 1)
        ls_greedy_weigh_second(view, tile, &day->outlook, day->sure[0], day->sure[1]);
}

/* ---- a source, exactly ---- */

static struct ls_greedy_source source_of(const struct greedy_day *day, const struct turn *turn, int t)
{
    const struct ls_account *account = day->account;
    const struct ls_limits *limits = &account->limits;
    const struct ls_move *moves = *account->moves;
    struct ls_greedy_source source = ls_greedy_measure(&day->reach.view, turn->customer, t);
    int group = limits->group[t];
    if (limits->peak_shared && group >= 0)
        source.peak_kwh = account->group_kwh[group];
    for (size_t m = turn->first_move; !limits->peak_shared && m < account->plan->n_moves; m++)
        if (group >= 0 && limits->group[moves[m].source] == group)
            source.peak_kwh -= moves[m].kwh;
    source.most_kwh = ls_lesser(ls_lesser(source.avail_kwh, source.peak_kwh), account->budget_kwh);
    return source;
}

static bool is_used(const struct greedy_day *day, const struct turn *turn, int t)
{
    const struct ls_move *moves = *day->account->moves;
    for (size_t m = turn->first_move; m < day->account->plan->n_moves; m++)
        if (moves[m].source == t)
            return true;
    return false;
}

/* May anything leave the slot? */
static bool is_source(const struct greedy_day *day, const struct turn *turn, int t)
{
    return turn->open[t] && !is_used(day, turn, t);
}

static void try_source(const struct greedy_day *day, const struct turn *turn,
                       const struct ls_greedy_source *source, double *best_g, struct ls_flow *best)
{
    if (source->avail_kwh > LS_KWH_EPSILON)
        ls_greedy_try(source, ls_greedy_window_start(&day->reach, source->slot),
                      ls_greedy_window_end(&day->reach, source->slot), day->account->day->mef_g_per_kwh,
                      turn->open, day->account->room_kwh, 0, best_g, best);
}

/* The source sends all it may to the cleanest destination, and no other of its destinations comes near:
 * what that saves, or 0. */
static double send_to_cleanest(struct greedy_day *day, const struct turn *turn,
                               const struct ls_greedy_source *source, struct ls_flow *out)
{
    const double *mef = day->account->day->mef_g_per_kwh;
    int t = source->slot, s = day->reach.view.destination[t];
    double kwh = source->most_kwh;
    if (s == LS_NOWHERE || !turn->open[s] || kwh <= LS_KWH_EPSILON)
        return 0;
    double room_kwh = day->account->room_kwh[s];
    if (room_kwh < kwh) {
        ls_greedy_reach_refuse(&day->reach, s, kwh);
        return 0;
    }
    double gain_g = (mef[t] - mef[s]) * kwh, others_g = day->reach.view.runner_up[t] * kwh;
    for (size_t i = 0; i < day->reach.n_not_full; i++)
        if (t >= day->reach.not_full[i]->from && t <= day->reach.not_full[i]->to)
            others_g = fmax(others_g, ls_greedy_reach_bound(&day->reach, day->reach.not_full[i], t, kwh));
    if (gain_g <= others_g + ls_greedy_slack(&day->reach.view, gain_g))
        return 0;
    *out = (struct ls_flow){
        .source = t,
        .destination = s,
        .kwh = kwh,
        .limited_by = ls_greedy_limit(source->usage_kwh, source->avail_kwh, source->peak_kwh, room_kwh, kwh)};
    return gain_g;
}

/* The best that the source can do; 0 when that is nothing. */
static double work_out(struct greedy_day *day, const struct turn *turn, int t, struct ls_flow *out)
{
    if (!is_source(day, turn, t))
        return 0;
    struct ls_greedy_source source = source_of(day, turn, t);
    double gain_g = send_to_cleanest(day, turn, &source, out);
    if (gain_g <= 0)
        try_source(day, turn, &source, &gain_g, out);
    return gain_g;
}

/* ---- a turn ---- */

/* What stands above the floor, rounded up. */
static double avail_most(const struct greedy_day *day, size_t customer, int t)
{
    const struct ls_cityday *city = day->account->day;
    return (double)city->avail_kwh[ls_cityday_tile_place(city->n_slots, customer, t)] *
           (1 + LS_GREEDY_MARGIN);
}

/* The best of the sources tried so far, and what the others of them save at most. */
struct choice {
    struct ls_flow best;
    double best_g, others_g;
};

/* Returns what the source saves. */
static double try(struct greedy_day *day, const struct turn *turn, int t, struct choice *choice)
{
    struct ls_flow flow;
    day->tried[t] = day->choices;
    double gain_g = work_out(day, turn, t, &flow);
    choice->others_g = fmax(choice->others_g, fmin(choice->best_g, gain_g));
    if (gain_g > choice->best_g) {
        choice->best_g = gain_g;
        choice->best = flow;
    }
    return gain_g;
}

static bool is_best(const struct greedy_day *day, const struct choice *choice, double bound_g)
{
    return choice->best_g > bound_g + ls_greedy_slack(&day->reach.view, choice->best_g);
}

/* Tries sources by their keys; false when there may be others as good. */
static bool try_keys(struct greedy_day *day, const struct turn *turn, struct choice *choice)
{
    const struct ls_greedy_view *view = &day->reach.view;
    for (int k = 0; k < day->outlook.n_keys; k++) {
        int32_t key = day->outlook.key[k][turn->customer % LS_LANES];
        double bound_g = (double)ls_greedy_key_bound(view, key);
        if (bound_g <= LS_GAIN_EPSILON || is_best(day, choice, bound_g))
            return true;
        (void)try(day, turn, ls_greedy_key_slot(view, key), choice);
    }
    int32_t last = day->outlook.key[day->outlook.n_keys - 1][turn->customer % LS_LANES];
    return is_best(day, choice, (double)ls_greedy_key_bound(view, last));
}

/* Sinks the source at this place of the list to where its bound puts it; out of it when it cannot gain. */
static void sink(struct greedy_day *day, size_t place)
{
    int t = day->sources[place];
    float bound_g = day->bounds_g[t];
    for (; place + 1 < day->n_sources && day->bounds_g[day->sources[place + 1]] > bound_g; place++)
        day->sources[place] = day->sources[place + 1];
    day->sources[place] = t;
    if ((double)bound_g <= LS_GAIN_EPSILON)
        day->n_sources = place;
}

/* The sources of a customer that may gain, by their bounds, descending. */
static void list_sources(struct greedy_day *day, size_t customer)
{
    ls_greedy_bounds(&day->reach.view, customer, day->bounds_g);
    day->n_sources = 0;
    for (int t = 0; t < day->account->day->n_slots; t++) {
        size_t place = day->n_sources;
        if ((double)day->bounds_g[t] <= LS_GAIN_EPSILON)
            continue;
        for (; place > 0 && day->bounds_g[day->sources[place - 1]] < day->bounds_g[t]; place--)
            day->sources[place] = day->sources[place - 1];
        day->sources[place] = t;
        day->n_sources++;
    }
    day->listed = true;
}

/* Tries sources by all of the customer's bounds. These are made once a turn, in which they only fall, and
 * lowered to what was found. */
static void try_bounds(struct greedy_day *day, const struct turn *turn, struct choice *choice)
{
    if (!day->listed)
        list_sources(day, turn->customer);
    for (size_t place = 0; place < day->n_sources;) {
        int t = day->sources[place];
        if (day->tried[t] == day->choices) {
            place++;
            continue;
        }
        if (is_best(day, choice, (double)day->bounds_g[t]))
            return;
        day->bounds_g[t] = ls_greedy_round_up(try(day, turn, t, choice));
        sink(day, place);
    }
}

/* Tries what the narrow destination may serve better. */
static void try_narrow(struct greedy_day *day, const struct turn *turn, const struct ls_greedy_narrow *narrow,
                       struct choice *choice)
{
    for (int t = narrow->from; t <= narrow->to && !is_best(day, choice, narrow->most_g); t++) {
        double kwh = avail_most(day, turn->customer, t);
        if (day->tried[t] != day->choices &&
            !is_best(day, choice, ls_greedy_reach_bound(&day->reach, narrow, t, kwh)))
            (void)try(day, turn, t, choice);
    }
}

/* The best pair, when several sources save within the slack of what was found: in the order of greedy.c. */
static bool choose_in_order(const struct greedy_day *day, const struct turn *turn, struct ls_flow *best)
{
    double best_g = 0;
    for (int t = 0; t < day->account->day->n_slots; t++) {
        if (!is_source(day, turn, t))
            continue;
        struct ls_greedy_source source = source_of(day, turn, t);
        try_source(day, turn, &source, &best_g, best);
    }
    return best_g > 0;
}

/* The best pair that is left; false when nothing gains. */
static bool choose(struct greedy_day *day, const struct turn *turn, struct ls_flow *best)
{
    struct choice choice = {.best_g = 0};
    day->choices++;
    if (!try_keys(day, turn, &choice))
        try_bounds(day, turn, &choice);
    for (size_t i = 0; i < day->reach.n_not_full; i++)
        try_narrow(day, turn, day->reach.not_full[i], &choice);
    if (choice.best_g <= 0)
        return false;
    *best = choice.best;
    return is_best(day, &choice, choice.others_g) || choose_in_order(day, turn, best);
}

static const bool *open_slots(struct greedy_day *day, size_t customer)
{
    const struct ls_account *account = day->account;
    const int32_t *usage = account->day->usage + ls_cityday_tile_place(account->day->n_slots, customer, 0);
    if (account->day->whole[customer])
        return account->limits.open;
    for (int t = 0; t < account->day->n_slots; t++)
        day->open[t] = account->limits.open[t] && usage[t * LS_LANES] != LS_MISSING;
    return day->open;
}

/* What no plan of the customer can save, as things were before anybody moved [g]. */
static double bound(const struct greedy_day *day, size_t customer, int moves,
                    const struct ls_greedy_outlook *tile)
{
    size_t lane = customer % LS_LANES;
    int n = day->account->day->n_slots;
    double sum_g = 0;
    if (moves >= n && moves > LS_GREEDY_BEST)
        sum_g = (double)tile->all_g[lane] * (1 + n * 0.5 * (double)FLT_EPSILON);
    else if (moves > LS_GREEDY_BEST)
        sum_g = ls_greedy_sum_best(&day->reach.view, customer, moves, day->sums_g);
    else
        for (int k = 0; k < moves; k++)
            sum_g += (double)tile->best_g[k][lane];
    return sum_g * (1 + LS_GREEDY_MARGIN);
}

static void make_move(struct greedy_day *day, size_t customer, const struct ls_flow *flow)
{
    ls_account_take(day->account, flow);
    ls_account_record(day->account, customer, flow);
    ls_greedy_reach_follow(&day->reach, flow);
}

/* No source of the customer saves as much with a narrow destination. */
static bool beats_narrow(const struct greedy_day *day, size_t customer, double saved_g)
{
    double below_g = saved_g - ls_greedy_slack(&day->reach.view, saved_g);
    for (size_t i = 0; i < day->reach.n_not_full; i++) {
        const struct ls_greedy_narrow *narrow = day->reach.not_full[i];
        for (int t = narrow->from; t <= narrow->to && narrow->most_g >= below_g; t++)
            if (ls_greedy_reach_bound(&day->reach, narrow, t, avail_most(day, customer, t)) >= below_g)
                return false;
    }
    return true;
}

/* Makes a move that is sure, if it still fits. */
static bool make_sure_move(struct greedy_day *day, size_t customer, const struct ls_greedy_move *move)
{
    const struct ls_account *account = day->account;
    const struct ls_flow *flow = &move->flow;
    if (!move->sure || account->room_kwh[flow->destination] < flow->kwh || account->budget_kwh < flow->kwh)
        return false;
    int group = account->limits.group[flow->source];
    if ((account->limits.peak_shared && group >= 0 && account->group_kwh[group] <= flow->kwh) ||
        !beats_narrow(day, customer, move->saved_g))
        return false;
    make_move(day, customer, flow);
    return true;
}

/* Makes the moves that are not sure; `made` counts all. */
static int make_moves(struct greedy_day *day, size_t customer, size_t first_move, int most_moves, int *made,
                      struct ls_error *error)
{
    struct ls_account *account = day->account;
    struct turn turn = {.customer = customer, .first_move = first_move, .open = open_slots(day, customer)};
    struct ls_flow flow;
    day->listed = false;
    for (; *made < most_moves && account->budget_kwh > LS_KWH_EPSILON; ++*made) {
        if (day->reach.changed)
            look(day, customer / LS_LANES);
        if (!choose(day, &turn, &flow))
            return 0;
        int status = ls_account_reserve(account, 1, error);
        if (status != 0)
            return status;
        make_move(day, customer, &flow);
    }
    return 0;
}

static int serve(struct greedy_day *day, size_t customer, struct ls_error *error)
{
    struct ls_account *account = day->account;
    struct ls_plan *plan = account->plan;
    int quota_left = ls_account_quota(account, customer);
    int most_moves = ls_limits_moves(&account->limits, quota_left), made = 0;
    size_t first_move = plan->n_moves;
    int status = ls_account_reserve(account, SURE_MOVES, error);
    account->customers[customer] = (struct ls_customer_result){.quota_left = quota_left};
    while (made < most_moves && made < SURE_MOVES && !day->reach.changed &&
           make_sure_move(day, customer, &day->sure[made][customer % LS_LANES]))
        made++;
    if (status == 0 && made < most_moves)
        status = make_moves(day, customer, first_move, most_moves, &made, error);
    account->customers[customer].sources = made;
    plan->customers_no_quota += quota_left == 0;
    plan->customers_served++;
    plan->customers_moving += made > 0;
    plan->bound_marg_g += bound(day, customer, most_moves, &day->outlook);
    return status;
}

/* ---- all turns ---- */

/* What all customers from `from` on can save at most, as things were before anybody moved. */
static double bound_rest(struct greedy_day *day, size_t from)
{
    const struct ls_account *account = day->account;
    struct ls_greedy_outlook tile;
    double sum_g = 0;
    for (size_t i = from; i < account->day->n_customers; i++) {
        if (i == from || i % LS_LANES == 0)
            ls_greedy_look(&day->reach.view, i / LS_LANES, day->allowance_kwh, &tile);
        sum_g += bound(day, i, ls_limits_moves(&account->limits, ls_account_quota(account, i)), &tile);
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
        account->customers[i] = (struct ls_customer_result){.quota_left = ls_account_quota(account, i)};
}

static int serve_all(struct greedy_day *day, struct ls_error *error)
{
    const struct ls_account *account = day->account;
    const atomic_bool *cancel = account->options->cancel;
    for (size_t i = 0; i < account->day->n_customers; i++) {
        if (cancel != NULL && atomic_load_explicit(cancel, memory_order_relaxed)) {
            leave_unserved(day, i);
            break;
        }
        if (i % LS_LANES == 0 || day->reach.changed)
            look(day, i / LS_LANES);
        fetch_ahead(day, i);
        int status = serve(day, i, error);
        if (status != 0)
            return status;
        if (i % PROGRESS_TURNS == 0)
            report(day, i + 1);
    }
    return 0;
}

/* ---- before the first turn ---- */

static int open_day(struct greedy_day *day)
{
    const struct ls_account *account = day->account;
    int n = account->day->n_slots, window = 2 * account->limits.window_slots + 1;
    if (ls_greedy_reach_open(&day->reach, account, &day->arena) != 0)
        return LS_ERR_MEMORY;
    size_t lanes = (size_t)day->reach.view.n_peaks * LS_LANES;
    day->allowance_kwh = ls_arena_array(&day->arena, lanes, sizeof *day->allowance_kwh);
    day->bounds_g = ls_arena_array(&day->arena, (size_t)n, sizeof *day->bounds_g);
    day->sums_g = ls_arena_array(&day->arena, (size_t)n, sizeof *day->sums_g);
    day->tried = ls_arena_array(&day->arena, (size_t)n, sizeof *day->tried);
    day->sources = ls_arena_array(&day->arena, (size_t)n, sizeof *day->sources);
    day->open = ls_arena_array(&day->arena, (size_t)n, sizeof *day->open);
    if (day->allowance_kwh == NULL || day->bounds_g == NULL || day->sums_g == NULL || day->tried == NULL ||
        day->sources == NULL || day->open == NULL)
        return LS_ERR_MEMORY;
    day->reach.view.most_moves = account->limits.moves_per_day;
    day->reach.view.pairs = (double)n * (window < n ? window : n) + 2;
    return 0;
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
    struct greedy_day day = {.account = account, .reported_s = ls_clock_seconds()};
    if (status == 0 && open_day(&day) != 0)
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for the greedy engine");
    if (status == 0)
        status = serve_all(&day, error);
    ls_arena_release(&day.arena);
    return status;
}
