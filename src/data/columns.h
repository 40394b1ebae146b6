/* The columns that are read, their spellings, and where a file has them. */
#ifndef LS_DATA_COLUMNS_H
#define LS_DATA_COLUMNS_H

#include "data/csv.h"

#include <stdbool.h>

#define LS_COLUMN_ABSENT (-1)

enum ls_column {
    LS_COLUMN_ID,
    LS_COLUMN_DATE,
    LS_COLUMN_CITY,
    LS_COLUMN_VALUE,
    LS_COLUMN_LONGITUDE,
    LS_COLUMN_LATITUDE,
    LS_COLUMN_MARGINAL,
    LS_COLUMN_AVERAGE,
    LS_COLUMN_COUNT
};

/* What a file must have. */
enum ls_columns_kind {
    LS_COLUMNS_READINGS,      /* readings with both factors */
    LS_COLUMNS_READINGS_ONLY, /* readings, with both factors or without */
    LS_COLUMNS_FACTORS        /* city, date, both factors */
};

struct ls_columns {
    size_t n_fields;            /* in the header, and so in every row; 0 before the header is read */
    int index[LS_COLUMN_COUNT]; /* number of the field from 0, or LS_COLUMN_ABSENT */
    const char *spelling[LS_COLUMN_COUNT]; /* as the header has it, or as we would; lives for ever */
};

/* Finds the columns in a header; LS_ERR_FORMAT says what is missing and what was found. */
int ls_columns_find(enum ls_columns_kind kind, const char *file, const struct ls_csv_row *header,
                    struct ls_columns *out, struct ls_error *error);

/* Cuts text to what fits a message, with escapes for what a terminal must not see. Returns `out`. */
const char *ls_shown(const char *text, size_t length, char *out, size_t size);

#define LS_SHOWN_SIZE 72

/* What makes a text unfit for a name on a screen, or NULL. Format characters are not seen, and may turn what
 * stands beside them; the joiners that scripts need are let through. */
const char *ls_name_flaw(const char *text, size_t length);

#endif
