/* loadscope sweep DATA... --x AXIS --y AXIS: a grid of two parameters over one city-day, as CSV. */
#include "base/clock.h"
#include "cli/meter.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/watch.h"
#include "report/report.h"

#include <stdlib.h>

enum { X, Y, CITY, DAY, OUTPUT, SCENARIO, SET, ENGINE, SOLVER, FACTORS, QUIET, HELP };

static const struct ls_option options[] = {
    [X] = {"x", 'x', "AXIS",
           "the first parameter, as NAME=FROM:TO:STEP, NAME=VALUE,VALUE or NAME alone "
           "(peak.reduction_limit_percent)"},
    [Y] = {"y", 'y', "AXIS", "the second one (spike.alpha_percent)"},
    [CITY] = {"city", 'c', "NAME", "sweep this city (the first by name)"},
    [DAY] = {"day", 'd', "DATE", "sweep this day, as 2013-02-04 (the first with readings)"},
    [OUTPUT] = {"output", 'o', "FILE", "write to FILE instead of standard output"},
    [SCENARIO] = LS_OPTION_SCENARIO("read all other limits from this scenario file"),
    [SET] = LS_OPTION_SET,
    [ENGINE] = LS_OPTION_ENGINE,
    [SOLVER] = LS_OPTION_SOLVER,
    [FACTORS] = LS_OPTION_FACTORS,
    [QUIET] = {"quiet", 'q', NULL, "show no progress"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    struct ls_data_options data;
    const char *axes[2], *city, *day, *output;
    bool quiet;
};

static int take_option(void *user, size_t option, const char *value, struct ls_error *error)
{
    struct request *request = user;
    (void)error;
    switch (option) {
    case X:
    case Y:
        request->axes[option == Y] = value;
        break;
    case CITY:
        request->city = value;
        break;
    case DAY:
        request->day = value;
        break;
    case OUTPUT:
        request->output = value;
        break;
    case QUIET:
        request->quiet = true;
        break;
    }
    return 0;
}

static void show_points(void *user, const struct ls_sweep *sweep, size_t x, size_t y)
{
    (void)x;
    (void)y;
    ls_meter_points(user, sweep->n_done, sweep->n_cells);
}

static int open_sweep(const struct request *request, const struct ls_session *session, struct ls_sweep **out,
                      struct ls_error *error)
{
    struct ls_axis axes[2];
    const char *city = NULL;
    int32_t *dates = NULL;
    size_t n_dates = 0;
    int status = 0;
    for (int k = 0; status == 0 && k < 2; k++) {
        status = ls_axis_parse(request->axes[k], &session->policy, &axes[k], error);
        if (status == 0 && axes[k].parameter->per_city)
            ls_warn_unknown_city(axes[k].city, "an axis", session->data.head);
    }
    if (status == 0)
        status = ls_session_city(session, request->city, &city, error);
    if (status == 0)
        status = ls_session_dates(session, city, request->day, &dates, &n_dates, error);
    if (status == 0)
        status = ls_sweep_open(&session->policy, &axes[0], &axes[1], city, dates[0], out, error);
    free(dates);
    return status;
}

/* Fills the sweep until it is done or interrupted; *caught is the signal that interrupted it, or 0. */
static int fill(const struct request *request, struct ls_session *session, struct ls_sweep *sweep,
                int *caught, struct ls_error *error)
{
    struct ls_watch watch = {0};
    struct ls_meter meter;
    struct ls_solve_options solve = {.cancel = &watch.cancel};
    int status = ls_watch_start(&watch, error);
    if (status != 0)
        return status;
    ls_meter_start(&meter, false, request->quiet);
    meter.started = ls_clock_seconds();
    status = ls_sweep_run(sweep, session->bench, &solve, show_points, &meter, error);
    ls_meter_clear(&meter);
    ls_watch_end(&watch);
    *caught = status == LS_ERR_CANCELLED ? atomic_load(&watch.signal) : 0;
    return *caught != 0 ? 0 : status;
}

static int write_sweep(const struct ls_sweep *sweep, struct ls_output *output)
{
    struct ls_buffer csv = {0};
    ls_report_sweep_csv(&csv, sweep);
    bool written = !csv.failed && fwrite(csv.bytes, 1, csv.length, output->file) == csv.length;
    ls_buffer_release(&csv);
    return ls_output_close(output, written, "the sweep");
}

static int answer_request(const void *user)
{
    const struct request *request = user;
    struct ls_session session = {0};
    struct ls_sweep *sweep = NULL;
    struct ls_output output = {0};
    struct ls_error error = {0};
    int caught = 0, ended;
    int status = ls_session_open(&request->data, false, &session, &error);
    if (status == 0)
        ls_warn_unknown_cities(&session.policy, session.data.head);
    if (status == 0)
        status = open_sweep(request, &session, &sweep, &error);
    if (status == 0)
        status = ls_output_open(request->output, &output, &error);
    if (status == 0)
        status = fill(request, &session, sweep, &caught, &error);
    if (status == 0) {
        ended = write_sweep(sweep, &output);
        if (caught != 0 && ended == LS_EXIT_DONE) {
            fprintf(stderr, "loadscope: interrupted; %zu of %zu points are written\n", sweep->n_done,
                    sweep->n_cells);
            ended = 128 + caught;
        }
    } else {
        ended = ls_complain(&error);
        if (output.file != NULL)
            ls_output_discard(&output);
    }
    ls_sweep_close(sweep);
    ls_session_close(&session);
    return ended;
}

static int run(int argc, char **argv)
{
    struct request request = {.axes = {"peak.reduction_limit_percent", "spike.alpha_percent"}};
    return ls_data_command(&ls_command_sweep, argc, argv, &request.data, take_option, answer_request,
                           &request);
}

const struct ls_command ls_command_sweep = {
    .name = "sweep",
    .operands = "DATA...",
    .summary = "solve one day over a grid of two parameters, as CSV",
    .text = "Solves one city's day at each point of a grid of any two parameters, from the scenario's own "
            "point outward, and writes a row a point: both values, what is saved in marginal and average "
            "terms, kWh moved, moves, customers that move, the proven bound and the gap to it. An AXIS is "
            "a parameter and its values, separated by commas, or peak hours by semicolons; of a number, a "
            "value may be a range as "
            "FROM:TO:STEP, and none switches a limit off where the parameter accepts it. A NAME alone stands "
            "for all words of a choice or 11 steps around the scenario's value. After ^C the points that are "
            "done are written.",
    .options = options,
    .run = run,
};
