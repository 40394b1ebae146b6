/*
 * loadscope [explore] DATA...: reads the data and the policy, then opens the explorer, or prints the day as
 * text or JSON where there is no terminal or none is wanted.
 */
#include "cli/plain.h"
#include "cli/screen_options.h"
#include "cli/session.h"

#include "base/text.h"
#include "report/report.h"
#include "tui/explorer.h"
#include "tui/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TOP_MOVES 10

/* Places in the table of what is taken here. */
enum { CITY = 5, DAY, PLAIN, JSON, PLAY, PACE, READ_ONLY, PSEUDONYMS, IDLE_TIMEOUT, NO_SETTINGS, HELP };

static const struct ls_option options[] = {
    LS_OPTION_SCENARIO("read the limits from this scenario file"),
    LS_OPTION_SET,
    LS_OPTION_ENGINE,
    LS_OPTION_SOLVER,
    LS_OPTION_FACTORS,
    [CITY] = {"city", 'c', "NAME", "open this city (the first by name)"},
    [DAY] = {"day", 'd', "DATE", "open this day, as 2013-02-04 (the first with readings)"},
    [PLAIN] = {"plain", 'p', NULL, "print the day as text; with --view that screen, a fact a line"},
    [JSON] = {"json", 'j', NULL,
              "print one JSON object a day; all days without --day, all cities without --city"},
    [PLAY] = {"play", 0, "SCRIPT",
              "run the commands in this file with their captions and waits; any key pauses. Without a "
              "terminal the last screen is printed"},
    [PACE] = {"pace", 0, "FACTOR", "let the waits of --play take so many times as long; 0 plays at once"},
    [READ_ONLY] = {"read-only", 0, NULL,
                   "write no file, read none that is named at a key; no settings and no history"},
    [PSEUDONYMS] = {"pseudonyms", 0, NULL,
                    "call customers H0001, H0002 and so on, in the order of the data; no history"},
    [IDLE_TIMEOUT] = {"idle-timeout", 0, "MINUTES", "leave after so long without a key; 0: never"},
    [NO_SETTINGS] = {"no-settings", 0, NULL, "leave the user's settings.ini unread"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    LS_OPTION_VIEW,
    LS_OPTION_CUSTOMER,
    LS_OPTION_SNAPSHOT,
    LS_OPTION_SIZE,
    LS_OPTION_RECORD,
    LS_OPTION_PALETTE,
    LS_OPTION_BACKGROUND,
    LS_OPTION_ASCII,
    LS_OPTION_NO_COLOR,
    LS_OPTION_NO_MOUSE,
    {0},
};

struct request {
    struct ls_data_options data;
    const char *city, *day;
    const char *script;
    bool plain, json, reads_stdin, read_only, pseudonyms, no_settings;
    double pace;
    double idle_minutes; /* negative: as the settings say */
    struct ls_screen_options screen;
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

static int print_text(const struct request *request, const struct ls_session *session, const char *city,
                      int32_t date, struct ls_error *error)
{
    struct ls_answer *answer = NULL;
    const char *view = request->screen.customer != NULL ? "customer" : request->screen.view;
    if (view != NULL && strcasecmp(view, "days") == 0)
        return ls_plain_calendar(session, request->city, error);
    int status = solve_day(session, city, date, &answer, error);
    if (status != 0)
        return status;
    if (view != NULL) {
        status = ls_plain_screen(view, session, answer, request->screen.customer, error);
        ls_answer_destroy(answer);
        return status;
    }
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
    return request->screen.snapshot != NULL || (!request->plain && !request->json && isatty(STDOUT_FILENO) &&
                                                (isatty(STDIN_FILENO) || request->reads_stdin));
}

/* What the user's settings say, the command line on top; the first wrong line goes to `notice`. */
static void apply_settings(const struct request *request, struct ls_explorer_options *explorer, char *notice,
                           size_t size)
{
    struct ls_settings settings;
    struct ls_error warning;
    char text[600];
    ls_settings_init(&settings);
    int wrong = request->read_only || request->no_settings ? 0 : ls_settings_read(&settings, &warning);
    explorer->terminal.ascii |= settings.ascii;
    if (explorer->terminal.colors == LS_COLORS_AUTO)
        explorer->terminal.colors = settings.color ? (enum ls_colors)settings.palette : LS_COLORS_MONO;
    if (explorer->terminal.background == LS_BACKGROUND_AUTO)
        explorer->terminal.background = (enum ls_background)settings.background;
    explorer->terminal.no_mouse |= !settings.mouse;
    explorer->idle_minutes = request->idle_minutes >= 0 ? request->idle_minutes : settings.idle_minutes;
    if (wrong == 0)
        return;
    int used = snprintf(notice, size, "%s", ls_error_text(&warning, text, sizeof text));
    if (wrong > 1 && (size_t)used < size)
        snprintf(notice + used, size - (size_t)used, " (and %d more)", wrong - 1);
    explorer->notice = notice;
}

/* The explorer with its recording, or a picture of it. */
static int explore(const struct request *request, const struct ls_session *session, const char *city,
                   int32_t date, struct ls_error *error)
{
    const struct ls_screen_options *screen = &request->screen;
    const char *slash = strrchr(request->data.paths[0], '/');
    struct ls_explorer_options explorer = {.terminal = screen->terminal,
                                           .data_name = request->data.paths[0],
                                           .scenario_path = request->data.scenario,
                                           .settings = request->data.settings,
                                           .n_settings = request->data.n_settings,
                                           .city = city,
                                           .date = date,
                                           .store = session->data.store,
                                           .view = screen->view,
                                           .customer = screen->customer,
                                           .snapshot = screen->snapshot,
                                           .read_only = request->read_only,
                                           .no_history = request->pseudonyms,
                                           .script_path = request->script,
                                           .pace = request->pace};
    char notice[700], title[300];
    struct ls_error late;
    apply_settings(request, &explorer, notice, sizeof notice);
    if (!wants_screen(request))
        ls_screen_options_hide(&explorer.terminal);
    /* Who is handed a recording need not know where the data are. */
    snprintf(title, sizeof title, "loadscope %s", slash != NULL ? slash + 1 : explorer.data_name);
    if (screen->record != NULL) {
        int status = ls_recording_open(screen->record, title, &explorer.terminal.recording, error);
        if (status != 0)
            return status;
    }
    int status = ls_explorer_run(session->data.archive, &session->policy, &explorer, error);
    if (ls_recording_close(explorer.terminal.recording, &late) != 0 && status == 0) {
        *error = late;
        status = late.code;
    }
    return status;
}

static int answer_request(const struct request *request)
{
    struct ls_session session = {0};
    struct ls_error error = {0};
    const char *city = NULL;
    int32_t *dates = NULL;
    size_t n_dates = 0;
    int status = request->screen.record != NULL && !wants_screen(request)
                     ? ls_error_set(&error, LS_ERR_USAGE, "there is no terminal, so no session to --record")
                     : ls_session_open(&request->data, request->pseudonyms, &session, &error);
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
    if (wants_screen(request) || request->script != NULL) {
        status = explore(request, &session, city, dates[0], &error);
        if (status != LS_ERR_IO || request->screen.snapshot != NULL || request->screen.record != NULL)
            goto done;
        ls_text_disarm(error.message);
        fprintf(stderr, "loadscope: %s; here is the day as text\n", error.message);
    }
    status = print_text(request, &session, city, dates[0], &error);
done:
    free(dates);
    ls_session_close(&session);
    if (status != 0) {
        fflush(stdout);
        return ls_complain(&error);
    }
    return ls_finish_output(LS_EXIT_DONE);
}

static int take_idle_timeout(struct request *request, const char *value, struct ls_error *error)
{
    if (ls_text_real(value, &request->idle_minutes) && request->idle_minutes >= 0)
        return 0;
    ls_error_set(error, LS_ERR_USAGE, "--idle-timeout wants minutes, not '%s'", value);
    return ls_error_remedy(error, "give a number such as 15, or 0 for never");
}

static int take_pace(struct request *request, const char *value, struct ls_error *error)
{
    if (ls_text_real(value, &request->pace) && request->pace >= 0)
        return 0;
    ls_error_set(error, LS_ERR_USAGE, "--pace wants a factor, not '%s'", value);
    return ls_error_remedy(error, "give a number such as 0.5, or 0 for no waits");
}

static int take_option(struct request *request, size_t option, const char *value, struct ls_error *error)
{
    bool taken = ls_data_options_take(&request->data, &options[option], value);
    int status = taken ? 0 : ls_screen_options_take(&request->screen, &options[option], value, &taken, error);
    if (taken)
        return status;
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
    case PLAY:
        request->script = value;
        break;
    case PACE:
        return take_pace(request, value, error);
    case READ_ONLY:
        request->read_only = true;
        break;
    case PSEUDONYMS:
        request->pseudonyms = true;
        break;
    case IDLE_TIMEOUT:
        return take_idle_timeout(request, value, error);
    case NO_SETTINGS:
        request->no_settings = true;
        break;
    }
    return 0;
}

static int run(int argc, char **argv)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    struct request request = {.pace = 1, .idle_minutes = -1};
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
        } else if (take_option(&request, option, value, &error) != 0) {
            status = ls_complain(&error);
            goto done;
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
    status = ls_screen_options_finish(&request.screen, request.read_only, &error) != 0
                 ? ls_complain(&error)
                 : answer_request(&request);
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
