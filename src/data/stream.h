/*
 * Bytes of a file, plain or gzip, of standard input, or of memory.
 *
 * An input belongs to the caller of its open function and borrows the bytes of memory it is given.
 */
#ifndef LS_DATA_STREAM_H
#define LS_DATA_STREAM_H

#include <loadscope/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LS_STREAM_CHUNK 65536 /* a good size for one ls_stream_read() */

typedef struct ls_stream ls_stream;

/* What messages call `path`: itself, or "standard input" for "-". */
const char *ls_stream_name(const char *path);

/* The size of what `path` names, 0 when unknown, without opening it. LS_ERR_IO when missing or a directory.
 */
int ls_stream_measure(const char *path, uint64_t *size, struct ls_error *error);

/* Opens `path`, "-" being standard input. LS_ERR_IO when it cannot be read or is a directory. */
int ls_stream_open(const char *path, ls_stream **out, struct ls_error *error);

/* An input over `length` bytes, not decompressed; `name` stands for the file in messages. */
int ls_stream_open_memory(const char *name, const void *bytes, size_t length, ls_stream **out,
                          struct ls_error *error);

/* An input over the bytes [from, to) of a regular file, not decompressed. LS_ERR_IO. */
int ls_stream_open_range(const char *path, const char *name, uint64_t from, uint64_t to, ls_stream **out,
                         struct ls_error *error);
void ls_stream_close(ls_stream *input);

/* False for a range from the middle of a file. */
bool ls_stream_begins(const ls_stream *input);

/* Reads up to LS_STREAM_CHUNK bytes; *length 0 is the sound end. LS_ERR_IO; LS_ERR_FORMAT where gzip is
 * broken. */
int ls_stream_read(ls_stream *input, char *buffer, size_t *length, struct ls_error *error);

/* Bytes of the file consumed so far (compressed ones, where it is), and its size, 0 when unknown. */
uint64_t ls_stream_consumed(const ls_stream *input);
uint64_t ls_stream_size(const ls_stream *input);

#endif
