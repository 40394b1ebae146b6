/* How far reading and solving have come, on standard error. */
#ifndef LS_CLI_METER_H
#define LS_CLI_METER_H

#include <loadscope/run.h>

struct ls_meter {
    bool shown, json;
    double started, last; /* s; `started` is the caller's to set when solving begins */
};

/* Shows itself when standard error is a terminal, or as JSON wherever that goes; never when quiet. */
void ls_meter_start(struct ls_meter *meter, bool json, bool quiet);

/* `bytes_in_all` 0: not known. */
void ls_meter_reading(struct ls_meter *meter, uint64_t bytes, uint64_t bytes_in_all);
void ls_meter_writing(struct ls_meter *meter, uint64_t done, uint64_t in_all);
void ls_meter_surveying(struct ls_meter *meter, uint64_t homes, uint64_t homes_in_all);
void ls_meter_solving(struct ls_meter *meter, const struct ls_run_progress *run);
/* Points of a sweep, since `started`. */
void ls_meter_points(struct ls_meter *meter, size_t done, size_t in_all);

/* Takes the line away. */
void ls_meter_clear(const struct ls_meter *meter);

#endif
