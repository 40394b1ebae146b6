#include "cli/plain.h"

#include "report/plain.h"
#include "tui/commands/table.h"
#include "tui/keys.h"
#include "tui/surveyor.h"
#include "tui/view.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int print_customer(const struct ls_answer *answer, ls_bench *bench, const char *customer,
                          struct ls_error *error)
{
    const struct ls_cityday *day = answer->day;
    for (size_t i = 0; i < day->n_customers; i++)
        if (customer == NULL || strcmp(day->id[i], customer) == 0)
            return ls_plain_home(stdout, answer, bench, i, error);
    ls_error_set(error, LS_ERR_NAME, "no customer '%s' with readings on this day in %s",
                 customer != NULL ? customer : "", day->city);
    return ls_error_remedy(error, "--plain --view customers lists those there are");
}

/* "search [TEXT]: customers whose id has this text; key /" */
static void print_command(const struct ls_tui_command *command)
{
    char usage[64], key[16];
    ls_command_usage(command, usage);
    printf("%s%s%s: %s", command->name, usage[0] != '\0' ? " " : "", usage, command->help);
    for (int k = 0; k < LS_KEYS_MAX && command->keys[k] != 0; k++)
        printf("%s %s", k == 0 ? "; key" : " or", ls_tui_key_name(command->keys[k], key));
    printf("\n");
}

static void print_help(void)
{
    size_t n;
    const struct ls_topic *const *topics = ls_topics(&n);
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < topics[t]->count; i++)
            print_command(&topics[t]->commands[i]);
}

static int print_date(const struct ls_session *session, const char *city, const struct ls_archive_day *held,
                      struct ls_error *error)
{
    struct ls_answer *answer = NULL;
    struct ls_day_result result;
    int status = 0;
    if (held->known > 0) {
        status = ls_bench_solve(session->bench, &session->policy, city, held->date, NULL, &answer, error);
        if (status != 0)
            return status;
        ls_day_result_of(answer->plan, &result);
    }
    ls_plain_date(stdout, city, held, answer != NULL ? &result : NULL);
    ls_answer_destroy(answer);
    return 0;
}

int ls_plain_calendar(const struct ls_session *session, const char *only_city, struct ls_error *error)
{
    int status = 0;
    for (size_t c = 0; status == 0 && c < session->data.head->n_cities; c++) {
        const char *city = session->data.head->cities[c].name;
        struct ls_archive_day *days = NULL;
        size_t n_days = 0;
        if (only_city != NULL && strcmp(only_city, city) != 0)
            continue;
        status = ls_archive_days(session->data.archive, session->zone, city, &days, &n_days, error);
        for (size_t d = 0; status == 0 && d < n_days; d++)
            status = print_date(session, city, &days[d], error);
        free(days);
    }
    return status;
}

static void print_cost(void *user, const struct ls_limit_cost *cost)
{
    ls_plain_limit_cost(user, cost);
}

static void print_steps(void *user, const struct ls_sensitivity *sensitivity)
{
    for (int way = 0; way < LS_STEPS; way++)
        ls_plain_step(user, sensitivity, (enum ls_way)way);
}

static int print_limits(const struct ls_answer *answer, ls_bench *bench, struct ls_error *error)
{
    printf("saved under all limits: marginal %.1f g, average %.1f g\n", answer->plan->saved_marg_g,
           answer->plan->saved_avg_g);
    int status = ls_limit_costs(bench, answer, NULL, print_cost, stdout, error);
    return status == 0 ? ls_sensitivities(bench, answer, NULL, print_steps, stdout, error) : status;
}

/* The grid that the explorer begins with. */
static int print_sweep(const struct ls_answer *answer, ls_bench *bench, struct ls_error *error)
{
    struct ls_axis x, y;
    struct ls_sweep *sweep = NULL;
    int status = ls_axis_parse("peak.reduction_limit_percent", &answer->policy, &x, error);
    if (status == 0)
        status = ls_axis_parse("spike.alpha_percent", &answer->policy, &y, error);
    if (status == 0)
        status = ls_sweep_open(&answer->policy, &x, &y, answer->day->city, answer->day->date, &sweep, error);
    if (status == 0)
        status = ls_sweep_run(sweep, bench, NULL, NULL, NULL, error);
    for (size_t i = 0; status == 0 && i < sweep->n_cells; i++)
        ls_plain_sweep_cell(stdout, sweep, i % sweep->x.n, i / sweep->x.n);
    ls_sweep_close(sweep);
    return status;
}

/* Doubts where the screen has them too. */
static int print_data(const struct ls_session *session, const struct ls_answer *answer,
                      struct ls_error *error)
{
    const struct ls_data *data = &session->data;
    struct ls_survey *survey = NULL;
    ls_plain_data(stdout, data->head, answer);
    if (!ls_surveyor_suits(data->head, data->store)) {
        printf("doubts of data this large: loadscope info\n");
        return 0;
    }
    int status = data->store != NULL
                     ? ls_survey_of_store(data->store, session->zone, NULL, NULL, &survey, error)
                     : ls_survey_create(data->dataset, session->zone, &survey, error);
    if (status == 0)
        ls_plain_survey(stdout, survey);
    ls_survey_destroy(survey);
    return status;
}

int ls_plain_screen(const char *view, const struct ls_session *session, const struct ls_answer *answer,
                    const char *customer, struct ls_error *error)
{
    ls_bench *bench = session->bench;
    enum ls_view_id id = LS_VIEW_COUNT;
    bool known = ls_view_named(view, &id);
    assert(known);
    (void)known;
    switch (id) {
    case LS_VIEW_DAY:
        ls_plain_day(stdout, answer);
        break;
    case LS_VIEW_CUSTOMERS:
        ls_plain_customers(stdout, answer);
        break;
    case LS_VIEW_CUSTOMER:
        return print_customer(answer, bench, customer, error);
    case LS_VIEW_MOVES:
        ls_plain_moves(stdout, answer);
        break;
    case LS_VIEW_COMPARE:
        printf(
            "nothing is marked as A outside of a session: loadscope compare puts two days or policies side "
            "by side\n");
        break;
    case LS_VIEW_SWEEP:
        return print_sweep(answer, bench, error);
    case LS_VIEW_LIMITS:
        return print_limits(answer, bench, error);
    case LS_VIEW_DATA:
        return print_data(session, answer, error);
    case LS_VIEW_PARAMETERS:
        ls_plain_parameters(stdout, &answer->policy, answer->day->city);
        break;
    case LS_VIEW_HELP:
        print_help();
        break;
    case LS_VIEW_DAYS: /* ls_plain_calendar() */
    case LS_VIEW_COUNT:
        break;
    }
    return 0;
}
