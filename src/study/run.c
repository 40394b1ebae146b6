/*
 * A pool of threads over city-weeks. Each thread has a bench of its own and takes the next unit from a
 * counter, or from the caller; what they share is that counter, the first error, and the progress, the last
 * two under a lock.
 */
#include <loadscope/run.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct pool {
    ls_archive *archive;
    const struct ls_policy *policy;
    const struct ls_unit *units;
    size_t n_units;
    const struct ls_run_options *options;
    atomic_size_t next;
    atomic_bool stop; /* the caller cancelled, or a thread failed */
    pthread_mutex_t lock;
    int status;            /* the first failure */
    struct ls_error error; /* its error */
    struct ls_run_progress progress;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a run");
}

/* Appends a city's weeks to the list. */
static int add_city(const struct ls_city *city, const int32_t *dates, size_t n_dates, struct ls_unit **units,
                    size_t *n_units, struct ls_error *error)
{
    struct ls_unit *more = realloc(*units, (*n_units + n_dates + 1) * sizeof *more);
    if (more == NULL)
        return out_of_memory(error);
    *units = more;
    struct ls_unit *unit = NULL;
    for (size_t d = 0; d < n_dates; d++) {
        int32_t monday = ls_date_week_start(dates[d]);
        if (unit == NULL || unit->monday != monday) {
            unit = &more[(*n_units)++];
            *unit = (struct ls_unit){.city = city->name,
                                     .monday = monday,
                                     .first_customer = city->first_customer,
                                     .homes = city->n_customers};
        }
        unit->date[unit->n_days++] = dates[d];
    }
    return 0;
}

int ls_run_units(ls_archive *archive, const ls_zone *zone, struct ls_unit **units, size_t *n_units,
                 struct ls_error *error)
{
    struct ls_unit *found = NULL;
    size_t n = 0;
    int status = 0;
    const struct ls_dataset *head = ls_archive_head(archive);
    for (size_t c = 0; status == 0 && c < head->n_cities; c++) {
        const struct ls_city *city = &head->cities[c];
        int32_t *dates = NULL;
        size_t n_dates = 0;
        status = ls_archive_dates(archive, zone, city->name, &dates, &n_dates, error);
        if (status == 0)
            status = add_city(city, dates, n_dates, &found, &n, error);
        free(dates);
    }
    if (status != 0) {
        free(found);
        return status;
    }
    *units = found;
    *n_units = n;
    return 0;
}

static bool stopped(struct pool *pool)
{
    const atomic_bool *cancel = pool->options->cancel;
    return atomic_load(&pool->stop) || (cancel != NULL && atomic_load(cancel));
}

static void fail(struct pool *pool, int status, const struct ls_error *error)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->status == 0) {
        pool->status = status;
        pool->error = *error;
    }
    pthread_mutex_unlock(&pool->lock);
    atomic_store(&pool->stop, true);
}

static void advance(struct pool *pool, size_t homes, size_t home_days, bool unit_done)
{
    pthread_mutex_lock(&pool->lock);
    pool->progress.work_done += homes;
    pool->progress.home_days += home_days;
    pool->progress.units_done += unit_done;
    if (pool->options->progress != NULL)
        pool->options->progress(pool->options->user, &pool->progress);
    pthread_mutex_unlock(&pool->lock);
}

static int solve_day(struct pool *pool, ls_bench *bench, const struct ls_policy *policy, size_t index, int d,
                     struct ls_error *error)
{
    const struct ls_unit *unit = &pool->units[index];
    struct ls_solve_options solve = {.cancel = pool->options->cancel,
                                     .customer_seconds = pool->options->customer_seconds};
    struct ls_answer *answer = NULL;
    if (stopped(pool))
        return ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    int status = ls_bench_solve(bench, policy, unit->city, unit->date[d], &solve, &answer, error);
    if (status != 0)
        return status;
    if (answer->plan->outcome == LS_OUTCOME_CANCELLED)
        status = ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    else
        status = pool->options->day(pool->options->user, index, d, answer, error);
    if (status == 0)
        advance(pool, unit->homes, answer->day->n_customers, false);
    ls_answer_destroy(answer);
    return status;
}

static int solve_unit(struct pool *pool, ls_bench *bench, const struct ls_policy *policy, size_t index,
                      struct ls_error *error)
{
    int status = 0;
    for (int d = 0; status == 0 && d < pool->units[index].n_days; d++)
        status = solve_day(pool, bench, policy, index, d, error);
    if (status == 0)
        status = pool->options->finish(pool->options->user, index, error);
    if (status == 0)
        advance(pool, 0, 0, true);
    return status;
}

static bool next_unit(struct pool *pool, size_t *index)
{
    const struct ls_run_options *options = pool->options;
    if (options->next != NULL)
        return options->next(options->next_user, index);
    do
        *index = atomic_fetch_add(&pool->next, 1);
    while (*index < pool->n_units && options->skip != NULL && options->skip[*index]);
    return *index < pool->n_units;
}

static void *work(void *user)
{
    struct pool *pool = user;
    struct ls_policy policy = {0};
    struct ls_error error = {0};
    ls_bench *bench = NULL;
    int status = ls_policy_copy(&policy, pool->policy, &error);
    policy.week_context = LS_WEEK_IN_WEEK;
    if (status == 0)
        status = ls_bench_open_archive(pool->archive, &bench, &error);
    if (status == 0)
        ls_bench_keep(bench, 0); /* what a week used of its quota is remembered without its days */
    for (size_t index; status == 0 && next_unit(pool, &index);)
        status = solve_unit(pool, bench, &policy, index, &error);
    if (status != 0)
        fail(pool, status, &error);
    ls_bench_close(bench);
    ls_policy_clear(&policy);
    return NULL;
}

/* Starts the threads but one, which is the caller's own, and waits for all of them. */
static int work_together(struct pool *pool, int threads, struct ls_error *error)
{
    pthread_t *thread = calloc((size_t)threads, sizeof *thread);
    int started = 0;
    if (thread == NULL)
        return out_of_memory(error);
    while (started < threads - 1 && pthread_create(&thread[started], NULL, work, pool) == 0)
        started++; /* fewer threads than wanted do the same work */
    work(pool);
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    free(thread);
    return 0;
}

int ls_run(ls_archive *archive, const struct ls_policy *policy, const struct ls_unit *units, size_t n_units,
           const struct ls_run_options *options, struct ls_error *error)
{
    struct pool pool = {.archive = archive,
                        .policy = policy,
                        .units = units,
                        .n_units = n_units,
                        .options = options,
                        .progress = {.n_units = n_units}};
    size_t to_do = 0;
    for (size_t u = 0; u < n_units; u++)
        if (options->skip != NULL && options->skip[u]) {
            pool.progress.units_done++;
        } else {
            to_do++;
            pool.progress.work += units[u].homes * (uint64_t)units[u].n_days;
        }
    if (to_do == 0)
        return 0;
    if (pthread_mutex_init(&pool.lock, NULL) != 0)
        return out_of_memory(error);
    atomic_init(&pool.next, 0);
    atomic_init(&pool.stop, false);
    advance(&pool, 0, 0, false);
    int threads = options->threads > 1 ? options->threads : 1;
    int status = work_together(&pool, (size_t)threads < to_do ? threads : (int)to_do, error);
    pthread_mutex_destroy(&pool.lock);
    if (status == 0 && pool.status != 0) {
        if (error != NULL)
            *error = pool.error;
        status = pool.status;
    }
    return status;
}
