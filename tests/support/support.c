#include "support.h"

#include "data/load.h"

#include <zlib.h>

void support_assert_near(double value, double wanted, double tolerance, const char *file, int line)
{
    if (fabs(value - wanted) <= tolerance)
        return;
    print_error("%.12g is not %.12g\n", value, wanted);
    _fail(file, line);
}

void support_add(struct support_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert_true(length >= 0);
    size_t wanted = text->length + (size_t)length + 1;
    if (wanted > text->capacity) {
        text->capacity = 2 * wanted;
        text->bytes = realloc(text->bytes, text->capacity);
        assert_non_null(text->bytes);
    }
    va_start(args, format);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, args);
    va_end(args);
    text->length += (size_t)length;
}

static void add_number(struct support_text *text, double value)
{
    if (isnan(value))
        support_add(text, ",");
    else
        support_add(text, ",%.9g", value);
}

void support_row(struct support_text *text, const char *city, const char *id, int64_t instant,
                 int32_t offset_s, double kwh, double mef, double aef)
{
    char stamp[LS_STAMP_SIZE];
    support_add(text, "%s,%s,%s", id, ls_stamp_format(instant, offset_s, stamp), city);
    add_number(text, kwh);
    add_number(text, mef);
    add_number(text, aef);
    support_add(text, "\n");
}

static void fail_error(const struct ls_error *error)
{
    char text[1200];
    fail_msg("%s", ls_error_text(error, text, sizeof text));
}

struct ls_dataset *support_load(const char *csv, int slot_minutes, const char *timezone)
{
    struct ls_source source = {.path = "test.csv", .bytes = csv, .length = strlen(csv)};
    struct ls_load_options options = {.slot_minutes = slot_minutes, .timezone = timezone};
    struct ls_dataset *dataset = NULL;
    struct ls_error error = {0};
    if (ls_dataset_load_sources(&source, 1, NULL, &options, &dataset, &error) != 0)
        fail_error(&error);
    return dataset;
}

struct ls_dataset *support_load_file(const char *path, int slot_minutes, const char *timezone)
{
    struct ls_load_options options = {.slot_minutes = slot_minutes, .timezone = timezone};
    struct ls_dataset *dataset = NULL;
    struct ls_error error = {0};
    if (ls_dataset_load(&path, 1, &options, &dataset, &error) != 0)
        fail_error(&error);
    return dataset;
}

struct ls_dataset *support_day(int slot_minutes, int n_slots, const double *mef, size_t homes,
                               const double *kwh)
{
    struct support_text text = {0};
    support_add(&text, SUPPORT_COLUMNS);
    for (size_t i = 0; i < homes; i++)
        for (int t = 0; t < n_slots; t++) {
            char id[2] = {(char)('a' + i), '\0'};
            int64_t instant = SUPPORT_MONDAY * (int64_t)86400 + t * slot_minutes * 60;
            double used = kwh[i * (size_t)n_slots + (size_t)t];
            if (!isnan(used))
                support_row(&text, "X", id, instant, 0, used, mef[t], mef[t]);
        }
    struct ls_dataset *dataset = support_load(text.bytes, slot_minutes, "auto");
    free(text.bytes);
    return dataset;
}

int32_t support_date(const char *text)
{
    int32_t date = 0;
    if (!ls_date_parse(text, &date))
        fail_msg("'%s' is no date", text);
    return date;
}

void support_set(struct ls_policy *policy, const char *assignments)
{
    char text[1000], *rest = text;
    struct ls_error error = {0};
    assert_true(strlen(assignments) < sizeof text);
    snprintf(text, sizeof text, "%s", assignments);
    for (char *one; (one = strtok_r(rest, ";", &rest)) != NULL;)
        if (ls_policy_assign(policy, one, &error) != 0)
            fail_error(&error);
}

void support_policy(struct ls_policy *policy, const char *assignments)
{
    ls_policy_init(policy);
    support_set(policy, assignments);
}

struct support_solved support_solve(const struct ls_dataset *dataset, const struct ls_policy *policy,
                                    const char *city, int32_t date)
{
    struct support_solved solved = {0};
    struct ls_error error = {0};
    if (ls_dataset_zone(dataset, policy->timezone, &solved.zone, &error) != 0 ||
        ls_cityday_create(dataset, solved.zone, policy, city, date, &solved.day, &error) != 0 ||
        ls_solve(solved.day, policy, NULL, &solved.plan, &error) != 0)
        fail_error(&error);
    return solved;
}

void support_release(struct support_solved *solved)
{
    ls_plan_destroy(solved->plan);
    ls_cityday_destroy(solved->day);
    ls_zone_close(solved->zone);
    *solved = (struct support_solved){0};
}

static void keep_first(void *user, const struct ls_violation *violation)
{
    struct ls_violation *first = user;
    if (first->limit == NULL)
        *first = *violation;
}

void support_assert_sound(const struct ls_dataset *dataset, const struct ls_policy *policy,
                          const struct ls_cityday *day, const int *quota_left, const struct ls_plan *plan)
{
    struct ls_violation first = {0};
    ls_zone *zone = NULL;
    assert_int_equal(ls_dataset_zone(dataset, policy->timezone, &zone, NULL), 0);
    size_t n = ls_check(dataset, zone, policy, day, quota_left, plan, keep_first, &first);
    ls_zone_close(zone);
    if (n > 0)
        fail_msg("%zu violations, the first: %s, customer %s, slot %d, by %g", n, first.limit,
                 first.id != NULL ? first.id : "none", first.slot, first.amount);
}

char *support_read_gzip(const char *path)
{
    gzFile file = gzopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    struct support_text text = {0};
    char part[4096];
    int n;
    while ((n = gzread(file, part, sizeof part - 1)) > 0) {
        part[n] = '\0';
        support_add(&text, "%s", part);
    }
    gzclose(file);
    assert_int_equal(n, 0);
    assert_non_null(text.bytes);
    return text.bytes;
}

char *support_cut(char **rest, char at)
{
    char *one = *rest;
    if (one == NULL || *one == '\0')
        return NULL;
    char *end = strchr(one, at);
    *rest = end != NULL ? end + 1 : NULL;
    if (end != NULL)
        *end = '\0';
    return one;
}

static double draw(struct ls_random *random)
{
    return (double)ls_random_below(random, 1000) / 1000;
}

struct ls_dataset *support_random_day(struct ls_random *random, size_t homes, int slot_minutes)
{
    struct support_text csv = {0};
    double mef[96], aef[96];
    int n = 1440 / slot_minutes;
    support_add(&csv, SUPPORT_COLUMNS);
    for (int t = 0; t < n; t++) {
        mef[t] = ls_random_below(random, 12) == 0 ? NAN : floor(900 * draw(random)) - 50;
        aef[t] = floor(900 * draw(random));
    }
    for (size_t i = 0; i < homes; i++)
        for (int day = -7; day <= 0; day += 7) /* a like day before it, for the floors */
            for (int t = 0; t < n; t++) {
                char id[2] = {(char)('a' + i), '\0'};
                uint64_t kind = ls_random_below(random, 20);
                double kwh = kind == 0   ? NAN
                             : kind == 1 ? 0
                             : kind == 2 ? -0.5
                                         : 2 * draw(random) * draw(random);
                support_row(&csv, "X", id, (SUPPORT_MONDAY + day) * INT64_C(86400) + t * slot_minutes * 60, 0,
                            kwh, mef[t], aef[t]);
            }
    struct ls_dataset *dataset = support_load(csv.bytes, slot_minutes, "auto");
    free(csv.bytes);
    return dataset;
}

static void set_one_of(struct ls_random *random, struct ls_policy *policy, const char *choices)
{
    char text[200], *rest = text, *key, *value = NULL, assignment[420];
    snprintf(text, sizeof text, "%s", choices);
    key = support_cut(&rest, '=');
    for (size_t seen = 1; rest != NULL; seen++) {
        char *next = support_cut(&rest, '|');
        if (ls_random_below(random, seen) == 0)
            value = next;
    }
    snprintf(assignment, sizeof assignment, "%s=%s", key, value);
    support_set(policy, assignment);
}

void support_random_policy(struct ls_random *random, struct ls_policy *policy)
{
    static const char *const choices[] = {
        "behaviour.moves_per_day=0|1|2|3|none",
        "behaviour.moves_per_week=1|3|5|none",
        "behaviour.shift_window_hours=0|0.5|2|3.25|none",
        "behaviour.shift_window_inclusive=yes|no",
        "behaviour.day_boundaries=00:00-24:00|06:30-22:00",
        "peak.reduction_limit_percent=0|10|60|none",
        "peak.limit_scope=hour|slot",
        "peak.reduction_scope=per_customer|per_city",
        "regional.load_shift_percent_limit=0.5|3|10|none",
        "household_minimum.baseline_period=year|month|week|day",
        "household_minimum.baseline_type=average|absolute_min|none",
        "household_minimum.robust_max_percentile=0|50|95|100",
        "household_minimum.R_percent=0|10|60|none",
        "spike.alpha_percent=0|5|25|200|none",
        "run.min_fraction_of_day=none|none|0.01|0.05",
        "run.shuffle_order=yes|no",
        "peak_hours.X.Mon=8 9 18|0-23|5",
    };
    support_policy(policy, "");
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        set_one_of(random, policy, choices[i]);
}
