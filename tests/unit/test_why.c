/*
 * Why a pair of slots was refused: each limit by a day made for it, the first limit first, and relaxations
 * that do what they say, which is found out by setting the parameter that they name and solving again.
 */
#include "../support/scene.h"

/* Two homes by the hour from 00:00; a is served first. Slot 4 has usage of nobody, slot 5 no factors. */
static const double world_mef[] = {600, 590, 580, 200, 250, NAN};
static const double world_kwh[] = {1, 0.5, 0.5, 0.25, 0, 0.5, 0.25, 0.2, 0.1, 0.25, NAN, 0.1};
enum { A, B };

static struct support_scene enter_world(const char *assignments)
{
    return support_enter(support_day(60, 6, world_mef, 2, world_kwh), assignments);
}

static struct ls_why ask(const struct support_scene *scene, size_t customer, int source, int destination)
{
    struct ls_why why = {0};
    assert_int_equal(ls_why_pair(scene->answer, customer, source, destination, &why, NULL), 0);
    assert_true(why.reason[0] != '\0');
    return why;
}

/* The words of a relaxation, the parameter they name, and how far to go beyond the figure they give. */
struct wording {
    const char *words, *key;
    double factor, beyond; /* value = figure * factor + beyond; factor 0: as it stands */
};

static const struct wording wordings[] = {
    {"movable hours ", "behaviour.day_boundaries", 0, 0},
    {"shift window H none", "behaviour.shift_window_hours=none", 0, 0},
    {"shift window inclusive", "behaviour.shift_window_inclusive=yes", 0, 0},
    {"shift window H above ", "behaviour.shift_window_hours", 1, 0.01},
    {"shift window H ", "behaviour.shift_window_hours", 1, 0},
    {"moves a day K_day ", "behaviour.moves_per_day", 0, 0},
    {"moves a week K_week ", "behaviour.moves_per_week", 0, 0},
    {"floor R below ", "household_minimum.R_percent", 0.99, 0},
    {"floor R none", "household_minimum.R_percent=none", 0, 0},
    {"floor epsilon below ", "household_minimum.epsilon_floor_kwh", 0.99, 0},
    {"floor type none", "household_minimum.baseline_type=none", 0, 0},
    {"floor type absolute_min", "household_minimum.baseline_type=absolute_min", 0, 0},
    {"peak comfort Z above ", "peak.reduction_limit_percent", 1, 1},
    {"anti-spike alpha above ", "spike.alpha_percent", 1, 1},
    {"anti-spike alpha none", "spike.alpha_percent=none", 0, 0},
    {"budget P none", "regional.load_shift_percent_limit=none", 0, 0},
    {"budget P above ", "regional.load_shift_percent_limit", 1, 1},
    {"smallest move ", "run.min_fraction_of_day", 1, 0},
};

static void apply_one(struct ls_policy *policy, const char *text)
{
    char assignment[200], figure[40];
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const struct wording *w = &wordings[i];
        if (strncmp(text, w->words, strlen(w->words)) != 0)
            continue;
        const char *rest = text + strlen(w->words);
        snprintf(figure, sizeof figure, "%.*s", (int)strcspn(rest, " "), rest);
        if (strchr(w->key, '=') != NULL)
            snprintf(assignment, sizeof assignment, "%s", w->key);
        else if (w->factor == 0)
            snprintf(assignment, sizeof assignment, "%s=%s", w->key, figure);
        else
            snprintf(assignment, sizeof assignment, "%s=%.9g", w->key, atof(figure) * w->factor + w->beyond);
        support_set(policy, assignment);
        return;
    }
    fail_msg("a relaxation that names no parameter: '%s'", text);
}

/* Sets what a relaxation names; it may name two parameters. */
static void apply(struct ls_policy *policy, const char *relaxation)
{
    const char *second = strstr(relaxation, " and moves a week");
    apply_one(policy, relaxation);
    if (second != NULL)
        apply_one(policy, second + strlen(" and "));
}

struct refusal {
    const char *assignments;
    size_t customer;
    int source, destination;
    enum ls_limit limit;
    const char *reason;     /* a part of it */
    const char *relaxation; /* all of it */
};

static const struct refusal refusals[] = {
    {"", B, 0, 4, LS_LIMIT_MISSING, "no reading at 04:00", ""},
    {"", B, 4, 0, LS_LIMIT_MISSING, "no reading at 04:00", ""},
    {"", A, 5, 3, LS_LIMIT_MISSING, "no emission factor at 05:00", ""},
    {"behaviour.day_boundaries=01:00-24:00", A, 0, 3, LS_LIMIT_HOURS, "00:00 lies outside",
     "movable hours 00:00-24:00"},
    {"behaviour.day_boundaries=00:00-03:30", A, 0, 3, LS_LIMIT_HOURS, "03:00 lies outside",
     "movable hours 00:00-04:00"},
    {"behaviour.day_boundaries=01:00-02:00", A, 0, 3, LS_LIMIT_HOURS, "01:00-02:00",
     "movable hours 00:00-04:00"},
    {"behaviour.shift_window_hours=2", A, 0, 3, LS_LIMIT_WINDOW, "3 h apart, the shift window is 2 h",
     "shift window H 3 h"},
    {"behaviour.shift_window_hours=3;behaviour.shift_window_inclusive=no", A, 0, 3, LS_LIMIT_WINDOW,
     "less than 3 h", "shift window inclusive"},
    {"behaviour.shift_window_hours=2;behaviour.shift_window_inclusive=no", A, 0, 3, LS_LIMIT_WINDOW,
     "less than 2 h", "shift window H above 3 h"},
    {"", A, 3, 0, LS_LIMIT_NOT_CLEANER, "600.0 against 200.0", ""},
    {"", A, 3, 3, LS_LIMIT_NOT_CLEANER, "no cleaner", ""},
    {"behaviour.moves_per_day=0", A, 0, 3, LS_LIMIT_QUOTA, "0 moves a day", "moves a day K_day 1"},
    {"behaviour.moves_per_week=0", A, 0, 3, LS_LIMIT_QUOTA, "0 moves a week", "moves a week K_week 1"},
    {"behaviour.moves_per_day=0;behaviour.moves_per_week=0", A, 0, 3, LS_LIMIT_QUOTA, "0 moves a week",
     "moves a day K_day 1 and moves a week K_week 1"},
    {"household_minimum.baseline_type=average", A, 0, 3, LS_LIMIT_FLOOR, "1.000 kWh used at 00:00",
     "floor type none, or absolute_min if the hour ever used less (mean 1.000 kWh)"},
    {"household_minimum.baseline_type=absolute_min", A, 4, 3, LS_LIMIT_FLOOR, "0.000 kWh used", ""},
    {"peak_hours.X.Mon=0;peak.reduction_limit_percent=0", A, 0, 3, LS_LIMIT_PEAK, "0 h is a peak hour",
     "peak comfort Z above 0 %"},
    /* 1.25 kWh in the hour, of which a takes its whole 1 kWh */
    {"peak_hours.X.Mon=0;peak.reduction_limit_percent=80;peak.reduction_scope=per_city", B, 0, 3,
     LS_LIMIT_PEAK, "the city's allowance of 80 %", "peak comfort Z above 80 %"},
    /* 0.5 kWh in slot 3: room for the 1 kWh of a's one move */
    {"behaviour.moves_per_day=1;spike.alpha_percent=200", B, 0, 3, LS_LIMIT_ROOM, "03:00 was full",
     "anti-spike alpha above 200 %"},
    {"spike.alpha_percent=25", A, 0, 4, LS_LIMIT_ROOM, "04:00 was full", "anti-spike alpha none"},
    {"behaviour.moves_per_day=1;regional.load_shift_percent_limit=10;regional_daily_load_kwh.X=10", B, 0, 3,
     LS_LIMIT_BUDGET, "budget of 1.0 kWh was used up", "budget P above 10 %"},
    /* b's day has 0.9 kWh, 30 % of which are 0.27 */
    {"run.min_fraction_of_day=0.3", B, 0, 3, LS_LIMIT_SMALLEST,
     "only 0.250 kWh could move, the smallest move is 0.270", "smallest move 0.2777 of the day"},
    {"behaviour.moves_per_day=1", A, 1, 3, LS_LIMIT_OUTBID, "would save 195.0 g; the move made saves 400.0 g",
     "moves a day K_day 2"},
    {"behaviour.moves_per_week=2", A, 2, 3, LS_LIMIT_OUTBID, "the moves made save 595.0 g",
     "moves a week K_week 3"},
    {"behaviour.moves_per_day=2;behaviour.moves_per_week=2", A, 2, 3, LS_LIMIT_OUTBID, "would save 190.0 g",
     "moves a day K_day 3 and moves a week K_week 3"},
    /* the third of a's moves */
    {"behaviour.moves_per_day=1", A, 2, 3, LS_LIMIT_OUTBID, "would save 190.0 g", "moves a day K_day 3"},
    /* its source went to a cleaner slot, and would with any quota */
    {"", A, 0, 4, LS_LIMIT_OUTBID, "would save 350.0 g", ""},
    {"behaviour.moves_per_day=1", A, 0, 4, LS_LIMIT_OUTBID, "would save 350.0 g", ""},
    {"run.engine=milp;behaviour.moves_per_day=1", A, 1, 3, LS_LIMIT_OUTBID, "would save 195.0 g", ""},
    /* which knows no smallest move; a's day has 2.75 kWh */
    {"run.engine=lp;run.min_fraction_of_day=0.5", A, 0, 4, LS_LIMIT_OUTBID, "would save 350.0 g", ""},
    {"behaviour.moves_per_day=1;regional.load_shift_percent_limit=100;regional_daily_load_kwh.X=1", B, 0, 3,
     LS_LIMIT_BUDGET, "budget of 1.0 kWh was used up", "budget P none"},
};

static void each_limit_is_named_and_its_relaxation_works(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *r = &refusals[i];
        struct support_scene scene = enter_world(r->assignments);
        struct ls_why why = ask(&scene, r->customer, r->source, r->destination);
        if (why.limit != r->limit || strstr(why.reason, r->reason) == NULL ||
            strcmp(why.relaxation, r->relaxation) != 0)
            fail_msg("'%s' %zu %d>%d: %s, '%s', '%s'", r->assignments, r->customer, r->source, r->destination,
                     ls_limit_name(why.limit), why.reason, why.relaxation);
        assert_false(why.made);
        if (why.relaxation[0] != '\0') {
            apply(&scene.policy, why.relaxation);
            support_solve_again(&scene, "");
            why = ask(&scene, r->customer, r->source, r->destination);
            if (!why.made && (why.limit == r->limit || why.limit != LS_LIMIT_OUTBID))
                fail_msg("'%s' does not let %d>%d through: %s", r->relaxation, r->source, r->destination,
                         ls_limit_name(why.limit));
        }
        support_leave(&scene);
    }
}

static void a_floor_names_the_term_that_holds(void **state)
{
    (void)state;
    static const struct {
        const char *assignments, *relaxation;
    } rows[] = {
        {"household_minimum.R_percent=60", "floor R below 50.0 %"},
        {"household_minimum.R_percent=10;household_minimum.epsilon_floor_kwh=0.7",
         "floor epsilon below 0.5 kWh"},
        {"household_minimum.R_percent=60;household_minimum.epsilon_floor_kwh=0.7", "floor type none"},
        {"household_minimum.R_percent=none;household_minimum.epsilon_floor_kwh=0.5",
         "floor epsilon below 0.5 kWh"},
        {"household_minimum.baseline_type=average",
         "floor type absolute_min (the mean of this hour is 0.550 kWh)"},
        {"household_minimum.baseline_type=average;household_minimum.R_percent=60", "floor type none"},
    };
    static const double mef[] = {600, 600, 600, 600, 200},
                        kwh[] = {1, 0.5, 0.4, 0.3, 0.1}; /* quarter hours */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_scene scene =
            support_enter(support_day(15, 5, mef, 1, kwh), "household_minimum.baseline_type=absolute_min;"
                                                           "household_minimum.robust_max_percentile=100");
        support_solve_again(&scene, rows[i].assignments);
        struct ls_why why = ask(&scene, A, 1, 4);
        assert_int_equal(why.limit, LS_LIMIT_FLOOR);
        assert_string_equal(why.relaxation, rows[i].relaxation);
        apply(&scene.policy, why.relaxation);
        support_solve_again(&scene, "");
        assert_true(ask(&scene, A, 1, 4).made);
        support_leave(&scene);
    }
}

/* All limits at once; granting what is asked for shows the next, in the model's order. */
static void the_first_limit_comes_first(void **state)
{
    (void)state;
    static const enum ls_limit order[] = {LS_LIMIT_HOURS,  LS_LIMIT_WINDOW,  LS_LIMIT_QUOTA,
                                          LS_LIMIT_FLOOR,  LS_LIMIT_PEAK,    LS_LIMIT_ROOM,
                                          LS_LIMIT_BUDGET, LS_LIMIT_SMALLEST};
    const char *all = "behaviour.day_boundaries=01:00-24:00;behaviour.shift_window_hours=1;"
                      "behaviour.moves_per_day=0;household_minimum.baseline_type=average;"
                      "peak_hours.X.Mon=0;peak.reduction_limit_percent=0;spike.alpha_percent=0;"
                      "regional.load_shift_percent_limit=0;run.min_fraction_of_day=0.9";
    struct support_scene scene = enter_world(all);
    assert_int_equal(ask(&scene, A, 0, 5).limit, LS_LIMIT_MISSING);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct ls_why why = ask(&scene, A, 0, 3);
        if (why.limit != order[i])
            fail_msg("%s instead of %s", ls_limit_name(why.limit), ls_limit_name(order[i]));
        bool last = i + 1 == sizeof order / sizeof *order;
        assert_int_equal(why.next, last ? LS_LIMIT_NONE : order[i + 1]);
        assert_int_equal(why.sufficient, last);
        if (order[i] == LS_LIMIT_QUOTA) /* before it comes the pair's own fault */
            assert_int_equal(ask(&scene, A, 1, 0).limit, LS_LIMIT_NOT_CLEANER);
        assert_near(why.forgone_g, order[i] <= LS_LIMIT_FLOOR ? 0 : 400, 1e-9);
        apply(&scene.policy, why.relaxation);
        support_solve_again(&scene, "");
    }
    assert_true(ask(&scene, A, 0, 3).made);
    support_leave(&scene);
}

/* How far each pair falls short, by hand. */
static void slack_is_told_in_the_limits_own_unit(void **state)
{
    (void)state;
    static const struct {
        const char *assignments;
        size_t customer;
        int source, destination;
        enum ls_limit limit;
        double slack;
        const char *unit;
        bool sufficient;
    } rows[] = {
        {"", B, 0, 4, LS_LIMIT_MISSING, NAN, "", false},
        {"behaviour.day_boundaries=01:00-24:00", A, 0, 3, LS_LIMIT_HOURS, -60, "min", true},
        {"behaviour.day_boundaries=00:00-01:30", A, 0, 3, LS_LIMIT_HOURS, -150, "min", true},
        {"behaviour.shift_window_hours=1.5", A, 0, 3, LS_LIMIT_WINDOW, -1.5, "h", true},
        {"behaviour.shift_window_hours=3;behaviour.shift_window_inclusive=no", B, 0, 3, LS_LIMIT_WINDOW, 0,
         "h", true},
        /* what a leaves of the room is not known then */
        {"behaviour.shift_window_hours=2;spike.alpha_percent=500", B, 0, 3, LS_LIMIT_WINDOW, -1, "h", false},
        {"behaviour.shift_window_hours=2;spike.alpha_percent=500", A, 0, 3, LS_LIMIT_WINDOW, -1, "h", true},
        {"behaviour.shift_window_hours=2;regional.load_shift_percent_limit=50", B, 0, 3, LS_LIMIT_WINDOW, -1,
         "h", false},
        {"behaviour.shift_window_hours=2;peak_hours.X.Mon=0;peak.reduction_limit_percent=50;"
         "peak.reduction_scope=per_city",
         B, 0, 3, LS_LIMIT_WINDOW, -1, "h", false},
        {"behaviour.shift_window_hours=2;peak_hours.X.Mon=0;peak.reduction_limit_percent=50", B, 0, 3,
         LS_LIMIT_WINDOW, -1, "h", true},
        {"", A, 3, 0, LS_LIMIT_NOT_CLEANER, -400, "g/kWh", false},
        {"behaviour.moves_per_day=0", A, 0, 3, LS_LIMIT_QUOTA, 0, "moves", true},
        {"household_minimum.baseline_type=absolute_min;household_minimum.epsilon_floor_kwh=3", A, 0, 3,
         LS_LIMIT_FLOOR, -2, "kWh", true}, /* its minimum holds it too */
        {"peak_hours.X.Mon=0;peak.reduction_limit_percent=0", A, 0, 3, LS_LIMIT_PEAK, 0, "kWh", true},
        {"behaviour.moves_per_day=1;spike.alpha_percent=200", B, 0, 3, LS_LIMIT_ROOM, 0, "kWh", false},
        {"behaviour.moves_per_day=1;regional.load_shift_percent_limit=10;regional_daily_load_kwh.X=10", B, 0,
         3, LS_LIMIT_BUDGET, 0, "kWh", false},
        {"run.min_fraction_of_day=0.3", B, 0, 3, LS_LIMIT_SMALLEST, -0.02, "kWh", true},
        {"behaviour.moves_per_day=1", A, 1, 3, LS_LIMIT_OUTBID, 195 - 400, "g", true},
        {"", A, 0, 4, LS_LIMIT_OUTBID, 350 - 400, "g", false}, /* against its source's own move */
        {"behaviour.moves_per_day=2", A, 2, 3, LS_LIMIT_OUTBID, 190 - 195, "g", true},
        {"", A, 0, 3, LS_LIMIT_WHOLE, 0, "kWh", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_scene scene = enter_world(rows[i].assignments);
        struct ls_why why = ask(&scene, rows[i].customer, rows[i].source, rows[i].destination);
        bool same = isnan(rows[i].slack) ? isnan(why.slack) : fabs(why.slack - rows[i].slack) < 1e-9;
        if (why.limit != rows[i].limit || !same || strcmp(why.slack_unit, rows[i].unit) != 0 ||
            why.sufficient != rows[i].sufficient)
            fail_msg("'%s' %d>%d: %s by %g %s, %s", rows[i].assignments, rows[i].source, rows[i].destination,
                     ls_limit_name(why.limit), why.slack, why.slack_unit,
                     why.sufficient ? "sufficient" : "not sufficient");
        support_leave(&scene);
    }
}

static void a_move_that_was_made(void **state)
{
    (void)state;
    struct support_scene scene =
        enter_world("behaviour.moves_per_day=1;spike.alpha_percent=40"); /* room 0.2 */
    struct ls_why why = ask(&scene, A, 0, 3);
    assert_true(why.made);
    assert_int_equal(why.limit, LS_LIMIT_ROOM);
    assert_near(why.kwh, 0.2, 1e-12);
    assert_near(why.forgone_g, 0.8 * 400, 1e-9);
    assert_non_null(strstr(why.reason, "0.200 kWh moved of 1.000 used"));
    assert_string_equal(why.relaxation, "anti-spike alpha above 40 %");
    support_solve_again(&scene, "spike.alpha_percent=none");
    why = ask(&scene, A, 0, 3);
    assert_true(why.made && why.limit == LS_LIMIT_WHOLE);
    assert_near(why.forgone_g, 0, 1e-9);
    assert_string_equal(why.relaxation, "");
    support_leave(&scene);
}

/* The term that made the floor is named, and turning it lets more of the slot go. */
static void a_move_that_its_floor_stopped(void **state)
{
    (void)state;
    static const struct {
        const char *assignments, *relaxation;
        double moved_kwh, then_kwh;
    } rows[] = {
        {"household_minimum.baseline_type=average",
         "floor type absolute_min (the mean of this hour is 0.550 kWh)", 0.45, 0.7},
        {"household_minimum.R_percent=60", "floor R below 60.0 %", 0.4, 0.406},
        {"household_minimum.R_percent=none;household_minimum.epsilon_floor_kwh=0.5",
         "floor epsilon below 0.5 kWh", 0.5, 0.505},
        {"household_minimum.R_percent=none", "floor type none (the minimum of this hour is 0.300 kWh)", 0.7,
         1},
    };
    static const double mef[] = {600, 600, 600, 600, 200}, kwh[] = {1, 0.5, 0.4, 0.3, 0.1};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_scene scene =
            support_enter(support_day(15, 5, mef, 1, kwh), "household_minimum.baseline_type=absolute_min;"
                                                           "household_minimum.robust_max_percentile=100");
        support_solve_again(&scene, rows[i].assignments);
        struct ls_why why = ask(&scene, A, 0, 4);
        assert_true(why.made && why.limit == LS_LIMIT_FLOOR);
        assert_near(why.kwh, rows[i].moved_kwh, 1e-6);
        assert_string_equal(why.relaxation, rows[i].relaxation);
        apply(&scene.policy, why.relaxation);
        support_solve_again(&scene, "");
        assert_near(ask(&scene, A, 0, 4).kwh, rows[i].then_kwh, 1e-6);
        support_leave(&scene);
    }
}

/* A window of more than 24 h cannot be given, and a day on which the clock goes back has slots so far apart.
 */
static void a_window_beyond_its_range_is_none(void **state)
{
    (void)state;
    enum { SLOTS = 50, CLOCK_GOES_BACK = 19295 }; /* 2022-10-30 */
    struct support_text csv = {0};
    struct support_scene scene = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int t = 0; t < SLOTS; t++)
        support_row(&csv, "X", "a", CLOCK_GOES_BACK * INT64_C(86400) - 7200 + t * 1800, 0, 1, 600 - t, 300);
    scene.dataset = support_load(csv.bytes, 30, "Europe/Berlin");
    free(csv.bytes);
    assert_int_equal(ls_bench_open(scene.dataset, &scene.bench, NULL), 0);
    for (int inclusive = 0; inclusive < 2; inclusive++) {
        ls_policy_clear(&scene.policy);
        support_policy(&scene.policy,
                       SUPPORT_OPEN "behaviour.timezone=Europe/Berlin;behaviour.shift_window_hours=2");
        support_set(&scene.policy, inclusive ? "behaviour.shift_window_inclusive=yes"
                                             : "behaviour.shift_window_inclusive=no");
        ls_answer_destroy(scene.answer);
        assert_int_equal(
            ls_bench_solve(scene.bench, &scene.policy, "X", CLOCK_GOES_BACK, NULL, &scene.answer, NULL), 0);
        assert_int_equal(scene.answer->day->n_slots, SLOTS);
        struct ls_why why = ask(&scene, A, 0, SLOTS - 2 + inclusive); /* 24 h apart, and 24.5 */
        assert_int_equal(why.limit, LS_LIMIT_WINDOW);
        assert_string_equal(why.relaxation, "shift window H none");
        assert_string_equal(ask(&scene, A, 0, SLOTS - 3 + inclusive).relaxation,
                            inclusive ? "shift window H 24 h" : "shift window H above 23.5 h");
    }
    support_leave(&scene);
}

static void what_hours_and_windows_forgo_is_told(void **state)
{
    (void)state;
    struct support_scene scene = enter_world("behaviour.day_boundaries=01:00-24:00");
    assert_near(ask(&scene, A, 0, 3).forgone_g, 400, 1e-9);
    support_solve_again(&scene, "behaviour.day_boundaries=00:00-24:00;behaviour.shift_window_hours=1");
    assert_near(ask(&scene, A, 0, 3).forgone_g, 400, 1e-9);
    assert_near(ask(&scene, A, 3, 0).forgone_g, 0, 0);
    support_leave(&scene);
}

/* What a home could have moved is told as things stood at its turn: neither before it nor after. */
static void the_account_is_that_of_the_turn(void **state)
{
    (void)state;
    /* a: 0.5 kWh * 400 g before 0.9 * 100, then b's 0.4 takes the rest of the budget of 0.9 */
    static const double mef[] = {600, 300, 200}, kwh[] = {0.5, 1.9, 0, 0.4, 0, 0};
    struct support_scene scene = support_enter(
        support_day(60, 3, mef, 2, kwh), "behaviour.moves_per_day=1;regional.load_shift_percent_limit=9;"
                                         "regional_daily_load_kwh.X=10");
    struct ls_why why = ask(&scene, A, 1, 2);
    assert_int_equal(why.limit, LS_LIMIT_OUTBID);
    assert_near(why.kwh, 0.9, 1e-12);
    assert_int_equal(scene.answer->plan->n_moves, 2);
    support_leave(&scene);

    /* a's 1 kWh from slot 1 made room there, on top of half of the slot's baseline */
    static const double next_mef[] = {600, 500, 400, 0}, next_kwh[] = {0, 1, 0, 10, 1, 0, 3, 0};
    scene = support_enter(support_day(60, 4, next_mef, 2, next_kwh),
                          "behaviour.moves_per_day=1;behaviour.shift_window_hours=1;spike.alpha_percent=50");
    why = ask(&scene, B, 0, 1);
    assert_int_equal(why.limit, LS_LIMIT_OUTBID);
    assert_near(why.kwh, 1, 1e-12);
    support_leave(&scene);
}

static void the_pair_to_ask_about_first(void **state)
{
    (void)state;
    struct support_scene scene = enter_world("");
    int source = -1, destination = -1;
    assert_true(ls_why_best_pair(scene.answer, A, &source, &destination));
    assert_int_equal(source, 0); /* its largest move, 1 kWh */
    assert_int_equal(destination, 3);

    support_solve_again(&scene, "behaviour.moves_per_day=0");
    assert_true(ls_why_best_pair(scene.answer, B, &source, &destination));
    assert_int_equal(source, 0); /* 0.25 kWh * 400 g before 0.2 * 390 */
    assert_int_equal(destination, 3);

    support_solve_again(&scene, "behaviour.shift_window_hours=0");
    assert_false(ls_why_best_pair(scene.answer, A, &source, &destination));
    support_leave(&scene);
}

/* A home with the same two moves to make every day of the week. */
static void a_quota_used_up_in_the_week(void **state)
{
    (void)state;
    static const char used_up[] = "used on the days before";
    static const struct {
        const char *assignments, *relaxation;
        int weekday;
        const char *reason;
    } rows[] = {
        {"behaviour.moves_per_day=1;behaviour.moves_per_week=1", "moves a week K_week 2", 1, used_up},
        {"behaviour.moves_per_day=1;behaviour.moves_per_week=1", "moves a week K_week 5", 4,
         used_up}, /* not 2 */
        {"behaviour.moves_per_day=2;behaviour.moves_per_week=3", "moves a week K_week 5", 2, used_up},
        {"behaviour.moves_per_day=none;behaviour.moves_per_week=2", "moves a week K_week none", 1, used_up},
        /* what lets this day move lets the days before it move as well */
        {"behaviour.moves_per_day=0;behaviour.moves_per_week=3",
         "moves a day K_day 1 and moves a week K_week 4", 3, "allows 0 moves a day"},
        {"behaviour.moves_per_day=0;behaviour.moves_per_week=3", "moves a day K_day 1", 2,
         "allows 0 moves a day"},
    };
    struct support_text csv = {0};
    support_add(&csv, SUPPORT_COLUMNS);
    for (int day = 0; day < 7; day++)
        for (int t = 0; t < 3; t++)
            support_row(&csv, "X", "a", (SUPPORT_MONDAY + day) * INT64_C(86400) + t * 3600, 0, 1 - 0.4 * t,
                        t < 2 ? 600 - t : 200, 300);
    struct ls_dataset *dataset = support_load(csv.bytes, 60, "auto");
    free(csv.bytes);
    ls_bench *bench = NULL;
    assert_int_equal(ls_bench_open(dataset, &bench, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ls_policy policy;
        struct ls_answer *answer = NULL;
        struct ls_why why;
        support_policy(&policy, SUPPORT_OPEN "behaviour.slot_minutes=60;run.week_context=in_week");
        support_set(&policy, rows[i].assignments);
        for (int round = 0; round < 2; round++) {
            assert_int_equal(
                ls_bench_solve(bench, &policy, "X", SUPPORT_MONDAY + rows[i].weekday, NULL, &answer, NULL),
                0);
            assert_int_equal(ls_why_pair(answer, 0, 0, 2, &why, NULL), 0);
            if (round == 0) {
                assert_int_equal(why.limit, LS_LIMIT_QUOTA);
                assert_non_null(strstr(why.reason, rows[i].reason));
                assert_true(why.sufficient);
                assert_string_equal(why.relaxation, rows[i].relaxation);
                apply(&policy, why.relaxation);
            } else {
                assert_true(why.made);
            }
            ls_answer_destroy(answer);
        }
        ls_policy_clear(&policy);
    }
    ls_bench_close(bench);
    ls_dataset_destroy(dataset);
}

static void a_home_that_was_not_served(void **state)
{
    (void)state;
    struct support_scene scene = enter_world("");
    const atomic_bool cancel = true;
    struct ls_solve_options options = {.cancel = &cancel};
    ls_answer_destroy(scene.answer);
    assert_int_equal(
        ls_bench_solve(scene.bench, &scene.policy, "X", SUPPORT_MONDAY, &options, &scene.answer, NULL), 0);
    struct ls_why why = ask(&scene, A, 0, 3);
    assert_false(why.made);
    assert_non_null(strstr(why.reason, "cancelled"));
    support_leave(&scene);
}

/* Limits of the pair alone, whose relaxation cannot be spoilt by what other homes do then. */
static bool of_the_pair(enum ls_limit limit)
{
    return limit == LS_LIMIT_HOURS || limit == LS_LIMIT_WINDOW || limit == LS_LIMIT_QUOTA ||
           limit == LS_LIMIT_FLOOR;
}

/* A pair that others came before never saves more than they did, or nothing is said of it. */
static bool slack_is_a_lack(const struct ls_why *why)
{
    return why->limit != LS_LIMIT_OUTBID || isnan(why->slack) || why->slack <= 1e-12;
}

static void relaxations_of_random_days_work(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(5, "why", 0);
    size_t tried[LS_LIMIT_COUNT] = {0}, sufficient = 0;
    for (int round = 0; round < 150; round++) {
        static const int minutes[] = {60, 30, 20};
        struct ls_dataset *dataset =
            support_random_day(&random, 1 + (size_t)ls_random_below(&random, 4), minutes[round % 3]);
        struct ls_policy policy;
        support_random_policy(&random, &policy);
        policy.slot_minutes = dataset->slot_minutes;
        policy.engine = (enum ls_engine_id)ls_random_below(&random, 3);
        struct support_scene scene = {.dataset = dataset, .policy = policy};
        assert_int_equal(ls_bench_open(dataset, &scene.bench, NULL), 0);
        for (int question = 0; question < 20; question++) {
            struct ls_policy before;
            support_solve_again(&scene, "");
            size_t customer = (size_t)ls_random_below(&random, scene.answer->day->n_customers);
            int t = (int)ls_random_below(&random, (uint64_t)scene.answer->day->n_slots);
            int s = (int)ls_random_below(&random, (uint64_t)scene.answer->day->n_slots);
            struct ls_why why = ask(&scene, customer, t, s);
            tried[why.limit]++;
            assert_true(why.made || slack_is_a_lack(&why));
            if ((!of_the_pair(why.limit) && !why.sufficient) || why.made || why.relaxation[0] == '\0')
                continue;
            sufficient += why.sufficient;
            assert_int_equal(ls_policy_copy(&before, &scene.policy, NULL), 0);
            apply(&scene.policy, why.relaxation);
            support_solve_again(&scene, "");
            struct ls_why then = ask(&scene, customer, t, s);
            if (!then.made && then.limit == why.limit)
                fail_msg("round %d, %d>%d: '%s' changes nothing: %s", round, t, s, why.relaxation,
                         why.reason);
            if (why.sufficient && !then.made && then.limit != LS_LIMIT_OUTBID)
                fail_msg("round %d, %d>%d: '%s' does not admit it: %s", round, t, s, why.relaxation,
                         then.reason);
            ls_policy_clear(&scene.policy);
            scene.policy = before;
        }
        support_leave(&scene);
    }
    if (sufficient < 60)
        fail_msg("%zu relaxations alone were sufficient", sufficient);
    for (int limit = LS_LIMIT_MISSING; limit <= LS_LIMIT_FLOOR; limit++)
        if (limit != LS_LIMIT_WHOLE && tried[limit] < 5)
            fail_msg("'%s' was met %zu times only", ls_limit_name((enum ls_limit)limit), tried[limit]);
}

/* Makes what is asked for to see that a pair that was outbid is then made, and that with a move less it is
 * not. */
static void admit_outbid(const struct support_scene *scene, int t, int s, const char *relaxation)
{
    struct support_scene then = {.bench = scene->bench};
    assert_int_equal(ls_policy_copy(&then.policy, &scene->policy, NULL), 0);
    apply(&then.policy, relaxation);
    support_solve_again(&then, "");
    if (!ask(&then, A, t, s).made)
        fail_msg("%d>%d is not made with '%s'", t, s, relaxation);
    then.policy.moves_per_day--;
    support_solve_again(&then, "");
    assert_false(ask(&then, A, t, s).made);
    ls_answer_destroy(then.answer);
    ls_policy_clear(&then.policy);
}

static void outbid_pairs_of_random_days_are_made_with_the_quota_told(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(8, "outbid", 0);
    size_t never = 0, admitted = 0;
    for (int round = 0; round < 100; round++) {
        struct support_scene scene = support_enter(support_random_day(&random, 2, 60), "");
        ls_policy_clear(&scene.policy);
        support_random_policy(&random, &scene.policy);
        scene.policy.slot_minutes = 60;
        support_solve_again(&scene, "behaviour.moves_per_day=1;behaviour.moves_per_week=none");
        for (int pair = 0; pair < 24 * 24; pair++) {
            struct ls_why why = ask(&scene, A, pair / 24, pair % 24);
            if (why.made || why.limit != LS_LIMIT_OUTBID)
                continue;
            assert_int_equal(why.sufficient, why.relaxation[0] != '\0');
            if (why.sufficient)
                admit_outbid(&scene, pair / 24, pair % 24, why.relaxation);
            admitted += why.sufficient;
            never += !why.sufficient;
        }
        support_leave(&scene);
    }
    if (admitted < 20 || never < 20)
        fail_msg("%zu pairs were admitted, %zu never", admitted, never);
}

/* Every move of every engine is told as made, with its own figures. */
static void every_move_is_explained(void **state)
{
    (void)state;
    struct ls_random random = ls_random_seed(6, "made", 0);
    size_t moves = 0;
    for (int round = 0; round < 20; round++) {
        struct support_scene scene =
            support_enter(support_random_day(&random, 3, 30), "spike.alpha_percent=25");
        scene.policy.engine = (enum ls_engine_id)(round % 3);
        support_solve_again(&scene, "");
        for (size_t m = 0; m < scene.answer->plan->n_moves; m++, moves++) {
            const struct ls_move *move = &scene.answer->plan->moves[m];
            struct ls_why why = ask(&scene, move->customer, move->source, move->destination);
            assert_true(why.made && why.kwh == move->kwh && why.limit == move->limited_by);
        }
        support_leave(&scene);
    }
    assert_true(moves > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_limit_is_named_and_its_relaxation_works),
        cmocka_unit_test(a_floor_names_the_term_that_holds),
        cmocka_unit_test(the_first_limit_comes_first),
        cmocka_unit_test(slack_is_told_in_the_limits_own_unit),
        cmocka_unit_test(a_move_that_was_made),
        cmocka_unit_test(a_move_that_its_floor_stopped),
        cmocka_unit_test(a_window_beyond_its_range_is_none),
        cmocka_unit_test(what_hours_and_windows_forgo_is_told),
        cmocka_unit_test(the_account_is_that_of_the_turn),
        cmocka_unit_test(the_pair_to_ask_about_first),
        cmocka_unit_test(a_quota_used_up_in_the_week),
        cmocka_unit_test(a_home_that_was_not_served),
        cmocka_unit_test(relaxations_of_random_days_work),
        cmocka_unit_test(outbid_pairs_of_random_days_are_made_with_the_quota_told),
        cmocka_unit_test(every_move_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
