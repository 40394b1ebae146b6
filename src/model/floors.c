/*
 * Readings of a block of customers are taken day by day into one list a group. Sums are of quanta, so they
 * are exact and independent of order. The robust maximum lies near the upper end of its group, so it is found
 * by keeping the few largest; any other rank is selected by partition (C. A. R. Hoare, Find, CACM 4, 1961).
 */
#include "model/floors.h"

#include "base/clones.h"
#include "model/days.h"

#include <loadscope/cityday.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_KEPT 8

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for floors");
}

void ls_floor_period(enum ls_floor_period period, int32_t date, int32_t *first, int32_t *next)
{
    switch (period) {
    case LS_PERIOD_YEAR:
        ls_date_year_span(date, first, next);
        return;
    case LS_PERIOD_MONTH:
        ls_date_month_span(date, first, next);
        return;
    case LS_PERIOD_WEEK:
    case LS_PERIOD_DAY:
        break;
    }
    *first = date; /* a week has each weekday once */
    *next = date + 1;
}

static int add_day(const struct ls_readings *readings, size_t city, const ls_zone *zone, int32_t date,
                   struct ls_like_days *days, struct ls_error *error)
{
    const struct ls_store_axis *axis = readings->axis(readings->beneath, city);
    int slot_minutes = readings->head->slot_minutes;
    int wall[LS_DAY_MINUTES * 2], n_slots;
    int32_t start = (int32_t)(ls_zone_day_start(zone, date) / LS_MINUTE_S);
    int32_t next = (int32_t)(ls_zone_day_start(zone, date + 1) / LS_MINUTE_S);
    int32_t axis_next = axis->first_minute + (int32_t)axis->n_slots * slot_minutes;
    if (next <= axis->first_minute || start >= axis_next)
        return 0;
    int status = ls_day_slots(zone, start, next, slot_minutes, &n_slots, error);
    if (status == 0)
        status = ls_readings_on_grid(readings, city, zone, start, error);
    if (status != 0)
        return status;
    uint8_t *hour = ls_arena_array(&days->arena, (size_t)n_slots, sizeof *hour);
    if (hour == NULL)
        return out_of_memory(error);
    ls_day_clock(zone, start, slot_minutes, n_slots, wall, NULL);
    for (int t = 0; t < n_slots; t++)
        hour[t] = (uint8_t)(wall[t] / 60);
    days->days[days->n_days++] =
        (struct ls_like_day){.start_minute = start, .n_slots = n_slots, .hour = hour};
    return 0;
}

int ls_like_days_open(const struct ls_readings *readings, size_t city, const ls_zone *zone,
                      enum ls_floor_period period, int32_t date, struct ls_like_days *out,
                      struct ls_error *error)
{
    struct ls_like_days days = {0};
    int slot_minutes = readings->head->slot_minutes;
    int32_t first, next;
    ls_floor_period(period, date, &first, &next);
    first = date - (date - first) / LS_DAYS_A_WEEK * LS_DAYS_A_WEEK; /* the first with the date's weekday */
    size_t most = (size_t)((next - first + LS_DAYS_A_WEEK - 1) / LS_DAYS_A_WEEK);
    days.hour_capacity = most * (size_t)(2 * 60 / slot_minutes + 1); /* an hour may occur twice */
    days.days = ls_arena_array(&days.arena, most, sizeof *days.days);
    int status = days.days == NULL ? out_of_memory(error) : 0;
    for (int32_t like = first; status == 0 && like < next; like += LS_DAYS_A_WEEK)
        status = add_day(readings, city, zone, like, &days, error);
    if (status != 0) {
        ls_like_days_close(&days);
        return status;
    }
    *out = days;
    return 0;
}

void ls_like_days_close(struct ls_like_days *days)
{
    ls_arena_release(&days->arena);
    *days = (struct ls_like_days){0};
}

/* The value of rank `rank` from below among `n`; reorders them. */
static int32_t select_rank(int32_t *values, size_t n, size_t rank)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        int32_t pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            int32_t other = values[i];
            values[i++] = values[j];
            values[j--] = other;
        }
        if (rank <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[rank];
}

/* The value with `above` values over it in order, above < LARGEST_KEPT and < n. */
static int32_t select_near_top(const int32_t *values, size_t n, size_t above)
{
    int32_t top[LARGEST_KEPT]; /* the largest so far, descending */
    for (size_t k = 0; k <= above; k++)
        top[k] = -1;
    for (size_t i = 0; i < n; i++) {
        int32_t value = values[i];
        if (value <= top[above])
            continue;
        size_t k = above;
        for (; k > 0 && top[k - 1] < value; k--)
            top[k] = top[k - 1];
        top[k] = value;
    }
    return top[above];
}

/* What is the same for all groups. */
struct terms {
    bool by_minimum;
    double fraction; /* of the robust maximum's rank */
    double quanta_per_kwh;
};

static void take_group(const struct terms *terms, int32_t *values, size_t n,
                       const struct ls_floor_groups *groups, size_t group)
{
    groups->base_kwh[group] = 0;
    groups->robust_max[group] = -1;
    if (n == 0)
        return;
    int64_t sum = 0;
    int32_t least = values[0], most = values[0];
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    size_t rank = (size_t)floor((double)(n - 1) * terms->fraction + 0.5), above = n - 1 - rank;
    groups->base_kwh[group] =
        terms->by_minimum ? least / terms->quanta_per_kwh : (double)sum / ((double)n * terms->quanta_per_kwh);
    groups->robust_max[group] = above == 0             ? most
                                : above < LARGEST_KEPT ? select_near_top(values, n, above)
                                                       : select_rank(values, n, rank);
}

/* Room for the rows of a block and for one customer's groups. */
struct work {
    int32_t *cells;       /* of the days that are read */
    const int32_t **rows; /* [n_days] each [n * slots of the day] */
    int32_t *values;      /* [LS_HOURS_A_DAY * hour_capacity] */
};

static void release_work(struct work *work)
{
    free(work->cells);
    free(work->rows);
    free(work->values);
}

static bool is_at_hand(const struct ls_floor_source *source, const struct ls_like_day *day)
{
    const struct ls_rows_at_hand *at_hand = source->at_hand;
    return at_hand != NULL && at_hand->start_minute == day->start_minute && at_hand->n_slots == day->n_slots;
}

static int make_room(const struct ls_floor_source *source, const struct ls_like_days *days, size_t n,
                     struct work *work, struct ls_error *error)
{
    size_t n_slots = 0;
    for (size_t d = 0; d < days->n_days; d++)
        n_slots += is_at_hand(source, &days->days[d]) ? 0 : (size_t)days->days[d].n_slots;
    work->cells = malloc((n * n_slots + 1) * sizeof *work->cells);
    work->rows = malloc((days->n_days + 1) * sizeof *work->rows);
    work->values = calloc(LS_HOURS_A_DAY * days->hour_capacity, sizeof *work->values);
    return work->cells == NULL || work->rows == NULL || work->values == NULL ? out_of_memory(error) : 0;
}

static int read_rows(const struct ls_floor_source *source, const struct ls_like_days *days,
                     size_t first_customer, size_t n, struct work *work, struct ls_error *error)
{
    const struct ls_readings *readings = source->readings;
    int status = make_room(source, days, n, work, error);
    int32_t *to = work->cells;
    for (size_t d = 0; status == 0 && d < days->n_days; d++) {
        const struct ls_like_day *day = &days->days[d];
        if (is_at_hand(source, day)) {
            work->rows[d] = source->at_hand->rows + first_customer * (size_t)day->n_slots;
            continue;
        }
        status = readings->read(readings->beneath, source->city, first_customer, n, day->start_minute,
                                day->n_slots, to, error);
        work->rows[d] = to;
        to += n * (size_t)day->n_slots;
    }
    return status;
}

/* Lists a customer's known readings by hour. */
static void gather(const struct ls_like_days *days, size_t customer, const struct work *work,
                   size_t count[LS_HOURS_A_DAY])
{
    memset(count, 0, LS_HOURS_A_DAY * sizeof *count);
    for (size_t d = 0; d < days->n_days; d++) {
        const struct ls_like_day *day = &days->days[d];
        const int32_t *row = work->rows[d] + customer * (size_t)day->n_slots;
        for (int t = 0; t < day->n_slots; t++) {
            size_t hour = day->hour[t];
            work->values[hour * days->hour_capacity + count[hour]] = row[t];
            count[hour] += row[t] >= 0;
        }
    }
}

/* What the readings of each slot come to over the like days. */
struct slot_sums {
    int64_t sum[LS_SLOTS_MAX];
    int32_t least[LS_SLOTS_MAX], most[LS_SLOTS_MAX], count[LS_SLOTS_MAX];
};

/* Plain loops over slots, which compilers turn into vectors. */
LS_CLONES static void add_row(const int32_t *restrict row, int n_slots, struct slot_sums *restrict sums)
{
    for (int t = 0; t < n_slots; t++) {
        int32_t value = row[t];
        sums->sum[t] += value < 0 ? 0 : value;
        sums->count[t] += value >= 0;
        sums->most[t] = value > sums->most[t] ? value : sums->most[t];
        int32_t known = value < 0 ? INT32_MAX : value;
        sums->least[t] = known < sums->least[t] ? known : sums->least[t];
    }
}

static void start_sums(int n_slots, struct slot_sums *sums)
{
    for (int t = 0; t < n_slots; t++) {
        sums->sum[t] = 0;
        sums->count[t] = 0;
        sums->most[t] = -1;
        sums->least[t] = INT32_MAX;
    }
}

/*
 * Slots of a day where groups are simple: all like days have 24 hours in order with as many slots each, and
 * the robust maximum of any group is its maximum, so that nothing need be selected. 0 otherwise.
 */
static int simple_slots(const struct ls_like_days *days, const struct terms *terms)
{
    int per_hour = days->n_days > 0 ? days->days[0].n_slots / LS_HOURS_A_DAY : 0;
    for (size_t d = 0; d < days->n_days; d++) {
        const struct ls_like_day *day = &days->days[d];
        if (day->n_slots != per_hour * LS_HOURS_A_DAY)
            return 0;
        for (int t = 0; t < day->n_slots; t++)
            if (day->hour[t] != t / per_hour)
                return 0;
    }
    double last = (double)days->n_days * per_hour - 1; /* rank of the maximum where nothing is missing */
    return floor(last * terms->fraction + 0.5) >= last ? per_hour * LS_HOURS_A_DAY : 0;
}

/* What the slots of each hour come to together. */
struct hour_sums {
    int64_t sum[LS_HOURS_A_DAY];
    int32_t least[LS_HOURS_A_DAY], most[LS_HOURS_A_DAY], count[LS_HOURS_A_DAY];
};

static inline int32_t lesser(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static inline int32_t greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* The usual case: loops apart, for compilers to turn each into vectors. */
static inline __attribute__((always_inline)) void fold_half_hours(const struct slot_sums *restrict slots,
                                                                  struct hour_sums *restrict hours)
{
    for (int h = 0; h < LS_HOURS_A_DAY; h++)
        hours->sum[h] = slots->sum[2 * h] + slots->sum[2 * h + 1];
    for (int h = 0; h < LS_HOURS_A_DAY; h++)
        hours->count[h] = slots->count[2 * h] + slots->count[2 * h + 1];
    for (int h = 0; h < LS_HOURS_A_DAY; h++)
        hours->least[h] = lesser(slots->least[2 * h], slots->least[2 * h + 1]);
    for (int h = 0; h < LS_HOURS_A_DAY; h++)
        hours->most[h] = greater(slots->most[2 * h], slots->most[2 * h + 1]);
}

static void fold_slots(const struct slot_sums *slots, int n_slots, struct hour_sums *hours)
{
    for (int h = 0; h < LS_HOURS_A_DAY; h++) {
        hours->sum[h] = 0;
        hours->count[h] = 0;
        hours->most[h] = -1;
        hours->least[h] = INT32_MAX;
    }
    for (int t = 0; t < n_slots; t++) {
        int h = t * LS_HOURS_A_DAY / n_slots;
        hours->sum[h] += slots->sum[t];
        hours->count[h] += slots->count[t];
        hours->most[h] = greater(hours->most[h], slots->most[t]);
        hours->least[h] = lesser(hours->least[h], slots->least[t]);
    }
}

/* A group without a reading is nothing shared by one. */
LS_CLONES static void take_simple(const struct terms *terms, int n_slots, const struct slot_sums *slots,
                                  double *restrict base_kwh, int32_t *restrict robust_max)
{
    struct hour_sums hours;
    const double quanta_per_kwh = terms->quanta_per_kwh;
    if (n_slots == 2 * LS_HOURS_A_DAY)
        fold_half_hours(slots, &hours);
    else
        fold_slots(slots, n_slots, &hours);
    for (int h = 0; h < LS_HOURS_A_DAY; h++)
        robust_max[h] = hours.most[h];
    if (terms->by_minimum)
        for (int h = 0; h < LS_HOURS_A_DAY; h++)
            base_kwh[h] = (hours.count[h] > 0 ? hours.least[h] : 0) / quanta_per_kwh;
    else
        for (int h = 0; h < LS_HOURS_A_DAY; h++)
            base_kwh[h] = (double)hours.sum[h] / (greater(hours.count[h], 1) * quanta_per_kwh);
}

/* A customer's groups where they are simple. */
static void take_sums(const struct ls_like_days *days, const struct terms *terms, int n_slots,
                      size_t customer, const struct work *work, const struct ls_floor_groups *groups)
{
    struct slot_sums sums;
    size_t first = customer * LS_HOURS_A_DAY;
    start_sums(n_slots, &sums);
    for (size_t d = 0; d < days->n_days; d++)
        add_row(work->rows[d] + customer * (size_t)n_slots, n_slots, &sums);
    take_simple(terms, n_slots, &sums, groups->base_kwh + first, groups->robust_max + first);
}

/* A customer's groups, each one's readings listed. */
static void take_lists(const struct ls_like_days *days, const struct terms *terms, size_t customer,
                       const struct work *work, const struct ls_floor_groups *groups)
{
    size_t count[LS_HOURS_A_DAY];
    gather(days, customer, work, count);
    for (size_t h = 0; h < LS_HOURS_A_DAY; h++)
        take_group(terms, work->values + h * days->hour_capacity, count[h], groups,
                   customer * LS_HOURS_A_DAY + h);
}

int ls_floor_groups(const struct ls_floor_source *source, const struct ls_like_days *days,
                    const struct ls_policy *policy, size_t first_customer, size_t n,
                    const struct ls_floor_groups *groups, struct ls_error *error)
{
    struct work work = {0};
    const struct terms terms = {.by_minimum = policy->floor_type == LS_FLOOR_ABSOLUTE_MIN,
                                .fraction = policy->robust_max_percentile / 100,
                                .quanta_per_kwh = 1e6 / source->readings->head->quantum_mwh};
    int status = read_rows(source, days, first_customer, n, &work, error);
    int n_slots = simple_slots(days, &terms);
    for (size_t c = 0; status == 0 && c < n; c++)
        if (n_slots > 0)
            take_sums(days, &terms, n_slots, c, &work, groups);
        else
            take_lists(days, &terms, c, &work, groups);
    release_work(&work);
    return status;
}

struct ls_floor_groups ls_floor_groups_from(const struct ls_floor_groups *groups, size_t first)
{
    return (struct ls_floor_groups){groups->base_kwh + first, groups->robust_max + first};
}
