#include "cli/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool show_reading(void *user, uint64_t bytes, uint64_t bytes_in_all)
{
    (void)user;
    if (bytes_in_all > 0)
        fprintf(stderr, "\rreading %3.0f %%", 100.0 * (double)bytes / (double)bytes_in_all);
    else
        fprintf(stderr, "\rreading %.0f MB", (double)bytes / 1e6);
    return false;
}

void ls_session_clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%*s\r", 70, "");
}

int ls_session_open(const struct ls_data_options *options, bool pseudonyms, struct ls_session *session,
                    struct ls_error *error)
{
    ls_policy_init(&session->policy);
    int status = ls_data_options_policy(options, NULL, &session->policy, error);
    if (status != 0)
        return status;
    bool watched = isatty(STDERR_FILENO);
    status =
        ls_data_open(options, &session->policy, watched ? show_reading : NULL, NULL, &session->data, error);
    ls_session_clear_progress();
    if (status == 0 && pseudonyms)
        status = ls_archive_use_pseudonyms(session->data.archive, error);
    if (status == 0)
        session->data.head = ls_archive_head(session->data.archive);
    if (status == 0)
        status = ls_dataset_zone(session->data.head, session->policy.timezone, &session->zone, error);
    if (status == 0)
        status = ls_bench_open_archive(session->data.archive, &session->bench, error);
    return status;
}

void ls_session_close(struct ls_session *session)
{
    ls_bench_close(session->bench);
    ls_zone_close(session->zone);
    ls_data_close(&session->data);
    ls_policy_clear(&session->policy);
}

int ls_session_city(const struct ls_session *session, const char *wanted, const char **out,
                    struct ls_error *error)
{
    const struct ls_dataset *dataset = session->data.head;
    if (wanted == NULL || ls_dataset_city(dataset, wanted) != NULL) {
        *out = wanted != NULL ? wanted : dataset->cities[0].name;
        return 0;
    }
    char known[200] = "";
    for (size_t i = 0, used = 0; i < dataset->n_cities && used + 70 < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "",
                                 dataset->cities[i].name);
    ls_error_set(error, LS_ERR_NAME, "the data have no city '%s'", wanted);
    ls_error_remedy(error, "give --city one of: %s", known);
    return LS_ERR_NAME;
}

int ls_session_dates(const struct ls_session *session, const char *city, const char *wanted, int32_t **dates,
                     size_t *n_dates, struct ls_error *error)
{
    int32_t *found = NULL, date;
    size_t n = 0;
    if (wanted != NULL && !ls_date_parse(wanted, &date)) {
        ls_error_set(error, LS_ERR_USAGE, "--day wants a date, not '%s'", wanted);
        ls_error_remedy(error, "write it as 2013-02-04");
        return LS_ERR_USAGE;
    }
    int status = ls_archive_dates(session->data.archive, session->zone, city, &found, &n, error);
    if (status != 0)
        return status;
    size_t at = 0;
    while (wanted != NULL && at < n && found[at] != date)
        at++;
    if (at == n) {
        char first[LS_DATE_SIZE], last[LS_DATE_SIZE];
        ls_error_set(error, LS_ERR_NAME, "%s has no readings on %s", city, wanted);
        ls_error_remedy(error, "its days run from %s to %s", ls_date_format(found[0], first),
                        ls_date_format(found[n - 1], last));
        free(found);
        return LS_ERR_NAME;
    }
    if (wanted != NULL) {
        found[0] = date;
        n = 1;
    }
    *dates = found;
    *n_dates = n;
    return 0;
}
