/*
 * Two sources a and b, a at least as dirty: a flow of most gain, by successive best augmenting paths.
 *
 * A path brings one more kWh of a or b to a slot with room and earns mef[start] - mef[end]. On its way it may
 * redirect what flows already: b takes over one of a's destinations while a goes elsewhere. The other way
 * round never pays, since a is served first wherever both could go; nor does b's sending to a.
 *
 * What b sends makes room in b, so a may send to b as much more ("through" b), even where b's own move raises
 * emissions. Such a kWh counts twice in the limit on both together, which no network knows. There the limit
 * gets a price, and secants find the one at which it is met; between the two flows that are best at that
 * price lies the optimum.
 */
#include "solve/pair.h"

#include "solve/turn.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/*
 * What an augmenting path does, in the order of ties. There are no others: since a goes first to what both
 * can reach, and what goes through b is released there first, b sends to such a slot only when a has nothing
 * left and nothing goes through b, so that a could not take over. And the search ends: a path empties a room,
 * what a source has left, or what it redirects, which only paths of the first two kinds fill up again.
 */
enum route {
    A_STRAIGHT, /* a sends */
    B_RELEASES, /* what a sent through b goes elsewhere, b sends its own instead */
    B_TRADES,   /* b takes over a destination of a's, a's share goes where b cannot send */
    A_THROUGH,  /* a sends to b, b sends as much */
    B_STRAIGHT  /* b sends */
};

/* An augmentation under way: the flows so far and what is left. */
struct search {
    const struct ls_pair *pair;
    struct ls_pair_flows *flows;
    double *left_kwh;      /* [n_slots] of the rooms */
    double left_a, left_b; /* of what each may send */
    double left_together;  /* INFINITY where a price stands for the limit */
    double price;          /* of each kWh that either sends [g/kWh] */
    int next_a, next_b;    /* index in each list of the cleanest slot with room */
    enum route route;      /* the best found */
    double earning;        /* of a kWh on it */
    double most_kwh;       /* that it carries */
};

bool ls_pair_through(const struct ls_pair *pair)
{
    int a = pair->a.slot, b = pair->b.slot;
    return abs(a - b) <= pair->window_slots && pair->mef[b] < pair->mef[a] - LS_MEF_EPSILON &&
           pair->room_kwh[b] < pair->a.most_kwh;
}

static bool reaches(const struct ls_pair *pair, const struct ls_pair_source *source, int slot)
{
    return slot != source->slot && abs(slot - source->slot) <= pair->window_slots;
}

static void start(struct search *search, const struct ls_pair *pair, struct ls_pair_work *work,
                  struct ls_pair_flows *flows, double price)
{
    const struct ls_pair_source *sources[] = {&pair->a, &pair->b};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < sources[k]->n_near; i++) {
            int slot = sources[k]->near[i];
            work->left_kwh[slot] = pair->room_kwh[slot];
            flows->in_kwh[slot] = 0;
        }
    flows->a_kwh = flows->b_kwh = flows->both_a_kwh = flows->through_kwh = flows->gain_g = 0;
    *search = (struct search){.pair = pair,
                              .flows = flows,
                              .left_kwh = work->left_kwh,
                              .left_a = pair->a.most_kwh,
                              .left_b = pair->b.most_kwh,
                              .left_together = pair->through ? INFINITY : pair->together_kwh,
                              .price = price};
}

/* The first of the list from @p at that has room and is not @p other, to which this source never sends. */
static int next(const struct search *search, const struct ls_pair_source *source, int at, int other)
{
    while (at < source->n_near && (source->near[at] == other || !(search->left_kwh[source->near[at]] > 0)))
        at++;
    return at;
}

static void consider(struct search *search, enum route route, double earning, double most_kwh)
{
    if (!(most_kwh > 0) || !(earning > search->earning))
        return;
    search->route = route;
    search->earning = earning;
    search->most_kwh = most_kwh;
}

/* Finds the path that earns most; false when none earns anything. */
static bool find_path(struct search *search)
{
    const struct ls_pair *pair = search->pair;
    const struct ls_pair_flows *flows = search->flows;
    double from_a = pair->mef[pair->a.slot], from_b = pair->mef[pair->b.slot], price = search->price;
    double left_a = ls_lesser(search->left_a, search->left_together);
    double left_b = ls_lesser(search->left_b, search->left_together);
    search->next_a = next(search, &pair->a, search->next_a, -1);
    search->next_b = next(search, &pair->b, search->next_b, pair->a.slot);
    search->earning = LS_MEF_EPSILON;
    search->most_kwh = 0;
    if (search->next_a < pair->a.n_near) {
        int end = pair->a.near[search->next_a];
        double to = pair->mef[end], room = search->left_kwh[end];
        consider(search, A_STRAIGHT, from_a - to - price, ls_lesser(left_a, room));
        if (end != pair->b.slot)
            consider(search, B_RELEASES, from_b - to, ls_lesser(flows->through_kwh, room));
        if (end != pair->b.slot && !reaches(pair, &pair->b, end))
            consider(search, B_TRADES, from_b - to - price,
                     ls_lesser(ls_lesser(left_b, flows->both_a_kwh), room));
    }
    if (search->next_b < pair->b.n_near) {
        int end = pair->b.near[search->next_b];
        double to = pair->mef[end], room = search->left_kwh[end];
        if (pair->through)
            consider(search, A_THROUGH, from_a - to - 2 * price, ls_lesser(ls_lesser(left_a, left_b), room));
        consider(search, B_STRAIGHT, from_b - to - price, ls_lesser(left_b, room));
    }
    return search->most_kwh > 0;
}

/* What the path does to a's and b's sending, to what goes through b, and to what is shared. */
static void follow_path(struct search *search)
{
    static const struct effect {
        bool ends_near_b;  /* the end is the next of b's list, not of a's */
        int a, b, through; /* kWh more per kWh */
        int both_a;        /* likewise; more only where the end is near both */
    } effects[] = {
        [A_STRAIGHT] = {.a = 1, .both_a = 1},
        [B_RELEASES] = {.through = -1, .both_a = 1},
        [B_TRADES] = {.b = 1, .both_a = -1},
        [A_THROUGH] = {.ends_near_b = true, .a = 1, .b = 1, .through = 1},
        [B_STRAIGHT] = {.ends_near_b = true, .b = 1},
    };
    const struct ls_pair *pair = search->pair;
    const struct effect *effect = &effects[search->route];
    struct ls_pair_flows *flows = search->flows;
    double kwh = search->most_kwh;
    int end = effect->ends_near_b ? pair->b.near[search->next_b] : pair->a.near[search->next_a];
    double a = effect->a * kwh, b = effect->b * kwh;
    search->left_kwh[end] -= kwh;
    flows->in_kwh[end] += kwh;
    search->left_a -= a;
    search->left_b -= b;
    search->left_together -= a + b;
    flows->a_kwh += a;
    flows->b_kwh += b;
    flows->through_kwh += effect->through * kwh;
    if (effect->both_a < 0 || reaches(pair, &pair->b, end))
        flows->both_a_kwh += effect->both_a * kwh;
    flows->gain_g += (search->earning + search->price * (effect->a + effect->b)) * kwh;
}

/* The best flows when each kWh sent costs the price; where nothing goes through, within together_kwh. */
static void augment(const struct ls_pair *pair, struct ls_pair_work *work, struct ls_pair_flows *flows,
                    double price)
{
    struct search search;
    start(&search, pair, work, flows, price);
    while (find_path(&search))
        follow_path(&search);
}

static double sent(const struct ls_pair_flows *flows)
{
    return flows->a_kwh + flows->b_kwh;
}

static double mix(double low, double high, double share)
{
    return low + share * (high - low);
}

/* Makes @p low the flows between the two that send exactly together_kwh. */
static void mix_flows(const struct ls_pair *pair, struct ls_pair_flows *low, const struct ls_pair_flows *high)
{
    const struct ls_pair_source *sources[] = {&pair->a, &pair->b};
    double share = (pair->together_kwh - sent(low)) / (sent(high) - sent(low));
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < sources[k]->n_near; i++) {
            int slot = sources[k]->near[i];
            if (k == 0 || !reaches(pair, &pair->a, slot)) /* once each */
                low->in_kwh[slot] = mix(low->in_kwh[slot], high->in_kwh[slot], share);
        }
    low->both_a_kwh = mix(low->both_a_kwh, high->both_a_kwh, share);
    low->through_kwh = mix(low->through_kwh, high->through_kwh, share);
    low->gain_g = mix(low->gain_g, high->gain_g, share);
    low->a_kwh = mix(low->a_kwh, high->a_kwh, share);
    low->b_kwh = mix(low->b_kwh, high->b_kwh, share);
}

/*
 * Gain over kWh sent is concave, and a price yields the point where its line touches. The secant of a point
 * on either side of the limit is tried as price, until no point lies above it; each round finds a vertex
 * more.
 */
static const struct ls_pair_flows *price_limit(const struct ls_pair *pair, struct ls_pair_work *work)
{
    struct ls_pair_flows *high = &work->flows[0], *low = &work->flows[1], *trial = &work->flows[2];
    augment(pair, work, low, INFINITY); /* nothing at all */
    for (;;) {
        double price = (high->gain_g - low->gain_g) / (sent(high) - sent(low));
        augment(pair, work, trial, price);
        double above = (trial->gain_g - high->gain_g) - price * (sent(trial) - sent(high));
        if (above <= LS_GAIN_EPSILON * ls_greater(1, high->gain_g) || sent(trial) >= sent(high) ||
            sent(trial) <= sent(low))
            break;
        struct ls_pair_flows **side = sent(trial) > pair->together_kwh ? &high : &low, *old = *side;
        *side = trial;
        trial = old;
    }
    mix_flows(pair, low, high);
    return low;
}

const struct ls_pair_flows *ls_pair_solve(const struct ls_pair *pair, struct ls_pair_work *work)
{
    assert(pair->mef[pair->a.slot] >= pair->mef[pair->b.slot] && pair->together_kwh > 0);
    augment(pair, work, &work->flows[0], 0);
    if (!pair->through || sent(&work->flows[0]) <= pair->together_kwh)
        return &work->flows[0];
    return price_limit(pair, work);
}

/* Where both could send, a goes to the cleanest. */
void ls_pair_split(const struct ls_pair *pair, const struct ls_pair_flows *flows, double *a_to_kwh,
                   double *b_to_kwh)
{
    double both_a = flows->both_a_kwh;
    for (int i = 0; i < pair->b.n_near; i++)
        b_to_kwh[pair->b.near[i]] = pair->b.near[i] == pair->a.slot ? 0 : flows->in_kwh[pair->b.near[i]];
    for (int i = 0; i < pair->a.n_near; i++) {
        int slot = pair->a.near[i];
        a_to_kwh[slot] = flows->in_kwh[slot];
        if (!reaches(pair, &pair->b, slot))
            continue;
        a_to_kwh[slot] = ls_lesser(flows->in_kwh[slot], both_a);
        both_a -= a_to_kwh[slot];
        b_to_kwh[slot] -= a_to_kwh[slot];
    }
    if (flows->through_kwh > 0)
        a_to_kwh[pair->b.slot] += flows->through_kwh;
}
