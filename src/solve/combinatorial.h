/*
 * The exact optimum of a turn of at most two sources, without a linear program.
 *
 * A handle belongs to the caller of ls_combinatorial_open() and serves one thread. Nothing is allocated in a
 * turn. The result depends on the turn alone, not on those before.
 */
#ifndef LS_SOLVE_COMBINATORIAL_H
#define LS_SOLVE_COMBINATORIAL_H

#include "solve/turn.h"

#define LS_COMBINATORIAL_MOVES 2 /* most sources of a turn */

typedef struct ls_combinatorial ls_combinatorial;

int ls_combinatorial_open(int n_slots, int window_slots, ls_combinatorial **out, struct ls_error *error);
void ls_combinatorial_close(ls_combinatorial *solver);

/*
 * Writes the flows of an optimum, by source, then destination, each above LS_KWH_EPSILON. False, and nothing
 * written, where no optimum is proven: max_moves is above LS_COMBINATORIAL_MOVES, or a source of the optimum
 * without a smallest move would move less than smallest_kwh.
 *
 * Of equal optima: one source before two; sources whose single savings are largest; the lowest slots, a later
 * choice winning by more than LS_GAIN_EPSILON; of equally clean destinations the lowest slot.
 */
bool ls_combinatorial_serve(ls_combinatorial *solver, const struct ls_turn *turn, struct ls_flow *flows,
                            size_t *n_flows);

#endif
