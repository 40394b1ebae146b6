/* A city's days under way, as verify_days.c walks through them and verify_homes.c judges their customers. */
#ifndef LS_STUDY_VERIFY_DAYS_H
#define LS_STUDY_VERIFY_DAYS_H

#include "solve/check.h"
#include "study/verify.h"

struct ls_verify_days {
    struct ls_verify *v;
    const struct ls_city *city;
    double own_load_kwh; /* LS_NONE: not asked for */
    int32_t first_date, n_dates;
    bool *has_row;                               /* [n_dates] a reading, even a missing one */
    bool *has_reading;                           /* [n_dates] a known one */
    int *used;                                   /* [n_customers of the city] sources of the week so far */
    struct ls_verify_household_week *households; /* [n_customers of the city] */
    int32_t week;                                /* Monday that the two are of */
    struct ls_check_day day;
    int32_t date;
    size_t n_listed;    /* customers with a known reading or a move */
    uint32_t *listed;   /* of the dataset, ascending */
    bool *known;        /* [n_listed] has a known reading */
    int *quota_left;    /* [n_listed] */
    double *day_kwh;    /* [n_listed] */
    double *sorted_kwh; /* [n_known] */
    size_t n_known;
    const struct ls_verify_move *moves; /* [n_moves] of the day */
    size_t n_moves;
    struct ls_move *plan; /* [n_moves] without duplicates */
};

/* Notes a violation of the day under way, of the customer of that id or, when NULL, of the city. */
void ls_verify_note_day(struct ls_verify_days *days, const struct ls_verify_violation *violation,
                        const char *id);

/*
 * Judges the customers of the day under way by their rows of metrics [n_rows], and adds them to the totals.
 * `usage_kwh` [n_slots] is scratch. LS_ERR_MEMORY.
 */
int ls_verify_check_homes(struct ls_verify_days *days, double *usage_kwh,
                          const struct ls_verify_metrics *rows, size_t n_rows, struct ls_error *error);

#endif
