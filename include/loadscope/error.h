/**
 * @file error.h
 * What went wrong, where, and what the user can do about it.
 *
 * A fallible function returns 0, or a negative `enum ls_code` after filling the `struct ls_error` it was
 * handed (which may be NULL). Outputs stay untouched on failure. An error owns no memory.
 */
#ifndef LOADSCOPE_ERROR_H
#define LOADSCOPE_ERROR_H

#include <stddef.h>

enum ls_code {
    LS_OK = 0,
    LS_ERR_MEMORY = -1,    /**< an allocation failed */
    LS_ERR_IO = -2,        /**< a file cannot be opened, read or written */
    LS_ERR_FORMAT = -3,    /**< a file's content is not what its format asks for */
    LS_ERR_VALUE = -4,     /**< a value is out of range or of the wrong type */
    LS_ERR_NAME = -5,      /**< an unknown key, city, day, customer or engine */
    LS_ERR_SOLVER = -6,    /**< the LP library gave up */
    LS_ERR_CANCELLED = -7, /**< the caller's cancel flag was raised */
    LS_ERR_USAGE = -8,     /**< a wrong command line */
};

struct ls_error {
    enum ls_code code;
    char message[400]; /**< what was found, one line, no full stop */
    char remedy[300];  /**< what to do about it, "" when there is nothing to say */
    char file[256];    /**< "" when no file is to blame */
    long line;         /**< from 1; 0 when unknown */
    int column;        /**< number of the field in its row, from 1; 0 when unknown */
    char field[64];    /**< name of the column or key, "" when unknown */
};

/** Fills @p error (NULL: nothing) with @p code and a printf-style message, clearing the rest. */
void ls_error_fill(struct ls_error *error, enum ls_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The same as an expression with the value of @p code, so that readers and compilers see that it is not 0.
 */
#define ls_error_set(error, code, ...) (ls_error_fill((error), (code), __VA_ARGS__), ls_error_value(code))
static inline int ls_error_value(enum ls_code code)
{
    return code;
}

/** Adds a printf-style remedy to an error already set; returns its code (LS_ERR_VALUE when @p error is NULL).
 */
int ls_error_remedy(struct ls_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Says where: @p file may be NULL, @p line and @p column 0, @p field NULL. Returns the error's code. */
int ls_error_at(struct ls_error *error, const char *file, long line, int column, const char *field);

/** Writes "file:line:column (field): message; remedy" into @p out, cut to @p size bytes; returns @p out. */
const char *ls_error_text(const struct ls_error *error, char *out, size_t size);

#endif
