/**
 * @file demo.c
 * A small program on terminal.h for test_terminal.c: two charts, a cursor, an echo of every event, and keys
 * that crash, hang, stop reading or flood the screen.
 */
#include "tui/chart.h"
#include "tui/terminal.h"
#include "tui/theme.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS      48
#define GUTTER_COL 23

struct demo {
    ls_terminal *terminal;
    struct ls_frame *frame;
    double base[SLOTS];
    double shifted[SLOTS];
    double change[SLOTS];
    uint8_t mark[SLOTS];
    int selected;
    int steps;   /* how often the data changed */
    int raised;  /* how often usage was raised by 3 % */
    bool hidden; /* show no cursor */
    bool flood;  /* change the data with every turn of the loop */
    bool wanted; /* a worker was asked for a change */
    char echo[128];
};

/** A shape like a day's usage; @p step turns the part that is moved. */
static void make_data(struct demo *demo)
{
    for (int i = 0; i < SLOTS; i++) {
        double hour = i / 2.0;
        double moved = fmod(i * 7 + demo->steps * 5, 11) - 5;

        demo->base[i] = 22 + 14 * exp(-pow((hour - 18.5) / 3, 2)) - 6 * exp(-pow((hour - 4) / 3, 2));
        demo->base[i] *= pow(1.03, demo->raised);
        demo->change[i] = demo->steps % 2 || i % 3 ? 0.6 * moved : 0;
        demo->shifted[i] = demo->base[i] + demo->change[i];
        demo->mark[i] =
            (uint8_t)((hour >= 17 && hour < 20 ? LS_SLOT_PEAK : 0) | (i == 13 ? LS_SLOT_BIND : 0));
    }
}

static void draw(struct demo *demo)
{
    struct ls_frame *frame = demo->frame;
    struct ls_chart_time time = {
        .n_slots = SLOTS, .slot_minutes = 30, .mark = demo->mark, .selected = demo->selected};
    struct ls_chart_usage usage = {.base = demo->base, .shifted = demo->shifted, .unit = "kWh"};
    struct ls_chart_change change = {.change = demo->change, .unit = "kWh", .in = NAN, .out = NAN};
    struct ls_chart_spark spark = {
        .value = demo->base, .label = "mef", .unit = "g/kWh", .style = LS_STYLE_MARGINAL};
    int cols = frame->cols - GUTTER_COL, last = frame->rows - 1;

    ls_frame_clear(frame);
    ls_frame_put_fit(frame, 0, 0, frame->cols, LS_STYLE_TITLE, " demo  α ≤ 25 %  → naïve");
    ls_frame_putf(frame, 2, 1, 20, LS_STYLE_LABEL, "slot %d", demo->selected);
    ls_frame_putf(frame, 3, 1, 20, LS_STYLE_CHANGED, "steps %d *", demo->steps);
    ls_frame_put(frame, 4, 1, 20, LS_STYLE_OUT, "out");
    ls_frame_put(frame, 5, 1, 20, LS_STYLE_IN, "in");
    ls_chart_usage(frame, (struct ls_rect){2, GUTTER_COL, 7, cols}, &time, &usage);
    ls_chart_change(frame, (struct ls_rect){10, GUTTER_COL, 6, cols}, &time, &change);
    ls_chart_spark(frame, (struct ls_rect){17, GUTTER_COL, 2, cols}, &time, &spark);
    ls_frame_put(frame, last, 0, frame->cols, LS_STYLE_STATUS, demo->echo);
    if (!demo->hidden)
        ls_frame_cursor(frame, 7, GUTTER_COL + ls_chart_col(&time, cols, demo->selected));
    ls_terminal_show(demo->terminal, frame);
}

static void *change_later(void *argument)
{
    struct demo *demo = argument;

    ls_terminal_thread_setup();
    usleep(50000);
    ls_terminal_wake(demo->terminal);
    return NULL;
}

static void *crash(void *argument)
{
    (void)argument;
    ls_terminal_thread_setup();
    raise(SIGSEGV);
    return NULL;
}

static void run_thread(void *(*function)(void *), struct demo *demo)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, function, demo) == 0)
        pthread_detach(thread);
}

/** Uses up the stack; the pragma-free way to keep it from being optimised away. */
static int overflow(volatile int depth)
{
    volatile char room[4096];

    room[0] = (char)depth;
    return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

/** Obeys a key; false when it asks to leave. */
static bool press(struct demo *demo, int key)
{
    switch (key) {
    case 'q':
    case LS_KEY_CTRL('c'):
        return false;
    case LS_KEY_LEFT:
        demo->selected = (demo->selected + SLOTS - 1) % SLOTS;
        break;
    case LS_KEY_RIGHT:
        demo->selected = (demo->selected + 1) % SLOTS;
        break;
    case '+':
        demo->steps++;
        break;
    case '%':
        demo->raised++;
        break;
    case 'b':
        ls_terminal_set_busy(demo->terminal, true);
        demo->wanted = true;
        run_thread(change_later, demo);
        break;
    case 'c':
        demo->hidden = !demo->hidden;
        break;
    case 'f':
        demo->flood = true;
        break;
    case 'y':
        ls_terminal_copy(demo->terminal, "3 kWh");
        break;
    case 'l':
        ls_terminal_repaint(demo->terminal);
        break;
    case 'S':
        raise(SIGSEGV);
        break;
    case 'A':
        abort();
    case 'O':
        demo->selected = overflow(0);
        break;
    case 'W':
        run_thread(crash, demo);
        break;
    case 'H':
        for (;;)
            pause();
    default:
        break;
    }
    return true;
}

/** Follows an event; false when it is time to leave. */
static bool follow(struct demo *demo, const struct ls_event *event)
{
    static const char *const mouse[] = {"press", "double", "wheel up", "wheel down"};

    switch (event->kind) {
    case LS_EVENT_KEY:
        snprintf(demo->echo, sizeof demo->echo, "key %s%x", event->alt ? "alt " : "", (unsigned)event->key);
        return event->alt || press(demo, event->key);
    case LS_EVENT_PASTE:
        snprintf(demo->echo, sizeof demo->echo, "paste %.100s", event->text);
        break;
    case LS_EVENT_MOUSE:
        snprintf(demo->echo, sizeof demo->echo, "%s %d,%d", mouse[event->mouse], event->row, event->col);
        break;
    case LS_EVENT_RESIZE:
        return ls_frame_resize(demo->frame, event->row, event->col, NULL) == LS_OK;
    case LS_EVENT_WAKE:
        demo->steps += demo->wanted;
        demo->wanted = false;
        ls_terminal_set_busy(demo->terminal, false);
        break;
    case LS_EVENT_QUIT:
        return false;
    case LS_EVENT_TIMEOUT:
        break;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct demo demo = {.selected = 24, .echo = "ready"};
    struct ls_terminal_options options = {.ascii = argc > 1 && strcmp(argv[1], "--ascii") == 0};
    struct ls_event event = {.kind = LS_EVENT_TIMEOUT};
    struct ls_error error = {0};
    char text[512];

    setlocale(LC_ALL, "");
    if (ls_terminal_open(&options, &demo.terminal, &error) != LS_OK) {
        fprintf(stderr, "%s\n", ls_error_text(&error, text, sizeof text));
        return 2;
    }
    if (ls_frame_create(ls_terminal_rows(demo.terminal), ls_terminal_cols(demo.terminal),
                        ls_terminal_glyphs(demo.terminal), &demo.frame, &error) != LS_OK) {
        ls_terminal_close(demo.terminal);
        return 2;
    }
    demo.frame->reverse = ls_terminal_has_reverse(demo.terminal);
    do {
        demo.steps += demo.flood;
        make_data(&demo);
        draw(&demo);
        ls_terminal_wait(demo.terminal, demo.flood ? 1 : -1, &event);
    } while (follow(&demo, &event));
    ls_terminal_close(demo.terminal);
    ls_frame_destroy(demo.frame);
    return event.kind == LS_EVENT_QUIT ? 128 + event.signal : 0;
}
