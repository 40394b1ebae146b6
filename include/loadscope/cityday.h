/**
 * @file cityday.h
 * One city's local day, ready to be solved: usage, floors, factors, clock.
 *
 * Customers stand in the order in which they are served. A city-day is immutable, borrows names from its
 * dataset, and is counted: create and retain each ask for one destroy. Arrays over customers and slots are
 * in tiles of LS_LANES customers, in each of which a slot's numbers lie side by side.
 */
#ifndef LOADSCOPE_CITYDAY_H
#define LOADSCOPE_CITYDAY_H

#include <loadscope/dataset.h>
#include <loadscope/policy.h>

#define LS_LANES     16   /**< customers of a tile: floats that the widest vector unit takes at a time */
#define LS_SLOTS_MAX 2000 /**< more than any day of any zone at one-minute slots */

/** What the household floors of a city are made of. */
struct ls_floors {
    const double *base_kwh; /**< [customers of the city * LS_HOURS_A_DAY] mean or minimum; NULL: no floors */
    const int32_t *robust_max; /**< likewise, quanta; -1: no reading in that hour, so no floor */
    size_t first_customer;     /**< number of the customer whose hours come first */
    double r_fraction, epsilon_kwh;
};

struct ls_cityday {
    const char *city;
    int32_t date;
    int weekday;   /**< Monday 0 */
    int64_t start; /**< first instant of the day */
    int slot_minutes;
    int n_slots;
    size_t n_customers;       /**< those with a known reading this day */
    double quanta_per_kwh;    /**< usage / this = kWh */
    const uint32_t *customer; /**< [n_customers] index into the dataset's customers */
    const char *const *id;    /**< [n_customers] */
    /** [n_customers * LS_HOURS_A_DAY] household floor in each local hour; NULL: no floors */
    const double *floor_kwh;
    struct ls_floors floors; /**< what they are made of */
    /** Quanta or LS_MISSING, in tiles: see ls_cityday_tile_place(). The last tile is filled up with
     * LS_MISSING. */
    const int32_t *usage;
    const int64_t *day_quanta; /**< [n_customers] sum of the known readings */
    const bool *whole;         /**< [n_customers] no reading of the day is missing */
    /** What stands above the floor, to the nearest float [kWh], in tiles as well; 0 where the usage is
     * missing. */
    const float *avail_kwh;
    const int64_t *slot_quanta;  /**< [n_slots] sum of the known readings */
    const double *percentile;    /**< [n_customers] 100 * average rank / n by day_quanta, ascending */
    const double *mef_g_per_kwh; /**< [n_slots] NaN where the slot has no valid pair of factors */
    const double *aef_g_per_kwh; /**< [n_slots] NaN likewise */
    const int32_t *offset_s;     /**< [n_slots] UTC offset in force at the slot's start */
    const int *wall_minute;    /**< [n_slots] local wall clock at the slot's start, minutes after midnight */
    double daily_load_kwh;     /**< L of the region, `auto` resolved */
    double own_daily_load_kwh; /**< the dataset's own mean; a daily_load_kwh below it is suspicious */
    void *owner;
};

/**
 * Cuts @p date out of @p dataset for @p city under @p policy's zone, slot, floors, load and order.
 * A day without readings gives n_customers = 0. LS_ERR_MEMORY; LS_ERR_FORMAT where the zone's day is not a
 * whole number of slots or a reading is off the grid.
 */
int ls_cityday_create(const struct ls_dataset *dataset, const ls_zone *zone, const struct ls_policy *policy,
                      const char *city, int32_t date, struct ls_cityday **out, struct ls_error *error);
/** One more owner, on any thread; returns @p day. */
struct ls_cityday *ls_cityday_retain(struct ls_cityday *day);
void ls_cityday_destroy(struct ls_cityday *day);

/** True when nothing that ls_cityday_create() reads differs between the two policies, so a city-day can be
 * kept. */
bool ls_cityday_same_inputs(const struct ls_policy *a, const struct ls_policy *b, const char *city);

/** The local dates on which @p city has a row, ascending; the caller frees @p dates with free(). */
int ls_city_dates(const struct ls_dataset *dataset, const ls_zone *zone, const char *city, int32_t **dates,
                  size_t *n_dates, struct ls_error *error);

/** Where a customer's slot lies in tiles. */
static inline size_t ls_cityday_tile_place(int n_slots, size_t customer, int slot)
{
    return (customer / LS_LANES * (size_t)n_slots + (size_t)slot) * LS_LANES + customer % LS_LANES;
}

/** Numbers in the tiles of so many customers. */
static inline size_t ls_cityday_tile_cells(int n_slots, size_t n_customers)
{
    return (n_customers + LS_LANES - 1) / LS_LANES * (size_t)n_slots * LS_LANES;
}

/** Instant at which @p slot starts. */
int64_t ls_cityday_instant(const struct ls_cityday *day, int slot);

/** Writes the wall clock at the start of @p slot, "17:30", and in an hour that the clock repeats the second
 * time "01:30b"; returns @p out. */
const char *ls_cityday_clock(const struct ls_cityday *day, int slot, char out[8]);

/** Copies a customer's usage: @p row has n_slots places, quanta or LS_MISSING. */
void ls_cityday_row(const struct ls_cityday *day, size_t customer, int32_t *row);

/** kWh of a known reading; NaN when it is missing. */
double ls_cityday_kwh(const struct ls_cityday *day, size_t customer, int slot);

/** The household floor in a slot [kWh]; 0 where the usage is missing. */
double ls_cityday_floor_kwh(const struct ls_cityday *day, size_t customer, int slot);

/** What stands above the floor in a slot [kWh], exactly; 0 where the usage is missing. */
double ls_cityday_avail_kwh(const struct ls_cityday *day, size_t customer, int slot);

#endif
