/* Two runs side by side, as text or JSON. */
#include "cli/command.h"

#include "base/text.h"

#include <loadscope/diff.h>

#include <cjson/cJSON.h>

#define TOP 10 /* customers and slots that are listed unless --top says otherwise */

enum { JSON, TOP_N, HELP };

static const struct ls_option options[] = {
    [JSON] = {"json", 0, NULL, "write one JSON object instead of text"},
    [TOP_N] = {"top", 'n', "N", "list the N customers and slots that changed most (10)"},
    [HELP] = {"help", 'h', NULL, "show this help"},
    {0},
};

struct request {
    const char *folder[2];
    int n_folders;
    size_t top;
    bool json, help;
};

/* A total as it is shown; 0 of a kind that is no count. */
struct figure {
    const char *label, *name, *unit;
    double value[2];
    int decimals;
};

#define FIGURES 8

static void figures_of(const struct ls_diff *diff, struct figure figures[FIGURES])
{
    const struct ls_diff_totals *a = &diff->totals[0], *b = &diff->totals[1];
    const struct figure all[FIGURES] = {
        {"customer-days", "customer_days", "", {(double)a->customer_days, (double)b->customer_days}, 0},
        {"moves", "moves", "", {(double)a->moves, (double)b->moves}, 0},
        {"baseline", "baseline_kwh", "kWh", {a->baseline_kwh, b->baseline_kwh}, 3},
        {"moved", "moved_kwh", "kWh", {a->moved_kwh, b->moved_kwh}, 3},
        {"baseline, marginal", "baseline_marg_g", "g", {a->baseline_marg_g, b->baseline_marg_g}, 1},
        {"baseline, average", "baseline_avg_g", "g", {a->baseline_avg_g, b->baseline_avg_g}, 1},
        {"saved, marginal", "saved_marg_g", "g", {a->saved_marg_g, b->saved_marg_g}, 1},
        {"saved, average", "saved_avg_g", "g", {a->saved_avg_g, b->saved_avg_g}, 1},
    };
    for (int f = 0; f < FIGURES; f++)
        figures[f] = all[f];
}

static void write_totals(const struct ls_diff *diff)
{
    struct figure figures[FIGURES];
    figures_of(diff, figures);
    printf("\n%-20s %-4s %18s %18s %18s\n", "total", "", "A", "B", "B - A");
    for (int f = 0; f < FIGURES; f++)
        printf("%-20s %-4s %18.*f %18.*f %+18.*f\n", figures[f].label, figures[f].unit, figures[f].decimals,
               figures[f].value[0], figures[f].decimals, figures[f].value[1], figures[f].decimals,
               figures[f].value[1] - figures[f].value[0]);
}

static void write_text(const struct ls_diff *diff, const struct request *request)
{
    char stamp[LS_STAMP_SIZE];
    printf("A: %s\nB: %s\n\n", request->folder[0], request->folder[1]);
    if (diff->n_parameters == 0)
        printf("no parameter differs\n");
    else
        printf("%-40s %20s %20s\n", "parameter", "A", "B");
    for (size_t i = 0; i < diff->n_parameters; i++)
        printf("%-40s %20s %20s\n", diff->parameters[i].name, diff->parameters[i].value[0],
               diff->parameters[i].value[1]);
    write_totals(diff);
    printf("\n%zu of %zu customers changed", diff->customers_changed, diff->n_customers);
    if (diff->customers_changed > 0 && request->top > 0)
        printf("; saved g, marginal and average, and moved kWh, B - A\n%-20s %-12s %14s %14s %14s",
               "customer", "city", "marginal", "average", "kWh");
    printf("\n");
    for (size_t i = 0; i < diff->customers_changed && i < request->top; i++) {
        const struct ls_diff_customer *it = &diff->customers[i];
        printf("%-20s %-12s %+14.1f %+14.1f %+14.3f\n", it->id, it->city,
               it->saved_marg_g[1] - it->saved_marg_g[0], it->saved_avg_g[1] - it->saved_avg_g[0],
               it->moved_kwh[1] - it->moved_kwh[0]);
    }
    printf("\n%zu of %zu slots with moves changed", diff->slots_changed, diff->n_slots);
    if (diff->slots_changed > 0 && request->top > 0)
        printf("; kWh moved in less kWh moved out\n%-26s %-12s %14s %14s %14s", "slot", "city", "A", "B",
               "B - A");
    printf("\n");
    for (size_t i = 0; i < diff->slots_changed && i < request->top; i++) {
        const struct ls_diff_slot *it = &diff->slots[i];
        printf("%-26s %-12s %+14.3f %+14.3f %+14.3f\n", ls_stamp_format(it->instant, it->offset_s, stamp),
               it->city, it->change_kwh[0], it->change_kwh[1], it->change_kwh[1] - it->change_kwh[0]);
    }
}

/* ---- JSON ---- */

static bool add_pair(cJSON *object, const char *name, const double pair[2])
{
    cJSON *it = cJSON_AddObjectToObject(object, name);
    return it != NULL && cJSON_AddNumberToObject(it, "a", pair[0]) != NULL &&
           cJSON_AddNumberToObject(it, "b", pair[1]) != NULL &&
           cJSON_AddNumberToObject(it, "difference", pair[1] - pair[0]) != NULL;
}

static cJSON *add_item(cJSON *list)
{
    cJSON *object = cJSON_CreateObject();
    if (object != NULL && cJSON_AddItemToArray(list, object))
        return object;
    cJSON_Delete(object);
    return NULL;
}

static bool add_parameters(cJSON *root, const struct ls_diff *diff)
{
    cJSON *list = cJSON_AddArrayToObject(root, "parameters");
    bool filled = list != NULL;
    for (size_t i = 0; filled && i < diff->n_parameters; i++) {
        cJSON *object = add_item(list);
        filled = object != NULL &&
                 cJSON_AddStringToObject(object, "name", diff->parameters[i].name) != NULL &&
                 cJSON_AddStringToObject(object, "a", diff->parameters[i].value[0]) != NULL &&
                 cJSON_AddStringToObject(object, "b", diff->parameters[i].value[1]) != NULL;
    }
    return filled;
}

static bool add_totals(cJSON *root, const struct ls_diff *diff)
{
    struct figure figures[FIGURES];
    figures_of(diff, figures);
    cJSON *object = cJSON_AddObjectToObject(root, "totals");
    bool filled = object != NULL;
    for (int f = 0; filled && f < FIGURES; f++)
        filled = add_pair(object, figures[f].name, figures[f].value);
    return filled && cJSON_AddNumberToObject(root, "customers", (double)diff->n_customers) != NULL &&
           cJSON_AddNumberToObject(root, "customers_changed", (double)diff->customers_changed) != NULL &&
           cJSON_AddNumberToObject(root, "slots", (double)diff->n_slots) != NULL &&
           cJSON_AddNumberToObject(root, "slots_changed", (double)diff->slots_changed) != NULL;
}

static bool add_most(cJSON *root, const struct ls_diff *diff, size_t top)
{
    char stamp[LS_STAMP_SIZE];
    cJSON *customers = cJSON_AddArrayToObject(root, "customers_changed_most");
    cJSON *slots = cJSON_AddArrayToObject(root, "slots_changed_most");
    bool filled = customers != NULL && slots != NULL;
    for (size_t i = 0; filled && i < diff->customers_changed && i < top; i++) {
        const struct ls_diff_customer *it = &diff->customers[i];
        cJSON *object = add_item(customers);
        filled = object != NULL && cJSON_AddStringToObject(object, "ca_id", it->id) != NULL &&
                 cJSON_AddStringToObject(object, "city", it->city) != NULL &&
                 add_pair(object, "saved_marg_g", it->saved_marg_g) &&
                 add_pair(object, "saved_avg_g", it->saved_avg_g) &&
                 add_pair(object, "moved_kwh", it->moved_kwh);
    }
    for (size_t i = 0; filled && i < diff->slots_changed && i < top; i++) {
        const struct ls_diff_slot *it = &diff->slots[i];
        cJSON *object = add_item(slots);
        ls_stamp_format(it->instant, it->offset_s, stamp);
        filled = object != NULL && cJSON_AddStringToObject(object, "date", stamp) != NULL &&
                 cJSON_AddStringToObject(object, "city", it->city) != NULL &&
                 add_pair(object, "change_kwh", it->change_kwh);
    }
    return filled;
}

static int write_json(const struct ls_diff *diff, const struct request *request, struct ls_error *error)
{
    cJSON *root = cJSON_CreateObject();
    bool filled = root != NULL && cJSON_AddStringToObject(root, "a", request->folder[0]) != NULL &&
                  cJSON_AddStringToObject(root, "b", request->folder[1]) != NULL &&
                  add_parameters(root, diff) && add_totals(root, diff) && add_most(root, diff, request->top);
    char *text = filled ? cJSON_PrintUnformatted(root) : NULL;
    if (text != NULL)
        printf("%s\n", text);
    int code = text != NULL ? 0 : ls_error_set(error, LS_ERR_MEMORY, "out of memory for JSON");
    cJSON_free(text);
    cJSON_Delete(root);
    return code;
}

/* ---- the command ---- */

static int set_option(struct request *request, size_t option, const char *value, struct ls_error *error)
{
    int64_t number;
    if (option == JSON)
        request->json = true;
    else if (option == HELP)
        request->help = true;
    else if (!ls_text_integer(value, &number) || number < 0 || number > 100000000) {
        ls_error_set(error, LS_ERR_USAGE, "--top wants a whole number, not '%s'", value);
        return ls_error_remedy(error, "give one from 0 to 100000000");
    } else
        request->top = (size_t)number;
    return 0;
}

static int read_arguments(int argc, char **argv, struct request *request, struct ls_error *error)
{
    struct ls_args args = {.argc = argc, .argv = argv, .at = 1};
    const char *value;
    size_t option;
    for (int code = 0; code == 0;) {
        switch (ls_args_next(&args, options, &option, &value, error)) {
        case LS_ARG_END:
            if (request->n_folders == 2 || request->help)
                return 0;
            ls_error_set(error, LS_ERR_USAGE, "two result directories are compared, not %d",
                         request->n_folders);
            return ls_error_remedy(error, "try loadscope diff RUN_A RUN_B");
        case LS_ARG_OPERAND:
            if (request->n_folders == 2) {
                ls_error_set(error, LS_ERR_USAGE, "a third result directory '%s'", value);
                return ls_error_remedy(error, "name the two to compare");
            }
            request->folder[request->n_folders++] = value;
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

static int run(int argc, char **argv)
{
    struct ls_error error;
    struct request request = {.top = TOP};
    struct ls_diff *diff = NULL;
    int code = read_arguments(argc, argv, &request, &error);
    if (code == 0 && request.help) {
        ls_usage(stdout, &ls_command_diff);
        return ls_finish_output(LS_EXIT_DONE);
    }
    if (code == 0)
        code = ls_diff_runs(request.folder[0], request.folder[1], &diff, &error);
    if (code == 0 && request.json)
        code = write_json(diff, &request, &error);
    else if (code == 0)
        write_text(diff, &request);
    ls_diff_destroy(diff);
    return code == 0 ? ls_finish_output(LS_EXIT_DONE) : ls_complain(&error);
}

const struct ls_command ls_command_diff = {
    .name = "diff",
    .operands = "RUN_A RUN_B",
    .summary = "compare two runs: parameters, totals, customers and slots",
    .text =
        "Shows which parameters of two result directories differ, their totals side by side in marginal and "
        "average terms, and the customers and slots that changed most. It reads scenario.ini, metrics.csv "
        "and moves.csv (each CSV may be gzip), not the data. What only one run has counts as 0 in the "
        "other. The exit status is 0 whether or not the runs differ.",
    .options = options,
    .run = run,
};
