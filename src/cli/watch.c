#include "cli/watch.h"

#include "base/clock.h"

#include <unistd.h>

/* timeout(1) and service managers signal a process and then its group: that is one order, not two. */
#define SAME_ORDER_SECONDS 0.5

static const int stopping[] = {SIGINT, SIGTERM};

static void *watch_signals(void *user)
{
    struct ls_watch *watch = user;
    int caught;
    double first_at = 0.0;
    while (sigwait(&watch->signals, &caught) == 0 && !atomic_load(&watch->over)) {
        if (caught == SIGUSR1)
            continue;
        if (atomic_load(&watch->signal) != 0) {
            if (ls_clock_seconds() - first_at < SAME_ORDER_SECONDS)
                continue;
            _exit(128 + caught);
        }
        first_at = ls_clock_seconds();
        atomic_store(&watch->signal, caught);
        atomic_store(&watch->cancel, true);
    }
    return NULL;
}

void ls_watch_block(sigset_t *before)
{
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++)
        sigaddset(&signals, stopping[i]);
    pthread_sigmask(SIG_BLOCK, &signals, before);
}

/* SIGUSR1 wakes the thread to end it. */
int ls_watch_start(struct ls_watch *watch, struct ls_error *error)
{
    atomic_init(&watch->cancel, false);
    atomic_init(&watch->over, false);
    atomic_init(&watch->signal, 0);
    sigemptyset(&watch->signals);
    sigaddset(&watch->signals, SIGUSR1);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        struct sigaction old;
        if (sigaction(stopping[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaddset(&watch->signals, stopping[i]);
    }
    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error of write() */
    pthread_sigmask(SIG_BLOCK, &watch->signals, &watch->before);
    if (pthread_create(&watch->thread, NULL, watch_signals, watch) == 0)
        return 0;
    pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
    return ls_error_set(error, LS_ERR_MEMORY, "cannot start a thread");
}

void ls_watch_end(struct ls_watch *watch)
{
    atomic_store(&watch->over, true);
    pthread_kill(watch->thread, SIGUSR1);
    pthread_join(watch->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &watch->before, NULL);
}
