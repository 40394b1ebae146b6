/*
 * The thread that solves, so that the screen never waits.
 *
 * One request is worked on at a time; a later one replaces what has not begun, and stops an exact engine that
 * has. Requests and answers are copied in and out under a lock; an answer belongs to whoever takes it.
 */
#ifndef LS_TUI_WORKER_H
#define LS_TUI_WORKER_H

#include <loadscope/shift.h>

typedef struct ls_worker ls_worker;

struct ls_worker_state {
    bool busy;                   /* a request is waiting or worked on, and its answer wanted */
    double seconds;              /* since the request was made */
    double took_seconds;         /* for the answer before, from its request on; 0 before the first */
    struct ls_progress progress; /* of the exact engine at work; in_all is 0 before it begins */
};

/* Starts the thread. `wake` is called from it whenever there is news; it must not block. */
int ls_worker_start(ls_archive *archive, void (*wake)(void *user), void *user, ls_worker **out,
                    struct ls_error *error);

/* Keeps no more than so many city-days between requests, as ls_bench_keep(); to be said before the first one.
 */
void ls_worker_keep(ls_worker *worker, int city_days);

/* Cancels, joins and frees. */
void ls_worker_stop(ls_worker *worker);

/* Asks for a city-day; the last request wins. */
int ls_worker_request(ls_worker *worker, const struct ls_policy *policy, const char *city, int32_t date,
                      struct ls_error *error);

/* Nobody wants the answer that was asked for any more. */
void ls_worker_forget(ls_worker *worker);

/* Stops the solve at work, or the one that waits: its answer has the customers served so far. */
void ls_worker_cancel(ls_worker *worker);

struct ls_worker_state ls_worker_state(ls_worker *worker);

/* Waits until nothing is asked for or worked on, at most `seconds`. */
void ls_worker_wait(ls_worker *worker, double seconds);

/* Takes the news: true with an answer, or with *answer NULL and the error of a request that failed. */
bool ls_worker_take(ls_worker *worker, struct ls_answer **answer, struct ls_error *error);

#endif
