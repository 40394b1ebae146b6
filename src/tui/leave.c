/**
 * @file leave.c
 * Signal handlers. They touch nothing but the state below, and call async-signal-safe functions only.
 *
 * A handler gets no argument of ours, so this is the one file with a mutable object at file scope: one
 * process has one set of handlers.
 */
#include "tui/leave.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CRASH_WRITE_MS  200
#define CRASH_STACK     32768
#define MS_A_SECOND     1000
#define NS_A_MS         1000000L
#define CANCEL_SEQUENCE "\030" /* ends an escape sequence that was cut off */

static const int quit_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
static const int fatal_signals[] = {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL};
static const int screen_signals[] = {SIGWINCH, SIGCONT, SIGTSTP};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct {
    volatile sig_atomic_t armed;
    volatile sig_atomic_t quit;
    volatile sig_atomic_t came[COUNT(screen_signals)];
    volatile sig_atomic_t has_timer;
    int wake_fd;
    int tty;
    size_t length;
    timer_t timer;
    struct termios saved;
    char restore[512];
} state;

size_t ls_leave_write(int fd, const char *bytes, size_t length, int timeout_ms)
{
    struct timespec start, now;
    size_t done = 0;

    clock_gettime(CLOCK_MONOTONIC, &start);
    while (done < length) {
        ssize_t written = write(fd, bytes + done, length - done);
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        long spent;

        if (written > 0) {
            done += (size_t)written;
            continue;
        }
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            break;
        clock_gettime(CLOCK_MONOTONIC, &now);
        spent = (now.tv_sec - start.tv_sec) * MS_A_SECOND + (now.tv_nsec - start.tv_nsec) / NS_A_MS;
        if (spent >= timeout_ms || poll(&wait, 1, timeout_ms - (int)spent) == 0)
            break;
    }
    return done;
}

/** Gives the terminal back, drops what it never read, and lets @p number take its default course. */
static void restore_and_raise(int number)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t only;

    if (state.armed) {
        struct pollfd ready = {.fd = state.tty, .events = POLLOUT};

        state.armed = 0;
        if (poll(&ready, 1, CRASH_WRITE_MS) <= 0)
            tcflush(state.tty, TCOFLUSH);
        ls_leave_write(state.tty, CANCEL_SEQUENCE, 1, CRASH_WRITE_MS);
        ls_leave_write(state.tty, state.restore, state.length, CRASH_WRITE_MS);
        tcsetattr(state.tty, TCSANOW, &state.saved);
    }
    sigaction(number, &action, NULL);
    raise(number);
    sigemptyset(&only);
    sigaddset(&only, number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

static void on_fatal(int number)
{
    restore_and_raise(number);
}

static void on_watchdog(int number)
{
    (void)number;
    restore_and_raise(state.quit ? state.quit : SIGTERM);
}

static void start_watchdog(void)
{
    struct itimerspec span = {
        .it_value = {LS_LEAVE_WATCHDOG_MS / MS_A_SECOND, LS_LEAVE_WATCHDOG_MS % MS_A_SECOND * NS_A_MS}};

    if (state.has_timer)
        timer_settime(state.timer, 0, &span, NULL);
}

static void wake(void)
{
    int saved = errno;
    /* A full pipe wakes the reader just as well. */
    ssize_t ignored = write(state.wake_fd, "", 1);

    (void)ignored;
    errno = saved;
}

static void on_quit(int number)
{
    if (!state.quit) {
        state.quit = number;
        start_watchdog();
    }
    wake();
}

static void on_screen(int number)
{
    for (size_t i = 0; i < COUNT(screen_signals); i++)
        if (screen_signals[i] == number)
            state.came[i] = 1;
    wake();
}

static void set_handler(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/** A stack of this thread's own: storage of the thread, so it ends with it. One that is there already stays.
 */
static void use_crash_stack(void)
{
    static _Thread_local unsigned char memory[CRASH_STACK];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    stack_t present;

    /* A sanitizer brings its own, and takes away at the thread's end whatever it finds. */
    if (sigaltstack(NULL, &present) != 0 || (present.ss_flags & SS_DISABLE))
        sigaltstack(&stack, NULL);
}

void ls_leave_install(int wake_fd)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    struct sigaction previous;

    memset(&state, 0, sizeof state);
    state.wake_fd = wake_fd;
    state.has_timer = timer_create(CLOCK_MONOTONIC, &event, &state.timer) == 0;
    use_crash_stack();
    set_handler(SIGALRM, on_watchdog, SA_ONSTACK);
    for (size_t i = 0; i < COUNT(quit_signals); i++) {
        /* nohup's wish is respected. */
        if (sigaction(quit_signals[i], NULL, &previous) != 0 || previous.sa_handler != SIG_IGN)
            set_handler(quit_signals[i], on_quit, SA_RESTART);
    }
    for (size_t i = 0; i < COUNT(screen_signals); i++)
        set_handler(screen_signals[i], on_screen, SA_RESTART);
    for (size_t i = 0; i < COUNT(fatal_signals); i++)
        set_handler(fatal_signals[i], on_fatal, SA_ONSTACK);
}

void ls_leave_arm(int tty, const struct termios *saved, const char *restore)
{
    state.armed = 0;
    state.tty = tty;
    state.saved = *saved;
    state.length = strnlen(restore, sizeof state.restore - 1);
    memcpy(state.restore, restore, state.length);
    state.armed = 1;
}

void ls_leave_disarm(void)
{
    state.armed = 0;
}

void ls_leave_uninstall(void)
{
    struct sigaction now;

    ls_leave_disarm();
    for (size_t i = 0; i < COUNT(screen_signals); i++)
        set_handler(screen_signals[i], SIG_DFL, 0);
    for (size_t i = 0; i < COUNT(fatal_signals); i++)
        set_handler(fatal_signals[i], SIG_DFL, 0);
    for (size_t i = 0; i < COUNT(quit_signals); i++)
        if (sigaction(quit_signals[i], NULL, &now) == 0 && now.sa_handler == on_quit)
            set_handler(quit_signals[i], SIG_DFL, 0);
    if (!state.quit) {
        if (state.has_timer) {
            timer_delete(state.timer);
            state.has_timer = 0;
        }
        set_handler(SIGALRM, SIG_DFL, 0);
    }
}

int ls_leave_quit(void)
{
    return state.quit;
}

void ls_leave_hang_up(void)
{
    on_quit(SIGHUP);
}

bool ls_leave_take(int number)
{
    for (size_t i = 0; i < COUNT(screen_signals); i++) {
        if (screen_signals[i] == number && state.came[i]) {
            state.came[i] = 0;
            return true;
        }
    }
    return false;
}

void ls_leave_stop(void)
{
    set_handler(SIGTSTP, SIG_DFL, 0);
    kill(0, SIGTSTP);
    set_handler(SIGTSTP, on_screen, SA_RESTART);
    ls_leave_take(SIGTSTP);
    ls_leave_take(SIGCONT);
}

void ls_leave_thread_setup(void)
{
    sigset_t set;

    use_crash_stack();
    sigfillset(&set);
    for (size_t i = 0; i < COUNT(fatal_signals); i++)
        sigdelset(&set, fatal_signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}
