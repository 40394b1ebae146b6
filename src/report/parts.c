/*
 * A part is: "loadscope part 2", "run FINGERPRINT", "unit N", "bytes D M V O" (digest, metrics, moves,
 * optimised), "placed P" and for each table "OFFSET LENGTH SUM" ("0 0 -" in an inline part), "xxh3 HEX" of
 * the lines before and the bytes after, each on a line; then the bytes.
 */
#include "report/parts.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE   64
#define HEADER_SIZE 600
#define SECTIONS    (1 + LS_TABLES)
#define SUM_LINE    (sizeof "xxh3 \n" - 1 + LS_CHECKSUM_SIZE - 1)

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a part of a run");
}

void ls_part_release(struct ls_part *part)
{
    ls_buffer_release(&part->digest);
    for (int t = 0; t < LS_TABLES; t++) {
        ls_buffer_release(&part->tables[t]);
        ls_checksum_close(part->sums[t]);
    }
    *part = (struct ls_part){0};
}

bool ls_part_failed(const struct ls_part *part)
{
    bool failed = part->digest.failed;
    for (int t = 0; t < LS_TABLES; t++)
        failed |= part->tables[t].failed;
    return failed;
}

static void part_name(size_t unit, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%08zu.part", unit);
}

/* Writes the lines before the checksum. */
static void print_header(const struct ls_parts *parts, size_t unit, const size_t length[SECTIONS],
                         const struct ls_part *part, char header[HEADER_SIZE])
{
    int at = snprintf(header, HEADER_SIZE, "loadscope part 2\nrun %s\nunit %zu\nbytes %zu %zu %zu %zu\n",
                      parts->fingerprint, unit, length[0], length[1], length[2], length[3]);
    at += snprintf(header + at, HEADER_SIZE - (size_t)at, "placed %d", part->placed);
    for (int t = 0; t < LS_TABLES; t++) {
        const struct ls_range *range = &part->range[t];
        at += snprintf(header + at, HEADER_SIZE - (size_t)at, " %" PRIu64 " %" PRIu64 " %s",
                       part->placed ? range->offset : 0, part->placed ? range->length : 0,
                       part->placed ? range->sum : "-");
    }
    snprintf(header + at, HEADER_SIZE - (size_t)at, "\n");
}

int ls_part_write(const struct ls_parts *parts, size_t unit, const struct ls_part *part,
                  struct ls_error *error)
{
    char name[NAME_SIZE], header[HEADER_SIZE + SUM_LINE + 1], text[LS_CHECKSUM_SIZE];
    struct ls_buffer pieces[1 + SECTIONS] = {{.bytes = header}, part->digest};
    size_t length[SECTIONS] = {part->digest.length};
    ls_checksum *sum = ls_checksum_open();
    if (sum == NULL || ls_part_failed(part)) {
        ls_checksum_close(sum);
        return out_of_memory(error);
    }
    for (int t = 0; t < LS_TABLES; t++) {
        pieces[2 + t] = part->tables[t];
        length[1 + t] = part->tables[t].length;
    }
    print_header(parts, unit, length, part, header);
    pieces[0].length = strlen(header);
    for (int i = 0; i <= SECTIONS; i++)
        ls_checksum_add(sum, pieces[i].bytes, pieces[i].length);
    ls_checksum_text(sum, text);
    ls_checksum_close(sum);
    pieces[0].length +=
        (size_t)snprintf(header + pieces[0].length, sizeof header - pieces[0].length, "xxh3 %s\n", text);
    part_name(unit, name);
    return ls_file_place(parts->folder, parts->shown, name, pieces, 1 + SECTIONS, false, error);
}

/* Reads a section, into `out` if wanted; false when the file ends before it or there is no memory. */
static bool read_section(int fd, size_t length, ls_checksum *sum, bool wanted, struct ls_buffer *out)
{
    char block[65536];
    while (length > 0) {
        ssize_t n = read(fd, block, length < sizeof block ? length : sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        ls_checksum_add(sum, block, (size_t)n);
        if (wanted)
            ls_buffer_add(out, block, (size_t)n);
        length -= (size_t)n;
    }
    return !out->failed;
}

/* Takes the figures off a header, and makes sure that it has nothing else; its length, or 0. */
static size_t read_header(const struct ls_parts *parts, size_t unit, const char *start,
                          size_t length[SECTIONS], struct ls_part *part)
{
    char header[HEADER_SIZE];
    int placed, at = 0;
    const char *sizes = strstr(start, "\nbytes ");
    if (sizes == NULL || sscanf(sizes, "\nbytes %zu %zu %zu %zu placed %d%n", &length[0], &length[1],
                                &length[2], &length[3], &placed, &at) != SECTIONS + 1)
        return 0;
    part->placed = placed == 1;
    for (int t = 0; t < LS_TABLES; t++) {
        struct ls_range *range = &part->range[t];
        int more = 0;
        sizes += at;
        if (sscanf(sizes, " %" SCNu64 " %" SCNu64 " %32s%n", &range->offset, &range->length, range->sum,
                   &more) != 3)
            return 0;
        at = more;
    }
    print_header(parts, unit, length, part, header);
    size_t before = strlen(header);
    bool same = strncmp(start, header, before) == 0 && strlen(start) >= before + SUM_LINE &&
                strncmp(start + before, "xxh3 ", 5) == 0 && start[before + SUM_LINE - 1] == '\n';
    return same ? before : 0;
}

/* Whether the file is this unit's part and holds what was written. */
static bool read_sound(const struct ls_parts *parts, size_t unit, int fd, bool rows, ls_checksum *sum,
                       struct ls_part *part)
{
    char start[HEADER_SIZE + SUM_LINE + 1], text[LS_CHECKSUM_SIZE], beyond;
    size_t length[SECTIONS];
    ssize_t known = read(fd, start, sizeof start - 1);
    start[known > 0 ? known : 0] = '\0';
    size_t before = read_header(parts, unit, start, length, part);
    if (before == 0 || lseek(fd, (off_t)(before + SUM_LINE), SEEK_SET) < 0)
        return false;
    ls_checksum_add(sum, start, before);
    if (!read_section(fd, length[0], sum, true, &part->digest))
        return false;
    for (int t = 0; t < LS_TABLES; t++)
        if (!read_section(fd, length[1 + t], sum, rows, &part->tables[t]))
            return false;
    ls_checksum_text(sum, text);
    return read(fd, &beyond, 1) == 0 && memcmp(start + before + 5, text, LS_CHECKSUM_SIZE - 1) == 0;
}

int ls_part_damaged(const struct ls_parts *parts, size_t unit, struct ls_error *error)
{
    char name[NAME_SIZE];
    part_name(unit, name);
    ls_error_set(error, LS_ERR_FORMAT, "a finished part is damaged");
    ls_error_at(error, parts->shown, 0, 0, name);
    return ls_error_remedy(error, "run the same with --resume, which makes it anew");
}

int ls_part_read(const struct ls_parts *parts, size_t unit, bool rows, struct ls_part *out,
                 struct ls_error *error)
{
    char name[NAME_SIZE];
    struct ls_part part = {0};
    part_name(unit, name);
    int fd = openat(parts->folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ls_file_error(error, parts->shown, name, "cannot read a finished part");
    ls_checksum *sum = ls_checksum_open();
    bool sound = sum != NULL && read_sound(parts, unit, fd, rows, sum, &part);
    int status = sound                                  ? 0
                 : sum == NULL || ls_part_failed(&part) ? out_of_memory(error)
                                                        : ls_part_damaged(parts, unit, error);
    ls_checksum_close(sum);
    (void)close(fd);
    if (status != 0)
        ls_part_release(&part);
    else
        *out = part;
    return status;
}

void ls_part_remove(const struct ls_parts *parts, size_t unit)
{
    char name[NAME_SIZE];
    part_name(unit, name);
    (void)unlinkat(parts->folder, name, 0);
}
