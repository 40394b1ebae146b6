/*
 * The smallest relaxation of a limit that homes share. How far is enough depends on what those served before
 * do with it, so each try is a solve: steps are doubled until the pair is admitted, then halved. Turning a
 * limit up need not help one home monotonously; what is found admits the pair, and one step less was tried
 * and did not.
 */
#include <loadscope/shift.h>

#include "base/real.h"
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct search {
    ls_bench *bench;
    const struct ls_answer *answer;
    size_t customer;
    int source, destination;
    const struct ls_solve_options *options;
    struct ls_policy policy; /* the answer's, with the parameter turned */
    struct ls_relaxation relaxation;
    double now;
    bool admitted;
    enum ls_limit refused_by; /* in the last try that was not */
    struct ls_error *error;
};

static const char *const parameters[LS_LIMIT_COUNT] = {
    [LS_LIMIT_PEAK] = "peak.reduction_limit_percent",
    [LS_LIMIT_ROOM] = "spike.alpha_percent",
    [LS_LIMIT_BUDGET] = "regional.load_shift_percent_limit",
};

bool ls_why_may_relax(enum ls_limit limit)
{
    return parameters[limit] != NULL;
}

/* Solves with the parameter at `value` and notes it where the pair is admitted. */
static int try_value(struct search *search, const char *value)
{
    struct ls_relaxation *found = &search->relaxation;
    struct ls_answer *answer = NULL;
    struct ls_why why = {0};
    const struct ls_cityday *day = search->answer->day;
    int status = ls_parameter_set(found->parameter, &search->policy, NULL, value, search->error);
    if (status == 0)
        status = ls_bench_solve(search->bench, &search->policy, day->city, day->date, search->options,
                                &answer, search->error);
    if (status == 0 && answer->plan->outcome == LS_OUTCOME_CANCELLED)
        status = ls_error_set(search->error, LS_ERR_CANCELLED, "cancelled");
    if (status == 0)
        status =
            ls_why_pair(answer, search->customer, search->source, search->destination, &why, search->error);
    search->admitted = status == 0 && (why.made || why.limit == LS_LIMIT_OUTBID);
    if (search->admitted) {
        snprintf(found->value, sizeof found->value, "%s", value);
        found->made = why.made;
        ls_totals_of(answer->plan, &found->totals);
    } else {
        search->refused_by = why.limit;
    }
    ls_answer_destroy(answer);
    return status;
}

static int try_steps(struct search *search, double steps)
{
    const struct ls_parameter *parameter = search->relaxation.parameter;
    char text[LS_VALUE_SIZE];
    double value = fmin(search->now + steps * parameter->step, parameter->high);
    return try_value(search, ls_text_from_real(ls_real_of_steps(value), text, sizeof text));
}

static int find(struct search *search)
{
    const struct ls_parameter *parameter = search->relaxation.parameter;
    double most = ceil((parameter->high - search->now) / parameter->step), refused = 0, enough = 0;
    int status = 0;
    while (status == 0 && !search->admitted && enough < most) {
        refused = enough;
        enough = fmin(fmax(1, 2 * enough), most);
        status = try_steps(search, enough);
    }
    if (status == 0 && !search->admitted) {
        status = try_value(search, "none");
        if (status == 0 && !search->admitted)
            search->relaxation.next = search->refused_by;
        return status;
    }
    while (status == 0 && enough - refused > 1) {
        double middle = floor((refused + enough) / 2);
        status = try_steps(search, middle);
        *(search->admitted ? &enough : &refused) = middle;
    }
    return status;
}

int ls_why_relax(ls_bench *bench, const struct ls_answer *answer, size_t customer, int source,
                 int destination, enum ls_limit limit, const struct ls_solve_options *options,
                 struct ls_relaxation *out, struct ls_error *error)
{
    struct search search = {.bench = bench,
                            .answer = answer,
                            .customer = customer,
                            .source = source,
                            .destination = destination,
                            .options = options,
                            .error = error};
    char now[LS_VALUE_SIZE], city[LS_ID_BYTES + 1];
    assert(ls_why_may_relax(limit));
    int status = ls_parameter_find(parameters[limit], &search.relaxation.parameter, city, error);
    if (status == 0)
        status = ls_policy_copy(&search.policy, &answer->policy, error);
    if (status != 0)
        return status;
    ls_parameter_get(search.relaxation.parameter, &answer->policy, NULL, now, sizeof now);
    if (ls_text_real(now, &search.now)) /* or it is off and refuses nothing */
        status = find(&search);
    ls_policy_clear(&search.policy);
    if (status == 0)
        *out = search.relaxation;
    return status;
}
