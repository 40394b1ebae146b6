#include "model/readings.h"

#include "base/arena.h"

#include <stdlib.h>

struct of_dataset {
    const struct ls_dataset *dataset;
    struct ls_arena arena;
    struct ls_store_axis *axes; /* [n_cities] */
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for an archive");
}

static const struct ls_store_axis *dataset_axis(const void *beneath, size_t city)
{
    const struct of_dataset *of = beneath;
    return &of->axes[city];
}

static int off_grid(const struct ls_dataset *head, const ls_zone *zone, int32_t minute,
                    struct ls_error *error)
{
    char stamp[LS_STAMP_SIZE];
    int64_t instant = (int64_t)minute * LS_MINUTE_S;
    ls_stamp_format(instant, zone != NULL ? ls_zone_offset(zone, instant) : head->offset_s, stamp);
    ls_error_set(error, LS_ERR_FORMAT, "there is a reading at %s, which starts no %d-minute slot of %s",
                 stamp, head->slot_minutes, zone != NULL ? ls_zone_name(zone) : "its day");
    return ls_error_remedy(error, "set behaviour.slot_minutes and behaviour.timezone to the readings' own");
}

size_t ls_readings_block(const struct ls_readings *readings, size_t city)
{
    return readings->whole_days ? readings->head->cities[city].n_customers : LS_STORE_PIECE;
}

int ls_readings_on_grid(const struct ls_readings *readings, size_t city, const ls_zone *zone, int32_t minute,
                        struct ls_error *error)
{
    int32_t first = readings->axis(readings->beneath, city)->first_minute;
    return (minute - first) % readings->head->slot_minutes == 0
               ? 0
               : off_grid(readings->head, zone, first, error);
}

static int dataset_read(const void *beneath, size_t city, size_t first_customer, size_t n_customers,
                        int32_t minute, int n_slots, int32_t *out, struct ls_error *error)
{
    const struct of_dataset *of = beneath;
    const struct ls_dataset *dataset = of->dataset;
    const struct ls_city *where = &dataset->cities[city];
    int32_t next = minute + n_slots * dataset->slot_minutes;
    for (size_t c = 0; c < n_customers; c++, out += n_slots) {
        const struct ls_customer *customer = &dataset->customers[where->first_customer + first_customer + c];
        size_t end = customer->first + customer->n_readings;
        for (int t = 0; t < n_slots; t++)
            out[t] = LS_NO_ROW;
        for (size_t i = ls_dataset_seek(dataset, customer, minute); i < end && dataset->minute[i] < next;
             i++) {
            int32_t since = dataset->minute[i] - minute;
            if (since % dataset->slot_minutes != 0)
                return off_grid(dataset, NULL, dataset->minute[i], error);
            out[since / dataset->slot_minutes] =
                dataset->usage[i] == LS_MISSING ? LS_UNKNOWN : dataset->usage[i];
        }
    }
    return 0;
}

static void dataset_close(void *beneath)
{
    struct of_dataset *of = beneath;
    ls_arena_release(&of->arena);
    free(of);
}

static void span_of(const struct ls_dataset *dataset, const struct ls_city *city, struct ls_store_axis *axis)
{
    int32_t first = 0, last = 0;
    bool any = false;
    for (size_t c = 0; c < city->n_customers; c++) {
        const struct ls_customer *customer = &dataset->customers[city->first_customer + c];
        if (customer->n_readings == 0)
            continue;
        int32_t from = dataset->minute[customer->first];
        int32_t to = dataset->minute[customer->first + customer->n_readings - 1];
        first = any && first < from ? first : from;
        last = any && last > to ? last : to;
        any = true;
    }
    axis->first_minute = first;
    axis->day_slots = LS_DAY_MINUTES / dataset->slot_minutes;
    axis->n_slots = any ? (size_t)((last - first) / dataset->slot_minutes) + 1 : 0;
}

static int fill_axis(const struct ls_dataset *dataset, const struct ls_city *city, struct ls_arena *arena,
                     struct ls_store_axis *axis, struct ls_error *error)
{
    span_of(dataset, city, axis);
    int64_t *total_quanta = ls_arena_array(arena, axis->n_slots, sizeof *total_quanta);
    uint32_t *n_known = ls_arena_array(arena, axis->n_slots, sizeof *n_known);
    uint32_t *n_rows = ls_arena_array(arena, axis->n_slots, sizeof *n_rows);
    if (total_quanta == NULL || n_known == NULL || n_rows == NULL)
        return out_of_memory(error);
    axis->total_quanta = total_quanta;
    axis->n_known = n_known;
    axis->n_rows = n_rows;
    for (size_t c = 0; c < city->n_customers; c++) {
        const struct ls_customer *customer = &dataset->customers[city->first_customer + c];
        for (size_t i = customer->first; i < customer->first + customer->n_readings; i++) {
            size_t t = (size_t)((dataset->minute[i] - axis->first_minute) / dataset->slot_minutes);
            n_rows[t]++;
            if (dataset->usage[i] == LS_MISSING)
                continue;
            n_known[t]++;
            total_quanta[t] += dataset->usage[i];
        }
    }
    return 0;
}

int ls_readings_of_dataset(const struct ls_dataset *dataset, struct ls_readings *out, struct ls_error *error)
{
    struct of_dataset *of = calloc(1, sizeof *of);
    if (of == NULL)
        return out_of_memory(error);
    of->dataset = dataset;
    of->axes = ls_arena_array(&of->arena, dataset->n_cities, sizeof *of->axes);
    int status = of->axes == NULL ? out_of_memory(error) : 0;
    for (size_t c = 0; status == 0 && c < dataset->n_cities; c++)
        status = fill_axis(dataset, &dataset->cities[c], &of->arena, &of->axes[c], error);
    if (status != 0) {
        dataset_close(of);
        return status;
    }
    *out = (struct ls_readings){
        .beneath = of, .head = dataset, .axis = dataset_axis, .read = dataset_read, .close = dataset_close};
    return 0;
}

void ls_readings_close(struct ls_readings *readings)
{
    if (readings->close != NULL)
        readings->close(readings->beneath);
    *readings = (struct ls_readings){0};
}
