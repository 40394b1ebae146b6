#include "cli/data.h"
#include "cli/meter.h"

#include "report/quality.h"

enum { SCENARIO, SET, FACTORS, JSON, HELP };

static const struct ls_option options[] = {
    [SCENARIO] = LS_OPTION_SCENARIO("take time zone and slot length from this scenario file"),
    [SET] = LS_OPTION_SET,
    [FACTORS] = LS_OPTION_FACTORS,
    [JSON] = {"json", 'j', NULL, "print one JSON object"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    struct ls_data_options data;
    bool json;
};

static void print_survey(const struct request *request, const struct ls_survey *survey)
{
    char name[200];
    if (request->data.n_paths > 1)
        snprintf(name, sizeof name, "%s and %zu more", request->data.paths[0], request->data.n_paths - 1);
    else
        snprintf(name, sizeof name, "%s", request->data.paths[0]);
    ls_report_survey_text(stdout, survey, name);
}

static bool show_reading(void *meter, uint64_t bytes, uint64_t bytes_in_all)
{
    ls_meter_reading(meter, bytes, bytes_in_all);
    return false;
}

static bool show_survey(void *meter, uint64_t homes, uint64_t homes_in_all)
{
    ls_meter_surveying(meter, homes, homes_in_all);
    return false;
}

static int answer_request(const void *user)
{
    const struct request *request = user;
    struct ls_meter meter;
    struct ls_policy policy;
    struct ls_data data = {0};
    struct ls_survey *survey = NULL;
    ls_zone *zone = NULL;
    struct ls_error error = {0};
    ls_policy_init(&policy);
    int status = ls_data_options_policy(&request->data, NULL, &policy, &error);
    if (status != 0)
        goto done;
    ls_meter_start(&meter, false, false);
    status = ls_data_read(&request->data, &policy, show_reading, &meter, &data, &error);
    if (status == 0)
        status = ls_dataset_zone(data.head, policy.timezone, &zone, &error);
    if (status == 0 && data.store != NULL)
        status = ls_survey_of_store(data.store, zone, show_survey, &meter, &survey, &error);
    else if (status == 0)
        status = ls_survey_create(data.dataset, zone, &survey, &error);
    ls_meter_clear(&meter);
    if (status == 0 && request->json)
        status = ls_report_survey_json(stdout, survey, &error);
    else if (status == 0)
        print_survey(request, survey);
done:
    ls_survey_destroy(survey);
    ls_zone_close(zone);
    ls_data_close(&data);
    ls_policy_clear(&policy);
    return status != 0 ? ls_complain(&error) : ls_finish_output(LS_EXIT_DONE);
}

static int take_option(void *user, size_t option, const char *value, struct ls_error *error)
{
    struct request *request = user;
    (void)value;
    (void)error;
    request->json |= option == JSON;
    return 0;
}

static int run(int argc, char **argv)
{
    struct request request = {0};
    return ls_data_command(&ls_command_info, argc, argv, &request.data, take_option, answer_request,
                           &request);
}

const struct ls_command ls_command_info = {
    .name = "info",
    .operands = "DATA...",
    .summary = "tell what was read and what is doubtful about it",
    .text = "Reads the files as explore does and prints what they cover and what to look at before "
            "believing a result: gaps, clock changes, flat lines, spikes, homes without usage, units that "
            "seem wrong, meter registers, and factors that are missing or implausible. Every doubt says what "
            "to do. Doubts do not change the exit status.",
    .options = options,
    .run = run,
};
