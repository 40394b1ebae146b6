/*
 * Zones, local days and stamps. Instants and lengths of days come from another reader of the IANA database
 * (Python's zoneinfo), which looked for the first minute of each local date.
 */
#include "../support/support.h"

#include <glib.h>
#include <pthread.h>

struct known_day {
    const char *zone, *date;
    int64_t start; /* UTC seconds */
    int minutes;
};

static const struct known_day known_days[] = {
    {"Europe/London", "2013-02-04", 1359936000, 1440},
    {"Europe/London", "2013-03-31", 1364688000, 1380}, /* 46 half-hours */
    {"Europe/London", "2013-10-27", 1382828400, 1500}, /* 50 */
    {"Asia/Kolkata", "2022-05-02", 1651429800, 1440},
    {"Asia/Kathmandu", "2020-02-29", 1582913700, 1440},
    {"Australia/Lord_Howe", "2022-10-02", 1664631000, 1410}, /* summer time of half an hour */
    {"Australia/Lord_Howe", "2022-04-03", 1648904400, 1470},
    {"America/Sao_Paulo", "2017-10-15", 1508036400, 1380}, /* begins at 01:00 */
    {"America/Sao_Paulo", "2018-02-17", 1518832800, 1500}, /* has 23:00 twice */
    {"Asia/Beirut", "2022-03-27", 1648332000, 1380},       /* begins at 01:00 */
    {"Asia/Beirut", "2022-10-29", 1666990800, 1500},
    {"Pacific/Apia", "2011-12-29", 1325152800, 1440},
    {"Pacific/Apia", "2011-12-30", 1325239200, 0}, /* there was none */
    {"Pacific/Apia", "2011-12-31", 1325239200, 1440},
    {"America/St_Johns", "2005-10-30", 1130639400, 1500}, /* 00:00 comes once, 00:01 leads back */
    {"Antarctica/Troll", "2022-03-27", 1648339200, 1320}, /* summer time of two hours */
    {"Europe/Berlin", "2050-03-27", 2531948400, 1380},    /* beyond the tables of 2037 */
};

static ls_zone *open_zone(const char *name)
{
    ls_zone *zone = NULL;
    struct ls_error error = {0};
    if (ls_zone_open(name, &zone, &error) != 0)
        fail_msg("%s", error.message);
    return zone;
}

static void days_begin_and_last_as_the_zone_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known_days / sizeof *known_days; i++) {
        const struct known_day *known = &known_days[i];
        ls_zone *zone = open_zone(known->zone);
        int32_t date = support_date(known->date);
        int64_t start = ls_zone_day_start(zone, date), next = ls_zone_day_start(zone, date + 1);
        if (start != known->start || next - start != known->minutes * 60)
            fail_msg("%s %s starts at %lld and has %lld minutes", known->zone, known->date, (long long)start,
                     (long long)(next - start) / 60);
        if (known->minutes > 0) {
            assert_int_equal(ls_zone_date(zone, start), date);
            assert_int_equal(ls_zone_date(zone, next - 1), date);
        }
        assert_true(ls_zone_date(zone, start - 1) < date);
        ls_zone_close(zone);
    }
}

static void every_instant_belongs_to_the_day_that_it_lies_in(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/London",    "Asia/Kolkata", "Australia/Lord_Howe",
                                        "Pacific/Apia",     "Asia/Beirut",  "America/Sao_Paulo",
                                        "America/St_Johns", "+05:45"};
    const int32_t from = support_date("1990-01-01"), to = support_date("2030-01-01");
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        ls_zone *zone = open_zone(zones[z]);
        int skipped = 0;
        int64_t before = ls_zone_day_start(zone, from - 1);
        for (int32_t date = from; date < to; date++) {
            int64_t start = ls_zone_day_start(zone, date), next = ls_zone_day_start(zone, date + 1);
            assert_true(before <= start && next - start <= 25 * 3600);
            before = start;
            if (next == start) {
                skipped++;
                continue;
            }
            assert_int_equal(ls_zone_date(zone, start), date);
            assert_int_equal(ls_zone_date(zone, (start + next) / 2), date);
            assert_int_equal(ls_zone_date(zone, next - 1), date);
            /* no earlier instant of the day before shows this date's clock */
            assert_true((start - 1 + ls_zone_offset(zone, start - 1)) / 86400 < date);
        }
        assert_int_equal(skipped, strcmp(zones[z], "Pacific/Apia") == 0 ? 1 : 0);
        ls_zone_close(zone);
    }
}

static void offsets_change_at_the_second(void **state)
{
    (void)state;
    ls_zone *zone = open_zone("Europe/London");
    assert_int_equal(ls_zone_offset(zone, 1364691600 - 1), 0);
    assert_int_equal(ls_zone_offset(zone, 1364691600), 3600);
    assert_int_equal(ls_zone_offset(zone, 1382835600 - 1), 3600);
    assert_int_equal(ls_zone_offset(zone, 1382835600), 0);
    assert_int_equal(ls_zone_offset(zone, -4000000000), -75); /* 1843: local mean time */
    assert_int_equal(ls_zone_offset(zone, 0), 3600);          /* 1968 to 1971 kept summer time */
    assert_string_equal(ls_zone_name(zone), "Europe/London");
    ls_zone_close(zone);
}

static void offsets_may_stand_for_a_zone(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t offset_s;
    } rows[] = {{"+05:30", 19800}, {"-03:30", -12600}, {"Z", 0}, {"UTC", 0}, {"+00:00", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ls_zone *zone = open_zone(rows[i].name);
        assert_int_equal(ls_zone_offset(zone, 1400000000), rows[i].offset_s);
        assert_int_equal(ls_zone_day_start(zone, 100), 100 * 86400 - rows[i].offset_s);
        ls_zone_close(zone);
    }
    ls_zone *zone = NULL;
    assert_int_equal(ls_zone_open_fixed(-16200, &zone, NULL), 0);
    assert_int_equal(ls_zone_offset(zone, 0), -16200);
    assert_string_equal(ls_zone_name(zone), "-04:30");
    ls_zone_close(zone);
    ls_zone_close(NULL);
}

/* Among them paths out of the folder of zones, and what stands in it and is none: of both GLib would say on
 * the terminal that they are damaged. */
static void unknown_zones_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        "Europe/Londn",
                                        "/etc/passwd",
                                        "../etc/passwd",
                                        "Europe/../../../../etc/passwd",
                                        "Europe/../Europe/London",
                                        "leapseconds",
                                        "Europe",
                                        "Europe/London\n",
                                        ":Europe/London",
                                        "London",
                                        "GMT0BST,M3.5.0,M10.5.0",
                                        "+25:00",
                                        "auto"};
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ls_zone *zone = NULL;
        struct ls_error error = {0};
        if (ls_zone_open(names[i], &zone, &error) != LS_ERR_VALUE)
            fail_msg("'%s' is taken for a zone", names[i]);
        assert_null(zone);
        assert_non_null(strstr(error.remedy, "IANA"));
    }
}

/* Every stretch that GLib has, seen through instants all over it: ours is made from it, so this asks only
 * that none is lost. */
static void no_change_of_offset_is_lost(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/London", "Africa/Casablanca", "America/Argentina/San_Luis",
                                        "Europe/Moscow", "Antarctica/Casey",  "Pacific/Apia"};
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        ls_zone *zone = open_zone(zones[z]);
        GTimeZone *rules = g_time_zone_new_identifier(zones[z]);
        assert_non_null(rules);
        for (int64_t at = -3000000000; at < 6000000000; at += 432007) { /* some five days */
            gint interval = g_time_zone_find_interval(rules, G_TIME_TYPE_UNIVERSAL, at);
            assert_int_equal(ls_zone_offset(zone, at), g_time_zone_get_offset(rules, interval));
        }
        g_time_zone_unref(rules);
        ls_zone_close(zone);
    }
}

static void *walk_a_year(void *zone)
{
    int64_t sum = 0;
    for (int64_t at = 1356998400; at < 1388534400; at += 600)
        sum += ls_zone_date(zone, at) + ls_zone_offset(zone, at);
    return (void *)(intptr_t)sum;
}

static void a_zone_may_be_read_by_several_threads(void **state)
{
    (void)state;
    ls_zone *zone = open_zone("Europe/London");
    void *alone = walk_a_year(zone), *sum[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, walk_a_year, zone), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], &sum[i]), 0);
        assert_ptr_equal(sum[i], alone);
    }
    ls_zone_close(zone);
}

static void weeks_begin_on_monday(void **state)
{
    (void)state;
    assert_int_equal(ls_date_weekday(support_date("2013-02-04")), 0);
    assert_int_equal(ls_date_weekday(support_date("2013-02-10")), 6);
    assert_int_equal(ls_date_weekday(support_date("1969-12-31")), 2);
    assert_int_equal(ls_date_weekday(support_date("1900-01-01")), 0);
    assert_int_equal(ls_date_week_start(support_date("2013-02-10")), support_date("2013-02-04"));
    assert_int_equal(ls_date_week_start(support_date("2013-02-11")), support_date("2013-02-11"));
    assert_int_equal(ls_date_week_start(support_date("1970-01-01")), support_date("1969-12-29"));
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    for (int d = 0; d < LS_DAYS_A_WEEK; d++)
        assert_string_equal(ls_weekday_name(d), names[d]);
}

static void assert_span(const char *date, const char *first, const char *next,
                        void (*span)(int32_t, int32_t *, int32_t *))
{
    int32_t from, to;
    span(support_date(date), &from, &to);
    assert_int_equal(from, support_date(first));
    assert_int_equal(to, support_date(next));
}

static void years_and_months_span_their_days(void **state)
{
    (void)state;
    assert_span("2013-02-28", "2013-01-01", "2014-01-01", ls_date_year_span);
    assert_span("2012-12-31", "2012-01-01", "2013-01-01", ls_date_year_span);
    assert_span("2012-02-29", "2012-02-01", "2012-03-01", ls_date_month_span);
    assert_span("2013-12-01", "2013-12-01", "2014-01-01", ls_date_month_span);
    int32_t from, to;
    ls_date_year_span(support_date("2000-07-01"), &from, &to);
    assert_int_equal(to - from, 366);
    ls_date_month_span(support_date("1900-02-10"), &from, &to);
    assert_int_equal(to - from, 28);
}

static void dates_read_and_write(void **state)
{
    (void)state;
    char text[LS_DATE_SIZE];
    int32_t date = 77;
    assert_int_equal(support_date("1970-01-01"), 0);
    assert_int_equal(support_date("2000-02-29"), 11016);
    assert_int_equal(support_date("2024-01-01"), SUPPORT_MONDAY);
    assert_string_equal(ls_date_format(11016, text), "2000-02-29");
    assert_string_equal(ls_date_format(-1, text), "1969-12-31");
    for (int32_t d = -200000; d < 200000; d += 13)
        assert_int_equal(support_date(ls_date_format(d, text)), d);
    static const char *const wrong[] = {
        "",         "2013-2-04",   "2013-02-30",  "1900-02-29", "2013-13-01",  "2013-00-10", "2013-01-00",
        "20130204", "2013-02-04 ", " 2013-02-04", "2013/02/04", "2013-02-04T", "-013-02-04"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (ls_date_parse(wrong[i], &date))
            fail_msg("'%s' is taken for a date", wrong[i]);
    assert_int_equal(date, 77);
}

static void stamps_read_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t instant;
        int32_t offset_s;
    } rows[] = {
        {"2013-02-04T00:00:00+00:00", 1359936000, 0},
        {"2013-02-04 00:00:00+00:00", 1359936000, 0},
        {"2013-02-04T00:00Z", 1359936000, 0},
        {"2013-02-04T05:30:00+05:30", 1359936000, 19800},
        {"2013-02-04T05:30+0530", 1359936000, 19800},
        {"2013-02-03T19:00:00-05", 1359936000, -18000},
        {"2013-02-04T00:00:00.000Z", 1359936000, 0},
        {"2013-02-04 00:00:00.0+00", 1359936000, 0},
        {"1969-12-31T23:59:59Z", -1, 0},
        {"2012-02-29T12:00:00-00:30", 1330518600, -1800},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t instant = 5;
        int32_t offset = 5;
        const char *why = ls_stamp_parse(rows[i].text, strlen(rows[i].text), &instant, &offset);
        if (why != NULL)
            fail_msg("%s: %s", rows[i].text, why);
        assert_int_equal(instant, rows[i].instant);
        assert_int_equal(offset, rows[i].offset_s);
    }
}

static void stamps_say_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "not a time"},
        {"yesterday", "not a time"},
        {"2013-02-30T00:00Z", "not a time"},
        {"2013-02-04", "no time of day"},
        {"2013-02-04T", "not a time"},
        {"2013-02-04T7:00Z", "not a time"},
        {"2013-02-04T00:00:0Z", "not a time"},
        {"2013-02-04T00:00:00", "no UTC offset"},
        {"2013-02-04T00:00", "no UTC offset"},
        {"2013-02-04T00:00:00 Europe/London", "no UTC offset"},
        {"2013-02-04T24:00:00Z", "time of day out of range"},
        {"2013-02-04T00:60:00Z", "time of day out of range"},
        {"2013-02-04T00:00:60Z", "time of day out of range"},
        {"2013-02-04T00:00:00.5Z", "fractions of a second"},
        {"2013-02-04T00:00:00.Z", "fractions of a second"},
        {"2013-02-04T00:00:00+5", "malformed UTC offset"},
        {"2013-02-04T00:00:00+05:3", "malformed UTC offset"},
        {"2013-02-04T00:00:00+05:30:00", "malformed UTC offset"},
        {"2013-02-04T00:00:00+24:00", "UTC offset out of range"},
        {"2013-02-04T00:00:00Zulu", "text after the time"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t instant = 5;
        int32_t offset = 5;
        const char *why = ls_stamp_parse(rows[i].text, strlen(rows[i].text), &instant, &offset);
        if (why == NULL || strcmp(why, rows[i].why) != 0)
            fail_msg("'%s': %s", rows[i].text, why != NULL ? why : "accepted");
        assert_int_equal(instant, 5);
        assert_int_equal(offset, 5);
    }
    int64_t instant;
    int32_t offset;
    const char *longer = "2013-02-04T00:00Z,rest"; /* the length counts, not a NUL */
    assert_null(ls_stamp_parse(longer, 17, &instant, &offset));
    assert_non_null(ls_stamp_parse(longer, 18, &instant, &offset));
}

static void stamps_write_with_their_offset(void **state)
{
    (void)state;
    char text[LS_STAMP_SIZE];
    assert_string_equal(ls_stamp_format(1359936000, 0, text), "2013-02-04T00:00:00+00:00");
    assert_string_equal(ls_stamp_format(1359936000, 19800, text), "2013-02-04T05:30:00+05:30");
    assert_string_equal(ls_stamp_format(1359936000, -12600, text), "2013-02-03T20:30:00-03:30");
    assert_string_equal(ls_stamp_format(-1, 0, text), "1969-12-31T23:59:59+00:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_begin_and_last_as_the_zone_says),
        cmocka_unit_test(every_instant_belongs_to_the_day_that_it_lies_in),
        cmocka_unit_test(offsets_change_at_the_second),
        cmocka_unit_test(offsets_may_stand_for_a_zone),
        cmocka_unit_test(unknown_zones_are_refused),
        cmocka_unit_test(no_change_of_offset_is_lost),
        cmocka_unit_test(a_zone_may_be_read_by_several_threads),
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(years_and_months_span_their_days),
        cmocka_unit_test(dates_read_and_write),
        cmocka_unit_test(stamps_read_in_every_form),
        cmocka_unit_test(stamps_say_what_is_wrong),
        cmocka_unit_test(stamps_write_with_their_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
