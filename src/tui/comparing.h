/*
 * Two answers of a session side by side: A, which was marked, and B, the one on screen.
 *
 * A stays among the explorer's answers for as long as it is marked; what is compared is worked out anew
 * whenever one of the two changes while they are looked at.
 */
#ifndef LS_TUI_COMPARING_H
#define LS_TUI_COMPARING_H

#include <loadscope/compare.h>

struct ls_explorer;
struct ls_undo_step;

struct ls_comparing {
    struct ls_answer *a;       /* NULL: none is marked */
    struct ls_compare *result; /* of A and the answer on screen; NULL where there is none */
    struct ls_error error;     /* why, where A is marked */
};

/* The answer on screen becomes A. Waits as long as a frame does for one that is on its way; false, with a
 * word to the user, where there is none. */
bool ls_explorer_mark(struct ls_explorer *explorer);

void ls_explorer_unmark(struct ls_explorer *explorer);

/* Turns A and B round: the limits, and the day, of A are turned again. */
void ls_explorer_swap(struct ls_explorer *explorer);

/* Goes over a step that was a swap, back or forth: `left` is the policy that was in force, the explorer's the
 * one that is. A's day comes onto the screen, and A is what stood there when the swap was made. */
void ls_explorer_cross_swap(struct ls_explorer *explorer, struct ls_undo_step *step,
                            const struct ls_policy *left);

/* Compares A with the answer on screen. */
void ls_explorer_refresh_compare(struct ls_explorer *explorer);

#endif
