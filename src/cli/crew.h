/*
 * One run by several processes: rank 0, the leader, opens and publishes the result, hands out city-weeks one
 * by one to whoever asks, and solves some itself; the other ranks ask, solve and write parts.
 *
 * The protocol is here; what carries it is behind struct ls_crew. All ranks must see the same files.
 */
#ifndef LS_CLI_CREW_H
#define LS_CLI_CREW_H

#include <loadscope/run.h>

#include <pthread.h>

enum ls_crew_word { LS_CREW_ASK, LS_CREW_LEAVE, LS_CREW_UNIT, LS_CREW_NOTHING };

struct ls_crew_message {
    int64_t word;                              /* enum ls_crew_word */
    uint64_t number;                           /* UNIT: which */
    uint64_t units_done, home_days, work_done; /* ASK, LEAVE: by the rank so far, as in ls_run_progress */
};

/* How ranks reach one another. A rank calls these from one thread at a time. A failure ends the job. */
struct ls_crew {
    int rank, ranks;
    void (*share)(void *bytes, size_t n); /* the leader's bytes go to all; every rank calls it */
    void (*send)(int rank, const struct ls_crew_message *message);
    /* The next message and who sent it; without `wait`, false when there is none. */
    bool (*receive)(int *rank, struct ls_crew_message *message, bool wait);
    void (*end)(int status); /* ends all ranks at once, and does not return */
};

typedef struct ls_leader ls_leader;

/*
 * Starts to answer the others, on a thread of its own that alone uses the crew until ls_leader_finish().
 * `progress` tells what the other ranks have done; it is called on that thread. `cancel` stops all answers.
 * LS_ERR_MEMORY.
 */
int ls_leader_start(const struct ls_crew *crew, size_t n_units, const bool *skip, const atomic_bool *cancel,
                    void (*progress)(void *user, const struct ls_run_progress *others), void *user,
                    ls_leader **out, struct ls_error *error);

/* As ls_run_options wants it. */
bool ls_leader_next(void *leader, size_t *unit);

/* Waits until the others have left, unless cancelled or told not to, and frees the leader. */
void ls_leader_finish(ls_leader *leader, bool wait);

/* A rank that asks; start it zeroed but for `crew`. */
struct ls_hand {
    const struct ls_crew *crew;
    pthread_mutex_t lock;
    struct ls_run_progress done; /* by this rank, under the lock */
};
bool ls_hand_next(void *hand, size_t *unit);
void ls_hand_progress(struct ls_hand *hand, const struct ls_run_progress *done);
void ls_hand_leave(struct ls_hand *hand);

#endif
