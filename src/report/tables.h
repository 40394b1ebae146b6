/*
 * The tables of a result while they grow: files of PATH.partial/result, to which rows are added.
 *
 * One thread at a time adds rows. Tables belong to their caller, who ends them with ls_tables_close().
 */
#ifndef LS_REPORT_TABLES_H
#define LS_REPORT_TABLES_H

#include "report/parts.h"

struct ls_tables {
    int file[LS_TABLES];     /* -1: not open, or not wanted */
    uint64_t end[LS_TABLES]; /* of the rows that count; what is behind is cut off */
    const char *shown;       /* borrowed; in messages */
};

/* None open. */
void ls_tables_init(struct ls_tables *tables, const char *shown);
void ls_tables_close(struct ls_tables *tables);

/* Opens or makes the tables in `folder`. They end after their headings; a file without is begun anew. */
int ls_tables_open(struct ls_tables *tables, int folder, bool optimised, struct ls_error *error);

/* Opens what tables there are, to read. */
void ls_tables_open_left(struct ls_tables *tables, int folder);

/* Whether the tables have the rows of a placed part as they were written. Cost: reads them. */
bool ls_tables_hold(const struct ls_tables *tables, const struct ls_part *part);

/* If they have them where the tables end, ends the tables behind them. */
bool ls_tables_adopt(struct ls_tables *tables, const struct ls_part *part);

/* Cuts off what stands behind the end of each table. */
int ls_tables_cut(struct ls_tables *tables, struct ls_error *error);

/* Moves the part's rows so far to the end of the tables, and notes where they are. */
int ls_tables_add(struct ls_tables *tables, struct ls_part *part, struct ls_error *error);

/* Reads the rows of a placed part into it, which makes it an inline one. LS_ERR_FORMAT without details. */
int ls_tables_fetch(const struct ls_tables *tables, struct ls_part *part, struct ls_error *error);

/* Makes the tables durable. */
int ls_tables_sync(const struct ls_tables *tables, struct ls_error *error);

#endif
