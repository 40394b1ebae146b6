#include "data/store.h"

#include "base/files.h"
#include "data/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define BLOCK_BYTES ((size_t)256 * 1024)

/* The last bytes of a store, behind its extents. */
struct footer {
    uint32_t version;
    uint32_t byte_order;
    uint64_t n_extents;
    uint64_t file_bytes; /* of the NetCDF file in front of the extents */
    uint64_t file_sum;   /* XXH3 of that file but for its chunks */
    uint64_t seal_sum;   /* XXH3 of the extents and of the footer up to here */
    char magic[16];
};

static const char magic[16] = "loadscope store";
static const uint32_t byte_order = UINT32_C(0x01020304);

int ls_store_io_error(struct ls_error *error, const char *path, const char *what)
{
    int cause = errno;
    ls_error_set(error, LS_ERR_IO, "cannot %s: %s", what,
                 cause == ENODATA ? "the file has become shorter" : strerror(cause));
    if (cause == ENOSPC || cause == EDQUOT)
        ls_error_remedy(error, "make room, or write the store elsewhere");
    ls_error_at(error, path, 0, 0, NULL);
    return LS_ERR_IO;
}

int ls_store_pread(int fd, void *out, size_t length, uint64_t offset)
{
    for (char *at = out; length > 0;) {
        ssize_t n = pread(fd, at, length, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : ENODATA;
            return -1;
        }
        at += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return 0;
}

static int compare_extents(const void *a, const void *b)
{
    const struct ls_extent *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static int sum_range(int fd, uint64_t from, uint64_t to, char *block, XXH3_state_t *state)
{
    while (from < to) {
        size_t n = to - from < BLOCK_BYTES ? (size_t)(to - from) : BLOCK_BYTES;
        if (ls_store_pread(fd, block, n, from) != 0)
            return -1;
        XXH3_64bits_update(state, block, n);
        from += n;
    }
    return 0;
}

/* XXH3 of the first `bytes` of the file but for the extents. LS_ERR_FORMAT when these overlap or stand out.
 */
static int sum_file(int fd, const char *path, const struct ls_seal *seal, uint64_t bytes, uint64_t *out,
                    struct ls_error *error)
{
    int code = 0;
    uint64_t at = 0;
    XXH3_state_t *state = XXH3_createState();
    char *block = malloc(BLOCK_BYTES);
    struct ls_extent *sorted = ls_new(seal->n_extents, sizeof *sorted);
    if (state == NULL || block == NULL || sorted == NULL) {
        code = ls_error_set(error, LS_ERR_MEMORY, "out of memory for the checksum of a store");
        goto done;
    }
    if (seal->n_extents > 0)
        memcpy(sorted, seal->extents, seal->n_extents * sizeof *sorted);
    qsort(sorted, seal->n_extents, sizeof *sorted, compare_extents);
    XXH3_64bits_reset(state);
    for (size_t i = 0; i <= seal->n_extents; i++) {
        struct ls_extent extent = i < seal->n_extents ? sorted[i] : (struct ls_extent){bytes, 0};
        if (extent.length == 0 && i < seal->n_extents)
            continue;
        if (extent.offset < at || extent.offset > bytes || extent.length > bytes - extent.offset) {
            code = ls_error_set(error, LS_ERR_FORMAT, "the chunks of the store overlap");
            ls_error_at(error, path, 0, 0, NULL);
            goto done;
        }
        if (sum_range(fd, at, extent.offset, block, state) != 0) {
            code = ls_store_io_error(error, path, "read the store");
            goto done;
        }
        at = extent.offset + extent.length;
    }
    *out = XXH3_64bits_digest(state);
done:
    XXH3_freeState(state);
    free(block);
    free(sorted);
    return code;
}

static uint64_t sum_seal(const struct ls_extent *extents, const struct footer *footer)
{
    uint64_t sum = XXH3_64bits(extents, (size_t)footer->n_extents * sizeof *extents);
    return XXH3_64bits_withSeed(footer, offsetof(struct footer, seal_sum), sum);
}

int ls_seal_write(int fd, const char *path, const struct ls_seal *seal, struct ls_error *error)
{
    static const char what[] = "write the store";
    struct footer footer = {
        .version = LS_STORE_VERSION, .byte_order = byte_order, .n_extents = seal->n_extents};
    struct stat about;
    if (fstat(fd, &about) != 0 || lseek(fd, 0, SEEK_END) < 0)
        return ls_store_io_error(error, path, what);
    memcpy(footer.magic, magic, sizeof magic);
    footer.file_bytes = (uint64_t)about.st_size;
    int code = sum_file(fd, path, seal, footer.file_bytes, &footer.file_sum, error);
    if (code != 0)
        return code;
    footer.seal_sum = sum_seal(seal->extents, &footer);
    if (ls_file_write(fd, (const char *)seal->extents, seal->n_extents * sizeof *seal->extents) != 0 ||
        ls_file_write(fd, (const char *)&footer, sizeof footer) != 0)
        return ls_store_io_error(error, path, what);
    return 0;
}

/* A refusal, and what to do. */
static int refuse(struct ls_error *error, const char *path, const char *found)
{
    ls_error_set(error, LS_ERR_FORMAT, "%s", found);
    ls_error_remedy(error, "write the store again from the files that it was made of");
    ls_error_at(error, path, 0, 0, NULL);
    return LS_ERR_FORMAT;
}

static int check_footer(const struct footer *footer, uint64_t size, const char *path, struct ls_error *error)
{
    if (memcmp(footer->magic, magic, sizeof magic) != 0)
        return refuse(
            error, path,
            "an HDF5 or NetCDF-4 file, but not a whole store of loadscope: the mark that is written "
            "last is not at its end");
    if (footer->byte_order != byte_order)
        return refuse(error, path, "the store was written on a machine of another byte order, or is damaged");
    if (footer->version != LS_STORE_VERSION) {
        int code = ls_error_set(error, LS_ERR_FORMAT,
                                "the store was written by another version of loadscope, in format version "
                                "%u; loadscope " LS_VERSION " reads format version %d",
                                (unsigned)footer->version, LS_STORE_VERSION);
        ls_error_remedy(
            error, "write it again from the files that it was made of, or use the loadscope that wrote it");
        ls_error_at(error, path, 0, 0, NULL);
        return code;
    }
    uint64_t before = size - sizeof *footer;
    if (footer->n_extents > before / sizeof(struct ls_extent) ||
        footer->file_bytes != before - footer->n_extents * sizeof(struct ls_extent))
        return refuse(error, path, "the store is damaged: its size is not the one that was written");
    return 0;
}

int ls_seal_read(int fd, const char *path, struct ls_seal *out, struct ls_error *error)
{
    static const char what[] = "read the store";
    struct footer footer;
    struct stat about;
    uint64_t sum = 0;
    struct ls_seal seal = {0};
    if (fstat(fd, &about) != 0)
        return ls_store_io_error(error, path, what);
    uint64_t size = (uint64_t)about.st_size;
    memset(&footer, 0, sizeof footer);
    if (size >= sizeof footer && ls_store_pread(fd, &footer, sizeof footer, size - sizeof footer) != 0)
        return ls_store_io_error(error, path, what);
    int code = check_footer(&footer, size, path, error);
    if (code != 0)
        return code;
    seal.n_extents = (size_t)footer.n_extents;
    seal.extents = ls_new(seal.n_extents, sizeof *seal.extents);
    if (seal.extents == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory opening a store");
    if (ls_store_pread(fd, seal.extents, seal.n_extents * sizeof *seal.extents, footer.file_bytes) != 0)
        code = ls_store_io_error(error, path, what);
    else if (sum_seal(seal.extents, &footer) != footer.seal_sum)
        code = refuse(error, path, "the store is damaged at its end");
    if (code == 0)
        code = sum_file(fd, path, &seal, footer.file_bytes, &sum, error);
    if (code == 0 && sum != footer.file_sum)
        code = refuse(error, path, "the store is damaged: names, factors or totals are not what was written");
    if (code == 0)
        *out = seal;
    else
        free(seal.extents);
    return code;
}
