/*
 * The other program is started without a shell and with nothing of the terminal. Where one fails, the next
 * has what is left of the time.
 */
#include "tui/picture_png.h"

#include "base/clock.h"
#include "base/files.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_SECONDS 20
#define POLL_MS          5
#define ARGUMENTS        6

extern char **environ;

static const char from[] = "IN", to[] = "OUT"; /* stand for the two files */

/* In the order of preference; they go by the ends of names. */
static const char *const converters[][ARGUMENTS] = {
    {"rsvg-convert", "-o", to, from, NULL},
    {"inkscape", "-o", to, from, NULL},
    {"magick", from, to, NULL},
    {"convert", from, to, NULL},
};

#define CONVERTERS (sizeof converters / sizeof *converters)

struct ls_conversion {
    char *path, *svg, *png; /* of the PNG that is wanted; beside it, what a converter reads and writes */
    size_t next;            /* converter to be tried if the one at work fails */
    const char *name;       /* of the last one that was started */
    pid_t pid;              /* at work; 0: none */
    double until;           /* s */
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

/* Starts the next converter that is installed; false when none is left. */
static bool start_next(ls_conversion *conversion)
{
    while (conversion->next < CONVERTERS) {
        const char *const *names = converters[conversion->next++];
        const char *argv[ARGUMENTS];
        for (int i = 0; i < ARGUMENTS; i++)
            argv[i] = names[i] == from ? conversion->svg : names[i] == to ? conversion->png : names[i];
        if (start(argv, &conversion->pid) == 0) {
            conversion->name = argv[0];
            return true;
        }
        conversion->pid = 0;
    }
    return false;
}

static void stop(ls_conversion *conversion)
{
    if (conversion->pid > 0) {
        kill(conversion->pid, SIGKILL);
        waitpid(conversion->pid, NULL, 0);
    }
    conversion->pid = 0;
}

static int fail(const ls_conversion *conversion, struct ls_error *error)
{
    if (conversion->name != NULL) {
        ls_error_set(error, LS_ERR_IO, "%s could not make a PNG of the picture", conversion->name);
        return ls_error_remedy(error, "write .svg, which needs no other program");
    }
    ls_error_set(error, LS_ERR_IO, "no program that makes PNG of SVG is installed");
    return ls_error_remedy(error, "install rsvg-convert, inkscape or ImageMagick, or write .svg");
}

int ls_conversion_start(const char *path, const struct ls_buffer *svg, ls_conversion **out,
                        struct ls_error *error)
{
    ls_conversion *conversion = calloc(1, sizeof *conversion);
    size_t size = strlen(path) + 40;
    int status;
    if (conversion != NULL)
        *conversion = (ls_conversion){.path = strdup(path), .svg = malloc(size), .png = malloc(size)};
    if (conversion == NULL || conversion->path == NULL || conversion->svg == NULL ||
        conversion->png == NULL) {
        status = ls_error_set(error, LS_ERR_MEMORY, "out of memory for the picture");
        goto done;
    }
    /* Converters take a name that begins with - for an option. */
    snprintf(conversion->png, size, "%s%s.%ld.new.png", path[0] == '-' ? "./" : "", path, (long)getpid());
    snprintf(conversion->svg, size, "%.*s.svg", (int)(strlen(conversion->png) - strlen(".png")),
             conversion->png);
    status = ls_file_place(AT_FDCWD, "", conversion->svg, svg, 1, false, error);
    if (status != 0)
        ls_error_at(error, path, 0, 0, NULL);
    else if (!start_next(conversion))
        status = fail(conversion, error);
    conversion->until = ls_clock_seconds() + PATIENCE_SECONDS;
done:
    if (status != 0)
        ls_conversion_drop(conversion);
    else
        *out = conversion;
    return status;
}

bool ls_conversion_ended(ls_conversion *conversion, int *status, struct ls_error *error)
{
    int how = 0;
    bool late = ls_clock_seconds() >= conversion->until;
    pid_t ended = waitpid(conversion->pid, &how, WNOHANG);
    if (ended == 0 && !late)
        return false;
    if (ended == 0)
        stop(conversion);
    conversion->pid = 0;
    if (ended > 0 && WIFEXITED(how) && WEXITSTATUS(how) == 0 && access(conversion->png, R_OK) == 0)
        *status = rename(conversion->png, conversion->path) == 0
                      ? 0
                      : ls_file_error(error, "", conversion->path, "cannot write");
    else if (!late && start_next(conversion))
        return false;
    else
        *status = fail(conversion, error);
    return true;
}

int ls_conversion_wait(ls_conversion *conversion, struct ls_error *error)
{
    static const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    int status = 0;
    while (!ls_conversion_ended(conversion, &status, error))
        nanosleep(&pause, NULL);
    return status;
}

const char *ls_conversion_path(const ls_conversion *conversion)
{
    return conversion->path;
}

void ls_conversion_drop(ls_conversion *conversion)
{
    if (conversion == NULL)
        return;
    stop(conversion);
    if (conversion->svg != NULL)
        (void)unlink(conversion->svg);
    if (conversion->png != NULL)
        (void)unlink(conversion->png);
    free(conversion->path);
    free(conversion->svg);
    free(conversion->png);
    free(conversion);
}
