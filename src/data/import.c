/*
 * An import: plan parts, read them by threads, merge, write.
 *
 * Whatever may be wrong with the data ends that, and the files are read again as ls_dataset_load() reads
 * them: so an error is the same, and the first of several too. Should nothing be wrong, that becomes the
 * store.
 */
#include "data/gather.h"

#include "base/files.h"
#include "data/grow.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTS_A_THREAD 8
#define PART_BYTES_MIN (UINT64_C(1) << 20)
#define PART_BYTES_MAX (UINT64_C(1) << 26)
#define GZIP_MAGIC     "\x1f\x8b"
#define HEADER_SEEN    3 /* ends the reading of a header */
#define PATH_SIZE      32

/* Lines of a plain file, or one file as a whole. */
struct part {
    size_t file;
    bool whole;
    uint64_t from, to;
};

/* A source as it is read: what is no regular file is read from a copy. */
struct source {
    char copy[PATH_SIZE]; /* path of the copy's descriptor, "" when there is none */
    int fd;               /* of the copy, or -1 */
    struct ls_columns columns;
    uint64_t size;
    bool whole; /* compressed or quoted: no part of it stands for itself */
    atomic_bool has_rows;
};

struct import {
    const struct ls_import_options *options;
    size_t n_files;
    bool factors_last;
    struct ls_source *files; /* [n_files] */
    struct source *sources;  /* [n_files] */
    size_t n_parts, parts_capacity;
    struct part *parts; /* [n_parts] in the order of files and lines */
    atomic_size_t next_part;
    atomic_bool stop, quoted;
    pthread_mutex_t lock;         /* on the caller's progress */
    uint64_t bytes, bytes_in_all; /* read so far; under the lock */
};

struct hand {
    struct import *import;
    struct ls_gathered gathered;
    struct ls_load_options options; /* those of the import, with a progress of its own */
    uint64_t bytes_told;            /* of the part at hand */
    int code;
    struct ls_error error;
    pthread_t thread;
    bool started;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory importing files");
}

static const char *path_of(const struct import *import, size_t file)
{
    return import->files[file].path;
}

/* ---- sources ---- */

static int cannot_copy(const char *path, struct ls_error *error)
{
    int code = ls_error_set(error, LS_ERR_IO, "cannot copy it beside the store: %s", strerror(errno));
    ls_error_remedy(error, "make room there, or give a file instead");
    ls_error_at(error, ls_stream_name(path), 0, 0, NULL);
    return code;
}

static int copy_bytes(struct import *import, const char *path, int from, int to, struct ls_error *error)
{
    char *block = malloc(LS_STREAM_CHUNK);
    uint64_t copied = 0;
    int code = block == NULL ? out_of_memory(error) : 0;
    while (code == 0) {
        ssize_t got = read(from, block, LS_STREAM_CHUNK);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || ls_file_write(to, block, (size_t)got) != 0)
            code = cannot_copy(path, error);
        copied += got > 0 ? (uint64_t)got : 0;
        if (code == 0 && import->options->progress != NULL &&
            import->options->progress(import->options->user, LS_IMPORT_READING, copied, 0))
            code = ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    }
    free(block);
    return code;
}

/* Copies what comes from a pipe to a file without a name. */
static int copy_source(struct import *import, size_t file, const char *output, struct ls_error *error)
{
    struct source *source = &import->sources[file];
    const char *path = path_of(import, file);
    char *name = ls_new(strlen(output) + sizeof ".XXXXXX", 1);
    if (name == NULL)
        return out_of_memory(error);
    snprintf(name, strlen(output) + sizeof ".XXXXXX", "%s.XXXXXX", output);
    int from = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    source->fd = from >= 0 ? mkstemp(name) : -1;
    int code = source->fd < 0 ? cannot_copy(path, error) : 0;
    if (source->fd >= 0)
        (void)unlink(name);
    if (code == 0)
        code = copy_bytes(import, path, from, source->fd, error);
    if (from > STDIN_FILENO)
        (void)close(from);
    free(name);
    snprintf(source->copy, sizeof source->copy, "/dev/fd/%d", source->fd);
    if (code == 0)
        import->files[file].path = source->copy;
    return code;
}

/* Fills size; reads what is no file into one. */
static int settle_source(struct import *import, size_t file, const char *output, struct ls_error *error)
{
    struct stat status;
    const char *path = path_of(import, file);
    bool piped = strcmp(path, "-") == 0 ||
                 (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
    int code = piped ? copy_source(import, file, output, error) : 0;
    return code != 0 ? code : ls_stream_measure(path_of(import, file), &import->sources[file].size, error);
}

/* ---- parts ---- */

static int take_header(void *user, const struct ls_csv_row *row, uint64_t consumed, struct ls_error *error)
{
    struct ls_load *load = user;
    struct ls_load_file *file = &load->files[load->file];
    (void)consumed;
    int code = ls_columns_find(file->kind, file->name, row, &file->columns, error);
    return code != 0 ? code : HEADER_SEEN;
}

/* The offset behind the first line that is not blank, 0 when there is none. */
static size_t header_end(const char *text, size_t length)
{
    const char *mark = "\xef\xbb\xbf";
    size_t at = length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
    while (at < length && strchr(" \t\r\n", text[at]) != NULL)
        at++;
    while (at < length && text[at] != '\r' && text[at] != '\n')
        at++;
    return at < length ? at + 1 : 0;
}

/* Finds the columns of a plain file, and where its header ends; such files as have none are read whole. */
static int read_header(struct import *import, struct ls_load *probe, size_t file, uint64_t *end,
                       struct ls_error *error)
{
    assert(probe != NULL); /* all files are whole where it is not given */
    struct source *source = &import->sources[file];
    ls_stream *input = NULL;
    size_t length = 0;
    char *chunk = malloc(LS_STREAM_CHUNK);
    int code = chunk == NULL ? out_of_memory(error) : 0;
    if (code == 0)
        code = ls_stream_open_range(path_of(import, file), probe->files[file].name, 0, source->size, &input,
                                    error);
    if (code == 0)
        code = ls_stream_read(input, chunk, &length, error);
    ls_stream_close(input);
    if (code != 0)
        goto done;
    *end = header_end(chunk, length);
    if ((length >= 2 && memcmp(chunk, GZIP_MAGIC, 2) == 0) || memchr(chunk, '"', length) != NULL ||
        *end == 0) {
        source->whole = true;
        goto done;
    }
    code = ls_stream_open_memory(probe->files[file].name, chunk, (size_t)*end, &input, error);
    if (code != 0)
        goto done;
    probe->file = file;
    code = ls_csv_read(input, probe->files[file].name, take_header, probe, error);
    ls_stream_close(input);
    source->columns = probe->files[file].columns;
    code = code == HEADER_SEEN ? 0 : code == LS_ERR_MEMORY ? code : LS_LOAD_ASTRAY;
done:
    free(chunk);
    return code;
}

/* The offset behind the first line end at or after `at`, at most `size`. */
static int next_line(const struct import *import, size_t file, uint64_t at, uint64_t *line,
                     struct ls_error *error)
{
    uint64_t size = import->sources[file].size;
    ls_stream *input = NULL;
    size_t length = 0;
    char *chunk = malloc(LS_STREAM_CHUNK);
    const char *end = NULL;
    int code = chunk == NULL ? out_of_memory(error) : 0;
    if (code == 0)
        code = ls_stream_open_range(path_of(import, file), path_of(import, file), at, size, &input, error);
    while (code == 0 && end == NULL) {
        code = ls_stream_read(input, chunk, &length, error);
        if (code != 0 || length == 0)
            break;
        end = memchr(chunk, '\n', length);
        at += end != NULL ? (uint64_t)(end - chunk) + 1 : length;
    }
    *line = at < size ? at : size;
    ls_stream_close(input);
    free(chunk);
    return code;
}

static int add_part(struct import *import, struct part part, struct ls_error *error)
{
    struct part *parts = ls_grow(import->parts, &import->parts_capacity, import->n_parts + 1, sizeof *parts);
    if (parts == NULL)
        return out_of_memory(error);
    import->parts = parts;
    parts[import->n_parts++] = part;
    return 0;
}

/* Cuts a plain file at line ends; the first part has the header. */
static int cut_file(struct import *import, size_t file, uint64_t header, struct ls_error *error)
{
    const struct ls_import_options *options = import->options;
    uint64_t size = import->sources[file].size, from = 0;
    uint64_t bytes = size / ((uint64_t)options->threads * PARTS_A_THREAD);
    bytes = bytes < PART_BYTES_MIN ? PART_BYTES_MIN : bytes > PART_BYTES_MAX ? PART_BYTES_MAX : bytes;
    bytes = options->part_bytes > 0 ? options->part_bytes : bytes;
    for (int code = 0; from < size;) {
        uint64_t to = from + bytes > header ? from + bytes : header;
        if (to >= size)
            to = size;
        else if ((code = next_line(import, file, to - 1, &to, error)) != 0)
            return code;
        if ((code = add_part(import, (struct part){.file = file, .from = from, .to = to}, error)) != 0)
            return code;
        from = to;
    }
    return 0;
}

static int plan_parts(struct import *import, struct ls_load *probe, struct ls_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < import->n_files; i++) {
        struct source *source = &import->sources[i];
        uint64_t header = 0;
        if (!source->whole)
            code = read_header(import, probe, i, &header, error);
        if (code == 0 && source->whole)
            code = add_part(import, (struct part){.file = i, .whole = true}, error);
        else if (code == 0)
            code = cut_file(import, i, header, error);
    }
    return code;
}

/* Makes each file one part. */
static int plan_files(struct import *import, struct ls_error *error)
{
    int code = 0;
    import->n_parts = 0;
    for (size_t i = 0; code == 0 && i < import->n_files; i++) {
        import->sources[i].whole = true;
        code = add_part(import, (struct part){.file = i, .whole = true}, error);
    }
    return code;
}

/* ---- threads ---- */

static bool show_reading(void *user, uint64_t bytes, uint64_t bytes_in_all)
{
    struct hand *hand = user;
    struct import *import = hand->import;
    const struct ls_import_options *options = import->options;
    (void)bytes_in_all; /* of the part */
    pthread_mutex_lock(&import->lock);
    import->bytes += bytes - hand->bytes_told;
    hand->bytes_told = bytes;
    bool cancelled = options->progress != NULL &&
                     options->progress(options->user, LS_IMPORT_READING, import->bytes, import->bytes_in_all);
    pthread_mutex_unlock(&import->lock);
    return cancelled || atomic_load(&import->stop);
}

static int read_part(struct hand *hand, const struct part *part)
{
    struct import *import = hand->import;
    struct source *source = &import->sources[part->file];
    struct ls_load *load = &hand->gathered.load;
    ls_stream *input = NULL;
    const char *path = path_of(import, part->file);
    load->file = part->file;
    load->line_base = part->from;
    load->rows_in_file = 0;
    struct ls_load_file *file = &load->files[part->file];
    file->columns = source->columns;
    if (part->from == 0)
        file->columns.n_fields = 0; /* the header is still to come */
    hand->bytes_told = 0;
    int code = part->whole
                   ? ls_stream_open(path, &input, &hand->error)
                   : ls_stream_open_range(path, file->name, part->from, part->to, &input, &hand->error);
    if (code != 0)
        return code;
    code = (part->whole ? ls_csv_read : ls_csv_read_lines)(input, file->name, ls_load_take_row, load,
                                                           &hand->error);
    if (load->rows_in_file > 0)
        atomic_store(&source->has_rows, true);
    if (code == 0 && show_reading(hand, ls_stream_size(input), 0))
        code = ls_error_set(&hand->error, LS_ERR_CANCELLED, "cancelled");
    ls_stream_close(input);
    return code;
}

static void *read_parts(void *user)
{
    struct hand *hand = user;
    struct import *import = hand->import;
    while (hand->code == 0 && !atomic_load(&import->stop)) {
        size_t next = atomic_fetch_add(&import->next_part, 1);
        if (next >= import->n_parts)
            break;
        hand->code = read_part(hand, &import->parts[next]);
        if (hand->code == LS_CSV_QUOTED)
            atomic_store(&import->quoted, true);
        if (hand->code != 0)
            atomic_store(&import->stop, true);
    }
    return NULL;
}

static int begin_hand(struct import *import, struct hand *hand, struct ls_error *error)
{
    hand->import = import;
    hand->options = import->options->load;
    hand->options.progress = show_reading;
    hand->options.user = hand;
    hand->gathered.cells.slot_minutes = hand->options.slot_minutes;
    int code = ls_load_begin(&hand->gathered.load, import->files, import->n_files, import->factors_last,
                             &hand->options, error);
    hand->gathered.load.cells = &hand->gathered.cells;
    return code;
}

/* What the hands' ends come to: an error that reading again would not tell, or LS_LOAD_ASTRAY. */
static int settle(const struct hand *hands, size_t n, struct ls_error *error)
{
    int code = 0;
    for (size_t i = 0; i < n; i++) {
        if (hands[i].code == LS_ERR_MEMORY) {
            if (error != NULL)
                *error = hands[i].error;
            return LS_ERR_MEMORY;
        }
        if (hands[i].code != 0 && hands[i].code != LS_ERR_CANCELLED)
            code = LS_LOAD_ASTRAY;
    }
    for (size_t i = 0; code == 0 && i < n; i++)
        if (hands[i].code == LS_ERR_CANCELLED)
            code = ls_error_set(error, LS_ERR_CANCELLED, "cancelled");
    return code;
}

static int run_hands(struct import *import, struct hand *hands, size_t n, struct ls_error *error)
{
    int code = 0;
    assert(n > 0);
    atomic_store(&import->next_part, 0);
    atomic_store(&import->stop, false);
    import->bytes = 0;
    for (size_t i = 0; code == 0 && i < n; i++)
        code = begin_hand(import, &hands[i], error);
    if (code != 0)
        return code;
    for (size_t i = 1; i < n; i++)
        hands[i].started = pthread_create(&hands[i].thread, NULL, read_parts, &hands[i]) == 0;
    (void)read_parts(&hands[0]);
    for (size_t i = 1; i < n; i++)
        if (hands[i].started)
            pthread_join(hands[i].thread, NULL);
    return settle(hands, n, error);
}

/* ---- the whole ---- */

static int write_store(struct import *import, struct hand *hands, size_t n, const char *path,
                       struct ls_error *error)
{
    struct ls_load all;
    struct ls_build b = {.load = &all};
    struct ls_gathered *gathered = ls_new(n, sizeof *gathered);
    int32_t minute;
    int code = ls_load_begin(&all, import->files, import->n_files, import->factors_last,
                             &import->options->load, error);
    if (code == 0 && gathered == NULL)
        code = out_of_memory(error);
    for (size_t i = 0; code == 0 && i < n; i++) {
        struct ls_cells *cells = &hands[i].gathered.cells;
        code = ls_gathered_merge(&all, &hands[i].gathered, error);
        b.largest = cells->largest > b.largest ? cells->largest : b.largest;
        b.quality.duplicates += cells->duplicates;
    }
    if (code == 0)
        code = ls_build_begin(&b, error);
    if (code == LS_ERR_FORMAT || code == LS_ERR_VALUE) /* places in it are no lines */
        code = LS_LOAD_ASTRAY;
    if (code == 0 && ls_build_off_grid(&b, all.options->slot_minutes, &minute) != 0)
        code = LS_LOAD_ASTRAY;
    if (code == 0 && (b.start = calloc(all.customers.count + 1, sizeof *b.start)) == NULL)
        code = out_of_memory(error);
    if (code == 0)
        code = ls_build_head(&b, error);
    for (size_t i = 0; code == 0 && i < n; i++)
        gathered[i] = hands[i].gathered;
    if (code == 0)
        code = ls_gathered_write(&b, gathered, n, import->options, path, error);
    free(gathered);
    ls_build_release(&b);
    ls_load_release(&all);
    return code;
}

static bool all_have_rows(const struct import *import)
{
    for (size_t i = 0; i < import->n_files; i++)
        if (!atomic_load(&import->sources[i].has_rows))
            return false;
    return true;
}

/* Reads all parts and writes the store; LS_CSV_QUOTED when files must be read whole, LS_LOAD_ASTRAY when
 * something is wrong with the data. */
static int attempt(struct import *import, const char *path, struct ls_error *error)
{
    size_t n = (size_t)import->options->threads < import->n_parts ? (size_t)import->options->threads
                                                                  : import->n_parts;
    if (n == 0)
        return LS_LOAD_ASTRAY; /* empty files */
    struct hand *hands = calloc(n, sizeof *hands);
    if (hands == NULL)
        return out_of_memory(error);
    int code = run_hands(import, hands, n, error);
    if (code == LS_LOAD_ASTRAY && atomic_load(&import->quoted))
        code = LS_CSV_QUOTED;
    if (code == 0 && !all_have_rows(import))
        code = LS_LOAD_ASTRAY;
    if (code == 0)
        code = write_store(import, hands, n, path, error);
    for (size_t i = 0; i < n; i++)
        ls_gathered_release(&hands[i].gathered);
    free(hands);
    return code;
}

struct again {
    const struct ls_import_options *options;
};

static bool show_reading_again(void *user, uint64_t bytes, uint64_t bytes_in_all)
{
    const struct ls_import_options *options = ((const struct again *)user)->options;
    return options->progress != NULL &&
           options->progress(options->user, LS_IMPORT_READING, bytes, bytes_in_all);
}

/* Messages call a copy what it was copied from. */
static void name_files(const struct import *import, struct ls_load *load, const char *const *paths)
{
    for (size_t i = 0; i < load->n_files; i++)
        if (import->sources[i].fd >= 0)
            load->files[i].name = ls_stream_name(paths[i]);
}

/* Reads the files in order with every row at hand, which finds the error; or else writes what they say. */
static int start_over(const struct import *import, const char *const *paths, const char *path,
                      struct ls_error *error)
{
    struct ls_load load;
    struct ls_dataset *dataset = NULL;
    struct ls_load_options options = import->options->load;
    struct ls_store_options store = import->options->store;
    struct again again = {import->options};
    options.progress = show_reading_again;
    options.user = &again;
    store.timezone = options.timezone;
    int code = ls_load_begin(&load, import->files, import->n_files, import->factors_last, &options, error);
    if (code == 0) {
        name_files(import, &load, paths);
        code = ls_load_read(&load, import->files, error);
    }
    if (code == 0)
        code = ls_load_build(&load, &dataset, error);
    ls_load_release(&load);
    if (code == 0)
        code = ls_store_write(dataset, path, &store, error);
    ls_dataset_destroy(dataset);
    return code;
}

/* Looks at all that can be seen before reading; then fetches what comes from pipes and plans the parts. */
static int prepare(struct import *import, const char *const *paths, const char *output,
                   struct ls_error *error)
{
    struct ls_load probe;
    int code = ls_load_begin(&probe, import->files, import->n_files, import->factors_last,
                             &import->options->load, error);
    if (code == 0)
        code = ls_load_look_ahead(&probe, import->files, error);
    for (size_t i = 0; code == 0 && i < import->n_files; i++) {
        code = settle_source(import, i, output, error);
        import->bytes_in_all += import->sources[i].size;
    }
    if (code == 0) {
        name_files(import, &probe, paths);
        code = plan_parts(import, &probe, error);
    }
    ls_load_release(&probe);
    return code;
}

static int import_files(struct import *import, const char *const *paths, const char *path,
                        struct ls_error *error)
{
    int code = prepare(import, paths, path, error);
    if (code == 0)
        code = attempt(import, path, error);
    if (code == LS_CSV_QUOTED) {
        code = plan_files(import, error);
        if (code == 0)
            code = attempt(import, path, error);
    }
    return code == LS_LOAD_ASTRAY ? start_over(import, paths, path, error) : code;
}

int ls_import(const char *const *paths, size_t n_paths, const struct ls_import_options *options,
              const char *path, struct ls_error *error)
{
    const char *factors = options->load.factors_path;
    struct import import = {.options = options,
                            .n_files = n_paths + (factors != NULL),
                            .factors_last = factors != NULL,
                            .lock = PTHREAD_MUTEX_INITIALIZER};
    if (n_paths == 0 || import.n_files > LS_FILES_MAX)
        return ls_error_set(error, LS_ERR_VALUE, "%zu files of readings, not 1 to %d", n_paths,
                            LS_FILES_MAX - 1);
    int code = 0;
    const char **names = calloc(import.n_files, sizeof *names);
    import.files = calloc(import.n_files, sizeof *import.files);
    import.sources = calloc(import.n_files, sizeof *import.sources);
    if (names == NULL || import.files == NULL || import.sources == NULL) {
        code = out_of_memory(error);
        goto done;
    }
    for (size_t i = 0; i < import.n_files; i++) {
        names[i] = i < n_paths ? paths[i] : factors;
        import.files[i].path = names[i];
        import.sources[i].fd = -1;
    }
    code = import_files(&import, names, path, error);
    for (size_t i = 0; i < import.n_files; i++)
        if (import.sources[i].fd >= 0)
            (void)close(import.sources[i].fd);
done:
    free(names);
    free(import.files);
    free(import.sources);
    free(import.parts);
    return code;
}
