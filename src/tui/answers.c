#include "tui/answers.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 64

struct ls_answers {
    struct ls_answer *answer[PLACES]; /* [n] the one used last comes first */
    size_t n, bytes;
    const struct ls_answer *pinned; /* NULL: none */
};

int ls_answers_create(size_t bytes, ls_answers **out, struct ls_error *error)
{
    ls_answers *answers = calloc(1, sizeof *answers);
    if (answers == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for answers");
    answers->bytes = bytes;
    *out = answers;
    return 0;
}

void ls_answers_destroy(ls_answers *answers)
{
    if (answers == NULL)
        return;
    for (size_t i = 0; i < answers->n; i++)
        ls_answer_destroy(answers->answer[i]);
    free(answers);
}

/* Usage, what is above the floors, floors, and a handful of figures a customer. */
static size_t day_bytes(const struct ls_cityday *day)
{
    size_t slots = (size_t)day->n_slots, customer = sizeof *day->customer + sizeof *day->id +
                                                    sizeof *day->day_quanta + sizeof *day->whole +
                                                    sizeof *day->percentile;
    customer += slots * (sizeof *day->usage + sizeof *day->avail_kwh);
    if (day->floor_kwh != NULL)
        customer += LS_HOURS_A_DAY * sizeof *day->floor_kwh;
    return sizeof *day + day->n_customers * customer + slots * 6 * sizeof(double);
}

static size_t plan_bytes(const struct ls_plan *plan)
{
    return sizeof *plan + plan->n_moves * sizeof *plan->moves +
           plan->n_customers * (sizeof *plan->customers + sizeof(int)) +
           (size_t)plan->n_slots * sizeof *plan->slots;
}

size_t ls_answers_bytes(const ls_answers *answers)
{
    size_t bytes = 0;
    for (size_t i = 0; i < answers->n; i++) {
        size_t first = 0;
        while (answers->answer[first]->day != answers->answer[i]->day)
            first++;
        bytes += plan_bytes(answers->answer[i]->plan);
        bytes += first == i ? day_bytes(answers->answer[i]->day) : 0;
    }
    return bytes;
}

/* Puts an answer first; those before place `from` move on by one. */
static void put_first(ls_answers *answers, size_t from, struct ls_answer *answer)
{
    memmove(answers->answer + 1, answers->answer, from * sizeof *answers->answer);
    answers->answer[0] = answer;
}

/* Lets the oldest go that need not stay but the first `kept`; false when there is none. */
static bool drop_oldest(ls_answers *answers, size_t kept)
{
    size_t i = answers->n;
    while (i > kept && answers->answer[i - 1] == answers->pinned)
        i--;
    if (i <= kept)
        return false;
    ls_answer_destroy(answers->answer[i - 1]);
    memmove(answers->answer + i - 1, answers->answer + i, (answers->n - i) * sizeof *answers->answer);
    answers->n--;
    return true;
}

void ls_answers_keep(ls_answers *answers, struct ls_answer *answer)
{
    if (answers->n == PLACES)
        (void)drop_oldest(answers, 0);
    put_first(answers, answers->n++, answer);
    while (ls_answers_bytes(answers) > answers->bytes && drop_oldest(answers, 1))
        ;
}

void ls_answers_pin(ls_answers *answers, const struct ls_answer *answer)
{
    answers->pinned = answer;
}

struct ls_answer *ls_answers_find(ls_answers *answers, const struct ls_policy *policy, const char *city,
                                  int32_t date)
{
    for (size_t i = 0; i < answers->n; i++) {
        struct ls_answer *answer = answers->answer[i];
        if (answer->plan->outcome != LS_OUTCOME_COMPLETE || answer->day->date != date ||
            strcmp(answer->day->city, city) != 0 || !ls_policy_equal(&answer->policy, policy))
            continue;
        put_first(answers, i, answer);
        return answer;
    }
    return NULL;
}
