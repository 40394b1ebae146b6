#include "data/grow.h"

#include <stdint.h>
#include <stdlib.h>

#define FIRST_CAPACITY 16

void *ls_grow(void *array, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity)
        return array;
    size_t wanted = *capacity > SIZE_MAX / 2 ? SIZE_MAX : *capacity * 2;
    if (wanted < count)
        wanted = count;
    if (wanted < FIRST_CAPACITY)
        wanted = FIRST_CAPACITY;
    if (wanted > PTRDIFF_MAX / size)
        return NULL;
    void *moved = realloc(array, wanted * size);
    if (moved != NULL)
        *capacity = wanted;
    return moved;
}

void *ls_new(size_t count, size_t size)
{
    if (count > PTRDIFF_MAX / size)
        return NULL;
    return malloc(count > 0 ? count * size : 1);
}
