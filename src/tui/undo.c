#include "tui/undo.h"

#include <string.h>

int ls_undo_start(struct ls_undo *undo, const struct ls_policy *policy, struct ls_error *error)
{
    int status = ls_policy_copy(&undo->state[0], policy, error);
    if (status == 0)
        undo->n = 1;
    return status;
}

static void cut(struct ls_undo *undo, size_t n)
{
    while (undo->n > n)
        ls_policy_clear(&undo->state[--undo->n]);
}

void ls_undo_clear(struct ls_undo *undo)
{
    cut(undo, 0);
    undo->at = 0;
}

int ls_undo_note(struct ls_undo *undo, const struct ls_policy *policy, bool merge, bool *noted,
                 struct ls_error *error)
{
    struct ls_policy copy = {0};
    *noted = !ls_policy_equal(&undo->state[undo->at], policy);
    if (!*noted)
        return 0;
    int status = ls_policy_copy(&copy, policy, error);
    if (status != 0)
        return status;
    cut(undo, undo->at + 1);
    if (merge && undo->at > 0) {
        cut(undo, undo->at);
        undo->at--;
    }
    if (ls_policy_equal(&undo->state[undo->at], &copy)) {
        ls_policy_clear(&copy);
        *noted = false;
        return 0;
    }
    if (undo->n == LS_UNDO_STEPS + 1) {
        ls_policy_clear(&undo->state[0]);
        memmove(undo->state, undo->state + 1, LS_UNDO_STEPS * sizeof *undo->state);
        undo->n--;
    }
    undo->state[undo->n] = copy;
    undo->at = undo->n++;
    return 0;
}

const struct ls_policy *ls_undo_go(struct ls_undo *undo, int back)
{
    if (back > 0 ? undo->at == 0 : undo->at + 1 >= undo->n)
        return NULL;
    undo->at = back > 0 ? undo->at - 1 : undo->at + 1;
    return &undo->state[undo->at];
}
