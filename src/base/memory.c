#include "base/memory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

#define NEVER (1 << 30) /* bytes, more than one block has */
#endif

void ls_memory_keep(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_ARENA_MAX, 1);
    (void)mallopt(M_MMAP_THRESHOLD, NEVER);
    (void)mallopt(M_TRIM_THRESHOLD, NEVER);
#endif
}
