/*
 * Names numbered in the order they are first seen, found again by hash.
 *
 * A name belongs to a group (a customer's city), so that the same text in two groups is two names.
 * Start with a zeroed struct; ls_names_release() ends it. Text pointers hold until the next ls_names_add().
 */
#ifndef LS_DATA_INTERN_H
#define LS_DATA_INTERN_H

#include "data/memo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LS_NAMES_MAX UINT32_MAX /* the number that no name has */

struct ls_name {
    size_t text; /* offset into the texts */
    uint32_t group, hash, length;
};

struct ls_names {
    size_t count, names_capacity;
    struct ls_name *names;
    size_t texts_used, texts_capacity;
    char *texts; /* NUL-terminated, one after the other */
    size_t n_places;
    uint32_t *places; /* [n_places, a power of two] open addressing: number + 1, or 0 */
};

/* The number of the name, added when it is new; LS_NAMES_MAX when memory ends. */
uint32_t ls_names_add(struct ls_names *names, uint32_t group, const char *text, size_t length);

/* True when `number` is that name; no number is none. */
static inline bool ls_names_is(const struct ls_names *names, uint32_t number, uint32_t group,
                               const char *text, size_t length)
{
    if (number >= names->count)
        return false;
    const struct ls_name *name = &names->names[number];
    return name->length == length && name->group == group &&
           ls_same_bytes(names->texts + name->text, text, length);
}

const char *ls_names_text(const struct ls_names *names, uint32_t number);
void ls_names_release(struct ls_names *names);

#endif
