/*
 * One customer's turn, the question that every engine answers.
 *
 * The serving loop (serve.c) keeps what customers share, hands each engine the customer's own view of it, and
 * takes the flows back; an engine knows no city, no order and no other customer. Nothing is allocated in a
 * turn.
 */
#ifndef LS_SOLVE_TURN_H
#define LS_SOLVE_TURN_H

#include <loadscope/plan.h>

#define LS_KWH_EPSILON  1e-9  /* pairs that move no more than this do not count [kWh] */
#define LS_MEF_EPSILON  1e-12 /* a destination is cleaner by more than this [g/kWh] */
#define LS_GAIN_EPSILON 1e-12 /* a later pair wins by more than this [g] */

struct ls_turn {
    int n_slots;
    int window_slots;             /* largest |source - destination| */
    int max_moves;                /* distinct sources; INT_MAX: no limit */
    const double *mef;            /* [n_slots] g/kWh, NaN where open is false */
    const bool *open;             /* [n_slots] may be source and destination for this customer */
    const double *usage_kwh;      /* [n_slots] 0 where not open */
    const double *avail_kwh;      /* [n_slots] what may leave: usage above the floor, 0 where not open */
    int n_groups;                 /* peak hours (or slots) with an allowance */
    const int *group;             /* [n_slots] index of the slot's peak group, -1 outside peaks */
    const double *group_left_kwh; /* [n_groups] */
    const double *room_kwh;       /* [n_slots] limit on in - out of this turn; INFINITY: off */
    double budget_kwh;            /* limit on the sum of flows; INFINITY: off */
    double smallest_kwh;          /* each source moves nothing or at least this; 0: off */
    double seconds;               /* time limit of an exact solve */
    enum ls_solver solver;        /* what may find the optimum of milp */
};

struct ls_flow {
    int source, destination;
    double kwh;
    enum ls_limit limited_by; /* what stopped it; LS_LIMIT_NONE: left to the serving loop to find */
};

/* Most flows an engine may return. */
size_t ls_turn_flow_capacity(int n_slots, int window_slots);

/* What each slot could send alone within its peak allowance and the budget [n_slots, kWh]. */
void ls_turn_most(const struct ls_turn *turn, double *most_kwh);

/* The largest of n numbers, none NaN; 0 when none is greater. */
double ls_largest(const double *row, int n);

struct ls_account;

/*
 * How an engine decides a turn. `serve` writes the flows, at most the capacity, each above LS_KWH_EPSILON,
 * and says in *proven whether they are the engine's optimum (greedy: always true).
 *
 * `serve_day`, where there is one, serves all customers of a city-day that `fits_day` accepts: it takes and
 * records the flows that turns would come to, and fills all of the plan that concerns customers, bound
 * included.
 */
struct ls_engine_ops {
    struct ls_engine face;
    int (*open)(int n_slots, int window_slots, void **scratch, struct ls_error *error);
    int (*serve)(void *scratch, const struct ls_turn *turn, struct ls_flow *flows, size_t *n_flows,
                 bool *proven, struct ls_error *error);
    void (*close)(void *scratch);
    bool (*fits_day)(const struct ls_account *account);
    int (*serve_day)(struct ls_account *account, struct ls_error *error);
};

extern const struct ls_engine_ops ls_engine_greedy, ls_engine_milp, ls_engine_lp;

#endif
