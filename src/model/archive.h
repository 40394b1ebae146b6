/* What the library itself asks of an archive besides city-days. */
#ifndef LS_MODEL_ARCHIVE_H
#define LS_MODEL_ARCHIVE_H

#include "model/floors.h"

#include <loadscope/archive.h>

/* An archive over any readings, which it takes over, also when it fails. LS_ERR_MEMORY. */
int ls_archive_of_readings(struct ls_readings *readings, ls_archive **out, struct ls_error *error);

/* The groups of `customer` (an index of the head's) on days like `date`, by hour: [LS_HOURS_A_DAY]. Errors of
 * ls_archive_cut().
 */
int ls_archive_floor_groups(const ls_archive *archive, const struct ls_policy *policy, size_t customer,
                            int32_t date, const struct ls_floor_groups *groups, struct ls_error *error);

#endif
