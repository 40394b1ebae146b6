/* Units finished by several threads in any order: the table has their rows in the order of units. */
#include "../support/folder.h"
#include "../support/support.h"

#include "base/files.h"
#include "report/gather.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#define UNITS   60
#define DAYS    3
#define THREADS 6

static char fingerprint[] = "a run";

struct work {
    struct ls_gather gather;
    char root[64];
    int folder;
    atomic_size_t next;
    atomic_size_t stop_at; /* no unit from here on is begun */
};

static int make_work(void **state)
{
    struct work *work = calloc(1, sizeof *work);
    assert_non_null(work);
    snprintf(work->root, sizeof work->root, "/tmp/loadscope-gather-XXXXXX");
    assert_non_null(mkdtemp(work->root));
    work->folder = ls_folder_open(AT_FDCWD, work->root);
    assert_true(work->folder >= 0);
    *state = work;
    return 0;
}

static int remove_work(void **state)
{
    struct work *work = *state;
    close(work->folder);
    folder_remove(work->root);
    free(work);
    return 0;
}

static void open_gather(struct work *work, size_t waiting_most)
{
    struct ls_gather *gather = &work->gather;
    *gather = (struct ls_gather){
        .parts = {.folder = work->folder, .shown = work->root, .fingerprint = fingerprint}};
    ls_tables_init(&gather->tables, work->root);
    assert_int_equal(ls_tables_open(&gather->tables, work->folder, false, NULL), 0);
    assert_int_equal(ls_gather_open(gather, UNITS, NULL), 0);
    gather->waiting_most = waiting_most;
    assert_int_equal(ls_gather_adopt(gather, NULL), 0);
    assert_int_equal(ls_gather_stream(gather, NULL), 0);
}

/* Some units are quick, some slow. */
static void *finish_units(void *user)
{
    struct work *work = user;
    for (size_t unit; (unit = atomic_fetch_add(&work->next, 1)) < atomic_load(&work->stop_at);) {
        struct ls_random random = ls_random_seed(unit, "gather", 0);
        struct ls_part part = {0};
        if (ls_gather_has(&work->gather, unit))
            continue;
        for (int d = 0; d < DAYS; d++) {
            char row[40];
            for (uint64_t i = ls_random_below(&random, 40); i > 0; i--)
                sched_yield();
            snprintf(row, sizeof row, "%zu.%d\n", unit, d);
            ls_buffer_text(&part.tables[LS_TABLE_METRICS], row);
            assert_int_equal(ls_gather_rows(&work->gather, unit, &part, NULL), 0);
        }
        ls_buffer_text(&part.digest, "digest");
        assert_int_equal(ls_gather_put(&work->gather, unit, &part, NULL), 0);
    }
    return NULL;
}

static void work_together(struct work *work, size_t stop_at)
{
    pthread_t thread[THREADS];
    atomic_store(&work->next, 0);
    atomic_store(&work->stop_at, stop_at);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, finish_units, work), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
}

static void assert_all_rows(const struct work *work)
{
    struct support_text wanted = {0};
    char path[100];
    support_add(&wanted, "%s", ls_table_heading(LS_TABLE_METRICS));
    for (size_t unit = 0; unit < UNITS; unit++)
        for (int d = 0; d < DAYS; d++)
            support_add(&wanted, "%zu.%d\n", unit, d);
    snprintf(path, sizeof path, "%s/metrics.csv", work->root);
    char *found = support_read_gzip(path);
    assert_string_equal(found, wanted.bytes);
    free(found);
    free(wanted.bytes);
}

static void threads_do_not_change_the_order(void **state)
{
    static const size_t waiting_most[] = {0, 100, SIZE_MAX / 2}; /* bytes */
    struct work *work = *state;
    for (int round = 0; round < 30; round++) {
        open_gather(work, waiting_most[round % 3]);
        work_together(work, UNITS);
        assert_int_equal(work->gather.turn, UNITS);
        assert_int_equal(work->gather.waiting_bytes, 0);
        assert_all_rows(work);
        ls_gather_close(&work->gather);
        for (size_t unit = 0; unit < UNITS; unit++)
            ls_part_remove(&(struct ls_parts){.folder = work->folder}, unit);
        assert_int_equal(unlinkat(work->folder, "metrics.csv", 0), 0);
    }
}

/* The first unit is slow: all others wait, some in memory and some as inline parts. */
static void all_wait_for_the_first(void **state)
{
    static const size_t waiting_most[] = {0, 100, SIZE_MAX / 2};
    struct work *work = *state;
    for (int round = 0; round < 3; round++) {
        struct ls_part first = {0};
        open_gather(work, waiting_most[round]);
        atomic_store(&work->stop_at, UNITS);
        atomic_store(&work->next, 1);
        finish_units(work);
        assert_int_equal(work->gather.turn, 0);
        assert_in_range(work->gather.waiting_bytes, round == 0 ? 0 : 1, waiting_most[round]);
        ls_buffer_text(&first.digest, "digest");
        ls_buffer_text(&first.tables[LS_TABLE_METRICS], "0.0\n0.1\n0.2\n");
        assert_int_equal(ls_gather_put(&work->gather, 0, &first, NULL), 0);
        assert_int_equal(work->gather.turn, UNITS);
        assert_all_rows(work);
        ls_gather_close(&work->gather);
        for (size_t unit = 0; unit < UNITS; unit++)
            ls_part_remove(&(struct ls_parts){.folder = work->folder}, unit);
    }
}

/* What is saved of units that wait is gone on from, also when a unit in the midst is still to do. */
static void an_interruption_keeps_what_is_finished(void **state)
{
    struct work *work = *state;
    open_gather(work, SIZE_MAX / 2);
    atomic_store(&work->stop_at, 20);
    atomic_store(&work->next, 5);
    finish_units(work); /* 0 to 4 are not begun */
    assert_int_equal(ls_gather_save(&work->gather, NULL), 0);
    ls_gather_close(&work->gather);
    open_gather(work, 50);
    for (size_t unit = 0; unit < UNITS; unit++)
        assert_int_equal(ls_gather_has(&work->gather, unit), unit >= 5 && unit < 20);
    work_together(work, 10); /* which brings 5 to 19 their turn */
    assert_int_equal(work->gather.turn, 20);
    ls_gather_close(&work->gather);
    open_gather(work, 0);
    assert_int_equal(work->gather.turn, 20);
    work_together(work, UNITS);
    assert_all_rows(work);
    ls_gather_close(&work->gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_do_not_change_the_order, make_work, remove_work),
        cmocka_unit_test_setup_teardown(all_wait_for_the_first, make_work, remove_work),
        cmocka_unit_test_setup_teardown(an_interruption_keeps_what_is_finished, make_work, remove_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
