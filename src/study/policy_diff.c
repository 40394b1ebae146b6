#include "study/policy_diff.h"

#include "data/grow.h"

#include <stdlib.h>
#include <string.h>

struct list {
    const struct ls_policy *policies[2];
    struct ls_diff_parameter *found;
    size_t n, capacity;
};

static int compare_values(struct list *list, const struct ls_parameter *parameter, const char *city,
                          struct ls_error *error)
{
    struct ls_diff_parameter found = {0};
    for (int k = 0; k < 2; k++)
        ls_parameter_get(parameter, list->policies[k], city, found.value[k], sizeof found.value[k]);
    if (strcmp(found.value[0], found.value[1]) == 0)
        return 0;
    ls_parameter_name(parameter, city, found.name, sizeof found.name);
    struct ls_diff_parameter *more = ls_grow(list->found, &list->capacity, list->n + 1, sizeof *more);
    if (more == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a comparison");
    list->found = more;
    more[list->n++] = found;
    return 0;
}

/* Both lists of cities are sorted by name: walks their union. */
static int compare_cities(struct list *list, const struct ls_parameter *parameter, struct ls_error *error)
{
    const struct ls_policy *const *policies = list->policies;
    size_t a = 0, b = 0;
    int code = 0;
    while (code == 0 && (a < policies[0]->n_cities || b < policies[1]->n_cities)) {
        const char *name_a = a < policies[0]->n_cities ? policies[0]->cities[a].name : NULL;
        const char *name_b = b < policies[1]->n_cities ? policies[1]->cities[b].name : NULL;
        int order = name_a == NULL ? 1 : name_b == NULL ? -1 : strcmp(name_a, name_b);
        code = compare_values(list, parameter, order <= 0 ? name_a : name_b, error);
        a += order <= 0;
        b += order >= 0;
    }
    return code;
}

int ls_policy_diff(const struct ls_policy *a, const struct ls_policy *b, struct ls_diff_parameter **out,
                   size_t *n, struct ls_error *error)
{
    struct list list = {.policies = {a, b}};
    size_t n_rows;
    const struct ls_parameter *rows = ls_parameters(&n_rows);
    int code = 0;
    for (size_t p = 0; code == 0 && p < n_rows; p++)
        code = rows[p].per_city ? compare_cities(&list, &rows[p], error)
                                : compare_values(&list, &rows[p], NULL, error);
    if (code != 0) {
        free(list.found);
        return code;
    }
    *out = list.found;
    *n = list.n;
    return 0;
}
