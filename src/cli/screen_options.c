#include "cli/screen_options.h"

#include "base/text.h"
#include "tui/picture.h"
#include "tui/screen.h"
#include "tui/view.h"

#include <string.h>
#include <unistd.h>

#define SIZE_MOST 500 /* columns or rows of a picture */

/* Index of one of the words. */
static int take_word(const char *option, const char *value, const char *const *words, int *index,
                     struct ls_error *error)
{
    char known[100];
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0) {
            *index = i;
            return 0;
        }
    ls_error_set(error, LS_ERR_USAGE, "--%s has no '%s'", option, value);
    return ls_error_remedy(error, "give it %s", ls_text_list(words, known, sizeof known));
}

static int take_size(const char *value, struct ls_terminal_options *terminal, struct ls_error *error)
{
    int cols, rows, end = 0;
    if (sscanf(value, "%4dx%4d%n", &cols, &rows, &end) == 2 && value[end] == '\0' &&
        cols >= LS_SCREEN_MIN_COLS && rows >= LS_SCREEN_MIN_ROWS && cols <= SIZE_MOST && rows <= SIZE_MOST) {
        terminal->cols = cols;
        terminal->rows = rows;
        return 0;
    }
    ls_error_set(error, LS_ERR_USAGE, "--size wants columns and rows, not '%s'", value);
    return ls_error_remedy(error, "write them as 80x24, from %dx%d to %dx%d", LS_SCREEN_MIN_COLS,
                           LS_SCREEN_MIN_ROWS, SIZE_MOST, SIZE_MOST);
}

static int take_view(const char *value, const char **name, struct ls_error *error)
{
    enum ls_view_id view;
    if (ls_view_named(value, &view)) {
        *name = value;
        return 0;
    }
    char names[LS_VIEW_COUNT * 16] = "";
    for (int v = 0; v < LS_VIEW_COUNT; v++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", v > 0 ? ", " : "",
                 ls_view((enum ls_view_id)v)->name);
    }
    ls_error_set(error, LS_ERR_USAGE, "no screen '%s'", value);
    return ls_error_remedy(error, "name one of: %s", names);
}

int ls_screen_options_take(struct ls_screen_options *options, const struct ls_option *row, const char *value,
                           bool *taken, struct ls_error *error)
{
    struct ls_terminal_options *terminal = &options->terminal;
    const char *name = row->name;
    int word = 0, status = 0;
    *taken = true;
    if (strcmp(name, "view") == 0)
        return take_view(value, &options->view, error);
    if (strcmp(name, "size") == 0)
        return take_size(value, terminal, error);
    if (strcmp(name, "palette") == 0) {
        status = take_word(name, value, ls_colors_words, &word, error);
        terminal->colors = (enum ls_colors)word;
    } else if (strcmp(name, "background") == 0) {
        status = take_word(name, value, ls_background_words, &word, error);
        terminal->background = (enum ls_background)word;
    } else if (strcmp(name, "customer") == 0)
        options->customer = value;
    else if (strcmp(name, "snapshot") == 0)
        options->snapshot = value;
    else if (strcmp(name, "record") == 0)
        options->record = value;
    else if (strcmp(name, "ascii") == 0)
        terminal->ascii = true;
    else if (strcmp(name, "no-color") == 0)
        terminal->colors = LS_COLORS_MONO;
    else if (strcmp(name, "no-mouse") == 0)
        terminal->no_mouse = true;
    else
        *taken = false;
    return status;
}

void ls_screen_options_hide(struct ls_terminal_options *terminal)
{
    if (terminal->rows == 0) {
        terminal->cols = 80;
        terminal->rows = 24;
    }
}

/* Looked at before any work is done for it. */
static int refuse_existing(const char *path, struct ls_error *error)
{
    if (path == NULL || access(path, F_OK) != 0)
        return 0;
    ls_error_set(error, LS_ERR_IO, "%s is there already", path);
    return ls_error_remedy(error, "name another file, or remove it first");
}

int ls_screen_options_finish(struct ls_screen_options *options, bool read_only, struct ls_error *error)
{
    struct ls_terminal_options *terminal = &options->terminal;
    enum ls_picture_kind kind;
    if (read_only && (options->snapshot != NULL || options->record != NULL)) {
        ls_error_set(error, LS_ERR_USAGE, "--read-only writes no file, so no picture and no recording");
        return ls_error_remedy(error, "leave one of them out");
    }
    if (options->snapshot == NULL && terminal->rows > 0) {
        ls_error_set(error, LS_ERR_USAGE, "--size is the size of a picture");
        return ls_error_remedy(error, "name its file with --snapshot FILE");
    }
    if (options->snapshot == NULL)
        return refuse_existing(options->record, error);
    if (options->record != NULL) {
        ls_error_set(error, LS_ERR_USAGE, "--snapshot has no session that --record could record");
        return ls_error_remedy(error, "leave one of them out");
    }
    ls_screen_options_hide(terminal);
    if (ls_picture_kind(options->snapshot, &kind, error) != 0)
        return ls_error_value(LS_ERR_USAGE);
    return refuse_existing(options->snapshot, error);
}
