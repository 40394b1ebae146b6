/* Two runs side by side, as text and as JSON. */
#include "report/report.h"

#include <cjson/cJSON.h>

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

static void write_totals(FILE *out, const struct ls_diff *diff)
{
    struct figure figures[FIGURES];
    figures_of(diff, figures);
    fprintf(out, "\n%-20s %-4s %18s %18s %18s\n", "total", "", "A", "B", "B - A");
    for (int f = 0; f < FIGURES; f++)
        fprintf(out, "%-20s %-4s %18.*f %18.*f %+18.*f\n", figures[f].label, figures[f].unit,
                figures[f].decimals, figures[f].value[0], figures[f].decimals, figures[f].value[1],
                figures[f].decimals, figures[f].value[1] - figures[f].value[0]);
}

static void write_customers(FILE *out, const struct ls_diff *diff, size_t top)
{
    fprintf(out, "\n%zu of %zu customers changed", diff->customers_changed, diff->n_customers);
    if (diff->customers_changed > 0 && top > 0)
        fprintf(out, "; saved g, marginal and average, and moved kWh, B - A\n%-20s %-12s %14s %14s %14s",
                "customer", "city", "marginal", "average", "kWh");
    fprintf(out, "\n");
    for (size_t i = 0; i < diff->customers_changed && i < top; i++) {
        const struct ls_diff_customer *it = &diff->customers[i];
        fprintf(out, "%-20s %-12s %+14.1f %+14.1f %+14.3f\n", it->id, it->city,
                it->saved_marg_g[1] - it->saved_marg_g[0], it->saved_avg_g[1] - it->saved_avg_g[0],
                it->moved_kwh[1] - it->moved_kwh[0]);
    }
}

static void write_slots(FILE *out, const struct ls_diff *diff, size_t top)
{
    char stamp[LS_STAMP_SIZE];
    fprintf(out, "\n%zu of %zu slots with moves changed", diff->slots_changed, diff->n_slots);
    if (diff->slots_changed > 0 && top > 0)
        fprintf(out, "; kWh moved in less kWh moved out\n%-26s %-12s %14s %14s %14s", "slot", "city", "A",
                "B", "B - A");
    fprintf(out, "\n");
    for (size_t i = 0; i < diff->slots_changed && i < top; i++) {
        const struct ls_diff_slot *it = &diff->slots[i];
        fprintf(out, "%-26s %-12s %+14.3f %+14.3f %+14.3f\n",
                ls_stamp_format(it->instant, it->offset_s, stamp), it->city, it->change_kwh[0],
                it->change_kwh[1], it->change_kwh[1] - it->change_kwh[0]);
    }
}

void ls_report_diff_text(FILE *out, const struct ls_diff *diff, const char *const folders[2], size_t top)
{
    fprintf(out, "A: %s\nB: %s\n\n", folders[0], folders[1]);
    ls_report_parameters(out, diff->parameters, diff->n_parameters);
    write_totals(out, diff);
    write_customers(out, diff, top);
    write_slots(out, diff, top);
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

int ls_report_diff_json(FILE *out, const struct ls_diff *diff, const char *const folders[2], size_t top,
                        struct ls_error *error)
{
    cJSON *root = cJSON_CreateObject();
    bool filled = root != NULL && cJSON_AddStringToObject(root, "a", folders[0]) != NULL &&
                  cJSON_AddStringToObject(root, "b", folders[1]) != NULL && add_parameters(root, diff) &&
                  add_totals(root, diff) && add_most(root, diff, top);
    char *text = filled ? cJSON_PrintUnformatted(root) : NULL;
    if (text != NULL)
        fprintf(out, "%s\n", text);
    int code = text != NULL ? 0 : ls_error_set(error, LS_ERR_MEMORY, "out of memory for JSON");
    cJSON_free(text);
    cJSON_Delete(root);
    return code;
}
