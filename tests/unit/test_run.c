/*
 * The whole study from the library: its rows against those of another implementation, its totals against sums
 * over those rows.
 */
#include "../support/support.h"

#include "model/archive.h"
#include "report/rundir.h"
#include "report/summary.h"

#include <cjson/cJSON.h>

#define FIXTURES  "tests/fixtures/golden"
#define PATH_SIZE 300
#define UNITS_MAX 64

/* A study kept in memory. */
struct kept {
    struct ls_policy policy;
    struct ls_dataset *dataset;
    ls_archive *archive;
    ls_zone *zone;
    struct ls_unit *units;
    size_t n_units;
    struct ls_part parts[UNITS_MAX];
    ls_digest *digests[UNITS_MAX];
    int calls[UNITS_MAX], days[UNITS_MAX];
    atomic_bool cancel;
};

static int keep_day(void *user, size_t unit, int d, const struct ls_answer *answer, struct ls_error *error)
{
    struct kept *kept = user;
    assert_int_equal(kept->days[unit]++, d);
    assert_int_equal(answer->day->date, kept->units[unit].date[d]);
    if (d == 0)
        assert_int_equal(ls_digest_open(&kept->units[unit], &kept->digests[unit], error), 0);
    ls_digest_add_day(kept->digests[unit], answer);
    ls_table_add_day(kept->parts[unit].tables, answer, true);
    return 0;
}

static int keep(void *user, size_t unit, struct ls_error *error)
{
    struct kept *kept = user;
    kept->calls[unit]++;
    assert_int_equal(kept->days[unit], kept->units[unit].n_days);
    return ls_digest_write(kept->digests[unit], &kept->parts[unit].digest, error);
}

static int solve(struct kept *kept, int threads)
{
    struct ls_run_options options = {
        .threads = threads, .cancel = &kept->cancel, .day = keep_day, .finish = keep, .user = kept};
    return ls_run(kept->archive, &kept->policy, kept->units, kept->n_units, &options, NULL);
}

/* Takes over the dataset. */
static struct kept *prepare(struct ls_dataset *dataset, const char *scenario, const char *settings)
{
    struct kept *kept = calloc(1, sizeof *kept);
    assert_non_null(kept);
    ls_policy_init(&kept->policy);
    if (scenario != NULL)
        assert_int_equal(ls_scenario_read(scenario, &kept->policy, NULL), 0);
    support_set(&kept->policy, settings);
    kept->dataset = dataset;
    assert_int_equal(ls_archive_of_dataset(dataset, &kept->archive, NULL), 0);
    assert_int_equal(ls_dataset_zone(dataset, kept->policy.timezone, &kept->zone, NULL), 0);
    assert_int_equal(ls_run_units(kept->archive, kept->zone, &kept->units, &kept->n_units, NULL), 0);
    assert_in_range(kept->n_units, 1, UNITS_MAX);
    return kept;
}

static struct kept *prepare_golden(const char *data, const char *scenario, const char *settings)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, FIXTURES "/%s/readings.csv.gz", data);
    struct ls_dataset *dataset = support_load_file(path, 30, "Asia/Kolkata");
    snprintf(path, sizeof path, FIXTURES "/%s/%s/scenario.ini", data, scenario);
    return prepare(dataset, path, settings);
}

static void discard(struct kept *kept)
{
    for (size_t u = 0; u < kept->n_units; u++)
        ls_part_release(&kept->parts[u]);
    for (size_t u = 0; u < kept->n_units; u++)
        ls_digest_close(kept->digests[u]);
    free(kept->units);
    ls_zone_close(kept->zone);
    ls_archive_close(kept->archive);
    ls_dataset_destroy(kept->dataset);
    ls_policy_clear(&kept->policy);
    free(kept);
}

/* All units' rows of one table as text, with its heading. */
static char *table_text(const struct kept *kept, enum ls_table table)
{
    struct ls_buffer text = {0};
    ls_buffer_text(&text, ls_table_heading(table));
    for (size_t u = 0; u < kept->n_units; u++)
        ls_buffer_add(&text, kept->parts[u].tables[table].bytes, kept->parts[u].tables[table].length);
    ls_buffer_add(&text, "", 1);
    assert_false(text.failed);
    return text.bytes;
}

/* Row by row and column by column: numbers within 1e-6, all else the same text. */
static void assert_same_rows(char *ours, char *theirs, int columns)
{
    size_t rows = 0;
    for (char *a, *b; (b = support_cut(&theirs, '\n')) != NULL; rows++) {
        a = support_cut(&ours, '\n');
        if (a == NULL)
            fail_msg("%zu rows, the reference has more", rows);
        for (int c = 0; c < columns; c++) {
            char *mine = support_cut(&a, ','), *other = support_cut(&b, ','), *end_mine, *end_other;
            assert_non_null(mine);
            assert_non_null(other);
            other[strcspn(other, "\r")] = '\0';
            double x = strtod(mine, &end_mine), y = strtod(other, &end_other);
            bool numbers = *end_mine == '\0' && *end_other == '\0' && end_mine != mine && end_other != other;
            if (numbers ? !(fabs(x - y) <= 1e-6) : strcmp(mine, other) != 0)
                fail_msg("row %zu, column %d: '%s', the reference has '%s'", rows, c + 1, mine, other);
        }
    }
    assert_null(support_cut(&ours, '\n'));
    assert_true(rows > 1);
}

static void rows_are_those_of_the_reference(void **state)
{
    static const char *const data[] = {"tiny", "small"}, *const scenarios[] = {"restricted", "lax"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct kept *kept = prepare_golden(data[i / 2], scenarios[i % 2], "");
        char path[PATH_SIZE];
        assert_int_equal(solve(kept, 2), 0);
        for (int t = LS_TABLE_METRICS; t <= LS_TABLE_MOVES; t++) {
            snprintf(path, sizeof path, FIXTURES "/%s/%s/greedy/%s.gz", data[i / 2], scenarios[i % 2],
                     ls_table_name((enum ls_table)t));
            char *theirs = support_read_gzip(path), *ours = table_text(kept, (enum ls_table)t);
            assert_same_rows(ours, theirs, t == LS_TABLE_METRICS ? 16 : 14);
            free(theirs);
            free(ours);
        }
        discard(kept);
    }
}

static void threads_do_not_show(void **state)
{
    (void)state;
    struct kept *one = prepare_golden("small", "lax", ""), *five = prepare_golden("small", "lax", "");
    assert_int_equal(solve(one, 1), 0);
    assert_int_equal(solve(five, 5), 0);
    for (int t = 0; t < LS_TABLES; t++) {
        char *a = table_text(one, (enum ls_table)t), *b = table_text(five, (enum ls_table)t);
        assert_string_equal(a, b);
        free(a);
        free(b);
    }
    for (size_t u = 0; u < one->n_units; u++) {
        assert_int_equal(five->calls[u], 1);
        assert_memory_equal(one->parts[u].digest.bytes, five->parts[u].digest.bytes,
                            one->parts[u].digest.length);
    }
    discard(one);
    discard(five);
}

static void units_are_city_weeks_in_order(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("small", "lax", "");
    static const struct {
        const char *city, *monday;
        int days;
    } wanted[] = {{"delhi", "2022-05-02", 5},
                  {"delhi", "2022-05-09", 4},
                  {"mumbai", "2022-05-02", 5},
                  {"mumbai", "2022-05-09", 4}};
    assert_int_equal(kept->n_units, 4);
    for (size_t u = 0; u < 4; u++) {
        assert_string_equal(kept->units[u].city, wanted[u].city);
        assert_int_equal(kept->units[u].monday, support_date(wanted[u].monday));
        assert_int_equal(kept->units[u].n_days, wanted[u].days);
    }
    discard(kept);
}

static void a_cancelled_run_hands_over_no_unit(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("tiny", "lax", "");
    atomic_store(&kept->cancel, true);
    assert_int_equal(solve(kept, 2), LS_ERR_CANCELLED);
    for (size_t u = 0; u < kept->n_units; u++)
        assert_int_equal(kept->calls[u], 0);
    discard(kept);
}

static int take_any(void *user, size_t unit, int d, const struct ls_answer *answer, struct ls_error *error)
{
    (void)user;
    (void)unit;
    (void)error;
    assert_in_range(d, 0, LS_DAYS_A_WEEK - 1);
    assert_non_null(answer->plan);
    return 0;
}

static int refuse_all(void *user, size_t unit, struct ls_error *error)
{
    (void)user;
    (void)unit;
    return ls_error_set(error, LS_ERR_IO, "the disk is full");
}

static void an_error_of_the_taker_ends_the_run(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("small", "lax", "");
    struct ls_run_options options = {.threads = 3, .day = take_any, .finish = refuse_all};
    struct ls_error error = {0};
    assert_int_equal(ls_run(kept->archive, &kept->policy, kept->units, kept->n_units, &options, &error),
                     LS_ERR_IO);
    assert_string_equal(error.message, "the disk is full");
    discard(kept);
}

/* Readings of which every question is counted. */
struct counting {
    struct ls_readings below;
    atomic_int days, parts; /* asked for a city's whole day, or for some customers */
};

static int counted_read(const void *beneath, size_t city, size_t first_customer, size_t n_customers,
                        int32_t minute, int n_slots, int32_t *out, struct ls_error *error)
{
    struct counting *counting;
    memcpy(&counting, &beneath, sizeof beneath);
    assert_in_range(n_slots, 1, 48);
    atomic_fetch_add(n_customers == counting->below.head->cities[city].n_customers ? &counting->days
                                                                                   : &counting->parts,
                     1);
    return counting->below.read(counting->below.beneath, city, first_customer, n_customers, minute, n_slots,
                                out, error);
}

static const struct ls_store_axis *counted_axis(const void *beneath, size_t city)
{
    const struct counting *counting = beneath;
    return counting->below.axis(counting->below.beneath, city);
}

static void other_readings_are_asked_a_day_at_a_time(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("small", "lax", ""), *plain = prepare_golden("small", "lax", "");
    struct counting counting;
    assert_int_equal(ls_readings_of_dataset(kept->dataset, &counting.below, NULL), 0);
    atomic_init(&counting.days, 0);
    atomic_init(&counting.parts, 0);
    struct ls_readings readings = {
        .beneath = &counting, .head = kept->dataset, .axis = counted_axis, .read = counted_read};
    ls_archive_close(kept->archive);
    assert_int_equal(ls_archive_of_readings(&readings, &kept->archive, NULL), 0);
    assert_int_equal(solve(kept, 2), 0);
    assert_int_equal(solve(plain, 2), 0);
    /* Two cities, nine days from a Wednesday; Monday and Tuesday before it are asked for, too, and empty.
     * Floors are made by weekday, of the day for which they are wanted first and of others that are asked for
     * once more: Wednesday's and Thursday's second one, and Monday's and Tuesday's only one if they are
     * wanted first for the empty days. */
    assert_in_range(atomic_load(&counting.days), 2 * (9 + 2), 2 * (11 + 4));
    assert_int_equal(atomic_load(&counting.parts), 0);
    char *a = table_text(kept, LS_TABLE_METRICS), *b = table_text(plain, LS_TABLE_METRICS);
    assert_string_equal(a, b);
    free(a);
    free(b);
    ls_archive_close(kept->archive);
    kept->archive = NULL;
    ls_readings_close(&counting.below);
    discard(kept);
    discard(plain);
}

/*
 * Two homes of one city in UTC+1, whose name and ids need quotes; four hourly slots. By hand: home `a,1` has
 * 3 kWh at 10 g and may move it whole to 2 g; home `b` has one unknown reading.
 */
static void rows_by_hand(void **state)
{
    (void)state;
    struct support_text csv = {0};
    static const double mef[] = {10, 2, 5, 5}, usage[] = {3, 1, 0, 0};
    support_add(&csv, "%s", SUPPORT_COLUMNS);
    for (int t = 0; t < 4; t++) {
        int64_t at = SUPPORT_MONDAY * INT64_C(86400) - 3600 + t * 3600;
        support_row(&csv, "\"X \"\"1\"\"\"", "\"a,1\"", at, 3600, usage[t], mef[t], 2 * mef[t]);
        support_row(&csv, "\"X \"\"1\"\"\"", "b", at, 3600, t == 0 ? (double)NAN : 0.001, mef[t], 2 * mef[t]);
    }
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "auto");
    struct kept *kept =
        prepare(dataset, NULL, SUPPORT_OPEN "behaviour.slot_minutes=60;behaviour.moves_per_day=1");
    assert_int_equal(solve(kept, 1), 0);
    char *metrics = table_text(kept, LS_TABLE_METRICS), *moves = table_text(kept, LS_TABLE_MOVES);
    char *optimised = table_text(kept, LS_TABLE_OPTIMISED);
#define KEY_A "\"a,1\",\"X \"\"1\"\"\",2024-01-01T00:00:00+01:00,"
    assert_non_null(strstr(metrics, KEY_A "64,16,48,32,8,24,4,4,3,60,60,1,,4,100\n"));
    assert_non_null(strstr(moves, KEY_A "2024-01-01T00:00:00+01:00,2024-01-01T01:00:00+01:00,60,forward,3,"
                                        "30,6,24,60,12,48,whole\n"));
    assert_non_null(
        strstr(optimised, KEY_A "0,2024-01-01T00:00:00+01:00,0\n" KEY_A "1,2024-01-01T01:00:00+01:00,4\n"));
    assert_null(strstr(optimised, "b,\"X \"\"1\"\"\",2024-01-01T00:00:00+01:00,0,")); /* unknown */
    free(metrics);
    free(moves);
    free(optimised);
    free(csv.bytes);
    discard(kept);
}

static void lp_never_owes_moves(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("tiny", "lax", "run.engine=lp;behaviour.moves_per_week=1");
    assert_int_equal(solve(kept, 1), 0);
    char *metrics = table_text(kept, LS_TABLE_METRICS), *rest = metrics, *line = support_cut(&rest, '\n');
    bool more = false;
    while ((line = support_cut(&rest, '\n')) != NULL && line[0] != '\0') {
        double used = 0, left = 0;
        for (int c = 0; c < 16; c++) {
            const char *field = support_cut(&line, ',');
            used = c == 14 ? atof(field) : used;
            left = c == 15 ? atof(field) : left;
        }
        more |= used > 1;
        assert_true(left >= 0 && left <= 1 && (used < 1 || left <= 0));
    }
    assert_true(more);
    free(metrics);
    discard(kept);
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item))
        fail_msg("no number '%s'", name);
    return item->valuedouble;
}

static cJSON *summarise(const struct kept *kept)
{
    ls_summary *summary;
    char *text;
    assert_int_equal(ls_summary_open(&summary, NULL), 0);
    for (size_t u = 0; u < kept->n_units; u++)
        assert_int_equal(ls_summary_add(summary, &kept->units[u], kept->parts[u].digest.bytes,
                                        kept->parts[u].digest.length, NULL),
                         0);
    assert_int_equal(ls_summary_json(summary, &kept->policy, &text, NULL), 0);
    cJSON *root = cJSON_Parse(text);
    assert_non_null(root);
    free(text);
    ls_summary_close(summary);
    return root;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The totals of the reference, and percentiles from its rows: 60 homes, two weeks. */
static void a_summary_adds_up(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("small", "restricted", "");
    assert_int_equal(solve(kept, 2), 0);
    cJSON *root = summarise(kept), *all = cJSON_GetObjectItem(root, "all"), *one;
    char *bytes = support_read_gzip(FIXTURES "/small/restricted/greedy/totals.json");
    cJSON *reference = cJSON_Parse(bytes);
    static const char *const names[][2] = {{"baseline_marg_g", "baseline_marg_g"},
                                           {"post_marg_g", "post_marg_g"},
                                           {"saved_marg_g", "saved_marg_g"},
                                           {"saved_avg_g", "saved_avg_g"},
                                           {"baseline_avg_g", "baseline_avg_g"},
                                           {"post_avg_g", "post_avg_g"},
                                           {"baseline_kwh", "baseline_kwh"},
                                           {"moved_kwh", "moved_kwh"},
                                           {"moves", "move_rows"},
                                           {"sources", "moves_distinct_sources"},
                                           {"customer_days", "customer_days"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        double cities = 0, weeks = 0, wanted = number(reference, names[i][1]);
        cJSON_ArrayForEach(one, cJSON_GetObjectItem(root, "by_city")) cities += number(one, names[i][0]);
        cJSON_ArrayForEach(one, cJSON_GetObjectItem(root, "by_week")) weeks += number(one, names[i][0]);
        assert_near(number(all, names[i][0]), wanted, 1e-6);
        assert_near(cities, wanted, 1e-6);
        assert_near(weeks, wanted, 1e-6);
    }
    free(bytes);
    bytes = support_read_gzip(FIXTURES "/small/restricted/greedy/metrics.csv.gz");
    struct {
        char key[80];
        double g;
    } week[400] = {0};
    size_t n = 0, at;
    char *rest = bytes, *line = support_cut(&rest, '\n');
    while ((line = support_cut(&rest, '\n')) != NULL && line[0] != '\0') {
        char key[80] = "";
        for (int c = 0; c < 9; c++) {
            char *field = support_cut(&line, ',');
            if (c == 0)
                snprintf(key, sizeof key, "%s", field);
            if (c == 2) /* the second week begins on the 9th */
                strcat(key, strcmp(field, "2022-05-09") < 0 ? " 1" : " 2");
            if (c == 8) {
                for (at = 0; at < n && strcmp(week[at].key, key) != 0;)
                    at++;
                n += at == n;
                strcpy(week[at].key, key);
                week[at].g += atof(field);
            }
        }
    }
    double sorted[400];
    for (at = 0; at < n; at++)
        sorted[at] = week[at].g;
    qsort(sorted, n, sizeof *sorted, ascending);
    const cJSON *savings = cJSON_GetObjectItem(all, "saving_per_household_week");
    assert_near(number(savings, "household_weeks"), (double)n, 0);
    const cJSON *marg = cJSON_GetObjectItem(savings, "marg_g");
    assert_near(number(marg, "p5"), sorted[(size_t)floor((double)(n - 1) * 0.05 + 0.5)], 1e-6);
    assert_near(number(marg, "p50"), sorted[(size_t)floor((double)(n - 1) * 0.5 + 0.5)], 1e-6);
    assert_near(number(marg, "p95"), sorted[(size_t)floor((double)(n - 1) * 0.95 + 0.5)], 1e-6);
    free(bytes);
    cJSON_Delete(reference);
    cJSON_Delete(root);
    discard(kept);
}

static void a_torn_digest_is_refused(void **state)
{
    (void)state;
    struct kept *kept = prepare_golden("tiny", "lax", "");
    assert_int_equal(solve(kept, 1), 0);
    const struct ls_buffer *digest = &kept->parts[0].digest;
    ls_summary *summary;
    assert_int_equal(ls_summary_open(&summary, NULL), 0);
    assert_int_equal(ls_summary_add(summary, &kept->units[0], digest->bytes, digest->length - 1, NULL),
                     LS_ERR_FORMAT);
    assert_int_equal(ls_summary_add(summary, &kept->units[0], digest->bytes, 10, NULL), LS_ERR_FORMAT);
    ls_summary_close(summary);
    discard(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_the_reference),
        cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(units_are_city_weeks_in_order),
        cmocka_unit_test(a_cancelled_run_hands_over_no_unit),
        cmocka_unit_test(an_error_of_the_taker_ends_the_run),
        cmocka_unit_test(other_readings_are_asked_a_day_at_a_time),
        cmocka_unit_test(rows_by_hand),
        cmocka_unit_test(lp_never_owes_moves),
        cmocka_unit_test(a_summary_adds_up),
        cmocka_unit_test(a_torn_digest_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
