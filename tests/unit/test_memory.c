/* Failing allocations while data and scenarios are read, and days cut from them; sweep.h says what is asked.
 */
#include "data/load.h"
#include "sweep.h"

#include <loadscope/import.h>

#include <unistd.h>
#include <zlib.h>

static int run_zone(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)world, (void)state;
    ls_zone *zone = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_zone_open("Europe/London", &zone, error));
    if (code != 0) {
        assert_ptr_equal(zone, UNTOUCHED);
        return code;
    }
    support_add(said, "%s %d", ls_zone_name(zone), ls_zone_offset(zone, 1720000000));
    ls_zone_close(zone);
    return 0;
}

static void *open_policy(const struct world *world)
{
    (void)world;
    struct ls_policy *policy = malloc(sizeof *policy);
    assert_non_null(policy);
    support_policy(policy, "peak_hours.Nord.Sun=3;regional_daily_load_kwh.West=70");
    return policy;
}

static void close_policy(void *state)
{
    ls_policy_clear(state);
    free(state);
}

/* Where `code` is a failure, the policy must be as open_policy() made it. */
static int judge_policy(int code, const struct ls_policy *policy, struct support_text *said)
{
    struct ls_policy *before = open_policy(NULL);
    if (code != 0)
        assert_true(ls_policy_equal(policy, before));
    else
        say_policy(said, policy);
    close_policy(before);
    return code;
}

static int run_parse(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)world;
    fault_arm();
    int code = fault_disarm(ls_scenario_parse("s.ini", world_scenario, strlen(world_scenario), state, error));
    return judge_policy(code, state, said);
}

static int run_assign(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)world;
    fault_arm();
    int code = fault_disarm(ls_policy_assign(state, "peak_hours.Ost.Mon=8-10,20", error));
    return judge_policy(code, state, said);
}

static int run_copy(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    struct ls_policy copy;
    memset(&copy, 0x5a, sizeof copy);
    struct ls_policy before = copy;
    fault_arm();
    int code = fault_disarm(ls_policy_copy(&copy, &world->policy, error));
    if (code != 0) {
        assert_memory_equal(&copy, &before, sizeof copy);
        return code;
    }
    assert_true(ls_policy_equal(&copy, &world->policy));
    say_policy(said, &copy);
    ls_policy_clear(&copy);
    return 0;
}

/* Many homes whose rows come last hour first, with the factors in a file of their own. */
static void *open_readings(const struct world *world)
{
    (void)world;
    struct support_text *csv = calloc(1, sizeof *csv);
    assert_non_null(csv);
    support_add(csv, "ca_id,date,city,value\n");
    for (int home = 0; home < 70; home++)
        for (int t = 3; t >= 0; t--)
            support_add(csv, "home %d,2024-01-01T0%d:00:00Z,%s,%d.5\n", home, t, home % 2 ? "Nord" : "Sud",
                        t + home);
    return csv;
}

static void close_readings(void *state)
{
    struct support_text *csv = state;
    free(csv->bytes);
    free(csv);
}

static int judge_dataset(int code, struct ls_dataset *dataset, struct support_text *said)
{
    if (code != 0) {
        assert_ptr_equal(dataset, UNTOUCHED);
        return code;
    }
    say_dataset(said, dataset);
    ls_dataset_destroy(dataset);
    return 0;
}

static int run_load(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)world;
    static const char factors_csv[] = "city,date,marginal_emissions_factor_grams_co2_per_kWh,"
                                      "average_emissions_factor_grams_co2_per_kWh\n"
                                      "Nord,2024-01-01T00:00:00Z,700,710\n"
                                      "Sud,2024-01-01T01:00:00Z,500,510\n";
    const struct support_text *csv = state;
    const struct ls_source readings = {"r.csv", csv->bytes, csv->length};
    const struct ls_source factors = {"f.csv", factors_csv, strlen(factors_csv)};
    const struct ls_load_options options = {.slot_minutes = 60, .timezone = "Europe/London"};
    struct ls_dataset *dataset = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_dataset_load_sources(&readings, 1, &factors, &options, &dataset, error));
    return judge_dataset(code, dataset, said);
}

/* A folder with a file in it. */
struct place {
    char folder[200], file[220];
};

static struct place *open_place(const char *name)
{
    const char *base = getenv("TMPDIR");
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    snprintf(place->folder, sizeof place->folder, "%s/loadscope-memory-XXXXXX", base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/%s", place->folder, name);
    return place;
}

/* The folder must be empty then: nothing half written may stay. */
static void close_place(void *state)
{
    struct place *place = state;
    assert_int_equal(unlink(place->file), 0);
    assert_int_equal(rmdir(place->folder), 0);
    free(place);
}

static void *open_gzip(const struct world *world)
{
    struct place *place = open_place("readings.csv.gz");
    gzFile file = gzopen(place->file, "wb1");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, world->csv.bytes, (unsigned)world->csv.length), world->csv.length);
    assert_int_equal(gzclose(file), Z_OK);
    return place;
}

static int run_load_file(const struct world *world, void *state, struct support_text *said,
                         struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    const char *path = place->file;
    const struct ls_load_options options = {.slot_minutes = 30, .timezone = "auto"};
    struct ls_dataset *dataset = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_dataset_load(&path, 1, &options, &dataset, error));
    return judge_dataset(code, dataset, said);
}

static void *open_csv(const struct world *world)
{
    struct place *place = open_place("readings.csv");
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(world->csv.bytes, 1, world->csv.length, file), world->csv.length);
    assert_true(fputs("a,2024-01-01T12:00:00+00:00,Z,3000.12345678,,\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    return place;
}

static int run_import(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    const char *path = place->file;
    const struct ls_import_options options = {
        .load = {.slot_minutes = 30, .timezone = "auto"}, .store = {.history = "test"}, .threads = 1};
    struct ls_dataset *dataset = NULL;
    ls_store *store = NULL;
    char output[240];
    snprintf(output, sizeof output, "%s.nc", place->file);
    fault_arm();
    int code = fault_disarm(ls_import(&path, 1, &options, output, error));
    if (code != 0) {
        assert_int_equal(access(output, F_OK), -1);
        return code;
    }
    assert_int_equal(ls_store_open(output, &store, NULL), 0);
    assert_int_equal(ls_store_load(store, &dataset, NULL), 0);
    ls_store_close(store);
    assert_int_equal(unlink(output), 0);
    return judge_dataset(0, dataset, said);
}

static void *open_scenario(const struct world *world)
{
    (void)world;
    struct place *place = open_place("s.ini");
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    assert_true(fputs(world_scenario, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return place;
}

static int run_read(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    struct ls_policy *policy = open_policy(NULL);
    fault_arm();
    int code = fault_disarm(ls_scenario_read(place->file, policy, error));
    code = judge_policy(code, policy, said);
    close_policy(policy);
    return code;
}

static int run_save(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    const struct place *place = state;
    char *before = support_read_gzip(place->file);
    fault_arm();
    int code = fault_disarm(ls_scenario_save(place->file, &world->policy, error));
    char *after = support_read_gzip(place->file);
    if (code != 0)
        assert_string_equal(after, before);
    else
        support_add(said, "%s", after);
    free(before);
    free(after);
    return code;
}

static int run_cityday(const struct world *world, void *state, struct support_text *said,
                       struct ls_error *error)
{
    (void)state;
    struct ls_cityday *day = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_cityday_create(world->dataset, world->thursday.zone, &world->policy, "Nord",
                                              SUPPORT_MONDAY + 3, &day, error));
    if (code != 0) {
        assert_ptr_equal(day, UNTOUCHED);
        return code;
    }
    say_day(said, day);
    ls_cityday_destroy(day);
    return 0;
}

static int run_dates(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)state;
    int32_t *dates = UNTOUCHED;
    size_t n_dates = 77;
    fault_arm();
    int code =
        fault_disarm(ls_city_dates(world->dataset, world->thursday.zone, "Nord", &dates, &n_dates, error));
    if (code != 0) {
        assert_ptr_equal(dates, UNTOUCHED);
        assert_int_equal(n_dates, 77);
        return code;
    }
    for (size_t i = 0; i < n_dates; i++)
        support_add(said, " %d", dates[i]);
    free(dates);
    return 0;
}

static bool add_sample(void *user, const char *text, size_t length)
{
    fault.armed = false; /* the test's own list grows here */
    support_add(user, "%.*s", (int)length, text);
    fault.armed = true;
    return true;
}

static int run_sample(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)world, (void)state;
    const struct ls_sample_options options = {.customers = 3, .days = 1, .seed = 1};
    fault_arm();
    return fault_disarm(ls_sample_write(&options, add_sample, said, error));
}

static void *open_store(const struct world *world)
{
    (void)world;
    return open_place("x.nc");
}

static int run_store_write(const struct world *world, void *state, struct support_text *said,
                           struct ls_error *error)
{
    const struct place *place = state;
    const struct ls_store_options options = {.timezone = "auto"};
    fault_arm();
    int code = fault_disarm(ls_store_write(world->dataset, place->file, &options, error));
    assert_int_equal(ls_store_is(place->file), code == 0);
    support_add(said, "%s", code == 0 ? "written" : "");
    return code;
}

static void *open_written(const struct world *world)
{
    struct place *place = open_place("x.nc");
    const struct ls_store_options options = {.compress = true, .timezone = "auto"};
    assert_int_equal(ls_store_write(world->dataset, place->file, &options, NULL), 0);
    return place;
}

static int run_store_load(const struct world *world, void *state, struct support_text *said,
                          struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    struct ls_dataset *dataset = UNTOUCHED;
    ls_store *store = UNTOUCHED;
    fault_arm();
    int code = ls_store_open(place->file, &store, error);
    if (code == 0)
        code = ls_store_load(store, &dataset, error);
    else
        assert_ptr_equal(store, UNTOUCHED);
    (void)fault_disarm(code);
    if (store != UNTOUCHED)
        ls_store_close(store);
    return judge_dataset(code, dataset, said);
}

static int run_sample_store(const struct world *world, void *state, struct support_text *said,
                            struct ls_error *error)
{
    (void)world;
    const struct place *place = state;
    const struct ls_sample_options options = {.customers = 3, .days = 1, .seed = 1};
    fault_arm();
    int code = fault_disarm(ls_sample_store(&options, place->file, error));
    support_add(said, "%s", code == 0 ? "written" : "");
    return code;
}

static struct operation operations[] = {
    {"time zone", run_zone, NULL, NULL, false},
    {"scenario parse", run_parse, open_policy, close_policy, false},
    {"scenario read", run_read, open_scenario, close_place, false},
    {"scenario save", run_save, open_scenario, close_place, true},
    {"policy assign", run_assign, open_policy, close_policy, false},
    {"policy copy", run_copy, NULL, NULL, false},
    {"dataset load", run_load, open_readings, close_readings, false},
    {"dataset load from gzip", run_load_file, open_gzip, close_place, false},
    {"import", run_import, open_csv, close_place, false},
    {"sample", run_sample, NULL, NULL, false},
    {"sample as a store", run_sample_store, open_store, close_place, false},
    {"store written", run_store_write, open_store, close_place, false},
    {"store opened and loaded", run_store_load, open_written, close_place, false},
    {"city-day", run_cityday, NULL, NULL, false},
    {"dates of a city", run_dates, NULL, NULL, false},
};

int main(void)
{
    return sweep_all(operations, sizeof operations / sizeof *operations);
}
