/* Telling memory what comes next, where rows lie in another order than they are wanted in. */
#ifndef LS_BASE_FETCH_H
#define LS_BASE_FETCH_H

#include <stddef.h>

#define LS_LINE_BYTES 64 /* of a cache */

/* Fetches the lines of these bytes. Compilers take a function that only prefetches for one without effect,
 * and drop its calls: hence always inline. */
static inline __attribute__((always_inline)) void ls_fetch(const void *from, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += LS_LINE_BYTES)
        __builtin_prefetch((const char *)from + at);
}

#endif
