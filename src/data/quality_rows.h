/*
 * Readings for a survey: those of a dataset in memory, or of a store some homes at a time.
 *
 * Start zeroed; ls_survey_rows_close() ends it, also after a failure.
 */
#ifndef LS_DATA_QUALITY_ROWS_H
#define LS_DATA_QUALITY_ROWS_H

#include <loadscope/store.h>

struct ls_survey_rows {
    const struct ls_dataset *head;
    const ls_store *store; /* NULL: the head has all readings */
    size_t most_readings;  /* that are wanted at once */
    size_t most_homes;     /* of a city that are taken at once */
    /* Homes at hand: customers[0] is the first of them, of whom alone there are readings. */
    struct ls_dataset window;
    struct ls_customer *customers; /* [most_homes] the rest is of a store only */
    int32_t *minute, *usage;       /* [most_homes * slots] of what has a row */
    int32_t *block;                /* [most_homes * slots] as the store has them */
};

/* Of a store so many readings are taken at once, but those of LS_STORE_PIECE homes at least, and of a city
 * where the store is compressed. LS_ERR_MEMORY. */
int ls_survey_rows_open(struct ls_survey_rows *rows, const struct ls_dataset *head, const ls_store *store,
                        size_t most_readings, struct ls_error *error);
void ls_survey_rows_close(struct ls_survey_rows *rows);

/* First and last minute with a row of a city. */
void ls_survey_rows_span(const struct ls_survey_rows *rows, size_t city, int32_t *first, int32_t *last);

/* Rows that a home has at most. */
size_t ls_survey_rows_longest(const struct ls_survey_rows *rows);

/* Takes homes of a city from its home `first` on into the window; *n: how many. What ls_store_read() gives.
 */
int ls_survey_rows_take(struct ls_survey_rows *rows, size_t city, size_t first, size_t *n,
                        struct ls_error *error);

#endif
