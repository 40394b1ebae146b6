/* Text as roff: escaped, so that it is printed as it is. */
#ifndef LS_CLI_ROFF_H
#define LS_CLI_ROFF_H

#include <stddef.h>
#include <stdio.h>

/* Writes `length` bytes of UTF-8; returns the bytes written. */
int ls_roff_escaped(FILE *out, const char *text, size_t length);

/* Writes lines of text: wrapped, and broken after a sentence, as roff wants it. */
void ls_roff_text(FILE *out, const char *text);

/* Writes `text` in another font; `before` stands as it is in front of it. */
void ls_roff_bold(FILE *out, const char *before, const char *text);
void ls_roff_italic(FILE *out, const char *before, const char *text);

#endif
