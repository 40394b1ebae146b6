/*
 * Rows of result files by the names of their columns: metrics.csv, moves.csv and optimised.csv of any
 * program.
 *
 * Further columns are passed over, and columns may stand in any order. Whatever cannot be a value of its
 * column is an error with line and column; what is a value but a wrong one is the caller's to judge.
 */
#ifndef LS_DATA_RESULTS_H
#define LS_DATA_RESULTS_H

#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ls_result_kind { LS_RESULT_TEXT, LS_RESULT_NUMBER, LS_RESULT_INSTANT };

struct ls_result_column {
    const char *name;
    enum ls_result_kind kind;
    bool optional; /* the reference results lack it */
};

struct ls_result_value {
    bool present;     /* the column is there and the field not empty, NaN, NA or null */
    const char *text; /* valid during the call; "" when the column is not there */
    double number;    /* NaN unless a number is present */
    int64_t instant;  /* [s] of an instant, which is never absent */
    int32_t offset_s; /* its UTC offset as written */
};

struct ls_result_row {
    const char *file;
    long line;
    const struct ls_result_value *values; /* in the order of the columns asked for */
};

/* Called for each row after the header; anything but 0 ends the reading and is returned. */
typedef int ls_result_row_fn(void *user, const struct ls_result_row *row, struct ls_error *error);

/* Reads a plain or gzip file. LS_ERR_IO, LS_ERR_FORMAT, LS_ERR_MEMORY, or what `take` returned. */
int ls_result_read(const char *path, const struct ls_result_column *columns, size_t n_columns,
                   ls_result_row_fn *take, void *user, struct ls_error *error);

#define LS_RESULT_PATH_SIZE 4096

/*
 * Writes the path of `name` in `folder` to `out`: of the file itself, or of `name`.gz where only that is
 * there. False when neither is (then of the file itself).
 */
bool ls_result_find(const char *folder, const char *name, char out[LS_RESULT_PATH_SIZE]);

#endif
