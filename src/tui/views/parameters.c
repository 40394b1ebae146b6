/* All parameters on a form; the form draws itself and takes the keys (form.c). */
#include "tui/view.h"

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    if (explorer->form == NULL)
        ls_view_empty(frame, rect, "no form");
    else
        ls_form_draw(explorer->form, frame);
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    (void)rect;
    (void)col;
    return explorer->form != NULL && ls_form_click(explorer->form, row);
}

const struct ls_view ls_view_parameters = {
    .name = "Parameters",
    .digit = 8,
    .hints = "type  ↑↓ field  Space turns a choice  PgUp PgDn page  ^S saves  Esc back",
    .draw = draw,
    .click = click,
};
