#include "tui/surveyor.h"

#include "tui/terminal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct ls_surveyor {
    const struct ls_dataset *dataset;
    const ls_store *store; /* NULL: the dataset has the readings */
    ls_zone *zone;
    char *timezone;
    pthread_t thread;
    atomic_bool done; /* raised after `survey` was written */
    struct ls_survey *survey;
    void (*wake)(void *user);
    void *user;
};

bool ls_surveyor_suits(const struct ls_dataset *dataset, const ls_store *store)
{
    size_t readings = dataset->n_readings;
    for (size_t c = 0; store != NULL && c < dataset->n_cities; c++)
        readings += dataset->cities[c].n_customers * ls_store_axis(store, c)->n_slots;
    return readings > 0 && readings <= LS_SURVEYOR_READINGS;
}

static void *work(void *argument)
{
    ls_surveyor *surveyor = argument;
    ls_terminal_thread_setup();
    if (surveyor->store != NULL)
        (void)ls_survey_of_store(surveyor->store, surveyor->zone, NULL, NULL, &surveyor->survey, NULL);
    else
        (void)ls_survey_create(surveyor->dataset, surveyor->zone, &surveyor->survey, NULL);
    atomic_store(&surveyor->done, true);
    surveyor->wake(surveyor->user);
    return NULL;
}

int ls_surveyor_start(const struct ls_dataset *dataset, const ls_store *store, const char *timezone,
                      void (*wake)(void *user), void *user, ls_surveyor **out, struct ls_error *error)
{
    ls_surveyor *surveyor = calloc(1, sizeof *surveyor);
    if (surveyor == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a survey of the data");
    surveyor->dataset = dataset;
    surveyor->store = store;
    surveyor->wake = wake;
    surveyor->user = user;
    surveyor->timezone = strdup(timezone);
    int status = surveyor->timezone != NULL
                     ? ls_dataset_zone(dataset, timezone, &surveyor->zone, error)
                     : ls_error_set(error, LS_ERR_MEMORY, "out of memory for a survey of the data");
    if (status == 0 && pthread_create(&surveyor->thread, NULL, work, surveyor) != 0)
        status = ls_error_set(error, LS_ERR_MEMORY, "cannot start the survey's thread");
    if (status != 0) {
        ls_zone_close(surveyor->zone);
        free(surveyor->timezone);
        free(surveyor);
        return status;
    }
    *out = surveyor;
    return 0;
}

void ls_surveyor_stop(ls_surveyor *surveyor)
{
    if (surveyor == NULL)
        return;
    pthread_join(surveyor->thread, NULL);
    ls_survey_destroy(surveyor->survey);
    ls_zone_close(surveyor->zone);
    free(surveyor->timezone);
    free(surveyor);
}

bool ls_surveyor_is_of(const ls_surveyor *surveyor, const char *timezone)
{
    return strcmp(surveyor->timezone, timezone) == 0;
}

bool ls_surveyor_busy(const ls_surveyor *surveyor)
{
    return surveyor != NULL && !atomic_load(&surveyor->done);
}

const struct ls_survey *ls_surveyor_survey(const ls_surveyor *surveyor)
{
    return surveyor != NULL && atomic_load(&surveyor->done) ? surveyor->survey : NULL;
}
