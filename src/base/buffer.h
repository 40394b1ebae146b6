/*
 * Bytes that grow at their end.
 *
 * A buffer belongs to its caller, who starts it zeroed and ends it with ls_buffer_release(). Once an
 * allocation failed, `failed` stays set and nothing is added any more.
 */
#ifndef LS_BASE_BUFFER_H
#define LS_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct ls_buffer {
    char *bytes; /* not NUL-ended */
    size_t length, capacity;
    bool failed;
};

/* Room for `length` more bytes, to be written at the address returned and then added to `length`; NULL once
 * an allocation failed. */
char *ls_buffer_reserve(struct ls_buffer *buffer, size_t length);
void ls_buffer_add(struct ls_buffer *buffer, const char *bytes, size_t length);
void ls_buffer_text(struct ls_buffer *buffer, const char *text);
/* A number as text; nothing when it is not finite. */
void ls_buffer_number(struct ls_buffer *buffer, double value);
void ls_buffer_release(struct ls_buffer *buffer);

#endif
