/* How the process holds on to memory. */
#ifndef LS_BASE_MEMORY_H
#define LS_BASE_MEMORY_H

/*
 * Asks the C library to keep large blocks that were freed for the next use, in one place for all threads:
 * fresh pages cost more than a solve. For main(), before any thread; does nothing where it cannot be asked.
 */
void ls_memory_keep(void);

#endif
