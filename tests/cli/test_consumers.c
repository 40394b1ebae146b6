/*
 * The files of a run as other tools read them: SQLite and, where they are installed, pandas and DuckDB.
 *
 * Each tool adds up metrics.csv, moves.csv and optimised.csv by itself and writes lines "group|figure|value";
 * they must agree with summary.json. A group is "all", a city, or the Monday of a week. The binary is the one
 * that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#include "../support/support.h"

#include <cjson/cJSON.h>
#include <sys/wait.h>
#include <unistd.h>

#define DATA      "sample_data/readings.csv.gz"
#define SCENARIO  " -s sample_data/restricted.ini "
#define PATH_SIZE 256
#define GROUPS    5 /* all, two cities, two weeks */
#define TOLERANCE 1e-6

struct study {
    char folder[PATH_SIZE / 2];
    cJSON *summary;
};

/* Runs a line of the shell in which $LS is the program, $D the test's folder; returns its exit status. */
static int run(const struct study *study, const char *line)
{
    const char *binary = getenv("LOADSCOPE_BIN");
    struct support_text command = {0};
    support_add(&command, "LS='%s'; D='%s'; export LC_ALL=C; { %s ; } </dev/null",
                binary != NULL && binary[0] != '\0' ? binary : "build/release/loadscope", study->folder,
                line);
    int status = system(command.bytes);
    free(command.bytes);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static FILE *open_file(const struct study *study, const char *name, const char *mode)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", study->folder, name);
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    return file;
}

static void write_file(const struct study *study, const char *name, const char *text)
{
    FILE *file = open_file(study, name, "w");
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int open_study(void **state)
{
    struct study *study = calloc(1, sizeof *study);
    struct support_text text = {0};
    char line[1024];
    assert_non_null(study);
    snprintf(study->folder, sizeof study->folder, "/tmp/loadscope-consumers-XXXXXX");
    assert_non_null(mkdtemp(study->folder));
    assert_int_equal(run(study, "$LS run " DATA SCENARIO "--emit-optimised -o $D/study"), 0);
    FILE *file = open_file(study, "study/summary.json", "r");
    while (fgets(line, sizeof line, file) != NULL)
        support_add(&text, "%s", line);
    fclose(file);
    study->summary = cJSON_Parse(text.bytes);
    assert_non_null(study->summary);
    free(text.bytes);
    *state = study;
    return 0;
}

static int close_study(void **state)
{
    struct study *study = *state;
    assert_int_equal(run(study, "rm -r \"$D\""), 0);
    cJSON_Delete(study->summary);
    free(study);
    return 0;
}

/* A group of the summary by its name. */
static const cJSON *group(const struct study *study, const char *name)
{
    static const char *const lists[][2] = {{"by_city", "city"}, {"by_week", "week"}};
    const cJSON *one;
    if (strcmp(name, "all") == 0)
        return cJSON_GetObjectItem(study->summary, name);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        cJSON_ArrayForEach(
            one, cJSON_GetObjectItem(
                     study->summary,
                     lists[i][0])) if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(one, lists[i][1])),
                                              name) == 0) return one;
    fail_msg("summary.json knows no '%s'", name);
    return NULL;
}

/* Compares the lines of the file `name`, of which there must be `figures` for each group. */
static void assert_figures(const struct study *study, const char *name, int figures)
{
    FILE *file = open_file(study, name, "r");
    char line[256];
    int n = 0;
    for (; fgets(line, sizeof line, file) != NULL; n++) {
        char *rest = line, *in_group = support_cut(&rest, '|'), *figure = support_cut(&rest, '|'), *part;
        const cJSON *at = group(study, in_group);
        char path[256];
        snprintf(path, sizeof path, "%s", figure);
        for (char *left = path; at != NULL && (part = support_cut(&left, '.')) != NULL;)
            at = cJSON_GetObjectItem(at, part);
        if (!cJSON_IsNumber(at))
            fail_msg("summary.json has no %s of %s", figure, in_group);
        if (!(fabs(at->valuedouble - strtod(rest, NULL)) <= TOLERANCE))
            fail_msg("%s of %s: %s in %s, %.9f in summary.json", figure, in_group, rest, name,
                     at->valuedouble);
    }
    fclose(file);
    assert_int_equal(n, GROUPS * figures);
}

/* Three limits stop moves in each group of the sample; those and what is listed here make the figures. */
#define FIGURES 20

static const char sql[] =
    ".mode csv\n"
    ".import study/metrics.csv metrics\n"
    ".import study/moves.csv moves\n"
    ".import study/optimised.csv optimised\n"
    ".mode list\n"
    /* The Monday of the week of a day, by the date as it is written. */
    "CREATE VIEW m AS SELECT *, date(substr(day, 1, 10), '-6 days', 'weekday 1') AS week FROM metrics;\n"
    "CREATE VIEW v AS SELECT *, date(substr(day, 1, 10), '-6 days', 'weekday 1') AS week FROM moves;\n"
    "CREATE VIEW o AS SELECT *, date(substr(day, 1, 10), '-6 days', 'weekday 1') AS week FROM optimised;\n"
    "CREATE TABLE gm AS SELECT 'all' AS g, * FROM m UNION ALL SELECT city, * FROM m "
    "UNION ALL SELECT week, * FROM m;\n"
    "CREATE TABLE gv AS SELECT 'all' AS g, * FROM v UNION ALL SELECT city, * FROM v "
    "UNION ALL SELECT week, * FROM v;\n"
    "CREATE TABLE go AS SELECT 'all' AS g, * FROM o UNION ALL SELECT city, * FROM o "
    "UNION ALL SELECT week, * FROM o;\n"
    "CREATE VIEW saved AS SELECT g, sum(delta_E_marg_g) AS marg FROM gm GROUP BY g, city, ca_id, week;\n"
    "CREATE VIEW ranked AS SELECT g, marg, row_number() OVER (PARTITION BY g ORDER BY marg) - 1 AS i, "
    "count(*) OVER (PARTITION BY g) AS n FROM saved;\n"
    "SELECT g, 'customer_days', count(*) FROM gm GROUP BY g;\n"
    "SELECT g, 'customer_days_moving', count(*) FROM gm WHERE moved_kwh + 0 > 0 GROUP BY g;\n"
    "SELECT g, 'baseline_kwh', printf('%.9f', sum(baseline_kwh)) FROM gm GROUP BY g;\n"
    "SELECT g, 'post_kwh', printf('%.9f', sum(optimised_value)) FROM go GROUP BY g;\n"
    "SELECT g, 'moved_kwh', printf('%.9f', sum(moved_kwh)) FROM gm GROUP BY g;\n"
    "SELECT g, 'moved_kwh', printf('%.9f', sum(delta_kwh)) FROM gv GROUP BY g;\n"
    "SELECT g, 'baseline_marg_g', printf('%.9f', sum(baseline_E_marg_g)) FROM gm GROUP BY g;\n"
    "SELECT g, 'post_avg_g', printf('%.9f', sum(post_E_avg_g)) FROM gm GROUP BY g;\n"
    "SELECT g, 'saved_marg_g', printf('%.9f', sum(delta_E_marg_g)) FROM gm GROUP BY g;\n"
    "SELECT g, 'saved_marg_g', printf('%.9f', sum(marginal_emissions_delta_grams_co2)) FROM gv GROUP BY g;\n"
    "SELECT g, 'saved_avg_g', printf('%.9f', sum(average_emissions_before_shift_grams_co2) - "
    "sum(average_emissions_after_shift_grams_co2)) FROM gv GROUP BY g;\n"
    "SELECT g, 'moves', count(*) FROM gv GROUP BY g;\n"
    "SELECT g, 'moves_disagreeing', sum(average_emissions_delta_grams_co2 + 0 < 0) FROM gv GROUP BY g;\n"
    "SELECT g, 'sources', sum(weekly_moves_used) FROM gm GROUP BY g;\n"
    "SELECT g, 'limited_by.' || limited_by, count(*) FROM gv GROUP BY g, limited_by;\n"
    "SELECT g, 'saving_per_household_week.household_weeks', count(*) FROM saved GROUP BY g;\n"
    "SELECT g, 'saving_per_household_week.marg_g.p50', printf('%.9f', marg) FROM ranked "
    "WHERE i = CAST((n - 1) * 0.5 + 0.5 AS INTEGER);\n"
    "SELECT g, 'saving_per_household_week.marg_g.p95', printf('%.9f', marg) FROM ranked "
    "WHERE i = CAST((n - 1) * 0.95 + 0.5 AS INTEGER);\n";

static void sqlite_finds_what_the_summary_says(void **state)
{
    const struct study *study = *state;
    if (run(study, "command -v sqlite3 >$D/where") != 0) {
        print_message("sqlite3 is not installed: skipped\n");
        skip();
    }
    write_file(study, "sums.sql", sql);
    assert_int_equal(run(study, "cd $D && sqlite3 -batch -bail :memory: <sums.sql >sqlite.txt"), 0);
    assert_figures(study, "sqlite.txt", FIGURES);
}

static const char python[] =
    "import pandas as pd\n"
    "metrics, moves = (pd.read_csv('study/' + name) for name in ('metrics.csv', 'moves.csv'))\n"
    "optimised = pd.read_csv('study/optimised.csv')\n"
    "for frame in (metrics, moves, optimised):\n"
    "    frame['week'] = "
    "pd.to_datetime(frame.day.str[:10]).dt.to_period('W').dt.start_time.dt.strftime('%F')\n"
    "def say(group, figure, value):\n"
    "    print(f'{group}|{figure}|{value:.9f}')\n"
    "groups = [('all', slice(None), slice(None))]\n"
    "groups += [(c, c, slice(None)) for c in metrics.city.unique()]\n"
    "groups += [(w, slice(None), w) for w in metrics.week.unique()]\n"
    "pick = lambda frame, city, week: frame.set_index(['city', 'week']).sort_index().loc[(city, week), :]\n"
    "for name, city, week in groups:\n"
    "    d, m, o = (pick(frame, city, week) for frame in (metrics, moves, optimised))\n"
    "    say(name, 'customer_days', len(d))\n"
    "    say(name, 'customer_days_moving', (d.moved_kwh > 0).sum())\n"
    "    say(name, 'moves', len(m))\n"
    "    say(name, 'moves_disagreeing', (m.average_emissions_delta_grams_co2 < 0).sum())\n"
    "    say(name, 'moved_kwh', m.delta_kwh.sum())\n"
    "    say(name, 'post_kwh', o.optimised_value.sum())\n"
    "    say(name, 'saved_marg_g', m.marginal_emissions_delta_grams_co2.sum())\n"
    "    say(name, 'saved_avg_g', d.delta_E_avg_g.sum())\n"
    "    for limit, n in m.limited_by.value_counts().items():\n"
    "        say(name, 'limited_by.' + limit, n)\n"
    "    saved = d.reset_index().groupby(['city', 'ca_id', 'week']).delta_E_avg_g.sum().sort_values()\n"
    "    say(name, 'saving_per_household_week.household_weeks', len(saved))\n"
    "    for p in (5, 25, 50, 75, 95):\n"
    "        at = saved.iloc[int((len(saved) - 1) * p / 100 + 0.5)]\n"
    "        say(name, f'saving_per_household_week.avg_g.p{p}', at)\n";

static void pandas_finds_what_the_summary_says(void **state)
{
    const struct study *study = *state;
    if (run(study, "python3 -c 'import pandas' 2>$D/where") != 0) {
        print_message("pandas is not installed: skipped\n");
        skip();
    }
    write_file(study, "sums.py", python);
    assert_int_equal(run(study, "cd $D && python3 sums.py >pandas.txt"), 0);
    assert_figures(study, "pandas.txt", 17);
}

static void duckdb_pipes_parquet_into_a_run(void **state)
{
    const struct study *study = *state;
    if (run(study, "command -v duckdb >$D/where") != 0) {
        print_message("duckdb is not installed: skipped\n");
        skip();
    }
    assert_int_equal(run(study, "duckdb -c \"COPY (FROM read_csv('" DATA "')) TO '$D/r.parquet'\" >$D/where"),
                     0);
    assert_int_equal(run(study, "duckdb -csv -c \"FROM '$D/r.parquet'\" | $LS run -" SCENARIO
                                "--emit-optimised -o $D/piped"),
                     0);
    assert_int_equal(run(study, "for f in metrics.csv moves.csv optimised.csv summary.json; do "
                                "cmp $D/study/$f $D/piped/$f || exit 9; done"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlite_finds_what_the_summary_says),
        cmocka_unit_test(pandas_finds_what_the_summary_says),
        cmocka_unit_test(duckdb_pipes_parquet_into_a_run),
    };
    return cmocka_run_group_tests(tests, open_study, close_study);
}
