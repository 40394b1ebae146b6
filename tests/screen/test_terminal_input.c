/**
 * @file test_terminal_input.c
 * What terminals send, byte for byte, and the events that the terminal layer makes of it: demo.c echoes each
 * on its last row.
 */
#include "pty.h"

#include "tui/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/** Starts demo; escape sequences may take a second, so that a busy machine does not tear them apart. */
static struct pty *start(const char *term, const char *escape_delay)
{
    char program[512];
    const char *argv[] = {pty_binary("demo", program, sizeof program), NULL};
    const char *env[] = {escape_delay, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.term = term, .env = env, .argv = argv});

    pty_wait(pty);
    return pty;
}

static void assert_echo(struct pty *pty, const char *sent, const char *expected)
{
    char line[PTY_LINE], context[PTY_LINE + 64];

    pty_line(pty, 23, line);
    snprintf(context, sizeof context, "%s (after \"%s\")", line, sent + (*sent == '\033'));
    if (strcmp(line, expected) != 0)
        assert_string_equal(context, expected);
}

static void assert_key(struct pty *pty, const char *bytes, int key)
{
    char expected[32];

    snprintf(expected, sizeof expected, "key %x", (unsigned)key);
    pty_send(pty, bytes, 1);
    pty_wait(pty);
    assert_echo(pty, bytes, expected);
}

static void test_every_key_in_every_form(void **state)
{
    static const char *const terms[] = {"xterm-256color", "screen-256color", "linux", "vt100"};
    static const struct {
        const char *bytes;
        int key;
    } keys[] = {
        {"\033[A", LS_KEY_UP},
        {"\033OA", LS_KEY_UP},
        {"\033[B", LS_KEY_DOWN},
        {"\033OB", LS_KEY_DOWN},
        {"\033[C", LS_KEY_RIGHT},
        {"\033OC", LS_KEY_RIGHT},
        {"\033[D", LS_KEY_LEFT},
        {"\033OD", LS_KEY_LEFT},
        {"\033[H", LS_KEY_HOME},
        {"\033OH", LS_KEY_HOME},
        {"\033[1~", LS_KEY_HOME},
        {"\033[7~", LS_KEY_HOME},
        {"\033[F", LS_KEY_END},
        {"\033OF", LS_KEY_END},
        {"\033[4~", LS_KEY_END},
        {"\033[8~", LS_KEY_END},
        {"\033[2~", LS_KEY_INSERT},
        {"\033[3~", LS_KEY_DELETE},
        {"\033[5~", LS_KEY_PGUP},
        {"\033[6~", LS_KEY_PGDN},
        {"\033[Z", LS_KEY_BACKTAB},
        {"\t", LS_KEY_TAB},
        {"\r", LS_KEY_ENTER},
        {"\n", LS_KEY_ENTER},
        {"\177", LS_KEY_BACKSPACE},
        {"\b", LS_KEY_BACKSPACE},
        {"\033[1;5D", LS_KEY_CTRL_LEFT},
        {"\033[1;5C", LS_KEY_CTRL_RIGHT},
        {"\025", LS_KEY_CTRL('u')},
        {"\027", LS_KEY_CTRL('w')},
        {" ", ' '},
        {"~", '~'},
        {"\xc3\xa9", 0xe9},
        {"\xf0\x9f\x94\x8c", 0x1f50c},
    };

    (void)state;
    for (size_t t = 0; t < COUNT(terms); t++) {
        struct pty *pty = start(terms[t], "ESCDELAY=1000");

        for (size_t i = 0; i < COUNT(keys); i++)
            assert_key(pty, keys[i].bytes, keys[i].key);
        pty_stop(pty);
    }
}

static void test_function_keys(void **state)
{
    struct pty *pty = start(NULL, "ESCDELAY=1000");
    char expected[32], name[16];

    (void)state;
    for (int n = 1; n <= 12; n++) {
        snprintf(name, sizeof name, "F%d", n);
        snprintf(expected, sizeof expected, "key %x", (unsigned)(LS_KEY_F0 + n));
        pty_press(pty, name);
        assert_echo(pty, name, expected);
    }
    pty_stop(pty);
}

static void test_escape_and_alt(void **state)
{
    struct pty *pty = start(NULL, "ESCDELAY");

    (void)state;
    assert_key(pty, "\033", LS_KEY_ESC);
    assert_key(pty, "k", 'k');
    pty_send(pty, "\033\033", 2);
    pty_wait(pty);
    assert_echo(pty, "ESC twice", "key 1b");
    pty_stop(pty);

    pty = start(NULL, "ESCDELAY=1000");
    pty_send(pty, "\033k", 1);
    pty_wait(pty);
    assert_echo(pty, "Alt-k", "key alt 6b");
    pty_send(pty, "\033\xc3\xa9", 1);
    pty_wait(pty);
    assert_echo(pty, "Alt-é", "key alt e9");
    pty_stop(pty);
}

static void test_sequences_nobody_asked_for(void **state)
{
    static const char *const eaten[] = {
        "\033[99;99~",   "\033[>0;276;0c",     "\033[?1;2c", "\033[1;9Z", "\033]11;rgb:0/0/0\033\\",
        "\033]0;q\a",    "\033P1+r4d73\033\\", "\033Ox",     "\033[I",    "\033[O",
        "\033_Gq\033\\", "\033[200;3u",
    };
    struct pty *pty = start(NULL, "ESCDELAY=1000");

    (void)state;
    for (size_t i = 0; i < COUNT(eaten); i++) {
        pty_send(pty, eaten[i], 0);
        assert_key(pty, i % 2 ? "j" : "k", i % 2 ? 'j' : 'k');
    }
    pty_stop(pty);
}

static void test_sequences_in_pieces(void **state)
{
    struct pty *pty = start(NULL, "ESCDELAY=1000");

    (void)state;
    pty_send(pty, "\033[", 0);
    pty_read_for(pty, 2);
    assert_key(pty, "5~", LS_KEY_PGUP);
    pty_send(pty, "\033[200~one ", 0);
    pty_read_for(pty, 2);
    pty_send(pty, "two\033[20", 0);
    pty_read_for(pty, 2);
    pty_send(pty, "1~", 1);
    pty_wait(pty);
    assert_echo(pty, "paste", "paste one two");
    pty_stop(pty);
}

static void test_paste_is_text_and_never_keys(void **state)
{
    struct pty *pty = start(NULL, "ESCDELAY=1000");

    (void)state;
    /* demo leaves at q and at Ctrl-C, and turns a line end into nothing it obeys. */
    pty_send(pty, "\033[200~q\003q\033[A q\033[201~", 1);
    pty_wait(pty);
    assert_true(pty_contains(pty, "paste q"));
    pty_send(pty, "\033[200~\033[201~", 1);
    pty_wait(pty);
    assert_echo(pty, "an empty paste", "paste");
    /* On a line that stalls, the rest comes after what is waited for. */
    pty_send(pty, "\033[200~one", 1);
    pty_wait(pty);
    assert_echo(pty, "a paste that pauses", "paste one");
    pty_send(pty, "q two", 1);
    pty_wait(pty);
    assert_echo(pty, "its next piece", "paste q two");
    pty_send(pty, "q\033[201~", 1);
    pty_wait(pty);
    assert_echo(pty, "its last piece", "paste q");
    /* An end that never comes: what there is counts, and in the end keys are keys again. */
    pty_send(pty, "\033[200~cut", 1);
    pty_wait(pty);
    assert_echo(pty, "a paste without end", "paste cut");
    pty_read_for(pty, 5500);
    assert_key(pty, "k", 'k');
    pty_stop(pty);
}

static void test_mouse(void **state)
{
    struct pty *pty = start(NULL, "ESCDELAY=1000");

    (void)state;
    assert_true(pty_mode(pty, 1006));
    pty_send(pty, "\033[<0;79;24M", 1);
    pty_wait(pty);
    assert_echo(pty, "press", "press 23,78");
    pty_send(pty, "\033[<0;79;24m\033[<0;5;6M\033[<0;5;6m\033[<0;5;6M", 2);
    pty_wait(pty);
    assert_echo(pty, "two clicks in one place", "double 5,4");
    pty_send(pty, "\033[<0;5;6m\033[<2;7;8M", 1);
    pty_wait(pty);
    assert_echo(pty, "right button", "press 7,6");
    pty_send(pty, "\033[<2;7;8m\033[<64;1;1M\033[<64;1;1M\033[<64;1;1M", 3);
    pty_wait(pty);
    assert_echo(pty, "wheel", "wheel up 0,0");
    /* Clicks that come at once, as over a slow line, keep their order. */
    pty_send(pty, "\033[<0;3;3M\033[<0;3;3m\033[<0;9;9M\033[<0;9;9m", 2);
    pty_wait(pty);
    assert_echo(pty, "two clicks", "press 8,8");
    pty_send(pty, "\033[<65;80;1M", 1);
    pty_wait(pty);
    assert_echo(pty, "wheel", "wheel down 0,79");
    pty_stop(pty);
}

static void test_suspend_where_nobody_could_continue(void **state)
{
    struct pty *pty = start(NULL, "ESCDELAY=1000");

    (void)state;
    /* Without a shell the system does not stop the program: it takes the terminal again at once. */
    pty_press(pty, "+");
    pty_send(pty, "\032", 1);
    pty_wait(pty);
    assert_true(pty_alternate(pty));
    assert_true(pty_mode(pty, 2004));
    assert_true(pty_contains(pty, "steps 1 *"));
    assert_key(pty, "\033OA", LS_KEY_UP);
    pty_stop(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_in_every_form),
        cmocka_unit_test(test_function_keys),
        cmocka_unit_test(test_escape_and_alt),
        cmocka_unit_test(test_sequences_nobody_asked_for),
        cmocka_unit_test(test_sequences_in_pieces),
        cmocka_unit_test(test_paste_is_text_and_never_keys),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_suspend_where_nobody_could_continue),
    };

    return cmocka_run_group_tests_name("terminal input", tests, NULL, NULL);
}
