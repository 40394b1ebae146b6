#include "data/gather.h"

#include "data/grow.h"

#include <math.h>
#include <stdlib.h>

void ls_gathered_release(struct ls_gathered *gathered)
{
    ls_load_release(&gathered->load);
    ls_cells_release(&gathered->cells);
    free(gathered->customer_of);
    gathered->customer_of = NULL;
}

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory merging what was read");
}

static bool earlier(uint64_t place, uint64_t than)
{
    return place != 0 && (than == 0 || place < than);
}

/* `value` of `place` becomes what is known, unless that was known earlier in the files. */
static void keep_first(double *known, uint64_t *known_at, double value, uint64_t place)
{
    if (!isnan(value) && earlier(place, *known_at)) {
        *known = value;
        *known_at = place;
    }
}

static bool merge_customers(struct ls_load *all, struct ls_gathered *gathered, const uint32_t *city_of)
{
    const struct ls_load *load = &gathered->load;
    for (uint32_t i = 0; i < load->customers.count; i++) {
        const struct ls_name *name = &load->customers.names[i];
        uint32_t number = ls_names_add(&all->customers, city_of[name->group],
                                       ls_names_text(&load->customers, i), name->length);
        if (number == LS_NAMES_MAX)
            return false;
        struct ls_load_home *homes =
            ls_grow(all->homes, &all->homes_capacity, (size_t)number + 1, sizeof *homes);
        if (homes == NULL)
            return false;
        all->homes = homes;
        if (all->n_homes == number)
            homes[all->n_homes++] = (struct ls_load_home){.degrees = {NAN, NAN}};
        for (enum ls_axis axis = 0; axis < LS_AXIS_COUNT; axis++)
            keep_first(&homes[number].degrees[axis], &homes[number].known_at[axis],
                       load->homes[i].degrees[axis], load->homes[i].known_at[axis]);
        gathered->customer_of[i] = number;
    }
    return true;
}

static int merge_slots(struct ls_load *all, const struct ls_load *load, const uint32_t *city_of,
                       struct ls_error *error)
{
    for (size_t i = 0; i < load->slots.count; i++) {
        const struct ls_slot *from = &load->slots.slot[i];
        struct ls_slot *slot = ls_slots_at(&all->slots, city_of[from->city], from->minute);
        if (slot == NULL)
            return out_of_memory(error);
        for (enum ls_factor f = 0; f < LS_FACTOR_COUNT; f++) {
            if (slot->g_per_kwh[f] < from->g_per_kwh[f] || slot->g_per_kwh[f] > from->g_per_kwh[f])
                return LS_LOAD_ASTRAY;
            keep_first(&slot->g_per_kwh[f], &slot->known_at[f], from->g_per_kwh[f], from->known_at[f]);
        }
        if (earlier(from->read_at, slot->read_at))
            slot->read_at = from->read_at;
        slot->has_usage = slot->has_usage || from->has_usage;
    }
    return 0;
}

static void note_offset(struct ls_load *all, int32_t offset_s, uint64_t place)
{
    if (offset_s != all->offset_s && earlier(place, all->other_offset_at)) {
        all->other_offset_s = offset_s;
        all->other_offset_at = place;
    }
}

/* The first offset of all files, and the first that differs from it. */
static void merge_offsets(struct ls_load *all, const struct ls_load *load)
{
    struct ls_load before = *all;
    const struct ls_load *first = earlier(load->offset_at, before.offset_at) ? load : &before;
    all->offset_s = first->offset_s;
    all->offset_at = first->offset_at;
    all->other_offset_at = 0;
    note_offset(all, before.offset_s, before.offset_at);
    note_offset(all, before.other_offset_s, before.other_offset_at);
    note_offset(all, load->offset_s, load->offset_at);
    note_offset(all, load->other_offset_s, load->other_offset_at);
}

int ls_gathered_merge(struct ls_load *all, struct ls_gathered *gathered, struct ls_error *error)
{
    int code = 0;
    const struct ls_load *load = &gathered->load;
    uint32_t *city_of = ls_new(load->cities.count, sizeof *city_of);
    gathered->customer_of = ls_new(load->customers.count, sizeof *gathered->customer_of);
    if (city_of == NULL || gathered->customer_of == NULL)
        code = out_of_memory(error);
    for (uint32_t i = 0; code == 0 && i < load->cities.count; i++) {
        city_of[i] =
            ls_names_add(&all->cities, 0, ls_names_text(&load->cities, i), load->cities.names[i].length);
        if (city_of[i] == LS_NAMES_MAX)
            code = out_of_memory(error);
    }
    if (code == 0 && !merge_customers(all, gathered, city_of))
        code = out_of_memory(error);
    if (code == 0)
        code = merge_slots(all, load, city_of, error);
    merge_offsets(all, load);
    all->n_rows += load->n_rows;
    all->factor_rows += load->factor_rows;
    free(city_of);
    return code;
}
