/*
 * The greedy engine: up to K times the pair of slots that saves most, each source once, one destination a
 * move.
 *
 * Ties go to the lowest source, then the lowest destination. Cost a turn: K * slots * window.
 */
#include "solve/greedy.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct greedy {
    double *room_kwh;  /* [n_slots] what this turn's moves have left */
    double *group_kwh; /* [n_slots] likewise, by peak group */
    bool *used;        /* [n_slots] sources taken */
};

static void greedy_close(void *scratch)
{
    struct greedy *greedy = scratch;
    if (greedy == NULL)
        return;
    free(greedy->room_kwh);
    free(greedy->group_kwh);
    free(greedy->used);
    free(greedy);
}

static int greedy_open(int n_slots, int window_slots, void **scratch, struct ls_error *error)
{
    (void)window_slots;
    size_t n = (size_t)n_slots;
    struct greedy *greedy = calloc(1, sizeof *greedy);
    if (greedy != NULL) {
        greedy->room_kwh = calloc(n, sizeof(double));
        greedy->group_kwh = calloc(n, sizeof(double));
        greedy->used = calloc(n, sizeof(bool));
    }
    if (greedy == NULL || greedy->room_kwh == NULL || greedy->group_kwh == NULL || greedy->used == NULL) {
        greedy_close(greedy);
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for the greedy engine");
    }
    *scratch = greedy;
    return 0;
}

/* The best pair that is left; false when nothing gains. */
static bool best_pair(const struct greedy *greedy, const struct ls_turn *turn, double budget_kwh,
                      struct ls_flow *best)
{
    double best_g = 0;
    for (int t = 0; t < turn->n_slots; t++) {
        double avail = turn->avail_kwh[t];
        if (greedy->used[t] || avail <= LS_KWH_EPSILON)
            continue;
        double peak = turn->group[t] >= 0 ? greedy->group_kwh[turn->group[t]] : INFINITY;
        struct ls_greedy_source source = {.slot = t,
                                          .usage_kwh = turn->usage_kwh[t],
                                          .avail_kwh = avail,
                                          .peak_kwh = peak,
                                          .most_kwh = fmin(fmin(avail, peak), budget_kwh)};
        int from = t > turn->window_slots ? t - turn->window_slots : 0;
        int to = t < turn->n_slots - turn->window_slots ? t + turn->window_slots : turn->n_slots - 1;
        ls_greedy_try(&source, from, to, turn->mef, turn->open, greedy->room_kwh, turn->smallest_kwh, &best_g,
                      best);
    }
    return best_g > 0;
}

static int greedy_serve(void *scratch, const struct ls_turn *turn, struct ls_flow *flows, size_t *n_flows,
                        bool *proven, struct ls_error *error)
{
    (void)error;
    struct greedy *greedy = scratch;
    size_t n = (size_t)turn->n_slots, made = 0;
    double budget_kwh = turn->budget_kwh;
    memcpy(greedy->room_kwh, turn->room_kwh, n * sizeof *turn->room_kwh);
    memcpy(greedy->group_kwh, turn->group_left_kwh, (size_t)turn->n_groups * sizeof *turn->group_left_kwh);
    memset(greedy->used, 0, n * sizeof *greedy->used);

    struct ls_flow flow = {0};
    for (int k = 0; k < turn->max_moves && best_pair(greedy, turn, budget_kwh, &flow); k++) {
        greedy->room_kwh[flow.destination] -= flow.kwh;
        greedy->room_kwh[flow.source] += flow.kwh;
        budget_kwh -= flow.kwh;
        if (turn->group[flow.source] >= 0)
            greedy->group_kwh[turn->group[flow.source]] -= flow.kwh;
        greedy->used[flow.source] = true;
        flows[made++] = flow;
    }
    *n_flows = made;
    *proven = true;
    return 0;
}

const struct ls_engine_ops ls_engine_greedy = {
    .face = {.name = "greedy", .help = "the move that saves most, up to the quota; one destination a move"},
    .open = greedy_open,
    .serve = greedy_serve,
    .close = greedy_close,
    .fits_day = ls_greedy_fits_day,
    .serve_day = ls_greedy_serve_day,
};
