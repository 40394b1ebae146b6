#include "model/days.h"

#include <stdlib.h>

static int32_t day_start_minute(const ls_zone *zone, int32_t date)
{
    return (int32_t)(ls_zone_day_start(zone, date) / LS_MINUTE_S);
}

int ls_days_build(struct ls_days *days, const ls_zone *zone, int32_t first_minute, int32_t last_minute,
                  struct ls_error *error)
{
    int32_t first = ls_zone_date(zone, (int64_t)first_minute * LS_MINUTE_S);
    int32_t last = ls_zone_date(zone, (int64_t)last_minute * LS_MINUTE_S);
    size_t n = (size_t)(last - first) + 1;
    int32_t *starts = malloc((n + 1) * sizeof *starts);
    if (starts == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a calendar of %zu days", n);
    for (size_t i = 0; i <= n; i++)
        starts[i] = day_start_minute(zone, first + (int32_t)i);
    *days = (struct ls_days){.first_date = first, .n_days = n, .start_minute = starts};
    return 0;
}

void ls_days_release(struct ls_days *days)
{
    free(days->start_minute);
    *days = (struct ls_days){0};
}

int ls_day_slots(const ls_zone *zone, int32_t start, int32_t next, int slot_minutes, int *n_slots,
                 struct ls_error *error)
{
    if ((next - start) % slot_minutes != 0) {
        char date[LS_DATE_SIZE];
        ls_date_format(ls_zone_date(zone, (int64_t)start * LS_MINUTE_S), date);
        ls_error_set(error, LS_ERR_FORMAT, "%s has %d minutes in %s, not a whole number of %d-minute slots",
                     date, next - start, ls_zone_name(zone), slot_minutes);
        return ls_error_remedy(error, "give readings with shorter slots and set behaviour.slot_minutes");
    }
    *n_slots = (next - start) / slot_minutes;
    return 0;
}

void ls_day_clock(const ls_zone *zone, int32_t start, int slot_minutes, int n_slots, int *wall_minute,
                  int32_t *offset_s)
{
    for (int t = 0; t < n_slots; t++) {
        int64_t instant = ((int64_t)start + t * slot_minutes) * LS_MINUTE_S;
        int32_t offset = ls_zone_offset(zone, instant);
        int64_t local = (instant + offset) / LS_MINUTE_S % LS_DAY_MINUTES;
        wall_minute[t] = (int)(local < 0 ? local + LS_DAY_MINUTES : local);
        if (offset_s != NULL)
            offset_s[t] = offset;
    }
}
