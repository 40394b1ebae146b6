/*
 * The check over a whole run: figures that do not follow from the moves, in metrics.csv, optimised.csv and
 * summary.json.
 */
#include "verify_case.h"

#include <cjson/cJSON.h>

static void metrics_row_dropped(struct result *result)
{
    result->metrics.n--;
}
static void metrics_row_twice(struct result *result)
{
    const char *copy[FIELDS];
    memcpy(copy, result->metrics.row[5], sizeof copy);
    add_row(&result->metrics, copy);
}
static void wrong_total(struct result *result)
{
    result->metrics.row[1][MOVED_KWH] = "2.4";
}
static void wrong_median(struct result *result)
{
    result->metrics.row[1][MEDIAN] = "90.0";
}
static void wrong_quota(struct result *result)
{
    result->metrics.row[1][REMAINING] = "1";
}
static void wrong_baseline(struct result *result)
{
    result->metrics.row[1][3] = "62642.7";
}
static void a_move_dropped(struct result *result)
{
    result->moves.n--;
}
static void wrong_optimised(struct result *result)
{
    result->optimised = true;
    result->optimised_kwh = "0.5";
}
static void negative_optimised(struct result *result)
{
    result->optimised = true;
    result->optimised_kwh = "-0.5";
}
static void optimised_row_dropped(struct result *result)
{
    result->optimised = true;
    result->optimised_kwh = "-";
}
static void wrong_summary(struct result *result)
{
    result->summary = "{\"all\": {\"moves\": 360, \"customer_days\": 540, \"saved_marg_g\": 15400.7}}";
}
static void wrong_city_summary(struct result *result)
{
    result->summary = "{\"by_city\": [{\"city\": \"delhi\", \"moved_kwh\": 17.5}]}";
}

static const struct spoiler spoilers[] = {
    {"metrics row dropped", metrics_row_dropped, "no row for a day with readings"},
    {"metrics row twice", metrics_row_twice, "duplicate row"},
    {"wrong total", wrong_total, "moved_kwh"},
    {"wrong median", wrong_median, "median_shift_minutes_energy_weighted"},
    {"wrong quota", wrong_quota, "weekly_moves_remaining"},
    {"wrong baseline", wrong_baseline, "baseline_E_avg_g"},
    {"a move dropped", a_move_dropped, "moved_kwh"},
    {"wrong optimised value", wrong_optimised, "optimised_value"},
    {"negative optimised value", negative_optimised, "negative optimised_value"},
    {"optimised row dropped", optimised_row_dropped, "readings without a row"},
    {"wrong summary", wrong_summary, "saved_marg_g"},
    {"wrong city in the summary", wrong_city_summary, "moved_kwh"},
};

static void each_wrong_figure_is_caught_and_named(void **state)
{
    (void)state;
    assert_each_is_named(spoilers, sizeof spoilers / sizeof *spoilers);
}

/* ---- summary.json, figure by figure ---- */

/* A summary that is changed one figure at a time. */
struct sweep {
    struct result *result;
    cJSON *root;
    const char *city; /* of the object under way; "" when of no one city */
    int32_t date;     /* likewise of one week */
    size_t n_figures;
};

/* What ls_verify() finds in the summary as it is now. */
static struct ls_verification *verify_summary(const struct sweep *sweep)
{
    char *text = cJSON_Print(sweep->root);
    assert_non_null(text);
    sweep->result->summary = text;
    struct ls_verification *found = verify(sweep->result);
    sweep->result->summary = NULL;
    cJSON_free(text);
    return found;
}

/* Any figure that is changed is the one that is named, with what it says and what it was. */
static void change_figure(struct sweep *sweep, cJSON *item, const char *name, double change)
{
    double was = item->valuedouble;
    cJSON_SetNumberValue(item, was + change);
    struct ls_verification *found = verify_summary(sweep);
    cJSON_SetNumberValue(item, was);
    if (found->n_violations != 1)
        fail_msg("%s of '%s' by %g: %zu violations", name, sweep->city, change, found->n_violations);
    const struct ls_verify_violation *it = &found->violations[0];
    assert_string_equal(it->limit, name);
    assert_string_equal(it->file, "summary.json");
    assert_string_equal(it->city, sweep->city);
    assert_int_equal(it->date, sweep->date);
    assert_true(it->compared);
    assert_near(it->stated, was + change, 1e-6);
    assert_near(it->derived, was, 1e-6);
    assert_near(it->amount, change, 1e-6);
    ls_verification_destroy(found);
    sweep->n_figures++;
}

/* Changes each figure of an object, and of those in it; `prefix` is how these are named. */
static void change_each(struct sweep *sweep, cJSON *object, const char *prefix)
{
    cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        char name[100];
        bool plain = item->string == NULL || strcmp(item->string, "household_weeks") == 0;
        snprintf(name, sizeof name, "%s%s", plain ? "" : prefix, item->string != NULL ? item->string : "");
        if (cJSON_IsNumber(item)) {
            change_figure(sweep, item, name, 1);
            if (item->valuedouble >= 1)
                change_figure(sweep, item, name, -1);
        } else if (cJSON_IsObject(item) && item->string != NULL) {
            snprintf(name, sizeof name, "%s%s.", prefix, item->string);
            change_each(sweep, item, name);
        }
    }
}

static void open_sweep(struct sweep *sweep, struct result *result, const char *settings)
{
    open_own_result(result, "small", "lax", settings);
    *sweep = (struct sweep){.result = result, .city = "", .date = LS_VERIFY_NO_DATE};
    sweep->root = cJSON_Parse(result->own_summary);
    assert_non_null(sweep->root);
}

static void close_sweep(struct sweep *sweep)
{
    cJSON_Delete(sweep->root);
    close_result(sweep->result);
}

static cJSON *member(const cJSON *object, const char *name)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_non_null(item);
    return item;
}

static void each_figure_of_the_summary_is_derived_again(void **state)
{
    struct result result;
    struct sweep sweep;
    cJSON *item;
    (void)state;
    open_sweep(&sweep, &result, "run.engine=greedy");
    change_figure(&sweep, member(sweep.root, "city_weeks"), "city_weeks", 1);
    change_each(&sweep, member(sweep.root, "all"), "");
    cJSON_ArrayForEach(item, member(sweep.root, "by_city"))
    {
        sweep.city = cJSON_GetStringValue(member(item, "city"));
        change_each(&sweep, item, "");
    }
    sweep.city = "";
    cJSON_ArrayForEach(item, member(sweep.root, "by_week"))
    {
        sweep.date = support_date(cJSON_GetStringValue(member(item, "week")));
        change_each(&sweep, item, "");
    }
    assert_true(sweep.n_figures > 150);
    close_sweep(&sweep);
}

/* The summary as it is now has just this violation. */
static void assert_only(const struct sweep *sweep, const char *limit, const char *city)
{
    struct ls_verification *found = verify_summary(sweep);
    if (found->n_violations != 1)
        fail_msg("%zu violations instead of '%s'", found->n_violations, limit);
    assert_string_equal(found->violations[0].limit, limit);
    assert_string_equal(found->violations[0].city, city);
    ls_verification_destroy(found);
}

static void what_a_summary_leaves_out_or_adds_is_named(void **state)
{
    struct result result;
    struct sweep sweep;
    (void)state;
    open_sweep(&sweep, &result, "run.engine=milp");
    cJSON *cities = member(sweep.root, "by_city"), *weeks = member(sweep.root, "by_week"),
          *limits = member(member(sweep.root, "all"), "limited_by");
    cJSON *city = cJSON_DetachItemFromArray(cities, 0);
    assert_only(&sweep, "no entry", "delhi");
    cJSON_AddItemToArray(cities, city);
    cJSON_AddItemToArray(cities, cJSON_Duplicate(city, true));
    assert_only(&sweep, "duplicate entry", "delhi");
    cJSON_DeleteItemFromArray(cities, cJSON_GetArraySize(cities) - 1);
    cJSON *week = cJSON_DetachItemFromArray(weeks, 0);
    assert_only(&sweep, "no entry", "");
    cJSON_AddItemToArray(weeks, week);
    cJSON *tuesday = cJSON_Parse("{\"week\": \"2022-05-03\"}");
    cJSON_AddItemToArray(weeks, tuesday);
    assert_only(&sweep, "unknown week", "");
    cJSON_DeleteItemFromArray(weeks, cJSON_GetArraySize(weeks) - 1);
    cJSON_AddNumberToObject(limits, "sofa", 1);
    assert_only(&sweep, "limited_by", "");
    cJSON_DeleteItemFromObject(limits, "sofa");
    cJSON_ReplaceItemInObject(sweep.root, "engine", cJSON_CreateString("greedy"));
    assert_only(&sweep, "engine", "");
    cJSON_ReplaceItemInObject(sweep.root, "engine", cJSON_CreateString("milp"));
    cJSON *marg = member(member(member(sweep.root, "all"), "saving_per_household_week"), "marg_g");
    cJSON_ReplaceItemInObject(marg, "p50", cJSON_CreateNull());
    assert_only(&sweep, "saving_per_household_week.marg_g.p50", "");
    close_sweep(&sweep);
}

/* Where moves give no reasons, any count that they could make up is taken, and none beyond. */
static void without_reasons_their_counts_are_bounded(void **state)
{
    struct result result;
    struct sweep sweep;
    (void)state;
    open_sweep(&sweep, &result, "run.engine=greedy");
    for (size_t r = 0; r < result.moves.n; r++)
        result.moves.row[r][LIMITED_BY] = NULL;
    double moves = (double)(result.moves.n - 1);
    cJSON *limits = member(member(sweep.root, "all"), "limited_by");
    struct ls_verification *found = verify_summary(&sweep);
    assert_int_equal(found->n_violations, 0);
    ls_verification_destroy(found);
    cJSON_SetNumberValue(member(limits, "floor"), moves);
    found = verify_summary(&sweep);
    assert_int_equal(found->n_violations, 0);
    ls_verification_destroy(found);
    cJSON_SetNumberValue(member(limits, "floor"), moves + 1);
    assert_only(&sweep, "limited_by.floor", "");
    cJSON_SetNumberValue(member(limits, "floor"), 2.5);
    assert_only(&sweep, "limited_by.floor", "");
    close_sweep(&sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_wrong_figure_is_caught_and_named),
        cmocka_unit_test(each_figure_of_the_summary_is_derived_again),
        cmocka_unit_test(what_a_summary_leaves_out_or_adds_is_named),
        cmocka_unit_test(without_reasons_their_counts_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
