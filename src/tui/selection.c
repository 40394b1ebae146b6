#include "tui/selection.h"

#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line under the cursor without blanks around it. */
static const char *copy_line(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_frame *frame = explorer->frame;
    size_t size = 4 * (size_t)frame->cols + 1;
    char *line = malloc(size);
    if (line == NULL)
        return NULL;
    ls_frame_line(frame, frame->cursor_row, line, size);
    fputs(line + strspn(line, " "), out);
    free(line);
    return "the line under the cursor";
}

void ls_selection_copy(struct ls_explorer *explorer)
{
    const struct ls_view *view = ls_view(explorer->view);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    const char *what = NULL;
    if (out != NULL) {
        if (view->copy != NULL && explorer->answer != NULL)
            what = view->copy(explorer, out);
        if (what == NULL)
            what = copy_line(explorer, out);
        if (fclose(out) != 0)
            what = NULL;
    }
    if (what == NULL)
        ls_explorer_say(explorer, "nothing could be copied");
    else {
        while (length > 0 && text[length - 1] == '\n')
            text[--length] = '\0';
        if (ls_terminal_copy(explorer->terminal, text))
            ls_explorer_say(explorer, "copied %s: %s", what, text);
        else
            ls_explorer_say(explorer, "%s is too long for the clipboard", what);
    }
    free(text);
}
