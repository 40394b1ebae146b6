/*
 * Completion in zsh: a real one loads the script and is asked what it offers; complete.zsh says how. Skipped
 * where there is no zsh.
 */
#include "shell.h"

#define ASK                                                                                                  \
    "$LS help zsh-completion >$D/_loadscope && "                                                             \
    "timeout -s KILL 60 zsh -f tests/cli/complete.zsh $D"

static int open_shell(void **state)
{
    *state = new_shell();
    return 0;
}

static void need_zsh(struct shell *shell)
{
    run(shell, "zsh -fc 'zmodload zsh/zpty && autoload -Uz +X compinit'");
    if (shell->status == 0)
        return;
    print_message("skipped: no zsh that can complete is installed\n");
    skip();
}

/* What stands after the program's name, and what is offered for its last word. */
static const struct {
    const char *words, *offers;
} rows[] = {
    {"sam", "sample sample_data"},
    {"inf", "info"},
    {"data.csv inf", ""}, /* a command stands first */
    {"--fac", "--factors"},
    {"info --", "--factors --help --json --scenario --set"},
    {"info --scenario x.ini --sc", ""}, /* may be given once */
    {"info --set spike.alpha_percent=1 --se", "--set"},
    {"sample --cust", "--customers"},
    {"info --version", ""},
    {"--vers", "--version"},
    {"help man", "manual"},
    {"help zsh", "zsh-completion"},
    {"sample sample_d", ""},
    {"sample_data/rea", "readings.csv.gz"},
    {"info sample_data/rea", "readings.csv.gz"},
    {"info x.csv --scenario sample_data/l", "lax.ini"},
    {"x.csv -s sample_data/l", "lax.ini"},
    {"run x.csv -o $D/t/", "folder"}, /* no file */
    {"run x.csv -o sample_d", "sample_data"},
    {"x.csv --day 20", ""},
    {"x.csv --engine g", "greedy"},
    {"x.csv -e ", "greedy lp milp"},
    {"x.csv -emi", "milp"},
    {"x.csv --set spi", "spike.alpha_percent="},
    {"x.csv --set peak_h", "peak_hours."},
    {"x.csv --set run.engine=", "greedy lp milp"},
    {"x.csv --set=run.engine=mi", "milp"},
    {"info x.csv --set peak.limit_scope=", "hour slot"},
    {"x.csv --set regional_daily_load_kwh.delhi=a", "auto"},
    {"x.csv --set behaviour.shift_window_inclusive=y", "yes"},
};

static void zsh_offers_what_fits(void **state)
{
    struct shell *shell = *state;
    struct support_text line = {0};
    need_zsh(shell);
    support_add(&line, "mkdir -p $D/t/folder && : >$D/t/file && " ASK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        support_add(&line, " \"%s\"", rows[i].words);
    run(shell, line.bytes);
    free(line.bytes);
    if (shell->status != 0)
        fail_msg("status %d: %s%s", shell->status, shell->out, shell->err);
    const char *at = shell->out;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *end = strchr(at, '\n');
        if (end == NULL || (size_t)(end - at) != strlen(rows[i].offers) ||
            strncmp(at, rows[i].offers, strlen(rows[i].offers)) != 0)
            fail_msg("%s: '%.*s' instead of '%s'", rows[i].words, end != NULL ? (int)(end - at) : 0, at,
                     rows[i].offers);
        at = end + 1;
    }
    assert_string_equal(at, "");
}

static void every_setting_is_offered(void **state)
{
    struct shell *shell = *state;
    need_zsh(shell);
    run(shell, ASK " 'x.csv --set ' | tr ' ' '\\n'");
    assert_int_equal(shell->status, 0);
    size_t n;
    const struct ls_parameter *p = ls_parameters(&n);
    for (size_t i = 0; i < n; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s.%s%s\n", p[i].section, p[i].per_city ? "" : p[i].key,
                 p[i].per_city ? "" : "=");
        assert_contains(shell->out, name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(zsh_offers_what_fits, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(every_setting_is_offered, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
