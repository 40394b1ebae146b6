#include "tui/comparing.h"

#include "tui/state.h"

#include <string.h>

#define TOP_CUSTOMERS 200 /* those that changed most; a list of more is not read */

static void forget(struct ls_explorer *explorer)
{
    ls_compare_destroy(explorer->comparing.result);
    explorer->comparing.result = NULL;
    explorer->changed.n = 0;
}

/* `answer` is A from now on; NULL: none. */
static void keep(struct ls_explorer *explorer, struct ls_answer *answer)
{
    forget(explorer);
    explorer->comparing.a = answer;
    ls_answers_pin(explorer->answers, answer);
    ls_explorer_refresh_lists(explorer);
}

/* An answer that is whole: no home of it was left out by a stop, which would pass for a difference. */
static bool has_whole_answer(struct ls_explorer *explorer)
{
    if (!ls_explorer_has_answer(explorer))
        return false;
    if (explorer->answer->plan->outcome != LS_OUTCOME_CANCELLED)
        return true;
    ls_explorer_refuse(explorer, "the solve was stopped, so the answer is not whole",
                       "turn a limit to and fro");
    return false;
}

bool ls_explorer_mark(struct ls_explorer *explorer)
{
    if (!has_whole_answer(explorer))
        return false;
    ls_undo_forget_swaps(&explorer->undo);
    keep(explorer, explorer->answer);
    return true;
}

void ls_explorer_unmark(struct ls_explorer *explorer)
{
    ls_undo_forget_swaps(&explorer->undo);
    keep(explorer, NULL);
}

/* Goes to the city and date of `answer`, for which nothing is solved yet. */
static void go_to_day(struct ls_explorer *explorer, const struct ls_answer *answer)
{
    struct ls_error error;
    const struct ls_city *city = ls_dataset_city(explorer->dataset, answer->day->city);
    if (city != explorer->city && ls_explorer_load_dates(explorer, city, &error) != 0)
        ls_explorer_fail(explorer, &error);
    for (size_t d = 0; d < explorer->n_dates; d++)
        if (explorer->dates[d] == answer->day->date)
            explorer->date = d;
    ls_explorer_point_days(explorer);
}

void ls_explorer_swap(struct ls_explorer *explorer)
{
    struct ls_answer *a = explorer->comparing.a;
    struct ls_policy policy = {0};
    struct ls_error error;
    if (a == NULL) {
        ls_explorer_refuse(explorer, "no answer is marked as A", "a marks the one on screen");
        return;
    }
    if (!has_whole_answer(explorer))
        return;
    if (ls_policy_copy(&policy, &a->policy, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_policy_clear(&explorer->policy);
    explorer->policy = policy;
    go_to_day(explorer, a);
    /* B is pinned only once A, which was, is on the screen. */
    struct ls_answer *b = explorer->answer;
    if (ls_explorer_policy_turned(explorer, NULL))
        ls_undo_note_swap(&explorer->undo, explorer->city->name, a->day->date);
    keep(explorer, b);
    ls_explorer_say(explorer, "A and B turned round");
}

void ls_explorer_cross_swap(struct ls_explorer *explorer, struct ls_undo_step *step,
                            const struct ls_policy *left)
{
    const struct ls_answer *b = explorer->comparing.a;
    struct ls_answer *a = ls_answers_find(explorer->answers, left, step->city, step->date);
    go_to_day(explorer, b);
    step->city = explorer->city->name;
    step->date = b->day->date;
    if (a != NULL) {
        keep(explorer, a);
        return;
    }
    ls_explorer_unmark(explorer);
    ls_explorer_say(explorer, "what was A is no longer kept: a marks the answer on screen");
}

void ls_explorer_refresh_compare(struct ls_explorer *explorer)
{
    struct ls_comparing *comparing = &explorer->comparing;
    forget(explorer);
    if (comparing->a == NULL || explorer->answer == NULL)
        return;
    (void)ls_compare(comparing->a, explorer->answer, TOP_CUSTOMERS, &comparing->result, &comparing->error);
}
