/*
 * Completion in bash: the script is sourced, asked as bash asks it, and its answers are read.
 *
 * The binary is the one that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#include "../support/support.h"

#include <sys/wait.h>

/* Runs bash on `script`, in which $LS is the program; returns what it writes on both outputs, to be freed. */
static char *run(const char *script, int *status)
{
    const char *binary = getenv("LOADSCOPE_BIN");
    struct support_text out = {0};
    char part[4096];
    size_t n;
    assert_int_equal(
        setenv("LS", binary != NULL && binary[0] != '\0' ? binary : "build/release/loadscope", 1), 0);
    assert_int_equal(setenv("SCRIPT", script, 1), 0);
    FILE *pipe = popen("exec bash --norc -c \"$SCRIPT\" 2>&1 </dev/null", "r");
    assert_non_null(pipe);
    support_add(&out, "%s", "");
    while ((n = fread(part, 1, sizeof part - 1, pipe)) > 0) {
        part[n] = '\0';
        support_add(&out, "%s", part);
    }
    int ended = pclose(pipe);
    *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return out.bytes;
}

/* What bash offers for these words, the last under the cursor: sorted, each between blanks. */
static char *complete(const char *words)
{
    char script[2000];
    int status;
    snprintf(script, sizeof script,
             "source <($LS help bash-completion) || exit 9; COMP_WORDS=(loadscope %s); "
             "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _loadscope; "
             "printf ' '; printf '%%s\\n' \"${COMPREPLY[@]}\" | LC_ALL=C sort -u | tr '\\n' ' '",
             words);
    char *out = run(script, &status);
    if (status != 0)
        fail_msg("%s: status %d: %s", words, status, out);
    return out;
}

static void assert_offers(const char *words, const char *offers)
{
    char *out = complete(words);
    if (strcmp(out, offers) != 0)
        fail_msg("%s: '%s' instead of '%s'", words, out, offers);
    free(out);
}

static void assert_has(const char *words, const char *offer, bool wanted)
{
    char *out = complete(words), between[128];
    snprintf(between, sizeof between, " %s ", offer);
    if ((strstr(out, between) != NULL) != wanted)
        fail_msg("%s: '%s' is %s '%s'", words, offer, wanted ? "not in" : "in", out);
    free(out);
}

static void bash_reads_the_script(void **state)
{
    (void)state;
    int status;
    char *out = run("$LS help bash-completion | bash -n && $LS help bash-completion | head -n 1", &status);
    assert_int_equal(status, 0);
    assert_string_equal(out,
                        "# Completion of loadscope for bash. Written by: loadscope help bash-completion\n");
    free(out);
}

static void commands_and_options(void **state)
{
    (void)state;
    assert_offers("sam", " sample sample_data ");
    assert_offers("inf", " info ");
    assert_offers("--fac", " --factors ");
    assert_offers("info --j", " --json ");
    assert_has("--", "--version", true);
    assert_has("info --", "--version", false);
    assert_has("info --", "--factors", true);
    assert_has("sample --", "--factors", false);
    assert_has("sample --", "--customers", true);
    assert_offers("help man", " manual ");
    assert_offers("help zsh", " zsh-completion ");
    assert_has("help ''", "info", true);
    assert_has("data.csv inf", "info", false); /* a command stands first */
}

static void operands_and_values_are_files(void **state)
{
    (void)state;
    assert_offers("info sample_data/rea", " sample_data/readings.csv.gz ");
    assert_offers("sample_data/rea", " sample_data/readings.csv.gz ");
    assert_offers("info x.csv --scenario sample_data/l", " sample_data/lax.ini ");
    assert_offers("x.csv -s sample_data/l", " sample_data/lax.ini ");
    assert_offers("x.csv --scenario = sample_data/l",
                  " sample_data/lax.ini "); /* words as bash breaks them */
    assert_offers("sample sample_d", "  ");
    assert_offers("x.csv --day 20", "  ");
}

static void settings_and_their_words(void **state)
{
    (void)state;
    assert_offers("x.csv --set spi", " spike.alpha_percent= ");
    assert_offers("x.csv --set peak_h", " peak_hours. ");
    assert_offers("x.csv --set run.engine =", " greedy lp milp ");
    assert_offers("x.csv --set run.engine = mi", " milp ");
    assert_offers("x.csv --set = run.engine = mi", " milp ");
    assert_offers("info x.csv --set peak.limit_scope = ''", " hour slot ");
    assert_offers("x.csv --set regional_daily_load_kwh.delhi = a", " auto ");
    assert_offers("x.csv --set behaviour.shift_window_inclusive = y", " yes ");
    assert_offers("x.csv --engine g", " greedy ");
    assert_offers("sweep x.csv --x spi", " spike.alpha_percent= ");
    assert_offers("sweep x.csv -y run.engine = m", " milp ");
    assert_offers("x.csv -e ''", " greedy lp milp ");
    assert_offers("x.csv --solver ''", " auto glpk ");
    assert_offers("run x.csv --solver g", " glpk ");
    size_t n;
    const struct ls_parameter *p = ls_parameters(&n);
    char *all = complete("x.csv --set ''");
    for (size_t i = 0; i < n; i++) {
        char name[128];
        snprintf(name, sizeof name, " %s.%s%s ", p[i].section, p[i].per_city ? "" : p[i].key,
                 p[i].per_city ? "" : "=");
        if (strstr(all, name) == NULL)
            fail_msg("no%sin%s", name, all);
    }
    free(all);
}

static int find_bash(void **state)
{
    (void)state;
    return system("command -v bash >/dev/null") == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_reads_the_script),
        cmocka_unit_test(commands_and_options),
        cmocka_unit_test(operands_and_values_are_files),
        cmocka_unit_test(settings_and_their_words),
    };
    return cmocka_run_group_tests(tests, find_bash, NULL);
}
