#include "fault.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

struct fault fault;

static bool refuses(void)
{
    if (!fault.armed)
        return false;
    fault.asked++;
    bool refused =
        fault.chosen > 0 && (fault.lasting ? fault.asked >= fault.chosen : fault.asked == fault.chosen);
    fault.refused += refused;
    return refused;
}

void *__wrap_malloc(size_t size)
{
    return refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuses() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return refuses() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text)
{
    return refuses() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
    return refuses() ? NULL : __real_strndup(text, length);
}

void fault_arm(void)
{
    fault.armed = true;
    fault.asked = fault.refused = 0;
}

int fault_disarm(int code)
{
    fault.armed = false;
    return code;
}
