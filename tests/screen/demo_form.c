/**
 * @file demo_form.c
 * The form of parameters on a screen of its own, for test_form.c: above it what the last key came to and the
 * current parameter's value in the form's policy, read apart from the form. F5 loads the defaults, F6 goes to
 * another city, F7 to the anti-spike limit, F8 lays a box over the form, F9 saves, Esc leaves.
 */
#include "tui/form.h"
#include "tui/terminal.h"
#include "tui/theme.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_ROWS 2

struct demo {
    ls_terminal *terminal;
    struct ls_frame *frame;
    ls_form *form;
    struct ls_policy defaults;
    enum ls_form_result result;
    bool box;
};

static struct ls_rect form_rect(const struct ls_frame *frame)
{
    return (struct ls_rect){HEAD_ROWS, 0, frame->rows - HEAD_ROWS, frame->cols};
}

static void draw(struct demo *demo)
{
    static const char *const results[] = {"ignored", "moved", "changed", "invalid", "left"};
    struct ls_frame *frame = demo->frame;
    const struct ls_parameter *parameter = NULL;
    struct ls_form_info info;
    char city[64], value[LS_VALUE_SIZE] = "?";

    ls_form_describe(demo->form, &info);
    if (ls_parameter_find(ls_form_dotted(demo->form), &parameter, city, NULL) == 0)
        ls_parameter_get(parameter, ls_form_policy(demo->form), city, value, sizeof value);
    ls_frame_clear(frame);
    ls_frame_putf(frame, 0, 0, frame->cols, LS_STYLE_TITLE, "%s, %d invalid, page %d/%d",
                  results[demo->result], info.n_invalid, info.page, info.pages);
    ls_frame_putf(frame, 1, 0, frame->cols, LS_STYLE_TEXT, "%s=%s.", ls_form_dotted(demo->form), value);
    ls_form_draw(demo->form, frame, "");
    if (demo->box)
        ls_frame_fill(frame, (struct ls_rect){3, 10, 10, 60}, LS_STYLE_TEXT, '#');
    ls_terminal_show(demo->terminal, frame);
}

static bool press(struct demo *demo, int key)
{
    switch (key) {
    case LS_KEY_F0 + 5:
        return ls_form_reload(demo->form, &demo->defaults, &demo->defaults) == 0;
    case LS_KEY_F0 + 6:
        ls_form_set_city(demo->form, "Mathura");
        return true;
    case LS_KEY_F0 + 7:
        return ls_form_select(demo->form, "spike.alpha_percent");
    case LS_KEY_F0 + 8:
        demo->box = !demo->box;
        return true;
    case LS_KEY_F0 + 9:
        return ls_form_reload(demo->form, ls_form_policy(demo->form), ls_form_policy(demo->form)) == 0;
    default:
        demo->result = ls_form_key(demo->form, key);
        return demo->result != LS_FORM_LEFT;
    }
}

static bool follow(struct demo *demo, const struct ls_event *event)
{
    int key;

    switch (event->kind) {
    case LS_EVENT_KEY:
        return press(demo, event->key);
    case LS_EVENT_PASTE:
        for (const char *rest = event->text; (key = ls_form_pasted(demo->form, &rest)) != 0;)
            demo->result = ls_form_key(demo->form, key);
        return true;
    case LS_EVENT_MOUSE:
        ls_form_click(demo->form, event->row);
        return true;
    case LS_EVENT_RESIZE:
        return ls_frame_resize(demo->frame, event->row, event->col, NULL) == 0 &&
               ls_form_resize(demo->form, form_rect(demo->frame)) == 0;
    case LS_EVENT_QUIT:
        return false;
    default:
        return true;
    }
}

static int run(struct demo *demo, const struct ls_terminal_options *options, struct ls_error *error)
{
    struct ls_event event;
    int code = ls_terminal_open(options, &demo->terminal, error);

    if (code == 0)
        code = ls_frame_create(ls_terminal_rows(demo->terminal), ls_terminal_cols(demo->terminal),
                               ls_terminal_glyphs(demo->terminal), &demo->frame, error);
    if (code == 0)
        code = ls_form_open(demo->terminal, form_rect(demo->frame), &demo->defaults, &demo->defaults,
                            "London", &demo->form, error);
    if (code == 0) {
        do {
            draw(demo);
            ls_terminal_wait(demo->terminal, -1, &event);
        } while (follow(demo, &event));
    }
    ls_form_close(demo->form);
    ls_frame_destroy(demo->frame);
    ls_terminal_close(demo->terminal);
    return code;
}

int main(int argc, char **argv)
{
    struct demo demo = {.result = LS_FORM_MOVED};
    struct ls_terminal_options options = {.ascii = argc > 1 && strcmp(argv[1], "--ascii") == 0};
    struct ls_error error;

    setlocale(LC_ALL, "");
    ls_policy_init(&demo.defaults);
    int code = run(&demo, &options, &error);
    ls_policy_clear(&demo.defaults);
    if (code != 0) {
        char text[512];
        fprintf(stderr, "%s\n", ls_error_text(&error, text, sizeof text));
    }
    return code != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
