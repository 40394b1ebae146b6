/*
 * Pieces of a store's chunks: whoever reads of a damaged piece is told, however little it is, and who reads
 * of others is not; and what is read across pieces is what was written.
 */
#include "../support/folder.h"
#include "../support/support.h"

#include "data/quality_rows.h"
#include "data/store_file.h"

#include <loadscope/quality.h>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#define CUSTOMERS   4000 /* of both cities */
#define DAYS        2
#define SLOTS       48
#define DAMAGED_DAY 1
#define READERS     4

struct fixture {
    char folder[64], path[128];
    struct ls_dataset *dataset; /* what the store holds */
    ls_store *store;
    size_t n, pieces; /* customers of the first city, and pieces of its chunks */
    int32_t first_minute;
};

static void assert_done(int code, const struct ls_error *error)
{
    char text[1200];
    if (code != 0)
        fail_msg("%s", ls_error_text(error, text, sizeof text));
}

static void reopen(struct fixture *f)
{
    struct ls_error error;
    ls_store_close(f->store);
    f->store = NULL;
    assert_done(ls_store_open(f->path, &f->store, &error), &error);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    const struct ls_sample_options sample = {.customers = CUSTOMERS, .days = DAYS, .seed = 1};
    struct ls_error error;
    assert_non_null(f);
    snprintf(f->folder, sizeof f->folder, "/tmp/loadscope-pieces-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/a.nc", f->folder);
    *state = f;
    assert_done(ls_sample_store(&sample, f->path, &error), &error);
    reopen(f);
    assert_done(ls_store_load(f->store, &f->dataset, &error), &error);
    f->n = f->dataset->cities[0].n_customers;
    f->pieces = ls_store_pieces(f->n);
    f->first_minute = ls_store_axis(f->store, 0)->first_minute;
    assert_true(f->pieces > 2 && f->n % LS_STORE_PIECE != 0);
    assert_int_equal(ls_store_axis(f->store, 0)->day_slots, SLOTS);
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

static size_t rows_of(const struct fixture *f, size_t piece)
{
    size_t left = f->n - piece * LS_STORE_PIECE;
    return left < LS_STORE_PIECE ? left : LS_STORE_PIECE;
}

static int32_t *new_rows(size_t n)
{
    int32_t *rows = malloc(n * SLOTS * sizeof *rows);
    assert_non_null(rows);
    return rows;
}

/* Of the first city, by day. */
static int read_rows(const struct fixture *f, size_t first, size_t n, size_t day, int32_t *out,
                     struct ls_error *error)
{
    return ls_store_read(f->store, 0, first, n, f->first_minute + (int32_t)day * LS_DAY_MINUTES, SLOTS, out,
                         error);
}

/* Flips a bit of the last reading of a piece of the damaged day, in the file; twice undoes it. */
static void flip(const struct fixture *f, size_t piece)
{
    unsigned char byte;
    const size_t values = (piece * LS_STORE_PIECE + rows_of(f, piece)) * SLOTS;
    const off_t at = (off_t)(f->store->seal.extents[DAMAGED_DAY].offset + (values - 1) * sizeof(int32_t));
    int fd = open(f->path, O_RDWR);
    assert_true(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= 1;
    assert_true(pwrite(fd, &byte, 1, at) == 1 && close(fd) == 0);
}

static void assert_refused(const struct fixture *f, int code, const struct ls_error *error)
{
    char words[200], stamp[LS_STAMP_SIZE];
    int64_t start = (int64_t)(f->first_minute + DAMAGED_DAY * LS_DAY_MINUTES) * LS_MINUTE_S;
    ls_stamp_format(start, f->dataset->offset_s, stamp);
    snprintf(words, sizeof words, "the usage of %s from %s on is damaged", f->dataset->cities[0].name, stamp);
    assert_int_equal(code, LS_ERR_FORMAT);
    if (strstr(error->message, words) == NULL)
        fail_msg("no '%s' in: %s", words, error->message);
    assert_string_equal(error->file, f->path);
    assert_non_null(strstr(error->remedy, "write the store again"));
}

/* Each reading is the first of a store just opened, and then one of a store that has read all that is sound.
 */
static void a_piece_tells_of_its_damage(void **state)
{
    struct fixture *f = *state;
    int32_t *out = new_rows(f->n);
    struct ls_error error;
    for (size_t damaged = 0; damaged < f->pieces; damaged++) {
        const size_t first = damaged * LS_STORE_PIECE, n = rows_of(f, damaged);
        flip(f, damaged);
        const struct {
            size_t first, n;
        } parts[] = {{first, n}, {first, 1}, {first + n - 1, 1}, {first + 1, n - 1}, {0, f->n}};
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            reopen(f);
            for (int again = 0; again < 2; again++) {
                int code = read_rows(f, parts[i].first, parts[i].n, DAMAGED_DAY, out, &error);
                assert_refused(f, code, &error);
                code = ls_store_read(f->store, 0, parts[i].first, parts[i].n,
                                     f->first_minute + DAMAGED_DAY * LS_DAY_MINUTES - 30, SLOTS, out, &error);
                assert_refused(f, code, &error); /* half an hour of the day before */
                assert_done(read_rows(f, 0, f->n, 1 - DAMAGED_DAY, out, &error), &error);
                for (size_t p = 0; p < f->pieces; p++)
                    if (p != damaged) {
                        size_t begin = p * LS_STORE_PIECE;
                        assert_done(read_rows(f, begin + 7, 1, DAMAGED_DAY, out, &error), &error);
                        assert_done(read_rows(f, begin, rows_of(f, p), DAMAGED_DAY, out, &error), &error);
                    }
            }
        }
        flip(f, damaged);
        reopen(f);
        assert_done(read_rows(f, 0, f->n, DAMAGED_DAY, out, &error), &error);
    }
    free(out);
}

/* What was found sound is not read again for one customer, but all is for a dataset in memory. */
static void loading_trusts_nothing(void **state)
{
    struct fixture *f = *state;
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    int32_t *out = new_rows(f->n);
    assert_done(read_rows(f, 0, f->n, DAMAGED_DAY, out, &error), &error);
    flip(f, 1);
    assert_done(read_rows(f, LS_STORE_PIECE, 1, DAMAGED_DAY, out, &error), &error);
    assert_refused(f, ls_store_load(f->store, &dataset, &error), &error);
    free(out);
}

/* A chunk that inflates well to what was not written: each piece of it is refused. */
static void a_compressed_chunk_is_checked_by_pieces(void **state)
{
    struct fixture *f = *state;
    const struct ls_store_options options = {.compress = true, .timezone = "auto"};
    struct ls_error error;
    int32_t *out = new_rows(f->n);
    assert_done(ls_store_write(f->dataset, f->path, &options, &error), &error);
    for (size_t damaged = 0; damaged < f->pieces; damaged++)
        for (size_t p = 0; p < f->pieces; p++) {
            reopen(f);
            f->store->cities[0].sums[DAMAGED_DAY * f->pieces + damaged] ^= 1;
            int code = read_rows(f, p * LS_STORE_PIECE, 1, DAMAGED_DAY, out, &error);
            assert_refused(f, code, &error);
            assert_done(read_rows(f, p * LS_STORE_PIECE, rows_of(f, p), 1 - DAMAGED_DAY, out, &error),
                        &error);
        }
    free(out);
}

/* ---- what is read ---- */

/* What a store must say of a customer's slot, looked up in the dataset. */
static int32_t reading_at(const struct ls_dataset *dataset, size_t customer, int32_t minute)
{
    const struct ls_customer *one = &dataset->customers[customer];
    size_t at = ls_dataset_seek(dataset, one, minute);
    if (at == one->first + one->n_readings || dataset->minute[at] != minute)
        return LS_NO_ROW;
    return dataset->usage[at] == LS_MISSING ? LS_UNKNOWN : dataset->usage[at];
}

static size_t count_wrong(const struct fixture *f, size_t first, size_t n, int32_t minute, int n_slots,
                          const int32_t *out)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++)
        for (int t = 0; t < n_slots; t++)
            wrong +=
                out[i * (size_t)n_slots + (size_t)t] != reading_at(f->dataset, first + i, minute + t * 30);
    return wrong;
}

/* Any rows and slots, of a store just opened and of one that has been read before. */
static void parts_across_pieces_are_read(void **state)
{
    struct fixture *f = *state;
    struct ls_random random = ls_random_seed(7, "pieces", 0);
    struct ls_error error;
    int32_t *out = new_rows(f->n);
    assert_int_equal(f->dataset->cities[0].first_customer, 0);
    for (int compress = 0; compress < 2; compress++) {
        const struct ls_store_options options = {.compress = compress, .timezone = "auto"};
        assert_done(ls_store_write(f->dataset, f->path, &options, &error), &error);
        for (int i = 0; i < 60; i++) {
            if (i == 0 || i % 3 != 0)
                reopen(f);
            size_t first = ls_random_below(&random, f->n), n = 1 + ls_random_below(&random, f->n - first);
            int n_slots = i % 4 == 0 ? SLOTS : 1 + (int)ls_random_below(&random, SLOTS);
            int32_t minute = f->first_minute;
            if (i % 4 != 0)
                minute += ((int32_t)ls_random_below(&random, DAYS * SLOTS) - 10) * 30;
            assert_done(ls_store_read(f->store, 0, first, n, minute, n_slots, out, &error), &error);
            assert_int_equal(count_wrong(f, first, n, minute, n_slots, out), 0);
        }
    }
    free(out);
}

/* ---- threads ---- */

struct reader {
    const struct fixture *f;
    size_t number, damaged;
    int32_t *out;
    int wrong;
};

/* All pieces of both days, each reader beginning with another one. */
static void *read_pieces(void *user)
{
    struct reader *reader = user;
    const struct fixture *f = reader->f;
    for (size_t i = 0; i < 3 * DAYS * f->pieces; i++) {
        size_t at = (i + reader->number) % (DAYS * f->pieces), piece = at / DAYS, day = at % DAYS;
        size_t first = piece * LS_STORE_PIECE, n = i % 3 == 2 ? 1 : rows_of(f, piece);
        int code = read_rows(f, first, n, day, reader->out, NULL);
        if (day == DAMAGED_DAY && piece == reader->damaged)
            reader->wrong += code != LS_ERR_FORMAT;
        else
            reader->wrong +=
                code != 0 || count_wrong(f, first, n, f->first_minute + (int32_t)day * LS_DAY_MINUTES, SLOTS,
                                         reader->out) != 0;
    }
    return NULL;
}

static void threads_read_different_pieces_at_once(void **state)
{
    struct fixture *f = *state;
    for (size_t damaged = 0; damaged <= f->pieces; damaged++) { /* at last none */
        pthread_t threads[READERS];
        struct reader readers[READERS];
        int wrong = 0;
        if (damaged < f->pieces)
            flip(f, damaged);
        reopen(f);
        for (size_t i = 0; i < READERS; i++) {
            readers[i] = (struct reader){f, i, damaged, new_rows(LS_STORE_PIECE), 0};
            assert_int_equal(pthread_create(&threads[i], NULL, read_pieces, &readers[i]), 0);
        }
        for (size_t i = 0; i < READERS; i++) {
            pthread_join(threads[i], NULL);
            free(readers[i].out);
            wrong += readers[i].wrong;
        }
        assert_int_equal(wrong, 0);
        if (damaged < f->pieces)
            flip(f, damaged);
    }
}

static void assert_same_home(const struct ls_dataset *a, const struct ls_customer *of_a,
                             const struct ls_dataset *b, const struct ls_customer *of_b)
{
    size_t bytes = of_a->n_readings * sizeof *a->usage;
    assert_string_equal(of_a->id, of_b->id);
    assert_int_equal(of_a->n_readings, of_b->n_readings);
    assert_memory_equal(a->minute + of_a->first, b->minute + of_b->first, bytes);
    assert_memory_equal(a->usage + of_a->first, b->usage + of_b->first, bytes);
}

static void a_survey_reads_homes_piece_by_piece(void **state)
{
    struct fixture *f = *state;
    struct ls_survey_rows rows = {0};
    struct ls_error error;
    size_t taken = 0;
    assert_done(ls_survey_rows_open(&rows, ls_store_head(f->store), f->store, 1, &error), &error);
    for (size_t c = 0; c < f->dataset->n_cities; c++) {
        const struct ls_city *city = &f->dataset->cities[c];
        for (size_t first = 0, n; first < city->n_customers; first += n, taken += n) {
            assert_done(ls_survey_rows_take(&rows, c, first, &n, &error), &error);
            assert_true(n == LS_STORE_PIECE || first + n == city->n_customers);
            for (size_t i = 0; i < n; i++)
                assert_same_home(&rows.window, &rows.window.customers[i], f->dataset,
                                 &f->dataset->customers[city->first_customer + first + i]);
        }
    }
    assert_int_equal(taken, CUSTOMERS);
    ls_survey_rows_close(&rows);
}

static bool refuse_the_second(void *user, uint64_t homes, uint64_t homes_in_all)
{
    uint64_t *seen = user;
    *seen = homes;
    assert_int_equal(homes_in_all, CUSTOMERS);
    return homes > 0;
}

static void a_store_is_surveyed_as_its_dataset(void **state)
{
    struct fixture *f = *state;
    struct ls_survey *of_dataset, *of_store;
    struct ls_error error;
    ls_zone *zone;
    uint64_t homes = 0;
    assert_done(ls_dataset_zone(f->dataset, "auto", &zone, &error), &error);
    assert_done(ls_survey_create(f->dataset, zone, &of_dataset, &error), &error);
    assert_done(ls_survey_of_store(f->store, zone, NULL, NULL, &of_store, &error), &error);
    assert_true(of_dataset->n_doubts > 0);
    assert_int_equal(of_store->n_doubts, of_dataset->n_doubts);
    for (size_t i = 0; i < of_store->n_doubts; i++) {
        const struct ls_doubt *a = &of_store->doubts[i], *b = &of_dataset->doubts[i];
        assert_true(a->kind == b->kind && a->city == b->city && a->n_homes == b->n_homes);
        assert_true(a->count == b->count && a->n_worst == b->n_worst);
        assert_true(a->first_minute == b->first_minute && a->last_minute == b->last_minute);
        for (size_t w = 0; w < a->n_worst; w++)
            assert_true(a->worst[w].customer == b->worst[w].customer &&
                        a->worst[w].count == b->worst[w].count);
    }
    assert_int_equal(of_store->first_minute, of_dataset->first_minute);
    assert_int_equal(of_store->last_minute, of_dataset->last_minute);
    assert_int_equal(of_store->cities[0].readings, of_dataset->cities[0].readings);
    ls_survey_destroy(of_store);
    int code = ls_survey_of_store(f->store, zone, refuse_the_second, &homes, &of_store, &error);
    assert_int_equal(code, LS_ERR_CANCELLED);
    assert_int_equal(homes, f->n);
    flip(f, 1);
    reopen(f);
    code = ls_survey_of_store(f->store, zone, NULL, NULL, &of_store, &error);
    assert_refused(f, code, &error);
    ls_survey_destroy(of_dataset);
    ls_zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_piece_tells_of_its_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(loading_trusts_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_compressed_chunk_is_checked_by_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_across_pieces_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_read_different_pieces_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_survey_reads_homes_piece_by_piece, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_is_surveyed_as_its_dataset, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
