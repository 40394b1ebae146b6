#define _GNU_SOURCE /* sched_getaffinity() */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>

struct job {
    const struct ls_stage *stages;
    size_t n_stages;
    void *user;
    pthread_mutex_t lock; /* on what follows */
    pthread_cond_t turned;
    size_t stage, next, done; /* pieces of the stage that were taken and those that are done */
};

/* To the next stage that has pieces; under the lock. One piece is for whoever turned: waking takes longer
 * than a small city's ranks. */
static void turn(struct job *job)
{
    while (job->stage < job->n_stages && job->done == job->stages[job->stage].n) {
        job->stage++;
        job->next = job->done = 0;
    }
    if (job->stage == job->n_stages || job->stages[job->stage].n > 1)
        pthread_cond_broadcast(&job->turned);
}

static void *take_pieces(void *user)
{
    struct job *job = user;
    pthread_mutex_lock(&job->lock);
    while (job->stage < job->n_stages) {
        const struct ls_stage *now = &job->stages[job->stage];
        if (job->next == now->n) {
            pthread_cond_wait(&job->turned, &job->lock);
            continue;
        }
        size_t i = job->next++;
        pthread_mutex_unlock(&job->lock);
        now->work(job->user, i);
        pthread_mutex_lock(&job->lock);
        if (++job->done == now->n)
            turn(job);
    }
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

/* How many threads are worth starting, this one among them. */
static int wanted(const struct ls_stage *stages, size_t n_stages, int threads)
{
    cpu_set_t ours;
    size_t most = 0;
    int count = sched_getaffinity(0, sizeof ours, &ours) == 0 ? CPU_COUNT(&ours) : LS_ALL_PROCESSORS;
    count = count < LS_ALL_PROCESSORS ? count : LS_ALL_PROCESSORS;
    count = count < threads ? count : threads;
    for (size_t s = 0; s < n_stages; s++)
        most = stages[s].n > most ? stages[s].n : most;
    return most < (size_t)count ? (int)most : count;
}

void ls_parallel_stages(const struct ls_stage *stages, size_t n_stages, int threads, void *user)
{
    struct job job = {.stages = stages, .n_stages = n_stages, .user = user};
    pthread_t thread[LS_ALL_PROCESSORS];
    int helpers = wanted(stages, n_stages, threads) - 1, started = 0;
    pthread_mutex_init(&job.lock, NULL);
    pthread_cond_init(&job.turned, NULL);
    turn(&job);
    while (started < helpers && pthread_create(&thread[started], NULL, take_pieces, &job) == 0)
        started++;
    take_pieces(&job);
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_cond_destroy(&job.turned);
    pthread_mutex_destroy(&job.lock);
}

void ls_parallel(size_t n, int threads, void (*work)(void *user, size_t i), void *user)
{
    const struct ls_stage stage = {n, work};
    ls_parallel_stages(&stage, 1, threads, user);
}
