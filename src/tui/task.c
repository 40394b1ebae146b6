#include "tui/task.h"

#include "base/clock.h"
#include "tui/terminal.h"

#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct ls_task {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below but the flag */
    pthread_cond_t arrived, done;
    void *next; /* a job that waits, or NULL */
    bool working, superseded, stopping, ended;
    int status;
    struct ls_error error;
    GArray *results; /* from `first` on not yet taken */
    guint first;
    atomic_bool cancel; /* stop the job at work */
    ls_archive *archive;
    const struct ls_task_work *work;
    void (*wake)(void *user);
    void *user;
};

/* Works on a job; a bench is opened by the first. */
static int work_on(ls_task *task, void *job, ls_bench **bench, struct ls_error *error)
{
    struct ls_solve_options options = {.cancel = &task->cancel};
    int status = *bench == NULL ? ls_bench_open_archive(task->archive, bench, error) : 0;
    if (status == 0)
        status = task->work->run(task, job, *bench, &options, error);
    task->work->release(job);
    return status;
}

static void *run_thread(void *argument)
{
    ls_task *task = argument;
    ls_bench *bench = NULL;
    ls_terminal_thread_setup();
    pthread_mutex_lock(&task->lock);
    for (;;) {
        while (task->next == NULL && !task->stopping)
            pthread_cond_wait(&task->arrived, &task->lock);
        if (task->stopping)
            break;
        void *job = task->next;
        struct ls_error error = {0};
        task->next = NULL;
        task->working = true;
        task->superseded = false;
        atomic_store(&task->cancel, false);
        pthread_mutex_unlock(&task->lock);
        int status = work_on(task, job, &bench, &error);
        pthread_mutex_lock(&task->lock);
        task->working = false;
        if (!task->superseded) {
            task->ended = true;
            task->status = status;
            task->error = error;
        }
        pthread_cond_broadcast(&task->done);
        task->wake(task->user);
    }
    pthread_mutex_unlock(&task->lock);
    ls_bench_close(bench);
    return NULL;
}

int ls_task_start(ls_archive *archive, const struct ls_task_work *work, void (*wake)(void *user), void *user,
                  ls_task **out, struct ls_error *error)
{
    ls_task *task = calloc(1, sizeof *task);
    if (task == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a thread");
    task->archive = archive;
    task->work = work;
    task->wake = wake;
    task->user = user;
    task->results = g_array_new(FALSE, FALSE, (guint)work->result_bytes);
    pthread_mutex_init(&task->lock, NULL);
    pthread_cond_init(&task->arrived, NULL);
    pthread_cond_init(&task->done, NULL);
    if (pthread_create(&task->thread, NULL, run_thread, task) != 0) {
        pthread_cond_destroy(&task->arrived);
        pthread_cond_destroy(&task->done);
        pthread_mutex_destroy(&task->lock);
        g_array_free(task->results, TRUE);
        free(task);
        return ls_error_set(error, LS_ERR_MEMORY, "cannot start a thread");
    }
    *out = task;
    return 0;
}

/* Under the lock: drops what waits or is at work, with its results. Returns the job that waited, or NULL. */
static void *drop(ls_task *task)
{
    void *waiting = task->next;
    task->next = NULL;
    task->ended = false;
    task->superseded = task->working;
    atomic_store(&task->cancel, true);
    g_array_set_size(task->results, 0);
    task->first = 0;
    return waiting;
}

static void replace(ls_task *task, void *job, bool stopping)
{
    pthread_mutex_lock(&task->lock);
    void *replaced = drop(task);
    task->next = job;
    task->stopping = stopping;
    pthread_cond_signal(&task->arrived);
    pthread_mutex_unlock(&task->lock);
    if (replaced != NULL)
        task->work->release(replaced);
}

void ls_task_stop(ls_task *task)
{
    if (task == NULL)
        return;
    replace(task, NULL, true);
    pthread_join(task->thread, NULL);
    pthread_cond_destroy(&task->arrived);
    pthread_cond_destroy(&task->done);
    pthread_mutex_destroy(&task->lock);
    g_array_free(task->results, TRUE);
    free(task);
}

void ls_task_request(ls_task *task, void *job)
{
    replace(task, job, false);
}

void ls_task_forget(ls_task *task)
{
    replace(task, NULL, false);
}

/* The flag is of the job at work, and lowered for the next one. */
void ls_task_cancel(ls_task *task)
{
    pthread_mutex_lock(&task->lock);
    void *waiting = task->next;
    task->next = NULL;
    if (waiting != NULL) {
        task->ended = true;
        task->status = ls_error_set(&task->error, LS_ERR_CANCELLED, "cancelled");
        pthread_cond_broadcast(&task->done);
    } else {
        atomic_store(&task->cancel, true);
    }
    pthread_mutex_unlock(&task->lock);
    if (waiting != NULL)
        task->work->release(waiting);
}

/* Under the lock. */
static bool is_busy(const ls_task *task)
{
    return task->next != NULL || (task->working && !task->superseded);
}

bool ls_task_busy(ls_task *task)
{
    pthread_mutex_lock(&task->lock);
    bool busy = is_busy(task);
    pthread_mutex_unlock(&task->lock);
    return busy;
}

void ls_task_wait(ls_task *task, double seconds)
{
    struct timespec until = ls_clock_deadline(seconds);
    pthread_mutex_lock(&task->lock);
    while (is_busy(task) && pthread_cond_timedwait(&task->done, &task->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&task->lock);
}

void ls_task_post(ls_task *task, const void *result)
{
    pthread_mutex_lock(&task->lock);
    if (!task->superseded)
        g_array_append_vals(task->results, result, 1);
    pthread_mutex_unlock(&task->lock);
    task->wake(task->user);
}

bool ls_task_take(ls_task *task, void *out)
{
    size_t bytes = task->work->result_bytes;
    pthread_mutex_lock(&task->lock);
    bool any = task->first < task->results->len;
    if (any)
        memcpy(out, task->results->data + bytes * task->first++, bytes);
    if (task->first == task->results->len) {
        g_array_set_size(task->results, 0);
        task->first = 0;
    }
    pthread_mutex_unlock(&task->lock);
    return any;
}

bool ls_task_end(ls_task *task, int *status, struct ls_error *error)
{
    pthread_mutex_lock(&task->lock);
    bool ended = task->ended;
    if (ended) {
        *status = task->status;
        *error = task->error;
        task->ended = false;
    }
    pthread_mutex_unlock(&task->lock);
    return ended;
}
