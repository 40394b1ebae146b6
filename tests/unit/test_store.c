/*
 * Stores: what was written is what is read, in whole and in part, by several threads; and no damage goes
 * unnoticed.
 */
#include "../support/folder.h"
#include "../support/support.h"

#include "report/record.h"

#include <loadscope/store.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define HALF_HOUR (30 * LS_MINUTE_S)
#define MARCH_30  INT64_C(1711756800) /* Saturday 2024-03-30T00:00Z; clocks in London change on the 31st */
#define THREADS   4
#define FOOTER    56 /* bytes of the seal's last part, its format version first */

struct fixture {
    char folder[64], path[128], other[128];
    struct ls_dataset *dataset;
    ls_store *store;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    snprintf(f->folder, sizeof f->folder, "/tmp/loadscope-store-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/a.nc", f->folder);
    snprintf(f->other, sizeof f->other, "%s/b.nc", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    ls_store_close(f->store);
    ls_dataset_destroy(f->dataset);
    folder_remove(f->folder);
    free(f);
    return 0;
}

static void assert_done(int code, const struct ls_error *error)
{
    char text[1200];
    if (code != 0)
        fail_msg("%s", ls_error_text(error, text, sizeof text));
}

static void write_and_open(struct fixture *f, const char *timezone, bool compress)
{
    struct ls_error error;
    const struct ls_store_options options = {.compress = compress, .timezone = timezone, .history = "a test"};
    assert_done(ls_store_write(f->dataset, f->path, &options, &error), &error);
    assert_done(ls_store_open(f->path, &f->store, &error), &error);
}

static void assert_same_number(double a, double b)
{
    assert_true((isnan(a) && isnan(b)) || a == b);
}

static void assert_same_names(const struct ls_dataset *a, const struct ls_dataset *b)
{
    assert_int_equal(a->n_cities, b->n_cities);
    assert_int_equal(a->n_customers, b->n_customers);
    assert_int_equal(a->quantum_mwh, b->quantum_mwh);
    assert_int_equal(a->slot_minutes, b->slot_minutes);
    assert_int_equal(a->one_offset, b->one_offset);
    assert_int_equal(a->offset_s, b->offset_s);
    assert_memory_equal(&a->quality, &b->quality, sizeof a->quality);
    for (size_t i = 0; i < a->n_cities; i++) {
        const struct ls_city *x = &a->cities[i], *y = &b->cities[i];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->first_customer, y->first_customer);
        assert_int_equal(x->n_customers, y->n_customers);
        assert_int_equal(x->n_factors, y->n_factors);
        for (size_t k = 0; k < x->n_factors; k++) {
            assert_int_equal(x->factor_minute[k], y->factor_minute[k]);
            assert_same_number(x->mef_g_per_kwh[k], y->mef_g_per_kwh[k]);
            assert_same_number(x->aef_g_per_kwh[k], y->aef_g_per_kwh[k]);
        }
    }
    for (size_t i = 0; i < a->n_customers; i++) {
        assert_string_equal(a->customers[i].id, b->customers[i].id);
        assert_int_equal(a->customers[i].city, b->customers[i].city);
        assert_same_number(a->customers[i].longitude_deg, b->customers[i].longitude_deg);
        assert_same_number(a->customers[i].latitude_deg, b->customers[i].latitude_deg);
    }
}

static void assert_same_readings(const struct ls_dataset *a, const struct ls_dataset *b)
{
    char x[LS_SHA256_SIZE], y[LS_SHA256_SIZE];
    assert_int_equal(a->n_readings, b->n_readings);
    for (size_t i = 0; i < a->n_customers; i++) {
        assert_int_equal(a->customers[i].first, b->customers[i].first);
        assert_int_equal(a->customers[i].n_readings, b->customers[i].n_readings);
    }
    assert_memory_equal(a->minute, b->minute, a->n_readings * sizeof *a->minute);
    assert_memory_equal(a->usage, b->usage, a->n_readings * sizeof *a->usage);
    ls_record_fingerprint(a, NULL, "", false, x);
    ls_record_fingerprint(b, NULL, "", false, y);
    assert_string_equal(x, y);
}

static void assert_loads_same(const struct fixture *f)
{
    struct ls_error error;
    struct ls_dataset *loaded = NULL;
    assert_done(ls_store_load(f->store, &loaded, &error), &error);
    assert_true(ls_dataset_check(loaded));
    assert_same_names(f->dataset, loaded);
    assert_same_readings(f->dataset, loaded);
    ls_dataset_destroy(loaded);
}

/* What a store must say of a customer's slot, looked up in the dataset. */
static int32_t reading_at(const struct ls_dataset *dataset, size_t customer, int32_t minute)
{
    const struct ls_customer *one = &dataset->customers[customer];
    size_t at = ls_dataset_seek(dataset, one, minute);
    if (at == one->first + one->n_readings || dataset->minute[at] != minute)
        return LS_NO_ROW;
    return dataset->usage[at] == LS_MISSING ? LS_UNKNOWN : dataset->usage[at];
}

/* Reads a block and holds it against the dataset; true when it has readings. */
static bool assert_block(const struct fixture *f, size_t city, size_t first, size_t n, int32_t minute,
                         int n_slots)
{
    struct ls_error error;
    bool any = false;
    const struct ls_city *in = &f->dataset->cities[city];
    int32_t *out = malloc((n * (size_t)n_slots + 1) * sizeof *out);
    assert_non_null(out);
    out[n * (size_t)n_slots] = 77;
    assert_done(ls_store_read(f->store, city, first, n, minute, n_slots, out, &error), &error);
    for (size_t i = 0; i < n; i++)
        for (int t = 0; t < n_slots; t++) {
            int32_t value = out[i * (size_t)n_slots + (size_t)t];
            assert_int_equal(value, reading_at(f->dataset, in->first_customer + first + i,
                                               minute + t * f->dataset->slot_minutes));
            any = any || value >= 0;
        }
    assert_int_equal(out[n * (size_t)n_slots], 77);
    free(out);
    return any;
}

static void sums_of_slots_are_those_of_the_readings(const struct fixture *f)
{
    for (size_t c = 0; c < f->dataset->n_cities; c++) {
        const struct ls_city *city = &f->dataset->cities[c];
        const struct ls_store_axis *axis = ls_store_axis(f->store, c);
        for (size_t t = 0; t < axis->n_slots; t++) {
            int64_t total = 0;
            uint32_t known = 0, rows = 0;
            for (size_t i = 0; i < city->n_customers; i++) {
                int32_t value = reading_at(f->dataset, city->first_customer + i,
                                           axis->first_minute + (int32_t)t * f->dataset->slot_minutes);
                total += value >= 0 ? value : 0;
                known += value >= 0;
                rows += value != LS_NO_ROW;
            }
            assert_true(axis->total_quanta[t] == total && axis->n_known[t] == known &&
                        axis->n_rows[t] == rows);
        }
    }
}

/* Two cities of different spans, one of them through a clock change; rows are missing, doubled, empty and
 * negative; coordinates are unknown. */
static struct ls_dataset *uneven(void)
{
    struct support_text csv = {0};
    struct ls_random random = ls_random_seed(5, "store", 0);
    support_add(&csv, "%s", SUPPORT_COLUMNS);
    for (int home = 0; home < 7; home++) {
        char id[32];
        bool north = home < 3;
        snprintf(id, sizeof id, "h%.*s%d", home, "0000000", home);
        for (int slot = north ? 20 : 96; slot < (north ? 230 : 110 + home); slot++) {
            uint64_t fate = ls_random_below(&random, 20);
            double kwh = (double)ls_random_below(&random, 2000) / 1000;
            int64_t instant = MARCH_30 + slot * HALF_HOUR;
            double mef = slot % 11 == 3 ? (double)NAN : 500.0 + slot;
            if (fate == 0)
                continue;
            support_row(&csv, north ? "S\xc3\xa3o / No. 1" : "s_o", id, instant, 0,
                        fate == 1   ? (double)NAN
                        : fate == 2 ? -kwh - 1
                                    : kwh,
                        mef, mef + 10);
            if (fate == 3)
                support_row(&csv, north ? "S\xc3\xa3o / No. 1" : "s_o", id, instant, 0, kwh, mef, mef + 10);
        }
    }
    struct ls_dataset *dataset = support_load(csv.bytes, 30, "Europe/London");
    free(csv.bytes);
    assert_true(dataset->quality.duplicates > 0 && dataset->quality.missing > 0 &&
                dataset->quality.negative > 0 && dataset->quality.gaps > 0 &&
                dataset->quality.slots_without_factor > 0);
    return dataset;
}

static void what_was_written_is_read(void **state)
{
    struct fixture *f = *state;
    f->dataset = uneven();
    for (int compress = 0; compress < 2; compress++) {
        write_and_open(f, "Europe/London", compress);
        assert_true(ls_store_is(f->path));
        assert_same_names(f->dataset, ls_store_head(f->store));
        assert_int_equal(ls_store_head(f->store)->n_readings, 0);
        assert_loads_same(f);
        sums_of_slots_are_those_of_the_readings(f);
        ls_store_close(f->store);
        f->store = NULL;
    }
}

/* Chunks keep the day of the first midnight, so after the clock change a local day lies in two of them. */
static void parts_are_read(void **state)
{
    struct fixture *f = *state;
    int seen = 0, unseen = 0;
    f->dataset = uneven();
    for (int compress = 0; compress < 2; compress++) {
        write_and_open(f, "Europe/London", compress);
        for (size_t c = 0; c < 2; c++) {
            const struct ls_store_axis *axis = ls_store_axis(f->store, c);
            size_t n = f->dataset->cities[c].n_customers;
            for (int from = -100; from < 400; from += 7)
                for (int slots = 1; slots < 120; slots += 46)
                    for (size_t first = 0; first < n; first += 2) {
                        int32_t minute = axis->first_minute + from * 30;
                        bool any = assert_block(f, c, first, first == 0 ? n : 1, minute, slots);
                        seen += any;
                        unseen += !any;
                    }
        }
        ls_store_close(f->store);
        f->store = NULL;
    }
    assert_true(seen > 100 && unseen > 100);
}

/* The axis begins at the local midnight: 18:30 of the day before in UTC for Kolkata. */
static void chunks_are_days_of_the_zone(void **state)
{
    struct fixture *f = *state;
    struct support_text csv = {0};
    support_add(&csv, "%s", SUPPORT_COLUMNS);
    for (int slot = 30; slot < 120; slot++)
        support_row(&csv, "X", "a", MARCH_30 - 330 * LS_MINUTE_S + slot * HALF_HOUR, 330 * LS_MINUTE_S, 1,
                    500, 600);
    f->dataset = support_load(csv.bytes, 30, "auto");
    free(csv.bytes);
    write_and_open(f, "auto", false);
    const struct ls_store_axis *axis = ls_store_axis(f->store, 0);
    assert_int_equal(axis->first_minute, (MARCH_30 - 330 * LS_MINUTE_S) / LS_MINUTE_S);
    assert_int_equal(axis->day_slots, 48);
    assert_int_equal(axis->n_slots, 3 * 48);
    assert_loads_same(f);
}

/* Factors that no reading has, before, after and between the slots of the axis, are not lost. */
static void factors_off_the_axis_are_kept(void **state)
{
    struct fixture *f = *state;
    struct support_text csv = {0}, factors = {0};
    char stamp[LS_STAMP_SIZE], path[128], factor_path[128];
    const char *paths[] = {path};
    struct ls_load_options options = {.slot_minutes = 30, .timezone = "auto", .factors_path = factor_path};
    struct ls_error error;
    support_add(&csv, "ca_id,date,city,value\n");
    support_add(&factors, "city,date,marginal_emissions_factor_grams_co2_per_kWh,"
                          "average_emissions_factor_grams_co2_per_kWh\n");
    for (int slot = 0; slot < 60; slot++)
        support_add(&csv, "a,%s,X,0.25\n", ls_stamp_format(MARCH_30 + slot * HALF_HOUR, 0, stamp));
    for (int quarter = -50; quarter < 250; quarter++)
        support_add(&factors, "X,%s,%d,%d.5\n", ls_stamp_format(MARCH_30 + quarter * HALF_HOUR / 2, 0, stamp),
                    500 + quarter, 600 + quarter);
    snprintf(path, sizeof path, "%s/r.csv", f->folder);
    snprintf(factor_path, sizeof factor_path, "%s/f.csv", f->folder);
    FILE *file = fopen(path, "w");
    fputs(csv.bytes, file);
    fclose(file);
    file = fopen(factor_path, "w");
    fputs(factors.bytes, file);
    fclose(file);
    free(csv.bytes);
    free(factors.bytes);
    assert_done(ls_dataset_load(paths, 1, &options, &f->dataset, &error), &error);
    assert_int_equal(f->dataset->cities[0].n_factors, 300);
    write_and_open(f, "auto", false);
    assert_loads_same(f);
}

static void the_checksum_is_of_the_content(void **state)
{
    struct fixture *f = *state;
    char first[64];
    f->dataset = uneven();
    write_and_open(f, "Europe/London", false);
    snprintf(first, sizeof first, "%s", ls_store_checksum(f->store));
    assert_int_equal(strlen(first), 32);
    ls_store_close(f->store);
    write_and_open(f, "Europe/London", true);
    assert_string_equal(ls_store_checksum(f->store), first);
    ls_store_close(f->store);
    int32_t *usage = (int32_t *)(uintptr_t)f->dataset->usage;
    size_t known = 0;
    while (usage[known] < 0)
        known++;
    usage[known]++;
    write_and_open(f, "Europe/London", false);
    assert_string_not_equal(ls_store_checksum(f->store), first);
}

/* ---- threads ---- */

struct reader {
    const struct fixture *f;
    uint64_t seed;
    int wrong;
};

static void *read_blocks(void *user)
{
    struct reader *reader = user;
    const struct ls_dataset *dataset = reader->f->dataset;
    struct ls_random random = ls_random_seed(reader->seed, "reader", 0);
    int32_t out[7 * 60];
    for (int i = 0; i < 300; i++) {
        size_t c = ls_random_below(&random, 2), n = dataset->cities[c].n_customers;
        size_t first = ls_random_below(&random, n), many = 1 + ls_random_below(&random, n - first);
        int n_slots = (int)ls_random_below(&random, 60) + 1;
        int32_t minute = ls_store_axis(reader->f->store, c)->first_minute +
                         ((int32_t)ls_random_below(&random, 200) - 20) * 30;
        reader->wrong += ls_store_read(reader->f->store, c, first, many, minute, n_slots, out, NULL) != 0;
        for (size_t k = 0; k < many; k++)
            for (int t = 0; t < n_slots; t++)
                reader->wrong +=
                    out[k * (size_t)n_slots + (size_t)t] !=
                    reading_at(dataset, dataset->cities[c].first_customer + first + k, minute + t * 30);
        if (i % 50 == 0) { /* NetCDF too, while others read */
            ls_store *again = NULL;
            reader->wrong += ls_store_open(reader->f->path, &again, NULL) != 0;
            ls_store_close(again);
        }
    }
    return NULL;
}

static void threads_read_at_once(void **state)
{
    struct fixture *f = *state;
    f->dataset = uneven();
    for (int compress = 0; compress < 2; compress++) {
        pthread_t threads[THREADS];
        struct reader readers[THREADS];
        write_and_open(f, "Europe/London", compress);
        for (size_t i = 0; i < THREADS; i++) {
            readers[i] = (struct reader){f, i, 0};
            assert_int_equal(pthread_create(&threads[i], NULL, read_blocks, &readers[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            assert_int_equal(readers[i].wrong, 0);
        }
        ls_store_close(f->store);
        f->store = NULL;
    }
}

/* ---- damage ---- */

static size_t read_bytes(const char *path, unsigned char **bytes)
{
    struct stat about;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &about) == 0);
    *bytes = malloc((size_t)about.st_size);
    assert_non_null(*bytes);
    assert_true(read(fd, *bytes, (size_t)about.st_size) == about.st_size);
    close(fd);
    return (size_t)about.st_size;
}

static void write_bytes(const char *path, const unsigned char *bytes, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && close(fd) == 0);
}

/* The code of opening and loading; the message when it is an error. */
static int try_load(const char *path, struct ls_error *error)
{
    ls_store *store = NULL;
    struct ls_dataset *dataset = NULL;
    int code = ls_store_open(path, &store, error);
    if (code == 0)
        code = ls_store_load(store, &dataset, error);
    ls_dataset_destroy(dataset);
    ls_store_close(store);
    return code;
}

static void assert_refused(const char *path, const char *words)
{
    struct ls_error error = {0};
    assert_int_equal(try_load(path, &error), LS_ERR_FORMAT);
    if (strstr(error.message, words) == NULL || strcmp(error.file, path) != 0)
        fail_msg("no '%s' in: %s (%s)", words, error.message, error.file);
    assert_true(error.remedy[0] != '\0');
}

static void damage_is_noticed(void **state)
{
    struct fixture *f = *state;
    unsigned char *bytes;
    struct ls_random random = ls_random_seed(3, "damage", 0);
    f->dataset = uneven();
    for (int compress = 0; compress < 2; compress++) {
        write_and_open(f, "Europe/London", compress);
        size_t n = read_bytes(f->path, &bytes);
        for (int i = 0; i < 400; i++) { /* a bit anywhere */
            size_t at = i < 100 ? (size_t)i * n / 100 : ls_random_below(&random, n);
            unsigned char kept = bytes[at];
            bytes[at] ^= (unsigned char)(1u << ls_random_below(&random, 8));
            write_bytes(f->other, bytes, n);
            bytes[at] = kept;
            struct ls_error error = {0};
            int code = try_load(f->other, &error);
            if (code != LS_ERR_FORMAT || error.message[0] == '\0')
                fail_msg("a bit flipped at %zu of %zu: %d", at, n, code);
        }
        for (int i = 0; i < 100; i++) { /* an end anywhere */
            size_t kept = i < 60 ? n - 1 - (size_t)i : (size_t)(i - 60) * n / 40;
            write_bytes(f->other, bytes, kept);
            struct ls_error error = {0};
            assert_int_equal(try_load(f->other, &error), LS_ERR_FORMAT);
        }
        free(bytes);
        ls_store_close(f->store);
        f->store = NULL;
    }
}

static void damaged_usage_is_named(void **state)
{
    struct fixture *f = *state;
    unsigned char *bytes;
    struct ls_error error;
    int32_t out[7 * 48];
    f->dataset = uneven();
    write_and_open(f, "Europe/London", false);
    const struct ls_store_axis *axis = ls_store_axis(f->store, 0);
    size_t n = read_bytes(f->path, &bytes), at = 0;
    assert_done(ls_store_read(f->store, 0, 0, 3, axis->first_minute + LS_DAY_MINUTES, 48, out, &error),
                &error);
    while (memcmp(bytes + at, out, 3 * 48 * sizeof *out) != 0)
        at++;
    ls_store_close(f->store);
    f->store = NULL;
    bytes[at + 100] ^= 1;
    write_bytes(f->other, bytes, n);
    free(bytes);
    assert_refused(f->other, "the usage of S\xc3\xa3o / No. 1 from 2024-03-31T00:00:00+00:00 on is damaged");
    assert_done(ls_store_open(f->other, &f->store, &error), &error);
    axis = ls_store_axis(f->store, 0);
    assert_done(ls_store_read(f->store, 0, 0, 3, axis->first_minute, 48, out, &error), &error);
    assert_int_equal(ls_store_read(f->store, 0, 0, 3, axis->first_minute + LS_DAY_MINUTES, 48, out, &error),
                     LS_ERR_FORMAT);
    assert_int_equal(ls_store_read(f->store, 0, 0, 3, axis->first_minute + 30, 48, out, &error),
                     LS_ERR_FORMAT);
}

static void other_files_are_refused(void **state)
{
    struct fixture *f = *state;
    unsigned char *bytes;
    struct ls_error error;
    f->dataset = uneven();
    write_and_open(f, "Europe/London", false);
    size_t n = read_bytes(f->path, &bytes);
    assert_int_equal(try_load("/nonexistent/x.nc", &error), LS_ERR_IO);
    assert_false(ls_store_is("/nonexistent/x.nc"));
    assert_false(ls_store_is(f->folder));
    write_bytes(f->other, (const unsigned char *)"ca_id,date\n", 11);
    assert_false(ls_store_is(f->other));
    assert_int_equal(try_load(f->other, &error), LS_ERR_FORMAT);
    write_bytes(f->other, bytes, n - FOOTER); /* what NetCDF takes for a whole file */
    assert_true(ls_store_is(f->other));
    assert_refused(f->other, "not a whole store of loadscope");
    bytes[n - FOOTER]++;
    write_bytes(f->other, bytes, n);
    assert_refused(f->other, "another version of loadscope, in format version 3");
    bytes[n - FOOTER] -= 2;
    write_bytes(f->other, bytes, n);
    assert_refused(f->other, "another version of loadscope, in format version 1");
    free(bytes);
}

/* ---- writing ---- */

static size_t count_entries(const struct fixture *f)
{
    char command[128];
    unsigned n = 0;
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", f->folder);
    FILE *list = popen(command, "r");
    assert_int_equal(fscanf(list, "%u", &n), 1);
    pclose(list);
    return n;
}

static void a_store_appears_whole_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    struct ls_error error;
    ls_store_writer *writer = NULL;
    struct ls_store_axis axes[2] = {{.first_minute = 0, .n_slots = 96, .day_slots = 48},
                                    {.first_minute = 0, .n_slots = 48, .day_slots = 48}};
    const struct ls_store_options options = {.timezone = "auto"};
    int32_t usage[7 * 48] = {0}, out[7 * 48];
    f->dataset = uneven();
    assert_done(ls_store_create(f->path, f->dataset, axes, &options, &writer, &error), &error);
    assert_done(ls_store_put(writer, 0, 1, usage, &error), &error);
    assert_false(ls_store_is(f->path));
    ls_store_abandon(writer);
    assert_int_equal(count_entries(f), 0);
    assert_done(ls_store_create(f->path, f->dataset, axes, &options, &writer, &error), &error);
    assert_done(ls_store_put(writer, 0, 1, usage, &error), &error);
    assert_done(ls_store_finish(writer, &f->dataset->quality, &error), &error);
    assert_int_equal(count_entries(f), 1);
    assert_done(ls_store_open(f->path, &f->store, &error), &error);
    assert_done(ls_store_read(f->store, 0, 0, 3, 0, 48, out, &error), &error); /* the day that was left out */
    for (size_t i = 0; i < 3 * 48; i++)
        assert_int_equal(out[i], LS_NO_ROW);
    assert_done(ls_store_read(f->store, 0, 0, 3, 48 * 30, 48, out, &error), &error);
    assert_memory_equal(out, usage, 3 * 48 * sizeof *out);
    ls_store_abandon(NULL);
    ls_store_close(NULL);
}

/* A limit on the size of files stands for a full disk. */
static void a_full_disk_is_told(void **state)
{
    struct fixture *f = *state;
    struct rlimit kept, small;
    struct ls_error error = {0};
    const struct ls_sample_options sample = {.customers = 300, .days = 20, .seed = 1};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &kept);
    small = kept;
    for (rlim_t most = 1000; most < 1100000; most = most * 5 / 2) {
        small.rlim_cur = most;
        setrlimit(RLIMIT_FSIZE, &small);
        int code = ls_sample_store(&sample, f->path, &error);
        setrlimit(RLIMIT_FSIZE, &kept);
        if (code != LS_ERR_IO || strstr(error.message, "File too large") == NULL)
            fail_msg("at %lu bytes: %d %s", (unsigned long)most, code, error.message);
        assert_int_equal(count_entries(f), 0);
    }
    signal(SIGXFSZ, handler);
    assert_done(ls_sample_store(&sample, f->path, &error), &error);
    assert_int_equal(ls_sample_store(&sample, "/nonexistent/x.nc", &error), LS_ERR_IO);
    assert_string_equal(error.file, "/nonexistent/x.nc");
}

/* ---- the sample ---- */

static bool append(void *user, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, user) == length;
}

static void the_sample_is_the_same_as_a_store(void **state)
{
    static const struct ls_sample_options samples[] = {{60, 14, 1}, {1, 30, 3}, {2, 1, 9}, {7, 3, 2022}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct ls_error error;
        FILE *file = fopen(f->other, "w");
        assert_done(ls_sample_write(&samples[i], append, file, &error), &error);
        fclose(file);
        f->dataset = support_load_file(f->other, 30, "auto");
        assert_done(ls_sample_store(&samples[i], f->path, &error), &error);
        assert_done(ls_store_open(f->path, &f->store, &error), &error);
        assert_loads_same(f);
        sums_of_slots_are_those_of_the_readings(f);
        ls_store_close(f->store);
        ls_dataset_destroy(f->dataset);
        f->store = NULL;
        f->dataset = NULL;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chunks_are_days_of_the_zone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(factors_off_the_axis_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_checksum_is_of_the_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_read_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_usage_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_appears_whole_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_sample_is_the_same_as_a_store, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
