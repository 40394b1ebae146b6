/* Growable arrays: a pointer, a capacity, and this. */
#ifndef LS_DATA_GROW_H
#define LS_DATA_GROW_H

#include <stddef.h>

/*
 * Makes room for `count` items of `size` bytes and returns the array, moved if need be; its capacity is
 * updated. NULL when there is no memory or the size overflows: then the array is as it was. Amortised cost:
 * constant an item.
 */
void *ls_grow(void *array, size_t *capacity, size_t count, size_t size);

/* malloc() of count * size bytes, never of nothing; NULL when there is no memory or the size overflows. */
void *ls_new(size_t count, size_t size);

#endif
