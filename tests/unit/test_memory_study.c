/* Failing allocations while days and runs are solved, explained, checked and reported; sweep.h says what is
 * asked. */
#include "report/quality.h"
#include "report/report.h"
#include "report/rundir.h"
#include "report/summary.h"
#include "sweep.h"

#include <loadscope/run.h>

#include <cjson/cJSON.h>

static int run_engine(const struct world *world, enum ls_engine_id engine, struct support_text *said,
                      struct ls_error *error)
{
    struct ls_policy policy = world->policy; /* borrows the cities */
    struct ls_plan *plan = UNTOUCHED;
    policy.engine = engine;
    fault_arm();
    int code = fault_disarm(ls_solve(world->thursday.day, &policy, NULL, &plan, error));
    if (code != 0) {
        assert_ptr_equal(plan, UNTOUCHED);
        return code;
    }
    assert_int_equal(plan->engine, engine);
    say_plan(said, plan);
    ls_plan_destroy(plan);
    return 0;
}

static int run_greedy(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)state;
    return run_engine(world, LS_ENGINE_GREEDY, said, error);
}

static int run_milp(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    return run_engine(world, LS_ENGINE_MILP, said, error);
}

static int run_lp(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    return run_engine(world, LS_ENGINE_LP, said, error);
}

static int run_bench_open(const struct world *world, void *state, struct support_text *said,
                          struct ls_error *error)
{
    (void)state;
    ls_bench *bench = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_bench_open(world->dataset, &bench, error));
    if (code != 0) {
        assert_ptr_equal(bench, UNTOUCHED);
        return code;
    }
    support_add(said, "open");
    ls_bench_close(bench);
    return 0;
}

static void *open_bench(const struct world *world)
{
    ls_bench *bench = NULL;
    struct ls_error error = {0};
    assert_int_equal(ls_bench_open(world->dataset, &bench, &error), 0);
    return bench;
}

static void close_bench(void *state)
{
    ls_bench_close(state);
}

/* Thursday after its week's three days; the same bench tries again after a failure. */
static int run_week(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    struct ls_policy policy = world->policy; /* borrows the cities */
    struct ls_answer *answer = UNTOUCHED;
    policy.week_context = LS_WEEK_IN_WEEK;
    fault_arm();
    int code = fault_disarm(ls_bench_solve(state, &policy, "Nord", SUPPORT_MONDAY + 3, NULL, &answer, error));
    if (code != 0) {
        assert_ptr_equal(answer, UNTOUCHED);
        return code;
    }
    assert_int_equal(answer->earlier_days, 3);
    assert_true(ls_policy_equal(&answer->policy, &policy));
    say_bytes(said, answer->quota_left, answer->day->n_customers * sizeof *answer->quota_left);
    say_plan(said, answer->plan);
    ls_answer_destroy(answer);
    return 0;
}

static int run_why(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    struct ls_why why;
    memset(&why, 0x5a, sizeof why);
    struct ls_why before = why;
    fault_arm();
    int code = fault_disarm(
        ls_why_pair(&world->answer, 0, world->floor_source, world->floor_destination, &why, error));
    if (code != 0) {
        assert_memory_equal(&why, &before, sizeof why);
        return code;
    }
    support_add(said, "%s: %s; %s", ls_limit_name(why.limit), why.reason, why.relaxation);
    return 0;
}

static int run_why_customer(const struct world *world, void *state, struct support_text *said,
                            struct ls_error *error)
{
    (void)state;
    char text[400] = "untouched";
    fault_arm();
    int code = fault_disarm(ls_why_customer(&world->answer, 1, text, sizeof text, error));
    if (code != 0)
        assert_string_equal(text, "untouched");
    else
        support_add(said, "%s", text);
    return code;
}

static void note_violation(void *user, const struct ls_violation *violation)
{
    snprintf(user, 40, "%s", violation->limit);
}

/* Without memory the check must not call a plan sound: it says so in its own way. */
static int run_check(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)state;
    char last[40] = "";
    fault_arm();
    size_t found = ls_check(world->dataset, world->thursday.zone, &world->policy, world->thursday.day,
                            world->quota_left, world->thursday.plan, note_violation, last);
    fault_disarm(0);
    if (found == 0) {
        support_add(said, "sound");
        return 0;
    }
    assert_int_equal(found, 1);
    assert_string_equal(last, "memory");
    return ls_error_set(error, LS_ERR_MEMORY, "said by the check");
}

static int run_json(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    cJSON_InitHooks(&(cJSON_Hooks){malloc, free}); /* brings its allocations here too */
    fault_arm();
    int code = fault_disarm(ls_report_day_json(file, &world->answer, error));
    cJSON_InitHooks(NULL);
    assert_int_equal(fclose(file), 0);
    if (code != 0)
        assert_string_equal(text, "");
    else
        support_add(said, "%s", text);
    free(text);
    return code;
}

static int run_text(const struct world *world, void *state, struct support_text *said, struct ls_error *error)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    fault_arm();
    ls_report_day_text(file, world->dataset, &world->answer, 3);
    fault_disarm(0);
    assert_int_equal(fclose(file), 0);
    int code = 0;
    if (strstr(text, "out of memory") != NULL) /* the report has no other way to say it */
        code = ls_error_set(error, LS_ERR_MEMORY, "said by the report");
    else
        support_add(said, "%s", text);
    free(text);
    return code;
}

static int run_units(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    (void)state;
    struct ls_unit *units = UNTOUCHED;
    size_t n_units = 77;
    fault_arm();
    int code = fault_disarm(ls_run_units(world->archive, world->thursday.zone, &units, &n_units, error));
    if (code != 0) {
        assert_ptr_equal(units, UNTOUCHED);
        assert_int_equal(n_units, 77);
        return code;
    }
    for (size_t u = 0; u < n_units; u++)
        support_add(said, " %s %d: %d", units[u].city, units[u].monday, units[u].n_days);
    free(units);
    return 0;
}

/* A whole run's units, and what was kept of each. */
struct kept {
    struct ls_unit *units;
    size_t n_units;
    struct ls_part parts[2];
    ls_digest *digest; /* of the unit under way */
};

static void *open_run(const struct world *world)
{
    struct kept *kept = calloc(1, sizeof *kept);
    struct ls_error error = {0};
    assert_non_null(kept);
    assert_int_equal(ls_run_units(world->archive, world->thursday.zone, &kept->units, &kept->n_units, &error),
                     0);
    assert_int_equal(kept->n_units, sizeof kept->parts / sizeof *kept->parts);
    return kept;
}

static void close_run(void *state)
{
    struct kept *kept = state;
    for (size_t u = 0; u < kept->n_units; u++)
        ls_part_release(&kept->parts[u]);
    ls_digest_close(kept->digest);
    free(kept->units);
    free(kept);
}

static int keep_day(void *user, size_t unit, int d, const struct ls_answer *answer, struct ls_error *error)
{
    struct kept *kept = user;
    if (d == 0) {
        ls_part_release(&kept->parts[unit]);
        ls_digest_close(kept->digest);
        kept->digest = NULL;
        int code = ls_digest_open(&kept->units[unit], &kept->digest, error);
        if (code != 0)
            return code;
    }
    ls_digest_add_day(kept->digest, answer);
    ls_table_add_day(kept->parts[unit].tables, answer, true);
    return 0;
}

/* As `loadscope run` keeps a unit, in memory; what it has no memory for it must not lose silently. */
static int keep_unit(void *user, size_t unit, struct ls_error *error)
{
    struct kept *kept = user;
    struct ls_part *part = &kept->parts[unit];
    int code = ls_digest_write(kept->digest, &part->digest, error);
    for (int t = 0; code == 0 && t < LS_TABLES; t++)
        if (part->tables[t].failed)
            code = ls_error_set(error, LS_ERR_MEMORY, "said by a table");
    return code;
}

static int run_whole(const struct world *world, void *state, struct support_text *said,
                     struct ls_error *error)
{
    struct kept *kept = state;
    const struct ls_run_options options = {.threads = 1, .day = keep_day, .finish = keep_unit, .user = kept};
    fault_arm();
    int code =
        fault_disarm(ls_run(world->archive, &world->policy, kept->units, kept->n_units, &options, error));
    for (size_t u = 0; code == 0 && u < kept->n_units; u++) {
        support_add(said, "%.*s", (int)kept->parts[u].digest.length, kept->parts[u].digest.bytes);
        for (int t = 0; t < LS_TABLES; t++)
            say_bytes(said, kept->parts[u].tables[t].bytes, kept->parts[u].tables[t].length);
    }
    return code;
}

static char *survey_text(const struct ls_survey *survey)
{
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    ls_report_survey_text(file, survey, "data");
    assert_int_equal(fclose(file), 0);
    return text;
}

static int run_survey(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    (void)state;
    struct ls_survey *survey = UNTOUCHED;
    fault_arm();
    int code = fault_disarm(ls_survey_create(world->dataset, world->thursday.zone, &survey, error));
    if (code != 0) {
        assert_ptr_equal(survey, UNTOUCHED);
        return code;
    }
    char *text = survey_text(survey);
    support_add(said, "%s", text);
    free(text);
    ls_survey_destroy(survey);
    return 0;
}

static struct operation operations[] = {
    {"greedy", run_greedy, NULL, NULL, false},
    {"milp", run_milp, NULL, NULL, false},
    {"lp", run_lp, NULL, NULL, false},
    {"bench open", run_bench_open, NULL, NULL, false},
    {"bench in week", run_week, open_bench, close_bench, false},
    {"units of a run", run_units, NULL, NULL, false},
    {"run", run_whole, open_run, close_run, false},
    {"survey", run_survey, NULL, NULL, false},
    {"why a pair", run_why, NULL, NULL, false},
    {"why a customer", run_why_customer, NULL, NULL, false},
    {"check", run_check, NULL, NULL, false},
    {"report as JSON", run_json, NULL, NULL, false},
    {"report as text", run_text, NULL, NULL, false},
};

int main(void)
{
    return sweep_all(operations, sizeof operations / sizeof *operations);
}
