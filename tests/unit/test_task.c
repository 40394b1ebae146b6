/**
 * @file test_task.c
 * A task's thread with a job of the test's, which works until it is let go: what is stopped and what waits.
 */
#include "../support/support.h"
#include "tui/task.h"

#include <loadscope/archive.h>

#include <pthread.h>

struct job {
    bool begun, let_go, released, cancelled;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* The task asks for it; there is no terminal here. */
void ls_terminal_thread_setup(void);
void ls_terminal_thread_setup(void)
{
}

static int run_job(ls_task *task, void *argument, ls_bench *bench, const struct ls_solve_options *options,
                   struct ls_error *error)
{
    struct job *job = argument;
    (void)task;
    (void)bench;
    pthread_mutex_lock(&lock);
    job->begun = true;
    pthread_cond_broadcast(&changed);
    while (!job->let_go)
        pthread_cond_wait(&changed, &lock);
    job->cancelled = atomic_load(options->cancel);
    pthread_mutex_unlock(&lock);
    return job->cancelled ? ls_error_set(error, LS_ERR_CANCELLED, "cancelled") : 0;
}

static void release_job(void *argument)
{
    struct job *job = argument;
    pthread_mutex_lock(&lock);
    job->released = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void wake(void *user)
{
    (void)user;
}

/* Until the flag, which the task's thread raises. */
static void await(const bool *flag)
{
    pthread_mutex_lock(&lock);
    while (!*flag)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void let_go(struct job *job)
{
    pthread_mutex_lock(&lock);
    job->let_go = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static const struct ls_task_work work = {.result_bytes = 1, .run = run_job, .release = release_job};

static void assert_cancelled(ls_task *task)
{
    struct ls_error error;
    int status = 0;
    ls_task_wait(task, 10);
    assert_false(ls_task_busy(task));
    assert_true(ls_task_end(task, &status, &error));
    assert_int_equal(status, LS_ERR_CANCELLED);
    assert_int_equal(error.code, LS_ERR_CANCELLED);
    assert_false(ls_task_end(task, &status, &error));
}

/* A job that waits behind another is stopped like one at work, and never begins. */
static void a_job_is_cancelled_at_work_and_before(void **state)
{
    static const double mef[] = {1, 2}, kwh[] = {1, 1};
    struct ls_dataset *dataset = support_day(30, 2, mef, 1, kwh);
    struct job first = {0}, second = {0}, third = {0};
    struct ls_error error;
    ls_archive *archive = NULL;
    ls_task *task = NULL;
    (void)state;
    assert_int_equal(ls_archive_of_dataset(dataset, &archive, &error), 0);
    assert_int_equal(ls_task_start(archive, &work, wake, NULL, &task, &error), 0);
    ls_task_request(task, &first);
    await(&first.begun);
    ls_task_request(task, &second);
    ls_task_cancel(task);
    assert_cancelled(task);
    assert_true(second.released && !second.begun);
    let_go(&first);
    await(&first.released);

    ls_task_request(task, &third);
    await(&third.begun);
    ls_task_cancel(task);
    let_go(&third);
    assert_cancelled(task);
    assert_true(third.cancelled);
    ls_task_stop(task);
    ls_archive_close(archive);
    ls_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_cancelled_at_work_and_before),
    };
    return cmocka_run_group_tests_name("task", tests, NULL, NULL);
}
