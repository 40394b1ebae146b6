#include "report/rundir.h"

#include "base/files.h"
#include "report/gather.h"
#include "report/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTE     "shard.json"
#define IDENTITY "identity"

/* All that a result may hold; --force removes nothing else. */
static const char *const result_files[] = {"metrics.csv",  "moves.csv",    "optimised.csv",
                                           "summary.json", "scenario.ini", "run.json"};

struct ls_rundir {
    char *path, *partial, *parent;
    int folder, parts, lock; /* descriptors of PATH.partial, its parts/ and its lock; -1: closed */
    int result;              /* result/ */
    char fingerprint[LS_SHA256_SIZE];
    struct ls_gather gather; /* its parts and tables */
    bool force, optimised;
};

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a result directory");
}

static int refuse(struct ls_error *error, const char *path, const char *what, const char *remedy)
{
    ls_error_set(error, LS_ERR_USAGE, "%s", what);
    ls_error_remedy(error, "%s", remedy);
    return ls_error_at(error, path, 0, 0, NULL);
}

static bool is_of_a_result(int folder, const char *entry)
{
    (void)folder;
    for (size_t i = 0; i < sizeof result_files / sizeof *result_files; i++)
        if (strcmp(entry, result_files[i]) == 0)
            return true;
    return false;
}

/* ---- names ---- */

/* PATH without slashes at its end, PATH.partial, and the folder that holds both. */
static int name_folders(const char *path, ls_rundir *dir, struct ls_error *error)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    dir->path = strndup(path, length);
    dir->partial = malloc(length + sizeof ".partial");
    if (dir->path == NULL || dir->partial == NULL)
        return out_of_memory(error);
    snprintf(dir->partial, length + sizeof ".partial", "%s.partial", dir->path);
    const char *slash = strrchr(dir->path, '/'), *last = slash != NULL ? slash + 1 : dir->path;
    if (last[0] == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return refuse(error, path, "no name for a result directory", "give --output a name of its own");
    dir->parent = slash == NULL ? strdup(".") : strndup(dir->path, (size_t)(slash - dir->path) + 1);
    return dir->parent != NULL ? 0 : out_of_memory(error);
}

static void release(ls_rundir *dir)
{
    ls_gather_close(&dir->gather);
    const int descriptors[] = {dir->result, dir->parts, dir->folder, dir->lock};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0)
            (void)close(descriptors[i]);
    free(dir->path);
    free(dir->partial);
    free(dir->parent);
    free(dir);
}

static int new_rundir(const struct ls_rundir_options *options, ls_rundir **out, struct ls_error *error)
{
    ls_rundir *dir = calloc(1, sizeof *dir);
    if (dir == NULL)
        return out_of_memory(error);
    dir->folder = dir->parts = dir->lock = dir->result = -1;
    dir->force = options->force;
    dir->optimised = options->optimised;
    ls_tables_init(&dir->gather.tables, NULL);
    int status = name_folders(options->path, dir, error);
    if (status != 0) {
        release(dir);
        return status;
    }
    *out = dir;
    return 0;
}

/* ---- what is refused ---- */

static bool exists(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

/* Whether a result may be replaced: a folder with nothing in it that no run wrote. */
static int admit_replacing(const ls_rundir *dir, struct ls_error *error)
{
    struct stat about;
    if (lstat(dir->path, &about) != 0)
        return 0;
    if (!S_ISDIR(about.st_mode))
        return refuse(error, dir->path, "is there, and is no directory", "give --output another name");
    if (!ls_folder_each(AT_FDCWD, dir->path, is_of_a_result))
        return refuse(error, dir->path, "holds files that no run wrote, so --force leaves it alone",
                      "move them away or give --output another name");
    return 0;
}

static int admit(const ls_rundir *dir, const struct ls_rundir_options *options, struct ls_error *error)
{
    if (exists(dir->path) && !options->force && !options->resume)
        return refuse(error, dir->path, "the result directory exists", "--force replaces it");
    if (options->force)
        return admit_replacing(dir, error);
    if (exists(dir->partial) && !options->resume)
        return refuse(error, dir->partial, "an interrupted run is there",
                      "--resume continues it, --force starts anew");
    return 0;
}

int ls_rundir_admit(const struct ls_rundir_options *options, struct ls_error *error)
{
    ls_rundir *dir = NULL;
    int status = new_rundir(options, &dir, error);
    if (status != 0)
        return status;
    status = admit(dir, options, error);
    release(dir);
    return status;
}

bool ls_rundir_identify(const char *path, char fingerprint[LS_SHA256_SIZE], int *n_shards)
{
    struct ls_buffer text = {0};
    int folder = ls_folder_open(AT_FDCWD, path);
    cJSON *record = NULL;
    if (folder >= 0 && ls_file_read(folder, "run.json", &text))
        record = cJSON_ParseWithLength(text.bytes, text.length);
    const char *found = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(record, "fingerprint"));
    const cJSON *shards = cJSON_GetObjectItemCaseSensitive(record, "shards");
    bool is_result = found != NULL && strlen(found) == LS_SHA256_SIZE - 1;
    if (is_result) {
        memcpy(fingerprint, found, LS_SHA256_SIZE);
        *n_shards = cJSON_IsNumber(shards) ? shards->valueint : 0;
    }
    cJSON_Delete(record);
    ls_buffer_release(&text);
    if (folder >= 0)
        (void)close(folder);
    return is_result;
}

/* Whether PATH holds the result of the run with this fingerprint. */
/* Whether PATH holds the result of the run with this fingerprint. */
static bool holds_result(const ls_rundir *dir)
{
    char found[LS_SHA256_SIZE];
    int n_shards;
    return ls_rundir_identify(dir->path, found, &n_shards) && strcmp(found, dir->fingerprint) == 0;
}

/* ---- opening ---- */

/* The identity, the note, and what was written beside them when a process ended. */
static bool remove_if_own(int folder, const char *entry)
{
    if (strncmp(entry, IDENTITY, strlen(IDENTITY)) == 0 || strncmp(entry, NOTE, strlen(NOTE)) == 0)
        (void)unlinkat(folder, entry, 0);
    return true;
}

static void remove_partial(ls_rundir *dir)
{
    (void)ls_folder_remove(dir->folder, "parts");
    (void)ls_folder_remove(dir->folder, "result");
    (void)ls_folder_remove(dir->folder, "replaced");
    (void)ls_folder_each(dir->folder, ".", remove_if_own);
    (void)unlinkat(dir->folder, "lock", 0);
    (void)rmdir(dir->partial);
}

/* Makes sure that no other process is at work here; the lock ends with the process, however it ends. */
static int take_lock(ls_rundir *dir, bool is_new, struct ls_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct stat ours, named;
    dir->lock = openat(dir->folder, "lock", O_RDWR | O_CLOEXEC | (is_new ? O_CREAT : 0), 0666);
    if (dir->lock < 0 && errno == ENOENT)
        return refuse(error, dir->partial, "is there, and no run made it", "give --output another name");
    if (dir->lock < 0)
        return ls_file_error(error, dir->partial, "lock", "cannot write");
    if (fcntl(dir->lock, F_SETLK, &whole) != 0) {
        if (errno != EACCES && errno != EAGAIN)
            return 0; /* a file system without locks */
        return refuse(error, dir->partial, "another run is at work on it", "wait until it is done");
    }
    if (fstat(dir->lock, &ours) != 0 || fstatat(dir->folder, "lock", &named, 0) != 0 ||
        ours.st_ino != named.st_ino)
        return refuse(error, dir->partial, "another run just finished with it", "try again");
    return 0;
}

static int open_partial(ls_rundir *dir, bool *is_new, struct ls_error *error)
{
    if (rmdir(dir->partial) != 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
        return ls_file_error(error, dir->partial, "", "cannot use it");
    *is_new = mkdir(dir->partial, 0777) == 0;
    if (!*is_new && errno != EEXIST)
        return ls_file_error(error, dir->partial, "", "cannot make the directory");
    dir->folder = ls_folder_open(AT_FDCWD, dir->partial);
    if (dir->folder < 0)
        return ls_file_error(error, dir->partial, "", "cannot open the directory");
    return take_lock(dir, *is_new, error);
}

/* Empties PATH.partial of an earlier run, and says whose it is now. */
static int start_anew(ls_rundir *dir, struct ls_error *error)
{
    struct ls_buffer identity = {.bytes = dir->fingerprint, .length = LS_SHA256_SIZE - 1};
    (void)unlinkat(dir->folder, IDENTITY, 0); /* first, so that no part of the old run passes for ours */
    (void)unlinkat(dir->folder, NOTE, 0);
    if (!ls_folder_remove(dir->folder, "parts"))
        return ls_file_error(error, dir->partial, "parts", "cannot empty the directory");
    if (!ls_folder_remove(dir->folder, "result"))
        return ls_file_error(error, dir->partial, "result", "cannot empty the directory");
    if (mkdirat(dir->folder, "parts", 0777) != 0)
        return ls_file_error(error, dir->partial, "parts", "cannot make the directory");
    return ls_file_place(dir->folder, dir->partial, IDENTITY, &identity, 1, true, error);
}

static int go_on_or_start(ls_rundir *dir, const struct ls_rundir_options *options, struct ls_error *error)
{
    struct ls_buffer identity = {0};
    bool known = options->resume && ls_file_read(dir->folder, IDENTITY, &identity);
    bool same = known && identity.length == LS_SHA256_SIZE - 1 &&
                memcmp(identity.bytes, dir->fingerprint, identity.length) == 0;
    int status = 0;
    if (known && !same && !options->force)
        status = refuse(error, dir->partial,
                        "the interrupted run had other data, parameters, options or another version",
                        "repeat it with the same, or let --force start anew");
    else if (!same)
        status = start_anew(dir, error);
    ls_buffer_release(&identity);
    return status;
}

/* Opens parts/ and says so to the gather. */
static int open_parts(ls_rundir *dir, struct ls_error *error)
{
    if ((dir->parts = ls_folder_open(dir->folder, "parts")) < 0)
        return ls_file_error(error, dir->partial, "parts", "cannot open the directory");
    dir->gather.parts =
        (struct ls_parts){.folder = dir->parts, .shown = dir->partial, .fingerprint = dir->fingerprint};
    dir->gather.tables.shown = dir->partial;
    return 0;
}

static bool remove_unless_table(int folder, const char *entry)
{
    for (int t = 0; t < LS_TABLES; t++)
        if (strcmp(entry, ls_table_name((enum ls_table)t)) == 0)
            return true;
    return unlinkat(folder, entry, 0) == 0;
}

/* result/ with its tables, as far as they were written, and without what an interrupted end left. */
static int open_result(ls_rundir *dir, struct ls_error *error)
{
    if (mkdirat(dir->folder, "result", 0777) != 0 && errno != EEXIST)
        return ls_file_error(error, dir->partial, "result", "cannot make the directory");
    if ((dir->result = ls_folder_open(dir->folder, "result")) < 0)
        return ls_file_error(error, dir->partial, "result", "cannot open the directory");
    if (!ls_folder_each(dir->folder, "result", remove_unless_table))
        return ls_file_error(error, dir->partial, "result", "cannot empty the directory");
    return ls_tables_open(&dir->gather.tables, dir->result, dir->optimised, error);
}

/* What this run has done so far, or nothing. */
static int open_work(ls_rundir *dir, size_t n_units, struct ls_error *error)
{
    int status = open_parts(dir, error);
    if (status == 0)
        status = open_result(dir, error);
    if (status == 0)
        status = ls_gather_open(&dir->gather, n_units, error);
    return status == 0 ? ls_gather_adopt(&dir->gather, error) : status;
}

int ls_rundir_open(const struct ls_rundir_options *options, const char fingerprint[LS_SHA256_SIZE],
                   size_t n_units, ls_rundir **out, bool *complete, struct ls_error *error)
{
    ls_rundir *dir = NULL;
    bool is_new = false;
    int status = new_rundir(options, &dir, error);
    if (status != 0)
        return status;
    memcpy(dir->fingerprint, fingerprint, LS_SHA256_SIZE);
    status = admit(dir, options, error);
    bool is_done = status == 0 && options->resume && holds_result(dir);
    if (is_done && !exists(dir->partial))
        goto done;
    if (status == 0 && !is_done && options->resume && !options->force && exists(dir->path))
        status = refuse(error, dir->path, "the result directory exists, and holds another run's result",
                        "--force replaces it");
    if (status == 0)
        status = open_partial(dir, &is_new, error);
    if (status == 0 && is_done)
        remove_partial(dir);
    else if (status == 0)
        status = go_on_or_start(dir, options, error);
    if (status == 0 && !is_done)
        status = open_work(dir, n_units, error);
done:
    *complete = status == 0 && is_done;
    if (status != 0 || is_done)
        release(dir);
    else
        *out = dir;
    return status;
}

void ls_rundir_close(ls_rundir *dir)
{
    if (dir != NULL)
        release(dir);
}

/* ---- what others left ---- */

/* Whether a process holds the lock; closing it here lets go of a lock of our own on the same folder. */
static bool is_at_work(const ls_rundir *dir)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int lock = openat(dir->folder, "lock", O_RDWR | O_CLOEXEC);
    bool locked = lock >= 0 && fcntl(lock, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (lock >= 0)
        (void)close(lock);
    return locked;
}

static int read_identity(ls_rundir *dir, struct ls_error *error)
{
    struct ls_buffer identity = {0};
    int status = 0;
    if (!ls_file_read(dir->folder, IDENTITY, &identity) || identity.length != LS_SHA256_SIZE - 1)
        status = refuse(error, dir->partial, "holds nothing of a run", "run it again with --force");
    else
        memcpy(dir->fingerprint, identity.bytes, identity.length);
    ls_buffer_release(&identity);
    return status;
}

/* PATH.partial with its identity and parts, whoever made it. */
static int open_made(const char *path, bool at_work, ls_rundir **out, struct ls_error *error)
{
    const struct ls_rundir_options options = {.path = path};
    ls_rundir *dir = NULL;
    int status = new_rundir(&options, &dir, error);
    if (status != 0)
        return status;
    if ((dir->folder = ls_folder_open(AT_FDCWD, dir->partial)) < 0)
        status = ls_file_error(error, dir->partial, "", "cannot open the directory");
    else if (!at_work && is_at_work(dir))
        status = refuse(error, dir->partial, "a run is at work on it", "wait until it is done");
    if (status == 0)
        status = read_identity(dir, error);
    if (status == 0)
        status = open_parts(dir, error);
    if (status != 0)
        release(dir);
    else
        *out = dir;
    return status;
}

int ls_rundir_open_left(const char *path, ls_rundir **out, struct ls_error *error)
{
    int status = open_made(path, false, out, error);
    if (status == 0 && ((*out)->result = ls_folder_open((*out)->folder, "result")) >= 0)
        ls_tables_open_left(&(*out)->gather.tables, (*out)->result);
    return status;
}

int ls_rundir_attach(const char *path, const char fingerprint[LS_SHA256_SIZE], size_t n_units,
                     ls_rundir **out, struct ls_error *error)
{
    ls_rundir *dir = NULL;
    int status = open_made(path, true, &dir, error);
    if (status != 0)
        return status;
    if (strcmp(dir->fingerprint, fingerprint) != 0)
        status = refuse(error, dir->partial, "is of another run", "let all processes see the same directory");
    else
        status = ls_gather_open(&dir->gather, n_units, error);
    if (status != 0) {
        release(dir);
        return status;
    }
    *out = dir;
    return 0;
}

const char *ls_rundir_fingerprint(const ls_rundir *dir)
{
    return dir->fingerprint;
}

int ls_rundir_leave_note(ls_rundir *dir, const char *bytes, size_t length, struct ls_error *error)
{
    struct ls_buffer text = {.length = length};
    memcpy(&text.bytes, &bytes, sizeof bytes); /* lent for the call, and only read */
    return ls_file_place(dir->folder, dir->partial, NOTE, &text, 1, true, error);
}

int ls_rundir_read_note(const ls_rundir *dir, struct ls_buffer *out, struct ls_error *error)
{
    if (ls_file_read(dir->folder, NOTE, out))
        return 0;
    ls_buffer_release(out);
    if (errno != ENOENT)
        return ls_file_error(error, dir->partial, NOTE, "cannot read");
    return refuse(error, dir->partial, "no finished shard", "run it with --shard K/N, --resume goes on");
}

/* ---- parts ---- */

int ls_rundir_stream(ls_rundir *dir, struct ls_error *error)
{
    return ls_gather_stream(&dir->gather, error);
}

int ls_rundir_rows(ls_rundir *dir, size_t unit, struct ls_part *part, struct ls_error *error)
{
    return ls_gather_rows(&dir->gather, unit, part, error);
}

int ls_rundir_put(ls_rundir *dir, size_t unit, struct ls_part *part, struct ls_error *error)
{
    return ls_gather_put(&dir->gather, unit, part, error);
}

int ls_rundir_save(ls_rundir *dir, struct ls_error *error)
{
    return ls_gather_save(&dir->gather, error);
}

bool ls_rundir_knows(ls_rundir *dir, size_t unit)
{
    return ls_gather_has(&dir->gather, unit);
}

bool ls_rundir_has(const ls_rundir *dir, size_t unit)
{
    struct ls_part part = {0};
    bool has = ls_part_read(&dir->gather.parts, unit, false, &part, NULL) == 0 &&
               (!part.placed || ls_tables_hold(&dir->gather.tables, &part));
    ls_part_release(&part);
    return has;
}

int ls_rundir_get(const ls_rundir *dir, size_t unit, struct ls_part *out, struct ls_error *error)
{
    struct ls_part part = {0};
    int status = ls_part_read(&dir->gather.parts, unit, true, &part, error);
    if (status == 0 && part.placed)
        status = ls_tables_fetch(&dir->gather.tables, &part, error);
    if (status == LS_ERR_FORMAT)
        status = ls_part_damaged(&dir->gather.parts, unit, error);
    if (status != 0)
        ls_part_release(&part);
    else
        *out = part;
    return status;
}

/* ---- the result ---- */

int ls_rundir_join(ls_rundir *dir,
                   int (*take)(void *user, size_t unit, const char *digest, size_t length,
                               struct ls_error *error),
                   void *user, struct ls_error *error)
{
    int status = 0;
    for (size_t unit = 0; status == 0 && unit < dir->gather.n_units; unit++) {
        struct ls_part part = {0};
        status = ls_gather_place(&dir->gather, unit, error);
        if (status == 0)
            status = ls_part_read(&dir->gather.parts, unit, false, &part, error);
        if (status == 0)
            status = take(user, unit, part.digest.bytes, part.digest.length, error);
        ls_part_release(&part);
    }
    return status == 0 ? ls_tables_sync(&dir->gather.tables, error) : status;
}

int ls_rundir_add(ls_rundir *dir, const char *name, const char *bytes, size_t length, struct ls_error *error)
{
    struct ls_buffer text = {.length = length};
    memcpy(&text.bytes, &bytes, sizeof bytes); /* lent for the call, and only read */
    return ls_file_place(dir->result, dir->partial, name, &text, 1, true, error);
}

int ls_rundir_commit(ls_rundir *dir, struct ls_error *error)
{
    int parent = ls_folder_open(AT_FDCWD, dir->parent);
    int status = parent < 0 ? ls_file_error(error, dir->parent, "", "cannot open the directory") : 0;
    (void)fsync(dir->result); /* a file system that cannot sync a folder has its files whole all the same */
    if (status == 0 && dir->force)
        status = admit_replacing(dir, error);
    if (status != 0)
        goto done;
    bool replaces = dir->force && exists(dir->path);
    (void)ls_folder_remove(dir->folder, "replaced");
    if (replaces && renameat(AT_FDCWD, dir->path, dir->folder, "replaced") != 0) {
        status = ls_file_error(error, dir->path, "", "cannot replace it");
        goto done;
    }
    if (renameat(dir->folder, "result", AT_FDCWD, dir->path) != 0) {
        status = ls_file_error(error, dir->path, "", "cannot make the result appear");
        if (replaces)
            (void)renameat(dir->folder, "replaced", AT_FDCWD, dir->path);
        goto done;
    }
    (void)fsync(parent);
    remove_partial(dir);
done:
    if (parent >= 0)
        (void)close(parent);
    return status;
}
