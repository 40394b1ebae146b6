/* The parameter table, and values through it: ranges, words, errors, nudges, copies. */
#include <loadscope/policy.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof(array)[0])

static const struct ls_parameter *row_of(const char *dotted)
{
    const struct ls_parameter *row = NULL;
    char city[64];
    assert_int_equal(ls_parameter_find(dotted, &row, city, NULL), 0);
    return row;
}

/* The value of a dotted name as text. */
static const char *get(const struct ls_policy *policy, const char *dotted)
{
    static char out[LS_VALUE_SIZE];
    const struct ls_parameter *row = NULL;
    char city[64];
    assert_int_equal(ls_parameter_find(dotted, &row, city, NULL), 0);
    return ls_parameter_get(row, policy, city, out, sizeof out);
}

static void assign(struct ls_policy *policy, const char *assignment)
{
    struct ls_error error = {0};
    if (ls_policy_assign(policy, assignment, &error) != 0)
        fail_msg("%s: %s", assignment, error.message);
}

/* MODEL's brackets, written out by hand. */
static void test_defaults(void **state)
{
    (void)state;
    struct ls_policy p;
    ls_policy_init(&p);
    assert_int_equal(p.moves_per_day, 1);
    assert_int_equal(p.moves_per_week, 3);
    assert_true(p.shift_window_hours == 2);
    assert_true(p.shift_window_inclusive);
    assert_int_equal(p.day_open_minute, 0);
    assert_int_equal(p.day_close_minute, 1440);
    assert_string_equal(p.timezone, "auto");
    assert_int_equal(p.slot_minutes, 30);
    assert_true(p.peak_reduction_percent == 25);
    assert_int_equal(p.peak_unit, LS_PEAK_HOUR);
    assert_int_equal(p.peak_scope, LS_PEAK_PER_CUSTOMER);
    assert_true(p.load_shift_percent == 10);
    assert_int_equal(p.floor_period, LS_PERIOD_YEAR);
    assert_int_equal(p.floor_type, LS_FLOOR_AVERAGE);
    assert_true(p.robust_max_percentile == 95);
    assert_true(p.r_percent == 10);
    assert_true(p.epsilon_floor_kwh == 0.001);
    assert_true(p.alpha_percent == 25);
    assert_int_equal(p.engine, LS_ENGINE_GREEDY);
    assert_int_equal(p.week_context, LS_WEEK_DAY_ALONE);
    assert_false(p.shuffle_order);
    assert_int_equal(p.seed, 0);
    assert_true(p.min_fraction_of_day == LS_NONE);
    assert_int_equal(p.solver, LS_SOLVER_AUTO);
    assert_int_equal(p.n_cities, 0);
    ls_policy_clear(&p);
    ls_policy_clear(NULL);
}

static void test_table_is_sound(void **state)
{
    (void)state;
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    assert_int_equal(n, 31);
    for (size_t i = 0; i < n; i++) {
        char name[128], other[128], text[LS_VALUE_SIZE], again[LS_VALUE_SIZE], city[64];
        const struct ls_parameter *found = NULL;
        ls_parameter_name(&rows[i], "St. Ives", name, sizeof name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(name, ls_parameter_name(&rows[k], "St. Ives", other, sizeof other));
        assert_int_equal(ls_parameter_find(name, &found, city, NULL), 0);
        assert_ptr_equal(found, &rows[i]);
        assert_string_equal(city, rows[i].per_city ? "St. Ives" : "");

        assert_in_range(strlen(rows[i].label), 1, 28);
        assert_in_range(strlen(rows[i].help), 20, 300);
        assert_non_null(rows[i].symbol);
        assert_non_null(rows[i].unit);
        assert_true(rows[i].low <= rows[i].high);
        assert_int_equal(rows[i].choices != NULL, rows[i].type == LS_TYPE_CHOICE);

        /* The default is what a fresh policy says, and setting it changes nothing. */
        struct ls_policy fresh, set;
        ls_policy_init(&fresh);
        ls_policy_init(&set);
        assert_string_equal(ls_parameter_get(&rows[i], &fresh, "x", text, sizeof text), rows[i].fallback);
        assert_int_equal(ls_parameter_set(&rows[i], &set, "x", text, NULL), 0);
        assert_string_equal(ls_parameter_get(&rows[i], &set, "x", again, sizeof again), text);
        assert_true(ls_policy_equal(&fresh, &set));
        ls_policy_clear(&fresh);
        ls_policy_clear(&set);
    }
}

static void test_values_come_back_as_text(void **state)
{
    static const char *const cases[][3] = {
        {"behaviour.moves_per_day", "none", "none"},
        {"behaviour.moves_per_day", " 48 ", "48"},
        {"behaviour.moves_per_week", "off", "none"},
        {"behaviour.shift_window_hours", "1.5", "1.5"},
        {"behaviour.shift_window_hours", "none", "none"},
        {"behaviour.shift_window_inclusive", "off", "no"},
        {"behaviour.shift_window_inclusive", "true", "yes"},
        {"behaviour.shift_window_inclusive", "0", "no"},
        {"behaviour.day_boundaries", "6:00-22:30", "06:00-22:30"},
        {"behaviour.timezone", "Europe/London", "Europe/London"},
        {"behaviour.timezone", "auto", "auto"},
        {"behaviour.slot_minutes", "15", "15"},
        {"peak.reduction_limit_percent", "12.75", "12.75"},
        {"peak.reduction_limit_percent", "-0", "0"},
        {"peak.reduction_limit_percent", "none", "none"},
        {"peak.limit_scope", "slot", "slot"},
        {"peak.reduction_scope", "per_city", "per_city"},
        {"peak_hours.delhi.Mon", "8-11,20", "8 9 10 11 20"},
        {"peak_hours.delhi.Tue", "20, 8\t9", "8 9 20"},
        {"peak_hours.delhi.Wed", "", ""},
        {"peak_hours.delhi.Sun", "0-23", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"},
        {"regional.load_shift_percent_limit", "1e1", "10"},
        {"regional_daily_load_kwh.St. Ives", "1322.878", "1322.878"},
        {"regional_daily_load_kwh.delhi", "auto", "auto"},
        {"household_minimum.baseline_period", "month", "month"},
        {"household_minimum.baseline_type", "none", "none"},
        {"household_minimum.R_percent", "none", "none"},
        {"household_minimum.epsilon_floor_kwh", "0.1", "0.1"},
        {"spike.alpha_percent", "33.333333333333336", "33.333333333333336"},
        {"run.engine", "lp", "lp"},
        {"run.solver", "glpk", "glpk"},
        {"run.week_context", "in_week", "in_week"},
        {"run.seed", "9223372036854775807", "9223372036854775807"},
        {"run.min_fraction_of_day", "0.05", "0.05"},
        {"run.min_fraction_of_day", "off", "none"},
    };
    (void)state;
    struct ls_policy p;
    ls_policy_init(&p);
    for (size_t i = 0; i < SIZE(cases); i++) {
        char assignment[256];
        snprintf(assignment, sizeof assignment, "%s=%s", cases[i][0], cases[i][1]);
        assign(&p, assignment);
        assert_string_equal(get(&p, cases[i][0]), cases[i][2]);
    }
    assert_int_equal(p.seed, INT64_MAX);
    assert_int_equal(p.peak_unit, LS_PEAK_SLOT);
    assert_int_equal(p.floor_type, LS_FLOOR_NONE);
    assert_int_equal(p.day_open_minute, 360);
    assert_int_equal(p.day_close_minute, 1350);
    assert_int_equal(ls_policy_city(&p, "delhi")->peak_hours[0], 0x100F00);
    assert_int_equal(p.n_cities, 2);
    assert_string_equal(p.cities[0].name, "St. Ives"); /* sorted by bytes */
    ls_policy_clear(&p);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *assignment;
        enum ls_code code;
        const char *text;
    } cases[] = {
        {"spike.alpha_percent=abc", LS_ERR_VALUE,
         "spike.alpha_percent: 'abc' is not a number; give a number from 0 to 1000, or none"},
        {"spike.alpha_percent=25%", LS_ERR_VALUE,
         "spike.alpha_percent: '25%' is not a number; give a number from 0 to 1000, or none"},
        {"spike.alpha_percent=-1", LS_ERR_VALUE,
         "spike.alpha_percent: -1 is out of range; give a number from 0 to 1000, or none"},
        {"spike.alpha_percent=inf", LS_ERR_VALUE,
         "spike.alpha_percent: 'inf' is not a number; give a number from 0 to 1000, or none"},
        {"spike.alpha_percent=0x10", LS_ERR_VALUE,
         "spike.alpha_percent: '0x10' is not a number; give a number from 0 to 1000, or none"},
        {"peak.reduction_limit_percent=101", LS_ERR_VALUE,
         "peak.reduction_limit_percent: 101 is out of range; give a number from 0 to 100, or none"},
        {"household_minimum.epsilon_floor_kwh=none", LS_ERR_VALUE,
         "household_minimum.epsilon_floor_kwh: 'none' is not a number; give a number from 0 to 1000"},
        {"behaviour.moves_per_day=2.5", LS_ERR_VALUE,
         "behaviour.moves_per_day: '2.5' is not a whole number; give a whole number from 0 to 1440, or none"},
        {"behaviour.moves_per_day=99999999999999999999", LS_ERR_VALUE,
         "behaviour.moves_per_day: 99999999999999999999 is out of range; give a whole number from 0 to 1440, "
         "or none"},
        {"behaviour.moves_per_day=-1", LS_ERR_VALUE,
         "behaviour.moves_per_day: -1 is out of range; give a whole number from 0 to 1440, or none"},
        {"run.seed=-1", LS_ERR_VALUE, "run.seed: -1 is out of range; give a whole number of 0 or more"},
        {"behaviour.slot_minutes=25", LS_ERR_VALUE,
         "behaviour.slot_minutes: slots of 25 minutes do not divide an hour; give a divisor of 60, such as "
         "15, 30 "
         "or 60"},
        {"behaviour.shift_window_inclusive=maybe", LS_ERR_VALUE,
         "behaviour.shift_window_inclusive: 'maybe' is neither yes nor no; write yes or no"},
        {"run.engine=simplex", LS_ERR_VALUE, "run.engine: unknown word 'simplex'; write greedy, milp or lp"},
        {"behaviour.timezone=Mars/Phobos", LS_ERR_VALUE,
         "behaviour.timezone: unknown time zone 'Mars/Phobos'; give an IANA name such as Europe/London, or "
         "auto"},
        {"behaviour.day_boundaries=22:00-06:00", LS_ERR_VALUE,
         "behaviour.day_boundaries: '22:00-06:00' does not open before it closes; write hh:mm-hh:mm within "
         "one "
         "day, such as 06:00-22:30 or 00:00-24:00"},
        {"behaviour.day_boundaries=00:00-24:01", LS_ERR_VALUE,
         "behaviour.day_boundaries: '00:00-24:01' is not a span of hours; write hh:mm-hh:mm within one day, "
         "such "
         "as 06:00-22:30 or 00:00-24:00"},
        {"peak_hours.delhi.Mon=8 24", LS_ERR_VALUE,
         "peak_hours.delhi.Mon: '24' is not within hours 0 to 23; write hours 0 to 23, such as 8 9 10 20 or "
         "8-10,20; empty for no peak"},
        {"peak_hours.delhi.Mon=11-8", LS_ERR_VALUE,
         "peak_hours.delhi.Mon: '11-8' runs backwards; write hours 0 to 23, such as 8 9 10 20 or 8-10,20; "
         "empty "
         "for no peak"},
        {"peak_hours.delhi.Mon=8am", LS_ERR_VALUE,
         "peak_hours.delhi.Mon: '8am' is not an hour; write hours 0 to 23, such as 8 9 10 20 or 8-10,20; "
         "empty "
         "for no peak"},
        {"regional_daily_load_kwh.delhi=0", LS_ERR_VALUE,
         "regional_daily_load_kwh.delhi: 0 kWh is out of range; give the region's kWh per average day, above "
         "0 and "
         "at most 1e+12, or auto"},
        {"spike.alpha_pct=3", LS_ERR_NAME,
         "unknown parameter 'spike.alpha_pct'; did you mean spike.alpha_percent?"},
        {"alpha=3", LS_ERR_NAME, "unknown parameter 'alpha'; did you mean spike.alpha_percent?"},
        {"spike.Alpha_percent=3", LS_ERR_NAME,
         "unknown parameter 'spike.Alpha_percent'; did you mean spike.alpha_percent?"},
        {"peak_hours.New Delhi.Mom=3", LS_ERR_NAME,
         "unknown parameter 'peak_hours.New Delhi.Mom'; did you mean peak_hours.New Delhi.Mon?"},
        {"peak_hour.St. Ives.Sun=3", LS_ERR_NAME,
         "unknown parameter 'peak_hour.St. Ives.Sun'; did you mean peak_hours.St. Ives.Sun?"},
        {"regional_daily_load.delhi=3", LS_ERR_NAME,
         "unknown parameter 'regional_daily_load.delhi'; did you mean regional_daily_load_kwh.delhi?"},
        {"spike.alpha_percent 3", LS_ERR_VALUE,
         "'spike.alpha_percent 3' is not an assignment; write section.key=value, such as "
         "spike.alpha_percent=15"},
        {"spike.alpha_percent=\x1B[31m", LS_ERR_VALUE,
         "spike.alpha_percent: '?[31m' is not a number; give a number from 0 to 1000, or none"},
    };
    (void)state;
    struct ls_policy p, before;
    ls_policy_init(&p);
    assign(&p, "peak_hours.delhi.Mon=8");
    assert_int_equal(ls_policy_copy(&before, &p, NULL), 0);
    for (size_t i = 0; i < SIZE(cases); i++) {
        struct ls_error error = {0};
        char text[800];
        assert_int_equal(ls_policy_assign(&p, cases[i].assignment, &error), cases[i].code);
        assert_int_equal(error.code, cases[i].code);
        assert_string_equal(ls_error_text(&error, text, sizeof text), cases[i].text);
        assert_int_equal(ls_policy_assign(&p, cases[i].assignment, NULL), cases[i].code);
        assert_true(ls_policy_equal(&p, &before));
        assert_int_equal(p.n_cities, 1);
    }
    ls_policy_clear(&p);
    ls_policy_clear(&before);
}

static void test_city_names(void **state)
{
    (void)state;
    struct ls_policy p;
    struct ls_error error = {0};
    char longest[64], too_long[65], out[LS_VALUE_SIZE];
    memset(longest, 'x', sizeof longest);
    longest[63] = '\0';
    memset(too_long, 'x', sizeof too_long);
    too_long[64] = '\0';
    ls_policy_init(&p);
    const struct ls_parameter *monday = row_of("peak_hours.a.Mon");
    assert_int_equal(ls_parameter_set(monday, &p, longest, "7", &error), 0);
    assert_int_equal(ls_policy_city(&p, longest)->peak_hours[0], 1u << 7);
    assert_int_equal(ls_parameter_set(monday, &p, too_long, "7", &error), LS_ERR_NAME);
    assert_string_equal(error.remedy, "use at most 63 bytes");
    assert_int_equal(ls_parameter_set(monday, &p, "", "7", &error), LS_ERR_NAME);
    assert_int_equal(ls_parameter_set(monday, &p, NULL, "7", &error), LS_ERR_NAME);
    assert_string_equal(error.message, "no city named");

    /* A city's name may look like a name of the table, and may hold an equals sign. */
    assign(&p, "peak_hours.a=b.Mon.Tue=5");
    assert_int_equal(ls_policy_city(&p, "a=b.Mon")->peak_hours[1], 1u << 5);
    assert_string_equal(ls_parameter_get(monday, &p, "nowhere", out, sizeof out), "");
    assert_true(ls_policy_city(&p, "nowhere")->daily_load_kwh == LS_NONE);
    ls_policy_clear(&p);
}

/* Many cities arrive in any order and are found again; a thousand is the end. */
static void test_cities_are_sorted(void **state)
{
    enum { MOST = 1000, PRIME = 617 };
    (void)state;
    struct ls_policy p;
    struct ls_error error = {0};
    char name[16];
    ls_policy_init(&p);
    const struct ls_parameter *load = row_of("regional_daily_load_kwh.x");
    for (int i = 0; i < MOST; i++) {
        int k = i * PRIME % MOST;
        char kwh[16];
        snprintf(name, sizeof name, "c%d", k);
        snprintf(kwh, sizeof kwh, "%d.5", k);
        assert_int_equal(ls_parameter_set(load, &p, name, kwh, &error), 0);
    }
    assert_int_equal(p.n_cities, MOST);
    for (size_t i = 1; i < p.n_cities; i++)
        assert_true(strcmp(p.cities[i - 1].name, p.cities[i].name) < 0);
    for (int i = 0; i < MOST; i++) {
        snprintf(name, sizeof name, "c%d", i);
        assert_true(ls_policy_city(&p, name)->daily_load_kwh == i + 0.5);
    }
    assert_int_equal(ls_parameter_set(load, &p, "one more", "1", &error), LS_ERR_VALUE);
    assert_string_equal(error.message, "more than 1000 cities in one policy");
    ls_policy_clear(&p);
}

static void test_copy_and_equal(void **state)
{
    (void)state;
    struct ls_policy a, b;
    ls_policy_init(&a);
    assign(&a, "peak_hours.delhi.Mon=8");
    assert_int_equal(ls_policy_copy(&b, &a, NULL), 0);
    assert_true(ls_policy_equal(&a, &b));
    assign(&b, "peak_hours.delhi.Mon=9");
    assert_false(ls_policy_equal(&a, &b));
    assert_string_equal(get(&a, "peak_hours.delhi.Mon"), "8");
    assign(&b, "peak_hours.delhi.Mon=8");
    assert_true(ls_policy_equal(&a, &b));

    /* A city that says nothing changes nothing; one that says something does, on either side. */
    assign(&b, "peak_hours.mumbai.Mon=");
    assert_true(ls_policy_equal(&a, &b) && ls_policy_equal(&b, &a));
    assign(&b, "regional_daily_load_kwh.mumbai=5");
    assert_false(ls_policy_equal(&a, &b) || ls_policy_equal(&b, &a));
    ls_policy_clear(&b);

    /* Every row counts. */
    static const char *const changes[] = {
        "behaviour.moves_per_day=2",
        "behaviour.moves_per_week=4",
        "behaviour.shift_window_hours=3",
        "behaviour.shift_window_inclusive=no",
        "behaviour.day_boundaries=00:00-23:59",
        "behaviour.day_boundaries=00:01-24:00",
        "behaviour.timezone=UTC",
        "behaviour.slot_minutes=60",
        "peak.reduction_limit_percent=none",
        "peak.limit_scope=slot",
        "peak.reduction_scope=per_city",
        "peak_hours.delhi.Sun=8",
        "regional.load_shift_percent_limit=11",
        "regional_daily_load_kwh.delhi=2",
        "household_minimum.baseline_period=day",
        "household_minimum.baseline_type=absolute_min",
        "household_minimum.robust_max_percentile=94",
        "household_minimum.R_percent=0",
        "household_minimum.epsilon_floor_kwh=0",
        "spike.alpha_percent=24",
        "run.engine=milp",
        "run.week_context=in_week",
        "run.shuffle_order=yes",
        "run.seed=5000000000",
        "run.min_fraction_of_day=0",
    };
    for (size_t i = 0; i < SIZE(changes); i++) {
        assert_int_equal(ls_policy_copy(&b, &a, NULL), 0);
        assign(&b, changes[i]);
        if (ls_policy_equal(&a, &b))
            fail_msg("%s makes no difference", changes[i]);
        ls_policy_clear(&b);
    }
    ls_policy_clear(&a);
}

static void nudge(struct ls_policy *policy, const char *dotted, int steps, const char *expected)
{
    struct ls_error error = {0};
    assert_int_equal(ls_parameter_nudge(row_of(dotted), policy, "delhi", steps, &error), 0);
    assert_string_equal(get(policy, dotted), expected);
}

static void test_nudges(void **state)
{
    (void)state;
    struct ls_policy p;
    ls_policy_init(&p);
    nudge(&p, "spike.alpha_percent", 1, "26");
    nudge(&p, "spike.alpha_percent", -10, "16");
    nudge(&p, "spike.alpha_percent", -100, "0");
    nudge(&p, "spike.alpha_percent", 5000, "1000");
    nudge(&p, "peak.reduction_limit_percent", 1, "30");
    nudge(&p, "behaviour.shift_window_hours", -1, "1.5");
    nudge(&p, "behaviour.shift_window_hours", 100, "24");
    nudge(&p, "behaviour.moves_per_day", -5, "0");
    nudge(&p, "household_minimum.epsilon_floor_kwh", 2, "0.003");
    nudge(&p, "run.min_fraction_of_day", 3, "0.03");
    for (int i = 0; i < 27; i++)
        nudge(&p, "run.min_fraction_of_day", 0, "0.03");
    nudge(&p, "run.min_fraction_of_day", 27, "0.3");
    nudge(&p, "run.engine", 1, "milp");
    nudge(&p, "run.engine", -2, "lp");
    nudge(&p, "run.engine", 4, "greedy");
    nudge(&p, "run.shuffle_order", 1, "yes");
    nudge(&p, "run.shuffle_order", -1, "no");
    assign(&p, "run.seed=9223372036854775806");
    nudge(&p, "run.seed", 1, "9223372036854775807");
    nudge(&p, "run.seed", 1, "9223372036854775807");

    /* Switched off, a limit comes back at its default, whichever way it is turned. */
    assign(&p, "spike.alpha_percent=none");
    nudge(&p, "spike.alpha_percent", 0, "none");
    nudge(&p, "spike.alpha_percent", -1, "25");
    assign(&p, "behaviour.moves_per_week=none");
    nudge(&p, "behaviour.moves_per_week", 1, "3");

    static const char *const fixed[] = {"behaviour.timezone", "behaviour.slot_minutes",
                                        "behaviour.day_boundaries", "peak_hours.delhi.Mon",
                                        "regional_daily_load_kwh.delhi"};
    for (size_t i = 0; i < SIZE(fixed); i++) {
        struct ls_error error = {0};
        assert_int_equal(ls_parameter_nudge(row_of(fixed[i]), &p, "delhi", 1, &error), LS_ERR_VALUE);
        assert_string_equal(error.remedy, "type its value");
        assert_string_equal(error.field, fixed[i]);
    }
    assert_int_equal(p.n_cities, 0);
    ls_policy_clear(&p);
}

/* From anywhere, any number of steps ends within the range. */
static void test_nudges_stay_in_range(void **state)
{
    static const int steps[] = {1, -1, 7, -7, 1000000, -1000000, 2147483647, -2147483647 - 1};
    (void)state;
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < SIZE(steps) && rows[i].step > 0; s++) {
            char text[LS_VALUE_SIZE];
            struct ls_policy p, again;
            ls_policy_init(&p);
            ls_policy_init(&again);
            for (int times = 0; times < 3; times++) {
                assert_int_equal(ls_parameter_nudge(&rows[i], &p, NULL, steps[s], NULL), 0);
                ls_parameter_get(&rows[i], &p, NULL, text, sizeof text);
                assert_int_equal(ls_parameter_set(&rows[i], &again, NULL, text, NULL), 0);
                assert_true(ls_policy_equal(&p, &again));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_table_is_sound),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_values_come_back_as_text),
        cmocka_unit_test(test_city_names),
        cmocka_unit_test(test_cities_are_sorted),
        cmocka_unit_test(test_copy_and_equal),
        cmocka_unit_test(test_nudges),
        cmocka_unit_test(test_nudges_stay_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
