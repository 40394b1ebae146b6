#include "tui/keys.h"

#include "tui/frame.h"
#include "tui/terminal.h"

#include <stdio.h>

const char *ls_tui_key_name(int key, char out[16])
{
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
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
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
