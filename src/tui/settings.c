#include "tui/settings.h"

#include "base/text.h"
#include "tui/xdg.h"

#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define IDLE_MINUTES_MAX 10080 /* a week */

enum kind { SWITCH, NUMBER, WORD };

static const struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    double high;              /* of a number, from 0 */
    const char *const *words; /* the word's place among them is kept */
} rows[] = {
    {"ascii", SWITCH, offsetof(struct ls_settings, ascii), 0, NULL},
    {"color", SWITCH, offsetof(struct ls_settings, color), 0, NULL},
    {"colour", SWITCH, offsetof(struct ls_settings, color), 0, NULL},
    {"mouse", SWITCH, offsetof(struct ls_settings, mouse), 0, NULL},
    {"idle_timeout", NUMBER, offsetof(struct ls_settings, idle_minutes), IDLE_MINUTES_MAX, NULL},
    {"palette", WORD, offsetof(struct ls_settings, palette), 0, ls_colors_words},
    {"background", WORD, offsetof(struct ls_settings, background), 0, ls_background_words},
};
#define N_ROWS (sizeof rows / sizeof *rows)

struct reader {
    FILE *file;
    const char *path;
    long line; /* handed out last, from 1 */
    bool inside;
    struct ls_settings *settings;
    struct ls_error *warning;
    int warnings;
};

void ls_settings_init(struct ls_settings *settings)
{
    *settings = (struct ls_settings){.color = true, .mouse = true};
}

/* One line as fgets() has it, counted. */
static char *next_line(char *out, int size, void *user)
{
    struct reader *reader = user;
    if (fgets(out, size, reader->file) == NULL)
        return NULL;
    reader->line += !reader->inside;
    reader->inside = strchr(out, '\n') == NULL;
    return out;
}

static bool take_switch(const char *value, bool *out)
{
    static const char *const words[] = {"no", "yes", "off", "on", "false", "true"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i], value) == 0) {
            *out = i % 2 == 1;
            return true;
        }
    return false;
}

static int take_word(const struct row *row, const char *value, int *out, struct ls_error *error)
{
    char known[64];
    for (int i = 0; row->words[i] != NULL; i++)
        if (strcmp(row->words[i], value) == 0) {
            *out = i;
            return 0;
        }
    ls_error_set(error, LS_ERR_VALUE, "%s is not '%s'", row->name, value);
    return ls_error_remedy(error, "write %s", ls_text_list(row->words, known, sizeof known));
}

static int set_row(const struct row *row, struct ls_settings *settings, const char *value,
                   struct ls_error *error)
{
    void *place = (char *)settings + row->offset;
    double number;
    if (row->kind == WORD)
        return take_word(row, value, place, error);
    if (row->kind == SWITCH) {
        if (take_switch(value, place))
            return 0;
        ls_error_set(error, LS_ERR_VALUE, "%s is not '%s'", row->name, value);
        return ls_error_remedy(error, "write yes or no");
    }
    if (ls_text_real(value, &number) && number >= 0 && number <= row->high) {
        *(double *)place = number;
        return 0;
    }
    ls_error_set(error, LS_ERR_VALUE, "%s is not '%s'", row->name, value);
    return ls_error_remedy(error, "write a number from 0 to %g", row->high);
}

static int unknown_name(const char *name, struct ls_error *error)
{
    const struct row *nearest = rows;
    for (size_t i = 0; i < N_ROWS; i++)
        if (ls_text_distance(name, rows[i].name) < ls_text_distance(name, nearest->name))
            nearest = &rows[i];
    ls_error_set(error, LS_ERR_NAME, "no setting '%s'", name);
    return ls_error_remedy(error, "did you mean %s?", nearest->name);
}

/* Counts a line that is wrong; the first one's error stays. */
static void warn(struct reader *reader, const struct ls_error *error, long line)
{
    if (reader->warnings++ > 0)
        return;
    *reader->warning = *error;
    (void)ls_error_at(reader->warning, reader->path, line, 0, NULL);
}

static int take_pair(void *user, const char *section, const char *name, const char *value)
{
    struct reader *reader = user;
    struct ls_error error;
    size_t i = 0;
    (void)section; /* headings may stand between, and mean nothing */
    while (i < N_ROWS && strcmp(rows[i].name, name) != 0)
        i++;
    int status = i < N_ROWS ? set_row(&rows[i], reader->settings, value, &error) : unknown_name(name, &error);
    if (status != 0)
        warn(reader, &error, reader->line);
    return 1;
}

int ls_settings_read(struct ls_settings *settings, struct ls_error *warning)
{
    char path[512];
    struct reader reader = {.path = path, .settings = settings, .warning = warning};
    struct ls_error error;
    if (!ls_xdg_path("XDG_CONFIG_HOME", ".config", "settings.ini", path, sizeof path))
        return 0;
    reader.file = fopen(path, "re");
    if (reader.file == NULL && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (reader.file == NULL) {
        ls_error_set(&error, LS_ERR_IO, "cannot read the settings: %s", strerror(errno));
        warn(&reader, &error, 0);
        return reader.warnings;
    }
    int bad_line = ini_parse_stream(next_line, &reader, take_pair, &reader);
    if (bad_line > 0) {
        ls_error_set(&error, LS_ERR_FORMAT, "a line that is not key = value");
        (void)ls_error_remedy(&error, "begin a remark with ; or #");
        warn(&reader, &error, bad_line);
    }
    (void)fclose(reader.file);
    return reader.warnings;
}
