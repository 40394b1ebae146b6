#include "data/slots.h"

#include "data/grow.h"

#include <math.h>
#include <stdlib.h>

#define FIRST_PLACES 4096

static size_t place_of(const struct ls_slots *slots, uint32_t city, int32_t minute)
{
    uint64_t key = (uint64_t)city << 32 | (uint32_t)minute;
    key = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    size_t place = (size_t)(key >> 24) & (slots->n_places - 1);
    for (; slots->places[place] != 0; place = (place + 1) & (slots->n_places - 1)) {
        const struct ls_slot *slot = &slots->slot[slots->places[place] - 1];
        if (slot->minute == minute && slot->city == city)
            break;
    }
    return place;
}

/* At most half of the places are taken, so a search ends soon. */
static bool make_places(struct ls_slots *slots)
{
    if ((slots->count + 1) * 2 <= slots->n_places)
        return true;
    size_t n_places = slots->n_places > 0 ? slots->n_places * 2 : FIRST_PLACES;
    uint32_t *places = calloc(n_places, sizeof *places);
    if (places == NULL)
        return false;
    free(slots->places);
    slots->places = places;
    slots->n_places = n_places;
    for (size_t i = 0; i < slots->count; i++)
        places[place_of(slots, slots->slot[i].city, slots->slot[i].minute)] = (uint32_t)i + 1;
    return true;
}

struct ls_slot *ls_slots_expected(struct ls_slots *slots, uint32_t city, const char *stamp, size_t length)
{
    for (size_t i = slots->last + 2; i-- > slots->last;)
        if (i < slots->count && slots->slot[i].city == city &&
            ls_memo_is(&slots->slot[i].stamp, stamp, length)) {
            slots->last = i;
            return &slots->slot[i];
        }
    return NULL;
}

struct ls_slot *ls_slots_at(struct ls_slots *slots, uint32_t city, int32_t minute)
{
    size_t next = slots->last + 1;
    if (next < slots->count && slots->slot[next].minute == minute && slots->slot[next].city == city) {
        slots->last = next;
        return &slots->slot[next];
    }
    if (slots->count >= UINT32_MAX - 1 || !make_places(slots))
        return NULL;
    size_t place = place_of(slots, city, minute);
    if (slots->places[place] == 0) {
        struct ls_slot *grown = ls_grow(slots->slot, &slots->capacity, slots->count + 1, sizeof *grown);
        if (grown == NULL)
            return NULL;
        slots->slot = grown;
        grown[slots->count] = (struct ls_slot){.g_per_kwh = {NAN, NAN},
                                               .minute = minute,
                                               .city = city,
                                               .stamp = LS_MEMO_NONE,
                                               .given = {LS_MEMO_NONE, LS_MEMO_NONE}};
        slots->places[place] = (uint32_t)++slots->count;
    }
    slots->last = slots->places[place] - 1;
    return &slots->slot[slots->last];
}

void ls_slots_release(struct ls_slots *slots)
{
    free(slots->slot);
    free(slots->places);
    *slots = (struct ls_slots){0};
}
