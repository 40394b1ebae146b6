#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct job {
    size_t n;
    atomic_size_t next;
    void (*work)(void *user, size_t i);
    void *user;
};

static void *take_pieces(void *user)
{
    struct job *job = user;
    for (size_t i; (i = atomic_fetch_add(&job->next, 1)) < job->n;)
        job->work(job->user, i);
    return NULL;
}

void ls_parallel(size_t n, int threads, void (*work)(void *user, size_t i), void *user)
{
    struct job job = {.n = n, .work = work, .user = user};
    pthread_t thread[LS_ALL_PROCESSORS];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = threads < LS_ALL_PROCESSORS ? threads : LS_ALL_PROCESSORS, started = 0;
    wanted = processors < wanted ? (int)processors : wanted;
    wanted = n < (size_t)wanted ? (int)n : wanted;
    atomic_init(&job.next, 0);
    while (started < wanted - 1 && pthread_create(&thread[started], NULL, take_pieces, &job) == 0)
        started++;
    take_pieces(&job);
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
}
