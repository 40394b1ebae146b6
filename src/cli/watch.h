/*
 * SIGINT and SIGTERM as a flag: blocked in every thread and read by one of its own, which raises the flag
 * that solvers watch; a second signal, more than half a second after the first, ends the process at once.
 */
#ifndef LS_CLI_WATCH_H
#define LS_CLI_WATCH_H

#include <loadscope/error.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

struct ls_watch {
    pthread_t thread;
    sigset_t signals, before;
    atomic_bool cancel, over;
    atomic_int signal; /* the one that came, 0: none */
};

/* Blocks these signals in this thread and those that it starts, for a later ls_watch_start(). */
void ls_watch_block(sigset_t *before);

/* Signals that were ignored from the start, as by nohup, stay so. LS_ERR_MEMORY. */
int ls_watch_start(struct ls_watch *watch, struct ls_error *error);
void ls_watch_end(struct ls_watch *watch);

#endif
