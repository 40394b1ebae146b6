#include "tui/worker.h"

#include "base/clock.h"
#include "tui/terminal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct request {
    struct ls_policy policy;
    char city[LS_ID_BYTES + 1];
    int32_t date;
    bool cancelled; /* before it began: the flag below is of the solve at work */
};

struct ls_worker {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below but the flags, the bench and `wake` */
    pthread_cond_t arrived, done;
    bool waiting, working, stopping, news, exact_at_work;
    struct request next;
    double asked_at;
    double took_seconds; /* from there to the last answer */
    struct ls_progress progress;
    struct ls_answer *answer;
    struct ls_error error;
    atomic_bool cancel;     /* stop the solve at work */
    atomic_bool superseded; /* and throw its answer away */
    ls_bench *bench;        /* the thread's own */
    void (*wake)(void *user);
    void *user;
};

static void on_progress(void *user, const struct ls_progress *progress)
{
    ls_worker *worker = user;
    pthread_mutex_lock(&worker->lock);
    worker->progress = *progress;
    pthread_mutex_unlock(&worker->lock);
    worker->wake(worker->user);
}

static void publish(ls_worker *worker, struct ls_answer *answer, const struct ls_error *error)
{
    struct ls_answer *stale = answer;
    pthread_mutex_lock(&worker->lock);
    worker->working = false;
    if (!atomic_load(&worker->superseded)) {
        stale = worker->answer;
        worker->answer = answer;
        worker->error = *error;
        worker->news = true;
    }
    worker->took_seconds = ls_clock_seconds() - worker->asked_at;
    pthread_cond_broadcast(&worker->done);
    pthread_mutex_unlock(&worker->lock);
    ls_answer_destroy(stale);
    worker->wake(worker->user);
}

static void *work(void *argument)
{
    ls_worker *worker = argument;
    ls_terminal_thread_setup();
    pthread_mutex_lock(&worker->lock);
    for (;;) {
        while (!worker->waiting && !worker->stopping)
            pthread_cond_wait(&worker->arrived, &worker->lock);
        if (worker->stopping)
            break;
        struct request request = worker->next;
        worker->next = (struct request){0};
        worker->waiting = false;
        worker->working = true;
        worker->exact_at_work = ls_engine(request.policy.engine)->exact;
        worker->progress = (struct ls_progress){0};
        atomic_store(&worker->cancel, request.cancelled);
        atomic_store(&worker->superseded, false);
        pthread_mutex_unlock(&worker->lock);

        struct ls_answer *answer = NULL;
        struct ls_error error = {0};
        struct ls_solve_options options = {
            .cancel = &worker->cancel, .progress = on_progress, .user = worker};
        (void)ls_bench_solve(worker->bench, &request.policy, request.city, request.date, &options, &answer,
                             &error);
        ls_policy_clear(&request.policy);
        publish(worker, answer, &error);
        pthread_mutex_lock(&worker->lock);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

int ls_worker_start(ls_archive *archive, void (*wake)(void *user), void *user, ls_worker **out,
                    struct ls_error *error)
{
    ls_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for the solver's thread");
    worker->wake = wake;
    worker->user = user;
    int status = ls_bench_open_archive(archive, &worker->bench, error);
    if (status != 0) {
        free(worker);
        return status;
    }
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->arrived, NULL);
    pthread_cond_init(&worker->done, NULL);
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
        pthread_cond_destroy(&worker->arrived);
        pthread_cond_destroy(&worker->done);
        pthread_mutex_destroy(&worker->lock);
        ls_bench_close(worker->bench);
        free(worker);
        return ls_error_set(error, LS_ERR_MEMORY, "cannot start the solver's thread");
    }
    *out = worker;
    return 0;
}

void ls_worker_keep(ls_worker *worker, int city_days)
{
    ls_bench_keep(worker->bench, city_days);
}

void ls_worker_stop(ls_worker *worker)
{
    if (worker == NULL)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    atomic_store(&worker->superseded, true);
    atomic_store(&worker->cancel, true);
    pthread_cond_signal(&worker->arrived);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->arrived);
    pthread_cond_destroy(&worker->done);
    pthread_mutex_destroy(&worker->lock);
    ls_policy_clear(&worker->next.policy);
    ls_answer_destroy(worker->answer);
    ls_bench_close(worker->bench);
    free(worker);
}

int ls_worker_request(ls_worker *worker, const struct ls_policy *policy, const char *city, int32_t date,
                      struct ls_error *error)
{
    struct request request = {.date = date};
    int status = ls_policy_copy(&request.policy, policy, error);
    if (status != 0)
        return status;
    memcpy(request.city, city, strlen(city) + 1);
    pthread_mutex_lock(&worker->lock);
    struct ls_policy replaced = worker->next.policy;
    worker->next = request;
    worker->waiting = true;
    worker->asked_at = ls_clock_seconds();
    /* A greedy solve is quicker than a key, so it may end and be seen; an exact one must give way. */
    if (worker->working && worker->exact_at_work) {
        atomic_store(&worker->superseded, true);
        atomic_store(&worker->cancel, true);
    }
    pthread_cond_signal(&worker->arrived);
    pthread_mutex_unlock(&worker->lock);
    ls_policy_clear(&replaced);
    return 0;
}

void ls_worker_forget(ls_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    struct ls_policy replaced = worker->next.policy;
    struct ls_answer *stale = worker->answer;
    worker->next = (struct request){0};
    worker->answer = NULL;
    worker->waiting = worker->news = false;
    if (worker->working) {
        atomic_store(&worker->superseded, true);
        atomic_store(&worker->cancel, true);
    }
    pthread_mutex_unlock(&worker->lock);
    ls_policy_clear(&replaced);
    ls_answer_destroy(stale);
}

void ls_worker_cancel(ls_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->next.cancelled = worker->waiting;
    atomic_store(&worker->cancel, true);
    pthread_mutex_unlock(&worker->lock);
}

/* Under the lock. */
static bool is_busy(const ls_worker *worker)
{
    return worker->waiting || (worker->working && !atomic_load(&worker->superseded));
}

struct ls_worker_state ls_worker_state(ls_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    struct ls_worker_state state = {
        .busy = is_busy(worker), .took_seconds = worker->took_seconds, .progress = worker->progress};
    if (state.busy)
        state.seconds = ls_clock_seconds() - worker->asked_at;
    pthread_mutex_unlock(&worker->lock);
    return state;
}

void ls_worker_wait(ls_worker *worker, double seconds)
{
    struct timespec until = ls_clock_deadline(seconds);
    pthread_mutex_lock(&worker->lock);
    while (is_busy(worker) && pthread_cond_timedwait(&worker->done, &worker->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&worker->lock);
}

bool ls_worker_take(ls_worker *worker, struct ls_answer **answer, struct ls_error *error)
{
    pthread_mutex_lock(&worker->lock);
    bool news = worker->news;
    if (news) {
        *answer = worker->answer;
        *error = worker->error;
        worker->answer = NULL;
        worker->news = false;
    }
    pthread_mutex_unlock(&worker->lock);
    return news;
}
