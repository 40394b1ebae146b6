/*
 * libform keeps the texts, the cursor and the pages; this file says what the texts mean.
 *
 * Every field is of one field type of our own, whose argument is the field's entry: the table row, the text
 * as typed and what is wrong with it. Its check never refuses, since a refusal would trap the focus. The
 * wide library calls no character check at all, so characters are sifted before form_driver_w(). Layout and
 * drawing are in form_draw.c.
 */
#include "tui/form_fields.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* ---- The field type --------------------------------------------------------------------------------- */

static void *make_argument(va_list *arguments)
{
    return va_arg(*arguments, struct ls_form_entry *);
}

static void *copy_argument(const void *argument)
{
    return ((const struct ls_form_entry *)argument)->self;
}

static void free_argument(void *argument)
{
    (void)argument; /* the form owns its entries */
}

/* Copies a field's text without the blanks that libform pads it with. */
static void copy_text(const FIELD *field, char out[LS_FORM_TEXT_SIZE])
{
    const char *text = field_buffer(field, 0);
    size_t length = text != NULL ? strlen(text) : 0;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length >= LS_FORM_TEXT_SIZE)
        length = LS_FORM_TEXT_SIZE - 1;
    if (length > 0)
        memcpy(out, text, length);
    out[length] = '\0';
}

/* Parses the field and sets what is valid. Always true: see the head of this file. */
static bool check_field(FIELD *field, const void *argument)
{
    struct ls_form_entry *entry = ((const struct ls_form_entry *)argument)->self;
    ls_form *form = entry->form;
    char before[LS_VALUE_SIZE], after[LS_VALUE_SIZE];
    copy_text(field, entry->text);
    ls_parameter_get(entry->parameter, &form->policy, entry->city, before, sizeof before);
    entry->invalid =
        ls_parameter_set(entry->parameter, &form->policy, entry->city, entry->text, &entry->error) != 0;
    ls_parameter_get(entry->parameter, &form->policy, entry->city, after, sizeof after);
    form->changed = form->changed || strcmp(before, after) != 0;
    return true;
}

/* ---- Building --------------------------------------------------------------------------------------- */

static void clear_shown(struct ls_form_shown *shown)
{
    if (shown->form != NULL) {
        unpost_form(shown->form);
        free_form(shown->form);
    }
    for (size_t i = 0; shown->field != NULL && shown->field[i] != NULL; i++)
        free_field(shown->field[i]);
    free(shown->field);
    free(shown->place);
    if (shown->pad != NULL)
        delwin(shown->pad);
    *shown = (struct ls_form_shown){0};
}

/* One blank more than the text makes libform keep room for the cursor behind it. */
static int set_text(FIELD *field, const char *text)
{
    char padded[LS_FORM_TEXT_SIZE + 1];
    snprintf(padded, sizeof padded, "%s ", text);
    return set_field_buffer(field, 0, padded);
}

static FIELD *make_field(const ls_form *form, struct ls_form_entry *entry, const struct ls_form_place *place,
                         int cols)
{
    FIELD *field = new_field(1, cols, place->row, 0, 0, 0);
    if (field == NULL)
        return NULL;
    field_opts_off(field, O_STATIC | O_AUTOSKIP | O_BLANK | O_NULLOK | O_PASSOK);
    set_max_field(field, LS_VALUE_SIZE);
    set_new_page(field, place->first_of_page);
    if (set_field_type(field, form->type, entry) != E_OK || set_text(field, entry->text) != E_OK) {
        free_field(field);
        return NULL;
    }
    return field;
}

/* Builds and posts fields for a rectangle beside those there are, and swaps them; LS_ERR_MEMORY. */
static int build(ls_form *form, struct ls_rect rect)
{
    struct ls_form_shown made = {.field = calloc(form->n_entries + 1, sizeof(FIELD *)),
                                 .place = calloc(form->n_entries, sizeof *made.place)};
    if (made.field == NULL || made.place == NULL)
        goto fail;
    ls_form_lay_out(form, rect, &made);
    made.pad = newpad(made.page_rows, made.value_cols);
    if (made.pad == NULL)
        goto fail;
    for (size_t i = 0; i < form->n_entries; i++) {
        made.field[i] = make_field(form, &form->entry[i], &made.place[i], made.value_cols);
        if (made.field[i] == NULL)
            goto fail;
    }
    made.form = new_form(made.field);
    if (made.form == NULL || set_form_win(made.form, made.pad) != E_OK ||
        set_form_sub(made.form, made.pad) != E_OK ||
        set_current_field(made.form, made.field[form->current]) != E_OK || post_form(made.form) != E_OK)
        goto fail;
    clear_shown(&form->shown);
    form->shown = made;
    return 0;
fail:
    clear_shown(&made);
    return LS_ERR_MEMORY;
}

static void request(ls_form *form, int what)
{
    (void)form_driver(form->shown.form, what); /* a refusal moves nothing */
}

/* Selects the current text whole, as it is found when one comes to a field. */
static void select_text(ls_form *form)
{
    const struct ls_form_entry *entry = &form->entry[form->current];
    request(form, ls_form_words(entry->parameter) != NULL ? REQ_BEG_FIELD : REQ_END_FIELD);
    form->selected = true;
    ls_parameter_name(entry->parameter, entry->city, form->dotted, sizeof form->dotted);
}

static void get_value(const ls_form *form, const struct ls_form_entry *entry, char out[LS_VALUE_SIZE])
{
    ls_parameter_get(entry->parameter, &form->policy, entry->city, out, LS_VALUE_SIZE);
}

/* Makes the policy's value an entry's text. */
static void reset_text(ls_form *form, struct ls_form_entry *entry)
{
    char value[LS_VALUE_SIZE];
    get_value(form, entry, value);
    memcpy(entry->text, value, sizeof value);
    entry->invalid = false;
    if (form->shown.form != NULL)
        set_text(form->shown.field[entry->index], value);
}

static void reset_texts(ls_form *form)
{
    for (size_t i = 0; i < form->n_entries; i++)
        reset_text(form, &form->entry[i]);
}

static void make_entries(ls_form *form)
{
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].per_city && form->city[0] == '\0')
            continue;
        struct ls_form_entry *entry = &form->entry[form->n_entries];
        entry->self = entry;
        entry->form = form;
        entry->index = form->n_entries++;
        entry->parameter = &rows[i];
        entry->city = rows[i].per_city ? form->city : NULL;
    }
}

int ls_form_open(ls_terminal *terminal, struct ls_rect rect, const struct ls_policy *policy,
                 const struct ls_policy *saved, const char *city, ls_form **out, struct ls_error *error)
{
    size_t n;
    int code = LS_ERR_MEMORY;
    ls_form *form = calloc(1, sizeof *form);
    (void)ls_parameters(&n);
    if (form == NULL)
        goto done;
    form->ascii = ls_terminal_glyphs(terminal) == LS_GLYPHS_ASCII;
    snprintf(form->city, sizeof form->city, "%s", city != NULL ? city : "");
    form->entry = calloc(n, sizeof *form->entry);
    form->type = new_fieldtype(check_field, NULL);
    if (form->entry == NULL || form->type == NULL ||
        set_fieldtype_arg(form->type, make_argument, copy_argument, free_argument) != E_OK ||
        ls_policy_copy(&form->policy, policy, NULL) != 0 || ls_policy_copy(&form->saved, saved, NULL) != 0)
        goto done;
    make_entries(form);
    reset_texts(form);
    code = build(form, rect);
    if (code != 0)
        goto done;
    select_text(form);
    *out = form;
    form = NULL;
done:
    ls_form_close(form);
    return code != 0 ? ls_error_set(error, code, "no memory for the form") : 0;
}

void ls_form_close(ls_form *form)
{
    if (form == NULL)
        return;
    clear_shown(&form->shown);
    if (form->type != NULL)
        free_fieldtype(form->type);
    ls_policy_clear(&form->policy);
    ls_policy_clear(&form->saved);
    free(form->entry);
    free(form);
}

int ls_form_resize(ls_form *form, struct ls_rect rect)
{
    int column = form->shown.form->curcol;
    int code = build(form, rect);
    if (code != 0)
        return code;
    request(form, REQ_BEG_FIELD);
    while (form->shown.form->curcol < column && form_driver(form->shown.form, REQ_RIGHT_CHAR) == E_OK) {
    }
    return 0;
}

int ls_form_reload(ls_form *form, const struct ls_policy *policy, const struct ls_policy *saved)
{
    struct ls_policy first = {0}, second = {0};
    if (ls_policy_copy(&first, policy, NULL) != 0 || ls_policy_copy(&second, saved, NULL) != 0) {
        ls_policy_clear(&first);
        return LS_ERR_MEMORY;
    }
    bool same = ls_policy_equal(&form->policy, &first);
    ls_policy_clear(&form->policy);
    ls_policy_clear(&form->saved);
    form->policy = first;
    form->saved = second;
    if (!same) {
        reset_texts(form);
        select_text(form);
    }
    return 0;
}

void ls_form_set_city(ls_form *form, const char *city)
{
    if (form->city[0] == '\0' || city == NULL || city[0] == '\0' || strcmp(city, form->city) == 0)
        return;
    snprintf(form->city, sizeof form->city, "%s", city);
    reset_texts(form);
    select_text(form);
}

/* ---- Moving ----------------------------------------------------------------------------------------- */

/* Leaves the current field, whose text becomes the value as the policy has it when it is valid. */
static enum ls_form_result go_to(ls_form *form, size_t index)
{
    struct ls_form_entry *entry = &form->entry[form->current];
    char value[LS_VALUE_SIZE];
    get_value(form, entry, value);
    if (!entry->invalid && strcmp(value, entry->text) != 0)
        reset_text(form, entry);
    if (set_current_field(form->shown.form, form->shown.field[index]) == E_OK)
        form->current = index;
    select_text(form);
    return LS_FORM_MOVED;
}

/* The first field of the next page or of the one before; at an end, the last or the first field. */
static enum ls_form_result go_page(ls_form *form, int direction)
{
    const struct ls_form_place *place = form->shown.place;
    int wanted = place[form->current].page + direction;
    if (wanted >= form->shown.n_pages)
        return go_to(form, form->n_entries - 1);
    size_t i = 0;
    while (place[i].page < wanted)
        i++;
    return go_to(form, i);
}

bool ls_form_select(ls_form *form, const char *dotted)
{
    char name[sizeof form->dotted];
    for (size_t i = 0; i < form->n_entries; i++) {
        ls_parameter_name(form->entry[i].parameter, form->entry[i].city, name, sizeof name);
        if (strcmp(name, dotted) == 0) {
            go_to(form, i);
            return true;
        }
    }
    return false;
}

bool ls_form_click(ls_form *form, int row)
{
    const struct ls_form_shown *shown = &form->shown;
    for (size_t i = 0; i < form->n_entries; i++) {
        if (shown->place[i].page == shown->place[form->current].page &&
            shown->place[i].row == row - shown->rect.row) {
            go_to(form, i);
            return true;
        }
    }
    return false;
}

/* ---- Editing ---------------------------------------------------------------------------------------- */

/* Has the current text parsed. */
static enum ls_form_result settle(ls_form *form)
{
    request(form, REQ_VALIDATION);
    if (form->entry[form->current].invalid)
        return LS_FORM_INVALID;
    return form->changed ? LS_FORM_CHANGED : LS_FORM_MOVED;
}

const char *const *ls_form_words(const struct ls_parameter *parameter)
{
    static const char *const boolean[] = {"no", "yes", NULL};
    return parameter->type == LS_TYPE_BOOLEAN  ? boolean
           : parameter->type == LS_TYPE_CHOICE ? parameter->choices
                                               : NULL;
}

/* Turns to the word that many places on; with a letter, to the next word that begins with it. */
static enum ls_form_result turn(ls_form *form, const char *const *words, int places, int letter)
{
    char value[LS_VALUE_SIZE];
    int n = 0, at = 0;
    get_value(form, &form->entry[form->current], value);
    for (; words[n] != NULL; n++)
        if (strcmp(words[n], value) == 0)
            at = n;
    assert(n > 0);
    int to = (at + places + n) % n;
    for (int i = 1; letter != 0 && i <= n; i++) {
        to = (at + i) % n;
        if (words[to][0] == letter)
            break;
    }
    if (letter != 0 && words[to][0] != letter)
        return LS_FORM_MOVED;
    set_text(form->shown.field[form->current], words[to]);
    enum ls_form_result result = settle(form);
    select_text(form);
    return result;
}

static bool is_printing(uint32_t key)
{
    return key >= ' ' && key < LS_KEY_BASE && (key < 127 || key >= 0xa0);
}

/* What stands in the field for a character: itself, or '?' where the screen could not show it in one column.
 * Nothing is left out silently, or "8–10" would become 810. */
static wchar_t sift(const ls_form *form, uint32_t rune)
{
    if (rune >= ' ' && rune < 127)
        return (wchar_t)rune;
    return !form->ascii && wcwidth((wchar_t)rune) == 1 ? (wchar_t)rune : L'?';
}

static void unselect(ls_form *form, bool clear)
{
    if (form->selected && clear)
        request(form, REQ_CLR_FIELD);
    form->selected = false;
}

static enum ls_form_result type(ls_form *form, uint32_t rune)
{
    unselect(form, true);
    (void)form_driver_w(form->shown.form, OK, sift(form, rune));
    return settle(form);
}

int ls_form_pasted(const ls_form *form, const char **text)
{
    uint32_t rune;
    if (strchr("\r\n", (*text)[0]) != NULL || ls_form_words(form->entry[form->current].parameter) != NULL)
        return 0;
    *text += ls_rune_decode(*text, &rune);
    return rune == '\t' ? ' ' : is_printing(rune) ? (int)rune : '?';
}

/* The character before the cursor is a blank; at the field's start false, and true for `at_start`. */
static bool blank_before(const ls_form *form, bool at_start)
{
    int column = form->shown.form->curcol;
    const char *text = form->entry[form->current].text;
    size_t offset = column > 0 ? ls_text_fit(text, column - 1) : 0;
    return column == 0 ? at_start : text[offset] == ' ' || text[offset] == '\0';
}

static enum ls_form_result erase_text(ls_form *form, int key)
{
    if (form->selected || key == LS_KEY_CTRL('u'))
        request(form, REQ_CLR_FIELD);
    else if (key == LS_KEY_BACKSPACE)
        request(form, REQ_DEL_PREV);
    else if (key == LS_KEY_DELETE)
        request(form, REQ_DEL_CHAR);
    else if (key == LS_KEY_CTRL('k'))
        request(form, REQ_CLR_EOF);
    else {
        while (blank_before(form, false))
            request(form, REQ_DEL_PREV);
        while (!blank_before(form, true))
            request(form, REQ_DEL_PREV);
    }
    form->selected = false;
    return settle(form);
}

/* Moves within a text, not into the blanks behind it. */
static enum ls_form_result move_cursor(ls_form *form, int what)
{
    int end = ls_text_cols(form->entry[form->current].text);
    unselect(form, false);
    if (what != REQ_RIGHT_CHAR || form->shown.form->curcol < end)
        request(form, what);
    return LS_FORM_MOVED;
}

/* Keys inside a field that takes text. */
static enum ls_form_result edit(ls_form *form, int key)
{
    switch (key) {
    case LS_KEY_LEFT:
        return move_cursor(form, REQ_LEFT_CHAR);
    case LS_KEY_RIGHT:
        return move_cursor(form, REQ_RIGHT_CHAR);
    case LS_KEY_CTRL_LEFT:
        return move_cursor(form, REQ_PREV_WORD);
    case LS_KEY_CTRL_RIGHT:
        return move_cursor(form, REQ_NEXT_WORD);
    case LS_KEY_HOME:
    case LS_KEY_CTRL('a'):
        return move_cursor(form, REQ_BEG_FIELD);
    case LS_KEY_END:
    case LS_KEY_CTRL('e'):
        return move_cursor(form, REQ_END_FIELD);
    case LS_KEY_BACKSPACE:
    case LS_KEY_DELETE:
    case LS_KEY_CTRL('u'):
    case LS_KEY_CTRL('k'):
    case LS_KEY_CTRL('w'):
        return erase_text(form, key);
    default:
        return LS_FORM_IGNORED;
    }
}

/* Keys on a choice: a letter that begins no word does nothing, and is no command either. */
static enum ls_form_result choose(ls_form *form, const char *const *words, int key)
{
    switch (key) {
    case LS_KEY_LEFT:
        return turn(form, words, -1, 0);
    case LS_KEY_RIGHT:
    case ' ':
        return turn(form, words, 1, 0);
    case LS_KEY_HOME:
    case LS_KEY_END:
    case LS_KEY_BACKSPACE:
    case LS_KEY_DELETE:
        return LS_FORM_MOVED;
    default:
        return key > ' ' && key < 127 ? turn(form, words, 0, tolower(key)) : LS_FORM_IGNORED;
    }
}

enum ls_form_result ls_form_key(ls_form *form, int key)
{
    const char *const *words = ls_form_words(form->entry[form->current].parameter);
    size_t n = form->n_entries;
    form->changed = false;
    switch (key) {
    case LS_KEY_ESC:
        return LS_FORM_LEFT;
    case LS_KEY_UP:
    case LS_KEY_BACKTAB:
        return go_to(form, (form->current + n - 1) % n);
    case LS_KEY_DOWN:
    case LS_KEY_TAB:
    case LS_KEY_ENTER:
        return go_to(form, (form->current + 1) % n);
    case LS_KEY_PGUP:
        return go_page(form, -1);
    case LS_KEY_PGDN:
        return go_page(form, 1);
    default:
        break;
    }
    if (words != NULL)
        return choose(form, words, key);
    return is_printing((uint32_t)key) ? type(form, (uint32_t)key) : edit(form, key);
}

const struct ls_policy *ls_form_policy(const ls_form *form)
{
    return &form->policy;
}

const char *ls_form_dotted(const ls_form *form)
{
    return form->dotted;
}
