/*
 * The LP seam over GLPK: the only file that knows it.
 *
 * GLPK calls abort() on misuse and lack of memory, after writing to the terminal. Hooks, set at every entry
 * because freeing the environment drops them, keep its words for our error message and jump out instead; the
 * environment, which a jump leaves in an unknown state, is then freed with all it holds. The problem lives
 * inside one call only, so no handle can be left with a pointer into a freed environment.
 */
#include "solve/lp.h"

#include <assert.h>
#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BOUND_TOLERANCE   1e-9  /* of a row or bound, relative to its size */
#define INTEGER_TOLERANCE 1e-9  /* a looser one lets a big-M row leak grams */
#define GAIN_TOLERANCE    1e-12 /* relative: branches that gain no more are cut off */

struct ls_lp {
    int most_rows;
    int *index;      /* [1 + most_rows] a column as GLPK wants it, from 1 */
    double *value;   /* [1 + most_rows] */
    jmp_buf escape;  /* valid while a solve runs */
    char words[160]; /* what GLPK said last, for the error message */
};

/* What a guarded run hands back; in the caller's frame, so that a jump cannot lose it. */
struct answer {
    enum ls_lp_outcome outcome;
    double gain;
    int failure; /* GLPK's return code when it gave up, else 0 */
};

int ls_lp_open(int most_rows, ls_lp **out, struct ls_error *error)
{
    assert(most_rows >= 0 && most_rows < INT_MAX);
    struct ls_lp *lp = calloc(1, sizeof *lp);
    if (lp) {
        lp->most_rows = most_rows;
        lp->index = calloc((size_t)most_rows + 1, sizeof *lp->index);
        lp->value = calloc((size_t)most_rows + 1, sizeof *lp->value);
    }
    if (!lp || !lp->index || !lp->value) {
        ls_lp_close(lp);
        return ls_error_set(error, LS_ERR_MEMORY, "not enough memory for the solver");
    }
    *out = lp;
    return LS_OK;
}

void ls_lp_close(ls_lp *lp)
{
    if (!lp)
        return;
    glp_free_env();
    free(lp->index);
    free(lp->value);
    free(lp);
}

/* GLPK's terminal hook: keeps the first line of what it says since the last solve began, shows nothing. */
static int hear(void *info, const char *text)
{
    struct ls_lp *lp = info;
    if (!lp->words[0]) {
        snprintf(lp->words, sizeof lp->words, "%s", text);
        lp->words[strcspn(lp->words, "\n")] = '\0';
    }
    return 1;
}

static void escape(void *info)
{
    struct ls_lp *lp = info;
    longjmp(lp->escape, 1);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Milliseconds until @p deadline_s, at least 1 (0 would forbid GLPK even the first iteration). */
static int milliseconds_left(double deadline_s)
{
    double left = 1e3 * (deadline_s - now_s());
    return left < 1 ? 1 : left < INT_MAX ? (int)left : INT_MAX;
}

static int bound_type(double low, double high)
{
    if (low == high)
        return GLP_FX;
    if (isinf(low))
        return isinf(high) ? GLP_FR : GLP_UP;
    return isinf(high) ? GLP_LO : GLP_DB;
}

static void load(struct ls_lp *lp, glp_prob *glpk, const struct ls_lp_problem *problem)
{
    glp_set_obj_dir(glpk, GLP_MAX);
    if (problem->n_rows > 0)
        glp_add_rows(glpk, problem->n_rows);
    for (int i = 0; i < problem->n_rows; i++) {
        double low = problem->row_low[i], high = problem->row_high[i];
        glp_set_row_bnds(glpk, i + 1, bound_type(low, high), low, high);
    }
    if (problem->n_columns > 0)
        glp_add_cols(glpk, problem->n_columns);
    for (int j = 0; j < problem->n_columns; j++) {
        bool whole = problem->integer && problem->integer[j]; /* whose bounds GLPK wants whole too */
        double low = whole ? ceil(problem->column_low[j]) : problem->column_low[j];
        double high = whole ? floor(problem->column_high[j]) : problem->column_high[j];
        glp_set_col_bnds(glpk, j + 1, bound_type(low, high), low, high);
        glp_set_obj_coef(glpk, j + 1, problem->gain[j]);
        glp_set_col_kind(glpk, j + 1, whole ? GLP_IV : GLP_CV);
        int n = 0;
        assert(problem->start[j + 1] - problem->start[j] <= lp->most_rows);
        for (int k = problem->start[j]; k < problem->start[j + 1]; k++) {
            if (fabs(problem->value[k]) <= LS_LP_ZERO)
                continue;
            n++;
            lp->index[n] = problem->row[k] + 1;
            lp->value[n] = problem->value[k];
        }
        glp_set_mat_col(glpk, j + 1, n, lp->index, lp->value);
    }
}

static enum ls_lp_outcome outcome_of(int status, bool late)
{
    switch (status) {
    case GLP_OPT:
        return LS_LP_OPTIMAL;
    case GLP_FEAS:
        return LS_LP_FEASIBLE;
    case GLP_NOFEAS:
        return LS_LP_INFEASIBLE;
    case GLP_UNBND:
        return LS_LP_UNBOUNDED;
    default:
        return late ? LS_LP_NO_ANSWER : LS_LP_INFEASIBLE;
    }
}

/* The continuous problem, from scratch; once more from another basis when the first breaks down. */
static int relax(glp_prob *glpk, double deadline_s, struct answer *answer)
{
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.tol_bnd = BOUND_TOLERANCE;
    options.tol_dj = BOUND_TOLERANCE;
    options.tm_lim = milliseconds_left(deadline_s);
    int code = glp_simplex(glpk, &options);
    if (code != 0 && code != GLP_ETMLIM) {
        glp_adv_basis(glpk, 0);
        options.tm_lim = milliseconds_left(deadline_s);
        code = glp_simplex(glpk, &options);
    }
    if (code != 0 && code != GLP_ETMLIM)
        return code;
    answer->outcome = outcome_of(glp_get_status(glpk), code == GLP_ETMLIM);
    answer->gain = glp_get_obj_val(glpk);
    return 0;
}

/* Branches from the optimum of relax(). */
static int branch(glp_prob *glpk, double deadline_s, struct answer *answer)
{
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.tol_int = INTEGER_TOLERANCE;
    options.tol_obj = GAIN_TOLERANCE;
    options.tm_lim = milliseconds_left(deadline_s);
    int code = glp_intopt(glpk, &options);
    if (code != 0 && code != GLP_ETMLIM)
        return code;
    answer->outcome = outcome_of(glp_mip_status(glpk), code == GLP_ETMLIM);
    answer->gain = glp_mip_obj_val(glpk);
    return 0;
}

static void run(struct ls_lp *lp, const struct ls_lp_problem *problem, struct answer *answer, double *x)
{
    double deadline_s = now_s() + problem->seconds;
    glp_prob *glpk = glp_create_prob();
    load(lp, glpk, problem);
    answer->failure = relax(glpk, deadline_s, answer);
    bool whole = glp_get_num_int(glpk) > 0;
    if (whole && answer->failure == 0) {
        if (answer->outcome == LS_LP_OPTIMAL)
            answer->failure = branch(glpk, deadline_s, answer);
        else if (answer->outcome == LS_LP_FEASIBLE)
            answer->outcome = LS_LP_NO_ANSWER;
    }
    bool solved = answer->outcome == LS_LP_OPTIMAL || answer->outcome == LS_LP_FEASIBLE;
    if (answer->failure == 0 && solved)
        for (int j = 0; j < problem->n_columns; j++)
            x[j] = whole ? glp_mip_col_val(glpk, j + 1) : glp_get_col_prim(glpk, j + 1);
    glp_delete_prob(glpk);
}

/* True when @p run came back; false when GLPK gave up inside it. No local of this function changes after
 * setjmp(). */
static bool run_guarded(struct ls_lp *lp, const struct ls_lp_problem *problem, struct answer *answer,
                        double *x)
{
    if (setjmp(lp->escape) != 0)
        return false;
    lp->words[0] = '\0';
    glp_term_hook(hear, lp);
    glp_error_hook(escape, lp);
    run(lp, problem, answer, x);
    return true;
}

int ls_lp_solve(ls_lp *lp, const struct ls_lp_problem *problem, enum ls_lp_outcome *outcome, double *gain,
                double *x, struct ls_error *error)
{
    assert(problem->n_rows >= 0 && problem->n_columns >= 0 && problem->seconds > 0);
    struct answer answer = {0};
    bool back = run_guarded(lp, problem, &answer, x);
    if (!back) {
        glp_free_env();
        return ls_error_set(error, LS_ERR_SOLVER, "the solver gave up: %s", lp->words);
    }
    glp_term_hook(NULL, NULL);
    glp_error_hook(NULL, NULL);
    if (answer.failure != 0)
        return ls_error_set(error, LS_ERR_SOLVER, "the solver gave up with its code %d", answer.failure);
    *outcome = answer.outcome;
    if (answer.outcome == LS_LP_OPTIMAL || answer.outcome == LS_LP_FEASIBLE)
        *gain = answer.gain;
    return LS_OK;
}
