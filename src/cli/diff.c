/* Two runs side by side, as text or JSON. */
#include "cli/command.h"

#include "base/text.h"
#include "report/report.h"

#define TOP 10 /* customers and slots that are listed unless --top says otherwise */

enum { JSON, TOP_N, HELP };

static const struct ls_option options[] = {
    [JSON] = {"json", 0, NULL, "write one JSON object instead of text"},
    [TOP_N] = {"top", 'n', "N", "list the N customers and slots that changed most (10)"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    const char *folder[2];
    int n_folders;
    size_t top;
    bool json, help;
};

static int set_option(struct request *request, size_t option, const char *value, struct ls_error *error)
{
    int64_t number;
    if (option == JSON)
        request->json = true;
    else if (option == HELP)
        request->help = true;
    else if (!ls_text_integer(value, &number) || number < 0 || number > 100000000) {
        ls_error_set(error, LS_ERR_USAGE, "--top wants a whole number, not '%s'", value);
        return ls_error_remedy(error, "give one from 0 to 100000000");
    } else
        request->top = (size_t)number;
    return 0;
}

static int read_arguments(int argc, char **argv, struct request *request, struct ls_error *error)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    const char *value;
    size_t option;
    for (int code = 0; code == 0;) {
        switch (ls_args_next(&args, options, &option, &value, error)) {
        case LS_ARG_END:
            if (request->n_folders == 2 || request->help)
                return 0;
            ls_error_set(error, LS_ERR_USAGE, "two result directories are compared, not %d",
                         request->n_folders);
            return ls_error_remedy(error, "try loadscope diff RUN_A RUN_B");
        case LS_ARG_OPERAND:
            if (request->n_folders == 2) {
                ls_error_set(error, LS_ERR_USAGE, "a third result directory '%s'", value);
                return ls_error_remedy(error, "name the two to compare");
            }
            request->folder[request->n_folders++] = value;
            break;
        case LS_ARG_WRONG:
            return LS_ERR_USAGE;
        case LS_ARG_OPTION:
            code = set_option(request, option, value, error);
            break;
        }
    }
    return LS_ERR_USAGE;
}

static int run(int argc, char **argv)
{
    struct ls_error error;
    struct request request = {.top = TOP};
    struct ls_diff *diff = NULL;
    int code = read_arguments(argc, argv, &request, &error);
    if (code == 0 && request.help) {
        ls_usage(stdout, &ls_command_diff);
        return ls_finish_output(LS_EXIT_DONE);
    }
    if (code == 0)
        code = ls_diff_runs(request.folder[0], request.folder[1], &diff, &error);
    if (code == 0 && request.json)
        code = ls_report_diff_json(stdout, diff, request.folder, request.top, &error);
    else if (code == 0)
        ls_report_diff_text(stdout, diff, request.folder, request.top);
    ls_diff_destroy(diff);
    return code == 0 ? ls_finish_output(LS_EXIT_DONE) : ls_complain(&error);
}

const struct ls_command ls_command_diff = {
    .name = "diff",
    .operands = "RUN_A RUN_B",
    .summary = "compare two runs: parameters, totals, customers and slots",
    .text =
        "Shows which parameters of two result directories differ, their totals side by side in marginal and "
        "average terms, and the customers and slots that changed most. It reads scenario.ini, metrics.csv "
        "and moves.csv (each CSV may be gzip), not the data. What only one run has counts as 0 in the "
        "other. The exit status is 0 whether or not the runs differ.",
    .options = options,
    .run = run,
};
