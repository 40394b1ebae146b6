#include "data/results.h"

#include "base/decimal.h"
#include "data/columns.h"
#include "data/grow.h"

#include <loadscope/calendar.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ABSENT SIZE_MAX

struct table {
    const char *file;
    const struct ls_result_column *columns;
    size_t n_columns;
    size_t n_fields; /* of the header; 0 before it is read */
    size_t *index;   /* [n_columns] field of each column, or ABSENT */
    struct ls_result_value *values;
    ls_result_row_fn *take;
    void *user;
};

static int read_header(struct table *table, const struct ls_csv_row *row, struct ls_error *error)
{
    char shown[LS_SHOWN_SIZE];
    for (size_t c = 0; c < table->n_columns; c++) {
        const char *name = table->columns[c].name;
        table->index[c] = ABSENT;
        for (size_t f = 0; f < row->n_fields; f++)
            if (strcmp(row->fields[f].text, name) == 0 && table->index[c] == ABSENT)
                table->index[c] = f;
        if (table->index[c] != ABSENT || table->columns[c].optional)
            continue;
        ls_error_set(error, LS_ERR_FORMAT, "no column '%s'; the first one is '%s'", name,
                     ls_shown(row->fields[0].text, row->fields[0].length, shown, sizeof shown));
        ls_error_remedy(error, "name the columns in the first line as `loadscope run` does");
        return ls_error_at(error, table->file, (long)row->line, 0, name);
    }
    table->n_fields = row->n_fields;
    return 0;
}

static int wrong_value(const struct table *table, size_t column, const struct ls_csv_row *row,
                       const char *what, const char *remedy, struct ls_error *error)
{
    char shown[LS_SHOWN_SIZE];
    const struct ls_csv_field *field = &row->fields[table->index[column]];
    ls_error_set(error, LS_ERR_FORMAT, "'%s' is no %s",
                 ls_shown(field->text, field->length, shown, sizeof shown), what);
    ls_error_remedy(error, "%s", remedy);
    return ls_error_at(error, table->file, (long)row->line, (int)table->index[column] + 1,
                       table->columns[column].name);
}

static int read_value(struct table *table, size_t column, const struct ls_csv_row *row,
                      struct ls_error *error)
{
    struct ls_result_value *value = &table->values[column];
    const struct ls_csv_field *field = &row->fields[table->index[column]];
    value->text = field->text;
    switch (table->columns[column].kind) {
    case LS_RESULT_TEXT:
        value->present = field->length > 0;
        if (ls_name_flaw(field->text, field->length) != NULL)
            return wrong_value(table, column, row, "text that a terminal may be shown",
                               "write it as UTF-8 without control characters", error);
        break;
    case LS_RESULT_NUMBER:
        value->present = !ls_decimal_absent(field->text, field->length);
        if (value->present && ls_decimal_parse(field->text, field->length, &value->number) != NULL)
            return wrong_value(table, column, row, "number", "write a decimal number, as 0.267", error);
        break;
    case LS_RESULT_INSTANT:
        value->present = true;
        if (ls_stamp_parse(field->text, field->length, &value->instant, &value->offset_s) != NULL)
            return wrong_value(table, column, row, "instant with its offset",
                               "write it as 2013-02-04T00:30:00+00:00", error);
        break;
    }
    return 0;
}

static int take_row(void *user, const struct ls_csv_row *row, uint64_t consumed, struct ls_error *error)
{
    struct table *table = user;
    (void)consumed;
    if (table->n_fields == 0)
        return read_header(table, row, error);
    if (row->n_fields != table->n_fields) {
        ls_error_set(error, LS_ERR_FORMAT, "%zu fields where the header has %zu", row->n_fields,
                     table->n_fields);
        ls_error_remedy(error, "the file may be cut short; write it anew");
        return ls_error_at(error, table->file, (long)row->line, 0, NULL);
    }
    for (size_t c = 0; c < table->n_columns; c++) {
        table->values[c] = (struct ls_result_value){.text = "", .number = NAN};
        int code = table->index[c] == ABSENT ? 0 : read_value(table, c, row, error);
        if (code != 0)
            return code;
    }
    struct ls_result_row typed = {table->file, (long)row->line, table->values};
    return table->take(table->user, &typed, error);
}

int ls_result_read(const char *path, const struct ls_result_column *columns, size_t n_columns,
                   ls_result_row_fn *take, void *user, struct ls_error *error)
{
    struct table table = {
        .file = path, .columns = columns, .n_columns = n_columns, .take = take, .user = user};
    ls_stream *input = NULL;
    table.index = ls_new(n_columns, sizeof *table.index);
    table.values = ls_new(n_columns, sizeof *table.values);
    int code = 0;
    if (table.index == NULL || table.values == NULL) {
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory reading results");
        goto done;
    }
    code = ls_stream_open(path, &input, error);
    if (code == 0)
        code = ls_csv_read(input, path, take_row, &table, error);
    if (code == 0 && table.n_fields == 0) {
        ls_error_set(error, LS_ERR_FORMAT, "the file is empty, without even a header");
        ls_error_remedy(error, "write it anew");
        code = ls_error_at(error, path, 0, 0, NULL);
    }
done:
    ls_stream_close(input);
    free(table.index);
    free(table.values);
    return code;
}

bool ls_result_find(const char *folder, const char *name, char out[LS_RESULT_PATH_SIZE])
{
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        int length = snprintf(out, LS_RESULT_PATH_SIZE, "%s/%s%s", folder, name, endings[i]);
        if (length > 0 && length < LS_RESULT_PATH_SIZE && access(out, F_OK) == 0)
            return true;
    }
    snprintf(out, LS_RESULT_PATH_SIZE, "%s/%s", folder, name);
    return false;
}
