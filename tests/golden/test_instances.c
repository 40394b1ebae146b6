/*
 * The engines, turn by turn, against the optima of an independent implementation of the model.
 *
 * Each line of an instances.jsonl.gz is one customer's turn as a reference run met it, with its optimum, the
 * optimum without a limit on moves, and the moves of greedy. Limits of the answers are checked from the
 * instance alone.
 */
#include "solve/turn.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define SLOTS       64
#define LINE_BYTES  (1 << 18)
#define GRAMS_EQUAL 1e-4
#define KWH_EQUAL   1e-9

struct instance {
    cJSON *json;
    struct ls_turn turn;
    double mef[SLOTS], usage[SLOTS], avail[SLOTS], left[SLOTS], room[SLOTS];
    bool open[SLOTS];
    int group[SLOTS];
};

static double number(const struct instance *instance, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(instance->json, key);
    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

/* Missing values (null) become @p missing. */
static void array(const cJSON *json, const char *key, int n, double missing, double *out)
{
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(json, key);
    assert_int_equal(cJSON_GetArraySize(items), n);
    int i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, items) out[i++] = cJSON_IsNumber(item) ? item->valuedouble : missing;
}

static void read_peaks(struct instance *in)
{
    for (int t = 0; t < in->turn.n_slots; t++)
        in->group[t] = -1;
    const cJSON *peak, *slot;
    cJSON_ArrayForEach(peak, cJSON_GetObjectItemCaseSensitive(in->json, "peaks"))
    {
        int g = in->turn.n_groups++;
        in->left[g] = cJSON_GetObjectItemCaseSensitive(peak, "limit")->valuedouble;
        cJSON_ArrayForEach(slot, cJSON_GetObjectItemCaseSensitive(peak, "slots")) in->group[slot->valueint] =
            g;
    }
}

static void read_instance(struct instance *in, const char *line)
{
    *in = (struct instance){.json = cJSON_Parse(line)};
    assert_non_null(in->json);
    int n = (int)number(in, "T");
    assert_in_range(n, 1, SLOTS);
    double ok[SLOTS];
    array(in->json, "ok", n, 0, ok);
    array(in->json, "mef", n, NAN, in->mef);
    array(in->json, "usage", n, 0, in->usage);
    array(in->json, "avail", n, 0, in->avail);
    array(in->json, "room", n, INFINITY, in->room);
    for (int t = 0; t < n; t++) {
        in->open[t] = ok[t] > 0;
        if (!in->open[t])
            in->usage[t] = in->avail[t] = 0;
    }
    in->turn = (struct ls_turn){.n_slots = n,
                                .window_slots = (int)number(in, "W"),
                                .max_moves = (int)number(in, "K"),
                                .mef = in->mef,
                                .open = in->open,
                                .usage_kwh = in->usage,
                                .avail_kwh = in->avail,
                                .group = in->group,
                                .group_left_kwh = in->left,
                                .room_kwh = in->room,
                                .budget_kwh = number(in, "budget"),
                                .seconds = 60};
    read_peaks(in);
}

static double saving_g(const struct instance *in, const struct ls_flow *flows, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < n; f++)
        sum += (in->mef[flows[f].source] - in->mef[flows[f].destination]) * flows[f].kwh;
    return sum;
}

static void assert_within_limits(const struct instance *in, const struct ls_flow *flows, size_t n,
                                 int max_moves)
{
    double out[SLOTS] = {0}, net[SLOTS] = {0}, group[SLOTS] = {0}, all = 0;
    int sources = 0;
    for (size_t f = 0; f < n; f++) {
        int t = flows[f].source, s = flows[f].destination;
        assert_true(t != s && abs(t - s) <= in->turn.window_slots);
        assert_true(in->open[t] && in->open[s]);
        assert_true(flows[f].kwh > LS_KWH_EPSILON);
        sources += out[t] == 0;
        out[t] += flows[f].kwh;
        net[t] -= flows[f].kwh;
        net[s] += flows[f].kwh;
        all += flows[f].kwh;
        if (in->group[t] >= 0)
            group[in->group[t]] += flows[f].kwh;
    }
    assert_true(sources <= max_moves);
    assert_true(all <= in->turn.budget_kwh + KWH_EQUAL);
    for (int t = 0; t < in->turn.n_slots; t++) {
        assert_true(out[t] <= in->avail[t] + KWH_EQUAL);
        assert_true(net[t] <= fmax(in->room[t], 0) + KWH_EQUAL);
    }
    for (int g = 0; g < in->turn.n_groups; g++)
        assert_true(group[g] <= in->left[g] + KWH_EQUAL);
}

static size_t serve(const struct ls_engine_ops *engine, const struct instance *in, struct ls_flow *flows)
{
    void *scratch = NULL;
    struct ls_error error = {0};
    size_t n = 0;
    bool proven = false;
    assert_int_equal(engine->open(in->turn.n_slots, in->turn.window_slots, &scratch, &error), LS_OK);
    assert_int_equal(engine->serve(scratch, &in->turn, flows, &n, &proven, &error), LS_OK);
    assert_true(proven);
    engine->close(scratch);
    return n;
}

static void assert_greedy_flows(const struct instance *in, const struct ls_flow *flows, size_t n)
{
    const cJSON *expected = cJSON_GetObjectItemCaseSensitive(in->json, "greedy_flows"), *flow;
    assert_int_equal(n, cJSON_GetArraySize(expected));
    size_t f = 0;
    cJSON_ArrayForEach(flow, expected)
    {
        assert_int_equal(flows[f].source, cJSON_GetArrayItem(flow, 0)->valueint);
        assert_int_equal(flows[f].destination, cJSON_GetArrayItem(flow, 1)->valueint);
        assert_true(fabs(flows[f].kwh - cJSON_GetArrayItem(flow, 2)->valuedouble) <= KWH_EQUAL);
        f++;
    }
}

static void check_instance(const char *line)
{
    struct instance in;
    struct ls_flow flows[SLOTS * SLOTS];
    read_instance(&in, line);

    size_t n = serve(&ls_engine_milp, &in, flows);
    assert_within_limits(&in, flows, n, in.turn.max_moves);
    assert_true(fabs(saving_g(&in, flows, n) - number(&in, "optimum_g")) <= GRAMS_EQUAL);

    n = serve(&ls_engine_lp, &in, flows);
    assert_within_limits(&in, flows, n, in.turn.n_slots);
    assert_true(fabs(saving_g(&in, flows, n) - number(&in, "lp_no_k_g")) <= GRAMS_EQUAL);

    n = serve(&ls_engine_greedy, &in, flows);
    assert_within_limits(&in, flows, n, in.turn.max_moves);
    assert_true(fabs(saving_g(&in, flows, n) - number(&in, "greedy_g")) <= GRAMS_EQUAL);
    assert_greedy_flows(&in, flows, n);
    cJSON_Delete(in.json);
}

static void check_file(const char *path, int n_lines)
{
    gzFile file = gzopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s: tests run in the project's root", path);
    char *line = malloc(LINE_BYTES);
    assert_non_null(line);
    int n = 0;
    while (gzgets(file, line, LINE_BYTES)) {
        check_instance(line);
        n++;
    }
    assert_int_equal(n, n_lines);
    free(line);
    gzclose(file);
}

static void tiny_restricted(void **state)
{
    (void)state;
    check_file("tests/fixtures/golden/tiny/restricted/milp/instances.jsonl.gz", 12);
}

static void tiny_lax(void **state)
{
    (void)state;
    check_file("tests/fixtures/golden/tiny/lax/milp/instances.jsonl.gz", 12);
}

static void small_restricted(void **state)
{
    (void)state;
    check_file("tests/fixtures/golden/small/restricted/milp/instances.jsonl.gz", 90);
}

static void small_lax(void **state)
{
    (void)state;
    check_file("tests/fixtures/golden/small/lax/milp/instances.jsonl.gz", 129);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiny_restricted),
        cmocka_unit_test(tiny_lax),
        cmocka_unit_test(small_restricted),
        cmocka_unit_test(small_lax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
