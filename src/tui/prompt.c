#include "tui/prompt.h"

#include "tui/terminal.h"
#include "tui/theme.h"

#include <string.h>

void ls_prompt_start(struct ls_prompt *prompt, const char *text)
{
    *prompt = (struct ls_prompt){0};
    ls_prompt_insert(prompt, text);
    prompt->selected = prompt->text[0] != '\0';
}

/* A byte that is not the first of its character. */
static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Start of the character before `at`, which is not 0. */
static size_t previous(const struct ls_prompt *prompt, size_t at)
{
    size_t start = at - 1;
    while (start > 0 && continues(prompt->text[start]))
        start--;
    return start;
}

static size_t next(const struct ls_prompt *prompt, size_t at)
{
    do
        at++;
    while (continues(prompt->text[at]));
    return at;
}

static void cut(struct ls_prompt *prompt, size_t from, size_t to)
{
    memmove(prompt->text + from, prompt->text + to, strlen(prompt->text + to) + 1);
    prompt->at = from;
}

void ls_prompt_insert(struct ls_prompt *prompt, const char *text)
{
    if (prompt->selected)
        cut(prompt, 0, strlen(prompt->text));
    prompt->selected = false;
    size_t added = strcspn(text, "\r\n"), length = strlen(prompt->text);
    if (length + added >= sizeof prompt->text)
        return;
    memmove(prompt->text + prompt->at + added, prompt->text + prompt->at, length - prompt->at + 1);
    memcpy(prompt->text + prompt->at, text, added);
    prompt->at += added;
}

static enum ls_prompt_result erase(struct ls_prompt *prompt, int key)
{
    size_t length = strlen(prompt->text), from = prompt->at, to = prompt->at;
    if (length == 0)
        return key == LS_KEY_BACKSPACE ? LS_PROMPT_LEFT : LS_PROMPT_MOVED;
    if (prompt->selected || key == LS_KEY_CTRL('u')) {
        from = 0;
        to = length;
    } else if (key == LS_KEY_BACKSPACE && prompt->at > 0) {
        from = previous(prompt, prompt->at);
    } else if (key == LS_KEY_DELETE && prompt->at < length) {
        to = next(prompt, prompt->at);
    } else if (key == LS_KEY_CTRL('w')) {
        while (from > 0 && prompt->text[from - 1] == ' ')
            from--;
        while (from > 0 && prompt->text[from - 1] != ' ')
            from--;
    }
    prompt->selected = false;
    cut(prompt, from, to);
    return from == to ? LS_PROMPT_MOVED : LS_PROMPT_CHANGED;
}

static enum ls_prompt_result step(struct ls_prompt *prompt, size_t at)
{
    prompt->selected = false;
    prompt->at = at;
    return LS_PROMPT_MOVED;
}

enum ls_prompt_result ls_prompt_key(struct ls_prompt *prompt, int key)
{
    switch (key) {
    case LS_KEY_ENTER:
        return LS_PROMPT_ACCEPTED;
    case LS_KEY_ESC:
    case LS_KEY_CTRL('c'):
        return LS_PROMPT_LEFT;
    case LS_KEY_BACKSPACE:
    case LS_KEY_DELETE:
    case LS_KEY_CTRL('u'):
    case LS_KEY_CTRL('w'):
        return erase(prompt, key);
    case LS_KEY_LEFT:
        return step(prompt, prompt->at > 0 ? previous(prompt, prompt->at) : 0);
    case LS_KEY_RIGHT:
        return step(prompt, prompt->text[prompt->at] != '\0' ? next(prompt, prompt->at) : prompt->at);
    case LS_KEY_HOME:
    case LS_KEY_CTRL('a'):
        return step(prompt, 0);
    case LS_KEY_END:
    case LS_KEY_CTRL('e'):
        return step(prompt, strlen(prompt->text));
    default:
        break;
    }
    if (key < ' ' || key >= LS_KEY_BASE)
        return LS_PROMPT_IGNORED;
    char bytes[5];
    ls_rune_encode((uint32_t)key, bytes);
    ls_prompt_insert(prompt, bytes);
    return LS_PROMPT_CHANGED;
}

void ls_prompt_draw(const struct ls_prompt *prompt, struct ls_frame *frame, int row, int col, int width)
{
    char before[LS_PROMPT_BYTES];
    memcpy(before, prompt->text, prompt->at);
    before[prompt->at] = '\0';
    size_t skip = 0;
    while (skip < prompt->at && ls_text_cols(before + skip) >= width)
        skip = next(prompt, skip);
    ls_frame_fill(frame, (struct ls_rect){row, col, 1, width}, LS_STYLE_PROMPT, ' ');
    ls_frame_put(frame, row, col, width, prompt->selected ? LS_STYLE_SELECTED : LS_STYLE_PROMPT,
                 prompt->text + skip);
    ls_frame_cursor(frame, row, col + ls_text_cols(before + skip));
}
