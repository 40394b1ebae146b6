/*
 * A customer's turn as it came, for explaining what was or was not moved in it.
 *
 * The account of what customers share is replayed up to the customer's turn from the plan's own moves, so the
 * answer holds for any engine. A scene borrows its answer.
 */
#ifndef LS_STUDY_WHY_SCENE_H
#define LS_STUDY_WHY_SCENE_H

#include "solve/limits.h"

#include <loadscope/shift.h>

/* Arrays belong to the arena. */
struct ls_why_scene {
    const struct ls_answer *answer;
    const struct ls_cityday *day;
    size_t customer;
    struct ls_arena arena;
    struct ls_limits limits;
    double *usage_kwh, *avail_kwh, *room_kwh, *group_kwh;
    bool *open;
    double budget_kwh;
    double smallest_kwh;
    int max_moves;
    bool served;
};

/* To be closed whether it fails or not. */
int ls_why_scene_open(struct ls_why_scene *scene, const struct ls_answer *answer, size_t customer,
                      struct ls_error *error);
void ls_why_scene_close(struct ls_why_scene *scene);

/* What may still leave the slot's peak; infinite where there is none. */
double ls_why_peak_left(const struct ls_why_scene *scene, int source);

/*
 * The first limit that refuses the pair in the customer's turn, those up to `relaxed` being just lifted; *kwh
 * what could move before it, which is next to nothing where a limit in kWh was lifted.
 */
enum ls_limit ls_why_refusal(const struct ls_why_scene *scene, int t, int s, enum ls_limit relaxed,
                             double *kwh);

/*
 * How many moves the greedy engine makes in this turn, had it no quota, up to this pair; 0: never this pair.
 * With a quota it makes the first of the same moves. LS_ERR_MEMORY.
 */
int ls_why_moves_needed(const struct ls_why_scene *scene, int source, int destination, int *moves,
                        struct ls_error *error);

/* The customer's move between the two slots; NULL: none. */
const struct ls_move *ls_why_move(const struct ls_why_scene *scene, int source, int destination);

#endif
