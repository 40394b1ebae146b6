#include "tui/keys.h"

#include "base/text.h"
#include "tui/frame.h"
#include "tui/terminal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    int key;
    const char *name;
} names[] = {
    {LS_KEY_TAB, "Tab"},
    {LS_KEY_ENTER, "Enter"},
    {LS_KEY_ESC, "Esc"},
    {LS_KEY_BACKSPACE, "Backspace"},
    {LS_KEY_DELETE, "Del"},
    {LS_KEY_INSERT, "Ins"},
    {LS_KEY_UP, "Up"},
    {LS_KEY_DOWN, "Down"},
    {LS_KEY_LEFT, "Left"},
    {LS_KEY_RIGHT, "Right"},
    {LS_KEY_HOME, "Home"},
    {LS_KEY_END, "End"},
    {LS_KEY_PGUP, "PgUp"},
    {LS_KEY_PGDN, "PgDn"},
    {LS_KEY_BACKTAB, "Shift-Tab"},
    {' ', "Space"},
    {LS_KEY_CTRL_LEFT, "Ctrl-Left"},
    {LS_KEY_CTRL_RIGHT, "Ctrl-Right"},
    {LS_KEY_SHIFT_LEFT, "Shift-Left"},
    {LS_KEY_SHIFT_RIGHT, "Shift-Right"},
};

#define N_NAMES (sizeof names / sizeof *names)

const char *ls_tui_key_name(int key, char out[16])
{
    for (size_t i = 0; i < N_NAMES; i++)
        if (names[i].key == key) {
            snprintf(out, 16, "%s", names[i].name);
            return out;
        }
    if (key > 0 && key < ' ')
        snprintf(out, 16, "^%c", key + '@');
    else if (key > LS_KEY_F0 && key < LS_KEY_END_OF_KEYS)
        snprintf(out, 16, "F%d", key - LS_KEY_F0);
    else if (key < LS_KEY_BASE)
        ls_rune_encode((uint32_t)key, out);
    else
        snprintf(out, 16, "that key");
    return out;
}

/* The one character that a text is; 0 when it is none or several. */
static int single_character(const char *name)
{
    uint32_t rune;
    size_t length = ls_rune_decode(name, &rune);
    return length > 0 && name[length] == '\0' && rune > ' ' ? (int)rune : 0;
}

int ls_tui_key_named(const char *name)
{
    int64_t number;
    for (size_t i = 0; i < N_NAMES; i++)
        if (strcasecmp(names[i].name, name) == 0)
            return names[i].key;
    if (name[0] == '^' && name[1] != '\0' && name[2] == '\0')
        return name[1] >= '@' && name[1] <= '~' ? LS_KEY_CTRL(name[1]) : 0;
    if (name[0] == 'F' && ls_text_integer(name + 1, &number) && number >= 1 && number <= 24)
        return LS_KEY_F0 + (int)number;
    return single_character(name);
}

const char *ls_tui_key_first_name(void)
{
    return names[0].name;
}

const char *ls_tui_key_next_name(const char *name)
{
    for (size_t i = 0; i + 1 < N_NAMES; i++)
        if (names[i].name == name)
            return names[i + 1].name;
    return NULL;
}
