/* The same study by a plain program in Python, where its libraries are. */
#include "study.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PEER      "tests/bench/peer.py"
#define HOMES     200u
#define RUNS      3
#define TOLERANCE 1e-3 /* of grams saved */

struct totals {
    double household_days, saved_marg_g, saved_avg_g;
};

static bool write_text(void *user, const char *text, size_t length)
{
    return fwrite(text, 1, length, user) == length;
}

static int write_sample(const struct study *study, const void *question, void *result, struct ls_error *error)
{
    (void)study;
    (void)result;
    const struct ls_sample_options sample = {.customers = HOMES, .days = STUDY_DAYS, .seed = 1};
    FILE *out = fopen(question, "w");
    if (out == NULL)
        return ls_error_set(error, LS_ERR_IO, "cannot write %s", (const char *)question);
    int code = ls_sample_write(&sample, write_text, out, error);
    if (fclose(out) != 0 && code == 0)
        code = ls_error_set(error, LS_ERR_IO, "cannot write %s", (const char *)question);
    return code;
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

/* Both programs write JSON; ours has the totals of all cities under "all". */
static int read_totals(const char *path, struct totals *out)
{
    char text[65536];
    FILE *file = fopen(path, "r");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file != NULL)
        fclose(file);
    text[length] = '\0';
    cJSON *root = cJSON_Parse(text);
    const cJSON *all = cJSON_GetObjectItemCaseSensitive(root, "all");
    all = all != NULL ? all : root;
    *out = (struct totals){number(all, "customer_days"), number(all, "saved_marg_g"),
                           number(all, "saved_avg_g")};
    cJSON_Delete(root);
    if (!isnan(out->household_days + out->saved_marg_g + out->saved_avg_g))
        return 0;
    fprintf(stderr, "bench_study: %s has no totals\n", path);
    return LS_ERR_FORMAT;
}

static const char *python(void)
{
    const char *name = getenv("PYTHON");
    return name != NULL && name[0] != '\0' ? name : "python3";
}

static bool has_peer(void)
{
    const char *argv[] = {python(), "-c", "import numpy, pandas", NULL};
    struct study_ended ended;
    return access(PEER, R_OK) == 0 && study_program(argv, NULL, true, &ended) == 0 &&
           WIFEXITED(ended.status) && WEXITSTATUS(ended.status) == 0;
}

static double apart(double ours, double theirs)
{
    return fabs(ours - theirs) / fmax(fabs(ours), fabs(theirs));
}

static int report(const struct totals *ours, const struct totals *theirs, double our_s, double their_s)
{
    double most =
        fmax(apart(ours->saved_marg_g, theirs->saved_marg_g), apart(ours->saved_avg_g, theirs->saved_avg_g));
    printf("\na run of %u homes and %u days from CSV, by a plain program with pandas and numpy\n", HOMES,
           STUDY_DAYS);
    printf("  ours   %8.3f s %12.0f household-days a second, %.3f kg saved\n", our_s,
           ours->household_days / our_s, ours->saved_marg_g / 1e3);
    printf("  peer   %8.3f s %12.0f household-days a second, %.3f kg saved\n", their_s,
           theirs->household_days / their_s, theirs->saved_marg_g / 1e3);
    bench_figure("peer_over_ours", their_s / our_s);
    if (ours->household_days == theirs->household_days && most <= TOLERANCE) {
        printf("  both save the same, to %.2g %%\n", 100 * most);
        return 0;
    }
    fprintf(stderr,
            "bench_study: the peer disagrees by %.2g %%: %.0f household-days, %.6g and %.6g g against our "
            "%.0f, %.6g and %.6g\n",
            100 * most, theirs->household_days, theirs->saved_marg_g, theirs->saved_avg_g,
            ours->household_days, ours->saved_marg_g, ours->saved_avg_g);
    return LS_ERR_VALUE;
}

int study_peer(struct study *study)
{
    char csv[STUDY_PATH], result[STUDY_PATH], summary[STUDY_PATH], scenario[STUDY_PATH], printed[STUDY_PATH];
    char nothing;
    if (!has_peer()) {
        printf("\nno peer: %s needs %s with numpy and pandas\n", PEER, python());
        return 0;
    }
    study_path(study, "peer.csv", csv);
    study_path(study, "peer", result);
    study_path(study, "peer/summary.json", summary);
    study_path(study, "peer/scenario.ini", scenario);
    study_path(study, "peer.json", printed);
    const char *our_argv[] = {study->program, "run",  csv,       "--scenario", study->scenario,
                              "-o",           result, "--force", "-q",         NULL};
    const char *their_argv[] = {python(), PEER, csv, scenario, NULL};
    double our_s[RUNS] = {0}, their_s[RUNS] = {0};
    struct totals ours = {0}, theirs = {0};
    int code = study_apart(study, write_sample, csv, &nothing, sizeof nothing, NULL);
    for (size_t i = 0; code == 0 && i < RUNS; i++) {
        struct study_ended ended = {0};
        code = study_must(our_argv, NULL, &ended);
        our_s[i] = ended.seconds;
        if (code == 0)
            code = study_must(their_argv, printed, &ended);
        their_s[i] = ended.seconds;
    }
    if (code == 0)
        code = read_totals(summary, &ours);
    if (code == 0)
        code = read_totals(printed, &theirs);
    return code != 0 ? code : report(&ours, &theirs, bench_median(our_s, RUNS), bench_median(their_s, RUNS));
}
