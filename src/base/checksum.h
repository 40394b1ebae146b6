/*
 * A checksum against damage, not against malice: XXH3 of 128 bits, as fast as memory is read.
 *
 * A checksum belongs to the caller of ls_checksum_open().
 */
#ifndef LS_BASE_CHECKSUM_H
#define LS_BASE_CHECKSUM_H

#include <stddef.h>

#define LS_CHECKSUM_SIZE 33 /* in hexadecimal with its NUL */

typedef struct ls_checksum ls_checksum;

/* NULL when there is no memory. */
ls_checksum *ls_checksum_open(void);
void ls_checksum_close(ls_checksum *sum);

void ls_checksum_add(ls_checksum *sum, const void *bytes, size_t length);

/* Of all bytes so far; more may be added. */
void ls_checksum_text(const ls_checksum *sum, char out[LS_CHECKSUM_SIZE]);

#endif
