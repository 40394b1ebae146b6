#include "data/quality_home.h"

#include <math.h>
#include <stdlib.h>

#define KWH_PER_MWH 1e-6

void ls_tally_add(struct ls_tally *tally, int32_t minute, uint64_t count)
{
    if (count == 0)
        return;
    if (tally->count == 0)
        tally->first_minute = minute;
    tally->count += count;
    tally->last_minute = minute;
}

/* Counts whether the reading is a whole number of 10^k mWh, and whether that number is one of kW. */
static void count_steps(int64_t mwh, int slots_an_hour, struct ls_home_survey *home)
{
    int64_t step = 1;
    home->used++;
    for (size_t k = 0; k < LS_STEPS && mwh % step == 0; k++, step *= 10) {
        home->tens[k]++;
        home->kw_tens[k] += mwh % (step * slots_an_hour) == 0;
    }
}

static int compare_quanta(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Known readings to `scratch`, with what needs their values alone. */
static void survey_levels(const struct ls_dataset *dataset, const struct ls_customer *customer,
                          int32_t *scratch, struct ls_home_survey *home)
{
    uint64_t rises = 0, falls = 0;
    for (size_t i = customer->first; i < customer->first + customer->n_readings; i++) {
        int32_t usage = dataset->usage[i];
        if (usage == LS_MISSING)
            continue;
        rises += home->known > 0 && usage > home->last;
        falls += home->known > 0 && usage < home->last;
        scratch[home->known++] = usage;
        home->sum += usage;
        home->most = usage > home->most ? usage : home->most;
        home->last = usage;
        if (usage > 0)
            count_steps((int64_t)usage * dataset->quantum_mwh, 60 / dataset->slot_minutes, home);
    }
    double kwh = KWH_PER_MWH * dataset->quantum_mwh;
    home->mean_kw =
        home->known > 0 ? kwh * (double)home->sum / (double)home->known * 60 / dataset->slot_minutes : NAN;
    home->counter = home->known >= LS_REGISTER_READINGS && rises >= LS_REGISTER_RISES &&
                    falls * LS_REGISTER_FALLS <= home->known && kwh * home->last >= LS_REGISTER_KWH;
}

/* The reading [quanta] above which one is a spike; INFINITY for a home that has none by rule. */
static double spike_level(const struct ls_dataset *dataset, int32_t *known, const struct ls_home_survey *home)
{
    double least = LS_SPIKE_KW * dataset->slot_minutes / 60 / (KWH_PER_MWH * dataset->quantum_mwh);
    if (home->known < LS_SPIKE_READINGS || home->counter || home->most <= least)
        return INFINITY;
    qsort(known, (size_t)home->known, sizeof *known, compare_quanta);
    size_t rank = (size_t)ceil(LS_SPIKE_QUANTILE * (double)home->known);
    return fmax(least, LS_SPIKE_TIMES * (double)known[rank - 1]);
}

struct run {
    int32_t level, first_minute, last_minute;
    uint64_t slots;
};

static void end_run(const struct ls_dataset *dataset, const struct run *run, struct ls_home_survey *home)
{
    if (run->level <= 0 || run->slots * (uint64_t)dataset->slot_minutes < LS_FLAT_HOURS * 60)
        return;
    home->flat_runs++;
    if (run->slots <= home->flat.count)
        return;
    home->flat = (struct ls_tally){run->slots, run->first_minute, run->last_minute};
    home->flat_level = run->level;
}

/* A day under way: how many of its readings are known, and whether one is not 0. */
struct open_day {
    size_t at; /* index into the days */
    uint64_t known;
    bool used;
};

static void end_day(const struct ls_dataset *dataset, const struct ls_survey_days *days,
                    const struct open_day *day, struct ls_home_survey *home)
{
    int32_t minutes = days->start[day->at + 1] - days->start[day->at];
    if (!day->used && 2 * day->known * (uint64_t)dataset->slot_minutes >= (uint64_t)minutes)
        ls_tally_add(&home->zero_days, days->start[day->at], 1);
}

/* Gaps, runs, days and what is too high: all that goes by time. */
static void survey_times(const struct ls_dataset *dataset, const struct ls_customer *customer,
                         const struct ls_survey_days *days, bool *has_day, double spike,
                         struct ls_home_survey *home)
{
    const int32_t slot = dataset->slot_minutes;
    double large = LS_LARGE_KW * slot / 60 / (KWH_PER_MWH * dataset->quantum_mwh);
    struct run run = {.level = LS_MISSING};
    struct open_day day = {0};
    for (size_t i = customer->first; i < customer->first + customer->n_readings; i++) {
        int32_t minute = dataset->minute[i], usage = dataset->usage[i];
        int64_t step = i > customer->first ? (int64_t)minute - dataset->minute[i - 1] : 0;
        bool follows = step == slot;
        if (step > slot) {
            ls_tally_add(&home->unknown, dataset->minute[i - 1] + slot, 1);
            ls_tally_add(&home->unknown, minute - slot, (uint64_t)(step / slot) - 2);
        }
        if (!follows || usage != run.level) {
            end_run(dataset, &run, home);
            run = (struct run){usage, minute, minute, 0};
        }
        run.last_minute = minute;
        run.slots++;
        while (minute >= days->start[day.at + 1]) {
            end_day(dataset, days, &day, home);
            day = (struct open_day){.at = day.at + 1};
        }
        ls_tally_add(&home->unknown, minute, usage == LS_MISSING);
        if (usage == LS_MISSING)
            continue;
        has_day[day.at] = true;
        day.known++;
        day.used |= usage > 0;
        ls_tally_add(&home->spikes, minute, usage > spike);
        ls_tally_add(&home->large, minute, usage > large && !home->counter);
    }
    end_run(dataset, &run, home);
    end_day(dataset, days, &day, home);
}

void ls_home_survey(const struct ls_dataset *dataset, const struct ls_customer *who,
                    const struct ls_survey_days *days, bool *has_day, int32_t *scratch,
                    struct ls_home_survey *home)
{
    const struct ls_tally none = {0, LS_MISSING, LS_MISSING};
    *home = (struct ls_home_survey){.first_minute = dataset->minute[who->first],
                                    .last_minute = dataset->minute[who->first + who->n_readings - 1],
                                    .unknown = none,
                                    .spikes = none,
                                    .large = none,
                                    .zero_days = none,
                                    .flat = none};
    survey_levels(dataset, who, scratch, home);
    survey_times(dataset, who, days, has_day, spike_level(dataset, scratch, home), home);
}
