/**
 * @file input.c
 * Keys by ncurses, and what it leaves to us: pasted text, Alt, sequences nobody knows (eaten whole).
 */
#include "tui/input.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define REST_MS          25   /* for the rest of a sequence or a character under way */
#define PASTE_MS         200  /* pasted text that pauses so long is handed on as far as it came */
#define PASTE_LOST_MS    5000 /* and after this without its end, keys are keys again */
#define PASTE_BYTES      65536
#define SEQUENCE_MAX     4096
#define DOUBLE_CLICK_MS  400
#define CODE_PASTE_BEGIN 2000 /* key codes of our own, beyond those of ncurses */
#define CODE_PASTE_END   2001
#define CODE_CTRL_LEFT   2002
#define CODE_CTRL_RIGHT  2003
#define CODE_FOCUS       2004

/** What terminals send although their terminfo entry does not say so, or says it is a key without a name. */
static const struct {
    const char *bytes;
    int code;
} more_keys[] = {
    {"\033[A", KEY_UP},
    {"\033[B", KEY_DOWN},
    {"\033[C", KEY_RIGHT},
    {"\033[D", KEY_LEFT},
    {"\033OA", KEY_UP},
    {"\033OB", KEY_DOWN},
    {"\033OC", KEY_RIGHT},
    {"\033OD", KEY_LEFT},
    {"\033[H", KEY_HOME},
    {"\033OH", KEY_HOME},
    {"\033[1~", KEY_HOME},
    {"\033[7~", KEY_HOME},
    {"\033[F", KEY_END},
    {"\033OF", KEY_END},
    {"\033[4~", KEY_END},
    {"\033[8~", KEY_END},
    {"\033[2~", KEY_IC},
    {"\033[3~", KEY_DC},
    {"\033[5~", KEY_PPAGE},
    {"\033[6~", KEY_NPAGE},
    {"\033[Z", KEY_BTAB},
    {"\033[1;5D", CODE_CTRL_LEFT},
    {"\033[1;5C", CODE_CTRL_RIGHT},
    {"\033[1;2D", KEY_SLEFT},
    {"\033[1;2C", KEY_SRIGHT},
    {"\033OM", KEY_ENTER},
    {"\033[200~", CODE_PASTE_BEGIN},
    {"\033[201~", CODE_PASTE_END},
    {"\033[I", CODE_FOCUS},
    {"\033[O", CODE_FOCUS},
};

static const struct {
    int code;
    int key;
} named_keys[] = {
    {KEY_BACKSPACE, LS_KEY_BACKSPACE},
    {KEY_DC, LS_KEY_DELETE},
    {KEY_IC, LS_KEY_INSERT},
    {KEY_UP, LS_KEY_UP},
    {KEY_DOWN, LS_KEY_DOWN},
    {KEY_LEFT, LS_KEY_LEFT},
    {KEY_RIGHT, LS_KEY_RIGHT},
    {CODE_CTRL_LEFT, LS_KEY_CTRL_LEFT},
    {CODE_CTRL_RIGHT, LS_KEY_CTRL_RIGHT},
    {KEY_SLEFT, LS_KEY_SHIFT_LEFT},
    {KEY_SRIGHT, LS_KEY_SHIFT_RIGHT},
    {KEY_HOME, LS_KEY_HOME},
    {KEY_END, LS_KEY_END},
    {KEY_PPAGE, LS_KEY_PGUP},
    {KEY_NPAGE, LS_KEY_PGDN},
    {KEY_BTAB, LS_KEY_BACKTAB},
    {KEY_ENTER, LS_KEY_ENTER},
};

int ls_input_open(struct ls_input *input, int tty, struct ls_error *error)
{
    memset(input, 0, sizeof *input);
    input->tty = tty;
    input->pad = newpad(1, 1);
    if (!input->pad)
        return ls_error_set(error, LS_ERR_MEMORY, "no memory for the keyboard");
    keypad(input->pad, TRUE);
    for (size_t i = 0; i < sizeof more_keys / sizeof *more_keys; i++)
        define_key(more_keys[i].bytes, more_keys[i].code);
    mouseinterval(0);
    return LS_OK;
}

void ls_input_close(struct ls_input *input)
{
    if (input->pad)
        delwin(input->pad);
    free(input->paste);
    memset(input, 0, sizeof *input);
}

/** One character or key code within @p wait_ms: OK, KEY_CODE_YES or ERR. */
static int next(struct ls_input *input, int wait_ms, wint_t *code)
{
    struct pollfd ready = {.fd = input->tty, .events = POLLIN};

    if (wait_ms == 0 && poll(&ready, 1, 0) > 0) {
        /* A character may be split between two reads, and ncurses would lose it. */
        wait_ms = REST_MS;
    }
    wtimeout(input->pad, wait_ms);
    return wget_wch(input->pad, code);
}

/** Eats a sequence that ncurses did not know, up to its final byte; the introducer is already read. */
static void eat_sequence(struct ls_input *input, wint_t introducer)
{
    wint_t code, last = 0;

    for (int i = 0; i < SEQUENCE_MAX && next(input, REST_MS, &code) == OK; i++) {
        bool ends = introducer == 'O' || (introducer == '[' && code >= 0x40 && code <= 0x7e) ||
                    (introducer != '[' && (code == 7 || (last == LS_KEY_ESC && code == '\\')));

        if (ends)
            return;
        last = code;
    }
}

/** After an ESC: Alt and a key, a sequence to be eaten (false), or the key itself. */
static bool read_after_escape(struct ls_input *input, struct ls_event *event)
{
    wint_t code;
    int kind = next(input, 0, &code);

    event->kind = LS_EVENT_KEY;
    event->key = LS_KEY_ESC;
    if (kind == ERR)
        return true;
    if (kind == OK && strchr("[]OP_^X", (int)(code & 0x7f)) && code < 0x80 && code > 0) {
        eat_sequence(input, code);
        return false;
    }
    if (kind == KEY_CODE_YES || code == LS_KEY_ESC) {
        if (kind == KEY_CODE_YES)
            ungetch((int)code);
        else
            unget_wch((wchar_t)code);
        return true;
    }
    event->key = (int)code;
    event->alt = true;
    return true;
}

static long ms_since(const struct timespec *then)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

/** Adds a character at @p length; what is beyond PASTE_BYTES is dropped. Returns the new length. */
static size_t add_pasted(struct ls_input *input, size_t length, wint_t code)
{
    char bytes[5];
    size_t n = code <= 0x10ffff ? ls_rune_encode(code == '\r' ? '\n' : (uint32_t)code, bytes) : 0;

    if (!input->paste || length + n > PASTE_BYTES || code == 0)
        return length;
    memcpy(input->paste + length, bytes, n);
    return length + n;
}

/** Collects pasted text up to its end mark or a silence, after which it goes on: a slow line shall not make
 * keys of it. False when nothing came. */
static bool read_paste(struct ls_input *input, struct ls_event *event)
{
    size_t length = 0;
    int wait_ms = 0, kind;
    wint_t code;

    if (!input->paste)
        input->paste = malloc(PASTE_BYTES + 1);
    while (input->pasting && (kind = next(input, wait_ms, &code)) != ERR) {
        clock_gettime(CLOCK_MONOTONIC, &input->paste_time);
        wait_ms = PASTE_MS;
        if (kind != KEY_CODE_YES)
            length = add_pasted(input, length, code);
        else if (code == CODE_PASTE_END)
            input->pasting = false;
    }
    if (!input->paste || (length == 0 && input->pasting))
        return false;
    input->paste[length] = '\0';
    event->kind = LS_EVENT_PASTE;
    event->text = input->paste;
    return true;
}

static bool is_double_click(struct ls_input *input, const MEVENT *mouse)
{
    bool twice = ms_since(&input->click_time) < DOUBLE_CLICK_MS && input->click_row == mouse->y &&
                 input->click_col == mouse->x;

    clock_gettime(CLOCK_MONOTONIC, &input->click_time);
    if (twice)
        input->click_time = (struct timespec){0, 0};
    input->click_row = mouse->y;
    input->click_col = mouse->x;
    return twice;
}

/** Takes the events behind one KEY_MOUSE: all that came at once, and ncurses gives the latest first. */
static void take_mouse(struct ls_input *input)
{
    input->n_mouse = 0;
    while (input->n_mouse < LS_INPUT_MOUSE && getmouse(&input->mouse[input->n_mouse]) == OK)
        input->n_mouse++;
}

/** The oldest event of the mouse that somebody has a use for. */
static bool read_mouse(struct ls_input *input, struct ls_event *event)
{
    while (input->n_mouse > 0) {
        const MEVENT *mouse = &input->mouse[--input->n_mouse];

        event->kind = LS_EVENT_MOUSE;
        event->row = mouse->y;
        event->col = mouse->x;
        event->button = mouse->bstate & BUTTON2_PRESSED ? 2 : mouse->bstate & BUTTON3_PRESSED ? 3 : 1;
        if (mouse->bstate & BUTTON4_PRESSED) {
            event->mouse = LS_MOUSE_WHEEL_UP;
            return true;
        }
        if (mouse->bstate & BUTTON5_PRESSED) {
            event->mouse = LS_MOUSE_WHEEL_DOWN;
            return true;
        }
        if (mouse->bstate & (BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED)) {
            event->mouse = is_double_click(input, mouse) ? LS_MOUSE_DOUBLE : LS_MOUSE_PRESS;
            return true;
        }
    }
    return false;
}

/** The key of a code of ncurses, or 0 for one we have no use for. */
static int named_key(wint_t code)
{
    for (size_t i = 0; i < sizeof named_keys / sizeof *named_keys; i++)
        if ((wint_t)named_keys[i].code == code)
            return named_keys[i].key;
    if (code >= KEY_F(1) && code <= KEY_F(24))
        return LS_KEY_F0 + (int)code - KEY_F0;
    return 0;
}

/** The key of a character: one code for each of Enter and Backspace. */
static int plain_key(wint_t code)
{
    return code == '\n' ? LS_KEY_ENTER : code == 8 || code == 127 ? LS_KEY_BACKSPACE : (int)code;
}

bool ls_input_read(struct ls_input *input, struct ls_event *event)
{
    wint_t code;
    int kind;

    if (read_mouse(input, event))
        return true;
    if (input->pasting && ms_since(&input->paste_time) < PASTE_LOST_MS)
        return read_paste(input, event);
    input->pasting = false;
    while ((kind = next(input, 0, &code)) != ERR) {
        if (kind == KEY_CODE_YES) {
            if (code == KEY_MOUSE) {
                take_mouse(input);
                if (read_mouse(input, event))
                    return true;
                continue;
            }
            if (code == CODE_PASTE_BEGIN) {
                input->pasting = true;
                clock_gettime(CLOCK_MONOTONIC, &input->paste_time);
                return read_paste(input, event);
            }
            event->kind = LS_EVENT_KEY;
            event->key = named_key(code);
            if (event->key)
                return true;
        } else if (code == LS_KEY_ESC) {
            if (read_after_escape(input, event))
                return true;
        } else if (code <= 0x10ffff) {
            event->kind = LS_EVENT_KEY;
            event->key = plain_key(code);
            return true;
        }
    }
    return false;
}
