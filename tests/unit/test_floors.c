/*
 * Floor groups against sorting: whatever way the robust maximum is found in (the maximum, among the largest
 * few, by partition), it is the value that sorting puts at its rank.
 */
#include "../support/support.h"

#include "model/floors.h"

#include <math.h>

#define CUSTOMERS 7
#define DAYS_MOST 60
#define SLOTS     96 /* of a day, at most */

/* Made-up readings from a Monday on, in UTC. */
struct made {
    struct ls_dataset head;
    struct ls_city city;
    struct ls_store_axis axis;
    int32_t value[DAYS_MOST * 7 * SLOTS][CUSTOMERS];
    int32_t unread_minute; /* of the day that is at hand, and so must not be read */
};

static const struct ls_store_axis *made_axis(const void *beneath, size_t city)
{
    (void)city;
    return &((const struct made *)beneath)->axis;
}

static int made_read(const void *beneath, size_t city, size_t first_customer, size_t n_customers,
                     int32_t minute, int n_slots, int32_t *out, struct ls_error *error)
{
    const struct made *made = beneath;
    (void)city;
    (void)error;
    assert_true(minute != made->unread_minute);
    for (size_t c = 0; c < n_customers; c++)
        for (int t = 0; t < n_slots; t++) {
            int64_t slot = (minute - made->axis.first_minute) / made->head.slot_minutes + t;
            bool inside = slot >= 0 && slot < (int64_t)made->axis.n_slots;
            *out++ = inside ? made->value[slot][first_customer + c] : LS_NO_ROW;
        }
    return 0;
}

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The group of an hour of Mondays, by sorting. */
static void sort_group(const struct made *made, size_t customer, size_t weeks, int hour,
                       const struct ls_policy *policy, double *base_kwh, int32_t *robust_max)
{
    int32_t known[DAYS_MOST * SLOTS / LS_HOURS_A_DAY];
    size_t n = 0, slots = (size_t)made->axis.day_slots, per_hour = slots / LS_HOURS_A_DAY;
    double sum = 0;
    for (size_t w = 0; w < weeks; w++)
        for (size_t part = 0; part < per_hour; part++) {
            int32_t value = made->value[w * 7 * slots + (size_t)hour * per_hour + part][customer];
            if (value < 0)
                continue;
            known[n++] = value;
            sum += value;
        }
    *base_kwh = 0;
    *robust_max = -1;
    if (n == 0)
        return;
    qsort(known, n, sizeof *known, by_value);
    *robust_max = known[(size_t)floor((double)(n - 1) * policy->robust_max_percentile / 100 + 0.5)];
    *base_kwh = policy->floor_type == LS_FLOOR_AVERAGE ? sum / (double)n / 1e6 : known[0] / 1e6;
}

static void fill(struct made *made, struct ls_random *random)
{
    int32_t most = ls_random_below(random, 2) == 0 ? 3 : 2000000;
    uint64_t missing = 2 + ls_random_below(random, 20);
    for (size_t t = 0; t < made->axis.n_slots; t++)
        for (size_t c = 0; c < CUSTOMERS; c++)
            made->value[t][c] = ls_random_below(random, missing) == 0 ? LS_UNKNOWN
                                : c == 0                              ? LS_NO_ROW
                                : c == 1                              ? (int32_t)t
                                         : (int32_t)ls_random_below(random, (uint64_t)most);
}

static void groups_are_those_of_sorting(void **state)
{
    (void)state;
    static const int slot_minutes[] = {15, 30, 60};
    static struct made made;
    struct ls_random random = ls_random_seed(3, "floors", 0);
    ls_zone *utc;
    assert_int_equal(ls_zone_open("UTC", &utc, NULL), 0);
    for (int round = 0; round < 120; round++) {
        size_t weeks = 1 + (size_t)ls_random_below(&random, 40);
        int32_t monday = support_date("2024-01-01");
        struct ls_policy policy;
        support_policy(&policy, "");
        policy.floor_type = round % 2 == 0 ? LS_FLOOR_AVERAGE : LS_FLOOR_ABSOLUTE_MIN;
        policy.robust_max_percentile = round % 3 == 0   ? 95
                                       : round % 3 == 1 ? 100
                                                        : (double)ls_random_below(&random, 101);
        made.city = (struct ls_city){.name = "X", .n_customers = CUSTOMERS};
        made.head = (struct ls_dataset){.n_cities = 1,
                                        .cities = &made.city,
                                        .slot_minutes = slot_minutes[ls_random_below(&random, 3)],
                                        .quantum_mwh = 1};
        int slots = LS_DAY_MINUTES / made.head.slot_minutes;
        made.axis = (struct ls_store_axis){
            .first_minute = monday * 1440, .n_slots = weeks * 7 * (size_t)slots, .day_slots = slots};
        fill(&made, &random);
        struct ls_readings readings = {
            .beneath = &made, .head = &made.head, .axis = made_axis, .read = made_read};
        struct ls_like_days days;
        assert_int_equal(ls_like_days_open(&readings, 0, utc, LS_PERIOD_YEAR, monday, &days, NULL), 0);
        assert_int_equal(days.n_days, weeks);
        double base_kwh[CUSTOMERS * LS_HOURS_A_DAY];
        int32_t robust_max[CUSTOMERS * LS_HOURS_A_DAY];
        int32_t rows[CUSTOMERS * SLOTS];
        size_t at_hand = (size_t)ls_random_below(&random, weeks);
        const struct ls_floor_groups groups = {base_kwh, robust_max};
        made.unread_minute = INT32_MIN;
        made_read(&made, 0, 0, CUSTOMERS, days.days[at_hand].start_minute, slots, rows, NULL);
        const struct ls_rows_at_hand known = {days.days[at_hand].start_minute, slots, rows};
        const struct ls_floor_source source = {&readings, 0, round % 4 < 2 ? &known : NULL};
        made.unread_minute = source.at_hand != NULL ? known.start_minute : INT32_MIN;
        assert_int_equal(ls_floor_groups(&source, &days, &policy, 0, CUSTOMERS, &groups, NULL), 0);
        for (size_t c = 0; c < CUSTOMERS; c++)
            for (int h = 0; h < LS_HOURS_A_DAY; h++) {
                double base;
                int32_t most;
                sort_group(&made, c, weeks, h, &policy, &base, &most);
                assert_int_equal(robust_max[c * LS_HOURS_A_DAY + (size_t)h], most);
                assert_near(base_kwh[c * LS_HOURS_A_DAY + (size_t)h], base, 1e-12 * (1 + base));
            }
        ls_like_days_close(&days);
        ls_policy_clear(&policy);
    }
    ls_zone_close(utc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_are_those_of_sorting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
