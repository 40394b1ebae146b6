/*
 * What a whole study costs where a user waits: the first picture of a large city, a key, a run, and what the
 * same takes a plain program.
 *
 * Works on samples of its own in a folder in TMPDIR: 1 GB, 10 GB with --full. A keeper waits for the process
 * that measures and removes the folder, whatever became of it. Figures are medians by the monotonic clock;
 * those that a later version is compared by come as lines `bench NAME VALUE`. The program measured is
 * LOADSCOPE_BIN.
 */
#define _XOPEN_SOURCE 700
#include "study.h"

#include "base/memory.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDERS_OPEN 16

static const char peak_hours[] = "Mon = 8 9 18-20\nTue = 8 9 18-20\nWed = 8 9 18-20\nThu = 8 9 18-20\n"
                                 "Fri = 8 9 18-20\nSat = 10-12 20\nSun = 10-12 20\n";

/* The default limits, with peak hours in both cities. */
static int make_policy(struct study *study)
{
    char text[1200], scenario[1024];
    struct ls_error error = {0};
    int length = snprintf(scenario, sizeof scenario, "[peak_hours.delhi]\n%s[peak_hours.mumbai]\n%s",
                          peak_hours, peak_hours);
    ls_policy_init(&study->policy);
    int code = ls_scenario_parse("peak hours", scenario, (size_t)length, &study->policy, &error);
    if (code == 0)
        code = ls_scenario_save(study_path(study, "scenario.ini", study->scenario), &study->policy, &error);
    if (code != 0)
        fprintf(stderr, "bench_study: %s\n", ls_error_text(&error, text, sizeof text));
    return code;
}

static int measure(struct study *study)
{
    static int (*const parts[])(struct study *) = {study_first_picture, study_key_to_picture, study_growth,
                                                   study_whole_run, study_peer};
    int code = make_policy(study);
    study_path(study, "city.nc", study->city_store);
    for (size_t i = 0; code == 0 && i < sizeof parts / sizeof *parts; i++) {
        code = parts[i](study);
        fflush(stdout);
    }
    ls_policy_clear(&study->policy);
    return code;
}

/* ---- the keeper ---- */

static volatile sig_atomic_t measuring; /* process group that signals are handed on to */

static void hand_on(int number)
{
    if (measuring > 0)
        kill(-(pid_t)measuring, number);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

/* Measures in another process group, so that what it starts ends with it and the folder goes last. */
static int keep(struct study *study)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction handing = {.sa_handler = hand_on};
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        exit(measure(study) != 0);
    }
    if (pid > 0) {
        setpgid(pid, pid);
        measuring = (sig_atomic_t)pid;
        for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
            sigaction(signals[i], &handing, NULL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        kill(-pid, SIGKILL); /* whatever it left behind */
    }
    nftw(study->folder, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
    return pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static const char *told(const char *name, const char *fallback)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : fallback;
}

int main(int argc, char **argv)
{
    static struct study study;
    study.full = argc == 2 && strcmp(argv[1], "--full") == 0;
    if (argc > 2 || (argc == 2 && !study.full && strcmp(argv[1], "--quick") != 0)) {
        fprintf(stderr, "usage: bench_study [--quick | --full]\n");
        return 2;
    }
    study.program = told("LOADSCOPE_BIN", "build/release/loadscope");
    if (access(study.program, X_OK) != 0) {
        fprintf(stderr, "bench_study: no program at %s; build it, or name it in LOADSCOPE_BIN\n",
                study.program);
        return 1;
    }
    snprintf(study.folder, sizeof study.folder, "%s/loadscope-study-XXXXXX", told("TMPDIR", "/tmp"));
    if (mkdtemp(study.folder) == NULL) {
        perror(study.folder);
        return 1;
    }
    ls_memory_keep();
    return keep(&study);
}
