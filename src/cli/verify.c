/* The independent check over a whole run, and what it finds as text or JSON. */
#include "cli/data.h"

#include "base/text.h"

#include <loadscope/verify.h>

#include <cjson/cJSON.h>
#include <math.h>

#define KEPT 20 /* violations that are listed unless --limit says otherwise */

enum { FACTORS, SCENARIO, SET, JSON, LIMIT, HELP };

static const struct ls_option options[] = {
    [FACTORS] = LS_OPTION_FACTORS,
    [SCENARIO] = LS_OPTION_SCENARIO("the limits to check, instead of RESULTDIR/scenario.ini"),
    [SET] = LS_OPTION_SET,
    [JSON] = {"json", 0, NULL, "write one JSON object instead of text"},
    [LIMIT] = {"limit", 'n', "N", "list at most N violations (20); all are counted"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    struct ls_data_options data;
    const char *folder; /* the last operand */
    size_t limit;
    bool json, help;
};

static int set_option(struct request *request, size_t option, const char *value, struct ls_error *error)
{
    int64_t number;
    if (ls_data_options_take(&request->data, &options[option], value))
        return 0;
    switch (option) {
    case JSON:
        request->json = true;
        break;
    case LIMIT:
        if (!ls_text_integer(value, &number) || number < 0 || number > 100000000) {
            ls_error_set(error, LS_ERR_USAGE, "--limit wants a whole number, not '%s'", value);
            return ls_error_remedy(error, "give one from 0 to 100000000");
        }
        request->limit = (size_t)number;
        break;
    default:
        request->help = true;
    }
    return 0;
}

static int read_arguments(int argc, char **argv, struct request *request, struct ls_error *error)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    struct ls_data_options *data = &request->data;
    const char *value;
    size_t option;
    for (int code = 0; code == 0;) {
        switch (ls_args_next(&args, options, &option, &value, error)) {
        case LS_ARG_END:
            if (request->help)
                return 0;
            if (data->n_paths >= 2) {
                request->folder = data->paths[--data->n_paths];
                return 0;
            }
            ls_error_set(error, LS_ERR_USAGE,
                         data->n_paths == 0 ? "no data named" : "no result directory named");
            return ls_error_remedy(error, "try loadscope verify readings.csv RESULTDIR");
        case LS_ARG_OPERAND:
            data->paths[data->n_paths++] = value;
            break;
        case LS_ARG_WRONG:
            return LS_ERR_USAGE;
        case LS_ARG_OPTION:
            code = set_option(request, option, value, error);
            break;
        }
    }
    return LS_ERR_USAGE;
}

/* ", says 1.5, should be 2.25" */
static void write_comparison(const struct ls_verify_violation *it)
{
    if (isnan(it->stated))
        printf(", says no number");
    else
        printf(", says %.10g", it->stated);
    if (isnan(it->derived))
        printf(", should be null");
    else
        printf(", should be %.10g", it->derived);
}

/* "moves.csv:12: peak: customer 7 of delhi, 2022-05-04, slot 19 (09:30): 0.12 kWh" */
static void write_violation(const struct ls_verify_violation *it)
{
    if (it->file != NULL && it->line > 0)
        printf("%s:%ld: ", it->file, it->line);
    else if (it->file != NULL)
        printf("%s: ", it->file);
    printf("%s:", it->limit);
    if (it->id[0] != '\0')
        printf(" customer %s of", it->id);
    printf(" %s", it->city[0] != '\0' ? it->city : "the whole run");
    if (it->date != LS_VERIFY_NO_DATE) {
        char date[LS_DATE_SIZE];
        printf(", %s", ls_date_format(it->date, date));
    }
    if (it->slot >= 0)
        printf(", slot %d", it->slot);
    if (it->minute >= 0)
        printf(" (%02d:%02d)", it->minute / 60, it->minute % 60);
    if (it->unit[0] != '\0' && !(it->compared && isnan(it->amount)))
        printf(": %.9g %s", it->amount, it->unit);
    if (it->compared)
        write_comparison(it);
    printf("\n");
}

static void write_text(const struct ls_verification *found, const struct request *request)
{
    const struct ls_verify_totals *totals = &found->totals;
    for (size_t i = 0; i < found->n_kept; i++)
        write_violation(&found->violations[i]);
    if (found->n_kept < found->n_violations)
        printf("... and %zu more; --limit %zu lists them all\n", found->n_violations - found->n_kept,
               found->n_violations);
    printf("%zu moves of %zu customer-days checked: %.6f of %.6f kWh moved, %.6f kg marginal and %.6f kg "
           "average CO2 saved%s%s\n",
           totals->moves, totals->customer_days, totals->moved_kwh, totals->baseline_kwh,
           totals->saved_marg_g / 1e3, totals->saved_avg_g / 1e3,
           found->has_optimised ? "; optimised.csv read" : "",
           found->has_summary ? "; summary.json read" : "");
    if (found->n_violations == 0) {
        printf("nothing violated in %s\n", request->folder);
        return;
    }
    printf("%zu violations:\n", found->n_violations);
    for (size_t k = 0; k < found->n_kinds; k++)
        printf("%8zu  %s\n", found->kinds[k].n, found->kinds[k].limit);
}

static bool add_text(cJSON *object, const char *name, const char *text)
{
    bool any = text != NULL && text[0] != '\0';
    return (any ? cJSON_AddStringToObject(object, name, text) : cJSON_AddNullToObject(object, name)) != NULL;
}

static bool add_number(cJSON *object, const char *name, double value)
{
    return (isfinite(value) ? cJSON_AddNumberToObject(object, name, value)
                            : cJSON_AddNullToObject(object, name)) != NULL;
}

static bool add_violation(cJSON *list, const struct ls_verify_violation *it)
{
    char date[LS_DATE_SIZE] = "", time[16] = "";
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(list, object)) {
        cJSON_Delete(object);
        return false;
    }
    if (it->date != LS_VERIFY_NO_DATE)
        ls_date_format(it->date, date);
    if (it->minute >= 0)
        snprintf(time, sizeof time, "%02d:%02d", it->minute / 60, it->minute % 60);
    return add_text(object, "limit", it->limit) && add_text(object, "file", it->file) &&
           add_number(object, "line", it->line > 0 ? (double)it->line : (double)NAN) &&
           add_text(object, "ca_id", it->id) && add_text(object, "city", it->city) &&
           add_text(object, "day", date) &&
           add_number(object, "slot", it->slot >= 0 ? it->slot : (double)NAN) &&
           add_text(object, "time", time) && add_number(object, "amount", it->amount) &&
           add_text(object, "unit", it->unit) &&
           add_number(object, "stated", it->compared ? it->stated : (double)NAN) &&
           add_number(object, "derived", it->compared ? it->derived : (double)NAN);
}

static bool add_totals(cJSON *root, const struct ls_verify_totals *totals)
{
    cJSON *object = cJSON_AddObjectToObject(root, "totals");
    return object != NULL && add_number(object, "moves", (double)totals->moves) &&
           add_number(object, "customer_days", (double)totals->customer_days) &&
           add_number(object, "baseline_kwh", totals->baseline_kwh) &&
           add_number(object, "moved_kwh", totals->moved_kwh) &&
           add_number(object, "baseline_marg_g", totals->baseline_marg_g) &&
           add_number(object, "saved_marg_g", totals->saved_marg_g) &&
           add_number(object, "baseline_avg_g", totals->baseline_avg_g) &&
           add_number(object, "saved_avg_g", totals->saved_avg_g);
}

static int write_json(const struct ls_verification *found, struct ls_error *error)
{
    cJSON *root = cJSON_CreateObject();
    bool filled = root != NULL && add_number(root, "violations", (double)found->n_violations) &&
                  add_totals(root, &found->totals) &&
                  cJSON_AddBoolToObject(root, "optimised_read", found->has_optimised) != NULL &&
                  cJSON_AddBoolToObject(root, "summary_read", found->has_summary) != NULL;
    cJSON *kinds = filled ? cJSON_AddObjectToObject(root, "by_limit") : NULL;
    filled = kinds != NULL;
    for (size_t k = 0; filled && k < found->n_kinds; k++)
        filled = add_number(kinds, found->kinds[k].limit, (double)found->kinds[k].n);
    cJSON *list = filled ? cJSON_AddArrayToObject(root, "list") : NULL;
    filled = list != NULL;
    for (size_t i = 0; filled && i < found->n_kept; i++)
        filled = add_violation(list, &found->violations[i]);
    char *text = filled ? cJSON_PrintUnformatted(root) : NULL;
    if (text != NULL)
        printf("%s\n", text);
    int code = text != NULL ? 0 : ls_error_set(error, LS_ERR_MEMORY, "out of memory for JSON");
    cJSON_free(text);
    cJSON_Delete(root);
    return code;
}

static int verify(const struct request *request, size_t *n_violations, struct ls_error *error)
{
    struct ls_data data = {0};
    struct ls_verification *found = NULL;
    struct ls_policy policy;
    char scenario[4096];
    ls_policy_init(&policy);
    snprintf(scenario, sizeof scenario, "%s/scenario.ini", request->folder);
    int code = ls_data_options_policy(&request->data, scenario, &policy, error);
    if (code != 0)
        goto done;
    code = ls_data_open_whole(&request->data, &policy, &data, error);
    if (code == 0)
        code = ls_verify(data.dataset, &policy, request->folder, request->limit, &found, error);
    if (code != 0)
        goto done;
    *n_violations = found->n_violations;
    if (request->json)
        code = write_json(found, error);
    else
        write_text(found, request);
done:
    ls_verification_destroy(found);
    ls_data_close(&data);
    ls_policy_clear(&policy);
    return code;
}

static int run(int argc, char **argv)
{
    struct ls_error error;
    size_t n_violations = 0;
    struct request request = {.limit = KEPT};
    int code = ls_data_options_init(&request.data, argc, &error);
    if (code == 0)
        code = read_arguments(argc, argv, &request, &error);
    if (code == 0 && request.help)
        ls_usage(stdout, &ls_command_verify);
    else if (code == 0)
        code = verify(&request, &n_violations, &error);
    ls_data_options_clear(&request.data);
    if (code != 0) {
        ls_complain(&error);
        return LS_EXIT_REFUSED; /* 1 says that the result was read and found wrong */
    }
    return ls_finish_output(n_violations > 0 ? LS_EXIT_FAILED : LS_EXIT_DONE);
}

const struct ls_command ls_command_verify = {
    .name = "verify",
    .operands = "DATA... RESULTDIR",
    .summary = "check a whole run's results against readings and limits",
    .text =
        "Derives every limit, quota, total and percentile anew from the readings, the scenario and the moves "
        "in RESULTDIR, by other means than the engines, and names each one that is broken with customer, "
        "day, "
        "slot and amount; of a wrong figure also what it says and what it should be. Results may come from "
        "any program: moves.csv and metrics.csv must be there, "
        "optimised.csv and summary.json are checked where they are, and each CSV may be gzip. The limits "
        "are those of RESULTDIR/scenario.ini unless --scenario names others. Energies may be off by 1e-6 "
        "kWh, and where readings had to be rounded by half a quantum for each reading in a sum. A limit that "
        "moves.csv names in limited_by must have been reached. Not judged are which of two limits reached at "
        "once is named, room in the results of milp and lp, and how many city-days are unproven. Exit "
        "status: "
        "0 nothing is violated, 1 something is, 2 something cannot be read.",
    .options = options,
    .run = run,
};
