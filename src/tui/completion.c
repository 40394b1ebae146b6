#include "tui/completion.h"

#include "tui/commands/table.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 200 /* nobody presses Tab more often */

/* Looks at the candidates one by one: how many, the one that is wanted, and those behind it. */
struct search {
    size_t n, wanted;
    char word[LS_PROMPT_BYTES];
    char *hint;
    size_t hint_size, hint_used;
};

static bool take(void *user, const char *text)
{
    struct search *search = user;
    if (search->n == search->wanted)
        snprintf(search->word, sizeof search->word, "%s", text);
    else if (search->n > search->wanted && search->hint_used < search->hint_size)
        search->hint_used += (size_t)snprintf(search->hint + search->hint_used,
                                              search->hint_size - search->hint_used, " %s", text);
    search->n++;
    return search->n < WORDS_MAX;
}

static void each_command(const struct ls_explorer *explorer, const char *prefix, struct search *search)
{
    size_t count;
    const struct ls_topic *const *topics = ls_topics(&count);
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < topics[t]->count; i++) {
            const struct ls_tui_command *command = &topics[t]->commands[i];
            if (strncmp(command->name, prefix, strlen(prefix)) == 0 &&
                ls_command_admit(explorer, command, NULL) == 0)
                (void)take(search, command->name);
        }
}

/* Where the argument under the cursor begins, and which it is; NULL when there is none to complete. */
static const struct ls_argument_spec *argument_at(const struct ls_explorer *explorer, const char *stem,
                                                  const char **start)
{
    size_t length = strcspn(stem, " ");
    const struct ls_tui_command *command = ls_command_named(stem, length);
    const char *at = stem + length + strspn(stem + length, " ");
    if (command == NULL || ls_command_admit(explorer, command, NULL) != 0)
        return NULL;
    for (int i = 0; i < LS_ARGUMENTS_MAX && command->arguments[i].label != NULL; i++) {
        bool last = i + 1 == LS_ARGUMENTS_MAX || command->arguments[i + 1].label == NULL;
        size_t word = strcspn(at, " ");
        *start = at;
        if (last || at[word] == '\0')
            return &command->arguments[i];
        at += word + strspn(at + word, " ");
    }
    return NULL;
}

/* Finds candidate number search->wanted; returns where in the stem it goes. */
static const char *look(const struct ls_explorer *explorer, const char *stem, struct search *search)
{
    const char *start = stem;
    if (strchr(stem, ' ') == NULL) {
        each_command(explorer, stem, search);
        return start;
    }
    const struct ls_argument_spec *spec = argument_at(explorer, stem, &start);
    if (spec != NULL)
        ls_argument_complete(explorer, spec, start, take, search);
    return start;
}

/* A word that is complete gets a blank where something may follow. */
static bool wants_blank(const char *stem, const char *word)
{
    const struct ls_tui_command *command = ls_command_named(word, strlen(word));
    return strchr(stem, ' ') == NULL && command != NULL && command->arguments[0].label != NULL;
}

void ls_completion_step(struct ls_explorer *explorer, int by)
{
    struct ls_completion *completion = &explorer->completion;
    struct ls_prompt *prompt = &explorer->prompt;
    if (!completion->active) {
        *completion = (struct ls_completion){.active = true};
        memcpy(completion->stem, prompt->text + strspn(prompt->text, " :"),
               strlen(prompt->text + strspn(prompt->text, " :")) + 1);
    } else if (completion->n > 0) {
        completion->at = (completion->at + completion->n + (size_t)by) % completion->n;
    }
    struct search search = {
        .wanted = completion->at, .hint = completion->hint, .hint_size = sizeof completion->hint};
    completion->hint[0] = '\0';
    const char *start = look(explorer, completion->stem, &search);
    completion->n = search.n;
    if (search.n == 0) {
        snprintf(completion->hint, sizeof completion->hint, " nothing completes this");
        completion->active = false;
        return;
    }
    char line[2 * LS_PROMPT_BYTES];
    snprintf(line, sizeof line, "%.*s%s%s", (int)(start - completion->stem), completion->stem, search.word,
             search.n == 1 && wants_blank(completion->stem, search.word) ? " " : "");
    if (strlen(line) < sizeof prompt->text)
        ls_prompt_start(prompt, line);
    prompt->selected = false;
    completion->active = search.n > 1;
}
