/*
 * From a key that nudges a limit to the last byte of the new picture, by the real explorer in a
 * pseudo-terminal, against the same solves by the library.
 *
 * The explorer runs as for a user, without the marks that tests wait for, since those come with frames of
 * their own. The picture's time is that of the last change of the screen before a silence; it is
 * looked at every few ms, so a median may be a ms late and never early.
 */
#include "study.h"

#include "../screen/explorer.h"

#include <loadscope/shift.h>

#define KEYS         11
#define ROWS         24
#define PICTURE_ROWS (ROWS - 2) /* what a step more would save comes later, below them */
#define COLS         80
#define UP           "\033OA"
#define Z_UP         "]\033OB" /* and down to alpha */
#define SILENCE_MS                                                                                           \
    100 /* and four answers: then nothing more comes, and the next key finds a terminal at rest */
#define ANSWERS   4
#define MARGIN_MS 5
#define THURSDAY  3
#define ALPHA     "spike.alpha_percent=4" /* binds in many slots, so that a step of 1 changes what is saved */

/* A week context, and the day that is looked at. */
struct context {
    const char *what, *assignment;
    const char *key_figure, *solve_figure;
    int day;
};

static const struct context contexts[] = {
    {"day alone", "run.week_context=day_alone", "key_to_picture_ms", "solve_ms", 0},
    {"Thursday in its week", "run.week_context=in_week", "key_to_picture_in_week_ms", "solve_in_week_ms",
     THURSDAY},
};

struct solves {
    double plan_s, answer_s; /* the solve's own time; with whatever the bench does for the answer */
};

/* Turns alpha down and up, as the keys do. */
static int solve_turns(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    const struct context *context = question;
    struct solves *solves = result;
    double plan_s[KEYS] = {0}, answer_s[KEYS] = {0};
    struct ls_policy policy = {0};
    struct study_data data = {0};
    ls_bench *bench = NULL;
    int code = study_data_open(study->city_store, &data, error);
    if (code == 0)
        code = ls_bench_open_archive(data.archive, &bench, error);
    if (code == 0)
        code = ls_policy_copy(&policy, &study->policy, error);
    if (code == 0)
        code = ls_policy_assign(&policy, context->assignment, error);
    if (code == 0)
        code = ls_policy_assign(&policy, ALPHA, error);
    for (int i = -1; code == 0 && i < KEYS; i++) { /* the first answer cuts the days */
        struct ls_answer *answer = NULL;
        double started = ls_clock_seconds();
        code =
            ls_bench_solve(bench, &policy, STUDY_CITY, data.first_date + context->day, NULL, &answer, error);
        if (code == 0 && i >= 0) {
            answer_s[i] = ls_clock_seconds() - started;
            plan_s[i] = answer->plan->seconds;
        }
        ls_answer_destroy(answer);
        policy.alpha_percent += i % 2 == 0 ? 1 : -1; /* down first, as the keys go */
    }
    solves->plan_s = bench_median(plan_s, KEYS);
    solves->answer_s = bench_median(answer_s, KEYS);
    ls_policy_clear(&policy);
    ls_bench_close(bench);
    study_data_close(&data);
    return code;
}

static void take_screen(const struct pty *pty, char out[ROWS][PTY_LINE])
{
    for (int row = 0; row < ROWS; row++)
        pty_line(pty, row, out[row]);
}

static bool same_screen(const struct pty *pty, char before[ROWS][PTY_LINE])
{
    char line[PTY_LINE];
    for (int row = 0; row < PICTURE_ROWS; row++)
        if (strcmp(before[row], pty_line(pty, row, line)) != 0)
            return false;
    return true;
}

/* When the screen changed last, once it does no more for so long. */
static double last_change(struct pty *pty, double silence_s)
{
    static char screen[ROWS][PTY_LINE];
    double last = ls_clock_seconds(), now = last;
    take_screen(pty, screen);
    for (; now - last < silence_s; now = ls_clock_seconds()) {
        pty_read_for(pty, 1);
        double came = ls_clock_seconds();
        if (same_screen(pty, screen))
            continue;
        last = came;
        take_screen(pty, screen);
    }
    return last;
}

static const char *saved_figures(struct pty *pty, char out[PTY_LINE])
{
    static const char *const labels[] = {"marginal", "average", "of the day", "moved", "budget used"};
    char line[PTY_LINE];
    out[0] = '\0';
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        size_t length = strlen(out);
        snprintf(out + length, PTY_LINE - length, "%.22s ",
                 pty_line(pty, explorer_row(pty, labels[i]), line));
    }
    return out;
}

struct keys {
    double first_s; /* from the program's start to its first picture */
    double key_s;
    int unchanged; /* keys that left what is saved as it was */
};

static double press(struct pty *pty, const char *key, double silence_s, int *unchanged)
{
    char before[PTY_LINE], after[PTY_LINE];
    saved_figures(pty, before);
    double started = ls_clock_seconds();
    pty_send(pty, key, 1);
    double taken = last_change(pty, silence_s) - started;
    *unchanged += strcmp(before, saved_figures(pty, after)) == 0;
    return taken;
}

/* What keys are pressed in, and how long the library takes for an answer. */
struct pressing {
    const struct context *context;
    double answer_s;
};

static int press_keys(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    static const char *const env[] = {"LOADSCOPE_TEST", NULL};
    const struct pressing *pressing = question;
    const struct context *context = pressing->context;
    const double silence_s = 1e-3 * SILENCE_MS + ANSWERS * pressing->answer_s;
    struct keys *keys = result;
    char date[LS_DATE_SIZE];
    int32_t first;
    if (!ls_date_parse(FIRST_DAY, &first))
        return ls_error_set(error, LS_ERR_VALUE, "the sample's first day is no date");
    ls_date_format(first + context->day, date);
    const char *argv[] = {study->program,
                          study->city_store,
                          "--scenario",
                          study->scenario,
                          "--city",
                          STUDY_CITY,
                          "--day",
                          date,
                          "--set",
                          context->assignment,
                          "--set",
                          ALPHA,
                          NULL};
    const struct pty_options options = {.rows = ROWS, .cols = COLS, .env = env, .argv = argv};
    double seconds[KEYS], started = ls_clock_seconds();
    struct pty *pty = pty_start(&options);
    pty_wait_text(pty, "budget used");
    keys->first_s = last_change(pty, silence_s) - started;
    for (size_t i = 0; i < KEYS; i++) {
        pty_send(pty, i == 0 ? Z_UP : UP Z_UP, 1); /* so that no answer is known already */
        last_change(pty, silence_s);
        seconds[i] = press(pty, i % 2 == 0 ? "[" : "]", silence_s, &keys->unchanged);
    }
    keys->key_s = bench_median(seconds, KEYS);
    explorer_leave(pty);
    return 0;
}

static int measure_context(const struct study *study, const struct context *context)
{
    struct solves solves = {0};
    struct keys keys = {0};
    double peak_mib = 0;
    int code = study_apart(study, solve_turns, context, &solves, sizeof solves, NULL);
    const struct pressing pressing = {context, solves.answer_s};
    if (code == 0)
        code = study_apart(study, press_keys, &pressing, &keys, sizeof keys, &peak_mib);
    if (code != 0)
        return code;
    double limit_s = 2 * (context->day == 0 ? solves.plan_s : solves.answer_s) + 1e-3 * MARGIN_MS;
    printf(" %s\n", context->what);
    study_row("explorer's start to its first picture", keys.first_s);
    study_row("key to the last byte of the new picture", keys.key_s);
    study_row("the day's solve, as its plan says", solves.plan_s);
    study_row("the library's whole answer", solves.answer_s);
    printf("  at most twice the %s and %d ms: %.1f ms, %s\n", context->day == 0 ? "solve" : "answer",
           MARGIN_MS, 1e3 * limit_s, keys.key_s <= limit_s ? "kept" : "NOT kept");
    printf("  %-52s %10.1f MiB\n", "the explorer's peak memory", peak_mib);
    bench_figure(context->key_figure, 1e3 * keys.key_s);
    bench_figure(context->solve_figure, 1e3 * (context->day == 0 ? solves.plan_s : solves.answer_s));
    if (keys.unchanged == 0)
        return 0;
    fprintf(stderr, "bench_study: %d of %d keys left the saved figures as they were\n", keys.unchanged, KEYS);
    return LS_ERR_VALUE;
}

int study_key_to_picture(struct study *study)
{
    int code = 0;
    printf("\na nudge of alpha in the explorer, %u homes, 80x24\n", STUDY_CITY_HOMES);
    for (size_t i = 0; code == 0 && i < sizeof contexts / sizeof *contexts; i++)
        code = measure_context(study, &contexts[i]);
    return code;
}
