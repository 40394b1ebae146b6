/* The same work on many pieces by several threads. */
#ifndef LS_BASE_PARALLEL_H
#define LS_BASE_PARALLEL_H

#include <stddef.h>

/*
 * Calls work(user, i) once for each i below `n`, by this thread and as many others as there are processors,
 * at most `threads` in all; fewer where they cannot be started. Returns when all is done.
 */
void ls_parallel(size_t n, int threads, void (*work)(void *user, size_t i), void *user);

#define LS_ALL_PROCESSORS 64

#endif
