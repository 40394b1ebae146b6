#include "tui/gains.h"

#include "tui/state.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

#define QUICK_SECONDS  0.01   /* what is found within that comes with the answer, in one frame */
#define QUICK_SOLVE    0.001  /* seconds; only then is it waited for */
#define CUSTOMERS_MOST 200000 /* of all days to be solved, for what nobody has asked for */

/* An answer to be made again on the thread's bench, and what to ask about it. */
struct job {
    struct ls_policy policy;
    struct ls_cityday *day;
    const struct ls_parameter *asked[LS_GAINS_MAX];
    size_t n_asked;
    bool costs;
    bool has_pair;
    struct ls_why pair;
};

enum kind { STEP, COST, RELAXATION };

struct result {
    enum kind kind;
    union {
        struct ls_sensitivity sensitivity;
        struct ls_limit_cost cost;
        struct ls_relaxation relaxation;
    } of;
};

/* ---- on the thread ---- */

static void post_cost(void *user, const struct ls_limit_cost *cost)
{
    struct result result = {.kind = COST, .of.cost = *cost};
    ls_task_post(user, &result);
}

static int post_relaxation(ls_task *task, const struct ls_why *pair, const struct ls_answer *answer,
                           ls_bench *bench, const struct ls_solve_options *options, struct ls_error *error)
{
    struct result result = {.kind = RELAXATION};
    int status = ls_why_relax(bench, answer, pair->customer, pair->source, pair->destination, pair->limit,
                              options, &result.of.relaxation, error);
    if (status == 0)
        ls_task_post(task, &result);
    return status;
}

static int run_job(ls_task *task, void *argument, ls_bench *bench, const struct ls_solve_options *options,
                   struct ls_error *error)
{
    struct job *job = argument;
    struct ls_answer *answer = NULL;
    int status = ls_bench_lend(bench, &job->policy, job->day, error);
    if (status == 0)
        status = ls_bench_solve(bench, &job->policy, job->day->city, job->day->date, options, &answer, error);
    for (size_t i = 0; status == 0 && i < job->n_asked; i++) {
        struct result result = {.kind = STEP};
        status = ls_sensitivity(bench, answer, job->asked[i], options, &result.of.sensitivity, error);
        if (status == 0)
            ls_task_post(task, &result);
    }
    if (status == 0 && job->costs)
        status = ls_limit_costs(bench, answer, options, post_cost, task, error);
    if (status == 0 && job->has_pair)
        status = post_relaxation(task, &job->pair, answer, bench, options, error);
    ls_answer_destroy(answer);
    return status;
}

static void release_job(void *argument)
{
    struct job *job = argument;
    ls_policy_clear(&job->policy);
    ls_cityday_destroy(job->day);
    free(job);
}

static const struct ls_task_work work = {
    .result_bytes = sizeof(struct result), .run = run_job, .release = release_job};

/* ---- on the screen's ---- */

int ls_gains_start(struct ls_explorer *explorer, struct ls_error *error)
{
    return ls_task_start(explorer->archive, &work, ls_explorer_wake, explorer->terminal,
                         &explorer->gains.task, error);
}

void ls_gains_stop(struct ls_gains *gains)
{
    ls_task_stop(gains->task);
}

void ls_explorer_forget_gains(struct ls_explorer *explorer)
{
    struct ls_gains *gains = &explorer->gains;
    if (gains->n_asked > 0 || gains->asked_costs || gains->asked_pair)
        ls_task_forget(gains->task);
    gains->n_asked = gains->n_known = gains->n_costs = 0;
    gains->asked_costs = gains->has_costs = gains->stopped_costs = false;
    gains->has_pair = gains->asked_pair = gains->found_pair = false;
}

const struct ls_limit_cost *ls_gains_chosen(const struct ls_explorer *explorer)
{
    const struct ls_gains *gains = &explorer->gains;
    int last = (int)gains->n_costs - 1;
    return last < 0 ? NULL : &gains->cost[explorer->cost < last ? explorer->cost : last];
}

const struct ls_sensitivity *ls_gains_of(const struct ls_gains *gains, const struct ls_parameter *parameter)
{
    for (size_t i = 0; i < gains->n_known; i++)
        if (gains->known[i].parameter == parameter)
            return &gains->known[i];
    return NULL;
}

static bool is_same_pair(const struct ls_why *pair, size_t customer, int source, int destination)
{
    return pair->customer == customer && pair->source == source && pair->destination == destination;
}

const struct ls_relaxation *ls_gains_for(const struct ls_gains *gains, const struct ls_why *why)
{
    bool found =
        gains->found_pair && is_same_pair(&gains->pair, why->customer, why->source, why->destination);
    return found ? &gains->relaxation : NULL;
}

static void take_result(struct ls_gains *gains, const struct result *result)
{
    switch (result->kind) {
    case STEP:
        if (gains->n_known < LS_GAINS_MAX)
            gains->known[gains->n_known++] = result->of.sensitivity;
        break;
    case COST:
        if (gains->n_costs < LS_LIMIT_COSTS)
            gains->cost[gains->n_costs++] = result->of.cost;
        break;
    case RELAXATION:
        gains->relaxation = result->of.relaxation;
        gains->found_pair = true;
        break;
    }
}

/* What was asked for and will not come may be asked for again. */
static void forget_unknown(struct ls_gains *gains)
{
    gains->n_asked = 0;
    for (size_t i = 0; i < gains->n_known; i++)
        gains->asked[gains->n_asked++] = gains->known[i].parameter;
}

static void take_results(struct ls_explorer *explorer)
{
    struct ls_gains *gains = &explorer->gains;
    struct ls_error error;
    struct result result;
    int status;
    while (ls_task_take(gains->task, &result))
        take_result(gains, &result);
    if (!ls_task_end(gains->task, &status, &error))
        return;
    gains->has_costs = gains->asked_costs && status == 0;
    gains->stopped_costs = gains->asked_costs && status != 0;
    if (status == LS_ERR_CANCELLED)
        forget_unknown(gains);
    else if (status != 0)
        ls_explorer_fail(explorer, &error);
    if (status == LS_ERR_CANCELLED && gains->stopped_costs)
        ls_explorer_say(explorer, "stopped after %zu of %d limits; x solves them anew", gains->n_costs,
                        LS_LIMIT_COSTS);
}

bool ls_explorer_stop_costs(struct ls_explorer *explorer)
{
    struct ls_gains *gains = &explorer->gains;
    if (gains->stopped_costs)
        gains->asked_costs = gains->stopped_costs = false;
    else if (gains->asked_costs && ls_task_busy(gains->task))
        ls_task_cancel(gains->task);
    else
        return false;
    return true;
}

static bool is_asked(const struct ls_gains *gains, const struct ls_parameter *parameter)
{
    for (size_t i = 0; i < gains->n_asked; i++)
        if (gains->asked[i] == parameter)
            return true;
    return false;
}

/* Notes a parameter to be asked for; true where it is a new one. */
static bool ask(struct ls_gains *gains, const struct ls_parameter *parameter)
{
    if (parameter == NULL || !ls_sensitivity_applies(parameter) || is_asked(gains, parameter) ||
        gains->n_asked == LS_GAINS_MAX)
        return false;
    gains->asked[gains->n_asked++] = parameter;
    return true;
}

/* Notes the pair that the view asks about; true where what refuses it is to be searched, or the search for
 * another pair given up, whose result would be taken for this one's. */
static bool ask_for_pair(struct ls_explorer *explorer)
{
    struct ls_gains *gains = &explorer->gains;
    int source = explorer->why_source, destination = explorer->why_destination;
    size_t customer;
    if (!ls_explorer_customer_index(explorer, &customer) || source < 0 ||
        (gains->has_pair && is_same_pair(&gains->pair, customer, source, destination)))
        return false;
    bool searching = gains->asked_pair && !gains->found_pair;
    gains->has_pair = ls_why_pair(explorer->answer, customer, source, destination, &gains->pair, NULL) == 0;
    gains->asked_pair = gains->has_pair && !gains->pair.made && ls_why_may_relax(gains->pair.limit);
    gains->found_pair = false;
    return gains->asked_pair || searching;
}

/* Notes what the view shows; true where some of it is new. */
static bool ask_for_view(struct ls_explorer *explorer)
{
    struct ls_gains *gains = &explorer->gains;
    const struct ls_parameter *parameter = NULL;
    const struct ls_answer *answer = explorer->answer;
    bool more = false;
    if (explorer->view != LS_VIEW_LIMITS &&
        answer->day->n_customers * (size_t)(answer->earlier_days + 1) > CUSTOMERS_MOST)
        return false;
    if (explorer->view == LS_VIEW_LIMITS) {
        more = !gains->asked_costs;
        gains->asked_costs = true;
    } else if (explorer->view == LS_VIEW_PARAMETERS && explorer->form != NULL) {
        char city[LS_ID_BYTES + 1];
        if (ls_parameter_find(ls_form_dotted(explorer->form), &parameter, city, NULL) == 0)
            more = ask(gains, parameter);
    } else if (explorer->view == LS_VIEW_CUSTOMER) {
        more = ask_for_pair(explorer);
    } else if (explorer->view == LS_VIEW_DAY) {
        more = ask(gains, ls_explorer_limit(explorer->limit));
        for (int row = 0; ls_view_day_is_wide(explorer) && row < ls_explorer_limits(); row++)
            more |= ask(gains, ls_explorer_limit(row));
    }
    return more;
}

static struct job *new_job(const struct ls_explorer *explorer, struct ls_error *error)
{
    const struct ls_gains *gains = &explorer->gains;
    const struct ls_answer *answer = explorer->answer;
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        ls_error_fill(error, LS_ERR_MEMORY, "out of memory for what a step would save");
        return NULL;
    }
    if (ls_policy_copy(&job->policy, &answer->policy, error) != 0) {
        free(job);
        return NULL;
    }
    job->day = ls_cityday_retain(answer->day);
    for (size_t i = 0; i < gains->n_asked; i++)
        if (ls_gains_of(gains, gains->asked[i]) == NULL)
            job->asked[job->n_asked++] = gains->asked[i];
    job->costs = gains->asked_costs && !gains->has_costs;
    job->has_pair = gains->asked_pair && !gains->found_pair;
    job->pair = gains->pair;
    return job;
}

bool ls_explorer_look_for_gains(struct ls_explorer *explorer)
{
    struct ls_gains *gains = &explorer->gains;
    const struct ls_answer *answer = explorer->answer;
    struct ls_error error;
    take_results(explorer);
    if (explorer->waiting || answer == NULL || answer->plan->outcome == LS_OUTCOME_CANCELLED ||
        answer->day->n_customers == 0 || !ask_for_view(explorer))
        return false;
    struct job *job = new_job(explorer, &error);
    if (job == NULL) {
        ls_explorer_fail(explorer, &error);
        return false;
    }
    gains->n_costs = job->costs ? 0 : gains->n_costs;
    ls_task_request(gains->task, job);
    if (answer->plan->seconds <= QUICK_SOLVE) {
        ls_task_wait(gains->task, QUICK_SECONDS);
        take_results(explorer);
    }
    return true;
}
