/* One JSON object a day, by cJSON; numbers are the shortest that read back equal, off limits and gaps are
 * null. */
#include "report/report.h"

#include "base/real.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <math.h>

const char *ls_report_outcome(enum ls_outcome outcome)
{
    return outcome == LS_OUTCOME_COMPLETE    ? "complete"
           : outcome == LS_OUTCOME_CANCELLED ? "cancelled"
                                             : "time limit";
}

/* Adds a number, or null where it is not finite; false when out of memory. cJSON's own text may read back as
 * a neighbour. */
static bool add_number(cJSON *object, const char *name, double value)
{
    char text[LS_REAL_SIZE + 1];
    if (!isfinite(value))
        return cJSON_AddNullToObject(object, name) != NULL;
    return cJSON_AddRawToObject(object, name, ls_text_from_real(value + 0.0, text, sizeof text)) != NULL;
}

static bool add_slot(cJSON *slots, const struct ls_cityday *day, const struct ls_plan *plan, int t)
{
    const struct ls_slot_result *slot = &plan->slots[t];
    char stamp[LS_STAMP_SIZE];
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(slots, object)) {
        cJSON_Delete(object);
        return false;
    }
    ls_stamp_format(ls_cityday_instant(day, t), day->offset_s[t], stamp);
    return cJSON_AddStringToObject(object, "time", stamp) != NULL &&
           add_number(object, "baseline_kwh", slot->baseline_kwh) &&
           add_number(object, "shifted_kwh", slot->baseline_kwh - slot->out_kwh + slot->in_kwh) &&
           add_number(object, "out_kwh", slot->out_kwh) && add_number(object, "in_kwh", slot->in_kwh) &&
           add_number(object, "room_kwh", slot->room_kwh) &&
           add_number(object, "mef_g_per_kwh", day->mef_g_per_kwh[t]) &&
           add_number(object, "aef_g_per_kwh", day->aef_g_per_kwh[t]) &&
           cJSON_AddBoolToObject(object, "peak", slot->peak) != NULL &&
           cJSON_AddBoolToObject(object, "spike_binds", slot->spike_binds) != NULL;
}

static bool add_limits(cJSON *object, const struct ls_plan *plan)
{
    cJSON *limits = cJSON_AddObjectToObject(object, "limited_by");
    if (limits == NULL)
        return false;
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        if (plan->limited[limit] > 0 &&
            !add_number(limits, ls_limit_name((enum ls_limit)limit), (double)plan->limited[limit]))
            return false;
    return true;
}

static bool fill(cJSON *object, const struct ls_answer *answer)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    char date[LS_DATE_SIZE];
    size_t sources = 0;
    for (size_t i = 0; i < plan->n_customers; i++)
        sources += (size_t)plan->customers[i].sources;
    ls_date_format(day->date, date);
    if (cJSON_AddStringToObject(object, "city", day->city) == NULL ||
        cJSON_AddStringToObject(object, "day", date) == NULL ||
        cJSON_AddStringToObject(object, "engine", ls_engine(plan->engine)->name) == NULL ||
        cJSON_AddStringToObject(object, "week_context",
                                answer->policy.week_context == LS_WEEK_IN_WEEK ? "in_week" : "day_alone") ==
            NULL ||
        cJSON_AddStringToObject(object, "outcome", ls_report_outcome(plan->outcome)) == NULL)
        return false;
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"slots", day->n_slots},
        {"customers", (double)day->n_customers},
        {"customers_moving", (double)plan->customers_moving},
        {"customers_without_quota", (double)plan->customers_no_quota},
        {"baseline_kwh", plan->baseline_kwh},
        {"uncovered_kwh", plan->uncovered_kwh},
        {"moved_kwh", plan->moved_kwh},
        {"moves", (double)plan->n_moves},
        {"sources", (double)sources},
        {"moves_disagreeing", (double)plan->moves_disagreeing},
        {"saved_marg_g", plan->saved_marg_g},
        {"saved_avg_g", plan->saved_avg_g},
        {"baseline_marg_g", plan->baseline_marg_g},
        {"baseline_avg_g", plan->baseline_avg_g},
        {"bound_marg_g", plan->bound_marg_g},
        {"budget_kwh", plan->budget_kwh},
        {"budget_used_kwh", plan->budget_used_kwh},
        {"daily_load_kwh", day->daily_load_kwh},
        {"own_daily_load_kwh", day->own_daily_load_kwh},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!add_number(object, numbers[i].name, numbers[i].value))
            return false;
    cJSON *slots = add_limits(object, plan) ? cJSON_AddArrayToObject(object, "by_slot") : NULL;
    for (int t = 0; slots != NULL && t < day->n_slots; t++)
        if (!add_slot(slots, day, plan, t))
            return false;
    return slots != NULL;
}

int ls_report_day_json(FILE *out, const struct ls_answer *answer, struct ls_error *error)
{
    cJSON *object = cJSON_CreateObject();
    char *text = object != NULL && fill(object, answer) ? cJSON_PrintUnformatted(object) : NULL;
    int status = 0;
    if (text == NULL)
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for a JSON object");
    else
        fprintf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(object);
    return status;
}
