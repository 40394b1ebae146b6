/* Usage texts and the parameter reference, all made from the tables. */
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/manual.h"

#include <loadscope/policy.h>

#include <string.h>

enum { HELP };

static const struct ls_option options[] = {
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

static void write_options(FILE *out, const struct ls_option *option)
{
    for (; option->name != NULL; option++) {
        char left[64], letter[8] = "    ";
        if (option->letter != 0)
            snprintf(letter, sizeof letter, "-%c, ", option->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name, option->argument != NULL ? " " : "",
                 option->argument != NULL ? option->argument : "");
        fprintf(out, "  %-29s %s\n", left, option->help);
    }
}

void ls_usage(FILE *out, const struct ls_command *command)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    bool first = command == commands[0];
    fprintf(out, "usage: loadscope %s%s%s [OPTION]...%s%s\n       %s\n\noptions:\n", first ? "[" : "",
            command->name, first ? "]" : "", command->operands[0] != '\0' ? " " : "", command->operands,
            command->summary);
    write_options(out, command->options);
    if (!first)
        return;
    fprintf(out, "  -V, --version                 show the version\n\ncommands:\n");
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "\nloadscope help parameters lists what a scenario file and --set can say.\n");
}

static void write_parameters(FILE *out)
{
    size_t count;
    const struct ls_parameter *parameters = ls_parameters(&count);
    for (size_t i = 0; i < count; i++) {
        const struct ls_parameter *p = &parameters[i];
        if (i == 0 || strcmp(p->section, parameters[i - 1].section) != 0)
            fprintf(out, "%s[%s%s]\n", i > 0 ? "\n" : "", p->section,
                    p->per_city && p->key[0] != '\0' ? ".CITY" : "");
        fprintf(out, "%s = %s%s%s\n    %s\n", p->key[0] != '\0' ? p->key : "CITY", p->fallback,
                p->unit[0] != '\0' ? "  # " : "", p->unit, p->help);
    }
}

static const struct topic {
    const char *name;
    void (*write)(FILE *out);
} topics[] = {
    {"parameters", write_parameters},
    {"manual", ls_manual_write},
    {"bash-completion", ls_completion_bash},
    {"zsh-completion", ls_completion_zsh},
    {NULL, NULL},
};

const char *ls_help_topic(size_t i)
{
    return topics[i].name;
}

/* Says what there is help on, all commands and topics. */
static int refuse(const char *topic)
{
    struct ls_error error;
    char known[200] = "";
    size_t count, used = 0;
    const struct ls_command *const *commands = ls_commands(&count);
    for (size_t i = 0; i < count && used < sizeof known; i++)
        used +=
            (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", commands[i]->name);
    for (size_t i = 0; topics[i].name != NULL && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                                 topics[i + 1].name != NULL ? ", " : " or ", topics[i].name);
    ls_error_set(&error, LS_ERR_USAGE, "no help on '%s'", topic);
    ls_error_remedy(&error, "ask for %s", known);
    return ls_complain(&error);
}

static int run(int argc, char **argv)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    const char *topic = NULL, *value;
    struct ls_error error;
    size_t option, count;
    for (enum ls_arg arg; (arg = ls_args_next(&args, options, &option, &value, &error)) != LS_ARG_END;) {
        if (arg == LS_ARG_WRONG)
            return ls_complain(&error);
        topic = arg == LS_ARG_OPERAND ? value : "help";
    }
    const struct ls_command *const *commands = ls_commands(&count);
    if (topic == NULL) {
        ls_usage(stdout, commands[0]);
        return ls_finish_output(LS_EXIT_DONE);
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(topic, commands[i]->name) == 0) {
            ls_usage(stdout, commands[i]);
            return ls_finish_output(LS_EXIT_DONE);
        }
    for (size_t i = 0; topics[i].name != NULL; i++)
        if (strcmp(topic, topics[i].name) == 0) {
            topics[i].write(stdout);
            return ls_finish_output(LS_EXIT_DONE);
        }
    return refuse(topic);
}

const struct ls_command ls_command_help = {
    .name = "help",
    .operands = "[COMMAND|parameters|manual|bash-completion|zsh-completion]",
    .summary = "show help on a command, the parameters, or the whole manual page",
    .text = "Without an operand, the usage. With parameters, the reference of the scenario file. With "
            "manual, this page as roff. With bash-completion or zsh-completion, what that shell needs to "
            "complete the words of loadscope.",
    .options = options,
    .run = run,
};
