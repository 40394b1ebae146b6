/* How a form lies in its rectangle, what is said of its fields, and how both are drawn into a frame. */
#include "tui/form_fields.h"

#include "base/text.h"
#include "tui/theme.h"

#include <ctype.h>
#include <string.h>
#include <wchar.h>

#define MARK_COLS 3 /* before and behind the value, and the star at the end */

enum {
    HEADING_COLS = 18,
    LABEL_COLS = 29,
    SYMBOL_COLS = 7,
    UNIT_COLS = 6,
    WITH_HEADINGS = 72, /* columns from which headings stand beside the labels */
    WITH_UNITS = 44,    /* columns beside them, from which there is room for this */
    WITH_SYMBOLS = 56,
    HEADING_ROWS = 8, /* rows a page from which headings may take some */
};

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

/* ---- Layout ----------------------------------------------------------------------------------------- */

/* Rows of the panel in a rectangle that high. */
static int panel_rows(int rows)
{
    return rows >= 12 ? 4 : rows >= 8 ? 3 : rows >= 4 ? 2 : rows >= 2 ? 1 : 0;
}

static void lay_out_columns(struct ls_form_shown *out)
{
    int rest;
    out->heading_cols = out->rect.cols >= WITH_HEADINGS ? HEADING_COLS : 0;
    rest = out->rect.cols - out->heading_cols;
    out->unit_cols = rest >= WITH_UNITS ? UNIT_COLS : 0;
    out->symbol_cols = rest >= WITH_SYMBOLS ? SYMBOL_COLS : 0;
    rest -= out->unit_cols + out->symbol_cols + MARK_COLS;
    out->value_cols = max(rest - LABEL_COLS, min(8, rest / 2));
    out->value_cols = max(1, min(out->value_cols, LS_FORM_VALUE_COLS));
    out->label_cols = max(0, min(rest - out->value_cols, LABEL_COLS));
}

void ls_form_lay_out(const ls_form *form, struct ls_rect rect, struct ls_form_shown *out)
{
    int page = 0, row = 0;
    rect.rows = max(rect.rows, 1);
    rect.cols = max(rect.cols, 1);
    out->rect = rect;
    lay_out_columns(out);
    out->page_rows = rect.rows - panel_rows(rect.rows);
    out->heading_rows = out->heading_cols == 0 && out->page_rows >= HEADING_ROWS;
    for (size_t i = 0; i < form->n_entries; i++) {
        struct ls_form_place *place = &out->place[i];
        const char *section = form->entry[i].parameter->section;
        place->heading = row == 0 || i == 0 || strcmp(section, form->entry[i - 1].parameter->section) != 0;
        int need = out->heading_rows && place->heading ? 2 : 1;
        if (row + need > out->page_rows) {
            page++;
            row = 0;
            place->heading = true;
            need = out->heading_rows ? 2 : 1;
        }
        row += need;
        place->page = page;
        place->row = row - 1;
        place->first_of_page = i == 0 || place[-1].page != page;
    }
    out->n_pages = page + 1;
}

/* ---- What is said of a field ------------------------------------------------------------------------ */

static void describe_number(const struct ls_parameter *parameter, char *out, size_t size)
{
    const char *blank = parameter->unit[0] != '\0' ? " " : "";
    const char *none = parameter->may_be_none ? ", none: off" : "";
    if (parameter->high >= (double)INT64_MAX)
        snprintf(out, size, "%g or more%s%s%s", parameter->low, blank, parameter->unit, none);
    else
        snprintf(out, size, "%g to %g%s%s%s", parameter->low, parameter->high, blank, parameter->unit, none);
}

static void describe_range(const struct ls_parameter *parameter, char *out, size_t size)
{
    switch (parameter->type) {
    case LS_TYPE_INTEGER:
    case LS_TYPE_REAL:
        describe_number(parameter, out, size);
        break;
    case LS_TYPE_BOOLEAN:
    case LS_TYPE_CHOICE:
        (void)ls_text_list(ls_form_words(parameter), out, size);
        break;
    case LS_TYPE_ZONE:
        snprintf(out, size, "an IANA name or auto");
        break;
    case LS_TYPE_SPAN:
        snprintf(out, size, "hh:mm-hh:mm, 00:00 to 24:00");
        break;
    case LS_TYPE_HOURS:
        snprintf(out, size, "hours 0 to %g, empty: none", parameter->high);
        break;
    case LS_TYPE_LOAD:
        snprintf(out, size, "above 0 %s, or auto", parameter->unit);
        break;
    }
}

void ls_form_describe(const ls_form *form, struct ls_form_info *out)
{
    const struct ls_form_entry *entry = &form->entry[form->current];
    *out = (struct ls_form_info){.label = entry->parameter->label,
                                 .help = entry->parameter->help,
                                 .page = form->shown.place[form->current].page + 1,
                                 .pages = form->shown.n_pages};
    memcpy(out->dotted, form->dotted, sizeof out->dotted);
    describe_range(entry->parameter, out->range, sizeof out->range);
    for (size_t i = 0; i < form->n_entries; i++)
        out->n_invalid += form->entry[i].invalid;
    if (entry->invalid)
        snprintf(out->error, sizeof out->error, "%s%s%s", entry->error.message,
                 entry->error.remedy[0] != '\0' ? "; " : "", entry->error.remedy);
}

/* ---- Drawing ---------------------------------------------------------------------------------------- */

/* The name over a group: of its city, or of its section in words. */
static void draw_heading(const ls_form *form, const struct ls_form_entry *entry, struct ls_frame *frame)
{
    const struct ls_form_shown *shown = &form->shown;
    int row = shown->rect.row + shown->place[entry->index].row;
    char name[64];
    snprintf(name, sizeof name, "%s", entry->city != NULL ? entry->city : entry->parameter->section);
    for (char *c = name; entry->city == NULL && *c != '\0'; c++)
        *c = (char)(*c == '_' ? ' ' : c == name ? toupper((unsigned char)*c) : *c);
    if (shown->heading_rows)
        ls_frame_put_fit(frame, row - 1, shown->rect.col, shown->rect.cols, LS_STYLE_TITLE, name);
    else if (shown->heading_cols > 0)
        ls_frame_put_fit(frame, row, shown->rect.col, shown->heading_cols - 1, LS_STYLE_TITLE, name);
}

static bool differs_from_saved(const ls_form *form, const struct ls_form_entry *entry)
{
    char value[LS_VALUE_SIZE], saved[LS_VALUE_SIZE];
    ls_parameter_get(entry->parameter, &form->policy, entry->city, value, sizeof value);
    ls_parameter_get(entry->parameter, &form->saved, entry->city, saved, sizeof saved);
    return strcmp(value, saved) != 0;
}

/* The field's text as libform has scrolled it, with a mark on each side that has more to show. */
static void draw_value(const ls_form *form, const struct ls_form_entry *entry, struct ls_frame *frame,
                       int row, int col, bool changed)
{
    const struct ls_form_shown *shown = &form->shown;
    bool current = entry->index == form->current, words = ls_form_words(entry->parameter) != NULL;
    unsigned style = entry->invalid ? LS_STYLE_ERROR
                     : !current     ? (changed ? LS_STYLE_CHANGED : LS_STYLE_VALUE)
                                    : (form->selected ? LS_STYLE_SELECTED : LS_STYLE_PROMPT);
    wchar_t text[LS_FORM_VALUE_COLS + 1] = {0};
    int n = mvwinnwstr(shown->pad, shown->place[entry->index].row, 0, text, shown->value_cols);
    for (int i = 0; i < shown->value_cols; i++)
        ls_frame_rune(frame, row, col + i, style, i < n && text[i] != 0 ? (uint32_t)text[i] : ' ');
    if (!current && ls_text_cols(entry->text) > shown->value_cols)
        ls_frame_rune(frame, row, col + shown->value_cols - 1, style, 0x2026);
    if (current && (words || data_behind(shown->form)))
        ls_frame_rune(frame, row, col - 1, LS_STYLE_KEY, '<');
    if (current && (words || data_ahead(shown->form)))
        ls_frame_rune(frame, row, col + shown->value_cols, LS_STYLE_KEY, '>');
    if (entry->invalid)
        ls_frame_rune(frame, row, col - 1, LS_STYLE_ERROR, '!');
}

static void draw_entry(const ls_form *form, const struct ls_form_entry *entry, struct ls_frame *frame)
{
    const struct ls_form_shown *shown = &form->shown;
    const struct ls_parameter *parameter = entry->parameter;
    int row = shown->rect.row + shown->place[entry->index].row;
    int col = shown->rect.col + shown->heading_cols;
    bool changed = differs_from_saved(form, entry);
    if (shown->place[entry->index].heading)
        draw_heading(form, entry, frame);
    /* The same whether the field is the current one: the value shows that, and a label drawn anew at every
     * step costs a slow line too much. */
    ls_frame_put_fit(frame, row, col, max(shown->label_cols - 1, 0), LS_STYLE_LABEL, parameter->label);
    col += shown->label_cols;
    if (shown->symbol_cols > 0)
        ls_frame_put_fit(frame, row, col, shown->symbol_cols - 1, LS_STYLE_LABEL, parameter->symbol);
    col += shown->symbol_cols + 1;
    draw_value(form, entry, frame, row, col, changed);
    col += shown->value_cols + 1;
    if (shown->unit_cols > 0)
        ls_frame_put_fit(frame, row, col, shown->unit_cols - 1, LS_STYLE_MUTED, parameter->unit);
    col += shown->unit_cols;
    if (changed && col < shown->rect.col + shown->rect.cols)
        ls_frame_rune(frame, row, col, LS_STYLE_CHANGED, '*');
}

static void draw_panel(const ls_form *form, struct ls_frame *frame, const char *note)
{
    const struct ls_rect *rect = &form->shown.rect;
    int row = rect->row + form->shown.page_rows, end = rect->row + rect->rows, col = rect->col;
    struct ls_form_info info;
    char page[48], error[sizeof info.error + 2], name[sizeof info.dotted + sizeof info.range + 4];
    ls_form_describe(form, &info);
    snprintf(error, sizeof error, "! %s", info.error);
    snprintf(name, sizeof name, "%s  %s", info.dotted, info.range);
    if (end - row >= 2) {
        snprintf(page, sizeof page, " page %d of %d ", info.page, info.pages);
        /* No further than the page: a rule that comes and goes with the note would be most of a step's bytes.
         */
        ls_frame_hline(frame, row, col, min(rect->cols - 1, ls_text_cols(page) + 2), LS_STYLE_AXIS);
        /* Both figures of a note count for more than the page. */
        if (info.n_invalid > 0 || ls_text_cols(page) + ls_text_cols(note) + 5 <= rect->cols)
            col += ls_frame_put(frame, row, col + 1, rect->cols - 1, LS_STYLE_MUTED, page);
        else
            col--;
        if (info.n_invalid > 0)
            ls_frame_putf(frame, row, col + 2, rect->col + rect->cols - col - 2, LS_STYLE_ERROR,
                          " %d invalid ", info.n_invalid);
        else if (note[0] != '\0')
            ls_frame_putf(frame, row, col + 2, rect->col + rect->cols - col - 2, LS_STYLE_VALUE, " %s ",
                          note);
        row++;
    }
    bool invalid = info.error[0] != '\0';
    if (row < end && !(invalid && end - row == 1)) {
        ls_frame_put_fit(frame, row, rect->col, rect->cols, LS_STYLE_TEXT, name);
        row++;
    }
    ls_frame_paragraph(frame, (struct ls_rect){row, rect->col, end - row, rect->cols},
                       invalid ? LS_STYLE_WARNING : LS_STYLE_TEXT, invalid ? error : info.help);
}

void ls_form_draw(const ls_form *form, struct ls_frame *frame, const char *note)
{
    const struct ls_form_shown *shown = &form->shown;
    const struct ls_form_place *current = &shown->place[form->current];
    int row, col;
    pos_form_cursor(shown->form);
    getyx(shown->pad, row, col);
    for (size_t i = 0; i < form->n_entries; i++)
        if (shown->place[i].page == current->page)
            draw_entry(form, &form->entry[i], frame);
    draw_panel(form, frame, note);
    ls_frame_cursor(frame, shown->rect.row + row,
                    shown->rect.col + shown->heading_cols + shown->label_cols + shown->symbol_cols + 1 + col);
}
