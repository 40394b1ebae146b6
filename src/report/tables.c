#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sync_file_range() */
#endif
#include "report/tables.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)256 * 1024)

static int out_of_memory(struct ls_error *error)
{
    return ls_error_set(error, LS_ERR_MEMORY, "out of memory for the tables of a result");
}

static int cannot_write(const struct ls_tables *tables, int table, struct ls_error *error)
{
    return ls_file_error(error, tables->shown, ls_table_name((enum ls_table)table), "cannot write");
}

void ls_tables_init(struct ls_tables *tables, const char *shown)
{
    *tables = (struct ls_tables){.shown = shown};
    for (int t = 0; t < LS_TABLES; t++)
        tables->file[t] = -1;
}

void ls_tables_close(struct ls_tables *tables)
{
    for (int t = 0; t < LS_TABLES; t++) {
        if (tables->file[t] >= 0)
            (void)close(tables->file[t]);
        tables->file[t] = -1;
    }
}

/* The next bytes of the file from `offset` on, at most `length`; 0: none. */
static size_t read_at(int file, char *out, size_t length, uint64_t offset)
{
    ssize_t n;
    do
        n = pread(file, out, length, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}

static bool has_heading(int file, const char *heading)
{
    char start[1024];
    size_t length = strlen(heading);
    return length <= sizeof start && read_at(file, start, length, 0) == length &&
           memcmp(start, heading, length) == 0;
}

int ls_tables_open(struct ls_tables *tables, int folder, bool optimised, struct ls_error *error)
{
    for (int t = 0; t < LS_TABLES; t++) {
        const char *heading = ls_table_heading((enum ls_table)t);
        if (t == LS_TABLE_OPTIMISED && !optimised)
            continue;
        tables->file[t] = openat(folder, ls_table_name((enum ls_table)t), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (tables->file[t] < 0)
            return cannot_write(tables, t, error);
        tables->end[t] = strlen(heading);
        if (!has_heading(tables->file[t], heading) &&
            (ftruncate(tables->file[t], 0) != 0 ||
             ls_file_write(tables->file[t], heading, strlen(heading)) != 0))
            return cannot_write(tables, t, error);
    }
    return 0;
}

void ls_tables_open_left(struct ls_tables *tables, int folder)
{
    for (int t = 0; t < LS_TABLES; t++)
        tables->file[t] = openat(folder, ls_table_name((enum ls_table)t), O_RDONLY | O_CLOEXEC);
}

/* Reads a range, into `out` unless NULL; whether it is what was written. */
static bool read_range(int file, const struct ls_range *range, char *block, struct ls_buffer *out)
{
    char text[LS_CHECKSUM_SIZE];
    ls_checksum *sum = ls_checksum_open();
    uint64_t at = 0;
    while (sum != NULL && at < range->length) {
        uint64_t left = range->length - at;
        size_t n = read_at(file, block, left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES, range->offset + at);
        if (n == 0)
            break;
        ls_checksum_add(sum, block, n);
        if (out != NULL)
            ls_buffer_add(out, block, n);
        at += n;
    }
    if (sum == NULL)
        return false;
    ls_checksum_text(sum, text);
    ls_checksum_close(sum);
    return at == range->length && strcmp(text, range->sum) == 0;
}

static bool read_part(const struct ls_tables *tables, const struct ls_part *part, struct ls_buffer *out)
{
    char *block = malloc(BLOCK_BYTES);
    bool held = block != NULL;
    for (int t = 0; held && t < LS_TABLES; t++)
        held = tables->file[t] < 0
                   ? part->range[t].length == 0
                   : read_range(tables->file[t], &part->range[t], block, out != NULL ? &out[t] : NULL);
    free(block);
    return held;
}

bool ls_tables_hold(const struct ls_tables *tables, const struct ls_part *part)
{
    return part->placed && read_part(tables, part, NULL);
}

bool ls_tables_adopt(struct ls_tables *tables, const struct ls_part *part)
{
    for (int t = 0; t < LS_TABLES; t++)
        if (tables->file[t] >= 0 && part->range[t].offset != tables->end[t])
            return false;
    if (!ls_tables_hold(tables, part))
        return false;
    for (int t = 0; t < LS_TABLES; t++)
        tables->end[t] += part->range[t].length;
    return true;
}

int ls_tables_cut(struct ls_tables *tables, struct ls_error *error)
{
    for (int t = 0; t < LS_TABLES; t++)
        if (tables->file[t] >= 0 && (ftruncate(tables->file[t], (off_t)tables->end[t]) != 0 ||
                                     lseek(tables->file[t], (off_t)tables->end[t], SEEK_SET) < 0))
            return cannot_write(tables, t, error);
    return 0;
}

/* Lets the disk begin with what was just written, so that the last sync finds little left to do. */
static void begin_writing_back(int file, uint64_t offset, size_t length)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(file, (off_t)offset, (off_t)length, SYNC_FILE_RANGE_WRITE);
#else
    (void)file, (void)offset, (void)length;
#endif
}

int ls_tables_add(struct ls_tables *tables, struct ls_part *part, struct ls_error *error)
{
    for (int t = 0; t < LS_TABLES; t++) {
        struct ls_buffer *rows = &part->tables[t];
        struct ls_range *range = &part->range[t];
        if (part->sums[t] == NULL) {
            if ((part->sums[t] = ls_checksum_open()) == NULL)
                return out_of_memory(error);
            *range = (struct ls_range){.offset = tables->end[t]};
        }
        if (rows->failed)
            return out_of_memory(error);
        if (tables->file[t] < 0 || rows->length == 0)
            continue;
        if (ls_file_write(tables->file[t], rows->bytes, rows->length) != 0)
            return cannot_write(tables, t, error);
        begin_writing_back(tables->file[t], tables->end[t], rows->length);
        ls_checksum_add(part->sums[t], rows->bytes, rows->length);
        range->length += rows->length;
        tables->end[t] += rows->length;
        rows->length = 0;
    }
    return 0;
}

int ls_tables_fetch(const struct ls_tables *tables, struct ls_part *part, struct ls_error *error)
{
    struct ls_buffer rows[LS_TABLES] = {0};
    bool held = read_part(tables, part, rows);
    memcpy(part->tables, rows, sizeof rows);
    part->placed = false;
    if (ls_part_failed(part))
        return out_of_memory(error);
    return held ? 0 : ls_error_set(error, LS_ERR_FORMAT, "the rows of a finished part are damaged");
}

int ls_tables_sync(const struct ls_tables *tables, struct ls_error *error)
{
    for (int t = 0; t < LS_TABLES; t++)
        if (tables->file[t] >= 0 && fsync(tables->file[t]) != 0)
            return cannot_write(tables, t, error);
    return 0;
}
