/* What of a day's saving rests on doubtful readings, from the city-day alone, so for a store as well. */
#include <loadscope/quality.h>
#include <loadscope/shift.h>

#define MINUTES_PER_HOUR 60.0

struct doubts {
    bool incomplete, large, flat;
};

static struct doubts doubts_of(const struct ls_cityday *day, size_t customer)
{
    int32_t usage[LS_SLOTS_MAX];
    double most_kwh = LS_LARGE_KW * day->slot_minutes / MINUTES_PER_HOUR;
    int32_t low = INT32_MAX, high = 0;
    ls_cityday_row(day, customer, usage);
    for (int t = 0; t < day->n_slots; t++) {
        if (usage[t] == LS_MISSING)
            continue;
        low = usage[t] < low ? usage[t] : low;
        high = usage[t] > high ? usage[t] : high;
    }
    return (struct doubts){.incomplete = !day->whole[customer],
                           .large = (double)high > most_kwh * day->quanta_per_kwh,
                           .flat = low == high && high > 0};
}

void ls_doubtful_of(const struct ls_answer *answer, struct ls_doubtful *out)
{
    const struct ls_cityday *day = answer->day;
    const struct ls_plan *plan = answer->plan;
    struct doubts doubts = {0};
    *out = (struct ls_doubtful){0};
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        bool first = m == 0 || move->customer != plan->moves[m - 1].customer;
        if (first)
            doubts = doubts_of(day, move->customer);
        if (!doubts.incomplete && !doubts.large && !doubts.flat)
            continue;
        out->homes += first;
        out->incomplete += first && doubts.incomplete;
        out->large += first && doubts.large;
        out->flat += first && doubts.flat;
        out->saved_marg_g +=
            (day->mef_g_per_kwh[move->source] - day->mef_g_per_kwh[move->destination]) * move->kwh;
        out->saved_avg_g +=
            (day->aef_g_per_kwh[move->source] - day->aef_g_per_kwh[move->destination]) * move->kwh;
    }
}
