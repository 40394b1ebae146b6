/* The survey: one hand-made dataset for each doubt, and none of them where the data are sound. */
#include "../support/support.h"

#include <loadscope/quality.h>

#include "report/quality.h"

#define DAY   86400
#define SLOT  1800
#define SLOTS 48

/* A dataset under way: rows of home `id` in city X, from Monday 2024-01-01 UTC on. */
static void row(struct support_text *text, const char *id, int slot, double kwh)
{
    double mef = 500 + 100 * (slot % 5), aef = 450 + 10 * (slot % 3);
    support_row(text, "X", id, SUPPORT_MONDAY * (int64_t)DAY + slot * SLOT, 0, kwh, mef, aef);
}

/* What a home may use: never the same twice in a row, 0.4 kW on average. */
static double plain_kwh(int slot)
{
    return 0.101 + 0.037 * (slot % 6);
}

static void plain_home(struct support_text *text, const char *id, int days)
{
    for (int slot = 0; slot < days * SLOTS; slot++)
        row(text, id, slot, plain_kwh(slot));
}

static struct support_text start(void)
{
    struct support_text text = {0};
    support_add(&text, SUPPORT_COLUMNS);
    return text;
}

struct surveyed {
    struct ls_dataset *dataset;
    ls_zone *zone;
    struct ls_survey *survey;
};

static struct surveyed survey_in(struct support_text *text, const char *timezone, int slot_minutes)
{
    struct surveyed s = {.dataset = support_load(text->bytes, slot_minutes, timezone)};
    struct ls_error error = {0};
    free(text->bytes);
    assert_int_equal(ls_dataset_zone(s.dataset, timezone, &s.zone, &error), 0);
    assert_int_equal(ls_survey_create(s.dataset, s.zone, &s.survey, &error), 0);
    return s;
}

static struct surveyed survey(struct support_text *text)
{
    return survey_in(text, "auto", 30);
}

static void release(struct surveyed *s)
{
    ls_survey_destroy(s->survey);
    ls_zone_close(s->zone);
    ls_dataset_destroy(s->dataset);
}

/* The one doubt that there must be. */
static const struct ls_doubt *only(const struct surveyed *s, enum ls_doubt_kind kind)
{
    if (s->survey->n_doubts != 1 || s->survey->doubts[0].kind != kind) {
        for (size_t i = 0; i < s->survey->n_doubts; i++)
            print_error("doubt: %s\n", ls_doubt_word(s->survey->doubts[i].kind));
        fail_msg("wanted %s alone", ls_doubt_word(kind));
    }
    return &s->survey->doubts[0];
}

static const char *id_of(const struct surveyed *s, const struct ls_doubt *doubt, size_t i)
{
    assert_true(i < doubt->n_worst);
    return s->dataset->customers[doubt->worst[i].customer].id;
}

static int32_t minute_of(int slot)
{
    return SUPPORT_MONDAY * 1440 + slot * 30;
}

static void sound_data_raise_no_doubt(void **state)
{
    (void)state;
    struct support_text text = start();
    plain_home(&text, "a", 3);
    plain_home(&text, "b", 3);
    struct surveyed s = survey(&text);
    assert_int_equal(s.survey->n_doubts, 0);
    assert_int_equal(s.survey->days, 3);
    assert_int_equal(s.survey->n_changes, 0);
    assert_int_equal(s.survey->first_minute, minute_of(0));
    assert_int_equal(s.survey->last_minute, minute_of(3 * SLOTS - 1));
    const struct ls_city_survey *city = &s.survey->cities[0];
    assert_int_equal(city->readings, 2 * 3 * SLOTS);
    assert_near(city->kwh, 2 * 24 * (6 * 0.101 + 15 * 0.037), 1e-9); /* 24 rounds of six slots a home */
    assert_near(city->mean_kw, 2 * (0.101 + 2.5 * 0.037), 1e-9);
    assert_near(city->mef_low_g_per_kwh, 500, 0);
    assert_near(city->mef_high_g_per_kwh, 900, 0);
    assert_near(city->aef_high_g_per_kwh, 470, 0);
    release(&s);
}

static void the_sample_has_only_gaps_to_note(void **state)
{
    (void)state;
    struct surveyed s = {.dataset = support_load_file("sample_data/readings.csv.gz", 30, "auto")};
    struct ls_error error;
    assert_int_equal(ls_dataset_zone(s.dataset, "auto", &s.zone, &error), 0);
    assert_int_equal(ls_survey_create(s.dataset, s.zone, &s.survey, &error), 0);
    uint64_t lacking = 0;
    for (size_t i = 0; i < s.survey->n_doubts; i++) {
        assert_int_equal(s.survey->doubts[i].kind, LS_DOUBT_GAPS);
        assert_true(ls_doubt_minor(&s.survey->doubts[i]));
        lacking += s.survey->doubts[i].count;
    }
    assert_int_equal(lacking, s.dataset->quality.gaps + s.dataset->quality.missing);
    release(&s);
}

static void gaps_name_the_worst_homes_first(void **state)
{
    (void)state;
    struct support_text text = start();
    plain_home(&text, "a", 2);
    for (int slot = 0; slot < 2 * SLOTS; slot++)
        if (slot != 7 && slot != 30)
            row(&text, "b", slot, plain_kwh(slot));
    for (int slot = 0; slot < 2 * SLOTS; slot++)
        if (slot < 20 || slot >= 32) /* no rows for six hours, and one that is empty */
            row(&text, "c", slot, slot == 40 ? NAN : plain_kwh(slot));
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_GAPS);
    assert_int_equal(doubt->n_homes, 2);
    assert_int_equal(doubt->count, 2 + 13);
    assert_string_equal(id_of(&s, doubt, 0), "c");
    assert_int_equal(doubt->worst[0].count, 13);
    assert_int_equal(doubt->worst[0].first_minute, minute_of(20));
    assert_int_equal(doubt->worst[0].last_minute, minute_of(40));
    assert_near(doubt->worst[0].value, 13.0 / 96, 1e-12);
    assert_false(ls_doubt_minor(doubt)); /* more than a tenth of a home */
    assert_string_equal(id_of(&s, doubt, 1), "b");
    assert_int_equal(doubt->worst[1].last_minute, minute_of(30));
    release(&s);
}

static void ten_homes_at_most_are_named(void **state)
{
    (void)state;
    struct support_text text = start();
    for (int home = 0; home < 14; home++) {
        char id[2] = {(char)('a' + home), '\0'};
        for (int slot = 0; slot < SLOTS; slot++)
            if (slot == 0 || slot > home + 1) /* home + 1 slots are missing */
                row(&text, id, slot, plain_kwh(slot));
    }
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_GAPS);
    assert_int_equal(doubt->n_homes, 14);
    assert_int_equal(doubt->count, 14 * 15 / 2);
    assert_int_equal(doubt->n_worst, LS_DOUBT_WORST);
    for (size_t i = 0; i < doubt->n_worst; i++)
        assert_int_equal(doubt->worst[i].count, 14 - i);
    release(&s);
}

static void homes_that_come_late_or_leave_early(void **state)
{
    (void)state;
    struct support_text text = start();
    plain_home(&text, "a", 5);
    plain_home(&text, "b", 3);
    for (int slot = SLOTS; slot < 5 * SLOTS; slot++) /* a day late is no doubt */
        row(&text, "c", slot, plain_kwh(slot));
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_PARTIAL);
    assert_int_equal(doubt->n_homes, 1);
    assert_string_equal(id_of(&s, doubt, 0), "b");
    assert_int_equal(doubt->count, 2 * SLOTS);
    release(&s);
}

static void a_flat_line_lasts_a_day(void **state)
{
    (void)state;
    struct support_text text = start();
    for (int slot = 0; slot < 4 * SLOTS; slot++) {
        row(&text, "a", slot,
            slot >= 100 && slot < 100 + SLOTS ? 0.3
            : slot >= 10 && slot < 12 + SLOTS ? 0.25
                                              : plain_kwh(slot));
        row(&text, "b", slot, slot >= 10 && slot < 10 + SLOTS - 1 ? 0.25 : plain_kwh(slot));
    }
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_FLAT);
    assert_int_equal(doubt->n_homes, 1);
    assert_string_equal(id_of(&s, doubt, 0), "a");
    assert_int_equal(doubt->count, 2);
    assert_int_equal(doubt->worst[0].count, SLOTS + 2); /* of its two runs the longer one */
    assert_near(doubt->worst[0].value, 0.25, 1e-12);
    assert_int_equal(doubt->first_minute, minute_of(10));
    assert_int_equal(doubt->last_minute, minute_of(12 + SLOTS - 1));
    release(&s);
}

static void homes_and_days_without_usage(void **state)
{
    (void)state;
    struct support_text text = start();
    for (int slot = 0; slot < 3 * SLOTS; slot++) {
        row(&text, "dead", slot, 0);
        row(&text, "home", slot, slot >= SLOTS && slot < 2 * SLOTS ? 0 : plain_kwh(slot));
    }
    struct surveyed s = survey(&text);
    assert_int_equal(s.survey->n_doubts, 2);
    assert_int_equal(s.survey->doubts[0].kind, LS_DOUBT_ZERO_HOMES);
    assert_string_equal(id_of(&s, &s.survey->doubts[0], 0), "dead");
    assert_int_equal(s.survey->doubts[0].n_homes, 1);
    assert_int_equal(s.survey->doubts[1].kind, LS_DOUBT_ZERO_DAYS);
    assert_string_equal(id_of(&s, &s.survey->doubts[1], 0), "home");
    assert_int_equal(s.survey->doubts[1].count, 1);
    assert_int_equal(s.survey->doubts[1].first_minute, minute_of(SLOTS));
    release(&s);
}

static void spikes_are_far_above_the_homes_own_level(void **state)
{
    (void)state;
    struct support_text text = start();
    for (int slot = 0; slot < 4 * SLOTS; slot++) {
        row(&text, "a", slot, slot == 60 ? 4.0 : plain_kwh(slot));     /* 8 kW, 14 times 0.286 */
        row(&text, "b", slot, slot == 60 ? 2.45 : plain_kwh(slot));    /* below 5 kW */
        row(&text, "c", slot, slot % 20 == 0 ? 4.0 : plain_kwh(slot)); /* a habit */
    }
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_SPIKES);
    assert_int_equal(doubt->n_homes, 1);
    assert_int_equal(doubt->count, 1);
    assert_string_equal(id_of(&s, doubt, 0), "a");
    assert_near(doubt->worst[0].value, 4.0, 1e-12);
    assert_int_equal(doubt->worst[0].first_minute, minute_of(60));
    release(&s);
}

static void more_than_a_connection_carries(void **state)
{
    (void)state;
    struct support_text text = start();
    for (int slot = 0; slot < 4 * SLOTS; slot++) {
        row(&text, "a", slot, slot % 10 == 0 ? 21.8 : 3 * plain_kwh(slot)); /* 43.6 kW */
        row(&text, "b", slot, slot % 10 == 0 ? 21.7 : 3 * plain_kwh(slot));
        row(&text, "c", slot, plain_kwh(slot));
        row(&text, "d", slot, plain_kwh(slot));
        row(&text, "e", slot, plain_kwh(slot));
    }
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_LARGE);
    assert_int_equal(doubt->n_homes, 1);
    assert_string_equal(id_of(&s, doubt, 0), "a");
    assert_int_equal(doubt->count, 20); /* slots 0, 10, ... 190 */
    release(&s);
}

static void units_show_in_the_level(void **state)
{
    (void)state;
    static const struct {
        double factor;
        enum ls_doubt_kind kind;
    } rows[] = {{1000, LS_DOUBT_WH}, {10, LS_DOUBT_HIGH}, {0.001, LS_DOUBT_LOW}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_text text = start();
        for (int slot = 0; slot < 3 * SLOTS; slot++) {
            row(&text, "a", slot, rows[i].factor * plain_kwh(slot));
            row(&text, "b", slot, rows[i].factor * plain_kwh(slot + 1));
        }
        struct surveyed s = survey(&text);
        const struct ls_doubt *doubt = only(&s, rows[i].kind);
        assert_near(doubt->value, rows[i].factor * 2 * (0.101 + 2.5 * 0.037), 1e-6 * doubt->value);
        release(&s);
    }
}

static void kw_shows_in_the_steps(void **state)
{
    (void)state;
    for (int slots_an_hour = 1; slots_an_hour <= 4; slots_an_hour *= 2) {
        struct support_text text = start();
        for (int slot = 0; slot < 150; slot++) {
            int64_t instant = SUPPORT_MONDAY * (int64_t)DAY + slot * (3600 / slots_an_hour);
            double kwh = round(1000 * 2 * plain_kwh(slot) / slots_an_hour) / 1000, kw = slots_an_hour * kwh;
            support_row(&text, "X", "a", instant, 0, kw, 500 + slot, 450);
        }
        struct surveyed s = survey_in(&text, "auto", 60 / slots_an_hour);
        if (slots_an_hour == 1)
            assert_int_equal(s.survey->n_doubts, 0);
        else
            assert_near(only(&s, LS_DOUBT_KW_STEPS)->value, slots_an_hour * 0.001, 1e-12);
        release(&s);
    }
}

static void a_meter_of_ten_wh_is_no_kw(void **state)
{
    (void)state;
    struct support_text text = start();
    for (int slot = 0; slot < 150; slot++)
        row(&text, "a", slot, 0.01 * (5 + slot % 41));
    struct surveyed s = survey(&text);
    assert_int_equal(s.survey->n_doubts, 0);
    release(&s);
}

static void registers_never_fall(void **state)
{
    (void)state;
    struct support_text text = start();
    double counter = 812.5;
    for (int slot = 0; slot < 3 * SLOTS; slot++) {
        counter += slot % 4 == 0 ? 0 : plain_kwh(slot);
        row(&text, "a", slot, counter);
        row(&text, "b", slot, plain_kwh(slot));
        row(&text, "c", slot, plain_kwh(slot));
    }
    struct surveyed s = survey(&text);
    const struct ls_doubt *doubt = only(&s, LS_DOUBT_REGISTER);
    assert_int_equal(doubt->n_homes, 1);
    assert_string_equal(id_of(&s, doubt, 0), "a");
    assert_near(doubt->value, counter, 1e-6);
    release(&s);
}

/* Data with one row a slot for two days, whose factors are these. */
static struct surveyed survey_factors(double (*mef)(int slot), double (*aef)(int slot))
{
    struct support_text text = start();
    for (int slot = 0; slot < 2 * SLOTS; slot++)
        support_row(&text, "X", "a", SUPPORT_MONDAY * (int64_t)DAY + slot * SLOT, 0, plain_kwh(slot),
                    mef(slot), aef(slot));
    return survey(&text);
}

static double usual(int slot)
{
    return 500 + slot;
}

static double average(int slot)
{
    return 400 + slot % 7;
}

static double in_kg(int slot)
{
    return (500 + slot) / 1e3;
}

static double constant(int slot)
{
    (void)slot;
    return 700;
}

static double high_twice(int slot)
{
    return slot == 3 ? 2500 : slot == 9 ? 2001 : 600 + slot;
}

static double negative_once(int slot)
{
    return slot == 5 ? -20 : 400;
}

static double partly(int slot)
{
    return slot == 6 || slot == 12 ? (double)NAN : 500 + slot;
}

static double nothing(int slot)
{
    (void)slot;
    return NAN;
}

static void factors_are_looked_at(void **state)
{
    (void)state;
    static const struct {
        double (*mef)(int slot), (*aef)(int slot);
        enum ls_doubt_kind kind;
        uint64_t count;
        double value;
    } rows[] = {
        {in_kg, average, LS_DOUBT_FACTOR_KG, 96, 0.595},
        {usual, in_kg, LS_DOUBT_FACTOR_KG, 96, 0.595},
        {constant, average, LS_DOUBT_FACTOR_CONSTANT, 96, 700},
        {usual, usual, LS_DOUBT_FACTOR_SAME, 96, NAN},
        {high_twice, average, LS_DOUBT_FACTOR_HIGH, 2, 2500},
        {usual, negative_once, LS_DOUBT_FACTOR_NEGATIVE, 1, -20},
        /* two slots of the lowest reading, 0.101 kWh, of 16 rounds of six */
        {partly, average, LS_DOUBT_UNCOVERED, 2, 2 * 0.101 / (16 * (6 * 0.101 + 15 * 0.037))},
        {nothing, nothing, LS_DOUBT_NO_FACTORS, 96, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct surveyed s = survey_factors(rows[i].mef, rows[i].aef);
        const struct ls_doubt *doubt = only(&s, rows[i].kind);
        assert_int_equal(doubt->count, rows[i].count);
        if (isnan(rows[i].value))
            assert_true(isnan(doubt->value));
        else
            assert_near(doubt->value, rows[i].value, 1e-9);
        if (rows[i].kind == LS_DOUBT_UNCOVERED) {
            assert_int_equal(doubt->first_minute, minute_of(6));
            assert_int_equal(doubt->last_minute, minute_of(12));
        }
        release(&s);
    }
}

static void loading_is_told_too(void **state)
{
    (void)state;
    struct support_text text = start();
    plain_home(&text, "a", 1);
    row(&text, "a", 47, plain_kwh(47));
    row(&text, "a", 48, -0.5);
    row(&text, "a", 49, 0.12345678);
    struct surveyed s = survey(&text);
    assert_int_equal(s.survey->n_doubts, 4); /* the negative one is a gap as well */
    static const enum ls_doubt_kind kinds[] = {LS_DOUBT_GAPS, LS_DOUBT_NEGATIVE, LS_DOUBT_DUPLICATES,
                                               LS_DOUBT_ROUNDED};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(s.survey->doubts[i].kind, kinds[i]);
        assert_int_equal(s.survey->doubts[i].count, 1);
        assert_true(ls_doubt_minor(&s.survey->doubts[i]));
    }
    release(&s);
}

static void clock_changes_have_46_and_50_slots(void **state)
{
    (void)state;
    struct support_text text = start();
    int64_t first = support_date("2013-03-30") * (int64_t)DAY;
    for (int slot = 0; slot < 3 * SLOTS - 2; slot++) /* to the end of 1 April in London */
        support_row(&text, "London", "a", first + slot * SLOT, 0, plain_kwh(slot), 500 + slot, 400);
    int64_t autumn = support_date("2013-10-27") * (int64_t)DAY - 3600;
    for (int slot = 0; slot < SLOTS + 2; slot++)
        support_row(&text, "London", "b", autumn + slot * SLOT, 0, plain_kwh(slot), 500 + slot, 400);
    struct surveyed s = survey_in(&text, "Europe/London", 30);
    assert_int_equal(s.survey->n_changes, 2);
    assert_int_equal(s.survey->changes[0].date, support_date("2013-03-31"));
    assert_int_equal(s.survey->changes[0].minutes, 46 * 30);
    assert_int_equal(s.survey->changes[1].date, support_date("2013-10-27"));
    assert_int_equal(s.survey->changes[1].minutes, 50 * 30);
    assert_int_equal(s.survey->days, 4);
    release(&s);
}

/* Real homes: what is known of them from another count of the file. */
static void the_swiss_homes(void **state)
{
    (void)state;
    const char *folder = getenv("LOADSCOPE_TESTDATA");
    char path[512];
    snprintf(path, sizeof path, "%s/data/switzerland_537_homes_2018-11.csv.gz", folder != NULL ? folder : "");
    FILE *file = folder != NULL ? fopen(path, "r") : NULL;
    if (file == NULL) {
        print_message("skipped: the Swiss readings, LOADSCOPE_TESTDATA is not set\n");
        skip();
    }
    fclose(file);
    struct surveyed s = {.dataset = support_load_file(path, 30, "auto")};
    struct ls_error error;
    assert_int_equal(ls_dataset_zone(s.dataset, "auto", &s.zone, &error), 0);
    assert_int_equal(ls_survey_create(s.dataset, s.zone, &s.survey, &error), 0);
    uint64_t count[LS_DOUBT_COUNT] = {0};
    for (size_t i = 0; i < s.survey->n_doubts; i++)
        count[s.survey->doubts[i].kind] =
            s.survey->doubts[i].n_homes != 0 ? s.survey->doubts[i].n_homes : s.survey->doubts[i].count;
    assert_int_equal(count[LS_DOUBT_ZERO_HOMES], 6);
    assert_int_equal(count[LS_DOUBT_NEGATIVE], 4);
    assert_int_equal(count[LS_DOUBT_KW_STEPS] + count[LS_DOUBT_HIGH] + count[LS_DOUBT_WH], 0);
    assert_int_equal(count[LS_DOUBT_REGISTER] + count[LS_DOUBT_FLAT], 0);
    release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_data_raise_no_doubt),
        cmocka_unit_test(the_sample_has_only_gaps_to_note),
        cmocka_unit_test(gaps_name_the_worst_homes_first),
        cmocka_unit_test(ten_homes_at_most_are_named),
        cmocka_unit_test(homes_that_come_late_or_leave_early),
        cmocka_unit_test(a_flat_line_lasts_a_day),
        cmocka_unit_test(homes_and_days_without_usage),
        cmocka_unit_test(spikes_are_far_above_the_homes_own_level),
        cmocka_unit_test(more_than_a_connection_carries),
        cmocka_unit_test(units_show_in_the_level),
        cmocka_unit_test(kw_shows_in_the_steps),
        cmocka_unit_test(a_meter_of_ten_wh_is_no_kw),
        cmocka_unit_test(registers_never_fall),
        cmocka_unit_test(factors_are_looked_at),
        cmocka_unit_test(loading_is_told_too),
        cmocka_unit_test(clock_changes_have_46_and_50_slots),
        cmocka_unit_test(the_swiss_homes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
