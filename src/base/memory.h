/* How the process comes by memory and holds on to it. */
#ifndef LS_BASE_MEMORY_H
#define LS_BASE_MEMORY_H

#include <stddef.h>

/*
 * Asks the C library to keep large blocks that were freed for the next use, in one place for all threads:
 * fresh pages cost more than a solve. For main(), before any thread; does nothing where it cannot be asked.
 */
void ls_memory_keep(void);

/*
 * Has the pages of a part of a large array present before it is written for the first time: all in one call,
 * which costs two thirds of what they cost one by one. What is in them does not change. Does nothing where
 * the kernel cannot be asked, and little where the pages are there.
 */
void ls_memory_touch(void *part, size_t bytes);

#endif
