/*
 * The program from outside: exit status, standard output and standard error of what people type.
 *
 * The binary is the one that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#include "../support/support.h"

#include <cjson/cJSON.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TINY     "tests/fixtures/golden/tiny/"
#define DATA     TINY "readings.csv.gz"
#define SCENARIO " -s " TINY "restricted/scenario.ini "
#define COLUMNS                                                                                              \
    "ca_id,date,city,value,marginal_emissions_factor_grams_co2_per_kWh,average_emissions_factor_grams_co2_"  \
    "per_kWh\n"
#define BARE      "ca_id,date,city,value\n"
#define PATH_SIZE 256

/* A folder for one test, and what the last run left in it. */
struct shell {
    char folder[PATH_SIZE / 2];
    int status;
    char *out, *err;
};

static int open_shell(void **state)
{
    struct shell *shell = calloc(1, sizeof *shell);
    assert_non_null(shell);
    snprintf(shell->folder, sizeof shell->folder, "/tmp/loadscope-cli-XXXXXX");
    assert_non_null(mkdtemp(shell->folder));
    *state = shell;
    return 0;
}

static int close_shell(void **state)
{
    struct shell *shell = *state;
    char command[PATH_SIZE];
    free(shell->out);
    free(shell->err);
    snprintf(command, sizeof command, "rm -r '%s'", shell->folder);
    assert_int_equal(system(command), 0);
    free(shell);
    return 0;
}

static char *slurp(const char *path)
{
    struct support_text text = {0};
    char part[4096];
    size_t n;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    support_add(&text, "%s", "");
    while ((n = fread(part, 1, sizeof part - 1, file)) > 0) {
        part[n] = '\0';
        support_add(&text, "%s", part);
    }
    fclose(file);
    return text.bytes;
}

/* Runs a line of the shell in which $LS is the program, $D the test's folder. */
static void run(struct shell *shell, const char *line)
{
    const char *binary = getenv("LOADSCOPE_BIN");
    char path[PATH_SIZE];
    struct support_text command = {0};
    support_add(&command, "LS='%s'; D='%s'; export LC_ALL=C; { %s ; } >\"$D/out\" 2>\"$D/err\" </dev/null",
                binary != NULL && binary[0] != '\0' ? binary : "build/release/loadscope", shell->folder,
                line);
    int status = system(command.bytes);
    free(command.bytes);
    free(shell->out);
    free(shell->err);
    snprintf(path, sizeof path, "%s/out", shell->folder);
    shell->out = slurp(path);
    snprintf(path, sizeof path, "%s/err", shell->folder);
    shell->err = slurp(path);
    shell->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void write_file(const struct shell *shell, const char *name, const char *text, size_t length)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", shell->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* It must work, without a word on standard error. */
static void run_well(struct shell *shell, const char *line)
{
    run(shell, line);
    if (shell->status != 0 || shell->err[0] != '\0')
        fail_msg("%s\n  status %d: %s", line, shell->status, shell->err);
}

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no '%s' in:\n%s", part, text);
}

/* A line that is refused: this status, nothing on standard output, one line on standard error with this in
 * it. */
static void assert_refused(struct shell *shell, const char *line, int status, const char *message)
{
    run(shell, line);
    if (shell->status != status || shell->out[0] != '\0' || strncmp(shell->err, "loadscope: ", 11) != 0 ||
        strstr(shell->err, message) == NULL ||
        strchr(shell->err, '\n') != shell->err + strlen(shell->err) - 1)
        fail_msg("%s\n  status %d, %zu bytes out, error: %s", line, shell->status, strlen(shell->out),
                 shell->err);
}

static void wrong_lines_are_refused_with_a_remedy(void **state)
{
    static const struct {
        const char *line, *message;
    } rows[] = {
        {"$LS", "no data named"},
        {"$LS swep $D/a.csv", "'swep' is no command, and no file; did you mean loadscope sweep?"},
        {"$LS --jsno " DATA, "unknown option --jsno; did you mean --json?"},
        {"$LS --plian " DATA, "did you mean --plain?"},
        {"$LS --xyzzyx " DATA, "unknown option --xyzzyx; see loadscope --help"},
        {"$LS -x " DATA, "unknown option -x"},
        {"$LS --plain=yes " DATA, "option --plain takes no value"},
        {"$LS " DATA " --city", "option --city needs a value: NAME"},
        {"$LS --city Delhi " DATA, "no city 'Delhi'; give --city one of: delhi, mumbai"},
        {"$LS --json --city Delhi " DATA, "no city 'Delhi'; give --city one of: delhi, mumbai"},
        {"$LS --day 2022-06-01 " DATA,
         "delhi has no readings on 2022-06-01; its days run from 2022-05-04 to 2022-05-05"},
        {"$LS --json --day 2022-06-01 " DATA, "no city has readings on 2022-06-01"},
        {"$LS --json --city mumbai --day 2022-06-01 " DATA, "mumbai has no readings on 2022-06-01"},
        {"$LS --day 4.5.2022 " DATA, "--day wants a date, not '4.5.2022'; write it as 2013-02-04"},
        {"$LS --json --day 2022-02-30 " DATA, "--day wants a date"},
        {"$LS --set spike.alhpa_percent=3 " DATA, "did you mean spike.alpha_percent?"},
        {"$LS --set alpha_percent=3 " DATA, "'alpha_percent'"},
        {"$LS --set spike.alpha_percent " DATA, "spike.alpha_percent"},
        {"$LS --set spike.alpha_percent=-3 " DATA,
         "-3 is out of range; give a number from 0 to 1000, or none"},
        {"$LS --set spike.alpha_percent=much " DATA, "spike.alpha_percent"},
        {"$LS --set behaviour.timezone=Europe/Londn " DATA, "Europe/Londn"},
        {"$LS --set behaviour.slot_minutes=15 " DATA, "not 15"},
        {"$LS --engine fast " DATA, "unknown word 'fast'; write greedy, milp or lp"},
        {"$LS --solver cbc " DATA, "unknown word 'cbc'; write auto or glpk"},
        {"$LS -s $D/none.ini " DATA, "none.ini: cannot open the scenario"},
        {"$LS $D/none.csv", "none.csv: cannot open the file: No such file"},
        {"$LS $D", "is a directory"},
        {"$LS -f $D/none.csv " DATA, "none.csv: cannot open"},
        {"$LS help nothing", "no help on 'nothing'; ask for explore, "},
        {"$LS help --jsno", "unknown option --jsno"},
        {"$LS sample file.csv", "sample takes no file 'file.csv'; name the file to write with --output"},
        {"$LS sample -n 0", "--customers wants a whole number, not '0'; give one from 1 to"},
        {"$LS sample --days=x", "--days wants a whole number, not 'x'"},
        {"$LS sample --output $D/none/x.csv", "cannot write"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(*state, rows[i].line, 2, rows[i].message);
}

static void a_broken_scenario_is_refused_at_its_line(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[spike]\nalpha_percent = 25\nalhpa_percent = 3\n", "broken.ini:3:"},
        {"[spike]\nalpha_percent = 2000\n", "broken.ini:2:"},
        {"[spikes]\nalpha_percent = 20\n", "broken.ini:"},
        {"[spike\n", "broken.ini:1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file(*state, "broken.ini", rows[i].text, strlen(rows[i].text));
        assert_refused(*state, "$LS --json -s $D/broken.ini " DATA, 2, rows[i].message);
    }
}

static void broken_data_are_refused_at_their_line(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "the file is empty"},
        {COLUMNS, "a header, but no readings"},
        {"id,when\n1,2\n", "in.csv:1: no column ca_id"},
        {BARE "a,2013-02-04T00:00:00Z,X,1\n",
         "give the emission factors in a file of their own: --factors FILE"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:30:00Z,X,abc,2,3\n",
         "in.csv:3:4: value: not a decimal number: 'abc'"},
        {COLUMNS "a,yesterday,X,1,2,3\n", "in.csv:2:2: date: not a time: 'yesterday'"},
        {COLUMNS "a,2013-02-04T00:00:00,X,1,2,3\n", "in.csv:2:2: date: no UTC offset"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2\n", "in.csv:2: 5 fields in the row, but 6 in the header"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:00:00Z,X,2,2,3\n",
         "in.csv:3:4: value: 2 here, but 1 at line 2"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\nb,2013-02-04T00:00:00Z,X,1,2,4\n",
         "in.csv:3:6: average_emissions_factor_grams_co2_per_kWh: 4 here, but 3"},
        {COLUMNS "a,2013-02-04T00:07:00Z,X,1,2,3\na,2013-02-04T00:37:00Z,X,1,2,3\n", "in.csv:"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:15:00Z,X,1,2,3\n",
         "not at the start of a 30-minute slot"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T01:30:00+01:00,X,1,2,3\n",
         "rows carry different UTC offsets"},
        {COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n\"b,2013\n", "in.csv:3: the file ends inside a quote"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file(*state, "in.csv", rows[i].text, strlen(rows[i].text));
        assert_refused(*state, "$LS --json $D/in.csv", 2, rows[i].message);
        assert_refused(*state, "$LS --plain $D/in.csv", 2, rows[i].message);
    }
    write_file(*state, "in.csv", COLUMNS "a,2013\0-02", sizeof COLUMNS + 9);
    assert_refused(*state, "$LS --json $D/in.csv", 2, "in.csv:2");
    assert_refused(*state, "head -c 3000 " DATA " >$D/in.csv.gz; $LS --json $D/in.csv.gz", 2, "in.csv.gz");
}

/* What a message quotes is text to a terminal, whoever wrote it. */
static void messages_hold_no_escapes(void **state)
{
    static const struct {
        const char *line, *message;
    } rows[] = {
        {"e=$(printf '\\033[7m'); $LS --plain -c \"$e\" sample_data/readings.csv.gz", "no city '?[7m'"},
        {"e=$(printf '\\033[7m'); $LS --plain \"$D/$e\"", "?[7m"},
        {"e=$(printf '\\302\\233\\177'); $LS --plain -d \"$e\" sample_data/readings.csv.gz", "???"},
        {"e=$(printf '\\033'); $LS --plain --set \"peak_hours.$e.Mon=8\" sample_data/readings.csv.gz",
         "'peak_hours.?.Mon' is a name with a control character"},
        {"e=$(printf '\\342\\200\\217'); $LS compare -a \"peak_hours.$e.Mon=8\" "
         "sample_data/readings.csv.gz",
         "is a name with a character that is not seen"},
    };
    struct shell *shell = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_refused(shell, rows[i].line, 2, rows[i].message);
        for (const char *at = shell->err; *at != '\0' && at[1] != '\0'; at++)
            assert_true((unsigned char)*at >= ' ' && *at != 0x7F &&
                        !((unsigned char)*at == 0xC2 && (unsigned char)at[1] < 0xA0));
    }
}

static void help_goes_to_standard_output(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --help");
    static const char *const options[] = {"--scenario", "--set",     "--engine", "--solver",
                                          "--factors",  "--city",    "--day",    "--plain",
                                          "--json",     "--version", "sample",   "help"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        assert_contains(shell->out, options[i]);
    char *general = strdup(shell->out);
    run_well(shell, "$LS help");
    assert_string_equal(shell->out, general);
    run_well(shell, "$LS -h --nonsense");
    assert_string_equal(shell->out, general);
    free(general);
    run_well(shell, "$LS sample --help");
    assert_contains(shell->out, "usage: loadscope sample [OPTION]...");
    assert_contains(shell->out, "--customers");
    run_well(shell, "$LS --version");
    assert_int_equal(strncmp(shell->out, "loadscope ", 10), 0);
    run_well(shell, "$LS help manual");
    assert_contains(shell->out, ".TH LOADSCOPE 1");
    run_well(shell, "$LS help parameters");
    size_t n;
    const struct ls_parameter *parameters = ls_parameters(&n);
    for (size_t i = 0; i < n; i++) {
        assert_contains(shell->out, parameters[i].key);
        assert_contains(shell->out, parameters[i].help);
    }
}

static const cJSON *item(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    if (found == NULL)
        fail_msg("no '%s'", name);
    return found;
}

/* The whole output as JSON objects, one a line. */
static cJSON *objects(const char *out)
{
    char *copy = strdup(out), *rest = copy, *line;
    cJSON *array = cJSON_CreateArray();
    while ((line = support_cut(&rest, '\n')) != NULL) {
        cJSON *object = cJSON_Parse(line);
        if (object == NULL)
            fail_msg("no JSON: %.80s", line);
        cJSON_AddItemToArray(array, object);
    }
    free(copy);
    return array;
}

static double sum(const cJSON *array, const char *name)
{
    double total = 0;
    const cJSON *one;
    cJSON_ArrayForEach(one, array) total += item(one, name)->valuedouble;
    return total;
}

static void json_is_one_object_a_day(void **state)
{
    struct shell *shell = *state;
    static const char *const numbers[] = {
        "slots",           "customers",         "customers_moving",  "customers_without_quota",
        "baseline_kwh",    "uncovered_kwh",     "moved_kwh",         "moves",
        "sources",         "moves_disagreeing", "saved_marg_g",      "saved_avg_g",
        "baseline_marg_g", "baseline_avg_g",    "bound_marg_g",      "budget_kwh",
        "budget_used_kwh", "daily_load_kwh",    "own_daily_load_kwh"};
    static const char *const by_slot[] = {"time",   "baseline_kwh", "shifted_kwh",   "out_kwh",
                                          "in_kwh", "room_kwh",     "mef_g_per_kwh", "aef_g_per_kwh",
                                          "peak",   "spike_binds"};
    static const char *const days[][2] = {
        {"delhi", "2022-05-04"}, {"delhi", "2022-05-05"}, {"mumbai", "2022-05-04"}, {"mumbai", "2022-05-05"}};
    run_well(shell, "$LS --json --set run.week_context=in_week" SCENARIO DATA);
    cJSON *array = objects(shell->out);
    assert_int_equal(cJSON_GetArraySize(array), 4);
    for (int d = 0; d < 4; d++) {
        const cJSON *object = cJSON_GetArrayItem(array, d), *slot = item(object, "by_slot");
        assert_string_equal(item(object, "city")->valuestring, days[d][0]);
        assert_string_equal(item(object, "day")->valuestring, days[d][1]);
        assert_string_equal(item(object, "engine")->valuestring, "greedy");
        assert_string_equal(item(object, "week_context")->valuestring, "in_week");
        assert_string_equal(item(object, "outcome")->valuestring, "complete");
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            assert_true(cJSON_IsNumber(item(object, numbers[i])));
        assert_true(cJSON_IsObject(item(object, "limited_by")));
        assert_int_equal(cJSON_GetArraySize(slot), 48);
        for (size_t i = 0; i < sizeof by_slot / sizeof *by_slot; i++)
            item(cJSON_GetArrayItem(slot, 47), by_slot[i]);
        assert_int_equal(cJSON_GetArraySize(cJSON_GetArrayItem(slot, 0)), sizeof by_slot / sizeof *by_slot);
        for (int t = 0; t < 48; t++) {
            const cJSON *one = cJSON_GetArrayItem(slot, t);
            double stays = item(one, "baseline_kwh")->valuedouble - item(one, "out_kwh")->valuedouble;
            assert_near(item(one, "shifted_kwh")->valuedouble, stays + item(one, "in_kwh")->valuedouble,
                        1e-9);
        }
        assert_near(sum(slot, "shifted_kwh"), item(object, "baseline_kwh")->valuedouble, 1e-9);
        assert_near(sum(slot, "in_kwh"), item(object, "moved_kwh")->valuedouble, 1e-9);
    }
    /* the totals of the reference implementation for the whole dataset */
    assert_near(sum(array, "saved_marg_g"), 396.70742923076614, 1e-6);
    assert_near(sum(array, "saved_avg_g"), 97.66160073850187, 1e-6);
    assert_near(sum(array, "moved_kwh"), 4.5785, 1e-9);
    assert_near(sum(array, "moves"), 12, 0);
    cJSON_Delete(array);
}

static void json_narrows_to_a_city_and_a_day(void **state)
{
    struct shell *shell = *state;
    static const struct {
        const char *line;
        int days;
    } rows[] = {{"$LS --json --city mumbai" SCENARIO DATA, 2},
                {"$LS --json --day 2022-05-05" SCENARIO DATA, 2},
                {"$LS -j -c mumbai -d 2022-05-05" SCENARIO DATA, 1},
                {"$LS explore -jcmumbai -d2022-05-05" SCENARIO DATA, 0}, /* -j takes no value */
                {"$LS explore --json --city=mumbai --day=2022-05-05 --scenario=" TINY
                 "restricted/scenario.ini -- " DATA,
                 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].days == 0) {
            assert_refused(shell, rows[i].line, 2, "takes no value");
            continue;
        }
        run_well(shell, rows[i].line);
        cJSON *array = objects(shell->out);
        assert_int_equal(cJSON_GetArraySize(array), rows[i].days);
        cJSON_Delete(array);
    }
}

static void limits_that_are_off_are_null(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS -j -c delhi -d 2022-05-04 --set spike.alpha_percent=none "
                    "--set regional.load_shift_percent_limit=none " DATA);
    cJSON *array = objects(shell->out);
    const cJSON *object = cJSON_GetArrayItem(array, 0);
    assert_true(cJSON_IsNull(item(object, "budget_kwh")));
    assert_true(cJSON_IsNull(item(cJSON_GetArrayItem(item(object, "by_slot"), 0), "room_kwh")));
    cJSON_Delete(array);
}

static double saved(struct shell *shell, const char *line)
{
    run_well(shell, line);
    cJSON *array = objects(shell->out);
    double total = sum(array, "saved_marg_g");
    cJSON_Delete(array);
    return total;
}

static void settings_count_in_their_order(void **state)
{
    struct shell *shell = *state;
    double file = saved(shell, "$LS -j" SCENARIO DATA);
    double set = saved(shell, "$LS -j --set spike.alpha_percent=0" SCENARIO DATA);
    assert_true(file > 0 && set == 0); /* --set over the scenario, wherever it stands */
    assert_true(
        saved(shell, "$LS -j --set spike.alpha_percent=0 --set spike.alpha_percent=25" SCENARIO DATA) ==
        file);
    double greedy = saved(shell, "$LS -j --engine milp --engine greedy" SCENARIO DATA);
    double milp = saved(shell, "$LS -j -e milp" SCENARIO DATA),
           lp = saved(shell, "$LS -j --engine=lp" SCENARIO DATA);
    assert_true(greedy == file && milp > greedy && lp > milp);
    assert_near(saved(shell, "$LS -j -e milp --solver glpk" SCENARIO DATA), milp, 1e-6);
}

static void plain_text_shows_the_day(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --plain" SCENARIO DATA);
    static const char *const parts[] = {
        "loadscope   delhi, Wed 2022-05-04, 4 homes, 48 slots of 30 minutes\n",
        "engine      greedy, day alone: the full weekly quota\n",
        "saved       0.154 kg marginal",
        "moved       1.724 kWh",
        " in 4 moves by 4 of 4 homes\n",
        "budget      1.724 of 8.934 kWh used (19 %)\n",
        "disagree    2 moves save marginal but raise average emissions\n",
        "data        567 rows, 6 homes in 2 cities, 567 known readings of 30 minutes\n",
        "9 slots without a row, unknown\n",
        "limits that bind",
        "1 move stopped by peak comfort",
        "60000005858              01:30 -> 03:00     0.416        74.7",
        "mumbai",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_contains(shell->out, parts[i]);
    assert_int_equal(shell->out[strlen(shell->out) - 1], '\n');
    int slots = 0;
    for (int t = 0; t < 48; t++) {
        char row[32];
        snprintf(row, sizeof row, "\n%02d:%02d ", t / 2, t % 2 * 30);
        slots += strstr(shell->out, row) != NULL;
    }
    assert_int_equal(slots, 48);
    assert_null(strchr(shell->out, '\033'));
    char *plain = strdup(shell->out); /* where no terminal is, the same without being asked */
    run_well(shell, "$LS" SCENARIO DATA);
    assert_string_equal(shell->out, plain);
    free(plain);
}

static void suspicious_loads_and_unknown_cities_are_told(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --plain --set regional_daily_load_kwh.delhi=3.7 " DATA);
    assert_contains(shell->out,
                    "warning     the daily load given for delhi, 3.7 kWh, is below what its homes use");
    run(shell, "$LS --json --set regional_daily_load_kwh.Delhi=3.7 " DATA);
    assert_int_equal(shell->status, 0);
    assert_contains(shell->err, "city 'Delhi', which the data do not have");
    cJSON_Delete(objects(shell->out));
}

static void data_come_from_anywhere(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --json" SCENARIO DATA);
    char *wanted = strdup(shell->out);
    static const char *const lines[] = {
        "gzip -dc " DATA " | $LS --json" SCENARIO "-",
        "cat " DATA " | $LS --json" SCENARIO "-",
        "gzip -dc " DATA " >$D/plain.csv; $LS --json" SCENARIO "$D/plain.csv",
        "gzip -dc " DATA " | awk 'NR==1 || NR%2' >$D/odd.csv; gzip -dc " DATA
        " | awk 'NR==1 || !(NR%2)' >$D/even.csv; $LS --json" SCENARIO "$D/even.csv $D/odd.csv",
        "cp " DATA " $D/-odd.gz; cd $D; case $LS in /*) ;; *) LS=$OLDPWD/$LS ;; esac; S=$OLDPWD/" TINY
        "restricted/scenario.ini; $LS --json -s $S -- -odd.gz",
        "cp " TINY "restricted/scenario.ini $D/s.ini; $LS --json -s - " DATA " <$D/s.ini",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        run_well(shell, lines[i]);
        if (strcmp(shell->out, wanted) != 0)
            fail_msg("another answer from: %s", lines[i]);
    }
    free(wanted);
}

static void factors_may_come_in_a_file_of_their_own(void **state)
{
    struct shell *shell = *state;
    static const char *const readings = BARE "a,2024-01-01T00:00Z,X,1\na,2024-01-01T00:30Z,X,0\n";
    static const char *const factors =
        "city,date,marginal_emissions_factor_grams_co2_per_kWh,average_emissions_factor_grams_co2_per_kWh\n"
        "X,2024-01-01T00:00Z,600,500\nX,2024-01-01T00:30Z,200,300\n";
    write_file(shell, "in.csv", readings, strlen(readings));
    write_file(shell, "factors.csv", factors, strlen(factors));
    const char *line = "$LS -j -f $D/factors.csv --set household_minimum.baseline_type=none "
                       "--set spike.alpha_percent=none --set regional.load_shift_percent_limit=50 $D/in.csv";
    assert_near(saved(shell, line), 0.5 * 400, 1e-9);
}

static void samples_are_the_same_every_time(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS sample -n 6 -d 3 -s 5");
    char *first = strdup(shell->out);
    run_well(shell, "$LS sample --customers 6 --days=3 --seed 5");
    assert_string_equal(shell->out, first);
    run_well(shell, "$LS sample -n 6 -d 3 -s 5 -o $D/sample.csv; cat $D/sample.csv");
    assert_string_equal(shell->out, first);
    run_well(shell, "$LS sample -n 6 -d 3 -s 6");
    assert_string_not_equal(shell->out, first);
    free(first);
    run_well(shell, "$LS sample -n 6 -d 3 | $LS --json -");
    cJSON *array = objects(shell->out);
    assert_int_equal(cJSON_GetArraySize(array), 6); /* two cities, three days */
    cJSON_Delete(array);
}

static void an_output_that_cannot_be_written_fails(void **state)
{
    static const char *const lines[] = {"$LS --json " DATA " >/dev/full",  "$LS --plain " DATA " >/dev/full",
                                        "$LS sample -n 2 -d 1 >/dev/full", "$LS sample >/dev/full",
                                        "$LS --help >/dev/full",           "$LS --version >/dev/full",
                                        "$LS help parameters >/dev/full",  "$LS sample -o /dev/full"};
    struct stat about;
    if (stat("/dev/full", &about) != 0)
        skip();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_refused(*state, lines[i], 1, "cannot write the");
    assert_int_equal(stat("/dev/full", &about), 0); /* a device is not removed like half a file */
    assert_true(S_ISCHR(about.st_mode));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wrong_lines_are_refused_with_a_remedy, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_broken_scenario_is_refused_at_its_line, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(broken_data_are_refused_at_their_line, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(messages_hold_no_escapes, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(help_goes_to_standard_output, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(json_is_one_object_a_day, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(json_narrows_to_a_city_and_a_day, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(limits_that_are_off_are_null, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(settings_count_in_their_order, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(plain_text_shows_the_day, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(suspicious_loads_and_unknown_cities_are_told, open_shell,
                                        close_shell),
        cmocka_unit_test_setup_teardown(data_come_from_anywhere, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(factors_may_come_in_a_file_of_their_own, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(samples_are_the_same_every_time, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(an_output_that_cannot_be_written_fails, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
