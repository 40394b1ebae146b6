/*
 * Parts: what a finished unit leaves in PATH.partial/parts, a file each.
 *
 * A part holds its unit's digest, and either the unit's rows themselves (an *inline* part) or where the run's
 * tables have them (a *placed* one). It is written beside its name and renamed, and is not synced: it carries
 * a checksum over all that it holds, so that a torn one is no part.
 */
#ifndef LS_REPORT_PARTS_H
#define LS_REPORT_PARTS_H

#include "base/checksum.h"
#include "report/csv.h"

#include <loadscope/error.h>

#include <stdint.h>

/* Where a table has a unit's rows. */
struct ls_range {
    uint64_t offset, length;
    char sum[LS_CHECKSUM_SIZE];
};

/* Start it zeroed, end it with ls_part_release(). */
struct ls_part {
    struct ls_buffer digest, tables[LS_TABLES]; /* the digest for the summary, and rows not placed yet */
    bool placed;                                /* all rows are */
    struct ls_range range[LS_TABLES];           /* of those that are */
    ls_checksum *sums[LS_TABLES];               /* of the same, while rows are added; NULL: none placed */
};
void ls_part_release(struct ls_part *part);

/* True when memory ran out on filling it. */
bool ls_part_failed(const struct ls_part *part);

/* A folder of parts, borrowed. */
struct ls_parts {
    int folder;
    const char *shown;       /* in messages */
    const char *fingerprint; /* of the run */
};

int ls_part_write(const struct ls_parts *parts, size_t unit, const struct ls_part *part,
                  struct ls_error *error);

/* Reads a part back, its inline rows only if wanted, and checks all it holds. LS_ERR_IO: none is there;
 * LS_ERR_FORMAT: it is torn or of another run. */
int ls_part_read(const struct ls_parts *parts, size_t unit, bool rows, struct ls_part *out,
                 struct ls_error *error);

/* "a finished part is damaged", and what to do. */
int ls_part_damaged(const struct ls_parts *parts, size_t unit, struct ls_error *error);

void ls_part_remove(const struct ls_parts *parts, size_t unit);

#endif
