/*
 * A thread with a bench of its own for what is worth knowing but not worth waiting for: sweeps, and what a
 * change of a limit would save.
 *
 * It works on one job at a time and hands over results one by one; a newer job stops it and clears what was
 * not taken. Results are copied in and out under a lock, jobs belong to the thread once they are handed over.
 */
#ifndef LS_TUI_TASK_H
#define LS_TUI_TASK_H

#include <loadscope/shift.h>

typedef struct ls_task ls_task;

/* What the thread can do. */
struct ls_task_work {
    size_t result_bytes;
    /* Called on the thread; hands out results by ls_task_post(). What it returns is ls_task_end()'s. */
    int (*run)(ls_task *task, void *job, ls_bench *bench, const struct ls_solve_options *options,
               struct ls_error *error);
    void (*release)(void *job);
};

/* `work` must outlive the task. `wake` is called from the thread whenever there is news; it must not block.
 * LS_ERR_MEMORY. */
int ls_task_start(ls_archive *archive, const struct ls_task_work *work, void (*wake)(void *user), void *user,
                  ls_task **out, struct ls_error *error);

/* Cancels, joins and frees. */
void ls_task_stop(ls_task *task);

/* Takes a job over; the last one wins. */
void ls_task_request(ls_task *task, void *job);

/* Nobody wants the job any more; results that were not taken are gone. */
void ls_task_forget(ls_task *task);

/* Stops the job at work, or one that waits, with LS_ERR_CANCELLED; what is done may be taken. */
void ls_task_cancel(ls_task *task);

/* A job is waiting or worked on. */
bool ls_task_busy(ls_task *task);

/* Waits until no job is waiting or worked on, at most `seconds`. */
void ls_task_wait(ls_task *task, double seconds);

/* Hands over a copy of a result; for run() alone. */
void ls_task_post(ls_task *task, const void *result);

/* Takes the next result into `out`; false when there is none. */
bool ls_task_take(ls_task *task, void *out);

/* Takes the end of the last job: true once after each that was not replaced, with what run() returned. */
bool ls_task_end(ls_task *task, int *status, struct ls_error *error);

#endif
