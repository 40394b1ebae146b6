/* An import gives the dataset that loading gives, and refuses what loading refuses, in the same words. */
#include "../support/folder.h"
#include "../support/support.h"
#include "broken_csv.h"

#include <loadscope/import.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define STORE        "out.nc"
#define THREADS_MOST 4
#define FILES_MOST   3

/* What an import is given. */
struct given {
    const char *paths[FILES_MOST];
    size_t n_paths;
    const char *factors, *timezone;
    int slot_minutes;
};

static const struct given one_file = {{"in.csv"}, 1, NULL, "auto", 30};
static const struct given with_factors = {{"in.csv"}, 1, "factors.csv", "auto", 30};

/* Each test works in a folder of its own, so that messages name plain files. */
static int enter_folder(void **state)
{
    char folder[] = "/tmp/loadscope-test-XXXXXX";
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    *state = strdup(folder);
    return *state == NULL ? -1 : 0;
}

static int leave_folder(void **state)
{
    folder_remove(*state);
    free(*state);
    return chdir("/");
}

static struct ls_load_options load_options(const struct given *given)
{
    return (struct ls_load_options){
        .slot_minutes = given->slot_minutes, .timezone = given->timezone, .factors_path = given->factors};
}

static int import(const struct given *given, int threads, uint64_t part_bytes, struct ls_error *error)
{
    const struct ls_import_options options = {.load = load_options(given),
                                              .store = {.history = "test"},
                                              .threads = threads,
                                              .part_bytes = part_bytes};
    return ls_import(given->paths, given->n_paths, &options, STORE, error);
}

/* ---- equality ---- */

static bool same_real(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void assert_same_city(const struct ls_city *a, const struct ls_city *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->first_customer, b->first_customer);
    assert_int_equal(a->n_customers, b->n_customers);
    assert_int_equal(a->n_factors, b->n_factors);
    for (size_t i = 0; i < a->n_factors; i++) {
        assert_int_equal(a->factor_minute[i], b->factor_minute[i]);
        assert_true(same_real(a->mef_g_per_kwh[i], b->mef_g_per_kwh[i]));
        assert_true(same_real(a->aef_g_per_kwh[i], b->aef_g_per_kwh[i]));
    }
}

static void assert_same(const struct ls_dataset *a, const struct ls_dataset *b)
{
    assert_int_equal(a->n_cities, b->n_cities);
    assert_int_equal(a->n_customers, b->n_customers);
    assert_int_equal(a->n_readings, b->n_readings);
    assert_int_equal(a->quantum_mwh, b->quantum_mwh);
    assert_int_equal(a->slot_minutes, b->slot_minutes);
    assert_int_equal(a->one_offset, b->one_offset);
    assert_int_equal(a->offset_s, b->offset_s);
    assert_memory_equal(&a->quality, &b->quality, sizeof a->quality);
    for (size_t i = 0; i < a->n_cities; i++)
        assert_same_city(&a->cities[i], &b->cities[i]);
    for (size_t i = 0; i < a->n_customers; i++) {
        const struct ls_customer *x = &a->customers[i], *y = &b->customers[i];
        assert_string_equal(x->id, y->id);
        assert_int_equal(x->city, y->city);
        assert_int_equal(x->first, y->first);
        assert_int_equal(x->n_readings, y->n_readings);
        assert_true(same_real(x->longitude_deg, y->longitude_deg));
        assert_true(same_real(x->latitude_deg, y->latitude_deg));
    }
    assert_memory_equal(a->minute, b->minute, a->n_readings * sizeof *a->minute);
    assert_memory_equal(a->usage, b->usage, a->n_readings * sizeof *a->usage);
}

static size_t count_files(void)
{
    size_t n = 0;
    DIR *folder = opendir(".");
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        n++;
    closedir(folder);
    return n;
}

/* Imports by several numbers of threads and sizes of parts; what is stored must be what loading gives. */
static void assert_imported(const struct given *given)
{
    static const uint64_t part_bytes[] = {1, 100, 3000, 1000000, 0};
    struct stat about;
    struct ls_load_options options = load_options(given);
    struct ls_dataset *wanted = NULL, *found = NULL;
    struct ls_error error;
    char message[1200];
    if (ls_dataset_load(given->paths, given->n_paths, &options, &wanted, &error) != 0)
        fail_msg("%s", ls_error_text(&error, message, sizeof message));
    assert_int_equal(stat(given->paths[0], &about), 0);
    size_t first = about.st_size > 1000000 ? 3 : 0; /* a large file in bytes takes too long */
    for (int threads = 1; threads <= THREADS_MOST; threads++)
        for (size_t i = first; i < sizeof part_bytes / sizeof *part_bytes; i++) {
            ls_store *store = NULL;
            if (import(given, threads, part_bytes[i], &error) != 0 ||
                ls_store_open(STORE, &store, &error) != 0 || ls_store_load(store, &found, &error) != 0)
                fail_msg("%s", ls_error_text(&error, message, sizeof message));
            assert_same(wanted, found);
            ls_dataset_destroy(found);
            ls_store_close(store);
        }
    ls_dataset_destroy(wanted);
}

static void assert_text_imported(const char *text)
{
    write_file("in.csv", text);
    assert_imported(&one_file);
}

/* ---- what is imported ---- */

static bool add_sample(void *user, const char *text, size_t length)
{
    support_add(user, "%.*s", (int)length, text);
    return true;
}

static struct support_text sample_of(uint32_t customers, uint32_t days)
{
    const struct ls_sample_options sample = {.customers = customers, .days = days, .seed = 7};
    struct support_text text = {0};
    assert_int_equal(ls_sample_write(&sample, add_sample, &text, NULL), 0);
    return text;
}

/* The data lines of `text` in another order, behind its header. */
static char *shuffled(const char *text)
{
    struct ls_random random = ls_random_seed(5, NULL, 0);
    size_t n = 0, capacity = 1;
    for (const char *c = text; *c != '\0'; c++)
        capacity += *c == '\n';
    char *copy = strdup(text), *rest = copy, **lines = calloc(capacity, sizeof *lines);
    struct support_text out = {0};
    assert_non_null(lines);
    support_add(&out, "%s\n", support_cut(&rest, '\n'));
    while (*rest != '\0')
        lines[n++] = support_cut(&rest, '\n');
    for (size_t i = n; i > 1; i--) {
        size_t other = (size_t)ls_random_below(&random, i);
        char *line = lines[i - 1];
        lines[i - 1] = lines[other];
        lines[other] = line;
    }
    for (size_t i = 0; i < n; i++)
        support_add(&out, "%s\n", lines[i]);
    free(lines);
    free(copy);
    return out.bytes;
}

static void a_sample_in_any_order(void **state)
{
    (void)state;
    struct support_text text = sample_of(9, 4);
    char *other = shuffled(text.bytes);
    assert_text_imported(text.bytes);
    assert_text_imported(other);
    free(other);
    free(text.bytes);
}

static void messy_rows_are_counted_alike(void **state)
{
    (void)state;
    assert_text_imported(COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n"
                                 "a,2013-02-04T00:30:00Z,X,,2,3\n"
                                 "a,2013-02-04T01:00:00Z,X,nan,2,3\n"
                                 "a,2013-02-04T01:00:00Z,X,NULL,2,3\n"
                                 "a,2013-02-04T01:30:00Z,X,-0.5,2,3\n"
                                 "a,2013-02-04T01:30:00Z,X,-0.50,2,3\n"
                                 "a,2013-02-04T02:00:00Z,X,-0,,3\n"
                                 "a,2013-02-04T02:30:00Z,X,-0.00000001,,3\n"
                                 "a,2013-02-04T03:00:00Z,X,-5000,,3\n"
                                 "a,2013-02-04T04:00:00Z,X,0.1234565,2,\n"
                                 "a,2013-02-04T04:00:00Z,X,1.234565e-1,NA,\n"
                                 "b,2013-02-07T04:00:00Z,X,0.12345678901,2,\n"
                                 "b,2013-02-04T04:00:00Z,X,7,2,\n");
    assert_text_imported(COLUMNS "b,2013-02-04T00:30:00Z,Y,4,2,3\n"
                                 "b,2013-02-04T00:00:00Z,X,1,2,3\n"
                                 "\n \r\n"
                                 "a,2013-02-04T00:30:00Z,Y,6,2,3\r\n"
                                 "  b , 2013-02-04T00:00:00Z\t,Y,3 ,2, \n"
                                 "B,2013-02-04T00:00:00Z,Y,2,2,7\n"
                                 "a,2013-02-04T00:00:00Z,Y,5,,7");
}

static void the_quantum_follows_the_largest_reading(void **state)
{
    (void)state;
    static const char *const largest[] = {"2147.483647", "2147.4836474",   "2147.4836475", "12553",
                                          "21474.84",    "214748.3649999", "2147483.6474"};
    char text[600];
    for (size_t i = 0; i < sizeof largest / sizeof *largest; i++) {
        snprintf(text, sizeof text,
                 COLUMNS "a,2013-02-04T01:00:00Z,X,0.00000049,2,3\na,2013-02-04T01:00:00Z,X,0.00000049,2,3\n"
                         "a,2013-02-04T00:30:00Z,X,0.1234565,2,3\na,2013-02-04T02:00:00Z,X,0.0004995,2,3\n"
                         "a,2013-02-04T00:00:00Z,X,%s,2,3\n",
                 largest[i]);
        assert_text_imported(text);
    }
}

static void quotes_and_line_ends(void **state)
{
    (void)state;
    assert_text_imported("\xef\xbb\xbfnote," COLUMNS "\"a \"\"quoted\"\"\r\nremark, long\",m 1,"
                         "2013-02-04 00:00+01,Z\xc3\xbcrich,0.25,1,2\r\n"
                         "\r\n,\"m 1\",2013-02-04T00:30:00.000+0100,Z\xc3\xbcrich,  0.5 ,20,3\r\n");
    assert_text_imported("\xef\xbb\xbf\n\n" COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\r\n"
                         "a,2013-02-04T00:30:00Z,X,1,2,3\r\n");
    assert_text_imported("ca_id,date,city,value,marginal_emissions_grams_co2_per_kWh,"
                         "average_emissions_grams_co2_per_kWh\ra,2013-02-04T00:00:00Z,X,1,2,3\r\r"
                         "a,2013-02-04T00:30:00Z,X,1,2,3\r");
    struct support_text text = sample_of(2, 21);
    assert_true(text.length > 100000); /* so that the quote is behind the first look */
    support_add(&text, "%s", "\"60000005500\",2022-05-02T00:00:00+05:30,delhi,,,,,,\n");
    assert_text_imported(text.bytes);
    free(text.bytes);
}

static void several_files_and_factors(void **state)
{
    (void)state;
    static const char stamps[] = "ca_id,date,city,value\n"
                                 "a,2013-02-04T00:30:00Z,X,1\n"
                                 "a,2013-02-04T00:00:00Z,X,2\n";
    write_file("in.csv", stamps);
    write_file("in2.csv", "value,ca_id,date,city,customer_longitude\n"
                          "2,b,2013-02-04T00:30:00Z,X,\n2,b,2013-02-04T01:00:00Z,X,8.25\n"
                          "2,b,2013-02-04T02:00:00Z,X,9\n1,a,2013-02-04T00:30:00Z,X,7\n");
    write_file("factors.csv",
               "date,average_emissions_grams_co2_per_kWh,city,marginal_emissions_grams_co2_per_kWh\n"
               "2013-02-04T05:45:00+05:30,9,X,8\n"
               "2013-02-04T05:30:00+05:30,4,X,5\n"
               "2013-02-04T00:00:00Z,4,X,\n"
               "2013-02-04T00:00:00Z,1,elsewhere,2\n");
    const struct given given = {{"in.csv", "in2.csv"}, 2, "factors.csv", "auto", 30};
    assert_imported(&given);
}

static void zones_and_clock_changes(void **state)
{
    (void)state;
    struct given given = {{"in.csv"}, 1, NULL, "Europe/London", 60};
    write_file("in.csv", COLUMNS "a,2013-03-31T00:00:00Z,X,1,2,3\na,2013-03-31T02:00:00+01:00,X,1,2,3\n"
                                 "b,2013-04-02T02:00:00+01:00,X,1,2,3\nb,2013-03-30T02:00:00Z,X,1,2,3\n");
    assert_imported(&given);
    given.timezone = "Asia/Kolkata"; /* whose hours begin in the middle of those of UTC */
    write_file("in.csv", COLUMNS "a,2013-03-31T00:30:00Z,X,1,2,3\na,2013-03-31T01:30:00Z,X,2,2,3\n"
                                 "b,2013-03-30T23:30:00Z,X,1,2,3\nb,2013-03-31T20:00:00+05:30,X,2,2,3\n");
    assert_imported(&given);
    given.timezone = "Australia/Lord_Howe"; /* whose clocks change by half an hour */
    struct ls_error error;
    write_file("in.csv", COLUMNS "a,2024-04-06T00:00:00+11:00,X,1,2,3\na,2024-04-06T01:00:00+11:00,X,1,2,3\n"
                                 "a,2024-04-08T00:00:00+10:30,X,1,2,3\n");
    assert_int_equal(import(&given, 2, 1, &error), LS_ERR_VALUE);
    given.slot_minutes = 30;
    write_file("in.csv", COLUMNS "a,2024-04-06T00:00:00+11:00,X,1,2,3\na,2024-04-06T00:30:00+11:00,X,1,2,3\n"
                                 "a,2024-04-08T00:00:00+10:30,X,1,2,3\n");
    assert_imported(&given);
}

static void write_gzip(const char *path, const char *text, size_t cut_to)
{
    gzFile out = gzopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(gzwrite(out, text, (unsigned)strlen(text)), (int)strlen(text));
    assert_int_equal(gzclose(out), Z_OK);
    if (cut_to > 0)
        assert_int_equal(truncate(path, (off_t)cut_to), 0);
}

static void gzip_and_a_cut_one(void **state)
{
    (void)state;
    struct support_text text = sample_of(3, 2);
    struct ls_error error;
    char message[1200];
    write_gzip("in.csv", text.bytes, 0);
    assert_imported(&one_file);
    write_gzip("in.csv", text.bytes, 200);
    remove(STORE);
    assert_int_equal(import(&one_file, 2, 0, &error), LS_ERR_FORMAT);
    assert_non_null(
        strstr(ls_error_text(&error, message, sizeof message),
               ": the gzip file ends too early: it is cut off; fetch or compress the file again"));
    free(text.bytes);
}

/* Writes a text into a pipe, from a thread. */
struct writer {
    const char *text;
    const char *path;
};

static void *write_pipe(void *user)
{
    const struct writer *writer = user;
    write_file(writer->path, writer->text);
    return NULL;
}

static int import_pipe(const char *text, const struct given *given, struct ls_error *error)
{
    struct writer writer = {text, given->paths[0]};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_pipe, &writer), 0);
    int code = import(given, 2, 100, error);
    pthread_join(thread, NULL);
    return code;
}

static void pipes_are_read_once(void **state)
{
    (void)state;
    struct support_text text = sample_of(3, 2);
    const struct given piped = {{"pipe"}, 1, NULL, "auto", 30};
    struct ls_dataset *wanted = NULL, *found = NULL;
    struct ls_load_options options = load_options(&one_file);
    struct ls_error error;
    ls_store *store = NULL;
    char message[1200];
    write_file("in.csv", text.bytes);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(ls_dataset_load(one_file.paths, 1, &options, &wanted, &error), 0);
    assert_int_equal(import_pipe(text.bytes, &piped, &error), 0);
    assert_int_equal(ls_store_open(STORE, &store, &error), 0);
    assert_int_equal(ls_store_load(store, &found, &error), 0);
    assert_same(wanted, found);
    ls_dataset_destroy(wanted);
    ls_dataset_destroy(found);
    ls_store_close(store);
    free(text.bytes);
    assert_int_equal(import_pipe(COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:00:00Z,X,2,2,3\n",
                                 &piped, &error),
                     LS_ERR_FORMAT);
    assert_string_equal(ls_error_text(&error, message, sizeof message),
                        "pipe:3:4: value: 2 here, but 1 at line 2, for a at 2013-02-04T00:00:00+00:00; a "
                        "customer has one reading for a slot: remove one of the two rows");
}

/* ---- what is refused ---- */

static void assert_all_refused(const struct bad *bad, size_t n)
{
    char message[1200];
    for (size_t i = 0; i < n; i++) {
        write_file("in.csv", bad[i].text);
        if (bad[i].factors != NULL)
            write_file("factors.csv", bad[i].factors);
        size_t files = count_files();
        for (int threads = 1; threads <= THREADS_MOST; threads++)
            for (uint64_t part_bytes = 0; part_bytes <= 40; part_bytes += 20) {
                struct ls_error error;
                int code =
                    import(bad[i].factors != NULL ? &with_factors : &one_file, threads, part_bytes, &error);
                assert_int_equal(code, LS_ERR_FORMAT);
                if (strcmp(ls_error_text(&error, message, sizeof message), bad[i].message) != 0)
                    fail_msg("%s:\n  got      %s\n  expected %s", bad[i].name, message, bad[i].message);
                assert_int_equal(count_files(), files);
            }
    }
}

static void broken_input_is_refused_in_the_same_words(void **state)
{
    (void)state;
    assert_all_refused(bad_rows, sizeof bad_rows / sizeof *bad_rows);
    assert_all_refused(bad_shapes, sizeof bad_shapes / sizeof *bad_shapes);
    assert_all_refused(bad_together, sizeof bad_together / sizeof *bad_together);
}

/* Contradictions that rounding would hide, and those that only merging threads can see. */
static void contradictions_are_exact(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"0.1234565", "0.1234567"}, {"-0.5", "-0.25"}, {"-0.5", ""}, {"0", "-0.00000001"}, {"", "0"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct support_text text = {0};
        struct ls_error wanted, found;
        struct ls_dataset *dataset = NULL;
        struct ls_load_options options = load_options(&one_file);
        char a[1200], b[1200];
        support_add(&text, COLUMNS "a,2013-02-04T00:00:00Z,X,%s,2,3\n", pairs[i][0]);
        for (int s = 1; s < 20; s++)
            support_add(&text, "a,2013-02-04T%02d:%02d:00Z,X,1,2,3\n", s / 2, s % 2 * 30);
        support_add(&text, "a,2013-02-04T00:00:00Z,X,%s,2,3\n", pairs[i][1]);
        write_file("in.csv", text.bytes);
        free(text.bytes);
        assert_int_equal(ls_dataset_load(one_file.paths, 1, &options, &dataset, &wanted), LS_ERR_FORMAT);
        for (int threads = 1; threads <= THREADS_MOST; threads++) {
            assert_int_equal(import(&one_file, threads, 50, &found), LS_ERR_FORMAT);
            assert_string_equal(ls_error_text(&found, a, sizeof a), ls_error_text(&wanted, b, sizeof b));
        }
    }
    assert_int_equal(access(STORE, F_OK), -1);
}

static void the_first_error_is_told(void **state)
{
    (void)state;
    struct support_text text = {0};
    struct ls_error error;
    support_add(&text, COLUMNS);
    for (int i = 0; i < 500; i++)
        support_add(&text, "a,2013-02-04T00:00:00Z,X,%s,2,3\n", i < 100 ? "1" : "one");
    write_file("in.csv", text.bytes);
    free(text.bytes);
    for (int threads = 1; threads <= THREADS_MOST; threads++) {
        assert_int_equal(import(&one_file, threads, 500, &error), LS_ERR_FORMAT);
        assert_int_equal(error.line, 102);
    }
    const struct given missing = {{"none.csv"}, 1, NULL, "auto", 30};
    assert_int_equal(import(&missing, 2, 0, &error), LS_ERR_IO);
    assert_string_equal(error.file, "none.csv");
    struct given wrong = one_file;
    wrong.slot_minutes = 45;
    assert_int_equal(import(&wrong, 2, 0, &error), LS_ERR_VALUE);
    assert_string_equal(error.field, "behaviour.slot_minutes");
}

static bool cancel_at(void *user, enum ls_import_stage stage, uint64_t done, uint64_t in_all)
{
    assert_true(in_all == 0 || done <= in_all);
    return stage == *(const enum ls_import_stage *)user;
}

static void cancelling_leaves_nothing(void **state)
{
    (void)state;
    struct support_text text = sample_of(2, 3);
    write_file("in.csv", text.bytes);
    free(text.bytes);
    size_t files = count_files();
    for (enum ls_import_stage stage = LS_IMPORT_READING; stage <= LS_IMPORT_WRITING; stage++) {
        const struct ls_import_options options = {.load = load_options(&one_file),
                                                  .store = {.history = "test"},
                                                  .threads = 2,
                                                  .part_bytes = 1000,
                                                  .progress = cancel_at,
                                                  .user = &stage};
        assert_int_equal(ls_import(one_file.paths, 1, &options, STORE, NULL), LS_ERR_CANCELLED);
        assert_int_equal(count_files(), files);
    }
}

static void measured_data_are_imported(void **state)
{
    (void)state;
    static const char *const files[] = {"london_99_homes_2013-02", "switzerland_537_homes_2018-11"};
    const char *root = getenv("LOADSCOPE_TESTDATA");
    if (root == NULL) {
        print_message("LOADSCOPE_TESTDATA is not set: skipped\n");
        skip();
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/data/%s.csv.gz", root, files[i]);
        char *text = support_read_gzip(path);
        assert_text_imported(text);
        free(text);
    }
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_sample_in_any_order),
        IN_A_FOLDER(messy_rows_are_counted_alike),
        IN_A_FOLDER(the_quantum_follows_the_largest_reading),
        IN_A_FOLDER(quotes_and_line_ends),
        IN_A_FOLDER(several_files_and_factors),
        IN_A_FOLDER(zones_and_clock_changes),
        IN_A_FOLDER(gzip_and_a_cut_one),
        IN_A_FOLDER(pipes_are_read_once),
        IN_A_FOLDER(broken_input_is_refused_in_the_same_words),
        IN_A_FOLDER(contradictions_are_exact),
        IN_A_FOLDER(the_first_error_is_told),
        IN_A_FOLDER(cancelling_leaves_nothing),
        IN_A_FOLDER(measured_data_are_imported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
