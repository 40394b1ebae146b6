/*
 * What the commands that read data have in common on the command line: files of readings and of factors, and
 * the scenario and settings that make up a policy.
 *
 * A command puts the rows that it takes into its table, in its own order. Texts are borrowed from argv; the
 * lists belong to the struct, which ls_data_options_clear() ends.
 */
#ifndef LS_CLI_DATA_OPTIONS_H
#define LS_CLI_DATA_OPTIONS_H

#include "cli/command.h"

#include <loadscope/dataset.h>
#include <loadscope/policy.h>

/* Rows of an option table. */
#define LS_OPTION_SCENARIO(help)                                                                             \
    {                                                                                                        \
        "scenario", 's', "FILE", help                                                                        \
    }
#define LS_OPTION_SET                                                                                        \
    {                                                                                                        \
        "set", 0, "SECTION.KEY=VALUE", "set one parameter, over the scenario; may be repeated"               \
    }
#define LS_OPTION_ENGINE                                                                                     \
    {                                                                                                        \
        "engine", 'e', "NAME", "greedy, milp or lp; short for --set run.engine=NAME"                         \
    }
#define LS_OPTION_SOLVER                                                                                     \
    {                                                                                                        \
        "solver", 0, "NAME", "auto or glpk, for milp; short for --set run.solver=NAME"                       \
    }
#define LS_OPTION_FACTORS                                                                                    \
    {                                                                                                        \
        "factors", 'f', "FILE", "read emission factors (city, date, the two factors) from this file"         \
    }

struct ls_data_options {
    const char **paths; /* [n_paths] operands in the order given; the command appends */
    size_t n_paths;
    const char *scenario, *factors; /* NULL: none named */
    const char **settings;          /* [n_settings] section.key=value in the order given */
    size_t n_settings;
    char engine[64], solver[64]; /* the settings that --engine and --solver stand for */
};

/* Makes room for as many operands and settings as `argc` arguments can hold. LS_ERR_MEMORY. */
int ls_data_options_init(struct ls_data_options *options, int argc, struct ls_error *error);
void ls_data_options_clear(struct ls_data_options *options);

/*
 * Reads a command line: operands are paths, rows as above are taken, `take` has the others, and an option
 * named help ends it with *helped. LS_ERR_USAGE, also where no data are named, and what `take` returns.
 */
int ls_data_options_read(struct ls_data_options *data, int argc, char **argv, const struct ls_option *options,
                         int (*take)(void *user, size_t option, const char *value, struct ls_error *error),
                         void *user, bool *helped, struct ls_error *error);

/*
 * The whole of such a command: reads the line into `request`, of which `data` is a part, and answers it, with
 * help where that was asked for. Returns an exit status, as `answer` does; `data` is cleared.
 */
int ls_data_command(const struct ls_command *command, int argc, char **argv, struct ls_data_options *data,
                    int (*take)(void *user, size_t option, const char *value, struct ls_error *error),
                    int (*answer)(const void *user), void *request);

/* Takes a row's value; false when it is none of the rows above. */
bool ls_data_options_take(struct ls_data_options *options, const struct ls_option *row, const char *value);

/*
 * Scenario and settings over what `policy` holds, in the order in which they count; `scenario` (NULL: none)
 * is read where the command line names none. Errors of ls_scenario_read() and ls_policy_assign().
 */
int ls_data_options_policy(const struct ls_data_options *options, const char *scenario,
                           struct ls_policy *policy, struct ls_error *error);

/* Says on standard error that the data do not have a city; `whose` speaks of it, as "the scenario". */
void ls_warn_unknown_city(const char *city, const char *whose, const struct ls_dataset *dataset);

/* The same of each city that only the policy knows. */
void ls_warn_unknown_cities(const struct ls_policy *policy, const struct ls_dataset *dataset);

#endif
