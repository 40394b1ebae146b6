#include "report/plain.h"

#include "report/quality.h"
#include "report/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

double ls_plain_figure(double value, int decimals)
{
    return fabs(value) * pow(10, decimals) < 0.5 ? 0 : value;
}

const char *ls_plain_percent(double share, char out[16])
{
    bool little = share > 0 && ls_plain_figure(100 * share, 1) == 0;
    snprintf(out, 16, little ? "<0.1" : "%.1f", 100 * share);
    return out;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void ls_plain_slot(FILE *out, const struct ls_answer *answer, int slot)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_slot_result *result = &answer->plan->slots[slot];
    char clock[8];
    fprintf(out, "%s: usage %.3f kWh before, %.3f kWh after; %.3f kWh moved out, %.3f kWh moved in; ",
            ls_cityday_clock(day, slot, clock), result->baseline_kwh,
            ls_plain_figure(result->baseline_kwh - result->out_kwh + result->in_kwh, 3), result->out_kwh,
            result->in_kwh);
    if (isnan(day->mef_g_per_kwh[slot]))
        fprintf(out, "no emission factors");
    else
        fprintf(out, "emission factors %.1f g/kWh marginal, %.1f g/kWh average", day->mef_g_per_kwh[slot],
                day->aef_g_per_kwh[slot]);
    if (isfinite(result->room_kwh))
        fprintf(out, "; anti-spike limit %.3f kWh%s", result->room_kwh,
                result->spike_binds ? ", which is reached" : "");
    fprintf(out, "%s\n", result->peak ? "; peak hour" : "");
}

void ls_plain_customer(FILE *out, const struct ls_answer *answer, size_t customer)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_customer_result *result = &answer->plan->customers[customer];
    fprintf(out, "%s: used %.3f kWh, percentile %.0f; moved %.3f kWh; ", day->id[customer],
            (double)day->day_quanta[customer] / day->quanta_per_kwh, day->percentile[customer],
            result->moved_kwh);
    if (ls_plan_lacks_factors(answer->plan))
        fprintf(out, "saving unknown, no emission factors; ");
    else
        fprintf(out, "saved %.1f g marginal, %.1f g average; ", ls_plain_figure(result->saved_marg_g, 1),
                ls_plain_figure(result->saved_avg_g, 1));
    fprintf(out, "%d move%s", result->sources, plural((size_t)result->sources));
    if (result->quota_left >= 0)
        fprintf(out, " of %d that the week had left", result->quota_left);
    fprintf(out, "\n");
}

void ls_plain_move(FILE *out, const struct ls_answer *answer, const struct ls_move *move)
{
    const struct ls_cityday *day = answer->day;
    const double *mef = day->mef_g_per_kwh, *aef = day->aef_g_per_kwh;
    char from[8], to[8];
    fprintf(out, "%s: %.3f kWh from %s to %s; saves %.1f g marginal, %.1f g average; limited by %s\n",
            day->id[move->customer], move->kwh, ls_cityday_clock(day, move->source, from),
            ls_cityday_clock(day, move->destination, to),
            ls_plain_figure((mef[move->source] - mef[move->destination]) * move->kwh, 1),
            ls_plain_figure((aef[move->source] - aef[move->destination]) * move->kwh, 1),
            ls_limit_name(move->limited_by));
}

void ls_plain_date(FILE *out, const char *city, const struct ls_archive_day *held,
                   const struct ls_day_result *result)
{
    char date[LS_DATE_SIZE], percent[16];
    double lacks = ls_archive_day_lacks(held);
    fprintf(out, "%s %s %s: ", city, ls_weekday_name(ls_date_weekday(held->date)),
            ls_date_format(held->date, date));
    if (held->known == 0)
        fprintf(out, "no readings");
    else
        fprintf(out, "usage %.3f kWh", held->usage_kwh);
    if (result != NULL && result->lacks_factors)
        fprintf(out, ", %zu homes; saving unknown, no emission factors", result->homes);
    else if (result != NULL)
        fprintf(out, ", %zu homes; saved %.3f kg marginal, %.3f kg average", result->homes,
                ls_plain_figure(result->saved_marg_g / 1e3, 3),
                ls_plain_figure(result->saved_avg_g / 1e3, 3));
    if (result != NULL && !isnan(result->budget_share))
        fprintf(out, "; %.0f %% of the budget used", 100 * result->budget_share);
    if (held->known > 0 && lacks > 0)
        fprintf(out, "; %s %% of the readings missing", ls_plain_percent(lacks, percent));
    if (held->minutes != LS_DAY_MINUTES)
        fprintf(out, "; the clock changes, %g hours", held->minutes / 60.0);
    fprintf(out, "\n");
}

void ls_plain_parameter(FILE *out, const struct ls_parameter *parameter, const struct ls_policy *policy,
                        const char *city)
{
    char name[160], value[LS_VALUE_SIZE];
    ls_parameter_get(parameter, policy, city, value, sizeof value);
    bool bare = parameter->unit[0] == '\0' || strcmp(value, "none") == 0 || strcmp(value, "auto") == 0;
    fprintf(out, "%s = %s%s%s\n", ls_parameter_name(parameter, city, name, sizeof name), value,
            bare ? "" : " ", bare ? "" : parameter->unit);
}

/* "short by 0.300 kWh", "1.2 h left"; nothing where nothing is known. Bytes written. */
static int write_slack(const struct ls_why *why, char *out, size_t size)
{
    out[0] = '\0';
    if (why->made || isnan(why->slack))
        return 0;
    if (why->slack < 0)
        return snprintf(out, size, "short by %.3g %s", -why->slack, why->slack_unit);
    return snprintf(out, size, "%.3g %s left", why->slack, why->slack_unit);
}

/* What solving again found. */
static int write_found(const struct ls_relaxation *found, char *out, size_t size)
{
    char name[128];
    ls_parameter_name(found->parameter, NULL, name, sizeof name);
    if (found->value[0] == '\0')
        return snprintf(out, size, "no value of %s; without it the next to refuse it is: %s", name,
                        ls_limit_name(found->next));
    return snprintf(out, size, "%s=%s, found by solving again%s", name, found->value,
                    found->made ? "" : ", though another move saves more");
}

/* The relaxation, and why it may not be enough where that is so. */
static int write_relaxation(const struct ls_why *why, const struct ls_relaxation *found, char *out,
                            size_t size)
{
    out[0] = '\0';
    if (why->relaxation[0] == '\0')
        return 0;
    if (why->made)
        return snprintf(out, size, "%s, unless other moves take what it frees", why->relaxation);
    if (found != NULL)
        return write_found(found, out, size);
    if (why->next != LS_LIMIT_NONE)
        return snprintf(out, size, "%s, but then the next to refuse it is: %s", why->relaxation,
                        ls_limit_name(why->next));
    return snprintf(out, size, "%s%s", why->relaxation,
                    why->sufficient ? "" : ", unless others take what it frees");
}

void ls_plain_why_text(const struct ls_why *why, const struct ls_relaxation *found, char *out, size_t size)
{
    char part[300];
    size_t used = (size_t)snprintf(out, size, "%s", why->reason);
    if (write_slack(why, part, sizeof part) > 0 && used < size)
        used += (size_t)snprintf(out + used, size - used, "; %s", part);
    if (used < size)
        used += (size_t)snprintf(out + used, size - used, ".");
    if (write_relaxation(why, found, part, sizeof part) > 0 && used < size)
        used += (size_t)snprintf(out + used, size - used,
                                 why->made ? " More could move with %s." : " Let through by: %s.", part);
    if (!why->made && why->forgone_g > 0 && used < size)
        snprintf(out + used, size - used, " All above the floor would save %.1f g.", why->forgone_g);
}

void ls_plain_why(FILE *out, const struct ls_answer *answer, const struct ls_why *why,
                  const struct ls_relaxation *found)
{
    char from[8], to[8], text[400];
    fprintf(out, "%s from %s to %s: %s; limit: %s\n", answer->day->id[why->customer],
            ls_cityday_clock(answer->day, why->source, from),
            ls_cityday_clock(answer->day, why->destination, to), why->made ? "moved" : "not moved",
            ls_limit_name(why->limit));
    fprintf(out, "reason: %s\n", why->reason);
    if (write_slack(why, text, sizeof text) > 0)
        fprintf(out, "slack: %s\n", text);
    if (write_relaxation(why, found, text, sizeof text) > 0)
        fprintf(out, "%s: %s\n", why->made ? "more could move with" : "let through by", text);
    if (!why->made && why->forgone_g > 0)
        fprintf(out, "all above the floor would save: %.1f g\n", why->forgone_g);
}

static void write_heading(FILE *out, const struct ls_answer *answer)
{
    char date[LS_DATE_SIZE];
    fprintf(out, "city: %s\nday: %s %s\n", answer->day->city, ls_weekday_name(answer->day->weekday),
            ls_date_format(answer->day->date, date));
}

void ls_plain_day(FILE *out, const struct ls_answer *answer)
{
    const struct ls_plan *plan = answer->plan;
    write_heading(out, answer);
    fprintf(out, "engine: %s\n", ls_engine(plan->engine)->name);
    fprintf(out, "homes that move: %zu of %zu\n", plan->customers_moving, plan->n_customers);
    fprintf(out, "saved, marginal: %.3f kg of %.3f kg\n", ls_plain_figure(plan->saved_marg_g / 1e3, 3),
            plan->baseline_marg_g / 1e3);
    fprintf(out, "saved, average: %.3f kg of %.3f kg\n", ls_plain_figure(plan->saved_avg_g / 1e3, 3),
            plan->baseline_avg_g / 1e3);
    if (!isnan(ls_report_gap(plan)))
        fprintf(out, "proven: no plan saves more than %.3f kg marginal\n", plan->bound_marg_g / 1e3);
    fprintf(out, "usage: %.3f kWh\n", plan->baseline_kwh);
    fprintf(out, "moved: %.3f kWh in %zu move%s\n", plan->moved_kwh, plan->n_moves, plural(plan->n_moves));
    if (isfinite(plan->budget_kwh))
        fprintf(out, "budget used: %.3f kWh of %.3f kWh\n", plan->budget_used_kwh, plan->budget_kwh);
    for (int limit = 0; limit < LS_LIMIT_COUNT; limit++)
        if (plan->limited[limit] > 0)
            fprintf(out, "moves limited by %s: %zu\n", ls_limit_name((enum ls_limit)limit),
                    plan->limited[limit]);
    ls_report_warnings(out, answer);
    for (int t = 0; t < plan->n_slots; t++)
        ls_plain_slot(out, answer, t);
}

void ls_plain_customers(FILE *out, const struct ls_answer *answer)
{
    write_heading(out, answer);
    fprintf(out, "homes: %zu\n", answer->day->n_customers);
    for (size_t i = 0; i < answer->day->n_customers; i++)
        ls_plain_customer(out, answer, i);
}

void ls_plain_moves(FILE *out, const struct ls_answer *answer)
{
    write_heading(out, answer);
    fprintf(out, "moves: %zu\n", answer->plan->n_moves);
    for (size_t m = 0; m < answer->plan->n_moves; m++)
        ls_plain_move(out, answer, &answer->plan->moves[m]);
}

/* Why a pair came as it did, with how far a limit that homes share must be turned. */
static int write_why(FILE *out, const struct ls_answer *answer, ls_bench *bench, size_t customer, int source,
                     int destination, struct ls_error *error)
{
    struct ls_why why;
    struct ls_relaxation found;
    int status = ls_why_pair(answer, customer, source, destination, &why, error);
    if (status != 0)
        return status;
    bool search = !why.made && ls_why_may_relax(why.limit);
    if (search)
        status = ls_why_relax(bench, answer, customer, source, destination, why.limit, NULL, &found, error);
    if (status == 0)
        ls_plain_why(out, answer, &why, search ? &found : NULL);
    return status;
}

int ls_plain_home(FILE *out, const struct ls_answer *answer, ls_bench *bench, size_t customer,
                  struct ls_error *error)
{
    const struct ls_cityday *day = answer->day;
    int source, destination;
    write_heading(out, answer);
    ls_plain_customer(out, answer, customer);
    for (size_t m = 0; m < answer->plan->n_moves; m++)
        if (answer->plan->moves[m].customer == customer)
            ls_plain_move(out, answer, &answer->plan->moves[m]);
    for (int t = 0; t < day->n_slots; t++) {
        char clock[8];
        double kwh = ls_cityday_kwh(day, customer, t);
        if (isnan(kwh))
            fprintf(out, "%s: no reading\n", ls_cityday_clock(day, t, clock));
        else
            fprintf(out, "%s: usage %.3f kWh, floor %.3f kWh\n", ls_cityday_clock(day, t, clock), kwh,
                    ls_cityday_floor_kwh(day, customer, t));
    }
    if (ls_why_best_pair(answer, customer, &source, &destination))
        return write_why(out, answer, bench, customer, source, destination, error);
    fprintf(out, "why: %s\n",
            ls_plan_lacks_factors(answer->plan) ? "no reading of this day has emission factors"
                                                : "no slot of this day has a cleaner one within the window");
    return 0;
}

void ls_plain_data(FILE *out, const struct ls_dataset *dataset, const struct ls_answer *answer)
{
    struct ls_doubtful doubtful;
    const struct ls_quality *q = &dataset->quality;
    const struct {
        const char *text;
        uint64_t count;
    } facts[] = {
        {"rows read", q->rows},
        {"known readings", q->readings},
        {"slots without a row, unknown", q->gaps},
        {"empty readings, unknown", q->missing},
        {"negative readings, treated as unknown", q->negative},
        {"exact duplicates, dropped", q->duplicates},
        {"readings with finer digits, rounded", q->rounded},
        {"rows of factors", q->factor_rows},
        {"city slots", q->slots},
        {"city slots without emission factors, left out", q->slots_without_factor},
    };
    fprintf(out,
            "homes: %zu\ncities: %zu\nlength of a slot: %d minutes\nreadings are kept in steps of: %d mWh\n",
            dataset->n_customers, dataset->n_cities, dataset->slot_minutes, dataset->quantum_mwh);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        fprintf(out, "%s: %" PRIu64 "\n", facts[i].text, facts[i].count);
    write_heading(out, answer);
    fprintf(out, "daily load: %.3f kWh\ndaily load of the homes themselves: %.3f kWh\n",
            answer->day->daily_load_kwh, answer->day->own_daily_load_kwh);
    ls_doubtful_of(answer, &doubtful);
    fprintf(
        out,
        "saving that rests on doubtful readings, marginal: %.3f of %.3f kg\n"
        "saving that rests on doubtful readings, average: %.3f of %.3f kg\n"
        "homes that move and lack readings: %zu\n"
        "homes that move and have a reading above %g kW: %zu\n"
        "homes that move and are flat all day: %zu\n",
        ls_plain_figure(doubtful.saved_marg_g / 1e3, 3), ls_plain_figure(answer->plan->saved_marg_g / 1e3, 3),
        ls_plain_figure(doubtful.saved_avg_g / 1e3, 3), ls_plain_figure(answer->plan->saved_avg_g / 1e3, 3),
        doubtful.incomplete, LS_LARGE_KW, doubtful.large, doubtful.flat);
    ls_report_warnings(out, answer);
}

void ls_plain_survey(FILE *out, const struct ls_survey *survey)
{
    const struct ls_dataset *dataset = survey->dataset;
    char date[LS_DATE_SIZE];
    for (size_t c = 0; c < dataset->n_cities; c++)
        fprintf(out, "days with readings in %s: %zu\n", dataset->cities[c].name, survey->cities[c].days);
    for (size_t i = 0; i < survey->n_changes; i++)
        fprintf(out, "clock change: %s has %g hours\n", ls_date_format(survey->changes[i].date, date),
                survey->changes[i].minutes / 60.0);
    if (survey->n_changes == 0)
        fprintf(out, "clock changes: none within these days\n");
    for (size_t i = 0; i < survey->n_doubts; i++) {
        const struct ls_doubt *doubt = &survey->doubts[i];
        bool in_all = doubt->city == LS_ALL_CITIES;
        fprintf(out, "%s: %s%s%s: %" PRIu64, ls_doubt_minor(doubt) ? "to note" : "doubtful",
                ls_doubt_title(doubt->kind), in_all ? "" : " in ",
                in_all ? "" : dataset->cities[doubt->city].name, doubt->count);
        if (doubt->n_homes > 0)
            fprintf(out, ", %zu home%s", doubt->n_homes, plural(doubt->n_homes));
        fprintf(out, "\n");
    }
    if (survey->n_doubts == 0)
        fprintf(out, "doubts: none, units, levels and factors look right\n");
}

void ls_plain_parameters(FILE *out, const struct ls_policy *policy, const char *city)
{
    size_t count;
    const struct ls_parameter *parameters = ls_parameters(&count);
    for (size_t i = 0; i < count; i++) {
        ls_plain_parameter(out, &parameters[i], policy, parameters[i].per_city ? city : NULL);
        fprintf(out, "    %s: %s\n", parameters[i].label, parameters[i].help);
    }
}
