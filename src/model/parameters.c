/*
 * The one table of parameters, and the names of its rows.
 *
 * The scenario file, --set, the forms, the :set command, the man page and the tests read this table; a
 * parameter is described here and nowhere else. The rows stand in the order in which a scenario file has
 * them, those of a section together, and `run` last.
 */
#include "base/text.h"
#include "data/columns.h"
#include "model/names.h"
#include "model/values.h"

#include <stdio.h>
#include <string.h>

#define OF_POLICY(member) offsetof(struct ls_policy, member)
#define OF_CITY(member)   offsetof(struct ls_city_policy, member)

static const char *const peak_unit_words[] = {"hour", "slot", NULL};
static const char *const peak_scope_words[] = {"per_customer", "per_city", NULL};
static const char *const floor_period_words[] = {"year", "month", "week", "day", NULL};
static const char *const floor_type_words[] = {"average", "absolute_min", "none", NULL};
static const char *const engine_words[] = {"greedy", "milp", "lp", NULL};
static const char *const solver_words[] = {"auto", "glpk", NULL};
static const char *const week_context_words[] = {"day_alone", "in_week", NULL};

#define PEAK_HOURS(day, name, long_name)                                                                     \
    {                                                                                                        \
        .section = "peak_hours", .key = name, .label = "Peak hours " name, .symbol = "", .unit = "",         \
        .type = LS_TYPE_HOURS, .per_city = true, .fallback = "", .high = LS_HOURS_A_DAY - 1,                 \
        .offset = OF_CITY(peak_hours) + (day) * sizeof(uint32_t),                                            \
        .help = "The city's peak hours on " long_name                                                        \
                "s, local clock, as 8 9 10 20 or 8-10,20. Empty means no peak "                              \
                "that day.",                                                                                 \
    }

static const struct ls_parameter table[] = {
    {
        .section = "behaviour",
        .key = "moves_per_day",
        .label = "Moves per day",
        .symbol = "K_day",
        .unit = "moves",
        .type = LS_TYPE_INTEGER,
        .may_be_none = true,
        .fallback = "1",
        .high = 1440,
        .step = 1,
        .offset = OF_POLICY(moves_per_day),
        .help = "How many different slots a customer may be asked to empty in one day. With none there is no "
                "limit.",
    },
    {
        .section = "behaviour",
        .key = "moves_per_week",
        .label = "Moves per week",
        .symbol = "K_week",
        .unit = "moves",
        .type = LS_TYPE_INTEGER,
        .may_be_none = true,
        .fallback = "3",
        .high = 10080,
        .step = 1,
        .offset = OF_POLICY(moves_per_week),
        .help =
            "How many slots a customer may be asked to empty from Monday to Sunday. With none only the daily "
            "limit holds.",
    },
    {
        .section = "behaviour",
        .key = "shift_window_hours",
        .label = "Shift window",
        .symbol = "H",
        .unit = "h",
        .type = LS_TYPE_REAL,
        .may_be_none = true,
        .fallback = "2",
        .high = 24,
        .step = 0.5,
        .offset = OF_POLICY(shift_window_hours),
        .help = "How many hours earlier or later energy may be used. With none it may go anywhere in the "
                "same day.",
    },
    {
        .section = "behaviour",
        .key = "shift_window_inclusive",
        .label = "Window includes its end",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_BOOLEAN,
        .fallback = "yes",
        .step = 1,
        .offset = OF_POLICY(shift_window_inclusive),
        .help = "Whether a move of exactly the shift window is allowed.",
    },
    {
        .section = "behaviour",
        .key = "day_boundaries",
        .label = "Movable hours",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_SPAN,
        .fallback = "00:00-24:00",
        .high = LS_DAY_MINUTES,
        .offset = OF_POLICY(day_open_minute),
        .help = "The hours of the local clock within which energy may leave a slot or arrive in one, as "
                "06:00-22:30. "
                "They do not run over midnight.",
    },
    {
        .section = "behaviour",
        .key = "timezone",
        .label = "Time zone",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_ZONE,
        .fallback = "auto",
        .offset = OF_POLICY(timezone),
        .help =
            "The IANA zone of the local days, such as Asia/Kolkata. With auto it is the one offset that all "
            "readings carry.",
    },
    {
        .section = "behaviour",
        .key = "slot_minutes",
        .label = "Slot length",
        .symbol = "",
        .unit = "min",
        .type = LS_TYPE_INTEGER,
        .fallback = "30",
        .low = 1,
        .high = 60,
        .offset = OF_POLICY(slot_minutes),
        .help = "Minutes from one reading to the next; it divides 60 and must be that of the data.",
    },
    {
        .section = "peak",
        .key = "reduction_limit_percent",
        .label = "Peak comfort limit",
        .symbol = "Z",
        .unit = "%",
        .type = LS_TYPE_REAL,
        .may_be_none = true,
        .fallback = "25",
        .high = 100,
        .step = 5,
        .offset = OF_POLICY(peak_reduction_percent),
        .help = "The most that may leave a peak hour, in % of its use. With none it is like any other hour.",
    },
    {
        .section = "peak",
        .key = "limit_scope",
        .label = "Peak limit counts per",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .fallback = "hour",
        .step = 1,
        .choices = peak_unit_words,
        .offset = OF_POLICY(peak_unit),
        .help = "Whether the peak comfort limit covers each whole peak hour or each slot of it.",
    },
    {
        .section = "peak",
        .key = "reduction_scope",
        .label = "Peak limit holds",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .fallback = "per_customer",
        .step = 1,
        .choices = peak_scope_words,
        .offset = OF_POLICY(peak_scope),
        .help =
            "Whether the peak comfort limit holds for every customer or for the city's customers together.",
    },
    PEAK_HOURS(0, "Mon", "Monday"),
    PEAK_HOURS(1, "Tue", "Tuesday"),
    PEAK_HOURS(2, "Wed", "Wednesday"),
    PEAK_HOURS(3, "Thu", "Thursday"),
    PEAK_HOURS(4, "Fri", "Friday"),
    PEAK_HOURS(5, "Sat", "Saturday"),
    PEAK_HOURS(6, "Sun", "Sunday"),
    {
        .section = "regional",
        .key = "load_shift_percent_limit",
        .label = "Regional budget",
        .symbol = "P",
        .unit = "%",
        .type = LS_TYPE_REAL,
        .may_be_none = true,
        .fallback = "10",
        .high = 100,
        .step = 1,
        .offset = OF_POLICY(load_shift_percent),
        .help = "The most that may be moved in a city in one day, in % of its regional daily load. With none "
                "there "
                "is no budget.",
    },
    {
        .section = "regional_daily_load_kwh",
        .key = "",
        .label = "Regional daily load",
        .symbol = "L",
        .unit = "kWh",
        .type = LS_TYPE_LOAD,
        .per_city = true,
        .fallback = "auto",
        .high = 1e12,
        .offset = OF_CITY(daily_load_kwh),
        .help = "The kWh that the city's region uses on an average day (not in an average hour). With auto "
                "it is the "
                "daily average of the readings themselves.",
    },
    {
        .section = "household_minimum",
        .key = "baseline_period",
        .label = "Floor looks at the same",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .fallback = "year",
        .step = 1,
        .choices = floor_period_words,
        .offset = OF_POLICY(floor_period),
        .help = "The calendar period whose readings, of the same weekday and hour, make a household's floor.",
    },
    {
        .section = "household_minimum",
        .key = "baseline_type",
        .label = "Floor's base",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .may_be_none = true,
        .fallback = "average",
        .step = 1,
        .choices = floor_type_words,
        .offset = OF_POLICY(floor_type),
        .help = "The usual use below which a slot may not be emptied: the average or the least of those "
                "readings. "
                "With none there is no floor at all.",
    },
    {
        .section = "household_minimum",
        .key = "robust_max_percentile",
        .label = "Robust maximum percentile",
        .symbol = "",
        .unit = "%",
        .type = LS_TYPE_REAL,
        .fallback = "95",
        .high = 100,
        .step = 1,
        .offset = OF_POLICY(robust_max_percentile),
        .help = "The percentile of those readings that stands for a household's usual maximum.",
    },
    {
        .section = "household_minimum",
        .key = "R_percent",
        .label = "Share of robust maximum",
        .symbol = "R",
        .unit = "%",
        .type = LS_TYPE_REAL,
        .may_be_none = true,
        .fallback = "10",
        .high = 100,
        .step = 5,
        .offset = OF_POLICY(r_percent),
        .help = "The floor is at least this share of the usual maximum, in %. With none the floor is the "
                "base alone.",
    },
    {
        .section = "household_minimum",
        .key = "epsilon_floor_kwh",
        .label = "Least floor",
        .symbol = "",
        .unit = "kWh",
        .type = LS_TYPE_REAL,
        .fallback = "0.001",
        .high = 1000,
        .step = 0.001,
        .offset = OF_POLICY(epsilon_floor_kwh),
        .help = "The kWh that stay in every slot whatever the household's history says.",
    },
    {
        .section = "spike",
        .key = "alpha_percent",
        .label = "Anti-spike limit",
        .symbol = "α",
        .unit = "%",
        .type = LS_TYPE_REAL,
        .may_be_none = true,
        .fallback = "25",
        .high = 1000,
        .step = 1,
        .offset = OF_POLICY(alpha_percent),
        .help = "The most by which a slot's total for the city may grow, in % of what it was. With none a "
                "new spike "
                "is allowed.",
    },
    {
        .section = "run",
        .key = "engine",
        .label = "Engine",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .fallback = "greedy",
        .step = 1,
        .choices = engine_words,
        .offset = OF_POLICY(engine),
        .help = "How moves are found: greedy is fast, milp is the exact optimum of each customer in turn, lp "
                "leaves "
                "out the limits on the number of moves.",
    },
    {
        .section = "run",
        .key = "week_context",
        .label = "Week",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .fallback = "day_alone",
        .step = 1,
        .choices = week_context_words,
        .offset = OF_POLICY(week_context),
        .help = "Whether a day has the full weekly quota (day_alone) or what the week's earlier days left "
                "(in_week).",
    },
    {
        .section = "run",
        .key = "shuffle_order",
        .label = "Shuffle the customers",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_BOOLEAN,
        .fallback = "no",
        .step = 1,
        .offset = OF_POLICY(shuffle_order),
        .help =
            "Whether customers are served in a random order, drawn anew for each city and day. Otherwise the "
            "largest user of the day comes first.",
    },
    {
        .section = "run",
        .key = "seed",
        .label = "Seed of the shuffle",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_INTEGER,
        .fallback = "0",
        .high = (double)INT64_MAX,
        .step = 1,
        .offset = OF_POLICY(seed),
        .help = "The number that the random order is drawn from; the same seed gives the same order.",
    },
    {
        .section = "run",
        .key = "min_fraction_of_day",
        .label = "Smallest move",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_REAL,
        .may_be_none = true,
        .fallback = "none",
        .high = 1,
        .step = 0.01,
        .offset = OF_POLICY(min_fraction_of_day),
        .help =
            "A move is at least this fraction of the customer's kWh of the day, 0 to 1. With none any move "
            "counts.",
    },
    {
        .section = "run",
        .key = "solver",
        .label = "Solver of milp",
        .symbol = "",
        .unit = "",
        .type = LS_TYPE_CHOICE,
        .fallback = "auto",
        .step = 1,
        .choices = solver_words,
        .offset = OF_POLICY(solver),
        .help =
            "How milp finds its optimum: auto takes a faster exact method where there are at most two moves, "
            "glpk always asks GLPK. Both save the same for a customer; of equal optima they may choose "
            "different ones.",
    },
};

enum { N_ROWS = sizeof table / sizeof table[0] };

const struct ls_parameter *ls_parameters(size_t *count)
{
    *count = N_ROWS;
    return table;
}

const char *ls_parameter_name(const struct ls_parameter *parameter, const char *city, char *out, size_t size)
{
    const char *dot = parameter->key[0] != '\0' ? "." : "";
    if (parameter->per_city)
        snprintf(out, size, "%s.%s%s%s", parameter->section, city != NULL ? city : "CITY", dot,
                 parameter->key);
    else
        snprintf(out, size, "%s%s%s", parameter->section, dot, parameter->key);
    return out;
}

size_t ls_name_distance(const char *typed, const char *candidate)
{
    size_t length = strlen(typed);
    if (strcmp(typed, candidate) == 0)
        return 0;
    return length >= 3 && strstr(candidate, typed) != NULL ? 1 : ls_text_distance(typed, candidate);
}

/* Cuts the city out of "section.CITY.key" or "section.CITY"; false when the name is not that row's. */
static bool match_city(const struct ls_parameter *row, const char *dotted, char city[64])
{
    size_t prefix = strlen(row->section), suffix = strlen(row->key), length = strlen(dotted);
    if (suffix > 0)
        suffix++; /* its dot */
    if (strncmp(dotted, row->section, prefix) != 0 || dotted[prefix] != '.' || length <= prefix + 1 + suffix)
        return false;
    if (suffix > 0 && (dotted[length - suffix] != '.' || strcmp(dotted + length - suffix + 1, row->key) != 0))
        return false;
    size_t n = length - prefix - 1 - suffix;
    if (n >= sizeof((struct ls_city_policy *)NULL)->name)
        return false;
    memcpy(city, dotted + prefix + 1, n);
    city[n] = '\0';
    return true;
}

/* Guesses which part of a wrong name is a city: what follows the first dot, up to the last one where the row
 * has a key. "CITY" when there is no such part. */
static void guess_city(const struct ls_parameter *row, const char *dotted, char city[64])
{
    const char *from = strchr(dotted, '.'), *last = strrchr(dotted, '.');
    size_t n = 0;
    if (from != NULL && from[1] != '\0') {
        from++;
        n = row->key[0] != '\0' && last > from ? (size_t)(last - from) : strlen(from);
    }
    if (n == 0 || n > 63)
        snprintf(city, 64, "CITY");
    else
        snprintf(city, 64, "%.*s", (int)n, from);
}

/* Writes the valid name nearest to `dotted`: of the whole name, or of the key alone when it has no section.
 * False when it is far from all. */
static bool nearest_name(const char *dotted, char out[LS_NAME_SIZE])
{
    bool bare = strchr(dotted, '.') == NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < N_ROWS; i++) {
        char name[LS_NAME_SIZE], city[64];
        guess_city(&table[i], dotted, city);
        ls_parameter_name(&table[i], city, name, sizeof name);
        bool by_key = bare && table[i].key[0] != '\0';
        size_t distance = ls_name_distance(dotted, by_key ? table[i].key : name);
        if (distance < best) {
            best = distance;
            memcpy(out, name, sizeof name);
        }
    }
    return 2 * best <= strlen(dotted);
}

int ls_parameter_find(const char *dotted, const struct ls_parameter **out, char city[64],
                      struct ls_error *error)
{
    char name[LS_NAME_SIZE], found[64] = "", quoted[LS_QUOTE_SIZE], clean[LS_QUOTE_SIZE];
    for (size_t i = 0; i < N_ROWS; i++) {
        const struct ls_parameter *row = &table[i];
        bool match = row->per_city ? match_city(row, dotted, found)
                                   : strcmp(dotted, ls_parameter_name(row, NULL, name, sizeof name)) == 0;
        if (match && ls_name_flaw(found, strlen(found)) != NULL)
            return ls_error_set(error, LS_ERR_NAME, "'%s' is %s", ls_value_quote(dotted, quoted),
                                ls_name_flaw(found, strlen(found)));
        if (match) {
            *out = row;
            memcpy(city, found, sizeof found);
            return 0;
        }
    }
    ls_error_set(error, LS_ERR_NAME, "unknown parameter '%s'", ls_value_quote(dotted, quoted));
    if (nearest_name(dotted, name))
        (void)ls_error_remedy(error, "did you mean %s?", ls_value_quote(name, clean));
    else
        (void)ls_error_remedy(error, "write SECTION.KEY, such as spike.alpha_percent");
    return LS_ERR_NAME;
}
