#include "cli/meter.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

#define REFRESH_SECONDS 0.2
#define LINE_COLUMNS    78
#define MINUTE_S        60

void ls_meter_start(struct ls_meter *meter, bool json, bool quiet)
{
    *meter = (struct ls_meter){.shown = !quiet && (json || isatty(STDERR_FILENO)), .json = json};
}

static bool is_due(struct ls_meter *meter, bool always)
{
    double now = ls_clock_seconds();
    if (!meter->shown || (!always && now - meter->last < REFRESH_SECONDS))
        return false;
    meter->last = now;
    return true;
}

void ls_meter_reading(struct ls_meter *meter, uint64_t bytes, uint64_t bytes_in_all)
{
    if (meter->json || !is_due(meter, false))
        return;
    if (bytes_in_all > 0)
        fprintf(stderr, "\rreading %3.0f %%", 100.0 * (double)bytes / (double)bytes_in_all);
    else
        fprintf(stderr, "\rreading %.0f MB", (double)bytes / 1e6);
}

void ls_meter_writing(struct ls_meter *meter, uint64_t done, uint64_t in_all)
{
    if (!meter->json && is_due(meter, false))
        fprintf(stderr, "\rwriting %3.0f %%", 100.0 * (double)done / (double)in_all);
}

void ls_meter_surveying(struct ls_meter *meter, uint64_t homes, uint64_t homes_in_all)
{
    if (!meter->json && is_due(meter, false))
        fprintf(stderr, "\rlooking at homes %3.0f %%", 100.0 * (double)homes / (double)homes_in_all);
}

void ls_meter_solving(struct ls_meter *meter, const struct ls_run_progress *run)
{
    if (!is_due(meter, run->units_done == run->n_units))
        return;
    double seconds = ls_clock_seconds() - meter->started;
    double speed = seconds > 0 ? (double)run->home_days / seconds : 0;
    double left =
        run->work_done > 0 ? seconds * (double)(run->work - run->work_done) / (double)run->work_done : 0;
    if (meter->json)
        fprintf(stderr,
                "{\"city_weeks\":%zu,\"of\":%zu,\"household_days\":%llu,"
                "\"household_days_per_second\":%.1f,\"seconds_left\":%.1f}\n",
                run->units_done, run->n_units, (unsigned long long)run->home_days, speed, left);
    else
        fprintf(stderr, "\r%zu of %zu city-weeks, %.0f household-days/s, %ld:%02ld left   ", run->units_done,
                run->n_units, speed, (long)left / MINUTE_S, (long)left % MINUTE_S);
}

void ls_meter_points(struct ls_meter *meter, size_t done, size_t in_all)
{
    if (!is_due(meter, false))
        return;
    double left = (ls_clock_seconds() - meter->started) * (double)(in_all - done) / (double)done;
    fprintf(stderr, "\r%zu of %zu points, %ld:%02ld left   ", done, in_all, (long)left / MINUTE_S,
            (long)left % MINUTE_S);
}

void ls_meter_clear(const struct ls_meter *meter)
{
    if (meter->shown && !meter->json)
        fprintf(stderr, "\r%*s\r", LINE_COLUMNS, "");
}
