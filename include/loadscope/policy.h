/**
 * @file policy.h
 * The limits an analyst tunes, and the one table that describes every one of them.
 *
 * A policy is plain data but for its list of cities, which it owns: copy with ls_policy_copy(), end with
 * ls_policy_clear(). Text goes in and out only through the table, so that the scenario file, `--set`, the
 * form, the
 * `:set` command, the man page and the tests agree.
 */
#ifndef LOADSCOPE_POLICY_H
#define LOADSCOPE_POLICY_H

#include <loadscope/calendar.h>
#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define LS_NONE       (-1) /**< a limit that is switched off; a daily load that is `auto` */
#define LS_VALUE_SIZE 256  /**< bytes that hold any value as text with its NUL */

enum ls_engine_id { LS_ENGINE_GREEDY, LS_ENGINE_MILP, LS_ENGINE_LP };
enum ls_solver { LS_SOLVER_AUTO, LS_SOLVER_GLPK }; /**< AUTO: the fastest that proves the optimum */
enum ls_week_context { LS_WEEK_DAY_ALONE, LS_WEEK_IN_WEEK };
enum ls_peak_unit { LS_PEAK_HOUR, LS_PEAK_SLOT };              /**< what one allowance covers */
enum ls_peak_scope { LS_PEAK_PER_CUSTOMER, LS_PEAK_PER_CITY }; /**< who shares it */
enum ls_floor_period { LS_PERIOD_YEAR, LS_PERIOD_MONTH, LS_PERIOD_WEEK, LS_PERIOD_DAY };
enum ls_floor_type { LS_FLOOR_AVERAGE, LS_FLOOR_ABSOLUTE_MIN, LS_FLOOR_NONE };

/** What a policy says of one city. */
struct ls_city_policy {
    char name[64];
    uint32_t peak_hours[LS_DAYS_A_WEEK]; /**< Monday first; bit h set: local hour h is a peak */
    double daily_load_kwh; /**< L, average daily load of the region; LS_NONE: the dataset's own */
};

struct ls_policy {
    int moves_per_day;             /**< K_day, distinct sources a customer-day; LS_NONE: no limit */
    int moves_per_week;            /**< K_week, the same over a local week; LS_NONE: no limit */
    double shift_window_hours;     /**< H [h]; LS_NONE: the whole day */
    bool shift_window_inclusive;   /**< exactly H apart is allowed */
    int day_open_minute;           /**< movable hours, wall clock [min after midnight] */
    int day_close_minute;          /**< > day_open_minute, at most 1440 */
    char timezone[64];             /**< IANA name or "auto" */
    int slot_minutes;              /**< 15, 30, 60, or another divisor of 60 */
    double peak_reduction_percent; /**< Z [%]; LS_NONE: no limit */
    enum ls_peak_unit peak_unit;
    enum ls_peak_scope peak_scope;
    double load_shift_percent; /**< P [%]; LS_NONE: no limit */
    enum ls_floor_period floor_period;
    enum ls_floor_type floor_type;
    double robust_max_percentile; /**< [%] */
    double r_percent;             /**< R [%]; LS_NONE: the term is dropped */
    double epsilon_floor_kwh;     /**< [kWh] */
    double alpha_percent;         /**< anti-spike [%]; LS_NONE: no limit */
    enum ls_engine_id engine;
    enum ls_week_context week_context;
    bool shuffle_order;
    int64_t seed;
    double min_fraction_of_day; /**< smallest move as a fraction of the customer's day; LS_NONE: off */
    enum ls_solver solver;      /**< how the engine milp finds its optimum */
    size_t n_cities;
    struct ls_city_policy *cities; /**< [n_cities], sorted by name */
};

/** Makes the default policy. */
void ls_policy_init(struct ls_policy *policy);
void ls_policy_clear(struct ls_policy *policy);
/** Makes @p to a copy of its own; @p to owns nothing before (not initialised, or cleared). */
int ls_policy_copy(struct ls_policy *to, const struct ls_policy *from, struct ls_error *error);
bool ls_policy_equal(const struct ls_policy *a, const struct ls_policy *b);

/** What the policy says of @p city; the defaults (no peak hours, load auto) when it says nothing. Never NULL.
 */
const struct ls_city_policy *ls_policy_city(const struct ls_policy *policy, const char *city);

enum ls_type {
    LS_TYPE_INTEGER,
    LS_TYPE_REAL,
    LS_TYPE_BOOLEAN,
    LS_TYPE_CHOICE,
    LS_TYPE_ZONE,  /**< IANA name or auto */
    LS_TYPE_SPAN,  /**< hh:mm-hh:mm */
    LS_TYPE_HOURS, /**< hours of a day, "8 9 10 20" or "8-10,20"; per city */
    LS_TYPE_LOAD,  /**< kWh or auto; per city */
};

/** One row of the table. All text lives for ever. */
struct ls_parameter {
    const char *section, *key;
    const char *label;  /**< as on a form, at most 28 columns */
    const char *symbol; /**< of the model, "" when it has none */
    const char *unit;   /**< "" when it has none */
    enum ls_type type;
    bool may_be_none;           /**< `none` switches the limit off */
    bool per_city;              /**< dotted name: section.CITY.key, or section.CITY when key is "" */
    const char *fallback;       /**< the default as text */
    double low, high;           /**< range of a number, both ends allowed */
    double step;                /**< one nudge; 0: not to be nudged */
    const char *const *choices; /**< NULL-ended words of a choice, in the enum's order */
    size_t offset;              /**< of the value in struct ls_policy (per city: in struct ls_city_policy) */
    const char *help;           /**< one or two sentences */
};

/** The table; its length goes to @p count. */
const struct ls_parameter *ls_parameters(size_t *count);

/** Writes the dotted name: "spike.alpha_percent", "peak_hours.London.Mon". @p city NULL unless per city. */
const char *ls_parameter_name(const struct ls_parameter *parameter, const char *city, char *out, size_t size);

/**
 * Finds a parameter by its dotted name; a city in it goes to @p city (64 bytes, "" when there is none).
 * LS_ERR_NAME, with the nearest valid name as the remedy.
 */
int ls_parameter_find(const char *dotted, const struct ls_parameter **out, char city[64],
                      struct ls_error *error);

/** Writes the value as text, as a scenario file has it; returns @p out. */
const char *ls_parameter_get(const struct ls_parameter *parameter, const struct ls_policy *policy,
                             const char *city, char *out, size_t size);

/** Sets the value from text; LS_ERR_VALUE, with the range or the words allowed as the remedy. */
int ls_parameter_set(const struct ls_parameter *parameter, struct ls_policy *policy, const char *city,
                     const char *text, struct ls_error *error);

/** Adds @p steps steps to a number (clamped to its range; off becomes a limit by nudging down), or turns a
 * choice. */
int ls_parameter_nudge(const struct ls_parameter *parameter, struct ls_policy *policy, const char *city,
                       int steps, struct ls_error *error);

/** "section.key=value" as `--set` and `:set` have it. */
int ls_policy_assign(struct ls_policy *policy, const char *assignment, struct ls_error *error);

/** Reads a scenario file over @p policy ("-": standard input); untouched on failure. Errors name file and
 * line. */
int ls_scenario_read(const char *path, struct ls_policy *policy, struct ls_error *error);

/** The same from memory, @p name standing for the file in messages. */
int ls_scenario_parse(const char *name, const char *text, size_t length, struct ls_policy *policy,
                      struct ls_error *error);

/** Writes the whole policy as a scenario that reads back equal. LS_ERR_IO, LS_ERR_VALUE (a name INI cannot
 * hold). */
int ls_scenario_write(FILE *file, const struct ls_policy *policy, struct ls_error *error);

/** Writes it beside @p path and renames: the file appears whole or not at all. */
int ls_scenario_save(const char *path, const struct ls_policy *policy, struct ls_error *error);

#endif
