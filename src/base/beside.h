/*
 * A file that appears whole or not at all: it is written beside its name and renamed. What was there keeps
 * its mode, and is written through a symbolic link.
 */
#ifndef LS_BASE_BESIDE_H
#define LS_BASE_BESIDE_H

#include <loadscope/error.h>

#include <stdio.h>

struct ls_beside {
    FILE *file;
    const char *path;    /* the caller's, for messages */
    char *target, *temp; /* owned */
};

/* LS_ERR_IO, also for what is no plain file; LS_ERR_MEMORY. */
int ls_beside_open(const char *path, struct ls_beside *out, struct ls_error *error);

/* Ends it and gives it its name, or removes it where that fails. LS_ERR_IO. */
int ls_beside_publish(struct ls_beside *beside, struct ls_error *error);

/* Ends it and removes it; errno stays. */
void ls_beside_discard(struct ls_beside *beside);

#endif
