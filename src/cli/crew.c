#include "cli/crew.h"

#include <stdlib.h>
#include <time.h>

#define PAUSE_NS 200000 /* between looks for messages; a city-week takes longer */

struct ls_leader {
    const struct ls_crew *crew;
    const bool *skip;
    const atomic_bool *cancel;
    size_t n_units;
    atomic_size_t next;
    atomic_bool give_up;
    struct ls_run_progress *of; /* [ranks] */
    void (*progress)(void *user, const struct ls_run_progress *others);
    void *user;
    pthread_t thread;
};

bool ls_leader_next(void *user, size_t *unit)
{
    ls_leader *leader = user;
    do
        *unit = atomic_fetch_add(&leader->next, 1);
    while (*unit < leader->n_units && leader->skip[*unit]);
    return *unit < leader->n_units;
}

/* Takes what a rank has done so far, and tells what all of them have. */
static void note(ls_leader *leader, int rank, const struct ls_crew_message *message)
{
    struct ls_run_progress others = {0};
    leader->of[rank].units_done = message->units_done;
    leader->of[rank].home_days = message->home_days;
    leader->of[rank].work_done = message->work_done;
    for (int r = 1; r < leader->crew->ranks; r++) {
        others.units_done += leader->of[r].units_done;
        others.home_days += leader->of[r].home_days;
        others.work_done += leader->of[r].work_done;
    }
    leader->progress(leader->user, &others);
}

static void *answer_others(void *user)
{
    static const struct timespec pause = {.tv_nsec = PAUSE_NS};
    ls_leader *leader = user;
    const struct ls_crew *crew = leader->crew;
    int left = 1; /* the leader itself */
    while (left < crew->ranks && !atomic_load(leader->cancel) && !atomic_load(&leader->give_up)) {
        struct ls_crew_message message;
        int rank;
        size_t unit;
        if (!crew->receive(&rank, &message, false)) {
            nanosleep(&pause, NULL);
            continue;
        }
        note(leader, rank, &message);
        if (message.word == LS_CREW_LEAVE) {
            left++;
            continue;
        }
        bool any = ls_leader_next(leader, &unit);
        crew->send(rank,
                   &(struct ls_crew_message){.word = any ? LS_CREW_UNIT : LS_CREW_NOTHING, .number = unit});
    }
    return NULL;
}

int ls_leader_start(const struct ls_crew *crew, size_t n_units, const bool *skip, const atomic_bool *cancel,
                    void (*progress)(void *user, const struct ls_run_progress *others), void *user,
                    ls_leader **out, struct ls_error *error)
{
    ls_leader *leader = calloc(1, sizeof *leader);
    if (leader != NULL)
        leader->of = calloc((size_t)crew->ranks, sizeof *leader->of);
    if (leader == NULL || leader->of == NULL) {
        free(leader);
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for the ranks of a run");
    }
    leader->crew = crew;
    leader->n_units = n_units;
    leader->skip = skip;
    leader->cancel = cancel;
    leader->progress = progress;
    leader->user = user;
    if (pthread_create(&leader->thread, NULL, answer_others, leader) != 0) {
        free(leader->of);
        free(leader);
        return ls_error_set(error, LS_ERR_MEMORY, "cannot start a thread");
    }
    *out = leader;
    return 0;
}

void ls_leader_finish(ls_leader *leader, bool wait)
{
    if (leader == NULL)
        return;
    if (!wait)
        atomic_store(&leader->give_up, true);
    pthread_join(leader->thread, NULL);
    free(leader->of);
    free(leader);
}

static void tell(struct ls_hand *hand, enum ls_crew_word word)
{
    hand->crew->send(0, &(struct ls_crew_message){.word = word,
                                                  .units_done = hand->done.units_done,
                                                  .home_days = hand->done.home_days,
                                                  .work_done = hand->done.work_done});
}

bool ls_hand_next(void *user, size_t *unit)
{
    struct ls_hand *hand = user;
    struct ls_crew_message message;
    int rank;
    pthread_mutex_lock(&hand->lock);
    tell(hand, LS_CREW_ASK);
    (void)hand->crew->receive(&rank, &message, true);
    pthread_mutex_unlock(&hand->lock);
    *unit = (size_t)message.number;
    return message.word == LS_CREW_UNIT;
}

void ls_hand_progress(struct ls_hand *hand, const struct ls_run_progress *done)
{
    pthread_mutex_lock(&hand->lock);
    hand->done = *done;
    pthread_mutex_unlock(&hand->lock);
}

void ls_hand_leave(struct ls_hand *hand)
{
    tell(hand, LS_CREW_LEAVE);
}
