/*
 * The check over a whole run: each of many ways to spoil a move is caught and named with customer, day and
 * row.
 */
#include "verify_case.h"

static void more_than_the_floor_leaves(struct result *result)
{
    const char **row = result->moves.row[2];
    double used = reading(result->dataset, row[ID], instant_of(row[FROM]));
    set_kwh(result, 2, used * 0.999);
}
static void more_than_was_used(struct result *result)
{
    set_kwh(result, 1, 3 * number(result, 1, KWH));
}
/* The first move filled its destination to the brim. */
static void kwh_a_little_up(struct result *result)
{
    set_kwh(result, 1, number(result, 1, KWH) + 1e-4);
    result->spoilt = 0;
}
static void no_kwh(struct result *result)
{
    result->moves.row[1][KWH] = "NaN";
    result->spoilt = 1;
}
static void negative_kwh(struct result *result)
{
    set_kwh(result, 1, -number(result, 1, KWH));
}
static void from_a_missing_slot(struct result *result)
{
    for (size_t r = 1; r < result->moves.n; r++) {
        int64_t midnight = instant_of(result->moves.row[r][DAY]);
        for (int t = 0; t < 44; t++)
            if (isnan(reading(result->dataset, result->moves.row[r][ID], midnight + t * 1800))) {
                set_times(result, r, midnight + t * 1800, midnight + (t + 3) * 1800);
                return;
            }
    }
    fail_msg("no customer-day with a gap");
}
static void beyond_the_window(struct result *result)
{
    int64_t from = instant_of(result->moves.row[1][FROM]);
    set_times(result, 1, from, from - 5 * 1800);
}
static void to_another_day(struct result *result)
{
    int64_t from = instant_of(result->moves.row[1][FROM]);
    set_times(result, 1, from, from + 86400);
}
static void one_more_a_day(struct result *result)
{
    int64_t from = instant_of(result->moves.row[1][FROM]) + 1800;
    set_times(result, copy_move(result, 1), from, from - 3600);
}
static void one_more_a_week(struct result *result)
{
    for (size_t r = 1; r < result->metrics.n; r++) {
        const char **row = result->metrics.row[r];
        if (strcmp(row[USED], "0") != 0 || strcmp(row[REMAINING], "0") != 0)
            continue;
        size_t m = copy_move(result, 1);
        int64_t noon = instant_of(row[DAY]) + INT64_C(43200);
        result->moves.row[m][ID] = row[ID];
        result->moves.row[m][CITY] = row[CITY];
        result->moves.row[m][DAY] = row[DAY];
        set_kwh(result, m, 0.001);
        set_times(result, m, noon, noon + 1800);
        return;
    }
    fail_msg("no customer has used up its week");
}
static void a_peak_hour_emptied(struct result *result)
{
    int64_t ten =
        instant_of(result->moves.row[1][DAY]) + INT64_C(36000); /* a Wednesday: 9, 10 and 11 are peaks */
    double used = reading(result->dataset, result->moves.row[1][ID], ten);
    set_kwh(result, 1, used);
    set_times(result, 1, ten, ten + 3600);
}
static void a_spike(struct result *result)
{
    for (size_t r = 1; r < 16; r++) {
        int64_t noon = instant_of(result->moves.row[r][DAY]) + INT64_C(43200);
        if (strcmp(result->moves.row[r][DAY], result->moves.row[1][DAY]) == 0)
            set_times(result, r, instant_of(result->moves.row[r][FROM]), noon);
    }
    result->spoilt = 0;
}
static void beyond_the_budget(struct result *result)
{
    set_kwh(result, 1, 60); /* of 59.5 */
    result->spoilt = 0;
}
static void wrong_marginal(struct result *result)
{
    result->moves.row[1][MARG_BEFORE] = text_of(result, "%.9g", number(result, 1, MARG_BEFORE) + 0.5);
    result->spoilt = 1;
}
static void wrong_average(struct result *result)
{
    result->moves.row[1][AVG_DELTA] = text_of(result, "%.9g", -number(result, 1, AVG_DELTA));
    result->spoilt = 1;
}
static void wrong_direction(struct result *result)
{
    result->moves.row[1][DIRECTION] = "forward";
    result->spoilt = 1;
}
static void wrong_minutes(struct result *result)
{
    result->moves.row[1][MINUTES] = "-90";
    result->spoilt = 1;
}
static void wrong_day(struct result *result)
{
    result->moves.row[1][DAY] =
        text_of(result, "stamp", (double)instant_of(result->moves.row[1][DAY]) + 3600);
    result->spoilt = 1;
}
static void off_the_grid(struct result *result)
{
    int64_t from = instant_of(result->moves.row[1][FROM]) + 600;
    set_times(result, 1, from, from - 3600);
}
static void dirtier(struct result *result)
{
    int64_t from = instant_of(result->moves.row[1][FROM]), to = instant_of(result->moves.row[1][TO]);
    set_times(result, 1, to, from);
}
static void two_destinations(struct result *result)
{
    size_t m = copy_move(result, 1);
    int64_t from = instant_of(result->moves.row[1][FROM]);
    set_kwh(result, 1, 1);
    set_kwh(result, m, 1);
    set_times(result, m, from, from - 5400);
    result->spoilt = 1;
}
static void a_row_twice(struct result *result)
{
    copy_move(result, 1);
}
static void unknown_customer(struct result *result)
{
    result->moves.row[1][ID] = "nobody";
    result->spoilt = 1;
}
static void unknown_city(struct result *result)
{
    result->moves.row[1][CITY] = "Atlantis";
    result->spoilt = 1;
}
static void give_reasons(struct result *result, const char *first)
{
    for (size_t r = 0; r < result->moves.n; r++)
        result->moves.row[r][LIMITED_BY] = r == 0 ? "limited_by" : r == 1 ? first : "";
    result->spoilt = 1;
}
static void wrong_reason(struct result *result)
{
    give_reasons(result, "whole");
}
static void no_peak_as_reason(struct result *result)
{
    give_reasons(result, "peak");
}
static void budget_as_reason(struct result *result)
{
    give_reasons(result, "budget");
}
static void floor_as_reason(struct result *result)
{
    give_reasons(result, "floor");
}
static void room_as_reason(struct result *result)
{
    set_kwh(result, 1, 0.01);
    give_reasons(result, "room");
}
static void no_such_reason(struct result *result)
{
    give_reasons(result, "sofa");
}
static const struct spoiler spoilers[] = {
    {"more than the floor leaves", more_than_the_floor_leaves, "floor"},
    {"more than was used", more_than_was_used, "baseline"},
    {"kWh a little up", kwh_a_little_up, "spike"},
    {"no kWh", no_kwh, "delta_kwh"},
    {"negative kWh", negative_kwh, "delta_kwh"},
    {"from a missing slot", from_a_missing_slot, "missing"},
    {"beyond the window", beyond_the_window, "window"},
    {"to another day", to_another_day, "destination on another day"},
    {"one more a day", one_more_a_day, "moves a day"},
    {"one more a week", one_more_a_week, "moves a week"},
    {"a peak hour emptied", a_peak_hour_emptied, "peak"},
    {"a spike", a_spike, "spike"},
    {"beyond the budget", beyond_the_budget, "budget"},
    {"wrong marginal grams", wrong_marginal, "marginal_emissions_before_shift_grams_co2"},
    {"wrong average grams", wrong_average, "average_emissions_delta_grams_co2"},
    {"wrong direction", wrong_direction, "shift_direction"},
    {"wrong minutes", wrong_minutes, "delta_minutes"},
    {"wrong day", wrong_day, "day"},
    {"off the grid", off_the_grid, "original_time is no slot's start"},
    {"dirtier", dirtier, "not cleaner"},
    {"two destinations", two_destinations, "one destination"},
    {"a row twice", a_row_twice, "duplicate row"},
    {"unknown customer", unknown_customer, "unknown customer"},
    {"unknown city", unknown_city, "unknown city"},
    {"wrong reason", wrong_reason, "limited by"},
    {"no peak as reason", no_peak_as_reason, "limited by"},
    {"budget as reason", budget_as_reason, "limited by"},
    {"floor as reason", floor_as_reason, "limited by"},
    {"room as reason", room_as_reason, "limited by"},
    {"no such reason", no_such_reason, "limited_by"},
};

static void each_spoilt_move_is_caught_and_named(void **state)
{
    (void)state;
    assert_each_is_named(spoilers, sizeof spoilers / sizeof *spoilers);
}

/* Without a floor a slot gives all that it has, and no floor can have stopped it. */
static void a_floor_that_is_off_is_no_reason(void **state)
{
    static const struct spoiler spoiler = {"a floor that is off", NULL, "limited by"};
    struct result result;
    (void)state;
    open_own_result(&result, "tiny", "restricted",
                    "household_minimum.baseline_type=none;spike.alpha_percent=none");
    for (size_t r = 1; r < result.moves.n && result.spoilt == 0; r++)
        if (strcmp(result.moves.row[r][LIMITED_BY], "whole") == 0) {
            result.moves.row[r][LIMITED_BY] = "floor";
            result.spoilt = r;
        }
    assert_true(result.spoilt > 0);
    struct ls_verification *found = verify(&result);
    assert_named(&spoiler, &result, found);
    ls_verification_destroy(found);
    close_result(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_spoilt_move_is_caught_and_named),
        cmocka_unit_test(a_floor_that_is_off_is_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
