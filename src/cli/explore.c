/*
 * loadscope [explore] DATA...: reads the data and the policy, then opens the explorer, or prints the day as
 * text or JSON where there is no terminal or none is wanted.
 */
#include "cli/session.h"

#include "report/report.h"
#include "tui/explorer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOP_MOVES 10

enum { SCENARIO, SET, ENGINE, SOLVER, FACTORS, CITY, DAY, PLAIN, JSON, ASCII, NO_COLOR, NO_MOUSE, HELP };

static const struct ls_option options[] = {
    [SCENARIO] = LS_OPTION_SCENARIO("read the limits from this scenario file"),
    [SET] = LS_OPTION_SET,
    [ENGINE] = LS_OPTION_ENGINE,
    [SOLVER] = LS_OPTION_SOLVER,
    [FACTORS] = LS_OPTION_FACTORS,
    [CITY] = {"city", 'c', "NAME", "open this city (the first by name)"},
    [DAY] = {"day", 'd', "DATE", "open this day, as 2013-02-04 (the first with readings)"},
    [PLAIN] = {"plain", 'p', NULL, "print the day as text"},
    [JSON] = {"json", 'j', NULL,
              "print one JSON object a day; all days without --day, all cities without --city"},
    [ASCII] = {"ascii", 0, NULL, "draw with ASCII characters only"},
    [NO_COLOR] = {"no-color", 0, NULL, "no colours, as with NO_COLOR in the environment"},
    [NO_MOUSE] = {"no-mouse", 0, NULL, "leave the mouse to the terminal"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    struct ls_data_options data;
    const char *city, *day;
    bool plain, json, reads_stdin;
    struct ls_terminal_options terminal;
};

static void show_solving(void *user, const struct ls_progress *progress)
{
    (void)user;
    fprintf(stderr, "\rsolving %zu of %zu homes, %.3f kg saved, at most %.3f ", progress->done,
            progress->in_all, progress->incumbent_g / 1e3, progress->bound_g / 1e3);
}

static int solve_day(const struct ls_session *session, const char *city, int32_t date,
                     struct ls_answer **answer, struct ls_error *error)
{
    bool watched = isatty(STDERR_FILENO) && ls_engine(session->policy.engine)->exact;
    struct ls_solve_options solve = {.progress = watched ? show_solving : NULL};
    int status = ls_bench_solve(session->bench, &session->policy, city, date, &solve, answer, error);
    ls_session_clear_progress();
    return status;
}

static int print_json(const struct request *request, const struct ls_session *session, struct ls_error *error)
{
    const char *only = NULL;
    int status = request->city != NULL ? ls_session_city(session, request->city, &only, error) : 0;
    bool any = false;
    for (size_t c = 0; status == 0 && c < session->data.head->n_cities; c++) {
        const char *city = session->data.head->cities[c].name;
        int32_t *dates = NULL;
        size_t n_dates = 0;
        if (only != NULL && strcmp(only, city) != 0)
            continue;
        status = ls_session_dates(session, city, request->day, &dates, &n_dates, error);
        if (status == LS_ERR_NAME && only == NULL) {
            status = 0; /* another city may have the day */
            continue;
        }
        for (size_t d = 0; status == 0 && d < n_dates; d++) {
            struct ls_answer *answer = NULL;
            status = solve_day(session, city, dates[d], &answer, error);
            if (status == 0)
                status = ls_report_day_json(stdout, answer, error);
            any = true;
            ls_answer_destroy(answer);
        }
        free(dates);
    }
    if (status == 0 && !any)
        status = ls_error_set(error, LS_ERR_NAME, "no city has readings on %s", request->day);
    return status;
}

static int print_text(const struct ls_session *session, const char *city, int32_t date,
                      struct ls_error *error)
{
    struct ls_answer *answer = NULL;
    int status = solve_day(session, city, date, &answer, error);
    if (status != 0)
        return status;
    ls_report_day_text(stdout, session->data.head, answer, TOP_MOVES);
    if (session->data.head->n_cities > 1) {
        printf("\nother cities (--city):");
        for (size_t c = 0; c < session->data.head->n_cities; c++)
            if (strcmp(session->data.head->cities[c].name, city) != 0)
                printf(" %s", session->data.head->cities[c].name);
        printf("\n");
    }
    ls_answer_destroy(answer);
    return 0;
}

static bool wants_screen(const struct request *request)
{
    return !request->plain && !request->json && isatty(STDOUT_FILENO) &&
           (isatty(STDIN_FILENO) || request->reads_stdin);
}

static int answer_request(const struct request *request)
{
    struct ls_session session = {0};
    struct ls_error error = {0};
    const char *city = NULL;
    int32_t *dates = NULL;
    size_t n_dates = 0;
    int status = ls_session_open(&request->data, &session, &error);
    if (status != 0)
        goto done;
    ls_warn_unknown_cities(&session.policy, session.data.head);
    if (request->json) {
        status = print_json(request, &session, &error);
        goto done;
    }
    if ((status = ls_session_city(&session, request->city, &city, &error)) != 0 ||
        (status = ls_session_dates(&session, city, request->day, &dates, &n_dates, &error)) != 0)
        goto done;
    if (wants_screen(request)) {
        struct ls_explorer_options explorer = {.terminal = request->terminal,
                                               .data_name = request->data.paths[0],
                                               .scenario_path = request->data.scenario,
                                               .city = city,
                                               .date = dates[0]};
        status = ls_explorer_run(session.data.archive, &session.policy, &explorer, &error);
        if (status != LS_ERR_IO)
            goto done;
        fprintf(stderr, "loadscope: %s; here is the day as text\n", error.message);
    }
    status = print_text(&session, city, dates[0], &error);
done:
    free(dates);
    ls_session_close(&session);
    if (status != 0) {
        fflush(stdout);
        return ls_complain(&error);
    }
    return ls_finish_output(LS_EXIT_DONE);
}

static void take_option(struct request *request, size_t option, const char *value)
{
    if (ls_data_options_take(&request->data, &options[option], value))
        return;
    switch (option) {
    case CITY:
        request->city = value;
        break;
    case DAY:
        request->day = value;
        break;
    case PLAIN:
        request->plain = true;
        break;
    case JSON:
        request->json = true;
        break;
    case ASCII:
        request->terminal.ascii = true;
        break;
    case NO_COLOR:
        request->terminal.no_color = true;
        break;
    case NO_MOUSE:
        request->terminal.no_mouse = true;
        break;
    }
}

static int run(int argc, char **argv)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    struct request request = {0};
    struct ls_error error;
    const char *value;
    size_t option;
    int status = LS_EXIT_DONE;
    if (ls_data_options_init(&request.data, argc, &error) != 0)
        return ls_complain(&error);
    for (enum ls_arg arg; (arg = ls_args_next(&args, options, &option, &value, &error)) != LS_ARG_END;) {
        if (arg == LS_ARG_WRONG) {
            status = ls_complain(&error);
            goto done;
        }
        if (arg == LS_ARG_OPERAND) {
            request.reads_stdin |= strcmp(value, "-") == 0;
            request.data.paths[request.data.n_paths++] = value;
        } else if (option == HELP) {
            ls_usage(stdout, &ls_command_explore);
            status = ls_finish_output(LS_EXIT_DONE);
            goto done;
        } else {
            take_option(&request, option, value);
        }
    }
    if (request.data.n_paths == 0) {
        ls_error_set(&error, LS_ERR_USAGE, "no data named");
        ls_error_remedy(
            &error,
            "give files of readings, as in: loadscope sample_data/readings.csv.gz; see loadscope --help");
        status = ls_complain(&error);
        goto done;
    }
    status = answer_request(&request);
done:
    ls_data_options_clear(&request.data);
    return status;
}

const struct ls_command ls_command_explore = {
    .name = "explore",
    .operands = "DATA...",
    .summary = "open the explorer on files of readings or a store",
    .text = "Reads the files, plain or gzip, - being standard input, and opens the explorer on one city's "
            "day. Where "
            "there is no terminal, or with --plain or --json, the same answer is printed. This command is "
            "meant when "
            "none is named.",
    .options = options,
    .run = run,
};
