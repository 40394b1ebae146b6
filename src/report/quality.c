/*
 * The survey as text and as JSON. Both read the table of doubts: title, what was found, what to do, and how a
 * home of the doubt is told.
 */
#include "report/quality.h"

#include "report/report.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define COLS        80
#define INDENT      4
#define SENTENCE    400
#define ADVICE_SIZE 400

/* How a home of a doubt is told: its count of these, and what its value is. */
struct home_shape {
    const char *unit;       /* of the count, NULL: no homes are listed */
    const char *before;     /* word before the value, NULL: there is none */
    int digits;             /* of the value after the point */
    const char *value_unit; /* and the word after it */
    const char *json_value; /* key of the value */
    bool instants;          /* tell from when to when */
};

static const struct doubt_row {
    const char *word, *title, *remedy;
    struct home_shape home;
} rows[LS_DOUBT_COUNT] = {
    [LS_DOUBT_REGISTER] = {"registers",
                           "meter registers instead of usage",
                           "Subtract each reading from the next one and give the differences.",
                           {"readings", "last ", 1, "kWh", "last_kwh", false}},
    [LS_DOUBT_WH] = {"watt_hours",
                     "Wh given for kWh",
                     "Divide these readings by 1000, or drop the homes if they are no households.",
                     {"readings", "mean ", 0, "kW", "mean_kw", false}},
    [LS_DOUBT_HIGH] = {"level_high", "level too high for households", NULL, {0}},
    [LS_DOUBT_KW_STEPS] = {"kw_steps", "kW given for kWh, by the steps of the readings", NULL, {0}},
    [LS_DOUBT_LOW] = {"level_low",
                      "level too low for households",
                      "If the readings are MWh, multiply them by 1000.",
                      {0}},
    [LS_DOUBT_NO_FACTORS] = {"no_factors",
                             "no emission factors",
                             "Give a file with both factors by --factors, or columns beside the readings.",
                             {0}},
    [LS_DOUBT_UNCOVERED] = {"factors_missing",
                            "readings without emission factors",
                            "Complete the factors; until then this energy neither moves nor counts in any "
                            "total.",
                            {0}},
    [LS_DOUBT_FACTOR_KG] = {"factors_kg",
                            "kg/kWh given for g/kWh",
                            "Multiply the factors by 1000 (kg/kWh and t/MWh are the same).",
                            {0}},
    [LS_DOUBT_FACTOR_HIGH] = {"factors_high",
                              "implausible emission factors",
                              "Look at these slots in the source; a marginal factor that was fitted may "
                              "overshoot.",
                              {0}},
    [LS_DOUBT_FACTOR_NEGATIVE] = {"average_negative",
                                  "negative average factors",
                                  "Look at these slots in the source; only marginal factors can be negative.",
                                  {0}},
    [LS_DOUBT_FACTOR_CONSTANT] = {"marginal_constant",
                                  "constant marginal factor",
                                  "Give factors by slot; with a constant one no move saves anything.",
                                  {0}},
    [LS_DOUBT_FACTOR_SAME] = {"factors_equal",
                              "one factor given twice",
                              "Give both factors; otherwise the comparison of the two says nothing.",
                              {0}},
    [LS_DOUBT_LARGE] = {"large",
                        "more than the connection of a home carries",
                        "Check whether these are single homes and kWh; several flats or a shop belong out.",
                        {"readings", "up to ", 2, "kWh", "largest_kwh", true}},
    [LS_DOUBT_SPIKES] = {"spikes",
                         "spikes",
                         "Check them against the source; a sum after an outage belongs to many slots.",
                         {"readings", "up to ", 2, "kWh", "largest_kwh", true}},
    [LS_DOUBT_FLAT] = {"flat_lines",
                       "flat lines",
                       "Treat them as filled in, not measured: empty these readings if the source agrees.",
                       {"slots", "at ", 3, "kWh", "level_kwh", true}},
    [LS_DOUBT_ZERO_HOMES] = {"homes_all_zero",
                             "homes that use nothing",
                             "Leave them out, or empty the readings if the meters were dead.",
                             {"readings", NULL, 0, NULL, NULL, false}},
    [LS_DOUBT_ZERO_DAYS] = {"days_all_zero",
                            "days without any usage",
                            "Ask whether the meter was dead; if so, empty the readings of these days.",
                            {"days", NULL, 0, NULL, NULL, true}},
    [LS_DOUBT_PARTIAL] = {"partial",
                          "homes that begin late or end early",
                          "Compare totals by day with care: the number of homes changes.",
                          {"slots", NULL, 0, NULL, NULL, true}},
    [LS_DOUBT_GAPS] = {"gaps",
                       "gaps",
                       "Unknown slots stay out of everything; a home that lacks many may be left out.",
                       {"slots", "", 1, "%", "missing_percent", true}},
    [LS_DOUBT_NEGATIVE] = {"negative",
                           "negative readings",
                           "Give consumption without export where the meter has both.",
                           {0}},
    [LS_DOUBT_DUPLICATES] = {"duplicates",
                             "duplicates",
                             "Nothing need be done: each reading is kept once.",
                             {0}},
    [LS_DOUBT_ROUNDED] = {"rounded",
                          "rounded readings",
                          "Nothing need be done, unless digits finer than that matter.",
                          {0}},
};

const char *ls_doubt_word(enum ls_doubt_kind kind)
{
    return rows[kind].word;
}

const char *ls_doubt_title(enum ls_doubt_kind kind)
{
    return rows[kind].title;
}

/* ---- Words */

static const char *plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* "2013-02-04 00:30" on the survey's clock, or the date alone. */
static const char *moment(const struct ls_survey *survey, int32_t minute, bool date_alone,
                          char out[LS_STAMP_SIZE])
{
    int64_t instant = (int64_t)minute * LS_MINUTE_S;
    ls_stamp_format(instant, ls_zone_offset(survey->zone, instant), out);
    out[strlen("2013-02-04")] = ' ';
    out[date_alone ? strlen("2013-02-04") : strlen("2013-02-04T00:30")] = '\0';
    return out;
}

static const char *stamp(const struct ls_survey *survey, int32_t minute, char out[LS_STAMP_SIZE])
{
    int64_t instant = (int64_t)minute * LS_MINUTE_S;
    return ls_stamp_format(instant, ls_zone_offset(survey->zone, instant), out);
}

static void say_readings(const struct ls_doubt *doubt, size_t city_homes, int slot, char out[SENTENCE])
{
    uint64_t count = doubt->count;
    size_t homes = doubt->n_homes;
    const char *of_homes = plural(homes, "home", "homes");
    switch (doubt->kind) {
    case LS_DOUBT_REGISTER:
        snprintf(out, SENTENCE, "The readings of %zu of %zu homes hardly ever fall and reach %.1f kWh.",
                 homes, city_homes, doubt->value);
        break;
    case LS_DOUBT_WH:
        snprintf(out, SENTENCE, "%zu of %zu homes %s %.0f kW or more on average, day and night.", homes,
                 city_homes, plural(homes, "uses", "use"), LS_MEAN_KW_WH);
        break;
    case LS_DOUBT_LARGE:
        snprintf(out, SENTENCE,
                 "%" PRIu64 " %s of %zu %s above %.2f kWh a slot (%.1f kW, three phases of 63 A).", count,
                 plural(count, "reading", "readings"), homes, plural(homes, "home lies", "homes lie"),
                 LS_LARGE_KW * slot / 60, LS_LARGE_KW);
        break;
    case LS_DOUBT_SPIKES:
        snprintf(out, SENTENCE,
                 "%" PRIu64 " %s of %zu %s above %d times the home's own 99th percentile and %.0f kW.", count,
                 plural(count, "reading", "readings"), homes, plural(homes, "home lies", "homes lie"),
                 LS_SPIKE_TIMES, LS_SPIKE_KW);
        break;
    case LS_DOUBT_FLAT:
        snprintf(out, SENTENCE, "%zu %s the same reading, not 0, for %d hours or longer.", homes,
                 plural(homes, "home repeats", "homes repeat"), LS_FLAT_HOURS);
        break;
    case LS_DOUBT_ZERO_HOMES:
        snprintf(out, SENTENCE, "Every known reading of %zu %s is 0.", homes, of_homes);
        break;
    case LS_DOUBT_ZERO_DAYS:
        snprintf(out, SENTENCE, "%" PRIu64 " %s of %zu %s: every known reading is 0.", count,
                 plural(count, "day", "days"), homes, of_homes);
        break;
    case LS_DOUBT_PARTIAL:
        snprintf(out, SENTENCE, "%zu of %zu homes %s more than a day inside the span.", homes, city_homes,
                 plural(homes, "begins or ends", "begin or end"));
        break;
    default:
        snprintf(out, SENTENCE, "%zu of %zu homes %s %" PRIu64 " %s between first and last row.", homes,
                 city_homes, plural(homes, "lacks", "lack"), count, plural(count, "reading", "readings"));
        break;
    }
}

static void say_factors(const struct ls_survey *survey, const struct ls_doubt *doubt, char out[SENTENCE])
{
    char first[LS_STAMP_SIZE], last[LS_STAMP_SIZE];
    const char *slots = plural(doubt->count, "slot", "slots");
    if (doubt->first_minute != LS_MISSING) {
        moment(survey, doubt->first_minute, false, first);
        moment(survey, doubt->last_minute, false, last);
    }
    switch (doubt->kind) {
    case LS_DOUBT_NO_FACTORS:
        snprintf(out, SENTENCE, "No slot has factors; nothing can be said of emissions.");
        break;
    case LS_DOUBT_UNCOVERED:
        snprintf(out, SENTENCE,
                 "%" PRIu64 " %s with readings, %.3g %% of the energy, have no pair of factors, from %s to "
                 "%s.",
                 doubt->count, slots, 100 * doubt->value, first, last);
        break;
    case LS_DOUBT_FACTOR_KG:
        snprintf(out, SENTENCE, "No factor of a column is above %.3g; as g/kWh that is next to nothing.",
                 doubt->value);
        break;
    case LS_DOUBT_FACTOR_HIGH:
        snprintf(out, SENTENCE, "%" PRIu64 " %s with a factor above %.0f g/kWh, up to %.1f, from %s to %s.",
                 doubt->count, slots, LS_FACTOR_HIGH, doubt->value, first, last);
        break;
    case LS_DOUBT_FACTOR_NEGATIVE:
        snprintf(out, SENTENCE,
                 "%" PRIu64 " %s with an average factor below 0, down to %.1f g/kWh, from %s to %s.",
                 doubt->count, slots, doubt->value, first, last);
        break;
    case LS_DOUBT_FACTOR_CONSTANT:
        snprintf(out, SENTENCE, "The marginal factor is %.1f g/kWh in all %" PRIu64 " %s.", doubt->value,
                 doubt->count, slots);
        break;
    default:
        snprintf(out, SENTENCE, "Marginal and average factor are equal in all %" PRIu64 " %s.", doubt->count,
                 slots);
        break;
    }
}

static void say_counts(const struct ls_doubt *doubt, char out[SENTENCE])
{
    const char *readings = plural(doubt->count, "reading", "readings");
    switch (doubt->kind) {
    case LS_DOUBT_NEGATIVE:
        snprintf(out, SENTENCE, "%" PRIu64 " %s below 0 (export?), treated as unknown.", doubt->count,
                 readings);
        break;
    case LS_DOUBT_DUPLICATES:
        snprintf(out, SENTENCE, "%" PRIu64 " %s another exactly.", doubt->count,
                 plural(doubt->count, "row repeats", "rows repeat"));
        break;
    default:
        snprintf(out, SENTENCE, "%" PRIu64 " %s finer digits than %.6f kWh, to which they were rounded.",
                 doubt->count, plural(doubt->count, "reading had", "readings had"), doubt->value);
        break;
    }
}

static void say_level(const struct ls_doubt *doubt, int slot, char out[SENTENCE], char advice[ADVICE_SIZE])
{
    bool kw = slot < 60 && doubt->value * slot / 60 <= LS_MEAN_KW_HIGH;
    switch (doubt->kind) {
    case LS_DOUBT_HIGH:
        snprintf(out, SENTENCE, "The middle home uses %.2f kW on average; households use 0.1 to 2.",
                 doubt->value);
        if (kw)
            snprintf(advice, ADVICE_SIZE, "If the readings are mean kW, multiply them by %.4g to have kWh.",
                     slot / 60.0);
        else
            snprintf(advice, ADVICE_SIZE, "Check the unit, and whether these are households.");
        break;
    case LS_DOUBT_LOW:
        snprintf(out, SENTENCE, "The middle home uses %.3g kW on average; households use 0.1 to 2.",
                 doubt->value);
        break;
    default:
        snprintf(out, SENTENCE, "The readings are multiples of %g kWh, as kW made of counted Wh would be.",
                 doubt->value);
        snprintf(advice, ADVICE_SIZE,
                 "If the readings are mean kW, multiply them by %.4g; a meter that counts in such steps is "
                 "no fault.",
                 slot / 60.0);
        break;
    }
}

/* What was found, and what to do about it. */
static void say(const struct ls_survey *survey, const struct ls_doubt *doubt, char out[SENTENCE],
                char advice[ADVICE_SIZE])
{
    const struct ls_dataset *dataset = survey->dataset;
    const char *remedy = rows[doubt->kind].remedy;
    snprintf(advice, ADVICE_SIZE, "%s", remedy != NULL ? remedy : "");
    if (doubt->n_homes > 0)
        say_readings(doubt, dataset->cities[doubt->city].n_customers, dataset->slot_minutes, out);
    else if (doubt->kind >= LS_DOUBT_NO_FACTORS && doubt->kind <= LS_DOUBT_FACTOR_SAME)
        say_factors(survey, doubt, out);
    else if (doubt->city == LS_ALL_CITIES)
        say_counts(doubt, out);
    else
        say_level(doubt, dataset->slot_minutes, out, advice);
}

/* ---- Text */

static void write_wrapped(FILE *out, const char *text)
{
    int column = 0;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        int length = (int)strcspn(text, " ");
        if (column > 0 && column + 1 + length > COLS) {
            fputc('\n', out);
            column = 0;
        }
        column += fprintf(out, "%*s%.*s", column == 0 ? INDENT : 1, "", length, text);
        text += length;
    }
    fputc('\n', out);
}

static void write_span(FILE *out, const struct ls_survey *survey)
{
    char first[LS_STAMP_SIZE], last[LS_STAMP_SIZE];
    fprintf(out, "span        %s to %s\n", stamp(survey, survey->first_minute, first),
            stamp(survey, survey->last_minute, last));
    fprintf(out, "            %zu %s with readings, by the clock of %s%s\n", survey->days,
            plural(survey->days, "day", "days"), ls_zone_name(survey->zone),
            survey->n_changes == 0 ? "" : ", which changes:");
    for (size_t i = 0; i < survey->n_changes; i++) {
        char date[LS_DATE_SIZE];
        const struct ls_clock_change *change = &survey->changes[i];
        fprintf(out, "            %s %s has %d slots\n", ls_weekday_name(ls_date_weekday(change->date)),
                ls_date_format(change->date, date), change->minutes / survey->dataset->slot_minutes);
    }
}

static void write_cities(FILE *out, const struct ls_survey *survey)
{
    fprintf(out, "\n%-16s %6s %5s %10s %9s %7s %10s %9s\n", "city", "homes", "days", "readings", "MWh",
            "kW/home", "marginal", "average");
    for (size_t c = 0; c < survey->dataset->n_cities; c++) {
        const struct ls_city *city = &survey->dataset->cities[c];
        const struct ls_city_survey *about = &survey->cities[c];
        char level[24] = "-", mef[40] = "none", aef[40] = "none";
        if (!isnan(about->mean_kw))
            snprintf(level, sizeof level, about->mean_kw < 100 ? "%.3g" : "%.0f", about->mean_kw);
        if (city->n_factors > 0) {
            snprintf(mef, sizeof mef, "%.0f..%.0f", about->mef_low_g_per_kwh, about->mef_high_g_per_kwh);
            snprintf(aef, sizeof aef, "%.0f..%.0f", about->aef_low_g_per_kwh, about->aef_high_g_per_kwh);
        }
        fprintf(out, "%-16s %6zu %5zu %10" PRIu64 " %9.3f %7s %10s %9s\n", city->name, city->n_customers,
                about->days, about->readings, about->kwh / 1e3, level, mef, aef);
    }
    fprintf(out, "(kW/home: mean power of the middle home; factors in g/kWh, lowest..highest)\n");
}

static void write_home(FILE *out, const struct ls_survey *survey, const struct ls_doubt *doubt,
                       const struct ls_doubt_home *home)
{
    const struct home_shape *shape = &rows[doubt->kind].home;
    char value[64] = "", first[LS_STAMP_SIZE], last[LS_STAMP_SIZE];
    bool one = home->first_minute == home->last_minute;
    double percent = doubt->kind == LS_DOUBT_GAPS ? 100 : 1;
    if (shape->before != NULL)
        snprintf(value, sizeof value, "%s%.*f %s", shape->before, shape->digits, percent * home->value,
                 shape->value_unit);
    fprintf(out, "%*s%-16s %7" PRIu64 " %-8.*s", INDENT, "", survey->dataset->customers[home->customer].id,
            home->count, (int)strlen(shape->unit) - (home->count == 1), shape->unit);
    if (value[0] != '\0')
        fprintf(out, "  %14s", value);
    if (shape->instants) {
        moment(survey, home->first_minute, !one, first);
        moment(survey, home->last_minute, !one, last);
        fprintf(out, "  %s", first);
        if (strcmp(first, last) != 0)
            fprintf(out, " to %s", last);
    }
    fputc('\n', out);
}

static void write_doubt(FILE *out, const struct ls_survey *survey, const struct ls_doubt *doubt)
{
    char sentence[SENTENCE], advice[ADVICE_SIZE];
    const struct ls_dataset *dataset = survey->dataset;
    fprintf(out, "\n  %s%s%s\n", rows[doubt->kind].title,
            doubt->city != LS_ALL_CITIES && dataset->n_cities > 1 ? ", " : "",
            doubt->city != LS_ALL_CITIES && dataset->n_cities > 1 ? dataset->cities[doubt->city].name : "");
    say(survey, doubt, sentence, advice);
    write_wrapped(out, sentence);
    write_wrapped(out, advice);
    for (size_t i = 0; i < doubt->n_worst; i++)
        write_home(out, survey, doubt, &doubt->worst[i]);
    if (doubt->n_homes > doubt->n_worst)
        fprintf(out, "%*sand %zu more\n", INDENT, "", doubt->n_homes - doubt->n_worst);
}

/* Those that are minor, or those that are not, under a heading; returns their number. */
static size_t write_doubts(FILE *out, const struct ls_survey *survey, bool minor)
{
    size_t n = 0;
    for (size_t i = 0; i < survey->n_doubts; i++) {
        if (ls_doubt_minor(&survey->doubts[i]) != minor)
            continue;
        if (n++ == 0)
            fprintf(out, "\n%s\n", minor ? "noted" : "doubtful");
        write_doubt(out, survey, &survey->doubts[i]);
    }
    return n;
}

void ls_report_survey_text(FILE *out, const struct ls_survey *survey, const char *name)
{
    fprintf(out, "loadscope   %s\n", name);
    ls_report_quality(out, survey->dataset);
    write_span(out, survey);
    write_cities(out, survey);
    if (write_doubts(out, survey, false) == 0)
        fprintf(out, "\nnothing is doubtful\n");
    write_doubts(out, survey, true);
}

/* ---- JSON; each function is false when out of memory */

static bool add_number(cJSON *object, const char *name, double value)
{
    return (isfinite(value) ? cJSON_AddNumberToObject(object, name, value)
                            : cJSON_AddNullToObject(object, name)) != NULL;
}

static bool add_count(cJSON *object, const char *name, uint64_t count)
{
    return cJSON_AddNumberToObject(object, name, (double)count) != NULL;
}

static bool add_instant(cJSON *object, const char *name, const struct ls_survey *survey, int32_t minute)
{
    char text[LS_STAMP_SIZE];
    return minute == LS_MISSING || cJSON_AddStringToObject(object, name, stamp(survey, minute, text)) != NULL;
}

/* A new object at the end of the array, or NULL. */
static cJSON *append(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || cJSON_AddItemToArray(array, object))
        return object;
    cJSON_Delete(object);
    return NULL;
}

static bool add_read(cJSON *object, const struct ls_survey *survey)
{
    const struct ls_quality *q = &survey->dataset->quality;
    return add_count(object, "rows", q->rows) && add_count(object, "readings", q->readings) &&
           add_count(object, "homes", survey->dataset->n_customers) &&
           add_count(object, "days", survey->days) &&
           add_count(object, "slot_minutes", (uint64_t)survey->dataset->slot_minutes) &&
           add_number(object, "step_kwh", survey->dataset->quantum_mwh * 1e-6) &&
           add_count(object, "gaps", q->gaps) && add_count(object, "missing", q->missing) &&
           add_count(object, "negative", q->negative) && add_count(object, "duplicates", q->duplicates) &&
           add_count(object, "rounded", q->rounded) && add_count(object, "factor_rows", q->factor_rows) &&
           add_count(object, "slots", q->slots) &&
           add_count(object, "slots_without_factors", q->slots_without_factor) &&
           cJSON_AddStringToObject(object, "zone", ls_zone_name(survey->zone)) != NULL &&
           add_instant(object, "first", survey, survey->first_minute) &&
           add_instant(object, "last", survey, survey->last_minute);
}

static bool add_changes(cJSON *array, const struct ls_survey *survey)
{
    for (size_t i = 0; i < survey->n_changes; i++) {
        char date[LS_DATE_SIZE];
        cJSON *object = append(array);
        int slots = survey->changes[i].minutes / survey->dataset->slot_minutes;
        if (object == NULL ||
            cJSON_AddStringToObject(object, "date", ls_date_format(survey->changes[i].date, date)) == NULL ||
            !add_count(object, "slots", (uint64_t)slots))
            return false;
    }
    return true;
}

static bool add_cities(cJSON *array, const struct ls_survey *survey)
{
    for (size_t c = 0; c < survey->dataset->n_cities; c++) {
        const struct ls_city *city = &survey->dataset->cities[c];
        const struct ls_city_survey *about = &survey->cities[c];
        cJSON *object = append(array);
        if (object == NULL || cJSON_AddStringToObject(object, "city", city->name) == NULL ||
            !add_instant(object, "first", survey, about->first_minute) ||
            !add_instant(object, "last", survey, about->last_minute) ||
            !add_count(object, "homes", city->n_customers) || !add_count(object, "days", about->days) ||
            !add_count(object, "readings", about->readings) || !add_number(object, "kwh", about->kwh) ||
            !add_number(object, "middle_home_kw", about->mean_kw) ||
            !add_count(object, "slots_with_factors", city->n_factors) ||
            !add_number(object, "mef_low_g_per_kwh", about->mef_low_g_per_kwh) ||
            !add_number(object, "mef_high_g_per_kwh", about->mef_high_g_per_kwh) ||
            !add_number(object, "aef_low_g_per_kwh", about->aef_low_g_per_kwh) ||
            !add_number(object, "aef_high_g_per_kwh", about->aef_high_g_per_kwh))
            return false;
    }
    return true;
}

static bool add_doubt_homes(cJSON *object, const struct ls_survey *survey, const struct ls_doubt *doubt)
{
    const struct home_shape *shape = &rows[doubt->kind].home;
    cJSON *array = cJSON_AddArrayToObject(object, "worst");
    for (size_t i = 0; array != NULL && i < doubt->n_worst; i++) {
        const struct ls_doubt_home *home = &doubt->worst[i];
        cJSON *one = append(array);
        if (one == NULL ||
            cJSON_AddStringToObject(one, "home", survey->dataset->customers[home->customer].id) == NULL ||
            !add_count(one, shape->unit, home->count) ||
            (shape->json_value != NULL &&
             !add_number(one, shape->json_value, (doubt->kind == LS_DOUBT_GAPS ? 100 : 1) * home->value)) ||
            !add_instant(one, "first", survey, home->first_minute) ||
            !add_instant(one, "last", survey, home->last_minute))
            return false;
    }
    return array != NULL;
}

static bool add_doubts(cJSON *array, const struct ls_survey *survey)
{
    for (size_t i = 0; i < survey->n_doubts; i++) {
        const struct ls_doubt *doubt = &survey->doubts[i];
        char sentence[SENTENCE], advice[ADVICE_SIZE];
        cJSON *object = append(array);
        say(survey, doubt, sentence, advice);
        if (object == NULL || cJSON_AddStringToObject(object, "doubt", rows[doubt->kind].word) == NULL ||
            (doubt->city != LS_ALL_CITIES &&
             cJSON_AddStringToObject(object, "city", survey->dataset->cities[doubt->city].name) == NULL) ||
            cJSON_AddStringToObject(object, "found", sentence) == NULL ||
            cJSON_AddStringToObject(object, "remedy", advice) == NULL ||
            cJSON_AddBoolToObject(object, "minor", ls_doubt_minor(doubt)) == NULL ||
            !add_count(object, "count", doubt->count) || !add_number(object, "value", doubt->value) ||
            !add_instant(object, "first", survey, doubt->first_minute) ||
            !add_instant(object, "last", survey, doubt->last_minute))
            return false;
        if (doubt->n_homes > 0 &&
            (!add_count(object, "homes", doubt->n_homes) || !add_doubt_homes(object, survey, doubt)))
            return false;
    }
    return true;
}

static bool fill(cJSON *object, const struct ls_survey *survey)
{
    cJSON *changes, *cities, *doubts;
    return add_read(object, survey) && (changes = cJSON_AddArrayToObject(object, "clock_changes")) != NULL &&
           add_changes(changes, survey) && (cities = cJSON_AddArrayToObject(object, "cities")) != NULL &&
           add_cities(cities, survey) && (doubts = cJSON_AddArrayToObject(object, "doubts")) != NULL &&
           add_doubts(doubts, survey);
}

int ls_report_survey_json(FILE *out, const struct ls_survey *survey, struct ls_error *error)
{
    cJSON *object = cJSON_CreateObject();
    char *text = object != NULL && fill(object, survey) ? cJSON_PrintUnformatted(object) : NULL;
    int status = 0;
    if (text == NULL)
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for a JSON object");
    else
        fprintf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(object);
    return status;
}
