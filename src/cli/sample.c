#include "cli/output.h"

#include "base/text.h"

#include <loadscope/store.h>

#include <string.h>

enum { CUSTOMERS, DAYS, SEED, OUTPUT, HELP };

static const struct ls_option options[] = {
    [CUSTOMERS] = {"customers", 'n', "N", "homes over both cities (60)"},
    [DAYS] = {"days", 'd', "D", "days from Monday 2022-05-02 (14)"},
    [SEED] = {"seed", 's', "S", "number that the readings are made from (1)"},
    [OUTPUT] = {"output", 'o', "FILE", "write to FILE instead of standard output; a name in .nc: as a store"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

static bool write_text(void *user, const char *text, size_t length)
{
    return fwrite(text, 1, length, user) == length;
}

/* A whole number in [low, high]; the error names the option. */
static int number(const char *text, const char *option, int64_t low, int64_t high, int64_t *out,
                  struct ls_error *error)
{
    int64_t value;
    if (!ls_text_integer(text, &value) || value < low || value > high) {
        ls_error_set(error, LS_ERR_USAGE, "--%s wants a whole number, not '%s'", option, text);
        return ls_error_remedy(error, "give one from %lld to %lld", (long long)low, (long long)high);
    }
    *out = value;
    return 0;
}

static bool names_store(const char *path)
{
    size_t length = path != NULL ? strlen(path) : 0, ending = strlen(".nc");
    return length > ending && strcmp(path + length - ending, ".nc") == 0;
}

static int write_sample(const struct ls_sample_options *sample, const char *path)
{
    struct ls_error error;
    if (names_store(path))
        return ls_sample_store(sample, path, &error) == 0 ? LS_EXIT_DONE : ls_complain(&error);
    struct ls_output output;
    if (ls_output_open(path, &output, &error) != 0)
        return ls_complain(&error);
    bool written = ls_sample_write(sample, write_text, output.file, &error) == 0;
    return ls_output_close(&output, written, "the sample");
}

static int run(int argc, char **argv)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    int64_t customers = 60, days = 14, seed = 1;
    const char *path = NULL, *value;
    struct ls_error error;
    size_t option;
    for (;;) {
        int status = 0;
        switch (ls_args_next(&args, options, &option, &value, &error)) {
        case LS_ARG_END:
            return write_sample(&(struct ls_sample_options){.customers = (uint32_t)customers,
                                                            .days = (uint32_t)days,
                                                            .seed = (uint64_t)seed},
                                path);
        case LS_ARG_OPERAND:
            ls_error_set(&error, LS_ERR_USAGE, "sample takes no file '%s'", value);
            ls_error_remedy(&error, "name the file to write with --output");
            return ls_complain(&error);
        case LS_ARG_WRONG:
            return ls_complain(&error);
        case LS_ARG_OPTION:
            break;
        }
        switch (option) {
        case CUSTOMERS:
            status = number(value, "customers", 1, 10000000, &customers, &error);
            break;
        case DAYS:
            status = number(value, "days", 1, 3660, &days, &error);
            break;
        case SEED:
            status = number(value, "seed", 0, INT64_MAX, &seed, &error);
            break;
        case OUTPUT:
            path = value;
            break;
        default:
            ls_usage(stdout, &ls_command_sample);
            return ls_finish_output(LS_EXIT_DONE);
        }
        if (status != 0)
            return ls_complain(&error);
    }
}

const struct ls_command ls_command_sample = {
    .name = "sample",
    .operands = "",
    .summary = "write synthetic readings to try things on",
    .text = "Writes a dataset of made-up homes in two Indian cities as CSV. The same numbers give the same "
            "bytes on "
            "every machine. The homes differ in size and habits, some readings are missing, and the emission "
            "factors "
            "vary over the day as real ones do.",
    .options = options,
    .run = run,
};
