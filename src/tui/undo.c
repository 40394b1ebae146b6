#include "tui/undo.h"

#include <stdlib.h>
#include <string.h>

void ls_undo_file_destroy(struct ls_undo_file *file)
{
    if (file == NULL)
        return;
    ls_policy_clear(&file->saved);
    free(file);
}

static void clear_step(struct ls_undo_step *step)
{
    ls_policy_clear(&step->policy);
    ls_undo_file_destroy(step->file);
}

static void cut(struct ls_undo *undo, size_t n)
{
    while (undo->n > n)
        clear_step(&undo->step[--undo->n]);
}

void ls_undo_clear(struct ls_undo *undo)
{
    cut(undo, 0);
    undo->at = 0;
}

int ls_undo_start(struct ls_undo *undo, const struct ls_policy *policy, struct ls_error *error)
{
    struct ls_policy copy = {0};
    int status = ls_policy_copy(&copy, policy, error);
    if (status != 0)
        return status;
    ls_undo_clear(undo);
    undo->step[undo->n++] = (struct ls_undo_step){.policy = copy};
    return 0;
}

int ls_undo_note(struct ls_undo *undo, const struct ls_policy *policy, bool merge, bool *noted,
                 struct ls_error *error)
{
    struct ls_policy copy = {0};
    *noted = !ls_policy_equal(&undo->step[undo->at].policy, policy);
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
    if (ls_policy_equal(&undo->step[undo->at].policy, &copy)) {
        ls_policy_clear(&copy);
        *noted = false;
        return 0;
    }
    if (undo->n == LS_UNDO_STEPS + 1) {
        clear_step(&undo->step[0]);
        memmove(undo->step, undo->step + 1, LS_UNDO_STEPS * sizeof *undo->step);
        undo->n--;
    }
    undo->step[undo->n] = (struct ls_undo_step){.policy = copy};
    undo->at = undo->n++;
    return 0;
}

void ls_undo_note_file(struct ls_undo *undo, struct ls_undo_file *file)
{
    undo->step[undo->at].file = file;
}

void ls_undo_note_swap(struct ls_undo *undo, const char *city, int32_t date)
{
    struct ls_undo_step *step = &undo->step[undo->at];
    step->swap = true;
    step->city = city;
    step->date = date;
}

void ls_undo_forget_swaps(struct ls_undo *undo)
{
    for (size_t i = 0; i < undo->n; i++)
        undo->step[i].swap = false;
}

const struct ls_policy *ls_undo_go(struct ls_undo *undo, int back)
{
    if (back > 0 ? undo->at == 0 : undo->at + 1 >= undo->n)
        return NULL;
    undo->at = back > 0 ? undo->at - 1 : undo->at + 1;
    return &undo->step[undo->at].policy;
}
