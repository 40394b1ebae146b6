/*
 * Texts on their way to the clipboard: decoded by another implementation, in the wrapping that each terminal
 * wants.
 */
#include "tui/clipboard.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OSC          "\033]52;c;"
#define SCREEN_START "\033P\033]52;c;"

/* The sequence for a text, which the caller frees. */
static char *sequence_of(const char *text, const char *term, bool in_tmux)
{
    char *sequence = ls_clipboard_sequence(text, term, in_tmux);
    assert_non_null(sequence);
    return sequence;
}

/* Fails unless base64 that ends at BEL is of the text. */
static void assert_decodes(const char *at, const char *text)
{
    gsize length;
    char *code = g_strndup(at, strcspn(at, "\a"));
    guchar *bytes = g_base64_decode(code, &length);
    assert_int_equal(at[strlen(code)], '\a');
    assert_int_equal(length, strlen(text));
    assert_memory_equal(bytes, text, length);
    g_free(bytes);
    g_free(code);
}

/* A text of so many bytes, all but NUL among them. */
static char *text_of(size_t length)
{
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(unsigned char)(1 + i % 255);
    text[length] = '\0';
    return text;
}

static void a_terminal_gets_it_plainly(void **state)
{
    (void)state;
    for (size_t length = 0; length <= LS_CLIPBOARD_MOST; length = length < 600 ? length + 1 : 2 * length) {
        char *text = text_of(length), *sequence = sequence_of(text, "xterm-256color", length % 2);
        assert_int_equal(strncmp(sequence, OSC, strlen(OSC)), 0);
        assert_decodes(sequence + strlen(OSC), text);
        assert_int_equal(strcspn(sequence, "\a") + 1, strlen(sequence));
        free(sequence);
        free(text);
    }
}

static void a_long_text_is_refused(void **state)
{
    (void)state;
    char *text = text_of(LS_CLIPBOARD_MOST + 1);
    assert_null(ls_clipboard_sequence(text, "xterm", false));
    free(text);
}

static void tmux_gets_it_to_pass_on_and_plainly(void **state)
{
    static const char start[] = "\033Ptmux;\033\033]52;c;";
    static const char *const terms[] = {"tmux-256color", "screen"};
    (void)state;
    char *text = text_of(1000);
    for (int i = 0; i < 2; i++) {
        char *sequence = sequence_of(text, terms[i], true), *plain = strstr(sequence, "\a\033\\") + 3;
        assert_int_equal(strncmp(sequence, start, strlen(start)), 0);
        assert_decodes(sequence + strlen(start), text);
        assert_int_equal(strncmp(plain, OSC, strlen(OSC)), 0);
        assert_decodes(plain + strlen(OSC), text);
        free(sequence);
    }
    free(text);
}

/* What screen passes on, pieces joined as it does; returns what follows. */
static const char *assert_passed_on(const char *sequence, const char *text)
{
    GString *passed = g_string_new(NULL);
    const char *end;
    for (; strncmp(sequence, "\033P", 2) == 0; sequence = end + 2) {
        end = strstr(sequence, "\033\\");
        assert_non_null(end);
        assert_in_range(end - sequence, 2, 767);
        g_string_append_len(passed, sequence + 2, end - sequence - 2);
    }
    assert_int_equal(strncmp(passed->str, OSC, strlen(OSC)), 0);
    assert_decodes(passed->str + strlen(OSC), text);
    g_string_free(passed, TRUE);
    return sequence;
}

/* What calls itself screen may be a tmux at the other end of SSH, which takes the text itself: of what is
 * wrapped it must not take a part for the whole. */
static void screen_gets_it_in_pieces_and_plainly_if_short(void **state)
{
    static const size_t lengths[] = {0, 1, 179, 180, 181, 525, 526, 5000};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *text = text_of(lengths[i]), *sequence = sequence_of(text, "screen.xterm-256color", false);
        const char *plain = assert_passed_on(sequence, text);
        if (lengths[i] > 0)
            assert_int_equal(strncmp(sequence, SCREEN_START "\033\\", strlen(SCREEN_START) + 2), 0);
        assert_int_equal(plain[0] != '\0', lengths[i] <= 525);
        if (plain[0] != '\0') {
            assert_int_equal(strncmp(plain, OSC, strlen(OSC)), 0);
            assert_decodes(plain + strlen(OSC), text);
            assert_true(strlen(plain) < 768);
        }
        free(sequence);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_gets_it_plainly),
        cmocka_unit_test(a_long_text_is_refused),
        cmocka_unit_test(tmux_gets_it_to_pass_on_and_plainly),
        cmocka_unit_test(screen_gets_it_in_pieces_and_plainly_if_short),
    };
    return cmocka_run_group_tests_name("clipboard", tests, NULL, NULL);
}
