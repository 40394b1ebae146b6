/* All parameters on a form; the form draws itself and takes the keys (form.c). */
#include "report/plain.h"
#include "tui/view.h"

/* What a step of the field's parameter would save. */
static void write_note(const struct ls_explorer *explorer, char *out, size_t size)
{
    const struct ls_parameter *parameter;
    const struct ls_sensitivity *known = NULL;
    char city[LS_ID_BYTES + 1];
    out[0] = '\0';
    if (ls_parameter_find(ls_form_dotted(explorer->form), &parameter, city, NULL) == 0)
        known = ls_gains_of(&explorer->gains, parameter);
    if (known != NULL)
        ls_view_steps(known, out, size);
}

static void draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect)
{
    char note[200];
    if (explorer->form == NULL) {
        ls_view_empty(frame, rect, "no form");
        return;
    }
    write_note(explorer, note, sizeof note);
    ls_form_draw(explorer->form, frame, note);
}

static bool click(struct ls_explorer *explorer, struct ls_rect rect, int row, int col)
{
    (void)rect;
    (void)col;
    return explorer->form != NULL && ls_form_click(explorer->form, row);
}

static const char *copy(const struct ls_explorer *explorer, FILE *out)
{
    const struct ls_parameter *parameter;
    char city[LS_ID_BYTES + 1];
    if (explorer->form == NULL ||
        ls_parameter_find(ls_form_dotted(explorer->form), &parameter, city, NULL) != 0)
        return NULL;
    ls_plain_parameter(out, parameter, &explorer->policy, city[0] != '\0' ? city : NULL);
    return "the parameter";
}

const struct ls_view ls_view_parameters = {
    .name = "Parameters",
    .tab = "Form",
    .digit = 8,
    .hints = "type  ↑↓ field  Space turns a choice  PgUp PgDn page  ^S saves  Esc back",
    .draw = draw,
    .click = click,
    .copy = copy,
};
