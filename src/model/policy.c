/*
 * A policy's life, its cities, and its values through the parameter table.
 *
 * The cities are a sorted array, searched by halves: a policy names a handful of them, at most CITIES_MAX, so
 * that a hostile scenario file stays cheap.
 */
#include "model/values.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CITIES_MAX 1000

/* What a policy says of a city that it does not name. */
static const struct ls_city_policy default_city = {.daily_load_kwh = LS_NONE};

void ls_policy_init(struct ls_policy *policy)
{
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    memset(policy, 0, sizeof *policy);
    for (size_t i = 0; i < n; i++) {
        struct ls_value value = {0};
        if (rows[i].per_city)
            continue;
        int code = ls_value_parse(&rows[i], rows[i].fallback, &value, NULL);
        assert(code == 0);
        (void)code;
        ls_value_store(&rows[i], policy, &value);
    }
}

void ls_policy_clear(struct ls_policy *policy)
{
    if (policy == NULL)
        return;
    free(policy->cities);
    policy->cities = NULL;
    policy->n_cities = 0;
}

int ls_policy_copy(struct ls_policy *to, const struct ls_policy *from, struct ls_error *error)
{
    struct ls_city_policy *cities = NULL;
    if (from->n_cities > 0) {
        cities = calloc(from->n_cities, sizeof *cities);
        if (cities == NULL)
            return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
        memcpy(cities, from->cities, from->n_cities * sizeof *cities);
    }
    *to = *from;
    to->cities = cities;
    return 0;
}

/* The index of the first city that is not before `name`. */
static size_t lower_bound(const struct ls_policy *policy, const char *name)
{
    size_t low = 0, high = policy->n_cities;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(policy->cities[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct ls_city_policy *ls_policy_city(const struct ls_policy *policy, const char *city)
{
    size_t i = lower_bound(policy, city);
    bool named = i < policy->n_cities && strcmp(policy->cities[i].name, city) == 0;
    return named ? &policy->cities[i] : &default_city;
}

/* Whether every city that `a` names is the same in `b`. */
static bool cities_equal(const struct ls_policy *a, const struct ls_policy *b)
{
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    for (size_t c = 0; c < a->n_cities; c++) {
        const struct ls_city_policy *other = ls_policy_city(b, a->cities[c].name);
        for (size_t i = 0; i < n; i++) {
            struct ls_value left, right;
            if (!rows[i].per_city)
                continue;
            ls_value_load(&rows[i], &a->cities[c], &left);
            ls_value_load(&rows[i], other, &right);
            if (!ls_value_equal(&left, &right))
                return false;
        }
    }
    return true;
}

bool ls_policy_equal(const struct ls_policy *a, const struct ls_policy *b)
{
    size_t n;
    const struct ls_parameter *rows = ls_parameters(&n);
    for (size_t i = 0; i < n; i++) {
        struct ls_value left, right;
        if (rows[i].per_city)
            continue;
        ls_value_load(&rows[i], a, &left);
        ls_value_load(&rows[i], b, &right);
        if (!ls_value_equal(&left, &right))
            return false;
    }
    /* A city that is named with nothing but defaults is as good as one that is not named. */
    return cities_equal(a, b) && cities_equal(b, a);
}

/* Fills the error for a city's name that no policy can hold; 0 when it can. */
static int check_city(const char *city, struct ls_error *error)
{
    size_t most = sizeof default_city.name - 1;
    char quoted[LS_QUOTE_SIZE];
    if (city == NULL || city[0] == '\0')
        return ls_error_set(error, LS_ERR_NAME, "no city named");
    if (strlen(city) <= most)
        return 0;
    ls_error_set(error, LS_ERR_NAME, "city '%s' has a name of %zu bytes", ls_value_quote(city, quoted),
                 strlen(city));
    (void)ls_error_remedy(error, "use at most %zu bytes", most);
    return LS_ERR_NAME;
}

/* The policy's own row of `city`, added when it is not there. Its address holds until the next one is added.
 */
static int own_city(struct ls_policy *policy, const char *city, struct ls_city_policy **out,
                    struct ls_error *error)
{
    size_t i = lower_bound(policy, city), n = policy->n_cities;
    if (i == n || strcmp(policy->cities[i].name, city) != 0) {
        if (n >= CITIES_MAX)
            return ls_error_set(error, LS_ERR_VALUE, "more than %d cities in one policy", CITIES_MAX);
        struct ls_city_policy *cities = realloc(policy->cities, (n + 1) * sizeof *cities);
        if (cities == NULL)
            return ls_error_set(error, LS_ERR_MEMORY, "out of memory");
        memmove(&cities[i + 1], &cities[i], (n - i) * sizeof *cities);
        cities[i] = default_city;
        memcpy(cities[i].name, city, strlen(city) + 1);
        policy->cities = cities;
        policy->n_cities = n + 1;
    }
    *out = &policy->cities[i];
    return 0;
}

/* Puts a value where it belongs; nothing happens on failure. */
static int put(const struct ls_parameter *parameter, struct ls_policy *policy, const char *city,
               const struct ls_value *value, struct ls_error *error)
{
    if (!parameter->per_city) {
        ls_value_store(parameter, policy, value);
        return 0;
    }
    struct ls_city_policy *own = NULL;
    int code = own_city(policy, city, &own, error);
    if (code == 0)
        ls_value_store(parameter, own, value);
    return code;
}

static void fetch(const struct ls_parameter *parameter, const struct ls_policy *policy, const char *city,
                  struct ls_value *out)
{
    if (parameter->per_city)
        ls_value_load(parameter, ls_policy_city(policy, city != NULL ? city : ""), out);
    else
        ls_value_load(parameter, policy, out);
}

/* Names the parameter in an error that has just been filled. */
static int blame(const struct ls_parameter *parameter, const char *city, int code, struct ls_error *error)
{
    char name[128];
    if (code != 0)
        (void)ls_error_at(error, NULL, 0, 0, ls_parameter_name(parameter, city, name, sizeof name));
    return code;
}

/* Copies `text` without the blanks around it; false when the rest does not fit. */
static bool trim(const char *text, size_t length, char *out, size_t size)
{
    static const char blanks[] = " \t\r\n";
    while (length > 0 && strchr(blanks, text[0]) != NULL) {
        text++;
        length--;
    }
    while (length > 0 && strchr(blanks, text[length - 1]) != NULL)
        length--;
    if (length >= size)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

const char *ls_parameter_get(const struct ls_parameter *parameter, const struct ls_policy *policy,
                             const char *city, char *out, size_t size)
{
    struct ls_value value;
    fetch(parameter, policy, city, &value);
    return ls_value_format(parameter, &value, out, size);
}

int ls_parameter_set(const struct ls_parameter *parameter, struct ls_policy *policy, const char *city,
                     const char *text, struct ls_error *error)
{
    char trimmed[LS_VALUE_SIZE];
    struct ls_value value;
    int code = parameter->per_city ? check_city(city, error) : 0;
    if (code == 0 && !trim(text, strlen(text), trimmed, sizeof trimmed)) {
        code = ls_error_set(error, LS_ERR_VALUE, "a value of %zu bytes is too long", strlen(text));
        (void)ls_error_remedy(error, "write at most %d bytes", LS_VALUE_SIZE - 1);
    }
    if (code == 0)
        code = ls_value_parse(parameter, trimmed, &value, error);
    if (code == 0)
        code = put(parameter, policy, city, &value, error);
    return blame(parameter, city, code, error);
}

int ls_parameter_nudge(const struct ls_parameter *parameter, struct ls_policy *policy, const char *city,
                       int steps, struct ls_error *error)
{
    struct ls_value value;
    int code = parameter->per_city ? check_city(city, error) : 0;
    if (code == 0 && parameter->step <= 0) {
        code = ls_error_set(error, LS_ERR_VALUE, "%s has no steps", parameter->label);
        (void)ls_error_remedy(error, "type its value");
    }
    if (code == 0) {
        fetch(parameter, policy, city, &value);
        ls_value_nudge(parameter, &value, steps);
        code = put(parameter, policy, city, &value, error);
    }
    return blame(parameter, city, code, error);
}

int ls_policy_assign(struct ls_policy *policy, const char *assignment, struct ls_error *error)
{
    /* The last '=', since no value has one and a city's name may. */
    const char *equals = strrchr(assignment, '=');
    const struct ls_parameter *parameter = NULL;
    char name[LS_VALUE_SIZE], city[64], quoted[LS_QUOTE_SIZE];
    if (equals == NULL || !trim(assignment, (size_t)(equals - assignment), name, sizeof name)) {
        ls_error_set(error, LS_ERR_VALUE, "'%s' is not an assignment", ls_value_quote(assignment, quoted));
        (void)ls_error_remedy(error, "write section.key=value, such as spike.alpha_percent=15");
        return LS_ERR_VALUE;
    }
    int code = ls_parameter_find(name, &parameter, city, error);
    return code != 0 ? code : ls_parameter_set(parameter, policy, city, equals + 1, error);
}
