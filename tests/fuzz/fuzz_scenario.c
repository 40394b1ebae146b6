/*
 * libFuzzer target: any bytes as a scenario file. A file that is refused leaves the policy as it was and says
 * where; one that is accepted is written back and reads equal.
 */
#include <loadscope/policy.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void check_written(const struct ls_policy *policy)
{
    struct ls_policy again;
    struct ls_error error = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    must(file != NULL);
    must(ls_scenario_write(file, policy, &error) == 0);
    (void)fclose(file);
    ls_policy_init(&again);
    must(ls_scenario_parse("again", text, length, &again, &error) == 0);
    must(ls_policy_equal(policy, &again));
    free(text);
    ls_policy_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ls_policy policy, fresh;
    struct ls_error error = {0};
    ls_policy_init(&policy);
    ls_policy_init(&fresh);
    int code = ls_scenario_parse("fuzz", (const char *)data, size, &policy, &error);
    if (code == 0) {
        check_written(&policy);
    } else {
        must(code < 0 && (int)error.code == code && error.message[0] != '\0' && error.line > 0);
        must(strchr(error.message, '\n') == NULL && strchr(error.remedy, '\n') == NULL);
        must(ls_policy_equal(&policy, &fresh));
    }
    ls_policy_clear(&policy);

    /* The same bytes as an assignment, as --set and :set take them. */
    char assignment[512];
    size_t length = size < sizeof assignment ? size : sizeof assignment - 1;
    memcpy(assignment, data, length);
    assignment[length] = '\0';
    code = ls_policy_assign(&fresh, assignment, &error);
    must(code <= 0 && (code == 0 || error.message[0] != '\0'));
    ls_policy_clear(&fresh);
    return 0;
}
