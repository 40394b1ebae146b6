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
    static const char *const views[] = {"day",   "customers", "customer",   "moves", "limits",
                                        "sweep", "data",      "parameters", "Help"};
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

static void studies_are_told(void **state)
{
    struct shell *shell = *state;
    run_well(shell, "$LS --json " DATA " -d 2022-05-02 -c delhi --set spike.alpha_percent=none >$D/off.json; "
                    "$LS --json " DATA " -d 2022-05-02 -c delhi >$D/on.json");
    char *off = slurp(shell, "off.json"), *on = slurp(shell, "on.json"), wanted[160];
    cJSON *without = cJSON_Parse(off), *with = cJSON_Parse(on);
    snprintf(wanted, sizeof wanted,
             "Anti-spike limit: without it (spike.alpha_percent is 25), and with all else as it is, this day "
             "would save %.1f g more marginal",
             number_at(without, "saved_marg_g") - number_at(with, "saved_marg_g"));
    assert_run(shell, "$LS --plain --view limits " DATA, 0);
    assert_contains(shell->out, wanted);
    snprintf(wanted, sizeof wanted,
             "peak.reduction_limit_percent = 25, spike.alpha_percent = 25: saved marginal %.1f g, average ",
             number_at(with, "saved_marg_g"));
    assert_run(shell, "$LS --plain --view sweep " DATA, 0);
    assert_int_equal(count_lines(shell->out), 121);
    assert_contains(shell->out, wanted);
    assert_run(shell, "$LS --plain --view compare " DATA, 0);
    assert_contains(shell->out, "nothing is marked as A");
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
    assert_refused_cleanly(shell, "$LS --plain --view nowhere " DATA, "no screen 'nowhere'");
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

#define IN_SHELL(test) cmocka_unit_test_setup_teardown(test, open_shell, close_shell)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SHELL(every_screen_is_lines_of_facts),
        IN_SHELL(the_figures_are_those_of_json),
        IN_SHELL(studies_are_told),
        IN_SHELL(one_customer_is_told_whole),
        IN_SHELL(parameters_are_as_they_were_set),
    };
    return cmocka_run_group_tests_name("plain screens", tests, NULL, NULL);
}
