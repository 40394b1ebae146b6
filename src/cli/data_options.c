#include "cli/data_options.h"

#include "model/values.h"

#include <stdlib.h>
#include <string.h>

int ls_data_options_init(struct ls_data_options *options, int argc, struct ls_error *error)
{
    *options = (struct ls_data_options){.paths = calloc((size_t)argc + 1, sizeof *options->paths),
                                        .settings = calloc((size_t)argc + 1, sizeof *options->settings)};
    if (options->paths != NULL && options->settings != NULL)
        return 0;
    ls_data_options_clear(options);
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
}

void ls_data_options_clear(struct ls_data_options *options)
{
    free(options->paths);
    free(options->settings);
    *options = (struct ls_data_options){0};
}

bool ls_data_options_take(struct ls_data_options *options, const struct ls_option *row, const char *value)
{
    if (strcmp(row->name, "scenario") == 0) {
        options->scenario = value;
    } else if (strcmp(row->name, "factors") == 0) {
        options->factors = value;
    } else if (strcmp(row->name, "set") == 0) {
        options->settings[options->n_settings++] = value;
    } else if (strcmp(row->name, "engine") == 0) {
        snprintf(options->engine, sizeof options->engine, "run.engine=%s", value);
        options->settings[options->n_settings++] = options->engine;
    } else if (strcmp(row->name, "solver") == 0) {
        snprintf(options->solver, sizeof options->solver, "run.solver=%s", value);
        options->settings[options->n_settings++] = options->solver;
    } else {
        return false;
    }
    return true;
}

int ls_data_options_read(struct ls_data_options *data, int argc, char **argv, const struct ls_option *options,
                         int (*take)(void *user, size_t option, const char *value, struct ls_error *error),
                         void *user, bool *helped, struct ls_error *error)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    const char *value;
    size_t option;
    for (enum ls_arg arg; (arg = ls_args_next(&args, options, &option, &value, error)) != LS_ARG_END;) {
        int status = 0;
        if (arg == LS_ARG_WRONG)
            return error->code;
        if (arg == LS_ARG_OPERAND)
            data->paths[data->n_paths++] = value;
        else if ((*helped = strcmp(options[option].name, "help") == 0))
            return 0;
        else if (!ls_data_options_take(data, &options[option], value))
            status = take(user, option, value, error);
        if (status != 0)
            return status;
    }
    if (data->n_paths > 0)
        return 0;
    ls_error_set(error, LS_ERR_USAGE, "no data named");
    return ls_error_remedy(error, "give files of readings, or - for standard input");
}

int ls_data_command(const struct ls_command *command, int argc, char **argv, struct ls_data_options *data,
                    int (*take)(void *user, size_t option, const char *value, struct ls_error *error),
                    int (*answer)(const void *user), void *request)
{
    struct ls_error error = {0};
    bool helped = false;
    if (ls_data_options_init(data, argc, &error) != 0)
        return ls_complain(&error);
    int status = ls_data_options_read(data, argc, argv, command->options, take, request, &helped, &error);
    if (status != 0) {
        status = ls_complain(&error);
    } else if (helped) {
        ls_usage(stdout, command);
        status = ls_finish_output(LS_EXIT_DONE);
    } else {
        status = answer(request);
    }
    ls_data_options_clear(data);
    return status;
}

int ls_data_options_policy(const struct ls_data_options *options, const char *scenario,
                           struct ls_policy *policy, struct ls_error *error)
{
    const char *path = options->scenario != NULL ? options->scenario : scenario;
    int status = path != NULL ? ls_scenario_read(path, policy, error) : 0;
    for (size_t i = 0; status == 0 && i < options->n_settings; i++)
        status = ls_policy_assign(policy, options->settings[i], error);
    return status;
}

void ls_warn_unknown_city(const char *city, const char *whose, const struct ls_dataset *dataset)
{
    char quoted[LS_QUOTE_SIZE];
    if (ls_dataset_city(dataset, city) == NULL)
        fprintf(stderr, "loadscope: %s speaks of city '%s', which the data do not have\n", whose,
                ls_value_quote(city, quoted));
}

void ls_warn_unknown_cities(const struct ls_policy *policy, const struct ls_dataset *dataset)
{
    for (size_t i = 0; i < policy->n_cities; i++)
        ls_warn_unknown_city(policy->cities[i].name, "the scenario", dataset);
}
