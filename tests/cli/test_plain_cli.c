/* The explorer's screens as plain text: a fact a line, nothing drawn, the figures those of --json. */
#include "shell.h"

#include <ctype.h>
#include <math.h>

#define DATA "sample_data/readings.csv.gz --scenario sample_data/restricted.ini"

static int open_shell(void **state)
{
    *state = new_shell();
    return 0;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static void every_screen_is_lines_of_facts(void **state)
{
    struct shell *shell = *state;
    static const char *const views[] = {"days",   "day",   "customers", "customer",   "moves",
                                        "limits", "sweep", "data",      "parameters", "Help"};
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        char line[300];
        snprintf(line, sizeof line, "$LS --plain --view %s " DATA, views[v]);
        assert_run(shell, line, 0);
        assert_true(count_lines(shell->out) >= 10);
        char *at = shell->out;
        for (char *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
            *end = '\0';
            if (strstr(at, ": ") == NULL && strstr(at, " = ") == NULL)
                fail_msg("%s has a line without a fact: \"%s\"", views[v], at);
            for (const char *c = at; *c != '\0'; c++)
                if (!isprint((unsigned char)*c) && !(*c & 0x80))
                    fail_msg("%s has a control character", views[v]);
            if (strstr(at, "\xe2\x94") != NULL || strstr(at, "\xe2\x96") != NULL)
                fail_msg("%s draws: \"%s\"", views[v], at);
            if (strstr(at, "   ") != NULL && strncmp(at, "    ", 4) != 0)
                fail_msg("%s has a table: \"%s\"", views[v], at);
        }
    }
}

static double member(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(json, name);
    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

/* The number behind a text of the output. */
static double figure(const char *text, const char *before)
{
    const char *at = strstr(text, before);
    if (at == NULL)
        fail_msg("no \"%s\"", before);
    return at != NULL ? strtod(at + strlen(before), NULL) : NAN;
}

static void the_figures_are_those_of_json(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS --json --city delhi --day 2022-05-03 " DATA, 0);
    cJSON *json = cJSON_Parse(shell->out);
    assert_non_null(json);
    assert_run(shell, "$LS --plain --view day --city delhi --day 2022-05-03 " DATA, 0);
    assert_true(fabs(figure(shell->out, "saved, marginal: ") - member(json, "saved_marg_g") / 1e3) < 6e-4);
    assert_true(fabs(figure(shell->out, "saved, average: ") - member(json, "saved_avg_g") / 1e3) < 6e-4);
    assert_true(fabs(figure(shell->out, "\nmoved: ") - member(json, "moved_kwh")) < 6e-4);
    assert_int_equal(figure(shell->out, "homes that move: "), member(json, "customers_moving"));

    /* Homes and moves, each on a line, add up to the same. */
    double moved = 0, saved = 0;
    assert_run(shell, "$LS --plain --view customers --city delhi --day 2022-05-03 " DATA, 0);
    for (const char *at = shell->out; (at = strstr(at, "; moved ")) != NULL; at++) {
        moved += strtod(at + 8, NULL);
        saved += figure(at, "saved ");
    }
    assert_true(fabs(moved - member(json, "moved_kwh")) < 0.02);
    assert_true(fabs(saved - member(json, "saved_marg_g")) < 2);
    moved = 0;
    assert_run(shell, "$LS --plain --view moves --city delhi --day 2022-05-03 " DATA, 0);
    for (const char *at = shell->out; (at = strstr(at, " kWh from ")) != NULL; at++) {
        const char *start = at;
        while (start[-1] != ' ')
            start--;
        moved += strtod(start, NULL);
    }
    assert_true(fabs(moved - member(json, "moved_kwh")) < 0.02);
    cJSON_Delete(json);
}

/* A line a day, each with the savings that --json gives it. */
static void every_day_is_told(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS --json --city mumbai " DATA, 0);
    char *json = strdup(shell->out), *at = json;
    assert_non_null(json);
    assert_run(shell, "$LS --plain --view days --city mumbai " DATA, 0);
    assert_int_equal(count_lines(shell->out), 14);
    for (char *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
        char line[64];
        *end = '\0';
        cJSON *day = cJSON_Parse(at);
        assert_non_null(day);
        snprintf(line, sizeof line, " %s: usage ", cJSON_GetObjectItem(day, "day")->valuestring);
        const char *told = strstr(shell->out, line);
        assert_non_null(told);
        assert_true(fabs(figure(told, ": usage ") - member(day, "baseline_kwh")) < 6e-4);
        assert_true(fabs(figure(told, "; saved ") - member(day, "saved_marg_g") / 1e3) < 6e-4);
        assert_true(fabs(figure(told, " marginal, ") - member(day, "saved_avg_g") / 1e3) < 6e-4);
        assert_int_equal(figure(told, " kWh, "), member(day, "customers"));
        double budget = 100 * member(day, "budget_used_kwh") / member(day, "budget_kwh");
        assert_true(fabs(figure(told, " average; ") - budget) < 0.51);
        cJSON_Delete(day);
    }
    free(json);
    assert_run(shell, "$LS --plain --view days " DATA, 0);
    assert_int_equal(count_lines(shell->out), 28);
}

/* What is told of a step more is what a run of its own saves. */
static void assert_steps_are_solves(struct shell *shell, double now_g)
{
    char *told = strdup(shell->out), wanted[160];
    assert_non_null(told);
    run_well(shell, "$LS --json " DATA " -d 2022-05-02 -c delhi --set spike.alpha_percent=26 >$D/step.json");
    char *step = slurp(shell, "step.json");
    cJSON *then = cJSON_Parse(step);
    snprintf(
        wanted, sizeof wanted,
        "\nAnti-spike limit: a step more (spike.alpha_percent is 26) would save %.1f g more marginal and ",
        number_at(then, "saved_marg_g") - now_g);
    assert_contains(told, wanted);
    assert_contains(told, "\nAnti-spike limit: a step less (spike.alpha_percent is 24) would save ");
    cJSON_Delete(then);
    free(step);
    free(told);
}

static void studies_are_told(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --json " DATA " -d 2022-05-02 -c delhi --set spike.alpha_percent=none >$D/off.json; "
                    "$LS --json " DATA " -d 2022-05-02 -c delhi >$D/on.json");
    char *off = slurp(shell, "off.json"), *on = slurp(shell, "on.json"), wanted[160];
    cJSON *without = cJSON_Parse(off), *with = cJSON_Parse(on);
    snprintf(wanted, sizeof wanted,
             "Anti-spike limit: without it (spike.alpha_percent is 25), all else as it is, this day "
             "would save %.1f g more marginal",
             number_at(without, "saved_marg_g") - number_at(with, "saved_marg_g"));
    assert_run(shell, "$LS --plain --view limits " DATA, 0);
    assert_contains(shell->out, wanted);
    assert_steps_are_solves(shell, number_at(with, "saved_marg_g"));
    snprintf(wanted, sizeof wanted,
             "peak.reduction_limit_percent = 25, spike.alpha_percent = 25: saved marginal %.1f g, average ",
             number_at(with, "saved_marg_g"));
    assert_run(shell, "$LS --plain --view sweep " DATA, 0);
    assert_int_equal(count_lines(shell->out), 121);
    assert_contains(shell->out, wanted);
    assert_run(shell, "$LS --plain --view compare " DATA, 0);
    assert_contains(shell->out, "nothing is marked as A outside of a session: loadscope compare ");
    cJSON_Delete(with);
    cJSON_Delete(without);
    free(on);
    free(off);
}

static void one_customer_is_told_whole(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS --plain --customer 60000005594 " DATA, 0);
    assert_contains(shell->out, "\n60000005594: used 62.240 kWh, percentile 97; ");
    assert_non_null(
        strstr(shell->out, "\n60000005594: 3.928 kWh from 06:30 to 08:30; saves 443.8 g marginal"));
    assert_contains(shell->out, "\n60000005594 from 06:30 to 08:30: moved; limit: room\nreason: ");
    assert_contains(shell->out, "\n23:30: usage ");
    assert_null(strstr(shell->out, "60000005623"));
    assert_refused_cleanly(shell, "$LS --plain --customer nobody " DATA, "no customer 'nobody'");
    assert_refused_cleanly(
        shell, "$LS --plain --view nowhere " DATA,
        "no screen 'nowhere'; name one of: Days, Day, Customers, Customer, Moves, Compare, "
        "Sweep, Limits, Data, Parameters, Help");
}

/* What is told to let a pair through does, and the step before it does not. */
static void a_limit_that_homes_share_is_searched(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS --plain --customer 60000005594 --set spike.alpha_percent=0 " DATA, 0);
    assert_contains(shell->out, "06:30 to 08:30: not moved; limit: room\n");
    assert_contains(shell->out, "\nlet through by: spike.alpha_percent=1, found by solving again\n");
    assert_run(shell, "$LS --plain --customer 60000005594 --set spike.alpha_percent=1 " DATA, 0);
    assert_contains(shell->out, "06:30 to 08:30: moved; limit: room\n");
    assert_run(shell, "$LS --plain --customer 60000005594 --set regional.load_shift_percent_limit=0.1 " DATA,
               0);
    assert_contains(shell->out, "by: regional.load_shift_percent_limit=1.1, found by solving again\n");
    assert_run(shell, "$LS --plain --view moves --set regional.load_shift_percent_limit=1.1 " DATA, 0);
    assert_contains(shell->out, "60000005594: ");
    assert_run(shell, "$LS --plain --view moves --set regional.load_shift_percent_limit=0.1 " DATA, 0);
    assert_null(strstr(shell->out, "60000005594: "));
    assert_run(shell,
               "$LS --plain --customer 60000005594 --set spike.alpha_percent=0 --set "
               "regional.load_shift_percent_limit=0 " DATA,
               0);
    assert_contains(shell->out,
                    "by: no value of spike.alpha_percent; without it the next to refuse it is: budget\n");
}

/* As on the screen, of a store as of CSV; but not where they take long. */
static void doubts_are_told(void **state)
{
    struct shell *shell = *state;
    assert_run(shell, "$LS --plain --view data " DATA, 0);
    assert_contains(shell->out, "days with readings in mumbai: 14\nclock changes: none within these days\n");
    assert_contains(shell->out, "to note: gaps in delhi: 143, 35 homes\n");
    run_well(shell, "$LS import sample_data/readings.csv.gz -q -o $D/a.nc");
    assert_run(shell, "$LS --plain --view data $D/a.nc", 0);
    assert_contains(shell->out, "to note: gaps in delhi: 143, 35 homes\n");
    run_well(shell, "$LS sample -n 700 -d 70 -o $D/b.nc");
    assert_run(shell, "$LS --plain --view data $D/b.nc", 0);
    assert_contains(shell->out, "doubts of data this large: loadscope info\n");
}

static void parameters_are_as_they_were_set(void **state)
{
    struct shell *shell = *state;
    assert_run(shell,
               "$LS --plain --view parameters --set spike.alpha_percent=none --set run.engine=lp " DATA, 0);
    assert_contains(shell->out, "\nspike.alpha_percent = none\n");
    assert_contains(shell->out, "\nrun.engine = lp\n");
    assert_contains(shell->out, "\npeak.reduction_limit_percent = 25 %\n");
    assert_contains(shell->out, "\npeak_hours.delhi.Mon = ");
}

/* README's table of keys has a row for each command with a key, as help tells it, and no other. */
static void the_readme_has_every_key(void **state)
{
    struct shell *shell = *state;
    size_t rows = 0, keyed = 0;
    char *readme = NULL;
    assert_run(shell, "cat README.md", 0);
    readme = strdup(shell->out);
    assert_non_null(readme);
    char *table = strstr(readme, "| Key | Command | What it does |\n|---|---|---|\n");
    assert_non_null(table);
    *strstr(table, "\n\n") = '\0';
    for (const char *at = table; (at = strstr(at, "\n| `")) != NULL; at++)
        rows++;
    assert_run(shell, "$LS --plain --view help " DATA, 0);
    for (char *line = strtok(shell->out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char wanted[400] = "\n|", *keys = strstr(line, "; key "), *help = strstr(line, ": ");
        if (keys == NULL)
            continue;
        *keys = *help = '\0';
        for (char *key = keys + strlen("; key "), *next; key != NULL; key = next) {
            next = strstr(key, " or ");
            size_t length = next != NULL ? (size_t)(next - key) : strlen(key);
            size_t used = strlen(wanted);
            snprintf(wanted + used, sizeof wanted - used, " `%.*s`", (int)length, key);
            next = next != NULL ? next + strlen(" or ") : NULL;
        }
        size_t used = strlen(wanted);
        snprintf(wanted + used, sizeof wanted - used, " | `%s` | %s |", line, help + 2);
        if (strstr(table, wanted) == NULL)
            fail_msg("README's table of keys has no row \"%s\"", wanted + 1);
        keyed++;
    }
    assert_int_equal(rows, keyed);
    free(readme);
}

#define IN_SHELL(test) cmocka_unit_test_setup_teardown(test, open_shell, close_shell)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SHELL(every_screen_is_lines_of_facts),
        IN_SHELL(the_figures_are_those_of_json),
        IN_SHELL(every_day_is_told),
        IN_SHELL(studies_are_told),
        IN_SHELL(one_customer_is_told_whole),
        IN_SHELL(a_limit_that_homes_share_is_searched),
        IN_SHELL(doubts_are_told),
        IN_SHELL(parameters_are_as_they_were_set),
        IN_SHELL(the_readme_has_every_key),
    };
    return cmocka_run_group_tests_name("plain screens", tests, NULL, NULL);
}
