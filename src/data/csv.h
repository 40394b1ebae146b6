/*
 * Rows of CSV text with the physical line each began on: the seam around libcsv.
 *
 * RFC 4180 with quotes taken strictly. A UTF-8 byte order mark and blank lines are skipped; lines may end in
 * LF, CRLF or CR. NUL bytes, rows beyond 1 MiB and quotes that never end are errors.
 */
#ifndef LS_DATA_CSV_H
#define LS_DATA_CSV_H

#include "data/stream.h"

#include <stddef.h>
#include <stdint.h>

struct ls_csv_field {
    const char *text; /* NUL-terminated; blanks around unquoted text are gone */
    size_t length;
};

struct ls_csv_row {
    uint64_t line; /* physical line of its start, from 1 */
    size_t n_fields;
    const struct ls_csv_field *fields; /* valid during the call */
};

/*
 * Called for each row, the header being the first; 0 goes on, anything else ends the reading and is returned.
 * `consumed` is the number of the file's bytes taken so far.
 */
typedef int ls_csv_row_fn(void *user, const struct ls_csv_row *row, uint64_t consumed,
                          struct ls_error *error);

/* Reads all rows. Errors name `name` and the line: LS_ERR_FORMAT, LS_ERR_IO, LS_ERR_MEMORY, or what `take`
 * returned. */
int ls_csv_read(ls_stream *input, const char *name, ls_csv_row_fn *take, void *user, struct ls_error *error);

/*
 * The same for some lines of a file, counted from 1, of which each is a row because no field holds a line
 * end: ends with LS_CSV_QUOTED, and fills no error, at a quote, since that may hold one.
 */
#define LS_CSV_QUOTED 1
int ls_csv_read_lines(ls_stream *input, const char *name, ls_csv_row_fn *take, void *user,
                      struct ls_error *error);

#endif
