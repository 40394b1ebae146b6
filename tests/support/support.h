/*
 * What several tests need: small datasets from memory, policies from assignments, solved days, text under
 * way.
 *
 * Everything here fails the running cmocka test instead of returning an error. The caller frees what it is
 * handed by the function named for it.
 */
#ifndef LS_TESTS_SUPPORT_H
#define LS_TESTS_SUPPORT_H

#include <loadscope/shift.h>

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SUPPORT_MONDAY 19723 /* 2024-01-01, a Monday */
#define SUPPORT_COLUMNS                                                                                      \
    "ca_id,date,city,value,marginal_emissions_factor_grams_co2_per_kWh,"                                     \
    "average_emissions_factor_grams_co2_per_kWh\n"

/* cmocka's own compares as float, which is too coarse for kWh to the milliwatt-hour. */
#define assert_near(value, wanted, tolerance)                                                                \
    support_assert_near((value), (wanted), (tolerance), __FILE__, __LINE__)
void support_assert_near(double value, double wanted, double tolerance, const char *file, int line);

/* Text that grows; start with a zeroed struct, end with free(text.bytes). */
struct support_text {
    char *bytes;
    size_t length, capacity;
};
void support_add(struct support_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One row of readings; NaN as value or factor leaves the field empty. */
void support_row(struct support_text *text, const char *city, const char *id, int64_t instant,
                 int32_t offset_s, double kwh, double mef, double aef);

/* Loads CSV text with its heading; ends with ls_dataset_destroy(). */
struct ls_dataset *support_load(const char *csv, int slot_minutes, const char *timezone);
struct ls_dataset *support_load_file(const char *path, int slot_minutes, const char *timezone);

/*
 * Homes "a", "b", ... of city X on Monday 2024-01-01 UTC, whose first n_slots slots have these readings [kWh]
 * (row-major [homes * n_slots], NaN: no row) and marginal factors; the average factor is the marginal one.
 */
struct ls_dataset *support_day(int slot_minutes, int n_slots, const double *mef, size_t homes,
                               const double *kwh);

/* The days of `date` "2013-02-04". */
int32_t support_date(const char *text);

/* The default policy with assignments "section.key=value", separated by semicolons; ls_policy_clear() ends
 * it. */
void support_policy(struct ls_policy *policy, const char *assignments);
void support_set(struct ls_policy *policy, const char *assignments);

/* No limit but the shift window of 24 h, and 24 moves a day: what else a test wants it adds. */
#define SUPPORT_OPEN                                                                                         \
    "behaviour.moves_per_day=24;behaviour.moves_per_week=none;behaviour.shift_window_hours=24;"              \
    "peak.reduction_limit_percent=none;regional.load_shift_percent_limit=none;"                              \
    "household_minimum.baseline_type=none;spike.alpha_percent=none;"

/* A solved city-day. */
struct support_solved {
    ls_zone *zone;
    struct ls_cityday *day;
    struct ls_plan *plan;
};
struct support_solved support_solve(const struct ls_dataset *dataset, const struct ls_policy *policy,
                                    const char *city, int32_t date);
void support_release(struct support_solved *solved);

/* Fails, naming the first violation, unless ls_check() finds nothing. */
void support_assert_sound(const struct ls_dataset *dataset, const struct ls_policy *policy,
                          const struct ls_cityday *day, const int *quota_left, const struct ls_plan *plan);

/* The whole of a plain or gzip file, NUL-ended; free() ends it. */
char *support_read_gzip(const char *path);

/* Cuts the next field (up to a comma) or line off *rest; NULL when there is none. */
char *support_cut(char **rest, char at);

/* Homes of city X on Monday 2024-01-01 and the Monday before; readings and factors are missing here and
 * there. */
struct ls_dataset *support_random_day(struct ls_random *random, size_t homes, int slot_minutes);

/* Any limits at all; slot_minutes is the caller's to set. */
void support_random_policy(struct ls_random *random, struct ls_policy *policy);

#endif
