/*
 * Whole files and folders, named relative to an open folder, so that a folder moved meanwhile does no harm.
 *
 * `at` is a folder's descriptor or AT_FDCWD; `shown` is what a message calls it, "" for a name that says all.
 * Errors of the system are in errno where no struct ls_error is handed in.
 */
#ifndef LS_BASE_FILES_H
#define LS_BASE_FILES_H

#include "base/buffer.h"

#include <loadscope/error.h>

/* LS_ERR_IO from errno, as "SHOWN/NAME: WHAT: the system's word". */
int ls_file_error(struct ls_error *error, const char *shown, const char *name, const char *what);

/* All of these bytes; 0, or -1. */
int ls_file_write(int fd, const char *bytes, size_t length);

/* The whole of a file, added to `out`. */
bool ls_file_read(int at, const char *name, struct ls_buffer *out);

/* A file of these bytes, written beside its name (as NAME.PID.new), synced if it must outlive the machine,
 * and renamed: whole or not there, also when other processes write the same. LS_ERR_IO. */
int ls_file_place(int at, const char *shown, const char *name, const struct ls_buffer *pieces, size_t n,
                  bool durable, struct ls_error *error);

/* A descriptor, or -1. */
int ls_folder_open(int at, const char *name);

/* Calls `visit` with each entry of a folder but "." and ".."; false as soon as it says so. None: true. */
bool ls_folder_each(int at, const char *name, bool (*visit)(int folder, const char *entry));

/* Empties a folder of files and removes it; true when it is gone. */
bool ls_folder_remove(int at, const char *name);

#endif
