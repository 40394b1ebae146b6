/* Strict parsing of whole strings, independent of the locale, and the distance between two names. */
#ifndef LS_BASE_TEXT_H
#define LS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole of `text` as a decimal integer; false when it is anything else or does not fit. */
bool ls_text_integer(const char *text, int64_t *out);

/* The whole of `text` as a finite decimal number (sign, digits, point, exponent; no hex, inf or nan). */
bool ls_text_real(const char *text, double *out);

/* What ls_real_write() makes of `value`, cut to `size` bytes with its NUL. Returns `out`. */
const char *ls_text_from_real(double value, char *out, size_t size);

/* Puts a question mark for each byte of `text` that a terminal would act on: control characters, those of two
 * bytes as well. */
void ls_text_disarm(char *text);

/* "a, b or c" of words that end with NULL, cut to `size` bytes with its NUL. Returns `out`. */
const char *ls_text_list(const char *const *words, char *out, size_t size);

/* Letters to insert, delete, change or swap to make `b` of `a`, at most 99. Cost: the product of their
 * lengths. */
size_t ls_text_distance(const char *a, const char *b);

#endif
