/*
 * Moves that are sure before their turn: of a tile of customers at once, exactly.
 *
 * The source with the highest bound is worked out: what it may send, and to which of its destinations it
 * saves most. That is the customer's move if it saves more than any other destination of the source and than
 * the bounds of all other sources, and if, when the turn comes, it still fits the room, the budget and what
 * else customers share, and destinations that fill up offer no more.
 */
#ifndef LS_SOLVE_GREEDY_SURE_H
#define LS_SOLVE_GREEDY_SURE_H

#include "solve/greedy_kernel.h"

struct ls_greedy_move {
    struct ls_flow flow;
    double saved_g;
    double peak_left_kwh; /* allowance of the source's peak after it; INFINITY: none */
    bool sure;
};

/* The moves that customers make first, by lane. */
void ls_greedy_weigh_first(const struct ls_greedy_view *view, size_t tile,
                           const struct ls_greedy_outlook *outlook, struct ls_greedy_move *out);

/* Those that follow the first ones, where these are sure. */
void ls_greedy_weigh_second(const struct ls_greedy_view *view, size_t tile,
                            const struct ls_greedy_outlook *outlook, const struct ls_greedy_move *first,
                            struct ls_greedy_move *out);

#endif
