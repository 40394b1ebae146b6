/*
 * City-days as rows of metrics.csv, moves.csv and optimised.csv.
 *
 * Rows stand in the order in which customers were served, a customer's moves in the order in which they were
 * made. Numbers are the shortest text that reads back equal.
 */
#ifndef LS_REPORT_CSV_H
#define LS_REPORT_CSV_H

#include "base/buffer.h"

#include <loadscope/shift.h>

enum ls_table { LS_TABLE_METRICS, LS_TABLE_MOVES, LS_TABLE_OPTIMISED, LS_TABLES };

/* "metrics.csv", ... */
const char *ls_table_name(enum ls_table table);

/* The row of names, with its line end. */
const char *ls_table_heading(enum ls_table table);

/* Adds a text field, in quotes where CSV asks for them. */
void ls_csv_field(struct ls_buffer *buffer, const char *text);

/* Adds the answer's rows to each table; those of optimised.csv, one a known reading, only if `optimised`. */
void ls_table_add_day(struct ls_buffer tables[LS_TABLES], const struct ls_answer *answer, bool optimised);

#endif
