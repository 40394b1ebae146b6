/*
 * Keys, pastes and clicks: for the prompt while it is open, else for the form, else for the table of
 * commands.
 */
#include "tui/commands/table.h"
#include "tui/keys.h"
#include "tui/screen.h"

#include <stdio.h>
#include <string.h>

/* ---- the prompt ---- */

/* A value typed in place: valid text counts at once, so the answer follows the fingers. */
static bool take_edit(struct ls_explorer *explorer)
{
    const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
    struct ls_error error;
    if (ls_parameter_set(limit, &explorer->policy, explorer->city->name, explorer->prompt.text, &error) == 0)
        return true;
    ls_explorer_fail(explorer, &error);
    return false;
}

void ls_explorer_edit_limit(struct ls_explorer *explorer)
{
    const struct ls_parameter *limit = ls_explorer_limit(explorer->limit);
    struct ls_error error;
    char value[LS_VALUE_SIZE], line[LS_LINE_BYTES], name[128];
    ls_policy_clear(&explorer->before_edit);
    if (ls_policy_copy(&explorer->before_edit, &explorer->policy, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    explorer->at_slots = false;
    explorer->prompt_use = LS_PROMPT_EDIT;
    ls_prompt_start(&explorer->prompt, ls_parameter_get(limit, &explorer->policy, NULL, value, sizeof value));
    snprintf(line, sizeof line, "limit %s", ls_parameter_name(limit, NULL, name, sizeof name));
    ls_log_add(&explorer->log, line);
}

void ls_explorer_filter(struct ls_explorer *explorer, const char *text)
{
    struct ls_list *customers = &explorer->customers;
    text += strspn(text, " ");
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    snprintf(customers->filter, sizeof customers->filter, "%.*s", (int)length, text);
    customers->selected = customers->top = 0;
    ls_explorer_refresh_lists(explorer);
}

static void log_search(struct ls_explorer *explorer)
{
    char line[LS_LINE_BYTES];
    const char *text = explorer->customers.filter;
    snprintf(line, sizeof line, "%s%s", text[0] != '\0' ? "search " : "show-all", text);
    ls_log_add(&explorer->log, line);
}

static void prompt_changed(struct ls_explorer *explorer)
{
    if (explorer->prompt_use == LS_PROMPT_EDIT && take_edit(explorer)) {
        explorer->message[0] = '\0';
        ls_explorer_policy_changed(explorer);
    }
    if (explorer->prompt_use == LS_PROMPT_SEARCH)
        ls_explorer_filter(explorer, explorer->prompt.text);
}

void ls_explorer_log_set(struct ls_explorer *explorer, const struct ls_parameter *limit, const char *value)
{
    char line[LS_LINE_BYTES + 128], name[128];
    snprintf(line, sizeof line, "set %s=%s", ls_parameter_name(limit, NULL, name, sizeof name), value);
    ls_log_add(&explorer->log, line);
}

/* A text that is no value stays, to be mended. */
static void accept_edit(struct ls_explorer *explorer)
{
    if (!take_edit(explorer))
        return;
    explorer->prompt_use = LS_PROMPT_NONE;
    ls_explorer_policy_turned(explorer, NULL);
    ls_explorer_log_set(explorer, ls_explorer_limit(explorer->limit), explorer->prompt.text);
}

static void prompt_accepted(struct ls_explorer *explorer)
{
    enum ls_prompt_use use = explorer->prompt_use;
    if (use == LS_PROMPT_EDIT) {
        accept_edit(explorer);
        return;
    }
    explorer->prompt_use = LS_PROMPT_NONE;
    if (use == LS_PROMPT_SEARCH)
        log_search(explorer);
    if (use != LS_PROMPT_COMMAND)
        return;
    if (explorer->play.state == LS_PLAY_OVER)
        ls_typed_add(&explorer->typed, explorer->prompt.text);
    ls_command_run_line(explorer, explorer->prompt.text);
}

/* Leaving a value half typed goes back to what it was; leaving a search shows all again. */
void ls_explorer_leave_prompt(struct ls_explorer *explorer)
{
    enum ls_prompt_use use = explorer->prompt_use;
    struct ls_error error;
    if (use == LS_PROMPT_NONE)
        return;
    explorer->prompt_use = LS_PROMPT_NONE;
    explorer->message[0] = '\0';
    if (use == LS_PROMPT_SEARCH) {
        ls_explorer_filter(explorer, "");
        log_search(explorer);
    }
    if (use != LS_PROMPT_EDIT || ls_policy_equal(&explorer->policy, &explorer->before_edit))
        return;
    struct ls_policy copy = {0};
    if (ls_policy_copy(&copy, &explorer->before_edit, &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_policy_clear(&explorer->policy);
    explorer->policy = copy;
    ls_explorer_policy_changed(explorer);
}

/* Lines typed before, and completion; true when the key was for these. */
static bool help_typing(struct ls_explorer *explorer, int key)
{
    if (explorer->prompt_use != LS_PROMPT_COMMAND)
        return false;
    if (key == LS_KEY_TAB || key == LS_KEY_BACKTAB) {
        ls_completion_step(explorer, key == LS_KEY_TAB ? 1 : -1);
        return true;
    }
    explorer->completion = (struct ls_completion){0};
    if (key != LS_KEY_UP && key != LS_KEY_DOWN)
        return false;
    const char *line = ls_typed_go(&explorer->typed, key == LS_KEY_UP ? -1 : 1, explorer->prompt.text);
    if (line != NULL) {
        ls_prompt_start(&explorer->prompt, line);
        explorer->prompt.selected = false;
    }
    return true;
}

static void take_prompt_key(struct ls_explorer *explorer, int key)
{
    if (help_typing(explorer, key))
        return;
    switch (ls_prompt_key(&explorer->prompt, key)) {
    case LS_PROMPT_CHANGED:
        prompt_changed(explorer);
        break;
    case LS_PROMPT_ACCEPTED:
        prompt_accepted(explorer);
        break;
    case LS_PROMPT_LEFT:
        ls_explorer_leave_prompt(explorer);
        break;
    case LS_PROMPT_MOVED:
    case LS_PROMPT_IGNORED:
        break;
    }
}

/* ---- the form ---- */

/* Takes over what was typed into the form as a step of the field's parameter. */
static void form_changed(struct ls_explorer *explorer)
{
    const struct ls_parameter *parameter;
    struct ls_error error;
    struct ls_policy copy = {0};
    char city[LS_ID_BYTES + 1];
    if (ls_parameter_find(ls_form_dotted(explorer->form), &parameter, city, &error) != 0 ||
        ls_policy_copy(&copy, ls_form_policy(explorer->form), &error) != 0) {
        ls_explorer_fail(explorer, &error);
        return;
    }
    ls_policy_clear(&explorer->policy);
    explorer->policy = copy;
    ls_explorer_policy_turned(explorer, parameter);
}

/* True when the key was for the form. */
static bool take_form_key(struct ls_explorer *explorer, int key)
{
    char name[16], line[32];
    enum ls_form_result result = ls_form_key(explorer->form, key);
    if (result == LS_FORM_IGNORED)
        return false;
    if (result == LS_FORM_LEFT)
        ls_explorer_go(explorer, LS_VIEW_DAY);
    if (result == LS_FORM_CHANGED)
        form_changed(explorer);
    snprintf(line, sizeof line, "key %s", ls_tui_key_name(key, name));
    ls_log_add(&explorer->log, line);
    return true;
}

/* ---- what comes in ---- */

void ls_explorer_key(struct ls_explorer *explorer, int key)
{
    char name[16];
    if (explorer->prompt_use != LS_PROMPT_NONE) {
        take_prompt_key(explorer, key);
        return;
    }
    explorer->message[0] = '\0';
    explorer->message_is_error = false;
    if (explorer->form != NULL && take_form_key(explorer, key))
        return;
    const struct ls_tui_command *command = ls_command_of_key(key);
    bool some = explorer->view == LS_VIEW_CUSTOMERS && explorer->customers.filter[0] != '\0';
    if (key == LS_KEY_ESC && some) /* before it leads back, it shows all */
        ls_command_run_line(explorer, "show-all");
    else if (command != NULL)
        ls_command_run_line(explorer, command->name);
    else
        ls_explorer_say(explorer, "%s does nothing here; ? shows the keys", ls_tui_key_name(key, name));
}

/* In the form key by key, as it is logged; no value is longer than what is taken. */
void ls_explorer_paste(struct ls_explorer *explorer, const char *text)
{
    int key;
    if (explorer->prompt_use != LS_PROMPT_NONE) {
        explorer->completion = (struct ls_completion){0};
        ls_prompt_insert(&explorer->prompt, text);
        prompt_changed(explorer);
    } else if (explorer->form != NULL) {
        for (int n = 0; n < LS_VALUE_SIZE && (key = ls_form_pasted(explorer->form, &text)) != 0; n++)
            (void)take_form_key(explorer, key);
    }
}

void ls_explorer_click(struct ls_explorer *explorer, int row, int col, bool twice)
{
    const struct ls_view *view = ls_view(explorer->view);
    enum ls_view_id tab;
    if (row == 1 && col >= explorer->frame->cols - LS_SCREEN_HELP_COLS)
        ls_explorer_go(explorer, LS_VIEW_HELP);
    else if (row == 1 && ls_screen_tab_at(explorer, col, &tab))
        ls_explorer_go(explorer, tab);
    else if (view->click != NULL && view->click(explorer, ls_explorer_body(explorer), row, col) && twice)
        ls_view_open(explorer);
}
