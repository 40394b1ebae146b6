/*
 * The smallest relaxation of what homes share: by hand for two homes, and for random days that it admits the
 * pair and a step less does not.
 *
 * a moves its 1 kWh to slot 2 first, then b its 0.5 kWh. Slot 2 has 0.2 kWh.
 */
#include "../support/scene.h"

static const double mef[] = {600, 590, 200, 190}, kwh[] = {1, 0, 0.1, 0, 0.5, 0, 0.1, 0};

static enum ls_limit limit_of(const struct support_scene *scene, size_t customer, int source, int destination)
{
    struct ls_why why;
    assert_int_equal(ls_why_pair(scene->answer, customer, source, destination, &why, NULL), 0);
    return why.made ? LS_LIMIT_NONE : why.limit;
}

static void relaxations_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *assignments;
        int destination;
        enum ls_limit limit;
        const char *value; /* NULL: none is found */
        double saved_g;
    } rows[] = {
        /* more than 1 kWh of room, which is more than 500 % of 0.2: then 2 Wh are left for b */
        {"spike.alpha_percent=200", 2, LS_LIMIT_ROOM, "501", 400.8},
        /* slot 3 has nothing, of which there is no percentage; with no limit it is the better one for both */
        {"spike.alpha_percent=100", 3, LS_LIMIT_ROOM, "none", 615},
        /* 10 % of 10 kWh is what a takes */
        {"regional_daily_load_kwh.X=10;regional.load_shift_percent_limit=4", 2, LS_LIMIT_BUDGET, "11", 440},
        {"regional_daily_load_kwh.X=0.9;regional.load_shift_percent_limit=50", 2, LS_LIMIT_BUDGET, "none",
         600},
        /* of 1.5 kWh a takes 1: from 66.7 % on something is left */
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=20;peak.reduction_scope=per_city", 2, LS_LIMIT_PEAK,
         "70", 420},
        /* behind the full slot stands a budget that is used up */
        {"spike.alpha_percent=200;regional_daily_load_kwh.X=10;regional.load_shift_percent_limit=4", 2,
         LS_LIMIT_ROOM, NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_scene scene =
            support_enter(support_day(60, 4, mef, 2, kwh), "behaviour.moves_per_day=1;"
                                                           "behaviour.shift_window_hours=3");
        struct ls_relaxation found;
        if (rows[i].destination == 2) /* out of reach of the cleanest */
            support_set(&scene.policy, "behaviour.shift_window_hours=2");
        support_solve_again(&scene, rows[i].assignments);
        if (limit_of(&scene, 1, 0, rows[i].destination) != rows[i].limit)
            fail_msg("'%s': %s", rows[i].assignments,
                     ls_limit_name(limit_of(&scene, 1, 0, rows[i].destination)));
        assert_int_equal(ls_why_relax(scene.bench, scene.answer, 1, 0, rows[i].destination, rows[i].limit,
                                      NULL, &found, NULL),
                         0);
        if (rows[i].value == NULL) {
            assert_string_equal(found.value, "");
            assert_int_equal(found.next, LS_LIMIT_BUDGET);
        } else {
            assert_non_null(found.parameter);
            assert_string_equal(found.value, rows[i].value);
            assert_true(found.made);
            assert_near(found.totals.saved_marg_g, rows[i].saved_g, 1e-9);
        }
        support_leave(&scene);
    }
}

/* Switches the limit off to see that another refuses the pair then, as it was told. */
static void refuse_without(const struct support_scene *scene, const struct ls_relaxation *found,
                           size_t customer, int source, int destination)
{
    struct support_scene then = {.bench = scene->bench};
    assert_int_equal(ls_policy_copy(&then.policy, &scene->policy, NULL), 0);
    assert_int_equal(ls_parameter_set(found->parameter, &then.policy, NULL, "none", NULL), 0);
    support_solve_again(&then, "");
    assert_int_equal(found->next, limit_of(&then, customer, source, destination));
    assert_true(found->next != LS_LIMIT_NONE && found->next != LS_LIMIT_OUTBID);
    ls_answer_destroy(then.answer);
    ls_policy_clear(&then.policy);
}

static void relaxations_of_random_days_are_the_first_that_do(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(10, "relax", 0);
    size_t asked = 0, admitted = 0;
    for (int round = 0; round < 240; round++) {
        struct support_scene scene = support_enter(support_random_day(&random, 4, 60), "");
        ls_policy_clear(&scene.policy);
        support_random_policy(&random, &scene.policy);
        scene.policy.slot_minutes = 60;
        support_solve_again(&scene, "");
        for (int question = 0; question < 40; question++) {
            size_t customer = (size_t)ls_random_below(&random, scene.answer->day->n_customers);
            int t = (int)ls_random_below(&random, 24), s = (int)ls_random_below(&random, 24);
            enum ls_limit limit = limit_of(&scene, customer, t, s);
            struct ls_relaxation found;
            if (!ls_why_may_relax(limit))
                continue;
            asked++;
            assert_int_equal(
                ls_why_relax(scene.bench, scene.answer, customer, t, s, limit, NULL, &found, NULL), 0);
            if (found.value[0] == '\0') {
                refuse_without(&scene, &found, customer, t, s);
                continue;
            }
            admitted++;
            struct support_scene then = {.bench = scene.bench};
            assert_int_equal(ls_policy_copy(&then.policy, &scene.policy, NULL), 0);
            assert_int_equal(ls_parameter_set(found.parameter, &then.policy, NULL, found.value, NULL), 0);
            support_solve_again(&then, "");
            limit = limit_of(&then, customer, t, s);
            assert_true(limit == LS_LIMIT_NONE || limit == LS_LIMIT_OUTBID);
            assert_true(found.made == (limit == LS_LIMIT_NONE));
            assert_true(found.totals.saved_marg_g == then.answer->plan->saved_marg_g);
            if (strcmp(found.value, "none") != 0) {
                assert_int_equal(ls_parameter_nudge(found.parameter, &then.policy, NULL, -1, NULL), 0);
                support_solve_again(&then, "");
                limit = limit_of(&then, customer, t, s);
                assert_true(limit != LS_LIMIT_NONE && limit != LS_LIMIT_OUTBID);
            }
            ls_answer_destroy(then.answer);
            ls_policy_clear(&then.policy);
        }
        support_leave(&scene);
    }
    if (asked < 30 || admitted < 15)
        fail_msg("%zu pairs, %zu of them admitted", asked, admitted);
}

static void a_search_is_cancelled(void **state)
{
    (void)state;
    struct support_scene scene =
        support_enter(support_day(60, 4, mef, 2, kwh), "behaviour.moves_per_day=1;"
                                                       "behaviour.shift_window_hours=2;"
                                                       "spike.alpha_percent=200");
    const atomic_bool cancel = true;
    struct ls_solve_options options = {.cancel = &cancel};
    struct ls_relaxation found = {.made = true};
    assert_int_equal(ls_why_relax(scene.bench, scene.answer, 1, 0, 2, LS_LIMIT_ROOM, &options, &found, NULL),
                     LS_ERR_CANCELLED);
    assert_true(found.made);
    support_leave(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relaxations_by_hand),
        cmocka_unit_test(relaxations_of_random_days_are_the_first_that_do),
        cmocka_unit_test(a_search_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
