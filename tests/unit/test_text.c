/* Strict numbers, the distance between names, memory with one lifetime, and what an error says. */
#include "../support/support.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "report/plain.h"

#include <locale.h>

static void integers_are_whole_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } right[] = {{"0", 0},
                 {"-7", -7},
                 {"+12", 12},
                 {"007", 7},
                 {"9223372036854775807", INT64_MAX},
                 {"-9223372036854775808", INT64_MIN}};
    static const char *const wrong[] = {"",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "0x10",
                                        "1e3",
                                        "+",
                                        "-",
                                        "+-1",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "one"};
    int64_t value;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(ls_text_integer(right[i].text, &value));
        assert_int_equal(value, right[i].value);
    }
    value = 42;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (ls_text_integer(wrong[i], &value))
            fail_msg("'%s' is taken for a whole number", wrong[i]);
    assert_int_equal(value, 42);
}

static void reals_are_decimal_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } right[] = {{"0.25", 0.25}, {"-3", -3}, {"+1e3", 1000}, {".5", 0.5}, {"2.", 2}, {"1E-3", 0.001}};
    static const char *const wrong[] = {"",   " 1",    "1 ",  "0x10",  "inf", "nan", "1,5",  "1e",
                                        "e5", "1e999", "--1", "1.2.3", ".",   "+",   "1_000"};
    double value;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        if (!ls_text_real(right[i].text, &value) || value != right[i].value)
            fail_msg("'%s' is read as %g", right[i].text, value);
    }
    value = 42;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (ls_text_real(wrong[i], &value))
            fail_msg("'%s' is taken for a number", wrong[i]);
    assert_true(value == 42);
}

static void reals_write_short_and_read_back_equal(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.1, "0.1"},
                {25, "25"},
                {-0.5, "-0.5"},
                {1e21, "1e+21"},
                {0.1 + 0.7, "0.7999999999999999"},
                {2.0 / 3, "0.6666666666666666"},
                {0.1 + 0.2, "0.30000000000000004"}};
    char text[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(ls_text_from_real(rows[i].value, text, sizeof text), rows[i].text);
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") != NULL) { /* a decimal comma changes nothing */
        double value;
        assert_string_equal(ls_text_from_real(0.5, text, sizeof text), "0.5");
        assert_true(ls_text_real("0.5", &value) && value == 0.5);
        setlocale(LC_NUMERIC, "C");
    }
    uint64_t bits = 12345;
    for (int i = 0; i < 5000; i++) {
        double value, back;
        char shorter[64];
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        ls_text_from_real(value, text, sizeof text);
        if (fabs(value) < 1e300 && fabs(value) > 1e-300)
            assert_true(ls_text_real(text, &back) && back == value);
        snprintf(shorter, sizeof shorter, "%.16g", value);
        if (strlen(shorter) < strlen(text))
            assert_true(strtod(shorter, NULL) != value);
    }
}

static void words_are_listed(void **state)
{
    static const char *const words[] = {"one", "two", "three", NULL};
    char out[32];
    (void)state;
    assert_string_equal(ls_text_list(words, out, sizeof out), "one, two or three");
    assert_string_equal(ls_text_list(words + 1, out, sizeof out), "two or three");
    assert_string_equal(ls_text_list(words + 2, out, sizeof out), "three");
    assert_string_equal(ls_text_list(words + 3, out, sizeof out), "");
    assert_string_equal(ls_text_list(words, out, 6), "one, ");
}

static void distances_count_typing_errors(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } rows[] = {
        {"", "", 0},          {"alpha", "alpha", 0},  {"alpha", "alfa", 2}, {"alpha", "aplha", 1},
        {"alpha", "alpa", 1}, {"alpha", "alphas", 1}, {"", "abc", 3},       {"kitten", "sitting", 3},
        {"ab", "ba", 1},      {"abcd", "badc", 2},    {"json", "plain", 4}, {"engine", "egnine", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (ls_text_distance(rows[i].a, rows[i].b) != rows[i].distance)
            fail_msg("%s, %s: %zu", rows[i].a, rows[i].b, ls_text_distance(rows[i].a, rows[i].b));
        assert_int_equal(ls_text_distance(rows[i].b, rows[i].a), rows[i].distance);
    }
    char longest[300];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(ls_text_distance(longest, "x"), 99);
    longest[120] = '\0';
    assert_int_equal(ls_text_distance(longest, "y"), 99);
}

static void an_arena_hands_out_zeroed_arrays_of_its_own(void **state)
{
    (void)state;
    struct ls_arena arena = {0};
    int64_t *numbers = ls_arena_array(&arena, 1000, sizeof *numbers);
    char *letters = ls_arena_array(&arena, 3, 1);
    long double *wide = ls_arena_array(&arena, 2, sizeof *wide);
    assert_true(numbers != NULL && letters != NULL && wide != NULL);
    assert_int_equal((uintptr_t)wide % _Alignof(max_align_t), 0);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], 0);
        numbers[i] = -1;
    }
    assert_memory_equal(letters, "\0\0\0", 3);
    assert_non_null(ls_arena_array(&arena, 0, 8));
    assert_null(ls_arena_array(&arena, SIZE_MAX / 2 + 2, 2)); /* the product wraps to 2 */
    assert_null(ls_arena_array(&arena, SIZE_MAX - 4, 1));
    ls_arena_release(&arena);
    ls_arena_release(&arena);
    assert_non_null(ls_arena_array(&arena, 4, 4)); /* as good as new */
    ls_arena_release(&arena);
}

static void an_error_says_where_what_and_what_to_do(void **state)
{
    (void)state;
    struct ls_error error = {.line = 9, .remedy = "stale"};
    char text[1200];
    assert_int_equal(ls_error_set(&error, LS_ERR_FORMAT, "'%s' is no number", "x"), LS_ERR_FORMAT);
    assert_string_equal(ls_error_text(&error, text, sizeof text), "'x' is no number");
    assert_int_equal(ls_error_remedy(&error, "write %d", 5), LS_ERR_FORMAT);
    assert_string_equal(ls_error_text(&error, text, sizeof text), "'x' is no number; write 5");
    assert_int_equal(ls_error_at(&error, "a.csv", 12, 3, "value"), LS_ERR_FORMAT);
    assert_string_equal(ls_error_text(&error, text, sizeof text),
                        "a.csv:12:3: value: 'x' is no number; write 5");
    ls_error_at(&error, "a.csv", 0, 0, NULL);
    assert_string_equal(ls_error_text(&error, text, sizeof text), "a.csv: 'x' is no number; write 5");
    ls_error_at(&error, NULL, 4, 0, "alpha");
    assert_string_equal(ls_error_text(&error, text, sizeof text), "line 4: alpha: 'x' is no number; write 5");
    assert_string_equal(ls_error_text(&error, text, 12), "line 4: alp");
}

static void an_error_never_overflows(void **state)
{
    (void)state;
    struct ls_error error;
    char longest[2000], text[1200];
    memset(longest, 'm', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    ls_error_set(&error, LS_ERR_IO, "%s", longest);
    ls_error_remedy(&error, "%s", longest);
    ls_error_at(&error, longest, 2147483647, 2147483647, longest);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_int_equal(strlen(error.field), sizeof error.field - 1);
    ls_error_text(&error, text, sizeof text);
    assert_non_null(strstr(text, ":2147483647:2147483647:"));
    assert_int_equal(ls_error_set(NULL, LS_ERR_IO, "nobody listens"), LS_ERR_IO);
    assert_true(ls_error_remedy(NULL, "nobody") < 0 && ls_error_at(NULL, "f", 1, 1, "x") < 0);
}

static void json_is_told_from_what_is_none(void **state)
{
    static const char *const sound[] = {"{}", " [ ] ", "{\"a\":1,\"b\":[-0.5e-7,true,null,\"\\\"x\\n\"]}\n",
                                        "12", "{\"a\":{\"b\":[[],{}]}}"};
    static const char *const wrong[] = {"",      "{",         "{\"a\"}", "{\"a\":}",   "[1,]",
                                        "[1 2]", "1.",        "-",       "1.2.3",      "1e",
                                        "\"a",   "\"\\u00\"", "tru",     "{a:1}",      "{} x",
                                        "]",     "[1,2,3",    "\"\\x\"", "{\"a\":1,}", "\"\n\""};
    char deep[2001];
    (void)state;
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
        assert_true(ls_json_is_sound(sound[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ls_json_is_sound(wrong[i]));
    memset(deep, '[', 1000);
    memset(deep + 1000, ']', 1000);
    deep[2000] = '\0';
    assert_false(ls_json_is_sound(deep));
    assert_true(ls_json_is_sound(strcpy(deep, "[[[[]]]]")));
}

static void a_figure_that_rounds_to_zero_has_no_sign(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{-0.0, 2, "0.00"}, {-0.004, 2, "0.00"}, {-0.0051, 2, "-0.01"},
                 {-0.4, 0, "0"},    {-0.6, 0, "-1"},     {0.004, 2, "0.00"},
                 {-3.0, 1, "-3.0"}, {-0.049, 1, "0.0"},  {-0.0501, 1, "-0.1"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.*f", cases[i].decimals,
                 ls_plain_figure(cases[i].value, cases[i].decimals));
        assert_string_equal(text, cases[i].text);
    }
}

static void little_is_not_none(void **state)
{
    char text[16];
    (void)state;
    assert_string_equal(ls_plain_percent(0, text), "0.0");
    assert_string_equal(ls_plain_percent(0.0004, text), "<0.1");
    assert_string_equal(ls_plain_percent(0.0006, text), "0.1");
    assert_string_equal(ls_plain_percent(0.125, text), "12.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_that_rounds_to_zero_has_no_sign),
        cmocka_unit_test(little_is_not_none),
        cmocka_unit_test(json_is_told_from_what_is_none),
        cmocka_unit_test(integers_are_whole_or_refused),
        cmocka_unit_test(reals_are_decimal_or_refused),
        cmocka_unit_test(reals_write_short_and_read_back_equal),
        cmocka_unit_test(words_are_listed),
        cmocka_unit_test(distances_count_typing_errors),
        cmocka_unit_test(an_arena_hands_out_zeroed_arrays_of_its_own),
        cmocka_unit_test(an_error_says_where_what_and_what_to_do),
        cmocka_unit_test(an_error_never_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
