#include "data/quality_rows.h"

#include "data/grow.h"

#include <stdlib.h>

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a survey of the data");
}

/* Homes of a city that make whole pieces of the store; all of them where a part costs as much. */
static size_t homes_at_once(const struct ls_survey_rows *rows, size_t city)
{
    size_t n = rows->head->cities[city].n_customers, slots = ls_store_axis(rows->store, city)->n_slots;
    size_t pieces = rows->most_readings / (LS_STORE_PIECE * (slots + 1));
    size_t homes = (pieces > 0 ? pieces : 1) * LS_STORE_PIECE;
    return ls_store_compressed(rows->store) || homes > n ? n : homes;
}

int ls_survey_rows_open(struct ls_survey_rows *rows, const struct ls_dataset *head, const ls_store *store,
                        size_t most_readings, struct ls_error *error)
{
    size_t most = 0;
    rows->head = head;
    rows->store = store;
    rows->most_readings = most_readings;
    rows->window = *head;
    if (store == NULL)
        return 0;
    for (size_t c = 0; c < head->n_cities; c++) {
        size_t homes = homes_at_once(rows, c), readings = homes * ls_store_axis(store, c)->n_slots;
        rows->most_homes = homes > rows->most_homes ? homes : rows->most_homes;
        most = readings > most ? readings : most;
    }
    rows->customers = ls_new(rows->most_homes, sizeof *rows->customers);
    rows->minute = ls_new(most, sizeof *rows->minute);
    rows->usage = ls_new(most, sizeof *rows->usage);
    rows->block = ls_new(most, sizeof *rows->block);
    rows->window.customers = rows->customers;
    rows->window.minute = rows->minute;
    rows->window.usage = rows->usage;
    bool failed =
        rows->customers == NULL || rows->minute == NULL || rows->usage == NULL || rows->block == NULL;
    return failed ? out_of_memory(error) : 0;
}

void ls_survey_rows_close(struct ls_survey_rows *rows)
{
    free(rows->customers);
    free(rows->minute);
    free(rows->usage);
    free(rows->block);
    *rows = (struct ls_survey_rows){0};
}

void ls_survey_rows_span(const struct ls_survey_rows *rows, size_t city, int32_t *first, int32_t *last)
{
    const struct ls_dataset *head = rows->head;
    const struct ls_city *where = &head->cities[city];
    *first = INT32_MAX;
    *last = INT32_MIN;
    if (rows->store != NULL) {
        const struct ls_store_axis *axis = ls_store_axis(rows->store, city);
        for (size_t t = 0; t < axis->n_slots; t++) {
            int32_t minute = axis->first_minute + (int32_t)t * head->slot_minutes;
            if (axis->n_rows[t] == 0)
                continue;
            *first = minute < *first ? minute : *first;
            *last = minute;
        }
        return;
    }
    for (size_t i = where->first_customer; i < where->first_customer + where->n_customers; i++) {
        const struct ls_customer *who = &head->customers[i];
        int32_t from = head->minute[who->first], to = head->minute[who->first + who->n_readings - 1];
        *first = from < *first ? from : *first;
        *last = to > *last ? to : *last;
    }
}

size_t ls_survey_rows_longest(const struct ls_survey_rows *rows)
{
    size_t longest = 0;
    for (size_t c = 0; rows->store != NULL && c < rows->head->n_cities; c++) {
        size_t slots = ls_store_axis(rows->store, c)->n_slots;
        longest = slots > longest ? slots : longest;
    }
    for (size_t i = 0; rows->store == NULL && i < rows->head->n_customers; i++)
        longest =
            rows->head->customers[i].n_readings > longest ? rows->head->customers[i].n_readings : longest;
    return longest;
}

/* Lists the rows of the block's homes one after the other. */
static void list_rows(struct ls_survey_rows *rows, const struct ls_store_axis *axis, size_t n)
{
    size_t next = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t *usage = rows->block + i * axis->n_slots;
        rows->customers[i].first = next;
        for (size_t t = 0; t < axis->n_slots; t++) {
            if (usage[t] == LS_NO_ROW)
                continue;
            rows->minute[next] = axis->first_minute + (int32_t)t * rows->head->slot_minutes;
            rows->usage[next++] = usage[t] == LS_UNKNOWN ? LS_MISSING : usage[t];
        }
        rows->customers[i].n_readings = next - rows->customers[i].first;
    }
    rows->window.n_customers = n;
    rows->window.n_readings = next;
}

int ls_survey_rows_take(struct ls_survey_rows *rows, size_t city, size_t first, size_t *n,
                        struct ls_error *error)
{
    const struct ls_city *where = &rows->head->cities[city];
    const struct ls_customer *customers = &rows->head->customers[where->first_customer + first];
    *n = where->n_customers - first;
    if (rows->store == NULL) {
        rows->window.customers = customers;
        return 0;
    }
    const struct ls_store_axis *axis = ls_store_axis(rows->store, city);
    size_t most = homes_at_once(rows, city);
    *n = *n < most ? *n : most;
    int status = ls_store_read(rows->store, city, first, *n, axis->first_minute, (int)axis->n_slots,
                               rows->block, error);
    for (size_t i = 0; status == 0 && i < *n; i++)
        rows->customers[i] = customers[i];
    if (status == 0)
        list_rows(rows, axis, *n);
    return status;
}
