/* Scenario files: what is read, what is written back, and what is refused with which words. */
#include <loadscope/policy.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof(array)[0])

/* What a policy writes; the caller frees it. */
static char *write_text(const struct ls_policy *policy)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    assert_int_equal(ls_scenario_write(file, policy, NULL), 0);
    (void)fclose(file);
    return text;
}

static int parse(const char *text, struct ls_policy *policy, struct ls_error *error)
{
    return ls_scenario_parse("plan.ini", text, strlen(text), policy, error);
}

static void parse_ok(const char *text, struct ls_policy *policy)
{
    struct ls_error error = {0};
    char line[800];
    ls_policy_init(policy);
    if (parse(text, policy, &error) != 0)
        fail_msg("%s", ls_error_text(&error, line, sizeof line));
}

/* The file's own lines but for remarks, and empty lines in a row as one. */
static char *without_remarks(const char *path)
{
    FILE *in = fopen(path, "r");
    char *text = NULL, line[512];
    size_t size = 0;
    if (in == NULL)
        return NULL;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    bool begun = false;
    while (fgets(line, sizeof line, in) != NULL)
        if (line[0] != ';' && (begun || line[0] != '\n')) {
            begun = true;
            fputs(line, out);
        }
    (void)fclose(in);
    (void)fclose(out);
    return text;
}

/* Reads, writes and reads a file again. What is written begins with the file's own text. */
static void round_trip(const char *path)
{
    struct ls_policy first, second;
    struct ls_error error = {0};
    char line[800];
    ls_policy_init(&first);
    if (ls_scenario_read(path, &first, &error) != 0)
        fail_msg("%s", ls_error_text(&error, line, sizeof line));
    char *text = write_text(&first), *own = without_remarks(path);
    parse_ok(text, &second);
    assert_true(ls_policy_equal(&first, &second));
    assert_non_null(own);
    if (strncmp(text, own, strlen(own)) != 0)
        fail_msg("%s is not written as it was read", path);
    assert_non_null(strstr(text, "\n[run]\nengine = greedy\nweek_context = day_alone\nshuffle_order = no\n"
                                 "seed = 0\nmin_fraction_of_day = none\nsolver = auto\n"));
    free(text);
    free(own);
    ls_policy_clear(&first);
    ls_policy_clear(&second);
}

static void test_files_round_trip(void **state)
{
    (void)state;
    round_trip("tests/fixtures/golden/tiny/lax/scenario.ini");
    round_trip("tests/fixtures/golden/tiny/restricted/scenario.ini");
    round_trip("tests/fixtures/golden/small/lax/scenario.ini");
    round_trip("tests/fixtures/golden/small/restricted/scenario.ini");
    round_trip("sample_data/lax.ini");
    round_trip("sample_data/restricted.ini");
}

static void test_london_round_trips(void **state)
{
    (void)state;
    const char *data = getenv("LOADSCOPE_TESTDATA");
    char path[512];
    if (data == NULL) {
        print_message("skipped: LOADSCOPE_TESTDATA is not set\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/golden/london/restricted/scenario.ini", data);
    round_trip(path);
}

static void test_samples_say_what_they_promise(void **state)
{
    static const struct {
        const char *path;
        int day, week;
        double window, peak;
    } cases[] = {{"sample_data/lax.ini", 2, 7, 3, 80}, {"sample_data/restricted.ini", 1, 3, 2, 25}};
    static const uint32_t hours[7] = {0x101F00, 0x700E00, 0x700E00, 0x700E00, 0x300F00, 0x103E00, 0x107C00};
    (void)state;
    for (size_t i = 0; i < SIZE(cases); i++) {
        struct ls_policy p;
        ls_policy_init(&p);
        assert_int_equal(ls_scenario_read(cases[i].path, &p, NULL), 0);
        assert_int_equal(p.moves_per_day, cases[i].day);
        assert_int_equal(p.moves_per_week, cases[i].week);
        assert_true(p.shift_window_hours == cases[i].window);
        assert_true(p.peak_reduction_percent == cases[i].peak);
        assert_true(p.r_percent == 10 && p.load_shift_percent == 10 && p.alpha_percent == 25);
        assert_string_equal(p.timezone, "Asia/Kolkata");
        assert_int_equal(p.n_cities, 2);
        for (size_t c = 0; c < 2; c++) {
            assert_string_equal(p.cities[c].name, c == 0 ? "delhi" : "mumbai");
            assert_memory_equal(p.cities[c].peak_hours, hours, sizeof hours);
            assert_true(p.cities[c].daily_load_kwh == LS_NONE);
        }
        ls_policy_clear(&p);
    }
}

static void test_every_row_round_trips(void **state)
{
    (void)state;
    struct ls_policy p, again;
    static const char text[] =
        "[behaviour]\nmoves_per_day=none\nmoves_per_week=none\nshift_window_hours=none\n"
        "shift_window_inclusive=no\nday_boundaries=06:30-22:00\ntimezone=Europe/London\n"
        "slot_minutes=15\n[peak]\nreduction_limit_percent=none\nlimit_scope=slot\n"
        "reduction_scope=per_city\n[peak_hours.St. Ives]\nSun=0-23\n"
        "[regional]\nload_shift_percent_limit=0.1\n[regional_daily_load_kwh]\n"
        "A city whose name has fifty-three bytes as it happens = 0.30000000000000004\n"
        "[household_minimum]\nbaseline_period=week\nbaseline_type=absolute_min\n"
        "robust_max_percentile=99.5\nR_percent=none\nepsilon_floor_kwh=1e-9\n"
        "[spike]\nalpha_percent=none\n[run]\nengine=milp\nweek_context=in_week\n"
        "shuffle_order=on\nseed=9007199254740993\nmin_fraction_of_day=0.015\nsolver=glpk\n";
    parse_ok(text, &p);
    char *written = write_text(&p);
    parse_ok(written, &again);
    assert_true(ls_policy_equal(&p, &again));
    assert_int_equal(again.seed, INT64_C(9007199254740993));
    assert_non_null(strstr(written, " = 0.30000000000000004\n"));
    assert_non_null(strstr(written, "[peak_hours.St. Ives]\nMon =\n"));
    free(written);
    ls_policy_clear(&p);
    ls_policy_clear(&again);
}

/* A city as long as they come heads a section that the INI library would cut. */
static void test_longest_city(void **state)
{
    (void)state;
    struct ls_policy p, again;
    char name[64], text[256];
    memset(name, 'y', sizeof name);
    name[63] = '\0';
    snprintf(text, sizeof text, "[peak_hours.%s]\nMon = 7\n[regional_daily_load_kwh]\n%s = 5\n", name, name);
    parse_ok(text, &p);
    assert_int_equal(p.n_cities, 1);
    assert_string_equal(p.cities[0].name, name);
    char *written = write_text(&p);
    parse_ok(written, &again);
    assert_true(ls_policy_equal(&p, &again));
    free(written);
    ls_policy_clear(&p);
    ls_policy_clear(&again);
}

static void test_forms_of_a_line(void **state)
{
    (void)state;
    struct ls_policy p;
    char text[1200];
    /* A byte order mark, CRLF, indentation, remarks of any length, an inline remark, colons, no last newline.
     */
    size_t n = (size_t)snprintf(text, sizeof text, "\xEF\xBB\xBF[spike] ; what a slot may grow\r\n\r\n# ");
    memset(text + n, '-', 500);
    snprintf(text + n + 500, sizeof text - n - 500,
             "\r\n  alpha_percent = 7 ; per cent\r\n[behaviour]\r\n\tmoves_per_day: 4\r\n"
             "    moves_per_week=5\r\n[peak_hours.delhi] # a city\r\n  Mon = 8\r\n  Tue = 9");
    parse_ok(text, &p);
    assert_true(p.alpha_percent == 7);
    assert_int_equal(p.moves_per_day, 4);
    assert_int_equal(p.moves_per_week, 5);
    assert_int_equal(ls_policy_city(&p, "delhi")->peak_hours[0], 1u << 8);
    assert_int_equal(ls_policy_city(&p, "delhi")->peak_hours[1], 1u << 9);
    ls_policy_clear(&p);
    parse_ok("", &p);
    ls_policy_clear(&p);
}

static void test_reads_over_a_policy(void **state)
{
    (void)state;
    struct ls_policy p;
    parse_ok("[spike]\nalpha_percent=5\n[peak_hours.delhi]\nMon=8\nTue=9\n[peak_hours.mumbai]\nMon=1\n", &p);
    assert_int_equal(parse("[behaviour]\nmoves_per_day=2\n[peak_hours.delhi]\nWed=10\n", &p, NULL), 0);
    assert_true(p.alpha_percent == 5);
    assert_int_equal(p.moves_per_day, 2);
    /* A section of peak hours is the whole week: days it leaves out have none. */
    assert_int_equal(ls_policy_city(&p, "delhi")->peak_hours[0], 0);
    assert_int_equal(ls_policy_city(&p, "delhi")->peak_hours[2], 1u << 10);
    assert_int_equal(ls_policy_city(&p, "mumbai")->peak_hours[0], 1u << 1);
    ls_policy_clear(&p);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text;
        enum ls_code code;
        const char *message;
    } cases[] = {
        {"[spike]\n\nalpha_pct = 3\n", LS_ERR_NAME,
         "plan.ini:3: spike.alpha_pct: unknown key 'alpha_pct' in [spike]; did you mean alpha_percent?"},
        {"[peak]\nalpha_percent = 3\n", LS_ERR_NAME,
         "plan.ini:2: peak.alpha_percent: unknown key 'alpha_percent' in [peak]; did you mean alpha_percent "
         "in "
         "[spike]?"},
        {"[behaviour]\nMon = 3\n", LS_ERR_NAME,
         "plan.ini:2: behaviour.Mon: unknown key 'Mon' in [behaviour]; did you mean Mon in "
         "[peak_hours.CITY]?"},
        {"[peak_hours.delhi]\nMonday = 3\n", LS_ERR_NAME,
         "plan.ini:2: peak_hours.delhi.Monday: unknown key 'Monday' in [peak_hours.delhi]; did you mean "
         "Mon?"},
        {"[peak_hours.a]\nb.Mon = 3\n", LS_ERR_NAME,
         "plan.ini:2: peak_hours.a.b.Mon: unknown key 'b.Mon' in [peak_hours.a]; did you mean Mon?"},
        {"[spike]\nalpha_percent = 3\n[spikes]\n", LS_ERR_NAME,
         "plan.ini:3: unknown section [spikes]; did you mean [spike]?"},
        {"[Spike]\n", LS_ERR_NAME, "plan.ini:1: unknown section [Spike]; did you mean [spike]?"},
        {"[peak_hour.New Delhi]\n", LS_ERR_NAME,
         "plan.ini:1: unknown section [peak_hour.New Delhi]; did you mean [peak_hours.New Delhi]?"},
        {"[peak_hours]\n", LS_ERR_NAME,
         "plan.ini:1: unknown section [peak_hours]; did you mean [peak_hours.CITY]?"},
        {"[peak_hours.]\n", LS_ERR_NAME,
         "plan.ini:1: city name '' is empty; write the city's name as the data has it"},
        {"[spike]\nalpha_percent = 3000\n", LS_ERR_VALUE,
         "plan.ini:2: spike.alpha_percent: 3000 is out of range; give a number from 0 to 1000, or none"},
        {"[run]\nengine = gredy\n", LS_ERR_VALUE,
         "plan.ini:2: run.engine: unknown word 'gredy'; write greedy, milp or lp"},
        {"[peak_hours.delhi]\nMon = 8\nTue = 8 9 25\n", LS_ERR_VALUE,
         "plan.ini:3: peak_hours.delhi.Tue: '25' is not within hours 0 to 23; write hours 0 to 23, such as 8 "
         "9 10 20 "
         "or 8-10,20; empty for no peak"},
        {"[regional_daily_load_kwh]\ndelhi = 3.9 GWh\n", LS_ERR_VALUE,
         "plan.ini:2: regional_daily_load_kwh.delhi: '3.9 GWh' is not a number of kWh; give the region's kWh "
         "per "
         "average day, above 0 and at most 1e+12, or auto"},
        {"[spike]\nalpha_percent = 3\n[run]\nseed=1\n[spike]\nalpha_percent = 3\n", LS_ERR_FORMAT,
         "plan.ini:6: spike.alpha_percent: set twice, on lines 2 and 6; keep one of them"},
        {"[peak_hours.a]\nMon=1\n[peak_hours.b]\nMon=1\n[peak_hours.a]\nTue=1\nMon=2\n", LS_ERR_FORMAT,
         "plan.ini:7: peak_hours.a.Mon: set twice, on lines 2 and 7; keep one of them"},
        {"alpha_percent = 3\n", LS_ERR_FORMAT,
         "plan.ini:1: alpha_percent: key 'alpha_percent' stands before any section; begin with a section, "
         "such as "
         "[behaviour]"},
        {"[spike]\nalpha_percent\n", LS_ERR_FORMAT,
         "plan.ini:2: 'alpha_percent' is neither [section] nor key = value; begin a remark with ; or #"},
        {"[spike]\nalpha_percent\n[nonsense]\n", LS_ERR_FORMAT,
         "plan.ini:2: 'alpha_percent' is neither [section] nor key = value; begin a remark with ; or #"},
        {"[spike\nalpha_percent = 3\n", LS_ERR_FORMAT,
         "plan.ini:1: '[spike' is neither [section] nor key = value; begin a remark with ; or #"},
        {"[spike] alpha_percent = 3\n", LS_ERR_FORMAT,
         "plan.ini:1: 'alpha_percent = 3' follows a section's ]; give it a line of its own"},
        {"[spike]\nalpha_percent =\n", LS_ERR_VALUE,
         "plan.ini:2: spike.alpha_percent: '' is not a number; give a number from 0 to 1000, or none"},
        {"[spike]\nalpha_percent = 1\x02\n", LS_ERR_FORMAT,
         "plan.ini:2: control character 0x02; save the file as plain text in UTF-8"},
        {"[regional_daily_load_kwh]\na#b = 4\n", LS_ERR_NAME,
         "plan.ini:2: city name 'a#b' holds one of = : ; # [ ]; write the city's name as the data has it"},
    };
    (void)state;
    for (size_t i = 0; i < SIZE(cases); i++) {
        struct ls_policy p, fresh;
        struct ls_error error = {0};
        char text[800];
        ls_policy_init(&p);
        ls_policy_init(&fresh);
        assert_int_equal(parse(cases[i].text, &p, &error), cases[i].code);
        assert_string_equal(ls_error_text(&error, text, sizeof text), cases[i].message);
        assert_true(ls_policy_equal(&p, &fresh));
        assert_int_equal(parse(cases[i].text, &p, NULL), cases[i].code);
        ls_policy_clear(&p);
    }
}

static void test_nul_and_long_lines(void **state)
{
    static const char nul[] = "[spike]\nalpha_percent = 3\0\n";
    static const char nul_in_remark[] = "; a\0b\n[spike]\n";
    (void)state;
    struct ls_policy p;
    struct ls_error error = {0};
    char text[400], line[800];
    ls_policy_init(&p);
    assert_int_equal(ls_scenario_parse("plan.ini", nul, sizeof nul - 1, &p, &error), LS_ERR_FORMAT);
    assert_string_equal(ls_error_text(&error, line, sizeof line),
                        "plan.ini:2: control character 0x00; save the file as plain text in UTF-8");
    assert_int_equal(ls_scenario_parse("plan.ini", nul_in_remark, sizeof nul_in_remark - 1, &p, &error),
                     LS_ERR_FORMAT);
    assert_int_equal(error.line, 1);

    /* 198 bytes are read whole, 199 are refused. */
    for (int length = 198; length <= 199; length++) {
        snprintf(text, sizeof text, "[peak_hours.delhi]\nMon = %*d\n", length - 6, 9);
        int code = parse(text, &p, &error);
        assert_int_equal(code, length == 198 ? 0 : LS_ERR_FORMAT);
    }
    assert_string_equal(ls_error_text(&error, line, sizeof line),
                        "plan.ini:2: a line of 199 bytes; write at most 198 bytes on a line");
    assert_int_equal(ls_policy_city(&p, "delhi")->peak_hours[0], 1u << 9);
    ls_policy_clear(&p);

    /* So is a section with a city of 64 bytes. */
    ls_policy_init(&p);
    snprintf(text, sizeof text, "[peak_hours.%064d]\nMon = 9\n", 7);
    assert_int_equal(parse(text, &p, &error), LS_ERR_NAME);
    assert_string_equal(error.message,
                        "city name '0000000000000000000000000000000000000000000000000000000000000007' "
                        "is longer than 63 bytes");
    assert_int_equal(p.n_cities, 0);
    ls_policy_clear(&p);
}

static void test_unreadable_files(void **state)
{
    (void)state;
    struct ls_policy p;
    struct ls_error error = {0};
    char line[800];
    ls_policy_init(&p);
    assert_int_equal(ls_scenario_read("no/such/plan.ini", &p, &error), LS_ERR_IO);
    assert_string_equal(ls_error_text(&error, line, sizeof line),
                        "no/such/plan.ini: cannot open the scenario: No such file or directory");
    assert_int_equal(ls_scenario_read("tests", &p, &error), LS_ERR_IO);
    assert_string_equal(error.message, "cannot read the scenario: Is a directory");
    assert_int_equal(ls_scenario_read("/dev/zero", &p, &error), LS_ERR_FORMAT);
    assert_string_equal(error.message, "more than 1 MiB, which no scenario has");
    ls_policy_clear(&p);
}

static void test_names_that_ini_cannot_hold(void **state)
{
    static const char *const names[] = {"a=b", "a:b", "a;b", "#a", "a[b", "a]b", "a\nb", "a\tb", " a", "a "};
    (void)state;
    const struct ls_parameter *row = NULL;
    char city[64];
    assert_int_equal(ls_parameter_find("peak_hours.x.Mon", &row, city, NULL), 0);
    for (size_t i = 0; i < SIZE(names); i++) {
        struct ls_policy p;
        struct ls_error error = {0};
        char *text = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&text, &size);
        assert_non_null(file);
        ls_policy_init(&p);
        assert_int_equal(ls_parameter_set(row, &p, names[i], "8", NULL), 0);
        assert_int_equal(ls_scenario_write(file, &p, &error), LS_ERR_VALUE);
        assert_string_equal(error.remedy, "rename the city in the data");
        (void)fclose(file);
        assert_int_equal(size, 0); /* nothing half-written */
        if (i == 0)
            assert_string_equal(
                error.message,
                "a scenario file cannot hold the city 'a=b': its name holds one of = : ; # [ ]");
        free(text);
        ls_policy_clear(&p);
    }
}

static void test_write_fails(void **state)
{
    (void)state;
    struct ls_policy p;
    struct ls_error error = {0};
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL)
        skip();
    ls_policy_init(&p);
    assert_int_equal(ls_scenario_write(full, &p, &error), LS_ERR_IO);
    assert_string_equal(error.message, "cannot write the scenario: No space left on device");
    (void)fclose(full);
    ls_policy_clear(&p);
}

static void test_save(void **state)
{
    (void)state;
    struct ls_policy p, again;
    struct ls_error error = {0};
    char folder[] = "/tmp/loadscope-test-XXXXXX", path[64], link[64], nowhere[96];
    struct stat info;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/plan.ini", folder);
    snprintf(link, sizeof link, "%s/link.ini", folder);
    parse_ok("[spike]\nalpha_percent=5\n[peak_hours.delhi]\nMon=8\n", &p);
    assert_int_equal(ls_scenario_save(path, &p, &error), 0);
    ls_policy_init(&again);
    assert_int_equal(ls_scenario_read(path, &again, &error), 0);
    assert_true(ls_policy_equal(&p, &again));

    /* A second save keeps the mode and goes through a link. */
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink(path, link), 0);
    p.alpha_percent = 6;
    assert_int_equal(ls_scenario_save(link, &p, &error), 0);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(ls_scenario_read(path, &again, &error), 0);
    assert_true(again.alpha_percent == 6);

    /* A failure leaves the old file and nothing else. */
    const struct ls_parameter *row = NULL;
    char city[64];
    assert_int_equal(ls_parameter_find("peak_hours.x.Mon", &row, city, NULL), 0);
    assert_int_equal(ls_parameter_set(row, &p, "a=b", "8", NULL), 0);
    assert_int_equal(ls_scenario_save(path, &p, &error), LS_ERR_VALUE);
    assert_string_equal(error.file, path);
    ls_policy_clear(&again);
    ls_policy_init(&again);
    assert_int_equal(ls_scenario_read(path, &again, &error), 0);
    assert_true(again.alpha_percent == 6);
    snprintf(nowhere, sizeof nowhere, "%s/none/plan.ini", folder);
    assert_int_equal(ls_scenario_save(nowhere, &again, &error), LS_ERR_IO);
    assert_string_equal(error.message, "cannot write beside it: No such file or directory");
    assert_int_equal(ls_scenario_save("/dev/null", &again, &error), LS_ERR_IO);
    assert_string_equal(error.message, "is not a plain file");
    assert_int_equal(unlink(link), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* fails when anything was left beside */
    ls_policy_clear(&p);
    ls_policy_clear(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_round_trip),
        cmocka_unit_test(test_london_round_trips),
        cmocka_unit_test(test_samples_say_what_they_promise),
        cmocka_unit_test(test_every_row_round_trips),
        cmocka_unit_test(test_longest_city),
        cmocka_unit_test(test_forms_of_a_line),
        cmocka_unit_test(test_reads_over_a_policy),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_nul_and_long_lines),
        cmocka_unit_test(test_unreadable_files),
        cmocka_unit_test(test_names_that_ini_cannot_hold),
        cmocka_unit_test(test_write_fails),
        cmocka_unit_test(test_save),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
