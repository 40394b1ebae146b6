/*
 * The policies that limits were turned through, for going back and forth.
 *
 * Bounded: the oldest step goes first. Start zeroed; ls_undo_clear() ends it.
 */
#ifndef LS_TUI_UNDO_H
#define LS_TUI_UNDO_H

#include <loadscope/policy.h>

#define LS_UNDO_STEPS 200

/* The scenario file that a session writes to, and what it held when read or saved. */
struct ls_undo_file {
    struct ls_policy saved;
    char path[512]; /* "": none */
};

struct ls_undo_step {
    struct ls_policy policy;
    struct ls_undo_file
        *file; /* of a scenario loaded: the session's on the other side of this step; or NULL */
    bool swap; /* A and B were turned round by it */
    /* Of a swap: the day of the answer that it, or going over it since, put on the screen last. */
    const char *city; /* the dataset's */
    int32_t date;
};

struct ls_undo {
    struct ls_undo_step step[LS_UNDO_STEPS + 1]; /* [n], the one in force at `at`; the first is the start */
    size_t n, at;
};

/* Where it begins; what was noted before is gone. LS_ERR_MEMORY leaves all as it was. */
int ls_undo_start(struct ls_undo *undo, const struct ls_policy *policy, struct ls_error *error);
void ls_undo_clear(struct ls_undo *undo);

/* The policy was changed: another step, or with `merge` a part of the last one; a step that comes to nothing
 * is forgotten. What had been undone is gone. *noted says whether the change is a step, or a part of one.
 * LS_ERR_MEMORY leaves all as it was. */
int ls_undo_note(struct ls_undo *undo, const struct ls_policy *policy, bool merge, bool *noted,
                 struct ls_error *error);

/* The newest step loaded a scenario: `file`, which it owns from now on, was the session's before. */
void ls_undo_note_file(struct ls_undo *undo, struct ls_undo_file *file);
void ls_undo_file_destroy(struct ls_undo_file *file);
/* The newest step turned A and B round and put the answer of this day on the screen. */
void ls_undo_note_swap(struct ls_undo *undo, const char *city, int32_t date);
/* A is another answer, or none: going over a step turns nothing round any more. */
void ls_undo_forget_swaps(struct ls_undo *undo);

/* The policy a step back (1) or forth (-1), now in force; NULL when there is none. */
const struct ls_policy *ls_undo_go(struct ls_undo *undo, int back);

#endif
