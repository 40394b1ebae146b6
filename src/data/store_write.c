/* A dataset in memory to a store. Cost: one pass over the readings, a day of the largest city in memory. */
#include "data/grow.h"

#include <loadscope/store.h>

#include <stdlib.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory writing a store");
}

/* From the local midnight at or before the city's first reading, whole days of slots to its last. */
static int find_axis(const struct ls_dataset *dataset, const struct ls_city *city, const ls_zone *zone,
                     struct ls_store_axis *axis, struct ls_error *error)
{
    const int slot = dataset->slot_minutes;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = city->first_customer; i < city->first_customer + city->n_customers; i++) {
        const struct ls_customer *customer = &dataset->customers[i];
        int32_t begin = dataset->minute[customer->first];
        int32_t end = dataset->minute[customer->first + customer->n_readings - 1];
        first = begin < first ? begin : first;
        last = end > last ? end : last;
    }
    int64_t midnight =
        ls_zone_day_start(zone, ls_zone_date(zone, (int64_t)first * LS_MINUTE_S)) / LS_MINUTE_S;
    size_t n_slots = (size_t)(((int64_t)last - midnight) / slot) + 1, day = (size_t)(LS_DAY_MINUTES / slot);
    axis->first_minute = (int32_t)midnight;
    axis->day_slots = (int)day;
    axis->n_slots = (n_slots + day - 1) / day * day;
    for (size_t i = city->first_customer; i < city->first_customer + city->n_customers; i++) {
        const struct ls_customer *customer = &dataset->customers[i];
        for (size_t r = customer->first; r < customer->first + customer->n_readings; r++)
            if ((dataset->minute[r] - midnight) % slot != 0) {
                char stamp[LS_STAMP_SIZE];
                int64_t instant = (int64_t)dataset->minute[r] * LS_MINUTE_S;
                ls_error_set(error, LS_ERR_VALUE,
                             "%s has a reading at %s, which is no whole slots after the first "
                             "midnight",
                             customer->id, ls_stamp_format(instant, ls_zone_offset(zone, instant), stamp));
                return ls_error_remedy(error, "a store has one time grid: keep these readings as CSV");
            }
    }
    return 0;
}

/* Cuts chunk `day` of a city out of the readings; next[] is each customer's first reading not yet written. */
static bool cut_day(const struct ls_dataset *dataset, const struct ls_city *city,
                    const struct ls_store_axis *axis, size_t day, size_t *next, int32_t *out)
{
    const size_t slots = (size_t)axis->day_slots;
    const int64_t begin = axis->first_minute + (int64_t)(day * slots) * dataset->slot_minutes;
    const int64_t end = begin + (int64_t)slots * dataset->slot_minutes;
    bool any = false;
    for (size_t i = 0; i < city->n_customers; i++) {
        const struct ls_customer *customer = &dataset->customers[city->first_customer + i];
        int32_t *row = out + i * slots;
        for (size_t t = 0; t < slots; t++)
            row[t] = LS_NO_ROW;
        size_t at = next[i], stop = customer->first + customer->n_readings;
        for (; at < stop && dataset->minute[at] < end; at++)
            row[(dataset->minute[at] - begin) / dataset->slot_minutes] =
                dataset->usage[at] == LS_MISSING ? LS_UNKNOWN : dataset->usage[at];
        any = any || at > next[i];
        next[i] = at;
    }
    return any;
}

static int write_city(const struct ls_dataset *dataset, size_t index, const struct ls_store_axis *axis,
                      ls_store_writer *writer, struct ls_error *error)
{
    const struct ls_city *city = &dataset->cities[index];
    int code = 0;
    size_t *next = ls_new(city->n_customers, sizeof *next);
    int32_t *usage = ls_new(city->n_customers * (size_t)axis->day_slots, sizeof *usage);
    if (next == NULL || usage == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    for (size_t i = 0; i < city->n_customers; i++)
        next[i] = dataset->customers[city->first_customer + i].first;
    for (size_t day = 0; code == 0 && day < axis->n_slots / (size_t)axis->day_slots; day++)
        if (cut_day(dataset, city, axis, day, next, usage))
            code = ls_store_put(writer, index, day, usage, error);
done:
    free(next);
    free(usage);
    return code;
}

int ls_store_write(const struct ls_dataset *dataset, const char *path, const struct ls_store_options *options,
                   struct ls_error *error)
{
    ls_zone *zone = NULL;
    ls_store_writer *writer = NULL;
    struct ls_store_axis *axes = ls_new(dataset->n_cities, sizeof *axes);
    int code =
        axes != NULL ? ls_dataset_zone(dataset, options->timezone, &zone, error) : out_of_memory(error);
    for (size_t i = 0; code == 0 && i < dataset->n_cities; i++)
        code = find_axis(dataset, &dataset->cities[i], zone, &axes[i], error);
    if (code == 0)
        code = ls_store_create(path, dataset, axes, options, &writer, error);
    for (size_t i = 0; code == 0 && i < dataset->n_cities; i++)
        code = write_city(dataset, i, &axes[i], writer, error);
    if (code == 0)
        code = ls_store_finish(writer, &dataset->quality, error);
    else
        ls_store_abandon(writer);
    ls_zone_close(zone);
    free(axes);
    return code;
}
