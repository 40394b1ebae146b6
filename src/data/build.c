/*
 * Loaded rows to a dataset in memory: order, time grid, duplicates, packing.
 *
 * Rows are sorted by a counting sort over customers and, only where a customer's rows are out of time order,
 * a sort of its own; all through an index, so that the rows stay where their lines are known. Cost: O(rows)
 * when in order.
 */
#include "data/build.h"

#include "base/decimal.h"
#include "data/grow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory sorting the readings");
}

/* Sorts one customer's stretch of the order by time; rows of one time stay in the order of their lines. */
static void sort_stretch(struct ls_build *b, size_t rank, uint64_t *keys)
{
    const struct ls_load_row *rows = b->load->rows;
    uint32_t *order = b->order + b->start[rank];
    size_t n = b->start[rank + 1] - b->start[rank], in_order = 1;
    while (in_order < n && rows[order[in_order - 1]].minute <= rows[order[in_order]].minute)
        in_order++;
    if (in_order >= n)
        return;
    for (size_t i = 0; i < n; i++)
        keys[i] = ls_build_key(rows[order[i]].minute, order[i]);
    qsort(keys, n, sizeof *keys, ls_build_compare_keys);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)keys[i];
}

static int order_rows(struct ls_build *b, struct ls_error *error)
{
    int code = 0;
    const struct ls_load *load = b->load;
    size_t n_customers = load->customers.count, longest = 0;
    uint64_t *keys = NULL;
    size_t *next = calloc(n_customers, sizeof *next);
    b->start = calloc(n_customers + 1, sizeof *b->start);
    b->order = ls_new(load->n_rows, sizeof *b->order);
    if (next == NULL || b->start == NULL || b->order == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    for (size_t i = 0; i < load->n_rows; i++)
        b->start[b->rank[load->rows[i].customer] + 1]++;
    for (size_t i = 0; i < n_customers; i++) {
        longest = b->start[i + 1] > longest ? b->start[i + 1] : longest;
        b->start[i + 1] += b->start[i];
        next[i] = b->start[i];
    }
    for (size_t i = 0; i < load->n_rows; i++)
        b->order[next[b->rank[load->rows[i].customer]]++] = (uint32_t)i;
    keys = ls_new(longest, sizeof *keys);
    if (keys == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    for (size_t i = 0; i < n_customers; i++)
        sort_stretch(b, i, keys);
done:
    free(keys);
    free(next);
    return code;
}

static void find_spacing(struct ls_build *b)
{
    const struct ls_load_row *rows = b->load->rows;
    int64_t least = 0;
    for (size_t rank = 0; rank < b->load->customers.count; rank++)
        for (size_t i = b->start[rank] + 1; i < b->start[rank + 1]; i++) {
            int64_t step = (int64_t)rows[b->order[i]].minute - rows[b->order[i - 1]].minute;
            if (step > 0 && (least == 0 || step < least)) {
                least = step;
                b->spacing_at = rows[b->order[i]].place;
            }
        }
    b->spacing = least < INT32_MAX ? (int32_t)least : INT32_MAX;
}

static bool divides_an_hour(int32_t minutes)
{
    return minutes > 0 && minutes <= 60 && 60 % minutes == 0;
}

static int check_grid(const struct ls_build *b, struct ls_error *error)
{
    char stamp[LS_STAMP_SIZE];
    int32_t minute, ignored;
    int slot = b->load->options->slot_minutes;
    uint64_t place = ls_build_off_grid(b, slot, &minute);
    if (place == 0)
        return 0;
    int64_t instant = (int64_t)minute * LS_MINUTE_S;
    int code = ls_error_set(error, LS_ERR_FORMAT, "%s is not at the start of a %d-minute slot",
                            ls_stamp_format(instant, ls_zone_offset(b->zone, instant), stamp), slot);
    if (divides_an_hour(b->spacing) && ls_build_off_grid(b, b->spacing, &ignored) == 0)
        ls_error_remedy(error, "the readings fit --set behaviour.slot_minutes=%d", b->spacing);
    else
        ls_error_remedy(error, "resample the readings to slots of %d minutes from local midnight on", slot);
    ls_place_blame(b->load, place, LS_COLUMN_DATE, error);
    return code;
}

static int check_spacing(const struct ls_build *b, struct ls_error *error)
{
    int slot = b->load->options->slot_minutes;
    if (b->spacing <= slot)
        return 0;
    int code = ls_error_set(error, LS_ERR_FORMAT, "readings are %d minutes apart, not %d", b->spacing, slot);
    if (divides_an_hour(b->spacing))
        ls_error_remedy(error, "--set behaviour.slot_minutes=%d", b->spacing);
    else
        ls_error_remedy(error, "resample the readings to slots of %d minutes", slot);
    ls_place_blame(b->load, b->spacing_at, LS_COLUMN_DATE, error);
    return code;
}

static const char *reading_text(int64_t reading, char out[LS_FIXED_SIZE])
{
    return reading == LS_READING_MISSING ? "missing" : ls_fixed_format(reading, out);
}

static int conflict(const struct ls_build *b, const struct ls_load_row *kept, const struct ls_load_row *other,
                    struct ls_error *error)
{
    char here[LS_FIXED_SIZE], there[LS_FIXED_SIZE], stamp[LS_STAMP_SIZE], where[300];
    int64_t instant = (int64_t)other->minute * LS_MINUTE_S;
    int code = ls_error_set(error, LS_ERR_FORMAT, "%s here, but %s%s, for %s at %s",
                            reading_text(other->reading, here), reading_text(kept->reading, there),
                            ls_place_text(b->load, kept->place, other->place, where, sizeof where),
                            ls_names_text(&b->load->customers, other->customer),
                            ls_stamp_format(instant, ls_zone_offset(b->zone, instant), stamp));
    ls_error_remedy(error, "a customer has one reading for a slot: remove one of the two rows");
    ls_place_blame(b->load, other->place, LS_COLUMN_VALUE, error);
    return code;
}

static void count_kept(struct ls_build *b, int64_t reading)
{
    if (reading == LS_READING_MISSING) {
        b->quality.missing++;
    } else if (reading < 0) {
        b->quality.negative++;
    } else {
        b->quality.readings++;
        b->largest = reading > b->largest ? reading : b->largest;
    }
}

/* Closes up the order over exact duplicates, and counts what is kept and the slots between. */
static int drop_duplicates(struct ls_build *b, struct ls_error *error)
{
    const struct ls_load_row *rows = b->load->rows;
    const int64_t slot = b->load->options->slot_minutes;
    size_t kept = 0, begin = 0;
    for (size_t rank = 0; rank < b->load->customers.count; rank++) {
        const struct ls_load_row *before = NULL;
        size_t end = b->start[rank + 1];
        for (size_t i = begin; i < end; i++) {
            const struct ls_load_row *row = &rows[b->order[i]];
            if (before != NULL && before->minute == row->minute) {
                if (before->reading != row->reading)
                    return conflict(b, before, row, error);
                b->quality.duplicates++;
                continue;
            }
            int64_t step = before != NULL ? (int64_t)row->minute - before->minute : 0;
            b->quality.gaps += step > slot ? (uint64_t)(step / slot - 1) : 0;
            count_kept(b, row->reading);
            b->order[kept++] = b->order[i];
            before = row;
        }
        begin = end;
        b->start[rank + 1] = kept;
    }
    return 0;
}

static int pack_readings(struct ls_build *b, struct ls_error *error)
{
    struct ls_dataset_storage *store = b->store;
    size_t n = b->start[b->load->customers.count];
    store->minute = ls_new(n, sizeof *store->minute);
    store->usage = ls_new(n, sizeof *store->usage);
    if (store->minute == NULL || store->usage == NULL)
        return out_of_memory(error);
    int32_t quantum = store->dataset.quantum_mwh;
    for (size_t i = 0; i < n; i++) {
        const struct ls_load_row *row = &b->load->rows[b->order[i]];
        bool exact = true;
        store->minute[i] = row->minute;
        store->usage[i] =
            row->reading < 0 /* or missing */
                ? LS_MISSING
                : (int32_t)ls_fixed_round(row->reading, (int64_t)quantum * LS_MWH_UNITS, &exact);
        b->quality.rounded += !exact;
    }
    store->dataset.n_readings = n;
    store->dataset.minute = store->minute;
    store->dataset.usage = store->usage;
    return 0;
}

/* Order and checks: everything that can be wrong with the rows together. */
static int arrange(struct ls_build *b, struct ls_error *error)
{
    int code = ls_build_begin(b, error);
    if (code == 0)
        code = order_rows(b, error);
    if (code != 0)
        return code;
    find_spacing(b);
    code = check_grid(b, error);
    if (code == 0)
        code = check_spacing(b, error);
    return code == 0 ? drop_duplicates(b, error) : code;
}

int ls_load_build(struct ls_load *load, struct ls_dataset **out, struct ls_error *error)
{
    struct ls_build b = {.load = load};
    int code = arrange(&b, error);
    if (code == 0)
        code = ls_build_head(&b, error);
    if (code == 0)
        code = pack_readings(&b, error);
    if (code == 0) {
        b.store->dataset.quality = b.quality;
        *out = &b.store->dataset;
        b.store = NULL;
    }
    ls_build_release(&b);
    return code;
}
