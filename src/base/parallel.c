#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct job {
    const struct ls_stage *stages;
    size_t n_stages;
    void *user;
    pthread_mutex_t lock; /* on what follows */
    pthread_cond_t turned;
    atomic_size_t stage;
    size_t next, done; /* pieces of the stage */
};

/* To the next stage that has pieces; under the lock. */
static void turn(struct job *job)
{
    size_t stage = job->stage;
    while (stage < job->n_stages && job->done == job->stages[stage].n) {
        stage++;
        job->next = job->done = 0;
    }
    atomic_store(&job->stage, stage);
    pthread_cond_broadcast(&job->turned);
}

static void *take_pieces(void *user)
{
    struct job *job = user;
    pthread_mutex_lock(&job->lock);
    for (size_t stage; (stage = job->stage) < job->n_stages;) {
        const struct ls_stage *now = &job->stages[stage];
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

void ls_parallel_stages(const struct ls_stage *stages, size_t n_stages, int threads, void *user)
{
    struct job job = {.stages = stages, .n_stages = n_stages, .user = user};
    pthread_t thread[LS_ALL_PROCESSORS];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = threads < LS_ALL_PROCESSORS ? threads : LS_ALL_PROCESSORS, started = 0;
    size_t most = 0;
    for (size_t s = 0; s < n_stages; s++)
        most = stages[s].n > most ? stages[s].n : most;
    wanted = processors < wanted ? (int)processors : wanted;
    wanted = most < (size_t)wanted ? (int)most : wanted;
    pthread_mutex_init(&job.lock, NULL);
    pthread_cond_init(&job.turned, NULL);
    turn(&job);
    while (started < wanted - 1 && pthread_create(&thread[started], NULL, take_pieces, &job) == 0)
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
