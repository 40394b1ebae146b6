#include "tui/commands/table.h"

#include "base/text.h"
#include "tui/commands/topics.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct ls_topic *const topics[] = {&ls_topic_screens,   &ls_topic_moving, &ls_topic_limits,
                                                &ls_topic_customers, &ls_topic_study,  &ls_topic_session,
                                                &ls_topic_program};

const struct ls_topic *const *ls_topics(size_t *count)
{
    *count = sizeof topics / sizeof *topics;
    return topics;
}

const struct ls_tui_command *ls_command_of_key(int key)
{
    for (size_t t = 0; t < sizeof topics / sizeof *topics; t++)
        for (size_t i = 0; i < topics[t]->count; i++)
            for (int k = 0; k < LS_KEYS_MAX; k++)
                if (topics[t]->commands[i].keys[k] == key && key != 0)
                    return &topics[t]->commands[i];
    return NULL;
}

const struct ls_tui_command *ls_command_named(const char *name, size_t length)
{
    for (size_t t = 0; t < sizeof topics / sizeof *topics; t++)
        for (size_t i = 0; i < topics[t]->count; i++) {
            const struct ls_tui_command *command = &topics[t]->commands[i];
            if (strlen(command->name) == length && strncmp(command->name, name, length) == 0)
                return command;
        }
    return NULL;
}

const char *ls_command_usage(const struct ls_tui_command *command, char out[64])
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < LS_ARGUMENTS_MAX && command->arguments[i].label != NULL && used < 64; i++) {
        const struct ls_argument_spec *spec = &command->arguments[i];
        used += (size_t)snprintf(out + used, 64 - used, spec->optional ? "%s[%s]" : "%s%s", i > 0 ? " " : "",
                                 spec->label);
    }
    return out;
}

int ls_command_admit(const struct ls_explorer *explorer, const struct ls_tui_command *command,
                     struct ls_error *error)
{
    if (!explorer->options->read_only || (command->flags & (LS_COMMAND_WRITES | LS_COMMAND_PATH)) == 0)
        return 0;
    ls_error_set(error, LS_ERR_USAGE,
                 command->flags & LS_COMMAND_WRITES ? "read-only: :%s would write a file"
                                                    : "read-only: :%s would read a file",
                 command->name);
    return ls_error_remedy(error, "start without --read-only for that");
}

static int unknown_command(const char *name, struct ls_error *error)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (size_t t = 0; t < sizeof topics / sizeof *topics; t++)
        for (size_t i = 0; i < topics[t]->count; i++) {
            const char *known = topics[t]->commands[i].name;
            bool begun = strncmp(known, name, strlen(name)) == 0;
            size_t distance = begun ? 0 : ls_text_distance(name, known);
            if (distance < best) {
                best = distance;
                nearest = known;
            }
        }
    ls_error_set(error, LS_ERR_NAME, "no command '%s'", name);
    if (2 * best > strlen(name))
        return ls_error_remedy(error, "? lists them");
    return ls_error_remedy(error, "did you mean :%s? ? lists them", nearest);
}

/* The next argument's text, ended with a NUL in place; the last one takes the rest of the line. */
static const char *cut_argument(char **rest, bool last)
{
    char *start = *rest + strspn(*rest, " ");
    size_t length = last ? strlen(start) : strcspn(start, " ");
    while (last && length > 0 && start[length - 1] == ' ')
        length--;
    *rest = start + length + (start[length] != '\0');
    start[length] = '\0';
    return start;
}

static int parse_arguments(const struct ls_explorer *explorer, struct ls_tui_call *call, char *rest,
                           struct ls_error *error)
{
    const struct ls_tui_command *command = call->command;
    char usage[64];
    int i = 0;
    for (; i < LS_ARGUMENTS_MAX && command->arguments[i].label != NULL; i++) {
        const struct ls_argument_spec *spec = &command->arguments[i];
        bool last = i + 1 == LS_ARGUMENTS_MAX || command->arguments[i + 1].label == NULL;
        call->arguments[i].text = cut_argument(&rest, last);
        if (call->arguments[i].text[0] == '\0' && !spec->optional) {
            ls_error_set(error, LS_ERR_USAGE, ":%s needs an argument", command->name);
            return ls_error_remedy(error, "as in :%s %s", command->name, ls_command_usage(command, usage));
        }
        if (call->arguments[i].text[0] == '\0')
            continue;
        int status = ls_argument_parse(explorer, spec, call->arguments[i].text, &call->arguments[i], error);
        if (status != 0)
            return status;
    }
    if (rest[strspn(rest, " ")] == '\0')
        return 0;
    ls_error_set(error, LS_ERR_USAGE, ":%s takes no argument", command->name);
    return ls_error_remedy(error, "leave it out");
}

int ls_command_parse(const struct ls_explorer *explorer, const char *line, struct ls_tui_call *call,
                     struct ls_error *error)
{
    line += strspn(line, " :");
    if (strlen(line) >= sizeof call->text) {
        ls_error_set(error, LS_ERR_USAGE, "a command of more than %d bytes", LS_LINE_BYTES - 1);
        ls_error_remedy(error, "shorten it");
        return LS_ERR_USAGE;
    }
    *call = (struct ls_tui_call){0};
    memcpy(call->text, line, strlen(line) + 1);
    size_t length = strcspn(call->text, " ");
    char *rest = call->text + length + (call->text[length] != '\0');
    call->text[length] = '\0';
    call->command = ls_command_named(call->text, length);
    if (call->command == NULL)
        return unknown_command(call->text, error);
    int status = ls_command_admit(explorer, call->command, error);
    return status != 0 ? status : parse_arguments(explorer, call, rest, error);
}

void ls_command_run_line(struct ls_explorer *explorer, const char *line)
{
    struct ls_tui_call call;
    struct ls_error error;
    line += strspn(line, " :");
    if (line[0] == '\0')
        return;
    if (ls_command_parse(explorer, line, &call, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    unsigned flags = call.command->flags;
    if ((flags & LS_COMMAND_ASIDE) == 0) {
        ls_explorer_leave_prompt(explorer);
        explorer->message[0] = '\0';
        explorer->message_is_error = false;
    }
    call.command->run(explorer, &call);
    if ((flags & LS_COMMAND_UNLOGGED) != 0)
        return;
    /* A prompt that it opened is logged as what comes of it. */
    if ((flags & LS_COMMAND_ASIDE) != 0 ||
        (!explorer->message_is_error && explorer->prompt_use == LS_PROMPT_NONE))
        ls_log_add(&explorer->log, line);
}

void ls_command_go(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_go(explorer, call->command->view);
}

void ls_command_refuse(struct ls_explorer *explorer, enum ls_code code, const char *what, const char *name,
                       const char *remedy)
{
    struct ls_error error;
    ls_error_set(&error, code, what, name);
    ls_error_remedy(&error, "%s", remedy);
    ls_explorer_fail(explorer, &error);
}
