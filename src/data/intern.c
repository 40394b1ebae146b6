#include "data/intern.h"

#include "data/grow.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_PLACES 64

static uint32_t hash_of(uint32_t group, const char *text, size_t length)
{
    uint32_t hash = UINT32_C(2166136261) ^ group * UINT32_C(2654435761); /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT32_C(16777619);
    return hash ^ hash >> 15;
}

/* The place that holds the name, or the free one where it belongs. */
static size_t place_of(const struct ls_names *names, uint32_t hash, uint32_t group, const char *text,
                       size_t length)
{
    size_t place = hash & (names->n_places - 1);
    for (; names->places[place] != 0; place = (place + 1) & (names->n_places - 1)) {
        const struct ls_name *name = &names->names[names->places[place] - 1];
        if (name->hash == hash && ls_names_is(names, names->places[place] - 1, group, text, length))
            break;
    }
    return place;
}

/* At most half of the places are taken, so a search ends soon. */
static bool make_places(struct ls_names *names)
{
    if ((names->count + 1) * 2 <= names->n_places)
        return true;
    size_t n_places = names->n_places > 0 ? names->n_places * 2 : FIRST_PLACES;
    uint32_t *places = calloc(n_places, sizeof *places);
    if (places == NULL)
        return false;
    for (size_t i = 0; i < names->count; i++) {
        size_t place = names->names[i].hash & (n_places - 1);
        while (places[place] != 0)
            place = (place + 1) & (n_places - 1);
        places[place] = (uint32_t)i + 1;
    }
    free(names->places);
    names->places = places;
    names->n_places = n_places;
    return true;
}

uint32_t ls_names_add(struct ls_names *names, uint32_t group, const char *text, size_t length)
{
    if (names->count >= LS_NAMES_MAX - 1 || !make_places(names))
        return LS_NAMES_MAX;
    uint32_t hash = hash_of(group, text, length);
    size_t place = place_of(names, hash, group, text, length);
    if (names->places[place] != 0)
        return names->places[place] - 1;

    struct ls_name *grown =
        ls_grow(names->names, &names->names_capacity, names->count + 1, sizeof *names->names);
    if (grown == NULL)
        return LS_NAMES_MAX;
    names->names = grown;
    char *texts = ls_grow(names->texts, &names->texts_capacity, names->texts_used + length + 1, 1);
    if (texts == NULL)
        return LS_NAMES_MAX;
    names->texts = texts;
    memcpy(texts + names->texts_used, text, length);
    texts[names->texts_used + length] = '\0';
    grown[names->count] = (struct ls_name){names->texts_used, group, hash, (uint32_t)length};
    names->texts_used += length + 1;
    names->places[place] = (uint32_t)++names->count;
    return (uint32_t)names->count - 1;
}

const char *ls_names_text(const struct ls_names *names, uint32_t number)
{
    return names->texts + names->names[number].text;
}

void ls_names_release(struct ls_names *names)
{
    free(names->names);
    free(names->texts);
    free(names->places);
    *names = (struct ls_names){0};
}
