#include "outcome.h"

void say_bytes(struct support_text *said, const void *bytes, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
    support_add(said, " %016llx", (unsigned long long)hash);
}

void say_dataset(struct support_text *said, const struct ls_dataset *dataset)
{
    assert_true(ls_dataset_check(dataset));
    support_add(said, "%zu readings", dataset->n_readings);
    say_bytes(said, dataset->minute, dataset->n_readings * sizeof *dataset->minute);
    say_bytes(said, dataset->usage, dataset->n_readings * sizeof *dataset->usage);
    for (size_t i = 0; i < dataset->n_customers; i++)
        support_add(said, " %s:%zu", dataset->customers[i].id, dataset->customers[i].n_readings);
    for (size_t i = 0; i < dataset->n_cities; i++) {
        support_add(said, " %s:%zu", dataset->cities[i].name, dataset->cities[i].n_factors);
        say_bytes(said, dataset->cities[i].mef_g_per_kwh, dataset->cities[i].n_factors * sizeof(double));
    }
}

void say_day(struct support_text *said, const struct ls_cityday *day)
{
    size_t cells = day->n_customers * (size_t)day->n_slots;
    support_add(said, "%zu x %d, load %a", day->n_customers, day->n_slots, day->daily_load_kwh);
    say_bytes(said, day->usage, ls_cityday_tile_cells(day->n_slots, day->n_customers) * sizeof *day->usage);
    for (size_t i = 0; i < cells; i++) {
        double floor_kwh =
            ls_cityday_floor_kwh(day, i / (size_t)day->n_slots, (int)(i % (size_t)day->n_slots));
        say_bytes(said, &floor_kwh, sizeof floor_kwh);
    }
    say_bytes(said, day->percentile, day->n_customers * sizeof *day->percentile);
    say_bytes(said, day->mef_g_per_kwh, (size_t)day->n_slots * sizeof *day->mef_g_per_kwh);
    say_bytes(said, day->wall_minute, (size_t)day->n_slots * sizeof *day->wall_minute);
}

void say_plan(struct support_text *said, const struct ls_plan *plan)
{
    support_add(said, " outcome %d saved %a of %a g", plan->outcome, plan->saved_marg_g, plan->bound_marg_g);
    for (size_t m = 0; m < plan->n_moves; m++)
        support_add(said, " %u:%d>%d %a %s", plan->moves[m].customer, plan->moves[m].source,
                    plan->moves[m].destination, plan->moves[m].kwh, ls_limit_name(plan->moves[m].limited_by));
    for (size_t i = 0; i < plan->n_customers; i++)
        support_add(said, " %d/%d", plan->customers[i].sources, plan->customers[i].quota_left);
}

void say_policy(struct support_text *said, const struct ls_policy *policy)
{
    char *text = NULL;
    size_t length;
    struct ls_error error = {0};
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    assert_int_equal(ls_scenario_write(file, policy, &error), 0);
    assert_int_equal(fclose(file), 0);
    support_add(said, "%s", text);
    free(text);
}
