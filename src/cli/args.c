#include "cli/command.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MAX 1024

static int wrong_option(const struct ls_option *options, const char *typed, struct ls_error *error)
{
    const char *nearest = NULL;
    size_t best = 4; /* further away than this is no help */
    for (size_t i = 0; options[i].name != NULL; i++) {
        size_t distance = ls_text_distance(typed, options[i].name);
        if (distance < best) {
            best = distance;
            nearest = options[i].name;
        }
    }
    ls_error_set(error, LS_ERR_USAGE, "unknown option --%s", typed);
    if (nearest != NULL)
        return ls_error_remedy(error, "did you mean --%s?", nearest);
    return ls_error_remedy(error, "see loadscope --help");
}

static enum ls_arg take_value(struct ls_args *args, const struct ls_option *option, const char *joined,
                              const char **value, struct ls_error *error)
{
    *value = joined;
    if (option->argument == NULL) {
        if (joined == NULL)
            return LS_ARG_OPTION;
        ls_error_set(error, LS_ERR_USAGE, "option --%s takes no value", option->name);
        return LS_ARG_WRONG;
    }
    if (joined == NULL && args->at < args->argc)
        *value = args->argv[args->at++];
    if (*value != NULL)
        return LS_ARG_OPTION;
    ls_error_set(error, LS_ERR_USAGE, "option --%s needs a value: %s", option->name, option->argument);
    return LS_ARG_WRONG;
}

static enum ls_arg long_option(struct ls_args *args, const struct ls_option *options, const char *text,
                               size_t *index, const char **value, struct ls_error *error)
{
    size_t length = strcspn(text, "=");
    for (size_t i = 0; options[i].name != NULL; i++) {
        if (strlen(options[i].name) != length || strncmp(options[i].name, text, length) != 0)
            continue;
        *index = i;
        return take_value(args, &options[i], text[length] == '=' ? text + length + 1 : NULL, value, error);
    }
    char typed[64];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 60 ? length : 60), text);
    wrong_option(options, typed, error);
    return LS_ARG_WRONG;
}

enum ls_arg ls_args_next(struct ls_args *args, const struct ls_option *options, size_t *index,
                         const char **value, struct ls_error *error)
{
    if (args->at >= args->argc)
        return LS_ARG_END;
    const char *text = args->argv[args->at++];
    if (!args->only_operands && strcmp(text, "--") == 0) {
        args->only_operands = true;
        return ls_args_next(args, options, index, value, error);
    }
    if (args->only_operands || text[0] != '-' || text[1] == '\0') {
        *value = text;
        return LS_ARG_OPERAND;
    }
    if (text[1] == '-')
        return long_option(args, options, text + 2, index, value, error);
    for (size_t i = 0; options[i].name != NULL; i++)
        if (options[i].letter == text[1]) {
            *index = i;
            return take_value(args, &options[i], text[2] != '\0' ? text + 2 : NULL, value, error);
        }
    ls_error_set(error, LS_ERR_USAGE, "unknown option %s", text);
    ls_error_remedy(error, "see loadscope --help");
    return LS_ARG_WRONG;
}

int ls_take_jobs(const char *text, int *threads, struct ls_error *error)
{
    int64_t n;
    if (!ls_text_integer(text, &n) || n < 1 || n > THREADS_MAX) {
        ls_error_set(error, LS_ERR_USAGE, "--jobs wants a whole number, not '%s'", text);
        return ls_error_remedy(error, "give one from 1 to %d", THREADS_MAX);
    }
    *threads = (int)n;
    return 0;
}

int ls_default_jobs(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
}

int ls_complain(const struct ls_error *error)
{
    char text[1200];
    ls_error_text(error, text, sizeof text);
    ls_text_disarm(text); /* it may quote what was typed, or a file's name */
    fprintf(stderr, "loadscope: %s\n", text);
    return error->code == LS_ERR_MEMORY || error->code == LS_ERR_SOLVER ? LS_EXIT_FAILED : LS_EXIT_REFUSED;
}

int ls_finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "loadscope: cannot write the output: %s\n", strerror(errno));
    return LS_EXIT_FAILED;
}
