#include "every.h"

#include "explorer.h"

#include "tui/keys.h"

#define TEXTS 4 /* for each kind of argument */

/* What is typed for an argument; a choice has words of its own. PATH is replaced, also where it ends a zone.
 */
static const char PATH[] = "", ZONE[] = "behaviour.timezone=" EVERY_WAY_OUT;
static const char *const texts[LS_ARGUMENT_KINDS][TEXTS] = {
    [LS_ARGUMENT_TEXT] = {"some text", "1"},
    [LS_ARGUMENT_PATH] = {PATH},
    [LS_ARGUMENT_NUMBER] = {"0", "3"},
    [LS_ARGUMENT_CHOICE] = {"1"},
    [LS_ARGUMENT_VALUE] = {"greedy", "lp", "in_week", "day_alone"},
    [LS_ARGUMENT_SETTING] = {"spike.alpha_percent=30", "run.seed=7", "no.such=1", ZONE},
    [LS_ARGUMENT_AXIS] = {"spike.alpha_percent=10,20", "run.engine", "no.such"},
    [LS_ARGUMENT_PARAMETER] = {"spike.alpha_percent", "peak.reduction_limit_percent", "run.seed"},
    [LS_ARGUMENT_DATE] = {"2022-05-03", "1999-01-01"},
    [LS_ARGUMENT_CITY] = {"mumbai", "delhi"},
    [LS_ARGUMENT_CUSTOMER] = {"1", "nobody"},
    [LS_ARGUMENT_VIEW] = {"Customers", "Day"},
    [LS_ARGUMENT_COLUMN] = {"moved", "kWh"},
    [LS_ARGUMENT_KEY] = {"Down", "Tab"},
};

/* Keys that pty_press() calls otherwise than help does. */
static const struct {
    int key;
    const char *press;
} renamed[] = {{' ', " "}, {LS_KEY_DELETE, "Delete"}, {LS_KEY_INSERT, "Insert"}, {LS_KEY_BACKTAB, "BackTab"}};

void every_go(struct pty *pty, enum ls_view_id view)
{
    char line[64];
    pty_press(pty, "Esc"); /* a prompt, or the form, which takes letters */
    int length = snprintf(line, sizeof line, ":view %s\r", ls_view(view)->name);
    pty_send(pty, line, length);
    pty_wait(pty);
}

static const char *text_for(const struct ls_argument_spec *spec, const char *path, int which)
{
    static char zone[LS_LINE_BYTES];
    if (spec->kind == LS_ARGUMENT_CHOICE && which == 0)
        return spec->words[0];
    const char *text = texts[spec->kind][which];
    if (which == 0 && text == NULL)
        fail_msg("tests/screen/every.c has no text for arguments such as %s", spec->label);
    snprintf(zone, sizeof zone, "%s%s", ZONE, path);
    return text == PATH ? path : text == ZONE ? zone : text;
}

/* With the first `count` arguments; each call with another text for all of them, while any has one left. */
static void visit_with(const struct ls_tui_command *command, int count, const char *path,
                       void (*visit)(void *user, const char *line), void *user)
{
    for (int which = 0; which < TEXTS; which++) {
        char line[LS_LINE_BYTES];
        int length = snprintf(line, sizeof line, "%s", command->name);
        bool is_new = which == 0;
        for (int i = 0; i < count; i++) {
            const char *text = text_for(&command->arguments[i], path, which);
            is_new |= text != NULL;
            if (text == NULL)
                text = text_for(&command->arguments[i], path, 0);
            length += snprintf(line + length, sizeof line - (size_t)length, " %s", text);
        }
        if (is_new)
            visit(user, line);
    }
}

void every_line(const char *path, void (*visit)(void *user, const char *line), void *user)
{
    size_t n_topics;
    const struct ls_topic *const *topics = ls_topics(&n_topics);
    for (size_t t = 0; t < n_topics; t++)
        for (size_t c = 0; c < topics[t]->count; c++) {
            const struct ls_tui_command *command = &topics[t]->commands[c];
            int least = 0, most = 0;
            for (; most < LS_ARGUMENTS_MAX && command->arguments[most].label != NULL; most++)
                least += !command->arguments[most].optional;
            if (strcmp(command->name, "quit") == 0)
                continue;
            for (int count = least; count <= most; count++)
                visit_with(command, count, path, visit, user);
        }
}

static const char *press_name(int key, char out[16])
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (renamed[i].key == key)
            return renamed[i].press;
    return ls_tui_key_name(key, out);
}

const char *every_key(size_t index, char out[16])
{
    size_t n_topics, at = 0;
    const struct ls_topic *const *topics = ls_topics(&n_topics);
    for (size_t t = 0; t < n_topics; t++)
        for (size_t c = 0; c < topics[t]->count; c++) {
            const struct ls_tui_command *command = &topics[t]->commands[c];
            for (int k = 0; k < LS_KEYS_MAX && command->keys[k] != 0; k++)
                if (strcmp(command->name, "quit") != 0 && at++ == index)
                    return press_name(command->keys[k], out);
        }
    return NULL;
}
