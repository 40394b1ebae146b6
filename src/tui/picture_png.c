/*
 * PNG by another program, started without a shell and with nothing of the terminal: the screen and the keys
 * stay ours.
 */
#include "tui/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 20000
#define POLL_MS     5
#define ARGUMENTS   6

extern char **environ;

static const char in[] = "IN", out[] = "OUT"; /* stand for the two files */

/* In the order of preference. */
static const char *const converters[][ARGUMENTS] = {
    {"rsvg-convert", "-o", out, in, NULL},
    {"inkscape", "-o", out, in, NULL},
    {"magick", in, out, NULL},
    {"convert", in, out, NULL},
};

/* Starts a program with the null device for a terminal; 0 or an error number, ENOENT where there is none. */
static int start(const char *const *names, pid_t *pid)
{
    char *const *argv;
    posix_spawn_file_actions_t actions;
    int cause = posix_spawn_file_actions_init(&actions);
    if (cause != 0)
        return cause;
    for (int fd = 0; fd < 3 && cause == 0; fd++)
        cause = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    memcpy(&argv, &names, sizeof argv); /* posix_spawnp() changes nothing, but does not say so */
    if (cause == 0)
        cause = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return cause;
}

/* Waits for its end, but not for ever. */
static bool succeeds(pid_t pid)
{
    static const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    int status = 0, left = PATIENCE_MS / POLL_MS;
    pid_t ended;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && left-- > 0)
        nanosleep(&pause, NULL);
    if (ended == 0) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    return ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int ls_picture_convert(const char *svg, const char *png, struct ls_error *error)
{
    const char *failed = NULL;
    for (size_t i = 0; i < sizeof converters / sizeof *converters; i++) {
        const char *argv[ARGUMENTS];
        pid_t pid;
        for (int a = 0; a < ARGUMENTS; a++)
            argv[a] = converters[i][a] == in ? svg : converters[i][a] == out ? png : converters[i][a];
        if (start(argv, &pid) != 0)
            continue;
        if (succeeds(pid) && access(png, R_OK) == 0)
            return 0;
        failed = argv[0];
        (void)unlink(png);
    }
    if (failed != NULL) {
        ls_error_set(error, LS_ERR_IO, "%s could not make a PNG of the picture", failed);
        return ls_error_remedy(error, "write .svg, which needs no other program");
    }
    ls_error_set(error, LS_ERR_IO, "no program that makes PNG of SVG is installed");
    return ls_error_remedy(error, "install rsvg-convert, inkscape or ImageMagick, or write .svg");
}
