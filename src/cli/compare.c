/* loadscope compare DATA... --b SECTION.KEY=VALUE: one day under two policies, or two days, side by side. */
#include "cli/session.h"

#include "base/text.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#define TOP     10
#define TOP_MAX 100000000

enum { A, B, CITY, DAY, DAY_B, TOP_N, SCENARIO, SET, ENGINE, SOLVER, FACTORS, HELP };

static const struct ls_option options[] = {
    [A] = {"a", 'a', "SECTION.KEY=VALUE", "set one parameter for A alone; may be repeated"},
    [B] = {"b", 'b', "SECTION.KEY=VALUE", "set one parameter for B alone; may be repeated"},
    [CITY] = {"city", 'c', "NAME", "compare in this city (the first by name)"},
    [DAY] = {"day", 'd', "DATE", "the day, as 2013-02-04 (the first with readings)"},
    [DAY_B] = {"day-b", 0, "DATE", "another day for B"},
    [TOP_N] = {"top", 0, "N", "list at most N customers and slots (10)"},
    [SCENARIO] = LS_OPTION_SCENARIO("read the limits of both from this scenario file"),
    [SET] = LS_OPTION_SET,
    [ENGINE] = LS_OPTION_ENGINE,
    [SOLVER] = LS_OPTION_SOLVER,
    [FACTORS] = LS_OPTION_FACTORS,
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

/* What is asked of one side. */
struct side {
    const char **settings;
    size_t n_settings;
    const char *day; /* NULL: not named */
};

struct request {
    struct ls_data_options data;
    struct side sides[2];
    const char *city;
    size_t top;
};

static int take_option(void *user, size_t option, const char *value, struct ls_error *error)
{
    struct request *request = user;
    struct side *side = &request->sides[option == B || option == DAY_B];
    int64_t top;
    switch (option) {
    case A:
    case B:
        side->settings[side->n_settings++] = value;
        break;
    case DAY:
    case DAY_B:
        side->day = value;
        break;
    case CITY:
        request->city = value;
        break;
    case TOP_N:
        if (!ls_text_integer(value, &top) || top < 0 || top > TOP_MAX) {
            ls_error_set(error, LS_ERR_USAGE, "--top wants a whole number, not '%s'", value);
            return ls_error_remedy(error, "give one from 0 to %d", TOP_MAX);
        }
        request->top = (size_t)top;
        break;
    }
    return 0;
}

static bool speaks_of(const struct ls_policy *policy, const char *city)
{
    for (size_t i = 0; i < policy->n_cities; i++)
        if (strcmp(policy->cities[i].name, city) == 0)
            return true;
    return false;
}

static int solve_side(const struct ls_session *session, const struct side *side, const char *city,
                      int32_t date, struct ls_answer **out, struct ls_error *error)
{
    struct ls_policy policy = {0};
    int status = ls_policy_copy(&policy, &session->policy, error);
    for (size_t i = 0; status == 0 && i < side->n_settings; i++)
        status = ls_policy_assign(&policy, side->settings[i], error);
    for (size_t i = 0; status == 0 && i < policy.n_cities; i++)
        if (!speaks_of(&session->policy, policy.cities[i].name)) /* of which it was told before */
            ls_warn_unknown_city(policy.cities[i].name, "a side", session->data.head);
    if (status == 0)
        status = ls_bench_solve(session->bench, &policy, city, date, NULL, out, error);
    ls_policy_clear(&policy);
    return status;
}

static void write_comparison(struct ls_answer *const answers[2], const struct ls_compare *compare, size_t top)
{
    char date[LS_DATE_SIZE];
    for (int k = 0; k < 2; k++)
        printf("%c: %s, %s %s, %s\n", 'A' + k, answers[k]->day->city,
               ls_weekday_name(answers[k]->day->weekday), ls_date_format(answers[k]->day->date, date),
               ls_engine(answers[k]->policy.engine)->name);
    printf("\n");
    ls_report_compare_text(stdout, compare, top);
}

static int answer_request(const void *user)
{
    const struct request *request = user;
    struct ls_session session = {0};
    struct ls_answer *answers[2] = {NULL, NULL};
    struct ls_compare *compare = NULL;
    struct ls_error error = {0};
    const char *city = NULL;
    int status = ls_session_open(&request->data, false, &session, &error);
    if (status == 0) {
        ls_warn_unknown_cities(&session.policy, session.data.head);
        status = ls_session_city(&session, request->city, &city, &error);
    }
    for (int k = 0; status == 0 && k < 2; k++) {
        const char *day = request->sides[k].day != NULL ? request->sides[k].day : request->sides[0].day;
        int32_t *dates = NULL;
        size_t n_dates = 0;
        status = ls_session_dates(&session, city, day, &dates, &n_dates, &error);
        if (status == 0)
            status = solve_side(&session, &request->sides[k], city, dates[0], &answers[k], &error);
        free(dates);
    }
    if (status == 0)
        status = ls_compare(answers[0], answers[1], request->top, &compare, &error);
    if (status == 0)
        write_comparison(answers, compare, request->top);
    ls_compare_destroy(compare);
    ls_answer_destroy(answers[0]);
    ls_answer_destroy(answers[1]);
    ls_session_close(&session);
    return status == 0 ? ls_finish_output(LS_EXIT_DONE) : ls_complain(&error);
}

static int run(int argc, char **argv)
{
    struct request request = {.top = TOP};
    struct ls_error error;
    int status = LS_EXIT_DONE;
    for (int k = 0; k < 2; k++)
        request.sides[k].settings = calloc((size_t)argc + 1, sizeof *request.sides[k].settings);
    if (request.sides[0].settings == NULL || request.sides[1].settings == NULL) {
        ls_error_fill(&error, LS_ERR_MEMORY, "out of memory");
        status = ls_complain(&error);
    } else {
        status = ls_data_command(&ls_command_compare, argc, argv, &request.data, take_option, answer_request,
                                 &request);
    }
    free(request.sides[0].settings);
    free(request.sides[1].settings);
    return status;
}

const struct ls_command ls_command_compare = {
    .name = "compare",
    .operands = "DATA...",
    .summary = "compare one day under two policies, or two days",
    .text =
        "Solves one city's day as A and as B, each under the scenario with settings of its own, and shows "
        "which parameters differ, every total with its difference, and the customers and slots that "
        "change most. With --day-b, B is another day, and slots are paired by the local clock. Whole "
        "runs are compared by loadscope diff.",
    .options = options,
    .run = run,
};
