/**
 * @file terminfo.c
 * Kept apart because <term.h> takes names like `cursor_visible` away from those who include it.
 */
#include "tui/terminfo.h"

#include <curses.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

/** A capability, or NULL. */
static const char *find(const char *name)
{
    const char *value = tigetstr(name);

    return (intptr_t)value == -1 ? NULL : value;
}

bool ls_terminfo_exists(const char *term)
{
    int status = 0;

    if (setupterm(term, STDOUT_FILENO, &status) != OK)
        return false;
    del_curterm(cur_term);
    return true;
}

bool ls_terminfo_has(const char *capability)
{
    return find(capability) != NULL;
}

/** Adds a string without its delays "$<5>". */
static void add(char out[LS_TERMINFO_RESTORE], const char *text)
{
    size_t at = strlen(out);

    for (; text && *text && at + 1 < LS_TERMINFO_RESTORE; text++)
        if (text[0] == '$' && text[1] == '<' && strchr(text, '>'))
            text = strchr(text, '>');
        else
            out[at++] = *text;
    out[at] = '\0';
}

const char *ls_terminfo_restore(bool modern, int rows, char out[LS_TERMINFO_RESTORE])
{
    const char *position = find("cup");

    out[0] = '\0';
    add(out, modern ? "\033[?2026l\033[?2004l\033[?1000l\033[?1006l" : "");
    add(out, find("op"));
    add(out, find("sgr0"));
    add(out, find("rmkx"));
    add(out, position ? tiparm(position, rows - 1, 0) : NULL);
    add(out, find("el"));
    add(out, find("rmcup"));
    add(out, find("cnorm"));
    return out;
}
