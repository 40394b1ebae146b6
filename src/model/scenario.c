/*
 * The scenario file: a policy as INI. The only file that includes <ini.h>.
 *
 * inih cuts lines at 200 bytes and section names at 49, takes an indented line for a continuation, and says
 * nothing of an empty section. So it reads through next_line(), which hands it one clean line at a time,
 * refuses what it would cut, and keeps the section's name whole; the handler takes the section from there.
 * Everything happens on a draft of the policy, and the first error in the file is the one reported.
 */
#include "base/beside.h"
#include "model/names.h"
#include "model/values.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)1 << 20) /* a scenario is a page or two */

static const char bom[] = "\xEF\xBB\xBF";

/* A row that the file has set, to name both lines when it does so again. */
struct seen {
    const struct ls_parameter *row;
    char city[64];
    long line;
};

struct reader {
    const char *text;
    size_t length, at;
    const char *name; /* of the file, in messages */
    long line;        /* of the line handed out last, from 1 */
    char section[LS_NAME_SIZE];
    bool in_section;
    struct ls_policy draft;
    struct seen *seen;
    size_t n_seen, seen_capacity;
    int code; /* of the first failure; the reader then stands at its end */
    struct ls_error *error;
};

/* Keeps the code of an error that has just been filled, and says where. */
static void fail_at(struct reader *reader, int code, long line, const char *field)
{
    reader->code = code;
    (void)ls_error_at(reader->error, reader->name, line, 0, field);
}

/* Why INI cannot hold a city's name; NULL when it can. */
static const char *city_trouble(const char *city)
{
    size_t n = strlen(city);
    if (n == 0)
        return "is empty";
    if (n >= sizeof((struct ls_city_policy *)NULL)->name)
        return "is longer than 63 bytes";
    if (city[0] == ' ' || city[n - 1] == ' ')
        return "begins or ends with a blank";
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)city[i] < ' ' || city[i] == 0x7F)
            return "holds a control character";
    return strpbrk(city, "=:;#[]") != NULL ? "holds one of = : ; # [ ]" : NULL;
}

/* ---- reading ---- */

/* Whether rows of this section lie in [section.CITY]. */
static bool has_city_in_section(const struct ls_parameter *row)
{
    return row->per_city && row->key[0] != '\0';
}

/* The city of "peak_hours.CITY" when `section` is that row's, else NULL; "" when the city is missing. */
static const char *section_city(const struct ls_parameter *row, const char *section)
{
    size_t n = strlen(row->section);
    if (!has_city_in_section(row) || strncmp(section, row->section, n) != 0)
        return NULL;
    return section[n] == '.' ? section + n + 1 : NULL;
}

static bool in_this_section(const struct ls_parameter *row, const char *section)
{
    return has_city_in_section(row) ? section_city(row, section) != NULL : strcmp(row->section, section) == 0;
}

/* Fills the error for a section the table does not have, with the nearest one. */
static int unknown_section(const char *section, struct ls_error *error)
{
    char best[LS_NAME_SIZE] = "", quoted[LS_QUOTE_SIZE];
    size_t n, nearest = SIZE_MAX;
    const struct ls_parameter *rows = ls_parameters(&n);
    const char *dot = strchr(section, '.');
    for (size_t i = 0; i < n; i++) {
        char candidate[LS_NAME_SIZE];
        const char *city = dot != NULL && dot[1] != '\0' ? dot : ".CITY";
        snprintf(candidate, sizeof candidate, "%s%s", rows[i].section,
                 has_city_in_section(&rows[i]) ? city : "");
        size_t distance = ls_name_distance(section, candidate);
        if (distance < nearest) {
            nearest = distance;
            memcpy(best, candidate, sizeof best);
        }
    }
    ls_error_set(error, LS_ERR_NAME, "unknown section [%s]", ls_value_quote(section, quoted));
    (void)ls_error_remedy(error, "did you mean [%s]?", ls_value_quote(best, quoted));
    return LS_ERR_NAME;
}

/* Fills the error for a key that `section` does not have: the nearest of its keys, or where else the key
 * lives. */
static int unknown_key(const char *section, const char *key, struct ls_error *error)
{
    enum { ELSEWHERE = 2 }; /* what a key of another section must be nearer by */
    char quoted[LS_QUOTE_SIZE], where[LS_QUOTE_SIZE];
    size_t n, nearest = SIZE_MAX;
    const struct ls_parameter *rows = ls_parameters(&n), *best = rows;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].key[0] == '\0')
            continue;
        size_t distance =
            ls_name_distance(key, rows[i].key) + (in_this_section(&rows[i], section) ? 0 : ELSEWHERE);
        if (distance < nearest) {
            nearest = distance;
            best = &rows[i];
        }
    }
    ls_error_set(error, LS_ERR_NAME, "unknown key '%s' in [%s]", ls_value_quote(key, quoted),
                 ls_value_quote(section, where));
    if (in_this_section(best, section))
        (void)ls_error_remedy(error, "did you mean %s?", best->key);
    else
        (void)ls_error_remedy(error, "did you mean %s in [%s%s]?", best->key, best->section,
                              has_city_in_section(best) ? ".CITY" : "");
    return LS_ERR_NAME;
}

static void bad_city(struct reader *reader, const char *city, const char *trouble)
{
    char quoted[LS_QUOTE_SIZE];
    ls_error_set(reader->error, LS_ERR_NAME, "city name '%s' %s", ls_value_quote(city, quoted), trouble);
    (void)ls_error_remedy(reader->error, "write the city's name as the data has it");
    fail_at(reader, LS_ERR_NAME, reader->line, NULL);
}

/* Takes a line that begins with '[' and enters its section. */
static void enter_section(struct reader *reader, const char *line)
{
    char name[256], quoted[LS_QUOTE_SIZE];
    size_t n = strcspn(line + 1, "]"), rows_n;
    const char *rest = line + 1 + n;
    if (*rest == '\0')
        return; /* inih refuses it */
    rest += 1 + strspn(rest + 1, " \t");
    if (*rest != '\0' && *rest != ';' && *rest != '#') {
        ls_error_set(reader->error, LS_ERR_FORMAT, "'%s' follows a section's ]",
                     ls_value_quote(rest, quoted));
        (void)ls_error_remedy(reader->error, "give it a line of its own");
        fail_at(reader, LS_ERR_FORMAT, reader->line, NULL);
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)n, line + 1);
    const struct ls_parameter *rows = ls_parameters(&rows_n), *found = NULL;
    for (size_t i = 0; i < rows_n && found == NULL; i++)
        if (in_this_section(&rows[i], name))
            found = &rows[i];
    if (found == NULL) {
        int code = unknown_section(name, reader->error);
        fail_at(reader, code, reader->line, NULL);
        return;
    }
    const char *city = section_city(found, name), *trouble = city != NULL ? city_trouble(city) : NULL;
    if (trouble != NULL) {
        bad_city(reader, city, trouble);
        return;
    }
    snprintf(reader->section, sizeof reader->section, "%.*s", (int)sizeof reader->section - 1, name);
    reader->in_section = true;
}

/* Checks that a line may go to inih, which has room for `size` bytes with its newline and NUL. */
static bool check_line(struct reader *reader, const char *line, size_t length, int size)
{
    if (length > (size_t)size - 2) {
        ls_error_set(reader->error, LS_ERR_FORMAT, "a line of %zu bytes", length);
        (void)ls_error_remedy(reader->error, "write at most %d bytes on a line", size - 2);
        fail_at(reader, LS_ERR_FORMAT, reader->line, NULL);
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)line[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7F) {
            ls_error_set(reader->error, LS_ERR_FORMAT, "control character 0x%02X", byte);
            (void)ls_error_remedy(reader->error, "save the file as plain text in UTF-8");
            fail_at(reader, LS_ERR_FORMAT, reader->line, NULL);
            return false;
        }
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* Finds the line that begins at `at` without the blanks around it; returns where the next one begins. */
static size_t cut_line(const char *text, size_t length, size_t at, const char **line, size_t *line_length)
{
    const char *newline = memchr(text + at, '\n', length - at);
    size_t end = newline != NULL ? (size_t)(newline - text) : length, next = newline != NULL ? end + 1 : end;
    if (at == 0 && length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
        at = strlen(bom);
    while (at < end && is_blank(text[at]))
        at++;
    while (end > at && is_blank(text[end - 1]))
        end--;
    *line = text + at;
    *line_length = end - at;
    return next;
}

/* inih's reader: one line without indentation at each call, remarks as empty lines; NULL at the end or a
 * failure. */
static char *next_line(char *out, int size, void *stream)
{
    struct reader *reader = stream;
    const char *line;
    size_t length;
    if (reader->code != 0 || reader->at >= reader->length)
        return NULL;
    reader->at = cut_line(reader->text, reader->length, reader->at, &line, &length);
    reader->line++;
    if (length > 0 && (line[0] == ';' || line[0] == '#') && memchr(line, '\0', length) == NULL)
        length = 0;
    if (!check_line(reader, line, length, size))
        return NULL;
    memcpy(out, line, length);
    out[length] = '\0';
    if (out[0] == '[')
        enter_section(reader, out);
    if (reader->code != 0)
        return NULL;
    memcpy(out + length, "\n", 2);
    return out;
}

/* Remembers that the file sets this row; false with an error when it did so before. */
static bool note_seen(struct reader *reader, const struct ls_parameter *row, const char *city)
{
    char name[LS_NAME_SIZE];
    ls_parameter_name(row, city, name, sizeof name);
    for (size_t i = 0; i < reader->n_seen; i++) {
        const struct seen *seen = &reader->seen[i];
        if (seen->row != row || strcmp(seen->city, city) != 0)
            continue;
        ls_error_set(reader->error, LS_ERR_FORMAT, "set twice, on lines %ld and %ld", seen->line,
                     reader->line);
        (void)ls_error_remedy(reader->error, "keep one of them");
        fail_at(reader, LS_ERR_FORMAT, reader->line, name);
        return false;
    }
    if (reader->n_seen == reader->seen_capacity) {
        size_t capacity = reader->seen_capacity > 0 ? 2 * reader->seen_capacity : 64;
        struct seen *more = realloc(reader->seen, capacity * sizeof *more);
        if (more == NULL) {
            ls_error_set(reader->error, LS_ERR_MEMORY, "out of memory");
            fail_at(reader, LS_ERR_MEMORY, reader->line, name);
            return false;
        }
        reader->seen = more;
        reader->seen_capacity = capacity;
    }
    struct seen *seen = &reader->seen[reader->n_seen++];
    *seen = (struct seen){.row = row, .line = reader->line};
    snprintf(seen->city, sizeof seen->city, "%s", city);
    return true;
}

/* The first peak hours of a city in a file: days that its section leaves out have none, whatever was there
 * before. */
static void forget_peak_hours(struct reader *reader, const char *city)
{
    for (size_t i = 0; i < reader->n_seen; i++)
        if (has_city_in_section(reader->seen[i].row) && strcmp(reader->seen[i].city, city) == 0)
            return;
    for (size_t i = 0; i < reader->draft.n_cities; i++)
        if (strcmp(reader->draft.cities[i].name, city) == 0)
            memset(reader->draft.cities[i].peak_hours, 0, sizeof reader->draft.cities[i].peak_hours);
}

/* Fails at a key of no row. */
static void refuse_key(struct reader *reader, const char *key)
{
    char field[256], quoted[LS_QUOTE_SIZE];
    int code;
    if (!reader->in_section) {
        code = ls_error_set(reader->error, LS_ERR_FORMAT, "key '%s' stands before any section",
                            ls_value_quote(key, quoted));
        (void)ls_error_remedy(reader->error, "begin with a section, such as [behaviour]");
        fail_at(reader, code, reader->line, key);
        return;
    }
    code = unknown_key(reader->section, key, reader->error);
    snprintf(field, sizeof field, "%s.%.60s", reader->section, key);
    fail_at(reader, code, reader->line, ls_value_quote(field, quoted));
}

/* inih's handler of one `key = value`. Its own `section` may be cut, so the reader's is used. */
static int take_pair(void *user, const char *section, const char *key, const char *value)
{
    struct reader *reader = user;
    const struct ls_parameter *found = NULL;
    size_t n;
    (void)section;
    const struct ls_parameter *rows = ls_parameters(&n);
    for (size_t i = 0; i < n && found == NULL && reader->in_section; i++)
        if (in_this_section(&rows[i], reader->section) &&
            (rows[i].key[0] == '\0' || strcmp(rows[i].key, key) == 0))
            found = &rows[i];
    if (found == NULL) {
        refuse_key(reader, key);
        return 0;
    }
    const char *city = !found->per_city             ? ""
                       : has_city_in_section(found) ? section_city(found, reader->section)
                                                    : key;
    const char *trouble = found->per_city ? city_trouble(city) : NULL;
    if (trouble != NULL) {
        bad_city(reader, city, trouble);
        return 0;
    }
    if (has_city_in_section(found))
        forget_peak_hours(reader, city);
    if (!note_seen(reader, found, city))
        return 0;
    int code = ls_parameter_set(found, &reader->draft, city, value, reader->error);
    if (code != 0) {
        char name[LS_NAME_SIZE];
        fail_at(reader, code, reader->line, ls_parameter_name(found, city, name, sizeof name));
    }
    return code == 0;
}

/* Fills the error for a line that inih could not read. */
static void refuse_line(struct reader *reader, long number)
{
    char copy[256], quoted[LS_QUOTE_SIZE];
    const char *line = "";
    size_t length = 0, at = 0;
    for (long i = 0; i < number; i++)
        at = cut_line(reader->text, reader->length, at, &line, &length);
    snprintf(copy, sizeof copy, "%.*s", (int)length, line);
    ls_error_set(reader->error, LS_ERR_FORMAT, "'%s' is neither [section] nor key = value",
                 ls_value_quote(copy, quoted));
    (void)ls_error_remedy(reader->error, "begin a remark with ; or #");
    fail_at(reader, LS_ERR_FORMAT, number, NULL);
}

int ls_scenario_parse(const char *name, const char *text, size_t length, struct ls_policy *policy,
                      struct ls_error *error)
{
    struct ls_error first = {0};
    struct reader reader = {.text = text, .length = length, .name = name, .error = &first};
    int code = ls_policy_copy(&reader.draft, policy, error);
    if (code != 0)
        return code;
    int bad_line = ini_parse_stream(next_line, &reader, take_pair, &reader);
    /* The reader stops at its own first failure, so a line that inih disliked before that one comes first. */
    if (bad_line > 0 && (reader.code == 0 || bad_line < reader.line))
        refuse_line(&reader, bad_line);
    free(reader.seen);
    if (reader.code != 0) {
        ls_policy_clear(&reader.draft);
        if (error != NULL)
            *error = first;
        return reader.code;
    }
    ls_policy_clear(policy);
    *policy = reader.draft;
    return 0;
}

static int io_error(struct ls_error *error, const char *path, const char *what)
{
    int number = errno;
    ls_error_set(error, LS_ERR_IO, "%s: %s", what, strerror(number));
    (void)ls_error_at(error, path, 0, 0, NULL);
    return LS_ERR_IO;
}

int ls_scenario_read(const char *path, struct ls_policy *policy, struct ls_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    FILE *file = standard ? stdin : fopen(path, "rb");
    char *text = NULL;
    int code = 0;
    if (file == NULL)
        return io_error(error, name, "cannot open the scenario");
    text = malloc(FILE_BYTES_MAX + 1);
    if (text == NULL) {
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory");
        goto done;
    }
    size_t length = fread(text, 1, FILE_BYTES_MAX + 1, file);
    if (ferror(file)) {
        code = io_error(error, name, "cannot read the scenario");
        goto done;
    }
    if (length > FILE_BYTES_MAX) {
        code = ls_error_set(error, LS_ERR_FORMAT, "more than 1 MiB, which no scenario has");
        (void)ls_error_remedy(error, "give a scenario file; readings are not one");
        (void)ls_error_at(error, name, 0, 0, NULL);
        goto done;
    }
    code = ls_scenario_parse(name, text, length, policy, error);
done:
    free(text);
    if (!standard)
        (void)fclose(file);
    return code;
}

/* ---- writing ---- */

static void write_row(FILE *file, const struct ls_parameter *row, const struct ls_policy *policy,
                      const char *city)
{
    char value[LS_VALUE_SIZE];
    ls_parameter_get(row, policy, city, value, sizeof value);
    fprintf(file, "%s =%s%s\n", row->key[0] != '\0' ? row->key : city, value[0] != '\0' ? " " : "", value);
}

/* Writes the rows [from, next) of one section; `city` heads the section where its rows lie in [section.CITY].
 */
static void write_section(FILE *file, const struct ls_policy *policy, const struct ls_parameter *from,
                          const struct ls_parameter *next, const char *city)
{
    fprintf(file, "[%s%s%s]\n", from->section, city != NULL ? "." : "", city != NULL ? city : "");
    for (const struct ls_parameter *row = from; row < next; row++)
        if (row->per_city && city == NULL)
            for (size_t c = 0; c < policy->n_cities; c++)
                write_row(file, row, policy, policy->cities[c].name);
        else
            write_row(file, row, policy, city);
}

int ls_scenario_write(FILE *file, const struct ls_policy *policy, struct ls_error *error)
{
    size_t n;
    const struct ls_parameter *row = ls_parameters(&n), *end = row + n, *next;
    for (size_t c = 0; c < policy->n_cities; c++) {
        const char *trouble = city_trouble(policy->cities[c].name);
        char quoted[LS_QUOTE_SIZE];
        if (trouble == NULL)
            continue;
        ls_error_set(error, LS_ERR_VALUE, "a scenario file cannot hold the city '%s': its name %s",
                     ls_value_quote(policy->cities[c].name, quoted), trouble);
        (void)ls_error_remedy(error, "rename the city in the data");
        return LS_ERR_VALUE;
    }
    errno = 0;
    for (bool first = true; row < end; row = next) {
        next = row + 1;
        while (next < end && strcmp(next->section, row->section) == 0)
            next++;
        size_t times =
            row->per_city && (policy->n_cities == 0 || has_city_in_section(row)) ? policy->n_cities : 1;
        for (size_t c = 0; c < times; c++) {
            if (!first)
                fputc('\n', file);
            first = false;
            write_section(file, policy, row, next, has_city_in_section(row) ? policy->cities[c].name : NULL);
        }
    }
    return fflush(file) != 0 || ferror(file) ? io_error(error, NULL, "cannot write the scenario") : 0;
}

int ls_scenario_save(const char *path, const struct ls_policy *policy, struct ls_error *error)
{
    struct ls_beside beside;
    int code = ls_beside_open(path, &beside, error);
    if (code != 0)
        return code;
    code = ls_scenario_write(beside.file, policy, error);
    if (code == 0)
        return ls_beside_publish(&beside, error);
    ls_beside_discard(&beside);
    return ls_error_at(error, path, 0, 0, NULL);
}
