/* Work by several threads: every piece once, stage after stage, also where stages are empty or threads are
 * many; and memory that was asked for keeps what is in it. */
#include "../support/support.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <stdatomic.h>

#define STAGES 5
#define PIECES 100

struct counts {
    atomic_int of[STAGES][PIECES], done[STAGES], early;
};

static const size_t sizes[STAGES] = {PIECES, 0, 1, 3, PIECES};

static void count(struct counts *counts, int stage, size_t i)
{
    for (int before = 0; before < stage; before++)
        if (atomic_load(&counts->done[before]) < (int)sizes[before])
            atomic_fetch_add(&counts->early, 1);
    atomic_fetch_add(&counts->of[stage][i], 1);
    atomic_fetch_add(&counts->done[stage], 1);
}

static void first(void *user, size_t i)
{
    count(user, 0, i);
}

static void empty(void *user, size_t i)
{
    count(user, 1, i);
}

static void single(void *user, size_t i)
{
    count(user, 2, i);
}

static void few(void *user, size_t i)
{
    count(user, 3, i);
}

static void last(void *user, size_t i)
{
    count(user, 4, i);
}

static void stages_follow_one_another(void **state)
{
    (void)state;
    const struct ls_stage stages[STAGES] = {
        {sizes[0], first}, {sizes[1], empty}, {sizes[2], single}, {sizes[3], few}, {sizes[4], last}};
    for (int threads = 1; threads <= LS_ALL_PROCESSORS; threads *= 2) {
        static struct counts counts;
        memset(&counts, 0, sizeof counts);
        ls_parallel_stages(stages, STAGES, threads, &counts);
        assert_int_equal(counts.early, 0);
        for (int s = 0; s < STAGES; s++)
            for (size_t i = 0; i < PIECES; i++)
                assert_int_equal(counts.of[s][i], i < sizes[s]);
    }
}

static void nothing_is_no_work(void **state)
{
    (void)state;
    static struct counts counts;
    const struct ls_stage stages[] = {{0, first}, {0, last}};
    ls_parallel_stages(stages, 2, 2, &counts);
    ls_parallel_stages(NULL, 0, 2, &counts);
    ls_parallel(0, 2, first, &counts);
    assert_int_equal(counts.done[0] + counts.done[4], 0);
}

static void memory_that_is_touched_stays_as_it_is(void **state)
{
    (void)state;
    const size_t bytes = 1 << 20;
    for (size_t from = 0; from < 5000; from += 997)
        for (size_t n = 0; n <= bytes - 5000; n += bytes / 7) {
            unsigned char *memory = malloc(bytes);
            assert_non_null(memory);
            memset(memory, 0xA5, bytes / 2);
            ls_memory_touch(memory + from, n);
            for (size_t i = 0; i < bytes / 2; i++)
                assert_true(memory[i] == 0xA5);
            free(memory);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_follow_one_another),
        cmocka_unit_test(nothing_is_no_work),
        cmocka_unit_test(memory_that_is_touched_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
