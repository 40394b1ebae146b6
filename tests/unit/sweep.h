/*
 * The k-th allocation fails, for every k until the operation needs no more: once that one alone, once it and
 * all that follow.
 *
 * Each failure must be LS_ERR_MEMORY with a message, leave outputs as they were, and leave what the operation
 * works on fit for a second try that comes to the undisturbed result. Leaks are the sanitizer's to find.
 *
 * An operation arms the fault around its one call, and says all that the call came to.
 */
#ifndef LS_TESTS_SWEEP_H
#define LS_TESTS_SWEEP_H

#include "fault.h"
#include "outcome.h"

#define WORLD_HOMES 3

/* A scenario file; what operations work on follows it. */
extern const char world_scenario[];

struct world {
    struct support_text csv;
    struct ls_dataset *dataset;
    ls_archive *archive; /* over it */
    struct ls_policy policy;
    struct support_solved thursday;
    struct ls_answer answer; /* borrows day and plan of thursday */
    int quota_left[WORLD_HOMES];
    int floor_source, floor_destination; /* a pair that the floor refuses to home 0 */
};

/* What an output holds before the call, so that a touched one is seen. */
extern char untouched;
#define UNTOUCHED ((void *)&untouched)

struct operation {
    const char *name;
    int (*run)(const struct world *world, void *state, struct support_text *said, struct ls_error *error);
    void *(*open)(const struct world *world); /* makes what the operation changes; NULL: nothing */
    void (*close)(void *state);
    bool may_do_without; /* some allocation only serves what is nice to have: success is in order then */
};

/* Runs all operations as tests of their names; returns how many failed. */
int sweep_all(struct operation *operations, size_t n);

#endif
