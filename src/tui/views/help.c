/* Keys and commands, written from the table of commands. */
#include "tui/commands/table.h"
#include "tui/keys.h"
#include "tui/theme.h"
#include "tui/view.h"

#include <stdint.h>
#include <stdio.h>

#define KEYS_COLS    14
#define COMMAND_COLS 18

/* A line of help: a topic's heading, or one of its commands. */
struct line {
    const struct ls_topic *topic;
    const struct ls_tui_command *command; /* NULL: the heading */
};

/* Finds line `wanted`; false behind the last, with the number of lines in *count. */
static bool find_line(size_t wanted, struct line *out, size_t *count)
{
    size_t n_topics, n = 0;
    const struct ls_topic *const *topics = ls_topics(&n_topics);
    for (size_t t = 0; t < n_topics; t++) {
        if (wanted >= n && wanted <= n + topics[t]->count) {
            out->topic = topics[t];
            out->command = wanted > n ? &topics[t]->commands[wanted - n - 1] : NULL;
            return true;
        }
        n += topics[t]->count + 1;
    }
    *count = n;
    return false;
}

static size_t count_lines(void)
{
    struct line line;
    size_t count = 0;
    (void)find_line(SIZE_MAX, &line, &count);
    return count;
}

static void draw_line(struct ls_frame *frame, int row, const struct ls_tui_command *command)
{
    char keys[64] = "", left[128], usage[64];
    size_t used = 0;
    for (int k = 0; k < LS_KEYS_MAX && command->keys[k] != 0; k++) {
        char name[16];
        used += (size_t)snprintf(keys + used, sizeof keys - used, "%s%s", k > 0 ? " " : "",
                                 ls_tui_key_name(command->keys[k], name));
    }
    snprintf(left, sizeof left, ":%s %s", command->name, ls_command_usage(command, usage));
    ls_frame_put(frame, row, 2, KEYS_COLS - 1, LS_STYLE_KEY, keys);
    int cols = ls_text_cols(left) < COMMAND_COLS ? COMMAND_COLS : ls_text_cols(left) + 1;
    ls_frame_put(frame, row, 2 + KEYS_COLS, cols, LS_STYLE_MUTED, left);
    ls_frame_put(frame, row, 2 + KEYS_COLS + cols, LS_FRAME_REST, LS_STYLE_VALUE, command->help);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    size_t n = count_lines();
    struct line line;
    for (int row = 0; row < rect.rows && find_line(explorer->scroll + (size_t)row, &line, &n); row++) {
        if (line.command == NULL)
            ls_frame_put(frame, rect.row + row, 1, LS_FRAME_REST, LS_STYLE_TITLE, line.topic->heading);
        else
            draw_line(frame, rect.row + row, line.command);
    }
    if (explorer->scroll + (size_t)rect.rows < n)
        ls_view_more(frame, rect);
    ls_frame_cursor(frame, rect.row, 0);
}

static void vertical(struct ls_explorer *explorer, int direction, enum ls_step step)
{
    ls_view_scroll(explorer, direction, step, count_lines());
}

const struct ls_view ls_view_help = {
    .name = "Help",
    .hints = "PgUp PgDn scroll  Esc or ? back",
    .draw = draw,
    .vertical = vertical,
};
