#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>

#define LINE_BYTES 64 /* of a cache */

/*
 * The arrays of a city-day or a plan are few and large, so each is a block of its own. An array starts where
 * a cache line does.
 */
struct ls_arena_block {
    struct ls_arena_block *before;
};

void *ls_arena_array(struct ls_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, sizeof(struct ls_arena_block) + LINE_BYTES, &bytes))
        return NULL;
    struct ls_arena_block *block = calloc(1, bytes);
    if (block == NULL)
        return NULL;
    block->before = arena->last;
    arena->last = block;
    uintptr_t start = (uintptr_t)(block + 1);
    return (char *)(block + 1) + (LINE_BYTES - start % LINE_BYTES) % LINE_BYTES;
}

void ls_arena_release(struct ls_arena *arena)
{
    while (arena->last != NULL) {
        struct ls_arena_block *block = arena->last;
        arena->last = block->before;
        free(block);
    }
}
