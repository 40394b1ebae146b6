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

struct ls_comparing {
    struct ls_answer *a;       /* NULL: none is marked */
    struct ls_compare *result; /* of A and the answer on screen; NULL where there is none */
    struct ls_error error;     /* why, where A is marked */
    size_t swapped;            /* the step to be undone that A and B were turned round by; 0: none */
};

/* The answer on screen becomes A. Waits as long as a frame does for one that is on its way; false, with a
 * word to the user, where there is none. */
bool ls_explorer_mark(struct ls_explorer *explorer);

void ls_explorer_unmark(struct ls_explorer *explorer);

/* Turns A and B round: the limits, and the day, of A are turned again. */
void ls_explorer_swap(struct ls_explorer *explorer);

/* The undo went from step `from` to step `to`: a swap between them turns A round as well. */
void ls_explorer_unswap(struct ls_explorer *explorer, size_t from, size_t to);

/* Compares A with the answer on screen. */
void ls_explorer_refresh_compare(struct ls_explorer *explorer);

#endif
