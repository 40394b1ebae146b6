#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>

#define NEVER (1 << 30) /* bytes, more than one block has */
#endif

#define FEW_PAGES 4 /* for which a call is not worth it */

void ls_memory_keep(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_ARENA_MAX, 1);
    (void)mallopt(M_MMAP_THRESHOLD, NEVER);
    (void)mallopt(M_TRIM_THRESHOLD, NEVER);
#endif
}

void ls_memory_touch(void *part, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    unsigned char present = 0;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    char *from = (char *)part - (uintptr_t)part % page, *middle = from + bytes / 2 / page * page;
    if (bytes < FEW_PAGES * page || (mincore(middle, page, &present) == 0 && (present & 1) != 0))
        return;
    (void)madvise(from, (size_t)((char *)part + bytes - from), MADV_POPULATE_WRITE);
#else
    (void)part, (void)bytes;
#endif
}
