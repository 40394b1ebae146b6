/*
 * Loaded rows to a dataset: order, time grid, duplicates, quantum, packing.
 *
 * Rows are sorted by a counting sort over customers and, only where a customer's rows are out of time order,
 * a sort of its own; all through an index, so that the rows stay where their lines are known. Cost: O(rows)
 * when in order.
 */
#include "base/decimal.h"
#include "data/grow.h"
#include "data/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct named {
    const char *city, *id;
    uint32_t customer;
};

struct build {
    struct ls_load *load;
    struct named *named; /* [n_customers] sorted by city and id: position = rank */
    uint32_t *rank;      /* [n_customers] of a customer's number */
    size_t *start;       /* [n_customers + 1] rank's stretch of `order` */
    uint32_t *order;     /* [n_rows] rows by customer and time */
    ls_zone *zone;
    int32_t spacing;     /* smallest distance of a customer's rows [min]; 0: no customer has two */
    uint64_t spacing_at; /* where it was seen */
    int64_t largest;     /* reading, 1e-8 kWh */
    struct ls_quality quality;
    struct ls_dataset_storage *store;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory sorting the readings");
}

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int by_city = strcmp(x->city, y->city);
    return by_city != 0 ? by_city : strcmp(x->id, y->id);
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts by minute, then by row: bits that order like the signed minute above the row's number. */
static uint64_t key_of(int32_t minute, uint32_t row)
{
    return (uint64_t)((uint32_t)minute ^ UINT32_C(0x80000000)) << 32 | row;
}

static int rank_customers(struct build *b, struct ls_error *error)
{
    const struct ls_load *load = b->load;
    size_t n = load->customers.count;
    b->named = ls_new(n, sizeof *b->named);
    b->rank = ls_new(n, sizeof *b->rank);
    if (b->named == NULL || b->rank == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n; i++)
        b->named[i] = (struct named){ls_names_text(&load->cities, load->customers.names[i].group),
                                     ls_names_text(&load->customers, (uint32_t)i), (uint32_t)i};
    qsort(b->named, n, sizeof *b->named, compare_named);
    for (size_t i = 0; i < n; i++)
        b->rank[b->named[i].customer] = (uint32_t)i;
    return 0;
}

/* Sorts one customer's stretch of the order by time; rows of one time stay in the order of their lines. */
static void sort_stretch(struct build *b, size_t rank, uint64_t *keys)
{
    const struct ls_load_row *rows = b->load->rows;
    uint32_t *order = b->order + b->start[rank];
    size_t n = b->start[rank + 1] - b->start[rank], in_order = 1;
    while (in_order < n && rows[order[in_order - 1]].minute <= rows[order[in_order]].minute)
        in_order++;
    if (in_order >= n)
        return;
    for (size_t i = 0; i < n; i++)
        keys[i] = key_of(rows[order[i]].minute, order[i]);
    qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)keys[i];
}

static int order_rows(struct build *b, struct ls_error *error)
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

static void find_spacing(struct build *b)
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

static int mixed_offsets(const struct ls_load *load, struct ls_error *error)
{
    char first[LS_STAMP_SIZE], other[LS_STAMP_SIZE], where[300];
    const size_t date_and_time = strlen("2013-02-04T00:00:00");
    int code = ls_error_set(error, LS_ERR_FORMAT, "rows carry different UTC offsets: %s here, %s%s",
                            ls_stamp_format(0, load->other_offset_s, other) + date_and_time,
                            ls_stamp_format(0, load->offset_s, first) + date_and_time,
                            ls_place_text(load, load->offset_at, load->other_offset_at, where, sizeof where));
    ls_error_remedy(error, "name the time zone, as --set behaviour.timezone=Europe/London");
    ls_place_blame(load, load->other_offset_at, LS_COLUMN_DATE, error);
    return code;
}

/* The place of the first instant of readings that is not at a slot's start, or 0; that instant goes to
 * *minute. */
static uint64_t off_grid(const struct build *b, int slot_minutes, int32_t *minute)
{
    const struct ls_slots *slots = &b->load->slots;
    int64_t day = 0, next_day = 0;
    for (size_t i = 0; i < slots->count; i++) {
        const struct ls_slot *slot = &slots->slot[i];
        int64_t instant = (int64_t)slot->minute * LS_MINUTE_S;
        if (slot->read_at == 0)
            continue;
        if (instant < day || instant >= next_day) {
            int32_t date = ls_zone_date(b->zone, instant);
            day = ls_zone_day_start(b->zone, date);
            next_day = ls_zone_day_start(b->zone, date + 1);
        }
        if ((instant - day) % (slot_minutes * LS_MINUTE_S) != 0) {
            *minute = slot->minute;
            return slot->read_at;
        }
    }
    return 0;
}

static bool divides_an_hour(int32_t minutes)
{
    return minutes > 0 && minutes <= 60 && 60 % minutes == 0;
}

static int check_grid(const struct build *b, struct ls_error *error)
{
    char stamp[LS_STAMP_SIZE];
    int32_t minute, ignored;
    int slot = b->load->options->slot_minutes;
    uint64_t place = off_grid(b, slot, &minute);
    if (place == 0)
        return 0;
    int64_t instant = (int64_t)minute * LS_MINUTE_S;
    int code = ls_error_set(error, LS_ERR_FORMAT, "%s is not at the start of a %d-minute slot",
                            ls_stamp_format(instant, ls_zone_offset(b->zone, instant), stamp), slot);
    if (divides_an_hour(b->spacing) && off_grid(b, b->spacing, &ignored) == 0)
        ls_error_remedy(error, "the readings fit --set behaviour.slot_minutes=%d", b->spacing);
    else
        ls_error_remedy(error, "resample the readings to slots of %d minutes from local midnight on", slot);
    ls_place_blame(b->load, place, LS_COLUMN_DATE, error);
    return code;
}

static int check_spacing(const struct build *b, struct ls_error *error)
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

static int conflict(const struct build *b, const struct ls_load_row *kept, const struct ls_load_row *other,
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

static void count_kept(struct build *b, int64_t reading)
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
static int drop_duplicates(struct build *b, struct ls_error *error)
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

static int32_t choose_quantum(int64_t largest)
{
    int32_t quantum = 1;
    bool exact;
    while (quantum < LS_QUANTUM_MAX_MWH &&
           ls_fixed_round(largest, (int64_t)quantum * LS_MWH_UNITS, &exact) > INT32_MAX)
        quantum *= 10;
    return quantum;
}

static int pack_readings(struct build *b, struct ls_error *error)
{
    struct ls_dataset_storage *store = b->store;
    size_t n = b->start[b->load->customers.count];
    store->minute = ls_new(n, sizeof *store->minute);
    store->usage = ls_new(n, sizeof *store->usage);
    if (store->minute == NULL || store->usage == NULL)
        return out_of_memory(error);
    int32_t quantum = choose_quantum(b->largest);
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
    store->dataset.quantum_mwh = quantum;
    store->dataset.n_readings = n;
    store->dataset.minute = store->minute;
    store->dataset.usage = store->usage;
    return 0;
}

/* Cities that only the factor file knows have no customers and are left out. */
static int pack_customers(struct build *b, struct ls_error *error)
{
    struct ls_dataset_storage *store = b->store;
    const struct ls_load *load = b->load;
    size_t n = load->customers.count, n_cities = 0;
    store->customers = ls_new(n, sizeof *store->customers);
    store->cities = ls_new(n < load->cities.count ? n : load->cities.count, sizeof *store->cities);
    if (store->customers == NULL || store->cities == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n; i++) {
        const struct named *named = &b->named[i];
        const struct ls_load_home *home = &load->homes[named->customer];
        if (i == 0 || strcmp(b->named[i - 1].city, named->city) != 0)
            store->cities[n_cities++] = (struct ls_city){.name = named->city, .first_customer = i};
        store->cities[n_cities - 1].n_customers++;
        store->customers[i] =
            (struct ls_customer){named->id,          n_cities - 1, home->longitude_deg,
                                 home->latitude_deg, b->start[i],  b->start[i + 1] - b->start[i]};
    }
    store->dataset.n_customers = n;
    store->dataset.customers = store->customers;
    store->dataset.n_cities = n_cities;
    store->dataset.cities = store->cities;
    return 0;
}

static bool valid_pair(const struct ls_slot *slot)
{
    return !isnan(slot->g_per_kwh[LS_FACTOR_MARGINAL]) && !isnan(slot->g_per_kwh[LS_FACTOR_AVERAGE]);
}

struct slot_key {
    size_t city; /* index into the dataset's cities */
    uint64_t key;
};

static int compare_slots(const void *a, const void *b)
{
    const struct slot_key *x = a, *y = b;
    return x->city != y->city ? (x->city > y->city) - (x->city < y->city) : compare_keys(&x->key, &y->key);
}

/* Lists the valid pairs of the cities that have customers by city and time; returns their number. */
static size_t list_factors(const struct build *b, size_t *index_of_city, struct slot_key *keys)
{
    const struct ls_slots *slots = &b->load->slots;
    const struct ls_dataset *dataset = &b->store->dataset;
    size_t n = 0;
    for (size_t i = 0; i < b->load->cities.count; i++)
        index_of_city[i] = SIZE_MAX;
    for (size_t i = 0; i < dataset->n_cities; i++) {
        uint32_t customer = b->named[dataset->cities[i].first_customer].customer;
        index_of_city[b->load->customers.names[customer].group] = i;
    }
    for (size_t i = 0; i < slots->count; i++) {
        size_t city = index_of_city[slots->slot[i].city];
        if (city != SIZE_MAX && valid_pair(&slots->slot[i]))
            keys[n++] = (struct slot_key){city, key_of(slots->slot[i].minute, (uint32_t)i)};
    }
    qsort(keys, n, sizeof *keys, compare_slots);
    return n;
}

static int pack_factors(struct build *b, struct ls_error *error)
{
    int code = 0;
    const struct ls_slots *slots = &b->load->slots;
    struct ls_dataset_storage *store = b->store;
    struct slot_key *keys = ls_new(slots->count, sizeof *keys);
    size_t *index_of_city = ls_new(b->load->cities.count, sizeof *index_of_city);
    store->factor_minute = ls_new(slots->count, sizeof *store->factor_minute);
    store->mef_g_per_kwh = ls_new(slots->count, sizeof *store->mef_g_per_kwh);
    store->aef_g_per_kwh = ls_new(slots->count, sizeof *store->aef_g_per_kwh);
    if (keys == NULL || index_of_city == NULL || store->factor_minute == NULL ||
        store->mef_g_per_kwh == NULL || store->aef_g_per_kwh == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    size_t n = list_factors(b, index_of_city, keys);
    for (size_t i = 0; i < n; i++) {
        const struct ls_slot *slot = &slots->slot[(uint32_t)keys[i].key];
        struct ls_city *city = &store->cities[keys[i].city];
        store->factor_minute[i] = slot->minute;
        store->mef_g_per_kwh[i] = slot->g_per_kwh[LS_FACTOR_MARGINAL];
        store->aef_g_per_kwh[i] = slot->g_per_kwh[LS_FACTOR_AVERAGE];
        if (city->n_factors++ == 0) {
            city->factor_minute = store->factor_minute + i;
            city->mef_g_per_kwh = store->mef_g_per_kwh + i;
            city->aef_g_per_kwh = store->aef_g_per_kwh + i;
        }
    }
    for (size_t i = 0; i < slots->count; i++) {
        b->quality.slots += slots->slot[i].has_usage;
        b->quality.slots_without_factor += slots->slot[i].has_usage && !valid_pair(&slots->slot[i]);
    }
done:
    free(keys);
    free(index_of_city);
    return code;
}

/* Order and checks: everything that can be wrong with the rows together. */
static int arrange(struct build *b, struct ls_error *error)
{
    const struct ls_load *load = b->load;
    const char *timezone = load->options->timezone;
    bool by_zone = timezone != NULL && strcmp(timezone, "auto") != 0;
    if (load->other_offset_at != 0 && !by_zone)
        return mixed_offsets(load, error);
    int code = ls_zone_for(timezone, load->offset_s, &b->zone, error);
    if (code == 0)
        code = rank_customers(b, error);
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

static int pack(struct build *b, struct ls_error *error)
{
    struct ls_load *load = b->load;
    b->store = calloc(1, sizeof *b->store);
    if (b->store == NULL)
        return out_of_memory(error);
    int code = pack_customers(b, error);
    if (code == 0)
        code = pack_factors(b, error);
    if (code == 0)
        code = pack_readings(b, error);
    if (code != 0)
        return code;
    b->quality.rows = load->n_rows;
    b->quality.factor_rows = load->factor_rows;
    struct ls_dataset_storage *store = b->store;
    store->city_texts = load->cities.texts; /* names of cities and customers point into these */
    store->customer_texts = load->customers.texts;
    load->cities.texts = load->customers.texts = NULL;
    store->dataset.slot_minutes = load->options->slot_minutes;
    store->dataset.one_offset = load->other_offset_at == 0;
    store->dataset.offset_s = load->offset_s;
    store->dataset.quality = b->quality;
    store->dataset.owner = store;
    return 0;
}

int ls_load_build(struct ls_load *load, struct ls_dataset **out, struct ls_error *error)
{
    struct build b = {.load = load};
    int code = arrange(&b, error);
    if (code == 0)
        code = pack(&b, error);
    if (code == 0) {
        *out = &b.store->dataset;
        b.store = NULL;
    }
    ls_dataset_storage_free(b.store);
    ls_zone_close(b.zone);
    free(b.named);
    free(b.rank);
    free(b.start);
    free(b.order);
    return code;
}
