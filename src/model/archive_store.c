/* A store as an archive. */
#include "model/archive.h"

static const struct ls_store_axis *store_axis(const void *beneath, size_t city)
{
    return ls_store_axis(beneath, city);
}

static int store_read(const void *beneath, size_t city, size_t first_customer, size_t n_customers,
                      int32_t minute, int n_slots, int32_t *out, struct ls_error *error)
{
    return ls_store_read(beneath, city, first_customer, n_customers, minute, n_slots, out, error);
}

int ls_archive_of_store(ls_store *store, ls_archive **out, struct ls_error *error)
{
    struct ls_readings readings = {.beneath = store,
                                   .head = ls_store_head(store),
                                   .whole_days = ls_store_compressed(store),
                                   .axis = store_axis,
                                   .read = store_read};
    return ls_archive_of_readings(&readings, out, error);
}
