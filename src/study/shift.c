/*
 * The bench: city-days and the moves of the week at hand, kept between questions.
 *
 * Turning Z, alpha or P changes neither readings nor floors, so the city-day stays and only its solve is done
 * again; under `in_week` the earlier days of the week are solved again too, and then remembered for the
 * policy.
 */
#include <loadscope/shift.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_KEPT 8

struct kept_day {
    struct ls_cityday *day; /* NULL: free */
    struct ls_policy policy;
    unsigned long used_at;
};

/* Sources used in the week's days, by one policy. */
struct kept_week {
    bool valid;
    struct ls_policy policy;
    const struct ls_city *city;
    int32_t monday;
    bool solved[LS_DAYS_A_WEEK];
    bool any_home[LS_DAYS_A_WEEK];     /* of those solved */
    uint16_t *sources[LS_DAYS_A_WEEK]; /* [city->n_customers] */
};

struct ls_bench {
    ls_archive *archive, *own; /* own: NULL when it is the caller's */
    ls_zone *zone;
    char timezone[sizeof((struct ls_policy *)NULL)->timezone]; /* that the zone was opened for */
    struct kept_day days[DAYS_KEPT];
    int days_kept; /* as many of `days` are used */
    struct kept_week week;
    unsigned long clock;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for an answer");
}

int ls_bench_open_archive(ls_archive *archive, ls_bench **out, struct ls_error *error)
{
    ls_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL)
        return out_of_memory(error);
    bench->archive = archive;
    bench->days_kept = DAYS_KEPT;
    *out = bench;
    return 0;
}

int ls_bench_open(const struct ls_dataset *dataset, ls_bench **out, struct ls_error *error)
{
    ls_archive *archive;
    int status = ls_archive_of_dataset(dataset, &archive, error);
    if (status != 0)
        return status;
    status = ls_bench_open_archive(archive, out, error);
    if (status == 0)
        (*out)->own = archive;
    else
        ls_archive_close(archive);
    return status;
}

static void forget_week(struct kept_week *week)
{
    if (!week->valid)
        return;
    for (int d = 0; d < LS_DAYS_A_WEEK; d++)
        free(week->sources[d]);
    ls_policy_clear(&week->policy);
    *week = (struct kept_week){0};
}

static void forget_day(struct kept_day *kept)
{
    if (kept->day == NULL)
        return;
    ls_cityday_destroy(kept->day);
    ls_policy_clear(&kept->policy);
    *kept = (struct kept_day){0};
}

void ls_bench_close(ls_bench *bench)
{
    if (bench == NULL)
        return;
    forget_week(&bench->week);
    for (int i = 0; i < DAYS_KEPT; i++)
        forget_day(&bench->days[i]);
    ls_zone_close(bench->zone);
    ls_archive_close(bench->own);
    free(bench);
}

void ls_bench_keep(ls_bench *bench, int city_days)
{
    assert(city_days >= 0 && city_days <= DAYS_KEPT);
    for (int i = city_days; i < bench->days_kept; i++)
        forget_day(&bench->days[i]);
    bench->days_kept = city_days;
}

static int use_zone(ls_bench *bench, const struct ls_policy *policy, struct ls_error *error)
{
    if (bench->zone != NULL && strcmp(bench->timezone, policy->timezone) == 0)
        return 0;
    ls_zone *zone;
    int status = ls_dataset_zone(ls_archive_head(bench->archive), policy->timezone, &zone, error);
    if (status != 0)
        return status;
    ls_zone_close(bench->zone);
    bench->zone = zone;
    memcpy(bench->timezone, policy->timezone, sizeof bench->timezone);
    return 0;
}

static struct kept_day *find_day(ls_bench *bench, const struct ls_policy *policy, const char *city,
                                 int32_t date)
{
    for (int i = 0; i < bench->days_kept; i++) {
        struct kept_day *kept = &bench->days[i];
        if (kept->day != NULL && kept->day->date == date && strcmp(kept->day->city, city) == 0 &&
            ls_cityday_same_inputs(&kept->policy, policy, city)) {
            kept->used_at = ++bench->clock;
            return kept;
        }
    }
    return NULL;
}

/* Keeps the city-day in the place of the one that was used longest ago; one owner more. */
static int keep_day(ls_bench *bench, const struct ls_policy *policy, struct ls_cityday *day,
                    struct ls_error *error)
{
    struct kept_day *oldest = &bench->days[0];
    struct ls_policy copy = {0};
    if (bench->days_kept == 0)
        return 0;
    int status = ls_policy_copy(&copy, policy, error);
    if (status != 0)
        return status;
    for (int i = 1; i < bench->days_kept; i++)
        oldest = bench->days[i].used_at < oldest->used_at ? &bench->days[i] : oldest;
    forget_day(oldest);
    *oldest = (struct kept_day){.day = ls_cityday_retain(day), .policy = copy, .used_at = ++bench->clock};
    return 0;
}

int ls_bench_lend(ls_bench *bench, const struct ls_policy *policy, struct ls_cityday *day,
                  struct ls_error *error)
{
    return find_day(bench, policy, day->city, day->date) != NULL ? 0 : keep_day(bench, policy, day, error);
}

/* The city-day, kept or cut anew; one owner more for the caller. */
static int use_day(ls_bench *bench, const struct ls_policy *policy, const char *city, int32_t date,
                   struct ls_cityday **out, struct ls_error *error)
{
    const struct kept_day *kept = find_day(bench, policy, city, date);
    struct ls_cityday *day;
    if (kept != NULL) {
        *out = ls_cityday_retain(kept->day);
        return 0;
    }
    int status = ls_archive_cut(bench->archive, bench->zone, policy, city, date, &day, error);
    if (status == 0 && (status = keep_day(bench, policy, day, error)) != 0)
        ls_cityday_destroy(day);
    if (status == 0)
        *out = day;
    return status;
}

static int use_week(ls_bench *bench, const struct ls_policy *policy, const struct ls_city *city,
                    int32_t monday, struct ls_error *error)
{
    struct kept_week *week = &bench->week;
    if (week->valid && week->city == city && week->monday == monday && ls_policy_equal(&week->policy, policy))
        return 0;
    forget_week(week);
    int status = ls_policy_copy(&week->policy, policy, error);
    if (status != 0)
        return status;
    week->valid = true;
    week->city = city;
    week->monday = monday;
    for (int d = 0; d < LS_DAYS_A_WEEK; d++) {
        week->sources[d] = calloc(city->n_customers, sizeof(uint16_t));
        if (week->sources[d] == NULL) {
            forget_week(week);
            return out_of_memory(error);
        }
    }
    return 0;
}

/* What the week's quota has left for each customer of `day` once `days` of its days are gone. */
static int *quota_left(const struct ls_policy *policy, const struct ls_cityday *day,
                       const struct kept_week *week, int days)
{
    int *left = malloc((day->n_customers > 0 ? day->n_customers : 1) * sizeof *left);
    if (left == NULL)
        return NULL;
    for (size_t i = 0; i < day->n_customers; i++) {
        left[i] = policy->moves_per_week;
        for (int d = 0; d < days && left[i] > 0; d++)
            left[i] -= week->sources[d][day->customer[i] - week->city->first_customer];
        if (policy->moves_per_week >= 0 && left[i] < 0)
            left[i] = 0;
    }
    return left;
}

static void remember_day(struct kept_week *week, int weekday, const struct ls_cityday *day,
                         const struct ls_plan *plan)
{
    for (size_t i = 0; i < day->n_customers; i++)
        week->sources[weekday][day->customer[i] - week->city->first_customer] =
            (uint16_t)plan->customers[i].sources;
    week->solved[weekday] = true;
    week->any_home[weekday] = day->n_customers > 0;
}

/* Solves a day of the week for what it leaves of the quota. */
static int solve_one_earlier(ls_bench *bench, const struct ls_policy *policy, int weekday,
                             const struct ls_solve_options *options, struct ls_error *error)
{
    struct kept_week *week = &bench->week;
    struct ls_solve_options earlier = *options;
    struct ls_cityday *day = NULL;
    struct ls_plan *plan = NULL;
    int *left = NULL;
    int status = use_day(bench, policy, week->city->name, week->monday + weekday, &day, error);
    if (status == 0) {
        earlier.quota_left = left = quota_left(policy, day, week, weekday);
        status = left == NULL ? out_of_memory(error) : ls_solve(day, policy, &earlier, &plan, error);
    }
    if (status == 0 && plan->outcome == LS_OUTCOME_CANCELLED)
        status = ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    if (status == 0)
        remember_day(week, weekday, day, plan);
    free(left);
    ls_plan_destroy(plan);
    ls_cityday_destroy(day);
    return status;
}

/* Solves the days of the week before `date` that are not remembered; counts those that had customers. */
static int solve_earlier(ls_bench *bench, const struct ls_policy *policy, int32_t date,
                         const struct ls_solve_options *options, int *earlier_days, struct ls_error *error)
{
    const struct kept_week *week = &bench->week;
    for (int d = 0; d < ls_date_weekday(date); d++) {
        int status = week->solved[d] ? 0 : solve_one_earlier(bench, policy, d, options, error);
        if (status != 0)
            return status;
        *earlier_days += week->any_home[d];
    }
    return 0;
}

int ls_bench_solve(ls_bench *bench, const struct ls_policy *policy, const char *city, int32_t date,
                   const struct ls_solve_options *options, struct ls_answer **out, struct ls_error *error)
{
    static const struct ls_solve_options no_options;
    struct ls_solve_options own = options != NULL ? *options : no_options;
    const struct ls_city *where = ls_dataset_city(ls_archive_head(bench->archive), city);
    if (where == NULL)
        return ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", city);
    struct ls_answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL)
        return out_of_memory(error);
    bool in_week = policy->week_context == LS_WEEK_IN_WEEK && policy->moves_per_week >= 0 &&
                   !ls_engine(policy->engine)->ignores_quota;
    int status = ls_policy_copy(&answer->policy, policy, error);
    if (status == 0)
        status = use_zone(bench, policy, error);
    if (status == 0 && in_week)
        status = use_week(bench, policy, where, ls_date_week_start(date), error);
    if (status == 0 && in_week)
        status = solve_earlier(bench, policy, date, &own, &answer->earlier_days, error);
    if (status == 0)
        status = use_day(bench, policy, city, date, &answer->day, error);
    if (status != 0)
        goto done;
    answer->quota_left = quota_left(policy, answer->day, &bench->week, in_week ? ls_date_weekday(date) : 0);
    if (answer->quota_left == NULL) {
        status = out_of_memory(error);
        goto done;
    }
    own.quota_left = answer->quota_left;
    status = ls_solve(answer->day, policy, &own, &answer->plan, error);
    if (status != 0)
        goto done;
    if (in_week && answer->plan->outcome != LS_OUTCOME_CANCELLED)
        remember_day(&bench->week, ls_date_weekday(date), answer->day, answer->plan);
    *out = answer;
    answer = NULL;
done:
    ls_answer_destroy(answer);
    return status;
}

void ls_answer_destroy(struct ls_answer *answer)
{
    if (answer == NULL)
        return;
    ls_policy_clear(&answer->policy);
    ls_plan_destroy(answer->plan);
    ls_cityday_destroy(answer->day);
    free(answer->quota_left);
    free(answer);
}
