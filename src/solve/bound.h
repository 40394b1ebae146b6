/*
 * A proven upper bound on what one customer's turn can save, whatever the engine and whoever went before.
 *
 * Relaxation: every kWh that may leave a slot goes to the cleanest open slot of its window, without regard to
 * rooms; the best `max_moves` sources count, each within its peak allowance, all within the budget. Rooms
 * only forbid, and a pair that raises emissions only makes room, so no plan saves more.
 */
#ifndef LS_SOLVE_BOUND_H
#define LS_SOLVE_BOUND_H

#include "solve/turn.h"

/* Marginal g. The turn's group_left_kwh and budget_kwh must be those before anybody moved. */
double ls_bound_turn(const struct ls_turn *turn);

#endif
