#include "base/json.h"

#include <stddef.h>
#include <string.h>

#define DEPTH_MAX  100
#define NUMBER_MAX 62 /* bytes */
#define DIGITS     "0123456789"

/* Each of these returns what follows, NULL where the text is wrong. */

static const char *pass_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static const char *pass_string(const char *at)
{
    if (*at++ != '"')
        return NULL;
    for (; *at != '"'; at++) {
        if ((unsigned char)*at < ' ')
            return NULL;
        if (*at == '\\' && (*++at == '\0' || strchr("\"\\/bfnrt", *at) == NULL))
            return NULL;
    }
    return at + 1;
}

static const char *pass_digits(const char *at)
{
    size_t n = at == NULL ? 0 : strspn(at, DIGITS);
    return n > 0 ? at + n : NULL;
}

static const char *pass_number(const char *at)
{
    const char *begin = at;
    at = pass_digits(at + (*at == '-'));
    if (at != NULL && *at == '.')
        at = pass_digits(at + 1);
    if (at != NULL && (*at == 'e' || *at == 'E'))
        at = pass_digits(at + 1 + (at[1] == '+' || at[1] == '-'));
    return at != NULL && at - begin <= NUMBER_MAX ? at : NULL;
}

static const char *pass_word(const char *at)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return at + strlen(words[i]);
    return NULL;
}

static const char *pass_value(const char *at, int depth);

/* An array, or an object with a name before each value. */
static const char *pass_list(const char *at, int depth)
{
    bool is_object = *at == '{';
    char end = is_object ? '}' : ']';
    at = pass_blanks(at + 1);
    if (*at == end)
        return at + 1;
    for (;;) {
        if (is_object) {
            at = pass_string(at);
            if (at == NULL || *(at = pass_blanks(at)) != ':')
                return NULL;
            at = pass_blanks(at + 1);
        }
        at = pass_value(at, depth + 1);
        if (at == NULL)
            return NULL;
        at = pass_blanks(at);
        if (*at == end)
            return at + 1;
        if (*at != ',')
            return NULL;
        at = pass_blanks(at + 1);
    }
}

static const char *pass_value(const char *at, int depth)
{
    if (*at == '{' || *at == '[')
        return depth < DEPTH_MAX ? pass_list(at, depth) : NULL;
    if (*at == '"')
        return pass_string(at);
    return *at == '-' || (*at >= '0' && *at <= '9') ? pass_number(at) : pass_word(at);
}

bool ls_json_is_sound(const char *text)
{
    const char *end = pass_value(pass_blanks(text), 0);
    return end != NULL && *pass_blanks(end) == '\0';
}
