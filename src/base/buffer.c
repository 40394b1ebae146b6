#include "base/buffer.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 40

void ls_buffer_add(struct ls_buffer *buffer, const char *bytes, size_t length)
{
    if (buffer->failed || length == 0)
        return;
    if (length > buffer->capacity - buffer->length) {
        size_t capacity = buffer->capacity + buffer->capacity / 2 + length + 4096;
        char *more = realloc(buffer->bytes, capacity);
        if (more == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->bytes = more;
        buffer->capacity = capacity;
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void ls_buffer_text(struct ls_buffer *buffer, const char *text)
{
    ls_buffer_add(buffer, text, strlen(text));
}

void ls_buffer_number(struct ls_buffer *buffer, double value)
{
    char text[NUMBER_SIZE];
    if (isfinite(value)) /* adding 0 makes one zero of both */
        ls_buffer_text(buffer, ls_text_from_real(value + 0.0, text, sizeof text));
}

void ls_buffer_release(struct ls_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct ls_buffer){0};
}
