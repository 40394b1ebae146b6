/* The same work on many pieces by several threads. */
#ifndef LS_BASE_PARALLEL_H
#define LS_BASE_PARALLEL_H

#include <stddef.h>

#define LS_ALL_PROCESSORS 64

/*
 * Calls work(user, i) once for each i below `n`, by this thread and as many others as there are processors,
 * at most `threads` in all; fewer where they cannot be started. Returns when all is done.
 */
void ls_parallel(size_t n, int threads, void (*work)(void *user, size_t i), void *user);

/* Pieces none of which begins before all of the stage before are done. */
struct ls_stage {
    size_t n;
    void (*work)(void *user, size_t i);
};

/* The same for one stage after another, by threads that are started once: starting some takes as long as a
 * hundred homes. */
void ls_parallel_stages(const struct ls_stage *stages, size_t n_stages, int threads, void *user);

#endif
