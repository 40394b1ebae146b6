/*
 * The check over a whole run: results of another implementation pass, and each of many ways to spoil one of
 * them is caught and named with its customer, day and row.
 */
#include "../support/support.h"

#include <loadscope/verify.h>

#include <unistd.h>

#define FIXTURES "tests/fixtures/golden"
#define FIELDS   20
#define KEEP     2000
#define TEXTS    64

enum { ID, CITY, DAY, FROM, TO, MINUTES, DIRECTION, KWH, MARG_BEFORE, AVG_DELTA = 13, LIMITED_BY };
enum { MOVED_KWH = 11, MEDIAN = 13, USED, REMAINING };

struct table {
    char *bytes;
    size_t n, capacity;
    const char *(*row)[FIELDS]; /* the first is the header; NULL ends a row */
};

/* A result under test, in a folder of its own. */
struct result {
    struct ls_dataset *dataset;
    struct ls_policy policy;
    struct table moves, metrics;
    const char *summary;       /* NULL: no such file */
    bool optimised;            /* write it, from readings and moves as they are now */
    const char *optimised_kwh; /* what its first row says instead; "-": no first row */
    char texts[TEXTS][64];     /* of changed fields */
    size_t n_texts;
    char folder[64];
    size_t spoilt; /* row of moves (or metrics) that a spoiler changed; 0: none in particular */
};

static void add_row(struct table *table, const char *const *row)
{
    if (table->n == table->capacity) {
        table->capacity = 2 * table->capacity + 64;
        table->row = realloc(table->row, table->capacity * sizeof *table->row);
        assert_non_null(table->row);
    }
    memcpy(table->row[table->n++], row, sizeof *table->row);
}

static struct table read_table(const char *path)
{
    struct table table = {.bytes = support_read_gzip(path)};
    char *rest = table.bytes, *line;
    while ((line = support_cut(&rest, '\n')) != NULL) {
        const char *row[FIELDS] = {0};
        line[strcspn(line, "\r")] = '\0';
        for (size_t f = 0; f < FIELDS - 1 && line != NULL; f++)
            row[f] = support_cut(&line, ',');
        add_row(&table, row);
    }
    return table;
}

static void write_table(const struct result *result, const char *name, const struct table *table)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", result->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t r = 0; r < table->n; r++)
        for (size_t f = 0; table->row[r][f] != NULL; f++)
            fprintf(file, "%s%s", table->row[r][f], table->row[r][f + 1] != NULL ? "," : "\n");
    assert_int_equal(fclose(file), 0);
}

/* The instant of a stamp. */
static int64_t instant_of(const char *stamp)
{
    int64_t instant = 0;
    int32_t offset_s;
    assert_null(ls_stamp_parse(stamp, strlen(stamp), &instant, &offset_s));
    return instant;
}

static const struct ls_customer *find_home(const struct ls_dataset *dataset, const char *id)
{
    for (size_t c = 0; c < dataset->n_customers; c++)
        if (strcmp(dataset->customers[c].id, id) == 0)
            return &dataset->customers[c];
    fail_msg("no customer %s", id);
    abort();
}

/* The reading of that home and instant, NaN when unknown. */
static double reading(const struct ls_dataset *dataset, const char *id, int64_t instant)
{
    const struct ls_customer *home = find_home(dataset, id);
    for (size_t i = home->first; i < home->first + home->n_readings; i++)
        if (dataset->minute[i] * INT64_C(60) == instant)
            return dataset->usage[i] == LS_MISSING ? (double)NAN
                                                   : dataset->usage[i] * 1e-6 * dataset->quantum_mwh;
    return NAN;
}

static void write_optimised(const struct result *result)
{
    const struct ls_dataset *dataset = result->dataset;
    char path[128], stamp[LS_STAMP_SIZE];
    snprintf(path, sizeof path, "%s/optimised.csv", result->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "ca_id,city,day,slot,date,optimised_value\n");
    bool first = true;
    for (size_t c = 0; c < dataset->n_customers; c++) {
        const struct ls_customer *home = &dataset->customers[c];
        for (size_t i = home->first; i < home->first + home->n_readings; i++) {
            if (dataset->usage[i] == LS_MISSING)
                continue;
            const int64_t offset = 19800, instant = dataset->minute[i] * INT64_C(60);
            int64_t midnight = instant - (instant + offset) % 86400;
            double kwh = dataset->usage[i] * 1e-6 * dataset->quantum_mwh;
            for (size_t m = 1; m < result->moves.n; m++) {
                const char **row = result->moves.row[m];
                if (strcmp(row[ID], home->id) != 0)
                    continue;
                kwh -= instant_of(row[FROM]) == instant ? atof(row[KWH]) : 0;
                kwh += instant_of(row[TO]) == instant ? atof(row[KWH]) : 0;
            }
            if (!first || result->optimised_kwh == NULL || strcmp(result->optimised_kwh, "-") != 0) {
                fprintf(file, "%s,%s,%s,%d,", home->id, dataset->cities[home->city].name,
                        ls_stamp_format(midnight, (int32_t)offset, stamp),
                        (int)((instant - midnight) / 1800));
                fprintf(file, "%s,", ls_stamp_format(instant, (int32_t)offset, stamp));
                if (first && result->optimised_kwh != NULL)
                    fprintf(file, "%s\n", result->optimised_kwh);
                else
                    fprintf(file, "%.9f\n", kwh);
            }
            first = false;
        }
    }
    assert_int_equal(fclose(file), 0);
}

static void open_result(struct result *result, const char *set, const char *scenario, const char *engine)
{
    char path[256], assignment[64];
    *result = (struct result){.folder = "/tmp/loadscope-verify-XXXXXX"};
    assert_non_null(mkdtemp(result->folder));
    snprintf(path, sizeof path, FIXTURES "/%s/readings.csv.gz", set);
    result->dataset = support_load_file(path, 30, "Asia/Kolkata");
    ls_policy_init(&result->policy);
    snprintf(path, sizeof path, FIXTURES "/%s/%s/scenario.ini", set, scenario);
    assert_int_equal(ls_scenario_read(path, &result->policy, NULL), 0);
    snprintf(assignment, sizeof assignment, "run.engine=%s", engine);
    support_set(&result->policy, assignment);
    snprintf(path, sizeof path, FIXTURES "/%s/%s/%s/moves.csv.gz", set, scenario, engine);
    result->moves = read_table(path);
    snprintf(path, sizeof path, FIXTURES "/%s/%s/%s/metrics.csv.gz", set, scenario, engine);
    result->metrics = read_table(path);
}

static void close_result(struct result *result)
{
    static const char *const names[] = {"moves.csv", "metrics.csv", "optimised.csv", "summary.json"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", result->folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(result->folder), 0);
    free(result->moves.bytes);
    free(result->moves.row);
    free(result->metrics.bytes);
    free(result->metrics.row);
    ls_policy_clear(&result->policy);
    ls_dataset_destroy(result->dataset);
}

static struct ls_verification *verify(const struct result *result)
{
    struct ls_verification *found = NULL;
    struct ls_error error = {0};
    char text[1200], path[128];
    write_table(result, "moves.csv", &result->moves);
    write_table(result, "metrics.csv", &result->metrics);
    if (result->optimised)
        write_optimised(result);
    if (result->summary != NULL) {
        snprintf(path, sizeof path, "%s/summary.json", result->folder);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(result->summary, file);
        assert_int_equal(fclose(file), 0);
    }
    if (ls_verify(result->dataset, &result->policy, result->folder, KEEP, &found, &error) != 0)
        fail_msg("%s", ls_error_text(&error, text, sizeof text));
    return found;
}

static void results_of_another_implementation_pass(void **state)
{
    static const char *const sets[] = {"tiny", "small"}, *const scenarios[] = {"restricted", "lax"},
                             *const engines[] = {"greedy", "milp"};
    (void)state;
    for (int k = 0; k < 8; k++) {
        struct result result;
        open_result(&result, sets[k & 1], scenarios[k >> 1 & 1], engines[k >> 2]);
        result.optimised = (k & 1) == 0;
        struct ls_verification *found = verify(&result);
        if (found->n_violations > 0)
            fail_msg("%s %s %s: %zu violations, the first: %s, %s %s", sets[k & 1], scenarios[k >> 1 & 1],
                     engines[k >> 2], found->n_violations, found->violations[0].limit,
                     found->violations[0].city, found->violations[0].id);
        assert_int_equal(found->totals.moves, result.moves.n - 1);
        assert_int_equal(found->totals.customer_days, result.metrics.n - 1);
        assert_int_equal(found->has_optimised, result.optimised);
        double kwh = 0;
        for (size_t m = 1; m < result.moves.n; m++)
            kwh += atof(result.moves.row[m][KWH]);
        assert_near(found->totals.moved_kwh, kwh, 1e-6);
        ls_verification_destroy(found);
        close_result(&result);
    }
}

/* ---- ways to spoil a result ---- */

static const char *text_of(struct result *result, const char *format, double value)
{
    assert_true(result->n_texts < TEXTS);
    char *text = result->texts[result->n_texts++];
    if (strcmp(format, "stamp") == 0)
        return ls_stamp_format((int64_t)value, 19800, text);
    snprintf(text, sizeof result->texts[0], format, value);
    return text;
}

static double number(const struct result *result, size_t row, int field)
{
    return atof(result->moves.row[row][field]);
}

/* A move of so many kWh, its emissions in proportion. */
static void set_kwh(struct result *result, size_t row, double kwh)
{
    double share = kwh / number(result, row, KWH);
    for (int f = KWH; f <= AVG_DELTA; f++)
        result->moves.row[row][f] = text_of(result, "%.15g", number(result, row, f) * share);
    result->spoilt = row;
}

static void set_times(struct result *result, size_t row, int64_t from, int64_t to)
{
    const char **it = result->moves.row[row];
    it[FROM] = text_of(result, "stamp", (double)from);
    it[TO] = text_of(result, "stamp", (double)to);
    it[MINUTES] = text_of(result, "%.15g", (double)(to - from) / 60);
    it[DIRECTION] = to > from ? "forward" : "backward";
    result->spoilt = row;
}

static size_t copy_move(struct result *result, size_t row)
{
    const char *copy[FIELDS];
    memcpy(copy, result->moves.row[row], sizeof copy);
    add_row(&result->moves, copy);
    return result->spoilt = result->moves.n - 1;
}

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
static void no_such_reason(struct result *result)
{
    give_reasons(result, "sofa");
}
static void metrics_row_dropped(struct result *result)
{
    result->metrics.n--;
}
static void metrics_row_twice(struct result *result)
{
    const char *copy[FIELDS];
    memcpy(copy, result->metrics.row[5], sizeof copy);
    add_row(&result->metrics, copy);
}
static void wrong_total(struct result *result)
{
    result->metrics.row[1][MOVED_KWH] = "2.4";
}
static void wrong_median(struct result *result)
{
    result->metrics.row[1][MEDIAN] = "90.0";
}
static void wrong_quota(struct result *result)
{
    result->metrics.row[1][REMAINING] = "1";
}
static void wrong_baseline(struct result *result)
{
    result->metrics.row[1][3] = "62642.7";
}
static void a_move_dropped(struct result *result)
{
    result->moves.n--;
}
static void wrong_optimised(struct result *result)
{
    result->optimised = true;
    result->optimised_kwh = "0.5";
}
static void negative_optimised(struct result *result)
{
    result->optimised = true;
    result->optimised_kwh = "-0.5";
}
static void optimised_row_dropped(struct result *result)
{
    result->optimised = true;
    result->optimised_kwh = "-";
}
static void wrong_summary(struct result *result)
{
    result->summary = "{\"all\": {\"moves\": 360, \"customer_days\": 540, \"saved_marg_g\": 15400.7}}";
}
static void wrong_city_summary(struct result *result)
{
    result->summary = "{\"by_city\": [{\"city\": \"delhi\", \"moved_kwh\": 17.5}]}";
}

static const struct spoiler {
    const char *name;
    void (*spoil)(struct result *result);
    const char *limit; /* what must be named */
} spoilers[] = {
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
    {"no such reason", no_such_reason, "limited_by"},
    {"metrics row dropped", metrics_row_dropped, "no row for a day with readings"},
    {"metrics row twice", metrics_row_twice, "duplicate row"},
    {"wrong total", wrong_total, "moved_kwh"},
    {"wrong median", wrong_median, "median_shift_minutes_energy_weighted"},
    {"wrong quota", wrong_quota, "weekly_moves_remaining"},
    {"wrong baseline", wrong_baseline, "baseline_E_avg_g"},
    {"a move dropped", a_move_dropped, "moved_kwh"},
    {"wrong optimised value", wrong_optimised, "optimised_value"},
    {"negative optimised value", negative_optimised, "negative optimised_value"},
    {"optimised row dropped", optimised_row_dropped, "readings without a row"},
    {"wrong summary", wrong_summary, "saved_marg_g"},
    {"wrong city in the summary", wrong_city_summary, "moved_kwh"},
};

/* The violation must be there; one that a row of moves is to blame for names it and its customer. */
static void assert_named(const struct spoiler *spoiler, const struct result *result,
                         const struct ls_verification *found)
{
    bool named = false, placed = result->spoilt == 0;
    for (size_t i = 0; i < found->n_kept; i++) {
        const struct ls_verify_violation *it = &found->violations[i];
        if (strcmp(it->limit, spoiler->limit) != 0)
            continue;
        named = true;
        if (result->spoilt == 0 || it->line < 2 || it->file == NULL || it->date == LS_VERIFY_NO_DATE)
            continue;
        const char *const *row = result->moves.row[result->spoilt],
                          *const *blamed =
                              result->moves
                                  .row[it->line - 1]; /* another move of that day where a count is exceeded */
        if (strcmp(it->file, "moves.csv") == 0 && strcmp(it->id, row[ID]) == 0 &&
            strcmp(blamed[ID], row[ID]) == 0 && strcmp(blamed[DAY], row[DAY]) == 0)
            placed = true;
    }
    for (size_t i = 0; !(named && placed) && i < found->n_kept && i < 8; i++)
        print_error("  %s, customer %s, line %ld, by %g\n", found->violations[i].limit,
                    found->violations[i].id, found->violations[i].line, found->violations[i].amount);
    if (!named || !placed)
        fail_msg("'%s' is not %s as '%s'", spoiler->name, named ? "placed" : "named", spoiler->limit);
}

static void each_spoilt_result_is_caught_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spoilers / sizeof *spoilers; i++) {
        struct result result;
        open_result(&result, "small", "restricted", "greedy");
        spoilers[i].spoil(&result);
        struct ls_verification *found = verify(&result);
        assert_named(&spoilers[i], &result, found);
        ls_verification_destroy(found);
        close_result(&result);
    }
}

/* 60 kWh out of a budget of 10 % of 595.326: the rest of the day's moves comes on top. */
static void amounts_are_those_of_the_limit(void **state)
{
    struct result result;
    (void)state;
    open_result(&result, "small", "restricted", "greedy");
    double others = 0, amount = NAN;
    for (size_t m = 2; m < result.moves.n; m++)
        if (strcmp(result.moves.row[m][CITY], "delhi") == 0 &&
            strcmp(result.moves.row[m][DAY], result.moves.row[1][DAY]) == 0)
            others += number(&result, m, KWH);
    beyond_the_budget(&result);
    struct ls_verification *found = verify(&result);
    for (size_t i = 0; i < found->n_kept; i++)
        if (strcmp(found->violations[i].limit, "budget") == 0) {
            amount = found->violations[i].amount;
            assert_string_equal(found->violations[i].city, "delhi");
            assert_string_equal(found->violations[i].unit, "kWh");
            assert_int_equal(found->violations[i].date, support_date("2022-05-04"));
        }
    assert_near(amount, 60 + others - 59.5326, 1e-6);
    ls_verification_destroy(found);
    close_result(&result);
}

static void only_so_many_are_kept_and_all_counted(void **state)
{
    struct result result;
    struct ls_verification *found = NULL;
    (void)state;
    open_result(&result, "tiny", "restricted", "greedy");
    result.metrics.n = 1;
    ls_verification_destroy(verify(&result));
    assert_int_equal(ls_verify(result.dataset, &result.policy, result.folder, 3, &found, NULL), 0);
    assert_int_equal(found->n_violations, 12);
    assert_int_equal(found->n_kept, 3);
    assert_int_equal(found->n_kinds, 1);
    assert_int_equal(found->kinds[0].n, 12);
    ls_verification_destroy(found);
    close_result(&result);
}

static void real_homes_pass(void **state)
{
    const char *folder = getenv("LOADSCOPE_TESTDATA");
    struct ls_verification *found = NULL;
    struct ls_policy policy;
    struct ls_error error = {0};
    char path[600], text[1200];
    (void)state;
    if (folder == NULL || folder[0] == '\0') {
        print_message("LOADSCOPE_TESTDATA is not set: real homes are not compared\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/data/london_99_homes_2013-02.csv.gz", folder);
    struct ls_dataset *dataset = support_load_file(path, 30, "Europe/London");
    ls_policy_init(&policy);
    snprintf(path, sizeof path, "%s/golden/london/restricted/scenario.ini", folder);
    assert_int_equal(ls_scenario_read(path, &policy, NULL), 0);
    snprintf(path, sizeof path, "%s/golden/london/restricted/greedy", folder);
    if (ls_verify(dataset, &policy, path, 10, &found, &error) != 0)
        fail_msg("%s", ls_error_text(&error, text, sizeof text));
    assert_int_equal(found->n_violations, 0);
    assert_true(found->totals.moves > 100);
    ls_verification_destroy(found);
    ls_policy_clear(&policy);
    ls_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_of_another_implementation_pass),
        cmocka_unit_test(each_spoilt_result_is_caught_and_named),
        cmocka_unit_test(amounts_are_those_of_the_limit),
        cmocka_unit_test(only_so_many_are_kept_and_all_counted),
        cmocka_unit_test(real_homes_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
