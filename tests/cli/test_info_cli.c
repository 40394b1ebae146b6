/*
 * `loadscope info` from outside: what people and programs get, and the exit status.
 *
 * The binary is the one that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#include "../support/folder.h"
#include "../support/support.h"

#include <cjson/cJSON.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLE "sample_data/readings.csv.gz"
#define COLS   80

struct shell {
    char folder[64];
    int status;
    char *out; /* standard output, then standard error */
};

static int open_shell(void **state)
{
    struct shell *shell = calloc(1, sizeof *shell);
    assert_non_null(shell);
    snprintf(shell->folder, sizeof shell->folder, "/tmp/loadscope-info-XXXXXX");
    assert_non_null(mkdtemp(shell->folder));
    *state = shell;
    return 0;
}

static int close_shell(void **state)
{
    struct shell *shell = *state;
    free(shell->out);
    folder_remove(shell->folder);
    free(shell);
    return 0;
}

/* Runs a line of the shell in which $LS is the program, $D the test's folder. */
static void run(struct shell *shell, const char *line, int status)
{
    const char *binary = getenv("LOADSCOPE_BIN");
    struct support_text command = {0}, out = {0};
    char part[4096];
    size_t n;
    support_add(&command, "LS='%s'; D='%s'; export LC_ALL=C; { %s ; } 2>&1 </dev/null",
                binary != NULL && binary[0] != '\0' ? binary : "build/release/loadscope", shell->folder,
                line);
    FILE *pipe = popen(command.bytes, "r");
    free(command.bytes);
    assert_non_null(pipe);
    support_add(&out, "%s", "");
    while ((n = fread(part, 1, sizeof part - 1, pipe)) > 0) {
        part[n] = '\0';
        support_add(&out, "%s", part);
    }
    int ended = pclose(pipe);
    free(shell->out);
    shell->out = out.bytes;
    shell->status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    if (shell->status != status)
        fail_msg("%s\n  status %d: %s", line, shell->status, shell->out);
}

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no '%s' in:\n%s", part, text);
}

static void assert_narrow(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > COLS)
            fail_msg("%zu columns: %.*s", length, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* Two homes of X for two days: "wild" is flat from noon to noon, has a hole and a spike; no factors on
 * Tuesday. */
static void write_wild(const struct shell *shell)
{
    char path[128];
    snprintf(path, sizeof path, "%s/wild.csv", shell->folder);
    struct support_text text = {0};
    support_add(&text, SUPPORT_COLUMNS);
    for (int home = 0; home < 2; home++)
        for (int slot = 0; slot < 192; slot++) {
            double kwh = 0.101 + 0.037 * (slot % 6);
            if (home == 1 && slot == 5)
                continue;
            if (home == 1 && slot >= 24 && slot < 72)
                kwh = 0.2;
            if (home == 1 && slot == 150)
                kwh = 19.5;
            double factor = slot < 48 || slot >= 96 ? 500 + slot : (double)NAN;
            support_row(&text, "X", home == 1 ? "wild" : "tame", SUPPORT_MONDAY * 86400LL + slot * 1800, 0,
                        kwh, factor, factor - 100);
        }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.bytes, 1, text.length, file), text.length);
    assert_int_equal(fclose(file), 0);
    free(text.bytes);
}

static void people_get_the_doubts_with_remedies(void **state)
{
    struct shell *shell = *state;
    write_wild(shell);
    run(shell, "$LS info $D/wild.csv", 0);
    static const char *const parts[] = {
        "383 rows, 2 homes in 1 city, 383 known readings of 30 minutes",
        "span        2024-01-01T00:00:00+00:00 to 2024-01-04T23:30:00+00:00",
        "4 days with readings, by the clock of +00:00",
        "\ndoubtful\n",
        "48 slots with readings,",
        "2024-01-02 00:00 to 2024-01-02 23:30.",
        "\n  spikes\n    1 reading of 1 home lies above 10 times",
        "up to 19.50 kWh  2024-01-04 03:00",
        "\n  flat lines\n    1 home repeats the same reading, not 0, for 24 hours or longer.",
        "at 0.200 kWh  2024-01-01 to 2024-01-02",
        "\nnoted\n",
        "1 of 2 homes lacks 1 reading",
        "1 slot               0.5 %  2024-01-01 02:30",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_contains(shell->out, parts[i]);
    assert_narrow(shell->out);
    assert_null(strstr(shell->out, "duplicates")); /* sections that would be empty are left out */
}

static const cJSON *item(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    if (found == NULL)
        fail_msg("no '%s'", name);
    return found;
}

static const cJSON *doubt_named(const cJSON *root, const char *word)
{
    const cJSON *doubt;
    cJSON_ArrayForEach(doubt, item(root, "doubts")) if (strcmp(item(doubt, "doubt")->valuestring, word) ==
                                                        0) return doubt;
    fail_msg("no doubt '%s'", word);
    return NULL;
}

static void programs_get_the_same(void **state)
{
    struct shell *shell = *state;
    write_wild(shell);
    run(shell, "$LS info --json $D/wild.csv", 0);
    cJSON *root = cJSON_Parse(shell->out);
    assert_non_null(root);
    assert_int_equal(item(root, "rows")->valueint, 383);
    assert_int_equal(item(root, "slots_without_factors")->valueint, 48);
    assert_int_equal(cJSON_GetArraySize(item(root, "doubts")), 4);
    const cJSON *doubt;
    cJSON_ArrayForEach(doubt, item(root, "doubts"))
    {
        assert_true(strlen(item(doubt, "found")->valuestring) > 10);
        assert_true(strlen(item(doubt, "remedy")->valuestring) > 10);
    }
    const cJSON *spike = cJSON_GetArrayItem(item(doubt_named(root, "spikes"), "worst"), 0);
    assert_string_equal(item(spike, "home")->valuestring, "wild");
    assert_near(item(spike, "largest_kwh")->valuedouble, 19.5, 0);
    assert_string_equal(item(spike, "first")->valuestring, "2024-01-04T03:00:00+00:00");
    assert_int_equal(item(doubt_named(root, "factors_missing"), "count")->valueint, 48);
    assert_true(cJSON_IsTrue(item(doubt_named(root, "gaps"), "minor")));
    assert_true(cJSON_IsFalse(item(doubt_named(root, "flat_lines"), "minor")));
    cJSON_Delete(root);
}

static void the_sample_is_sound(void **state)
{
    struct shell *shell = *state;
    run(shell, "$LS info " SAMPLE, 0);
    assert_contains(shell->out, "nothing is doubtful");
    assert_contains(shell->out, "\nnoted\n\n  gaps, delhi\n");
    assert_narrow(shell->out);
}

static void factors_of_their_own_file_and_the_clock(void **state)
{
    struct shell *shell = *state;
    run(shell,
        "printf 'ca_id,date,city,value\n' >$D/r.csv; "
        "for h in 00:00 00:30 01:00; do printf 'a,2013-03-31T%s:00Z,London,0.3\n' $h; done >>$D/r.csv; "
        "printf 'city,date,marginal_emissions_factor_grams_co2_per_kWh,"
        "average_emissions_factor_grams_co2_per_kWh\n' >$D/f.csv; "
        "cp $D/f.csv $D/other.csv; "
        "for h in 00:00 00:30 01:00; do printf 'London,2013-03-31T%s:00Z,5%s,400\n' $h ${h%%:*}; done "
        ">>$D/f.csv; printf 'Leeds,2013-03-31T00:00:00Z,500,400\n' >>$D/other.csv; "
        "$LS info $D/r.csv -f $D/f.csv --set behaviour.timezone=Europe/London",
        0);
    assert_contains(shell->out, "Sun 2013-03-31 has 46 slots");
    assert_contains(shell->out, "nothing is doubtful");
    run(shell, "$LS info $D/r.csv --factors $D/other.csv", 0);
    assert_contains(shell->out, "no emission factors");
    assert_contains(shell->out, "by --factors");
}

static void what_cannot_be_read_is_refused(void **state)
{
    struct shell *shell = *state;
    run(shell, "$LS info", 2);
    assert_contains(shell->out, "no data named");
    run(shell, "$LS info $D/none.csv", 2);
    assert_contains(shell->out, "none.csv: cannot open");
    run(shell, "$LS info --jsno " SAMPLE, 2);
    assert_contains(shell->out, "did you mean --json?");
    run(shell, "$LS info --set behaviour.slot_minutes=15 " SAMPLE, 2);
    assert_contains(shell->out, "not 15");
    run(shell, "$LS info --help", 0);
    assert_contains(shell->out, "usage: loadscope info [OPTION]... DATA...");
    if (access("/dev/full", W_OK) == 0)
        run(shell, "$LS info " SAMPLE " >/dev/full", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(people_get_the_doubts_with_remedies, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(programs_get_the_same, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(the_sample_is_sound, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(factors_of_their_own_file_and_the_clock, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
