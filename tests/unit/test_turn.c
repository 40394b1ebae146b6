/* The rows of a turn: what each slot could send, and the largest of a row. */
#include "../support/support.h"

#include "solve/turn.h"

#include <math.h>

#define MOST 40 /* slots: more than a few vectors and a rest */

/* Wherever the largest stands in rows of every length, it is found; what is not above 0 is not. */
static void the_largest_is_found_anywhere(void **state)
{
    (void)state;
    double row[MOST];
    for (int n = 0; n <= MOST; n++) {
        for (int t = 0; t < n; t++)
            row[t] = t % 3 - 2;
        assert_true(ls_largest(row, n) == 0);
        for (int t = 0; t < n; t++) {
            double was = row[t];
            row[t] = 7;
            assert_true(ls_largest(row, n) == 7);
            row[t] = was;
        }
    }
}

static void a_slot_sends_within_allowance_and_budget(void **state)
{
    (void)state;
    static const double avail[] = {1, 2, 3, 0, 0.5}, left[] = {1.5, 0.25};
    static const int group[] = {0, 0, -1, 1, 1};
    struct ls_turn turn = {.n_slots = 5,
                           .avail_kwh = avail,
                           .n_groups = 2,
                           .group = group,
                           .group_left_kwh = left,
                           .budget_kwh = INFINITY};
    static const double wanted[][5] = {{1, 1.5, 3, 0, 0.25}, {0.75, 0.75, 0.75, 0, 0.25}};
    double most[5];
    ls_turn_most(&turn, most);
    assert_memory_equal(most, wanted[0], sizeof most);
    turn.budget_kwh = 0.75;
    ls_turn_most(&turn, most);
    assert_memory_equal(most, wanted[1], sizeof most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_found_anywhere),
        cmocka_unit_test(a_slot_sends_within_allowance_and_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
