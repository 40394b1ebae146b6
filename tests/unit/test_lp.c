/* The LP seam: answers by hand, every outcome, and that the library's own failures stay inside one call. */
#include "solve/lp.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CLOSE(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* Maximise 3a + 2b with a + b <= 4, a + 3b <= 6, a <= 3.5: a = 3.5, b = 0.5, gain 11.5; whole: a = 3, b =
 * 1, 11. */
static const double gain[] = {3, 2}, low[] = {0, 0}, high[] = {3.5, INFINITY};
static const double row_low[] = {-INFINITY, -INFINITY}, row_high[] = {4, 6};
static const bool whole[] = {true, true};
static const int start[] = {0, 2, 4}, row[] = {0, 1, 0, 1};
static const double value[] = {1, 1, 1, 3};

/* The same row twice in a column makes the library abort the process. */
static const int twice[] = {0, 0, 0, 1};

static struct ls_lp_problem example(void)
{
    return (struct ls_lp_problem){.n_rows = 2,
                                  .n_columns = 2,
                                  .gain = gain,
                                  .column_low = low,
                                  .column_high = high,
                                  .row_low = row_low,
                                  .row_high = row_high,
                                  .start = start,
                                  .row = row,
                                  .value = value,
                                  .seconds = 10};
}

static int open_lp(void **state)
{
    return ls_lp_open(4, (ls_lp **)state, NULL);
}

static int close_lp(void **state)
{
    ls_lp_close(*state);
    return 0;
}

static enum ls_lp_outcome solve(ls_lp *lp, const struct ls_lp_problem *problem, double *g, double *x)
{
    struct ls_error error = {0};
    enum ls_lp_outcome outcome = LS_LP_NO_ANSWER;
    assert_int_equal(ls_lp_solve(lp, problem, &outcome, g, x, &error), LS_OK);
    return outcome;
}

static void assert_example_solves(ls_lp *lp)
{
    struct ls_lp_problem problem = example();
    double x[2], g;
    assert_int_equal(solve(lp, &problem, &g, x), LS_LP_OPTIMAL);
    CLOSE(g, 11.5);
    CLOSE(x[0], 3.5);
    CLOSE(x[1], 0.5);
}

static void continuous_and_whole(void **state)
{
    assert_example_solves(*state);
    struct ls_lp_problem problem = example();
    problem.integer = whole;
    double x[2], g;
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_OPTIMAL);
    CLOSE(g, 11);
    CLOSE(x[0], 3);
    CLOSE(x[1], 1);
    assert_example_solves(*state);
}

static void lower_bounds_of_rows_and_columns_hold(void **state)
{
    const double needs[] = {-INFINITY, 5}, at_least[] = {0, 1.2};
    struct ls_lp_problem problem = example();
    problem.row_low = needs;
    problem.column_low = at_least;
    problem.gain = (const double[]){-1, -1};
    double x[2], g;
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_OPTIMAL);
    CLOSE(x[1], 5 / 3.0);
    CLOSE(x[0], 0);
    problem.column_high = (const double[]){3.5, 1.5};
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_OPTIMAL);
    CLOSE(x[1], 1.5);
    CLOSE(x[0], 0.5);
}

static void outcomes_are_told_apart(void **state)
{
    struct ls_lp_problem problem = example();
    double x[2] = {7, 7}, g = 7;
    problem.row_low = (const double[]){-INFINITY, 20};
    problem.row_high = (const double[]){4, INFINITY};
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_INFEASIBLE);
    problem.integer = whole;
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_INFEASIBLE);
    problem = example();
    problem.row_high = (const double[]){INFINITY, INFINITY};
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_UNBOUNDED);
    CLOSE(g + x[0] + x[1], 21); /* untouched */

    /* 2a = 1 has no whole answer though its relaxation has one */
    const double one[] = {1}, two[] = {2}, zero[] = {0};
    struct ls_lp_problem odd = {.n_rows = 1,
                                .n_columns = 1,
                                .gain = one,
                                .column_low = zero,
                                .column_high = two,
                                .integer = whole,
                                .row_low = one,
                                .row_high = one,
                                .start = (const int[]){0, 1},
                                .row = (const int[]){0},
                                .value = two,
                                .seconds = 10};
    assert_int_equal(solve(*state, &odd, &g, x), LS_LP_INFEASIBLE);
}

static void tiny_coefficients_are_left_out(void **state)
{
    const double dusty[] = {1, 1e-30, 0, 3};
    struct ls_lp_problem problem = example();
    problem.value = dusty;
    double x[2], g;
    assert_int_equal(solve(*state, &problem, &g, x), LS_LP_OPTIMAL);
    CLOSE(x[0], 3.5);
    CLOSE(x[1], 2);
}

static void provoke_failure(ls_lp *lp)
{
    struct ls_lp_problem problem = example();
    problem.row = twice;
    struct ls_error error = {0};
    enum ls_lp_outcome outcome = LS_LP_FEASIBLE;
    double x[2] = {7, 7}, g = 7;
    assert_int_equal(ls_lp_solve(lp, &problem, &outcome, &g, x, &error), LS_ERR_SOLVER);
    assert_int_equal(error.code, LS_ERR_SOLVER);
    assert_non_null(strstr(error.message, "duplicate"));
    assert_int_equal(outcome, LS_LP_FEASIBLE);
    CLOSE(g + x[0] + x[1], 21);
}

static void a_failure_of_the_library_costs_one_call(void **state)
{
    ls_lp *other = NULL;
    assert_int_equal(ls_lp_open(2, &other, NULL), LS_OK);
    assert_example_solves(other);
    for (int i = 0; i < 3; i++) {
        provoke_failure(*state);
        assert_example_solves(*state);
        assert_example_solves(other);
    }
    ls_lp_close(other);
    assert_example_solves(*state);
}

static void nothing_is_written_to_the_terminal(void **state)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), kept_error = dup(STDERR_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    provoke_failure(*state);
    assert_example_solves(*state);
    fflush(stdout);
    fflush(stderr);
    dup2(kept, STDOUT_FILENO);
    dup2(kept_error, STDERR_FILENO);
    close(kept);
    close(kept_error);
    fseek(file, 0, SEEK_END);
    assert_int_equal(ftell(file), 0);
    fclose(file);
}

/* Returns NULL when all went well, else what did not (to be freed). */
static void *many_solves(void *unused)
{
    (void)unused;
    ls_lp *lp = NULL;
    if (ls_lp_open(2, &lp, NULL) != LS_OK)
        return strdup("open");
    const char *wrong = NULL;
    for (int i = 0; i < 500 && !wrong; i++) {
        struct ls_lp_problem problem = example();
        if (i % 2)
            problem.integer = whole;
        if (i % 7 == 0)
            problem.row = twice;
        enum ls_lp_outcome outcome;
        double x[2], g = 0;
        int code = ls_lp_solve(lp, &problem, &outcome, &g, x, NULL);
        if (i % 7 == 0)
            wrong = code == LS_ERR_SOLVER ? NULL : "no failure";
        else if (code != LS_OK || fabs(g - (i % 2 ? 11 : 11.5)) > 1e-9)
            wrong = "answer";
    }
    ls_lp_close(lp);
    return wrong ? strdup(wrong) : NULL;
}

static void threads_do_not_meet(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, many_solves, NULL), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

static void closing_nothing_is_legal(void **state)
{
    (void)state;
    ls_lp_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(continuous_and_whole, open_lp, close_lp),
        cmocka_unit_test_setup_teardown(lower_bounds_of_rows_and_columns_hold, open_lp, close_lp),
        cmocka_unit_test_setup_teardown(outcomes_are_told_apart, open_lp, close_lp),
        cmocka_unit_test_setup_teardown(tiny_coefficients_are_left_out, open_lp, close_lp),
        cmocka_unit_test_setup_teardown(a_failure_of_the_library_costs_one_call, open_lp, close_lp),
        cmocka_unit_test_setup_teardown(nothing_is_written_to_the_terminal, open_lp, close_lp),
        cmocka_unit_test(threads_do_not_meet),
        cmocka_unit_test(closing_nothing_is_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
