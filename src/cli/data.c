#include "cli/data.h"

#include <string.h>

/* A store goes alone. */
static int admit_store(const struct ls_data_options *options, const char *path, struct ls_error *error)
{
    if (options->n_paths > 1) {
        ls_error_set(error, LS_ERR_USAGE, "a store goes alone");
        ls_error_at(error, path, 0, 0, NULL);
        return ls_error_remedy(error, "import all files into one store with loadscope import");
    }
    if (options->factors != NULL) {
        ls_error_set(error, LS_ERR_USAGE, "a store has its own factors");
        ls_error_at(error, path, 0, 0, NULL);
        return ls_error_remedy(error, "give --factors to loadscope import");
    }
    return 0;
}

static const char *store_among(const struct ls_data_options *options)
{
    for (size_t i = 0; i < options->n_paths; i++)
        if (strcmp(options->paths[i], "-") != 0 && ls_store_is(options->paths[i]))
            return options->paths[i];
    return NULL;
}

int ls_data_read(const struct ls_data_options *options, const struct ls_policy *policy,
                 bool (*progress)(void *user, uint64_t bytes, uint64_t bytes_in_all), void *user,
                 struct ls_data *out, struct ls_error *error)
{
    const char *path = store_among(options);
    int status;
    if (path != NULL) {
        status = admit_store(options, path, error);
        if (status == 0)
            status = ls_store_open(path, &out->store, error);
        if (status == 0)
            out->head = ls_store_head(out->store);
        return status;
    }
    const struct ls_load_options load = {.slot_minutes = policy->slot_minutes,
                                         .timezone = policy->timezone,
                                         .factors_path = options->factors,
                                         .progress = progress,
                                         .user = user};
    status = ls_dataset_load(options->paths, options->n_paths, &load, &out->dataset, error);
    out->head = out->dataset;
    return status;
}

int ls_data_open(const struct ls_data_options *options, const struct ls_policy *policy,
                 bool (*progress)(void *user, uint64_t bytes, uint64_t bytes_in_all), void *user,
                 struct ls_data *out, struct ls_error *error)
{
    int status = ls_data_read(options, policy, progress, user, out, error);
    if (status == 0)
        status = out->store != NULL ? ls_archive_of_store(out->store, &out->archive, error)
                                    : ls_archive_of_dataset(out->dataset, &out->archive, error);
    return status;
}

int ls_data_open_whole(const struct ls_data_options *options, const struct ls_policy *policy,
                       struct ls_data *out, struct ls_error *error)
{
    int status = ls_data_read(options, policy, NULL, NULL, out, error);
    if (status == 0 && out->store != NULL)
        status = ls_store_load(out->store, &out->dataset, error);
    return status;
}

void ls_data_close(struct ls_data *data)
{
    ls_archive_close(data->archive);
    ls_dataset_destroy(data->dataset);
    ls_store_close(data->store);
    *data = (struct ls_data){0};
}

const char *ls_data_checksum(const struct ls_data *data)
{
    return data->store != NULL ? ls_store_checksum(data->store) : NULL;
}
