/* Recordings: every line JSON by itself, no byte of the output lost or torn, sound at any moment. */
#include "drawing.h"

#include "tui/cast.h"

#include <cjson/cJSON.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATH "/tmp/ls_cast_test.cast"

static ls_recording *start(void)
{
    ls_recording *recording = NULL;
    struct ls_error error;
    unlink(PATH);
    assert_int_equal(ls_recording_open(PATH, "a \"title\"", &recording, &error), 0);
    ls_recording_size(recording, 24, 80);
    return recording;
}

/* All "o" events one after the other, after a check of every line; the caller frees. */
static char *read_output(int *n_events)
{
    char *text = NULL, *output = calloc(1, 100000);
    double last = 0;
    assert_non_null(output);
    assert_true(g_file_get_contents(PATH, &text, NULL, NULL));
    assert_true(g_str_has_suffix(text, "\n"));
    *n_events = -1;
    for (char *at = text, *end; *at != '\0'; at = end + 1, ++*n_events) {
        end = strchr(at, '\n');
        *end = '\0';
        assert_true(g_utf8_validate(at, -1, NULL));
        cJSON *json = cJSON_Parse(at);
        assert_non_null(json);
        if (*n_events >= 0) {
            double time = cJSON_GetArrayItem(json, 0)->valuedouble;
            assert_true(cJSON_GetArraySize(json) == 3 && time >= last);
            last = time;
            if (strcmp(cJSON_GetArrayItem(json, 1)->valuestring, "o") == 0)
                strcat(output, cJSON_GetArrayItem(json, 2)->valuestring);
        } else {
            assert_int_equal(cJSON_GetObjectItem(json, "version")->valueint, 2);
            assert_int_equal(cJSON_GetObjectItem(json, "width")->valueint, 80);
            assert_int_equal(cJSON_GetObjectItem(json, "height")->valueint, 24);
            assert_true(cJSON_GetObjectItem(json, "timestamp")->valuedouble > 1.6e9);
            assert_string_equal(cJSON_GetObjectItem(json, "title")->valuestring, "a \"title\"");
            assert_true(cJSON_IsString(cJSON_GetObjectItem(cJSON_GetObjectItem(json, "env"), "TERM")));
        }
        cJSON_Delete(json);
    }
    g_free(text);
    return output;
}

static void any_split_gives_the_same_output(void **state)
{
    (void)state;
    static const char text[] = "\033[1m\"a\\b\"\t░▓水😀\177é\r\n";
    for (size_t cut = 0; cut < sizeof text; cut++)
        for (size_t piece = 1; piece < 4; piece++) {
            int events;
            ls_recording *recording = start();
            ls_recording_output(recording, text, cut);
            for (size_t at = cut; at < sizeof text - 1; at += piece)
                ls_recording_output(recording, text + at,
                                    at + piece < sizeof text - 1 ? piece : sizeof text - 1 - at);
            char *output = read_output(&events); /* not closed yet: as after a crash */
            assert_string_equal(output, text);
            free(output);
            assert_int_equal(ls_recording_close(recording, NULL), 0);
        }
    unlink(PATH);
}

static void what_is_no_utf8_is_replaced(void **state)
{
    (void)state;
    int events;
    ls_recording *recording = start();
    ls_recording_output(recording, "a\0b\xff?\xc3(", 7);
    assert_int_equal(ls_recording_close(recording, NULL), 0);
    char *output = read_output(&events);
    assert_string_equal(output, "ab\xef\xbf\xbd?\xef\xbf\xbd(");
    free(output);
    unlink(PATH);
}

static void sizes_are_events(void **state)
{
    (void)state;
    int events;
    ls_recording *recording = start();
    ls_recording_output(recording, "x", 1);
    ls_recording_size(recording, 43, 132);
    ls_recording_output(recording, "", 0);
    assert_int_equal(ls_recording_close(recording, NULL), 0);
    char *output = read_output(&events), *text = NULL;
    assert_int_equal(events, 2);
    assert_true(g_file_get_contents(PATH, &text, NULL, NULL));
    assert_non_null(strstr(text, ",\"r\",\"132x43\"]\n"));
    g_free(text);
    free(output);
    unlink(PATH);
}

static void a_file_that_is_there_stays(void **state)
{
    (void)state;
    struct ls_error error;
    ls_recording *recording = start(), *second = NULL;
    assert_int_equal(ls_recording_open(PATH, "", &second, &error), LS_ERR_IO);
    assert_null(second);
    assert_int_equal(ls_recording_open("/nowhere/x.cast", "", &second, &error), LS_ERR_IO);
    assert_int_equal(ls_recording_close(recording, NULL), 0);
    unlink(PATH);
}

static void what_never_began_leaves_no_file(void **state)
{
    (void)state;
    ls_recording *recording = NULL;
    unlink(PATH);
    assert_int_equal(ls_recording_open(PATH, "", &recording, NULL), 0);
    ls_recording_output(recording, "x", 1);
    assert_int_equal(ls_recording_close(recording, NULL), 0);
    assert_int_equal(access(PATH, F_OK), -1);
}

/* Too large a file, as a full disk, ends the recording after its last whole line, and is told at the end. */
static void a_failure_is_told_at_the_end(void **state)
{
    (void)state;
    struct ls_error error = {0};
    struct rlimit before, tight;
    char text[1000];
    int events;
    memset(text, 'x', sizeof text);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = 500;
    signal(SIGXFSZ, SIG_IGN);
    ls_recording *recording = start();
    ls_recording_output(recording, "one", 3);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    ls_recording_output(recording, text, sizeof text);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    ls_recording_output(recording, "three", 5);
    assert_int_equal(ls_recording_close(recording, &error), LS_ERR_IO);
    assert_non_null(strstr(error.message, "ends early"));
    assert_string_equal(error.file, PATH);
    char *output = read_output(&events);
    assert_string_equal(output, "one");
    free(output);
    unlink(PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_output),
        cmocka_unit_test(what_is_no_utf8_is_replaced),
        cmocka_unit_test(sizes_are_events),
        cmocka_unit_test(a_file_that_is_there_stays),
        cmocka_unit_test(what_never_began_leaves_no_file),
        cmocka_unit_test(a_failure_is_told_at_the_end),
    };
    return cmocka_run_group_tests_name("cast", tests, NULL, NULL);
}
