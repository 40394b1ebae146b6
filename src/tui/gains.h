/*
 * What a step of a limit would save, what each limit costs, and how far one must be turned for the pair that
 * is asked about, looked for as the screen shows them.
 *
 * All of it belongs to the answer on screen and is forgotten with it. Nothing is asked for while a day is
 * being solved, and the thread gives way as soon as one is.
 */
#ifndef LS_TUI_GAINS_H
#define LS_TUI_GAINS_H

#include "tui/task.h"

#include <loadscope/sensitivity.h>

#define LS_GAINS_MAX 32 /* parameters that may be asked for at once */

struct ls_explorer;

struct ls_gains {
    ls_task *task;
    const struct ls_parameter *asked[LS_GAINS_MAX]; /* [n_asked] of the answer on screen */
    size_t n_asked;
    struct ls_sensitivity known[LS_GAINS_MAX]; /* [n_known] of those, as they come */
    size_t n_known;
    bool asked_costs, has_costs;               /* of the answer on screen; all of them are there */
    bool stopped_costs;                        /* not all are there, and none is on its way */
    struct ls_limit_cost cost[LS_LIMIT_COSTS]; /* [n_costs] in the order in which limits are looked for */
    size_t n_costs;
    struct ls_why pair;                    /* last looked at, where has_pair */
    bool has_pair, asked_pair, found_pair; /* its limit is searched; that has come to an end */
    struct ls_relaxation relaxation;
};

int ls_gains_start(struct ls_explorer *explorer, struct ls_error *error);
void ls_gains_stop(struct ls_gains *gains);

/* Another answer, or none: what is known is so no more. */
void ls_explorer_forget_gains(struct ls_explorer *explorer);

/* Stops solving what limits cost, and says how far that came; or begins anew where it was stopped. False
 * where there is nothing to be stopped. */
bool ls_explorer_stop_costs(struct ls_explorer *explorer);

/* Takes what has been found, and asks for what the screen shows and is not known yet. True when it asked:
 * then there may be more to take, even if the task is idle already. */
bool ls_explorer_look_for_gains(struct ls_explorer *explorer);

/* The cost under the cursor of Limits, as far as they have come; NULL: none has. */
const struct ls_limit_cost *ls_gains_chosen(const struct ls_explorer *explorer);

/* What is known of a parameter; NULL: nothing yet. */
const struct ls_sensitivity *ls_gains_of(const struct ls_gains *gains, const struct ls_parameter *parameter);

/* How far what refuses a pair must be turned; NULL: nothing is known. */
const struct ls_relaxation *ls_gains_for(const struct ls_gains *gains, const struct ls_why *why);

#endif
