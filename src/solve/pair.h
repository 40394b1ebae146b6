/*
 * The exact optimum of two given sources that share rooms, a peak allowance and a budget.
 *
 * Everything is lent by the caller; nothing is allocated. A pair costs about as many steps as it fills
 * destinations.
 */
#ifndef LS_SOLVE_PAIR_H
#define LS_SOLVE_PAIR_H

#include <stdbool.h>
#include <stdint.h>

/* Of two numbers, neither NaN: what fmin() and fmax() do, which the compiler may not inline. */
static inline double ls_lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double ls_greater(double a, double b)
{
    return a > b ? a : b;
}

/* A source as its turn leaves it. */
struct ls_pair_source {
    int slot;
    double most_kwh;     /* what it may send alone: > 0, finite */
    const int16_t *near; /* [n_near] the other slots of its window, cleanest first */
    int n_near;
};

struct ls_pair {
    int n_slots, window_slots;
    const double *mef;       /* [n_slots] g/kWh; a number for every slot in `near` */
    const double *room_kwh;  /* [n_slots] >= 0, INFINITY: off; 0 where nothing may arrive */
    struct ls_pair_source a; /* mef[a] >= mef[b] */
    struct ls_pair_source b;
    bool through;        /* ls_pair_through() of the two */
    double together_kwh; /* limit on all that both send; INFINITY: none */
};

/* How much of what arrives where. Written by ls_pair_solve() for the slots near a or b alone. */
struct ls_pair_flows {
    double *in_kwh;     /* [n_slots] what arrives, but for through_kwh */
    double a_kwh;       /* what a sends */
    double b_kwh;       /* what b sends */
    double both_a_kwh;  /* what a sends to slots that b could send to as well */
    double through_kwh; /* what a sends to b beyond b's room, into room that b's sending makes */
    double gain_g;
};

/* Room for the work of ls_pair_solve(). */
struct ls_pair_work {
    double *left_kwh;              /* [n_slots] */
    struct ls_pair_flows flows[3]; /* each with an in_kwh of its own */
};

/* Whether b's sending may pay by making room for what a sends to b. */
bool ls_pair_through(const struct ls_pair *pair);

/* The optimum; it lives in @p work until the next call. */
const struct ls_pair_flows *ls_pair_solve(const struct ls_pair *pair, struct ls_pair_work *work);

/* Writes for the slots near each source what it sends there; a's to b includes through_kwh. */
void ls_pair_split(const struct ls_pair *pair, const struct ls_pair_flows *flows, double *a_to_kwh,
                   double *b_to_kwh);

#endif
