/*
 * An allocator that fails when told to.
 *
 * The linker sends a test's and the library's allocations here (--wrap, in the Makefile); what GLib, GLPK,
 * libcsv and zlib allocate for themselves is not counted.
 */
#ifndef LS_TESTS_FAULT_H
#define LS_TESTS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

struct fault {
    bool armed, lasting;   /* lasting: all after the chosen one fail too */
    size_t chosen;         /* from 1; 0: none fails */
    size_t asked, refused; /* since fault_arm() */
};

/* The one state of the program: an allocator's callers hand it none. */
extern struct fault fault;

void fault_arm(void);

/* Returns `code`, so that it can stand around the call under test. */
int fault_disarm(int code);

#endif
