#include "verify_case.h"

#include "report/csv.h"
#include "report/summary.h"

#include <loadscope/run.h>

#include <unistd.h>

void add_row(struct table *table, const char *const *row)
{
    if (table->n == table->capacity) {
        table->capacity = 2 * table->capacity + 64;
        table->row = realloc(table->row, table->capacity * sizeof *table->row);
        assert_non_null(table->row);
    }
    memcpy(table->row[table->n++], row, sizeof *table->row);
}

/* Takes over the text. */
static struct table read_table(char *bytes)
{
    struct table table = {.bytes = bytes};
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

int64_t instant_of(const char *stamp)
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

double reading(const struct ls_dataset *dataset, const char *id, int64_t instant)
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

#define PATH_SIZE    256
#define FIXTURE_ZONE "Asia/Kolkata"

static void name_inputs(const char *set, const char *scenario, char data_path[PATH_SIZE],
                        char scenario_path[PATH_SIZE])
{
    snprintf(data_path, PATH_SIZE, FIXTURES "/%s/readings.csv.gz", set);
    snprintf(scenario_path, PATH_SIZE, FIXTURES "/%s/%s/scenario.ini", set, scenario);
}

/* Data and limits, and an empty folder. */
static void open_inputs(struct result *result, const char *data_path, const char *timezone,
                        const char *scenario_path)
{
    *result = (struct result){.folder = "/tmp/loadscope-verify-XXXXXX"};
    assert_non_null(mkdtemp(result->folder));
    result->dataset = support_load_file(data_path, 30, timezone);
    ls_policy_init(&result->policy);
    assert_int_equal(ls_scenario_read(scenario_path, &result->policy, NULL), 0);
}

void open_result(struct result *result, const char *set, const char *scenario, const char *engine)
{
    char path[PATH_SIZE], scenario_path[PATH_SIZE], assignment[64];
    name_inputs(set, scenario, path, scenario_path);
    open_inputs(result, path, FIXTURE_ZONE, scenario_path);
    snprintf(assignment, sizeof assignment, "run.engine=%s", engine);
    support_set(&result->policy, assignment);
    snprintf(path, sizeof path, FIXTURES "/%s/%s/%s/moves.csv.gz", set, scenario, engine);
    result->moves = read_table(support_read_gzip(path));
    snprintf(path, sizeof path, FIXTURES "/%s/%s/%s/metrics.csv.gz", set, scenario, engine);
    result->metrics = read_table(support_read_gzip(path));
}

/* A run under way: its tables, and what its summary is made from. */
struct study {
    const struct ls_unit *units;
    struct ls_buffer tables[LS_TABLES];
    ls_digest *digest; /* of the unit under way */
    ls_summary *summary;
};

/* One thread finishes the units in their order. */
static int keep_day(void *user, size_t unit, int d, const struct ls_answer *answer, struct ls_error *error)
{
    struct study *study = user;
    int code = d == 0 ? ls_digest_open(&study->units[unit], &study->digest, error) : 0;
    if (code != 0)
        return code;
    ls_digest_add_day(study->digest, answer);
    ls_table_add_day(study->tables, answer, false);
    return 0;
}

static int keep_unit(void *user, size_t unit, struct ls_error *error)
{
    struct study *study = user;
    struct ls_buffer digest = {0};
    int code = ls_digest_write(study->digest, &digest, error);
    if (code == 0)
        code = ls_summary_add(study->summary, &study->units[unit], digest.bytes, digest.length, error);
    ls_buffer_release(&digest);
    ls_digest_close(study->digest);
    return code;
}

static struct table own_table(struct study *study, enum ls_table table)
{
    ls_buffer_add(&study->tables[table], "", 1);
    assert_false(study->tables[table].failed);
    return read_table(study->tables[table].bytes);
}

void open_own_result(struct result *result, const char *set, const char *scenario, const char *settings)
{
    char data_path[PATH_SIZE], scenario_path[PATH_SIZE];
    name_inputs(set, scenario, data_path, scenario_path);
    solve_result(result, data_path, FIXTURE_ZONE, scenario_path, settings);
}

void solve_result(struct result *result, const char *data_path, const char *timezone,
                  const char *scenario_path, const char *settings)
{
    struct study study = {0};
    struct ls_unit *units;
    size_t n_units;
    ls_zone *zone;
    open_inputs(result, data_path, timezone, scenario_path);
    support_set(&result->policy, settings);
    ls_archive *archive;
    assert_int_equal(ls_archive_of_dataset(result->dataset, &archive, NULL), 0);
    assert_int_equal(ls_dataset_zone(result->dataset, result->policy.timezone, &zone, NULL), 0);
    assert_int_equal(ls_run_units(archive, zone, &units, &n_units, NULL), 0);
    assert_int_equal(ls_summary_open(&study.summary, NULL), 0);
    study.units = units;
    for (int t = 0; t < LS_TABLES; t++)
        ls_buffer_text(&study.tables[t], ls_table_heading(t));
    struct ls_run_options options = {.threads = 1, .day = keep_day, .finish = keep_unit, .user = &study};
    assert_int_equal(ls_run(archive, &result->policy, units, n_units, &options, NULL), 0);
    assert_int_equal(ls_summary_json(study.summary, &result->policy, &result->own_summary, NULL), 0);
    result->summary = result->own_summary;
    result->moves = own_table(&study, LS_TABLE_MOVES);
    result->metrics = own_table(&study, LS_TABLE_METRICS);
    ls_buffer_release(&study.tables[LS_TABLE_OPTIMISED]);
    ls_summary_close(study.summary);
    free(units);
    ls_zone_close(zone);
    ls_archive_close(archive);
}

void close_result(struct result *result)
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
    free(result->own_summary);
    ls_policy_clear(&result->policy);
    ls_dataset_destroy(result->dataset);
}

struct ls_verification *verify(const struct result *result)
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

const char *text_of(struct result *result, const char *format, double value)
{
    assert_true(result->n_texts < TEXTS);
    char *text = result->texts[result->n_texts++];
    if (strcmp(format, "stamp") == 0)
        return ls_stamp_format((int64_t)value, 19800, text);
    snprintf(text, sizeof result->texts[0], format, value);
    return text;
}

double number(const struct result *result, size_t row, int field)
{
    return atof(result->moves.row[row][field]);
}

void set_kwh(struct result *result, size_t row, double kwh)
{
    double share = kwh / number(result, row, KWH);
    for (int f = KWH; f <= AVG_DELTA; f++)
        result->moves.row[row][f] = text_of(result, "%.15g", number(result, row, f) * share);
    result->spoilt = row;
}

void set_times(struct result *result, size_t row, int64_t from, int64_t to)
{
    const char **it = result->moves.row[row];
    it[FROM] = text_of(result, "stamp", (double)from);
    it[TO] = text_of(result, "stamp", (double)to);
    it[MINUTES] = text_of(result, "%.15g", (double)(to - from) / 60);
    it[DIRECTION] = to > from ? "forward" : "backward";
    result->spoilt = row;
}

size_t copy_move(struct result *result, size_t row)
{
    const char *copy[FIELDS];
    memcpy(copy, result->moves.row[row], sizeof copy);
    add_row(&result->moves, copy);
    return result->spoilt = result->moves.n - 1;
}

void assert_named(const struct spoiler *spoiler, const struct result *result,
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

void assert_each_is_named(const struct spoiler *spoilers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct result result;
        open_result(&result, "small", "restricted", "greedy");
        spoilers[i].spoil(&result);
        struct ls_verification *found = verify(&result);
        assert_named(&spoilers[i], &result, found);
        ls_verification_destroy(found);
        close_result(&result);
    }
}
