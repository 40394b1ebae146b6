/* A dataset, a bench on it and its answer for SUPPORT_MONDAY under a policy of assignments. */
#ifndef LS_TESTS_SUPPORT_SCENE_H
#define LS_TESTS_SUPPORT_SCENE_H

#include "support.h"

struct support_scene {
    struct ls_dataset *dataset;
    ls_bench *bench;
    struct ls_policy policy;
    struct ls_answer *answer;
};

/* The dataset becomes the scene's. */
struct support_scene support_enter(struct ls_dataset *dataset, const char *assignments);
/* The answer after further assignments. */
void support_solve_again(struct support_scene *scene, const char *assignments);
void support_leave(struct support_scene *scene);

#endif
