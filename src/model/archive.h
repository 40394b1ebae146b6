/* What the library itself asks of an archive besides city-days. */
#ifndef LS_MODEL_ARCHIVE_H
#define LS_MODEL_ARCHIVE_H

#include "model/readings.h"

#include <loadscope/archive.h>

/* An archive over any readings, which it takes over, also when it fails. LS_ERR_MEMORY. */
int ls_archive_of_readings(struct ls_readings *readings, ls_archive **out, struct ls_error *error);

#endif
