/*
 * Memory with one lifetime: many arrays, one release.
 *
 * Start with a zeroed struct. Every array is zeroed and aligned for any type; NULL means out of memory or a
 * size that overflows. Releasing an empty arena is legal.
 */
#ifndef LS_BASE_ARENA_H
#define LS_BASE_ARENA_H

#include <stddef.h>

struct ls_arena {
    struct ls_arena_block *last;
};

void *ls_arena_array(struct ls_arena *arena, size_t count, size_t size);
/* The same, but what is in it is not set: for what is filled at once, from end to end. */
void *ls_arena_space(struct ls_arena *arena, size_t count, size_t size);
void ls_arena_release(struct ls_arena *arena);

#endif
