/* Loading readings: what is kept and counted, and the exact words for what is wrong. */
#include "broken_csv.h"

#include "data/load.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static const struct ls_load_options half_hours = {.slot_minutes = 30, .timezone = "auto"};

/* Loads texts as if they were files named in.csv, in2.csv; NULL factors: none. */
static int load(const char *text, const char *text2, const char *factors,
                const struct ls_load_options *options, struct ls_dataset **out, struct ls_error *error)
{
    struct ls_source readings[2] = {{"in.csv", text, strlen(text)}, {"in2.csv", text2, 0}};
    struct ls_source factor_file = {"factors.csv", factors, 0};
    if (text2 != NULL)
        readings[1].length = strlen(text2);
    if (factors != NULL)
        factor_file.length = strlen(factors);
    return ls_dataset_load_sources(readings, text2 != NULL ? 2 : 1, factors != NULL ? &factor_file : NULL,
                                   options, out, error);
}

static struct ls_dataset *load_sound(const char *text, const char *factors,
                                     const struct ls_load_options *options)
{
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    char message[1200];
    if (load(text, NULL, factors, options, &dataset, &error) != 0)
        fail_msg("%s", ls_error_text(&error, message, sizeof message));
    assert_true(ls_dataset_check(dataset));
    return dataset;
}

static void assert_refused(const char *name, int code, const struct ls_dataset *dataset,
                           const struct ls_error *error, const char *expected)
{
    char message[1200];
    assert_int_equal(code, LS_ERR_FORMAT);
    assert_null(dataset);
    if (strcmp(ls_error_text(error, message, sizeof message), expected) != 0)
        fail_msg("%s:\n  got      %s\n  expected %s", name, message, expected);
}

static void assert_all_refused(const struct bad *bad, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ls_dataset *dataset = NULL;
        struct ls_error error;
        int code = load(bad[i].text, NULL, bad[i].factors, &half_hours, &dataset, &error);
        assert_refused(bad[i].name, code, dataset, &error, bad[i].message);
        assert_int_equal(load(bad[i].text, NULL, bad[i].factors, &half_hours, &dataset, NULL), code);
    }
}

static void broken_input_is_refused_in_plain_words(void **state)
{
    (void)state;
    assert_all_refused(bad_rows, sizeof bad_rows / sizeof *bad_rows);
    assert_all_refused(bad_shapes, sizeof bad_shapes / sizeof *bad_shapes);
    assert_all_refused(bad_together, sizeof bad_together / sizeof *bad_together);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    static const char text[] = COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013\0-02-04T00:30:00Z,X,1,2,3\n";
    struct ls_source source = {"in.csv", text, sizeof text - 1};
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    int code = ls_dataset_load_sources(&source, 1, NULL, &half_hours, &dataset, &error);
    assert_refused("NUL", code, dataset, &error,
                   "in.csv:3: a NUL byte: this is no text, or not in UTF-8; save the file as CSV in UTF-8");
}

static void a_quote_left_open_does_not_swallow_the_file(void **state)
{
    (void)state;
    GString *text = g_string_new(COLUMNS "\"a");
    for (int i = 0; i < 100000; i++)
        g_string_append(text, ",2013-02-04T00:00:00Z,X\n");
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    int code = load(text->str, NULL, NULL, &half_hours, &dataset, &error);
    assert_refused(
        "quote", code, dataset, &error,
        "in.csv:2: a row of more than 1 MiB; look for a quote that is opened here and never closed");
    g_string_free(text, TRUE);
}

/* A file that goes away with unlink(); `keep` bytes of its compressed form, all when 0. */
static char *gzip_file(const char *text, size_t keep)
{
    char path[] = "/tmp/loadscope-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    gzFile file = gzdopen(fd, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), (int)strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
    if (keep > 0)
        assert_int_equal(truncate(path, (off_t)keep), 0);
    return g_strdup(path);
}

static void gzip_is_read_and_a_cut_one_refused(void **state)
{
    (void)state;
    static const char text[] = COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:30:00Z,X,1.5,2,3\n";
    char *whole = gzip_file(text, 0), *cut = gzip_file(text, 60), expected[400];
    const char *const whole_paths[] = {whole}, *const cut_paths[] = {cut};
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    assert_int_equal(ls_dataset_load(whole_paths, 1, &half_hours, &dataset, &error), 0);
    assert_int_equal(dataset->n_readings, 2);
    ls_dataset_destroy(dataset);
    dataset = NULL;
    int code = ls_dataset_load(cut_paths, 1, &half_hours, &dataset, &error);
    snprintf(expected, sizeof expected,
             "%s:1: the gzip file ends too early: it is cut off; fetch or compress the file again", cut);
    assert_refused("cut", code, dataset, &error, expected);
    unlink(whole);
    unlink(cut);
    g_free(whole);
    g_free(cut);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    static const char *const missing[] = {"/nonexistent/x.csv"}, *const directory[] = {"/tmp"};
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    char message[1200];
    assert_int_equal(ls_dataset_load(missing, 1, &half_hours, &dataset, &error), LS_ERR_IO);
    assert_string_equal(
        ls_error_text(&error, message, sizeof message),
        "/nonexistent/x.csv: cannot open the file: No such file or directory; check the path and "
        "that you may read it");
    assert_int_equal(ls_dataset_load(directory, 1, &half_hours, &dataset, &error), LS_ERR_IO);
    assert_string_equal(ls_error_text(&error, message, sizeof message),
                        "/tmp: is a directory, not a file; name the CSV files in it");
    assert_null(dataset);
}

static void options_are_checked_first(void **state)
{
    (void)state;
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    struct ls_load_options options = {.slot_minutes = 45, .timezone = "auto"};
    assert_int_equal(load("", NULL, NULL, &options, &dataset, &error), LS_ERR_VALUE);
    assert_string_equal(error.field, "behaviour.slot_minutes");
    options = (struct ls_load_options){.slot_minutes = 30, .timezone = "Europe/Londn"};
    assert_int_equal(load("", NULL, NULL, &options, &dataset, &error), LS_ERR_VALUE);
    assert_null(dataset);
}

static void columns_come_in_any_order_and_dress(void **state)
{
    (void)state;
    struct ls_dataset *dataset = load_sound(
        "\xef\xbb\xbf"
        "note,average_emissions_grams_co2_per_kWh,value,\"city\",marginal_emissions_grams_co2_per_kWh,date,"
        "customer_latitude,ca_id,customer_longitude,note\r\n"
        "\"a \"\"quoted\"\"\r\nremark, long\",400.5,0.25,Z\xc3\xbcrich,-1e1,2013-02-04 00:00+01,,m 1,8.5,\r\n"
        "\r\n"
        ",400.25,  0.5 ,Z\xc3\xbcrich,20,2013-02-04T00:30:00.000+0100,47.25,\"m 1\",9,\r\n",
        NULL, &half_hours);
    const struct ls_customer *home = &dataset->customers[0];
    const struct ls_city *city = ls_dataset_city(dataset, "Z\xc3\xbcrich");
    assert_non_null(city);
    assert_null(ls_dataset_city(dataset, "z\xc3\xbcrich"));
    assert_string_equal(home->id, "m 1");
    assert_true(home->longitude_deg == 8.5 && home->latitude_deg == 47.25);
    assert_int_equal(dataset->n_readings, 2);
    assert_int_equal(dataset->usage[0], 250000);
    assert_int_equal(dataset->usage[1], 500000);
    assert_int_equal(dataset->minute[0], 1359932400 / 60); /* date -d 2013-02-04T00:00+01:00 +%s */
    assert_int_equal(city->n_factors, 2);
    assert_true(city->mef_g_per_kwh[0] == -10 && city->mef_g_per_kwh[1] == 20);
    assert_true(city->aef_g_per_kwh[0] == 400.5 && city->aef_g_per_kwh[1] == 400.25);
    assert_true(dataset->one_offset && dataset->offset_s == 3600);
    ls_dataset_destroy(dataset);
}

static void lines_may_end_in_cr_alone(void **state)
{
    (void)state;
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    GString *text =
        g_string_new(COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n\na,2013-02-04T00:30:00Z,X,?,2,3\n");
    g_strdelimit(text->str, "\n", '\r');
    assert_int_equal(load(text->str, NULL, NULL, &half_hours, &dataset, &error), LS_ERR_FORMAT);
    assert_int_equal(error.line, 4);
    g_string_free(text, TRUE);
}

static void doubtful_readings_are_masked_and_counted(void **state)
{
    (void)state;
    struct ls_dataset *dataset = load_sound(COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n"
                                                    "a,2013-02-04T00:30:00Z,X,,2,3\n"
                                                    "a,2013-02-04T01:00:00Z,X,nan,2,3\n"
                                                    "a,2013-02-04T01:00:00Z,X,NULL,2,3\n"
                                                    "a,2013-02-04T01:30:00Z,X,-0.5,2,3\n"
                                                    "a,2013-02-04T01:30:00Z,X,-0.50,2,3\n"
                                                    "a,2013-02-04T02:00:00Z,X,-0,,3\n"
                                                    "a,2013-02-04T04:00:00Z,X,0.1234565,2,\n"
                                                    "a,2013-02-04T04:00:00Z,X,1.234565e-1,NA,\n",
                                            NULL, &half_hours);
    static const int32_t usage[] = {1000000, LS_MISSING, LS_MISSING, LS_MISSING, 0, 123457};
    const struct ls_quality *quality = &dataset->quality;
    assert_int_equal(dataset->n_readings, 6);
    assert_memory_equal(dataset->usage, usage, sizeof usage);
    assert_int_equal(quality->rows, 9);
    assert_int_equal(quality->readings, 3);
    assert_int_equal(quality->missing, 2);
    assert_int_equal(quality->negative, 1);
    assert_int_equal(quality->duplicates, 3);
    assert_int_equal(quality->gaps, 3);
    assert_int_equal(quality->rounded, 1);
    assert_int_equal(quality->slots, 3); /* 00:00, 02:00 and 04:00 have a known reading */
    assert_int_equal(quality->slots_without_factor, 2);
    assert_int_equal(dataset->cities[0].n_factors, 4);
    ls_dataset_destroy(dataset);
}

static void rows_in_any_order_give_the_same_dataset(void **state)
{
    (void)state;
    struct ls_dataset *dataset = load_sound(COLUMNS "b,2013-02-04T00:30:00Z,Y,4,2,3\n"
                                                    "b,2013-02-04T00:00:00Z,X,1,2,3\n"
                                                    "a,2013-02-04T00:30:00Z,Y,6,2,3\n"
                                                    "b,2013-02-04T00:00:00Z,Y,3,2,\n"
                                                    "B,2013-02-04T00:00:00Z,Y,2,2,7\n"
                                                    "a,2013-02-04T00:00:00Z,Y,5,,7\n",
                                            NULL, &half_hours);
    static const char *const ids[] = {"b", "B", "a", "b"};
    static const int32_t kwh[] = {1, 2, 5, 6, 3, 4};
    assert_int_equal(dataset->n_cities, 2);
    assert_int_equal(dataset->n_customers, 4); /* one id in two cities is two customers */
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(dataset->customers[i].id, ids[i]);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(dataset->usage[i], kwh[i] * 1000000);
    assert_int_equal(dataset->cities[1].first_customer, 1);
    assert_int_equal(dataset->cities[1].n_factors, 2); /* each row's empty factor is filled from another */
    assert_true(dataset->cities[1].aef_g_per_kwh[0] == 7 && dataset->cities[1].aef_g_per_kwh[1] == 3);

    const struct ls_customer *home = &dataset->customers[2];
    assert_int_equal(ls_dataset_seek(dataset, home, INT32_MIN), 2);
    assert_int_equal(ls_dataset_seek(dataset, home, dataset->minute[3]), 3);
    assert_int_equal(ls_dataset_seek(dataset, home, dataset->minute[3] + 1), 4);
    ls_dataset_destroy(dataset);
}

static void factors_may_come_in_a_file_of_their_own(void **state)
{
    (void)state;
    struct ls_dataset *dataset =
        load_sound(BARE_COLUMNS "a,2013-02-04T00:00:00Z,X,1\na,2013-02-04T00:30:00Z,X,2\n",
                   "date,grid,average_emissions_grams_co2_per_kWh,city,marginal_emissions_grams_co2_per_kWh\n"
                   "2013-02-04T05:45:00+05:30,n,9,X,8\n" /* no slot's start: nobody minds */
                   "2013-02-04T05:30:00+05:30,n,4,X,5\n"
                   "2013-02-04T00:00:00Z,n,4,X,\n"
                   "2013-02-04T00:00:00Z,n,1,elsewhere,2\n",
                   &half_hours);
    const struct ls_city *city = &dataset->cities[0];
    assert_int_equal(dataset->n_cities, 1);
    assert_int_equal(city->n_factors, 2);
    assert_true(city->mef_g_per_kwh[0] == 5 && city->aef_g_per_kwh[0] == 4 && city->mef_g_per_kwh[1] == 8);
    assert_int_equal(city->factor_minute[0], dataset->minute[0]);
    assert_true(dataset->one_offset);
    assert_int_equal(dataset->quality.factor_rows, 4);
    assert_int_equal(dataset->quality.rows, 2);
    assert_int_equal(dataset->quality.slots, 2);
    assert_int_equal(dataset->quality.slots_without_factor, 1);
    ls_dataset_destroy(dataset);
}

static void several_files_are_one_dataset(void **state)
{
    (void)state;
    static const char first[] = COLUMNS "a,2013-02-04T00:30:00Z,X,1,2,3\n",
                      second[] = COLUMNS "a,2013-02-04T00:00:00Z,X,2,2,3\nb,2013-02-04T00:30:00Z,X,2,2,3\n";
    struct ls_dataset *dataset = NULL;
    struct ls_error error;
    assert_int_equal(load(first, second, NULL, &half_hours, &dataset, &error), 0);
    assert_int_equal(dataset->n_customers, 2);
    assert_int_equal(dataset->n_readings, 3);
    assert_int_equal(dataset->usage[0], 2000000);
    ls_dataset_destroy(dataset);
    dataset = NULL;
    int code = load(first, COLUMNS "a,2013-02-04T00:30:00Z,X,7,2,3\n", NULL, &half_hours, &dataset, &error);
    assert_refused(
        "two files", code, dataset, &error,
        "in2.csv:2:4: value: 7 here, but 1 at line 2 of in.csv, for a at 2013-02-04T00:30:00+00:00; a "
        "customer has one reading for a slot: remove one of the two rows");
}

static void the_quantum_follows_the_largest_reading(void **state)
{
    (void)state;
    static const struct {
        const char *largest;
        int32_t quantum, usage, other;
        uint64_t rounded;
    } cases[] = {
        {"2147.483647", 1, INT32_MAX, 123457, 1},    {"2147.4836474", 1, INT32_MAX, 123457, 2},
        {"2147.4836475", 10, 214748365, 12346, 2},   {"12553", 10, 1255300000, 12346, 1},
        {"21474.84", 100, 214748400, 1235, 1},       {"214748.364", 100, 2147483640, 1235, 1},
        {"214748.3649999", 1000, 214748365, 123, 2}, {"2147483.6474", 1000, INT32_MAX, 123, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        snprintf(text, sizeof text,
                 COLUMNS "a,2013-02-04T00:00:00Z,X,%s,2,3\na,2013-02-04T00:30:00Z,X,0.1234565,2,3\n",
                 cases[i].largest);
        struct ls_dataset *dataset = load_sound(text, NULL, &half_hours);
        assert_int_equal(dataset->quantum_mwh, cases[i].quantum);
        assert_int_equal(dataset->usage[0], cases[i].usage);
        assert_int_equal(dataset->usage[1], cases[i].other);
        assert_int_equal(dataset->quality.rounded, cases[i].rounded);
        ls_dataset_destroy(dataset);
    }
}

static void a_named_zone_takes_mixed_offsets(void **state)
{
    (void)state;
    struct ls_error error;
    struct ls_load_options options = {.slot_minutes = 60, .timezone = "Europe/London"};
    struct ls_dataset *dataset = load_sound(COLUMNS "a,2013-03-31T00:00:00Z,X,1,2,3\n"
                                                    "a,2013-03-31T02:00:00+01:00,X,1,2,3\n",
                                            NULL, &options);
    ls_zone *zone = NULL;
    assert_false(dataset->one_offset);
    assert_int_equal(dataset->quality.gaps, 0);
    assert_int_equal(ls_dataset_zone(dataset, "auto", &zone, &error), LS_ERR_VALUE);
    assert_string_equal(error.remedy, "name the time zone, as --set behaviour.timezone=Europe/London");
    assert_int_equal(ls_dataset_zone(dataset, "Europe/London", &zone, &error), 0);
    assert_int_equal(ls_zone_offset(zone, 1372636800), 3600); /* July */
    ls_zone_close(zone);
    ls_dataset_destroy(dataset);
}

static void auto_is_the_one_offset(void **state)
{
    (void)state;
    struct ls_dataset *dataset =
        load_sound(COLUMNS "a,2013-02-04T00:00:00+05:30,X,1,2,3\n", NULL, &half_hours);
    ls_zone *zone = NULL;
    assert_int_equal(ls_dataset_zone(dataset, "auto", &zone, NULL), 0);
    assert_int_equal(ls_zone_offset(zone, 0), 19800);
    ls_zone_close(zone);
    ls_dataset_destroy(dataset);
    ls_dataset_destroy(NULL);
}

static bool cancel(void *user, uint64_t bytes, uint64_t bytes_in_all)
{
    ++*(int *)user;
    assert_true(bytes > 0 && bytes <= bytes_in_all);
    return true;
}

static void loading_can_be_cancelled(void **state)
{
    (void)state;
    GString *text = g_string_new(COLUMNS);
    for (int i = 0; i < 70000; i++)
        g_string_append_printf(text, "home%d,2013-02-04T00:00:00Z,X,1,2,3\n", i);
    int calls = 0;
    struct ls_load_options options = half_hours;
    options.progress = cancel;
    options.user = &calls;
    struct ls_dataset *dataset = NULL;
    assert_int_equal(load(text->str, NULL, NULL, &options, &dataset, NULL), LS_ERR_CANCELLED);
    assert_null(dataset);
    assert_int_equal(calls, 1);
    g_string_free(text, TRUE);
}

static void check_catches_what_is_broken(void **state)
{
    (void)state;
    struct ls_dataset *dataset = load_sound(
        COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\nb,2013-02-04T00:00:00Z,X,1,2,3\n", NULL, &half_hours);
    struct ls_dataset_storage *store = dataset->owner;
    store->usage[0] = -1;
    assert_false(ls_dataset_check(dataset));
    store->usage[0] = 1;
    store->customers[1].id = "a";
    assert_false(ls_dataset_check(dataset));
    store->customers[1].id = "b";
    store->mef_g_per_kwh[0] = NAN;
    assert_false(ls_dataset_check(dataset));
    store->mef_g_per_kwh[0] = 2;
    dataset->quality.rows = 3;
    assert_false(ls_dataset_check(dataset));
    dataset->quality.rows = 2;
    assert_true(ls_dataset_check(dataset));
    ls_dataset_destroy(dataset);
}

/* Counts made with awk and Python's decimal module. */
static void real_data_counts_agree(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t customers;
        uint64_t rows, readings, gaps, negative, rounded;
        double kwh;
    } cases[] = {
        {"data/london_99_homes_2013-02.csv.gz", 99, 66511, 66511, 17, 0, 752, 18520.295002},
        {"data/switzerland_537_homes_2018-11.csv.gz", 537, 360864, 360860, 0, 4, 0, 311243.8918},
    };
    const char *root = getenv("LOADSCOPE_TESTDATA");
    if (root == NULL) {
        print_message("LOADSCOPE_TESTDATA is not set: skipped\n");
        skip();
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = g_strdup_printf("%s/%s", root, cases[i].file);
        const char *const paths[] = {path};
        struct ls_dataset *dataset = NULL;
        double kwh = 0;
        assert_int_equal(ls_dataset_load(paths, 1, &half_hours, &dataset, NULL), 0);
        assert_true(ls_dataset_check(dataset));
        assert_int_equal(dataset->n_customers, cases[i].customers);
        assert_int_equal(dataset->quality.rows, cases[i].rows);
        assert_int_equal(dataset->quality.readings, cases[i].readings);
        assert_int_equal(dataset->quality.gaps, cases[i].gaps);
        assert_int_equal(dataset->quality.negative, cases[i].negative);
        assert_int_equal(dataset->quality.rounded, cases[i].rounded);
        assert_int_equal(dataset->quality.slots, 672);
        for (size_t r = 0; r < dataset->n_readings; r++)
            kwh += dataset->usage[r] != LS_MISSING ? dataset->usage[r] * 1e-6 * dataset->quantum_mwh : 0;
        assert_true(fabs(kwh - cases[i].kwh) < 1e-4);
        ls_dataset_destroy(dataset);
        g_free(path);
    }
}

/* Scripts need what is not seen to join letters or keep them apart. */
static void names_keep_their_joiners(void **state)
{
    (void)state;
#define JOINED "\xe0\xb4\xa8\xe0\xb5\x8d\xe2\x80\x8d\xe2\x80\x8c"
    struct ls_dataset *dataset =
        load_sound(COLUMNS "a,2013-02-04T00:00:00Z," JOINED ",1,2,3\n", NULL, &half_hours);
    assert_non_null(ls_dataset_city(dataset, JOINED));
    ls_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_input_is_refused_in_plain_words),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_quote_left_open_does_not_swallow_the_file),
        cmocka_unit_test(gzip_is_read_and_a_cut_one_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(options_are_checked_first),
        cmocka_unit_test(columns_come_in_any_order_and_dress),
        cmocka_unit_test(lines_may_end_in_cr_alone),
        cmocka_unit_test(doubtful_readings_are_masked_and_counted),
        cmocka_unit_test(rows_in_any_order_give_the_same_dataset),
        cmocka_unit_test(factors_may_come_in_a_file_of_their_own),
        cmocka_unit_test(several_files_are_one_dataset),
        cmocka_unit_test(the_quantum_follows_the_largest_reading),
        cmocka_unit_test(a_named_zone_takes_mixed_offsets),
        cmocka_unit_test(auto_is_the_one_offset),
        cmocka_unit_test(loading_can_be_cancelled),
        cmocka_unit_test(check_catches_what_is_broken),
        cmocka_unit_test(real_data_counts_agree),
        cmocka_unit_test(names_keep_their_joiners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
