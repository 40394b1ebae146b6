/*
 * The check over a whole run: sound results pass, of another implementation and ours, and what is found comes
 * with its amount.
 */
#include "verify_case.h"

static void results_of_another_implementation_pass(void **state)
{
    static const char *const sets[] = {"tiny", "small"}, *const scenarios[] = {"restricted", "lax"},
                             *const engines[] = {"greedy", "milp"};
    (void)state;
    for (int k = 0; k < 8; k++) {
        struct result result;
        open_result(&result, sets[k & 1], scenarios[k >> 1 & 1], engines[k >> 2]);
        result.optimised = (k & 1) == 0;
        struct ls_verification *found = verify(&result);
        if (found->n_violations > 0)
            fail_msg("%s %s %s: %zu violations, the first: %s, %s %s", sets[k & 1], scenarios[k >> 1 & 1],
                     engines[k >> 2], found->n_violations, found->violations[0].limit,
                     found->violations[0].city, found->violations[0].id);
        assert_int_equal(found->totals.moves, result.moves.n - 1);
        assert_int_equal(found->totals.customer_days, result.metrics.n - 1);
        assert_int_equal(found->has_optimised, result.optimised);
        double kwh = 0;
        for (size_t m = 1; m < result.moves.n; m++)
            kwh += atof(result.moves.row[m][KWH]);
        assert_near(found->totals.moved_kwh, kwh, 1e-6);
        ls_verification_destroy(found);
        close_result(&result);
    }
}

/* 60 kWh out of a budget of 10 % of 595.326: the rest of the day's moves comes on top. */
static void amounts_are_those_of_the_limit(void **state)
{
    struct result result;
    (void)state;
    open_result(&result, "small", "restricted", "greedy");
    double others = 0, amount = NAN;
    for (size_t m = 2; m < result.moves.n; m++)
        if (strcmp(result.moves.row[m][CITY], "delhi") == 0 &&
            strcmp(result.moves.row[m][DAY], result.moves.row[1][DAY]) == 0)
            others += number(&result, m, KWH);
    set_kwh(&result, 1, 60);
    struct ls_verification *found = verify(&result);
    for (size_t i = 0; i < found->n_kept; i++)
        if (strcmp(found->violations[i].limit, "budget") == 0) {
            amount = found->violations[i].amount;
            assert_string_equal(found->violations[i].city, "delhi");
            assert_string_equal(found->violations[i].unit, "kWh");
            assert_int_equal(found->violations[i].date, support_date("2022-05-04"));
        }
    assert_near(amount, 60 + others - 59.5326, 1e-6);
    ls_verification_destroy(found);
    close_result(&result);
}

static void only_so_many_are_kept_and_all_counted(void **state)
{
    struct result result;
    struct ls_verification *found = NULL;
    (void)state;
    open_result(&result, "tiny", "restricted", "greedy");
    result.metrics.n = 1;
    ls_verification_destroy(verify(&result));
    assert_int_equal(ls_verify(result.dataset, &result.policy, result.folder, 3, &found, NULL), 0);
    assert_int_equal(found->n_violations, 12);
    assert_int_equal(found->n_kept, 3);
    assert_int_equal(found->n_kinds, 1);
    assert_int_equal(found->kinds[0].n, 12);
    ls_verification_destroy(found);
    close_result(&result);
}

static void real_homes_pass(void **state)
{
    const char *folder = getenv("LOADSCOPE_TESTDATA");
    struct ls_verification *found = NULL;
    struct ls_policy policy;
    struct ls_error error = {0};
    char path[600], text[1200];
    (void)state;
    if (folder == NULL || folder[0] == '\0') {
        print_message("LOADSCOPE_TESTDATA is not set: real homes are not compared\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/data/london_99_homes_2013-02.csv.gz", folder);
    struct ls_dataset *dataset = support_load_file(path, 30, "Europe/London");
    ls_policy_init(&policy);
    snprintf(path, sizeof path, "%s/golden/london/restricted/scenario.ini", folder);
    assert_int_equal(ls_scenario_read(path, &policy, NULL), 0);
    snprintf(path, sizeof path, "%s/golden/london/restricted/greedy", folder);
    if (ls_verify(dataset, &policy, path, 10, &found, &error) != 0)
        fail_msg("%s", ls_error_text(&error, text, sizeof text));
    assert_int_equal(found->n_violations, 0);
    assert_true(found->totals.moves > 100);
    ls_verification_destroy(found);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

static void assert_nothing_found(const struct result *result, const char *what)
{
    struct ls_verification *found = verify(result);
    for (size_t i = 0; i < found->n_kept && i < 5; i++)
        print_error("  %s, %s of %s, line %ld, by %g\n", found->violations[i].limit, found->violations[i].id,
                    found->violations[i].city, found->violations[i].line, found->violations[i].amount);
    if (found->n_violations > 0)
        fail_msg("%s: %zu violations", what, found->n_violations);
    assert_true(found->has_summary);
    assert_true(found->totals.moves > 0);
    assert_int_equal(found->totals.limited[LS_LIMIT_NONE], 0);
    ls_verification_destroy(found);
}

static void our_own_results_pass(void **state)
{
    static const char *const sets[] = {"tiny", "small"}, *const scenarios[] = {"restricted", "lax"},
                             *const settings[] = {
                                 "run.engine=greedy",
                                 "run.engine=milp",
                                 "run.engine=lp",
                                 "run.engine=milp;peak.reduction_scope=per_city;behaviour.moves_per_day=3",
                                 "household_minimum.baseline_type=none;spike.alpha_percent=none",
                                 "run.engine=milp;spike.alpha_percent=3;regional.load_shift_percent_limit=1",
                                 "run.min_fraction_of_day=0.01"};
    (void)state;
    for (size_t k = 0; k < 4 * sizeof settings / sizeof *settings; k++) {
        struct result result;
        open_own_result(&result, sets[k & 1], scenarios[k >> 1 & 1], settings[k >> 2]);
        assert_nothing_found(&result, settings[k >> 2]);
        close_result(&result);
    }
}

static void our_own_results_of_real_homes_pass(void **state)
{
    static const struct {
        const char *file, *timezone, *settings;
    } sets[] = {
        {"london_99_homes_2013-02.csv.gz", "Europe/London", "regional_daily_load_kwh.London=auto"},
        {"switzerland_537_homes_2018-11.csv.gz", "Europe/Zurich",
         "behaviour.timezone=Europe/Zurich;peak_hours.Switzerland.Mon=7 8 17 18;"
         "peak_hours.Switzerland.Tue=7 8 17 18;peak_hours.Switzerland.Sat=10 11 17 18"},
    };
    static const char *const limits[] = {"",
                                         ";behaviour.moves_per_day=2;behaviour.moves_per_week=7;"
                                         "behaviour.shift_window_hours=3;peak.reduction_limit_percent=80"};
    static const char *const engines[] = {"greedy", "milp"};
    const char *folder = getenv("LOADSCOPE_TESTDATA");
    (void)state;
    if (folder == NULL || folder[0] == '\0') {
        print_message("LOADSCOPE_TESTDATA is not set: real homes are not solved\n");
        skip();
    }
    for (int k = 0; k < 8; k++) {
        struct result result;
        char data[600], scenario[600], settings[500];
        snprintf(data, sizeof data, "%s/data/%s", folder, sets[k & 1].file);
        snprintf(scenario, sizeof scenario, "%s/golden/london/restricted/scenario.ini", folder);
        snprintf(settings, sizeof settings, "%s%s;run.engine=%s", sets[k & 1].settings, limits[k >> 1 & 1],
                 engines[k >> 2]);
        solve_result(&result, data, sets[k & 1].timezone, scenario, settings);
        assert_nothing_found(&result, settings);
        close_result(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_of_another_implementation_pass),
        cmocka_unit_test(our_own_results_pass),
        cmocka_unit_test(our_own_results_of_real_homes_pass),
        cmocka_unit_test(amounts_are_those_of_the_limit),
        cmocka_unit_test(only_so_many_are_kept_and_all_counted),
        cmocka_unit_test(real_homes_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
