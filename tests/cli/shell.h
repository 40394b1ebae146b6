/*
 * What the tests of the command line share: a folder for each test, and lines of the shell run in it.
 *
 * The program is the one that LOADSCOPE_BIN names, build/release/loadscope without it.
 */
#ifndef LOADSCOPE_TESTS_SHELL_H
#define LOADSCOPE_TESTS_SHELL_H

#include "../support/folder.h"
#include "../support/support.h"

#include <cjson/cJSON.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 256

/* A folder for one test, and what the last run left in it. */
struct shell {
    char folder[PATH_SIZE / 2];
    int status;
    char *out, *err;
};

static inline struct shell *new_shell(void)
{
    struct shell *shell = calloc(1, sizeof *shell);
    assert_non_null(shell);
    snprintf(shell->folder, sizeof shell->folder, "/tmp/loadscope-test-XXXXXX");
    assert_non_null(mkdtemp(shell->folder));
    return shell;
}

static inline int close_shell(void **state)
{
    struct shell *shell = *state;
    free(shell->out);
    free(shell->err);
    folder_remove(shell->folder);
    free(shell);
    return 0;
}

static inline char *slurp(const struct shell *shell, const char *name)
{
    char path[PATH_SIZE], part[4096];
    struct support_text text = {0};
    size_t n;
    snprintf(path, sizeof path, "%s/%s", shell->folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    support_add(&text, "%s", "");
    while ((n = fread(part, 1, sizeof part - 1, file)) > 0) {
        part[n] = '\0';
        support_add(&text, "%s", part);
    }
    fclose(file);
    return text.bytes;
}

static inline const char *binary(void)
{
    const char *named = getenv("LOADSCOPE_BIN");
    return named != NULL && named[0] != '\0' ? named : "build/release/loadscope";
}

/* Runs a line of the shell in which $LS is the program, $D the test's folder. */
static inline void run(struct shell *shell, const char *line)
{
    struct support_text command = {0};
    support_add(&command,
                "LS='%s'; D='%s'; export LC_ALL=C; same() { for f in $1/*; do n=${f##*/}; "
                "[ $n = run.json ] || cmp $f $2/$n || exit 9; done; [ $(ls $1 | wc -l) = $(ls $2 | wc -l) ]; "
                "}; { %s ; } >\"$D/out.txt\" 2>\"$D/err.txt\" </dev/null",
                binary(), shell->folder, line);
    int status = system(command.bytes);
    free(command.bytes);
    free(shell->out);
    free(shell->err);
    shell->out = slurp(shell, "out.txt");
    shell->err = slurp(shell, "err.txt");
    shell->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void run_well(struct shell *shell, const char *line)
{
    run(shell, line);
    if (shell->status != 0 || shell->err[0] != '\0' || shell->out[0] != '\0')
        fail_msg("%s\n  status %d: %s%s", line, shell->status, shell->err, shell->out);
}

static inline void assert_refused(struct shell *shell, const char *line, int status, const char *message)
{
    run(shell, line);
    if (shell->status != status || strstr(shell->err, message) == NULL)
        fail_msg("%s\n  status %d: %s", line, shell->status, shell->err);
}

static inline void assert_run(struct shell *shell, const char *line, int status)
{
    run(shell, line);
    if (shell->status != status || shell->err[0] != '\0')
        fail_msg("%s\n  status %d: %s%s", line, shell->status, shell->out, shell->err);
}

static inline void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no '%s' in:\n%s", part, text);
}

/* Nothing on standard output, one line on standard error with this in it. */
static inline void assert_refused_cleanly(struct shell *shell, const char *line, const char *message)
{
    run(shell, line);
    if (shell->status != 2 || shell->out[0] != '\0' || strncmp(shell->err, "loadscope: ", 11) != 0 ||
        strstr(shell->err, message) == NULL ||
        strchr(shell->err, '\n') != shell->err + strlen(shell->err) - 1)
        fail_msg("%s\n  status %d, %zu bytes out, error: %s", line, shell->status, strlen(shell->out),
                 shell->err);
}

/*
 * Starts the program without a shell between and sends it a signal after a while; returns its wait status.
 * `arguments` end with NULL; the first is to be replaced by the program's name.
 */
static inline int start_and_signal(const struct shell *shell, const char *const *arguments, int signal,
                                   useconds_t after_us)
{
    char err[PATH_SIZE], *argv[16] = {NULL};
    int status;
    snprintf(err, sizeof err, "%s/err.txt", shell->folder);
    pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i + 1 < sizeof argv / sizeof *argv && arguments[i] != NULL; i++)
            argv[i] = strdup(i > 0 ? arguments[i] : binary());
        if (freopen(err, "w", stderr) != NULL)
            execv(binary(), argv);
        _exit(99);
    }
    assert_true(child > 0);
    usleep(after_us);
    (void)kill(child, signal);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static inline double number_at(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item))
        fail_msg("no number '%s'", name);
    return item->valuedouble;
}

#endif
