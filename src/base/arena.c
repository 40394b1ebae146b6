#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define LARGE_BYTES ((size_t)1 << 20) /* from here on a block is mapped, in large pages where there are any  \
                                       */
#define LINE_BYTES 64                 /* of a cache */

/*
 * The arrays of a city-day or a plan are few and large, so each is a block of its own. The head takes a cache
 * line, so that rows of a mapped block start where lines do.
 */
struct ls_arena_block {
    struct ls_arena_block *before;
    size_t mapped; /* bytes; 0: from calloc() */
};

static struct ls_arena_block *new_block(size_t bytes)
{
    if (bytes < LARGE_BYTES)
        return calloc(1, bytes);
    struct ls_arena_block *block =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        return NULL;
    block->mapped = bytes;
    return block;
}

void *ls_arena_array(struct ls_arena *arena, size_t count, size_t size)
{
    _Static_assert(sizeof(struct ls_arena_block) <= LINE_BYTES && LINE_BYTES % alignof(max_align_t) == 0,
                   "the head of a block keeps its data aligned");
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(bytes, LINE_BYTES, &bytes))
        return NULL;
    struct ls_arena_block *block = new_block(bytes);
    if (block == NULL)
        return NULL;
    block->before = arena->last;
    arena->last = block;
    return (char *)block + LINE_BYTES;
}

void ls_arena_release(struct ls_arena *arena)
{
    while (arena->last != NULL) {
        struct ls_arena_block *block = arena->last;
        arena->last = block->before;
        if (block->mapped > 0)
            (void)munmap(block, block->mapped);
        else
            free(block);
    }
}
