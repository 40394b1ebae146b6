/*
 * libcsv tells nobody where it is, so there are two ways of feeding it.
 *
 * Whole lines without a quote are fed as one stretch: a field's text is then the source's own, so its length,
 * which libcsv says, is enough to walk along with it, and nothing is copied. All else is fed one physical
 * line at a time, its fields gathered in one buffer and handed on when the row ends.
 */
#include "data/csv.h"

#include "data/grow.h"

#include <assert.h>
#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROW_BYTES_MAX (1024 * 1024)

struct gathered {
    size_t offset, length;
};

struct reader {
    struct csv_parser parser;
    ls_stream *input;
    const char *name;
    ls_csv_row_fn *take;
    void *user;
    struct ls_error *error;
    uint64_t line;       /* the physical line being fed */
    uint64_t row_line;   /* the one the open row began on */
    bool row_open;       /* a row has begun and not ended */
    bool after_cr;       /* the last line ended in CR, so an LF now belongs to it */
    size_t row_bytes;    /* fed since the row began */
    bool whole_lines;    /* quotes are refused */
    char *at;            /* in a stretch: behind what libcsv has taken */
    size_t fields_ready; /* in a stretch: room for fields, 0 before a row's first */
    size_t n_fields, offsets_capacity, fields_capacity, used, bytes_capacity;
    struct gathered *offsets; /* [n_fields] of the open row, into bytes */
    struct ls_csv_field *fields;
    char *bytes;
    int code; /* of the first failure in a callback */
};

static int fail(struct reader *reader, uint64_t line, enum ls_code code, const char *message,
                const char *remedy)
{
    ls_error_set(reader->error, code, "%s", message);
    ls_error_remedy(reader->error, "%s", remedy);
    ls_error_at(reader->error, reader->name, (long)line, 0, NULL);
    return code;
}

static int out_of_memory(struct reader *reader)
{
    return fail(reader, reader->line, LS_ERR_MEMORY, "out of memory reading CSV", "");
}

static void field_ended(void *text, size_t length, void *user)
{
    struct reader *reader = user;
    if (reader->code != 0)
        return;
    struct gathered *offsets =
        ls_grow(reader->offsets, &reader->offsets_capacity, reader->n_fields + 1, sizeof *offsets);
    if (offsets != NULL)
        reader->offsets = offsets;
    char *bytes = ls_grow(reader->bytes, &reader->bytes_capacity, reader->used + length + 1, 1);
    if (bytes != NULL)
        reader->bytes = bytes;
    if (offsets == NULL || bytes == NULL) {
        reader->code = out_of_memory(reader);
        return;
    }
    if (length > 0)
        memcpy(bytes + reader->used, text, length);
    bytes[reader->used + length] = '\0';
    offsets[reader->n_fields++] = (struct gathered){reader->used, length};
    reader->used += length + 1;
}

static void hand_on(struct reader *reader)
{
    struct ls_csv_row row = {reader->row_line, reader->n_fields, reader->fields};
    reader->code = reader->take(reader->user, &row, ls_stream_consumed(reader->input), reader->error);
    reader->n_fields = 0;
}

static void row_ended(int terminator, void *user)
{
    struct reader *reader = user;
    (void)terminator;
    reader->row_open = false;
    if (reader->code != 0)
        return;
    struct ls_csv_field *fields =
        ls_grow(reader->fields, &reader->fields_capacity, reader->n_fields, sizeof *fields);
    if (fields == NULL) {
        reader->code = out_of_memory(reader);
        return;
    }
    reader->fields = fields;
    for (size_t i = 0; i < reader->n_fields; i++)
        fields[i] =
            (struct ls_csv_field){reader->bytes + reader->offsets[i].offset, reader->offsets[i].length};
    hand_on(reader);
    reader->used = 0;
}

/* ---- whole lines without a quote ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Moves over blanks and line ends, counting lines, up to the next row or `end`. */
static void skip_between_rows(struct reader *reader, const char *end)
{
    for (; reader->at < end; reader->at++) {
        char c = *reader->at;
        if (!is_blank(c) && c != '\r' && c != '\n')
            return;
        bool tail = c == '\n' && reader->after_cr;
        reader->line += !is_blank(c) && !tail;
        reader->after_cr = c == '\r';
    }
}

/* What a row's first field takes, and every one that finds no room; false after a failure. */
static bool make_ready(struct reader *reader)
{
    if (reader->code != 0)
        return false;
    if (reader->n_fields == 0) {
        skip_between_rows(reader, reader->at + LS_STREAM_CHUNK); /* a row there is */
        reader->row_line = reader->line;
    }
    struct ls_csv_field *fields =
        ls_grow(reader->fields, &reader->fields_capacity, reader->n_fields + 1, sizeof *fields);
    if (fields == NULL) {
        reader->code = out_of_memory(reader);
        return false;
    }
    reader->fields = fields;
    reader->fields_ready = reader->fields_capacity;
    return true;
}

static void field_passed(void *text, size_t length, void *user)
{
    struct reader *reader = user;
    (void)text;
    if (reader->n_fields >= reader->fields_ready && !make_ready(reader))
        return;
    char *at = reader->at;
    while (is_blank(*at))
        at++;
    assert(memcmp(at, text, length) == 0);
    reader->fields[reader->n_fields++] = (struct ls_csv_field){at, length};
    char *end = at + length;
    for (at = end; is_blank(*at); at++)
        ;
    reader->at = at + 1;
    *end = '\0'; /* libcsv has passed what ended the field */
}

static void row_passed(int terminator, void *user)
{
    struct reader *reader = user;
    if (reader->code != 0)
        return;
    hand_on(reader);
    reader->fields_ready = 0;
    reader->line++;
    reader->after_cr = terminator == '\r';
}

/* Feeds lines up to `end`, the last of them ended and no quote in any. */
static int feed_stretch(struct reader *reader, char *text, const char *end)
{
    size_t length = (size_t)(end - text);
    reader->at = text;
    reader->fields_ready = 0;
    if (csv_parse(&reader->parser, text, length, field_passed, row_passed, reader) != length)
        return out_of_memory(reader); /* nothing else can be wrong without a quote */
    skip_between_rows(reader, end);
    return reader->code;
}

/* ---- any line ---- */

static int parse_failure(struct reader *reader)
{
    int status = csv_error(&reader->parser);
    if (status == CSV_ENOMEM || status == CSV_ETOOBIG)
        return out_of_memory(reader);
    int code = fail(reader, reader->line, LS_ERR_FORMAT, "a quote stands where none may",
                    "put the whole field in quotes and double each quote inside it");
    ls_error_at(reader->error, reader->name, (long)reader->line, (int)reader->n_fields + 1, NULL);
    return code;
}

static bool only_blanks(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
            return false;
    return true;
}

/* Feeds bytes of one physical line. */
static int feed(struct reader *reader, const char *text, size_t length)
{
    if (memchr(text, '\0', length) != NULL)
        return fail(reader, reader->line, LS_ERR_FORMAT, "a NUL byte: this is no text, or not in UTF-8",
                    "save the file as CSV in UTF-8");
    if (!reader->row_open && !only_blanks(text, length)) {
        reader->row_open = true;
        reader->row_line = reader->line;
        reader->row_bytes = 0;
    }
    reader->row_bytes += length;
    if (reader->row_open && reader->row_bytes > ROW_BYTES_MAX)
        return fail(reader, reader->row_line, LS_ERR_FORMAT, "a row of more than 1 MiB",
                    "look for a quote that is opened here and never closed");
    if (csv_parse(&reader->parser, text, length, field_ended, row_ended, reader) != length)
        return parse_failure(reader);
    return reader->code;
}

/* The number of bytes up to and with the end of the line, all of them when it does not end here. */
static size_t line_length(const char *text, const char *end, const char *lf, bool *ended)
{
    const char *limit = lf != NULL ? lf : end;
    const char *cr = memchr(text, '\r', (size_t)(limit - text));
    *ended = cr != NULL || lf != NULL;
    if (cr == NULL)
        return (size_t)(limit - text) + (lf != NULL);
    return (size_t)(cr - text) + 1 + (cr + 1 == lf);
}

/* The end of the last line that ends in the text; its begin when none does. */
static char *lines_end(char *text, size_t length)
{
    while (length > 0 && text[length - 1] != '\n')
        length--;
    return text + length;
}

static int feed_chunk(struct reader *reader, char *text, size_t length)
{
    const char *end = text + length, *stretch_end = lines_end(text, length);
    const char *lf = memchr(text, '\n', length);
    bool quoted = memchr(text, '"', length) != NULL;
    if (quoted && reader->whole_lines)
        return LS_CSV_QUOTED;
    if (quoted || memchr(text, '\0', length) != NULL)
        stretch_end = text;
    while (text < end) {
        if (!reader->row_open && text < stretch_end) {
            int code = feed_stretch(reader, text, stretch_end);
            if (code != 0)
                return code;
            text += stretch_end - text;
            continue;
        }
        if (lf != NULL && lf < text)
            lf = memchr(text, '\n', (size_t)(end - text));
        bool ended, tail = reader->after_cr && *text == '\n';
        size_t count = line_length(text, end, lf, &ended);
        int code = feed(reader, text, count);
        if (code != 0)
            return code;
        reader->after_cr = text[count - 1] == '\r';
        reader->line += ended && !tail;
        text += count;
    }
    return 0;
}

static int read_all(struct reader *reader, char *chunk)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t length = 0;
    bool first = ls_stream_begins(reader->input);
    for (;;) {
        int code = ls_stream_read(reader->input, chunk, &length, reader->error);
        if (code != 0) {
            ls_error_at(reader->error, reader->name, (long)reader->line, 0, NULL);
            return code;
        }
        if (length == 0)
            break;
        size_t skipped = first && length >= 3 && memcmp(chunk, mark, 3) == 0 ? 3 : 0;
        first = false;
        code = feed_chunk(reader, chunk + skipped, length - skipped);
        if (code != 0)
            return code;
    }
    if (csv_fini(&reader->parser, field_ended, row_ended, reader) != 0)
        return fail(reader, reader->row_line, LS_ERR_FORMAT,
                    "the file ends inside a quote that this row opens",
                    "close the quote, or fetch the rest of the file");
    return reader->code;
}

static int read_with(struct reader *reader)
{
    int code = 0;
    char *chunk = malloc(LS_STREAM_CHUNK);
    bool parsing = csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0;
    if (chunk == NULL || !parsing) {
        code = out_of_memory(reader);
        goto done;
    }
    code = read_all(reader, chunk);
done:
    if (parsing)
        csv_free(&reader->parser);
    free(chunk);
    free(reader->offsets);
    free(reader->fields);
    free(reader->bytes);
    return code;
}

int ls_csv_read(ls_stream *input, const char *name, ls_csv_row_fn *take, void *user, struct ls_error *error)
{
    struct reader reader = {
        .input = input, .name = name, .take = take, .user = user, .error = error, .line = 1};
    return read_with(&reader);
}

int ls_csv_read_lines(ls_stream *input, const char *name, ls_csv_row_fn *take, void *user,
                      struct ls_error *error)
{
    struct reader reader = {.input = input,
                            .name = name,
                            .take = take,
                            .user = user,
                            .error = error,
                            .line = 1,
                            .whole_lines = true};
    return read_with(&reader);
}
