#include "base/buffer.h"

#include "base/real.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

char *ls_buffer_reserve(struct ls_buffer *buffer, size_t length)
{
    if (buffer->failed)
        return NULL;
    if (length > buffer->capacity - buffer->length) {
        size_t capacity = buffer->capacity + buffer->capacity / 2 + length + 4096;
        char *more = realloc(buffer->bytes, capacity);
        if (more == NULL) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = more;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->length;
}

void ls_buffer_add(struct ls_buffer *buffer, const char *bytes, size_t length)
{
    char *out = length > 0 ? ls_buffer_reserve(buffer, length) : NULL;
    if (out == NULL)
        return;
    memcpy(out, bytes, length);
    buffer->length += length;
}

void ls_buffer_text(struct ls_buffer *buffer, const char *text)
{
    ls_buffer_add(buffer, text, strlen(text));
}

void ls_buffer_number(struct ls_buffer *buffer, double value)
{
    char *out = isfinite(value) ? ls_buffer_reserve(buffer, LS_REAL_SIZE) : NULL;
    if (out != NULL) /* adding 0 makes one zero of both */
        buffer->length += ls_real_write(value + 0.0, out);
}

void ls_buffer_release(struct ls_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct ls_buffer){0};
}
