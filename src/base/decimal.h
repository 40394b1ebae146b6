/*
 * Decimal numbers as they stand in files: exact where they are counted, correctly rounded where they are not.
 *
 * Grammar of both parsers: blanks, sign, digits with at most one point, exponent, blanks. No hex, inf or nan.
 * Texts are NUL-terminated at text[length]. Independent of the locale.
 */
#ifndef LS_BASE_DECIMAL_H
#define LS_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LS_FIXED_ONE  INT64_C(100000000) /* fixed-point units in 1 */
#define LS_FIXED_SIZE 32                 /* bytes that hold any formatted fixed-point number with its NUL */

/*
 * Reads a number in units of 1e-8, magnitude at most 1e10. Finer digits are cut, but leave a trace: a last
 * digit of 0 or 5 becomes 1 or 6. So rounding the result to any coarser power of ten gives what rounding the
 * text would give, and an inexact number never looks exact. Returns NULL, or what is wrong with the text.
 */
const char *ls_fixed_parse(const char *text, size_t length, int64_t *units);

/* units / quantum to the nearest, halves away from zero; *exact is cleared when that loses something. */
int64_t ls_fixed_round(int64_t units, int64_t quantum, bool *exact);

/* The number without needless zeros: "0.267". Returns `out`. */
const char *ls_fixed_format(int64_t units, char out[LS_FIXED_SIZE]);

/* Reads the nearest double; it is finite. Returns NULL, or what is wrong with the text. */
const char *ls_decimal_parse(const char *text, size_t length, double *value);

/* True for the spellings of an absent number: blanks or nothing, NaN, NA, null in any letter case. */
bool ls_decimal_absent(const char *text, size_t length);

#endif
