#include "scene.h"

struct support_scene support_enter(struct ls_dataset *dataset, const char *assignments)
{
    struct support_scene scene = {.dataset = dataset};
    support_policy(&scene.policy, SUPPORT_OPEN);
    scene.policy.slot_minutes = dataset->slot_minutes;
    assert_int_equal(ls_bench_open(dataset, &scene.bench, NULL), 0);
    support_solve_again(&scene, assignments);
    return scene;
}

void support_solve_again(struct support_scene *scene, const char *assignments)
{
    struct ls_error error = {0};
    support_set(&scene->policy, assignments);
    ls_answer_destroy(scene->answer);
    scene->answer = NULL;
    if (ls_bench_solve(scene->bench, &scene->policy, "X", SUPPORT_MONDAY, NULL, &scene->answer, &error) != 0)
        fail_msg("%s", error.message);
}

void support_leave(struct support_scene *scene)
{
    ls_answer_destroy(scene->answer);
    ls_policy_clear(&scene->policy);
    ls_bench_close(scene->bench);
    ls_dataset_destroy(scene->dataset);
}
