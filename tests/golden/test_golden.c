/*
 * Whole datasets, day by day in their weeks, against the results of an independent implementation of the
 * model: greedy move for move and customer-day for customer-day, milp by the totals that are unique.
 *
 * The real homes of London are no part of this repository: with LOADSCOPE_TESTDATA naming a directory that
 * holds data/ and golden/ they are compared too.
 */
#include "../support/support.h"

#include <cjson/cJSON.h>

#define FIXTURES  "tests/fixtures/golden"
#define PATH_SIZE 600
#define FIELDS    32
#define KEY_SIZE  400

/* A move, or what a customer's day came to, by a key that is unique in its file. */
struct record {
    char key[KEY_SIZE];
    double value[6];
};

struct records {
    struct record *rows;
    size_t n, capacity;
};

static struct record *more(struct records *records)
{
    if (records->n == records->capacity) {
        records->capacity = 2 * records->capacity + 256;
        records->rows = realloc(records->rows, records->capacity * sizeof *records->rows);
        assert_non_null(records->rows);
    }
    struct record *row = &records->rows[records->n++];
    *row = (struct record){0};
    return row;
}

static int by_key(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    return strcmp(x->key, y->key);
}

/* Reads the columns named: those of `keys` make the key, those of `values` the numbers. Both end with NULL.
 */
static struct records read_records(const char *path, const char *const *keys, const char *const *values)
{
    struct records records = {0};
    char *bytes = support_read_gzip(path), *rest = bytes, *line = support_cut(&rest, '\n'), *name;
    int key_at[FIELDS], value_at[FIELDS], n_fields = 0;
    memset(key_at, -1, sizeof key_at);
    memset(value_at, -1, sizeof value_at);
    for (int at = 0; (name = support_cut(&line, ',')) != NULL; at++, n_fields++) {
        name[strcspn(name, "\r")] = '\0';
        for (int k = 0; keys[k] != NULL; k++)
            key_at[at] = strcmp(name, keys[k]) == 0 ? k : key_at[at];
        for (int v = 0; values[v] != NULL; v++)
            value_at[at] = strcmp(name, values[v]) == 0 ? v : value_at[at];
    }
    int found = 0;
    while ((line = support_cut(&rest, '\n')) != NULL) {
        struct record *row = more(&records);
        for (int at = 0; at < n_fields; at++) {
            char *field = support_cut(&line, ',');
            assert_non_null(field);
            found += key_at[at] >= 0 || value_at[at] >= 0;
            if (value_at[at] >= 0)
                row->value[value_at[at]] = atof(field);
            if (key_at[at] >= 0) {
                size_t used = strlen(row->key);
                snprintf(row->key + used, sizeof row->key - used, "%s ", field);
            }
        }
    }
    int wanted = 0;
    while (keys[wanted] != NULL)
        wanted++;
    for (int v = 0; values[v] != NULL; v++)
        wanted++;
    assert_int_equal(found, wanted * (int)records.n); /* every column is there */
    free(bytes);
    qsort(records.rows, records.n, sizeof *records.rows, by_key);
    return records;
}

static void assert_equal_records(const char *what, struct records *ours, const struct records *theirs,
                                 int values, const double *tolerance)
{
    qsort(ours->rows, ours->n, sizeof *ours->rows, by_key);
    for (size_t i = 0; i < ours->n && i < theirs->n; i++) {
        const struct record *a = &ours->rows[i], *b = &theirs->rows[i];
        if (strcmp(a->key, b->key) != 0)
            fail_msg("%s: '%s', the reference has '%s'", what, a->key, b->key);
        for (int v = 0; v < values; v++)
            if (!(fabs(a->value[v] - b->value[v]) <= tolerance[v]))
                fail_msg("%s, %s: value %d is %.12g, the reference has %.12g", what, a->key, v, a->value[v],
                         b->value[v]);
    }
    assert_int_equal(ours->n, theirs->n);
    assert_true(ours->n > 0);
}

static const char *const move_keys[] = {"ca_id", "city", "day", "original_time", "proposed_shift_time", NULL};
static const char *const move_values[] = {"delta_kwh", "marginal_emissions_delta_grams_co2",
                                          "average_emissions_delta_grams_co2", NULL};
static const char *const day_keys[] = {"ca_id", "city", "day", NULL};
static const char *const day_values[] = {"moved_kwh",
                                         "delta_E_marg_g",
                                         "delta_E_avg_g",
                                         "baseline_kwh",
                                         "weekly_moves_used",
                                         "weekly_moves_remaining",
                                         NULL};

static void add_moves(struct records *moves, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    char midnight[LS_STAMP_SIZE], from[LS_STAMP_SIZE], to[LS_STAMP_SIZE];
    ls_stamp_format(day->start, day->offset_s[0], midnight);
    for (size_t m = 0; m < answer->plan->n_moves; m++) {
        const struct ls_move *move = &answer->plan->moves[m];
        int t = move->source, s = move->destination;
        struct record *row = more(moves);
        ls_stamp_format(ls_cityday_instant(day, t), day->offset_s[t], from);
        ls_stamp_format(ls_cityday_instant(day, s), day->offset_s[s], to);
        snprintf(row->key, sizeof row->key, "%s %s %s %s %s ", day->id[move->customer], day->city, midnight,
                 from, to);
        row->value[0] = move->kwh;
        row->value[1] = (day->mef_g_per_kwh[t] - day->mef_g_per_kwh[s]) * move->kwh;
        row->value[2] = (day->aef_g_per_kwh[t] - day->aef_g_per_kwh[s]) * move->kwh;
    }
}

static void add_days(struct records *days, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    char midnight[LS_STAMP_SIZE];
    ls_stamp_format(day->start, day->offset_s[0], midnight);
    for (size_t i = 0; i < day->n_customers; i++) {
        const struct ls_customer_result *result = &answer->plan->customers[i];
        struct record *row = more(days);
        snprintf(row->key, sizeof row->key, "%s %s %s ", day->id[i], day->city, midnight);
        row->value[0] = result->moved_kwh;
        row->value[1] = result->saved_marg_g;
        row->value[2] = result->saved_avg_g;
        row->value[3] = (double)day->day_quanta[i] / day->quanta_per_kwh;
        row->value[4] = result->sources;
        row->value[5] = result->quota_left - result->sources;
    }
}

/* What a whole dataset came to. */
struct whole {
    struct records moves, days;
    double saved_marg_g, saved_avg_g, baseline_marg_g, baseline_avg_g, baseline_kwh, moved_kwh;
};

static void add_answer(struct whole *whole, const struct ls_answer *answer)
{
    const struct ls_plan *plan = answer->plan;
    assert_int_equal(plan->outcome, LS_OUTCOME_COMPLETE);
    add_moves(&whole->moves, answer);
    add_days(&whole->days, answer);
    whole->saved_marg_g += plan->saved_marg_g;
    whole->saved_avg_g += plan->saved_avg_g;
    whole->baseline_marg_g += plan->baseline_marg_g;
    whole->baseline_avg_g += plan->baseline_avg_g;
    whole->baseline_kwh += plan->baseline_kwh;
    whole->moved_kwh += plan->moved_kwh;
}

static struct whole solve_whole(const char *readings, const char *scenario, enum ls_engine_id engine)
{
    struct whole whole = {0};
    struct ls_policy policy;
    struct ls_error error = {0};
    ls_policy_init(&policy);
    if (ls_scenario_read(scenario, &policy, &error) != 0)
        fail_msg("%s: %s", scenario, error.message);
    policy.week_context = LS_WEEK_IN_WEEK;
    policy.engine = engine;
    struct ls_dataset *dataset = support_load_file(readings, policy.slot_minutes, policy.timezone);
    ls_zone *zone = NULL;
    ls_bench *bench = NULL;
    assert_int_equal(ls_dataset_zone(dataset, policy.timezone, &zone, NULL), 0);
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    for (size_t c = 0; c < dataset->n_cities; c++) {
        int32_t *dates = NULL;
        size_t n_dates = 0;
        assert_int_equal(ls_city_dates(dataset, zone, dataset->cities[c].name, &dates, &n_dates, NULL), 0);
        for (size_t d = 0; d < n_dates; d++) {
            struct ls_answer *answer = NULL;
            if (ls_bench_solve(bench, &policy, dataset->cities[c].name, dates[d], NULL, &answer, &error) != 0)
                fail_msg("%s", error.message);
            add_answer(&whole, answer);
            ls_answer_destroy(answer);
        }
        free(dates);
    }
    ls_bench_close(bench);
    ls_zone_close(zone);
    ls_dataset_destroy(dataset);
    ls_policy_clear(&policy);
    return whole;
}

static double total(const cJSON *totals, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(totals, name);
    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

static void assert_total(const cJSON *totals, const char *name, double ours, double tolerance)
{
    double theirs = total(totals, name);
    if (!(fabs(ours - theirs) <= tolerance * fmax(1, fabs(theirs))))
        fail_msg("%s is %.12g, the reference has %.12g", name, ours, theirs);
}

static void assert_totals(const char *folder, const struct whole *whole, double tolerance, bool unique_moves)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/totals.json", folder);
    char *bytes = support_read_gzip(path);
    cJSON *totals = cJSON_Parse(bytes);
    assert_non_null(totals);
    assert_total(totals, "saved_marg_g", whole->saved_marg_g, tolerance);
    assert_total(totals, "baseline_marg_g", whole->baseline_marg_g, tolerance);
    assert_total(totals, "baseline_avg_g", whole->baseline_avg_g, tolerance);
    assert_total(totals, "baseline_kwh", whole->baseline_kwh, tolerance);
    assert_total(totals, "customer_days", (double)whole->days.n, 0);
    if (unique_moves) {
        assert_total(totals, "saved_avg_g", whole->saved_avg_g, tolerance);
        assert_total(totals, "moved_kwh", whole->moved_kwh, tolerance);
        assert_total(totals, "move_rows", (double)whole->moves.n, 0);
    }
    cJSON_Delete(totals);
    free(bytes);
}

static void release(struct whole *whole)
{
    free(whole->moves.rows);
    free(whole->days.rows);
}

/* `tolerance_kwh` of a move and of a reading; grams follow by a factor below 1000 g/kWh. */
static void compare_greedy(const char *readings, const char *policy_folder, double tolerance_kwh)
{
    char path[PATH_SIZE];
    double grams = 1e-6 + 1e3 * tolerance_kwh;
    const double move_tolerance[] = {tolerance_kwh, grams, grams},
                 day_tolerance[] = {3 * tolerance_kwh, 3 * grams, 3 * grams, 48 * tolerance_kwh, 0, 0};
    snprintf(path, sizeof path, "%s/scenario.ini", policy_folder);
    struct whole whole = solve_whole(readings, path, LS_ENGINE_GREEDY);
    snprintf(path, sizeof path, "%s/greedy/moves.csv.gz", policy_folder);
    struct records moves = read_records(path, move_keys, move_values);
    assert_equal_records(path, &whole.moves, &moves, 3, move_tolerance);
    snprintf(path, sizeof path, "%s/greedy/metrics.csv.gz", policy_folder);
    struct records days = read_records(path, day_keys, day_values);
    assert_equal_records(path, &whole.days, &days, 6, day_tolerance);
    snprintf(path, sizeof path, "%s/greedy", policy_folder);
    assert_totals(path, &whole, tolerance_kwh, true);
    free(moves.rows);
    free(days.rows);
    release(&whole);
}

static const char *const worlds[][2] = {
    {"tiny", "restricted"}, {"tiny", "lax"}, {"small", "restricted"}, {"small", "lax"}};

static void greedy_move_for_move(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        char readings[PATH_SIZE], folder[PATH_SIZE];
        snprintf(readings, sizeof readings, FIXTURES "/%s/readings.csv.gz", worlds[i][0]);
        snprintf(folder, sizeof folder, FIXTURES "/%s/%s", worlds[i][0], worlds[i][1]);
        compare_greedy(readings, folder, 1e-9);
    }
}

static void milp_by_its_totals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        char readings[PATH_SIZE], path[PATH_SIZE];
        snprintf(readings, sizeof readings, FIXTURES "/%s/readings.csv.gz", worlds[i][0]);
        snprintf(path, sizeof path, FIXTURES "/%s/%s/scenario.ini", worlds[i][0], worlds[i][1]);
        struct whole whole = solve_whole(readings, path, LS_ENGINE_MILP);
        snprintf(path, sizeof path, FIXTURES "/%s/%s/milp", worlds[i][0], worlds[i][1]);
        assert_totals(path, &whole, 1e-7, false);
        release(&whole);
    }
}

static void london_move_for_move(void **state)
{
    (void)state;
    const char *folder = getenv("LOADSCOPE_TESTDATA");
    if (folder == NULL || folder[0] == '\0') {
        print_message("LOADSCOPE_TESTDATA is not set: the homes of London are left out\n");
        skip();
    }
    char readings[PATH_SIZE], policy[PATH_SIZE];
    snprintf(readings, sizeof readings, "%s/data/london_99_homes_2013-02.csv.gz", folder);
    snprintf(policy, sizeof policy, "%s/golden/london/restricted", folder);
    compare_greedy(readings, policy, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(greedy_move_for_move),
        cmocka_unit_test(milp_by_its_totals),
        cmocka_unit_test(london_move_for_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
