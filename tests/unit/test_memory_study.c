/* Failing allocations while days and runs are solved, explained, checked and reported; sweep.h says what is
 * asked. */
#include "report/quality.h"
#include "report/report.h"
#include "report/rundir.h"
#include "report/summary.h"
#include "sweep.h"

#include <loadscope/run.h>
#include <loadscope/verify.h>

#include <cjson/cJSON.h>
#include <unistd.h>

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

/* ---- the result of that run in a folder, checked ---- */

struct written {
    char folder[40];
    bool stricter; /* it is held against limits that it breaks */
};

static const char *const written_names[] = {
    [LS_TABLE_METRICS] = "metrics.csv",
    [LS_TABLE_MOVES] = "moves.csv",
    [LS_TABLE_OPTIMISED] = "optimised.csv",
    [LS_TABLES] = "summary.json",
};

static FILE *open_written(const struct written *written, int file)
{
    char path[80];
    snprintf(path, sizeof path, "%s/%s", written->folder, written_names[file]);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    return out;
}

static void write_result(const struct world *world, const struct written *written, const struct kept *kept)
{
    ls_summary *summary = NULL;
    char *json = NULL;
    assert_int_equal(ls_summary_open(&summary, NULL), 0);
    for (int t = 0; t < LS_TABLES; t++) {
        FILE *out = open_written(written, t);
        fputs(ls_table_heading(t), out);
        for (size_t u = 0; u < kept->n_units; u++)
            fwrite(kept->parts[u].tables[t].bytes, 1, kept->parts[u].tables[t].length, out);
        assert_int_equal(fclose(out), 0);
    }
    for (size_t u = 0; u < kept->n_units; u++) {
        const struct ls_buffer *digest = &kept->parts[u].digest;
        assert_int_equal(ls_summary_add(summary, &kept->units[u], digest->bytes, digest->length, NULL), 0);
    }
    assert_int_equal(ls_summary_json(summary, &world->policy, &json, NULL), 0);
    FILE *out = open_written(written, LS_TABLES);
    fputs(json, out);
    assert_int_equal(fclose(out), 0);
    free(json);
    ls_summary_close(summary);
}

static void *open_result(const struct world *world)
{
    struct written *written = calloc(1, sizeof *written);
    assert_non_null(written);
    snprintf(written->folder, sizeof written->folder, "/tmp/loadscope-memory-XXXXXX");
    assert_non_null(mkdtemp(written->folder));
    struct kept *kept = open_run(world);
    const struct ls_run_options options = {.threads = 1, .day = keep_day, .finish = keep_unit, .user = kept};
    assert_int_equal(ls_run(world->archive, &world->policy, kept->units, kept->n_units, &options, NULL), 0);
    write_result(world, written, kept);
    close_run(kept);
    return written;
}

static void *open_broken_result(const struct world *world)
{
    struct written *written = open_result(world);
    written->stricter = true;
    return written;
}

static void close_result(void *state)
{
    struct written *written = state;
    for (int file = 0; file <= LS_TABLES; file++) {
        char path[80];
        snprintf(path, sizeof path, "%s/%s", written->folder, written_names[file]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(written->folder), 0);
    free(written);
}

/* GLib and libcsv have memory of their own, which no fault reaches; where GLib has none it ends the process.
 */
static int run_verify(const struct world *world, void *state, struct support_text *said,
                      struct ls_error *error)
{
    const struct written *written = state;
    struct ls_policy policy = world->policy; /* borrows the cities */
    struct ls_verification *found = UNTOUCHED;
    if (written->stricter)
        policy.moves_per_week = 1;
    cJSON_InitHooks(&(cJSON_Hooks){malloc, free}); /* brings its allocations here too */
    fault_arm();
    int code = fault_disarm(ls_verify(world->dataset, &policy, written->folder, 100, &found, error));
    cJSON_InitHooks(NULL);
    if (code != 0) {
        assert_ptr_equal(found, UNTOUCHED);
        return code;
    }
    assert_true(found->has_optimised && found->has_summary && found->totals.moves > 0);
    assert_true((found->n_violations > 0) == written->stricter);
    support_add(said, "%zu violations, %zu moves, %.17g kWh, %.17g g", found->n_violations,
                found->totals.moves, found->totals.moved_kwh, found->totals.saved_marg_g);
    for (size_t i = 0; i < found->n_kept; i++)
        support_add(said, "; %s %ld %s %d %g", found->violations[i].limit, found->violations[i].line,
                    found->violations[i].id, found->violations[i].date, found->violations[i].amount);
    ls_verification_destroy(found);
    return 0;
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
    {"verify", run_verify, open_result, close_result, false},
    {"verify what is broken", run_verify, open_broken_result, close_result, false},
    {"survey", run_survey, NULL, NULL, false},
    {"why a pair", run_why, NULL, NULL, false},
    {"check", run_check, NULL, NULL, false},
    {"report as JSON", run_json, NULL, NULL, false},
    {"report as text", run_text, NULL, NULL, false},
};

int main(void)
{
    return sweep_all(operations, sizeof operations / sizeof *operations);
}
