/* Keys and commands, written from the table of commands. */
#include "tui/commands.h"
#include "tui/keys.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#define KEYS_COLS    14
#define COMMAND_COLS 18

/* Lines of help: a heading where a group begins, then its commands. -1 for a heading, or the command's index.
 */
static size_t list_lines(int *lines, size_t capacity)
{
    size_t count, n = 0;
    const struct ls_tui_command *commands = ls_tui_commands(&count);
    for (size_t i = 0; i < count && n + 2 < capacity; i++) {
        if (i == 0 || strcmp(commands[i].group, commands[i - 1].group) != 0)
            lines[n++] = -1 - (int)i;
        lines[n++] = (int)i;
    }
    return n;
}

static void draw_line(struct ls_frame *frame, int row, const struct ls_tui_command *command)
{
    char keys[64] = "", left[64];
    size_t used = 0;
    for (int k = 0; k < LS_KEYS_MAX && command->keys[k] != 0; k++) {
        char name[16];
        used += (size_t)snprintf(keys + used, sizeof keys - used, "%s%s", k > 0 ? " " : "",
                                 ls_tui_key_name(command->keys[k], name));
    }
    snprintf(left, sizeof left, ":%s%s%s", command->name, command->argument != NULL ? " " : "",
             command->argument != NULL ? command->argument : "");
    ls_frame_put(frame, row, 2, KEYS_COLS - 1, LS_STYLE_KEY, keys);
    int cols = ls_text_cols(left) < COMMAND_COLS ? COMMAND_COLS : ls_text_cols(left) + 1;
    ls_frame_put(frame, row, 2 + KEYS_COLS, cols, LS_STYLE_MUTED, left);
    ls_frame_put(frame, row, 2 + KEYS_COLS + cols, LS_FRAME_REST, LS_STYLE_VALUE, command->help);
}

#define LINES_MAX 128

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    int lines[LINES_MAX];
    size_t count, n = list_lines(lines, LINES_MAX);
    const struct ls_tui_command *commands = ls_tui_commands(&count);
    for (int row = 0; row < rect.rows && explorer->scroll + (size_t)row < n; row++) {
        int line = lines[explorer->scroll + (size_t)row];
        if (line < 0)
            ls_frame_put(frame, rect.row + row, 1, LS_FRAME_REST, LS_STYLE_TITLE, commands[-1 - line].group);
        else
            draw_line(frame, rect.row + row, &commands[line]);
    }
    if (explorer->scroll + (size_t)rect.rows < n)
        ls_frame_put_right(frame, rect.row + rect.rows - 1, frame->cols - 10, 10, LS_STYLE_MUTED,
                           "more: PgDn");
    ls_frame_cursor(frame, rect.row, 0);
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    int lines[LINES_MAX];
    size_t n = list_lines(lines, LINES_MAX), rows = (size_t)ls_explorer_body(explorer).rows;
    size_t by = step == LS_STEP_LINE ? 1 : step == LS_STEP_PAGE ? rows - 1 : n;
    size_t last = n > rows ? n - rows : 0;
    size_t scroll = direction > 0 ? explorer->scroll + by : explorer->scroll > by ? explorer->scroll - by : 0;
    explorer->scroll = scroll < last ? scroll : last;
}

const struct ls_view ls_view_help = {
    .name = "Help",
    .hints = "PgUp PgDn scroll  Esc or ? back",
    .draw = draw,
    .vertical = vertical,
};
