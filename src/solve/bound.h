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

/* Saving of one kWh that leaves each slot for the cleanest open slot of its window [n_slots, g/kWh]; 0 when
 * there is none cleaner. The same for all customers with the same open slots. */
void ls_bound_gains(const struct ls_turn *turn, double *gain_g_per_kwh);

/* Marginal g. The turn's group_left_kwh and budget_kwh must be those before anybody moved. */
double ls_bound_turn(const struct ls_turn *turn, const double *gain_g_per_kwh);

#endif
